"""Behind a figure: the rows it rests on, its formula, and the arithmetic, so that a reader can do it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from predictions.errors import InvalidValue, shown
from predictions.numerals import exact, figure
from predictions.scoring.explanation import NOTHING, Explanation, mean_of, step_of
from predictions.scoring.pool import Pool
from predictions.scoring.rows import Row
from predictions.scoring.totals import TrackRecord

FORMULAS = {
    "brier": "Brier = (p - outcome)^2 of the forecast; one mean a statement, then the mean over statements",
    "brier_original": "Brier of 1950 = 2 x (p - outcome)^2; one mean a statement, then the mean over statements",
    "log_score": "log = -ln of the probability given to what happened; one mean a statement, then over statements",
}
OVER_TIME = {
    "coverage": "coverage = share of the scheduled window in which a forecast stood; one mean a statement, then over "
    "statements",
    "time_skill": "skill over time = sum over the window of share x ((0.5 - outcome)^2 - (p - outcome)^2); one "
    "mean a statement, then the mean over statements",
    "base rate": "skill against the base rate = sum over the window of share x ((rate - outcome)^2 - (p - outcome)^2); "
    "the rate is how often the other statements came true; one mean a statement, then over statements",
    "the clock": "skill against the clock = its loss over the time a forecast stood, less the forecast's; the clock "
    "starts with the base rate and only watches the window run out; one mean a statement, then over statements",
    "the others": "skill against the others = sum over the window of share x ((median - outcome)^2 - (p - outcome)^2), "
    "where others spoke too; one mean a statement, then over statements",
}
LACKS = {"the clock": "asks for events", "the others": "was forecast by others at the same time"}
SPLIT = {
    "miscalibration": "miscalibration = mean Brier - mean Brier of the recalibrated forecasts",
    "discrimination": "discrimination = uncertainty - mean Brier of the recalibrated forecasts",
    "uncertainty": "uncertainty = base rate x (1 - base rate), the mean Brier of saying the base rate",
}
WORKED = ("interval", "shrunk", "p_value", "bounds_due", "bounds_open", "funnel")


def explain(pool: Pool, record: TrackRecord, name: str) -> Explanation:
    """The arithmetic behind one figure of one forecaster of the card."""
    forecaster, rows = record.forecaster.slug, record.scored
    if not isinstance(name, str):
        raise InvalidValue(f"{shown(name)} is no figure that can be explained; say its name")
    if name in FORMULAS:
        return mean_of(name, forecaster, FORMULAS[name], rows, [_worked(row, name) for row in rows])
    if name in SPLIT:
        return _split(forecaster, name, rows)
    if name in OVER_TIME:
        from predictions.scoring.overtime import over_time

        kept, worked = over_time(pool, rows, name)
        found = mean_of(name, forecaster, OVER_TIME[name], kept, worked)
        return replace(found, total=f"none of the scored claims {LACKS[name]}") if rows and not kept else found
    if name in WORKED:
        from predictions.scoring import workings

        told = {
            "interval": lambda: workings.interval(record, explain(pool, record, "brier")),
            "shrunk": lambda: workings.shrunk(pool, record),
            "p_value": lambda: workings.p_value(record, explain(pool, record, "miscalibration")),
            "bounds_due": lambda: workings.bounds(record, every_open=False),
            "bounds_open": lambda: workings.bounds(record, every_open=True),
            "funnel": lambda: workings.funnel(record),
        }
        return told[name]()
    known = ", ".join([*FORMULAS, *OVER_TIME, *SPLIT, *WORKED])
    raise InvalidValue(f"{shown(name)} is no figure that can be explained; say one of {known}")


def _worked(row: Row, name: str) -> tuple[str, float]:
    """One claim's figure, written out."""
    chance, truth = row.middle.probability or 0.0, row.value or 0.0
    p, v, miss = exact(chance), exact(truth), (chance - truth) ** 2
    if name == "brier":
        return f"({p} - {v})^2 = {figure(miss, 6)}", miss
    if name == "brier_original":
        return f"2 x ({p} - {v})^2 = {figure(2 * miss, 6)}", 2 * miss
    value = row.middle.log_score or 0.0
    ends = {1.0: f"-ln {p}", 0.0: f"-ln(1 - {p})"}
    return f"{ends.get(truth, f'-{v} ln {p} - {exact(1 - truth)} ln(1 - {p})')} = {figure(value, 6)}", value


def _split(forecaster: str, name: str, rows: Sequence[Row]) -> Explanation:
    from forecasts.corp import corp_decomposition, recalibrated

    chances = [row.middle.probability or 0.0 for row in rows]
    truth = [row.value or 0.0 for row in rows]
    split = corp_decomposition(chances, truth)
    if split is None:
        return Explanation(name, forecaster, SPLIT[name], (), NOTHING, None)
    fitted = recalibrated(chances, truth).tolist()
    base = fmean(truth)
    steps = []
    for row, p, v, fit in zip(rows, chances, truth, fitted, strict=True):
        said, came, fits, mean = exact(p), exact(v), figure(fit, 4), figure(base, 4)
        text, value = {
            "miscalibration": (f"({said} - {came})^2 - ({fits} - {came})^2", (p - v) ** 2 - (fit - v) ** 2),
            "discrimination": (f"({mean} - {came})^2 - ({fits} - {came})^2", (base - v) ** 2 - (fit - v) ** 2),
            "uncertainty": (f"({mean} - {came})^2", (base - v) ** 2),
        }[name]
        steps.append(step_of(row, f"{text} = {value:.6f}", value, value / len(rows)))
    total = sum(step.part or 0.0 for step in steps)
    how = f"each claim one part in {len(steps)}; recalibrated by the best rising curve (CORP); the parts sum to "
    return Explanation(name, forecaster, SPLIT[name], tuple(steps), f"{how}{figure(total, 6)}", getattr(split, name))

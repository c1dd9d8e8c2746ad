"""Behind a figure: the rows it rests on, its formula, and the arithmetic, so that a reader can do it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import fmean

from forecasts.comparison import FEWEST
from forecasts.corp import recalibrated
from predictions.numerals import exact, figure
from predictions.scoring.eligibility import FUNNEL, Category
from predictions.scoring.explain_over_time import rows_over_time
from predictions.scoring.explanation import NOTHING, Explanation, Step, mean_of, step_of
from predictions.scoring.forecaster_statistics import ForecasterStats
from predictions.scoring.score_columns import SEED, CardPart, ScoreColumn, column_named
from predictions.scoring.series_row import SeriesRow
from predictions.scoring.statistics import beside_half, draws, resamples
from predictions.scoring.track_record import FEW, group_by_unit, possible_scores

LACKS = {"skill_clock": "asks for events", "skill_others": "was forecast by others at the same time"}
TOO_FEW = "fewer than {} statements are scored, so there is none"


def explain(figures: ForecasterStats, name: object) -> Explanation:
    """The arithmetic behind one figure of one forecaster of the card."""
    column = column_named(name)
    if column.name in _APART:
        return _APART[column.name](column, figures)
    if column.name in {"brier", "brier_original", "log_score"}:
        rows = figures.record.scored
        return mean_of(column, figures.slug, rows, [_worked(row, column.name) for row in rows])
    if column.part is CardPart.CALIBRATION:
        return _split(column, figures)
    return _over_time(column, figures)


def _worked(row: SeriesRow, name: str) -> tuple[str, float]:
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


def _over_time(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    rows = figures.record.scored
    kept, worked = rows_over_time(figures.among.pool, figures.record, column.name)
    found = mean_of(column, figures.slug, kept, worked)
    return replace(found, total=f"none of the scored claims {LACKS[column.name]}") if rows and not kept else found


def _split(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    rows, said = figures.record.scored, figures.record.series
    if figures.split is None:
        return _explained(column, figures, (), NOTHING)
    base, steps = fmean(said.value.tolist()), []
    columns = (said.probability, said.value, recalibrated(said.probability, said.value))
    for row, p, v, fit in zip(rows, *(one.tolist() for one in columns), strict=True):
        chance, came, fits, mean = exact(p), exact(v), figure(fit, 4), figure(base, 4)
        text, value = {
            "miscalibration": (f"({chance} - {came})^2 - ({fits} - {came})^2", (p - v) ** 2 - (fit - v) ** 2),
            "discrimination": (f"({mean} - {came})^2 - ({fits} - {came})^2", (base - v) ** 2 - (fit - v) ** 2),
            "uncertainty": (f"({mean} - {came})^2", (base - v) ** 2),
        }[column.name]
        steps.append(step_of(row, f"{text} = {value:.6f}", value, value / len(rows)))
    total = sum(step.part or 0.0 for step in steps)
    how = f"each claim one part in {len(steps)}; recalibrated by the best rising curve (CORP); the parts sum to "
    return _explained(column, figures, steps, f"{how}{figure(total, 6)}")


def _explained(column: ScoreColumn, figures: ForecasterStats, steps: Sequence[Step], total: str) -> Explanation:
    """One figure with its steps and what they come to."""
    return Explanation(column.name, figures.slug, column.formula, tuple(steps), total, figures.value(column.name))


def _interval(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """The interval of the mean Brier, beside the parts of the mean."""
    record, found, brier = figures.record, figures.interval, explain(figures, "brier")
    total = TOO_FEW.format(FEWEST) if record.n < FEWEST else "all statements scored alike, so there is none"
    if found:
        means = record.series.unit_means(record.series.brier).tolist()
        total = (
            f"{brier.total}; {record.n} statements, drawn {resamples(record.n):,} times (seed {SEED}), lie between "
            f"{figure(min(means), 6)} and {figure(max(means), 6)}; their resampled mean between {figure(found[0], 6)} "
            f"and {figure(found[1], 6)}"
        )
    return _explained(column, figures, brier.steps, total)


def _shrunk(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """The mean Brier drawn towards the others'."""
    drawn = figures.among.shrunk_briers.get(figures.slug)
    if drawn is None:
        lacking = "it takes two forecasters who speak for themselves, and two scored statements of one of them"
        return _explained(column, figures, (), lacking)
    parts = beside_half(figures.record.series).tolist()
    steps = [
        step_of(rows[0], f"less that of 50 %: {figure(part, 6, sign=True)}", part, part / len(parts))
        for rows, part in zip(group_by_unit(figures.record.scored), parts, strict=True)
    ]
    total = (
        f"{figure(drawn.brier, 6)} + {figure(drawn.weight, 6)} x ({figure(drawn.centre, 6, sign=True)} - "
        f"{figure(drawn.raw, 6, sign=True)}) = {figure(drawn.shrunk, 6)}, "
        f"among {drawn.people} forecasters; the parts sum to raw"
    )
    return _explained(column, figures, steps, total)


def _p_value(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """How often a calibrated forecaster would look as miscalibrated, beside the parts of the miscalibration."""
    test, split = figures.consistency, explain(figures, "miscalibration")
    total = TOO_FEW.format(FEW) if figures.record.few else "some of the claims hang together, so there is none"
    if test:
        of = draws(figures.record.series) + 1
        total = f"{split.total}; {round(of * test.p_value)} of {of:,} (seed {SEED}) have as much"
    return _explained(column, figures, split.steps, total)


def _bounds(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """The best and worst mean Brier that the verdicts still missing leave possible."""
    every_open = column.name == "bounds_open"
    rows, found = figures.record.possible(every_open=every_open), figures.record.bounds(every_open=every_open)
    if found is None:
        return _explained(column, figures, (), NOTHING)
    least, most = (figure(end, 6) for end in found)
    total = f"over {len(group_by_unit(rows))} statements the least come to {least}, the most to {most}"
    return _explained(column, figures, [step_of(row, _possible(row)) for row in rows], total)


def _possible(row: SeriesRow) -> str:
    scores = possible_scores(row.middle)
    if len(scores) == 1:
        return f"scored: {figure(scores[0], 6)}"
    no, yes = (figure(one, 6) for one in scores)
    return f"{row.category}, p {exact(row.middle.probability)}: {no} if no, {yes} if yes"


def _funnel(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Every scored claim with a forecast of the forecaster, and where it is counted."""
    steps = tuple(step_of(row, _where(row)) for row in figures.record.rows)
    funnel = figures.record.funnel
    counted = ", ".join(f"{count:,} {name}" for name, count in funnel.items() if count or name in FUNNEL[:4])
    return Explanation(column.name, figures.slug, column.formula, steps, counted, None)


def _where(row: SeriesRow) -> str:
    place = "imputed (apart)" if row.category is Category.SCORED and row.eligibility.imputed else str(row.category)
    found = [place, *["ended before due"] * row.eligibility.early]
    return ", ".join(found + ["with others apart"] * row.set_apart)


def _n(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Each claim in the means as its part of a statement, or of what hangs together."""
    rows = figures.record.scored
    size = Counter(row.claim.cluster for row in rows)
    steps = [step_of(row, f"one of {size[row.claim.cluster]}", 1.0, 1 / size[row.claim.cluster]) for row in rows]
    return _explained(column, figures, steps, f"the parts sum to {figures.record.n:,}" if steps else NOTHING)


_APART: dict[str, Callable[[ScoreColumn, ForecasterStats], Explanation]] = {
    "n": _n, "interval": _interval, "shrunk": _shrunk, "p_value": _p_value, "bounds_due": _bounds,
    "bounds_open": _bounds, "funnel": _funnel,
}  # fmt: skip

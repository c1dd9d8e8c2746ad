"""Explain a figure of a scorecard: the rows it rests on, its formula, and the arithmetic, for a reader to repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import fmean

from forecasts.comparison import FEWEST
from forecasts.corp import recalibrated
from predictions.numerals import counted, exact, figure
from predictions.scoring.eligibility import FUNNEL, Category
from predictions.scoring.explain.explanation import NOTHING_SCORED, Explanation, ExplanationStep, mean_of, step_of
from predictions.scoring.explain.over_time import rows_over_time
from predictions.scoring.explain.still_possible import still_possible
from predictions.scoring.forecaster_statistics import ForecasterStats
from predictions.scoring.score_columns import SEED, CardPart, ScoreColumn, column_named
from predictions.scoring.series_row import SeriesRow
from predictions.scoring.statistics import beside_half, draws, resamples
from predictions.scoring.track_record import FEW, group_by_unit

LACKS = {"skill_clock": "asks for events", "skill_others": "was forecast by others at the same time"}
TOO_FEW = "fewer than {} statements are scored, so there is none"


def explain(figures: ForecasterStats, name: object) -> Explanation:
    """Return the arithmetic behind one figure of one forecaster.

    Raises:
        InvalidValue: No figure has that name or label.
    """
    column = column_named(name)
    if column.name in _EXPLAINED_BY:
        return _EXPLAINED_BY[column.name](column, figures)
    if column.name in {"brier", "brier_original", "log_score"}:
        rows = figures.record.scored
        return mean_of(column, figures.slug, rows, [_worked(row, column.name) for row in rows])
    if column.part is CardPart.CALIBRATION:
        return _decomposition(column, figures)
    return _explained_over_time(column, figures)


def _worked(row: SeriesRow, name: str) -> tuple[str, float]:
    """Write out the score *name* of one claim; return the text and the value."""
    probability, outcome = row.middle.probability or 0.0, row.value or 0.0  # scored rows have both
    p, v, miss = exact(probability), exact(outcome), (probability - outcome) ** 2
    if name == "brier":
        return f"({p} - {v})^2 = {figure(miss, 6)}", miss
    if name == "brier_original":
        return f"2 x ({p} - {v})^2 = {figure(2 * miss, 6)}", 2 * miss
    value = row.middle.log_score or 0.0
    ends = {1.0: f"-ln {p}", 0.0: f"-ln(1 - {p})"}
    text = ends.get(outcome, f"-{v} ln {p} - {exact(1 - outcome)} ln(1 - {p})")
    return f"{text} = {figure(value, 6)}", value


def _explained_over_time(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain a figure that depends on how long each number stood."""
    rows, worked = rows_over_time(figures.card.pool, figures.record, column.name)
    explanation = mean_of(column, figures.slug, rows, worked)
    if figures.record.scored and not rows:
        return replace(explanation, total=f"none of the scored claims {LACKS[column.name]}")
    return explanation


def _decomposition(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain a part of the mean Brier, from the misses of the forecast, of its recalibration and of the base rate."""
    rows, scored = figures.record.scored, figures.record.series
    if figures.decomposition is None:
        return _explained(column, figures, (), NOTHING_SCORED)
    base, steps = fmean(scored.value.tolist()), []
    fits = recalibrated(scored.probability, scored.value)
    columns = (scored.probability.tolist(), scored.value.tolist(), fits.tolist())
    for row, p, v, fit in zip(rows, *columns, strict=True):
        own_miss, fitted_miss, base_miss = (p - v) ** 2, (fit - v) ** 2, (base - v) ** 2
        own_text, fitted_text = f"({exact(p)} - {exact(v)})^2", f"({figure(fit, 4)} - {exact(v)})^2"
        base_text = f"({figure(base, 4)} - {exact(v)})^2"
        text, value = {
            "miscalibration": (f"{own_text} - {fitted_text}", own_miss - fitted_miss),
            "discrimination": (f"{base_text} - {fitted_text}", base_miss - fitted_miss),
            "uncertainty": (base_text, base_miss),
        }[column.name]
        steps.append(step_of(row, f"{text} = {figure(value, 6)}", value, value / len(rows)))
    total = sum(step.part or 0.0 for step in steps)
    how = f"each claim one part in {len(steps)}; recalibrated by the best rising curve (CORP); the parts sum to "
    return _explained(column, figures, steps, f"{how}{figure(total, 6)}")


def _explained(
    column: ScoreColumn, figures: ForecasterStats, steps: Sequence[ExplanationStep], total: str
) -> Explanation:
    """Return the explanation of a figure, with its value on the card."""
    return Explanation(column.name, figures.slug, column.formula, tuple(steps), total, figures.value(column.name))


def _interval(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain the interval of the mean Brier; the steps are those of the mean."""
    record, interval, brier = figures.record, figures.interval, explain(figures, "brier")
    total = TOO_FEW.format(FEWEST) if record.n < FEWEST else "all statements scored alike, so there is none"
    if interval:
        means = record.series.unit_means(record.series.brier).tolist()
        low, high = (figure(end, 6) for end in interval)
        total = (
            f"{brier.total}; {record.n} statements, drawn {resamples(record.n):,} times (seed {SEED}), lie between "
            f"{figure(min(means), 6)} and {figure(max(means), 6)}; their resampled mean between {low} and {high}"
        )
    return _explained(column, figures, brier.steps, total)


def _shrunk(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain the mean Brier drawn towards that of the others."""
    shrunk = figures.card.shrunk_briers.get(figures.slug)
    if shrunk is None:
        lacking = "it takes two forecasters who speak for themselves, and two scored statements of one of them"
        return _explained(column, figures, (), lacking)
    parts = beside_half(figures.record.series).tolist()
    steps = [
        step_of(rows[0], f"less that of 50 %: {figure(part, 6, sign=True)}", part, part / len(parts))
        for rows, part in zip(group_by_unit(figures.record.scored), parts, strict=True)
    ]
    total = (
        f"{figure(shrunk.brier, 6)} + {figure(shrunk.weight, 6)} x ({figure(shrunk.centre, 6, sign=True)} - "
        f"{figure(shrunk.raw, 6, sign=True)}) = {figure(shrunk.shrunk, 6)}, "
        f"among {shrunk.forecasters} forecasters; the parts sum to raw"
    )
    return _explained(column, figures, steps, total)


def _p_value(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain how often a calibrated forecaster looks as miscalibrated; the steps are those of the miscalibration."""
    test, miscalibration = figures.consistency, explain(figures, "miscalibration")
    total = TOO_FEW.format(FEW) if figures.record.few else "some of the claims hang together, so there is none"
    if biased := figures.record.cohort.biased:
        total = f"{biased}, so there is none of claims resolved so far"
    if test:
        records = draws(figures.record.series) + 1  # the drawn ones and the forecaster's own
        as_much = round(records * test.p_value)
        total = f"{miscalibration.total}; {as_much} of {records:,} (seed {SEED}) have as much"
    return _explained(column, figures, miscalibration.steps, total)


def _e_value(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain the highest wealth of bets against calibration; the steps are those of the miscalibration."""
    steps, value = explain(figures, "miscalibration").steps, figures.e_value
    if value is not None:
        total = f"1 became {figure(value, 6)} at most; a p-value of {figure(min(1.0, 1 / value), 6)} at any look"
    elif figures.record.few:
        total = TOO_FEW.format(FEW)
    else:
        total = "verdicts are missing, and which of them come late may depend on how they come out, so there is none"
    return _explained(column, figures, steps, total)


def _bounds(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain the best and the worst mean Brier that are possible while verdicts are missing."""
    every_open = column.name == "bounds_open"
    rows, bounds = figures.record.possible(every_open=every_open), figures.record.bounds(every_open=every_open)
    if bounds is None:
        return _explained(column, figures, (), NOTHING_SCORED)
    least, most = (figure(end, 6) for end in bounds)
    total = f"over {counted(len(group_by_unit(rows)), 'statement')} the least come to {least}, the most to {most}"
    return _explained(column, figures, [step_of(row, still_possible(figures.record.table, row)) for row in rows], total)


def _funnel(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain the funnel: each scored claim with a forecast by the forecaster, and where it is counted."""
    steps = tuple(step_of(row, _counted_as(row)) for row in figures.record.rows)
    funnel = figures.record.funnel
    stages = ", ".join(f"{count:,} {name}" for name, count in funnel.items() if count or name in FUNNEL[:4])
    return Explanation(column.name, figures.slug, column.formula, steps, stages, None)


def _counted_as(row: SeriesRow) -> str:
    """Name every stage of the funnel that a row is counted in."""
    stages = [str(row.category)]
    if row.category is Category.SCORED and row.eligibility.imputed:
        stages = ["imputed (apart)"]
    if row.eligibility.early:
        stages = [str(Category.OPEN), "ended before due"]
    if row.set_apart:
        stages.append("with others apart")
    return ", ".join(stages)


def _n(column: ScoreColumn, figures: ForecasterStats) -> Explanation:
    """Explain n: each claim in the means adds its share of a unit, with every declared cluster."""
    rows = figures.record.scored
    sizes = Counter(row.claim.cluster for row in rows)
    steps = [step_of(row, f"one of {sizes[row.claim.cluster]}", 1.0, 1 / sizes[row.claim.cluster]) for row in rows]
    return _explained(column, figures, steps, f"the parts sum to {figures.record.n:,}" if steps else NOTHING_SCORED)


_EXPLAINED_BY: dict[str, Callable[[ScoreColumn, ForecasterStats], Explanation]] = {
    "n": _n, "interval": _interval, "shrunk": _shrunk, "p_value": _p_value, "e_value": _e_value,
    "bounds_due": _bounds, "bounds_open": _bounds, "funnel": _funnel,
}  # fmt: skip

"""The figures that are no mean over claims, taken apart: interval, shrunk mean, p-value, bounds, funnel."""

from __future__ import annotations

from dataclasses import replace

from forecasts.comparison import FEWEST
from predictions.numerals import exact, figure
from predictions.scoring.explanation import NOTHING, Explanation, step_of
from predictions.scoring.judging import (
    DRAWS,
    beside_half,
    calibrated,
    drawn_together,
    resampled,
    resamples,
)
from predictions.scoring.places import FUNNEL, Place
from predictions.scoring.pool import Pool
from predictions.scoring.reliability import LEVEL, SEED
from predictions.scoring.rows import Row
from predictions.scoring.totals import FEW, TrackRecord, grouped, possible_scores

TOO_FEW = "fewer than {} statements are scored, so there is none"


def interval(record: TrackRecord, brier: Explanation) -> Explanation:
    """The interval of the mean Brier, beside the parts of the mean."""
    times, found = resamples(record.n), resampled(record)
    formula = (
        f"interval = the middle {100 * LEVEL:.0f} % of the means of {record.n} statements drawn with replacement, "
        f"{times:,} times (seed {SEED}), corrected for bias and skew (BCa); it holds for one look, planned beforehand"
    )
    total = TOO_FEW.format(FEWEST) if record.n < FEWEST else "all statements scored alike, so there is none"
    if found:
        means = record.series.by_unit(record.series.brier).tolist()
        total = f"{brier.total}; statements lie between {figure(min(means), 6)} and {figure(max(means), 6)}; " + (
            f"their resampled mean between {figure(found[0], 6)} and {figure(found[1], 6)}"
        )
    return replace(brier, figure="interval", formula=formula, total=total, value=found)


def shrunk(pool: Pool, record: TrackRecord) -> Explanation:
    """The mean Brier drawn towards the others'."""
    forecaster = record.forecaster.slug
    drawn = drawn_together(pool.people).get(forecaster)
    formula = (
        "shrunk = Brier + weight x (centre - raw); raw is the mean Brier less that of always saying 50 %, the centre "
        "that of all forecasters together, and weight = (s^2 / n) / (s^2 / n + tau^2), of s^2 between statements "
        "and tau^2 between forecasters (DerSimonian and Laird)"
    )
    if drawn is None:
        lacking = "it takes two forecasters who speak for themselves, and two scored statements of one of them"
        return Explanation("shrunk", forecaster, formula, (), lacking, None)
    parts = beside_half(record.series)
    steps = tuple(
        step_of(rows[0], f"less that of 50 %: {figure(part, 6, sign=True)}", part, part / len(parts))
        for rows, part in zip(grouped(record.scored), parts, strict=True)
    )
    total = (
        f"{figure(drawn.brier, 6)} + {figure(drawn.weight, 6)} x ({figure(drawn.centre, 6, sign=True)} - "
        f"{figure(drawn.raw, 6, sign=True)}) = {figure(drawn.shrunk, 6)}, "
        f"among {drawn.people} forecasters; the parts sum to raw"
    )
    return Explanation("shrunk", forecaster, formula, steps, total, drawn.shrunk)


def p_value(record: TrackRecord, miscalibration: Explanation) -> Explanation:
    """How often a calibrated forecaster would look as miscalibrated, beside the parts of the miscalibration."""
    test = calibrated(record)
    formula = (
        f"p-value = share of {DRAWS + 1:,} records with a miscalibration at least as large: this one, and {DRAWS:,} "
        f"(seed {SEED}) of the same forecasts, each of which comes true with its own probability"
    )
    total = TOO_FEW.format(FEW)
    if test:
        total = f"{miscalibration.total}; {round((DRAWS + 1) * test.p_value)} of {DRAWS + 1:,} have as much"
    return replace(miscalibration, figure="p_value", formula=formula, total=total, value=test.p_value if test else None)


def bounds(record: TrackRecord, *, every_open: bool) -> Explanation:
    """The best and worst mean Brier that the verdicts still missing leave possible."""
    name = "bounds_open" if every_open else "bounds_due"
    which = "every claim without a verdict" if every_open else "the claims that are due and have no verdict"
    formula = f"bounds = mean Brier if {which} went for the forecaster, and if all went against; one mean a statement"
    rows, found = record.possible(every_open=every_open), record.bounds(every_open=every_open)
    if found is None:
        return Explanation(name, record.forecaster.slug, formula, (), NOTHING, None)
    groups = grouped(rows)
    steps = tuple(step_of(row, _possible(row)) for row in rows)
    total = f"over {len(groups)} statements the least come to {figure(found[0], 6)}, the most to {figure(found[1], 6)}"
    return Explanation(name, record.forecaster.slug, formula, steps, total, found)


def _possible(row: Row) -> str:
    scores = possible_scores(row.middle)
    if len(scores) == 1:
        return f"scored: {figure(scores[0], 6)}"
    no, yes = (figure(score, 6) for score in scores)
    return f"{row.place}, p {exact(row.middle.probability)}: {no} if no, {yes} if yes"


def funnel(record: TrackRecord) -> Explanation:
    """Every scored claim with a forecast of the forecaster, and where it is counted."""
    steps = tuple(step_of(row, _where(row)) for row in record.rows)
    counted = ", ".join(f"{count:,} {name}" for name, count in record.funnel.items() if count or name in FUNNEL[:4])
    formula = (
        "funnel = the scored claims with a forecast, of these the due, of these the resolved, of these those in a mean"
    )
    return Explanation("funnel", record.forecaster.slug, formula, steps, counted, None)


def _where(row: Row) -> str:
    place = "imputed (apart)" if row.place is Place.SCORED and row.fate.imputed else str(row.place)
    found = [place, *["ended before due"] * row.fate.early]
    return ", ".join(found + ["with others apart"] * row.set_apart)

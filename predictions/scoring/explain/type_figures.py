"""Explain the figures that only claims of other types than yes or no have: bounds over time, calibration, nearness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TypeAlias

import numpy as np

from forecasts.dates import Date
from forecasts.distribution_calibration import parts_in_bins, parts_in_range
from forecasts.numbers import Number
from forecasts.undoubted import ROUNDING
from predictions.numerals import counted, exact, figure, percent
from predictions.scoring.explain.explanation import NOTHING_SCORED, Explanation, mean_of, step_of
from predictions.scoring.explain.figures import TOO_FEW
from predictions.scoring.explain.gap_lines import written
from predictions.scoring.explain.possible_over_time import still_saved
from predictions.scoring.explain.questions import saved_over_time
from predictions.scoring.near_counts import MIDDLE_RANGE, near_count, nearness
from predictions.scoring.pool import Pool
from predictions.scoring.possible_skill import possible_savings, possible_skill
from predictions.scoring.score_columns import LEVEL, SEED, ScoreColumn
from predictions.scoring.series_row import series_rows
from predictions.scoring.track_record import FEW, TrackRecord, group_by_unit
from predictions.scoring.type_calibration import DRAWS, FIFTHS, RANGES, places_of, type_calibration
from predictions.scoring.type_columns import BAND, BOUNDS_OVER_TIME, EVERY_TYPE, IN_RANGES, SPREAD, UNDOUBTED
from predictions.scoring.undoubted import HARDLY, undoubted_told

Explained: TypeAlias = Callable[[Pool, TrackRecord, ScoreColumn], Explanation]
ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")
NONE_MISSING = "no verdict is missing, so the skill over time has no bounds"


def explain_every_type(pool: Pool, record: TrackRecord) -> Explanation:
    """Explain the skill over the claims of every type together; *record* is on all of them."""
    savings = pool.table.series.part(record.positions("means")).saved.tolist()
    expected_losses = pool.table.scoring.spread(record.series.claim).tolist()
    texts = saved_over_time(pool, record.positions("means"))
    worked = []
    for saved, expected, (terms, questions) in zip(savings, expected_losses, texts, strict=True):
        skill = saved / expected
        text = f"{figure(saved, 6)} / {written(expected)} = {figure(skill, 6)}; {figure(saved, 6)} = {terms}"
        worked.append((f"{text}; {questions}", skill))
    return mean_of(EVERY_TYPE, record.forecaster.slug, record.scored, worked)


def _bounds_over_time(pool: Pool, record: TrackRecord, column: ScoreColumn) -> Explanation:
    """Explain the lowest and the highest skill over time that are possible while verdicts are missing."""
    table, bounds = record.table, possible_skill(pool, record)
    if bounds is None:
        return Explanation(column.name, record.forecaster.slug, column.formula, (), NONE_MISSING, None)
    positions = record.positions("open")
    part, rows = table.series.part(positions), series_rows(table, record.cohort, positions)
    missing, keys = np.isnan(table.claims.outcome[part.claim]), table.keys(part)
    least_saved, most_saved = possible_savings(pool, keys[missing])
    ends = dict(zip(keys[missing].tolist(), zip(least_saved, most_saved, strict=True), strict=True))
    steps = tuple(
        step_of(row, still_saved(pool, key, ends[key]) if key in ends else f"scored: {figure(saved, 6)}")
        for row, key, saved in zip(rows, keys.tolist(), part.saved.tolist(), strict=True)
    )
    least, most = (figure(end, 6) for end in bounds)
    total = f"over {counted(len(group_by_unit(rows)), 'statement')} the least come to {least}, the most to {most}"
    return Explanation(column.name, record.forecaster.slug, column.formula, steps, total, bounds)


def _in_range(pool: Pool, record: TrackRecord, column: ScoreColumn) -> Explanation:
    """Explain how many outcomes lay in a middle range of the distributions.

    If the distribution jumps at an outcome, the outcome's place reaches from the foot of the jump to its top, and only
    a part of it may lie in the range.
    """
    level = dict(zip(IN_RANGES, RANGES, strict=True))[column.name]
    begin, end = (1 - level) / 2, (1 + level) / 2
    place = places_of(record)
    worked = [
        (_part_inside(low, high, begin, end) + f" = {figure(part, 6)}", part)
        for (low, high), part in zip(place.tolist(), parts_in_range(place, level).tolist(), strict=True)
    ]
    by_cluster = attrgetter("claim.cluster")
    return _unless_few(record, mean_of(column, record.forecaster.slug, record.scored, worked, by_cluster))


def _part_inside(low: float, high: float, begin: float, end: float) -> str:
    """Write out which part of the place from *low* to *high* lies in the range from *begin* to *end*."""
    place_range = f"{written(begin)} to {written(end)}"
    if high <= low:  # the place is one point
        return f"{written(low)} of the chances lay below, and the range is {place_range}: {int(begin <= low <= end)}"
    low_inside, high_inside = (min(max(edge, begin), end) for edge in (low, high))
    parts = f"({written(high_inside)} - {written(low_inside)}) / ({written(high)} - {written(low)})"
    return f"from {written(low)} to {written(high)} of the chances, and the range is {place_range}: {parts}"


def _fifths(pool: Pool, record: TrackRecord, column: ScoreColumn) -> Explanation:
    """Explain how many outcomes lay in each fifth of the distributions."""
    place, cluster = places_of(record), record.series.cluster
    _, unit, size = np.unique(cluster, return_inverse=True, return_counts=True)
    parts = parts_in_bins(place, FIFTHS) / size[unit][:, np.newaxis]
    steps = tuple(
        step_of(row, f"{_where(*ends)}: {_in_fifths(shares)}")
        for row, ends, shares in zip(record.scored, place.tolist(), parts.tolist(), strict=True)
    )
    counts = tuple(parts.sum(axis=0).tolist())
    total = NOTHING_SCORED
    if steps:
        total = f"the fifths, from the lowest, hold {', '.join(exact(round(count, 6)) for count in counts)}"
    return _unless_few(
        record, Explanation(column.name, record.forecaster.slug, column.formula, steps, total, counts or None)
    )


def _where(low: float, high: float) -> str:
    """Write a place: one number, or two if it has a width."""
    return written(low) if high <= low else f"{written(low)} to {written(high)}"


def _in_fifths(parts: Sequence[float]) -> str:
    """Write out which parts of a place lie in which fifth."""
    return ", ".join(f"{written(part)} in the {name}" for name, part in zip(ORDINALS, parts, strict=True) if part)


def _band_of_fifths(pool: Pool, record: TrackRecord, column: ScoreColumn) -> Explanation:
    """Explain the band in which the count of a fifth should lie if the distributions are calibrated."""
    judged, ends, total = type_calibration(record), None, ""
    if judged:
        ends = float(judged.spread.lower[0]), float(judged.spread.upper[0])
        total = (
            f"each of {record.n} outcomes lies in a fifth with 1 chance in {FIFTHS}; of {DRAWS:,} such records (seed "
            f"{SEED}) the middle {percent(LEVEL)} have {ends[0]:.0f} to {ends[1]:.0f} there"
        )
    return _unless_few(record, Explanation(column.name, record.forecaster.slug, column.formula, (), total, ends))


def _unless_few(record: TrackRecord, explained: Explanation) -> Explanation:
    """Return the explanation, or one without a value if there are too few statements for the figure."""
    return replace(explained, total=TOO_FEW.format(FEW), value=None) if record.few else explained


def _near(pool: Pool, record: TrackRecord, column: ScoreColumn) -> Explanation:
    """Explain how often a forecaster was near the outcome."""
    near, sided = nearness(record)
    texts = zip(record.scored, _sides(pool, record), near.tolist(), sided.tolist(), strict=True)
    steps = tuple(
        step_of(row, f"{text}: {int(is_near)}" if on_side else f"{text}: on no side", float(is_near and on_side))
        for row, text, is_near, on_side in texts
    )
    count = near_count(record)
    total = f"{count.near:,} of {count.sided:,}" if steps else NOTHING_SCORED
    return Explanation(column.name, record.forecaster.slug, column.formula, steps, total, count.near if steps else None)


def _sides(pool: Pool, record: TrackRecord) -> Iterator[str]:
    """Yield for each scored claim what decides whether the forecast was near."""
    series, table = record.series, record.table
    scoring = table.scoring_of(int(series.claim[0])) if series.claim.size else None
    if isinstance(scoring, Number):
        for low, high in places_of(record).tolist():
            low_end, high_end = MIDDLE_RANGE
            yield f"{_where(low, high)} of the chances lay below, and the range is {low_end} to {high_end}"
    elif isinstance(scoring, Date):
        days = scoring.days[series.claim]
        chances = scoring.in_window(series.probability, series.claim.astype(np.intp))
        for chance, happened in zip(chances.tolist(), (series.value <= days).tolist(), strict=True):
            yield f"{written(chance)} that it happens in the window, and it {'did' if happened else 'did not'}"
    else:
        part = table.series.part(record.positions("means"))
        for claim, lines in zip(part.claim.tolist(), pool.reader.lines_said(part), strict=True):
            names, most = table.claims.types.named[claim], max(share for _, share in lines)
            likeliest = [name for name, (_, share) in zip(names, lines, strict=True) if share >= most - ROUNDING]
            came = names[int(table.claims.outcome[claim])]
            yield f"{' and '.join(likeliest)} held likeliest with {exact(most)}, and {came} came true"


def _undoubted(pool: Pool, record: TrackRecord, column: ScoreColumn) -> Explanation:
    """Explain how much of the questions was hardly in doubt."""
    kinds, worked = record.table.claims.types.kind, []
    for claim in record.series.claim.tolist():
        undoubted = pool.undoubted.part(np.array([claim]))
        share = float(undoubted.shares[0])
        amount = undoubted_told(int(kinds[claim]), undoubted) or "nothing"
        worked.append((f"{amount} ({HARDLY[int(kinds[claim])]}) = {figure(share, 6)}", share))
    return mean_of(column, record.forecaster.slug, record.scored, worked)


EXPLAINED_BY: Mapping[str, Explained] = {
    BOUNDS_OVER_TIME.name: _bounds_over_time, **dict.fromkeys(IN_RANGES, _in_range), SPREAD.name: _fifths,
    BAND.name: _band_of_fifths, "near": _near, UNDOUBTED.name: _undoubted,
}  # fmt: skip

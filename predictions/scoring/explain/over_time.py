"""Write out, claim by claim, the arithmetic of the figures that depend on how long each number stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from predictions.numerals import exact, figure
from predictions.scoring.columns.claims import ONE_DAY
from predictions.scoring.explain.weightiest import sum_of
from predictions.scoring.pool import Pool
from predictions.scoring.references import SeriesStanding
from predictions.scoring.score_columns import Reference
from predictions.scoring.series_row import SeriesRow
from predictions.scoring.track_record import TrackRecord


def rows_over_time(pool: Pool, record: TrackRecord, name: str) -> tuple[list[SeriesRow], list[tuple[str, float]]]:
    """Return the scored rows that have the figure *name*, and the arithmetic and value of each."""
    rows, standing = record.scored, SeriesStanding(pool, record.positions("means"))
    worked = dict(_worked(standing, rows, name))  # by the index of the row
    return [rows[index] for index in worked], list(worked.values())


def _worked(standing: SeriesStanding, rows: Sequence[SeriesRow], name: str) -> Iterator[tuple[int, tuple[str, float]]]:
    """Yield the index, the arithmetic and the value of each row that has the figure."""
    if name == "entered":
        yield from enumerate(_entered(standing))
        return
    if name == "skill_others":
        for index, pieces in enumerate(_beside_others(standing)):
            if pieces:
                yield index, _saved_against(pieces, rows[index])
        return
    pieces_of_rows = standing.shares_and_probabilities()
    if name == "coverage":
        yield from enumerate(map(_covered, pieces_of_rows))
        return
    base_rates = standing.base_rates.tolist()
    if name == "skill_clock":
        saved = standing.saved(Reference.CLOCK)
        for index in np.flatnonzero(~np.isnan(saved)).tolist():
            yield index, _beside_clock(pieces_of_rows[index], rows[index], base_rates[index], float(saved[index]))
        return
    for index, (row, own) in enumerate(zip(rows, pieces_of_rows, strict=True)):
        reference = base_rates[index] if name == "skill_base_rate" else 0.5
        yield index, _saved_against([(share, probability, reference) for share, probability in own], row)


def _beside_others(standing: SeriesStanding) -> list[list[tuple[float, float, float]]]:
    """Return for each series the pieces (share of the window, number, median of the others), in order of time."""
    pieces_of: dict[int, list[tuple[float, ...]]] = {key: [] for key in standing.keys.tolist()}
    for keys, beside in standing.pool.beside_others(np.unique(standing.claims)):
        own = np.isin(keys[beside.series], standing.keys)[..., np.newaxis] & ~np.isnan(beside.medians)
        line, table, piece = np.nonzero(own)
        columns = (
            beside.starts[table, piece], beside.shares[table, piece], beside.numbers[line, table], beside.medians[own],
        )  # fmt: skip
        pieces = np.stack(columns, axis=1).tolist()
        for key, values in zip(keys[beside.series[line, table]].tolist(), pieces, strict=True):
            pieces_of[key].append(tuple(values))
    return [[(share, number, median) for _, share, number, median in sorted(pieces)] for pieces in pieces_of.values()]


def _saved_against(pieces: Sequence[tuple[float, float, float]], row: SeriesRow) -> tuple[str, float]:
    """Write out the squared error saved against a reference, from pieces (share, number, number of the reference)."""
    outcome = row.value or 0.0
    v = exact(outcome)
    parts = [
        (
            f"{exact(round(share, 6))} x (({figure(reference, 4)} - {v})^2 - ({exact(number)} - {v})^2)",
            share * ((reference - outcome) ** 2 - (number - outcome) ** 2),
        )
        for share, number, reference in pieces
    ]
    value = sum(part for _, part in parts)
    return f"{sum_of(parts, 'forecast')} = {figure(value, 6)}", value


def _covered(own: Sequence[tuple[float, float]]) -> tuple[str, float]:
    """Write out the coverage, from pieces (share of the window, number)."""
    parts = [(exact(round(share, 6)), share) for share, _ in own]
    total = sum(share for share, _ in own)
    return f"{sum_of(parts, 'forecast')} = {figure(total, 6)}", total


def _entered(standing: SeriesStanding) -> Iterator[tuple[str, float]]:
    """Write out for each series the share of the window that was gone when its first forecast stood."""
    intervals = standing.standing
    first = np.searchsorted(intervals.series, np.arange(standing.keys.size))
    gone = (intervals.starts[first] - intervals.opens).tolist()
    for before, horizon in zip(gone, intervals.horizon.tolist(), strict=True):
        share = before / horizon
        yield (f"{figure(before / ONE_DAY, 4)} of {figure(horizon / ONE_DAY, 4)} days = {figure(share, 6)}", share)


def _beside_clock(
    own: Sequence[tuple[float, float]], row: SeriesRow, base_rate: float, saved: float
) -> tuple[str, float]:
    """Write out the loss saved against the clock, whose own loss is an integral and therefore only a number here."""
    outcome = row.value or 0.0
    loss = sum(share * (probability - outcome) ** 2 for share, probability in own)
    losses = f"{figure(saved + loss, 6)} - {figure(loss, 6)}"
    return f"from {figure(base_rate, 4)} at the opening: {losses} = {figure(saved, 6)}", saved

"""The figures that need the time each number stood, written out row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from predictions.numerals import exact, figure
from predictions.scoring.claims import DAY
from predictions.scoring.pool import Pool
from predictions.scoring.references import StandingForecasts
from predictions.scoring.score_columns import Reference
from predictions.scoring.series_row import SeriesRow
from predictions.scoring.track_record import TrackRecord


def rows_over_time(pool: Pool, record: TrackRecord, name: str) -> tuple[list[SeriesRow], list[tuple[str, float]]]:
    """Those of the scored rows of a record that have the figure, and for each its arithmetic and its value."""
    rows, stood = record.scored, StandingForecasts(pool, record.positions("means"))
    if name == "skill_clock":
        saved, own = stood.saved(Reference.CLOCK), stood.pieces()
        some = np.flatnonzero(~np.isnan(saved)).tolist()
        rates = stood.base_rates.tolist()
        told = [(n, _beside_clock(own[n], rows[n], rates[n], float(saved[n]))) for n in some]
    elif name == "skill_others":
        told = [(n, _saved(pieces, rows[n])) for n, pieces in enumerate(_others(stood)) if pieces]
    elif name == "coverage":
        told = [(n, _covered(own)) for n, own in enumerate(stood.pieces())]
    elif name == "entered":
        told = list(enumerate(_entered(stood)))
    else:
        rates = stood.base_rates.tolist() if name == "skill_base_rate" else [0.5] * len(rows)
        beside = zip(stood.pieces(), rates, rows, strict=True)
        told = [
            (n, _saved([(share, said, rate) for share, said in own], row)) for n, (own, rate, row) in enumerate(beside)
        ]
    return [rows[n] for n, _ in told], [worked for _, worked in told]


def _others(stood: StandingForecasts) -> list[list[tuple[float, float, float]]]:
    """For each series its shares of the window, what was said in them, and what stood beside it: the others' median."""
    found: dict[int, list[tuple[float, ...]]] = {key: [] for key in stood.keys.tolist()}
    for keys, one in stood.pool.beside_others(np.unique(stood.claims)):
        mine = np.isin(keys[one.series], stood.keys)[..., np.newaxis] & ~np.isnan(one.medians)
        line, table, piece = np.nonzero(mine)
        whose, said = keys[one.series[line, table]].tolist(), one.said[line, table]
        told = np.stack([one.starts[table, piece], one.shares[table, piece], said, one.medians[mine]], axis=1)
        for key, values in zip(whose, told.tolist(), strict=True):
            found[key].append(tuple(values))
    return [[(share, said, median) for _, share, said, median in sorted(pieces)] for pieces in found.values()]


def _saved(pieces: Sequence[tuple[float, float, float]], row: SeriesRow) -> tuple[str, float]:
    v = row.value or 0.0
    text = " + ".join(
        f"{figure(share, 4)} x (({figure(rate, 4)} - {exact(v)})^2 - ({exact(said)} - {exact(v)})^2)"
        for share, said, rate in pieces
    )
    value = sum(share * ((rate - v) ** 2 - (said - v) ** 2) for share, said, rate in pieces)
    return f"{text or '0'} = {value:.6f}", value


def _covered(own: Sequence[tuple[float, float]]) -> tuple[str, float]:
    shares = [share for share, _ in own]
    return f"{' + '.join(f'{figure(share, 4)}' for share in shares) or '0'} = {figure(sum(shares), 6)}", sum(shares)


def _entered(stood: StandingForecasts) -> Iterator[tuple[str, float]]:
    one, first = stood.record, np.searchsorted(stood.record.series, np.arange(stood.keys.size))
    for gone, whole in zip((one.starts[first] - one.opens).tolist(), one.horizon.tolist(), strict=True):
        yield f"{figure(gone / DAY, 4)} of {figure(whole / DAY, 4)} days = {figure(gone / whole, 6)}", gone / whole


def _beside_clock(own: Sequence[tuple[float, float]], row: SeriesRow, rate: float, saved: float) -> tuple[str, float]:
    v = row.value or 0.0
    loss = sum(share * (said - v) ** 2 for share, said in own)
    return f"from {figure(rate, 4)} at the opening: {saved + loss:.6f} - {loss:.6f} = {saved:.6f}", saved

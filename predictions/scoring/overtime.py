"""The figures that need the time each number stood, written out row by row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from predictions.numerals import exact, figure
from predictions.scoring.claims import DAY
from predictions.scoring.figures import Reference
from predictions.scoring.pool import Pool
from predictions.scoring.references import Stood
from predictions.scoring.rows import Row


def over_time(pool: Pool, rows: Sequence[Row], name: str) -> tuple[list[Row], list[tuple[str, float]]]:
    """Those of some scored rows that have the figure, and for each its arithmetic and its value."""
    stood = Stood(pool, rows)
    if name == "skill_clock":
        saved = stood.saved(Reference.CLOCK)
        told = [(n, _beside_clock(stood, n, value)) for n, value in enumerate(saved) if value is not None]
    elif name == "skill_others":
        told = [(n, _saved(pieces, rows[n])) for n, pieces in enumerate(_others(stood)) if pieces]
    elif name in {"coverage", "entered"}:
        worked = _covered if name == "coverage" else _entered
        told = [(n, worked(stood, n)) for n in range(len(rows))]
    else:
        rates = stood.base_rates.tolist() if name == "skill_base_rate" else [0.5] * len(rows)
        told = [(n, _saved(_pieces(stood, n, rate), rows[n])) for n, rate in enumerate(rates)]
    return [rows[n] for n, _ in told], [worked for _, worked in told]


def _pieces(stood: Stood, place: int, rate: float) -> list[tuple[float, float, float]]:
    """Share of the window, what was said in it, and what the reference says."""
    one = stood.pool.standing(stood.keys[[place]])
    shares = ((one.ends - one.starts) / one.horizon[0]).tolist()
    return [(share, said, rate) for share, said in zip(shares, one.probabilities.tolist(), strict=True)]


def _others(stood: Stood) -> list[list[tuple[float, float, float]]]:
    """The same for every row beside the median of the others, where there are any."""
    found: dict[int, list[tuple[float, ...]]] = {key: [] for key in stood.keys.tolist()}
    for keys, one in stood.pool.beside_others(np.unique(stood.claims)):
        mine = np.isin(keys[one.series], stood.keys)[..., np.newaxis] & ~np.isnan(one.medians)
        line, table, piece = np.nonzero(mine)
        whose, said = keys[one.series[line, table]].tolist(), one.said[line, table]
        told = np.stack([one.starts[table, piece], one.shares[table, piece], said, one.medians[mine]], axis=1)
        for key, values in zip(whose, told.tolist(), strict=True):
            found[key].append(tuple(values))
    return [[(share, said, median) for _, share, said, median in sorted(pieces)] for pieces in found.values()]


def _saved(pieces: Sequence[tuple[float, float, float]], row: Row) -> tuple[str, float]:
    v = row.value or 0.0
    text = " + ".join(
        f"{figure(share, 4)} x (({figure(rate, 4)} - {exact(v)})^2 - ({exact(said)} - {exact(v)})^2)"
        for share, said, rate in pieces
    )
    value = sum(share * ((rate - v) ** 2 - (said - v) ** 2) for share, said, rate in pieces)
    return f"{text or '0'} = {value:.6f}", value


def _covered(stood: Stood, place: int) -> tuple[str, float]:
    shares = [share for share, _, _ in _pieces(stood, place, 0.0)]
    return f"{' + '.join(f'{figure(share, 4)}' for share in shares) or '0'} = {figure(sum(shares), 6)}", sum(shares)


def _entered(stood: Stood, place: int) -> tuple[str, float]:
    one = stood.pool.standing(stood.keys[[place]])
    gone, whole = float(one.starts[0] - one.opens[0]), float(one.horizon[0])
    return f"{figure(gone / DAY, 4)} of {figure(whole / DAY, 4)} days = {figure(gone / whole, 6)}", gone / whole


def _beside_clock(stood: Stood, place: int, saved: float) -> tuple[str, float]:
    v, rate = stood.rows[place].value or 0.0, float(stood.base_rates[place])
    own = sum(share * (said - v) ** 2 for share, said, _ in _pieces(stood, place, 0.0))
    return f"from {figure(rate, 4)} at the opening: {saved + own:.6f} - {own:.6f} = {saved:.6f}", saved

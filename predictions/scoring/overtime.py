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
        found = [(n, _others(stood, n)) for n in range(len(rows))]
        told = [(n, _saved(pieces, rows[n])) for n, pieces in found if pieces]
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


def _others(stood: Stood, place: int) -> list[tuple[float, float, float]]:
    """The same beside the median of the others, where there are any."""
    keys, line, medians = stood.pool.beside_others(int(stood.claims[place]))
    me = int(np.searchsorted(keys, stood.keys[place]))
    shares = (line.widths / (line.cuts[-1] - line.cuts[0])).tolist()
    pieces = zip(shares, line.probabilities[me].tolist(), medians[me].tolist(), strict=True)
    return [(share, said, median) for share, said, median in pieces if not np.isnan(median)]


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

"""The figures that need the time each number stood, written out row by row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from predictions.numerals import exact, figure
from predictions.scoring.company import Company
from predictions.scoring.figures import Reference
from predictions.scoring.references import Stood
from predictions.scoring.rows import Row


def over_time(company: Company, forecaster: str, name: str) -> tuple[list[Row], list[tuple[str, float]]]:
    """The rows that have the figure, and for each its arithmetic and its value."""
    stood = Stood(company)
    mine = [place for place, row in enumerate(stood.rows) if row.forecaster == forecaster]
    if name == Reference.CLOCK:
        saved = stood.saved(Reference.CLOCK)
        told = [(place, _beside_clock(stood, place, value)) for place in mine if (value := saved[place]) is not None]
    elif name == Reference.CROWD:
        on_claim: dict[str, list[int]] = {}
        for place, row in enumerate(stood.rows):
            on_claim.setdefault(row.claim.slug, []).append(place)
        found = [(place, _others(stood, on_claim[stood.rows[place].claim.slug], place)) for place in mine]
        told = [(place, _saved(pieces, stood.rows[place])) for place, pieces in found if pieces]
    elif name == "coverage":
        told = [(place, _covered(stood, place)) for place in mine]
    else:
        rates = stood.base_rates if name == Reference.BASE_RATE else np.full(len(stood.rows), 0.5)
        told = [(place, _saved(_pieces(stood, place, float(rates[place])), stood.rows[place])) for place in mine]
    return [stood.rows[place] for place, _ in told], [worked for _, worked in told]


def _pieces(stood: Stood, place: int, rate: float) -> list[tuple[float, float, float]]:
    """Share of the window, what was said in it, and what the reference says."""
    one = stood.only([place])
    shares = ((one.ends - one.starts) / one.horizon[0]).tolist()
    return [(share, said, rate) for share, said in zip(shares, one.probabilities.tolist(), strict=True)]


def _others(stood: Stood, places: Sequence[int], place: int) -> list[tuple[float, float, float]]:
    """The same beside the median of the others, where there are any; *places* are the rows on one claim."""
    line, medians = stood.beside_others(places)
    me = list(places).index(place)
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


def _beside_clock(stood: Stood, place: int, saved: float) -> tuple[str, float]:
    v, rate = stood.rows[place].value or 0.0, float(stood.base_rates[place])
    own = sum(share * (said - v) ** 2 for share, said, _ in _pieces(stood, place, 0.0))
    return f"from {figure(rate, 4)} at the opening: {saved + own:.6f} - {own:.6f} = {saved:.6f}", saved

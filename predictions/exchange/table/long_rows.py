"""Rows to write instead of a person's column where one chance does not say it all: of choices, numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from predictions.enums import Axis, ClaimType
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.type_cells import written_out
from predictions.fits import DISTRIBUTION_OF
from predictions.importing.cells import BadCell
from predictions.importing.several import read_measure, read_quantiles
from predictions.number_checks import values_inside
from predictions.records import Claim

Cells = Mapping[str, object]


def own_row(cells: Cells, person: str, said: Cells) -> dict[str, object]:
    """Return the cells of a row in which one person, named by the header of a column, says something."""
    kept = {name: cell for name, cell in cells.items() if cell is not None and not name.startswith(PERSON)}
    return {**kept, "by": person.removeprefix(PERSON), **said}


def rows_on(claim: Claim, cells: Cells, person: str) -> list[dict[str, object]]:
    """Return rows by which a person can say a forecast on a claim; none if the cell can say it.

    They keep what the cell says if it is quantiles, a value inside the range, or a chance by the end of the window; the
    rest stands for what only the person knows.
    """
    cell = cells[person]
    if claim.type is ClaimType.NUMBER:
        return [own_row(cells, person, {"quantiles": _example(claim, cell)})]
    if claim.type not in DISTRIBUTION_OF or (isinstance(cell, str) and "=" in cell):
        return []
    if claim.type is ClaimType.DATE:
        return [own_row(cells, person, {"day": str(claim.deadline), "p": cell})]
    *others, last = claim.options
    share = 100 // len(claim.options)
    share_of = {**dict.fromkeys(others, share), last: 100 - share * len(others)}
    return [own_row(cells, person, {"option": option, "p": f"{share}%"}) for option, share in share_of.items()]


def _example(claim: Claim, cell: object) -> str:
    """Return the quantiles in a cell; else example ones, about the value in it if that lies inside the range."""
    low, high, log = float(claim.low or 0), float(claim.high or 0), claim.scale is Axis.LOG
    with suppress(BadCell):
        read_quantiles(cell)
        return str(cell)
    values = values_inside(low, high, log=log)
    with suppress(BadCell):
        value = read_measure(cell)
        if low < value < high:
            ends = values_inside(low, value, log=log)[1], values_inside(value, high, log=log)[1]
            values = [ends[0], written_out(value), ends[1]]
    return "; ".join(f"{level}={value}" for level, value in zip(("10%", "50%", "90%"), values, strict=True))

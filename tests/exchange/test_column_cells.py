"""A column that is read at once says, cell by cell, what its rows would say: values and faults alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from predictions.exchange.platforms.column_cells import Faults, chances_of, moments_of
from predictions.exchange.platforms.export_row import ExportRow, Meanings
from predictions.exchange.questions import RowFault
from predictions.exchange.said_columns import NOT_SAID
from predictions.importing.refusals import Refusals
from predictions.timestamps import in_microseconds

PLAIN_MOMENTS = (
    "2026-01-01 00:00:00+00:00", "2026-01-01T10:00:00Z", "2026-03-01 09:07:04.123456+00:00", "2026-01-01T00:00:00.5Z",
    "1996-02-29T23:59:59Z",
)  # fmt: skip
ODD_MOMENTS = (
    "", " ", "2026-01-01T01:00:00+01:00", "2026-01-01 00:00:00.1234567+00:00", "2026-02-30T00:00:00Z", "2026-01-01",
    "2016-12-31T23:59:60Z", "2026-01-01T24:00:00Z", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2026-01-01T00:00Z",
    " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Z\0", "２026-01-01T00:00:00Z", "soon",
    "2026-01-01_00:00:00Z", "2026-01-01T00:00:00+00:01", "x" * 200,
)  # fmt: skip
PLAIN_CHANCES = ("0.67", "0", "1", "1.0", ".5", "5e-1", "0.123456789012345", "1e-13", "0.9999999999999")
ODD_CHANCES = ("", " 0.5", "0,5", "-1e-13", "1.0000000000001", "50%", "nan", "1_0", "2", "-0.1", "often", "1e-400")


def alone(text: str, read: Callable[[ExportRow, str], object]) -> object:
    """What one cell says, or what is wrong with it."""
    try:
        return read(ExportRow(1, {"it": text}, Refusals(None)), "it")
    except RowFault as fault:
        return fault.column, str(fault), fault.value


def together(column: Sequence[str], kind: str) -> list[object]:
    """What each cell of a column says, or what is wrong with it."""
    faults: Faults = {}
    told: list[object]
    if kind == "moment":
        at: NDArray[np.int64] = moments_of(column, Meanings(ExportRow.moment, "it"), faults)
        told = [None if one == NOT_SAID else one for one in at.tolist()]
    else:
        told = [None if np.isnan(one) else one for one in chances_of(column, Meanings(ExportRow.chance, "it"), faults)]
    return [
        (faults[place].column, str(faults[place]), faults[place].value) if place in faults else one
        for place, one in enumerate(told)
    ]


@pytest.mark.parametrize("odd", [0, 1, 5])
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", ["moment", "chance"])
def test_a_column_says_what_its_cells_say(kind: str, seed: int, odd: int) -> None:
    random = Random(f"{kind} {seed} {odd}")
    plain, others = (PLAIN_MOMENTS, ODD_MOMENTS) if kind == "moment" else (PLAIN_CHANCES, ODD_CHANCES)
    column = [*random.choices(plain, k=random.randrange(1, 12)), *random.choices(others, k=odd)]
    random.shuffle(column)

    told = together(column, kind)

    expected = [alone(text, ExportRow.moment if kind == "moment" else ExportRow.chance) for text in column]
    assert told == [in_microseconds(one) if isinstance(one, datetime) else one for one in expected]


@pytest.mark.parametrize(("kind", "cells"), [("moment", ODD_MOMENTS), ("chance", ODD_CHANCES)])
def test_each_odd_cell_is_read_as_by_itself(kind: str, cells: Sequence[str]) -> None:
    for text in cells:
        (told,) = together([text], kind)

        expected = alone(text, ExportRow.moment if kind == "moment" else ExportRow.chance)
        assert told == (in_microseconds(expected) if isinstance(expected, datetime) else expected)

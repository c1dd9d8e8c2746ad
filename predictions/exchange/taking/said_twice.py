"""Drop or refuse what a table says twice of one claim, forecaster and moment, under two names of the forecaster."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from predictions.exchange.questions import FileRead
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.row import said_otherwise
from predictions.exchange.taking.placed_forecasts import PlacedForecasts


def refuse_said_twice(file: FileRead, forecasts: PlacedForecasts, person: Callable[[str], str]) -> PlacedForecasts:
    """Return a table's forecasts without repeats; rows that contradict each other are refused.

    Of several forecasts by one forecaster on one claim at one moment, the last row is returned. If an earlier one says
    the same, it is counted as a repeat; if it says something else, the later row is refused, which *file* notes.

    Args:
        file: The file that the forecasts are from.
        forecasts: Its forecasts.
        person: Returns the slug of the forecaster whom a name in the file means.
    """
    duplicates = forecasts.columns.later_ones(len(forecasts.forecasters))
    file.repeated += duplicates.repeated
    columns, rows = forecasts.columns.forecasts, forecasts.columns.row
    for place in duplicates.replaced:
        has_same_key = (
            (columns.claim == columns.claim[place])
            & (columns.forecaster == columns.forecaster[place])
            & (columns.made_at == columns.made_at[place])
        )
        kept_place = np.argmax(duplicates.kept & has_same_key)
        first, last = sorted([int(rows[place]), int(rows[kept_place])])
        forecast = forecasts.one(place)
        column = _column_of(file, last, forecast.forecaster, person)
        file.refuse(last, said_otherwise(column, (first, last), forecast.said.made_at))
    return forecasts.chosen(duplicates.kept)


def _column_of(file: FileRead, row: int, forecaster: str, person: Callable[[str], str]) -> str:
    """Return the column of a row with a forecaster's forecast: one named after the person, or ``p``."""
    names = (name for name, cell in file.cells[row].items() if name.startswith(PERSON) and cell is not None)
    return next((name for name in names if person(name.removeprefix(PERSON)) == forecaster), "p")

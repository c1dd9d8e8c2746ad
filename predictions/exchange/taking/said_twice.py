"""What one forecaster says twice of one claim at one moment, under two names: the same once, something else never."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from predictions.exchange.questions import FileRead
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.row import said_otherwise
from predictions.exchange.taking.placed_forecasts import PlacedForecasts


def refuse_said_twice(file: FileRead, forecasts: PlacedForecasts, person: Callable[[str], str]) -> PlacedForecasts:
    """Return the forecasts of a table, of several alike only one; those that contradict are refused.

    Args:
        file: Where they are from.
        forecasts: All of them.
        person: Returns the slug of the forecaster that a name in the file is.
    """
    later = forecasts.columns.later_ones(len(forecasts.forecasters))
    file.repeated += later.repeated
    said, rows = forecasts.columns.forecasts, forecasts.columns.row
    for place in later.replaced:
        alike = later.kept.copy()
        for same in (said.claim, said.forecaster, said.made_at):
            alike &= same == same[place]
        first, last = sorted([int(rows[place]), int(rows[np.argmax(alike)])])
        forecast = forecasts.one(place)
        column = _column_of(file, last, forecast.forecaster, person)
        file.refuse(last, said_otherwise(column, (first, last), forecast.said.made_at))
    return forecasts.chosen(later.kept)


def _column_of(file: FileRead, row: int, forecaster: str, person: Callable[[str], str]) -> str:
    """Return the column of a row in which a forecaster says something: one of their own, or that of the row."""
    said = (name for name, cell in file.cells[row].items() if name.startswith(PERSON) and cell is not None)
    return next((name for name in said if person(name.removeprefix(PERSON)) == forecaster), "p")

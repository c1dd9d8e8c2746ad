"""Read columns of a long CSV file all at once, as their cells would be read singly; faults are noted by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from predictions.exchange.platforms.export_row import LEAST, UNSET, Meanings
from predictions.exchange.questions import RowFault
from predictions.exchange.said_columns import NOT_SAID
from predictions.importing.column_checks import plain_numbers
from predictions.importing.moment_columns import plain_moments
from predictions.importing.tables import How
from predictions.number_checks import DECIMAL_PLACES
from predictions.storage.blocks import ChanceArray, Times
from predictions.timestamps import in_microseconds, read_moment

Cell = TypeVar("Cell")
Meant = TypeVar("Meant")
Faults: TypeAlias = dict[int, RowFault]  # by the place of a row
SLIP = 1e-9  # by which a sum of chances may miss 0 or 1
_SET = in_microseconds(read_moment(f"{UNSET + 1:04}-01-01T00:00:00Z"))


def look_up(column: Sequence[Cell], meanings: Mapping[Cell, Meant], absent: Meant, faults: Faults) -> list[Meant]:
    """Return the meaning of each cell; *absent* for a cell that cannot be read, whose fault is noted."""
    try:
        return list(map(meanings.__getitem__, column))
    except RowFault:
        pass
    values = []
    for place, cell in enumerate(column):
        value = absent
        try:
            value = meanings[cell]
        except RowFault as fault:
            faults.setdefault(place, fault)
        values.append(value)
    return values


def moments_of(column: Sequence[str], meanings: Meanings[datetime | None], faults: Faults) -> Times:
    """Return moments as microseconds since 1970 in UTC; NOT_SAID for empty cells.

    *meanings* reads the cells that are not in one of the plain forms.
    """
    times, is_plain = plain_moments(column)
    is_plain &= times >= _SET
    times[~is_plain] = NOT_SAID
    unread_places: list[int] = np.flatnonzero(~is_plain).tolist()
    faults_of_others: Faults = {}
    moments = look_up([column[place] for place in unread_places], meanings, None, faults_of_others)
    for place, moment in zip(unread_places, moments, strict=True):
        if moment is not None:
            times[place] = in_microseconds(moment)
    for index, fault in faults_of_others.items():
        faults.setdefault(unread_places[index], fault)
    return times


def chances_of(column: Sequence[str], meanings: Meanings[float | None], faults: Faults) -> ChanceArray:
    """Return chances, NaN for empty cells; *meanings* reads the cells if they are not all plain numbers."""
    plain = plain_numbers(list(filter(None, column)), How())
    kept = None if plain is None else kept_chances(plain)
    if kept is not None:
        chances = np.full(len(column), np.nan)
        chances[np.array(list(map(bool, column)), np.bool_)] = kept
        return chances
    return np.array(
        [np.nan if chance is None else chance for chance in look_up(column, meanings, None, faults)], np.float64
    )


def kept_chances(numbers: NDArray[np.float64]) -> ChanceArray | None:
    """Return numbers as the chances that are kept; None if one of them is not a chance.

    A number next to 0 or 1 stays below certainty, but sums of floats may miss 0 and 1.
    """
    if not ((numbers > -SLIP) & (numbers < 1 + SLIP)).all():
        return None
    certain = (numbers <= 0) | (numbers >= 1)
    within = np.clip(numbers, LEAST, 1 - LEAST)
    return np.asarray(np.round(np.where(certain, numbers > 0, within), DECIMAL_PLACES))

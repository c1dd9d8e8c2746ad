"""Days and moments that are refused: those still to come, and those that programs make from an empty cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from predictions.dates import EMPTY_CELLS, check_no_empty_cell, read_period
from predictions.errors import InvalidValue, check_field
from predictions.records import Record
from predictions.storage.batch import Batch
from predictions.timestamps import moment_text, spoken_moment

DATED = ("published", "happened", "happened_on", "known_on", "cutoff_on")
MOMENTS, WINDOW = ("made_at", "known_at"), ("opens_on", "deadline")
AFTER_EMPTY_CELLS = f"{max(EMPTY_CELLS)[:-1]}2"  # text that sorts after each of these days and all its moments


def check_not_ahead(record: Record, now: datetime) -> None:
    """Refuse a record with a day that stands for an empty cell, one that has not begun, or a moment still to come.

    The days of a window may lie ahead. Raises InvalidValue.
    """
    fields, name = vars(record), " ".join(str(getattr(record, part)) for part in record.key[:2])
    for field in (*DATED, *MOMENTS, *WINDOW):
        if when := fields.get(field):
            check_field(f"{record.noun} {name}: {field}", check_no_empty_cell, when)
            if field not in WINDOW:
                not_to_come(f"{record.noun} {name}: {field}", when, now)


def surely_past(batch: Batch, now: datetime) -> bool:
    """Return whether whole columns show that no record of a batch needs :func:`check_not_ahead`.

    The days, months, years and moments in them are text, and sort as they begin. False means only that the records
    must be looked at.
    """
    for field in (*DATED, *MOMENTS, *WINDOW):
        column = cast("Sequence[str | None]", batch.columns.get(field, ()))
        if (days := list(filter(None, column))) and min(days) < AFTER_EMPTY_CELLS:
            return False
        if days and field not in WINDOW and max(days) > moment_text(now):
            return False
    return True


def not_to_come(what: str, when: date | str, now: datetime) -> None:
    """Refuse a day, month or year that has not begun, and a moment still to come.

    *what* begins the message: the record and the field. Raises InvalidValue.
    """
    if isinstance(when, datetime):
        if when > now:
            raise InvalidValue(
                f"{what} {spoken_moment(when)} lies in the future: in UTC it is {spoken_moment(now)}; say when it was"
            )
    # A month or year that has begun is allowed: "2026" said in May may mean a day that is over.
    elif (when if isinstance(when, date) else read_period(when).first) > now.date():
        raise InvalidValue(
            f"{what} {when} lies in the future: days are UTC, and in UTC it is {now.date()}; say that day"
        )

"""Days as a spreadsheet spells them where it is used: `31.12.2026`, `12/31/2026`, `2026/12/31`.

Such a day may be two. It is read where its column, or the caller, says which comes first, and is left as it is, to be
refused, where neither does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from predictions.horizons import two_days
from predictions.importing.tables import DAY_FIRST, DAY_ORDERS, MONTH_FIRST

ORDER_SAID = f"; days='{DAY_FIRST}' or '{MONTH_FIRST}', if all are"
_TIME = r"(?:,? +([0-9]{1,2}):([0-9]{2}(?::[0-9]{2})?))?"
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})([./-])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")
_SHORT_HOUR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]:[0-9]{2}(?::[0-9]{2})?)")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([./])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")


class DaysRead(NamedTuple):
    """A column whose local days are in ISO form, as far as they can be only one.

    Attributes:
        column: Its cells.
        order: What comes first in its local days; None where it has none, or does not tell.
        fixes: What would be right in the cells, by their places, where the order is not told.
    """

    column: Sequence[object]
    order: str | None = None
    fixes: Mapping[int, str] = {}


def read_local_days(column: Sequence[object], told: str | None = None) -> DaysRead:
    """Read the local days of a column in one order: the one *told*, else the only one in which all of them are days.

    >>> read_local_days(["05.01.2026", "31.12.2026 9:30", "soon"])[:2]
    (['2026-01-05', '2026-12-31T09:30', 'soon'], 'day-first')
    >>> read_local_days(["1/5/2026", "1/31/2026", "31/1/2026"]).order is None  # they contradict each other
    True
    """
    texts = {cell for cell in column if isinstance(cell, str)}
    local = {text: readings for text in texts if (readings := _readings(text))}
    if not local:
        return DaysRead(column)
    orders = {told} if told else set(DAY_ORDERS).intersection(*local.values())
    order = next(iter(orders)) if len(orders) == 1 else None
    if order is None and any(len(set(readings.values())) > 1 for readings in local.values()):
        hint = ORDER_SAID if orders else ""
        return DaysRead(
            column,
            None,
            {
                place: f"{two_days(str(cell))}{hint}"
                for place, cell in enumerate(column)
                if isinstance(cell, str) and cell in local
            },
        )
    iso = {text: readings[order or DAY_FIRST] for text, readings in local.items() if (order or DAY_FIRST) in readings}
    return DaysRead([iso.get(cell, cell) if isinstance(cell, str) else cell for cell in column], order)


def _readings(text: str) -> dict[str, str]:
    """Return the day in ISO form that a text is in each order in which a calendar has it."""
    if match := _SHORT_HOUR.fullmatch(text):
        return dict.fromkeys(DAY_ORDERS, f"{match[1]}T0{match[2]}")
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, *time = match.groups()
        orders = dict.fromkeys(DAY_ORDERS, (month, day))
    elif match := _YEAR_LAST.fullmatch(text):
        first, _, second, year, *time = match.groups()
        orders = {DAY_FIRST: (second, first), MONTH_FIRST: (first, second)}
    else:
        return {}
    clock = f"T{time[0]:0>2}:{time[1]}" if time[0] else ""
    readings = {}
    for order, (month, day) in orders.items():
        with suppress(ValueError):
            readings[order] = date(int(year), int(month), int(day)).isoformat() + clock
    return readings

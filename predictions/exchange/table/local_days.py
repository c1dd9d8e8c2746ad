"""Read days as spreadsheets spell them in various countries: `31.12.2026`, `12/31/2026`, `2026/12/31`.

Such a text may mean two days. It is read if the caller or the rest of its column shows whether the day or the month
comes first; if not, it is left as it is and refused.
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
    """A column with its local days in ISO form, as far as they are unambiguous.

    Attributes:
        column: Its cells.
        order: Which part comes first in its local days; None if there are none, or if it is unclear.
        fixes: If the order is unclear, what would be right in the cells, by their places.
    """

    column: Sequence[object]
    order: str | None = None
    fixes: Mapping[int, str] = {}


def read_local_days(column: Sequence[object], told: str | None = None) -> DaysRead:
    """Return a column with its local days in ISO form, if they are clear.

    The order of day and month is *told* by the caller; else it is the only one in which all texts are days.

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
    is_ambiguous = any(len(set(readings.values())) > 1 for readings in local.values())
    if order is None and is_ambiguous:
        hint = ORDER_SAID if orders else ""
        places = [place for place, cell in enumerate(column) if isinstance(cell, str) and cell in local]
        return DaysRead(column, None, {place: f"{two_days(str(column[place]))}{hint}" for place in places})
    first_part = order or DAY_FIRST  # without an order here, both orders give the same days
    iso = {text: readings[first_part] for text, readings in local.items() if first_part in readings}
    return DaysRead([iso.get(cell, cell) if isinstance(cell, str) else cell for cell in column], order)


def _readings(text: str) -> dict[str, str]:
    """Return the day of a text in ISO form for each order in which it is a day; empty if it is not a local day."""
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

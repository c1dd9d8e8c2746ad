"""Numbers that stand where microseconds since 1970 should: what else they may count, and how to write that."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from predictions.timestamps import in_microseconds, moment_at, read_moment

UNITS = {"seconds": 10**6, "milliseconds": 10**3, "nanoseconds": 10**-3}  # microseconds in each
RECENT = [in_microseconds(read_moment(f"{year}-01-01T00:00:00Z")) for year in (1990, 2100)]
SERIALS = range(20_000, 100_000)  # days as spreadsheets count them
SERIAL_ZERO = date(1899, 12, 30)
COMPACT = range(1990_01_01, 2100_01_01)  # days without their hyphens


def counted_otherwise(number: int) -> str:
    """Say as what a number may be meant, which is far from our time in microseconds.

    >>> counted_otherwise(1_769_900_000), counted_otherwise(46_054)
    ('if it counts seconds, say 2026-01-31T22:53:20Z', 'if it is a day of a spreadsheet, say 2026-02-01')
    """
    for unit, factor in UNITS.items():
        if RECENT[0] <= number * factor < RECENT[1]:
            return f"if it counts {unit}, say {moment_at(round(number * factor)):%Y-%m-%dT%H:%M:%SZ}"
    if number in SERIALS:
        return f"if it is a day of a spreadsheet, say {SERIAL_ZERO + timedelta(days=number)}"
    if number in COMPACT:
        with suppress(ValueError):
            return f"if it is a day, say {date.fromisoformat(str(number))}"
    return "say YYYY-MM-DDTHH:MM:SSZ, or a day"

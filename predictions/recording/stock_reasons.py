"""The reasons that an import gives a verdict which comes without one: they say where it was noted, not what decided."""

from __future__ import annotations

_OF_PLATFORM, _OF_FILE = "as resolved on ", "as recorded in "


def reason_of_platform(title: str) -> str:
    """Return the reason of a verdict that a platform tells."""
    return f"{_OF_PLATFORM}{title}"


def reason_of_file(file: str | None) -> str:
    """Return the reason of a verdict that stands in a table."""
    return f"{_OF_FILE}{file or 'a table'}"


def is_stock_reason(reason: str) -> bool:
    """Tell whether a reason names no fact, so that verdicts which share it may still be decided by different ones.

    >>> is_stock_reason(reason_of_file("pundits.xlsx")), is_stock_reason("the court ruled")
    (True, False)
    """
    return reason.startswith((_OF_PLATFORM, _OF_FILE))

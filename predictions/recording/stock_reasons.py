"""The reasons that an import writes for verdicts without one: they say where a verdict was found, not why it is so."""

from __future__ import annotations

_OF_PLATFORM, _OF_FILE = "as resolved on ", "as recorded in "


def reason_of_platform(title: str) -> str:
    """Return the reason for a verdict that comes from a platform."""
    return f"{_OF_PLATFORM}{title}"


def reason_of_file(file: str | None) -> str:
    """Return the reason for a verdict that comes from a table; None for a table that is not in a file."""
    return f"{_OF_FILE}{file or 'a table'}"


def is_stock_reason(reason: str) -> bool:
    """Return whether a reason was written by an import, so that verdicts with the same one may rest on different facts.

    >>> is_stock_reason(reason_of_file("pundits.xlsx")), is_stock_reason("the court ruled")
    (True, False)
    """
    return reason.startswith((_OF_PLATFORM, _OF_FILE))

"""The sign that keeps a spreadsheet from taking a text for a formula: put before it, and taken off again."""

from __future__ import annotations

import re

GUARDED = "=+-@\t\r#"  # what a cell must not begin with when it is written: a formula to a spreadsheet, or a comment
_GUARD = re.compile(f"'+[{re.escape(GUARDED)}]")


def guarded(text: str) -> str:
    """Return the text as a cell holds it, so that no spreadsheet takes it for a formula; it reads back the same.

    >>> guarded("=1+1"), guarded("'=1"), guarded("plain")
    ("'=1+1", "''=1", 'plain')
    """
    return f"'{text}" if text.startswith(tuple(GUARDED)) or _GUARD.match(text) else text


def unguarded(text: str) -> str:
    """Return the text without the sign that guards it.

    >>> unguarded("'=1+1"), unguarded("''- ok"), unguarded("'tis")
    ('=1+1', "'- ok", "'tis")
    """
    return text[1:] if _GUARD.match(text) else text

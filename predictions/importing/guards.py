"""The sign that keeps a text from being taken for a formula, or for nothing: put before it, and taken off again."""

from __future__ import annotations

import re

from predictions.importing.cells import NO_VALUE

GUARDED = "=+-@\t\r#"  # what a cell must not begin with when it is written: a formula to a spreadsheet, or a comment
_GUARD = re.compile(f"'+(?:[{re.escape(GUARDED)}]|(?:{'|'.join(map(re.escape, sorted(NO_VALUE - {''})))})\\Z)")


def guarded(text: str) -> str:
    """Write text into a cell so that nothing takes it for a formula, or for an empty cell; it reads back the same.

    >>> guarded("=1+1"), guarded("'=1"), guarded("NA"), guarded("plain")
    ("'=1+1", "''=1", "'NA", 'plain')
    """
    return f"'{text}" if _GUARD.match(f"'{text}") else text


def unguarded(text: str) -> str:
    """Return the text without the sign that guards it.

    >>> unguarded("'=1+1"), unguarded("''- ok"), unguarded("'tis")
    ('=1+1', "'- ok", "'tis")
    """
    return text[1:] if _GUARD.match(text) else text

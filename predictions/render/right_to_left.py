"""Names written from right to left, set apart from the figures behind them."""

from __future__ import annotations

import re

_LETTERS = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
FROM_RIGHT = re.compile(f"{_LETTERS}(?:[-. ]+{_LETTERS})*")  # words in one order, also those of a slug, or cut
_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def kept_forward(text: str) -> str:
    """Put a mark around what is written from right to left, so that a figure behind it stays behind it.

    For drawings, whose letters take no markup; a page sets such names apart with ``<bdi>``.

    >>> ascii(kept_forward("\N{HEBREW LETTER ALEF} 0.40")), kept_forward("ana 0.40")
    ("'\\\\u200e\\\\u05d0\\\\u200e 0.40'", 'ana 0.40')
    """
    return FROM_RIGHT.sub(rf"{_TO_RIGHT}\g<0>{_TO_RIGHT}", text)

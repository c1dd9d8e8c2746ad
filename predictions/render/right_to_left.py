"""Keep names that are written from right to left apart from the figures after them."""

from __future__ import annotations

import re

_LETTERS = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
# Words that are read in one direction; in a slug there are hyphens between them, in a cut name dots.
FROM_RIGHT = re.compile(f"{_LETTERS}(?:[-. ]+{_LETTERS})*")
_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def kept_forward(text: str) -> str:
    """Put marks around words that are written from right to left, so that a figure after them is shown after them.

    This is for drawings, which take no markup in texts; in HTML the tag ``<bdi>`` does the same.

    >>> ascii(kept_forward("\N{HEBREW LETTER ALEF} 0.40")), kept_forward("ana 0.40")
    ("'\\\\u200e\\\\u05d0\\\\u200e 0.40'", 'ana 0.40')
    """
    return FROM_RIGHT.sub(rf"{_TO_RIGHT}\g<0>{_TO_RIGHT}", text)

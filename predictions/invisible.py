"""Characters that nobody sees, or that turn what stands beside them: in text they are shown, in JSON escaped."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable

_ODD = re.compile(r"[^ -~\n\t]")
_KINDS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"}  # controls, marks without a shape, private use, spaces
_BLANK = re.compile(  # of other kinds, but drawn as nothing: joiners, fillers, variation selectors, what is reserved
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\uffa0\ufff0-\ufff8\ufffe\uffff"
    "\U00016fe4\U000e0000-\U000e0fff]"
)
_SYMBOLS = {"So", "Sm", "Sk"}


def visible(text: str) -> str:
    """Text with everything unseen made visible; an emoji keeps what joins it.

    >>> visible("a\\x1b[31mb\\u202ec")
    'a⟦U+001B⟧[31mb⟦U+202E⟧c'
    """
    return _told(text, lambda character: f"⟦U+{ord(character):04X}⟧")


def json_of(value: object, indent: int | None = None) -> str:
    r"""JSON in which everything unseen is escaped, and all else stands as it is.

    >>> json_of("é\u202e")
    '"é\\u202e"'
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    return _told(text, lambda character: json.dumps(character)[1:-1])


def _told(text: str, tell: Callable[[str], str]) -> str:
    def one(found: re.Match[str]) -> str:
        return tell(found[0]) if _unseen(found[0], text[: found.start()][-1:], text[found.end() :][:1]) else found[0]

    return _ODD.sub(one, text)


def _unseen(character: str, before: str, after: str) -> bool:
    reserved = ord(character) & 0xFFFE == 0xFFFE  # no character, on any plane
    if unicodedata.category(character) not in _KINDS and not reserved and not _BLANK.match(character):
        return False
    symbol = bool(before) and (unicodedata.category(before) in _SYMBOLS or before == "\ufe0f")
    if character == "\u200d":
        return not (symbol and after and unicodedata.category(after) in _SYMBOLS)
    return character != "\ufe0f" or not ((symbol and before != "\ufe0f") or after == "\u20e3")

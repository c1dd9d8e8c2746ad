"""Characters that nobody sees, or that deceive a reader: showing them as codes, escaping them in JSON, listing them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable

HIDDEN_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
_ODD = re.compile(r"[^ -~\n\t]")
_UNSEEN_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"}  # controls, marks without a shape, private use, spaces
_BLANK = re.compile(  # of other categories, but drawn as nothing: joiners, fillers, variation selectors, reserved ones
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\uffa0\ufff0-\ufff8\ufffe\uffff"
    "\U00016fe4\U000e0000-\U000e0fff]"
)
_SYMBOLS = {"So", "Sm", "Sk"}


def visible(text: str) -> str:
    """Replace each unseen character by its code, so that text cannot deceive; the joiners inside an emoji stay.

    >>> visible("a\\x1b[31mb\\u202ec")
    'a⟦U+001B⟧[31mb⟦U+202E⟧c'
    """
    return _replace_unseen(text, lambda character: f"⟦U+{ord(character):04X}⟧")


def json_of(value: object, indent: int | None = None) -> str:
    r"""Write a value as JSON in which unseen characters are escaped, and no others.

    >>> json_of("é\u202e")
    '"é\\u202e"'
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    return _replace_unseen(text, lambda character: json.dumps(character)[1:-1])


def oddities(text: str) -> list[str]:
    """List what may deceive the reader of a text: hidden direction marks, words in mixed scripts.

    >>> oddities("plain")
    []
    >>> oddities("р" + "aypal")
    ['mixed scripts']
    """
    if text.isascii():
        return []
    oddities_found = ["hidden direction marks"] if HIDDEN_DIRECTION.search(text) else []
    words = re.findall(r"[^\W\d_]+", text)
    scripts = ({unicodedata.name(letter, "?").split()[0] for letter in word} for word in words)
    if any(len(names.intersection(_SCRIPTS)) > 1 for names in scripts):
        oddities_found.append("mixed scripts")
    return oddities_found


def _replace_unseen(text: str, code_of: Callable[[str], str]) -> str:
    """Replace each unseen character by the text that *code_of* returns for it."""
    if text.isascii() and text.isprintable():
        return text  # most text

    def replaced(match: re.Match[str]) -> str:
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        return code_of(match[0]) if _unseen(match[0], before, after) else match[0]

    return _ODD.sub(replaced, text)


def _unseen(character: str, before: str, after: str) -> bool:
    """Return whether a character between two others is unseen; joiners and selectors inside an emoji are not.

    *before* and *after* are its neighbours, "" at an end of the text.
    """
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE  # the last two codes of each plane
    if (
        unicodedata.category(character) not in _UNSEEN_CATEGORIES
        and not is_noncharacter
        and not _BLANK.match(character)
    ):
        return False
    after_symbol = bool(before) and (unicodedata.category(before) in _SYMBOLS or before == "\ufe0f")
    if character == "\u200d":  # a joiner: between two symbols it makes one emoji of them
        return not (after_symbol and after and unicodedata.category(after) in _SYMBOLS)
    if character == "\ufe0f":  # a selector: after a symbol, or before the frame of a key
        return not ((after_symbol and before != "\ufe0f") or after == "\u20e3")
    return True

"""Read numbers, lists, names with values, and heads as they are typed; refuse others in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from predictions.chances import shortened
from predictions.errors import InvalidValue, short_repr
from predictions.number_checks import LARGEST, TOO_LARGE
from predictions.storage.checkpoints import TEXT_LIMIT, looks_like_a_head
from predictions.text_files import read_text

_SEPARATOR, _SEPARATOR_OF_LINKS = re.compile("[,;]"), re.compile(",")  # a link may have a semicolon
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+", re.ASCII)


def read_number(text: str) -> float:
    """Read a plain decimal number; InvalidValue for anything else.

    >>> read_number("2.5"), read_number("-1")
    (2.5, -1.0)
    """
    if _PLAIN_NUMBER.fullmatch(text.strip().removeprefix("-")) is None:
        raise InvalidValue(f"{short_repr(text)} is not a number; write it with digits and a point, as 2.5")
    if Decimal(text.strip()) > LARGEST:
        raise InvalidValue(f"{shortened(text)} {TOO_LARGE}")
    return float(text)


def read_count(text: str) -> int:
    """Read a whole number below a million; InvalidValue for anything else.

    >>> read_count("30")
    30
    """
    if not re.fullmatch("[0-9]{1,6}", text):
        raise InvalidValue(f"{short_repr(text)} is not a whole number from 0 to 999,999")
    return int(text)


def read_list(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Read the values of an option that may be repeated; each may be a list with commas, or a spreadsheet's semicolons.

    >>> read_list(("title,firm", "lab")), read_list(("a; b",)), read_list(("https://a.example/1;2,fontoura",))
    (('title', 'firm', 'lab'), ('a', 'b'), ('https://a.example/1;2', 'fontoura'))
    """
    items = list[str]()
    for text in texts:
        separator = _SEPARATOR_OF_LINKS if "://" in text else _SEPARATOR
        parts = [part.strip() for part in separator.split(text) if part.strip()]
        if text and not parts:
            raise InvalidValue(f"{short_repr(text)} names nothing; leave it out, or empty")
        items += parts
    return tuple(items)


def read_pair(text: str, *, alone: bool = False, last: bool = False) -> tuple[str, str]:
    """Read NAME=VALUE.

    With *alone*, a name without a value is its own value. With *last*, the last "=" ends the name, not the first.

    >>> read_pair("title = It ships"), read_pair("list", alone=True)
    (('title', 'It ships'), ('list', 'list'))
    """
    name, sign, value = text.rpartition("=") if last else text.partition("=")
    if alone and not sign:
        return text.strip(), text.strip()
    if not sign or not name.strip():
        raise InvalidValue(f"{short_repr(text)} gives no value; write NAME=VALUE")
    return name.strip(), value.strip()


def each_once(pairs: Iterable[tuple[str, str]], option: str) -> dict[str, str]:
    """Return values by name; InvalidValue for a name given twice, since one of its values would be lost.

    >>> each_once([("title", "A"), ("grade", "primary")], "--set")
    {'title': 'A', 'grade': 'primary'}
    """
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise InvalidValue(f"{option} names {short_repr(name)} twice; say it once")
        values[name] = value
    return values


def read_given(text: str) -> str:
    """Return a head or a key as it was typed; if the text is the name of a file, return the file's text.

    >>> read_given("214:9f3c5f5a7d21")
    '214:9f3c5f5a7d21'
    """
    try:
        if looks_like_a_head(text) or not Path(text).is_file():
            return text
    except (OSError, ValueError):  # no name that a file could have
        return text
    too_long = f"{short_repr(text)} has more than {TEXT_LIMIT:,} bytes, and so is no file of a head or a key"
    return read_text(Path(text), TEXT_LIMIT, refused=f"{short_repr(text)} cannot be read", too_long=too_long)


def read_when(text: str) -> str:
    """Return a day, a moment or a head as it was typed; a text that begins with no digit may name the file of a head.

    >>> read_when("2026-01-15")
    '2026-01-15'
    """
    return text if text[:1].isdigit() else read_given(text)

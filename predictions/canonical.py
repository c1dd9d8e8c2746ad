"""The canonical bytes of a record: one text for one content, on every machine and for ever.

JSON with sorted ASCII keys and no insignificant white space, in UTF-8. Numbers are plain decimals, without
exponent or trailing zeros, and never two numbers of one text but 0 and minus 0. ``None`` and empty lists
are left out, so that a field added by a later version leaves old bytes as they were.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TypeAlias

Plain: TypeAlias = "str | int | float | bool | Sequence[Plain] | Mapping[str, Plain] | None"


def canonical(noun: str, fields: Mapping[str, Plain]) -> bytes:
    """The bytes that are hashed for one record of the kind *noun*.

    Raises TypeError or ValueError for what has no canonical form.

    >>> canonical("claim", {"slug": "x", "share": 0.50, "note": None, "tags": []})
    b'{"record":"claim","share":0.5,"slug":"x"}'
    """
    return encode({**fields, "record": noun}).encode()


def encode(value: Plain) -> str:
    """One value as canonical JSON text; TypeError or ValueError where it has none.

    >>> encode([1.0, 1e-7, -0.0, True, "é"])
    '[1,0.0000001,0,true,"é"]'
    """
    return _FORMS[type(value)](value)


def in_order(names: Sequence[str], values: Iterable[Plain]) -> str:
    """The object of these names and values as canonical JSON text; the names must be sorted.

    >>> in_order(["a", "b", "c"], [1, None, "x"])
    '{"a":1,"c":"x"}'
    """
    kept = [
        f'"{name}":{_FORMS[type(value)](value)}'
        for name, value in zip(names, values, strict=True)
        if value is not None and (value or not _empty(value))
    ]
    return f"{{{','.join(kept)}}}"


def decimal_text(number: float) -> str:
    """A number as a plain decimal: the shortest that reads back as the same number.

    Raises ValueError for what is infinite or no number.

    >>> decimal_text(0.1), decimal_text(1.0), decimal_text(1e-12)
    ('0.1', '1', '0.000000000001')
    """
    text = repr(number)
    if "e" in text or "n" in text:
        if not math.isfinite(number):
            raise ValueError(f"{number!r} has no canonical form")
        text = f"{Decimal(text):f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def _object(value: Mapping[str, Plain]) -> str:
    names = sorted(value)
    return in_order(names, map(value.__getitem__, names))


def _array(value: Sequence[Plain]) -> str:
    return "[" + ",".join(map(encode, value)) + "]"


def _empty(value: Plain) -> bool:
    return isinstance(value, (list, tuple, dict)) and not value


def _other(value: Plain) -> str:
    """A value of some further type: a mapping, a list or a text of another name."""
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return _array(value)
    raise TypeError(f"{value!r} has no canonical form")


_FORMS: Mapping[type, Callable[..., str]] = defaultdict(
    lambda: _other,
    {
        str: encode_basestring,
        int: str,
        float: lru_cache(1024)(decimal_text),  # the same few probabilities come again and again
        bool: {False: "false", True: "true"}.__getitem__,
        dict: _object,
        list: _array,
        tuple: _array,
    },
)

"""The canonical bytes of a record: one text for one content, on every machine and for ever.

JSON with sorted ASCII keys and no insignificant white space, in UTF-8. Numbers are plain decimals of at
most twelve places, without exponent or trailing zeros. ``None`` and whatever is empty is left out, so that
a field added by a later version leaves old bytes as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import TypeAlias

Plain: TypeAlias = "str | int | float | bool | Sequence[Plain] | Mapping[str, Plain] | None"


def canonical(noun: str, fields: Mapping[str, Plain]) -> bytes:
    """The bytes that are hashed for one record of the kind *noun*.

    >>> canonical("claim", {"slug": "x", "share": 0.50, "note": None, "tags": []})
    b'{"record":"claim","share":0.5,"slug":"x"}'
    """
    return encode({**fields, "record": noun}).encode()


def encode(value: Plain) -> str:
    """One value as canonical JSON text.

    >>> encode([1.0, 1e-7, -0.0, True, "é"])
    '[1,0.0000001,0,true,"é"]'
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return decimal_text(value)
    if isinstance(value, Mapping):
        kept = sorted((key, item) for key, item in value.items() if not _absent(item))
        return "{" + ",".join(f'"{key}":{encode(item)}' for key, item in kept) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(map(encode, value)) + "]"
    raise TypeError(f"{value!r} has no canonical form")


def decimal_text(number: float) -> str:
    """A number as a plain decimal.

    >>> decimal_text(0.1), decimal_text(1.0), decimal_text(1e-12)
    ('0.1', '1', '0.000000000001')
    """
    text = repr(number)
    if "e" in text:
        text = f"{number:.12f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _absent(value: Plain) -> bool:
    return value is None or (not isinstance(value, (bool, int, float)) and len(value) == 0)

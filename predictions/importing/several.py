"""Cells that hold chances of several things: of options or days, or of values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from predictions.chances import read_chance
from predictions.importing.cells import BadCell, read_one_way, reworded
from predictions.number_checks import check_measure, read_decimal, two_shares, two_values

EXACTLY = "exact"  # ends quantiles that are points of a curve, which is drawn as it is
_BETWEEN_PAIRS = re.compile(r"[;\n]|,(?=[^,;\n=]*=)")
_NAMED = re.compile(r"\s*([^\d:;,=%]*[^\W\d][^:;,=%]*?|\d{4}(?:-\d\d){0,2})(?:\s*:\s*|\s+)(\d[\d.]*(?:\s*%)?)\s*")
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


def read_measure(value: object, decimal: str | None = None) -> float:
    """Read a number with a unit; *decimal* says whether a comma or a point stands before its fraction."""
    value = read_one_way(value, decimal)
    read = read_decimal(value)
    if read is None or read[1]:
        raise BadCell(f"{str(value)[:40]} is not a number; say one such as 12.5")
    if either := two_values(value):
        raise BadCell(f"{value} {either}")
    return float(reworded(check_measure, float(read[0])))


def pairs_meant(value: object) -> str:
    """Return chances of several things as they are to be written, where other signs stand; else nothing.

    >>> pairs_meant("a 40%, b 60%"), pairs_meant("2026-06-30: 60 %"), pairs_meant("about 40%"), pairs_meant("0,4")
    ('a=40%; b=60%', '2026-06-30=60 %', '', '')
    """
    parts = re.split("[;,]", value) if isinstance(value, str) else []
    found = [_NAMED.fullmatch(part) for part in parts]
    if not all(found) or not (len(parts) > 1 or ":" in "".join(parts)):
        return ""
    return "; ".join(f"{pair[1]}={pair[2]}" for pair in found if pair)


def read_several(value: object, *, percent: bool = False, decimal: str | None = None) -> dict[object, object]:
    """Read chances of several things, ``a=40%; b=60%``, as they are written; with *percent* a bare one is percent.

    >>> read_several("2027=0,3; 2028=60 %")
    {'2027': '0.3', '2028': '60 %'}
    """
    pairs = _sides(value, "a=40%; b=60% of a choice, 2027=30%; 2028=60% of a date")
    if len(told := dict(pairs)) < len(pairs):
        raise BadCell("one of them is said twice")
    chances = ((name, read_one_way(chance, decimal)) for name, chance in told.items())
    told = {name: _COMMA.sub(".", chance) if isinstance(chance, str) else chance for name, chance in chances}
    return _as_percent(told) if percent else told


def _as_percent(told: Mapping[object, object]) -> dict[object, object]:
    """Give a sign to the chances without one; BadCell for one that may be a fraction."""
    bare = {name: read[0] for name, chance in told.items() if (read := read_decimal(chance)) and not read[1]}
    between = any(0 < number < 1 for number in bare.values()) or not any(number > 1 for number in bare.values())
    for number in bare.values():
        if 0 < number < 1 or (number == 1 and between):
            raise BadCell(f"{number:f} {two_shares(float(number))}")
    return {name: f"{chance}%" if name in bare else chance for name, chance in told.items()}


def read_quantiles(value: object, decimal: str | None = None) -> dict[str, object]:
    """Read quantiles, ``10%=2.5; 50%=4``, as a field of a forecast: points of a curve where ``exact`` ends them."""
    if decimal == "," and isinstance(value, str):
        value, decimal = read_one_way(value, decimal), None  # before commas are taken for what separates
    text = value.rstrip("; ") if isinstance(value, str) else ""
    if not text.endswith(EXACTLY):
        pairs = _both_one_way(_sides(value, "10%=2.5; 50%=4; 90%=6"), decimal)
        if len(told := dict(pairs)) < len(pairs):
            raise BadCell("a chance is said twice")
        return {"quantiles": told}
    pairs = _both_one_way(_sides(text.removesuffix(EXACTLY), "10%=2.5; 50%=4; 90%=6; exact"), decimal)
    return {"points": [{"at": read_measure(at), "chance": reworded(read_chance, chance)} for chance, at in pairs]}


def _both_one_way(pairs: list[tuple[object, object]], decimal: str | None) -> list[tuple[object, object]]:
    """Return both sides of each pair as they read with what stands before a fraction."""
    return [(read_one_way(chance, decimal), read_one_way(at, decimal)) for chance, at in pairs]


def _sides(value: object, what: str) -> list[tuple[object, object]]:
    """Read what stands on both sides of each ``=``; BadCell says *what* should stand there."""
    if isinstance(value, Mapping):
        return list(value.items())
    parts = _BETWEEN_PAIRS.split(value) if isinstance(value, str) else []
    halves = [part.rpartition("=") for part in parts if part.strip()]
    pairs = [(name.strip(), told.strip()) for name, _, told in halves]
    if not pairs or not all(name and told for name, told in pairs):
        raise BadCell(f"say {what}")
    return list(pairs)

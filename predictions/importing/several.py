"""Read cells with several chances: by options or days, or as quantiles."""

from __future__ import annotations

import re
from collections.abc import Mapping

from predictions.chances import read_chance
from predictions.importing.cells import BadCell, read_one_way, reworded
from predictions.number_checks import check_measure, read_decimal, two_shares, two_values

EXACTLY = "exact"  # ends a cell of quantiles that are points of a curve, kept as they are
_BETWEEN_PAIRS = re.compile(r"[;\n]|,(?=[^,;\n=]*=)")
_NAMED = re.compile(r"\s*([^\d:;,=%]*[^\W\d][^:;,=%]*?|\d{4}(?:-\d\d){0,2})(?:\s*:\s*|\s+)(\d[\d.]*(?:\s*%)?)\s*")
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


def read_measure(value: object, decimal: str | None = None) -> float:
    """Return a number with a unit; *decimal* is the decimal sign, if it is given."""
    value = read_one_way(value, decimal)
    parsed = read_decimal(value)
    if parsed is None or parsed[1]:
        raise BadCell(f"{str(value)[:40]} is not a number; say one such as 12.5")
    if advice := two_values(value):
        raise BadCell(f"{value} {advice}")
    return float(reworded(check_measure, float(parsed[0])))


def pairs_meant(value: object) -> str:
    """Return several chances in the form that is read, to suggest it if other signs were used; "" for other values.

    >>> pairs_meant("a 40%, b 60%"), pairs_meant("2026-06-30: 60 %"), pairs_meant("about 40%"), pairs_meant("0,4")
    ('a=40%; b=60%', '2026-06-30=60 %', '', '')
    """
    parts = re.split("[;,]", value) if isinstance(value, str) else []
    matches = [_NAMED.fullmatch(part) for part in parts]
    if not all(matches) or not (len(parts) > 1 or ":" in "".join(parts)):
        return ""
    return "; ".join(f"{match[1]}={match[2]}" for match in matches if match)


def read_several(value: object, *, percent: bool = False, decimal: str | None = None) -> dict[object, object]:
    """Return several chances, ``a=40%; b=60%``, by name; with *percent* a chance without a sign gets one.

    >>> read_several("2027=0,3; 2028=60 %")
    {'2027': '0.3', '2028': '60 %'}
    """
    pairs = _sides(value, "a=40%; b=60% of a choice, 2027=30%; 2028=60% of a date")
    if len(chance_by_name := dict(pairs)) < len(pairs):
        raise BadCell("one of them is said twice")
    chances = ((name, read_one_way(chance, decimal)) for name, chance in chance_by_name.items())
    chance_by_name = {name: _COMMA.sub(".", chance) if isinstance(chance, str) else chance for name, chance in chances}
    return _as_percent(chance_by_name) if percent else chance_by_name


def _as_percent(chance_by_name: Mapping[object, object]) -> dict[object, object]:
    """Add a percent sign to chances without one; BadCell for a chance that may be a fraction."""
    parsed_chances = {name: read_decimal(chance) for name, chance in chance_by_name.items()}
    numbers = {name: parsed[0] for name, parsed in parsed_chances.items() if parsed and not parsed[1]}  # without a sign
    has_fraction = any(0 < number < 1 for number in numbers.values())
    may_be_fractions = has_fraction or not any(number > 1 for number in numbers.values())
    for number in numbers.values():
        if 0 < number < 1 or (number == 1 and may_be_fractions):
            raise BadCell(f"{number:f} {two_shares(float(number))}")
    return {name: f"{chance}%" if name in numbers else chance for name, chance in chance_by_name.items()}


def read_quantiles(value: object, decimal: str | None = None) -> dict[str, object]:
    """Return quantiles, ``10%=2.5; 50%=4``, as a field of a forecast; with ``exact`` at the end, points of a curve."""
    if decimal == "," and isinstance(value, str):
        value, decimal = read_one_way(value, decimal), None  # before commas are taken for separators
    text = value.rstrip("; ") if isinstance(value, str) else ""
    if not text.endswith(EXACTLY):
        pairs = _both_one_way(_sides(value, "10%=2.5; 50%=4; 90%=6"), decimal)
        if len(value_by_chance := dict(pairs)) < len(pairs):
            raise BadCell("a chance is said twice")
        return {"quantiles": value_by_chance}
    pairs = _both_one_way(_sides(text.removesuffix(EXACTLY), "10%=2.5; 50%=4; 90%=6; exact"), decimal)
    return {"points": [{"at": read_measure(at), "chance": reworded(read_chance, chance)} for chance, at in pairs]}


def _both_one_way(pairs: list[tuple[object, object]], decimal: str | None) -> list[tuple[object, object]]:
    """Return both sides of each pair with their numbers in plain form, if *decimal* gives the decimal sign."""
    return [(read_one_way(chance, decimal), read_one_way(at, decimal)) for chance, at in pairs]


def _sides(value: object, what: str) -> list[tuple[object, object]]:
    """Return both sides of each ``=`` in a cell; BadCell says *what* should be there."""
    if isinstance(value, Mapping):
        return list(value.items())
    parts = _BETWEEN_PAIRS.split(value) if isinstance(value, str) else []
    halves = [part.rpartition("=") for part in parts if part.strip()]
    pairs = [(name.strip(), chance.strip()) for name, _, chance in halves]
    if not pairs or not all(name and chance for name, chance in pairs):
        raise BadCell(f"say {what}")
    return list(pairs)

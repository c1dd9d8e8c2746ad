"""Changed fields of a record as the arguments of the call that changes them, and that call as it is spelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from predictions.enums import Axis, ClaimType
from predictions.numerals import measure
from predictions.records import Claim
from predictions.timestamps import moment_text

LONGEST_VALUE = 40  # characters of a value in the call that is offered, at most
NOT_IN_QUOTES = frozenset('"\\$`\n()[]')
OF_RANGE = {"low", "high", "scale"}
SPOKEN = {"wording": "text", "notes": "note"}


def as_said(claim: Claim, names: Sequence[str]) -> dict[str, object]:
    """Return the values of changed fields under the names that `add` has for them.

    The ends of a range are `between`; a choice that is ordered has `ordered` in place of its type.
    """
    arguments = {
        "note" if name == "notes" else name: getattr(claim, name)
        for name in names
        if name not in OF_RANGE and (name != "type" or not claim.options)
    }
    if not OF_RANGE.isdisjoint(names):
        arguments["between"] = between_said(claim.low, claim.high, claim.scale)
    if "type" not in names:
        return arguments
    if claim.type is not ClaimType.YES_NO:  # what made the type before goes with it
        arguments = {name: value for name, value in arguments.items() if value not in (None, (), (None, None))}
    if claim.options:
        ordered = claim.type is ClaimType.ORDERED
        return arguments | ({"ordered": ordered} if ordered or "options" not in arguments else {})
    if claim.type in {ClaimType.DATE, ClaimType.NUMBER, ClaimType.EVENTS}:  # the type follows from the others
        del arguments["type"]
        return arguments | ({"when": True} if claim.type is ClaimType.DATE else {})
    return arguments


def between_said(low: object, high: object, scale: object) -> tuple[object, ...]:
    """Return a range as the argument `between` takes it: its two ends, and "log" after them for a log axis."""
    return (low, high, str(Axis.LOG)) if scale is Axis.LOG else (low, high)


def spelled_fields(changes: Mapping[str, object]) -> str:
    """Spell changes as keyword arguments of a call to copy; a value that is long or needs escapes becomes "..."."""
    spelled = {
        name: _range_spelled(value) if name == "between" else between_quotes(value) for name, value in changes.items()
    }
    return ", ".join(f"{SPOKEN.get(name, name)}={value}" for name, value in spelled.items())


def _range_spelled(between: object) -> str:
    """Spell the ends of a range as numbers, though a command line hands them on as texts."""
    ends = between if isinstance(between, (list, tuple)) else ()
    texts = (f'"{end}"' if end == Axis.LOG else end if isinstance(end, str) else between_quotes(end) for end in ends)
    return f"({', '.join(texts)})"


def between_quotes(value: object) -> str:
    """Spell a value as Python: text between double quotes, a range as a tuple, several texts as a list."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        value = tuple(value)
    if isinstance(value, tuple) and value and isinstance(value[0], (int, float)):  # a range
        return f"({', '.join(map(between_quotes, value))})"
    if isinstance(value, (int, float)):
        return measure(value)
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return f'"{value[0]}"' if len(value) == 1 else f"[{', '.join(map(between_quotes, value))}]"
    text = moment_text(value) if isinstance(value, datetime) else "" if value is None else str(value)
    fits = len(text) <= LONGEST_VALUE and NOT_IN_QUOTES.isdisjoint(text)
    return f'"{text}"' if fits else '"..."'

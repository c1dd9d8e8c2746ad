"""A type that a correction names: the keywords of `add` that make it, and what contradicts it."""

from __future__ import annotations

from collections.abc import Mapping

from predictions.enums import ClaimType
from predictions.errors import InvalidValue

AS_FIELDS = {"low", "high", "scale", "parts"}  # fields of a claim that no keyword has: with them a type is one, too
IMPLIED: Mapping[ClaimType, Mapping[str, object]] = {
    ClaimType.YES_NO: {
        "options": (), "ordered": False, "unit": None, "between": None, "when": False, "at_least": None,
        "conditions": (),
    },
    ClaimType.CHOICE: {"ordered": False},
    ClaimType.ORDERED: {"ordered": True},
    ClaimType.NUMBER: {},
    ClaimType.DATE: {"when": True},
    ClaimType.EVENTS: {},
}  # fmt: skip  # by type of claim, the keywords that follow from it
NEEDED: Mapping[ClaimType, tuple[str, ...]] = {
    ClaimType.CHOICE: ("options",), ClaimType.ORDERED: ("options",), ClaimType.NUMBER: ("unit", "between"),
    ClaimType.EVENTS: ("at_least",),
}  # fmt: skip  # and those that only the recorder knows


def type_asked(changes: Mapping[str, object]) -> ClaimType | None:
    """Return the type that changes name; None without one, or where its fields are given as those of a record.

    >>> type_asked({"type": "date"}), type_asked({"type": "number", "low": 0}), type_asked({"when": True})
    (<ClaimType.DATE: 'date'>, None, None)
    """
    word = changes.get("type")
    if word is None or not changes.keys().isdisjoint(AS_FIELDS):
        return None
    named = next((claim_type for claim_type in ClaimType if claim_type == word), None)
    if named is None:
        raise InvalidValue(f"type: {word!r} is none; say one of {', '.join(ClaimType)}")
    return named if named in IMPLIED else None


def terms_of_type(wanted: ClaimType, given: Mapping[str, object]) -> Mapping[str, object]:
    """Return the keywords that make a type; InvalidValue if one that was *given* contradicts it."""
    for name, value in IMPLIED[wanted].items():
        if name in given and bool(given[name]) != bool(value):
            raise InvalidValue(_contradiction(wanted, name, given[name]))
    return IMPLIED[wanted]


def lacks_terms(wanted: ClaimType, given: Mapping[str, object]) -> str:
    """Return the message that the keywords do not make the type: some are missing, or others make another type."""
    needed = NEEDED.get(wanted, ())
    others = [name for name, value in given.items() if value and name not in {*needed, *IMPLIED[wanted], "conditions"}]
    if others:
        return _contradiction(wanted, others[0], given[others[0]])
    missing = [name for name in needed if not given.get(name)] or needed
    return f"for type {wanted} say also {' and '.join(f'{name}=' for name in missing)}"


def _contradiction(wanted: ClaimType, name: str, value: object) -> str:
    said = f"{name}={value}" if isinstance(value, bool) else f"{name}="
    return f'type="{wanted}" and {said} contradict each other; say one of them'

"""Which type a claim is, by the keywords that are given."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from predictions.enums import Axis, ClaimType
from predictions.errors import InvalidValue, check_field, short_repr
from predictions.fields import check_flags, one_option
from predictions.number_checks import axis_fault, check_measure, read_decimal, two_values
from predictions.option_names import option_slugs
from predictions.recording.drafts import between_said
from predictions.recording.enter import several
from predictions.records import Claim, Condition

MAKES = {
    "options": "a choice", "unit": "a number", "between": "a number", "quantiles": "a number", "when": "a date",
    "at_least": "a count of events",
}  # fmt: skip  # the type that a keyword makes a claim
PARTNERS = {
    "ordered": ("options", "goes with options="),
    "conditions": ("at_least", "goes with at_least=N (1 would do)"),
    "quantiles": ("unit", "go with a number: unit= and between="),
    "between": ("unit", "goes with unit=, what the number counts"),
    "unit": ("between", "and no between=; say over which range it is scored: between=(0, 10)"),
}
TERMS = ("options", "ordered", "unit", "between", "when", "at_least", "conditions")
NO_TYPE: Mapping[str, object] = {
    "type": ClaimType.YES_NO, "options": (), "unit": None, "low": None, "high": None, "scale": None, "at_least": None,
    "parts": (),
}  # fmt: skip  # the fields of a claim that makes no other type
OF_A_TYPE = (*NO_TYPE, "conditions")
SAY_QUANTILES = "say how likely at most some values: quantiles={.1: 2.5, .5: 4, .9: 6}"


def type_of(text: str, p: object, terms: Mapping[str, object]) -> dict[str, object]:
    """Return the type of a claim, and the fields that this type needs.

    Args:
        text: What is predicted.
        p: How likely: one chance, or one of each option or day.
        terms: The keywords that make a type, and their partners, as they were given.

    Raises:
        InvalidValue: Keywords of two types, or one without its partner.
    """
    check_flags(**{name: terms[name] for name in ("ordered", "when") if terms.get(name) is not None})
    given = {name: value for name, value in terms.items() if not unset(value)}
    made = _types_made(given)
    if len(made) > 1:
        (first, keyword), (second, other) = list(made.items())[:2]
        raise InvalidValue(f"{keyword}= makes it {first}, {other}= {second}: say one of them")
    for name, (partner, sentence) in PARTNERS.items():
        if name in given and partner not in given:
            raise InvalidValue(_without(name, partner, sentence, text))
    if isinstance(p, Mapping) and "unit" in given:
        raise InvalidValue(f"{short_repr(text)} is a number; {SAY_QUANTILES}")
    if isinstance(p, Mapping) and not made.keys() & {"a choice", "a date"}:
        raise InvalidValue("p= of several options or days goes with a choice or a date; say options= or when=True")
    if "options" in given:
        named = given["options"]
        if isinstance(named, AbstractSet):  # which has another order in every run
            if given.get("ordered"):
                raise InvalidValue("options: a set has no order, and ordered=True needs one; say a list, lowest first")
            named = sorted(named, key=str)
        listed = [named] if isinstance(named, str) else list(several(named, "options"))
        if len(listed) == 1:
            raise InvalidValue(f"options: {one_option(listed[0])}")
        options = check_field("options", option_slugs, several(named, "options"))
        ordered = ClaimType.ORDERED if given.get("ordered") else ClaimType.CHOICE
        return {"type": ordered, "options": options}
    if "unit" in given:
        return {"type": ClaimType.NUMBER, "unit": given["unit"], **_range(given["between"])}
    if "when" in given:
        return {"type": ClaimType.DATE}
    return {"type": ClaimType.EVENTS, "at_least": given["at_least"]} if "at_least" in given else {}


def _types_made(given: Collection[str]) -> dict[str, str]:
    """Return each type that some keywords make, with the first keyword that makes it."""
    made: dict[str, str] = {}
    for name, type_made in MAKES.items():
        if name in given:
            made.setdefault(type_made, name)
    return made


def changed_terms(claim: Claim, changes: Mapping[str, object]) -> dict[str, object]:
    """Read changes of a claim in the keywords by which `add` makes a type as its fields, its type with them.

    Raises:
        InvalidValue: They make two types, or one of them lacks its partner.
    """
    said = {name: value for name, value in changes.items() if name in TERMS}
    rest = {name: value for name, value in changes.items() if name not in TERMS}
    made = any(name in MAKES and not unset(value) for name, value in said.items())
    if not said or "type" in changes or (claim.parts and not made):  # a type by its name goes with fields by theirs
        return dict(changes)
    standing = {
        name: value
        for name, value in _type_keywords({name: getattr(claim, name) for name in OF_A_TYPE}).items()
        if not unset(value)
    }
    terms = said if _of_another_type(said, standing) else {**standing, **said}
    alone = {one for one, (other, _) in PARTNERS.items() if one not in said and unset(terms.get(other))}
    terms = {name: value for name, value in terms.items() if name not in alone}  # what goes with its partner
    try:
        fields = {**NO_TYPE, **type_of(claim.wording, None, terms)}
    except InvalidValue as error:
        raise InvalidValue(f"{claim.slug} is of type {claim.type}; {error}") from None
    of_choices = fields["type"] is claim.type is ClaimType.CHOICE
    if of_choices and set(claim.options) == set(several(fields["options"], "options")):
        fields["options"] = claim.options  # their order says nothing, and shares stand in it
    fields["conditions"] = conditions_from(terms.get("conditions") or None)
    if fields["type"] is not ClaimType.EVENTS:
        fields["sourcing"] = None
    told = {"low", "high", "scale"} if "between" in said else set[str]()
    return {**rest, **{name: value for name, value in fields.items() if name in told or _differs(claim, name, value)}}


def _differs(claim: Claim, name: str, value: object) -> bool:
    standing = getattr(claim, name)
    if name == "conditions":
        standing = tuple(condition.model_dump() for condition in claim.conditions)
    return bool(standing != value)


def in_keywords(claim: Claim, changed: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Name changed fields of a claim by the keywords that :func:`changed_terms` reads: as they stand, and changed.

    A type that changes is named in both, though its keywords say it.
    """
    fields = {name: getattr(claim, name) for name in OF_A_TYPE}
    before = _type_keywords(fields)
    gone = {**NO_TYPE, "conditions": ()} if "type" in changed else {}
    if claim.options and changed.get("type") in {ClaimType.CHOICE, ClaimType.ORDERED}:
        del gone["options"]  # the same in an order, or in none
    after = _type_keywords({**fields, **gone, **changed})
    told = {name: value for name, value in after.items() if value != before[name]}
    if _of_another_type(told, before):  # what made the type before goes with it
        told = {name: value for name, value in told.items() if not unset(value)}
    rest = {name: value for name, value in changed.items() if name == "type" or name not in fields}
    return {**{name: getattr(claim, name) for name in rest}, **{name: before[name] for name in told}}, rest | told


def _of_another_type(said: Mapping[str, object], standing: Mapping[str, object]) -> bool:
    """Tell whether keywords make a type, and none of them the one that a claim has."""
    made, before = (
        {MAKES[name] for name, value in terms.items() if name in MAKES and not unset(value)}
        for terms in (said, standing)
    )
    return bool(made) and made.isdisjoint(before)


def _type_keywords(fields: Mapping[str, Any]) -> dict[str, object]:  # the values of fields
    """Return the keywords by which `add` makes a claim of this type."""
    ends = () if fields["low"] is None else between_said(fields["low"], fields["high"], fields["scale"])
    return {
        "options": fields["options"], "ordered": fields["type"] is ClaimType.ORDERED, "unit": fields["unit"],
        "between": ends, "when": fields["type"] is ClaimType.DATE, "at_least": fields["at_least"],
        "conditions": {condition.name: condition.text for condition in fields["conditions"]},
    }  # fmt: skip


def conditions_from(conditions: object) -> tuple[Mapping[str, str], ...]:
    """Read conditions, given as names with their tests, or as bare names."""
    if isinstance(conditions, Mapping):
        return tuple({"name": name, "text": text} for name, text in conditions.items())
    if conditions is None:
        return ()
    try:
        listed = [] if isinstance(conditions, (str, bytes)) else list(conditions)  # type: ignore[call-overload]
        listed = sorted(listed, key=str) if isinstance(conditions, AbstractSet) else listed
    except TypeError:
        listed = []
    listed = [condition.model_dump() if isinstance(condition, Condition) else condition for condition in listed]
    if isinstance(conditions, (str, bytes)) or not (listed or isinstance(conditions, Collection)):
        raise InvalidValue(f"conditions: {short_repr(conditions)} names no tests; say names, or names with their texts")
    if all(isinstance(condition, Mapping) and condition.keys() == {"name", "text"} for condition in listed):
        return tuple(listed)
    if text := next((condition for condition in listed if isinstance(condition, str) and " " in condition), None):
        raise InvalidValue(f"conditions: {short_repr(text)} is a text without a name; say a short name before it")
    return tuple({"name": name, "text": name} for name in listed)


def _without(name: str, partner: str, sentence: str, text: str) -> str:
    """Say that a keyword lacks its partner."""
    if name == "unit":
        return f"{short_repr(text)} has unit= {sentence}"
    if name == "ordered":
        return f"{name}= {sentence}; {short_repr(text)} has none"
    return f"{name}= {sentence}"


def _range(between: object) -> dict[str, object]:
    """Read the two ends of a range, and "log" behind them where its axis is logarithmic."""
    ends = list(between) if isinstance(between, Sequence) and not isinstance(between, str) else []
    log = ends[2:] == ["log"]
    ends = ends[:2] if log else ends
    read = [read_decimal(end) for end in ends]
    if len(read) != 2 or any(end is None or end[1] for end in read):
        ways = "say its two ends: between=(0, 10); on a log axis 'log' comes behind them"
        typed = isinstance(between, tuple) and {*map(type, between)} == {str}
        given = "..".join(map(str, between)) if isinstance(between, tuple) and typed else between
        raise InvalidValue(f"between: {short_repr(given)} is no range; {ways}")
    if either := next(filter(None, map(two_values, ends)), None):
        raise InvalidValue(f"between: {short_repr(between)}: one end {either}")
    low, high = (check_field("between", check_measure, float(end[0])) for end in read if end)
    if fault := axis_fault(low, high, log=log):
        raise InvalidValue(f"between: {fault}")
    return {"low": low, "high": high, "scale": Axis.LOG if log else None}


def unset(value: object) -> bool:
    """Tell whether a keyword was left as it is; an array is no such value, whatever it holds."""
    return value is None or value is False or (isinstance(value, (tuple, list, Mapping)) and not value)

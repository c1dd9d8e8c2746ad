"""Which type a claim has, by the keyword arguments that are given for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from predictions.enums import Axis, ClaimType
from predictions.errors import InvalidValue, check_field, short_repr
from predictions.fields import check_flags, one_option
from predictions.number_checks import axis_fault, check_measure, read_decimal, two_values, values_inside
from predictions.option_names import option_slugs
from predictions.recording.enter import several
from predictions.recording.named_types import lacks_terms, terms_of_type, type_asked
from predictions.recording.spelled_fields import between_said
from predictions.records import Claim, Condition

MAKES = {
    "options": "a choice", "unit": "a number", "between": "a number", "quantiles": "a number", "when": "a date",
    "at_least": "a count of events",
}  # fmt: skip  # the type of claim that a keyword makes
PARTNERS = {  # for a keyword, another one that it needs, and how a message says so
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
}  # fmt: skip  # the fields of a plain yes or no, which no keyword makes another type
OF_A_TYPE = (*NO_TYPE, "conditions")


def type_of(text: str, p: object, terms: Mapping[str, object]) -> dict[str, object]:
    """Return the type of a claim and the fields that this type needs; an empty dict for a plain yes or no.

    Args:
        text: What is predicted, for messages.
        p: How likely: one chance, or one for each option or day.
        terms: The keywords that make a type, and those that go with them, as they were given.

    Raises:
        InvalidValue: Keywords of two types were given, or one without its partner.
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
        ends = _range(given["between"])
        say = say_quantiles(ends["low"], ends["high"], ends["scale"])
        raise InvalidValue(f"{short_repr(text)} is a number; {say}")
    if isinstance(p, Mapping) and not made.keys() & {"a choice", "a date"}:
        raise InvalidValue("p= of several options or days goes with a choice or a date; say options= or when=True")
    if "options" in given:
        names = given["options"]
        if isinstance(names, AbstractSet):  # its order differs from run to run
            if given.get("ordered"):
                raise InvalidValue("options: a set has no order, and ordered=True needs one; say a list, lowest first")
            names = sorted(names, key=str)
        listed = several(names, "options")
        if len(listed) == 1:
            raise InvalidValue(f"options: {one_option(listed[0])}")
        options = check_field("options", option_slugs, listed)
        return {"type": ClaimType.ORDERED if given.get("ordered") else ClaimType.CHOICE, "options": options}
    if "unit" in given:
        return {"type": ClaimType.NUMBER, "unit": given["unit"], **_range(given["between"])}
    if "when" in given:
        return {"type": ClaimType.DATE}
    return {"type": ClaimType.EVENTS, "at_least": given["at_least"]} if "at_least" in given else {}


def _types_made(given: Collection[str]) -> dict[str, str]:
    """Return the types that these keywords make, each with the first keyword that makes it."""
    made: dict[str, str] = {}
    for name, type_made in MAKES.items():
        if name in given:
            made.setdefault(type_made, name)
    return made


def changed_terms(claim: Claim, changes: Mapping[str, object]) -> dict[str, object]:
    """Return changes of a claim with the keywords that make a type replaced by the fields that they change.

    The type may change with them: to give `options` for a yes-or-no claim makes it a choice.

    Raises:
        InvalidValue: They make two types, or one of them lacks its partner.
    """
    wanted_type = type_asked(changes)
    new_terms = {name: value for name, value in changes.items() if name in TERMS}
    other_changes = {name: value for name, value in changes.items() if name not in TERMS}
    if wanted_type is not None:
        del other_changes["type"]
        new_terms |= terms_of_type(wanted_type, new_terms)
    makes_type = any(name in MAKES and not unset(value) for name, value in new_terms.items())
    if wanted_type is None and (not new_terms or "type" in changes or (claim.parts and not makes_type)):
        return dict(changes)
    all_terms = _type_keywords({name: getattr(claim, name) for name in OF_A_TYPE})
    old_terms = {name: value for name, value in all_terms.items() if not unset(value)}
    terms = new_terms if _of_another_type(new_terms, old_terms) else {**old_terms, **new_terms}
    # An old keyword goes when its partner goes: `ordered` when the options are taken away.
    without_partner = {
        name for name, (partner, _) in PARTNERS.items() if name not in new_terms and unset(terms.get(partner))
    }
    terms = {name: value for name, value in terms.items() if name not in without_partner}
    try:
        fields = {**NO_TYPE, **type_of(claim.wording, None, terms)}
    except InvalidValue as error:
        raise InvalidValue(f"{claim.slug} is of type {claim.type}; {error}") from None
    if wanted_type is not None and fields["type"] is not wanted_type:
        raise InvalidValue(f"{claim.slug} is of type {claim.type}; {lacks_terms(wanted_type, new_terms)}")
    stays_choice = fields["type"] is claim.type is ClaimType.CHOICE
    if stays_choice and set(claim.options) == set(several(fields["options"], "options")):
        fields["options"] = claim.options  # their order means nothing, but shares are stored by it
    fields["conditions"] = conditions_from(terms.get("conditions") or None)
    if fields["type"] is not ClaimType.EVENTS:
        fields["sourcing"] = None
    range_fields = {"low", "high", "scale"} if "between" in new_terms else set[str]()
    changed = {name: value for name, value in fields.items() if name in range_fields or _differs(claim, name, value)}
    return {**other_changes, **changed}


def _differs(claim: Claim, name: str, value: object) -> bool:
    """Return whether a field of the claim has another value than this one."""
    old_value = getattr(claim, name)
    if name == "conditions":
        old_value = tuple(condition.model_dump() for condition in claim.conditions)
    return bool(old_value != value)


def in_keywords(claim: Claim, changed: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return changed fields of a claim under the keywords that :func:`changed_terms` reads: old values and new ones.

    A type that changes is in both under its own name as well, though the keywords imply it.
    """
    fields = {name: getattr(claim, name) for name in OF_A_TYPE}
    before = _type_keywords(fields)
    emptied = {**NO_TYPE, "conditions": ()} if "type" in changed else {}
    if claim.options and changed.get("type") in {ClaimType.CHOICE, ClaimType.ORDERED}:
        del emptied["options"]  # the same ones, now in an order or in none
    after = _type_keywords({**fields, **emptied, **changed})
    new_terms = {name: value for name, value in after.items() if value != before[name]}
    if _of_another_type(new_terms, before):  # the keywords of the old type go with it, without being named
        new_terms = {name: value for name, value in new_terms.items() if not unset(value)}
    other = {name: value for name, value in changed.items() if name == "type" or name not in fields}
    old_values = {name: getattr(claim, name) for name in other} | {name: before[name] for name in new_terms}
    return old_values, other | new_terms


def _of_another_type(new_terms: Mapping[str, object], old_terms: Mapping[str, object]) -> bool:
    """Return whether keywords make a type, and none of them makes the type that the old ones make."""
    new_types = {MAKES[name] for name, value in new_terms.items() if name in MAKES and not unset(value)}
    old_types = {MAKES[name] for name, value in old_terms.items() if name in MAKES and not unset(value)}
    return bool(new_types) and new_types.isdisjoint(old_types)


def _type_keywords(fields: Mapping[str, Any]) -> dict[str, object]:  # Any: the values of fields
    """Return the keywords for `add` that make a claim of this type with these terms."""
    ends = () if fields["low"] is None else between_said(fields["low"], fields["high"], fields["scale"])
    return {
        "options": fields["options"], "ordered": fields["type"] is ClaimType.ORDERED, "unit": fields["unit"],
        "between": ends, "when": fields["type"] is ClaimType.DATE, "at_least": fields["at_least"],
        "conditions": {condition.name: condition.text for condition in fields["conditions"]},
    }  # fmt: skip


def conditions_from(conditions: object) -> tuple[Mapping[str, str], ...]:
    """Read conditions, given as a mapping of names to tests, as records, or as bare names that are their own tests."""
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
    """Return the message that a keyword lacks its partner."""
    if name == "unit":
        return f"{short_repr(text)} has unit= {sentence}"
    if name == "ordered":
        return f"{name}= {sentence}; {short_repr(text)} has none"
    return f"{name}= {sentence}"


def say_quantiles(low: float | None, high: float | None, scale: Axis | None) -> str:
    """Ask for quantiles of a number, with values inside its range as an example."""
    values = values_inside(low or 0, high or 0, log=scale is Axis.LOG)
    quantiles = ", ".join(f"{chance}: {value}" for chance, value in zip((".1", ".5", ".9"), values, strict=True))
    return f"say how likely at most some values: quantiles={{{quantiles}}}"


def _range(between: object) -> dict[str, Any]:
    """Read the two ends of a range, and "log" after them for a logarithmic axis, as fields of a claim."""
    ends = list(between) if isinstance(between, Sequence) and not isinstance(between, str) else []
    log = ends[2:] == ["log"]
    ends = ends[:2] if log else ends
    decimals = [read_decimal(end) for end in ends]
    if len(decimals) != 2 or any(decimal is None or decimal[1] for decimal in decimals):  # [1]: whether it is a percent
        ways = "say its two ends: between=(0, 10); on a log axis 'log' comes behind them"
        raise InvalidValue(f"between: {_range_given(between)} is no range; {ways}")
    for end in ends:
        if doubt := two_values(end):
            raise InvalidValue(f"between: in {_range_given(between)} the end {end} {doubt}")
    low, high = (check_field("between", check_measure, float(decimal[0])) for decimal in decimals if decimal)
    if fault := axis_fault(low, high, log=log):
        raise InvalidValue(f"between: {fault}")
    return {"low": low, "high": high, "scale": Axis.LOG if log else None}


def _range_given(between: object) -> str:
    """Write a range for a message as it was given; a tuple of texts was typed, such as 0..10."""
    if not isinstance(between, tuple) or {*map(type, between)} != {str}:
        return short_repr(between)
    is_log = between[2:] == ("log",)
    return short_repr(
        " ".join(["..".join(between[:2] if is_log else between), *between[2 if is_log else len(between) :]])
    )


def unset(value: object) -> bool:
    """Return whether a keyword was left at its default: None, False or an empty list, but never a numpy array."""
    return value is None or value is False or (isinstance(value, (tuple, list, Mapping)) and not value)

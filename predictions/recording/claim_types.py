"""Which type a claim is, by the keywords that are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from predictions.enums import Axis, ClaimType
from predictions.errors import InvalidValue, check_field, short_repr
from predictions.fields import one_option
from predictions.number_checks import axis_fault, check_measure, read_decimal, two_values
from predictions.option_names import option_slugs
from predictions.recording.enter import several
from predictions.records import Claim

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
    given = {name: value for name, value in terms.items() if not unset(value)}
    made = {MAKES[name]: name for name in reversed([name for name in MAKES if name in given])}
    if len(made) > 1:
        (first, one), (second, other) = list(reversed(made.items()))[:2]
        raise InvalidValue(f"{one}= makes it {first}, {other}= {second}: say one of them")
    for name, (partner, sentence) in PARTNERS.items():
        if name in given and partner not in given:
            raise InvalidValue(_without(name, partner, sentence, text))
    if isinstance(p, Mapping) and "unit" in given:
        raise InvalidValue(f"{short_repr(text)} is a number; {SAY_QUANTILES}")
    if isinstance(p, Mapping) and not made.keys() & {"a choice", "a date"}:
        raise InvalidValue("p= of several options or days goes with a choice or a date; say options= or when=True")
    if "options" in given:
        named = given["options"]
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


def changed_terms(claim: Claim, changes: Mapping[str, object]) -> dict[str, object]:
    """Read changes of a claim with `between` and `ordered`, as the verb `add` has them, as its fields.

    Raises:
        InvalidValue: They do not go with the type of the claim, or would make it of another.
    """
    changed, what = dict(changes), f"{claim.slug} is of type {claim.type}"
    if "when" in changed:
        raise InvalidValue(f"{what}, and when= makes another claim; add that one")
    if "between" in changed:
        if claim.type is not ClaimType.NUMBER:
            raise InvalidValue(f"{what}; between= goes with a number")
        changed |= {"scale": None, **_range(changed.pop("between"))}
    if "ordered" in changed:
        if not claim.options:
            raise InvalidValue(f"{what}; ordered= goes with options=")
        if not isinstance(ordered := changed.pop("ordered"), bool):
            raise InvalidValue(f"ordered: {short_repr(ordered)} is neither true nor false")
        changed["type"] = ClaimType.ORDERED if ordered else ClaimType.CHOICE
    return changed


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
        given = between[0] if isinstance(between, tuple) and len(between) == 1 else between  # typed in one word
        raise InvalidValue(f"between: {short_repr(given)} is no range; {ways}")
    if either := next(filter(None, map(two_values, ends)), None):
        raise InvalidValue(f"between: {short_repr(between)}: one end {either}")
    low, high = (check_field("between", check_measure, float(end[0])) for end in read if end)
    if fault := axis_fault(low, high, log=log):
        raise InvalidValue(f"between: {fault}")
    return {"low": low, "high": high, **({"scale": Axis.LOG} if log else {})}


def unset(value: object) -> bool:
    """Tell whether a keyword was left as it is; an array is no such value, whatever it holds."""
    return value is None or value is False or (isinstance(value, (tuple, list, Mapping)) and not value)

"""Which type a claim is, by the keywords that are given; a type that comes later is refused with that sentence."""

from __future__ import annotations

from collections.abc import Mapping

from predictions.errors import InvalidValue, short_repr

COME_LATER = "claims of type choice, number and date come later; so far a claim is yes or no, or counts events"
TYPES_TO_COME = {
    "options": "a choice",
    "unit": "a number",
    "when": "a date",
}  # what makes a claim of a type that comes later
PARTNERS = {"ordered": "options", "between": "unit", "quantiles": "unit"}  # keywords, and what each goes with


def check_type(text: object, p: object, terms: Mapping[str, object]) -> None:
    """Refuse keywords that do not go together, and those of types of claim that come later.

    Args:
        text: What is predicted.
        p: How likely: one chance, or one of each option or day.
        terms: `options`, `ordered`, `unit`, `between`, `quantiles`, `when`, `at_least`, `conditions` as given.

    Raises:
        InvalidValue: Two types at once, a keyword without its partner, or a type that no verb offers yet.
    """
    given = {name for name, value in terms.items() if not _unset(value)}
    types = [name for name in TYPES_TO_COME if name in given]
    if len(types) > 1:
        first, second = types[:2]
        raise InvalidValue(
            f"{first}= makes it {TYPES_TO_COME[first]}, {second}= {TYPES_TO_COME[second]}: say one of them"
        )
    if types == ["unit"] and "between" not in given:
        raise InvalidValue(
            f'{short_repr(text)} has unit= and no between=; say over which range it is scored: between="0..10"'
        )
    for name, partner in PARTNERS.items():
        if name in given and partner not in given:
            raise InvalidValue(f"{name}= goes with {partner}=; {short_repr(text)} has none")
    if "conditions" in given and "at_least" not in given:
        raise InvalidValue("conditions= goes with at_least=N (1 would do)")
    if types:
        raise InvalidValue(f"{types[0]}= makes it {TYPES_TO_COME[types[0]]}; {COME_LATER}")
    if isinstance(p, Mapping):
        raise InvalidValue(f"p= of several options or days goes with a choice or a date; {COME_LATER}")


def _unset(value: object) -> bool:
    """Tell whether a keyword was left as it is; an array is no such value, whatever it holds."""
    return value is None or value is False or (isinstance(value, (tuple, list, Mapping)) and not value)

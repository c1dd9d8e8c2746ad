"""Which type a claim is, by the keywords that are given; a type that comes later is refused with that sentence."""

from __future__ import annotations

from collections.abc import Mapping

from predictions.errors import InvalidValue

COME_LATER = "claims of type choice, number and date come later; so far a claim is yes or no, or counts events"
TYPES_TO_COME = {
    "options": "a choice", "ordered": "a choice", "unit": "a number", "between": "a number", "quantiles": "a number",
    "when": "a date",
}  # fmt: skip  # what makes a claim of a type that comes later


def check_type(p: object, terms: Mapping[str, object]) -> None:
    """Refuse keywords of types of claim that come later, and those that do not go together.

    Args:
        p: How likely: one chance, or one of each option or day.
        terms: `options`, `ordered`, `unit`, `between`, `quantiles`, `when`, `at_least`, `conditions` as given.

    Raises:
        InvalidValue: A type that no verb offers yet, or a keyword without its partner.
    """
    given = {name for name, value in terms.items() if not _unset(value)}
    for name, kind in TYPES_TO_COME.items():
        if name in given:
            raise InvalidValue(f"{name}= makes it {kind}; {COME_LATER}")
    if isinstance(p, Mapping):
        raise InvalidValue(f"p= of several options or days goes with a choice or a date; {COME_LATER}")
    if "conditions" in given and "at_least" not in given:
        raise InvalidValue("conditions= goes with at_least=N (1 would do)")


def _unset(value: object) -> bool:
    """Tell whether a keyword was left as it is; an array is no such value, whatever it holds."""
    return value is None or value is False or (isinstance(value, (tuple, list, Mapping)) and not value)

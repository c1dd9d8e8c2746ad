"""Outcomes as people, tables and platforms spell them."""

from __future__ import annotations

import re
from decimal import Decimal
from numbers import Real

from predictions.errors import InvalidValue, shown
from predictions.kinds import Outcome

VERDICTS = "'yes', 'no', 'ambiguous', or a fraction between 0 and 1"
WORDS = {
    "yes": Outcome.YES, "true": Outcome.YES, "no": Outcome.NO, "false": Outcome.NO,
    "ambiguous": Outcome.AMBIGUOUS, "annulled": Outcome.ANNULLED,
}  # fmt: skip
VOID = re.compile(r"n/?a|void(ed)?|cancel(l?ed)?|invalid|annul", re.IGNORECASE)  # what platforms say of such a question
_NUMBER = re.compile(
    r"([0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(e-?[0-9]{1,3})?[\s\u00a0\u2009\u202f]*(%?)", re.ASCII | re.IGNORECASE
)


def read_outcome(value: object, *, percent: bool = False) -> tuple[Outcome, float | None]:
    """Read a verdict, and its fraction if it is one, from a word in any capitals, a number, or true and false.

    Args:
        value: What was given.
        percent: Whether a number without a sign is percent.

    Raises:
        InvalidValue: It is none; what a platform says of a question without an answer is not guessed at.

    >>> read_outcome("YES "), read_outcome(1.0), read_outcome("40 %")
    ((<Outcome.YES: 'yes'>, None), (<Outcome.YES: 'yes'>, None), (<Outcome.FRACTION: 'fraction'>, 0.4))
    """
    number = _number(value, percent=percent)
    if number is None:
        word = value.strip() if isinstance(value, str) else ""
        if word.lower() in WORDS:
            return WORDS[word.lower()], None
        if VOID.fullmatch(word):
            raise InvalidValue(f"{shown(value)} is not a verdict; did you mean 'annulled', or 'ambiguous'?")
        raise InvalidValue(f"{shown(value)} is not a verdict; say {VERDICTS}")
    if number in {0, 1}:
        return (Outcome.YES if number else Outcome.NO), None
    if not 0 < number < 1:
        hint = f"; say {float(number):.12g}% or {float(number) / 100:.12g}" if 1 < number <= 100 else ""
        raise InvalidValue(f"{shown(value)} is not a verdict{hint}" if hint else
                           f"{shown(value)} is not a verdict; say {VERDICTS}")  # fmt: skip
    return Outcome.FRACTION, float(number)


def _number(value: object, *, percent: bool) -> Decimal | None:
    """Return a number as the decimal it is written as; None for what is none."""
    signed = False
    if isinstance(value, bool) or type(value).__name__ in {"bool", "bool_"}:
        return Decimal(int(bool(value)))
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip())
        if match is None:
            return None
        text, signed = match[1].replace(",", ".") + (match[2] or ""), bool(match[3])
    elif isinstance(value, Decimal):
        text = str(value)
    elif isinstance(value, Real):
        try:
            text = str(value) if getattr(value, "nbytes", 8) < 8 else repr(float(value))
        except OverflowError:
            return None
    else:
        return None
    number = Decimal(text)
    if not number.is_finite():
        return None
    return number.scaleb(-2) if signed or percent else number

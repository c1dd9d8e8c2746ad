"""Outcomes as people, tables and platforms spell them."""

from __future__ import annotations

import re

from predictions.enums import Outcome
from predictions.errors import InvalidValue, short_repr
from predictions.fields import is_truth, read_decimal

VERDICTS = "yes, no, a fraction such as 0.4, ambiguous or annulled"
WORDS = {
    "yes": Outcome.YES, "true": Outcome.YES, "no": Outcome.NO, "false": Outcome.NO,
    "ambiguous": Outcome.AMBIGUOUS, "annulled": Outcome.ANNULLED,
}  # fmt: skip
VOID = re.compile(r"n/?a|void(ed)?|cancel(l?ed)?|invalid|annul", re.IGNORECASE)  # what platforms say of such a question


def read_outcome(value: object, *, percent: bool = False) -> tuple[Outcome, float | None]:
    """Read a verdict, and its fraction if it is one, from a word in any capitals, a number, or true and false.

    With *percent* a number without a sign is percent. Raises InvalidValue for anything else; what a platform says of a
    question without an answer is not guessed at.

    >>> read_outcome("YES "), read_outcome(1.0), read_outcome("40 %")
    ((<Outcome.YES: 'yes'>, None), (<Outcome.YES: 'yes'>, None), (<Outcome.FRACTION: 'fraction'>, 0.4))
    """
    if is_truth(value):
        return (Outcome.YES if value else Outcome.NO), None
    read = read_decimal(value)
    if read is None:
        word = value.strip() if isinstance(value, str) else ""
        if word.lower() in WORDS:
            return WORDS[word.lower()], None
        meant = "did you mean 'annulled', or 'ambiguous'?" if VOID.fullmatch(word) else f"say {VERDICTS}"
        raise InvalidValue(f"{short_repr(value)} is no outcome of a yes-or-no claim; {meant}")
    number = read[0].scaleb(-2) if percent or read[1] else read[0]
    if number in {0, 1}:
        return (Outcome.YES if number else Outcome.NO), None
    if not 0 < number < 1:
        share = f"{float(number):.12g}% or {float(number) / 100:.12g}"
        if not 1 < number <= 100:
            meant = VERDICTS
        else:
            meant = share if isinstance(value, str) else f"yes or no, or for a fraction {share}"
        raise InvalidValue(f"{short_repr(value)} is no outcome of a yes-or-no claim; say {meant}")
    return Outcome.FRACTION, float(number)

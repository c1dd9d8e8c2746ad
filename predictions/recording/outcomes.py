"""Outcomes as people, tables and platforms spell them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from predictions.enums import UNDECIDED, ClaimType, Outcome
from predictions.errors import InvalidValue, check_field, did_you_mean, short_repr
from predictions.horizons import iso_span
from predictions.number_checks import check_measure, is_truth, read_decimal, two_shares, two_values, without_unit
from predictions.numerals import measure
from predictions.option_names import option_named
from predictions.other_days import day_meant
from predictions.records import Claim
from predictions.timestamps import day_of_moment
from predictions.yes_no import YES_OR_NO

_RUN_OUT = {"lapsed", "expired"}  # words for a claim whose time ran out without a yes
VERDICTS = "yes, no, a fraction such as 0.4, ambiguous or annulled"
OUTCOME_OF_WORD = {
    **{word: Outcome.YES if yes else Outcome.NO for word, yes in YES_OR_NO.items()},
    "ambiguous": Outcome.AMBIGUOUS, "annulled": Outcome.ANNULLED,
}  # fmt: skip
AS_NO = {"never", "not at all"}  # what a card says of a date
VOID = re.compile(r"n/?a|void(ed)?|cancel(l?ed)?|invalid|annul", re.IGNORECASE)  # platforms' words for an annulled one


class CameOut(NamedTuple):
    """How a claim came out: the outcome, and the field of a resolution that goes with it, if one does."""

    outcome: Outcome
    fraction: float | None = None
    option: str | None = None
    value: float | None = None
    happened_on: date | str | None = None  # text for a month or a year


def read_verdict(claim: Claim, value: object) -> CameOut:
    """Read how a claim came out, as its type asks for it.

    Raises:
        InvalidValue: A claim of its type cannot come out like this.
    """
    word = OUTCOME_OF_WORD.get(value.strip().lower()) if isinstance(value, str) else None
    if word in UNDECIDED:
        return CameOut(word)
    if claim.options:
        return _option_named(claim, value)
    if claim.type is ClaimType.NUMBER:
        return _value_read(claim, value)
    if claim.type is ClaimType.DATE:
        return _yes_on_day(claim, value)
    try:
        return CameOut(*read_outcome(value))
    except InvalidValue:
        if claim.type is ClaimType.YES_NO:
            raise
        fault = f"{short_repr(value)} is no outcome of {claim.slug}, of type {claim.type}; say {VERDICTS}"
        raise InvalidValue(fault) from None


def _option_named(claim: Claim, value: object) -> CameOut:
    """Read the option that came true, in any spelling of its name."""
    option = option_named(claim.options, value)
    # The command that is offered has all options, as a|b|c; somebody may run it without choosing one.
    is_not_chosen = isinstance(value, str) and "|" in value and value not in claim.options
    if is_not_chosen or not isinstance(option, str) or option not in claim.options:
        near = did_you_mean(option, claim.options)
        what = "an ordered choice" if claim.type is ClaimType.ORDERED else "a choice"
        raise InvalidValue(f"{claim.slug} is {what}; say {', '.join(claim.options)}, ambiguous or annulled{near}")
    return CameOut(Outcome.OPTION, option=option)


def _value_read(claim: Claim, value: object) -> CameOut:
    """Read the number that came out, with or without the claim's unit after it."""
    bare_value = without_unit(value, claim.unit)
    decimal = read_decimal(bare_value)
    if decimal is None or decimal[1]:  # [1]: whether it is a percent
        raise InvalidValue(
            f"{short_repr(value)} is no outcome of {claim.slug}, a number in {claim.unit}; say a value such as "
            f"{measure(float(claim.high or 0))}, ambiguous or annulled"
        )
    if doubt := two_values(bare_value):
        raise InvalidValue(f"{short_repr(value)} {doubt}")
    return CameOut(Outcome.VALUE, value=check_field("outcome", check_measure, float(decimal[0])))


def _yes_on_day(claim: Claim, value: object) -> CameOut:
    """Read yes or no for a claim that asks on which day; a day, month or year means yes, on or in it."""
    if isinstance(value, str) and " ".join(value.lower().split()) in AS_NO:
        value = Outcome.NO
    if is_truth(value) or (isinstance(value, str) and value.strip().lower() in OUTCOME_OF_WORD):
        return CameOut(read_outcome(value)[0])
    value = day_of_moment(value)
    if advice := day_meant(value):
        raise InvalidValue(f"{short_repr(value)} {advice}")
    with suppress(InvalidValue):
        if happened_on := value if isinstance(value, date) else iso_span(str(value)):
            return CameOut(Outcome.YES, happened_on=happened_on)
    raise InvalidValue(
        f"{short_repr(value)} is no outcome of {claim.slug}, which asks on which day; say yes with happened_on=DAY, "
        "no, ambiguous or annulled"
    )


def read_outcome(value: object, *, percent: bool = False) -> tuple[Outcome, float | None]:
    """Read the verdict on a yes-or-no claim from a word in any case, a number, or true and false.

    Returns the outcome, and the number if it is a fraction, else None. With *percent* a number above 1 without a
    sign is a percentage, and one between 0 and 1 is refused: it could be either. Raises InvalidValue for anything
    else, also for platforms' words for a question without an answer: ambiguous or annulled is not guessed.

    >>> read_outcome("YES "), read_outcome(1.0), read_outcome("40 %")
    ((<Outcome.YES: 'yes'>, None), (<Outcome.YES: 'yes'>, None), (<Outcome.FRACTION: 'fraction'>, 0.4))
    """
    if type(value) is str and value in OUTCOME_OF_WORD:  # most of them
        return OUTCOME_OF_WORD[value], None
    if is_truth(value):
        return (Outcome.YES if value else Outcome.NO), None
    decimal = read_decimal(value)
    if decimal is None:
        word = value.strip() if isinstance(value, str) else ""
        if word.lower() in OUTCOME_OF_WORD:
            return OUTCOME_OF_WORD[word.lower()], None
        advice = "did you mean 'annulled', or 'ambiguous'?" if VOID.fullmatch(word) else f"say {VERDICTS}"
        if word.lower() in _RUN_OUT:
            advice = "from the settle day on, say no"
        raise InvalidValue(f"{short_repr(value)} is no outcome of a yes-or-no claim; {advice}")
    number, has_percent_sign = decimal
    if percent and not has_percent_sign and 0 < number < 1:
        raise InvalidValue(f"{short_repr(value)} {two_shares(float(number))}")
    if has_percent_sign or (percent and number > 1):
        number = number.scaleb(-2)  # a decimal, not a float: 0.7 % must not become 0.006999999999999999
    if number in {0, 1}:
        return (Outcome.YES if number else Outcome.NO), None
    if not 0 < number < 1:
        share = f"{float(number):.12g}% or {float(number) / 100:.12g}"
        if not 1 < number <= 100:
            ways = VERDICTS
        else:
            ways = share if isinstance(value, str) else f"yes or no, or for a fraction {share}"
        raise InvalidValue(f"{short_repr(value)} is no outcome of a yes-or-no claim; say {ways}")
    return Outcome.FRACTION, float(number)

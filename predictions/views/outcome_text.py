"""How a verdict is said: the option, the number with its unit, the day or the month of an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from predictions.dates import days_told
from predictions.enums import ClaimType
from predictions.horizons import MONTHS
from predictions.numerals import measure, round_to
from predictions.records import Claim, Resolution
from predictions.render.columns import Cut, cut_apart, cut_to

MOST_DIGITS_SHOWN = 17  # digits of any number


def outcome_said(verdict: Resolution, claim: Claim, digits: int = MOST_DIGITS_SHOWN) -> str:
    """Say an outcome in a few words, a number with so many *digits*: ``yes``, ``openai``, ``4.2 million``."""
    return verdict.said if verdict.value is None else f"{measure(round_to(verdict.value, digits))} {claim.unit}"


def outcome_in_full(verdict: Resolution, claim: Claim) -> str:
    """Say an outcome with what its type makes of it: when it happened, or that it lies beyond the range."""
    said = outcome_said(verdict, claim)
    if claim.type is ClaimType.DATE and verdict.happened_on:
        return f"{said}, {_when(verdict.happened_from or verdict.happened_on, verdict.happened_on)}"
    if verdict.value is None or claim.low is None or claim.high is None or claim.low <= verdict.value <= claim.high:
        return said
    beyond = "above" if verdict.value > claim.high else "below"
    return f"{said}, {beyond} the range {measure(claim.low)} .. {measure(claim.high)}; scored as its end"


def outcome_cut(verdict: Resolution, options: Sequence[str], said: str, most: int) -> Cut:
    """Cut how a verdict is *said* to so many columns; an option stays another one than those that are shown."""
    if verdict.option in options:
        return cut_apart(options, most)[options.index(verdict.option)]
    return cut_to(said, most)


def _when(first: date, last: date) -> str:
    """Say a day, or the month or year that is all that is known."""
    told = days_told(first, last)
    if ".." in told:
        return f"between {first} and {last}"
    if first == last:
        return f"on {told}"
    return f"in {told}" if told.isdigit() else f"in {MONTHS[last.month - 1]} {last.year}"

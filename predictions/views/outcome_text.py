"""How a verdict is said: the option, the number with its unit, the day or the month of an event."""

from __future__ import annotations

from datetime import date, timedelta

from predictions.enums import ClaimType
from predictions.horizons import MONTHS
from predictions.numerals import exact, round_to
from predictions.records import Claim, Resolution

ONE_DAY = timedelta(days=1)
WHOLE = 17  # digits of any number


def outcome_said(verdict: Resolution, claim: Claim, digits: int = WHOLE) -> str:
    """Say an outcome in a few words, a number with so many *digits*: ``yes``, ``openai``, ``4.2 million``."""
    return verdict.said if verdict.value is None else f"{exact(round_to(verdict.value, digits))} {claim.unit}"


def outcome_in_full(verdict: Resolution, claim: Claim) -> str:
    """Say an outcome with what its type makes of it: when it happened, or that it lies beyond the range."""
    said = outcome_said(verdict, claim)
    if claim.type is ClaimType.DATE and verdict.happened_on:
        return f"{said}, {_when(verdict.happened_from, verdict.happened_on, claim, verdict.known_on)}"
    if verdict.value is None or claim.low is None or claim.high is None or claim.low <= verdict.value <= claim.high:
        return said
    beyond = "above" if verdict.value > claim.high else "below"
    return f"{said}, {beyond} the range {exact(claim.low)} .. {exact(claim.high)}; scored as its end"


def _when(first: date | None, last: date, claim: Claim, known_on: date) -> str:
    """Say a day, or the month or year that is all that is known; the window, or its being known, may cut that short."""
    if first is None:
        return f"on {last}"
    cut = {claim.deadline, known_on}
    if (first.year, first.month) == (last.year, last.month):
        whole = (first.day == 1 or first == claim.opens_on) and ((last + ONE_DAY).day == 1 or last in cut)
        name = f"{MONTHS[last.month - 1]} {last.year}"
    else:
        begins, ends = first == date(first.year, 1, 1), last == date(last.year, 12, 31)
        whole = first.year == last.year and (begins or first == claim.opens_on) and (ends or last in cut)
        name = str(last.year)
    return f"in {name}" if whole else f"between {first} and {last}"

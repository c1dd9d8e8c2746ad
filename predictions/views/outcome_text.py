"""Write the outcome of a verdict in words: yes or no, the option, the number with its unit, or the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from predictions.dates import days_told
from predictions.enums import ClaimType
from predictions.horizons import MONTHS
from predictions.numerals import measure, round_to
from predictions.records import Claim, Resolution
from predictions.render.columns import Cut, cut_apart, cut_to

MOST_DIGITS_SHOWN = 17  # enough for any number, so that it is not rounded


def outcome_said(verdict: Resolution, claim: Claim, digits: int = MOST_DIGITS_SHOWN) -> str:
    """Return an outcome in a few words, a number rounded to *digits*: ``yes``, ``openai``, ``4.2 million``."""
    return verdict.said if verdict.value is None else f"{measure(round_to(verdict.value, digits))} {claim.unit}"


def outcome_in_full(verdict: Resolution, claim: Claim) -> str:
    """Return an outcome with the day for a claim that asks for one, and with a remark on a number beyond the range."""
    outcome = outcome_said(verdict, claim)
    if claim.type is ClaimType.DATE and verdict.happened_on:
        return f"{outcome}, {_when(verdict.happened_from or verdict.happened_on, verdict.happened_on)}"
    if verdict.value is None or claim.low is None or claim.high is None or claim.low <= verdict.value <= claim.high:
        return outcome
    side = "above" if verdict.value > claim.high else "below"
    return f"{outcome}, {side} the range {measure(claim.low)} .. {measure(claim.high)}; scored as its end"


def outcome_cut(verdict: Resolution, options: Sequence[str], words: str, most: int) -> Cut:
    """Cut the words for a verdict to *most* columns; an option among *options* stays distinct from the other ones."""
    if verdict.option in options:
        return cut_apart(options, most)[options.index(verdict.option)]
    return cut_to(words, most)


def _when(first: date, last: date) -> str:
    """Return when something happened, from the first and the last possible day: on a day, in a month, in a year."""
    text = days_told(first, last)
    if ".." in text:  # the days are neither a month nor a year
        return f"between {first} and {last}"
    if first == last:
        return f"on {text}"
    is_year = text.isdigit()
    return f"in {text}" if is_year else f"in {MONTHS[last.month - 1]} {last.year}"

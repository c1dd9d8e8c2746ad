"""Write out the score of a number or a date: the squares of its yes/no questions, summed along straight lines.

Between two points of a curve the chance runs straight, and so does its gap to the answer, which is 0 for no and 1 for
yes. Over such a line the sum of the squares has a closed form, in the gaps a and b at its ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from math import floor, log10
from typing import NamedTuple

import numpy as np

from forecasts.curves import Pieces
from forecasts.distributions import Date, Number
from predictions.numerals import NOISE, counted, exact, round_to
from predictions.scoring.columns.claim_types import DATE, NUMBER
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.timestamps import day_at

LINES_SHOWN = 6  # of a claim, those that weigh most; the others are told in one
DECIMALS = 6  # of what can be computed again
HOW_SUMMED: Mapping[int, str] = {
    NUMBER: "along a line of the curve, width x (a^2 + a x b + b^2) / 3 of the gaps a and b at its ends between chance "
    "and answer (0 for no, 1 for yes)",
    DATE: "along a line of the curve, days x ((a^2 + a x b + b^2) / 3 + (b - a)^2 / (6 x (days - 1))) of the gaps a on "
    "its first day and b on its last between chance and answer (0 for no, 1 for yes)",
}


class GapLine(NamedTuple):
    """One straight line of the gap between chance and answer.

    Attributes:
        where: From where to where, and the answer there.
        arithmetic: The sum of the squares along it, written out.
        total: The same as a number.
    """

    where: str
    arithmetic: str
    total: float


def number_arithmetic(scoring: Number, claims: ClaimColumns, claim: int, said: float) -> str:
    """Write out the score of one number that came out."""
    gaps, where = scoring.gaps(*_one(said, float(claims.outcome[claim]), claim)), np.array([claim])
    whole = float(scoring.high[claim] - scoring.low[claim])
    decimals = _decimals(whole)

    def line(left: float, right: float, low: float, high: float, answer: str) -> GapLine:
        ends = (float(scoring.off_axis(np.array([end]), where)[0]) for end in (left, right))
        first, last = (value_written(claims, claim, end) for end in ends)
        products, third = _products(low, high)
        width = exact(round(right - left, decimals))
        return GapLine(f"{first} to {last} ({answer})", f"{width} x {products} / 3", (right - left) * third)

    over = f"mean over the range{', on its log axis' if scoring.log[claim] else ''}"
    return f"{over}: {_told_lines(gaps, line, decimals)}, over {exact(round(whole, decimals))}"


def date_arithmetic(scoring: Date, claims: ClaimColumns, claim: int, said: float) -> str:
    """Write out the score of one date that came out or is over."""
    gaps = scoring.gaps(*_one(said, float(claims.outcome[claim]), claim))

    def line(left: float, right: float, low: float, high: float, answer: str) -> GapLine:
        days, first_gap = right - left, low + (high - low) / (right - left)
        first, last = (day_of_window(claims, claim, day) for day in (left + 1, right))
        if days == 1:
            return GapLine(f"{last} ({answer})", f"{written(abs(high))}^2", high**2)
        products, third = _products(first_gap, high)
        more = f"{written(abs(high - first_gap))}^2 / {exact(6 * (days - 1))}"
        total = days * (third + (high - first_gap) ** 2 / (6 * (days - 1)))
        return GapLine(f"{first} to {last} ({answer})", f"{exact(days)} x ({products} / 3 + {more})", total)

    days_to_come = float(scoring.days[claim] - scoring.passed[int(said)])
    return f"mean over the days to come: {_told_lines(gaps, line)}, over {exact(days_to_come)}"


def _one(said: float, outcome: float, claim: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the columns of one forecast."""
    return np.array([said]), np.array([outcome]), np.array([claim])


def _told_lines(
    gaps: Pieces, line: Callable[[float, float, float, float, str], GapLine], decimals: int = DECIMALS
) -> str:
    """Write out the lines that weigh most, in their order, and the others in one."""
    ends = zip(gaps.left.tolist(), gaps.right.tolist(), gaps.low.tolist(), gaps.high.tolist(), strict=True)
    lines = [line(left, right, low, high, _answer_along(low, high)) for left, right, low, high in ends if low or high]
    heaviest = sorted(range(len(lines)), key=lambda number: -lines[number].total)[:LINES_SHOWN]
    told = [f"{lines[number].where} {lines[number].arithmetic}" for number in sorted(heaviest)]
    if len(lines) > LINES_SHOWN:
        rest = sum(lines[number].total for number in set(range(len(lines))) - set(heaviest))
        told.append(f"{counted(len(lines) - LINES_SHOWN, 'other line')} {exact(round(rest, decimals))}")
    return " + ".join(told) or "0"


def _answer_along(low: float, high: float) -> str:
    """Say the answer along a line: chances are not below 0, so a gap below it means yes."""
    if min(low, high) > -NOISE:
        return "no"
    return "yes" if max(low, high) < NOISE else "perhaps"


def _products(low: float, high: float) -> tuple[str, float]:
    """Write out a^2 + a x b + b^2, of the sizes of two gaps, and return a third of it."""
    one, other, sign = written(abs(low)), written(abs(high)), "-" if low * high < 0 else "+"
    return f"({one}^2 {sign} {one} x {other} + {other}^2)", (low * low + low * high + high * high) / 3


def day_of_window(claims: ClaimColumns, claim: int, day: float) -> date:
    """Return a day of the window of a claim, by its number from 1."""
    return day_at(float(claims.opens[claim]) / ONE_DAY - 1 + day)


def value_written(claims: ClaimColumns, claim: int, value: float) -> str:
    """Write a value with the decimals of its claim: to a millionth of the range, on a log axis to six digits.

    Values that are read off a curve have no end of decimals.
    """
    types = claims.types
    if types.log[claim]:
        return exact(round_to(value, DECIMALS))
    return exact(round(value, _decimals(float(types.high[claim] - types.low[claim]))))


def _decimals(whole: float) -> int:
    """Return how many decimals tell a millionth of a range.

    >>> [_decimals(whole) for whole in (0.02, 1.0, 10.0, 5e9)]
    [8, 6, 5, 0]
    """
    return max(0, DECIMALS - floor(log10(whole)))


def written(value: float) -> str:
    """Write a number with the decimals that are enough to compute with."""
    return exact(round(value, DECIMALS))

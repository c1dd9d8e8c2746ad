"""Write out the loss on a number or a date: the squares of its yes/no questions, summed along straight lines.

Between two points of a curve the chance is a straight line, and so is its gap to the answer, which is 0 for no and 1
for yes. The sum of squares over such a line has a closed form, in the gaps a and b at its ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import floor, log10

import numpy as np

from forecasts.curves import Curves, Segments
from forecasts.date_scores import WeightedGaps
from forecasts.dates import Date
from forecasts.number_scores import number_gaps
from forecasts.numbers import Number
from predictions.numerals import NOISE, exact, figure, measure, round_to
from predictions.scoring.columns.claim_types import DATE, NUMBER
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.explain.weightiest import DECIMALS, Part, sum_of
from predictions.timestamps import day_at

HOW_SUMMED: Mapping[int, str] = {
    NUMBER: "along a line of the curve, width x (a^2 + a x b + b^2) / 3 of the gaps a and b at its ends between chance "
    "and answer (0 for no, 1 for yes)",
    DATE: "along a line of the curve, days x ((a^2 + a x b + b^2) / 3 + (b - a)^2 / (6 x (days - 1))) of the gaps a on "
    "its first day and b on its last between chance and answer (0 for no, 1 for yes)",
}
HOW_SUMMED_OVER_TIME: Mapping[int, str] = {
    NUMBER: HOW_SUMMED[NUMBER],
    DATE: "each day's question, whether it happens by its end, counts for the days the forecast stood before it was "
    "over: days x (chance - answer)^2; along a line both run evenly from its first day to its last",
}


def number_arithmetic(scoring: Number, claims: ClaimColumns, claim: int, curve: Curves, outcome: float) -> str:
    """Write out what a forecast, given as the curve *curve*, loses on a number with this outcome."""
    where = np.array([claim])
    value, whole = scoring.on_axis(np.array([outcome]), where), float(scoring.high[claim] - scoring.low[claim])
    decimals = _decimals(whole)

    def line(left: float, right: float, low: float, high: float) -> Part:
        ends = (float(scoring.off_axis(np.array([end]), where)[0]) for end in (left, right))
        first, last = (value_written(claims, claim, end) for end in ends)
        products, third = _products(low, high)
        width = measure(round(right - left, decimals))
        answer = "yes" if min(low, high) < -NOISE else "no"  # chances are not below 0, so a gap below it means yes
        return f"{first} to {last} ({answer}) {width} x {products} / 3", (right - left) * third

    over = f"mean over the range{', on its log axis' if scoring.log[claim] else ''}"
    gaps = number_gaps(curve, value, low=scoring.low[claim], high=scoring.high[claim])
    lines = [line(*ends) for ends in _lines(gaps)]
    return f"{over}: {sum_of(lines, 'line', decimals=decimals)}, over {measure(round(whole, decimals))}"


def date_arithmetic(scoring: Date, claims: ClaimColumns, claim: int, forecast: float, outcome: float) -> str:
    """Write out what a forecast, given by its place *forecast*, loses on a date with this outcome, as of its making."""
    last_day = float(scoring.last_days(np.array([outcome]), np.array([claim]))[0])

    def line(left: float, right: float, low: float, high: float) -> Part:
        days, first_gap = right - left, low + (high - low) / (right - left)
        where = _days_named(claims, claim, left, right, (outcome, last_day))
        if days == 1:
            return f"{where} {written(abs(high))}^2", high**2
        products, third = _products(first_gap, high)
        more = f"{written(abs(high - first_gap))}^2 / {exact(6 * (days - 1))}"
        total = days * (third + (high - first_gap) ** 2 / (6 * (days - 1)))
        return f"{where} {exact(days)} x ({products} / 3 + {more})", total

    gaps = scoring.gaps(np.array([forecast]), np.array([outcome]), np.array([claim]))
    days_to_come = float(scoring.days[claim] - scoring.passed[int(forecast)])
    return f"mean over the days to come: {sum_of([line(*e) for e in _lines(gaps)], 'line')}, over {exact(days_to_come)}"


def date_arithmetic_over_time(
    claims: ClaimColumns, claim: int, lines: WeightedGaps, counted: float, came: tuple[float, float]
) -> str:
    """Write out what is lost on a date while a forecast stands.

    Args:
        claims: All claims.
        claim: The number of the claim.
        lines: The gaps between chance and answer, with the days for which they count.
        counted: The sum of days for which all questions count, by which the sum is divided.
        came: The first and the last day on which it may have happened.
    """

    def line(left: float, right: float, low: float, high: float, weight: float, most: float) -> str:
        days, where = right - left, _days_named(claims, claim, left, right, came)
        if days == 1:
            return f"{where} {written(most)} x {_signed(high)}^2"
        first = f"{written(weight + (most - weight) / days)} x {_signed(low + (high - low) / days)}^2"
        return f"{where} {first} to {written(most)} x {_signed(high)}^2"

    gaps, order = lines.gaps, np.argsort(lines.gaps.left, kind="stable")
    columns = (gaps.left, gaps.right, gaps.low, gaps.high, lines.weight, lines.last_weight)
    texts = map(line, *(column[order].tolist() for column in columns))
    sizes, squares = (column[order].tolist() for column in (gaps.right - gaps.left, lines.missed))
    parts = [
        (text if days == 1 else f"{text}, {days:.0f} days {figure(square, 6)}", square)
        for text, days, square in zip(texts, sizes, squares, strict=True)
        if square
    ]
    return f"{sum_of(parts, 'line')}, over {exact(round(counted, DECIMALS))}"


def _signed(gap: float) -> str:
    """Write a gap, in brackets if it is negative."""
    return f"({written(gap)})" if gap < 0 else written(gap)


def _lines(gaps: Segments) -> Iterator[tuple[float, float, float, float]]:
    """Yield the left and the right end of each line and the gaps there, leaving out lines without a gap."""
    ends = zip(gaps.left.tolist(), gaps.right.tolist(), gaps.low.tolist(), gaps.high.tolist(), strict=True)
    return ((left, right, low, high) for left, right, low, high in ends if low or high)


def _days_named(claims: ClaimColumns, claim: int, left: float, right: float, came: tuple[float, float]) -> str:
    """Name the days after *left*, up to *right*, with their answer: yes, no, or uncertain.

    It is uncertain within *came*, the days of the month or year in which it happened.
    """
    first, last = (day_of_window(claims, claim, day) for day in (left + 1, right))
    answer = "no" if right < came[0] else "yes" if left + 1 >= came[1] else "uncertain"
    return f"{last} ({answer})" if first == last else f"{first} to {last} ({answer})"


def _products(low: float, high: float) -> tuple[str, float]:
    """Write out a^2 + a x b + b^2 of two gaps, with their sizes and the right sign; return a third of its value too."""
    a, b, sign = written(abs(low)), written(abs(high)), "-" if low * high < 0 else "+"
    return f"({a}^2 {sign} {a} x {b} + {b}^2)", (low * low + low * high + high * high) / 3


def day_of_window(claims: ClaimColumns, claim: int, day: float) -> date:
    """Return a day of the window of a claim, by its number from 1."""
    return day_at(float(claims.opens[claim]) / ONE_DAY - 1 + day)


def value_written(claims: ClaimColumns, claim: int, value: float) -> str:
    """Write a value rounded to a millionth of its claim's range, on a log axis to six digits.

    Values that are read off a curve would have endless decimals.
    """
    types = claims.types
    if types.log[claim]:
        return measure(round_to(value, DECIMALS))
    return measure(round(value, _decimals(float(types.high[claim] - types.low[claim]))))


def _decimals(whole: float) -> int:
    """Return how many decimals show a millionth of a range.

    >>> [_decimals(whole) for whole in (0.02, 1.0, 10.0, 5e9)]
    [8, 6, 5, 0]
    """
    return max(0, DECIMALS - floor(log10(whole)))


def written(value: float) -> str:
    """Write a number with as many decimals as a reader needs to repeat the arithmetic."""
    return exact(round(value, DECIMALS))

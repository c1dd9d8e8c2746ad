"""Wording a curve of a number: by the quantiles that were given, or by its points near 10 %, 50 % and 90 %."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from predictions.number_checks import DECIMAL_PLACES, check_measure
from predictions.numerals import exact, measure, round_to

FEW_POINTS = 9  # a curve with at most so many points is worded with all of them
TOLD_LEVELS = (0.1, 0.5, 0.9)
VALUE_DIGITS, CHANCE_DIGITS = 6, 3  # of a computed value and of its chance, at most
SAID_DIGITS = 11  # of a number that somebody wrote, at most: one with more digits was computed
SAID_DECIMALS = 6  # of a chance that somebody gave for an end of the range, at most
FRACTION_DIGITS = 2  # as many digits a simple fraction such as a third is taken to have
MOST_PARTS = 12  # the largest denominator of a simple fraction
LARGEST_IN_PARTS = 1e6  # a larger value is not taken for a simple fraction: a computed one may be as near to one
SMOOTHED = 3  # quantiles through which a smooth curve is drawn
TOLD_CHANCES = (0.01, 0.025, *(step / 20 for step in range(1, 20)), 0.975, 0.99)
"""The chances of the inner points of a smooth curve, as shares of the chance that it gives to the whole range."""
ON_STEP = 1e-9  # a point whose chance is this near to one of these was drawn there


def points_told(points: Sequence[tuple[float, float]]) -> str:
    """Write some points of a curve in words; they are given as values with the chance of at most each.

    >>> points_told([(2.5, 0.1), (4.0, 0.5), (6.0, 0.9)])
    '10 % at most 2.5, 50 % at most 4, 90 % at most 6'
    """
    return ", ".join(f"{exact(100 * chance)} % at most {measure(value)}" for value, chance in told_points(points))


def beyond_told(points: Sequence[tuple[float, float]]) -> str:
    """Say of what curve :func:`points_told` says some points: a smooth one, or one of many points; else nothing.

    >>> beyond_told([(float(at), at / 200) for at in range(201)]), beyond_told([(2.5, 0.1), (4.0, 0.5)])
    (', of 201 points', '')
    """
    if len(points) <= FEW_POINTS:
        return ""
    return ", smooth" if said_points(points) else f", of {len(points)} points"


def told_points(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Choose the points by which a curve is worded, with rounded values and chances.

    These are the quantiles that a smooth curve was drawn through, all points if they are few, or those nearest to 10 %,
    50 % and 90 %. All are points of the curve itself, and none is interpolated.

    >>> told_points([(float(at), at / 20) for at in range(21)])
    [(2.0, 0.1), (10.0, 0.5), (18.0, 0.9)]
    """
    chosen = points
    if len(points) > FEW_POINTS:
        nearest = (min(points, key=lambda point: abs(point[1] - level)) for level in TOLD_LEVELS)
        chosen = said_points(points) or list(dict.fromkeys(nearest))  # each once
    return [(as_written(value, VALUE_DIGITS), _short_of_certainty(chance)) for value, chance in chosen]


def said_points(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Find the quantiles through which a smooth curve was drawn, among its points; an empty list for any other curve.

    The other points of such a curve are the ends of its range, and points drawn at fixed chances, the steps. So points
    off the steps are quantiles. If these are fewer than three, the others happen to be on a step or at an end: they are
    the ones there whose value, or whose chance at an end, has the fewest digits or is a simple fraction.
    """
    low, *inner, high = points
    steps = [low[1] + (high[1] - low[1]) * step for step in TOLD_CHANCES]
    quantiles = [point for point in inner if min(abs(point[1] - step) for step in steps) > ON_STEP]
    on_steps = sorted({*inner} - {*quantiles}, key=lambda point: _digits(point[0]))
    # In a smooth curve most of these were computed, so that the value in the middle has many digits.
    if len(on_steps) < len(TOLD_CHANCES) - SMOOTHED or _digits(on_steps[len(on_steps) // 2][0]) <= SAID_DIGITS:
        return []
    if len(quantiles) < SMOOTHED:
        by_value = [(_digits_said(value, check_measure), (value, chance)) for value, chance in on_steps]
        by_chance = [(_digits_said(end[1], _kept_chance), end) for end in (low, high) if _may_be_said(end[1])]
        with_few_digits = sorted(pair for pair in (*by_value, *by_chance) if pair[0] <= SAID_DIGITS)
        quantiles += [point for _, point in with_few_digits[: SMOOTHED - len(quantiles)]]
    return sorted(quantiles) if len(quantiles) == SMOOTHED else []


def _may_be_said(chance: float) -> bool:
    """Return whether somebody may have given the chance at an end of the range; otherwise it was computed."""
    return 0 < chance < 1 and chance in {round(chance, SAID_DECIMALS), _kept_chance(_in_parts(chance))}


def _kept_chance(chance: float) -> float:
    return round(chance, DECIMAL_PLACES)


def _digits_said(number: float, kept: Callable[[float], float]) -> int:
    """Return how many digits a number has, or FRACTION_DIGITS if it is a simple fraction such as a third.

    *kept* rounds a number in the way in which it was stored.
    """
    if abs(number) < LARGEST_IN_PARTS and _digits(number) > SAID_DIGITS and kept(_in_parts(number)) == number:
        return FRACTION_DIGITS
    return _digits(number)


def _in_parts(number: float) -> float:
    """Return the simple fraction nearest to a number, as a float."""
    return float(Fraction(number).limit_denominator(MOST_PARTS))


def _digits(number: float) -> int:
    """Count the significant digits of a number as it is written."""
    return len(Decimal(repr(number)).normalize().as_tuple().digits)


def as_written(number: float, digits: int) -> float:
    """Return a number unchanged if somebody may have written it; round a computed one to so many digits."""
    return number if _digits(number) <= SAID_DIGITS else round_to(number, digits)


def _short_of_certainty(chance: float) -> float:
    """Round a computed chance, unless rounding makes it 0 or 1."""
    rounded = as_written(chance, CHANCE_DIGITS)
    return chance if rounded in {0, 1} else rounded

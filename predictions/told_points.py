"""How a curve of a number is told in a line: by what was said, else by its points near a tenth, half, nine tenths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from predictions.number_checks import DECIMAL_PLACES, check_measure
from predictions.numerals import exact, measure, round_to

FEW_POINTS = 9  # points that are all told
TOLD_LEVELS = (0.1, 0.5, 0.9)
VALUE_DIGITS, CHANCE_DIGITS = 6, 3  # of a computed value and of its chance at most
SAID_DIGITS = 11  # of a number that somebody wrote, at most: one with more of them was computed
SAID_DECIMALS = 6  # of a chance at an end of the range, where one that was computed stands too
FRACTION_DIGITS = 2  # of a third, say
MOST_PARTS = 12  # of a fraction that somebody said, such as a third
LARGEST_IN_PARTS = 1e6  # of such a value; beyond it, one that was computed may lie that near to a fraction
SMOOTHED = 3  # quantiles through which a smooth curve is drawn
TOLD_CHANCES = (0.01, 0.025, *(step / 20 for step in range(1, 20)), 0.975, 0.99)
"""Where the inner points of a smooth curve stand, as shares of the chance that it gives to the range."""
ON_STEP = 1e-9  # how near to its step the chance of a point that was drawn lies, at least


def points_told(points: Sequence[tuple[float, float]]) -> str:
    """Say the points of a curve, values with the chance of at most each.

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
    """Choose points of a curve: those that a smooth one was drawn through, all of a few, and of many some.

    None is computed between two of them, so nothing is told that the curve does not have, even where it reaches a
    tenth only below the range of its claim.

    >>> told_points([(float(at), at / 20) for at in range(21)])
    [(2.0, 0.1), (10.0, 0.5), (18.0, 0.9)]
    """
    told = points
    if len(points) > FEW_POINTS:
        told = said_points(points) or list(
            dict.fromkeys(min(points, key=lambda point: abs(point[1] - level)) for level in TOLD_LEVELS)
        )
    return [(as_written(value, VALUE_DIGITS), _short_of_certainty(chance)) for value, chance in told]


def said_points(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Find the quantiles that a smooth curve was drawn through, which are among its points; none of any other curve.

    All other points of it are the ends of the range, and those that were drawn at the steps between them. A quantile
    that stands on a step is known by its value, and one at an end of the range by its chance: these have the fewest
    digits, or are simple fractions.
    """
    low, *inner, high = points
    steps = [low[1] + (high[1] - low[1]) * step for step in TOLD_CHANCES]
    off = [point for point in inner if min(abs(point[1] - step) for step in steps) > ON_STEP]
    drawn = sorted({*inner} - {*off}, key=lambda point: _digits(point[0]))  # and quantiles among them, which go first
    if len(drawn) < len(TOLD_CHANCES) - SMOOTHED or _digits(drawn[len(drawn) // 2][0]) <= SAID_DIGITS:
        return []
    if len(off) < SMOOTHED:
        by_value = [(_digits_said(value, check_measure), (value, chance)) for value, chance in drawn]
        by_chance = [(_digits_said(end[1], _kept_chance), end) for end in (low, high) if _may_be_said(end[1])]
        known = sorted(one for one in (*by_value, *by_chance) if one[0] <= SAID_DIGITS)
        off += [point for _, point in known[: SMOOTHED - len(off)]]
    return sorted(off) if len(off) == SMOOTHED else []


def _may_be_said(chance: float) -> bool:
    """Tell whether somebody may have said the chance of an end, rather than that it was computed."""
    return 0 < chance < 1 and chance in {round(chance, SAID_DECIMALS), _kept_chance(_in_parts(chance))}


def _kept_chance(chance: float) -> float:
    return round(chance, DECIMAL_PLACES)


def _digits_said(number: float, kept: Callable[[float], float]) -> int:
    """Count the digits with which somebody may have said a number: as a decimal, or as a simple fraction."""
    if abs(number) < LARGEST_IN_PARTS and _digits(number) > SAID_DIGITS and kept(_in_parts(number)) == number:
        return FRACTION_DIGITS
    return _digits(number)


def _in_parts(number: float) -> float:
    """Return the simple fraction that is nearest to a number."""
    return float(Fraction(number).limit_denominator(MOST_PARTS))


def _digits(number: float) -> int:
    """Count the digits of a number as it is written."""
    return len(Decimal(repr(number)).normalize().as_tuple().digits)


def as_written(number: float, digits: int) -> float:
    """Keep a number that somebody may have written, and round one that was computed."""
    return number if _digits(number) <= SAID_DIGITS else round_to(number, digits)


def _short_of_certainty(chance: float) -> float:
    """Round a computed chance, unless that makes it 0 or 1."""
    rounded = as_written(chance, CHANCE_DIGITS)
    return chance if rounded in {0, 1} else rounded

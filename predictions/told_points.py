"""How a curve of a number is told in a line: all points of a few, else those nearest a tenth, the half, nine tenths."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.numerals import exact, measure, round_to

FEW_POINTS = 9  # points that are all told
TOLD_LEVELS = (0.1, 0.5, 0.9)
VALUE_DIGITS, CHANCE_DIGITS = 6, 3  # of a value and of its chance at most, which may be computed


def points_told(points: Sequence[tuple[float, float]]) -> str:
    """Say the points of a curve, values with the chance of at most each.

    >>> points_told([(2.5, 0.1), (4.0, 0.5), (6.0, 0.9)])
    '10 % at most 2.5, 50 % at most 4, 90 % at most 6'
    """
    return ", ".join(f"{exact(100 * chance)} % at most {measure(value)}" for value, chance in told_points(points))


def told_points(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Choose points of a curve, in a few digits; none is computed between two of them.

    So nothing is told that the curve does not have, even where it reaches a tenth only below the range of its claim.

    >>> told_points([(float(at), at / 20) for at in range(21)])
    [(2.0, 0.1), (10.0, 0.5), (18.0, 0.9)]
    """
    told = points
    if len(points) > FEW_POINTS:
        told = list(dict.fromkeys(min(points, key=lambda point: abs(point[1] - level)) for level in TOLD_LEVELS))
    return [(round_to(value, VALUE_DIGITS), _short_of_certainty(chance)) for value, chance in told]


def _short_of_certainty(chance: float) -> float:
    """Round a chance, unless that makes it 0 or 1."""
    rounded = round_to(chance, CHANCE_DIGITS)
    return chance if rounded in {0, 1} else rounded

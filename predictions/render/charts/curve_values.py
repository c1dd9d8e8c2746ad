"""The values of a curve of cumulative chances, and where they lie on the axis of their claim."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf, log, log10

from predictions.enums import Axis
from predictions.numerals import measure, round_to
from predictions.records import Claim, Point
from predictions.told_points import as_written

VALUE_DECIMALS = 6  # characters of a value on a chart
READ_DIGITS = 3  # the fewest digits of a value that is read off a curve
SAME_PLACE = 1e-12  # two values that are nearer, as a share of the range, are the same


def values_at(claim: Claim, points: Sequence[Point], *levels: float) -> list[float]:
    """Return the values at which a curve reaches some chances, on straight lines between its points, as it is scored.

    A value is -inf if the curve reaches the chance below the range of the claim, and inf if it does so above. At a
    point of the curve it is exactly the value of that point.
    """
    from forecasts.curves import curves  # they load numpy, which most ledgers do without
    from forecasts.number_scores import number_quantiles

    curve = [(share_of_axis(claim, point.at), point.chance) for point in points]
    reached = number_quantiles(curves([curve] * len(levels)), levels, low=0, high=1)
    return [_value_of_point(claim, points, share) if abs(share) < inf else share for share in reached.tolist()]


def _value_of_point(claim: Claim, points: Sequence[Point], share: float) -> float:
    """Return the value at a place of the axis; exactly that of a point of the curve if one is there."""
    value, width = value_on_axis(claim, share), (claim.high or 0) - (claim.low or 0)
    nearest = min((float(point.at) for point in points), key=lambda at: abs(at - value))
    return nearest if abs(nearest - value) <= SAME_PLACE * width else value


def value_told(claim: Claim, value: float, unit: str = "", *, on_chart: bool = False) -> str:
    """Return a value that is read off a curve as text: ``4.2``, or beyond the range ``0 or below``, ``above 10``.

    A value that somebody may have said keeps its digits; any other has as many as a thousandth of the range needs.

    Args:
        claim: The claim.
        value: The value; -inf or inf beyond the range.
        unit: The unit, which follows the number: ``0 km or below``.
        on_chart: Whether the number must be short.
    """
    low, high = float(claim.low or 0), float(claim.high or 0)
    write, after = label_of if on_chart else measure, unit and f" {unit}"
    if value < low:  # "or", because the chance at the low end includes the end itself
        return f"{write(low)}{after} or below"
    if value > high:
        return f"above {write(high)}{after}"
    return f"{write(as_written(value, _digits_to_tell(value, high - low)))}{after}"


def _digits_to_tell(value: float, width: float) -> int:
    """Return how many digits a value needs so that a thousandth of its range shows, at least READ_DIGITS."""
    size = max(abs(value), width * 10**-READ_DIGITS)
    return max(READ_DIGITS, READ_DIGITS + floor(log10(size)) - floor(log10(width)) + 1)


def share_of_axis(claim: Claim, value: float) -> float:
    """Return how far along the axis of the claim a value is, from 0 to 1; beyond the range it is at the end."""
    low, high = float(claim.low or 0), float(claim.high or 0)
    value = min(max(value, low), high)
    if claim.scale is Axis.LOG:
        return log(value / low) / log(high / low)
    return (value - low) / (high - low)


def value_on_axis(claim: Claim, share: float) -> float:
    """Return the value at a place of the axis of the claim, from 0 at its low end to 1."""
    low, high = float(claim.low or 0), float(claim.high or 0)
    value = low * (high / low) ** share if claim.scale is Axis.LOG else low + share * (high - low)
    return min(max(value, low), high)


def label_of(value: float, digits: int = VALUE_DECIMALS) -> str:
    """Write a value for a chart, with so many *digits* at most, and fewer where it would take more than six places.

    >>> label_of(0.1 + 0.2), label_of(100000), label_of(1234567), label_of(9126.2, 3), label_of(-0.000012345)
    ('0.3', '100000', '1.23e6', '9130', '-1e-5')
    """
    for most in range(digits, 0, -1):
        rounded = round_to(value, most)
        short = f"{rounded:.{VALUE_DECIMALS}g}".replace("e+", "e").replace("e0", "e").replace("e-0", "e-")
        words = min(measure(rounded) if rounded else "0", short, key=len)
        if len(words) <= VALUE_DECIMALS:
            break
    return words

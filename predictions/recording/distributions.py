"""Forecasts of a choice, a number or a date: what was said, read and checked against the claim."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import pairwise, zip_longest
from typing import Any, NamedTuple

from predictions.chances import read_chance
from predictions.dates import read_last_day
from predictions.enums import Axis, ClaimType
from predictions.errors import InvalidValue, WrongPart, check_field, short_repr
from predictions.fits import outside_range
from predictions.number_checks import check_measure, read_decimal, two_values, values_inside, without_unit
from predictions.numerals import measure, percent, two_places
from predictions.option_names import option_named
from predictions.recording.claim_types import say_quantiles
from predictions.recording.claims import window_until
from predictions.recording.shares import read_shares
from predictions.records import Claim
from predictions.timestamps import day_of_moment
from predictions.told_points import FEW_POINTS, SMOOTHED, points_told
from predictions.windows import window_told

NOUNS = {
    ClaimType.CHOICE: "a choice",
    ClaimType.ORDERED: "an ordered choice",
    ClaimType.NUMBER: "a number",
    ClaimType.DATE: "a date",
}
ONE_CHANCE = ("words", "scale", "low", "high")  # arguments that go with a single chance of yes


class ReadDistribution(NamedTuple):
    """A distribution as it was read.

    Attributes:
        fields: The fields of a forecast that hold it.
        remark: What the receipt says about how it was read; empty if it was taken as given.
        quantiles_text: The quantiles of a number as they were given; empty for other types.
    """

    fields: Mapping[str, object]
    remark: str = ""
    quantiles_text: str = ""

    @property
    def made(self) -> str:
        """How it was changed: ``mended`` shares, or a curve ``drawn`` through quantiles; empty for neither."""
        if self.remark and "shares" in self.fields:
            return "mended"
        return "drawn" if self.remark.startswith("drawn") else ""


def read_distribution(claim: Claim, arguments: Mapping[str, Any], *, new: bool = False) -> ReadDistribution:
    """Read a forecast of a claim that is not yes or no.

    Args:
        claim: A choice, a number or a date.
        arguments: The forecast as it was given: `probability` (the argument p=), or `quantiles` for a number.
        new: Whether the claim is recorded with it, so that a message can offer another range.

    Raises:
        InvalidValue: It has not the form that the type of the claim needs, or contradicts itself or the claim.
    """
    what = f"{claim.slug} is {NOUNS[claim.type]}"
    chance, quantiles = arguments.get("probability"), arguments.get("quantiles")
    for name in ONE_CHANCE:
        if arguments.get(name) is not None:
            raise InvalidValue(f"{what}; {name}= goes with one chance of yes or no")
    if claim.type is ClaimType.NUMBER:
        say = say_quantiles(claim.low, claim.high, claim.scale)
        if chance is not None:
            raise InvalidValue(f"{what}; {'quantiles= say it all; leave p= out' if quantiles else say}")
        if not isinstance(quantiles, Mapping) or not quantiles:
            names_none = "" if quantiles is None else f"{short_repr(quantiles)} names no quantiles; "
            raise InvalidValue(f"{what}; {names_none}{say}")
        return _points(claim, quantiles, new=new)
    if quantiles is not None:
        raise InvalidValue(f"{what}; quantiles= go with a number")
    if not isinstance(chance, Mapping):
        raise InvalidValue(_of_what(claim, chance))
    try:
        if claim.type is ClaimType.DATE:
            return ReadDistribution({"days": _days(claim, chance)})
        shares, mended = read_shares(claim, chance)
    except InvalidValue as error:
        if any(_is_part(claim, name) for name in chance):
            raise
        part = getattr(error, "part", None)  # nothing here is of this claim, which may be taken for one of another type
        raise WrongPart(f"{what}; {error}", part) from None
    return ReadDistribution({"shares": shares}, mended)


def _is_part(claim: Claim, name: object) -> bool:
    """Tell whether a chance may be for this: an option of a choice, or a day for a date."""
    if claim.type is not ClaimType.DATE:
        return option_named(claim.options, name) in claim.options
    with suppress(InvalidValue):
        _last_day_in_window(claim, name)
        return True
    return False


def _of_what(claim: Claim, chance: object) -> str:
    """Return the message for a choice or a date if p= is not a mapping: it asks for the options or days.

    The call that is offered has the chances that were given, several of them with the options in their order.
    """
    what = f"is {NOUNS[claim.type]}"
    names = claim.options or (str(claim.deadline),)
    if isinstance(chance, list | tuple):
        pairs = zip_longest(names, chance[: len(names)], fillvalue="...")
        mapping = ", ".join(f"{name!r}: {value}" for name, value in pairs)
        return f"{claim.slug} {what}; say of what each chance is: p={{{mapping}}}"
    try:
        number = read_chance(chance)
    except InvalidValue:
        mapping = ", ".join(f"{name!r}: ..." for name in names)
        raise InvalidValue(
            f"{claim.slug} {what}; {short_repr(chance)} is no chance of any: say p={{{mapping}}}"
        ) from None
    percentage = f"{number * 100:.12g}%"
    if claim.type is ClaimType.DATE:
        return f"{percentage} by when? this asks on which day; say p={{'{claim.deadline}': {number}}}"
    other_options = ", ".join(f"{option!r}: ..." for option in claim.options[1:])
    return f"{percentage} of what? this {what}; say p={{{claim.options[0]!r}: {number}, {other_options}}}"


# -- a number ----------------------------------------------------------------------------------------------------------


def _points(claim: Claim, quantiles: Mapping[object, object], *, new: bool) -> ReadDistribution:
    """Read quantiles as points of a distribution; through three of them draw a smooth curve."""
    _check_sides(quantiles)
    levels = sorted(
        (check_field("quantiles", read_chance, level), _value_in_range(claim, value, new=new))
        for level, value in quantiles.items()
    )
    for (level, value), (next_level, next_value) in pairwise(levels):
        if next_level == level:
            raise InvalidValue(f"{_percent(level)} is given twice, with {measure(value)} and {measure(next_value)}")
        if next_value <= value:
            raise WrongPart(
                f"quantiles must rise: {_percent(level)} at most {measure(value)}, but {_percent(next_level)} at most "
                f"{measure(next_value)}",
                next_value,
            )
    # More quantiles show their own shape; fewer leave it open; and a normal curve never reaches a chance of 0 or 1.
    if len(levels) != SMOOTHED or not all(0 < level < 1 for level, _ in levels):
        remark = _how_joined(claim, levels) if len(levels) <= SMOOTHED else ""
        return ReadDistribution({"points": _as_points(levels)}, remark, _quantiles_said(levels))
    from predictions.recording.smooth_curves import smooth_curve  # it loads numpy, which most ledgers do without

    points = smooth_curve(levels, float(claim.low or 0), float(claim.high or 0), log=claim.scale is Axis.LOG)
    drawn = [(chance, value) for value, chance in points]
    return ReadDistribution({"points": _as_points(drawn)}, _smoothed(drawn), _quantiles_said(levels))


def _as_points(told: Sequence[tuple[float, float]]) -> list[dict[str, object]]:
    return [{"at": value, "chance": level} for level, value in told]


def _check_sides(quantiles: Mapping[object, object]) -> None:
    """Refuse quantiles with the sides swapped: values that could all be chances, and a key that is not one."""
    if not all(map(_is_chance, quantiles.values())):
        return
    mapping = ", ".join(f"{chance}: {value}" for value, chance in quantiles.items())
    for level in quantiles:
        try:
            check_field("quantiles", read_chance, level)
        except InvalidValue as error:
            swapped = f"if chance and value are the other way round, quantiles={{{mapping}}}"
            raise InvalidValue(f"{error}; or, {swapped}") from None


def _is_chance(value: object) -> bool:
    """Return whether a value can be read as a probability."""
    try:
        read_chance(value)
    except InvalidValue:
        return False
    return True


def _how_joined(claim: Claim, told: Sequence[tuple[float, float]]) -> str:
    """Return the remark on quantiles joined by straight lines, also to the ends of the range.

    *told* are the quantiles as pairs of chance and value, in order, as in the functions below.
    """
    low, high = float(claim.low or 0), float(claim.high or 0)
    ends = []
    if told[0][1] > low:
        ends.append(f"from 0 % at {measure(low)}")
    if told[-1][1] < high:
        ends.append(f"to 100 % at {measure(high)}")
    return "joined by straight lines" + (", " + " and ".join(ends) if ends else "")


def _smoothed(drawn: Sequence[tuple[float, float]]) -> str:
    """Return the remark on a smooth curve, with the chances that it leaves below its low end and above its high one."""
    (at_low, low), (at_high, high) = drawn[0], drawn[-1]
    ends = [(at_low, f"at {measure(low)} or below"), (1 - at_high, f"above {measure(high)}")]
    beyond = " and ".join(f"{percent(chance)} {where}" for chance, where in ends if chance > 0)
    return f"drawn as a smooth curve of {len(drawn)} points" + (f", with {beyond}" if beyond else "")


def _quantiles_said(told: Sequence[tuple[float, float]]) -> str:
    """Write quantiles in words as they were given; of many only some."""
    if len(told) > FEW_POINTS:
        return points_told([(value, level) for level, value in told])
    return ", ".join(f"{_percent(level)} at most {measure(value)}" for level, value in told)


def _value_in_range(claim: Claim, value: object, *, new: bool) -> float:
    """Read a value within the range of a claim; for a *new* claim the refusal offers a wider range."""
    bare = without_unit(value, claim.unit)
    example = values_inside(claim.low or 0, claim.high or 0, log=claim.scale is Axis.LOG)[0]
    decimal = read_decimal(bare)
    if decimal is None or decimal[1]:  # [1]: whether it is a percent
        raise InvalidValue(
            f"quantiles: {short_repr(value)} is not a number; say a value such as {example}, with digits"
        )
    if doubt := two_values(bare):
        raise InvalidValue(f"quantiles: {short_repr(value)} {doubt}")
    number = check_field("quantiles", check_measure, float(decimal[0]))
    low, high = float(claim.low or 0), float(claim.high or 0)
    if low <= number <= high:
        return number
    if not new:
        raise WrongPart(outside_range(claim, number), number)
    outside = f"{measure(number)} lies outside {measure(low)} .. {measure(high)}"
    raise InvalidValue(f"{outside}; {_wider(number, low, high, claim.scale)}, or a value inside")


def _wider(number: float, low: float, high: float, scale: Axis | None) -> str:
    """Offer a range on the same axis that holds a number outside of it.

    Upwards it is twice as wide, on a log axis up to the next power of ten: one that ends at the outlier would soon be
    too narrow. Downwards it ends at the number.
    """
    if scale is None:
        upper = high if number <= high else max(low + 2 * (high - low), number)
        return f"say between=({measure(min(low, number))}, {measure(upper)})"
    if number <= 0:
        return "a log axis begins above 0: leave 'log' out"
    upper = high if number <= high else max(10.0 ** math.ceil(math.log10(number)), number)
    return f'say between=({measure(min(low, number))}, {measure(upper)}, "log")'


def _percent(level: float) -> str:
    return f"{level * 100:.12g} %"


# -- a date ------------------------------------------------------------------------------------------------------------


def _days(claim: Claim, told: Mapping[object, object]) -> list[dict[str, object]]:
    """Read chances by days; they must not fall, and the last day of the window must be among them."""
    points = sorted(
        (_last_day_in_window(claim, day), check_field(f"p by {day}", read_chance, chance))
        for day, chance in told.items()
    )
    for (day, chance), (next_day, next_chance) in pairwise(points):
        if day == next_day:
            raise InvalidValue(f"{day} is given twice")
        if next_chance < chance:
            falls = f"{two_places(chance)} by {day}, but {two_places(next_chance)} by {next_day}"
            raise WrongPart(f"chances must not fall: {falls}", next_day)
    if not points or points[-1][0] != claim.deadline:
        raise InvalidValue(f"the last day is {claim.deadline}: say how likely by then, p={{'{claim.deadline}': ...}}")
    return [{"day": day, "chance": chance} for day, chance in points]


def _last_day_in_window(claim: Claim, day: object) -> date:
    """Read a day in the window; words, or a year such as 2027, mean their last day. WrongPart for a day outside."""
    day = str(day) if isinstance(day, int) and not isinstance(day, bool) else check_field("p", day_of_moment, day)
    if not isinstance(day, (str, date)):
        raise InvalidValue(f"p: {short_repr(day)} is no day; say 2027-06-30, 2027 or 'Q3 2027'")
    try:
        last = window_until(day, None, claim.opens_on, field="p").deadline
    except InvalidValue:
        # A day before the window opens fails as well, but with a message about windows: say that it lies outside.
        early = None
        with suppress(InvalidValue):
            early = read_last_day(day)
        if early is None or early >= claim.opens_on:
            raise
        raise WrongPart(_outside(claim, early), early) from None
    if not claim.opens_on <= last <= claim.deadline:
        raise WrongPart(_outside(claim, last), last)
    return last


def _outside(claim: Claim, day: date) -> str:
    return f"{day} lies outside the window, {window_told(claim.opens_on, claim.deadline)}"

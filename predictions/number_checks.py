"""Reading numbers as decimals and checking them: they are finite, and no chance becomes certain by rounding."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from numbers import Real

from predictions.errors import short_repr
from predictions.numerals import measure

DECIMAL_PLACES = 12
DIGITS = 15
LARGEST = 10**15  # a larger float would have no room for decimals
TOO_LARGE = "is too large to keep: numbers go up to 1e15"

SPACES_AND_MARKS = " \u00a0\u2009\u202f'\u2019"  # these separate thousands and are never a decimal point
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-"})
_GROUPED = re.compile(
    rf"([+-]?[1-9][0-9]{{0,2}}([.,{SPACES_AND_MARKS}])[0-9]{{3}}(?:\2[0-9]{{3}})*)(?:([.,])([0-9]*))?(\s*%?)", re.ASCII
)
_THOUSANDS = re.compile(r"([+-]?[1-9][0-9]{0,2}),([0-9]{3})|([+-]?[1-9][0-9]{0,2})\.([0-9]{2}0)", re.ASCII)
_DECIMAL = re.compile(
    r"([+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:e[+-]?[0-9]{1,4})?)[\s\u00a0\u2009\u202f]*(%?)",
    re.ASCII | re.IGNORECASE,
)


def check_number(value: object) -> float:
    """Accept a finite number, rounded to twelve decimal places; ``-0.0`` becomes ``0.0``.

    A numpy float of 16 or 32 bits is taken for the shortest decimal that reads back as the same float.

    >>> check_number(1 - 0.9)
    0.1
    """
    return round(_finite(value), DECIMAL_PLACES) + 0.0


def check_measure(value: object) -> float:
    """Accept a finite value with a unit, rounded to fifteen significant digits; ``-0.0`` becomes ``0.0``.

    >>> check_measure(0.1 + 0.2)
    0.3
    """
    return float(f"{_finite(value):.{DIGITS}g}") + 0.0


def _finite(value: object) -> float:
    """Return a finite number of at most 10**15 as a float; ValueError for anything else."""
    if type(value) is float and -LARGEST <= value <= LARGEST:
        return value
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise ValueError(f"{short_repr(value)} is not a number")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError(f"{short_repr(value)} {TOO_LARGE}")
    number = _float(value)
    if math.isfinite(number) and abs(number) <= LARGEST:
        return number
    raise ValueError(f"{number!r} {TOO_LARGE if math.isfinite(number) else 'is not a finite number'}")


def range_fault(low: float, high: float, chance: float | None) -> str | None:
    """Return what is wrong with a range of chances, or with a chance outside it; None if nothing is.

    >>> range_fault(0.6, 0.2, None)
    'the range 0.6 to 0.2 is upside down; say low=0.2 and high=0.6'
    >>> range_fault(0.2, 0.4, 0.9)
    'the chance 0.9 lies outside its range, 0.2 to 0.4'
    """
    if low > high:
        return f"the range {low} to {high} is upside down; say low={high} and high={low}"
    if chance is not None and not low <= chance <= high:
        return f"the chance {chance} lies outside its range, {low} to {high}"
    return None


def values_inside(low: float, high: float, *, log: bool) -> list[str]:
    """Return three rising values inside a range, with few digits, as an example of what may be said of it.

    >>> values_inside(0, 10, log=False), values_inside(100, 200, log=False), values_inside(1, 1000, log=True)
    (['2.5', '4', '6'], ['120', '140', '160'], ['5.6', '16', '63'])
    """
    shares = (0.25, 0.4, 0.6)
    exact = [low * (high / low) ** share if log else low + (high - low) * share for share in shares]
    rounded = ([float(f"{value:.{digits}g}") for value in exact] for digits in range(2, DIGITS + 1))
    fit = next((values for values in rounded if low <= values[0] < values[1] < values[2] <= high), exact)
    return list(map(measure, fit))


def axis_fault(low: float, high: float, *, log: bool) -> str | None:
    """Return why no number can be scored between two ends; None if it can.

    >>> axis_fault(10.0, 0.0, log=False), axis_fault(0.0, 10.0, log=True)
    ('10 to 0 does not rise; the low end goes first', 'a log axis begins above 0, not at 0')
    """
    if low >= high:
        return f"{measure(low)} to {measure(high)} does not rise; the low end goes first"
    return f"a log axis begins above 0, not at {measure(low)}" if log and low <= 0 else None


def without_unit(value: object, unit: str | None) -> object:
    """Return a value without its unit, which may come after it or, like $, before it; other values unchanged.

    >>> without_unit("4 km", "km"), without_unit("$1.2", "$"), without_unit("-$1.2", "$"), without_unit(3, "km")
    ('4', '1.2', '-1.2', 3)
    """
    if not isinstance(value, str) or not unit:
        return value
    text = value.strip().translate(_MINUS)
    sign = text[:1] if text[:1] in {"-", "+"} else ""
    without = text.removeprefix(sign).strip()
    bare = without.removesuffix(unit) if without.endswith(unit) else without.removeprefix(unit)
    return sign + bare.strip()


def is_truth(value: object) -> bool:
    """Return whether a value is True or False, Python's own or numpy's."""
    return type(value).__name__ in {"bool", "bool_"}


def read_decimal(value: object) -> tuple[Decimal, bool] | None:
    """Read a number as the decimal it is written as, and return also whether a percent sign follows it.

    A comma is a decimal point, unless it can only separate thousands. None for True, False, infinity and anything else
    that is not a number.

    >>> read_decimal("0,4"), read_decimal("40 %"), read_decimal("forty")
    ((Decimal('0.4'), False), (Decimal('40'), True), None)
    >>> read_decimal("1.234,5"), read_decimal("10 000"), read_decimal("1'000'000"), read_decimal("1,234.5.6")
    ((Decimal('1234.5'), False), (Decimal('10000'), False), (Decimal('1000000'), False), None)
    """
    if isinstance(value, str):
        match = _DECIMAL.fullmatch(_without_thousands(value.strip().translate(_MINUS)))
        return (Decimal(match[1].replace(",", ".")), bool(match[2])) if match else None
    if isinstance(value, (Real, Decimal)) and not is_truth(value):
        number = Decimal(value if isinstance(value, (int, Decimal)) else repr(_float(value)))
        return (number, False) if number.is_finite() else None
    return None


def _without_thousands(text: str) -> str:
    """Return a number without the signs between its thousands; unchanged if these might be a decimal point.

    Only one of two different signs, or one that stands twice, is no decimal point: so ``1.500`` may be either.
    """
    match = _GROUPED.fullmatch(text)
    if match is None:
        return text
    whole, separator, point, fraction, percent_sign = match.groups()
    is_one_of_two = separator in ".," and point is None and whole.count(separator) == 1
    if separator == point or is_one_of_two:
        return text
    return "".join([whole.replace(separator, ""), "." if point else "", fraction or "", percent_sign])


def two_values(value: object) -> str | None:
    """Return the question which of two numbers a text such as ``1,500`` means; None if it means only one.

    The comma may be a decimal point or separate thousands. So may a point before three digits, which separates
    thousands in half of Europe; if the last digit is not 0 it is taken for a decimal point, as programs write it.

    >>> two_values("1,500"), two_values("0,500"), two_values("1,5")
    ('may be 1500 or 1.5; say which', None, None)
    >>> two_values("30.000"), two_values("1.500"), two_values("2.345"), two_values("1.50")
    ('may be 30000 or 30; say which', 'may be 1500 or 1.5; say which', None, None)
    """
    match = _THOUSANDS.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    before, after = match[1] or match[3], match[2] or match[4]
    return f"may be {before}{after} or {float(f'{before}.{after}'):g}; say which"


def two_shares(number: float) -> str:
    """Return the question which of two chances a number below 1 means in a column of percentages.

    >>> two_shares(0.4)
    'may be 0.4% or 40%; say which'
    """
    return f"may be {number:.12g}% or {100 * number:.12g}%; say which"


def check_probability(value: object) -> float:
    """Accept a number from 0 to 1, both included, rounded to twelve decimal places.

    A number that rounding would make 0 or 1 is refused: nobody meant it as certain, and a log score punishes a wrong
    certainty without limit.
    """
    if type(value) is float and 0 <= value <= 1:
        return _rounded_unless_made_certain(value, value)
    if isinstance(value, str):
        raise ValueError(f"{short_repr(value)} is text; say a probability as a number from 0 to 1, such as 0.72")
    if (
        is_truth(value)
        or not isinstance(value, (Real, Decimal))
        or not (isinstance(value, int) or math.isfinite(_float(value)))
    ):
        raise ValueError(f"{short_repr(value)} is not a probability; say a number from 0 to 1, such as 0.72")
    # An int up to 100 may be meant as percent, which is suggested below; a huge one must not become a float.
    if isinstance(value, int) and value not in range(101):
        raise ValueError(f"{short_repr(value)} is not a probability, which runs from 0 to 1")
    number = _float(value)
    if not 0 <= number <= 1:
        if 2 <= number <= 100:
            percent = Decimal(repr(number)).normalize()
            raise ValueError(f"{short_repr(value)} is not a probability; say {percent / 100:f} or {percent:f}%")
        raise ValueError(f"{short_repr(value)} is not a probability, which runs from 0 to 1")
    return _rounded_unless_made_certain(number, value)


def _rounded_unless_made_certain(number: float, given: object) -> float:
    """Round a chance, *given* as a number of any type; ValueError if rounding would make it 0 or 1."""
    rounded = check_number(number)
    if rounded in {0, 1} and rounded != given:
        # The float may have lost the difference that a Decimal or a long fraction still shows.
        raise ValueError(f"{short_repr(given) if rounded == number else repr(number)} {all_but_certain(rounded)}")
    return rounded


def all_but_certain(rounded: float) -> str:
    """Return the end of the message that refuses a chance which rounding to twelve decimals would make 0 or 1."""
    near = "1e-12 or more" if rounded == 0 else "0.999999999999 or less"
    certain = f"would be rounded to {rounded:g}, for certain: chances have {DECIMAL_PLACES} decimals"
    return f"{certain}; say {rounded:g}, or {near}"


def _float(value: Real | Decimal) -> float:
    """Convert any kind of number to a float; infinite if it is too large."""
    try:
        if getattr(value, "nbytes", 8) < 8:  # a numpy float of 16 or 32 bits: 0.7, and not 0.699999988079071
            return float(str(value))
        return float(value)
    except (OverflowError, ValueError):
        return math.inf

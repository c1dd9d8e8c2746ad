"""Numbers with a unit by the array, rounded as they are one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from predictions.number_checks import DIGITS, check_measure

HALF_A_BIT = 2.0**-4  # of a number below 10^15, at most
_TENS = np.array([float(10**power) for power in range(23)])  # the powers of ten that a float holds exactly


def measures(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return finite numbers to fifteen significant digits, each as ``check_measure`` returns it.

    >>> measures(np.array([0.1 + 0.2, 1e-30 / 3]))
    array([3.00000000e-01, 3.33333333e-31])
    """
    values, is_exact = nearly_all_measures(numbers)
    values[~is_exact] = list(map(check_measure, numbers[~is_exact].tolist()))
    return values


def nearly_all_measures(numbers: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return numbers rounded to fifteen significant digits, and which of them surely equal what decimals give.

    The digits as a whole number below 2^53 and the power of ten are both exact, so their quotient is the float nearest
    to the decimal. Only the product that gives the digits can be off, by half of its last bit: near a half, where that
    may matter, it is taken exactly. The others are those too large or too small for a power that a float holds.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        decimals = DIGITS - 1 - np.floor(np.log10(abs(numbers)))
        is_exact = (decimals >= 0) & (decimals < _TENS.size)
        power = _TENS[np.where(is_exact, decimals, 0).astype(np.intp)]
        scaled = numbers * power
        digits = np.rint(scaled)
        near_half = is_exact & (abs(scaled - digits) >= 0.5 - HALF_A_BIT)
        digits[near_half] = _rounded_product(numbers[near_half], power[near_half])
        is_exact &= abs(digits) < 10.0**DIGITS
        values = np.where(is_exact, digits / power, numbers) + 0.0
    return values, is_exact | (numbers == 0) | np.isnan(numbers)


def _rounded_product(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the whole number nearest to each exact product, of two equally near the even one.

    Source: Dekker (1971), Numerische Mathematik 18:224, for what a product loses when it is rounded to a float.
    """
    product = one * other
    (one_high, one_low), (other_high, other_low) = _halves(one), _halves(other)
    lost = one_low * other_low - (((product - one_high * other_high) - one_low * other_high) - one_high * other_low)
    below = np.floor(product)
    beyond_half = (product - below - 0.5) + lost
    return np.asarray(below + np.where(beyond_half == 0, below % 2, beyond_half > 0))


def _halves(numbers: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two numbers of at most 26 bits each that sum to each number."""
    raised = numbers * (2.0**27 + 1)
    high = raised - (raised - numbers)
    return high, numbers - high

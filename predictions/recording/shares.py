"""The shares of a choice as a person gives them: one for each option, together 1."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from predictions.chances import read_chance
from predictions.errors import InvalidValue, WrongPart, check_field, did_you_mean, short_repr
from predictions.number_checks import DECIMAL_PLACES, read_decimal
from predictions.numerals import exact, two_places
from predictions.option_names import option_named
from predictions.records import Claim

PERCENT = Decimal("0.01")
EXACTLY = Decimal(1).scaleb(-9)  # a sum this close to 1 is 1: the rest is float arithmetic, and nobody's rounding


def read_shares(claim: Claim, told: Mapping[object, object]) -> tuple[list[dict[str, object]], str]:
    """Read a share for each option of a claim.

    Shares that miss 1 by no more than the rounding of their last digits are mended in proportion.

    Args:
        claim: A choice.
        told: The shares as they were given, by the name of the option.

    Returns:
        The shares in the order of the claim's options, and a remark for the receipt if they were mended, else "".

    Raises:
        InvalidValue: A name that is not an option, an option without a share, or a sum that is not 1.
    """
    given = dict[object, object]()
    for name, share in told.items():
        option = option_named(claim.options, name)
        if option in given:
            raise InvalidValue(f"{option} is given twice, with {short_repr(given[option])} and {short_repr(share)}")
        given[option] = share
        if option not in claim.options:
            near = did_you_mean(option, claim.options)
            raise WrongPart(f"no option {short_repr(option)}{near or ';'} options: {', '.join(claim.options)}", name)
    shares = {
        option: check_field(f"p of {option}", read_chance, given[option]) for option in claim.options if option in given
    }
    if len(shares) < len(claim.options):
        raise InvalidValue(_options_without_share(claim, shares))
    total = _sum(shares)
    error = abs(total - 1)
    if error < EXACTLY:
        return as_items(shares), ""
    if error > _rounding(told):
        raise InvalidValue(_wrong_sum(shares, total))
    return as_items(in_proportion(shares)), f"they summed to {total.normalize():f}, within rounding; mended"


def in_proportion(shares: Mapping[str, float]) -> dict[str, float]:
    """Divide shares by their sum, so that they sum to 1, up to the last decimal.

    >>> in_proportion({"a": 2, "b": 1})
    {'a': 0.666666666667, 'b': 0.333333333333}
    """
    total = float(_sum(shares))
    return {option: round(share / total, DECIMAL_PLACES) for option, share in shares.items()}


def as_items(shares: Mapping[str, float]) -> list[dict[str, object]]:
    """Return shares in the form in which a forecast record takes them."""
    return [{"option": option, "share": share} for option, share in shares.items()]


def spoken_shares(shares: Mapping[str, float]) -> str:
    """Write shares for a person: ``openai 0.40, google 0.60``."""
    return ", ".join(f"{option} {two_places(share)}" for option, share in shares.items())


def _sum(shares: Mapping[str, float]) -> Decimal:
    """Add shares as decimals: in floats 0.1 + 0.2 + 0.7 is not 1, and no sum must fail for how numbers are stored."""
    return sum((Decimal(repr(share)) for share in shares.values()), Decimal(0))


def _rounding(told: Mapping[object, object]) -> Decimal:
    """Return how far rounding may have moved the sum: by half a unit of the last digit of each share.

    The unit is one percent at most: 0.4 means 0.40, as a float cannot show its zero, and not 0.35 rounded.
    """
    return sum((min(PERCENT, _last_digit(share)) / 2 for share in told.values()), Decimal(0))


def _last_digit(value: object) -> Decimal:
    """Return the unit of the last digit of a share: 0.01 of ``33 %`` and of 0.33."""
    number, percent = read_decimal(value) or (Decimal(repr(value)), False)
    exponent = number.as_tuple().exponent
    last_place = exponent if isinstance(exponent, int) else 0  # text for infinity and NaN, which were refused before
    return Decimal(1).scaleb(last_place - 2 if percent else last_place)


def _options_without_share(claim: Claim, shares: Mapping[str, float]) -> str:
    """Return the message that names the options without a share; for a single one, what the others leave for it."""
    missing = [option for option in claim.options if option not in shares]
    remainder = float(1 - _sum(shares))
    names = ", ".join(map(repr, missing))
    if remainder < 0:
        return f"{spoken_shares(shares)} sum to {two_places(1 - remainder)}, not 1, and there is no share for {names}"
    if not shares or len(missing) > 1:
        return f"no share for {names}; each option has one, also 0"
    return (
        f"no share for {names}; the others leave {two_places(remainder)}: add p={{{missing[0]!r}: {exact(remainder)}}}"
    )


def _wrong_sum(shares: Mapping[str, float], total: Decimal) -> str:
    """Return the message that shares sum to more or less than 1; more may mean that several options can come true."""
    summed = two_places(float(total))
    if total > 1:
        most = spoken_shares({option: share for option, share in shares.items() if share})
        return f"{most} sum to {summed}, not 1; for options that may both come true make a claim of each"
    missing = two_places(float(1 - total))
    return f"the shares sum to {summed}, not 1: {spoken_shares(shares)}; {missing} is missing"

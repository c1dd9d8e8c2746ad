"""Whether a forecast or a verdict fits the type of its claim, however it comes into the ledger."""

from __future__ import annotations

from predictions.enums import UNDECIDED, ClaimType, Outcome
from predictions.errors import InvalidValue, WrongPart
from predictions.numerals import measure
from predictions.records import Claim, Forecast, Resolution
from predictions.windows import window_told

DISTRIBUTION_OF = {
    ClaimType.CHOICE: "shares", ClaimType.ORDERED: "shares", ClaimType.NUMBER: "points", ClaimType.DATE: "days",
}  # fmt: skip  # by type of claim, the field of a forecast that holds its distribution; other types have none
DISTRIBUTIONS = frozenset(DISTRIBUTION_OF)  # the types of claim whose forecasts are distributions
OUTCOMES_OF = {
    ClaimType.CHOICE: frozenset({Outcome.OPTION}),
    ClaimType.ORDERED: frozenset({Outcome.OPTION}),
    ClaimType.NUMBER: frozenset({Outcome.VALUE}),
    ClaimType.DATE: frozenset({Outcome.YES, Outcome.NO}),
}
YES_NO_OUTCOMES = frozenset({Outcome.YES, Outcome.NO, Outcome.FRACTION})
HOW = {"shares": "a share for each option", "points": "quantiles", "days": "chances by some of its days"}


def check_fits(claim: Claim, record: Forecast | Resolution) -> None:
    """Refuse a forecast or verdict that does not fit the type of its claim; a withdrawal fits any.

    Raises InvalidValue, which names the type.
    """
    if isinstance(record, Resolution):
        _check_outcome(claim, record)
    elif not record.withdrawn:
        _check_forecast(claim, record)


def fits_yes_or_no(record: Forecast | Resolution) -> bool:
    """Return whether a forecast or verdict fits all claims that come out yes or no, so that no claim need be read."""
    if isinstance(record, Forecast):
        return record.point is not None or bool(record.withdrawn)
    return record.outcome in UNDECIDED or (record.outcome in YES_NO_OUTCOMES and record.happened_from is None)


def takes(claim: Claim) -> str:
    """Return the message that a claim takes a distribution and not one chance, with the form it must have."""
    return f"{claim.slug} is of type {claim.type}, so it takes {HOW[DISTRIBUTION_OF[claim.type]]}, not one chance"


def fits(claim: Claim, forecast: Forecast) -> bool:
    """Return whether a forecast still fits its claim, which may have been corrected since, while it was a draft."""
    try:
        check_fits(claim, forecast)
    except InvalidValue:
        return False
    return True


def _check_forecast(claim: Claim, forecast: Forecast) -> None:
    """Refuse a forecast that does not fit its claim, with a message that names the forecast."""
    try:
        check_said(claim, forecast)
    except InvalidValue as error:
        raise InvalidValue(f"forecast on {claim.slug} by {forecast.forecaster}: {error}") from None


def check_said(claim: Claim, forecast: Forecast) -> None:
    """Refuse a forecast in another form than its claim asks for, or outside the claim's options, range or window.

    The message does not name the forecaster.
    """
    wanted_field, given_field = DISTRIBUTION_OF.get(claim.type), _list_in(forecast)
    if wanted_field != given_field:
        wanted = HOW[wanted_field] if wanted_field else "one chance"
        given = HOW[given_field] if given_field else "one chance"
        raise InvalidValue(f"{claim.slug} is of type {claim.type}, so it takes {wanted}, not {given}")
    if forecast.shares and tuple(share.option for share in forecast.shares) != claim.options:
        raise InvalidValue(f"it needs a share for each option, in their order: {', '.join(claim.options)}")
    if forecast.points:
        _check_points(claim, forecast)
    if forecast.days:
        _check_days(claim, forecast)


def _list_in(forecast: Forecast) -> str | None:
    """Return the field that holds a forecast's distribution; None if it is a chance of yes."""
    return next((name for name in HOW if getattr(forecast, name)), None)


def outside_range(claim: Claim, value: float) -> str:
    """Return the message that a value lies outside the range of a claim, and what to give instead."""
    low, high = float(claim.low or 0), float(claim.high or 0)
    return (
        f"{measure(value)} lies outside {measure(low)} .. {measure(high)}, over which {claim.slug} is scored; "
        f"say how likely at most {measure(low if value < low else high)}, or a value inside"
    )


def _check_points(claim: Claim, forecast: Forecast) -> None:
    """Refuse values outside the range of a claim."""
    for point in forecast.points:
        if claim.low is not None and claim.high is not None and not claim.low <= point.at <= claim.high:
            raise WrongPart(outside_range(claim, point.at), point.at)


def _check_days(claim: Claim, forecast: Forecast) -> None:
    """Refuse days outside the window of a claim, and chances that do not reach its last day."""
    for point in forecast.days:
        if not claim.opens_on <= point.day <= claim.deadline:
            raise InvalidValue(f"{point.day} lies outside the window, {window_told(claim.opens_on, claim.deadline)}")
    if forecast.days[-1].day != claim.deadline:
        raise InvalidValue(f"its last day is {forecast.days[-1].day}; say how likely by {claim.deadline}")


def _check_outcome(claim: Claim, verdict: Resolution) -> None:
    """Refuse an outcome that a claim of its type cannot have; ambiguous and annulled fit every claim."""
    if verdict.outcome in UNDECIDED:
        return
    if verdict.outcome not in OUTCOMES_OF.get(claim.type, YES_NO_OUTCOMES):
        raise InvalidValue(
            f"{verdict.said} is no outcome of {claim.slug}, of type {claim.type}; it comes out {_ways(claim)}, "
            "ambiguous or annulled"
        )
    if verdict.option is not None and verdict.option not in claim.options:
        raise InvalidValue(f"{claim.slug} has no option {verdict.option!r}; it has {', '.join(claim.options)}")
    if claim.type is ClaimType.DATE and verdict.outcome is Outcome.YES and verdict.happened_on is None:
        raise InvalidValue(f"{claim.slug} asks on which day: say happened_on=DAY, or the month if no more is known")
    if verdict.happened_from is not None and claim.type is not ClaimType.DATE:
        raise InvalidValue(f"{claim.slug} is of type {claim.type}; only a date is known to a month")


def _ways(claim: Claim) -> str:
    """Return how a claim can come out, by its type, for a message."""
    if claim.options:
        return "as one of its options"
    if claim.type is ClaimType.NUMBER:
        return "as a value"
    return "yes with its day, or no" if claim.type is ClaimType.DATE else "yes, no, as a fraction"

"""Write out the yes/no questions behind the loss of a forecast, and behind the loss of "knows nothing"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from forecasts.choices import Choice, Ordered
from forecasts.curves import Curves
from forecasts.date_scores import date_gaps_over_time, date_reference
from forecasts.date_spreads import days_open
from forecasts.dates import Date
from forecasts.inputs import IndexArray
from forecasts.numbers import Number
from forecasts.possible_savings import Stays
from forecasts.questions import Scoring
from forecasts.reference import HALF
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.explain.gap_lines import (
    date_arithmetic,
    date_arithmetic_over_time,
    number_arithmetic,
    written,
)
from predictions.scoring.explain.weightiest import Part, sum_of, weightiest
from predictions.scoring.pool import Pool
from predictions.scoring.references import SeriesStanding


def lost(scoring: Scoring, claims: ClaimColumns, claim: int, forecast: float, outcome: float) -> str:
    """Write out what a forecast loses if its claim has this outcome; on a date, as of the making of the forecast.

    *forecast* is its probability or, on claims that are not yes or no, the place of its distribution.
    """
    if isinstance(scoring, Number):
        return number_arithmetic(scoring, claims, claim, scoring.curves.part(np.array([int(forecast)])), outcome)
    if isinstance(scoring, Date):
        return date_arithmetic(scoring, claims, claim, forecast, outcome)
    if isinstance(scoring, Choice):
        shares = scoring.shares.part(np.array([int(forecast)])).share
        return _by_option(scoring, claims.types.named[claim], shares.tolist(), int(outcome))
    return _squared_gap(forecast, outcome)


def lost_by_nothing(scoring: Scoring, claims: ClaimColumns, claim: int, outcome: float) -> str:
    """Write out what knowing nothing loses on a claim with this outcome; not for dates, where that takes the time."""
    if isinstance(scoring, Number):
        even = Curves(scoring.high[[claim]], np.ones(1), np.ones(1, np.intp))
        return number_arithmetic(scoring, claims, claim, even, outcome)
    if isinstance(scoring, Choice):
        names = claims.types.named[claim]
        return _by_option(scoring, names, [1 / len(names)] * len(names), int(outcome))
    return _squared_gap(HALF, outcome)


def _by_option(scoring: Choice, names: Sequence[str], shares: Sequence[float], came_true: int) -> str:
    """Write out the questions of a choice: does each option come true?

    For ordered options they are: is it at most this option? The last option is left out, because it always is.
    """
    if isinstance(scoring, Ordered):
        cuts = enumerate(zip(names[:-1], np.cumsum(shares)[:-1].tolist(), strict=True))
        parts = [_option_asked(f"at most {name}", chance, number >= came_true) for number, (name, chance) in cuts]
        return f"mean of {sum_of(parts, 'question', joined=', ')}"
    options = enumerate(zip(names, shares, strict=True))
    parts = [_option_asked(name, share, number == came_true) for number, (name, share) in options]
    return f"half of {sum_of(parts, 'option')}"


def _option_asked(name: str, chance: float, answer: bool) -> Part:
    """Write out the squared gap of one question; return its text and its value."""
    return f"{name} {_squared_gap(chance, answer)}", (chance - answer) ** 2


def _squared_gap(chance: float, answer: float) -> str:
    """Write the square of the gap between a chance and an answer."""
    return f"({written(chance)} - {written(answer)})^2"


def saved_if(
    scoring: Scoring, claims: ClaimColumns, stays: Stays, shares: Sequence[float], outcome: float
) -> tuple[str, str]:
    """Write out what one series saves against knowing nothing if its claim has this outcome.

    Args:
        scoring: The scoring of the claim's type.
        claims: All claims.
        stays: The forecasts of the series while they stood.
        shares: The share of the window during which each stood.
        outcome: The outcome of the claim.

    Returns:
        The sum over its forecasts, and the questions behind each loss in it.
    """
    if not stays.forecast.size:
        return "0", ""
    if isinstance(scoring, Date):
        return _saved_on_date(scoring, claims, stays, outcome)
    claim, outcomes = int(stays.claim[0]), np.full(stays.forecast.size, outcome)
    nothing = float(scoring.reference_losses(outcomes, stays.claim)[0])
    losses = scoring.losses(stays.forecast, outcomes, stays.claim).tolist()
    parts = [
        (f"{written(share)} x ({written(nothing)} - {written(own)})", share * (nothing - own))
        for share, own in zip(shares, losses, strict=True)
    ]
    questions = [f"knowing nothing loses {written(nothing)} = {lost_by_nothing(scoring, claims, claim, outcome)}"]
    for number in weightiest(parts):
        own_questions = lost(scoring, claims, claim, float(stays.forecast[number]), outcome)
        questions.append(f"{_forecast(number, losses[number])} = {own_questions}")
    return sum_of(parts, "forecast"), "; ".join(questions)


def _saved_on_date(scoring: Date, claims: ClaimColumns, stays: Stays, outcome: float) -> tuple[str, str]:
    """Write out what one series on a date saves against knowing nothing, as :func:`saved_if` does.

    There are no shares of the window, because the losses hold the time already: each day counts until it is over.
    """
    outcomes = np.full(stays.forecast.size, outcome)
    lost_by_both = scoring.lost_over_time(stays.forecast, outcomes, stays.claim, stays.starts, stays.ends)
    nothing, losses = (column.tolist() for column in lost_by_both)
    parts = [(f"({written(even)} - {written(own)})", even - own) for even, own in zip(nothing, losses, strict=True)]
    questions = []
    for number in weightiest(parts):
        stay = stays.part(slice(number, number + 1))
        own_questions = _on_date(scoring, claims, stay, outcome, nothing=False)
        even_questions = _on_date(scoring, claims, stay, outcome, nothing=True)
        questions.append(f"{_forecast(number, losses[number])} = {own_questions}")
        questions.append(f"knowing nothing then {written(nothing[number])} = {even_questions}")
    return sum_of(parts, "forecast"), "; ".join(questions)


def _on_date(scoring: Date, claims: ClaimColumns, stay: Stays, outcome: float, *, nothing: bool) -> str:
    """Write out what one forecast loses on a date while it stands; or, with *nothing*, knowing nothing in that time."""
    claim = int(stay.claim[0])
    days, first = scoring.days[[claim]], np.array([outcome])
    curve = date_reference(days) if nothing else scoring.curves.part(stay.forecast.astype(np.intp))
    start, end = ((moment - scoring.opens[claim]) / scoring.day for moment in (stay.starts, stay.ends))
    last = scoring.last_days(first, stay.claim)
    lines = date_gaps_over_time(curve, first, last, days=days, start=start, end=end)
    counted = float(days_open(days, scoring.closes[[claim]])[0])
    return date_arithmetic_over_time(claims, claim, lines, counted, (outcome, float(last[0])))


def _forecast(number: int, lost: float) -> str:
    """Write what a forecast loses; forecasts are counted from 1 for the reader."""
    return f"forecast {number + 1} loses {written(lost)}"


def saved_over_time(pool: Pool, positions: IndexArray) -> Iterator[tuple[str, str]]:
    """Yield for each of some series with an outcome what :func:`saved_if` writes out."""
    own, table = SeriesStanding(pool, positions), pool.table
    stood, edges = own.standing, np.searchsorted(own.standing.series, np.arange(own.keys.size + 1)).tolist()
    stays = Stays(stood.probabilities, own.claims[stood.series], stood.starts, stood.ends, stood.series)
    for claim, begin, end in zip(own.claims.tolist(), edges[:-1], edges[1:], strict=True):
        own_stays, shares = stays.part(slice(begin, end)), stood.shares[begin:end].tolist()
        yield saved_if(table.scoring_of(claim), table.claims, own_stays, shares, float(table.claims.outcome[claim]))

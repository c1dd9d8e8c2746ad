"""Write out the yes/no questions behind what a forecast loses, and behind what "knows nothing" does."""

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


def lost(scoring: Scoring, claims: ClaimColumns, claim: int, said: float, outcome: float) -> str:
    """Write out what a forecast loses if its claim comes out so; on a date, when it is said."""
    if isinstance(scoring, Number):
        return number_arithmetic(scoring, claims, claim, scoring.said.part(np.array([int(said)])), outcome)
    if isinstance(scoring, Date):
        return date_arithmetic(scoring, claims, claim, said, outcome)
    if isinstance(scoring, Choice):
        shares = scoring.said.part(np.array([int(said)])).share
        return _by_option(scoring, claims.types.named[claim], shares.tolist(), int(outcome))
    return _squared_gap(said, outcome)


def lost_by_nothing(scoring: Scoring, claims: ClaimColumns, claim: int, outcome: float) -> str:
    """Write out what knowing nothing loses on a claim that is no date if it comes out so."""
    if isinstance(scoring, Number):
        even = Curves(scoring.high[[claim]], np.ones(1), np.ones(1, np.intp))
        return number_arithmetic(scoring, claims, claim, even, outcome)
    if isinstance(scoring, Choice):
        names = claims.types.named[claim]
        return _by_option(scoring, names, [1 / len(names)] * len(names), int(outcome))
    return _squared_gap(HALF, outcome)


def _by_option(scoring: Choice, names: Sequence[str], shares: Sequence[float], came_true: int) -> str:
    """Ask of a choice whether each option comes true; of ordered ones whether one is at most this, of all but one."""
    if isinstance(scoring, Ordered):
        cuts = enumerate(zip(names[:-1], np.cumsum(shares)[:-1].tolist(), strict=True))
        parts = [_asked_of(f"at most {name}", by, place >= came_true) for place, (name, by) in cuts]
        return f"mean of {sum_of(parts, 'question', joined=', ')}"
    asked = enumerate(zip(names, shares, strict=True))
    return f"half of {sum_of([_asked_of(name, share, place == came_true) for place, (name, share) in asked], 'option')}"


def _asked_of(name: str, chance: float, answer: bool) -> Part:
    return f"{name} {_squared_gap(chance, answer)}", (chance - answer) ** 2


def _squared_gap(chance: float, answer: float) -> str:
    return f"({written(chance)} - {written(answer)})^2"


def saved_if(
    scoring: Scoring, claims: ClaimColumns, stays: Stays, shares: Sequence[float], outcome: float
) -> tuple[str, str]:
    """Write out what one series saves against knowing nothing if its claim comes out so.

    Args:
        scoring: Of the type of the claim.
        claims: All claims.
        stays: Its forecasts while they stood.
        shares: The share of the window in which each stood.
        outcome: How the claim comes out.

    Returns:
        The sum over its forecasts, and the questions behind each loss in it.
    """
    if not stays.said.size:
        return "0", ""
    if isinstance(scoring, Date):
        return _saved_on_date(scoring, claims, stays, outcome)
    claim, outcomes = int(stays.claim[0]), np.full(stays.said.size, outcome)
    nothing = float(scoring.reference_losses(outcomes, stays.claim)[0])
    losses = scoring.losses(stays.said, outcomes, stays.claim).tolist()
    parts = [
        (f"{written(share)} x ({written(nothing)} - {written(own)})", share * (nothing - own))
        for share, own in zip(shares, losses, strict=True)
    ]
    behind = [f"knowing nothing loses {written(nothing)} = {lost_by_nothing(scoring, claims, claim, outcome)}"]
    for number in weightiest(parts):
        own = lost(scoring, claims, claim, float(stays.said[number]), outcome)
        behind.append(f"{_forecast(number, losses[number])} = {own}")
    return sum_of(parts, "forecast"), "; ".join(behind)


def _saved_on_date(scoring: Date, claims: ClaimColumns, stays: Stays, outcome: float) -> tuple[str, str]:
    """Write out the same of a date, where the share is in what each loses, since days count until they are over."""
    outcomes = np.full(stays.said.size, outcome)
    both = scoring.lost_over_time(stays.said, outcomes, stays.claim, stays.starts, stays.ends)
    nothing, losses = (column.tolist() for column in both)
    parts = [(f"({written(other)} - {written(own)})", other - own) for other, own in zip(nothing, losses, strict=True)]
    behind = []
    for number in weightiest(parts):
        of = stays.part(slice(number, number + 1))
        own, even = (_on_date(scoring, claims, of, outcome, nothing=nobody) for nobody in (False, True))
        behind.append(f"{_forecast(number, losses[number])} = {own}")
        behind.append(f"knowing nothing then {written(nothing[number])} = {even}")
    return sum_of(parts, "forecast"), "; ".join(behind)


def _on_date(scoring: Date, claims: ClaimColumns, of: Stays, outcome: float, *, nothing: bool) -> str:
    """Write out what one forecast loses on a date while it stands, or what knowing nothing does in that time."""
    claim = int(of.claim[0])
    days, one = scoring.days[[claim]], np.array([outcome])
    curve = date_reference(days) if nothing else scoring.said.part(of.said.astype(np.intp))
    start, end = ((moment - scoring.opens[claim]) / scoring.day for moment in (of.starts, of.ends))
    last = scoring.last_days(one, of.claim)
    lines = date_gaps_over_time(curve, one, last, days=days, start=start, end=end)
    counted = float(days_open(days, scoring.closes[[claim]])[0])
    return date_arithmetic_over_time(claims, claim, lines, counted, (outcome, float(last[0])))


def _forecast(number: int, lost: float) -> str:
    return f"forecast {number + 1} loses {written(lost)}"


def saved_over_time(pool: Pool, positions: IndexArray) -> Iterator[tuple[str, str]]:
    """Write out the same for series whose claims came out, each by the scoring of its type."""
    own, table = SeriesStanding(pool, positions), pool.table
    stood, edges = own.standing, np.searchsorted(own.standing.series, np.arange(own.keys.size + 1)).tolist()
    stays = Stays(stood.probabilities, own.claims[stood.series], stood.starts, stood.ends, stood.series)
    for claim, begin, end in zip(own.claims.tolist(), edges[:-1], edges[1:], strict=True):
        of, shares = stays.part(slice(begin, end)), stood.shares[begin:end].tolist()
        yield saved_if(table.scoring_of(claim), table.claims, of, shares, float(table.claims.outcome[claim]))

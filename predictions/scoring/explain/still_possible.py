"""Write out what a forecast on a claim without a verdict can still lose, with the best and the worst outcomes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts.dates import Date
from forecasts.numbers import Number
from forecasts.questions import Scoring, YesNo
from predictions.numerals import exact, figure
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.explain.gap_lines import day_of_window, value_written
from predictions.scoring.explain.questions import lost
from predictions.scoring.series import SeriesTable
from predictions.scoring.series_row import SeriesRow
from predictions.scoring.track_record import possible_scores

Cost = tuple[float, str, float]  # the loss with an outcome, the outcome in words, and as a number of the claim's type


def still_possible(table: SeriesTable, row: SeriesRow) -> str:
    """Write out the score of a row; without an outcome, the scores it can still get and with which outcomes."""
    scores, forecast, claim = (
        possible_scores(row.middle),
        row.middle.probability or 0.0,
        row.key // len(table.forecasters),
    )
    scoring, claims = table.scoring_of(claim), table.claims
    if len(scores) == 1:
        return (
            f"scored: {lost(scoring, claims, claim, forecast, float(claims.outcome[claim]))} = {figure(scores[0], 6)}"
        )
    costs = list(_costs(scoring, claims, claim, forecast))
    text = ", ".join(f"{figure(cost, 6)} if {outcome}" for cost, outcome, _ in costs)
    if isinstance(scoring, YesNo):
        return f"{row.category}, p {exact(forecast)}: {text}"
    least, most = (lost(scoring, claims, claim, forecast, end[2]) for end in (min(costs), max(costs)))
    return f"{row.category}: {text}; least: {least}; most: {most}"


def _costs(scoring: Scoring, claims: ClaimColumns, claim: int, forecast: float) -> Iterator[Cost]:
    """Yield the losses of a forecast with the outcomes among which are the best and the worst."""
    if isinstance(scoring, Number):
        yield from _of_number(scoring, claims, claim, forecast)
    elif isinstance(scoring, Date):
        yield from _of_date(scoring, claims, claim, forecast)
    else:
        outcomes = ["no", "yes"] if isinstance(scoring, YesNo) else claims.types.named[claim]
        count = len(outcomes)
        losses = scoring.losses(np.full(count, forecast), np.arange(float(count)), np.full(count, claim))
        yield from zip(losses.tolist(), outcomes, map(float, range(count)), strict=True)


def _of_number(scoring: Number, claims: ClaimColumns, claim: int, forecast: float) -> Iterator[Cost]:
    """Yield the losses at the median, where it is least, and at both ends of the range, one of which is the worst."""
    one, where = np.array([forecast]), np.array([claim])
    ends = scoring.off_axis(np.array([scoring.low[claim], scoring.high[claim]]), np.repeat(where, 2))
    values = np.append(scoring.medians(one, where), ends)
    for value, name in zip(values.tolist(), ("the median", "the low end", "the high end"), strict=True):
        cost = float(scoring.losses(one, np.array([value]), where)[0])
        yield cost, f"it is {value_written(claims, claim, value)} ({name})", value


def _of_date(scoring: Date, claims: ClaimColumns, claim: int, forecast: float) -> Iterator[Cost]:
    """Yield the losses with the next day to come, the day by which it is as likely as not, and never."""
    one, where, never = np.array([forecast]), np.array([claim]), float(scoring.days[claim]) + 1
    next_day, likely = (float(day[0]) for day in scoring.telling_days(one, where))
    for day, name in {likely: "by when it is as likely as not", next_day: "the next day to come", never: ""}.items():
        cost = float(scoring.losses_on(one, np.array([day]), where)[0])
        yield cost, f"on {day_of_window(claims, claim, day)} ({name})" if name else "never", day

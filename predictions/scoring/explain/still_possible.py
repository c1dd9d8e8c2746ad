"""Write out what a claim without a verdict can still cost, for the outcomes at which that is least or most."""

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

Cost = tuple[float, str, float]  # what an outcome would cost, which it is, and as the scoring of its type has it


def still_possible(table: SeriesTable, row: SeriesRow) -> str:
    """Write out the score of a row, or those it can still have and for which outcomes."""
    scores, said, claim = possible_scores(row.middle), row.middle.probability or 0.0, row.key // len(table.forecasters)
    scoring, claims = table.scoring_of(claim), table.claims
    if len(scores) == 1:
        return f"scored: {lost(scoring, claims, claim, said, float(claims.outcome[claim]))} = {figure(scores[0], 6)}"
    costs = list(_costs(scoring, claims, claim, said))
    text = ", ".join(f"{figure(cost, 6)} if {outcome}" for cost, outcome, _ in costs)
    if isinstance(scoring, YesNo):
        return f"{row.category}, p {exact(said)}: {text}"
    least, most = (lost(scoring, claims, claim, said, end[2]) for end in (min(costs), max(costs)))
    return f"{row.category}: {text}; least: {least}; most: {most}"


def _costs(scoring: Scoring, claims: ClaimColumns, claim: int, said: float) -> Iterator[Cost]:
    """Yield what a forecast would cost, for the outcomes that tell the least and the most."""
    if isinstance(scoring, Number):
        yield from _of_number(scoring, claims, claim, said)
    elif isinstance(scoring, Date):
        yield from _of_date(scoring, claims, claim, said)
    else:
        outcomes = ["no", "yes"] if isinstance(scoring, YesNo) else claims.types.named[claim]
        count = len(outcomes)
        losses = scoring.losses(np.full(count, said), np.arange(float(count)), np.full(count, claim))
        yield from zip(losses.tolist(), outcomes, map(float, range(count)), strict=True)


def _of_number(scoring: Number, claims: ClaimColumns, claim: int, said: float) -> Iterator[Cost]:
    """Yield the costs at the median and at the ends of the range, of which one is the worse."""
    one, where = np.array([said]), np.array([claim])
    ends = scoring.off_axis(np.array([scoring.low[claim], scoring.high[claim]]), np.repeat(where, 2))
    values = np.append(scoring.medians(one, where), ends)
    for value, name in zip(values.tolist(), ("the median", "the low end", "the high end"), strict=True):
        cost = float(scoring.losses(one, np.array([value]), where)[0])
        yield cost, f"it is {value_written(claims, claim, value)} ({name})", value


def _of_date(scoring: Date, claims: ClaimColumns, claim: int, said: float) -> Iterator[Cost]:
    """Yield the costs of the next day to come, of the day by which it is as likely as not, and of never."""
    one, where, never = np.array([said]), np.array([claim]), float(scoring.days[claim]) + 1
    next_day, likely = (float(day[0]) for day in scoring.telling_days(one, where))
    for day, name in {likely: "by when it is as likely as not", next_day: "the next day to come", never: ""}.items():
        cost = float(scoring.losses_on(one, np.array([day]), where)[0])
        yield cost, f"on {day_of_window(claims, claim, day)} ({name})" if name else "never", day

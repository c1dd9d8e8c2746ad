"""Score the forecasts that stood at fixed moments: at the opening, and a number of days before the deadline.

A first forecast is scored whenever it was made, and a forecaster who speaks later knows more. At one moment everybody
can know the same, so this is the fair way to compare forecasts. The statements may still differ, so each mean comes
with their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

import numpy as np

from predictions.errors import InvalidValue, short_repr
from predictions.scoring.columns.claims import ONE_DAY
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord, unit_means

LEADS = (90, 30, 7, 1)
MOST_LEADS = 12
MOST_DAYS = 99_999  # the largest number of days before a deadline
OPENING = "opening"


class LeadScore(NamedTuple):
    """The score of one forecaster's standing forecasts at one moment.

    Attributes:
        forecaster: The slug of the forecaster.
        lead: How many days before the end of the scheduled window; None for the end of its first day.
        brier: The mean Brier score over statements; None if nothing stood.
        n: How many statements the mean is over.
        withdrawn: From how many more claims, still undecided then, the forecaster had withdrawn.
    """

    forecaster: str
    lead: int | None
    brier: float | None
    n: int
    withdrawn: int = 0

    @property
    def at(self) -> str:
        """The moment in words."""
        return OPENING if self.lead is None else f"{self.lead:,} d"


def read_leads(leads: object) -> tuple[int, ...]:
    """Read numbers of days before the deadline, and return them, the largest first; InvalidValue for anything else.

    >>> read_leads("7,30"), read_leads([1, 7]), read_leads(30)
    ((30, 7), (7, 1), (30,))
    """
    parts = leads.split(",") if isinstance(leads, str) else leads
    days = set()
    for part in parts if isinstance(parts, (Sequence, Set)) else [parts]:
        if isinstance(part, int) and not isinstance(part, bool) and 0 <= part <= MOST_DAYS:
            days.add(int(part))
            continue
        text = part.strip() if isinstance(part, str) else ""
        if not re.fullmatch("[0-9]{1,5}", text, re.ASCII):
            raise InvalidValue(f"leads: {short_repr(part)} is no number of days; say days before the deadline: 90,30,7")
        days.add(int(text))
    if not 1 <= len(days) <= MOST_LEADS:
        raise InvalidValue(f"leads: there are {len(days)}; say 1 to {MOST_LEADS} of them, such as 90,30,7,1")
    return tuple(sorted(days, reverse=True))


def lead_scores(pool: Pool, records: Iterable[TrackRecord], leads: Sequence[int]) -> list[LeadScore]:
    """Return the scores of each record at the opening and at each lead.

    At a moment a claim counts if its window had opened and its answer was not public. The opening is the end of the
    first day, because on claims that count by whole days nothing can stand earlier.
    """
    return [score for record in records for score in _scores_of(pool, record, leads)]


def _scores_of(pool: Pool, record: TrackRecord, leads: Sequence[int]) -> list[LeadScore]:
    """Score the numbers of one forecaster that stood at each moment."""
    table = pool.table
    positions = record.positions("means")
    part = table.series.part(positions)
    standing, claims = pool.standing(table.keys(part)), table.claims
    opens, closes = claims.opens.take(part.claim), claims.closes.take(part.claim)
    public, began = np.minimum(claims.limit.take(part.claim), closes), np.full(positions.size, np.inf)
    np.minimum.at(began, standing.series, standing.starts)
    scores = []
    for lead in (None, *leads):
        moment_of_series = opens + ONE_DAY if lead is None else closes - lead * ONE_DAY
        moment = moment_of_series[standing.series]
        stood = (standing.starts <= moment) & (moment < standing.ends)
        series = standing.series[stood]
        losses = table.losses_of(standing.probabilities[stood], table.series.part(positions[series]))
        means = unit_means(claims.units.fair.take(part.claim[series]), losses)
        brier = float(np.mean(means)) if means.size else None
        left = (began <= moment_of_series) & (moment_of_series < public)
        left[series] = False
        scores.append(LeadScore(record.forecaster.slug, lead, brier, means.size, int(left.sum())))
    return scores

"""Compare a forecaster with the others' median on choices, numbers and dates, while both have a standing forecast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecasts.choices import Choice
from forecasts.dates import Date
from forecasts.inputs import FloatArray, IndexArray
from forecasts.numbers import Number
from forecasts.questions import Scoring
from forecasts.share_scores import Shares
from forecasts.side_by_side import shared
from forecasts.standing import stands_from
from predictions.scoring.columns.distributions import Distributions, by_place, curves_on_claims
from predictions.scoring.crowds.distributions import type_crowd_rows
from predictions.scoring.crowds.numbers import METHODS
from predictions.scoring.pool import Pool
from predictions.scoring.references import SeriesStanding
from predictions.storage.lines import Lines, lined_up

MEDIAN = list(METHODS).index("crowd-median")


class _Pooled:
    """Keeps the distributions of a crowd by themselves, so that comparing adds nothing to those of the ledger.

    It stands in for :class:`Distributions`, from which the distributions of members are read.
    """

    def __init__(self, members: Distributions) -> None:
        self._members, self._added, self._count = members, list[Lines](), 0

    def at_places(self, kind: int, places: FloatArray) -> Lines:
        return self._members.at_places(kind, places)

    def add(self, kind: int, lines: Lines) -> int:
        self._added.append(lines)
        self._count += lines.size.size
        return self._count - lines.size.size

    def lines(self) -> Lines:
        return lined_up(self._added)


def saved_on_median(pool: Pool, own: SeriesStanding) -> FloatArray:
    """Return what one forecaster's series saved against the others' median, on claims of one type in ascending order.

    Crowds and reference rules are not among the others. NaN if nobody else stood at the same time.
    """
    table, pooled = pool.table, _Pooled(pool.reader.distributions)
    forecasters = len(table.forecasters)
    rows = pool.scored_rows(own.claims)
    rows = rows._replace(mark=np.zeros_like(rows.mark))  # all of them count, and a crowd takes only unmarked rows
    members = pool.may_be_others & (np.arange(forecasters) != own.keys[0] % forecasters)
    crowds = type_crowd_rows(rows, members, table.claims, pooled, fewest=1)
    medians = crowds.part(crowds.forecaster == forecasters + MEDIAN)
    series = np.searchsorted(own.claims, medians.claim)
    times = stands_from(medians.time, table.claims.grain.take(medians.claim))
    both = shared(own.standing, pool.standing_on(own.claims, times, medians.probability, series))
    stays = own.outcomes[both.series], own.claims[both.series], both.starts, both.ends
    scoring = _scoring(pool, own.scoring, pooled.lines(), medians.claim.astype(np.intp), medians.probability)
    saved = own.scoring.saved(both.first, *stays) - scoring.saved(both.second, *stays)
    stood = np.isin(np.arange(own.keys.size), both.series)
    return np.where(stood, own.standing.total(saved, both.series) / own.standing.horizon, np.nan)


def _scoring(pool: Pool, scoring: Scoring, lines: Lines, claim: IndexArray, place: FloatArray) -> Scoring:
    """Return the scoring of a type for other distributions, given the claim and the place of each row."""
    if isinstance(scoring, Choice):
        return replace(scoring, shares=Shares(lines.chance, lines.size))
    has_forecast = ~np.isnan(place)
    claim_of_place = by_place(lines, place[has_forecast], claim[has_forecast])
    curves = curves_on_claims(lines, pool.table.claims, claim_of_place)
    if isinstance(scoring, Number):
        return replace(scoring, curves=curves)
    if isinstance(scoring, Date):
        return replace(scoring, curves=curves, passed=np.zeros(curves.size.size))
    return scoring

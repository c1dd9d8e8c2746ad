"""Compare a forecaster with the median of the others on choices, numbers and dates, whenever both stand."""

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
    """What a crowd says, beside what its members say, which stays where it is."""

    def __init__(self, members: Distributions) -> None:
        self._members, self._added, self._count = members, list[Lines](), 0

    def said(self, kind: int, places: FloatArray) -> Lines:
        return self._members.said(kind, places)

    def add(self, kind: int, said: Lines) -> int:
        self._added.append(said)
        self._count += said.size.size
        return self._count - said.size.size

    def lines(self) -> Lines:
        return lined_up(self._added)


def saved_on_median(pool: Pool, own: SeriesStanding) -> FloatArray:
    """Return what one forecaster's series on claims of one type, in the order of claims, saved on the others' median.

    The others are those who stand there, without crowds and reference rules; NaN where nobody stood beside.
    """
    table, pooled = pool.table, _Pooled(pool.reader.distributions)
    people = len(table.forecasters)
    rows = pool.scored_rows(own.claims)
    rows = rows._replace(mark=np.zeros_like(rows.mark))
    members = pool.may_be_others & (np.arange(people) != own.keys[0] % people)
    said = type_crowd_rows(rows, members, table.claims, pooled, fewest=1)
    said = said.part(said.forecaster == people + MEDIAN)
    series = np.searchsorted(own.claims, said.claim)
    times = stands_from(said.time, table.claims.grain.take(said.claim))
    both = shared(own.standing, pool.standing_on(own.claims, times, said.probability, series))
    of = own.outcomes[both.series], own.claims[both.series], both.starts, both.ends
    median = _scoring(pool, own.scoring, pooled.lines(), said.claim.astype(np.intp), said.probability)
    saved = own.scoring.saved(both.first, *of) - median.saved(both.second, *of)
    stood = np.isin(np.arange(own.keys.size), both.series)
    return np.where(stood, own.standing.total(saved, both.series) / own.standing.horizon, np.nan)


def _scoring(pool: Pool, scoring: Scoring, lines: Lines, claim: IndexArray, place: FloatArray) -> Scoring:
    """Return the scoring of a type with other distributions, each on the claim at whose row its place stands."""
    if isinstance(scoring, Choice):
        return replace(scoring, said=Shares(lines.chance, lines.size))
    speaks = ~np.isnan(place)
    curves = curves_on_claims(lines, pool.table.claims, by_place(lines, place[speaks], claim[speaks]))
    if isinstance(scoring, Number):
        return replace(scoring, said=curves)
    if isinstance(scoring, Date):
        return replace(scoring, said=curves, passed=np.zeros(curves.size.size))
    return scoring

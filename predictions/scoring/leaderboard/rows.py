"""Make the lines of the leaderboard: each forecaster's rank, skill and chances, and the caveats on them.

Crowds, rules, and numbers read from words have a skill but no rank. How much weight a rank needs is decided in
:mod:`forecasts.adjusted_skill`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from predictions.enums import DERIVED, ForecasterKind
from predictions.scoring.leaderboard.standings import READ_AT, Standings
from predictions.scoring.track_record import FEW, TrackRecord
from predictions.scoring.undoubted import mean_undoubted

NO_OTHERS = "shares none with the yardstick"
TOO_LITTLE = "too little"
SLACK_OF_WEIGHTS = 1e-9  # the rounding error that a sum of weights may have


@dataclass(frozen=True)
class LeaderboardRow:
    """One line of the leaderboard.

    Attributes:
        rank: The place in its table, from 1; None if unranked.
        forecaster: The forecaster's slug.
        skill: The difficulty-adjusted skill over time: 0 is as good as knowing nothing, 1 would be always right and
            sure. For numbers read from words it is taken at the middle of their ranges.
        measured: The skill before it was drawn towards that of the yardstick.
        lower: The low end of the interval of *measured*; for words it spans the intervals at all ends of the ranges.
        upper: The high end of that interval.
        better: The chance that the forecaster is better than knowing nothing; a lower bound with *at_least*.
        first: The chance of being first in its table; a lower bound with *at_least*.
        at_least: True if anything in its table is in doubt. Then *better*, *first* and *rank_high* hold whatever
            becomes of it. They are None for forecasters who are not drawn, or if the ledger is too large.
        n: How many statements the forecaster is scored on.
        compared: On how many of them others stood at the same time; the skill rests on these alone.
        weight: How many full statements *compared* makes: a forecast that stood half its window counts half.
        coverage: The share of the scheduled windows in which a forecast stood.
        entered: How much of the window had gone when the first forecast was made.
        rank_low: The best place that is likely.
        rank_high: The worst place that is likely.
        table: The number of its table; figures of different tables cannot be compared.
        kind: The kind of the forecaster.
        in_yardstick: True if the forecaster's numbers are part of the yardstick.
        from_words: True if the numbers of this line were read from words or ranges.
        unranked: Why it has no rank; empty if it has one.
        no_verdict: How many statements are due and have no verdict.
        unclear: How many statements are due, and were annulled or found ambiguous.
        at_worst: The lowest skill if all that is in doubt (no verdict, unclear, true in part, contested) came out in
            one of the ways that were tried: all ways if they are few, else those that cost somebody most. None if
            nothing is in doubt, the forecaster is not drawn, or the ledger is too large.
        dated_early: The number of claims whose verdict is dated long before it was recorded, including claims on which
            nothing stood in time because of that date.
        by_recording: The skill if every answer had been public when its verdict was recorded.
        dated_late: The number of claims whose verdict is dated long after its answer could be known, or names no
            moment although forecasts of the last day count.
        day_unknown: The number of dates that came, of which the verdict tells only the month or year.
        as_early_as_known: The skill if every answer had been public as early as it could be.
        late_clusters: The number of claims in a cluster that was declared too late.
        by_day: The number of claims on which forecasts count by whole days although they have ``closes_at``.
        partly: The number of claims that are true in part; how much is a judgement of the person who decided.
        contested: The number of claims with a verdict that somebody contests.
        retracted: The number of claims whose verdict rests on evidence that was retracted since.
        replaced: The number of claims that had another outcome before.
        begun_by_words: How many more statements began with words; they have a line of their own.
        undoubted: The share of the questions that nobody ever doubted; it raises every skill.
    """

    rank: int | None
    forecaster: str
    skill: float | None
    measured: float | None
    lower: float | None
    upper: float | None
    better: float | None
    first: float | None
    at_least: bool
    n: int
    compared: int
    weight: float
    coverage: float | None
    entered: float | None
    rank_low: int | None
    rank_high: int | None
    table: int | None
    kind: str
    in_yardstick: bool
    from_words: bool
    unranked: str
    no_verdict: int
    unclear: int
    at_worst: float | None
    dated_early: int
    by_recording: float | None
    dated_late: int
    day_unknown: int
    as_early_as_known: float | None
    late_clusters: int
    by_day: int
    partly: int
    contested: int
    retracted: int
    replaced: int
    begun_by_words: int
    undoubted: float | None

    @property
    def in_doubt(self) -> bool:
        """True if some claim that the line rests on could still come out otherwise."""
        return bool(self.no_verdict or self.unclear or self.partly or self.contested)


def leaderboard_rows(standings: Standings) -> list[LeaderboardRow]:
    """Return the lines of all forecasters with a scored statement: ranked first, those without a skill last."""
    maker = _RowMaker(standings)
    records = [record for record in standings.pool.everybody if record.n or record.n_imputed]
    stated = [maker.stated(record) for record in records if record.n]
    in_words = [maker.in_words(record) for record in records if record.n_imputed]
    ranked = sorted((row for row in stated if row.rank), key=lambda row: (row.table or 0, row.rank or 0))
    unranked = [row for row in [*in_words, *stated] if not row.rank and row.skill is not None]
    without_skill = [row for row in [*stated, *in_words] if row.skill is None]
    return [*ranked, *unranked, *without_skill]


def is_computed(kind: str) -> bool:
    """Return True for a crowd or a rule, whose numbers are computed from those of others."""
    return ForecasterKind(kind) in DERIVED


class _RowMaker:
    """Makes lines from the arrays of the standings."""

    def __init__(self, standings: Standings) -> None:
        self._standings, self._found, self._cautious = standings, standings.found, standings.cautious
        # A rank needs enough weight with every cluster that was ever declared; so ranks are counted anew in each table.
        both = np.flatnonzero(self._found.ranked & self._cautious.ranked)
        order = both[np.lexsort((self._found.rank[both], self._found.part[both]))]
        begins = np.searchsorted(self._found.part[order], self._found.part[order])
        self._ranks = dict(zip(order.tolist(), (np.arange(order.size) - begins + 1).tolist(), strict=True))

    def stated(self, record: TrackRecord) -> LeaderboardRow:
        """Make the line of a forecaster's stated numbers."""
        why = str(record.forecaster.kind) if record.forecaster.kind in DERIVED else ""
        return self._line(record, [record.number], record.n, record.means, why)

    def in_words(self, record: TrackRecord) -> LeaderboardRow:
        """Make the line of numbers that were read from a forecaster's words or ranges."""
        position = int(np.searchsorted(self._standings.words, record.number))
        low = self._standings.forecasters + len(READ_AT) * position
        middle, high = low + 1, low + 2  # as in READ_AT
        return self._line(record, [middle, low, high], record.n_imputed, record.means_imputed, "from words")

    def _line(
        self, record: TrackRecord, participants: list[int], n: int, means: Mapping[str, float], why: str
    ) -> LeaderboardRow:
        """Make one line.

        Args:
            record: The record of the forecaster.
            participants: The numbers under which the forecaster takes part in this line. The figures are those of the
                first; the interval spans the intervals of all.
            n: How many statements the line has.
            means: Their mean coverage and entry.
            why: Why it is not ranked in any case; empty if it may be.
        """
        found, number, first, from_words = self._found, record.number, participants[0], len(participants) > 1
        both, part, rank = (found, self._cautious), int(found.part[first]), self._ranks.get(first)
        # Of the two ways to count clusters take the more cautious: a late cluster can only cost a rank.
        weight = min(float(ranking.weight[first]) for ranking in both) if part >= 0 else 0.0
        figure = "means, imputed" if from_words else "means"
        enough, marks = weight >= FEW - SLACK_OF_WEIGHTS, self._standings.marks[figure]
        claims = record.table.series.claim[record.positions(figure)]
        missing = int((self._standings.missing_of_words if from_words else self._standings.missing)[number])
        lower, upper = self._interval(participants)
        return LeaderboardRow(
            rank=rank, forecaster=record.forecaster.slug, kind=str(record.forecaster.kind),
            skill=float(found.skill[first]) if enough else None,
            measured=float(found.raw[first]) if enough else None,
            lower=lower if enough else None, upper=upper if enough else None,
            better=min((float(ranking.better[first]) for ranking in both), key=_from_half) if enough else None,
            first=float(found.first[first]) if rank else None,
            at_least=False,
            n=n,
            compared=min(n, *(int(ranking.clusters[first]) for ranking in both)) if part >= 0 else 0,
            weight=weight,
            coverage=means["coverage"], entered=means["entered"],
            rank_low=min(int(ranking.rank_low[first]) for ranking in both) if rank else None,
            rank_high=max(int(ranking.rank_high[first]) for ranking in both) if rank else None,
            table=part + 1 if part >= 0 else None,
            in_yardstick=bool(self._standings.stick.members[number]) and not from_words,
            from_words=from_words,
            unranked="" if rank else why or (TOO_LITTLE if part >= 0 else NO_OTHERS),
            no_verdict=missing,
            unclear=0 if from_words else int(self._standings.unclear[number]), at_worst=None,
            dated_early=int(marks.dated_early[number]),
            by_recording=(
                float(self._standings.as_recorded.skill[number])
                if enough and marks.dated_early[number] and not from_words else None
            ),
            dated_late=int(marks.dated_late[number]), day_unknown=int(marks.day_unknown[number]),
            as_early_as_known=(
                float(self._standings.as_early_as_known.skill[number])
                if enough and marks.dated_late[number] and not from_words else None
            ),
            late_clusters=int(marks.late_clusters[number]), by_day=int(marks.by_day[number]),
            partly=int(marks.partly[number]), contested=int(marks.contested[number]),
            retracted=int(marks.retracted[number]), replaced=int(marks.replaced[number]),
            begun_by_words=0 if from_words else record.n_imputed,
            undoubted=mean_undoubted(self._standings.pool.undoubted, claims, record.table.claims.units.fair[claims]),
        )  # fmt: skip

    def _interval(self, participants: list[int]) -> tuple[float, float]:
        """Return the lowest and the highest end of some participants, over both ways in which clusters are counted."""
        ends = [
            (ranking.lower[participant], ranking.upper[participant])
            for ranking in (self._found, self._cautious)
            for participant in participants
        ]
        lower, upper = zip(*ends, strict=True)
        return float(min(lower)), float(max(upper))


def _from_half(chance: float) -> float:
    """Return how far a chance is from 50 %, which says nothing."""
    return abs(chance - 0.5)

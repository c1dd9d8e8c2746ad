"""Make the lines of the leaderboard: rank, skill and chances of each forecaster, and what qualifies each figure.

Crowds, rules, and numbers that were read from words have a skill and no rank. How much weight a rank takes is
decided in :mod:`forecasts.adjusted_skill`.
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
SLACK_OF_WEIGHTS = 1e-9  # in a sum of weights


@dataclass(frozen=True)
class LeaderboardRow:
    """One line of the leaderboard.

    Attributes:
        rank: The place in its table, from 1; None if unranked.
        forecaster: The forecaster's slug.
        skill: The difficulty-adjusted skill over time: 0 is as good as knowing nothing, 1 would be always right and
            sure. Of numbers that were read from words it is that of the middle of their range.
        measured: The same before it was drawn towards that of the yardstick.
        lower: The low end of the interval of the skill as measured; with words, of whichever end of their range is
            lower.
        upper: The high end, likewise.
        better: The chance that the forecaster is better than knowing nothing; with *at_least* no less than that.
        first: The chance of being first in its table, likewise.
        at_least: True if anything in its table is in doubt: *better*, *first* and *rank_high* are then what holds
            whatever becomes of it, and None for those who are not drawn, or if the ledger is too large.
        n: How many statements it forecast.
        compared: On how many of them others stood at the same time: the skill rests on these alone.
        weight: How many whole statements they make: a forecast that stood half its window is half of one.
        coverage: The share of the scheduled windows in which a forecast stood.
        entered: How much of the window had gone when the first forecast was made.
        rank_low: The best place that is likely.
        rank_high: The worst place that is likely.
        table: The number of its table; figures of different tables cannot be compared.
        kind: What the forecaster is.
        in_yardstick: True if the yardstick is made of their numbers, with others'.
        from_words: True if its numbers were read from words or ranges.
        unranked: Why it has no rank; empty if it has one.
        no_verdict: How many statements are due and have no verdict.
        unclear: How many are due, and were annulled or found ambiguous.
        at_worst: The least skill of every way in which these, and those true in part or with a contested verdict, were
            supposed to come out: all ways where they are few, else those that cost somebody most over time; of those
            who are drawn, and None if there is none or the ledger is too large.
        dated_early: On how many claims whose verdict is dated long before it was recorded; those on which nothing
            stood in time because of that are among them.
        by_recording: The skill if every answer had been public when its verdict was recorded.
        dated_late: On how many claims whose verdict is dated long after its answer could be known, or names no moment
            where forecasts of the last day count.
        as_early_as_known: The skill if every answer had been public as early as it could be.
        late_clusters: On how many claims of a cluster that was declared too late.
        by_day: On how many claims told by the day although they have ``closes_at``.
        partly: On how many claims that are true in part, by as much as whoever decided said.
        contested: On how many claims with a verdict that somebody contests.
        retracted: On how many claims whose verdict rests on evidence that was retracted since.
        replaced: On how many claims that had another outcome before.
        begun_by_words: How many more statements began with words, and stand on a line of their own.
        undoubted: Which share of what they were asked nobody ever doubted; it raises every skill.
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
        """True if anything it rests on could still come out otherwise."""
        return bool(self.no_verdict or self.unclear or self.partly or self.contested)


def leaderboard_rows(standings: Standings) -> list[LeaderboardRow]:
    """Return a line for each forecaster with anything settled: the ranked first, those without a skill last."""
    lines = _RowMaker(standings)
    records = [record for record in standings.pool.everybody if record.n or record.n_imputed]
    stated = [lines.stated(record) for record in records if record.n]
    in_words = [lines.in_words(record) for record in records if record.n_imputed]
    ranked = sorted((row for row in stated if row.rank), key=lambda row: (row.table or 0, row.rank or 0))
    beside = [row for row in [*in_words, *stated] if not row.rank and row.skill is not None]
    return [*ranked, *beside, *(row for row in [*stated, *in_words] if row.skill is None)]


def is_computed(kind: str) -> bool:
    """Return True for a crowd or a rule."""
    return ForecasterKind(kind) in DERIVED


class _RowMaker:
    """Makes lines from the arrays of the standings."""

    def __init__(self, standings: Standings) -> None:
        self._of, self._found, self._cautious = standings, standings.found, standings.cautious
        # Ranked is who has enough weight with every cluster that was ever declared.
        both = np.flatnonzero(self._found.ranked & self._cautious.ranked)
        order = both[np.lexsort((self._found.rank[both], self._found.part[both]))]
        begins = np.searchsorted(self._found.part[order], self._found.part[order])
        self._ranks = dict(zip(order.tolist(), (np.arange(order.size) - begins + 1).tolist(), strict=True))

    def stated(self, record: TrackRecord) -> LeaderboardRow:
        """Make the line of somebody's own numbers."""
        why = str(record.forecaster.kind) if record.forecaster.kind in DERIVED else ""
        return self._line(record, [record.number], record.n, record.means, why)

    def in_words(self, record: TrackRecord) -> LeaderboardRow:
        """Make the line of numbers that were read from somebody's words."""
        low = self._of.forecasters + len(READ_AT) * int(np.searchsorted(self._of.words, record.number))
        return self._line(record, [low + 1, low, low + 2], record.n_imputed, record.means_imputed, "from words")

    def _line(
        self, record: TrackRecord, places: list[int], n: int, means: Mapping[str, float], why: str
    ) -> LeaderboardRow:
        """Make the line of who takes part at the first of some places; its interval spans those at all of them."""
        found, number, first, from_words = self._found, record.number, places[0], len(places) > 1
        both, part, rank = (found, self._cautious), int(found.part[first]), self._ranks.get(first)
        # Of the two ways in which clusters are counted the one that says less: a late cluster may only cost a rank.
        weight = min(float(ranking.weight[first]) for ranking in both) if part >= 0 else 0.0
        figure = "means, imputed" if from_words else "means"
        enough, marks = weight >= FEW - SLACK_OF_WEIGHTS, self._of.marks[figure]
        on = record.table.series.claim[record.positions(figure)]
        missing = int((self._of.missing_of_words if from_words else self._of.missing)[number])
        lower, upper = self._interval(places)
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
            in_yardstick=bool(self._of.stick.members[number]) and not from_words,
            from_words=from_words,
            unranked="" if rank else why or (TOO_LITTLE if part >= 0 else NO_OTHERS),
            no_verdict=missing,
            unclear=0 if from_words else int(self._of.unclear[number]), at_worst=None,
            dated_early=int(marks.dated_early[number]),
            by_recording=(
                float(self._of.as_recorded.skill[number])
                if enough and marks.dated_early[number] and not from_words else None
            ),
            dated_late=int(marks.dated_late[number]),
            as_early_as_known=(
                float(self._of.as_early_as_known.skill[number])
                if enough and marks.dated_late[number] and not from_words else None
            ),
            late_clusters=int(marks.late_clusters[number]), by_day=int(marks.by_day[number]),
            partly=int(marks.partly[number]), contested=int(marks.contested[number]),
            retracted=int(marks.retracted[number]), replaced=int(marks.replaced[number]),
            begun_by_words=0 if from_words else record.n_imputed,
            undoubted=mean_undoubted(self._of.pool.undoubted, on, record.table.claims.units.fair[on]),
        )  # fmt: skip

    def _interval(self, places: list[int]) -> tuple[float, float]:
        """Return the lowest and the highest end at some places, over both ways in which clusters are counted."""
        ends = [
            (ranking.lower[place], ranking.upper[place])
            for ranking in (self._found, self._cautious)
            for place in places
        ]
        lower, upper = zip(*ends, strict=True)
        return float(min(lower)), float(max(upper))


def _from_half(chance: float) -> float:
    return abs(chance - 0.5)

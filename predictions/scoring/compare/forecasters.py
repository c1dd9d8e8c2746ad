"""Compare two forecasters on the same statements over the same time: the difference, its interval, and a sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import reduce
from statistics import fmean

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from predictions.errors import InvalidValue
from predictions.numerals import counted, figure
from predictions.render.blocks import Block, Heading, Paragraph, Table
from predictions.render.result import Result, Value
from predictions.scoring.anytime import ANY, BESIDE_HALF, anytime, more_needed, presumed
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.eligibility import Rule
from predictions.scoring.pool import Pool
from predictions.scoring.references import SeriesStanding, least_and_most
from predictions.scoring.score_columns import LEVEL, Reference
from predictions.scoring.statistics import Ends, interval_of
from predictions.scoring.track_record import FEW, TrackRecord

MOST_STATEMENTS = 20  # in the table
REFERENCE_NAMES: dict[str, str] = {
    Reference.HALF: "always saying 50 %",
    Reference.BASE_RATE: "the base rate (in hindsight)",
    Reference.CLOCK: "the clock",
    Reference.CROWD: "the median of the others",
}

UNBOUNDED = {Reference.BASE_RATE, Reference.CLOCK, Reference.CROWD}
"""References whose numbers depend on the verdicts still missing, so that these cannot be bounded."""


@dataclass(frozen=True)
class Pair:
    """One unit that both forecast: usually one statement.

    Attributes:
        statement: The slug of the statement; of several the first.
        claims: The slugs of its claims.
        settle_on: The last of their settle days.
        difference: Loss of the first less loss of the second, over the time both stood.
        cluster: The number of its unit with every cluster that was ever declared.
    """

    statement: str
    claims: tuple[str, ...]
    settle_on: str
    difference: float
    cluster: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, repr=False)
class Comparison(Result, rows="pairs", of=Pair):
    """The first forecaster beside the second; a negative difference favours the first.

    Attributes:
        first: The slug of the first forecaster.
        second: The slug of the second, or the name of a reference.
        pairs: The statements both forecast, in the order of settling.
        observations: How many they are; fewer than the pairs if a cluster was declared too late for the means.
        difference: The mean difference of squared error over time; None without a pair.
        anytime: An interval that holds at every moment at once, however often one looks.
        once: An ordinary interval, which holds for one look planned beforehand.
        said: The mean difference of the Brier scores of the forecasts that are scored; None against a reference.
        rule: Whether these are the first or the last forecasts.
        same_days: True if both made them on the same days.
        needed: About how many more statements would put 0 outside *anytime*; None if that cannot be said.
        missing: How many statements of both have no verdict; *anytime* allows for them.
        presumed: What *anytime* presumes where windows overlap, as the end of a sentence; empty where none do.
        other_types: How many choices, numbers and dates of both are not in it.
    """

    first: str
    second: str
    pairs: tuple[Pair, ...]
    observations: int
    difference: float | None
    anytime: tuple[float, float] | None
    once: tuple[float, float] | None
    said: float | None
    rule: Rule
    same_days: bool
    needed: int | None
    missing: int = 0
    presumed: str = ""
    other_types: int = 0

    @property
    def distinguishable(self) -> bool:
        """True if the interval that holds at any time leaves out 0, whatever the missing verdicts will be."""
        if self.missing and self.second in UNBOUNDED:
            return False
        return bool(self.anytime and (self.anytime[0] > 0 or self.anytime[1] < 0))

    @property
    def sentence(self) -> str:
        """The result in one sentence; too few statements are not judged."""
        n, who = self.observations, REFERENCE_NAMES.get(self.second, self.second)
        if self.difference is None:
            return f"{self.first} and {who} have no scored statement in common, so nothing can be compared."
        size, better = abs(self.difference), self.difference < 0
        than = "as high as" if not size else f"{figure(size)} {'lower (better)' if better else 'higher (worse)'} than"
        whose = (
            f"of {self.first}, over the time a forecast stood"
            if self.second in REFERENCE_NAMES
            else ("both forecast, over the time both did")
        )
        said = f"On the {counted(n, 'statement')} {whose}, the squared error of {self.first} is {than} that of {who}"
        if n < FEW or not self.anytime:
            return f"{said}; too few to say, at least {max(FEW - n, 1)} more needed."
        turn = f"; {self.missing:,} without a verdict could still turn it" if self.missing else ""
        if self.missing and self.second in UNBOUNDED:
            return f"{said}; not yet to be told{turn}."
        sure = f"{100 * LEVEL:.0f} % interval {_signed(self.anytime)}, however often one looks{self.presumed}"
        if self.distinguishable:
            whatever = f", whatever becomes of {self.missing:,} without a verdict" if self.missing else ""
            return f"{said} ({sure}): {self.first if better else who} was better{whatever}."
        more = f"; about {self.needed:,} more statements would tell, if it stays so" if self.needed else ""
        return f"{said} ({sure}): not yet distinguishable{turn or more}."

    def blocks(self) -> Sequence[Block]:
        """Lay out the sentence, the table of the largest differences, and what else bears on them."""
        blocks: list[Block] = [Heading(f"{self.first} beside {self.second}"), Paragraph(self.sentence, 2)]
        if self.other_types:
            apart = counted(self.other_types, "choice, number or date is", "choices, numbers and dates are")
            blocks.append(Paragraph(f"{apart} not in it: leaderboard compares them", 2))
        if self.difference is None:
            return blocks
        listed = sorted(self.pairs, key=lambda pair: -abs(pair.difference))[:MOST_STATEMENTS]
        few = f", the {MOST_STATEMENTS} largest of {len(self.pairs):,}" if len(self.pairs) > MOST_STATEMENTS else ""
        rows = [
            (pair.settle_on, pair.statement, figure(pair.difference, sign=True))
            for pair in self.pairs
            if pair in listed
        ]
        caption = f"differences of squared error{few}, in the order of settling; below 0 favours the first"
        blocks += [Paragraph(""), Table(("settled", "statement", "difference"), rows, (2,), caption)]
        if self.once:
            blocks.append(
                Paragraph(
                    f"an ordinary interval, for one look planned beforehand: {_signed(self.once)}; it is narrower, "
                    "because a reader who looks after every statement has that many chances to be misled, and the "
                    "interval above allows for them all",
                    2,
                )
            )
        if self.said is not None:
            size = figure(self.said, sign=True)
            when = f"made on the same days: {size}"
            if not self.same_days:
                when = f"made on different days: {size}; who speaks later knows more"
            blocks.append(Paragraph(f"{self.rule} forecasts, {when}", 2))
        return blocks

    def to_dict(self) -> dict[str, Value]:
        """Return the fields, with what follows from them."""
        derived: dict[str, Value] = {
            "statements": len(self.pairs),
            "distinguishable": self.distinguishable,
            "sentence": self.sentence,
        }
        return super().to_dict() | derived


def compare(pool: Pool, first: TrackRecord, second: TrackRecord | Reference) -> Comparison:
    """Compare two forecasters of one card, or one of them and a reference.

    Raises:
        InvalidValue: Both are the same forecaster.
    """
    name = first.forecaster.slug
    if first is second:
        raise InvalidValue(f"{name!r} beside {name!r} differs in nothing; name another forecaster, or a reference")
    other: SeriesStanding | None = None
    if isinstance(second, Reference):
        own = SeriesStanding(pool, first.positions("means"))
        saved = own.saved(second)
    else:
        own, other = _on_same_claims(pool, first.positions("means"), second.positions("means"))
        saved = own.saved_on(other)
    known = ~np.isnan(saved)
    claims, saved = own.claims[known], saved[known]
    pairs = _pairs(pool.table.claims, claims, -saved)
    differences, clusters = _columns(pairs)
    within = BESIDE_HALF if second is Reference.HALF else ANY
    waiting = _without_verdict(pool, first, second)
    return Comparison(
        first=name,
        second=str(second) if isinstance(second, Reference) else second.forecaster.slug,
        pairs=tuple(pairs),
        observations=np.unique(clusters).size,
        difference=float(differences.mean()) if pairs else None,
        anytime=_anytime(pool.table.claims, (claims, saved), waiting, within) if pairs else None,
        once=interval_of(differences, clusters) if pairs else None,
        said=float(np.mean(own.losses - other.losses)) if other and pairs else None,
        rule=pool.rule,
        same_days=other is None or _made_on_same_days(own, other, pool.rule),
        needed=more_needed(differences, within),
        missing=int(waiting[0].size),
        presumed=presumed(pool.table.claims, np.append(claims, waiting[0])),
    )


def claims_of_other_types(pool: Pool, slugs: Collection[str]) -> int:
    """Count the choices, numbers and dates on which all of some forecasters are scored."""
    table = pool.table
    scored = [record.positions("means") for record in pool.everybody if record.forecaster.slug in slugs]
    claims = reduce(np.intersect1d, [table.series.claim[positions] for positions in scored])
    return int(np.count_nonzero(table.claims.types.kind[claims] != YES_OR_NO))


def _on_same_claims(pool: Pool, first: IndexArray, second: IndexArray) -> tuple[SeriesStanding, SeriesStanding]:
    """Return the series of two forecasters, given by position, on the claims that both have, in the same order."""
    claim = pool.table.series.claim
    _, in_first, in_second = np.intersect1d(claim[first], claim[second], assume_unique=True, return_indices=True)
    return SeriesStanding(pool, first[in_first]), SeriesStanding(pool, second[in_second])


def _made_on_same_days(own: SeriesStanding, other: SeriesStanding, rule: Rule) -> bool:
    return all(
        own.scored_forecast_made_on(index, rule) == other.scored_forecast_made_on(index, rule)
        for index in range(own.keys.size)
    )


def _columns(pairs: Sequence[Pair]) -> tuple[FloatArray, IndexArray]:
    """Return the difference of each pair, and its cluster."""
    return np.array([pair.difference for pair in pairs]), np.array([pair.cluster for pair in pairs], np.intp)


def _anytime(
    columns: ClaimColumns,
    known: tuple[IndexArray, FloatArray],
    waiting: tuple[IndexArray, FloatArray, FloatArray],
    within: Ends,
) -> Ends | None:
    """Return the interval that holds at any time, wide enough for whatever the missing verdicts will be.

    Args:
        columns: All claims.
        known: The claims with an outcome, and what was saved on each.
        waiting: The claims without one, and the least and the most that can still be saved on each.
        within: The range of every difference.
    """
    claims, saved = known
    waiting_claims, least, most = waiting
    intervals = []
    for waiting_saved in (least, most):
        pairs = _pairs(columns, np.append(claims, waiting_claims), -np.append(saved, waiting_saved))
        interval = anytime(*_columns(pairs), within)
        if interval is None:
            return None
        intervals.append(interval)
        if not waiting_claims.size:
            break  # the other end would be the same
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def _without_verdict(
    pool: Pool, first: TrackRecord, second: TrackRecord | Reference
) -> tuple[IndexArray, FloatArray, FloatArray]:
    """Return the claims of both that are due without a verdict, with the least and the most that can be saved on each.

    Against every reference the saving is bounded as against always saying 50 %; those whose numbers depend on missing
    verdicts are not judged while one is missing (see UNBOUNDED).
    """
    if isinstance(second, Reference):
        own = SeriesStanding(pool, _waiting(first))
        return own.claims, *least_and_most(own.standing)
    own, other = _on_same_claims(pool, _waiting(first), _waiting(second))
    return own.claims, *least_and_most(own.standing, other.standing)


def _waiting(record: TrackRecord) -> IndexArray:
    """Return the positions of the series that only lack a verdict to be in the mean."""
    positions, table = record.positions("due"), record.table
    return positions[np.isnan(table.claims.outcome.take(table.series.claim[positions]))]


def _signed(ends: Ends) -> str:
    return f"{figure(ends[0], sign=True)} .. {figure(ends[1], sign=True)}"


def _pairs(columns: ClaimColumns, claims: IndexArray, differences: FloatArray) -> list[Pair]:
    """Return a pair for each unit, with the mean of the differences on its claims, in the order of settling."""
    units: dict[int, list[tuple[int, float]]] = {}
    unit_of_claim = columns.units.fair[claims].tolist()
    for unit, claim, difference in zip(unit_of_claim, claims.tolist(), differences.tolist(), strict=True):
        units.setdefault(unit, []).append((claim, difference))
    pairs = [
        Pair(
            statement=min(columns.statements[claim] for claim, _ in members),
            claims=tuple(columns.slugs[claim] for claim, _ in members),
            settle_on=str(np.datetime64(max(int(columns.settles_on[claim]) for claim, _ in members), "D")),
            difference=fmean([difference for _, difference in members]),
            cluster=int(columns.units.wide[members[0][0]]),
        )
        for members in units.values()
    ]
    return sorted(pairs, key=lambda pair: (pair.settle_on, pair.statement))

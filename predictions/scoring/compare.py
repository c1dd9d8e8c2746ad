"""Two forecasters on the same statements over the same time: the difference, how sure it is, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from predictions.errors import InvalidValue
from predictions.numerals import counted, figure
from predictions.render.blocks import Block, Heading, Paragraph, Table
from predictions.render.result import Result, Value
from predictions.scoring.claims import ClaimColumns
from predictions.scoring.eligibility import Rule
from predictions.scoring.pool import Pool
from predictions.scoring.references import StandingForecasts, least_and_most
from predictions.scoring.score_columns import LEVEL, Reference
from predictions.scoring.track_record import FEW, TrackRecord

MOST_STATEMENTS = 20  # statements in the table, at most
REFERENCE_NAMES: dict[str, str] = {
    Reference.HALF: "always saying 50 %",
    Reference.BASE_RATE: "the base rate (in hindsight)",
    Reference.CLOCK: "the clock",
    Reference.CROWD: "the median of the others",
}

UNBOUNDED = {Reference.BASE_RATE, Reference.CLOCK, Reference.CROWD}  # what they say waits for verdicts, or others


@dataclass(frozen=True)
class Pair:
    """One statement that both forecast."""

    statement: str
    claims: tuple[str, ...]
    settle_on: str
    difference: float  # loss of the first less loss of the second, over the time both stood
    cluster: int = field(default=0, compare=False, repr=False)  # what it hangs together with at most


@dataclass(frozen=True, repr=False)
class Comparison(Result, rows="pairs", of=Pair):
    """The first forecaster beside the second; a negative difference favours the first."""

    first: str
    second: str
    pairs: tuple[Pair, ...]  # in the order in which the statements settled
    observations: int  # fewer than pairs where a cluster was declared too late to be one
    difference: float | None
    anytime: tuple[float, float] | None  # holds at every moment at once, however often one looks
    once: tuple[float, float] | None  # an ordinary interval: holds for one look, planned beforehand
    said: float | None  # the difference of the forecasts in the means: the first ones, or the last by that rule
    rule: Rule
    same_days: bool  # whether both said them on the same days
    needed: int | None
    missing: int = 0  # statements of both without a verdict, which the interval of *anytime* allows for

    @property
    def distinguishable(self) -> bool:
        """Whether the anytime-valid interval leaves out zero."""
        if self.missing and self.second in UNBOUNDED:
            return False
        return bool(self.anytime and (self.anytime[0] > 0 or self.anytime[1] < 0))

    @property
    def sentence(self) -> str:
        """What the comparison says, for a reader."""
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
        sure = f"{100 * LEVEL:.0f} % interval {_signed(self.anytime)}, however often one looks"
        if self.distinguishable:
            whatever = f", whatever becomes of {self.missing:,} without a verdict" if self.missing else ""
            return f"{said} ({sure}): {self.first if better else who} was better{whatever}."
        more = f"; about {self.needed:,} more statements would tell, if it stays so" if self.needed else ""
        return f"{said} ({sure}): not yet distinguishable{turn or more}."

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Heading(f"{self.first} beside {self.second}"), Paragraph(self.sentence, 2)]
        if self.difference is None:
            return found
        listed = sorted(self.pairs, key=lambda pair: -abs(pair.difference))[:MOST_STATEMENTS]
        few = f", the {MOST_STATEMENTS} largest of {len(self.pairs):,}" if len(self.pairs) > MOST_STATEMENTS else ""
        rows = [
            (pair.settle_on, pair.statement, figure(pair.difference, sign=True))
            for pair in self.pairs
            if pair in listed
        ]
        caption = f"differences of squared error{few}, in the order of settling; below 0 favours the first"
        found += [Paragraph(""), Table(("settled", "statement", "difference"), rows, (2,), caption)]
        if self.once:
            found.append(
                Paragraph(
                    f"an ordinary interval, for one look planned beforehand: {_signed(self.once)}; it is narrower, for "
                    "whoever looks after every statement has that many chances to be misled, and the interval above "
                    "allows for them all",
                    2,
                )
            )
        if self.said is not None:
            size = figure(self.said, sign=True)
            when = f"made on the same days: {size}"
            if not self.same_days:
                when = f"made on different days: {size}; who speaks later knows more"
            found.append(Paragraph(f"{self.rule} forecasts, {when}", 2))
        return found

    def to_dict(self) -> dict[str, Value]:
        said: dict[str, Value] = {
            "statements": len(self.pairs),
            "distinguishable": self.distinguishable,
            "sentence": self.sentence,
        }
        return super().to_dict() | said


def compare(pool: Pool, first: TrackRecord, second: TrackRecord | Reference) -> Comparison:
    """Two forecasters of one card, or one of them and a reference."""
    from predictions.scoring.statistics import ANY, BESIDE_HALF, anytime, interval_of, more_needed

    name = first.forecaster.slug
    if first is second:
        raise InvalidValue(f"{name!r} beside {name!r} differs in nothing; name another forecaster, or a reference")
    mine, others = StandingForecasts(pool, first.positions("means")), None
    if isinstance(second, Reference):
        values = mine.saved(second)
    else:
        theirs = second.positions("means")
        on = pool.table.series.claim[theirs]
        _, one, two = np.intersect1d(mine.claims, on, assume_unique=True, return_indices=True)
        mine, others = StandingForecasts(pool, first.positions("means")[one]), StandingForecasts(pool, theirs[two])
        values = mine.saved_on(others)
    there = ~np.isnan(values)
    claims, saved = mine.claims[there].astype(np.intp), values[there]
    pairs = _pairs(pool.table.claims, claims, -saved)
    differences, clusters = _columns(pairs)
    within = BESIDE_HALF if second is Reference.HALF else ANY
    waiting, *ends = _without_verdict(pool, first, second)
    possible = [_pairs(pool.table.claims, np.append(claims, waiting), -np.append(saved, one)) for one in ends]
    spans = [anytime(*_columns(one), within) for one in possible[: 1 + bool(waiting.size)]] if pairs else [None]
    return Comparison(
        first=name,
        second=str(second) if isinstance(second, Reference) else second.forecaster.slug,
        pairs=tuple(pairs),
        observations=np.unique(clusters).size,
        difference=float(differences.mean()) if pairs else None,
        anytime=_widest(spans),
        once=interval_of(differences, clusters) if pairs else None,
        said=float(np.mean(mine.losses - others.losses)) if others and pairs else None,
        rule=pool.rule,
        same_days=not others
        or all(mine.said_on(n, pool.rule) == others.said_on(n, pool.rule) for n in range(mine.keys.size)),
        needed=more_needed(differences, within),
        missing=int(waiting.size),
    )


def _columns(pairs: Sequence[Pair]) -> tuple[FloatArray, IndexArray]:
    """The difference of each pair, and what it hangs together with."""
    return np.array([pair.difference for pair in pairs]), np.array([pair.cluster for pair in pairs], np.intp)


def _widest(spans: Sequence[tuple[float, float] | None]) -> tuple[float, float] | None:
    """From the least of the low ends to the greatest of the high ones; None where one of them is missing."""
    known = [span for span in spans if span]
    if len(known) < len(spans):
        return None
    return min(low for low, _ in known), max(high for _, high in known)


def _without_verdict(
    pool: Pool, first: TrackRecord, second: TrackRecord | Reference
) -> tuple[IndexArray, FloatArray, FloatArray]:
    """The claims of both that are due and have no verdict, with the least and the most that can still be saved."""
    mine, beside = StandingForecasts(pool, _waiting(first)), None
    if not isinstance(second, Reference):
        claims, theirs = pool.table.series.claim, _waiting(second)
        _, one, two = np.intersect1d(mine.claims, claims[theirs], assume_unique=True, return_indices=True)
        mine, beside = StandingForecasts(pool, _waiting(first)[one]), StandingForecasts(pool, theirs[two]).record
    return mine.claims.astype(np.intp), *least_and_most(mine.record, beside)


def _waiting(record: TrackRecord) -> IndexArray:
    """The places of the series that would be in the mean, had somebody said how their claims came out."""
    places, table = record.positions("due"), record.table
    return places[np.isnan(table.claims.outcome.take(table.series.claim[places]))]


def _signed(ends: tuple[float, float]) -> str:
    return f"{figure(ends[0], sign=True)} .. {figure(ends[1], sign=True)}"


def _pairs(of: ClaimColumns, claims: IndexArray, differences: FloatArray) -> list[Pair]:
    """One observation a unit, in the order of the settle days."""
    groups: dict[int, list[tuple[int, float]]] = {}
    for unit, *one in zip(of.units.fair[claims].tolist(), claims.tolist(), differences.tolist(), strict=True):
        groups.setdefault(unit, []).append((one[0], one[1]))
    pairs = [
        Pair(
            min(of.statements[claim] for claim, _ in group),
            tuple(of.slugs[claim] for claim, _ in group),
            str(np.datetime64(max(int(of.settles_on[claim]) for claim, _ in group), "D")),
            fmean([value for _, value in group]),
            int(of.units.wide[group[0][0]]),
        )
        for group in groups.values()
    ]
    return sorted(pairs, key=lambda pair: (pair.settle_on, pair.statement))

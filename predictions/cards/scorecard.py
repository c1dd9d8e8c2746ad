"""How good each forecaster was, as known on any date, with honest denominators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import numpy as np

from predictions.cards import scorelayout as layout
from predictions.cards.caveats import caveats
from predictions.cards.scorerows import claim_rows, forecaster_rows
from predictions.display import Block, Heading, Paragraph, Shown, Value
from predictions.errors import InvalidValue, NotFound, shown
from predictions.naming import slug_of_name
from predictions.scoring.columns import Person
from predictions.scoring.comparing import Comparison, compare
from predictions.scoring.differing import Difference, differ
from predictions.scoring.explaining import explain
from predictions.scoring.explanation import Explanation
from predictions.scoring.figures import Figures, Plain, Reference
from predictions.scoring.filtering import Filter
from predictions.scoring.judging import Drawn, drawn_together, figures_of, plain_rules
from predictions.scoring.places import Cohort, Rule
from predictions.scoring.pool import Pool
from predictions.scoring.reliability import Reliability, reliability
from predictions.scoring.series import Reader
from predictions.scoring.totals import TrackRecord, track_records
from predictions.snapshot import unique
from predictions.status import Status, status
from predictions.tally import tally

AnyWord = TypeVar("AnyWord", bound=StrEnum)


class _Judged(Mapping[str, Figures]):
    """The figures of each forecaster, made when they are first asked for."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._records = {record.forecaster.slug: record for record in pool.listed}
        self._made: dict[str, Figures] = {}

    def __getitem__(self, forecaster: str) -> Figures:
        if forecaster not in self._made:
            self._made[forecaster] = figures_of(self._pool, self._records[forecaster], self._drawn.get(forecaster))
        return self._made[forecaster]

    @cached_property
    def _drawn(self) -> Mapping[str, Drawn]:
        return drawn_together(self._pool.people)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


@dataclass(frozen=True, repr=False)
class Scorecard(Shown):
    """The records of some forecasters, and how they were arrived at."""

    row_names = (
        "claim", "statement", "forecaster", "place", "outcome", "value", "probability", "low", "high", "brier",
        "brier_low", "brier_high", "brier_original", "log_score", "time_skill", "contribution", "coverage",
        "entered", "imputed", "backdated", "set_apart", "written_after", "doubts",
    )  # fmt: skip
    records: tuple[TrackRecord, ...]
    cohort: Cohort
    rule: Rule
    as_of: datetime
    today: date
    head: str
    unforecast: int
    pool: Pool = field(compare=False)
    asked: str = "everybody"  # whose records
    filter: Filter = field(default_factory=Filter)

    def record(self, forecaster: str) -> TrackRecord:
        """The record of one forecaster, by slug or name; InvalidValue where there is none on the card."""
        slug = self._named(forecaster)
        return next(record for record in self.records if record.forecaster.slug == slug)

    @cached_property
    def figures(self) -> Mapping[str, Figures]:
        """What each forecaster's figures come to: intervals, skill against each reference, calibration."""
        return _Judged(self.pool)

    @cached_property
    def plain(self) -> tuple[Plain, ...]:
        """What plain rules would have scored on the statements of the card."""
        return plain_rules(self.pool)

    @cached_property
    def caveats(self) -> tuple[str, ...]:
        """What would make the figures wrong, or was left out of them."""
        return tuple(caveats(self.pool))

    @cached_property
    def partly_met(self) -> frozenset[str]:
        """The open claims of those who give words only of which some is met."""
        claims = {row.claim.slug for record in self.records if record.words_only for row in record.rows}
        waiting = {Status.OPEN, Status.DUE, Status.OVERDUE}
        return frozenset(
            claim.slug
            for snapshot, claim in self.pool.about(claims)
            if status(snapshot, claim) in waiting and tally(snapshot, claim).partly
        )

    def reliability(self, by: str) -> Reliability:
        """What a reliability diagram shows of one forecaster; InvalidValue without a scored claim."""
        record = self.record(by)
        if not record.n:
            raise InvalidValue(f"{by!r} has no scored claim on this card, so there is nothing to draw")
        return reliability(record)

    def plot_reliability(self, by: str | None = None) -> object:
        """The reliability diagram of one forecaster, or of everybody with enough statements: a matplotlib Figure."""
        from predictions.charts.plots import marked, reliability_figure

        drawn = [one.forecaster.slug for one in self._drawn if not one.few] if by is None else [self._named(by)]
        return marked(reliability_figure({name: self.reliability(name) for name in drawn}), self.lacks)

    def plot_scores(self) -> object:
        """Every claim's Brier score, each forecaster's mean and its interval: a matplotlib Figure."""
        from predictions.charts.plots import marked, scores_figure

        intervals = {one.forecaster.slug: self.figures[one.forecaster.slug].interval for one in self._drawn}
        return marked(scores_figure(self._drawn, intervals), self.lacks)

    @property
    def _drawn(self) -> list[TrackRecord]:
        return [one for one in layout.listed(self.records) if one.n]

    def compare(self, first: str, second: str = "base rate") -> Comparison:
        """Two forecasters on the same statements and time; or one beside a reference.

        The references are ``always 50 %`` (or ``half``), ``base rate``, ``the clock`` and ``the others``.
        """
        references = {**{str(name): name for name in Reference}, "half": Reference.HALF}
        reference = references.get(second) if isinstance(second, str) else None
        one, two = self.record(first), reference or self.record(second)
        return compare(self.pool, one, two).saying(self.lacks)

    def explain(self, figure: str, by: str | None = None) -> Explanation:
        """The rows, the formula and the arithmetic behind one figure of one forecaster.

        The figures are brier, brier_original, log_score, coverage; the skill over time against each reference:
        time_skill (always 50 %), base rate, the clock, the others; miscalibration, discrimination, uncertainty;
        interval, shrunk, p_value, bounds_due, bounds_open, funnel.
        """
        stated = [record.forecaster.slug for record in self.records if not record.words_only]
        if by is None and len(stated) != 1:
            raise InvalidValue(f"say whose figure: by=, one of {', '.join(stated) or 'nobody on this card'}")
        return explain(self.pool, self.record(by or stated[0]), figure).saying(self.lacks)

    def diff(self, other: object) -> Difference:
        """What changed between two cards, from the older to the newer, and which record changed it."""
        if not isinstance(other, Scorecard):
            raise InvalidValue(f"{shown(other)} is no scorecard; say which other card to compare this one with")
        for what, one, two in zip(("of", "by", "from", "with"), self._question, other._question, strict=True):
            if one != two:
                raise InvalidValue(
                    f"one card is {what} {one} and the other {what} {two}, so they differ without anything having "
                    "happened; ask for both in the same way"
                )
        older, newer = sorted((self, other), key=lambda card: (card.today, card.as_of))
        return differ(older.pool, newer.pool).saying(self.lacks or other.lacks)

    @property
    def _question(self) -> tuple[str, str, str, str]:
        """What the card was asked for, in words."""
        return (
            str(self.filter) or "all scored claims",
            self.asked,
            f"the {self.rule} forecasts",
            f"the {self.cohort} claims",
        )

    def opening(self) -> Iterator[Block]:
        """What it says first: as of when, of which claims, by which rule, and what to beware of."""
        claims = "claims settled by then" if self.cohort is Cohort.SETTLED else "claims resolved so far"
        yield Heading(f"Scorecard as of {self.today}", f"head {self.head}")
        yield Paragraph(f"{claims}; {self.rule} forecast; Brier 0..1: 0 is perfect, 0.25 is always saying 50 %")
        if self.filter:
            yield Paragraph(f"only {self.filter}")
        if self.cohort is Cohort.RESOLVED:
            yield Paragraph("warning: by-date claims say yes early and no late, so this cohort is biased")
        if self.rule is Rule.LAST:
            yield Paragraph("warning: the last forecast rewards shouting; never rank by it")

    def blocks(self) -> Sequence[Block]:
        found = list(self.opening())
        found += layout.headline(self.records, self.figures, self.plain)
        found += layout.chart(self.records, self.figures)
        found += layout.skill(self.records, self.figures)
        found += layout.calibration(self.records, self.figures)
        found += layout.diagrams(self.records)
        found += layout.bounds(self.records)
        found += layout.words(self.records, self.partly_met)
        if self.filter and not self.unforecast and not any(record.funnel["forecast"] for record in self.records):
            found += [Paragraph(""), Paragraph(f"nothing on this card: no scored claim is of {self.filter}")]
        else:
            found += layout.claims(self.pool)
        found += layout.funnels(self.records, self.unforecast)
        found += [Paragraph(sentence, 0, 2) for sentence in self.caveats]
        return found

    def rows(self) -> list[dict[str, Value]]:
        return claim_rows(self.pool, self.records)

    def to_dict(self) -> dict[str, Value]:
        return {
            "as_of": self.as_of.isoformat(),
            "today": self.today.isoformat(),
            "head": self.head,
            "cohort": self.cohort.value,
            "rule": self.rule.value,
            "filter": str(self.filter) or None,
            "forecasters": forecaster_rows(self.records, self.figures),
            "caveats": list(self.caveats),
            "claims": self.rows(),
        }

    def _named(self, name: str) -> str:
        try:
            return _slug(name, [record.forecaster for record in self.records])
        except NotFound as error:
            raise InvalidValue(str(error).replace("in this ledger", "on this card")) from None


def scorecard(
    reader: Reader, *, by: Sequence[str] | None = None, cohort: str = "settled", rule: str = "first",
    only: Filter | None = None, crowds: bool = False, as_of: datetime | None = None,
) -> Scorecard:  # fmt: skip
    """The card of the named forecasters, or of all who have forecast a scored claim.

    Raises NotFound for an unknown forecaster, InvalidValue for an unknown cohort or rule.
    """
    among, which, chosen = word(Cohort, cohort), word(Rule, rule), only or Filter()
    table = reader.table(which, chosen, crowds=crowds)
    records = sorted(track_records(table, among), key=lambda record: record.forecaster.entry)
    everybody = [record for record in records if record.funnel["forecast"]]
    listed = everybody
    if by is not None:
        names = {_slug(name, table.people): None for name in by}
        listed = [record for name in names for record in records if record.forecaster.slug == name]
    series = table.series
    if by is not None:
        series = series.part(np.isin(series.forecaster, [record.number for record in listed]))
    unforecast = table.wanted.copy()
    unforecast[series.claim] = False
    return Scorecard(
        records=tuple(listed),
        cohort=among,
        rule=which,
        as_of=as_of or reader.as_of,
        today=reader.today,
        head=reader.head,
        unforecast=int(unforecast.sum()),
        pool=Pool(reader, table, among, which, everybody, listed),
        asked=("everybody and their crowds" if crowds else "everybody") if by is None else ", ".join(sorted(names)),
        filter=chosen,
    )


def _slug(name: str, among: Sequence[Person]) -> str:
    """The slug of the forecaster of that slug or name, or of the only one whose slug begins so."""
    titles = {one.slug: one.title for one in among}
    return unique("forecaster", slug_of_name(name, titles) or name, list(titles))


def word(words: type[AnyWord], said: str) -> AnyWord:
    """The cohort or rule of that name; InvalidValue where there is none."""
    try:
        return words(said)
    except ValueError:
        known = " or ".join(words)
        raise InvalidValue(f"{shown(said)} is no {words.__name__.lower()} of a scorecard; say {known}") from None

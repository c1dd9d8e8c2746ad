"""How good each forecaster was, as known on any date, with honest denominators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from predictions.cards import scorelayout as layout
from predictions.cards.scorerows import claim_rows, forecaster_rows
from predictions.display import Block, Paragraph, Shown, Value
from predictions.errors import InvalidValue, NotFound, shown
from predictions.naming import slug_of_name
from predictions.records import Claim, Forecaster
from predictions.scoring.company import Company, outcomes_of
from predictions.scoring.comparing import Comparison, compare
from predictions.scoring.crowd import with_crowds
from predictions.scoring.differing import Difference, Side, differ
from predictions.scoring.explaining import explain
from predictions.scoring.explanation import Explanation
from predictions.scoring.figures import Judgement, Reference
from predictions.scoring.filtering import Filter
from predictions.scoring.opening import opening
from predictions.scoring.places import Cohort
from predictions.scoring.reliability import Reliability, reliability
from predictions.scoring.rows import Row, Rule, score
from predictions.scoring.track import TrackRecord
from predictions.snapshot import Snapshot, unique
from predictions.status import Status, status
from predictions.tally import tally

AnyWord = TypeVar("AnyWord", bound=StrEnum)


@dataclass(frozen=True, repr=False)
class Scorecard(Shown):
    """The records of some forecasters, and how they were arrived at."""

    row_names = (
        "claim", "statement", "forecaster", "place", "outcome", "value", "probability", "low", "high", "brier",
        "brier_low", "brier_high", "brier_original", "log_score", "time_skill", "contribution", "coverage",
        "imputed", "backdated", "backdated_apart", "written_after", "superseded", "doubts",
    )  # fmt: skip
    records: tuple[TrackRecord, ...]
    cohort: Cohort
    rule: Rule
    as_of: datetime
    today: date
    head: str
    partly_met: frozenset[str]
    unforecast: int
    company: Company = field(compare=False)
    asked: str = "everybody"  # whose records
    filter: Filter = field(default_factory=Filter)

    def record(self, forecaster: str) -> TrackRecord:
        """The record of one forecaster; KeyError where there is none."""
        return {record.forecaster.slug: record for record in self.records}[forecaster]

    @cached_property
    def judgement(self) -> Judgement:
        """Everybody's figures: intervals, skill against each reference, calibration, contributions."""
        from predictions.scoring.judging import judge

        return judge(self.company)

    def reliability(self, by: str) -> Reliability:
        """What a reliability diagram shows of one forecaster; InvalidValue without a scored claim."""
        record = self.record(self._named(by))
        if not record.scored:
            raise InvalidValue(f"{by!r} has no scored claim on this card, so there is nothing to draw")
        return reliability(record)

    def plot_reliability(self, by: str | None = None) -> object:
        """The reliability diagram of one forecaster, or of everybody with enough statements: a matplotlib Figure."""
        from predictions.charts.plots import marked, reliability_figure

        if by is None:
            drawn = [one.forecaster.slug for one in self.records if one.scored and not one.few and not one.words_only]
        else:
            drawn = [self._named(by)]
        return marked(reliability_figure({name: self.reliability(name) for name in drawn}), self.lacks)

    def plot_scores(self) -> object:
        """Every claim's Brier score, each forecaster's mean and its interval: a matplotlib Figure."""
        from predictions.charts.plots import marked, scores_figure

        intervals = {name: one.interval for name, one in self.judgement.figures.items()}
        return marked(scores_figure(self.records, intervals), self.lacks)

    def compare(self, first: str, second: str = "base rate") -> Comparison:
        """Two forecasters on the same statements and time; or one beside a reference.

        The references are ``always 50 %`` (or ``half``), ``base rate``, ``the clock`` and ``the others``.
        """
        references = {**{str(name): name for name in Reference}, "half": Reference.HALF}
        other = references.get(second) or self._named(second)
        return compare(self.company, self._named(first), other).saying(self.lacks)

    def explain(self, figure: str, by: str | None = None) -> Explanation:
        """The rows, the formula and the arithmetic behind one figure of one forecaster.

        The figures are brier, brier_original, log_score, coverage; the skill over time against each reference:
        time_skill (always 50 %), base rate, the clock, the others; miscalibration, discrimination, uncertainty;
        interval, shrunk, p_value, bounds_due, bounds_open, funnel.
        """
        stated = [record.forecaster.slug for record in self.records if not record.words_only]
        if by is None and len(stated) != 1:
            raise InvalidValue(f"say whose figure: by=, one of {', '.join(stated) or 'nobody on this card'}")
        return explain(self.company, self.record(self._named(by or stated[0])), figure).saying(self.lacks)

    def diff(self, other: object) -> Difference:
        """What changed between two cards, from the older to the newer, and which record changed it."""
        if not isinstance(other, Scorecard):
            raise InvalidValue("a card is set beside another that is made of single forecasts, and this one is not")
        for what, one, two in zip(("of", "by", "from", "with"), self._question, other._question, strict=True):
            if one != two:
                raise InvalidValue(
                    f"one card is {what} {one} and the other {what} {two}, so they differ without anything having "
                    "happened; ask for both in the same way"
                )
        older, newer = sorted((self, other), key=lambda card: (card.today, card.as_of))
        sides = (Side(card.company.snapshot, card.records) for card in (older, newer))
        return differ(*sides).saying(self.lacks or other.lacks)

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
        return opening(self.today, self.head, self.cohort, self.rule, self.filter)

    def blocks(self) -> Sequence[Block]:
        found = list(self.opening())
        figures = self.judgement.figures
        found += layout.headline(self.records, figures, self.judgement.plain)
        found += layout.chart(self.records, figures)
        found += layout.skill(self.records, self.judgement.figures)
        found += layout.calibration(self.records, figures)
        found += layout.diagrams(self.records)
        found += layout.bounds(self.records)
        found += layout.words(self.records, self.partly_met)
        if self.filter and not self.unforecast and not any(record.rows for record in self.records):
            found += [Paragraph(""), Paragraph(f"nothing on this card: no scored claim is of {self.filter}")]
        else:
            found += layout.claims(self.records)
        found += layout.funnels(self.records, self.unforecast)
        return found

    def rows(self) -> list[dict[str, Value]]:
        return claim_rows(self.records, self.judgement.figures)

    def to_dict(self) -> dict[str, Value]:
        return {
            "as_of": self.as_of.isoformat(),
            "today": self.today.isoformat(),
            "head": self.head,
            "cohort": self.cohort.value,
            "rule": self.rule.value,
            "filter": str(self.filter) or None,
            "forecasters": forecaster_rows(self.records, self.judgement.figures),
            "claims": self.rows(),
        }

    def _named(self, name: str) -> str:
        try:
            return _slug(name, [record.forecaster for record in self.records])
        except NotFound as error:
            raise InvalidValue(str(error).replace("in this ledger", "on this card")) from None


def scorecard(
    snapshot: Snapshot, *, by: Sequence[str] | None = None, cohort: str = "settled", rule: str = "first",
    only: Filter | None = None, crowds: bool = False,
) -> Scorecard:  # fmt: skip
    """The card of the named forecasters, or of all who have forecast a scored claim.

    Raises NotFound for an unknown forecaster, InvalidValue for an unknown cohort or rule.
    """
    among, which = word(Cohort, cohort), word(Rule, rule)
    snapshot = with_crowds(snapshot) if crowds else snapshot
    everybody = snapshot.all(Forecaster)
    chosen = everybody if by is None else meant(snapshot, by)
    rows = score(snapshot, by=[one.slug for one in everybody], cohort=among, rule=which)
    fitting = snapshot.all(Claim) if not only else only.claims(snapshot)
    scored = [claim for claim in fitting if claim.scored]
    if only:
        kept = {claim.slug for claim in scored}
        rows = [row for row in rows if row.claim.slug in kept]
    by_forecaster: dict[str, list[Row]] = {}
    for row in rows:
        by_forecaster.setdefault(row.forecaster, []).append(row)
    records = [TrackRecord(one, tuple(by_forecaster.get(one.slug, ()))) for one in chosen]
    listed = tuple(record for record in records if record.rows or by is not None)
    names = {record.forecaster.slug for record in records}
    unlisted = [TrackRecord(one, tuple(by_forecaster.get(one.slug, ()))) for one in everybody if one.slug not in names]
    covered = {row.claim.slug for record in listed for row in record.rows}
    return Scorecard(
        records=listed,
        cohort=among,
        rule=which,
        as_of=snapshot.as_of,
        today=snapshot.today,
        head=snapshot.head,
        partly_met=frozenset(
            claim.slug
            for claim in scored
            if status(snapshot, claim) in {Status.OPEN, Status.DUE, Status.OVERDUE} and tally(snapshot, claim).partly
        ),
        unforecast=sum(claim.slug not in covered for claim in scored),
        company=Company(snapshot, listed, tuple(unlisted), outcomes_of(snapshot, scored, among), which),
        asked=("everybody and their crowds" if crowds else "everybody") if by is None else ", ".join(sorted(names)),
        filter=only or Filter(),
    )


def meant(snapshot: Snapshot, names: Sequence[str]) -> list[Forecaster]:
    """The forecasters of these slugs or names, each once."""
    everybody = snapshot.all(Forecaster)
    found = [snapshot.find(Forecaster, _slug(name, everybody)) for name in names]
    return list({one.slug: one for one in found}.values())


def _slug(name: str, among: Sequence[Forecaster]) -> str:
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

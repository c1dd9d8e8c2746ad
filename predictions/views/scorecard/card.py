"""The scorecard: how good each forecaster was, as known on any day, and how many claims that is based on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from predictions.enums import ForecasterKind
from predictions.errors import InvalidValue, short_repr
from predictions.fits import DISTRIBUTIONS
from predictions.render.blocks import Block
from predictions.render.result import Result, Value
from predictions.scoring.claim_skills import claim_skills
from predictions.scoring.columns.filters import Filter
from predictions.scoring.columns.lazy_rows import LazyRows
from predictions.scoring.compare.cards import ASKS_YES_OR_NO, Difference, differ
from predictions.scoring.compare.comparison import Comparison
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.explain.explanation import Explanation
from predictions.scoring.forecaster_statistics import ScorecardStats
from predictions.scoring.leaderboard.pooled_skill import PooledSkill, pooled_skills
from predictions.scoring.leads import LEADS, lead_scores
from predictions.scoring.models import ModelFigures, SeriesFilter, model_figures
from predictions.scoring.plain_counts import PlainCounts
from predictions.scoring.pool import Pool
from predictions.scoring.reliability import ReliabilityDiagram, reliability
from predictions.scoring.score_columns import PlainRule
from predictions.scoring.statistics import plain_rules
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.card_lines import lines_of
from predictions.views.scorecard.caveats import how_counted
from predictions.views.scorecard.compared import compare_named
from predictions.views.scorecard.explained import explain_named, figure_to_explain
from predictions.views.scorecard.leaderboard import DRAWN_UNASKED, Leaderboard
from predictions.views.scorecard.leads import Leads
from predictions.views.scorecard.more_to_see import all_of, marks_of, more_to_see
from predictions.views.scorecard.names import record_on_card, titles_of
from predictions.views.scorecard.nothing import nothing_blocks
from predictions.views.scorecard.ranking import leaderboard_of
from predictions.views.scorecard.rows import SERIES, SeriesRows, forecaster_rows
from predictions.views.scorecard.screen import EVERYBODY, ShortCard
from predictions.views.scorecard.tables import Face
from predictions.views.scorecard.type_blocks import type_tables, without_yes_or_no
from predictions.views.scorecard.type_scores import TypeScores, yes_or_no_only

DIAGRAMS, LISTED = 3, 60  # diagrams and rows of claims in text and in a notebook
TOLD = 10_000  # rows in to_dict() and JSON


@dataclass(frozen=True, repr=False)
class Scorecard(Result):
    """The records of some forecasters, with their scores, caveats and charts."""

    row_names = SERIES
    records: tuple[TrackRecord, ...]
    cohort: Cohort
    rule: Rule
    as_of: datetime
    today: date
    head: str
    unforecast: int
    taken_off: tuple[str, ...]  # claims that were scored until they were corrected
    pool: Pool = field(compare=False)
    counts: PlainCounts = field(compare=False)  # of each forecaster by number
    full: bool = False  # whether it shows everything: intervals, calibration, every claim
    asked: str = "everybody"  # whose records
    filter: Filter = field(default_factory=Filter)
    top: int = DRAWN_UNASKED  # how many forecasters are shown, and have the figures that take long to compute
    sort: str | None = None  # the score by which they are in order; None for the usual order
    every_type: Pool = field(compare=False, kw_only=True)  # of claims of every type; *pool* where all are yes or no
    types: tuple[TypeScores, ...] = ()  # the means on claims that are not yes or no
    lead_days: tuple[int, ...] = ()  # before the deadline, if asked for
    series: SeriesFilter = field(default_factory=SeriesFilter)

    def record(self, forecaster: str) -> TrackRecord:
        """Return the record of one forecaster, by slug or name; InvalidValue if they have none on the card.

        It is about claims of yes or no or, on a card that holds one other type only, about claims of that type.
        """
        alone = self.types[0].records if len(self.types) == 1 and not self.records else self.records
        return record_on_card(forecaster, alone, self.pool.reader)

    @cached_property
    def figures(self) -> ScorecardStats:
        """The figures of each forecaster on yes/no claims: intervals, skill against each reference, calibration."""
        return ScorecardStats(self.pool)

    @cached_property
    def leaderboard(self) -> Leaderboard:
        """The ranking on the claims of the card: only forecasters on the card, with their ranks among all."""
        slugs = None if self.asked in EVERYBODY else tuple(record.forecaster.slug for record in self.records)
        return leaderboard_of(self.every_type, filter=self.filter, only=slugs, as_of=self.as_of, top=self.top)

    @cached_property
    def pooled(self) -> tuple[PooledSkill, ...]:
        """The skill over time on claims of every type together, for forecasters who are scored on several types."""
        return tuple(pooled_skills(self.every_type)) if self.types else ()

    @cached_property
    def plain(self) -> tuple[PlainRule, ...]:
        """What plain rules would have scored on the statements of the card."""
        return plain_rules(self.pool)

    @cached_property
    def caveats(self) -> tuple[str, ...]:
        """Sentences on what could make the figures mislead, and on what was left out of them."""
        return (*(caveat.in_full for caveat in self.short.caveats.every), *how_counted(self.every_type))

    def reliability(self, by: str) -> ReliabilityDiagram:
        """Return what a reliability diagram shows of one forecaster; InvalidValue without a scored claim."""
        record = self.record(by)
        if not record.n or record not in self.records:
            raise InvalidValue(f"{by!r} has no scored claim of yes or no on this card, so there is nothing to draw")
        return reliability(record.series, self.figures[record.forecaster.slug].consistency)

    def plot_reliability(self, by: str | None = None) -> object:
        """Draw the reliability diagram of one forecaster, or of all with enough statements: a matplotlib Figure."""
        from predictions.views.matplotlib_canvas import finished
        from predictions.views.matplotlib_figures import reliability_figure

        stated = (record for record in self.drawn if record.n and not record.words_only)
        drawn = [record for record in stated if not record.few] if by is None else [self.record(by)]
        names = titles_of(drawn)
        return finished(reliability_figure({names[slug]: self.reliability(slug) for slug in names}), self.lacks)

    def plot_scores(self) -> object:
        """Return the skill over time on every claim, each forecaster's mean and its interval: a matplotlib Figure."""
        from predictions.views.matplotlib_canvas import finished
        from predictions.views.matplotlib_figures import scores_figure

        stated = [record for record in self._people if record.n and not record.words_only][: self.top]
        return finished(scores_figure(*claim_skills(self.every_type, stated), titles_of(stated)), self.lacks)

    @property
    def drawn(self) -> tuple[TrackRecord, ...]:
        """The records in the tables of yes/no claims: the first *top*; none if the filter is for another type."""
        return () if self.filter.type in DISTRIBUTIONS else self.records[: self.top]

    def compare(self, first: str, second: str = "base rate") -> Comparison:
        """Compare two forecasters on the same statements and time, of every type; or one with a reference.

        The references are ``always 50 %`` (or ``half``), which of other types is knowing nothing, ``base rate``,
        ``the clock``, which is for events and dates, and ``the others``.
        """
        return compare_named(self._people, self.every_type, first, second).saying(self.lacks)

    def explain(self, figure: str, by: str | None = None) -> Explanation:
        """Return the rows, the formula and the arithmetic behind one figure of one forecaster.

        A figure is named as in ``rows()`` and ``forecasters()``, or by what stands over it on the card; docs/scores.md
        lists them all. The score of a type other than yes or no is named as the type: choice, ordered, number, date;
        on a card of one type every figure of its tables can be asked for, and on a mixed one "every type".
        """
        return explain_named(self.figures, self.records, self.types, self.every_type, figure, by).saying(self.lacks)

    def diff(self, other: object) -> Difference:
        """Return what changed between two cards, from the older to the newer, and which record changed it."""
        if not isinstance(other, Scorecard):
            raise InvalidValue(f"{short_repr(other)} is no scorecard; say which other card to compare this one with")
        for word, own, others in zip(("of", "by", "from", "with"), self._question, other._question, strict=True):
            if own != others:
                raise InvalidValue(
                    f"one card is {word} {own} and the other {word} {others}, so they differ without anything having "
                    "happened; ask for both in the same way"
                )
        older, newer = sorted((self, other), key=lambda card: (card.today, card.as_of))
        records = older._records_by_type, newer._records_by_type
        return differ(older.every_type, newer.every_type, records).saying(self.lacks or other.lacks)

    @property
    def _records_by_type(self) -> dict[tuple[str, str], TrackRecord]:
        """The records of those listed, by type and slug."""
        by_type = [(ASKS_YES_OR_NO, self.records), *((scores.word, scores.records) for scores in self.types)]
        return {(type_, record.forecaster.slug): record for type_, records in by_type for record in records}

    @property
    def _only(self) -> str:
        """The filters of the card in words; empty without one."""
        return ", ".join(str(chosen) for chosen in (self.filter, self.series) if chosen)

    @property
    def _only_told(self) -> str:
        """The filters in words, with how many series do not state what the filter asks for."""
        if not self.series:
            return self._only
        before = self.pool.reader.table(self.rule, self.filter, crowds=self.pool.with_crowds, kind=None)
        return ", ".join(filter(None, (str(self.filter), self.series.told(self.pool.reader, before))))

    @cached_property
    def models(self) -> dict[str, ModelFigures]:
        """The figures of each drawn AI model, apart for claims whose outcome it could know from its training."""
        drawn = [record for record in self.drawn if record.forecaster.kind is ForecasterKind.MODEL]
        return {record.forecaster.slug: model_figures(self.pool.reader, record) for record in drawn}

    @property
    def _question(self) -> tuple[str, str, str, str]:
        """What the card was asked for, in words; `diff` compares only two cards that agree in this."""
        return self._only or "all scored claims", self.asked, f"the {self.rule} forecasts", f"the {self.cohort} claims"

    @cached_property
    def short(self) -> ShortCard:
        """What the short card shows."""
        return ShortCard(
            head=f"{self.pool.reader.name}, head {self.head}",
            today=self.today,
            cohort=self.cohort,
            rule=self.rule,
            only=self._only_told,
            lines=lines_of(self.drawn, self.counts, self.pool.words_read),
            board=self.leaderboard,
            judged=self.figures,
            unforecast=self.unforecast,
            taken_off=self.taken_off,
            marks=tuple(marks_of(self.records, self.top, self.sort, everybody=self.asked in EVERYBODY)),
            more=all_of(self.records) if len(self.records) > self.top else None,
            types=self.types,
            every_type=self.every_type,
            top=self.top,
            full=self.full,
        )

    def face(self, *, diagrams: int = DIAGRAMS, listed: int = LISTED) -> Face:
        """Return all that the full card shows, with at most so many *diagrams*, and *listed* rows of claims."""
        rows, count = SeriesRows(self.every_type).worst(self._people[: self.top], listed)
        types = [scores.of_first(self.top) for scores in self.types]
        drawn = [record for record in self.drawn if record.funnel["forecast"]]
        return Face(
            self.figures, drawn, self.plain, rows, count, tuple(how_counted(self.every_type)), diagrams, self.leads,
            self.models, types, self.short.caveats.letters,
        )  # fmt: skip

    @cached_property
    def leads(self) -> Leads:
        """The scores of the forecasts that stood at fixed moments, for drawn forecasters who give numbers."""
        stated = [record for record in self.drawn if not record.words_only]
        scores = tuple(lead_scores(self.pool, stated, self.lead_days or LEADS))
        return Leads(scores, yes_or_no_only(self.types), asked=bool(self.lead_days))

    def plot_leads(self) -> object:
        """Return the Brier scores at fixed moments, a line for each forecaster: a matplotlib Figure."""
        from predictions.views.matplotlib_canvas import finished
        from predictions.views.matplotlib_figures import leads_figure

        names = titles_of(self.drawn)
        lines = {names[slug]: points for slug, points in self.leads.lines.items()}
        return finished(leads_figure(self.leads.moments, lines), self.lacks)

    def blocks(self) -> Sequence[Block]:
        """Lay out the short card or, if it is full, all of it; it can have nobody, or nobody on yes/no claims."""
        if not self.drawn and not self.types:
            left_out = () if self.filter.type in DISTRIBUTIONS else self.records
            return [*self.short.opening(), *nothing_blocks(self.short, self.asked, self.filter, left_out)]
        leads = self.leads.blocks() if self.lead_days else ()
        if not self.drawn:
            rest = self.face().of_every_type() if self.full else more_to_see(*self._explained, self.types)
            return [*self.short.opening(), *without_yes_or_no(self.short, self.of_types()), *leads, *rest]
        beyond = self.face().blocks() if self.full else [*leads, *more_to_see(*self._explained)]
        return [*self.short.opening(), *self.short.blocks(), *self.of_types(), *beyond]

    @property
    def _explained(self) -> tuple[str, str | None]:
        """The figure and the forecaster in the hint at an explanation, as from :func:`figure_to_explain`."""
        everything = self.asked in EVERYBODY and not self._only
        return figure_to_explain(self.drawn, self.records, self.types, everything=everything)

    def of_types(self) -> Iterator[Block]:
        """Return a table of means for each type other than yes or no, with the first *top* forecasters in each."""
        return type_tables(self.types, self.pooled, self.short, self.every_type if self.full else None)

    def rows(self) -> LazyRows:
        """Return a row for each forecaster and scored claim; rows are made when read, and frames take whole columns."""
        return SeriesRows(self.every_type).of(self._people)

    @property
    def _people(self) -> list[TrackRecord]:
        """The records on claims of every type, in the order of the card; those without a yes/no claim come last."""
        every_type = self.every_type.listed if self.types else ()  # they replace those of yes or no, in their places
        return list({record.number: record for record in (*self.records, *every_type)}.values())

    def forecasters(self) -> LazyRows:
        """Return a row for each forecaster; figures that take long are None for those who are not drawn."""
        return forecaster_rows(self.figures, self.records, self.top, self.counts)

    def to_dict(self) -> dict[str, Value]:
        """Return the card as plain values, with at most TOLD rows."""
        rows = self.rows()
        return {
            "as_of": self.as_of.isoformat(), "today": self.today.isoformat(), "head": self.head,
            "cohort": self.cohort.value, "rule": self.rule.value, "filter": self._only or None, "sort": self.sort,
            "forecasters": list(self.forecasters()),
            "caveats": list(self.caveats),
            "leads": [score._asdict() for score in self.leads.scores] if self.full or self.lead_days else None,
            "types": [row for scores in self.types for row in scores.rows(self.every_type if self.full else None)],
            "every_type": [skill.row() for skill in self.pooled],
            "rows": list(rows[:TOLD]),
            "rows_left_out": max(len(rows) - TOLD, 0),
        }  # fmt: skip

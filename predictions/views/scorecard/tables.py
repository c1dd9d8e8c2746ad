"""What the full scorecard shows on every screen and page: intervals, calibration, every claim, the funnel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from predictions.numerals import figure, percent
from predictions.render.blocks import Block, Heading, Hint, Paragraph, Picture, Table
from predictions.render.charts.means import Mean, means_chart
from predictions.scoring.anytime import PRESUMED
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.columns.lazy_rows import LazyRows
from predictions.scoring.compare.cards import ASKS_YES_OR_NO
from predictions.scoring.forecaster_statistics import ForecasterStats, ScorecardStats
from predictions.scoring.models import ModelFigures
from predictions.scoring.reliability import ReliabilityDiagram, reliability
from predictions.scoring.score_columns import HINDSIGHT, SCORES, CardPart, PlainRule, ScoreColumn, columns_in
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.claim_table import claim_table
from predictions.views.scorecard.funnel import TypeRecord, funnel_table
from predictions.views.scorecard.imputed import BOUNDS, OURS, Words, imputed_words
from predictions.views.scorecard.leads import Leads
from predictions.views.scorecard.names import kind, titles_of
from predictions.views.scorecard.reliability_chart import reliability_chart, reliability_lines
from predictions.views.scorecard.type_scores import TypeScores, yes_or_no_only

NOT_STATED = "not stated"
OF_MODELS = "models: statements (Brier) on claims that opened before the cut-off of training, and on others"
OFTEN = "how often it came true, by the probability given"
UNDRAWN = 8  # forecasters without a diagram who are named
OF_SKILL = "better, worse, not yet to be told: of the loss saved while a forecast stood, not of the Brier above"


@dataclass(frozen=True)
class Diagram:
    """How often it came true, by the probability that one forecaster gave."""

    forecaster: ForecasterEntry
    curve: ReliabilityDiagram

    @property
    def svg(self) -> str:
        return reliability_chart(self.curve, self.forecaster.slug)


@dataclass(frozen=True, eq=False)
class Face:
    """All parts of the full card; a part is None or empty if there is nothing to show.

    Attributes:
        judged: The figures of everybody on it.
        drawn: The forecasters whom its tables show.
        plain: What plain rules would have scored.
        listed: The rows of claims that are listed: the worst, if there are more.
        claims_of: How many rows there are.
        rules: Sentences on the rules that left forecasts out, or moved them.
        most: How many diagrams are drawn, at most.
        leads: The scores at fixed moments.
        models: The figures of the models among them.
        types: The scores on claims of other types; every other table is of yes or no only.
        letters: Returns the letters of the caveats that qualify a record.
    """

    judged: ScorecardStats
    drawn: Sequence[TrackRecord]
    plain: Sequence[PlainRule]
    listed: LazyRows
    claims_of: int
    rules: tuple[str, ...]
    most: int
    leads: Leads
    models: Mapping[str, ModelFigures]
    types: Sequence[TypeScores]
    letters: Callable[[TrackRecord], str]

    @property
    def only(self) -> str:
        """The words before a caption about claims of yes or no alone; empty if the card has no others."""
        return yes_or_no_only(self.types)

    @cached_property
    def stated(self) -> list[ForecasterStats]:
        """The figures of those who give numbers."""
        return [self.judged[record.forecaster.slug] for record in self.drawn if not record.words_only]

    @cached_property
    def means(self) -> Table | None:
        """Means with their intervals; the plain rules below them."""
        columns = columns_in(CardPart.MEANS)
        rows = [
            (f"{stats.slug} {self.letters(stats.record)}".strip(), *_cells(stats, columns)) for stats in self.stated
        ]
        for rule in self.plain if rows else ():
            values = [getattr(rule, column.name, None) for column in columns]  # None for a score that it has not
            pairs = zip(columns, values, strict=True)
            rows.append((str(rule.name), *("" if value is None else column.shown(value) for column, value in pairs)))
        return _laid_out(columns, rows, self.only + CardPart.MEANS)

    @property
    def notes(self) -> list[str]:
        """Notes below the means: what plain rules knew, what "better" refers to, and backdated forecasts."""
        notes = []
        if self.plain:
            is_infinite = any(rule.log_score == float("inf") for rule in self.plain)
            notes.append(f"{HINDSIGHT}; infinite, for it was certain once, and wrong" if is_infinite else HINDSIGHT)
        if self.enough:
            notes.append(OF_SKILL)
        backdated = [entry for entry in self.drawn if entry.backdated]
        if backdated:
            each = (
                f"{entry.forecaster.slug} {entry.backdated} ({figure(entry.backdated_brier)})" for entry in backdated
            )
            notes.append(f"backdated only, apart: statements (Brier) {', '.join(each)}")
        return notes

    @cached_property
    def chart(self) -> list[Mean]:
        """The mean Briers with their intervals, ready to be drawn."""
        names = titles_of([stats.record for stats in self.stated])
        return [
            Mean(names[stats.slug], kind(stats.record.forecaster), stats.record.n, stats.brier, stats.interval)
            for stats in self.stated
            if stats.brier is not None
        ]

    @cached_property
    def skill(self) -> Table | None:
        """The loss saved over time against each reference that can be worked out."""
        return self._table([stats for stats in self.stated if stats.record.n], CardPart.SKILL)

    @property
    def enough(self) -> list[ForecasterStats]:
        """The figures that rest on enough statements to judge."""
        return [stats for stats in self.stated if not stats.record.few]

    @cached_property
    def calibration(self) -> Table | None:
        """The parts that the mean Brier of each forecaster is made of."""
        return self._table(self.enough, CardPart.CALIBRATION)

    @property
    def model_table(self) -> Table | None:
        """How each AI model scored on claims that it could and could not know the outcome of; None without a model."""
        cutoffs = {record.forecaster.slug: record.forecaster.cutoff_on for record in self.drawn}
        rows = [
            (
                name, cutoffs[name] or NOT_STATED, *_parted(figures, cutoffs[name]), _crowd_seen(figures),
                percent(figures.imputed),
            )
            for name, figures in self.models.items()
        ]  # fmt: skip
        names = ("model", "cut-off", "known to it", "others", "saw the crowd", "imputed")
        return Table(names, rows, range(2, len(names)), self.only + OF_MODELS) if rows else None

    @property
    def calibration_note(self) -> str:
        """A sentence on what each of the two tests of calibration can show."""
        overlapping = any(stats.presumed for stats in self.enough)
        return (
            "p-value: for one look planned beforehand, at every rising shape. e: what 1 has become by bets on "
            "29 recalibrations; 1 / e is a p-value however often one looks"
            f"{PRESUMED if overlapping else ''}, blind to waves (too low here, too high there). A common cause of "
            "several claims misleads both"
        )

    @cached_property
    def diagrams(self) -> list[Diagram]:
        """The reliability diagrams of the first few forecasters with enough statements."""
        return [
            Diagram(stats.record.forecaster, reliability(stats.record.series, stats.consistency))
            for stats in self.enough[: self.most]
        ]

    @cached_property
    def bounds(self) -> Table | None:
        """The best and the worst mean that missing verdicts leave possible; None if none is missing."""
        ends = [(stats, stats.record.bounds(every_open=True)) for stats in self.stated]
        columns = (SCORES["brier"], *BOUNDS)
        rows = [(stats.slug, *_cells(stats, columns)) for stats, span in ends if span and span[0] < span[1]]
        return _laid_out(columns, rows, self.only + CardPart.BESIDE)

    @cached_property
    def words(self) -> list[Words]:
        """The figures of those who forecast in words only."""
        return [imputed_words(record) for record in self.drawn if record.words_only]

    @cached_property
    def claims(self) -> Table | None:
        """A row for each scored claim that is listed."""
        return claim_table(self.listed)

    @cached_property
    def funnel(self) -> Table | None:
        """How many claims were forecast, how many are in the mean, and why the others are not."""
        return funnel_table(self.counted, typed=bool(self.types))

    @property
    def counted(self) -> list[TypeRecord]:
        """The records in the funnel, by type of claim; those without a forecast only if all claims are yes or no."""
        yes_no = [(ASKS_YES_OR_NO, record) for record in self.drawn if record.funnel["forecast"] or not self.types]
        return [*yes_no, *((scores.word, record) for scores in self.types for record in scores.records)]

    def _table(self, people: Sequence[ForecasterStats], part: CardPart) -> Table | None:
        """Return one part of the card as a table, without columns in which nobody has a figure; None without any."""
        values = {column: [person.value(column.name) for person in people] for column in columns_in(part)}
        columns = [
            column for column, column_values in values.items() if any(value is not None for value in column_values)
        ]
        rows = [(person.slug, *_cells(person, columns)) for person in people]
        return _laid_out(columns, rows, self.only + part) if columns else None

    def blocks(self) -> Iterator[Block]:
        """Lay out all parts in order."""
        gap = Paragraph("")
        if self.means:
            yield from (gap, self.means)
            verdicts = [(f"{stats.slug} ({kind(stats.record.forecaster)})", stats.verdict) for stats in self.stated]
            yield from (Paragraph(f"{who}: {verdict}", 2, 4) for who, verdict in verdicts)
            yield from (Paragraph(note, 2, 4) for note in self.notes)
        if self.chart:
            yield Picture((), means_chart(self.chart, self.only))
        if self.skill:
            yield from (gap, self.skill)
        yield from self.leads.blocks()
        if self.model_table:
            yield from (gap, self.model_table)
        if self.calibration:
            yield from (gap, self.calibration, Paragraph(self.calibration_note, 2, 2))
        for diagram in self.diagrams:
            yield from (gap, Paragraph(f"{self.only}{diagram.forecaster.slug}: {OFTEN}", 2))
            lines = reliability_lines(diagram.curve.probability, diagram.curve.recalibrated, diagram.curve.counts)
            yield Picture(lines, diagram.svg)
        if undrawn := [stats.slug for stats in self.enough[self.most :]]:
            lead = f"not drawn: {', '.join(undrawn[:UNDRAWN])}" + (", ..." if len(undrawn) > UNDRAWN else "")
            yield Hint(f"{lead} (scorecard --full --by NAME)", f'{lead} (scorecard(by="NAME", full=True))', 2)
        if self.bounds:
            yield from (gap, self.bounds)
        for words in self.words:
            yield from (gap, Heading(words.lead, words.kind), Paragraph(OURS, 2), words.imputed)
        yield from self.of_every_type()

    def of_every_type(self) -> Iterator[Block]:
        """Yield what is about claims of every type: the rows of claims, the funnel, and the rules of counting."""
        yield from self._listing()
        if self.funnel:
            yield from (Paragraph(""), self.funnel)
        yield from (Paragraph(rule, 0, 2) for rule in self.rules)

    def _listing(self) -> Iterator[Block]:
        """Yield the rows of claims and, if some are left out, how to see them all."""
        yield Paragraph("")
        yield self.claims or Paragraph("no forecast on a scored claim")
        if len(self.listed) < self.claims_of:
            is_scored = any(row["brier"] is not None for row in self.listed)
            some = f"{len(self.listed):,} worst" if is_scored else f"first {len(self.listed):,}"
            lead = f"the {some} of {self.claims_of:,} rows; all of them are in"
            yield Hint(f"{lead} --json", f"{lead} rows()", 2)


def _parted(figures: ModelFigures, cutoff: str | None) -> list[str]:
    """Return how many claims opened before the cut-off of training, and how many did not; dashes without a cut-off."""
    return [f"{n:,} ({figure(brier)})" if cutoff else "-" for n, brier in (figures.known, figures.unknown)]


def _crowd_seen(figures: ModelFigures) -> str:
    """Return the share of forecasts made after seeing the crowd's, among those that state it."""
    begun = figures.known[0] + figures.unknown[0]
    fewer = f" of {figures.shown_of:,}" if figures.shown_of < begun else ""
    return f"{percent(figures.shown)}{fewer}" if figures.shown_of else NOT_STATED


def _cells(stats: ForecasterStats, columns: Sequence[ScoreColumn]) -> list[str]:
    """Return the figures of one forecaster as cells."""
    return [column.shown(stats.value(column.name)) for column in columns]


def _laid_out(columns: Sequence[ScoreColumn], rows: Sequence[Sequence[str]], caption: str) -> Table | None:
    """Return a table of score columns by forecaster; None without rows."""
    names = ("forecaster", *(column.label for column in columns))
    return Table(names, rows, range(1, len(names)), caption) if rows else None

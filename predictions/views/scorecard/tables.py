"""What a scorecard shows in full, once for text, notebook and page: intervals, calibration, every claim, the funnel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from predictions.enums import ClaimType
from predictions.numerals import figure, percent
from predictions.render.blocks import Block, Heading, Hint, Paragraph, Picture, Table
from predictions.render.charts.means import Mean, means_chart
from predictions.render.result import Value
from predictions.render.text import columns_of, cut_to
from predictions.scoring.anytime import PRESUMED
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.columns.lazy_rows import LazyRows
from predictions.scoring.eligibility import FUNNEL, Category
from predictions.scoring.forecaster_statistics import ForecasterStats, ScorecardStats
from predictions.scoring.models import ModelFigures
from predictions.scoring.reliability import ReliabilityDiagram, reliability
from predictions.scoring.score_columns import HINDSIGHT, SCORES, CardPart, PlainRule, ScoreColumn, columns_in
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.imputed import BOUNDS, OURS, Words, imputed_words
from predictions.views.scorecard.leads import Leads
from predictions.views.scorecard.names import kind
from predictions.views.scorecard.reliability_chart import reliability_chart, reliability_lines

WORDS, CAME = 28, 11  # letters of what was said and what happened, in a row of claims, and at most of the second
UNDRAWN = 8  # forecasters without a diagram who are named
CHANCE = ScoreColumn("probability", "p", "p = what was said", CardPart.BESIDE, decimals=2)
CELLS = (CHANCE, SCORES["brier"], SCORES["time_skill"], SCORES["coverage"])
MARKS = {
    "imputed": "imputed", "backdated": "backdated", "set_apart": "others apart", "written_after": "written afterwards",
    "known": "known to it",
}  # fmt: skip
APART = {Category.TOO_LATE, Category.LAST_DAY, Category.WITHDRAWN, Category.SUPERSEDED, Category.READ_LATE}
OUTSIDE = (  # neither due nor not due yet
    "ended before due", "superseded", "words read afterwards", "backdated (apart)", "too late",
    "on the day of the answer", "withdrawn",
)  # fmt: skip
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
    """All that is shown of a card; None and empty where there is nothing to show.

    Attributes:
        judged: The figures of everybody on it.
        drawn: Whom its tables show.
        plain: What plain rules would have scored.
        listed: The rows of claims that are listed, the worst of so many as *claims_of*.
        rules: Which rule left forecasts out, or moved them.
        most: Diagrams, at most.
        leads: What stood at fixed moments, of those drawn.
        models: The figures of the models among them.
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

    @cached_property
    def stated(self) -> list[ForecasterStats]:
        """The figures of those who give numbers."""
        return [self.judged[record.forecaster.slug] for record in self.drawn if not record.words_only]

    @cached_property
    def means(self) -> Table | None:
        """Means with their intervals; the plain rules below them."""
        columns = columns_in(CardPart.MEANS)
        rows = [(one.slug, *_cells(one, columns)) for one in self.stated]
        for rule in self.plain if rows else ():
            values = [getattr(rule, column.name, None) for column in columns]
            told = ("" if value is None else column.shown(value) for column, value in zip(columns, values, strict=True))
            rows.append((str(rule.name), *told))
        return _laid_out(columns, rows, CardPart.MEANS)

    @property
    def notes(self) -> list[str]:
        """What a reader of the means must know: what a plain rule knew, who is left out, what stands apart."""
        notes = []
        if self.plain:
            sure = any(rule.log_score == float("inf") for rule in self.plain)
            notes.append(f"{HINDSIGHT}; infinite, for it was certain once, and wrong" if sure else HINDSIGHT)
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
        return [
            Mean(one.slug, kind(one.record.forecaster), one.record.n, one.brier, one.interval)
            for one in self.stated
            if one.brier is not None
        ]

    @cached_property
    def skill(self) -> Table | None:
        """The loss saved over time against each reference that has something to say."""
        return _table([one for one in self.stated if one.record.n], CardPart.SKILL)

    @property
    def enough(self) -> list[ForecasterStats]:
        """The figures that rest on enough statements to judge."""
        return [one for one in self.stated if not one.record.few]

    @cached_property
    def calibration(self) -> Table | None:
        """The parts of each mean."""
        return _table(self.enough, CardPart.CALIBRATION)

    @property
    def model_table(self) -> Table | None:
        """What each model could know; None without a model."""
        cutoffs = {record.forecaster.slug: record.forecaster.cutoff_on for record in self.drawn}
        rows = [
            (name, cutoffs[name] or "-", *(f"{n:,} ({figure(brier)})" for n, brier in (one.known, one.unknown)),
             percent(one.shown), percent(one.imputed))
            for name, one in self.models.items()
        ]  # fmt: skip
        names = ("model", "cut-off", "known to it", "others", "saw the crowd", "imputed")
        caption = "models: statements (Brier) on claims that opened before the cut-off of training, and on others"
        return Table(names, rows, range(2, len(names)), caption) if rows else None

    @property
    def calibration_note(self) -> str:
        """What each of the two tests of calibration is worth."""
        overlapping = any(one.presumed for one in self.enough)
        return (
            "p-value: for one look planned beforehand, at every rising shape. e: what 1 has become by bets on "
            "29 recalibrations; 1 / e is a p-value however often one looks"
            f"{PRESUMED if overlapping else ''}, blind to waves (too low here, too high there). A common cause of "
            "several claims misleads both"
        )

    @cached_property
    def diagrams(self) -> list[Diagram]:
        """How often it came true, by the probability given, of the first few."""
        return [
            Diagram(one.record.forecaster, reliability(one.record.series, one.consistency))
            for one in self.enough[: self.most]
        ]

    @cached_property
    def bounds(self) -> Table | None:
        """The best and the worst that the verdicts still missing leave possible, where any is missing."""
        ends = [(one, one.record.bounds(every_open=True)) for one in self.stated]
        columns = (SCORES["brier"], *BOUNDS)
        rows = [(one.slug, *_cells(one, columns)) for one, span in ends if span and span[0] < span[1]]
        return _laid_out(columns, rows, CardPart.BESIDE)

    @cached_property
    def words(self) -> list[Words]:
        """Those who give no numbers."""
        return [imputed_words(record) for record in self.drawn if record.words_only]

    @cached_property
    def claims(self) -> Table | None:
        """A row for each scored claim."""
        came = [cut_to(_outcome_in_few_words(row), CAME) for row in self.listed]
        room = WORDS - max(map(columns_of, ["outcome", *came]))
        cells = []
        for row, happened in zip(self.listed, came, strict=True):
            chance, *scores = (column.shown(row[column.name]) for column in CELLS)
            chance = chance if row["probability"] is not None else cut_to(_in_few_words(row), room) or chance
            cells.append((str(row["claim"]), str(row["forecaster"]), chance, happened, *scores, ", ".join(marks(row))))
        score = "Brier" if all(row["probability"] is not None or not row["said"] for row in self.listed) else "score"
        names = ("claim", "forecaster", "p", "outcome", score, "skill", "cover", "")
        return Table(names, cells, figures=(2, 4, 5, 6), caption="each scored claim") if cells else None

    @cached_property
    def funnel(self) -> Table | None:
        """From the claims forecast to those in the mean, and why the others are not in it."""
        rows = []
        for record in self.drawn:
            counted = record.funnel
            steps = (f"{counted[step]:,}" for step in FUNNEL[:4])
            rows.append((record.forecaster.slug, *steps, why_not(counted) or "-"))
        names = ("forecaster", *FUNNEL[:4], "why the others are not")
        return Table(names, rows, (1, 2, 3, 4), "from the claims forecast to those in the mean") if rows else None

    def blocks(self) -> Iterator[Block]:
        """Lay it out as blocks."""
        gap = Paragraph("")
        if self.means:
            yield from (gap, self.means)
            told = [(f"{one.slug} ({kind(one.record.forecaster)})", one.verdict) for one in self.stated]
            yield from (Paragraph(f"{who}: {verdict}", 2, 4) for who, verdict in told)
            yield from (Paragraph(note, 2, 4) for note in self.notes)
        if self.chart:
            yield Picture((), means_chart(self.chart))
        if self.skill:
            yield from (gap, self.skill)
        yield from self.leads.blocks()
        if self.model_table:
            yield from (gap, self.model_table)
        if self.calibration:
            yield from (gap, self.calibration, Paragraph(self.calibration_note, 2, 2))
        for one in self.diagrams:
            yield from (gap, Paragraph(f"{one.forecaster.slug}: how often it came true, by the probability given", 2))
            lines = reliability_lines(one.curve.probability, one.curve.recalibrated, one.curve.counts)
            yield Picture(lines, one.svg)
        if undrawn := [one.slug for one in self.enough[self.most :]]:
            named = f"not drawn: {', '.join(undrawn[:UNDRAWN])}" + (", ..." if len(undrawn) > UNDRAWN else "")
            yield Hint(f"{named} (scorecard --full --by NAME)", f'{named} (scorecard(by="NAME", full=True))', 2)
        if self.bounds:
            yield from (gap, self.bounds)
        for words in self.words:
            yield from (gap, Heading(words.lead, words.kind), Paragraph(OURS, 2), words.imputed)
        yield from self.listing()
        if self.funnel:
            yield from (gap, self.funnel)
        yield from (Paragraph(rule, 0, 2) for rule in self.rules)

    def listing(self) -> Iterator[Block]:
        """Yield the rows of claims, and how many are left out."""
        yield Paragraph("")
        yield self.claims or Paragraph("no forecast on a scored claim")
        if len(self.listed) < self.claims_of:
            scored = any(row["brier"] is not None for row in self.listed)
            some = f"{len(self.listed):,} worst" if scored else f"first {len(self.listed):,}"
            count = f"the {some} of {self.claims_of:,} rows"
            yield Paragraph(f"{count}; all of them are in rows()", 2)


def _in_few_words(row: Mapping[str, Value]) -> str:
    """Say what no single number tells: of a curve its middle point or last day, of shares the first of them."""
    said = str(row["said"] or "")
    if row["type"] in {ClaimType.NUMBER, ClaimType.DATE}:
        points = said.split(", ")
        said = points[len(points) // 2] if row["type"] == ClaimType.NUMBER else points[-1]
    return said


def _outcome_in_few_words(row: Mapping[str, Value]) -> str:
    """Say how a claim came out, or else where its row stands; of a number that is too long six digits."""
    value, came = row["value"], str(row["outcome"] or row["place"]).split(",")[0]
    is_long = row["type"] == ClaimType.NUMBER and isinstance(value, float) and len(came) > CAME
    return f"{value:.6g}" if is_long else came


def why_not(counted: Mapping[str, int]) -> str:
    """Say of a funnel why the claims that are in no mean are not."""
    waiting = counted["forecast"] - counted["due"] - sum(counted[name] for name in OUTSIDE)
    *reasons, early, beside = FUNNEL[4:]
    out = {"not due": waiting} | {name: counted[name] for name in reasons}
    why = ", ".join(f"{count:,} {name}" for name, count in out.items() if count)
    return why + "".join(f"; {counted[name]:,} {name}" for name in (early, beside) if counted[name])


def _table(people: Sequence[ForecasterStats], part: CardPart) -> Table | None:
    """Return one table of a card, without the columns in which nobody has a figure."""
    columns = [column for column in columns_in(part) if any(person.value(column.name) is not None for person in people)]
    rows = [(person.slug, *_cells(person, columns)) for person in people]
    return _laid_out(columns, rows, part) if columns else None


def _cells(one: ForecasterStats, columns: Sequence[ScoreColumn]) -> list[str]:
    return [column.shown(one.value(column.name)) for column in columns]


def _laid_out(columns: Sequence[ScoreColumn], rows: Sequence[Sequence[str]], part: CardPart) -> Table | None:
    names = ("forecaster", *(column.label for column in columns))
    return Table(names, rows, range(1, len(names)), part.value) if rows else None


def marks(row: Mapping[str, Value]) -> Iterator[str]:
    """Yield what a reader must know of a row: why it is in no mean, imputed, backdated, superseded, in doubt."""
    if row["outcome"] and row["place"] in APART:  # else the place stands where the outcome would
        yield str(row["place"])
    elif row["outcome"] and not row["settled"]:
        yield f"settles {row['settles_on']}"
    for name, mark in MARKS.items():
        if row[name] and (row["outcome"] or row["place"] != mark):
            yield mark
    if isinstance(row["doubts"], list):
        yield from map(str, row["doubts"])

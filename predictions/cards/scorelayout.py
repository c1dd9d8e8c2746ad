"""What a scorecard shows, once for text, notebook and page: its tables, sentences, diagrams, and what fell out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from predictions.charts.characters import reliability_lines
from predictions.charts.means import Mean, means_chart
from predictions.charts.svg import reliability_chart
from predictions.display import Block, Heading, Paragraph, Picture, Table, Value
from predictions.kinds import Outcome
from predictions.numerals import figure
from predictions.scoring.columns import Person
from predictions.scoring.crowd import METHODS
from predictions.scoring.figures import BESIDE_OTHERS, HINDSIGHT, SCORES, Part, Plain, ScoreColumn, columns_in
from predictions.scoring.judging import Figures, Judged
from predictions.scoring.lazyrows import LazyRows
from predictions.scoring.places import FUNNEL, Place
from predictions.scoring.reliability import Reliability, reliability
from predictions.scoring.totals import TrackRecord, grouped

ENDS = ("low", "middle", "high")
BOUNDS = (SCORES["bounds_due"], SCORES["bounds_open"])
CHANCE = ScoreColumn("probability", "p", Part.BESIDE, "p = what was said", decimals=2)
CELLS = (CHANCE, SCORES["brier"], SCORES["time_skill"], SCORES["coverage"])
MARKS = {
    "imputed": "imputed", "backdated": "backdated", "set_apart": "others apart", "written_after": "written afterwards",
}  # fmt: skip
APART = {Place.TOO_LATE, Place.WITHDRAWN}
OURS = "It gives words, no numbers: the numbers below are imputed from them, are ours, and are never ranked."


@dataclass(frozen=True)
class Said:
    """One forecaster, and what can be said of the figures."""

    forecaster: str
    kind: str
    verdict: str


@dataclass(frozen=True)
class Words:
    """One who gives no numbers: where the claims stand, and what was imputed."""

    lead: str
    kind: str
    imputed: Table


@dataclass(frozen=True)
class Diagram:
    """How often it came true, by the probability that one forecaster gave."""

    forecaster: Person
    curve: Reliability

    @property
    def svg(self) -> str:
        return reliability_chart(self.curve, self.forecaster.slug)


@dataclass(frozen=True)
class Face:
    """All that is shown of a card; None and empty where there is nothing to show."""

    means: Table | None
    chart: tuple[Mean, ...]
    said: tuple[Said, ...]
    notes: tuple[str, ...]
    skill: Table | None
    unset: str  # why nobody is set beside the others
    calibration: Table | None
    diagrams: tuple[Diagram, ...]
    undrawn: int  # forecasters whose diagram is left out
    bounds: Table | None
    words: tuple[Words, ...]
    claims: Table | None
    claims_of: int  # rows, of which the table shows the worst
    funnel: Table | None
    unforecast: str
    caveats: tuple[str, ...]


def face(
    judged: Judged, drawn: Sequence[TrackRecord], plain: Sequence[Plain], rows: tuple[LazyRows, int], *,
    notes: Sequence[str], caveats: tuple[str, ...], partly_met: frozenset[str], unforecast: int, diagrams: int,
) -> Face:  # fmt: skip
    """What is shown of the *drawn* forecasters; of *rows* those to list, and of how many they are."""
    stated = [judged[record.forecaster.slug] for record in drawn if not record.words_only]
    enough = [one for one in stated if not one.record.few]
    listed, count = rows
    crowded = sum(one.record.n for one in judged.values()) > BESIDE_OTHERS
    return Face(
        means=_means(stated, plain) if stated else None,
        chart=tuple(mean_of(one) for one in stated if one.brier is not None),
        said=tuple(Said(one.slug, kind(one.record.forecaster), one.verdict) for one in stated),
        notes=(*_hindsight(plain), *notes, *_apart(drawn)),
        skill=_table([one for one in stated if one.record.n], Part.SKILL),
        unset="the others are too many to be drawn for everybody: ask compare(..., 'the others')" if crowded else "",
        calibration=_table(enough, Part.CALIBRATION),
        diagrams=tuple(Diagram(one.record.forecaster, reliability(one.record)) for one in enough[:diagrams]),
        undrawn=max(len(enough) - diagrams, 0),
        bounds=_bounds(stated),
        words=tuple(_words(record, partly_met) for record in drawn if record.words_only),
        claims=_claims(listed) if count else None,
        claims_of=count,
        funnel=_funnel(drawn),
        unforecast=f"scored claims without a forecast by any of them: {unforecast:,}" if unforecast else "",
        caveats=caveats,
    )


def blocks(shown: Face, nothing: str) -> Iterator[Block]:
    """The face of a card as blocks; *nothing* says why there is no row on it."""
    gap = Paragraph("")
    if shown.means:
        yield from (gap, shown.means)
        yield from (Paragraph(f"{one.forecaster} ({one.kind}): {one.verdict}", 2, 4) for one in shown.said)
        yield from (Paragraph(note, 2, 4) for note in shown.notes)
    if shown.chart:
        yield Picture((), means_chart(shown.chart))
    if shown.skill:
        yield from (gap, shown.skill)
    if shown.skill and shown.unset:
        yield Paragraph(shown.unset, 2, 4)
    if shown.calibration:
        yield from (gap, shown.calibration)
    for one in shown.diagrams:
        yield gap
        yield Paragraph(f"{one.forecaster.slug}: how often it came true, by the probability given", 2)
        yield Picture(reliability_lines(one.curve.probability, one.curve.recalibrated, one.curve.counts), one.svg)
    if shown.bounds:
        yield from (gap, shown.bounds)
    for words in shown.words:
        yield from (gap, Heading(words.lead, words.kind), Paragraph(OURS, 2), words.imputed)
    yield from (gap, shown.claims or Paragraph(nothing))
    if shown.claims and len(shown.claims.rows) < shown.claims_of:
        few = len(shown.claims.rows)
        yield Paragraph(f"the {few:,} worst of {shown.claims_of:,} rows; all of them are in rows()", 2)
    if shown.funnel:
        yield from (gap, shown.funnel)
    if shown.unforecast:
        yield Paragraph(shown.unforecast)
    yield from (Paragraph(caveat, 0, 2) for caveat in shown.caveats)


def kind(forecaster: Person) -> str:
    """What a forecaster is: a person, a model, a publication; and whether a crowd is one that we computed."""
    return f"{forecaster.kind}{', computed' * (METHODS.get(forecaster.slug) == (forecaster.method or ''))}"


def mean_of(one: Figures) -> Mean:
    """The mean Brier score of one forecaster, ready to be drawn."""
    return Mean(one.slug, kind(one.record.forecaster), one.record.n, one.brier or 0.0, one.interval)


def _means(stated: Sequence[Figures], plain: Sequence[Plain]) -> Table:
    """Means with their intervals; the plain rules below them."""
    columns = columns_in(Part.MEANS)
    rows = [(one.slug, *_cells(one, columns)) for one in stated]
    for rule in plain:
        values = [getattr(rule, column.name, None) for column in columns]
        cells = ["" if value is None else column.shown(value) for column, value in zip(columns, values, strict=True)]
        rows.append((str(rule.name), *cells))
    return _laid_out(columns, rows, Part.MEANS)


def _table(people: Sequence[Figures], part: Part) -> Table | None:
    """One table of a card, without the columns in which nobody has a figure."""
    columns = [column for column in columns_in(part) if any(one.value(column.name) is not None for one in people)]
    rows = [(one.slug, *_cells(one, columns)) for one in people]
    return _laid_out(columns, rows, part) if columns else None


def _cells(one: Figures, columns: Sequence[ScoreColumn]) -> list[str]:
    return [column.shown(one.value(column.name)) for column in columns]


def _laid_out(columns: Sequence[ScoreColumn], rows: Sequence[Sequence[str]], part: Part) -> Table:
    names = ("forecaster", *(column.label for column in columns))
    return Table(names, rows, range(1, len(names)), part.value)


def _hindsight(plain: Sequence[Plain]) -> Iterator[str]:
    """What a plain rule knew."""
    if plain:
        sure = any(one.log_score == float("inf") for one in plain)
        yield f"{HINDSIGHT}{'; infinite, for it was certain once, and wrong' if sure else ''}"


def _apart(drawn: Sequence[TrackRecord]) -> Iterator[str]:
    if apart := [
        f"{one.forecaster.slug} {one.backdated} ({figure(one.backdated_brier)})" for one in drawn if one.backdated
    ]:
        yield f"backdated only, apart: statements (Brier) {', '.join(apart)}"


def _bounds(stated: Sequence[Figures]) -> Table | None:
    """The best and the worst that the verdicts still missing leave possible, where any is missing."""
    open_ones = [(one, one.record.bounds(every_open=True)) for one in stated]
    missing = [one for one, ends in open_ones if ends and ends[0] < ends[1]]
    columns = (SCORES["brier"], *BOUNDS)
    rows = [(one.slug, *_cells(one, columns)) for one in missing]
    return _laid_out(columns, rows, Part.BESIDE) if rows else None


def _words(record: TrackRecord, partly_met: frozenset[str]) -> Words:
    """Verdicts first, then what was imputed, low, middle and high."""
    caption = f"imputed numbers of {record.forecaster.slug} at the low, middle and high end of their range"
    names = ("reading", "imputed", "n", "Brier", *(column.label for column in BOUNDS))
    return Words(verdicts(record, partly_met), kind(record.forecaster), Table(names, _imputed(record), (2, 3), caption))


def verdicts(record: TrackRecord, partly_met: frozenset[str]) -> str:
    """Where the claims of one forecaster stand: ``ainews: 0 of 4 due; 1 part met``."""
    due = [row for row in record.rows if row.fate.due]
    partly = sum(row.claim.slug in partly_met for row in record.rows)
    lead = f"{record.forecaster.slug}: {len(due)} of {len(record.rows)} due; {partly} part met"
    found = [
        f"{outcome} {count}" for outcome in Outcome if (count := sum(row.outcome is outcome for row in record.rows))
    ]
    return "; ".join([lead, *found])


def _imputed(record: TrackRecord) -> list[tuple[str, ...]]:
    """The imputed numbers and their scores at each end of their range."""
    known = [row for row in record.rows if row.place is Place.SCORED]
    rows: list[tuple[str, ...]] = []
    for end in ENDS:
        numbers = sorted({number for row in record.rows if (number := row.at(end).probability) is not None})
        rows.append(
            (
                end,
                ", ".join(figure(number, 2) for number in numbers) or "-",
                str(len(grouped(known))),
                figure(record.mean("brier", end, rows=known)),
                *(BOUNDS[every].shown(record.bounds(every_open=bool(every), end=end)) for every in (0, 1)),
            )
        )
    return rows


def _claims(rows: LazyRows) -> Table:
    """A row for each scored claim."""
    cells = []
    for row in rows:
        chance, *scores = (column.shown(row[column.name]) for column in CELLS)
        came = str(row["outcome"] or row["place"]).split(",")[0]
        cells.append((str(row["claim"]), str(row["forecaster"]), chance, came, *scores, ", ".join(marks(row))))
    names = ("claim", "forecaster", "p", "outcome", "Brier", "skill", "cover", "")
    return Table(names, cells, figures=(2, 4, 5, 6), caption="each scored claim")


def marks(row: Mapping[str, Value]) -> Iterator[str]:
    """What a reader must know of a row: why it is in no mean, imputed, backdated, superseded, in doubt."""
    if row["outcome"] and not row["settled"]:
        yield f"settles {row['settles_on']}"
    if row["place"] in APART:
        yield str(row["place"])
    for name, mark in MARKS.items():
        if row[name]:
            yield mark
    if isinstance(row["doubts"], list):
        yield from map(str, row["doubts"])


def _funnel(drawn: Sequence[TrackRecord]) -> Table | None:
    """From the claims forecast to those in the mean, and why the others are not in it."""
    rows = []
    for record in drawn:
        counted = record.funnel
        waiting = {"not due": counted["forecast"] - counted["due"] - counted["ended before due"]}
        out = [
            f"{count:,} {name}"
            for name, count in (waiting | {name: counted[name] for name in FUNNEL[4:]}).items()
            if count
        ]
        rows.append((record.forecaster.slug, *(f"{counted[step]:,}" for step in FUNNEL[:4]), ", ".join(out) or "-"))
    names = ("forecaster", *FUNNEL[:4], "why the others are not")
    return Table(names, rows, (1, 2, 3, 4), "from the claims forecast to those in the mean") if rows else None

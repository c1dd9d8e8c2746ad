"""How a scorecard is laid out: figures, skill, calibration, words, claims, and what fell out on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from predictions.charts.characters import reliability_lines
from predictions.charts.means import Mean, means_chart
from predictions.charts.svg import reliability_chart
from predictions.display import Block, Heading, Paragraph, Picture, Table
from predictions.kinds import Outcome
from predictions.numerals import figure, percent
from predictions.scoring.columns import Person
from predictions.scoring.crowd import METHODS
from predictions.scoring.figures import HINDSIGHT, Figures, Plain
from predictions.scoring.places import FUNNEL, Place
from predictions.scoring.pool import Pool
from predictions.scoring.reliability import LEVEL, reliability
from predictions.scoring.rows import Row, rows_of
from predictions.scoring.totals import TrackRecord, grouped, worst

ENDS = ("low", "middle", "high")
IMPUTED = ("reading", "imputed", "n", "Brier", "bounds: those due", "with every open claim")
DRAWN = 3  # diagrams, at most
LISTED = 60  # claims in the table, at most
SHOWN = 20  # forecasters in a table, at most


def headline(records: Sequence[TrackRecord], figures: Mapping[str, Figures], plain: Sequence[Plain]) -> Iterator[Block]:
    """Means with their intervals, best first where there is enough to rank by; the plain rules below them."""
    stated = listed(records)
    if not stated:
        return
    rows = []
    for record in stated:
        one = figures[record.forecaster.slug]
        rows.append(
            (
                one.forecaster,
                str(one.n),
                figure(one.brier),
                span(one.interval),
                figure(None if one.brier is None else 2 * one.brier),
                figure(one.log_score, 2),
                percent(one.coverage),
            )
        )
    rows += [
        (str(one.name), str(one.n), figure(one.brier), "", figure(2 * one.brier), figure(one.log_score, 2), "")
        for one in plain
    ]
    names = ("forecaster", "n", "Brier", f"{100 * LEVEL:.0f} % interval", "(0..2)", "log", "coverage")
    yield Paragraph("")
    yield Table(names, rows, figures=(1, 2, 3, 4, 5, 6), caption="mean scores, one observation a statement")
    for record in stated:
        who = record.forecaster
        yield Paragraph(f"{who.slug} ({kind(who)}): {figures[who.slug].verdict}", 2, 4)
    for caveat in caveats(records, plain):
        yield Paragraph(caveat, 2, 4)


def caveats(records: Sequence[TrackRecord], plain: Sequence[Plain]) -> Iterator[str]:
    """What a reader of the means must know: what a plain rule knew, whether they can be ranked, what stands apart."""
    if plain:
        sure = any(one.log_score == float("inf") for one in plain)
        yield f"{HINDSIGHT}{'; infinite, for it was certain once, and wrong' if sure else ''}"
    stated = ranked(records)
    if len(stated) > 1 and not comparable(stated):
        yield "not ranked: too few statements, or means over different claims; compare them in pairs"
    if left_out := len(stated) - len(listed(records)):
        yield f"the {SHOWN} with most statements are shown; {left_out:,} more are in to_dict()"
    if apart := [one for one in records if one.backdated]:
        told = [f"{one.forecaster.slug} {one.backdated} ({figure(one.backdated_brier)})" for one in apart[:SHOWN]]
        more = f" and {len(apart) - SHOWN:,} more" if len(apart) > SHOWN else ""
        yield f"backdated only, apart: statements (Brier) {', '.join(told)}{more}"


def kind(forecaster: Person) -> str:
    """What a forecaster is: a person, a model, a publication; and whether a crowd is one that we computed."""
    return f"{forecaster.kind}{', computed' * (METHODS.get(forecaster.slug) == (forecaster.method or ''))}"


def means(records: Sequence[TrackRecord], figures: Mapping[str, Figures]) -> Sequence[Mean]:
    """Everybody with a mean Brier score, ready to be drawn, in the order of the table."""
    shown = [(record, figures[record.forecaster.slug]) for record in listed(records)]
    return [
        Mean(one.forecaster, kind(record.forecaster), one.n, one.brier, one.interval)
        for record, one in shown
        if one.brier is not None
    ]


def chart(records: Sequence[TrackRecord], figures: Mapping[str, Figures]) -> Iterator[Block]:
    """The means as dots with their intervals, where pictures are shown; as text the table says it all."""
    if drawn := means(records, figures):
        yield Picture((), means_chart(drawn))


def skill(records: Sequence[TrackRecord], figures: Mapping[str, Figures]) -> Iterator[Block]:
    """The loss saved over time against each reference that has something to say."""
    stated = [record for record in listed(records) if record.n]
    references = list(dict.fromkeys(name for record in stated for name in figures[record.forecaster.slug].skill))
    if not references:
        return
    rows = []
    for record in stated:
        against = figures[record.forecaster.slug].skill
        cells = [figure(against[name].skill, sign=True) if name in against else "-" for name in references]
        rows.append((record.forecaster.slug, *cells))
    yield Paragraph("")
    yield Table(
        ("forecaster", *map(str, references)),
        rows,
        figures=range(1, len(references) + 1),
        caption="skill over time: Brier saved over the scheduled window, more is better, against",
    )


def calibration(records: Sequence[TrackRecord], figures: Mapping[str, Figures]) -> Iterator[Block]:
    """The CORP parts of the mean of each forecaster with enough statements."""
    enough = [record for record in listed(records) if not record.few]
    if not enough:
        return
    rows = []
    for record in enough:
        one = figures[record.forecaster.slug]
        rows.append(
            (
                one.forecaster,
                figure(one.miscalibration),
                figure(one.discrimination),
                figure(one.uncertainty),
                chance(one.p_value),
                figure(one.shrunk),
            )
        )
    names = ("forecaster", "miscalibration", "discrimination", "uncertainty", "p-value", "shrunk")
    yield Paragraph("")
    yield Table(
        names,
        rows,
        figures=range(1, 6),
        caption="Brier = miscalibration - discrimination + uncertainty (CORP, over claims); the p-value is of being "
        "calibrated; shrunk is the mean Brier drawn towards the others'",
    )


def diagrams(records: Sequence[TrackRecord]) -> Iterator[Block]:
    """A reliability diagram for each forecaster with enough statements, the first few of them."""
    for record in [record for record in listed(records) if not record.few][:DRAWN]:
        curve = reliability(record)
        yield Paragraph("")
        yield Paragraph(f"{record.forecaster.slug}: how often it came true, by the probability given", 2)
        lines = reliability_lines(curve.probability, curve.recalibrated, curve.counts)
        yield Picture(lines, reliability_chart(curve, record.forecaster.slug))


def bounds(records: Sequence[TrackRecord]) -> Iterator[Block]:
    """Best and worst mean Brier that the verdicts still missing leave possible; nothing where none is missing."""
    found = []
    for record in listed(records):
        due, all_open = record.bounds(every_open=False), record.bounds(every_open=True)
        if all_open and all_open[0] < all_open[1]:
            text = f"{span(due)} if the claims due without a verdict went for or against; " if due else ""
            found.append(f"bounds {record.forecaster.slug}: {text}{span(all_open)} with every open claim too")
    if found:
        yield Paragraph("")
    for line in found:
        yield Paragraph(line, 0, 2)


def words(records: Sequence[TrackRecord], partly_met: frozenset[str]) -> Iterator[Block]:
    """Who gives no numbers: verdicts first, then what was imputed, low, middle and high."""
    for record in records:
        if not record.words_only:
            continue
        yield Paragraph("")
        yield Heading(verdicts(record, partly_met), kind(record.forecaster))
        yield Paragraph(
            "It gives words, no numbers: the numbers below are imputed from them, are ours, and are never ranked.", 2
        )
        yield Table(IMPUTED, imputed(record), figures=(2, 3))


def verdicts(record: TrackRecord, partly_met: frozenset[str]) -> str:
    """Where the claims of one forecaster stand: ``ainews: 0 of 4 due; 1 part met``."""
    due = [row for row in record.rows if row.fate.due]
    partly = sum(row.claim.slug in partly_met for row in record.rows)
    lead = f"{record.forecaster.slug}: {len(due)} of {len(record.rows)} due; {partly} part met"
    found = [
        f"{outcome} {count}" for outcome in Outcome if (count := sum(row.outcome is outcome for row in record.rows))
    ]
    return "; ".join([lead, *found])


def imputed(record: TrackRecord) -> list[tuple[str, ...]]:
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
                span(record.bounds(every_open=False, end=end)),
                span(record.bounds(every_open=True, end=end)),
            )
        )
    return rows


def claims(pool: Pool, most: int = LISTED) -> Iterator[Block]:
    """A row for each scored claim; of more than *most*, those that make most of the mean."""
    count = sum(record.funnel["forecast"] for record in pool.listed)
    yield Paragraph("")
    if not count:
        yield Paragraph("no forecast on a scored claim yet")
        return
    if count > most:
        which = worst(pool.table, [record.number for record in pool.listed], most)
        rows = rows_of(pool.table, pool.cohort, which)
    else:
        rows = [row for record in pool.listed for row in record.rows]
    notes = pool.notes(row.claim.slug for row in rows)
    cells = [
        (
            row.claim.slug,
            row.forecaster,
            figure(row.middle.probability, 2),
            str(row.outcome or row.place).split(",")[0],
            figure(row.middle.brier),
            figure(row.middle.time_skill, sign=True),
            percent(row.coverage),
            marks(row, *notes[row.claim.slug]),
        )
        for row in rows
    ]
    names = ("claim", "forecaster", "p", "outcome", "Brier", "skill", "cover", "")
    yield Table(names, cells, figures=(2, 4, 5, 6), caption="each scored claim")
    if count > most:
        yield Paragraph(f"the {most:,} worst of {count:,} rows; all of them are in rows()", 2)


def funnels(records: Sequence[TrackRecord], unforecast: int) -> Iterator[Block]:
    """How many claims fell out on the way to each mean, and why."""
    yield Paragraph("")
    for record in records[:SHOWN]:
        way, out = funnel(record)
        yield Paragraph(f"funnel {record.forecaster.slug}: {way}; {out}", 0, 2)
    if unforecast:
        yield Paragraph(f"scored claims without a forecast by any of them: {unforecast:,}")


def funnel(record: TrackRecord) -> tuple[str, str]:
    """The way to the mean, and what fell out."""
    counted = record.funnel
    way = " > ".join(f"{counted[name]:,} {name}" for name in FUNNEL[:4])
    return way, ", ".join(f"{counted[name]:,} {name}" for name in FUNNEL[4:] if counted[name] or name in FUNNEL[4:7])


def ranked(records: Sequence[TrackRecord]) -> list[TrackRecord]:
    """Who gives numbers: by mean Brier where all rest on the same claims, and on enough; else as recorded."""
    stated = [record for record in records if not record.words_only]
    if not comparable(stated):
        return stated
    return sorted(stated, key=lambda record: record.mean("brier") or 0.0)


def listed(records: Sequence[TrackRecord]) -> list[TrackRecord]:
    """Whom a table shows: of many those with most statements."""
    stated = ranked(records)
    if len(stated) <= SHOWN:
        return stated
    most = {record.number for record in sorted(stated, key=lambda record: -record.n)[:SHOWN]}
    return [record for record in stated if record.number in most]


def comparable(records: Sequence[TrackRecord]) -> bool:
    """Whether the means of these records rest on the same claims, and on enough of them."""
    return not any(record.few for record in records) and len({record.series.claim.tobytes() for record in records}) < 2


def marks(row: Row, written_after: Sequence[str], doubts: Sequence[str]) -> str:
    """What a reader must know of a row: why it is in no mean, imputed, backdated, superseded, in doubt."""
    waits = row.outcome is not None and not row.fate.settled
    found = [f"settles {row.claim.settles_on}"] * waits
    found += [str(row.place)] * (row.place in {Place.TOO_LATE, Place.WITHDRAWN})
    found += ["imputed"] * row.fate.imputed + ["backdated"] * row.fate.backdated
    found += ["others apart"] * row.set_apart
    return ", ".join([*found, *["written afterwards"] * bool(written_after), *doubts])


def span(ends: tuple[float, float] | None) -> str:
    return f"{figure(ends[0])} .. {figure(ends[1])}" if ends else "-"


def chance(p_value: float | None) -> str:
    """A p-value; a small one is said to be small, for it is never nought.

    >>> chance(0.004), chance(0.01), chance(None)
    ('<0.01', '0.01', '-')
    """
    return "<0.01" if p_value is not None and p_value < 0.01 else figure(p_value, 2)

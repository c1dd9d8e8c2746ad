"""What a page shows of each statement, as plain text and finished charts, ready to be laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.cards.board import Group, Line, spoken
from predictions.cards.claim import HOW_READ, Card, card, dated
from predictions.cards.readings import ONE, Readings, readings
from predictions.charts.claimline import claim_line
from predictions.charts.svg import Svg, element, share_bar
from predictions.charts.timelines import HOLLOW, SHAPES, swatch, timeline_chart
from predictions.display import Table, figure
from predictions.kinds import ClaimKind
from predictions.records import Claim
from predictions.snapshot import OnFile, Snapshot, world_day
from predictions.status import Status, settle_on

QUOTED = 220
PIPS = 12  # dots of a tally, at most
NUMBERS = 60  # forecasts in a table, at most


@dataclass(frozen=True)
class EvidenceView:
    """One piece of evidence on a page."""

    day: str
    bears: str
    kind: str
    title: str
    link: str
    facts: str
    why: str


@dataclass(frozen=True)
class VerdictView:
    """One verdict on a page."""

    lead: str
    text: str


@dataclass(frozen=True)
class ClaimView:
    """One scored claim on a page."""

    slug: str
    title: str
    stands: str
    look: str
    opens_on: str
    resolves_by: str
    left: str
    bar: Svg
    chart: Svg
    pips: Sequence[Svg]
    legend: Sequence[tuple[Svg, str]]
    imputed: bool
    earlier: int  # pieces of evidence too old for the chart
    tally: str
    needed: str
    due: str
    forecasts: str
    last_evidence: str
    readings: str
    wording: str
    criteria: str
    conditions: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    evidence: Sequence[EvidenceView]
    numbers: Table | None
    verdicts: Sequence[VerdictView]


@dataclass(frozen=True)
class StatementView:
    """One statement on a page, with its scored claims and all its readings."""

    anchor: str
    number: int
    short: str
    quote: str
    quote_short: str
    said_by: str
    source_title: str
    source_link: str
    published: str
    paraphrased: bool
    lines: Sequence[ClaimView]
    readings: Table | None


def statement_view(snapshot: Snapshot, group: Group, number: int) -> StatementView:
    """Everything a page shows of one statement."""
    statement, source = group.statement, group.source
    text = statement.text
    return StatementView(
        anchor=f"statement-{statement.slug}",
        number=number,
        short=group.scored[0].claim.title,
        quote=text,
        quote_short=text if len(text) <= QUOTED else text[:QUOTED].rsplit(" ", 1)[0] + " ...",
        said_by=statement.speaker or source.publisher or source.title,
        source_title=source.title,
        source_link=source.link or "",
        published=dated(source),
        paraphrased=bool(statement.paraphrased),
        lines=[_claim_view(snapshot, group, line) for line in group.scored],
        readings=_readings_table(readings(snapshot, statement)),
    )


def _claim_view(snapshot: Snapshot, group: Group, line: Line) -> ClaimView:
    claim = line.claim
    shown = card(snapshot, claim)
    on_file = _with_parts(snapshot, claim, shown.evidence)
    chart = claim_line(claim, on_file, shown.counted, shown.verdict, snapshot.today)
    waiting = line.status in {Status.OPEN, Status.DUE, Status.OVERDUE}
    left = f"{line.days_left} days left" if line.days_left >= 0 else f"ended {-line.days_left} days ago"
    kinds = dict.fromkeys(mark.bears for mark in chart.marks if mark.day.toordinal() >= chart.first)
    return ClaimView(
        slug=claim.slug,
        title=claim.title,
        stands=line.stands,
        look=line.look,
        opens_on=claim.opens_on.isoformat(),
        resolves_by=claim.resolves_by.isoformat(),
        left=left if waiting else "",
        bar=_bar(line, left),
        chart=timeline_chart(chart),
        pips=_pips(line),
        legend=[
            *(
                (swatch(chart.lines[number], number), f"{chart.lines[number].name} {probability:.2f}")
                for number, probability in chart.ends
            ),
            *((_shape(kind), kind.replace("-", " ")) for kind in SHAPES if kind in kinds),
        ],
        imputed=any(one.imputed for one in chart.lines),
        earlier=chart.earlier,
        tally=line.tally.short,
        needed=line.tally.needed,
        due=f"due by {settle_on(claim)}" if waiting else "",
        forecasts="; ".join(f"{who} {spoken(forecast)}" for who, forecast in line.forecasts),
        last_evidence=line.last_evidence,
        readings="; ".join(one.counted for one in group.readings),
        wording=claim.wording,
        criteria=claim.criteria,
        conditions=[(condition.name, condition.text) for condition in claim.conditions],
        facts=[fact for fact in shown.facts if fact[0] not in {"tally", "to settle"}],
        evidence=[_evidence(item) for item in on_file],
        numbers=_numbers(shown),
        verdicts=[_verdict(shown, place) for place in range(len(shown.resolutions))],
    )


def _with_parts(snapshot: Snapshot, claim: Claim, evidence: Sequence[OnFile]) -> list[OnFile]:
    """The evidence on a claim and on the parts of its tree, each piece once, by the world's dates."""
    found = {item.evidence.slug: item for item in evidence}
    for slug in claim.parts:
        part = snapshot.find(Claim, slug)
        for item in _with_parts(snapshot, part, snapshot.evidence_on(part)):
            found.setdefault(item.evidence.slug, item)
    return sorted(found.values(), key=world_day)


def _bar(line: Line, left: str) -> Svg:
    claim, past = line.claim, line.past
    told = f"{100 * past:.0f} % of the window from {claim.opens_on} to {claim.resolves_by} is past; {left}"
    return share_bar([(past, "past"), (1 - past, "left")], f"bar-{claim.slug}", f"Window of {claim.title}", told)


def _pips(line: Line) -> list[Svg]:
    """A dot for each event or part that is needed: full, half for a provisional one, empty."""
    made_of = line.tally
    if line.claim.kind is ClaimKind.EVENTS:
        needed, half = line.claim.at_least or 1, made_of.provisional
        full = made_of.counted - half
    elif made_of.parts:
        needed, full, half = len(made_of.parts), int(made_of.count.split()[0]), 0
    else:
        return []
    wanted = max(needed, full + half)
    if wanted > PIPS:
        return []
    return [_pip(1.0 if place < full else 0.5 if place < full + half else 0.0) for place in range(wanted)]


def _pip(share: float) -> Svg:
    ring = element("circle", cx=7, cy=7, r=5.5, fill="none", stroke="currentColor", stroke_width=1.6)
    inner = {1.0: "M1.5,7 a5.5,5.5 0 1,0 11,0 a5.5,5.5 0 1,0 -11,0z", 0.5: "M7,1.5 a5.5,5.5 0 0,0 0,11z"}
    path = [element("path", d=inner[share], fill="currentColor")] if share else []
    return element("svg", ring, *path, width=14, height=14, viewBox="0 0 14 14", aria_hidden="true")


def _shape(kind: str) -> Svg:
    fill = "none" if kind in HOLLOW else "currentColor"
    path = element("path", d=SHAPES[kind], fill=fill, stroke="currentColor", stroke_width=1.5, class_=kind)
    return element("svg", path, width=12, height=12, viewBox="-6 -6 12 12", aria_hidden="true")


def _evidence(item: OnFile) -> EvidenceView:
    evidence, bearing = item.evidence, item.bearing
    facts = [
        evidence.publisher,
        f"published {evidence.published}" if evidence.published else evidence.dates_note,
        f"{evidence.reliability} reliability" if evidence.reliability else None,
        f"{evidence.grade} source" if evidence.grade else None,
        HOW_READ[evidence.read] if evidence.read else None,
        f"event {item.event.slug}" if item.event else None,
        f"meets {', '.join(bearing.meets)}" if bearing.meets else None,
    ]
    bears = bearing.bears.replace("-", " ")
    return EvidenceView(
        day=(item.event and item.event.happened) or evidence.happened or evidence.published or "no date",
        bears=f"retracted, {bears}" if evidence.retracted else bears,
        kind="retracted" if evidence.retracted else bearing.bears.value,
        title=evidence.title,
        link=evidence.link,
        facts="; ".join(fact for fact in facts if fact) or "nothing else known",
        why=bearing.why or "",
    )


def _numbers(shown: Card) -> Table | None:
    rows = [
        (f"{one.made_at:%Y-%m-%d}", one.forecaster, spoken(one), kind.value, one.note or "")
        for one, kind in shown.forecasts[-NUMBERS:]
    ]
    earlier = len(shown.forecasts) - len(rows)
    caption = f"Forecasts on {shown.claim.slug}" + (f", the last {NUMBERS}; {earlier:,} earlier" if earlier else "")
    return Table(("day", "forecaster", "forecast", "time", "why"), rows, caption=caption) if rows else None


def _verdict(shown: Card, place: int) -> VerdictView:
    verdict = shown.resolutions[place].record
    stands = verdict is shown.verdict
    lead = "Dissent: " if verdict.dissent else "Verdict: " if stands else "Earlier verdict, replaced: "
    happened = f", happened {verdict.happened_on}" if verdict.happened_on else ""
    by = f", by {verdict.decided_by}" if verdict.decided_by else ""
    reason = f": {verdict.reason.rstrip('.')}" if verdict.reason else ""
    because = f" On {', '.join(verdict.because)}." if verdict.because else ""
    return VerdictView(f"{lead}{verdict.said}.", f"Known {verdict.known_on}{happened}{by}{reason}.{because}")


def _readings_table(found: Readings) -> Table | None:
    if len(found.sides) < 2:
        return None
    rows = []
    for side in found.sides:
        told = "; ".join(
            f"{one.forecaster} {one.probability:.2f}{' imputed' * one.imputed}{', carried over' * one.carried}"
            + (f", Brier {figure(one.brier)}" if one.brier is not None else "")
            for one in side.told
        )
        rows.append(
            (
                side.claim.reading + " (scored)" * side.claim.scored,
                side.claim.title,
                f"{side.claim.opens_on} .. {side.claim.resolves_by}",
                side.verdict or side.status.value,
                side.tally.noted + " (written afterwards)" * bool(side.written_after),
                told or "-",
            )
        )
    return Table(
        ("reading", "what it asks", "window", "stands", "tally", "first number"),
        rows,
        caption=ONE,
    )

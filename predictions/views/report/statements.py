"""The statements of a page at length: words, charts, facts, evidence and verdicts, by the names the template uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict

from predictions.enums import ClaimType
from predictions.recorded import EvidenceItem, world_day
from predictions.records import Claim, Resolution, Source, Statement
from predictions.render.blocks import Table
from predictions.render.charts.svg import Svg, element
from predictions.render.charts.time_axis import HOLLOW, SHAPES
from predictions.render.charts.timeline import Timeline
from predictions.snapshot import Snapshot
from predictions.views.board.board import Group
from predictions.views.board.line import BoardLine
from predictions.views.claim.card import ClaimCard, claim_card
from predictions.views.claim.chart import claim_chart, legend_of
from predictions.views.claim.evidence import Piece, piece_of
from predictions.views.claim.full import FORECAST_HEADINGS, forecast_row, labelled_facts, since_when_known
from predictions.views.claim.on_file import publication_day, who_said_it
from predictions.views.claim.readings import ONE, Readings, readings
from predictions.views.outcome_text import outcome_in_full

PIPS = 12  # dots for a tally
LISTED_FORECASTS = 60  # forecasts in a table


class ClaimView(TypedDict):
    """What a page shows about one scored claim."""

    claim: Claim
    line: BoardLine
    chart: Svg
    pips: list[Svg]
    legend: list[tuple[Svg, str]]
    timeline: Timeline
    facts: list[tuple[str, str]]
    evidence: list[Piece]
    numbers: Table | None
    verdicts: list[tuple[str, str]]


class StatementView(TypedDict):
    """What a page shows about one statement."""

    statement: Statement
    source: Source
    anchor: str
    number: int
    short: str
    said_by: str
    published: str
    lines: list[ClaimView]
    readings: Table | None


def statement_view(snapshot: Snapshot, group: Group, number: int) -> StatementView:
    """Return one statement, with its scored claims and all its readings; *number* is its number on the page."""
    return {
        "statement": group.statement,
        "source": group.source,
        "anchor": f"statement-{group.statement.slug}",
        "number": number,
        "short": group.scored[0].record.title,
        "said_by": who_said_it(group.statement, group.source),
        "published": publication_day(group.source),
        "lines": [_claim_view(snapshot, line) for line in group.scored],
        "readings": _readings_table(readings(snapshot, group.statement)),
    }


def _claim_view(snapshot: Snapshot, line: BoardLine) -> ClaimView:
    """Return one claim as a page shows it."""
    claim = line.record
    card = claim_card(snapshot, claim)
    on_file = _evidence_with_parts(snapshot, claim, card.on_file)
    chart = replace(card, on_file=tuple(on_file)).line
    return {
        "claim": claim,
        "line": line,
        "chart": claim_chart(chart, legend=True),
        "pips": _pips(line),
        "legend": _legend(chart),
        "timeline": chart,
        "facts": [fact for fact in labelled_facts(card) if fact[0] not in {"tally", "to settle"}],
        "evidence": [piece_of(snapshot.find(Claim, item.bearing.claim), item) for item in on_file],
        "numbers": _forecast_table(card),
        "verdicts": [_verdict_sentences(card, item.record) for item in card.resolutions],
    }


def _legend(chart: Timeline) -> list[tuple[Svg, str]]:
    """Return the lines and the shapes that are on a chart, each with its meaning."""
    kinds = {mark.bears for mark in chart.marks if mark.day.toordinal() >= chart.first}
    return [*legend_of(chart), *((_shape(kind), kind.replace("-", " ")) for kind in SHAPES if kind in kinds)]


def _evidence_with_parts(snapshot: Snapshot, claim: Claim, evidence: Sequence[EvidenceItem]) -> list[EvidenceItem]:
    """Return the evidence on a claim and on all claims below it in its tree, each piece once, by world_day."""
    by_slug = {item.evidence.slug: item for item in evidence}
    for slug in claim.parts:
        part = snapshot.find(Claim, slug)
        for item in _evidence_with_parts(snapshot, part, snapshot.evidence_on(part)):
            by_slug.setdefault(item.evidence.slug, item)
    return sorted(by_slug.values(), key=world_day)


def _pips(line: BoardLine) -> list[Svg]:
    """Return a dot for each event or part that a claim needs: full if it counts, half if provisional, else empty.

    No dots for a claim that needs neither, or so many that the dots would be more than PIPS.
    """
    parts = line.made_of.parts
    if line.record.type is ClaimType.EVENTS:
        needed, half = line.at_least or 1, line.provisional
        full = line.counted - half
    elif parts:
        needed, full, half = len(parts), sum(part.met for part in parts), 0
    else:
        return []
    empty = max(needed - full - half, 0)
    shares = [*[1.0] * full, *[0.5] * half, *[0.0] * empty]
    return [_pip(share) for share in shares] if len(shares) <= PIPS else []


def _pip(share: float) -> Svg:
    """Draw a dot that is empty, half full or full: a *share* of 0, 0.5 or 1."""
    ring = element("circle", cx=7, cy=7, r=5.5, fill="none", stroke="currentColor", stroke_width=1.6)
    inner = {1.0: "M1.5,7 a5.5,5.5 0 1,0 11,0 a5.5,5.5 0 1,0 -11,0z", 0.5: "M7,1.5 a5.5,5.5 0 0,0 0,11z"}
    path = [element("path", d=inner[share], fill="currentColor")] if share else []
    return element("svg", ring, *path, width=14, height=14, viewBox="0 0 14 14", aria_hidden="true")


def _shape(kind: str) -> Svg:
    """Draw the shape that a chart has for one kind of evidence."""
    fill = "none" if kind in HOLLOW else "currentColor"
    path = element("path", d=SHAPES[kind], fill=fill, stroke="currentColor", stroke_width=1.5, class_=kind)
    return element("svg", path, width=12, height=12, viewBox="-6 -6 12 12", aria_hidden="true")


def _forecast_table(card: ClaimCard) -> Table | None:
    """Return the last forecasts on a claim as a table; None if it has none."""
    rows = [forecast_row(card.claim, card.verdict, *forecast) for forecast in card.forecasts[-LISTED_FORECASTS:]]
    earlier = len(card.forecasts) - len(rows)
    more = f", the last {LISTED_FORECASTS}; {earlier:,} earlier" if earlier else ""
    caption = f"Forecasts on {card.claim.slug}{more}"
    return Table(FORECAST_HEADINGS, rows, caption=caption) if rows else None


def _verdict_sentences(card: ClaimCard, verdict: Resolution) -> tuple[str, str]:
    """Return a verdict as two sentences: the outcome, and since when it is known with the reason and the evidence."""
    dissent = card.beside_verdict(verdict).capitalize()
    lead = dissent or ("Verdict" if verdict is card.verdict else "Earlier verdict, replaced")
    known = since_when_known(verdict, card.claim)
    known = known[:1].upper() + known[1:]
    reason = f": {verdict.reason.rstrip('.')}" if verdict.reason else ""
    because = f" On {', '.join(verdict.because)}." if verdict.because else ""
    return f"{lead}: {outcome_in_full(verdict, card.claim)}.", f"{known}{reason}.{because}"


def _readings_table(readings: Readings) -> Table | None:
    """Return the readings of a statement as a table, with each forecaster's first number; None if there is only one."""
    if len(readings.sides) < 2:
        return None
    rows = []
    for side in readings.sides:
        name, window, standing, tally = side.cells
        numbers = "; ".join(f"{forecast.forecaster} {forecast.number}" for forecast in side.forecasts)
        rows.append((name, side.title, window, standing, tally, numbers or "-"))
    headings = ("reading", "what it asks", "window", "stands", readings.noted_as, "first number")
    return Table(headings, rows, caption=ONE)

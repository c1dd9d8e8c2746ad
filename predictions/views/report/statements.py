"""What a page shows of each statement, as plain text and finished charts, ready to be laid out."""

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

PIPS = 12  # dots of a tally, at most
LISTED_FORECASTS = 60  # forecasts in a table, at most


class ClaimView(TypedDict):
    """One scored claim."""

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
    """One statement."""

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
    """Return everything a page shows of one statement, with its scored claims and all its readings."""
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
    """Return what a page shows of one claim, by the names that the template uses."""
    claim = line.record
    shown = claim_card(snapshot, claim)
    on_file = _with_parts(snapshot, claim, shown.on_file)
    chart = replace(shown, on_file=tuple(on_file)).line
    return {
        "claim": claim,
        "line": line,
        "chart": claim_chart(chart, legend=True),
        "pips": _pips(line),
        "legend": _legend(chart),
        "timeline": chart,
        "facts": [fact for fact in labelled_facts(shown) if fact[0] not in {"tally", "to settle"}],
        "evidence": [piece_of(snapshot.find(Claim, item.bearing.claim), item) for item in on_file],
        "numbers": _number_rows(shown),
        "verdicts": [_verdict(shown, item.record) for item in shown.resolutions],
    }


def _legend(chart: Timeline) -> list[tuple[Svg, str]]:
    """Return what the lines and the shapes on a chart mean."""
    kinds = {mark.bears for mark in chart.marks if mark.day.toordinal() >= chart.first}
    return [*legend_of(chart), *((_shape(kind), kind.replace("-", " ")) for kind in SHAPES if kind in kinds)]


def _with_parts(snapshot: Snapshot, claim: Claim, evidence: Sequence[EvidenceItem]) -> list[EvidenceItem]:
    """Return the evidence on a claim and on the parts of its tree, each piece once, by the world's dates."""
    found = {item.evidence.slug: item for item in evidence}
    for slug in claim.parts:
        part = snapshot.find(Claim, slug)
        for item in _with_parts(snapshot, part, snapshot.evidence_on(part)):
            found.setdefault(item.evidence.slug, item)
    return sorted(found.values(), key=world_day)


def _pips(line: BoardLine) -> list[Svg]:
    """Return a dot for each event or part that is needed: full, half for a provisional one, empty; none if too many."""
    made_of = line.made_of
    if line.record.type is ClaimType.EVENTS:
        needed, half = line.at_least or 1, line.provisional
        full = line.counted - half
    elif made_of.parts:
        needed, full, half = len(made_of.parts), sum(part.met for part in made_of.parts), 0
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


def _number_rows(shown: ClaimCard) -> Table | None:
    """Lay out the last forecasts on a claim; None if it has none."""
    rows = [forecast_row(shown.claim, shown.verdict, *forecast) for forecast in shown.forecasts[-LISTED_FORECASTS:]]
    earlier = len(shown.forecasts) - len(rows)
    more = f", the last {LISTED_FORECASTS}; {earlier:,} earlier" if earlier else ""
    caption = f"Forecasts on {shown.claim.slug}{more}"
    return Table(FORECAST_HEADINGS, rows, caption=caption) if rows else None


def _verdict(shown: ClaimCard, verdict: Resolution) -> tuple[str, str]:
    """Return a verdict as a lead, and a sentence with when it became known, its reason and its evidence."""
    beside = shown.beside_verdict(verdict).capitalize()
    lead = beside or ("Verdict" if verdict is shown.verdict else "Earlier verdict, replaced")
    reason = f": {verdict.reason.rstrip('.')}" if verdict.reason else ""
    because = f" On {', '.join(verdict.because)}." if verdict.because else ""
    return (
        f"{lead}: {outcome_in_full(verdict, shown.claim)}.",
        f"K{since_when_known(verdict, shown.claim)[1:]}{reason}.{because}",
    )


def _readings_table(readings: Readings) -> Table | None:
    """Lay out the readings of a statement, each with every forecaster's first number; None if there is only one."""
    if len(readings.sides) < 2:
        return None
    rows = []
    for side in readings.sides:
        name, window, standing, tally = side.cells
        numbers = "; ".join(f"{forecast.forecaster} {forecast.number}" for forecast in side.forecasts)
        rows.append((name, side.title, window, standing, tally, numbers or "-"))
    headings = ("reading", "what it asks", "window", "stands", readings.noted_as, "first number")
    return Table(headings, rows, caption=ONE)

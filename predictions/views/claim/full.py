"""The full card of one claim: its words, criteria, and all evidence, forecasts and verdicts."""

from __future__ import annotations

from predictions.enums import ClaimType, Outcome
from predictions.invisible import oddities, visible
from predictions.records import Claim, Evidence, Forecast, Resolution
from predictions.redacted import none_on_file
from predictions.render.blocks import Block, Folded, Heading, Pairs, Paragraph, Picture, Quote, Reference, Table
from predictions.render.columns import WIDTH, broken_to, columns_of, padded
from predictions.status import Timing, early_no, no_from, settle_on, waits
from predictions.timestamps import spoken_moment
from predictions.views.claim.chart import claim_chart
from predictions.views.claim.evidence import FURTHER, Worth, as_item, piece_of, weighed
from predictions.views.claim.on_file import ClaimFile, publication_day, who_said_it
from predictions.views.claim.timeline import spark_rows
from predictions.views.distribution_text import asked_of
from predictions.views.forecast_text import lateness, not_shown, spoken
from predictions.views.outcome_text import outcome_in_full

NAME_BESIDE = 14  # columns of a name beside its line of bars; a longer one is above it
FROM_THEN = "a forecast witnessed before counts from then"
FORECAST_HEADINGS = ("day", "forecaster", "forecast", "time", "why")


def full_blocks(file: ClaimFile) -> list[Block]:
    """Lay out everything on file about a claim, in the order of the module's first sentence."""
    claim = file.claim
    layout: list[Block] = [Heading(f"{claim.slug}: {claim.title}", file.stands, file.look), Paragraph("")]
    layout.append(Quote(file.statement.text))
    paraphrase = " (our paraphrase, not the source's words)" if file.statement.paraphrased else ""
    day = f", {publication_day(file.source)}" if publication_day(file.source) else ""
    speaker = f"{who_said_it(file.statement, file.source)}{day}{paraphrase}"
    if speaker != file.source.title or not file.source.link:  # else the title above the link says it
        layout.append(Paragraph(speaker, 4))
    if file.statement.notes:
        layout.append(Paragraph(file.statement.notes, 4))
    if file.source.link:
        layout.append(Reference(file.source.title, file.source.link))
    wording = [Paragraph(""), Paragraph(claim.wording)] if claim.wording != file.statement.text else []
    layout += [*wording, Paragraph(""), Heading("Criteria")]
    layout.append(Paragraph(claim.criteria, 2))
    if claim.conditions:
        layout.append(Pairs([(condition.name, condition.text) for condition in claim.conditions], indent=2))
    layout += [Paragraph(""), Pairs(labelled_facts(file), indent=0)]
    layout += _evidence(file) + _forecast_tables(file) + _resolutions(file)
    return layout


def labelled_facts(file: ClaimFile) -> list[tuple[str, str]]:
    """Return the facts about a claim that are on file, as pairs of label and text."""
    claim, marks = file.claim, oddities(file.claim.wording)
    facts = [
        ("asks", asked_of(claim)),
        *_day_facts(file),
        ("reading", claim.reading + (", the scored one" if claim.scored else ", shown beside, never scored")),
        ("sourcing", claim.sourcing and claim.sourcing.replace("-", " ")),
        ("criteria", file.criteria),
        ("asked", file.changed and f"the question was last changed {spoken_moment(file.asked_at)}; {FROM_THEN}"),
        ("given", claim.given),
        ("supersedes", claim.supersedes),
        ("superseded by", file.superseded_by),
        ("cluster", ", ".join(file.clusters)),
        ("notes", claim.notes),
        ("beware", marks and f"the wording has {', '.join(marks)}"),
        ("sure", file.hardly_in_doubt),
        ("tally", "" if file.tally.as_whole else file.tally.short),
        *(("beware", f"{doubt}: {sentence}") for doubt, sentence in file.doubts.items()),
    ]
    if not file.verdict and (claim.parts or claim.type is ClaimType.EVENTS):
        facts.append(("to settle", file.tally.needed))
    return [(label, value) for label, value in facts if value]


def _day_facts(file: ClaimFile) -> list[tuple[str, str | None]]:
    """Return the facts about the window and the settle day; the text is None or "" if there is nothing to say."""
    claim = file.claim
    no_given = "" if claim.options or claim.unit else f": {no_from(claim, early_no(file.source))}"
    return [
        ("window", f"{claim.opens_on} .. {claim.deadline}, both days counting, UTC; {waits(claim, file.today)}"),
        ("closes at", spoken_moment(claim.closes_at) if claim.closes_at else None),
        ("as worded", claim.horizon and f'"{claim.horizon}"'),
        ("as read", claim.horizon_read),
        ("settle day", f"{settle_on(claim)}, as reports come late{no_given}"),
    ]


def since_when_known(verdict: Resolution, claim: Claim) -> str:
    """Return in words since when a verdict is known, when it happened or by when, where it was published, and by whom.

    The day on which it happened is left out for a claim that asks for a day: there it is the outcome itself.
    """
    happened = f", happened {verdict.happened_on}" if verdict.happened_on and claim.type is not ClaimType.DATE else ""
    if verdict.outcome is Outcome.YES and not verdict.happened_on:
        happened = f", happened on or before {min(verdict.known_on, claim.deadline)}"
    by = f", by {verdict.decided_by}" if verdict.decided_by else ""
    publication = f", published in {verdict.published_in}" if verdict.published_in else ""
    return f"known {verdict.known}{happened}{publication}{by}"


def forecast_row(claim: Claim, verdict: Resolution | None, forecast: Forecast, kind: Timing) -> tuple[str, ...]:
    """Return a forecast as a row with the FORECAST_HEADINGS; *kind* is how its time is known."""
    because = f"because of {', '.join(forecast.because)}" if forecast.because else ""
    corrected = f"corrected: {forecast.reason}" if forecast.revision > 1 else ""
    why = "; ".join(part for part in (forecast.note, because, corrected) if part)
    time = ", ".join(filter(None, [kind.value, lateness(claim, verdict, forecast.made_at)]))
    return str(forecast.made_at.date()), forecast.forecaster, spoken(forecast, claim), time, why


def _evidence(file: ClaimFile) -> list[Block]:
    """Lay out the evidence by its worth for the claim; all that does not count is folded."""
    if not file.on_file:
        return [Paragraph(""), Paragraph(none_on_file("evidence", Evidence.noun, file.snapshot.lacks))]
    blocks: list[Block] = []
    for worth, evidence in weighed(file.on_file, file.tally):
        items = [as_item(piece_of(file.claim, item)) for item in evidence]
        blocks.append(Paragraph(""))
        blocks += [Heading(worth), *items] if worth is Worth.COUNTS else [Folded(worth, items)]
    if redactions := file.snapshot.lacks and file.snapshot.lacks.told_of(Evidence.noun):
        blocks += [Paragraph(""), Paragraph(f"{FURTHER}: {redactions}")]
    return blocks


def _forecast_tables(file: ClaimFile) -> list[Block]:
    """Lay out every forecast: the chart, a table, and a second table for the backdated ones."""
    left_out: list[Block] = [Paragraph(""), Paragraph(not_shown(file.unread))] if file.unread else []
    if not file.forecasts:
        no_forecasts = none_on_file("forecasts", Forecast.noun, file.snapshot.lacks)
        return left_out or [Paragraph(""), Paragraph(no_forecasts)]
    blocks: list[Block] = [Paragraph(""), Heading("Forecasts"), *_forecast_picture(file)]
    timed, backdated = list[tuple[str, ...]](), list[tuple[str, ...]]()
    for forecast, kind in file.forecasts:
        rows = backdated if kind is Timing.BACKDATED else timed
        rows.append(forecast_row(file.claim, file.verdict, forecast, kind))
    longest = FORECAST_HEADINGS.index("forecast" if file.line.panels else "why")  # a distribution takes most room
    if timed:
        blocks.append(Table(FORECAST_HEADINGS, timed, wraps=longest))
    if backdated:
        blocks.append(Paragraph("with times that only their recorder claims, kept apart:"))
        blocks.append(Table(FORECAST_HEADINGS, backdated, wraps=longest))
    return blocks + left_out


def _forecast_picture(file: ClaimFile) -> list[Block]:
    """Draw the forecasts over the window, as a chart and in characters; distributions as a chart only.

    Empty if there is no forecast to draw.
    """
    line = file.line
    sparks = spark_rows(line)
    if not sparks:
        return [Picture((), claim_chart(line))] if line.panels else []
    name_width = min(max(columns_of(visible(name)) for name, _ in sparks), NAME_BESIDE)
    lines = [text for name, bars in sparks for text in _named_bars(name, name_width, bars)]
    window = f"{file.claim.opens_on}{'to':^22}{file.claim.deadline}"
    return [Picture([*lines, " " * (name_width + 8) + window, ""], claim_chart(line))]


def _named_bars(name: str, name_width: int, bars: str) -> list[str]:
    """Return a name before its line of bars, or above it if the name is too long."""
    if columns_of(visible(name)) <= name_width:
        return [f"{padded(name, name_width)}  {bars}"]
    return [*broken_to(WIDTH, visible(name)), f"{' ' * name_width}  {bars}"]


def _resolutions(file: ClaimFile) -> list[Block]:
    """Lay out every verdict with its reason and its evidence, which is marked if it was retracted since."""
    if not file.resolutions:
        return []
    blocks: list[Block] = [Paragraph(""), Heading("Verdicts, the last one standing")]
    retracted = {item.evidence.slug for item in file.on_file if item.evidence.retracted}
    for item in file.resolutions:
        verdict = item.record
        dissent = file.beside_verdict(verdict)
        lead = f"{dissent}: " if dissent else ""
        known = since_when_known(verdict, file.claim)
        blocks.append(Paragraph(f"{verdict.number}  {lead}{outcome_in_full(verdict, file.claim)}, {known}", 2))
        if verdict.reason:
            blocks.append(Paragraph(verdict.reason, 6))
        if verdict.because:
            evidence = [f"{slug} (retracted)" if slug in retracted else slug for slug in verdict.because]
            blocks.append(Paragraph(f"on {', '.join(evidence)}", 6))
    return blocks

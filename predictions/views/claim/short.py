"""One claim on one screen: its words, where it stands, who said what, what came last."""

from __future__ import annotations

from datetime import date

from predictions.fits import fits
from predictions.invisible import oddities
from predictions.numerals import counted, two_places
from predictions.records import Forecast
from predictions.render.blocks import Block, Heading, Hint, Pairs, Paragraph, Picture, Quote, Sketch, Table
from predictions.render.columns import cut_at_word
from predictions.snapshot import world_day
from predictions.status import LATE, Status, Timing, days_left, settle_on, timing, waits
from predictions.timestamps import spoken_moment
from predictions.views.claim.chart import claim_chart
from predictions.views.claim.distribution_sketch import sketch_lines
from predictions.views.claim.evidence import BACKGROUND, Worth, weighed
from predictions.views.claim.on_file import ClaimFile, dated, said_by
from predictions.views.distribution_text import is_distribution, said_in_full
from predictions.views.forecast_text import in_short, not_shown, standing_forecasts
from predictions.views.outcome_text import outcome_in_full

LONGEST_TEXT = 240  # characters of a statement or wording, at most
LONGEST_NOTE = 60  # characters of a forecaster's note, at most
MOST_FORECASTERS = 6
LABELS = 11  # columns of a label
WEIGHED = {
    Worth.COUNTS: ("counts", "count"),
    Worth.CONTESTED: ("contested or against", "contested or against"),
    Worth.FALLS_SHORT: ("falls short", "fall short"),
    Worth.BACKGROUND: ("background", "background"),
}


def short_blocks(file: ClaimFile) -> list[Block]:
    """Lay out what comes first about a claim, and say how to see the rest."""
    return [
        Heading(file.claim.slug, _stands(file), file.look),
        Quote(cut_at_word(file.statement.text, LONGEST_TEXT), 0),
        Paragraph(_speaker(file), 2),
        Paragraph(""),
        Pairs(_where_it_stands(file), indent=0, label_width=LABELS),
        *_forecast_lines(file),
        Pairs(_what_came_last(file), indent=0, label_width=LABELS),
        *_picture(file),
        Paragraph(""),
        *_more(file),
    ]


def _stands(file: ClaimFile) -> str:
    if file.status is Status.OPEN:
        whole = (file.claim.deadline - file.claim.opens_on).days + 1
        return f"open, {days_left(file.claim, file.today)} of {counted(whole, 'day')} are left"
    if file.status in LATE:
        return f"{file.status}; {waits(file.claim, file.today)}"
    return file.stands


def _speaker(file: ClaimFile) -> str:
    """Say who said it and when, and how it is read where that is not its very words."""
    ours = " (our paraphrase)" if file.statement.paraphrased else ""
    parts = [part for part in (said_by(file.statement, file.source), dated(file.source)) if part]
    reading = (
        ""
        if file.claim.wording == file.statement.text
        else f"; read as: {cut_at_word(file.claim.wording, LONGEST_TEXT)}"
    )
    return f"{', '.join(parts)}{ours}{reading}"


def _where_it_stands(file: ClaimFile) -> list[tuple[str, str]]:
    """List the window, the verdict, the doubts and the tally, each with its label."""
    claim = file.claim
    found = [("window", f"{claim.opens_on} .. {claim.deadline}; verdict due {settle_on(claim)}")]
    if claim.closes_at:
        found.append(("closes at", spoken_moment(claim.closes_at)))
    if file.verdict:
        reason = f": {cut_at_word(file.verdict.reason, LONGEST_TEXT)}" if file.verdict.reason else ""
        found.append(("verdict", f"{outcome_in_full(file.verdict, claim)}, known {file.verdict.known}{reason}"))
    found += [("beware", f"{doubt}: {sentence}") for doubt, sentence in file.doubts.items()]
    if marks := oddities(claim.wording):
        found.append(("beware", f"the wording has {', '.join(marks)}"))
    if not file.tally.is_empty:
        found.append(("tally", file.tally.short))
    if not file.verdict and file.tally.events:
        found.append(("missing", file.tally.missing))
    if file.superseded_by:
        found.append(("superseded", f"by {file.superseded_by}"))
    return found


def _forecast_lines(file: ClaimFile) -> list[Block]:
    """Lay out the standing forecasts: as a table, or, of distributions that fit the claim, as a drawing."""
    standing = standing_forecasts(file.snapshot, file.claim)
    if file.unread:
        return [Pairs([("forecasts", not_shown(file.unread))], indent=0, label_width=LABELS)]
    if not standing:
        return [Pairs([("forecasts", "none")], indent=0, label_width=LABELS)]
    titles = file.snapshot.forecaster_names
    drawn = [(titles.get(who, who), forecast) for who, forecast in standing[:MOST_FORECASTERS]]
    rows = [
        (f"  {who}", _said_and_told(file, forecast), in_short(forecast, file.claim), _before(file, forecast))
        for who, forecast in drawn
    ]
    left_out = [f"  {len(standing) - len(drawn)} more"] if len(standing) > len(drawn) else []
    rows += [(more, "", "", "") for more in left_out]
    table = Table(("forecasts", "", "now", "was"), rows, figures=(2, 3), wraps=1)
    if not all(is_distribution(forecast) and fits(file.claim, forecast) for _, forecast in drawn):
        return [table]
    if any(was for *_, was in rows):
        table = Table(
            ("forecasts", "", "before"), [(who, told, was) for who, told, _, was in rows], figures=(2,), wraps=1
        )
    else:
        table = Table(("forecasts", ""), [(who, told) for who, told, *_ in rows], wraps=1)
    said = [(who, forecast, _told_with_before(file, forecast)) for who, forecast in drawn]
    return [Sketch([*sketch_lines(file.claim, said), *left_out], table)]


def _said_and_told(file: ClaimFile, forecast: Forecast) -> str:
    told = _origin(file, forecast)
    return f"{said_in_full(forecast, file.claim)}, {told}" if is_distribution(forecast) else told


def _told_with_before(file: ClaimFile, forecast: Forecast) -> str:
    before = _before(file, forecast)
    return f"{_origin(file, forecast)}{f'; before: {before}' if before else ''}"


def _origin(file: ClaimFile, forecast: Forecast) -> str:
    """Say since when a number stands, from which words it is read, and why it was said."""
    parts = [f"since {forecast.made_at.date()}"]
    if forecast.words:
        span = f": {two_places(forecast.low)} to {two_places(forecast.high)}" if forecast.low is not None else ""
        parts.append(f'read from "{forecast.words}"{span}')
    if forecast.because:
        parts.append(f"on {', '.join(forecast.because)}")
    if timing(file.snapshot, forecast) is Timing.BACKDATED:
        parts.append("backdated")
    note = f': "{cut_at_word(forecast.note, LONGEST_NOTE)}"' if forecast.note else ""
    return f"{', '.join(parts)}{note}"


def _before(file: ClaimFile, forecast: Forecast) -> str:
    """Return the number this forecaster gave before; of a distribution only where its few words differ."""
    earlier = [
        in_short(item.record, file.claim)
        for item in file.snapshot.forecasts_on(file.claim)
        if item.record.forecaster == forecast.forecaster and item.record.made_at < forecast.made_at
    ]
    if is_distribution(forecast) and earlier[-1:] == [in_short(forecast, file.claim)]:
        return ""
    return earlier[-1] if earlier else ""


def _what_came_last(file: ClaimFile) -> list[tuple[str, str]]:
    told = [
        item
        for item in file.on_file
        if item.bearing.bears not in BACKGROUND and not item.evidence.retracted and world_day(item) < date.max
    ]
    found = []
    if told:
        last = max(told, key=world_day)
        bears = str(last.bearing.bears).replace("-", " ")
        found.append(("last", f"{last.dated}  {last.evidence.title} ({bears})"))
    if file.criteria:
        found.append(("written", f"the criteria: {file.criteria}"))
    return found


def _picture(file: ClaimFile) -> list[Block]:
    """Return the forecasts over time, where there is a place for a drawing."""
    return [Picture((), claim_chart(file.line))] if file.line.ends or file.line.panels or file.line.marks else []


def _more(file: ClaimFile) -> list[Block]:
    found: list[Block] = []
    others = [reading for reading in file.readings.sides if reading.claim != file.claim.slug]
    if others:
        each = "; ".join(reading.summary for reading in others)
        lead = f"{counted(len(others), 'other reading')}: {each}"
        found.append(Hint(f"{lead}     --readings", f"{lead} (readings=True)"))
    found.append(Hint(f"{_evidence_counts(file)}     --full", f"{_evidence_counts(file)} (full=True)"))
    return found


def _evidence_counts(file: ClaimFile) -> str:
    if not file.on_file:
        return "no evidence on file; the criteria and the rest:"
    count = counted(len(file.on_file), "piece of evidence", "pieces of evidence")
    each = [counted(len(items), *WEIGHED[weight]) for weight, items in weighed(file.on_file, file.tally)]
    if retracted := sum(bool(item.evidence.retracted) for item in file.on_file):
        each.append(f"{retracted} of all taken back")
    return f"{count}: {', '.join(each)}"

"""The short card of one claim, on one screen: words, status, standing forecasts, and the latest evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from predictions.dissents import who_dissents
from predictions.enums import Outcome
from predictions.fits import fits
from predictions.invisible import oddities
from predictions.numerals import counted, some_of, two_places
from predictions.recorded import world_day
from predictions.records import Forecast, Resolution
from predictions.render.blocks import Block, Heading, Hint, Pairs, Paragraph, Picture, Quote, Sketch, Table
from predictions.render.columns import WIDTH, columns_of, cut_at_word, padded
from predictions.render.few_options import few_options, shares_of
from predictions.status import LATE, Status, days_left, settle_on, waits
from predictions.timestamps import spoken_moment
from predictions.views.claim.chart import claim_chart
from predictions.views.claim.corrected import correction_of
from predictions.views.claim.counted_evidence import evidence_counts
from predictions.views.claim.distribution_sketch import LABELLED, sketch_lines
from predictions.views.claim.evidence import BACKGROUND
from predictions.views.claim.on_file import ClaimFile, publication_day, who_said_it
from predictions.views.distribution_text import asked_of, is_distribution, on_days_over, said_in_full, shares_said
from predictions.views.forecast_text import in_short, not_shown, set_apart, standing_forecasts
from predictions.views.outcome_text import outcome_in_full

LONGEST_TEXT = 240  # characters of a statement or wording
LONGEST_NOTE = 60  # characters of a forecaster's note
MOST_FORECASTERS = 6  # rows of forecasts
WORTH_TELLING = 0.05  # chance on days that are over; a smaller one is not mentioned
MOST_SHARES = 6  # options of a first forecast that is shown with all its shares
ROOM_FOR_MORE = 15  # columns of the option that shows more, such as --full, with the gap before it
LABELS, LABELS_OF_DRAWN = 10, LABELLED  # columns of a label; of one beside a drawing


def short_blocks(file: ClaimFile) -> list[Block]:
    """Lay out what a reader needs first about a claim, and how to see the rest."""
    forecasts = _forecast_lines(file)
    labels = LABELS_OF_DRAWN if any(isinstance(block, Sketch) for block in forecasts) else LABELS
    return [
        Heading(file.claim.slug, _status_words(file), file.look),
        Quote(cut_at_word(file.statement.text, LONGEST_TEXT), 0),
        Paragraph(_speaker(file), 2),
        Paragraph(""),
        Pairs(_facts(file), indent=0, label_width=labels),
        *(forecasts or [Pairs([("forecasts", _unlisted(file))], indent=0, label_width=labels)]),
        Pairs([*_apart(file), *_what_came_last(file)], indent=0, label_width=labels),
        *_picture(file),
        Paragraph(""),
        *_more(file),
    ]


def _status_words(file: ClaimFile) -> str:
    """Return the status for the heading, with the days that are left or, if the window is over, since when."""
    if file.status is Status.OPEN:
        if file.today < file.claim.opens_on:
            return f"opens {file.claim.opens_on}"
        window = (file.claim.deadline - file.claim.opens_on).days + 1
        return f"open, {days_left(file.claim, file.today):,} of {counted(window, 'day')} are left"
    if file.status in LATE:
        return f"{file.status}; {waits(file.claim, file.today)}"
    return file.stands


def _speaker(file: ClaimFile) -> str:
    """Return who made the statement and when, and the wording of the claim if it differs."""
    speaker, day = who_said_it(file.statement, file.source), publication_day(file.source)
    line = f"{speaker}, {day}" if day else speaker
    if file.statement.paraphrased:
        line += " (our paraphrase)"
    if file.claim.wording != file.statement.text:
        line += f"; read as: {cut_at_word(file.claim.wording, LONGEST_TEXT)}"
    return line


def _facts(file: ClaimFile) -> list[tuple[str, str]]:
    """Return the facts about the claim and its verdict, as pairs of label and text."""
    claim = file.claim
    asked = asked_of(claim)
    facts = [("asks", asked)] if asked else []
    is_early = file.verdict is not None and file.snapshot.today < settle_on(claim)
    settles = "counts on scorecards from" if is_early else "verdict due"
    facts.append(("window", f"{claim.opens_on} .. {claim.deadline}; {settles} {settle_on(claim)}"))
    if claim.closes_at:
        facts.append(("closes at", spoken_moment(claim.closes_at)))
    if claim.given:
        facts.append(("given", _condition(file)))
    if file.verdict:
        reason = f": {cut_at_word(file.verdict.reason, LONGEST_TEXT)}" if file.verdict.reason else ""
        facts.append(("verdict", f"{outcome_in_full(file.verdict, claim)}, known {file.verdict.known}{reason}"))
    facts += [("contested", _contested(file, dissent)) for dissent in file.dissents]
    facts += [("beware", f"{doubt}: {sentence}") for doubt, sentence in file.doubts.items()]
    if marks := oddities(claim.wording):
        facts.append(("beware", f"the wording has {', '.join(marks)}"))
    if file.hardly_in_doubt:
        facts.append(("sure", file.hardly_in_doubt))
    if not file.tally.as_whole:
        facts.append(("tally", file.tally.short))
    if not file.verdict and file.tally.events:
        facts.append(("missing", file.tally.missing))
    if file.superseded_by:
        facts.append(("superseded", f"by {file.superseded_by}"))
    return facts


def _condition(file: ClaimFile) -> str:
    """Name the claim that this one is conditional on, and say whether its outcome annuls this one."""
    given = file.claim.given
    annulled_by_verdict = file.verdict is not None and file.verdict.outcome is Outcome.ANNULLED
    if file.status is Status.ANNULLED and not annulled_by_verdict:
        return f"{given}, which did not come true: so this is annulled"
    return f"{given}; if that comes out no, this is annulled"


def _contested(file: ClaimFile, dissent: Resolution) -> str:
    """Return who dissents from the verdict, what they say instead, and why."""
    reason = f": {cut_at_word(dissent.reason, LONGEST_TEXT)}" if dissent.reason else ""
    return f"{who_dissents(dissent)} says {outcome_in_full(dissent, file.claim)}{reason}"


def _forecast_lines(file: ClaimFile) -> list[Block]:
    """Lay out the standing forecasts: as a drawing if all are distributions that fit the claim, else as a table."""
    standing = [] if file.unread else standing_forecasts(file.snapshot, file.claim)
    if not standing:
        return []
    names, options = file.snapshot.forecaster_names, _shown_options(file, [forecast for _, forecast in standing])
    shown = [(names.get(slug, slug), forecast) for slug, forecast in standing[:MOST_FORECASTERS]]
    rows = [
        (
            f"  {padded(name, LABELS - 4)}",
            _number_with_origin(file, forecast, options),
            *((in_short(forecast, file.claim), _before(file, forecast)) if _fits(file, forecast) else ("", "")),
        )
        for name, forecast in shown
    ]
    left_out = [f"  {len(standing) - len(shown):,} more"] if len(standing) > len(shown) else []
    rows += [(line, "", "", "") for line in left_out]
    if not all(is_distribution(forecast) and _fits(file, forecast) for _, forecast in shown):
        return [Table(("forecasts", "", "now", "was"), rows, wraps=1)]
    if any(first for *_, first in rows):
        table = Table(("forecasts", "", "at first"), [(name, text, first) for name, text, _, first in rows], wraps=1)
    else:
        table = Table(("forecasts", ""), [(name, text) for name, text, *_ in rows], wraps=1)
    captioned = [(name, forecast, _caption(file, forecast)) for name, forecast in shown]
    return [Sketch([*sketch_lines(file.claim, captioned, options), *left_out], table)]  # HTML shows the table instead


def _fits(file: ClaimFile, forecast: Forecast) -> bool:
    """Tell whether a forecast answers what the claim asks now; one of an earlier draft is only written out in full."""
    return not is_distribution(forecast) or fits(file.claim, forecast)


def _unlisted(file: ClaimFile) -> str:
    """Return why no forecast is listed: there are too many imported ones to show, or none at all."""
    return not_shown(file.unread) if file.unread else "none"


def _shown_options(file: ClaimFile, standing: Sequence[Forecast]) -> list[str]:
    """Choose the few options that the screen has room for, always with the one that came true."""
    return few_options(file.claim, standing, file.verdict.option if file.verdict else None)


def _number_with_origin(file: ClaimFile, forecast: Forecast, options: Sequence[str]) -> str:
    """Return a standing forecast, since when it stands and why: ``0.72 since 2026-11-29, on fontoura-dcd``."""
    number = said_in_full(forecast, file.claim) if is_distribution(forecast) else in_short(forecast, file.claim)
    if forecast.shares and fits(file.claim, forecast):
        number = shares_said(shares_of(forecast, options))
    origin = _origin(file, forecast)
    if not origin or origin.startswith(":"):  # a note alone, with its own colon
        return f"{number}{origin}"
    return f"{number} {origin}" if origin.startswith("since") else f"{number}, {origin}"


def _caption(file: ClaimFile, forecast: Forecast) -> str:
    """Return the caption of a drawn forecast: its origin and, if it was changed, the first one."""
    first = _before(file, forecast)
    parts = [_origin(file, forecast).removeprefix(": "), f"at first {first}" if first else ""]
    return "; ".join(filter(None, parts))


def _origin(file: ClaimFile, forecast: Forecast) -> str:
    """Return since when a forecast stands, the words it is read from, why it was made, and why it does not count."""
    made_on = forecast.made_at.date()  # today is left out, except beside the bars of options, where there is room
    parts = [f"since {made_on}"] if made_on < file.today or forecast.shares else []
    if forecast.words:
        span = f": {two_places(forecast.low)} to {two_places(forecast.high)}" if forecast.low is not None else ""
        parts.append(f'read from "{forecast.words}"{span}')
    if forecast.because:
        parts.append(f"on {', '.join(forecast.because)}")
    if not fits(file.claim, forecast):
        parts.append("no longer fits, so it counts no more")
    elif corrected := correction_of(file.snapshot, file.claim, forecast):
        parts.append(corrected.told)
    elif why := set_apart(file.snapshot, file.claim, forecast):
        parts.append(why)
    elif file.status is Status.OPEN and (over := on_days_over(file.claim, forecast, file.today, WORTH_TELLING)):
        parts.append(over)
    note = f': "{cut_at_word(forecast.note, LONGEST_NOTE)}"' if forecast.note else ""
    return f"{', '.join(parts)}{note}"


def _before(file: ClaimFile, forecast: Forecast) -> str:
    """Return this forecaster's number before this one: the one that was corrected, else the one of the last forecast.

    For a distribution it is that of their first forecast, since that is scored. "" if there is none before. Forecasts
    that are set apart for another reason (backdated, late) than this one are passed over: they have their own list.
    """
    if corrected := correction_of(file.snapshot, file.claim, forecast):
        return corrected.scored_text
    apart = set_apart(file.snapshot, file.claim, forecast)
    earlier = [
        item.record
        for item in file.snapshot.forecasts_on(file.claim)
        if item.record.forecaster == forecast.forecaster
        and item.record.made_at < forecast.made_at
        and set_apart(file.snapshot, file.claim, item.record) == apart
    ]
    if not is_distribution(forecast):
        return in_short(earlier[-1], file.claim) if earlier else ""
    texts = [_in_brief(file, distribution) for distribution in (*earlier, forecast) if not distribution.withdrawn]
    return texts[0] if texts[0] != texts[-1] else ""


def _in_brief(file: ClaimFile, forecast: Forecast) -> str:
    """Return a distribution in full; if it has many options, only the likeliest."""
    has_many_options = len(forecast.shares) > MOST_SHARES
    return in_short(forecast, file.claim) if has_many_options else said_in_full(forecast, file.claim)


def _apart(file: ClaimFile) -> list[tuple[str, str]]:
    """Return one pair with the backdated and late forecasts, by that reason; none without any.

    Standing forecasts are left out, since the table has them.
    """
    standing = dict(standing_forecasts(file.snapshot, file.claim))
    by_reason = dict[str, list[str]]()
    for forecast, _ in file.forecasts:
        why = set_apart(file.snapshot, file.claim, forecast)
        if why and standing.get(forecast.forecaster) != forecast:
            name = file.snapshot.forecaster_names.get(forecast.forecaster, forecast.forecaster)
            number = in_short(forecast, file.claim) or "withdrawn"
            line = f"{name} {number} on {forecast.made_at.date()}{_corrected(file, forecast)}"
            by_reason.setdefault(why, []).append(line)
    text = "; ".join(f"{why}: {some_of(lines, MOST_FORECASTERS)}" for why, lines in by_reason.items())
    return [("apart", text)] if text else []


def _corrected(file: ClaimFile, forecast: Forecast) -> str:
    """Return in brackets how a forecast was corrected; "" if it was not."""
    correction = correction_of(file.snapshot, file.claim, forecast)
    return f" ({correction.told})" if correction else ""


def _what_came_last(file: ClaimFile) -> list[tuple[str, str]]:
    """Return pairs for the latest dated evidence, but for background and what was retracted, and for the criteria."""
    candidates = [
        item
        for item in file.on_file
        if item.bearing.bears not in BACKGROUND and not item.evidence.retracted and world_day(item) < date.max
    ]
    pairs = []
    if candidates:
        last = max(candidates, key=world_day)
        bears = str(last.bearing.bears).replace("-", " ")
        pairs.append(("last", f"{last.dated}  {last.evidence.title} ({bears})"))
    if file.criteria:
        pairs.append(("written", f"the criteria: {file.criteria}"))
    return pairs


def _picture(file: ClaimFile) -> list[Block]:
    """Draw the forecasts over time, for HTML alone; nothing if there is nothing to draw."""
    return [Picture((), claim_chart(file.line))] if file.line.ends or file.line.panels or file.line.marks else []


def _more(file: ClaimFile) -> list[Block]:
    """Return hints at what else there is about the claim, with the options that show it aligned in one column."""
    hints = [(evidence_counts(file), "--full", "full=True")]
    other_readings = [reading for reading in file.readings.sides if reading.claim != file.claim.slug]
    if other_readings:
        summaries = ", ".join(reading.summary for reading in other_readings)
        lead = f"{counted(len(other_readings), 'other reading')}: {summaries}"
        hints.insert(0, (lead, "--readings", "readings=True"))
    # A list of readings that is too long for the column does not widen it; the evidence, which is last, always may.
    widths = [columns_of(lead) for lead, *_ in hints]
    column = max([width for width in widths if width <= WIDTH - ROOM_FOR_MORE] + widths[-1:])
    leads = [padded(lead, column) for lead, *_ in hints]
    return [
        Hint(f"{lead}     {typed}", f"{lead}     {python}", then=2)
        for lead, (_, typed, python) in zip(leads, hints, strict=True)
    ]

"""One claim on one screen: its words, where it stands, who said what, what came last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from predictions.enums import Outcome
from predictions.fits import fits
from predictions.invisible import oddities
from predictions.numerals import counted, some_of, two_places
from predictions.recorded import world_day
from predictions.records import Evidence, Forecast, Resolution
from predictions.redacted import none_on_file
from predictions.render.blocks import Block, Heading, Hint, Pairs, Paragraph, Picture, Quote, Sketch, Table
from predictions.render.columns import WIDTH, columns_of, cut_at_word, padded
from predictions.render.few_options import few_options, shares_of
from predictions.status import LATE, Status, days_left, settle_on, waits
from predictions.timestamps import spoken_moment
from predictions.views.claim.chart import claim_chart
from predictions.views.claim.corrected import correction_of
from predictions.views.claim.distribution_sketch import LABELLED, sketch_lines
from predictions.views.claim.evidence import BACKGROUND, Worth, weighed
from predictions.views.claim.on_file import ClaimFile, publication_day, who_said_it
from predictions.views.distribution_text import asked_of, is_distribution, on_days_over, said_in_full, shares_said
from predictions.views.forecast_text import in_short, not_shown, set_apart, standing_forecasts
from predictions.views.outcome_text import outcome_in_full

LONGEST_TEXT = 240  # characters of a statement or wording, at most
LONGEST_NOTE = 60  # characters of a forecaster's note, at most
MOST_FORECASTERS = 6
WORTH_TELLING = 0.05  # of a curve that lies on days that are over
MOST_SHARES = 6  # of what was said at first
ROOM_FOR_MORE = 15  # columns of how to see more, with the gap before it
LABELS, LABELS_OF_DRAWN = 10, LABELLED  # columns of a label; of one beside a drawing
WEIGHED = {
    Worth.COUNTS: ("counts", "count"),
    Worth.CONTESTED: ("contested or against", "contested or against"),
    Worth.FALLS_SHORT: ("falls short", "fall short"),
    Worth.BACKGROUND: ("background", "background"),
}


def short_blocks(file: ClaimFile) -> list[Block]:
    """Lay out what comes first about a claim, and say how to see the rest."""
    forecasts = _forecast_lines(file)
    labels = LABELS_OF_DRAWN if any(isinstance(block, Sketch) for block in forecasts) else LABELS
    return [
        Heading(file.claim.slug, _stands(file), file.look),
        Quote(cut_at_word(file.statement.text, LONGEST_TEXT), 0),
        Paragraph(_speaker(file), 2),
        Paragraph(""),
        Pairs(_where_it_stands(file), indent=0, label_width=labels),
        *(forecasts or [Pairs([("forecasts", _unlisted(file))], indent=0, label_width=labels)]),
        Pairs([*_apart(file), *_what_came_last(file)], indent=0, label_width=labels),
        *_picture(file),
        Paragraph(""),
        *_more(file),
    ]


def _stands(file: ClaimFile) -> str:
    if file.status is Status.OPEN:
        whole = (file.claim.deadline - file.claim.opens_on).days + 1
        return f"open, {days_left(file.claim, file.today):,} of {counted(whole, 'day')} are left"
    if file.status in LATE:
        return f"{file.status}; {waits(file.claim, file.today)}"
    return file.stands


def _speaker(file: ClaimFile) -> str:
    """Say who said it and when, and how it is read where that is not its very words."""
    ours = " (our paraphrase)" if file.statement.paraphrased else ""
    parts = [part for part in (who_said_it(file.statement, file.source), publication_day(file.source)) if part]
    reading = (
        ""
        if file.claim.wording == file.statement.text
        else f"; read as: {cut_at_word(file.claim.wording, LONGEST_TEXT)}"
    )
    return f"{', '.join(parts)}{ours}{reading}"


def _where_it_stands(file: ClaimFile) -> list[tuple[str, str]]:
    """List what is asked, the window, the verdict, the doubts and the tally, each with its label."""
    claim = file.claim
    asked = asked_of(claim)
    found = [("asks", asked)] if asked else []
    found.append(("window", f"{claim.opens_on} .. {claim.deadline}; verdict due {settle_on(claim)}"))
    if claim.closes_at:
        found.append(("closes at", spoken_moment(claim.closes_at)))
    if claim.given:
        found.append(("given", _condition(file)))
    if file.verdict:
        reason = f": {cut_at_word(file.verdict.reason, LONGEST_TEXT)}" if file.verdict.reason else ""
        found.append(("verdict", f"{outcome_in_full(file.verdict, claim)}, known {file.verdict.known}{reason}"))
    found += [("contested", _contested(file, dissent)) for dissent in file.dissents]
    found += [("beware", f"{doubt}: {sentence}") for doubt, sentence in file.doubts.items()]
    if marks := oddities(claim.wording):
        found.append(("beware", f"the wording has {', '.join(marks)}"))
    if file.hardly_in_doubt:
        found.append(("sure", file.hardly_in_doubt))
    if not file.tally.as_whole:
        found.append(("tally", file.tally.short))
    if not file.verdict and file.tally.events:
        found.append(("missing", file.tally.missing))
    if file.superseded_by:
        found.append(("superseded", f"by {file.superseded_by}"))
    return found


def _condition(file: ClaimFile) -> str:
    """Say what a claim is given, and whether that annuls it."""
    given = file.claim.given
    decided = file.verdict is not None and file.verdict.outcome is Outcome.ANNULLED
    if file.status is Status.ANNULLED and not decided:
        return f"{given}, which did not come true: so this is annulled"
    return f"{given}; if that comes out no, this is annulled"


def _contested(file: ClaimFile, dissent: Resolution) -> str:
    """Say who says which other verdict, and why."""
    who = dissent.decided_by or dissent.recorded_by or "somebody"
    reason = f": {cut_at_word(dissent.reason, LONGEST_TEXT)}" if dissent.reason else ""
    return f"{who} says {outcome_in_full(dissent, file.claim)}{reason}"


def _forecast_lines(file: ClaimFile) -> list[Block]:
    """Lay out the standing forecasts: as a table, or, of distributions that fit the claim, as a drawing."""
    standing = [] if file.unread else standing_forecasts(file.snapshot, file.claim)
    if not standing:
        return []
    titles, options = file.snapshot.forecaster_names, _shown_options(file, [forecast for _, forecast in standing])
    drawn = [(titles.get(who, who), forecast) for who, forecast in standing[:MOST_FORECASTERS]]
    rows = [
        (
            f"  {padded(who, LABELS - 4)}",
            _said_and_told(file, forecast, options),
            in_short(forecast, file.claim),
            _before(file, forecast),
        )
        for who, forecast in drawn
    ]
    left_out = [f"  {len(standing) - len(drawn):,} more"] if len(standing) > len(drawn) else []
    rows += [(more, "", "", "") for more in left_out]
    if not all(is_distribution(forecast) and fits(file.claim, forecast) for _, forecast in drawn):
        return [Table(("forecasts", "", "now", "was"), rows, wraps=1)]
    table = Table(("forecasts", "", "at first"), [(who, told, was) for who, told, _, was in rows], wraps=1)
    if not any(was for *_, was in rows):
        table = Table(table.names[:-1], [row[:-1] for row in table.rows], wraps=1)
    said = [(who, forecast, _told_with_first(file, forecast)) for who, forecast in drawn]
    return [Sketch([*sketch_lines(file.claim, said, options), *left_out], table)]


def _unlisted(file: ClaimFile) -> str:
    return not_shown(file.unread) if file.unread else "none"


def _shown_options(file: ClaimFile, standing: Sequence[Forecast]) -> list[str]:
    return few_options(file.claim, standing, file.verdict.option if file.verdict else None)


def _said_and_told(file: ClaimFile, forecast: Forecast, options: Sequence[str]) -> str:
    """Say what stands, since when and why: ``0.72 since 2026-11-29, on fontoura-dcd``."""
    said = said_in_full(forecast, file.claim) if is_distribution(forecast) else in_short(forecast, file.claim)
    if forecast.shares and fits(file.claim, forecast):
        said = shares_said(shares_of(forecast, options))
    told = _origin(file, forecast)
    return f"{said}{'' if told.startswith(':') else ' ' if told.startswith('since') else ', '}{told}" if told else said


def _told_with_first(file: ClaimFile, forecast: Forecast) -> str:
    first = _before(file, forecast)
    parts = [_origin(file, forecast).removeprefix(": "), f"at first {first}" if first else ""]
    return "; ".join(filter(None, parts))


def _origin(file: ClaimFile, forecast: Forecast) -> str:
    """Say since when a number stands, from which words it is read, and why it was said.

    That it stands since today is said beside bars only, where there is room.
    """
    made_on = forecast.made_at.date()
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
    """Return the number this forecaster gave before, of a time that is known as that of the standing one is.

    It is the one that was corrected, where the standing one is a correction. Of distributions it is the first, which is
    scored, where that is another.
    """
    if corrected := correction_of(file.snapshot, file.claim, forecast):
        return corrected.said
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
    said = [_in_brief(file, one) for one in (*earlier, forecast) if not one.withdrawn]
    return said[0] if said[0] != said[-1] else ""


def _in_brief(file: ClaimFile, forecast: Forecast) -> str:
    """Say a distribution whole, of many options the likeliest."""
    return (said_in_full if len(forecast.shares) <= MOST_SHARES else in_short)(forecast, file.claim)


def _apart(file: ClaimFile) -> list[tuple[str, str]]:
    """List the forecasts that are backdated or came too late, of those who stand with another one."""
    standing = dict(standing_forecasts(file.snapshot, file.claim))
    found = dict[str, list[str]]()
    for forecast, _ in file.forecasts:
        why = set_apart(file.snapshot, file.claim, forecast)
        if why and standing.get(forecast.forecaster) != forecast:
            who = file.snapshot.forecaster_names.get(forecast.forecaster, forecast.forecaster)
            said = f"{in_short(forecast, file.claim) or 'withdrawn'} on {forecast.made_at.date()}"
            found.setdefault(why, []).append(f"{who} {said}{_corrected(file, forecast)}")
    told = "; ".join(f"{why}: {some_of(each, MOST_FORECASTERS)}" for why, each in found.items())
    return [("apart", told)] if told else []


def _corrected(file: ClaimFile, forecast: Forecast) -> str:
    found = correction_of(file.snapshot, file.claim, forecast)
    return f" ({found.told})" if found else ""


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
    """Say what else there is, and behind all of it in one column how to see it."""
    found = [(_evidence_counts(file), "--full", "full=True")]
    if others := [reading for reading in file.readings.sides if reading.claim != file.claim.slug]:
        each = ", ".join(reading.summary for reading in others)
        found.insert(0, (f"{counted(len(others), 'other reading')}: {each}", "--readings", "readings=True"))
    wide = max(
        wide for lead, *_ in found if (wide := columns_of(lead)) <= WIDTH - ROOM_FOR_MORE or lead == found[-1][0]
    )
    leads = [padded(lead, wide) for lead, *_ in found]
    return [
        Hint(f"{lead}     {typed}", f"{lead}     {python}", then=2)
        for lead, (_, typed, python) in zip(leads, found, strict=True)
    ]


def _evidence_counts(file: ClaimFile) -> str:
    if not file.on_file:
        return f"{none_on_file('evidence', Evidence.noun, file.snapshot.lacks)}; the criteria and the rest:"
    count = counted(len(file.on_file), "piece of evidence", "pieces of evidence")
    each = [counted(len(items), *WEIGHED[weight]) for weight, items in weighed(file.on_file, file.tally)]
    if retracted := sum(bool(item.evidence.retracted) for item in file.on_file):
        each.append(f"{retracted} of all taken back")
    gone = file.snapshot.lacks.told_of(Evidence.noun) if file.snapshot.lacks else ""
    return f"{count}: {', '.join(each)}" + (f"; more of some claim {gone}" if gone else "")

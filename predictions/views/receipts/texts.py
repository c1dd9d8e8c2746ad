"""Make the receipts of claims, quotes and forecasts from what was recorded: a function for each verb."""

from __future__ import annotations

import re
from datetime import date

from predictions.enums import AS_READ, ClaimType
from predictions.numerals import counted, exact, some_of, two_places
from predictions.recording.claims import Added, year_as_text
from predictions.recording.drafts import DRAFT_HOURS
from predictions.recording.enter import Desk
from predictions.recording.quotes import Quoted
from predictions.recording.superseding import Superseded
from predictions.records import Claim, Evidence, Forecast, Forecaster, Source, Statement
from predictions.render.columns import WIDTH, columns_of, cut_to
from predictions.slugs import same_name
from predictions.status import WITNESSED_WITHIN, settle_on
from predictions.storage.claim_queries import first_or_last_forecast
from predictions.timestamps import read_made_at, spoken_moment
from predictions.views.distribution_text import (
    as_given,
    asked_of,
    is_distribution,
    line_of_forecast,
    on_days_over,
    said_in_full,
)
from predictions.views.receipts.counting import VERDICT_DUE
from predictions.views.receipts.receipt import LIKE, LONGEST_UNTYPED_NAME, Receipt, is_new, stands_already, unnamed

LONGEST_READING = 48  # columns for quoted words and how they were read, which are on one line
LONGEST_WORDS = 12  # columns that quoted words have at least
MOST_NAMED = 3  # conditions
REST = frozenset({"other", "none"})  # options that cover all that is not named
NO_REST = "note: if none of these comes true the claim is annulled; an option 'other' would count it"
_PERIOD = re.compile(
    r"(?:(?P<by>by|until) |(?:(?:by|until|through|in) )?(?:the )?end of |(?:through|in) )?"
    r"(?P<period>\d{4}|\d{4}-\d{2}|(?:Q[1-4]|H[12]) \d{4}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{4})",
    re.IGNORECASE,
)


def added(desk: Desk, found: Added, forecast: Forecast | None, deadline: date | str) -> Receipt:
    """Return the receipt of `add`: of a new claim, of a forecast on a claim that was on file, or of nothing new.

    Args:
        desk: The open transaction, in which they were recorded.
        found: The claim, and claims in the same words.
        forecast: The forecast given with it, if there was one.
        deadline: The deadline as it was given; words are quoted with the day as which they were read.
    """
    claim, wrote = found.claim, desk.writing.entries
    if not wrote:
        return stands_already(claim, since=_newer_forecast(desk, forecast), more=_speaker_noted(desk, claim))
    if not is_new(desk, Claim, claim.slug):
        first = f"{claim.slug} stands already" + (f"; {_forecast_words(desk, forecast)}, now" if forecast else "")
        lines = [first, *_speaker_noted(desk, claim)]
        if forecast and is_new(desk, Forecaster, forecast.forecaster):
            lines.append(f"new: {_introduced(desk.store.revisions(Forecaster, slug=forecast.forecaster)[-1])}")
        return Receipt(claim.slug, claim, lines, wrote=wrote)
    is_events = claim.type is ClaimType.EVENTS
    number = _forecast_words(desk, forecast) if forecast else ""
    asked = f"at least {counted(claim.at_least or 1, 'event')}" if is_events else asked_of(claim)
    first = f"{claim.slug}   {claim.opens_on} .. {claim.deadline}"
    lines = [f"{first}; {asked or number}" if asked or number else first]
    if is_events and claim.conditions:
        names = some_of(
            [cut_to(condition.name, LONGEST_UNTYPED_NAME) for condition in claim.conditions], MOST_NAMED, ", "
        )
        lines.append(f"each event must meet: {names}; log them with log_evidence(counts=NAME)")
    if asked and forecast:
        lines += _as_given_and_read(desk, forecast)
    if not asked or is_events:
        lines.append(_deadline_read(claim, deadline))
    lines += [*_condition(claim), f"{VERDICT_DUE}{settle_on(claim)}"]
    if claim.type is ClaimType.CHOICE and not REST & {option.lower() for option in claim.options}:
        lines.append(NO_REST)
    lines += [*unnamed(claim), *map(_like, found.alike[:1])]
    return Receipt(claim.slug, claim, lines, wrote=wrote)


def quoted(desk: Desk, found: Quoted) -> Receipt:
    """Return the receipt of `quote`: of a statement by somebody else, with the claim and forecast made of it."""
    statement, claim, wrote = found.statement, found.claim, desk.writing.entries
    if not wrote:
        return stands_already(claim or statement, since=_newer_forecast(desk, found.forecast))
    if claim is None:
        first = f"statement {statement.slug} recorded as not resolvable: {statement.not_resolvable}"
        where_counted = 'it is counted in "said", and in nothing else'
        return Receipt(statement.slug, statement, (first, where_counted, *_source_changed(found)), wrote=wrote)
    who = cut_to(statement.speaker or "", LONGEST_UNTYPED_NAME)
    number = f"{who} {_chance_said(desk, found.forecast)}" if found.forecast else f"{who} gives no number"
    asked = asked_of(claim)
    lines = [f"{claim.slug}   {claim.opens_on} .. {claim.deadline}; {asked or number}"]
    if asked:
        lines += _as_given_and_read(desk, found.forecast) if found.forecast else [number]
    lines += [
        *(_how_imputed(found.forecast) if found.forecast else []),
        *([] if asked else desk.writing.remarks),
        *_day_vouched_for(found),
        *_source_changed(found),
        *_condition(claim),
        f"{VERDICT_DUE}{settle_on(claim)}",
    ]
    if statement.not_resolvable and is_new(desk, Claim, claim.slug):
        lines.append(f"recorded before as not resolvable ({statement.not_resolvable}); it counts as this claim now")
    if found.new:
        lines.append("new: " + ", ".join(_introduced(record) for record in found.new))
    if found.near is not None and is_new(desk, Statement, statement.slug):
        put_right = f'ledger.correct("statement {statement.slug}", speaker="{found.near}", reason="a slip")'
        lines.append(f"{who} may be {found.near}, who is on file; if so: {put_right}")
    lines += unnamed(claim) if is_new(desk, Claim, claim.slug) else []
    if found.alike and is_new(desk, Claim, claim.slug):
        other_claim = found.alike[0]
        lines.append(_like(other_claim))
        if other_claim.deadline == claim.deadline:
            lines.append(f"or on that claim: {_forecast_call(other_claim, found.forecast)}")
    return Receipt(claim.slug, claim, lines, wrote=wrote)


def _condition(claim: Claim) -> list[str]:
    """Return the line on the claim whose yes a conditional claim depends on; none if it is not conditional."""
    return [f"given {cut_to(claim.given, LONGEST_UNTYPED_NAME)}: annulled if that comes out no"] if claim.given else []


def _speaker_noted(desk: Desk, claim: Claim) -> list[str]:
    """Return the line that names the speaker of a claim on file, unless that is the recorder."""
    speaker = desk.store.revisions(Statement, slug=claim.statement)[-1].speaker
    if speaker is None or same_name(speaker, desk.me or speaker):
        return []
    who = cut_to(speaker, LONGEST_UNTYPED_NAME)
    return [f"{who} said so, {claim.opens_on} .. {claim.deadline}; what you say is of that claim"]


def _like(claim: Claim) -> str:
    """Return the question whether a claim in the same words as a new one is about the same fact."""
    return f"{LIKE}{cut_to(claim.slug, LONGEST_UNTYPED_NAME)} ({claim.deadline}): one fact? correct(cluster=NAME)"


def _forecast_call(claim: Claim, forecast: Forecast | None) -> str:
    """Return the call that records the quoted forecast on another claim; placeholders stand for its numbers."""
    return line_of_forecast(claim, by=forecast.forecaster if forecast else "WHO").python


def forecasted(desk: Desk, forecast: Forecast) -> Receipt:
    """Return the receipt of a forecast or a withdrawal, which is new or was on file already."""
    wrote = desk.writing.entries
    who = _title(desk, forecast.forecaster)
    if not wrote:
        what = "withdrawal" if forecast.withdrawn else _chance_said(desk, forecast)
        first = f"{forecast.claim}: {who} {what} stands already; nothing new"
        claim = desk.store.revisions(Claim, slug=forecast.claim)[-1]
        # Some of its days are over, so that the same words would give another curve today. A notebook that is run again
        # should not record that by itself: the line only says how to.
        days_over = on_days_over(claim, forecast, desk.today)
        renewal = (f"{days_over}; to say it anew of the days to come: again=True",) if days_over else ()
        return Receipt(forecast.claim, forecast, (first, *renewal), wrote=0)
    chance_or_withdrawal = "withdrawn" if forecast.withdrawn else _chance_said(desk, forecast)
    time = _time_words(desk, forecast)
    if is_distribution(forecast):  # it has commas itself, so a semicolon comes before the time
        time = f";{time.removeprefix(',')}"
    lines = [f"{forecast.claim}: {who} {chance_or_withdrawal}{time}"]
    if forecast.revision > 1:
        lines.append(f"revision {forecast.revision} of it: {forecast.reason}")
    lines += [*_how_imputed(forecast), *desk.writing.remarks]
    new = [f"evidence {slug}" for slug in forecast.because if is_new(desk, Evidence, slug)]
    if is_new(desk, Forecaster, forecast.forecaster):
        new.insert(0, _introduced(desk.store.revisions(Forecaster, slug=forecast.forecaster)[-1]))
    if new:
        lines.append(f"new: {', '.join(new)}")
    return Receipt(forecast.claim, forecast, lines, wrote=wrote)


def superseded(desk: Desk, found: Superseded) -> Receipt:
    """Return the receipt of a claim that supersedes another."""
    claim = found.claim
    if not desk.writing.entries:
        return stands_already(claim)
    old = cut_to(found.old.slug, LONGEST_UNTYPED_NAME)
    lines = [f"{claim.slug}   {claim.opens_on} .. {claim.deadline}; it supersedes {old}"]
    if any(
        getattr(claim, name) != getattr(found.old, name) for name in ("type", "options", "unit", "low", "high", "scale")
    ):
        linear = ", no longer on a log axis" if found.old.scale and claim.unit and not claim.scale else ""
        lines.append(f"it asks {asked_of(claim) or f'yes or no, of type {claim.type}'}{linear}")
    if found.carried:
        lines.append(f"{counted(len(found.carried), 'piece')} of evidence carried over")
    if found.dropped:
        conditions = some_of([cut_to(name, LONGEST_UNTYPED_NAME) for name in found.dropped], MOST_NAMED, ", ")
        lines.append(f"conditions that are gone: {conditions}")
    lines.append(f"{VERDICT_DUE}{settle_on(claim)}")
    return Receipt(claim.slug, claim, lines, wrote=desk.writing.entries)


def _newer_forecast(desk: Desk, forecast: Forecast | None) -> str:
    """Describe the latest forecast of a series if it is newer than *forecast*; "" if it is not."""
    if forecast is None:
        return ""
    last = first_or_last_forecast(desk.store, forecast.claim, forecast.forecaster, last=True)
    if last is None or last.made_at <= forecast.made_at:
        return ""
    chance_or_withdrawal = "withdrawn" if last.withdrawn else _chance_said(desk, last)
    return f"{_title(desk, last.forecaster)} {chance_or_withdrawal} since {last.made_at.date()}"


def _title(desk: Desk, forecaster: str) -> str:
    """Return the title of the forecaster with this slug, cut to what a receipt has room for."""
    return cut_to(desk.store.title(Forecaster, forecaster), LONGEST_UNTYPED_NAME)


def _forecast_words(desk: Desk, forecast: Forecast) -> str:
    """Return who forecast what: ``Ann 0.7``."""
    return f"{_title(desk, forecast.forecaster)} {_chance_said(desk, forecast)}"


def _as_given_and_read(desk: Desk, forecast: Forecast) -> list[str]:
    """Return the forecast on a claim that asks more than yes or no, as it was given, and remarks on how it was read."""
    remarks = desk.writing.remarks
    if not is_distribution(forecast):
        return [_forecast_words(desk, forecast), *remarks]
    distribution = f"{_title(desk, forecast.forecaster)}: {desk.writing.quantiles_text or as_given(forecast)}"
    joined = ": ".join([distribution, *remarks])
    fits_two_lines = columns_of(joined) < 2 * (WIDTH - 4)
    return [joined] if forecast.shares and fits_two_lines else [distribution, *remarks]


def _chance_said(desk: Desk, forecast: Forecast) -> str:
    """Return a forecast's chance, range or distribution in words; a distribution as it was given, if just now."""
    if is_distribution(forecast):
        return desk.writing.quantiles_text or said_in_full(forecast)
    point = forecast.point
    return two_places(point) if point is not None else f"{exact(forecast.low)} to {exact(forecast.high)}"


def _time_words(desk: Desk, forecast: Forecast) -> str:
    """Return when a forecast was made, as an end of a line: now, at the end of a day, or at a moment."""
    if abs(desk.now - forecast.made_at) <= WITNESSED_WITHIN:
        return "" if forecast.withdrawn else ", now"
    if forecast.made_at == read_made_at(forecast.made_at.date()):
        return f" at the end of {forecast.made_at.date()}"
    return f" at {spoken_moment(forecast.made_at)}"


def _deadline_read(claim: Claim, deadline: object) -> str:
    """Return the line that a draft can be corrected; if the deadline was given in words, first how these were read."""
    draft = f"a slip can be corrected for {DRAFT_HOURS} hours"
    deadline = year_as_text(deadline)
    if not isinstance(deadline, str) or deadline == claim.deadline.isoformat():
        return draft
    words = _PERIOD.fullmatch(" ".join(deadline.split()))
    meaning = f"the end of {words['period']}" if words else str(claim.deadline)
    if words and words["by"]:
        meaning += ", not before it began"
    return f'"{deadline}" is read as {meaning}; {draft}'


def _introduced(record: Source | Forecaster) -> str:
    """Return a new source or forecaster by noun and slug; a forecaster with its kind, which may be a guess."""
    return f"{record.noun} {record.slug}" + (f" ({record.kind})" if isinstance(record, Forecaster) else "")


def _how_imputed(forecast: Forecast) -> list[str]:
    """Return the line on the words or the range that an imputed number was read from; none for a stated one."""
    if not forecast.imputed:
        return []
    number, low, high = two_places(forecast.point), two_places(forecast.low), two_places(forecast.high)
    if forecast.words is None:
        return [f"{number} is the middle of {low} to {high}, not said"]
    reader = f" by {cut_to(forecast.recorded_by, LONGEST_UNTYPED_NAME)}" if forecast.recorded_by else ""
    how = f"{reader}: {low} to {high}" if forecast.scale == AS_READ else f" (scale {forecast.scale}: {low} to {high})"
    words = cut_to(forecast.words, max(LONGEST_WORDS, LONGEST_READING - len(how)))
    return [f'{number} is read from "{words}"{how}, not said']


def _source_changed(found: Quoted) -> list[str]:
    """Return the line on a source on file that got its link and day from this quote; none if there is none."""
    if not found.linked:
        return []
    slug = cut_to(found.source.slug, LONGEST_UNTYPED_NAME)
    return [f"source {slug} has this link and its day from now on, revision {found.source.revision}"]


def _day_vouched_for(found: Quoted) -> list[str]:
    """Return the line on the dated source that vouches for the day of a quoted forecast; none if none does."""
    day = found.source.published if found.forecast else None
    return [f"published {day} in {found.source.slug}, by its link, unchecked"] if day else []

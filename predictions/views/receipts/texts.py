"""The texts of receipts, a function for each verb that writes."""

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

LONGEST_READING, LONGEST_WORDS = 48, 12  # of words and how they were read, which stand on one line; of words, at least
MOST_NAMED = 3  # conditions
REST = frozenset({"other", "none"})  # options that stand for all that is not named
NO_REST = "note: if none of these comes true the claim is annulled; an option 'other' would count it"
_PERIOD = re.compile(
    r"(?:(?P<by>by|until) |(?:(?:by|until|through|in) )?(?:the )?end of |(?:through|in) )?"
    r"(?P<period>\d{4}|\d{4}-\d{2}|(?:Q[1-4]|H[12]) \d{4}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{4})",
    re.IGNORECASE,
)


def added(desk: Desk, found: Added, forecast: Forecast | None, deadline: date | str) -> Receipt:
    """Say what `add` recorded."""
    claim, wrote = found.claim, desk.writing.entries
    if not wrote:
        return stands_already(claim, since=_said_since(desk, forecast), more=_of_somebody(desk, claim))
    if not is_new(desk, Claim, claim.slug):
        first = f"{claim.slug} stands already" + (f"; {_forecast_words(desk, forecast)}, now" if forecast else "")
        new = [desk.store.revisions(Forecaster, slug=forecast.forecaster)[-1]] if forecast else []
        named = [f"new: {_introduced(one)}" for one in new if is_new(desk, Forecaster, one.slug)]
        return Receipt(claim.slug, claim, (first, *_of_somebody(desk, claim), *named), wrote=wrote)
    events = claim.type is ClaimType.EVENTS
    number = _forecast_words(desk, forecast) if forecast else ""
    asked = f"at least {counted(claim.at_least or 1, 'event')}" if events else asked_of(claim)
    said = asked or number
    lines = [f"{claim.slug}   {claim.opens_on} .. {claim.deadline}" + (f"; {said}" if said else "")]
    if events and claim.conditions:
        names = some_of(
            [cut_to(condition.name, LONGEST_UNTYPED_NAME) for condition in claim.conditions], MOST_NAMED, ", "
        )
        lines.append(f"each event must meet: {names}; log them with log_evidence(counts=NAME)")
    if asked and forecast:
        lines += _told_of_asked(desk, forecast)
    if not asked or events:
        lines.append(_deadline_read(claim, deadline))
    lines += [*_condition(claim), f"{VERDICT_DUE}{settle_on(claim)}"]
    if claim.type is ClaimType.CHOICE and not REST & {option.lower() for option in claim.options}:
        lines.append(NO_REST)
    lines += [*unnamed(claim), *map(_like, found.alike[:1])]
    return Receipt(claim.slug, claim, lines, wrote=wrote)


def quoted(desk: Desk, found: Quoted) -> Receipt:
    """Tell of what somebody else said."""
    statement, claim, wrote = found.statement, found.claim, desk.writing.entries
    if not wrote:
        return stands_already(claim or statement, since=_said_since(desk, found.forecast))
    if claim is None:
        first = f"statement {statement.slug} recorded as not resolvable: {statement.not_resolvable}"
        counted_in = 'it is counted in "said", and in nothing else'
        return Receipt(statement.slug, statement, (first, counted_in, *_linked(found)), wrote=wrote)
    who = cut_to(statement.speaker or "", LONGEST_UNTYPED_NAME)
    number = f"{who} {_chance_said(desk, found.forecast)}" if found.forecast else f"{who} gives no number"
    asked = asked_of(claim)
    lines = [f"{claim.slug}   {claim.opens_on} .. {claim.deadline}; {asked or number}"]
    if asked:
        lines += _told_of_asked(desk, found.forecast) if found.forecast else [number]
    lines += [
        *(_imputed(found.forecast) if found.forecast else []),
        *_carried(found),
        *_linked(found),
        *_condition(claim),
        f"{VERDICT_DUE}{settle_on(claim)}",
    ]
    if found.new:
        lines.append("new: " + ", ".join(_introduced(record) for record in found.new))
    if found.near is not None and is_new(desk, Statement, statement.slug):
        put_right = f'ledger.correct("statement {statement.slug}", speaker="{found.near}", reason="a slip")'
        lines.append(f"{who} may be {found.near}, who is on file; if so: {put_right}")
    lines += unnamed(claim) if is_new(desk, Claim, claim.slug) else []
    for one in found.alike[:1] if is_new(desk, Claim, claim.slug) else ():
        same = one.deadline == claim.deadline
        lines += [_like(one), *([f"or on that claim: {_on(one, found.forecast)}"] if same else [])]
    return Receipt(claim.slug, claim, lines, wrote=wrote)


def _condition(claim: Claim) -> list[str]:
    """Say what a claim is given."""
    return [f"given {cut_to(claim.given, LONGEST_UNTYPED_NAME)}: annulled if that comes out no"] if claim.given else []


def _of_somebody(desk: Desk, claim: Claim) -> list[str]:
    """Say whose words a claim on file is read from, where they are not one's own."""
    speaker = desk.store.revisions(Statement, slug=claim.statement)[-1].speaker
    if speaker is None or same_name(speaker, desk.me or speaker):
        return []
    who = cut_to(speaker, LONGEST_UNTYPED_NAME)
    return [f"{who} said so, {claim.opens_on} .. {claim.deadline}; what you say is of that claim"]


def _like(claim: Claim) -> str:
    """Ask whether a new claim is of one fact with another in the same words."""
    return f"{LIKE}{cut_to(claim.slug, LONGEST_UNTYPED_NAME)} ({claim.deadline}): one fact? say cluster="


def _on(claim: Claim, forecast: Forecast | None) -> str:
    """Return the call by which who was quoted stands on the claim that is on file."""
    return line_of_forecast(claim, by=forecast.forecaster if forecast else "WHO").python


def forecasted(desk: Desk, forecast: Forecast) -> Receipt:
    """Tell of a number, or of a withdrawal."""
    wrote = desk.writing.entries
    who = _title(desk, forecast.forecaster)
    if not wrote:
        what = "withdrawal" if forecast.withdrawn else _chance_said(desk, forecast)
        first = f"{forecast.claim}: {who} {what} stands already; nothing new"
        claim = desk.store.revisions(Claim, slug=forecast.claim)[-1]
        # The same words mean another curve now, but who runs a notebook again does not mean to say anything anew.
        over = on_days_over(claim, forecast, desk.today)
        anew = (f"{over}; to say it anew of the days to come: again=True",) if over else ()
        return Receipt(forecast.claim, forecast, (first, *anew), wrote=0)
    said = f"{who} withdrawn" if forecast.withdrawn else f"{who} {_chance_said(desk, forecast)}"
    made = _made(desk, forecast)
    if is_distribution(forecast):
        made = made.replace(", ", "; ", 1) if made.startswith(", ") else f";{made}"
    lines = [f"{forecast.claim}: {said}{made}"]
    if forecast.revision > 1:
        lines.append(f"revision {forecast.revision} of it: {forecast.reason}")
    lines += [*_imputed(forecast), *desk.writing.remarks]
    new = [f"evidence {slug}" for slug in forecast.because if is_new(desk, Evidence, slug)]
    if is_new(desk, Forecaster, forecast.forecaster):
        new.insert(0, _introduced(desk.store.revisions(Forecaster, slug=forecast.forecaster)[-1]))
    return Receipt(forecast.claim, forecast, [*lines, *([f"new: {', '.join(new)}"] if new else [])], wrote=wrote)


def superseded(desk: Desk, found: Superseded) -> Receipt:
    """Tell of a claim in the place of another."""
    claim = found.claim
    if not desk.writing.entries:
        return stands_already(claim)
    old = cut_to(found.old.slug, LONGEST_UNTYPED_NAME)
    lines = [f"{claim.slug}   {claim.opens_on} .. {claim.deadline}; it supersedes {old}"]
    if found.carried:
        lines.append(f"{counted(len(found.carried), 'piece')} of evidence carried over")
    if found.dropped:
        gone = some_of([cut_to(name, LONGEST_UNTYPED_NAME) for name in found.dropped], MOST_NAMED, ", ")
        lines.append(f"conditions that are gone: {gone}")
    lines.append(f"{VERDICT_DUE}{settle_on(claim)}")
    return Receipt(claim.slug, claim, lines, wrote=desk.writing.entries)


def _said_since(desk: Desk, forecast: Forecast | None) -> str:
    """Say what stands in place of a forecast that was made at first; nothing where that is the last."""
    if forecast is None:
        return ""
    last = first_or_last_forecast(desk.store, forecast.claim, forecast.forecaster, last=True)
    if last is None or last.made_at <= forecast.made_at:
        return ""
    said = "withdrawn" if last.withdrawn else _chance_said(desk, last)
    return f"{_title(desk, last.forecaster)} {said} since {last.made_at.date()}"


def _title(desk: Desk, forecaster: str) -> str:
    return cut_to(desk.store.title(Forecaster, forecaster), LONGEST_UNTYPED_NAME)


def _forecast_words(desk: Desk, forecast: Forecast) -> str:
    return f"{_title(desk, forecast.forecaster)} {_chance_said(desk, forecast)}"


def _told_of_asked(desk: Desk, forecast: Forecast) -> list[str]:
    """Say what was given of a claim that asks more than yes or no, and how it was read."""
    remarks = desk.writing.remarks
    if not is_distribution(forecast):
        return [_forecast_words(desk, forecast), *remarks]
    said = f"{_title(desk, forecast.forecaster)}: {desk.writing.said or as_given(forecast)}"
    joined = ": ".join([said, *remarks])
    return [joined] if forecast.shares and columns_of(joined) < 2 * (WIDTH - 4) else [said, *remarks]


def _chance_said(desk: Desk, forecast: Forecast) -> str:
    if is_distribution(forecast):
        return desk.writing.said or said_in_full(forecast)
    point = forecast.point
    return two_places(point) if point is not None else f"{exact(forecast.low)} to {exact(forecast.high)}"


def _made(desk: Desk, forecast: Forecast) -> str:
    """Say when it was made: now, at the end of a day, or at a moment."""
    if abs(desk.now - forecast.made_at) <= WITNESSED_WITHIN:
        return "" if forecast.withdrawn else ", now"
    if forecast.made_at == read_made_at(forecast.made_at.date()):
        return f" at the end of {forecast.made_at.date()}"
    return f" at {spoken_moment(forecast.made_at)}"


def _deadline_read(claim: Claim, deadline: object) -> str:
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
    return f"{record.noun} {record.slug}" + (f" ({record.kind})" if isinstance(record, Forecaster) else "")


def _imputed(forecast: Forecast) -> list[str]:
    """Say what a number was read from, where it was not said."""
    if not forecast.imputed:
        return []
    number, low, high = two_places(forecast.point), two_places(forecast.low), two_places(forecast.high)
    if forecast.words is None:
        return [f"{number} is the middle of {low} to {high}, not said"]
    by = f" by {cut_to(forecast.recorded_by, LONGEST_UNTYPED_NAME)}" if forecast.recorded_by else ""
    how = f"{by}: {low} to {high}" if forecast.scale == AS_READ else f" (scale {forecast.scale}: {low} to {high})"
    words = cut_to(forecast.words, max(LONGEST_WORDS, LONGEST_READING - len(how)))
    return [f'{number} is read from "{words}"{how}, not said']


def _linked(found: Quoted) -> list[str]:
    """Say that a source on file was changed."""
    if not found.linked:
        return []
    slug = cut_to(found.source.slug, LONGEST_UNTYPED_NAME)
    return [f"source {slug} has this link and its day from now on, revision {found.source.revision}"]


def _carried(found: Quoted) -> list[str]:
    """Say what carries the day of a quote."""
    day = found.source.published if found.forecast else None
    return [f"published {day} in {found.source.slug}, by its link, unchecked"] if day else []

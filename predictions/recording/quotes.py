"""What `quote` records: what somebody else said, with its source, its claim and how likely, under one seal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from predictions.enums import ForecasterKind
from predictions.errors import Conflict, InvalidValue, check_field, short_repr
from predictions.fields import check_line, check_text
from predictions.forecaster_names import no_name
from predictions.recording import forecasts
from predictions.recording.claim_types import unset
from predictions.recording.claims import free_slug, options_as_on_file, read_from, said_of_claim, window_until
from predictions.recording.enter import Desk, build, check_named, correct, enter, name_of, said_content
from predictions.recording.leading import Leading
from predictions.recording.quoted_sources import LINK_SAID_LATER, Quote, source_of
from predictions.recording.repeated_forecasts import said_that_day
from predictions.records import Claim, Forecast, Forecaster, Source, Statement
from predictions.slugs import (
    resembles,
    same_words,
    slug_of,
    slug_of_name,
    spelled_out,
)
from predictions.storage.claim_queries import claims_worded, statements_worded
from predictions.storage.lookup import speakers
from predictions.timestamps import utc_day

FIRST_READING = "headline"
SENTENCE_WORDS = 6  # a name of so many words may be a sentence
SETTLE = 30  # days for late reports, unless others are given


class Quoted(NamedTuple):
    """The records of a quote as they are in the ledger, and what its receipt needs to know about them.

    Attributes:
        statement: What was said.
        claim: The reading of it; None for a statement that is not resolvable.
        forecast: How likely they said it was; None if they gave no number and no words for one.
        source: Where it was said.
        new: The source and the forecaster, as far as this quote recorded them.
        alike: Claims of other statements in the same words, those with the same deadline first.
        near: A name on file that the speaker's may be a misspelling of; looked up only if there is no forecast.
        linked: Whether this quote gave its link, and with it its day, to a source on file.
    """

    statement: Statement
    claim: Claim | None
    forecast: Forecast | None
    source: Source
    new: tuple[Source | Forecaster, ...]
    alike: tuple[Claim, ...] = ()
    near: str | None = None
    linked: bool = False


def quote(desk: Desk, said: Quote, how: Mapping[str, Any], fields: Mapping[str, Any]) -> Quoted:
    """Record what somebody predicted: its source, statement, claim and forecast, as far as they are not on file.

    Args:
        desk: The open transaction.
        said: Who said what and in which source, and the deadline.
        how: How likely they said it was: `probability`, or `words`, `scale`, `low` and `high`; all None if they
            gave no number.
        fields: Further fields of the claim.

    Raises:
        InvalidValue: The day or the deadline is missing, or a field is wrong.
        Conflict: The same words are on file with another reading.
    """
    line = " ".join(check_field("text", check_text, said.text).split())
    who, kind = check_field("by", check_line, name_of(said.by)), forecasts.read_kind(said.kind)
    _check_who(desk, who, line, kind)
    who = _as_on_file(desk, who)
    if said.deadline is None and said.not_resolvable is None:
        raise InvalidValue(
            'until when? say deadline=, or not_resolvable="why" to count it among what was said and could not be '
            "held to account"
        )
    numbered = any(value is not None for value in how.values())
    near = None if numbered else _near_name(desk, who)
    entries_before = desk.writing.entries
    source, day, new_source = source_of(desk, said, who)
    # An entry without a new source is the correction that gave an old one its link.
    linked = desk.writing.entries > entries_before and not new_source
    statement = _statement(desk, said, line, source, who)
    if said.not_resolvable is not None:
        return Quoted(statement, None, None, source, new_source, linked=linked)
    if kind is not None and not numbered:
        raise InvalidValue("kind= is what a forecaster is, who is recorded with a number: say p= or words=, too")
    terms = fields if numbered else {**fields, "notes": said.note}  # a note goes with the number, where there is one
    claim = _claim(desk, said, line, statement, day, said_of_claim(desk, terms))
    people_before = desk.store.titles(Forecaster)
    forecast = _forecast(desk, claim, said, how, kind, source, day)
    new_people: tuple[Forecaster, ...] = ()
    if forecast is not None and forecast.forecaster not in people_before:
        new_people = tuple(desk.store.revisions(Forecaster, slug=forecast.forecaster))
    in_same_words = [other for other in claims_worded(desk.store, said.text) if other.statement != statement.slug]
    alike = tuple(sorted(in_same_words, key=lambda other: other.deadline != claim.deadline))
    return Quoted(statement, claim, forecast, source, (*new_people, *new_source), alike, near, linked)


def check_statement_alone(said: Quote, terms: Mapping[str, object]) -> None:
    """Refuse `not_resolvable` together with arguments for a claim or a number: it records a statement alone.

    Args:
        said: The quote; of its arguments some are for a claim.
        terms: The other arguments, all for a claim or a number. The usual `settle_days`, its default, is allowed.

    Raises:
        InvalidValue: With the names of all such arguments.
    """
    of_claim = ("deadline", "kind", "reading", "opens_on")
    superfluous = [name for name in of_claim if getattr(said, name) is not None]
    days = terms.get("settle_days")
    usual = {"settle_days"} if isinstance(days, int) and days == SETTLE else set[str]()
    superfluous += [name for name, value in terms.items() if name not in usual and not unset(value)]
    if said.not_resolvable is not None and superfluous:
        listed = ", ".join(f"{name}=" for name in superfluous)
        raise InvalidValue(f"not_resolvable= makes it a statement alone, without a claim; leave out {listed}")


def _check_who(desk: Desk, who: str, text: str, kind: ForecasterKind | None) -> None:
    """Refuse a date given as the name, and arguments that look swapped: a long name nobody here has, a short text."""
    if no_name(who) == "a day":
        raise InvalidValue(f"{short_repr(who)} is a day, and by= is who said it; the day it was said is said_on=")
    words = len(who.split())
    # The commonest slip with this verb is to give the text first. It would record a sentence as a forecaster for good.
    if kind is None and words >= SENTENCE_WORDS and len(text.split()) < words / 2 and not _is_on_file(desk, who):
        fault = (
            f"who said it comes first: {short_repr(who)} is long for a name, and {short_repr(text)} short for a text"
        )
        raise InvalidValue(f'{fault}; change places, or say kind="person" or kind="publication"')


def _near_name(desk: Desk, who: str) -> str | None:
    """Find the forecaster or speaker on file whose name resembles a new name, which may be a misspelling of it.

    None if the name is on file itself, if it is an abbreviation, or if no name on file resembles it.
    """
    titles = desk.store.titles(Forecaster)
    spoken = {slug_of(name): name for name in speakers(desk.store)}
    if slug_of_name(who, {**titles, **spoken}) is not None or not spelled_out(who):
        return None
    names = {**spoken, **titles}
    near = resembles(slug_of(who), names)
    return None if near is None else names[near]


def _is_on_file(desk: Desk, who: str) -> bool:
    """Return whether a forecaster has this name, or this slug."""
    return slug_of_name(who, desk.store.titles(Forecaster)) is not None


def _as_on_file(desk: Desk, who: str) -> str:
    """Return a name as it is on file, whatever its spelling; a name not on file with single spaces between words."""
    titles = desk.store.titles(Forecaster)
    slug = slug_of_name(who, titles)
    if slug and (remark := forecasts.taken_for(who, slug, titles[slug])):
        desk.writing.remarks.append(remark)
    return titles[slug] if slug else " ".join(who.split())


def _statement(desk: Desk, said: Quote, line: str, source: Source, who: str) -> Statement:
    """Return the statement with these words from that source; record it if it is new."""
    for slug in statements_worded(desk.store, said.text):
        on_file = desk.store.revisions(Statement, slug=slug)[-1]
        if on_file.source == source.slug and same_words(on_file.text, said.text):
            return on_file if said.not_resolvable is None else _marked_alike(desk, said, on_file)
    slug = free_slug(desk, said.slug, line)
    fields = {
        "slug": slug, "source": source.slug, "text": said.text, "speaker": who,
        "not_resolvable": said.not_resolvable, "recorded_by": desk.me,
        "notes": None if said.not_resolvable is None else said.note,
    }  # fmt: skip
    return enter(desk, build(Statement, fields))


def _marked_alike(desk: Desk, said: Quote, statement: Statement) -> Statement:
    """Return a statement on file that is not resolvable for the same reason, and raise Conflict if it is not so."""
    claims = desk.store.revisions(Claim, statement=statement.slug)
    if claims:
        raise Conflict(
            f"the same words are on file as the claim {claims[0].slug}, which can be decided; leave not_resolvable= "
            "out: a claim that nothing decides comes out as ambiguous, in resolve"
        )
    marked = {"not_resolvable": said.not_resolvable, "recorded_by": desk.me}
    noted = {} if said.note is None else {"notes": said.note}
    return enter(desk, build(Statement, {**said_content(statement), **marked, **noted}))


def _claim(
    desk: Desk, said: Quote, line: str, statement: Statement, day: date | datetime, fields: Mapping[str, Any]
) -> Claim:
    """Return the claim that reads the statement in this way, on file or newly recorded.

    The first claim of a statement is its scored reading. Another reading of it must be named, with `reading`:
    otherwise a slip in the deadline would silently become a second claim. Raises Conflict if it is not named.

    Args:
        desk: The open transaction.
        said: The quote.
        line: Its text on one line, from which a slug is made.
        statement: The statement that is read.
        day: When it was said, from which its window opens if the quote names no first day.
        fields: Further fields of the claim.
    """
    window = window_until(said.deadline or "", said.opens_on, utc_day(day), field="deadline")
    wording = check_named(check_text, fields.get("wording"), "wording") or said.text
    readings = [claim for claim in claims_worded(desk.store, said.text) if claim.statement == statement.slug]
    for reading in readings:
        same_window = (reading.opens_on, reading.deadline) == (window.opens_on, window.deadline)
        as_named = said.reading in {None, reading.reading} and said.slug in {None, reading.slug}
        if as_named and same_window and same_words(reading.wording, wording):
            given = {name: value for name, value in fields.items() if name == "scale" or not unset(value)}
            return enter(
                desk,
                build(Claim, {**said_content(reading), "recorded_by": desk.me, **options_as_on_file(reading, given)}),
            )
    if readings and said.reading is None:
        raise Conflict(
            f"the same words are on file as {readings[0].slug}, {readings[0].opens_on} to {readings[0].deadline}; "
            "another reading of them is named: reading="
        )
    slug = statement.slug if not readings else free_slug(desk, said.slug, f"{line} {said.reading}")
    settings = {
        "slug": slug, "statement": statement.slug, "reading": said.reading or FIRST_READING, "scored": not readings,
        **read_from(wording, window), "recorded_by": desk.me,
    }  # fmt: skip
    given = {name: value for name, value in fields.items() if value is not None}
    claim = build(Claim, {**settings, **given})
    Leading(desk).check(claim)
    return enter(desk, claim)


def _forecast(
    desk: Desk, claim: Claim, said: Quote, how: Mapping[str, Any], kind: ForecasterKind | None, source: Source,
    day: date | datetime,
) -> Forecast | None:  # fmt: skip
    """Record how likely they said it was, as of the day they said it; return None if they did not say."""
    if not any(value is not None for value in how.values()):
        return None
    published_in = source.slug if source.published else None
    fields = {**how, "note": said.note, "published_in": published_in}
    who = slug_of_name(name_of(said.by), desk.store.titles(Forecaster))
    on_file = said_that_day(desk, (claim.slug, who), day, published_in) if who else None
    # A day without a time means its end, which today has not come yet: what was said today was said now.
    made_at = on_file.made_at if on_file else None if day == desk.today else day
    how_made: dict[str, Any] = {"by": said.by, "made_at": made_at, "at_first": made_at is None, "kind": kind}
    # The forecast was recorded before its source had a link: correct it to name the source, do not record it twice.
    if published_in and on_file and on_file.published_in is None:
        # This records nothing; it raises Conflict if the numbers given now are others than those on file.
        forecasts.record_forecast(desk, claim.slug, {**fields, "published_in": None}, **how_made)
        return correct(desk, on_file, {"published_in": published_in}, reason=LINK_SAID_LATER)
    return forecasts.record_forecast(desk, claim.slug, fields, **how_made)

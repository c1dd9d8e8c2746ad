"""What `quote` records: what somebody else said, with its source, its claim and how likely, under one seal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from predictions.enums import ForecasterKind, SourceKind
from predictions.errors import Conflict, InvalidValue, NotFound, check_field, did_you_mean, short_repr
from predictions.fields import check_line, check_text
from predictions.forecaster_names import no_name
from predictions.recording import forecasts
from predictions.recording.claim_types import unset
from predictions.recording.claims import Leading, free_slug, read_from, said_of_claim, window_until
from predictions.recording.enter import Desk, build, check_named, correct, enter, name_of, said_content
from predictions.records import Claim, Forecast, Forecaster, Source, Statement
from predictions.slugs import (
    hyphenated,
    resembles,
    same_name,
    same_words,
    slug_from,
    slug_of,
    slug_of_name,
    spelled_out,
)
from predictions.status import KEEP_TIMES
from predictions.storage.claim_queries import claims_worded, statements_worded
from predictions.storage.lookup import speakers
from predictions.timestamps import read_made_at, utc_day

FIRST_READING = "headline"
SENTENCE = 6  # words of a sentence, at least
SETTLE = 30  # days for late reports, unless others are given
LINK_SAID_LATER = "its link, said later"
_DAY_IN_SLUG = re.compile(r"-(\d{4}-\d{2}-\d{2})(?:-\d+)?$")


class Quote(NamedTuple):
    """What was said, as it is given to the verb."""

    by: str
    text: str
    deadline: date | str | None
    said_on: date | str | None
    link: str | None
    source: str | None
    kind: str | None
    not_resolvable: str | None
    reading: str | None
    opens_on: date | str | None
    slug: str | None
    note: str | None = None


class Quoted(NamedTuple):
    """What stands for it in the ledger; those of its source and forecaster that are new."""

    statement: Statement
    claim: Claim | None
    forecast: Forecast | None
    source: Source
    new: tuple[Source | Forecaster, ...]
    alike: tuple[Claim, ...] = ()  # the claims in the same words that others said, those with this deadline first
    near: str | None = None  # the name on file that the speaker may be, misspelled, where no number is said


def quote(desk: Desk, said: Quote, how: Mapping[str, Any], fields: Mapping[str, Any]) -> Quoted:
    """Record what somebody said; said again it is a no-op.

    Args:
        desk: The open transaction.
        said: Who, what, until when, and where it stands.
        how: How likely: `probability`, or `words`, `scale`, `low` and `high`.
        fields: Further fields of the claim.

    Raises:
        InvalidValue: It lacks its day, or until when; or a field is wrong.
        Conflict: The same words are on file, read in another way.
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
    source, day, new_source = _source(desk, said, who)
    statement = _statement(desk, said, line, source, who)
    if said.not_resolvable is not None:
        return Quoted(statement, None, None, source, new_source)
    if kind is not None and not numbered:
        raise InvalidValue("kind= is what a forecaster is, who is recorded with a number: say p= or words=, too")
    terms = fields if numbered else {**fields, "notes": said.note}  # a note goes with the number, where there is one
    claim = _claim(desk, said, line, statement, day, said_of_claim(desk, terms))
    before = desk.store.titles(Forecaster)
    forecast = _forecast(desk, claim, said, how, kind, source, day)
    known = forecast is None or forecast.forecaster in before
    new_people = () if known or forecast is None else tuple(desk.store.revisions(Forecaster, slug=forecast.forecaster))
    others = [
        alike_claim for alike_claim in claims_worded(desk.store, said.text) if alike_claim.statement != statement.slug
    ]
    alike = tuple(sorted(others, key=lambda alike_claim: alike_claim.deadline != claim.deadline))
    return Quoted(statement, claim, forecast, source, (*new_people, *new_source), alike, near)


def check_statement_alone(said: Quote, terms: Mapping[str, object]) -> None:
    """Refuse what is said of a claim or of a number beside `not_resolvable`, which makes neither; each is named."""
    of_claim = ("deadline", "kind", "reading", "opens_on")
    named = [name for name in of_claim if getattr(said, name) is not None]
    days = terms.get("settle_days")
    usual = {"settle_days"} if isinstance(days, int) and days == SETTLE else set[str]()
    named += [name for name, value in terms.items() if name not in usual and not unset(value)]
    if said.not_resolvable is not None and named:
        listed = ", ".join(f"{name}=" for name in named)
        raise InvalidValue(f"not_resolvable= makes it a statement alone, without a claim; leave out {listed}")


def _check_who(desk: Desk, who: str, text: str, kind: ForecasterKind | None) -> None:
    """Refuse a day for a name, and a sentence for somebody new, with a name where the text should be."""
    if no_name(who) == "a day":
        raise InvalidValue(f"{short_repr(who)} is a day, and by= is who said it; the day it was said is said_on=")
    words = len(who.split())
    # The commonest slip at this verb: text first, then the name, which records a sentence as a forecaster for good.
    if kind is None and words >= SENTENCE and len(text.split()) < words / 2 and not _is_known(desk, who):
        told = f"who said it comes first: {short_repr(who)} is long for a name, and {short_repr(text)} short for a text"
        raise InvalidValue(f'{told}; change places, or say kind="person" or kind="publication"')


def _near_name(desk: Desk, who: str) -> str | None:
    """Find the name on file, of a forecaster or a speaker, that a name on no file is nearly; None where it is none."""
    titles = desk.store.titles(Forecaster)
    spoken = {slug_of(name): name for name in speakers(desk.store)}
    if slug_of_name(who, {**titles, **spoken}) is not None or not spelled_out(who):
        return None
    names = {**spoken, **titles}
    near = resembles(slug_of(who), names)
    return None if near is None else names[near]


def _is_known(desk: Desk, who: str) -> bool:
    return slug_of_name(who, desk.store.titles(Forecaster)) is not None


def _as_on_file(desk: Desk, who: str) -> str:
    """Return the name that a forecaster on file has, however it is spelled; of others with one space between words."""
    titles = desk.store.titles(Forecaster)
    slug = slug_of_name(who, titles)
    return titles[slug] if slug else " ".join(who.split())


def _named_source(desk: Desk, named: Any) -> Any:
    """Return the name of a source; of a claim or statement, or its receipt, that of the source it is from."""
    record = getattr(named, "record", named)
    if isinstance(record, Claim):
        record = desk.store.revisions(Statement, slug=record.statement)[-1]
    return record.source if isinstance(record, Statement) else name_of(named)


def _source(desk: Desk, said: Quote, who: str) -> tuple[Source, date | datetime, tuple[Source, ...]]:
    """Find where it was said, and when; the source a second time where it is new."""
    titles = desk.store.titles(Source)
    named = check_named(check_line, _named_source(desk, said.source), "source")
    slug = slug_of_name(named, titles) or _begun(said, named, titles)
    known = desk.store.revisions(Source, slug=slug)[-1] if slug else None
    on, moment = _day_of(known) if known else None, None
    if said.said_on is not None:
        on, moment = forecasts.not_later(desk, said.said_on, "said_on")
    unknown = named is not None and known is None and _names_another_day(named, on)
    if unknown and (near := did_you_mean(named, [*titles])):
        raise NotFound(f"no source {short_repr(named)} in this ledger{near} of a new one say its day, said_on=DAY")
    if on is None:
        raise InvalidValue(
            "when was it said? said_on=DAY, the day it was published; a prediction of your own is: ledger.add(...)"
        )
    if known:
        _check_same_place(known, said, on)
        return _with_link(desk, known, said.link, on), moment or on, ()
    title = named or f"{who}, {on}"
    fields = {
        "title": title, "link": said.link, "published": str(on) if said.link else None, "kind": SourceKind.OTHER,
        "recorded_by": desk.me,
    }  # fmt: skip
    name = f"{named} {on}" if named else f"{who} {on}"
    others: set[str] = set()  # of that name and day, elsewhere
    while kept := desk.store.revisions(Source, slug=(slug := slug_from(name, others, otherwise="source"))):
        same_words = kept[-1].link is None and _said_there(desk, kept[-1], said.text)
        if same_name(kept[-1].title, title) and (kept[-1].link == said.link or same_words):
            return _with_link(desk, kept[-1], said.link, on), moment or on, ()
        others.add(slug)
    record = enter(desk, build(Source, {"slug": slug, **fields}))
    return record, moment or on, (record,)


def _begun(said: Quote, named: str | None, titles: Mapping[str, str]) -> str | None:
    """Return the only source on file that a beginning means, where no day of a new one is said."""
    if named is None or said.said_on is not None or not hyphenated(named):
        return None
    begun = [slug for slug in titles if slug.startswith(hyphenated(named))]
    return begun[0] if len(begun) == 1 else None


def _names_another_day(named: str, on: date | None) -> bool:
    """Tell whether a name is not that of a new source: nobody says its day, or it is a slug of another one."""
    day = _DAY_IN_SLUG.search(named)
    return on is None or (day is not None and day[1] != str(on))


def _day_of(source: Source) -> date | None:
    """Return the day of a source: the one on which it was published, or which a quote without a link gave it."""
    day = source.published or (_DAY_IN_SLUG.search(source.slug) or [None, None])[1]
    return date.fromisoformat(day) if day and len(day) == len("2026-01-01") else None


def _check_same_place(known: Source, said: Quote, on: date) -> None:
    """Refuse a link or a day that is not that of the source on file: what was said stands elsewhere then."""
    elsewhere = "of another page leave source= out, or say its title"
    if said.link is not None and known.link not in {None, said.link}:
        raise InvalidValue(f"link: {short_repr(said.link)} is not that of {known.slug}, {known.link}; {elsewhere}")
    day = None if known.kind in KEEP_TIMES else _day_of(known)
    if day not in {None, on}:
        raise InvalidValue(f"said_on: {on} is not the day of {known.slug}, {day}; {elsewhere}")


def _said_there(desk: Desk, source: Source, text: str) -> bool:
    """Tell whether a statement in these words stands in a source."""
    worded = (desk.store.revisions(Statement, slug=slug)[-1] for slug in statements_worded(desk.store, text))
    return any(statement.source == source.slug for statement in worded)


def _with_link(desk: Desk, source: Source, link: str | None, on: date) -> Source:
    """Give a source on file the link that is said now, and with it the day that the link carries."""
    if link is None or source.link == link:
        return source
    published = source.published or str(on)
    return correct(desk, source, {"link": link, "published": published}, reason=LINK_SAID_LATER)


def _statement(desk: Desk, said: Quote, line: str, source: Source, who: str) -> Statement:
    """Return the statement of these words in that source; a new one where there is none."""
    for slug in statements_worded(desk.store, said.text):
        known = desk.store.revisions(Statement, slug=slug)[-1]
        if known.source == source.slug and same_words(known.text, said.text):
            return known
    slug = free_slug(desk, said.slug, line)
    fields = {
        "slug": slug, "source": source.slug, "text": said.text, "speaker": who,
        "not_resolvable": said.not_resolvable, "recorded_by": desk.me,
        "notes": None if said.not_resolvable is None else said.note,
    }  # fmt: skip
    return enter(desk, build(Statement, fields))


def _claim(
    desk: Desk, said: Quote, line: str, statement: Statement, day: date | datetime, fields: Mapping[str, Any]
) -> Claim:
    """Return the reading of it; a further one only where it is named, or has other words."""
    window = window_until(said.deadline or "", said.opens_on, utc_day(day), field="deadline")
    wording = check_named(check_text, fields.get("wording"), "wording") or said.text
    readings = [
        alike_claim for alike_claim in claims_worded(desk.store, said.text) if alike_claim.statement == statement.slug
    ]
    for known in readings:
        same_window = (known.opens_on, known.deadline) == (window.opens_on, window.deadline)
        as_named = said.reading in {None, known.reading} and said.slug in {None, known.slug}
        if as_named and same_window and same_words(known.wording, wording):
            given = {name: value for name, value in fields.items() if value}
            return enter(desk, build(Claim, {**said_content(known), "recorded_by": desk.me, **given}))
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
    """Return how likely they said it was, on its day; None where they did not say."""
    if not any(value is not None for value in how.values()):
        return None
    # Said today means now, since the end of the day, which a bare day stands for, has not come yet.
    made_at = None if day == desk.today else day
    published_in = source.slug if source.published else None
    fields = {**how, "note": said.note, "published_in": published_in}
    how_made: dict[str, Any] = {"by": said.by, "made_at": made_at, "at_first": made_at is None, "kind": kind}
    # The forecast was recorded before its source had a link: it is corrected to be carried by it, not said twice.
    if published_in and made_at is not None and (bare := _uncarried(desk, claim, said.by, made_at)):
        forecasts.record_forecast(desk, claim.slug, {**fields, "published_in": None}, **how_made)  # or says it differs
        return correct(desk, bare, {"published_in": published_in}, reason=LINK_SAID_LATER)
    return forecasts.record_forecast(desk, claim.slug, fields, **how_made)


def _uncarried(desk: Desk, claim: Claim, by: str, made_at: date | datetime) -> Forecast | None:
    """Find the forecast of that moment that nothing carried when it was recorded; None where there is none."""
    who = slug_of_name(name_of(by), desk.store.titles(Forecaster))
    of_series = desk.store.revisions(Forecast, claim=claim.slug, forecaster=who) if who else []
    standing = [forecast for forecast in of_series if forecast.made_at == read_made_at(made_at)]
    return standing[-1] if standing and standing[-1].published_in is None else None

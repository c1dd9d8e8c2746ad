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
from predictions.recording.claims import Leading, free_slug, read_from, said_of_claim, window_until
from predictions.recording.enter import Desk, build, check_named, correct, enter, name_of, said_content
from predictions.recording.quoted_sources import LINK_SAID_LATER, Quote, source_of
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
from predictions.timestamps import read_made_at, utc_day

FIRST_READING = "headline"
SENTENCE = 6  # words of a sentence, at least
SETTLE = 30  # days for late reports, unless others are given


class Quoted(NamedTuple):
    """What stands for it in the ledger; those of its source and forecaster that are new."""

    statement: Statement
    claim: Claim | None
    forecast: Forecast | None
    source: Source
    new: tuple[Source | Forecaster, ...]
    alike: tuple[Claim, ...] = ()  # the claims in the same words that others said, those with this deadline first
    near: str | None = None  # the name on file that the speaker may be, misspelled, where no number is said
    linked: bool = False  # whether a source on file got its link, and with it its day, just now


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
    before_source = desk.writing.entries
    source, day, new_source = source_of(desk, said, who)
    linked = desk.writing.entries > before_source and not new_source
    statement = _statement(desk, said, line, source, who)
    if said.not_resolvable is not None:
        return Quoted(statement, None, None, source, new_source, linked=linked)
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
    return Quoted(statement, claim, forecast, source, (*new_people, *new_source), alike, near, linked)


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

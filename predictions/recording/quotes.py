"""What `quote` records: what somebody else said, with its source, its claim and how likely, under one seal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from predictions.enums import ForecasterKind, SourceKind
from predictions.errors import Conflict, InvalidValue, check_field
from predictions.fields import check_line, check_text
from predictions.recording import forecasts
from predictions.recording.claims import Leading, free_slug, read_from, window_until
from predictions.recording.enter import Desk, build, checked, content, enter, name_of
from predictions.records import Claim, Forecast, Forecaster, Source, Statement
from predictions.slugs import same_words, slug_from, slug_of_name
from predictions.storage.claim_queries import claims_worded, statements_worded
from predictions.timestamps import utc_day

FIRST_READING = "headline"


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
    if said.deadline is None and said.not_resolvable is None:
        raise InvalidValue(
            'until when? say deadline=, or not_resolvable="why" to count it among what was said and could not be '
            "held to account"
        )
    if said.not_resolvable is not None and (said.deadline is not None or any(how.values())):
        raise InvalidValue("what is not_resolvable has no deadline= and no number; leave them out")
    source, day, new_source = _source(desk, said, who)
    statement = _statement(desk, said, line, source, who)
    if said.not_resolvable is not None:
        return Quoted(statement, None, None, source, new_source)
    numbered = any(value is not None for value in how.values())
    terms = fields if numbered else {**fields, "notes": said.note}  # a note goes with the number, where there is one
    claim = _claim(desk, said, line, statement, day, terms)
    before = desk.store.titles(Forecaster)
    forecast = _forecast(desk, claim, said, how, kind, source, day)
    known = forecast is None or forecast.forecaster in before
    new_people = () if known or forecast is None else tuple(desk.store.revisions(Forecaster, slug=forecast.forecaster))
    others = [one for one in claims_worded(desk.store, said.text) if one.statement != statement.slug]
    alike = tuple(sorted(others, key=lambda one: one.deadline != claim.deadline))
    return Quoted(statement, claim, forecast, source, (*new_people, *new_source), alike)


def _source(desk: Desk, said: Quote, who: str) -> tuple[Source, date | datetime, tuple[Source, ...]]:
    """Find where it was said, and when; the source a second time where it is new."""
    titles = desk.store.titles(Source)
    slug = slug_of_name(checked(check_line, name_of(said.source), "source"), titles)
    known = desk.store.revisions(Source, slug=slug)[-1] if slug else None
    if said.said_on is None and known and known.published and len(known.published) == len("2026-01-01"):
        return known, date.fromisoformat(known.published), ()
    if said.said_on is None:
        raise InvalidValue(
            "when was it said? said_on=DAY, the day it was published; a prediction of your own is: ledger.add(...)"
        )
    on, moment = forecasts.not_later(desk, said.said_on, "said_on")
    if known:
        return known, moment or on, ()
    title = said.source or f"{who}, {on}"
    fields = {
        "title": title, "link": said.link, "published": str(on) if said.link else None, "kind": SourceKind.OTHER,
        "recorded_by": desk.me,
    }  # fmt: skip
    name = f"{said.source} {on}" if said.source else f"{who} {on}"
    others: set[str] = set()  # of that name and day, elsewhere
    while kept := desk.store.revisions(Source, slug=(slug := slug_from(name, others, otherwise="source"))):
        if (kept[-1].title, kept[-1].link) == (title, said.link):
            return kept[-1], moment or on, ()
        others.add(slug)
    record = enter(desk, build(Source, {"slug": slug, **fields}))
    return record, moment or on, (record,)


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
    }  # fmt: skip
    return enter(desk, build(Statement, fields))


def _claim(
    desk: Desk, said: Quote, line: str, statement: Statement, day: date | datetime, fields: Mapping[str, Any]
) -> Claim:
    """Return the reading of it; a further one only where it is named, or has other words."""
    window = window_until(said.deadline or "", said.opens_on, utc_day(day), field="deadline")
    wording = fields.get("wording") or said.text
    readings = [one for one in claims_worded(desk.store, said.text) if one.statement == statement.slug]
    for known in readings:
        same_window = (known.opens_on, known.deadline) == (window.opens_on, window.deadline)
        if same_window and same_words(known.wording, wording):
            given = {name: value for name, value in fields.items() if value}
            return enter(desk, build(Claim, {**content(known), "recorded_by": desk.me, **given}))
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
    made_at = None if day == desk.today else day
    published_in = source.slug if source.published else None
    return forecasts.record_forecast(
        desk, claim.slug, {**how, "note": said.note, "published_in": published_in},
        by=said.by, made_at=made_at, at_first=made_at is None, kind=kind,
    )  # fmt: skip

"""What `quote` is given, and the source in which it stands: one on file, or a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from predictions.enums import SourceKind
from predictions.errors import InvalidValue, NotFound, did_you_mean, short_repr
from predictions.fields import check_line
from predictions.recording.enter import Desk, build, check_named, correct, enter, name_of
from predictions.recording.forecasts import not_later
from predictions.records import Claim, Source, Statement
from predictions.slugs import hyphenated, same_name, slug_from, slug_of_name
from predictions.status import KEEP_TIMES
from predictions.storage.claim_queries import statements_worded

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


def _named_source(desk: Desk, named: Any) -> Any:
    """Return the name of a source; of a claim or statement, or its receipt, that of the source it is from."""
    record = getattr(named, "record", named)
    if isinstance(record, Claim):
        record = desk.store.revisions(Statement, slug=record.statement)[-1]
    return record.source if isinstance(record, Statement) else name_of(named)


def source_of(desk: Desk, said: Quote, who: str) -> tuple[Source, date | datetime, tuple[Source, ...]]:
    """Find where it was said, and when; the source a second time where it is new."""
    titles = desk.store.titles(Source)
    named = check_named(check_line, _named_source(desk, said.source), "source")
    slug = slug_of_name(named, titles) or _begun(said, named, titles)
    known = desk.store.revisions(Source, slug=slug)[-1] if slug else None
    on, moment = _day_of(known) if known else None, None
    if said.said_on is not None:
        on, moment = not_later(desk, said.said_on, "said_on")
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

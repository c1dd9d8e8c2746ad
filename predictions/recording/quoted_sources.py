"""What `quote` is given, and the source in which it was said: one on file, or a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from predictions.enums import SourceKind
from predictions.errors import InvalidValue, NotFound, did_you_mean, short_repr
from predictions.fields import check_line
from predictions.recording.enter import Desk, build, check_named, correct, enter, name_of
from predictions.recording.forecasts import not_later
from predictions.records import Claim, Source, Statement
from predictions.slugs import hyphenated, resembles, same_name, slug_from, slug_of_name
from predictions.status import KEEP_TIMES
from predictions.storage.claim_queries import statements_worded

LINK_SAID_LATER = "its link, said later"
_DAY_IN_SLUG = re.compile(r"-(\d{4}-\d{2}-\d{2})(?:-\d+)?$")


class Quote(NamedTuple):
    """The arguments of `quote`, except those for the forecast and further fields of the claim; None if not given."""

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


def _source_name(desk: Desk, source: Any) -> Any:
    """Return the name of the source that was given; for a claim, a statement or its receipt, that of its source."""
    record = getattr(source, "record", source)
    if isinstance(record, Claim):
        record = desk.store.revisions(Statement, slug=record.statement)[-1]
    return record.source if isinstance(record, Statement) else name_of(source)


def source_of(desk: Desk, quotation: Quote, who: str) -> tuple[Source, date | datetime, tuple[Source, ...]]:
    """Find the source of a quote, or record it.

    Args:
        desk: The open transaction.
        quotation: The quote; its day may be left out if the source is on file and has one.
        who: The speaker, by whom and by the day a source without a name is named.

    Returns:
        The source; the day or moment at which it was said; and the source once more if it is new, else nothing.

    Raises:
        NotFound: The source seems to be one on file, misspelled.
        InvalidValue: Nothing tells the day, or it or the link is not that of the source on file.
    """
    titles = desk.store.titles(Source)
    name = check_named(check_line, _source_name(desk, quotation.source), "source")
    slug = slug_of_name(name, titles) or _begun(quotation, name, titles)
    on_file = desk.store.revisions(Source, slug=slug)[-1] if slug else None
    on, moment = _day_of(on_file) if on_file else None, None
    if quotation.said_on is not None:
        on, moment = not_later(desk, quotation.said_on, "said_on")
    not_new = name is not None and on_file is None and _names_another_day(name, on)
    if not_new and (near := did_you_mean(name, [*titles])):
        raise NotFound(f"no source {short_repr(name)} in this ledger{near} of a new one say its day, said_on=DAY")
    if name is not None and on_file is None and (asked := misspelled_source(name, [*titles])):
        raise NotFound(asked)
    if on is None:
        raise InvalidValue(
            "when was it said? said_on=DAY, the day it was published; a prediction of your own is: ledger.add(...)"
        )
    if on_file:
        _check_same_place(on_file, quotation, on)
        return _with_link(desk, on_file, quotation.link, on), moment or on, ()
    title = name or f"{who}, {on}"
    fields = {
        "title": title, "link": quotation.link, "published": str(on) if quotation.link else None,
        "kind": SourceKind.OTHER, "recorded_by": desk.me,
    }  # fmt: skip
    name_and_day = f"{name or who} {on}"
    taken: set[str] = set()  # slugs of other sources with that name and day
    slug = slug_from(name_and_day, taken, otherwise="source")
    while revisions := desk.store.revisions(Source, slug=slug):
        other = revisions[-1]
        same_words = other.link is None and _said_there(desk, other, quotation.text)
        if same_name(other.title, title) and (other.link == quotation.link or same_words):
            return _with_link(desk, other, quotation.link, on), moment or on, ()
        taken.add(slug)
        slug = slug_from(name_and_day, taken, otherwise="source")
    record = enter(desk, build(Source, {"slug": slug, **fields}))
    return record, moment or on, (record,)


def _begun(quotation: Quote, name: str | None, titles: Mapping[str, str]) -> str | None:
    """Return the slug of the only source on file that begins with the name.

    None if there is none or several, and if the quote has a day: it may then be a new source with a short name.
    """
    if name is None or quotation.said_on is not None or not hyphenated(name):
        return None
    begun = [slug for slug in titles if slug.startswith(hyphenated(name))]
    return begun[0] if len(begun) == 1 else None


def misspelled_source(name: str, slugs: Sequence[str]) -> str | None:
    """Say that a name seems to be the slug of a source on file with a slip: of the same day, and nearly spelled so.

    A title is no slug: two publications of one day may have names that are near.

    >>> misspelled_source("daly-2025-01-06", ["daily-2025-01-06"])
    "no source 'daly-2025-01-06' in this ledger; did you mean 'daily-2025-01-06'? of a new one say its title"
    """
    day = _DAY_IN_SLUG.search(name)
    if day is None or name != hyphenated(name) or name in slugs:
        return None
    days = ((slug, _DAY_IN_SLUG.search(slug)) for slug in slugs)
    named = {slug[: found.start()]: slug for slug, found in days if found and found[1] == day[1]}
    near = resembles(name[: day.start()], named)
    if near is None:
        return None
    return f"no source {short_repr(name)} in this ledger; did you mean {named[near]!r}? of a new one say its title"


def _names_another_day(name: str, on: date | None) -> bool:
    """Return whether a name cannot be that of a new source: it has no day, or the name ends in a different one."""
    day = _DAY_IN_SLUG.search(name)
    return on is None or (day is not None and day[1] != str(on))


def _day_of(source: Source) -> date | None:
    """Return the day on which a source was published; without a link, the day in the slug that a quote gave it.

    None if it has neither, or was published in a month or year.
    """
    day = source.published or (_DAY_IN_SLUG.search(source.slug) or [None, None])[1]
    return date.fromisoformat(day) if day and len(day) == len("2026-01-01") else None


def _check_same_place(on_file: Source, quotation: Quote, on: date) -> None:
    """Refuse a link or a day other than that of the source on file: the quote is then from another page."""
    elsewhere = "of another page leave source= out, or say its title"
    if quotation.link is not None and on_file.link not in {None, quotation.link}:
        raise InvalidValue(
            f"link: {short_repr(quotation.link)} is not that of {on_file.slug}, {on_file.link}; {elsewhere}"
        )
    day = None if on_file.kind in KEEP_TIMES else _day_of(on_file)
    if day not in {None, on}:
        raise InvalidValue(f"said_on: {on} is not the day of {on_file.slug}, {day}; {elsewhere}")


def _said_there(desk: Desk, source: Source, text: str) -> bool:
    """Return whether a statement with these words is on file from that source."""
    worded = (desk.store.revisions(Statement, slug=slug)[-1] for slug in statements_worded(desk.store, text))
    return any(statement.source == source.slug for statement in worded)


def _with_link(desk: Desk, source: Source, link: str | None, on: date) -> Source:
    """Return a source with the link that is given only now, as a correction; the link dates it, so its day as well."""
    if link is None or source.link == link:
        return source
    published = source.published or str(on)
    return correct(desk, source, {"link": link, "published": published}, reason=LINK_SAID_LATER)

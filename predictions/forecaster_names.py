"""Find who is meant where screens and files are asked for those of one forecaster, and what is nobody's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from predictions.errors import InvalidValue, NotFound, short_repr
from predictions.horizons import span, two_days
from predictions.slugs import account_of_name, not_found, slug_of, slug_of_name


def forecaster_among(name: object, titles: Mapping[str, str], others: Iterable[str | None] = ()) -> str:
    """Return the slug of the forecaster that a slug or a name means, whole: a beginning is asked about, not taken.

    Args:
        name: What was typed.
        titles: The forecasters on file, by slug.
        others: Who is known though they may have given no number yet: speakers of statements, and the reader.

    Raises:
        NotFound: It is nobody's; the sentence says who is near.

    >>> forecaster_among("Mute Weekly", {"ana": "Ana"}, ["Mute Weekly"])
    'mute-weekly'
    """
    if isinstance(name, str) and (slug := slug_of_name(name, titles)) is not None:
        return slug
    speakers = {slug_of(other): other for other in others if other}
    if isinstance(name, str) and (slug := slug_of_name(name, speakers) or account_of_name(name, titles)) is not None:
        return slug
    known = {**speakers, **{slug: slug for slug in titles}}
    begun = [slug for slug in known if slug.startswith(name)] if isinstance(name, str) and name else []
    if len(begun) == 1:
        raise NotFound(f"no forecaster {short_repr(name)} in this ledger; did you mean {known[begun[0]]!r}?")
    raise NotFound(not_found("forecaster", name, [*known.values(), *titles.values()]))


def no_name(name: str) -> str:
    """Say what a text is that is nobody's name, but stands where one is wanted; empty where it may be a name.

    >>> no_name("2026-01-05"), no_name("45%"), no_name("https://a.example"), no_name("Agent 47")
    ('a day', 'a chance', 'a link', '')
    """
    text = name.strip()
    if "://" in text:
        return "a link"
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?\s*%|[01]?[.,][0-9]+", text):
        return "a chance"
    if text[-4:].isdigit() or text[:4].isdigit():
        with suppress(InvalidValue):
            return "a day" if span(text) or two_days(text) else ""
        return "a day"
    return ""

"""Finding the forecaster whom a screen or file is asked for, and recognizing text that cannot be a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from predictions.errors import InvalidValue, NotFound, short_repr
from predictions.horizons import span, two_days
from predictions.slugs import account_of_name, not_found, slug_of, slug_of_name


def forecaster_among(name: object, titles: Mapping[str, str], others: Iterable[str | None] = ()) -> str:
    """Return the slug of the forecaster with this slug or name; a mere beginning of one is only suggested.

    Args:
        name: The slug or name that was typed.
        titles: The names of the forecasters on file, by slug.
        others: Further names, of people who may have given no number yet: speakers of statements, and the owner.

    Raises:
        NotFound: Nobody has it; the message suggests the nearest.

    >>> forecaster_among("Mute Weekly", {"ana": "Ana"}, ["Mute Weekly"])
    'mute-weekly'
    """
    if isinstance(name, str) and (slug := slug_of_name(name, titles)) is not None:
        return slug
    speakers = {slug_of(other): other for other in others if other}
    if isinstance(name, str) and (slug := slug_of_name(name, speakers) or account_of_name(name, titles)) is not None:
        return slug
    name_to_type = {**speakers, **{slug: slug for slug in titles}}  # by slug
    begun = [slug for slug in name_to_type if slug.startswith(name)] if isinstance(name, str) and name else []
    if len(begun) == 1:
        raise NotFound(f"no forecaster {short_repr(name)} in this ledger; did you mean {name_to_type[begun[0]]!r}?")
    raise NotFound(not_found("forecaster", name, [*name_to_type.values(), *titles.values()]))


def no_name(name: str) -> str:
    """Return what a text is that was given as a name and cannot be one: a day, a chance, a link; "" if it may be one.

    >>> no_name("2026-01-05"), no_name("45%"), no_name("https://a.example"), no_name("Agent 47")
    ('a day', 'a chance', 'a link', '')
    """
    text = name.strip()
    if "://" in text:
        return "a link"
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?\s*%|[01]?[.,][0-9]+", text):
        return "a chance"
    if text[-4:].isdigit() or text[:4].isdigit():
        with suppress(InvalidValue):  # raised for a day that no calendar has
            return "a day" if span(text) or two_days(text) else ""
        return "a day"
    return ""

"""Find who is meant where screens and files are asked for those of one forecaster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from predictions.errors import NotFound, short_repr
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

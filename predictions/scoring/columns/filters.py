"""Choose the claims a card is about, by source, tag, reading, window, type and horizon."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Protocol

from predictions.dates import read_period
from predictions.enums import ClaimType
from predictions.errors import InvalidValue, NotFound, check_field, short_repr
from predictions.records import Claim, Source
from predictions.slugs import not_found, source_named
from predictions.snapshot import Snapshot


@dataclass(frozen=True)
class Conditions:
    """Optional conditions, None if left out. An instance is true if any is given; its text lists those given."""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) is not None for field in fields(self))

    def __str__(self) -> str:
        given = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return ", ".join(f"{name} {value}" for name, value in given if value is not None)


@dataclass(frozen=True)
class Filter(Conditions):
    """Conditions on a claim; all that are given must hold. Without conditions every claim fits.

    Attributes:
        source: The slug or the title of its source.
        tag: One of its tags.
        reading: Its reading, such as ``strict``.
        window: The day, month, year, or range of them (``2026/2027``), in which its last day lies.
        type: Its type, such as ``events``.
        horizon: The number of days from its opening to its last day: a maximum (``365``) or a range (``30..365``).
    """

    source: str | None = None
    tag: str | None = None
    reading: str | None = None
    window: str | None = None
    type: str | None = None
    horizon: str | int | None = None

    def claims(self, snapshot: Snapshot) -> list[Claim]:
        """Return the claims that fit.

        Raises:
            NotFound: No claim has that source, tag or reading.
            InvalidValue: The window, the type or the horizon cannot be read.
        """
        claims = snapshot.all(Claim)
        fits = self.test(
            sources={source.slug: source.title for source in snapshot.all(Source)},
            tags={tag for claim in claims for tag in claim.tags},
            readings={claim.reading for claim in claims},
        )
        source_of = snapshot.source_of if self.source is not None else None
        return [claim for claim in claims if fits(claim, source_of(claim).slug if source_of else "")]

    def test(
        self, *, sources: Mapping[str, str], tags: Collection[str], readings: Collection[str]
    ) -> Callable[[ClaimFacts, str], bool]:
        """Return a function that decides whether a claim, given with the slug of its source, fits.

        The arguments are what is on file: sources by slug with their titles, tags and readings. A condition on any
        other is refused with the errors of :meth:`claims`, so that a slip of typing does not look like an empty result.
        """
        _check_on_file("tag", self.tag, tags)
        _check_on_file("reading", self.reading, readings)
        source = None if self.source is None else source_named(self.source, sources)
        wanted = _type(self.type)
        first, last = _window_bounds(self.window)
        least, most = _horizon_bounds(self.horizon)

        def fits(claim: ClaimFacts, source_slug: str) -> bool:
            return (
                (source is None or source_slug == source)
                and (self.tag is None or self.tag in claim.tags)
                and (self.reading is None or claim.reading == self.reading)
                and (wanted is None or claim.type == wanted)
                and first <= claim.deadline.isoformat() <= last
                and least <= (claim.deadline - claim.opens_on).days + 1 <= most
            )

        return fits


class ClaimFacts(Protocol):
    """The facts about a claim that a filter needs."""

    @property
    def reading(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def tags(self) -> Collection[str]: ...
    @property
    def opens_on(self) -> date: ...
    @property
    def deadline(self) -> date: ...


def _check_on_file(noun: str, name: str | None, names: Collection[str]) -> None:
    """Check that a name, if one is given, is among the names on file; NotFound if not."""
    if name is not None and (not isinstance(name, str) or name not in names):
        raise NotFound(not_found(noun, name, sorted(names)))


def _type(word: str | None) -> ClaimType | None:
    """Return the type of claim that a word names; None without a word, InvalidValue for any other."""
    try:
        return None if word is None else ClaimType(word)
    except ValueError:
        raise InvalidValue(f"{short_repr(word)} is no type of claim; say one of {', '.join(ClaimType)}") from None


def _window_bounds(text: str | None) -> tuple[str, str]:
    """Return the first and the last day of a window, as ISO text; None gives texts before and after every day."""
    if text is None:
        return "0000", "9999-99"
    first, _, last = text.partition("/") if isinstance(text, str) and "/" in text else (text, "", text)
    begins, ends = check_field("window", read_period, first).first, check_field("window", read_period, last).last
    if begins > ends:
        raise InvalidValue(f"window: {last} ends before {first} begins; say the earlier one first")
    return begins.isoformat(), ends.isoformat()


def _horizon_bounds(days: str | int | None) -> tuple[int, int]:
    """Return the fewest and the most days of a horizon; None gives bounds that every claim fits.

    >>> _horizon_bounds(365), _horizon_bounds("30..365")
    ((0, 365), (30, 365))
    """
    if days is None:
        return 0, 10**9
    text = str(days) if type(days) is int and 0 <= days < 10**7 else days  # True is no number of days
    match = re.fullmatch(r"(?:([0-9]{1,7})\.\.)?([0-9]{1,7})", text) if isinstance(text, str) else None
    if not match:
        raise InvalidValue(
            f"{short_repr(days)} is no horizon; say days at most, such as 365, or a range such as 30..365"
        )
    if int(match[1] or 0) > int(match[2]):
        raise InvalidValue(f"horizon: {match[1]} days are more than {match[2]}; say the fewer first")
    return int(match[1] or 0), int(match[2])

"""Which scored claims a card is about: filters by source, tag, reading, window, kind and horizon."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Protocol

from predictions.dates import read_period
from predictions.errors import InvalidValue, shown
from predictions.kinds import ClaimKind
from predictions.records import Claim, Source
from predictions.snapshot import Snapshot, unique


@dataclass(frozen=True)
class Filter:
    """Every part that is given must fit; nothing given fits every claim.

    ``window`` is the day, month, year or range of them (``2026/2027``) in which the claim's last day lies;
    ``horizon`` the days from opening to last day, at most (``365``) or from and to (``30..365``).
    """

    source: str | None = None
    tag: str | None = None
    reading: str | None = None
    window: str | None = None
    kind: str | None = None
    horizon: str | int | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) is not None for field in fields(self))

    def __str__(self) -> str:
        given = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return ", ".join(f"{name} {value}" for name, value in given if value is not None)

    def claims(self, snapshot: Snapshot) -> list[Claim]:
        """The claims that fit; NotFound for an unknown source, InvalidValue for what cannot be read."""
        fits = self.test([source.slug for source in snapshot.all(Source)])
        source_of = snapshot.source_of if self.source is not None else None
        return [claim for claim in snapshot.all(Claim) if fits(claim, source_of(claim).slug if source_of else "")]

    def test(self, sources: Sequence[str]) -> Callable[[About, str], bool]:
        """Says whether a claim, whose source is of that slug, fits; *sources* are the slugs there are."""
        source = None if self.source is None else unique("source", self.source, sources)
        kind = _kind(self.kind)
        first, last = _window(self.window)
        least, most = _horizon(self.horizon)

        def fits(claim: About, of: str) -> bool:
            return (
                (source is None or of == source)
                and (self.tag is None or self.tag in claim.tags)
                and (self.reading is None or claim.reading == self.reading)
                and (kind is None or claim.kind == kind)
                and first <= claim.resolves_by.isoformat() <= last
                and least <= (claim.resolves_by - claim.opens_on).days + 1 <= most
            )

        return fits


class About(Protocol):
    """What of a claim a filter looks at."""

    @property
    def reading(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def tags(self) -> Collection[str]: ...
    @property
    def opens_on(self) -> date: ...
    @property
    def resolves_by(self) -> date: ...


def _kind(kind: str | None) -> ClaimKind | None:
    try:
        return None if kind is None else ClaimKind(kind)
    except ValueError:
        raise InvalidValue(f"{shown(kind)} is no kind of claim; say one of {', '.join(ClaimKind)}") from None


def _window(text: str | None) -> tuple[str, str]:
    if text is None:
        return "0000", "9999-99"
    first, _, last = text.partition("/")
    return read_period(first).first.isoformat(), read_period(last or first).last.isoformat()


def _horizon(days: str | int | None) -> tuple[int, int]:
    """Fewest and most days.

    >>> _horizon(365), _horizon("30..365")
    ((0, 365), (30, 365))
    """
    if days is None:
        return 0, 10**9
    match = re.fullmatch(r"(?:(\d{1,7})\.\.)?(\d{1,7})", str(days))
    if not match or isinstance(days, bool):
        raise InvalidValue(f"{shown(days)} is no horizon; say days at most, such as 365, or a range such as 30..365")
    return int(match[1] or 0), int(match[2])

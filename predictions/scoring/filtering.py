"""Which scored claims a card is about: filters by source, tag, reading, window, kind and horizon."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from predictions.dates import read_period
from predictions.errors import InvalidValue, shown
from predictions.kinds import ClaimKind
from predictions.records import Claim, Source
from predictions.snapshot import Snapshot


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
        source = snapshot.find(Source, self.source).slug if self.source is not None else None
        kind = _kind(self.kind)
        first, last = _window(self.window)
        least, most = _horizon(self.horizon)
        return [
            claim
            for claim in snapshot.all(Claim)
            if (source is None or snapshot.source_of(claim).slug == source)
            and (self.tag is None or self.tag in claim.tags)
            and (self.reading is None or claim.reading == self.reading)
            and (kind is None or claim.kind is kind)
            and first <= claim.resolves_by.isoformat() <= last
            and least <= (claim.resolves_by - claim.opens_on).days + 1 <= most
        ]


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

"""One forecast of a file, as plain as its reader tells it, and where it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from predictions.enums import ClaimType, ForecasterKind
from predictions.timestamps import utc_day


class Publication(NamedTuple):
    """Where and when something was published; a link is what carries its day."""

    said_on: date | datetime | None  # None where a publication on file says it
    link: str | None
    title: str | None  # of the publication, if that is not the speaker

    @property
    def day(self) -> date | None:
        """The day, in UTC, where the file tells it."""
        return self.said_on and utc_day(self.said_on)


class SaidForecast(NamedTuple):
    """One forecast, or a withdrawal."""

    row: int
    by: str | None  # the name in the file; None for the person that the import is by
    made_at: datetime | None  # None is the moment of the import
    fields: Mapping[str, object]  # of the forecast: its numbers, words with their scale, note; or withdrawn
    published: Publication | None = None
    kind: ForecasterKind | None = None  # of a new forecaster, where the file tells
    user: str | None = None  # the platform's id of whoever said it, where the file tells


def same_options(claim_type: ClaimType, options: Sequence[str], fields: Mapping[str, object]) -> bool:
    """Tell whether the fields of a claim name the options of another: those of a choice have no order."""
    told = fields.get("options")
    if not isinstance(told, tuple) or not claim_type is fields.get("type", claim_type) is ClaimType.CHOICE:
        return False
    return sorted(told) == sorted(options)


def in_order_of_options(fields: Mapping[str, object], options: Sequence[str]) -> Mapping[str, object]:
    """Return the fields of a forecast with its shares in the order of some options, where it has one for each."""
    shares = fields.get("shares")
    by_option = {share["option"]: share for share in shares} if isinstance(shares, list) else {}
    if by_option.keys() != set(options) or list(by_option) == list(options):
        return fields
    return {**fields, "shares": [by_option[option] for option in options]}

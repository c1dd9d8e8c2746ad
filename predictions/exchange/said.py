"""Plain records of one forecast in a file and of where it was published, as a reader returns them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from predictions.enums import ClaimType, ForecasterKind
from predictions.timestamps import utc_day


class Publication(NamedTuple):
    """Where and when something was published; the day is believed because of the link."""

    said_on: date | datetime | None  # None if a publication on file has it
    link: str | None
    title: str | None  # of the publication; None if the speaker published it

    @property
    def day(self) -> date | None:
        """The day in UTC; None if the file does not give it."""
        return self.said_on and utc_day(self.said_on)


class SaidForecast(NamedTuple):
    """One forecast or withdrawal in a file."""

    row: int
    by: str | None  # the name in the file; None for the forecaster whom the caller names
    made_at: datetime | None  # None for the moment of the import
    fields: Mapping[str, object]  # of the forecast: numbers, words with their scale, note; or withdrawn
    published: Publication | None = None
    kind: ForecasterKind | None = None  # of a new forecaster, if the file gives it
    user: str | None = None  # the platform's id of the forecaster, if the file gives it


def same_options(claim_type: ClaimType, options: Sequence[str], fields: Mapping[str, object]) -> bool:
    """Tell whether fields have the same options as a claim about a choice, in any order."""
    named = fields.get("options")
    if not isinstance(named, tuple) or not claim_type is fields.get("type", claim_type) is ClaimType.CHOICE:
        return False
    return sorted(named) == sorted(options)

"""One forecast of a file, as plain as its reader tells it, and where it was published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from predictions.enums import ForecasterKind
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

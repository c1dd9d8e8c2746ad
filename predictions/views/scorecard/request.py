"""What is asked of a scorecard: whose records, in which order, of which claims."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

import numpy as np

from forecasts.inputs import IndexArray
from predictions.errors import InvalidValue, NotFound, short_repr
from predictions.scoring.filters import Filter
from predictions.scoring.forecast_columns import ForecasterEntry
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.forecaster_statistics import listing_order
from predictions.scoring.plain_counts import unresolvable_by
from predictions.scoring.series import SeriesTable
from predictions.scoring.track_record import TrackRecord
from predictions.slugs import match_slug, slug_of_name
from predictions.views.scorecard.leaderboard_words import NAMED

AnyWord = TypeVar("AnyWord", bound=StrEnum)


def word(words: type[AnyWord], said: str) -> AnyWord:
    """Return the cohort or rule of that name; InvalidValue where there is none."""
    try:
        return words(said)
    except ValueError:
        known = " or ".join(words)
        raise InvalidValue(f"{short_repr(said)} is no {words.__name__.lower()} of a scorecard; say {known}") from None


def slug_among(name: str, among: Sequence[ForecasterEntry]) -> str:
    """Return the slug of the forecaster of that slug or name, or of the only one whose slug begins so."""
    titles = {one.slug: one.title for one in among}
    return match_slug("forecaster", slug_of_name(name, titles) or name, list(titles))


def slug_on_card(name: str, records: Sequence[TrackRecord]) -> str:
    """Return the slug of who has that slug or name on a card; InvalidValue where nobody has."""
    try:
        return slug_among(name, [record.forecaster for record in records])
    except NotFound as error:
        raise InvalidValue(str(error).replace("in this ledger", "on this card")) from None


def whose_figure(slugs: Sequence[str]) -> InvalidValue:
    """Return the error where nobody was named and several could be meant, or nobody."""
    if not slugs:
        return InvalidValue("nobody is on this card, so it has no figure to explain")
    more = f" and {len(slugs) - NAMED:,} more" if len(slugs) > NAMED else ""
    return InvalidValue(f"say whose figure: by=, one of {', '.join(slugs[:NAMED])}{more}")


def listed_on(
    records: Sequence[TrackRecord], said: IndexArray, by: Sequence[str] | None, *, me: str | None, sort: str | None
) -> list[TrackRecord]:
    """Return the records of the named forecasters, or of all who said anything, in the order in which they stand.

    Args:
        records: Everybody's, by number.
        said: How many statements each made, by number.
        by: Names or slugs; None for everybody.
        me: Who stands last.
        sort: The score by which they stand in order, if any.
    """
    if by is None:
        return listing_order([record for record in records if said[record.number]], said, me, sort)
    people = [record.forecaster for record in records]
    slugs = {slug_among(name, people): None for name in by}
    named = [record for slug in slugs for record in records if record.forecaster.slug == slug]
    return named if sort is None else listing_order(named, said, me, sort)


def not_resolvable(reader: ForecastReader, table: SeriesTable, only: Filter) -> IndexArray:
    """Count for each forecaster the statements that nothing could decide; a filter by claims leaves them all out."""
    if any((only.tag, only.reading, only.window, only.type, only.horizon)):
        return np.zeros(len(table.forecasters), np.intp)
    return unresolvable_by(reader.not_resolvable(only.source), table)

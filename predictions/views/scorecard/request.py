"""Make the scorecard that was asked for: whose records, in which order, on which claims."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import numpy as np

from forecasts.inputs import IndexArray
from predictions.errors import InvalidValue, short_repr
from predictions.scoring.columns.filters import Filter
from predictions.scoring.counting import SERIES_COUNTED_AT_ONCE, Counting, unresolvable_by
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.forecaster_statistics import check_sort, listing_order
from predictions.scoring.models import SeriesFilter
from predictions.scoring.pool import Pool
from predictions.scoring.series import SeriesTable
from predictions.scoring.totals import track_records
from predictions.scoring.track_record import TrackRecord
from predictions.storage.lookup import not_resolvable as statements_not_resolvable
from predictions.views.scorecard.card import Scorecard
from predictions.views.scorecard.leaderboard import DRAWN_UNASKED
from predictions.views.scorecard.names import slugs_named
from predictions.views.scorecard.screen import EVERYBODY
from predictions.views.scorecard.type_scores import type_scores

AnyWord = TypeVar("AnyWord", bound=StrEnum)


def scorecard(
    reader: ForecastReader, *, by: Sequence[str] | None = None, cohort: str = "settled", rule: str = "first",
    only: Filter | None = None, crowds: bool = False, as_of: datetime | None = None, me: str | None = None,
    top: int = DRAWN_UNASKED, sort: str | None = None, full: bool = False, lead_days: tuple[int, ...] = (),
    series_filter: SeriesFilter | None = None,
) -> Scorecard:  # fmt: skip
    """Return the card of the named forecasters, or of all who have forecast a scored claim or made its statement.

    They are in the order in which they are named; or those with most statements are first and *me* is last; or they are
    in the order of a score. The arguments are those of `Ledger.scorecard`.

    Raises:
        NotFound: A forecaster is unknown.
        InvalidValue: A cohort, rule or score is unknown; or the score that was asked for cannot give an honest order.
    """
    chosen_cohort, chosen_rule, claim_filter = word(Cohort, cohort), word(Rule, rule), only or Filter()
    check_sort(sort, chosen_cohort, chosen_rule)
    series_filter = series_filter or SeriesFilter()
    table = series_filter.of(reader, reader.table(chosen_rule, claim_filter, crowds=crowds))
    none = np.zeros(len(table.forecasters), np.intp)
    not_resolvable = none if series_filter else _count_not_resolvable(reader, table, claim_filter)
    verdicts = reader.doubted_verdicts
    doubted = verdicts.contested, reader.early_verdicts.is_early, verdicts.condition_failed
    counts = Counting(table, chosen_cohort, reader.claim_status, *doubted).counts(not_resolvable)
    records = track_records(table, chosen_cohort)
    slugs = None if by is None else slugs_named(by, table.forecasters, reader, me)
    listed = listed_on(records, counts.said, slugs, me=me, sort=sort)
    series = table.series
    if by is not None:
        series = series.part(np.isin(series.forecaster, [record.number for record in listed]))
    everybody = [record for record in records if record.funnel["forecast"]]
    pool = Pool(reader, table, chosen_cohort, chosen_rule, everybody, listed, claim_filter)
    every, kinds = pool, reader.kinds(claim_filter)
    if kinds:
        full_table = series_filter.of(reader, reader.table(chosen_rule, claim_filter, crowds=crowds, kind=None))
        every = _of_every_type(pool, full_table, me, named=by is not None)
    return Scorecard(
        records=tuple(listed), cohort=chosen_cohort, rule=chosen_rule, as_of=as_of or reader.as_of, today=reader.today,
        head=reader.head, filter=claim_filter, series=series_filter, top=top, sort=sort, lead_days=lead_days, full=full,
        unforecast=_unforecast(every), taken_off=() if slugs is not None else tuple(reader.taken_off(claim_filter)),
        pool=pool, every_type=every, counts=counts, types=type_scores(every, kinds),
        asked=EVERYBODY[crowds] if slugs is None else ", ".join(sorted(slugs)),
    )  # fmt: skip


def _unforecast(pool: Pool) -> int:
    """Count the scored claims, of every type, that nobody listed has forecast."""
    series, without = pool.table.series, pool.table.wanted.copy()
    listed = np.zeros(len(pool.table.forecasters), np.bool_)
    listed[[record.number for record in pool.listed]] = True
    # In parts, since a copy of all series would take more memory than the rest of the card.
    for start in range(0, series.claim.size, SERIES_COUNTED_AT_ONCE):
        part = series.part(slice(start, start + SERIES_COUNTED_AT_ONCE))
        without[part.claim if listed.all() else part.claim[listed[part.forecaster]]] = False
    return int(without.sum())


def word(words: type[AnyWord], name: str) -> AnyWord:
    """Return the cohort or rule of that name; raise InvalidValue if there is none."""
    try:
        return words(name)
    except ValueError:
        choices = " or ".join(words)
        raise InvalidValue(f"{short_repr(name)} is no {words.__name__.lower()} of a scorecard; say {choices}") from None


def listed_on(
    records: Sequence[TrackRecord], said: IndexArray, slugs: Sequence[str] | None, *, me: str | None, sort: str | None
) -> list[TrackRecord]:
    """Return the records of the named forecasters, or of all who made a statement, in the order of the card.

    Args:
        records: Everybody's, by number.
        said: How many statements each made, by number.
        slugs: The named forecasters, in their order; None for everybody.
        me: The name of the ledger's user, who comes last; None if unknown.
        sort: The score by which they are in order; None for the usual order.
    """
    if slugs is None:
        return listing_order([record for record in records if said[record.number]], said, me, sort)
    named = [record for slug in slugs for record in records if record.forecaster.slug == slug]
    return named if sort is None else listing_order(named, said, me, sort)


def _of_every_type(pool: Pool, table: SeriesTable, me: str | None, *, named: bool) -> Pool:
    """Return the pool on claims of every type: the forecasters of *pool* in their order, then the others.

    If the forecasters were *named*, no others are listed.
    """
    slugs = {record.forecaster.slug for record in pool.listed} if named else None
    every = Pool.of_everybody(pool.reader, table, pool.cohort, pool.rule, slugs, pool.only)
    said = np.zeros(len(table.forecasters), np.intp)
    for record in every.listed:
        said[record.number] = record.funnel["forecast"]
    position = {record.number: number for number, record in enumerate(pool.listed)}
    by_statements = listing_order(every.listed, said, me, None)
    listed = sorted(by_statements, key=lambda record: position.get(record.number, len(position)))
    return Pool(pool.reader, table, pool.cohort, pool.rule, every.everybody, listed, pool.only)


def _count_not_resolvable(reader: ForecastReader, table: SeriesTable, only: Filter) -> IndexArray:
    """Count each forecaster's statements that are marked not resolvable; none if the filter is about claims."""
    if any((only.tag, only.reading, only.window, only.type, only.horizon)):
        return np.zeros(len(table.forecasters), np.intp)
    with reader.opened() as store:
        return unresolvable_by(statements_not_resolvable(store, reader.size, only.source), table)

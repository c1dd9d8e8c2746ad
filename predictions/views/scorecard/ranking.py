"""Rank the forecasters of a ledger, or say why there is no ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from predictions.enums import DERIVED
from predictions.scoring.columns.filters import Filter
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.leaderboard.rows import leaderboard_rows
from predictions.scoring.leaderboard.standings import Standings
from predictions.scoring.leaderboard.worst import AtWorst
from predictions.scoring.leaderboard.yardstick import Yardstick, yardstick_of, yardstick_of_all
from predictions.scoring.models import SeriesFilter
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import FEW
from predictions.views.scorecard.caveats import misleading
from predictions.views.scorecard.leaderboard import DRAWN_UNASKED, Leaderboard
from predictions.views.scorecard.leaderboard_words import too_few, yardstick_sentence
from predictions.views.scorecard.names import slugs_named, titles_of

NO_YARDSTICK = (
    "none yet: it takes two forecasters with 10 settled statements each, since only by others can one tell how hard a "
    "statement was"
)
NOT_WHOLE = (
    f"none yet: it takes {FEW} settled statements of one person that others forecast, too; one forecast at half time "
    "counts half"
)
BY_RULE = "none of the last forecasts: they reward shouting once the answer is nearly known"


def leaderboard(
    reader: ForecastReader, *, by: Sequence[str] | None = None, group: Sequence[str] | None = None,
    only: Filter | None = None, crowds: bool = False, as_of: datetime | None = None, top: int = DRAWN_UNASKED,
    series_filter: SeriesFilter | None = None, me: str | None = None,
) -> Leaderboard:  # fmt: skip
    """Return the ranking of everybody who has settled claims, or why there is none.

    Args:
        reader: The ledger.
        by: The forecasters to show, with their ranks among all; None for everybody.
        group: The forecasters of the yardstick; None for all who have enough statements.
        only: The filter of claims.
        crowds: Whether computed crowds are ranked too.
        as_of: The moment that is shown above the ranking; None for that of the reader.
        top: How many forecasters are shown.
        series_filter: The filter of series.
        me: The name of the ledger's user; None if unknown.

    Raises:
        NotFound: A forecaster is unknown.
        InvalidValue: A crowd is to be in the yardstick.
    """
    claim_filter = only or Filter()
    series_filter = series_filter or SeriesFilter()
    full_table = reader.table(Rule.FIRST, claim_filter, crowds=crowds, kind=None)
    table = series_filter.of(reader, full_table)
    pool = Pool.of_everybody(reader, table, Cohort.SETTLED, Rule.FIRST, only=claim_filter)
    people = {forecaster.slug: forecaster for forecaster in table.forecasters}
    shown = None if by is None else tuple(slugs_named(by, table.forecasters, reader, me))
    members = None
    if group is not None:
        members = [people[slug] for slug in slugs_named(group, table.forecasters, reader, me) if slug in people]
    board = leaderboard_of(pool, filter=claim_filter, group=members, only=shown, as_of=as_of, top=top)
    filters = [str(claim_filter), series_filter.told(reader, full_table)]
    return replace(board, filter=", ".join(filter(None, filters)) or None)


def leaderboard_of(
    pool: Pool, *, filter: Filter, group: Sequence[ForecasterEntry] | None = None, only: tuple[str, ...] | None = None,  # noqa: A002
    as_of: datetime | None = None, top: int = DRAWN_UNASKED,
) -> Leaderboard:  # fmt: skip
    """Return the ranking of everybody in a pool; the other arguments are as in :func:`leaderboard`."""
    why, stick = _why_none(pool), Yardstick(np.zeros(len(pool.table.forecasters), np.bool_))  # without members
    if not why:
        stick = yardstick_of_all(pool) if group is None else yardstick_of(pool, group)
        why = "" if stick.enough else NO_YARDSTICK
    standings = Standings(pool, stick)
    rows = [] if why else leaderboard_rows(standings)
    if not why and not any(row.rank for row in rows):
        why = NOT_WHOLE
    caveats = () if why else tuple(misleading(pool))
    board = Leaderboard(
        as_of=as_of or pool.reader.as_of,
        today=pool.reader.today,
        head=pool.reader.head,
        filter=str(filter) or None,
        none=why,
        statements=0 if why else standings.statements,
        yardstick="" if why else yardstick_sentence(standings),
        caveats=tuple(caveat.text for caveat in caveats),
        misleading=caveats,
        lines=() if why else tuple(rows),
        standings=standings,
        worst=AtWorst(standings, rows, ()),
        shown=top,
        only=only,
    )
    worst = AtWorst(standings, rows, board.drawn)  # it takes long: only for the lines that are shown
    return replace(board, worst=worst, lines=tuple(map(worst.told, rows)))


def _why_none(pool: Pool) -> str:
    """Return why there can be no ranking of these claims; "" if there can be one."""
    if pool.rule is Rule.LAST:
        return BY_RULE
    if pool.cohort.biased:
        return f"none of the claims resolved so far: {pool.cohort.biased}"
    if any(max(record.n, record.n_imputed) >= FEW for record in pool.everybody):
        return ""
    titles = titles_of(pool.listed)
    may_rank = [record for record in pool.listed if record.forecaster.kind not in DERIVED]
    return too_few({titles[record.forecaster.slug]: max(record.n, record.n_imputed) for record in may_rank})

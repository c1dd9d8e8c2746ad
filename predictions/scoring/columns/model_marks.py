"""What forecasters could know, as stated on file, and since when the ledger knows it: cut-offs, and who saw the crowd.

Who states it when the answers are known can choose what it does to a figure, so a card tells what came late.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from predictions.storage.forecast_records import microseconds
from predictions.storage.seals import SEALED_AT

_CUTOFFS = f"""select (select entry from main.forecaster where slug = f.slug and revision = 1), f.cutoff_on,
{SEALED_AT.format("f")} from main.forecaster f
where f.entry < ?1 and f.slug in (select slug from main.forecaster where cutoff_on is not null)
order by f.slug, f.revision"""
_CHANGED = f"""select (select entry from main.forecaster where slug = f.slug and revision = 1), f.{{column}},
{SEALED_AT.format("f")} from main.forecaster f
where f.entry < ?1 and f.slug in (select slug from main.forecaster group by slug having count(distinct {{column}}) > 1)
order by f.slug, f.revision"""
_KINDS, _NAMES = (_CHANGED.format(column=column) for column in ("kind", "title"))
_SHOWN_A_CROWD = f"""select f.claim, f.forecaster, f.made_at, f.shown, {SEALED_AT.format("f")} from main.forecast f
where f.entry < ?1 and (f.claim, f.forecaster) in (
    select claim, forecaster from main.forecast where shown is not null and entry < ?1
) order by f.claim, f.forecaster, f.made_at, f.revision"""
_FIRST_OF_SERIES = itemgetter(0, 1)


class Stated(NamedTuple):
    """Something stated, and since when it stands so, in microseconds since 1970."""

    what: str | int
    since: int


class ModelMarks(NamedTuple):
    """What is stated of what forecasters could know.

    Attributes:
        cutoffs: By the entry where a model began, the day of its cut-off.
        kinds: By the entry where a forecaster began, the kind of those whose kind was corrected.
        names: Likewise the name of those whose name was.
        shown: By the entries of claim and forecaster, whether the first forecast saw the crowd's number: 1 or 0.
    """

    cutoffs: Mapping[int, Stated]
    kinds: Mapping[int, Stated]
    names: Mapping[int, Stated]
    shown: Mapping[tuple[int, int], Stated]


def model_marks(connection: sqlite3.Connection, size: int) -> ModelMarks:
    """Read what is stated among the first *size* entries; what nobody stated is in neither."""
    cutoffs, kinds, names = (
        {
            forecaster: stated
            for forecaster, revisions in groupby(connection.execute(query, (size,)), itemgetter(0))
            if (stated := _as_it_stands((what, moment) for _, what, moment in revisions))
        }
        for query in (_CUTOFFS, _KINDS, _NAMES)
    )
    shown = {}
    for series, rows in groupby(connection.execute(_SHOWN_A_CROWD, (size,)), _FIRST_OF_SERIES):
        _, revisions = next(groupby(rows, itemgetter(2)))  # of the first forecast
        if stated := _as_it_stands((what, moment) for *_, what, moment in revisions):
            shown[series] = stated
    return ModelMarks(cutoffs, kinds, names, shown)


def _as_it_stands(revisions: Iterable[tuple[str | int | None, str]]) -> Stated | None:
    """Return what the last revision states, and when the first of those in a row was recorded that state the same."""
    what, since = None, ""
    for told, moment in revisions:
        if told != what:
            what, since = told, moment
    return None if what is None else Stated(what, int(microseconds((since,))[0]))

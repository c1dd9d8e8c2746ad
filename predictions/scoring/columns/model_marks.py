"""Read what forecasters could know and since when that is on file: cut-offs of training, and who saw the crowd.

A person who records it after the answers are known can choose what it does to a figure, so a card tells what came late.
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


class Stated(NamedTuple):
    """The latest value of a field, and since when it has been on file unchanged, in microseconds since 1970."""

    what: str | int
    since: int


class ModelMarks(NamedTuple):
    """What is on file about what forecasters could know; keys are the entries of first revisions.

    Attributes:
        cutoffs: The day of a model's cut-off, by forecaster.
        kinds: The kind, by forecaster, of those whose kind was corrected.
        names: The name, by forecaster, of those whose name was corrected.
        shown: Whether the first forecast was made after seeing the crowd's number, 1 or 0, by claim and forecaster.
    """

    cutoffs: Mapping[int, Stated]
    kinds: Mapping[int, Stated]
    names: Mapping[int, Stated]
    shown: Mapping[tuple[int, int], Stated]


def model_marks(connection: sqlite3.Connection, size: int) -> ModelMarks:
    """Read the marks among the first *size* entries; a forecaster or series without a mark has no key."""
    cutoffs, kinds, names = (_by_forecaster(connection, query, size) for query in (_CUTOFFS, _KINDS, _NAMES))
    shown = {}
    for series, rows in groupby(connection.execute(_SHOWN_A_CROWD, (size,)), itemgetter(0, 1)):
        _, revisions = next(groupby(rows, itemgetter(2)))  # only the series' first forecast counts
        stated = _latest((value, moment) for *_, value, moment in revisions)
        if stated:
            shown[series] = stated
    return ModelMarks(cutoffs, kinds, names, shown)


def _by_forecaster(connection: sqlite3.Connection, query: str, size: int) -> dict[int, Stated]:
    """Return the latest value of one field for each forecaster, from a query of all revisions in order."""
    latest = {}
    for forecaster, revisions in groupby(connection.execute(query, (size,)), itemgetter(0)):
        stated = _latest((value, moment) for _, value, moment in revisions)
        if stated:
            latest[forecaster] = stated
    return latest


def _latest(revisions: Iterable[tuple[str | int | None, str]]) -> Stated | None:
    """Return the value in the last revision, and since when it has not changed; None if it is empty."""
    latest, since = None, ""
    for value, moment in revisions:
        if value != latest:
            latest, since = value, moment
    return None if latest is None else Stated(latest, int(microseconds((since,))[0]))

"""Read the rows of claims as columns: the first entry of each claim, and the fields of its last revision."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import IndexArray
from predictions.enums import ClaimType
from predictions.storage.columns import DAY, FLOAT, INTEGER, TEXT, read_columns, rows_in_order
from predictions.storage.imports import looked_up, ranks

_CLAIMS = """select entry, slug, statement, opens_on, deadline, settle_days, scored from main.claim where entry < ?
order by entry"""
_CLAIM = {
    "entry": INTEGER, "slug": TEXT, "statement": INTEGER, "opens_on": DAY, "deadline": DAY, "settle_days": INTEGER,
    "scored": INTEGER,
}  # fmt: skip
# Fields that few claims have are read for those claims only; all others get the default.
_SELDOM = """select entry, type, low, high, scale, coalesce(at_least, 0) as at_least, coalesce(given, -1) as given,
coalesce(supersedes, -1) as supersedes, closes_at from main.claim where entry < ?
and (type <> 'yes-no' or coalesce(at_least, given, supersedes, closes_at) is not null)"""
_DEFAULTS: dict[str, tuple[str, object]] = {
    "type": (TEXT, str(ClaimType.YES_NO)), "low": (FLOAT, np.nan), "high": (FLOAT, np.nan), "scale": (TEXT, None),
    "at_least": (INTEGER, 0), "given": (INTEGER, -1), "supersedes": (INTEGER, -1), "closes_at": (TEXT, None),
}  # fmt: skip
_STATEMENTS = "select entry, slug from main.statement where entry < ?"


class ClaimRows(NamedTuple):
    """The claims in the order of their slugs.

    Attributes:
        entries: The entry of each claim's first revision.
        revisions: How many revisions it has.
        columns: The fields of its last revision, by name, and ``statement_slug``. Days count from 1970.
    """

    entries: IndexArray
    revisions: IndexArray
    columns: dict[str, NDArray[Any]]


def claim_rows(connection: sqlite3.Connection, size: int) -> ClaimRows:
    """Read the claims among the first *size* entries."""
    # Rows are read in ledger order and sorted stably, so the last row of each slug is its last revision.
    rows = rows_in_order(read_columns(connection, _CLAIMS, (size,), **_CLAIM), "slug")
    new = np.ones(rows["slug"].size + 1, np.bool_)
    new[1:-1] = rows["slug"][1:] != rows["slug"][:-1]
    columns = {name: column[new[1:]] for name, column in rows.items()}
    columns |= {name: columns[name].astype(np.intp) for name in ("opens_on", "deadline")}
    columns |= _had_by_few(connection, size, columns["entry"])
    statements = read_columns(connection, _STATEMENTS, (size,), entry=INTEGER, slug=TEXT)
    columns["statement_slug"] = statements["slug"][np.searchsorted(statements["entry"], columns["statement"])]
    return ClaimRows(rows["entry"][new[:-1]], np.diff(np.flatnonzero(new)), columns)


def _had_by_few(connection: sqlite3.Connection, size: int, revisions: IndexArray) -> dict[str, NDArray[Any]]:
    """Read the fields that few claims have, for these revisions; all others get the default."""
    types = {name: type_ for name, (type_, _) in _DEFAULTS.items()}
    few = read_columns(connection, _SELDOM, (size,), entry=INTEGER, **types)
    places = looked_up(ranks(revisions), few["entry"])
    columns = {name: np.full(revisions.size, default, type_) for name, (type_, default) in _DEFAULTS.items()}
    for name, column in columns.items():
        column[places[places >= 0]] = few[name][places >= 0]
    return columns

"""Forecasts that are records, as columns of numbers: what many of them say, without building a record for each."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.storage.blocks import DAYS, POINTS, PROBABILITIES, SHARES, ChanceArray, Forecasts, Times
from predictions.storage.lines import Lines, lined_up

_FORECAST_ROWS = """select entry, claim, forecaster, made_at, coalesce(probability, (low + high) / 2), published_in,
revision = 1 and coalesce(words, low, published_in_evidence) is null, coalesce(withdrawn, 0)
from main.forecast where entry < ? order by entry"""
_LINE_QUERIES = {
    "shares": "select forecast, 0.0, share from main.forecast_shares where forecast < ? order by forecast, position",
    "points": "select forecast, at, chance from main.forecast_points where forecast < ? order by forecast, position",
    "days": """select forecast, julianday(day) - 2440587.5, chance from main.forecast_days where forecast < ?
order by forecast, position""",
}
_OPTIONS_LISTED = """select began.entry, c.entry, o.option from main.claim c
join main.claim began on began.slug = c.slug and began.revision = 1
join main.claim_options o on o.claim = c.entry
where c.slug in (select slug from main.claim where revision = 2) order by c.entry, o.position"""
LIST_OF_KIND = {SHARES: "shares", POINTS: "points", DAYS: "days"}
_SEALS = "select entry, recorded_at from main.seal where entry < ? order by entry"


class RecordColumns(NamedTuple):
    """Every revision of every forecast, in ledger order.

    Attributes:
        entry: The entry of each.
        claim: The entry where its claim began.
        forecaster: The entry where its forecaster began.
        made_at: Microseconds since 1970, UTC.
        probability: The number, the middle of a range; NaN for a withdrawal and where a distribution is said.
        published_in: The entry where the source began that published it; 0 for none.
        plain: Whether it says no more than this, and was not corrected.
        withdrawn: Whether it takes back what was said before.
    """

    entry: NDArray[np.int64]
    claim: NDArray[np.int64]
    forecaster: NDArray[np.int64]
    made_at: Times
    probability: ChanceArray
    published_in: NDArray[np.int64]
    plain: NDArray[np.bool_]
    withdrawn: NDArray[np.bool_]


class DistributionColumns(NamedTuple):
    """The distributions of one kind that forecasts say, one after the other in ledger order.

    Attributes:
        entry: The entry of each forecast.
        size: How many lines each has.
        at: The value or day of each line; days count from 1970. Without meaning for shares.
        chance: The share of an option, or the chance of at most that.
    """

    entry: NDArray[np.int64]
    size: NDArray[np.int64]
    at: NDArray[np.float64]
    chance: ChanceArray


def distribution_columns(connection: sqlite3.Connection, kind: str, size: int = 2**62) -> DistributionColumns:
    """Read the shares, the points or the days that the forecasts among the first *size* entries say."""
    # Straight from the cursor: a list of tuples of a million lines would be ten times as large as the array.
    rows = np.fromiter(connection.execute(_LINE_QUERIES[kind], (size,)), np.dtype("i8, f8, f8"))
    entry, count = np.unique(rows["f0"], return_counts=True)
    return DistributionColumns(entry, count.astype(np.int64), rows["f1"], rows["f2"])


def with_distributions(connection: sqlite3.Connection, entries: NDArray[np.int64], rows: Forecasts) -> Forecasts:
    """Return rows of records, by their entries in order, with the distributions that they say."""
    found = {kind: distribution_columns(connection, name) for kind, name in LIST_OF_KIND.items()}
    if not any(columns.entry.size for columns in found.values()):
        return rows
    kinds, numbers, before = np.full(rows.size, PROBABILITIES, np.uint8), rows.probability.copy(), 0
    for kind, columns in found.items():
        places = np.searchsorted(entries, columns.entry)
        kinds[places], numbers[places] = kind, np.arange(before, before + columns.entry.size)
        before += columns.entry.size
    lines = lined_up(Lines(columns.at, columns.chance, columns.size) for columns in found.values())
    return rows._replace(probability=numbers, kind=kinds, lines=lines)


def options_since(connection: sqlite3.Connection) -> dict[int, int]:
    """Return from which entry on each corrected claim has the options it has now, by the entry where it began."""
    listed: dict[int, dict[int, list[str]]] = {}
    for began, revision, option in connection.execute(_OPTIONS_LISTED):
        listed.setdefault(began, {}).setdefault(revision, []).append(option)
    since = {}
    for began, revisions in listed.items():
        # A share of a block stands at the place of its option: rows from before a change of options cannot be read as
        # they are.
        *_, last = revisions.values()
        others = [entry for entry, options in revisions.items() if options != last]
        since[began] = min(entry for entry in revisions if entry > max(others, default=0))
    return since


def record_columns(connection: sqlite3.Connection, size: int = 2**62) -> RecordColumns:
    """Read the forecasts among the first *size* entries."""
    rows = connection.execute(_FORECAST_ROWS, (size,)).fetchall()
    columns = zip(*rows, strict=True) if rows else ((),) * 8
    entry, claim, forecaster, made_at, chance, source, plain, withdrawn = columns
    return RecordColumns(
        np.array(entry, np.int64), np.array(claim, np.int64), np.array(forecaster, np.int64), microseconds(made_at),
        np.array([np.nan if value is None else value for value in chance], np.float64),
        np.array([value or 0 for value in source], np.int64), np.array(plain, np.bool_),
        np.array(withdrawn, np.bool_),
    )  # fmt: skip


def recorded_at(connection: sqlite3.Connection, entries: NDArray[np.int64], size: int = 2**62) -> Times:
    """Return when the ledger learned some entries, in microseconds since 1970."""
    ends, moments = zip(*connection.execute(_SEALS, (size,)), strict=True)
    return microseconds(moments)[np.searchsorted(ends, entries)]


def microseconds(moments: tuple[str, ...]) -> Times:
    """Read moments as they are kept."""
    return np.array([text[:-1] for text in moments], "M8[us]").astype(np.int64)


def moment_texts(moments: Times) -> list[str]:
    """Write microseconds since 1970 as moments are kept."""
    texts: list[str] = np.datetime_as_string(moments.astype("M8[us]"), "us", timezone="UTC").tolist()
    return texts

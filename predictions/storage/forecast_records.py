"""Singly recorded forecasts as columns of numbers, without building a record for each."""

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
        probability: The number, or the middle of a range; NaN for a withdrawal and for a distribution.
        published_in: The entry where the source that published it began; 0 for none.
        plain: Whether it has no words, range or evidence besides, and is a first revision.
        withdrawn: Whether it is a withdrawal.
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
    """The distributions of one kind among the forecasts, one after the other in ledger order.

    Attributes:
        entry: The entry of each forecast.
        size: The number of lines of each.
        at: The value or day of each line; days are counted from 1970. Without meaning for shares.
        chance: The share of an option, or the chance of at most that value.
    """

    entry: NDArray[np.int64]
    size: NDArray[np.int64]
    at: NDArray[np.float64]
    chance: ChanceArray


def distribution_columns(connection: sqlite3.Connection, kind: str, size: int = 2**62) -> DistributionColumns:
    """Read the shares, the points or the days of the forecasts among the first *size* entries."""
    # Straight from the cursor: a list of tuples of a million lines would be ten times as large as the array.
    rows = np.fromiter(connection.execute(_LINE_QUERIES[kind], (size,)), np.dtype("i8, f8, f8"))
    entry, count = np.unique(rows["f0"], return_counts=True)
    return DistributionColumns(entry, count.astype(np.int64), rows["f1"], rows["f2"])


def with_distributions(connection: sqlite3.Connection, entries: NDArray[np.int64], rows: Forecasts) -> Forecasts:
    """Add their distributions to the rows of forecast records; *entries* are the entries of all rows, in order."""
    by_kind = {kind: distribution_columns(connection, name) for kind, name in LIST_OF_KIND.items()}
    if not any(columns.entry.size for columns in by_kind.values()):
        return rows
    kinds, numbers, lines_before = np.full(rows.size, PROBABILITIES, np.uint8), rows.probability.copy(), 0
    for kind, columns in by_kind.items():
        places = np.searchsorted(entries, columns.entry)
        # In place of a probability these rows have the index of their distribution among the lines.
        kinds[places], numbers[places] = kind, np.arange(lines_before, lines_before + columns.entry.size)
        lines_before += columns.entry.size
    lines = lined_up(Lines(columns.at, columns.chance, columns.size) for columns in by_kind.values())
    return rows._replace(probability=numbers, kind=kinds, lines=lines)


def other_options(connection: sqlite3.Connection) -> dict[int, list[tuple[int, bool]]]:
    """Map each claim whose options were corrected, by its first entry, to whether they were others than they are now.

    A list holds an entry since which they were so, in ledger order, and that answer. The shares in a block are stored
    by the position of their option, so older rows must be read with the options of their time.
    """
    options_of: dict[int, dict[int, list[str]]] = {}  # by the claim's first entry, then by the revision's entry
    for began, entry, option in connection.execute(_OPTIONS_LISTED):
        options_of.setdefault(began, {}).setdefault(entry, []).append(option)
    others = {}
    for began, by_entry in options_of.items():
        present = list(by_entry.values())[-1]
        others[began] = [(entry, options != present) for entry, options in by_entry.items()]
    return {began: times for began, times in others.items() if any(is_other for _, is_other in times)}


def record_columns(connection: sqlite3.Connection, size: int = 2**62) -> RecordColumns:
    """Read the forecast records among the first *size* entries as columns."""
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
    """Return when each of some entries was recorded, in microseconds since 1970."""
    ends, moments = zip(*connection.execute(_SEALS, (size,)), strict=True)
    return microseconds(moments)[np.searchsorted(ends, entries)]


def microseconds(moments: tuple[str, ...]) -> Times:
    """Read moments from their stored texts as microseconds since 1970."""
    return np.array([text[:-1] for text in moments], "M8[us]").astype(np.int64)


def moment_texts(moments: Times) -> list[str]:
    """Write microseconds since 1970 as moments are stored."""
    texts: list[str] = np.datetime_as_string(moments.astype("M8[us]"), "us", timezone="UTC").tolist()
    return texts

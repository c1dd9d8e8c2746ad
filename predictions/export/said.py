"""Lay out every forecast as it was made, with its note, in the columns that `import_forecasts` reads back.

The CSV and the Parquet of an export are both written from these columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.verbal import SCALES, impute
from predictions.enums import AS_READ
from predictions.export.misfits import Key, forecast_key, misfits
from predictions.importing.details import RANGE_FIELDS
from predictions.importing.line_cells import parts_of
from predictions.importing.spill import ONE_CHANCE, NumberedForecasts, as_rows
from predictions.records import Forecast
from predictions.storage.blocks import BLOCK_ROWS, Forecasts
from predictions.storage.imports import Imports
from predictions.storage.layout import key_of
from predictions.storage.rows import record_of
from predictions.storage.store import Store
from predictions.timestamps import end_of, in_microseconds, moment_text

SAID_COLUMNS = (
    "claim", "forecaster", "made_at", "probability", "option", "day", "at", "low", "high", "words", "scale",
    "withdrawn", "because", "shown", "note",
)  # fmt: skip
PART_ROWS = 64 * BLOCK_ROWS  # records that are laid out at a time
Besides = Mapping[str, float | str | bool]


class SaidPart(NamedTuple):
    """Some forecasts, one row for each; those on a choice, a number or a date have one for each option, point or day.

    Attributes:
        claims: The slugs of claims; the rows have their numbers.
        forecasters: The slugs of forecasters, likewise.
        rows: The rows, as an import reads them; the probability is NaN if there is none.
        withdrawn: Which of them are withdrawals.
        details: The other values of a row, by its place: the columns from ``low`` on.
        names: The options; the rows have their numbers.
        forecasts: How many forecasts the rows make.
    """

    claims: Sequence[str]
    forecasters: Sequence[str]
    rows: NumberedForecasts
    withdrawn: NDArray[np.bool_]
    details: Mapping[int, Besides]
    names: Sequence[str]
    forecasts: int

    @property
    def distributions(self) -> int:
        """How many of the forecasts say more than one chance."""
        if self.rows.of is None:
            return 0
        return int(np.unique(self.rows.number[self.rows.of != ONE_CHANCE]).size)

    def told(self, of: int) -> NDArray[np.bool_]:
        """Return which rows have a chance for an option, a point or a day, by the number of that kind."""
        return np.zeros(self.withdrawn.size, np.bool_) if self.rows.of is None else self.rows.of == of


class SaidForecasts:
    """The forecasts of a ledger as they stood at the end of a day: records first, then those in blocks.

    Forecasts that no longer fit their claim are left out, because no import would take them.

    Attributes:
        lost: What a row cannot hold, and how often; counted while the parts are read.
        count: How many forecasts were read.
        rows: How many rows they take: one for each option, day or value of a distribution.
        distributions: How many of them have shares, points or days.
        claims: The claims that they are on.
    """

    def __init__(self, store: Store, size: int, today: date) -> None:
        self.lost: Counter[str] = Counter()
        self.count = self.rows = self.distributions = 0
        self.claims: set[str] = set()
        self._store, self._size, self._before = store, size, end_of(today)
        self._corrected: set[Key] = set()  # of records that replace a row of a block
        self._left_out: Mapping[Key, str] = {}  # forecasts that no longer fit

    def parts(self) -> Iterator[SaidPart]:
        """Yield all forecasts, part by part, and count them."""
        for part in chain(self._records(), self._blocks()):
            self.count += part.forecasts
            self.rows += part.withdrawn.size
            self.distributions += part.distributions
            self.claims |= {part.claims[number] for number in np.unique(part.rows.forecasts.claim).tolist()}
            yield part

    def _records(self) -> Iterator[SaidPart]:
        """Yield the forecasts that are records, each in its latest revision."""
        latest = {}
        for row in self._store.rows(Forecast, before=self._size):
            key = key_of(Forecast, row.fields)
            self.lost["earlier wordings of corrected forecasts"] += key in latest
            latest[key] = row
        before = moment_text(self._before)
        forecasts = [record_of(Forecast, row) for key, row in latest.items() if str(key[2]) < before]
        for forecast in forecasts:
            if forecast.revision > 1:
                self._corrected.add(forecast_key(forecast))
        self._left_out = misfits(self._store, self._size, self._before, forecasts)
        self.lost.update(self._left_out.values())
        forecasts = [
            forecast for forecast in forecasts if not self._left_out or forecast_key(forecast) not in self._left_out
        ]
        for start in range(0, len(forecasts), PART_ROWS):
            yield self._part(forecasts[start : start + PART_ROWS])

    def _part(self, forecasts: Sequence[Forecast]) -> SaidPart:
        """Return forecasts in columns: a row for each chance, option, value or day; details belong to the first row."""
        claims, claim = _as_numbers([forecast.claim for forecast in forecasts])
        forecasters, forecaster = _as_numbers([forecast.forecaster for forecast in forecasts])
        made_at = np.array([in_microseconds(forecast.made_at) for forecast in forecasts])
        names: dict[str, int] = {}
        details = [self._details(forecast) for forecast in forecasts]
        chances = [
            np.nan if "words" in fields or forecast.probability is None else forecast.probability
            for fields, forecast in zip(details, forecasts, strict=True)
        ]
        parts = [
            parts_of(forecast, names) or [(ONE_CHANCE, 0.0, chance)]
            for forecast, chance in zip(forecasts, chances, strict=True)
        ]
        size = np.array([len(lines) for lines in parts])
        first = np.cumsum(size) - size
        of, at, chance_column = (np.array(column) for column in zip(*chain.from_iterable(parts), strict=True))
        owner = np.repeat(np.arange(len(parts)), size)
        rows = Forecasts(claim[owner], forecaster[owner], made_at[owner], chance_column.astype(np.float64))
        return SaidPart(
            claims, forecasters, NumberedForecasts(rows, owner.astype(np.uint32), of, at),
            np.array([bool(forecast.withdrawn) for forecast in forecasts], np.bool_)[owner],
            {int(first[place]): fields for place, fields in enumerate(details) if fields}, list(names), len(forecasts),
        )  # fmt: skip

    def _details(self, forecast: Forecast) -> Besides:
        """Return the values of a forecast beside its chances, and count what a row cannot hold."""
        published = forecast.published_in or forecast.published_in_evidence
        self.lost["which publication carries a forecast"] += published is not None
        fields: dict[str, float | str | bool | None] = {
            **self._words(forecast), "because": "; ".join(forecast.because) or None, "shown": forecast.shown,
            "note": forecast.note,
        }  # fmt: skip
        return {name: value for name, value in fields.items() if value is not None}

    def _words(self, forecast: Forecast) -> dict[str, float | str | None]:
        """Return the words if these are read back as the same numbers, else the range; both if it goes with them."""
        ends = {name: getattr(forecast, name) for name in RANGE_FIELDS}
        if forecast.words is None or forecast.scale is None:
            return ends
        words = {"words": forecast.words, "scale": forecast.scale}
        if forecast.scale == AS_READ and forecast.probability is None:
            return {**words, **ends}
        if forecast.scale in SCALES and _as_read(forecast):
            return {**words}
        self.lost["words beside a number"] += 1
        return ends

    def _blocks(self) -> Iterator[SaidPart]:
        """Yield the imported forecasts, without those that a record has corrected since."""
        imports = Imports(self._store.connection, self._size)
        before = in_microseconds(self._before)
        corrected, left_out = (self._numbered(imports, keys) for keys in (self._corrected, self._left_out))
        for entry, published_in, rows in imports.parts():
            kept = rows.rows((rows.made_at < before) & ~_among(rows, corrected) & ~_among(rows, left_out))
            self.lost["which publication carries a forecast"] += kept.size if published_in else 0
            if kept.size:
                names: dict[str, int] = {}
                options = partial(imports.options_of, entry=entry)
                as_lines = as_rows(kept, np.arange(kept.size, dtype=np.uint32), options, names)
                withdrawn = np.isnan(as_lines.forecasts.probability)
                yield SaidPart(imports.claims, imports.forecasters, as_lines, withdrawn, {}, list(names), kept.size)

    def _numbered(self, imports: Imports, keys: Iterable[Key]) -> set[tuple[int, int, int]]:
        """Return keys with the numbers that blocks use for claims and forecasters."""
        claims = {slug: number for number, slug in enumerate(imports.claims)}
        forecasters = {slug: number for number, slug in enumerate(imports.forecasters)}
        return {(claims[claim], forecasters[forecaster], time) for claim, forecaster, time in keys if claim in claims}


def _as_read(forecast: Forecast) -> bool:
    """Tell whether a forecast's scale still reads its words as the numbers on file."""
    try:
        imputed = impute(str(forecast.words), scale=str(forecast.scale))
    except ValueError:
        return False
    return (imputed.point, imputed.low, imputed.high) == (forecast.probability, forecast.low, forecast.high)


def _among(rows: Forecasts, keys: Set[tuple[int, int, int]]) -> NDArray[np.bool_]:
    """Return which rows have one of these keys."""
    is_among = np.isin(rows.claim, list({claim for claim, *_ in keys}))  # few claims, so that few rows are looked up
    columns = (column[is_among].tolist() for column in (rows.claim, rows.forecaster, rows.made_at))
    is_among[is_among] = [key in keys for key in zip(*columns, strict=True)]
    return is_among


def _as_numbers(slugs: Sequence[str]) -> tuple[list[str], NDArray[np.int32]]:
    """Return the distinct slugs, and the number of each slug among these."""
    different, number = np.unique(slugs, return_inverse=True)
    return different.tolist(), number.astype(np.int32)

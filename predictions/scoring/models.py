"""What must be known of a model's figures: which claims its training may know, and where it saw the crowd first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from forecasts.inputs import BoolArray, FloatArray
from forecasts.kernel import Series
from predictions.enums import ForecasterKind
from predictions.errors import InvalidValue, short_repr
from predictions.numerals import counted, some_of
from predictions.scoring.columns.claims import ONE_DAY
from predictions.scoring.columns.filters import Conditions
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable
from predictions.scoring.track_record import TrackRecord, unit_means
from predictions.timestamps import moment_at


@dataclass(frozen=True)
class SeriesFilter(Conditions):
    """Conditions on who forecast, and how; those that are given must all hold.

    Attributes:
        kind: The kind of the forecaster.
        known: ``yes`` or ``no``: whether the claim opened before the cut-off of the model's training. A model without
            a cut-off on file is left out by both.
        shown: ``yes`` or ``no``: whether the first forecast is marked as made after seeing the crowd's number. One that
            says nothing of it is left out by both.
    """

    kind: str | None = None
    known: str | None = None
    shown: str | None = None

    def __post_init__(self) -> None:
        """Check the words; InvalidValue for others."""
        if self.kind is not None and not (isinstance(self.kind, str) and self.kind in [*ForecasterKind]):
            kinds = ", ".join(ForecasterKind)
            raise InvalidValue(f"kind: {short_repr(self.kind)} is no kind of forecaster; say one of {kinds}")
        for name in ("known", "shown"):
            said = getattr(self, name)
            if said is not None and not (isinstance(said, str) and said in {"yes", "no"}):
                raise InvalidValue(f"{name}: {short_repr(said)} is neither yes nor no; say one of them")

    def of(self, reader: ForecastReader, table: SeriesTable) -> SeriesTable:
        """Return the table of the series that fit."""
        return replace(table, series=table.series.part(self._fits(reader, table) == 1)) if self else table

    def told(self, reader: ForecastReader, table: SeriesTable) -> str:
        """Say the conditions in words, and how many series they leave out because nobody stated what they ask."""
        unstated = int(np.isnan(self._fits(reader, table)).sum())
        return str(self) + (f" ({unstated:,} left out, of which that is not stated)" if unstated else "")

    def _fits(self, reader: ForecastReader, table: SeriesTable) -> FloatArray:
        """Return for each series of a table 1 if it fits, 0 if not, and NaN if what is asked is not stated."""
        series = table.series
        fits = np.ones(series.claim.size)
        if self.kind is not None:
            fits = np.array([forecaster.kind == self.kind for forecaster in table.forecasters], np.float64)[
                series.forecaster
            ]
        for asked, stated in ((self.known, known_to), (self.shown, saw_the_crowd)):
            if asked is not None:
                told = stated(reader, table, series)
                also = told if asked == "yes" else 1 - told
                fits = np.where((fits == 0) | (also == 0), 0.0, fits * also)
        return fits


@dataclass(frozen=True)
class ModelFigures:
    """The scored statements of one model, parted by what it could know.

    Attributes:
        known: How many of its series are on claims that opened before its cut-off, and their mean Brier score.
        unknown: The same of all others; both are of nothing where no cut-off is on file.
        shown: The share whose first forecast was made after seeing the crowd's number, of those that say so or not.
        shown_of: How many say so or not.
        imputed: The share of its statements that began with words.
    """

    known: tuple[int, float | None]
    unknown: tuple[int, float | None]
    shown: float | None
    shown_of: int
    imputed: float | None


def known_to(reader: ForecastReader, table: SeriesTable, part: Series) -> FloatArray:
    """Return for each series 1 if its claim opened before the cut-off of the forecaster's training, and 0 if not.

    NaN for a model of which no cut-off is on file: nobody knows what it knows. Who is no model has no training.
    """
    cutoffs = np.array([forecaster.cutoff_on or "NaT" for forecaster in table.forecasters], "M8[D]")
    models = np.array([forecaster.kind is ForecasterKind.MODEL for forecaster in table.forecasters], np.bool_)
    opened = (table.claims.opens.take(part.claim) / ONE_DAY).astype(np.int64).astype("M8[D]")
    known = (opened < cutoffs[part.forecaster]).astype(np.float64)  # nothing is before no day
    return np.where((np.isnat(cutoffs) & models)[part.forecaster], np.nan, known)


def saw_the_crowd(reader: ForecastReader, table: SeriesTable, part: Series) -> FloatArray:
    """Return for each series 1 if its first forecast was made after seeing the crowd, 0 if before, NaN if unstated."""
    shown = reader.model_marks.shown
    stated = [shown.get(series) for series in _entries_of(table, part)] if shown else []
    told = [np.nan if mark is None else float(mark.what) for mark in stated]
    return np.array(told, np.float64) if shown else np.full(part.claim.size, np.nan)


def _entries_of(table: SeriesTable, part: Series) -> Iterator[tuple[int, int]]:
    """Yield the entries of claim and forecaster of each series."""
    people = [forecaster.entry for forecaster in table.forecasters]
    claims = table.claims.entries[part.claim].tolist()
    return ((claim, people[number]) for claim, number in zip(claims, part.forecaster.tolist(), strict=True))


def stated_late(reader: ForecastReader, table: SeriesTable) -> Iterator[tuple[str, set[int]]]:
    """Say which cut-offs, kinds, names and marks of the crowd were stated, or changed, when claims were over.

    With each come the forecasters whom it concerns, by the entry of their record.
    """
    marks, series = reader.model_marks, table.series
    over = reader.over_from if any(marks) else table.claims.limit
    for number, forecaster in enumerate(table.forecasters):
        stated_of = (
            ("cut-off stated", forecaster.title, marks.cutoffs),
            ("kind changed", forecaster.title, marks.kinds),
            ("name changed", forecaster.slug, marks.names),
        )
        for label, who, told in stated_of:
            if stated := told.get(forecaster.entry):
                claims = series.claim[series.forecaster == number]
                if late := int((over[claims] <= stated.since).sum()):
                    yield (
                        f"{label} late: {who}, {stated.what}, on file as that since "
                        f"{moment_at(stated.since).date()}, when {late:,} of {counted(claims.size, 'claim')} were over",
                        {forecaster.entry},
                    )
    if marks.shown:
        since = [marks.shown[pair].since if pair in marks.shown else -1 for pair in _entries_of(table, series)]
        late_marks = over[series.claim] <= np.array(since)
        if count := int(late_marks.sum()):
            marked = [table.forecasters[number] for number in np.unique(series.forecaster[late_marks]).tolist()]
            yield (
                f"shown stated late: {counted(count, 'series', 'series')} of "
                f"{some_of([forecaster.title for forecaster in marked])}, marked when the claim was over",
                {forecaster.entry for forecaster in marked},
            )


def model_figures(reader: ForecastReader, record: TrackRecord) -> ModelFigures:
    """Return the figures of one model."""
    table = record.table
    part = table.series.part(record.positions("means"))
    known, losses = known_to(reader, table, part), table.losses(part)
    units = table.claims.units.fair.take(part.claim)

    def mean_where(which: BoolArray) -> tuple[int, float | None]:
        means: FloatArray = unit_means(units[which], losses[which])
        return means.size, float(means.mean()) if means.size else None

    shown = saw_the_crowd(reader, table, part)
    shown = shown[~np.isnan(shown)]
    begun = record.n + record.n_imputed
    return ModelFigures(
        mean_where(known == 1), mean_where(known == 0), float(shown.mean()) if shown.size else None, shown.size,
        record.n_imputed / begun if begun else None,
    )  # fmt: skip

"""Find the caveats on a model's figures: what its training may know, and which forecasts saw the crowd first."""

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
from predictions.scoring.columns.corrected_afterwards import late_from
from predictions.scoring.columns.filters import Conditions
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable
from predictions.scoring.track_record import TrackRecord, unit_means
from predictions.timestamps import moment_at

GONE = "had more than a tenth of their window behind them"


@dataclass(frozen=True)
class SeriesFilter(Conditions):
    """Conditions on who forecast, and how; all that are given must hold.

    Attributes:
        kind: The kind of the forecaster.
        known: ``yes`` or ``no``: whether the claim opened before the cut-off of the model's training. Both leave out a
            model without a cut-off on file.
        shown: ``yes`` or ``no``: whether the first forecast is marked as made after seeing the crowd's number. Both
            leave out a forecast without such a mark.
    """

    kind: str | None = None
    known: str | None = None
    shown: str | None = None

    def __post_init__(self) -> None:
        """Check the values; InvalidValue for any that is not listed above."""
        if self.kind is not None and not (isinstance(self.kind, str) and self.kind in [*ForecasterKind]):
            kinds = ", ".join(ForecasterKind)
            raise InvalidValue(f"kind: {short_repr(self.kind)} is no kind of forecaster; say one of {kinds}")
        for name in ("known", "shown"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, str) and value in {"yes", "no"}):
                raise InvalidValue(f"{name}: {short_repr(value)} is neither yes nor no; say one of them")

    def of(self, reader: ForecastReader, table: SeriesTable) -> SeriesTable:
        """Return the part of a table with the series that fit; without a condition the table itself."""
        return replace(table, series=table.series.part(self._fits(reader, table) == 1)) if self else table

    def told(self, reader: ForecastReader, table: SeriesTable) -> str:
        """Return the conditions in words, and how many series they leave out because the ledger does not say."""
        unstated = int(np.isnan(self._fits(reader, table)).sum())
        return str(self) + (f" ({unstated:,} left out, of which that is not stated)" if unstated else "")

    def _fits(self, reader: ForecastReader, table: SeriesTable) -> FloatArray:
        """Return for each series of a table 1 if it fits, 0 if not, and NaN if the ledger does not say."""
        series = table.series
        fits = np.ones(series.claim.size)
        if self.kind is not None:
            is_kind = np.array([forecaster.kind == self.kind for forecaster in table.forecasters], np.float64)
            fits = is_kind[series.forecaster]
        for wanted, property_of in ((self.known, known_to), (self.shown, saw_the_crowd)):
            if wanted is not None:
                value = property_of(reader, table, series)
                fits_too = value if wanted == "yes" else 1 - value
                # A condition that fails decides, even if another one cannot be decided (NaN).
                fits = np.where((fits == 0) | (fits_too == 0), 0.0, fits * fits_too)
        return fits


@dataclass(frozen=True)
class ModelFigures:
    """The scored statements of one model, divided by what it could know.

    Attributes:
        known: How many statements are on claims that opened before its cut-off, and their mean Brier score. 0 and None
            if no cut-off is on file.
        unknown: How many are on later claims, and their mean Brier score, likewise.
        shown: The share whose first forecast was made after seeing the crowd's number, among those with a mark; None if
            none has one.
        shown_of: How many have a mark.
        imputed: The share of its statements that began with words; None without a statement.
    """

    known: tuple[int, float | None]
    unknown: tuple[int, float | None]
    shown: float | None
    shown_of: int
    imputed: float | None


def known_to(reader: ForecastReader, table: SeriesTable, part: Series) -> FloatArray:
    """Return for each series 1 if its claim opened before the cut-off of the forecaster's training, and 0 if not.

    NaN for a model without a cut-off on file, because nobody knows what it knows. Forecasters who are not models have
    no training, so the answer is 0.
    """
    cutoffs = np.array([forecaster.cutoff_on or "NaT" for forecaster in table.forecasters], "M8[D]")
    models = np.array([forecaster.kind is ForecasterKind.MODEL for forecaster in table.forecasters], np.bool_)
    opened = (table.claims.opens.take(part.claim) / ONE_DAY).astype(np.int64).astype("M8[D]")
    before_cutoff = (opened < cutoffs[part.forecaster]).astype(np.float64)  # comparing with "NaT" gives False
    return np.where((np.isnat(cutoffs) & models)[part.forecaster], np.nan, before_cutoff)


def saw_the_crowd(reader: ForecastReader, table: SeriesTable, part: Series) -> FloatArray:
    """Return for each series 1 if its first forecast was made after seeing the crowd, 0 if not, NaN without a mark."""
    shown = reader.model_marks.shown
    if not shown:  # as in most ledgers, so skip the loop over all series
        return np.full(part.claim.size, np.nan)
    marks = [shown.get(series) for series in _entries_of(table, part)]
    return np.array([np.nan if mark is None else float(mark.what) for mark in marks], np.float64)


def _entries_of(table: SeriesTable, part: Series) -> Iterator[tuple[int, int]]:
    """Yield the entries of claim and forecaster of each series."""
    forecasters = [forecaster.entry for forecaster in table.forecasters]
    claims = table.claims.entries[part.claim].tolist()
    return ((claim, forecasters[number]) for claim, number in zip(claims, part.forecaster.tolist(), strict=True))


def stated_late(reader: ForecastReader, table: SeriesTable) -> Iterator[tuple[str, set[int]]]:
    """Yield sentences about cut-offs, kinds, names and marks of the crowd that were recorded, or changed, late.

    A name is late when a claim was over, since it changes no figure. The others are late when a tenth of the window was
    gone since the first forecast: the numbers of others begin to show then whom they would serve. With each sentence
    come the forecasters whom it concerns, by the entry of their record.
    """
    marks, series = reader.model_marks, table.series
    if not any(marks):
        return
    claims, over = table.claims, reader.over_from
    opens, closes = claims.opens[series.claim], claims.closes[series.claim]
    first_forecast = opens + np.nan_to_num(series.entered) * (closes - opens)
    late_at = late_from(claims, over, series.claim.astype(np.intp), first_forecast.astype(np.int64))
    for number, forecaster in enumerate(table.forecasters):
        own = series.forecaster == number
        fields = (
            ("cut-off stated", forecaster.title, marks.cutoffs.get(forecaster.entry), late_at[own], GONE),
            ("kind changed", forecaster.title, marks.kinds.get(forecaster.entry), late_at[own], GONE),
            ("name changed", forecaster.slug, marks.names.get(forecaster.entry), over[series.claim[own]], "were over"),
        )
        for label, name, stated, moments, when in fields:
            late = 0 if stated is None else int((moments <= stated.since).sum())
            if stated is not None and late:
                yield (
                    f"{label} late: {name}, {stated.what}, on file as that since "
                    f"{moment_at(stated.since).date()}, when {late:,} of {counted(moments.size, 'claim')} {when}",
                    {forecaster.entry},
                )
    if marks.shown:
        since = [marks.shown[pair].since if pair in marks.shown else -1 for pair in _entries_of(table, series)]
        is_late = late_at <= np.array(since)
        count = int(is_late.sum())
        if count:
            marked = [table.forecasters[number] for number in np.unique(series.forecaster[is_late]).tolist()]
            yield (
                f"shown stated late: {counted(count, 'series', 'series')} of "
                f"{some_of([forecaster.title for forecaster in marked])}, marked when more than a tenth of the window "
                "was gone",
                {forecaster.entry for forecaster in marked},
            )


def model_figures(reader: ForecastReader, record: TrackRecord) -> ModelFigures:
    """Return the figures of one model, from its record."""
    table = record.table
    part = table.series.part(record.positions("means"))
    known, losses = known_to(reader, table, part), table.losses(part)  # known: 1, 0, or NaN without a cut-off
    units = table.claims.units.fair.take(part.claim)

    def mean_where(chosen: BoolArray) -> tuple[int, float | None]:
        means: FloatArray = unit_means(units[chosen], losses[chosen])
        return means.size, float(means.mean()) if means.size else None

    shown = saw_the_crowd(reader, table, part)
    shown = shown[~np.isnan(shown)]
    statements = record.n + record.n_imputed
    return ModelFigures(
        mean_where(known == 1), mean_where(known == 0), float(shown.mean()) if shown.size else None, shown.size,
        record.n_imputed / statements if statements else None,
    )  # fmt: skip

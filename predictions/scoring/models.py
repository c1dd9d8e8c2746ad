"""What must be known of a model's figures: which claims its training may know, and where it saw the crowd first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecasts.inputs import BoolArray, FloatArray
from forecasts.kernel import Series
from predictions.enums import ForecasterKind
from predictions.errors import InvalidValue, short_repr
from predictions.scoring.columns.claims import ONE_DAY
from predictions.scoring.columns.filters import Conditions
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable
from predictions.scoring.track_record import TrackRecord, unit_means


@dataclass(frozen=True)
class SeriesFilter(Conditions):
    """Conditions on who forecast, and how; those that are given must all hold.

    Attributes:
        kind: The kind of the forecaster.
        known: ``yes`` or ``no``: whether the claim opened before the cut-off of the model's training.
        shown: ``yes`` or ``no``: whether the first forecast is marked as made after seeing the crowd's number.
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
        fits = np.ones(table.series.claim.size, np.bool_)
        if self.kind is not None:
            of_kind = [forecaster.kind == self.kind for forecaster in table.forecasters]
            fits &= np.array(of_kind)[table.series.forecaster]
        if self.known is not None:
            fits &= known_to(table, table.series) == (self.known == "yes")
        if self.shown is not None:
            fits &= reader.shown(table, table.series) == (self.shown == "yes")
        return replace(table, series=table.series.part(fits)) if self else table


@dataclass(frozen=True)
class ModelFigures:
    """The scored statements of one model, parted by what it could know.

    Attributes:
        known: How many of its series are on claims that opened before its cut-off, and their mean Brier score.
        unknown: The same of all others.
        shown: The share whose first forecast was made after seeing the crowd's number.
        imputed: The share of its statements that began with words.
    """

    known: tuple[int, float | None]
    unknown: tuple[int, float | None]
    shown: float | None
    imputed: float | None


def known_to(table: SeriesTable, part: Series) -> BoolArray:
    """Return for each series whether its claim opened before the cut-off of the forecaster's training."""
    cutoffs = np.array([forecaster.cutoff_on or "NaT" for forecaster in table.forecasters], "M8[D]")
    opened = (table.claims.opens.take(part.claim) / ONE_DAY).astype(np.int64).astype("M8[D]")
    return np.asarray(opened < cutoffs[part.forecaster])  # nothing is before no day


def model_figures(reader: ForecastReader, record: TrackRecord) -> ModelFigures:
    """Return the figures of one model."""
    table = record.table
    part = table.series.part(record.positions("means"))
    known, losses = known_to(table, part), table.losses(part)
    units = table.claims.units.fair.take(part.claim)

    def mean_where(which: BoolArray) -> tuple[int, float | None]:
        means: FloatArray = unit_means(units[which], losses[which])
        return means.size, float(means.mean()) if means.size else None

    shown = reader.shown(table, part)
    begun = record.n + record.n_imputed
    return ModelFigures(
        mean_where(known), mean_where(~known), float(shown.mean()) if shown.size else None,
        record.n_imputed / begun if begun else None,
    )  # fmt: skip

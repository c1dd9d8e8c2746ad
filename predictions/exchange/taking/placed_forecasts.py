"""The forecasts of a file with their claims and forecasters, held in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from predictions.exchange.said import SaidForecast
from predictions.exchange.said_columns import NO_RECORD, Flags, Places, SaidColumns
from predictions.timestamps import in_microseconds, moment_at


class Forecasting(NamedTuple):
    """One forecast with its claim, its forecaster and its fields.

    Attributes:
        said: The forecast as its reader returned it.
        claim: The slug of the claim.
        forecaster: The slug of the forecaster.
        made_at: When it was made; the moment of the import if the file does not say.
        fields: Its fields, as its claim takes them.
        made: How what was said was changed into a forecast, a word of `MADE_INTO`; empty if it was not.
    """

    said: SaidForecast
    claim: str
    forecaster: str
    made_at: datetime
    fields: Mapping[str, object]
    made: str = ""


class PlacedForecasts(NamedTuple):
    """Forecasts with their claims and forecasters.

    Attributes:
        columns: The forecasts; a claim or a forecaster in them is a place in one of these lists:
        claims: The slugs of claims.
        forecasters: The slugs of forecasters.
    """

    columns: SaidColumns[Forecasting]
    claims: Sequence[str]
    forecasters: Sequence[str]

    def chosen(self, which: Flags | Places) -> PlacedForecasts:
        """Return some of the forecasts."""
        return self._replace(columns=self.columns.chosen(which))

    def with_records(self, record_at: Mapping[int, Forecasting | None]) -> PlacedForecasts:
        """Return the forecasts with records at some places, for those that say more than a chance; None drops one."""
        records = {place: forecast for place, forecast in record_at.items() if forecast is not None}
        forecasts, places = self.columns.forecasts, list(records)
        made_at, chance = forecasts.made_at.copy(), forecasts.probability.copy()
        made_at[places] = [in_microseconds(forecast.made_at) for forecast in records.values()]
        chance[places] = [chance_of(forecast.fields) for forecast in records.values()]
        record = self.columns.record.copy()
        record[places] = np.arange(len(places))
        forecasts = forecasts._replace(made_at=made_at, probability=chance)
        columns = self.columns._replace(forecasts=forecasts, record=record, records=list(records.values()))
        left_out = [place for place, forecast in record_at.items() if forecast is None]
        return self._replace(columns=columns.chosen(np.delete(np.arange(columns.size), left_out)))

    def on(self, claims: set[str]) -> Flags:
        """Return for each forecast whether it is on one of some claims."""
        return np.array([slug in claims for slug in self.claims], np.bool_)[self.columns.forecasts.claim]

    def one(self, place: int) -> Forecasting:
        """Return the forecast at a place."""
        columns = self.columns
        if (record := int(columns.record[place])) != NO_RECORD:
            return columns.records[record]
        claim, forecaster, at = (int(column[place]) for column in columns.forecasts[:3])
        fields, made_at = columns.fields(place), moment_at(at)
        said = SaidForecast(int(columns.row[place]), None, made_at, fields)
        return Forecasting(said, self.claims[claim], self.forecasters[forecaster], made_at, fields)

    def beside(self) -> Iterator[tuple[int, Forecasting]]:
        """Yield the forecasts that say more than a chance, with their places."""
        for place in np.flatnonzero(self.columns.record != NO_RECORD).tolist():
            yield place, self.columns.records[self.columns.record[place]]


def chance_of(fields: Mapping[str, object]) -> float:
    """Return a forecast's chance to compare it by: its probability or the middle of its range; else NaN."""
    if "probability" in fields:
        chance = fields["probability"]
        return chance if isinstance(chance, float) else float(str(chance))
    if "low" in fields:
        return (float(str(fields["low"])) + float(str(fields["high"]))) / 2
    return float("nan")

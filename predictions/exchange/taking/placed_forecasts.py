"""Forecasts of a file with the claims and forecasters they are of, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from predictions.exchange.said import SaidForecast
from predictions.exchange.said_columns import NO_RECORD, Flags, Places, SaidColumns
from predictions.timestamps import in_microseconds, moment_at


class Forecasting(NamedTuple):
    """One forecast with the claim and forecaster it is of, and its fields; made now where it does not say when.

    Attributes:
        made: What is made of what was said, a word of `MADE_INTO`; empty where that is nothing else.
    """

    said: SaidForecast
    claim: str
    forecaster: str
    made_at: datetime
    fields: Mapping[str, object]
    made: str = ""


class PlacedForecasts(NamedTuple):
    """Forecasts with the claims and forecasters they are of.

    Attributes:
        columns: The forecasts; a claim in them, and a forecaster, is the place in these lists.
        claims: The slugs of claims.
        forecasters: The slugs of forecasters.
    """

    columns: SaidColumns[Forecasting]
    claims: Sequence[str]
    forecasters: Sequence[str]

    def chosen(self, which: Flags | Places) -> PlacedForecasts:
        """Return some of them."""
        return self._replace(columns=self.columns.chosen(which))

    def with_records(self, found: Mapping[int, Forecasting | None]) -> PlacedForecasts:
        """Return the same with what says more than a chance, by its place; what is None is left out."""
        records = {place: one for place, one in found.items() if one is not None}
        forecasts, places = self.columns.forecasts, list(records)
        made_at, chance = forecasts.made_at.copy(), forecasts.probability.copy()
        made_at[places] = [in_microseconds(one.made_at) for one in records.values()]
        chance[places] = [chance_of(one.fields) for one in records.values()]
        record = self.columns.record.copy()
        record[places] = np.arange(len(places))
        forecasts = forecasts._replace(made_at=made_at, probability=chance)
        columns = self.columns._replace(forecasts=forecasts, record=record, records=list(records.values()))
        left_out = [place for place, one in found.items() if one is None]
        return self._replace(columns=columns.chosen(np.delete(np.arange(columns.size), left_out)))

    def on(self, claims: set[str]) -> Flags:
        """Tell which are on some claims."""
        return np.array([slug in claims for slug in self.claims], np.bool_)[self.columns.forecasts.claim]

    def one(self, place: int) -> Forecasting:
        """Return one forecast."""
        columns = self.columns
        if (record := int(columns.record[place])) != NO_RECORD:
            return columns.records[record]
        claim, forecaster, at = (int(column[place]) for column in columns.forecasts[:3])
        fields, made_at = columns.fields(place), moment_at(at)
        said = SaidForecast(int(columns.row[place]), None, made_at, fields)
        return Forecasting(said, self.claims[claim], self.forecasters[forecaster], made_at, fields)

    def beside(self) -> Iterator[tuple[int, Forecasting]]:
        """Yield the records of those that say more than a chance, with their places."""
        for place in np.flatnonzero(self.columns.record != NO_RECORD).tolist():
            yield place, self.columns.records[self.columns.record[place]]


def chance_of(fields: Mapping[str, object]) -> float:
    """Return the chance by which a forecast is compared: its point, the middle of its range; none for anything else."""
    if "probability" in fields:
        chance = fields["probability"]
        return chance if isinstance(chance, float) else float(str(chance))
    if "low" in fields:
        return (float(str(fields["low"])) + float(str(fields["high"]))) / 2
    return float("nan")

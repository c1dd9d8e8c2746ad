"""Refuse rows of a table that withdraw a forecast nobody made, as the verb does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from predictions.exchange.questions import FileRead, RowFault
from predictions.exchange.said import SaidForecast
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.recording.enter import Desk, build
from predictions.recording.repeated_forecasts import said_before
from predictions.records import Forecast


def refuse_lone_withdrawals(
    desk: Desk, file: FileRead, forecasts: PlacedForecasts, column_of: Callable[[SaidForecast, FileRead], str]
) -> None:
    """Refuse each withdrawal before which its forecaster forecast the claim neither in the file nor in the ledger.

    Args:
        desk: The open transaction.
        file: The table, which notes the refused rows.
        forecasts: Its forecasts.
        column_of: Returns the column in which a row says that the forecast is withdrawn.
    """
    columns, is_withdrawn = forecasts.columns.forecasts, forecasts.columns.withdrawn()
    if not is_withdrawn.any():
        return
    pairs = columns.claim.astype(np.int64) * len(forecasts.forecasters) + columns.forecaster
    numbers, series = np.unique(pairs, return_inverse=True)
    first_made_at = np.full(numbers.size, np.iinfo(np.int64).max)  # of the forecasts that are no withdrawals
    np.minimum.at(first_made_at, series[~is_withdrawn], columns.made_at[~is_withdrawn])
    for place in np.flatnonzero(is_withdrawn & (first_made_at[series] > columns.made_at)).tolist():
        withdrawal = forecasts.one(place)
        if said_before(desk, _as_record(withdrawal)):
            continue
        fix = f"{withdrawal.forecaster} has no forecast on {withdrawal.claim} to withdraw"
        file.refuse(withdrawal.said.row, RowFault(column_of(withdrawal.said, file), fix))


def _as_record(withdrawal: Forecasting) -> Forecast:
    """Return a withdrawal as a record, to look for an earlier forecast of its series."""
    key = {"claim": withdrawal.claim, "forecaster": withdrawal.forecaster, "made_at": withdrawal.made_at}
    return build(Forecast, {**key, "withdrawn": True})

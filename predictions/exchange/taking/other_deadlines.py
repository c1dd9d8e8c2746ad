"""Refuse new forecasts of a table whose claim on file has another deadline or type: they answer another question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from predictions.exchange.questions import FileRead, RowFault
from predictions.exchange.table.asked import TYPE_COLUMNS_ASKED
from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.forecasts import is_on_file, point_key
from predictions.exchange.taking.placed_forecasts import PlacedForecasts
from predictions.recording.enter import Desk
from predictions.records import Forecast
from predictions.views.distribution_text import asked_of


def refuse_other_deadlines(
    desk: Desk, file: FileRead, forecasts: PlacedForecasts, placed: Sequence[PlacedQuestion]
) -> None:
    """Refuse rows that forecast anew on a claim and give it another deadline, type or unit than it has."""
    differing = {item.claim.slug: item for item in placed if not item.onto and (item.deadline or item.otherwise)}
    for place in _not_on_file(desk, forecasts, set(differing)) if differing else ():
        item, row = differing[forecasts.one(place).claim], int(forecasts.columns.row[place])
        claim, cells = item.claim, file.cells.get(row, {})
        column = next((name for name in (*TYPE_COLUMNS_ASKED, "at_least") if cells.get(name) is not None), None)
        if item.otherwise and column is not None:
            fix = (
                f"{claim.slug} asks for {asked_of(claim) or 'yes or no'}; take over first what this row asks for, with "
                "correct while it is a draft, else with supersede; or leave this cell empty"
            )
            file.refuse(row, RowFault(column, fix, kind="another question"))
            continue
        if item.deadline is None or cells.get("deadline") is None:
            continue
        fix = (
            f"{claim.slug} ends on {claim.deadline}; take the other day over first, with correct while it is a draft, "
            "else with supersede; or leave this cell empty"
        )
        file.refuse(row, RowFault("deadline", fix, kind="another deadline"))


def _not_on_file(desk: Desk, forecasts: PlacedForecasts, claims: set[str]) -> list[int]:
    """List the places of forecasts on some claims that are not on file at their moment, nor, if undated, at any."""
    forecast_at = {place: forecasts.one(place) for place in np.flatnonzero(forecasts.on(claims)).tolist()}
    series = {(forecast.claim, forecast.forecaster) for forecast in forecast_at.values()}
    imported = desk.store.imported_forecasts(series)
    on_file = {(record.claim, record.forecaster, record.made_at) for record in imported}
    for claim, forecaster in series:
        records = desk.store.revisions(Forecast, claim=claim, forecaster=forecaster)
        on_file |= {(claim, forecaster, record.made_at) for record in records}
    imported_points = {(record.claim, record.forecaster, record.point) for record in imported}
    return [
        place
        for place, forecast in forecast_at.items()
        if (forecast.claim, forecast.forecaster, forecast.made_at) not in on_file
        and not (
            forecast.said.made_at is None and (point_key(forecast) in imported_points or is_on_file(desk, forecast))
        )
    ]

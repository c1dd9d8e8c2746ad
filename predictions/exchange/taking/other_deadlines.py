"""Forecasts of a table on claims that end on another day there, or ask for something else: they are refused."""

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
    """Refuse rows that forecast anew on a claim, and themselves give it another deadline, type or unit."""
    told = {on.claim.slug: on for on in placed if (on.deadline is not None or on.otherwise) and not on.onto}
    for place in _not_on_file(desk, forecasts, set(told)) if told else ():
        on, row = told[forecasts.one(place).claim], int(forecasts.columns.row[place])
        claim, cells = on.claim, file.cells.get(row, {})
        column = next((name for name in (*TYPE_COLUMNS_ASKED, "at_least") if cells.get(name) is not None), None)
        if on.otherwise and column is not None:
            fix = (
                f"{claim.slug} asks for {asked_of(claim) or 'yes or no'}; take over first what this row asks for, with "
                "correct while it is a draft, else with supersede; or leave this cell empty"
            )
            file.refuse(row, RowFault(column, fix, kind="another question"))
            continue
        if on.deadline is None or cells.get("deadline") is None:
            continue
        fix = (
            f"{claim.slug} ends on {claim.deadline}; take the other day over first, with correct while it is a draft, "
            "else with supersede; or leave this cell empty"
        )
        file.refuse(row, RowFault("deadline", fix, kind="another deadline"))


def _not_on_file(desk: Desk, forecasts: PlacedForecasts, claims: set[str]) -> list[int]:
    """List those on some claims that are not on file, neither of their moment nor, made now, of any."""
    found = {place: forecasts.one(place) for place in np.flatnonzero(forecasts.on(claims)).tolist()}
    series = {(forecast.claim, forecast.forecaster) for forecast in found.values()}
    blocks = desk.store.imported_forecasts(series)
    moments = {(known.claim, known.forecaster, known.made_at) for known in blocks}
    for claim, forecaster in series:
        records = desk.store.revisions(Forecast, claim=claim, forecaster=forecaster)
        moments |= {(claim, forecaster, known.made_at) for known in records}
    said = {(known.claim, known.forecaster, known.point) for known in blocks}
    return [
        place
        for place, one in found.items()
        if (one.claim, one.forecaster, one.made_at) not in moments
        and not (one.said.made_at is None and (point_key(one) in said or is_on_file(desk, one)))
    ]

"""Forecasts of a table on claims that end on another day there: they are of another question, and are refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from predictions.exchange.questions import FileRead, RowFault
from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.forecasts import is_on_file, point_key
from predictions.exchange.taking.placed_forecasts import PlacedForecasts
from predictions.recording.enter import Desk
from predictions.records import Forecast


def refuse_other_deadlines(
    desk: Desk, file: FileRead, forecasts: PlacedForecasts, placed: Sequence[PlacedQuestion]
) -> None:
    """Refuse rows that forecast anew on a claim, and themselves give it another deadline than it has."""
    told = {on.claim.slug: on for on in placed if on.deadline is not None and not on.onto}
    for place in _not_on_file(desk, forecasts, set(told)) if told else ():
        claim, row = told[forecasts.one(place).claim].claim, int(forecasts.columns.row[place])
        if file.cells.get(row, {}).get("deadline") is None:
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

"""Judge somebody's distributions of numbers: where the outcomes fell in them."""

from __future__ import annotations

import numpy as np

from forecasts.curves import curves
from forecasts.distribution_calibration import places
from forecasts.inputs import FloatArray
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.track_record import TrackRecord


def number_places(reader: ForecastReader, record: TrackRecord) -> FloatArray:
    """Return the chances given to below each outcome and to at most it, for the claims in a record of numbers.

    Values are taken on the axis of their claims, and of every claim the forecast that is scored.
    """
    part, claims = record.table.series.part(record.positions("means")), record.table.claims
    claim = part.claim.astype(np.intp)
    types, said = claims.types, curves(reader.lines_said(part))
    on_axis = said._replace(at=types.on_axis(said.at, claim[said.owner]))
    outcome = types.on_axis(claims.outcome[claim], claim)
    return places(on_axis, outcome, low=types.low[claim], high=types.high[claim])

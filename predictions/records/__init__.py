"""The records: every kind of thing that a ledger holds, as frozen pydantic models.

These modules are the reference of the format: the tables, the canonical bytes, the catalogue and ``verify`` all follow
these classes. They know nothing of the file, and import only the checks of fields.

Each class has a ``noun`` (its kind, and the name of its table), a ``key`` (the fields that identify a record) and
``amendable`` (the fields that a correction may change at any time). A field that is None or empty is left out of the
canonical bytes, so that a field added later does not change the hashes of older records.
"""

from __future__ import annotations

from predictions.records.claims import ASKED, Claim, Condition
from predictions.records.evidence import Bearing, Event, Evidence
from predictions.records.forecasts import SHARES_WITHIN, DayChance, Forecast, Forecaster, Point, Share
from predictions.records.imports import Import, Merge
from predictions.records.record import AnyRecord, ItemColumn, Part, Record, Ref
from predictions.records.resolutions import Resolution
from predictions.records.sources import Source, Statement

__all__ = [
    "ASKED", "RECORDS", "SHARES_WITHIN", "AnyRecord", "Bearing", "Claim", "Condition", "DayChance", "Event", "Evidence",
    "Forecast", "Forecaster", "Import", "ItemColumn", "Merge", "Part", "Point", "Record", "Ref", "Resolution", "Share",
    "Source", "Statement",
]  # fmt: skip

RECORDS: tuple[type[Record], ...] = (
    Source, Statement, Claim, Event, Evidence, Bearing, Forecaster, Forecast, Resolution, Import, Merge,
)  # fmt: skip

"""Write every forecast as it was said as Parquet files, in the columns of :mod:`predictions.export.said`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from predictions.errors import import_extra
from predictions.export.said import SAID_COLUMNS, SaidForecasts, SaidPart
from predictions.importing.spill import DAY, OPTION, POINT

FILE_ROWS = 4_000_000


def write_said(said: SaidForecasts, new: Callable[[str], Path], notes: Mapping[str, str]) -> int:
    """Write all forecasts into files of some four million rows, and return how many files these are.

    Args:
        said: The forecasts.
        new: Makes an empty file of a name.
        notes: What each file says of itself.
    """
    arrow, parquet = (import_extra(name, "Parquet needs", "arrow") for name in ("pyarrow", "pyarrow.parquet"))
    types = {name: arrow.string() for name in SAID_COLUMNS} | {
        "made_at": arrow.timestamp("us", tz="UTC"), "withdrawn": arrow.bool_(), "shown": arrow.bool_(),
        **{name: arrow.float64() for name in ("probability", "at", "low", "high")}, "day": arrow.date32(),
    }  # fmt: skip
    schema = arrow.schema(types).with_metadata(notes)
    files = rows = 0
    with ExitStack() as opened:
        for part in said.parts():
            if not files or rows >= FILE_ROWS:
                opened.close()
                name = new(f"forecasts/part-{files:05}.parquet")
                writer = opened.enter_context(parquet.ParquetWriter(name, schema))
                files, rows = files + 1, 0
            writer.write_table(_table_of(arrow, part, schema))
            rows += part.withdrawn.size
    return files


def _table_of(arrow: Any, part: SaidPart, schema: Any) -> Any:
    claim, forecaster, made_at, probability = part.rows.forecasts[:4]
    columns = {
        "claim": arrow.array(part.claims).take(arrow.array(claim)),
        "forecaster": arrow.array(part.forecasters).take(arrow.array(forecaster)),
        "made_at": arrow.array(made_at).cast(schema.field("made_at").type),
        "probability": arrow.array(probability, from_pandas=True),
        "withdrawn": arrow.array(part.withdrawn),
        **_parts_of(arrow, part),
    }
    for field in schema:
        if field.name not in columns:
            columns[field.name] = _details(arrow, part, field)
    return arrow.table(columns, schema=schema)


def _parts_of(arrow: Any, part: SaidPart) -> dict[str, Any]:
    """Return the columns that say what each chance is of: an option, a day, a value."""
    at = np.zeros(part.withdrawn.size) if part.rows.at is None else part.rows.at
    options, days, points = (~part.told(of) for of in (OPTION, DAY, POINT))
    number = arrow.array(np.where(options, 0, at).astype(np.int32), mask=options)
    return {
        "option": arrow.array(part.names or [""], arrow.string()).take(number),
        "day": arrow.array(np.where(days, 0, at).astype(np.int32), mask=days).cast(arrow.date32()),
        "at": arrow.array(at, mask=points),
    }


def _details(arrow: Any, part: SaidPart, field: Any) -> Any:
    """Return one column of what only some rows say."""
    if not part.details:
        return arrow.nulls(part.withdrawn.size, field.type)
    values = [part.details.get(place, {}).get(field.name) for place in range(part.withdrawn.size)]
    return arrow.array(values, field.type)

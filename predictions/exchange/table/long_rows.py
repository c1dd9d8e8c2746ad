"""Rows of the table that are one forecast together: each has the chance of one option, one day or one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from predictions.exchange.table.row import Row
from predictions.importing.refusals import Refusals

LINES = ("option", "day", "at", "value")
_KEY = ("text", "deadline", "id", "claim", "by", "made_at", "said_on")
OneForecast = tuple[object, ...]


def one_forecast(row: Row) -> OneForecast | None:
    """Return what the rows of one forecast have in common; None for a row that says all of its forecast."""
    name = next((name for name in LINES if name in row.values), None)
    return None if name is None else (name, *(row.values.get(column) for column in _KEY))


def whole_row(rows: Sequence[Row], refusals: Refusals) -> Row | None:
    """Return the rows of one forecast as one row; None where one of them is refused."""
    first, told = rows[0], dict[object, float]()
    name = next(name for name in LINES if name in first.values)
    for row in rows:
        chance, what = row.chances.get("p"), row.values[name]
        if row.values.keys() & {*LINES} != {name}:
            fix = "say one option, one day or one value in a row"
        elif not isinstance(chance, float):
            fix = "how likely? say it in the column p of this row"
        elif told.setdefault(what, chance) != chance:
            fix = "said twice for one forecast"
        else:
            continue
        refusals.add(row.number, name, row.cells.get(name), fix, list(row.cells.values()))
        return None
    values = {column: value for row in reversed(rows) for column, value in row.values.items() if column not in LINES}
    chances = {column: chance for column, chance in first.chances.items() if column != "p"}
    if name in {"at", "value"}:
        return first._replace(values={**values, "quantiles": _quantiles(name, told)}, chances=chances)
    return first._replace(values=values, chances={**chances, "p": {str(what): chance for what, chance in told.items()}})


def _quantiles(name: str, told: Mapping[object, float]) -> dict[str, object]:
    """Return the chances of at most some values as the column of quantiles would hold them."""
    if name == "value":
        return {"quantiles": {chance: value for value, chance in told.items()}}
    return {"points": [{"at": value, "chance": chance} for value, chance in told.items()]}

"""Reading the rows of a query as numpy columns.

SQLite joins the values of a column into one text, which numpy reads at once. To hand over each row takes several times
as long.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

TEXT, INTEGER, FLOAT, DAY = "O", "i8", "f8", "M8[D]"

_JOINED = {
    TEXT: "json_group_array({})",
    INTEGER: "group_concat({})",
    FLOAT: "group_concat(coalesce({}, 'nan'))",
    DAY: "group_concat({}, '')",
}
_READ: dict[str, Callable[[str], NDArray[Any]]] = {
    TEXT: lambda joined: np.array(json.loads(joined), TEXT),
    INTEGER: lambda joined: np.fromstring(joined, INTEGER, sep=","),
    FLOAT: lambda joined: np.fromstring(joined, FLOAT, sep=","),
    DAY: lambda joined: np.frombuffer(joined.encode(), "S10").astype(DAY),
}


def read_columns(
    connection: sqlite3.Connection, query: str, parameters: Sequence[object], **types: str
) -> dict[str, NDArray[Any]]:
    """Return the named columns of a query, in its order.

    Args:
        connection: The ledger.
        query: The query, which gives each column its name.
        parameters: The values bound in it.
        types: The type of each column, by its name: TEXT, None where it is missing; FLOAT of up to 15 digits, NaN where
            it is missing; INTEGER or DAY, never missing.
    """
    joined = ", ".join(_JOINED[type_].format(name) for name, type_ in types.items())
    texts = connection.execute(f"select {joined} from ({query})", parameters).fetchone()
    return {name: _READ[type_](text or "") for (name, type_), text in zip(types.items(), texts, strict=True)}


def rows_in_order(columns: Mapping[str, NDArray[Any]], by: str) -> dict[str, NDArray[Any]]:
    """Sort rows by one of their columns; those with equal values keep their order.

    SQLite would go from an index to each row, and need twice the time that reading the rows takes.
    """
    order = np.argsort(columns[by], kind="stable")
    return {name: column[order] for name, column in columns.items()}

"""Forecast records made from the rows of blocks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from math import isnan

from predictions.records import Forecast
from predictions.storage.blocks import POINTS, PROBABILITIES, SHARES, Forecasts
from predictions.timestamps import day_at, moment_at

_OPTION_AT = """select option from main.claim_options where claim = (
    select max(entry) from main.claim where slug = ? and entry < ?
) order by position"""


class BlockRecords:
    """Makes records from rows in which a claim or a forecaster is a place in these lists of slugs."""

    def __init__(self, connection: sqlite3.Connection, claims: Sequence[str], forecasters: Sequence[str]) -> None:
        self._connection, self._claims, self._forecasters = connection, claims, forecasters
        self._options: dict[tuple[str, int], list[str]] = {}

    def of(self, rows: Forecasts, entry: int, published_in: str | None) -> Iterator[Forecast]:
        """Yield a record for each row of an import; shares belong to the options that the choice had at that import.

        Args:
            rows: Some rows of the import.
            entry: The import's entry.
            published_in: The slug of the source that published the import; None for none.
        """
        rows = rows.compact()
        lines, distributed = rows.lines.of_each(), rows.distributed.tolist()
        kinds = [PROBABILITIES] * rows.size if rows.kind is None else rows.kind.tolist()
        columns = zip(*(column.tolist() for column in rows[:4]), kinds, distributed, strict=True)
        for number, forecaster, made_at, chance, kind, is_distribution in columns:
            claim = self._claims[number]
            fields: dict[str, object] = {"withdrawn": True} if isnan(chance) else {"probability": chance}
            if is_distribution:
                options = self.options(claim, entry) if kind == SHARES else ()
                fields = said_fields(kind, lines[int(chance)], options)
            key = {"claim": claim, "forecaster": self._forecasters[forecaster], "made_at": moment_at(made_at)}
            yield Forecast.model_validate({**key, "published_in": published_in, **fields})

    def options(self, claim: str, before: int) -> list[str]:
        """Return the options that a claim had before an entry, in their order."""
        if (claim, before) not in self._options:
            rows = self._connection.execute(_OPTION_AT, (claim, before)).fetchall()
            self._options[claim, before] = [option for (option,) in rows]
        return self._options[claim, before]


def said_fields(kind: int, lines: Sequence[tuple[float, float]], options: Sequence[str]) -> dict[str, object]:
    """Return the lines of a distribution as fields of a forecast; *options* are needed for shares only."""
    if kind == SHARES:
        pairs = zip(options, lines, strict=True)
        return {"shares": [{"option": option, "share": share} for option, (_, share) in pairs]}
    if kind == POINTS:
        return {"points": [{"at": value, "chance": chance} for value, chance in lines]}
    return {"days": [{"day": day_at(day), "chance": chance} for day, chance in lines]}

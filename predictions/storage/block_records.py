"""Rows of blocks as records of forecasts."""

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
    """Makes records of rows that number these claims and forecasters."""

    def __init__(self, connection: sqlite3.Connection, claims: Sequence[str], forecasters: Sequence[str]) -> None:
        self._connection, self._claims, self._forecasters = connection, claims, forecasters
        self._options: dict[tuple[str, int], list[str]] = {}

    def of(self, rows: Forecasts, entry: int, published_in: str | None) -> Iterator[Forecast]:
        """Yield a record for each row of an import; the shares of a choice are of the options it had under that."""
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
            known = {"claim": claim, "forecaster": self._forecasters[forecaster], "made_at": moment_at(made_at)}
            yield Forecast.model_validate({**known, "published_in": published_in, **fields})

    def options(self, claim: str, before: int) -> list[str]:
        """Return the options that a claim had before an entry, in their order."""
        if (claim, before) not in self._options:
            found = self._connection.execute(_OPTION_AT, (claim, before)).fetchall()
            self._options[claim, before] = [option for (option,) in found]
        return self._options[claim, before]


def said_fields(kind: int, lines: Sequence[tuple[float, float]], options: Sequence[str]) -> dict[str, object]:
    """Return the lines of a distribution of some kind as the fields of a forecast; shares are of these *options*."""
    if kind == SHARES:
        pairs = zip(options, lines, strict=True)
        return {"shares": [{"option": option, "share": share} for option, (_, share) in pairs]}
    if kind == POINTS:
        return {"points": [{"at": value, "chance": chance} for value, chance in lines]}
    return {"days": [{"day": day_at(day), "chance": chance} for day, chance in lines]}

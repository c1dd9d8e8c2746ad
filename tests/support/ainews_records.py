"""The records of the AINews catalogue that comes with the package."""

from __future__ import annotations

from typing import TypeVar

from predictions.catalog import ainews
from predictions.records import Record

R = TypeVar("R", bound=Record)


def only(kind: type[R]) -> dict[str, R]:
    return {record.name: record for record in ainews().records if isinstance(record, kind)}

"""The questions of a table while they are gathered from its rows, and the faults found meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

from predictions.exchange.questions import Question, RowFault
from predictions.exchange.said import SaidForecast
from predictions.exchange.table.asked import TYPE_COLUMNS_ASKED
from predictions.exchange.table.row import Row
from predictions.importing.refusals import Refusals
from predictions.windows import NOT_GIVEN

OF_THE_CLAIM = ("criteria", "wording", "tags", "cluster", "settle_days", "title", "at_least", *TYPE_COLUMNS_ASKED)
OF_THE_VERDICT = ("outcome", "known_on", "happened_on", "impossible", "reason")
LONG_AGO = NOT_GIVEN, date(2, 3, 4)  # two days before any deadline: only words that count from a day give two ends
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass
class Gathered:
    """A question that is being gathered from rows.

    Attributes:
        question: The question so far.
        last_day: The last day that counts, if a row gives it.
        told: For each column the first value, with the number of its row.
        moments: The forecasts by forecaster and time, to find repeats.
        unread: The columns of its rows with cells that cannot be read.
    """

    question: Question
    last_day: date | None = None
    told: dict[str, tuple[Any, int]] = field(default_factory=dict)
    moments: dict[tuple[str | None, datetime | None], SaidForecast] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


class RowsTaken:
    """The rows of a table by their numbers, and the faults found in them; a fault does not stop the reading.

    If a cell cannot be read, faults in its column that follow from that are not noted.
    """

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self._faults: dict[tuple[int, str, str], str] = {}  # kinds of faults by row, column and fix

    def attempt(
        self, row: Row, step: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result | None:
        """Return the result of a step taken for a row; None if it raises RowFault, which is noted."""
        try:
            return step(*args, **kwargs)
        except RowFault as fault:
            self.note(row, fault)
            return None

    def note(self, row: Row, fault: RowFault) -> None:
        """Note a fault of a row."""
        if fault.column not in row.unread:
            self._faults[row.number, fault.column, fault.fix] = fault.kind

    def note_of(self, gathered: Gathered, fault: RowFault) -> None:
        """Note a fault of a whole question, at the row that has the faulty value."""
        if fault.column not in gathered.unread:
            number = fault.row or gathered.told.get(fault.column, (None, gathered.question.row))[1]
            self.note(self.rows[number], fault)

    def refuse(self, refusals: Refusals) -> None:
        """Add the faults to the refusals of the file."""
        for (number, column, fix), kind in self._faults.items():
            cells = self.rows[number].cells
            refusals.add(number, column, cells.get(column), fix, list(cells.values()), kind=kind)

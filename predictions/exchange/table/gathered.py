"""Questions while they are gathered from rows of the table, and what is found wrong on the way."""

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
LONG_AGO = NOT_GIVEN, date(2, 3, 4)  # when no deadline is over; words that count from a day differ on them
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass
class Gathered:
    """A question that is being gathered, with the row and the value that first said each thing of it."""

    question: Question
    last_day: date | None = None
    told: dict[str, tuple[Any, int]] = field(default_factory=dict)
    moments: dict[tuple[str | None, datetime | None], SaidForecast] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)  # columns of its rows that cannot be read


class RowsTaken:
    """The rows of a table by their numbers, and their faults: each is noted once, and the rest goes on.

    What only follows from a cell that cannot be read is no fault of its own.
    """

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self._faults: dict[tuple[int, str, str], str] = {}  # their kinds, by the row, the column and the fix

    def attempt(
        self, row: Row, step: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result | None:
        """Take one step with a row; None where it is refused, which is noted."""
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
        """Note a fault of a whole question, at the row that says what is wrong."""
        if fault.column not in gathered.unread:
            number = fault.row or gathered.told.get(fault.column, (None, gathered.question.row))[1]
            self.note(self.rows[number], fault)

    def refuse(self, refusals: Refusals) -> None:
        """Add the faults to the refusals."""
        for (number, column, fix), kind in self._faults.items():
            cells = self.rows[number].cells
            refusals.add(number, column, cells.get(column), fix, list(cells.values()), kind=kind)

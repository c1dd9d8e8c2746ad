"""The forecasts of Metaculus' zip, one a row: whose each is, what it says, and for which time it stood."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from predictions.enums import ForecasterKind
from predictions.exchange.platforms.dump import DumpFile
from predictions.exchange.platforms.export_row import ExportRow, Meanings
from predictions.exchange.platforms.metaculus_questions import AnyShape, Span, crowd, forecasts_of, span_of
from predictions.exchange.platforms.metaculus_shapes import Shape
from predictions.exchange.questions import Account, LeftOut, RowFault, SaidForecast
from predictions.importing.refusals import Refusals

KEY, STARTS, ENDS, CHANCE, COUNT = "Question ID", "Start Time", "End Time", "Probability Yes", "Forecaster Count"
BY_CATEGORY = "Probability Yes Per Category"  # of a geometric mean: that of no, and that of yes
ID, USERNAME, ANONYMIZED, IS_BOT = "Forecaster ID", "Forecaster Username", "Forecaster (Anonymized)", "Is Bot"
CDF = "Continuous CDF"
NEEDED = (KEY, STARTS, ENDS, CHANCE, BY_CATEGORY, CDF, COUNT)
WHO = (USERNAME, ID, ANONYMIZED, IS_BOT)  # a zip has some of them
WHOSE = NEEDED.index(COUNT)  # from here on the cells say who made a forecast
TRUTHS = {"True": True, "False": False}
_NUMPY = re.compile(r"np\.float64\(([^()]*)\)")  # as lists of some of numpy's versions write a number
_DIGEST = re.compile("[0-9a-f]{64}")


class ForecastReading:
    """Reads the rows, of which there may be hundreds of thousands.

    Attributes:
        accounts: Whose they are, by their names.
        usernames: The names of those who have numbers, by these.
    """

    def __init__(self, wanted: Mapping[str, AnyShape | None], known: Collection[str]) -> None:
        """Say on which questions forecasts are *wanted*, what those ask for, and which are *known* at all."""
        self.accounts: dict[str, Account] = {}
        self.usernames: dict[str, str] = {}
        self._wanted, self._known = wanted, known
        self._spans: defaultdict[str, list[Span]] = defaultdict(list)
        self._names: dict[tuple[str, ...], str | None] = {}
        self._keys = Meanings(ExportRow.key, KEY)
        self._starts, self._ends = Meanings(_start, STARTS), Meanings(ExportRow.moment, ENDS)
        self._chances, self._pairs = Meanings(ExportRow.chance, CHANCE), Meanings(_of_pair, BY_CATEGORY)

    def read(self, file: DumpFile) -> Iterator[LeftOut]:
        """Read all rows, and yield what has no place."""
        for number, cells in file.cells(NEEDED, WHO, lacking=1):
            try:
                why = self._take(number, cells)
            except RowFault as fault:
                _as_row(number, cells, file.refusals).refuse(fault)
            else:
                if why is not None:
                    yield LeftOut("forecast", cells[0], why, number)

    def forecasts(self, key: str) -> list[SaidForecast]:
        """Return the forecasts on a question."""
        return list(forecasts_of(self._spans[key]))

    def _take(self, number: int, cells: tuple[str, ...]) -> str | None:
        """Read one row; why it has no place, if it has none."""
        key = self._keys[cells[0]]
        if key not in self._wanted:
            return None if key in self._known else "unknown-question"
        starts, ends = self._starts, self._ends  # most ends are the start of another row, read before or after
        starts_at, ends_at = ends.get(cells[1]) or starts[cells[1]], starts.get(cells[2]) or ends[cells[2]]
        shape, who = self._wanted[key], cells[WHOSE:]
        by = self._names[who] if who in self._names else self._name(who, cells)
        said = self._chances[cells[3]] if shape is None and cells[3] else self._said(shape, number, cells)
        span = span_of(number, by, said, starts_at, ends_at)
        if isinstance(span, str):
            return span
        self._spans[key].append(span)
        return None

    def _said(
        self, shape: AnyShape | None, number: int, cells: tuple[str, ...]
    ) -> float | Mapping[str, object] | str | None:
        """Read a pair of chances, shares or a distribution; None where that is hidden; or say why it has no place."""
        if shape is None:
            return self._pairs[cells[4]]
        column = BY_CATEGORY if isinstance(shape, Shape) and shape.options else CDF
        row = _as_row(number, cells, Refusals(None))
        told = read_list(row, column)
        return shape.forecast_fields(row, column, told) if told else None

    def _name(self, who: tuple[str, ...], cells: tuple[str, ...]) -> str | None:
        """Say whose it is, read once of all rows that have the same cells for it."""
        row = _as_row(0, cells, Refusals(None))
        account = _account(row)
        if account is not None:
            if row.has(ID):
                self.usernames[row.key(ID)] = account.name
            before = self.accounts.get(account.name, account)
            size = max(account.size or 0, before.size or 0) or None
            self.accounts[account.name] = account._replace(size=size)
        name = self._names[who] = account and account.name
        return name


def _as_row(number: int, cells: tuple[str, ...], refusals: Refusals) -> ExportRow:
    return ExportRow(number, dict(zip((*NEEDED, *WHO), cells, strict=True)), refusals)


def _account(row: ExportRow) -> Account | None:
    """Return whose a forecast is. A crowd has a count and no id; where ids are hashed, its method stands among them."""
    name = row.line(USERNAME) or row.line(ANONYMIZED) or row.line(ID)
    if name is None:
        return None
    if row.has(COUNT) or not (row.has(ID) or _DIGEST.fullmatch(name)):
        return crowd(name, row, COUNT)
    return Account(name, ForecasterKind.MODEL if row.word(IS_BOT, TRUTHS) else ForecasterKind.PERSON)


def _start(row: ExportRow, column: str) -> datetime:
    moment = row.moment(column)
    if moment is None:
        raise row.fault(column, "when was it made?")
    return moment


def _of_pair(row: ExportRow, column: str) -> float | None:
    """Return the chance of yes after that of no; None where nothing stands there."""
    pair = read_list(row, column)
    if len(pair) not in {0, 2}:
        raise row.fault(column, "say two chances, for a question with two answers: [0.6, 0.4]")
    return row._replace(fields={column: pair[1]}).chance(column) if pair else None


def read_list(row: ExportRow, column: str) -> list[object]:
    """Read a list as Python writes it; an empty one where nothing stands there."""
    text = row.text(column)
    with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        found = ast.literal_eval(_NUMPY.sub(r"\1", text or "[]"))
        if isinstance(found, list):
            return found
    raise row.fault(column, "say a list as Python writes it: ['Technology']")

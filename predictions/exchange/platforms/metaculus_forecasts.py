"""Read the forecasts of Metaculus' zip, one row each: the forecaster, what they said, and how long it stood."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import compress

import numpy as np

from predictions.enums import ForecasterKind
from predictions.exchange.platforms.column_cells import Faults, chances_of, look_up, moments_of
from predictions.exchange.platforms.dump import DumpFile
from predictions.exchange.platforms.export_row import ExportRow, Meanings
from predictions.exchange.platforms.metaculus_questions import AnyShape, crowd
from predictions.exchange.platforms.metaculus_shapes import Shape
from predictions.exchange.platforms.metaculus_spans import NOBODY, Spans
from predictions.exchange.questions import Account, LeftOut, RowFault
from predictions.exchange.said_columns import NO_RECORD
from predictions.importing.refusals import Refusals
from predictions.storage.blocks import Ranks
from predictions.timestamps import in_microseconds

QUESTION_ID, START_TIME, END_TIME = "Question ID", "Start Time", "End Time"
PROBABILITY_YES, FORECASTER_COUNT = "Probability Yes", "Forecaster Count"
BY_CATEGORY = "Probability Yes Per Category"  # for a geometric mean: the chances of no and of yes
ID, USERNAME, ANONYMIZED, IS_BOT = "Forecaster ID", "Forecaster Username", "Forecaster (Anonymized)", "Is Bot"
CDF = "Continuous CDF"
NEEDED_COLUMNS = (QUESTION_ID, START_TIME, END_TIME, PROBABILITY_YES, BY_CATEGORY, CDF, FORECASTER_COUNT)
WHO = (USERNAME, ID, ANONYMIZED, IS_BOT)  # a zip has some of these columns
WHOSE = NEEDED_COLUMNS.index(FORECASTER_COUNT)  # from here on the cells identify the forecaster
LEFT_OUT, UNKNOWN = -1, -2  # for the place of a question: it is left out, or not in the files
TRUTHS = {"True": True, "False": False}
_NUMPY = re.compile(r"np\.float64\(([^()]*)\)")  # how lists of some versions of numpy write a number
_DIGEST = re.compile("[0-9a-f]{64}")


class ForecastReading:
    """Reads the rows, of which there may be hundreds of thousands, column by column.

    Attributes:
        people: The forecasters.
        spans: The forecasts, once they are read.
    """

    def __init__(self, wanted: Mapping[str, AnyShape | None], known: Collection[str]) -> None:
        """Keep the shapes of the questions whose forecasts are *wanted*, and the keys of all *known* questions."""
        self.people = People()
        self._shapes = list(wanted.values())
        self._places = dict.fromkeys(known, LEFT_OUT) | {key: place for place, key in enumerate(wanted)}
        self._pairs = Meanings(_of_pair, BY_CATEGORY)

    def read(self, file: DumpFile) -> Iterator[LeftOut]:
        """Read all rows into :attr:`spans`; yield those whose question is not in the files."""
        numbers, cells = file.columns(NEEDED_COLUMNS, WHO, lacking=1)
        faults: Faults = {}
        questions = np.array(look_up(cells[0], _Keys(self._places), LEFT_OUT, faults), np.int32)
        yield from (
            LeftOut("forecast", cells[0][place], "unknown-question", numbers[place])
            for place in np.flatnonzero(questions == UNKNOWN).tolist()
        )
        _refuse_rows(faults, numbers, cells, file.refusals)
        is_wanted = questions >= 0
        if not is_wanted.all():
            numbers = list(compress(numbers, is_wanted))
            cells = [list(compress(column, is_wanted)) for column in cells]
        self.spans = self._spans(questions[is_wanted], numbers, cells, file)

    def _spans(self, questions: Ranks, numbers: Sequence[int], cells: Sequence[Sequence[str]], file: DumpFile) -> Spans:
        """Return the rows on wanted questions as spans; rows that cannot be read are refused."""
        faults: Faults = {}
        starts_at = moments_of(cells[1], Meanings(_start, START_TIME), faults)
        future_places = np.flatnonzero(starts_at > in_microseconds(file.latest)).tolist()
        faults |= {place: RowFault(START_TIME, "lies in the future", value=cells[1][place]) for place in future_places}
        ends_at = moments_of(cells[2], Meanings(ExportRow.moment, END_TIME), faults)
        people = np.array(look_up(list(zip(*cells[WHOSE:], strict=True)), self.people, NOBODY, faults), np.int32)
        yes_texts = cells[3]
        if any(self._shapes):  # only questions of yes or no have a shape of None, and so a chance of yes
            shapes = map(self._shapes.__getitem__, questions.tolist())
            yes_texts = [text if shape is None else "" for text, shape in zip(yes_texts, shapes, strict=True)]
        chance = chances_of(yes_texts, Meanings(ExportRow.chance, PROBABILITY_YES), faults)
        record_place, records = np.full(len(numbers), NO_RECORD, np.int32), list[Mapping[str, object] | str]()
        # The rest, with a pair of chances, shares or a distribution, is read row by row.
        for place in np.flatnonzero(np.isnan(chance)).tolist():
            if place in faults:
                continue
            try:
                shape = self._shapes[questions[place]]
                content = self._said(shape, numbers[place], [column[place] for column in cells])
            except RowFault as fault:
                faults[place] = fault
                continue
            if isinstance(content, float):
                chance[place] = content
            elif content is not None:
                record_place[place] = len(records)
                records.append(content)
        _refuse_rows(faults, numbers, cells, file.refusals)
        rows = np.array(numbers, np.int64)
        names = list(self.people.accounts)
        spans = Spans(questions, people, starts_at, ends_at, chance, rows, record_place, records, names)
        return spans.without(faults)

    def _said(
        self, shape: AnyShape | None, number: int, cells: Sequence[str]
    ) -> float | Mapping[str, object] | str | None:
        """Return a chance of yes, fields that say more, or why the forecast has no place; None if it is hidden."""
        if shape is None:
            return self._pairs[cells[4]]
        column = BY_CATEGORY if isinstance(shape, Shape) and shape.options else CDF
        row = _as_row(number, cells, Refusals(None))
        numbers = read_list(row, column)
        return shape.forecast_fields(row, column, numbers) if numbers else None


class _Keys(dict[str, int]):
    """Maps the key in a cell to the place of its question; UNKNOWN if the files do not have it."""

    def __missing__(self, text: str) -> int:
        """Read a text that was not looked up before, perhaps a key in another spelling."""
        key = ExportRow(0, {QUESTION_ID: text}, Refusals(None)).key(QUESTION_ID)
        place = self[text] = self.get(key, UNKNOWN)
        return place


class People(dict[tuple[str, ...], int]):
    """Maps the cells that identify a forecaster to the place of the account, or NOBODY; equal cells are read once.

    Attributes:
        accounts: The accounts by name, in the order of their places.
        usernames: The names of users, by their numbers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, Account] = {}
        self.usernames: dict[str, str] = {}
        self._places: dict[str, int] = {}

    def __missing__(self, cells: tuple[str, ...]) -> int:
        """Read cells that were not looked up before."""
        row = ExportRow(0, dict(zip((FORECASTER_COUNT, *WHO), cells, strict=True)), Refusals(None))
        account, place = _account(row), NOBODY
        if account is not None:
            if row.has(ID):
                self.usernames[row.key(ID)] = account.name
            earlier = self.accounts.get(account.name, account)
            size = max(account.size or 0, earlier.size or 0) or None
            self.accounts[account.name] = account._replace(size=size, user=earlier.user or account.user)
            place = self._places.setdefault(account.name, len(self._places))
        self[cells] = place
        return place


def _refuse_rows(faults: Faults, numbers: Sequence[int], cells: Sequence[Sequence[str]], refusals: Refusals) -> None:
    """Refuse the rows with faults."""
    for place, fault in sorted(faults.items()):
        _as_row(numbers[place], [column[place] for column in cells], refusals).refuse(fault)


def _as_row(number: int, cells: Sequence[str], refusals: Refusals) -> ExportRow:
    """Return the cells of one row as a row, to read or refuse it."""
    return ExportRow(number, dict(zip((*NEEDED_COLUMNS, *WHO), cells, strict=True)), refusals)


def _account(row: ExportRow) -> Account | None:
    """Return a row's forecaster, None without one; a crowd has a count and no id, or its method for a name."""
    name = row.line(USERNAME) or row.line(ANONYMIZED) or row.line(ID)
    if name is None:
        return None
    of_person = row.has(ID) or _DIGEST.fullmatch(name)  # in an anonymous export the digest stands for the id
    if row.has(FORECASTER_COUNT) or not of_person:
        return crowd(name, row, FORECASTER_COUNT)
    kind = ForecasterKind.MODEL if row.word(IS_BOT, TRUTHS) else ForecasterKind.PERSON
    return Account(name, kind, user=row.optional_key(ID))


def _start(row: ExportRow, column: str) -> datetime | None:
    """Return when a forecast was made; RowFault if it is empty."""
    moment = row.moment(column)
    if moment is None:
        raise row.fault(column, "when was it made?")
    return moment


def _of_pair(row: ExportRow, column: str) -> float | None:
    """Return the chance of yes from a pair of no and yes; None if the cell is empty."""
    pair = read_list(row, column)
    if len(pair) not in {0, 2}:
        raise row.fault(column, "say two chances, for a question with two answers: [0.6, 0.4]")
    return row._replace(fields={column: pair[1]}).chance(column) if pair else None


def read_list(row: ExportRow, column: str) -> list[object]:
    """Return a list written as Python does; empty if the cell is."""
    text = row.text(column)
    with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        value = ast.literal_eval(_NUMPY.sub(r"\1", text or "[]"))
        if isinstance(value, list):
            return value
    raise row.fault(column, "say a list as Python writes it: ['Technology']")

"""The forecasts of Metaculus' zip, one a row: whose each is, what it says, and for which time it stood."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

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
BY_CATEGORY = "Probability Yes Per Category"  # of a geometric mean: that of no, and that of yes
ID, USERNAME, ANONYMIZED, IS_BOT = "Forecaster ID", "Forecaster Username", "Forecaster (Anonymized)", "Is Bot"
CDF = "Continuous CDF"
NEEDED_COLUMNS = (QUESTION_ID, START_TIME, END_TIME, PROBABILITY_YES, BY_CATEGORY, CDF, FORECASTER_COUNT)
WHO = (USERNAME, ID, ANONYMIZED, IS_BOT)  # a zip has some of them
WHOSE = NEEDED_COLUMNS.index(FORECASTER_COUNT)  # from here on the cells say who made a forecast
LEFT_OUT, UNKNOWN = -1, -2  # in place of a question: one that has no place, one that the files do not hold
TRUTHS = {"True": True, "False": False}
_NUMPY = re.compile(r"np\.float64\(([^()]*)\)")  # as lists of some of numpy's versions write a number
_DIGEST = re.compile("[0-9a-f]{64}")


class ForecastReading:
    """Reads the rows, of which there may be hundreds of thousands, column by column.

    Attributes:
        people: Whose they are.
    """

    def __init__(self, wanted: Mapping[str, AnyShape | None], known: Collection[str]) -> None:
        """Say on which questions forecasts are *wanted*, what those ask for, and which are *known* at all."""
        self.people = People()
        self._shapes = list(wanted.values())
        self._places = dict.fromkeys(known, LEFT_OUT) | {key: place for place, key in enumerate(wanted)}
        self._pairs = Meanings(_of_pair, BY_CATEGORY)

    def read(self, file: DumpFile) -> Iterator[LeftOut]:
        """Read all rows; what is on no question of the files is yielded, the rest stands in :attr:`spans`."""
        numbers, cells = file.columns(NEEDED_COLUMNS, WHO, lacking=1)
        faults: Faults = {}
        questions = np.array(look_up(cells[0], _Keys(self._places), LEFT_OUT, faults), np.int32)
        yield from (
            LeftOut("forecast", cells[0][place], "unknown-question", numbers[place])
            for place in np.flatnonzero(questions == UNKNOWN).tolist()
        )
        _refuse_rows(faults, numbers, cells, file.refusals)
        wanted = np.flatnonzero(questions >= 0).tolist()
        if len(wanted) < len(numbers):
            numbers, cells = [numbers[at] for at in wanted], [[column[at] for at in wanted] for column in cells]
        self.spans = self._spans(questions[questions >= 0], numbers, cells, file)

    def _spans(self, questions: Ranks, numbers: Sequence[int], cells: Sequence[Sequence[str]], file: DumpFile) -> Spans:
        """Read the rows on questions that are wanted; those that cannot be read are refused."""
        faults: Faults = {}
        starts_at = moments_of(cells[1], Meanings(_start, START_TIME), faults)
        ahead = np.flatnonzero(starts_at > in_microseconds(file.latest)).tolist()
        faults |= {place: RowFault(START_TIME, "lies in the future", value=cells[1][place]) for place in ahead}
        ends_at = moments_of(cells[2], Meanings(ExportRow.moment, END_TIME), faults)
        by = np.array(look_up(list(zip(*cells[WHOSE:], strict=True)), self.people, NOBODY, faults), np.int32)
        shapes = list(map(self._shapes.__getitem__, questions.tolist()))
        of_yes = [text if shape is None else "" for text, shape in zip(cells[3], shapes, strict=True)]
        chance = chances_of(of_yes, Meanings(ExportRow.chance, PROBABILITY_YES), faults)
        record, records = np.full(len(numbers), NO_RECORD, np.int32), list[Mapping[str, object] | str]()
        for place in np.flatnonzero(np.isnan(chance)).tolist():
            if place in faults:
                continue
            try:
                said = self._said(shapes[place], numbers[place], [column[place] for column in cells])
            except RowFault as fault:
                faults[place] = fault
                continue
            if isinstance(said, float):
                chance[place] = said
            elif said is not None:
                record[place] = len(records)
                records.append(said)
        _refuse_rows(faults, numbers, cells, file.refusals)
        rows = np.array(numbers, np.int64)
        spans = Spans(questions, by, starts_at, ends_at, chance, rows, record, records, list(self.people.accounts))
        return spans.without(faults)

    def _said(
        self, shape: AnyShape | None, number: int, cells: Sequence[str]
    ) -> float | Mapping[str, object] | str | None:
        """Read a pair of chances, shares or a distribution; None where that is hidden; or say why it has no place."""
        if shape is None:
            return self._pairs[cells[4]]
        column = BY_CATEGORY if isinstance(shape, Shape) and shape.options else CDF
        row = _as_row(number, cells, Refusals(None))
        told = read_list(row, column)
        return shape.forecast_fields(row, column, told) if told else None


class _Keys(dict[str, int]):
    """The place of the question that a key in a cell names; UNKNOWN for one that the files do not hold."""

    def __missing__(self, text: str) -> int:
        key = ExportRow(0, {QUESTION_ID: text}, Refusals(None)).key(QUESTION_ID)
        place = self[text] = self.get(key, UNKNOWN)
        return place


class People(dict[tuple[str, ...], int]):
    """The place of the account that the cells of a row name, or NOBODY; read once of all rows with the same cells.

    Attributes:
        accounts: The accounts by their names, in the order of their places.
        usernames: The names of those who have numbers, by these.
    """

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, Account] = {}
        self.usernames: dict[str, str] = {}
        self._places: dict[str, int] = {}

    def __missing__(self, who: tuple[str, ...]) -> int:
        row = ExportRow(0, dict(zip((FORECASTER_COUNT, *WHO), who, strict=True)), Refusals(None))
        account, place = _account(row), NOBODY
        if account is not None:
            if row.has(ID):
                self.usernames[row.key(ID)] = account.name
            before = self.accounts.get(account.name, account)
            size = max(account.size or 0, before.size or 0) or None
            self.accounts[account.name] = account._replace(size=size, user=before.user or account.user)
            place = self._places.setdefault(account.name, len(self._places))
        self[who] = place
        return place


def _refuse_rows(faults: Faults, numbers: Sequence[int], cells: Sequence[Sequence[str]], refusals: Refusals) -> None:
    for place, fault in sorted(faults.items()):
        _as_row(numbers[place], [column[place] for column in cells], refusals).refuse(fault)


def _as_row(number: int, cells: Sequence[str], refusals: Refusals) -> ExportRow:
    return ExportRow(number, dict(zip((*NEEDED_COLUMNS, *WHO), cells, strict=True)), refusals)


def _account(row: ExportRow) -> Account | None:
    """Return whose a forecast is. A crowd has a count and no id; where ids are hashed, its method stands among them."""
    name = row.line(USERNAME) or row.line(ANONYMIZED) or row.line(ID)
    if name is None:
        return None
    of_person = row.has(ID) or _DIGEST.fullmatch(name)  # in an anonymous export the digest stands for the id
    if row.has(FORECASTER_COUNT) or not of_person:
        return crowd(name, row, FORECASTER_COUNT)
    kind = ForecasterKind.MODEL if row.word(IS_BOT, TRUTHS) else ForecasterKind.PERSON
    return Account(name, kind, user=row.optional_key(ID))


def _start(row: ExportRow, column: str) -> datetime | None:
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

"""Read a table: each row is a prediction, or a further forecast on one. The reader knows no ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isnan
from typing import Any

from predictions.exchange.options import Options
from predictions.exchange.questions import FileRead
from predictions.exchange.said_columns import said_of
from predictions.exchange.table.cells import OWN_WORDS, plain_cell, readers
from predictions.exchange.table.columns import PERSON, columns_for
from predictions.exchange.table.gathering import QuestionGathering
from predictions.exchange.table.local_days import read_local_days
from predictions.exchange.table.option_columns import (
    ENDS,
    OPTION,
    ChoicesOnFile,
    OptionColumns,
    ShareCell,
    check_chances_are_read,
)  # fmt: skip
from predictions.exchange.table.row import Chance, OneForecast, Row, lines_of, one_forecast, whole_row
from predictions.importing.cells import BadCell
from predictions.importing.column_checks import Faults, as_list, each, read_chances
from predictions.importing.line_cells import WITHDRAWN
from predictions.importing.readers import read_table
from predictions.importing.refusals import WHOLE_ROW, Refusals
from predictions.importing.several import pairs_meant, read_several
from predictions.importing.tables import FAILED, How, Piece, report_progress
from predictions.storage.rows import collector_paused

CHANCES = ("p", "low", "high")
DAY_COLUMNS = ("deadline", "made_at", "said_on", "opens_on", "known_on", "happened_on", "outcome", "day")


def read_predictions(
    source: object,
    options: Options,
    now: datetime,
    choices_of: Callable[[Collection[str]], ChoicesOnFile] = lambda options: {},
) -> FileRead:
    """Read a table into questions; rows that cannot be read are noted in the refusals of the result.

    The ledger may refuse more rows, so that one run reports all of them together.

    Args:
        source: A file's path, ``-``, a data frame, Arrow, a mapping of columns, or rows that are mappings.
        options: How it is to be read.
        now: The moment of the import, at which forecasts are made that do not say when.
        choices_of: Looks up the choices on file that have one of some options; there are none unless given.

    Raises:
        InvalidValue: It is not a table, or lacks a column.
    """
    refusals = Refusals(None)
    reading = _Reading(options, refusals, OptionColumns(choices_of))
    gathering = QuestionGathering(now)
    rows_of_one = dict[OneForecast, list[Row]]()  # the rows of a forecast that takes several, by what they share
    columns = columns_for(_name(source), reading.of_options.columns)
    with read_table(source, columns, options.how) as table, collector_paused():
        for piece in refusals.learn_all(table):
            for row in reading.rows(piece):
                if forecast_key := one_forecast(row):
                    rows_of_one.setdefault(forecast_key, []).append(row)
                else:
                    gathering.take(row)
            report_progress(f"{piece.first + piece.size - 1:,} rows read")
        report_progress("")
    if reading.of_options.says_nothing and not (reading.of_options.used or refusals.are_refused):
        check_chances_are_read(reading.unread)
    for rows in rows_of_one.values():
        gathering.take(whole_row(rows, refusals))
    gathering.finish(refusals)
    lines = {rows[0].number: lines_of(rows) for rows in rows_of_one.values()}
    cells = {**{row.number: row.cells for rows in rows_of_one.values() for row in rows}, **gathering.cells}
    return FileRead(
        table.file, table.sha256, refusals, said_of(gathering.questions), refusals.rows, *reading.named(),
        gathering.questions, cells, lines, gathering.repeated, reading.skipped, reading.above,
        local_days=reading.local_days, sheets=reading.sheets,
    )  # fmt: skip


def _name(source: object) -> str:
    """Return a file's name; FILE if the source is not a file."""
    return str(source) if isinstance(source, str) or hasattr(source, "__fspath__") else "FILE"


@dataclass
class _Reading:
    """Reads the cells of a table piece by piece; each cell that cannot be read is refused."""

    options: Options
    refusals: Refusals
    of_options: OptionColumns
    columns: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    sheets: Sequence[str] = ()
    skipped: list[str] = field(default_factory=list)
    above: Sequence[str] = ()
    local_days: dict[str, str] = field(default_factory=dict)
    perhaps: dict[str, str] = field(default_factory=dict)  # the headers of columns that may be of options, by name

    unread: dict[str, list[object]] = field(default_factory=dict)  # cells of columns that may be chances, by header

    def named(self) -> tuple[list[str], list[str]]:
        """Return the columns that were read, and the headers of those that are nobody's.

        Those that may be of options are the one or the other, as rows have shares in them.
        """
        used = self.of_options.used
        read = [self.perhaps.get(name, name) for name in self.columns if name not in self.perhaps or name in used]
        return read, [*(header for name, header in self.perhaps.items() if name not in used), *self.left]

    def rows(self, piece: Piece) -> Iterator[Row]:
        """Yield the rows of a piece that hold something, with the values that can be read."""
        columns = {
            name: [
                plain_cell(value, guard=piece.guarded, words=name in OWN_WORDS)
                for value in as_list(piece.columns[name])
            ]
            for name in _in_file(piece)
        }
        self.columns, self.sheets = list(columns), piece.sheets
        self.perhaps = {name: piece.spelled[name] for name in columns if name.startswith(OPTION)}
        if self.of_options.says_nothing:
            for name, header in self.perhaps.items():
                self.unread.setdefault(header, []).extend(columns[name])
        self.left = list(dict.fromkeys([*self.left, *piece.left]))
        self.skipped += piece.skipped
        self.above = self.above or piece.above
        read = _Columns()
        for name, column in columns.items():
            self._read_column(name, column, piece, read)
        asking = [place for place, cell in enumerate(read.values.get("options", ())) if cell is not None]
        self.of_options.learn({name: column[place] for name, column in read.values.items()} for place in asking)
        for place in range(piece.size):
            cells = {name: column[place] for name, column in columns.items()}
            number = piece.first + place
            ours = {name: cell for name, cell in cells.items() if name not in self.perhaps}
            if fix := piece.uneven.get(place):  # the row has too many cells or too few
                self.refusals.add(number, WHOLE_ROW, None, fix, list(ours.values()))
            elif any(cell is not None for cell in ours.values()):
                yield self._with_shares(self._row(number, place, ours, read), place, cells, read)

    def _read_column(self, name: str, column: Sequence[object], piece: Piece, read: _Columns) -> None:
        """Read the cells of one column into *read*."""
        faults = _failed(name, piece) if piece.guarded else {}
        if name in CHANCES or name.startswith((PERSON, OPTION)):
            chances = _read_chances(name, column, piece.spelled[name], self.options.how, faults)
            self._name_in_iso(name, chances)
            read.chances[name] = chances
        else:
            of_columns = readers(self.options.place, self.options.how)
            cells = self._in_iso(name, column, faults) if name in DAY_COLUMNS else column
            read.values[name] = each(cells, name, of_columns[name], None, faults, lambda value: value is None)
        for place, (_, fix) in faults.items():
            of = read.share_faults if name.startswith(OPTION) else read.faults
            of.setdefault(place, {})[name] = f"goes with one chance of yes or no; {fix}" if name in ENDS else fix

    def _row(self, number: int, place: int, cells: Mapping[str, object], read: _Columns) -> Row:
        """Return a row, and refuse its cells that cannot be read."""
        faults = read.faults.get(place, {})
        for name, fix in faults.items():
            may_be_percent = name in read.chances and place in read.chances[name].perhaps_percent
            self.refusals.add(number, name, cells[name], fix, list(cells.values()), all_refused=may_be_percent)
        values = {name: column[place] for name, column in read.values.items() if column[place] is not None}
        chances = {
            name: chance
            for name, column in read.chances.items()
            if name not in faults and name not in self.perhaps and (chance := column.said[place]) is not None
        }
        return Row(number, values, chances, cells, frozenset(faults))

    def _with_shares(self, row: Row, place: int, cells: Mapping[str, object], read: _Columns) -> Row:
        """Return a row with the shares that stand in columns of options, and refuse those that are not right."""
        said: dict[str, ShareCell] = {}
        for name, of in read.chances.items():
            chance = of.said[place]
            if (name in ENDS or name.startswith((PERSON, OPTION))) and (chance is None or isinstance(chance, float)):
                fix = read.share_faults.get(place, {}).get(name, "")
                said[name] = ShareCell(cells[name], None if name in row.unread else chance, fix)
        row, faults = self.of_options.with_shares(row, said) if said else (row, [])
        echo = [*row.cells.values(), *(said[name].cell for name in said if name in self.perhaps)] if faults else []
        for fault in faults:
            perhaps = place in read.chances[fault.column].perhaps_percent
            self.refusals.add(
                row.number, fault.column, fault.value, fault.fix, echo,
                all_refused=perhaps, kind=fault.kind,
            )  # fmt: skip
        return row

    def _in_iso(self, name: str, column: Sequence[object], faults: Faults) -> Sequence[object]:
        """Return a column of days with its local days in ISO form; ambiguous ones become faults."""
        days = read_local_days(column, self.options.how.days or self.local_days.get(name))
        if days.order:
            self.local_days[name] = days.order
        for place, fix in days.fixes.items():
            faults.setdefault(place, (name, fix))
        return days.column

    def _name_in_iso(self, name: str, chances: _ChanceColumn) -> None:
        """Spell the days that chances are for in ISO form; ambiguous ones are left for the claim to refuse."""
        by_days = [chance_by_day for chance_by_day in chances.said if isinstance(chance_by_day, Mapping)]
        day_texts = [str(day) for chance_by_day in by_days for day in chance_by_day]
        days = read_local_days(day_texts, self.options.how.days or self.local_days.get(name))
        if days.order:
            self.local_days[name] = days.order
        iso = dict(zip(day_texts, days.column, strict=True))
        for place, chance_by_day in enumerate(chances.said):
            if isinstance(chance_by_day, Mapping):
                chances.said[place] = {iso[str(day)]: chance for day, chance in chance_by_day.items()}


def _failed(name: str, piece: Piece) -> Faults:
    """Return faults for the cells of a column in which a formula failed, such as #REF!."""
    return {
        place: (name, "what a formula shows that failed; mend it, or empty the cell")
        for place, cell in enumerate(as_list(piece.columns[name]))
        if isinstance(cell, str) and cell.lstrip()[:1] == "#" and FAILED.fullmatch(cell.strip())
    }


def _in_file(piece: Piece) -> Sequence[str]:
    """Return the columns of a piece in the order of the file."""
    return [name for name in piece.spelled if piece.columns[name] is not None]


@dataclass
class _Columns:
    """The columns of a piece after reading: values, chances, and by place and column what would be right."""

    values: dict[str, Sequence[Any]] = field(default_factory=dict)
    chances: dict[str, _ChanceColumn] = field(default_factory=dict)
    faults: dict[int, dict[str, str]] = field(default_factory=dict)
    share_faults: dict[int, dict[str, str]] = field(default_factory=dict)  # in columns that may be of options


@dataclass
class _ChanceColumn:
    """A column of chances: each row's chance, and the places that look like percent without a sign."""

    said: list[Chance | None]
    perhaps_percent: set[int]


def _read_chances(name: str, column: Sequence[object], header: str, how: How, faults: Faults) -> _ChanceColumn:
    """Return a column of chances, single or several in a cell; a withdrawal is the word for it."""
    withdrawn = {place for place, value in enumerate(column) if isinstance(value, str) and value.lower() == WITHDRAWN}
    has_percent_sign = header.rstrip(" )").endswith("%") and not how.percent
    how = how._replace(percent=how.percent or has_percent_sign)  # as if the caller had said it for this column
    numbers: list[object] = [None if place in withdrawn else value for place, value in enumerate(column)]
    chances_by_place: dict[int, Mapping[object, object]] = {}
    for place, value in enumerate(numbers):
        if isinstance(value, Mapping) or (isinstance(value, str) and "=" in value):
            numbers[place] = None
            try:
                chances_by_place[place] = read_several(value, percent=how.percent, decimal=how.decimal)
            except BadCell as error:
                faults.setdefault(place, (name, str(error)))
    rename = "leave % out of the header" if name.startswith(OPTION) else f"name the column {name}"
    otherwise = rename if has_percent_sign else "leave percent=True out"
    single = read_chances(numbers, name, how, faults, otherwise=otherwise)
    for place, value in enumerate(numbers):
        is_refused = place in faults and faults[place][0] == name
        if is_refused and (hint := pairs_meant(value)):  # several chances, separated by other signs
            faults[place] = name, f"not one number; say {hint}"
    chances: list[Chance | None] = [None if isnan(number) else number for number in single.values.tolist()]
    for place, chance_by_part in chances_by_place.items():
        chances[place] = chance_by_part
    for place in withdrawn:
        chances[place] = WITHDRAWN
    percent_places = {place for place, is_percent in enumerate(single.perhaps_percent.tolist()) if is_percent}
    return _ChanceColumn(chances, percent_places)

"""Read tables in other kinds of files: a sheet of a spreadsheet, a list in JSON, a table in Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import chain, takewhile
from typing import Any

from predictions.errors import InvalidValue, did_you_mean, import_extra, one_line, short_repr
from predictions.importing.broken_cells import BrokenCell, broken_cells
from predictions.importing.delimited import PREAMBLE
from predictions.importing.headers import Columns
from predictions.importing.percent_cells import percent_cells
from predictions.importing.sources import Opened
from predictions.importing.tables import How, Piece, is_comment
from predictions.number_checks import read_decimal
from predictions.text_files import decoded

LARGEST_TEXT = 500_000_000  # bytes of a JSON or Markdown file: it is held in memory
_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*")  # the line below a header
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)\|")
_KEYS = ("rows", "data", "predictions")  # keys under which a file may have its list


def read_spreadsheet(opened: Opened, columns: Columns, how: How) -> Generator[Piece, None, None]:
    """Yield the rows of one sheet of a spreadsheet: of the first that is not hidden, unless *how* names one.

    Cells are read as they are shown: whole numbers without a fraction, midnights as days, percent with its sign.

    Raises InvalidValue if there is no such sheet, it cannot be read, or no row of it is a header.
    """
    calamine = import_extra("python_calamine", "spreadsheets need", "xlsx")
    try:
        with calamine.CalamineWorkbook.from_filelike(opened.file) as workbook:
            names, visible = workbook.sheet_names, calamine.SheetVisibleEnum.Visible
            visible_names = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == visible] or names
            name = _sheet(how.sheet, names, visible_names, opened.name)
            sheet = workbook.get_sheet_by_name(name)
            grid = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            merged = sheet.merged_cell_ranges or ()
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        if isinstance(error, InvalidValue):
            raise
        raise InvalidValue(f"{opened.name} cannot be read as a spreadsheet: {one_line(error)}") from None
    sheets = (name, *(other for other in visible_names if other != name))
    for (line, place), broken in broken_cells(opened.file, name).items():
        if line < len(grid) and place < len(grid[line]):
            grid[line][place] = broken
    for line, place in percent_cells(opened.file, name):
        if line < len(grid) and place < len(grid[line]):
            grid[line][place] = _in_percent(grid[line][place])
    _fill_merged(grid, merged)
    for piece in _of_grid(grid, columns, how, opened.name, _not_read(sheets)):
        yield piece._replace(sheets=sheets)


def _sheet(wanted: str | int | None, names: Sequence[str], shown: Sequence[str], file: str) -> str:
    """Return the name of the sheet that is wanted; a number, perhaps typed as text, counts those *shown*."""
    if not names:
        raise InvalidValue(f"{file} has no sheet")
    if wanted is None:
        return shown[0]
    if wanted in names:
        return str(wanted)
    number = int(wanted) if isinstance(wanted, int) or re.fullmatch("[0-9]{1,4}", wanted) else 0
    if 1 <= number <= len(shown):
        return shown[number - 1]
    near = did_you_mean(wanted, names) or f"; it has {', '.join(map(repr, names))}"
    raise InvalidValue(f"sheet: {file} has no sheet {short_repr(wanted)}{near}")


def _cell(value: object) -> object:
    """Return a cell as a person reads it: 2026 for 2026.0, a day for its midnight."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    return value


def _in_percent(value: object) -> object:
    """Return a number as the cell shows it, with all its digits: 70% for 0.7."""
    parsed = None if isinstance(value, bool) else read_decimal(value)
    return value if parsed is None or isinstance(value, str) else f"{(100 * parsed[0]).normalize():f}%"


def _fill_merged(grid: Sequence[list[object]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Copy a cell that was merged over several rows into each of them, except rows that are empty otherwise."""
    is_filled = [_filled(row) for row in grid]
    for (top, place), (bottom, last) in ranges:
        if place == last:
            for line in range(top + 1, min(bottom + 1, len(grid))):
                if is_filled[line]:
                    grid[line][place] = grid[top][place]


def _of_grid(
    grid: Sequence[Sequence[object]], columns: Columns, how: How, file: str, hint: str = ""
) -> Iterator[Piece]:
    """Yield the rows below a header, which may be below a few other lines."""
    start = _header_row(grid, columns, how, file)
    places = columns.places(grid[start], file, hint)
    rows = [(line, row) for line, row in enumerate(grid[start + 1 :], start + 2) if _filled(row)]
    skipped = [str(row[0]) for row in grid[start + 1 :] if row and is_comment(row[0])]
    above = [_first_text(row) for row in grid[how.skip_lines : start] if _filled(row)]
    if rows or skipped or above:
        chosen = {name: [row[place] if place < len(row) else "" for _, row in rows] for name, place in places.items()}
        uneven = _without_broken(chosen)
        piece = columns.piece(chosen, len(rows), 1)
        yield piece._replace(
            file=file, lines=[line for line, _ in rows], spelled=places.spelled,
            left=places.left_of(row for _, row in rows), uneven=uneven, skipped=skipped,
            above=above,
        )  # fmt: skip
    places.refuse_faults()


def _without_broken(columns: Mapping[str, list[object]]) -> dict[int, str]:
    """Replace cells whose formula has no value by what they show; return by row what is wrong."""
    uneven = {}
    for column in columns.values():
        for index, cell in enumerate(column):
            if isinstance(cell, BrokenCell):
                uneven[index] = cell.fix
                column[index] = cell.shows
    return uneven


def _header_row(grid: Sequence[Sequence[object]], columns: Columns, how: How, file: str) -> int:
    """Return the first upper row that has every needed column, else the one most like a header."""
    upper = range(how.skip_lines, min(len(grid), how.skip_lines + PREAMBLE + 1))
    filled = [place for place in upper if _filled(grid[place])]
    if not filled:
        raise InvalidValue(f"{file} is empty; its first row names the columns: {', '.join(columns.listed)}")
    complete = (place for place in upper if columns.missing(grid[place]) is None)
    complete_if_translated = (place for place in filled if columns.meant_otherwise(grid[place]))
    most_like_one = max(filled, key=lambda place: len(columns.recognised(grid[place])))
    return next(chain(complete, complete_if_translated), most_like_one)


def _first_text(row: Sequence[object]) -> str:
    """Return the first cell of a row that is not empty, as text."""
    return next(str(cell) for cell in row if cell is not None and cell != "")


def _filled(row: Sequence[object]) -> bool:
    """Tell whether a row is neither empty nor a comment."""
    return any(cell is not None and cell != "" for cell in row) and not is_comment(row[0])


def read_markdown(opened: Opened, columns: Columns, how: How) -> Generator[Piece, None, None]:
    """Yield the rows of one table in a Markdown file: of the first, unless *how* gives the number of another.

    Raises InvalidValue if there is no such table.
    """
    lines = decoded(_sheet_bytes(opened), opened.name).split("\n")
    rules = [
        place for place, line in enumerate(lines[1:], 1)
        if "|" in lines[place - 1] and _RULE.fullmatch(line) and "-" in line
    ]  # fmt: skip
    if not rules:
        raise InvalidValue(f"{opened.name} holds no table; one begins with a header and a line such as | --- | --- |")
    names = [f"table {number}" for number in range(1, len(rules) + 1)]
    name = _sheet(how.sheet, names, names, opened.name)
    place = rules[names.index(name)]
    rows = [lines[place - 1], *takewhile(lambda line: "|" in line, lines[place + 1 :])]
    sheets = (name, *(other for other in names if other != name))
    for piece in _of_grid([_cells_of(row) for row in rows], columns, how, opened.name, _not_read(sheets)):
        # The rule below the header is a line of the file, too.
        yield piece._replace(lines=[number + place for number in piece.lines or ()], sheets=sheets)


def _not_read(sheets: Sequence[str]) -> str:
    """Return the end of a message on a sheet, the first of all *sheets*, that there are others; empty if not."""
    others = ", ".join(map(repr, sheets[1:]))
    return f"; {sheets[0]!r} was read, and not {others}: sheet=" if others else ""


def _cells_of(line: str) -> list[object]:
    """Return the cells of a row in Markdown; a bar in a cell is written ``\\|``, a line end ``<br>``."""
    cells = _BAR.split(line.strip().removeprefix("|"))
    if not cells[-1].strip():
        cells.pop()
    return [_BREAK.sub("\n", cell.replace("\\|", "|").strip()) for cell in cells]


def read_json(opened: Opened) -> tuple[list[object], list[list[object]], list[str]]:
    """Return the names and columns of a JSON file: a list of objects (rows), or an object of lists (columns).

    A list without objects has neither. Where an object has several lists of rows, the keys of all are returned, too,
    that of the one that is read first. Raises InvalidValue for anything else, and for an object with a key twice.
    """
    content, keys = parsed_json(decoded(_sheet_bytes(opened), opened.name), opened.name), list[str]()
    if isinstance(content, Mapping):
        key = next((key for key in _KEYS if isinstance(content.get(key), list)), None)
        if key is None and content and all(isinstance(column, list) for column in content.values()):
            return list(content), list(content.values()), []
        others = [other for other, rows in content.items() if other != key and _are_rows(rows)]
        keys, content = [str(key), *others] if others else [], content.get(key)
    if not isinstance(content, list) or not all(isinstance(row, Mapping) for row in content):
        raise InvalidValue(f"{opened.name} holds no table; give a list of objects, one a row")
    return *columns_of(content), keys


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def parsed_json(text: str, name: str) -> Any:
    """Return a text parsed as JSON; InvalidValue if it is not JSON, is nested too deep, or has a key twice."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError:
        raise InvalidValue(f"{name} is nested too deep; give a list of objects, one a row") from None
    except ValueError as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise InvalidValue(f"{name}{where}: this is not JSON: {one_line(message)}") from None


def columns_of(rows: Sequence[Mapping[Any, object]]) -> tuple[list[object], list[list[object]]]:
    """Return the names of the columns, in the order in which they occur in rows of mappings, and the columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return names, [[row.get(name) for row in rows] for name in names]


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object of its keys and values; a key that occurs twice would lose a value, so it is refused."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {short_repr(next(name for name in names if names.count(name) > 1))} stands twice")
    return fields


def _sheet_bytes(opened: Opened) -> bytes:
    """Return the content of a file; InvalidValue if it is too large."""
    content = opened.file.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise InvalidValue(f"{opened.name} holds more than {LARGEST_TEXT // 10**6} MB; save it as CSV")
    return content

"""Tables in other kinds of files: a sheet of a spreadsheet, a list in JSON, a table in Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import chain
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

LARGEST_TEXT = 500_000_000  # bytes of a JSON or Markdown file, which is held in memory
_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*")  # the line below a header
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)\|")
_KEYS = ("rows", "data", "predictions")  # under which a file may hold its list


def read_spreadsheet(opened: Opened, columns: Columns, how: How) -> Generator[Piece, None, None]:
    """Read one sheet of a spreadsheet, the first that is not hidden unless *how* says which.

    A number that is whole stands as one, a midnight as its day, and what is formatted as percent as text with its sign.

    Raises InvalidValue where it has no such sheet, cannot be read, or no row of it is a header.
    """
    calamine = import_extra("python_calamine", "spreadsheets need", "xlsx")
    try:
        with calamine.CalamineWorkbook.from_filelike(opened.file) as workbook:
            names, visible = workbook.sheet_names, calamine.SheetVisibleEnum.Visible
            shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == visible] or names
            name = _sheet(how.sheet, names, shown, opened.name)
            sheet = workbook.get_sheet_by_name(name)
            grid = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            merged = sheet.merged_cell_ranges or ()
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        if isinstance(error, InvalidValue):
            raise
        raise InvalidValue(f"{opened.name} cannot be read as a spreadsheet: {one_line(error)}") from None
    others = f"; it has the sheets {', '.join(map(repr, shown))}: sheet=" if len(shown) > 1 else ""
    for (line, place), broken in broken_cells(opened.file, name).items():
        if line < len(grid) and place < len(grid[line]):
            grid[line][place] = broken
    for line, place in percent_cells(opened.file, name):
        if line < len(grid) and place < len(grid[line]):
            grid[line][place] = _in_percent(grid[line][place])
    _fill_merged(grid, merged)
    for piece in _of_grid(grid, columns, how, opened.name, others):
        yield piece._replace(sheets=(name, *(other for other in shown if other != name)))


def _sheet(wanted: str | int | None, names: Sequence[str], shown: Sequence[str], file: str) -> str:
    """Return the name of the sheet that is wanted; a number, which is text if it is typed, counts those *shown*."""
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
    """Return a cell as a person reads it there: 2026 for 2026.0, a day for its midnight, text without its marks."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    return value


def _in_percent(value: object) -> object:
    """Write a number as the cell shows it, with all its digits: 0.7 as 70%."""
    read = None if isinstance(value, bool) else read_decimal(value)
    return value if read is None or isinstance(value, str) else f"{(100 * read[0]).normalize():f}%"


def _fill_merged(grid: Sequence[list[object]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Say in each row what a cell says that was merged over several; rows that are empty otherwise stay so."""
    filled = [_filled(row) for row in grid]
    for (top, place), (bottom, last) in ranges:
        if place == last:
            for line in range(top + 1, min(bottom + 1, len(grid))):
                if filled[line]:
                    grid[line][place] = grid[top][place]


def _of_grid(
    grid: Sequence[Sequence[object]], columns: Columns, how: How, file: str, others: str = ""
) -> Iterator[Piece]:
    """Read rows of cells below their header, which may stand below a few lines of something else."""
    start = _header_row(grid, columns, how, file)
    places = columns.places(grid[start], file, others)
    rows = [(line, row) for line, row in enumerate(grid[start + 1 :], start + 2) if _filled(row)]
    skipped = [str(row[0]) for row in grid[start + 1 :] if row and is_comment(row[0])]
    if rows or skipped:
        chosen = {name: [row[place] if place < len(row) else "" for _, row in rows] for name, place in places.items()}
        uneven = _without_broken(chosen)
        piece = columns.piece(chosen, len(rows), 1)
        yield piece._replace(
            file=file, lines=[line for line, _ in rows], spelled=places.spelled,
            left=places.left_of(row for _, row in rows), uneven=uneven, skipped=skipped,
        )  # fmt: skip
    places.refuse_faults()


def _without_broken(columns: Mapping[str, list[object]]) -> dict[int, str]:
    """Put in place of cells whose formula has no value what they show; return why their rows cannot be read."""
    uneven = {}
    for column in columns.values():
        for index, cell in enumerate(column):
            if isinstance(cell, BrokenCell):
                uneven[index] = cell.fix
                column[index] = cell.shows
    return uneven


def _header_row(grid: Sequence[Sequence[object]], columns: Columns, how: How, file: str) -> int:
    """Find the first of the upper rows that has every column that is needed, else the one most like a header."""
    upper = range(how.skip_lines, min(len(grid), how.skip_lines + PREAMBLE + 1))
    filled = [place for place in upper if _filled(grid[place])]
    if not filled:
        raise InvalidValue(f"{file} is empty; its first row names the columns: {', '.join(columns.listed)}")
    whole = (place for place in upper if columns.missing(grid[place]) is None)
    meant = (place for place in filled if columns.meant_otherwise(grid[place]))
    return next(chain(whole, meant), max(filled, key=lambda place: len(columns.recognised(grid[place]))))


def _filled(row: Sequence[object]) -> bool:
    return any(cell is not None and cell != "" for cell in row) and not is_comment(row[0])


def read_markdown(opened: Opened, columns: Columns, how: How) -> Generator[Piece, None, None]:
    """Read the first table of a Markdown file; InvalidValue where there is none."""
    lines = decoded(_sheet_bytes(opened), opened.name).split("\n")
    for place, line in enumerate(lines[1:], 1):
        if "|" in lines[place - 1] and _RULE.fullmatch(line) and "-" in line:
            body = iter(lines[place + 1 :])
            rows = [_cells_of(lines[place - 1])]
            for row in body:
                if "|" not in row:
                    break
                rows.append(_cells_of(row))
            for piece in _of_grid(rows, columns, how, opened.name):
                begins = [number + place for number in piece.lines or ()]  # the rule below the header is a line too
                yield piece._replace(lines=begins)
            return
    raise InvalidValue(f"{opened.name} holds no table; one begins with a header and a line such as | --- | --- |")


def _cells_of(line: str) -> list[object]:
    """Split a row of a Markdown table; a bar in a cell is written ``\\|``, a new line ``<br>``."""
    cells = _BAR.split(line.strip().removeprefix("|"))
    if not cells[-1].strip():
        cells.pop()
    return [_BREAK.sub("\n", cell.replace("\\|", "|").strip()) for cell in cells]


def read_json(opened: Opened) -> tuple[list[object], list[list[object]]]:
    """Read the names and columns of a JSON file: a list of objects, one a row, or an object of lists, one a column.

    Raises InvalidValue for anything else, and for an object that has a key twice.
    """
    found = parsed_json(decoded(_sheet_bytes(opened), opened.name), opened.name)
    if isinstance(found, Mapping):
        lists = next((found[key] for key in _KEYS if isinstance(found.get(key), list)), None)
        if lists is None and found and all(isinstance(column, list) for column in found.values()):
            return list(found), list(found.values())
        found = lists
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise InvalidValue(f"{opened.name} holds no table; give a list of objects, one a row")
    if not found:
        raise InvalidValue(f"{opened.name} is empty: an empty list; give a list of objects, one a row")
    return columns_of(found)


def parsed_json(text: str, name: str) -> Any:
    """Read a text as JSON; InvalidValue where it is none, is nested too deep, or has an object with a key twice."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError:
        raise InvalidValue(f"{name} is nested too deep; give a list of objects, one a row") from None
    except ValueError as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise InvalidValue(f"{name}{where}: this is not JSON: {one_line(said)}") from None


def columns_of(rows: Sequence[Mapping[Any, object]]) -> tuple[list[object], list[list[object]]]:
    """Turn rows that are mappings into the names of their columns, in the order of arrival, and the columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return names, [[row.get(name) for row in rows] for name in names]


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object of its keys and values; what is said twice would otherwise be lost unseen."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {short_repr(next(name for name in names if names.count(name) > 1))} stands twice")
    return made


def _sheet_bytes(opened: Opened) -> bytes:
    content = opened.file.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise InvalidValue(f"{opened.name} holds more than {LARGEST_TEXT // 10**6} MB; save it as CSV")
    return content

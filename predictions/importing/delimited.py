"""Read text files with a delimiter: find encoding, delimiter and header, and read rows with their line numbers."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Sequence
from contextlib import suppress
from io import StringIO, TextIOWrapper
from itertools import islice
from typing import IO, Any, NamedTuple

from predictions.errors import InvalidValue
from predictions.importing.headers import Columns, Places
from predictions.importing.sources import SAMPLE, Opened
from predictions.importing.tables import PIECE, How, Piece, is_comment
from predictions.numerals import counted
from predictions.storage.rows import collector_paused
from predictions.text_files import encoding_of

DELIMITERS = (",", ";", "\t", "|")
FIELD_MISSING = "an empty cell has its delimiter too"
FIELD_TOO_MANY = "a cell that holds the delimiter stands in double quotes"
PREAMBLE = 20  # lines that may come above a header, at most
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE | re.DOTALL)
_LINE_END = re.compile("\r\n|\r|\n")


class Form(NamedTuple):
    """How a text file is laid out."""

    encoding: str
    delimiter: str
    skipped: int  # lines above the header


def read_delimited(opened: Opened, columns: Columns, how: How) -> Generator[Piece, None, None]:
    """Yield the rows of a text file, PIECE at a time, without empty rows and comments (rows that begin with ``#``).

    Raises InvalidValue if no header is recognised, if it is not CSV, or if its encoding is wrong.
    """
    file, name = opened.file, opened.name
    form = find_form(file, name, columns, how, ending=opened.ending)
    text = TextIOWrapper(file, encoding=form.encoding, newline="")  # detached below: the caller closes the file
    try:
        reader = _reader(text, form)
        header: list[str] = next(reader, [])
        index_of = columns.places(header, name)
        number, line = 1, form.skipped + reader.line_num + 1
        while True:
            with collector_paused():  # many short lists would trigger the garbage collector again and again
                rows = list(islice(reader, PIECE))
            if not rows:
                break
            next_line = form.skipped + reader.line_num + 1
            row_lines = line_numbers(rows, line, next_line)
            skipped = [row[0] for row in rows if row and is_comment(row[0])]
            if skipped or not all(map(any, rows)):
                row_lines = [line for line, row in zip(row_lines, rows, strict=True) if _holds_something(row)]
                rows = [row for row in rows if _holds_something(row)]
            if rows or skipped:  # a piece of comments alone still tells of them
                piece = _piece(rows, columns, index_of, number, len(header))
                yield piece._replace(file=name, lines=row_lines, skipped=skipped)
            number, line = number + len(rows), next_line
        index_of.refuse_faults()
    except csv.Error as error:
        where = f"{name}, in the row that begins on line {_broken_row(file, form)}"
        raise InvalidValue(f"{where}: this is not CSV: {error}; is a quote left open?") from None
    except UnicodeError:
        raise InvalidValue(_undecodable(file, name, form)) from None
    except OSError as error:
        raise InvalidValue(f"{name!r} cannot be read: {error.strerror or error}") from None
    finally:
        text.detach()


def _piece(rows: list[list[str]], columns: Columns, index_of: Places, number: int, width: int) -> Piece:
    """Return rows as a piece of the columns that are looked for; *number* is the first row's."""
    uneven = _make_even(rows, width, index_of.named)
    chosen = {column: [row[index] for row in rows] for column, index in index_of.items()}
    piece = columns.piece(chosen, len(rows), number)
    return piece._replace(uneven=uneven, spelled=index_of.spelled, left=index_of.left_of(rows))


def _holds_something(row: Sequence[str]) -> bool:
    """Tell whether a row is neither empty nor a comment."""
    return any(row) and not is_comment(row[0])


def find_form(file: IO[bytes], name: str, columns: Columns, how: How, *, ending: str) -> Form:
    """Find how a file is laid out from its first lines, and go back to its beginning.

    The delimiter is given by *how*, or by a first line ``sep=;``; else it is the one by which most columns are
    recognised in the header. Raises InvalidValue if the header is on a later line, or no column is recognised.
    """
    start = file.read(SAMPLE)
    file.seek(0)
    encoding = encoding_of(start, name)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    lines = text.splitlines(keepends=True)[: how.skip_lines + PREAMBLE + 1]
    skipped = min(how.skip_lines, len(lines))
    candidates: Sequence[str] = DELIMITERS if ending != ".tsv" else ("\t", *DELIMITERS)
    if skipped < len(lines) and (match := _SEPARATOR_LINE.fullmatch(lines[skipped].rstrip("\r\n") or lines[skipped])):
        skipped, candidates = skipped + 1, match[1]
    candidates = how.delimiter or candidates
    while skipped < len(lines) and _comments(lines[skipped], columns, candidates):
        skipped += 1
    headers = {delimiter: _header("".join(lines[skipped:]), delimiter) for delimiter in candidates}
    delimiter = max(headers, key=lambda sign: (len(columns.recognised(headers[sign])), len(headers[sign])))
    if columns.missing(headers[delimiter]):  # find out why, and say what to do
        for number, line in enumerate(lines[skipped + 1 :], skipped + 1):
            if any(columns.missing(_header(line, delimiter)) is None for delimiter in candidates):
                raise InvalidValue(f"the header of {name} stands on line {number + 1}; say skip_lines={number}")
        if columns.foreign and (message := columns.foreign(headers[delimiter])):
            raise InvalidValue(message)
        if not any(headers.values()) and "".join(lines[skipped:]).strip():
            return Form(encoding, delimiter, skipped)  # it is not CSV, which the reader of its rows reports
        later_rows = [_header(line, delimiter) for line in lines[skipped:] for delimiter in candidates]
        most_recognised = max([headers[delimiter], *later_rows], key=lambda header: len(columns.recognised(header)))
        header_meant = next(filter(columns.meant_otherwise, later_rows), most_recognised)
        places = columns.places(header_meant, name, _other_form(header_meant, columns))
        if header_meant != headers[delimiter]:
            places.refuse_faults()
    return Form(encoding, delimiter, skipped)


def _other_form(header: Sequence[str], columns: Columns) -> str:
    """Return advice for a header of one name: another delimiter, or another line."""
    if len(names := list(filter(str.strip, header))) != 1:
        return ""
    candidates = (sign for sign in dict.fromkeys(names[0]) if not sign.isalnum() and sign not in '"_-')
    delimiter = next((sign for sign in candidates if columns.missing(names[0].split(sign)) is None), None)
    return f"; or say delimiter={delimiter!r}" if delimiter else "; or say delimiter=, or skip_lines="


def _comments(line: str, columns: Columns, delimiters: Sequence[str]) -> bool:
    """Tell whether a line above the header is a comment; a header may begin with ``#`` as well."""
    return is_comment(line.lstrip('"')) and all(columns.missing(_header(line, sign)) for sign in delimiters)


def _header(text: str, delimiter: str) -> list[str]:
    """Return the first row of a text; empty if it is not CSV."""
    with suppress(csv.Error):
        return next(csv.reader(StringIO(text, newline=""), strict=True, delimiter=delimiter), [])
    return []


def _reader(text: TextIOWrapper, form: Form) -> Any:
    """Return the reader of a text's rows, from the header on."""
    for _ in range(form.skipped):
        text.readline()
    return csv.reader(text, strict=True, delimiter=form.delimiter)


def line_numbers(rows: Sequence[Sequence[str]], line: int, next_line: int) -> Sequence[int]:
    """Return the line on which each row begins; a row has several if a quoted field has line ends."""
    if next_line - line == len(rows):
        return range(line, next_line)
    row_lines = []
    for row in rows:
        row_lines.append(line)
        line += 1 + sum(len(_LINE_END.findall(field)) for field in row)
    return row_lines


def _make_even(rows: list[list[str]], width: int, named: int) -> dict[int, str]:
    """Cut or fill rows to the width of the header; return by place what is wrong with those of another width."""
    uneven = {}
    if set(map(len, rows)) - {width}:
        for index, row in enumerate(rows):
            if len(row) < named or any(row[width:]):
                fix = FIELD_MISSING if len(row) < named else FIELD_TOO_MANY
                uneven[index] = f"it has {counted(len(row), 'field')}, the header {width}; {fix}"
            rows[index] = (row + [""] * width)[:width]
    return uneven


def _broken_row(file: IO[bytes], form: Form) -> int:
    """Return the line of the first row that cannot be read; only called after a failure, as it reads the file again."""
    file.seek(0)
    text = TextIOWrapper(file, encoding=form.encoding, errors="replace", newline="")
    reader = _reader(text, form)
    line = 1
    with suppress(csv.Error):
        for _ in reader:
            line = reader.line_num + 1
    text.detach()
    return line + form.skipped


def _undecodable(file: IO[bytes], name: str, form: Form) -> str:
    """Return which line is not in the encoding that the file's mark, or its lack of one, promises."""
    if not form.encoding.startswith("utf-8"):
        return f"{name} is marked as {form.encoding.upper()} and is not; save it as UTF-8"
    file.seek(0)
    lines_read = 0
    with suppress(UnicodeDecodeError):
        for line in file:
            lines_read += bool(line.decode())
    return (
        f"{name}, line {lines_read + 1}: this is not UTF-8; save it as UTF-8 (in Excel: CSV UTF-8), or convert it, "
        "from Western Windows by `iconv -f cp1252 -t utf-8`"
    )

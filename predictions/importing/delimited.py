"""Text files with a delimiter: their encoding, delimiter and header are found, their rows read with their lines."""

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
PREAMBLE = 20  # lines that may stand above a header, at most
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE | re.DOTALL)
_LINE_END = re.compile("\r\n|\r|\n")


class Form(NamedTuple):
    """How a text file is laid out."""

    encoding: str
    delimiter: str
    skipped: int  # lines above the header


def read_delimited(opened: Opened, columns: Columns, how: How) -> Generator[Piece, None, None]:
    """Read the rows of a text file, PIECE at a time; empty rows, and those that begin with ``#``, are none.

    Raises InvalidValue for one without a header that is recognised, that is no CSV, or in another encoding.
    """
    file, name = opened.file, opened.name
    form = find_form(file, name, columns, how, ending=opened.ending)
    text = TextIOWrapper(file, encoding=form.encoding, newline="")  # detached at the end: the file is the caller's
    try:
        reader = _reader(text, form)
        header: list[str] = next(reader, [])
        index_of = columns.places(header, name)
        number, line = 1, form.skipped + reader.line_num + 1
        while True:
            with collector_paused():  # the next rows are many short lists
                rows = list(islice(reader, PIECE))
            if not rows:
                break
            next_line = form.skipped + reader.line_num + 1
            begins = line_numbers(rows, line, next_line)
            skipped = [row[0] for row in rows if row and is_comment(row[0])]
            if skipped or not all(map(any, rows)):
                begins = [line for line, row in zip(begins, rows, strict=True) if _holds_something(row)]
                rows = [row for row in rows if _holds_something(row)]
            if rows or skipped:  # a piece of comments alone still tells of them
                piece = _piece(rows, columns, index_of, number, len(header))
                yield piece._replace(file=name, lines=begins, skipped=skipped)
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
    """Lay rows out as the columns that are looked for; *number* is that of the first row."""
    uneven = _make_even(rows, width, index_of.named)
    chosen = {column: [row[index] for row in rows] for column, index in index_of.items()}
    piece = columns.piece(chosen, len(rows), number)
    return piece._replace(uneven=uneven, spelled=index_of.spelled, left=index_of.left_of(rows))


def _holds_something(row: Sequence[str]) -> bool:
    return any(row) and not is_comment(row[0])


def find_form(file: IO[bytes], name: str, columns: Columns, how: How, *, ending: str) -> Form:
    """Find how a file is laid out from its first lines; the file is left at its beginning.

    The delimiter is the one under which most columns are recognised in the header, unless *how* or a first line
    ``sep=;`` says it. Raises InvalidValue where the header stands on a later line, or no column is recognised.
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
    best = max(headers, key=lambda sign: (len(columns.recognised(headers[sign])), len(headers[sign])))
    if columns.missing(headers[best]):
        for place, line in enumerate(lines[skipped + 1 :], skipped + 1):
            if any(columns.missing(_header(line, delimiter)) is None for delimiter in candidates):
                raise InvalidValue(f"the header of {name} stands on line {place + 1}; say skip_lines={place}")
        if columns.foreign and (told := columns.foreign(headers[best])):
            raise InvalidValue(told)
        if not any(headers.values()) and "".join(lines[skipped:]).strip():
            return Form(encoding, best, skipped)  # no CSV, as whoever reads it will say
        below = [_header(line, delimiter) for line in lines[skipped:] for delimiter in candidates]
        likest = max([headers[best], *below], key=lambda header: len(columns.recognised(header)))
        meant = next(filter(columns.meant_otherwise, below), likest)
        places = columns.places(meant, name, _other_form(meant, columns))
        if meant != headers[best]:
            places.refuse_faults()
    return Form(encoding, best, skipped)


def _other_form(header: Sequence[str], columns: Columns) -> str:
    """Say how a header of one name may be meant: something else separates its fields, or it stands further down."""
    if len(names := list(filter(str.strip, header))) != 1:
        return ""
    signs = (sign for sign in dict.fromkeys(names[0]) if not sign.isalnum() and sign not in '"_-')
    delimiter = next((sign for sign in signs if columns.missing(names[0].split(sign)) is None), None)
    return f"; or say delimiter={delimiter!r}" if delimiter else "; or say delimiter=, or skip_lines="


def _comments(line: str, columns: Columns, delimiters: Sequence[str]) -> bool:
    """Tell whether a line above the header is a comment; a header may begin with ``#`` too, as the name of a column."""
    return is_comment(line.lstrip('"')) and all(columns.missing(_header(line, sign)) for sign in delimiters)


def _header(text: str, delimiter: str) -> list[str]:
    with suppress(csv.Error):
        return next(csv.reader(StringIO(text, newline=""), strict=True, delimiter=delimiter), [])
    return []


def _reader(text: TextIOWrapper, form: Form) -> Any:
    """Read the rows of a text from its header on."""
    for _ in range(form.skipped):
        text.readline()
    return csv.reader(text, strict=True, delimiter=form.delimiter)


def line_numbers(rows: Sequence[Sequence[str]], line: int, next_line: int) -> Sequence[int]:
    """Return the line each row begins on; a row is one line unless a quoted field goes over several."""
    if next_line - line == len(rows):
        return range(line, next_line)
    begins = []
    for row in rows:
        begins.append(line)
        line += 1 + sum(len(_LINE_END.findall(field)) for field in row)
    return begins


def _make_even(rows: list[list[str]], width: int, named: int) -> dict[int, str]:
    """Cut or fill rows to the width of the header, and return why those are bad that end before its last name."""
    uneven = {}
    if set(map(len, rows)) - {width}:
        for index, row in enumerate(rows):
            if len(row) < named or any(row[width:]):
                way = FIELD_MISSING if len(row) < named else FIELD_TOO_MANY
                uneven[index] = f"it has {counted(len(row), 'field')}, the header {width}; {way}"
            rows[index] = (row + [""] * width)[:width]
    return uneven


def _broken_row(file: IO[bytes], form: Form) -> int:
    """Find the line on which the first row begins that cannot be read; rows are counted in a second pass only."""
    file.seek(0)
    text = TextIOWrapper(file, encoding=form.encoding, errors="replace", newline="")
    reader = _reader(text, form)
    begins = 1
    with suppress(csv.Error):
        for _ in reader:
            begins = reader.line_num + 1
    text.detach()
    return begins + form.skipped


def _undecodable(file: IO[bytes], name: str, form: Form) -> str:
    """Say which line is not what the file's mark, or its lack of one, says."""
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

"""Open what an import reads: a regular file or standard input, hashed, its kind known by its first bytes."""

from __future__ import annotations

import os
import shutil
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import file_digest
from tempfile import TemporaryFile
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile

from predictions.errors import InvalidValue, one_line
from predictions.importing.broken_cells import WORKBOOK
from predictions.storage.files import path_of
from predictions.text_files import IRREGULAR, open_regular

SAMPLE = 65_536  # bytes that show what a file is
STANDARD_INPUT = ("-", "/dev/stdin")
ENDINGS = (".csv", ".tsv", ".xlsx", ".json", ".md", ".parquet")
PARQUET = b"PAR1"
ARCHIVE = b"PK\x03\x04"
LARGEST_UNPACKED = 500_000_000  # bytes of a spreadsheet once it is unpacked
NO_TABLES = {
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save its sheet as CSV",
    b"\x1f\x8b": "compressed; unpack it first",
    b"\x28\xb5\x2f\xfd": "compressed; unpack it first",
    b"SQLite format 3": "a database; give its rows, or a CSV of them",
    b"ARROW1": "an Arrow file; give the table, or save it as Parquet",
}


class Opened(NamedTuple):
    """An open file, at its beginning."""

    file: IO[bytes]
    name: str  # in messages and in the record of the import
    ending: str  # of the name; for a table one of ENDINGS, for standard input by its content
    sha256: str  # of its bytes, in hexadecimal


@contextmanager
def open_table(source: str | os.PathLike[str]) -> Iterator[Opened]:
    """Open a table as :func:`open_file` does, and find out its kind; InvalidValue if it is not a table."""
    with open_file(source) as opened:
        start = opened.file.read(SAMPLE)
        opened.file.seek(0)
        _check_not_empty(opened.name, start)
        ending = _ending(opened.name, opened.ending, start, opened.file)
        opened.file.seek(0)
        yield opened._replace(ending=ending)


@contextmanager
def open_file(source: str | os.PathLike[str]) -> Iterator[Opened]:
    """Open a file once, to be hashed and then read; standard input is copied to a temporary file first.

    Raises InvalidValue if it is not a regular file, cannot be read, or changes while it is read.
    """
    is_standard_input = os.fspath(source) in STANDARD_INPUT
    path = path_of(source)
    name = "standard input" if is_standard_input else path.name
    with ExitStack() as opened:
        try:
            file = opened.enter_context(_standard_input() if is_standard_input else open_regular(path))
            state = _state(file)
            digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a temporary file has readinto
            file.seek(0)
        except OSError as error:
            said = os.fspath(source) if _is_link(source) else str(path)
            raise InvalidValue(f"{said!r} {_unopened(source, error)}") from None
        yield Opened(file, name, "" if is_standard_input else path.suffix.lower(), digest)
        if _state(file) != state:
            raise InvalidValue(f"{name} was changed while it was read; import it again")


def _is_link(source: str | os.PathLike[str]) -> bool:
    return os.fspath(source).startswith(("http://", "https://"))


def _unopened(source: str | os.PathLike[str], error: OSError) -> str:
    """Return why a file cannot be opened."""
    if error.strerror == IRREGULAR:
        return "is not a regular file; give a file, or - for standard input"
    if _is_link(source):
        return "is a link, and nothing is fetched; save what it leads to, and give that file"
    return f"cannot be read: {error.strerror or error}"


def _standard_input() -> IO[bytes]:
    """Return a temporary file with standard input: a pipe can be read only once, to be hashed or to be read."""
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise InvalidValue("there is no standard input here; give the path of a file")
    file = TemporaryFile()  # noqa: SIM115  closed by the caller
    try:
        shutil.copyfileobj(stream, file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _state(file: IO[bytes]) -> tuple[int, int]:
    """Return size and time of a file, which change when it is written."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _check_not_empty(name: str, start: bytes) -> None:
    """Refuse a file that is empty, has only blank lines, or only a byte-order mark."""
    mark = next((mark for mark in (BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE) if start.startswith(mark)), b"")
    if len(start) == SAMPLE or start.removeprefix(mark).strip(b"\0 \t\r\n"):  # a longer file is not empty
        return
    reason = "all its lines are blank" if len(start) > len(mark) else "it holds a byte-order mark alone"
    raise InvalidValue(f"{name} is empty{f': {reason}' if start else ''}; its first row names the columns")


def _ending(name: str, ending: str, start: bytes, file: IO[bytes]) -> str:
    """Return the kind of a file as an ending, by its first bytes rather than by its name.

    Standard input has no *ending* of its own. Raises InvalidValue for a file that is not a table.
    """
    if start.startswith(PARQUET):
        return ".parquet"
    if start.startswith(ARCHIVE):
        _check_spreadsheet(name, file)
        return ".xlsx"
    for magic, kind in NO_TABLES.items():
        if start.startswith(magic):
            raise InvalidValue(f"{name!r} is {kind}")
    if not ending:  # standard input
        return ".json" if start.removeprefix(BOM_UTF8).lstrip()[:1] in {b"[", b"{"} else ".csv"
    if ending == ".xlsx":
        raise InvalidValue(f"{name!r} is no spreadsheet, whatever its name says; save it as one, or as CSV")
    if ending not in ENDINGS:
        raise InvalidValue(f"{name!r} is neither {', '.join(ENDINGS[:-1])} nor {ENDINGS[-1]}; save it as one of them")
    return ending


def _check_spreadsheet(name: str, file: IO[bytes]) -> None:
    """Refuse an archive that is not a spreadsheet, or would take too much memory."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InvalidValue(f"{name!r} is a damaged archive or spreadsheet: {one_line(error)}") from None
    names = {part.filename for part in parts}
    if {"mimetype", "content.xml"} <= names:
        raise InvalidValue(f"{name!r} is an OpenDocument file; save its sheet as .xlsx, or as CSV")
    if WORKBOOK not in names:
        raise InvalidValue(f"{name!r} is an archive and no spreadsheet; unpack it first")
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise InvalidValue(f"{name!r} holds more than {LARGEST_UNPACKED // 10**6} MB; save its sheet as CSV")

"""The files of one run: read once and hashed, their rows and objects numbered, what cannot be read noted and told."""

from __future__ import annotations

import csv
import lzma
import struct
import zlib
from codecs import BOM_UTF8, BOM_UTF16
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO, StringIO
from operator import itemgetter
from os import PathLike
from string import whitespace
from typing import Any
from zipfile import BadZipFile, ZipFile

from predictions.errors import InvalidValue, one_line, short_repr
from predictions.exchange.platforms.export_row import LAST_MOMENT, ExportRow
from predictions.exchange.questions import RowFault
from predictions.importing.delimited import line_numbers
from predictions.importing.refusals import WHOLE_ROW, Refusals, RowsRefused
from predictions.importing.sheets import parsed_json
from predictions.importing.sources import ARCHIVE, NO_TABLES, open_file
from predictions.importing.tables import Piece
from predictions.text_files import decoded

ID = "id"  # the field by which most platforms know an object
FILES_NAMED = 3  # files of a run that are named, where there are many
FILE_NAME_LETTERS = 100  # characters of each name, at most
ENCRYPTED = 1  # the flag of such a part of a zip
BEGINNING = 20_000  # bytes of a file that are looked at, to know what it is
MARKS_AND_BLANKS = BOM_UTF8 + BOM_UTF16 + whitespace.encode()
LARGEST = 500_000_000  # bytes of a file, and of what an archive holds once it is unpacked
DAMAGED = (  # what unpacking raises where a zip is damaged, locked, or packed in a way that is not known
    BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip


class DumpFile:
    """One file of a run, or one member of an archive.

    Attributes:
        name: How messages call it.
        content: Its bytes.
        latest: What was made or known when it was written is not after it.
        refusals: What in it cannot be read.
    """

    def __init__(
        self, name: str, content: bytes, begun: list[str] | None = None, latest: datetime = LAST_MOMENT
    ) -> None:
        """Hold a file that was written at the *latest* then; its name is added to *begun* whenever its text is read."""
        self.name, self.content, self.latest = name, content, latest
        self._begun: list[str] = [] if begun is None else begun
        self.refusals = Refusals(None)
        self._members: dict[str, DumpFile] = {}

    @property
    def is_archive(self) -> bool:
        """Whether it is a zip."""
        return self.content.startswith(ARCHIVE)

    @property
    def is_json(self) -> bool:
        """Whether it begins as JSON does."""
        return self.beginning[:1] in {b"{", b"["}

    @property
    def beginning(self) -> bytes:
        """The first of its bytes, without the marks and zeros of UTF-16, and without what is blank."""
        return self.content[:BEGINNING].replace(b"\0", b"").lstrip(MARKS_AND_BLANKS)

    def members(self) -> dict[str, DumpFile]:
        """Unpack a zip; InvalidValue where it is damaged, locked, or too large."""
        if not self._members:
            try:
                self._members = self._unpacked()
            except InvalidValue:
                raise
            except DAMAGED as error:
                raise InvalidValue(f"{self.name} cannot be unpacked: {one_line(error)}") from None
        return self._members

    def _unpacked(self) -> dict[str, DumpFile]:
        with ZipFile(BytesIO(self.content)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            if sum(part.file_size for part in parts) > LARGEST:
                raise InvalidValue(f"{self.name} holds more than {LARGEST // 10**6} MB")
            if any(part.flag_bits & ENCRYPTED for part in parts):
                raise InvalidValue(f"{self.name} is locked with a password; unpack it, and give a zip without one")
            if len({part.filename for part in parts}) < len(parts):
                raise InvalidValue(f"{self.name} holds two files of one name; give the zip as it came")
            return {
                part.filename: DumpFile(part.filename, archive.read(part), self._begun, self.latest) for part in parts
            }

    @property
    def rows_read(self) -> int:
        """How many rows and objects were read of it, and of its members."""
        return sum(file.refusals.rows for file in (self, *self._members.values()))

    def refused(self) -> list[Refusals]:
        """Return what cannot be read in it, and in its members."""
        return [file.refusals for file in (self, *self._members.values()) if file.refusals.are_refused]

    def _text(self) -> str:
        """Read the file as text; InvalidValue if it is compressed, or no text."""
        self._begun.append(self.name)
        compressed = {ARCHIVE: "an archive; unpack it first", **NO_TABLES}
        for magic, what in compressed.items():
            if self.content.startswith(magic):
                raise InvalidValue(f"{self.name} is {what}")
        return decoded(self.content, self.name)

    def json(self) -> Any:  # whatever JSON holds
        """Read it as JSON; InvalidValue names the line that is none."""
        return parsed_json(self._text(), self.name)

    def objects(self, *keys: str, known_by: Sequence[str] = (ID,)) -> list[ExportRow]:
        """Return the objects of a JSON list, numbered: the whole file, or what it holds under one of some keys.

        An object that is none of these is a list of one. InvalidValue where there is no such list.
        """
        found = self.json()
        if isinstance(found, dict):
            found = next((found[key] for key in keys if key in found), [found])
        if not isinstance(found, list) or (found and not any(isinstance(one, dict) for one in found)):
            raise InvalidValue(f"{self.name} holds no list of objects; is it the export as it came?")
        return self.numbered(found, known_by)

    def numbered(self, listed: Sequence[object], known_by: Sequence[str] = (ID,)) -> list[ExportRow]:
        """Number the objects of a list from the file's JSON; what is none is refused.

        Args:
            listed: The list.
            known_by: The fields that say which object it is.
        """
        self.refusals.learn(Piece({}, len(listed), 1, self.name))
        numbered = []
        for number, one in enumerate(listed, 1):
            if isinstance(one, dict):
                numbered.append(self._row(number, one, known_by))
            else:
                self.refusals.add(number, WHOLE_ROW, None, f"{short_repr(one)} is no object", [one])
        return numbered

    def _row(self, number: int, fields: Mapping[str, Any], known_by: Sequence[str]) -> ExportRow:
        told = [fields[name] for name in known_by if isinstance(fields.get(name), (str, int))]
        return ExportRow(number, fields, self.refusals, known_by=told, latest=self.latest)

    def rows(self, *needed: str) -> Iterator[ExportRow]:
        """Yield the rows of a CSV file below its header, by column; of an empty file none.

        Raises InvalidValue where it is no CSV, or lacks a column that is needed.
        """
        header, numbers, rows = self._below_header(needed)
        for number, cells in zip(numbers, rows, strict=True):
            yield self._row(number, dict(zip(header, cells, strict=True)), (ID,))

    def columns(
        self, needed: Sequence[str], perhaps: Sequence[str] = (), *, lacking: int = 0
    ) -> tuple[Sequence[int], list[Sequence[str]]]:
        """Return the numbers of the rows, and what stands in some columns: quicker than :meth:`rows`, for long files.

        Args:
            needed: Columns that the header must have.
            perhaps: Columns that it may have; else nothing stands there.
            lacking: How many cells a row may lack at its end.
        """
        header, numbers, rows = self._below_header(needed, lacking)
        places = {name: place for place, name in enumerate(header)}
        return numbers, [_at_place(rows, places.get(name), len(header) - lacking) for name in (*needed, *perhaps)]

    def _below_header(
        self, needed: Sequence[str], lacking: int = 0
    ) -> tuple[list[str], Sequence[int], list[list[str]]]:  # fmt: skip
        """Return the header, and the rows below it that are as wide, with their numbers; the others are refused."""
        reader = csv.reader(StringIO(self._text(), newline=""), strict=True)
        try:
            header = next((cells for cells in reader if any(map(str.strip, cells))), [])
            self._check_header(header, needed)
            line, rows = reader.line_num + 1, list(reader)
        except csv.Error as error:
            where = f"{self.name}, in the row that ends on line {reader.line_num}"
            raise InvalidValue(f"{where}: this is not CSV: {error}; is a quote left open?") from None
        begins = line_numbers(rows, line, reader.line_num + 1)
        if not all(map(any, rows)):
            begins = [line for line, cells in zip(begins, rows, strict=True) if any(cells)]
            rows = [cells for cells in rows if any(cells)]
        self.refusals.learn(Piece({}, len(rows), 1, self.name, begins))
        numbers, widths = range(1, len(rows) + 1), range(len(header) - lacking, len(header) + 1)
        if set(map(len, rows)) <= set(widths):
            return header, numbers, rows
        for number, cells in zip(numbers, rows, strict=True):
            if len(cells) not in widths:
                row = ExportRow(number, dict(zip(header, cells, strict=False)), self.refusals)
                row.refuse(RowFault(WHOLE_ROW, f"it has {len(cells)} fields, the header {len(header)}"))
        kept = [number for number, cells in zip(numbers, rows, strict=True) if len(cells) in widths]
        return header, kept, [rows[number - 1] for number in kept]

    def _check_header(self, header: Sequence[str], needed: Sequence[str]) -> None:
        lacking = [name for name in needed if name not in header]
        if header and lacking:
            raise InvalidValue(f"{self.name} has no column {short_repr(lacking[0])}; is it the export as it came?")
        if len(set(header)) < len(header):
            twice = next(name for name in header if header.count(name) > 1)
            raise InvalidValue(f"{self.name} has the column {short_repr(twice)} twice")


class Dump:
    """The files of one run, in the order in which they were given.

    Attributes:
        files: Each of them.
        name: How they are called.
        sha256: Of their bytes, one file after the other, in hexadecimal.
        refusals: What cannot be recorded, though each file can be read; of a single file its own, except for a zip.
        begun: The names of the files whose text was read, the one that is being read last.
    """

    def __init__(self, sources: Sequence[object], latest: datetime = LAST_MOMENT) -> None:
        """Read files that were written at the *latest* then; InvalidValue for what is no file, or too large."""
        self.begun: list[str] = []
        self.files = [_file_of(source, self.begun, latest) for source in sources]
        self.name = _file_names([file.name for file in self.files])
        self.sha256 = sha256(b"".join(file.content for file in self.files)).hexdigest()
        alone = len(self.files) == 1 and not self.files[0].is_archive
        self.refusals = self.files[0].refusals if alone else Refusals(None)
        self._spelled: Mapping[str, str] = {}

    @property
    def rows(self) -> int:
        """How many rows and objects were read."""
        return sum(file.rows_read for file in self.files)

    def refuse(self) -> None:
        """Raise RowsRefused where something in the files cannot be read, in whichever of them."""
        if refused := [of_file for file in self.files for of_file in file.refused()]:
            raise RowsRefused(*refused)
        if self.refusals is not self.files[0].refusals:
            self.refusals.learn(Piece({}, self.rows, 1, self.name, spelled=self._spelled))
        self.refusals.refuse()

    def spell(self, columns: Mapping[str, str]) -> None:
        """Say what the files call the columns of what cannot be recorded, once their rows are read."""
        self._spelled = columns
        self.refusals.learn(Piece({}, 0, 1, spelled=columns))


def _at_place(rows: Sequence[list[str]], place: int | None, width: int) -> Sequence[str]:
    """Return what stands at a place of each row, if only behind the *width* that all of them have."""
    if place is None:
        return [""] * len(rows)
    if place < width:
        return list(map(itemgetter(place), rows))
    return [cells[place] if place < len(cells) else "" for cells in rows]


def _file_of(source: object, begun: list[str], latest: datetime) -> DumpFile:
    if not isinstance(source, (str, PathLike)):
        raise InvalidValue(f"{short_repr(source)} is no file; give the path of what the platform exported")
    with open_file(source) as opened:
        content = opened.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InvalidValue(f"{opened.name} holds more than {LARGEST // 10**6} MB")
    return DumpFile(opened.name, content, begun, latest)


def _file_names(names: Sequence[str]) -> str:
    """Name the files of a run; of many only some, and cut, because a run is recorded with them in one line."""
    if len(names) == 1:
        return names[0]
    cut = [name if len(name) <= FILE_NAME_LETTERS else f"{name[: FILE_NAME_LETTERS - 3]}..." for name in names]
    if len(names) <= FILES_NAMED + 1:
        return ", ".join(cut)
    return f"{', '.join(cut[:FILES_NAMED])} and {len(names) - FILES_NAMED:,} more"

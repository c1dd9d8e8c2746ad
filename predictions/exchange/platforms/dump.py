"""The files of a platform's export: read once and hashed, rows and objects numbered, faults noted and reported."""

from __future__ import annotations

import lzma
import struct
import zlib
from codecs import BOM_UTF8, BOM_UTF16
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from os import PathLike
from string import whitespace
from typing import Any
from zipfile import BadZipFile, ZipFile

from predictions.errors import InvalidValue, one_line, short_repr
from predictions.exchange.platforms.csv_pieces import CsvPieces
from predictions.exchange.platforms.export_row import LAST_MOMENT, ExportRow
from predictions.importing.refusals import WHOLE_ROW, Refusals, RowsRefused
from predictions.importing.sheets import parsed_json
from predictions.importing.sources import ARCHIVE, NO_TABLES, open_file
from predictions.importing.tables import Piece
from predictions.text_files import decoded

ID = "id"  # the field by which most platforms identify an object
FILES_NAMED = 3  # files of a run that are named if there are many
FILE_NAME_LETTERS = 100  # characters of each name, at most
ENCRYPTED = 1  # flag of an encrypted part of a zip
BEGINNING = 20_000  # bytes of a file that are searched for signs of what it is
MARKS_AND_BLANKS = BOM_UTF8 + BOM_UTF16 + whitespace.encode()
FIRST_YEAR_OF_ZIPS = 1980  # the date of a member without one
LARGEST = 500_000_000  # bytes of a file, and of an archive's content
DAMAGED = (  # errors of unpacking a zip that is damaged, locked, or packed in an unknown way
    BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip


class DumpFile:
    """One file of a run, or one member of an archive.

    Attributes:
        name: Its name in messages.
        content: Its bytes.
        latest: The moment up to which something in it can have happened.
        written_by: The moment by which it was written, as the zip around it says; *latest* if nothing says it.
        refusals: What in it cannot be read.
    """

    def __init__(
        self, name: str, content: bytes, begun: list[str] | None = None, latest: datetime = LAST_MOMENT,
        written_by: datetime | None = None,
    ) -> None:  # fmt: skip
        """Hold a file written at *latest* at the latest; its name is added to *begun* when its text is read."""
        self.name, self.content, self.latest = name, content, latest
        self.written_by = min(written_by or latest, latest)
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
        """Its first bytes, without white space and byte-order marks in front, and without the zeros of UTF-16."""
        return self.content[:BEGINNING].replace(b"\0", b"").lstrip(MARKS_AND_BLANKS)

    def members(self) -> dict[str, DumpFile]:
        """Return the files in a zip, by name; InvalidValue if it is damaged, locked, or too large."""
        if not self._members:
            try:
                self._members = self._unpacked()
            except InvalidValue:
                raise
            except DAMAGED as error:
                raise InvalidValue(f"{self.name} cannot be unpacked: {one_line(error)}") from None
        return self._members

    def _unpacked(self) -> dict[str, DumpFile]:
        """Unpack the zip; several kinds of damage raise their own errors."""
        with ZipFile(BytesIO(self.content)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            if sum(part.file_size for part in parts) > LARGEST:
                raise InvalidValue(f"{self.name} holds more than {LARGEST // 10**6} MB")
            if any(part.flag_bits & ENCRYPTED for part in parts):
                raise InvalidValue(f"{self.name} is locked with a password; unpack it, and give a zip without one")
            if len({part.filename for part in parts}) < len(parts):
                raise InvalidValue(f"{self.name} holds two files of one name; give the zip as it came")
            return {
                part.filename: DumpFile(
                    part.filename, archive.read(part), self._begun, self.latest, _written_by(part.date_time)
                )
                for part in parts
            }

    @property
    def rows_read(self) -> int:
        """How many rows and objects were read from it and its members."""
        return sum(file.refusals.rows for file in (self, *self._members.values()))

    def refused(self) -> list[Refusals]:
        """List the refusals of it and its members that are not empty."""
        return [file.refusals for file in (self, *self._members.values()) if file.refusals.are_refused]

    def _text(self) -> str:
        """Return its text; InvalidValue if it is compressed, or not text."""
        self._begin()
        return decoded(self.content, self.name)

    def _begin(self) -> None:
        """Note that its text is read now; InvalidValue if it is compressed."""
        self._begun.append(self.name)
        compressed = {ARCHIVE: "an archive; unpack it first", **NO_TABLES}
        for magic, kind in compressed.items():
            if self.content.startswith(magic):
                raise InvalidValue(f"{self.name} is {kind}")

    def json(self) -> Any:  # whatever JSON holds
        """Return it as JSON; InvalidValue names the line that is not."""
        return parsed_json(self._text(), self.name)

    def objects(self, *keys: str, known_by: Sequence[str] = (ID,)) -> list[ExportRow]:
        """Return the objects of a JSON list, numbered: of the whole file, or under the first of *keys* that it has.

        An object without these keys is a list of one. InvalidValue if there is no list of objects.
        """
        content = self.json()
        if isinstance(content, dict):
            content = next((content[key] for key in keys if key in content), [content])
        if not isinstance(content, list) or (content and not any(isinstance(item, dict) for item in content)):
            raise InvalidValue(f"{self.name} holds no list of objects; is it the export as it came?")
        return self.numbered(content, known_by)

    def numbered(self, listed: Sequence[object], known_by: Sequence[str] = (ID,)) -> list[ExportRow]:
        """Return the objects of a list, numbered; members that are not objects are refused.

        Args:
            listed: The list.
            known_by: The fields by which messages identify an object.
        """
        self.refusals.learn(Piece({}, len(listed), 1, self.name))
        numbered = []
        for number, item in enumerate(listed, 1):
            if isinstance(item, dict):
                numbered.append(self._row(number, item, known_by))
            else:
                self.refusals.add(number, WHOLE_ROW, None, f"{short_repr(item)} is no object", [item])
        return numbered

    def _row(self, number: int, fields: Mapping[str, Any], known_by: Sequence[str]) -> ExportRow:
        """Return one row, with the values by which messages identify it."""
        values = [fields[name] for name in known_by if isinstance(fields.get(name), (str, int))]
        return ExportRow(number, fields, self.refusals, known_by=values, latest=self.latest)

    def rows(self, *needed: str) -> Iterator[ExportRow]:
        """Yield the rows of a CSV file, by column; none of an empty file.

        Raises InvalidValue if it is not CSV, or lacks a needed column.
        """
        pieces = self._pieces(needed)
        known_by = [ID] if ID in pieces.header else ()
        for numbers, rows in pieces:
            for number, cells in zip(numbers, rows, strict=True):
                yield self._row(number, dict(zip(pieces.header, cells, strict=True)), known_by)

    def columns(
        self, needed: Sequence[str], perhaps: Sequence[str] = (), *, lacking: int = 0
    ) -> tuple[list[int], list[list[str]]]:
        """Return row numbers and some columns; for long files this is faster than :meth:`rows`.

        Args:
            needed: Columns that the header must have.
            perhaps: Columns that the header may lack; their cells are then "".
            lacking: How many cells may be missing at the end of a row.
        """
        pieces = self._pieces(needed, lacking)
        place_of = {name: place for place, name in enumerate(pieces.header)}
        places = [place_of.get(name, len(place_of)) for name in (*needed, *perhaps)]
        row_numbers, columns = list[int](), [list[str]() for _ in places]
        for numbers, rows in pieces:
            row_numbers += numbers
            of_piece = [*zip(*rows, strict=True), ("",) * len(rows)]  # the last for columns that the header lacks
            for column, place in zip(columns, places, strict=True):
                column.extend(of_piece[place])
        return row_numbers, columns

    def _pieces(self, needed: Sequence[str], lacking: int = 0) -> CsvPieces:
        """Return the rows of a CSV file; InvalidValue if it is compressed, or as :class:`CsvPieces` raises it."""
        self._begin()
        return CsvPieces(self.content, self.name, self.refusals, needed, lacking=lacking)


class Dump:
    """The files of one run, in the order in which they were given.

    Attributes:
        files: The files.
        name: Their names, for messages.
        sha256: The digest of all their bytes, in hexadecimal.
        refusals: What cannot be recorded though it can be read; for a single file that is no zip, the file's own.
        begun: The names of the files whose text was read, in order; the last one is being read.
    """

    def __init__(self, sources: Sequence[object], latest: datetime = LAST_MOMENT) -> None:
        """Read files written at *latest* at the latest; InvalidValue if one is not a file, or too large."""
        self.begun: list[str] = []
        self.files = [_file_of(source, self.begun, latest) for source in sources]
        self.name = _file_names([file.name for file in self.files])
        self.sha256 = sha256(b"".join(file.content for file in self.files)).hexdigest()
        is_single = len(self.files) == 1 and not self.files[0].is_archive
        self.refusals = self.files[0].refusals if is_single else Refusals(None)
        self._spelled: Mapping[str, str] = {}

    @property
    def rows(self) -> int:
        """How many rows and objects were read."""
        return sum(file.rows_read for file in self.files)

    def refuse(self) -> None:
        """Raise RowsRefused if anything in the files cannot be read or recorded."""
        if refused := [of_file for file in self.files for of_file in file.refused()]:
            raise RowsRefused(*refused)
        if self.refusals is not self.files[0].refusals:
            self.refusals.learn(Piece({}, self.rows, 1, self.name, spelled=self._spelled))
        self.refusals.refuse()

    def spell(self, columns: Mapping[str, str]) -> None:
        """Keep the names of columns in the files, for messages about what cannot be recorded."""
        self._spelled = columns
        self.refusals.learn(Piece({}, 0, 1, spelled=columns))


def _written_by(local: tuple[int, int, int, int, int, int]) -> datetime | None:
    """Return the moment by which a member of a zip was written; None if the zip does not say.

    Its date is told by the clock of some place, so it may be most of a day later in UTC.
    """
    with suppress(ValueError):  # a day that no calendar has
        if local[0] > FIRST_YEAR_OF_ZIPS:
            return datetime(*local, tzinfo=UTC) + timedelta(days=1)
    return None


def _file_of(source: object, begun: list[str], latest: datetime) -> DumpFile:
    """Read one file; InvalidValue if it is not a file, or too large."""
    if not isinstance(source, (str, PathLike)):
        raise InvalidValue(f"{short_repr(source)} is no file; give the path of what the platform exported")
    with open_file(source) as opened:
        content = opened.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InvalidValue(f"{opened.name} holds more than {LARGEST // 10**6} MB")
    return DumpFile(opened.name, content, begun, latest)


def _file_names(names: Sequence[str]) -> str:
    """Return the names of the files in one line; long names are cut, and of many files only some are named."""
    if len(names) == 1:
        return names[0]
    cut = [name if len(name) <= FILE_NAME_LETTERS else f"{name[: FILE_NAME_LETTERS - 3]}..." for name in names]
    if len(names) <= FILES_NAMED + 1:
        return ", ".join(cut)
    return f"{', '.join(cut[:FILES_NAMED])} and {len(names) - FILES_NAMED:,} more"

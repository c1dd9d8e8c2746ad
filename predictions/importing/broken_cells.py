"""Cells of a spreadsheet whose formula has no value, which its reader gives as empty.

It failed, and they show #N/A or #DIV/0!; or the program that wrote the file stored formulas alone.
"""

from __future__ import annotations

import posixpath
import re
from typing import IO, NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import unescape
from zipfile import BadZipFile, ZipFile

WORKBOOK = "xl/workbook.xml"
_ERROR = re.compile(
    rb'<c\b(?=[^>]*\st="e")(?=[^>]*\sr="([A-Z]{1,3})([0-9]{1,7})")[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
# A formula whose value is the empty text has one: its cell is of text, with an empty value.
_NOT_COMPUTED = re.compile(
    rb'<c\b(?=[^>]*\sr="([A-Z]{1,3})([0-9]{1,7})")(?![^>]*\st="e")[^>]*>'
    rb"(?:<f\b[^>]*/>|<f\b[^>]*>([^<]*)</f>)(?:<v\s*/>|<v>\s*</v>)?</c>"
)


class BrokenCell(NamedTuple):
    """Such a cell.

    Attributes:
        shows: What it shows, or its formula.
        where: Which it is: C3.
        fix: Why its row cannot be read, and what to do.
    """

    shows: str
    where: str
    fix: str

    def __str__(self) -> str:
        return self.shows


def broken_cells(file: IO[bytes], sheet: str) -> dict[tuple[int, int], BrokenCell]:
    """Find those of a sheet, by row and column from 0; none where the file does not say which part the sheet is."""
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            content = archive.read(part_of(archive, sheet))
    except (KeyError, ElementTree.ParseError, BadZipFile):
        return {}
    if b"<f" not in content and b' t="e"' not in content:  # as in most, however large
        return {}
    broken = {}
    for letters, line, shows in _ERROR.findall(content):
        where, shown = (letters + line).decode(), shows.decode()
        fix = f"cell {where} shows {shown}; mend its formula, or empty it"
        broken[int(line) - 1, column_place(letters.decode())] = BrokenCell(shown, where, fix)
    for cell in _NOT_COMPUTED.finditer(content):
        letters, line, formula = cell.groups()
        if b' t="str"' in cell[0] and b"<v" in cell[0]:
            continue
        where = (letters + line).decode()
        fix = f"cell {where} holds a formula without its value; open the file in a spreadsheet, and save it"
        shown = f"={unescape((formula or b'...').decode())}"
        broken[int(line) - 1, column_place(letters.decode())] = BrokenCell(shown, where, fix)
    return broken


def part_of(archive: ZipFile, sheet: str) -> str:
    """Return the part of an archive that holds the sheet of that name; KeyError where none does."""
    links = {
        link.get("Id"): link.get("Target", "")
        for link in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    keys = {
        one.get("name"): next((value for name, value in one.items() if name.endswith("}id")), None)
        for one in ElementTree.fromstring(archive.read(WORKBOOK)).iter()
        if one.tag.endswith("}sheet")
    }
    return posixpath.join("xl", links[keys[sheet]]).lstrip("/")


def column_place(letters: str) -> int:
    """Return the place of a column, from 0.

    >>> column_place("A"), column_place("Z"), column_place("AA")
    (0, 25, 26)
    """
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1

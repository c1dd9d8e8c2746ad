"""Find the cells of a spreadsheet whose formula has no value, which a reader gives as empty.

Either the formula failed, and the cell shows #N/A or #DIV/0!, or the program that wrote the file stored no values.
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
    """A cell whose formula has no value.

    Attributes:
        shows: What it shows, or its formula.
        where: Its name, such as C3.
        fix: Why its row cannot be read, and what to do.
    """

    shows: str
    where: str
    fix: str

    def __str__(self) -> str:
        return self.shows


def broken_cells(file: IO[bytes], sheet: str) -> dict[tuple[int, int], BrokenCell]:
    """Return the broken cells of a sheet by row and column from 0; none if the file does not say which part it is."""
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            content = archive.read(part_of(archive, sheet))
    except (KeyError, ElementTree.ParseError, BadZipFile):
        return {}
    if b"<f" not in content and b' t="e"' not in content:  # fast, and true of most sheets
        return {}
    broken = {}
    for letters, line, shows in _ERROR.findall(content):
        where, shown = (letters + line).decode(), shows.decode()
        fix = f"cell {where} shows {shown}; mend its formula, or empty it"
        broken[int(line) - 1, column_place(letters.decode())] = BrokenCell(shown, where, fix)
    for cell in _NOT_COMPUTED.finditer(content):
        letters, line, formula = cell.groups()
        if b' t="str"' in cell[0] and b"<v" in cell[0]:  # its value is an empty text
            continue
        where = (letters + line).decode()
        fix = f"cell {where} holds a formula without its value; open the file in a spreadsheet, and save it"
        shown = f"={unescape((formula or b'...').decode())}"
        broken[int(line) - 1, column_place(letters.decode())] = BrokenCell(shown, where, fix)
    return broken


def part_of(archive: ZipFile, sheet: str) -> str:
    """Return the path of a sheet in its archive, by its name; KeyError if there is none."""
    target_of_link = {
        link.get("Id"): link.get("Target", "")
        for link in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    link_of_sheet = {
        element.get("name"): next((value for name, value in element.items() if name.endswith("}id")), None)
        for element in ElementTree.fromstring(archive.read(WORKBOOK)).iter()
        if element.tag.endswith("}sheet")
    }
    return posixpath.join("xl", target_of_link[link_of_sheet[sheet]]).lstrip("/")


def column_place(letters: str) -> int:
    """Return the place of a column, from 0, by its letters.

    >>> column_place("A"), column_place("Z"), column_place("AA")
    (0, 25, 26)
    """
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1

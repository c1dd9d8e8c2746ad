"""Cells of a spreadsheet whose formula failed: they show #N/A or #DIV/0!, and its reader gives them as empty."""

from __future__ import annotations

import posixpath
import re
from typing import IO, NamedTuple
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

WORKBOOK = "xl/workbook.xml"
_ERROR = re.compile(
    rb'<c\b(?=[^>]*\st="e")(?=[^>]*\sr="([A-Z]{1,3})([0-9]{1,7})")[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)


class BrokenCell(NamedTuple):
    """What such a cell shows, and which it is."""

    shows: str
    where: str


def broken_cells(file: IO[bytes], sheet: str) -> dict[tuple[int, int], BrokenCell]:
    """Find those of a sheet, by row and column from 0; none where the file does not say which part the sheet is."""
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            content = archive.read(part_of(archive, sheet))
    except (KeyError, ElementTree.ParseError, BadZipFile):
        return {}
    if b' t="e"' not in content:  # as in most, however large
        return {}
    found = ((letters.decode(), int(line), shows.decode()) for letters, line, shows in _ERROR.findall(content))
    return {(line - 1, column_place(letters)): BrokenCell(shows, f"{letters}{line}") for letters, line, shows in found}


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

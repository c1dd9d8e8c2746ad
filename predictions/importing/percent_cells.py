"""Find the cells of a spreadsheet that are formatted as percent: they show 70%, and a reader gives them as 0.7."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import IO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from predictions.importing.broken_cells import column_place, part_of

STYLES = "xl/styles.xml"
_BUILT_IN = {"9", "10"}  # 0% and 0.00%
_NO_SIGN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # parts of a format that are shown literally
_STYLED = re.compile(rb'<c\b(?=[^>]*\ss="([0-9]+)")(?=[^>]*\sr="([A-Z]{1,3})([0-9]{1,7})")')


def percent_cells(file: IO[bytes], sheet: str) -> set[tuple[int, int]]:
    """Return the percent cells of a sheet by row and column from 0; none if the file does not say which part it is."""
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            styles = _percent_styles(archive.read(STYLES))
            content = archive.read(part_of(archive, sheet)) if styles else b""
    except (KeyError, ElementTree.ParseError, BadZipFile):
        return set()
    matches = _STYLED.findall(content)
    return {(int(line) - 1, column_place(letters.decode())) for style, letters, line in matches if style in styles}


def _percent_styles(content: bytes) -> Set[bytes]:
    """Return the numbers of the styles whose number format has a percent sign."""
    root = ElementTree.fromstring(content)
    percent_formats = set(_BUILT_IN)
    for number_format in _of(root, "numFmt"):
        if "%" in _NO_SIGN.sub("", number_format.get("formatCode", "")):
            percent_formats.add(number_format.get("numFmtId", ""))
    of_cells = next(iter(_of(root, "cellXfs")), ())
    styles = [style for style in of_cells if style.tag.endswith("}xf")]
    return {str(place).encode() for place, style in enumerate(styles) if style.get("numFmtId") in percent_formats}


def _of(root: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if element.tag.endswith("}" + tag)]

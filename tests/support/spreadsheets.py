"""Spreadsheets made by hand: text, numbers, days and truths, as few parts as a reader needs."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DAY_FORMAT = 14  # the number format of a day


class Failed(NamedTuple):
    """A cell whose formula failed, and what it shows."""

    shows: str


class Formula(NamedTuple):
    """A formula, and how the file stores its value; the type is `str` where that is text."""

    text: str
    value: str = "<v></v>"
    type: str = "n"


class Percent(NamedTuple):
    """A number that is formatted as percent: as 0%, or in another form with a percent sign."""

    value: float
    built_in: bool = True


def write_spreadsheet(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> Path:
    """Write sheets of rows: text, numbers, percent, truths, days; None is an empty cell. *merged* are ranges."""
    with ZipFile(path, "w") as archive:
        for name, text in _parts(sheets, merged).items():
            archive.writestr(name, text)
    return path


def spreadsheet_bytes(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Return the same as bytes."""
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text in _parts(sheets).items():
            archive.writestr(name, text)
    return content.getvalue()


def _parts(sheets: Mapping[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> dict[str, str]:
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    joined = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    numbers = range(1, len(sheets) + 1)
    of_sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0\\ %"/></numFmts>'
        f'<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="{DAY_FORMAT}"/><xf numFmtId="9"/>'
        '<xf numFmtId="164"/></cellXfs>'
        "</styleSheet>"
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{DOCUMENT}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{of_sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}'
        f'<Relationship Id="s" Type="{DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": styles,
        **{
            f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{_rows(rows)}</sheetData>'
            f"{joined}</worksheet>"
            for n, rows in zip(numbers, sheets.values(), strict=True)
        },
    }


def _rows(rows: Sequence[Sequence[object]]) -> str:
    return "".join(
        f'<row r="{number}">' + "".join(_cell(f"{_letters(at)}{number}", value) for at, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 1)
    )  # fmt: skip


def _letters(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else _letters(at // 26 - 1) + _letters(at % 26)


def _cell(place: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Failed):
        return f'<c r="{place}" t="e"><f>1/0</f><v>{value.shows}</v></c>'
    if isinstance(value, Formula):
        formula = f"<f>{escape(value.text)}</f>" if value.text else '<f t="shared" si="0"/>'
        return f'<c r="{place}" t="{value.type}">{formula}{value.value}</c>'
    if isinstance(value, Percent):
        return f'<c r="{place}" s="{2 if value.built_in else 3}"><v>{value.value!r}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'

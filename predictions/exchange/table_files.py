"""The rows of a table as the bytes of a spreadsheet or a Parquet file, in which every cell is text."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from predictions.errors import InvalidValue, import_extra

LONGEST_CELL = 32_767  # characters, of a spreadsheet
MADE = datetime(2000, 1, 1)  # so that the same rows are the same bytes
COLUMN_WIDTHS = {"text": 60, "criteria": 40, "wording": 40, "link": 30, "evidence": 30, "reason": 30, "note": 30}
COLUMN_WIDTH = 12


def spreadsheet_of(columns: Sequence[str], rows: Sequence[Mapping[str, str]], comment: str | None) -> bytes:
    """Write one sheet, a comment above its header; InvalidValue for a text that no cell can hold."""
    xlsxwriter = import_extra("xlsxwriter", "spreadsheets need", "xlsx")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": MADE})
        sheet = workbook.add_worksheet("predictions")
        head = [[comment]] if comment else []
        for number, cells in enumerate([*head, columns, *([row.get(name, "") for name in columns] for row in rows)]):
            for place, cell in enumerate(cells):
                if len(cell) > LONGEST_CELL:
                    raise InvalidValue(f"a cell of .xlsx holds {LONGEST_CELL:,} characters; one has {len(cell):,}")
                if cell:
                    sheet.write_string(number, place, cell)
        sheet.freeze_panes(len(head) + 1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for place, name in enumerate(columns):
            sheet.set_column(place, place, COLUMN_WIDTHS.get(name, COLUMN_WIDTH))
    return content.getvalue()


def parquet_of(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """Write columns of text; what a row does not say is null."""
    pyarrow, parquet = (import_extra(name, "Parquet needs", "arrow") for name in ("pyarrow", "pyarrow.parquet"))
    table = pyarrow.table({name: pyarrow.array([row.get(name) for row in rows], pyarrow.string()) for name in columns})
    content = io.BytesIO()
    parquet.write_table(table, content)
    return content.getvalue()

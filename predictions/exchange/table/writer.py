"""Write what a ledger holds as a table that import_from reads back, or an empty table to fill in."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from predictions.errors import InvalidValue, import_extra, short_repr
from predictions.exchange.kept_rows import rows_kept
from predictions.exchange.table.columns import FIRST, IN_ORDER
from predictions.exchange.table.type_cells import Cells
from predictions.exchange.table.written_rows import TableRows
from predictions.exchange.written import RowsWritten, losses
from predictions.importing.cells import guarded
from predictions.records import Claim, Forecast
from predictions.snapshot import Snapshot
from predictions.storage.files import path_of, put_bytes, redraw

WRITTEN_ENDINGS = (".csv", ".tsv", ".xlsx", ".json", ".parquet")
UNGUARDED = {".json", ".parquet"}  # formats without formulas and comments
EXAMPLES = (  # rows of a template, skipped when it is read; none is dated now, so that all can be imported on any day
    ("# One row a prediction. Only text and deadline are needed. Rows that begin with # are skipped.",),
    (
        "# GPT-6 will be out this year", "2026", "Tech Oracle", "", "will", "2026-01-05",
        "https://oracle.example/outlook",
    ),
    (
        "# An AI lab goes public", "2025-12-31", "Tech Oracle", "60%", "", "2025-01-06",
        "https://oracle.example/outlook-2025", "", "no", "2026-01-30",
    ),
    ("# An AI lab goes public", "2025-12-31", "me", "35%", "", "", "", "2025-04-14", "", "", "", "too few filings"),
    ("# Our release ships", "Q3 2099", "me", "70%", "", "", "", "", "", "", "", "no made_at: now"),
    (
        "# More columns (predictions import-from table -h): "
        "options unit between quantiles when criteria tags source id",
    ),
)  # fmt: skip
LONGEST_CELL = 32_767  # characters in a cell of a spreadsheet
FIXED_TIME = datetime(2000, 1, 1)  # of creation, so that the same rows give the same bytes
COLUMN_WIDTHS = {"text": 60, "criteria": 40, "wording": 40, "link": 30, "evidence": 30, "reason": 30, "note": 30}
COLUMN_WIDTH = 12


def write_predictions(
    snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]], file: str | os.PathLike[str], like: Path
) -> RowsWritten:
    """Write the scored claims of a ledger as a table.

    Args:
        snapshot: The records of the ledger.
        forecasts_of: Returns the forecasts on a claim, oldest first.
        file: A new .csv, .tsv, .xlsx, .json or .parquet file; or one in CSV or TSV with the same columns.
        like: The ledger's file, whose permissions the new file gets.
    """
    table = TableRows(snapshot, forecasts_of)
    rows = list(table.rows())
    columns = [name for name in IN_ORDER if name in {"text", "deadline"} or any(name in row for row in rows)]
    comment = f"# {snapshot.lacks.line}" if snapshot.lacks else None
    path = _write(file, columns, rows, like, comment)
    return RowsWritten(path, len(rows), table.claims, table.forecasts, table.verdicts, losses(table.lost))


def write_template(file: str | os.PathLike[str], like: Path) -> RowsWritten:
    """Write a table of examples, all of them comments, to be filled in by hand."""
    rows = [dict(zip(FIRST, cells, strict=False)) for cells in EXAMPLES]
    if _ending(file) in UNGUARDED:
        raise InvalidValue(f"{short_repr(str(file))}: a template is filled in by hand; say .csv, .tsv or .xlsx")
    path = _write(file, FIRST, rows, like, None, plain=True)
    return RowsWritten(path, len(rows), 0, 0, 0, (), template=True)


def _ending(file: str | os.PathLike[str]) -> str:
    """Return the ending of a file, which gives the format; InvalidValue for an unknown one."""
    path = path_of(file)
    if path.suffix.lower() not in WRITTEN_ENDINGS:
        raise InvalidValue(f"{path.name!r} is neither {', '.join(WRITTEN_ENDINGS[:-1])} nor {WRITTEN_ENDINGS[-1]}")
    return path.suffix.lower()


def _write(
    file: str | os.PathLike[str], columns: Sequence[str], rows: Sequence[Cells], like: Path, comment: str | None, *,
    plain: bool = False,
) -> Path:  # fmt: skip
    """Write rows into a file, and return its path.

    Unless *plain*, cells that a spreadsheet would take for formulas, or an import for comments, are guarded by a '.
    Only CSV and TSV may replace a file, if it has the same header and every row of it is written again; in the other
    formats, as for a template, nothing shows whether a file was made by hand.
    """
    ending = _ending(file)
    if ending == ".json":
        json_rows = [{name: row[name] for name in columns if name in row} for row in rows]
        return put_bytes(file, f"{json.dumps(json_rows, ensure_ascii=False, indent=1)}\n".encode(), like=like)
    if ending == ".parquet":
        return put_bytes(file, parquet_of(columns, rows), like=like)
    guarded_rows = rows if plain else [{name: guarded(text) for name, text in row.items()} for row in rows]
    if ending == ".xlsx":
        return put_bytes(file, spreadsheet_of(columns, guarded_rows, comment), like=like)
    text = _delimited(columns, guarded_rows, delimiter := "\t" if ending == ".tsv" else ",")
    if plain:  # a template, which is there to be filled in
        return put_bytes(file, text.encode(), like=like)
    header = f"{delimiter.join(columns)}\n"
    kept = rows_kept(file, f"{comment}\n{text}" if comment else text, header, delimiter)
    return redraw(file, kept, like=like, known_by=header)


def _delimited(columns: Sequence[str], rows: Sequence[Mapping[str, str]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[row.get(name, "") for name in columns] for row in rows])
    return text.getvalue()


def spreadsheet_of(columns: Sequence[str], rows: Sequence[Mapping[str, str]], comment: str | None) -> bytes:
    """Return a spreadsheet of one sheet, a comment above its header; InvalidValue if a text is too long for a cell."""
    xlsxwriter = import_extra("xlsxwriter", "spreadsheets need", "xlsx")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": FIXED_TIME})
        sheet = workbook.add_worksheet("predictions")
        comment_rows = [[comment]] if comment else []
        cell_rows = [[row.get(name, "") for name in columns] for row in rows]
        for number, cells in enumerate([*comment_rows, columns, *cell_rows]):
            for column, cell in enumerate(cells):
                if len(cell) > LONGEST_CELL:
                    raise InvalidValue(f"a cell of .xlsx holds {LONGEST_CELL:,} characters; one has {len(cell):,}")
                if cell:
                    sheet.write_string(number, column, cell)
        sheet.freeze_panes(len(comment_rows) + 1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for column, name in enumerate(columns):
            sheet.set_column(column, column, COLUMN_WIDTHS.get(name, COLUMN_WIDTH))
    return content.getvalue()


def parquet_of(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return columns of text as Parquet; a cell that a row does not have is null."""
    pyarrow, parquet = (import_extra(name, "Parquet needs", "arrow") for name in ("pyarrow", "pyarrow.parquet"))
    table = pyarrow.table({name: pyarrow.array([row.get(name) for row in rows], pyarrow.string()) for name in columns})
    content = io.BytesIO()
    parquet.write_table(table, content)
    return content.getvalue()

"""The writer of the table: what a ledger holds as a file that import_from reads back, and an empty one to fill in."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from predictions.errors import InvalidValue, import_extra, short_repr
from predictions.exchange.table.columns import FIRST, IN_ORDER
from predictions.exchange.table.type_cells import Cells
from predictions.exchange.table.written_rows import TableRows
from predictions.exchange.written import RowsWritten, losses
from predictions.importing.cells import guarded
from predictions.records import Claim, Forecast
from predictions.snapshot import Snapshot
from predictions.storage.files import path_of, put_bytes, redraw

WRITTEN_ENDINGS = (".csv", ".tsv", ".xlsx", ".json", ".parquet")
UNGUARDED = {".json", ".parquet"}  # which have neither formulas nor comments
EXAMPLES = (  # of a template, skipped when it is read; each can be imported as it stands on any day, so none is of now
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
LONGEST_CELL = 32_767  # characters, of a spreadsheet
FIXED_TIME = datetime(2000, 1, 1)  # so that the same rows are the same bytes
COLUMN_WIDTHS = {"text": 60, "criteria": 40, "wording": 40, "link": 30, "evidence": 30, "reason": 30, "note": 30}
COLUMN_WIDTH = 12


def write_predictions(
    snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]], file: str | os.PathLike[str], like: Path
) -> RowsWritten:
    """Write the scored claims of a ledger as a table.

    Args:
        snapshot: What the ledger holds.
        forecasts_of: The forecasts on a claim, in the order of time.
        file: A new .csv, .tsv, .xlsx, .json or .parquet file; or one in CSV or TSV of the same columns.
        like: The ledger's file; the new one gets its permissions.
    """
    table = TableRows(snapshot, forecasts_of)
    rows = list(table.rows())
    columns = [name for name in IN_ORDER if name in {"text", "deadline"} or any(name in row for row in rows)]
    comment = f"# {snapshot.lacks.line}" if snapshot.lacks else None
    path = _write(file, columns, rows, like, comment)
    return RowsWritten(path, len(rows), table.claims, table.forecasts, table.verdicts, losses(table.lost))


def write_template(file: str | os.PathLike[str], like: Path) -> RowsWritten:
    """Write a table of examples, all of them comments, to be filled in."""
    rows = [dict(zip(FIRST, cells, strict=False)) for cells in EXAMPLES]
    if _ending(file) in UNGUARDED:
        raise InvalidValue(f"{short_repr(str(file))}: a template is filled in by hand; say .csv, .tsv or .xlsx")
    path = _write(file, FIRST, rows, like, None, plain=True)
    return RowsWritten(path, len(rows), 0, 0, 0, (), template=True)


def _ending(file: str | os.PathLike[str]) -> str:
    path = path_of(file)
    if path.suffix.lower() not in WRITTEN_ENDINGS:
        raise InvalidValue(f"{path.name!r} is neither {', '.join(WRITTEN_ENDINGS[:-1])} nor {WRITTEN_ENDINGS[-1]}")
    return path.suffix.lower()


def _write(
    file: str | os.PathLike[str], columns: Sequence[str], rows: Sequence[Cells], like: Path, comment: str | None, *,
    plain: bool = False,
) -> Path:  # fmt: skip
    """Write rows; unless *plain*, no cell of them is a formula to a spreadsheet or a comment to us.

    Templates, spreadsheets, JSON and Parquet go into new files only: by its beginning none of ours is told from one
    made by hand.
    """
    ending = _ending(file)
    if ending == ".json":
        listed = [{name: row[name] for name in columns if name in row} for row in rows]
        return put_bytes(file, f"{json.dumps(listed, ensure_ascii=False, indent=1)}\n".encode(), like=like)
    if ending == ".parquet":
        return put_bytes(file, parquet_of(columns, rows), like=like)
    safe = rows if plain else [{name: guarded(text) for name, text in row.items()} for row in rows]
    if ending == ".xlsx":
        return put_bytes(file, spreadsheet_of(columns, safe, comment), like=like)
    text = _delimited(columns, safe, delimiter := "\t" if ending == ".tsv" else ",")
    if plain:  # a template, which is there to be filled in
        return put_bytes(file, text.encode(), like=like)
    header = f"{delimiter.join(columns)}\n"
    return redraw(file, f"{comment}\n{text}" if comment else text, like=like, known_by=header)


def _delimited(columns: Sequence[str], rows: Sequence[Mapping[str, str]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[row.get(name, "") for name in columns] for row in rows])
    return text.getvalue()


def spreadsheet_of(columns: Sequence[str], rows: Sequence[Mapping[str, str]], comment: str | None) -> bytes:
    """Write one sheet, a comment above its header; InvalidValue for a text that no cell can hold."""
    xlsxwriter = import_extra("xlsxwriter", "spreadsheets need", "xlsx")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": FIXED_TIME})
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

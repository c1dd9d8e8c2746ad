"""The formats that `export` writes, each by one function."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from predictions.dates import read_day
from predictions.errors import InvalidValue, check_field, did_you_mean, short_repr
from predictions.exchange.written import Exported, RowsWritten, Written
from predictions.recording.enter import the_slug
from predictions.records import Forecaster
from predictions.snapshot_cache import EVERYTHING, Snapshots
from predictions.storage.files import path_of, redraw
from predictions.storage.journal import Journal
from predictions.storage.store import Store

File = str | os.PathLike[str]
TABLE, CSV, FATEBOOK, FORECASTBENCH = "table", "csv", "fatebook", "forecastbench"
OF_SOMEBODY = {FATEBOOK, FORECASTBENCH}  # by= says whose forecasts are written
OTHER_WORDS = {"tsv": TABLE, "ics": "calendar"}


class Exporting(NamedTuple):
    """The ledger that is exported, as of when, and what some formats want to know besides."""

    journal: Journal
    store: Store
    snapshots: Snapshots
    as_of: object = None
    today: date | str | None = None
    title: str | None = None
    free_sql: bool = False
    template: bool = False
    by: str | None = None
    me: str | None = None


def export(what: Exporting, format_name: str, file: File) -> Exported | Written | RowsWritten:
    """Write a ledger in the format of that name.

    Raises:
        InvalidValue: There is no such format, or it has no template.
    """
    format_name = OTHER_WORDS.get(format_name, format_name) if isinstance(format_name, str) else format_name
    if what.template and format_name != TABLE:
        raise InvalidValue(f"only a table has a template to fill in; say {TABLE}, or leave template= out")
    if what.by is not None and format_name not in OF_SOMEBODY:
        raise InvalidValue(f"by= goes with {' and '.join(sorted(OF_SOMEBODY))}; leave it out")
    write = FORMATS.get(format_name) if isinstance(format_name, str) else None
    if write is None:
        meant = _meant_format(format_name) or did_you_mean(format_name, list(FORMATS)) or ";"
        raise InvalidValue(f"no format {short_repr(format_name)}{meant} formats: {' '.join(FORMATS)}")
    if format_name in FILES and path_of(file) == Path("."):
        ending = FILES[format_name]
        raise InvalidValue(f'which file? say it: ledger.export("{format_name}", "FILE{ending}")')
    return write(what, file)


def _meant_format(word: object) -> str:
    """Lead on from a file in the place of its format, and from the name of a kind of file."""
    if not isinstance(word, str | os.PathLike):
        return ""
    ending = Path(word).suffix.lower()
    if ending == ".html" or word in {"html", "page"}:
        return "; a page is written by: ledger.report(FILE);"
    by_ending = {ending: name for name, ending in reversed(FILES.items())} | dict.fromkeys(
        (".xlsx", ".tsv", ".json"), TABLE
    )
    name = by_ending.get(ending) or (TABLE if word in {"excel", "xlsx", "spreadsheet"} else None)
    return f"; say the format first: ledger.export({name!r}, {repr(str(word)) if ending else 'FILE'});" if name else ""


def _calendar(what: Exporting, file: File) -> Written:
    from predictions.export.calendar import MADE_BY, calendar

    with what.journal.reading():
        snapshot = what.snapshots.read(what.as_of, what.today, EVERYTHING)
    return Written.of([redraw(file, calendar(snapshot).decode(), like=what.journal.path, known_by=MADE_BY)])


def _datasette(what: Exporting, folder: File) -> Written:
    from predictions.export.datasette import write_datasette

    with what.journal.reading():
        lacks = what.journal.lacks()
    path = what.journal.path
    return Written.of(write_datasette(path, path_of(folder), title=what.title, free_sql=what.free_sql, lacks=lacks))


def _sqlite(what: Exporting, file: File) -> Written:
    from predictions.export.sqlite import export_sqlite

    return export_sqlite(what.journal, what.store, file, as_of=what.as_of, today=what.today)


def _parquet(what: Exporting, folder: File) -> Exported:
    from predictions.export.parquet import export_parquet

    with what.journal.reading():
        head, _ = what.journal.prefix(what.as_of)
        reader, _ = what.snapshots.forecasts(what.as_of, what.today)
        return export_parquet(
            what.store, folder, reader.columns(), ledger=what.journal.path, head=head,
            today=reader.today, lacks=what.journal.lacks(head),
        )  # fmt: skip


def _fatebook(what: Exporting, file: File) -> RowsWritten:
    from predictions.exchange.giving import export_fatebook

    by = what.by or what.me
    if by is None:
        raise InvalidValue("Fatebook takes the forecasts of one person; say whose: by=, or Ledger(path, me=)")
    by = the_slug(what.store, Forecaster, by)
    return export_fatebook(what.journal, what.snapshots, file, by, as_of=what.as_of, today=what.today)


def _forecastbench(what: Exporting, target: File) -> RowsWritten:
    from predictions.exchange.giving import export_forecastbench

    by = None if what.by is None else the_slug(what.store, Forecaster, what.by)
    return export_forecastbench(what.journal, what.snapshots, target, by, as_of=what.as_of, today=what.today)


def _csv(what: Exporting, file: File) -> RowsWritten:
    from predictions.export.forecasts_csv import export_csv

    with what.journal.reading():
        head, moment = what.journal.prefix(what.as_of)
        today = moment.date() if what.today is None else check_field("today", read_day, what.today)
        return export_csv(
            what.store, file, size=head.size, today=today, like=what.journal.path, lacks=what.journal.lacks(head)
        )  # fmt: skip


def _table(what: Exporting, file: File) -> RowsWritten:
    from predictions.exchange.giving import export_table

    return export_table(
        what.journal, what.snapshots, file, template=what.template, as_of=what.as_of, today=what.today
    )  # fmt: skip


FORMATS: dict[str, Callable[[Exporting, File], Exported | Written | RowsWritten]] = {
    "calendar": _calendar, CSV: _csv, "datasette": _datasette, FATEBOOK: _fatebook,
    FORECASTBENCH: _forecastbench, "parquet": _parquet, "sqlite": _sqlite, TABLE: _table,
}  # fmt: skip
FILES = {  # what is one file, and how its name ends
    TABLE: ".csv", CSV: ".csv", FATEBOOK: ".csv", FORECASTBENCH: ".json", "sqlite": ".db", "calendar": ".ics",
}  # fmt: skip

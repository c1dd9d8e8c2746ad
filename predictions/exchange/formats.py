"""The formats that can be imported, and one run of files through their reader and the import."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from functools import partial
from importlib import import_module
from os import PathLike
from pathlib import Path

from predictions.catalog import Catalog, ainews, read_catalog
from predictions.enums import PLATFORMS, SourceKind
from predictions.errors import InvalidValue, did_you_mean, short_repr
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.rules import gather
from predictions.exchange.questions import FileRead, Platform
from predictions.exchange.recognising import check_platform, lead_from_table
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.option_columns import ChoicesOnFile
from predictions.exchange.table.reader import read_predictions
from predictions.exchange.table.row import OWN_FORECAST
from predictions.exchange.taking.card import Taken
from predictions.exchange.taking.run_counts import RunCounts
from predictions.exchange.taking.taker import take
from predictions.recording.claims import register
from predictions.recording.enter import Desk, Undone
from predictions.records import RECORDS
from predictions.storage.claim_queries import choices_of
from predictions.storage.rows import collector_paused

TABLE, CATALOG, AINEWS = "table", "catalog", "ainews"
FORMATS = (CATALOG, *PLATFORMS, TABLE)
SLUGGED = tuple(cls for cls in RECORDS if cls.key == ("slug",))
_NOUN_OF_KIND = {"evidence": "piece of evidence"}  # kinds of records that the card calls something else
_REST = "bearing or forecast"
Desks = Callable[[], AbstractContextManager[Desk]]


def run(format: str, files: Sequence[object], options: Options, now: datetime, desk: Desks) -> Taken:  # noqa: A002
    """Read files of one format and record what they say; in a dry run everything is rolled back.

    The caller, who holds the ledger, fills its name and head into the card that is returned.
    """
    check_format(format, files)
    options = options.checked()
    if format == TABLE:
        with lead_from_table(files):
            choices = partial(_choices_on_file, desk)
            tables = [read_predictions(source, options, now, choices) for source in files]
            _check_by(options, tables)
            tally = _run(desk, options, lambda opened: take(opened, tables, _platform(tables), options))
        return _taken(format, options, tally, now, tables)
    if format in PLATFORMS:
        with collector_paused():  # until all is recorded, and what was read is gone
            return _run_platform(format, files, options, now, desk)
    options.check_for_catalog()  # what is left is a catalogue
    catalogs = [ainews()] if format == AINEWS else [read_catalog(_path(source)) for source in files]
    names = [AINEWS] if format == AINEWS else [str(source) for source in files]
    tally = _run(desk, options, lambda opened: _register(opened, catalogs))
    return _taken(format, options, tally, now, names=names)


def _check_by(options: Options, tables: Sequence[FileRead]) -> None:
    """Refuse ``by=`` if every table says in its columns who forecasts, so that it would be ignored; InvalidValue."""
    if options.by is None or not tables:
        return
    for table in tables:
        columns = set(table.columns)
        names_persons = any(name.startswith(PERSON) for name in columns) and columns.isdisjoint(OWN_FORECAST)
        if not (names_persons or "by" in columns):
            return
    name = tables[0].file or "this one"
    raise InvalidValue(
        f"by= is for a table that does not say who forecasts; {name} says it in a column, so leave it out"
    )


def _choices_on_file(desk: Desks, options: Collection[str]) -> ChoicesOnFile:
    """Look up the choices on file that have one of some options."""
    choices: ChoicesOnFile = {}
    with suppress(Undone), desk() as opened:
        choices = choices_of(opened.store, options)
        raise Undone  # nothing is recorded by looking
    return choices


def check_format(format: object, files: Sequence[object]) -> None:  # noqa: A002  as the verb has it
    """Refuse an unknown format, and files that it does not take; InvalidValue."""
    if not isinstance(format, str) or format not in (*FORMATS, AINEWS):
        near = did_you_mean(format, FORMATS) or ";"
        advice = _meant_format(format) or f"{near} formats: {' '.join(FORMATS)}"
        raise InvalidValue(f"no format {short_repr(format)}{advice}")
    if format == AINEWS and files:
        raise InvalidValue("ainews comes with the library and takes no file; say catalog for one of your own")
    if format != AINEWS and not files:
        raise InvalidValue(f'which file? say: ledger.import_from("{format}", FILE)')


def _meant_format(word: object) -> str:
    """Return advice for a file's name, a kind of file, or a template given as the format; empty for anything else."""
    if not isinstance(word, str | PathLike):
        return "; rows and frames are a table: import_from('table', ...)" if hasattr(word, "__len__") else ""
    if word == "template":
        return '; an empty table is written by: ledger.export("table", FILE, template=True)'
    ending = Path(word).suffix.lower()
    if not ending and word not in {"csv", "tsv", "xlsx", "excel", "spreadsheet", "json"}:
        return ""
    format_meant = CATALOG if ending == ".toml" else TABLE
    return f"; say the format first: import_from({format_meant!r}, {repr(str(word)) if ending else 'FILE'})"


def _path(source: object) -> str | PathLike[str]:
    """Return a path; InvalidValue if it is not one."""
    if isinstance(source, (str, PathLike)):
        return source
    raise InvalidValue(f"{short_repr(source)} is no file; a catalogue is the path of a TOML file")


def _run(desk: Desks, options: Options, work: Callable[[Desk], RunCounts]) -> RunCounts:
    """Return the counts of work done in one transaction, which a dry run rolls back."""
    tally = RunCounts()
    with suppress(Undone), desk() as opened:
        tally = work(opened)
        if options.dry_run:
            raise Undone
    return tally


def _run_platform(name: str, files: Sequence[object], options: Options, now: datetime, desk: Desks) -> Taken:
    """Read the files of a platform and record what they say."""
    platform, file_read = _of_platform(name, files, options, now)
    tally = _run(desk, options, lambda opened: take(opened, [file_read], platform, options))
    return _taken(name, options, tally, now, [file_read], platform=platform)


def _of_platform(name: str, files: Sequence[object], options: Options, now: datetime) -> tuple[Platform, FileRead]:
    """Read the files of a platform with its reader, loaded now; InvalidValue if they are another platform's."""
    reader = import_module(f"predictions.exchange.platforms.{name}")
    platform: Platform = reader.PLATFORM
    options.check_for(platform)
    dump = Dump(files, now)
    check_platform(dump.files, name)
    records = getattr(reader, f"read_{name}")(dump, options)
    return platform, gather(dump, platform, records, now)


def _platform(tables: Sequence[FileRead]) -> Platform:
    """Return the table itself as the source of statements that give none."""
    return Platform(TABLE, tables[0].file or TABLE, SourceKind.OTHER)


def _register(desk: Desk, catalogs: Sequence[Catalog]) -> RunCounts:
    """Record catalogues, and count the new records of each kind."""
    tally = RunCounts()
    count_before = {cls: len(desk.store.slugs(cls)) for cls in SLUGGED}
    entries = sum(register(desk, catalog.records, catalog.file) for catalog in catalogs)
    for cls in SLUGGED:
        tally.new[_NOUN_OF_KIND.get(cls.noun, cls.noun)] = len(desk.store.slugs(cls)) - count_before[cls]
    tally.new[_REST] = entries - sum(tally.new.values())
    records = (record for catalog in catalogs for record in catalog.records)
    for record in {(record.noun, record.name): record for record in records}.values():
        tally.stand[_NOUN_OF_KIND.get(record.noun, record.noun) if type(record) in SLUGGED else _REST] += 1
    for noun, count in tally.new.items():
        tally.stand[noun] -= count
    tally.new, tally.stand = +tally.new, +tally.stand
    return tally


def _taken(
    format: str,  # noqa: A002
    options: Options,
    tally: RunCounts,
    now: datetime,
    files: Sequence[FileRead] = (),
    names: Sequence[str] = (),
    platform: Platform | None = None,
) -> Taken:
    """Return the card of a run from its counts; the caller fills in the ledger's name and head."""
    return Taken(
        **vars(tally), format=format, dry_run=options.dry_run, today=now.date(), zone=options.zone_name,
        files=(*names, *(file.file for file in files if file.file)),
        read=sum(file.rows for file in files) if files else None, sha256=files[0].sha256 if len(files) == 1 else None,
        platform=platform is not None, zoned=platform is not None and platform.zoned,
        dates=platform.dates if platform else "",
        columns=tuple(dict.fromkeys(name for file in files for name in file.columns)),
        left=tuple(dict.fromkeys(name for file in files for name in file.left)),
        skipped=tuple(cell for file in files for cell in file.skipped),
        above=tuple(cell for file in files for cell in file.above),
        sheets=next((tuple(file.sheets) for file in files if len(file.sheets) > 1), ()),
        local_days={name: order for file in files for name, order in file.local_days.items()},
    )  # fmt: skip

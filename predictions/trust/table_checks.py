"""Checks of what no leaf covers but look-ups rely on: the schema, item tables, indexes, digests of words, blocks."""

from __future__ import annotations

from functools import partial

from predictions.errors import one_line
from predictions.records import RECORDS, Import
from predictions.slugs import words_digest
from predictions.storage import schema
from predictions.trust.verification_report import Inspection

_STATEMENT_WORDS = "select entry, slug, text, words from main.statement order by entry"
_ANY_BLOCKS = """select 1 from main.import where blocks > 0 union all select 1 from main.block
union all select 1 from main.import_list limit 1"""


def check_imports(inspection: Inspection) -> None:
    """Hash the blocks of imported forecasts again, and note each that is not as it was sealed."""
    # Most ledgers have no blocks, and reading blocks loads numpy.
    if not list(inspection.select("import", _ANY_BLOCKS)):
        return
    from predictions.storage.faults import faults

    try:
        for fault in inspection.readable("table block", partial(faults, inspection.connection)):
            inspection.fault(*fault)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # a damaged file may hold any values
        inspection.fault(None, "", f"the imports cannot be checked: {one_line(error)}")


def check_tables(inspection: Inspection, *, deep: bool) -> None:
    """Compare the schema with that of this format, and check the tables and indexes that no hash covers.

    With *deep*, SQLite also checks unused pages and foreign keys, which takes about as long as everything else.
    """
    for fault in schema.differences(inspection.connection):
        inspection.fault(None, "", fault)
    _check_items(inspection)
    for (encoding,) in inspection.select("", "pragma main.encoding"):
        if encoding != "UTF-8":
            inspection.fault(None, "", f"the file is encoded as {encoding}, not as UTF-8")
    _check_words(inspection)
    _check_order(inspection)
    if deep:
        _check_deeply(inspection)


def _check_items(inspection: Inspection) -> None:
    """Note items of lists that belong to no record."""
    for noun in (cls.noun for cls in RECORDS if cls is not Import):
        for table in schema.item_tables(noun):
            # NOT INDEXED: the table itself is read, in case an index hides a row.
            query = f"""select count(*) from main.{table} not indexed
            where ({noun} in (select entry from main.{noun})) is not true"""
            for (strays,) in inspection.select(table, query):
                if strays:
                    have = f"{strays} rows that belong" if strays > 1 else "a row that belongs"
                    inspection.fault(None, "", f"{table} has {have} to no {noun}")


def _check_words(inspection: Inspection) -> None:
    """Check the digests by which statements are looked up: each follows from the text of its statement."""
    for entry, slug, text, digest in inspection.select("statement", _STATEMENT_WORDS):
        try:
            agrees = words_digest(text) == digest
        except (TypeError, ValueError):  # the column holds something that is not text
            agrees = False
        if not agrees:
            inspection.fault(entry, f"statement {slug}", "the digest of its words is not that of its text")


def _check_order(inspection: Inspection) -> None:
    """Check that the rows of each table are in order and its indexes agree with it; otherwise look-ups miss rows."""
    for table in schema.tables():
        for (answer,) in inspection.select(table, f"pragma main.integrity_check({table})"):
            if answer != "ok":
                inspection.fault(None, "", f"table {table} is not sound: {one_line(answer)}")


def _check_deeply(inspection: Inspection) -> None:
    """Let SQLite check the whole file, and every reference between tables."""
    run = inspection.connection.execute
    for (answer,) in inspection.readable("the whole file", partial(run, "pragma integrity_check")):
        if answer != "ok":
            inspection.fault(None, "", f"SQLite says: {one_line(answer)}")
    foreign_keys = partial(run, "pragma foreign_key_check")
    for table, row, other_table, _ in inspection.readable("what refers to what", foreign_keys):
        inspection.fault(None, "", f"row {row} of {table} refers to what {other_table} does not hold")

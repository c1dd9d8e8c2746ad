"""What a stranger with the SQLite shell can do to a ledger, and what verify then says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from predictions import Ledger, LedgerError
from predictions.trust.verification_report import Verification
from predictions.trust.verify import verify


def checked(path: Path, head: object = None, *, deep: bool = False) -> Verification:
    with Ledger(path, create=False) as ledger, ledger._journal.reading(to_verify=True):
        return verify(ledger._journal, ledger._store, head=head, deep=deep)


def problem(path: Path, *, deep: bool) -> str:
    """The first thing wrong with a file: verify's first fault, or the error of opening it."""
    try:
        found = checked(path, deep=deep)
    except LedgerError as error:
        return str(error)
    return str(found.faults[0]) if found.faults else ""


def tamper(path: Path, *statements: str) -> None:
    """As a stranger with the SQLite shell would: triggers off, no foreign keys, whatever he likes, triggers on."""
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("pragma synchronous = off")
        triggers = stranger.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
        for name, _ in triggers:
            stranger.execute(f"drop trigger {name}")
        stranger.execute("pragma ignore_check_constraints = 1")
        for statement in statements:
            stranger.execute(statement)
        for name, sql in triggers:
            if name.split("_no_")[0] in tables(stranger):
                stranger.execute(sql)


def tables(stranger: sqlite3.Connection) -> set[str]:
    return {name for (name,) in stranger.execute("select name from sqlite_schema where type = 'table'")}

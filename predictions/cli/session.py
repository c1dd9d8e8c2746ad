"""How a verb gets its ledger, and how its result leaves: as text or as JSON, on stdout."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

import predictions
from predictions.cli.messages import as_typed, say
from predictions.invisible import json_of, visible
from predictions.numerals import clean
from predictions.render.result import Result
from predictions.storage.journal import WAS_EMPTY
from predictions.views.receipts.receipt import Receipt


class Session(NamedTuple):
    """Which ledger, and who holds the pen."""

    path: str
    me: str | None

    @property
    def is_new(self) -> bool:
        """Whether the file of the ledger is still to be made."""
        return not Path(self.path).exists()

    @property
    def begins(self) -> bool:
        """Whether no ledger is there yet: no file, or an empty one."""
        try:
            path = Path(self.path)
            return self.is_new or (path.is_file() and not path.stat().st_size)
        except (OSError, ValueError):  # the ledger says what is wrong with it
            return False

    @contextmanager
    def open(self, *, create: bool = False, read_only: bool = True, told: bool = True) -> Iterator[predictions.Ledger]:
        """Open the ledger, to be read unless more is said; a new file is told of.

        What fails, or is interrupted, before anything is recorded leaves no new file behind, and an empty one empty.
        """
        new, empty = create and told and self.is_new, create and self.begins
        with self._opened(create=create, read_only=read_only and not create) as ledger:
            try:
                yield ledger
            except BaseException:
                ledger._journal.discard()
                raise
        if new:
            say("note", f"{Path(self.path).name} is new")
        elif empty and not self.begins and ledger._journal.was_empty:
            say("note", f"{self.path!r} {WAS_EMPTY}")

    def _opened(self, *, create: bool, read_only: bool) -> predictions.Ledger:
        """Open the ledger; that an empty file became one is told at the end, if it did."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", f".*{WAS_EMPTY}", predictions.LedgerWarning)
            return predictions.Ledger(self.path, me=self.me or None, create=create, read_only=read_only)

    @contextmanager
    def scratch(self) -> Iterator[predictions.Ledger]:
        """Open an empty ledger that is gone at the end, for what is run where none exists yet and leaves none."""
        with TemporaryDirectory() as folder, predictions.Ledger(Path(folder) / "new.db", me=self.me or None) as ledger:
            yield ledger


def show(result: object, *, as_json: bool) -> None:
    """Print what a verb answers."""
    if isinstance(result, Receipt):
        fields = {**result.to_dict(), "lines": [as_typed(line) for line in result.lines]}
        click.echo(json_text(fields) if as_json else result.text(as_typed))
    elif isinstance(result, Result):
        click.echo(json_text(result.to_dict()) if as_json else result.screen(typed=True))
    elif isinstance(result, Path):
        size = result.stat().st_size
        files = {"files": [{"path": str(result), "bytes": size}]}
        click.echo(json_text(files) if as_json else visible(f"wrote {result}, {size:,} bytes"))
    else:
        click.echo(json_text({"result": result}) if as_json else str(result))


def json_text(value: object) -> str:
    """Write JSON that any reader takes: an infinity is a word, and what is no number is null.

    >>> print(json_text({"log": float("inf"), "n": 1}))
    {
      "log": "Infinity",
      "n": 1
    }
    """
    return json_of(_json_value(clean(value)), indent=2)


def _json_value(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value).replace("inf", "Infinity")
    if isinstance(value, Mapping):
        return {str(key): _json_value(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(inner) for inner in value]
    if isinstance(value, Set):
        return sorted(map(str, value))
    return value.isoformat() if isinstance(value, date) else value

"""How a verb opens its ledger, and how its result is printed: as text or as JSON."""

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
    """The ledger that a command works on, and who uses it.

    Attributes:
        path: The file; it need not exist yet.
        me: The name given by --me or PREDICTIONS_ME; None if there is none.
    """

    path: str
    me: str | None

    @property
    def is_new(self) -> bool:
        """Whether the ledger's file does not exist yet."""
        return not Path(self.path).exists()

    @property
    def begins(self) -> bool:
        """Whether there is no ledger yet: no file, or an empty one."""
        try:
            path = Path(self.path)
            return self.is_new or (path.is_file() and not path.stat().st_size)
        except (OSError, ValueError):  # opening the ledger will say what is wrong with the path
            return False

    @contextmanager
    def open(self, *, create: bool = False, read_only: bool = True, told: bool = True) -> Iterator[predictions.Ledger]:
        """Open the ledger, and close it at the end.

        If the block fails or is interrupted before anything is recorded, a new file is removed again and an empty file
        stays empty.

        Args:
            create: Whether the ledger may be begun here, and written to.
            read_only: Whether nothing may be written; ignored with *create*.
            told: Whether to print a note if a new file was made.
        """
        is_announced, was_empty = create and told and self.is_new, create and self.begins
        with self._opened(create=create, read_only=read_only and not create) as ledger:
            try:
                yield ledger
            except BaseException:
                ledger._journal.discard()
                raise
        if is_announced:
            say("note", f"{Path(self.path).name} is new")
        elif was_empty and not self.begins and ledger._journal.was_empty:
            say("note", f"{self.path!r} {WAS_EMPTY}")

    def _opened(self, *, create: bool, read_only: bool) -> predictions.Ledger:
        """Open the ledger without its warning about an empty file: `open` says that once something is recorded."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", f".*{WAS_EMPTY}", predictions.LedgerWarning)
            return predictions.Ledger(self.path, me=self.me or None, create=create, read_only=read_only)

    @contextmanager
    def scratch(self) -> Iterator[predictions.Ledger]:
        """Open an empty ledger in a temporary folder, for a verb that needs a ledger but must not begin one."""
        with TemporaryDirectory() as folder, predictions.Ledger(Path(folder) / "new.db", me=self.me or None) as ledger:
            yield ledger


def show(result: object, *, as_json: bool) -> None:
    """Print the result of a verb: as JSON, or as text with what to do next spelled for the command line."""
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
    """Return *value* as standard JSON: an infinity becomes the text "Infinity", and NaN becomes null.

    >>> print(json_text({"log": float("inf"), "n": 1}))
    {
      "log": "Infinity",
      "n": 1
    }
    """
    return json_of(_json_value(clean(value)), indent=2)


def _json_value(value: object) -> object:
    """Convert a value, and all within it, to what JSON can hold: sets become sorted lists, days ISO text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value).replace("inf", "Infinity")
    if isinstance(value, Mapping):
        return {str(key): _json_value(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(inner) for inner in value]
    if isinstance(value, Set):
        return sorted(map(str, value))
    return value.isoformat() if isinstance(value, date) else value

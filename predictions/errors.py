"""What can go wrong, as classes a caller may catch.

::

    LedgerError
    +- InvalidValue (also ValueError)   a value given to a verb or a file cannot be recorded
    +- NotFound                         no record of that name in this ledger
    +- Conflict                         another record already stands under the same key
    |  +- MergeConflict                 the records of two copies contradict each other
    +- TooEarly                         a verdict before it can be given
    +- LedgerBusy                       another program holds the file for longer than we wait
    +- NotALedger                       the file is missing, is none of ours, or comes from a newer format
    +- StorageError                     the disk refused: full, read-only, failing
    +- Tampered                         the file contradicts its own hashes or schema
    +- MissingExtra                     an optional library is not installed

Messages are one plain sentence: lower case, what is wrong, the value, then what would be right.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, TypeVar

from predictions.invisible import visible

Given = TypeVar("Given")
Found = TypeVar("Found")


class LedgerError(Exception):
    """Base of every error this library raises on purpose; a notebook shows it on one line."""

    def _render_traceback_(self, *_: object) -> list[str]:
        """Say what IPython prints in place of a traceback: the sentence, and the line of the cell that met it."""
        trace = self.__traceback__
        while trace and trace.tb_frame.f_globals.get("__name__") != "__main__":  # where a cell runs
            trace = trace.tb_next
        where = f"  (line {trace.tb_lineno})" if trace else ""
        return [f"{type(self).__name__}: {visible(' '.join(str(self).split()))}{where}"]


class InvalidValue(LedgerError, ValueError):
    """A value that cannot be recorded; the message says what would be accepted."""


class NotFound(LedgerError):
    """A name that stands for nothing in this ledger."""


class Conflict(LedgerError):
    """A different record stands under the same key, or the same one was since replaced."""


class MergeConflict(Conflict):
    """Two copies of a ledger say different things; ``conflicts`` has each under the name by which it is settled."""

    def __init__(self, message: str, conflicts: Mapping[str, str]) -> None:
        super().__init__(message)
        self.conflicts = dict(conflicts)


class TooEarly(LedgerError):
    """A verdict that cannot be given yet."""


class LedgerBusy(LedgerError):
    """Another program kept the file locked for longer than we wait; nothing was written."""


class NotALedger(LedgerError):
    """The file is missing, is not a ledger, or was made by a newer version."""


class StorageError(LedgerError):
    """The disk refused to read or write; nothing was written."""


class Tampered(LedgerError):
    """The file was changed by something other than this library."""


class MissingExtra(LedgerError):
    """An optional library is needed and not installed."""


def short_repr(value: object, limit: int = 80) -> str:
    """The value as an error message shows it: ``repr``, at most *limit* characters.

    >>> short_repr("x" * 200, limit=10)
    "'xxxxxx..."
    """
    if isinstance(value, str):
        value = value[:limit]  # what is longer is cut below, and may be very long
    try:
        text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a very large number"
    except ValueError:  # an integer too long for Python to print
        text = "a very large number"
    except Exception:
        text = f"something of type {type(value).__name__}"  # nested too deep, or unable to say what it is
    text = text.encode("utf-8", "backslashreplace").decode()
    if "\n" in text:  # a table's own
        text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."


def one_line(said: object, limit: int = 200) -> str:
    """What a library or a file says, on one line of so many characters: it may quote whatever stands in a damaged file.

    >>> one_line("malformed:\\n  page  7")
    'malformed: page 7'
    """
    return " ".join(str(said).split())[:limit]


def check_field(field: str, read: Callable[[Given], Found], value: Given) -> Found:
    """What *read* makes of the value; a refusal begins with the field's name."""
    try:
        return read(value)
    except ValueError as error:
        raise InvalidValue(f"{field}: {error}") from None


def did_you_mean(word: object, choices: Sequence[str]) -> str:
    """What may have been meant by a word that is none of these, as the end of a sentence; empty where none is near.

    >>> did_you_mean("rian", ["rain", "hail"])
    "; did you mean 'rain'?"
    """
    from difflib import get_close_matches

    near = get_close_matches(word, choices, n=1) if isinstance(word, str) else []
    return f"; did you mean {near[0]!r}?" if near else ""


def import_extra(module: str, needing: str, name: str) -> Any:  # a module
    """Import what comes with the extra of that *name*; MissingExtra without it, which says what is *needing* it.

    >>> import_extra("json", "reports need", "json").dumps(1)
    '1'
    """
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtra(f"{needing} {module.partition('.')[0]}; install prediction-ledger[{name}]") from None


class LedgerWarning(UserWarning):
    """Something recorded, or left unrecorded, that the recorder should know of."""


def warn(text: str, level: int = 2) -> None:
    """Warn of something with LedgerWarning, where the caller stands that many calls up."""
    warnings.warn(text, LedgerWarning, stacklevel=level + 1)

"""The errors that callers may catch, and the functions that word their messages.

::

    LedgerError
    +- InvalidValue (also ValueError)   a value given to a verb or a file cannot be recorded
    +- NotFound                         no record with that name in this ledger
    +- Conflict                         another record has the same key already
    |  +- MergeConflict                 the records of two copies contradict each other
    +- TooEarly                         a verdict before it can be given
    +- LedgerBusy                       another program holds the file for longer than we wait
    +- NotALedger                       the file is missing, is not a ledger, or comes from a newer format
    +- StorageError                     the disk refused: full, read-only, failing
    +- Tampered                         the file contradicts its own hashes or schema
    +- MissingExtra                     an optional library is not installed

A message is one plain sentence: lower case, what is wrong, the value, then what would be right.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, TypeVar

from predictions.invisible import visible
from predictions.numerals import some_of

MOST_LISTED, LONGEST_LIST = 5, 50  # names that are there, where none is near to one that is not; their letters
Given = TypeVar("Given")
Found = TypeVar("Found")


class LedgerError(Exception):
    """Base of every error that this library raises on purpose; a notebook shows it without a traceback."""

    def _render_traceback_(self, *_: object) -> list[str]:
        """Return what IPython prints in place of a traceback: the message, and the line of the cell that raised it."""
        trace = self.__traceback__
        while trace and trace.tb_frame.f_globals.get("__name__") != "__main__":  # the module of a notebook's cells
            trace = trace.tb_next
        where = f"  (line {trace.tb_lineno})" if trace else ""
        first, *rest = self._lines()
        return [f"{type(self).__name__}: {first}{where}", *rest]

    def _lines(self) -> list[str]:
        return [visible(" ".join(str(self).split()))]


class InvalidValue(LedgerError, ValueError):
    """A value that cannot be recorded; the message says what would be accepted."""


class WrongPart(InvalidValue):
    """One part of a forecast is wrong: one of its options, days or values.

    Attributes:
        part: The option, the day or the value.
    """

    def __init__(self, message: str, part: object) -> None:
        super().__init__(message)
        self.part = part


class NotFound(LedgerError):
    """No record in this ledger has that name."""


class Conflict(LedgerError):
    """A different record has the same key already, or the same record was given before and is replaced since."""


class MergeConflict(Conflict):
    """Two copies of a ledger contradict each other.

    Attributes:
        conflicts: The differences, by the name with which ``settle=`` decides each.
    """

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
    """Return the ``repr`` of a value for an error message, cut to *limit* characters; it never raises.

    >>> short_repr("x" * 200, limit=10)
    "'xxxxxx..."
    """
    if isinstance(value, str):
        value = value[:limit]  # first, because the repr of a very long text would take long
    try:
        text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a very large number"
    except ValueError:  # an integer too long for Python to print
        text = "a very large number"
    except Exception:
        text = f"something of type {type(value).__name__}"  # nested too deep, or with a repr that fails
    text = text.encode("utf-8", "backslashreplace").decode()
    if "\n" in text:  # such as that of a pandas table
        text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."


def one_line(said: object, limit: int = 200) -> str:
    """Return a message of another library, or text from a file, on one line of at most *limit* characters.

    Such a message may quote anything that is in a damaged file.

    >>> one_line("malformed:\\n  page  7")
    'malformed: page 7'
    """
    return " ".join(str(said).split())[:limit]


def check_field(field: str, read: Callable[[Given], Found], value: Given) -> Found:
    """Return the value as *read* returns it; a ValueError becomes InvalidValue, with the field's name in front."""
    try:
        return read(value)
    except ValueError as error:
        raise InvalidValue(f"{field}: {error}") from None


def did_you_mean(word: object, choices: Sequence[str]) -> str:
    """Return the end of a message that offers the nearest of the *choices*; "" if none is near.

    >>> did_you_mean("rian", ["rain", "hail"])
    "; did you mean 'rain'?"
    """
    from difflib import get_close_matches

    near = get_close_matches(word, choices, n=1) if isinstance(word, str) else []
    return f"; did you mean {near[0]!r}?" if near else ""


def near_or_listed(word: object, choices: Sequence[str]) -> str:
    """Return the same, or the first few of the *choices* where none is near, so that nobody has to look for a list.

    >>> near_or_listed("nope", ["rain", "hail"]), near_or_listed("nope", [])
    ('; it has rain, hail', '; it has none')
    """
    if not isinstance(word, str) or not word.strip():
        return ""
    names = list({"".join(filter(str.isalnum, name)).casefold(): name for name in choices}.values())  # titles for slugs
    most = next((most for most in range(MOST_LISTED, 1, -1) if len(", ".join(names[:most])) <= LONGEST_LIST), 1)
    return did_you_mean(word, choices) or f"; it has {some_of(names, most, ', ') or 'none'}"


def import_extra(module: str, needing: str, name: str) -> Any:  # a module
    """Import an optional module; MissingExtra, with the extra to install, if it is not there.

    Args:
        module: The module's name.
        needing: The beginning of the message, such as ``a calendar needs``.
        name: The extra of this project that installs the module.

    >>> import_extra("json", "reports need", "json").dumps(1)
    '1'
    """
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtra(f"{needing} {module.partition('.')[0]}; install prediction-ledger[{name}]") from None


class LedgerWarning(UserWarning):
    """A warning about something that was recorded, or was not, and that the recorder should know."""


def warn(text: str) -> None:
    """Warn with LedgerWarning, and name the line outside this library that called the verb."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in {"predictions", "contextlib"}:
        frame, level = frame.f_back, level + 1
    warnings.warn(text, LedgerWarning, stacklevel=level)

"""The edge of the ledger: whatever goes wrong inside a verb comes out as an error of ours, in one sentence."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from inspect import isfunction
from pathlib import Path
from typing import Any, TypeVar

from predictions.errors import LedgerError, StorageError, Tampered, one_line
from predictions.storage.journal import Journal
from predictions.storage.store import Store

Bounded = TypeVar("Bounded", bound=type)


def bounded(cls: Bounded) -> Bounded:
    """Make every public verb of a class raise nothing but errors of ours, warnings, and what a wrong call raises.

    A file can hold what no ledger can in more ways than anyone checks for: what the library then runs into is looked
    up by ``verify``, and named.
    """
    for name in dir(cls):
        if not name.startswith("_") and isfunction(verb := getattr(cls, name)):
            setattr(cls, name, _bounded(verb))
    return cls


def unexpected(error: Exception) -> str:
    """The sentence for what is a fault of this library."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    try:
        said = one_line(error)
    except Exception:  # what was given cannot even say what it is
        said = "no more is known"
    return f"this should not happen ({type(error).__name__} at {place}: {said}); please report it"


def _bounded(verb: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(verb)
    def run(self: Any, *given: Any, **named: Any) -> Any:
        try:
            return verb(self, *given, **named)
        except (LedgerError, Warning):
            raise
        except Exception as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is None:
                raise  # it was called with other arguments than it has
            raise _explained(self._journal, self._store, error) from error

    return run


def _explained(journal: Journal, store: Store, error: Exception) -> LedgerError:
    from predictions.trust.verify import verify

    if isinstance(error, OSError):
        return StorageError(f"the system refused: {error.strerror or error}; what was recorded stays recorded")
    try:
        with journal.reading(to_verify=True):
            found = verify(journal, store)
    except LedgerError as refused:
        return refused
    if found.faults:
        return Tampered(f"{str(journal.path)!r} was changed by hand: {found.faults[0]}; run verify")
    return LedgerError(unexpected(error))

"""The boundary of the ledger: whatever goes wrong inside a verb, it raises one of this library's errors."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from inspect import isfunction, signature
from pathlib import Path
from typing import Any, TypeVar

from predictions.errors import InvalidValue, LedgerError, StorageError, Tampered, one_line, short_repr
from predictions.other_days import is_over, relative_day
from predictions.other_words import keyword_note
from predictions.own_name import OwnName
from predictions.storage.journal import Journal
from predictions.storage.store import Store

DAY_ARGUMENTS = {  # arguments of verbs that take a day; `made_at` words its refusals itself
    "deadline", "opens_on", "said_on", "happened_on", "known_on", "published", "on", "closes_at", "as_of", "today",
    "earlier", "later",
}  # fmt: skip
Bounded = TypeVar("Bounded", bound=type)


def bounded(cls: Bounded) -> Bounded:
    """Make every public verb of a class raise only LedgerError, warnings, and the TypeError of a wrong call.

    A damaged file can break an assumption anywhere, in more ways than the code checks for. After any other error
    ``verify`` is run, and its first fault becomes the message.
    """
    for name in dir(cls):
        if not name.startswith("_") and isfunction(verb := getattr(cls, name)):
            setattr(cls, name, _bounded(verb))
    return cls


@contextmanager
def explaining(journal: Journal, store: Store) -> Iterator[None]:
    """Do the same for code in the block that reads a ledger outside a verb."""
    try:
        yield
    except (LedgerError, Warning):
        raise
    except Exception as error:
        raise _explained(journal, store, error) from error


def unexpected(error: Exception) -> str:
    """Return the message for an error that is a fault of this library, with the line that raised it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    position = f"{Path(last.filename).name}, line {last.lineno}"
    try:
        sentence = one_line(error)
    except Exception:  # an object whose own text cannot be computed
        sentence = "no more is known"
    return f"this should not happen ({type(error).__name__} at {position}: {sentence}); please report it"


def _bounded(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a verb: replace ``me`` by the owner's name in its arguments, and explain its unexpected errors."""
    owner, names = OwnName(verb), list(signature(verb).parameters)[1:]

    @wraps(verb)
    def run(self: Any, *given: Any, **named: Any) -> Any:
        """Call the verb; a call with wrong arguments raises TypeError, with a note on the keyword that may be meant."""
        try:
            _check_days(self._journal, {**dict(zip(names, given, strict=False)), **named})
            placed, named = owner.put_in(self.me, given, named)
            return verb(self, *placed, **named)
        except (LedgerError, Warning):
            raise
        except Exception as error:
            # Without a frame below this one Python itself refused the call: the arguments do not fit the verb.
            is_wrong_call = error.__traceback__ is None or error.__traceback__.tb_next is None
            if is_wrong_call:
                for keyword in named.keys() - {*names}:
                    if note := keyword_note(keyword, names):
                        error.add_note(note)
                raise
            raise _explained(self._journal, self._store, error) from error

    return run


def _check_days(journal: Journal, said: Mapping[str, object]) -> None:
    """Refuse yesterday, today and tomorrow as a day; the message has the day that each is by the ledger's clock."""
    for field in DAY_ARGUMENTS.intersection(said):
        value = said[field]
        if isinstance(value, str) and (advice := relative_day(value, lambda: journal.now().date())):
            if field == "deadline" and not said.get("said_on") and is_over(value):
                advice = f"{short_repr(value)} is over; say a day to come, as YYYY-MM-DD"
            raise InvalidValue(f"{field}: {advice}")


def _explained(journal: Journal, store: Store, error: Exception) -> LedgerError:
    """Return one of our errors for an unexpected one.

    It is due to the disk, to damage of the file that ``verify`` finds, or to a fault of this library.
    """
    from predictions.trust.verify import verify

    if isinstance(error, OSError):
        return StorageError(f"the system refused: {error.strerror or error}; what was recorded stays recorded")
    try:
        with journal.reading(to_verify=True):
            verification = verify(journal, store)
    except LedgerError as refused:
        return refused
    if verification.faults:
        return Tampered(f"{str(journal.path)!r} was changed by hand: {verification.faults[0]}; run verify")
    return LedgerError(unexpected(error))

"""The owner of a ledger, who may be named as ``me`` in every argument that names a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

from predictions.errors import InvalidValue

ME = "me"
PEOPLE = frozenset({"by"})  # parameters of verbs that name a person
COMPARED = frozenset({"a", "b"})  # and those of ``compare``

WHO = "say who that is: Ledger(path, me=), or PREDICTIONS_ME"


class OwnName:
    """Replaces ``me`` by the owner's name in the arguments of a verb that name people.

    Args:
        verb: A method of the ledger.
    """

    def __init__(self, verb: Callable[..., Any]) -> None:
        self._order = [*signature(verb).parameters][1:]  # without self
        self._people = PEOPLE | COMPARED if verb.__name__ == "compare" else PEOPLE

    def put_in(
        self, me: str | None, given: Sequence[object], named: Mapping[str, object]
    ) -> tuple[list[object], dict[str, object]]:
        """Return the positional and the named arguments of a call, with the owner's name in place of ``me``."""
        names = [*self._order, *[""] * len(given)]  # a call may have too many arguments, which Python then refuses
        positional = [
            own_name(me, value) if name in self._people else value for name, value in zip(names, given, strict=False)
        ]
        by_name = {name: own_name(me, value) if name in self._people else value for name, value in named.items()}
        return positional, by_name


def own_name(me: str | None, who: object) -> object:
    """Return a name, or a list of names, with the owner's in place of ``me``; other values unchanged.

    >>> own_name("ana", "Me"), own_name("ana", ["bob", "me"])
    ('ana', ['bob', 'ana'])
    """
    if isinstance(who, list | tuple):
        return [own_name(me, name) if isinstance(name, str) else name for name in who]
    if not isinstance(who, str) or who.strip().casefold() != ME:
        return who
    if me is None:
        raise InvalidValue(f"'me' is the owner of the ledger; {WHO}")
    return me

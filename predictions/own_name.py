"""The owner of a ledger, who may be called ``me`` wherever somebody is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

from predictions.errors import InvalidValue

ME = "me"
PEOPLE = frozenset({"by"})  # parameters of verbs that name somebody
COMPARED = frozenset({"a", "b"})  # and those of ``compare``

WHO = "say who that is: Ledger(path, me=), or PREDICTIONS_ME"


class OwnName:
    """Know which arguments of a verb name somebody.

    Args:
        verb: A method of the ledger.
    """

    def __init__(self, verb: Callable[..., Any]) -> None:
        self._order = [*signature(verb).parameters][1:]
        self._named = PEOPLE | COMPARED if verb.__name__ == "compare" else PEOPLE

    def put_in(
        self, me: str | None, given: Sequence[object], named: Mapping[str, object]
    ) -> tuple[list[object], dict[str, object]]:
        """Return the arguments of a call with the owner's name for ``me``."""
        order = [*self._order, *[""] * len(given)]
        placed = [own_name(me, one) if name in self._named else one for name, one in zip(order, given, strict=False)]
        return placed, {name: own_name(me, one) if name in self._named else one for name, one in named.items()}


def own_name(me: str | None, who: object) -> object:
    """Return the owner's name where ``me`` is said, alone or among others.

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

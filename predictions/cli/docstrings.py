"""What a verb's docstring says: its description, and its arguments with what each is for, in the groups of the help."""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import cleandoc
from typing import NamedTuple

NOT_ARGUMENTS = {"Returns", "Raises", "Yields", "Attributes"}
SHARED = {
    "as_of": "As known then: a day, a moment, a head or its file.",
    "today": "The world's day; that of --as-of unless given.",
}  # what every verb that reads has
_SECTION = re.compile(r"([A-Z][A-Za-z ]+(?: \([a-z ]+\))?):")
_ENTRY = re.compile(r" {4}(\w+): (.*)")


class Described(NamedTuple):
    """A verb: what it does, and by the name of an argument its group and its help."""

    description: str
    arguments: Mapping[str, tuple[str, str]]


def read_docstring(text: str | None) -> Described:
    """Read a docstring with sections of arguments, `Args` first.

    >>> read_docstring("Add a thing.\\n\\nArgs:\\n    name: Its\\n        name.").arguments["name"]
    ('Args', 'Its name.')
    """
    description, group = list[str](), ""
    arguments: dict[str, tuple[str, str]] = {}
    last = ""
    for line in cleandoc(text or "").split("\n"):
        section, entry = _SECTION.fullmatch(line), _ENTRY.fullmatch(line)
        if section:
            group, last = section[1], ""
        elif not group:
            description.append(line)
        elif entry and group not in NOT_ARGUMENTS:
            last = entry[1]
            arguments[last] = (group, entry[2])
        elif last and line.strip():
            arguments[last] = (group, f"{arguments[last][1]} {line.strip()}")
    for name, help_text in SHARED.items():
        arguments.setdefault(name, ("More", help_text))
    plain = {name: (where, _without_marks(said)) for name, (where, said) in arguments.items()}
    return Described(_without_marks("\n".join(description)).strip(), plain)


def _without_marks(text: str) -> str:
    """Take the marks of emphasis and of code out."""
    return re.sub(r"\*(\w+)\*|``([^`]+)``", lambda found: found[1] or found[2], text)

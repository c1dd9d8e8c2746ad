"""What a verb's docstring says: its description, and its arguments with what each is for, in the groups of the help."""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import cleandoc
from typing import NamedTuple

NOT_ARGUMENTS = {"Returns", "Raises", "Yields", "Attributes"}
TYPED = {  # what docstrings spell for Python, and what is typed for it
    "0.7; or {option: 0.4}, or {day: 0.3}.": "70%; or OPTION=40%, or DAY=30%, repeated.",
    "{0.1: 2.5, 0.5: 4}.": "10%=2.5; repeated.",
    "p={day: 0.3}": "-p 2027-06-30=30%",
    '{"Ann": "ana"}': "Ann=ana; repeated",
    '(low, high, "log")': "'LOW..HIGH log'",
    "; False for one line each": "",
    "; for a table also a data frame, an Arrow table, a mapping of columns, or rows that are mappings": "",
}
_SECTION = re.compile(r"([A-Z][A-Za-z ]+(?: \([a-z ]+\))?):")
_ENTRY = re.compile(r" {4}(\w+(?:, \w+)*): (.*)")


class Described(NamedTuple):
    """A verb: what it does, and by the name of an argument its group and its help."""

    description: str
    arguments: Mapping[str, tuple[str, str]]


def read_docstring(text: str | None) -> Described:
    """Read a docstring with sections of arguments, `Args` first; arguments explained together share their help.

    >>> read_docstring("Add a thing.\\n\\nArgs:\\n    name, title: Its\\n        names.").arguments["title"]
    ('Args', 'Its names.')
    """
    description, group = list[str](), ""
    arguments: dict[str, tuple[str, str]] = {}
    last: list[str] = []
    for line in cleandoc(text or "").split("\n"):
        section, entry = _SECTION.fullmatch(line), _ENTRY.fullmatch(line)
        if section:
            group, last = section[1], []
        elif not group:
            description.append(line)
        elif entry and group not in NOT_ARGUMENTS:
            last = entry[1].split(", ")
            arguments |= dict.fromkeys(last, (group, entry[2]))
        elif last and line.strip():
            arguments |= dict.fromkeys(last, (group, f"{arguments[last[0]][1]} {line.strip()}"))
    plain = {name: (group, as_help(text)) for name, (group, text) in arguments.items()}
    return Described(as_help("\n".join(description)).strip(), plain)


def as_help(text: str) -> str:
    """Spell what a docstring says as it is typed: *keywords* as options, and values; marks of code are taken out.

    >>> as_help("One that you replaced needs *again*.")
    'One that you replaced needs --again.'
    """
    for python, typed in TYPED.items():
        text = text.replace(python, typed)
    options = re.sub(r"\*(\w+)\*", lambda match: f"--{match[1].replace('_', '-')}", text)
    return re.sub(r"``([^`]+)``|`([^`]+)`", lambda match: match[1] or match[2], options)

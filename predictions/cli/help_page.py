"""What a verb takes, on its help page: in groups, each with what it is for, those explained together in one row."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

import click

COLUMN = 26  # where what an option is for begins
TITLES = {"Args": "Everyday"}
ORDER = ("Args", "How likely", "Other types of claim", "More")
FLAGS_BESIDE = {"ordered": "options"}  # a flag that stands in the row of the option it goes with
LAST = "  --json  -h"
Records = dict[str, tuple[str, str]]  # by the name of a parameter: its label, and what it is for


class ToldArgument(click.Argument):
    """An argument that is no option. Its explanation is in the help of the verb, unless the label says enough."""

    explanation = ""


class GroupedOption(click.Option):
    """An option that stands in a group of the help."""

    group = "Args"


def options_page(parameters: Iterable[click.Parameter], ctx: click.Context, width: int) -> str:
    """Lay out the arguments and options of a verb in groups; the options that every verb has come last."""
    groups: dict[str, Records] = {}
    for parameter in parameters:
        name = str(parameter.name)
        if isinstance(parameter, ToldArgument) and parameter.explanation:
            groups.setdefault("Args", {})[name] = (str(parameter.metavar).strip("[]"), parameter.explanation)
        elif isinstance(parameter, GroupedOption) and (record := parameter.get_help_record(ctx)):
            groups.setdefault(parameter.group, {})[name] = record
    last = groups.pop("More", {})
    page = []
    for title in ORDER:
        if title in groups:
            page += ["", f"{TITLES.get(title, title)}:", *_group_lines(groups[title], width)]
    page += ["", "More:" if groups else "Options:", *_group_lines(last, width), LAST]
    return "\n".join(page) + "\n"


def _group_lines(records: Records, width: int) -> Iterator[str]:
    """Lay out one group; options with the same explanation share a row."""
    beside = {FLAGS_BESIDE[name]: record for name, record in records.items() if name in FLAGS_BESIDE}
    alone = {name: record for name, record in records.items() if name not in FLAGS_BESIDE}
    for text, together in groupby(alone, key=lambda name: alone[name][1]):
        names = list(together)
        flags = (f"  {label}  {flag}" for label, flag in (beside[name] for name in names if name in beside))
        yield from _option_lines(" ".join(alone[name][0] for name in names), text + "".join(flags), width)


def _option_lines(label: str, text: str, width: int) -> Iterator[str]:
    lines = textwrap.wrap(text, max(width - COLUMN, 20), break_on_hyphens=False)
    yield f"  {label:{COLUMN - 3}} {lines.pop(0)}" if len(label) < COLUMN - 2 else f"  {label}"
    yield from (" " * COLUMN + line for line in lines)

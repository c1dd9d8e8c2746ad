"""Names in files: which slug one has on a platform, what a file says that it is, and the one that a caller means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from predictions.enums import ForecasterKind
from predictions.errors import InvalidValue, did_you_mean, short_repr
from predictions.exchange.count_words import left_out_sentence
from predictions.exchange.options import Options
from predictions.exchange.questions import FileRead, RowFault, slug_of_key
from predictions.exchange.said import SaidForecast
from predictions.fields import check_slug

_DIGEST = re.compile("[0-9a-f]{64}")  # the name of somebody in an anonymous export


def slug_of_account(platform: str, name: str) -> str:
    """Return the slug of a name on a platform: there it is somebody, and elsewhere perhaps somebody else.

    >>> slug_of_account("fatebook", "Ana Silva"), slug_of_account("metaculus", "late_lou")
    ('fatebook-ana-silva', 'metaculus-late-lou-6f202e9d')
    """
    spelled = name.lower().replace(" ", "-")
    try:
        check_slug(spelled)
    except ValueError:
        return slug_of_key(platform, name)
    return slug_of_key(platform, spelled)


def with_full_names(options: Options, files: Sequence[FileRead]) -> Options:
    """Return the options with names as the files spell them, of which nobody types 64 digits; InvalidValue."""
    made = filter(None, (name for file in files for name in file.said.names()))
    there = list(dict.fromkeys([*made, *(name for file in files for name in sorted(file.names))]))
    people = dict[str, str]()
    for name, meant in options.people.items():
        begun = [one for one in there if _DIGEST.fullmatch(one) and one.startswith(name)]
        if name not in there and len(begun) != 1:
            near = did_you_mean(name, there) or f"; it has {', '.join(there[:8]) or _none(files)}"
            raise InvalidValue(f"people: nobody in the file is called {short_repr(name)}{near}")
        people[name if name in there else begun[0]] = meant
    return options._replace(people=people)


def kinds_told(file: FileRead) -> dict[str | None, ForecasterKind]:
    """Return what the file says that forecasters are; where it says two things, its rows are refused."""
    kinds: dict[str | None, tuple[ForecasterKind, SaidForecast]] = {}
    for said in file.said.columns.records:
        if said.kind is None:
            continue
        before, first = kinds.setdefault(said.by, (said.kind, said))
        if before is not said.kind:
            fix = f"row {first.row} says {before}: what is filled twice must agree"
            file.refuse(said.row, RowFault("kind", fix))
    return {name: kind for name, (kind, _) in kinds.items()}


def _none(files: Sequence[FileRead]) -> str:
    """Say that nobody is in some files, and what was left out with whoever may have been in it."""
    counts: dict[str, Counter[str]] = {}
    for left_out in (one for file in files for one in file.left_out):
        counts.setdefault(left_out.unit, Counter())[left_out.why] += left_out.count
    told = "; ".join(left_out_sentence(unit, whys) for unit, whys in counts.items())
    return f"none: left out are {told}" if told else "none"

"""Names of forecasters in files: their slugs on a platform, their kinds, and the names that a caller abbreviates."""

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
    """Return the slug of an account on a platform, with the platform in it: elsewhere the name may be somebody else.

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
    """Return the options with abbreviated names completed: nobody types the 64 digits of an anonymous export."""
    forecasters = [name for file in files for name in file.said.names() if name]
    other_names = [name for file in files for name in sorted(file.names)]
    all_names = list(dict.fromkeys([*forecasters, *other_names]))
    people = dict[str, str]()
    for name, slug in options.people.items():
        begun = [digest for digest in all_names if _DIGEST.fullmatch(digest) and digest.startswith(name)]
        if name not in all_names and len(begun) != 1:
            near = did_you_mean(name, all_names) or f"; it has {', '.join(all_names[:8]) or _none(files)}"
            raise InvalidValue(f"people: nobody in the file is called {short_repr(name)}{near}")
        people[name if name in all_names else begun[0]] = slug
    return options._replace(people=people)


def kinds_told(file: FileRead) -> dict[str | None, ForecasterKind]:
    """Return each name's kind of forecaster, if the file has one; rows that contradict an earlier one are refused."""
    kinds: dict[str | None, tuple[ForecasterKind, SaidForecast]] = {}
    for forecast in file.said.columns.records:
        if forecast.kind is None:
            continue
        earlier_kind, earlier = kinds.setdefault(forecast.by, (forecast.kind, forecast))
        if earlier_kind is not forecast.kind:
            fix = f"row {earlier.row} says {earlier_kind}: what is filled twice must agree"
            file.refuse(forecast.row, RowFault("kind", fix))
    return {name: kind for name, (kind, _) in kinds.items()}


def _none(files: Sequence[FileRead]) -> str:
    """Return "none", with what was left out of the files: nobody's name is in them, perhaps for that reason."""
    counts: dict[str, Counter[str]] = {}
    for left_out in (item for file in files for item in file.left_out):
        counts.setdefault(left_out.unit, Counter())[left_out.why] += left_out.count
    sentences = "; ".join(left_out_sentence(unit, reasons) for unit, reasons in counts.items())
    return f"none: left out are {sentences}" if sentences else "none"

"""Whether the values of the reference vectors are reproduced: all rules together, and the walk over a file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from reproductions import RULES as AT_ONCE
from reproductions import Given, Left, Rule
from reproductions_of_crowds import RULES as OF_CROWDS
from reproductions_of_numbers import RULES as OF_NUMBERS
from reproductions_of_records import RULES as OF_RECORDS
from reproductions_over_time import RULES as OVER_TIME

RULES: dict[str, list[Rule]] = AT_ONCE | OF_NUMBERS | OF_RECORDS | OF_CROWDS | OVER_TIME
FOLDER = Path(__file__).parents[1] / "vectors"
FILES = {path.stem.split("_")[0]: path for path in sorted(FOLDER.glob("[0-9]*.json"))}


def load(number: str) -> dict:
    return json.loads(FILES[number].read_text(encoding="utf-8"))


def leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    """Each value with its path; a plain list is one value."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list) and any(isinstance(part, (dict, list)) for part in value):
        for index, part in enumerate(value):
            yield from leaves(part, (*path, str(index)))
    else:
        yield "/".join(path), value


def rule_for(number: str, path: str) -> Rule | None:
    return next((rule for rule in RULES[number] if rule.fits(path)), None)


def same(ours: object, theirs: object, tolerance: float) -> bool:
    if theirs is None or theirs == "NA" or ours is None:
        return ours is None
    if isinstance(theirs, list):
        ours = list(ours)
        return len(ours) == len(theirs) and all(same(a, b, tolerance) for a, b in zip(ours, theirs, strict=True))
    number = {"Infinity": math.inf, "Inf": math.inf}.get(theirs, theirs) if isinstance(theirs, str) else theirs
    return bool(ours == number) or math.isclose(float(ours), float(number), rel_tol=0, abs_tol=tolerance)


def differing(number: str, document: dict, only: str = "*") -> list[str]:
    """The paths, of those that fit a pattern, whose value we do not reproduce."""
    found = []
    for path, theirs in leaves(document):
        rule = rule_for(number, path)
        if isinstance(rule, Given | Left) or not fnmatchcase(path, only):
            continue
        tolerance = rule.tolerance or document.get("tolerance", 1e-12)
        ours = rule.ours(document, path.split("/"))
        if not same(ours, theirs, tolerance):
            found.append(f"{path}: ours {ours!r}, theirs {theirs!r}")
    return found

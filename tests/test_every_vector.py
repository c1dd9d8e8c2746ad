"""Every value in every file of reference vectors is reproduced, is input, or is left out for a stated reason.

The `reproductions*.py` beside this file say for each path how our library arrives at it. Nothing is
skipped by default: a path that no rule knows fails, and so does a rule that fits no path. A value that a file calls
expected is reproduced unless it belongs to what the library leaves out, and says so.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from reproductions import RULES as AT_ONCE
from reproductions import Given, Left, Rule
from reproductions_of_crowds import RULES as OF_CROWDS
from reproductions_of_numbers import RULES as OF_NUMBERS
from reproductions_of_records import RULES as OF_RECORDS
from reproductions_over_time import RULES as OVER_TIME

RULES: dict[str, list[Rule]] = AT_ONCE | OF_NUMBERS | OF_RECORDS | OF_CROWDS | OVER_TIME
FOLDER = Path(__file__).parent / "vectors"
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


def differing(number: str, document: dict, only: str | None = None) -> list[str]:
    """The paths whose value we do not reproduce."""
    found = []
    for path, theirs in leaves(document):
        rule = rule_for(number, path)
        if isinstance(rule, Given | Left) or (only is not None and path != only):
            continue
        tolerance = rule.tolerance or document.get("tolerance", 1e-12)
        ours = rule.ours(document, path.split("/"))
        if not same(ours, theirs, tolerance):
            found.append(f"{path}: ours {ours!r}, theirs {theirs!r}")
    return found


def test_every_file_has_its_rules():
    assert RULES.keys() == FILES.keys()


@pytest.mark.parametrize("number", FILES)
def test_every_path_has_a_rule(number):
    assert [path for path, _ in leaves(load(number)) if rule_for(number, path) is None] == []


@pytest.mark.parametrize("number", FILES)
def test_every_rule_has_a_path(number):
    used = [rule_for(number, path) for path, _ in leaves(load(number))]

    assert [rule.pattern for rule in RULES[number] if rule not in used] == []


@pytest.mark.parametrize("number", FILES)
def test_what_is_expected_is_reproduced_or_left_for_a_reason(number):
    expected = [path for path, _ in leaves(load(number)) if "expected" in path]

    assert [path for path in expected if isinstance(rule_for(number, path), Given)] == []
    for rule in RULES[number]:
        assert not isinstance(rule, Left) or len(rule.why) > 20


@pytest.mark.parametrize("number", FILES)
def test_every_value_is_reproduced_to_its_tolerance(number):
    assert differing(number, load(number)) == []


@pytest.mark.parametrize("number", FILES)
def test_a_value_that_is_off_would_be_seen(number):
    document = load(number)
    rules = {path: rule_for(number, path) for path, _ in leaves(document)}
    reproduced = [
        (path, value)
        for path, value in leaves(document)
        if not isinstance(rules[path], Given | Left) and isinstance(value, (float, list)) and value
    ]
    path, value = reproduced[len(reproduced) // 2]
    *outer, last = path.split("/")
    place = changed = copy.deepcopy(document)
    for key in outer:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[last] = [value[0] + 0.5, *value[1:]] if isinstance(value, list) else value + 0.5

    assert differing(number, document, only=path) == []
    assert differing(number, changed, only=path) != []

"""Every value in every file of reference vectors is reproduced, is input, or is left out for a stated reason.

The `reproductions*.py` beside this file say for each path how our library arrives at it. Nothing is
skipped by default: a path that no rule knows fails, and so does a rule that fits no path. A value that a file calls
expected is reproduced unless it belongs to what the library leaves out, and says so.
"""

from __future__ import annotations

import copy

import pytest
from reproducing import FILES, RULES, differing, leaves, load, rule_for
from reproductions import Given, Left


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

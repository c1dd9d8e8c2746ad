"""The call that a refused correction offers: in the arguments of `add`, and it works as it is spelled."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Conflict, Ledger

TYPES: Mapping[str, Mapping[str, object]] = {
    "yes or no": {},
    "events": {"at_least": 2},
    "choice": {"options": ["a", "b"], "ordered": False},
    "ordered": {"options": ["a", "b"], "ordered": True},
    "number": {"unit": "m", "between": (1, 1000)},
    "log": {"unit": "m", "between": (1, 1000, "log")},
    "date": {"when": True},
}


@pytest.mark.parametrize("before", TYPES)
@pytest.mark.parametrize("after", [name for name in TYPES if name != "yes or no"])
def test_a_type_that_cannot_be_corrected_any_more_is_offered_as_it_was_said(
    ledger: Ledger, clock: Clock, before: str, after: str
) -> None:
    if before == after:
        return
    ledger.add("The question", deadline="2027", slug="q", **TYPES[before])  # type: ignore[arg-type]
    clock.set("2026-02-01")

    with pytest.raises(Conflict) as refused:
        ledger.correct("q", reason="it was meant so", **TYPES[after])

    (offered,) = re.findall(r"ledger\.supersede\(.*\)$", str(refused.value))
    call = ast.parse(offered.replace('"..."', '"why"'), mode="eval").body
    assert isinstance(call, ast.Call)
    ledger.supersede("q", slug="new", **{str(one.arg): ast.literal_eval(one.value) for one in call.keywords})
    ledger.add("Another", deadline="2027", slug="other", **TYPES[after])  # type: ignore[arg-type]
    new, wanted = (ledger.record(f"claim {slug}") for slug in ("new", "other"))
    for field in ("type", "options", "unit", "low", "high", "scale", "at_least"):
        assert getattr(new, field) == getattr(wanted, field)


@pytest.mark.parametrize("between", ["0..27", "1..300 log"])
def test_a_typed_range_is_offered_as_it_is_typed(clock: Clock, tmp_path: Path, between: str) -> None:
    run = CommandLine(tmp_path)
    run("add", "Cars", "--deadline", "2027", "--unit", "million", "--between", "1..10")
    run("supersede", "cars", "--set", "between=1..26", "--reason", "wider")

    refused = run.refuses("supersede", "cars", "--set", f"between={between}", "--reason", "wider")

    line = refused[refused.index("supersede cars-2") :]
    run.says(*shlex.split(line.replace('"..."', '"why"')))

"""A later row of another type than its claim on file is named, with a line that works as typed: every pair of types."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger
from predictions.exchange.taking.card import Taken

ROW = {"id": "1", "deadline": "2027-12-31", "opens_on": "2026-01-01", "text": "The question"}
TYPES = {
    "yes or no": {},
    "no date": {"when": "no"},
    "events": {"at_least": "2"},
    "choice": {"options": "a; b"},
    "wider choice": {"options": "a; b; c"},
    "ordered": {"options": "a < b"},
    "ordered otherwise": {"options": "b < a"},
    "number": {"unit": "m", "between": "1..1000"},
    "log": {"unit": "m", "between": "1..1000 log"},
    "another number": {"unit": "km", "between": "0..10.5"},
    "date": {"when": "yes"},
}


def changes(ledger: Ledger, terms: Mapping[str, str]) -> tuple[object, ...]:
    taken = ledger.import_from("table", [{**ROW, **terms}], dry_run=True)
    assert isinstance(taken, Taken)
    return taken.changes


@pytest.mark.parametrize(("later", "verb"), [("2026-02-01", "correct"), ("2026-02-04", "supersede")])
@pytest.mark.parametrize("before", TYPES)
def test_a_row_of_another_type_is_named_with_a_line_that_works(
    clock: Clock, tmp_path: Path, before: str, later: str, verb: str
) -> None:
    for number, (after, terms) in enumerate(TYPES.items()):
        clock.set("2026-02-01")
        run = CommandLine(tmp_path / str(number))
        run.path.parent.mkdir()
        ledger = Ledger(run.path, me="ana")
        ledger.import_from("table", [{**ROW, **TYPES[before]}])
        clock.set(later)

        found = changes(ledger, terms)

        unsaid = after == "yes or no" or (after == "no date" and before != "date") or before == after
        assert bool(found) != unsaid, (before, after)
        for change in found:
            assert change.typed.split()[1] == verb
            run.says(*shlex.split(change.typed)[1:])
        assert changes(ledger, terms) == (), (before, after)


def test_the_axis_of_a_range_is_told_with_its_ends(clock: Clock, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.db", me="ana")
    ledger.import_from("table", [{**ROW, **TYPES["log"]}])

    (straight,) = changes(ledger, TYPES["number"])

    assert straight.what == "between 1..1000 log -> 1..1000"
    assert straight.typed.endswith('--set between=1..1000 --reason "WHY"')
    assert straight.python == 'ledger.correct("table-1", between=(1, 1000), reason="WHY")'


def test_the_parts_of_a_tree_go_with_its_type(clock: Clock, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.db", me="ana")
    ledger.import_from("table", [{**ROW, "id": "2", "text": "A part"}, ROW])
    ledger.correct("table-2", scored=False)
    ledger.correct("table-1", type="any-of", parts=["table-2"])
    (change,) = changes(ledger, TYPES["date"])

    assert change.what == "type any-of -> date"
    assert change.python == 'ledger.correct("table-1", when=True, reason="WHY")'
    ledger.correct("table-1", when=True)
    assert changes(ledger, TYPES["date"]) == ()

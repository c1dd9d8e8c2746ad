"""Every line that a later file's card gives for what changed: as it is typed it works, and then the card is silent."""

from __future__ import annotations

import shlex
from pathlib import Path

from command_line import CommandLine
from conftest import Clock

from predictions import Ledger

BASIS = {"deadline": "2027-12-31", "opens_on": "2026-01-01"}
OVER = {"deadline": "2026-03-31", "opens_on": "2026-01-01", "known_on": "2026-03-01"}
SHIPS, SIDES = {"unit": "ships", "between": "1..20"}, {"options": "north; south"}
CHANGED = [  # a question, and what a later file says of it
    ({**BASIS, **SHIPS}, {"between": "1..40.5"}),
    ({**BASIS, **SHIPS}, {"between": "-5..20"}),
    ({**BASIS, **SHIPS}, {"between": "1..20 log"}),
    ({**BASIS, **SHIPS}, {"unit": "boats"}),
    ({**BASIS, **SIDES}, {"options": "north; south; east"}),
    (BASIS, {"deadline": "2028-06-30"}),
    (BASIS, {"opens_on": "2026-02-02"}),
    (BASIS, {"criteria": 'As "told", = 1'}),
    (BASIS, {"tags": "harbour; ships"}),
    ({**BASIS, "at_least": "2"}, {"at_least": "3"}),
    ({**BASIS, "p": "30%", "made_at": "2026-05-01"}, {"p": "40%"}),
    ({**OVER, "outcome": "yes"}, {"outcome": "no", "known_on": "2026-05-01"}),
    ({**OVER, **SHIPS, "outcome": "3"}, {"outcome": "-4.5"}),
    ({**OVER, **SIDES, "outcome": "north"}, {"outcome": "south"}),
]


def rows(*, later: bool) -> list[dict[str, str]]:
    """The table, each row with every column."""
    said = [{**first, **(second if later else {})} for first, second in CHANGED]
    columns = sorted({name for first, second in CHANGED for name in (*first, *second)})
    return [
        {"id": f"q{number}", "text": f"Question {number}"} | {name: one.get(name, "") for name in columns}
        for number, one in enumerate(said)
    ]


def test_each_line_takes_over_what_changed(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-29")
    run = CommandLine(tmp_path)
    ledger = Ledger(run.path, me="ana")
    ledger.import_from("table", rows(later=False))

    changes = ledger.import_from("table", rows(later=True)).changes
    assert [change.claim for change in changes if change.typed and change.python] == [
        change.claim for change in changes
    ]
    assert len(changes) == len(CHANGED)
    for change in changes:
        run.says(*shlex.split(change.typed.replace("WHY", "it says so"))[1:])

    assert Ledger(run.path, me="ana").import_from("table", rows(later=True)).changes == ()
    assert Ledger(run.path).verify().faults == ()

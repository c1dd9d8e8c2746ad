"""Every line that a later file's card gives for what changed: as it is typed it works, and then the card is silent."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger
from predictions.errors import InvalidValue
from predictions.render.blocks import Hint
from predictions.render.commands import code_lines
from predictions.status import Timing, timing

BASIS = {"deadline": "2027-12-31", "opens_on": "2026-01-01"}
OVER = {"deadline": "2026-03-31", "opens_on": "2026-01-01", "known_on": "2026-03-01"}
SHIPS, SIDES = {"unit": "ships", "between": "1..20"}, {"options": "north; south"}
PAST = {**BASIS, "by": "Tech Oracle", "p": "30%", "made_at": "2026-05-01"}
SAID = {**BASIS, "by": "Tech Oracle", "said_on": "2026-01-05", "link": "https://oracle.example/outlook"}
CHANGED = [  # a question, and what a later file says of it
    ({**BASIS, **SHIPS}, {"between": "1..40.5"}),
    ({**BASIS, **SHIPS}, {"between": "-5..20"}),
    ({**BASIS, **SHIPS}, {"between": "1..20 log"}),
    ({**BASIS, **SHIPS}, {"unit": "boats"}),
    ({**BASIS, **SIDES}, {"options": "north; south; east"}),
    (BASIS, {"deadline": "2028-06-30"}),
    (BASIS, {"opens_on": "2026-02-02"}),
    (BASIS, {"criteria": 'As "told", = 1'}),
    (BASIS, {"wording": "Question 9 is told so"}),
    (BASIS, {"title": "In short"}),
    (BASIS, {"cluster": "harbours"}),
    (BASIS, {"settle_days": "9"}),
    (BASIS, {"when": "yes"}),
    (BASIS, SHIPS),
    (BASIS, SIDES),
    ({**BASIS, "options": "north; south"}, {"options": "north < south"}),
    (BASIS, {"criteria": "line one\nline two\n\nline 4\n"}),
    (BASIS, {"criteria": 'it\'s "so" $(touch here) `id` $HOME\n-- 50 %s \\n \\042 !x\ttab \u200b é \U0001f30d'}),
    (BASIS, {"tags": "harbour; ships"}),
    ({**BASIS, "at_least": "2"}, {"at_least": "3"}),
    (BASIS, {"text": 'Question "nine", or 10 %?'}),
    (BASIS, {"text": "Question nine", "deadline": "2028-06-30", "criteria": "As told"}),
    ({**BASIS, "criteria": "As told"}, {"text": "QUESTION NINE"}),
    ({**BASIS, "wording": "It comes"}, {"text": "Question nine"}),
    ({**BASIS, "wording": "It comes"}, {"text": "Question nine", "wording": "It comes late"}),
    (SAID, {"text": "They said nine"}),
    (BASIS, {"link": "https://a.example/x"}),
    ({**BASIS, "link": "https://a.example/x"}, {"link": "https://a.example/y"}),
    ({**BASIS, "link": "https://a.example/x", "note": "old"}, {"note": "new\nand more"}),
    ({**BASIS, "note": "old"}, {"link": "https://a.example/y", "note": ""}),
    (SAID, {"note": "as told"}),
    (SAID, {"source": "The Daily"}),
    (SAID, {"link": "https://oracle.example/again"}),
    (SAID, {"said_on": "2026-01-07"}),
    ({**SAID, "link": ""}, {"link": "https://oracle.example/outlook"}),
    ({**SAID, "p": "30%"}, {"source": "The Daily"}),
    ({**BASIS, "evidence": "https://a.example/nine"}, {"evidence": "[Nine it is](https://a.example/nine)"}),
    ({**PAST, "by": "The model", "kind": "person"}, {"kind": "model"}),
    (PAST, {"p": "40%"}),
    (PAST, {"p": "withdrawn"}),
    (PAST, {"note": 'it\'s "so"'}),
    ({**PAST, "note": "as told"}, {"p": "40%"}),
    (PAST, {"p": "", "low": "20%", "high": "40%"}),
    (PAST, {"low": "20%", "high": "40%"}),
    (PAST, {"p": "", "words": "likely"}),
    ({**PAST, "p": "", "words": "will"}, {"words": "likely"}),
    ({**PAST, "p": "", "words": "likely"}, {"scale": "ipcc"}),
    ({**PAST, "p": "", "words": "likely"}, {"low": "50%", "high": "70%"}),
    ({**PAST, "p": "", "words": "likely"}, {"p": "70%", "words": ""}),
    ({**SAID, "words": "will"}, {"words": "likely"}),
    ({**SAID, "p": "30%"}, {"p": "40%"}),
    ({**SAID, "p": "30%"}, {"link": "https://oracle.example/again"}),
    ({**SAID, "p": "30%", "made_at": "2026-01-04"}, {"p": "40%"}),
    ({**PAST, **SIDES, "p": "north=40%; south=60%"}, {"p": "north=33.3%; south=66.7%"}),
    ({**PAST, **SHIPS, "p": "", "quantiles": "50%=4"}, {"quantiles": "10%=2; 90%=7.5"}),
    ({**PAST, **SHIPS, "p": "", "quantiles": "50%=4"}, {"quantiles": "10%=2; 50%=4; 90%=7.5"}),
    ({**PAST, **SHIPS, "p": "", "quantiles": "50%=4"}, {"note": "why"}),
    ({**PAST, "when": "yes", "p": "2026=10%; 2027=30%"}, {"p": "2026=20%; 2027=30%"}),
    ({**OVER, "outcome": "yes"}, {"outcome": "no", "known_on": "2026-05-01"}),
    ({**OVER, "outcome": "yes"}, {"known_on": "2026-03-02"}),
    ({**OVER, "outcome": "yes", "happened_on": "2026-02-01"}, {"happened_on": "2026-02-02"}),
    ({**OVER, "outcome": "yes", "reason": "so"}, {"reason": 'it\'s "so"'}),
    ({**OVER, "outcome": "yes"}, {"outcome": "no", "impossible": "yes"}),
    ({**OVER, "outcome": "yes"}, {"outcome": "annulled", "reason": "none"}),
    ({**OVER, "when": "yes", "outcome": "2026-02-01"}, {"outcome": "2026-02-03"}),
    ({**OVER, "when": "yes", "outcome": "2026-02-01"}, {"outcome": "no", "known_on": "2026-05-01"}),
    ({**OVER, "outcome": "yes"}, {"outcome": "0.4"}),
    ({**OVER, **SHIPS, "outcome": "3"}, {"outcome": "-4.5"}),
    ({**OVER, **SIDES, "outcome": "north"}, {"outcome": "south"}),
]


def rows(*, later: bool) -> list[dict[str, str]]:
    """The table, each row with every column."""
    said = [{**first, **(second if later else {})} for first, second in CHANGED]
    columns = sorted({name for first, second in CHANGED for name in (*first, *second)})
    return [
        {name: one.get(name, "") for name in columns}
        | {"id": f"q{number}", "text": one.get("text", f"Question {number}")}
        for number, one in enumerate(said)
    ]


def typed_into_a_shell(line: str, folder: Path) -> list[str]:
    """The words that a shell hands to the program, of a line as a screen shows it."""
    shown = "\n".join(code_lines(Hint(line, "", is_code=True), typed=True))
    words = shown.strip().replace("predictions", "printf '%s\\0'", 1)
    run = subprocess.run(["sh", "-c", words], capture_output=True, check=True, cwd=folder)
    assert (run.stderr, (folder / "here").exists()) == (b"", False)
    return run.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize(("later", "verb"), [("2026-11-29", "correct"), ("2026-12-02", "supersede")])
def test_each_line_takes_over_what_changed(clock: Clock, tmp_path: Path, later: str, verb: str) -> None:
    clock.set("2026-11-29")
    run = CommandLine(tmp_path)
    ledger = Ledger(run.path, me="ana")
    ledger.import_from("table", rows(later=False))
    clock.set(later)

    changes = ledger.import_from("table", rows(later=True)).changes
    without = [change.what for change in changes if not (change.typed and change.python)]
    (reworded,) = without
    assert reworded.endswith('-> "Question nine"')  # the line for its deadline takes it over as well
    changes = tuple(change for change in changes if change.typed)
    assert {change.claim for change in changes} == {f"table-q{number}" for number in range(len(CHANGED))}
    assert {change.typed.split()[1] for change in changes if "deadline=" in change.typed} == {verb}
    for change in changes:
        run.says(*typed_into_a_shell(change.typed, tmp_path))

    assert Ledger(run.path, me="ana").import_from("table", rows(later=True)).changes == ()
    assert Ledger(run.path).verify().faults == ()


def test_a_forecast_of_the_same_run_ends_the_draft_that_a_line_might_correct(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-29")
    row = {"id": "1", "text": "It rain", **BASIS, "by": "bob", "p": "30%", "made_at": "2026-11-01"}
    with Ledger(tmp_path / "l.db", me="ana") as ledger:
        ledger.import_from("table", [row])

        (corrected,) = ledger.import_from("table", [{**row, "text": "It rains"}], dry_run=True).changes
        (superseded,) = ledger.import_from(
            "table", [{**row, "text": "It rains", "p": "40%", "made_at": "2026-11-02"}], dry_run=True
        ).changes

    assert corrected.python == 'ledger.correct("table-1", text="It rains", reason="WHY")'
    assert superseded.python == 'ledger.supersede("table-1", text="It rains", reason="WHY")'


def test_what_a_later_claim_has_taken_over_is_not_listed_again_for_the_row_that_names_the_first(
    clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-11-29")
    row = {"claim": "rain", "text": "It rains", **BASIS}
    with Ledger(tmp_path / "l.db", me="ana") as ledger:
        ledger.import_from("table", [{**row, "text": "It rain"}])
        ledger.supersede("rain", text="It rains", slug="rain-b", reason="a letter was missing")

        assert ledger.import_from("table", [row]).changes == ()
        changes = ledger.import_from("table", [{**row, "deadline": "2028"}]).changes
        assert [change.what for change in changes] == [
            'reworded: "It rain" -> "It rains"', "deadline 2027-12-31 -> 2028-12-31",
        ]  # fmt: skip


def test_what_somebody_says_again_elsewhere_is_no_change(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-29")
    row = {"text": "It rains", **SAID, "p": "30%"}
    again = {**row, "said_on": "2026-02-05", "link": "https://oracle.example/again"}
    others = {**row, "by": "Prof Pundit", "link": "https://pundit.example/x"}
    with Ledger(tmp_path / "l.db", me="ana") as ledger:
        ledger.import_from("table", [row])

        assert ledger.import_from("table", [again]).changes == ()
        assert ledger.import_from("table", [others]).changes == ()
        assert ledger.import_from("table", [others, again, row]).changes == ()


def test_what_was_published_stays_published_in_the_words_of_the_later_file(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-29")
    run = CommandLine(tmp_path)
    ledger = Ledger(run.path, me="ana")
    said = {"text": "GPT-6 is out", **SAID}
    ledger.import_from("table", [{**said, "words": "will"}])

    (change,) = ledger.import_from("table", [{**said, "words": "likely", "note": "as told"}]).changes
    told = run(*typed_into_a_shell(change.typed.replace("WHY", "misread"), tmp_path))

    (made,) = (item.record for item in ledger.snapshot().forecasts_on(ledger.record(f"claim {change.claim}")))
    assert (told.exit_code, made.words, made.scale, made.note) == (0, "likely", "house", "as told")
    assert timing(ledger.snapshot(), made) is Timing.PUBLISHED


def test_a_month_on_which_a_yes_or_no_claim_happened_is_refused_in_a_later_file_too(
    clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-11-29")
    ledger = Ledger(tmp_path / "l.db", me="ana")
    row = {"text": "It rains", **OVER, "outcome": "yes"}
    ledger.import_from("table", [row])
    with pytest.raises(InvalidValue, match="2026-02 is no day; say the day, or known_on if"):
        ledger.import_from("table", [{**row, "happened_on": "2026-02"}])

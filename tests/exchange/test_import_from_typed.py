"""`import-from` as it is typed: the same run, the same card, spelled for the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger, LedgerError
from predictions.exchange.table.columns import IN_ORDER

SAMPLES = Path(__file__).parent.parent / "data" / "table"
TABLE = "text,due,by,p,made\nA?,2027,Ann Smith,30%,2026-01-05\nB?,2027,me,40%,\n"


@pytest.fixture
def run(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    clock.set("2026-11-29")
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text(TABLE, "utf-8")
    return CommandLine(tmp_path)


def test_a_dry_run_records_nothing_and_leaves_no_file(run: CommandLine) -> None:
    said = run.says("import-from", "table", "f.csv", "--dry-run")

    assert said.startswith("DRY RUN, nothing is recorded")
    assert said.endswith("to record it, the same without --dry-run\n")
    assert not run.path.exists()


def test_a_table_without_a_row_leaves_no_file(run: CommandLine) -> None:
    Path("f.csv").write_text("text,deadline,by,p\n", "utf-8")

    run("import-from", "table", "f.csv")

    assert not run.path.exists()


def test_a_template_needs_no_ledger_and_makes_none(run: CommandLine) -> None:
    run.says("export", "table", "--template", "empty.csv")

    assert Path("empty.csv").read_text("utf-8").splitlines()[0].startswith(",".join(IN_ORDER[:2]))
    assert not run.path.exists()
    assert "no ledger at" in run.refuses("export", "table", "all.csv")


def test_a_table_is_recorded_in_a_new_ledger_and_again_adds_nothing(run: CommandLine) -> None:
    first = run("import-from", "table", "f.csv", "--people", "Ann Smith=ann")
    assert (first.exit_code, first.stdout.split("\n")[0].split()[:5]) == (
        0,
        ["recorded", "2", "claims,", "2", "forecasts;"],
    )
    assert "ann 1, ana 1" in first.stdout

    again = run.says("import-from", "table", "f.csv", "--people", "Ann Smith=ann")

    assert again.startswith("nothing new; 2 claims, 2 forecasts stand")


def test_standard_input_is_a_table(run: CommandLine) -> None:
    said = run("import-from", "table", "-", stdin=TABLE)

    assert said.exit_code == 0
    assert "standard input" in said.stdout


def test_a_bad_file_is_refused_with_its_causes_spelled_as_typed(run: CommandLine) -> None:
    run.says("import-from", "table", "f.csv", "--dry-run")
    run("import-from", "table", "f.csv")

    said = run.refuses("import-from", "table", str(SAMPLES / "bad-1.csv"), lines=3)

    assert said.splitlines() == [
        "bad-1.csv cannot be read, so nothing is recorded: 1 of 2 rows",
        "  probability  row 2  '35'  say 35% or 0.35; --percent, if all are",
        'row 2: "A?", 35, Bob, 2026-01-10, 2026-06-30         (line 3 of the file)',
    ]
    meant = run("import-from", "table", str(SAMPLES / "bad-1.csv"), "--percent", "--dry-run")
    assert (meant.exit_code, "may be 0.5% or 50%; say which" in meant.stderr) == (1, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["fatebok", "f.csv"], "no format 'fatebok'; did you mean 'fatebook'?"),
        (
            ["table", str(SAMPLES / "fatebook-forecasts.csv")],
            "this looks like Fatebook's export (Question title, Forecast",
        ),
        (["table", "f.csv", "--people", "Ann"], "--people: 'Ann' "),
        (["table", "f.csv", "--zone", "Mars"], "--zone: 'Mars' is no time zone"),
        (["table", "none.csv"], "'none.csv' cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(typed: list[str], words: str, run: CommandLine) -> None:
    run("import-from", "table", "f.csv")

    assert words in run.refuses("import-from", *typed)


def test_a_table_goes_out_and_comes_in_again(run: CommandLine, tmp_path: Path) -> None:
    run("import-from", "table", "f.csv")

    wrote = run.says("export", "table", "out.csv")
    template = run.says("export", "table", "--template", "empty.csv")

    assert wrote.startswith("wrote         2 claims, 2 forecasts, 0 verdicts")
    assert template.startswith("wrote         an empty table with examples, to fill in")
    assert run.says("import-from", "table", "out.csv").startswith("nothing new; 2 claims, 2 forecasts stand")
    assert run.says("import-from", "table", "empty.csv").startswith("nothing to record: no row below the header")


def test_the_help_names_every_format_and_column(run: CommandLine) -> None:
    words = set(re.findall(r"\w+", run.says("import-from", "-h")))

    assert {*IN_ORDER, "table", "catalog", "ainews"} <= words


def test_the_card_is_json_too(run: CommandLine) -> None:
    told = run.json("import-from", "table", "f.csv", "--dry-run")

    assert (told["dry_run"], told["new"]["claim"], told["by"]) == (True, 2, {"Ann Smith": 1, "ana": 1})


@pytest.mark.parametrize(
    "typed",
    [
        ["import-from", "table", "bad.csv"],
        ["add", "It rains", "--deadline", "never"],
        ["quote", "Bob", "It rains", "--deadline", "2027"],
    ],
)
def test_what_is_refused_leaves_no_new_file(typed: list[str], run: CommandLine) -> None:
    Path("bad.csv").write_text("text,due,p\nA?,2027,\nB?,2027,300\n", "utf-8")

    said = run(*typed)

    assert said.exit_code != 0
    assert "is new" not in said.stderr
    assert not run.path.exists()
    assert run("import-from", "table", "f.csv").exit_code == 0
    assert run(*typed).exit_code != 0
    assert run.path.exists()


def test_an_interrupt_before_anything_is_recorded_leaves_no_new_file(
    run: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("predictions.exchange.formats.take", interrupted)
        assert run("import-from", "table", "f.csv").exit_code != 0

    assert not run.path.exists()


def test_who_opened_a_file_that_is_then_removed_writes_nothing_into_it(tmp_path: Path) -> None:
    first, second = Ledger(tmp_path / "a.db", me="ana"), Ledger(tmp_path / "a.db", me="bob")
    first._journal.discard()

    with first, second, pytest.raises(LedgerError, match="was moved or removed while it was open"):
        second.add("It rains", deadline="2099", p=0.3)
    with Ledger(tmp_path / "a.db", me="ana") as new:
        new.add("It rains", deadline="2099", p=0.3)
        new._journal.discard()
    assert (tmp_path / "a.db").exists()

"""What is typed in another way than meant: the sentence names what is typed, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger, NotALedger


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    """The command line, on a ledger with two claims, on 2026-01-01."""
    run = CommandLine(tmp_path)
    assert run("init").exit_code == 0
    run.says("add", "Alpha ships", "--deadline", "2026-06-30", "-p", "30%")
    run.says("add", "It rains", "--deadline", "2026-06-30", "--slug", "rain")
    return run


@pytest.mark.parametrize("verb", [["init"], ["add", "Snow", "--deadline", "2099"], ["import-from", "ainews"]])
def test_no_verb_makes_a_ledger_of_an_empty_file_or_behind_a_link(verb: list[str], tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    run.path.touch()

    assert run.refuses(*verb).endswith("is not a ledger: it is empty; say a new file, or remove it")

    run.path.unlink()
    run.path.symlink_to(tmp_path / "nothing")
    assert "it is a link to nothing" in run.refuses(*verb)
    assert not (tmp_path / "nothing").exists()
    with pytest.raises(NotALedger, match="a link to nothing"):
        Ledger(run.path)


def test_what_is_typed_without_an_option_is_named_as_the_usage_names_it(run: CommandLine) -> None:
    run.says("forecast", "alpha", "40%", "--by", "ben")

    assert run.refuses("explain", "brier").startswith("say whose figure: WHO, one of ")
    assert run.refuses("forecast", "alpha", "40%", "--words", "likely").endswith("(--words)")
    assert "was said (P)" in run.refuses("forecast", "alpha", "40%", "--words", "likely")
    assert run.refuses("quote", "", "It snows", "--deadline", "2026").startswith("WHO: '' is empty")


def test_a_table_is_also_called_by_its_endings_and_asks_for_its_file(run: CommandLine, tmp_path: Path) -> None:
    assert run.says("export", "csv", str(tmp_path / "o.csv")).startswith("wrote")
    assert run.refuses("export", "csv") == "which file? say it: predictions export table FILE.csv"
    assert run.refuses("export", "sqlite").endswith("export sqlite FILE.db")
    assert run.refuses("export", "calendar").endswith("export calendar FILE.ics")


def test_a_copy_is_offered_names_that_mean_one_record(run: CommandLine, tmp_path: Path) -> None:
    said = run.refuses("redact", "alpha-shps", "--to", str(tmp_path / "x.db"))

    assert said.endswith("did you mean 'statement alpha-ships' or 'claim alpha-ships'?")
    assert "[required]  [required]" not in run.says("redact", "-h")
    assert "[required]" in run.says("redact", "-h")

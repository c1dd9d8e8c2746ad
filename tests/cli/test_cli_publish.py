"""The verbs that show: what they write, what they print."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock
from scored_ledgers import many_claims

from predictions import Ledger


@pytest.fixture
def typed(clock: Clock, tmp_path: Path) -> CommandLine:
    """A command line over a ledger with fourteen resolved claims of three forecasters."""
    line = CommandLine(tmp_path)
    with Ledger(line.path, me="ana") as ledger:
        many_claims(ledger, clock)
    return line


def test_a_report_is_written_and_its_size_told(typed: CommandLine, tmp_path: Path) -> None:
    said = typed.says("report", str(tmp_path / "out.html"), "--title", "How they did")
    told = typed.json("report", str(tmp_path / "out.html"), "--crowds")

    page = (tmp_path / "out.html").read_text("utf-8")
    assert said.startswith("wrote ")
    assert said.endswith(" bytes\n")
    assert told["files"][0]["bytes"] == len(page.encode())
    assert "crowd-median" in page


def test_compare_says_it_in_a_sentence(typed: CommandLine) -> None:
    assert "ana beside ben" in typed.says("compare", "ana", "ben")
    assert "that of the base rate" in " ".join(typed.says("compare", "ana").split())
    assert typed.json("compare", "ana", "half")["statements"] == 14
    assert typed.refuses("compare", "anna") == "no forecaster 'anna' on this card; did you mean 'ana'?"
    assert typed.refuses("compare", "zoe").startswith("no forecaster 'zoe' on this card; it has ben, cyd, ana")
    assert typed.refuses("explain", "ana", "time_skill").endswith("comes first: predictions explain time_skill ana")


def test_explain_shows_the_arithmetic(typed: CommandLine) -> None:
    assert "sum to" in typed.says("explain", "brier", "ana")
    assert typed.refuses("explain", "brier").startswith("say whose figure")
    said = typed.says("explain", "interval", "crowd-odds", "--crowds")
    assert said.startswith("interval of crowd-odds\n")
    assert "fewer than 20 statements are scored, so there is none" in said


def test_explain_and_compare_take_the_options_of_the_scorecard(typed: CommandLine) -> None:
    options = ("--horizon", "120", "--rule", "last", "--cohort", "resolved")

    scored = [row for row in typed.json("scorecard", "--by", "ana", *options)["rows"] if row["place"] == "scored"]

    assert 0 < len(scored) < 14
    assert len(typed.json("explain", "brier", "ana", *options)["rows"]) == len(scored)
    assert typed.json("compare", "ana", "ben", *options)["statements"] == len(scored)


def test_diff_says_why(typed: CommandLine) -> None:
    said = typed.says("diff", "2026-02-01")

    assert "because verdict 1: " in said
    assert typed.json("diff", "2026-02-01", "2026-02-01")["rows"] == []


def test_a_calendar_and_datasettes_files_are_written(typed: CommandLine, tmp_path: Path) -> None:
    typed.says("add", "It rains", "--deadline", "2026-12-31")
    typed.says("export", "calendar", str(tmp_path / "days.ics"))
    typed.says("export", "datasette", str(tmp_path), "--title", "Ours")

    assert b"Closes: It rains" in (tmp_path / "days.ics").read_bytes()
    assert '"title": "Ours"' in (tmp_path / "metadata.json").read_text("utf-8")
    assert (tmp_path / "datasette.json").exists()
    assert "cannot make the folder" in typed.refuses("export", "datasette", str(tmp_path / "no" / "where"))


def test_a_report_that_cannot_be_written_leaves_nothing(typed: CommandLine, tmp_path: Path) -> None:
    result = typed("report", str(tmp_path / "nowhere" / "out.html"))

    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "Traceback" not in result.stderr

"""Completion as bash, zsh and fish ask for it: of verbs, of the slugs of claims, of forecasters."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete

from predictions import Ledger
from predictions.cli import cli

ASKED = {  # how each shell runs what completes the words $1 of a line, and prints what it found
    "bash": ["bash", "--norc", "--noprofile", "-c", """
        source "$0"; read -ra COMP_WORDS <<< "$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _predictions_completion predictions; printf '%s\\n' "${COMPREPLY[@]}" """],
    "zsh": ["zsh", "-f", "-c", """
        compdef() { }; compadd() { print -l -- $completions }
        _describe() { print -l -- $completions_with_descriptions }
        source "$0"; words=(${=1}); CURRENT=$#words; _predictions_completion"""],
    "fish": ["fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]"],
}  # fmt: skip


@pytest.mark.parametrize("shell", ASKED)
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("scor", ["scorecard"]),
        ("claim it-", ["it-rains", "it-snows"]),
        ("board --by be", ["ben"]),
        ("claim zz", []),
        ("quote Be", ["ben"]),
        ("export pa", ["parquet"]),
        ("import-from fo", ["forecastbench"]),
        ("board --status se", ["settled"]),
        ("add --slug it-", []),
    ],
)
def test_tab_completes(shell: str, line: str, found: list[str], tmp_path: Path) -> None:
    folder = Path(sys.executable).parent
    if shutil.which(shell) is None or not (folder / "predictions").exists():
        pytest.skip(f"needs {shell}, and the command")
    with Ledger(tmp_path / "typed.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2099", p=0.4)
        ledger.add("It snows", deadline="2099")
        ledger.forecast("it-snows", 0.3, by="ben")
    given = {**os.environ, "PREDICTIONS_LEDGER": str(tmp_path / "typed.db"), "HOME": str(tmp_path)}
    given["PATH"] = f"{folder}{os.pathsep}{given['PATH']}"
    script = tmp_path / "completion"
    source = {**given, "_PREDICTIONS_COMPLETE": f"{shell}_source"}
    script.write_bytes(subprocess.run(["predictions"], env=source, capture_output=True, check=True).stdout)

    asked = subprocess.run(
        [*ASKED[shell], str(script), f"predictions {line}"], env=given, capture_output=True, text=True, check=True
    )

    assert [word.replace("\t", ":").partition(":")[0] for word in asked.stdout.split("\n") if word] == found


@pytest.mark.parametrize("typed", [["report"], ["import-from", "table"], ["verify", "--head"], ["--ledger"]])
def test_where_a_file_is_named_the_shell_completes_files(typed: list[str]) -> None:
    found = ShellComplete(cli, {}, "predictions", "_PREDICTIONS_COMPLETE").get_completions(typed, "out")

    assert [(item.type, item.value) for item in found] == [("file", "out")]


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ({}, ["yes", "no"]),
        ({"when": True}, ["yes", "no"]),
        ({"options": ["a-lab", "b-lab"]}, ["a-lab", "b-lab"]),
        ({"unit": "km", "between": (0, 10)}, []),
    ],
)
def test_the_outcomes_of_a_claim_are_those_of_its_type(terms: dict[str, Any], found: list[str], tmp_path: Path) -> None:
    with Ledger(tmp_path / "a.db", me="ana") as ledger:
        ledger.add("Who leads", deadline="2099", **terms)

    complete = ShellComplete(cli, {}, "predictions", "_PREDICTIONS_COMPLETE")
    asked = complete.get_completions(["--ledger", str(tmp_path / "a.db"), "resolve", "who-leads"], "")

    assert [item.value for item in asked] == [*found, "ambiguous", "annulled"]

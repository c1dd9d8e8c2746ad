"""The command line as tests type it: inside the test's own Python, on a ledger file of its own."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from conftest import Clock

from predictions.cli import cli


class CommandLine:
    """`predictions --ledger FILE --me ana`, followed by whatever is typed."""

    def __init__(self, folder: Path, me: str = "ana") -> None:
        self.path = folder / "typed.db"
        self.me = me

    def __call__(self, *typed: str, stdin: str = "") -> Result:
        """Type a verb; what it prints, with the breaks of its errors and notes undone, and its exit code."""
        result = CliRunner().invoke(cli, ["--ledger", str(self.path), "--me", self.me, *typed], input=stdin)
        return unbroken(result)

    def says(self, *typed: str) -> str:
        """Type a verb that succeeds without a note; what it prints."""
        result = self(*typed)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    def json(self, *typed: str) -> Any:  # whatever JSON holds
        """Type a verb with --json; what it prints, read strictly."""
        return json.loads(self.says(*typed, "--json"), parse_constant=_no_json)

    def refuses(self, *typed: str, lines: int = 1) -> str:
        """Type a verb that fails with exit 1 and nothing changed; what it says, as one sentence or so many *lines*."""
        before = self.digest()
        result = self(*typed)
        assert (result.exit_code, result.stdout) == (1, "")
        assert self.digest() == before
        assert result.stderr.startswith("error: ")
        assert result.stderr.endswith("\n")
        assert result.stderr.count("\n") == lines
        return result.stderr[7:-1]

    def digest(self) -> str:
        """A digest of the file's bytes; empty where there is no file."""
        return sha256(self.path.read_bytes()).hexdigest() if self.path.exists() else ""


def unbroken(result: Result) -> Result:
    """Undo the breaks of errors and notes that are longer than a line of 80 columns."""
    for line in [] if "so nothing is recorded" in result.stderr else result.stderr.splitlines():
        assert len(line) <= 80 or " " not in line.strip() or "'" in line or line.startswith(("usage: ", "  ")), line
    result.stderr_bytes = in_one_line(result.stderr).encode()
    return result


def in_one_line(said: str) -> str:
    """Undo the breaks of one sentence that is longer than a line."""
    return re.sub(r"\n {6,7}(?=\S)", " ", said)


def with_one_claim(folder: Path, clock: Clock, today: str) -> CommandLine:
    """The command line on *today*, on a ledger with one claim that was forecast on 2026-01-01."""
    clock.set("2026-01-01")
    run = CommandLine(folder)
    assert run("init").exit_code == 0
    run.says("add", "It rains in Lisbon", "--deadline", "2027-06-30", "--slug", "rain", "-p", "0.25")
    clock.set(today)
    return run


def with_two_types(folder: Path) -> CommandLine:
    """The command line, on a ledger with a claim judged as a whole and one that counts events."""
    run = CommandLine(folder)
    assert run("init").exit_code == 0
    run.says("add", "It rains in Lisbon", "--deadline", "2026-06-30", "--slug", "rain")
    run.says(
        "add", "Two firms publish a price list", "--deadline", "2026-06-30", "--slug", "prices", "--at-least", "2",
        "--conditions", "firm=A firm of over 50 people", "--conditions", "public", "--tags", "firms,prices",
    )  # fmt: skip
    return run


def two_price_lists(run: CommandLine, clock: Clock) -> None:
    """Log the evidence that meets the claim that counts events."""
    clock.set("2026-05-20")
    run.says("log-evidence", "prices", "https://e.org/a", "A's", "--on", "2026-03-01", "--counts", "acme")
    run.says(
        "log-evidence", "prices", "https://e.org/b", "B's", "--on", "2026-05-11", "--counts", "birch", "--slug", "b"
    )


def _no_json(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")

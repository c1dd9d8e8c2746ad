"""The command line as tests type it: inside the test's own Python, on a ledger file of its own."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from predictions.cli import cli


class CommandLine:
    """`predictions --ledger FILE --me ana`, followed by whatever is typed."""

    def __init__(self, folder: Path, me: str = "ana") -> None:
        self.path = folder / "typed.db"
        self.me = me

    def __call__(self, *typed: str, stdin: str = "") -> Result:
        """Type a verb; what it prints, and its exit code."""
        return CliRunner().invoke(cli, ["--ledger", str(self.path), "--me", self.me, *typed], input=stdin)

    def says(self, *typed: str) -> str:
        """Type a verb that succeeds without a note; what it prints."""
        result = self(*typed)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    def json(self, *typed: str) -> Any:  # whatever JSON holds
        """Type a verb with --json; what it prints, read strictly."""
        return json.loads(self.says(*typed, "--json"), parse_constant=_no_json)

    def refuses(self, *typed: str, lines: int = 1) -> str:
        """Type a verb that fails with exit 1, one sentence or so many lines, and nothing changed; what it says."""
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


def _no_json(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")

"""The scripts in docs/ that verify without the library, run in a bare Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
FILES, PROOFS, BLOCKS = (DOCS / f"verify_{what}.py" for what in ("ledger", "proof", "block"))


def run(script: Path, *typed: str) -> subprocess.CompletedProcess[str]:
    """The script, in a Python that sees the standard library only."""
    command = [sys.executable, "-I", "-S", str(script), *typed]
    return subprocess.run(command, capture_output=True, text=True, check=False)

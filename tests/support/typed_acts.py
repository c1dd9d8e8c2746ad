"""What is typed and what it prints: acts on file, each typed anew in an empty folder on a clock that is set by hand.

In such a file `## ` begins an act, `$ ` what is typed, `@ ` sets the clock, and the rest is what was printed. The
digits of a digest are ones, for it differs from ledger to ledger.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from predictions.cli import cli
from predictions.testing import Clock, clock_at

TYPED = Path(__file__).parents[1] / "data" / "typed"
_DIGEST = re.compile(r"(?<=\d:)(?:[0-9a-f]{64}|[0-9a-f]{12})\b")


def acts(name: str) -> dict[str, list[str]]:
    """Read the acts of a file: by title, their lines."""
    parts = (TYPED / name).read_text("utf-8").split("\n## ")
    return {title: lines for title, *lines in (part.splitlines() for part in parts[1:])}


def told(lines: list[str], clock: Clock, folder: Path) -> Iterator[str]:
    """Type what stands behind `$`, set the clock to what stands behind `@`, and tell all that and what is printed."""
    for file in TYPED.glob("*.csv"):
        shutil.copy(file, folder)
    (folder / "pundits.db").touch()
    clock.set("2026-11-29T10:15Z")
    os.chdir(folder)
    for line in lines:
        if line.startswith("@"):
            clock.set(line[2:])
        elif line.startswith("$"):
            yield line
            result = CliRunner().invoke(cli, ["--me", "ana", *shlex.split(line)[2:]], prog_name="predictions")
            yield from (said.rstrip() for said in _DIGEST.sub("1" * 12, result.output).splitlines())
            continue
        else:
            continue
        yield line


def write_anew(name: str, first: str) -> None:
    """Write a file of acts with what is printed now."""
    written = [first, ""]
    for title, lines in acts(name).items():
        with clock_at("2026-11-29") as clock, TemporaryDirectory() as folder:
            written += [f"## {title}", *told(lines, clock, Path(folder)), ""]
    (TYPED / name).write_text("\n".join(written), "utf-8")


if __name__ == "__main__":
    for file in sys.argv[1:] or ["acts.txt", "screens.txt"]:
        write_anew(file, (TYPED / file).read_text("utf-8").split("\n", 1)[0])

"""What is typed and what it prints, to the character: each act of `tests/data/acts.txt` on an empty ledger.

`python tests/cli/test_acts.py` writes the file again; read the difference before it is kept.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from predictions.cli import cli
from predictions.cli.messages import wrapped
from predictions.testing import Clock, clock_at

ACTS = Path(__file__).parents[1] / "data" / "acts.txt"
FATEBOOK = "Question title,Forecast created by,Forecast created at,Forecast (scale = 0-1)\n"


def acts() -> dict[str, list[str]]:
    """Read the acts: by title, their lines."""
    parts = ACTS.read_text("utf-8").split("\n## ")
    return {title: lines for title, *lines in (part.splitlines() for part in parts[1:])}


def told(lines: list[str], clock: Clock, folder: Path) -> Iterator[str]:
    """Type what stands behind `$`, set the clock to what stands behind `@`, and tell all that and what is printed."""
    (folder / "fatebook-forecasts.csv").write_text(FATEBOOK)
    (folder / "pundits.db").touch()
    clock.set("2026-11-29T10:15Z")
    os.chdir(folder)
    for line in lines:
        if line.startswith("@"):
            clock.set(line[2:])
        elif line.startswith("$"):
            yield line
            result = CliRunner().invoke(cli, ["--me", "ana", *shlex.split(line)[2:]])
            for said in result.output.splitlines():  # as on a terminal
                yield from wrapped(said, said[:5]).splitlines() if said.startswith("error: ") else [said]
            continue
        else:
            continue
        yield line


@pytest.mark.parametrize("act", acts())
def test_what_is_typed_prints_what_is_on_file(
    act: str, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = [line for line in acts()[act] if line]

    said = list(told(expected, clock, tmp_path))

    assert [line for line in said if line] == expected
    assert max(len(line) for line in said if line[0:1] not in "$@") <= 80


if __name__ == "__main__":
    written = ["What is typed and what it prints (tests/cli/test_acts.py).", ""]
    for title, lines in acts().items():
        with clock_at("2026-11-29") as clock, TemporaryDirectory() as folder:
            written += [f"## {title}", *told(lines, clock, Path(folder)), ""]
    ACTS.write_text("\n".join(written), "utf-8")

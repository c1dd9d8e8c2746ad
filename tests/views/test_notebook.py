"""The notebook under docs/, executed as a reader would, twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from notebooks import execute

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = Path(__file__).parents[2] / "docs" / "session.ipynb"


def shown(cell: NotebookNode, kind: str) -> str:
    return "".join(output["data"].get(kind, "") for output in cell.outputs if "data" in output)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_restart_and_run_all_writes_nothing_new(tmp_path: Path) -> None:
    from predictions import Ledger

    first = execute(NOTEBOOK, tmp_path)
    heads = []
    for name in ("ainews.db", "scratch.db"):
        with Ledger(tmp_path / "session" / name) as ledger:
            heads.append(ledger.head())
    execute(NOTEBOOK, tmp_path)

    for name, head in zip(("ainews.db", "scratch.db"), heads, strict=True):
        with Ledger(tmp_path / "session" / name) as ledger:
            assert ledger.head() == head
    cells = [cell for cell in first.cells if cell.cell_type == "code"]
    assert "exec-defections" in shown(cells[0], "text/html")
    assert "1 of 2 (1 provisional" in shown(cells[2], "text/plain")
    assert shown(cells[3], "text/plain").startswith("exec-defections: ana 0.72, now\n")
    assert shown(cells[-3], "text/plain") == "(1, 0)"

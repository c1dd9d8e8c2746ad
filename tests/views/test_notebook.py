"""The notebook under docs/, executed as a reader would, twice."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "docs" / "session.ipynb"


def run(folder: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def shown(cell: nbformat.NotebookNode, kind: str) -> str:
    return "".join(output["data"].get(kind, "") for output in cell.outputs if "data" in output)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_restart_and_run_all_writes_nothing_new(tmp_path: Path) -> None:
    from predictions import Ledger

    first = run(tmp_path)
    heads = []
    for name in ("ainews.db", "scratch.db"):
        with Ledger(tmp_path / "session" / name) as ledger:
            heads.append(ledger.head())
    run(tmp_path)

    for name, head in zip(("ainews.db", "scratch.db"), heads, strict=True):
        with Ledger(tmp_path / "session" / name) as ledger:
            assert ledger.head() == head
    cells = [cell for cell in first.cells if cell.cell_type == "code"]
    assert "exec-defections" in shown(cells[0], "text/html")
    assert "1 of 2 (1 provisional" in shown(cells[2], "text/plain")
    assert shown(cells[3], "text/plain").startswith("exec-defections: ana 0.72, now\n")
    assert shown(cells[-3], "text/plain") == "(1, 0)"

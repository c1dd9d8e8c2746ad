"""Executes the notebook that is kept with its outputs, from the code of this clone: python docs/execute_notebook.py

It needs the extras `test` and `compare`. The ledger of the notebook is made in a folder that is gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs" / "scott_alexander_2021.ipynb"
TABLE = Path("tests") / "data" / "scott_alexander_2021.csv"


def executed(folder: Path) -> nbformat.NotebookNode:
    """The notebook with new outputs, executed in a folder as a reader would in a clone."""
    (folder / TABLE.parent).mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / TABLE, folder / TABLE)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=240, record_timing=False, resources=resources).execute()
    return notebook


def main() -> None:
    os.environ["PYTHONPATH"] = str(ROOT)  # the kernel takes the code of this clone
    with tempfile.TemporaryDirectory() as folder:
        notebook = executed(Path(folder))
    notebook.metadata["language_info"] = {"name": "python"}  # not the version of this Python
    nbformat.write(notebook, NOTEBOOK)
    print(f"{NOTEBOOK.name}: {NOTEBOOK.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""Pages of notebook hosts with one output in them, made with the hosts' own stylesheets, as these are installed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

# a host whose rules for tables no border can win against, and which shades and aligns them, as editors do
TABLES = """
table, thead, tbody, tr, th, td { border: none !important; border-spacing: 0; border-collapse: collapse }
table, th, tr { text-align: right; vertical-align: middle } th, td { padding: 4px 8px }
thead { background-color: #8883; font-weight: bold } tr:nth-child(even) { background-color: #8882 }
tbody th { font-weight: normal }
"""


def host_page(host: str, html: str) -> str:
    """A page of the host with one cell whose output is *html*."""
    if host == "bare":
        return f"<!doctype html><meta charset=utf-8><body><div>{html}</div>"
    if host == "tables":
        return f"<!doctype html><meta charset=utf-8><style>{TABLES}</style><body><div>{html}</div>"
    if host in {"lab", "lab-dark"}:
        return _lab(html, "dark" if host == "lab-dark" else "light")
    import nbformat
    from nbconvert import HTMLExporter

    output = nbformat.v4.new_output("execute_result", {"text/html": html}, execution_count=1)
    cell = nbformat.v4.new_code_cell("ledger", outputs=[output], execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    return str(HTMLExporter(template_name=host.removeprefix("nbconvert-")).from_notebook_node(notebook)[0])


def _lab(html: str, theme: str) -> str:
    share = Path(sys.prefix) / "share/jupyter/lab"
    core = next((share / "static").glob("jlab_core.*.js")).read_text("utf-8")
    modules = re.findall(r"\.push\(\[\w+\.id,\s*`((?:[^`\\]|\\.)*)`", core)
    theme = (share / f"themes/@jupyterlab/theme-{theme}-extension/index.css").read_text("utf-8")
    assert len(modules) > 100
    light = str(theme == "light").lower()
    styles = "\n".join([*modules, theme]).replace("@charset", "")
    shell = '<div class="{}">'
    classes = (
        "jp-Notebook jp-NotebookPanel-notebook", "jp-WindowedPanel-viewport", "lm-Widget jp-Cell jp-CodeCell",
        "jp-Cell-outputWrapper", "jp-OutputArea jp-Cell-outputArea", "jp-OutputArea-child",
    )  # fmt: skip
    output = "jp-RenderedHTMLCommon jp-RenderedHTML jp-OutputArea-output jp-OutputArea-executeResult"
    return (
        f"<!doctype html><meta charset=utf-8><style>{styles}\nbody{{overflow:auto}}"
        ".jp-Notebook,.jp-WindowedPanel-viewport{position:static!important;height:auto!important}</style>"
        f'<body class="jp-ThemedContainer" data-jp-theme-light="{light}">{"".join(map(shell.format, classes))}'
        f'<div class="jp-OutputPrompt">[1]:</div><div class="{output}">{html}</div>{"</div>" * len(classes)}'
    )

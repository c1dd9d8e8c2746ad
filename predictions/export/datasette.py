"""Write the two files with which Datasette shows a ledger: labels, facets, named views, and canned questions.

Datasette 0.65 reads everything from ``metadata.json``; 1.0 reads titles there, and questions and permissions in
``datasette.json``. Visitors cannot type SQL unless that is asked for; the canned questions always work.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from predictions.errors import InvalidValue
from predictions.invisible import json_of
from predictions.redacted import Redacted
from predictions.storage.files import redraw
from predictions.storage.schema import UNIQUE, WORD_TABLES

JsonObject = dict[str, object]
MADE_BY_US = "predictions datasette-metadata"  # the first key, so that only files of our own are replaced


def datasette_files(
    database: str, *, title: str | None = None, free_sql: bool = False, lacks: Redacted | None = None
) -> dict[str, str]:
    """Return the text of both files, by name.

    Args:
        database: The name of the ledger's file without its ending.
        title: A title for the page.
        free_sql: Whether visitors may type SQL.
        lacks: What a redacted copy no longer has; None for a complete ledger.
    """
    texts = tomllib.loads((files("predictions") / "export" / "datasette.toml").read_text("utf-8"))
    tables = {**{name: {"hidden": True} for name in _hidden(texts["tables"])}, **texts["tables"]}
    config: JsonObject = {"tables": tables, "queries": texts["queries"]}
    if not free_sql:
        config["allow_sql"] = {"id": "nobody"}  # an id that no visitor has
    page: JsonObject = {
        "title": title or texts["title"],
        "description_html": (f"<p><strong>{lacks.banner}</strong></p>" if lacks else "")
        + texts["description_html"].replace("{database}", _path(database)),
    }
    settings = {"databases": {database: config}}
    return {
        "metadata.json": _json_text({"_made_by": MADE_BY_US, **page, **settings}),
        "datasette.json": _json_text({"_made_by": MADE_BY_US, "settings": {"suggest_facets": False}, **settings}),
    }


def write_datasette(
    ledger: Path, folder: Path, *, title: str | None = None, free_sql: bool = False, lacks: Redacted | None = None
) -> list[Path]:
    """Write both files into a folder, which is made if need be; InvalidValue if that fails."""
    if folder.is_symlink():
        raise InvalidValue(f"{str(folder)!r} is a link; say the folder's own name")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InvalidValue(f"cannot make the folder {str(folder)!r}: {error.strerror}") from None
    written = []
    for name, text in datasette_files(ledger.stem, title=title, free_sql=free_sql, lacks=lacks).items():
        written.append(redraw(folder / name, text, like=ledger, known_by=MADE_BY_US))
    return written


def _hidden(visible_tables: Mapping[str, object]) -> list[str]:
    """List the tables that only serve others: tables of words and of list items, and the journal."""
    return sorted({*UNIQUE, *WORD_TABLES, "_sqlite_migrations"} - set(visible_tables))


def _path(database: str) -> str:
    """Return the name of a database as Datasette spells it in addresses (tilde-encoded)."""
    return "".join(
        character if character.isascii() and (character.isalnum() or character in "-_") else
        "".join(f"~{byte:02X}" for byte in character.encode())
        for character in database
    )  # fmt: skip


def _json_text(content: Mapping[str, object]) -> str:
    return json_of(content, indent=2) + "\n"

"""A cell that is too long, or holds what no text may, refuses a table in one sentence with its row and its column."""

from __future__ import annotations

from pathlib import Path

import pytest

from predictions import InvalidValue, Ledger
from predictions.fields import LINE_LIMIT, LINK_LIMIT, TEXT_LIMIT

ROW = {"text": "It rains", "deadline": "2099-12-31", "by": "bob", "p": "30%"}
LINK = "https://a.example/"
TEXTS = ("text", "note", "reason", "criteria", "wording")
LINES = ("title", "by", "source", "tags", "cluster", "id", "words", "scale", "unit")
LINKS = ("link", "evidence")
HOLDERS = [
    *((name, "x" * (TEXT_LIMIT + 1), "at most 20,000") for name in TEXTS),
    *((name, "x" * (LINE_LIMIT + 1), "at most 500") for name in LINES),
    *((name, LINK + "x" * LINK_LIMIT, "at most 2,083") for name in LINKS),
    ("evidence", f"[{'x' * (LINE_LIMIT + 1)}]({LINK})", "at most 500"),
    *((name, "bell\x07s", "a control character (U+0007) at position 4") for name in (*TEXTS, *LINES)),
    *((name, "half \ud800", "half a character (U+D800) at position 5") for name in (*TEXTS, *LINES)),
    *((name, "two\nlines", "more than one line; write it on one") for name in LINES if name != "tags"),
    *((name, f"{LINK}\x07", "control character; encode it as %xx") for name in LINKS),
    *((name, "9" * 30, "not a whole number from 0 to 999,999") for name in ("settle_days", "at_least")),
]


@pytest.mark.parametrize(("column", "cell", "words"), HOLDERS)
def test_the_row_and_the_column_are_named(tmp_path: Path, column: str, cell: str, words: str) -> None:
    with Ledger(tmp_path / "l.db", me="ana") as ledger, pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", [ROW, {**ROW, "text": "It snows", column: cell}])

    head, *causes, _ = str(refused.value).split("\n")
    assert head == "the table cannot be read, so nothing is recorded: 1 of 2 rows"
    told = " ".join(" ".join(causes).split())
    assert told.startswith(f"{column} row 2 '{cell[:1]}")
    assert words in told
    assert len(causes) <= 4
    assert max(map(len, str(refused.value).split("\n"))) <= 80

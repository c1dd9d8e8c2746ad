"""Whatever a table holds is taken whole or refused in plain words; what was taken verifies, and again adds nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
import pandas
import pytest
from hostile import HOSTILE
from mutating import mutated
from spreadsheets import spreadsheet_bytes

from predictions import Ledger, LedgerError
from predictions.exchange.table.columns import IN_ORDER

pytestmark = pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")

SPOILT = 4  # variants of each kind of file; of a campaign the second
MANY_SPOILT = 40
CSV = (
    "text,deadline,by,p,words,low,high,said_on,link,source,made_at,outcome,known_on,evidence,note,tags,kind,p:cy\n"
    "A?,2027,Tech Oracle,,will,,,2026-01-05,https://o.example/a,,,yes,2026-05-01,[T](https://e.example/x),"
    '"a ""n""",a; b,,30%\n'
    "A?,2027,me,35%,,,,,,,2026-02-03T10:00Z,,,,,,,\n"
    "B?,Q3 2027,Bob,,sure thing,90%,99%,2026-01-07,https://w.example/1,The Weekly,,,,,,,publication,\n"
    "C?,2026-06-30,Bob,20%,,,,,,,2026-02-01,,,,,,,\n"
    "C?,2026-06-30,Bob,withdrawn,,,,,,,2026-03-01,no,,https://e.example/y https://e.example/z,,,,\n"
    "# a comment,,,,,,,,,,,,,,,,,\n"
    "D?,within 2 years,,,,,,,,,,,,,only a note,,,0.4\n"
)
ROWS = [{"text": "A?", "deadline": "2027", "by": "Bob", "p": 0.3}, {"text": "B?", "deadline": 2027}]
CELLS = ["text", "deadline", "by", "p", "made_at", "outcome", "known_on"]
SHEET = [CELLS, ["A?", date(2027, 3, 1), "Bob", 0.35, date(2026, 2, 3), True, date(2026, 5, 1)], ["B?", 2027, "me", 1]]
MARKDOWN = "| text | due | p |\n| --- | --- | --- |\n| A \\| b? | 2027 | 30% |\n| C<br>d? | Q3 2027 | 0.2 |\n"
FILES: dict[str, tuple[str, bytes]] = {
    "CSV": ("f.csv", CSV.encode()),
    "semicolons": ("f.csv", CSV.replace(",", ";").replace("a; b", "ab").encode("utf-16")),
    "JSON": ("f.json", json.dumps(ROWS).encode()),
    "Markdown": ("f.md", MARKDOWN.encode()),
    "spreadsheet": ("f.xlsx", spreadsheet_bytes({"Sheet1": SHEET})),
}
KINDS: dict[str, tuple[object, ...]] = {
    "nothing": ("", " ", None, pandas.NaT, pandas.NA, np.datetime64("NaT")),
    "flags": (True, False, np.bool_(True), "yes", "no"),
    "whole numbers": (0, 1, -1, 35, np.int64(1), "-5"),
    "fractions": (0.5, -0.0, Decimal("0.3"), np.float32(0.3), "0.3", "30%", "30 %", "0,3", "٣٠٪", "½"),
    "numbers that are none": (float("nan"), float("inf"), Decimal("NaN"), "1e400"),
    "numbers beyond bounds": (10**400, 2**63, "1e-400"),
    "words": ("withdrawn", "WITHDRAWN", "me", "N/A", "annulled", "a; b", "李", "🙂"),
    "days": ("2026", "2026-02-03", "Q3 2027", "within 18 months", date(2026, 2, 3), np.datetime64("2026-02-03"),
             np.datetime64("2026-02")),
    "days that cannot be": ("2026-02-30", "02/03/2026", "1899-12-30", "0001-01-01", "9999-12-31", date(9999, 12, 31)),
    "moments": ("2026-02-03T10:00Z", "2026-02-03T10:00:00.1234567Z", "2026-02-03 10:00", datetime(2026, 2, 3),
                datetime(2026, 2, 3, tzinfo=UTC), pandas.Timestamp("2026-02-03"),
                pandas.Timestamp("2026-02-03T10:00Z"), timedelta(days=1)),
    "what is no cell": (b"bytes", object(), {"a": 1}),
    "lists": ([], ["a"], ["https://a.example", "https://a.example"], ()),
    "long text": ("x" * 600, "x" * 30_000),
    "odd letters": ("\x00", "a\tb", "a\nb", "a\r\nb", "\ud800", "\u202eabc", "e" + "\u0301" * 30),
    "formulas and comments": ("'=1", "=1+1", "# no"),
    "links": ("https://a.example/x", "https://u:p@a.example", "[t](https://a.example)", "[t]("),
    "names of files": ("con", "../x"),
    "code": HOSTILE,
}  # fmt: skip
COLUMNS = [*IN_ORDER, "p:cy", "cy %"]


def refused(ledger: Ledger, path: Path, source: object) -> str | None:
    """Take a source in, and once more; where it is refused, no byte is changed, and the words of it come back."""
    before = path.read_bytes()
    try:
        first = ledger.import_from("table", source)
    except LedgerError as error:
        same = path.read_bytes() == before
        return f"{'' if same else 'CHANGED '}{error}"
    again = ledger.import_from("table", source)
    assert dict(again.new) == {}, (first, again)
    assert (str(first), first.to_dict()["format"]) != ("", "")
    return None


def is_plain(words: str | None) -> bool:
    return words is None or (len(words) < 4_000 and not words.startswith("CHANGED") and "not happen" not in words)


@pytest.mark.parametrize("variants", [SPOILT, pytest.param(MANY_SPOILT, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("kind", FILES)
def test_a_spoilt_file_is_taken_whole_or_refused(kind: str, variants: int, tmp_path: Path) -> None:
    name, content = FILES[kind]
    file, path, random = tmp_path / name, tmp_path / "fuzz.db", Random(kind)
    file.write_bytes(content)
    with Ledger(path, me="ed") as ledger:
        assert refused(ledger, path, file) is None

    for _ in range(variants):
        path.unlink()
        file.write_bytes(mutated(content, [content], random))
        with Ledger(path, me="ed") as ledger:
            assert is_plain(refused(ledger, path, file))
            assert ledger.verify().ok


@pytest.mark.parametrize("column", COLUMNS)
def test_a_value_of_any_kind_in_any_cell_is_taken_or_refused(column: str, tmp_path: Path) -> None:
    at = COLUMNS.index(column)  # the next column takes the next value of each kind

    put_in(column, [values[at % len(values)] for values in KINDS.values()], tmp_path)


@pytest.mark.campaign
@pytest.mark.parametrize("column", COLUMNS)
def test_any_value_in_any_cell_is_taken_or_refused(column: str, tmp_path: Path) -> None:
    put_in(column, [value for values in KINDS.values() for value in values], tmp_path)


def put_in(column: str, values: Sequence[object], folder: Path) -> None:
    """Import each value in that column, beside a good row."""
    path = folder / "fuzz.db"
    with Ledger(path, me="ed") as ledger:
        for number, value in enumerate(values):
            row = {"text": f"A{number}?", "deadline": "2027", "by": "Bob", "p": "30%", "made_at": "2026-02-03"}

            assert is_plain(
                refused(ledger, path, [{**row, column: value}, {"text": f"B{number}?", "deadline": "2028"}])
            )

        assert ledger.verify().ok


@pytest.mark.parametrize("value", [{"text": "x"}, [None], 5, b"text,due", "no such file", object(), [{1: 2}]])
def test_what_is_no_table_is_refused(value: object, tmp_path: Path) -> None:
    path = tmp_path / "fuzz.db"
    with Ledger(path, me="ed") as ledger:
        words = refused(ledger, path, value)

    assert words is not None
    assert is_plain(words)

"""Whatever an export of Fatebook holds is taken whole or refused in plain words; taken again it adds nothing."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fatebook_files import question, resolved
from market_exports import check_whole_or_plain
from mutating import mutated
from odd_fields import VALUES, fields_of, replaced

pytestmark = pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")


SPOILT, MANY_SPOILT = 10, 400  # variants of each file; of a campaign the second
TABLE = (Path(__file__).parent.parent / "data" / "platforms" / "fatebook-csv" / "fatebook.csv").read_text("utf-8")
SAID = ("Ann", "2026-03-02T10:00:00.000Z", 0.35), ("Bob", "2026-03-02T10:00:00Z", None)
OBJECTS: dict[str, Any] = {
    "items": [
        question("a", "", *SAID, notes="Here.", tags=[{"name": "Big & small"}], **resolved("NO")),
        question("b", "", resolveBy="2026-12-31T00:00:00.000Z"),
        question("c", type="MULTIPLE_CHOICE"),
        question(
            "d",
            type="MULTIPLE_CHOICE",
            options=[
                {"id": "o1", "text": "A", "resolution": "YES", "resolvedAt": "2026-06-01T10:00:00Z"},
                {"id": "o2", "text": "B"},
            ],
            forecasts=[
                {
                    "forecast": chance,
                    "createdAt": "2026-03-02T10:00:00Z",
                    "optionId": key,
                    "user": {"id": "u", "name": "Ann"},
                }
                for key, chance in (("o1", "0.7"), ("o2", 0.2))
            ],
        ),
    ]
}
FILES = {"table": TABLE, "objects": json.dumps(OBJECTS)}
TEXTS = [value for value in VALUES if isinstance(value, str) and value.isprintable()]


@pytest.mark.parametrize("variants", [SPOILT, pytest.param(MANY_SPOILT, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("kind", FILES)
def test_a_spoilt_file_is_taken_whole_or_refused(kind: str, variants: int, tmp_path: Path) -> None:
    content, random = FILES[kind].encode(), Random(kind)
    assert check_whole_or_plain(tmp_path, "fatebook", content)

    for _ in range(variants):
        check_whole_or_plain(tmp_path, "fatebook", mutated(content, [content], random))


def test_a_value_of_any_kind_in_any_field_is_taken_or_refused(tmp_path: Path) -> None:
    for at, way in enumerate(fields_of(OBJECTS)):
        check_whole_or_plain(tmp_path, "fatebook", replaced(OBJECTS, way, VALUES[at * 7 % len(VALUES)]))


@pytest.mark.campaign
@pytest.mark.parametrize("value", range(len(VALUES)))
def test_any_value_in_any_field_is_taken_or_refused(value: int, tmp_path: Path) -> None:
    for way in fields_of(OBJECTS):
        check_whole_or_plain(tmp_path, "fatebook", replaced(OBJECTS, way, VALUES[value]))


@pytest.mark.parametrize("texts", [1, pytest.param(len(TEXTS), marks=pytest.mark.campaign)])
@pytest.mark.parametrize("column", range(17))
def test_any_text_in_any_cell_is_taken_or_refused(column: int, texts: int, tmp_path: Path) -> None:
    header, first, *_ = csv.reader(StringIO(TABLE, newline=""))

    for place in range(texts):
        cells, table = list(first), StringIO(newline="")
        cells[column] = TEXTS[(column + place) % len(TEXTS)]
        csv.writer(table).writerows([header, cells])
        check_whole_or_plain(tmp_path, "fatebook", table.getvalue())


@pytest.mark.parametrize(
    "text", ["[", "null", "5", "{}", "[[]]", "NaN", "not json", "\x00", "PK\x03\x04", "Question title"]
)
def test_a_file_that_is_no_export_is_refused(text: str, tmp_path: Path) -> None:
    assert not check_whole_or_plain(tmp_path, "fatebook", text)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "[]", "\ufeff[]", '{"items": []}', "\ufeff"])
def test_an_export_of_nothing_is_no_fault(text: str, tmp_path: Path) -> None:
    assert check_whole_or_plain(tmp_path, "fatebook", text)

"""The same table again adds nothing, of every type, with two people who each published somewhere of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger

BY = {
    "yes-no": [{"p": "30%"}],
    "in words": [{"words": "likely"}],
    "choice": [{"options": "a; b", "p": "a=60%; b=40%"}],
    "ordered": [{"options": "a < b", "p": "a=60%; b=40%"}],
    "number": [{"unit": "km", "between": "0..10", "quantiles": "10%=2; 50%=4; 90%=8"}],
    "date": [{"when": "yes", "p": "2027-01-31=20%; 2027-06-30=50%"}],
}
MORE = {
    "alone": {},
    "with evidence": {"evidence": "https://news.example/a"},
    "with a note": {"note": "a hunch"},
    "with a source": {"source": "The Daily of {who}"},
}


def cells(more: str, who: str) -> dict[str, str]:
    return {name: cell.format(who=who) for name, cell in MORE[more].items()}


def written(file: Path, rows: list[dict[str, str]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(f'"{row.get(name, "")}"' for name in names) for row in rows]
    file.write_text("\n".join([",".join(names), *lines]) + "\n", "utf-8")
    return file


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("type_", BY)
def test_the_same_table_again_adds_nothing(ledger: Ledger, clock: Clock, type_: str, more: str, tmp_path: Path) -> None:
    clock.set("2026-11-30T12:00:00Z")
    rows = [
        {
            "text": "Robots",
            "deadline": "2027-06-30",
            "by": who,
            "said_on": day,
            "link": link,
            **said,
            **cells(more, who),
        }
        for said in BY[type_]
        for who, day, link in (
            ("Ora", "2026-11-30", "https://o.example/1"),
            ("Prof", "2026-11-30", "https://p.example/1"),
            ("Prof", "2026-11-29", "https://p.example/0"),
            ("Cy", "2026-11-30", ""),
        )
    ]
    table = written(tmp_path / "table.csv", rows)
    ledger.import_from("table", table)
    head = str(ledger.head())

    again = [str(ledger.import_from("table", table)) for _ in range(2)]

    assert [text.splitlines()[0].startswith("nothing new") for text in again] == [True, True], again
    assert str(ledger.head()) == head

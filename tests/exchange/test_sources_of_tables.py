"""The source of a table's statements: one for each file, or as a row or the caller names it, told if it differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from predictions import Ledger
from predictions.errors import LedgerError, NotFound
from predictions.records import Source, Statement

SNOW = [{"text": "Snow", "deadline": "2027", "p": "20%"}]


def source_of(ledger: Ledger, text: str) -> Source:
    snapshot = ledger.snapshot()
    (statement,) = (statement for statement in snapshot.all(Statement) if statement.text == text)
    return snapshot.find(Source, statement.source)


def written(file: Path, text: str) -> Path:
    file.write_text(f"text,deadline,p\n{text},2027,20%\n", "utf-8")
    return file


def test_each_file_is_the_source_of_its_statements(ledger: Ledger, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{text}.csv", text) for text in ("Rain", "Snow", "Hail", "Wind")]
    ledger.import_from("table", files[0])
    ledger.import_from("table", files[1])
    ledger.import_from("table", *files[2:])
    ledger.import_from("table", [{"text": "Frost", "deadline": "2027", "p": "20%"}])
    named = {text: source_of(ledger, text).title for text in ("Rain", "Snow", "Hail", "Wind", "Frost")}
    assert named == {"Rain": "Rain.csv", "Snow": "Snow.csv", "Hail": "Hail.csv", "Wind": "Wind.csv", "Frost": "table"}
    files[0].write_text("text,deadline,p\nRain,2027,20%\nStorm,2027,30%\n", "utf-8")
    ledger.import_from("table", files[0])
    assert source_of(ledger, "Storm") == source_of(ledger, "Rain")
    ledger.export("table", tmp_path / "out.csv")
    assert "sources" not in str(ledger.export("table", tmp_path / "out.csv"))


def test_a_filter_takes_the_title_of_a_source_as_screens_show_it(ledger: Ledger, tmp_path: Path) -> None:
    for text in ("Rain", "Snow"):
        ledger.import_from("table", written(tmp_path / f"{text}.csv", text))
    for source, text, other in (("Rain.csv", "Rain", "Snow"), ("snow.csv", "Snow", "Rain"), ("table", "Rain", "Snow")):
        board = str(ledger.board(source=source))
        assert f"1  {text}" in board
        assert f"1  {other}" not in board
        assert "ana     1    0" in str(ledger.scorecard(source=source))
    with pytest.raises(NotFound, match=r"no source 'Hail\.csv'"):
        ledger.scorecard(source="Hail.csv")


@pytest.mark.parametrize("rows", [
    [{"text": "Snow", "deadline": "2027", "p": "20%", "source": "My blog"}],
    [{"text": "Snow", "deadline": "2027", "source": "My blog"}],
    [{"text": "Snow", "deadline": "2027", "p": "30%", "made_at": "2026-03-01"},
     {"text": "Snow", "deadline": "2027", "p": "20%", "source": "My blog", "made_at": "2026-02-28"}],
    [{"claim": "sleet", "by": "Bob", "p": "20%", "source": "My blog"}],
    [{"claim": "lead", "by": "Bob", "p": "a=20%; b=80%", "source": "My blog"}],
])  # fmt: skip
def test_a_publication_without_its_day_is_refused_on_claims_on_file_too(
    ledger: Ledger, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    ledger.add("Sleet", deadline="2027", slug="sleet")
    ledger.add("Who leads?", deadline="2027", slug="lead", options=["a", "b"])
    ledger.import_from("table", SNOW)
    with pytest.raises(LedgerError) as refused:
        ledger.import_from("table", rows)
    assert "when was it said? say the day on which it was published" in " ".join(str(refused.value).split())


def test_a_misspelled_publication_is_asked_about_on_claims_on_file_too(ledger: Ledger) -> None:
    row = {"text": "Snow", "deadline": "2027", "by": "Ora", "source": "The Daily News", "link": "https://d.example/1"}
    ledger.import_from("table", [{**row, "p": "20%", "said_on": "2026-01-01"}])
    with pytest.raises(LedgerError, match="did you mean"):
        ledger.import_from(
            "table", [{**row, "source": "the-daly-news-2026-01-01", "p": "20%", "said_on": "2026-01-01"}]
        )


def test_a_source_given_beside_a_table_is_told_where_claims_on_file_have_another(
    ledger: Ledger, tmp_path: Path
) -> None:
    file = written(tmp_path / "f.csv", "Snow")
    ledger.import_from("table", file)
    card = str(ledger.import_from("table", file, source="My blog"))
    assert "source table -> my-blog; take it over with:" in card
    slug = ledger.snapshot().all(Statement)[0].slug
    ledger.correct(f"statement {slug}", source="my-blog", reason="WHY")
    assert source_of(ledger, "Snow").title == "My blog"
    assert "changed since" not in str(ledger.import_from("table", file, source="My blog"))

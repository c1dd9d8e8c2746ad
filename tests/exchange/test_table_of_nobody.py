"""Rows that begin with ``#``, cells that show a failed formula, and names of nobody: told, never swallowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine
from folder_ledger import folder_ledger
from refused_tables import refusal
from spreadsheets import write_spreadsheet

from predictions import InvalidValue, Ledger
from predictions.records import Forecaster, Statement

ledger = folder_ledger  # in place of the fixture of that name

NOBODY = {
    "2026-01-05": "a day", "2026": "a day", "05.01.2026": "a day", "June 2026": "a day", "45%": "a chance",
    "45 %": "a chance", "0.45": "a chance", "0,45": "a chance", "https://bob.example": "a link",
}  # fmt: skip
NAMES = ["Agent 47", "17", "Class of 2026", "Bob 2", "100 Days", "GPT-4.5", "% Bob"]
ROW = {"text": "It rains", "deadline": "2099", "p": "30%"}
LINES = ["text,deadline,p", "#1 in the charts,2099,30%", " #MeToo returns,2099,40%", "B,2099,50%", "# a comment,,"]


@pytest.mark.parametrize(("name", "what"), NOBODY.items())
def test_what_is_no_name_is_refused_at_every_door(ledger: Ledger, name: str, what: str) -> None:
    assert f"{what}, and by is who forecasts" in refusal(ledger, [{**ROW, "by": name}])
    assert f"is {what}, and by= is who forecasts" in refusal(ledger, [ROW], by=name)
    assert f"is {what}, and by= is who forecasts" in refusal(ledger, [{**ROW, "by": "Bob"}], people={"Bob": name})
    with pytest.raises(InvalidValue, match=f"is {what}, and by= is who"):
        ledger.quote(name, "It rains", deadline="2099", p=0.3, said_on="2026-01-05", link="https://a.example")
    ledger.add("It rains", deadline="2099")
    with pytest.raises(InvalidValue, match=f"is {what}, and by= is who"):
        ledger.forecast("it-rains", 0.3, by=name)


@pytest.mark.parametrize("header", ["p:2026-01-05", "2027 %", "p: 45%", "June 2026 %"])
def test_a_column_of_nobody_is_refused(ledger: Ledger, header: str) -> None:
    assert "a column of chances is named p:WHO" in refusal(ledger, [{**ROW, header: "30%"}])


@pytest.mark.parametrize("name", NAMES)
def test_names_with_numbers_are_names(ledger: Ledger, name: str) -> None:
    ledger.import_from("table", [{**ROW, "by": name}])

    assert [forecaster.title for forecaster in ledger.snapshot().all(Forecaster)] == [name]


def test_rows_that_begin_with_a_number_sign_are_named(ledger: Ledger, tmp_path: Path) -> None:
    Path("h.csv").write_text("\n".join(LINES), "utf-8")
    write_spreadsheet(tmp_path / "h.xlsx", {"Sheet": [line.split(",") for line in LINES]})

    for file in ("h.csv", "h.xlsx"):
        for how in ({"dry_run": True}, {}, {}):
            card = " ".join(str(ledger.import_from("table", file, **how)).split())  # type: ignore[arg-type]
            told = card.partition("skipped ")[2]
            assert told.startswith("3 rows that begin with #: '#1 in the charts',")
            assert "MeToo returns', '# a comment'; a ' before it keeps one" in told


def test_rows_of_number_signs_alone_are_named_too(ledger: Ledger, tmp_path: Path) -> None:
    lines = [LINES[0], "#1 in the charts,2099,.4", "#MeToo returns,2099,.3"]
    Path("h.csv").write_text("\n".join(lines), "utf-8")
    write_spreadsheet(tmp_path / "h.xlsx", {"Sheet": [line.split(",") for line in lines]})

    for file in ("h.csv", "h.xlsx"):
        card = " ".join(str(ledger.import_from("table", file)).split())
        assert "nothing to record: no row below the header" in card
        assert "skipped 2 rows that begin with #: '#1 in the charts', '#MeToo returns'" in card


@pytest.mark.parametrize("order", [("Ann", "me"), ("me", "Ann"), ("Ann", "ana")])
def test_a_name_like_the_owners_is_asked_about_and_never_the_owner(tmp_path: Path, order: tuple[str, ...]) -> None:
    ledger = Ledger(tmp_path / "own.db", me="ana")
    rows = [{"text": f"T{place}", "deadline": "2099", "p": 0.3, "by": name} for place, name in enumerate(order)]
    card = " ".join(str(ledger.import_from("table", rows)).split())

    assert "\"Ann\" may be ana: people={'Ann': 'ana'}" in card
    assert card.count("may be") == 1


def test_a_number_sign_is_kept_behind_its_guard_and_where_no_cell_is_a_comment(ledger: Ledger) -> None:
    Path("h.csv").write_text("text,deadline,p\n'#1 in the charts,2099,30%\n'#REF!,2099,40%\n", "utf-8")
    card = str(ledger.import_from("table", "h.csv"))
    ledger.import_from("table", [{**ROW, "text": "#MeToo returns"}])

    assert "skipped" not in card
    assert {one.text for one in ledger.snapshot().all(Statement)} == {"#1 in the charts", "#REF!", "#MeToo returns"}
    ledger.export("table", "back.csv")
    assert "nothing new; 3 claims" in str(ledger.import_from("table", "back.csv"))


@pytest.mark.parametrize("failed", ["#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", " #NULL! "])
@pytest.mark.parametrize("column", [0, 1, 2, 3])
def test_a_formula_that_failed_is_refused_in_any_cell(tmp_path: Path, failed: str, column: int) -> None:
    run, row = CommandLine(tmp_path), ["A", "2099", "30%", "a note"]
    row[column] = failed
    table = tmp_path / "t.csv"
    table.write_text(f"text,deadline,p,note\n{','.join(row)}\n", "utf-8")

    said = run("import-from", "table", str(table))

    assert said.exit_code == 1
    assert "what a formula shows that failed" in " ".join(said.stderr.split())


@pytest.mark.parametrize("where", [{"said_on": "2025-12-01", "link": "https://a.example"}, {"said_on": "2025-12-01"}])
@pytest.mark.parametrize("by", [{}, {"by": ""}])
def test_a_quote_with_numbers_of_persons_alone_does_not_become_the_owners(
    ledger: Ledger, where: dict[str, str], by: dict[str, str]
) -> None:
    row = {"text": "It rains", "deadline": "2099", "p:Tech Oracle": "30%", **where, **by}
    assert "who said it? said_on makes it a quote: say who in by, and how likely in p" in refusal(ledger, [row])
    ledger.import_from("table", [{**row, "by": "Tech Oracle"}])
    (statement,) = ledger.snapshot().all(Statement)
    assert statement.speaker == "Tech Oracle"

"""An event of which only the month or year is known is told so wherever it is told, and beside the score it moves."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from conftest import Clock
from pyarrow import parquet

from predictions import Ledger
from predictions.views.claim.chart import claim_chart
from predictions.views.report.report import report

CASES = [("2026", "in 2026"), ("2026-05", "in May 2026"), ("2026-05-04", "on 2026-05-04")]
RISES = 'the day is known only as a month or year, through which the answer to "by this day?" rises evenly'


@pytest.fixture(params=CASES, ids=[told for told, _ in CASES])
def case(request: pytest.FixtureRequest, clock: Clock, ledger: Ledger) -> tuple[str, str]:
    ledger.add("Law", deadline="2027-01-31", when=True, p={"2026-06-30": 0.3, "2027-01-31": 0.6})
    clock.set("2027-03-10")
    ledger.resolve("law", "yes", happened_on=request.param[0], known_on="2027-01-31", reason="in the gazette")
    return request.param


def test_every_screen_says_as_much_as_is_known(ledger: Ledger, case: tuple[str, str]) -> None:
    told, words = case
    card, screen = ledger.claim("law"), str(ledger.scorecard(full=True))

    [row] = re.findall(r"^law +ana .*$", screen, re.MULTILINE)
    assert re.search(rf" {told}  +\d", row)
    page = report(ledger.snapshot(), ledger.scorecard(), head="0:0")
    texts = [str(card), str(ledger.claim("law", full=True)), str(ledger.history()), str(ledger.board(full=True))]
    for shown in (*texts, claim_chart(card.line), card._repr_html_(), page):
        assert f"yes, {words}" in re.sub(r"\s+", " ", re.sub("<[^>]*>", "", shown))


def test_the_card_and_the_arithmetic_say_that_the_day_is_not_known(ledger: Ledger, case: tuple[str, str]) -> None:
    told, _ = case
    rough = len(told) < len("2026-05-04")

    screens = [" ".join(str(ledger.scorecard(full=full)).split()) for full in (True, False)]
    arithmetic = [str(ledger.explain(figure, type="date")) for figure in ("date", "skill over time", "near")]

    assert [f"{RISES}: law ({told})" in screen for screen in screens] == [rough] * 2
    known = [" ".join(text.split()) for text in arithmetic]
    assert [f"it came in {told}, on which day is not known" in text for text in known] == [rough] * 3


def test_the_board_and_a_comparison_count_the_days_that_are_not_told(ledger: Ledger, clock: Clock) -> None:
    """Who tells the days of what was hit, and the year of what was missed, takes from all others."""
    clock.set("2026-01-01")
    days = [str(number) for number in range(12)]
    for day in days:
        ledger.add(
            f"Law {day}", deadline="2026-12-31", when=True, slug=f"law-{day}", p={"2026-06-30": 0.5, "2026-12-31": 0.9}
        )
        ledger.forecast(f"law-{day}", {"2026-03-31": 0.5, "2026-12-31": 0.9}, by="ben")
    clock.set("2027-02-01")
    for day in days:
        when = "2026" if int(day) < 5 else f"2026-0{int(day) % 7 + 1}-1{day[-1]}"
        ledger.resolve(f"law-{day}", "yes", happened_on=when, known_on="2027-01-01", reason=f"seen {day}")

    board = ledger.leaderboard()

    for shown in (board, ledger.compare("ana", "ben")):
        text = " ".join(str(shown).split())
        assert "day not told: 5 of 12 dates came in a month or a year of which the verdict tells no day" in text
    assert [row["day_unknown"] for row in board.rows()] == [5, 5]


def test_rows_and_exports_say_as_much_as_is_known(ledger: Ledger, case: tuple[str, str], tmp_path: Path) -> None:
    told, _ = case
    [row] = ledger.scorecard().rows()

    ledger.export("table", tmp_path / "table.csv")
    ledger.export("parquet", tmp_path / "parquet")

    assert row["outcome"] == told
    assert f",{told}," in (tmp_path / "table.csv").read_text("utf-8")
    [verdict] = parquet.read_table(tmp_path / "parquet" / "resolutions.parquet").to_pylist()
    first = {"2026": "2026-01-01", "2026-05": "2026-05-01"}.get(told)
    assert (verdict["happened_from"], verdict["happened_on"][:7]) == (first, "2026-12" if told == "2026" else "2026-05")


def test_the_question_how_it_came_out_says_it(ledger: Ledger, case: tuple[str, str], tmp_path: Path) -> None:
    ledger.export("sqlite", tmp_path / "copy.db")
    ledger.export("datasette", tmp_path / "pages")

    queries = json.loads((tmp_path / "pages" / "metadata.json").read_text("utf-8"))["databases"]
    [sql] = [one["queries"]["how_they_came_out"]["sql"] for one in queries.values()]
    rows = sqlite3.connect(tmp_path / "copy.db").execute(sql).fetchall()

    assert [case[0] in row for row in rows] == [True]

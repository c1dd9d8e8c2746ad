"""The page begins with its answer: who was right, a square for each statement, and the same as a list of links."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from conftest import Clock
from invented import recorded_ledger
from scored_ledgers import many_claims
from test_report import Tags, drawn
from test_scorecard_screen import pundits

from predictions import Ledger
from tests.benchmarks.bench_pages import records

TITLES = re.compile(r'<svg[^>]*class="square"><title>(.*?)</title>')


def answer(page: str) -> str:
    return page[page.index('id="answer"') : page.index('id="scorecard"')]


def test_the_first_thing_on_the_page_is_who_was_right(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    ledger.me = "ed"
    pundits(ledger, clock)

    page = drawn(ledger, tmp_path)

    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page)[0] == "Who was right"
    assert "5 said, 3 due: 1 came true, 2 did not; 2 open" in page
    assert "12 said, 8 due: 4 came true, 3 did not, 1 unclear; 4 open" in page
    text = " ".join(re.sub("<.*?>", " ", answer(page)).split())
    assert "Tech Oracle words 5 said, 3 due" in text
    assert "Ranking: none yet: it takes 10 settled statements; ed has 7, the others 2 or 3." in text
    order = [text.index(name) for name in ("Tech Oracle", "Prof Pundit", "Macro Weekly", "ed 12 said")]
    assert order == sorted(order)


def test_each_statement_is_a_square_with_a_title_and_a_link_in_a_list(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    ledger.me = "ed"
    pundits(ledger, clock)

    page = drawn(ledger, tmp_path)

    titles = TITLES.findall(page)
    ids = {attributes.get("id") for _, attributes in Tags(page).found}
    links = re.findall(r'<a href="#(claim-[^"]+)"( tabindex="-1")?>', answer(page))
    squares, listed = ([link for link, hidden in links if bool(hidden) is drawn_one] for drawn_one in (True, False))
    assert len(titles) == 24
    assert "Mine is 0: did not; ed said 0.35" in titles
    assert squares == listed
    assert set(squares) <= ids
    assert "style=" not in answer(page)


def test_of_many_statements_a_bar_stands_for_the_squares(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    many_claims(ledger, clock, 61)

    page = drawn(ledger, tmp_path)

    assert TITLES.findall(page) == []
    assert "The squares as a list" not in page
    parts = re.findall(r"<title>ana: (\d+) statements (came true|did not)</title>", page)
    assert sum(int(count) for count, _ in parts) == 61


@pytest.mark.parametrize("count", [30, 31])
def test_each_claim_has_a_row_and_up_to_thirty_statements_are_told_at_length(
    ledger: Ledger, clock: Clock, tmp_path: Path, count: int
) -> None:
    many_claims(ledger, clock, count)

    page = drawn(ledger, tmp_path)

    assert page.count('<details class="row">') == count
    assert page.count("Over time, with all evidence</a>") == (30 if count == 30 else 0)
    assert page.count('class="sheet" aria-labelledby="statement-') == (30 if count == 30 else 0)


@pytest.fixture
def folded(ledger: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Record three pundits in a ledger whose page folds each statement into a row."""
    ledger.me = "ed"
    pundits(ledger, clock)
    monkeypatch.setattr("predictions.views.report.report.TOLD_AT_LENGTH", 3)
    return ledger


def test_rows_stand_by_source_and_by_how_they_stand(folded: Ledger, tmp_path: Path) -> None:
    page = drawn(folded, tmp_path)

    sections = re.findall(r"<summary>(Waiting|Open|Settled) \((\d+)\)</summary>", page)
    assert sections == [("Open", "8"), ("Settled", "16")]
    settled = page[page.index("<summary>Settled") : page.index('id="verify"')]
    heads = re.findall(r"<h4>(.*?)</h4>", settled)
    assert heads == ["Tech Oracle, 2026-01-01", "Prof Pundit, 2026-01-01", "Macro Weekly, 2026-01-01", "Our own claims"]
    assert settled.count("</details>") == settled.count('<details class="row">') + 1


def test_of_too_many_claims_some_have_a_row_and_the_page_says_how_many_have_none(
    folded: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("predictions.views.report.rows.MOST_ROWS", 8)

    page = drawn(folded, tmp_path)

    rows = re.findall(r'<details class="row">.*?<span>(\d{4}-\d\d-\d\d),?</span>', page)
    settled = sorted(str(claim.deadline) for claim in folded.board(status="settled", full=True).lines if claim.scored)
    assert len(rows) == 16
    assert rows[:8] == sorted(rows[:8])
    assert sorted(rows[8:])[0] >= settled[-8]
    assert re.findall(r"Of these, (\d+) have no row here", page) == ["8"]
    assert len(TITLES.findall(page)) == 24
    ids = {attributes.get("id") for _, attributes in Tags(page).found}
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_a_page_of_a_thousand_claims_stays_small(tmp_path: Path) -> None:
    recorded_ledger(tmp_path / "ledger.db", records(1_000)).close()

    with Ledger(tmp_path / "ledger.db", create=False) as ledger:
        page = ledger.report(tmp_path / "out.html", today="2026-11-22")

    assert 500_000 < page.stat().st_size < 3_000_000
    assert page.read_text("utf-8").count('<details class="row">') == 1_000


def test_text_in_rows_stays_text(ledger: Ledger, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("predictions.views.report.report.TOLD_AT_LENGTH", 0)
    live = '"><script>alert(1)</script>'
    ledger.quote(live, f"It rains {live}", p=0.7, deadline="2027", criteria=live, said_on="2026-01-01",
                 link="https://example.org/?a=&amp;b")  # fmt: skip

    page = drawn(ledger, tmp_path)

    assert "<script" not in page
    assert page.count('<details class="row">') == 1
    assert [one for one in Tags(page).of("a") if one["href"] and not one["href"].startswith(("#", "https://"))] == []


def test_a_telephone_gets_cards_and_paper_gets_everything() -> None:
    style = (Path(__file__).parents[2] / "predictions" / "views" / "report" / "report.css").read_text("utf-8")

    narrow = style[style.index("@media (max-width: 960px)") : style.index("@media print")]
    assert "content: attr(data-label)" in narrow
    assert "details::details-content { display: block" in style[style.index("@media print") :]


def test_squares_are_drawn_in_the_order_of_the_ledger(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    names = [f"It is {random.Random(number).randint(10, 99)}-{number}" for number in range(5)]
    for name in names:
        ledger.add(name, deadline="2028", p=0.4)

    page = drawn(ledger, tmp_path)

    assert [title.split(": ")[0] for title in TITLES.findall(page)] == names

"""What a card says of forecasts that came into the ledger when the answer was known already."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Clock
from skill_ledger import write_claims

from predictions import Ledger

CLAIMS, QUALIFIED = 11, 14
ON_ITS_WORD = (
    f"on a platform's word: forecasts on {CLAIMS} claims came in after the answer, dated before it by the platform"
)


def rows(people: int) -> list[dict[str, object]]:
    return [
        {"claim": claim, "forecaster": f"player-{person}", "made_at": "2026-01-02T00:00Z", "probability": 0.7}
        for claim in claims()
        for person in range(people)
    ]


def claims() -> list[str]:
    return [f"c{number}" for number in range(CLAIMS)]


def answer(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-12-01")
    for claim in claims():
        ledger.resolve(claim, "no", reason="it did not come")


@pytest.mark.parametrize("people", [2, 1000])  # as records; and in blocks
def test_what_a_platform_brings_after_the_answer_is_on_its_word(ledger: Ledger, clock: Clock, people: int) -> None:
    write_claims(ledger, CLAIMS)
    answer(ledger, clock)

    ledger.import_forecasts(rows(people), published_in="site")

    assert ON_ITS_WORD in " ".join(str(ledger.scorecard()).split())
    assert ON_ITS_WORD in " ".join(str(ledger.leaderboard()).split())
    assert "recorded after the answer" not in str(ledger.scorecard())


def test_a_card_of_one_forecaster_counts_the_claims_of_that_one(ledger: Ledger, clock: Clock) -> None:
    write_claims(ledger, CLAIMS)
    answer(ledger, clock)

    ledger.import_forecasts(rows(2) + [one | {"forecaster": "cy"} for one in rows(1)[:3]], published_in="site")

    assert ON_ITS_WORD.replace(f"{CLAIMS} claims", "3 claims") in " ".join(str(ledger.scorecard(by="cy")).split())
    assert ON_ITS_WORD in " ".join(str(ledger.scorecard()).split())


@pytest.mark.parametrize("people", [2, 1000])
def test_what_it_brought_before_the_answer_is_not(ledger: Ledger, clock: Clock, people: int) -> None:
    write_claims(ledger, CLAIMS)
    clock.set("2026-01-03")
    ledger.import_forecasts(rows(people), published_in="site")
    answer(ledger, clock)

    assert "on a platform's word" not in str(ledger.scorecard())


def qualified(ledger: Ledger, clock: Clock, **type_: object) -> None:
    """Fourteen claims: ana on all of them, ben on all but the first; that is contested, and two were clustered late."""
    said = {"p": 0.7} if not type_ else {"p": {"a": 0.7, "b": 0.3}}
    slugs = [
        ledger.add(f"Claim {number} comes true", deadline="2026-03-01", opens_on="2026-01-01", **type_, **said).slug
        for number in range(QUALIFIED)
    ]
    for slug in slugs[1:]:
        ledger.forecast(slug, 0.4 if not type_ else {"a": 0.4, "b": 0.6}, by="ben")
    clock.set("2026-09-01")
    for slug in slugs:
        ledger.resolve(slug, "a" if type_ else "no", known_on="2026-03-02", reason="seen")
    ledger.resolve(slugs[0], "b" if type_ else "yes", known_on="2026-03-02", dissent=True, reason="I think so",
                   **({} if type_ else {"happened_on": "2026-03-01"}))  # fmt: skip
    for slug in slugs[1:3]:
        ledger.correct(f"claim {slug}", cluster="late", reason="one fact")


def block_of(text: str, begins: str) -> str:
    """The lines from one that begins so to the next empty one."""
    return text[text.index(begins) :].partition("\n\n")[0]


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
def test_what_qualifies_figures_is_a_letter_in_their_rows_and_words_below_their_table(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    pytest.importorskip("jinja2")
    qualified(ledger, clock)

    card, board = str(ledger.scorecard()), str(ledger.leaderboard())
    page = ledger.report(tmp_path / "page.html").read_text("utf-8")

    counts = block_of(card, "on the right side")
    ana, ben = ([line for line in card.splitlines() if line.startswith(f"{who}  ")] for who in ("ana", "ben"))
    assert [line.endswith("  (a)") for line in ana] == [True, True]
    assert ["(" in line for line in ben] == [False, False]
    assert "\n  (a) contested: 1 of 14 verdicts" in counts
    assert "\n  (every row) clustered too late: 2 claims" in counts
    assert card.count("contested: 1 of 14") == card.count("clustered too late") == 1
    assert "see (a)" in board
    assert board.count("see (") == 1  # what is so of everybody needs no letter in each line
    assert "\n(every row) clustered too late: 2 claims" in board
    assert ledger.scorecard().caveats[0].startswith("contested: 1 of 14 verdicts")
    answer, below = page[: page.index('id="scorecard"')], page[page.index('id="scorecard"') :]
    assert "(a) contested: 1 of 14 verdicts" in " ".join(answer.replace("\xa0", " ").split())
    assert "(every row) clustered too late" in answer.replace("\xa0", " ")
    assert [">ana <span" in answer, answer.count('<span class="quiet small">(a)</span>')] == [True, 1]
    assert "ana (a)" in below.replace("\xa0", " ")
    assert "; see (a)" in answer.replace("\xa0", " ")  # in the ranking


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
def test_so_it_is_on_claims_of_another_type(ledger: Ledger, clock: Clock) -> None:
    qualified(ledger, clock, options=["a", "b"])

    table = block_of(str(ledger.scorecard()), "CHOICES  ")

    rows = {line.split()[0]: line for line in table.splitlines() if line.startswith(("ana", "ben"))}
    assert rows["ana"].endswith("  (a)")
    assert not rows["ben"].endswith(")")
    assert "\n(a) contested: 1 of 14 verdicts" in table
    assert "\n(every row) clustered too late: 2 claims" in table


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
def test_on_a_card_of_one_forecaster_no_row_needs_a_letter(ledger: Ledger, clock: Clock) -> None:
    qualified(ledger, clock)

    card = str(ledger.scorecard(by="ana"))

    assert "\n  contested: 1 of 14 verdicts" in card
    assert "(a)" not in card
    assert "(every row)" not in card


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
def test_who_was_right_is_said_before_what_qualifies_it_and_with_its_level(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    pytest.importorskip("jinja2")
    qualified(ledger, clock)

    card = str(ledger.scorecard())
    page = ledger.report(tmp_path / "page.html").read_text("utf-8").replace("\xa0", " ").replace("&nbsp;", " ")

    assert card.index("\n  ben 13 of 13 (") < card.index("\n  (a) contested")
    assert "(a 90 % interval)" in " ".join(card.split())
    assert "(a 90 % interval)" in page
    assert "A filled one came true, whether or not they said so" in page
    assert "history()" not in page


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
def test_the_board_has_letters_that_lines_have_and_compare_calls_people_by_their_names(
    ledger: Ledger, clock: Clock
) -> None:
    slugs = [ledger.add(f"Claim {number} comes true", deadline="2026-03-01").slug for number in range(12)]
    for slug in slugs:
        for who, chance in (("Ana Silva", 0.7), ("Macro Weekly", 0.4)):
            ledger.forecast(slug, chance, by=who, kind="person")
    clock.set("2026-09-01")
    for slug in slugs:
        ledger.resolve(slug, "yes", happened_on="2026-01-02", reason=f"{slug} was seen")

    card, board, compared = (
        " ".join(str(shown).split())
        for shown in (ledger.scorecard(), ledger.leaderboard(), ledger.compare("ana-silva", "macro-weekly"))
    )

    assert "(every row) dated early: 12 of 12" in card
    assert "(every row) dated early: 12 of 12" in board
    assert "(a)" not in board
    for shown in (card, board):  # in the unit of the ranking alone, in its lines
        assert "skill over time: Ana Silva" not in shown
        assert shown.count("dated by their recording") == 1
    assert "; dated by their recording, skill over time: Ana Silva" in compared
    assert compared.startswith("Ana Silva beside Macro Weekly On the 12 statements")
    assert "squared error of Ana Silva is" in compared
    assert "-silva" not in compared


def test_a_letter_in_the_ranking_of_a_page_is_explained_beside_it(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    """Also one that qualifies scores alone, which the page shows further below."""
    pytest.importorskip("jinja2")
    slugs = [
        ledger.add(f"Claim {number} comes true", deadline="2026-03-01", opens_on="2026-01-01", p=0.7).slug
        for number in range(QUALIFIED + 3)
    ]
    for slug in slugs[3:]:
        ledger.forecast(slug, 0.4, by="ben")
        ledger.forecast(slug, 0.5, by="cy")
    for slug in slugs[:3]:
        ledger.forecast(slug, 0.6, by="cy")
    clock.set("2026-03-01")
    for slug in slugs[:3]:
        ledger.resolve(slug, "yes", happened_on="2026-02-28", reason="one and the same thing was seen by all")
    clock.set("2026-09-01")
    for slug in slugs[3:]:
        ledger.resolve(slug, "no", known_on="2026-03-02", reason=f"{slug} was not seen")

    page = ledger.report(tmp_path / "page.html").read_text("utf-8").replace("\xa0", " ")

    answer = " ".join(page[: page.index('id="scorecard"')].split())
    letters = {letter for found in re.findall(r"see \(([a-z, ]+)\)", answer) for letter in found.split(", ")}
    assert letters
    assert all(f"({letter}) " in answer.replace(f"see ({letter})", "") for letter in letters)
    assert "3 verdicts have one day and one reason" in answer

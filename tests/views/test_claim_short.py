"""The short card of a claim: one screen that says where it stands and how to see the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger, ainews


@pytest.fixture
def article(ledger: Ledger, clock: Clock) -> Ledger:
    """The packaged catalogue, with two forecasts of one's own."""
    clock.set("2026-11-22")
    ledger.register(ainews())
    ledger.forecast("exec-defections", 0.6)
    clock.set("2026-11-29")
    ledger.forecast("exec-defections", 0.72, because=["fontoura-dcd"], note="one to go")
    return ledger


def test_it_says_what_comes_first_on_one_screen(article: Ledger) -> None:
    shown = article.claim("exec-defections").screen(typed=True)
    lines = shown.splitlines()

    assert lines[0] == f"{'exec-defections':<50}open, 318 of 549 days are left"
    assert "  AINews (ainews.cool), 2026-04-13; read as: From 2026-04-13 to 2027-10-13" in shown
    assert "window    2026-04-13 .. 2027-10-13; verdict due 2027-11-12" in lines
    assert "tally     1 of 2 (1 provisional: fontoura rests on one established source)" in lines
    assert "missing   1 more event meeting title, firm, lab, employment; for fontoura, one" in lines
    assert f"{'forecasts':<70}now   was" in lines
    assert f"""{'  ana     0.72, on fontoura-dcd: "one to go"':<70}0.72  0.60""" in lines
    assert f"""{'  AINews  0.90 since 2026-04-13, read from "will": 0.80 to 0.99:':<70}0.90""" in lines
    assert "last      2026-09  OpenAI hires Patreon" in shown
    assert "written   the criteria: recorded 223 days after the statement" in shown
    assert "3 other readings: strict 0 of 2, trend 0 of 2, broad 2 of 2 (written afterwards)" in lines
    assert "55 pieces of evidence: 5 count, 24 fall short, 26 background     --full" in lines
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 32


def test_what_to_do_next_is_spelled_for_its_door(article: Ledger) -> None:
    card = article.claim("exec-defections")

    assert "full=True" in str(card)
    assert "readings=True" in str(card)
    assert "--" not in str(card)
    assert {"--full", "--readings"} <= set(card.screen(typed=True).split())


@pytest.mark.parametrize("keywords", [{}, {"full": True}])
def test_a_yes_or_no_claim_prints_no_tally(ledger: Ledger, clock: Clock, keywords: dict[str, bool]) -> None:
    """Neither before nor after evidence and a verdict, nor where another supersedes it."""
    slug = ledger.add("It rains", deadline="2026-06-30", p=0.3)
    empty = [ledger.claim(slug, **keywords), ledger.board()]
    ledger.log_evidence(slug, "https://example.org/1", "A shower", bears="supports", on="2025-12-31")
    other = ledger.supersede(slug, deadline="2026-07-31", reason="a month more")
    open_still = [ledger.claim(slug, **keywords), ledger.claim(other, **keywords), ledger.board(full=True)]
    readings = str(ledger.claim(other, readings=True))
    clock.set("2026-08-01")
    ledger.resolve(slug, "no", reason="dry as dust")

    shown = [*empty, *open_still, ledger.claim(slug, **keywords), ledger.claim(other, **keywords), ledger.board()]

    for text in (*map(str, shown), readings, *(card._repr_html_() for card in shown)):
        assert " for, " not in text
        assert "judged as a whole" not in text
        assert "tally" not in text
    assert keywords or "1 other reading: own no (written afterwards)" in str(ledger.claim(other))


def test_its_parts_show_themselves(article: Ledger) -> None:
    card = article.claim("exec-defections")

    assert str(card.tally) == str(article.claim("exec-defections").tally)
    assert str(card.readings) == str(article.claim("exec-defections", readings=True))
    assert "strict" in card.readings._repr_html_()
    assert len(card.evidence.rows()) == 55
    assert "55 pieces of evidence" in str(card.evidence)
    assert card.evidence.rows() == card.rows()


def test_a_bracket_gives_the_card(article: Ledger) -> None:
    assert str(article["exec-defections"]) == str(article.claim("exec-defections"))


def test_the_same_rows_stand_behind_every_form_of_the_card(article: Ledger) -> None:
    forms = [article.claim("exec-defections", full=full) for full in (False, True)]

    assert forms[0].to_dict() == forms[1].to_dict()
    assert forms[0].rows() == forms[1].rows()


def test_a_resolved_claim_says_how_and_why(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30", p=0.3)
    clock.set("2026-08-01")
    ledger.resolve(slug, "no", reason="dry as dust")

    shown = str(ledger.claim(slug))

    assert shown.splitlines()[0].endswith("resolved: no")
    assert "verdict   no, known 2026-07-30: dry as dust" in shown
    assert "days are left" not in shown


def test_of_many_forecasters_six_are_shown(ledger: Ledger) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    for number in range(8):
        ledger.forecast(slug, 0.1 + number / 20, by=f"person {number}", kind="person")

    shown = str(ledger.claim(slug))

    assert "  person 5" in shown
    assert "person 6" not in shown
    assert "  2 more" in shown
    assert "person-6" in str(ledger.claim(slug, full=True))


def test_in_a_notebook_it_is_drawn(article: Ledger) -> None:
    html = article.claim("exec-defections")._repr_html_()

    assert html.count("<figure ") == 1
    assert len(html) < 30_000


def test_a_contested_verdict_says_who_contests_it_and_why(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026-03-01", p=0.4)
    clock.set("2026-04-15")
    ledger.resolve("it-rains", "no", reason="dry")
    ledger.resolve("it-rains", "yes", happened_on="2026-02-01", dissent=True, by="lawyer", reason="it drizzled")

    told = " ".join(str(ledger.claim("it-rains")).split())

    assert "contested lawyer says yes" in told
    assert "it drizzled" in told
    assert "dissent: yes" in str(ledger.claim("it-rains", full=True))
    assert "dissent: yes" in str(ledger.history("it-rains"))


def test_who_says_the_same_by_now_dissents_from_nothing(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    ledger.add("It rains", deadline="2026-03-01", p=0.4)
    clock.set("2026-04-15")
    ledger.resolve("it-rains", "no", reason="dry")
    ledger.resolve("it-rains", "no", dissent=True, by="lawyer", reason="dry, too")

    ledger.report(tmp_path / "page.html")

    page = (tmp_path / "page.html").read_text()
    assert "says the same: no" in str(ledger.claim("it-rains", full=True))
    assert "Says the same: no." in page
    assert "Dissent: no." not in page
    assert "dissent: no" in str(ledger.history("it-rains"))  # as it was recorded


def test_figures_of_an_earlier_draft_keep_to_the_lines_of_the_screen(ledger: Ledger) -> None:
    """A number, put right to another range and then to a date: its quantiles are told once, in whole words."""
    ledger.add(
        "Cars sold", deadline="2027", unit="million", between=(0, 100), quantiles={0.1: 2.25, 0.5: 4.5, 0.9: 6.75},
        slug="cars",
    )  # fmt: skip
    ledger.forecast("cars", quantiles={0.1: 3.25, 0.5: 5.5, 0.9: 7.75})
    ledger.correct("cars", between=(0, 50))
    ledger.correct("cars", when=True)

    lines = str(ledger.claim("cars")).splitlines()

    assert max(map(len, lines)) <= 80
    assert min(len(line.strip()) for line in lines if line) > 2
    assert sum("90 % at most 7.75" in line for line in lines) == 1
    assert len(lines) < 20

"""Statements without a number stand in the plain counts, once each, and in nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.catalog import Catalog
from predictions.records import Claim, Forecast, Source, Statement

LINK = {"said_on": "2026-01-05", "link": "https://oracle.example/1"}

ASKS = {
    "wording": "It rains.", "criteria": "Seen.", "opens_on": "2026-01-06", "deadline": "2026-03-31", "scored": True,
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Ledger:
    clock.set("2026-01-06T10:00Z")
    return Ledger(tmp_path / "said.db", me="ed")


def counts(ledger: Ledger, who: str, **asked: Any) -> dict[str, int]:
    """The plain counts of somebody that are not 0, of those that the screen shows."""
    names = ("said", "due", "came_true", "did_not", "unclear", "no_verdict", "open", "no_number", "sided")
    rows = [row for row in ledger.scorecard(**asked).forecasters() if row["forecaster"] == who]
    return {name: row[name] for row in rows for name in names if row[name]}


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [
        ("yes", {"due": 1, "came_true": 1}), ("no", {"due": 1, "did_not": 1}),
        ("annulled", {"due": 1, "unclear": 1}), (None, {"due": 1, "no_verdict": 1}), ("early", {"open": 1}),
    ],
)  # fmt: skip
def test_what_was_said_without_a_number_counts_as_it_came_out(
    ledger: Ledger, clock: Clock, outcome: str | None, counted: dict[str, int]
) -> None:
    ledger.quote("Oracle", "It rains", deadline="2026-03-31", **LINK)
    if outcome != "early":
        clock.set("2026-06-01T10:00Z")
    if outcome in {"yes", "no", "annulled"}:
        known = {"happened_on": "2026-02-02"} if outcome == "yes" else {}
        ledger.resolve("it-rains", outcome, reason="seen", **known)

    assert counts(ledger, "oracle") == {"said": 1, "no_number": 1, **counted}
    record = ledger.scorecard().records[0]
    assert (record.n, record.funnel["forecast"], record.bounds(every_open=True)) == (0, 0, None)
    assert ledger.leaderboard().rows() == []


@pytest.mark.parametrize("numbered", [{"p": 0.7}, {"words": "likely"}])
def test_a_statement_quoted_with_and_without_a_number_counts_once(ledger: Ledger, numbered: dict[str, Any]) -> None:
    ledger.quote("Oracle", "It rains", deadline="2026-03-31", **LINK)
    ledger.quote("Oracle", "It rains", deadline="2026-03-31", **LINK, **numbered)
    ledger.quote("Oracle", "It  RAINS", deadline="2026-03-31", said_on="2026-01-04", link="https://b.example/2")
    ledger.quote("Oracle", "It snows", deadline="2026-03-31", said_on="2026-01-04", link="https://b.example/2")
    ledger.quote("Oracle", "It snows", deadline="2026-03-31", **LINK)

    assert counts(ledger, "oracle") == {"said": 2, "open": 2, "no_number": 1}


def test_a_number_that_comes_too_late_does_not_undo_a_failure(ledger: Ledger, clock: Clock) -> None:
    ledger.quote("Oracle", "It rains", deadline="2026-03-31", **LINK)
    clock.set("2026-06-01T10:00Z")
    ledger.resolve("it-rains", "no")
    failed = counts(ledger, "oracle")

    with pytest.warns(match="never scored"):
        ledger.forecast("it-rains", 0.1, by="Oracle", kind="person")

    assert counts(ledger, "oracle") == failed == {"said": 1, "due": 1, "did_not": 1, "no_number": 1}


def test_superseding_a_claim_undoes_no_failure(ledger: Ledger, clock: Clock) -> None:
    ledger.quote("Oracle", "It rains", deadline="2026-03-31", **LINK)
    clock.set("2026-03-01T10:00Z")
    ledger.supersede("it-rains", deadline="2026-12-31", reason="goes badly", slug="later")
    ledger.forecast("later", 0.9, by="Oracle", kind="person")
    clock.set("2027-06-01T10:00Z")
    ledger.resolve("it-rains", "no")
    ledger.resolve("later", "yes", happened_on="2026-12-01", reason="seen")

    assert counts(ledger, "oracle") == {"said": 1, "due": 1, "did_not": 1, "no_number": 1, "sided": 1}
    assert ledger.scorecard().record("oracle").n == 1  # the number is scored, and the statement counted


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ({"said_on": "2026-01-05"}, {"said": 1}),  # nobody carries that it was said before
        ({"said_on": "2026-01-05", "link": "https://o.example"}, {"said": 1, "due": 1, "came_true": 1, "no_number": 1}),
    ],
)
def test_what_is_recorded_after_the_answer_counts_only_by_a_dated_source(
    ledger: Ledger, clock: Clock, said: dict[str, str], counted: dict[str, int]
) -> None:
    clock.set("2026-06-01T10:00Z")
    ledger.quote("Oracle", "It rains", deadline="2026-03-31", **said)
    ledger.resolve("it-rains", "yes", happened_on="2026-02-02", reason="seen")

    assert counts(ledger, "oracle") == counted


def test_who_asked_a_question_has_predicted_nothing(ledger: Ledger, tmp_path: Path) -> None:
    for kind in ("platform", "self", "ledger", "other", "report"):
        speaker = None if kind in {"other", "report"} else "Asker"
        ledger.register(
            Catalog(
                (
                    Source(slug=f"{kind}-source", title=f"{kind} source", kind=kind),
                    Statement(slug=kind, source=f"{kind}-source", text=f"It rains on {kind}", speaker=speaker),
                    Claim(slug=kind, statement=kind, title=kind, reading="headline", **ASKS),  # type: ignore[arg-type]
                )
            )
        )
    table = tmp_path / "table.csv"
    table.write_text("text,deadline,by\nIt hails,2026-12-31,Bea\nIs it cold?,2026-12-31,\n")
    ledger.add("It is mine", deadline="2026-12-31")
    ledger.import_from("table", table)

    said = {row["forecaster"]: row["said"] for row in ledger.scorecard().forecasters()}

    assert said == {"bea": 1, "report-source": 1}  # a publication as a whole speaks; a list of questions does not


def test_a_publication_that_has_a_number_under_another_name_is_no_second_speaker(ledger: Ledger) -> None:
    source = Source(slug="essay", title="An essay", kind="article", link="https://e.example", published="2026-01-06")
    ledger.forecast(ledger.add("Else", deadline="2027"), 0.5, by="The Essayist", kind="person")
    ledger.register(Catalog((
            source, Statement(slug="rain", source="essay", text="It rains"),
            Claim(slug="rain", statement="rain", title="rain", reading="headline", **ASKS),  # type: ignore[arg-type]
            Forecast(
                claim="rain", forecaster="the-essayist", probability=0.6, made_at="2026-01-06T09:00:00Z",  # type: ignore[arg-type]
                published_in="essay",
            ),
    )))  # fmt: skip

    assert counts(ledger, "an-essay") == {}
    assert counts(ledger, "the-essayist") == {"said": 2, "open": 2}


def test_every_form_of_the_card_tells_of_them(ledger: Ledger, tmp_path: Path) -> None:
    receipt = ledger.quote("Mute", "It rains", deadline="2026-03-31", **LINK)
    ledger.quote("Oracle", "It snows", deadline="2026-03-31", p=0.4, **LINK)
    ledger.report(tmp_path / "page.html")
    card, page = ledger.scorecard(), (tmp_path / "page.html").read_text()

    assert "counts as said; no number, so it enters no score" in " ".join(str(receipt).split())
    for text in (str(card), str(ledger.scorecard(full=True)), page):
        assert "said without a number, and so in no score: Mute 1" in " ".join(text.lower().split()).replace(
            "mute 1", "Mute 1"
        )
    assert [(row["claim"], row["place"], row["probability"]) for row in card.rows() if row["forecaster"] == "mute"] == [
        ("it-rains", "no number", None)
    ]
    assert [row["claim"] for row in card.to_dict()["rows"] if row["place"] == "no number"] == ["it-rains"]
    assert page.count("1 said, 0 due; 1 open") == 2
    alone = ledger.scorecard(by="mute", source="mute-2026-01-05")
    assert [row["claim"] for row in alone.rows()] == ["it-rains"]
    assert counts(ledger, "mute", kind="model") == {}


@pytest.mark.parametrize("also", [{}, {"p": 0.4}])
def test_a_statement_that_is_superseded_counts_where_it_was_said_and_the_receipt_says_so(
    ledger: Ledger, clock: Clock, also: dict[str, Any]
) -> None:
    ledger.quote("Oracle", "It rains", deadline="2026-03-31", **LINK)
    if also:
        ledger.forecast("it-rains", by="ed", **also)

    told = " ".join(ledger.supersede("it-rains", deadline="2026-04-30", reason="later").lines)

    ways = ["what Oracle said stays on it-rains, which is still to be resolved, and counts there as said"]
    assert (["count there, and Oracle as said"] if also else ways)[0] in told
    assert "it counts for the others from then" in told
    clock.set("2026-09-01T10:00Z")
    assert [row["claim"] for row in ledger.scorecard().rows() if row["forecaster"] == "oracle"] == ["it-rains"]


def test_what_is_said_on_the_last_day_is_told_to_be_so(ledger: Ledger) -> None:
    told = " ".join(ledger.quote("Oracle", "It rains", deadline="2026-01-05", **LINK).lines)

    assert "it ends on the day it was said, so it counts in said alone" in told
    assert counts(ledger, "oracle") == {"said": 1}

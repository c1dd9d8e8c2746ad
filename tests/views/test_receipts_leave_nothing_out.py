"""Receipts say what a person must know: what stands since, what was replaced, which of several was corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import Conflict, InvalidValue, Ledger, LedgerWarning, NotFound
from predictions.records import Statement

SAID = {"deadline": "2025-06-30", "said_on": "2025-01-05", "link": "https://oracle.example/x"}


@pytest.mark.parametrize("outcome", ["yes", "no", "50%", "ambiguous", "annulled"])
@pytest.mark.parametrize("because", [(), ["https://a.example/1", "https://a.example/2"]])
def test_a_verdict_in_place_of_another_always_says_so(ledger: Ledger, outcome: str, because: Any) -> None:
    ledger.quote("Bob", "It rains", p=0.4, **SAID)
    ledger.resolve("it-rains", "30%", known_on="2025-08-01", reason="a")

    receipt = ledger.resolve("it-rains", outcome, known_on="2025-08-02", reason="b", because=because)

    assert "resolution 2: what was decided before stays on file" in repr(receipt)


def test_said_again_the_receipt_says_what_stands_since(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026", p=0.3)
    clock.set("2026-01-02")
    ledger.forecast("it-rains", 0.2)

    again = ledger.add("It rains", deadline="2026", p=0.3)

    assert repr(again) == "it-rains stands already, and ana 0.20 since 2026-01-02; nothing new"


def test_what_is_not_given_again_is_not_compared(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026", note="clouds")
    ledger.correct("it-rains", note="dark clouds", cluster="wet")

    assert ledger.add("It rains", deadline="2026").wrote == 0
    with pytest.raises(Conflict) as refused:
        ledger.add("It rains", deadline="2026", tags=["a", "b"])
    assert "note" not in str(refused.value)
    assert "cluster" not in str(refused.value)

    eval(str(refused.value).split("to correct it: ")[1].replace("...", "wet"), {"ledger": ledger})
    claim = ledger.claim("it-rains").claim
    assert (claim.tags, claim.notes, claim.cluster) == (("a", "b"), "dark clouds", "wet")


def test_a_forecast_recorded_beside_an_old_claim_is_not_told_as_nothing(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026", tags=["a"], p=0.3)
    ledger.correct("it-rains", tags=["b"])

    with pytest.warns(LedgerWarning, match="since corrected .*; the correction stands"):
        receipt = ledger.add("It rains", deadline="2026", tags=["a"], p=0.4)

    assert receipt.wrote == 1


def test_the_note_of_a_claim_leads_to_that_of_the_forecast(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026", p=0.3, note="clouds")
    ledger.add("It snows", deadline="2026", note="clouds")

    told = " ".join(repr(ledger.correct("it-rains", note="dark")).split())

    assert 'that of your forecast: ledger.correct("it-rains ana", note="...", reason="...")' in told
    assert "that of your forecast" not in repr(ledger.correct("it-snows", note="dark"))


def test_a_corrected_forecast_is_named_with_what_it_was(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026", p=0.3)
    clock.set("2026-01-02")
    ledger.forecast("it-rains", 0.2)

    assert "that of ana, 2026-01-02: 0.20, now 0.25" in repr(ledger.correct("it-rains ana", p=0.25, reason="a slip"))
    assert "that of ana, 2026-01-02" in repr(ledger.correct("it-rains ana", note="x", reason="a slip"))


def test_a_claim_that_a_correction_takes_off_the_card_leaves_a_trace(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026", p=0.3)
    ledger.add("It snows", deadline="2026", p=0.3)
    before = ledger.scorecard()

    receipt = ledger.correct("it-rains", scored=False)

    assert "no scorecard counts it from now on; NOT COUNTED names it" in repr(receipt)
    told = "taken off by a correction (scored=False): it-rains"
    assert (told in repr(before), told in " ".join(repr(ledger.scorecard()).split())) == (False, True)
    assert "not scored, so it is in no mean and no count" in repr(ledger.forecast("it-rains", 0.5))
    ledger.correct("it-snows", scored=False)
    assert "it-rains, it-snows" in " ".join(repr(ledger.scorecard()).split())
    ledger.correct("it-rains", scored=True)
    assert "it-rains" not in repr(ledger.scorecard()).partition("NOT COUNTED")[2]


@pytest.mark.parametrize("change", [{"p": 0.3}, {"outcome": "yes"}])
def test_supersede_leads_on_with_the_claim_that_is_on_file(ledger: Ledger, change: dict[str, object]) -> None:
    ledger.add("It rains", deadline="2026")

    with pytest.raises(InvalidValue, match=r"ledger\.(forecast|resolve)\('it-rains', "):
        ledger.supersede("it-rains", reason="x", **change)


def test_a_condition_is_told_when_it_is_said_and_when_it_annuls(ledger: Ledger) -> None:
    ledger.add("Rates fall", deadline="2025-06-30", opens_on="2025-01-01")

    said = ledger.add("Shops open", deadline="2026", given="rates-fall", p=0.4)
    quoted = ledger.quote("Bob", "Shops close", given="rates-fall", p=0.4, **SAID | {"deadline": "2026"})
    before = repr(ledger.claim("shops-open"))
    ledger.resolve("rates-fall", "no")

    for receipt in (said, quoted):
        assert "given rates-fall: annulled if that comes out no" in repr(receipt)
    assert "given     rates-fall; if that comes out no, this is annulled" in before
    assert "given     rates-fall, which did not come true: so this is annulled" in repr(ledger.claim("shops-open"))


def test_words_of_somebody_else_are_told_as_theirs(ledger: Ledger) -> None:
    ledger.quote("Bob", "It rains", p=0.4, **SAID | {"deadline": "2026"})

    receipt = ledger.add("It rains", deadline="2026", p=0.3, opens_on="2025-01-05")

    assert receipt.lines == (
        "it-rains stands already; ana 0.30, now",
        "Bob said so, 2025-01-05 .. 2026-12-31; what you say is of that claim",
        "new: forecaster ana (person)",
    )
    ledger.add("It snows", deadline="2026")
    assert "said so" not in repr(ledger.add("It snows", deadline="2026", p=0.3))


def test_a_verdict_says_that_it_rests_on_what_was_taken_back(ledger: Ledger) -> None:
    ledger.quote("Bob", "It rains", p=0.4, **SAID)
    slug = ledger.log_evidence("it-rains", "https://a.example/1", "A report").slug
    ledger.retract(slug, reason="false")

    receipt = ledger.resolve("it-rains", "yes", known_on="2025-06-01", because=[slug], reason="x")

    assert f"resting on {slug} (which was taken back)" in repr(receipt)


@pytest.mark.parametrize(
    ("named", "said_on"), [("bob-2025-10-05", None), ("bob-2025-10-05", "2025-02-03"), ("bbo-2025-01-05", None)]
)
def test_a_source_nearly_named_is_asked_about(ledger: Ledger, named: str, said_on: str | None) -> None:
    ledger.quote("Bob", "It rains", p=0.4, **SAID)

    with pytest.raises(NotFound, match="did you mean 'bob-2025-01-05'"):
        ledger.quote("Bob", "It snows", p=0.4, deadline="2026", source=named, said_on=said_on)
    with pytest.raises(NotFound, match="did you mean 'bob-2025-01-05'"):
        ledger.forecast("it-rains", 0.3, by="Bob", made_at="2025-01-06", published_in=named)


def test_the_beginning_of_a_source_is_taken_where_nothing_else_can_be_meant(ledger: Ledger) -> None:
    ledger.quote("Bob", "It rains", p=0.4, **SAID)

    ledger.quote("Bob", "It snows", p=0.4, deadline="2026", source="bob-2025")
    new = ledger.quote("Bob", "It hails", p=0.4, deadline="2026", source="bob-2025-10-05", said_on="2025-10-05")

    assert "source bob-2025-10-05" in repr(new)
    assert len({one.source for one in ledger.snapshot().all(Statement)}) == 2


def test_what_is_tied_or_at_half_is_counted_beside_those_with_a_side(ledger: Ledger) -> None:
    said = SAID | {"settle_days": 1}
    which = {"options": ["a", "b", "c"], "p": {"a": 0.4, "b": 0.4, "c": 0.2}}
    ledger.quote("Bob", "Who leads", **which, **said)
    ledger.quote("Bob", "It is passed", when=True, p={"2025-06-30": 0.5}, **said)
    ledger.resolve("who-leads", "c", known_on="2025-07-05")
    ledger.resolve("it-is-passed", "no")

    told = repr(ledger.scorecard())

    assert "0 of 0 (1 tied)" in told
    assert "0 of 0 (1 at 50 %)" in told


def test_a_table_tells_times_as_the_scorecard_does(ledger: Ledger) -> None:
    rows = [{"text": "It rains", "deadline": "2026", "p": "30%", "made_at": "2026-01-01T08:58:00Z"}]

    card = repr(ledger.import_from("table", rows))

    assert "backdated" not in card
    assert "backdated" not in repr(ledger.scorecard())


def test_a_page_tells_words_as_read_and_numbers_as_said(ledger: Ledger, tmp_path: Path) -> None:
    ledger.quote("Bob", "It rains", words="will", **SAID)
    ledger.quote("Cy", "It snows", p=0.4, **SAID)

    page = ledger.report(tmp_path / "page.html").read_text("utf-8")

    assert "words of Bob, read as 0.90" in page
    assert "Bob said 0.90" not in page
    assert "Cy said 0.40" in page

"""Questions put onto claims on file by what the caller calls them, also where that has several lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock
from fatebook_files import question, write

from predictions import InvalidValue, Ledger
from predictions.records import Claim

AT = "2026-03-02T10:00:00.000Z"
HEADER = (Path(__file__).parent.parent / "data/platforms/fatebook-csv/fatebook.csv").read_text("utf-8").splitlines()[0]
IN_CSV = (
    '"Does the pier reopen,\nin the month of June?",,"Ann",0.35,2026-03-02 09:07:4,"Ann",2026-03-01 09:07:4,'
    '2026-06-30 00:00:0,,,,,"","",false,"",""'
)


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set("2026-11-29")


@pytest.fixture
def pier(ledger: Ledger, tmp_path: Path) -> Ledger:
    """A ledger with one claim."""
    ledger.import_from("fatebook", write(tmp_path, question("q1", "Does the pier reopen in the month of June?")))
    return ledger


@pytest.mark.parametrize("key", ["It opens,\nor it is said", "It opens, or it is said", "  It opens,  or it is said\n"])
def test_a_question_of_several_lines_is_named_by_its_words(key: str, pier: Ledger, tmp_path: Path) -> None:
    file = write(tmp_path, question("q2", "It opens,\nor it is said", ("Cy", AT, 0.5)))

    taken = pier.import_from("fatebook", file, onto={key: "fatebook-q1"})
    again = pier.import_from("fatebook", file, onto={key: "fatebook-q1"})

    (claim,) = pier.snapshot().all(Claim)
    assert ([item.record.probability for item in pier.snapshot().forecasts_on(claim)], taken.new["forecast"]) == (
        [0.5],
        1,
    )
    assert (dict(again.new), claim.asked_as) == ({}, ("fatebook-q2",))
    assert (taken.put_on, again.put_on) == ((("q2", "fatebook-q1"),), ())
    assert ("onto          q2 is fatebook-q1" in str(taken), "onto  " in str(again)) == (True, False)


def test_a_dry_run_says_what_is_put_onto_a_claim(pier: Ledger, tmp_path: Path) -> None:
    file = write(tmp_path, question("q2", "It opens", ("Cy", AT, 0.5)))

    taken = pier.import_from("fatebook", file, onto={"q2": "fatebook-q1"}, dry_run=True)

    assert "onto          q2 is fatebook-q1" in str(taken).splitlines()


def test_what_the_card_offers_for_a_question_of_several_lines_can_be_said(pier: Ledger, tmp_path: Path) -> None:
    (file := tmp_path / "fatebook.csv").write_text(f"{HEADER}\n{IN_CSV}", "utf-8")

    (pair,) = pier.import_from("fatebook", file, dry_run=True).pairs
    taken = pier.import_from("fatebook", file, onto={pair.key: pair.known})

    assert (pair.key, pair.known) == ("Does the pier reopen, in the month of June?", "fatebook-q1")
    assert (taken.new["forecast"], taken.new.get("claim")) == (1, None)


@pytest.mark.parametrize("kind", ["choice", "yes or no"])
def test_a_question_of_another_type_is_not_put_onto_a_claim(kind: str, ledger: Ledger, tmp_path: Path) -> None:
    options = [{"id": key, "text": key, "resolution": None, "resolvedAt": None} for key in ("a", "b")]
    which = question("which", "Which?", type="MULTIPLE_CHOICE", options=options, exclusiveAnswers=True)
    known, other = (question("rain"), which) if kind == "choice" else (which, question("rain"))
    ledger.import_from("fatebook", write(tmp_path, known))
    head = ledger.head()

    with pytest.raises(InvalidValue, match=f"asks for .*{kind}, and fatebook-{known['id']} for "):
        ledger.import_from("fatebook", write(tmp_path, other), onto={other["id"]: f"fatebook-{known['id']}"})

    assert ledger.head() == head

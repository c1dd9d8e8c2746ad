"""A question whose deadline moved: verdicts and forecasts stand on the claim with that deadline, or are told."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from conftest import Clock
from fatebook_files import question, resolved, write

from predictions import Ledger, LedgerWarning
from predictions.enums import Outcome
from predictions.exchange.questions import Verdict
from predictions.exchange.taking.card import Taken
from predictions.exchange.taking.chains import answers_both
from predictions.records import Claim, Forecast, Resolution

ON_THE_5TH, IN_JUNE = ("Ann", "2026-01-05T08:00:00.000Z", 0.8), ("Ann", "2026-06-05T08:00:00.000Z", 0.9)
SPRING, AUTUMN = {"resolveBy": "2026-03-31T00:00:00.000Z"}, {"resolveBy": "2026-08-31T00:00:00.000Z"}
ASKED = {"createdAt": "2026-01-05T08:00:00.000Z"}
EARLY = question("ship", "Ship it?", ON_THE_5TH, **ASKED, **SPRING)
LATER = question("ship", "Ship it?", ON_THE_5TH, IN_JUNE, **ASKED, **AUTUMN)
SHIPPED = resolved("YES", "2026-07-15T08:00:00.000Z")
CLAIM = "fatebook-ship"


@pytest.fixture
def anas(clock: Clock, tmp_path: Path) -> Ledger:
    clock.set("2026-11-29")
    return Ledger(tmp_path / "mine.db", me="ana")


def taken(ledger: Ledger, tmp_path: Path, *questions: dict[str, object], **options: object) -> Taken:
    return ledger.import_from("fatebook", write(tmp_path, *questions), **options)  # type: ignore[arg-type]


def on_file(ledger: Ledger, slug: str) -> tuple[list[float | None], list[Outcome | None]]:
    """The forecasts and the verdicts of a claim."""
    snapshot = ledger.snapshot()
    claim = snapshot.find(Claim, slug)
    made = sorted(snapshot.forecasts_on(claim), key=lambda item: item.record.made_at)
    verdicts: list[Resolution] = [item.record for item in snapshot.resolutions_of(claim)]
    forecasts: list[Forecast] = [item.record for item in made]
    return [one.probability for one in forecasts], [one.outcome for one in verdicts]


def told(run: Taken) -> list[str]:
    return [change.what for change in run.changes]


def predictions(folder: Path, *days: str) -> Path:
    """A file of PredictionBook with one prediction, of which somebody says 70 % on each day."""
    responses = [
        {"user_label": "ann", "created_at": f"{day}T10:00:00Z", "confidence": 70, "comment": None} for day in days
    ]
    one = {
        "id": 5, "description": "It ships", "description_with_group": "It ships", "responses": responses,
        "created_at": "2026-01-05T10:00:00Z", "updated_at": "2026-01-05T10:00:00Z",
        "outcome": None, "last_judgement_at": None, "withdrawn": False, "deadline": "2026-03-31T20:00:00Z",
    }  # fmt: skip
    path = folder / f"{len(days)}.json"
    path.write_text(json.dumps([one]), "utf-8")
    return path


def test_what_is_of_the_new_deadline_is_told_and_not_recorded(anas: Ledger, tmp_path: Path) -> None:
    taken(anas, tmp_path, EARLY)

    later = taken(anas, tmp_path, LATER | SHIPPED)

    assert (dict(later.new), on_file(anas, CLAIM)) == ({}, ([0.8], []))
    assert told(later) == [
        "deadline 2026-03-31 -> 2026-08-31",
        "1 forecast made since: its deadline is 2026-08-31, the claim's 2026-03-31; not recorded",
        "verdict yes, 2026-07-15 08:00:00Z: its deadline is 2026-08-31, the claim's 2026-03-31; not recorded",
    ]


def test_a_verdict_that_is_taken_back_as_the_deadline_moves_is_told(anas: Ledger, tmp_path: Path) -> None:
    taken(anas, tmp_path, EARLY | resolved("NO", "2026-04-01T08:00:00.000Z"))

    reopened = taken(anas, tmp_path, question("ship", "Ship it?", ON_THE_5TH, **ASKED, **AUTUMN))

    assert told(reopened) == ["deadline 2026-03-31 -> 2026-08-31", "verdict no, 2026-04-01 08:00:00Z -> none"]
    assert on_file(anas, CLAIM) == ([0.8], [Outcome.NO])


def test_a_yes_within_both_windows_answers_both(anas: Ledger, tmp_path: Path) -> None:
    taken(anas, tmp_path, EARLY)

    taken(anas, tmp_path, LATER | resolved("YES", "2026-03-15T08:00:00.000Z"))

    assert on_file(anas, CLAIM) == ([0.8], [Outcome.YES])


def test_an_older_file_does_not_answer_the_claim_of_a_later_deadline(anas: Ledger, tmp_path: Path) -> None:
    taken(anas, tmp_path, LATER)

    older = taken(anas, tmp_path, EARLY | resolved("NO", "2026-04-01T08:00:00.000Z"))

    assert on_file(anas, CLAIM) == ([0.8, 0.9], [])
    assert told(older)[0] == "deadline 2026-08-31 -> 2026-03-31"


@pytest.mark.parametrize("taken_over_first", [True, False])
def test_once_taken_over_each_file_is_of_the_claim_with_its_deadline(
    anas: Ledger, tmp_path: Path, *, taken_over_first: bool
) -> None:
    taken(anas, tmp_path, EARLY)
    if not taken_over_first:
        taken(anas, tmp_path, LATER | SHIPPED)
    new = anas.supersede(CLAIM, deadline="2026-08-31", reason="moved").slug

    runs = [
        taken(anas, tmp_path, LATER | SHIPPED),
        taken(anas, tmp_path, EARLY | resolved("NO", "2026-04-01T08:00:00.000Z")),
        taken(anas, tmp_path, LATER | SHIPPED),
    ]

    assert [dict(run.new) for run in runs] == [{"forecast": 1, "verdict": 1}, {"verdict": 1}, {}]
    assert [told(run) for run in runs] == [[], [], []]
    assert (on_file(anas, CLAIM), on_file(anas, new)) == (([0.8], [Outcome.NO]), ([0.9], [Outcome.YES]))


def test_a_question_of_another_platform_moves_for_no_deadline_but_its_own(anas: Ledger, tmp_path: Path) -> None:
    taken(anas, tmp_path, EARLY)
    said, more = (predictions(tmp_path, *days) for days in (["2026-02-01"], ["2026-02-01", "2026-03-01"]))
    anas.import_from("predictionbook", said, onto={"5": CLAIM})
    new = anas.supersede(CLAIM, deadline="2026-08-31", reason="moved").slug
    taken(anas, tmp_path, LATER)

    later = anas.import_from("predictionbook", more)

    assert (dict(later.new), on_file(anas, CLAIM)[0], on_file(anas, new)[0]) == (
        {"forecast": 1}, [0.8, 0.7, 0.7], [0.9],
    )  # fmt: skip
    assert dict(anas.import_from("predictionbook", more).new) == {}


def test_a_question_put_onto_a_claim_with_another_deadline_is_told(anas: Ledger, tmp_path: Path) -> None:
    anas.add("It ships", deadline="2026-03-01", opens_on="2026-01-01")

    put = taken(anas, tmp_path, LATER | SHIPPED, onto={"ship": "it-ships"})

    assert on_file(anas, "it-ships") == ([0.8], [])
    assert told(put)[0] == "question 'ship': its deadline is 2026-08-31, the claim's 2026-03-01"
    assert len(told(put)) == 3


@pytest.mark.parametrize("onto", [{}, {"onto": {"ship": "it-ships"}}])
def test_what_is_of_another_deadline_is_told_once_of_a_question_put_onto_a_claim(
    anas: Ledger, tmp_path: Path, onto: dict[str, object]
) -> None:
    anas.add("It ships", deadline="2026-03-01", opens_on="2026-01-01")
    first = taken(anas, tmp_path, LATER | SHIPPED, onto={"ship": "it-ships"})
    head = anas.head()

    again = taken(anas, tmp_path, LATER | SHIPPED, **onto)

    assert (dict(again.new), told(again), anas.head()) == ({}, [], head)
    notes = str(anas.snapshot().find(Claim, "it-ships").notes).splitlines()
    kinds = ("deadline", "forecasts", "verdict")
    assert notes == [f"{CLAIM}, {what}: {line}" for what, line in zip(kinds, told(first), strict=True)]


def test_what_changed_of_it_since_is_told_again(anas: Ledger, tmp_path: Path) -> None:
    anas.add("It ships", deadline="2026-03-01", opens_on="2026-01-01")
    taken(anas, tmp_path, LATER | SHIPPED, onto={"ship": "it-ships"})
    answered = LATER | resolved("NO", "2026-09-01T08:00:00.000Z")

    runs = [taken(anas, tmp_path, answered) for _ in range(2)]

    assert [told(run) for run in runs] == [
        ["verdict no, 2026-09-01 08:00:00Z: its deadline is 2026-08-31, the claim's 2026-03-01; not recorded"], [],
    ]  # fmt: skip
    assert len(str(anas.snapshot().find(Claim, "it-ships").notes).splitlines()) == 3


def test_a_dry_run_tells_it_and_notes_nothing(anas: Ledger, tmp_path: Path) -> None:
    anas.add("It ships", deadline="2026-03-01", opens_on="2026-01-01")
    head = anas.head()

    would = taken(anas, tmp_path, LATER | SHIPPED, onto={"ship": "it-ships"}, dry_run=True)

    assert (len(told(would)), anas.head()) == (3, head)


def test_a_question_put_onto_a_claim_too_late_is_told(anas: Ledger, tmp_path: Path) -> None:
    anas.add("It ships", deadline="2026-03-31", opens_on="2026-01-01")
    taken(anas, tmp_path, EARLY)

    put = taken(anas, tmp_path, EARLY, onto={"ship": "it-ships"})

    assert put.kept_apart == (CLAIM,)
    assert f"kept apart    {CLAIM} stays, with what it said before; only a new ledger" in str(put)
    assert "; one cluster makes both one observation in counts and intervals" in " ".join(str(put).split())
    lines = re.findall(r"ledger\.correct\(.*?\)$", str(put), re.DOTALL | re.MULTILINE)
    assert len(lines) == 2
    with pytest.warns(LedgerWarning, match="too late for means"):
        eval("[" + ", ".join(lines) + "]", {"ledger": anas})
    assert {anas[slug].claim.cluster for slug in (CLAIM, "it-ships")} == {"it-ships"}
    again = taken(anas, tmp_path, EARLY)
    assert (again.kept_apart, again.twice) == ((), ())


@pytest.mark.parametrize(
    ("outcome", "known_on", "both"),
    [
        (Outcome.YES, date(2026, 3, 31), True), (Outcome.YES, date(2026, 4, 1), False), (Outcome.YES, None, False),
        (Outcome.NO, date(2026, 3, 1), False), (Outcome.ANNULLED, date(2026, 3, 1), False),
        (1.0, date(2026, 3, 1), False),
    ],
)  # fmt: skip
def test_only_a_yes_by_the_first_deadline_is_certain(
    outcome: Outcome | float, known_on: date | None, *, both: bool
) -> None:
    assert answers_both(Verdict(1, outcome, known_on), date(2026, 8, 31), date(2026, 3, 31)) is both

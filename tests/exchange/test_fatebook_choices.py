"""Fatebook's questions with several answers: one claim of each, or a claim of each answer where several come true."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.exchange.taking.card import Taken
from predictions.records import Claim

HEADER = (
    "Question title,Multiple choice option,Forecast created by,Forecast (scale = 0-1),Forecast created at,"
    "Question created by,Question created at,Question resolve by,Resolution,Resolved at,Question notes,Question tags"
)
SAID = Sequence[tuple[str, str, float, str]]  # who, of which answer, how likely, at which time of one day


@pytest.fixture(autouse=True)
def _on_a_later_day(clock: Clock) -> None:
    clock.set("2027-02-15")


def of_csv(ledger: Ledger, tmp_path: Path, said: SAID, came_out: Mapping[str, str] = {}) -> Taken:
    rows = [
        f'"Who?","{answer}","{who}",{chance},2026-03-01 {at},"Ann",2026-03-01 08:00:0,2026-12-31 00:00:0,'
        f"{came_out.get(answer, '')},{'2027-01-02 09:00:0' if answer in came_out else ''},,"
        for who, answer, chance, at in said
    ]
    (tmp_path / "f.csv").write_text("\n".join([HEADER, *rows]), "utf-8")
    return ledger.import_from("fatebook", tmp_path / "f.csv")


def shares(ledger: Ledger) -> list[tuple[str, list[float]]]:
    """The forecasts on the one claim: when, and the shares in the order of its options."""
    snapshot = ledger.snapshot()
    (claim,) = snapshot.all(Claim)
    made = [item.record for item in snapshot.forecasts_on(claim)]
    return [(f"{one.made_at:%H:%M}", [share.share for share in one.shares]) for one in made]


def test_what_stands_of_each_answer_is_one_forecast_and_the_rest_is_for_none(ledger: Ledger, tmp_path: Path) -> None:
    taken = of_csv(ledger, tmp_path, [
        ("Ann", "Lab A", 0.6, "09:00:0"), ("Ann", "Lab B", 0.3, "09:01:0"), ("Bob", "Lab B", 1, "09:02:0"),
        ("Ann", "Lab A", 0.8, "10:00:0"), ("Ann", "Lab B", 0.15, "10:01:0"),
    ])  # fmt: skip

    assert shares(ledger) == [("09:01", [0.6, 0.3, 0.1]), ("10:01", [0.8, 0.15, 0.05])]
    assert taken.left_out == {"forecast": {"incomplete": 2, "over-one": 1}}


@pytest.mark.parametrize(
    ("came_out", "outcome"),
    [
        ({"A": "YES", "B": "NO"}, ("option", "a")),
        ({"A": "NO", "B": "NO"}, ("option", "other")),
        ({"A": "AMBIGUOUS"}, ("ambiguous", None)),
        ({"A": "YES", "B": "YES"}, ("ambiguous", None)),
        ({"A": "NO"}, None),
    ],
)  # fmt: skip
def test_it_comes_out_as_the_answer_that_is_yes(
    came_out: Mapping[str, str], outcome: tuple[str, str | None] | None, ledger: Ledger, tmp_path: Path
) -> None:
    of_csv(ledger, tmp_path, [("Ann", "A", 0.6, "09:00:0"), ("Ann", "B", 0.3, "09:00:0")], came_out)

    snapshot = ledger.snapshot()
    verdict = snapshot.verdict(snapshot.all(Claim)[0])
    assert (verdict and (verdict.outcome, verdict.option)) == outcome


def test_an_answer_that_a_later_file_adds_is_listed_and_what_is_said_of_it_left_out(
    ledger: Ledger, tmp_path: Path
) -> None:
    first: SAID = [("Ann", "A", 0.6, "09:00:0"), ("Ann", "B", 0.3, "09:00:0")]
    of_csv(ledger, tmp_path, first)

    taken = of_csv(ledger, tmp_path, [*first, ("Ann", "C", 0.1, "11:00:0")])

    assert [change.what for change in taken.changes] == ["options a; b; other -> a; b; c; other"]
    assert (dict(taken.new), taken.left_out) == ({}, {"forecast": {"does-not-fit": 1, "incomplete": 2}})
    assert "1 does not fit what its claim asks" in " ".join(str(taken).split())


def test_answers_that_do_not_exclude_each_other_are_claims_of_one_cluster(ledger: Ledger, tmp_path: Path) -> None:
    who = {"id": "u1", "name": "Ann"}
    item: dict[str, Any] = {
        "id": "q1", "title": "Which?", "type": "MULTIPLE_CHOICE", "createdAt": "2026-03-01T08:00:00.000Z",
        "resolveBy": "2026-12-31T00:00:00.000Z", "exclusiveAnswers": False, "user": who, "tags": [],
        "options": [
            {"id": "o1", "text": "Aville", "resolution": "YES", "resolvedAt": "2026-05-01T00:00:00.000Z"},
            {"id": "o2", "text": "Beville", "resolution": None, "resolvedAt": None},
        ],
        "forecasts": [
            {"forecast": "0.9", "createdAt": "2026-03-02T08:00:00.000Z", "optionId": option, "user": who}
            for option in ("o1", "o2")
        ],
    }  # fmt: skip
    (tmp_path / "f.json").write_text(json.dumps({"items": [item]}), "utf-8")

    ledger.import_from("fatebook", tmp_path / "f.json")

    snapshot = ledger.snapshot()
    claims = snapshot.all(Claim)
    assert [(claim.wording, claim.type, claim.cluster) for claim in claims] == [
        ("Which? (Aville)", "yes-no", "fatebook-q1"), ("Which? (Beville)", "yes-no", "fatebook-q1"),
    ]  # fmt: skip
    assert [[item.record.probability for item in snapshot.forecasts_on(claim)] for claim in claims] == [[0.9], [0.9]]
    assert [str(one.outcome) for claim in claims if (one := snapshot.verdict(claim))] == ["yes"]

"""PredictionBook: what its JSON and its CSV say that is easily misread."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.enums import Outcome
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.predictionbook import read_predictionbook
from predictions.exchange.questions import LeftOut, Question
from predictions.exchange.said import SaidForecast
from predictions.records import Claim
from predictions.timestamps import read_moment

A_RESPONSE = {"confidence": 60, "comment": None, "created_at": "2026-04-13T10:00:00.000Z", "user_label": "ann"}
A_PREDICTION = {
    "id": 900001, "created_at": "2026-04-13T10:00:00.000Z", "creator_label": "ann",
    "deadline": "2027-01-01T00:00:00.000Z", "description": "Three join", "description_with_group": "[Labs] Three join",
    "outcome": None, "last_judgement_at": None, "updated_at": "2026-04-13T10:00:00.000Z", "withdrawn": False,
    "mean_confidence": 60, "prediction_group_id": 12, "responses": [A_RESPONSE],
}  # fmt: skip
JUDGED = {"last_judgement_at": "2026-12-01T09:00:00.000Z"}
HEADER = (
    "created_at,creator_id,creator_label,deadline,description_with_group,description,group_id,id,mean_confidence,"
    "outcome,prediction_group_id,last_judgement_at,updated_at,uuid,version,visibility,withdrawn\n"
)


def read(folder: Path, answer: object) -> list[Question | LeftOut]:
    path = folder / "predictions.json"
    path.write_text(answer if isinstance(answer, str) else json.dumps(answer), "utf-8")
    dump = Dump([path])
    found = list(read_predictionbook(dump, Options()))
    dump.refuse()
    return found


def question(folder: Path, **fields: object) -> Question:
    (only,) = [one for one in read(folder, {**A_PREDICTION, **fields}) if isinstance(one, Question)]
    return only


@pytest.mark.parametrize(
    "answer", [A_PREDICTION, [A_PREDICTION], {"user": {"email": "x"}, "predictions": [A_PREDICTION]}]
)
def test_a_prediction_is_read_alone_in_a_list_and_below_its_user(answer: object, tmp_path: Path) -> None:
    (found,) = read(tmp_path, answer)

    assert isinstance(found, Question)
    assert (found.id, found.text, found.speaker) == ("900001", "[Labs] Three join", "ann")
    assert (str(found.opens_on), found.fields["cluster"]) == ("2026-04-13", "group-12")
    assert found.fields["closes_at"] == read_moment("2027-01-01T00:00Z")


@pytest.mark.parametrize(("confidence", "chance"), [(0, 0.0), (100, 1.0), (33, 0.33), (7, 0.07)])
def test_a_confidence_is_percent(confidence: int, chance: float, tmp_path: Path) -> None:
    found = question(tmp_path, responses=[{**A_RESPONSE, "confidence": confidence, "comment": "a\r\nb"}])

    assert found.said == [
        SaidForecast(1, "ann", read_moment("2026-04-13T10:00Z"), {"probability": chance, "note": "a\nb"})
    ]  # fmt: skip


def test_a_comment_alone_is_no_forecast(tmp_path: Path) -> None:
    responses = [{**A_RESPONSE, "confidence": None, "comment": "hm"}, {**A_RESPONSE, "confidence": None}]

    _, *left_out = read(tmp_path, {**A_PREDICTION, "responses": responses})

    assert left_out == [
        LeftOut("forecast", "900001", "comment-only", 1), LeftOut("forecast", "900001", "hidden", 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "outcome", "known_at"),
    [
        ({"outcome": True, **JUDGED}, Outcome.YES, "2026-12-01T09:00Z"),
        ({"outcome": False, **JUDGED}, Outcome.NO, "2026-12-01T09:00Z"),
        ({"outcome": None, **JUDGED}, Outcome.AMBIGUOUS, "2026-12-01T09:00Z"),
        ({"outcome": True, **JUDGED, "withdrawn": True}, Outcome.ANNULLED, "2026-04-13T10:00Z"),
    ],
)
def test_a_judgement_without_an_outcome_is_ambiguous_and_a_withdrawn_prediction_annulled(
    fields: Mapping[str, object], outcome: Outcome, known_at: str, tmp_path: Path
) -> None:
    verdict = question(tmp_path, **fields).verdict

    assert verdict is not None
    assert (verdict.outcome, verdict.known_on) == (outcome, read_moment(known_at))


def test_a_prediction_that_was_due_before_it_was_made_is_left_out_with_its_responses(tmp_path: Path) -> None:
    answer = {**A_PREDICTION, "deadline": "2026-04-13T09:00:00.000Z", "responses": [{**A_RESPONSE, "confidence": None}]}

    assert read(tmp_path, answer) == [LeftOut("question", "900001", "due-before-made", 1)]


@pytest.mark.parametrize(("mean", "left_out"), [("78", 1), ("0", 0)])
def test_a_mean_of_all_responses_is_nobodys_forecast(mean: str, left_out: int, tmp_path: Path) -> None:
    row = f'2026-04-13 10:00:00 UTC,7,ann,2026-12-31 23:59:00 UTC,"A, ""b""",,,900001,{mean},,12,,,0b,1,x,false'

    found, *rest = read(tmp_path, f"{HEADER}{row}\n")

    assert isinstance(found, Question)
    assert (found.text, found.said, found.verdict) == ('A, "b"', [], None)
    assert rest == [LeftOut("forecast", "900001", "mean-of-all-responses", 1)] * left_out


@pytest.mark.parametrize("judged", [{"outcome": True}, {"outcome": False}, {"withdrawn": True, "updated_at": None}])
def test_an_outcome_without_its_time_is_left_out_and_the_question_kept(
    judged: Mapping[str, object], tmp_path: Path, ledger: Ledger, clock: Clock
) -> None:
    clock.set("2027-06-01")
    path = tmp_path / "predictions.json"
    path.write_text(json.dumps([{**A_PREDICTION, **judged}]), "utf-8")

    taken = ledger.import_from("predictionbook", path)

    assert taken.left_out == {"verdict": {"undated": 1}}
    assert (taken.new["claim"], taken.new["verdict"]) == (1, 0)


def test_the_card_counts_what_never_counts(tmp_path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set("2027-06-01")
    path = tmp_path / "predictions.json"
    judged = [{**A_PREDICTION, "id": 900002, **JUDGED}, {**A_PREDICTION, "id": 900003, "outcome": True, **JUDGED}]
    path.write_text(json.dumps([A_PREDICTION, *judged]), "utf-8")

    taken = ledger.import_from("predictionbook", path)

    assert "counts        1 claim now; 1 ambiguous or annulled; 1 without a verdict" in str(taken).splitlines()


def test_the_address_at_the_top_is_recorded_nowhere(tmp_path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    path = tmp_path / "predictions.json"
    path.write_text(json.dumps({"user": {"email": "ann@example.org"}, "predictions": [A_PREDICTION]}))

    ledger.import_from("predictionbook", path)

    assert b"ann@example" not in ledger._journal.path.read_bytes()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"id": None}, "id"),
        ({"created_at": ""}, "created_at.*never empty"),
        ({"description_with_group": " "}, "description_with_group.*never empty"),
        ({"deadline": "31 December"}, "deadline.*31 December"),
        ({"outcome": "perhaps"}, "outcome.*perhaps.*say true or false"),
        ({"responses": [{**A_RESPONSE, "confidence": 101}]}, r"responses\[1\]\.confidence.*101.*from 0 to 100"),
        ({"responses": [{**A_RESPONSE, "confidence": 0.55}]}, r"responses\[1\]\.confidence.*0\.55.*whole percent"),
        ({"responses": [{**A_RESPONSE, "confidence": True}]}, r"responses\[1\]\.confidence"),
        ({"responses": [{**A_RESPONSE, "created_at": None}]}, r"responses\[1\]\.created_at.*when was it made"),
        ({"responses": "none"}, "responses.*is no list of objects"),
    ],
)
def test_what_cannot_be_read_is_refused_by_row_and_field(
    fields: Mapping[str, object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidValue, match=f"(?s)1 of 2 rows.*{told}"):
        read(tmp_path, [A_PREDICTION, {**A_PREDICTION, **fields}])


def test_a_judgement_without_the_field_of_its_outcome_is_refused_and_not_taken_as_unknown(tmp_path: Path) -> None:
    judged = {**A_PREDICTION, "last_judgement_at": "2026-07-01T10:00:00.000Z"}
    del judged["outcome"]

    with pytest.raises(InvalidValue, match=r"outcome +row 1 .* this is in every export"):
        read(tmp_path, [judged])


def test_a_csv_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="has no column 'id'"):
        read(tmp_path, "title,when\nA,2026\n")


def test_each_later_touch_of_what_was_withdrawn_adds_nothing(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    clock.set("2027-02-15")
    path = tmp_path / "predictions.json"
    for day in ("2026-06-01", "2026-07-01", "2026-05-01"):
        touched = {**A_PREDICTION, "withdrawn": True, "updated_at": f"{day}T10:00:00.000Z"}
        path.write_text(json.dumps([touched]), "utf-8")
        taken = ledger.import_from("predictionbook", path)

    snapshot = ledger.snapshot()
    (verdict,) = [item.record for item in snapshot.resolutions_of(snapshot.find(Claim, "predictionbook-900001"))]
    assert (verdict.outcome, str(verdict.known_on)) == (Outcome.ANNULLED, "2026-06-01")
    assert (dict(taken.new), taken.changes) == ({}, ())


def test_a_judgement_that_flips_is_a_further_verdict_and_the_earlier_ones_are_kept(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2027-02-15")
    path, runs = tmp_path / "predictions.json", []
    for day, outcome in (("01", True), ("03", False), ("04", None), ("04", None)):
        judged = {**A_PREDICTION, "outcome": outcome, "last_judgement_at": f"2027-01-{day}T09:00:00.000Z"}
        path.write_text(json.dumps([judged]), "utf-8")
        runs.append(ledger.import_from("predictionbook", path))

    snapshot = ledger.snapshot()
    verdicts = [item.record for item in snapshot.resolutions_of(snapshot.find(Claim, "predictionbook-900001"))]
    assert [str(one.outcome) for one in verdicts] == ["yes", "no", "ambiguous"]
    assert [one.reason for one in verdicts][1:] == [
        f"as resolved on PredictionBook, where it was {before} before" for before in ("yes", "no")
    ]
    assert [run.new["verdict"] for run in runs] == [1, 1, 1, 0]

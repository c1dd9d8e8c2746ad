"""Metaculus: what its zip and its posts say that is easily misread."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest
from conftest import Clock
from metaculus_zips import RESOLVED, zip_file, zip_of

from forecasts.metaculus import metaculus_baseline
from forecasts.standing import standing
from predictions import InvalidValue, Ledger
from predictions.enums import ForecasterKind, Outcome
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.metaculus import read_metaculus
from predictions.exchange.questions import Account, LeftOut, Question
from predictions.records import Claim
from predictions.timestamps import end_of, read_moment, start_of

Rows = Iterable[Mapping[str, object]]
METHODS = {"Forecaster ID": "", "Forecaster Username": "recency_weighted", "Is Bot": "", "Forecaster Count": 3}


def read(path: Path) -> list[Question | Account | LeftOut]:
    dump = Dump([path])
    found = list(read_metaculus(dump, Options()))
    dump.refuse()
    return found


def question(folder: Path, questions: Rows = ({},), forecasts: Rows = ({},), **others: object) -> Question:
    """The one question of a zip."""
    (only,) = [
        one for one in read(zip_file(folder, questions, forecasts, **others)) if isinstance(one, Question)
    ]  # fmt: skip
    return only


def said(of: Question) -> list[tuple[str | None, str, object]]:
    return [
        (one.by, f"{one.made_at:%m-%d}", one.fields.get("probability", "withdrawn")) for one in of.all_said()
    ]  # fmt: skip


# -- the number that Metaculus' own tests give -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forecasts", "score"),
    [
        ([{}], 42.2233),  # the whole period
        ([{"End Time": "2026-04-01 12:00:00+00:00"}], 42.2233 / 2),  # withdrawn at half of it
        ([{"Start Time": "2026-04-01 12:00:00+00:00"}], 42.2233 / 2),
        ([{"Probability Yes": 0.5}], 0.0),
    ],
)
def test_the_baseline_score_is_that_of_metaculus(
    forecasts: Rows, score: float, tmp_path: Path, ledger: Ledger, clock: Clock
) -> None:
    clock.set("2026-11-29")
    ledger.import_from("metaculus", zip_file(tmp_path, [RESOLVED], forecasts))

    snapshot = ledger.snapshot()
    claim = snapshot.find(Claim, "metaculus-70001")
    made = [item.record for item in snapshot.forecasts_on(claim)]
    (verdict,) = [item.record for item in snapshot.resolutions_of(claim)]
    record = standing(
        [one.made_at.timestamp() for one in made],
        [float("nan") if one.withdrawn else one.probability for one in made],
        opens=start_of(claim.opens_on).timestamp(), closes=end_of(claim.deadline).timestamp(),
        known=verdict.known_at.timestamp() if verdict.known_at else 0,
    )  # fmt: skip

    assert metaculus_baseline(record, 1) == pytest.approx(score, abs=5e-5)


# -- forecasts ---------------------------------------------------------------------------------------------------


def test_an_end_at_the_next_start_is_an_update_in_whatever_order_the_rows_stand(tmp_path: Path) -> None:
    later = {"Start Time": "2026-03-01 10:00:00.000001+00:00", "Probability Yes": 0.4}
    earlier = {"End Time": "2026-03-01 10:00:00.000001+00:00"}

    assert said(question(tmp_path, forecasts=[later, earlier])) == [("ann", "03-01", 0.4), ("ann", "01-01", 0.67)]


def test_an_end_at_which_another_starts_is_a_withdrawal(tmp_path: Path) -> None:
    bob = {"Forecaster ID": 7, "Forecaster Username": "bob", "Start Time": "2026-03-01 00:00:00+00:00"}

    found = question(tmp_path, forecasts=[{"End Time": "2026-03-01 00:00:00+00:00"}, bob])

    assert said(found)[:2] == [("ann", "01-01", 0.67), ("ann", "03-01", "withdrawn")]


def test_an_end_that_lies_ahead_is_no_withdrawal_yet(tmp_path: Path, ledger: Ledger, clock: Clock) -> None:
    path = zip_file(tmp_path, [{}], [{"End Time": "2026-06-01 00:00:00+00:00"}])

    clock.set("2026-05-31")
    assert ledger.import_from("metaculus", path).new.get("withdrawal", 0) == 0
    clock.set("2026-06-02")
    assert dict(ledger.import_from("metaculus", path).new) == {"withdrawal": 1}


@pytest.mark.parametrize(
    ("packed", "withdrawn", "unknown"),
    [((2026, 5, 1), 0, 1), ((2026, 6, 3), 1, 0), ((1980, 1, 1), 1, 0), ((1990, 13, 45), 1, 0)],
)
def test_an_end_planned_for_after_the_zip_was_written_is_no_withdrawal(
    tmp_path: Path, ledger: Ledger, clock: Clock, packed: tuple[int, int, int], withdrawn: int, unknown: int
) -> None:
    """Metaculus ends a forecast by itself at a time set before, unless it is renewed: an old zip does not know."""
    path = zip_file(tmp_path, [{}], [{"End Time": "2026-06-01 00:00:00+00:00"}])
    with ZipFile(path) as old, ZipFile(tmp_path / "dated.zip", "w") as new:
        for member in old.infolist():
            new.writestr(ZipInfo(member.filename, (*packed, 0, 0, 0)), old.read(member))
    clock.set("2026-08-01")

    taken = ledger.import_from("metaculus", tmp_path / "dated.zip")

    assert taken.new.get("withdrawal", 0) == withdrawn
    assert taken.unsaid == ({"withdrawal": {"planned": unknown}} if unknown else {})
    told = "1 withdrawal: 1 was planned for after the file was written" in str(taken)
    assert told is bool(unknown)


def test_an_aggregation_is_a_crowd_of_its_largest_size_named_by_its_method(tmp_path: Path) -> None:
    rows = [METHODS, {**METHODS, "Start Time": "2026-02-01 00:00:00+00:00", "Forecaster Count": 12}]

    accounts = [one for one in read(zip_file(tmp_path, [{}], rows)) if isinstance(one, Account)]

    assert accounts == [
        Account("recency weighted", ForecasterKind.CROWD, "Metaculus recency_weighted", 12, "recency_weighted")
    ]


@pytest.mark.parametrize("pair", ["[0.58, 0.42]", "[np.float64(0.58), np.float64(0.42)]"])
def test_a_geometric_mean_gives_the_chance_of_no_first(pair: str, tmp_path: Path) -> None:
    row = {
        **METHODS,
        "Forecaster Username": "geometric_mean",
        "Probability Yes": "",
        "Probability Yes Per Category": pair,
    }

    assert said(question(tmp_path, forecasts=[row])) == [("geometric mean", "01-01", 0.42)]


def test_a_bot_is_a_model_and_an_older_zip_says_of_nobody_whether_it_is_one(tmp_path: Path) -> None:
    bot = [{"Is Bot": True}]

    new = read(zip_file(tmp_path, [{}], bot))
    old = read(zip_file(tmp_path, [{}], bot, lacking=["Is Bot", "Categories", "PDF at Resolution"]))

    assert [one for one in new if isinstance(one, Account)] == [Account("ann", ForecasterKind.MODEL, user="4242")]
    assert [one for one in old if isinstance(one, Account)] == [Account("ann", user="4242")]


def test_what_ended_as_it_began_never_stood_and_what_it_replaced_was_withdrawn(tmp_path: Path) -> None:
    at = "2026-03-01 00:00:00+00:00"
    first, moment = {"End Time": at}, {"Start Time": at, "End Time": at, "Probability Yes": 0.4}

    found = read(zip_file(tmp_path, [{}], [first, moment]))

    (asked,) = (one for one in found if isinstance(one, Question))
    assert said(asked) == [("ann", "01-01", 0.67), ("ann", "03-01", "withdrawn")]
    assert LeftOut("forecast", "70001", "never-stood", 2) in found


def test_what_is_by_nobody_without_a_chance_or_on_no_question_or_never_stood_is_left_out(tmp_path: Path) -> None:
    nobody, never = {"Forecaster ID": "", "Forecaster Username": ""}, {"End Time": "2025-12-31 23:59:59+00:00"}

    found = read(zip_file(tmp_path, [{}], [nobody, {"Probability Yes": ""}, {"Question ID": 1}, never, {}]))

    assert sorted((one for one in found if isinstance(one, LeftOut)), key=lambda one: one.row or 0) == [
        LeftOut("forecast", "70001", "no-forecaster", 1), LeftOut("forecast", "70001", "hidden", 2),
        LeftOut("forecast", "1", "unknown-question", 3), LeftOut("forecast", "70001", "never-stood", 4),
    ]  # fmt: skip


# -- questions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"Question Type": "multiple_choice", "MC Options (All)": ["A"]}, "multiple-choice"),
        ({"Question Type": "numeric", "Continuous Range": [0.0, None, 20.0], "Resolution": "12.5"}, "numeric"),
        ({"Question Type": "discrete", "Resolution": "below_lower_bound"}, "numeric"),
        ({"Question Type": "date", "Lower Bound": "2026-01-01", "Resolution": "2026-05-01T00:00:00Z"}, "date"),
        ({"Question Type": "numeric", "Continuous Range": [0.0, 20.0, 10.0]}, "numeric"),
        ({"Question Title": "Is it dry? (Yes) → Is it hot?"}, "conditional"),
        ({"Question Type": "conditional"}, "conditional"),
        ({"Question Type": "poll"}, "unknown-type"),
        ({"Open Time": "", "Scheduled Close Time": ""}, "not-open-yet"),
    ],
)
def test_a_question_that_is_not_a_plain_yes_or_no_is_left_out_by_its_kind(
    cells: Mapping[str, object], why: str, tmp_path: Path
) -> None:
    found = read(zip_file(tmp_path, [cells], [{"Probability Yes": "", "Continuous CDF": [0.0] * 201}]))

    assert found == [LeftOut("question", "70001", why, 1)]


def test_questions_of_one_post_share_a_cluster_and_carry_their_labels(tmp_path: Path) -> None:
    titles = [
        {"Question ID": n, "Label": n, "Question Title": title} for n, title in (("1", "Which?"), ("2", "Which? (2)"))
    ]

    found = [one for one in read(zip_file(tmp_path, titles, [])) if isinstance(one, Question)]

    assert [(one.text, one.fields["cluster"]) for one in found] == [
        ("Which? (1)", "post-81001"), ("Which? (2)", "post-81001"),
    ]  # fmt: skip


@pytest.mark.parametrize("sign", ["'", '"', " ", "<b>"])
def test_a_link_that_holds_a_sign_no_link_may_hold_is_that_of_the_post(sign: str, tmp_path: Path) -> None:
    link = f"https://www.metaculus.com/questions/81001/the-king{sign}s-speech/"

    assert question(tmp_path, [{"Question URL": link}]).link == "https://www.metaculus.com/questions/81001/"


@pytest.mark.parametrize("word", ["ambiguous", "annulled", "no", "Yes"])
def test_a_resolution_is_known_at_its_moment(word: str, tmp_path: Path) -> None:
    verdict = question(tmp_path, [{**RESOLVED, "Resolution": word}]).verdict

    assert verdict is not None
    assert (verdict.outcome, verdict.known_on) == (Outcome(word.lower()), read_moment("2026-07-01T00:00Z"))


# -- zips --------------------------------------------------------------------------------------------------------


def test_a_zip_that_was_packed_anew_in_its_folder_is_read(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [{}], [{}])
    with ZipFile(path) as old, ZipFile(tmp_path / "new.zip", "w") as new:
        new.writestr("__MACOSX/my data/._question_data.csv", b"\x00\x05\x16\x07")
        for name in old.namelist():
            new.writestr(f"my data/{name}", old.read(name))

    assert read(tmp_path / "new.zip") == read(path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (zip_of([{}], [{}], lacking=["Open Time"]), "question_data.csv has no column Open Time"),
        (zip_of([{}], [{}], more={"x/question_data.csv": ""}), "user_data.zip holds two of question_data.csv"),
        (zip_of([{}], [{}])[:-30], "user_data.zip cannot be unpacked"),
        (zip_of([{}, {}], []), "Question ID row 2 70001 stands in another row too"),
        (zip_of([{}], [{"Probability Yes": "67%"}]), "Probability Yes row 1 67% say a number from 0 to 1"),
        (zip_of([{}], [{"Probability Yes": "nan"}]), "Probability Yes row 1 nan"),
        (zip_of([{}], [{"Start Time": ""}]), "when was it made?"),
        (zip_of([{}], [{"Start Time": "2026-01-01 00:00:00"}]), "Start Time row 1 2026-01-01 00:00:00 say a moment"),
        (zip_of([{}], [{"End Time": "soon"}]), "End Time row 1 soon"),
        (zip_of([{}], [{"Is Bot": "perhaps"}]), "Is Bot row 1 perhaps say True or False"),
        (zip_of([{}], [{**METHODS, "Forecaster Count": "many"}]), "Forecaster Count row 1 many"),
        (zip_of([{"Resolution": "yes"}], []), "when did the outcome become known?"),
        (zip_of([{**RESOLVED, "Resolution": "perhaps"}], []), "Resolution row 1 perhaps say yes, no"),
        (zip_of([{}], [{"Start Time": "2099-01-01 00:00:00Z"}]), "forecast_data.csv cannot be read, so nothing is"),
        (zip_of([{}], [{"Start Time": "2099-01-01 00:00:00Z"}]), "1 of 1 row Start Time row 1 2099-01-01"),
        (zip_of([RESOLVED], []), "Resolution Known Time row 1 2026-07-01 00:00:00+00:00 lies in the future"),
        (zip_of([{"Question Type": ""}], []), "Question Type row 1"),
        (zip_of([{"Categories": "Technology"}], []), "Categories row 1 Technology"),
        (zip_of([{"Question Title": ""}], []), "this is never empty in an export"),
        (b"Question ID,Question URL\n1,x\n", "user_data.zip is neither a zip nor JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_row_and_column(
    content: bytes, told: str, tmp_path: Path, ledger: Ledger
) -> None:
    path = tmp_path / "user_data.zip"
    path.write_bytes(content)

    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("metaculus", path)

    assert told in " ".join(str(refused.value).replace("'", "").split())


def test_the_card_says_who_has_withdrawn(tmp_path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    stood = {"Start Time": "2026-01-02 00:00:00Z", "End Time": "2026-02-01 00:00:00Z"}
    path = tmp_path / "user_data.zip"
    path.write_bytes(zip_of([{}], [stood, {"Forecaster ID": 2, "Forecaster Username": "bob"}]))

    taken = ledger.import_from("metaculus", path)

    lines = str(taken).splitlines()
    assert lines[0].startswith("recorded      1 claim, 2 forecasts, 1 withdrawal ")
    assert "  withdrew    metaculus-ann 1" in lines
    assert (taken.by, taken.withdrew) == ({"metaculus-ann": 2, "metaculus-bob": 1}, {"metaculus-ann": 1})


# -- posts -------------------------------------------------------------------------------------------------------

A_POST = {
    "id": 81001,
    "question": {
        "id": 70001, "title": "Will it rain?", "type": "binary", "open_time": "2026-01-01T00:00:00Z",
        "scheduled_close_time": "2026-07-01T00:00:00Z",
        "my_forecasts": {
            "history": [],
            "latest": {"author_id": 4242, "start_time": 1767225600.5, "forecast_values": [0.33, 0.67]},
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("answer", [A_POST, [A_POST], {"results": [A_POST], "next": None}])
def test_a_post_is_read_alone_or_in_a_list_and_its_latest_forecast_without_a_history(
    answer: object, tmp_path: Path
) -> None:
    path = tmp_path / "posts.json"
    path.write_text("\ufeff" + json.dumps(answer), "utf-8")

    (found,) = [one for one in read(path) if isinstance(one, Question)]

    assert said(found) == [("4242", "01-01", 0.67)]
    assert found.all_said()[0].made_at == read_moment("2026-01-01T00:00:00.5Z")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"detail": "Not found."}, "id"),
        ({"results": 5}, "posts.json holds no list of objects"),
        ([{"id": 1, "question": {"id": True}}], "question.id"),
        ([{"id": 1, "question": {**A_POST["question"], "open_time": 5}}], "question.open_time  row 1  5  is no text"),  # type: ignore[dict-item]
        ("[", "posts.json, line 1: this is not JSON"),
    ],
)
def test_posts_that_cannot_be_read_are_refused(answer: object, told: str, tmp_path: Path) -> None:
    path = tmp_path / "posts.json"
    path.write_text(answer if isinstance(answer, str) else json.dumps(answer))

    with pytest.raises(InvalidValue, match=told):
        read(path)

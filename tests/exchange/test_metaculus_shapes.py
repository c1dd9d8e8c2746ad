"""Metaculus' choices and numbers: options, ranges and distributions, from its zip and its posts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from metaculus_zips import zip_file

from predictions import InvalidValue, Ledger
from predictions.exchange.platforms.metaculus_shapes import places_between
from predictions.records import Claim, Forecast, Resolution

CHOICE = {"Question Type": "multiple_choice", "MC Options (All)": ["Lab A", "Lab B", "Other"]}
KNOWN = {"Resolution Known Time": "2026-07-01 00:00:00+00:00"}
UNSAID = {"Probability Yes": ""}


@pytest.fixture(autouse=True)
def _on_a_later_day(clock: Clock) -> None:
    clock.set("2027-02-15")


def recorded(ledger: Ledger) -> tuple[Claim, list[Forecast], Resolution | None]:
    snapshot = ledger.snapshot()
    (claim,) = snapshot.all(Claim)
    return claim, [item.record for item in snapshot.forecasts_on(claim)], snapshot.verdict(claim)


def number(places: list[float], **cells: object) -> Mapping[str, object]:
    return {"Question Type": "numeric", "Continuous Range": places, **cells}


def test_a_choice_has_its_labels_as_options_and_shares(ledger: Ledger, tmp_path: Path) -> None:
    file = zip_file(
        tmp_path, [CHOICE | KNOWN | {"Resolution": "Lab B"}],
        [UNSAID | {"Probability Yes Per Category": [0.6, 0.3, 0.1]}],
    )  # fmt: skip

    ledger.import_from("metaculus", file)

    claim, (forecast,), verdict = recorded(ledger)
    assert (claim.type, claim.options) == ("choice", ("lab-a", "lab-b", "other"))
    assert [share.share for share in forecast.shares] == [0.6, 0.3, 0.1]
    assert verdict
    assert (verdict.option, str(verdict.known_on)) == ("lab-b", "2026-07-01")


@pytest.mark.parametrize(
    ("told", "outcome"), [("12.5", 12.5), ("below_lower_bound", 0), ("above_upper_bound", 20), ("annulled", None)]
)
def test_a_number_comes_out_as_a_value_and_beyond_its_range_as_the_end(
    told: str, outcome: float | None, ledger: Ledger, tmp_path: Path
) -> None:
    ledger.import_from("metaculus", zip_file(tmp_path, [number([0, 10, 20], Resolution=told, **KNOWN)], []))

    claim, _, verdict = recorded(ledger)
    assert (claim.type, claim.unit, claim.low, claim.high) == ("number", "units", 0, 20)
    assert verdict
    assert verdict.value == outcome


def test_a_whole_distribution_on_a_log_axis_gives_the_bucket_scores_of_metaculus(
    ledger: Ledger, tmp_path: Path
) -> None:
    """The baseline score of a value in the 100th of 200 steps: 100 ln(pmf / b) / 2, b = (1 - 0.05) / 200."""
    places = places_between(1, 10_000, 0)
    cdf = [0.02 + 0.98 * (step / 200) ** 2 for step in range(201)]  # 2 % below an open lower bound

    ledger.import_from("metaculus", zip_file(tmp_path, [number(places)], [UNSAID | {"Continuous CDF": cdf}]))

    claim, (forecast,), _ = recorded(ledger)
    chances = [point.chance for point in forecast.points]
    assert (claim.scale, len(chances), chances[0], chances[-1]) == ("log", 201, 0.02, 1)
    pmf = chances[100] - chances[99]
    assert 100 * math.log(pmf / (0.95 / 200)) / 2 == pytest.approx(
        100 * math.log(0.98 * (100**2 - 99**2) / 200**2 / 0.00475) / 2, abs=1e-6
    )
    assert [point.at for point in forecast.points[::100]] == pytest.approx([1, 100, 10_000])


@pytest.mark.parametrize(
    ("question", "forecast", "words"),
    [
        (CHOICE, {"Probability Yes Per Category": [0.6, 0.6, 0.1]}, "the chances of the options sum to 1"),
        (CHOICE, {"Probability Yes Per Category": [0.6, 2, 0.1]}, "say a number from 0 to 1"),
        (CHOICE | KNOWN | {"Resolution": "Lab C"}, {}, "say one of its options: Lab A, Lab B, Other"),
        (number([0, 10, 20]), {"Continuous CDF": [0.1, 0.5]}, "say 3 chances that do not fall"),
        (number([0, 10, 20]), {"Continuous CDF": [0.1, 0.5, 0.4]}, "say 3 chances that do not fall"),
        (number([0, 10, 20], Resolution="often", **KNOWN), {}, "say a number"),
    ],
)
def test_what_does_not_fit_its_question_is_refused(
    question: Mapping[str, object], forecast: Mapping[str, object], words: str, ledger: Ledger, tmp_path: Path
) -> None:
    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("metaculus", zip_file(tmp_path, [question], [UNSAID | forecast]))

    assert words in " ".join(str(refused.value).split())


def test_an_option_has_no_chance_before_it_was_added_and_none_once_it_was_deleted(
    ledger: Ledger, tmp_path: Path
) -> None:
    lists: list[tuple[int, list[float | None]]] = [
        (1, [0.6, None, 0.4]), (2, [0.5, 0.3, 0.2]), (3, [None, 0.7, 0.3]),
    ]  # fmt: skip
    said = [
        UNSAID | {
            "Start Time": f"2026-01-0{day} 00:00:00+00:00", "End Time": f"2026-01-0{day + 1} 00:00:00+00:00",
            "Probability Yes Per Category": chances,
        }
        for day, chances in lists
    ]  # fmt: skip

    asked = CHOICE | {"MC Options (Current)": ["Lab B", "Other"]}

    taken = ledger.import_from("metaculus", zip_file(tmp_path, [asked], said))

    shares = [[share.share for share in forecast.shares] for forecast in recorded(ledger)[1]]
    assert (shares, taken.left_out) == ([[0.5, 0.3, 0.2], [0, 0.7, 0.3], []], {"forecast": {"other-options": 1}})


def post(**question: object) -> dict[str, Any]:
    asked = {
        "id": 1, "title": "What?", "open_time": "2026-01-01T00:00:00Z", "scheduled_close_time": "2026-07-01T00:00:00Z",
        "resolution": None,
    }  # fmt: skip
    return {"id": 2, "question": asked | question}


def test_posts_say_the_unit_and_how_the_range_is_scaled(ledger: Ledger, tmp_path: Path) -> None:
    mine = {"author_id": 4242, "start_time": 1768000000.0, "end_time": None, "forecast_values": [0.1, 0.4, 1.0]}
    crowd = {"start_time": 1768000000.0, "end_time": None, "forecaster_count": 3, "centers": [0.5]}
    scaling = {"range_min": 1, "range_max": 100, "zero_point": 0, "inbound_outcome_count": 2}
    found = post(
        type="numeric", unit="boats", scaling=scaling, my_forecasts={"history": [mine]},
        aggregations={"recency_weighted": {"history": [crowd]}},
    )  # fmt: skip
    (tmp_path / "posts.json").write_text(json.dumps(found), "utf-8")

    taken = ledger.import_from("metaculus", tmp_path / "posts.json")

    claim, (forecast,), _ = recorded(ledger)
    assert (claim.unit, claim.low, claim.high, claim.scale) == ("boats", 1, 100, "log")
    assert [(point.at, point.chance) for point in forecast.points] == [(1, 0.1), (10, 0.4), (100, 1)]
    assert taken.left_out == {"forecast": {"summed-up": 1}}  # of the crowd a summary alone is there


def test_the_latest_of_a_crowd_has_all_that_its_history_sums_up(ledger: Ledger, tmp_path: Path) -> None:
    earlier = {"start_time": 1768000000.0, "end_time": 1768100000.0, "forecaster_count": 3, "centers": [0.4]}
    brief = {"start_time": 1768100000.0, "end_time": None, "forecaster_count": 3, "centers": [0.5]}
    latest = brief | {"forecast_values": [0.2, 0.5, 1.0]}
    scaling = {"range_min": 0, "range_max": 100, "zero_point": None, "inbound_outcome_count": 2}
    crowd = {"recency_weighted": {"history": [earlier, brief], "latest": latest}}
    (tmp_path / "posts.json").write_text(json.dumps(post(type="numeric", scaling=scaling, aggregations=crowd)), "utf-8")

    taken = ledger.import_from("metaculus", tmp_path / "posts.json")

    _, (forecast,), _ = recorded(ledger)
    assert [(point.at, point.chance) for point in forecast.points] == [(0, 0.2), (50, 0.5), (100, 1)]
    assert taken.left_out == {"forecast": {"summed-up": 1}}


@pytest.mark.parametrize("told", [None, [], [0.0, 1.0, 2.0, 3.0], [-0.5, 0.5, 1.5, 2.5, 3.5]])
@pytest.mark.parametrize(("said", "value"), [("above_upper_bound", 3.5), ("below_lower_bound", -0.5), ("2", 2.0)])
def test_a_discrete_number_is_said_between_its_values(
    told: list[float] | None, said: str, value: float, ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-11-29")
    mine = {"author_id": 4242, "start_time": 1768000000.0, "end_time": None, "forecast_values": [0, 0.3, 0.6, 0.8, 0.9]}
    scaling = {
        "range_min": -0.5, "range_max": 3.5, "zero_point": None, "open_upper_bound": True, "inbound_outcome_count": 4,
        "continuous_range": told,
    }  # fmt: skip
    found = post(
        type="discrete", scaling=scaling, my_forecasts={"history": [mine]}, resolution=said,
        actual_resolve_time="2026-07-02T00:00:00Z",
    )  # fmt: skip
    (tmp_path / "posts.json").write_text(json.dumps(found), "utf-8")

    ledger.import_from("metaculus", tmp_path / "posts.json")

    claim, (forecast,), verdict = recorded(ledger)
    assert verdict
    assert (claim.low, claim.high, verdict.value) == (-0.5, 3.5, value)
    assert [(point.at, point.chance) for point in forecast.points] == [
        (-0.5, 0), (0.5, 0.3), (1.5, 0.6), (2.5, 0.8), (3.5, 0.9),
    ]  # fmt: skip


def test_posts_have_choices_too(ledger: Ledger, tmp_path: Path) -> None:
    mine = {"author_id": 4242, "start_time": 1768000000.0, "end_time": None, "forecast_values": [0.25, 0.75]}
    found = post(type="multiple_choice", all_options_ever=["A", "B"], my_forecasts={"history": [mine]})
    (tmp_path / "posts.json").write_text(json.dumps(found), "utf-8")

    ledger.import_from("metaculus", tmp_path / "posts.json")

    claim, (forecast,), _ = recorded(ledger)
    assert (claim.options, [share.share for share in forecast.shares]) == (("a", "b"), [0.25, 0.75])


@pytest.mark.parametrize(
    ("told", "outcome"),
    [("Annulled", ("option", "option-annulled")), ("annulled", ("annulled", None)), ("C", ("option", "c"))],
)
def test_an_option_called_like_a_verdict_is_an_outcome_under_another_name(
    told: str, outcome: tuple[str, str | None], ledger: Ledger, tmp_path: Path
) -> None:
    labels = {"Question Type": "multiple_choice", "MC Options (All)": ["Annulled", "Upheld", "C"]}
    ledger.import_from("metaculus", zip_file(tmp_path, [labels | KNOWN | {"Resolution": told}], []))

    claim, _, verdict = recorded(ledger)
    assert claim.options == ("option-annulled", "upheld", "c")
    assert verdict
    assert (verdict.outcome, verdict.option) == outcome

"""Metaculus' questions that ask for a date: claims about the day, with chances by the end of days of their range."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Clock
from metaculus_zips import zip_file

from predictions import InvalidValue, Ledger
from predictions.records import Claim, Forecast, Resolution

RANGE = ["2025-12-31", "2026-07-01", "2028-01-01", "2030-01-01"]  # the question opens on 1 January 2026
UNSAID: dict[str, object] = {"Probability Yes": ""}


@pytest.fixture(autouse=True)
def _on_a_later_day(clock: Clock) -> None:
    clock.set("2030-06-15")


def asked(places: list[str] = RANGE, cells: Mapping[str, object] | None = None) -> Mapping[str, object]:
    return {"Question Type": "date", "Continuous Range": places, **(cells or {})}


def resolved(told: str, known: str, places: list[str] = RANGE) -> Mapping[str, object]:
    return asked(places, {"Resolution": told, "Resolution Known Time": f"{known} 10:00:00+00:00"})


def said(*chances: object) -> dict[str, object]:
    return UNSAID | {"Continuous CDF": list(chances)}


def recorded(ledger: Ledger) -> tuple[Claim, list[Forecast], Resolution | None]:
    snapshot = ledger.snapshot()
    (claim,) = snapshot.all(Claim)
    return claim, [item.record for item in snapshot.forecasts_on(claim)], snapshot.verdict(claim)


def chances_of(forecast: Forecast) -> list[tuple[str, float]]:
    return [(str(by.day), by.chance) for by in forecast.days]


def test_a_date_has_chances_by_the_end_of_the_days_of_its_range(ledger: Ledger, tmp_path: Path) -> None:
    taken = ledger.import_from("metaculus", zip_file(tmp_path, [asked()], [said(0.02, 0.2, 0.5, 0.9)]))

    claim, (forecast,), _ = recorded(ledger)
    already = round(0.02 + 0.18 / 182, 12)  # of the 182 days from 31 December to 1 July the first lies before it opened
    assert (claim.type, str(claim.opens_on), str(claim.deadline)) == ("date", "2026-01-01", "2030-01-01")
    assert str(claim.closes_at) == "2026-07-01 00:00:00+00:00"
    assert chances_of(forecast) == [
        ("2026-01-01", already), ("2026-07-01", 0.2), ("2028-01-01", 0.5), ("2030-01-01", 0.9),
    ]  # fmt: skip
    assert "dates         chances by the end of the days at which Metaculus says them" in str(taken)


def test_a_range_that_begins_after_the_opening_leaves_the_days_before_it_to_the_first_chance(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.import_from("metaculus", zip_file(tmp_path, [asked(RANGE[1:])], [said(0.1, 0.5, 1)]))

    _, (forecast,), _ = recorded(ledger)
    assert chances_of(forecast) == [("2026-07-01", 0.1), ("2028-01-01", 0.5), ("2030-01-01", 1)]


def test_sums_that_lie_beyond_0_and_1_by_rounding_are_0_and_1(ledger: Ledger, tmp_path: Path) -> None:
    file = zip_file(tmp_path, [asked(RANGE[1:])], [said(-1e-17, 0.5, 1.0000000000000002)])

    ledger.import_from("metaculus", file)

    _, (forecast,), _ = recorded(ledger)
    assert [chance for _, chance in chances_of(forecast)] == [0, 0.5, 1]


def test_of_several_moments_of_one_day_the_last_stands(ledger: Ledger, tmp_path: Path) -> None:
    places = ["2026-01-02", "2026-01-02", "2026-01-03", "2026-01-03"]

    ledger.import_from("metaculus", zip_file(tmp_path, [asked(places)], [said(0.1, 0.2, 0.3, 0.9)]))

    _, (forecast,), _ = recorded(ledger)
    assert chances_of(forecast) == [("2026-01-02", 0.2), ("2026-01-03", 0.9)]


@pytest.mark.parametrize(
    ("places", "told", "known", "outcome", "day"),
    [
        (RANGE, "2028-03-04 00:00:00+00:00", "2028-03-05", "yes", "2028-03-04"),
        (RANGE, "2028-03-04T23:30:00Z", "2028-03-05", "yes", "2028-03-04"),
        (RANGE, "2028-03-04", "2028-03-05", "yes", "2028-03-04"),
        (RANGE, "2030-01-01T00:00:00Z", "2030-01-02", "yes", "2030-01-01"),
        (RANGE, "2030-01-02T00:00:00Z", "2030-01-02", "no", "None"),
        (RANGE, "2025-06-01T00:00:00Z", "2026-03-01", "yes", "2026-01-01"),
        (RANGE, "below_lower_bound", "2026-03-01", "yes", "2026-01-01"),
        (RANGE[1:], "below_lower_bound", "2026-09-01", "yes", "2026-06-30"),
        (RANGE[1:], "below_lower_bound", "2026-03-01", "yes", "2026-03-01"),
        (RANGE, "Below_Lower_Bound", "2026-03-01", "yes", "2026-01-01"),
        (RANGE, "2028-03-04T23:30:00", "2028-03-05", "yes", "2028-03-04"),
        (["0001-01-01", "2026-05-01"], "below_lower_bound", "2026-03-01", "yes", "2026-01-01"),
        (RANGE, "above_upper_bound", "2030-02-01", "no", "None"),
        (RANGE, "above_upper_bound", "2027-02-01", "no", "None"),
        (RANGE, "annulled", "2028-03-05", "annulled", "None"),
        (RANGE, "ambiguous", "2028-03-05", "ambiguous", "None"),
    ],
)
def test_it_comes_out_on_a_day_or_not_in_the_window(
    places: list[str], told: str, known: str, outcome: str, day: str, ledger: Ledger, tmp_path: Path
) -> None:
    ledger.import_from("metaculus", zip_file(tmp_path, [resolved(told, known, places)], []))

    _, _, verdict = recorded(ledger)
    assert verdict
    assert (str(verdict.outcome), str(verdict.happened_on), str(verdict.known_on)) == (outcome, day, known)
    assert ledger.verify().ok


def test_a_day_still_to_come_when_it_was_known_is_no_verdict_yet(ledger: Ledger, tmp_path: Path) -> None:
    file = zip_file(tmp_path, [resolved("2029-03-04", "2028-03-05")], [said(0, 0.2, 0.5, 0.9)])

    taken = ledger.import_from("metaculus", file)

    assert recorded(ledger)[2] is None
    assert taken.left_out == {"verdict": {"does-not-fit": 1}}


@pytest.mark.parametrize(
    ("question", "forecast", "words"),
    [
        (asked(), said(0.1, 0.5, 0.4, 0.9), "say 4 chances that do not fall"),
        (asked(), said(0.1, 0.5), "say 4 chances that do not fall"),
        (asked(), said(0.1, 0.5, None, 0.9), "say a number from 0 to 1 for each"),
        (asked(["2026-01-01", "soon"]), said(0.1, 0.5), "say a moment such as"),
        (resolved("in spring", "2028-03-05"), said(0, 0.2, 0.5, 0.9), "say a moment such as"),
    ],
)
def test_what_does_not_fit_its_question_is_refused(
    question: Mapping[str, object], forecast: Mapping[str, object], words: str, ledger: Ledger, tmp_path: Path
) -> None:
    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("metaculus", zip_file(tmp_path, [question], [forecast]))

    assert words in " ".join(str(refused.value).split())


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (asked([]), "date"),
        (asked(["2030-01-01", "2026-01-01"]), "date"),
        (asked(["2024-01-01", "2025-12-31"]), "due-before-made"),
        (asked(cells={"Scheduled Close Time": "2025-12-31 00:00:00+00:00"}), "due-before-made"),
        (asked(cells={"Open Time": ""}), "date"),
    ],
)
def test_what_has_no_place_is_left_out(
    question: Mapping[str, object], why: str, ledger: Ledger, tmp_path: Path
) -> None:
    taken = ledger.import_from("metaculus", zip_file(tmp_path, [question], []))

    assert taken.left_out == {"question": {why: 1}}


def test_posts_say_the_range_in_seconds_since_1970_and_the_zip_the_same(ledger: Ledger, tmp_path: Path) -> None:
    low, high = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    scaling = {"range_min": low.timestamp(), "range_max": high.timestamp(), "zero_point": None}
    cdf = [0.02 + 0.9 * (step / 200) ** 2 for step in range(201)]
    mine = {"author_id": 4242, "start_time": 1768000000.0, "end_time": None, "forecast_values": cdf}
    question = {
        "id": 1, "title": "When?", "type": "date", "open_time": "2026-01-01T00:00:00Z", "scaling": scaling,
        "scheduled_close_time": "2029-12-01T00:00:00Z", "scheduled_resolve_time": "2030-03-02T00:00:00Z",
        "resolution": "2027-05-06T00:00:00Z", "actual_resolve_time": "2027-05-07T00:00:00Z",
        "my_forecasts": {"history": [mine]},
    }  # fmt: skip
    (tmp_path / "posts.json").write_text(json.dumps({"id": 2, "question": question}), "utf-8")
    places = [str((low + step * (high - low) / 200).date()) for step in range(201)]

    ledger.import_from("metaculus", tmp_path / "posts.json")
    with Ledger(tmp_path / "other.db", me="ed") as other:
        other.import_from("metaculus", zip_file(tmp_path, [asked(places)], [said(*cdf)]))
        of_zip = recorded(other)[1][0]

    claim, (forecast,), verdict = recorded(ledger)
    assert (str(claim.deadline), claim.settle_days) == (
        "2030-01-01",
        (datetime(2030, 3, 2) - datetime(2030, 1, 1)).days,
    )
    assert (len(forecast.days), forecast.days) == (201, of_zip.days)
    assert verdict
    assert str(verdict.happened_on) == "2027-05-06"


def test_a_later_dump_adds_the_verdict_and_again_adds_nothing(ledger: Ledger, tmp_path: Path) -> None:
    forecasts = [said(0, 0.2, 0.5, 0.9), said(0, 0.4, 0.6, 0.9) | {"Start Time": "2026-03-01 00:00:00+00:00"}]
    question = resolved("2028-03-04", "2028-03-05")

    ledger.import_from("metaculus", zip_file(tmp_path, [asked()], forecasts[:1]))
    later = ledger.import_from("metaculus", zip_file(tmp_path, [question], forecasts))
    again = ledger.import_from("metaculus", tmp_path / "user_data.zip")

    assert dict(later.new) == {"forecast": 1, "verdict": 1}
    assert (dict(again.new), again.changes) == ({}, ())
    assert timedelta(0) < recorded(ledger)[1][1].made_at - recorded(ledger)[1][0].made_at

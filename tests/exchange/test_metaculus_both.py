"""A zip and posts of Metaculus in one run: one question each, and one's forecasts once, whichever file has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from metaculus_zips import zip_file

from predictions import InvalidValue, Ledger
from predictions.records import Claim, Forecaster

NUMBER = {"Question ID": 2, "Question Title": "How many?", "Question Type": "numeric", "Continuous Range": [0, 10, 20]}


@pytest.fixture(autouse=True)
def _on_a_later_day(clock: Clock) -> None:
    clock.set("2026-11-29")


def post(key: int, title: str, *chances: float, **fields: object) -> dict[str, Any]:
    mine = {
        "author_id": 4242, "start_time": datetime(2026, 1, 1, tzinfo=UTC).timestamp(), "end_time": None,
        "forecast_values": list(chances),
    }  # fmt: skip
    question = {
        "id": key, "title": title, "type": "binary", "open_time": "2026-01-01T00:00:00Z",
        "scheduled_close_time": "2026-07-01T00:00:00Z", "scheduled_resolve_time": "2026-10-01T00:00:00Z",
        "resolution_criteria": "The gauge decides.", "my_forecasts": {"history": [mine]}, **fields,
    }  # fmt: skip
    return {"id": 81001, "question": question, "projects": {"category": [{"name": "Weather & Climate"}]}}


def both(folder: Path, posts: list[dict[str, Any]]) -> list[Path]:
    asked, said = [{}, NUMBER], [{}, {"Question ID": 2, "Probability Yes": "", "Continuous CDF": [0, 0.5, 0.9]}]
    (folder / "posts.json").write_text(json.dumps(posts), "utf-8")
    return [zip_file(folder, asked, said), folder / "posts.json"]


RAIN = post(70001, "Will it rain?", 0.33, 0.67)
BOATS = post(
    2, "How many?", 0, 0.5, 0.9, type="numeric", unit="boats",
    scaling={"range_min": 0, "range_max": 20, "inbound_outcome_count": 2},
)  # fmt: skip


@pytest.mark.parametrize("order", [1, -1])
def test_what_both_say_is_one_and_what_one_says_is_kept(order: int, ledger: Ledger, tmp_path: Path) -> None:
    files = both(tmp_path, [RAIN, BOATS])[::order]

    taken, again = ledger.import_from("metaculus", *files), ledger.import_from("metaculus", *files)

    snapshot = ledger.snapshot()
    rain, boats = snapshot.find(Claim, "metaculus-70001"), snapshot.find(Claim, "metaculus-2")
    assert (rain.criteria, rain.settle_days, boats.unit) == ("The gauge decides.", 93, "boats")
    assert [one.slug for one in snapshot.all(Forecaster)] == ["metaculus-ann"]
    assert [len(list(snapshot.forecasts_on(claim))) for claim in (rain, boats)] == [1, 1]
    assert (taken.repeated, taken.left_out, dict(again.new), again.changes) == (2, {}, {}, ())


@pytest.mark.parametrize(
    ("posts", "name"),
    [([post(70001, "Will it snow?", 0.33, 0.67)], "text"), ([RAIN, post(2, "How many?", 0.5, 0.5)], "type")],
)
def test_what_they_say_otherwise_is_refused_by_name(
    posts: list[dict[str, Any]], name: str, ledger: Ledger, tmp_path: Path
) -> None:
    before = ledger.head()

    with pytest.raises(InvalidValue, match=f"is there twice, each with its own {name}"):
        ledger.import_from("metaculus", *both(tmp_path, posts))

    assert ledger.head() == before


def test_a_zip_after_posts_changes_nothing_of_what_it_does_not_say(ledger: Ledger, tmp_path: Path) -> None:
    archive, posts = both(tmp_path, [RAIN, BOATS])

    ledger.import_from("metaculus", posts)
    taken = ledger.import_from("metaculus", archive)

    assert (taken.changes, taken.new["claim"]) == ((), 0)
    assert ledger.snapshot().find(Claim, "metaculus-70001").criteria == "The gauge decides."


def test_posts_after_a_zip_are_no_change_of_what_the_zip_left_open(ledger: Ledger, tmp_path: Path) -> None:
    archive, posts = both(tmp_path, [RAIN, BOATS])

    ledger.import_from("metaculus", archive)
    taken = ledger.import_from("metaculus", posts)

    assert {one.slug: (one.criteria, one.unit) for one in ledger.snapshot().all(Claim)} == {
        "metaculus-70001": ("As resolved on Metaculus.", None), "metaculus-2": ("As resolved on Metaculus.", "units")
    }  # fmt: skip
    assert not [change for change in taken.changes if "criteria" in change.what or "unit" in change.what]
    assert {change.claim for change in taken.changes} <= {"metaculus-70001", "metaculus-2"}
    (tmp_path / "posts.json").write_text(posts.read_text("utf-8").replace("Will it rain?", "Will it pour?"), "utf-8")
    assert "reworded" in str([change.what for change in ledger.import_from("metaculus", posts).changes])


@pytest.mark.parametrize("asked", [RAIN, BOATS])
@pytest.mark.parametrize("order", [1, -1])
def test_a_number_and_a_name_of_one_user_are_one_in_runs_of_their_own_too(
    order: int, asked: dict[str, Any], ledger: Ledger, tmp_path: Path
) -> None:
    first, later = both(tmp_path, [asked])[::order]
    ledger.import_from("metaculus", first)

    taken = ledger.import_from("metaculus", later)

    assert (taken.new["forecaster"], taken.alike) == (0, ())
    (one,) = ledger.snapshot().all(Forecaster)
    assert (one.slug, one.accounts) == ("metaculus-ann" if order > 0 else "metaculus-4242", ("metaculus-id-4242",))

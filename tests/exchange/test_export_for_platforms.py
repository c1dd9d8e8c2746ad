"""What is written for Fatebook and ForecastBench is what they take, and what came from them goes back."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.exchange.written import RowsWritten

DATA = Path(__file__).parent.parent / "data"
BENCH = DATA / "platforms" / "forecastbench"
TODAY = "2026-11-29"
Json = dict[str, Any]


@pytest.fixture
def book(ledger: Ledger, clock: Clock) -> Ledger:
    clock.set(TODAY)
    return ledger


def lost(written: object) -> Mapping[str, int]:
    assert isinstance(written, RowsWritten)
    return {one.what: one.count for one in written.lost}


# -- Fatebook --------------------------------------------------------------------------------------------------------


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def taken_by_fatebook(file: Path) -> dict[tuple[str, str], Json]:
    """The questions that Fatebook's importer makes of a file: percent, JavaScript's dates, tags by commas."""
    questions: dict[tuple[str, str], Json] = {}
    for row in rows(file):
        key = row["questionTitle"], row["qCreatedAt"]
        question = questions.setdefault(key, {
            "resolution": {"": None, "yes": "YES", "no": "NO"}.get(row["resolution"].lower(), "AMBIGUOUS"),
            "resolveBy": javascript_date(row["resolveBy"]), "tags": {tag for tag in row["tags"].split(",") if tag},
            "resolvedAt": row["resolvedAt"], "forecasts": [],
        })  # fmt: skip
        number = float(row["forecast"].removesuffix("%")) / 100
        question["forecasts"].append((javascript_date(row["fCreatedAt"]), number))
    return questions


def javascript_date(text: str) -> datetime:
    """Read a date as JavaScript's Date.parse does in every browser: ISO 8601 with its zone."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def test_the_sample_is_written_as_fatebook_asks(book: Ledger, tmp_path: Path) -> None:
    book.import_from("table", DATA / "table" / "good.csv")

    written = book.export("fatebook", tmp_path / "out.csv", by="ana-silva")

    wanted = DATA / "exports" / "fatebook-import.csv"
    assert taken_by_fatebook(tmp_path / "out.csv") == taken_by_fatebook(wanted)
    assert {row["notes"] for row in rows(tmp_path / "out.csv")} == {row["notes"] for row in rows(wanted)}
    assert lost(written) == {"forecasts by others": 8, "notes of forecasts": 1, "fractions of a second": 2}
    assert str(written).startswith("wrote         2 claims, 3 forecasts, 1 verdict")


def test_what_came_from_fatebook_goes_back(book: Ledger, tmp_path: Path) -> None:
    book.import_from("fatebook", DATA / "platforms" / "fatebook-csv" / "fatebook.csv", people={"Ann": "ana"})
    own = [row for row in rows(DATA / "platforms" / "fatebook-csv" / "fatebook.csv")
           if row["Forecast created by"] == "Ann" and not row["Multiple choice option"]]  # fmt: skip

    written = book.export("fatebook", tmp_path / "out.csv")

    found = taken_by_fatebook(tmp_path / "out.csv")
    said = {(title, when, chance) for (title, _), one in found.items() for when, chance in one["forecasts"]}
    there = {(row["Question title"], server_time(row["Forecast created at"]), float(row["Forecast (scale = 0-1)"]))
             for row in own}  # fmt: skip
    assert said
    assert said <= there
    outcomes = {(row["Question title"], row["Question created at"][:10]): row["Resolution"] or None for row in own}
    assert all(outcomes[title, asked[:10]] == one["resolution"] for (title, asked), one in found.items())
    assert isinstance(written, RowsWritten)


def server_time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")


def test_what_fatebook_has_no_place_for_is_counted(book: Ledger, tmp_path: Path) -> None:
    made_at = "2026-02-01T10:00:00Z"
    asked = {"half": "Half?", "called-off": "Off?", "same": "Twice?", "again": "Twice?"}
    for number, (slug, text) in enumerate(asked.items(), 1):
        book.add(text, slug=slug, opens_on="2026-01-01", deadline=f"2026-06-0{number}")
        book.forecast(slug, 0.1 + 0.2, made_at=made_at)
    book.forecast("half", 0.5, by="ben", made_at=made_at)
    book.resolve("half", 0.4, known_on="2026-07-02", reason="two of five")
    book.resolve("called-off", "annulled", known_on="2026-03-03", reason="no vote")
    book.withdraw("same", made_at="2026-03-01")
    book.forecast("same", low="20%", high="30%", made_at="2026-03-02", note="why")

    written = book.export("fatebook", tmp_path / "out.csv")

    assert lost(written) == {
        "forecasts on claims that came out as a fraction": 1, "forecasts by others": 1, "withdrawals": 1,
        "annulled verdicts, which are ambiguous there": 1, "claims that are one question there with another": 1,
        "notes of forecasts": 1, "ranges and words of forecasts": 1, "fractions of a second": 1,
    }  # fmt: skip
    assert [row["forecast"] for row in rows(tmp_path / "out.csv")] == ["30%", "30%", "25%", "30%"]
    assert [row["resolution"] for row in rows(tmp_path / "out.csv")] == ["annulled", "", "", ""]


def test_a_number_next_to_certain_stays_so_and_no_cell_is_a_formula(book: Ledger, tmp_path: Path) -> None:
    book.add("=SUM(A1) rises", slug="odd", deadline="2099-12-31", criteria="+1", p=1e-7)
    book.forecast("odd", 0.29)

    book.export("fatebook", tmp_path / "out.csv")

    first, second = rows(tmp_path / "out.csv")
    assert (first["questionTitle"], first["notes"]) == ("'=SUM(A1) rises", "'+1")
    assert (first["forecast"], second["forecast"]) == ("0.00001%", "29%")


def test_whose_file_it_is_must_be_known(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    with Ledger(tmp_path / "nobody.db") as ledger:
        with pytest.raises(InvalidValue, match="say whose: by="):
            ledger.export("fatebook", tmp_path / "out.csv")
        with pytest.raises(InvalidValue, match="by= goes with calendar, fatebook, forecastbench"):
            ledger.export("table", tmp_path / "out.csv", by="ana")
    assert not (tmp_path / "out.csv").exists()


# -- ForecastBench ---------------------------------------------------------------------------------------------------


def content(file: Path) -> Json:
    found: Json = json.loads(file.read_text("utf-8"))
    return found


def plain(rows_of_set: list[Json]) -> list[Json]:
    """Rows with numbers as they are kept, to twelve places."""
    return [{**row, "forecast": round(row["forecast"], 12)} for row in rows_of_set]


@pytest.fixture
def bench(book: Ledger) -> Ledger:
    book.import_from("forecastbench", *sorted(BENCH.glob("2026*.json")))
    return book


def test_forecast_sets_go_back_row_by_row(bench: Ledger, tmp_path: Path) -> None:
    written = bench.export("forecastbench", tmp_path / "sets")

    assert sorted(path.name for path in (tmp_path / "sets").iterdir()) == [
        "2026-04-12.ForecastBench.1.json", "2026-04-12.My_team.1.json",
    ]  # fmt: skip
    no_place = {"77", "gone"}  # no deadline, no question
    for name, number in (("My_team", 1), ("ForecastBench", 2)):
        there = content(BENCH / f"2026-04-12.{name}.{number}.json")
        here = content(tmp_path / "sets" / f"2026-04-12.{name}.1.json")
        kept = [row for row in there["forecasts"] if isinstance(row["id"], str) and row["id"] not in no_place]
        assert here["forecasts"] == plain(kept)
        heads = ("organization", "model", "question_set", "forecast_due_date")
        assert [here[head] for head in heads] == [there[head] for head in heads]
    assert lost(written) == {"verdicts": 5, "who made a model, written as its team": 2}


def test_what_is_written_adds_nothing_to_the_ledger_it_is_of(bench: Ledger, tmp_path: Path) -> None:
    bench.export("forecastbench", tmp_path / "sets")

    again = bench.import_from("forecastbench", BENCH / "2026-04-12-llm.json", *(tmp_path / "sets").iterdir())

    assert (dict(again.new), again.changes) == ({}, ())


def test_a_ledger_without_a_set_writes_none(book: Ledger, tmp_path: Path) -> None:
    for name in ("set.json", "sets"):
        with pytest.raises(InvalidValue, match="there is no forecast on a question of ForecastBench"):
            book.export("forecastbench", tmp_path / name)
        assert not (tmp_path / name).exists()


def test_one_set_is_a_file_and_is_never_written_over(bench: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "set.json"
    with pytest.raises(InvalidValue, match=r"these are 2 sets: forecastbench-forecastbench-.* 2026-04-12, .*say by="):
        bench.export("forecastbench", file)

    bench.export("forecastbench", file, by="forecastbench-my-team-model-x")
    with pytest.raises(InvalidValue, match="is there already"):
        bench.export("forecastbench", file, by="forecastbench-my-team-model-x")

    assert content(file)["model"] == "model-x"


def test_a_set_holds_what_stood_when_it_was_due(bench: Ledger, tmp_path: Path) -> None:
    data, market = "forecastbench-fred-dtb4wk-2026-04-19-a26776f4", "forecastbench-manifold-abcd123456-dd7e3f54"
    for claim, when, chance in (
        (data, "2026-04-10", 0.1), (data, "2026-04-11T10:00:00Z", 0.2), (data, "2026-04-13", 0.9),
        (market, "2026-04-13T09:00:00Z", 0.7), (market, "2026-04-26", 0.3),
    ):  # fmt: skip
        bench.forecast(claim, chance, made_at=when)
    bench.add("Ours", deadline="2099-12-31", p=0.5)

    written = bench.export("forecastbench", tmp_path / "sets", by="ana")

    first, second, third = (content(path) for path in sorted((tmp_path / "sets").iterdir()))
    assert [row["forecast"] for row in first["forecasts"]] == [0.2]
    assert (first["organization"], first["model"], first["question_set"]) == ("ana", "ana", "2026-04-12-llm.json")
    assert [(row["forecast"], row["resolution_date"]) for row in second["forecasts"]] == [(0.9, "2026-04-19")]
    assert [(row["id"], row["forecast"], row["resolution_date"]) for row in third["forecasts"]] == [
        ("AbCd123456", 0.3, None)
    ]  # fmt: skip
    assert third["question_set"] == "2026-04-26-llm.json"
    assert lost(written)["forecasts that did not stand when a set was due"] == 2
    assert lost(written)["forecasts on other claims"] == 1


def test_claims_of_other_types_have_no_place_in_either_and_are_counted(
    book: Ledger, clock: Clock, tmp_path: Path
) -> None:
    book.import_from("forecastbench", *(BENCH / name for name in ("2026-04-12-llm.json", "2026-04-12.My_team.1.json")))
    book.add("Which lab?", deadline="2026-12-31", options=["a", "b"], p={"a": 0.4, "b": 0.6})
    book.add("When?", deadline="2026-12-31", when=True, p={"2026-12-31": 0.4})
    book.add("How many?", deadline="2026-12-31", unit="boats", between=(0, 9), quantiles={0.5: 4})
    book.add("Does it rain?", deadline="2026-12-31", p=0.4)

    for_fatebook = book.export("fatebook", tmp_path / "out.csv")
    sets = book.export("forecastbench", tmp_path / "sets")

    assert lost(for_fatebook)["forecasts on claims that are not yes-no"] == 3
    assert lost(sets)["forecasts on other claims"] == 4
    assert [row["questionTitle"] for row in rows(tmp_path / "out.csv")] == ["Does it rain?"]

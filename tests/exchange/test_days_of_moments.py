"""A moment where a day is wanted means one day, at every door: a midnight the day it begins, others the day in UTC."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from command_line import CommandLine

from predictions import Ledger
from predictions.records import Claim, Evidence, Resolution
from predictions.testing import clock_at

BERLIN, NEW_YORK = timezone(timedelta(hours=2)), timezone(timedelta(hours=-5))
TEXTS = {
    "2025-06-30T00:00:00Z": "2025-06-30",
    "2025-06-30 00:00:00": "2025-06-30",
    "2025-06-30 00:00:00+00:00": "2025-06-30",
    "2025-06-30T00:00+02:00": "2025-06-30",
    "2025-06-30T00:00:00-05:00": "2025-06-30",
    "2025-06-30T23:59:59Z": "2025-06-30",
    "2025-06-30T12:00+02:00": "2025-06-30",
    "2025-06-30T22:30-05:00": "2025-07-01",
}
VALUES: Mapping[str, object] = {
    "naive": datetime(2025, 6, 30), "in UTC": datetime(2025, 6, 30, tzinfo=UTC),
    "in Berlin": datetime(2025, 6, 30, tzinfo=BERLIN), "evening": datetime(2025, 6, 30, 23, 59, tzinfo=UTC),
    "west": datetime(2025, 6, 30, tzinfo=NEW_YORK), "pandas": pd.Timestamp("2025-06-30"),
    "pandas in UTC": pd.Timestamp("2025-06-30", tz="UTC"), "pandas in Berlin": pd.Timestamp("2025-06-30", tz=BERLIN),
    "numpy": np.datetime64("2025-06-30T00:00:00.000000"), "day": date(2025, 6, 30),
}  # fmt: skip
SAID = {"text": "It rains", "p": 0.3, "made_at": "2025-01-10", "opens_on": "2025-01-10"}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def with_ledger(work: Callable[[Ledger], object]) -> Claim:
    """The only claim after some work in a new ledger."""
    with Ledger("l.db", me="ana") as ledger:
        work(ledger)
        return list(ledger.snapshot().all(Claim))[-1]


def as_csv(ledger: Ledger, value: object) -> None:
    pd.DataFrame([{**SAID, "deadline": value}]).to_csv("t.csv", index=False)
    ledger.import_from("table", "t.csv")


def as_json(ledger: Ledger, value: object) -> None:
    Path("t.json").write_text(json.dumps([{**SAID, "deadline": str(value)}]), "utf-8")
    ledger.import_from("table", "t.json")


def as_parquet(ledger: Ledger, value: object) -> None:
    pd.DataFrame([{**SAID, "deadline": value}]).to_parquet("t.parquet")
    ledger.import_from("table", "t.parquet")


def as_rows(ledger: Ledger, value: object) -> None:
    ledger.import_from("table", [{**SAID, "deadline": value}])


def as_frame(ledger: Ledger, value: object) -> None:
    ledger.import_from("table", pd.DataFrame([{**SAID, "deadline": value}]))


def as_polars(ledger: Ledger, value: object) -> None:
    ledger.import_from("table", pl.DataFrame([{**SAID, "deadline": value}]))


def added(ledger: Ledger, value: Any) -> None:
    ledger.add("It rains", deadline=value, opens_on="2025-01-10")


def quoted(ledger: Ledger, value: Any) -> None:
    ledger.quote("Bob", "It rains", deadline=value, said_on="2025-01-10", link="https://bob.example")


def corrected(ledger: Ledger, value: Any) -> None:
    ledger.add("It rains", deadline="2099", opens_on="2025-01-10")
    ledger.correct("it-rains", deadline=value)


def superseded(ledger: Ledger, value: Any) -> None:
    ledger.add("It rains", deadline="2099", opens_on="2025-01-10")
    ledger.supersede("it-rains", deadline=value, reason="sooner")


TABLES = (as_csv, as_json, as_parquet, as_rows, as_frame, as_polars)
VERBS = (added, quoted, corrected, superseded)


@pytest.mark.parametrize("door", [*TABLES, *VERBS])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_means_one_day_at_every_door(door: Callable[[Ledger, object], None], text: str) -> None:
    claim = with_ledger(lambda ledger: door(ledger, text))

    assert str(claim.deadline) == TEXTS[text]


@pytest.mark.parametrize("door", [as_csv, as_parquet, as_rows, as_frame, *VERBS])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_any_type_means_one_day_at_every_door(door: Callable[[Ledger, object], None], value: str) -> None:
    claim = with_ledger(lambda ledger: door(ledger, VALUES[value]))

    assert claim.deadline == date(2025, 6, 30)


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin", "America/New_York"])
def test_a_column_of_polars_means_the_same(zone: str | None) -> None:
    days = pl.Series("deadline", [datetime(2025, 6, 30)]).dt.replace_time_zone(zone)
    frame = pl.DataFrame([SAID]).with_columns(days)

    assert with_ledger(lambda ledger: ledger.import_from("table", frame)).deadline == date(2025, 6, 30)


@pytest.mark.parametrize("text", TEXTS)
def test_every_column_of_days_means_the_same(text: str) -> None:
    row = {"text": "When?", "deadline": "2099", "when": "yes", "opens_on": text, "outcome": "yes", "happened_on": text}
    verdict = {"known_on": "2025-07-02", "p": f"{text}=30%; 2099=60%", "made_at": "2025-07-01"}
    with Ledger("l.db", me="ana") as ledger:
        ledger.import_from("table", [row | verdict])
        (claim,), (decided,) = ledger.snapshot().all(Claim), ledger.snapshot().all(Resolution)

    assert {str(claim.opens_on), str(decided.happened_on)} == {TEXTS[text]}


@pytest.mark.parametrize("text", TEXTS)
def test_the_verbs_and_the_bulk_import_mean_the_same(text: str) -> None:
    with Ledger("l.db", me="ana") as ledger:
        for name in ("one", "two"):
            ledger.add(f"It rains {name}", deadline="2099", opens_on=text, slug=name)
        ledger.log_evidence("one", "https://rain.example", "Rain", on=text, published=text)
        ledger.resolve("one", "yes", happened_on=text)
        ledger.import_resolutions([{"claim": "two", "outcome": "yes", "happened_on": text, "known_on": "2025-07-02"}])
        snapshot = ledger.snapshot()
        found = {str(claim.opens_on) for claim in snapshot.all(Claim)}
        found |= {str(verdict.happened_on) for verdict in snapshot.all(Resolution)}
        found |= {str(evidence.published) for evidence in snapshot.all(Evidence)}

    assert found == {TEXTS[text]}


@pytest.mark.parametrize("text", TEXTS)
def test_the_command_line_means_the_same(text: str, tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    Path("t.csv").write_text(f"text,deadline,opens_on,p\nA table,{text},2025-01-10,\n", "utf-8")

    run.says("import-from", "table", "t.csv")
    run.says("add", "A verb", "--deadline", text, "--opens-on", "2025-01-10")

    with Ledger(run.path) as ledger:
        assert {str(claim.deadline) for claim in ledger.snapshot().all(Claim)} == {TEXTS[text]}


def test_a_midnight_on_which_something_was_said_is_its_day_in_text_too() -> None:
    row = {"text": "It rains", "deadline": "2099", "p": "30%", "made_at": "2025-06-30 00:00:00"}
    with Ledger("l.db", me="ana") as ledger, clock_at("2026-01-01T12:00:00Z"):
        ledger.import_from("table", [row, {**row, "text": "Snow", "made_at": datetime(2025, 6, 30)}])
        made = {
            said.record.made_at
            for claim in ledger.snapshot().all(Claim)
            for said in ledger.snapshot().forecasts_on(claim)
        }

    assert made == {datetime(2025, 6, 30, 23, 59, 59, 999999, tzinfo=UTC)}

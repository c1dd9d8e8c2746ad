"""A row that withdraws what its forecaster never forecast is refused, as by the verb; an export writes none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.errors import InvalidValue
from predictions.records import Forecast

ROW = {"text": "It rains", "deadline": "2099", "by": "bob"}
WAYS: list[dict[str, Any]] = [
    {"p": "withdrawn"}, {"withdrawn": "yes"}, {"p": "withdrawn", "made_at": "2026-01-20"},
    {"p": "withdrawn", "said_on": "2026-01-20", "link": "https://bob.example/1"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.set("2026-03-01")


@pytest.mark.parametrize("way", WAYS, ids="-".join)
@pytest.mark.parametrize(
    "beside", [[], [{**ROW, "by": "cy", "p": "30%"}], [{**ROW, "p": "30%", "made_at": "2026-02-01"}]]
)
def test_a_withdrawal_of_nothing_is_refused_with_its_cell(
    ledger: Ledger, way: dict[str, Any], beside: list[dict[str, Any]]
) -> None:
    if beside and "made_at" in beside[0] and not way.keys() & {"made_at", "said_on"}:
        pytest.skip("that one is withdrawn now, after the forecast")
    head = str(ledger.head())

    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", [*beside, {**ROW, **way}])

    said = " ".join(str(refused.value).split())
    assert "bob has no forecast on 'It rains' to withdraw" in said
    assert f"{next(iter(way))} row {len(beside) + 1}" in said
    assert str(ledger.head()) == head


@pytest.mark.parametrize("way", WAYS, ids="-".join)
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("runs", [1, 2])
def test_a_withdrawal_after_a_forecast_is_taken_in_one_run_or_two(
    ledger: Ledger, way: dict[str, Any], order: int, runs: int
) -> None:
    rows = [{**ROW, "p": "30%", "made_at": "2026-01-10"}, {**ROW, **way}]
    if runs == 2:
        ledger.import_from("table", rows[:1])

    ledger.import_from("table", rows[::order])

    assert sum(bool(one.withdrawn) for one in ledger.snapshot().all(Forecast)) == 1
    assert not ledger.import_from("table", rows).wrote


def test_a_column_of_a_person_withdraws_only_what_they_forecast(ledger: Ledger) -> None:
    rows = [{"text": "It rains", "deadline": "2099", "p:bob": "withdrawn"}]

    with pytest.raises(InvalidValue, match=r"p:bob\s+row 1"):
        ledger.import_from("table", rows)


def test_a_forecast_corrected_to_a_withdrawal_is_told_as_lost_and_the_table_can_be_read(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.quote("Bob", "It rains", p=0.3, deadline="2099", said_on="2026-02-01", link="https://bob.example/1")
    ledger.forecast("it-rains", 0.4)
    ledger.withdraw("it-rains", by="bob", made_at="2026-02-01", reason="never said")

    told = " ".join(str(ledger.export("table", tmp_path / "t.csv")).split())

    assert "withdrawals that took the place of the only forecast" in told
    with Ledger(tmp_path / "other.db", me="ana") as other:
        assert other.import_from("table", tmp_path / "t.csv").new["forecast"] == 1

"""An export of forecasts leaves out those that no longer fit their claim, says so, and is read back whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.export.misfits import MISFITS, OF_MISFITS
from predictions.importing.forecasts import RECORDS_AT_MOST

CHOICE, NUMBER, DATE = {"options": ["a", "b"]}, {"unit": "km", "between": (0, 10)}, {"when": True}
SHARES, POINTS, DAYS = {"p": {"a": 0.3, "b": 0.7}}, {"quantiles": {0.5: 4, 0.9: 7}}, {"p": {"2026-06-30": 0.4}}
CORRECTIONS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "yes-no to choice": ({}, {"p": 0.4}, CHOICE),
    "another option": (CHOICE, SHARES, {"options": ["a", "b", "c"]}),
    "an order that differs": (CHOICE, SHARES, {"options": ["b", "a"], "ordered": True}),
    "choice to yes-no": (CHOICE, SHARES, {"options": ()}),
    "a narrower range": (NUMBER, POINTS, {"between": (5, 10)}),
    "number to choice": (NUMBER, POINTS, CHOICE),
    "an earlier deadline": (DATE, DAYS, {"deadline": "2026-05-31"}),
    "date to yes-no": (DATE, DAYS, {"when": False}),
}


def exported(ledger: Ledger, folder: Path, door: str) -> tuple[Any, Path]:
    """Export the forecasts; return the receipt, and the file that an import reads."""
    if door == "csv":
        return ledger.export("csv", folder / "all.csv"), folder / "all.csv"
    return ledger.export("parquet", folder / "all"), folder / "all" / "forecasts" / "part-00000.parquet"


def lost(receipt: Any) -> dict[str, int]:
    return {item.what: item.count for item in receipt.lost if "fit" in item.what}


@pytest.mark.parametrize("door", ["csv", "parquet"])
@pytest.mark.parametrize("kind", CORRECTIONS)
def test_what_no_longer_fits_is_counted_and_the_rest_comes_back(
    ledger: Ledger, clock: Clock, tmp_path: Path, kind: str, door: str
) -> None:
    terms, said, changed = CORRECTIONS[kind]
    ledger.add("It is asked", deadline="2026-06-30", slug="it", **terms, **said)
    ledger.add("It stays", deadline="2026-06-30", slug="stays", **terms, **said)
    clock.set("2026-01-01T12:30:00Z")
    ledger.withdraw("it")
    ledger.correct("it", reason="a slip", **changed)

    receipt, file = exported(ledger, tmp_path, door)
    again = ledger.import_forecasts(file)

    assert lost(receipt) == {MISFITS: 1, OF_MISFITS: 1}
    assert receipt.forecasts == 1
    assert (again.forecasts, again.already) == (0, 1)


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_so_it_is_with_forecasts_in_blocks(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    terms, said, changed = CORRECTIONS[kind]
    for slug in ("it", "stays"):
        ledger.add(f"About {slug}", deadline="2026-06-30", slug=slug, opens_on="2025-01-01", **terms)
    [(name, value)] = said.items()
    start, count = 1_764_000_000_000_000, RECORDS_AT_MOST + 10
    times = [start + number * 1_000_000 for number in range(count)]
    slugs = ["it"] * (count - 3) + ["stays"] * 3
    ledger.import_forecasts({"claim": slugs, "by": ["ana"] * count, "made_at": times, name: [value] * count})
    ledger.correct("it", reason="a slip", **changed)

    receipt, file = exported(ledger, tmp_path, "csv")
    again = ledger.import_forecasts(file)

    assert lost(receipt) == {MISFITS: count - 3}
    assert (receipt.forecasts, again.forecasts, again.already) == (3, 0, 3)


def test_a_correction_of_a_title_loses_nothing(ledger: Ledger, tmp_path: Path) -> None:
    ledger.add("It is asked", deadline="2026-06-30", slug="it", **CHOICE, **SHARES)
    ledger.correct("it", title="Another title", reason="a slip")

    receipt, _ = exported(ledger, tmp_path, "csv")

    assert lost(receipt) == {}
    assert receipt.forecasts == 1

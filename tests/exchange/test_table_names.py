"""A refusal names a claim as the rows of the table do: by its text, or by its slug where they say that."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.records import Resolution

TEXT = "It rains in the north"
DAYS = {"deadline": "2026-06-30", "opens_on": "2026-01-01"}
CARS = {"unit": "million", "between": "0..10"}
CHOICE = {"options": "a; b"}
MISFITS: list[dict[str, str]] = [  # rows whose refusal names their claim
    {"outcome": "yes", "happened_on": "2025-01-02"},
    {"outcome": "yes", "happened_on": "2026-07-02"},
    {"outcome": "no", "known_on": "2026-02-01"},
    {"outcome": "no", "known_on": "2026-02-01", "deadline": "2099"},
    {"outcome": "yes", "known_on": "2025-02-01"},
    {**CHOICE, "outcome": "c", "known_on": "2026-02-01"},
    {**CHOICE, "outcome": "yes", "known_on": "2026-02-01"},
    {**CARS, "outcome": "yes", "known_on": "2026-02-01"},
    {**CARS, "p": "30%", "made_at": "2026-01-05"},
    {**CARS, "quantiles": "10%=12", "made_at": "2026-01-05"},
    {"when": "yes", "outcome": "yes", "known_on": "2026-02-01"},
    {"when": "yes", "outcome": "2026-07-30", "known_on": "2026-08-01"},
]
PUBLISHED = {"by": "Bob", "said_on": "2026-01-05", "link": "https://oracle.example/outlook"}


def refusal(folder: Path, row: Mapping[str, str]) -> str:
    with Ledger(folder / "l.db", me="ana") as ledger, pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", [{**DAYS, **row}])
    return " ".join(str(refused.value).split("\nrow ")[0].split())


@pytest.mark.parametrize("row", MISFITS)
@pytest.mark.parametrize("told", [{}, PUBLISHED, {"id": "7"}])
def test_a_new_claim_is_named_by_its_text(tmp_path: Path, row: Mapping[str, str], told: Mapping[str, str]) -> None:
    message = refusal(tmp_path, {"text": TEXT, **told, **row})

    assert f"'{TEXT}'" in message
    assert "it-rains" not in message
    assert "table-" not in message


def test_a_claim_on_file_is_named_as_the_row_names_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.db", me="ana") as ledger:
        ledger.import_from("table", [{**DAYS, "text": TEXT}])
        ledger.add(f"{TEXT} again", slug="again-it-rains", **DAYS)
    early = {"outcome": "yes", "happened_on": "2025-01-02"}

    assert f"the window of '{TEXT}', 2026-01-01" in refusal(tmp_path, {"text": TEXT, **early})
    assert "the window of again-it-rains, 2026-01-01" in refusal(tmp_path, {"claim": "again-it-rains", **early})


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    message = refusal(tmp_path, {"text": "It rains and snows " * 30, "outcome": "yes", "happened_on": "2025-01-02"})

    assert "the window of 'It rains and snows It rains and snows...', 2026-01-01 to" in message


def test_words_of_the_sentence_stay_though_a_claim_is_named_so(tmp_path: Path) -> None:
    message = refusal(tmp_path, {"text": "Window", **PUBLISHED, "outcome": "yes", "happened_on": "2025-01-02"})

    assert "the window of window, 2026-01-01 to 2026-06-30" in message


@pytest.mark.parametrize(("terms", "outcome"), [({"settle_days": "0"}, "no"), ({"options": "No; Maybe"}, "No")])
def test_a_no_is_held_against_the_terms_on_file_where_the_row_leaves_them_out(
    tmp_path: Path, clock: Clock, terms: Mapping[str, str], outcome: str
) -> None:
    clock.set("2026-07-05")
    with Ledger(tmp_path / "l.db", me="ana") as ledger:
        ledger.import_from("table", [{**DAYS, "text": TEXT, **terms}])
        ledger.import_from("table", [{**DAYS, "text": TEXT, "outcome": outcome, "known_on": "2026-07-02"}])

        (verdict,) = ledger.snapshot().all(Resolution)
    assert (verdict.option or verdict.outcome, str(verdict.known_on)) == ("no", "2026-07-02")

"""A text of a platform that is too long for a record is left out and counted; what it belongs to is recorded."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from fatebook_files import question
from market_exports import TODAY, imported, kalshi_market, manifold_market, polymarket_market
from metaculus_zips import zip_of

from predictions import InvalidValue, Ledger
from predictions.fields import TEXT_LIMIT
from predictions.records import Claim, Forecast

pytestmark = pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")
FULL = "x" * TEXT_LIMIT
LONG = f"{FULL}x"
SAID = {"forecast": "0.3", "user": {"name": "Ann"}, "createdAt": "2026-04-17T00:00:00.000Z"}
RESPONSE = {"user_label": "ann", "created_at": "2026-02-01T10:00:00Z", "confidence": 70}
TABLE = (Path(__file__).parent.parent / "data" / "platforms" / "fatebook-csv" / "fatebook.csv").read_text("utf-8")


def bench(text: str) -> list[Any]:
    row = {
        "id": "A",
        "source": "fred",
        "question": "Up?",
        "resolution_criteria": text,
        "resolution_dates": ["2026-05-12"],
    }
    said = {"id": "A", "source": "fred", "forecast": 0.4, "resolution_date": "2026-05-12", "reasoning": text}
    return [
        {"forecast_due_date": "2026-04-12", "questions": [row]},
        {"forecast_due_date": "2026-04-12", "organization": "Lab", "model": "m", "forecasts": [said]},
    ]


def predicted(text: str) -> list[Any]:
    one = {
        "id": 5, "description_with_group": "It ships", "responses": [{**RESPONSE, "comment": text}],
        "created_at": "2026-01-05T10:00:00Z", "updated_at": "2026-01-05T10:00:00Z",
        "outcome": None, "last_judgement_at": None, "withdrawn": False, "deadline": "2026-03-31T20:00:00Z",
    }  # fmt: skip
    return [[one]]


FILES = {
    "fatebook": lambda text: [{"items": [question("a", notes=text, forecasts=[{**SAID, "comment": text}])]}],
    "predictionbook": predicted,
    "manifold": lambda text: [[manifold_market(textDescription=text)]],
    "polymarket": lambda text: [[polymarket_market(description=text)]],
    "kalshi": lambda text: [[kalshi_market(rules_primary=text[:-1], rules_secondary="y")]],
    "forecastbench": bench,
}


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set(TODAY)


@pytest.mark.parametrize("platform", FILES)
def test_a_text_that_is_too_long_is_left_out_and_counted(platform: str, ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(ledger, tmp_path, platform, *FILES[platform](LONG))

    several = 2 if platform in {"fatebook", "forecastbench"} else 1
    assert (taken.new["claim"], taken.left_out, taken.unsaid) == (1, {}, {"text": {"too-long": several}})
    assert "longer than 20,000 characters" in str(taken)
    (claim,) = ledger.snapshot().all(Claim)
    assert len(claim.criteria or "") < 60
    assert [one.note for one in ledger._store.standing(Forecast)] in ([], [None])
    again = imported(ledger, tmp_path, platform, *FILES[platform](LONG))
    assert (dict(again.new), again.changes) == ({}, ())


@pytest.mark.parametrize("platform", FILES)
def test_a_text_of_the_length_of_a_record_is_kept(platform: str, ledger: Ledger, tmp_path: Path) -> None:
    text = FULL[:-2] if platform == "kalshi" else FULL

    taken = imported(ledger, tmp_path, platform, *FILES[platform](text))

    assert (taken.new["claim"], taken.unsaid) == (1, {})


def test_a_question_whose_own_text_is_too_long_is_left_out(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "user_data.zip"
    path.write_bytes(zip_of([{"Question Title": LONG}, {"Question ID": 2}], [{"Question ID": 2}]))

    taken = ledger.import_from("metaculus", path)

    assert (taken.new["claim"], taken.left_out) == (1, {"question": {"too-long": 1}})


def test_what_is_no_text_in_a_long_one_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="control character"):
        imported(ledger, tmp_path, "manifold", [manifold_market(textDescription=f"{LONG}\0")])


def test_comments_in_a_cell_of_the_csv_are_counted_once_a_question(ledger: Ledger, tmp_path: Path) -> None:
    rows = list(csv.DictReader(StringIO(TABLE, newline="")))[:2]
    for row in rows:
        row["Question comments"] = "Bob: too early; or not; Cy: no"
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "fatebook.csv"
    path.write_text(text.getvalue(), "utf-8")

    taken = ledger.import_from("fatebook", path)

    assert (taken.left_out, taken.unsaid) == ({}, {"comment": {"no-place": 2}})
    assert "left out      2 comments: 2 have no place in a ledger" in str(taken).splitlines()
    assert json.loads(json.dumps(taken.to_dict()))["unsaid"] == {"comment": {"no-place": 2}}

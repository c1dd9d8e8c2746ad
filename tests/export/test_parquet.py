"""What is exported scores as the ledger does, without the ledger."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import ibis
import numpy as np
import pytest
from pyarrow import parquet

from forecasts.ibis_table import scorecard_table
from forecasts.kernel import Rows
from predictions import InvalidValue, Ledger
from predictions.export.parquet import ranges

MICROSECONDS = 1_735_732_800_000_000
DAY = 86_400_000_000


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    """A ledger of eight claims, six of them resolved, with imported and hand-logged forecasts."""
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        for number in range(8):
            tags = ("even",) if number % 2 == 0 else ("odd", "few")
            slug = f"claim-{number}"
            ledger.add(f"Event {number}", deadline="2025-03-31", opens_on="2025-01-01", slug=slug, tags=tags)
        for number in range(6):
            outcome = "yes" if number < 3 else "no"
            ledger.resolve(f"claim-{number}", outcome, known_on=f"2025-0{3 if number < 3 else 4}-0{number + 1}",
                           happened_on="2025-03-01" if number < 3 else None, reason="seen")  # fmt: skip
        random = np.random.default_rng(3)
        size = 300
        ended = random.random(size) < 0.1
        ledger.import_forecasts(
            {
                "claim": [f"claim-{number}" for number in random.integers(0, 8, size)],
                "forecaster": random.choice(["ben", "cy"], size).tolist(),
                "made_at": MICROSECONDS + random.permutation(size) * DAY // 4,
                "probability": np.where(ended, np.nan, np.round(random.random(size), 2)),
                "withdrawn": ended,
            }
        )
        yield ledger


def test_the_files_hold_what_the_ledger_holds(book: Ledger, tmp_path: Path) -> None:
    done = book.export("parquet", tmp_path / "out")

    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.parquet")}
    forecasts = parquet.read_table(tmp_path / "out" / "scored")
    claims = parquet.read_table(tmp_path / "out" / "claims.parquet")
    assert files == {
        "forecasts/part-00000.parquet", "scored/part-00000.parquet", "claims.parquet", "forecasters.parquet",
        "tags.parquet", "resolutions.parquet",
    }  # fmt: skip
    assert (done.forecasts, done.claims, done.files) == (300, 8, 6)
    assert forecasts.num_rows == 300
    assert forecasts.column("claim").to_pylist() == sorted(forecasts.column("claim").to_pylist())
    assert forecasts.column("probability").null_count > 0
    assert claims.column("slug").to_pylist() == [f"claim-{number}" for number in range(8)]
    assert claims.column("outcome").to_pylist() == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, None, None]
    assert parquet.read_table(tmp_path / "out" / "resolutions.parquet").num_rows == 6
    assert parquet.read_table(tmp_path / "out" / "tags.parquet").num_rows == 12


def test_claims_that_supersede_each_other_share_the_number_of_their_chain(book: Ledger, tmp_path: Path) -> None:
    book.supersede(
        "claim-6", text="Event 6, and seen", deadline="2027-03-31", slug="narrower", reason="other words", carry=()
    )
    book.supersede(
        "narrower", text="Event 6, and heard", deadline="2027-03-31", slug="narrowest", reason="other words", carry=()
    )
    book.supersede(
        "claim-7", text="Event 7, and seen", deadline="2027-03-31", slug="other", reason="other words", carry=()
    )

    book.export("parquet", tmp_path / "out")

    claims = parquet.read_table(tmp_path / "out" / "claims.parquet").to_pylist()
    chain = {one["slug"]: one["chain"] for one in claims}
    assert chain["claim-6"] == chain["narrower"] == chain["narrowest"] >= 0
    assert chain["claim-7"] == chain["other"] >= 0
    assert chain["claim-6"] != chain["claim-7"]
    assert {chain[f"claim-{number}"] for number in range(6)} == {-1}


def test_every_file_names_the_head_it_was_written_at(book: Ledger, tmp_path: Path) -> None:
    book.export("parquet", tmp_path / "out")

    for path in (tmp_path / "out").rglob("*.parquet"):
        assert parquet.read_schema(path).metadata[b"head"].decode() == str(book.head())


@pytest.mark.filterwarnings("default")  # ibis 12 calls what DuckDB 2 has since deprecated
def test_an_engine_over_the_files_gives_the_ledgers_card(book: Ledger, tmp_path: Path) -> None:
    book.export("parquet", tmp_path / "out", today="2025-06-30")
    connection = ibis.duckdb.connect()
    forecasts = connection.read_parquet(str(tmp_path / "out" / "scored" / "*.parquet"))
    claims = connection.read_parquet(str(tmp_path / "out" / "claims.parquet"))
    names = parquet.read_table(tmp_path / "out" / "forecasters.parquet").column("slug").to_pylist()

    rows = scorecard_table(forecasts, claims.filter(claims.scored)).to_pyarrow().to_pylist()
    card = book.scorecard(today="2025-06-30")

    assert {names[row["forecaster"]] for row in rows} == {"ben", "cy"}
    for row in rows:
        behind = [one for one in card.rows() if one["forecaster"] == names[row["forecaster"]]]
        scored = [one for one in behind if one["brier"] is not None]
        assert row["n"] == len(scored)
        assert row["brier"] == pytest.approx(np.mean([one["brier"] for one in scored]), abs=1e-12)
        assert row["time_skill"] == pytest.approx(np.mean([one["time_skill"] for one in scored]), abs=1e-12)
        assert row["coverage"] == pytest.approx(np.mean([one["coverage"] for one in scored]), abs=1e-12)


def test_a_ledger_without_a_claim_is_exported_too(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        done = ledger.export("parquet", tmp_path / "out")

    assert (done.forecasts, done.claims) == (0, 0)


def test_ranges_never_cut_a_claim_in_two() -> None:
    claim = np.repeat(np.arange(50, dtype=np.int32), np.random.default_rng(0).integers(1, 9, 50))
    rows = Rows(claim, claim * 0, claim.astype(np.int64), np.zeros(claim.size), np.zeros(claim.size, np.uint8))

    parts = [part.claim for _, part in ranges(rows, size=20)]

    assert np.concatenate(parts).tolist() == claim.tolist()
    assert all(one[-1] < two[0] for one, two in pairwise(parts))
    assert len(parts) > 5


def test_a_folder_with_something_in_it_is_refused(book: Ledger, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")

    with pytest.raises(InvalidValue, match="not an empty folder"):
        book.export("parquet", tmp_path / "out")


def test_every_type_says_what_it_asked_and_what_came_out(tmp_path: Path) -> None:
    old = {"deadline": "2025-03-31", "opens_on": "2025-01-01"}
    with Ledger(tmp_path / "types.db", me="ana") as ledger:
        ledger.add("A rains?", **old)
        ledger.add("B which lab?", options=["north", "south"], **old)
        ledger.add("C how hot?", options=["low", "mid", "high"], ordered=True, **old)
        ledger.add("D cars", unit="million", between=(1, 100, "log"), **old)
        ledger.add("E law", when=True, **old)
        outcomes = {"a-rains": "no", "b-which-lab": "south", "c-how-hot": "high", "d-cars": 4.2, "e-law": "2025-02-03"}
        for slug, outcome in outcomes.items():
            ledger.resolve(slug, outcome, known_on="2025-05-01", reason="seen")
        ledger.export("parquet", tmp_path / "out")

    claims, verdicts = (parquet.read_table(tmp_path / "out" / f"{name}.parquet") for name in ("claims", "resolutions"))
    asked = ("slug", "options", "value_unit", "low", "high", "scale", "outcome")
    assert [tuple(row[name] for name in asked) for row in claims.to_pylist()] == [
        ("a-rains", None, None, None, None, None, 0.0),
        ("b-which-lab", ["north", "south"], None, None, None, None, 1.0),
        ("c-how-hot", ["low", "mid", "high"], None, None, None, None, 2.0),
        ("d-cars", None, "million", 1.0, 100.0, "log", 4.2),
        ("e-law", None, None, None, None, None, 34.0),
    ]
    assert [(row["outcome"], row["option"], row["value"]) for row in verdicts.to_pylist()] == [
        ("no", None, None), ("option", "south", None), ("option", "high", None), ("value", None, 4.2),
        ("yes", None, None),
    ]  # fmt: skip

"""What the records of one claim say of where its forecasts count is what the card of the whole ledger says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_ledgers import World

from forecasts import kernel
from forecasts.standing import intervals
from predictions import Ledger
from predictions.records import Claim
from predictions.scoring.claim_series import fates_on, stood_from
from predictions.scoring.claim_statement import speaker_of, stood_as_said
from predictions.scoring.eligibility import SeriesState
from predictions.slugs import slug_of
from predictions.storage.claim_queries import chain_of
from predictions.testing import clock_at


@pytest.mark.parametrize("seed", range(12))
def test_a_claim_by_itself_is_counted_as_on_the_card(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    World(tmp_path / "random.db", seed, monkeypatch).write()

    with clock_at("2025-07-01"), Ledger(tmp_path / "random.db") as ledger:
        card = ledger.scorecard(cohort="resolved")
        rows, people = card.rows(), card.forecasters()
        snapshot = ledger.snapshot()
        counted = {
            (claim.slug, who): str(fate.category)
            for claim in snapshot.all(Claim)
            if claim.scored
            for who, fate in fates_on(snapshot, claim).items()
        }
        speakers = {claim.slug: speaker_of(snapshot, claim) for claim in snapshot.all(Claim)}
        in_time = {claim.slug: stood_as_said(snapshot, claim) for claim in snapshot.all(Claim)}

    listed = {(str(row["claim"]), str(row["forecaster"])): row["place"] for row in rows}
    without = [key for key, place in listed.items() if place == "no number"]
    for claim, who in without:
        del listed[claim, who]
        assert slug_of(str(speakers[claim])) == who
    counts = Counter({str(row["forecaster"]): row["no_number"] for row in people})
    on_no_series = Counter(who for claim, who in without if in_time[claim])
    assert on_no_series <= counts
    unlisted = {counted[key] for key in counted.keys() - listed.keys()}
    assert {key: counted.get(key) for key in listed} == listed
    assert unlisted <= {"superseded"}  # of somebody of whom nothing else is on the card


def test_a_chain_is_found_from_each_of_its_claims(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2099", slug="a")
    ledger.supersede("a", deadline="2098", reason="sooner", slug="b")
    ledger.supersede("b", deadline="2097", reason="sooner", slug="c")
    ledger.add("It snows", deadline="2099", slug="d")

    assert [chain_of(ledger._store, slug) for slug in "abcd"] == [["a", "b", "c"]] * 3 + [["d"]]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=4).map(sorted), st.integers(0, 6), st.integers(0, 6))
def test_a_single_forecast_stands_as_arrays_of_them_do(begins: list[int], opens: int, limit: int) -> None:
    count = len(begins)
    starts, _, stood = intervals(
        np.array(begins, float), np.full(count, 0.5), np.ones(count - 1, bool), np.full(count, float(opens)),
        np.full(count, float(limit)),
    )  # fmt: skip

    ends = [*begins[1:], limit]

    assert [stood_from(begin, end, opens, limit) for begin, end in zip(begins, ends, strict=True)] == [
        start if one else None for start, one in zip(starts.tolist(), stood.tolist(), strict=True)
    ]


def test_the_states_of_a_series_are_those_of_the_kernel() -> None:
    assert [*SeriesState] == [kernel.STOOD, kernel.TOO_LATE, kernel.WITHDRAWN, kernel.SAME_STEP]

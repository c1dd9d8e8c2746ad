"""Whatever an export of markets holds is taken whole or refused in plain words; taken again it adds nothing."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from market_exports import (
    candles,
    check_whole_or_plain,
    finalized,
    kalshi_market,
    manifold_bet,
    manifold_market,
    milliseconds,
    polymarket_market,
    prices,
    settled,
)  # fmt: skip
from mutating import mutated
from odd_fields import VALUES, fields_of, replaced

from predictions import LedgerWarning

SPOILT = 8  # variants of each platform's files; of a campaign the second
MANY_SPOILT = 200
GOOD: dict[str, list[Any]] = {
    "manifold": [
        [manifold_market(isResolved=True, resolution="MKT", resolutionProbability=0.4, resolutionTime=milliseconds(60),
                         siblingContractId="Other"), manifold_market("Other"),
         *(manifold_market(key, outcomeType="MULTIPLE_CHOICE", shouldAnswersSumToOne=one, isResolved=one,
                           resolution="CHOOSE_MULTIPLE", resolutionTime=milliseconds(60), resolutions={"a1": 100},
                           answers=[{"id": "a1", "text": "A"}, {"id": "a2", "text": "B", "resolution": "NO"}])
           for key, one in (("Several", True), ("Each", False))),
         manifold_market("Ranges", outcomeType="MULTI_NUMERIC", shouldAnswersSumToOne=True,
                         answers=[{"id": "a1", "text": "<5", "midpoint": 2, "index": 0},
                                  {"id": "a2", "text": "5+", "midpoint": 8.5, "index": 1}])],
        [manifold_bet("b2", 3, 0.5, limitProb=0.5), manifold_bet(),
         manifold_bet("b3", contractId="Several", answerId="a1"), manifold_bet("b4", contractId="Each", answerId="a2"),
         manifold_bet("b5", contractId="Ranges", answerId="a2")],
    ],
    "polymarket": [
        [polymarket_market(**settled("1", "0"), events=[{"id": "9"}]), polymarket_market(502, negRiskMarketID="0xab"),
         polymarket_market(503, outcomes='["Spurs", "Thunder"]', **settled("0", "1"))],
        prices(t5031=[(40, 0.3)], t5011=[(40, 0.3), (41, 0.4)]),
    ],
    "kalshi": [
        {"markets": [kalshi_market(**finalized("scalar", settlement_value_dollars="0.3500")), kalshi_market("KXB-1")]},
        candles("0.4100", None),
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _without_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LedgerWarning)
        yield


@pytest.mark.parametrize("platform", GOOD)
def test_the_good_files_are_taken(platform: str, tmp_path: Path) -> None:
    assert check_whole_or_plain(tmp_path, platform, *GOOD[platform])


@pytest.mark.parametrize("variants", [SPOILT, pytest.param(MANY_SPOILT, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("platform", GOOD)
def test_a_spoilt_file_is_taken_whole_or_refused(platform: str, variants: int, tmp_path: Path) -> None:
    random, texts = Random(platform), [json.dumps(file).encode() for file in GOOD[platform]]

    for number in range(variants):
        spoilt = [mutated(text, texts, random) if number % 2 == place else text for place, text in enumerate(texts)]
        check_whole_or_plain(tmp_path, platform, *spoilt)


@pytest.mark.parametrize("platform", GOOD)
def test_a_value_of_any_kind_in_any_field_is_taken_or_refused(platform: str, tmp_path: Path) -> None:
    good, at = GOOD[platform], 0

    for way in fields_of(good):
        at = (at + 7) % len(VALUES)  # the next field takes another value
        check_whole_or_plain(tmp_path, platform, *replaced(good, way, VALUES[at]))


@pytest.mark.campaign
@pytest.mark.parametrize("value", range(len(VALUES)))
@pytest.mark.parametrize("platform", GOOD)
def test_any_value_in_any_field_is_taken_or_refused(platform: str, value: int, tmp_path: Path) -> None:
    for way in fields_of(GOOD[platform]):
        check_whole_or_plain(tmp_path, platform, *replaced(GOOD[platform], way, VALUES[value]))


@pytest.mark.parametrize("platform", GOOD)
@pytest.mark.parametrize(
    "text",
    ["", " ", "[", "[" * 100_000, '{"a":' * 100_000, "null", "5", '"x"', "{}", "[]", "[[]]", "[[[[[[[[[[{}]]]]]]]]]]",
     "NaN", "[Infinity]", f"[{'9' * 5_000}]", '[{"id": 1, "id": 2}]', "not json", "\ufeff[]", "\x00",
     "PK\x03\x04", "SQLite format 3\x00"],
)  # fmt: skip
def test_a_file_that_is_no_export_is_refused_or_empty(platform: str, text: str, tmp_path: Path) -> None:
    taken = check_whole_or_plain(tmp_path, platform, text)

    assert taken is (text in {"[]", "[[]]", "\ufeff[]"})


@pytest.mark.parametrize("platform", GOOD)
def test_a_mark_of_byte_order_is_read_over(platform: str, tmp_path: Path) -> None:
    files = ["\ufeff" + json.dumps(file) for file in GOOD[platform]]

    assert check_whole_or_plain(tmp_path, platform, *files)

"""Whatever an export of markets holds is taken whole or refused in plain words; taken again it adds nothing."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hostile import HOSTILE
from market_exports import (
    candles,
    finalized,
    imported,
    kalshi_market,
    manifold_bet,
    manifold_market,
    milliseconds,
    polymarket_market,
    prices,
    settled,
)  # fmt: skip
from mutating import mutated

from predictions import Ledger, LedgerError, LedgerWarning

SPOILT = 8  # variants of each platform's files; of a campaign the second
MANY_SPOILT = 200
GOOD: dict[str, list[Any]] = {
    "manifold": [
        [manifold_market(isResolved=True, resolution="MKT", resolutionProbability=0.4, resolutionTime=milliseconds(60),
                         siblingContractId="Other"), manifold_market("Other")],
        [manifold_bet("b2", 3, 0.5, limitProb=0.5), manifold_bet()],
    ],
    "polymarket": [
        [polymarket_market(**settled("1", "0"), events=[{"id": "9"}]), polymarket_market(502, negRiskMarketID="0xab")],
        prices(t5011=[(40, 0.3), (41, 0.4)]),
    ],
    "kalshi": [
        {"markets": [kalshi_market(**finalized("scalar", settlement_value_dollars="0.3500")), kalshi_market("KXB-1")]},
        candles("0.4100", None),
    ],
}  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 0.5, -0.0, 35, 2**63, 10**400, float("nan"), float("inf"), -1e300, 1e-400, "", " ",
    "x", "0.5", "35%", "NaN", "1e400", "٣", "yes", "2026-02-30", "2026-02-03", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "2026-02-03T10:00:00", 253_402_300_800_000, 10**17, -62_135_596_800_001, "x" * 30_000,
    "\x00", "a\r\nb", "\ud800", "\u202eabc", "e" + "\u0301" * 60, "javascript:alert(1)", "../x", [], {}, [[]], [None],
    [{}], {"a": {"a": []}}, ["x"] * 3, '["Yes"]', "[" * 5_000, *HOSTILE,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _without_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LedgerWarning)
        yield


def check_whole_or_plain(folder: Path, platform: str, *files: object) -> bool:
    """Import files; where they are refused, in plain words and with nothing written, the answer is False."""
    path = folder / "fuzz.db"
    path.unlink(missing_ok=True)
    with Ledger(path, me="ed") as ledger:
        before = ledger.head()
        try:
            taken = imported(ledger, folder, platform, *files)
        except LedgerError as refused:
            words = str(refused)
            assert "not happen" not in words
            assert len(words) < 4_000
            assert re.search(rf"{platform}-[01]\.json", words)
            assert ledger.head() == before
            return False
        assert str(taken)
        assert dict(imported(ledger, folder, platform, *files).new) == {}
        assert ledger.verify().ok
        return True


def fields_of(found: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in what JSON holds."""
    steps = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in steps:
        yield (*way, key)
        yield from fields_of(value, (*way, key))


def replaced(found: Any, way: tuple[Any, ...], value: object) -> Any:
    """The same with another value at one place."""
    changed = holder = deepcopy(found)
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = value
    return changed


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
     "NaN", "[Infinity]", f"[{'9' * 5_000}]", '[{"id": 1, "id": 2}]', "not json", "\ufeff[]", "\x00", "PK\x03\x04"],
)  # fmt: skip
def test_a_file_that_is_no_export_is_refused_or_empty(platform: str, text: str, tmp_path: Path) -> None:
    taken = check_whole_or_plain(tmp_path, platform, text)

    assert taken is (text in {"[]", "[[]]", "\ufeff[]"})


@pytest.mark.parametrize("platform", GOOD)
def test_a_mark_of_byte_order_is_read_over(platform: str, tmp_path: Path) -> None:
    files = ["\ufeff" + json.dumps(file) for file in GOOD[platform]]

    assert check_whole_or_plain(tmp_path, platform, *files)

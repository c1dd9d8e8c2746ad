"""A broken value in any field of a platform is refused by its file, its record, the platform's own field and itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from market_exports import (
    TODAY,
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
from odd_fields import fields_of

from predictions import InvalidValue, Ledger, LedgerError

pytestmark = pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")
SAMPLES = Path(__file__).parent.parent / "data" / "platforms"
MISSING = "(left out)"
BROKEN: dict[str, Any] = {
    "missing": MISSING, "null": None, "true": True, "NaN": float("nan"), "1e400": 1e400, "negative": -5, "text": "qqzz",
    "list": [{"a": [1]}], "object": {"zz": {"y": 1}}, "long": "x" * 30_000, "large": 10**400, "ahead": 4_102_444_800,
    "ahead in ms": 4_102_444_800_000, "day ahead": "2100-01-01T00:00:00Z", "empty cell": "1970-01-01T00:00:00Z",
}  # fmt: skip
SHOWN = {  # what stands for a value in the words of its refusal, where that is not how it begins
    repr(MISSING): ("empty", "none", "never"), "None": ("empty", "None"), "inf": ("inf",), "nan": ("nan", "empty"),
    repr(10**400): ("a very large number", "1000000"), repr([{"a": [1]}]): ("[{'a': [1]}]", "{'a': [1]}"),
}  # fmt: skip
OURS = {"p", "made_at", "known_on", "opens_on", "happened_on", "probability", "forecaster", "claim"}  # no platform's


@cache
def good(platform: str) -> list[Any]:
    if platform == "manifold":
        return [[manifold_market(isResolved=True, resolution="MKT", resolutionProbability=0.4,
                                 resolutionTime=milliseconds(60))], [manifold_bet()]]  # fmt: skip
    if platform == "polymarket":
        return [[polymarket_market(**settled("1", "0"))], prices(t5011=[(40, 0.3)])]
    if platform == "kalshi":
        return [[kalshi_market(**finalized("yes"))], candles("0.4100")]
    names = {
        "forecastbench": ("forecastbench", "2026-*.json"), "metaculus": ("metaculus-json", "posts.json"),
        "fatebook": ("fatebook-json", "questions.json"), "predictionbook": ("predictionbook-json", "predictions.json"),
    }  # fmt: skip
    folder, pattern = names[platform]
    return [json.loads(path.read_text("utf-8")) for path in sorted((SAMPLES / folder).glob(pattern))]


KNOWN_BY = {"kalshi": ("ticker",), "polymarket": ("conditionId",), "forecastbench": ("source", "id")}
PLATFORMS = ("fatebook", "predictionbook", "metaculus", "manifold", "polymarket", "kalshi", "forecastbench")


def broken(files: list[Any], way: tuple[Any, ...], value: Any) -> list[Any]:
    """The same with a broken value at one place."""
    changed = holder = deepcopy(files)
    for key in way[:-1]:
        holder = holder[key]
    if value == MISSING:
        del holder[way[-1]]
    else:
        holder[way[-1]] = value
    return changed


def record_at(files: list[Any], way: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """The objects around a place."""
    found: Any = files
    for key in way[:-1]:
        found = found[key]
        if isinstance(found, dict):
            yield found


def check_named(platform: str, way: tuple[Any, ...], value: Any, files: list[Any], words: str) -> None:
    """See that a refusal names the file, the record unless that is what is broken, the field, and the value."""
    first, *told = words.splitlines()
    if "otherwise; keep" in " ".join(words.split()):  # what goes with another file no more
        return
    assert first.startswith(f"{platform}-{way[0]}.json"), words
    causes = [line.split()[0] for line in told if line.startswith("  ") and line[2:3] != " "]
    if not causes or causes[0] == "row" or len(way) <= 2:  # the file as a whole, or what stands for a record
        return
    ours = OURS - ({"p"} if platform == "polymarket" else set())
    assert not ours & {part for cause in causes for part in cause.replace("[", ".").split(".")}, words
    field, keys = next(key for key in reversed(way) if isinstance(key, str)), KNOWN_BY.get(platform, ("id",))
    assert field in words, words
    records = [one for one in record_at(files, way) if all(isinstance(one.get(key), (str, int)) for key in keys)]
    if records and field not in keys:
        assert all(str(records[0][key]) in words for key in keys), (way, words)
    if causes[0].endswith(field):  # and is not another that goes with it, or one within
        plain = " ".join(words.split())
        assert any(sign in plain for sign in SHOWN.get(repr(value), (str(value)[:19],))), words


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_refusal_names_file_record_field_and_value(
    platform: str, step: int, ledger: Ledger, tmp_path: Path, clock: Clock
) -> None:
    clock.set(TODAY)
    files, before, refused = good(platform), ledger.head(), 0

    for way, value in list(product(ways_of(platform), BROKEN.values()))[::step]:
        changed = broken(files, way, value)
        try:
            imported(ledger, tmp_path, platform, *changed, dry_run=True)
        except LedgerError as error:
            refused += 1
            check_named(platform, way, value, changed, str(error))

    assert refused
    assert ledger.head() == before


def ways_of(platform: str) -> list[tuple[Any, ...]]:
    """The way to each field of the records, each name once."""
    ways: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for way in fields_of(good(platform)):
        if isinstance(way[-1], str):
            ways.setdefault((str(way[0]), *(key for key in way if isinstance(key, str))), way)
    return list(ways.values())


@pytest.mark.parametrize(
    ("platform", "files", "told"),
    [
        ("kalshi", [[kalshi_market(), 5]], "row row 2 5 is no object"),
        ("manifold", [[manifold_market(groupSlugs=["a", None])]], "groupSlugs[2] row 1 empty is no text"),
        ("polymarket", [[polymarket_market(startDate="1970-01-01T00:00:00Z")]],
         "startDate row 1 '1970-01-01T00:00:00Z' lies before any platform began"),
        ("polymarket", [[polymarket_market(**{**settled("1", "0"), "closedTime": "2027-02-01T00:00:00Z"})]],
         "closedTime row 1 '2027-02-01T00:00:00Z' lies in the future: it is 2027-02-01 00:00:00Z"),
        ("manifold", [[manifold_market()], [manifold_bet("b9", 500)]],
         "createdTime row 1 1810425600000 lies in the future: it is 2027-05-16 00:00:00Z"),
        ("forecastbench", [{"forecast_due_date": "2026-01-01", "organization": "a\rb", "forecasts": []}],
         "forecastbench-0.json, organization: 'a\\rb' is no line of text"),
        ("forecastbench", [{"forecast_due_date": "2027-01-01", "forecasts": [{"id": "A", "source": "fred"}]}],
         "forecastbench-0.json, forecast_due_date: 2027-01-01 is not over"),
    ],
)  # fmt: skip
def test_it_is_told_in_these_words(
    platform: str, files: list[Any], told: str, ledger: Ledger, tmp_path: Path, clock: Clock
) -> None:
    clock.set(TODAY)

    with pytest.raises(InvalidValue) as refused:
        imported(ledger, tmp_path, platform, *files)

    assert told in " ".join(str(refused.value).split())

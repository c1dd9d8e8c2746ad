"""The samples of exports: what must be in the ledger after each of them, what is left out, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.enums import PLATFORMS
from predictions.exchange.taking.card import Taken
from predictions.exchange.taking.changes import Change
from predictions.records import Claim, Forecast, Forecaster, Resolution, Source, Statement
from predictions.timestamps import read_moment

SAMPLES = Path(__file__).parent.parent / "data" / "platforms"
EXPECTED = sorted(SAMPLES.glob("*/expected*.json"))
TODAY = "2026-11-29"


def read(path: Path) -> Any:  # whatever JSON holds
    return json.loads(path.read_text("utf-8"))


def holding(key: str) -> list[Path]:
    return [path for path in EXPECTED if key in read(path)]


def named(paths: list[Path]) -> Any:
    """A test for each expectation, under the name of its folder."""
    return pytest.mark.parametrize("path", paths, ids=["/".join(path.parts[-2:]) for path in paths])


def take(ledger: Ledger, path: Path) -> Taken:
    expected = read(path)
    if "after" in expected and not ledger.snapshot().all(Claim):
        take(ledger, (path.parent / expected["after"] / "expected.json").resolve())
    files = [path.parent / name for name in expected["files"]]
    platform = expected.get("platform") or expected["source"]["slug"]
    return ledger.import_from(platform, *files, **expected["options"])


@named(holding("claims"))
def test_the_claims_are_those_of_the_expectation(path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set(TODAY)
    take(ledger, path)
    snapshot, expected = ledger.snapshot(), read(path)

    for wanted in expected["claims"]:
        claim = snapshot.find(Claim, wanted["slug"])
        statement = snapshot.find(Statement, claim.statement)
        assert (statement.text, claim.wording) == (wanted["text"], wanted["text"])
        assert (str(claim.opens_on), str(claim.deadline)) == (wanted["opens_on"], wanted["resolves_by"])
        assert (claim.criteria, list(claim.tags)) == (wanted["criteria"], wanted["tags"])
        assert list(claim.options) == wanted.get("options", [])
        assert [claim.unit, claim.low, claim.high, claim.scale] == wanted.get("number", [None] * 4)
        assert (claim.notes, statement.speaker) == (wanted["link"], wanted["asked_by"])
        assert (claim.settle_days, str(claim.type), claim.scored) == (wanted["settle_days"], wanted["kind"], True)
        if "closes_at" in wanted:
            assert claim.closes_at == read_moment(wanted["closes_at"])
        if "known_at" in wanted:
            assert snapshot.resolutions_of(claim)[0].record.known_at == read_moment(wanted["known_at"])
        assert sorted(said(item.record) for item in snapshot.forecasts_on(claim)) == sorted(
            map(told, wanted["forecasts"])
        )
        assert [verdict(item.record) for item in snapshot.resolutions_of(claim)] == [
            (one["outcome"], one["known_on"], expected["source"]["slug"]) for one in [wanted["resolution"]] if one
        ]
    assert ledger.verify().faults == ()


@named([path for path in holding("claims") if any("cluster" in claim for claim in read(path)["claims"])])
def test_claims_of_one_event_share_a_cluster_that_no_other_claim_has(path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set(TODAY)
    take(ledger, path)
    snapshot, clusters = ledger.snapshot(), {}

    for wanted in read(path)["claims"]:
        clusters.setdefault(wanted.get("cluster"), set()).add(snapshot.find(Claim, wanted["slug"]).cluster)

    shared = [found for name, found in clusters.items() if name is not None]
    assert all(len(found) == 1 and None not in found for found in shared)
    assert len(set.union(*shared, clusters.get(None, set()))) == len(shared) + len(clusters.get(None, ()))


def said(forecast: Forecast) -> tuple[str, ...]:
    chances = {share.option: share.share for share in forecast.shares} or [
        (point.at, point.chance) for point in forecast.points
    ]
    return forecast.forecaster, str(forecast.made_at), str(chances or forecast.probability), str(forecast.note)


def told(wanted: Any) -> tuple[str, ...]:
    several = wanted.get("shares") or [(float(at), float(chance)) for at, chance in wanted.get("points", ())]
    chance = several or (None if "withdrawn" in wanted else float(wanted["probability"]))
    return wanted["by"], str(read_moment(wanted["made_at"])), str(chance), str(wanted.get("note"))


def verdict(resolution: Resolution) -> tuple[object, str, str | None]:
    told = (resolution.fraction, resolution.option, resolution.value)
    outcome = next((one for one in told if one is not None), str(resolution.outcome))
    return outcome, str(resolution.known_on), resolution.published_in


@named(holding("forecasters"))
def test_the_source_and_the_forecasters_are_those_of_the_expectation(path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set(TODAY)
    take(ledger, path)
    snapshot, expected = ledger.snapshot(), read(path)

    people = [item.record for item in snapshot.recorded(Forecaster)]
    assert [
        (one.slug, one.title, str(one.kind), one.size, one.method) for one in sorted(people, key=lambda one: one.slug)
    ] == [
        (one["slug"], one["title"], one["kind"], one.get("size"), one.get("method"))
        for one in sorted(expected["forecasters"], key=lambda one: one["slug"])
    ]
    if expected["claims"]:
        source, wanted = snapshot.find(Source, expected["source"]["slug"]), expected["source"]
        assert (source.title, str(source.kind), source.link) == (wanted["title"], wanted["kind"], wanted["link"])
        assert source.published is None


def test_crowds_of_platforms_are_crowds_where_their_forecasts_come_without_the_platform(
    ledger: Ledger, clock: Clock
) -> None:
    known = [
        one for path in EXPECTED for one in read(path).get("forecasters", ()) if one["kind"] in {"crowd", "person"}
    ]
    kinds = {one["slug"]: one["kind"] for one in known if one["slug"] != "ana"}
    clock.set(TODAY)
    rain = ledger.add("It rains", deadline="2099")

    ledger.import_forecasts([(rain, slug, "2026-01-01T08:00:00Z", 0.5) for slug in kinds])

    assert set(kinds.values()) == {"crowd", "person"}
    assert {one.slug: str(one.kind) for one in ledger.snapshot().all(Forecaster) if one.slug in kinds} == kinds


@named(holding("left_out"))
def test_the_counts_are_those_of_the_expectation(path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set(TODAY)

    taken, counts = take(ledger, path), read(path)["counts"]

    nouns = {"claims": "claim", "forecasters": "forecaster", "forecasts": "forecast", "withdrawals": "withdrawal",
             "resolutions": "verdict"}  # fmt: skip
    assert {name: taken.new.get(noun, 0) for name, noun in nouns.items()} == {name: counts[name] for name in nouns}
    assert (taken.repeated, taken.left_out) == (counts["repeated"], counts["left_out"])


@named(holding("after"))
def test_a_later_file_adds_what_is_new_and_lists_what_changed(path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set(TODAY)
    expected = read(path)
    take(ledger, (path.parent / expected["after"] / "expected.json").resolve())
    before = {claim.slug: claim for claim in ledger.snapshot().all(Claim)}

    taken = ledger.import_from(expected["source"]["slug"], *(path.parent / name for name in expected["files"]))

    counts, snapshot = expected["counts"], ledger.snapshot()
    assert [taken.new.get(noun, 0) for noun in ("claim", "forecaster", "forecast", "verdict")] == [
        counts[name] for name in ("claims", "forecasters", "forecasts", "resolutions")
    ]
    assert [taken.stand[noun] for noun in ("claim", "forecast")] == [
        counts["already"][name] for name in ("claims", "forecasts")
    ]
    for wanted in expected["new_forecasts"]:
        made = snapshot.forecasts_on(snapshot.find(Claim, wanted["claim"]))
        assert told(wanted) in [said(item.record) for item in made]
    for wanted in expected["new_resolutions"]:
        last = snapshot.resolutions_of(snapshot.find(Claim, wanted["claim"]))[-1].record
        assert (last.number, str(last.outcome), str(last.known_on)) == (
            wanted["number"], wanted["outcome"], wanted["known_on"],
        )  # fmt: skip
        assert last.reason
    assert [
        (change.claim, str(wanted["on_file"])[:20] in change.what) for change, wanted in changes(taken, expected)
    ] == [(wanted["claim"], True) for wanted in expected["changed_since"]]
    assert {slug: snapshot.find(Claim, slug) for slug in before} == before


def changes(taken: Taken, expected: Any) -> list[tuple[Change, Any]]:
    return list(zip(taken.changes, expected["changed_since"], strict=True))


@named(holding("forecasters"))
def test_again_adds_nothing_and_a_dry_run_says_the_same(path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set(TODAY)
    expected, before = read(path), ledger.head()
    files = [path.parent / name for name in expected["files"]]

    would = ledger.import_from(expected["platform"], *files, dry_run=True, **expected["options"])
    assert ledger.head() == before
    did = take(ledger, path)
    head = ledger.head()
    again = take(ledger, path)

    assert (would.new, would.by, would.left_out, would.changes) == (did.new, did.by, did.left_out, did.changes)
    assert (dict(again.new), again.changes, ledger.head()) == ({}, (), head)


@named(holding("refused"))
def test_a_bad_file_is_refused_whole_with_its_rows_and_columns(path: Path, ledger: Ledger, clock: Clock) -> None:
    clock.set(TODAY)
    before = ledger.head()

    with pytest.raises(InvalidValue) as refused:
        take(ledger, path)

    lines = str(refused.value).splitlines()
    for wanted in read(path)["refused"]:
        assert any(wanted["column"] in line and f"row {wanted['row']} " in line for line in lines), wanted
    assert ledger.head() == before


MARKED = sorted(path for path in SAMPLES.glob("*/*") if path.suffix in {".json", ".csv", ".zip"})


@pytest.mark.parametrize("other", [*PLATFORMS, "table"])
def test_a_file_given_to_another_reader_says_whose_it_is_and_the_line_that_reads_it(other: str, ledger: Ledger) -> None:
    before = ledger.head()
    for path in MARKED:
        own = path.parent.name.split("-")[0]
        if path.name.startswith("expected") or own == other or not path.stat().st_size:
            continue
        with pytest.raises(InvalidValue, match=rf"looks like .*'s export.*; say: predictions import-from {own} .*$"):
            ledger.import_from(other, path)

    assert ledger.head() == before

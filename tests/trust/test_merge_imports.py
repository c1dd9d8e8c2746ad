"""Imports of two copies merged by content: one dump in whatever steps gives the same ledger to read, and one card."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.errors import MergeConflict
from predictions.records import Claim, Forecast
from predictions.storage.imports import Imports

CLAIMS = ("rain", "snow", "sun")
START = datetime(2025, 2, 1, tzinfo=UTC)
Row = tuple[str, str, datetime, float | None]


class Copies:
    """Two copies of one ledger, with three claims whose window is over, and verdicts on them."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.paths = folder / "here.db", folder / "there.db"
        clock.set("2025-01-01")
        with Ledger(self.paths[0], me="ana") as ledger:
            for slug in CLAIMS:
                ledger.add(f"It is {slug}", deadline="2025-03-31", opens_on="2025-01-01", slug=slug)
            clock.set("2026-01-01")
            for slug, outcome in zip(CLAIMS, ("yes", "no", "yes"), strict=True):
                ledger.resolve(
                    slug,
                    outcome,
                    known_on="2025-04-01",
                    happened_on="2025-03-30" if outcome == "yes" else None,
                    reason="seen",
                )
        shutil.copy(*self.paths)
        self.here, self.there = (Ledger(path, me="ana") for path in self.paths)

    def merge(self, **settle: str) -> object:
        names = {name.replace("__", " ").replace("_at_", " "): word for name, word in settle.items()}
        return self.here.merge(self.paths[1], settle=names)


@pytest.fixture
def copies(clock: Clock, tmp_path: Path, limits: None) -> Iterator[Copies]:
    found = Copies(tmp_path, clock)
    yield found
    found.here.close()
    found.there.close()


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten new forecasts at most become records, and none once a hundred were imported."""
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 10)
    monkeypatch.setattr("predictions.importing.forecasts.IMPORTED_BEFORE", 100)


def dump(size: int) -> list[Row]:
    return [
        (CLAIMS[n % 3], f"person-{n % 7}", START + timedelta(hours=n), None if n % 11 == 5 else n % 100 / 100)
        for n in range(size)
    ]


def take(ledger: Ledger, rows: list[Row], source: str | None = None) -> None:
    if rows:
        columns = dict(zip(("claim", "forecaster", "made_at", "probability"), zip(*rows, strict=True), strict=True))
        columns["withdrawn"] = [row[3] is None for row in rows]
        ledger.import_forecasts({name: list(column) for name, column in columns.items()}, published_in=source)


def told(ledger: Ledger) -> set[tuple[object, ...]]:
    """Everything said by anybody, in records and blocks alike."""
    found = {
        (one.claim, one.forecaster, one.made_at, one.probability, one.revision)
        for one in (item.record for item in ledger._store.recorded(2**62, (Forecast,)))
        if isinstance(one, Forecast)
    }
    for item in Imports(ledger._journal.connection).records():
        one = item.record
        assert isinstance(one, Forecast)
        key = (one.claim, one.forecaster, one.made_at, one.probability, 1)
        assert key not in found, "nothing stands as a record and in a block"
        found.add(key)
    return found


def figures(ledger: Ledger) -> object:
    card = ledger.scorecard(today="2026-06-01").to_dict()
    return {name: value for name, value in card.items() if name not in {"head", "as_of"}}


def blocks_and_records(ledger: Ledger) -> tuple[int, int]:
    connection = ledger._journal.connection
    blocks = connection.execute("select coalesce(sum(forecasts), 0) from block").fetchone()[0]
    return blocks, connection.execute("select count(*) from forecast").fetchone()[0]


STEPS = {
    "one step": [240],
    "in tens, then more": [*range(10, 121, 10), 240],
    "few, then many": [5, 240],
    "many, then few": [200, 205, 240],
    "overlapping": [100, 90, 240, 240],
}


@pytest.mark.parametrize("first", STEPS)
@pytest.mark.parametrize("second", STEPS)
def test_one_dump_taken_in_different_steps_merges_into_one_card(copies: Copies, first: str, second: str) -> None:
    rows = dump(240)
    for ledger, steps in ((copies.here, STEPS[first]), (copies.there, STEPS[second])):
        for end in steps:
            take(ledger, rows[:end])
    alone = figures(copies.here)

    merged = copies.merge()
    back = copies.there.merge(copies.paths[0])

    assert (merged.left_out, back.left_out) == ((), ())
    assert told(copies.here) == told(copies.there)
    assert len(told(copies.here)) == 240
    assert figures(copies.here) == figures(copies.there) == alone
    for ledger in (copies.here, copies.there):
        assert ledger.verify(deep=True).ok
    assert copies.merge().added == 0


def test_ten_at_most_become_records_until_a_hundred_were_imported(copies: Copies) -> None:
    rows = dump(240)

    take(copies.here, rows[:10])
    few = blocks_and_records(copies.here)
    take(copies.here, rows[:21])
    more = blocks_and_records(copies.here)
    take(copies.here, rows[:100])
    take(copies.here, rows[:105])

    assert (few, more) == ((0, 10), (11, 10))
    assert blocks_and_records(copies.here) == (95, 10)
    query = "select forecasts, blocks from import order by number"
    assert copies.here._journal.connection.execute(query).fetchall() == [(10, 0), (11, 1), (79, 1), (5, 1)]


def test_each_copy_gets_what_only_the_other_took(copies: Copies) -> None:
    rows = dump(120)
    take(copies.here, rows[:60])
    take(copies.there, rows[40:])

    merged = copies.merge()
    copies.there.merge(copies.paths[0])

    assert merged.left_out == ()
    assert len(told(copies.here)) == 120
    assert told(copies.here) == told(copies.there)
    assert figures(copies.here) == figures(copies.there)
    assert copies.here.verify(deep=True).ok
    assert copies.there.verify(deep=True).ok


@pytest.mark.parametrize("few", [(False, False), (True, False), (False, True)])
def test_rows_that_contradict_are_settled_one_by_one(copies: Copies, few: tuple[bool, bool]) -> None:
    rows = dump(40)
    other = [*rows[:3], (*rows[3][:3], 0.99), *rows[4:]]
    take(copies.here, rows[3:9] if few[0] else rows)
    take(copies.there, other[3:9] if few[1] else other)
    before = copies.here.head()
    name = f"forecast {rows[3][0]} {rows[3][1]} 2025-02-01T03:00:00.000000Z"

    with pytest.raises(MergeConflict) as refused:
        copies.merge()
    assert copies.here.head() == before
    assert refused.value.conflicts == {name: "probability 0.03 here, 0.99 there"}
    copies.here.merge(copies.paths[1], settle={name: "other"})

    said = {row[3:] for row in told(copies.here) if row[:3] == rows[3][:3]}
    assert said == {(0.03, 1), (0.99, 2)}
    assert len(told(copies.here)) == 41
    assert copies.here.verify(deep=True).ok
    assert copies.merge().added == 0


def test_ours_stands_where_that_is_said(copies: Copies) -> None:
    rows = dump(40)
    take(copies.here, rows)
    take(copies.there, [(*rows[3][:3], 0.99), *rows[4:], *dump(60)[40:]])

    name = f"forecast {rows[3][0]} {rows[3][1]} 2025-02-01T03:00:00.000000Z"
    copies.here.merge(copies.paths[1], settle={name: "this"})

    assert {row[3:] for row in told(copies.here) if row[:3] == rows[3][:3]} == {(0.03, 1)}
    assert len(told(copies.here)) == 60


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
@pytest.mark.parametrize("few", [False, True])
def test_a_correction_of_a_row_comes_after_it(copies: Copies, few: bool) -> None:
    rows = dump(8 if few else 40)
    take(copies.there, rows)
    claim, forecaster, made_at, _ = rows[3]
    copies.there.forecast(claim, 0.99, by=forecaster, made_at=made_at, reason="misread")
    copies.here.forecast("rain", 0.5)

    copies.merge()

    assert {row[3:] for row in told(copies.here) if row[:3] == rows[3][:3]} == {(0.03, 1), (0.99, 2)}
    reasons = [one.reason for one in copies.here._store.revisions(Forecast, claim=claim, forecaster=forecaster)]
    assert "misread" in reasons
    assert copies.here.verify(deep=True).ok


def test_what_published_a_dump_is_no_contradiction(copies: Copies) -> None:
    rows = dump(40)
    for ledger, source, part in ((copies.here, None, rows), (copies.there, "platform", rows[:9])):
        with ledger._journal.writing() as writing:
            from predictions.records import Source

            ledger._store.put(writing, Source(slug="platform", title="A platform", kind="platform"))
        take(ledger, part, source)

    assert copies.merge().left_out == ()
    assert len(told(copies.here)) == 40


def test_a_dump_comes_in_under_the_slug_that_was_settled_for_its_claim(copies: Copies, clock: Clock) -> None:
    for ledger, words in ((copies.here, "It hails in Lisbon"), (copies.there, "It hails in Porto")):
        ledger.add(words, deadline="2026-12-31", slug="hail")
    clock.set("2026-01-02")
    take(copies.there, [("hail", "bo", datetime(2026, 1, 1, 9, n, tzinfo=UTC), n / 100) for n in range(20)])

    copies.here.merge(copies.paths[1], settle={"claim hail": "hail-porto", "statement hail": "hail-porto"})

    slugs = {row[0] for row in told(copies.here)}
    assert slugs == {"hail-porto"}
    assert copies.here.snapshot().find(Claim, "hail").wording == "It hails in Lisbon"
    assert copies.here.verify(deep=True).ok


def test_a_copy_of_a_copy_with_blocks_is_taken_over_as_it_is(copies: Copies) -> None:
    take(copies.there, dump(40))

    merged = copies.merge()

    assert merged.way == "fast-forward"
    assert copies.here.head() == copies.there.head()
    assert copies.here.verify(deep=True).ok

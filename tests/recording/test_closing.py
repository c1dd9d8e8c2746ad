"""Moments at every door: from when no forecast counts, since when an answer was public; and days that are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from command_line import CommandLine
from conftest import Clock, Refuses

from predictions import Conflict, InvalidValue, Ledger, LedgerError, read_catalog
from predictions.dates import EMPTY_CELLS
from predictions.records import Claim, Resolution

CLOSES = datetime(2026, 6, 30, 16, tzinfo=UTC)
SPELLED = [
    "2026-06-30T16:00:00Z", "2026-06-30T18:00+02:00", CLOSES, pd.Timestamp("2026-06-30T16:00Z"),
    datetime(2026, 6, 30, 18, tzinfo=timezone(timedelta(hours=2))),
]  # fmt: skip
CATALOG = """
format = 1
[[source]]
slug = "radio"
title = "The radio"
published = "{published}"
[[statement]]
slug = "rain"
source = "radio"
text = "It will rain"
[[claim]]
slug = "rain"
statement = "rain"
reading = "headline"
title = "Rain"
wording = "It rains"
criteria = "The gauge"
opens_on = "{opens_on}"
deadline = 2026-06-30
closes_at = {closes_at}
scored = true
"""


def claim(ledger: Ledger) -> Claim:
    return ledger.snapshot().find(Claim, "rain")


def verdict(ledger: Ledger) -> Resolution:
    return ledger.snapshot().all(Resolution)[-1]


def catalog(path: Path, **fields: str) -> Path:
    file = path / "rain.toml"
    given = {"published": "2026-01-01", "opens_on": "2026-01-01", "closes_at": "2026-06-30T16:00:00Z", **fields}
    file.write_text(CATALOG.format(**given), "utf-8")
    return file


@pytest.mark.parametrize("closes_at", SPELLED)
def test_add_takes_the_moment_from_which_no_forecast_counts(ledger: Ledger, closes_at: datetime | str) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", closes_at=closes_at)

    assert claim(ledger).closes_at == CLOSES
    assert "closes at 2026-06-30 16:00:00Z" in " ".join(str(ledger.claim("rain")).split())
    assert ledger.claim("rain").to_dict()["closes_at"] == "2026-06-30T16:00:00Z"
    assert [row["closes_at"] for row in ledger.board().rows()] == ["2026-06-30 16:00:00Z"]
    assert ledger.add("It rains", deadline="2026-06-30", slug="rain", closes_at=closes_at).wrote == 0


@pytest.mark.parametrize("closes_at", ["2026-06-30T16:00:00Z", '"2026-06-30T18:00+02:00"'])
def test_a_catalogue_takes_it(ledger: Ledger, tmp_path: Path, closes_at: str) -> None:
    ledger.register(read_catalog(catalog(tmp_path, closes_at=closes_at)))

    assert claim(ledger).closes_at == CLOSES


def test_the_command_line_takes_both_and_the_copies_have_them(clock: Clock, tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    assert run("init").exit_code == 0
    run.says(
        "add",
        "It rains",
        "--deadline",
        "2026-06-30",
        "--slug",
        "rain",
        "--closes-at",
        "2026-06-30T18:00+02:00",
        "-p",
        "30%",
    )
    run.says("add", "It hails", "--deadline", "2026-06-30", "--slug", "hail")
    clock.set("2026-05-13")

    known_on = "2026-05-12T20:00+02:00"

    said = run.says("resolve", "rain", "yes", "--known-on", known_on, "--reason", "wet")
    run.says("export", "parquet", str(tmp_path / "copy"))

    assert said.startswith("rain: yes, known from 2026-05-12 18:00:00Z\n")
    assert "forecasts scored: those before 2026-05-12 18:00:00Z" in said
    assert "closes at" in run.says("claim", "rain")
    claims = pq.read_table(tmp_path / "copy" / "claims.parquet").to_pylist()
    assert [(one["slug"], one["closes_at"]) for one in claims] == [
        ("hail", None), ("rain", "2026-06-30T16:00:00.000000Z")
    ]  # fmt: skip
    (one,) = pq.read_table(tmp_path / "copy" / "resolutions.parquet").to_pylist()
    assert (one["known_at"], one["published_in"], one["reason"]) == ("2026-05-12T18:00:00.000000Z", None, "wet")


@pytest.mark.parametrize(
    ("closes_at", "words"),
    [
        ("2026-07-01T00:00:01Z", ["closes_at 2026-07-01 00:00:01Z lies outside the window, 2026-01-01 to 2026-06-30"]),
        ("2026-01-01T00:00:00Z", ["lies outside the window"]),
        ("2026-06-30", ["closes_at", "a whole day is not a moment"]),
        ("2026-06-30T16:00:00", ["closes_at", "has no offset from UTC"]),
        ("2026-06-30T24:30:00Z", ["closes_at", "is on no clock"]),
        (datetime(2026, 6, 30, 16), ["closes_at", "has no offset from UTC"]),
        ("noon", ["closes_at", "cannot read 'noon' as a moment"]),
    ],
)
def test_what_is_no_moment_of_the_window_is_refused(
    ledger: Ledger, refuses: Refuses, closes_at: str, words: list[str]
) -> None:
    with refuses(*words, error=InvalidValue):
        ledger.add("It rains", deadline="2026-06-30", slug="rain", closes_at=closes_at)


def test_it_is_not_corrected_after_the_draft_and_not_said_otherwise(
    ledger: Ledger, clock: Clock, refuses: Refuses
) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", closes_at=CLOSES)
    clock.set("2026-01-03")

    with refuses("rain is no draft any more", "a new closes_at is a new claim", error=Conflict):
        ledger.correct("claim rain", reason="earlier", closes_at="2026-06-01T00:00:00Z")
    with refuses("closes_at", error=Conflict):
        ledger.add("It rains", deadline="2026-06-30", slug="rain", closes_at="2026-06-01T00:00:00Z")


@pytest.mark.parametrize("known_on", ["2026-05-12T20:00+02:00", pd.Timestamp("2026-05-12T18:00Z")])
@pytest.mark.parametrize("door", ["verb", "known_on", "known_at"])
def test_a_verdict_keeps_the_moment_at_which_it_was_public(
    ledger: Ledger, clock: Clock, door: str, known_on: str
) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    clock.set("2026-05-13")

    if door == "verb":
        ledger.resolve("rain", "yes", known_on=known_on, reason="wet")
    else:
        ledger.import_resolutions([{"claim": "rain", "outcome": "yes", door: known_on, "reason": "wet"}])

    one = verdict(ledger)
    assert (one.known_on, one.known_at) == (date(2026, 5, 12), datetime(2026, 5, 12, 18, tzinfo=UTC))
    for shown in (ledger.claim("rain"), ledger.board()):
        assert "known 2026-05-12 18:00:00Z" in " ".join(str(shown).split())


def test_two_moments_for_one_verdict_are_asked_about(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    clock.set("2026-05-13")
    row = {"claim": "rain", "outcome": "yes", "known_on": "2026-05-12T18:00Z", "reason": "wet"}

    with pytest.raises(InvalidValue, match=r"known_at 2026-05-12\s+19:00:00Z differ; say one"):
        ledger.import_resolutions([{**row, "known_at": "2026-05-12T19:00Z"}])
    assert ledger.import_resolutions([{**row, "known_at": "2026-05-12T20:00+02:00"}]).verdicts == 1


def test_a_no_that_lapses_may_say_its_moment(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    clock.set("2026-07-30")

    assert ledger.resolve("rain", "no", known_on="2026-07-01T08:00Z").record.known == "2026-07-01 08:00:00Z"


def test_a_moment_to_come_is_refused_with_what_time_it_is(ledger: Ledger, clock: Clock, refuses: Refuses) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    clock.set("2026-05-12T17:00:00Z")

    with refuses("known_on 2026-05-12 18:00:00Z lies in the future: in UTC it is 2026-05-12 17:0"):
        ledger.resolve("rain", "yes", known_on="2026-05-12T18:00Z", reason="wet")
    with pytest.raises(InvalidValue, match=r"(?s)lies in the future, at 2026-05-12 23:59:59Z;.*2026-05-12 17:0"):
        ledger.import_forecasts([{"claim": "rain", "forecaster": "bo", "made_at": "2026-05-12", "probability": 0.3}])
    with refuses("as_of 2026-05-13 lies in the future", "in UTC, which days are, it is 2026-05-12 17:0"):
        ledger.board(as_of="2026-05-13")
    with refuses("'2026-05-11' was over on 2026-05-11, before its window opens, on 2026-05-12; days are UTC"):
        ledger.add("It hails", deadline="2026-05-11")


# -- days that programs make of an empty cell, and times that no clock showed ------------------------------------

Door = Callable[[Ledger, Path, str], object]
DAY_DOORS: dict[str, Door] = {
    "published": lambda ledger, _, day: ledger.log_evidence("rain", "https://e.org/a", "A", published=day),
    "on": lambda ledger, _, day: ledger.log_evidence("rain", "https://e.org/a", "A", on=day),
    "counts": lambda ledger, _, day: ledger.log_evidence("rain", "https://e.org/a", "A", on=day, counts="gale"),
    "opens_on": lambda ledger, _, day: ledger.add("It hails", deadline="2026-06-30", opens_on=day),
    "by": lambda ledger, _, day: ledger.add("It hails", deadline=day, opens_on="0001-01-02"),
    "window": lambda ledger, _, day: ledger.add("It hails", deadline=f"{day} .. 2027-01-01"),
    "made_at": lambda ledger, _, day: ledger.forecast("rain", 0.5, made_at=day),
    "withdraw": lambda ledger, _, day: ledger.withdraw("rain", made_at=day),
    "known_on": lambda ledger, _, day: ledger.resolve("rain", "yes", known_on=day, reason="wet"),
    "happened_on": lambda ledger, _, day: ledger.resolve(
        "rain", "yes", happened_on=day, known_on="2026-02-01", reason="wet"
    ),
    "annul": lambda ledger, _, day: ledger.resolve("rain", "annulled", known_on=day, reason="moved"),
    "forecasts": lambda ledger, _, day: ledger.import_forecasts(
        [{"claim": "rain", "forecaster": "bo", "made_at": day, "probability": 0.5}]
    ),
    "verdicts": lambda ledger, _, day: ledger.import_resolutions(
        [{"claim": "rain", "outcome": "yes", "known_on": day, "reason": "wet"}]
    ),
    "correct": lambda ledger, _, day: ledger.correct("source self", reason="dated", published=day),
    "catalogue, published": lambda ledger, path, day: ledger.register(read_catalog(catalog(path, published=day))),
    "catalogue, opens_on": lambda ledger, path, day: ledger.register(read_catalog(catalog(path, opens_on=day))),
}  # fmt: skip


@pytest.mark.parametrize("door", DAY_DOORS)
def test_the_day_of_an_empty_cell_is_refused_at_every_door(
    ledger: Ledger, clock: Clock, tmp_path: Path, door: str
) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="other" if door.startswith("cat") else "rain", p=0.3)
    clock.set("2026-03-01")
    head = ledger.head()
    taken = []

    for day in sorted(EMPTY_CELLS):
        try:
            DAY_DOORS[door](ledger, tmp_path, day)
        except LedgerError as error:
            if not any(word in str(error) for word in ("empty cell", "in no calendar", "before its window opens")):
                taken.append((day, str(error)))
        else:
            taken.append((day, "taken"))

    assert taken == []
    assert ledger.head() == head
    DAY_DOORS[door](ledger, tmp_path, "2026-01-02")


TIMES = [
    "2026-01-01T24:00:00Z", "2026-01-01T24:30:00Z", "2026-01-01T25:00:00Z", "2026-01-01T08:60:00Z",
    "2026-01-01T08:30:60Z", "2026-01-01T08:30:61Z", "2026-01-01T08:30:00+14:60", "2026-01-01T08:30:00+24:00",
    "2026-02-29T08:30:00Z", "1899-12-30T08:30:00Z", "1899-12-30T00:00:00+01:00", "1900-01-00T00:00:00Z",
    "0000-00-00T00:00:00Z", "1969-12-31T23:59:59Z",
]  # fmt: skip
TIME_DOORS = ["made_at", "withdraw", "known_on", "annul", "forecasts", "verdicts"]


@pytest.mark.parametrize("when", TIMES)
@pytest.mark.parametrize("door", TIME_DOORS)
def test_a_time_that_no_clock_showed_is_refused_at_every_door(
    ledger: Ledger, clock: Clock, tmp_path: Path, door: str, when: str
) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    clock.set("2026-03-01")
    head = ledger.head()

    with pytest.raises(InvalidValue, match=r"on no clock|leap second|empty cell|in no calendar|cannot read"):
        DAY_DOORS[door](ledger, tmp_path, when)

    assert ledger.head() == head
    DAY_DOORS[door](ledger, tmp_path, "2026-01-01T23:30:00Z")

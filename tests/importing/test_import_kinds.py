"""Forecasts of options, values and days in bulk: the card of those by hand, whatever is wrong refused by its type."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pyarrow
import pytest
from conftest import Clock

from predictions import Conflict, InvalidValue, Ledger
from predictions.number_checks import check_measure
from predictions.records import Forecast
from predictions.storage.blocks import BLOCK_ROWS, DAYS, POINTS, PROBABILITIES, SHARES

DEADLINE = "2026-04-10"
OPTIONS = ["low", "mid", "high"]
PEOPLE = ("ben", "cy", "dee")
MOMENT = "2026-01-05T10:00:00Z"
TERMS: Mapping[str, dict[str, Any]] = {
    "asks": {}, "choice": {"options": OPTIONS}, "grade": {"options": OPTIONS, "ordered": True},
    "level": {"unit": "points", "between": (0, 10)}, "when": {"when": True},
}  # fmt: skip
Row = dict[str, object]


def rows_of(claim: str, who: str, made_at: str, said: Mapping[object, float], column: str) -> list[Row]:
    """A forecast in long rows."""
    common = {"claim": claim, "forecaster": who, "made_at": made_at}
    return [{**common, column: what, "probability": chance} for what, chance in said.items()]


def everything() -> list[tuple[str, str, str, dict[object, float], str]]:
    """Two forecasts of each person on each claim that asks for more than yes or no."""
    found: list[tuple[str, str, str, dict[object, float], str]] = []
    for number, who in enumerate(PEOPLE):
        for step, made_at in enumerate((f"2026-01-0{3 + number}T10:00:00Z", f"2026-02-1{number}T10:00:00Z")):
            tilt = 0.1 * number + 0.05 * step
            shares: dict[object, float] = {"low": 0.5 - tilt, "mid": 0.3, "high": 0.2 + tilt}
            found.append(("choice", who, made_at, shares, "option"))
            found.append(("grade", who, made_at, shares, "option"))
            values: dict[object, float] = {2.5 + number: 0.1, 4.0 + number: 0.5, 4.5 + number: 0.6, 7.0 + step: 0.9}
            found.append(("level", who, made_at, values, "value"))
            days: dict[object, float] = {f"2026-03-0{1 + number}": 0.2 + tilt, DEADLINE: 0.7}
            found.append(("when", who, made_at, days, "day"))
    return found


def long_rows() -> list[Row]:
    """All of it in long rows, with yes-no rows and a withdrawal among them."""
    rows = [row for said in everything() for row in rows_of(*said)]
    rows += [{"claim": "asks", "forecaster": who, "made_at": MOMENT, "probability": 0.3} for who in PEOPLE]
    withdrawn = {"claim": "choice", "forecaster": "dee", "made_at": "2026-03-01T10:00:00Z", "withdrawn": True}
    return [*rows, withdrawn]


@pytest.fixture(params=["records", "blocks"])
def stored(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How imports are kept."""
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0 if request.param == "blocks" else 10_000)
    return str(request.param)


@pytest.fixture
def book(ledger: Ledger, clock: Clock, stored: str, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with a claim of each type, in April."""
    asked(ledger, clock, tmp_path)
    return ledger


def asked(ledger: Ledger, clock: Clock, folder: Path) -> None:
    (folder / "site.toml").write_text(
        'format = 1\n[[source]]\nslug = "site"\ntitle = "Site"\nkind = "platform"\n', "utf-8"
    )
    ledger.import_from("catalog", folder / "site.toml")
    for slug, terms in TERMS.items():
        ledger.add(f"Something of {slug}", slug=slug, deadline=DEADLINE, opens_on="2026-01-01", **terms)
    clock.set("2026-04-01")


def resolve(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-06-01")
    known = {"known_on": "2026-04-11", "reason": "seen"}
    for slug, outcome in (("asks", "yes"), ("choice", "mid"), ("grade", "high"), ("level", 4.75)):
        ledger.resolve(slug, outcome, **known)
    ledger.resolve("when", "yes", happened_on="2026-03-20", reason="seen")


def kinds_of_blocks(ledger: Ledger) -> list[int]:
    query = "select content from block order by import, position"
    return [int.from_bytes(content[:4], "little") for (content,) in ledger._journal.connection.execute(query)]


def refused(book: Ledger, rows: Sequence[Row] | dict[str, list[object]], *words: str) -> None:
    """Nothing is recorded, and the error says all of this."""
    head = book.head()
    with pytest.raises(InvalidValue) as error:
        book.import_forecasts(rows)

    told = " ".join(str(error.value).split())
    for word in words:
        assert word in told, told
    assert "by forecaster" not in told
    assert book.head() == head


def test_the_card_is_that_of_forecasts_by_hand(book: Ledger, clock: Clock, stored: str, tmp_path: Path) -> None:
    done = book.import_forecasts(long_rows(), published_in="site")
    with Ledger(tmp_path / "by-hand.db", me="ana") as by_hand:
        clock.set("2026-01-01")
        asked(by_hand, clock, tmp_path)
        for claim, who, made_at, said, column in everything():
            told = {chance: what for what, chance in said.items()} if column == "value" else dict(said)
            how: dict[str, Any] = {"quantiles": told} if column == "value" else {"p": told}
            by_hand.forecast(claim, by=who, kind="person", made_at=made_at, published_in="site", **how)
        for who in PEOPLE:
            by_hand.forecast("asks", 0.3, by=who, made_at=MOMENT, published_in="site")
        by_hand.import_forecasts([long_rows()[-1]], published_in="site")
        for ledger in (book, by_hand):
            resolve(ledger, clock)

        assert done.forecasts == len(everything()) + len(PEOPLE) + 1
        assert book.verify().ok
        for asked_for in ({}, {"full": True}, {"crowds": True}, {"type": "number"}):
            cards = [str(ledger.scorecard(**asked_for)) for ledger in (book, by_hand)]
            assert _without_head(cards[0]) == _without_head(cards[1])
        assert book.scorecard(full=True).rows() == by_hand.scorecard(full=True).rows()
        for claim in TERMS:
            assert _forecasts_of(book, claim) == _forecasts_of(by_hand, claim)
        for name in ("choice", "ordered", "number", "date"):
            assert str(book.explain(name, by="cy")) == str(by_hand.explain(name, by="cy"))
        boards = [_without_head(str(ledger.leaderboard())) for ledger in (book, by_hand)]
        assert boards[0] == boards[1]
    if stored == "blocks":
        assert kinds_of_blocks(book) == [PROBABILITIES, SHARES, POINTS, DAYS]


def _without_head(text: str) -> list[str]:
    return [line for line in text.splitlines() if "head" not in line]


def _forecasts_of(ledger: Ledger, claim: str) -> str:
    told = str(ledger.claim(claim))
    return told[told.index("forecasts ") :]


def test_the_same_again_adds_nothing_in_any_order(book: Ledger) -> None:
    book.import_forecasts(long_rows())
    head = book.head()

    again = book.import_forecasts(list(reversed(long_rows())))

    assert (again.forecasts, again.already) == (0, len(everything()) + len(PEOPLE) + 1)
    assert book.head() == head


def test_a_table_told_twice_over_is_counted_as_repeated(book: Ledger) -> None:
    done = book.import_forecasts(long_rows() * 2)

    assert done.forecasts == len(everything()) + len(PEOPLE) + 1
    assert done.repeated == done.forecasts


@pytest.mark.parametrize("shape", ["mapping", "text", "frame", "arrow", "csv"])
def test_every_shape_says_the_same(book: Ledger, shape: str, tmp_path: Path) -> None:
    common = {"claim": ["choice", "level", "when"], "forecaster": ["ben"] * 3, "made_at": [MOMENT] * 3}
    p = [{"low": 0.2, "mid": "30%", "high": 0.5}, None, {"2026-02": 0.25, DEADLINE: 0.5}]
    source: Any = {
        "mapping": [
            {"claim": "choice", "forecaster": "ben", "made_at": MOMENT, "p": p[0]},
            {"claim": "level", "forecaster": "ben", "made_at": MOMENT, "quantiles": {0.2: 1, "40%": 3, 0.6: 5, 0.8: 7}},
            {"claim": "when", "forecaster": "ben", "made_at": MOMENT, "p": p[2]},
        ],
        "text": {**common, "p": ["low=20%; mid=30%; high=50%", "", f"2026-02=25%; {DEADLINE}=50%"],
                 "quantiles": ["", "20%=1; 40%=3; 60%=5; 80%=7", ""]},
    }.get(shape)  # fmt: skip
    long = pandas.DataFrame(
        [*rows_of("choice", "ben", MOMENT, {"low": 0.2, "mid": 0.3, "high": 0.5}, "option"),
         *rows_of("level", "ben", MOMENT, {1: 0.2, 3: 0.4, 5: 0.6, 7: 0.8}, "value"),
         *rows_of("when", "ben", MOMENT, {"2026-02": 0.25, DEADLINE: 0.5}, "day")]
    )  # fmt: skip
    if shape == "frame":
        source = long
    elif shape == "arrow":
        source = pyarrow.Table.from_pandas(long, preserve_index=False)
    elif shape == "csv":
        long.to_csv(source := tmp_path / "long.csv", index=False)

    book.import_forecasts(source)

    found = {item.claim: item for item in book.snapshot().all(Forecast)}
    assert [(one.option, one.share) for one in found["choice"].shares] == [("low", 0.2), ("mid", 0.3), ("high", 0.5)]
    assert [(one.at, one.chance) for one in found["level"].points] == [(1, 0.2), (3, 0.4), (5, 0.6), (7, 0.8)]
    days = [("2026-01-04", 0), ("2026-02-28", 0.25), (DEADLINE, 0.5)]
    assert [(str(one.day), one.chance) for one in found["when"].days] == days


VALUES = [0.1 + 0.2, 1e-9, 2.0000000000000004, 1 / 3, 7.0, 9.999999999999999]
DAYS_SAID = [date(2026, 1, 3), date(2026, 2, 28), date(2026, 4, 10)]


@pytest.mark.parametrize("column", ["at", "day"])
@pytest.mark.parametrize("kind", ["list", "texts", "numpy", "arrow"])
def test_a_column_of_values_or_days_is_read_as_cell_by_cell(book: Ledger, column: str, kind: str) -> None:
    values: list[Any] = sorted(VALUES) if column == "at" else DAYS_SAID
    of_kind: Any = {
        "list": values, "texts": [str(value) for value in values], "arrow": pyarrow.array(values),
        "numpy": np.array(values, np.float64 if column == "at" else "M8[D]"),
    }[kind]  # fmt: skip
    chances = [0.1 * step for step in range(1, len(values) + 1)]
    claim = "level" if column == "at" else "when"
    common = {"claim": [claim] * len(values), "forecaster": ["ben"] * len(values), "made_at": [MOMENT] * len(values)}

    book.import_forecasts({**common, "probability": chances, column: of_kind})
    said: dict[object, float] = dict(zip(values, chances, strict=True))
    book.import_forecasts([row | {"note": "cell by cell"} for row in rows_of(claim, "cy", MOMENT, said, column)])

    ben, cy = (item for item in book.snapshot().all(Forecast))
    assert (ben.points, ben.days) == (cy.points, cy.days)
    kept = [point.at for point in ben.points] if column == "at" else [by.day for by in ben.days]
    assert kept == [check_measure(value) if column == "at" else value for value in values]


@pytest.mark.parametrize(
    ("value", "words"),
    [(np.inf, "inf +inf is not a number"), (2e15, "2000000000000000.0 +too large to keep: numbers go up to 1e15")],
)
def test_a_value_that_cannot_be_kept_is_refused_from_a_column_too(book: Ledger, value: float, words: str) -> None:
    columns = {"claim": ["level"] * 2, "made_at": [MOMENT] * 2, "probability": [0.5, 0.9], "at": np.array([1.0, value])}
    with pytest.raises(InvalidValue, match=words):
        book.import_forecasts(columns, by="ben")


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # those by hand are backdated
@pytest.mark.parametrize("note", [{}, {"note": "by ear"}])
def test_three_quantiles_in_bulk_are_drawn_as_those_by_hand(book: Ledger, note: Row) -> None:
    rows: list[Row] = []
    for day, middle in enumerate((0.2, 1.7, 4.0, 5.123456789, 8.8), 1):
        told: dict[object, float] = {(0.0 if day % 2 else middle / 2): 0.1, middle: 0.5, 9.1: 0.85}
        rows += [row | note for row in rows_of("level", "ben", f"2026-02-0{day}T10:00:00Z", told, "value")]
        quantiles = {chance: value for value, chance in told.items()}
        book.forecast("level", by="cy", kind="person", made_at=f"2026-02-0{day}T10:00:00Z", quantiles=quantiles)

    done = book.import_forecasts(rows)

    points = {(item.forecaster, item.made_at): item.points for item in book.snapshot().all(Forecast)}
    assert (done.drawn, len(points)) == (5, 10)
    assert all(points["ben", made_at] == said for (who, made_at), said in points.items() if who == "cy")


def test_shares_off_by_rounding_are_mended_quantiles_drawn_and_dates_begun_and_all_are_said(book: Ledger) -> None:
    done = book.import_forecasts(
        [*rows_of("choice", "ben", MOMENT, {"low": 0.33, "mid": 0.33, "high": 0.33}, "option"),
         *rows_of("level", "ben", MOMENT, {2.5: 0.1, 4: 0.5, 6: 0.9}, "value"),
         *rows_of("level", "cy", MOMENT, {2.5: 0.1, 4: 0.5, 6: 0.9}, "at"),
         *rows_of("when", "ben", "2026-03-02T10:00:00Z", {"2026-03-20": 0.2, DEADLINE: 0.6}, "day"),
         *rows_of("when", "cy", "2026-03-02T10:00:00Z", {"2026-03-01": 0, DEADLINE: 0.6}, "day")]
    )  # fmt: skip

    assert (done.mended, done.drawn, done.begun) == (1, 1, 1)
    assert "1 was drawn from 0 at the end of the day before; nothing is said of days over" in str(done)
    assert "1 was mended: shares that missed 1 within rounding" in str(done)
    found = {(item.claim, item.forecaster): item for item in book.snapshot().all(Forecast)}
    assert sum(one.share for one in found["choice", "ben"].shares) == pytest.approx(1, abs=1e-12)
    assert len(found["level", "ben"].points) > 20
    assert len(found["level", "cy"].points) == 3


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.5}, "option"), ["no share for 'high'"]),
        (
            rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.25}, "option"),
            ["the others leave 0.25: add a row with option high and probability 0.25"],
        ),
        (rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.5, "high": 0.5}, "option"), ["sum to 1.50"]),
        (rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.3, "hihg": 0.2}, "option"),
         ["no option 'hihg'", "high"]),
        (rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.3, "high": 1.2}, "option"), ["1.2"]),
        (rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": -0.3, "high": 0.8}, "option"), ["-0.3", "from 0 to 1"]),
        (rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": float("nan"), "high": 0.5}, "option"),
         ["no probability"]),
        (rows_of("choice", "ben", MOMENT, {"low": 0.5}, "option") + rows_of(
            "choice", "ben", MOMENT, {"low": 0.2, "mid": 0.3, "high": 0.5}, "option"), ["low is given twice"]),
        (rows_of("level", "ben", MOMENT, {4: 0.5, 6: 0.4, 7: 0.8, 8: 0.9}, "value"), ["quantiles must rise"]),
        (rows_of("level", "ben", MOMENT, {4: 0.5, 60: 0.9}, "value"), ["60 lies outside 0 .. 10"]),
        (rows_of("level", "ben", MOMENT, {4: 0.5, 6: 0.4}, "at"), ["do not fall: 0.5 by 4, then 0.4 by 6"]),
        (rows_of("level", "ben", MOMENT, {4: 0.5, 13: 0.9}, "at"),
         ["13 lies outside 0 .. 10, over which level is scored; say how likely at most 10, or a value inside"]),
        *((rows_of(claim, "ben", MOMENT, {good: 0.5, bad: 0.9}, column),
           [f"{column} row 5 empty", f"names no {what}: say which one this chance is of"])
          for bad in ("nan", "")
          for claim, column, what, good in (
              ("level", "at", "value", 4), ("level", "value", "value", 4), ("when", "day", "day", DEADLINE))),
        (rows_of("level", "ben", MOMENT, {float("inf"): 0.5}, "at"), ["not a number"]),
        (rows_of("level", "ben", MOMENT, {"many": 0.5}, "value"), ["many", "is not a number"]),
        (rows_of("when", "ben", MOMENT, {"2026-03-01": 0.5, DEADLINE: 0.4}, "day"), ["chances must not fall"]),
        (rows_of("when", "ben", MOMENT, {"2026-03-01": 0.5}, "day"), [f"the last day is {DEADLINE}"]),
        (
            rows_of("when", "ben", MOMENT, {"2025-03-01": 0.1, DEADLINE: 0.4}, "day"),
            ["2025-03-01 lies outside the window"],
        ),
        (rows_of("when", "ben", MOMENT, {"soon": 0.1}, "day"), ["soon", "as a date"]),
        ([{"claim": "choice", "forecaster": "ben", "made_at": MOMENT, "probability": 0.5}],
         ["option row 4 empty", "names no option: say which one this chance is of"]),
        (rows_of("asks", "ben", MOMENT, {"low": 0.5}, "option"),
         ["of type yes-no, so it takes one chance, not a share"]),
        (rows_of("level", "ben", MOMENT, {"low": 0.5}, "option"),
         ["of type number, so it takes quantiles, not a share"]),
        (rows_of("choice", "ben", MOMENT, {"2026-03-01": 0.5}, "day"), ["of type choice", "not chances by some"]),
        ([{**rows_of("choice", "ben", MOMENT, {"low": 1}, "option")[0], "words": "likely", "scale": "house"}],
         ["words give the numbers themselves"]),
        ([{**rows_of("choice", "ben", MOMENT, {"low": 1}, "option")[0], "day": "2026-03-01"}],
         ["say one option, one day or one value in a row"]),
        ([{**rows_of("choice", "ben", MOMENT, {"low": 1}, "option")[0], "withdrawn": "yes"}],
         ["a withdrawal carries no"]),
        ([{"claim": "choice", "forecaster": "ben", "made_at": MOMENT, "p": {"low": 0.5, "mid": "NaN"}}], ["NaN"]),
        ([{"claim": "level", "forecaster": "ben", "made_at": MOMENT, "quantiles": {"low": 0.5}}], ["'low'"]),
        ([{"claim": "level", "forecaster": "ben", "made_at": MOMENT, "quantiles": {0.5: 4}, "p": 0.4}],
         ["quantiles say it all; leave the other chances out"]),
        (rows_of("level", "ben", MOMENT, {4: 0.5}, "at") + rows_of("level", "ben", MOMENT, {6: 0.9}, "value"),
         ["told in several ways"]),
        ([{**row, "note": note} for row, note in zip(
            rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.3, "high": 0.2}, "option"), "abc", strict=True)],
         ["its rows differ in their note"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_whole(book: Ledger, rows: list[Row], words: list[str]) -> None:
    good = rows_of("grade", "cy", MOMENT, {"low": 0.5, "mid": 0.3, "high": 0.2}, "option")

    refused(book, [*good, *rows], "nothing is recorded", *words)


def test_bad_forecasts_are_written_aside_with_all_their_rows_and_come_in_once_mended(
    book: Ledger, tmp_path: Path
) -> None:
    bad = rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.5, "high": 0.5}, "option")
    good = rows_of("choice", "cy", MOMENT, {"low": 0.5, "mid": 0.3, "high": 0.2}, "option")

    done = book.import_forecasts([*bad, *good], skip_bad=tmp_path / "bad.csv")

    assert (done.forecasts, done.left_out) == (1, 3)
    with (tmp_path / "bad.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["option"], row["probability"]) for row in rows] == [
        ("1", "low", "0.5"), ("2", "mid", "0.5"), ("3", "high", "0.5"),
    ]  # fmt: skip
    mended = [{**row, "probability": share} for row, share in zip(rows, (0.2, 0.3, 0.5), strict=True)]
    assert book.import_forecasts(mended).forecasts == 1


UNFITTING: Mapping[str, list[Row]] = {
    "a share is missing": rows_of("choice", "zoe", MOMENT, {"low": 0.5, "mid": 0.3}, "option"),
    "one chance of a choice": [{"claim": "choice", "forecaster": "zoe", "made_at": MOMENT, "probability": 0.5}],
    "options of yes or no": rows_of("asks", "zoe", MOMENT, {"low": 0.5, "mid": 0.5}, "option"),
    "days of a number": rows_of("level", "zoe", MOMENT, {DEADLINE: 0.5}, "day"),
    "a value outside the range": rows_of("level", "zoe", MOMENT, {20: 0.5}, "at"),
    "a day outside the window": rows_of("when", "zoe", MOMENT, {"2027-01-01": 0.5}, "day"),
}


@pytest.mark.parametrize("bad", UNFITTING.values(), ids=UNFITTING)
def test_who_said_nothing_but_what_is_left_out_is_neither_recorded_nor_counted(
    book: Ledger, tmp_path: Path, bad: list[Row]
) -> None:
    others = rows_of("grade", "zz", MOMENT, {"low": 0.5, "mid": 0.3, "high": 0.2}, "option")  # behind zoe by name

    done = book.import_forecasts([*bad, *others], skip_bad=tmp_path / "bad.csv")

    assert (done.forecasts, done.left_out) == (1, len(bad))
    assert (done.claims, done.forecasters, done.new_forecasters) == (1, 1, 1)
    assert (bad[0]["claim"], "zoe") not in {(row["claim"], row["forecaster"]) for row in book.scorecard().rows()}
    assert "zoe" not in book.forecasters
    assert "zz" in book.forecasters
    assert book.verify().ok


def test_another_distribution_at_the_same_moment_is_a_contradiction(book: Ledger) -> None:
    first = rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.3, "high": 0.2}, "option")
    other = rows_of("choice", "ben", MOMENT, {"low": 0.2, "mid": 0.3, "high": 0.5}, "option")
    book.import_forecasts(first)

    refused(book, other, "the ledger says other chances for the same claim, forecaster and time")
    with pytest.raises(InvalidValue):
        book.import_forecasts([{"claim": "choice", "forecaster": "ben", "made_at": MOMENT, "withdrawn": True}])


def test_what_contradicts_is_written_aside_with_all_its_rows(book: Ledger, tmp_path: Path) -> None:
    first = rows_of("level", "ben", MOMENT, {2.5: 0.1, 4: 0.5, 6: 0.9}, "value")
    book.import_forecasts(first)
    good = rows_of("choice", "cy", MOMENT, {"low": 0.5, "mid": 0.3, "high": 0.2}, "option")
    other = rows_of("level", "ben", MOMENT, {3: 0.1, 4: 0.5, 6: 0.9}, "value")

    done = book.import_forecasts([other[2], *good, *other[:2]], skip_bad=tmp_path / "bad.csv")

    assert (done.forecasts, done.left_out) == (1, 3)
    with (tmp_path / "bad.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["value"], row["probability"]) for row in rows] == [
        ("1", "6.0", "0.9"), ("5", "3.0", "0.1"), ("6", "4.0", "0.5"),
    ]  # fmt: skip
    assert {row["reason"] for row in rows} == {"the ledger says other chances for the same claim, forecaster and time"}
    later = [{**row, "made_at": "2026-01-06T10:00:00Z"} for row in rows]
    assert book.import_forecasts(later).forecasts == 1


def test_a_correction_and_a_withdrawal_by_hand_follow_a_row_of_a_block(book: Ledger, clock: Clock) -> None:
    book.import_forecasts(long_rows())
    made_at = "2026-01-03T10:00:00Z"
    book.forecast("choice", {"low": 0.1, "mid": 0.8, "high": 0.1}, by="ben", made_at=made_at, reason="a slip")
    book.withdraw("level", by="cy")

    resolve(book, clock)

    said = {row["claim"]: row["said"] for row in book.scorecard().rows() if row["forecaster"] == "ben"}
    assert said["choice"] == "low 0.1, mid 0.8, high 0.1"
    assert book.import_forecasts(long_rows()).forecasts == 0
    assert book.verify().ok


def test_notes_stand_beside_a_distribution_and_are_records_at_any_size(book: Ledger) -> None:
    rows = rows_of("choice", "ben", MOMENT, {"low": 0.5, "mid": 0.3, "high": 0.2}, "option")
    rows[0] |= {"note": "a guess", "shown": True}
    rows += rows_of("choice", "cy", MOMENT, {"low": 0.5, "mid": 0.3, "high": 0.2}, "option")

    book.import_forecasts(rows)
    again = book.import_forecasts(rows)

    found = {item.forecaster: item for item in book.snapshot().all(Forecast)}
    assert (found["ben"].note, found["ben"].shown, len(found["ben"].shares)) == ("a guess", True, 3)
    assert found["cy"].note is None
    assert (again.forecasts, again.already) == (0, 2)


def test_shares_of_options_that_are_gone_count_no_more(ledger: Ledger, clock: Clock, stored: str) -> None:
    ledger.add("Which?", slug="which", deadline=DEADLINE, options=["a", "b"], opens_on="2026-01-01")
    rows = rows_of("which", "ana", "2026-01-01T00:00:00Z", {"a": 0.9, "b": 0.1}, "option")
    ledger.import_forecasts(rows)
    ledger.correct("which", options=["b", "a"], ordered=True, reason="in their order")

    found = [row for row in ledger.scorecard(full=True).rows() if row["claim"] == "which"]

    assert [(row["said"], row["place"]) for row in found] == [(None, "no longer fits")]
    assert ledger.verify().ok


def test_the_proof_of_a_block_tells_what_a_distribution_says(book: Ledger, stored: str, tmp_path: Path) -> None:
    book.import_forecasts(long_rows())
    if stored == "records":
        return
    proofs = {claim: book.prove(f"{claim} dee") for claim in ("choice", "level", "when", "asks")}

    last = {claim: proof.rows()[-1] for claim, proof in proofs.items()}
    assert (last["choice"]["probability"], "option" in last["choice"]) == (None, False)
    assert [row["probability"] for row in proofs["choice"].rows()[:3]] == pytest.approx([0.3, 0.3, 0.4])
    assert [row["option"] for row in proofs["choice"].rows()[:3]] == [1, 2, 3]
    assert (last["level"]["at"], last["level"]["probability"]) == (8, 0.9)
    assert (last["when"]["day"], last["when"]["probability"]) == (DEADLINE, 0.7)
    assert proofs["asks"].series() == [("2026-01-05T10:00:00.000000Z", 0.3)]
    assert f"2026-03-03=0.4, {DEADLINE}=0.7" in " ".join(str(proofs["when"]).split())
    (tmp_path / "proof.json").write_text(proofs["when"].text, "utf-8")
    script = Path(__file__).parents[2] / "docs" / "verify_block.py"
    told = subprocess.run([sys.executable, script, tmp_path / "proof.json"], capture_output=True, text=True, check=True)
    assert f"2026-03-03=0.4, {DEADLINE}=0.7 at " in told.stdout


@pytest.mark.parametrize("way", [[["a", "b"]], [["a", "b"], ["x", "y", "z"]], [None], [["c", "b", "a"]]])
def test_shares_of_options_that_came_back_are_there_already(
    ledger: Ledger, clock: Clock, tmp_path: Path, stored: str, way: list[list[str] | None]
) -> None:
    shares, made_at = {"a": 0.2, "b": 0.3, "c": 0.5}, "2026-01-01T00:00:00Z"
    ledger.add("Which?", slug="which", deadline=DEADLINE, options=[*shares], ordered=True, opens_on="2026-01-01")
    ledger.import_forecasts(rows := rows_of("which", "ana", made_at, shares, "option"))
    for options in way:
        terms = {"when": True} if options is None else {"options": options, "ordered": True}
        ledger.correct("which", **terms, reason="a slip")
    ledger.correct("which", options=[*shares], ordered=True, reason="as it was")
    ledger.export("csv", tmp_path / "out.csv")
    ledger.export("table", tmp_path / "table.csv")

    assert ledger.import_forecasts(rows).already == 1
    assert ledger.import_forecasts(tmp_path / "out.csv").already == 1
    taken = ledger.import_from("table", tmp_path / "table.csv")
    assert taken.changes == ()


@pytest.mark.parametrize("options", [["b", "a"], ["x", "y"]])
def test_shares_of_options_that_are_gone_are_not_there_already(
    ledger: Ledger, clock: Clock, stored: str, options: list[str]
) -> None:
    ledger.add("Which?", slug="which", deadline=DEADLINE, options=["a", "b"], opens_on="2026-01-01")
    made_at = "2026-01-01T00:00:00Z"
    ledger.import_forecasts(rows_of("which", "ana", made_at, {"a": 0.9, "b": 0.1}, "option"))
    ledger.correct("which", options=options, ordered=True, reason="better words")
    renamed = rows_of("which", "ana", made_at, dict(zip(options, (0.9, 0.1), strict=True)), "option")

    refused(ledger, renamed, "the ledger says shares of options it no longer has for the same claim")

    ledger.forecast("which", dict(zip(options, (0.9, 0.1), strict=True)), made_at=made_at, reason="better words")
    assert ledger.import_forecasts(renamed).already == 1


def test_copies_of_one_ledger_merge_what_each_imported(book: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "there.db"
    shutil.copy(tmp_path / "ledger.db", path)
    rows = long_rows()
    book.import_forecasts(rows[:12])
    with Ledger(path, me="ana") as there:
        there.import_forecasts(rows)

    book.merge(path)

    assert book.verify().ok
    assert book.import_forecasts(rows).forecasts == 0
    assert {(item.claim, item.forecaster, item.made_at) for item in book.snapshot().all(Forecast)} == {
        (item.claim, item.forecaster, item.made_at) for item in Ledger(path).snapshot().all(Forecast)
    }


def test_an_import_in_blocks_is_redacted_whole(book: Ledger, stored: str, tmp_path: Path) -> None:
    book.import_forecasts(long_rows())

    if stored == "records":
        book.redact("choice ben", to=tmp_path / "less.db")
    else:
        with pytest.raises(Conflict, match="redacted with its whole import or not at all: 'import 1'"):
            book.redact("choice ben", to=tmp_path / "none.db")
        book.redact("import 1", to=tmp_path / "less.db")

    with Ledger(tmp_path / "less.db") as less:
        assert less.verify().ok
        gone = len(book.snapshot().all(Forecast)) - len(less.snapshot().all(Forecast))
        assert gone == (1 if stored == "records" else len(everything()) + len(PEOPLE) + 1)


def test_large_distributions_are_cut_into_blocks_that_hold_them(ledger: Ledger, clock: Clock) -> None:
    ledger.add("How many?", slug="many", deadline=DEADLINE, unit="points", between=(0, 1000), opens_on="2026-01-01")
    clock.set("2026-02-01")
    size, count = 200, 10_500
    made_at = 1_767_225_600_000_000 + np.repeat(np.arange(count), size) * 1_000_003
    columns = {
        "claim": ["many"] * (size * count), "forecaster": ["model"] * (size * count), "made_at": made_at,
        "at": np.tile(np.arange(size, dtype=float), count), "probability": np.tile(np.arange(size) / size, count),
    }  # fmt: skip

    done = ledger.import_forecasts(columns)

    sizes = [rows for (rows,) in ledger._journal.connection.execute("select forecasts from block order by position")]
    assert done.forecasts == sum(sizes) == count
    assert set(sizes[:-1]) == {65_536 // size}
    assert max(sizes) < BLOCK_ROWS
    assert ledger.verify().ok


@pytest.mark.parametrize("as_column", [
    lambda days: pyarrow.array(days, pyarrow.date32()), lambda days: pyarrow.chunked_array([pyarrow.array(days)]),
    lambda days: np.array(days, "M8[D]"), list,
])  # fmt: skip
def test_days_of_every_column_are_read_alike_and_an_empty_one_is_named(
    book: Ledger, as_column: Callable[[list[date | None]], Any]
) -> None:
    days = [date(2026, 3, 1), date.fromisoformat(DEADLINE)]
    columns = {"claim": ["when"] * 2, "forecaster": ["ben"] * 2, "made_at": [MOMENT] * 2, "probability": [0.2, 0.7]}

    assert book.import_forecasts(columns | {"day": as_column(days)}).forecasts == 1
    assert book.import_forecasts(
        rows_of("when", "ben", MOMENT, dict(zip(days, (0.2, 0.7), strict=True)), "day")
    ).already
    with pytest.raises(InvalidValue, match="names no day"):
        book.import_forecasts(columns | {"day": as_column([None, days[1]])})
    with pytest.raises(InvalidValue, match="lies outside the window"):
        book.import_forecasts(columns | {"day": as_column([days[0], date.max])})


@pytest.mark.parametrize("told", [{"a": 0.4}, "a=40%"])
def test_an_option_left_out_of_a_cell_is_added_to_that_cell(ledger: Ledger, told: object) -> None:
    ledger.add("It is asked", deadline="2099", opens_on="2025-01-01", slug="it", options=["a", "b"])

    with pytest.raises(InvalidValue) as refusal:
        ledger.import_forecasts([{"claim": "it", "by": "ana", "made_at": "2025-06-01", "p": told}])

    assert "the others leave 0.60: add b with 0.6 to the others in p" in " ".join(str(refusal.value).split())

"""What cells of a table hold as people and programs write them: nothing, numbers, moments; alike at every door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from predictions import InvalidValue, Ledger
from predictions.importing.cells import NO_TEXT, NO_VALUE
from predictions.records import Claim, Evidence, Forecast, Forecaster, Resolution, Statement

EMPTY = ("NA", "n/a", "#N/A", "NULL", "null", "nan", "NaN", "None", "-", "--", "\N{EM DASH}", "?")
HEADER = "claim,forecaster,made_at,probability"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "cells.db", me="ana") as book:
        book.add("It rains in May", deadline="2099", opens_on="2026-01-01", slug="rain")
        book.add(
            "Cars sold", deadline="2099", opens_on="2026-01-01", slug="cars", unit="million", between=(-9000, 9000)
        )
        book.add("Who leads", deadline="2099", opens_on="2026-01-01", slug="who", options=["a", "b", "c"])
        yield book


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "f.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# -- nothing, in words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", EMPTY)
def test_a_table_takes_a_word_for_nothing_as_an_empty_cell(ledger: Ledger, tmp_path: Path, nothing: str) -> None:
    columns = "by,p,made_at,said_on,link,opens_on,settle_days,at_least,unit,options,tags,cluster,id"
    ledger.import_from(
        "table", write(tmp_path, f"text,deadline,{columns}", "A pier opens,2099" + f",{nothing}" * 13)
    )  # fmt: skip

    claim = ledger.snapshot().all(Claim)[-1]
    assert (claim.cluster, claim.tags, claim.settle_days) == (None, (), 30)
    assert [statement.text for statement in ledger.snapshot().all(Statement)][-1] == "A pier opens"
    assert ledger.snapshot().all(Forecast) == []


@pytest.mark.parametrize("nothing", EMPTY)
def test_nobody_is_called_nothing(ledger: Ledger, tmp_path: Path, nothing: str) -> None:
    with pytest.raises(InvalidValue, match=r"who said 0\.4"):
        ledger.import_from("table", write(tmp_path, "text,deadline,by,p", f"A pier opens,2099,{nothing},0.4"))
    with pytest.raises(InvalidValue, match="stands for an empty cell; say who forecast"):
        ledger.import_forecasts(write(tmp_path, HEADER, f"rain,{nothing},2026-02-01,0.4"))

    assert ledger.snapshot().all(Forecaster) == []


@pytest.mark.parametrize("name", ["Nan", "Null", "Na"])
def test_a_name_that_looks_like_such_a_word_is_a_name(ledger: Ledger, tmp_path: Path, name: str) -> None:
    ledger.import_forecasts(write(tmp_path, HEADER, f"rain,{name},2026-02-01,0.4"))

    assert [one.title for one in ledger.snapshot().all(Forecaster)] == [name]


@pytest.mark.parametrize("nothing", [word for word in EMPTY if word not in NO_TEXT])
def test_an_outcome_that_says_nothing_is_refused_with_the_ways_out(
    ledger: Ledger, tmp_path: Path, nothing: str
) -> None:
    with pytest.raises(InvalidValue, match="annulled or ambiguous, or leave it empty"):
        ledger.import_from("table", write(tmp_path, "text,deadline,outcome", f"A pier opens,2099,{nothing}"))


def test_a_note_that_is_such_a_word_comes_back_as_it_was(ledger: Ledger, tmp_path: Path) -> None:
    for number, note in enumerate(sorted(NO_VALUE - {""})):
        ledger.add(f"Claim {number}", deadline="2099", p=0.4, note=note, title=note)
    ledger.export("table", tmp_path / "out.csv")
    with Ledger(tmp_path / "again.db", me="ana") as again:
        again.import_from("table", tmp_path / "out.csv")

        notes, titles = ({getattr(one, name) for one in again.snapshot().all(cls)} - {None}
                         for cls, name in ((Forecast, "note"), (Claim, "title")))  # fmt: skip
    assert notes == NO_VALUE - {""} <= titles


@pytest.mark.parametrize("word", sorted(NO_VALUE - {""}))
@pytest.mark.parametrize("door", ["table", "forecasts", "verdicts"])
def test_a_column_of_text_takes_such_words_in_one_way_at_every_door(
    ledger: Ledger, tmp_path: Path, word: str, door: str
) -> None:
    """What a data frame writes for an empty cell is one, and every other word is what somebody wrote."""
    if door == "table":
        ledger.import_from("table", write(tmp_path, "text,deadline,p,note", f"A pier opens,2099,0.4,{word}"))
    elif door == "forecasts":
        ledger.import_forecasts(write(tmp_path, f"{HEADER},note", f"rain,ben,2026-02-01,0.4,{word}"))
    else:
        verdict = write(tmp_path, "claim,outcome,known_on,reason", f"rain,yes,2026-05-02,{word}")
        if word in NO_TEXT:
            with pytest.raises(InvalidValue, match="say why"):
                ledger.import_resolutions(verdict)
            return
        ledger.import_resolutions(verdict)

    verdicts, forecasts = ledger.snapshot().all(Resolution), ledger.snapshot().all(Forecast)
    said = verdicts[-1].reason if door == "verdicts" else forecasts[-1].note
    assert said == (None if word in NO_TEXT else word)


# -- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["1,500", "-1,500", "12,345", "1,500 million"])
def test_a_comma_before_three_digits_may_set_thousands_apart(ledger: Ledger, tmp_path: Path, value: str) -> None:
    with pytest.raises(InvalidValue, match=r"may be -?1[0-9]+ or -?1[0-9.]+; say which"):
        ledger.resolve("cars", value, known_on="2026-06-01", reason="counted")
    if value.endswith("0"):
        with pytest.raises(InvalidValue, match=r"say\s+which"):
            ledger.forecast("cars", quantiles={"10%": value, "90%": "2000"})
        with pytest.raises(InvalidValue, match=r"say\s+which"):
            ledger.import_forecasts([{"claim": "cars", "forecaster": "bob", "made_at": "2026-02-01", "quantiles":
                                      f"10%={value}; 90%=2000"}])  # fmt: skip
        with pytest.raises(InvalidValue, match=r"say\s+which"):
            ledger.import_from("table", [{"claim": "cars", "by": "bob", "quantiles": f"10%={value}; 90%=2000"}])

    assert ledger.snapshot().all(Forecast) == []


def test_a_comma_is_a_point_where_that_is_said_or_can_be_nothing_else(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path, "claim;by;quantiles", 'cars;bob;"10%=1,500; 90%=2,5"')
    ledger.import_from("table", path, decimal=",")
    ledger.resolve("cars", "0,500", known_on="2026-06-01", reason="counted")

    (forecast,) = ledger.snapshot().all(Forecast)
    assert [(point.at, point.chance) for point in forecast.points] == [(1.5, 0.1), (2.5, 0.9)]


@pytest.mark.parametrize(
    "chance", ["0.99999999999999999999", "1e-400", Decimal("0.99999999999999999999"), Fraction(1, 10**400),
               "99.999999999999999999999%"],
)  # fmt: skip
def test_what_no_float_tells_from_certain_is_refused_at_every_door(ledger: Ledger, chance: object) -> None:
    with pytest.raises(InvalidValue, match=r"for certain|write it with a point"):
        ledger.forecast("rain", chance)
    with pytest.raises(InvalidValue, match=r"would be\s+rounded to"):
        ledger.import_forecasts([("rain", "bob", "2026-02-01", chance)])

    assert ledger.snapshot().all(Forecast) == []


def test_a_decimal_is_a_number_at_every_door(ledger: Ledger) -> None:
    ledger.forecast("rain", Decimal("0.7"))
    ledger.forecast("cars", quantiles={Decimal("0.1"): Decimal("2.5"), Decimal("0.9"): Decimal(4)})
    ledger.forecast("who", {"a": Decimal("0.5"), "b": Decimal("0.25"), "c": Decimal("0.25")})
    ledger.import_forecasts([("rain", "bob", "2026-02-01", Decimal("0.7"))])

    assert [one.probability for one in ledger.snapshot().all(Forecast) if one.claim == "rain"] == [0.7, 0.7]


@pytest.mark.parametrize("shares", [("40%", "40%", "30%"), (0.4, 0.4, 0.3), (0.3, 0.3, 0.3)])
def test_a_sum_is_off_by_rounding_at_most_of_whole_percent(ledger: Ledger, shares: tuple[object, ...]) -> None:
    told = dict(zip("abc", shares, strict=True))
    cell = "; ".join(f"{option}={share}" for option, share in told.items())
    with pytest.raises(InvalidValue, match="not 1"):
        ledger.forecast("who", told)
    with pytest.raises(InvalidValue, match="row 1"):
        ledger.import_forecasts([("who", "bob", "2026-02-01", cell)])
    with pytest.raises(InvalidValue, match="row 1"):
        ledger.import_from("table", [{"claim": "who", "by": "bob", "p": cell}])


@pytest.mark.parametrize(
    "numbers", [("0.4", "0.7"), ("0.4", "1"), ("0", "0.05"), ("0.4", "70%"), ("0.4", "70"), ("1", "1"), ("0", "1")]
)
def test_fractions_are_not_taken_for_percent_because_that_is_said(
    ledger: Ledger, tmp_path: Path, numbers: tuple[str, str]
) -> None:
    bulk = write(tmp_path, HEADER, *(f"rain,bob,2026-02-0{day},{number}" for day, number in enumerate(numbers, 1)))
    with pytest.raises(InvalidValue, match=r"may be (0\.4% or 40|0\.05% or 5|1% or 100)%; say which"):
        ledger.import_forecasts(bulk, percent=True)
    rows = [{"claim": "rain", "by": f"p{row}", "p": number} for row, number in enumerate(numbers)]
    with pytest.raises(InvalidValue, match=r"may be (0\.4% or 40|0\.05% or 5|1% or 100)%; say which"):
        ledger.import_from("table", rows, percent=True)

    assert ledger.snapshot().all(Forecast) == []


@pytest.mark.parametrize("numbers", [("40", "70"), ("1", "70"), ("0", "1.5")])
def test_percent_that_is_said_is_percent(ledger: Ledger, tmp_path: Path, numbers: tuple[str, str]) -> None:
    rows = [("rain", "bob", f"2026-02-0{day}", number) for day, number in enumerate(numbers, 1)]
    ledger.import_forecasts(rows, percent=True)

    assert [one.probability for one in ledger.snapshot().all(Forecast)] == [float(number) / 100 for number in numbers]


# -- moments, and the header -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made_at", "fix"),
    [
        ("1769900000", "if it counts seconds, say 2026-01-31T22:53:20Z"),
        ("1769900000000", "if it counts milliseconds, say 2026-01-31T22:53:20Z"),
        ("1769900000000000000", "if it counts nanoseconds, say 2026-01-31T22:53:20Z"),
        ("46054", "if it is a day of a spreadsheet, say 2026-02-01"),
        ("20260201", "if it is a day, say 2026-02-01"),
        ("1 Feb 2026", "say 2026-02-01"),
        ("2026-2-1", "is written otherwise here; say 2026-02-01"),
        ("February 2026", "more than one day; say which, from 2026-02-01 to 2026-02-28"),
    ],
)
def test_a_time_in_another_form_is_refused_with_how_to_write_it(
    ledger: Ledger, tmp_path: Path, made_at: str, fix: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        ledger.import_forecasts(write(tmp_path, HEADER, f"rain,bob,{made_at},0.4"))

    assert fix in " ".join(str(refused.value).split())


@pytest.mark.parametrize("made_at", ["2026-02-01 10:00:00 UTC", "2026-02-01 10:00:00+00", "2026-02-01T12:00:00 +0200"])
def test_an_offset_is_read_as_databases_write_it(ledger: Ledger, tmp_path: Path, made_at: str) -> None:
    ledger.import_forecasts(write(tmp_path, HEADER, f"rain,bob,{made_at},0.4"))
    ledger.forecast("rain", 0.4, by="cy", made_at=made_at)
    ledger.import_from("table", [{"claim": "rain", "by": "dee", "p": "40%", "made_at": made_at}])

    assert {one.made_at.isoformat() for one in ledger.snapshot().all(Forecast)} == {"2026-02-01T10:00:00+00:00"}


@pytest.mark.parametrize(
    "header", ["claim,by,made_at,p,probability", "claim,slug,by,made_at,p", "claim,by,who,made_at,p"]
)
def test_a_column_under_two_of_its_names_is_refused(ledger: Ledger, tmp_path: Path, header: str) -> None:
    for taken in (ledger.import_forecasts, lambda path: ledger.import_from("table", path)):
        with pytest.raises(InvalidValue, match=r"stands twice in [^;]*;\s+rename\s+one of them"):
            taken(write(tmp_path, header, "rain,rain,bob,2026-02-01,0.4"))


# -- days, where moments are given -------------------------------------------------------------------------------------

MOMENTS = [
    "2026-03-01T12:00:00Z", "2026-03-01 00:00:00", "2026-03-02T01:00+02:00", datetime(2026, 3, 1),
    datetime(2026, 3, 1, 12, tzinfo=UTC), pd.Timestamp("2026-03-01"), np.datetime64("2026-03-01"),
]  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_is_its_day_wherever_a_day_is_asked_for(ledger: Ledger, moment: object) -> None:
    ledger.add("When it ships", deadline="2099", opens_on="2026-01-01", slug="ship", when=True)
    ledger.forecast("ship", {moment: 0.3, "2099": 0.5})
    ledger.log_evidence("rain", "https://a.example/x", "A report", counts="shower", on=moment, published=moment)
    ledger.resolve("ship", moment, known_on=moment)

    day = date(2026, 3, 1)
    (forecast,), (evidence,), (verdict,) = (ledger.snapshot().all(cls) for cls in (Forecast, Evidence, Resolution))
    assert (forecast.days[0].day, evidence.happened, evidence.published) == (day, "2026-03-01", "2026-03-01")
    assert (verdict.happened_on, verdict.known_on) == (day, day)


def test_a_day_that_may_be_two_is_no_outcome(ledger: Ledger) -> None:
    ledger.add("When it ships", deadline="2099", opens_on="2026-01-01", slug="ship", when=True)
    with pytest.raises(InvalidValue, match="may be two days; say 2026-03-02 or 2026-02-03"):
        ledger.resolve("ship", "3/2/2026", known_on="2026-03-05")


def test_a_link_in_place_of_a_file_says_that_nothing_is_fetched(ledger: Ledger) -> None:
    with pytest.raises(InvalidValue, match="is a link, and nothing is fetched; save what it leads to"):
        ledger.import_forecasts("https://example.org/forecasts.csv")

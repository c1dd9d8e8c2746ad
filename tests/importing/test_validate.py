"""Columns of forecasts are checked alike through every door: numbers, moments, names, flags, and what is missing."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import polars
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions import InvalidValue
from predictions.importing.readers import read_table
from predictions.importing.refusals import Refusals, RowsRefused
from predictions.importing.tables import How
from predictions.importing.validate import FORECAST_COLUMNS, ForecastChecker
from predictions.number_checks import check_probability
from predictions.slugs import slug_of
from predictions.timestamps import in_microseconds, read_made_at

MOMENT = "2026-05-01T09:30:00Z"
MICROSECONDS = 1_777_627_800_000_000
LATEST = in_microseconds(datetime(2026, 11, 29, tzinfo=UTC))
NAMES = FORECAST_COLUMNS.listed
AS_IT_IS = How()


class Found:
    """What became of a source: the good rows, put together, and what was refused."""

    def __init__(self, source: object, how: How = AS_IT_IS, by: str | None = None) -> None:
        self.refusals = Refusals(None)
        self.checker = ForecastChecker(by, LATEST, how, self.refusals)
        with read_table(source, FORECAST_COLUMNS, how) as table:
            self.pieces = [self.checker.check(piece) for piece in table.pieces]

    @property
    def probability(self) -> list[float]:
        return [value for piece in self.pieces for value in piece.forecasts.probability.tolist()]

    @property
    def made_at(self) -> list[int]:
        return [value for piece in self.pieces for value in piece.forecasts.made_at.tolist()]

    @property
    def details(self) -> dict[int, dict[str, object]]:
        return self.checker.details

    @property
    def reasons(self) -> list[str]:
        return [one.reason for one in self.refusals.listed]


def row(**fields: object) -> dict[str, object]:
    return {"claim": "rain", "forecaster": "bob", "made_at": MOMENT, "probability": 0.5, **fields}


def as_csv(columns: dict[str, list[Any]], folder: Path) -> Path:
    path = folder / "f.csv"
    pandas.DataFrame(columns).to_csv(path, index=False)
    return path


def one_row(fields: dict[str, object]) -> dict[str, list[object]]:
    return {name: [value] for name, value in fields.items()}


DOORS: dict[str, Callable[[dict[str, object]], object]] = {
    "mapping": lambda fields: [fields],
    "tuple": lambda fields: [tuple(fields[name] for name in NAMES)],
    "columns": one_row,
    "frame": lambda fields: pandas.DataFrame(one_row(fields), dtype=object),
}


# -- what is missing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("column", NAMES)
@pytest.mark.parametrize(
    "nothing",
    [None, math.nan, np.float32("nan"), Decimal("NaN"), pandas.NA, pandas.NaT, np.datetime64("NaT"), "", "  "],
)
def test_what_is_missing_is_told_as_such_in_every_column_through_every_door(
    nothing: object, column: str, door: str
) -> None:
    found = Found(DOORS[door](row(**{column: nothing})))

    (reason,) = found.reasons
    assert reason.startswith(f"{column} ")
    assert ("empty; say" in reason) or ("no probability; a withdrawal says so" in reason)


@pytest.mark.parametrize("column", NAMES)
@pytest.mark.parametrize("shape", ["Arrow", "polars", "CSV", "pandas"])
def test_what_is_missing_in_a_typed_column_is_told_too(shape: str, column: str, tmp_path: Path) -> None:
    columns = {name: [value, value] for name, value in row().items()}
    columns[column][1] = None
    source = {
        "Arrow": lambda: pyarrow.table(columns), "polars": lambda: polars.DataFrame(columns, strict=False),
        "CSV": lambda: as_csv(columns, tmp_path), "pandas": lambda: pandas.DataFrame(columns).convert_dtypes(),
    }[shape]()  # fmt: skip

    found = Found(source)

    assert [one.row for one in found.refusals.listed] == [2]
    assert found.reasons[0].startswith(f"{column} ")
    assert len(found.probability) == 1


@pytest.mark.parametrize("text", ["NA", "N/A", "nan", "NaN", "null", "NULL", "None", "<NA>", "#N/A", "NaT"])
def test_words_for_nothing_are_nothing_in_a_column_of_numbers(text: str) -> None:
    found = Found([row(withdrawn="true", probability=text), row(withdrawn=text), row(low=text, high=text)])

    assert found.reasons == []
    assert found.probability[1:] == [0.5, 0.5]
    assert math.isnan(found.probability[0])


# -- probabilities --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "probability"),
    [
        *((0, 0.0), (1, 1.0), (0.72, 0.72), (np.float64(0.72), 0.72), (np.int64(1), 1.0), (Decimal("0.72"), 0.72)),
        *((Fraction(1, 4), 0.25), (np.float32(0.7), 0.7), (np.float16(0.7), 0.7), (1 / 3, 0.333333333333)),
        *(("0.72", 0.72), (" 0.72 ", 0.72), (".5", 0.5), ("5e-1", 0.5), ("0,4", 0.4), (",4", 0.4), ("1", 1.0)),
        *(("40%", 0.4), ("50 %", 0.5), ("50\u00a0%", 0.5), ("50\u202f%", 0.5), ("12,5 %", 0.125), ("7%", 0.07)),
        *(("100%", 1.0), ("0.1%", 0.001), (np.str_("0.5"), 0.5)),
    ],
)
@pytest.mark.parametrize("door", DOORS)
def test_a_number_is_read_of_whatever_type_it_is(given: object, probability: float, door: str) -> None:
    found = Found(DOORS[door](row(probability=given)))

    assert (found.reasons, found.probability) == ([], [probability])


@pytest.mark.parametrize(
    "given",
    [True, np.True_, "true", "x", "0.5.5", "0,5,5", "1_0", "٠.٥", "0x1", "inf", "--1", "%", b"0.5", [0.5], {}, 1j,
     date(2026, 5, 1), -0.1, 101, 1e308, math.inf, Decimal("sNaN2"), 10**400, "-5%", "101%"],
)  # fmt: skip
@pytest.mark.parametrize("door", ["mapping", "columns"])
def test_what_is_no_probability_is_refused(given: object, door: str) -> None:
    found = Found(DOORS[door](row(probability=given)))

    assert len(found.reasons) == 1
    assert found.probability == []


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("shape", ["numpy", "Arrow", "polars"])
def test_a_number_of_fewer_bits_is_the_shortest_decimal_it_stands_for(kind: Any, shape: str) -> None:
    hundredths = [number / 100 for number in range(101)]
    column = np.array(hundredths, kind)
    columns: dict[str, Any] = {name: [value] * 101 for name, value in row().items()} | {"probability": column}
    if shape != "numpy":
        columns["probability"] = pyarrow.array(column)
        columns = pyarrow.table(columns) if shape == "Arrow" else polars.from_arrow(pyarrow.table(columns))  # type: ignore[assignment]

    assert Found(columns).probability == hundredths


@given(st.floats(0.0009765625, 1, width=32))
def test_a_number_of_32_bits_is_kept_as_one_that_is_typed(number: float) -> None:
    value = np.float32(number)
    columns = {name: [value] for name, value in row().items()} | {"probability": np.array([value])}

    assert Found(columns).probability == [check_probability(value)]


@pytest.mark.parametrize("percent", [False, True])
@pytest.mark.parametrize("number", [5e-13, 1e-300, 1 - 4e-13, 1 - 2**-53])
def test_a_chance_that_rounding_would_make_certain_is_refused(number: float, percent: bool) -> None:
    columns: dict[str, Any] = {name: [value] * 2 for name, value in row().items()}
    columns["probability"] = [0.5, f"{number * 100!r}%" if percent else number]

    found = Found(columns)

    assert len(found.probability) == 1
    assert f"would be rounded to {number:.0f}, for certain: chances have 12 decimals" in found.refusals.listed[0].reason


@given(st.lists(st.floats(1e-12, 1 - 1e-12) | st.sampled_from([0.0, 1.0]), min_size=1, max_size=20))
def test_a_column_is_rounded_as_each_number_is(numbers: list[float]) -> None:
    columns = {name: [value] * len(numbers) for name, value in row().items()}
    as_numbers = Found(columns | {"probability": np.array(numbers)}).probability
    as_text = Found(columns | {"probability": list(map(repr, numbers))}).probability

    assert as_numbers == as_text
    assert all(abs(kept - check_probability(given)) < 1.1e-12 for kept, given in zip(as_numbers, numbers, strict=True))


def test_only_what_was_rounded_is_counted() -> None:
    percent = [0, *(number / 10 for number in range(11, 1_001))]
    columns: dict[str, Any] = {name: [value] * 1_001 for name, value in row().items()}
    fewer = {name: column[: len(percent)] for name, column in columns.items()}

    exact = Found(fewer | {"probability": percent}, How(percent=True))
    thirds = Found(columns | {"probability": [number / 3_003 for number in range(1_001)]})

    assert exact.probability == [float(Decimal(number) / 1_000) for number in (0, *range(11, 1_001))]
    assert exact.checker.rounded == 0
    assert thirds.checker.rounded == sum(round(number / 3_003, 12) != number / 3_003 for number in range(1_001))


# -- percent --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", [[97, 1, 1], [97.0, 1.0, 1.0], ["97", "1", "1"], [1.5, 1.0, 1.0], [2, 50, 99]])
@pytest.mark.parametrize("door", ["columns", "rows", "CSV"])
def test_numbers_between_1_and_100_refuse_the_whole_source(column: list[Any], door: str, tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {name: [value] * 3 for name, value in row().items()} | {"probability": column}
    source = {"columns": columns, "rows": list(zip(*columns.values(), strict=True)), "CSV": as_csv(columns, tmp_path)}[
        door
    ]

    with Refusals(tmp_path / "bad.csv") as refusals:
        checker = ForecastChecker(None, LATEST, AS_IT_IS, refusals)
        with read_table(source, FORECAST_COLUMNS, AS_IT_IS) as table:
            for piece in table.pieces:
                checker.check(piece)
        with pytest.raises(RowsRefused, match="percent=True, if all are"):
            refusals.refuse()

    assert [path.name for path in tmp_path.iterdir() if path.name != "f.csv"] == []
    assert Found(source, How(percent=True)).probability == [float(Decimal(str(value)) / 100) for value in column]


def test_control_a_number_that_is_no_percent_is_one_bad_row(tmp_path: Path) -> None:
    found = Found([row(probability=101), row(probability=-1), row()])

    assert not found.refusals.all_refused
    assert len(found.reasons) == 2


def test_with_percent_a_sign_changes_nothing_and_ranges_are_percent_too() -> None:
    found = Found([row(probability="40%"), row(probability="40", low="35", high="45,5")], How(percent=True))

    assert found.probability == [0.4, 0.4]
    assert found.details == {2: {"probability": 0.4, "low": 0.35, "high": 0.455}}


def test_a_range_in_percent_refuses_the_whole_source() -> None:
    found = Found([row(), row(probability="", low=20, high=40)])

    with pytest.raises(RowsRefused, match=r"say 20% or 0\.2; percent=True"):
        found.refusals.refuse()
    assert found.refusals.all_refused


@pytest.mark.parametrize(("decimal", "cell", "good"), [
    (None, "0,4", True), (None, "0.4", True), (",", "0,4", True), (".", "0.4", True), (",", "0.4", False),
    (".", "0,4", False), (None, "1.234,5", False), (None, "0,4,5", False),
])  # fmt: skip
def test_a_comma_is_a_point_unless_it_is_said_otherwise(decimal: str | None, cell: str, good: bool) -> None:
    assert (Found([row(probability=cell)], How(decimal=decimal)).reasons == []) is good


# -- moments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made_at", [
    MOMENT, f" {MOMENT} ", "2026-05-01T11:30:00+02:00", MICROSECONDS, str(MICROSECONDS), np.int64(MICROSECONDS),
    float(MICROSECONDS), Decimal(MICROSECONDS), datetime(2026, 5, 1, 9, 30, tzinfo=UTC), pandas.Timestamp(MOMENT),
    datetime(2026, 5, 1, 11, 30, tzinfo=timezone(timedelta(hours=2))),
])  # fmt: skip
@pytest.mark.parametrize("door", DOORS)
def test_a_moment_is_read_of_whatever_type_it_is(made_at: object, door: str) -> None:
    assert Found(DOORS[door](row(made_at=made_at))).made_at == [MICROSECONDS]


@pytest.mark.parametrize("made_at", ["2026-05-01", date(2026, 5, 1), np.datetime64("2026-05-01")])
@pytest.mark.parametrize("door", DOORS)
def test_a_day_means_its_end(made_at: object, door: str) -> None:
    assert Found(DOORS[door](row(made_at=made_at))).made_at == [in_microseconds(read_made_at("2026-05-01"))]


EMPTY_CELLS = ["0001-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01"]


@pytest.mark.parametrize("day", EMPTY_CELLS)
@pytest.mark.parametrize("form", ["{}", "{}T00:00:00Z", "{}T12:00:00.5Z", "microseconds"])
@pytest.mark.parametrize("door", ["mapping", "columns"])
def test_the_date_of_an_empty_cell_is_refused(day: str, form: str, door: str) -> None:
    made_at = in_microseconds(read_made_at(day)) if form == "microseconds" else form.format(day)

    (reason,) = Found(DOORS[door](row(made_at=made_at))).reasons

    assert "what programs make of an empty cell" in reason


def test_control_the_days_beside_them_are_kept() -> None:
    assert Found([row(made_at=day) for day in ("1899-12-29", "1900-01-02", "1904-01-02", "0001-01-02")]).reasons == []


@pytest.mark.parametrize(
    ("made_at", "fix"),
    [
        ("01/02/2026", "may be two days; say 2026-02-01 or 2026-01-02"),
        ("13/02/2026", "say 2026-02-13"),
        ("13.02.2026", "say 2026-02-13"),
        ("31/31/2026", "in no calendar; write YYYY-MM-DD"),
        ("2026-05-01T09:30:00", "has no offset from UTC"),
        (datetime(2026, 5, 1), "has no offset from UTC"),
        (np.datetime64("2026-05-01T09:30"), "no offset from UTC"),
        (True, "not a moment"),
        ([], "not a moment"),
        (1_777_627_800, "early in 1970 if it counts microseconds"),
        ("2126-05-01", "lies in the future"),
        (2**80, "outside the years 0001 to 9999"),
        (float("inf"), "not a moment"),
    ],
)
@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_moment_is_told_what_would_be_right(made_at: object, fix: str, door: str) -> None:
    (reason,) = Found(DOORS[door](row(made_at=made_at))).reasons

    assert fix in reason


# -- names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["claim", "forecaster"])
@pytest.mark.parametrize(
    ("given", "name"),
    [
        *(("GPT-4o", "GPT-4o"), ("claude-3.5-sonnet", "claude-3.5-sonnet"), ("Ana Maria", "Ana Maria")),
        *((" bob ", "bob"), (17, "17"), (np.int64(17), "17"), (17.0, "17"), ("17", "17"), ("José", "José")),
    ],
)
@pytest.mark.parametrize("door", DOORS)
def test_a_name_is_any_line_of_text_or_a_whole_number(given: object, name: str, column: str, door: str) -> None:
    found = Found(DOORS[door](row(**{column: given})))

    assert list({"claim": found.checker.claims.numbers, "forecaster": found.checker.forecasters.numbers}[column]) == [
        name
    ]


@pytest.mark.parametrize("given", [True, 1.5, [1], {"a": 1}, b"rain", "two\nlines", "\x1b[31m", "x" * 600, date.max])
@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_name_is_refused(given: object, door: str) -> None:
    found = Found(DOORS[door](row(forecaster=given)))

    assert len(found.reasons) == 1
    assert list(found.checker.forecasters.numbers) == []


def test_a_number_is_one_name_whatever_its_type() -> None:
    found = Found([row(claim=value) for value in (1, "1", 1.0, True, " 1", np.int8(1))])

    assert found.checker.claims.numbers == {"1": 0}
    assert len(found.reasons) == 1


def arrow(kind: str) -> pyarrow.Array:
    names = ["rain", None, "snow", "rain"]
    if kind in {"int64", "double"}:
        return pyarrow.array([17, None, 18, 17], kind)
    if kind == "dictionary":
        return pyarrow.array(names).dictionary_encode()
    return pyarrow.array(names, kind)


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary", "int64", "double"])
def test_names_are_read_from_every_type_of_arrow(kind: str) -> None:
    table = pyarrow.table({"claim": arrow(kind), "forecaster": ["b"] * 4, "made_at": [MICROSECONDS] * 4,
                           "probability": [0.5] * 4})  # fmt: skip

    found = Found(table)

    assert [value for piece in found.pieces for value in piece.forecasts.claim.tolist()] == [0, 1, 0]
    assert [one.row for one in found.refusals.listed] == [2]


@pytest.mark.parametrize("column", [*NAMES, "withdrawn", "low", "note"])
@pytest.mark.parametrize(
    "values",
    [
        pyarrow.array([{"a": 1}]),
        pyarrow.array([[("a", 1)]], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
        pyarrow.array([[1]]),
        pyarrow.array([b"\xff\xfe"]),
        pyarrow.nulls(1),
        pyarrow.array([timedelta(days=1)]),
        pyarrow.array(["x"]).cast(pyarrow.string()).view(pyarrow.binary()),
    ],
    ids=lambda values: str(values.type),
)
def test_no_type_of_arrow_lets_another_error_out(values: pyarrow.Array, column: str) -> None:
    columns = {name: [value] for name, value in row(withdrawn=False, low=None, high=None, note=None).items()}
    table = pyarrow.table({**columns, column: values})

    try:
        reasons = Found(table).reasons
    except InvalidValue as refused:
        reasons = [str(refused)]

    assert reasons or values.null_count


def test_text_in_arrow_that_is_not_utf_8_is_refused() -> None:
    broken = pyarrow.array([b"r\xff"]).view(pyarrow.string())

    for column in ("claim", "made_at", "probability"):
        columns: dict[str, Any] = {name: [value] for name, value in row().items()}
        with pytest.raises(InvalidValue, match=r"cannot be read: .*UTF8"):
            Found(pyarrow.table({**columns, column: broken}))


@pytest.mark.parametrize("index", [-1, 2, 10**6])
@pytest.mark.parametrize("column", ["claim", "made_at", "probability"])
@pytest.mark.parametrize("shape", ["table", "columns"])
def test_a_damaged_dictionary_names_nobody(shape: str, column: str, index: int) -> None:
    damaged = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0, index], "int32"), ["rain", "snow"], safe=False)
    columns = {name: [value] * 2 for name, value in row().items()} | {column: damaged}

    with pytest.raises(InvalidValue, match="cannot be read"):
        Found(pyarrow.table(columns) if shape == "table" else columns)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        *(("bob", "bob"), ("GPT-4o", "gpt-4o"), ("gpt-4.5", "gpt-4-5"), ("claude-3.5-sonnet", "claude-3-5-sonnet")),
        *(("Ana Maria", "ana-maria"), ("José", "jose"), ("17", "17"), ("con", "con-2")),
    ],
)
def test_the_slug_of_a_name_is_made_of_its_letters(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_names_whose_letters_no_slug_holds_stay_apart() -> None:
    slugs = [slug_of(name) for name in ("Ана", "Мария", "Мария Silva", "🤖")]

    assert len(set(slugs)) == 4
    assert slugs == [slug_of(name) for name in ("Ана", "Мария", "Мария Silva", "🤖")]


def test_a_table_without_forecasters_has_one() -> None:
    columns = {"claim": ["rain"], "made_at": [MOMENT], "probability": [0.5]}

    assert list(Found(columns, by="Ana Maria").checker.forecasters.numbers) == ["Ana Maria"]
    with pytest.raises(InvalidValue, match="say whose forecasts they are: by="):
        Found(columns)


# -- flags and further fields ---------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [True, 1, 1.0, "true", "TRUE", "yes", "1", " Yes ", np.True_, np.int8(1), "1.0"])
@pytest.mark.parametrize("door", ["mapping", "columns", "frame"])
def test_a_withdrawal_is_told_in_many_ways(given: object, door: str) -> None:
    found = Found(DOORS[door](row(probability=None, withdrawn=given)))

    assert found.reasons == []
    assert math.isnan(found.probability[0])


@pytest.mark.parametrize("given", [False, 0, 0.0, "false", "no", "", None, math.nan, pandas.NA, np.False_, "NA"])
@pytest.mark.parametrize("door", ["mapping", "columns", "frame"])
def test_so_is_that_there_is_none(given: object, door: str) -> None:
    assert Found(DOORS[door](row(withdrawn=given))).probability == [0.5]


@pytest.mark.parametrize("given", ["maybe", 2, -1, [1], 0.5, "2026-05-01"])
def test_what_is_neither_true_nor_false_is_refused(given: object) -> None:
    assert "neither true nor false" in Found([row(withdrawn=given)]).reasons[0]


@pytest.mark.parametrize(
    ("fields", "probability", "details"),
    [
        ({"note": ""}, 0.5, None),
        ({"note": "two\nlines"}, 0.5, {"probability": 0.5, "note": "two\nlines"}),
        ({"shown": "no"}, 0.5, {"probability": 0.5, "shown": False}),
        ({"because": "box-cto; fontoura-dcd"}, 0.5, {"probability": 0.5, "because": ("box-cto", "fontoura-dcd")}),
        ({"because": ["box-cto"]}, 0.5, {"probability": 0.5, "because": ("box-cto",)}),
        ({"low": 0.4, "high": 0.7}, 0.5, {"probability": 0.5, "low": 0.4, "high": 0.7}),
        ({"probability": None, "low": 0.2, "high": "40%"}, 0.3, {"low": 0.2, "high": 0.4}),
        (
            {"probability": None, "words": "Likely", "scale": "icd-203"}, 0.675,
            {"words": "Likely", "scale": "icd-203", "probability": 0.675, "low": 0.55, "high": 0.8},
        ),
        ({"probability": None, "withdrawn": True, "note": "x"}, math.nan, {"withdrawn": True, "note": "x"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("door", ["mapping", "columns", "frame"])
def test_what_a_row_says_beside_its_number_is_kept(
    fields: dict[str, object], probability: float, details: dict[str, object] | None, door: str
) -> None:
    found = Found(DOORS[door](row(**fields)))

    assert found.reasons == []
    assert found.probability == pytest.approx([probability], nan_ok=True)
    assert found.details == ({} if details is None else {1: details})


@pytest.mark.parametrize(
    ("fields", "fix"),
    [
        ({"low": 0.4}, "a range has two ends; say high too"),
        ({"low": 0.6, "high": 0.7}, "lies outside its range, 0.6 to 0.7"),
        ({"words": "likely", "scale": "icd-203"}, "words give the numbers themselves"),
        ({"probability": None, "words": "likely"}, "scale empty: words are read on a named scale: house, icd-203"),
        ({"probability": None, "words": "likely", "scale": "mine"}, "no scale 'mine'"),
        ({"probability": None, "words": "perhaps", "scale": "icd-203"}, "is not on the scale 'icd-203'"),
        ({"scale": "house"}, "a scale is for words, and there are none"),
        ({"because": "Not A Slug!"}, "is not a slug"),
        ({"because": 5}, "not a list of slugs"),
        ({"note": 5}, "is not text"),
        ({"probability": None, "note": "x"}, "no probability; a withdrawal says so"),
        ({"withdrawn": True}, "a withdrawal carries no probability"),
        ({"probability": None, "withdrawn": True, "low": 0.1, "high": 0.2}, "a withdrawal carries no probability"),
    ],
)
def test_what_a_row_cannot_say_is_refused(fields: dict[str, object], fix: str) -> None:
    found = Found([row(), row(**fields), row()])

    assert [one.row for one in found.refusals.listed] == [2]
    assert fix in found.reasons[0].replace("not a slug", "is not a slug").replace("not text", "is not text")
    assert len(found.probability) == 2

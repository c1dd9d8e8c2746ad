"""Outcomes are read as people, tables and platforms spell them, through every door."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas
import pyarrow
import pytest
from command_line import CommandLine
from conftest import Clock, Refuses
from pyarrow import parquet

from predictions import InvalidValue, Ledger
from predictions.recording.outcomes import read_outcome
from predictions.records import Resolution

YES = ["yes", "YES", "Yes ", " yes", "true", "TRUE", "1", "1.0", "100%", "100 %", 1, 1.0, True, np.int64(1), np.True_,
       np.float32(1), Decimal(1), Fraction(1), "1,0"]  # fmt: skip
NO = ["no", "NO", "No ", "false", "False", "0", "0.0", "0%", 0, 0.0, False, np.int8(0), np.False_, Decimal("0.0")]
FRACTIONS = ["0.4", " .4", "40%", "40 %", "40\u00a0%", "0,4", "4e-1", 0.4, np.float32(0.4), np.float16(0.4),
             Decimal("0.4"), Fraction(2, 5)]  # fmt: skip
NO_ANSWER = ["N/A", "n/a", "NA", "void", "Voided", "cancelled", "Canceled", "CANCEL", "invalid", "annul"]
NO_OUTCOME = ["", " ", "maybe", "1.5", "40", "-1", "101%", "y es", 2, -0.1, math.nan, math.inf, None, [1], b"yes", 1j,
              Decimal("NaN"), "1" * 100_000, 10**400]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "outcome"),
    [*((value, ("yes", None)) for value in YES), *((value, ("no", None)) for value in NO),
     *((value, ("fraction", 0.4)) for value in FRACTIONS),
     *((word, (word.strip().lower(), None)) for word in ("ambiguous", "Annulled ", "AMBIGUOUS"))],
)  # fmt: skip
def test_an_outcome_is_read_of_whatever_type_it_is(value: object, outcome: tuple[str, float | None]) -> None:
    assert read_outcome(value) == outcome


@pytest.mark.parametrize("value", NO_ANSWER)
def test_a_question_without_an_answer_is_not_guessed_at(value: str) -> None:
    with pytest.raises(InvalidValue, match="of a yes-or-no claim; did you mean 'annulled', or 'ambiguous'"):
        read_outcome(value)


@pytest.mark.parametrize("value", NO_OUTCOME)
def test_what_is_no_outcome_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match="is no outcome of a yes-or-no claim; say"):
        read_outcome(value)


@pytest.fixture
def book(ledger: Ledger, clock: Clock) -> Ledger:
    """A ledger on 2026-08-01 with a claim on the first half of the year."""
    ledger.add("There is rain", deadline="2026-06-30", slug="rain", p=0.3)
    clock.set("2026-08-01")
    return ledger


def verdict(ledger: Ledger) -> Resolution:
    (found,) = ledger.snapshot().all(Resolution)
    return found


@pytest.mark.parametrize("value", ["YES", 1, True, np.int64(1), "1.0"])
@pytest.mark.parametrize("door", ["resolve", "rows", "tuples", "columns", "frame", "Arrow", "Parquet", "CSV"])
def test_every_door_reads_the_same_outcome_and_moment(book: Ledger, tmp_path: Path, value: object, door: str) -> None:
    moment = "2026-05-12T18:00:00Z"
    cells = {"claim": "rain", "outcome": value, "known_on": moment}
    columns = {name: [cell] for name, cell in cells.items()}
    if door == "resolve":
        book.resolve("rain", value, known_on=moment, reason="wet")  # type: ignore[arg-type]  # the point
    elif door in {"Arrow", "Parquet"}:
        table = pyarrow.table(columns)
        parquet.write_table(table, tmp_path / "v.parquet")
        book.import_resolutions(table if door == "Arrow" else tmp_path / "v.parquet", reason="wet")
    elif door == "CSV":
        pandas.DataFrame(columns).to_csv(tmp_path / "v.csv", index=False, sep=";")
        book.import_resolutions(tmp_path / "v.csv", reason="wet")
    else:
        source = {"rows": [cells], "tuples": [tuple(cells.values())], "columns": columns,
                  "frame": pandas.DataFrame(columns)}[door]  # fmt: skip
        book.import_resolutions(source, reason="wet")

    found = verdict(book)

    assert (found.outcome, str(found.known_on), str(found.known_at)) == (
        "yes",
        "2026-05-12",
        "2026-05-12 18:00:00+00:00",
    )
    assert book.verify().ok


@pytest.mark.parametrize(
    ("fields", "known_on", "known_at"),
    [
        ({"known_on": pandas.Timestamp("2026-05-12T18:00Z")}, "2026-05-12", "2026-05-12 18:00:00+00:00"),
        ({"known_on": pandas.Timestamp("2026-05-12")}, "2026-05-12", None),
        ({"known_on": "2026-05-12 00:00:00"}, "2026-05-12", None),
        ({"known_at": "2026-05-12T01:00:00+02:00"}, "2026-05-11", "2026-05-11 23:00:00+00:00"),
        ({"known_on": "2026-05-12", "known_at": "2026-05-12T18:00:00Z"}, "2026-05-12", "2026-05-12 18:00:00+00:00"),
        ({"happened_on": "2026-05-12T18:00:00Z"}, "2026-05-12", None),
    ],
)
def test_a_moment_gives_the_day_and_is_kept(
    book: Ledger, fields: dict[str, object], known_on: str, known_at: str | None
) -> None:
    book.import_resolutions([{"claim": "rain", "outcome": "yes", "reason": "wet", **fields}])

    found = verdict(book)

    assert (str(found.known_on), found.known_at and str(found.known_at)) == (known_on, known_at)


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"known_on": "2026-05-12T18:00:00"}, "known_on"),
        ({"known_on": "1900-01-01"}, "known_on"),
        ({"happened_on": "1899-12-30", "known_on": "2026-05-12"}, "happened_on"),
        ({"known_on": "01/05/2026"}, "known_on"),
        ({"known_on": "2026-05-12", "known_at": "noon"}, "known_at"),
        ({"known_on": "2026-05-12", "known_at": "2026-05-13T18:00:00Z"}, "outcome"),
        ({"known_on": "2026-08-01T23:00:00Z"}, "outcome"),
        ({"known_on": "2026-05-12", "because": "Not A Slug"}, "because"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_by_its_column(
    book: Ledger, fields: dict[str, object], column: str
) -> None:
    with pytest.raises(InvalidValue, match=rf"\n  {column} +row 1 "):
        book.import_resolutions([{"claim": "rain", "outcome": "yes", "reason": "wet", **fields}])


def test_percent_is_said_for_outcomes_too(book: Ledger, refuses: Refuses) -> None:
    columns = {"claim": ["rain"], "outcome": [40], "known_on": ["2026-07-05"], "reason": ["some"]}

    with pytest.raises(InvalidValue, match=r"(?s)40%\s+or\s+0\.4;.*percent=True"):
        book.import_resolutions(columns)
    book.import_resolutions(columns, percent=True)

    assert verdict(book).fraction == 0.4


def test_a_source_that_published_it_and_evidence_are_recorded(book: Ledger) -> None:
    evidence = book.log_evidence("rain", "https://e.org/a", "It rains", on="2026-05-12").slug

    book.import_resolutions([{"claim": "rain", "outcome": "yes", "known_on": "2026-05-12", "because": evidence,
                              "published_in": "self", "reason": "wet"}])  # fmt: skip

    assert (verdict(book).because, verdict(book).published_in) == ((evidence,), "self")


def test_a_day_that_has_not_come_in_utc_says_which_it_is_there(book: Ledger, refuses: Refuses) -> None:
    words = "days are UTC, and in UTC it is 2026-08-01"

    with refuses(f"known_on 2026-08-02 lies in the future: {words}; say that day"):
        book.resolve("rain", "yes", known_on="2026-08-02", reason="wet")
    with refuses("made_at 2026-08-02 lies in the future", "in UTC, which days are, it is 2026-08-01"):
        book.forecast("rain", 0.4, made_at="2026-08-02")
    with refuses(words):
        book.log_evidence("rain", "https://e.org/a", "It rains", published="2026-08-02")


@pytest.mark.parametrize("day", ["1899-12-30", "1900-01-01", "1904-01-01", "0001-01-01"])
def test_the_date_of_an_empty_cell_is_refused_by_the_verbs_too(book: Ledger, refuses: Refuses, day: str) -> None:
    with refuses("what programs make of an empty cell"):
        book.forecast("rain", 0.4, made_at=day)
    with refuses("what programs make of an empty cell"):
        book.resolve("rain", "yes", known_on=day, reason="wet")


@pytest.mark.parametrize("by", ["2027-01-01T00:00:00Z", pandas.Timestamp("2027-01-01"), "2027-01-01 00:00:00"])
def test_a_deadline_may_be_a_moment(book: Ledger, by: object) -> None:
    slug = book.add("There is snow", deadline=by)  # type: ignore[arg-type]  # the point

    assert str(book.claim(slug).claim.deadline) == "2027-01-01"


# -- the command line -----------------------------------------------------------------------------------------


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    """The command line on 2026-08-01, on a ledger with one claim."""
    run = CommandLine(tmp_path)
    run.says("init")
    run.says("add", "There is rain", "--deadline", "2026-06-30", "--slug", "rain", "-p", "0.3")
    clock.set("2026-08-01")
    return run


@pytest.mark.parametrize("typed", ["50 %", "50\u00a0%", " 50%", "0.50"])
def test_what_the_product_prints_may_be_typed(run: CommandLine, typed: str) -> None:
    assert "0.50" in run.says("forecast", "rain", typed, "--by", "bob", "--made-at", "2026-02-01")


@pytest.mark.parametrize("typed", ["YES", "1", "True", "1.0", "100%"])
def test_an_outcome_may_be_typed_so(run: CommandLine, typed: str) -> None:
    assert "yes" in run.says("resolve", "rain", typed, "--known-on", "2026-05-12T18:00:00Z", "--reason", "wet")


def test_how_a_file_is_read_can_be_typed(run: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Export\nclaim^by^made_at^p\nrain^GPT-4o^2026-02-01^40\n")
    how = ["--delimiter", "^", "--skip-lines", "1"]

    assert "say 40% or 0.4; --percent, if all are" in run("import-from", "table", str(path), *how).stderr
    assert "1 forecast" in run.says("import-from", "table", str(path), *how, "--percent")


@pytest.mark.parametrize("value", [np.datetime64("2026-05"), np.datetime64("2026"), np.datetime64("2026-05-12", "W")])
@pytest.mark.parametrize("field", ["known_on", "happened_on"])
def test_a_month_or_a_year_is_no_day(ledger: Ledger, clock: Clock, value: np.datetime64, field: str) -> None:
    clock.set("2026-08-01")
    ledger.add("It rains", deadline="2026-06-30", opens_on="2026-01-01", slug="rain")
    fields = {"known_on": "2026-06-30", "happened_on": "2026-06-01", field: value}

    with pytest.raises(InvalidValue):
        ledger.resolve("rain", "yes", reason="seen", **fields)
    with pytest.raises(InvalidValue):
        ledger.import_resolutions([{"claim": "rain", "outcome": "yes", "reason": "seen", **fields}])

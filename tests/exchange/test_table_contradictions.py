"""What rows say twice, what nobody dates, and refusals: one cause a kind, in the words of the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from command_line import CommandLine
from folder_ledger import folder_ledger
from refused_tables import refusal

from predictions import Ledger
from predictions.records import Claim, Resolution

ledger = folder_ledger  # in place of the fixture of that name

A = {"text": "A", "deadline": "2099"}
ALIKE = {  # two numbers of one person on one question at one moment, under two names
    "own column": [{**A, "p:ana": "30%", "p": "50%"}],
    "percent column": [{**A, "ana %": "30", "p": "50%"}],
    "named in its row": [{**A, "by": "Bob", "p": "50%", "p:bob": "30%"}],
    "me": [{**A, "by": "me", "p": "50%"}, {**A, "by": "Ana", "p": "30%"}],
    "nobody and me": [{**A, "p": "50%", "p:me": "30%"}],
    "of one day": [{**A, "by": name, "p": p, "made_at": "2026-01-02"} for name, p in (("me", "50%"), ("ana", "30%"))],
    "words and a number": [{**A, "by": "me", "p": "50%"}, {**A, "by": "ana", "words": "likely"}],
}  # fmt: skip
CHOICE = "openai; google; other"


@pytest.mark.parametrize("rows", ALIKE.values(), ids=ALIKE)
def test_one_person_says_one_thing_at_a_moment(ledger: Ledger, rows: list[dict[str, str]]) -> None:
    assert "row says something else by the same forecaster" in re.sub(
        r"row \d+ says", "row says", refusal(ledger, rows)
    )


def test_people_who_are_said_to_be_one_are_one(ledger: Ledger) -> None:
    rows = [{**A, "by": "Rob", "p": "50%"}, {**A, "by": "Bob", "p": "30%"}]

    assert "row 1 says something else" in refusal(ledger, rows, people={"Rob": "bob"})
    assert ledger.import_from("table", rows).new["forecast"] == 2


def test_what_is_said_twice_and_agrees_is_recorded_once(ledger: Ledger) -> None:
    taken = ledger.import_from("table", [{**A, "p:ana": "50%", "p": "50%"}])

    assert (taken.new["forecast"], taken.repeated, len(taken.changes)) == (1, 1, 0)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"claim": "d", "p": "80%"}, "80% of what? this is a choice; say openai=80%; google=...; other=..."),
        ({"claim": "d", "p": "openai=40%; google=30%"}, "the others leave 0.30: add other=30%"),
        ({"claim": "w", "p": "30%"}, "30% by when? this asks on which day; say 2098-12-31=30%"),
        ({"claim": "n", "p": "30%"}, "at most some values: 10%=2.5; 50%=4; 90%=6 in the column quantiles"),
    ],
)
def test_a_refusal_spells_cells_and_no_options(tmp_path: Path, row: Mapping[str, str], words: str) -> None:
    run = CommandLine(tmp_path)
    run("add", "Which?", "--slug", "d", "--deadline", "2098", "--options", "openai,google,other")
    run("add", "When?", "--slug", "w", "--deadline", "2098", "--when")
    run("add", "Many?", "--slug", "n", "--deadline", "2098", "--unit", "m", "--between", "0..10")
    table = tmp_path / "t.csv"
    table.write_text(f"{','.join(row)}\n{','.join(row.values())}\n", "utf-8")

    said = run("import-from", "table", str(table))

    assert said.exit_code == 1
    assert words in " ".join(said.stderr.split())
    assert " --" not in said.stderr


def test_the_options_of_the_import_are_spelled_as_options(tmp_path: Path) -> None:
    run, table = CommandLine(tmp_path), tmp_path / "t.csv"
    table.write_text("text,deadline,p\nA,2098,35\n", "utf-8")

    assert "say 35% or 0.35; --percent, if all are" in run("import-from", "table", str(table)).stderr


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        ({"deadline": "2025-{month:02}-11"}, "was over on 2025-01-11, and nothing says since when it counts"),
        ({"options": "a{n}; b{n}", "p": "3{digit}%"}, "30% of what? this is a choice; say a0=30%; b0=..."),
        ({"options": "a{n}; b{n}", "p": "a{n}=.1; b{n}=.2{n}"}, "the shares sum to"),
        ({"options": "a{n}; b{n}", "outcome": "c{n}", "known_on": "2025-02-02"}, "say a0, b0, ambiguous or annulled"),
        ({"opens_on": "2025-03-{day:02}", "outcome": "yes", "known_on": "2025-02-{day:02}"}, "lies before the window"),
        ({"claim": "q{n}", "text": "", "deadline": "", "p": "30%"}, "no claim"),
        ({"claim": "Q{n}", "text": "", "deadline": "", "p": "30%"}, "not a slug"),
        ({"p": "3{n}0%"}, "not a probability"),
        ({"made_at": "2199-01-{day:02}", "p": "30%"}, "lies in the future"),
    ],
)
def test_rows_of_one_cause_are_told_as_one_though_their_cells_differ(
    ledger: Ledger, cells: Mapping[str, str], cause: str
) -> None:
    told = [{"n": n, "digit": n % 10, "month": n % 12 + 1, "day": n + 1} for n in range(12)]
    rows = [
        {"text": f"T{one['n']}", "deadline": "2099"} | {name: cell.format(**one) for name, cell in cells.items()}
        for one in told
    ]

    message = refusal(ledger, rows)

    assert "12 of 12 rows" in message
    assert "rows 1, 2, 3, 4, 5, 6, 7, 8 ... 12 in all" in message
    assert cause in message
    assert "more cause" not in message


@pytest.mark.parametrize("claim", ["Q1000", "not a slug", "q_1", "claim!"])
def test_a_claim_that_is_no_slug_is_one_cause(ledger: Ledger, claim: str) -> None:
    message = refusal(ledger, [{"claim": claim, "p": "40%"}, {"claim": claim, "p": "", "outcome": "yes"}])

    assert "claim rows 1, 2" in message
    assert "deadline" not in message


SETTLED = {"text": "A?", "deadline": "2025-06-30", "outcome": "yes", "known_on": "2025-06-01"}


def test_a_settled_statement_that_nobody_dates_is_led_to_its_first_day(ledger: Ledger) -> None:
    message = refusal(ledger, [SETTLED])

    assert "was over on 2025-06-30, and nothing says since when it counts; say opens_on, the first day that" in message
    assert "a later day" not in message


@pytest.mark.parametrize("column", ["opens_on", "said_on", "made_at"])
def test_any_day_in_its_rows_dates_a_settled_statement(ledger: Ledger, column: str) -> None:
    ledger.import_from("table", [{**SETTLED, column: "2025-02-01"}])

    (claim,), (verdict,) = ledger.snapshot().all(Claim), ledger.snapshot().all(Resolution)
    assert str(claim.opens_on) == "2025-02-01"
    assert str(verdict.known_on) == "2025-06-01"


def test_a_verdict_on_a_claim_on_file_needs_no_first_day(ledger: Ledger) -> None:
    ledger.add("a?", deadline="2025-06-30", opens_on="2025-01-01")
    ledger.import_from("table", [{"text": "B?", "deadline": "2025-06-30", "made_at": "2025-02-01", "p": "40%"}])

    taken = ledger.import_from("table", [SETTLED, {**SETTLED, "text": "B?"}])

    assert (taken.new["claim"], taken.new["verdict"]) == (0, 2)


def test_who_is_named_beside_the_columns_of_others_is_not_passed_over(ledger: Ledger) -> None:
    row = {**A, "by": "Bob", "p:ana": "30%", "p:zed": "40%"}

    assert "by row 1 'Bob' nothing in this row is theirs; say how likely in p" in refusal(ledger, [row])
    for more in ({"p": "50%"}, {"p:bob": "50%"}, {"said_on": "2026-01-05"}, {"by": ""}):
        ledger.import_from("table", [{**row, "text": str(more), **more}], dry_run=True)


def test_an_option_that_a_long_table_lacks_is_to_have_a_row(ledger: Ledger) -> None:
    rows = [{**A, "options": CHOICE, "option": name, "p": "20%"} for name in ("openai", "google")]

    assert "the others leave 0.60: add other=60%, in a row of its own" in refusal(ledger, rows)


@pytest.mark.parametrize(
    ("column", "first", "second", "told"),
    [
        ("options", "a; b", "a; b; c", "'a; b'"),
        ("options", ["a", "b"], "a; b; c", "'a; b'"),
        ("options", "a < b", "a < b < c", "'a < b'"),
        ("between", "0..10", "0..20", "'0..10'"),
        ("between", "1..1000 log", "1..1000", "'1..1000 log'"),
        ("when", "yes", "no", "'yes'"),
        ("tags", "x; y", "z", "'x; y'"),
    ],
)
def test_a_contradiction_is_told_as_a_cell_is_spelled(
    ledger: Ledger, column: str, first: object, second: str, told: str
) -> None:
    unit = {"unit": "m"} if column == "between" else {}

    refused = refusal(ledger, [{**A, **unit, column: first}, {**A, **unit, column: second}])

    assert f"row 1 says {told}: what is filled twice must agree" in refused


def test_the_row_that_contradicts_is_blamed_and_not_the_first(ledger: Ledger) -> None:
    first = {**A, "by": "Bob", "options": "a; b", "p": "a=40%; b=60%"}
    second = {**A, "by": "Cyd", "options": "a; b; c", "p": "a=40%; b=50%; c=10%"}

    refused = refusal(ledger, [first, second])

    assert "row 2" in refused
    assert "no share for" not in refused


@pytest.mark.parametrize(
    ("asked", "column", "parts"),
    [
        ({"options": "a; b"}, "option", ["a", "b"]),
        ({"when": "yes"}, "day", ["2090-06-30", "2099-12-31"]),
        ({"unit": "m", "between": "0..10"}, "at", ["3", "6"]),
        ({"unit": "m", "between": "0..10"}, "value", ["3", "6"]),
    ],
)
def test_columns_of_people_beside_parts_of_a_forecast_are_refused_once_with_what_to_do(
    ledger: Ledger, asked: dict[str, str], column: str, parts: list[str]
) -> None:
    rows = [{**A, **asked, column: part, "p:ana": "40%", "p:bob": "60%"} for part in parts]

    refused = refusal(ledger, rows)

    how = f"p:ana, p:bob say whole forecasts; of one {column} say how likely in p and who in by, a row for each of them"
    assert refused.count(how) == len(parts)
    assert "of what?" not in refused
    as_offered = [
        {**A, **asked, column: part, "p": p, "by": who}
        for who in ("ana", "bob")
        for part, p in zip(parts, ("40%", "60%"), strict=True)
    ]
    assert ledger.import_from("table", as_offered, dry_run=True).new["forecast"] == 2

"""What is typed is heeded or refused: an option said twice, a chance before its claim, a sheet where there is none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import InvalidValue, Ledger


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    line = CommandLine(tmp_path)
    assert line("init").exit_code == 0
    return line


@pytest.mark.parametrize(
    ("option", "first", "second"),
    [("--deadline", "2027", "2028"), ("--note", "wet", "dry"), ("--slug", "a", "b"), ("--settle-days", "3", "4")],
)
def test_an_option_of_one_value_is_said_once(run: CommandLine, option: str, first: str, second: str) -> None:
    others = [] if option == "--deadline" else ["--deadline", "2027"]

    for again in ([option, second], [f"{option}={second}"]):
        result = run("add", "It rains", *others, option, first, *again)
        assert result.exit_code == 2
        assert f"{option} is said once; it was given as {first!r} and {second!r}" in result.stderr


def test_an_option_that_is_repeated_for_several_still_is(run: CommandLine) -> None:
    run.says("add", "Who", "--deadline", "2027", "--tags", "a", "--tags", "b", "--options", "x,y", "-p", "x=40%",
             "-p", "y=60%")  # fmt: skip

    with Ledger(run.path, create=False) as ledger:
        assert ledger.tags == ["a", "b"]


@pytest.mark.parametrize(
    "typed", [["-p", "40%", "rain"], ["rain", "-p", "40%"], ["rain", "40%"], ["--p", "40%", "rain"]]
)
def test_a_chance_may_stand_before_its_claim(run: CommandLine, typed: list[str]) -> None:
    run.says("add", "It rains", "--deadline", "2027", "--slug", "rain")

    assert run.says("forecast", "--by", "bob", *typed).startswith("rain: bob 0.40, now\n")


def test_a_text_that_begins_with_a_sign_is_led_behind_the_options(run: CommandLine) -> None:
    said = run.refuses("add", "-5 degrees tonight", "--deadline", "2027")

    assert said == 'a text that begins with a sign stands behind all options and --: ... -- "-5 degrees tonight"'
    assert run.says("add", "--deadline", "2027", "--", "-5 degrees tonight").startswith("5-degrees-tonight ")


@pytest.mark.parametrize(
    ("file", "how"),
    [("a.csv", {"sheet": 2}), ("a.json", {"sheet": 2}), ("a.json", {"delimiter": ";"})],
)
def test_what_says_nothing_of_a_file_is_refused(
    ledger: Ledger, tmp_path: Path, file: str, how: dict[str, object]
) -> None:
    (tmp_path / "a.csv").write_text("text,deadline\nIt rains,2027\n")
    (tmp_path / "a.json").write_text('[{"text": "It rains", "deadline": "2027"}]')

    with pytest.raises(InvalidValue, match=f"{next(iter(how))}: .* says nothing of {file}; leave it out"):
        ledger.import_from("table", tmp_path / file, **how)


@pytest.mark.parametrize("how", [{"sheet": 2}, {"delimiter": ";"}, {"skip_lines": 1}])
@pytest.mark.parametrize(
    "rows", [[{"text": "It rains", "deadline": "2027"}], {"text": ["It rains"], "deadline": ["2027"]}]
)
def test_what_says_nothing_of_rows_that_are_no_file_is_refused(
    ledger: Ledger, rows: object, how: dict[str, object]
) -> None:
    for source in (rows, pd.DataFrame(rows)):
        with pytest.raises(
            InvalidValue, match=f"{next(iter(how))}: .* says nothing of rows and columns that are no file"
        ):
            ledger.import_from("table", source, **how)
    assert ledger.import_from("table", rows).new


TOLD_OF_TABLES = [
    ("--by", "bob"), ("--people", "Ann=ana"), ("--onto", "a=b"), ("--zone", "CET"), ("--source", "S"),
    ("--delimiter", ";"), ("--decimal", ","), ("--percent",), ("--sheet", "1"), ("--skip-lines", "2"),
    ("--days", "day-first"),
]  # fmt: skip


@pytest.mark.parametrize("option", TOLD_OF_TABLES)
@pytest.mark.parametrize("format_", [["ainews"], ["catalog", "c.toml"]])
def test_a_catalogue_refuses_what_is_told_of_tables_and_exports(
    run: CommandLine, format_: list[str], option: tuple[str, ...]
) -> None:
    said = run.refuses("import-from", *format_, *option)

    assert said == f"{option[0]} is for tables and exports; a catalogue says all itself, so leave it out"


@pytest.mark.parametrize("option", [one for one in TOLD_OF_TABLES if one[0] not in {"--people", "--onto", "--zone"}])
def test_an_export_refuses_what_is_told_of_tables(run: CommandLine, option: tuple[str, ...]) -> None:
    said = run.refuses("import-from", "fatebook", "export.csv", *option)

    assert said.startswith(f"{option[0]} is for tables; ")
    assert "{" not in said


@pytest.mark.parametrize("year", ["20277", "2027O", "99999999"])
def test_a_slip_of_a_year_is_no_day_of_a_spreadsheet(ledger: Ledger, year: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        ledger.add("It rains", deadline=year)

    assert "spreadsheet" not in str(refused.value)

"""Days of a table as spreadsheets of several countries spell them, read where something tells their order."""

from __future__ import annotations

import pytest

from predictions import InvalidValue, Ledger
from predictions.exchange.table.local_days import read_local_days
from predictions.records import Claim, Forecast, Resolution


def rows(*deadlines: str) -> list[dict[str, str]]:
    return [{"text": f"Thing {number}", "deadline": deadline} for number, deadline in enumerate(deadlines)]


def deadlines(ledger: Ledger) -> list[str]:
    return sorted(str(claim.record.deadline) for claim in ledger.snapshot().recorded(Claim))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("05.01.2028", "31.12.2027"), ["2027-12-31", "2028-01-05"]),
        (("1/5/2028", "12/31/2027"), ["2027-12-31", "2028-01-05"]),
        (("05-01-2028", "31-12-2027"), ["2027-12-31", "2028-01-05"]),
        (("5/1/2028", "2027-12-31", "13/2/2028"), ["2027-12-31", "2028-01-05", "2028-02-13"]),
        (("2028/1/5", "2027.12.31"), ["2027-12-31", "2028-01-05"]),
        (("05.05.2028",), ["2028-05-05"]),
    ],
)
def test_a_column_that_shows_its_order_is_read_in_it(
    ledger: Ledger, days: tuple[str, ...], expected: list[str]
) -> None:
    ledger.import_from("table", rows(*days))

    assert deadlines(ledger) == expected


def test_the_card_tells_which_order_was_read_in_which_column(ledger: Ledger) -> None:
    days = {"made_at": "12/31/2025", "p": "30%"}

    card = str(ledger.import_from("table", [row | days for row in rows("31.12.2027", "05.01.2028")], dry_run=True))

    assert "days        day first in deadline; month first in made_at" in card


@pytest.mark.parametrize(("order", "expected"), [("day-first", "2028-01-05"), ("month-first", "2028-05-01")])
def test_the_caller_says_the_order_that_no_day_shows(ledger: Ledger, order: str, expected: str) -> None:
    ledger.import_from("table", rows("05.01.2028"), days=order)

    assert deadlines(ledger) == [expected]


@pytest.mark.parametrize(
    ("days", "order", "words"),
    [
        (["05.01.2028"], None, "say 2028-05-01 or 2028-01-05; days='day-first' or 'month-first', if all are"),
        (["31.12.2027", "12.31.2027"], None, "is written otherwise here; say 2027-12-31"),
        (["31.12.2027", "12.31.2027", "05.01.2028"], None, "may be two days; say 2028-05-01 or 2028-01-05"),
        (["31.12.2027"], "month-first", "is written otherwise here; say 2027-12-31"),
        (["31.13.2027"], "day-first", "is in no calendar"),
        (["05.01.2028"], "dmy", "days: 'dmy' is neither day-first nor month-first"),
    ],
)
def test_what_may_be_two_days_or_none_is_refused(
    ledger: Ledger, days: list[str], order: str | None, words: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", rows(*days), days=order)

    assert words in " ".join(str(refused.value).split())
    assert deadlines(ledger) == []


def test_a_time_may_stand_behind_the_day(ledger: Ledger) -> None:
    found = read_local_days(["05.01.2028 9:30", "31.12.2027, 23:59:59"])

    assert found.column == ["2028-01-05T09:30", "2027-12-31T23:59:59"]


@pytest.mark.parametrize("words", [("ja", "nein"), ("VRAI", "FAUX"), ("Sí", "No"), ("y", "n"), ("Tak", "Nie")])
def test_a_verdict_may_be_said_in_the_language_of_the_spreadsheet(ledger: Ledger, words: tuple[str, str]) -> None:
    known = {"known_on": "2025-12-31", "opens_on": "2025-01-01"}
    verdicts = [row | known | {"outcome": word} for row, word in zip(rows("2025", "2025"), words, strict=True)]
    verdicts[1] |= {"impossible": words[0]}

    ledger.import_from("table", verdicts)

    assert [str(one.record.outcome) for one in ledger.snapshot().recorded(Resolution)] == ["yes", "no"]


def test_an_option_may_be_called_as_yes_is_in_some_language(ledger: Ledger) -> None:
    known = {"known_on": "2025-12-31", "opens_on": "2025-01-01", "options": "si; non; peut-être"}

    ledger.import_from("table", [rows("2025")[0] | known | {"outcome": "si"}])

    assert [one.record.option for one in ledger.snapshot().recorded(Resolution)] == ["si"]


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("01.03.2027=20%; 30.06.2027=60%", None, ["2027-03-01", "2027-06-30"]),
        ("01.03.2027=20%; 06.06.2027=60%", "day-first", ["2027-03-01", "2027-06-06"]),
        ("01/03/2027=20%; 06/06/2027=60%", "month-first", ["2027-01-03", "2027-06-06"]),
    ],
)
def test_days_that_chances_are_of_are_read_as_those_of_columns(
    ledger: Ledger, cell: str, order: str | None, expected: list[str]
) -> None:
    row = {"text": "Law", "deadline": expected[-1], "opens_on": "2026-01-01", "when": "yes", "p": cell}

    card = str(ledger.import_from("table", [row], days=order))

    (forecast,) = ledger.snapshot().all(Forecast)
    assert [str(by.day) for by in forecast.days][-2:] == expected
    assert "first in p" in card


def test_a_chance_by_one_of_two_days_is_refused(ledger: Ledger) -> None:
    row = {"text": "Law", "deadline": "2027-06-06", "when": "yes", "p": "01.03.2027=20%; 06.06.2027=60%"}

    with pytest.raises(InvalidValue, match=r"may be two\s+days"):
        ledger.import_from("table", [row])


def test_a_refused_outcome_is_quoted_as_it_stands_in_its_cell(ledger: Ledger) -> None:
    row = {"text": "Law", "deadline": "2099", "opens_on": "2026-03-01", "when": "yes", "outcome": "2026-01-15"}

    with pytest.raises(InvalidValue, match=r"outcome +row 1 +'2026-01-15'"):
        ledger.import_from("table", [row])

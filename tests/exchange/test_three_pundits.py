"""Twelve predictions by three pundits, said one by one or kept as a table: the same board, scorecard and report."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from command_line import CommandLine
from conftest import Clock
from spreadsheets import write_spreadsheet

from predictions import Ledger

ORACLE = ("Tech Oracle", "2025-01-06", "https://oracle.example/2025")
PROF = ("Prof Pundit", "2025-03-02", "https://pundit.example/prices")
MACRO = ("Macro Weekly", "2025-02-10", "https://macro.example/7")


class Said(NamedTuple):
    """One prediction: where it was said, what, until when, how likely, and what came of it."""

    where: tuple[str, str, str]
    text: str
    deadline: str
    chance: float | str
    verdict: tuple[str, str, str] | None = None


PREDICTIONS = (
    Said(ORACLE, "An AI lab will go public in 2025", "2025-12-31", "will", ("no", "2026-01-30", "none was listed")),
    Said(ORACLE, "GPT-9 is likely before 2031", "2030-12-31", "likely"),
    Said(ORACLE, "Half of all code is machine-written", "2026-06-30", 0.6, ("no", "2026-07-30", "a third")),
    Said(ORACLE, "A robot taxi drives in ten cities", "2025-12-31", 0.75, ("yes", "2025-11-03", "ten by then")),
    Said(PROF, "Prices will halve", "2026-03-31", "will", ("no", "2026-04-30", "they rose")),
    Said(PROF, "A recession is unlikely in 2025", "2025-12-31", "unlikely", ("no", "2026-01-30", "growth; all year")),
    Said(PROF, "The central bank cuts rates", "2025-09-30", 0.8, ("yes", "2025-09-04", "by a quarter")),
    Said(PROF, "The euro reaches 1.25 dollars", "2027-12-31", 0.35),
    Said(MACRO, "Inflation stays under 3 % in 2025", "2025-12-31", 0.7, ("yes", "2026-01-15", "2.4 %")),
    Said(MACRO, "Oil costs over 100 dollars", "2025-12-31", 0.125, ("no", "2026-01-30", "at most 84")),
    Said(MACRO, "Copper becomes scarce", "2026-12-31", "probably"),
    Said(MACRO, "The port strike ends in March", "2025-03-31", 0.9, ("yes", "2025-03-20", "an agreement")),
)
HEADER = ("text", "deadline", "by", "words", "p", "said_on", "link", "outcome", "known_on", "reason")


def european(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}.{month}.{year}"


def american(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(month)}/{int(day)}/{year}"


def cells(day: Callable[[str], str] = str, yes: str = "yes", no: str = "no", point: str = ".") -> Iterable[list[str]]:
    """The rows, with days, verdicts and numbers as a spreadsheet of some country writes them."""
    for (by, said_on, link), text, deadline, chance, verdict in PREDICTIONS:
        words, p = (chance, "") if isinstance(chance, str) else ("", str(chance).replace(".", point))
        outcome, known_on, reason = verdict or ("", "", "")
        told = {"yes": yes, "no": no, "": ""}[outcome]
        yield [text, day(deadline), by, words, p, day(said_on), link, told, known_on and day(known_on), reason]


def write_csv(path: Path, rows: Iterable[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADER, *rows])
    return path


def write_json(path: Path) -> Path:
    path.write_text(json.dumps([dict(zip(HEADER, row, strict=True)) for row in cells()]))
    return path


TABLES: dict[str, Callable[[Path], Path]] = {
    "csv": lambda path: write_csv(path / "f.csv", cells()),
    "german": lambda path: write_csv(path / "f.csv", cells(european, "ja", "nein", ","), ";", "utf-8-sig"),
    "french": lambda path: write_csv(path / "f.csv", cells(european, "VRAI", "FAUX", ","), "\t", "utf-16"),
    "american": lambda path: write_csv(path / "f.csv", cells(american, "TRUE", "FALSE")),
    "chinese": lambda path: write_csv(path / "f.csv", cells(lambda day: day.replace("-", "/"), "1", "0")),
    "xlsx": lambda path: write_spreadsheet(path / "f.xlsx", {"Sheet1": [list(HEADER), *cells()]}),
    "json": lambda path: write_json(path / "f.json"),
}  # fmt: skip


def screens(ledger: Ledger) -> str:
    """What is seen of a ledger, without its name and its head."""
    cards = [ledger.board(full=True), ledger.scorecard(full=True), *map(ledger.claim, slugs(ledger))]
    return re.sub(r" {2,}\S+\.db, head \S+", "", "\n".join(map(str, cards)))


def slugs(ledger: Ledger) -> list[str]:
    return sorted(str(row["claim"]) for row in ledger.board().rows())


@pytest.fixture
def quoted(clock: Clock, tmp_path: Path) -> Ledger:
    """The twelve as quotes, each with its verdict."""
    clock.set("2026-11-29T10:15Z")
    ledger = Ledger(tmp_path / "quoted.db", me="ed")
    for (by, said_on, link), text, deadline, chance, verdict in PREDICTIONS:
        how = {"words": chance} if isinstance(chance, str) else {"p": chance}
        claim = ledger.quote(by, text, deadline=deadline, said_on=said_on, link=link, **how)
        if verdict:
            ledger.resolve(claim, verdict[0], known_on=verdict[1], reason=verdict[2])
    return ledger


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_of_twelve_rows_shows_what_twelve_quotes_show(kind: str, quoted: Ledger, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "table.db", me="ed")
    days = {"german": "day-first", "french": "day-first", "american": "month-first"}.get(kind)

    taken = ledger.import_from("table", TABLES[kind](tmp_path), days=days)

    assert (taken.new["claim"], taken.new["forecast"]) == (12, 12)
    assert screens(ledger) == screens(quoted)
    assert not ledger.import_from("table", TABLES[kind](tmp_path), days=days).wrote


def test_what_is_typed_shows_the_same(quoted: Ledger, tmp_path: Path) -> None:
    run = CommandLine(tmp_path, me="ed")
    run("init")
    for (by, said_on, link), text, deadline, chance, verdict in PREDICTIONS:
        how = ["--words", chance] if isinstance(chance, str) else ["-p", str(chance)]
        said = run.says("quote", by, text, "--deadline", deadline, "--said-on", said_on, "--link", link, *how)
        if verdict:
            outcome, known_on, reason = verdict
            run.says("resolve", said.split()[0], outcome, "--known-on", known_on, "--reason", reason)

    assert screens(Ledger(run.path)) == screens(quoted)

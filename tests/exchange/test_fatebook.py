"""Fatebook's table and its objects: the traps of their format, and the number that its own column says."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from conftest import Clock
from fatebook_files import question, resolved, write

from forecasts.platforms import fatebook
from forecasts.standing import standing
from predictions import InvalidValue, Ledger
from predictions.records import Claim, Forecast

SAMPLES = Path(__file__).parent.parent / "data" / "platforms"
HEADER = next(csv.reader(StringIO((SAMPLES / "fatebook-csv" / "fatebook.csv").read_text("utf-8"))))
BRIER = "Your Brier score for this question"
ROW = {
    "Question title": "Does it rain?", "Forecast created by": "Ann", "Forecast (scale = 0-1)": "0.35",
    "Forecast created at": "2026-04-14 00:00:0", "Question created by": "Ann",
    "Question created at": "2026-04-14 00:00:0",
    "Question resolve by": "2026-06-30 00:00:0", "Resolution": "NO", "Resolved at": "2026-04-18 00:00:0",
    "Question shared publicly": "false",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set("2026-11-29")


def table(folder: Path, *rows: Mapping[str, str], header: list[str] = HEADER, mark: str = "") -> Path:
    """A file with those cells in the place of a row's own."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, header, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**ROW, **row} for row in rows)
    path = folder / "fatebook.csv"
    path.write_text(mark + text.getvalue(), "utf-8")
    return path


def claims(ledger: Ledger) -> list[Claim]:
    return [claim for claim in ledger.snapshot().all(Claim) if claim.slug.startswith("fatebook")]


@pytest.mark.parametrize(
    ("chances", "brier"),
    [
        ([("2026-04-14 00:00:0", 0.35)], 0.245),  # all the time, 2 * 0.35 ** 2
        ([("2026-04-14 00:00:0", 0.5), ("2026-04-16 00:00:0", 0.1)], 0.26),  # two days of 0.5, two of 0.02
    ],
)  # fmt: skip
def test_the_score_in_its_own_column_comes_out_of_what_was_imported(
    chances: list[tuple[str, float]], brier: float, ledger: Ledger, tmp_path: Path
) -> None:
    rows = [
        {"Forecast created at": at, "Forecast (scale = 0-1)": str(chance), BRIER: str(brier)} for at, chance in chances
    ]
    ledger.import_from("fatebook", table(tmp_path, *rows))
    snapshot, (claim,) = ledger.snapshot(), claims(ledger)

    made = [item.record for item in snapshot.forecasts_on(claim)]
    (verdict,) = [item.record for item in snapshot.resolutions_of(claim)]
    opens, closes = made[0].made_at, verdict.known_at
    assert closes is not None
    days = [(one.made_at - opens).total_seconds() / 86_400 for one in made]
    window = (closes - opens).total_seconds() / 86_400
    record = standing(days, [one.probability or 0 for one in made], opens=0, closes=window)

    assert fatebook(record, 0).absolute.tolist() == [pytest.approx(float(rows[0][BRIER]), abs=1e-12)]


@pytest.mark.parametrize(
    ("zone", "printed", "deadline"),
    [
        ("UTC", "2026-06-30 00:00:0", "2026-06-30"),
        ("Europe/Berlin", "2026-06-29 22:00:0", "2026-06-30"),  # summer
        ("Europe/Berlin", "2026-12-30 23:00:0", "2026-12-31"),  # winter
        ("America/New_York", "2026-06-30 04:00:0", "2026-06-30"),
        ("Asia/Kolkata", "2026-06-29 18:30:0", "2026-06-30"),
    ],
)
def test_a_day_to_resolve_by_is_that_which_was_picked_in_the_askers_zone(
    zone: str, printed: str, deadline: str, ledger: Ledger, tmp_path: Path
) -> None:
    taken = ledger.import_from("fatebook", table(tmp_path, {"Question resolve by": printed}), zone=zone)

    assert [str(claim.deadline) for claim in claims(ledger)] == [deadline]
    said = "read as UTC, the file having no zone; zone= says" if zone == "UTC" else f"read as picked in {zone}"
    assert f"days          {said}" in str(taken)


def test_days_that_change_with_the_zone_that_is_left_away_are_told_with_the_option(
    ledger: Ledger, tmp_path: Path
) -> None:
    file = table(tmp_path, {"Question resolve by": "2026-06-29 22:00:0"})
    ledger.import_from("fatebook", file, zone="Europe/Berlin")

    without, again = ledger.import_from("fatebook", file), ledger.import_from("fatebook", file, zone="Europe/Berlin")

    assert [change.what for change in without.changes] == ["deadline 2026-06-30 -> 2026-06-29"]
    assert "zone= says where they were" in str(without)
    assert (again.changes, len(str(again).splitlines())) == ((), 1)


@pytest.mark.parametrize(
    ("word", "outcomes"), [("YES", ["yes"]), ("NO", ["no"]), ("AMBIGUOUS", ["ambiguous"]), ("", [])]
)  # fmt: skip
def test_a_resolution_is_yes_no_or_ambiguous_and_an_empty_cell_none(
    word: str, outcomes: list[str], ledger: Ledger, tmp_path: Path
) -> None:
    ledger.import_from("fatebook", table(tmp_path, {"Resolution": word}))

    (claim,) = claims(ledger)
    assert [item.record.outcome for item in ledger.snapshot().resolutions_of(claim)] == outcomes


def test_a_mark_of_byte_order_and_columns_of_a_later_day_are_read_over(ledger: Ledger, tmp_path: Path) -> None:
    header = ["Something new", *HEADER]

    taken = ledger.import_from("fatebook", table(tmp_path, {"Something new": "x"}, header=header, mark="\ufeff"))

    assert (taken.new["claim"], taken.read) == (1, 1)


def test_a_file_before_tags_were_exported_is_read(ledger: Ledger, tmp_path: Path) -> None:
    ledger.import_from("fatebook", table(tmp_path, {}, header=HEADER[:-1]))

    assert [claim.tags for claim in claims(ledger)] == [()]


def test_a_header_that_lacks_a_column_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    header = [name for name in HEADER if name != "Resolved at"]

    with pytest.raises(InvalidValue, match=r"fatebook.csv has no column 'Resolved at'"):
        ledger.import_from("fatebook", table(tmp_path, {}, header=header))


def test_rows_of_one_question_agree_or_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    file = table(tmp_path, {}, {"Forecast created by": "Bob", "Resolution": "YES"})

    with pytest.raises(InvalidValue, match=r"Question title\s+row 2 .*\n?.*row 1 says something else"):
        ledger.import_from("fatebook", file)


def test_the_same_title_of_two_days_or_askers_is_two_questions(ledger: Ledger, tmp_path: Path) -> None:
    file = table(tmp_path, {}, {"Question created at": "2026-04-15 00:00:0"}, {"Question created by": "Bob"})

    assert ledger.import_from("fatebook", file).new["claim"] == 3


def test_the_answer_of_one_question_has_no_id_and_is_refused_in_plain_words(ledger: Ledger, tmp_path: Path) -> None:
    alone = {name: value for name, value in question("a").items() if name != "id"}
    path = tmp_path / "question.json"
    path.write_text(json.dumps(alone), "utf-8")

    with pytest.raises(InvalidValue, match=r"id +row 1") as refused:
        ledger.import_from("fatebook", path)

    assert "getQuestions" in " ".join(str(refused.value).split())


def test_questions_of_other_types_are_left_out_by_what_they_ask(ledger: Ledger, tmp_path: Path) -> None:
    types = ("MULTIPLE_CHOICE", "QUANTITY", "MULTIPLE_CHOICE", "BINARY")
    file = write(tmp_path, *(question(f"q{number}", type=one) for number, one in enumerate(types)))

    taken = ledger.import_from("fatebook", file)

    assert (taken.new["claim"], taken.left_out) == (1, {"question": {"no-answers": 2, "numeric": 1}})


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"resolution": "MAYBE"}, "resolution"),
        ({"resolution": "YES"}, "resolvedAt"),
        ({"type": "RIDDLE"}, "type"),
        ({"createdAt": "yesterday"}, "createdAt"),
        ({"resolveBy": 20260630}, "resolveBy"),
        ({"title": ["a"]}, "title"),
        ({"user": "Ann"}, "user"),
        ({"forecasts": {}}, "forecasts"),
        ({"forecasts": [{"forecast": "1.01", "createdAt": "2026-03-02T10:00:00Z"}]}, r"forecasts\[1\].forecast"),
        ({"tags": [{"name": 5.5}]}, r"tags\[1\].name"),
    ],
)
def test_what_cannot_be_read_is_refused_by_row_and_field(
    fields: dict[str, Any], column: str, ledger: Ledger, tmp_path: Path
) -> None:
    before = ledger.head()

    with pytest.raises(InvalidValue, match=rf"1 of 2 rows\n  {column}\s+row 2"):
        ledger.import_from("fatebook", write(tmp_path, question("a"), question("b", **fields)))

    assert ledger.head() == before


def test_it_is_typed_as_it_is_said_in_python(ledger: Ledger, tmp_path: Path) -> None:
    pier = question("pier", "", ("Ann", "2026-03-02T10:00:00.000Z", 0.35), **resolved("NO"))
    file, run = write(tmp_path, pier), CommandLine(tmp_path)

    typed = run.says(
        "import-from", "fatebook", str(file), "--people", "Ann=ana", "--zone", "Europe/Lisbon", "--dry-run"
    )
    said = ledger.import_from("fatebook", file, people={"Ann": "ana"}, zone="Europe/Lisbon", dry_run=True)

    assert typed.split() == said.screen(typed=True).split()


def test_a_comment_on_a_forecast_is_its_note_and_those_on_the_question_are_counted(
    ledger: Ledger, tmp_path: Path
) -> None:
    ann = {"forecast": "0.3", "user": {"name": "Ann"}, "createdAt": "2026-04-17T00:00:00.000Z", "comment": "a hunch"}
    file = write(tmp_path, question("one", forecasts=[ann], comments=[{"comment": "why?"}, {"comment": "so"}]))

    taken = ledger.import_from("fatebook", file)

    assert [one.note for one in ledger._store.standing(Forecast)] == ["a hunch"]
    assert (taken.left_out, taken.unsaid) == ({}, {"comment": {"no-place": 2}})
    assert "left out      2 comments: 2 have no place in a ledger" in str(taken).splitlines()


def test_pages_that_overlap_are_counted_once(ledger: Ledger, tmp_path: Path) -> None:
    hidden = {"forecast": None, "user": None, "createdAt": "2026-04-15T00:00:00.000Z"}
    nameless = {"forecast": "0.4", "user": None, "createdAt": "2026-04-16T00:00:00.000Z"}
    ann = {"forecast": "0.3", "user": {"name": "Ann"}, "createdAt": "2026-04-17T00:00:00.000Z"}
    later = {**ann, "forecast": "0.5"}
    both = question("both", forecasts=[hidden, hidden, nameless, ann, later])
    pages = [
        write(tmp_path, both, question("first", forecasts=[hidden]), name="1.json"),
        write(tmp_path, both, question("second", forecasts=[hidden, nameless]), name="2.json"),
    ]

    taken = ledger.import_from("fatebook", *pages)

    assert taken.left_out == {"forecast": {"hidden": 4, "no-forecaster": 2, "same-moment": 1}}
    assert (taken.new["claim"], taken.new["forecast"], taken.repeated) == (3, 1, 2)

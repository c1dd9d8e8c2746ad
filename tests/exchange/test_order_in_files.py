"""Files that list the same questions, answers and forecasts in another order say the same, and change nothing."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from itertools import permutations
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from conftest import Clock
from fatebook_files import question, write
from test_joint_runs import samples_of_one_day

from predictions import Ledger
from predictions.enums import PLATFORMS
from predictions.records import Claim, Forecast

TODAY = "2026-11-29"
AT = "Forecast created at"
PARALLEL = {"outcomes", "outcomePrices", "clobTokenIds"}  # lists of Polymarket, each as a text
SAMPLES = [(platform, files) for platform in PLATFORMS for files in samples_of_one_day(platform)]


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set(TODAY)


def backwards(content: bytes) -> bytes:
    """The same file with rows and objects from last to first."""
    if content.startswith(b"PK"):
        packed = BytesIO()
        with ZipFile(BytesIO(content)) as archive, ZipFile(packed, "w") as written:
            for name in archive.namelist():
                member = archive.read(name)
                written.writestr(name, backwards(member) if name.endswith("_data.csv") else member)
        return packed.getvalue()
    if content.lstrip()[:1] in {b"{", b"["}:
        return json.dumps(turned(json.loads(content))).encode()
    try:
        header, *rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError:  # one of the samples is UTF-16
        return content
    turned_rows = rows[::-1]
    if AT in header:  # of two in one second the later row counts, so these stay in their order
        turned_rows = sorted(rows, key=lambda row: row[header.index(AT)], reverse=True)
    text = StringIO(newline="")
    csv.writer(text).writerows([header, *turned_rows])
    return text.getvalue().encode()


def turned(found: Any) -> Any:  # whatever JSON holds
    if isinstance(found, list):
        listed = [turned(item) for item in found]
        return listed[::-1] if all(isinstance(item, dict) for item in listed) else listed
    if not isinstance(found, dict):
        return found
    fields = {key: turned(value) for key, value in found.items()}
    for key in PARALLEL & fields.keys():
        fields[key] = json.dumps(json.loads(fields[key])[::-1])
    return fields


@pytest.mark.parametrize(("platform", "files"), SAMPLES, ids=[files[0].parent.name for _, files in SAMPLES])
def test_the_same_in_another_order_adds_and_changes_nothing(
    platform: str, files: list[Path], ledger: Ledger, tmp_path: Path
) -> None:
    first = ledger.import_from(platform, *files)
    turned_files = [tmp_path / f"{number}-{path.name}" for number, path in enumerate(files)]
    for path, other in zip(files, turned_files, strict=True):
        other.write_bytes(backwards(path.read_bytes()))

    again = ledger.import_from(platform, *turned_files[::-1])

    assert (dict(again.new), again.changes) == ({}, ())
    assert again.stand == {noun: first.new[noun] for noun in again.stand}


ANSWERS = [("a1", "Lab A"), ("a2", "lab-a"), ("a3", "Nobody, yet")]  # two of which would have one slug


def who(answers: list[tuple[str, str]], *said: tuple[str, dict[str, float]]) -> dict[str, Any]:
    forecasts = [
        {"forecast": str(chance), "createdAt": made_at, "optionId": key, "user": {"name": "Ann"}}
        for made_at, chances in said for key, chance in chances.items()
    ]  # fmt: skip
    options = [{"id": key, "text": text, "resolution": None, "resolvedAt": None} for key, text in answers]
    return question("who", "Who?", type="MULTIPLE_CHOICE", options=options, forecasts=forecasts, exclusiveAnswers=True)


EARLY, LATE = ("2026-03-02T08:00:00.000Z", "2026-04-02T08:00:00.000Z")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_new_forecast_on_answers_listed_otherwise_stands_under_their_names(
    order: tuple[int, ...], ledger: Ledger, tmp_path: Path
) -> None:
    first, then = (EARLY, {"a1": 0.5, "a2": 0.3, "a3": 0.1}), (LATE, {"a3": 0.2, "a1": 0.1, "a2": 0.6})
    ledger.import_from("fatebook", write(tmp_path, who(ANSWERS, first)))

    later = ledger.import_from("fatebook", write(tmp_path, who([ANSWERS[place] for place in order], then, first)))

    assert (dict(later.new), later.changes, later.left_out) == ({"forecast": 1}, (), {})
    assert shares(ledger, "fatebook-who") == [
        {"lab-a": 0.5, "lab-a-2": 0.3, "nobody-yet": 0.1, "other": 0.1},
        {"lab-a": 0.1, "lab-a-2": 0.6, "nobody-yet": 0.2, "other": 0.1},
    ]


def shares(ledger: Ledger, claim: str) -> list[dict[str, float]]:
    snapshot = ledger.snapshot()
    made: list[Forecast] = [item.record for item in snapshot.forecasts_on(snapshot.find(Claim, claim))]
    return [
        {share.option: share.share for share in one.shares} for one in sorted(made, key=lambda one: str(one.made_at))
    ]


def test_two_files_of_one_run_may_list_the_answers_otherwise(ledger: Ledger, tmp_path: Path) -> None:
    first, then = (EARLY, {"a1": 0.5, "a2": 0.3, "a3": 0.1}), (LATE, {"a3": 0.2, "a1": 0.1, "a2": 0.6})
    files = [
        write(tmp_path, who(ANSWERS, first)),
        write(tmp_path, who(ANSWERS[::-1], then, first), name="later.json"),
    ]

    taken = ledger.import_from("fatebook", *files)

    assert (taken.new["forecast"], taken.repeated, taken.left_out) == (2, 1, {})
    assert [one["lab-a-2"] for one in shares(ledger, "fatebook-who")] == [0.3, 0.6]


@pytest.mark.parametrize(
    ("first", "then", "changed"),
    [("a; b; c", "c; a; b", 0), ("a; b; c", "a; b; d; c", 1), ("a; b; c", "a < b < c", 1),
     ("a < b < c", "a < b < c", 0), ("a < b < c", "b < a < c", 1)],
)  # fmt: skip
def test_a_table_may_list_the_options_of_a_choice_in_any_order_and_others_in_theirs(
    first: str, then: str, changed: int, ledger: Ledger
) -> None:
    row = {"claim": "who", "text": "Who?", "deadline": "2027-01-31", "said_on": "2026-11-28", "options": first,
           "p": "a=50%; b=30%; c=20%"}  # fmt: skip
    ledger.import_from("table", [row])

    again = ledger.import_from("table", [{**row, "options": then, "p": None, "note": None}])

    assert (dict(again.new), len(again.changes)) == ({}, changed)

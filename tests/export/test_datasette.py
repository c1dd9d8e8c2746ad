"""Datasette shows a ledger with labels, facets and canned questions: run in real Datasette processes."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger, ainews
from predictions.export.datasette import datasette_files, write_datasette
from predictions.importing.forecasts import RECORDS_AT_MOST


@pytest.fixture
def shown(clock: Clock, tmp_path: Path) -> Path:
    """A ledger of the catalogue with a forecast and a verdict, and the two files beside it."""
    clock.set("2026-11-22")
    with Ledger(tmp_path / "my ledger.db", me="ana") as ledger:
        ledger.register(ainews())
        ledger.forecast("exec-defections", 0.72)
        slug = ledger.add("It rains in Lisbon", deadline="2026-11-30", p=0.9)
        ledger.resolve(slug, "yes", happened_on="2026-11-22", known_on="2026-11-22", reason="it rained")
    write_datasette(tmp_path / "my ledger.db", tmp_path)
    return tmp_path


def asked(folder: Path, address: str) -> subprocess.CompletedProcess[str]:
    """What Datasette answers at an address, and whether it was content."""
    command = [sys.executable, "-m", "datasette", "serve", "-i", str(folder / "my ledger.db"), "--metadata",
               str(folder / "metadata.json"), "--get", address]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def rows(folder: Path, address: str) -> list[dict[str, object]]:
    answer = asked(folder, f"/my~20ledger/{address}")
    assert answer.returncode == 0, answer.stdout[-500:] + answer.stderr[-500:]
    found = json.loads(answer.stdout)
    return list(found["rows"] if isinstance(found, dict) else found)


def test_every_canned_question_is_answered(shown: Path) -> None:
    questions = json.loads((shown / "metadata.json").read_text("utf-8"))["databases"]["my ledger"]["queries"]
    typed = {"one_claim": "&claim=exec-defections", "search": "&word=institute", "recorded_since": "&day=2026-01-01"}

    addresses = [f"/my~20ledger/{name}.json?_shape=array{typed.get(name, '')}" for name in questions]
    answered = answers(shown / "my ledger.db", (shown / "metadata.json").read_text("utf-8"), addresses)
    found = {name: json.loads(text) for name, (_, text) in zip(questions, answered, strict=True)}

    assert len(found) == 6
    assert all(found.values())
    assert [row["slug"] for row in found["open_claims"]][:2] == ["institute-2026", "exec-defections"]
    assert [row["outcome"] for row in found["how_they_came_out"]] == ["yes"]
    assert {"claim": "exec-defections", "forecaster": "ana", "probability": 0.72}.items() <= next(
        row for row in found["last_forecasts"] if row["forecaster"] == "ana" and row["claim"] == "exec-defections"
    ).items()


WINDOW = {"opens_on": "2026-01-01", "deadline": "2026-12-31"}
SAID = {  # what each forecaster says of each type of claim, and what is read of it
    "rain": ("ana", {"p": 0.72}, "0.72"),
    "snow": ("ben", {"low": 0.2, "high": 0.45}, "0.2 to 0.45"),
    "hail": ("cy", {"words": "likely"}, "0.75 (0.6 to 0.9)"),
    "mayor": ("ana", {"p": {"zoe": 0.1, "adam": 0.6, "mia": 0.3}}, "zoe 0.1, adam 0.6, mia 0.3"),
    "grade": ("ben", {"p": {"low": 0.25, "high": 0.75}}, "low 0.25, high 0.75"),
    "cars": ("ana", {"quantiles": {0.1: 2.5, 0.9: 10}}, "<= 2.5: 0.1, <= 10: 0.9"),
    "law": ("ben", {"p": {"2026-06-30": 0.3, "2026-12-31": 0.6}}, "2026-06-30: 0.3, 2026-12-31: 0.6"),
}


@pytest.fixture
def of_every_type(clock: Clock, tmp_path: Path) -> Path:
    """A forecast on a claim of every type, two more that no longer stand, verdicts, and the two files."""
    asked_for: dict[str, dict[str, object]] = {
        "rain": {}, "snow": {}, "hail": {}, "mayor": {"options": ["zoe", "adam", "mia"]},
        "grade": {"options": ["low", "high"], "ordered": True}, "law": {"when": True},
        "cars": {"unit": "million", "between": (0, 20)},
    }  # fmt: skip
    with Ledger(tmp_path / "my ledger.db", me="ana") as ledger:
        for slug, of_type in asked_for.items():
            ledger.add(f"The {slug} of the year", slug=slug, **WINDOW, **of_type)
        ledger.forecast("mayor", {"zoe": 1, "adam": 0, "mia": 0})
        ledger.forecast("law", {"2026-12-31": 0.5}, by="cy", kind="person")
        for slug, (who, said, _) in SAID.items():
            ledger.forecast(slug, by=who, kind=None if who == "ana" else "person", **said)
        ledger.withdraw("law", by="cy")
        clock.set("2027-01-20")
        for slug, outcome in {"mayor": "adam", "grade": "high", "cars": 6.5}.items():
            ledger.resolve(slug, outcome, known_on="2027-01-10", reason="counted")
        ledger.resolve("law", "yes", happened_on="2026-09-01", known_on="2026-09-01", reason="signed")
    write_datasette(tmp_path / "my ledger.db", tmp_path)
    return tmp_path


def test_views_and_tables_tell_what_was_said_of_every_type(of_every_type: Path) -> None:
    names = (
        "last_forecasts", "forecasts", "claims", "forecast_shares", "forecast_points", "forecast_days",
        "how_they_came_out", "open_claims", "search",
    )  # fmt: skip
    addresses = [f"/my~20ledger/{name}.json?_shape=array{'&word=adam' * (name == 'search')}" for name in names]
    answered = answers(of_every_type / "my ledger.db", (of_every_type / "metadata.json").read_text("utf-8"), addresses)
    now, ever, claims, shares, points, days, outcomes, still_open, with_adam = (
        json.loads(text) for _, text in answered
    )

    assert {row["claim"]: (row["forecaster"], row["said"]) for row in now} == {
        claim: (who, told) for claim, (who, _, told) in SAID.items()
    }
    assert {row["claim"]: row["unit"] for row in now if row["unit"]} == {"cars": "million"}
    earlier = {"zoe 1, adam 0, mia 0", "2026-12-31: 0.5", "withdrawn"}
    assert {row["said"] for row in ever} == earlier | {told for _, _, told in SAID.values()}
    assert {row["slug"]: row["options"] for row in claims if row["options"]} == {
        "mayor": "zoe, adam, mia", "grade": "low, high",
    }  # fmt: skip
    assert (len(shares), len(points), len(days)) == (3 + 3 + 2, 2, 1 + 2)
    assert {row["slug"]: (row["outcome"], row["happened"]) for row in outcomes} == {
        "mayor": ("adam", None), "grade": ("high", None), "cars": ("6.5 million", None), "law": ("yes", "2026-09-01"),
    }  # fmt: skip
    assert {row["slug"] for row in still_open} == {"rain", "snow", "hail"}
    assert [row["name"] for row in with_adam] == ["mayor"]


def test_names_stand_in_place_of_numbers_and_facets_are_few(shown: Path) -> None:
    labelled = rows(shown, "forecast.json?_labels=on&_shape=objects")
    page = asked(shown, "/my~20ledger/evidence_by_claim").stdout
    home = asked(shown, "/").stdout

    assert {row["claim"]["label"] for row in labelled if isinstance(row["claim"], dict)} >= {
        "Two more technology chiefs join frontier labs"
    }
    assert re.search(r'data-column="bears"|facet-bears', page)
    assert "supports, opposes, near-miss" in page
    assert 'href="my~20ledger/open_claims"' in home


def test_free_sql_is_off_and_the_questions_stay(shown: Path) -> None:
    assert asked(shown, "/my~20ledger.json?sql=select+1").returncode != 0
    assert rows(shown, "open_claims.json?_shape=array")


def test_free_sql_can_be_asked_for(shown: Path) -> None:
    write_datasette(shown / "my ledger.db", shown, free_sql=True)

    answer = asked(shown, "/my~20ledger.json?sql=select+7+as+n&_shape=array")

    assert json.loads(answer.stdout) == [{"n": 7}]


def test_the_files_name_only_what_there_is(shown: Path) -> None:
    told = json.loads((shown / "metadata.json").read_text("utf-8"))["databases"]["my ledger"]["tables"]
    connection = sqlite3.connect(shown / "my ledger.db")
    names = {name for (name,) in connection.execute("select name from sqlite_schema where type in ('table', 'view')")}
    columns = {name: {row[1] for row in connection.execute(f'pragma table_info("{name}")')} for name in names}
    connection.close()

    assert set(told) <= names | {"_sqlite_migrations"}
    visible = {name: table for name, table in told.items() if "hidden" not in table}
    assert len(visible) == 17
    for name, table in visible.items():
        used = {*table.get("facets", []), *table.get("columns", {})}
        used |= {table[key] for key in ("sort", "sort_desc", "label_column") if key in table}
        assert used <= columns[name], name
    assert names - set(told) == set()


ASKER = """
import asyncio, json, sys
from datasette.app import Datasette

async def ask(path, metadata, addresses):
    shown = Datasette(immutables=[path], metadata=json.loads(metadata) if metadata else None)
    found = [await shown.client.get(address) for address in addresses]
    return [(answer.status_code, answer.text) for answer in found]

print(json.dumps(asyncio.run(ask(sys.argv[1], sys.argv[2], sys.argv[3:]))))
"""


def answers(path: Path, metadata: str, addresses: list[str]) -> list[tuple[int, str]]:
    """With which status, and what, one Datasette answers at many addresses."""
    command = [sys.executable, "-W", "ignore", "-c", ASKER, str(path), metadata, *addresses]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return [(status, text) for status, text in json.loads(done.stdout)]


@pytest.fixture
def imported(clock: Clock, tmp_path: Path) -> Path:
    """A ledger with an import in blocks, another in records, and the copy of it beside."""
    count = RECORDS_AT_MOST + 500
    dump = {
        "claim": ["rain"] * count, "forecaster": ["model"] * count, "probability": [0.25] * count,
        "made_at": [1_767_200_000_000_000 + number * 1_000_000 for number in range(count)],
    }  # fmt: skip
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.add("It rains in Lisbon", deadline="2026-11-30", opens_on="2025-12-01", p=0.9, slug="rain")
        clock.set("2026-02-01")
        ledger.import_forecasts(dump)
        ledger.import_forecasts([("rain", "crowd", "2026-01-20", 0.4)])
        ledger.export("sqlite", tmp_path / "copy.db")
    return tmp_path


def test_every_page_of_a_ledger_with_blocks_is_shown(imported: Path) -> None:
    metadata = datasette_files("ledger")["metadata.json"]
    names = list(json.loads(metadata)["databases"]["ledger"]["tables"])
    pages = ["/", "/ledger", *(f"/ledger/{name}{ending}" for name in names for ending in ("", ".json"))]

    found = answers(imported / "ledger.db", metadata, pages)

    assert {"/ledger/block", "/ledger/import_list", "/ledger/imports"} <= {*pages}
    assert {page: status for page, (status, _) in zip(pages, found, strict=True) if status != 200} == {}


def test_every_page_of_the_copy_is_shown(imported: Path) -> None:
    tables = ["claims", "forecasters", "forecasts", "resolutions", "meta"]
    pages = ["/", "/copy", *(f"/copy/{name}{ending}" for name in tables for ending in ("", ".json"))]
    pages += ["/copy/claims/rain", "/copy/forecasts?claim=rain&_facet=forecaster", "/copy/forecasts.json?_labels=on"]

    found = answers(imported / "copy.db", "", pages)

    assert {page: status for page, (status, _) in zip(pages, found, strict=True) if status != 200} == {}


def test_the_views_show_imports_by_name_and_hide_their_bytes(imported: Path) -> None:
    tables = json.loads(datasette_files("ledger")["metadata.json"])["databases"]["ledger"]["tables"]
    with closing(sqlite3.connect(imported / "ledger.db")) as connection:
        shown = connection.execute("select number, forecasts, claims, blocks > 0, recorded_at from imports").fetchall()
        forecasters = connection.execute("select forecaster, probability from forecasts order by made_at").fetchall()

    assert [row[:4] for row in shown] == [(1, RECORDS_AT_MOST + 500, 1, 1), (2, 1, 1, 0)]
    assert all(str(row[4]).startswith("2026-02-01T09:") for row in shown)
    assert forecasters == [("ana", 0.9), ("crowd", 0.4)], "small imports are rows of the view"
    assert all(tables[name] == {"hidden": True} for name in ("import", "import_list", "block"))


def test_both_files_say_the_same_and_the_same_again() -> None:
    first, again = datasette_files("a"), datasette_files("a")

    assert first == again
    metadata, config = (json.loads(first[name]) for name in ("metadata.json", "datasette.json"))
    assert metadata["databases"] == config["databases"]
    assert config["databases"]["a"]["allow_sql"] == {"id": "nobody"}


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_refused(tmp_path: Path) -> None:
    write_datasette(tmp_path / "a.db", tmp_path / "new")

    assert (tmp_path / "new" / "metadata.json").exists()
    for place in (tmp_path / "no" / "where", tmp_path / "new" / "metadata.json"):
        with pytest.raises(InvalidValue, match="cannot make the folder"):
            write_datasette(tmp_path / "a.db", place)

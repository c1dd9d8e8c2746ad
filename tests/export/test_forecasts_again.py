"""Forecasts go out as CSV and Parquet, and come back as the same forecasts: records, and those in blocks."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from predictions import InvalidValue, Ledger
from predictions.exchange.written import Exported, Written
from predictions.importing.forecasts import RECORDS_AT_MOST
from predictions.records import Claim, Forecast

TODAY = "2026-03-15"
HEADER = "claim,forecaster,made_at,probability,option,day,at,low,high,words,scale,withdrawn,because,shown,note"
KEPT = "claim,forecaster,made_at,probability,low,high,words,scale,withdrawn,because,shown,note,shares,points,days"
NOTES = ["=1+1", "'=1+1", 'two\nlines, "quoted"', "'tis", "# no comment", "-5 degrees", "@all", "plain", "a\tb"]


def claims(ledger: Ledger) -> None:
    for number in range(4):
        ledger.add(f"It rains {number}", deadline="2099-12-31", slug=f"rain-{number}", opens_on="2026-01-01")
    ledger.log_evidence("rain-0", "https://a.example/x", "A cloud", slug="cloud")


@pytest.fixture
def full(clock: Clock, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with forecasts of every form on yes-no claims."""
    clock.set(TODAY)
    with Ledger(tmp_path / "full.db", me="ana") as ledger:
        claims(ledger)
        for number, note in enumerate(NOTES):
            ledger.forecast("rain-0", 0.1 + number / 100, note=note, by=f"p-{number}", made_at="2026-02-01")
        ledger.forecast("rain-1", 1 / 3, because="cloud", made_at="2026-02-01T10:00:00.000001Z")
        ledger.forecast("rain-1", low="20%", high="40%", by="ben", made_at="2026-02-02")
        ledger.forecast("rain-1", "30%", low="20%", high="40%", by="ben", made_at="2026-02-03")
        ledger.forecast("rain-2", words="likely", by="ben", made_at="2026-02-02")
        ledger.forecast("rain-2", words="as good as done", low="90%", high="99%", by="cy", made_at="2026-02-02")
        ledger.withdraw("rain-2", by="ben", made_at="2026-02-04", note="no longer")
        ledger.import_forecasts([{"claim": "rain-3", "forecaster": "dan", "made_at": "2026-02-01", "p": 0.5,
                                  "shown": True}])  # fmt: skip
        yield ledger


def in_blocks(ledger: Ledger) -> None:
    """Import so many forecasts that they become blocks, some of them withdrawals."""
    start = 1_767_225_600_000_000
    count = RECORDS_AT_MOST + 50
    ledger.import_forecasts(
        {
            "claim": [f"rain-{n % 4}" for n in range(count)],
            "forecaster": [f"model-{n % 9}" for n in range(count)],
            "made_at": [start + n * 1_000_003 for n in range(count)],
            "probability": [None if n % 97 == 0 else n % 101 / 100 for n in range(count)],
            "withdrawn": [n % 97 == 0 for n in range(count)],
        }
    )


def forecasts(ledger: Ledger, folder: Path) -> list[tuple[object, ...]]:
    """Every forecast as it stands in the plain copy of a ledger, without who recorded it and where it was published."""
    copy = folder / "plain.db"
    copy.unlink(missing_ok=True)
    ledger.export("sqlite", copy)
    query = f"select {KEPT} from forecasts order by claim, forecaster, made_at, entry"
    with closing(sqlite3.connect(copy)) as connection:
        rows = connection.execute(query).fetchall()
    return list({row[:3]: row for row in rows}.values())  # the last of each key is the latest


def again(file: Path, folder: Path, door: str) -> list[tuple[object, ...]]:
    """What a new ledger of the same claims holds once a file was read into it."""
    with Ledger(folder / f"again-{door}.db", me="ana") as ledger:
        claims(ledger)
        if door == "import_forecasts":
            ledger.import_forecasts(file)
        else:
            ledger.import_from("table", file)
        return forecasts(ledger, folder)


def written(ledger: Ledger, form: str, folder: Path) -> Path:
    if form == "csv":
        return ledger.export("csv", folder / "out.csv").file  # type: ignore[union-attr]  # rows were written
    ledger.export("parquet", folder / "out")
    return folder / "out" / "forecasts" / "part-00000.parquet"


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_forecasts_come_back_as_they_were(form: str, full: Ledger, tmp_path: Path) -> None:
    file = written(full, form, tmp_path)

    assert len(forecasts(full, tmp_path)) == len(NOTES) + 7
    assert again(file, tmp_path, "import_forecasts") == forecasts(full, tmp_path)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_forecasts_in_blocks_come_back_as_they_were(form: str, full: Ledger, tmp_path: Path) -> None:
    in_blocks(full)
    full.import_forecasts({"claim": ["rain-0"], "forecaster": ["model-0"], "made_at": ["2026-03-01"],
                           "probability": [0.25]}, published_in=None)  # fmt: skip

    file = written(full, form, tmp_path)

    assert len(forecasts(full, tmp_path)) == len(NOTES) + 8 + RECORDS_AT_MOST + 50
    assert again(file, tmp_path, "import_forecasts") == forecasts(full, tmp_path)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_table_reads_them_too_but_for_what_it_has_no_column_for(form: str, full: Ledger, tmp_path: Path) -> None:
    known = [(*row[:9], row[11]) for row in forecasts(full, tmp_path)]

    found = again(written(full, form, tmp_path), tmp_path, "table")

    assert [(*row[:9], row[11]) for row in found] == known


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_is_written_adds_nothing_to_the_ledger_it_is_of(form: str, full: Ledger, tmp_path: Path) -> None:
    in_blocks(full)
    file = written(full, form, tmp_path)

    done = full.import_forecasts(file)

    assert (done.forecasts, done.already) == (0, len(NOTES) + 7 + RECORDS_AT_MOST + 50)


def test_the_file_is_plain(full: Ledger, tmp_path: Path) -> None:
    full.export("csv", tmp_path / "out.csv")

    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert ",".join(header) == HEADER
    assert ["rain-1", "ana", "2026-02-01T10:00:00.000001Z", "0.333333333333", *[""] * 8, "cloud", "", ""] in rows
    assert ["rain-2", "ben", "2026-02-02T23:59:59.999999Z", *[""] * 6, "likely", "house", *[""] * 4] in rows
    assert [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "#"}] == []


def test_a_correction_stands_in_the_place_of_its_row_in_a_block(full: Ledger, tmp_path: Path) -> None:
    in_blocks(full)
    full.forecast("rain-1", "99%", by="model-1", made_at="2026-01-01T00:00:01.000003Z", reason="a slip")

    file = written(full, "csv", tmp_path)

    found = [row for row in again(file, tmp_path, "import_forecasts") if row[:2] == ("rain-1", "model-1")]
    assert found[0][3] == 0.99
    assert found == [row for row in forecasts(full, tmp_path) if row[:2] == ("rain-1", "model-1")]


def test_what_is_lost_is_told_with_its_count(full: Ledger, tmp_path: Path) -> None:
    full.import_from("catalog", catalogue(tmp_path))
    full.import_forecasts([("rain-0", "eve", "2026-02-01T10:00:00Z", 0.5)], published_in="site")
    full.forecast("rain-1", "31%", made_at="2026-02-01T10:00:00.000001Z", reason="a slip")

    rows, table, plain = full.export("csv", tmp_path / "a.csv"), full.export("parquet", tmp_path / "p"), full.export(
        "sqlite", tmp_path / "c.db")  # fmt: skip

    lost = {one.what: one.count for one in rows.lost}  # type: ignore[union-attr]
    assert lost == {"which publication carries a forecast": 1, "earlier wordings of corrected forecasts": 1}
    assert isinstance(table, Exported)
    assert isinstance(plain, Written)
    others = {"statements": 4, "sources": 2, "pieces of evidence": 1, "bearings": 1}
    assert {one.what: one.count for one in table.lost} == {**lost, **others}
    assert {one.what: one.count for one in plain.lost} == others
    assert "no place for  bearings: 1" in str(plain)
    assert str(rows).endswith("not in it     who recorded what, and when")


def catalogue(folder: Path) -> Path:
    file = folder / "site.toml"
    file.write_text('format = 1\n[[source]]\nslug = "site"\ntitle = "Site"\nkind = "platform"\n', "utf-8")
    return file


def test_nothing_is_written_over_but_an_export_of_its_kind(full: Ledger, tmp_path: Path) -> None:
    full.export("csv", tmp_path / "out.csv")
    mine = "claim,forecaster,made_at,probability\nrain-0,ben,2026-02-01,0.5\n"
    (tmp_path / "mine.csv").write_text(mine, "utf-8")

    full.export("csv", tmp_path / "out.csv")
    with pytest.raises(InvalidValue, match="is there already, and is something else"):
        full.export("csv", tmp_path / "mine.csv")

    assert (tmp_path / "mine.csv").read_text("utf-8") == mine


def test_a_withdrawal_with_a_number_is_refused(full: Ledger) -> None:
    row = {"claim": "rain-0", "by": "ana", "made_at": "2026-02-09", "p": 0.3, "withdrawn": "yes"}

    with pytest.raises(InvalidValue, match="a withdrawal carries no probability"):
        full.import_from("table", [row])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(
    st.tuples(
        st.sampled_from([f"rain-{n}" for n in range(4)]), st.sampled_from(["p", "q"]), st.integers(1, 10**6),
        st.one_of(st.none(), st.integers(0, 10**12).map(lambda n: n / 10**12)),
        st.one_of(st.none(), st.sampled_from(NOTES), st.text("ab'=+-@#\"\n,;", min_size=1).filter(str.strip)),
    ),
    min_size=1, unique_by=lambda row: row[:3],
))  # fmt: skip
def test_whatever_was_said_comes_back(rows: list[Any], clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> None:
    clock.set(TODAY)
    folder = tmp_path_factory.mktemp("any")
    names = ("claim", "forecaster", "made_at", "probability", "withdrawn", "note")
    made = [(*row[:2], 1_767_225_600_000_000 + row[2] * 10**6, row[3], row[3] is None, row[4]) for row in rows]
    with Ledger(folder / "any.db", me="ana") as ledger:
        claims(ledger)
        ledger.import_forecasts([dict(zip(names, row, strict=True)) for row in made])

        for form in ("csv", "parquet"):
            target = folder / form
            target.mkdir()
            assert again(written(ledger, form, target), target, "import_forecasts") == forecasts(ledger, target)


def asked_otherwise(ledger: Ledger) -> None:
    ledger.add("Which lab?", slug="lab", deadline="2099", options=["a", "b", "c"], opens_on="2026-01-01")
    ledger.add("How far?", slug="rank", deadline="2099", options=["a", "b"], ordered=True, opens_on="2026-01-01")
    ledger.add("Cars", slug="cars", deadline="2099", unit="million", between=(-5, 10), opens_on="2026-01-01")
    ledger.add("When?", slug="law", deadline="2099", when=True, opens_on="2026-01-01")


@pytest.fixture
def kinds(full: Ledger) -> Ledger:
    """The same ledger with forecasts of options, values and days: by hand, and imported."""
    asked_otherwise(full)
    full.forecast("lab", {"a": "33%", "b": "33%", "c": "33%"}, made_at="2026-02-01", note="=who knows")
    full.forecast("rank", {"a": 0, "b": 1}, made_at="2026-02-01", by="ben")
    full.forecast("cars", quantiles={0.1: -2.5, 0.5: 1 / 3, 0.9: 6})
    full.forecast("cars", quantiles={0: -5, 0.25: 1e-7, 0.5: 4, 1: 10}, by="ben", made_at="2026-02-01")
    full.forecast("law", {"2030": 0.1, "2045-06-05": 0.1, "2099": 0.7}, by="ben", made_at="2026-02-01")
    full.withdraw("law", by="ben", made_at="2026-02-03")
    full.forecast("lab", {"a": 0.2, "b": 0.3, "c": 0.5}, by="cy", made_at="2026-02-01")
    full.forecast("lab", {"a": 0.2, "b": 0.2, "c": 0.6}, by="cy", made_at="2026-02-01", reason="a slip")
    return full


def kinds_again(file: Path, folder: Path, door: str = "import_forecasts") -> list[tuple[object, ...]]:
    with Ledger(folder / f"kinds-{door}.db", me="ana") as ledger:
        claims(ledger)
        asked_otherwise(ledger)
        if door == "import_forecasts":
            ledger.import_forecasts(file)
        else:
            ledger.import_from("table", file)
        assert ledger.verify().ok
        return forecasts(ledger, folder)


@pytest.mark.parametrize("stored", ["records", "blocks"])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_was_said_of_options_values_and_days_comes_back_in_long_rows(
    form: str, stored: str, kinds: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(kinds, form, tmp_path)
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0 if stored == "blocks" else 10_000)

    found = kinds_again(file, tmp_path)

    assert found == forecasts(kinds, tmp_path)
    assert sum(1 for row in found if row[12] or row[13] or row[14]) == 6
    with Ledger(tmp_path / "kinds-import_forecasts.db", me="ana") as ledger:
        folder = tmp_path / "twice"
        folder.mkdir()
        assert ledger.import_forecasts(file).forecasts == 0
        again_from = written(ledger, form, folder)
    if form == "csv":  # those with a note stand last, where they were the only records
        assert sorted(again_from.read_text("utf-8")) == sorted(file.read_text("utf-8"))
    if form == "csv" and stored == "records":
        assert again_from.read_bytes().splitlines()[0] == file.read_bytes().splitlines()[0]


def test_a_table_reads_them_too(kinds: Ledger, tmp_path: Path) -> None:
    found = kinds_again(written(kinds, "csv", tmp_path), tmp_path, "table")

    assert [row[:4] + row[12:] for row in found] == [row[:4] + row[12:] for row in forecasts(kinds, tmp_path)]


def test_parquet_says_by_type_what_engines_cannot_score(kinds: Ledger, tmp_path: Path) -> None:
    done = kinds.export("parquet", tmp_path / "out")

    claims = parquet.read_table(tmp_path / "out" / "claims.parquet").to_pydict()
    scored = parquet.read_table(tmp_path / "out" / "scored")["claim"].to_pylist()
    types = dict(zip(claims["slug"], claims["type"], strict=True))
    assert types == {claim.slug: str(claim.type) for claim in kinds.snapshot().all(Claim)}
    assert not {claims["type"][number] for number in scored} & {"choice", "ordered", "number", "date"}
    said = [one for one in kinds.snapshot().all(Forecast) if one.shares or one.points or one.days]
    standing = {(one.claim, one.forecaster, one.made_at) for one in said}
    assert f"distributions under scored/, which says yes or no: {len(standing)}" in " ".join(str(done).split())


def test_nothing_of_options_values_and_days_is_lost_but_for_other_platforms(kinds: Ledger, tmp_path: Path) -> None:
    rows, asked = kinds.export("csv", tmp_path / "out.csv"), kinds.export("fatebook", tmp_path / "fatebook.csv")

    assert {one.what for one in rows.lost} == {"earlier wordings of corrected forecasts"}  # type: ignore[union-attr]
    assert "forecasts on claims that are not yes-no: 2" in str(asked)

"""Every result goes to pyarrow, pandas, polars and DuckDB without copies by hand."""

from __future__ import annotations

import sys

import duckdb
import pandas
import polars
import pyarrow
import pytest
from conftest import Clock
from scored_ledgers import many_claims

from predictions import Ledger, MissingExtra, ainews
from predictions.render.result import Result


def results(ledger: Ledger, clock: Clock) -> dict[str, Result]:
    many_claims(ledger, clock)
    before = ledger.scorecard(as_of="2026-02-01")
    clock.set("2026-11-22")
    ledger.register(ainews())
    card = ledger.scorecard()
    return {
        "board": ledger.board(full=True),
        "claim": ledger.claim("exec-defections"),
        "tally": ledger.claim("exec-defections").tally,
        "history": ledger.history(),
        "scorecard": card,
        "comparison": card.compare("ana", "ben"),
        "explanation": card.explain("brier", by="ana"),
        "difference": card.diff(before),
        "readings": ledger.claim("exec-moves").readings,
    }


def test_all_of_them_read_the_same_rows(ledger: Ledger, clock: Clock) -> None:
    for name, result in results(ledger, clock).items():
        count = len(result.rows())
        columns = list(result.rows()[0])

        table = pyarrow.table(result)
        frame = pandas.DataFrame.from_arrow(result)
        wide = polars.DataFrame(result)
        counted = duckdb.sql("select count(*) from result").fetchall()

        assert table.num_rows == len(frame) == wide.height == counted[0][0] == count, name
        assert table.column_names == list(frame.columns) == wide.columns == columns, name


def test_figures_arrive_as_numbers(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)
    card = ledger.scorecard()

    means = duckdb.sql("select forecaster, avg(brier) from card group by forecaster order by 1").fetchall()
    frame = polars.DataFrame(card)

    assert dict(means) == {name: pytest.approx(one.brier) for name, one in card.figures.items()}
    assert frame.schema["probability"] == polars.Float64
    assert frame.schema["set_apart"] == polars.Boolean


def test_an_empty_result_is_an_empty_table_with_its_columns(ledger: Ledger, clock: Clock) -> None:
    empty: dict[str, Result] = {
        "board": ledger.board(),
        "history": ledger.history(),
        "scorecard": ledger.scorecard(),
        "difference": ledger.scorecard().diff(ledger.scorecard()),
        "agenda": ledger.due(),
    }
    slug = ledger.add("It rains", deadline="2026-04-01", p=0.2)
    empty |= {
        "claim": ledger.claim(slug),
        "tally": ledger.claim(slug).tally,
        "comparison": ledger.scorecard().compare("ana"),
        "explanation": ledger.scorecard().explain("brier"),
    }

    for name, result in empty.items():
        frame = polars.DataFrame(result)
        rows = duckdb.sql("select * from result")

        assert rows.fetchall() == [], name
        assert tuple(rows.columns) == tuple(frame.columns) == result.row_names, name
        assert list(pandas.DataFrame.from_arrow(result).columns) == list(result.row_names), name


def test_the_columns_are_those_of_the_rows(ledger: Ledger, clock: Clock) -> None:
    full = results(ledger, clock)
    del full["readings"]  # a statement has at least one
    ledger.add("It rains", deadline="2026-11-25")
    clock.set("2026-12-24")
    full["agenda"] = ledger.due()

    assert {name: tuple(one.rows()[0]) for name, one in full.items()} == {
        name: one.row_names for name, one in full.items()
    }


def test_without_pyarrow_the_extra_is_named(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(MissingExtra, match=r"install prediction-ledger\[arrow\]"):
        ledger.board().__arrow_c_stream__()

"""Rows over columns: counted, cut and given to frames without one being made; made, they say the same."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import numpy as np
import pyarrow
import pytest
from conftest import Clock
from scored_ledgers import many_claims

from predictions import Ledger
from predictions.scoring.columns.lazy_rows import Coded, Column, LazyRows

VALUES = np.array([0.1 + 0.2, np.nan, inf, -1e-17, 1.0])


class Counted:
    """Five rows, and how many of them were asked for."""

    def __init__(self) -> None:
        self.made = 0

    def rows(self) -> LazyRows:
        return LazyRows(self._columns, range(5))

    def _columns(self, at: np.ndarray) -> Mapping[str, Column]:
        self.made += at.size
        return {
            "name": Coded(np.array([0, 1, -1, 1, 0])[at], ["a", "b"]),
            "marks": Coded(np.array([0, 1, 0, 0, 1])[at], [[], ["x", "y"]]),
            "value": VALUES[at],
            "ends": np.column_stack([VALUES, VALUES])[at],
            "n": np.arange(5)[at],
            "there": (np.arange(5) > 2)[at],
            "told": [{"due": 0.1 + 0.2} for _ in at],
        }


WHOLE = [
    {"name": name, "marks": marks, "value": value, "ends": value and [value, value], "n": n, "there": n > 2,
     "told": {"due": 0.3}}
    for n, (name, marks, value) in enumerate(
        [("a", [], 0.3), ("b", ["x", "y"], None), (None, [], inf), ("b", [], 0.0), ("a", ["x", "y"], 1.0)]
    )
]  # fmt: skip
WHOLE[3]["ends"] = [0.0, 0.0]


def test_they_are_counted_and_cut_without_one_being_made() -> None:
    counted = Counted()

    rows = counted.rows()
    some = rows[1:][::2]

    assert (len(rows), len(some), counted.made) == (5, 2, 0)
    assert [row["n"] for row in some] == [1, 3]
    assert counted.made == 2
    assert rows[-1]["n"] == 4
    assert counted.made == 3


def test_each_says_what_its_columns_hold() -> None:
    rows = Counted().rows()

    assert list(rows) == WHOLE == rows
    assert [rows[at] for at in range(5)] == WHOLE
    assert list(rows[::-1]) == WHOLE[::-1]
    assert rows[:0] == []
    assert rows != WHOLE[:4]
    assert rows != "rows"
    assert repr(rows) == "<5 rows: name, marks, value, ends, n, there, told>"
    with pytest.raises(IndexError):
        rows[5]


@pytest.mark.parametrize("piece", [1, 2, 5, 100])
def test_a_frame_takes_the_columns_piece_by_piece(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr("predictions.scoring.columns.lazy_rows.ROWS_AT_ONCE", piece)
    rows = Counted().rows()

    table = pyarrow.table(rows)

    assert table.to_pylist() == [row | {"told": {"due": 0.1 + 0.2}} for row in WHOLE]
    assert list(rows) == WHOLE
    assert pyarrow.table(rows[:0]).column_names == list(WHOLE[0])


@pytest.mark.parametrize("crowds", [False, True])
def test_a_card_gives_a_frame_what_it_gives_as_rows(ledger: Ledger, clock: Clock, *, crowds: bool) -> None:
    many_claims(ledger, clock)
    ledger.log_evidence("claim-0-comes-true", "https://example.org/", "Seen", on="2025-12-01", bears="supports")
    card = ledger.scorecard(crowds=crowds)

    for given in (card, card.forecasters()):
        rows = list(card.rows() if given is card else given)
        told = pyarrow.table(given).to_pylist()
        assert len(rows) == len(told) > 2
        for row, other in zip(rows, told, strict=True):
            assert row.keys() == other.keys()
            for name, value in row.items():
                assert other[name] == (
                    pytest.approx(value, abs=1e-11, rel=1e-11) if isinstance(value, float) else value
                ), name

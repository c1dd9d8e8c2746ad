"""Blocks of shares, points and days: laid out as the format says, and refused where no import can have written them."""

from __future__ import annotations

import runpy
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.storage.blocks import DAYS, POINTS, SHARES, Forecasts, decode, encode, fault_of, together
from predictions.storage.lines import Lines

DOCS = Path(__file__).parents[2] / "docs"
CHECKER: dict[str, Callable[..., Any]] = runpy.run_path(str(DOCS / "verify_ledger.py"))
WIDTH = {SHARES: 8, POINTS: 16, DAYS: 12}
CHANCES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=5).map(sorted)


def rows_of(kind: int, said: list[list[tuple[float, float]] | None]) -> Forecasts:
    """A row for each distribution, None being a withdrawal, on one claim by one forecaster."""
    size, lines = len(said), [line for lines in said if lines for line in lines]
    place = np.full(size, np.nan)
    there = [index for index, lines in enumerate(said) if lines]
    place[there] = np.arange(len(there))
    at, chance = (np.array(column, np.float64) for column in zip(*lines, strict=True)) if lines else (np.zeros(0),) * 2
    sizes = np.array([len(lines) for lines in said if lines], np.int64)
    key = np.zeros(size, np.int32)
    return Forecasts(
        key, key, np.arange(size, dtype=np.int64), place, np.full(size, kind, np.uint8), Lines(at, chance, sizes)
    )


def curve(chances: list[float]) -> list[tuple[float, float]]:
    return [(float(number), chance) for number, chance in enumerate(chances)]


@given(st.sampled_from([POINTS, DAYS]), st.lists(st.one_of(st.none(), CHANCES.map(curve)), min_size=1, max_size=20))
def test_curves_read_back_as_they_were_laid_out(kind: int, said: list[list[tuple[float, float]] | None]) -> None:
    content = encode(rows_of(kind, said))

    found = decode(content)

    count = sum(len(lines) for lines in said if lines)
    assert len(content) == 8 + 20 * len(said) + WIDTH[kind] * count
    assert found.lines.of_each() == [lines for lines in said if lines]
    assert np.isnan(found.probability).tolist() == [not lines for lines in said]
    assert fault_of(found, 1, 1) is None
    rows, told = CHECKER["read_block"](content)
    assert told == kind
    assert [len(row[3]) for row in rows] == [len(lines or ()) for lines in said]
    for row in rows:
        CHECKER["check_told"](kind, row[3])


@given(st.lists(st.lists(st.integers(1, 1000), min_size=2, max_size=6), min_size=1, max_size=20))
def test_shares_read_back_without_the_places_of_their_options(weights: list[list[int]]) -> None:
    said = [[(0.0, weight / sum(some)) for weight in some] for some in weights]

    content = encode(rows_of(SHARES, [*said, None]))

    assert len(content) == 8 + 20 * (len(said) + 1) + 8 * sum(map(len, said))
    assert decode(content).lines.of_each() == said
    assert fault_of(decode(content), 1, 1) is None


def test_pieces_of_several_kinds_are_joined_with_their_lines() -> None:
    pieces = [rows_of(POINTS, [curve([0.1, 0.5]), None]), rows_of(DAYS, [None, curve([0.2, 0.4, 0.6])])]

    joined = together(pieces).rows(np.array([True, False, True, True])).compact()

    assert joined.kind is not None
    assert joined.kind.tolist() == [POINTS, DAYS, DAYS]
    assert joined.lines.of_each() == [curve([0.1, 0.5]), curve([0.2, 0.4, 0.6])]
    assert joined.distributed.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("kind", "said", "fault"),
    [
        (SHARES, [(0.0, 0.5), (0.0, 0.4)], "it has shares that do not sum to 1"),
        (SHARES, [(0.0, 1.5), (0.0, -0.5)], "it has a value that is no probability"),
        (SHARES, [(0.0, float("nan")), (0.0, 0.5)], "it has a value that is no probability"),
        (POINTS, [(1.0, 0.5), (1.0, 0.6)], "it has values or days that do not rise, or chances that fall"),
        (POINTS, [(1.0, 0.5), (2.0, 0.4)], "it has values or days that do not rise, or chances that fall"),
        (POINTS, [(1.0, 0.5), (2e15, 0.6)], "it has a value that is none"),
        (DAYS, [(3.0, 0.5), (2.0, 0.6)], "it has values or days that do not rise, or chances that fall"),
        (DAYS, [(3.0, 0.5), (2_932_897.0, 0.6)], "it has a day outside the years 0001 to 9999"),
    ],
)
def test_what_no_import_writes_is_named_by_both(kind: int, said: list[tuple[float, float]], fault: str) -> None:
    content = encode(rows_of(kind, [said]))

    assert fault_of(decode(content), 1, 1) == fault
    with pytest.raises(ValueError, match=fault):
        CHECKER["check_told"](kind, CHECKER["read_block"](content)[0][0][3])


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-1],
        lambda content: content + bytes(8),
        lambda content: content[:24] + struct.pack("<I", 3) + content[28:],
        lambda content: content[:24] + struct.pack("<I", 65_537) + content[28:],
    ],
)
def test_another_length_than_its_rows_is_refused_by_both(change: Callable[[bytes], bytes]) -> None:
    content = change(encode(rows_of(POINTS, [curve([0.1, 0.5])])))

    with pytest.raises(ValueError, match="its length is not that of its rows"):
        decode(content)
    with pytest.raises(ValueError, match="its length is not that of its rows"):
        CHECKER["read_block"](content)

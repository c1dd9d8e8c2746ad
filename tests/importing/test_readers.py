"""Whatever holds a table is read alike: its columns however they are spelled, its rows with their numbers and lines."""

from __future__ import annotations

import io
import os
import random
import sqlite3
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas
import polars
import pyarrow
import pytest
from pyarrow import parquet

from predictions import InvalidValue
from predictions.importing import readers, tables
from predictions.importing.headers import Columns
from predictions.importing.readers import read_table
from predictions.importing.tables import How, Piece
from predictions.importing.validate import FORECAST_COLUMNS

COLUMNS = Columns(
    "forecasts", ("claim", "made_at", "probability"), ("claim", "made_at"), ("note",), {"claim": ("slug",)}
)
ROWS = [("rain", "2026-05-01", "0.25"), ("snow", "2026-05-02", "0.5")]
TEXT = "claim,made_at,probability\nrain,2026-05-01,0.25\nsnow,2026-05-02,0.5\n"


AS_IT_IS = How()


def pieces(source: object, how: How = AS_IT_IS, columns: Columns = COLUMNS) -> list[Piece]:
    with read_table(source, columns, how) as table:
        return list(table.pieces)


def rows(source: object, how: How = AS_IT_IS, columns: Columns = COLUMNS) -> list[tuple[object, ...]]:
    names = columns.listed
    return [tuple(piece.values(place, names)) for piece in pieces(source, how, columns) for place in range(piece.size)]


def file(folder: Path, content: str | bytes, name: str = "f.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def mapping() -> dict[str, list[str]]:
    return {name: list(column) for name, column in zip(COLUMNS.listed, zip(*ROWS, strict=True), strict=True)}


def database_rows() -> list[sqlite3.Row]:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    query = "select 'rain' as claim, '2026-05-01' as made_at, '0.25' as probability union all select 'snow', "
    found = connection.execute(query + "'2026-05-02', '0.5'").fetchall()
    connection.close()
    return found


SHAPES: dict[str, Callable[[], object]] = {
    "tuples": lambda: iter(ROWS),
    "lists": lambda: [list(row) for row in ROWS],
    "longer tuples": lambda: [(*row, "a note") for row in ROWS],
    "mappings": lambda: [dict(zip(COLUMNS.listed, row, strict=True)) for row in ROWS],
    "rows of a database": database_rows,
    "arrays": lambda: np.array(ROWS, object),
    "columns": mapping,
    "columns as arrays": lambda: {name: np.array(column) for name, column in mapping().items()},
    "columns as series": lambda: dict(pandas.DataFrame(mapping(), index=[7, 9]).items()),
    "columns as Arrow": lambda: {name: pyarrow.chunked_array([column]) for name, column in mapping().items()},
    "columns as polars": lambda: {name: polars.Series(column) for name, column in mapping().items()},
    "pandas": lambda: pandas.DataFrame(mapping(), index=[7, 9]),
    "polars": lambda: polars.DataFrame(mapping()),
    "DuckDB": lambda: duckdb.sql("select * from (values ('rain', '2026-05-01', '0.25'), ('snow', '2026-05-02', '0.5')) "
                                 "t(claim, made_at, probability)"),
    "Arrow": lambda: pyarrow.table(mapping()),
    "batches": lambda: pyarrow.RecordBatchReader.from_batches(
        pyarrow.table(mapping()).schema, pyarrow.table(mapping()).to_batches(max_chunksize=1)
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_rows(shape: str) -> None:
    assert rows(SHAPES[shape]()) == ROWS


class Otherwise(dict[str, object]):
    """A mapping that is read key by key."""


@pytest.mark.parametrize(
    "same",
    [
        [{"claim": "rain", "made_at": "2026-05-01"}, {"claim": "snow", "made_at": None}],
        [{"made_at": "2026-05-01", "slug": "rain"}, {"made_at": "2026-05-02", "slug": "snow"}],
        [{"claim": "rain", "made_at": 1, "note": None, "probability": None}] * 2,
        [{"claim": "rain", "made_at": 1, "note": None}, {"claim": "snow", "made_at": 2, "note": "dark"}],
        [{"claim": "rain", "made_at": 1, "more": 5}] * 2,
        [{"claim": "rain"}] * 2,
        [{"made_at": 1}] * 2,
        [{}] * 2,
        [{"claim": "rain", "made_at": 1}, {"made_at": 1, "claim": "rain"}, {"claim": "snow", "note": 3}],
    ],
)
def test_mappings_of_the_same_keys_read_as_any_others(same: list[dict[str, object]]) -> None:
    def told(source: object) -> object:
        try:
            return [(piece.columns, piece.size, piece.uneven, piece.left) for piece in pieces(source)]
        except InvalidValue as error:
            return str(error)

    assert told(same) == told([Otherwise(row) for row in same])


def parquet_bytes() -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pyarrow.table(mapping()), sink)
    return sink.getvalue()


FILES: dict[str, tuple[str, str | bytes, How]] = {
    "plain": ("f.csv", TEXT, How()),
    "Windows": ("f.csv", TEXT.replace("\n", "\r\n"), How()),
    "an old Mac": ("f.csv", TEXT.replace("\n", "\r"), How()),
    "no last line end": ("f.csv", TEXT.rstrip(), How()),
    "empty lines and rows": ("f.csv", TEXT.replace("\n", "\n\n,,\n"), How()),
    "commas at the ends": ("f.csv", TEXT.replace("\n", ",,\n"), How()),
    "a mark of UTF-8": ("f.csv", b"\xef\xbb\xbf" + TEXT.encode(), How()),
    "UTF-16": ("f.csv", TEXT.encode("utf-16"), How()),
    "UTF-16, big end first": ("f.csv", b"\xfe\xff" + TEXT.encode("utf-16-be"), How()),
    "UTF-32": ("f.csv", TEXT.encode("utf-32"), How()),
    "semicolons": ("f.csv", TEXT.replace(",", ";"), How()),
    "tabs": ("f.csv", TEXT.replace(",", "\t"), How()),
    "bars": ("f.csv", TEXT.replace(",", "|"), How()),
    "tabs by ending": ("F.TSV", TEXT.replace(",", "\t"), How()),
    "a line sep=": ("f.csv", "sep=;\n" + TEXT.replace(",", ";"), How()),
    "a line sep= of any sign": ("f.csv", '"sep=^"\r\n' + TEXT.replace(",", "^"), How()),
    "a delimiter that is said": ("f.csv", TEXT.replace(",", "^"), How(delimiter="^")),
    "a tab that is said": ("f.csv", TEXT.replace(",", "\t"), How(delimiter="tab")),
    "a preamble": ("f.csv", "Export\n\nof 2026\n" + TEXT, How(skip_lines=3)),
    "a preamble and sep=": ("f.csv", "Export\nsep=;\n" + TEXT.replace(",", ";"), How(skip_lines=1)),
    "capitals and spaces": ("f.csv", TEXT.replace("claim,made_at", " Claim , Made At"), How()),
    "a header with a line end": ("f.csv", TEXT.replace("claim,made_at", '"Claim\n",MADE-AT'), How()),
    "another spelling": ("f.csv", TEXT.replace("claim", "slug"), How()),
    "further columns": ("f.csv", TEXT.replace("\n", ',"a, b"\n'), How()),
    "Parquet": ("f.parquet", parquet_bytes(), How()),
    "Parquet by another name": ("f.csv", parquet_bytes(), How()),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_file_gives_the_same_rows_and_the_digest_of_its_bytes(kind: str, tmp_path: Path) -> None:
    name, content, how = FILES[kind]
    path = file(tmp_path, content, name)

    with read_table(path, COLUMNS, how) as table:
        told = (table.file, table.sha256)

    assert rows(path, how) == ROWS
    assert told == (name, sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize("source", ["-", "/dev/stdin"])
@pytest.mark.parametrize("content", [TEXT.encode(), TEXT.encode("utf-16"), parquet_bytes()])
def test_standard_input_is_read_like_a_file(content: bytes, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))

    with read_table(source, COLUMNS, How()) as table:
        told = (table.file, table.sha256)
        found = [tuple(piece.values(place, COLUMNS.listed)) for piece in table.pieces for place in range(piece.size)]

    assert found == ROWS
    assert told == ("standard input", sha256(content).hexdigest())


def test_without_a_standard_input_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(InvalidValue, match="there is no standard input here"):
        rows("-")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("kind", ["pipe", "link to a pipe", "device", "link to a device", "folder"])
def test_only_a_regular_file_is_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    if "pipe" in kind:
        os.mkfifo(tmp_path / "pipe.csv")
    target = {"pipe": tmp_path / "pipe.csv", "device": Path("/dev/zero"), "folder": tmp_path}[
        kind.rsplit(maxsplit=1)[-1]
    ]
    if "link" in kind:
        path.symlink_to(target)
    else:
        path = target

    with pytest.raises(InvalidValue, match="is not a regular file; give a file, or - for standard input"):
        rows(path)


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(file(tmp_path, TEXT))

    assert rows(tmp_path / "link.csv") == ROWS


def test_a_file_that_is_replaced_meanwhile_is_read_as_it_was_hashed(tmp_path: Path) -> None:
    path = file(tmp_path, TEXT)
    digest = sha256(path.read_bytes()).hexdigest()

    with read_table(path, COLUMNS, How()) as table:
        file(tmp_path, TEXT.replace("0.5", "0.9"), "new.csv").replace(path)
        found = [piece.values(1, COLUMNS.listed)[2] for piece in table.pieces]

    assert (found, table.sha256) == (["0.5"], digest)


def test_a_file_that_is_changed_in_its_place_meanwhile_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, TEXT)

    def read_and_change() -> None:
        with read_table(path, COLUMNS, How()) as table:
            list(table.pieces)
            path.write_text(TEXT + "rain,2026-05-09,0.5\n")

    with pytest.raises(InvalidValue, match=r"f\.csv was changed while it was read"):
        read_and_change()


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (TEXT, [2, 3]),
        ("sep=,\n" + TEXT, [3, 4]),
        (TEXT.replace("\n", "\n\n"), [3, 5]),
        (TEXT.replace("rain,", '"ra\nin",').replace("0.25\n", "0.25\n,,\n"), [2, 5]),
        (TEXT.replace("rain,", '"ra\nin",').replace("\n", "\r\n"), [2, 4]),
        (TEXT.replace("claim,", '"cla\nim",'), [3, 4]),
    ],
)
@pytest.mark.parametrize("at_once", [1, 100])
def test_each_row_knows_its_number_and_its_line(
    content: str, lines: list[int], at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("predictions.importing.delimited.PIECE", at_once)

    found = pieces(file(tmp_path, content))

    assert [line for piece in found for line in piece.lines or ()] == lines
    assert [piece.first + place for piece in found for place in range(piece.size)] == [1, 2]


def test_a_table_is_read_a_piece_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "PIECE", 100)
    taken = []

    def source() -> Iterator[tuple[str, str, float]]:
        for number in range(1_000):
            taken.append(number)
            yield ("rain", "2026-05-01", number / 1_000)

    with read_table(source(), COLUMNS, How()) as table:
        first = next(table.pieces)
        before = len(taken)
        others = list(table.pieces)

    assert (first.size, before) == (100, 100)
    assert [piece.first for piece in others] == list(range(101, 1_000, 100))


@pytest.mark.parametrize("seed", range(20))
def test_any_csv_is_read_as_pandas_reads_it(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    cells = ["rain", "a,b", 'a "b"', "x;y", "two\nlines", "é", " ", "0.5", "'", "\t"]
    frame = pandas.DataFrame([[dice.choice(cells) for _ in range(3)] for _ in range(30)], columns=list(COLUMNS.listed))
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False, sep=dice.choice(",;\t|"), lineterminator=dice.choice(["\n", "\r\n"]))

    assert rows(path) == [tuple(row) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "f.csv is empty; its first row names the columns"),
        ("claim,probability\n", "there is no column 'made_at' in f.csv; say claim, made_at, probability"),
        (
            "claim,Claim,made_at\n",
            "the column 'claim' stands twice in f.csv, as 'claim' and 'Claim'; rename one of them",
        ),
        (
            TEXT.replace(",", "^"),
            "no column 'claim' in f.csv, and nothing is read of 'claim.*; say claim, .*; or say delimiter='\\^'",
        ),
        ("Export\n\n" + TEXT, "the header of f.csv stands on line 3; say skip_lines=2"),
        ("Export;;\n" + TEXT.replace(",", ";"), "the header of f.csv stands on line 2; say skip_lines=1"),
        (TEXT.encode("utf-16-le"), "f.csv looks like UTF-16 without its mark; save it as UTF-8"),
        (
            TEXT.replace("rain", "r\xe9").encode("latin-1"),
            "f.csv, line 2: this is not UTF-8; .*Excel: CSV UTF-8.* from Western Windows by `iconv -f cp1252",
        ),
        (b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "f.csv is marked as UTF-16 and is not"),
        (b"PK\x03\x04rest", "'f.csv' is a damaged archive or spreadsheet: File is not a zip file"),
        (b"\x1f\x8brest", "'f.csv' is compressed; unpack it first"),
        (b"SQLite format 3\0", "'f.csv' is a database"),
        (b"PAR1 and nothing more", "f.csv cannot be read as Parquet"),
        (parquet_bytes().replace(b"claim", b"cla\xe2m"), "f.csv cannot be read as Parquet: 'utf-8' codec can't decode"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(content: str | bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=words) as refused:
        rows(file(tmp_path, content))

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (How(delimiter=";;"), "delimiter: ';;' is not one character"),
        (How(delimiter=""), "delimiter: '' is not one character"),
        (How(delimiter='"'), "is not one character"),
        (How(decimal=";"), "decimal: ';' is neither ',' nor '.'"),
        (How(delimiter=",", decimal=","), "',' cannot separate fields and stand in numbers"),
        (How(percent=1), "percent: 1 is neither True nor False"),  # type: ignore[arg-type]  # the point
        (How(skip_lines=-1), "skip_lines: -1 is not a number of lines"),
        (How(skip_lines=True), "skip_lines: True is not a number of lines"),
    ],
)
def test_a_way_of_reading_that_cannot_be_meant_is_refused(how: How, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        rows([], how)


@pytest.mark.parametrize("source", [5, None, b"claim", object()])
def test_what_holds_no_table_is_refused(source: object) -> None:
    with pytest.raises(InvalidValue, match="holds no forecasts; give rows, a mapping of columns, an Arrow table or"):
        rows(source)


def test_a_row_that_is_none_is_marked_and_keeps_its_number() -> None:
    (piece,) = pieces([ROWS[0], ("rain",), "rain", {"slug": "snow", "Made At": "x"}, {"other": 1}, None])

    assert sorted(piece.uneven) == [1, 2, 4, 5]
    assert piece.uneven[1] == "('rain',) is not a row of claim, made_at, probability"
    assert piece.values(3, COLUMNS.listed) == ["snow", "x", None]


def test_a_row_of_a_file_that_is_too_short_or_too_long_is_marked(tmp_path: Path) -> None:
    (piece,) = pieces(file(tmp_path, TEXT + "rain\nrain,2026-05-01,0.5,,\nrain,2026-05-01,0.5,x\n"))

    assert piece.uneven == {
        2: "it has 1 field, the header 3; an empty cell has its delimiter too",
        4: "it has 4 fields, the header 3; a cell that holds the delimiter stands in double quotes",
    }


def test_values_that_an_array_hides_are_none() -> None:
    hidden = np.ma.array([0.25, 0.5], mask=[False, True])

    assert [row[2] for row in rows({**mapping(), "probability": hidden})] == [0.25, None]


def test_a_column_that_another_stands_in_for_may_be_absent() -> None:
    columns = {"claim": ["rain"], "made_at": ["2026-05-01"]}

    assert rows({**columns, "words": ["will"]}, columns=FORECAST_COLUMNS)
    with pytest.raises(InvalidValue, match="there is no column 'probability' in the columns"):
        rows(columns, columns=FORECAST_COLUMNS)


def test_progress_is_shown_where_somebody_looks_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.report_progress("1 row read")
    unseen = capsys.readouterr()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    tables.report_progress("1 row read")

    assert (unseen.err, unseen.out) == ("", "")
    assert capsys.readouterr().err == "\r1 row read\x1b[K"

"""Spreadsheets, JSON and Markdown are read as other tables are; what is none of them is told in one sentence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from spreadsheets import Failed, Formula, write_spreadsheet

from predictions import InvalidValue
from predictions.importing.headers import Columns
from predictions.importing.readers import read_table
from predictions.importing.tables import How, Piece

COLUMNS = Columns(
    "rows", ("text", "deadline"), ("text", "deadline"), ("p",), {"deadline": ("due",)}, further=lambda _: None
)
AS_IT_IS = How()


def read(source: object, how: How = AS_IT_IS) -> Piece:
    with read_table(source, COLUMNS, how) as table:
        (piece,) = table.pieces
    return piece


def rows(piece: Piece) -> list[list[object]]:
    return [piece.values(place, COLUMNS.names) for place in range(piece.size)]


def test_a_sheet_is_read_with_its_days_numbers_and_truths(tmp_path: Path) -> None:
    cells = [
        ["Text", "Due", "p", "Mood"], ["A?", date(2026, 12, 31), 0.35, "x"], ["B?", 2026, "40%", None],
        ["C?", "Q3 2026", True, None],
    ]  # fmt: skip

    piece = read(write_spreadsheet(tmp_path / "f.xlsx", {"Sheet1": cells}))

    assert rows(piece) == [["A?", date(2026, 12, 31), 0.35], ["B?", 2026, "40%"], ["C?", "Q3 2026", True]]
    assert (piece.left, dict(piece.spelled)) == (["Mood"], {"text": "Text", "deadline": "Due", "p": "p"})


@pytest.mark.parametrize("stored", ["", "<v/>", "<v />", "<v></v>"])
@pytest.mark.parametrize("formula", ["0.2+0.1", 'IF(A2<>"",0.3,0)', ""])
def test_a_formula_without_a_value_is_no_empty_cell(tmp_path: Path, stored: str, formula: str) -> None:
    cells = [
        ["text", "due", "p", "Mood"], ["A?", "2026", 0.3, None], ["B?", "2026", Formula(formula, stored), None],
        [Formula(formula, stored), None, None, None], ["C?", "2026", 0.4, Formula(formula, stored)],
    ]  # fmt: skip

    piece = read(write_spreadsheet(tmp_path / "f.xlsx", {"Data": cells}))

    why = "holds a formula without its value; open the file in a spreadsheet, and save it"
    assert piece.uneven == {1: f"cell C3 {why}", 2: f"cell A4 {why}"}
    assert piece.columns["p"][1] == f"={formula or '...'}"


def test_a_formula_with_a_value_is_that_value_and_the_empty_text_is_one(tmp_path: Path) -> None:
    cells = [
        ["text", "due", "p"], ["A?", "2026", Formula("0.2+0.1", "<v>0.3</v>")],
        ["B?", "2026", Formula('""', "<v></v>", "str")], ["C?", Formula('"2026"', "<v>2026</v>", "str"), None],
    ]  # fmt: skip

    piece = read(write_spreadsheet(tmp_path / "f.xlsx", {"Data": cells}))

    assert not piece.uneven
    assert rows(piece) == [["A?", "2026", 0.3], ["B?", "2026", ""], ["C?", "2026", ""]]


@pytest.mark.parametrize("way", ["xlsx", "csv", "md", "json"])
def test_cells_under_no_header_are_named(tmp_path: Path, way: str) -> None:
    header, body = ["text", "due", "", ""], [["A?", "2026", "", ""], ["B?", "2026", "", "stray"]]
    path = tmp_path / f"f.{way}"
    if way == "xlsx":
        write_spreadsheet(path, {"Data": [header, *body]})
    elif way == "json":
        path.write_text(json.dumps([{"text": "A?", "due": "2026", "Mood": "x", "": "stray"}]), "utf-8")
    else:
        bar = {"csv": ",", "md": "|"}[way]
        rule = ["|-|-|-|-|"] if way == "md" else []
        lines = [bar.join(["", *row, ""]) if way == "md" else bar.join(row) for row in [header, *body]]
        path.write_text("\n".join([lines[0], *rule, *lines[1:]]), "utf-8")

    left = read(path).left

    assert left == (["Mood", "column 4 (no header)"] if way == "json" else ["column 4 (no header)"])


def test_a_formula_that_failed_is_told_and_not_taken_for_an_empty_cell(tmp_path: Path) -> None:
    cells = [
        ["text", "due", "p", "Mood"], [Failed("#N/A"), "2026", 0.3, None], ["B?", "2026", Failed("#DIV/0!"), None],
        ["C?", "2026", 0.4, Failed("#REF!")], [Failed("#N/A"), None, None, None],
    ]  # fmt: skip

    piece = read(write_spreadsheet(tmp_path / "f.xlsx", {"Notes & more": [["none"]], "Data": cells}), How(sheet="Data"))

    assert piece.uneven == {
        0: "cell A2 shows #N/A; mend its formula, or empty it",
        1: "cell C3 shows #DIV/0!; mend its formula, or empty it",
        3: "cell A5 shows #N/A; mend its formula, or empty it",
    }
    assert piece.lines == [2, 3, 4, 5]


def test_a_cell_merged_over_rows_is_said_in_each(tmp_path: Path) -> None:
    cells = [["My list", None, None], ["text", "due", "p"], ["A?", "2026", 0.3], [None, None, 0.4], [None, None, None]]
    file = write_spreadsheet(tmp_path / "f.xlsx", {"Sheet1": cells}, merged=["A1:C1", "A3:A5", "B3:B4"])

    assert rows(read(file)) == [["A?", "2026", 0.3], ["A?", "2026", 0.4]]


@pytest.mark.parametrize(
    ("file", "parts", "words"),
    [
        ("f.ods", ["mimetype", "content.xml"], "is an OpenDocument file; save its sheet as .xlsx, or as CSV"),
        ("f.zip", ["a.csv"], "is an archive and no spreadsheet; unpack it first"),
    ],
)
def test_what_kind_of_archive_it_is_is_told(file: str, parts: list[str], words: str, tmp_path: Path) -> None:
    with ZipFile(tmp_path / file, "w") as archive:
        for name in parts:
            archive.writestr(name, "x")

    with pytest.raises(InvalidValue, match=words):
        read(tmp_path / file)


def test_text_that_is_called_a_spreadsheet_is_told(tmp_path: Path) -> None:
    (tmp_path / "f.xlsx").write_text("text,due\nA?,2026\n", "utf-8")

    with pytest.raises(InvalidValue, match="is no spreadsheet, whatever its name says"):
        read(tmp_path / "f.xlsx")


def test_lines_above_the_header_comments_and_empty_rows_are_skipped_and_lines_are_told(tmp_path: Path) -> None:
    cells = [
        ["My predictions"],
        [None],
        ["text", "due"],
        ["# a comment", None],
        ["A?", "2026"],
        [None, ""],
        ["B?", 2027],
    ]

    piece = read(write_spreadsheet(tmp_path / "f.xlsx", {"Sheet1": cells}))

    assert [row[:2] for row in rows(piece)] == [["A?", "2026"], ["B?", 2027]]
    assert piece.lines == [5, 7]


@pytest.mark.parametrize("wanted", ["mine", 2, "2"])
def test_a_sheet_is_named_or_numbered(wanted: str | int, tmp_path: Path) -> None:
    file = write_spreadsheet(tmp_path / "f.xlsx", {"notes": [["x"]], "mine": [["text", "due"], ["A?", 2026]]})

    assert rows(read(file, How(sheet=wanted)))[0][0] == "A?"


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (None, "and nothing is read of 'x'; say text, deadline; 'notes' was read, and not 'mine': sheet="),
        ("mien", "f.xlsx has no sheet 'mien'; did you mean 'mine'?"),
        (3, "f.xlsx has no sheet 3; it has 'notes', 'mine'"),
        (True, "True is neither the name of a sheet nor its number"),
    ],
)
def test_a_sheet_that_is_not_there_is_told(sheet: str | int | None, words: str, tmp_path: Path) -> None:
    file = write_spreadsheet(tmp_path / "f.xlsx", {"notes": [["x"]], "mine": [["text", "due"], ["A?", 2026]]})

    with pytest.raises(InvalidValue) as refused:
        read(file, How(sheet=sheet))

    assert words in str(refused.value)


def test_a_list_of_objects_and_an_object_of_lists_are_read_alike(tmp_path: Path) -> None:
    listed, columns, within = (tmp_path / name for name in ("a.json", "b.json", "c.json"))
    objects = [{"text": "A?", "due": 2026}, {"text": "B?", "due": "Q3 2026", "p": 0.5}]
    listed.write_text(json.dumps(objects), "utf-8")
    columns.write_text(json.dumps({"text": ["A?", "B?"], "due": [2026, "Q3 2026"], "p": [None, 0.5]}), "utf-8-sig")
    within.write_text(json.dumps({"rows": objects}), "utf-16")

    found = [rows(read(file)) for file in (listed, columns, within)]

    assert found == [[["A?", 2026, None], ["B?", "Q3 2026", 0.5]]] * 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[{"text": "A?",\n "due": }]', "f.json, line 2: this is not JSON: Expecting value"),
        ('[{"text": "A?", "text": "B?"}]', "f.json: this is not JSON: the key 'text' stands twice"),
        ("[1, 2]", "f.json holds no table; give a list of objects, one a row"),
        ('"text"', "f.json holds no table; give a list of objects, one a row"),
        ("[" * 100_000, "f.json is nested too deep; give a list of objects, one a row"),
    ],
)
def test_json_that_holds_no_table_is_told(content: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    file.write_text(content, "utf-8")

    with pytest.raises(InvalidValue) as refused:
        read(file)

    assert str(refused.value).startswith(words)


def test_the_first_table_of_a_markdown_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "f.md"
    file.write_text("# Mine\n\n| Text | due | p |\n| --- | :-: | --: |\n| A \\| b?<br>c | 2026 | 3% |\n\nmore | text\n")

    piece = read(file)

    assert rows(piece) == [["A | b?\nc", "2026", "3%"]]
    assert piece.lines == [5]


def test_a_markdown_file_without_a_table_is_told(tmp_path: Path) -> None:
    file = tmp_path / "f.md"
    file.write_text("# Mine\n\n- A?: 30%\n")

    with pytest.raises(InvalidValue, match=r"f.md holds no table; one begins with a header and a line such as"):
        read(file)


def test_comments_above_the_header_of_a_text_file_are_skipped(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text('# redacted copy: 3 of 284\n"# so, too",,\ntext;due;p\n# none;;\nA?;2026;0,3\n')

    piece = read(file)

    assert (rows(piece), list(piece.lines or ())) == ([["A?", "2026", "0,3"]], [5])


def test_a_header_that_begins_with_a_number_sign_is_a_header(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text("#,text,due\n1,A?,2026\n")

    assert rows(read(file)) == [["A?", "2026", None]]


def test_an_archive_that_is_no_spreadsheet_is_told(tmp_path: Path) -> None:
    from zipfile import ZipFile

    file = tmp_path / "f.zip"
    with ZipFile(file, "w") as archive:
        archive.writestr("a.csv", "text\n")

    with pytest.raises(InvalidValue, match=r"'f.zip' is an archive and no spreadsheet; unpack it first"):
        read(file)


def test_a_spreadsheet_that_is_damaged_inside_is_told(tmp_path: Path) -> None:
    file = write_spreadsheet(tmp_path / "f.xlsx", {"Sheet1": [["text", "due"], ["A?", 2026]]})
    content = bytearray(file.read_bytes())
    for place in range(200, len(content) - 300, 37):
        content[place] ^= 0xFF
    file.write_bytes(content)

    with pytest.raises(InvalidValue, match=r"f.xlsx"):
        read(file)

"""The reader of the table: columns however they are spelled, rows that belong together, cells that are refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas
import polars
import pyarrow
import pytest
from pyarrow import parquet
from spreadsheets import Percent, write_spreadsheet

from predictions import InvalidValue
from predictions.exchange.options import Options
from predictions.exchange.questions import EvidenceLink, FileRead, Question
from predictions.exchange.table.columns import SPELLINGS
from predictions.exchange.table.reader import read_predictions
from predictions.importing.tables import How

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
AS_IT_IS = Options()


def read(source: object, options: Options = AS_IT_IS) -> FileRead:
    if isinstance(source, str):
        source = io_file(source)
    found = read_predictions(source, options.checked(), NOW)
    found.refusals.refuse()
    return found


def io_file(text: str) -> Path:
    """A file in this test's own folder."""
    path = Path("f.csv")
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def question(source: object, options: Options = AS_IT_IS) -> Question:
    (found,) = read(source, options).questions
    return found


def chances(found: Question) -> list[tuple[str | None, object]]:
    return [(said.by, said.fields.get("probability", "withdrawn")) for said in found.said]


def refusal(source: object, options: Options = AS_IT_IS) -> str:
    with pytest.raises(InvalidValue) as refused:
        read(source, options)
    return " ".join(str(refused.value).split())


@pytest.mark.parametrize(("column", "spelled"), [(name, other) for name, all_ in SPELLINGS.items() for other in all_])
def test_every_spelling_is_the_column_itself(column: str, spelled: str) -> None:
    cells = {"text": "A?", "deadline": "2027", "claim": "a-claim", "id": "7", "by": "bob", "p": "30%",
             "made_at": "2026-05-01", "said_on": "2026-05-01", "link": "https://a.example/x", "source": "Weekly",
             "opens_on": "2026-05-01", "outcome": "yes", "known_on": "2026-06-01", "happened_on": "2026-06-01",
             "evidence": "https://b.example/y", "tags": "a; b", "note": "why"}  # fmt: skip
    if column not in cells:
        return
    row = {"text": "A?", "deadline": "2027", column: cells[column]}
    row |= {"outcome": "yes", "known_on": "2026-06-01"} if column in {"outcome", "known_on", "happened_on"} else {}
    row |= {"said_on": "2026-05-01"} if column == "source" else {}
    odd = spelled.title().replace(" ", "_" if len(spelled) % 2 else " ")
    respelled = {odd if name == column else name: cell for name, cell in row.items()}

    assert read([respelled]).questions == read([row]).questions
    assert read([respelled]).left == []


def test_a_file_with_text_and_title_has_both() -> None:
    found = question("text,title,due\nWill it rain?,Rain,2027\n")

    assert (found.text, found.fields) == ("Will it rain?", {"title": "Rain"})


def test_columns_that_are_nobodys_are_left_and_named() -> None:
    found = read("text,due,Mood,Nr\nA?,2027,happy,1\n")

    assert (list(found.left), list(found.columns)) == (["Mood", "Nr"], ["text", "deadline"])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("text,deadline,Notes", "'Notes' is no column here; did you mean 'note'?"),
        ("text,dealine", "'dealine' is no column here; did you mean 'deadline'?"),
        ("text,due,evidense", "'evidense' is no column here; did you mean 'evidence'?"),
        ("text,deadline,dealine", "'dealine' is no column here; did you mean 'deadline'?"),
        ("text,deadline,probabilty", "'probabilty' is no column here; did you mean 'probability'?"),
        ("text,deadline,forcaster", "'forcaster' is no column here; did you mean 'forecaster'?"),
        ("words,p", "there is no column 'text' in f.csv; say text"),
        (
            "prediction,when it ends,,mood",
            "there is no column 'deadline' in f.csv, and nothing is read of 'when it ends', 'mood'; say text, deadline",
        ),
        ("text,a,b,c,d,e,f", "in f.csv, and nothing is read of 'a', 'b', 'c', 'd' and 2 more; say text"),
        ("text,due,p:ana,p: ana", "the column 'p:ana' stands twice in f.csv"),
        ("forecast,p,deadline", "there is no column 'text' in f.csv, and nothing is read of 'forecast'; say text"),
        ("text,due,p,P", "the column 'p' stands twice in f.csv"),
    ],
)
def test_a_header_that_cannot_be_meant_is_refused(header: str, words: str) -> None:
    assert words in refusal(f"{header}\nA?,2027\n")


# -- what belongs together ---------------------------------------------------------------------------------


def test_the_same_words_and_the_same_last_day_are_one_question() -> None:
    found = read("text,due,by,p\nA?,2026-12-31,ana,.3\nA?,2026,bob,.4\nA?,2027,cy,.5\n")

    assert [chances(one) for one in found.questions] == [[("ana", 0.3), ("bob", 0.4)], [("cy", 0.5)]]


def test_a_questions_own_cells_may_stand_in_its_first_row_only() -> None:
    found = question("text,due,by,p,criteria\nA?,2027,ana,.3,as the paper says\nA?,,bob,.4,\n")

    assert chances(found) == [("ana", 0.3), ("bob", 0.4)]
    assert found.fields == {"criteria": "as the paper says"}


def test_rows_of_one_id_are_one_question() -> None:
    found = question("id,text,due,by,p\nq 1,A?,2027,ana,.3\nq 1,,,bob,.4\n")

    assert (found.id, found.text, chances(found)) == ("q 1", "A?", [("ana", 0.3), ("bob", 0.4)])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("1,A?,2027,\n1,B?,,", "text row 2 'B?' row 1 says 'A?': what is filled twice must agree"),
        ("1,A?,2027,\n1,,2028,", "due row 2 '2028' row 1 says 2027-12-31: what is filled twice must agree"),
        ("1,A?,2027,x\n1,,,y", "criteria row 2 'y' row 1 says 'x': what is filled twice must agree"),
        ("1,,2027,", "text row 1 empty the first row of an id says it"),
        (",,2027,", "text row 1 empty what was predicted?"),
        ("1,A?,,", "due row 1 empty until when?"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(rows: str, words: str) -> None:
    assert words in refusal(f"id,text,due,criteria\n{rows}\n")


def test_a_column_a_person_holds_their_chances() -> None:
    found = read("text,due,made,p:ana,Bob Ray %\nA?,2027,2026-01-05,30%,40\nB?,2027,2026-01-05,,55%\n")

    assert [chances(one) for one in found.questions] == [[("ana", 0.3), ("Bob Ray", 0.4)], [("Bob Ray", 0.55)]]
    assert {said.made_at for one in found.questions for said in one.said} == {
        datetime(2026, 1, 5, 23, 59, 59, 999999, tzinfo=UTC)
    }


def test_fractions_below_a_percent_sign_are_not_guessed_at() -> None:
    either = "row 1 '0.4' may be 0.4% or 40%; say which"

    assert f"{either}, or name the column p:ana" in refusal("text,due,ana %\nA?,2027,0.4\nB?,2027,0.3\n")
    for other in ("35", "1", "35%"):
        assert either in refusal(f"text,due,ana %\nA?,2027,0.4\nB?,2027,{other}\n")
        assert either in refusal(f"text,due,p\nA?,2027,0.4\nB?,2027,{other}\n", Options(how=How(percent=True)))
        frame = [{"text": "A?", "due": "2027", "ana %": 0.4}, {"text": "B?", "due": "2027", "ana %": other}]
        assert "may be 0.4% or 40%; say which" in refusal(frame)


@pytest.mark.parametrize("chances", ["2027=0.3; 2028=0.6", "2027=1; 2028=1"])
@pytest.mark.parametrize("column", ["p", "ana %"])
def test_fractions_of_several_are_not_guessed_at_either(chances: str, column: str) -> None:
    rows = [{"text": "A?", "due": "2028", "when": "yes", column: chances}]

    assert "may be " in refusal(rows, Options(how=How(percent=True)))


def test_an_outcome_of_1_is_yes_though_the_chances_are_percent_and_0_4_is_not_guessed_at() -> None:
    rows = "text,due,p,made,outcome,known\nA?,2025,35,2025-01-05,1,2026-02-01\n"

    verdict = question(rows, Options(how=How(percent=True))).verdict

    assert verdict is not None
    assert verdict.outcome == "yes"
    assert "may be 0.4% or 40%; say which" in refusal(rows.replace(",1,", ",0.4,"), Options(how=How(percent=True)))


@pytest.mark.parametrize("header", ["p", "ana %", "p:ana"])
@pytest.mark.parametrize("percent", [False, True])
def test_a_cell_formatted_as_percent_is_percent_whatever_is_said(header: str, percent: bool, tmp_path: Path) -> None:
    chances_shown = [Percent(0.5), Percent(0.35, built_in=False), Percent(1), Percent(0.005)]
    cells = [["text", "due", header], *([f"A{n}?", 2027, one] for n, one in enumerate(chances_shown))]
    table = write_spreadsheet(tmp_path / "f.xlsx", {"Sheet1": cells})

    found = read(table, Options(how=How(percent=percent)))

    assert [chances(one)[0][1] for one in found.questions] == [0.5, 0.35, 1, 0.005]


def test_a_forecast_said_twice_is_counted_and_two_numbers_at_once_are_refused() -> None:
    same = "text,due,by,p,made\nA?,2027,ana,.3,2026-01-05\nA?,2027,ana,30%,2026-01-05\n"

    assert (read(same).repeated, len(question(same).said)) == (1, 1)
    assert "row 3 '.4' row 1 says something else by the same forecaster, at 2026-01-05 23:59:59Z" in refusal(
        same + "A?,2027,ana,.4,2026-01-05\n"
    )
    assert "now; say when, made_at" in refusal("text,due,p\nA?,2027,.3\nA?,2027,.4\n")


@pytest.mark.parametrize("names", [("Bob", "bob"), ("Ana Maria", "ana-maria"), ("BOB", "Bob")])
def test_two_numbers_at_once_by_one_person_under_two_spellings_are_refused(names: tuple[str, str]) -> None:
    rows = [f"A?,2027,{name},{number},2026-01-05" for name, number in zip(names, (".3", ".4"), strict=True)]

    assert "row 1 says something else by the same forecaster" in refusal("\n".join(["text,due,by,p,made", *rows]))


def test_an_empty_chance_adds_no_forecast_and_comments_and_empty_rows_are_skipped() -> None:
    found = read("text,due,p\n# not yet,,\nA?,2027,\n,,\n  ,,\nB?,2027,.2\n")

    assert (found.rows, [len(one.said) for one in found.questions]) == (3, [0, 1])


# -- who said it, when and where -----------------------------------------------------------------------------


def test_a_row_that_says_when_it_was_said_is_a_quote_made_on_that_day() -> None:
    found = question("text,due,who,p,said,url\nA?,2027,Tech Oracle,60%,2026-01-05,https://o.example/a\n")

    assert found.speaker == "Tech Oracle"
    assert found.published == (date(2026, 1, 5), "https://o.example/a", None)
    assert found.said[0].made_at == datetime(2026, 1, 5, 23, 59, 59, 999999, tzinfo=UTC)
    assert found.link is None


def test_a_publication_carries_the_rows_own_forecast_and_not_those_of_others() -> None:
    found = question("text,due,who,p,said,url,p:ana\nA?,2027,Tech Oracle,60%,2026-01-05,https://o.example/a,30%\n")

    assert [(said.by, said.published is None, said.made_at is None) for said in found.said] == [
        ("Tech Oracle", False, False), ("ana", True, True),
    ]  # fmt: skip


def test_a_link_without_a_day_stays_the_questions_own() -> None:
    found = question("text,due,p,link\nA?,2027,60%,https://o.example/a\n")

    assert (found.published, found.link, found.said[0].made_at) == (None, "https://o.example/a", None)


def test_words_are_read_on_a_scale_or_from_where_to_where_the_row_takes_them() -> None:
    found = read(
        "text,due,words,scale,low,high\nA?,2027,will,,,\nB?,2027,likely,icd-203,,\nC?,2027,sure thing,,90%,99%\n"
    )

    fields = [one.said[0].fields for one in found.questions]
    assert [(said["words"], said["scale"]) for said in fields] == [
        ("will", "house"), ("likely", "icd-203"), ("sure thing", "as-read"),
    ]  # fmt: skip
    assert (fields[2]["low"], fields[2]["high"]) == (0.9, 0.99)


def test_a_zone_says_where_times_were_written_down() -> None:
    rows = "text,due,p,made\nA?,2027,.3,2026-07-01 10:00\nB?,2027,.3,2026-07-01\nC?,2027,.3,2026-07-01T10:00Z\n"

    found = read(rows, Options(zone_name="Europe/Berlin"))

    assert [one.said[0].made_at for one in found.questions] == [
        datetime(2026, 7, 1, 8, tzinfo=UTC), datetime(2026, 7, 1, 21, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 7, 1, 10, tzinfo=UTC),
    ]  # fmt: skip
    assert "no zone; say it, as in ...Z or +02:00; or zone='Europe/Berlin', if all are from there" in refusal(rows)


def test_evidence_is_links_by_spaces_or_semicolons_or_with_titles() -> None:
    cell = "https://a.example/x;https://b.example/y?a;b [A \\[title\\]](https://c.example/z_(1)), https://d.example,"

    assert question(f'text,due,evidence\nA?,2027,"{cell}"\n').evidence == [
        EvidenceLink("https://a.example/x", None), EvidenceLink("https://b.example/y?a;b", None),
        EvidenceLink("https://c.example/z_(1)", "A [title]"), EvidenceLink("https://d.example", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"p": "35"}, "'35' say 35% or 0.35; percent=True, if all are"),
        ({"claim": "Rain falls"}, "not a slug, the short name of a claim on file; its words go in the column text"),
        ({"p": "often"}, "'often' not a number; say 0.72 or 72%"),
        ({"p": "Very likely"}, "'Very likely' not a number; a word for it goes in the column words"),
        ({"p": "a=40%; b"}, "say a=40%; b=60% of a choice, 2027=30%; 2028=60% of a date"),
        ({"p": "a=40%; a=60%"}, "one of them is said twice"),
        ({"options": "a"}, "say two or more, each once: a; b; c, or low < mid < high"),
        ({"options": "a"}, "say two or more, each once"),
        ({"options": "a < b; c"}, "has both ; and <, and options go by one of them"),
        ({"options": "a; b", "when": "yes"}, "options makes it a choice, when a date: say one of them"),
        ({"unit": "m", "between": "10"}, "say its two ends, 0..10"),
        ({"unit": "m", "between": "10..0"}, "10 to 0 does not rise; the low end goes first"),
        ({"unit": "m", "between": "0..10 log"}, "a log axis begins above 0, not at 0"),
        ({"quantiles": "ten"}, "say 10%=2.5; 50%=4; 90%=6"),
        ({"quantiles": "10%=2", "p": ".3"}, "quantiles say it all; leave the other chances out"),
        ({"due": "01/02/2027"}, "may be two days; say 2027-02-01 or 2027-01-02"),
        ({"due": "soon"}, "row 1 'soon' no day"),
        ({"due": "46388"}, "the number of a day in a spreadsheet; say 2027-01-01"),
        ({"made": "01/02/2026", "p": ".3"}, "may be two days; say 2026-02-01 or 2026-01-02"),
        ({"made": "2026-11-29", "p": ".3"}, "a day means its end; leave it empty, for now"),
        ({"made": "1899-12-30", "p": ".3"}, "what programs make of an empty cell"),
        ({"said": "2027-01-01"}, "lies in the future: days are UTC, and in UTC it is 2026-11-29"),
        ({"link": "oracle.example"}, "'oracle.example' not a web link; only http:// and https:// links are kept"),
        ({"kind": "robot"}, "not a kind; say person"),
        ({"settle_days": "many"}, "not a whole number"),
        ({"words": "perhaps so"}, "say what you take it for: low 20%, high 60%"),
        ({"scale": "house"}, "a scale is for words, and there are none"),
        ({"low": "30%"}, "a range has two ends; say high= too"),
        ({"evidence": "a.example"}, "'a.example' not a web link"),
        ({"outcome": "N/A"}, "annulled or ambiguous, or leave it empty"),
        ({"outcome": "maybe"}, "row 1 'maybe' "),
        ({"outcome": "yes"}, "an outcome needs the day on which it was known"),
        ({"outcome": "no"}, "a no before 2028-01-30 takes impossible yes as well, from then on neither"),
        ({"outcome": "yes", "impossible": "yes"}, "only a no can be given because the claim became impossible"),
        ({"known": "2026-05-01"}, "there is no outcome beside it"),
        ({"criteria": "\x07"}, "a control character (U+0007) at position 0"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_refused_with_its_fix(cells: Mapping[str, object], words: str) -> None:
    assert words in refusal([{"text": "A?", "due": "2027", **cells}])


def test_percent_says_that_the_whole_column_is() -> None:
    rows = "text,due,p\nA?,2027,35\nB?,2027,1\n"

    found = read(rows, Options(how=How(percent=True)))

    assert [chances(one)[0][1] for one in found.questions] == [0.35, 0.01]


def test_five_causes_are_told_and_the_others_counted() -> None:
    header = "text,due,p,made,link,known,kind,settle_days,between\n"
    odd = [f"q{n},2027{',' * place}odd{',' * (7 - place)}" for n, place in enumerate(range(1, 9))]

    message = refusal(header + "\n".join([*odd[:-1], "q8,2027,,,,,,,odd", ""]))

    assert "8 of 8 rows" in message
    assert "and 2 more causes" in message


def test_days_that_may_be_two_are_one_cause() -> None:
    message = refusal("text,due,p\n" + "\n".join(f"q{n},0{n}/09/2027,.5" for n in range(1, 9)))

    assert message.count("say 2027-") == 1
    assert "rows 1, 2, 3, 4, 5, 6, 7, 8 '01/09/2027', ..." in message


# -- whatever holds a table ----------------------------------------------------------------------------------

ROWS = [
    {"text": "A?", "deadline": "2027-03-31", "by": "ana", "p": 0.35, "made_at": "2026-05-01"},
    {"text": "Ä; \"b\"\nc", "deadline": "2027-06-30", "by": "bob", "p": 0.4, "made_at": "2026-05-02"},
]  # fmt: skip
NAMES = list(ROWS[0])


def delimited(delimiter: str, decimal: str = ".") -> str:
    import csv

    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(NAMES)
    writer.writerows(
        [[str(cell).replace(".", decimal) if name == "p" else cell for name, cell in row.items()] for row in ROWS]
    )
    return text.getvalue()


def columns() -> dict[str, list[object]]:
    return {name: [row[name] for row in ROWS] for name in NAMES}


FILES: dict[str, Callable[[Path], object]] = {
    "comma": lambda path: write(path / "f.csv", delimited(",").encode()),
    "semicolon and decimal comma": lambda path: write(path / "f.csv", delimited(";", ",").encode()),
    "tab": lambda path: write(path / "f.tsv", delimited("\t").encode()),
    "said separator": lambda path: write(path / "f.csv", b"sep=|\r\n" + delimited("|").encode()),
    "mark": lambda path: write(path / "f.csv", delimited(",").encode("utf-8-sig")),
    "UTF-16": lambda path: write(path / "f.csv", delimited("\t").encode("utf-16")),
    "JSON": lambda path: write(path / "f.json", json.dumps(ROWS).encode()),
    "spreadsheet": lambda path: write_spreadsheet(path / "f.xlsx", {"S": [NAMES, *map(list, map(dict.values, ROWS))]}),
    "days in a spreadsheet": lambda path: write_spreadsheet(
        path / "f.xlsx",
        {"S": [NAMES, *[[date.fromisoformat(str(cell)) if name in {"deadline", "made_at"} else cell
                         for name, cell in row.items()] for row in ROWS]]},
    ),
    "Markdown": lambda path: write(
        path / "f.md",
        "\n".join(
            f"| {' | '.join(str(cell).replace(chr(10), '<br>') for cell in cells)} |"
            for cells in (NAMES, ["---"] * 5, *[row.values() for row in ROWS])
        ).encode(),
    ),
    "Parquet": lambda path: parquet_file(path / "f.parquet"),
    "Arrow": lambda _: pyarrow.table(columns()),
    "pandas": lambda _: pandas.DataFrame(columns()),
    "pandas with days": lambda _: pandas.DataFrame(columns()).apply(
        lambda column: pandas.to_datetime(column) if column.name in {"deadline", "made_at"} else column
    ),
    "polars": lambda _: polars.DataFrame(columns()),
    "columns": lambda _: columns(),
    "columns as arrays": lambda _: {name: np.array(column, object) for name, column in columns().items()},
    "rows": lambda _: iter(ROWS),
}  # fmt: skip


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def parquet_file(path: Path) -> Path:
    parquet.write_table(pyarrow.table(columns()), path)
    return path


@pytest.mark.parametrize("kind", FILES)
def test_whatever_holds_a_table_says_the_same(kind: str, tmp_path: Path) -> None:
    found = read_predictions(FILES[kind](tmp_path), AS_IT_IS, NOW)

    assert [(one.text, chances(one)) for one in found.questions] == [
        ("A?", [("ana", 0.35)]), ('Ä; "b"\nc', [("bob", 0.4)]),
    ]  # fmt: skip
    assert [str(one.deadline) for one in found.questions] == ["2027-03-31", "2027-06-30"]
    assert [said.made_at.date() for one in found.questions for said in one.said if said.made_at] == [
        date(2026, 5, 1), date(2026, 5, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["NA", "none", "null", "-", "?", "N/A"])
def test_a_word_for_nothing_is_text_in_columns_of_text_and_nothing_in_others(word: str) -> None:
    rows = f"text,due,by,p,words,made,note,title,criteria\n{word},2027,ana,.3,{word},{word},{word},{word},{word}\n"

    (question,) = read(rows).questions

    assert (question.text, question.fields["title"], question.fields["criteria"]) == (word, word, word)
    assert [(said.fields, said.made_at) for said in question.said] == [({"probability": 0.3, "note": word}, None)]

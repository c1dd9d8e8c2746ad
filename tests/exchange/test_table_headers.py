"""A header without the columns that are needed is refused in a sentence of two lines, with the names to give them."""

from __future__ import annotations

import json
import re
from ast import literal_eval
from pathlib import Path

import pytest
from command_line import CommandLine
from spreadsheets import write_spreadsheet

from predictions import InvalidValue, Ledger
from predictions.cli.messages import wrapped
from predictions.records import Claim

ROW = ["It rains", "2099-12-31", "bob", "35%"]
IN_LANGUAGES = [  # text, deadline, by, p
    ["Frage", "Frist", "Wer", "Wahrscheinlichkeit"],
    ["Vorhersage", "Stichtag", "Prognostiker", "Wahrscheinlichkeit (%)"],
    ["énoncé", "échéance", "auteur", "probabilité"],
    ["PRÉVISION", "Date limite", "Nom", "Probabilité en %"],
    ["pregunta", "fecha límite", "quién", "probabilidad"],
    ["Domanda", "Scadenza", "Chi", "Probabilità"],
    ["pergunta", "prazo", "quem", "probabilidade"],
    ["Vraag", "Einddatum", "Naam", "Kans"],
    ["'text'", "'deadline'", "'by'", "'p'"],
    ["Question?", "Due", "Forecaster", "Probability in %"],
    ["Frage", "deadline", "by", "Probability"],
]
UNKNOWN = [
    ["Pytanie", "Kto", "Prawdopodobieństwo"],
    ["質問", "期限", "誰", "確率"],
    ["The plant opens", "2099-12-31", "bob", "35%"],
    ["1", "2", "3"],
    ["x" * 300, "y" * 300, *(f"column {number}" for number in range(40))],
    ["what ends", "a_very_long_name_of_a_column_in_a_database", "by", "p"],
    ["only one"],
]


def refusal(source: object, **how: object) -> str:
    with Ledger("l.db", me="ana") as ledger, pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", source, **how)  # type: ignore[arg-type]
    return str(refused.value)


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def table(header: list[str], delimiter: str = ";", above: str = "") -> Path:
    path = Path("tracker.csv")
    path.write_text(f"{above}{delimiter.join(header)}\n{delimiter.join(ROW)}\n", "utf-8")
    return path


def renamed(message: str, header: list[str]) -> list[str]:
    """The header with the names that a refusal gives."""
    pairs = re.findall(r"for ('[^']*'|\"[^\"]*\") (?:say )?('p %'|\w+)", message)
    pairs += re.findall(r"('.*') is no column here; did you mean '(.*)'", message)
    names = {literal_eval(header): name.strip("'") for header, name in pairs}
    return [names.get(name, name) for name in header]


def assert_two_lines(message: str) -> None:
    assert len(wrapped(f"error: {message}", "error").split("\n")) <= 2, message


@pytest.mark.parametrize("header", IN_LANGUAGES)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_names_that_are_given_work(header: list[str], delimiter: str) -> None:
    message = refusal(table(header, delimiter))

    assert "there is no column" in message
    assert_two_lines(message)
    header = renamed(message, header)
    if "..." in message:  # two lines have no room for all
        header = renamed(refusal(table(header, delimiter)), header)
    with Ledger("new.db", me="ana") as ledger:
        ledger.import_from("table", table(header, delimiter))
        (claim,) = ledger.snapshot().all(Claim)
        (forecast,) = ledger.snapshot().forecasts_on(claim)
        assert (forecast.record.forecaster, forecast.record.probability) == ("bob", 0.35)


@pytest.mark.parametrize("header", UNKNOWN)
def test_headers_that_nobody_knows_are_named_beside_the_columns(header: list[str]) -> None:
    message = refusal(table(header))

    assert message.startswith("there is no column 'text' in tracker.csv, and nothing is read of '")
    assert header[0][:10] in message
    assert "; say text, deadline" in message
    assert_two_lines(message)


def test_every_kind_of_file_says_the_same() -> None:
    header = IN_LANGUAGES[0]
    said = re.sub("tracker.csv", "", refusal(table(header)))
    write_spreadsheet(Path("t.xlsx"), {"Blatt": [["Prognosen"], [], header, ROW]})
    Path("t.json").write_text(json.dumps([dict(zip(header, ROW, strict=True))]), "utf-8")
    Path("t.md").write_text(f"| {' | '.join(header)} |\n| - | - | - | - |\n| {' | '.join(ROW)} |\n", "utf-8")

    others = {file: refusal(file).replace(file, "") for file in ("t.xlsx", "t.json", "t.md")}
    of_rows = refusal([dict(zip(header, ROW, strict=True))]).replace("the rows", "")
    below_a_title = refusal(table(header, above="Prognosen;;;\n;;;\n")).replace("tracker.csv", "")

    assert {*others.values(), of_rows, below_a_title} == {said}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["text", "deadline", "Wer", "Wahrscheinlichkeit"], "rename them: 'Wer' (by?), 'Wahrscheinlichkeit' (p?)"),
        (["text", "deadline", "by", "Wahrscheinlichkeit %"], "did you mean 'p %'? else rename it"),
        (["text", "deadline", "by", "Kans"], "'Kans' is no column here; did you mean 'p'?"),
        (["text", "dealine", "forcaster", "probabilty"], "'dealine' (deadline?), 'forcaster' (forecaster?), 'prob"),
    ],
)
def test_a_column_under_another_name_is_not_left_out_unseen(header: list[str], words: str) -> None:
    message = refusal(table(header))

    assert words in message
    assert_two_lines(message)


@pytest.mark.parametrize(
    "header",
    [
        ["TEXT", "Deadline", "BY", "P"],
        [" text ", "dead_line", "By", " p"],
        ["\ufefftext", "deadline", "by", "p"],
        ['"text"', '"deadline"', '"by"', '"p"'],
        ["text", "deadline", "by", "p", "", ""],
        ["Claim Text", "resolve-by", "Said By", "How likely"],
    ],
)
def test_case_blanks_marks_and_what_trails_make_no_difference(header: list[str]) -> None:
    with Ledger("new.db", me="ana") as ledger:
        taken = ledger.import_from("table", table(header))

    assert (taken.new["claim"], taken.new["forecast"]) == (1, 1)


def test_other_signs_between_fields_and_other_lines_above_are_led_on(tmp_path: Path) -> None:
    run = CommandLine(tmp_path)

    assert "or say --delimiter '^'" in run.refuses("import-from", "table", str(table(["text", "deadline"], "^")))
    assert "say --skip-lines 2" in run.refuses(
        "import-from", "table", str(table(["text", "deadline", "by", "p"], above="Our tracker;;;\n;;;\n"))
    )


@pytest.mark.parametrize(("column", "headers"), [
    ("said_on", ["gesagt am", "Veröffentlicht am", "publié le", "publicado el", "pubblicato il", "dito em",
                 "gezegd op", "article published", "date said"]),
    ("link", ["lien", "Enlace", "collegamento", "Verweis"]),
    ("happened_on", ["Eingetreten am", "arrivé le", "ocurrido el", "gebeurd op"]),
    ("evidence", ["Belege", "preuves"]), ("criteria", ["Kriterien", "critères"]),
    ("options", ["Optionen", "opciones"]), ("unit", ["Einheit", "unité"]), ("tags", ["Schlagwörter", "etiquetas"]),
])  # fmt: skip
def test_a_column_in_another_language_is_never_left_with_what_it_says(
    ledger: Ledger, column: str, headers: list[str]
) -> None:
    for header in headers:
        with pytest.raises(InvalidValue, match=f"did you mean '{column}'"):
            ledger.import_from("table", [{"text": "It rains", "deadline": "2099", "p": "35%", header: "2025-01-15"}])

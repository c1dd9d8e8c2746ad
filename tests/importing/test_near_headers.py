"""A header that is nearly the name of a column is refused with the right one, and with every other fault."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from command_line import CommandLine

from predictions import InvalidValue, Ledger
from predictions.exchange.table.columns import ELSEWHERE, columns_for
from predictions.importing.headers import HeaderFaults, Places
from predictions.records import Claim, Forecast

NEAR = {  # column: headers that are nearly it, or nearly another spelling of it
    "words": "worsd word words:", "said_on": "said_at said-date date_said published_on published_at saidon.",
    "known_on": "known_at known_date knwon_on resolved_date", "made_at": "mdae_at forecast_time made_date",
    "happened_on": "happened_at happend_on", "opens_on": "opens_at open_date start_time",
    "tags": "tag label categories",
    "link": "linkk lnik links URL.", "text": "txt tex Text: texts predicton", "p": "Prob. probs probabilty chances (p)",
    "criteria": "criterion critera criteria?", "by": "forcaster forecasters names Who? speakr",
    "note": "notes note. comments", "deadline": "dealine deadlines Deadline(UTC) due_day end_date.",
    "outcome": "outcom outcomes resolutoin results", "kind": "kinds knid", "unit": "units unit.",
    "quantiles": "quantile quantlies", "options": "optons optoins choice", "reason": "reasons reaosn",
    "evidence": "evidences evidense proofs", "scale": "scales sclae", "settle_days": "settle_day",
    "title": "titel titles",
    "cluster": "clusters clutser", "wording": "wordings wrding", "withdrawn": "withdrawm", "between": "betwen ranges",
}  # fmt: skip
OTHERS = [
    "Mood", "Nr", "No.", "Row", "Status", "Type", "Team", "Topic", "Priority", "Brier", "Score", "Points", "Weight",
    "Rank", "Country", "Region", "Market", "Price", "Season", "Version", "State", "Stage", "Step", "Size", "Rate",
    "Odds", "Test", "Case", "Code", "Mode", "Model", "Method", "Page", "Line", "Person", "Station", "Birthday", "Hash",
    "Details", "Description", "Importance", "Lead", "Project", "Owner", "Checked", "Column1", "Week", "Year",
]  # fmt: skip
IN_OTHER_WORDS = {  # what says a column in other words, where no other header is that column
    "by": "Author,Analyst,Made by,By whom,Forecaster name,Name of forecaster,Username,User name,Who said it?,Person,"
    "Pundit (full name),Predictor's name,Predicted By:,forecasterName,Respondent",
    "made_at": "Timestamp,Date of prediction,Date added,Predicted on,When made,Submission date",
    "said_on": "Statement date,Date of statement,Publication date,Quoted on,Posted",
    "outcome": "Verdict?,Came true?,Did it come true?,True?,Was it right?,Right/Wrong,Actual result,Final outcome",
    "known_on": "Resolution date,Decided on,Date of verdict",
    "p": "Percent,Credence,My probability",
}
READ = {
    "by": "Predicted by,Forecast by,Pundit,predictedBy",
    "made_at": "Prediction date",
    "outcome": "Verdict,Came true",
}
PEOPLE = {"Rob %": "p:Rob", "Nate %": "p:Nate", "Chase %": "p:Chase", "p:text": "p:text"}


def places(*header: str) -> Places:
    return columns_for("f.csv").places(["text", "deadline", "by", "p", *header], "f.csv")


def faults(*header: str) -> Sequence[str]:
    with pytest.raises(HeaderFaults) as refused:
        places(*header).refuse_faults()
    return refused.value.sentences


@pytest.mark.parametrize(("column", "headers"), NEAR.items())
def test_a_header_that_is_nearly_a_column_is_refused_with_its_name(column: str, headers: str) -> None:
    spellings = columns_for("f.csv").spellings.get(column, ())
    for header in headers.split():
        (fault,) = faults(header)
        name = fault.partition("did you mean ")[2].split("'")[1]

        assert fault.startswith(f"{header!r} is no column here; did you mean '")
        assert name.removesuffix(" %") in {column, *spellings}, header


@pytest.mark.parametrize("header", OTHERS)
def test_a_header_that_is_nobodys_is_left_and_named(header: str) -> None:
    found = places(header)
    found.refuse_faults()

    assert found.left == [header]


@pytest.mark.parametrize(("column", "headers"), IN_OTHER_WORDS.items())
def test_a_header_in_other_words_is_refused_with_the_name_of_the_column(column: str, headers: str) -> None:
    for header in headers.split(","):
        with pytest.raises(HeaderFaults) as refused:
            columns_for("f.csv").places(["text", "deadline", header], "f.csv").refuse_faults()

        assert "is no column here; did you mean" in str(refused.value)
        meant = str(refused.value).rpartition("did you mean '")[2].split("'")[0]
        assert meant in {column, *columns_for("f.csv").spellings[column]}, header


def test_it_is_left_and_named_where_another_header_is_that_column() -> None:
    found = columns_for("f.csv").places(["text", "deadline", "by", "made_at", "Author", "Timestamp"], "f.csv")
    found.refuse_faults()

    assert found.left == ["Author", "Timestamp"]


@pytest.mark.parametrize(("column", "headers"), READ.items())
def test_a_header_that_plainly_names_a_column_is_read_as_it(column: str, headers: str) -> None:
    for header in headers.split(","):
        found = columns_for("f.csv").places(["text", "deadline", header], "f.csv")
        found.refuse_faults()

        assert found[column] == 2


@pytest.mark.parametrize("header", ["Prediction %", "Prediction (%)", "Statement in %"])
def test_texts_in_percent_are_chances(header: str) -> None:
    with pytest.raises(HeaderFaults, match="did you mean 'p %'"):
        columns_for("f.csv").places(["text", "deadline", header], "f.csv").refuse_faults()


def test_the_owner_never_becomes_the_author_of_what_a_column_says_another_did(tmp_path: Path) -> None:
    headers = [*READ["by"].split(","), *IN_OTHER_WORDS["by"].split(",")]
    with Ledger(tmp_path / "l.db", me="ana") as ledger:
        for number, header in enumerate(headers):
            row = {"text": f"It rains {number}", "deadline": "2099", header: "Bob", "p": 0.4}
            with suppress(InvalidValue):
                ledger.import_from("table", [row] if number % 2 else pd.DataFrame([row]))
        said = {one.forecaster for one in ledger.snapshot().all(Forecast)}

    assert said == {"bob"}


@pytest.mark.parametrize(("header", "column"), PEOPLE.items())
def test_a_column_of_a_person_is_theirs_however_they_are_called(header: str, column: str) -> None:
    found = places(header)
    found.refuse_faults()

    assert column in found


@pytest.mark.parametrize(
    "header", ["closes_at", "Closes At", "given", "conditions", "reading", "not-resolvable", "ordered", "because"]
)
def test_a_keyword_that_is_no_column_is_refused_and_says_where_it_goes(header: str) -> None:
    (fault,) = faults(header)

    assert fault.startswith(f"{header!r} is no column: ")
    assert fault.endswith("; else rename it")


def test_columns_of_exported_forecasts_that_no_table_has_are_left_and_named() -> None:
    found = places("because", "shown")
    found.refuse_faults()

    assert found.left == ["because", "shown"]


def test_every_keyword_of_the_recording_verbs_is_a_column_or_is_refused() -> None:
    from inspect import signature

    of_the_call = {"self", "claim", "again", "ordered"}
    verbs = (Ledger.add, Ledger.quote, Ledger.forecast, Ledger.resolve)
    words = {name for verb in verbs for name in signature(verb).parameters} - of_the_call
    for word in words:
        found = places() if word in places() else places(word)
        told = word in found or word.replace("_", "") in ELSEWHERE or word == "slug"
        assert told, word


def test_all_faults_of_a_header_and_of_its_rows_are_told_together(tmp_path: Path) -> None:
    run, table = CommandLine(tmp_path), tmp_path / "t.csv"
    table.write_text(
        "text,deadline,by,worsd,said_at,tag,given\nA,2099,Bob,will,01/02/2025,x,\nB,soon,Bob,will,,,\n", "utf-8"
    )

    said = " ".join(run("import-from", "table", str(table)).stderr.split())

    for fault in ("'worsd' (words?)", "'said_at' (said_on?)", "'tag' (tags?)", "'given' is no column", "row 2 'soon'"):
        assert fault in said


@pytest.mark.parametrize("column", ["text", "p", "by", "deadline"])
def test_a_column_that_stands_twice_is_no_slip(column: str) -> None:
    (fault,) = faults(column)

    assert fault.startswith(f"the column {column!r} stands twice in f.csv")


@pytest.mark.parametrize("beside", [["by", "p"], ["by"], ["p"]])
def test_a_slip_is_refused_whatever_stands_beside_it(beside: list[str]) -> None:
    near = {"by": "forcaster", "p": "probabilty"}
    for name in beside:
        assert "is no column here" in faults(near[name])[0]


def test_an_index_with_a_name_is_a_column(tmp_path: Path) -> None:
    rows = {"by": ["Jane Roe", "Karl"], "text": ["A", "B"], "deadline": ["2099"] * 2, "p": [0.3, 0.4], "Mood": ["", ""]}
    with Ledger(tmp_path / "l.db", me="ana") as ledger:
        ledger.import_from("table", pd.DataFrame(rows).set_index("by"))
        ledger.import_from("table", pd.DataFrame(rows).set_index(["text", "deadline"]))
        snapshot = ledger.snapshot()
        with pytest.raises(InvalidValue, match="'worsd' is no column here"):
            ledger.import_from("table", pd.DataFrame({**rows, "worsd": ["", ""]}).set_index("worsd"))

    assert {one.forecaster for one in snapshot.all(Forecast)} == {"jane-roe", "karl"}
    assert len(list(snapshot.all(Claim))) == 2

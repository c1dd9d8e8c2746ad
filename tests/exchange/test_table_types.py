"""Choices, numbers and dates in the table: read, refused by type, and written so that they come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from conftest import Clock
from test_table_writer import records

from predictions import InvalidValue, Ledger
from predictions.importing.refusals import RowsRefused
from predictions.records import Bearing, Claim, Forecast

TODAY = "2027-02-15"
ROWS = """\
text,deadline,by,p,quantiles,options,unit,between,when,outcome,known_on,happened_on,made_at
Which lab leads?,2026,ana,Open AI=40%; other=60 %,,Open AI; other,,,,Other,2027-01-02,,2026-03-01
Which lab leads?,,bob,"open-ai=0,5; other=0,5",,,,,,,,,2026-03-02
Which lab leads?,,bob,withdrawn,,,,,,,,,2026-03-03
How large is the turnout?,2026,ana,low=33%; mid=33%; high=33%,,low < mid < high,,,,mid,2027-01-03,,2026-03-01
Cars sold,2026,ana,,10%=2.5; 50%=4; 90%=6,,million,0..10,,1,2027-01-04,,2026-03-01
Cars sold,,bob,,10%=1; 30%=2; 70%=3; 100%=10,,,,,,,,2026-03-01
Cars sold,,cem,,10%=1; 50%=2; 90%=3; exact,,,,,,,,2026-03-01
Cars sold,,dee,,20%=1; 20%=2; 100%=10; exact,,,,,,,,2026-03-01
Bees left,2026,ana,,5%=10; 95%=900.125,,hives,1..1000 log,,12345.5,2027-01-05,,2026-03-01
The law is passed,2026,ana,2026-06=30%; 2026=60%,,,,,yes,2026-05-02,,,2026-03-01
The pier opens,2026,ana,2026-06=30%; 2026=60%,,,,,yes,yes,,2026-05,2026-03-01
The ferry sails,2026,ana,2026-12-31=10%,,,,,yes,no,,,2026-03-01
The last one,2026,ana,a=1; b=0,,a; b,,,,annulled,2026-05-01,,2026-03-01
"""


@pytest.fixture
def full(clock: Clock, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger of claims of every type, from a table."""
    clock.set(TODAY)
    (tmp_path / "full.csv").write_text(ROWS, "utf-8")
    with Ledger(tmp_path / "full.db", me="ed") as ledger:
        ledger.import_from("table", tmp_path / "full.csv")
        yield ledger


def claim(ledger: Ledger, text: str) -> Claim:
    return next(one for one in ledger.snapshot().all(Claim) if one.wording == text)


def forecasts(ledger: Ledger, text: str) -> Mapping[str, Forecast]:
    snapshot = ledger.snapshot()
    return {item.record.forecaster: item.record for item in snapshot.forecasts_on(claim(ledger, text))}


MADE = """\
text,deadline,by,p,quantiles,options,unit,between,when,opens_on,made_at
Who wins?,2026,ana,a=33%; b=33%; c=33%,,a; b; c,,,,,2026-03-01
Who wins?,,bob,a=33%; b=33%; c=34%,,,,,,,2026-03-01
Cars sold,2026,ana,,10%=2; 50%=4; 90%=7,,million,0..10,,,2026-03-01
Cars sold,,bob,,10%=2; 50%=4; 90%=8,,,,,,2026-03-01
Cars sold,,cem,,10%=2; 50%=4; 90%=8; exact,,,,,,2026-03-01
The law is passed,2026,ana,2026=60%,,,,,yes,2026-01-01,2026-03-02
The law is passed,,bob,2026-03-01=0%; 2026=60%,,,,,,,2026-03-02
The law is passed,,cem,2026=60%,,,,,,,2026-01-01
"""


def test_the_card_counts_what_was_made_of_rows_once(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    (tmp_path / "made.csv").write_text(MADE, "utf-8")
    with Ledger(tmp_path / "made.db", me="ed") as ledger:
        dry, done, again = (
            ledger.import_from("table", tmp_path / "made.csv", dry_run=dry) for dry in (True, False, False)
        )

        for card in (dry, done):
            assert card.made == {"mended": 1, "drawn": 2, "begun": 1}
            said = " ".join(str(card).split())
            assert "of them 1 was mended: shares that missed 1 within rounding 2 were drawn as a smooth curve" in said
            assert "1 was drawn from 0 at the end of the day before; nothing is said of days over" in said
        assert not again.made
        assert "2026-03-01" in {str(said.days[0].day) for said in forecasts(ledger, "The law is passed").values()}


def test_a_choice_is_read_with_its_options_as_slugs(full: Ledger) -> None:
    asked, said = claim(full, "Which lab leads?"), forecasts(full, "Which lab leads?")

    assert (asked.type, asked.options) == ("choice", ("open-ai", "other"))
    assert [(share.option, share.share) for share in said["ana"].shares] == [("open-ai", 0.4), ("other", 0.6)]
    assert said["bob"].withdrawn
    assert claim(full, "How large is the turnout?").type == "ordered"
    assert forecasts(full, "How large is the turnout?")["ana"].shares[0].share == 0.333333333333


def test_three_quantiles_are_drawn_as_a_curve_and_others_as_they_are(full: Ledger) -> None:
    asked, said = claim(full, "Cars sold"), forecasts(full, "Cars sold")

    assert (asked.type, asked.unit, asked.low, asked.high, asked.scale) == ("number", "million", 0, 10, None)
    assert (len(said["ana"].points), len(said["bob"].points), len(said["cem"].points)) == (28, 4, 3)
    assert [(point.at, point.chance) for point in said["dee"].points] == [(1, 0.2), (2, 0.2), (10, 1)]
    assert claim(full, "Bees left").scale == "log"


def test_outcomes_are_options_values_and_days(full: Ledger) -> None:
    snapshot = full.snapshot()
    verdicts = [(one.wording, verdict) for one in snapshot.all(Claim) if (verdict := snapshot.verdict(one))]

    told = {text: (one.said, str(one.happened_from or ""), str(one.happened_on or "")) for text, one in verdicts}
    assert told == {
        "Which lab leads?": ("other", "", ""), "How large is the turnout?": ("mid", "", ""),
        "Cars sold": ("1", "", ""),
        "Bees left": ("12345.5", "", ""), "The law is passed": ("yes", "", "2026-05-02"),
        "The pier opens": ("yes", "2026-05-01", "2026-05-31"), "The ferry sails": ("no", "", ""),
        "The last one": ("annulled", "", ""),
    }  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet"])
def test_what_is_written_comes_back_as_the_same_records(ending: str, full: Ledger, tmp_path: Path) -> None:
    written = full.export("table", tmp_path / f"out.{ending}")

    with Ledger(tmp_path / "again.db", me="ed") as again:
        again.import_from("table", tmp_path / f"out.{ending}")
        assert records(again) == records(full)
        again.export("table", tmp_path / f"again.{ending}")
    assert (tmp_path / f"again.{ending}").read_bytes() == (tmp_path / f"out.{ending}").read_bytes()
    assert not [one.what for one in written.lost]  # type: ignore[union-attr]  # of a table


def test_the_same_file_again_adds_nothing(full: Ledger, tmp_path: Path) -> None:
    before = full.head()

    again = full.import_from("table", tmp_path / "full.csv")

    assert (dict(again.new), again.changes, full.head()) == ({}, (), before)


def test_the_card_counts_types_and_says_how_the_first_row_was_read(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    (tmp_path / "full.csv").write_text(ROWS, "utf-8")

    card = str(Ledger(tmp_path / "new.db", me="ed").import_from("table", tmp_path / "full.csv", dry_run=True))

    assert "types       3 date, 2 choice, 2 number, 1 ordered" in card
    assert 'row 1: "Which lab leads?", until 2026-12-31; ana, open-ai 0.40, other 0.60' in " ".join(card.split())


def test_rows_that_name_a_claim_on_file_are_read_as_it_asks(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    ledger = Ledger(tmp_path / "a.db", me="ed")
    ledger.add("Which lab leads?", deadline="2027", options=["a", "東京"])
    ledger.add("Cars sold", deadline="2027", unit="million", between=(0, 10))

    ledger.import_from("table", [
        {"claim": "which-lab-leads", "by": "ana", "p": {"A": 0.25, "東京": 0.75}},
        {"claim": "cars-sold", "by": "ana", "quantiles": {0.2: 1, 0.8: 3}},
    ])  # fmt: skip

    assert [share.share for share in forecasts(ledger, "Which lab leads?")["ana"].shares] == [0.25, 0.75]
    assert [point.at for point in forecasts(ledger, "Cars sold")["ana"].points] == [1, 3]


def test_another_distribution_at_the_same_moment_is_listed_and_left(full: Ledger) -> None:
    row = {"claim": claim(full, "Which lab leads?").slug, "by": "ana", "made_at": "2026-03-01"}

    taken = full.import_from("table", [{**row, "p": "open-ai=50%; other=50%"}])

    assert [change.what for change in taken.changes] == [
        "ana, 2026-03-01: open-ai 0.40, other 0.60 -> open-ai 0.50, other 0.50"
    ]
    assert not taken.new


@pytest.mark.parametrize(
    ("text", "cells", "words"),
    [
        ("Which lab leads?", {"p": "40%"}, "is a choice; say open-ai=40%; other=..."),
        ("Which lab leads?", {"p": "open-ai=40%"}, "no share for 'other'; the others leave 0.60: add other=60%"),
        ("Which lab leads?", {"p": "opanai=40%; other=60%"}, "no option 'opanai'; did you mean 'open-ai'?"),
        ("Which lab leads?", {"p": "open-ai=60%; other=60%"}, "sum to 1.20, not 1"),
        ("Which lab leads?", {"quantiles": "10%=2"}, "is a choice; quantiles go with a number"),
        ("Which lab leads?", {"outcome": "yes", "known_on": "2027-01-02"}, "is a choice; say open-ai, other"),
        ("Cars sold", {"p": "40%"}, "some values: 10%=2.5; 50%=4; 90%=6 in the column quantiles"),
        ("Cars sold", {"p": "10%=2; 50%=4"}, "some values: 10%=2.5; 50%=4; 90%=6 in the column quantiles"),
        ("Cars sold", {"quantiles": "10%=3; 50%=2"}, "quantiles must rise: 10 % at most 3, but 50 % at most 2"),
        ("Cars sold", {"quantiles": "10%=3; 50%=12"}, "12 lies outside 0 .. 10"),
        ("Cars sold", {"outcome": "often", "known_on": "2027-01-02"}, "a number in million; say a value such as 10"),
        ("The law is passed", {"p": "40%"}, "40% by when? this asks on which day; say 2026-12-31=40%"),
        ("The law is passed", {"p": "2026-06-30=40%"}, "the last day is 2026-12-31: say how likely by then"),
        ("The law is passed", {"p": "2026-06=40%; 2026=30%"}, "chances must not fall"),
        ("The law is passed", {"outcome": "soon", "known_on": "2027-01-02"}, "which asks on which day"),
    ],
)  # fmt: skip
def test_what_does_not_fit_its_claim_is_refused_by_its_type(
    text: str, cells: Mapping[str, str], words: str, full: Ledger
) -> None:
    before = full.head()

    with pytest.raises(InvalidValue) as refused:
        full.import_from("table", [{"claim": claim(full, text).slug, "by": "zed", "made_at": "2026-04-01", **cells}])

    assert words in " ".join(str(refused.value).split())
    assert f"{next(iter(cells))} " in str(refused.value)
    assert full.head() == before


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "json", "parquet"])
def test_an_option_called_none_is_an_outcome_that_comes_back(ending: str, clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    with Ledger(tmp_path / "there.db", me="ana") as there:
        there.add("Which one?", deadline="2099", options=["a", "none"], p={"a": 0.5, "none": 0.5}, slug="which")
        there.resolve("which", "none", known_on=TODAY, reason="seen")
        there.export("table", tmp_path / f"out.{ending}")

    with Ledger(tmp_path / "here.db", me="ana") as here:
        here.import_from("table", tmp_path / f"out.{ending}")

        assert here.snapshot().verdict(here.claim("which").claim).option == "none"


def test_several_chances_on_a_claim_that_is_yes_or_no_are_refused(full: Ledger) -> None:
    full.add("Our release ships", deadline="2027-06-30")

    with pytest.raises(InvalidValue, match="is of type yes-no, so it"):
        full.import_from("table", [{"claim": "our-release-ships", "by": "ana", "p": "a=40%; b=60%"}])


def test_percent_and_a_column_a_person_hold_several_chances_too(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    ledger = Ledger(tmp_path / "a.db", me="ed")

    ledger.import_from(
        "table", [{"text": "Who?", "deadline": "2027", "options": ["a", "b"], "p:ana": "a=1; b=99"}], percent=True
    )

    assert [share.share for share in forecasts(ledger, "Who?")["ana"].shares] == [0.01, 0.99]


@pytest.mark.parametrize(
    ("column", "second", "words"),
    [
        (
            "at",
            ("6", "40%"),
            "at row 1 '5' points and days rise, and the chances at them do not fall: 0.5 by 5, then 0.4",
        ),
        ("value", ("6", "40%"), "value row 1 '5' quantiles must rise"),
        ("at", ("13", "90%"), "lies outside 0 .. 10, over which 'How many cars?' is scored; say how likely at most 10"),
    ],
)
def test_points_that_do_not_go_together_stand_under_a_column_of_the_file(
    ledger: Ledger, tmp_path: Path, column: str, second: tuple[str, str], words: str
) -> None:
    start = "How many cars?,2027-12-31,ben,cars,0..10,"
    rows = f"text,deadline,by,unit,between,{column},p\n{start}5,50%\n{start}{','.join(second)}\n"
    (tmp_path / "long.csv").write_text(rows, "utf-8")

    with pytest.raises(InvalidValue) as error:
        ledger.import_from("table", tmp_path / "long.csv")

    told = " ".join(str(error.value).split())
    assert words in told
    assert "quantiles row" not in told
    assert "by forecaster" not in told


@pytest.mark.parametrize(
    ("terms", "column", "told", "words"),
    [
        (
            ("options", "a; b"),
            "option",
            {"a": "50%", "b": "20%", "z": "30%"},
            "option row 3 z no option z; options: a, b",
        ),
        (("unit,between", "cars,0..10"), "at", {"5": "50%", "13": "90%"}, "at row 2 13 13 lies outside 0 .. 10"),
        (("unit,between", "cars,0..10"), "value", {"5": "50%", "13": "90%"}, "value row 2 13 13 lies outside 0 .. 10"),
        (
            ("unit,between", "cars,0..10"),
            "value",
            {"5": "50%", "7": "60%", "6": "90%"},
            "value row 3 6 quantiles must rise",
        ),
        (
            ("when", "yes"),
            "day",
            {"2028-05-01": "50%", "2027-12-31": "60%"},
            "day row 1 2028-05-01 2028-05-01 lies outside",
        ),
        (
            ("when", "yes"),
            "day",
            {"2027-05-01": "50%", "2027-06-01": "40%", "2027-12-31": "60%"},
            "day row 2 2027-06-01 chances must not fall",
        ),
    ],
)
def test_the_row_named_is_that_of_the_part_at_fault(
    ledger: Ledger, tmp_path: Path, terms: tuple[str, str], column: str, told: Mapping[str, str], words: str
) -> None:
    rows = [f"What comes?,2027-12-31,ben,{terms[1]},{part},{chance}" for part, chance in told.items()]
    (tmp_path / "long.csv").write_text("\n".join([f"text,deadline,by,{terms[0]},{column},p", *rows]), "utf-8")

    with pytest.raises(InvalidValue) as error:
        ledger.import_from("table", tmp_path / "long.csv")

    assert words in " ".join(str(error.value).replace("'", "").split())


@pytest.mark.parametrize(
    ("columns", "cells", "words"),
    [
        ("when,p", "yes,2028-04-01=50%; 2025-12-31=60%", "2028-04-01 lies outside the window, which ends 2025-12-31"),
        ("when,p,outcome,known_on", "yes,2025-12-31=60%,2026-03-01,2026-03-02", "window of 'Which day?', which ends"),
        ("p,outcome,happened_on,known_on", "60%,yes,2026-03-01,2026-03-02", "'Which day?', which ends 2025-12-31"),
    ],
)
def test_a_first_day_that_nobody_gave_is_not_told(
    ledger: Ledger, clock: Clock, tmp_path: Path, columns: str, cells: str, words: str
) -> None:
    clock.set("2026-03-15")
    (tmp_path / "late.csv").write_text(f"text,deadline,by,{columns}\nWhich day?,2025-12-31,ben,{cells}\n", "utf-8")

    with pytest.raises(InvalidValue) as error:
        ledger.import_from("table", tmp_path / "late.csv")

    told = " ".join(str(error.value).split())
    assert words in told
    assert "made after it was due" in told
    assert "0001" not in told


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"options": "a;b", "p": "a 40%, b 60%"}, "p row 1 'a 40%, b 60%' not one number; say a=40%; b=60%"),
        ({"options": "a;b", "p": "a: 0.4; b: 0.6"}, "not one number; say a=0.4; b=0.6"),
        ({"when": "yes", "p": "2026-06-30: 60%"}, "not one number; say 2026-06-30=60%"),
        ({"when": "yes", "p": "2026-05 20%, 2026-06 60%"}, "not one number; say 2026-05=20%; 2026-06=60%"),
        ({"options": "a;b", "words": "likely"}, "words row 1 'likely' 'What?' is a choice; words goes with one chance"),
    ],
)
def test_cells_of_several_chances_are_refused_by_how_they_are_written(
    ledger: Ledger, cells: dict[str, str], told: str
) -> None:
    row = {"text": "What?", "deadline": "2026-06-30", "by": "ana", **cells}

    with pytest.raises(RowsRefused) as refused:
        ledger.import_from("table", [row])

    assert told in " ".join(str(refused.value).split())


OTHERWISE = [
    ("note", "x", "y"), ("outcome", "a", "b"), ("options", "a;b", "a;c"), ("tags", "u", "v"),
    ("link", "https://a.example", "https://b.example"), ("criteria", "As told.", "As written."),
    ("wording", "A or b", "B or a"), ("cluster", "one", "two"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "first", "second"), OTHERWISE)
def test_rows_of_one_forecast_that_say_two_things_are_refused_by_column(
    ledger: Ledger, column: str, first: str, second: str
) -> None:
    same = {"text": "Which?", "deadline": "2099", "by": "bob", "options": "a;b", "known_on": "2026-01-01"}
    rows = [{**same, "option": "a", "p": 0.4, column: first}, {**same, "option": "b", "p": 0.6, column: second}]

    with pytest.raises(RowsRefused) as refused:
        ledger.import_from("table", rows)

    assert f"{column} " in str(refused.value)
    assert "row 1 of the same forecast says something else; say it once" in " ".join(str(refused.value).split())


def test_quantiles_beside_a_part_of_them_and_two_days_of_one_event_are_refused(ledger: Ledger) -> None:
    ledger.add("How many?", deadline="2026-12-31", unit="m", between=(0, 10), slug="many")
    ledger.add("When?", deadline="2026-12-31", opens_on="2025-01-01", when=True, slug="when")
    row = {"by": "bob", "made_at": "2025-06-01"}

    with pytest.raises(RowsRefused, match="quantiles say it all; leave the other chances out"):
        ledger.import_from("table", [{**row, "claim": "many", "value": 5, "p": 0.5, "quantiles": "50%=4"}])
    with pytest.raises(RowsRefused, match="a range is of one chance"):
        ledger.import_from("table", [{**row, "claim": "many", "value": 5, "p": 0.5, "low": 0.4}])
    outcome = {"outcome": "2025-03-01", "happened_on": "2025-04-01", "known_on": "2025-05-01"}
    with pytest.raises(RowsRefused) as refused:
        ledger.import_from("table", [{**row, "claim": "when", "p": "2026-06-30=50%", **outcome}])
    assert "outcome says 2025-03-01, happened_on 2025-04-01" in " ".join(str(refused.value).split())


def test_links_of_several_rows_of_one_forecast_are_all_kept(ledger: Ledger) -> None:
    same = {"text": "Which?", "deadline": "2099", "by": "bob", "options": "a;b"}
    rows = [
        {**same, "option": "a", "p": 0.4, "evidence": "https://a.example/1"},
        {**same, "option": "b", "p": 0.6, "evidence": "https://a.example/2"},
    ]
    ledger.import_from("table", rows)

    assert [bearing.evidence for bearing in ledger.snapshot().all(Bearing)] == ["a-example-1", "a-example-2"]


@pytest.mark.parametrize("column", ["low", "high"])
@pytest.mark.parametrize(("terms", "p", "noun"), [
    ({"options": "a; b"}, "a=40%; b=60%", "a choice"),
    ({"options": "a < b"}, "a=40%; b=60%", "an ordered choice"),
    ({"when": "yes"}, "2027=40%", "a date"),
])  # fmt: skip
def test_the_end_of_a_range_beside_several_chances_is_refused_by_the_type(
    clock: Clock, tmp_path: Path, terms: Mapping[str, str], p: str, noun: str, column: str
) -> None:
    clock.set(TODAY)
    ledger = Ledger(tmp_path / "a.db", me="ed")
    row = {"text": "Q", "deadline": "2027", "by": "ana", "p": p, column: "20%", **terms}

    with pytest.raises(RowsRefused) as refused:
        ledger.import_from("table", [row])
    assert f"'Q' is {noun}; {column} goes with one chance of yes or no" in " ".join(str(refused.value).split())


def test_whole_numbers_of_a_frame_are_their_digits_beside_empty_cells(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    ledger = Ledger(tmp_path / "a.db", me="ed")
    whole = {"title": 2030.0, "cluster": 7.0, "tags": 3.0, "criteria": 12.0, "note": 4.0}
    rows = [
        {"text": "How many?", "deadline": "2027", "by": "ana", "options": "1; 2; 10", "option": option, "p": p, **whole}
        for option, p in [(1.0, 0.2), (2.0, 0.5), (10.0, 0.3)]
    ]
    ledger.import_from("table", rows)

    asked, said = claim(ledger, "How many?"), forecasts(ledger, "How many?")["ana"]
    assert (asked.title, asked.cluster, asked.tags, asked.criteria) == ("2030", "7", ("3",), "12")
    assert [(share.option, share.share) for share in said.shares] == [("1", 0.2), ("2", 0.5), ("10", 0.3)]
    assert said.note == "4"


OTHERWISE = [  # what a claim asks, and a row that asks for something else
    ({}, {"options": "a; b", "p": "10%"}, "options"),
    ({"when": True}, {"options": "a; b", "p": "2027=10%"}, "options"),
    ({"unit": "million", "between": (0, 10)}, {"unit": "k", "between": "0..10", "quantiles": "50%=4"}, "unit"),
]


@pytest.mark.parametrize(("asked", "row", "column"), OTHERWISE)
def test_no_forecast_is_taken_from_a_row_that_asks_for_something_else(
    clock: Clock, tmp_path: Path, asked: Mapping[str, object], row: Mapping[str, str], column: str
) -> None:
    clock.set(TODAY)
    ledger = Ledger(tmp_path / "a.db", me="ed")
    ledger.add("The question", slug="q", deadline="2027", **asked)  # type: ignore[arg-type]

    with pytest.raises(RowsRefused) as refused:
        ledger.import_from("table", [{"claim": "q", "by": "bob", **row}])
    assert f"\n  {column} " in str(refused.value)


@pytest.mark.parametrize("said", [{"quantiles": "50%=3"}, {"value": 3, "p": "20%"}, {"at": 3, "p": "20%"}])
def test_quantiles_on_a_claim_of_yes_or_no_are_refused_by_its_type(
    clock: Clock, tmp_path: Path, said: Mapping[str, object]
) -> None:
    clock.set(TODAY)
    ledger = Ledger(tmp_path / "a.db", me="ed")
    ledger.add("The question", slug="q", deadline="2027")

    with pytest.raises(RowsRefused, match="q is of type yes-no, so it takes one chance"):
        ledger.import_from("table", [{"claim": "q", "by": "bob", **said}])


def test_columns_that_are_nobodys_are_named_though_nothing_is_new(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    ledger = Ledger(tmp_path / "a.db", me="ed")
    ledger.add("Which?", slug="q", deadline="2027", options=["red", "blue"])

    card = ledger.import_from("table", [{"claim": "q", "by": "bob", "Mood": "good", "Nr": "17"}])
    assert "'Mood', 'Nr' are not ours and were left" in str(card)


@pytest.mark.parametrize("column", ["p:ana", "p"])
@pytest.mark.parametrize("value", ["4", "40", "4 km"])
@pytest.mark.parametrize(
    ("terms", "type_words"),
    [
        ({"options": "a; b"}, "is a choice; "),
        ({"unit": "km", "between": "0..10"}, "is a number; say how likely at most some values"),
        ({"when": "yes"}, "is a date; "),
    ],
)
def test_what_is_no_chance_is_refused_by_the_type_of_its_claim(
    ledger: Ledger, column: str, value: str, terms: dict[str, str], type_words: str
) -> None:
    row = {"text": "It is asked", "deadline": "2099", **terms, column: value}

    with pytest.raises(InvalidValue) as refusal:
        ledger.import_from("table", [row])

    assert type_words in " ".join(str(refusal.value).split())

"""One run of a table: all of it or nothing, again nothing, later what is new; and the card that says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Clock, Refuses

from predictions import InvalidValue, Ledger, LedgerError
from predictions.enums import ForecasterKind, Outcome
from predictions.exchange.taking.card import Taken
from predictions.records import Claim, Forecaster, Import, Resolution, Source, Statement
from predictions.status import Timing, timing

TODAY = "2027-02-15"
OUTLOOK = "2026-01-05,https://oracle.example/outlook"
PUNDITS = f"""text,deadline,by,p,words,said_on,link,made_at,outcome,known_on,evidence,note,Mood,Nr
GPT-6 will be out this year,2026,Tech Oracle,,will,{OUTLOOK},,yes,2026-12-09,https://lab.example/gpt-6,,good,1
An AI lab goes public,2026-12-31,Tech Oracle,60%,,{OUTLOOK},,no,,,,,2
Two labs publish prices,2027-01-31,Tech Oracle,,will,{OUTLOOK},,,,,,,3
Half of all code is machine-written,2028-12-31,Tech Oracle,55%,,{OUTLOOK},,,,,,,4
Chips get cheaper,2026-06-30,Prof Pundit,,will,2026-01-10,https://prof.example/a,,no,2026-08-01,,,,5
A lab is bought,2026-09-30,Prof Pundit,,will,2026-01-10,https://prof.example/a,,ambiguous,2026-11-01,,,,6
An institute opens,2026-12-31,Prof Pundit,30%,,2026-01-10,https://prof.example/a,,no,,,,,7
A strike at a lab,2027-12-31,Prof Pundit,,will,2026-01-10,https://prof.example/a,,,,,,,8
Power prices rise,2026-06-30,Macro Weekly,70%,,2026-01-12,https://macro.example/1,,yes,2026-07-02,,,,9
Rates fall,2026-12-31,Macro Weekly,80%,,2026-01-12,https://macro.example/1,,yes,2026-10-05,,,,10
Exports grow,2027-12-31,Macro Weekly,40%,,2026-01-12,https://macro.example/1,,,,,,,11
The index doubles,2027-06-30,Macro Weekly,10%,,2026-01-12,https://macro.example/1,,,,,,,12
"""


def write(folder: Path, text: str, name: str = "pundits.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def take(ledger: Ledger, folder: Path, *rows: str, header: str = "text,due,by,p,made", **options: object) -> Taken:
    return ledger.import_from("table", write(folder, "\n".join([header, *rows, ""]), "f.csv"), **options)  # type: ignore[arg-type]


@pytest.fixture
def eds(clock: Clock, tmp_path: Path) -> Ledger:
    clock.set(TODAY)
    return Ledger(tmp_path / "pundits.db", me="ed")


def test_twelve_predictions_of_three_pundits_are_twelve_rows(eds: Ledger, tmp_path: Path) -> None:
    taken = eds.import_from("table", write(tmp_path, PUNDITS))

    assert dict(taken.new) == {
        "claim": 12, "forecast": 12, "verdict": 7, "piece of evidence": 1, "forecaster": 3, "source": 3,
    }  # fmt: skip
    snapshot = eds.snapshot()
    assert {
        timing(snapshot, item.record) for claim in snapshot.all(Claim) for item in snapshot.forecasts_on(claim)
    } == {Timing.PUBLISHED}
    assert eds.verify().faults == ()


def test_a_dry_run_is_the_same_run_undone(eds: Ledger, tmp_path: Path) -> None:
    file = write(tmp_path, PUNDITS)
    before = eds.head()

    would = eds.import_from("table", file, dry_run=True)

    assert eds.head() == before
    did = eds.import_from("table", file)
    assert (would.new, would.by, would.times, would.changes) == (did.new, did.by, did.times, did.changes)
    assert (would.dry_run, did.dry_run) == (True, False)


def test_the_card_of_a_dry_run(eds: Ledger, tmp_path: Path) -> None:
    taken = eds.import_from("table", write(tmp_path, PUNDITS), dry_run=True)

    assert (
        str(taken).splitlines()
        == [
            f"DRY RUN, nothing is recorded              pundits.csv, 12 rows, sha256 {taken.sha256[:6]}...",
            "",
            "would record  12 claims, 12 forecasts, 7 verdicts, 1 piece of evidence; new: 3",
            "              forecasters, 3 sources",
            "  by          Tech Oracle 4, Prof Pundit 4, Macro Weekly 4   (new, persons)",
            "  types       12 yes-no",
            "  deadlines   2026-06-30 .. 2028-12-31",
            "  times       12 published (said_on and link, unchecked)",
            "  words       will 5: read on the scale house",
            "  columns     text deadline by p words said_on link made_at outcome known_on",
            "              evidence note",
            "              'Mood', 'Nr' are not ours and were left",
            "in no mean    3 forecasts read from words when the answer was public",
            "              1 forecast read from words when the window was over, if the answer",
            "              was public by then",
            "",
            'row 1: "GPT-6 will be out this year", until 2026-12-31; Tech Oracle, "will"',
            "",
            "to record it, the same without dry_run=True",
        ]
        or taken.sha256 is None
    )


def test_the_card_of_what_was_recorded_and_of_again(eds: Ledger, tmp_path: Path) -> None:
    file = write(tmp_path, PUNDITS)

    first, again = str(eds.import_from("table", file)), str(eds.import_from("table", file))

    assert first.startswith("recorded      12 claims, 12 forecasts, 7 verdicts, 1 piece of evidence; new: 3\n")
    assert f"in pundits.db, one seal, head {eds.head().short}" in first
    stand = "nothing new in pundits.csv; 12 claims, 12 forecasts, 7 verdicts, 1 piece of evidence stand"
    assert again.split() == f"{stand} columns 'Mood', 'Nr' are not ours and were left".split()
    assert max(map(len, [*first.splitlines(), *again.splitlines()])) <= 80


def test_the_card_of_rows_that_are_in_no_file_names_none(ledger: Ledger) -> None:
    row = {"deadline": "2027", "by": "Tech Oracle", "p": 0.3, "said_on": "2025-12-05"}
    pages = [f"https://oracle.example/{number}" for number in range(9)]
    rows = [{"text": f"It is on {page}", "link": page, "evidence": f"{page}/data", **row} for page in pages]

    card = str(ledger.import_from("table", rows))

    assert "from  in" not in card
    assert f"in ledger.db, one seal, head {ledger.head().short}" in card


def test_backdated_forecasts_are_told_with_what_would_have_them_counted(ledger: Ledger, tmp_path: Path) -> None:
    rows = ["A?,2027,ana,.3,2025-01-05", "B?,2027,ana,.3,2025-01-05", "C?,2027,bob,.3,2025-01-05"]

    card = " ".join(str(take(ledger, tmp_path, *rows, dry_run=True)).split())

    assert "times 3 backdated: apart" in card
    assert "2 of ana's forecasts and 1 of others are backdated; a link and said_on would have them counted" in card


def test_what_would_count_backdated_forecasts_is_what_they_lack(ledger: Ledger) -> None:
    row = {"deadline": "2027", "said_on": "2025-11-05", "link": "https://bob.example/", "by": "Bob", "p": 0.3}
    off = {**row, "text": "A?", "made_at": "2025-11-01"}
    bare = {**row, "text": "B?", "link": "", "said_on": "", "made_at": "2025-11-01"}
    beside = {"text": "C?", "deadline": "2027", "made_at": "2025-11-01", "p:Ann": 0.4}

    def told(*rows: object) -> str:
        return " ".join(str(ledger.import_from("table", rows, dry_run=True)).split())

    day = "made_at is another day than said_on, and without made_at the day of said_on counts"
    assert f"1 of Bob's forecasts is backdated; {day}" in told(off)
    assert "1 of Bob's forecasts is backdated; a link and said_on would have it counted" in told(bare)
    assert (
        "2 of Bob's forecasts are backdated; a link and said_on would have 1 counted; made_at is another day than "
        "said_on in 1 of them, and without made_at" in told(off, bare)
    )
    assert "a link and said_on, in a row of its own, would have it counted" in told(beside)
    assert "1 published" in told({**off, "made_at": ""})


def test_a_later_file_adds_what_is_new_and_lists_what_changed(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    header = "id,text,due,by,p,made,outcome,known,tags"
    clock.set("2026-05-01")
    take(ledger, tmp_path, "1,Will it ship?,2026-06-30,bob,.3,2026-02-01,yes,2026-04-01,a", header=header)

    later = take(
        ledger, tmp_path, "1,Will v2 ship?,2026-09-30,bob,.4,2026-02-01,no,2026-04-02,b",
        "1,,,cy,.5,2026-03-01,,,", header=header,
    )  # fmt: skip

    assert dict(later.new) == {"forecast": 1, "forecaster": 1}
    assert [change.what for change in later.changes] == [
        'reworded: "Will it ship?" -> "Will v2 ship?"', "tags a -> b", "deadline 2026-06-30 -> 2026-09-30",
        "bob, 2026-02-01: 0.3 -> 0.4",
        "verdict no, 2026-04-02: its deadline is 2026-09-30, the claim's 2026-06-30; not recorded",
    ]  # fmt: skip
    assert later.screen(typed=True).splitlines()[-12:] == [
        "changed since 1 question, left as it is:",
        '  table-1  reworded: "Will it ship?" -> "Will v2 ship?"',
        "  table-1  tags a -> b; take it over with:",
        '           predictions correct table-1 --set tags=b --reason "WHY"',
        "  table-1  deadline 2026-06-30 -> 2026-09-30; take it over with:",
        "      predictions supersede table-1 --set 'text=Will v2 ship?' \\",
        '          --set deadline=2026-09-30 --reason "WHY"',
        "  table-1  bob, 2026-02-01: 0.3 -> 0.4; take it over with:",
        "      predictions forecast table-1 0.4 --by bob --made-at 2026-02-01 \\",
        '          --reason "WHY"',
        "  table-1  verdict no, 2026-04-02: its deadline is 2026-09-30, the claim's",
        "      2026-06-30; not recorded",
    ]
    assert 'ledger.supersede("table-1", text="Will v2 ship?", deadline="2026-09-30",' in str(later)


def test_forecasts_made_now_are_witnessed_and_no_later_run_says_them_again(ledger: Ledger, tmp_path: Path) -> None:
    first = take(ledger, tmp_path, "A?,2027,bob,.3", "A?,2027,cy,.4", header="text,due,by,p")

    again = take(ledger, tmp_path, "A?,2027,bob,.3", "A?,2027,cy,.5", header="text,due,by,p")

    assert (dict(first.times), dict(again.new), dict(again.stand)) == (
        {"witnessed": 2}, {"forecast": 1}, {"claim": 1, "forecast": 1},
    )  # fmt: skip


def test_rows_that_name_a_claim_on_file_are_further_forecasts_and_verdicts(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    ledger.add("It rains", deadline="2026-03-31", p=0.3)
    clock.set("2026-05-05")
    header = "claim,by,p,made,outcome,known,reason"

    taken = take(
        ledger,
        tmp_path,
        "it-rains,bob,.5,2026-02-01,,,",
        "it-rains,bob,.6,2026-04-01,yes,2026-03-01,seen",
        header=header,
    )  # the second was made after the deadline: it is kept, and never scored

    assert dict(taken.new) == {"forecast": 2, "verdict": 1, "forecaster": 1}
    otherwise = take(ledger, tmp_path, "it-rains,,,,no,2026-04-01,it was fog", header=header)
    assert dict(otherwise.new) == {}
    eval(otherwise.changes[0].python, {"ledger": ledger})
    assert [one.outcome for one in ledger._store.revisions(Resolution, claim="it-rains")] == [Outcome.YES, Outcome.NO]


def test_a_claim_that_is_not_on_file_is_refused_or_recorded_under_that_slug(ledger: Ledger, tmp_path: Path) -> None:
    ledger.add("It rains", deadline="2026-03-31")
    before = ledger.head()

    with pytest.raises(InvalidValue, match=r"no claim 'it-rain' in this ledger; did you mean\s+'it-rains'\?"):
        take(ledger, tmp_path, "it-rain,bob,.5", header="claim,by,p")

    assert ledger.head() == before
    take(ledger, tmp_path, "snow-falls,It snows,2026-12-31,bob,.5", header="slug,text,due,by,p")
    assert ledger.snapshot().find(Claim, "snow-falls").wording == "It snows"


def test_the_very_words_and_deadline_of_a_claim_typed_before_are_that_claim(ledger: Ledger, tmp_path: Path) -> None:
    ledger.add("It rains", deadline="2026-12-31", p=0.3)

    taken = take(ledger, tmp_path, "It rains,2026,bob,.5", "It rains,2027,bob,.6", header="text,due,by,p")

    assert (taken.new["claim"], taken.stand["claim"]) == (1, 1)


def test_a_question_is_put_onto_a_claim_that_the_caller_names(ledger: Ledger, tmp_path: Path) -> None:
    ledger.add("It rains", deadline="2026-12-31", p=0.3)

    taken = take(ledger, tmp_path, "Any rain?,2026-12-31,bob,.5", header="text,due,by,p", onto={"Any rain?": "it-r"})

    assert (dict(taken.new), taken.changes) == ({"forecast": 1, "forecaster": 1}, ())


def test_names_are_forecasters_on_file_or_new_ones_or_whoever_the_caller_says(ledger: Ledger, tmp_path: Path) -> None:
    ledger.add("It rains", deadline="2026-12-31", p=0.3)
    rows = ["A?,2027,me,.1", "B?,2027,Ana,.2", "C?,2027,Ann Smith,.3", "D?,2027,anna,.4"]

    taken = take(ledger, tmp_path, *rows, header="text,due,by,p", people={"Ann Smith": "ana"})

    assert dict(taken.by) == {"ana": 3, "anna": 1}
    assert 'same people?  "anna" may be ana: --people anna=ana' in taken.screen(typed=True)
    assert """same people?  "anna" may be ana: people={'anna': 'ana'}""" in str(taken)


@pytest.mark.parametrize("names", [("Tech Oracle", "Tech Oracl"), ("Ludo", "Ludos"), ("Bob", "Bob Kay")])
def test_names_that_are_nearly_alike_in_one_table_are_asked_about_and_the_line_joins_them(
    ledger: Ledger, names: tuple[str, str]
) -> None:
    rows = [{"text": f"Text of {name}", "deadline": "2027", "by": name, "p": "60%"} for name in names]
    first, second = names

    would = ledger.import_from("table", rows, dry_run=True)

    assert would.alike == ((second, first),)
    assert f"""same people? "{second}" may be {first}: people={{'{second}': '{first}'}}""" in " ".join(
        str(would).split()
    )
    taken = ledger.import_from("table", rows, people={second: first})
    assert (taken.new["forecaster"], taken.new["claim"], taken.alike) == (1, 2, ())


def test_names_that_differ_in_a_number_are_not_asked_about(ledger: Ledger) -> None:
    rows = [{"text": "It rains", "deadline": "2027", "by": f"Guest {number}", "p": "60%"} for number in range(3)]

    assert ledger.import_from("table", rows[:2]).alike == ()
    assert ledger.import_from("table", rows).alike == ()


def test_too_many_names_are_not_held_against_each_other_and_the_card_says_so(ledger: Ledger, tmp_path: Path) -> None:
    rows = [f"It rains,2027,person {number},.2" for number in range(2000)]
    take(ledger, tmp_path, *(row.replace("person", "Someone") for row in rows), header="text,due,by,p")

    taken = take(ledger, tmp_path, *rows, header="text,due,by,p")

    assert (taken.alike, taken.uncompared) == ((), 2000)
    assert "2,000 new names are too many to hold against others" in " ".join(str(taken).split())


def test_kinds_of_new_forecasters_are_recorded(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, tmp_path, "A?,2027,GPT-9,model,.3", "B?,2027,GPT-9,,.3", header="text,due,by,kind,p")

    assert ledger.snapshot().find(Forecaster, "gpt-9").kind is ForecasterKind.MODEL


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"people": {"Bbo": "ana"}}, "people: nobody in the file is called 'Bbo'; did you mean 'bob'?"),
        ({"people": ["bob"]}, "people: ['bob'] does not say what each name is"),
        ({"onto": {"Z?": "a"}}, "onto: no question of the file is 'Z?'"),
        ({"zone": "Mars"}, "zone: 'Mars' is no time zone; say one such as Europe/Berlin"),
        ({"dry_run": "yes"}, "dry_run: 'yes' is neither True nor False"),
        ({"by": ""}, "by: '' is empty text"),
        ({"decimal": ";"}, "decimal: ';' is neither ',' nor '.'"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(
    options: dict[str, object], words: str, ledger: Ledger, refuses: Refuses, tmp_path: Path
) -> None:
    with refuses(words):
        take(ledger, tmp_path, "A?,2027,bob,.5", header="text,due,by,p", **options)


@pytest.mark.parametrize(
    ("format", "words"),
    [
        ("fatebok", "no format 'fatebok'; did you mean 'fatebook'? formats: catalog fatebook forecastbench kalshi "
                    "manifold metaculus polymarket predictionbook table"),
        ("tabel", "no format 'tabel'; did you mean 'table'?"),
        (7, "no format 7; formats: catalog"),
    ],
)  # fmt: skip
def test_a_format_that_is_not_read_is_told(format: str, words: str, ledger: Ledger, refuses: Refuses) -> None:  # noqa: A002
    with refuses(words):
        ledger.import_from(format, "f.csv")


def test_whose_forecasts_they_are_must_be_said(clock: Clock, tmp_path: Path) -> None:
    with Ledger(tmp_path / "nobodys.db") as nobodys:
        with pytest.raises(LedgerError, match="say whose forecasts they are: by="):
            take(nobodys, tmp_path, "A?,2027,.5", header="text,due,p")
        taken = take(nobodys, tmp_path, "A?,2027,.5", header="text,due,p", by="bob")

    assert dict(taken.by) == {"bob": 1}


def test_verdicts_follow_the_rules_of_resolve_and_are_refused_by_row(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-08-05")
    header = "text,due,by,p,made,outcome,known"
    rows = ["A?,2026-06-30,bob,.3,2026-01-01,no,2026-06-01", "B?,2026-06-30,bob,.3,2026-01-01,yes,2025-06-01"]
    before = ledger.head()

    with pytest.raises(InvalidValue) as refused:
        take(ledger, tmp_path, *rows, header=header)

    told = " ".join(str(refused.value).split())
    assert "outcome row 1 'no' known_on 2026-06-01 lies in the window" in told
    assert "outcome row 2 'yes' known_on 2025-06-01 lies before the window" in told
    assert ledger.head() == before


@pytest.mark.parametrize("known_on", ["2026-06-30", "2026-06-30T23:59:59Z", "2026-07-01T01:00+02:00", "2026-07-01"])
def test_a_no_on_the_last_day_is_known_from_the_day_after(ledger: Ledger, clock: Clock, known_on: str) -> None:
    clock.set("2026-11-29")
    row = {"text": "A?", "deadline": "2026-06-30", "opens_on": "2026-01-01", "outcome": "no", "known_on": known_on}

    taken = ledger.import_from("table", [row])

    verdict = ledger.snapshot().all(Resolution)[0]
    assert (str(verdict.known_on), bool(verdict.impossible)) == ("2026-07-01", False)
    told = "verdicts    1 of no on the last day of the window: known from the day after"
    assert (told in str(taken)) is (known_on != "2026-07-01")
    assert not ledger.import_from("table", [row]).wrote


@pytest.mark.parametrize(("known_on", "impossible"), [("2026-06-29", None), ("2026-05-01", "")])
def test_a_no_before_the_last_day_is_refused_with_the_first_day_that_counts(
    ledger: Ledger, clock: Clock, known_on: str, impossible: str | None
) -> None:
    clock.set("2026-11-29")
    row = {"text": "A?", "deadline": "2026-06-30", "opens_on": "2026-01-01", "outcome": "no", "known_on": known_on}

    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", [row | {"impossible": impossible}])

    assert "say 2026-07-01 or later, or leave it out" in " ".join(str(refused.value).split())


def test_a_no_past_its_settle_day_lapses_and_evidence_carries_a_yes(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-08-05")

    take(
        ledger, tmp_path, "A?,2026-06-30,bob,.3,2026-01-01,no,,",
        "B?,2026-06-30,bob,.3,2026-01-01,yes,2026-05-01,[Seen](https://a.example/x) https://b.example/y",
        header="text,due,by,p,made,outcome,known,evidence",
    )  # fmt: skip

    snapshot = ledger.snapshot()
    lapsed, seen = (snapshot.verdict(claim) for claim in snapshot.all(Claim))
    assert lapsed is not None
    assert seen is not None
    assert (str(lapsed.known_on), lapsed.reason) == (
        "2026-07-30",
        "lapsed: settle day 2026-07-30",
    )
    assert (seen.because, seen.reason) == (("a-example-x", "b-example-y"), None)


def test_the_sources_of_quotes_are_named_as_quote_names_them(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-08-05")
    ledger.quote(
        "Tech Oracle", "GPT-6 is out", p=0.5, deadline="2026", said_on="2026-01-05", link="https://o.example/a"
    )
    header = "text,due,by,p,said_on,link,source"

    take(
        ledger, tmp_path, "A?,2027,Tech Oracle,.5,2026-01-05,https://o.example/a,",
        "B?,2027,Prof Pundit,.5,2026-02-05,https://w.example/a,The Weekly", "C?,2027,Prof Pundit,.5,2026-02-06,,",
        "A?,2027,Prof Pundit,.6,2026-03-05,https://w.example/b,The Weekly", header=header,
    )  # fmt: skip

    sources = [(one.slug, one.title, one.published) for one in ledger.snapshot().all(Source)]
    assert sources == [
        ("tech-oracle-2026-01-05", "Tech Oracle, 2026-01-05", "2026-01-05"),
        ("the-weekly-2026-02-05", "The Weekly", "2026-02-05"),
        ("prof-pundit-2026-02-06", "Prof Pundit, 2026-02-06", None),
        ("the-weekly-2026-03-05", "The Weekly", "2026-03-05"),
    ]
    assert [one.speaker for one in ledger.snapshot().all(Statement)][1:] == [
        "Tech Oracle",
        "Prof Pundit",
        "Prof Pundit",
    ]


def test_a_second_file_of_another_name_belongs_to_the_same_table(ledger: Ledger, tmp_path: Path) -> None:
    ledger.import_from("table", write(tmp_path, "text,due\nA?,2027\n", "one.csv"))
    ledger.import_from("table", write(tmp_path, "text,due\nB?,2027\n", "two.csv"), source="My list")

    assert [(one.slug, one.title) for one in ledger.snapshot().all(Source)] == [
        ("table", "one.csv"),
        ("my-list", "My list"),
    ]


def test_several_files_are_one_run(ledger: Ledger, tmp_path: Path) -> None:
    header = "text,due,by,p"
    one = write(tmp_path, f"{header}\nA?,2027,bob,.3\nB?,2027,bob,.4\n", "one.csv")
    two = write(tmp_path, f"{header}\nA?,2027,cy,.5\nC?,2027,cy,.6\n", "two.csv")

    taken = ledger.import_from("table", one, two)

    assert (dict(taken.new), taken.files) == (
        {"claim": 3, "forecast": 4, "forecaster": 2, "source": 2}, ("one.csv", "two.csv"),
    )  # fmt: skip
    assert ledger.import_from("table", two, one).new == {}
    with pytest.raises(InvalidValue, match=r"bad\.csv cannot be read, so nothing is recorded"):
        ledger.import_from("table", one, write(tmp_path, f"{header}\nD?,2027,cy,often\n", "bad.csv"))


def test_an_import_of_forecasts_is_noted_with_its_file_and_digest(ledger: Ledger, tmp_path: Path) -> None:
    taken = take(ledger, tmp_path, "A?,2027,bob,.3", header="text,due,by,p")

    (noted,) = ledger._store.revisions(Import, number=1)
    assert (noted.file, noted.sha256, noted.forecasts) == ("f.csv", taken.sha256, 1)


def test_more_than_ten_thousand_forecasts_become_blocks(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-12-01")
    rows = [
        f"A?,2027,person {n % 50},.{n % 90 + 10},2026-{1 + n // 1000 % 11:02}-{1 + n // 50 % 20:02}"
        for n in range(10_500)
    ]

    taken = take(ledger, tmp_path, *rows)

    (noted,) = ledger._store.revisions(Import, number=1)
    assert (taken.new["forecast"], noted.forecasts, noted.blocks > 0) == (10_500, 10_500, True)
    assert take(ledger, tmp_path, *rows).new == {}


def test_catalogues_are_read_and_again_adds_nothing(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    first, again = ledger.import_from("ainews"), ledger.import_from("ainews")

    assert (first.new["statement"], first.new["source"], dict(again.new)) == (12, 1, {})
    assert ledger.import_from("ainews", dry_run=True).stand == again.stand
    with pytest.raises(InvalidValue, match="ainews comes with the library and takes no file"):
        ledger.import_from("ainews", "x.toml")
    with pytest.raises(InvalidValue, match=r"which file\? say: ledger.import_from"):
        ledger.import_from("catalog")


KILLED = """
import sys
from predictions import Ledger
print("ready", flush=True)
Ledger(sys.argv[1], me="ed").import_from("table", sys.argv[2])
print("done", flush=True)
"""


@pytest.mark.parametrize("after", [0.8, *(pytest.param(after, marks=pytest.mark.campaign) for after in (0.3, 1.5))])
def test_a_run_that_is_killed_leaves_nothing_behind(after: float, eds: Ledger, tmp_path: Path) -> None:
    eds.import_from("table", write(tmp_path, PUNDITS))
    before = eds.head()
    rows = [f"Question {n}?,2028,person {n % 9},.{n % 80 + 10}" for n in range(20_000)]
    many = write(tmp_path, "\n".join(["text,due,by,p", *rows]), "many.csv")

    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "pundits.db"), str(many)], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        time.sleep(after)
        os.kill(run.pid, signal.SIGKILL)
        assert "done" not in run.stdout.read()

    with Ledger(tmp_path / "pundits.db", me="ed") as again:
        assert again.head() == before
        assert again.verify().faults == ()


def test_a_file_of_more_than_become_records_adds_nothing_again(ledger: Ledger) -> None:
    rows = [
        {"text": f"Claim {claim} of many", "deadline": "2030", "by": f"person {who}", "p": who / 100}
        for claim in range(210)
        for who in range(1, 49)
    ]

    ledger.import_from("table", rows)
    again = ledger.import_from("table", rows)

    assert str(again).startswith("nothing new; ")
    assert "10,080 forecasts" in str(again)

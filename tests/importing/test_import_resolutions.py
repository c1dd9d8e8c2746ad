"""Import of verdicts: the same records as one by one, whole or not at all, again a no-op, every bad row named."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import CommandLine
from conftest import Clock, Refuses

from predictions import Catalog, InvalidValue, Ledger, LedgerWarning
from predictions.enums import ClaimType
from predictions.recording.enter import TOGETHER, build, enter, said_content
from predictions.records import Bearing, Claim, Evidence, Record, Resolution, Source, Statement
from predictions.status import Status
from predictions.storage.deciding import deciding

ROWS: list[dict[str, object]] = [
    {"claim": "rain", "outcome": "yes", "known_on": "2026-05-02", "happened_on": "2026-05-01", "reason": "wet"},
    {"claim": "hail", "outcome": "no", "known_on": date(2026, 7, 1), "reason": "none", "decided_by": "ben"},
    {"claim": "snow", "outcome": 0.25, "known_on": "2026-07-01", "reason": "some of it"},
    {"claim": "fog", "outcome": "0.4", "known_on": "2026-07-01", "reason": "thin"},
    {"claim": "wind", "outcome": "ambiguous", "known_on": "2026-07-01", "reason": "unreadable"},
    {"claim": "sun", "outcome": "annulled", "known_on": "2026-07-01", "reason": "the gauge was moved"},
    {"claim": "ice", "outcome": "no", "known_on": "2026-02-01", "reason": "it is gone", "impossible": True},
    {"claim": "dew", "outcome": "yes", "known_on": "2026-05-02", "reason": "seen"},
]
SLUGS = [str(row["claim"]) for row in ROWS]


@pytest.fixture
def book(ledger: Ledger, clock: Clock) -> Ledger:
    """A ledger on 2026-08-01 with eight claims of the first half of the year, each forecast at 30 %."""
    for slug in SLUGS:
        ledger.add(f"There is {slug}", deadline="2026-06-30", slug=slug, p=0.3)
    clock.set("2026-08-01")
    return ledger


def verdicts(ledger: Ledger) -> list[Resolution]:
    return ledger.snapshot().all(Resolution)


def row(claim: str, outcome: object, known_on: object = "2026-07-01", reason: object = "seen") -> dict[str, object]:
    return {"claim": claim, "outcome": outcome, "known_on": known_on, "reason": reason}


def spaced(error: Exception) -> str:
    """What is said on several lines, as one."""
    return " ".join(str(error).split())


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def plant(ledger: Ledger, slug: str, kind: ClaimType, parts: Sequence[str]) -> None:
    """A tree over claims on file."""
    with ledger._desk() as desk:
        first = desk.store.standing(Claim)[0]
        tree = {"slug": slug, "type": kind, "parts": tuple(parts), "scored": False, "wording": slug}
        enter(desk, build(Claim, {**said_content(first), **tree}))


# -- the same as by hand --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["rows", "columns", "CSV"])
def test_they_are_the_records_that_resolve_makes_under_one_seal(book: Ledger, tmp_path: Path, shape: str) -> None:
    seals = len(book._journal.heads())
    names = list(dict.fromkeys(name for row in ROWS for name in row))
    source = {
        "rows": iter(ROWS),
        "columns": {name: [row.get(name) for row in ROWS] for name in names},
        "CSV": write(tmp_path / "verdicts.csv", ROWS),
    }[shape]

    done = book.import_resolutions(source)

    with Ledger(tmp_path / "by-hand.db", me="ana") as other:
        for one in SLUGS:
            other.add(f"There is {one}", deadline="2026-06-30", opens_on="2026-01-01", slug=one)
        for one in ROWS:
            fields = {**one, "outcome": 0.4 if one["outcome"] == "0.4" else one["outcome"]}
            who = {"by": fields.pop("decided_by")} if "decided_by" in fields else {}
            other.resolve(fields.pop("claim"), fields.pop("outcome"), **who, **fields)  # type: ignore[arg-type]
        assert verdicts(book) == verdicts(other)
    assert (done.verdicts, done.claims, done.already) == (8, 8, 0)
    assert len(book._journal.heads()) == seals + 1
    assert book.verify().ok


def test_the_card_counts_them(book: Ledger) -> None:
    book.import_resolutions(ROWS)

    record = book.scorecard().record("ana")

    assert record.n == 6
    assert (record.funnel["annulled"], record.funnel["ambiguous"]) == (1, 1)


def test_the_reason_and_who_decided_stand_in_where_a_row_says_nothing(book: Ledger) -> None:
    rows = [row("rain", "no"), row("hail", "no", reason=None), row("snow", "no", reason="")]

    book.import_resolutions([*rows[:2], {**rows[2], "decided_by": "ben"}], reason="so it says", by="site")

    assert [(one.reason, one.decided_by) for one in verdicts(book)] == [
        ("seen", "site"), ("so it says", "site"), ("so it says", "ben")
    ]  # fmt: skip


def test_what_is_no_value_in_a_column_of_numbers_is_none(book: Ledger) -> None:
    frame = pd.DataFrame([row("rain", 0.5), {**row("hail", 0.25), "happened_on": "2026-05-01"}])

    done = book.import_resolutions(dict(frame.items()))

    assert done.verdicts == 2
    assert [one.happened_on for one in verdicts(book)] == [None, date(2026, 5, 1)]


def test_what_pandas_leaves_out_is_none_and_its_whole_days_are_days(book: Ledger) -> None:
    frame = pd.DataFrame(
        {
            "claim": ["rain", "hail"],
            "outcome": ["yes", "no"],
            "known_on": pd.to_datetime(["2026-05-02", "2026-07-01"]),
            "happened_on": pd.to_datetime(["2026-05-01", None]),
            "reason": ["wet", "none"],
            "decided_by": pd.array([None, "ben"], dtype="string"),
            "impossible": pd.array([None, False], dtype="boolean"),
        }
    )

    book.import_resolutions(dict(frame.items()))

    rain, hail = verdicts(book)
    assert (rain.known_on, rain.happened_on, rain.decided_by) == (date(2026, 5, 2), date(2026, 5, 1), "ana")
    assert (hail.known_on, hail.happened_on, hail.decided_by) == (date(2026, 7, 1), None, "ben")


def test_a_time_of_day_in_a_column_of_days_is_refused(book: Ledger) -> None:
    columns = {
        "claim": ["rain"],
        "outcome": ["yes"],
        "known_on": np.array(["2026-05-02T10:00"], "M8[m]"),
        "reason": ["x"],
    }

    with pytest.raises(InvalidValue, match=r"known_on  row 1  '2026-05-02T10:00'  it has no offset from UTC"):
        book.import_resolutions(columns)


def test_empty_lines_of_a_file_are_no_rows(book: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "verdicts.csv", ROWS[:2])
    path.write_text(path.read_text("utf-8").replace("\n", "\n\n") + "\n\n", "utf-8")

    assert book.import_resolutions(path).verdicts == 2


def test_a_number_of_very_many_digits_is_refused_at_once(book: Ledger) -> None:
    with pytest.raises(InvalidValue, match="no outcome"):
        book.import_resolutions([row("rain", "1" * 100_000 + "x")])


def test_a_table_is_refused_on_one_line(book: Ledger) -> None:
    with pytest.raises(InvalidValue) as refused:
        book.import_resolutions([row("rain", "yes", reason=pd.DataFrame({"a": [1, 2]}))])

    assert len(str(refused.value).split("\n")) < 6


def test_arrays_are_columns_too(book: Ledger) -> None:
    days = np.array(["2026-07-01", "2026-07-02"], "M8[D]")

    book.import_resolutions(
        {"claim": np.array(["rain", "hail"]), "outcome": np.array(["no", "no"]), "known_on": days}, reason="dry"
    )

    assert [one.known_on.isoformat() for one in verdicts(book)] == ["2026-07-01", "2026-07-02"]


# -- again ----------------------------------------------------------------------------------------------------


def test_the_same_again_writes_nothing(book: Ledger) -> None:
    book.import_resolutions(ROWS)
    head = book.head()

    again = book.import_resolutions([{**row, "reason": "in other words"} for row in ROWS])

    assert (again.verdicts, again.already, again.replaced) == (0, 8, 0)
    assert book.head() == head
    assert str(again) == "0 verdicts recorded, 8 on file already"


def test_what_is_new_is_added_to_what_was_typed(book: Ledger) -> None:
    book.resolve("rain", "yes", happened_on="2026-05-01", known_on="2026-05-02", reason="I got wet")

    done = book.import_resolutions(ROWS)

    assert (done.verdicts, done.already) == (7, 1)
    assert str(done) == "7 verdicts recorded, 1 on file already"


def test_a_verdict_replaced_by_hand_is_not_brought_back_but_counted(book: Ledger) -> None:
    book.import_resolutions(ROWS)
    standing = book.resolve("rain", "annulled", known_on="2026-07-15", reason="the gauge was moved").record

    again = book.import_resolutions(ROWS)

    assert (again.verdicts, again.already, again.replaced) == (0, 8, 1)
    assert "1 of those on file, replaced since by another verdict" in str(again)
    assert book.snapshot().verdict(book.claim("rain").claim) == standing


def test_a_dissent_on_file_is_no_verdict(book: Ledger) -> None:
    alone = {"claim": "rain", "number": 1, "outcome": "no", "known_on": "2026-07-01", "dissent": True}
    with book._desk() as desk:
        enter(desk, Resolution(**alone, reason="dry"))  # type: ignore[arg-type]

    done = book.import_resolutions([row("rain", "no")])

    assert (done.verdicts, done.already, done.replacing) == (1, 0, 0)
    assert verdicts(book)[-1].number == 2


# -- rows that bear on each other -----------------------------------------------------------------------------


def test_of_two_verdicts_on_one_claim_the_later_stands_as_it_would_by_hand(book: Ledger) -> None:
    rows = [row("rain", "no"), row("rain", "annulled", reason="moved"), row("rain", "no"), row("hail", "no")]

    done = book.import_resolutions(rows)

    assert [(one.claim, one.number, one.outcome) for one in verdicts(book)] == [
        ("rain", 1, "no"), ("rain", 2, "annulled"), ("hail", 1, "no")
    ]  # fmt: skip
    assert (done.verdicts, done.claims, done.already, done.replacing, done.replaced) == (3, 2, 1, 1, 1)
    assert book.claim("rain").status is Status.ANNULLED
    assert book.import_resolutions(rows).verdicts == 0


def test_a_tree_goes_by_the_verdicts_of_the_rows_before_it(book: Ledger) -> None:
    plant(book, "both", ClaimType.ALL_OF, ["rain", "hail"])
    rows = [row("rain", "yes", "2026-05-01"), row("hail", "no"), row("both", "no")]

    with pytest.raises(InvalidValue) as refused:
        book.import_resolutions(rows[::-1])
    done = book.import_resolutions(rows)

    assert "the parts of both make it open, not no (rain open, hail open); resolve" in spaced(refused.value)
    assert done.verdicts == 3
    assert book.claim("both").status is Status.RESOLVED


def test_a_tree_goes_by_what_its_parts_are_given(book: Ledger) -> None:
    book.add("If it rains, it floods", deadline="2026-08-30", slug="flood", given="rain")
    plant(book, "both", ClaimType.ALL_OF, ["flood", "hail"])

    book.import_resolutions([row("rain", "no"), row("hail", "ambiguous"), row("both", "ambiguous")])

    assert [book.claim(slug).status for slug in ("flood", "both")] == [Status.ANNULLED, Status.AMBIGUOUS]


def test_a_claim_that_both_parts_of_a_tree_are_given_is_read_once(book: Ledger) -> None:
    for slug in ("flood", "mud"):
        book.add(f"If it rains, there is {slug}", deadline="2026-08-30", slug=slug, given="rain")
    plant(book, "both", ClaimType.ALL_OF, ["flood", "mud"])

    read = [item.record for item in deciding(book._store, ["both"], book._journal.now())]

    assert sorted(one.slug for one in read if isinstance(one, Claim)) == ["both", "flood", "mud", "rain"]


def test_a_part_of_a_tree_takes_no_fraction(book: Ledger, refuses: Refuses) -> None:
    plant(book, "both", ClaimType.ALL_OF, ["rain", "hail"])

    with pytest.raises(InvalidValue, match=r"for rain: it is a part of both\n.* row 2 .* it is a tree"):
        book.import_resolutions([row("rain", 0.5), row("both", 0.5)])
    with refuses("a fraction is refused for rain: it is a part of both"):
        book.resolve("rain", 0.5, known_on="2026-07-01", reason="half")


# -- more rows than are held against the ledger at once ---------------------------------------------------------


def claims(number: int) -> Catalog:
    """So many claims of the first half of the year, under one statement each."""
    records: list[Record] = [Source(slug="almanac", title="An almanac")]
    for at in range(number):
        slug, words = f"claim-{at:03}", f"It rains on day {at}"
        records += [
            Statement(slug=slug, source="almanac", text=words),
            Claim(slug=slug, statement=slug, reading="own", title=words, wording=words, criteria="By its record",
                  opens_on="2026-01-01", deadline="2026-06-30", scored=True),
        ]  # fmt: skip
    return Catalog(tuple(records))


MANY = 2 * TOGETHER + 10


@pytest.mark.parametrize("again_after", [1, TOGETHER - 1, TOGETHER, 2 * TOGETHER + 5])
def test_a_claim_may_come_up_again_in_any_later_batch_of_verdicts(book: Ledger, again_after: int) -> None:
    book.register(claims(MANY))
    rows = [row(f"claim-{at:03}", "no") for at in range(again_after)]

    done = book.import_resolutions([*rows, *rows, row("claim-000", "annulled", reason="the gauge was moved")])

    assert (done.verdicts, done.already, done.replacing) == (again_after + 1, again_after, 1)
    assert [one.number for one in verdicts(book) if one.claim == "claim-000"] == [1, 2]
    assert book.verify().ok


def test_a_tree_goes_by_the_verdicts_of_an_earlier_batch(book: Ledger) -> None:
    book.register(claims(MANY))
    plant(book, "both", ClaimType.ALL_OF, ["claim-000", "claim-001"])
    rows = [row("claim-000", "yes", "2026-05-01"), *(row(f"claim-{at:03}", "no") for at in range(1, MANY))]

    done = book.import_resolutions([*rows, row("both", "no")])

    assert done.verdicts == MANY + 1
    assert book.claim("both").status is Status.RESOLVED


def test_a_claim_may_come_up_again_in_any_later_batch_of_a_catalogue(book: Ledger) -> None:
    evidence = Evidence(slug="gauge", link="https://example.org/gauge", title="The gauge")
    given = claims(MANY).records
    first = next(record for record in given if isinstance(record, Claim))
    retitled = build(Claim, {**said_content(first), "title": "Rain", "revision": 2, "reason": "shorter"})
    bearings = [Bearing(claim=f"claim-{at:03}", evidence="gauge", bears="context") for at in range(MANY)]

    done = book.register(Catalog((*given, evidence, *bearings, *given, retitled, *bearings)))

    assert done == len(given) + 1 + MANY + 1
    assert book.claim("claim-000").claim.title == "Rain"
    assert book.verify().ok


def test_a_claim_may_come_up_again_in_any_later_batch_of_forecasts(book: Ledger) -> None:
    book.register(claims(3))
    columns = {
        "claim": [f"claim-{at % 3:03}" for at in range(MANY)], "forecaster": ["ben", "cleo"] * (MANY // 2),
        "made_at": [f"2026-02-01T00:00:00.{at:06}Z" for at in range(MANY)], "probability": [0.5] * MANY,
    }  # fmt: skip

    done = book.import_forecasts(columns)

    assert (done.forecasts, done.claims, done.forecasters) == (MANY, 3, 2)
    assert book.import_forecasts(columns).already == MANY
    assert book.verify().ok


# -- bad rows -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"claim": "rian"}, "no claim 'rian' in this ledger; did you mean 'rain'?"),
        ({"claim": "rai"}, "no claim 'rai' in this ledger"),
        ({"claim": ""}, "claim row 2 '' empty; say a name"),
        ({"claim": None}, "claim row 2 empty empty; say a name"),
        ({"claim": ["rain"]}, "claim row 2 ['rain'] not a name; say it as text"),
        ({"outcome": "maybe"}, "'maybe' no outcome of a yes-or-no claim; say yes, no, a fraction such as 0.4"),
        ({"outcome": "40"}, "'40' no outcome of a yes-or-no claim; say 40% or 0.4; percent=True, if all are"),
        ({"outcome": -1}, "outcome row 2 -1 no outcome of a yes-or-no claim"),
        ({"outcome": ""}, "outcome row 2 '' no outcome of a yes-or-no claim"),
        ({"outcome": None}, "outcome row 2 empty no outcome of a yes-or-no claim"),
        ({"known_on": "yesterday"}, "known_on row 2 'yesterday' no day of its own; write the day, as YYYY-MM-DD"),
        ({"known_on": "2026-08-02"}, "lies in the future: days are UTC, and in UTC it is 2026-08-01; say that day"),
        ({"known_on": ""}, "when? say happened_on DAY, or known_on DAY"),
        (
            {"happened_on": "2025-12-31"},
            "it happened on 2025-12-31, before the window of rain, 2026-01-01 ",
        ),
        ({"outcome": "no"}, "known_on 2026-05-01 lies in the window"),
        ({"outcome": "no", "happened_on": "2026-05-01"}, "the day on which a no became public is known_on"),
        ({"reason": None}, "say why rain is yes: reason= or because"),
        ({"reason": "\x1b[31m"}, "reason"),
        ({"decided_by": "two\nlines"}, "decided_by"),
        ({"impossible": "perhaps"}, "impossible row 2 'perhaps' neither true nor false"),
        ({"impossible": []}, "impossible row 2 [] neither true nor false"),
        ({"impossible": "true"}, "only a no can be given because the claim became impossible"),
    ],
)
def test_a_bad_row_is_named_by_its_number_and_nothing_is_recorded(
    book: Ledger, fields: dict[str, object], reason: str
) -> None:
    bad = {**row("rain", "yes", "2026-05-01"), **fields}

    with pytest.raises(InvalidValue) as refused:
        book.import_resolutions([row("hail", "no"), bad, row("snow", "no")])
    told = spaced(refused.value)

    assert told.startswith("the table cannot be read, so nothing is recorded: 1 of 3 rows ")
    assert "row 2 " in told
    assert reason in told

    assert verdicts(book) == []


def test_a_row_is_told_the_ways_out_that_it_has(book: Ledger) -> None:
    with pytest.raises(InvalidValue, match="say why rain is yes: reason= or because"):
        book.import_resolutions([row("rain", "yes", reason=None)])


def test_a_row_is_told_the_columns_that_it_may_have(run: CommandLine, tmp_path: Path) -> None:
    path = write(tmp_path / "early.csv", [row("rain", "no", known_on="2026-05-01")])
    said = "a no that was known before takes impossible yes"

    with Ledger(run.path) as book, pytest.raises(InvalidValue) as refused:
        book.import_resolutions(path)

    assert said in spaced(refused.value)


@pytest.mark.parametrize("name", ["Rain", "RAIN", " rain "])
def test_a_name_means_the_claim_that_it_means_in_a_file_of_forecasts(book: Ledger, name: str) -> None:
    forecasts = {"claim": [name], "forecaster": ["bob"], "made_at": ["2026-02-01"], "probability": [0.5]}
    assert book.import_forecasts(forecasts).claims == 1

    assert book.import_resolutions([row(name, "no")]).verdicts == 1
    assert [one.claim for one in verdicts(book)] == ["rain"]


def test_two_names_of_one_claim_are_refused_as_in_a_file_of_forecasts(book: Ledger) -> None:
    with pytest.raises(InvalidValue, match="'Rain' and 'rain' are one claim 'rain'; use one name"):
        book.import_resolutions([row("rain", "no"), row("Rain", "no")])


def test_bad_rows_of_one_cause_stand_together(book: Ledger) -> None:
    with pytest.raises(InvalidValue) as refused:
        book.import_resolutions([row("fire", "no")] * 50)

    assert "50 of 50 rows\n  claim     rows 1, 2, 3, 4, 5, 6, 7, 8 ... 50 in all  'fire'\n" in str(refused.value)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (5, "5 holds no verdicts; give rows, a mapping of columns, an Arrow table or a file's path"),
        (b"rain", "holds no verdicts"),
        ({"claim": ["rain"], "known_on": [""]}, "there is no column 'outcome' in the columns; say claim, outcome"),
        ({"claim": ["rain"], "outcome": ["no"], "known_on": []}, "the columns have different lengths: 0, 1"),
        ({"claim": "rain", "outcome": ["no"], "known_on": [""]}, "the column 'claim' is 'rain'; give a list"),
        ("verdicts.json", "'verdicts.json' cannot be read: No such file or directory"),
        ("nowhere.csv", "'nowhere.csv' cannot be read: No such file or directory"),
    ],
)
def test_what_holds_no_verdicts_is_refused_in_one_sentence(
    book: Ledger, refuses: Refuses, source: object, words: str
) -> None:
    with refuses(words, error=InvalidValue):
        book.import_resolutions(source)


def test_what_a_row_is_warned_of_is_what_resolve_warns_of(book: Ledger) -> None:
    book.add("There is mud", deadline="2026-12-31", opens_on="2026-09-01", slug="mud")

    with pytest.warns(LedgerWarning, match="known_on 2026-07-01 lies before the window of mud"):
        book.import_resolutions([row("mud", "annulled")])


# -- how much is read -----------------------------------------------------------------------------------------


def asked(ledger: Ledger, act: Callable[[], object]) -> list[str]:
    """The statements that SQLite is given meanwhile."""
    said: list[str] = []
    ledger._journal.connection.set_trace_callback(said.append)
    try:
        act()
    finally:
        ledger._journal.connection.set_trace_callback(None)
    return said


def test_the_claims_are_read_once_however_many_rows_there_are(book: Ledger) -> None:
    said = asked(book, lambda: book.import_resolutions(ROWS))

    assert sum("c.deadline" in one and "from main.claim " in one for one in said) == 2  # claims and trees
    assert not any("from main.forecast " in one for one in said)


def test_one_verdict_reads_nothing_of_other_claims(book: Ledger) -> None:
    few = len(asked(book, lambda: book.resolve("rain", "no", known_on="2026-07-01", reason="dry")))
    for number in range(20):
        book.add(f"There are {number} storms", deadline="2026-12-30", p=0.3)

    said = asked(book, lambda: book.resolve("hail", "no", known_on="2026-07-01", reason="dry"))

    assert len(said) == few
    of_all = [one for one in said if "where claim in (" not in one]
    assert not any("from main.claim where entry <" in one or "from main.forecast " in one for one in of_all)


# -- the command line -----------------------------------------------------------------------------------------


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    """The command line on 2026-08-01, on a ledger with two claims."""
    run = CommandLine(tmp_path)
    assert run("init").exit_code == 0
    for slug in ("rain", "hail"):
        run.says("add", f"There is {slug}", "--deadline", "2026-06-30", "--slug", slug, "-p", "0.3")
    clock.set("2026-08-01")
    return run


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("claim,known_on\nrain,\n", "there is no column 'outcome' in verdicts.csv; say claim, outcome, known_on"),
        ("", "verdicts.csv is empty; its first row names the columns"),
        (
            "claim,claim,outcome,known_on\n",
            "the column 'claim' stands twice in verdicts.csv, as 'claim' and 'claim'; rename one of them",
        ),
        (
            "claim,outcome,known_on\nrain,0.4,2026-07-01\n",
            "verdicts.csv cannot be read, so nothing is recorded: 1 of 1 row\n"
            "  outcome   row 1  0.4  say why rain is 0.4: reason=\n"
            "row 1: rain, 0.4, 2026-07-01                         (line 2 of the file)",
        ),
        (
            "claim,outcome,known_on,reason\nrain,no\n",
            "verdicts.csv cannot be read, so nothing is recorded: 1 of 1 row\n"
            "  row       row 1    it has 2 fields, the header 4; an empty cell has its\n"
            "                     delimiter too\n"
            "row 1: rain, no                                      (line 2 of the file)",
        ),
        (
            'claim,outcome,known_on,reason\nrain,no,2026-07-01,"dry\n',
            "verdicts.csv, in the row that begins on line 2: this is not CSV: unexpected end of data; "
            "is a quote left open?",
        ),
    ],
)
def test_a_file_that_cannot_be_imported_is_one_plain_sentence(
    book: Ledger, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "verdicts.csv"
    path.write_text(text, "utf-8")

    with pytest.raises(InvalidValue) as refused:
        book.import_resolutions(path)
    assert str(refused.value) == said


@pytest.mark.parametrize("reason", ["=1+1", "<script>alert(1)</script>", "'; drop table resolution; --"])
def test_hostile_text_in_a_cell_is_kept_to_the_letter_and_does_nothing(book: Ledger, reason: str) -> None:
    book.import_resolutions([row("rain", "no", reason=reason)])

    assert verdicts(book)[0].reason == reason
    assert "<script>" not in book.claim("rain")._repr_html_()
    assert book.verify().ok


@pytest.fixture
def kinds(ledger: Ledger, clock: Clock) -> Ledger:
    """A ledger on 2026-08-01 with a choice, a number, a date and a yes-no claim, all over."""
    ledger.add("Which?", deadline="2026-06-30", slug="which", options=["red", "none", "blue"])
    ledger.add("How many?", deadline="2026-06-30", slug="many", unit="cars", between=(0, 10))
    ledger.add("When?", deadline="2026-06-30", slug="when", when=True)
    ledger.add("When else?", deadline="2026-06-30", slug="else", when=True)
    ledger.add("Whether?", deadline="2026-06-30", slug="whether")
    clock.set("2026-08-01")
    return ledger


def test_options_values_days_and_months_are_verdicts(kinds: Ledger, tmp_path: Path) -> None:
    rows = [
        row("which", "none"), row("many", 4.25), row("whether", "1"), {**row("when", "yes"), "happened_on": "2026-05"},
        {"claim": "else", "outcome": date(2026, 5, 3), "reason": "seen"},
    ]  # fmt: skip

    done, again = kinds.import_resolutions(rows), kinds.import_resolutions(write(tmp_path / "all.csv", rows))

    found = {verdict.claim: verdict for verdict in verdicts(kinds)}
    assert (done.verdicts, again.verdicts, again.already) == (5, 0, 5)
    assert (found["which"].option, found["many"].value, str(found["whether"].outcome)) == ("none", 4.25, "yes")
    assert (found["when"].happened_from, found["when"].happened_on) == (date(2026, 5, 1), date(2026, 5, 31))
    assert (found["else"].outcome, found["else"].happened_on) == ("yes", date(2026, 5, 3))


@pytest.mark.parametrize(
    ("claim", "outcome", "words"),
    [
        ("which", "yes", "which is a choice; say red, none, blue"),
        ("which", "bleu", "did you mean 'blue'?"),
        ("which", 0.4, "which is a choice"),
        ("many", "yes", "is no outcome of many, a number in cars"),
        ("many", float("nan"), "is no outcome of many"),
        ("many", "40%", "is no outcome of many"),
        ("when", 0.4, "is no outcome of when, which asks on which day"),
        ("when", "red", "which asks on which day"),
        ("whether", "red", "no outcome of a yes-or-no claim"),
        ("whether", 4.25, "4.25"),
        ("whether", "2026-05-03", "no outcome of a yes-or-no claim"),
        ("which", "", "which is a choice"),
    ],
)
def test_an_outcome_of_another_type_is_refused_by_its_type(
    kinds: Ledger, claim: str, outcome: object, words: str
) -> None:
    head = kinds.head()

    with pytest.raises(InvalidValue) as error:
        kinds.import_resolutions([row("many", 3), row(claim, outcome)])

    assert words in spaced(error.value)
    assert kinds.head() == head

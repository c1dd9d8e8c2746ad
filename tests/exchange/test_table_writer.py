"""What a ledger holds goes out as a table and comes back as the same records; what no row can say is told."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from conftest import Clock
from fatebook_files import question, resolved, write
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from predictions import InvalidValue, Ledger
from predictions.exchange.questions import EvidenceLink
from predictions.exchange.table.cells import plain_cell, read_evidence, written_evidence
from predictions.exchange.written import RowsWritten
from predictions.fields import check_line, check_link, check_text
from predictions.importing.cells import guarded
from predictions.records import Claim, Record, Source

TODAY = "2027-02-15"
OURS = {"recorded_by", "revision"}
TEMPLATE = """\
text,deadline,by,p,words,said_on,link,made_at,outcome,known_on,evidence,note
# One row a prediction. Only text and deadline are needed. Rows that begin with # are skipped.,,,,,,,,,,,
# GPT-6 will be out this year,2026,Tech Oracle,,will,2026-01-05,https://oracle.example/outlook,,,,,
# An AI lab goes public,2025-12-31,Tech Oracle,60%,,2025-01-06,https://oracle.example/outlook-2025,,no,2026-01-30,,
# An AI lab goes public,2025-12-31,me,35%,,,,2025-04-14,,,,too few filings
# Our release ships,Q3 2099,me,70%,,,,,,,,no made_at: now
# More columns (predictions import-from table -h): options unit between quantiles when criteria tags source id,,,,,,,,,,,
"""  # noqa: E501  to the letter


def export(ledger: Ledger, file: Path) -> RowsWritten:
    written = ledger.export("table", file)
    assert isinstance(written, RowsWritten)
    return written


def said(record: Record, *left_out: str) -> Mapping[str, Any]:
    return record.model_dump(exclude=OURS | set(left_out), exclude_none=True)


def records(ledger: Ledger) -> list[Mapping[str, Any]]:
    """What a table holds of a ledger: its claims, forecasts and standing verdicts."""
    snapshot = ledger.snapshot()
    return [
        *(said(claim) for claim in snapshot.all(Claim)),
        *(said(item.record) for claim in snapshot.all(Claim) for item in snapshot.forecasts_on(claim)),
        *(said(one, "number", "decided_by") for claim in snapshot.all(Claim) if (one := snapshot.verdict(claim))),
    ]


@pytest.fixture
def full(clock: Clock, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger of quotes with odd words, forecasts of several kinds, verdicts and evidence."""
    clock.set(TODAY)
    rows = [
        "text,due,by,kind,p,words,low,high,said_on,url,source,made_at,outcome,known,reason,evidence,tags,note,opens",
        '=SUM(A1) will rise,2026,Tech Oracle,,,will,,,2026-01-05,https://o.example/a_(b),,,no,,,,b; a,"a ""note""",',
        "=SUM(A1) will rise,2026,GPT-9,model,30%,,,,,,,2026-02-01T10:00:00.5Z,,,,,,-5 degrees,",
        "=SUM(A1) will rise,2026,GPT-9,,withdrawn,,,,,,,2026-03-01,,,,,,,",
        '"\'# not a comment, but\ntext",within 18 months,Prof Pundit,,,as good as done,90%,99%,2026-01-10,'
        "https://w.example/1,The Weekly,,yes,2026-05-01T10:00Z,seen,[A [b]](https://a.example/x;y),,,",
        "Half of it,2027-06-30,me,,,,20%,40%,,https://own.example,,2026-02-03,,,,https://n.example/1,,,2026-01-01",
        "Nobody said how likely,Q3 2027,Prof Pundit,,,,,,2026-04-04,https://w.example/2,,,,,,,,only a note,",
        "Said without a link,2028,Prof Pundit,,10%,,,,2026-04-04,,,,,,,,,,",
    ]
    file = tmp_path / "full.csv"
    file.write_text("\n".join(rows).replace("[A [b]]", "[A \\[b\\]]") + "\n", "utf-8")
    with Ledger(tmp_path / "full.db", me="ed") as ledger:
        ledger.import_from("table", file)
        yield ledger


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "json", "parquet"])
def test_what_is_written_comes_back_as_the_same_records(ending: str, full: Ledger, tmp_path: Path) -> None:
    written = export(full, tmp_path / f"out.{ending}")

    with Ledger(tmp_path / "again.db", me="ed") as again:
        again.import_from("table", tmp_path / f"out.{ending}")
        assert records(again) == records(full)
        export(again, tmp_path / f"again.{ending}")
    assert (tmp_path / f"again.{ending}").read_bytes() == (tmp_path / f"out.{ending}").read_bytes()
    assert (written.claims, written.forecasts, written.verdicts) == (5, 6, 2)
    assert [one.what for one in written.lost] == []


def test_what_is_written_adds_nothing_to_the_ledger_it_is_of(full: Ledger, tmp_path: Path) -> None:
    export(full, tmp_path / "out.csv")
    before = full.head()

    taken = full.import_from("table", tmp_path / "out.csv")

    assert (dict(taken.new), taken.changes, full.head()) == ({}, (), before)


def test_a_no_that_only_its_platform_may_say_so_early_is_read_back(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-07-03")  # before the settle day of what ended in June
    made = ("Ann", "2026-03-02T10:00:00.000Z", 0.4)
    file = write(
        tmp_path, question("in-time", "In time?", made, **resolved("NO", "2026-04-02T09:00:00.000Z")),
        question("at-its-end", "At its end?", made, **resolved("NO", "2026-07-02T09:00:00.000Z")),
        question("late", "Late?", made, resolveBy="2026-04-30T00:00:00.000Z", **resolved("NO")),
    )  # fmt: skip
    with Ledger(tmp_path / "mine.db", me="ana") as ledger:
        ledger.import_from("fatebook", file)
        written = export(ledger, tmp_path / "out.csv")

    assert {one.what: one.count for one in written.lost}["who told a no early, written as impossible"] == 2
    with Ledger(tmp_path / "again.db", me="ana") as again:
        again.import_from("table", tmp_path / "out.csv")
        snapshot = again.snapshot()
        verdicts = {claim.slug: snapshot.verdict(claim) for claim in snapshot.all(Claim)}
    assert {slug: one and (one.said, one.impossible) for slug, one in verdicts.items()} == {
        "fatebook-in-time": ("no", True), "fatebook-at-its-end": ("no", True), "fatebook-late": ("no", None),
    }  # fmt: skip


def test_forecasts_in_blocks_are_written_too(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    days = [f"2026-{1 + n // 20:02}-{1 + n % 20:02}" for n in range(210)]
    rows = [
        {"text": "A?", "deadline": "2027", "by": f"p {n}", "p": f".{n + 10}", "made": day}
        for day in days
        for n in range(50)
    ]
    with Ledger(tmp_path / "a.db", me="ed") as ledger:
        ledger.import_from("table", rows)

        written = export(ledger, tmp_path / "a.csv")

        assert (written.forecasts, written.written) == (10_500, 10_500)
        assert ledger.import_from("table", tmp_path / "a.csv").new == {}


def test_no_cell_is_a_formula_to_a_spreadsheet(full: Ledger, tmp_path: Path) -> None:
    export(full, tmp_path / "out.csv")

    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "#"}] == []
    assert {"'=SUM(A1) will rise", "'-5 degrees"} <= set(cells)


def test_the_packaged_catalogue_comes_back_but_for_what_is_listed(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    with Ledger(tmp_path / "a.db", me="ed") as first, Ledger(tmp_path / "b.db", me="ed") as second:
        first.import_from("ainews")
        written = export(first, tmp_path / "a.csv")
        second.import_from("table", tmp_path / "a.csv")
        export(second, tmp_path / "b.csv")

    lost = {one.what: one.count for one in written.lost}
    assert lost["readings that are not scored"] > 0
    assert lost["statements that are not resolvable"] > 0
    assert lost["dates, publishers, excerpts and bearings of evidence"] > 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    told = str(written)
    assert "no place for  claims of type all-of: " in told
    assert told.endswith("not in it     who recorded what, and when")
    assert max(map(len, told.splitlines())) <= 80


def test_a_template_is_an_empty_table_to_the_letter(full: Ledger, tmp_path: Path) -> None:
    written = full.export("table", tmp_path / "t.csv", template=True)

    assert str(written).split() == ["wrote", "an", "empty", "table", "with", "examples,", "to", "fill", "in", "t.csv"]

    assert (tmp_path / "t.csv").read_text("utf-8") == TEMPLATE
    assert str(full.import_from("table", tmp_path / "t.csv")).startswith("nothing to record: no row below the header")
    filled = (tmp_path / "t.csv").read_text("utf-8").replace("# ", "", 6).split("\n")
    (tmp_path / "t.csv").write_text("\n".join([filled[0], *filled[2:6], ""]), "utf-8")
    assert full.import_from("table", tmp_path / "t.csv").new["claim"] == 3


def test_a_spreadsheet_is_text_and_the_same_bytes_each_time_and_no_file_is_replaced(
    full: Ledger, tmp_path: Path
) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        export(full, tmp_path / name)

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    sheet = ZipFile(tmp_path / "one.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert set(re.findall(r'<c [^>]*t="(\w+)"', sheet)) == {"s"}
    assert "<f>" not in sheet
    for name in ("one.xlsx", "one.parquet"):
        (tmp_path / name).touch()
        with pytest.raises(InvalidValue, match="is there already; say another name"):
            full.export("table", tmp_path / name)


def test_a_spreadsheet_says_which_text_no_cell_of_it_holds(ledger: Ledger, tmp_path: Path) -> None:
    links = " ".join(f"https://weather.example/a-long-name-of-a-report-{number}" for number in range(700))
    ledger.import_from("table", [{"text": "It rains", "deadline": "2099", "evidence": links}])

    with pytest.raises(InvalidValue, match=r"a cell of \.xlsx holds 32,767 characters; one has "):
        ledger.export("table", tmp_path / "t.xlsx")

    assert not (tmp_path / "t.xlsx").exists()


def test_a_template_may_be_a_spreadsheet(full: Ledger, tmp_path: Path) -> None:
    full.export("table", tmp_path / "t.xlsx", template=True)

    with pytest.raises(InvalidValue, match="a template is filled in by hand"):
        full.export("table", tmp_path / "t.parquet", template=True)
    rows = CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_index(0).to_python()
    assert rows == list(csv.reader(TEMPLATE.splitlines()))


@pytest.mark.parametrize("day", ["2026-02-01", "2026-11-30", "2027-01-01", "2055-05-05"])
def test_every_example_of_a_template_can_be_imported_on_any_day(day: str, clock: Clock, tmp_path: Path) -> None:
    clock.set(day)
    header, _, *examples, _ = TEMPLATE.splitlines()
    rows = [row.removeprefix("# ") for row in examples]

    for number, chosen in enumerate([*([row] for row in rows), rows]):
        file = tmp_path / f"{number}.csv"
        file.write_text("\n".join([header, *chosen, ""]), "utf-8")
        with Ledger(tmp_path / f"{number}.db", me="ana") as ledger:
            assert ledger.import_from("table", file).new["forecast"] == len(chosen)


def test_only_a_table_has_a_template(full: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="only a table has a template to fill in"):
        full.export("parquet", tmp_path / "out", template=True)


@pytest.mark.parametrize(("file", "words"), [("t.ods", "neither .csv, .tsv, .xlsx, .json nor "), ("-", "is neither")])
def test_a_file_of_another_kind_is_refused(file: str, words: str, full: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=words):
        export(full, tmp_path / file)


def test_nothing_but_an_earlier_table_is_written_over(full: Ledger, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("my own list", "utf-8")

    with pytest.raises(InvalidValue, match="is there already, and is something else"):
        export(full, tmp_path / "mine.csv")

    export(full, tmp_path / "out.csv")
    assert export(full, tmp_path / "out.csv").claims == 5


@pytest.mark.parametrize(
    ("what", "file", "mine"),
    [
        ("table", "mine.csv", "text,deadline,claim,p\nRain,2027,rain,30%\n"),
        ("table", "mine.tsv", "text\tdeadline\tp\nRain\t2027\t30%\n"),
        ("table", "mine.json", '[\n {\n  "text": "Rain"\n }\n]\n'),
        ("calendar", "mine.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Me//EN\r\nEND:VCALENDAR\r\n"),
        (
            "page",
            "mine.html",
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Mine</title>\n',
        ),
        ("datasette", "metadata.json", '{\n  "_made_by": "me"\n}\n'),
    ],
)
def test_what_only_begins_as_ours_does_is_not_written_over(
    what: str, file: str, mine: str, full: Ledger, tmp_path: Path
) -> None:
    (tmp_path / file).write_bytes(mine.encode())

    with pytest.raises(InvalidValue, match="is there already"):
        full.report(tmp_path / file) if what == "page" else full.export(
            what, tmp_path if what == "datasette" else tmp_path / file
        )

    assert (tmp_path / file).read_bytes() == mine.encode()


@pytest.mark.parametrize(
    ("what", "file"), [("table", "o.tsv"), ("calendar", "o.ics"), ("datasette", "o"), ("", "o.html")]
)
def test_what_we_made_is_made_again(what: str, file: str, full: Ledger, tmp_path: Path) -> None:
    for _ in range(2):
        full.export(what, tmp_path / file) if what else full.report(tmp_path / file)


def test_a_template_that_was_filled_in_is_not_written_over(full: Ledger, tmp_path: Path) -> None:
    full.export("table", tmp_path / "t.csv", template=True)

    with pytest.raises(InvalidValue, match="is there already"):
        full.export("table", tmp_path / "t.csv", template=True)


# -- cells, whatever they hold ---------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def sound(text: str, check: Any) -> bool:
    try:
        return bool(check(text)) and text == text.strip() and "\r" not in text
    except ValueError:
        return False


@given(TEXTS | st.from_regex(r"\A'{0,3}[=+\-@#][a-z]{1,3}\Z"))
def test_any_text_is_read_back_from_its_guarded_cell(text: str) -> None:
    if sound(text, check_text):
        assert plain_cell(guarded(text)) == text


LINKS = st.from_regex(r"\Ahttps?://[a-z]{1,5}\.example/[a-z0-9()\[\];,._~=&%-]{0,12}\Z")


@given(st.lists(st.tuples(LINKS, st.none() | TEXTS), max_size=4, unique_by=lambda one: one[0]))
def test_any_titled_links_are_read_back_from_their_cell(pairs: list[tuple[str, str | None]]) -> None:
    links = tuple(
        EvidenceLink(
            link, title if title is not None and sound(title, check_line) and title == " ".join(title.split()) else "t"
        )
        for link, title in pairs
        if sound(link, check_link)
    )

    assert read_evidence(written_evidence(links)) == links


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "text": TEXTS.filter(lambda text: sound(text, check_text)),
            "by": st.sampled_from(["me", "Bob", "Ana Maria", "李"]),
            "deadline": st.sampled_from(["2027", "Q3 2027", "2027-12-31", "within 2 years"]),
            "p": st.sampled_from(["0", "1", "35%", "0.123456789012"]),
            "made_at": st.sampled_from(["2026-02-03", "2026-02-03T04:05:06.789Z", "2026-11-01"]),
        },
        optional={
            "note": TEXTS.filter(lambda text: sound(text, check_text)),
            "criteria": TEXTS.filter(lambda text: sound(text, check_text)),
            "tags": st.sampled_from(["a", "b; c d"]),
            "said_on": st.sampled_from(["2026-01-05", "2026-01-07"]),
            "link": st.sampled_from(["https://a.example/x", "https://b.example"]),
        },
    ),
    min_size=1, max_size=6, unique_by=lambda row: row["text"].casefold().strip(),
)  # fmt: skip


@pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")  # of odd texts
@settings(max_examples=8)
@given(rows=ROWS)
def test_any_table_comes_back_as_the_same_records(rows: list[dict[str, str]], tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("table")
    guarded_rows = [{name: guarded(cell) for name, cell in row.items()} for row in rows]

    with Ledger(folder / "a.db", me="ed") as first, Ledger(folder / "b.db", me="ed") as second:
        first.import_from("table", guarded_rows)
        export(first, folder / "a.csv")
        second.import_from("table", folder / "a.csv")
        export(second, folder / "b.csv")
        assert records(first) == records(second)
    assert (folder / "a.csv").read_bytes() == (folder / "b.csv").read_bytes()


def test_json_has_no_formulas_and_no_guard(full: Ledger, clock: Clock, tmp_path: Path) -> None:
    texts = ["+1 plus thing", "'=quoted", "# no comment", "-5 degrees below"]
    full.import_from("table", [{"text": guarded(text), "deadline": "2029"} for text in texts])

    export(full, tmp_path / "out.json")

    rows = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert set(texts) <= {row["text"] for row in rows}
    assert full.import_from("table", tmp_path / "out.json").new == {}


@pytest.mark.parametrize("length", [20, 60, 124])
def test_a_long_name_makes_no_long_line(length: int, full: Ledger, tmp_path: Path) -> None:
    file = tmp_path / f"{'n' * length}.csv"

    told = str(export(full, file))
    again = str(full.import_from("table", file))

    assert max(map(len, [*told.splitlines(), *again.splitlines()])) <= 80
    assert length > 60 or file.name not in [line.strip() for line in (told + again).splitlines()]


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "json"])
def test_verdicts_without_a_reason_are_written_as_they_were_read(ending: str, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-29")
    over = {"deadline": "2026-03-31", "opens_on": "2026-01-01", "known_on": "2026-04-02"}
    outcomes: list[dict[str, str]] = [
        {"outcome": "yes"}, {"outcome": "no", "reason": "none came"}, {"outcome": "0.4"}, {"outcome": "annulled"},
        {"outcome": "ambiguous", "reason": "two reports"}, {"outcome": "north", "options": "north; south"},
        {"outcome": "4.5", "unit": "ships", "between": "1..20"}, {"outcome": "2026-02-01", "when": "yes"},
        {"outcome": "yes", "evidence": "https://e.example/a"}, {"outcome": "no", "known_on": ""},
        {"outcome": "ambiguous", "evidence": "https://e.example/b"},
    ]  # fmt: skip
    names = sorted({name for told in outcomes for name in (*over, *told)})
    rows = [
        {"text": f"Question {number}"} | {name: {**over, **told}.get(name, "") for name in names}
        for number, told in enumerate(outcomes)
    ]
    first, second = (tmp_path / f"{name}.{ending}" for name in ("first", "second"))
    ledger, again = Ledger(tmp_path / "a.db", me="ana"), Ledger(tmp_path / "b.db", me="ana")
    ledger.import_from("table", rows)
    ledger.export("table", first)
    again.import_from("table", str(first))
    again.export("table", second)

    assert second.read_bytes() == first.read_bytes()
    verdicts = [
        [ledger.snapshot().verdict(claim) for claim in ledger.snapshot().all(Claim)] for ledger in (ledger, again)
    ]
    assert [one and one.reason for one in verdicts[0]] == [one and one.reason for one in verdicts[1]]
    assert sum(one is not None and one.reason is None for one in verdicts[0]) == 4


@pytest.mark.parametrize("order", [("zed", "bob"), ("bob", "zed")])
@pytest.mark.parametrize("quoted", [False, True])
def test_forecasts_of_one_moment_come_out_as_they_went_in(
    tmp_path: Path, clock: Clock, order: tuple[str, str], quoted: bool
) -> None:
    clock.set("2026-03-01")
    said = {"made_at": "2026-02-01", "kind": "person"}
    with Ledger(tmp_path / "first.db", me="ana") as first, Ledger(tmp_path / "second.db", me="ana") as second:
        if quoted:
            quote = {"deadline": "2027", "said_on": "2026-02-01", "p": 0.3, "link": "https://l.example/1"}
            claim = first.quote("Tech Oracle", "It rains", **quote)  # type: ignore[arg-type]
            first.forecast(claim, 0.41, published_in="tech-oracle-2026-02-01", made_at="2026-02-01")
        else:
            claim = first.add("It rains", deadline="2027", opens_on="2026-01-01")
        for who in order:
            first.forecast(claim, 0.3, by=who, **said)
        first.export("table", tmp_path / "first.csv")
        second.import_from("table", tmp_path / "first.csv")
        second.export("table", tmp_path / "second.csv")
        assert len(first.snapshot().all(Source)) == len(second.snapshot().all(Source))
    exported = (tmp_path / "first.csv").read_text("utf-8")
    assert exported == (tmp_path / "second.csv").read_text("utf-8")
    assert exported.count("\n") == 1 + len(order) + 2 * quoted

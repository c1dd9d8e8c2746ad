"""What is typed in another way than meant: the sentence names what is typed, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import InvalidValue, Ledger, LedgerWarning, NotALedger, NotFound
from predictions.records import Claim


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    """The command line, on a ledger with two claims, on 2026-01-01."""
    run = CommandLine(tmp_path)
    assert run("init").exit_code == 0
    run.says("add", "Alpha ships", "--deadline", "2026-06-30", "-p", "30%")
    run.says("add", "It rains", "--deadline", "2026-06-30", "--slug", "rain")
    return run


STARTS = [["init"], ["add", "Snow", "--deadline", "2099"], ["import-from", "ainews"]]


@pytest.mark.parametrize("verb", STARTS)
def test_an_empty_file_becomes_a_ledger_at_either_door(verb: list[str], tmp_path: Path) -> None:
    run, other = CommandLine(tmp_path), tmp_path / "python.db"
    for path in (run.path, other):
        path.touch(0o640)

    typed = run(*verb)
    with pytest.warns(LedgerWarning) as warned:
        Ledger(other).close()

    assert (typed.exit_code, run.path.stat().st_mode & 0o777) == (0, 0o640)
    assert " ".join(typed.stderr.split()) == f"note: {str(run.path)!r} was an empty file, and is a ledger now"
    assert [str(one.message) for one in warned] == [f"{str(other)!r} was an empty file, and is a ledger now"]


@pytest.mark.parametrize(
    "verb",
    [
        ["add", "Snow", "--deadline", "2099", "-p", "30"], ["import-from", "table", "none.csv"], ["board"],
        ["quote", "Ben", "Snow", "--deadline", "2099"], ["import-from", "ainews", "--dry-run"],
    ],
)  # fmt: skip
def test_a_command_that_records_nothing_leaves_an_empty_file_empty(verb: list[str], tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    run.path.touch(0o640)

    said = run(*verb)

    assert (run.path.stat().st_size, run.path.stat().st_mode & 0o777) == (0, 0o640)
    assert "was an empty file" not in said.output + said.stderr
    assert run("add", "Snow", "--deadline", "2099").exit_code == 0


@pytest.mark.parametrize("verb", STARTS)
def test_no_verb_makes_a_ledger_behind_a_link(verb: list[str], tmp_path: Path) -> None:
    run = CommandLine(tmp_path)

    run.path.symlink_to(tmp_path / "nothing")
    assert "it is a link to nothing" in run.refuses(*verb)
    assert not (tmp_path / "nothing").exists()
    with pytest.raises(NotALedger, match="a link to nothing"):
        Ledger(run.path)


def test_what_is_typed_without_an_option_is_named_as_the_usage_names_it(run: CommandLine) -> None:
    run.says("forecast", "alpha", "40%", "--by", "ben")

    assert run.refuses("explain", "brier").startswith("say whose figure: WHO, one of ")
    assert run.refuses("forecast", "alpha", "40%", "--words", "likely").endswith("(--words)")
    assert "was said (P)" in run.refuses("forecast", "alpha", "40%", "--words", "likely")
    assert run.refuses("quote", "", "It snows", "--deadline", "2026").startswith("WHO: '' is empty")


def test_an_export_asks_for_its_file_and_a_table_is_also_called_tsv(run: CommandLine, tmp_path: Path) -> None:
    assert run.says("export", "csv", str(tmp_path / "o.csv")).startswith("wrote")
    assert run.says("export", "tsv", str(tmp_path / "o.tsv")).startswith("wrote")
    assert run.refuses("export", "csv") == "which file? say it: predictions export csv FILE.csv"
    assert run.refuses("export", "table") == "which file? say it: predictions export table FILE.csv"
    assert run.refuses("export", "sqlite").endswith("export sqlite FILE.db")
    assert run.refuses("export", "calendar").endswith("export calendar FILE.ics")


def test_a_copy_is_offered_names_that_mean_one_record(run: CommandLine, tmp_path: Path) -> None:
    said = run.refuses("redact", "alpha-shps", "--to", str(tmp_path / "x.db"))

    assert said.endswith("did you mean 'statement alpha-ships' or 'claim alpha-ships'?")
    assert "[required]  [required]" not in run.says("redact", "-h")
    assert "[required]" in run.says("redact", "-h")


@pytest.mark.parametrize("text", ["", "a\x1bb", "\udc80", "x" * 100_000])
def test_a_text_that_cannot_be_kept_is_named_as_it_was_given(text: str, run: CommandLine) -> None:
    assert run.refuses("add", text, "--deadline", "2026-06-30").startswith("TEXT: ")
    with Ledger(run.path) as ledger, pytest.raises(InvalidValue, match=r"^text: "):
        ledger.add(text, deadline="2026-06-30")


@pytest.mark.parametrize("chance", ["-5%", "-0.2", "\N{MINUS SIGN}5%"])
def test_a_chance_below_nought_is_told_where_chances_run(chance: str, run: CommandLine) -> None:
    assert "which runs from 0 to 1" in run.refuses("add", "Snow", "--deadline", "2026-06-30", "-p", chance)


def test_a_receipt_is_a_slug_and_no_text(run: CommandLine) -> None:
    with Ledger(run.path, me="ana") as ledger:
        receipt = ledger.forecast("rain", 0.6)
        for words in ({"text": receipt}, {"text": "Snow", "criteria": receipt}, {"text": "Snow", "title": receipt}):
            with pytest.raises(InvalidValue, match="'rain' is a receipt and not text"):
                ledger.add(**words, deadline="2026-06-30")
        with pytest.raises(InvalidValue, match="a receipt and not text"):
            ledger.forecast("rain", 0.7, note=receipt)
        person = ledger.correct("ana", title="Ana", reason="her name")

        assert ledger.forecast(receipt, 0.8, by=person).record.forecaster == "ana"
        assert receipt._repr_html_().startswith(
            '<pre style="margin:0;padding:0;'
        )  # whatever the host's stylesheet says


def test_a_ledger_holds_its_claims_by_their_slugs(run: CommandLine) -> None:
    with Ledger(run.path) as ledger:
        assert list(ledger) == ["alpha-ships", "rain"]
        assert "rain" in ledger
        assert [name in ledger for name in ("rai", "", 0, None, "r\u00e4in", slice(None))] == [False] * 6
        for wrong in (0, "", slice(None)):
            with pytest.raises(NotFound, match=r"in this ledger; say a slug, such as 'alpha-ships'$"):
                ledger[wrong]


def test_what_follows_from_a_change_is_not_asked_for(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-01-03")

    day = run.refuses("correct", "rain", "--reason", "slip", "--set", "deadline=2026-12-31")
    words = run.refuses("correct", "rain", "--reason", "slip", "--set", "text=It pours")

    assert "a new deadline is a new claim: " in day
    assert "--set deadline=2026-12-31 --reason" in day
    assert "a new text is a new claim: " in words
    assert '--set "text=It pours"' in words or '--set text="It pours"' in words


@pytest.mark.parametrize("verb", ["correct", "supersede"])
def test_a_field_typed_as_an_option_is_shown_as_it_is_set(verb: str, run: CommandLine) -> None:
    for typed, meant in (
        (("--title", "X"), "title=X"),
        (("--opens-on=2026",), "opens_on=2026"),
        (("--title",), "title="),
    ):
        result = run(verb, "rain", *typed)

        assert result.exit_code == 2
        assert f"; a field is changed with --set {meant}" in result.stderr


def test_an_odd_text_is_warned_of_once_and_where_it_was_given(run: CommandLine) -> None:
    with Ledger(run.path, me="ana") as ledger:
        with pytest.warns(LedgerWarning, match="has hidden direction marks") as caught:
            ledger.add("evil \u202etext", deadline="2026-06-30", p=0.5)
        with pytest.warns(LedgerWarning, match="has mixed scripts") as others:
            ledger.quote("Ben", "р" + "aypal fails", deadline="2026-06-30", said_on="2025-12-30", p=0.5)

    assert len(caught) == 1
    assert {warning.filename for warning in [*caught, *others]} == {__file__}
    assert [str(warning.message) for warning in others if "mixed" in str(warning.message)] == [
        "the text of statement aypal-fails has mixed scripts"
    ]


@pytest.mark.parametrize("chance", [["30", "%"], ["30%"], ["0.3"]])
def test_a_percent_sign_may_stand_apart(chance: list[str], run: CommandLine) -> None:
    assert "ana 0.30" in run.says("add", "Rain falls", "--deadline", "2026-12-31", "-p", *chance)
    assert "rain: ana 0.30" in run.says("forecast", "rain", *chance)


def test_options_behind_the_two_hyphens_are_told_of(run: CommandLine) -> None:
    said = run.refuses("add", "--", "-minus thing", "--deadline", "2099", "-p", "5%")

    assert said == 'all that follows -- is text, --deadline too; options go before it: ... -- "-minus thing"'
    run.says("add", "--deadline", "2099", "-p", "5%", "--", "-minus thing")


@pytest.mark.parametrize(
    ("day", "way_out"),
    [("2025-01-01", "annul it, or say another day"), ("2026-07-01", "resolve it no, or say another")],
)
def test_a_day_outside_the_window_says_on_which_side(day: str, way_out: str, run: CommandLine, clock: Clock) -> None:
    clock.set("2026-08-02")

    assert way_out in run.refuses("resolve", "rain", "yes", "--happened-on", day, "--reason", "it did")
    with Ledger(run.path, me="ana") as ledger, pytest.raises(InvalidValue, match="yes or no, or for a fraction 7% or"):
        ledger.resolve("rain", 7, known_on="2026-06-01")


@pytest.mark.parametrize("option", ["--options", "--ordered", "--unit", "--between", "-q", "--when", "--at-least"])
def test_options_of_other_types_of_claim_stand_in_a_group_of_their_own(option: str, run: CommandLine) -> None:
    group = run.says("add", "-h").partition("Other types of claim:")[2].partition("\n\n")[0]

    assert option in group
    assert "-q, --quantiles" in run.says("forecast", "-h").partition("Other types of claim:")[2]


@pytest.mark.parametrize("typed", [["a=60%", "b=40%"], ["-p", "a=60%", "-p", "b=40%"]])
def test_chances_of_options_are_typed_with_or_without_their_option(typed: list[str], run: CommandLine) -> None:
    run.says("add", "Which?", "--deadline", "2027", "--options", "a,b")

    assert "which: ana a 0.60, b 0.40" in run.says("forecast", "which", *typed)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda one: one.add("Snow", deadline="2027", tags="weather, uk"), "; several are a list, ['weather', 'uk']"),
        (lambda one: one.add("Snow", deadline="2027", options="Open AI,other"), "are a list, ['open-ai', 'other']"),
        (
            lambda one: one.add("Snow?", deadline="2027", options=["a", "b", "other"], p=[0.5, 0.5]),
            "snow is a choice; say of what each chance is: p={'a': 0.5, 'b': 0.5, 'other': ...}",
        ),
        (
            lambda one: one.add("Snow", deadline="2027", when=True, p=[0.5, 0.6]),
            "snow is a date; say of what each chance is: p={'2027-12-31': 0.5}",
        ),
        (
            lambda one: one.quote("Ben", "Snow", deadline="2027", said_on="05.01.2025"),
            "may be two days; say 2025-05-01 or",
        ),
        (lambda one: one.quote("Ben", "Snow", deadline="2027", said_on="5 Jan 2025"), "as a day; say 2025-01-05"),
        (lambda one: one.resolve("rain", "yes", happened_on="January 5, 2025"), "as a day; say 2025-01-05"),
        (lambda one: one.quote("Ben", "Snow", deadline="2027", said_on="2025"), "is more than one day; say which"),
        (
            lambda one: one.quote("Ben", "Snow", words="75 %", deadline="2027", said_on="2025-01-05"),
            "'75 %' is a number; say p=0.75 in place of words=",
        ),
        (lambda one: one.log_evidence("rain", "www.example.org/a", "A"), "are kept; say 'https://www.example.org/a'"),
        (lambda one: one.report("rain.pdf"), "'rain.pdf': a report is a page of HTML; say rain.html"),
        (lambda one: one.export("a.xlsx"), "say the format first: ledger.export('table', 'a.xlsx')"),
        (lambda one: one.export("excel", "a.xlsx"), "say the format first: ledger.export('table', FILE)"),
        (lambda one: one.export("html", "a.html"), "a page is written by: ledger.report(FILE)"),
    ],
)
def test_what_is_given_in_the_way_of_elsewhere_leads_on(run: CommandLine, act: object, said: str) -> None:
    with Ledger(run.path, me="ana") as ledger, pytest.raises(InvalidValue) as error:
        act(ledger)  # type: ignore[operator]  # a function of the ledger

    assert said in str(error.value)


def test_a_range_and_an_order_are_set_as_they_are_typed_in_add(run: CommandLine, clock: Clock) -> None:
    run.says("add", "How many?", "--unit", "cars", "--between", "0..10", "--deadline", "2026-06-30", "--slug", "cars")
    run.says("add", "Which?", "--options", "a,b", "--deadline", "2026-06-30", "--slug", "which")

    assert "between corrected" in run.says("correct", "cars", "--set", "between=1..20 log")
    assert "ordered corrected" in run.says("correct", "which", "--set", "ordered=true")
    assert "neither true nor false" in run.refuses("correct", "which", "--set", "ordered=maybe")

    clock.set("2026-01-05")
    refused = " ".join(run.refuses("correct", "cars", "--set", "between=0..5").split())
    assert "a new range is a new claim: predictions supersede cars --set between=0..5 --reason" in refused
    assert "supersedes" in run.says("supersede", "cars", "--set", "between=0..5", "--reason", "narrower")
    with Ledger(run.path) as ledger:
        ranges = [(claim.low, claim.high, claim.scale) for claim in ledger.snapshot().all(Claim) if claim.unit]
    assert ranges == [(1, 20, "log"), (0, 5, None)]

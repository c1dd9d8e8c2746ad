"""The rule of "no": from the settle day on, by the verb, the import, and whatever tells of it, day by day."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Clock, Refuses

from predictions import InvalidValue, Ledger, LedgerError, TooEarly, ainews
from predictions.enums import Outcome, SourceKind
from predictions.export.calendar import deadlines
from predictions.importing.refusals import RowsRefused
from predictions.recording.enter import build, enter, said_content
from predictions.records import Claim, Source, Statement

Say = Callable[..., object]


@contextmanager
def refused(*words: str) -> Iterator[None]:
    """Whatever refuses what is done here says these words, however the lines are broken; a table by its columns."""
    with pytest.raises(LedgerError) as error:
        yield
    told = " ".join(str(error.value).split())
    if isinstance(error.value, RowsRefused):
        words = tuple(re.sub(r"(known_on|impossible|published_in)=(True)?", _in_columns, word) for word in words)
    assert [word for word in words if word not in told] == [], told


def _in_columns(keyword: re.Match[str]) -> str:
    followed = keyword.string[keyword.end() :][:1].isalpha()
    return keyword[1] + (" yes" if keyword[2] else " " if followed else "")


DAYS = [  # settle days, the day before the settle day, the settle day
    (0, "2026-06-30", "2026-07-01"),
    (1, "2026-06-30", "2026-07-01"),
    (2, "2026-07-01", "2026-07-02"),
    (30, "2026-07-29", "2026-07-30"),
]


def verb(ledger: Ledger, **said: object) -> object:
    return ledger.resolve("rain", "no", **said)  # type: ignore[arg-type]  # as tables have it


def imported(ledger: Ledger, **said: object) -> object:
    return ledger.import_resolutions([{"claim": "rain", "outcome": "no", **said}])


def from_a_file(ledger: Ledger, **said: object) -> object:
    path = Path(ledger._journal.path).with_name("verdicts.csv")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["claim", "outcome", *said])
        writer.writeheader()
        writer.writerow({"claim": "rain", "outcome": "no", **said})
    return ledger.import_resolutions(path)


@pytest.fixture(params=[verb, imported, from_a_file], ids=["verb", "rows", "file"])
def say_no(request: pytest.FixtureRequest) -> Say:
    """A door by which a no is said of the claim rain."""
    door: Say = request.param
    return door


@pytest.fixture
def rain(ledger: Ledger) -> Ledger:
    """One claim, of the first half of 2026; its settle day is 2026-07-30."""
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    return ledger


def ask_on(ledger: Ledger, kind: SourceKind) -> None:
    """A claim *asked*, of the first half of 2026, whose statement stands in the source *site*; and a source *other*."""
    ledger.add("It hails", deadline="2026-06-30", slug="rain")
    with ledger._desk() as desk:
        for slug in ("site", "other"):
            enter(desk, build(Source, {"slug": slug, "title": slug, "kind": kind}))
        statement = desk.store.standing(Statement)[0]
        enter(desk, build(Statement, {**said_content(statement), "source": "site"}), reason="it was asked there")


@pytest.mark.parametrize(("settle_days", "before", "settles"), DAYS)
def test_a_plain_no_is_said_from_the_settle_day_on_and_is_known_that_day(
    ledger: Ledger, clock: Clock, say_no: Say, settle_days: int, before: str, settles: str
) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", settle_days=settle_days)
    for day in ("2026-01-01", "2026-06-30", before):
        clock.set(f"{day}T23:59Z")
        with refused(
            f"rain runs to 2026-06-30 and reports may come until {settles}; no can be said from {settles}, "
            f"before that only impossible=True"
        ):
            say_no(ledger)
    clock.set(f"{settles}T00:00Z")

    say_no(ledger)

    (verdict,) = [item.record for item in ledger.claim("rain").resolutions]
    assert (verdict.outcome, verdict.known_on.isoformat(), verdict.known_at) == (Outcome.NO, settles, None)
    assert verdict.reason == f"lapsed: settle day {settles}"


@pytest.mark.parametrize("day", ["2026-07-01", "2026-07-29"])
def test_a_reason_and_a_day_after_the_window_do_not_make_it_sooner(
    rain: Ledger, clock: Clock, say_no: Say, day: str
) -> None:
    clock.set(day)

    with refused("no can be said from 2026-07-30"):
        say_no(rain, known_on="2026-07-01", reason="dry")

    assert rain.claim("rain").resolutions == ()


def test_from_the_settle_day_on_known_on_and_reason_say_otherwise(rain: Ledger, clock: Clock, say_no: Say) -> None:
    clock.set("2026-07-30")

    say_no(rain, known_on="2026-07-02", reason="dry")

    (verdict,) = [item.record for item in rain.claim("rain").resolutions]
    assert (verdict.known_on.isoformat(), verdict.reason) == ("2026-07-02", "dry")


@pytest.mark.parametrize("known_on", ["2026-03-01", "2026-06-30"])
def test_a_no_that_was_known_in_the_window_says_why_it_could_be(
    rain: Ledger, clock: Clock, say_no: Say, known_on: str
) -> None:
    clock.set("2026-08-01")

    with refused(
        f"known_on {known_on} lies in the window of rain; say 2026-07-01 or later, "
        "or leave it out; a no that was known before takes impossible=True"
    ):
        say_no(rain, known_on=known_on, reason="dry")
    say_no(rain, known_on=known_on, reason="the gauge is gone", impossible=True)

    assert rain.claim("rain").resolutions[0].record.impossible


def test_before_the_settle_day_a_no_takes_that_yes_became_impossible(rain: Ledger, clock: Clock, say_no: Say) -> None:
    clock.set("2026-03-01")

    with refused("say why rain is no: reason="):
        say_no(rain, known_on="2026-02-01", impossible=True)
    with refused("when? say known_on=DAY, the day on which it became public"):
        say_no(rain, impossible=True, reason="the gauge is gone")
    say_no(rain, known_on="2026-02-01", impossible=True, reason="the gauge is gone")

    (verdict,) = [item.record for item in rain.claim("rain").resolutions]
    assert (verdict.impossible, verdict.known_on.isoformat()) == (True, "2026-02-01")


def test_the_platform_that_asked_may_say_no_of_its_own_question_early(
    ledger: Ledger, clock: Clock, say_no: Say
) -> None:
    ask_on(ledger, SourceKind.PLATFORM)
    clock.set("2026-03-01")

    for published_in in ({}, {"published_in": "other"}):
        with refused("before that only impossible=True or published_in=site"):
            say_no(ledger, known_on="2026-02-01", reason="resolved", **published_in)
    with refused("when? say known_on="):
        say_no(ledger, published_in="site", reason="resolved")
    say_no(ledger, known_on="2026-02-01T18:00:00Z", published_in="site", reason="resolved")

    (verdict,) = [item.record for item in ledger.claim("rain").resolutions]
    assert (verdict.published_in, verdict.impossible) == ("site", None)
    assert verdict.known_at is not None
    assert verdict.known_at.hour == 18


def test_a_source_that_is_no_platform_resolves_nothing_early(ledger: Ledger, clock: Clock, say_no: Say) -> None:
    ask_on(ledger, SourceKind.ARTICLE)
    clock.set("2026-03-01")

    with refused("before that only impossible=True"):
        say_no(ledger, known_on="2026-02-01", published_in="site", reason="resolved")


@pytest.mark.parametrize("day", ["2026-03-01", "2026-06-30", "2026-07-01", "2026-07-30"])
def test_yes_is_said_on_any_day_on_which_it_is_known(rain: Ledger, clock: Clock, day: str) -> None:
    clock.set(day)

    assert rain.resolve("rain", "yes", happened_on="2026-03-01", reason="wet").record.outcome is Outcome.YES


@pytest.mark.parametrize("on", ["2026-04-01", "2026"])
def test_a_no_is_refused_while_the_evidence_meets_the_claim_unless_a_reason_is_given(
    ledger: Ledger, clock: Clock, say_no: Say, on: str
) -> None:
    ledger.add("Two firms publish", deadline="2026-06-30", slug="rain", at_least=2, conditions=["firm"])
    clock.set("2026-07-30")
    ledger.log_evidence("rain", "https://e.org/c", "C", on="2026-03-01", counts="cc", grade="primary")
    ledger.log_evidence("rain", "https://e.org/d", "D", on=on, counts="dd", grade="primary", slug="d")

    with refused("does not lapse: the evidence on file makes it 2 of 2"):
        say_no(ledger)
    say_no(ledger, reason="dd was a hoax")

    (verdict,) = [item.record for item in ledger.claim("rain").resolutions]
    assert verdict.reason == "dd was a hoax"


def test_evidence_taken_back_meets_nothing(ledger: Ledger, clock: Clock, say_no: Say) -> None:
    ledger.add("A firm publishes", deadline="2026-06-30", slug="rain", at_least=1)
    clock.set("2026-07-30")
    ledger.log_evidence("rain", "https://e.org/c", "C", on="2026-03-01", counts="cc", slug="c")
    ledger.retract("c", reason="a hoax")

    say_no(ledger)

    assert ledger.claim("rain").resolutions[0].record.reason == "lapsed: 0 of 1 on file; settle day 2026-07-30"


def test_a_lapse_takes_no_verdicts_place_without_a_reason(rain: Ledger, clock: Clock, refuses: Refuses) -> None:
    clock.set("2026-07-30")
    rain.resolve("rain", "yes", happened_on="2026-03-01", reason="wet")

    with refuses("rain is resolved already: yes; a new verdict needs its reason: reason="):
        rain.resolve("rain", "no")
    with refuses("rain is resolved already: yes; a new verdict needs reason= and its day: happened_on=DAY, or known"):
        rain.resolve("rain", "yes")

    assert rain.resolve("rain", "no", reason="it was the sprinkler").record.number == 2


def test_a_file_may_leave_the_day_of_a_no_out_and_not_that_of_a_yes(rain: Ledger, clock: Clock, tmp_path: Path) -> None:
    rain.add("It hails", deadline="2026-06-30", slug="hail")
    clock.set("2026-07-30")
    file = tmp_path / "verdicts.csv"
    file.write_text("claim,outcome,reason\nrain,no,\nhail,yes,wet\n", "utf-8")

    with refused("when? say happened_on DAY, or known_on DAY if only that is known"):
        rain.import_resolutions(file)
    file.write_text("claim,outcome\nrain,no\nhail,no\n", "utf-8")
    rain.import_resolutions(file)
    again = rain.import_resolutions(file)

    assert (again.verdicts, again.already) == (0, 2)
    assert {str(rain.claim(slug).resolutions[0].record.known_on) for slug in ("rain", "hail")} == {"2026-07-30"}


@pytest.mark.parametrize("column", ["known_onn", "Knwon On", "know_on"])
def test_a_misspelled_day_is_not_taken_for_none(
    rain: Ledger, clock: Clock, refuses: Refuses, tmp_path: Path, column: str
) -> None:
    clock.set("2026-08-30")
    file = tmp_path / "verdicts.csv"
    file.write_text(f"claim,outcome,{column}\nrain,no,2026-08-15\n", "utf-8")

    with refuses(f"'{column}' is no column here", "did you mean 'known_on'?", error=InvalidValue):
        rain.import_resolutions(file)


def test_a_column_that_is_nobodys_is_left(rain: Ledger, clock: Clock) -> None:
    clock.set("2026-07-30")

    assert rain.import_resolutions([{"claim": "rain", "outcome": "no", "Mood": "good", "notes": "-"}]).verdicts == 1


# -- what is told of it ---------------------------------------------------------------------------------------


def told(shown: object) -> str:
    """What is shown, on one line."""
    return " ".join(str(shown).split())


@pytest.mark.parametrize(("settle_days", "before", "settles"), DAYS)
def test_due_names_the_first_day_of_each_verdict_and_a_line_that_can_be_typed(
    ledger: Ledger, clock: Clock, settle_days: int, before: str, settles: str
) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", settle_days=settle_days)
    clock.set("2026-06-30")
    assert len(ledger.due()) == 0
    for day in sorted({"2026-07-01", max(before, "2026-07-01"), settles}):
        clock.set(day)
        (row,) = ledger.due().rows()
        assert "predictions resolve rain yes --happened-on DAY --because LINK" in row["lines"]
        assert any(line.startswith("predictions resolve rain no") for line in row["lines"]) == (day >= settles)
        since = f"over since 2026-06-30, verdict due {settles}" if day >= settles else f"2026-06-30; no from {settles}"
        assert since in told(ledger.due())
        assert f"as of {day}" in told(ledger.due())
        assert since in told(ledger.board())

    assert ledger.resolve("rain", "no").record.outcome is Outcome.NO


@pytest.mark.parametrize(("on", "day"), [("2026-03-01", "2026-03-01"), ("2026-02", "DAY"), ("2026-03", "DAY")])
def test_a_claim_that_the_evidence_meets_is_told_with_its_day_its_evidence_and_what_a_no_takes(
    ledger: Ledger, clock: Clock, on: str, day: str
) -> None:
    ledger.add("A firm publishes", deadline="2026-06-30", slug="rain", at_least=1, conditions=["firm"])
    clock.set("2026-03-05")
    ledger.log_evidence("rain", "https://e.org/c", "C", on=on, counts="cc", slug="c")

    (row,) = ledger.due().rows()

    assert row["status"] == "open"
    assert "the evidence on file meets it" in row["why"]
    assert f"predictions resolve rain yes --happened-on {day} --because c" in row["lines"]
    day = "2026-03-01" if day == "DAY" else day
    assert ledger.resolve("rain", "yes", happened_on=day, because="c").record.outcome is Outcome.YES


def test_a_tree_is_resolved_once_its_parts_are_and_as_they_make_it(ledger: Ledger, clock: Clock) -> None:
    for slug in ("rain", "hail"):
        ledger.add(f"There is {slug}", deadline="2026-06-30", slug=slug)
    with ledger._desk() as desk:
        first = said_content(desk.store.standing(Claim)[0])
        for kind in ("all-of", "any-of"):
            tree = {"slug": kind, "type": kind, "parts": ("rain", "hail"), "scored": False, "wording": kind}
            enter(desk, build(Claim, {**first, **tree}))
    clock.set("2026-07-30")
    ledger.resolve("rain", "yes", happened_on="2026-03-01", reason="wet")
    lines = {str(row["claim"]): row["lines"] for row in ledger.due().rows()}
    ledger.resolve("hail", "no")
    later = {str(row["claim"]): row["lines"] for row in ledger.due().rows()}

    assert lines["all-of"] == ["once its parts are resolved: hail"]
    assert any(line.startswith("predictions resolve any-of yes --known-on DAY") for line in lines["any-of"])
    assert "predictions resolve all-of no" in later["all-of"]
    assert ledger.resolve("all-of", "no").record.outcome is Outcome.NO


@pytest.mark.parametrize(
    ("kind", "early"), [(SourceKind.ARTICLE, ""), (SourceKind.PLATFORM, " or if site has resolved it")]
)
def test_the_card_and_the_calendar_tell_the_rule(ledger: Ledger, kind: SourceKind, early: str) -> None:
    ask_on(ledger, kind)
    rule = f"no can be said from 2026-07-30, before that only if yes has become impossible{early}"

    assert f"settle day 2026-07-30, as reports come late: {rule} reading" in told(ledger.claim("rain", full=True))
    assert [entry.text.endswith(f"; {rule}.") for entry in deadlines(ledger.snapshot())] == [True, True]
    assert [str(entry.day) for entry in deadlines(ledger.snapshot())] == ["2026-06-30", "2026-07-30"]


# -- the packaged catalogue -----------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-12-31", "2027-01-01", "2027-01-29", "2027-01-30", "2027-01-31", "2027-10-14"])
def test_the_walk_of_the_packaged_catalogue(ledger: Ledger, clock: Clock, day: str) -> None:
    clock.set("2026-11-29")
    ledger.register(ainews())
    clock.set(day)

    if day < "2027-01-30":
        with pytest.raises(TooEarly, match=r"institute-2026 runs to 2026-12-31 .* no can be said from 2027-01-30"):
            ledger.resolve("institute-2026", "no")
    else:
        assert str(ledger.resolve("institute-2026", "no").record.known_on) == "2027-01-30"
    with pytest.raises(TooEarly, match=r"exec-defections runs to 2027-10-13 .* no can be said from 2027-11-12"):
        ledger.resolve("exec-defections", "no")


def test_the_packaged_criteria_say_the_same() -> None:
    for claim in (record for record in ainews().records if isinstance(record, Claim)):
        told = " ".join(claim.criteria.split())
        assert claim.settle_days == 30
        assert "No can be said from the settle day on, 30 days after the last day of the window" in told, claim.slug
        assert "earlier only if yes has become impossible" in told, claim.slug

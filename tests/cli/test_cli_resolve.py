"""The verbs that decide and mend, at the command line: resolve, annul, correct."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine, two_price_lists, with_two_types
from conftest import Clock

from predictions import Ledger
from predictions.records import Claim, Evidence


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    run = with_two_types(tmp_path)
    for claim in ("rain", "prices"):
        run.says("forecast", claim, "30%")
    return run


def test_a_verdict_is_recorded_replaced_and_annulled(run: CommandLine, clock: Clock) -> None:
    two_price_lists(run, clock)

    yes = run.says("resolve", "prices", "yes", "--happened-on", "2026-05-11", "--because", "b,e-a")
    half = run.says("resolve", "prices", "40%", "--known-on", "2026-05-12", "--reason", "one was withdrawn")
    void = run.says("resolve", "prices", "annulled", "--known-on", "2026-05-13", "--reason", "both merged")

    assert yes == (
        "prices: yes, on 2026-05-11\n"
        "  resting on b, e-a\n"
        "  came true early: it counts on scorecards from 2026-07-30, like all of its\n"
        "  deadline; --cohort resolved shows it now (biased to yes)\n"
        "  forecasts scored: those before 2026-05-11 began\n"
    )
    assert half.startswith("prices: 0.4, known from 2026-05-12\n")
    assert void == (
        "prices: annulled: both merged\n"
        "  resolution 3: what was decided before stays on file\n"
        "  known from 2026-05-13; it leaves every mean, and stays on every card\n"
    )
    assert "annulled" in run.says("board")


def test_a_no_before_the_window_has_ended_names_the_option_it_needs(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-05-20")

    said = run.refuses("resolve", "rain", "no", "--known-on", "2026-05-19", "--reason", "dry")

    assert said == (
        "rain runs to 2026-06-30 and reports may come until 2026-07-30; "
        "no can be said from 2026-07-30, before that only --impossible"
    )
    assert run.says(
        "resolve", "rain", "no", "--known-on", "2026-05-19", "--reason", "Lisbon moved", "--impossible"
    ).startswith("rain: no, it became impossible; known from 2026-05-19\n")


def test_a_plain_no_from_the_settle_day_on_is_the_lapse(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-08-02")

    said = run.says("resolve", "rain", "no")

    assert said == (
        "rain: no, nothing having come by 2026-06-30 (lapsed)\n"
        "  known from 2026-07-30, its settle day; it counts on scorecards from then\n"
    )


@pytest.mark.parametrize(
    ("known", "counts"), [("2026-07-01", "2026-07-30"), ("2026-07-30", "then"), ("2026-08-01", "then")]
)
def test_a_lapse_known_earlier_counts_from_the_settle_day(
    run: CommandLine, clock: Clock, known: str, counts: str
) -> None:
    clock.set("2026-08-02")

    said = run.says("resolve", "rain", "no", "--known-on", known)

    assert said.endswith(f"; it counts on scorecards from {counts}\n")


def test_a_verdict_since_replaced_needs_again(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-08-02")
    run.says("resolve", "rain", "no")
    run.says("resolve", "rain", "0.4", "--known-on", "2026-06-30", "--reason", "it did")

    undated = run.refuses("resolve", "rain", "no")
    result = run("resolve", "rain", "no", "--known-on", "2026-07-30")

    assert undated == (
        "rain was resolved no before, and 0.4 since; say --again if it is meant anew, or --known-on the day it "
        "belongs to"
    )
    assert result.exit_code == 0
    assert result.stdout == "rain: 0.4 stands already (resolution 2); nothing new\n"
    assert result.stderr == (
        "note: nothing was written: resolution 1 said so and was since replaced by number 2 (0.4); "
        "to decide the same again, --again\n"
    )
    assert run.says("resolve", "rain", "no", "--again").startswith(
        "rain: no, nothing having come by 2026-06-30 (lapsed)"
    )


def test_a_dissent_is_named_so(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-08-02")
    run.says("resolve", "rain", "no")

    said = run.says("resolve", "rain", "yes", "--happened-on", "2026-06-30", "--reason", "it did", "--dissent")

    assert said == ("rain: dissent, yes, on 2026-06-30\n  it is shown beside the verdict, not in its place\n")
    assert run.json("board")["statements"][0]["claims"][0]["status"] == "resolved"


def test_correct_reads_each_field_as_what_it_is(run: CommandLine) -> None:
    run.says("log-evidence", "rain", "https://e.org/a", "A", "--excerpt", "wet")
    changed = ("--set", "title=A = B", "--set", "grade=primary", "--set", "retracted=true", "--set", "excerpt=")

    run.says("correct", "e-a", *changed, "--reason", "looked again")
    tags = run.says("correct", "claim", "rain", "--set", "tags=weather, lisbon", "--reason", "sorted")

    assert tags.startswith("rain: tags corrected, revision 2; it is a draft until 2026-01-02 09:00 UTC")
    with Ledger(run.path, create=False) as ledger:
        evidence = ledger.snapshot().find(Evidence, "e-a")
        claim = ledger.snapshot().find(Claim, "rain")
    assert (evidence.title, evidence.grade, evidence.retracted, evidence.excerpt) == ("A = B", "primary", True, None)
    assert claim.tags == ("lisbon", "weather")


def test_what_was_recorded_keeps_to_eighty_columns(run: CommandLine) -> None:
    why = "no test, " * 20

    said = run.says("quote", "Prof Pundit", "All will change", "--said-on", "2025-12-30", "--not-resolvable", why)

    assert max(map(len, said.splitlines())) <= 80
    assert why.strip() in " ".join(said.split())


def test_correct_reads_a_whole_number(run: CommandLine) -> None:
    run.says("forecast", "rain", "0.3")

    said = run.says("correct", "ana", "--set", "size=12", "--set", "kind=crowd", "--reason", "a dozen of us")

    assert said == "ana: size, kind corrected, revision 2\n"


def test_a_forecast_and_what_evidence_bears_are_named_by_their_pairs(run: CommandLine, clock: Clock) -> None:
    run.says("forecast", "rain", "0.3")
    clock.set("2026-03-01")
    run.says("forecast", "rain", "0.4", "--note", "wetter")
    run.says("log-evidence", "rain", "https://e.org/a", "A")

    forecast = run.json("correct", "forecast", "rain", "ana", "--set", "note=wet", "--reason", "a slip")
    bearing = run.json("correct", "rain", "e-a", "--set", "bears=supports", "--reason", "misread")

    assert (forecast["probability"], forecast["note"], forecast["revision"]) == (0.4, "wet", 2)
    assert (bearing["evidence"], bearing["bears"], bearing["revision"]) == ("e-a", "supports", 2)


@pytest.mark.parametrize("name", ["rain", "rain anna"])
def test_only_a_forecast_is_near_to_what_is_meant_as_one(run: CommandLine, name: str) -> None:
    run.says("forecast", "rain", "0.3")

    said = run.refuses("correct", "forecast", *name.split(), "--set", "note=x", "--reason", "because")

    assert said == f"no forecast {name!r} in this ledger; did you mean 'rain ana'?"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["claim", "rane", "--set", "title=x"], "no claim 'rane' in this ledger; did you mean 'rain'?"),
        (["claim", "rain", "--set", "title"], "--set 'title' gives no value; write NAME=VALUE"),
        (["claim", "rain", "--set", "title=A", "--set", "title=B"], "--set names 'title' twice; say it once"),
        (
            ["claim", "rain", "--set", "color=red"],
            "claim has no field 'color'; it has at_least, between, closes_at, cluster, conditions, criteria, deadline, "
            "given, horizon, note, opens_on, options, ordered, parts, reading, scored, settle_days, sourcing, tags, "
            "text, title, unit",
        ),
        (["claim", "rain", "--set", "reason=x"], "--set takes a record's fields, not its reason; say why: --reason"),
        (["claim", "rain", "--set", "scored=maybe"], "scored: 'maybe' is neither true nor false"),
        (["claim", "rain", "--set", "settle_days=some"], "'some' is not a whole number from 0 to 999,999"),
        (["claim", "rain", "--set", "slug=x"], "the slug of claim rain is not to be corrected"),
        (
            ["claim", "rain", "--set", "given=snow"],
            "no claim 'snow' in this ledger; the list is: predictions board, a new one: "
            "predictions add TEXT --deadline DAY",
        ),
    ],
)  # fmt: skip
def test_a_correction_that_cannot_be_is_refused(run: CommandLine, typed: list[str], said: str) -> None:
    assert run.refuses("correct", *typed, "--reason", "because") == said

"""The verbs that record: one line, or JSON, for what was recorded; notes beside it; nothing twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine, two_price_lists, with_two_types
from conftest import Clock

from predictions import Ledger
from predictions.records import Claim


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    return with_two_types(tmp_path)


def _tally(run: CommandLine) -> dict[str, Any]:
    with Ledger(run.path, create=False) as ledger:
        return ledger["prices"].tally.to_dict()


def test_add_records_a_claim_with_its_conditions_and_tags(run: CommandLine) -> None:
    with Ledger(run.path, create=False) as ledger:
        claim = ledger.snapshot().find(Claim, "prices")

    assert [(condition.name, condition.text) for condition in claim.conditions] == [
        ("firm", "A firm of over 50 people"), ("public", "public"),
    ]  # fmt: skip
    assert (claim.at_least, claim.tags) == (2, ("firms", "prices"))


def test_add_tells_slug_and_window_and_adds_nothing_twice(run: CommandLine) -> None:
    typed = ("add", "It snows", "--deadline", "2026-02-28", "-p", "30%")

    first, again = run.says(*typed), run.says(*typed)
    other = run.says(*typed[:-1], "0.4")

    assert first == (
        "it-snows   2026-01-01 .. 2026-02-28; ana 0.30\n"
        "  a slip can be corrected for 24 hours\n"
        "  a verdict is due 2026-03-30; it counts on scorecards from then\n"
    )
    assert again == "it-snows stands already; nothing new\n"
    assert other == "it-snows stands already; ana 0.40, now\n"


def test_a_probability_may_be_a_percentage(run: CommandLine) -> None:
    first, again = run.says("forecast", "rain", "72%"), run.says("forecast", "rain", "0.72")

    assert first == "rain: ana 0.72, now\n  new: forecaster ana (person)\n"
    assert again == "rain: ana 0.72 stands already; nothing new\n"


def test_a_forecast_in_json_is_the_record(run: CommandLine) -> None:
    record = run.json("forecast", "rain", "0.3", "--by", "ben", "--note", "as ever")

    assert (record["kind"], record["written"]) == ("forecast", True)
    assert (record["forecaster"], record["recorded_by"]) == ("ben", "ana")
    assert (record["probability"], record["note"]) == (0.3, "as ever")
    again = run.json("forecast", "rain", "0.3", "--by", "ben", "--note", "as ever")
    assert again == {**record, "written": False, "lines": ["rain: ben 0.30 stands already; nothing new"]}


def test_a_range_and_words_are_forecasts_too(run: CommandLine) -> None:
    ranged = run.says("forecast", "rain", "--low", "20%", "--high", "0.4")
    worded = run.says("forecast", "rain", "--by", "ben", "--words", "likely", "--scale", "ipcc")

    assert ranged.startswith("rain: ana 0.30, now\n  0.30 is the middle of 0.20 to 0.40, not said\n")
    assert worded.startswith('rain: ben 0.83, now\n  0.83 is read from "likely" (scale ipcc: 0.66 to 1.00), not said\n')


def test_a_repeated_forecast_needs_again_or_its_day(run: CommandLine, clock: Clock) -> None:
    run.says("forecast", "rain", "0.3")
    run.says("forecast", "rain", "0.5")

    said = run.refuses("forecast", "rain", "0.3")

    assert said == (
        "you said 0.30 on 2026-01-01 and 0.50 since; say --again if you mean it anew, or --made-at the day it "
        "belongs to"
    )
    assert run.says("forecast", "rain", "0.3", "--again") == "rain: ana 0.30, now\n"
    assert run.says("forecast", "rain", "0.3", "--made-at", "2025-12-31") == (
        "rain: ana 0.30 at the end of 2025-12-31\n"
        "  backdated: nothing carries it, so it stands apart on every card; say\n"
        "  --published-in SLUG, the dated source or evidence it stands in\n"
    )


def test_a_late_forecast_is_kept_with_a_note(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-07-02")

    result = run("forecast", "rain", "0.9")

    assert result.exit_code == 0
    assert result.stdout.startswith("rain: ana 0.90, now")
    assert result.stderr == ("note: the window of rain ended 2026-06-30; this forecast is kept and never scored\n")


def test_a_forecast_is_withdrawn_once(run: CommandLine) -> None:
    run.says("forecast", "rain", "0.3")

    first, again = run.says("withdraw", "rain"), run.says("withdraw", "rain")

    assert first == "rain: ana withdrawn\n  withdrawn before it stood, so it counts on no scorecard\n"
    assert again == "rain: ana withdrawal stands already; nothing new\n"


def test_evidence_bears_on_several_claims_at_once(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-03-02")

    said = run.says(
        "log-evidence", "prices,rain", "https://e.org/a", "A's list", "--bears", "near-miss", "--on", "2026-03"
    )

    assert said == "e-a: A's list (2026-03)\n  prices: near-miss\n  rain: near-miss\n"
    with Ledger(run.path, create=False) as ledger:
        on_file = [ledger.claim(slug).on_file[0].bearing.bears for slug in ("prices", "rain")]
    assert on_file == ["near-miss", "near-miss"]


def test_evidence_that_counts_meets_all_conditions_or_those_named(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-03-02")
    run.says("log-evidence", "prices", "https://e.org/a", "A's", "--on", "2026-03-01", "--counts", "acme")
    run.says(
        "log-evidence", "prices", "https://e.org/b", "B's", "--on", "2026-03-01", "--counts", "birch", "--meets", "firm"
    )
    run.says(
        "log-evidence", "prices", "https://e.org/c", "C's", "--on", "2026-03-01", "--counts", "cedar", "--meets", ""
    )

    events = {event["event"]: event["missing"] for event in _tally(run)["events"]}

    assert events == {"acme": [], "birch": ["public"], "cedar": ["firm", "public"]}


def test_evidence_that_stands_otherwise_is_refused_with_the_way_out(run: CommandLine) -> None:
    run.says("log-evidence", "rain", "https://e.org/a", "A")

    said = run.refuses("log-evidence", "rain", "https://e.org/a", "B")

    assert said.startswith("evidence e-a stands with title 'A', now 'B'; ")
    assert said.endswith('predictions correct "evidence e-a" --set title="..." --reason "..."')
    assert run.says("correct", "evidence", "e-a", "--set", "title=B", "--reason", "misread") == (
        "e-a: title corrected, revision 2\n"
    )


def test_a_note_of_what_was_not_written_in_the_end_is_not_given(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-03-02")
    run.says("log-evidence", "prices", "https://e.org/a", "A's", "--on", "2026-03-01", "--counts", "firm-a")

    said = run.refuses(
        "log-evidence", "prices,rain", "https://e.org/b", "B's", "--on", "2026-03-01", "--counts", "firm-b",
        "--meets", "firm",
    )  # fmt: skip

    assert said == "rain has no condition 'firm'; it has none"


def test_evidence_on_file_says_something_about_a_further_claim(run: CommandLine) -> None:
    run.says("log-evidence", "rain", "https://e.org/a", "A")
    typed = ("log-evidence", "prices", "e-a", "--bears", "opposes", "--why", "no list", "--likelihood-ratio", "0.5")

    first, again = run.says(*typed), run.says(*typed)
    mended = run.says("correct", "prices", "e-a", "--set", "bears=context", "--reason", "misread")

    assert first == "e-a: A\n  prices: opposes\n"
    assert again == "e-a stands already; nothing new\n"
    assert mended == "prices: bears corrected, revision 2\n  tally of prices: 0 of 2\n"


def test_retracted_evidence_counts_no_more(run: CommandLine, clock: Clock) -> None:
    two_price_lists(run, clock)

    said = run.says("retract", "b", "--reason", "a hoax")

    assert said == "b: retracted; it stays on file, marked, and counts no more\n  tally of prices: 1 of 2\n"
    assert _tally(run)["counted"] == 1


def test_a_unique_beginning_of_a_slug_is_enough(run: CommandLine) -> None:
    assert run.says("forecast", "ra", "0.3").startswith("rain: ana 0.30, now")


def test_a_new_forecasters_name_that_resembles_a_known_one_is_asked_about(run: CommandLine) -> None:
    run.says("forecast", "rain", "0.3")

    said = run.refuses("forecast", "rain", "0.4", "--by", "anna")

    assert said == "no forecaster 'anna'; did you mean 'ana'? somebody new is recorded with --kind person"
    said = run.says("forecast", "rain", "0.4", "--by", "anna", "--kind", "person")
    assert said == "rain: anna 0.40, now\n  new: forecaster anna (person)\n"


def test_so_it_is_where_a_claim_is_added_with_a_forecast(run: CommandLine) -> None:
    run.says("forecast", "rain", "0.3")
    run.me = "anna"

    said = run.refuses("add", "It hails", "--deadline", "2026-06-30", "-p", "0.2")

    assert said == "no forecaster 'anna'; did you mean 'ana'? somebody new is recorded with --kind person"
    assert run.says("add", "It hails", "--deadline", "2026-06-30").startswith("it-hails   ")


def test_who_adds_a_forecast_is_not_said_by_the_deadline(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREDICTIONS_ME", raising=False)
    run.me = ""

    assert run.refuses("add", "It hails", "--deadline", "2026-06-30", "-p", "0.2") == (
        "say who forecasts: --me, or PREDICTIONS_ME"
    )


def test_who_forecasts_must_be_said(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    run.me = ""

    said = run.refuses("forecast", "rain", "0.4")

    assert said == "say who forecasts: --by NAME, or --me, or PREDICTIONS_ME"

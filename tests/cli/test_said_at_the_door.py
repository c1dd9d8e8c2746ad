"""What a verb says exists at that verb: sends nowhere else, takes receipts and links, and keeps two readings apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock, Refuses

from predictions import Ledger
from predictions.records import Evidence

SAID = {"said_on": "2026-01-05", "deadline": "2027", "link": "https://b.example/1"}


@pytest.fixture
def line(clock: Clock, tmp_path: Path) -> CommandLine:
    clock.set("2026-11-30")
    line = CommandLine(tmp_path)
    assert line("init").exit_code == 0
    return line


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["add", "It rains", "--deadline", "2027", "-p", "likely"],
         "'likely' is not a probability; say what you take it for: -p 0.8, or -p 80%"),
        (["add", "It rains", "--deadline", "2027", "--note", ""], "--note: '' is empty text"),
        (["quote", "2026-01-05", "It rains", "--deadline", "2027", "--said-on", "2026-01-05"],
         "'2026-01-05' is a day, and WHO is who said it; the day it was said is --said-on"),
        (["quote", "The ECB will cut rates in 2027 by a lot", "Jane Roe", "--words", "will", "--deadline", "2027",
          "--said-on", "2026-01-05"],
         "who said it comes first: 'The ECB will cut rates in 2027 by a lot' is long for a name, and 'Jane Roe' short "
         "for a text; change places, or say --kind person or --kind publication"),
        (["import_from", "table", "mine.csv"], "no verb 'import_from'; did you mean 'import-from'?"),
        (["log_evidence", "rain"], "no verb 'log_evidence'; did you mean 'log-evidence'?"),
        (["import", "table", "mine.csv"], "no verb 'import'; say: predictions import-from table mine.csv"),
        (["load", "fatebook", "x.csv"], "no verb 'load'; say: predictions import-from fatebook x.csv"),
        (["import", "mine.csv"], "no verb 'import'; say: predictions import-from table mine.csv"),
    ],
)  # fmt: skip
def test_what_is_refused_is_led_on_at_the_same_door(line: CommandLine, typed: list[str], said: str) -> None:
    result = line(*typed)

    assert result.exit_code in {1, 2}
    assert " ".join(result.stderr.removeprefix("error: ").split()) == said


def test_an_owner_who_is_a_day_is_told_so(line: CommandLine) -> None:
    line.me = "2026"

    said = line.refuses("add", "It rains", "--deadline", "2027", "-p", "30%")
    assert said.startswith("'2026' is a day, and --me is who forecasts")


def test_json_is_spelled_as_typed(line: CommandLine) -> None:
    told = line.json("add", "Two labs", "--deadline", "2027", "--at-least", "2", "--conditions", "list=L")

    assert "log them with log-evidence --counts NAME" in told["lines"][1]


def test_a_second_reading_of_the_same_words_and_window_is_recorded_by_its_name(
    ledger: Ledger, clock: Clock, refuses: Refuses
) -> None:
    clock.set("2026-11-30")
    ledger.quote("Bob", "Same text", p=0.3, **SAID)  # type: ignore[arg-type]

    strict = ledger.quote("Bob", "Same text", reading="strict", criteria="audited", slug="strict-one", **SAID)  # type: ignore[arg-type]

    assert (strict.slug, strict.record.scored, strict.record.criteria) == ("strict-one", False, "audited")  # type: ignore[attr-defined]
    assert ledger.claim("same-text").claim.criteria == "As worded: Same text"
    again = ledger.quote("Bob", "Same text", reading="strict", criteria="audited", **SAID)  # type: ignore[arg-type]
    assert (again.slug, again.wrote) == ("strict-one", 0)
    with refuses("the same words are on file as same-text", "another reading of them is named: reading="):
        ledger.quote("Bob", "Same text", slug="another", **SAID)  # type: ignore[arg-type]


def test_a_receipt_stands_wherever_a_slug_does(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-30")
    quoted = ledger.quote("Bob", "It rains", p=0.3, **SAID)  # type: ignore[arg-type]
    leak = ledger.log_evidence(quoted, "https://leak.example", "Leak", published="2026-02-02")

    kept = ledger.forecast(quoted, 0.4, by="Zed", made_at="2026-02-02", published_in=leak, because=leak).record
    other = ledger.quote("Bob", "It pours", deadline="2027", source=quoted, p=0.5)
    given = ledger.add("It thaws", deadline="2027", given=quoted)

    assert (kept.published_in_evidence, kept.because) == (leak.slug, (leak.slug,))  # type: ignore[attr-defined]
    assert ledger.snapshot().source_of(ledger.claim(other).claim).slug == "bob-2026-01-05"
    assert ledger.claim(given).claim.given == "it-rains"


def test_a_forecast_rests_on_a_new_link_which_is_logged_with_it(ledger: Ledger, clock: Clock, refuses: Refuses) -> None:
    clock.set("2026-11-30")
    ledger.add("It rains", deadline="2027", p=0.3)

    receipt = ledger.forecast("it-rains", 0.31, because="https://new.example/x")

    assert "new: evidence new-example-x" in receipt.lines[-1]
    assert [one.slug for one in ledger.snapshot().all(Evidence)] == ["new-example-x"]
    assert ledger.forecast("it-rains", 0.31, because="https://new.example/x").wrote == 0
    with refuses("is a link; say the slug that it gets by: ledger.log_evidence(CLAIM, LINK,"):
        ledger.forecast("it-rains", 0.4, made_at="2026-11-01", published_in="https://new.example/y")


def test_a_quotes_number_is_put_right_and_its_claim_stays_a_draft(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-30")
    ledger.quote("Dr. Wu", "ECB cuts", p=0.6, **SAID)  # type: ignore[arg-type]
    ledger.correct("ecb-cuts dr-wu", p=0.65, reason="a slip")

    assert ledger.correct("ecb-cuts", deadline="2028").wrote
    ledger.forecast("ecb-cuts", 0.4, by="Zed")
    with pytest.raises(Exception, match="zed forecast on it"):
        ledger.correct("ecb-cuts", deadline="2029")


def test_a_claim_judged_as_a_whole_prints_no_empty_tally(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2027")

    assert str(ledger["it-rains"].tally) == "it-rains is judged as a whole, by its criteria: there is nothing to count"


def test_a_board_from_before_the_first_record_does_not_call_the_ledger_empty(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-30")
    assert "is empty" in str(ledger.board())
    ledger.add("It rains", deadline="2027")

    assert str(ledger.board(as_of="2026-10-01")) == "nothing was on file as of 2026-10-01 23:59:59Z"
    assert "no statement fits" in str(ledger.board(as_of="2026-10-01", search="hail"))

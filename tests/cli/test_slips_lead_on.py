"""Slips that were refused without a way on, or with a false one: each says what to say instead, at both doors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger, LedgerError
from predictions.cli.messages import as_typed
from predictions.records import Claim

LINK = "https://a.example/x"


@pytest.fixture
def typed(clock: Clock, tmp_path: Path) -> CommandLine:
    """A command line of ana's on a ledger with one claim, on 2026-11-29."""
    clock.set("2026-11-29T10:15Z")
    line = CommandLine(tmp_path)
    assert line("init").exit_code == 0
    line.says("add", "It rains", "--deadline", "2027", "-p", "30%")
    return line


BOTH: list[tuple[list[str], Callable[[Ledger], object], str]] = [
    (
        ["correct", "it-rains", "--set", "text="],
        lambda ledger: ledger.correct("it-rains", text=None),
        "claim needs wording (the text), which cannot be left empty",
    ),
    (
        ["forecast", "30%", "it-rains"],
        lambda ledger: ledger.forecast("30%", "it-rains"),
        "no claim '30%' in this ledger; the claim comes first: predictions forecast it-rains 30%",
    ),
    (
        ["add", "Storms", "--deadline", "2027", "--at-least", "0"],
        lambda ledger: ledger.add("Storms", deadline="2027", at_least=0),
        "a claim of type events says how many it takes: --at-least 1 or more, not 0",
    ),
    (
        ["merge", "nowhere.db"],
        lambda ledger: ledger.merge("nowhere.db"),
        "no ledger at 'nowhere.db'; a merge takes in a file that is there",
    ),
    (
        ["import-from", "table", "https://a.example/x.csv"],
        lambda ledger: ledger.import_from("table", "https://a.example/x.csv"),
        "'https://a.example/x.csv' is a link, and nothing is fetched; save what it leads to, and give that file",
    ),
    (
        ["resolve", "it-rains", "lapsed"],
        lambda ledger: ledger.resolve("it-rains", "lapsed"),
        "'lapsed' is no outcome of a yes-or-no claim; from the settle day on, say no",
    ),
    (
        ["scales", "very likely"],
        lambda ledger: ledger.scales("very likely"),
        "'very likely' is a word on a scale, and no scale; every word is listed by: predictions scales",
    ),
    (
        ["add", "It snows", "--deadline", "yesterday"],
        lambda ledger: ledger.add("It snows", deadline="yesterday"),
        "--deadline: 'yesterday' is over; say a day to come, as YYYY-MM-DD",
    ),
]


@pytest.mark.parametrize(("line", "call", "said"), BOTH, ids=[line[0] + "-" + line[-1] for line, _, _ in BOTH])
def test_both_doors_say_the_same_way_on(
    line: list[str], call: Callable[[Ledger], object], said: str, typed: CommandLine
) -> None:
    refused = typed(*line)

    assert " ".join(refused.stderr.split()) == f"error: {said}"
    with Ledger(typed.path, me="ana") as ledger, pytest.raises(LedgerError) as in_python:
        call(ledger)
    in_words = " ".join(as_typed(str(in_python.value)).split())
    assert in_words == said.removeprefix("--" if said.startswith("--deadline: ") else "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["forecast", "it-rains", "--likely"], "say: --words likely"),
        (["quote", "Bob", "It snows", "--deadline", "2027", "--very-likely"], 'say: --words "very likely"'),
        (["log-evidence", "it-rains", LINK, "T", "--supports"], "say: --bears supports"),
        (["log-evidence", "it-rains", LINK, "T", "--near-miss"], "say: --bears near-miss"),
        (["log-evidence", "it-rains", LINK, "T", "--likelihood-ratio", "-1"], "is not greater than 0"),
        (["correct", "it-rains", "--set", "foo=1"], "claim has no field 'foo'; it has "),
    ],
)
def test_a_typed_slip_is_led_on(line: list[str], said: str, typed: CommandLine) -> None:
    assert said in " ".join(typed(*line).stderr.split())


def test_only_what_is_a_chance_beside_a_name_is_taken_for_exchanged(ledger: Ledger) -> None:
    for claim, chance in (("it-snows", "30%"), ("30%", "40%"), ("30%", 0.4)):
        with pytest.raises(LedgerError) as refused:
            ledger.forecast(claim, chance)
        assert "comes first" not in str(refused.value)


def test_the_deadline_of_what_was_said_long_ago_may_be_over(typed: CommandLine) -> None:
    with Ledger(typed.path, me="ana") as ledger, pytest.raises(LedgerError, match="say 2026-11-28"):
        ledger.quote("Bob", "It snowed", p=0.4, deadline="yesterday", said_on="2026-01-05", link=LINK)


def test_an_unknown_figure_is_refused_before_it_is_asked_whose(ledger: Ledger) -> None:
    claim = ledger.add("It rains", deadline="2026-06-30", p=0.3)
    ledger.forecast(claim, 0.4, by="Bob", kind="person")

    with pytest.raises(LedgerError, match="'foo' is no figure"):
        ledger.explain("foo")
    with pytest.raises(LedgerError, match="say whose figure"):
        ledger.explain("brier")


@pytest.mark.parametrize(
    ("days", "said"), [("-1", "below 0; say a whole number from 0"), ("1.5", "not a whole number")]
)
def test_a_cell_of_days_is_refused_for_what_it_is(ledger: Ledger, days: str, said: str) -> None:
    rows = [{"text": "It rains", "deadline": "2027", "p": 0.3, "settle_days": days}]

    with pytest.raises(LedgerError, match=said):
        ledger.import_from("table", rows)


def test_a_whole_number_may_have_zeros_behind_its_point(ledger: Ledger) -> None:
    ledger.import_from("table", [{"text": "It rains", "deadline": "2027", "p": 0.3, "settle_days": "12.0"}])

    (claim,) = ledger.snapshot().all(Claim)
    assert claim.settle_days == 12

"""A name that is none here is refused with the names that there are, and one of another kind with its verb."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CommandLine

from predictions import Ledger, NotFound
from predictions.cli.messages import wrapped

NONE_THERE: list[tuple[str, Callable[[Ledger], object]]] = [
    ("no forecaster 'nope' in this ledger; it has ana, Bob", lambda ledger: ledger.scorecard(by="nope")),
    ("no forecaster 'nope' in this ledger; it has ana, Bob", lambda ledger: ledger.board(by="nope")),
    ("no forecaster 'nope' in this ledger; it has ana, Bob", lambda ledger: ledger.withdraw("it-rains", by="nope")),
    ("no tag 'nope' in this ledger; it has weather", lambda ledger: ledger.scorecard(tag="nope")),
    ("no source 'nope' in this ledger; it has self", lambda ledger: ledger.board(source="nope")),
    ("no evidence 'nope' in this ledger; it has storm", lambda ledger: ledger.retract("nope", reason="x")),
    (
        "no evidence 'nope' in this ledger; it has storm; a new link is taken, too",
        lambda ledger: ledger.forecast("it-rains", 0.2, because="nope"),
    ),
    ("no record 'nope' in this ledger; the list of claims is:", lambda ledger: ledger.correct("nope", text="x")),
    ("no record 'nope' in this ledger; the list of claims is:", lambda ledger: ledger.history("nope")),
    ("no claim 'nope' in this ledger; the list is:", lambda ledger: ledger.claim("nope")),
]
OF_ANOTHER_KIND: list[tuple[str, Callable[[Ledger], object]]] = [
    ("'it-rains' is a claim, and no evidence; to annul it:", lambda ledger: ledger.retract("it-rains", reason="x")),
    ("'storm' is evidence, and no claim; it is taken back with:", lambda ledger: ledger.withdraw("storm")),
    ("'storm' is evidence, and no claim; the list is:", lambda ledger: ledger.forecast("storm", 0.2)),
    ("'storm' is evidence, and no claim; the list is:", lambda ledger: ledger.resolve("storm", "yes")),
    ("'storm' is evidence, and no claim; the list is:", lambda ledger: ledger.supersede("storm", reason="x")),
    ("'bob' is a forecaster, and no claim; the list is:", lambda ledger: ledger.claim("bob")),
    ("'it-ra' is a claim, and no evidence;", lambda ledger: ledger.retract("it-ra", reason="x")),
    ("'it-rains' is a claim, and no source", lambda ledger: ledger.forecast("it-rains", 0.2, published_in="it-rains")),
]


def filled(ledger: Ledger) -> Ledger:
    ledger.add("It rains", deadline="2099", p=0.3, tags=["weather"])
    ledger.forecast("it-rains", 0.4, by="Bob", kind="person")
    ledger.log_evidence("it-rains", "https://news.example/storm", "A storm", slug="storm")
    return ledger


@pytest.mark.parametrize(("sentence", "act"), [*NONE_THERE, *OF_ANOTHER_KIND])
def test_the_sentence_leads_on_and_nothing_is_recorded(
    ledger: Ledger, sentence: str, act: Callable[[Ledger], object]
) -> None:
    head = filled(ledger).head()

    with pytest.raises(NotFound) as refused:
        act(ledger)

    assert str(refused.value).startswith(sentence)
    assert len(wrapped(f"error: {refused.value}", "error").split("\n")) <= 2
    assert ledger.head() == head


def test_many_names_are_cut(ledger: Ledger) -> None:
    filled(ledger)
    for number in range(20):
        ledger.forecast("it-rains", 0.4, by=f"Forecaster number {number:02}", kind="person")

    with pytest.raises(NotFound, match=r"it has ana, Bob, Forecaster number 00, 19 more$"):
        ledger.scorecard(by="nope")


def test_typed_it_is_spelled_as_typed(tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    run("add", "It rains", "--deadline", "2099", "-p", "30%")

    assert 'to annul it: predictions resolve CLAIM annulled --reason "..."' in " ".join(
        run.refuses("retract", "it-rains", "--reason", "x").split()
    )

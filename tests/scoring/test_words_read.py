"""Which words a forecaster used, and who read them when: the first on each claim, as the ledger recorded it."""

from __future__ import annotations

from typing import Any

from conftest import Clock

from predictions import Ledger


def quote(ledger: Ledger, number: int, words: str, **fields: Any) -> None:
    ledger.quote(
        "Tech Oracle", f"Claim {number} comes true", words=words, deadline="2026-12-31", said_on="2026-01-02",
        link=f"https://{number}.example/", **fields,
    )  # fmt: skip


def plain(ledger: Ledger, **asked: Any) -> str:
    return " ".join(str(ledger.scorecard(full=True, **asked)).split())


def test_words_are_counted_with_who_read_them_and_when(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-05")
    for number in range(3):
        quote(ledger, number, "will")
    ledger.me = "ed"
    clock.set("2026-03-01")
    quote(ledger, 3, "likely", tags=["late"])

    told, late = plain(ledger), plain(ledger, tag="late")

    assert (
        'Tech Oracle: the words they used: 3 "will", 1 "likely"; read by ana and ed from 2026-01-05 to 2026-03-01'
    ) in told
    assert 'Tech Oracle: the words they used: 1 "likely"; read by ed on 2026-03-01' in late
    assert "the words they used" in ledger.scorecard(full=True)._repr_html_()


def test_later_words_on_a_claim_are_not_counted_again_and_a_number_never_is(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-05")
    quote(ledger, 0, "will")
    clock.set("2026-02-01")
    ledger.forecast("claim-0-comes-true", 0.4, by="Tech Oracle")
    ledger.add("Mine", deadline="2026-12-31", p=0.3)

    told = plain(ledger)

    assert told.count("the words they used") == 1
    assert 'the words they used: 1 "will"; read by ana on 2026-01-05' in told


def test_words_read_after_the_answer_stand_apart(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    said = {"said_on": "2025-01-06", "link": "https://oracle.example/outlook"}
    ledger.quote("Tech Oracle", "An AI lab will go public in 2025", words="will", deadline="2025", **said)
    ledger.resolve("an-ai-lab", "no", reason="none was listed")

    told = plain(ledger)

    assert 'the words they used: 1 "will"; read by ana on 2026-11-29; 1 after the answer was public, held' in told

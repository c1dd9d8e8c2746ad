"""Texts that differ in capitals, spaces or composition are one claim, typed or in a table; keys tell more apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from predictions import Ledger
from predictions.records import Claim, Forecast, Statement

SPELLINGS = [
    ["T one", "t one"],
    ["GPT-9 ships", "gpt-9 Ships", "GPT-9  ships"],
    ["A line\nand another", "A line and another"],
    ["Zürich grows", "Zu\u0308rich grows", "ZÜRICH GROWS"],
]
SAID = {"deadline": "2098", "said_on": "2026-01-05", "link": "https://oracle.example/outlook"}


def in_a_table(ledger: Ledger, texts: Sequence[str]) -> None:
    ledger.import_from("table", [{"text": text, "by": f"P {at}", "p": "30%", **SAID} for at, text in enumerate(texts)])


def in_tables_one_after_the_other(ledger: Ledger, texts: Sequence[str]) -> None:
    for text in texts:
        ledger.import_from("table", [{"text": text, "deadline": "2098", "p": "30%", "by": "me"}])


def by_add(ledger: Ledger, texts: Sequence[str]) -> None:
    for text in texts:
        ledger.add(text, deadline="2098", p=0.3)


def by_quote(ledger: Ledger, texts: Sequence[str]) -> None:
    for text in texts:
        ledger.quote("Tech Oracle", text, p=0.3, source="The Daily", **SAID)


def by_add_then_in_a_table(ledger: Ledger, texts: Sequence[str]) -> None:
    by_add(ledger, texts[:1])
    in_tables_one_after_the_other(ledger, texts)


def by_quote_then_in_a_table(ledger: Ledger, texts: Sequence[str]) -> None:
    by_quote(ledger, texts[:1])
    in_a_table(ledger, texts)


def in_a_table_then_by_add(ledger: Ledger, texts: Sequence[str]) -> None:
    in_tables_one_after_the_other(ledger, texts[:1])
    by_add(ledger, texts)


DOORS = [
    in_a_table, in_tables_one_after_the_other, by_add, by_quote, by_add_then_in_a_table, by_quote_then_in_a_table,
    in_a_table_then_by_add,
]  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "words.db", me="ana") as made:
        yield made


@pytest.mark.parametrize("texts", SPELLINGS)
@pytest.mark.parametrize("record", DOORS)
def test_same_words_are_one_claim(
    ledger: Ledger, record: Callable[[Ledger, Sequence[str]], None], texts: Sequence[str]
) -> None:
    record(ledger, texts)

    (statement,) = ledger.snapshot().all(Statement)
    (claim,) = ledger.snapshot().all(Claim)
    assert statement.text == texts[0]
    assert claim.wording == texts[0]


def test_the_claim_with_the_very_letters_is_meant_where_several_have_the_words(ledger: Ledger) -> None:
    for key, text in (("1", "T ONE"), ("2", "T one")):
        ledger.import_from("table", [{"id": key, "text": text, "deadline": "2098"}])

    ledger.import_from("table", [{"text": "T one", "deadline": "2098", "p": "30%", "by": "bob"}])

    (forecast,) = ledger.snapshot().all(Forecast)
    assert forecast.claim == "table-2"


def test_a_key_or_another_deadline_keeps_the_same_words_apart(ledger: Ledger) -> None:
    rows = [("1", "T one", "2098"), ("2", "t one", "2098"), ("", "t one", "2097"), ("", "T ONE", "2098-06-30")]

    ledger.import_from("table", [dict(zip(("id", "text", "deadline"), row, strict=True)) for row in rows])

    assert len(ledger.snapshot().all(Claim)) == 4


def test_the_lines_of_one_forecast_may_spell_its_text_and_forecaster_otherwise(ledger: Ledger) -> None:
    lines = [("Who leads?", "Bob", "north", "40%"), ("who  leads?", "bob", "other", "60%")]
    rows = [dict(zip(("text", "by", "option", "p"), line, strict=True)) for line in lines]

    ledger.import_from("table", [{**row, "deadline": "2098", "options": "north; other"} for row in rows])

    (forecast,) = ledger.snapshot().all(Forecast)
    assert [(share.option, share.share) for share in forecast.shares] == [("north", 0.4), ("other", 0.6)]

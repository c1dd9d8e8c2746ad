"""A receipt says the same whenever it is looked at, whatever was recorded since, and once the ledger is closed."""

from __future__ import annotations

import copy
import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from acts_of_types import TERMS
from conftest import Clock, clock_at

from predictions import Ledger, LedgerError, Tampered
from predictions.views.receipts.receipt import Receipt

Look = Callable[[Receipt], object]
SAID = {
    "yes-no": ({"p": 0.3}, {"p": 0.7}, "yes"),
    "choice": ({"p": {"red": 0.2, "green": 0.3, "blue": 0.5}}, {"p": {"red": 0.6, "green": 0.3, "blue": 0.1}}, "red"),
    "ordered": ({"p": {"red": 0.2, "green": 0.3, "blue": 0.5}}, {"p": {"red": 0.6, "green": 0.3, "blue": 0.1}}, "red"),
    "number": ({"quantiles": {0.1: 2, 0.5: 40}}, {"quantiles": {0.1: 20, 0.5: 400}}, 7),
    "date": ({"p": {"2026-06-30": 0.2}}, {"p": {"2026-06-30": 0.6}}, "2026-03-02"),
}
pytestmark = pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")


def acts(type_: str) -> list[tuple[str, Callable[[Ledger], object]]]:
    """Verbs by the day they are said on; each changes what the receipts before it would say now."""
    terms, (first, second, outcome) = TERMS[type_], SAID[type_]
    asked = {"deadline": "2026-06-30", "slug": "rain", **terms}
    events = {"at_least": 2, "conditions": {"wet": "It is wet"}, "deadline": "2026-12-31", "slug": "floods"}
    link, day = "https://paper.example/a", {"by": "Bob", "said_on": "2025-12-20", "link": "https://paper.example/b"}
    return [
        ("2026-01-01", lambda one: one.add("It rains", **asked, **first)),
        ("2026-01-01", lambda one: one.forecast("rain", **second, by="Bob", kind="person")),
        ("2026-01-01", lambda one: one.forecast("rain", **second, by="Cy", made_at="2025-12-30")),
        ("2026-01-01", lambda one: one.correct("rain", criteria="As the station tells")),
        ("2026-01-01", lambda one: one.quote(text="The river rises", deadline="2026-09-30", words="will", **day)),
        ("2026-01-01", lambda one: one.quote("Dee", "It was always wet", not_resolvable="no day", said_on="2026")),
        ("2026-01-02", lambda one: one.add("Two floods come", **events, p=0.4)),
        ("2026-01-02", lambda one: one.log_evidence("floods", link, "A flood", on="2026-01-02", counts="first")),
        ("2026-01-03", lambda one: one.log_evidence("floods", f"{link}2", "Another", on="2026-01-03", counts="second")),
        ("2026-01-04", lambda one: one.correct("source paper-example", published="2026-01-04", reason="a slip")),
        ("2026-01-05", lambda one: one.retract("paper-example-a", reason="it was invented")),
        ("2026-02-01", lambda one: one.forecast("rain", **second, again=True)),
        ("2026-02-01", lambda one: one.correct("rain bob", **first, reason="a slip")),
        ("2026-02-02", lambda one: one.withdraw("rain", by="Bob")),
        ("2026-02-03", lambda one: one.supersede("rain", slug="rain-2", settle_days=20, reason="a slip")),
        ("2026-02-03", lambda one: one.forecast("rain-2", **first)),
        ("2026-03-02", lambda one: one.forecast("rain-2", **second, by="Eve", kind="person")),
        ("2026-03-02", lambda one: one.resolve("rain-2", outcome, known_on="2026-03-02", reason="it did")),
        ("2026-03-03", lambda one: one.forecast("rain-2", **second, by="Flo", kind="person")),
        ("2026-03-04", lambda one: one.resolve("rain", "annulled", reason="the station closed")),
        ("2026-03-04", lambda one: one.resolve("rain-2", "annulled", reason="the station closed", again=True)),
    ]  # fmt: skip


def said(ledger: Ledger, clock: Clock, type_: str, look: Look) -> list[Receipt]:
    """Say all of it; what is refused of one type is refused whenever receipts are looked at."""
    receipts = []
    for day, act in acts(type_):
        clock.set(day)
        try:
            receipt = act(ledger)
        except LedgerError:
            continue
        look(receipt)
        receipts.append(receipt)
    return receipts


@pytest.fixture(scope="module", params=list(SAID))
def at_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """The type, and what receipts say that are looked at before anything else is recorded."""
    told: list[str] = []
    path = tmp_path_factory.mktemp("at-once") / "ledger.db"
    with clock_at("2026-01-01") as clock, Ledger(path, me="ana") as ledger:
        receipts = said(ledger, clock, request.param, lambda receipt: told.append(repr(receipt)))
    assert len(receipts) > 15
    return request.param, told


def test_receipts_say_of_their_own_moment(ledger: Ledger, clock: Clock, at_once: tuple[str, list[str]]) -> None:
    type_, told = at_once
    receipts = said(ledger, clock, type_, bool)
    clock.set("2027-06-01")
    assert [repr(receipt) for receipt in reversed(receipts)] == told[::-1]


def test_receipts_outlive_their_ledger(ledger: Ledger, clock: Clock, at_once: tuple[str, list[str]]) -> None:
    type_, told = at_once
    receipts = said(ledger, clock, type_, bool)
    ledger.close()
    assert [repr(receipt) for receipt in receipts] == told


def test_other_programs_change_nothing_that_a_receipt_says(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    receipt = ledger.forecast("rain", 0.5)
    with Ledger(ledger._journal.path, me="bob") as other:
        other.supersede("rain", slug="rain-2", settle_days=20, reason="a slip")
    assert "superseded" not in str(receipt)
    assert "superseded by rain-2" in str(ledger.forecast("rain", 0.6))


@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy, lambda receipt: pickle.loads(pickle.dumps(receipt))])
def test_copies_say_all_of_it(ledger: Ledger, made: Callable[[Receipt], Receipt]) -> None:
    receipt = ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    copied = made(receipt)
    ledger.close()
    assert (copied, copied.lines, copied.to_dict()) == (receipt, receipt.lines, receipt.to_dict())
    assert "it counts on scorecards from then" in str(copied)


def test_what_nobody_looks_at_is_not_worked_out(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    asked: list[str] = []
    ledger._journal.connection.set_trace_callback(asked.append)
    receipt = ledger.forecast("rain", 0.5)
    assert receipt.wrote == 1
    assert asked.count("begin immediate") == 1
    assert "begin" not in asked
    assert receipt.lines
    assert asked.count("begin") == 1


def test_what_fails_is_said_where_it_is_looked_at_and_can_be_tried_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    receipt = ledger.forecast("rain", 0.5)
    monkeypatch.setattr(ledger._snapshots, "chain", _refused)
    with pytest.raises(LedgerError, match="busy"):
        str(receipt)
    ledger.close()  # which fails of that receipt, and closes
    with pytest.raises(LedgerError, match="was closed"):
        str(receipt)
    assert str.__str__(receipt) == receipt.slug == "rain"


def _refused(*_given: object, **_named: object) -> None:
    raise sqlite3.OperationalError("busy")


def test_a_file_changed_by_hand_is_named_where_it_is_looked_at(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    receipt = ledger.forecast("rain", 0.5)
    with closing(sqlite3.connect(ledger._journal.path)) as plain:
        plain.execute("create view mine as select 1")
    with pytest.raises(Tampered, match="run verify"):
        str(receipt)

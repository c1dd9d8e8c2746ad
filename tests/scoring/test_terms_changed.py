"""A draft that asks something of another type since, and a verdict corrected since: for claims of every type."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from club_of_types import DEADLINE, TERMS, resolve, said
from conftest import Clock

from predictions import Ledger
from predictions.records import Resolution

FIELDS: dict[str, dict[str, Any]] = {
    "yes-no": {},
    "choice": {"type": "choice", "options": ("low", "mid", "high")},
    "ordered": {"type": "ordered", "options": ("low", "mid", "high")},
    "number": {"type": "number", "unit": "points", "low": 0.0, "high": 10.0},
    "date": {"type": "date"},
}
NOTHING = {"type": "yes-no", "options": (), "unit": None, "low": None, "high": None}
OUTCOMES: dict[str, list[dict[str, Any]]] = {
    "yes-no": [{"outcome": "yes"}, {"outcome": "no"}],
    "choice": [{"outcome": "option", "option": "low"}, {"outcome": "option", "option": "high"}],
    "ordered": [{"outcome": "option", "option": "low"}, {"outcome": "option", "option": "high"}],
    "number": [{"outcome": "value", "value": 2.0}, {"outcome": "value", "value": 9.0}],
    "date": [{"outcome": "yes", "happened_on": date(2026, 1, day)} for day in (20, 25)],
}
SAME_SHARES = {"choice", "ordered"}  # what is said of one type fits the other
PAIRS = [pair for pair in permutations(TERMS, 2) if {*pair} != SAME_SHARES]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_what_was_said_of_another_type_is_no_withdrawal(
    ledger: Ledger, clock: Clock, tmp_path: Path, before: str, after: str
) -> None:
    ledger.add("It comes out", deadline=DEADLINE, opens_on="2026-01-01", slug="it", **TERMS[before])
    said(ledger, "it", before, "ana", 0.3)

    told = ledger.correct("it", reason="asked otherwise", **(NOTHING | FIELDS[after]))

    assert str(told).endswith("in no mean: ana (no longer fits)")
    [row] = ledger.scorecard().rows()
    assert (row["place"], row["probability"], row["brier"]) == ("no longer fits", None, None)
    assert "ana: 1 no longer fits" in str(ledger.scorecard(full=True))
    assert "no longer fits, so it counts no more" in ledger.claim("it")._repr_html_()
    assert "withdrawn" not in str(ledger.scorecard(full=True)) + str(ledger.claim("it")) + str(ledger.board())
    assert ledger.report(tmp_path / "page.html").stat().st_size > 10_000
    ledger.add("It comes out as well", deadline=DEADLINE, opens_on="2026-01-01", slug="that", **TERMS[after])
    clock.set("2026-01-10")
    for slug in ("it", "that"):
        said(ledger, slug, after, "ana", 0.3)
    clock.set("2026-09-01")
    for slug in ("it", "that"):
        resolve(ledger, slug, after, 0.3)
    changed, asked_so_at_first = ledger.scorecard().rows()
    assert changed["brier"] is not None
    for name in ("brier", "time_skill", "coverage", "entered", "place"):
        assert changed[name] == asked_so_at_first[name], name
    assert ledger.verify().ok


@pytest.mark.parametrize(("before", "after"), [*permutations(sorted(SAME_SHARES))])
def test_shares_that_fit_the_other_type_stay(ledger: Ledger, clock: Clock, before: str, after: str) -> None:
    ledger.add("It comes out", deadline=DEADLINE, opens_on="2026-01-01", slug="it", **TERMS[before])
    said(ledger, "it", before, "ana", 0.3)

    ledger.correct("it", reason="asked otherwise", **FIELDS[after])
    clock.set("2026-01-10")

    [row] = ledger.scorecard().rows()
    assert (row["type"], row["coverage"] > 0.9) == (after, True)


@pytest.mark.parametrize("type_", TERMS)
def test_a_verdict_corrected_later_than_the_day_leaves_the_one_before(ledger: Ledger, clock: Clock, type_: str) -> None:
    clock.set("2026-01-02")
    ledger.add("It comes out", deadline=DEADLINE, opens_on="2026-01-01", slug="it", **TERMS[type_])
    said(ledger, "it", type_, "ana", 0.3)
    clock.set("2026-09-01")
    first, second = OUTCOMES[type_]
    for number, revision, known_on, told in (
        (1, 1, date(2026, 4, 20), first), (2, 1, date(2026, 5, 1), second), (2, 2, date(2026, 8, 1), second),
    ):  # fmt: skip
        verdict = Resolution(claim="it", number=number, revision=revision, known_on=known_on, reason="seen", **told)
        with ledger._journal.writing() as writing:
            ledger._store.put(writing, verdict)
        if number == 1:
            [only] = ledger.scorecard(today="2026-06-01").rows()

    [row] = ledger.scorecard(today="2026-06-01").rows()

    assert row["brier"] == only["brier"]
    assert ledger.scorecard(today="2026-09-01").rows()[0]["brier"] != only["brier"]


@pytest.mark.parametrize("type_", TERMS)
def test_a_card_says_which_verdicts_had_another_outcome_before(ledger: Ledger, clock: Clock, type_: str) -> None:
    ledger.add("It comes out", deadline=DEADLINE, opens_on="2026-01-01", slug="it", **TERMS[type_])
    said(ledger, "it", type_, "ana", 0.3)
    clock.set("2026-09-01")
    for number, (day, told) in enumerate(zip((1, 20), OUTCOMES[type_], strict=True), 1):
        verdict = Resolution(claim="it", number=number, known_on=date(2026, 5, day), reason="seen", **told)
        with ledger._journal.writing() as writing:
            ledger._store.put(writing, verdict)

    told = [
        ledger.scorecard(today=today).pool.reader.doubted_verdicts.replaced.tolist() for today in ("2026-05-10", None)
    ]

    assert told == [[False], [True]]


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # one that is backdated is wanted here
@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_what_was_said_of_another_type_decides_nothing_about_what_is_said_now(
    ledger: Ledger, clock: Clock, before: str, after: str
) -> None:
    ledger.add("It comes out", deadline=DEADLINE, opens_on="2026-01-01", slug="it", **TERMS[before])
    said(ledger, "it", before, "ana", 0.3)
    ledger.correct("it", reason="asked otherwise", **(NOTHING | FIELDS[after]))
    clock.set("2026-02-10")

    said(ledger, "it", after, "ana", 0.3, made_at="2026-01-20")

    [row] = ledger.scorecard().rows()
    assert (row["backdated"], row["set_apart"]) == (True, True)


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # one that is backdated is wanted here
@pytest.mark.parametrize("before", sorted({*TERMS} - {"yes-no"}))
def test_words_read_late_in_place_of_what_no_longer_fits_begin_nothing(
    ledger: Ledger, clock: Clock, before: str
) -> None:
    clock.set("2026-01-12")
    ledger.add("It comes out", deadline=DEADLINE, opens_on="2026-01-01", slug="it", **TERMS[before])
    said(ledger, "it", before, "ana", 0.3, made_at="2026-01-05")
    ledger.correct("it", reason="asked otherwise", **NOTHING)
    clock.set("2026-09-01")
    resolve(ledger, "it", "yes-no", 0.3)

    ledger.forecast("it", by="ana", made_at="2026-01-05", words="likely", scale="house", reason="it was in words")

    [row] = ledger.scorecard().rows()
    assert (row["place"], row["imputed"], row["probability"]) == ("words read afterwards", True, 0.75)

"""What a receipt says will count does count on the card of that day, and nothing else: in random small ledgers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger, LedgerError
from predictions.scoring.eligibility import Category
from predictions.status import settle_on
from predictions.views.receipts.receipt import Receipt

pytestmark = pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
PEOPLE = ("Ann", "Bob", "Cy")
COUNTED = {Category.SCORED, Category.OPEN, Category.DUE, Category.OVERDUE}
IN_NO_MEAN = {Category.ANNULLED, Category.AMBIGUOUS, Category.READ_LATE}
REASONS = {
    "earlier claim": {Category.SUPERSEDED}, "words read": {Category.READ_LATE}, "backdated": {Category.BACKDATED},
    "too late": {Category.TOO_LATE, Category.LAST_DAY}, "annulled": {Category.ANNULLED},
}  # fmt: skip
DAYS = ("2025-12-20", "2026-01-05", "2026-01-20", "2026-02-01", "2026-02-28", "2026-04-15")  # each as today in turn
DEADLINES = ("2026-01-05", "2026-01-20", "2026-02-01", "2026-03-10")


class Told(str):
    """A receipt on one line."""

    @property
    def promised(self) -> str:
        """What it says becomes of what was said: it counts, is in no mean, or nowhere; or as said, or in said alone."""
        if re.search("counts as said", self):
            return "as said"
        if re.search("in said alone", self):
            return "said alone"
        nowhere = r"no forecast (of theirs )?yet|too late|backdated|counts nowhere|on no scorecard|and these do not"
        if re.search(nowhere, self):
            return "nowhere"
        return "no mean" if "no mean" in self and "no mean if" not in self else "counts"

    @property
    def reasons(self) -> set[Category] | None:
        """What keeps the forecast out of every mean, as it says."""
        return next((places for words, places in REASONS.items() if re.search(words, self)), None)


class Acts:
    """Random acts on one ledger, each held against the card of the day that its receipt names."""

    def __init__(self, ledger: Ledger, clock: Clock, seed: int) -> None:
        self._ledger, self._clock, self._random = ledger, clock, Random(seed)
        self._claims: list[str] = []
        self._said: dict[tuple[str, str], int] = {}
        self.held = 0

    def run(self) -> None:
        for day in DAYS:
            self._clock.set(day)
            for _ in range(6):
                act = self._random.choice((self.quote, self.quote, self.add, self.forecast, self.withdraw, self.decide,
                                           self.supersede, self.correct))  # fmt: skip
                try:
                    act()
                except LedgerError:  # a rule of the verb: nothing is recorded, so nothing is promised
                    continue

    def add(self) -> None:
        said = {"p": self._random.choice((0.3, 0.7))} if self._random.random() < 0.8 else {}
        ledger = self._ledger
        claim = ledger.add(f"Thing {len(self._claims)}", deadline=self._random.choice(DEADLINES), settle_days=5, **said)
        self._recorded(claim, "ana", bool(said))

    def quote(self) -> None:
        who, how = self._random.choice(PEOPLE), self._how()
        said_on = self._random.choice([day for day in DAYS if day <= self._today])
        fields: dict[str, Any] = {"said_on": said_on, "deadline": self._random.choice(DEADLINES), "settle_days": 5}
        if self._random.random() < 0.7:
            fields["link"] = f"https://said.example/{len(self._claims)}"
        kind = {"kind": "person"} if how else {}
        told = self._ledger.quote(who, f"Thing {len(self._claims)}", **kind, **fields, **how)
        self._recorded(told, who.lower(), bool(how))

    def forecast(self) -> None:
        claim, who = self._random.choice(self._claims), self._random.choice(PEOPLE)
        made = {"made_at": self._random.choice(DAYS)} if self._random.random() < 0.3 else {}
        told = self._ledger.forecast(claim, by=who, kind="person", **made, **(self._how() or {"p": 0.4}))
        self._recorded(told, who.lower(), True)

    def withdraw(self) -> None:
        claim, who = self._random.choice(sorted(self._said))
        told = self._ledger.withdraw(claim, by=who)
        if told.wrote and self._said[claim, who] == 1:  # what stood before it counts on, where it did
            assert (self._place(claim, who) is Category.WITHDRAWN) == ("before it stood" in str(told)), told
            self.held += 1
        self._said[claim, who] += 1

    def decide(self) -> None:
        claim = self._random.choice(self._claims)
        outcome = self._random.choice(("yes", "no", "no", "annulled"))
        known = {"known_on": self._random.choice(DAYS)} if outcome == "yes" else {}
        told = Told(" ".join(str(self._ledger.resolve(claim, outcome, reason="seen", **known)).split()))
        places = {who: self._place(claim, who) for one, who in self._said if one == claim}
        scored = {who for who, place in places.items() if place is Category.SCORED}
        plain = {who for who, place in places.items() if place is Category.READ_LATE}
        if "it counts as said by" in told:
            everybody = [row["place"] for row in self._rows_on(claim)]
            assert Category.NO_NUMBER in everybody or places, (told, everybody)
        elif "it counts on scorecards" in told:
            assert scored | plain, (told, places)
        if "counts for nobody" in told or "leaves every mean" in told:
            assert not scored, (told, places)
        _, _, apart = told.partition("in no mean: ")
        assert {who for who in places if re.search(rf"\b{who}\b", apart, re.IGNORECASE)} == (
            places.keys() - scored if apart else set()
        ), (told, places)
        self.held += 1

    def supersede(self) -> None:
        old = self._random.choice(self._claims)
        told = self._ledger.supersede(old, deadline=self._random.choice(DEADLINES), reason="otherwise")
        places = {self._place(old, who) for one, who in self._said if one == old}
        text = " ".join(told.lines)
        counted = "their forecasters count there" in text
        if told.wrote:
            as_said = re.search(r"counts there as said|, and \w+ as said", text)
            bare = self._as_said(old)  # a number beside it may not count
            assert bare <= bool(as_said) <= bool(bare or places - COUNTED), (told, self._rows_on(old))
            assert not ("nobody counts" in text and (as_said or places & COUNTED)), (told, places)
            assert counted or not places & COUNTED, (told, places)
            assert not counted or places & (COUNTED | IN_NO_MEAN), (told, places)
        self._claims.append(str(told.slug))
        self.held += 1

    def correct(self) -> None:
        told = self._ledger.correct(self._random.choice(self._claims), deadline=self._random.choice(DEADLINES))
        text = " ".join(told.lines)
        for claim, who in self._said:
            if claim == told.slug and told.wrote:
                assert bool(re.search(rf"no mean: .*\b{who}\b", text, re.IGNORECASE)) == (
                    self._place(claim, who) not in COUNTED
                ), text
                self.held += 1

    def _how(self) -> dict[str, Any]:
        return self._random.choice(({}, {"p": 0.6}, {"words": "likely"}, {"low": 0.2, "high": 0.6}))

    @property
    def _today(self) -> str:
        return str(self._ledger.snapshot().today)

    def _place(self, claim: str, who: str) -> Category | None:
        """Where the series stands on the card of the settle day, or of today if that is over."""
        return next((Category(str(row["place"])) for row in self._rows_on(claim) if row["forecaster"] == who), None)

    def _as_said(self, claim: str, alone: bool = False) -> bool:
        """Whether somebody stands on that card as having said it without a number: in time, or in said alone."""
        asked = self._ledger.claim(claim).claim
        places = [bool(row["backdated"]) for row in self._rows_on(claim) if row["place"] == Category.NO_NUMBER]
        return (alone in places) if asked.opens_on < asked.deadline else bool(places) and alone

    def _rows_on(self, claim: str) -> list[Mapping[str, Any]]:
        """List who stands on a claim on that card."""
        day = max(self._ledger.snapshot().today, settle_on(self._ledger.claim(claim).claim))
        return [row for row in self._ledger.scorecard(today=str(day)).rows() if row["claim"] == claim]

    def _recorded(self, told: Receipt, who: str, numbered: bool) -> None:
        """Hold what was promised of a forecast against the card."""
        if not told.wrote:
            return
        claim = str(told.slug)
        self._claims += [claim] if claim not in self._claims else []
        before = self._said.get((claim, who), 0)
        if numbered:
            self._said[claim, who] = before + 1
        place, promised = self._place(claim, who), Told(" ".join(told.lines)).promised
        if promised in {"as said", "said alone"}:
            assert self._as_said(claim, alone=promised == "said alone"), (told, self._rows_on(claim))
        elif promised == "counts":
            assert place in COUNTED, (told, place)
        elif not before:  # else what they said earlier may count
            assert place not in COUNTED, (told, place)
            assert (place in IN_NO_MEAN) == (promised == "no mean"), (told, place)
            if numbered and (reasons := Told(" ".join(told.lines)).reasons):
                assert place in reasons, (told, place)
        self.held += 1


@pytest.mark.parametrize("seed", range(12))
def test_what_receipts_promise_is_what_scorecards_count(seed: int, tmp_path: Path, clock: Clock) -> None:
    clock.set(DAYS[0])
    with Ledger(tmp_path / "random.db", me="ana") as ledger:
        acts = Acts(ledger, clock, seed)
        acts.add()
        acts.run()

    assert acts.held > 10

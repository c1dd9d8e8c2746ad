"""A verdict that is dated later than its answer could be known is told, and nobody is better by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger

OPENS, HAPPENED, LEARNT, LATE, DEADLINE, AFTER = (
    "2026-01-01", "2026-01-05", "2026-01-06", "2026-03-31", "2026-04-10", "2026-05-20",
)  # fmt: skip
CLAIMS = [f"c{number:02}" for number in range(40)]
OPTIONS: dict[str, Any] = {"options": ["north", "south"]}
NUMBERS: dict[str, Any] = {"unit": "cars", "between": (0, 10)}
Decide = Callable[[Ledger, str, str], None]


def came_true(claim: str) -> bool:
    return int(claim[1:]) % 2 == 0


def contest(ledger: Ledger, clock: Clock, kind: dict[str, Any], *, honest: bool = False) -> None:
    """Three people who know little; once it has happened focal says what came true as if foreseen."""
    clock.set(OPENS)
    for claim in CLAIMS:
        ledger.add(f"Claim {claim}", deadline=DEADLINE, opens_on=OPENS, slug=claim, **kind)
        right = 0.6 if came_true(claim) else 0.4
        for person, chance in (("focal", 0.5), ("bea", right), ("cy", 0.45)):
            ledger.forecast(claim, by=person, **said(kind, chance))
    clock.set(LEARNT)
    for claim in CLAIMS:
        if came_true(claim) and not honest:
            ledger.forecast(claim, by="focal", **said(kind, 0.99))


def said(kind: dict[str, Any], chance: float) -> dict[str, Any]:
    if "options" in kind:
        return {"p": {"north": chance, "south": 1 - chance}}
    if "unit" in kind:
        return {"quantiles": {0.1: 7.9, 0.5: 8, 0.9: 8.1} if chance > 0.9 else {0.1: 1, 0.5: 5 * chance, 0.9: 9}}
    return {"p": {DEADLINE: chance}} if kind.get("when") else {"p": chance}


def outcome_of(claim: str, kind: dict[str, Any]) -> str:
    if "options" in kind:
        return "north" if came_true(claim) else "south"
    if "unit" in kind:
        return "8" if came_true(claim) else "2"
    return "yes" if came_true(claim) else "no"


def happened_before_it_was_known(ledger: Ledger, claim: str, outcome: str) -> None:
    ledger.resolve(claim, outcome, happened_on=HAPPENED, known_on=LATE, reason=f"seen {claim}")


def evidence(ledger: Ledger, claim: str) -> str:
    """Record what was published, or of every other claim what only has the day of which it tells."""
    link = f"https://paper.example/{claim}"
    published = {"published": HAPPENED} if int(claim[1:]) % 4 else {}
    ledger.log_evidence(claim, link, f"A note on {claim}", on=HAPPENED, bears="supports", **published)
    return link


def cites_what_was_published_before(ledger: Ledger, claim: str, outcome: str) -> None:
    when = {"happened_on" if outcome == "yes" else "known_on": LATE}
    ledger.resolve(claim, outcome, because=evidence(ledger, claim), reason=f"seen {claim}", **when)


def rests_on_what_was_published_before(ledger: Ledger, claim: str, outcome: str) -> None:
    evidence(ledger, claim)
    ledger.resolve(claim, outcome, reason=f"seen {claim}", **{"happened_on" if outcome == "yes" else "known_on": LATE})


def had_an_earlier_verdict(ledger: Ledger, claim: str, outcome: str) -> None:
    for day in (HAPPENED, LATE):
        when = {"happened_on" if outcome == "yes" else "known_on": day}
        ledger.resolve(claim, outcome, reason=f"seen {claim} on {day}", **when)


MOVES: list[tuple[Decide, dict[str, Any]]] = [
    (happened_before_it_was_known, {}),
    (happened_before_it_was_known, {"when": True}),
    *((move, kind) for move in (cites_what_was_published_before, rests_on_what_was_published_before,
       had_an_earlier_verdict) for kind in ({}, OPTIONS, NUMBERS)),
]  # fmt: skip


def decided(ledger: Ledger, clock: Clock, kind: dict[str, Any], move: Decide) -> None:
    clock.set(AFTER)
    for claim in CLAIMS:
        outcome = outcome_of(claim, kind)
        if came_true(claim):
            move(ledger, claim, outcome)
        else:
            ledger.resolve(claim, outcome, reason=f"seen {claim}", **({} if outcome == "no" else {"known_on": LATE}))


def plain(shown: object) -> str:
    return " ".join(str(shown).split())


@pytest.mark.parametrize(("move", "kind"), MOVES)
def test_what_is_dated_late_is_told_and_makes_nobody_better(
    ledger: Ledger, clock: Clock, move: Decide, kind: dict[str, Any]
) -> None:
    contest(ledger, clock, kind)
    decided(ledger, clock, kind, move)
    card, board, compared = ledger.scorecard(full=True), ledger.leaderboard(), ledger.compare("focal", "bea")

    for shown in (card, board):
        assert "dated late: 20 of 40 verdicts, by" in plain(shown)
    assert "20 verdicts dated after the answer could be known; until then" in plain(board)
    assert "focal forecast best" not in plain(board)
    assert "focal leads" not in plain(board)
    assert "focal was better" not in plain(compared)
    assert "focal (person): better than" not in plain(card)
    (row,) = (row for row in board.rows() if row["forecaster"] == "focal")
    assert row["better"] < 0.9 or "unit" in kind  # of numbers all know a little
    assert row["as_early_as_known"] < row["skill"] - 0.1


@pytest.mark.parametrize("raises", [True, False])
def test_a_yes_that_says_only_when_it_was_known_is_told_where_somebody_raised_a_number(
    ledger: Ledger, clock: Clock, raises: bool
) -> None:
    """Nothing else tells that it had happened long before."""
    contest(ledger, clock, {}, honest=not raises)
    clock.set(AFTER)
    for claim in CLAIMS:
        known = {"known_on": DEADLINE} if came_true(claim) else {}
        ledger.resolve(claim, outcome_of(claim, {}), reason=f"seen {claim}", **known)
    card, board, compared = ledger.scorecard(), ledger.leaderboard(), ledger.compare("focal", "bea")

    told = "no day told: 20 of 40 verdicts came true, and say only when it was known; if it had happened before, what "
    told += "focal said on the way came after it"
    for shown in (card, board, compared):
        assert (told in plain(shown)) is raises
    assert str(board).count("see (a)") == raises
    assert "no day told" not in plain(ledger.compare("bea", "cy"))


@pytest.mark.parametrize("with_day", [{"happened_on": LATE}, {"because": "https://register.example", "known_on": LATE}])
def test_of_a_yes_with_its_day_or_with_evidence_nothing_is_said(
    ledger: Ledger, clock: Clock, with_day: dict[str, str]
) -> None:
    contest(ledger, clock, {})
    clock.set(AFTER)
    for claim in CLAIMS:
        when = with_day if came_true(claim) else {}
        ledger.resolve(claim, outcome_of(claim, {}), reason=f"seen {claim}", **when)

    assert "no day told" not in plain(ledger.leaderboard())


@pytest.mark.parametrize(("days", "found"), [(7, False), (9, False), (11, True), (36, True)])
def test_a_later_day_is_told_by_the_share_of_the_counted_time_that_it_adds(
    ledger: Ledger, clock: Clock, days: int, found: bool
) -> None:
    """A tenth of a year is more than a quarter of what counts when the answer came after three months."""
    clock.set(OPENS)
    ledger.add("It comes", deadline="2026-12-31", slug="it", p=0.6)
    clock.set("2026-06-01")
    known_on = date(2026, 4, 1) + timedelta(days)
    ledger.resolve("it", "yes", happened_on="2026-04-01", known_on=known_on, reason="seen")
    clock.set("2027-02-01")

    assert ("dated late: 1 of 1 verdict" in plain(ledger.scorecard())) is found


@pytest.mark.parametrize("kind", [{}, OPTIONS, NUMBERS])
def test_of_an_honest_record_nothing_is_said(ledger: Ledger, clock: Clock, kind: dict[str, Any]) -> None:
    """Evidence on the way, a report of the day itself, and a no of the window's end."""
    contest(ledger, clock, kind, honest=True)
    clock.set("2026-02-01")
    for claim in CLAIMS[:10]:
        ledger.log_evidence(claim, f"https://paper.example/{claim}", "A sign", published="2026-02-01", bears="supports")
    clock.set(AFTER)
    for claim in CLAIMS:
        outcome = outcome_of(claim, kind)
        when = {} if outcome == "no" else {"happened_on" if outcome == "yes" else "known_on": LATE}
        report = f"https://register.example/{claim}"
        ledger.log_evidence(claim, report, "The register", published=LATE, bears="context")
        ledger.resolve(claim, outcome, because=report, reason=f"seen {claim}", **when)

    for shown in (ledger.scorecard(full=True), ledger.leaderboard()):
        assert "dated late" not in plain(shown)
        assert "could be known" not in plain(shown)


def games(ledger: Ledger, clock: Clock, *, at: str | None, said_at: str = "2026-01-10T22:00Z") -> None:
    """Claims of one evening; focal says how they ended, at a moment of that day."""
    clock.set(OPENS)
    evening: dict[str, Any] = {"opens_on": "2026-01-10", "deadline": "2026-01-10", "settle_days": 1}
    for claim in CLAIMS:
        ledger.add(f"Game {claim}", slug=claim, closes_at="2026-01-10T23:30Z", **evening)
        right = 0.6 if came_true(claim) else 0.4
        for person, chance in (("focal", 0.5), ("bea", right), ("cy", 0.45)):
            ledger.forecast(claim, chance, by=person)
    clock.set(said_at)
    for claim in CLAIMS:
        ledger.forecast(claim, 0.99 if came_true(claim) else 0.01, by="focal")
    clock.set("2026-01-14")
    for claim in CLAIMS:
        when: dict[str, Any] = {"happened_on": "2026-01-10"} if came_true(claim) else {}
        if at:
            when = {"known_on": at} if came_true(claim) else {"known_on": at, "impossible": True}
        ledger.resolve(claim, "yes" if came_true(claim) else "no", reason=f"seen {claim}", **when)


def test_a_day_is_told_where_a_moment_is_asked_for(ledger: Ledger, clock: Clock) -> None:
    games(ledger, clock, at=None)
    card, board = ledger.scorecard(full=True), ledger.leaderboard()

    assert "without a moment: 40 claims with closes_at, of which the verdict has none" in plain(card)
    assert "without a moment: 40 claims" in plain(board)
    for sentence in ("focal forecast best", "focal leads"):
        assert sentence not in plain(board)
    assert "focal (person): better than" not in plain(card)
    assert "focal was better" not in plain(ledger.compare("focal", "bea"))


@pytest.mark.parametrize("how", [{"at": "2026-01-10T23:00Z"}, {"at": None, "said_at": "2026-01-09T22:00Z"}])
def test_with_a_moment_or_said_the_day_before_all_counts_as_it_was(
    ledger: Ledger, clock: Clock, how: dict[str, Any]
) -> None:
    games(ledger, clock, **how)

    assert "without a moment" not in plain(ledger.scorecard(full=True))
    assert "without a moment" not in plain(ledger.leaderboard())
    if how["at"] is None:
        assert "focal forecast best" in plain(ledger.leaderboard())


@pytest.mark.parametrize("kind", [{}, OPTIONS, NUMBERS])
def test_losses_dated_on_the_opening_day_are_in_doubt_and_not_gone(
    ledger: Ledger, clock: Clock, kind: dict[str, Any]
) -> None:
    contest(ledger, clock, kind, honest=True)
    clock.set(LEARNT)
    for claim in CLAIMS:
        ledger.forecast(claim, by="focal", **said(kind, 0.95))
    clock.set(AFTER)
    for claim in CLAIMS:
        lost, outcome = not came_true(claim), outcome_of(claim, kind)
        how: dict[str, Any] = {"known_on": OPENS, "impossible": True} if lost else {"known_on": "2026-04-09"}
        if outcome != "no":
            how.pop("impossible", None)
        if outcome == "yes":
            how = {"happened_on": "2026-04-09"}
        ledger.resolve(claim, outcome, reason=f"seen {claim}", **how)
    card, board = ledger.scorecard(full=True), ledger.leaderboard()

    assert "dated early: 20 of 40 verdicts" in plain(card)
    assert "verdicts dated long before they were recorded (skill dated by their recording): " in plain(board)
    assert "focal forecast best" not in plain(board)
    assert "focal leads" not in plain(board)
    assert "focal was better" not in plain(ledger.compare("focal", "bea"))
    assert "focal (person): better than" not in plain(card)
    if not kind:
        assert "bea 20 of 20 (37 to >99 %); " in plain(ledger.scorecard())
        assert "20 dated early: 20 of 40 if all failed" in plain(ledger.scorecard())

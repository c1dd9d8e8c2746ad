"""What qualifies a card and a leaderboard, told again from the records in plain Python.

How much was hardly in doubt, what each claim adds to a mean, and how many claims have no verdict, or one in doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from retold import Row, mean_of_units, window
from retold_types import chance_at, halfway, kind_of, length, on_axis

from predictions.enums import DERIVED, ClaimType
from predictions.records import Claim, Forecaster, Resolution, Statement
from predictions.snapshot import Snapshot
from predictions.timestamps import end_of, start_of

SLACK = 1e-9  # of arithmetic with chances
BARELY, OUTER = 0.02, 0.1
UNDECIDED = {"overdue", "due, no verdict"}


def hardly(snapshot: Snapshot, rows: Iterable[Row]) -> dict[str, tuple[float, float]]:
    """For each claim how many of its questions nobody doubted who is scored there, and of how many."""
    said: defaultdict[str, list[tuple[Any, float]]] = defaultdict(list)
    for row in rows:
        speaks = snapshot.find(Forecaster, row["forecaster"]).kind not in DERIVED
        if row["place"] == "scored" and not row["imputed"] and speaks:
            said[row["claim"]] += [(one, start) for one, start, _ in row["stays"]]
    return {slug: _hardly(snapshot.find(Claim, slug), each) for slug, each in said.items()}


def _hardly(claim: Claim, said: list[tuple[Any, float]]) -> tuple[float, float]:
    numbers = [one for one, _ in said]
    if claim.type is ClaimType.NUMBER:
        low, high = on_axis(claim, claim.low), on_axis(claim, claim.high)
        ends = [
            [_reached(one, level, low, high) for one in numbers] for level in (OUTER + SLACK, 1 - OUTER - SLACK)
        ]  # fmt: skip
        return 1 - (max(ends[1]) - min(ends[0])) / (high - low), 1.0
    if claim.type is ClaimType.DATE:
        passed = [min(int(start), length(claim) - 1) for _, start in said]
        days = range(min(passed) + 1, length(claim) + 1)
        told = [
            [0.0 if day <= over else _by(claim, one, day) for one, over in zip(numbers, passed, strict=True)]
            for day in days
        ]
        return _sure(told, OUTER), float(len(days))
    if claim.type is ClaimType.ORDERED:
        return _sure(zip(*(list(accumulate(one))[:-1] for one in numbers), strict=True), OUTER), len(numbers[0]) - 1
    if claim.type is ClaimType.CHOICE:
        return _sure(zip(*numbers, strict=True), BARELY), len(numbers[0])
    return _sure([numbers], BARELY), 1.0


def _sure(questions: Iterable[Iterable[float]], level: float) -> float:
    """Count the questions to which everybody gives next to nothing, or everybody next to all."""
    sides = [[(one < level + SLACK, one >= 1 - level - SLACK) for one in chances] for chances in questions]
    return float(sum(all(no for no, _ in one) or all(yes for _, yes in one) for one in sides))


def _reached(said: Any, level: float, low: float, high: float) -> float:
    """The first place on the axis at which a curve reaches a chance."""
    if said[0][0] <= low and said[0][1] >= level:
        return low
    return halfway(lambda place: chance_at(said, place, low, high) < level, low, high)


def _by(claim: Claim, said: Any, day: int) -> float:
    return chance_at(said if said[0][0] == 0 else [(0, 0.0), *said], day, 0, length(claim))


def contributions(rows: Iterable[Row]) -> dict[tuple[str, str], float]:
    """What each scored row adds to the mean score of its forecaster on claims of its type."""
    found: dict[tuple[str, str], float] = {}
    means: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["place"] == "scored" and not row["imputed"]:
            means[row["forecaster"], row["type"]].append(row)
    for own in means.values():
        units = [one["unit"] for one in own]
        for row in own:
            found[row["claim"], row["forecaster"]] = row["brier"] / units.count(row["unit"]) / len(set(units))
    return found


def line(snapshot: Snapshot, rows: list[Row], undoubted: dict[str, tuple[float, float]]) -> Row:
    """The counts of one forecaster's line of the leaderboard, from all of their rows; of stated numbers."""
    stated = [one for one in rows if one["stood"] and not one["imputed"] and not one["backdated"]]
    scored = [one for one in stated if one["place"] == "scored"]
    claims = [snapshot.find(Claim, one["claim"]) for one in scored]
    doubted = [one for one in scored if one["claim"] in undoubted]
    shares = [one | {"share": undoubted[one["claim"]][0] / undoubted[one["claim"]][1]} for one in doubted]
    imputed = {one["cluster"] for one in rows if one["place"] == "scored" and one["imputed"]}
    return {
        "n": len({one["cluster"] for one in scored}),
        "coverage": mean_of_units(scored, "coverage"),
        "entered": mean_of_units(scored, "entered"),
        "no_verdict": sum(one["place"] in UNDECIDED for one in stated),
        "unclear": sum(one["place"] in {"annulled", "ambiguous"} and not one["waits"] for one in stated),
        "partly": sum(0 < (snapshot.verdict(one).fraction or 0) < 1 for one in claims),
        "contested": sum(contested(snapshot, one) for one in claims),
        "replaced": sum(replaced(snapshot, one) for one in claims),
        "by_day": sum(bool(one.closes_at) and window(one, snapshot.verdict(one))[0] for one in claims),
        "dated_early": sum(dated_early(snapshot, one) for one in [*claims, *_kept_out(snapshot, rows)]),
        "begun_by_words": len(imputed),
        "undoubted": mean_of_units(shares, "share") if shares else None,
    }


def _kept_out(snapshot: Snapshot, rows: list[Row]) -> list[Claim]:
    """The claims with an outcome on which nothing of a forecaster stood, being too late or of the answer's day."""
    late = [one for one in rows if one["place"] in {"too late", "on the day of the answer"} and not one["imputed"]]
    claims = [snapshot.find(Claim, one["claim"]) for one in late if not one["waits"]]
    return [one for one in claims if (said := snapshot.verdict(one)) and said.outcome not in {"annulled", "ambiguous"}]


def verdicts(snapshot: Snapshot, claim: Claim) -> list[Any]:
    """Everything that was ever recorded as the verdict of a claim and is known by now, in order."""
    numbers = [item.record.number for item in snapshot.resolutions_of(claim)]
    every = [item for number in numbers for item in snapshot.revisions(Resolution, claim.slug, number)]
    known = [item for item in every if not item.record.dissent and item.record.known_on <= snapshot.today]
    return sorted(known, key=lambda item: item.entry)


def replaced(snapshot: Snapshot, claim: Claim) -> bool:
    """Whether it had another outcome before."""
    return len({answer(claim, item.record) for item in verdicts(snapshot, claim)}) > 1


def contested(snapshot: Snapshot, claim: Claim) -> bool:
    """Whether the last that somebody said in dissent is another outcome."""
    every = [item.record for item in snapshot.resolutions_of(claim)]
    last = {(one.decided_by or one.recorded_by, one.published_in): one for one in every if one.dissent}
    verdict = snapshot.verdict(claim)
    return verdict is not None and any(answer(claim, one) != answer(claim, verdict) for one in last.values())


def answer(claim: Claim, verdict: Resolution) -> tuple[Any, ...]:
    """How it came out; the days are the answer of a date only."""
    days = (verdict.happened_on, verdict.happened_from) if kind_of(claim) == "date" else ()
    return verdict.outcome, verdict.fraction, verdict.option, verdict.value, *days


def dated_early(snapshot: Snapshot, claim: Claim) -> bool:
    """Whether the answer cut its time, and was said to be public long before anybody recorded it."""
    verdict = snapshot.verdict(claim)
    by_day, limit, closes = window(claim, verdict)
    opens = start_of(claim.opens_on)
    limit, long = max(limit, opens), min(timedelta(7), max((closes - opens) / 4, timedelta(2)))
    if verdict is None or asked_there(snapshot, claim, verdict) or limit + long >= closes:
        return False
    alike = [
        item
        for item in verdicts(snapshot, claim)
        if item.record.outcome == verdict.outcome and public(item.record) <= public(verdict)
    ]
    recorded = alike[0].recorded_at
    if by_day and recorded != start_of(recorded.date()):
        recorded = end_of(recorded.date())
    return min(recorded, closes) - limit > long


def asked_there(snapshot: Snapshot, claim: Claim, verdict: Resolution) -> bool:
    """Whether the platform that decided is the source of the claim's statement."""
    return verdict.published_in == snapshot.find(Statement, claim.statement).source


def public(verdict: Resolution) -> datetime:
    return verdict.known_at or start_of(verdict.known_on)

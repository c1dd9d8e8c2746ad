"""The base rate, the clock and the median of the others on choices, numbers and dates, told again in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from club_of_types import TYPES, club_of_types
from conftest import Clock

from predictions import Ledger
from predictions.scoring.compare.comparison import WHY_SILENT

OPENS, DAYS = date(2026, 1, 2), 20
DEADLINE = OPENS + timedelta(days=DAYS - 1)
SETTLED = "2026-03-01"
EXPECTED = {"yes-no": 1 / 4, "choice": 1 / 3, "ordered": 2 / 9, "number": 1 / 6, "date": (5 * DAYS + 1) / (24 * DAYS)}
TERMS: dict[str, dict[str, Any]] = {
    "choice": {"options": ["a", "b", "c"]}, "ordered": {"options": ["a", "b", "c"], "ordered": True},
    "number": {"unit": "m", "between": (0, 10)}, "date": {"when": True},
}  # fmt: skip
OUTCOMES: dict[str, list[Any]] = {
    "choice": ["a", "a", "b", "c"], "ordered": ["a", "a", "b", "c"], "number": [2.0, 12.0, 4.5, 4.5],
    "date": [3, 3, 17, None],
}  # fmt: skip
SHARES = [(0.5, 0.3, 0.2), (0.2, 0.2, 0.6), (0.1, 0.8, 0.1)]


def four_of(ledger: Ledger, clock: Clock, type_: str, together: int = 0) -> None:
    """Four claims of a type, on which three people speak on the day before the window opens; and what came of them."""
    clock.set("2026-01-01")
    for number in range(4):
        cluster = {"cluster": "one-event"} if number < together else {}
        ledger.add(
            f"{type_} {number}", deadline=DEADLINE, opens_on=OPENS, slug=f"{type_}-{number}", **cluster, **TERMS[type_]
        )
    for number in range(4):
        for who, (one, two, three) in zip(("ana", "ben", "cyd"), SHARES, strict=True):
            if type_ in {"choice", "ordered"}:
                ledger.forecast(f"{type_}-{number}", {"a": one, "b": two, "c": three}, by=who)
            elif type_ == "number":
                ledger.forecast(f"{type_}-{number}", quantiles=quantiles_of((one, two, three)), by=who)
            else:
                ledger.forecast(f"{type_}-{number}", {OPENS + timedelta(days=9): one / 2, DEADLINE: one}, by=who)
    clock.set(SETTLED)
    for number, outcome in enumerate(OUTCOMES[type_]):
        if type_ != "date":
            ledger.resolve(f"{type_}-{number}", outcome, known_on="2026-01-25", reason="seen")
        elif outcome:
            ledger.resolve(f"date-{number}", "yes", happened_on=OPENS + timedelta(days=outcome - 1), reason="seen")
        else:
            ledger.resolve(f"date-{number}", "no")


def base_loss(type_: str, number: int) -> float:
    """What the share of the three others that came out so loses on one claim: once, or over time."""
    mine, others = OUTCOMES[type_][number], [one for at, one in enumerate(OUTCOMES[type_]) if at != number]
    if type_ == "choice":
        return sum((others.count(option) / 3 - (mine == option)) ** 2 for option in "abc") / 2
    if type_ == "ordered":
        return fmean((sum(one <= cut for one in others) / 3 - (mine <= cut)) ** 2 for cut in "ab")
    if type_ == "number":
        ends = sorted({0.0, 10.0, *(min(one, 10.0) for one in OUTCOMES[type_])})
        return sum(
            (right - left) / 10 * (sum(one <= left for one in others) / 3 - (mine <= left)) ** 2
            for left, right in pairwise(ends)
        )
    return over_days(mine, lambda day, _: sum(one is not None and one <= day for one in others) / 3)


def over_days(mine: int | None, chance: Callable[[int, float], float]) -> float:
    """The time Brier of a chance by each day at each moment, integrated: exactly where it is a polynomial."""
    lost = 0.0
    for threshold in range(1, DAYS + 1):
        answer = mine is not None and mine <= threshold
        for day in range(min(threshold, mine or DAYS)):
            lost += sum(
                weight / 2 * (chance(threshold, day + (1 + place) / 2) - answer) ** 2
                for place, weight in zip(
                    *(column.tolist() for column in np.polynomial.legendre.leggauss(9)), strict=True
                )
            )
    return lost / (DAYS * (DAYS + 1) / 2)


def beside(ledger: Ledger, type_: str, reference: str) -> Iterator[tuple[int, float]]:
    """The number of each claim, and what the reference lost there: what ana lost, less the difference."""
    found = ledger.compare("ana", reference, type=type_)
    rows = {row["claim"]: row for row in ledger.scorecard().rows() if row["forecaster"] == "ana"}
    assert len(found.pairs) == 4
    for pair in found.pairs:
        number, row = int(pair.claims[0][-1]), rows[pair.claims[0]]
        own = float(row["brier"])  # all stood over the whole window
        if type_ == "date":
            own = over_days(OUTCOMES["date"][number], lambda day, _: day / (2 * DAYS)) - float(row["time_skill"])
        yield number, own - pair.difference


@pytest.mark.parametrize("type_", [*TERMS])
def test_the_base_rate_is_how_the_others_of_the_type_came_out(ledger: Ledger, clock: Clock, type_: str) -> None:
    four_of(ledger, clock, type_)

    for number, lost in beside(ledger, type_, "base rate"):
        assert lost == pytest.approx(base_loss(type_, number), abs=1e-11)


@pytest.mark.parametrize("type_", [*TERMS])
def test_without_company_the_base_rate_knows_nothing(ledger: Ledger, clock: Clock, type_: str) -> None:
    four_of(ledger, clock, type_)
    for number in range(1, 4):
        ledger.resolve(f"{type_}-{number}", "annulled", reason="a mistake", again=True)

    alone, nothing = (ledger.compare("ana", reference, type=type_) for reference in ("base rate", "half"))

    assert alone.difference == pytest.approx(nothing.difference, abs=1e-12)


def test_the_clock_of_a_date_is_that_of_each_claim_by_a_day(ledger: Ledger, clock: Clock) -> None:
    four_of(ledger, clock, "date")
    came = [outcome is not None for outcome in OUTCOMES["date"]]

    for number, lost in beside(ledger, "date", "the clock"):
        base = (sum(came) - came[number]) / 3
        wanted = over_days(OUTCOMES["date"][number], lambda day, now, base=base: 1 - (1 - base) ** ((day - now) / DAYS))
        assert lost == pytest.approx(wanted, abs=1e-8)


@pytest.mark.parametrize("type_", ["choice", "ordered", "number"])
def test_the_clock_says_nothing_of_other_types(ledger: Ledger, clock: Clock, type_: str) -> None:
    four_of(ledger, clock, type_)

    found = ledger.compare("ana", "the clock", type=type_)

    assert (found.pairs, found.silent) == ((), 4)
    assert f"4 claims are not in it: {WHY_SILENT['the clock']}" in " ".join(str(found).split())


@pytest.mark.parametrize("type_", [*TERMS])
def test_the_others_are_their_median_without_oneself(ledger: Ledger, clock: Clock, type_: str) -> None:
    four_of(ledger, clock, type_)
    means = [fmean(pair) for pair in zip(*SHARES[1:], strict=True)]  # of two the median is the mean

    for number, lost in beside(ledger, type_, "the others"):
        mine = OUTCOMES[type_][number]
        if type_ == "choice":
            wanted = sum((share - (mine == option)) ** 2 for option, share in zip("abc", means, strict=True)) / 2
        elif type_ == "ordered":
            wanted = fmean([(means[0] - (mine == "a")) ** 2, (means[0] + means[1] - (mine != "c")) ** 2])
        elif type_ == "date":
            points = [0, 10, DAYS], [0, fmean(one / 2 for one, *_ in SHARES[1:]), fmean(one for one, *_ in SHARES[1:])]
            wanted = over_days(mine, lambda day, _, points=points: float(np.interp(day, *points)))
        else:
            wanted = crps_of_mean([number_curve(shares) for shares in SHARES[1:]], min(mine, 10.0))
        assert lost == pytest.approx(wanted, abs=1e-11)


def test_nobody_beside_is_counted(ledger: Ledger, clock: Clock) -> None:
    four_of(ledger, clock, "number")
    clock.set("2026-04-01")
    ledger.add("Alone", deadline="2026-04-20", opens_on="2026-04-02", slug="alone", **TERMS["number"])
    ledger.forecast("alone", quantiles={0.1: 1, 0.4: 2, 0.6: 3, 0.9: 4}, by="ana")
    clock.set("2026-07-01")
    ledger.resolve("alone", 3, known_on="2026-04-21", reason="seen")

    found = ledger.compare("ana", "the others")

    assert (len(found.pairs), found.silent) == (4, 1)
    assert "1 claim is not in it: nobody else stood there at the same time" in str(found)


@pytest.mark.parametrize("reference", ["base rate", "the others"])
def test_every_type_is_compared_at_once_in_units_of_knowing_nothing(
    ledger: Ledger, clock: Clock, reference: str
) -> None:
    club_of_types(ledger, clock, 4)
    expected = EXPECTED | {"date": 501 / 2400}

    found = ledger.compare("ana", reference)

    by_type = {type_: ledger.compare("ana", reference, type=type_).pairs for type_ in TYPES}
    assert found.types == TYPES
    assert {pair.claims[0]: pair.difference for pair in found.pairs} == pytest.approx(
        {pair.claims[0]: pair.difference / expected[type_] for type_, pairs in by_type.items() for pair in pairs}
    )


def number_curve(shares: Sequence[float]) -> tuple[list[float], list[float]]:
    at = quantiles_of(shares)
    return [0.0, *at.values(), 10.0], [0.0, *at, 1.0]


def quantiles_of(shares: Sequence[float]) -> dict[float, float]:
    return dict(zip((0.1, 0.4, 0.6, 0.9), [*np.cumsum(sorted(shares)) * 8, 9.5], strict=True))


def crps_of_mean(curves: Sequence[tuple[list[float], list[float]]], mine: float) -> float:
    """The mean Brier of "at most x?" of the mean of two curves: a parabola between their points, by Simpson's rule."""
    ends = sorted({mine, *(at for curve in curves for at in curve[0])})
    lost = 0.0
    for left, right in pairwise(ends):
        answer = left >= mine
        gaps = [fmean(np.interp(at, *curve) for curve in curves) - answer for at in (left, (left + right) / 2, right)]
        lost += (right - left) / 6 * (gaps[0] ** 2 + 4 * gaps[1] ** 2 + gaps[2] ** 2)
    return lost / 10


def test_what_hangs_together_is_one_among_the_others(ledger: Ledger, clock: Clock) -> None:
    """Claims 0 and 1, which one event decides, are no company for each other and one observation for the rest."""
    four_of(ledger, clock, "choice", together=2)

    found = ledger.compare("ana", "base rate")

    own = {row["claim"]: float(row["brier"]) for row in ledger.scorecard().rows() if row["forecaster"] == "ana"}
    losses = {pair.claims[0]: fmean(own[claim] for claim in pair.claims) - pair.difference for pair in found.pairs}
    assert losses["choice-0"] == pytest.approx((0.5**2 + 0.5**2 + 1) / 2)  # of the others b and c, and a came
    assert losses["choice-2"] == pytest.approx((0.5**2 + 0.5**2 + 1) / 2)  # a, which is one, and c; and b came

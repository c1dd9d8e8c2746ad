"""Scores over time once more, in plain Python, on random histories of every awkward kind.

Histories hold forecasts before the opening, at the very same moment, after the answer and after the deadline,
withdrawals first, last and twice, and answers before, in and after the window. The slow side walks through the
window from one change to the next and asks who had said what.
"""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random
from statistics import median

import numpy as np
import pytest

from forecasts.aggregation import crowd
from forecasts.platforms import (
    fatebook,
    good_judgment,
    metaculus_baseline,
    metaculus_baseline_at,
    metaculus_peer,
    metaculus_ranking,
    metaculus_spot,
    metaculus_spot_forecast,
    sampled_daily,
)
from forecasts.reference import ConstantHazard
from forecasts.standing import standing
from forecasts.time_scores import first_forecast, last_forecast, spot, time_brier, time_skill

SEEDS = range(40)
CLOSE = {"abs": 1e-9, "rel": 1e-9}


class History:
    """Forecasts of several people on one claim, as (person, time, probability or None), in the order of recording."""

    def __init__(self, seed: int, *, withdrawals: bool = True, sure: bool = True) -> None:
        random = Random(seed)
        self.people = random.randint(1, 4)
        self.opens = random.choice([0.0, -3.5, 1e6])
        self.closes = self.opens + random.choice([10.0, 7.3, 0.4])
        length = self.closes - self.opens
        self.known = random.choice([math.inf, self.opens, *[self.opens + random.uniform(-0.1, 1.3) * length] * 3])
        self.end = min(self.closes, self.known)
        moments = [self.opens + random.uniform(-0.3, 1.2) * length for _ in range(5)] + [self.opens, self.closes]
        said = [0.0, 1.0] if sure else []
        self.rows = []
        for _ in range(random.randint(0, 14)):
            person, time = random.randrange(self.people), random.choice(moments)
            chance = random.choice([random.uniform(0.01, 0.99), *said, None] if withdrawals else [random.random()])
            self.rows.append((person, time, chance))
        self.outcome = random.choice([0, 1])
        self.random = random

    @property
    def record(self):
        return standing(
            [time for _, time, _ in self.rows],
            [math.nan if chance is None else chance for _, _, chance in self.rows],
            opens=[self.opens] * self.people,
            closes=[self.closes] * self.people,
            known=self.known,
            series=np.array([person for person, _, _ in self.rows], dtype=int),
        )

    def said(self, person: int, time: float) -> float | None:
        """What stood at a moment: the latest forecast at or before it, the last recorded of several."""
        if not self.opens <= time < self.end:
            return None
        latest, found = -math.inf, None
        for who, when, chance in self.rows:
            if who == person and when <= time and when >= latest:
                latest, found = when, chance
        return found

    def pieces(self) -> list[tuple[float, float]]:
        """The window, cut wherever anything may change."""
        times = {self.opens, self.closes, self.end, *[time for _, time, _ in self.rows]}
        inside = sorted(time for time in times if self.opens <= time <= self.closes)
        return list(pairwise(inside))


def nan_or(value: float | None) -> float:
    return math.nan if value is None else value


def same(ours, theirs) -> bool:
    return ours == pytest.approx(theirs, nan_ok=True, **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_coverage_time_brier_and_time_skill(seed):
    history = History(seed)
    record, horizon, v = history.record, history.closes - history.opens, history.outcome
    covered, losses, saved, others, crowds = ([0.0] * history.people for _ in range(5))
    bar = history.random.random()
    for start, end in history.pieces():
        told = [history.said(person, start) for person in range(history.people)]
        there = [chance for chance in told if chance is not None]
        for person, chance in enumerate(told):
            if chance is None:
                continue
            covered[person] += (end - start) / horizon
            losses[person] += (chance - v) ** 2 * (end - start) / horizon
            saved[person] += ((bar - v) ** 2 - (chance - v) ** 2) * (end - start) / horizon
            crowds[person] += ((median(there) - v) ** 2 - (chance - v) ** 2) * (end - start) / horizon
            if told[0] is not None:
                others[person] += ((told[0] - v) ** 2 - (chance - v) ** 2) * (end - start) / horizon

    assert same(record.coverage, covered)
    assert same(time_brier(record, [v] * history.people), [
        loss if part else math.nan for loss, part in zip(losses, covered, strict=True)
    ])  # fmt: skip
    assert same(time_skill(record, [v] * history.people, reference=bar), saved)
    assert same(time_skill(record, [v] * history.people, reference=[bar] * history.people), saved)
    for person in range(history.people):
        mine = [(when, nan_or(chance)) for who, when, chance in history.rows if who == person]
        window = {"opens": history.opens, "closes": history.closes, "known": history.known}
        alone = standing([when for when, _ in mine], [chance for _, chance in mine], **window)
        first = [(when, nan_or(chance)) for who, when, chance in history.rows if who == 0]
        rival = standing([when for when, _ in first], [chance for _, chance in first], **window)
        assert same(time_skill(alone, v, reference=rival), others[person])
        assert same(time_skill(alone, v, reference=crowd(record)), crowds[person])


@pytest.mark.parametrize("seed", SEEDS)
def test_first_last_and_spot(seed):
    history = History(seed)
    record, people = history.record, range(history.people)
    first, last = [math.nan] * history.people, [math.nan] * history.people
    for start, _ in history.pieces():
        for person in people:
            chance = history.said(person, start)
            if chance is not None:
                first[person] = chance if math.isnan(first[person]) else first[person]
                last[person] = chance
    for person in people if history.end <= history.opens else ():  # public by then: what stood at the answer
        told = [row for row in history.rows if row[0] == person and row[1] < history.end]
        first[person] = last[person] = nan_or(max(reversed(told), key=lambda row: row[1])[2]) if told else math.nan
    at = history.random.choice([history.opens, history.closes, history.random.uniform(history.opens, history.closes)])

    assert same(first_forecast(record), first)
    assert same(last_forecast(record), last)
    assert same(spot(record, at), [nan_or(history.said(person, at)) for person in people])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("survival", [False, True])
def test_the_skill_against_a_clock(seed, survival):
    history = History(seed)
    horizon, v, p0 = history.closes - history.opens, history.outcome, history.random.uniform(0.02, 0.98)
    saved = [0.0] * history.people

    def clock(time):
        happens = 1 - (1 - p0) ** ((history.closes - time) / horizon)
        return 1 - happens if survival else happens

    for start, end in history.pieces():
        steps = 40
        width = (end - start) / steps
        points = [start + k * width for k in range(steps + 1)]
        losses = [(clock(min(point, history.closes)) - v) ** 2 for point in points]
        loss = sum((1 if k in (0, steps) else 4 if k % 2 else 2) * value for k, value in enumerate(losses)) * width / 3
        for person in range(history.people):
            chance = history.said(person, start)
            if chance is not None:
                saved[person] += (loss - (chance - v) ** 2 * (end - start)) / horizon

    ours = time_skill(history.record, [v] * history.people, reference=ConstantHazard(p0, survival=survival))

    assert ours == pytest.approx(saved, abs=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_metaculus_over_time_and_at_its_spot(seed):
    history = History(seed, sure=False)
    horizon, v, people = history.closes - history.opens, history.outcome, range(history.people)
    baseline, peer = [0.0] * history.people, [0.0] * history.people
    for start, end in history.pieces():
        told = [history.said(person, start) for person in people]
        given = [None if chance is None else chance if v else 1 - chance for chance in told]
        there = [math.log(chance) for chance in given if chance is not None]
        for person, chance in enumerate(given):
            if chance is None:
                continue
            baseline[person] += 100 * (math.log2(chance) + 1) * (end - start) / horizon
            if len(there) > 1:
                others = (sum(there) - math.log(chance)) / (len(there) - 1)
                peer[person] += 100 * (math.log(chance) - others) * (end - start) / horizon
    spot_time = history.end if history.end > history.opens else history.closes
    just_before = [history.said(person, spot_time - 1e-7 * horizon) for person in people]

    assert same(metaculus_baseline(history.record, [v] * history.people), baseline)
    assert same(metaculus_peer(history.record, v), peer)
    assert sum(peer) == pytest.approx(0.0, abs=1e-8)
    assert same(metaculus_spot_forecast(history.record, spot_time), [nan_or(chance) for chance in just_before])
    assert same(
        metaculus_spot(history.record, v, at=spot_time, score=metaculus_baseline_at),
        [0.0 if c is None else 100 * (math.log2(c if v else 1 - c) + 1) for c in just_before],
    )
    coverage = [history.random.random() for _ in range(50)]
    scores = [history.random.gauss(0, 20) for _ in coverage]
    assert metaculus_ranking(scores, coverage) == pytest.approx(sum(scores) / max(30, sum(coverage)), **CLOSE)


def briers(chance: float, outcome: int) -> float:
    return (chance - outcome) ** 2 + ((1 - chance) - (1 - outcome)) ** 2


@pytest.mark.parametrize("seed", SEEDS)
def test_good_judgment_by_days(seed):
    history = History(seed)
    people = range(history.people)
    days, start = [], history.opens
    while start < history.closes - 1e-9:
        days.append(min(start + 1, history.closes))
        start += 1
    table = [[history.said(person, day - 1e-7) for day in days] for person in people]
    expected = []
    for person in people:
        own, crowd_scores, apart, active = 0.0, 0.0, 0.0, 0
        for day in range(len(days)):
            there = [briers(row[day], history.outcome) for row in table if row[day] is not None]
            if table[person][day] is None:
                continue
            active += 1
            own += briers(table[person][day], history.outcome)
            crowd_scores += median(there)
            apart += briers(table[person][day], history.outcome) - median(there)
        if not active:
            expected.append([math.nan, math.nan, 0.0, 0.0, 0.0])
            continue
        share = active / len(days)
        expected.append([own / active, crowd_scores / active, share, apart / active * share, -apart])

    sampled = sampled_daily(history.record)
    ours = good_judgment(sampled, history.outcome)

    assert same(sampled.ravel(), [nan_or(chance) for row in table for chance in row])
    columns = [ours.mean_brier, ours.mean_median, ours.participation, ours.accuracy, ours.net_points]
    assert same(np.column_stack(columns).ravel(), [value for row in expected for value in row])


@pytest.mark.parametrize("seed", SEEDS)
def test_fatebook_as_its_code_walks_through_the_days(seed):
    """Nobody withdraws there, and the window ends when the question resolves."""
    history = History(seed, withdrawals=False)
    history.known = history.end = history.closes
    length = history.closes - history.opens
    scores: list[list[float | None]] = [[] for _ in range(history.people)]
    weights, start = [], 0.0
    while start < length - 1e-9:
        end = min(start + 1, length)
        weights.append(end - start)
        for person in range(history.people):
            before, inside = None, []
            rows = enumerate(history.rows)
            for _, (who, when, chance) in sorted(rows, key=lambda row: (row[1][1], row[0])):
                moment = when - history.opens
                if who == person and moment <= start:
                    before = chance
                elif who == person and start < moment < end:
                    inside.append((moment, chance))
            if before is None and not inside:
                scores[person].append(None)
                continue
            average, told = 0.0, 0.0
            steps = ([(start, before)] if before is not None else []) + inside
            for (moment, chance), (following, _) in pairwise(steps):
                average += chance * (following - moment) / (end - start)
                told += (following - moment) / (end - start)
            average += steps[-1][1] * (1 - told)
            scores[person].append(briers(average, history.outcome))
        start += 1
    expected_absolute, expected_relative = [], []
    for person in range(history.people):
        absolute, relative, present = 0.0, 0.0, False
        for day, weight in enumerate(weights):
            own = scores[person][day]
            if own is not None:
                present = True
                there = [row[day] for row in scores if row[day] is not None]
                absolute += own * weight / sum(weights)
                relative += (own - median(there)) * weight / sum(weights)
        expected_absolute.append(absolute if present else math.nan)
        expected_relative.append(relative if present else math.nan)

    ours = fatebook(history.record, history.outcome)

    assert same(ours.absolute, expected_absolute)
    assert same(ours.relative, expected_relative)

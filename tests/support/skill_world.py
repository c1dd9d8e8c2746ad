"""Invented contests in which everybody's true skill is known.

A claim comes true if the sum of 20 pieces of news, on top of what all know at the opening, ends above 0. Half of the
claims are judged at the end; the other half ask whether something happens by a day, and yes closes them on a day that
no news tells. A forecaster of skill k notices each piece of news with chance k, and says exactly what follows from what
was noticed: so everybody is calibrated, and the better ones know more. Time runs in 24 steps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from forecasts.adjusted_skill import adjusted_skill

STEPS, NEWS, EARLY = 24, 20, 5


class World(NamedTuple):
    """What happens to each claim.

    Attributes:
        known: What all know at the opening, in units of one piece of news.
        news: The pieces of news, shape (claims, 20).
        outcome: Whether it comes true.
        by_date: Whether yes closes it early.
        answered: The step from which the answer is public.
    """

    known: np.ndarray
    news: np.ndarray
    outcome: np.ndarray
    by_date: np.ndarray
    answered: np.ndarray


class Entries(NamedTuple):
    """Who forecasts what: one row a forecaster on a claim; `said` has what stands in each step, NaN for nothing."""

    who: np.ndarray
    claim: np.ndarray
    said: np.ndarray


def new_world(random, claims, spread=4.0):
    known, news = random.normal(0, spread, claims), random.normal(size=(claims, NEWS))
    outcome = (known + news.sum(axis=1) > 0).astype(float)
    by_date = np.arange(claims) % 2 == 0
    early = random.integers(1, STEPS, claims)
    return World(known, news, outcome, by_date, np.where(by_date & (outcome == 1), early, STEPS))


def beliefs(world, claim, noticed):
    """What follows in each step from the news noticed so far, shape (rows, 24), and from a claim still being open."""
    arrived = EARLY + np.arange(STEPS) * (NEWS - EARLY) // STEPS  # pieces of news at the start of each step
    seen = np.zeros((claim.size, NEWS + 1))
    np.cumsum(np.where(noticed, world.news[claim], 0.0), axis=1, out=seen[:, 1:])
    count = np.zeros((claim.size, NEWS + 1), int)
    np.cumsum(noticed, axis=1, out=count[:, 1:])
    open_news = NEWS - count[:, arrived]
    chance = ndtr((world.known[claim][:, None] + seen[:, arrived]) / np.sqrt(np.maximum(open_news, 1e-9)))
    left = 1 - np.arange(STEPS) / STEPS
    waited = chance * left / (chance * left + 1 - chance)
    return np.where(world.by_date[claim][:, None], waited, chance)


def held(belief, joins, random, updates=0.3):
    """What stands in each step: from the first forecast on, renewed with a chance in each step."""
    step = np.arange(STEPS)
    renewed = (random.random(belief.shape) < updates) | (step == joins[:, None])
    latest = np.maximum.accumulate(np.where(renewed & (step >= joins[:, None]), step, -1), axis=1)
    said = np.take_along_axis(belief, np.maximum(latest, 0), axis=1)
    return np.where(latest >= 0, said, np.nan)


def honest(world, skill, who, claim, joins, random, updates=0.3):
    """The entries of honest forecasters; those who join after the answer are not among them."""
    open_still = joins < world.answered[claim]
    who, claim, joins = who[open_still], claim[open_still], joins[open_still]
    noticed = random.random((claim.size, NEWS)) < skill[who][:, None]
    return Entries(who, claim, held(beliefs(world, claim, noticed), joins, random, updates))


def together(*entries):
    return Entries(*(np.concatenate(column) for column in zip(*entries, strict=True)))


def pieces(world, entries):
    """The columns that the estimator takes: from the first forecast to the end, 0 where withdrawn or answered."""
    step = np.arange(STEPS)
    begun = np.logical_or.accumulate(~np.isnan(entries.said), axis=1)
    loss = 4 * (entries.said - world.outcome[entries.claim][:, None]) ** 2 - 1
    counts = (step < world.answered[entries.claim][:, None]) & ~np.isnan(loss)
    loss = np.where(counts, loss, 0.0)
    new = begun & np.concatenate((np.ones((loss.shape[0], 1), bool), (np.diff(loss) != 0) | ~begun[:, :-1]), axis=1)
    row, start = np.nonzero(new)
    end = np.where(np.append(row[1:], -1) == row, np.append(start[1:], STEPS), STEPS)
    return entries.claim[row], entries.who[row], start, end, loss[row, start]


def board(world, entries, people, **more):
    """The leaderboard of a contest; the group is everybody on at least ten claims, unless it is given."""
    claims = world.known.size
    many = np.bincount(entries.who, minlength=people) >= 10
    more = {"reference": many, "cluster": np.arange(claims), "draws": 400} | more
    return adjusted_skill(*pieces(world, entries), window=np.full(claims, STEPS), **more)


def first_brier(world, entries, people):
    """The plain mean of the squared error of first forecasts, as skill: higher is better."""
    first = np.argmax(~np.isnan(entries.said), axis=1)
    error = (entries.said[np.arange(first.size), first] - world.outcome[entries.claim]) ** 2
    with np.errstate(invalid="ignore"):
        return -np.bincount(entries.who, error, people) / np.bincount(entries.who, minlength=people)

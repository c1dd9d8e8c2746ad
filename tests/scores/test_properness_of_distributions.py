"""Honest distributions are best, at first and over time, in worlds in which what is believed comes true as often.

A belief is a chance for each of some cells: options, values of equal width on their axis, or days and "never". A signal
after five of twelve days tells more, and of a date each day that passes; the honest say at once what they then believe.
Every other strategy bends all beliefs or the last, and must lose by more than noise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from forecasts.choices import Choice, Ordered
from forecasts.curves import Curves
from forecasts.dates import Date
from forecasts.kernel import Claims, Rows, batches
from forecasts.numbers import Number
from forecasts.questions import Scoring
from forecasts.share_scores import Shares

CLAIMS, DAYS = 6_000, 12
TOLD = 5  # when the signal comes, in days
MADE = {"date": np.arange(DAYS)}  # when forecasts are made, in days: of a date daily, for each day tells something
AT = np.array([0, TOLD, 11])  # of the other types
CELLS = {"choice": 4, "ordered": 4, "number": 20, "log": 20, "date": DAYS + 1}
Beliefs = np.ndarray  # (claims, moments, cells)


def normalised(weights: Beliefs) -> Beliefs:
    return weights / weights.sum(axis=-1, keepdims=True)


def later(belief: Beliefs) -> Beliefs:
    """Half of every chance moved on by a fifth of the cells, to the last one at most."""
    step, kept = max(1, belief.shape[-1] // 5), belief / 2
    bent = kept.copy()
    bent[..., step:] += kept[..., :-step]
    bent[..., -1] += kept[..., -step:].sum(axis=-1)
    return bent


def certain_at_last(belief: Beliefs, least: bool = False) -> Beliefs:
    """The honest beliefs, and certainty of the likeliest cell at the last moment; or of the least likely possible."""
    bent = belief.copy()
    last = np.where(belief[:, -1] > 0, belief[:, -1], np.inf) if least else -belief[:, -1]
    bent[:, -1] = np.eye(belief.shape[-1])[last.argmin(axis=-1)]
    return bent


BENT: dict[str, Callable[[Beliefs], Beliefs]] = {
    "stretched": lambda belief: normalised(belief**1.6),
    "flattened": lambda belief: normalised(belief**0.6),
    "shifted": later,
    "hedged": lambda belief: 0.65 * belief + 0.35 / belief.shape[-1],
}
AT_LAST: dict[str, Callable[[Beliefs], Beliefs]] = {
    "never changed": lambda belief: np.repeat(belief[:, :1], belief.shape[1], axis=1),
    "certain at the last minute": certain_at_last,
    "daring at the last minute": lambda belief: certain_at_last(belief, least=True),
}


def world(kind: str, luck: np.random.Generator) -> tuple[Beliefs, np.ndarray]:
    """What is honestly believed of each claim at each moment, and the cell that comes true."""
    cells = CELLS[kind]
    prior = luck.dirichlet(np.full(cells, 0.4), CLAIMS)
    truth = (luck.random((CLAIMS, 1)) > np.cumsum(prior, axis=1)).sum(axis=1).clip(0, cells - 1)
    signal = truth + luck.normal(0, cells / 5, CLAIMS)
    told = np.exp(-(((np.arange(cells) - signal[:, np.newaxis]) / (cells / 5)) ** 2) / 2)
    made = MADE.get(kind, AT)
    beliefs = np.repeat(prior[:, np.newaxis], made.size, axis=1)
    beliefs[:, made >= TOLD] *= told[:, np.newaxis]
    if kind == "date":  # days that are over are known
        beliefs *= np.arange(1, cells + 1) > made[:, np.newaxis]
    return normalised(beliefs + 1e-300), truth


def scoring(kind: str, said: Beliefs, truth: np.ndarray) -> tuple[Scoring, np.ndarray]:
    """How forecasts, one after the other, are scored, and how the claims came out."""
    flat = said.reshape(-1, said.shape[-1])
    count, cells = flat.shape
    if kind in {"choice", "ordered"}:
        of_options = Choice if kind == "choice" else Ordered
        return of_options(Shares(flat.ravel(), np.full(count, cells)), np.full(CLAIMS, cells)), truth.astype(float)
    points = DAYS if kind == "date" else cells
    chance = np.cumsum(flat, axis=1)[:, :points].clip(0, 1)
    at = np.tile(np.arange(1.0, points + 1), count)
    curves = Curves(at, chance.ravel(), np.full(count, points))
    zero = np.zeros(CLAIMS)
    if kind != "date":  # anywhere in its cell, of a log axis on that axis
        places = truth + np.random.default_rng(1).random(CLAIMS)
        return Number(curves, zero, zero + cells, (kind == "log") & (zero == 0)), np.exp(
            places
        ) if kind == "log" else places
    day, passed = truth + 1.0, np.resize(MADE["date"], count).astype(float)
    return Date(curves, passed, zero + DAYS, day, zero, zero, zero + DAYS, 1.0), day


def figures(kind: str, strategies: dict[str, Callable[[Beliefs], Beliefs]]) -> tuple[np.ndarray, np.ndarray]:
    """The loss of the first forecasts and the skill over time: a row for each strategy."""
    belief, truth = world(kind, np.random.default_rng(20))
    said = np.stack([belief, *(bend(belief) for bend in strategies.values())], axis=1)
    rule, outcome = scoring(kind, said, truth)
    made = MADE.get(kind, AT)
    people, moments = said.shape[1], made.size
    rows = Rows(
        np.repeat(np.arange(CLAIMS), people * moments).astype(np.int32),
        np.tile(np.repeat(np.arange(people), moments), CLAIMS).astype(np.int32),
        np.tile(made, CLAIMS * people), np.arange(CLAIMS * people * moments, dtype=float),
        np.zeros(CLAIMS * people * moments, "u1"),
    )  # fmt: skip
    whole = np.full(CLAIMS, float(DAYS))
    limit = np.minimum(outcome, DAYS) if kind == "date" else whole  # a date is known once its day is over
    claims = Claims(np.zeros(CLAIMS), whole, limit, outcome, np.zeros(CLAIMS))
    series = list(batches(rows, claims, scoring=rule))
    claim, first, saved = (np.concatenate([getattr(part, name) for part in series])
                           for name in ("claim", "probability", "saved"))  # fmt: skip
    losses = rule.losses(first, outcome[claim], claim)
    return losses.reshape(CLAIMS, people).T, saved.reshape(CLAIMS, people).T


def standard_errors(better: np.ndarray) -> float:
    """How many standard errors a mean difference lies above 0."""
    return float(better.mean() / (better.std(ddof=1) / np.sqrt(better.size)))


@pytest.mark.parametrize("kind", CELLS)
def test_no_bent_distribution_and_no_last_minute_beats_the_honest_one(kind: str) -> None:
    losses, saved = figures(kind, BENT | AT_LAST)

    for number, name in enumerate(BENT | AT_LAST, 1):
        assert standard_errors(saved[0] - saved[number]) > 4, name
        if name in BENT:  # the others say at first what is honest
            assert standard_errors(losses[number] - losses[0]) > 4, name


def test_averaging_a_date_until_its_answer_would_reward_the_hasty() -> None:
    """The control: the same worlds tell an improper score, in which a claim weighs 1 / its days, from a proper one."""
    hasty = {"hasty": lambda belief: normalised(belief * np.linspace(2.5, 0.4, belief.shape[-1]))}

    _, saved = figures("date", hasty)
    _, truth = world("date", np.random.default_rng(20))
    until_known = saved * DAYS / np.minimum(truth + 1, DAYS)

    assert standard_errors(saved[0] - saved[1]) > 4
    assert standard_errors(until_known[1] - until_known[0]) > 4

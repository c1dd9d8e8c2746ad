"""Tactics against the leaderboard: what one forecaster, the last, does among honest ones.

Each tactic takes a scene and returns the entries of all, and who is of the group if that was fixed beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from skill_world import NEWS, STEPS, Entries, World, beliefs, held, honest, new_world, together

PEOPLE, CLAIMS, EACH = 60, 100, 40


class Scene(NamedTuple):
    """A contest: honest forecasters on some of the claims each, and what one more believes on every claim."""

    world: World
    crowd: Entries
    people: int  # the honest ones; the one more has the next number
    own: np.ndarray  # the claims that the one more takes if it does not choose
    belief: np.ndarray
    sure: np.ndarray  # the claims, the most certain at the opening first
    by_date: np.ndarray  # the claims that yes closes early
    topic: np.ndarray  # claims of which the one more knows much, and the others little, if it is an expert
    expert: np.ndarray  # its beliefs then
    weak: np.ndarray  # its beliefs if it notices one piece of news in ten
    median: np.ndarray  # of the crowd, by claim and step
    random: np.random.Generator
    updates: float  # the chance at which everybody renews a number in each step
    skill: np.ndarray  # of the crowd


def new_scene(seed, people=PEOPLE, claims=CLAIMS, each=EACH, updates=0.3):
    random = np.random.default_rng(seed)
    world = new_world(random, claims)
    who = np.repeat(np.arange(people), each)
    claim = np.concatenate([chosen(random, claims, each) for _ in range(people)])
    skill = random.random(people)
    crowd = honest(world, skill, who, claim, np.zeros(who.size, int), random, updates)
    every, luck = np.arange(claims), random.random((claims, NEWS))
    topic = every % 3 == 0
    return Scene(
        world, crowd, people, chosen(random, claims, each),
        beliefs(world, every, luck < 0.5), np.argsort(-np.abs(world.known)), np.flatnonzero(world.by_date),
        np.flatnonzero(topic), beliefs(world, every, luck < np.where(topic, 0.9, 0.3)[:, None]),
        beliefs(world, every, luck < 0.1), median_of(crowd, claims), random, updates, skill,
    )  # fmt: skip


def chosen(random, claims, each):
    return random.permutation(claims)[:each]


def median_of(crowd, claims):
    """What the median of all says in each step, shape (claims, 24); one half where nobody speaks."""
    order = np.argsort(crowd.claim, kind="stable")
    parts = np.split(crowd.said[order], np.searchsorted(crowd.claim[order], np.arange(1, claims)))
    return np.array([np.nanmedian(part, axis=0) if part.size else np.full(STEPS, 0.5) for part in parts])


def entered(scene, claim, belief, joins=0, change=None, extra=0):
    """What a forecaster says on some claims: held as everybody holds it, then changed."""
    joins = np.broadcast_to(joins, claim.shape)
    open_still = joins < scene.world.answered[claim]
    claim = claim[open_still]
    said = held(belief[claim], joins[open_still], scene.random, scene.updates)
    return Entries(np.full(claim.size, scene.people + extra), claim, said if change is None else change(said))


def beside(scene, *entries, group=None):
    return together(scene.crowd, *entries), group


def plain(claims="own", belief="belief", joins=0, change=None):
    """A tactic in which only the claims, the beliefs, the moment or the numbers differ from honest ones."""

    def tactic(scene):
        return beside(scene, entered(scene, of(scene, claims), getattr(scene, belief), joins, change))

    return tactic


def of(scene, claims):
    name, _, count = claims.partition(" ")
    these = scene.sure[::-1] if name == "hard" else getattr(scene, name)
    return these[: int(count) * scene.own.size // EACH] if count else these


def log_odds_times(factor):
    def stretched(said):
        kept = np.clip(said, 1e-9, 1 - 1e-9)
        return 1 / (1 + ((1 - kept) / kept) ** factor)

    return stretched


def withdrawn(when):
    """Withdraw for good at the first step in which `when(said, first)` holds."""

    def change(said):
        begun = ~np.isnan(said)
        first = said[np.arange(said.shape[0]), np.argmax(begun, axis=1)][:, None]
        after_first = np.cumsum(begun, axis=1) > 1
        gone = np.logical_or.accumulate(after_first & when(said, first), axis=1)
        return np.where(gone, np.nan, said)

    return change


def against_first(said, first):
    return np.where(first > 0.5, first - said, said - first) > 0.1


def stays_at_first(said):
    return np.where(np.isnan(said), said, said[np.arange(said.shape[0]), np.argmax(~np.isnan(said), axis=1)][:, None])


def never_back(said):
    """Move away from one half only."""
    far = np.fmax.accumulate(np.abs(said - 0.5), axis=1)
    return 0.5 + np.sign(said - 0.5) * far


def shout_first(said):
    first = np.cumsum(~np.isnan(said), axis=1) <= 3
    return np.where(first & ~np.isnan(said), np.where(said > 0.5, 0.97, 0.03), said)


def on_news(scene):
    """Say a number in the steps in which it moves, and withdraw it until the next time."""
    news = np.concatenate((np.zeros((scene.belief.shape[0], 1)), np.abs(np.diff(scene.belief, axis=1))), axis=1) > 0.08
    said = np.where(news, scene.belief, np.nan)[scene.own]
    open_still = np.argmax(~np.isnan(said), axis=1) < scene.world.answered[scene.own]
    there = open_still & ~np.isnan(said).all(axis=1)
    return beside(scene, Entries(np.full(there.sum(), scene.people), scene.own[there], said[there]))


def waits(scene):
    far = np.abs(scene.belief[scene.own] - 0.5) > 0.3
    joins = np.where(far.any(axis=1), np.argmax(far, axis=1), STEPS)
    return beside(scene, entered(scene, scene.own, scene.belief, joins))


def after_news(scene):
    """Join each claim in the step after the one that moved the number most."""
    joins = np.argmax(np.abs(np.diff(scene.belief, axis=1)), axis=1) + 1
    return beside(scene, entered(scene, scene.own, scene.belief, joins[scene.own]))


def crowd_against(scene):
    """Withdraw a number for good when the crowd has moved away from it by ten points since it was said first."""
    own = entered(scene, scene.own, scene.belief)
    median = scene.median[own.claim]
    begun = np.argmax(~np.isnan(own.said), axis=1)[:, None]
    at_first, first = (np.take_along_axis(numbers, begun, axis=1) for numbers in (median, own.said))
    away = np.where(first > 0.5, at_first - median, median - at_first) > 0.1
    gone = np.logical_or.accumulate(away & (np.arange(STEPS) > begun), axis=1)
    return beside(scene, own._replace(said=np.where(gone, np.nan, own.said)))


def overshoots(scene):
    """Say as far again from the crowd's median as the number believed is."""
    own = entered(scene, scene.own, scene.belief)
    return beside(scene, own._replace(said=np.clip(2 * own.said - scene.median[own.claim], 0.01, 0.99)))


def gone_with_the_crowd(scene):
    """Withdraw a number for good once the crowd says nearly the same, and there is nothing to win."""
    own = entered(scene, scene.own, scene.belief)
    begun = np.cumsum(~np.isnan(own.said), axis=1) > 1
    gone = np.logical_or.accumulate(begun & (np.abs(own.said - scene.median[own.claim]) < 0.05), axis=1)
    return beside(scene, own._replace(said=np.where(gone, np.nan, own.said)))


def half_against(said):
    """Say 50 %, and do not withdraw, once moved against the first number."""
    gone = withdrawn(against_first)(said)
    return np.where(np.isnan(gone) & ~np.isnan(said), 0.5, gone)


def gone_in(steps):
    """Withdraw in some steps, and come back."""
    return lambda said: np.where(np.isin(np.arange(STEPS), steps), np.nan, said)


def shout_last(said):
    last = (np.arange(STEPS) >= STEPS * 3 // 4) & ~np.isnan(said)
    return np.where(last, np.where(said > 0.5, 0.97, 0.03), said)


def weak_company(scene):
    """Take the claims on which those stand who know least."""
    skill, on = np.zeros(scene.world.known.size), np.bincount(scene.crowd.claim, minlength=scene.world.known.size)
    np.add.at(skill, scene.crowd.claim, scene.skill[scene.crowd.who])
    weakest = np.argsort(skill / np.maximum(on, 1))
    return beside(scene, entered(scene, weakest[: scene.own.size], scene.belief))


def copies_the_best(scene):
    """Say what the one who knows most among those on a claim said in the step before."""
    best = {}
    for who, claim, said in zip(scene.crowd.who, scene.crowd.claim, scene.crowd.said, strict=True):
        if scene.skill[who] > best.get(claim, (-1,))[0]:
            best[claim] = scene.skill[who], np.append(said[0], said[:-1])
    said = np.array([best[claim][1] if claim in best else np.full(STEPS, 0.5) for claim in scene.own])
    return beside(scene, Entries(np.full(scene.own.size, scene.people), scene.own, said))


def private_claims(scene):
    """Take 35 sure claims that nobody else has, and 5 others."""
    alone, shared = scene.sure[:35], scene.sure[-5:]
    others = ~np.isin(scene.crowd.claim, alone)
    crowd = Entries(*(column[others] for column in scene.crowd))
    return together(crowd, entered(scene, np.concatenate((alone, shared)), scene.belief)), None


def sockpuppets(fixed):
    """Five more forecasters say what the crowd says, and the opposite where the one speaks, to look bad there."""

    def tactic(scene):
        every = np.arange(scene.world.known.size)
        opposite = np.where(scene.median > 0.5, 0.03, 0.97)
        says = np.where(np.isin(every, scene.own)[:, None], opposite, scene.median)
        puppets = [entered(scene, every, says, extra=1 + k) for k in range(5)]
        group = np.arange(scene.people + 6) < scene.people if fixed else None
        return beside(scene, entered(scene, scene.own, scene.belief), *puppets, group=group)

    return tactic


def withdrawing_puppets(scene):
    """Join at half time, when five more forecasters, who said what the crowd said at first, withdraw."""
    every, half = np.arange(scene.world.known.size), np.arange(STEPS) >= STEPS // 2
    said = np.where(half, np.nan, scene.median[:, :1])
    puppets = [Entries(np.full(every.size, scene.people + 1 + k), every, said) for k in range(5)]
    return beside(scene, entered(scene, scene.own, scene.belief, STEPS // 2), *puppets)


def ten_accounts(scene):
    claims, random = scene.world.known.size, scene.random
    every = np.arange(claims)
    accounts = [
        entered(scene, chosen(random, claims, scene.own.size),
                beliefs(scene.world, every, random.random((claims, NEWS)) < 0.5), extra=k)
        for k in range(10)
    ]  # fmt: skip
    return beside(scene, *accounts)


def near_half(said, first):
    return np.abs(said - 0.5) < 0.2


def always(said, first):
    return np.ones(said.shape, bool)


Tactic = Callable[[Scene], tuple[Entries, np.ndarray | None]]
HONEST = plain()
FALSE_OR_WITHDRAWN: dict[str, Tactic] = {  # they say what is not believed, or go; none may gain
    "stretches log-odds by 1.8": plain(change=log_odds_times(1.8)),
    "shrinks log-odds by 0.6": plain(change=log_odds_times(0.6)),
    "says 2 % or 98 %": plain(change=lambda said: np.where(np.isnan(said), said, np.where(said > 0.5, 0.98, 0.02))),
    "shouts first, then honest": plain(change=shout_first),
    "never moves back to half": plain(change=never_back),
    "always 10 points up": plain(change=lambda said: np.minimum(said + 0.1, 1)),
    "never updates": plain(change=stays_at_first),
    "withdraws when moved against the first": plain(change=withdrawn(against_first)),
    "withdraws near half": plain(change=withdrawn(near_half)),
    "withdraws at half time": plain(change=lambda said: np.where(np.arange(STEPS) >= STEPS // 2, np.nan, said)),
    "enters and withdraws at once": plain(change=withdrawn(always)),
    "speaks as news breaks, withdraws": on_news,
    "withdraws when the crowd moves against the first": crowd_against,
    "shouts in the last quarter": plain(change=shout_last),
    "says 50 % when moved against the first": plain(change=half_against),
    "withdraws in the last twelfth": plain(change=gone_in(range(STEPS - 2, STEPS))),
    "gone in the middle third": plain(change=gone_in(range(STEPS // 3, STEPS * 2 // 3))),
    "there every other step": plain(change=gone_in(range(1, STEPS, 2))),
    "overshoots away from the crowd": overshoots,
    "withdraws where the crowd agrees": gone_with_the_crowd,
}
CHOSEN: dict[str, Tactic] = {  # honest numbers, on claims and moments of one's choice
    "joins at 50 %": plain(joins=STEPS // 2),
    "joins at 92 %": plain(joins=STEPS - 2),
    "near-certain claims": plain("sure 40"),
    "hard claims": plain("hard 40"),
    "35 sure claims nobody else has, and 5": private_claims,
    "newcomer, 3 claims": plain("own 3"),
    "newcomer, 3 sure claims": plain("sure 3"),
    "waits until far from half": waits,
    "expert in one field, everywhere": plain(belief="expert"),
    "expert in one field, only there": plain("topic", "expert"),
    "copies the crowd's median": plain(belief="median"),
    "the crowd's median, stretched by 1.5": plain(belief="median", change=log_odds_times(1.5)),
    "copies who knows most": copies_the_best,
    "claims of the weakest company": weak_company,
    "claims by a date only": plain("by_date 40"),
    "weak (0.1), honest": plain(belief="weak"),
    "weak, where all agree": plain("sure 40", "weak"),
    "weak, joins at 92 %": plain(belief="weak", joins=STEPS - 2),
    "weak, enters and withdraws at once": plain(belief="weak", change=withdrawn(always)),
    "weak, just enough claims for a rank": plain("own 12", "weak"),
    "ten accounts, the best shown": ten_accounts,
    "5 sockpuppets in the group": sockpuppets(False),
    "joins as 5 sockpuppets withdraw": withdrawing_puppets,
    "5 sockpuppets, group fixed beforehand": sockpuppets(True),
    "joins after the largest news": after_news,
}

"""Ways to put the questions, which the keeper of a ledger chooses: the same forecasts, weighed otherwise.

An expert knows much in one field, and less than most in the rest; each way makes the rest weigh less, or the field
more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from skill_tactics import beside, entered
from skill_world import STEPS, pieces

from forecasts.adjusted_skill import adjusted_skill
from forecasts.share_scores import choice_spread, ordered_spread


class Questions(NamedTuple):
    """How the questions are put.

    Attributes:
        rest: What the differences between losses on the rest are multiplied by.
        field: The same for the field.
        times: How often each question of the field is asked, in other words.
        one_cluster: Whether the rest is declared one cluster beforehand.
        windows: In how many short windows, one after the other, each question of the field is asked while it is open.
        beyond: How many times as long as anything can happen the windows of the rest are.
        options: How many options without an order the rest has, where two would do; 0 for yes or no.
    """

    rest: float = 1.0
    field: float = 1.0
    times: int = 1
    one_cluster: bool = False
    windows: int = 1
    beyond: int = 1
    options: int = 0


def by_options(options):
    """The weight of a cut between two of so many ordered options: its share of the loss, over what is expected."""
    return 1 / (options - 1) / ordered_spread(options)


def padded(options):
    """Options without an order where two would do: the same differences over more that is expected to be lost."""
    return Questions(rest=float(choice_spread(2) / choice_spread(options)), options=options)


QUESTIONS = {
    "as everybody": Questions(),
    "the rest over ranges ten times too wide": Questions(rest=0.1),
    "the rest of 40 ordered options for 4": Questions(rest=by_options(40) / by_options(4)),
    "the rest of 40 options without an order for 2": padded(40),
    "the rest with deadlines ten times as far": Questions(beyond=10),
    "the field over ranges a third too narrow": Questions(field=1.5),
    "each of the field five times": Questions(times=5),
    "each of the field in four windows": Questions(windows=4),
    "each of the field in 24 windows": Questions(windows=24),
    "the rest as one cluster": Questions(one_cluster=True),
}


def place_by(scene, questions):
    """The share of the honest whom the expert leaves behind if the questions are put so."""
    skill = board_by(scene, with_expert(scene), questions).skill
    return np.mean(skill[: scene.people] < skill[scene.people])


def with_expert(scene):
    return beside(scene, entered(scene, scene.own, scene.expert))[0]


def board_by(scene, entries, questions):
    """The leaderboard if the questions are put so."""
    claims, people = scene.world.known.size, scene.people + 1
    claim, who, start, end, loss = pieces(scene.world, entries)
    in_field = np.isin(np.arange(claims), scene.topic)
    loss = loss * np.where(in_field, questions.field, questions.rest)[claim]
    asked = np.where(in_field, questions.times * questions.windows, 1)
    row = np.repeat(np.arange(claim.size), asked[claim])
    copy = np.arange(row.size) - np.searchsorted(row, row)

    # Each copy of a short window has only what stood in it, and is not asked once the answer is public.
    length = np.where(in_field, STEPS // questions.windows, STEPS)
    opens = copy % questions.windows * length[claim[row]]
    start, end = np.maximum(start[row], opens), np.minimum(end[row], opens + length[claim[row]])
    kept = (start < end) & (opens < scene.world.answered[claim[row]])
    claim, who, loss, copy = (column[kept] for column in (claim[row], who[row], loss[row], copy))
    start, end = start[kept], end[kept]
    late = np.flatnonzero((end == STEPS) & ~in_field[claim] & (questions.beyond > 1))  # from then on nobody loses
    copies = questions.times * questions.windows
    cluster = np.where(in_field | (not questions.one_cluster), np.arange(claims), 0)
    return adjusted_skill(
        np.append(claim + claims * copy, claim[late]), np.append(who, who[late]), np.append(start, end[late]),
        np.append(end, np.full(late.size, STEPS * questions.beyond)), np.append(loss, np.zeros(late.size)),
        window=np.tile(np.where(in_field, length, STEPS * questions.beyond), copies), draws=200,
        cluster=np.concatenate([cluster + claims * number for number in range(copies)]),
        reference=np.bincount(entries.who, minlength=people) >= 10,
    )  # fmt: skip

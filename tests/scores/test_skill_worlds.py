"""Does the leaderboard rank by skill, and what moves it? Contests with known skill, and tactics against honest numbers.

The full form is a campaign; its figures stand in docs/scores.md. ``-s`` prints them.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import kendalltau, rankdata
from skill_questions import QUESTIONS, place_by
from skill_tactics import CHOSEN, FALSE_OR_WITHDRAWN, HONEST, PEOPLE, new_scene
from skill_world import STEPS, board, first_brier, honest, new_world


def entered_contest(seed, people, claims, each, *, late, choosy, skill=None):
    """A contest in which a share joins late, and two thirds choose claims: the sure ones, or the hard ones."""
    random = np.random.default_rng(seed)
    world = new_world(random, claims)
    skill = random.random(people) if skill is None else skill
    taste = np.resize([2.0, -2.0, 0.0], people) if choosy else np.zeros(people)
    sure = np.abs(world.known) / np.abs(world.known).std()
    liked = random.gumbel(size=(people, claims)) + taste[:, None] * sure
    claim = np.argsort(-liked, axis=1)[:, :each].ravel()
    who = np.repeat(np.arange(people), each)
    is_late = np.arange(people) % 2 < 2 * late
    joins = np.where(is_late[who], random.integers(STEPS // 4, STEPS - 4, who.size), 0)
    return world, honest(world, skill, who, claim, joins, random), skill, is_late


def percentile(values):
    return rankdata(values) / values.size


def agreement(seed, people, claims, each, choosy):
    """Kendall's tau with skill of the leaderboard and of the plain mean, and how far late joiners are misplaced."""
    world, entries, skill, is_late = entered_contest(seed, people, claims, each, late=0.5, choosy=choosy)
    ours, plain = board(world, entries, people).skill, first_brier(world, entries, people)
    misplaced = (percentile(ours) - percentile(skill))[is_late].mean()
    return kendalltau(ours, skill).statistic, kendalltau(plain, skill).statistic, misplaced


SHAPES = [
    pytest.param(300, 50, 50, False, 2, id="300 x 50"),
    pytest.param(200, 2_000, 60, True, 2, id="200 x 2,000, choosy"),
    *(
        pytest.param(*shape, id=f"{shape[0]:,} x {shape[1]:,}{', choosy' * shape[3]}, full", marks=pytest.mark.campaign)
        for shape in [(3_000, 50, 50, False, 5), (3_000, 50, 30, True, 5), (200, 2_000, 60, False, 30),
                      (200, 2_000, 60, True, 30)]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("people", "claims", "each", "choosy", "worlds"), SHAPES)
def test_it_ranks_by_skill_where_half_join_late(people, claims, each, choosy, worlds):
    found = np.mean([agreement(seed, people, claims, each, choosy) for seed in range(worlds)], axis=0)

    print(f"\n{people} x {claims}: tau {found[0]:.3f}, plain mean {found[1]:.3f}, late joiners {found[2]:+.3f}")
    assert found[0] > found[1] + 0.15
    assert abs(found[2]) < 0.05


def repeated(worlds, people, claims, each, late):
    """The same people in other worlds: what each measured, and whether the interval holds the mean of all worlds."""
    skill = np.random.default_rng(7).random(people)
    boards = []
    for seed in range(worlds):
        world, entries, _, _ = entered_contest(seed, people, claims, each, late=late, choosy=False, skill=skill)
        boards.append(board(world, entries, people))
    truth = np.mean([one.raw for one in boards], axis=0)
    return np.mean([(one.lower <= truth) & (truth <= one.upper) for one in boards])


@pytest.mark.parametrize(
    ("worlds", "people", "claims", "each", "late"),
    [
        pytest.param(25, 60, 100, 40, 0.5, id="60 x 100"),
        *(
            pytest.param(*shape, id=f"{shape[1]} x {shape[2]}, {shape[4]:.0%} late, full", marks=pytest.mark.campaign)
            for shape in [(150, 40, 150, 60, 0), (150, 40, 150, 60, 0.5), (80, 100, 600, 60, 0.5),
                          (150, 12, 40, 30, 0), (60, 300, 50, 40, 0.5), (40, 200, 2_000, 60, 0.5)]
        ),
    ],
)  # fmt: skip
def test_intervals_of_90_percent_hold_in_90_percent(worlds, people, claims, each, late):
    held = repeated(worlds, people, claims, each, late)

    print(f"\n{people} x {claims}, {late:.0%} late: intervals hold in {held:.3f}")
    luck = 0.0 if worlds >= 40 else 0.03  # the place of "knows nothing" is off for all alike in each world
    assert 0.87 - luck < held < 0.93 + luck


def chances_of_being_first(worlds, people, claims):
    """What was said of each to be first, and whether it was; skill is spread normally."""
    said, true = [], []
    for seed in range(worlds):
        skill = np.clip(np.random.default_rng(seed).normal(0.5, 0.17, people), 0, 1)
        world, entries, _, _ = entered_contest(seed, people, claims, 40, late=0, choosy=False, skill=skill)
        found = board(world, entries, people)
        said.append(found.first)
        true.append(skill == skill.max())
    return np.concatenate(said), np.concatenate(true)


@pytest.mark.parametrize(
    "shapes",
    [
        pytest.param([(60, 12, 60)], id="12 people"),
        pytest.param([(400, 12, 60), (250, 40, 150), (150, 100, 300)], id="full", marks=pytest.mark.campaign),
    ],
)
def test_first_with_30_percent_is_first_in_30_percent(shapes):
    said, true = (np.concatenate(part) for part in zip(*(chances_of_being_first(*s) for s in shapes), strict=True))

    for low, high in pairwise([0, 0.05, 0.1, 0.2, 0.4, 1.01]):
        these = (said >= low) & (said < high)
        print(
            f"\nsaid {low:.2f} to {high:.2f}: {said[these].mean():.3f}, true {true[these].mean():.3f} of {these.sum()}"
        )
    about = (said >= 0.2) & (said < 0.4)
    assert about.sum() > 30
    assert 0.2 < true[about].mean() < 0.4


def placed(scene, tactic):
    """The share of the 60 honest whom the 61st leaves behind, the best of its accounts, and whether one is first."""
    entries, group = tactic(scene)
    people = max(int(entries.who.max()), PEOPLE) + 1
    found = board(scene.world, entries, people, draws=200, **({} if group is None else {"reference": group}))
    own = slice(PEOPLE, None if tactic is CHOSEN["ten accounts, the best shown"] else PEOPLE + 1)
    return np.mean(found.skill[:PEOPLE] < np.nanmax(found.skill[own])), (found.rank[own] == 1).any()


def gains_beside_honest(scenes, tactics, **how):
    """For each tactic the mean percentile, how often it is first, the gain on honest numbers, and its error."""
    rows = {name: [] for name in ["honest", *tactics]}
    for seed in range(scenes):
        scene = new_scene(seed, **how)
        for name, tactic in {"honest": HONEST, **tactics}.items():
            rows[name].append(placed(scene, tactic))
    places = {name: np.array(found, float) for name, found in rows.items()}
    gain = {name: found[:, 0] - places["honest"][:, 0] for name, found in places.items()}
    return {
        name: (*found.mean(axis=0), gain[name].mean(), gain[name].std() / np.sqrt(scenes))
        for name, found in places.items()
    }


SOME = ["says 2 % or 98 %", "shouts first, then honest", "enters and withdraws at once", "withdraws near half",
        "speaks as news breaks, withdraws"]  # fmt: skip


@pytest.mark.parametrize(
    ("scenes", "names"),
    [
        pytest.param(6, SOME, id="some"),
        pytest.param(100, list(FALSE_OR_WITHDRAWN), id="full", marks=pytest.mark.campaign(15)),
    ],
)
def test_no_false_number_and_no_withdrawal_gains(scenes, names):
    found = gains_beside_honest(scenes, {name: FALSE_OR_WITHDRAWN[name] for name in names})

    for name, (place, first, gain, error) in found.items():
        print(f"\n{name:42} {place:.2f} first {first:4.0%} beside honest {gain:+.2f} ({error:.2f})")
    assert all(gain < 0 for name, (_, _, gain, _) in found.items() if name != "honest")


@pytest.mark.campaign(15)
def test_what_still_moves_the_rank_is_as_large_as_the_page_says():
    found = gains_beside_honest(100, CHOSEN)

    for name, (place, first, gain, error) in found.items():
        print(f"\n{name:42} {place:.2f} first {first:4.0%} beside honest {gain:+.2f} ({error:.2f})")
    gain = {name: row[2] for name, row in found.items()}
    assert abs(gain["joins at 50 %"]) < 0.05
    assert abs(gain["near-certain claims"]) < 0.1
    assert abs(gain["hard claims"]) < 0.1
    assert abs(gain["5 sockpuppets, group fixed beforehand"]) < 0.05
    assert abs(gain["claims of the weakest company"]) < 0.1
    assert abs(gain["claims by a date only"]) < 0.1
    assert gain["copies who knows most"] > gain["copies the crowd's median"] + 0.1
    assert gain["5 sockpuppets in the group"] > 0.3
    assert gain["joins as 5 sockpuppets withdraw"] > 0.05
    assert gain["ten accounts, the best shown"] > 0.2
    assert gain["expert in one field, only there"] > gain["expert in one field, everywhere"] + 0.1
    assert 0 < gain["joins after the largest news"] < 0.2


LATE = ("joins at 50 %", "joins after the largest news")


@pytest.mark.parametrize(
    "scenes", [pytest.param(12, id="some"), pytest.param(100, id="full", marks=pytest.mark.campaign(5))]
)
def test_joining_late_gains_where_the_numbers_of_all_are_old(scenes):
    found = gains_beside_honest(scenes, {name: CHOSEN[name] for name in LATE}, updates=0.1)

    for name, (place, first, gain, error) in found.items():
        print(f"\n{name:42} {place:.2f} first {first:4.0%} beside honest {gain:+.2f} ({error:.2f})")
    assert all(found[name][2] > 0.05 for name in LATE)


@pytest.mark.parametrize(
    "scenes", [pytest.param(8, id="some"), pytest.param(100, id="full", marks=pytest.mark.campaign(5))]
)
def test_how_the_questions_are_put_moves_the_rank(scenes):
    places = {
        name: np.mean([place_by(new_scene(seed), way) for seed in range(scenes)]) for name, way in QUESTIONS.items()
    }

    for name, place in places.items():
        print(f"\n{name:42} {place:.2f}")
    plain = places.pop("as everybody")
    assert all(place > plain + 0.03 for place in places.values())

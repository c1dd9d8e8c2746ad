"""Adjusted skill against a slow dense solution, cases worked by hand, and ForecastBench's panel."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from naive_skill import cells, linked, naive_skill

from forecasts.adjusted_skill import adjusted_skill

PANEL = json.loads((Path(__file__).parents[1] / "vectors" / "19_forecastbench_difficulty_adjusted.json").read_text())
EXACT = {"rel": 1e-9, "abs": 1e-9, "nan_ok": True}


def invented_world(seed, *, floats=False):
    """Forecasters on claims, who join, change, leave and return; some not of the group, claims in clusters."""
    random = Random(seed)
    people, claims = random.randint(3, 8), random.randint(3, 8)
    window = [random.randint(5, 40) for _ in range(claims)]
    cluster = [random.randrange(claims) for _ in range(claims)]
    group = [random.random() < 0.75 for _ in range(people)]
    pieces = []
    for c in range(claims):
        for f in range(people):
            if random.random() < 0.5:
                continue
            draw = (lambda top: random.uniform(0, top)) if floats else (lambda top: random.randint(0, top))
            moments = sorted({draw(window[c]) for _ in range(random.randint(2, 5))})
            for a, b in pairwise(moments):
                if random.random() < 0.85:
                    pieces.append((c, f, a, b, random.choice([0.0, random.uniform(-1, 3)])))
    random.shuffle(pieces)
    return pieces, window, cluster, group


def fitted(world, **more):
    pieces, window, cluster, group = world
    columns = [np.array(column) for column in zip(*pieces, strict=True)]
    return adjusted_skill(*columns, window=window, cluster=cluster, reference=group, **{"draws": 200, **more})


@pytest.mark.parametrize("floats", [False, True])
@pytest.mark.parametrize("ridge", [2.0, 0.5])
def test_the_sweep_is_the_dense_solution(floats, ridge):
    compared = 0
    for seed in range(24):
        pieces, window, cluster, group = world = invented_world(seed, floats=floats)
        if not pieces or len(linked(cells(pieces, window), group)) != 1:
            continue
        compared += 1

        ours = fitted(world, ridge=ridge)

        dense = naive_skill(pieces, window, cluster, group, ridge)
        assert ours.weight == pytest.approx(np.nan_to_num(dense.weight), **EXACT)
        assert ours.clusters.tolist() == dense.clusters.tolist()
        assert ours.raw == pytest.approx(dense.mean - dense.anchor, **EXACT)
        assert ours.standard_error == pytest.approx(np.sqrt(dense.variance + dense.anchor_variance), **EXACT)
        assert ours.anchor == pytest.approx([dense.anchor], **EXACT)
    assert compared > 12


def test_the_size_of_blocks_changes_nothing(monkeypatch):
    several = 0
    for seed in range(100):
        pieces, window, cluster, group = invented_world(seed)
        group = [True] * len(group) if seed % 2 else group
        kept = pieces[: 2 * len(window)]  # so few that they often fall into parts, which divides claims
        if not kept:
            continue
        kind = [claim % 2 for claim in range(len(window))]
        whole = fitted((kept, window, cluster, group), kind=kind)
        monkeypatch.setattr("forecasts.sweep._PIECES_HELD", 3)
        blocks = fitted((kept, window, cluster, group), kind=kind)
        monkeypatch.undo()

        several += whole.anchor.size > 1
        assert blocks.part.tolist() == whole.part.tolist()
        for figure in ("raw", "standard_error", "weight", "anchor", "scale"):
            assert getattr(blocks, figure) == pytest.approx(getattr(whole, figure), **EXACT)
    assert several > 2


def units(probability, outcome):
    """The squared error in units of what "knows nothing" loses."""
    return 4 * (probability - outcome) ** 2 - 1


A_AND_B = [(0, 0, 0, 2, units(0.8, 1)), (0, 1, 0, 2, units(0.6, 1))]
A_AND_C = [(1, 0, 0, 2, units(0.3, 0)), (1, 2, 1, 2, units(0.1, 0))]


@pytest.mark.parametrize(
    ("first_claim", "b_over_a"),
    [
        (A_AND_B, -0.12),
        ([A_AND_B[0], (0, 1, 0, 1, units(0.6, 1)), (0, 1, 1, 2, 0.0)], -0.165),  # B withdraws at half time
        ([(c, f, s, e, x) for c, f, _, _, loss in A_AND_B for s, e, x in ((0, 1, loss), (1, 2, 0.0))], -0.06),
    ],
    ids=["to the end", "withdrawn at half time", "known at half time"],
)
def test_the_worked_example(first_claim, b_over_a):
    world = [*first_claim, *A_AND_C], [2, 2], [0, 1], [True] * 3

    found = fitted(world, ridge=0.0)

    assert (found.raw - found.raw[0]) / 4 == pytest.approx([0.0, b_over_a, 0.08], abs=1e-12)
    assert found.weight == pytest.approx([1.5, 1.0, 0.5])
    assert found.part.tolist() == [0, 0, 0]


def test_the_forecastbench_panel_is_reproduced():
    names = list(PANEL["pyfixest_adjusted_mean_by_forecaster"])
    claims = sorted({claim for _, claim, _ in PANEL["rows"]})
    rows = [(claims.index(claim), names.index(name), 0, 1, 4 * loss - 1) for name, claim, loss in PANEL["rows"]]

    found = fitted((rows, [1] * len(claims), range(len(claims)), [True] * len(names)), ridge=0.0)

    theirs = np.array(list(PANEL["pyfixest_adjusted_mean_by_forecaster"].values()))
    # both are fixed up to a constant only; ours is skill, theirs a loss
    assert (found.raw.mean() - found.raw) / 4 == pytest.approx(theirs - theirs.mean(), abs=PANEL["tolerance"])


def crowded(claims, people, said, cluster=None):
    """A world in which each says one number on each claim, for the whole window of 1; NaN says nothing."""
    rows = [(c, f, 0, 1, said[c][f]) for c in range(claims) for f in range(people) if not np.isnan(said[c][f])]
    return rows, [1] * claims, range(claims) if cluster is None else cluster, [True] * people


def random_losses(seed, claims, people):
    return np.random.default_rng(seed).uniform(-1, 1, (claims, people))


def test_a_cluster_weighs_as_much_as_one_claim():
    said = random_losses(1, 12, 3)

    apart, together = fitted(crowded(12, 3, said)), fitted(crowded(12, 3, said, [0] * 11 + [1]))

    assert apart.weight == pytest.approx([12.0] * 3)
    assert apart.ranked.all()
    assert together.weight == pytest.approx([2.0] * 3)
    assert together.clusters.tolist() == [2] * 3
    assert not together.ranked.any()
    assert together.rank.tolist() == [0] * 3
    assert np.isnan(together.first).all()


def test_who_makes_most_of_a_moment_is_measured_with_care():
    """In the first cluster one claim of the first forecaster stands against nine of the second."""
    pieces = [
        (c, f, 0, 1, random_losses(15, 13, 2)[c, f]) for c in range(13) for f in range(2) if f or c not in range(8)
    ]
    world = pieces, [1] * 13, [0] * 9 + [1, 2, 3, 4], [True, True]

    found = fitted(world)

    dense = naive_skill(*world)
    assert found.standard_error == pytest.approx(np.sqrt(dense.variance + dense.anchor_variance), **EXACT)


def test_ten_claims_in_thirds_are_enough_for_a_rank():
    pieces = [(c, f, t, t + 1, 0.1 * f + 0.01 * c) for c in range(10) for f in range(2) for t in range(3)]

    assert fitted((pieces, [3] * 10, range(10), [True] * 2)).rank.tolist() == [1, 2]


def test_what_stood_for_no_time_takes_no_weight_from_the_rest_of_its_cluster():
    pieces = [(0, 0, 0, 2, 0.1), (0, 1, 0, 2, 0.2), (1, 0, 2, 2, 0.1)]

    assert fitted((pieces, [2, 2], [0, 0], [True] * 2)).weight.tolist() == [1, 1]


def test_what_nobody_else_says_counts_for_nothing():
    said = random_losses(2, 30, 4)
    alone = said.copy()
    alone[12:, 1:] = np.nan  # from here on the first is alone

    with_more, without = fitted(crowded(30, 4, alone)), fitted(crowded(12, 4, said[:12]))

    assert with_more.weight == pytest.approx(without.weight)
    assert with_more.skill == pytest.approx(without.skill, rel=1e-9)


def test_who_is_not_of_the_group_moves_nobody():
    said = random_losses(3, 20, 6)
    rows, window, cluster, _ = crowded(20, 6, said)
    group = [True] * 5 + [False]
    worst = [(c, f, s, e, 3.0 if f == 5 else loss) for c, f, s, e, loss in rows]

    before, after = fitted((rows, window, cluster, group)), fitted((worst, window, cluster, group))

    assert before.raw[:5] == pytest.approx(after.raw[:5], rel=1e-12)
    assert before.anchor == pytest.approx(after.anchor)
    assert after.raw[5] < before.raw[5]
    assert after.ranked[5]


def test_knowing_nothing_has_skill_0():
    said = random_losses(4, 20, 6)
    said[:, 5] = 0.0
    rows, window, cluster, _ = crowded(20, 6, said)

    found = fitted((rows, window, cluster, [True] * 5 + [False]))

    assert found.raw[5] == pytest.approx(0.0, abs=1e-12)
    assert found.anchor[0] != 0


def test_parts_have_tables_of_their_own_and_an_outsider_is_in_the_one_of_most_time():
    said = np.full((30, 5), np.nan)
    said[:12, :2], said[12:, 2:4] = random_losses(5, 12, 2), random_losses(6, 18, 2)
    said[:, 4] = 0.1  # of no group, on everything
    rows, window, cluster, _ = crowded(30, 5, said)

    found = fitted((rows, window, cluster, [True] * 4 + [False]))

    assert found.part.tolist() == [0, 0, 1, 1, 1]
    assert found.weight == pytest.approx([12, 12, 18, 18, 18])
    assert sorted(found.rank[:2]) == [1, 2]
    assert sorted(found.rank[2:]) == [1, 2, 3]
    own = fitted((*crowded(12, 2, said[:12, :2])[:3], [True] * 2))
    assert found.raw[:2] == pytest.approx(own.raw, rel=1e-9)
    assert found.anchor.size == found.first_at_most.size == found.shrinkage.size == 2
    assert found.first[:2].sum() == pytest.approx(1)


def test_a_common_claim_at_different_times_is_no_link():
    pieces = [(0, 0, 0, 2, -0.5), (0, 1, 0, 2, 0.5), (0, 2, 2, 4, 0.0), (0, 3, 2, 4, 0.4), (0, 4, 0, 1, 0.0)]

    found = fitted((pieces, [4], [0], [True] * 4 + [False]))

    assert found.part.tolist() == [0, 0, 1, 1, 0]
    assert found.raw[0] > found.raw[1]
    assert found.raw[3] < found.raw[2]
    assert found.weight == pytest.approx([0.5, 0.5, 0.5, 0.5, 0.25])


def test_who_never_met_anybody_has_no_figures():
    found = fitted(([(0, 0, 0, 1, 0.2), (1, 1, 0, 1, 0.3)], [1, 1], [0, 1], [True, True]))

    assert found.part.tolist() == [-1, -1]
    assert np.isnan(found.skill).all()
    assert np.isnan(found.upper).all()
    assert found.weight.tolist() == [0.0, 0.0]
    assert found.anchor.size == 0


def test_skill_is_drawn_towards_the_mean_of_the_group_by_its_weight():
    said = random_losses(7, 24, 6) + np.linspace(-0.4, 0.4, 6)
    said[10:, 0] = np.nan

    found = fitted(crowded(24, 6, said))

    mean, variance = found.raw + found.anchor, found.standard_error**2 - found.anchor_error**2
    noise = np.median(variance * found.weight)
    between = mean.var(ddof=1) - np.mean(noise / found.weight)
    assert 0 < between < noise
    assert found.spread == pytest.approx(np.sqrt(between))
    assert found.shrinkage == pytest.approx(noise / between)
    centre, share = mean @ found.weight / found.weight.sum(), found.weight / (found.weight + noise / between)
    assert found.skill == pytest.approx(centre + share * (mean - centre) - found.anchor)
    assert fitted(crowded(24, 4, said[:, :4])).shrinkage[0] == 10  # of four nobody can tell


@pytest.mark.parametrize(("apart", "firmness"), [(5.0, 1), (0.0, 200)])
def test_the_mean_is_mixed_in_as_one_to_200_claims(apart, firmness):
    said = np.tile(random_losses(12, 30, 1), 8) + random_losses(13, 30, 8) / 4
    said -= said.mean(axis=0) - apart * np.arange(8)  # of equal skill, or far apart

    assert fitted(crowded(30, 8, said)).shrinkage.tolist() == [firmness]


def test_among_many_equals_the_chance_of_being_first_is_told_as_a_ceiling():
    found = fitted(crowded(15, 120, random_losses(14, 15, 120)), draws=4_000)

    assert found.first.max() <= found.first_at_most[0] < 0.06
    assert found.first_at_most[0] * 100 == pytest.approx(round(found.first_at_most[0] * 100))
    assert (found.rank_high - found.rank_low > 30).all()
    assert np.isnan(fitted(crowded(15, 3, random_losses(14, 15, 3))).first_at_most[0])


def test_a_moment_too_short_to_weigh_anything_gives_no_figures_and_no_fault():
    pieces = [(0, 0, 0, 10**13, 0.5), (0, 1, 10**13 - 1, 10**13, -0.5), (1, 2, 0, 5, 0.1), (1, 3, 0, 5, 0.2)]

    found = fitted((pieces, [10**13, 5], [0, 1], [True] * 4))

    assert found.weight == pytest.approx([0, 0, 1, 1])
    assert found.part[:2].tolist() == [-1, -1]
    assert np.isnan(found.skill[:2]).all()
    assert np.isfinite(found.skill[2:]).all()


def test_a_forecaster_listed_as_not_eligible_is_passed_over_in_the_ranks():
    said = random_losses(8, 20, 5)
    said[:, 2] = -0.9

    everybody = fitted(crowded(20, 5, said))
    without = fitted(crowded(20, 5, said), eligible=[True, True, False, True, True])

    assert everybody.rank[2] == 1
    assert without.rank[2] == 0
    assert sorted(without.rank) == [0, 1, 2, 3, 4]
    assert without.raw == pytest.approx(everybody.raw)


def test_copies_of_a_forecaster_share_a_rank_and_the_chance():
    said = random_losses(9, 40, 5)
    said[:, 4] = said[:, 3]

    found = fitted(crowded(40, 5, said))

    assert found.rank[3] == found.rank[4]
    assert found.first.sum() == pytest.approx(1)


def test_a_kind_that_spreads_less_is_put_on_the_scale_of_the_first():
    said = random_losses(10, 80, 4)
    said[40:] /= 5
    kind = [0] * 40 + [1] * 40

    scaled = fitted(crowded(80, 4, said), kind=kind)

    assert scaled.scale[0] == 1
    assert scaled.scale[1] == pytest.approx(5, rel=0.15)
    larger = fitted(crowded(80, 4, np.where(np.arange(80)[:, None] < 40, said, said * scaled.scale[1])))
    assert scaled.raw == pytest.approx(larger.raw, rel=1e-9)
    assert fitted(crowded(50, 4, said[:50]), kind=kind[:50]).scale.tolist() == [1, 1]  # 10 claims are too few
    assert fitted(crowded(50, 4, said[30:]), kind=kind[30:]).scale.tolist() == [1, 1]  # also of the first kind


def test_intervals_are_those_of_students_t():
    scipy_stats = pytest.importorskip("scipy.stats")
    found = fitted(crowded(7, 4, random_losses(11, 7, 4)), level=0.8)

    reach = (found.upper - found.lower) / 2 / found.standard_error
    assert reach == pytest.approx([scipy_stats.t.ppf(0.9, 6)] * 4, rel=1e-9)
    lower = np.minimum(found.raw, found.skill)
    assert found.better == pytest.approx(scipy_stats.norm.cdf(lower / found.standard_error), rel=1e-9)


def test_moments_may_be_whole_numbers_of_any_size_or_floats():
    pieces, window, cluster, group = invented_world(3)
    micro = 86_400_000_000
    stretched = [(c, f, s * micro + 10**17 * c, e * micro + 10**17 * c, loss) for c, f, s, e, loss in pieces]

    found = fitted((stretched, [w * micro for w in window], cluster, group))

    assert found.raw == pytest.approx(fitted((pieces, window, cluster, group)).raw, **EXACT)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"claim": [0, 2]}, "claim 2 at index 1 has no window; there are 1"),
        ({"forecaster": [0, 5]}, "forecaster 5 at index 1 is not in reference"),
        ({"claim": [0]}, "claim has shape"),
        ({"start": [0, 7]}, "start 7 at index 1 is after its end"),
        ({"end": [1, np.nan]}, "end nan at index 1 is not finite"),
        ({"loss": [0.1, np.inf]}, "loss inf at index 1 is not finite"),
        ({"window": [0]}, "window 0.0 at index 0 is not above 0"),
        ({"end": [4, 9]}, "longer than its window"),
        ({"reference": [1, 0]}, "reference must be True or False"),
        ({"eligible": [True]}, "eligible must be True or False"),
        ({"cluster": [-1]}, "cluster -1 at index 0 is not counted from 0"),
        ({"level": 1.0}, "level 1.0 is not between"),
        ({"draws": 10}, "draws 10 is not a whole number of at least 200"),
        ({"ridge": -1.0}, "ridge -1.0 is below 0"),
    ],
)
def test_invalid_input_is_named(change, message):
    columns = {"claim": [0, 0], "forecaster": [0, 1], "start": [0, 0], "end": [4, 4], "loss": [0.1, 0.2]}
    given = columns | {"window": [4], "cluster": [0], "reference": [True, True]} | change

    with pytest.raises(ValueError, match=message):
        adjusted_skill(**given)


def test_nothing_at_all_gives_an_empty_table():
    found = adjusted_skill([], [], [], [], [], window=[1], cluster=[0], reference=[True])

    assert found.part.tolist() == [-1]
    assert found.anchor.size == 0

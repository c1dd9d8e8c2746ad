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
SURE = {"draws": 200}


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
    return adjusted_skill(*columns, window=window, cluster=cluster, reference=group, **SURE, **more)


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

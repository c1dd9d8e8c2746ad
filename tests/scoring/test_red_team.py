"""Attacks on the leaderboard through a ledger: what one forecaster, or the keeper of the ledger, gains by them.

The tactics of :mod:`skill_tactics` are a forecaster's own; ``test_skill_worlds.py`` plays them many times on arrays,
and here a ledger is held to the same figures. The full form has 20,000 claims; ``-s`` prints what docs/scores.md says.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from hostile_acts import KEEPER, NOTHING, Stage, plays_fair
from skill_ledger import AFTERWARDS, columns_of, name_of, verdicts_of, write_claims, write_contest, write_questions
from skill_questions import QUESTIONS, Questions, board_by, padded, with_expert
from skill_tactics import CHOSEN, FALSE_OR_WITHDRAWN, HONEST, Scene, new_scene
from skill_world import Entries, board, together

from predictions import Ledger
from predictions.records import Forecaster
from predictions.testing import Clock, clock_at
from predictions.views.scorecard.leaderboard import Leaderboard

pytestmark = pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # acts are warned of, and done
SEVERAL = re.compile("sockpuppets|accounts|nobody else")  # more than one forecaster has a hand in them
FORTY, CLAIMS, EACH = 40, 20_000, 2_000


def skills(found: Leaderboard) -> dict[str, float]:
    return {row.forecaster: np.nan if row.skill is None else row.skill for row in found.lines}


@pytest.mark.parametrize("tactic", [HONEST, *(FALSE_OR_WITHDRAWN[name] for name in ("withdraws near half",
                                    "speaks as news breaks, withdraws"))])  # fmt: skip
def test_a_ledger_ranks_as_the_arrays_do(ledger: Ledger, clock: Clock, tactic) -> None:
    scene = new_scene(1)
    entries, _ = tactic(scene)
    write_contest(ledger, clock, scene.world, entries)

    rows = {row.forecaster: row for row in ledger.leaderboard().lines}
    found = board(scene.world, entries, scene.people + 1)

    assert len(rows) == scene.people + 1
    for person in range(scene.people + 1):
        row = rows[name_of(person)]
        assert row.weight == pytest.approx(found.weight[person])
        enough = found.weight[person] >= 10 - 1e-9
        assert row.measured == (pytest.approx(found.raw[person]) if enough else None)
        assert row.rank == (found.rank[person] or None)


def played(seed: int, act, path) -> tuple[Stage, Leaderboard]:
    with clock_at("2026-01-01") as clock, Ledger(path, me="ana") as ledger:
        stage = Stage(ledger, clock, new_scene(seed, people=20, claims=60, each=30))
        return stage, ledger.leaderboard(**(act(stage) or {}))


@pytest.fixture(scope="module")
def fair(tmp_path_factory) -> dict[str, float]:
    return skills(played(1, plays_fair, tmp_path_factory.mktemp("fair") / "ledger.db")[1])


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_done_afterwards_moves_nobody(tmp_path, fair, name) -> None:
    stage, found = played(1, NOTHING[name], tmp_path / "ledger.db")

    assert len(stage.lost) > 3
    assert skills(found) == pytest.approx(fair, abs=1e-9)


def test_who_hides_losses_is_told_at_their_worst(tmp_path, fair) -> None:
    stage, found = played(1, KEEPER["leaves what failed without a verdict"], tmp_path / "ledger.db")

    row = next(row for row in found.lines if row.forecaster == stage.me)

    assert row.no_verdict == len(stage.lost)
    assert row.skill > fair[stage.me] + 0.05
    assert fair[stage.me] - 0.1 < row.at_worst < fair[stage.me] + 0.03
    assert f"{row.no_verdict} claims without a verdict" in str(found)


def test_who_dates_losses_early_is_told_with_the_skill_without(tmp_path, fair) -> None:
    stage, found = played(1, KEEPER["dates the answers of what failed early"], tmp_path / "ledger.db")

    row = next(row for row in found.lines if row.forecaster == stage.me)

    assert row.dated_early >= len(stage.lost)
    assert row.skill > fair[stage.me]
    assert f"{row.forecaster} {row.dated_early} ({row.by_recording:+.3f})" in " ".join(str(found).split())


def test_who_annuls_losses_is_told_of(tmp_path) -> None:
    stage, found = played(1, KEEPER["annuls what failed"], tmp_path / "ledger.db")

    assert f"verdicts replaced: {len(stage.lost)} claims had another outcome before" in " ".join(str(found).split())


def place_of(stage: Stage, found: Leaderboard) -> float:
    """The share of the honest whom the one leaves behind."""
    own = skills(found)
    return np.mean([own.get(name_of(person), np.nan) < own[stage.me] for person in range(stage.scene.people)])


@pytest.mark.campaign(5)
@pytest.mark.parametrize("name", KEEPER)
def test_what_the_keeper_of_a_ledger_can_do_is_as_large_as_the_page_says(tmp_path, name) -> None:
    moved = []
    for seed in range(20):
        places = [
            place_of(*played(seed, act, tmp_path / f"{seed}-{number}.db"))
            for number, act in enumerate((plays_fair, KEEPER[name]))
        ]
        moved.append(places)

    before, after = np.mean(moved, axis=0)
    print(f"\n{name:45} {before:.2f} to {after:.2f}")
    assert after > before + 0.05


def all_at_once(scene: Scene) -> tuple[Entries, dict[str, int]]:
    """Every tactic of one forecaster in one contest, each under a name of its own, with the same luck."""
    parts, number = [scene.crowd], {}
    chosen = {name: tactic for name, tactic in CHOSEN.items() if not SEVERAL.search(name)}
    tactics = {"honest": HONEST, **FALSE_OR_WITHDRAWN, **chosen}
    for name, tactic in tactics.items():
        scene.random.bit_generator.state = np.random.default_rng(99).bit_generator.state
        entries, _ = tactic(scene)
        own = entries.who == scene.people
        number[name] = scene.people + len(number)
        parts.append(Entries(np.full(own.sum(), number[name]), entries.claim[own], entries.said[own]))
    return together(*parts), number


def write_club(ledger: Ledger, people: int) -> None:
    members = ", ".join(map(name_of, range(people)))
    with ledger._journal.writing() as writing:
        ledger._store.put(
            writing, Forecaster(slug="club", title="Club", kind="reference", method=f"members: {members}")
        )


@pytest.mark.parametrize(
    ("claims", "each"),
    [pytest.param(1_000, 300, id="some"), pytest.param(CLAIMS, EACH, id="full", marks=pytest.mark.campaign(5))],
)
def test_no_tactic_that_is_false_or_withdraws_gains(ledger: Ledger, clock: Clock, claims: int, each: int) -> None:
    scene = new_scene(3, people=FORTY, claims=claims, each=each)
    entries, number = all_at_once(scene)
    write_club(ledger, FORTY)
    write_claims(ledger, claims)
    clock.set(AFTERWARDS)
    ledger.import_forecasts(columns_of(entries), published_in="site")
    ledger.import_resolutions(verdicts_of(scene.world))

    own = skills(found := ledger.leaderboard(group="club"))

    assert "before any of these claims was over" in " ".join(str(found).split())
    honest = own[name_of(number["honest"])]
    for name, place in number.items():
        skill = own[name_of(place)]
        ahead = np.mean([own[name_of(person)] < skill for person in range(FORTY)])
        print(f"\n{name:42} skill {skill:+.3f}, beside honest {skill - honest:+.3f}, leaves behind {ahead:.0%}")
    luck = 0.01 if claims < CLAIMS else 0.0
    assert all(own[name_of(number[name])] < honest + luck for name in FALSE_OR_WITHDRAWN)


PUT = {
    "the field in four windows": QUESTIONS["each of the field in four windows"],
    "the field in 24 windows": QUESTIONS["each of the field in 24 windows"],
    "the rest with far deadlines": QUESTIONS["the rest with deadlines ten times as far"],
}
FULL = [pytest.param(CLAIMS, EACH, way, id=f"{name}, full", marks=pytest.mark.campaign(5)) for name, way in PUT.items()]


@pytest.mark.parametrize(
    ("claims", "each", "questions"),
    [
        *(pytest.param(90, 30, way, id=name) for name, way in PUT.items()),
        pytest.param(90, 30, padded(8), id="8 options for two"),
        *FULL,
    ],
)
def test_how_questions_are_put_counts_in_a_ledger_as_it_does_on_arrays(
    ledger: Ledger, clock: Clock, questions: Questions, claims: int, each: int
) -> None:
    scene = new_scene(5, people=FORTY, claims=claims, each=each)
    entries = with_expert(scene)
    write_questions(ledger, clock, scene, entries, questions)

    by_name = skills(ledger.leaderboard())

    own = np.array([by_name[name_of(person)] for person in range(FORTY + 1)])
    found = board_by(scene, entries, questions).skill
    usual = board_by(scene, entries, QUESTIONS["as everybody"]).skill
    ahead = [np.mean(skill[:FORTY] < skill[FORTY]) for skill in (usual, found)]
    print(f"\nleaves behind {ahead[0]:.0%} as everybody, {ahead[1]:.0%} so: {questions}")
    assert own - np.nanmean(own) == pytest.approx(found - np.nanmean(found), abs=1e-7, nan_ok=True)
    if not questions.options:  # "knows nothing" loses more where it has more options to choose from
        assert own == pytest.approx(found, abs=1e-7, nan_ok=True)
    assert ahead[1] >= ahead[0]

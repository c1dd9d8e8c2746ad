"""What a leaderboard says while anything is in doubt holds however that comes out, or is not said.

Invented contests, some claims of which have no verdict, or one that is unclear, annulled or contested. Every way in
which these can come out is then recorded in a ledger of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from skill_ledger import AFTERWARDS, ENDS, claim_of, columns_of, name_of, verdicts_of, write_claims
from skill_tactics import new_scene

from predictions import Ledger
from predictions.testing import clock_at
from predictions.views.scorecard.leaderboard import Leaderboard

WAYS = ("missing", "ambiguous", "annulled", "contested yes", "contested no")
CANNOT = "Who is ahead cannot be told yet"
pytestmark = pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")


class Contest:
    """A contest with some claims in doubt, by number, and the way in which each is."""

    def __init__(self, folder: Path, seed: int) -> None:
        luck = np.random.default_rng(seed)
        people, self.claims = int(luck.integers(2, 7)), int(luck.integers(14, 20))
        self.scene = new_scene(seed, people=people, claims=self.claims, each=int(luck.integers(12, self.claims)))
        count = int(luck.integers(1, 4))
        ways = [WAYS[way] for way in luck.integers(0, len(WAYS), count)]
        self.doubts = dict(zip(luck.permutation(self.claims)[:count].tolist(), ways, strict=True))
        self.folder = folder

    def board(self, outcomes: Mapping[int, bool] | None = None) -> Leaderboard:
        """Record it with some outcomes of what is in doubt; without them it stays so."""
        path = self.folder / f"{outcomes and list(outcomes.values())}.db"
        with clock_at("2026-01-01") as clock, Ledger(path, me="ana") as ledger:
            write_claims(ledger, self.claims)
            clock.set(AFTERWARDS)
            ledger.import_forecasts(columns_of(self.scene.crowd), published_in="site")
            verdicts = [decided(row, row["outcome"] == "yes") for row in verdicts_of(self.scene.world)]
            for number, way in self.doubts.items():
                if outcomes is not None:
                    verdicts[number] = decided(verdicts[number], outcomes[number])
                elif way.startswith("contested"):
                    verdicts[number] = decided(verdicts[number], way == "contested yes")
                elif way != "missing":
                    slug, day = claim_of(number), str(ENDS.date())
                    verdicts[number] = {"claim": slug, "outcome": way, "known_on": day, "reason": "nobody can tell"}
            missing = [] if outcomes else [number for number, way in self.doubts.items() if way == "missing"]
            ledger.import_resolutions([row for number, row in enumerate(verdicts) if number not in missing])
            for number, way in self.doubts.items():
                if outcomes is None and way.startswith("contested"):
                    happened = {"happened_on": (ENDS - timedelta(1)).date()} if way == "contested no" else {}
                    other = "yes" if happened else "no"
                    ledger.resolve(claim_of(number), other, known_on=ENDS.date(), dissent=True, reason="I", **happened)
            return ledger.leaderboard()


def decided(row: Mapping[str, object], yes: bool) -> dict[str, object]:
    """The verdict on a claim as it became known at its end."""
    happened = str((ENDS - timedelta(1)).date()) if yes else None
    known = {"known_on": str(ENDS.date()), "known_at": ENDS.isoformat(), "happened_on": happened}
    return {**row, "outcome": "yes" if yes else "no", **known}


@pytest.mark.parametrize(
    "seeds",
    [
        pytest.param(range(6), id="some"),
        pytest.param(range(100, 160), id="many", marks=pytest.mark.campaign(5)),
    ],
)
def test_whatever_is_said_holds_however_the_doubts_come_out(tmp_path: Path, seeds: range) -> None:
    said = withheld = 0
    for seed in seeds:
        (folder := tmp_path / str(seed)).mkdir()
        contest = Contest(folder, seed)
        before = contest.board()
        [leader] = before.leaders()
        first = next(row.forecaster for row in before.lines if row.rank == 1)
        for outcomes in product([False, True], repeat=len(contest.doubts)):
            after = contest.board(dict(zip(contest.doubts, outcomes, strict=True)))
            rows = {row.forecaster: row for row in after.lines}
            for row in before.lines:
                came = rows[row.forecaster]
                assert row.better is None or came.better >= row.better - 1e-9
                assert row.at_worst is None or came.skill >= row.at_worst - 1e-9
                assert row.first is None or came.first >= row.first - 1e-9
                assert row.rank_high is None or came.rank_high <= row.rank_high
            if CANNOT in leader:
                withheld += 1
            else:
                said += 1
                assert rows[first].rank == 1
                assert "forecast best" not in leader or "forecast best" in next(after.leaders())

    assert said
    assert withheld


def test_in_a_contest_of_many_it_is_told_of_those_who_are_drawn(tmp_path: Path) -> None:
    contest = Contest(tmp_path, 5)
    board = contest.board()

    with Ledger(tmp_path / "None.db", me="ana") as ledger:
        one = ledger.leaderboard(by=name_of(0), today=board.today)

    for row in one.lines:
        told = next(other for other in board.lines if other.forecaster == row.forecaster)
        assert (row.better, row.first, row.at_worst) == (
            (told.better, told.first, told.at_worst) if row.forecaster == name_of(0) else (None, None, None)
        )
    assert list(one.leaders()) == list(board.leaders())

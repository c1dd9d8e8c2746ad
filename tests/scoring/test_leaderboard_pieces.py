"""The time and the losses behind the leaderboard, told again claim by claim in plain Python on random ledgers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from random_ledgers import World
from retold import end_of, spans, start_of, told, utterances, window
from retold_types import expected, horizon, kind_of, said_by, saved

from predictions import Ledger
from predictions.records import Claim
from predictions.scoring.leaderboard.standings import READ_AT, Standings
from predictions.scoring.leaderboard.yardstick import Yardstick
from predictions.snapshot import Snapshot
from predictions.timestamps import in_microseconds

DAY = 86_400_000_000
Step = tuple[int, int, float]
Key = tuple[str, str, str]  # claim, forecaster, and at which end of a range; empty for a stated number


class Stood(NamedTuple):
    """What one forecaster said of a claim, from when to when; and how the claim came out."""

    claim: Claim
    truth: Any
    said: list[tuple[int, int, Any]]

    def lost(self, start: int, until: int) -> float:
        """The loss beside knowing nothing in some time, times its length in days."""
        opens = in_microseconds(start_of(self.claim.opens_on))
        share = 0.0
        for begin, end, said in self.said:
            overlap = max(begin, start), min(end, until)
            if overlap[0] < overlap[1]:
                share -= saved(self.claim, said, self.truth, *((moment - opens) / DAY for moment in overlap))
        return share * horizon(self.claim) / expected(self.claim)


def retold(snapshot: Snapshot) -> dict[Key, Stood]:
    """What stood of each series that is scored."""
    found = {}
    for (slug, who), row in told(snapshot).items():
        if row["place"] == "scored":
            for end in READ_AT if row["imputed"] else ("",):
                found[slug, who, end] = stood(snapshot, snapshot.find(Claim, slug), who, row["truth"], end)
    return found


def stood(snapshot: Snapshot, claim: Claim, who: str, truth: Any, end: str) -> Stood:
    said = utterances(snapshot, claim, who)[0]
    by_day, limit, _ = window(claim, snapshot.verdict(claim))
    begins = [(end_of(at.date()) if by_day else at) for at, _ in said]
    name = end if end in {"low", "high"} else "probability"
    steps = [
        (in_microseconds(start), in_microseconds(until), said_by(claim, said[place][1], name))
        for place, start, until in spans(begins, start_of(claim.opens_on), limit)
    ]
    return Stood(claim, truth, [step for step in steps if step[2] is not None])


def computed(standings: Standings) -> dict[Key, list[Step]]:
    """From when to when each series loses how much, from the columns."""
    table, found = standings.pool.table, dict[Key, list[Step]]()
    people = [(one.slug, "") for one in table.forecasters]
    people += [(table.forecasters[who].slug, end) for who in standings.words.tolist() for end in READ_AT]
    for claim, forecaster, *step in zip(*(column.tolist() for column in standings.pieces), strict=True):
        found.setdefault((table.claims.slugs[claim], *people[forecaster]), []).append(tuple(step))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_the_time_of_everybody_is_what_is_told_claim_by_claim(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    World(tmp_path / "ledger.db", seed, monkeypatch).write()
    with Ledger(tmp_path / "ledger.db") as ledger:
        wanted, pool = retold(ledger.snapshot()), ledger.scorecard().every_type

        found = computed(Standings(pool, Yardstick(np.ones(len(pool.table.forecasters), np.bool_))))

    # Somebody who stood for no time at all, because the answer came at the opening, has no piece.
    assert found.keys() == {key for key, series in wanted.items() if series.said[0][0] < series.said[-1][1]}
    for key, steps in found.items():
        claim = wanted[key].claim
        closes = in_microseconds(claim.closes_at or end_of(claim.deadline))
        assert (steps[0][0], steps[-1][1]) == (wanted[key].said[0][0], closes)
        assert all(one[1] == two[0] for one, two in pairwise(steps))  # nothing is left out, and nothing counts twice
        for start, until, loss in steps:
            assert loss * (until - start) / DAY == pytest.approx(wanted[key].lost(start, until), abs=1e-9), key


def test_random_ledgers_have_words_gaps_and_answers_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series: list[tuple[str, Stood]] = []
    for seed in range(20):
        World(tmp_path / f"{seed}.db", seed, monkeypatch).write()
        with Ledger(tmp_path / f"{seed}.db") as ledger:
            series += [(end, stood) for (_, _, end), stood in retold(ledger.snapshot()).items()]

    assert {end for end, _ in series} == {"", *READ_AT}
    assert {kind_of(one.claim) for _, one in series} == {"yes-no", "choice", "ordered", "number", "date"}
    assert any(one[1] < two[0] for _, one_series in series for one, two in pairwise(one_series.said))  # withdrawn
    assert any(one.said[-1][1] < in_microseconds(end_of(one.claim.deadline)) for _, one in series)  # public before
    assert any(len(one.said) > 2 for _, one in series)


def test_nothing_is_done_twice_until_something_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    World(tmp_path / "ledger.db", 3, monkeypatch).write()
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        pool = ledger.scorecard().every_type
        everybody = np.ones(len(pool.table.forecasters), np.bool_)
        first, again, without = (Standings(pool, Yardstick(who)) for who in (everybody, everybody, everybody & False))
        found = first.found
        ledger.add("Something else", deadline="2031-01-01", slug="something-else", p=0.5)
        later = Standings(ledger.scorecard().every_type, Yardstick(everybody))

        assert again.pieces is first.pieces
        assert again.found is found
        assert without.found is not found
        assert later.pieces is not first.pieces
        assert later.found is not found
    assert [column.tolist() for column in later.pieces] == [column.tolist() for column in first.pieces]
    assert later.found.raw == pytest.approx(found.raw, nan_ok=True)

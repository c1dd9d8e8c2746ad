"""The time and the losses behind the leaderboard, told again claim by claim in plain Python on random ledgers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from random_ledgers import World
from retold import end_of, number, spans, start_of, told, utterances, window

from predictions import Ledger
from predictions.records import Claim
from predictions.scoring.standings import READ_AT, Standings
from predictions.scoring.yardstick import Yardstick
from predictions.snapshot import Snapshot
from predictions.timestamps import in_microseconds

Step = tuple[int, int, float]
Key = tuple[str, str, str]  # claim, forecaster, and at which end of a range; empty for a stated number


def expected(snapshot: Snapshot) -> dict[Key, list[Step]]:
    """From when to when each series loses how much, beside knowing nothing."""
    rows = told(snapshot)
    found: dict[Key, list[Step]] = {}
    for (slug, who), row in rows.items():
        if row["place"] == "scored":
            for end in READ_AT if row["imputed"] else ("",):
                found[slug, who, end] = steps(snapshot, snapshot.find(Claim, slug), who, row["value"], end)
    return found


def steps(snapshot: Snapshot, claim: Claim, who: str, value: float, end: str) -> list[Step]:
    """The losses of one series from its first forecast that stood to the scheduled end of its claim."""
    said = utterances(snapshot, claim, who)[0]
    by_day, limit, closes = window(claim, snapshot.verdict(claim))
    begins = [(end_of(at.date()) if by_day else at) for at, _ in said]
    name, nothing = end if end in {"low", "high"} else "probability", (0.5 - value) ** 2
    stood = [
        (start, until, ((number(said[place][1], name) - value) ** 2 - nothing) / 0.25)
        for place, start, until in spans(begins, start_of(claim.opens_on), limit)
        if said[place][1].point is not None
    ]
    return merged([*stood, *gaps(stood, closes)])


def gaps(stood: list[tuple[datetime, datetime, float]], closes: datetime) -> list[tuple[datetime, datetime, float]]:
    """The time after the first number in which none stood."""
    follows = [start for start, _, _ in stood[1:]] + [closes]
    return [(until, start, 0.0) for (_, until, _), start in zip(stood, follows, strict=True) if until < start]


def merged(pieces: list[tuple[datetime, datetime, float]]) -> list[Step]:
    """In order of time, in microseconds; what follows with the same loss is one."""
    whole: list[Step] = []
    for start, until, loss in sorted(pieces):
        if start == until:
            continue
        if whole and abs(whole[-1][2] - loss) < 1e-9:
            whole[-1] = (whole[-1][0], in_microseconds(until), loss)
        else:
            whole.append((in_microseconds(start), in_microseconds(until), loss))
    return whole


def computed(standings: Standings) -> dict[Key, list[Step]]:
    """The same from the columns."""
    table, found = standings.pool.table, dict[Key, list[Step]]()
    people = [(one.slug, "") for one in table.forecasters]
    people += [(table.forecasters[who].slug, end) for who in standings.words.tolist() for end in READ_AT]
    for claim, forecaster, start, until, loss in zip(*(column.tolist() for column in standings.pieces), strict=True):
        steps = found.setdefault((table.claims.slugs[claim], *people[forecaster]), [])
        assert start < until
        assert not steps or steps[-1][1] == start  # nothing is left out, and nothing counts twice
        goes_on = steps and abs(steps[-1][2] - loss) < 1e-9
        steps.append((steps.pop()[0] if goes_on else start, until, loss))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_the_time_of_everybody_is_what_is_told_claim_by_claim(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    World(tmp_path / "ledger.db", seed, monkeypatch).write()
    with Ledger(tmp_path / "ledger.db") as ledger:
        wanted, pool = expected(ledger.snapshot()), ledger.scorecard().pool

        found = computed(Standings(pool, Yardstick(np.ones(len(pool.table.forecasters), np.bool_))))

    assert found.keys() == wanted.keys()
    for key, steps in wanted.items():
        assert [step[:2] for step in found[key]] == [step[:2] for step in steps], key
        assert [step[2] for step in found[key]] == pytest.approx([step[2] for step in steps], abs=1e-9)


def test_random_ledgers_have_words_gaps_and_answers_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series: list[tuple[str, list[Step]]] = []
    for seed in range(20):
        World(tmp_path / f"{seed}.db", seed, monkeypatch).write()
        with Ledger(tmp_path / f"{seed}.db") as ledger:
            series += [(end, steps) for (_, _, end), steps in expected(ledger.snapshot()).items()]

    assert {end for end, _ in series} == {"", *READ_AT}
    assert any(loss == 0 for _, steps in series for _, _, loss in steps[:-1])  # withdrawn, and spoken again
    assert any(steps[-1][2] == 0 for _, steps in series)  # public before the end
    assert any(len(steps) > 2 for _, steps in series)

"""The leaderboard over claims of every type: what it is made of, and that a date's changing loss is told exactly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from club_of_types import NOISE, TYPES, club_of_types
from conftest import Clock

from forecasts.adjusted_skill import adjusted_skill
from forecasts.date_scores import date_spread_over_time
from forecasts.number_scores import NUMBER_SPREAD
from predictions import Ledger
from predictions.scoring.columns.claim_types import DATE, NUMBER
from predictions.scoring.leaderboard.pieces import LossPieces
from predictions.scoring.leaderboard.standings import Standings

DAY = 86_400_000_000


@pytest.fixture
def club(ledger: Ledger, clock: Clock) -> Ledger:
    club_of_types(ledger, clock)
    return ledger


def cut_by_the_day(standings: Standings) -> LossPieces:
    """The same time cut at every midnight, with the loss of each day computed by itself, straight from its curve."""
    table = standings.pool.table
    scoring, claims, rows = table.scoring, table.claims, standings.pool.rows_in("means")
    found: list[tuple[int, int, int, int, float]] = []
    for claim, forecaster, start, end, lost in zip(*(column.tolist() for column in standings.pieces), strict=True):
        edges = [start, *range((start // DAY + 1) * DAY, end, DAY), end]
        own = np.flatnonzero((rows.claim == claim) & (rows.forecaster == forecaster))
        said = rows.probability[own][max(int((rows.time[own] // DAY * DAY + DAY <= start).sum()) - 1, 0)]
        is_date = claims.types.kind[claim] == DATE and start < claims.limit[claim]
        for begin, until in pairwise(edges):
            loss = lost
            if is_date:
                args = np.array([said]), claims.outcome[[claim]], np.array([claim])
                saved = scoring.saved(*args, np.array([float(begin)]), np.array([float(until)]))[0]
                loss = -saved / (until - begin) / scoring.spread(np.array([claim]))[0]
            found.append((claim, forecaster, begin, until, loss))
    return LossPieces._make(np.array(column) for column in zip(*found, strict=True))


def test_every_type_counts_on_the_board(club: Ledger) -> None:
    board = club.leaderboard()

    assert {row.forecaster: row.n for row in board.lines} == dict.fromkeys(NOISE, 20)
    assert [row.forecaster for row in board.lines] == list(NOISE)
    text = " ".join(str(board).split())
    assert "Claims of every type count: 4 yes or no, 4 choices, 4 of ordered options, 4 numbers, 4 dates" in text


def test_the_card_ranks_over_every_type_too(club: Ledger) -> None:
    card, board = club.scorecard(), club.leaderboard()

    assert card.leaderboard.lines == board.lines
    assert "Claims of every type count" in str(card)
    only = club.scorecard(by="ben").leaderboard
    assert [row.forecaster for row in only.drawn] == ["ben"]
    assert only.drawn[0].rank == 2


def test_a_board_of_yes_or_no_alone_says_nothing_of_types(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 12, TYPES[:1])

    assert "every type" not in str(ledger.leaderboard())


def test_a_card_of_one_other_type_has_its_ranking(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 12, ("date",))

    text = " ".join(str(ledger.scorecard()).split())
    assert "RANKING Who forecast best" in text
    assert "1 Ana" in text or "1 ana" in text
    assert "Claims of every type count: 12 dates" in text


def test_losses_are_in_units_of_what_knowing_nothing_expects(club: Ledger) -> None:
    standings = club.leaderboard().standings
    table, pieces = standings.pool.table, standings.pieces
    claim = table.claims.slugs.index("number-1")
    ana = next(number for number, one in enumerate(table.forecasters) if one.slug == "ana")

    row = next(row for row in club.scorecard().types if row.kind == NUMBER).records
    loss = pieces.loss[(pieces.claim == claim) & (pieces.forecaster == ana)]
    record = next(record for record in row if record.forecaster.slug == "ana")
    own = next(one for one in record.scored if one.claim.slug == "number-1").middle
    nothing = table.scoring.reference_losses(table.claims.outcome[[claim]], np.array([claim]))[0]
    assert loss.tolist() == pytest.approx([(own.brier - nothing) / NUMBER_SPREAD])


def test_what_is_lost_on_a_date_adds_up_to_its_score_over_time(club: Ledger) -> None:
    standings = club.leaderboard().standings
    table, pieces = standings.pool.table, standings.pieces
    claims = table.claims
    for slug in [f"date-{number}" for number in range(4)]:
        claim = claims.slugs.index(slug)
        days, opens = claims.types.days[claim], claims.opens[claim]
        records = next(scores for scores in club.scorecard().types if scores.kind == DATE).records
        for record in records:
            own = (pieces.claim == claim) & (pieces.forecaster == record.number)
            lost = (pieces.loss[own] * (pieces.end - pieces.start)[own]).sum() / (claims.closes[claim] - opens)
            skill = next(one for one in record.scored if one.claim.slug == slug).middle.time_skill
            assert lost * date_spread_over_time(days) == pytest.approx(-skill, abs=1e-12)


def test_the_integrals_over_a_date_are_exact(club: Ledger) -> None:
    standings = club.leaderboard().standings
    finer, claims = cut_by_the_day(standings), standings.pool.table.claims

    assert finer.claim.size > 5 * standings.pieces.claim.size
    found = adjusted_skill(
        *finer, window=claims.closes - claims.opens, cluster=np.unique(claims.units.fair, return_inverse=True)[1],
        reference=standings.stick.members, kind=claims.types.kind,
    )  # fmt: skip
    assert standings.found.raw == pytest.approx(found.raw, abs=1e-9)
    assert standings.found.standard_error == pytest.approx(found.standard_error, abs=1e-9)

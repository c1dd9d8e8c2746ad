"""The leaderboard over claims of every type: what it is made of, and that a date's changing loss is told exactly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from club_of_types import DEADLINE, NOISE, OPENS, OPTIONS, TYPES, club_of_types
from conftest import Clock

from forecasts.adjusted_skill import adjusted_skill
from forecasts.date_spreads import date_spread_over_time
from forecasts.number_scores import NUMBER_SPREAD
from predictions import Ledger
from predictions.scoring.columns.claim_types import DATE, NUMBER
from predictions.scoring.leaderboard.pieces import LossPieces, outcomes_against, pieces_if
from predictions.scoring.leaderboard.standings import Standings
from predictions.scoring.possible_skill import worst_outcomes

DAY = 86_400_000_000


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


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("who", ["ben", "cyd"])  # of whom one speaks twice on it
def test_the_worst_that_is_said_is_what_comes_if_the_verdict_goes_against(
    ledger: Ledger, clock: Clock, type_: str, who: str
) -> None:
    club_of_types(ledger, clock, 16, (type_,), without=1)
    pool = ledger.leaderboard().standings.pool
    claim = pool.table.claims.slugs.index(slug := f"{type_}-15")
    number = next(number for number, one in enumerate(pool.table.forecasters) if one.slug == who)
    [worst] = worst_outcomes(pool, np.array([claim * len(pool.table.forecasters) + number]))
    said = of(ledger, who)["at_worst"]

    if type_ == "date" and worst <= 100:
        resolve_as(ledger, slug, "yes", happened_on=OPENS + timedelta(days=worst - 1))
    else:
        names = {"yes-no": ["no", "yes"], "choice": OPTIONS, "ordered": OPTIONS, "date": {101: "no"}}
        resolve_as(ledger, slug, names[type_][int(worst)] if type_ in names else worst)

    assert of(ledger, who)["skill"] == pytest.approx(said, abs=1e-9)
    assert of(ledger, who)["at_worst"] is None


def of(ledger: Ledger, who: str) -> Mapping[str, Any]:
    [row] = [row for row in ledger.leaderboard().rows() if row["forecaster"] == who]
    return row


def resolve_as(ledger: Ledger, slug: str, outcome: str | float, **day: date) -> None:
    ledger.resolve(slug, outcome, known_on=DEADLINE + timedelta(1), reason="seen", **day)


def test_the_worst_of_each_type_as_worked_out_by_hand(ledger: Ledger, clock: Clock) -> None:
    window = {"opens_on": "2026-01-02", "deadline": "2026-01-05"}  # four days
    shares = {"low": 0.5, "mid": 0.3, "high": 0.2}
    ledger.add("Which", **window, options=OPTIONS, p=shares)
    ledger.add("Size", **window, options=OPTIONS, ordered=True, p=shares)
    ledger.add("Sold", **window, unit="m", between=(0, 10), quantiles={0.1: 2, 0.4: 3.5, 0.5: 4, 0.9: 7})
    ledger.add("When", **window, when=True, p={"2026-01-03": 0.2, "2026-01-05": 0.6})
    clock.set("2026-03-01")
    standings = ledger.leaderboard().standings

    added = pieces_if(standings.pool, standings.pieces, outcomes_against(standings.pool, 0))

    found = dict(zip((standings.pool.table.claims.slugs[claim] for claim in added.claim), added.loss, strict=True))
    assert found == {
        # In units of what knowing nothing expects: (loss - its loss) / c.
        "which": pytest.approx((0.49 - 1 / 3) / (1 / 3)),
        "size": pytest.approx((0.445 - 5 / 18) / (2 / 9)),
        # The loss less that of the even spread is greatest where chance and even chance cross last before they part.
        "sold": pytest.approx((0.443333 - 1 / 3) * 6, abs=1e-5),
        "when": pytest.approx((0.201 - 0.15625) / 0.21875),
    }


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

"""Manifold's markets and bets: which have a place, what the price was when, and how they came out."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import split

import pytest
from click.testing import CliRunner
from conftest import Clock
from fatebook_files import question, write
from market_exports import TODAY, Object, imported, manifold_bet, manifold_market, milliseconds

from predictions import InvalidValue, Ledger
from predictions.cli import cli
from predictions.records import Claim, Forecaster

SLUG = "manifold-abcd123456-a270a996"


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set(TODAY)


def resolved(resolution: str, day: float = 60.5, **fields: object) -> Object:
    moment = milliseconds(day)
    return {"isResolved": True, "resolution": resolution, "resolutionTime": moment, "lastUpdatedTime": moment, **fields}


def prices(ledger: Ledger, claim: str = SLUG) -> list[tuple[str, float | None]]:
    snapshot = ledger.snapshot()
    forecasts = snapshot.forecasts_on(snapshot.find(Claim, claim))
    return [(f"{one.record.made_at:%m-%d %H:%M:%S.%f}"[:18], one.record.probability) for one in forecasts]


def outcomes(ledger: Ledger, claim: str = SLUG) -> list[tuple[str, float | None]]:
    snapshot = ledger.snapshot()
    verdicts = snapshot.resolutions_of(snapshot.find(Claim, claim))
    return [(str(one.record.outcome), one.record.fraction) for one in verdicts]


def test_files_may_come_in_any_order_and_one_market_may_stand_alone(ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(
        ledger, tmp_path, "manifold", manifold_bet(day=2.5), manifold_market(), [manifold_bet("b2", 3, 0.5)]
    )

    claim = ledger.snapshot().find(Claim, SLUG)
    assert (str(claim.opens_on), str(claim.deadline), str(claim.closes_at)) == (
        "2026-01-02", "2026-07-01", "2026-07-02 00:00:00+00:00",
    )  # fmt: skip
    assert prices(ledger) == [("01-03 12:00:00.000", 0.4), ("01-04 00:00:00.000", 0.5)]
    assert dict(taken.times) == {"platform": 2}


@pytest.mark.parametrize("page", [{"markets": [manifold_market()], "bets": [manifold_bet()], "cursor": "x"},
                                  {"data": {"markets": [manifold_market()]}, "bets": [manifold_bet()]},
                                  [[manifold_market()], [manifold_bet()]]])  # fmt: skip
def test_lists_inside_a_page_are_found(page: object, ledger: Ledger, tmp_path: Path) -> None:
    assert imported(ledger, tmp_path, "manifold", page).new["forecast"] == 1


def test_a_trader_gets_no_record_and_the_price_is_a_crowds(ledger: Ledger, tmp_path: Path) -> None:
    markets = [manifold_market(), manifold_market("Other", uniqueBettorCount=31, outcomeType="POLL"),
               manifold_market("Third", uniqueBettorCount=12)]  # fmt: skip
    imported(ledger, tmp_path, "manifold", markets, [manifold_bet(userId="u1"), manifold_bet("b2", 3, userId="u2")])

    (crowd,) = (found.record for found in ledger.snapshot().recorded(Forecaster))

    assert (crowd.slug, crowd.title, str(crowd.kind), crowd.size) == ("manifold-price", "Manifold price", "crowd", 12)


def test_a_price_is_no_candidate_for_a_rank(ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "manifold", manifold_market(**resolved("YES", 190)), manifold_bet())

    assert ledger.scorecard().record("manifold-price").n == 1
    assert "it takes 10 settled statements, and nobody has one" in str(ledger.leaderboard())


def test_nobody_is_a_price(ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "manifold", manifold_market(**resolved("YES", 190)), manifold_bet())
    file = write(tmp_path, question("pier", "Does it open?", ("Ann", "2026-03-02T10:00:00.000Z", 0.3)))

    with pytest.raises(InvalidValue, match="manifold-price is a crowd and nobody's own; 'Ann' is somebody else"):
        ledger.import_from("fatebook", file, people={"Ann": "manifold-price"})


def test_a_price_is_nobodys_own(ledger: Ledger, tmp_path: Path) -> None:
    ledger.forecast(ledger.add("It rains", deadline="2027-01-01"), 0.3, by="Ben")
    for person in ("ana", "me", "Ben", "ben"):
        with pytest.raises(InvalidValue, match="people: 'price' is a crowd and nobody's own"):
            imported(ledger, tmp_path, "manifold", manifold_market(), manifold_bet(), people={"price": person})

    taken = imported(ledger, tmp_path, "manifold", manifold_market(), manifold_bet(), people={"price": "The market"})

    assert dict(taken.by) == {"the-market": 1}


@pytest.mark.parametrize(
    ("kind", "why"),
    [("MULTIPLE_CHOICE", "multiple-choice"), ("FREE_RESPONSE", "multiple-choice"), ("PSEUDO_NUMERIC", "numeric"),
     ("NUMBER", "numeric"), ("MULTI_NUMERIC", "numeric"), ("DATE", "date"), ("POLL", "not-yes-no"),
     ("BOUNTIED_QUESTION", "not-yes-no"), ("STONK", "not-yes-no"), ("PERP", "not-yes-no"), ("NEXT", "not-yes-no")],
)  # fmt: skip
def test_another_kind_is_left_out_with_its_bets(kind: str, why: str, ledger: Ledger, tmp_path: Path) -> None:
    market = manifold_market(outcomeType=kind, closeTime=None, **resolved("a1", resolutions={"a1": 60, "a2": 40}))
    bets = [manifold_bet(answerId="a1", probAfter=None), manifold_bet("b2", isRedemption=True)]

    taken = imported(ledger, tmp_path, "manifold", [market], bets)

    assert (dict(taken.new), taken.left_out) == ({}, {"question": {why: 1}})


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [(resolved("YES"), ("yes", None)), (resolved("NO"), ("no", None)), (resolved("CANCEL"), ("annulled", None)),
     (resolved("MKT", resolutionProbability=0.4), ("fraction", 0.4)),
     (resolved("MKT", resolutionProbability=0), ("no", None)),
     (resolved("MKT", resolutionProbability=1.0), ("yes", None)),
     (resolved("YES", resolutionProbability=0.97), ("yes", None))],
)  # fmt: skip
def test_an_outcome_is_that_of_the_resolution(
    fields: Object, outcome: tuple[str, float | None], ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, "manifold", manifold_market(**fields))

    assert outcomes(ledger) == [outcome]


def test_a_resolution_that_was_taken_back_is_none(ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "manifold", manifold_market(**(resolved("YES") | {"isResolved": False})))

    assert outcomes(ledger) == []


@pytest.mark.parametrize("rising", [False, True])
def test_of_trades_in_one_millisecond_the_last_stands_whichever_way_the_file_runs(
    rising: bool, ledger: Ledger, tmp_path: Path
) -> None:
    bets = [
        manifold_bet("b1", 2, 0.4),
        manifold_bet("b2", 3, 0.28),
        manifold_bet("b3", 3, 0.45),
        manifold_bet("b4", 4, 0.5),
    ]

    taken = imported(ledger, tmp_path, "manifold", manifold_market(), bets if rising else bets[::-1])

    assert [chance for _, chance in prices(ledger)] == [0.4, 0.45, 0.5]
    assert taken.left_out == {"forecast": {"same-moment": 1}}


def test_bets_on_two_pages_that_overlap_are_taken_once(ledger: Ledger, tmp_path: Path) -> None:
    newer = [manifold_bet("b4", 4, 0.5), manifold_bet("b3", 3, 0.45), manifold_bet("b2", 3, 0.28)]
    older = [*newer[1:], manifold_bet("b1", 2, 0.4)]

    taken = imported(ledger, tmp_path, "manifold", newer, older, manifold_market())

    assert [chance for _, chance in prices(ledger)] == [0.4, 0.45, 0.5]
    assert (taken.repeated, taken.left_out) == (2, {"forecast": {"same-moment": 1}})


def test_what_moved_no_price_is_left_out_and_counted(ledger: Ledger, tmp_path: Path) -> None:
    bets = [
        manifold_bet("b1", 2, 0.4, isRedemption=True),
        manifold_bet("b2", 3, 0.4, amount=0, limitProb=0.2, isFilled=False, fills=[]),
        manifold_bet("b3", 4, 0.4, amount=0, limitProb=0.2, isCancelled=True),
        manifold_bet("b4", 5, 0.45, amount=7, limitProb=0.45, isFilled=False, isCancelled=True),  # filled in part
        manifold_bet("b5", 6, 0.5, amount=-12),  # a sale
        {"id": "c1", "contractId": "AbCd123456", "createdTime": milliseconds(7), "text": "It will."},
        manifold_bet("b6", 7, 0.5, contractId="NotThere"),
        manifold_bet("b7", 7, 0.5, contractId="NotThere", isRedemption=True),
    ]

    taken = imported(ledger, tmp_path, "manifold", [manifold_market()], bets)

    assert [chance for _, chance in prices(ledger)] == [0.45, 0.5]
    assert taken.left_out == {
        "forecast": {"comment-only": 1, "redemption": 1, "unfilled-order": 2, "unknown-question": 2}
    }


@pytest.mark.parametrize("close", [None, 253_402_300_800_000, 8.64e15])
def test_what_is_on_a_market_without_a_close_goes_with_it(close: float | None, ledger: Ledger, tmp_path: Path) -> None:
    bets = [manifold_bet(), manifold_bet("b2", 3, isRedemption=True)]

    assert imported(ledger, tmp_path, "manifold", manifold_market(closeTime=close), bets).left_out == {
        "question": {"no-deadline": 1}
    }


def test_ids_that_differ_in_case_alone_are_two_markets(ledger: Ledger, tmp_path: Path) -> None:
    markets = [manifold_market(), manifold_market("abcd123456")]

    taken = imported(
        ledger, tmp_path, "manifold", markets, [manifold_bet(), manifold_bet("b2", contractId="abcd123456")]
    )

    assert (taken.new["claim"], len(prices(ledger)), len(prices(ledger, "manifold-abcd123456"))) == (2, 1, 1)


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_a_market_that_is_there_twice_what_was_updated_last_stands(
    newest_first: bool, ledger: Ledger, tmp_path: Path
) -> None:
    markets = [manifold_market(**resolved("YES"), question="Does it open at last?"), manifold_market()]

    taken = imported(ledger, tmp_path, "manifold", *(markets if newest_first else markets[::-1]), [manifold_bet()])

    assert (dict(taken.new)["claim"], outcomes(ledger)) == (1, [("yes", None)])
    assert ledger.snapshot().find(Claim, SLUG).wording == "Does it open at last?"


def test_markets_of_one_question_in_two_currencies_share_a_cluster(ledger: Ledger, tmp_path: Path) -> None:
    markets = [manifold_market("Twin1", siblingContractId="Twin2"), manifold_market("Twin2", siblingContractId="Twin1"),
               manifold_market()]  # fmt: skip
    imported(ledger, tmp_path, "manifold", markets)

    clusters = [claim.cluster for claim in ledger.snapshot().all(Claim)]

    assert clusters[0] == clusters[1] is not None
    assert clusters[2] is None


def test_a_verdict_that_is_taken_back_and_given_anew_keeps_both(ledger: Ledger, tmp_path: Path) -> None:
    for fields in (resolved("YES"), {"lastUpdatedTime": milliseconds(70)}, resolved("NO", 80.5)):
        imported(ledger, tmp_path, "manifold", manifold_market(**fields))

    assert outcomes(ledger) == [("yes", None), ("no", None)]


def test_a_verdict_that_is_taken_back_stands_until_its_line_is_typed(ledger: Ledger, tmp_path: Path) -> None:
    reopened = manifold_market(lastUpdatedTime=milliseconds(70))
    imported(ledger, tmp_path, "manifold", manifold_market(**resolved("YES")))

    taken = imported(ledger, tmp_path, "manifold", reopened)
    stands = outcomes(ledger)
    (change,) = taken.changes
    typed = CliRunner().invoke(cli, ["--ledger", str(ledger._journal.path), *split(change.typed)[1:]])

    assert (change.what, dict(taken.new)) == ("verdict yes, 2026-03-02 12:00:00Z -> none", {})
    assert (stands, typed.exit_code, outcomes(ledger)[1:]) == ([("yes", None)], 0, [("annulled", None)])
    assert imported(ledger, tmp_path, "manifold", reopened).changes == ()
    anew = imported(ledger, tmp_path, "manifold", manifold_market(**resolved("NO", 80.5)))
    assert [change.what for change in anew.changes] == ["verdict annulled, 2026-11-29 -> no, 2026-03-22 12:00:00Z"]


def test_the_end_of_a_market_that_was_resolved_early_is_lost_and_no_change(ledger: Ledger, tmp_path: Path) -> None:
    early = manifold_market(**resolved("YES"), closeTime=milliseconds(60.5))
    imported(ledger, tmp_path, "manifold", manifold_market())

    later = imported(ledger, tmp_path, "manifold", [early, manifold_market("Other", **resolved("NO", 190))])
    first = imported(ledger, tmp_path, "manifold", early | {"id": "New"})

    assert (later.changes, str(ledger.snapshot().find(Claim, SLUG).deadline)) == ((), "2026-07-01")
    assert (later.cut_short, first.cut_short) == (0, 1)
    assert "cut short     1 question may have closed on being answered" in str(first)


@pytest.mark.parametrize(
    ("market", "field", "fix"),
    [({"createdTime": "2026-01-02"}, "createdTime", "milliseconds since 1970"),
     ({"createdTime": 1_776_080_000}, "createdTime", "milliseconds since 1970"),
     ({"createdTime": None}, "createdTime", "never empty"),
     ({"closeTime": 10**17}, "closeTime", "milliseconds since 1970"),
     ({"closeTime": True}, "closeTime", "milliseconds since 1970"),
     ({"id": ""}, "id", "known by"), ({"question": None}, "question", "never empty"),
     ({"question": ["x"]}, "question", "is no text"), ({"isResolved": "yes"}, "isResolved", "true or false"),
     (resolved("MAYBE"), "resolution", "say YES, NO, CANCEL or MKT"), (resolved(""), "resolution", "never empty"),
     (resolved("MKT"), "resolutionProbability", "never empty"),
     (resolved("MKT", resolutionProbability=1.5), "resolutionProbability", "0 to 1"),
     (resolved("YES", resolutionTime=None), "resolutionTime", "never empty"),
     ({"uniqueBettorCount": -1}, "uniqueBettorCount", "a whole number"),
     ({"groupSlugs": "ai"}, "groupSlugs", "no list of texts")],
)  # fmt: skip
def test_a_market_that_cannot_be_read_is_refused_by_file_number_and_field(
    market: Object, field: str, fix: str, ledger: Ledger, tmp_path: Path
) -> None:
    before = ledger.head()

    with pytest.raises(InvalidValue) as refused:
        imported(ledger, tmp_path, "manifold", [manifold_market("Good"), manifold_market(**market)], [manifold_bet()])

    message = " ".join(str(refused.value).split())
    assert message.startswith("manifold-0.json cannot be read, so nothing is recorded: 1 of 2 rows")
    assert f"{field} row 2" in message
    assert fix in message
    assert ledger.head() == before


def test_a_resolution_that_does_not_say_whether_it_stands_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    market = manifold_market(**resolved("YES"))
    del market["isResolved"]

    with pytest.raises(InvalidValue, match=r"isResolved +row 1 .* this is in every export"):
        imported(ledger, tmp_path, "manifold", [market])


@pytest.mark.parametrize("chance", [1.2, -0.1, "much", None, True, [0.4]])
def test_a_price_that_is_none_is_refused_with_its_value(chance: object, ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"manifold-1\.json cannot be read") as refused:
        imported(ledger, tmp_path, "manifold", manifold_market(), [manifold_bet(chance=chance)])

    assert "probAfter  row 1" in str(refused.value)


def test_two_markets_of_one_id_that_nothing_tells_apart_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="AbCd123456 is there twice"):
        imported(ledger, tmp_path, "manifold", [manifold_market(), manifold_market(question="Another?")])


@pytest.mark.parametrize("found", [{}, {"a": 1}, [{"a": 1}], [5], "text", 5, None, [[[]], [1]], {"error": []}])
def test_what_holds_no_markets_is_refused_or_empty(found: object, ledger: Ledger, tmp_path: Path) -> None:
    text = json.dumps(found)
    if found == {"error": []}:  # a page with an empty list
        assert dict(imported(ledger, tmp_path, "manifold", text).new) == {}
        return
    with pytest.raises(InvalidValue, match="markets or bets"):
        imported(ledger, tmp_path, "manifold", text)

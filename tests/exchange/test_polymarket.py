"""Polymarket's markets and prices: JSON inside text, Yes wherever it stands, and what is final."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Clock
from market_exports import TODAY, Object, imported, polymarket_market, prices, settled

from predictions import InvalidValue, Ledger
from predictions.records import Claim, Forecaster

SLUG = "polymarket-0x01f5"
NO_FIRST: Object = {"outcomes": '["No", "Yes"]'}


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set(TODAY)


def chances(ledger: Ledger, claim: str = SLUG) -> list[float | None]:
    snapshot = ledger.snapshot()
    return [one.record.probability for one in snapshot.forecasts_on(snapshot.find(Claim, claim))]


def verdicts(ledger: Ledger, claim: str = SLUG) -> list[tuple[str, float | None, str]]:
    snapshot = ledger.snapshot()
    found = [one.record for one in snapshot.resolutions_of(snapshot.find(Claim, claim))]
    return [(str(one.outcome), one.fraction, str(one.known_at)) for one in found]


def test_the_price_of_yes_is_a_crowds_and_that_of_no_is_not_taken(ledger: Ledger, tmp_path: Path) -> None:
    markets = [polymarket_market(), polymarket_market(502, **NO_FIRST)]
    told = prices(t5011=[(40, 0.3), (41, 0.4)], t5012=[(40, 0.7)], t5021=[(40, 0.9)], t5022=[(40, 0.1)])

    taken = imported(ledger, tmp_path, "polymarket", told, markets)

    assert (chances(ledger), chances(ledger, "polymarket-0x01f6"), taken.left_out) == ([0.3, 0.4], [0.1], {})
    (crowd,) = (found.record for found in ledger.snapshot().recorded(Forecaster))
    assert (crowd.slug, str(crowd.kind), crowd.method) == ("polymarket-price", "crowd", "the price of Yes")


def test_where_only_the_price_of_no_is_told_that_is_counted(ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(ledger, tmp_path, "polymarket", prices(t5012=[(40, 0.7), (41, 0.6)]), [polymarket_market()])

    assert (chances(ledger), taken.left_out) == ([], {"forecast": {"other-outcome": 2}})
    assert "left out      2 forecasts: 2 are of the other outcome" in str(taken)


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [(settled("1", "0"), ("yes", None)), (settled("0", "1"), ("no", None)), (settled("0.5", "0.5"), ("fraction", 0.5)),
     (settled("1.0", "0.00"), ("yes", None)), (settled("1", "0") | NO_FIRST, ("no", None)),
     (settled("0", "1") | NO_FIRST, ("yes", None)), (settled("1", "0") | {"outcomes": '["YES", "NO"]'}, ("yes", None)),
     (settled("1", "0") | {"outcomes": ["Yes", "No"], "outcomePrices": [1, 0]}, ("yes", None))],
)  # fmt: skip
def test_an_outcome_is_what_a_share_of_yes_paid(
    fields: Object, outcome: tuple[str, float | None], ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, "polymarket", [polymarket_market(**fields)])

    assert verdicts(ledger) == [(*outcome, "2026-06-20 15:17:02+00:00")]


@pytest.mark.parametrize(
    "fields",
    [settled("0", "0"), settled("0.9995", "0.0005"), settled("1", "1"), settled("0.3", "0.7"),
     settled("1", "0") | {"umaResolutionStatus": None}, settled("1", "0") | {"umaResolutionStatus": "disputed"},
     settled("1", "0") | {"closed": False}, settled("1", "0") | {"outcomePrices": None},
     {"umaResolutionStatus": "proposed", "outcomePrices": '["0.9995", "0.0005"]'}],
)  # fmt: skip
def test_what_is_proposed_disputed_or_only_traded_is_not_final(fields: Object, ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(ledger, tmp_path, "polymarket", [polymarket_market(**fields)])

    assert (verdicts(ledger), taken.left_out) == ([], {"verdict": {"not-final": 1}})


def test_a_market_that_is_open_has_no_verdict_to_leave_out(ledger: Ledger, tmp_path: Path) -> None:
    assert imported(ledger, tmp_path, "polymarket", polymarket_market()).left_out == {}


@pytest.mark.parametrize(
    ("told", "read"),
    [("2026-06-20 15:17:02+00", "2026-06-20 15:17:02+00:00"), ("2026-06-20 15:17:02.339341+00",
      "2026-06-20 15:17:02.339341+00:00"), ("2026-06-20T17:17:02+02:00", "2026-06-20 15:17:02+00:00"),
     ("2026-06-20T15:17:02.123456789Z", "2026-06-20 15:17:02.123456+00:00"),
     (None, "2026-06-21 00:00:00+00:00")],
)  # fmt: skip
def test_the_moment_of_a_verdict_is_when_the_market_was_closed(
    told: str | None, read: str, ledger: Ledger, tmp_path: Path
) -> None:
    fields = settled("1", "0") | {"closedTime": told, "umaEndDate": "2026-06-21T00:00:00Z"}

    imported(ledger, tmp_path, "polymarket", [polymarket_market(**fields)])

    assert verdicts(ledger) == [("yes", None, read)]


@pytest.mark.parametrize(
    "outcomes", ['["Spurs", "Spurs"]', '["Yes", "No", "Maybe"]', '["Yes", "No", "Yes"]', '["Yes"]', "[]", "", None]
)
def test_outcomes_that_are_no_yes_and_no_leave_a_market_out_with_its_prices(
    outcomes: str | None, ledger: Ledger, tmp_path: Path
) -> None:
    market = polymarket_market(outcomes=outcomes, clobTokenIds=None)

    taken = imported(ledger, tmp_path, "polymarket", [market])

    assert (dict(taken.new), taken.left_out) == ({}, {"question": {"not-yes-no": 1}})


@pytest.mark.parametrize(
    ("paid", "outcome"),
    [(("1", "0"), ("option", "spurs")), (("0", "1"), ("option", "thunder")), (("0.5", "0.5"), ("ambiguous", None))],
)
def test_two_outcomes_with_names_are_the_options_of_a_choice(
    paid: tuple[str, str], outcome: tuple[str, str | None], ledger: Ledger, tmp_path: Path
) -> None:
    market = polymarket_market(outcomes='["Spurs", "Thunder"]', **settled(*paid))

    imported(ledger, tmp_path, "polymarket", [market], prices(t5011=[(40, 0.3)], t5012=[(40, 0.7), (41, 0.6)]))

    snapshot = ledger.snapshot()
    (claim,) = snapshot.all(Claim)
    assert (claim.type, claim.options) == ("choice", ("spurs", "thunder"))
    said = [[share.share for share in item.record.shares] for item in snapshot.forecasts_on(claim)]
    assert said == [[0.3, 0.7]]
    verdict = snapshot.verdict(claim)
    assert verdict
    assert (str(verdict.outcome), verdict.option) == outcome


def test_prices_of_a_market_that_is_left_out_go_with_it(ledger: Ledger, tmp_path: Path) -> None:
    markets = [polymarket_market(outcomes='["Spurs"]', clobTokenIds='["5011"]'), polymarket_market(502, endDate=None)]

    taken = imported(ledger, tmp_path, "polymarket", markets, prices(t5011=[(40, 0.3)], t5021=[(40, 0.3)]))

    assert taken.left_out == {"question": {"no-deadline": 1, "not-yes-no": 1}}


def test_markets_of_one_event_share_a_cluster_however_the_file_tells_it(ledger: Ledger, tmp_path: Path) -> None:
    event = {"id": "903", "slug": "ferries", "title": "Ferries", "tags": [{"id": "1", "label": "Sea"}],
             "markets": [polymarket_market(), polymarket_market(502)]}  # fmt: skip
    beside = polymarket_market(503, events=[{"id": "903", "slug": "ferries"}])
    grouped = [polymarket_market(number, negRisk=True, negRiskMarketID="0xab") for number in (504, 505)]

    imported(ledger, tmp_path, "polymarket", {"events": [event], "pagination": {"hasMore": False}},
             [beside, *grouped, polymarket_market(506)])  # fmt: skip

    clusters = [claim.cluster for claim in ledger.snapshot().all(Claim)]
    assert clusters == [*["polymarket-event-903"] * 3, *["polymarket-0xab"] * 2, None]


@pytest.mark.parametrize(
    ("end", "deadline"),
    [("2027-01-01T00:00:00Z", "2026-12-31"), ("2026-12-31T23:59:59.999Z", "2026-12-31"),
     ("2027-01-01T00:00:01Z", "2027-01-01"), ("2026-12-31T20:00:00-05:00", "2027-01-01")],
)  # fmt: skip
def test_a_deadline_is_the_day_of_the_last_instant(end: str, deadline: str, ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "polymarket", [polymarket_market(endDate=end)])

    assert str(ledger.snapshot().find(Claim, SLUG).deadline) == deadline


def test_a_verdict_without_any_time_is_left_out_and_the_market_kept(ledger: Ledger, tmp_path: Path) -> None:
    undated = settled("1", "0") | {"closedTime": None, "umaEndDate": None}

    taken = imported(ledger, tmp_path, "polymarket", [polymarket_market(**undated)], prices())

    assert taken.left_out == {"verdict": {"undated": 1}}
    assert ledger.snapshot().verdict(ledger.snapshot().find(Claim, SLUG)) is None


@pytest.mark.parametrize(
    ("file", "fields", "field", "words"),
    [(0, {"conditionId": ""}, "conditionId", "known by"), (0, {"question": ""}, "question", "never empty"),
     (0, {"startDate": None}, "startDate", "never empty"),
     (0, {"endDate": "30 June"}, "endDate", "'30 June' say a moment"),
     (0, {"outcomes": "[Yes"}, "outcomes", "'[Yes' is no list of texts"),
     (0, {"outcomes": '{"a": 1}'}, "outcomes", "no list"),
     (0, {"clobTokenIds": '["1"]'}, "clobTokenIds", "as many as there are outcomes"),
     (0, settled("1.5", "0"), "outcomePrices", "prices from 0 to 1"), (0, settled("x", "0"), "outcomePrices", "prices"),
     (1, prices(t5011=[(40, 0.3), (41, 3)]), "history.5011[2].p", "3 say a number from 0 to 1"),
     (1, prices(t5011=[(40, None)]), "history.5011[1].p", "never empty"),
     (1, {"history": {"5011": [{"t": "x", "p": 0.5}]}}, "history.5011[1].t", "'x' say seconds since 1970"),
     (1, {"history": {"5011": [5]}}, "history.5011[1]", "5 is no object"),
     (1, {"history": [{"t": 1, "p": 0.5}]}, "history", "POST /batch-prices-history"),
     (1, {"history": None}, "history", "never empty"), (1, {"history": "x"}, "history", "is no object")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_file_number_and_field(
    file: int, fields: Object, field: str, words: str, ledger: Ledger, tmp_path: Path
) -> None:
    files: list[object] = [[polymarket_market(**({} if file else fields))], fields if file else prices()]
    before = ledger.head()

    with pytest.raises(InvalidValue) as refused:
        imported(ledger, tmp_path, "polymarket", *files)

    message = " ".join(str(refused.value).split())
    assert message.startswith(f"polymarket-{file}.json cannot be read, so nothing is recorded: 1 of 1 row")
    assert f"{field} row 1" in message
    assert words in message
    assert ledger.head() == before


def test_json_nested_beyond_reading_inside_a_text_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="outcomes"):
        imported(ledger, tmp_path, "polymarket", [polymarket_market(outcomes="[" * 100_000)])


def test_the_form_of_another_endpoint_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    page = {"data": [{"condition_id": "0x01", "tokens": [{"token_id": "1", "outcome": "Yes"}]}], "next_cursor": "LTE="}

    with pytest.raises(InvalidValue, match="none of the markets or prices") as refused:
        imported(ledger, tmp_path, "polymarket", json.dumps(page))

    assert "these have conditionId or history" in " ".join(str(refused.value).split())

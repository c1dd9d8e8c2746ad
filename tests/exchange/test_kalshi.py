"""Kalshi's markets and candlesticks: dollars or cents, strikes in the subtitle, and what is final."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock
from market_exports import TODAY, Object, candles, finalized, imported, kalshi_market

from predictions import InvalidValue, Ledger
from predictions.records import Claim, Forecaster

SLUG = "kalshi-kxferry-26jun-a-d79aab03"


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set(TODAY)


def claim(ledger: Ledger) -> Claim:
    return ledger.snapshot().find(Claim, SLUG)


def chances(ledger: Ledger) -> list[float | None]:
    return [one.record.probability for one in ledger.snapshot().forecasts_on(claim(ledger))]


def verdicts(ledger: Ledger) -> list[tuple[str, float | None]]:
    found = [one.record for one in ledger.snapshot().resolutions_of(claim(ledger))]
    return [(str(one.outcome), one.fraction) for one in found]


@pytest.mark.parametrize(
    ("name", "closes", "read"),
    [("close_dollars", ["0.4100", None, "0.4555", "1.0000"], [0.41, 0.4555, 1]),
     ("close", ["0.5600", None], [0.56]), ("close", [41, None, 100, 0, 1, 41.0], [0.41, 1, 0, 0.01, 0.41])],
)  # fmt: skip
def test_prices_are_dollars_as_text_or_whole_cents(
    name: str, closes: list[object], read: list[float], ledger: Ledger, tmp_path: Path
) -> None:
    taken = imported(ledger, tmp_path, "kalshi", candles(*closes, name=name), {"markets": [kalshi_market()]})

    assert (chances(ledger), taken.left_out) == (read, {"forecast": {"no-trade": 1}})
    (crowd,) = (found.record for found in ledger.snapshot().recorded(Forecaster))
    assert (crowd.slug, str(crowd.kind), crowd.size) == ("kalshi-price", "crowd", None)


@pytest.mark.parametrize("price", [None, {}, {"close": None}, {"previous": 50}, {"close_dollars": ""}])
def test_a_period_without_a_trade_has_no_price(price: object, ledger: Ledger, tmp_path: Path) -> None:
    period = {"end_period_ts": 1_769_990_400, "price": price, "yes_bid": {"close_dollars": "0.4900"}}
    series = {"ticker": "KXFERRY-26JUN-A", "candlesticks": [period]}

    taken = imported(ledger, tmp_path, "kalshi", [kalshi_market()], series)

    assert (chances(ledger), taken.left_out) == ([], {"forecast": {"no-trade": 1}})


@pytest.mark.parametrize(
    "found",
    [{"markets": [{"market_ticker": "KXFERRY-26JUN-A", "candlesticks": candles("0.4100")["candlesticks"]}]},
     {"market_tickers": ["KXFERRY-26JUN-A"], "market_candlesticks": [candles("0.4100")["candlesticks"]],
      "adjusted_end_ts": 1}, [candles("0.4100")]],
)  # fmt: skip
def test_candlesticks_of_several_markets_are_read(found: object, ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "kalshi", found, [kalshi_market()])

    assert chances(ledger) == [0.41]


def test_candlesticks_of_a_market_that_is_not_there_are_counted(ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(ledger, tmp_path, "kalshi", [kalshi_market()], candles("0.4100", None, key="KXOTHER"))

    assert taken.left_out == {"forecast": {"unknown-question": 2}}


@pytest.mark.parametrize(
    "page",
    [{"markets": [kalshi_market()], "cursor": ""}, {"market": kalshi_market()}, kalshi_market(), [kalshi_market()],
     {"event": {"event_ticker": "KXFERRY-26JUN", "title": "Ferry"}, "markets": [kalshi_market()]},
     {"events": [{"event_ticker": "KXFERRY-26JUN", "settlement_sources": [{"name": "x", "url": "y"}],
                  "markets": [kalshi_market()]}], "cursor": "next", "milestones": []}],
)  # fmt: skip
def test_markets_are_found_on_every_page(page: object, ledger: Ledger, tmp_path: Path) -> None:
    assert imported(ledger, tmp_path, "kalshi", page).new["claim"] == 1
    assert claim(ledger).notes == "https://kalshi.com/markets/kxferry-26jun"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [(finalized("yes"), ("yes", None)), (finalized("no"), ("no", None)), (finalized(""), ("annulled", None)),
     (finalized("void"), ("annulled", None)),
     (finalized("scalar", settlement_value_dollars="0.3500"), ("fraction", 0.35)),
     (finalized("scalar", settlement_value=35), ("fraction", 0.35)),
     (finalized("scalar", settlement_value_dollars="1.0000"), ("yes", None)),
     (finalized("scalar", settlement_value_dollars="0.0000"), ("no", None))],
)  # fmt: skip
def test_an_outcome_is_that_of_a_finalized_market(
    fields: Object, outcome: tuple[str, float | None], ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, "kalshi", [kalshi_market(**fields)])

    assert verdicts(ledger) == [outcome]


def test_an_end_without_the_field_of_its_result_is_refused_and_not_taken_as_void(
    ledger: Ledger, tmp_path: Path
) -> None:
    market = kalshi_market(**finalized("yes"))
    del market["result"]

    with pytest.raises(InvalidValue, match=r"result +row 1 .* this is in every export"):
        imported(ledger, tmp_path, "kalshi", [market])


@pytest.mark.parametrize("status", ["determined", "disputed", "amended", "closed", "active"])
def test_a_result_before_it_is_final_is_left_out(status: str, ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(ledger, tmp_path, "kalshi", [kalshi_market(**finalized("yes") | {"status": status})])

    assert (verdicts(ledger), taken.left_out) == ([], {"verdict": {"not-final": 1}})


@pytest.mark.parametrize("status", ["initialized", "inactive", "active", "closed"])
def test_a_market_without_a_result_is_open(status: str, ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(ledger, tmp_path, "kalshi", [kalshi_market(status=status)])

    assert (verdicts(ledger), taken.left_out) == ([], {})


@pytest.mark.parametrize(
    ("fields", "known"),
    [({}, "2026-06-30 16:00:00+00:00"), ({"settlement_ts": None}, "2026-06-30 14:00:00+00:00"),
     ({"settlement_ts": "0001-01-01T00:00:00Z"}, "2026-06-30 14:00:00+00:00"),
     ({"settlement_ts": "2026-06-30T16:00:00.123456789Z"}, "2026-06-30 16:00:00.123456+00:00")],
)  # fmt: skip
def test_an_answer_is_known_when_it_was_settled_or_in_old_files_when_the_market_closed(
    fields: Object, known: str, ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, "kalshi", [kalshi_market(**finalized("no") | fields)])

    assert [str(one.record.known_at) for one in ledger.snapshot().resolutions_of(claim(ledger))] == [known]


@pytest.mark.parametrize(
    ("fields", "text"),
    [({}, "Does the ferry run?"), ({"subtitle": "Above 2 inches"}, "Does the ferry run? (Above 2 inches)"),
     ({"yes_sub_title": "80 to 81"}, "Does the ferry run? (80 to 81)"),
     ({"subtitle": "Above 2", "yes_sub_title": "2 or more"}, "Does the ferry run? (Above 2)")],
)  # fmt: skip
def test_the_strike_belongs_to_the_text(fields: Object, text: str, ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "kalshi", [kalshi_market(**fields)])

    assert claim(ledger).wording == text


def test_markets_of_one_event_share_a_cluster(ledger: Ledger, tmp_path: Path) -> None:
    keys = ["KXRAIN-26MAR-B1", "KXRAIN-26MAR-B2", "KXRAIN-26APR-B1"]

    imported(ledger, tmp_path, "kalshi", {"markets": [kalshi_market(key) for key in keys]})

    clusters = [one.cluster for one in ledger.snapshot().all(Claim)]
    assert clusters[0] == clusters[1] != clusters[2]
    assert None not in clusters


@pytest.mark.parametrize(
    ("keys", "late"), [(["KXRAIN-26MAR-B1"], False), (["KXRAIN-26MAR-B1", "KXRAIN-26MAR-B2"], True)]
)
def test_only_markets_that_stand_together_are_told_as_clustered_too_late(
    keys: list[str], late: bool, ledger: Ledger, tmp_path: Path
) -> None:
    markets = [kalshi_market(key, **finalized("yes")) for key in keys]

    imported(ledger, tmp_path, "kalshi", markets, *(candles("0.4100", key=key) for key in keys))

    assert ("clustered too late" in str(ledger.scorecard())) is late


def test_the_end_of_a_market_that_closed_early_is_no_change(ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "kalshi", [kalshi_market(close_time="2026-12-31T15:00:00Z")])

    taken = imported(ledger, tmp_path, "kalshi", [kalshi_market(**finalized("yes"), can_close_early=True)])

    assert (taken.changes, str(claim(ledger).deadline), verdicts(ledger)) == ((), "2026-12-31", [("yes", None)])


def test_a_verdict_is_due_when_the_platform_expects_it(ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "kalshi", [kalshi_market(expected_expiration_time="2026-12-31T00:00:00Z")])

    assert claim(ledger).settle_days == 184


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"market_type": "scalar"}, "numeric"), ({"market_type": "ranked"}, "not-yes-no"),
     ({"mve_selected_legs": [{"market_ticker": "KXA", "side": "yes"}]}, "combination"),
     ({"mve_collection_ticker": "KXMVE"}, "combination"), ({"close_time": None}, "no-deadline"),
     ({"close_time": "0001-01-01T00:00:00Z"}, "no-deadline"),
     ({"close_time": "2026-01-01T00:00:00Z"}, "due-before-made"),
     (finalized("yes", settlement_ts="2026-01-31T00:00:00Z"), "answer-before-opening")],
)  # fmt: skip
def test_a_market_without_a_place_is_left_out_with_its_prices(
    fields: Object, why: str, ledger: Ledger, tmp_path: Path
) -> None:
    taken = imported(ledger, tmp_path, "kalshi", [kalshi_market(**fields)], candles("0.4100"))

    assert (dict(taken.new), taken.left_out) == ({}, {"question": {why: 1}})


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [({"ticker": ""}, "ticker", "known by"), ({"title": None}, "title", "never empty"),
     ({"open_time": None}, "open_time", "never empty"), ({"close_time": 5}, "close_time", "5 is no text"),
     ({"close_time": "2026-06-30"}, "close_time", "say a moment"),
     (finalized("maybe"), "result", "say yes, no, void or scalar"),
     (finalized("scalar"), "settlement_value_dollars", "never empty"),
     (finalized("scalar", settlement_value_dollars="1.5"), "settlement_value_dollars", "0 to 1"),
     (finalized("scalar", settlement_value=0.35), "settlement_value", "whole cents, or dollars as text")],
)  # fmt: skip
def test_a_market_that_cannot_be_read_is_refused_by_number_and_field(
    fields: Object, field: str, words: str, ledger: Ledger, tmp_path: Path
) -> None:
    before = ledger.head()

    with pytest.raises(InvalidValue) as refused:
        imported(ledger, tmp_path, "kalshi", {"markets": [kalshi_market("KXGOOD"), kalshi_market(**fields)]})

    message = " ".join(str(refused.value).split())
    assert message.startswith("kalshi-0.json cannot be read, so nothing is recorded: 1 of 2 rows")
    assert f"{field} row 2" in message
    assert words in message
    assert ledger.head() == before


def test_what_is_neither_a_market_nor_a_candlestick_is_refused_as_such(ledger: Ledger, tmp_path: Path) -> None:
    trades = {"trades": [{"trade_id": "t", "ticker": "KXFERRY-26JUN-A", "yes_price_dollars": "0.4"}]}

    with pytest.raises(InvalidValue, match="none of the markets or candlesticks asked for"):
        imported(ledger, tmp_path, "kalshi", [kalshi_market()], trades)


def test_a_question_of_one_of_several_files_is_shown_where_it_cannot_be_recorded(
    ledger: Ledger, tmp_path: Path
) -> None:
    early = kalshi_market("KXEARLY", **finalized("yes", settlement_ts="2027-01-01T00:00:00Z"))

    with pytest.raises(InvalidValue, match="lies in the future") as refused:
        imported(ledger, tmp_path, "kalshi", [kalshi_market("KXGOOD")], [early], [kalshi_market("KXOTHER")])

    assert str(refused.value).splitlines()[-1].startswith("row 1: KXEARLY")


def test_what_lies_ahead_is_refused_by_its_file_and_field(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue) as refused:
        imported(ledger, tmp_path, "kalshi", [kalshi_market()], candles(*["0.4"] * 400))

    message = " ".join(str(refused.value).split())
    assert message.startswith("kalshi-1.json cannot be read, so nothing is recorded: 1 of 1 row")
    assert "candlesticks[302].end_period_ts row 1 1795996800 lies in the future: it is 2026-11-30" in message


@pytest.mark.parametrize(
    ("close", "name"),
    [
        ("1.2", "close_dollars"),
        ("much", "close_dollars"),
        (101, "close"),
        (0.41, "close"),
        (True, "close"),
        ([], "close"),
    ],
)
def test_a_price_that_is_none_is_refused_with_its_place_and_value(
    close: object, name: str, ledger: Ledger, tmp_path: Path
) -> None:
    with pytest.raises(InvalidValue, match=r"kalshi-1\.json cannot be read") as refused:
        imported(ledger, tmp_path, "kalshi", [kalshi_market()], candles("0.4100", close, name=name))

    assert f"candlesticks[2].price.{name}" in str(refused.value)


@pytest.mark.parametrize("status", ["reopened", "FINALISED", "", None, "final"])
def test_a_market_whose_status_is_not_known_is_left_out_and_not_read_as_open(
    status: object, ledger: Ledger, tmp_path: Path
) -> None:
    market = kalshi_market(status=status, result="yes")

    taken = imported(ledger, tmp_path, "kalshi", {"markets": [market]}, candles("0.4100"))

    assert (dict(taken.new), taken.left_out) == ({}, {"question": {"unknown-status": 1}})


def test_what_is_settled_is_no_verdict_yet(ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(ledger, tmp_path, "kalshi", {"markets": [kalshi_market(status="settled", result="yes")]})

    assert (taken.new["claim"], taken.left_out) == (1, {"verdict": {"not-final": 1}})

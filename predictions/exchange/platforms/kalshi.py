"""Read Kalshi: markets, and candlesticks, whose last traded prices of Yes become a crowd's forecasts."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from predictions.enums import Outcome, SourceKind
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump, DumpFile
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.markets import (
    NOT_FINAL,
    Markets,
    in_events,
    items_of,
    price_account,
    priced,
    share_outcome,
)
from predictions.exchange.platforms.rules import settle_days
from predictions.exchange.questions import Account, LeftOut, Platform, Question, Verdict

PLATFORM = Platform("kalshi", "Kalshi", SourceKind.PLATFORM, "https://kalshi.com")
TICKER, IN_A_BATCH, CANDLES = "ticker", "market_ticker", "candlesticks"
OF_MARKETS = {"status", "close_time"}  # keys that a market has and a trade has not
TICKERS_OF_EVENT, CANDLES_OF_EVENT = "market_tickers", "market_candlesticks"  # two lists in the same order
SCALAR, CATEGORY = "scalar", "category"
RESULTS = {"yes": Outcome.YES, "no": Outcome.NO, "void": Outcome.ANNULLED, SCALAR: None}
FINAL, DOUBTED = "finalized", {"determined", "disputed", "amended", "settled"}
RUNNING = {"initialized", "unopened", "active", "open", "inactive", "paused", "closed"}


def read_kalshi(dump: Dump, options: Options) -> Iterator[Question | Account | LeftOut]:
    """Read pages of markets, alone or in their events, and candlesticks, in any order of files."""
    items = [item for file in dump.files for item in _told_apart(file)]
    markets = Markets()
    for item in (item for item in items if CANDLES not in item.fields):
        with item:
            market = _market(item)
            is_unsettled = isinstance(market, Question) and market.verdict is None and _is_doubted(item)
            reason = NOT_FINAL if is_unsettled else ""
            markets.add(market, item.key(TICKER), item.moment("updated_time"), verdict_left=reason)
    for item in (item for item in items if CANDLES in item.fields):
        with item:
            _take_candles(item, markets)
    yield price_account(PLATFORM, "the last traded price of Yes in each period")
    yield from markets.gathered()


def _told_apart(file: DumpFile) -> list[ExportRow]:
    """Return the markets of a file and the candlesticks of each; those of a whole event are split by market."""
    content = file.json()
    for event, market in in_events(content, "markets"):
        market.setdefault(CATEGORY, event.get(CATEGORY))
    if isinstance(content, dict) and CANDLES_OF_EVENT in content:
        tickers, candles = content.get(TICKERS_OF_EVENT), content[CANDLES_OF_EVENT]
        if isinstance(tickers, list) and isinstance(candles, list) and len(tickers) == len(candles):
            pairs = zip(tickers, candles, strict=True)
            content = [{TICKER: ticker, CANDLES: of_market} for ticker, of_market in pairs]
    return items_of(file, content, {*OF_MARKETS, CANDLES}, "markets or candlesticks", (TICKER, IN_A_BATCH))


def _price(item: ExportRow, key: str) -> float | None:
    """Return a price: dollars as text, under either name, or whole cents; None if it is empty."""
    if item.has(f"{key}_dollars"):
        return item.chance(f"{key}_dollars")
    value = item.fields.get(key)
    if isinstance(value, float) and not value.is_integer():
        raise item.fault(key, "say whole cents, or dollars as text")
    return item.chance(key, percent=not isinstance(value, str))


# -- markets -----------------------------------------------------------------------------------------------------------


def _market(item: ExportRow) -> Question | LeftOut:
    """Return a market as a question; a strike or the like, which distinguishes it in its event, joins the text."""
    key = item.key(TICKER)
    if reason := _no_place(item):
        return LeftOut("question", key, reason, item.row)
    title, strike = item.needed("title", item.words("title")), item.text("subtitle") or item.text("yes_sub_title")
    opens_at = item.needed("open_time", item.moment("open_time") or item.moment("created_time"))
    closes_at, event, category = item.moment("close_time"), item.text("event_ticker"), item.text(CATEGORY)
    rules = [rule for rule in (item.words("rules_primary"), item.words("rules_secondary")) if rule]
    return Question(
        item.row, id=key, text=f"{title} ({strike})" if strike else title, opens_on=opens_at.date(),
        link=event and f"{PLATFORM.link}/markets/{quote(event.lower(), safe='')}", verdict=_finalized(item),
        cut_short=item.has("result") and item.flag("can_close_early"),
        fields={
            "closes_at": closes_at, "criteria": "\n\n".join(rules) or None, "cluster": event,
            "tags": [category] if category else None,
            "settle_days": closes_at and settle_days(closes_at, item.moment("expected_expiration_time")),
        },
    )  # fmt: skip


def _no_place(item: ExportRow) -> str | None:
    """Return why a market has no place in a ledger; None if it has one."""
    if _status(item) not in {FINAL, *DOUBTED, *RUNNING}:
        return "unknown-status"
    if item.has("mve_collection_ticker") or item.objects("mve_selected_legs"):
        return "combination"
    kind = item.text("market_type") or "binary"
    return None if kind == "binary" else "numeric" if kind == SCALAR else "not-yes-no"


def _finalized(item: ExportRow) -> Verdict | None:
    """Return the verdict of a market, None if it is not final; one that ended without a result is void.

    Files before 2026 do not say when a market was settled; its answer is then dated by its close.
    """
    outcome: Outcome | float | None = item.word("result", RESULTS) if item.has("result") else Outcome.ANNULLED
    if _status(item) != FINAL:
        return None
    item.check_tells("result")
    if outcome is None:
        outcome = share_outcome(item.needed("settlement_value_dollars", _price(item, "settlement_value")))
    return Verdict(item.row, outcome, item.first_past("settlement_ts", "close_time"))


def _status(item: ExportRow) -> str:
    """Return the status of a market in lower case."""
    return (item.text("status") or "").lower()


def _is_doubted(item: ExportRow) -> bool:
    """Tell whether there is a result that is not final."""
    return item.has("result") or _status(item) in DOUBTED


# -- prices ------------------------------------------------------------------------------------------------------------


def _take_candles(item: ExportRow, markets: Markets) -> None:
    """Add the price at the end of each period as a forecast; periods without a trade have none."""
    key = item.key(TICKER if item.has(TICKER) else IN_A_BATCH)
    question, candles = markets.asked(key), item.objects(CANDLES)
    if question is None:
        markets.leave_out(key, "unknown-question", len(candles))
        return
    for candle in candles:
        ended_at, prices = candle.since_1970("end_period_ts"), candle.object("price")
        made_at = candle.needed("end_period_ts", candle.past("end_period_ts", ended_at))
        chance = prices and _price(prices, "close")
        if chance is None:
            markets.leave_out(key, "no-trade")
        else:
            question.said.append(priced(candle.row, made_at, chance))

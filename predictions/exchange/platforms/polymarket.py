"""Read Polymarket: Gamma's markets, alone or in events, and the prices of Yes, which become a crowd's forecasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from predictions.enums import Outcome, SourceKind
from predictions.exchange.options import Options
from predictions.exchange.platforms.choices import as_choice, as_shares, slugs_of
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
from predictions.exchange.questions import Account, LeftOut, Platform, Question, Verdict
from predictions.exchange.said import SaidForecast
from predictions.number_checks import read_decimal

PLATFORM = Platform("polymarket", "Polymarket", SourceKind.PLATFORM, "https://polymarket.com")
CONDITION_ID, PRICES, MARKETS, EVENTS = "conditionId", "history", "markets", "events"
TAGS, CATEGORY = "tags", "category"
YES, NO = "yes", "no"
FINAL = {0, 0.5, 1}  # what a share of Yes may pay in the end; any other price was only traded
IS_RESOLVED = "resolved"
BATCH = "say of which token each is: POST /batch-prices-history does, GET /prices-history does not"


def read_polymarket(dump: Dump, options: Options) -> Iterator[Question | Account | LeftOut]:
    """Read markets or events, and prices as a list for each token, in any order of files."""
    items = [item for file in dump.files for item in _with_events(file)]
    markets = Markets()
    tokens: dict[str, tuple[str, bool]] = {}  # by token: its market, and whether it is for Yes, or for the first name
    for item in (item for item in items if CONDITION_ID in item.fields):
        with item:
            _take_market(item, markets)
            followed = YES if YES in _named_outcomes(item) else next(iter(_named_outcomes(item)), YES)
            tokens |= {
                token: (item.key(CONDITION_ID), name == followed) for token, name in _paired(item, "clobTokenIds")
            }
    for item in (item for item in items if CONDITION_ID not in item.fields):
        with item:
            _take_prices(item, markets, tokens)
    yield price_account(PLATFORM, "the price of Yes")
    yield from markets.gathered()


def _with_events(file: DumpFile) -> list[ExportRow]:
    """Return the markets and prices of a file; a market in an event gets the event's id and tags."""
    content = file.json()
    for event, market in in_events(content, MARKETS):
        market |= {name: event[name] for name in (TAGS, CATEGORY) if name in event and name not in market}
        if "id" in event:
            market.setdefault(EVENTS, [{"id": event["id"]}])
    return items_of(file, content, {CONDITION_ID, PRICES}, "markets or prices", (CONDITION_ID,))


# -- markets -----------------------------------------------------------------------------------------------------------


def _take_market(item: ExportRow, markets: Markets) -> None:
    """Add a market of yes and no, or of two named outcomes, which become options; another market is left out."""
    key, updated, names = item.key(CONDITION_ID), item.moment("updatedAt"), _named_outcomes(item)
    if len(set(names)) != 2 or len(names) != 2:
        markets.add(LeftOut("question", key, "not-yes-no", item.row), key, updated)
        return
    market = _market_of_two(item)
    if set(names) != {YES, NO}:
        market.fields |= as_choice(list(slugs_of(names).values()))
    is_unsettled = market.verdict is None and (item.flag("closed") or item.has("umaResolutionStatus"))
    markets.add(market, key, updated, verdict_left=NOT_FINAL if is_unsettled else "")


def _named_outcomes(item: ExportRow) -> list[str]:
    """Return the names of a market's outcomes in lower case."""
    return [name.casefold() for name in item.texts("outcomes")]


def _market_of_two(item: ExportRow) -> Question:
    """Return a market of two outcomes as a question."""
    opens_at = item.needed("startDate", item.moment("startDate") or item.moment("createdAt"))
    slug = item.text("slug")
    return Question(
        item.row, id=item.key(CONDITION_ID), text=item.needed("question", item.words("question")),
        opens_on=opens_at.date(),
        link=slug and f"{PLATFORM.link}/market/{quote(slug, safe='')}", verdict=_verdict_of_market(item),
        fields={
            "closes_at": item.moment("endDate"), "criteria": item.words("description"), "cluster": _event(item),
            "tags": _tags(item),
        },
    )  # fmt: skip


def _tags(item: ExportRow) -> list[object] | None:
    """Return the tags and category of a market or its event, None if there are none; tags are objects or texts."""
    tags = item.fields.get(TAGS)
    labels = [tag.get("label") if isinstance(tag, dict) else tag for tag in tags] if isinstance(tags, list) else []
    return [*filter(None, [item.text(CATEGORY)]), *(label for label in labels if isinstance(label, str))] or None


def _event(item: ExportRow) -> str | None:
    """Return the event of a market, else the group in which one market comes out yes; None if the file has neither."""
    events = item.objects(EVENTS)
    if events and events[0].has("id"):
        return f"event-{events[0].key('id')}"
    return item.text("negRiskMarketID")


def _verdict_of_market(item: ExportRow) -> Verdict | None:
    """Return the verdict of a market, None if it is not final: proposed, disputed, or a price that was only traded."""
    if not item.flag("closed") or (item.text("umaResolutionStatus") or "").lower() != IS_RESOLVED:
        return None
    shares = {name: _share(item, price) for price, name in _paired(item, "outcomePrices")}
    if len(shares) != 2 or sum(shares.values()) != 1 or not FINAL.issuperset(shares.values()):
        return None
    return Verdict(item.row, _paid_outcome(shares), item.first_past("closedTime", "umaEndDate"))


def _paid_outcome(shares: Mapping[str, float]) -> Outcome | float | str:
    """Return the outcome that the shares pay; half to each of two names is ambiguous."""
    if shares.keys() == {YES, NO}:
        return share_outcome(shares[YES])
    slugs = slugs_of(shares)
    return next((slugs[name] for name, share in shares.items() if share == 1), Outcome.AMBIGUOUS)


def _share(item: ExportRow, price: str) -> float:
    """Return a share as a number from 0 to 1."""
    parsed = read_decimal(price)
    if parsed is None or parsed[1] or not 0 <= parsed[0] <= 1:
        raise item.fault("outcomePrices", "say prices from 0 to 1")
    return float(parsed[0])


def _paired(item: ExportRow, key: str) -> list[tuple[str, str]]:
    """Return pairs of the items of a list, such as prices, and the names of their outcomes; empty without a list."""
    items, names = item.texts(key), item.texts("outcomes")
    if items and len(items) != len(names):
        raise item.fault(key, "say as many as there are outcomes")
    return [(entry, name.casefold()) for entry, name in zip(items, names, strict=False)]


# -- prices ------------------------------------------------------------------------------------------------------------


def _take_prices(item: ExportRow, markets: Markets, tokens: dict[str, tuple[str, bool]]) -> None:
    """Add the prices of Yes, or of the first name, as forecasts; those of the other outcome say the same.

    Prices of the other outcome are counted only if a file has no others.
    """
    if isinstance(item.fields[PRICES], list):
        raise item.fault(PRICES, BATCH)
    history = item.needed(PRICES, item.object(PRICES))
    followed_token = {token: tokens.get(token, (token, True)) for token in history.fields}
    followed = {key for key, is_followed in followed_token.values() if is_followed}  # markets with prices of their own
    for token, (key, is_followed) in followed_token.items():
        question, points = markets.asked(key), history.objects(token)
        if not is_followed:
            markets.leave_out(key, "other-outcome", 0 if key in followed else len(points))
            continue
        if question is None:
            markets.leave_out(key, "unknown-question", len(points))
            continue
        for point in points:
            made_at = point.needed("t", point.past("t", point.since_1970("t")))
            chance = point.needed("p", point.chance("p"))
            question.said.append(_of_two(question, priced(point.row, made_at, chance), chance))


def _of_two(question: Question, said: SaidForecast, chance: float) -> SaidForecast:
    """Return the forecast that a price makes; on a choice it is for both options."""
    options = question.fields.get("options")
    if not isinstance(options, tuple):
        return said
    return said._replace(fields=as_shares({options[0]: chance, options[1]: 1 - chance}))

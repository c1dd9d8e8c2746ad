"""The reader of Manifold: markets, and the bets on them, whose prices are a crowd's; no trader gets a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from predictions.enums import Outcome, SourceKind
from predictions.exchange.dump import Dump
from predictions.exchange.export_row import ExportRow
from predictions.exchange.markets import Markets, items_of, price_account, priced, share_outcome
from predictions.exchange.options import Options
from predictions.exchange.questions import Account, LeftOut, Platform, Question, Verdict

PLATFORM = Platform("manifold", "Manifold", SourceKind.PLATFORM, "https://manifold.markets")
KIND, ON_MARKET = "outcomeType", "contractId"  # keys by which markets, and what is said on them, are known
ON_THE_API = {KIND, ON_MARKET}
BINARY = "BINARY"
OTHER_KINDS = {
    "MULTIPLE_CHOICE": "multiple-choice", "FREE_RESPONSE": "multiple-choice", "PSEUDO_NUMERIC": "numeric",
    "NUMBER": "numeric", "MULTI_NUMERIC": "numeric", "DATE": "date",
}  # fmt: skip
RESOLUTIONS = {"YES": Outcome.YES, "NO": Outcome.NO, "CANCEL": Outcome.ANNULLED, "MKT": None}  # the last at a share
MOST_BETTORS = 10**9


def read_manifold(dump: Dump, options: Options) -> Iterator[Question | Account | LeftOut]:
    """Read markets and bets as the API gives them: single ones or lists, in any order of files."""
    items = [item for file in dump.files for item in items_of(file, file.json(), ON_THE_API, "markets or bets")]
    markets, bettors = Markets(), [0]
    for item in (item for item in items if KIND in item.fields):
        with item:
            markets.add(_market(item), item.key("id"), _in_milliseconds(item, "lastUpdatedTime"))
            bettors.append(_bettors(item))
    for made_at, bet in _in_order(item for item in items if KIND not in item.fields):
        with bet:
            _take_bet(bet, made_at, markets)
    yield price_account(PLATFORM, "the price after each trade", max(bettors))
    yield from markets.gathered()


def _in_milliseconds(item: ExportRow, key: str) -> datetime | None:
    return item.since_1970(key, per_second=1000)


# -- markets -----------------------------------------------------------------------------------------------------------


def _market(item: ExportRow) -> Question | LeftOut:
    """Read a market; only one of yes or no has a place. One that was resolved early says that it closed then."""
    key, kind = item.key("id"), item.key(KIND)
    if kind != BINARY:
        return LeftOut("question", key, OTHER_KINDS.get(kind, "not-yes-no"), item.row)
    created = item.needed("createdTime", _in_milliseconds(item, "createdTime"))
    closes_at, verdict = _in_milliseconds(item, "closeTime"), _resolved(item)
    twin = item.text("siblingContractId")  # the same question, traded in the other currency
    return Question(
        item.row, id=key, text=item.needed("question", item.text("question")),
        opens_on=created.date(), speaker=item.line("creatorName"), link=item.text("url"), verdict=verdict,
        cut_short=verdict is not None and verdict.known_on == closes_at,
        fields={
            "closes_at": closes_at, "criteria": item.text("textDescription"), "tags": item.texts("groupSlugs"),
            "cluster": twin and min(key, twin),
        },
    )  # fmt: skip


def _resolved(item: ExportRow) -> Verdict | None:
    """Read how a market was resolved; where that was taken back there is nothing."""
    if not item.flag("isResolved"):
        return None
    item.needed("resolution", item.text("resolution"))
    outcome: Outcome | float | None = item.word("resolution", RESOLUTIONS)
    if outcome is None:
        outcome = share_outcome(item.needed("resolutionProbability", item.chance("resolutionProbability")))
    return Verdict(item.row, outcome, item.needed("resolutionTime", _in_milliseconds(item, "resolutionTime")))


def _bettors(item: ExportRow) -> int:
    """How many people have bet on a market of yes or no."""
    count = item.fields.get("uniqueBettorCount", 0)
    if type(count) is not int or not 0 <= count < MOST_BETTORS:
        raise item.fault("uniqueBettorCount", "say how many, as a whole number")
    return count if item.fields[KIND] == BINARY else 0


# -- bets --------------------------------------------------------------------------------------------------------------


def _in_order(bets: Iterable[ExportRow]) -> Iterator[tuple[datetime, ExportRow]]:
    """Yield the bets of each market by time, those of one millisecond in the order in which they were made.

    The API has the newest first, or if asked so the oldest. A bet on two pages that overlap stays beside itself.
    """
    by_market: dict[str, list[tuple[datetime, str, ExportRow]]] = {}
    for bet in bets:
        with bet:
            made_at = bet.needed("createdTime", _in_milliseconds(bet, "createdTime"))
            by_market.setdefault(bet.key(ON_MARKET), []).append((made_at, bet.key("id"), bet))
    for dated in by_market.values():
        steps = [earlier < later for (earlier, *_), (later, *_) in pairwise(dated) if earlier != later]
        if 2 * sum(steps) <= len(steps):
            dated.reverse()
        places: dict[str, int] = {}
        for place, (_, key, _) in enumerate(dated):
            places.setdefault(key, place)
        dated.sort(key=lambda found: (found[0], places[found[1]]))
        yield from ((made_at, bet) for made_at, _, bet in dated)


def _take_bet(bet: ExportRow, made_at: datetime, markets: Markets) -> None:
    """Take the price after a trade. Redeemed shares, orders that nobody filled and comments moved none."""
    key = bet.key(ON_MARKET)
    question = markets.asked(key)
    if bet.flag("isRedemption"):
        markets.leave_out(key, "redemption")
    elif bet.has("limitProb") and not bet.fields.get("amount"):
        markets.leave_out(key, "unfilled-order")
    elif "probAfter" not in bet.fields and "amount" not in bet.fields:
        markets.leave_out(key, "comment-only")
    elif question is None:
        markets.leave_out(key, "unknown-question")
    else:
        question.said.append(priced(bet.row, made_at, bet.needed("probAfter", bet.chance("probAfter"))))

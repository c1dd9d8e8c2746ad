"""What the readers of prediction markets share: objects in pages, prices in any order, shares that are paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from predictions.enums import PRICE, ForecasterKind, Outcome
from predictions.errors import InvalidValue
from predictions.exchange.platforms.dump import ID, DumpFile
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.same_question import differing
from predictions.exchange.questions import Account, LeftOut, Platform, Question, RowFault
from predictions.exchange.said import SaidForecast
from predictions.importing.refusals import WHOLE_ROW

NOT_FINAL = "not-final"  # why a verdict that may still change is left out
DEEPEST = 8  # levels of lists and pages that are searched
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def items_of(
    file: DumpFile, content: object, marks: Collection[str], what: str, known_by: Sequence[str] = (ID,)
) -> list[ExportRow]:  # fmt: skip
    """Return the objects in a file's JSON that have one of *marks* as a key, numbered; objects without are refused.

    Raises InvalidValue if it has no objects.
    """
    objects = objects_of(content, marks)
    if objects and not any(isinstance(member, dict) for member in objects):
        raise InvalidValue(f"{file.name} holds no {what}; is it the file that was asked for?")
    items = file.numbered(objects, known_by)
    for item in items:
        if not is_marked(item.fields, marks):
            item.refuse(
                RowFault(WHOLE_ROW, f"it is none of the {what} asked for: these have {' or '.join(sorted(marks))}")
            )
    return [item for item in items if is_marked(item.fields, marks)]


def objects_of(content: object, marks: Collection[str], depth: int = DEEPEST) -> list[Any]:
    """Return the objects with one of *marks* as a key: a single one, a list, or lists within pages.

    Members of such a list without a mark are returned, too, so that they can be refused.

    >>> objects_of({"markets": [{"id": "a"}, {}], "cursor": "x"}, {"id"})
    [{'id': 'a'}, {}]
    """
    if isinstance(content, list) and depth:
        return [item for member in content for item in objects_of(member, marks, depth - 1)]
    if not isinstance(content, dict) or is_marked(content, marks) or not depth:
        return [content]
    pages = [value for value in content.values() if isinstance(value, (list, dict))]
    marked: list[Any] = []
    for page in pages:
        members = objects_of(page, marks, depth - 1)
        if any(is_marked(member, marks) for member in members):
            marked += members
    return marked or ([] if [] in pages else [content])


def in_events(content: object, listed: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each market in a list under the key *listed*, in its event or beside it, with that event."""
    for page in objects_of(content, {listed}):
        event, markets = (page.get("event", page), page.get(listed)) if isinstance(page, dict) else (None, None)
        if isinstance(event, dict) and isinstance(markets, list):
            yield from ((event, market) for market in markets if isinstance(market, dict))


def is_marked(content: object, marks: Collection[str]) -> bool:
    """Tell whether something is an object with one of *marks* as a key."""
    return isinstance(content, Mapping) and any(mark in content for mark in marks)


def share_outcome(share: float) -> Outcome | float:
    """Return the outcome if a contract pays this share: yes for all of it, no for nothing, else the share.

    >>> share_outcome(1.0), share_outcome(0.4)
    (<Outcome.YES: 'yes'>, 0.4)
    """
    return Outcome.YES if share == 1 else share or Outcome.NO


class Markets:
    """Collects the markets of a run, then their prices, whatever the order of the files."""

    def __init__(self) -> None:
        self._markets: dict[str, tuple[datetime, Question | LeftOut]] = {}
        self._verdict_left: dict[str, str] = {}
        self._left_out: Counter[tuple[str, str]] = Counter()

    def add(self, market: Question | LeftOut, key: str, updated: datetime | None, *, verdict_left: str = "") -> None:
        """Add a market; if it was added before, the newer one is kept. *verdict_left*: why its verdict is left out.

        Fields that one of the two lacks, such as its event, are taken from the other. RowFault if the two differ and
        nothing shows which is newer.
        """
        stamp = updated or LONG_AGO  # a market without a stamp is older than one with a stamp
        other_stamp, other = self._markets.get(key, (LONG_AGO, market))  # itself, if it is new: nothing then differs
        if stamp == other_stamp and not _agree(market, other):
            raise RowFault(WHOLE_ROW, f"{key} is there twice and says two things; keep the newer one")
        if stamp >= other_stamp:
            self._markets[key], self._verdict_left[key] = (stamp, market), verdict_left
        _fill_gaps_of_each_other(market, other)

    def asked(self, key: str) -> Question | None:
        """Return the question of a market; None if it is left out or unknown."""
        market = self._markets.get(key, (LONG_AGO, None))[1]
        return market if isinstance(market, Question) else None

    def leave_out(self, key: str, reason: str, count: int = 1) -> None:
        """Count what is not a forecast, for a known market or an unknown one."""
        if count:
            self._left_out[key, reason if key in self._markets else "unknown-question"] += count

    def gathered(self) -> Iterator[Question | LeftOut]:
        """Yield the markets, and what was left out of them."""
        yield from (market for _, market in self._markets.values())
        yield from (LeftOut("verdict", key, reason) for key, reason in self._verdict_left.items() if reason)
        for (key, reason), count in self._left_out.items():
            yield LeftOut("forecast", key, reason, count=count)


def price_account(platform: Platform, method: str, size: int = 0) -> Account:
    """Return the account of a platform's prices: a crowd, of at least *size* people if that is known."""
    return Account(PRICE, ForecasterKind.CROWD, f"{platform.title} price", size or None, method)


def priced(row: int, made_at: datetime, chance: float) -> SaidForecast:
    """Return the forecast that a price makes."""
    return SaidForecast(row, PRICE, made_at, {"probability": chance})


def _agree(market: Question | LeftOut, other: Question | LeftOut) -> bool:
    """Tell whether a market says the same in two places, as far as both say it."""
    if isinstance(market, LeftOut) or isinstance(other, LeftOut):
        return isinstance(market, LeftOut) and isinstance(other, LeftOut) and market.why == other.why
    verdict, other_verdict = (asked.verdict and asked.verdict._replace(row=0) for asked in (market, other))
    return differing(market, other) is None and verdict == other_verdict


def _fill_gaps_of_each_other(first: Question | LeftOut, second: Question | LeftOut) -> None:
    """Copy fields that only one of two places of a market has to the other, if both are of one type."""
    if isinstance(first, LeftOut) or isinstance(second, LeftOut):
        return
    if first.fields.get("type") != second.fields.get("type"):
        return
    for market, other_fields in ((first, second.fields), (second, dict(first.fields))):
        market.fields |= {name: value for name, value in other_fields.items() if market.fields.get(name) is None}

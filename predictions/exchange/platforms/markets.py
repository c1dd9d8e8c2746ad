"""What the files of prediction markets have in common: objects in pages, prices in any order, shares paid."""

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

DEEPEST = 8  # lists and pages within pages
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def items_of(
    file: DumpFile, found: object, marks: Collection[str], what: str, known_by: Sequence[str] = (ID,)
) -> list[ExportRow]:  # fmt: skip
    """Number the objects in a file's JSON that have one of the *marks* as a key; others in their place are refused.

    Raises InvalidValue: It holds something else than objects.
    """
    objects = objects_of(found, marks)
    if objects and not any(isinstance(one, dict) for one in objects):
        raise InvalidValue(f"{file.name} holds no {what}; is it the file that was asked for?")
    items = file.numbered(objects, known_by)
    for item in items:
        if not is_marked(item.fields, marks):
            item.refuse(
                RowFault(WHOLE_ROW, f"it is none of the {what} asked for: these have {' or '.join(sorted(marks))}")
            )
    return [item for item in items if is_marked(item.fields, marks)]


def objects_of(found: object, marks: Collection[str], depth: int = DEEPEST) -> list[Any]:
    """Find the objects with one of the *marks* as a key: one alone, a list of them, or lists in a page around them.

    What stands in their place and has none is returned, too, so that it can be refused.

    >>> objects_of({"markets": [{"id": "a"}, {}], "cursor": "x"}, {"id"})
    [{'id': 'a'}, {}]
    """
    if isinstance(found, list) and depth:
        return [one for member in found for one in objects_of(member, marks, depth - 1)]
    if not isinstance(found, dict) or is_marked(found, marks) or not depth:
        return [found]
    pages = [value for value in found.values() if isinstance(value, (list, dict))]
    within = [objects_of(page, marks, depth - 1) for page in pages]
    marked = [one for objects in within if any(is_marked(each, marks) for each in objects) for one in objects]
    return marked or ([] if [] in pages else [found])


def in_events(found: object, listed: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each market that is *listed* in its event, or beside it, after that event."""
    for page in objects_of(found, {listed}):
        event, inside = (page.get("event", page), page.get(listed)) if isinstance(page, dict) else (None, None)
        if isinstance(event, dict) and isinstance(inside, list):
            yield from ((event, market) for market in inside if isinstance(market, dict))


def is_marked(found: object, marks: Collection[str]) -> bool:
    """Tell whether it is an object with one of the *marks* as a key."""
    return isinstance(found, Mapping) and any(mark in found for mark in marks)


def share_outcome(share: float) -> Outcome | float:
    """Return the outcome that pays this share of a contract: the whole is yes, nothing is no.

    >>> share_outcome(1.0), share_outcome(0.4)
    (<Outcome.YES: 'yes'>, 0.4)
    """
    return Outcome.YES if share == 1 else share or Outcome.NO


class Markets:
    """Gathers the markets of a run, then their prices, in whatever order the files have them."""

    def __init__(self) -> None:
        self._markets: dict[str, tuple[datetime, Question | LeftOut]] = {}
        self._not_final: dict[str, bool] = {}
        self._left_out: Counter[tuple[str, str]] = Counter()

    def add(self, market: Question | LeftOut, key: str, updated: datetime | None, *, not_final: bool = False) -> None:
        """Add a market, perhaps with a verdict that is *not_final*. Of one there twice, what was updated last stands.

        What that does not tell, such as its event, the other one may. RowFault where it is there twice, says two
        things, and nothing tells which is newer.
        """
        stamp = updated or LONG_AGO
        before, known = self._markets.get(key, (LONG_AGO, market))
        if stamp == before and not _agree(market, known):
            raise RowFault(WHOLE_ROW, f"{key} is there twice and says two things; keep the newer one")
        if stamp >= before:
            self._markets[key], self._not_final[key] = (stamp, market), not_final
        _tell_each_other(market, known)

    def asked(self, key: str) -> Question | None:
        """Return the question that a market asks; None where it has no place, or is not there."""
        market = self._markets.get(key, (LONG_AGO, None))[1]
        return market if isinstance(market, Question) else None

    def leave_out(self, key: str, why: str, count: int = 1) -> None:
        """Count what is no forecast, on a market or on what is not there."""
        if count:
            self._left_out[key, why if key in self._markets else "unknown-question"] += count

    def gathered(self) -> Iterator[Question | LeftOut]:
        """Yield the markets, and what was left out of them."""
        yield from (market for _, market in self._markets.values())
        yield from (LeftOut("verdict", key, "not-final") for key, not_final in self._not_final.items() if not_final)
        for (key, why), count in self._left_out.items():
            yield LeftOut("forecast", key, why, count=count)


def price_account(platform: Platform, method: str, size: int = 0) -> Account:
    """Name the account of a platform's prices: a crowd, of at least so many people where that is known."""
    return Account(PRICE, ForecasterKind.CROWD, f"{platform.title} price", size or None, method)


def priced(row: int, made_at: datetime, chance: float) -> SaidForecast:
    """Make the forecast that a price is."""
    return SaidForecast(row, PRICE, made_at, {"probability": chance})


def _agree(one: Question | LeftOut, other: Question | LeftOut) -> bool:
    """Tell whether a market says the same in two places, as far as both say it."""
    if isinstance(one, LeftOut) or isinstance(other, LeftOut):
        return isinstance(one, LeftOut) and isinstance(other, LeftOut) and one.why == other.why
    verdicts = [market.verdict and market.verdict._replace(row=0) for market in (one, other)]
    return differing(one, other) is None and verdicts[0] == verdicts[1]


def _tell_each_other(one: Question | LeftOut, other: Question | LeftOut) -> None:
    """Let each of two places of a market, of one type, have the fields that the other tells alone."""
    if isinstance(one, LeftOut) or isinstance(other, LeftOut) or one.fields.get("type") != other.fields.get("type"):
        return
    for market, told in ((one, other.fields), (other, dict(one.fields))):
        market.fields |= {name: value for name, value in told.items() if market.fields.get(name) is None}

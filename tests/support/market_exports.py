"""Exports of prediction markets, made up: objects as the platforms' APIs write them, and runs that import them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from predictions import Ledger, LedgerError
from predictions.exchange.taking.card import Taken

Object = dict[str, Any]
TODAY = "2026-11-29"
JANUARY = 1_767_225_600  # 2026-01-01T00:00Z, in seconds since 1970
DAY = 86_400


def milliseconds(day: float) -> int:
    """The moment so many days after the beginning of 2026, as Manifold writes it."""
    return round((JANUARY + day * DAY) * 1000)


def manifold_market(key: str = "AbCd123456", **fields: object) -> Object:
    """An open market of yes or no, asked on 2 January 2026, that closes at the end of 1 July."""
    return {
        "id": key, "creatorName": "Ann", "createdTime": milliseconds(1), "closeTime": milliseconds(182),
        "question": f"Does {key} open?", "url": f"https://manifold.markets/ann/{key.lower()}", "outcomeType": "BINARY",
        "isResolved": False, "uniqueBettorCount": 9, "lastUpdatedTime": milliseconds(1), "groupSlugs": ["ai"],
        "textDescription": "Opens to the public.", **fields,
    }  # fmt: skip


def manifold_bet(key: str = "b1", day: float = 2, chance: object = 0.4, **fields: object) -> Object:
    """A trade that left the price at a chance, so many days after the beginning of 2026."""
    return {
        "id": key, "contractId": "AbCd123456", "createdTime": milliseconds(day), "amount": 10, "outcome": "YES",
        "probBefore": 0.5, "probAfter": chance, "isRedemption": False, **fields,
    }  # fmt: skip


def polymarket_market(number: int = 501, **fields: object) -> Object:
    """An open market of Yes and No from 1 February to noon of 30 June 2026; its tokens are its number and 1 or 2."""
    return {
        "id": str(number), "conditionId": f"0x{number:04x}", "question": f"Does ferry {number} run?",
        "slug": f"market-{number}", "description": "Resolves to Yes if it does.", "startDate": "2026-02-01T10:00:00Z",
        "endDate": "2026-06-30T12:00:00Z", "updatedAt": "2026-02-01T10:00:00Z", "outcomes": '["Yes", "No"]',
        "outcomePrices": '["0.5", "0.5"]', "clobTokenIds": f'["{number}1", "{number}2"]', "closed": False, **fields,
    }  # fmt: skip


def settled(*prices: str) -> Object:
    """The fields of a market of Polymarket that was settled at these prices."""
    return {
        "closed": True, "umaResolutionStatus": "resolved", "closedTime": "2026-06-20 15:17:02+00",
        "outcomePrices": json.dumps(prices),
    }  # fmt: skip


def prices(**tokens: Iterable[tuple[int, object]]) -> Object:
    """What the batch form answers, by token (``t5011``): days after the beginning of 2026, and prices."""
    return {
        "history": {
            token[1:]: [{"t": JANUARY + day * DAY, "p": price} for day, price in points]
            for token, points in tokens.items()
        }
    }


def kalshi_market(key: str = "KXFERRY-26JUN-A", **fields: object) -> Object:
    """An active market from 1 February to 30 June 2026."""
    return {
        "ticker": key, "event_ticker": key.rpartition("-")[0], "market_type": "binary", "title": "Does the ferry run?",
        "subtitle": "", "yes_sub_title": "", "open_time": "2026-02-01T15:00:00Z", "close_time": "2026-06-30T14:00:00Z",
        "expected_expiration_time": "2026-06-30T14:00:00Z", "updated_time": "2026-02-01T15:00:00Z", "status": "active",
        "result": "", "rules_primary": "If it does, the market resolves to Yes.", "rules_secondary": "", **fields,
    }  # fmt: skip


def finalized(result: str, **fields: object) -> Object:
    """The fields of a market of Kalshi that came out so."""
    return {"status": "finalized", "result": result, "settlement_ts": "2026-06-30T16:00:00Z", **fields}


def candles(*closes: object, key: str = "KXFERRY-26JUN-A", name: str = "close_dollars") -> Object:
    """Candlesticks of one day each, from 2 February 2026."""
    return {
        "ticker": key,
        "candlesticks": [
            {"end_period_ts": JANUARY + (32 + place) * DAY, "price": {name: close, "previous_dollars": "0.5000"}}
            for place, close in enumerate(closes)
        ],
    }


def imported(ledger: Ledger, folder: Path, platform: str, *files: object, **options: Any) -> Taken:
    """Import objects, each as a file of its own."""
    paths = []
    for number, found in enumerate(files):
        path = folder / f"{platform}-{number}.json"
        text = found if isinstance(found, (str, bytes)) else json.dumps(found)
        path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
        paths.append(path)
    return ledger.import_from(platform, *paths, **options)


def check_whole_or_plain(folder: Path, platform: str, *files: object) -> bool:
    """Import files; where they are refused, in plain words and with nothing written, the answer is False."""
    path = folder / "fuzz.db"
    path.unlink(missing_ok=True)
    with Ledger(path, me="ed") as ledger:
        before = ledger.head()
        try:
            taken = imported(ledger, folder, platform, *files)
        except LedgerError as refused:
            words = str(refused)
            assert "not happen" not in words
            assert len(words) < 4_000
            assert re.search(rf"{platform}-[01]\.json", words)
            assert ledger.head() == before
            return False
        assert str(taken)
        assert dict(imported(ledger, folder, platform, *files).new) == {}
        assert ledger.verify().ok
        return True

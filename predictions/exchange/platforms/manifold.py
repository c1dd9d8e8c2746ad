"""Read Manifold: markets, and the bets on them, whose prices become a crowd's forecasts; traders get no record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from predictions.enums import Outcome, SourceKind
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.manifold_answers import (
    ANSWERS,
    OF_ANSWER,
    OUTCOME_OF_WORD,
    SUM_TO_ONE,
    AnswerPrice,
    ChoiceMarket,
    choice_of,
    questions_of_answers,
    resolved_at,
)
from predictions.exchange.platforms.markets import Markets, items_of, price_account, priced, share_outcome
from predictions.exchange.questions import Account, LeftOut, Platform, Question, Verdict

PLATFORM = Platform("manifold", "Manifold", SourceKind.PLATFORM, "https://manifold.markets")
KIND, ON_MARKET = "outcomeType", "contractId"  # keys that show a market, and a bet or comment on one
ON_THE_API = {KIND, ON_MARKET}
BINARY, MULTIPLE_CHOICE = "BINARY", "MULTIPLE_CHOICE"
RANGES = {"NUMBER", "MULTI_NUMERIC", "DATE"}  # kinds whose answers are ranges of a number, or of days
OTHER_KINDS = {
    "MULTIPLE_CHOICE": "multiple-choice", "FREE_RESPONSE": "multiple-choice", "PSEUDO_NUMERIC": "numeric",
    "NUMBER": "numeric", "MULTI_NUMERIC": "numeric", "DATE": "date",
}  # fmt: skip
MOST_BETTORS = 10**9
LAST_MILLISECOND, LAST_OF_THE_SITE = 253_402_300_799_999, 8_640_000_000_000_000  # the ends of year 9999, of JavaScript


def read_manifold(dump: Dump, options: Options) -> Iterator[Question | Account | LeftOut]:
    """Read markets and bets as the API gives them, single or in lists, in any order of files."""
    items = [item for file in dump.files for item in items_of(file, file.json(), ON_THE_API, "markets or bets")]
    markets, bettors, choices = Markets(), [0], dict[str, ChoiceMarket]()
    told = {str(item.fields.get("id")): item.fields[SUM_TO_ONE] for item in items if SUM_TO_ONE in item.fields}
    for item in (item for item in items if KIND in item.fields):
        with item:
            _take_market(item._replace(fields=_with_how_answers_sum(item, told)), markets, choices)
            bettors.append(_bettors(item))  # the crowd is as large as the largest market
    for made_at, bet in _bets_in_order(item for item in items if KIND not in item.fields):
        with bet:
            _take_bet(bet, made_at, markets, choices)
    for key, choice in choices.items():
        if markets.asked(key) is choice.question:
            yield from choice.gathered()
    yield price_account(PLATFORM, "the price after each trade", max(bettors))
    yield from markets.gathered()


def _in_milliseconds(item: ExportRow, key: str) -> datetime | None:
    """Return a moment given in milliseconds since 1970; None if it is empty."""
    return item.since_1970(key, per_second=1000)


# -- markets -----------------------------------------------------------------------------------------------------------


def _take_market(item: ExportRow, markets: Markets, choices: dict[str, ChoiceMarket]) -> None:
    """Add a market, or one for each of its answers; a market of another kind is left out."""
    key, kind, updated = item.key("id"), item.key(KIND), _in_milliseconds(item, "lastUpdatedTime")
    if kind == BINARY:
        markets.add(_market(item, _resolved(item)), key, updated)
    elif kind not in {MULTIPLE_CHOICE, *RANGES} or len(item.objects(ANSWERS)) < 2:
        markets.add(LeftOut("question", key, OTHER_KINDS.get(kind, "not-yes-no"), item.row), key, updated)
    elif item.flag(SUM_TO_ONE) or kind == "NUMBER":  # ranges of a number always sum to one
        choice = choice_of(item, _market(item, None), ranges=kind in RANGES)
        markets.add(choice.question, key, updated, verdict_left="split" if choice.split else "")
        if markets.asked(key) is choice.question:
            choices[key] = choice
    elif not item.has(SUM_TO_ONE):
        markets.add(LeftOut("question", key, "in-brief", item.row), key, updated)
    else:
        for question in questions_of_answers(item, _market(item, None)):
            reason = "" if question.verdict_told else "no-outcome"
            markets.add(question, question.id or "", updated, verdict_left=reason)


def _with_how_answers_sum(item: ExportRow, told: Mapping[str, object]) -> Mapping[str, Any]:
    """Return a market's fields; lists do not say whether the answers sum to one, but its full form may stand beside."""
    key = str(item.fields.get("id"))
    return {SUM_TO_ONE: told[key], **item.fields} if key in told else item.fields


def _market(item: ExportRow, verdict: Verdict | None) -> Question:
    """Return a market of any kind as a question; one resolved early has closed at its resolution."""
    key = item.key("id")
    if item.has("resolution"):
        item.check_tells("isResolved")
    created_at = item.needed("createdTime", _in_milliseconds(item, "createdTime"))
    closes_at = None if _is_never(item.fields.get("closeTime")) else _in_milliseconds(item, "closeTime")
    twin = item.text("siblingContractId")  # the same question, traded in the other currency
    return Question(
        item.row, id=key, text=item.needed("question", item.words("question")),
        opens_on=created_at.date(), speaker=item.line("creatorName"), link=item.text("url"), verdict=verdict,
        cut_short=verdict is not None and verdict.known_on == closes_at,
        fields={
            "closes_at": closes_at, "criteria": item.words("textDescription"), "cluster": twin and min(key, twin),
            "tags": item.if_told("groupSlugs", ExportRow.texts),
        },
    )  # fmt: skip


def _is_never(close: object) -> bool:
    """Tell whether a market closes after the last day of the calendar, as some do: it then has no deadline."""
    return isinstance(close, (int, float)) and LAST_MILLISECOND < close <= LAST_OF_THE_SITE


def _resolved(item: ExportRow) -> Verdict | None:
    """Return the verdict of a market; None if it is not resolved, or was and is not any more."""
    if not item.flag("isResolved"):
        return None
    item.needed("resolution", item.text("resolution"))
    outcome: Outcome | float | None = item.word("resolution", OUTCOME_OF_WORD)
    if outcome is None:
        outcome = share_outcome(item.needed("resolutionProbability", item.chance("resolutionProbability")))
    return Verdict(item.row, outcome, resolved_at(item))


def _bettors(item: ExportRow) -> int:
    """Return how many people bet on a market; 0 for a kind that is left out."""
    count = item.fields.get("uniqueBettorCount", 0)
    if type(count) is not int or not 0 <= count < MOST_BETTORS:
        raise item.fault("uniqueBettorCount", "say how many, as a whole number")
    return count if item.fields[KIND] in {BINARY, MULTIPLE_CHOICE, *RANGES} else 0


# -- bets --------------------------------------------------------------------------------------------------------------


def _bets_in_order(bets: Iterable[ExportRow]) -> Iterator[tuple[datetime, ExportRow]]:
    """Yield the bets of each market by time, those of one millisecond in the order in which they were made.

    The API lists the newest first, or the oldest if asked to. The same bet on two overlapping pages stays together.
    """
    by_market: dict[str, list[tuple[datetime, str, ExportRow]]] = {}
    for bet in bets:
        with bet:
            made_at = bet.needed("createdTime", bet.past("createdTime", _in_milliseconds(bet, "createdTime")))
            by_market.setdefault(bet.key(ON_MARKET), []).append((made_at, bet.key("id"), bet))
    for listed in by_market.values():
        is_rising = [earlier < later for (earlier, *_), (later, *_) in pairwise(listed) if earlier != later]
        if 2 * sum(is_rising) <= len(is_rising):
            listed.reverse()
        places: dict[str, int] = {}
        for place, (_, key, _) in enumerate(listed):
            places.setdefault(key, place)
        listed.sort(key=lambda item: (item[0], places[item[1]]))
        yield from ((made_at, bet) for made_at, _, bet in listed)


def _take_bet(bet: ExportRow, made_at: datetime, markets: Markets, choices: dict[str, ChoiceMarket]) -> None:
    """Add the price after a trade; redeemed shares, unfilled orders and comments changed no price.

    On a choice, a trade on one answer changes the prices of all; trades of redeemed shares show the other prices.
    """
    key = bet.key(ON_MARKET)
    answer = bet.key(OF_ANSWER) if bet.has(OF_ANSWER) else None
    choice = choices.get(key)
    if answer is not None and markets.asked(f"{key}-{answer}"):  # the answer is a question of its own
        key = f"{key}-{answer}"
    question, redeems = markets.asked(key), bet.flag("isRedemption")
    if not redeems and bet.has("limitProb") and not bet.fields.get("amount"):
        markets.leave_out(key, "unfilled-order")
    elif choice is not None and answer in choice.slugs and bet.has("probAfter"):
        chance = bet.needed("probAfter", bet.chance("probAfter"))
        choice.prices.append(AnswerPrice(bet.row, made_at, choice.slugs[answer], chance))
    elif redeems:
        markets.leave_out(key, "redemption")
    elif "probAfter" not in bet.fields and "amount" not in bet.fields:
        markets.leave_out(key, "comment-only")
    elif question is None or choice is not None:
        markets.leave_out(key, "unknown-question")
    else:
        question.said.append(priced(bet.row, made_at, bet.needed("probAfter", bet.chance("probAfter"))))

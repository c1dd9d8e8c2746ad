"""Read Manifold's markets with several answers or ranges: a choice if they sum to one, else one market for each answer.

The words for verdicts are here, too, since both readers of Manifold use them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from predictions.enums import PRICE, Outcome
from predictions.exchange.platforms.choices import as_choice, as_shares, slugs_each
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.markets import share_outcome
from predictions.exchange.questions import LeftOut, Question, Verdict
from predictions.exchange.said import SaidForecast

ANSWERS, SUM_TO_ONE, OF_ANSWER = "answers", "shouldAnswersSumToOne", "answerId"
CANCEL = "CANCEL"
OUTCOME_OF_WORD = {"YES": Outcome.YES, "NO": Outcome.NO, CANCEL: Outcome.ANNULLED, "MKT": None}  # MKT pays a share
MIDPOINT, INDEX = "midpoint", "index"  # of an answer that is a range: its middle, and its place in the list
SEVERAL_PAID = ("MKT", "CHOOSE_ONE", "CHOOSE_MULTIPLE")  # resolutions with a weight for each answer
ALL = 100.0  # sum of the weights of a resolution
OFF_BY = 0.02  # by which the prices of all answers may miss 1, since a trade changes them one after the other


class AnswerPrice(NamedTuple):
    """The price of one answer after a trade."""

    row: int
    made_at: datetime
    slug: str
    chance: float


@dataclass
class ChoiceMarket:
    """A market of which one answer comes true, with the slugs of its answers by id, and their prices."""

    question: Question
    slugs: dict[str, str]
    prices: list[AnswerPrice] = field(default_factory=list)
    split: bool = False  # whether it was resolved to several answers

    def gathered(self) -> Iterator[LeftOut]:
        """Turn the latest prices of all answers at each moment into a forecast; yield what has no place."""
        latest: dict[str, float] = {}
        for made_at, at_once in groupby(self.prices, key=lambda price: price.made_at):
            prices = list(at_once)
            latest |= {price.slug: price.chance for price in prices}
            missing = [slug for slug in self.slugs.values() if slug not in latest]
            rest = 1 - sum(latest.values())
            chances = {**latest, missing[0]: rest} if len(missing) == 1 and rest >= 0 else latest
            if len(chances) < len(self.slugs) or abs(1 - sum(chances.values())) > OFF_BY:
                reason = "incomplete" if missing else "not-one"
                yield LeftOut("forecast", self.question.id or "", reason, prices[0].row, len(prices))
                continue
            shares = as_shares({slug: chances[slug] for slug in self.slugs.values()})
            self.question.said.append(SaidForecast(prices[-1].row, PRICE, made_at, shares))


def choice_of(item: ExportRow, question: Question, *, ranges: bool = False) -> ChoiceMarket:
    """Return a market of which one answer comes true; a resolution that pays several answers is not a verdict.

    Answers that are *ranges* of a number or of days have an order and become an ordered choice.
    """
    answers = _rising(item.objects(ANSWERS)) if ranges else item.objects(ANSWERS)
    names = slugs_each(answer.needed("text", answer.line("text")) for answer in answers)
    slugs = dict(zip([answer.key("id") for answer in answers], names, strict=True))
    question.fields |= as_choice(list(slugs.values()), ordered=ranges)
    if not item.flag("isResolved"):
        return ChoiceMarket(question, slugs)
    word, weights = item.needed("resolution", item.text("resolution")), item.object("resolutions")
    # The word is the id of an answer, or says that weights decide; one answer may then have all of the weight.
    paid = [key for key, weight in weights.fields.items() if weight == ALL] if weights else []
    if word not in {*slugs, *SEVERAL_PAID, CANCEL}:
        raise item.fault("resolution", f"say the id of an answer, {', '.join(SEVERAL_PAID)} or CANCEL")
    outcome = Outcome.ANNULLED if word == CANCEL else slugs.get(paid[0] if paid else word)
    if outcome is not None:
        question.verdict = Verdict(item.row, outcome, resolved_at(item))
    return ChoiceMarket(question, slugs, split=outcome is None)


def _rising(answers: Sequence[ExportRow]) -> list[ExportRow]:
    """Return ranges lowest first: by their midpoints, else by their numbers, else as they are listed."""
    for key in (MIDPOINT, INDEX):
        places = [place for answer in answers if (place := answer.number(key)) is not None]
        if len(places) == len(answers):
            by_place = sorted(zip(places, answers, strict=True), key=lambda placed: placed[0])
            return [answer for _, answer in by_place]
    return list(answers)


def questions_of_answers(item: ExportRow, question: Question) -> Iterator[Question]:
    """Yield a question for each answer, since several may come true; they are one cluster.

    If the whole market is resolved, and an answer is not, how it came out is not told.
    """
    for answer in item.objects(ANSWERS):
        key, name = f"{question.id}-{answer.key('id')}", answer.needed("text", answer.line("text"))
        verdict = _of_answer(answer, item)
        yield replace(
            question, id=key, text=f"{question.text} ({name})", verdict=verdict, said=[],
            verdict_told=verdict is not None or not item.flag("isResolved"),
            fields={**question.fields, "cluster": question.id}, cut_short=False,
        )  # fmt: skip


def _of_answer(answer: ExportRow, item: ExportRow) -> Verdict | None:
    """Return the verdict of one answer, or the share that it pays; its day may be given for the whole market only.

    None without one. If the whole market is annulled, its answers have no resolution of their own.
    """
    if not answer.has("resolution"):
        is_annulled = item.flag("isResolved") and item.text("resolution") == CANCEL
        return Verdict(item.row, Outcome.ANNULLED, resolved_at(item)) if is_annulled else None
    outcome: Outcome | float | None = answer.word("resolution", OUTCOME_OF_WORD)
    if outcome is None:
        outcome = share_outcome(answer.needed("resolutionProbability", answer.chance("resolutionProbability")))
    return Verdict(item.row, outcome, resolved_at(answer if answer.has("resolutionTime") else item))


def resolved_at(item: ExportRow) -> datetime:
    """Return when a market, or an answer, was resolved."""
    moment = item.past("resolutionTime", item.since_1970("resolutionTime", per_second=1000))
    return item.needed("resolutionTime", moment)

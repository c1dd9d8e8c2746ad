"""Fatebook's questions with several answers: each answer has its own forecasts, at any time, and its own verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from predictions.enums import Outcome
from predictions.exchange.platforms.choices import OTHER, as_choice, as_shares, slugs_of, with_other
from predictions.exchange.questions import LeftOut, Question, Verdict
from predictions.exchange.said import SaidForecast

A_SECOND = timedelta(seconds=1)


class Answer(NamedTuple):
    """An answer: its name, and its outcome if it is resolved."""

    name: str
    outcome: Outcome | None = None
    known_on: datetime | None = None
    id: str = ""  # empty if the file does not give it


class OnAnswer(NamedTuple):
    """A forecast on one answer."""

    row: int
    by: str | None
    made_at: datetime
    answer: str
    chance: float
    user: str | None = None


def choice_of(
    question: Question, answers: Sequence[Answer], said: Sequence[OnAnswer]
) -> Iterator[Question | LeftOut]:  # fmt: skip
    """Yield a question with its answers as options, and a further option that none of them comes true.

    A forecast at a moment consists of the latest chance for each answer; what is missing to 1 is for none of them. It
    is left out while some answer has no chance, or if the sum is over 1.
    """
    key = question.id or ""
    slugs = slugs_of(answer.name for answer in answers)
    if not slugs:
        yield LeftOut("question", key, "no-answers", question.row)
        return
    question.fields |= as_choice(list(dict.fromkeys([*slugs.values(), OTHER])))
    question.verdict = _how_it_came_out(question, answers, slugs)
    by_forecaster = sorted(said, key=lambda row: (row.by or "", row.user or "", row.made_at.timestamp()))
    for (by, user), forecasts in groupby(by_forecaster, key=lambda row: (row.by, row.user)):
        latest: dict[str, float] = {}
        for rows in _at_once(forecasts):
            latest |= {slugs[row.answer]: row.chance for row in rows}
            reason = _why_not(latest, slugs)
            if reason is not None:
                yield LeftOut("forecast", key, reason, rows[0].row, len(rows))
                continue
            chances = with_other({slug: latest[slug] for slug in slugs.values()})
            question.said.append(SaidForecast(rows[0].row, by, rows[-1].made_at, as_shares(chances or {}), user=user))
    yield question


def _at_once(said: Iterable[OnAnswer]) -> Iterator[list[OnAnswer]]:
    """Yield forecasts made together: Fatebook dates the answers of one form one by one, within a second."""
    together: list[OnAnswer] = []
    for answer in said:
        if together and answer.made_at - together[-1].made_at >= A_SECOND:
            yield together
            together = []
        together.append(answer)
    if together:
        yield together


def each_answer(question: Question, answers: Sequence[Answer], said: Sequence[OnAnswer]) -> Iterator[Question]:
    """Yield one question for each answer, since several may come true; they are one cluster."""
    key, whole = question.id or "", question.verdict
    for answer in answers:  # one without an outcome of its own is ambiguous if the whole question is
        verdict = Verdict(question.row, answer.outcome, answer.known_on) if answer.outcome else _if_ambiguous(whole)
        yield replace(
            question, id=f"{key}-{answer.id}", text=f"{question.text} ({answer.name})",
            fields={**question.fields, "cluster": key}, verdict=verdict,
            said=[
                SaidForecast(row.row, row.by, row.made_at, {"probability": row.chance}, user=row.user)
                for row in said if row.answer == answer.name
            ],
        )  # fmt: skip


def _why_not(latest: Mapping[str, float], slugs: Mapping[str, str]) -> str | None:
    """Return why chances for some answers are not a forecast yet; None if they are."""
    if len(latest) < len(slugs):
        return "incomplete"
    return "over-one" if with_other(latest) is None else None


def _how_it_came_out(question: Question, answers: Sequence[Answer], slugs: Mapping[str, str]) -> Verdict | None:
    """Return the verdict: the answer that is yes, "other" if all are no, or ambiguous; None if undecided."""
    came_true = [answer for answer in answers if answer.outcome is Outcome.YES]
    decided = came_true[:1] or [answer for answer in answers if answer.outcome is Outcome.NO]
    if len(came_true) == 1:
        return Verdict(question.row, slugs[came_true[0].name], came_true[0].known_on)
    if len(came_true) > 1:
        return Verdict(question.row, Outcome.AMBIGUOUS, decided[0].known_on)
    if decided and len(decided) == len(answers):
        days = [answer.known_on for answer in decided if answer.known_on]
        return Verdict(question.row, OTHER, max(days, default=None))
    void = next((answer for answer in answers if answer.outcome is Outcome.AMBIGUOUS), None)
    return Verdict(question.row, Outcome.AMBIGUOUS, void.known_on) if void else _if_ambiguous(question.verdict)


def _if_ambiguous(verdict: Verdict | None) -> Verdict | None:
    """Return the verdict on a whole question if it holds for each answer; none of the others does."""
    return verdict if verdict and verdict.outcome is Outcome.AMBIGUOUS else None

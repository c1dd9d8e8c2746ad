"""Fatebook's questions with several answers: each answer is forecast by itself, at any time, and resolved by itself."""

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
    """What one of the answers is called, and how it came out, if it is resolved."""

    name: str
    outcome: Outcome | None = None
    known_on: datetime | None = None
    id: str = ""  # where the file tells it


class OnAnswer(NamedTuple):
    """What somebody said of one answer."""

    row: int
    by: str | None
    made_at: datetime
    answer: str
    chance: float
    user: str | None = None


def choice_of(
    question: Question, answers: Sequence[Answer], said: Sequence[OnAnswer]
) -> Iterator[Question | LeftOut]:  # fmt: skip
    """Yield a question with its answers as options, and with a further option, that none of them comes true.

    What somebody thinks at a moment is the last that they said of each answer; what is missing to 1 is left for none.
    Left out is what is not all there yet, or sums to more than 1.
    """
    key = question.id or ""
    slugs = slugs_of(answer.name for answer in answers)
    if not slugs:
        yield LeftOut("question", key, "no-answers", question.row)
        return
    question.fields |= as_choice(list(dict.fromkeys([*slugs.values(), OTHER])))
    question.verdict = _how_it_came_out(question, answers, slugs)
    ordered = sorted(said, key=lambda row: (row.by or "", row.user or "", row.made_at.timestamp()))
    for (by, user), of_one in groupby(ordered, key=lambda row: (row.by, row.user)):
        standing: dict[str, float] = {}
        for rows in _at_once(of_one):
            standing |= {slugs[row.answer]: row.chance for row in rows}
            why = _why_not(standing, slugs)
            if why is not None:
                yield LeftOut("forecast", key, why, rows[0].row, len(rows))
                continue
            in_order = with_other({slug: standing[slug] for slug in slugs.values()})
            question.said.append(SaidForecast(rows[0].row, by, rows[-1].made_at, as_shares(in_order or {}), user=user))
    yield question


def _at_once(said: Iterable[OnAnswer]) -> Iterator[list[OnAnswer]]:
    """Yield what was said together: Fatebook dates the answers of one form one after the other, within a second."""
    together: list[OnAnswer] = []
    for answer in said:
        if together and answer.made_at - together[-1].made_at >= A_SECOND:
            yield together
            together = []
        together.append(answer)
    if together:
        yield together


def each_answer(question: Question, answers: Sequence[Answer], said: Sequence[OnAnswer]) -> Iterator[Question]:
    """Yield a question of each answer, where several may come true; they are one cluster."""
    key = question.id or ""
    for answer in answers:
        decided = Verdict(question.row, answer.outcome, answer.known_on) if answer.outcome else None
        yield replace(
            question, id=f"{key}-{answer.id}", text=f"{question.text} ({answer.name})",
            fields={**question.fields, "cluster": key}, verdict=decided,
            said=[
                SaidForecast(one.row, one.by, one.made_at, {"probability": one.chance}, user=one.user)
                for one in said if one.answer == answer.name
            ],
        )  # fmt: skip


def _why_not(standing: Mapping[str, float], slugs: Mapping[str, str]) -> str | None:
    if len(standing) < len(slugs):
        return "incomplete"
    return "over-one" if with_other(standing) is None else None


def _how_it_came_out(question: Question, answers: Sequence[Answer], slugs: Mapping[str, str]) -> Verdict | None:
    """Return the answer that is yes; another one where each is no; else how the question itself came out."""
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
    verdict = question.verdict if question.verdict and question.verdict.outcome is Outcome.AMBIGUOUS else None
    return Verdict(question.row, Outcome.AMBIGUOUS, void.known_on) if void else verdict

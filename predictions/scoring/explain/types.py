"""Explain the score of choices, ordered options, numbers and dates by the yes/no questions behind each claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf, log

import numpy as np

from predictions.numerals import counted, exact, figure
from predictions.scoring.columns.claim_types import CHOICE, DATE, ORDERED
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.explain.explanation import Explanation, mean_of
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.score_columns import ScoreColumn
from predictions.scoring.track_record import TrackRecord
from predictions.timestamps import day_at

POINTS_SHOWN = 6  # points of a curve whose questions are written out

CurveLine = tuple[float, float]  # value or day since 1970, and the chance of at most that; or 0 and an option's share
Question = tuple[str, float, float]  # what is asked, the chance of yes, and the answer


def explain_type(reader: ForecastReader, record: TrackRecord, column: ScoreColumn) -> Explanation:
    """Return the arithmetic behind one forecaster's mean score on the claims of one type.

    Args:
        reader: Of the forecasts of the ledger.
        record: The forecaster's, on claims of that type.
        column: The figure: the log score of options; else the score of the type, under its name.
    """
    part, claims = record.table.series.part(record.positions("means")), record.table.claims
    said = list(zip(part.claim.tolist(), reader.lines_said(part), strict=True))
    if column.name == "log_score":
        worked = [_log_score(claims, claim, lines) for claim, lines in said]
    else:
        worked = [
            (f"{_written_out(claims, claim, lines)} = {figure(loss, 6)}", loss)
            for (claim, lines), loss in zip(said, record.table.losses(part).tolist(), strict=True)
        ]
    explanation = mean_of(column, record.forecaster.slug, record.scored, worked)
    steps = (replace(step, probability=None, outcome=None) for step in explanation.steps)  # which are no single chances
    return replace(explanation, steps=tuple(steps))


def questions(claims: ClaimColumns, claim: int, lines: Sequence[CurveLine]) -> list[Question]:
    """Return the yes/no questions behind the score of a claim that came out, with the chances given and the answers.

    A choice has a question for each option, and ordered options have one for each but the last: "at most this?". A
    number has the question "at most x?" at each point of the curve that was said, a date "by this day?" at each day.
    """
    types, outcome = claims.types, float(claims.outcome[claim])
    if types.kind[claim] in {CHOICE, ORDERED}:
        shares = [share for _, share in lines]
        if types.kind[claim] == CHOICE:
            named = zip(types.named[claim], shares, strict=True)
            return [(option, share, float(number == outcome)) for number, (option, share) in enumerate(named)]
        cuts = zip(types.named[claim][:-1], np.cumsum(shares)[:-1].round(12).tolist(), strict=True)
        return [(f"at most {option}", chance, float(number >= outcome)) for number, (option, chance) in enumerate(cuts)]
    if types.kind[claim] == DATE:
        return _by_each_day(claims, claim, lines)
    return [(f"at most {exact(value)}", chance, float(outcome <= value)) for value, chance in lines]


def _by_each_day(claims: ClaimColumns, claim: int, lines: Sequence[CurveLine]) -> list[Question]:
    """Ask of a date "by this day?", at each day of the curve that was said.

    A verdict may name only the month or year. Any of its days may be the one then, each with the same chance, so the
    answer is the share of them that a day and those before it make up.
    """
    first = float(claims.outcome[claim])
    possible_days = claims.types.last[claim] - first + 1
    day_before = claims.opens[claim] / ONE_DAY + first - 2  # days of a claim count from 1, those of a curve from 1970
    return [
        (f"by {day_at(day)}", chance, min(max((day - day_before) / possible_days, 0.0), 1.0)) for day, chance in lines
    ]


def _log_score(claims: ClaimColumns, claim: int, lines: Sequence[CurveLine]) -> tuple[str, float]:
    """Write out the log score of the shares given to options, and return it too."""
    number = int(claims.outcome[claim])
    (_, share), option = lines[number], claims.types.named[claim][number]
    value = -log(share) if share else inf
    return f"-ln {exact(share)}, the share of {option} = {figure(value, 6)}", value


def _written_out(claims: ClaimColumns, claim: int, lines: Sequence[CurveLine]) -> str:
    """Write out the questions of a claim and how they are taken together."""
    types, asked = claims.types, questions(claims, claim, lines)
    shown = np.linspace(0, len(asked) - 1, min(POINTS_SHOWN, len(asked))).round().astype(int)
    some = [asked[at] for at in shown.tolist()]
    squares = [f"{what} ({exact(round(chance, 6))} - {exact(round(answer, 6))})^2" for what, chance, answer in some]
    if types.kind[claim] == CHOICE:
        return f"half of {' + '.join(squares)}"
    if types.kind[claim] == ORDERED:
        return f"mean of {', '.join(squares)}"
    over = "the days to come" if types.kind[claim] == DATE else "the range"
    points = f"{len(some)} of {counted(len(asked), 'point')}" if len(some) < len(asked) else "its points"
    return f"mean over {over}, at {points}: {', '.join(squares)}"

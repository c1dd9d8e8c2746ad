"""Explain the figures of choices, ordered options, numbers and dates; scores by the yes/no questions behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf, log

import numpy as np

from predictions.numerals import exact, figure
from predictions.scoring.explain.explanation import Explanation, ExplanationStep, mean_of
from predictions.scoring.explain.figures import explain
from predictions.scoring.explain.gap_lines import HOW_SUMMED, HOW_SUMMED_OVER_TIME
from predictions.scoring.explain.questions import lost, saved_over_time
from predictions.scoring.explain.type_figures import EXPLAINED_BY
from predictions.scoring.forecaster_statistics import ScorecardStats
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import OVER_STATEMENTS, SCORES, ScoreColumn
from predictions.scoring.track_record import TrackRecord
from predictions.scoring.type_text import known_roughly, outcome_in_words

SAME_FOR_ALL = ("n", "entered", "coverage", "funnel", "bounds_due", "bounds_open")
SAVED = (
    "skill over time = sum over the window of share x (loss of knowing nothing - loss), of a date of what the two lost "
    f"on the days that were not over; {OVER_STATEMENTS}"
)
Worked = list[tuple[str, float]]  # for each claim its arithmetic and its value


def explain_type(pool: Pool, record: TrackRecord, column: ScoreColumn) -> Explanation:
    """Return the arithmetic behind one figure of one forecaster on the claims of one type.

    Args:
        pool: Of claims of every type.
        record: The forecaster's, on claims of that type.
        column: The figure; the mean score under the name of the type.
    """
    roughly = dict[str, str]()
    own = Pool(pool.reader, record.table, record.cohort, pool.rule, [record], [record])
    if column.name in SAME_FOR_ALL:
        explained = explain(ScorecardStats(own)[record.forecaster.slug], column.name)
        explained = replace(explained, formula=explained.formula.replace("Brier", "score"))
    elif column.name in EXPLAINED_BY:
        explained, roughly = EXPLAINED_BY[column.name](pool, record, column), came_roughly(record)
    else:
        work, roughly = _WORKED_BY.get(column.name, _scores), came_roughly(record)
        explained = mean_of(_with_formula(column, record), record.forecaster.slug, record.scored, work(own, record))
    steps = (replace(step, probability=None, outcome=None) for step in explained.steps)  # which are no single chances
    return replace(explained, steps=tuple(_with_its_month(step, roughly) for step in steps))


def came_roughly(record: TrackRecord) -> dict[str, str]:
    """Return the month or year in which scored dates came, by the slug of the claim, if their day is not known."""
    claims, scored = record.table.claims, np.unique(record.series.claim).astype(np.intp)
    numbers = scored[known_roughly(claims, scored)]
    return {claims.slugs[number]: str(outcome_in_words(claims, number)) for number in numbers.tolist()}


def _with_its_month(step: ExplanationStep, roughly: Mapping[str, str]) -> ExplanationStep:
    """Return the step with a note before its arithmetic if only the month or year of its date is known."""
    if step.claim not in roughly:
        return step
    note = f"it came in {roughly[step.claim]}, on which day is not known, so the answer rises evenly through it"
    return replace(step, arithmetic=f"{note}: {step.arithmetic}")


def _with_formula(column: ScoreColumn, record: TrackRecord) -> ScoreColumn:
    """Return the column with a formula that suits the type of the record's claims."""
    kinds = record.table.claims.types.kind[record.series.claim]
    if column.name == SCORES["time_skill"].name:
        how = HOW_SUMMED_OVER_TIME.get(int(kinds[0])) if kinds.size else None
        return replace(column, formula=f"{SAVED}; {how}" if how else SAVED)
    if column.name in SCORES or not kinds.size or kinds[0] not in HOW_SUMMED:
        return column
    return replace(column, formula=f"{column.formula}; {HOW_SUMMED[int(kinds[0])]}")


def _scores(pool: Pool, record: TrackRecord) -> Worked:
    """Write out the mean score of each claim, by the questions behind it."""
    table, part = record.table, record.table.series.part(record.positions("means"))
    columns, worked = (part.claim, part.probability, table.losses(part)), []
    for claim, forecast, loss in zip(*(column.tolist() for column in columns), strict=True):
        questions = lost(table.scoring_of(claim), table.claims, claim, forecast, float(table.claims.outcome[claim]))
        worked.append((f"{questions} = {figure(loss, 6)}", loss))
    return worked


def _log_scores(pool: Pool, record: TrackRecord) -> Worked:
    """Write out the log score of each claim, from the share of the option that came true."""
    claims, part = record.table.claims, record.table.series.part(record.positions("means"))
    worked = []
    for claim, lines in zip(part.claim.tolist(), pool.reader.lines_said(part), strict=True):
        number = int(claims.outcome[claim])
        (_, share), option = lines[number], claims.types.named[claim][number]
        value = -log(share) if share else inf
        worked.append((f"-ln {exact(share)}, the share of {option} = {figure(value, 6)}", value))
    return worked


def _skill_over_time(pool: Pool, record: TrackRecord) -> Worked:
    """Write out the loss saved against knowing nothing, forecast by forecast."""
    values = record.table.series.part(record.positions("means")).saved.tolist()
    texts = zip(values, saved_over_time(pool, record.positions("means")), strict=True)
    return [(f"{terms} = {figure(value, 6)}; {questions}", value) for value, (terms, questions) in texts]


_WORKED_BY: Mapping[str, Callable[[Pool, TrackRecord], Worked]] = {
    "log_score": _log_scores,
    "time_skill": _skill_over_time,
}

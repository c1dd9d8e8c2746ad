"""Explain the figures of choices, ordered options, numbers and dates, their scores by the yes/no questions behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf, log

import numpy as np

from forecasts.distributions import Date, Number
from forecasts.possible_savings import Stays
from predictions.numerals import exact, figure
from predictions.scoring.columns.claim_types import CHOICE
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.explain.explanation import Explanation, mean_of
from predictions.scoring.explain.figures import explain
from predictions.scoring.explain.gap_lines import HOW_SUMMED, date_arithmetic, number_arithmetic
from predictions.scoring.explain.possible_over_time import saved_terms
from predictions.scoring.explain.type_figures import EXPLAINED_BY
from predictions.scoring.forecaster_statistics import ScorecardStats
from predictions.scoring.pool import Pool
from predictions.scoring.references import SeriesStanding
from predictions.scoring.score_columns import OVER_STATEMENTS, SCORES, ScoreColumn
from predictions.scoring.series import SeriesTable
from predictions.scoring.track_record import TrackRecord

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
    own = Pool(pool.reader, record.table, record.cohort, pool.rule, [record], [record])
    if column.name in SAME_FOR_ALL:
        explained = explain(ScorecardStats(own)[record.forecaster.slug], column.name)
        explained = replace(explained, formula=explained.formula.replace("Brier", "score"))
    elif column.name in EXPLAINED_BY:
        explained = EXPLAINED_BY[column.name](pool, record, column)
    else:
        work = _WORKED_BY.get(column.name, _scores)
        explained = mean_of(_with_formula(column, record), record.forecaster.slug, record.scored, work(own, record))
    steps = (replace(step, probability=None, outcome=None) for step in explained.steps)  # which are no single chances
    return replace(explained, steps=tuple(steps))


def _with_formula(column: ScoreColumn, record: TrackRecord) -> ScoreColumn:
    """Return the figure with what its formula has to say of the type."""
    kinds = record.table.claims.types.kind[record.series.claim]
    if column.name == SCORES["time_skill"].name:
        return replace(column, formula=SAVED)
    if column.name in SCORES or not kinds.size or kinds[0] not in HOW_SUMMED:
        return column
    return replace(column, formula=f"{column.formula}; {HOW_SUMMED[int(kinds[0])]}")


def _scores(pool: Pool, record: TrackRecord) -> Worked:
    """Write out the score of each claim."""
    table, part = record.table, record.table.series.part(record.positions("means"))
    said = zip(part.claim.tolist(), part.probability.tolist(), pool.reader.lines_said(part), strict=True)
    losses = table.losses(part).tolist()
    return [(f"{_score(table, *one)} = {figure(loss, 6)}", loss) for one, loss in zip(said, losses, strict=True)]


def _score(table: SeriesTable, claim: int, said: float, lines: Sequence[tuple[float, float]]) -> str:
    """Write out the score of one claim; *lines* are those of what was said: of options the shares stand second."""
    claims, scoring = table.claims, table.scoring_of(claim)
    if isinstance(scoring, Number):
        return number_arithmetic(scoring, claims, claim, said)
    if isinstance(scoring, Date):
        return date_arithmetic(scoring, claims, claim, said)
    return _questions_of_options(claims, claim, [share for _, share in lines])


def _questions_of_options(claims: ClaimColumns, claim: int, shares: Sequence[float]) -> str:
    """Ask of a choice whether each option comes true; of ordered ones whether one is at most this, of all but one."""
    names, came_true = claims.types.named[claim], int(claims.outcome[claim])
    if claims.types.kind[claim] == CHOICE:
        asked = enumerate(zip(names, shares, strict=True))
        squares = (f"{name} {_squared_gap(share, place == came_true)}" for place, (name, share) in asked)
        return f"half of {' + '.join(squares)}"
    cuts = enumerate(zip(names[:-1], np.cumsum(shares)[:-1].tolist(), strict=True))
    squares = (f"at most {name} {_squared_gap(by, place >= came_true)}" for place, (name, by) in cuts)
    return f"mean of {', '.join(squares)}"


def _squared_gap(chance: float, answer: bool) -> str:
    return f"({exact(chance)} - {int(answer)})^2"


def _log_scores(pool: Pool, record: TrackRecord) -> Worked:
    """Write out the log score of the shares given to options."""
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
    own = SeriesStanding(pool, record.positions("means"))
    edges = np.searchsorted(own.standing.series, np.arange(own.keys.size + 1)).tolist()
    texts = _saved_texts(pool.table, own) if own.keys.size else []
    saved = record.table.series.part(record.positions("means")).saved.tolist()
    return [
        (f"{' + '.join(texts[begin:end]) or '0'} = {value:.6f}", value)
        for begin, end, value in zip(edges[:-1], edges[1:], saved, strict=True)
    ]


def _saved_texts(table: SeriesTable, own: SeriesStanding) -> list[str]:
    """Write out what each forecast saved while it stood."""
    stood, claim, scoring = own.standing, own.claims[own.standing.series], table.scoring_of(int(own.claims[0]))
    stays = Stays(stood.probabilities, claim, stood.starts, stood.ends, stood.series)
    return saved_terms(scoring, stays, table.claims.outcome[claim], stood.shares.tolist())


_WORKED_BY: Mapping[str, Callable[[Pool, TrackRecord], Worked]] = {
    "log_score": _log_scores,
    "time_skill": _skill_over_time,
}

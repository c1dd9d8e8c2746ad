"""Explain the figure of a card that a person named, after finding its type of claim and its forecaster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from predictions.errors import InvalidValue, short_repr
from predictions.numerals import some_of
from predictions.scoring.explain.explanation import NOTHING_SCORED, Explanation
from predictions.scoring.explain.figures import explain
from predictions.scoring.explain.type_figures import explain_every_type
from predictions.scoring.forecaster_statistics import ScorecardStats
from predictions.scoring.in_doubt import doubts_on, in_doubt
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import column_among
from predictions.scoring.track_record import TrackRecord
from predictions.scoring.type_columns import EVERY_TYPE, type_columns
from predictions.views.scorecard.caveats import misleading
from predictions.views.scorecard.names import check_figure, record_of_figure
from predictions.views.scorecard.type_scores import TypeScores


def explain_named(
    figures: ScorecardStats, records: Sequence[TrackRecord], types: Sequence[TypeScores], every_type: Pool,
    figure: str, by: str | None,
) -> Explanation:  # fmt: skip
    """Return the explanation of a figure on yes/no claims, on those of one type, or on those of every type together.

    Args:
        figures: The figures on yes/no claims.
        records: The records on yes/no claims of those on the card.
        types: The scores on claims of other types.
        every_type: The series on claims of every type.
        figure: The name of the figure, or its heading on the card.
        by: The forecaster; None if only one has the figure.

    Raises:
        InvalidValue: There is no such figure or forecaster, or several forecasters or types have the figure.
    """
    if types and column_among([EVERY_TYPE], figure):
        record = record_of_figure(by, every_type.listed, every_type.reader)
        return _with_caveats(explain_every_type(every_type, record), every_type)
    of_type = _of_type(types, figure, alone=not records)
    if of_type:
        return _explained_type(of_type, every_type, figure, by)
    check_figure(figure, by, every_type.listed, every_type.reader)
    if types and not records:
        words = some_of([scores.word for scores in types])
        raise InvalidValue(f"no claim of yes or no is on this card; say {words} for {short_repr(figure)}, or type=")
    record = record_of_figure(by, records, every_type.reader)
    if not record.n and (of_type := _only_type(types, record.forecaster.slug, figure)):
        return _explained_type(of_type, every_type, figure, record.forecaster.slug)
    explanation = explain(figures[record.forecaster.slug], figure)
    if record.words_only and explanation.total == NOTHING_SCORED:
        raise InvalidValue(
            f"{record.forecaster.slug} gave no number, only words; what they are read as is scored apart: "
            "ledger.scorecard(full=True)"
        )
    others = tuple(_explained_by(scores, figure) for scores in _scored(types, record.forecaster.slug))
    return replace(_with_caveats(explanation, figures.pool), others=others)


def _scored(types: Sequence[TypeScores], forecaster: str) -> list[TypeScores]:
    """Return the scores of the types on which a forecaster has one."""
    return [
        scores
        for scores in types
        if any(record.n and record.forecaster.slug == forecaster for record in scores.records)
    ]


def _explained_by(scores: TypeScores, figure: str) -> tuple[str, str]:
    """Return the figure, and the type to say with it, that explains what *figure* is on claims of yes or no."""
    return (figure, scores.word) if scores.explains(figure) else (scores.word, "")


def _with_caveats(explanation: Explanation, pool: Pool) -> Explanation:
    """Return an explanation with the caveats about its figure: a biased cohort, doubtful verdicts, and those of a card.

    *pool* has the claims that the figure is about.
    """
    record = next(record for record in pool.everybody if record.forecaster.slug == explanation.forecaster)
    doubtful = in_doubt(pool, record.number)
    doubts = doubts_on(pool, np.unique(pool.table.series.claim[doubtful])).told
    caveats = [
        pool.cohort.biased and f"this counts claims resolved so far, which is biased: {pool.cohort.biased}",
        doubts and f"in doubt on the claims of {explanation.forecaster}: {doubts}",
        *(caveat.in_full for caveat in misleading(pool) if caveat.touches(record)),
    ]
    return replace(explanation, caveats=tuple(filter(None, caveats)))


def _explained_type(scores: TypeScores, every_type: Pool, figure: str, by: str | None) -> Explanation:
    """Return the explanation of a figure on claims of one type, with the caveats about these claims."""
    table = scores.records[0].table
    pool = Pool.of_everybody(every_type.reader, table, every_type.cohort, every_type.rule, only=every_type.only)
    return _with_caveats(scores.explain(every_type, figure, by), pool)


def figure_to_explain(
    drawn: Sequence[TrackRecord], records: Sequence[TrackRecord], types: Sequence[TypeScores], *, everything: bool
) -> tuple[str, str | None]:
    """Choose the figure and the forecaster for the hint at an explanation below a short card.

    Args:
        drawn: The records that the tables of the card show.
        records: The records of everybody on the card.
        types: The scores on claims of other types than yes or no.
        everything: Whether the card is of everybody and every claim, as ``explain`` is when nobody is named.

    Returns:
        The name of the figure, and a slug: "" if only one forecaster gives numbers, who need not be named; None if
        nobody has a score.
    """
    scored = [record for record in drawn if record.n]
    if scored:
        with_numbers = [record for record in records if not record.words_only] or records
        alone = len(with_numbers) == 1 and with_numbers[0].n > 0 and everything
        return "brier", "" if alone else scored[0].forecaster.slug
    for scores in types:
        for record in scores.records:
            if record.n:
                return scores.word, record.forecaster.slug
    return "brier", None


def _of_type(types: Sequence[TypeScores], figure: str, *, alone: bool) -> TypeScores | None:
    """Return the scores of the type that a figure belongs to; None if it belongs to yes/no claims.

    *alone* is whether the card has no records on yes/no claims. Raises InvalidValue if several types have the figure.
    """
    matching = [scores for scores in types if figure in {scores.word, scores.title.lower()}]
    if alone and len(types) == 1:
        matching = list(types)  # a card of that type alone
    matching = matching or [scores for scores in types if column_among(type_columns(scores.kind).values(), figure)]
    if len(matching) > 1:
        words = " or ".join(scores.word for scores in matching)
        raise InvalidValue(f"several types have the figure {short_repr(figure)}; say which with type=: {words}")
    return matching[0] if matching else None


def _only_type(types: Sequence[TypeScores], forecaster: str, figure: str) -> TypeScores | None:
    """Return the scores of the only type on which a forecaster has a figure; None if there is none.

    It is asked about a forecaster who has no score on yes/no claims.

    Raises:
        InvalidValue: They have it on several types.
    """
    scored = [scores for scores in _scored(types, forecaster) if scores.explains(figure)]
    if len(scored) > 1:
        words = " or ".join(scores.word for scores in scored)
        raise InvalidValue(
            f"no statement of yes or no of {forecaster} is scored; say of which type {short_repr(figure)} is, with "
            f"type=: {words}"
        )
    return scored[0] if scored else None

"""Find what a person means by the name of a figure on a card, and whose figure it is, and explain it."""

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
    """Explain a figure: one of claims of yes or no, of one type, or of every type together.

    Args:
        figures: Those of claims of yes or no.
        records: Of those on the card, on such claims.
        types: Their scores on claims of other types.
        every_type: The series on claims of every type.
        figure: Its name, or what stands over it.
        by: Whose it is.

    Raises:
        InvalidValue: There is no such figure, nobody of that name, or it is not said whose or of which type.
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
    found = explain(figures[record.forecaster.slug], figure)
    if record.words_only and found.total == NOTHING_SCORED:
        raise InvalidValue(
            f"{record.forecaster.slug} gave no number, only words; what they are read as is scored apart: "
            "ledger.scorecard(full=True)"
        )
    return _with_caveats(found, figures.pool)


def _with_caveats(found: Explanation, pool: Pool) -> Explanation:
    """Return an explanation with what would make its figure mislead: the cohort, what is in doubt, what came late.

    *pool* holds the claims that the figure is of.
    """
    record = next(record for record in pool.everybody if record.forecaster.slug == found.forecaster)
    doubted = in_doubt(pool, record.number)
    doubts = doubts_on(pool, np.unique(pool.table.series.claim[doubted])).told
    caveats = [
        pool.cohort.biased and f"this counts claims resolved so far, which is biased: {pool.cohort.biased}",
        doubts and f"in doubt on the claims of {found.forecaster}: {doubts}",
        *(caveat.in_full for caveat in misleading(pool) if caveat.touches(record)),
    ]
    return replace(found, caveats=tuple(filter(None, caveats)))


def _explained_type(scores: TypeScores, every_type: Pool, figure: str, by: str | None) -> Explanation:
    """Explain a figure of claims of one type, with the caveats of these."""
    table = scores.records[0].table
    pool = Pool.of_everybody(every_type.reader, table, every_type.cohort, every_type.rule, tag=every_type.tag)
    return _with_caveats(scores.explain(every_type, figure, by), pool)


def figure_to_explain(
    drawn: Sequence[TrackRecord], records: Sequence[TrackRecord], types: Sequence[TypeScores], *, everything: bool
) -> tuple[str, str | None]:
    """Choose the figure that the last line of a short card explains, and whose it is.

    Args:
        drawn: The records that its tables show.
        records: The records of everybody on it.
        types: The scores on claims of other types than yes or no.
        everything: Whether the card is of everybody and every claim, as ``explain`` is when nobody is named.

    Returns:
        The name of the figure, and a slug: empty where one forecaster alone gives numbers, who need not be named; None
        where nobody has a score.
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
    """Return the scores of the type to which a figure belongs; None where it is one of yes or no."""
    named = [scores for scores in types if figure in {scores.word, scores.title.lower()}]
    if alone and len(types) == 1:
        named = list(types)  # a card of that type alone
    named = named or [scores for scores in types if column_among(type_columns(scores.kind).values(), figure)]
    if len(named) > 1:
        words = " or ".join(scores.word for scores in named)
        raise InvalidValue(f"several types have the figure {short_repr(figure)}; say which with type=: {words}")
    return named[0] if named else None


def _only_type(types: Sequence[TypeScores], forecaster: str, figure: str) -> TypeScores | None:
    """Return the scores of the one type on which somebody without a score of yes or no has that figure; None for none.

    Raises:
        InvalidValue: They have it on several types.
    """
    scored = [
        scores
        for scores in types
        if scores.explains(figure)
        and any(record.n and record.forecaster.slug == forecaster for record in scores.records)
    ]
    if len(scored) > 1:
        words = " or ".join(scores.word for scores in scored)
        raise InvalidValue(
            f"no statement of yes or no of {forecaster} is scored; say of which type {short_repr(figure)} is, with "
            f"type=: {words}"
        )
    return scored[0] if scored else None

"""Compare two forecasters on the same statements over the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.side_by_side import shared
from predictions.errors import InvalidValue
from predictions.scoring.anytime import anytime, more_needed, presumed
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.compare.comparison import Comparison, Pair, TakenBack
from predictions.scoring.compare.references import may_speak, saved_on_reference
from predictions.scoring.compare.scale import scale_of
from predictions.scoring.dated_otherwise import dated_otherwise, positions_if_dated
from predictions.scoring.eligibility import Rule
from predictions.scoring.in_doubt import doubts_on, in_doubt
from predictions.scoring.pool import Pool
from predictions.scoring.possible_skill import possible_savings
from predictions.scoring.references import SeriesStanding
from predictions.scoring.score_columns import Reference
from predictions.scoring.skill_by_recording import saved_if_dated
from predictions.scoring.statistics import Ends, interval_of
from predictions.scoring.track_record import TrackRecord


def compare(pool: Pool, first: TrackRecord, second: TrackRecord | Reference) -> Comparison:
    """Compare two forecasters of one card, or one of them and a reference, over the claims of all its types.

    Raises:
        InvalidValue: Both are the same forecaster.
    """
    name = first.forecaster.slug
    if first is second:
        raise InvalidValue(f"{name!r} beside {name!r} differs in nothing; name another forecaster, or a reference")
    early = pool.early_verdicts.is_early
    own, other, saved = _what_first_saved(pool, first, second, early)
    waiting, least, most = _savings_in_doubt(pool, first, second)
    ways = [saved, *_saved_if_dated(pool, first, second, own, saved)]
    compared, columns = ~np.isnan(saved), pool.table.claims
    # With another day of the answer, both may have stood for a while on a claim where by the verdict they did not.
    in_some_way = ~np.isnan(ways).all(axis=0)
    claims = own.claims[in_some_way]
    every_claim = np.union1d(claims, waiting)
    scale = scale_of(pool, every_claim, beside_nothing=second is Reference.HALF)
    settled = ~np.isin(claims, waiting)
    saved_in_units = np.nan_to_num(np.stack(ways)[:, in_some_way]) / scale.unit[claims]
    certain = claims[settled], saved_in_units.min(axis=0)[settled], saved_in_units.max(axis=0)[settled]
    in_question = waiting, least / scale.unit[waiting], most / scale.unit[waiting]
    pairs = _unit_pairs(columns, own.claims[compared], -saved[compared] / scale.unit[own.claims[compared]])
    differences, clusters = _difference_columns(pairs)
    one_type, judged = len(scale.types) == 1, bool(pairs) and not pool.cohort.biased
    entries = [record.forecaster.entry for record in (first, second) if isinstance(record, TrackRecord)]
    return Comparison(
        first=name,
        second=str(second) if isinstance(second, Reference) else second.forecaster.slug,
        types=scale.types,
        pairs=tuple(pairs),
        observations=np.unique(clusters).size,
        difference=float(differences.mean()) if pairs else None,
        anytime=_anytime(columns, certain, in_question, scale.within) if judged else None,
        once=interval_of(differences, clusters) if judged else None,
        biased=pool.cohort.biased,
        said=float(np.mean((own.losses - other.losses)[compared])) if other and pairs and one_type else None,
        rule=pool.rule,
        same_days=other is None or _made_on_same_days(own, other, compared, pool.rule),
        needed=more_needed(differences, scale.within) if judged else None,
        missing=waiting.size,
        doubts=doubts_on(pool, waiting)._replace(
            dated_early=int(early[claims[settled]].sum()),
            dated_late=int(pool.late_verdicts.is_late[claims[settled]].sum()),
        ),
        presumed=presumed(columns, every_claim) + pool.afterwards.presumed_of(*entries),
        silent=int(np.count_nonzero(~compared & np.isin(own.positions, first.positions("means")))),
        taken_back=tuple(
            withdrawal
            for record, standing in ((first, own), (second, other))
            if isinstance(record, TrackRecord) and standing
            for withdrawal in _taken_back(record.forecaster.slug, standing, compared)
        ),
        words_only=tuple(
            record.forecaster.slug
            for record in (first, second)
            if isinstance(record, TrackRecord) and record.words_only
        ),
    )


def _taken_back(forecaster: str, series: SeriesStanding, compared: BoolArray) -> Iterator[TakenBack]:
    """Yield how long a forecaster had a forecast on the *compared* series; nothing if none of these was withdrawn."""
    standing, claims = series.standing, series.pool.table.claims
    until = np.minimum(claims.limit, claims.closes)[series.claims]
    begins = until.copy()
    np.minimum.at(begins, standing.series, standing.starts)
    stood = standing.total(standing.ends - standing.starts)
    # Withdrawn is a series that stood for less time than from its beginning to the answer; 1 microsecond is rounding.
    count = int((compared & (until - begins - stood > 1)).sum())
    if count:
        window = np.maximum(until - standing.opens, 1)
        yield TakenBack(forecaster, count, float(np.minimum(stood / window, 1)[compared].mean()))


def _what_first_saved(
    pool: Pool, first: TrackRecord, second: TrackRecord | Reference, early: BoolArray
) -> tuple[SeriesStanding, SeriesStanding | None, FloatArray]:
    """Return the series of the first, those of the second (None for a reference), and what the first saved on each.

    The saving is NaN if the reference has no number, the two never stood at the same time, or nothing stood at all
    because of a verdict that is dated *early*.
    """
    positions = positions_if_dated(pool, first.number, early)
    if isinstance(second, Reference):
        in_means = np.isin(positions, first.positions("means"))
        saved = np.full(positions.size, np.nan)  # stays so for series that never stood because of a verdict's day
        saved[in_means] = saved_on_reference(pool, positions[in_means], second)
        return SeriesStanding(pool, positions), None, saved
    own, other = _on_same_claims(pool, positions, positions_if_dated(pool, second.number, early))
    return own, other, own.saved_on(other)


def _saved_if_dated(
    pool: Pool, first: TrackRecord, second: TrackRecord | Reference, own: SeriesStanding, saved: FloatArray
) -> Iterator[FloatArray]:
    """Yield what the first saved on each claim, for every way in which answers may have been public on other days."""
    for otherwise in dated_otherwise(pool):
        if second is Reference.HALF:
            yield np.where(otherwise.is_changed[own.claims], saved_if_dated(otherwise, own.keys), saved)
        else:
            yield _what_first_saved(otherwise.pool, first, second, pool.early_verdicts.is_early)[2]


def _on_same_claims(pool: Pool, first: IndexArray, second: IndexArray) -> tuple[SeriesStanding, SeriesStanding]:
    """Return the series of two forecasters on the claims of both, in the same order, from the positions of all."""
    claim = pool.table.series.claim
    _, in_first, in_second = np.intersect1d(claim[first], claim[second], assume_unique=True, return_indices=True)
    return SeriesStanding(pool, first[in_first]), SeriesStanding(pool, second[in_second])


def _made_on_same_days(own: SeriesStanding, other: SeriesStanding, compared: BoolArray, rule: Rule) -> bool:
    """Return True if both made their scored forecasts on the same day on every *compared* claim."""
    return all(
        own.scored_forecast_made_on(index, rule) == other.scored_forecast_made_on(index, rule)
        for index in np.flatnonzero(compared).tolist()
    )


def _difference_columns(pairs: Sequence[Pair]) -> tuple[FloatArray, IndexArray]:
    """Return the difference of each pair, and its cluster."""
    return np.array([pair.difference for pair in pairs]), np.array([pair.cluster for pair in pairs], np.intp)


def _anytime(
    columns: ClaimColumns,
    certain: tuple[IndexArray, FloatArray, FloatArray],
    in_question: tuple[IndexArray, FloatArray, FloatArray],
    within: Ends,
) -> Ends | None:
    """Return the interval that holds at any time, and whatever becomes of the claims in doubt.

    Args:
        columns: All claims.
        certain: The claims with an outcome that nobody doubts, and the least and the most that was saved on each, over
            the days on which their answers may have been public.
        in_question: The claims in doubt, and the least and the most that can still be saved on each.
        within: The range of every difference.
    """
    (claims, least, most), (claims_in_doubt, least_in_doubt, most_in_doubt) = certain, in_question
    intervals = []
    for saved, saved_in_doubt in ((least, least_in_doubt), (most, most_in_doubt)):
        pairs = _unit_pairs(columns, np.append(claims, claims_in_doubt), -np.append(saved, saved_in_doubt))
        interval = anytime(*_difference_columns(pairs), within)
        if interval is None:
            return None
        intervals.append(interval)
        if not claims_in_doubt.size and np.array_equal(least, most):
            break  # the second interval would be the same
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def _savings_in_doubt(
    pool: Pool, first: TrackRecord, second: TrackRecord | Reference
) -> tuple[IndexArray, FloatArray, FloatArray]:
    """Return the claims of both that are in doubt, with the least and the most that the first can save on each.

    Claims on which two forecasters never stood at the same time are left out, as they are among claims with a verdict.
    Against every reference the saving is bounded as against always saying 50 %. References whose numbers depend on
    missing verdicts have other bounds, so nothing is judged while a verdict is missing (see UNBOUNDED in
    :mod:`predictions.scoring.compare.comparison`).
    """
    if isinstance(second, Reference):
        waiting = in_doubt(pool, first.number)
        own = SeriesStanding(pool, waiting[may_speak(pool, pool.table.series.claim[waiting], second)])
        return own.claims, *possible_savings(pool, own.keys)
    own, other = _on_same_claims(pool, in_doubt(pool, first.number), in_doubt(pool, second.number))
    together = np.unique(shared(own.standing, other.standing).series)
    return own.claims[together], *possible_savings(pool, own.keys[together], other.keys[together])


def _unit_pairs(columns: ClaimColumns, claims: IndexArray, differences: FloatArray) -> list[Pair]:
    """Return a pair for each unit, with the mean of the differences on its claims, in the order of settling."""
    units: dict[int, list[tuple[int, float]]] = {}
    unit_of_claim = columns.units.fair[claims].tolist()
    for unit, claim, difference in zip(unit_of_claim, claims.tolist(), differences.tolist(), strict=True):
        units.setdefault(unit, []).append((claim, difference))
    pairs = [
        Pair(
            statement=min(columns.statements[claim] for claim, _ in members),
            claims=tuple(columns.slugs[claim] for claim, _ in members),
            settle_on=str(np.datetime64(max(int(columns.settles_on[claim]) for claim, _ in members), "D")),
            difference=fmean([difference for _, difference in members]),
            cluster=int(columns.units.wide[members[0][0]]),
        )
        for members in units.values()
    ]
    return sorted(pairs, key=lambda pair: (pair.settle_on, pair.statement))

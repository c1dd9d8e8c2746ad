"""The fates of series by number: what :mod:`predictions.scoring.places` says of each, ready for arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forecasts.batches import LATE, STOOD, WITHDRAWN, Series, filled
from predictions.kinds import Outcome
from predictions.moments import EPOCH
from predictions.scoring.columns import AMBIGUOUS, ANNULLED, NO_OUTCOME, RESOLVED, ClaimColumns
from predictions.scoring.ordering import BACKDATED, GROUPS, IMPUTED, no_series
from predictions.scoring.places import Cohort, Fate, Place, fate
from predictions.status import OVERDUE_AFTER, Status, status_of

TOGETHER = 1 << 16  # series that are sorted together: long stretches of one fate and forecaster, little memory

_OUTCOMES = {NO_OUTCOME: None, ANNULLED: Outcome.ANNULLED, AMBIGUOUS: Outcome.AMBIGUOUS, RESOLVED: Outcome.YES}
_STATUSES = list(Status)
_STATES = (STOOD, LATE, WITHDRAWN)
_MARKS = GROUPS * len(_STATES)
_STATUS = np.array(  # by outcome, whether the window is over, whether the verdict is overdue
    [
        [
            [_STATUSES.index(status_of(_OUTCOMES[outcome], over=over, overdue=past)) for past in (False, True)]
            for over in (False, True)
        ]
        for outcome in sorted(_OUTCOMES)
    ],
    np.uint8,
)
_NUMBERED = [  # what decides a fate; its place here is the number
    (status, settled, mark, state)
    for status in _STATUSES for settled in (False, True) for mark in range(GROUPS) for state in _STATES
]  # fmt: skip
FATES = {
    cohort: [
        fate(
            status, waits=cohort.waits(settled=settled), backdated=bool(mark & BACKDATED), imputed=bool(mark & IMPUTED),
            stood=state == STOOD, late=state == LATE,
        )
        for status, settled, mark, state in _NUMBERED
    ]
    for cohort in Cohort
}  # fmt: skip
KNOWN = {number for number, (status, *_) in enumerate(_NUMBERED) if status is Status.RESOLVED}  # with an outcome
COUNTED: dict[str, Callable[[Fate], bool]] = {
    "means": lambda one: one.scored,
    "backdated": lambda one: one.place is Place.BACKDATED and one.stood,
    "due": lambda one: one.possible(every_open=False) and not one.imputed,
    "open": lambda one: one.possible(every_open=True) and not one.imputed,
    "due, imputed": lambda one: one.possible(every_open=False) and one.imputed,
    "open, imputed": lambda one: one.possible(every_open=True) and one.imputed,
}
COUNTED_IN = {  # which fates are in which figures
    cohort: {name: [number for number, one in enumerate(fates) if counts(one)] for name, counts in COUNTED.items()}
    for cohort, fates in FATES.items()
}


def standings(claims: ClaimColumns, today: date) -> NDArray[np.uint8]:
    """The number of the first fate that a series on each claim can have."""
    now = today.toordinal() - EPOCH.toordinal()
    over, settled, past = now > claims.deadline, now >= claims.settles_on, now - claims.settles_on > OVERDUE_AFTER.days
    status = _STATUS[claims.stands, over.astype(np.uint8), past.astype(np.uint8)]
    return np.asarray((2 * status + settled) * np.uint8(_MARKS), np.uint8)


def by_fate(parts: Iterable[Series], standing: NDArray[np.uint8], people: int) -> Iterator[Series]:
    """The series with their fates as marks, sorted by fate, forecaster and claim, so many at a time.

    Sums over them then run over long stretches.
    """
    waiting: list[Series] = []
    for part in parts:
        waiting.append(part)
        if sum(one.claim.size for one in waiting) >= TOGETHER:
            yield _sorted(waiting, standing, people)
            waiting = []
    if waiting:
        yield _sorted(waiting, standing, people)


def stretches(series: Series, most: int) -> Iterator[tuple[int, Series]]:
    """Pieces of at most so many series that have one fate, and its number."""
    for start in range(0, series.claim.size, most):
        fates = series.apart[start : start + most]
        cuts = np.flatnonzero(fates[1:] != fates[:-1]) + (start + 1)
        for begin, end in zip([start, *cuts.tolist()], [*cuts.tolist(), start + fates.size], strict=True):
            yield int(series.apart[begin]), series.part(slice(begin, end))


def _sorted(parts: list[Series], standing: NDArray[np.uint8], people: int) -> Series:
    whole = filled(parts, sum(part.claim.size for part in parts), no_series())
    fates = standing.take(whole.claim) + whole.apart * np.uint8(len(_STATES)) + whole.state
    whose = whole.forecaster.astype(np.min_scalar_type(people))  # numbers of few bytes are sorted in a few passes
    return whole._replace(apart=fates).part(np.lexsort((whose, fates)))


def taken(standing: NDArray[np.uint8], cohort: Cohort) -> NDArray[np.bool_]:
    """Which claims have an outcome that the cohort takes, by their first fates."""
    return np.isin(standing, [
        number for number in KNOWN if not cohort.waits(settled=_NUMBERED[number][1])
    ])  # fmt: skip

"""The fates of series by number: what :mod:`predictions.scoring.eligibility` says of each, ready for arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forecasts.kernel import Series, filled
from predictions.enums import Outcome
from predictions.scoring.claims import AMBIGUOUS, ANNULLED, NO_OUTCOME, RESOLVED, ClaimColumns
from predictions.scoring.eligibility import Category, Cohort, Eligibility, SeriesState, SetApart, eligibility_of
from predictions.scoring.forecast_rows import no_series
from predictions.status import OVERDUE_AFTER, Status, status_of
from predictions.timestamps import EPOCH

SERIES_AT_ONCE = 1 << 16  # series that are sorted together: long runs of one eligibility and forecaster, little memory

MINUTE = 60_000_000  # to which the beginning of a series is known, in microseconds

_OUTCOMES = {NO_OUTCOME: None, ANNULLED: Outcome.ANNULLED, AMBIGUOUS: Outcome.AMBIGUOUS, RESOLVED: Outcome.YES}
_STATUSES = list(Status)
_MARKS = [SetApart(bits) for bits in range(2 * max(SetApart))]
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
_CASES = [  # what decides an eligibility
    (status, settled, mark, state)
    for status in _STATUSES for settled in (False, True) for mark in _MARKS for state in SeriesState
]  # fmt: skip


def _fates(case: tuple[Status, bool, SetApart, SeriesState]) -> tuple[bool, tuple[Eligibility, ...]]:
    """Whether there is an outcome, and the eligibility in each cohort."""
    status, settled, mark, state = case
    fates = tuple(eligibility_of(status, mark, state, waits=cohort.waits(settled=settled)) for cohort in Cohort)
    return status is Status.RESOLVED, fates


_NUMBERED = {
    one: number for number, one in enumerate(dict.fromkeys(map(_fates, _CASES)))
}  # so few that a byte holds one
_NUMBERS = np.array([_NUMBERED[_fates(case)] for case in _CASES], np.uint8)
_BY_STANDING = _NUMBERS.reshape(-1, len(_MARKS), len(SeriesState))
ELIGIBILITY_OF_CODE = {cohort: [fates[place] for _, fates in _NUMBERED] for place, cohort in enumerate(Cohort)}
RESOLVED_CODES = {number for (known, _), number in _NUMBERED.items() if known}  # with an outcome
_STOOD = np.array([one.stood and not one.backdated for one in ELIGIBILITY_OF_CODE[Cohort.RESOLVED]])
_STOOD_BACKDATED = np.array([one.stood and one.backdated for one in ELIGIBILITY_OF_CODE[Cohort.RESOLVED]])
_REPLACED = np.zeros(
    len(_NUMBERED), np.uint8
)  # the eligibility of each once the forecaster is scored on an earlier claim
for _case in _CASES:
    _replaced = _fates((_case[0], _case[1], _case[2] | SetApart.SUPERSEDED, _case[3]))
    _REPLACED[_NUMBERED[_fates(_case)]] = _NUMBERED[_replaced]
_COUNTED: dict[str, Callable[[Eligibility], bool]] = {
    "means": lambda one: one.scored,
    "backdated": lambda one: one.category is Category.BACKDATED and one.stood,
    "due": lambda one: one.possible(every_open=False) and not one.imputed,
    "open": lambda one: one.possible(every_open=True) and not one.imputed,
    "due, imputed": lambda one: one.possible(every_open=False) and one.imputed,
    "open, imputed": lambda one: one.possible(every_open=True) and one.imputed,
}
CODES_COUNTED = {  # which fates are in which figures
    cohort: {name: [number for number, one in enumerate(fates) if counts(one)] for name, counts in _COUNTED.items()}
    for cohort, fates in ELIGIBILITY_OF_CODE.items()
}


def status_codes(claims: ClaimColumns, today: date) -> NDArray[np.uint8]:
    """Return a number for where each claim stands, and whether its settle day has come."""
    now = today.toordinal() - EPOCH.toordinal()
    over, settled, past = now > claims.deadline, now >= claims.settles_on, now - claims.settles_on > OVERDUE_AFTER.days
    status = _STATUS[claims.verdict, over.astype(np.uint8), past.astype(np.uint8)]
    return np.asarray(2 * status + settled, np.uint8)


def sorted_by_eligibility(parts: Iterable[Series], standing: NDArray[np.uint8], people: int) -> Iterator[Series]:
    """The series with their fates as marks, sorted by eligibility, forecaster and claim, so many at a time.

    Sums over them then run over long runs.
    """
    waiting: list[Series] = []
    for part in parts:
        waiting.append(part)
        if sum(one.claim.size for one in waiting) >= SERIES_AT_ONCE:
            yield _sorted(waiting, standing, people)
            waiting = []
    if waiting:
        yield _sorted(waiting, standing, people)


def equal_code_runs(series: Series, most: int) -> Iterator[tuple[int, Series]]:
    """Pieces of at most so many series that have one eligibility, and its number."""
    for start in range(0, series.claim.size, most):
        fates = series.mark[start : start + most]
        cuts = np.flatnonzero(fates[1:] != fates[:-1]) + (start + 1)
        for begin, end in zip([start, *cuts.tolist()], [*cuts.tolist(), start + fates.size], strict=True):
            yield int(series.mark[begin]), series.part(slice(begin, end))


def _sorted(parts: list[Series], standing: NDArray[np.uint8], people: int) -> Series:
    whole = filled(parts, sum(part.claim.size for part in parts), no_series())
    fates = _BY_STANDING[standing.take(whole.claim), whole.mark, whole.state]
    whose = whole.forecaster.astype(np.min_scalar_type(people))  # numbers of few bytes are sorted in a few passes
    return whole._replace(mark=fates).part(np.lexsort((whose, fates)))


def supersede_later_claims(series: Series, claims: ClaimColumns, people: int) -> None:
    """Of each forecaster's series on a chain of superseding count the first that stood, whatever became of its claim.

    What they said of the other claims is superseded, so nobody escapes a claim that fails by superseding it, or by
    speaking of another one of its chain. Times that nobody witnessed begin nothing where others do.
    """
    if (claims.units.chain < 0).all():
        return
    chained = np.flatnonzero(claims.units.chain.take(series.claim) >= 0)
    claim, fates = series.claim[chained], series.mark[chained]
    recorded, stood = claims.entries[claim], _STOOD[fates] + 2 * _STOOD_BACKDATED[fates]
    horizon = claims.closes[claim] - claims.opens[claim]
    began = np.round((claims.opens[claim] + series.entered[chained] * horizon) / MINUTE)
    _, which = np.unique(claims.units.chain[claim] * people + series.forecaster[chained], return_inverse=True)
    order = np.lexsort((recorded, began, np.where(stood, stood, 3), which))
    first = order[np.searchsorted(which[order], which)]
    replaced = (first != np.arange(first.size)) & (stood[first] > 0) & ((stood > 0) | (recorded > recorded[first]))
    series.mark[chained[replaced]] = _REPLACED[fates[replaced]]
    if replaced.any():  # sums run over runs of one eligibility: those that changed are put behind the others
        moved = np.zeros(series.claim.size, np.bool_)
        moved[chained[replaced]] = True
        order = np.argsort(moved, kind="stable")
        for column in series:
            column[:] = column[order]


def with_outcome(standing: NDArray[np.uint8], cohort: Cohort) -> NDArray[np.bool_]:
    """Say which claims have an outcome that the cohort takes."""
    resolved = standing // 2 == _STATUSES.index(Status.RESOLVED)
    return np.asarray(resolved & ((standing % 2 == 1) | (not cohort.waits(settled=False))))

"""The rules of eligibility as small numbers, so that millions of series are classified by looking up an array.

A *code* stands for everything that :mod:`predictions.scoring.eligibility` says of a series in both cohorts. There are
so few different answers that a code fits in a byte. Series sorted by their code are summed in long runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from forecasts.kernel import Series
from predictions.enums import Outcome
from predictions.scoring.columns.claims import AMBIGUOUS, ANNULLED, NO_OUTCOME, RESOLVED, ClaimColumns
from predictions.scoring.columns.recorded_first import RecordedFirst
from predictions.scoring.eligibility import Category, Cohort, Eligibility, SeriesState, SetApart, eligibility_of
from predictions.status import OVERDUE_AFTER, Status, status_of
from predictions.timestamps import day_number

SORTED_AT_ONCE = 1 << 17  # series: enough for long runs of one code and forecaster, little memory

MINUTE = 60_000_000  # microseconds; Series.entered is a 32-bit share, from which a start is known to the minute

_OUTCOME_OF_VERDICT = {
    NO_OUTCOME: None,
    ANNULLED: Outcome.ANNULLED,
    AMBIGUOUS: Outcome.AMBIGUOUS,
    RESOLVED: Outcome.YES,
}
_STATUSES = list(Status)
_ALL_SET_APART = [SetApart(bits) for bits in range(SetApart.NO_NUMBER)]  # of forecasts
_STATUS = np.array(  # indexed by verdict, whether the window is over, whether the verdict is overdue
    [
        [
            [
                _STATUSES.index(status_of(_OUTCOME_OF_VERDICT[verdict], over=over, overdue=overdue))
                for overdue in (False, True)
            ]
            for over in (False, True)
        ]
        for verdict in sorted(_OUTCOME_OF_VERDICT)
    ],
    np.uint8,
)
_CASES = [  # all that eligibility depends on, in the order of the axes of _CODE_TABLE
    (status, settled, set_apart, state)
    for status in _STATUSES
    for settled in (False, True)
    for set_apart in _ALL_SET_APART
    for state in SeriesState
]


@cache  # each case is asked for several times while the tables are made, and that is at import
def _answer(case: tuple[Status, bool, SetApart, SeriesState]) -> tuple[bool, tuple[Eligibility, ...]]:
    """Return whether the claim has an outcome, and the eligibility of the series in each cohort."""
    status, settled, set_apart, state = case
    in_cohorts = tuple(
        eligibility_of(status, set_apart, state, waits=cohort.waits(settled=settled)) for cohort in Cohort
    )
    return status is Status.RESOLVED, in_cohorts


_WITHOUT_NUMBER = [
    (Status.OPEN, False, SetApart.NO_NUMBER | set_apart, SeriesState.STOOD)
    for set_apart in (SetApart(0), SetApart.BACKDATED)
]  # these count nowhere but in plain counts, which look at the claim themselves
_CODES = {answer: code for code, answer in enumerate(dict.fromkeys(map(_answer, [*_CASES, *_WITHOUT_NUMBER])))}
_CODE_TABLE = np.array([_CODES[_answer(case)] for case in _CASES], np.uint8).reshape(
    -1, len(_ALL_SET_APART), len(SeriesState)
)

ELIGIBILITY_OF_CODE = {
    cohort: [in_cohorts[position] for _, in_cohorts in _CODES] for position, cohort in enumerate(Cohort)
}
"""For each cohort the eligibility behind each code."""

NO_NUMBER_CODES = [_CODES[_answer(case)] for case in _WITHOUT_NUMBER]
"""The codes of statements without a number; the second of those that nothing carries."""

RESOLVED_CODES = {code for (has_outcome, _), code in _CODES.items() if has_outcome}
"""The codes of series whose claim has an outcome."""

_IN_FIGURE: dict[str, Callable[[Eligibility], bool]] = {
    "means": lambda series: series.scored,
    "means, imputed": lambda series: series.category is Category.SCORED and series.imputed,
    "backdated": lambda series: series.category is Category.BACKDATED and series.stood and series.resolved,
    "due": lambda series: series.possible(every_open=False) and not series.imputed,
    "open": lambda series: series.possible(every_open=True) and not series.imputed,
    "unclear": lambda series: (
        series.due
        and series.category in {Category.ANNULLED, Category.AMBIGUOUS}
        and series.stood
        and not series.backdated
        and not series.imputed
    ),
    "due, imputed": lambda series: series.possible(every_open=False) and series.imputed,
    "open, imputed": lambda series: series.possible(every_open=True) and series.imputed,
    "read afterwards": lambda series: series.category is Category.READ_LATE,
    "waiting": lambda series: series.category is Category.OPEN,
}
CODES_COUNTED = {
    cohort: {
        figure: [code for code, series in enumerate(eligibilities) if counts(series)]
        for figure, counts in _IN_FIGURE.items()
    }
    for cohort, eligibilities in ELIGIBILITY_OF_CODE.items()
}
"""For each cohort and kind of figure the codes of the series that are counted in it."""

NEVER_STOOD_CODES = {
    cohort: [
        code
        for code, series in enumerate(eligibilities)
        if series.category in {Category.TOO_LATE, Category.LAST_DAY} and series.resolved and not series.imputed
    ]
    for cohort, eligibilities in ELIGIBILITY_OF_CODE.items()
}
"""For each cohort the codes of series that would be in the means, had the answer been public later."""

# Whether a series stood does not depend on the cohort, so either cohort gives these two arrays.
_STOOD = np.array([series.stood and not series.backdated for series in ELIGIBILITY_OF_CODE[Cohort.RESOLVED]])
_STOOD_BACKDATED = np.array([series.stood and series.backdated for series in ELIGIBILITY_OF_CODE[Cohort.RESOLVED]])


def _superseded_codes() -> NDArray[np.uint8]:
    """Return for each code the one that replaces it if the forecaster is scored on another claim of the chain."""
    codes = np.zeros(len(_CODES), np.uint8)
    for status, settled, set_apart, state in _CASES:
        code = _CODES[_answer((status, settled, set_apart, state))]
        codes[code] = _CODES[_answer((status, settled, set_apart | SetApart.SUPERSEDED, state))]
    return codes


_SUPERSEDED = _superseded_codes()


def status_codes(claims: ClaimColumns, today: date) -> NDArray[np.uint8]:
    """Return a number for each claim's status and for whether its settle day has come, as of *today*.

    The number is twice the position in the list of statuses, plus 1 from the settle day on. It is the first index into
    the table of codes.
    """
    day = day_number(today)
    over, settled = day > claims.deadline, day >= claims.settles_on
    overdue = day - claims.settles_on > OVERDUE_AFTER.days
    status = _STATUS[claims.verdict, over.astype(np.uint8), overdue.astype(np.uint8)]
    return np.asarray(2 * status + settled, np.uint8)


def with_outcome(claim_status: NDArray[np.uint8], cohort: Cohort) -> NDArray[np.bool_]:
    """Return for each claim whether it has an outcome that the cohort takes; *claim_status* is :func:`status_codes`."""
    resolved = claim_status // 2 == _STATUSES.index(Status.RESOLVED)
    settled = claim_status % 2 == 1
    return np.asarray(resolved & (settled | (not cohort.waits(settled=False))))


def sort_by_eligibility(series: Series, claim_status: NDArray[np.uint8], forecasters: int) -> None:
    """Write the code of each series into its mark, and sort by code, forecaster and claim; both in place.

    Each piece of SORTED_AT_ONCE series is sorted separately. That is enough for sums to run over long stretches of one
    code and one forecaster, and it needs no copy of all series.

    Args:
        series: Series in the order of claims, whose marks are the bits of SetApart.
        claim_status: The status of each claim, from :func:`status_codes`.
        forecasters: How many forecasters there are.
    """
    fewest_bytes = np.min_scalar_type(forecasters)  # numpy sorts a narrow integer type in fewer passes
    first_case = (claim_status * np.uint16(_CODE_TABLE[0].size)).astype(np.uint16)  # of the status of each claim
    for start in range(0, series.claim.size, SORTED_AT_ONCE):
        part = series.part(slice(start, start + SORTED_AT_ONCE))
        case = first_case.take(part.claim) + part.mark * np.uint16(len(SeriesState)) + part.state
        part.mark[:] = _CODE_TABLE.take(case)
        order = np.lexsort((part.forecaster.astype(fewest_bytes), part.mark))
        for column in part:
            column[:] = column.take(order)


def supersede_later_claims(
    series: Series,
    claims: ClaimColumns,
    forecasters: Sequence[int],
    first_moments: Callable[[list[int]], RecordedFirst],
) -> None:
    """In each chain of superseding claims, keep only the series that a forecaster began first; change in place.

    The forecaster is scored on that series and on no other claim of the chain, even if its claim is annulled, ambiguous
    or still open. So nobody escapes a claim that goes badly by superseding it, or by moving to another claim of the
    chain, today or by a link to an earlier day: of the series that stood, first is the one that was
    recorded first, or said first on the platform that asked. A
    backdated series comes first only if no other series of the forecaster stood.

    Args:
        series: All series.
        claims: All claims.
        forecasters: The ledger entry of each forecaster, by number.
        first_moments: Returns when forecasts on some claims, given by entry, were recorded first; see
            :mod:`predictions.scoring.columns.recorded_first`.
    """
    if (claims.units.chain < 0).all():
        return
    chained = np.flatnonzero(claims.units.chain.take(series.claim) >= 0)
    claim, codes = series.claim[chained], series.mark[chained]
    recorded, stood = claims.entries[claim], _STOOD[codes] + 2 * _STOOD_BACKDATED[codes]  # 1 dated, 2 backdated, 0 none
    first_moment_of = first_moments(np.unique(recorded).tolist())
    speakers = np.asarray(forecasters)[series.forecaster[chained]]
    on_file = np.array(
        [first_moment_of.get(pair, 0) for pair in zip(recorded.tolist(), speakers.tolist(), strict=True)], np.int64
    )
    horizon = claims.closes[claim] - claims.opens[claim]
    began = np.round((claims.opens[claim] + series.entered[chained] * horizon) / MINUTE)

    # For each forecaster and chain: first the series that stood, by when a platform or the ledger itself dates them; if
    # that is the same, or they are computed, by when they began; if two began together, by when the claim was recorded.
    _, pair = np.unique(claims.units.chain[claim] * len(forecasters) + series.forecaster[chained], return_inverse=True)
    order = np.lexsort((recorded, began, on_file, np.where(stood, stood, 3), pair))
    first = order[np.searchsorted(pair[order], pair)]

    # A series that never stood keeps its own reason, unless its claim was recorded after the one that counts.
    is_other = first != np.arange(first.size)
    replaced = is_other & (stood[first] > 0) & ((stood > 0) | (recorded > recorded[first]))
    series.mark[chained[replaced]] = _SUPERSEDED[codes[replaced]]
    if replaced.any():
        # Sums need runs of one code, so the series whose code changed move behind all others.
        moved = np.zeros(series.claim.size, np.bool_)
        moved[chained[replaced]] = True
        order = np.argsort(moved, kind="stable")
        for column in series:
            column[:] = column[order]

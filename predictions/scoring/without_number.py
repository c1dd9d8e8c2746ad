"""Decide which statements without a number are in the plain counts; they are in no other figure.

A statement counts once. If its speaker gave a number that counts, the number counts instead. In a chain of superseding
claims the earliest statement counts, whatever became of its claim; of several statements in the same words with the
same last day only one does. A number that came too late or was taken back does not cancel a statement that was on file
before it: else anybody could make a failure vanish by recording such a number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import SAME_STEP, STOOD, TOO_LATE, Series
from forecasts.standing import stands_from
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.columns.speakers import Spoken
from predictions.scoring.eligibility import Category, Cohort
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE, NO_NUMBER_CODES
from predictions.storage.store import Store

_HAS_NUMBER = """select exists (select 1 from main.forecast where claim = ?1 and forecaster = ?2 and entry < sealed)
or exists (select 1 from main.import where entry > ?1 and entry < sealed)
from (select min(entry) as sealed from main.seal where entry > ?1)"""
# Whether a series is backdated or a misfit does not depend on the cohort, so either cohort gives this array.
_APART_BY_CODE = np.array(
    [
        eligibility.backdated or eligibility.category is Category.MISFIT
        for eligibility in ELIGIBILITY_OF_CODE[Cohort.RESOLVED]
    ]
)
_Group: TypeAlias = tuple[str, int, int]  # "chain" or "words", the number of the chain or wording, the speaker


class WithoutNumber(NamedTuple):
    """The statements that have no number that counts; keys are those of a table of series.

    Attributes:
        series: One series for each statement whose speaker has no number on the claim, sorted by code and forecaster.
        overruled: The keys of series whose number does not count, but whose statement was on file before it and does.
        repeated: The keys of series whose statement already counts on an earlier claim of the chain.
    """

    series: Series
    overruled: IndexArray
    repeated: IndexArray


def without_number(
    store: Store, series: Series, claims: ClaimColumns, statements: Spoken, entries: Sequence[int], wanted: BoolArray
) -> WithoutNumber:
    """Find the statements that count without a number.

    Args:
        store: The ledger.
        series: All series on the wanted claims, marked with their codes.
        claims: The claims.
        statements: The statements, with their speakers.
        entries: The ledger entry of each forecaster of the table; keys depend on how many these are.
        wanted: For each claim whether it is counted.
    """
    deciding = _Deciding(store, series, claims, statements, entries)
    for line in np.flatnonzero(wanted[statements.claim]).tolist():
        deciding.decide(line)
    overruled_keys, repeated_keys = (
        np.array(sorted(keys), np.int64) for keys in (deciding.overruled, deciding.repeated)
    )
    return WithoutNumber(deciding.series(), overruled_keys, repeated_keys)


class _Deciding:
    """Goes through the statements in the order of their recording, and compares each with its speaker's numbers.

    Attributes:
        overruled: The keys of series whose statement counts in place of their number.
        repeated: The keys of series whose statement counts on an earlier claim.
    """

    def __init__(
        self, store: Store, series: Series, claims: ClaimColumns, statements: Spoken, entries: Sequence[int]
    ) -> None:
        self._store, self._claims, self._lines, self._entries = store, claims, statements, entries
        begins, limit = stands_from(statements.since, claims.grain[statements.claim]), claims.limit[statements.claim]
        before = (statements.since < limit) & (limit < claims.closes[statements.claim])
        self._state = np.where(begins < limit, STOOD, np.where(before, SAME_STEP, TOO_LATE)).astype(np.uint8)
        self._group_of = {"chain": claims.units.chain, "words": statements.same_words}
        # Only the speakers' series on these claims, on others in their chains, and on others in the same words matter.
        in_chains = claims.units.with_chains(np.isin(np.arange(claims.scored.size), statements.claim))
        related = statements.with_same_words(in_chains)
        own = np.flatnonzero(related[series.claim] & np.isin(series.forecaster, statements.forecaster))
        counts = (series.state[own] == STOOD) & ~_APART_BY_CODE[series.mark[own]]
        pairs = zip(series.claim[own].tolist(), series.forecaster[own].tolist(), strict=True)
        self._counts = dict(zip(pairs, counts.tolist(), strict=True))  # whether a number counts, by claim and speaker
        self._numbers: defaultdict[_Group, list[int]] = defaultdict(list)  # the claims with a number that counts
        for (claim, speaker), counted in self._counts.items():
            for group in self._groups(claim, speaker) if counted else ():
                self._numbers[group].append(claim)
        self._taken: set[_Group] = set()  # groups in which a statement without a number counts already
        self._bare: list[int] = []  # the lines of statements whose speaker has no number on the claim
        self.overruled: list[int] = []
        self.repeated: list[int] = []

    def _groups(self, claim: int, speaker: int) -> list[_Group]:
        """Return the groups in which a speaker's statement counts once: the claim's chain and its wording, if any."""
        groups = ((name, int(numbers[claim]), speaker) for name, numbers in self._group_of.items())
        return [group for group in groups if group[1] >= 0]

    def _key(self, claim: int, speaker: int) -> int:
        return claim * len(self._entries) + speaker

    def decide(self, line: int) -> None:
        """Decide whether one statement counts, and note it if so.

        It does not if a number or another statement counts in its place. A number that does not count gives way to it,
        unless it was recorded together with the claim.
        """
        claim, speaker = int(self._lines.claim[line]), int(self._lines.forecaster[line])
        groups, counts = self._groups(claim, speaker), self._counts.get((claim, speaker))
        stood = self._state[line] == STOOD
        if counts or self._taken & {*groups} or any(self._number_counts(group, claim, stood=stood) for group in groups):
            return
        if counts is None:  # the speaker gave no number on this claim
            self._bare.append(line)
        elif stood and not self._sealed_with_claim(claim, speaker):
            self.overruled.append(self._key(claim, speaker))
        else:
            return
        if stood:
            self._taken.update(groups)
            # Numbers on other claims of the chain now repeat this statement.
            for group in groups:
                if group[0] == "chain":
                    self.repeated += [self._key(repeating, speaker) for repeating in self._numbers[group]]

    def _number_counts(self, group: _Group, claim: int, *, stood: bool) -> bool:
        """Return True if a number of the speaker in a group counts in place of the statement on this claim.

        A number in the same words always does. In a chain it does if its claim came first, or if the statement never
        stood.
        """
        first = self._claims.entries[claim]
        return any(
            not stood or group[0] == "words" or self._claims.entries[numbered] < first
            for numbered in self._numbers[group]
        )

    def _sealed_with_claim(self, claim: int, speaker: int) -> bool:
        """Return True if the speaker's number was recorded in one transaction with the claim.

        True as well if that transaction holds an import, because its blocks may hold the number.
        """
        pair = int(self._claims.entries[claim]), self._entries[speaker]
        return bool(self._store.connection.execute(_HAS_NUMBER, pair).fetchone()[0])

    def series(self) -> Series:
        """Return a series without a number for each statement whose speaker has no number on the claim."""
        lines = np.array(self._bare, np.intp)
        claim, forecaster, state = self._lines.claim[lines], self._lines.forecaster[lines], self._state[lines]
        began_before = self._claims.opens[claim] < np.floor(self._lines.since[lines] / ONE_DAY) * ONE_DAY
        backdated = (state != STOOD) & ~self._lines.dated[lines] & began_before
        mark = np.where(backdated, *(NO_NUMBER_CODES[flag] for flag in (True, False)))
        missing = np.full(lines.size, np.nan)
        series = Series(
            claim.astype(np.int32), forecaster.astype(np.int32), mark.astype(np.uint8), state, missing,
            np.zeros(lines.size), missing, missing.astype(np.float32),
        )  # fmt: skip
        return series.part(np.lexsort((series.claim, series.forecaster, series.mark)))

"""Decide which statements stand in the plain counts although their speaker gave no number, and nowhere else.

A statement counts once. Where its speaker gave a number that counts, that counts. What was said first of a chain of
superseding claims counts, whatever became of its claim; of statements in the same words with the same last day one.
A number that cannot be held against the speaker, because it came too late or was taken back, undoes no statement that
was on file without it: else anybody could make a failure vanish by recording one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

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
_FATES = ELIGIBILITY_OF_CODE[Cohort.RESOLVED]  # what is asked of them here is alike in either cohort
_APART_BY_CODE = np.array([fate.backdated or fate.category is Category.MISFIT for fate in _FATES])


class WithoutNumber(NamedTuple):
    """Statements without a number that counts; keys are those of a table of series.

    Attributes:
        series: A series for each of which its speaker has no number on the claim, sorted by code and forecaster.
        said: The keys of the series that do not count, of a statement that stood before there was a number.
        repeated: The keys of the series of which the statement counts on an earlier claim of the chain.
    """

    series: Series
    said: IndexArray
    repeated: IndexArray


def without_number(
    store: Store, series: Series, claims: ClaimColumns, said: Spoken, entries: Sequence[int], wanted: BoolArray
) -> WithoutNumber:
    """Find the statements without a number.

    Args:
        store: The ledger.
        series: All series on the wanted claims, marked with their codes.
        claims: The claims.
        said: Who said what.
        entries: The ledger entry of each forecaster of the table, from which the keys are made.
        wanted: For each claim whether it is counted.
    """
    deciding = _Deciding(store, series, claims, said, entries)
    for line in np.flatnonzero(wanted[said.claim]).tolist():
        deciding.decide(line)
    return WithoutNumber(
        deciding.series(), *(np.array(sorted(keys), np.int64) for keys in (deciding.said, deciding.repeated))
    )


class _Deciding:
    """Goes through the statements as they were recorded, beside the series of their speakers.

    Attributes:
        said: The keys of series that their statement overrules.
        repeated: The keys of series of which the statement counts on an earlier claim.
    """

    def __init__(
        self, store: Store, series: Series, claims: ClaimColumns, said: Spoken, entries: Sequence[int]
    ) -> None:
        self._store, self._claims, self._lines, self._entries = store, claims, said, entries
        begins, limit = stands_from(said.since, claims.grain[said.claim]), claims.limit[said.claim]
        before = (said.since < limit) & (limit < claims.closes[said.claim])
        self._state = np.where(begins < limit, STOOD, np.where(before, SAME_STEP, TOO_LATE)).astype(np.uint8)
        self._group_of = {"chain": claims.units.chain, "words": said.alike}
        of_chain = claims.units.with_chains(np.isin(np.arange(claims.scored.size), said.claim))
        near = said.with_alike(of_chain)
        own = np.flatnonzero(near[series.claim] & np.isin(series.forecaster, said.forecaster))
        counts = (series.state[own] == STOOD) & ~_APART_BY_CODE[series.mark[own]]
        pairs = zip(series.claim[own].tolist(), series.forecaster[own].tolist(), strict=True)
        self._counts = dict(zip(pairs, counts.tolist(), strict=True))  # of each series, by claim and speaker
        self._numbers: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)  # claims with one that counts
        for (claim, who), counted in self._counts.items():
            for group in self._groups(claim, who) if counted else ():
                self._numbers[group].append(claim)
        self._taken: set[tuple[str, int, int]] = set()  # groups of which a statement without a number counts
        self._bare: list[int] = []
        self.said: list[int] = []
        self.repeated: list[int] = []

    def _groups(self, claim: int, who: int) -> list[tuple[str, int, int]]:
        """Return the chain of a claim and the claims in its words, with who speaks; those that it has."""
        found = ((name, int(group[claim]), who) for name, group in self._group_of.items())
        return [group for group in found if group[1] >= 0]

    def _key(self, claim: int, who: int) -> int:
        return claim * len(self._entries) + who

    def decide(self, line: int) -> None:
        """Take one statement, if it counts."""
        claim, who = int(self._lines.claim[line]), int(self._lines.forecaster[line])
        groups, counts = self._groups(claim, who), self._counts.get((claim, who))
        stood = self._state[line] == STOOD
        if counts or self._taken & {*groups} or any(self._told(group, claim, stood=stood) for group in groups):
            return
        if counts is None:
            self._bare.append(line)
        elif stood and not self._at_once(claim, who):
            self.said.append(self._key(claim, who))
        else:
            return
        if stood:
            self._taken.update(groups)
            later = (other for name, *_ in groups if name == "chain" for other in self._numbers[groups[0]])
            self.repeated += [self._key(other, who) for other in later]

    def _told(self, group: tuple[str, int, int], claim: int, *, stood: bool) -> bool:
        """Tell whether a number of the speaker counts in place of a statement: in a chain, if it came first."""
        first = self._claims.entries[claim]
        return any(
            not stood or group[0] == "words" or self._claims.entries[other] < first for other in self._numbers[group]
        )

    def _at_once(self, claim: int, who: int) -> bool:
        """Tell whether a speaker's number was sealed with the claim, or might have been, in the blocks of an import."""
        pair = int(self._claims.entries[claim]), self._entries[who]
        return bool(self._store.connection.execute(_HAS_NUMBER, pair).fetchone()[0])

    def series(self) -> Series:
        """Return a series for each statement of whose claim the speaker has given no number."""
        lines = np.array(self._bare, np.intp)
        claim, forecaster, state = self._lines.claim[lines], self._lines.forecaster[lines], self._state[lines]
        began_before = self._claims.opens[claim] < np.floor(self._lines.since[lines] / ONE_DAY) * ONE_DAY
        backdated = (state != STOOD) & ~self._lines.dated[lines] & began_before
        mark = np.where(backdated, *(NO_NUMBER_CODES[flag] for flag in (True, False)))
        nothing = np.full(lines.size, np.nan)
        found = Series(
            claim.astype(np.int32), forecaster.astype(np.int32), mark.astype(np.uint8), state, nothing,
            np.zeros(lines.size), nothing, nothing.astype(np.float32),
        )  # fmt: skip
        return found.part(np.lexsort((found.claim, found.forecaster, found.mark)))

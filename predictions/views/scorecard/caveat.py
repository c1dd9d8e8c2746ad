"""A caveat: a sentence on what could make figures mislead, with the forecasters whose figures it qualifies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray
from predictions.numerals import counted, some_of
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord


class Caveat(NamedTuple):
    """A sentence on what could make some figures mislead a reader.

    Attributes:
        text: The sentence.
        claims: For each claim of the table, whether it is one of those concerned; None if it is not about claims.
        people: The forecasters concerned, by the entry of their record.
        of_counts: Whether it qualifies the plain counts as well, and not only the scores.
        letter: The letter that refers to it in the rows it qualifies; empty if no other rows are to be told apart.
        everywhere: Whether it qualifies every row, so that the sentence says so once.
        retold: The scores as they would be without it; empty on a leaderboard, where each line has that itself.
    """

    text: str
    claims: BoolArray | None = None
    people: Set[int] = frozenset()
    of_counts: bool = False
    letter: str = ""
    everywhere: bool = False
    retold: str = ""

    @property
    def mark(self) -> str:
        """What is written before the sentence: its letter, or that it qualifies every row."""
        if self.letter:
            return f"({self.letter}) "
        return "(every row) " if self.everywhere else ""

    @property
    def told(self) -> str:
        """The sentence after its mark."""
        return self.mark + self.text

    @property
    def in_full(self) -> str:
        """The sentence with what the scores would be."""
        return f"{self.text}; {self.retold}" if self.retold else self.text

    def touches(self, record: TrackRecord) -> bool:
        """Return whether it qualifies the means of a forecaster, stated or imputed."""
        positions = [record.positions(figure) for figure in ("means", "means, imputed")]
        claims = record.table.series.claim[np.concatenate(positions)]
        return record.forecaster.entry in self.people or (self.claims is not None and bool(self.claims[claims].any()))


def caveat_of_forecasts(
    pool: Pool, label: str, counts: Mapping[int, int], explanation: str, noun: str = "forecast"
) -> Iterator[Caveat]:
    """Yield one caveat with a count for each listed forecaster; nothing if all counts are 0.

    Args:
        pool: The comparison group.
        label: What the caveat is called.
        counts: The count of each forecaster, by the entry of their record.
        explanation: What is wrong with them; it follows their number.
        noun: What is counted.
    """
    by_title = {record.forecaster.title: counts[record.forecaster.entry] for record in pool.listed}
    names = [f"{count:,} of {title}" for title, count in by_title.items() if count]
    if names:
        yield Caveat(
            f"{label}: {counted(sum(by_title.values()), noun)} ({some_of(names)}), {explanation}",
            people={entry for entry, count in counts.items() if count},
            of_counts=True,
        )

"""One sentence of what would make figures wrong, and whose figures these are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray
from predictions.numerals import counted, some_of
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord


class Caveat(NamedTuple):
    """What would make some figures wrong, in a sentence, and whose figures these are.

    Attributes:
        text: The sentence.
        claims: For each claim whether it is one of those spoken of; None where it is not about claims.
        people: The forecasters whom it is about, by ledger entry.
        of_counts: Whether it qualifies the plain counts, and not the scores alone.
        letter: By which it is named beside the figures that it qualifies, where others do not need it.
        everywhere: Whether it is so of every row, which is said once then.
        retold: The scores of a card as they would be without it; a leaderboard tells that of each line, in its unit.
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
        """What stands before the sentence: its letter, or that it is so of every row."""
        return f"({self.letter}) " if self.letter else "(every row) " if self.everywhere else ""

    @property
    def told(self) -> str:
        """The sentence after its mark."""
        return self.mark + self.text

    @property
    def in_full(self) -> str:
        """The sentence with what the scores would be."""
        return f"{self.text}; {self.retold}" if self.retold else self.text

    def touches(self, record: TrackRecord) -> bool:
        """Tell whether it qualifies what somebody's claims that have an outcome come to."""
        on = [record.positions(figure) for figure in ("means", "means, imputed")]
        claims = record.table.series.claim[np.concatenate(on)]
        return record.forecaster.entry in self.people or (self.claims is not None and bool(self.claims[claims].any()))


def caveat_of_forecasts(
    pool: Pool, label: str, counts: Mapping[int, int], told: str, noun: str = "forecast"
) -> Iterator[Caveat]:
    """Yield one caveat with a count for each listed forecaster; nothing if all counts are 0.

    Args:
        pool: The comparison group.
        label: What the caveat is called.
        counts: The count of each forecaster, by the entry in which they began.
        told: What is to be said of the things counted, after their number.
        noun: What is counted.
    """
    of_each = {record.forecaster.title: counts[record.forecaster.entry] for record in pool.listed}
    if named := [f"{count:,} of {title}" for title, count in of_each.items() if count]:
        yield Caveat(
            f"{label}: {counted(sum(of_each.values()), noun)} ({some_of(named)}), {told}",
            people={entry for entry, count in counts.items() if count},
            of_counts=True,
        )

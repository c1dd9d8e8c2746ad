"""Put each caveat of a card below the first table whose figures it qualifies, with its letter in their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.caveat import Caveat
from predictions.views.scorecard.caveats import letters_on


@dataclass(frozen=True, eq=False)
class PlacedCaveats:
    """The caveats of a card, parted by the table below which they stand.

    Attributes:
        every: All of them.
        records: The records on claims of yes or no of those who are drawn.
    """

    every: Sequence[Caveat]
    records: Sequence[TrackRecord]

    @cached_property
    def of_counts(self) -> list[Caveat]:
        """Below the counts."""
        return [one for one in self.every if one.of_counts and any(map(one.touches, self.records))]

    @cached_property
    def of_scores(self) -> list[Caveat]:
        """Below the scores on claims of yes or no."""
        scored = [record for record in self.records if record.n or record.n_imputed]
        return [one for one in self.every if not one.of_counts and any(map(one.touches, scored))]

    @property
    def others(self) -> list[Caveat]:
        """Below the last table: about claims of other types, or nobody's figures."""
        told = {id(one) for one in (*self.of_counts, *self.of_scores)}
        return [one for one in self.every if id(one) not in told]

    def letters(self, record: TrackRecord) -> str:
        """Return the letters of what qualifies somebody's figures."""
        return letters_on(self.every, record)

    def letters_of_counts(self, record: TrackRecord) -> str:
        """Return the letters of what qualifies somebody's counts."""
        return letters_on(self.of_counts, record)

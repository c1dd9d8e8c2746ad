"""Put each caveat of a card below the first table whose figures it qualifies, with its letter in their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.caveat import Caveat
from predictions.views.scorecard.caveats import letters_on, marked


@dataclass(frozen=True, eq=False)
class PlacedCaveats:
    """The caveats of a card, parted by the table below which they stand.

    Attributes:
        found: All of them.
        records: The records on claims of yes or no of those who are drawn.
        of_types: The same on claims of each other type.
    """

    found: Sequence[Caveat]
    records: Sequence[TrackRecord]
    of_types: Sequence[Sequence[TrackRecord]]

    @cached_property
    def every(self) -> list[Caveat]:
        """All of them, with a letter where some rows have it."""
        scored, *types = map(_scored, (self.records, *self.of_types))
        return marked(self.found, lambda caveat: [self.records if caveat.of_counts else scored, *types])

    @cached_property
    def of_counts(self) -> list[Caveat]:
        """Below the counts."""
        return [one for one in self.every if one.of_counts and any(map(one.touches, self.records))]

    @cached_property
    def of_scores(self) -> list[Caveat]:
        """Below the scores on claims of yes or no."""
        return [one for one in self.every if not one.of_counts and any(map(one.touches, _scored(self.records)))]

    @property
    def below_scores(self) -> list[str]:
        """What is told below them: these, and what they would be without those of the counts."""
        return [one.told for one in self.of_scores] + [one.retold for one in self.of_counts if one.retold]

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


def _scored(records: Sequence[TrackRecord]) -> list[TrackRecord]:
    """Return those that have a row among the scores."""
    return [record for record in records if record.n or record.n_imputed]

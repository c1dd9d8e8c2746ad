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
    """The caveats of a card, divided by the table below which they are written.

    Attributes:
        found: All caveats, without letters.
        records: The records in the tables of yes/no claims.
        of_types: The records in the tables of each other type.
    """

    found: Sequence[Caveat]
    records: Sequence[TrackRecord]
    of_types: Sequence[Sequence[TrackRecord]]

    @cached_property
    def every(self) -> list[Caveat]:
        """All caveats, each with a letter if it qualifies only some rows."""
        scored = _scored(self.records)
        types = [_scored(records) for records in self.of_types]
        return marked(self.found, lambda caveat: [self.records if caveat.of_counts else scored, *types])

    @cached_property
    def of_counts(self) -> list[Caveat]:
        """The caveats below the counts."""
        return [caveat for caveat in self.every if caveat.of_counts and any(map(caveat.touches, self.records))]

    @cached_property
    def of_scores(self) -> list[Caveat]:
        """The caveats below the scores on yes/no claims."""
        scored = _scored(self.records)
        return [caveat for caveat in self.every if not caveat.of_counts and any(map(caveat.touches, scored))]

    @property
    def below_scores(self) -> list[str]:
        """The sentences below these scores: their caveats, and what the scores would be without those of the counts."""
        retold = [caveat.retold for caveat in self.of_counts if caveat.retold]
        return [*(caveat.told for caveat in self.of_scores), *retold]

    @property
    def others(self) -> list[Caveat]:
        """The caveats below the last table: on claims of other types, or on no figures of anybody."""
        placed = {id(caveat) for caveat in (*self.of_counts, *self.of_scores)}
        return [caveat for caveat in self.every if id(caveat) not in placed]

    def letters(self, record: TrackRecord) -> str:
        """Return the letters of the caveats that qualify a forecaster's figures."""
        return letters_on(self.every, record)

    def letters_of_counts(self, record: TrackRecord) -> str:
        """Return the letters of the caveats that qualify a forecaster's counts."""
        return letters_on(self.of_counts, record)


def _scored(records: Sequence[TrackRecord]) -> list[TrackRecord]:
    """Return the records that have a row among the scores."""
    return [record for record in records if record.n or record.n_imputed]

"""One forecaster on the short scorecard: what they are called, how what they said came out, what is in no mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from predictions.enums import ForecasterKind
from predictions.numerals import whole_percent
from predictions.scoring.columns.words_read import WordsRead
from predictions.scoring.plain_counts import SAID_ONLY, Came, PlainCount, PlainCounts
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.names import computed, titles_of

NO_NUMBER = "no number"  # marks who said something without one
OUT = (Came.OPEN, Came.NO_VERDICT, Came.AMBIGUOUS, Came.ANNULLED, *SAID_ONLY)
LATE_SHARE = 0.5  # of the window: who speaks later has it easier


@dataclass(frozen=True, eq=False)
class CardLine:
    """One forecaster on the card, as it names them."""

    name: str
    record: TrackRecord
    count: PlainCount
    words: WordsRead | None = None

    @property
    def when_said(self) -> list[str]:
        """What a reader must know of the moment at which it was said: that it was late in the window."""
        entered = (self.record.means or self.record.means_imputed).get("entered", 0.0)
        return [f"said when {whole_percent(entered)} of the time had gone"] if entered >= LATE_SHARE else []

    @property
    def notes(self) -> list[str]:
        """What a reader of the counts must know of them."""
        count = self.count
        found = ["words" if count.words else "", NO_NUMBER if count.no_number else "", computed(self.record.forecaster)]
        return [note for note in found if note]

    @property
    def words_told(self) -> str:
        """Which words they used, by whom and when these were read, and how many after the answer; empty if none."""
        if self.words is None:
            return ""
        who = "they" if self.record.forecaster.kind is ForecasterKind.PERSON else "it"
        late = self.count.read_afterwards
        after = f"; {late:,} after the answer was public, held against nobody" if late else ""
        return f"{self.name}: the words {who} used: {self.words.counts}; {self.words.reading}{after}"

    @property
    def ended_early(self) -> int:
        """How many of their open claims are annulled or unclear, and count as that from the settle day on."""
        return self.record.funnel["ended before due"]

    @property
    def left_out(self) -> str:
        """Why the rest of what they said is in no mean."""
        count = self.count
        told = {came: f"{count.with_number(came):,} {came}" for came in OUT if count.with_number(came)}
        if self.ended_early and Came.OPEN in told:
            told[Came.OPEN] += f" ({self.ended_early:,} of them annulled or unclear already)"
        whys = [*told.values()]
        if count.no_number:
            whys.append(f"{count.no_number:,} without a number")
        if later := count[Came.SUPERSEDED]:
            whys.append(f"beside those said {later:,} later in a chain, superseded")
        if count.not_resolvable:
            whys.append(f"{count.not_resolvable:,} not resolvable")
        if count.read_afterwards:
            whys.append(f"{count.read_afterwards:,} in words read afterwards")
        return ", ".join(whys)


def lines_of(records: Sequence[TrackRecord], counts: PlainCounts, words: Mapping[int, WordsRead]) -> list[CardLine]:
    """Name some forecasters by their titles; by their slugs where two have one title."""
    titles = titles_of(records)
    return [
        CardLine(titles[record.forecaster.slug], record, count, words.get(record.forecaster.entry))
        for record, count in zip(records, counts.of([record.number for record in records]), strict=True)
    ]

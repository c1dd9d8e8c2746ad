"""One forecaster on the short scorecard: their name, the counts of their statements, and what is in no mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from predictions.enums import ForecasterKind
from predictions.numerals import whole_percent
from predictions.scoring.columns.claims import RESOLVED
from predictions.scoring.columns.words_read import WordsRead
from predictions.scoring.plain_counts import SAID_ONLY, Came, PlainCount, PlainCounts
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.names import computed, titles_of

NO_NUMBER = "no number"  # a note on a forecaster who has statements without one
OUT = (Came.OPEN, Came.NO_VERDICT, Came.AMBIGUOUS, Came.ANNULLED, *SAID_ONLY)
LATE_SHARE = 0.5  # of the window: it is easier to forecast later


@dataclass(frozen=True, eq=False)
class CardLine:
    """One forecaster on the card.

    Attributes:
        name: Their name on the card.
        record: Their record on yes/no claims.
        count: Their statements, counted by how they came out.
        words: Which words of theirs were read as numbers; None if they used none.
    """

    name: str
    record: TrackRecord
    count: PlainCount
    words: WordsRead | None = None

    @property
    def when_said(self) -> list[str]:
        """A note if the first forecasts were late in the window; else none."""
        entered = (self.record.means or self.record.means_imputed).get("entered", 0.0)
        return [f"said when {whole_percent(entered)} of the time had gone"] if entered >= LATE_SHARE else []

    @property
    def notes(self) -> list[str]:
        """Notes on the counts: that words were read as numbers, that numbers are missing, that a crowd was computed."""
        count = self.count
        notes = ["words" if count.words else "", NO_NUMBER if count.no_number else "", computed(self.record.forecaster)]
        return [note for note in notes if note]

    @property
    def words_told(self) -> str:
        """A sentence on their words, who read these, and how many after the answer; empty if they used none."""
        if self.words is None:
            return ""
        pronoun = "they" if self.record.forecaster.kind is ForecasterKind.PERSON else "it"
        late = self.count.read_afterwards
        after = f"; {late:,} after the answer was public, held against nobody" if late else ""
        return f"{self.name}: the words {pronoun} used: {self.words.counts}; {self.words.reading}{after}"

    @property
    def ended_early(self) -> int:
        """How many of their open claims are annulled or unclear, and count as that from the settle day on."""
        return self.record.funnel["ended before due"]

    @property
    def resolved_early(self) -> int:
        """How many of their open claims came out already, and count as that from the settle day on."""
        table = self.record.table
        claims = table.series.claim[self.record.positions("waiting")]
        return int((table.claims.verdict[claims] == RESOLVED).sum())

    @property
    def left_out(self) -> str:
        """Why statements of theirs are in no mean, each reason with its count; empty if all are in a mean."""
        count = self.count
        by_outcome = {came: f"{count.with_number(came):,} {came}" for came in OUT if count.with_number(came)}
        if Came.OPEN in by_outcome:
            decided = {"came out": self.resolved_early, "annulled or unclear": self.ended_early}
            told = [f"{number:,} of them {how} already" for how, number in decided.items() if number]
            by_outcome[Came.OPEN] += f" ({', '.join(told)}, counted from the settle day on)" if told else ""
        reasons = [*by_outcome.values()]
        if count.no_number:
            reasons.append(f"{count.no_number:,} without a number")
        if later := count[Came.SUPERSEDED]:
            reasons.append(f"beside those said {later:,} later in a chain, superseded")
        if count.not_resolvable:
            reasons.append(f"{count.not_resolvable:,} not resolvable")
        if count.read_afterwards:
            reasons.append(f"{count.read_afterwards:,} in words read afterwards")
        return ", ".join(reasons)


def lines_of(records: Sequence[TrackRecord], counts: PlainCounts, words: Mapping[int, WordsRead]) -> list[CardLine]:
    """Return a line for each of some forecasters; *words* has, by the entry of a forecaster, their words as read."""
    titles = titles_of(records)
    return [
        CardLine(titles[record.forecaster.slug], record, count, words.get(record.forecaster.entry))
        for record, count in zip(records, counts.of([record.number for record in records]), strict=True)
    ]

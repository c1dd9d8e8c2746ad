"""The scores of claims that are not yes or no: a table for each type, because means are taken within a type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from predictions.render.blocks import Table
from predictions.scoring.claim_types import CHOICE, DATE, NUMBER, ORDERED
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.filters import Filter
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.score_columns import SCORES
from predictions.scoring.totals import track_records
from predictions.scoring.track_record import FEW, TrackRecord

WHAT: Mapping[int, tuple[str, str]] = {
    CHOICE: ("CHOICES", "half the sum of the options' Brier scores"),
    ORDERED: ("ORDERED OPTIONS", 'the mean Brier score of "at most this one?"'),
    NUMBER: ("NUMBERS", 'the mean Brier score of "at most x?" over the range'),
    DATE: ("DATES", 'the mean Brier score of "by this day?" over the days to come'),
}
MEANS = ("brier", "entered", "time_skill", "coverage")


@dataclass(frozen=True)
class TypeScores:
    """Everybody's means on the claims of one type.

    Attributes:
        kind: CHOICE, ORDERED, NUMBER or DATE.
        rule: Which forecast of each series is scored.
        records: The records of those who have forecast such a claim.
    """

    kind: int
    rule: Rule
    records: tuple[TrackRecord, ...]

    def table(self, names: Mapping[str, str]) -> Table:
        """Lay out the means, a row for each forecaster; *names* says how each is called."""
        title, score = WHAT[self.kind]
        rows = [
            (
                names.get(record.forecaster.slug, record.forecaster.title), f"{record.n:,}",
                *(SCORES[name].shown(record.means[name]) if record.n else "-" for name in MEANS), _note(record),
            )
            for record in self.records
        ]  # fmt: skip
        caption = f"{title}  {score}, of the {self.rule} forecast: 0 is perfect"
        return Table(("who", "n", "score", "entered", "skill over time", "covered", ""), rows, range(1, 6), caption)


def type_scores(reader: ForecastReader, only: Filter, *, cohort: Cohort, rule: Rule) -> tuple[TypeScores, ...]:
    """Return the scores on claims of each type but yes or no, of which the filter lets some through."""
    found: list[TypeScores] = []
    for kind in reader.kinds(only):
        records: Sequence[TrackRecord] = track_records(reader.table(rule, only, kind=kind), cohort)
        on_any = [record for record in records if record.funnel["forecast"]]
        on_any.sort(key=lambda record: -record.funnel["forecast"])
        if on_any:
            found.append(TypeScores(kind, rule, tuple(on_any)))
    return tuple(found)


def _note(record: TrackRecord) -> str:
    waiting = record.funnel["forecast"] - record.n
    notes = [f"{waiting:,} not scored yet, or not at all"] if waiting > 0 else []
    return ", ".join([*notes, *(["too few"] if record.n and record.n < FEW else [])])

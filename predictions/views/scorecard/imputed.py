"""Show forecasters who give no numbers: what was imputed to them, and its scores at the ends of the ranges."""

from __future__ import annotations

from dataclasses import dataclass

from predictions.numerals import figure
from predictions.render.blocks import Table
from predictions.scoring.eligibility import Category
from predictions.scoring.score_columns import SCORES
from predictions.scoring.track_record import TrackRecord, group_by_unit
from predictions.views.scorecard.names import kind

IMPUTED_AT = ("low", "middle", "high")
OURS = (
    "Of yes or no it gives words, no numbers: the numbers below are imputed from them, are ours, and are never ranked."
)
BOUNDS = (SCORES["bounds_due"], SCORES["bounds_open"])


@dataclass(frozen=True)
class Words:
    """A forecaster who gives no numbers.

    Attributes:
        lead: Their slug, as the heading.
        kind: What they are, such as a publication.
        imputed: The table of imputed numbers and their scores.
    """

    lead: str
    kind: str
    imputed: Table


def imputed_words(record: TrackRecord) -> Words:
    """Return what was imputed to one forecaster, at the low end, the middle and the high end of the ranges."""
    slug = record.forecaster.slug
    caption = f"imputed numbers of {slug} at the low, middle and high end of their range"
    names = ("taken at", "imputed", "n", "Brier", *(column.label for column in BOUNDS))
    return Words(slug, kind(record.forecaster), Table(names, _imputed(record), (2, 3), caption))


def _imputed(record: TrackRecord) -> list[tuple[str, ...]]:
    """Return a row for each of IMPUTED_AT: the numbers that were imputed there, and their scores."""
    scored = [row for row in record.rows if row.category is Category.SCORED]
    rows: list[tuple[str, ...]] = []
    for end in IMPUTED_AT:
        chances = {row.at(end).probability for row in record.rows}
        numbers = sorted(number for number in chances if number is not None)
        of_due, of_open = BOUNDS
        rows.append(
            (
                end,
                ", ".join(figure(number, 2) for number in numbers) or "-",
                str(len(group_by_unit(scored))),
                figure(record.mean("brier", end, rows=scored)),
                of_due.shown(record.bounds(every_open=False, end=end)),
                of_open.shown(record.bounds(every_open=True, end=end)),
            )
        )
    return rows

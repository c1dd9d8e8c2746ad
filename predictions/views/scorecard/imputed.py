"""Forecasters who give no numbers: what was imputed to each, and how it scores at each end of its range."""

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
    """One who gives no numbers: where the claims stand, and what was imputed."""

    lead: str
    kind: str
    imputed: Table


def imputed_words(record: TrackRecord) -> Words:
    """Return what was imputed to one forecaster: low, middle and high."""
    slug = record.forecaster.slug
    caption = f"imputed numbers of {slug} at the low, middle and high end of their range"
    names = ("taken at", "imputed", "n", "Brier", *(column.label for column in BOUNDS))
    return Words(slug, kind(record.forecaster), Table(names, _imputed(record), (2, 3), caption))


def _imputed(record: TrackRecord) -> list[tuple[str, ...]]:
    """Return the imputed numbers and their scores at each end of their range."""
    known = [row for row in record.rows if row.category is Category.SCORED]
    rows: list[tuple[str, ...]] = []
    for end in IMPUTED_AT:
        numbers = sorted({number for row in record.rows if (number := row.at(end).probability) is not None})
        rows.append(
            (
                end,
                ", ".join(figure(number, 2) for number in numbers) or "-",
                str(len(group_by_unit(known))),
                figure(record.mean("brier", end, rows=known)),
                *(BOUNDS[every].shown(record.bounds(every_open=bool(every), end=end)) for every in (0, 1)),
            )
        )
    return rows

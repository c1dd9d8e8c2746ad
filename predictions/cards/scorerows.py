"""The figures of a scorecard as plain rows: one a claim, one a forecaster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from predictions.display import Value
from predictions.scoring.figures import Figures
from predictions.scoring.pool import Pool
from predictions.scoring.totals import TrackRecord, grouped


def claim_rows(pool: Pool, records: Sequence[TrackRecord]) -> list[dict[str, Value]]:
    """A row for each forecaster and scored claim; ``contribution`` is the claim's part of the mean Brier."""
    return [row for record in records for row in _rows(pool, record)]


def _rows(pool: Pool, record: TrackRecord) -> Iterator[dict[str, Value]]:
    size = {rows[0].claim.unit: len(rows) for rows in grouped(record.scored)}
    notes = pool.notes(row.claim.slug for row in record.rows)
    for row in record.rows:
        written_after, doubts = notes[row.claim.slug]
        yield {
            "claim": row.claim.slug,
            "statement": row.claim.statement,
            "forecaster": row.forecaster,
            "place": row.place.value,
            "outcome": row.outcome and row.outcome.value,
            "value": row.value,
            "probability": row.middle.probability,
            "low": row.low.probability,
            "high": row.high.probability,
            "brier": row.middle.brier,
            "brier_low": row.low.brier,
            "brier_high": row.high.brier,
            "brier_original": twice(row.middle.brier),
            "log_score": row.middle.log_score,
            "time_skill": row.middle.time_skill,
            "contribution": row.middle.brier / size[row.claim.unit] / len(size)
            if row.fate.scored and row.middle.brier is not None
            else None,
            "coverage": row.coverage,
            "entered": row.entered,
            "imputed": row.fate.imputed,
            "backdated": row.fate.backdated,
            "set_apart": row.set_apart,
            "written_after": list(written_after),
            "doubts": list(doubts),
        }


def forecaster_rows(records: Sequence[TrackRecord], figures: Mapping[str, Figures]) -> list[dict[str, Value]]:
    """A row for each forecaster."""
    found: list[dict[str, Value]] = []
    for record in records:
        one = figures[record.forecaster.slug]
        found.append(
            {
                "forecaster": one.forecaster,
                "kind": record.forecaster.kind.value,
                "n": record.n,
                "too_few": record.few,
                "verdict": one.verdict,
                "imputed": record.words_only,
                "brier": one.brier,
                "brier_interval": list(one.interval) if one.interval else None,
                "brier_original": twice(one.brier),
                "brier_shrunk": one.shrunk,
                "log_score": one.log_score,
                "coverage": one.coverage,
                "time_skill": record.mean("time_skill"),
                "time_skill_against": {str(name): against.skill for name, against in one.skill.items()},
                "miscalibration": one.miscalibration,
                "discrimination": one.discrimination,
                "uncertainty": one.uncertainty,
                "p_calibrated": one.p_value,
                "backdated_statements": record.backdated,
                "backdated_brier": record.backdated_brier,
                "bounds_due": record.bounds(every_open=False),
                "bounds_open": record.bounds(every_open=True),
                "funnel": dict(record.funnel),
            }
        )
    return found


def twice(value: float | None) -> float | None:
    """A Brier score as Brier wrote it, 0..2."""
    return None if value is None else 2 * value

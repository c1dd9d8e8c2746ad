"""Write one person's forecasts on yes-no claims as a spreadsheet that Fatebook imports, one row each."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from predictions.enums import Outcome
from predictions.exchange.kept_rows import rows_kept
from predictions.exchange.written import RowsWritten, losses
from predictions.fits import DISTRIBUTIONS
from predictions.importing.cells import guarded
from predictions.numerals import exact
from predictions.records import Claim, Forecast, Resolution
from predictions.snapshot import Snapshot
from predictions.storage.files import redraw

FIELDS = (  # names of Fatebook's import
    "questionTitle", "forecast", "qCreatedAt", "resolution", "resolvedAt", "resolveBy", "fCreatedAt", "tags", "notes",
)  # fmt: skip


def write_fatebook(
    snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]], by: str, file: str | os.PathLike[str],
    like: Path,
) -> RowsWritten:  # fmt: skip
    """Write the forecasts of one forecaster in the columns that Fatebook asks for.

    Args:
        snapshot: The records of the ledger.
        forecasts_of: Returns the forecasts on a claim, oldest first.
        by: The forecaster.
        file: A new file, or one that was written by this export.
        like: The ledger's file, whose permissions the new file gets.
    """
    rows = FatebookRows(snapshot, forecasts_of, by)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([FIELDS, *rows.rows()])
    header = ",".join(FIELDS)
    path = redraw(file, rows_kept(file, text.getvalue(), header), like=like, known_by=header)
    return RowsWritten(path, rows.forecasts, rows.claims, rows.forecasts, rows.verdicts, losses(rows.lost))


class FatebookRows:
    """The rows of one forecaster, and a count of what Fatebook has no place for.

    Attributes:
        lost: What no row can hold, and how often.
        claims: How many claims have rows.
        forecasts: How many forecasts have rows.
        verdicts: How many verdicts have rows.
    """

    def __init__(self, snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]], by: str) -> None:
        self.lost: Counter[str] = Counter()
        self.claims = self.forecasts = self.verdicts = 0
        self._snapshot, self._forecasts_of, self._by = snapshot, forecasts_of, by
        self._written: set[tuple[str, date]] = set()

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows, claim by claim in the order of the ledger, each claim's oldest first."""
        for claim in self._snapshot.all(Claim):
            all_forecasts = self._forecasts_of(claim)
            own = [forecast for forecast in all_forecasts if forecast.forecaster == self._by]
            self.lost["forecasts by others"] += len(all_forecasts) - len(own)
            if own:
                yield from self._of_claim(claim, own)

    def _of_claim(self, claim: Claim, own: Sequence[Forecast]) -> Iterator[list[str]]:
        """Yield a row for each forecast on a claim, and count what has no place."""
        verdict = self._snapshot.verdict(claim)
        if reason := _why_left_out(claim, verdict):
            self.lost[reason] += len(own)
            return
        kept = [forecast for forecast in own if forecast.point is not None]
        self.lost["withdrawals"] += len(own) - len(kept)
        for forecast in kept:
            self._count_lost(forecast)
            percent = f"{Decimal(exact(forecast.point)) * 100:f}"
            percent = percent.rstrip("0").rstrip(".") if "." in percent else percent  # 35, not 35.00
            yield self._row(claim, verdict, f"{percent}%", _second(forecast.made_at))
        if kept:
            self.claims += 1
            self.forecasts += len(kept)
            self.verdicts += verdict is not None
            is_annulled = verdict is not None and verdict.outcome is Outcome.ANNULLED
            self.lost["annulled verdicts, which are ambiguous there"] += is_annulled
            self.lost["claims that are one question there with another"] += self._is_there(claim)

    def _is_there(self, claim: Claim) -> bool:
        """Tell whether an earlier claim has the same words and first day: for Fatebook they are one question."""
        key = claim.wording, claim.opens_on
        is_there = key in self._written
        self._written.add(key)
        return is_there

    def _row(self, claim: Claim, verdict: Resolution | None, chance: str, made_at: str) -> list[str]:
        """Return the cells of one forecast, with its claim and verdict."""
        outcome, known_at = "", ""
        if verdict is not None:  # any word but yes and no is ambiguous there
            outcome = str(verdict.outcome)
            known_at = _second(verdict.known_at) if verdict.known_at else _midnight(verdict.known_on)
        cells = (
            claim.wording, chance, _midnight(claim.opens_on), outcome, known_at, _midnight(claim.deadline), made_at,
            ",".join(claim.tags), claim.criteria,
        )  # fmt: skip
        return [guarded(cell) for cell in cells]

    def _count_lost(self, forecast: Forecast) -> None:
        """Count what Fatebook cannot hold of a forecast."""
        self.lost["notes of forecasts"] += forecast.note is not None
        self.lost["ranges and words of forecasts"] += forecast.low is not None
        self.lost["fractions of a second"] += forecast.made_at.microsecond != 0


def _why_left_out(claim: Claim, verdict: Resolution | None) -> str | None:
    """Return why the forecasts on a claim have no place in Fatebook; None if they have one."""
    if not claim.scored:
        return "forecasts on readings that are not scored"
    if claim.type in DISTRIBUTIONS:
        return "forecasts on claims that are not yes-no"
    return "forecasts on claims that came out as a fraction" if verdict and verdict.fraction is not None else None


def _midnight(day: date) -> str:
    return f"{day}T00:00:00Z"


def _second(moment: datetime) -> str:
    return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z"

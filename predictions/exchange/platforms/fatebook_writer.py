"""A file that Fatebook's import from a spreadsheet takes: one person's forecasts on yes-no claims, a row each."""

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
from predictions.exchange.written import RowsWritten, losses
from predictions.fits import DISTRIBUTIONS
from predictions.importing.cells import guarded
from predictions.numerals import exact
from predictions.records import Claim, Forecast, Resolution
from predictions.snapshot import Snapshot
from predictions.storage.files import redraw

FIELDS = (  # as Fatebook's importer calls them
    "questionTitle", "forecast", "qCreatedAt", "resolution", "resolvedAt", "resolveBy", "fCreatedAt", "tags", "notes",
)  # fmt: skip


def write_fatebook(
    snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]], by: str, file: str | os.PathLike[str],
    like: Path,
) -> RowsWritten:  # fmt: skip
    """Write the forecasts of one forecaster in the columns that Fatebook asks for.

    Args:
        snapshot: What the ledger holds.
        forecasts_of: The forecasts on a claim, in the order of time.
        by: The forecaster.
        file: A new file, or one that was written so before.
        like: The ledger's file; the new one gets its permissions.
    """
    rows = FatebookRows(snapshot, forecasts_of, by)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([FIELDS, *rows.rows()])
    path = redraw(file, text.getvalue(), like=like, known_by=",".join(FIELDS))
    return RowsWritten(path, rows.forecasts, rows.claims, rows.forecasts, rows.verdicts, losses(rows.lost))


class FatebookRows:
    """The rows of one forecaster, and a count of what Fatebook has no place for.

    Attributes:
        lost: What no row says, and how often.
        claims: How many claims have rows.
        forecasts: How many forecasts.
        verdicts: How many verdicts.
    """

    def __init__(self, snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]], by: str) -> None:
        self.lost: Counter[str] = Counter()
        self.claims = self.forecasts = self.verdicts = 0
        self._snapshot, self._forecasts_of, self._by = snapshot, forecasts_of, by
        self._written: set[tuple[str, date]] = set()

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows, claim by claim in ledger order, each claim's in the order of time."""
        for claim in self._snapshot.all(Claim):
            everybody = self._forecasts_of(claim)
            own = [forecast for forecast in everybody if forecast.forecaster == self._by]
            self.lost["forecasts by others"] += len(everybody) - len(own)
            if own:
                yield from self._of_claim(claim, own)

    def _of_claim(self, claim: Claim, own: Sequence[Forecast]) -> Iterator[list[str]]:
        """Yield a row for each forecast on a claim, and count what of the claim and of the forecasts has no place."""
        verdict = self._snapshot.verdict(claim)
        if why := _why_left_out(claim, verdict):
            self.lost[why] += len(own)
            return
        kept = [forecast for forecast in own if forecast.point is not None]
        self.lost["withdrawals"] += len(own) - len(kept)
        for forecast in kept:
            self._count_lost(forecast)
            percent = f"{Decimal(exact(forecast.point)) * 100:f}"
            percent = percent.rstrip("0").rstrip(".") if "." in percent else percent
            yield self._row(claim, verdict, f"{percent}%", _second(forecast.made_at))
        if kept:
            self.claims += 1
            self.forecasts += len(kept)
            self.verdicts += verdict is not None
            annulled = verdict is not None and verdict.outcome is Outcome.ANNULLED
            self.lost["annulled verdicts, which are ambiguous there"] += annulled
            self.lost["claims that are one question there with another"] += self._is_there(claim)

    def _is_there(self, claim: Claim) -> bool:
        """Tell whether another claim has the same words and first day, by which Fatebook knows a question."""
        key = claim.wording, claim.opens_on
        known = key in self._written
        self._written.add(key)
        return known

    def _row(self, claim: Claim, verdict: Resolution | None, chance: str, made_at: str) -> list[str]:
        outcome, known = "", ""
        if verdict is not None:  # any word but yes and no is ambiguous there
            outcome = str(verdict.outcome)
            known = _second(verdict.known_at) if verdict.known_at else _midnight(verdict.known_on)
        cells = (
            claim.wording, chance, _midnight(claim.opens_on), outcome, known, _midnight(claim.deadline), made_at,
            ",".join(claim.tags), claim.criteria,
        )  # fmt: skip
        return [guarded(cell) for cell in cells]

    def _count_lost(self, forecast: Forecast) -> None:
        self.lost["notes of forecasts"] += forecast.note is not None
        self.lost["ranges and words of forecasts"] += forecast.low is not None
        self.lost["fractions of a second"] += forecast.made_at.microsecond != 0


def _why_left_out(claim: Claim, verdict: Resolution | None) -> str | None:
    """Say why the forecasts on a claim have no place there; None where they have one."""
    if not claim.scored:
        return "forecasts on readings that are not scored"
    if claim.type in DISTRIBUTIONS:
        return "forecasts on claims that are not yes-no"
    return "forecasts on claims that came out as a fraction" if verdict and verdict.fraction is not None else None


def _midnight(day: date) -> str:
    return f"{day}T00:00:00Z"


def _second(moment: datetime) -> str:
    return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z"

"""The readings of one statement side by side: how much its wording decides.

Each reading is shown with its verdict and the score of the forecasts made on it. A forecaster who forecast only the
scored reading is shown as "not said" on the others. Once such a reading is resolved, their number is carried over to
it, marked as carried, to show what it would have scored there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from predictions.numerals import figure, two_places
from predictions.records import Claim, Forecast, Statement
from predictions.render.blocks import Block, Heading, Pairs, Paragraph, Table
from predictions.render.result import Result, Value
from predictions.snapshot import Snapshot
from predictions.status import Status, Timing, by_day, counts_until, stands_at, status, timing
from predictions.tally.tally import tally, written_after
from predictions.timestamps import start_of
from predictions.views.forecast_text import not_shown
from predictions.views.outcome_text import outcome_said

ONE = "the same words, read in different ways; only the scored reading enters a mean"


@dataclass(frozen=True)
class FirstForecast:
    """One forecaster's first number on a reading.

    Attributes:
        forecaster: Their slug.
        probability: The number.
        imputed: Whether it was read from words.
        carried: Whether it was said of the scored reading and not of this one.
        brier: What it scores here; None while there is no verdict.
    """

    forecaster: str
    probability: float
    imputed: bool
    carried: bool
    brier: float | None

    @property
    def number(self) -> str:
        """The number with its score; "not said" if the forecaster forecast only the scored reading."""
        score = "" if self.brier is None else f", Brier {figure(self.brier)}"
        number = two_places(self.probability)
        if self.carried:
            return f"not said; {number} carried over{score}" if score else "not said"
        return f"{number}{' imputed' if self.imputed else ''}{score}"


@dataclass(frozen=True)
class ReadingRow:
    """One reading of a statement, as a row.

    Attributes:
        claim: The slug of the claim that is this reading.
        verdict: The outcome in words; None without a verdict.
        written_after: The slugs of what counted for it before its criteria were recorded.
        count: The count of its tally, such as "1 of 2"; empty if it is judged as a whole.
        noted: The count with its reservations.
    """

    claim: str
    reading: str
    scored: bool
    opens_on: date
    deadline: date
    status: Status
    verdict: str | None
    tally: str
    written_after: tuple[str, ...]
    forecasts: tuple[FirstForecast, ...]
    title: str = field(repr=False)
    count: str = field(repr=False)
    noted: str = field(repr=False)

    @property
    def summary(self) -> str:
        """The reading with its verdict or count or status, and whether it was written afterwards: ``strict 0 of 2``."""
        return f"{self.reading} {self.verdict or self.count or self.status}{self._afterwards}"

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Its name, window, verdict or status, and tally, as a table shows them."""
        return (
            f"{self.reading} (scored)" if self.scored else self.reading,
            f"{self.opens_on} .. {self.deadline}",
            self.verdict or str(self.status),
            f"{self.noted}{self._afterwards}".strip(),
        )

    @property
    def _afterwards(self) -> str:
        """The remark that it was written afterwards, with a space before it; empty if it was not."""
        return " (written afterwards)" if self.written_after else ""


@dataclass(frozen=True, repr=False)
class Readings(Result, rows="sides", of=ReadingRow):
    """All readings of one statement.

    Attributes:
        statement: The statement.
        sides: Its readings, the scored one first, those written afterwards last.
        unread: The number of imported forecasts on these claims, if they are too many to be shown; else 0.
    """

    statement: Statement
    sides: tuple[ReadingRow, ...]
    unread: int

    def blocks(self) -> Sequence[Block]:
        """Lay out a table of the readings, then every forecaster's first number under each of them."""
        layout: list[Block] = [Heading(f"Readings of {self.statement.slug}"), Paragraph(self.statement.text, 2)]
        if not self.sides:
            return [*layout, Paragraph(self.statement.not_resolvable or "no reading is recorded", 2)]
        rows = [side.cells for side in self.sides]
        layout += [Paragraph(""), Table(("reading", "window", "verdict", self.noted_as), rows, caption=ONE)]
        numbers = [
            (f"{first.forecaster}, {reading.reading}", first.number)
            for reading in self.sides
            for first in reading.forecasts
        ]
        if numbers:
            layout += [Paragraph(""), Heading("The first number, as it would score under each reading")]
            layout.append(Pairs(numbers, indent=2))
        if self.unread:
            layout += [Paragraph(""), Paragraph(not_shown(self.unread))]
        return layout

    @property
    def noted_as(self) -> str:
        """The heading above the counts; empty if there are none, since all readings are judged as a whole."""
        return "tally" if any(side.count for side in self.sides) else ""

    def to_dict(self) -> dict[str, Value]:
        return {
            "statement": self.statement.slug,
            "text": self.statement.text,
            "readings": self.rows(),
            "not_shown": self.unread,
        }


def readings(snapshot: Snapshot, statement: Statement) -> Readings:
    """Gather every reading of a statement; claims that are only a part of another claim are left out."""
    claims = snapshot.claims_of(statement)
    parts = {part for claim in claims for part in claim.parts}
    scored = [claim for claim in claims if claim.scored]
    sides = [
        _side(snapshot, claim, scored[0] if len(scored) == 1 else None)
        for claim in claims
        if claim.slug not in parts or claim.scored
    ]
    sides.sort(key=lambda side: (not side.scored, bool(side.written_after)))
    return Readings(statement, tuple(sides), snapshot.unread)


def _side(snapshot: Snapshot, claim: Claim, scored: Claim | None) -> ReadingRow:
    """Return one reading as a row; *scored* is the statement's scored claim, None unless there is exactly one."""
    verdict, claim_tally = snapshot.verdict(claim), tally(snapshot, claim)
    return ReadingRow(
        claim=claim.slug,
        reading=claim.reading,
        scored=claim.scored,
        opens_on=claim.opens_on,
        deadline=claim.deadline,
        status=status(snapshot, claim),
        verdict=outcome_said(verdict, claim) if verdict else None,
        tally=claim_tally.short,
        written_after=tuple(written_after(snapshot, claim, claim_tally)),
        forecasts=_first_forecasts(snapshot, claim, scored),
        title=claim.title,
        count="" if claim_tally.as_whole else claim_tally.count,
        noted="" if claim_tally.as_whole else claim_tally.noted,
    )


def _first_forecasts(snapshot: Snapshot, claim: Claim, scored: Claim | None) -> tuple[FirstForecast, ...]:
    """Return each forecaster's first number on this reading, else the one they gave on the scored reading."""
    from forecasts.scores import brier

    verdict = snapshot.verdict(claim)
    outcome = verdict.truth if verdict else None
    own = _first_standing(snapshot, claim)
    carried = {} if scored is None or scored is claim else _first_standing(snapshot, scored)
    firsts = []
    for forecaster in [*own, *(slug for slug in carried if slug not in own)]:
        forecast = own.get(forecaster) or carried[forecaster]
        if forecast.point is not None:
            score = None if outcome is None else brier(forecast.point, outcome)
            firsts.append(FirstForecast(forecaster, forecast.point, forecast.imputed, forecaster not in own, score))
    return tuple(firsts)


def _first_standing(snapshot: Snapshot, claim: Claim) -> dict[str, Forecast]:
    """Return each forecaster's first forecast that stood in the window, by slug; backdated ones do not count."""
    verdict = snapshot.verdict(claim)
    until, is_by_day = counts_until(claim, verdict), by_day(claim, verdict)
    firsts: dict[str, tuple[datetime, Forecast]] = {}
    for item in snapshot.forecasts_on(claim):
        forecast = item.record
        at = stands_at(forecast.made_at, by_day=is_by_day)
        if at >= until or timing(snapshot, forecast) is Timing.BACKDATED:
            continue
        at = max(at, start_of(claim.opens_on))
        began_at, _ = firsts.get(forecast.forecaster, (None, None))
        if began_at == at:  # of several that begin to stand at one moment, the last one stands
            del firsts[forecast.forecaster]
        if not forecast.withdrawn:
            firsts.setdefault(forecast.forecaster, (at, forecast))
    return {forecaster: forecast for forecaster, (_, forecast) in firsts.items()}

"""The readings of one statement side by side: how much the wording decides.

Beside its verdict each reading gets the score of the forecasts made on it; where a forecaster spoke on the
scored reading only, nothing was said of the others; once they are resolved, that number is carried over and
marked so, as what it would have scored here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from predictions.numerals import figure
from predictions.records import Claim, Forecast, Statement
from predictions.render.blocks import Block, Heading, Pairs, Paragraph, Table
from predictions.render.result import Result, Value
from predictions.snapshot import Snapshot
from predictions.status import Status, Timing, by_day, counts_until, stands_at, status, timing
from predictions.tally import tally, written_after
from predictions.timestamps import start_of
from predictions.views.forecast_text import not_shown

ONE = "the same words, read in different ways; only the scored reading enters a mean"


@dataclass(frozen=True)
class Told:
    """One forecaster's first number on a reading."""

    forecaster: str
    probability: float
    imputed: bool
    carried: bool  # said of the scored reading, not of this one
    brier: float | None

    @property
    def number(self) -> str:
        """The number with its score; "not said" where the forecaster spoke on the scored reading only."""
        score = "" if self.brier is None else f", Brier {figure(self.brier)}"
        if not self.carried:
            return f"{figure(self.probability, 2)}{' imputed' if self.imputed else ''}{score}"
        return f"not said{f'; {figure(self.probability, 2)} carried over{score}' if score else ''}"


@dataclass(frozen=True)
class Side:
    """One reading."""

    claim: str
    reading: str
    scored: bool
    opens_on: date
    deadline: date
    status: Status
    verdict: str | None
    tally: str
    written_after: tuple[str, ...]
    forecasts: tuple[Told, ...]
    title: str = field(repr=False)
    noted: str = field(repr=False)

    @property
    def told(self) -> str:
        """Its name, its verdict or else how far it is met, and whether it was written afterwards: ``strict 0 of 2``."""
        return f"{self.reading} {self.verdict or self.noted}{' (written afterwards)' if self.written_after else ''}"

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Its name, window, verdict or status, and tally, as a table shows them."""
        return (
            self.reading + " (scored)" * self.scored,
            f"{self.opens_on} .. {self.deadline}",
            self.verdict or str(self.status),
            self.noted + " (written afterwards)" * bool(self.written_after),
        )


@dataclass(frozen=True, repr=False)
class Readings(Result, rows="sides", of=Side):
    """All readings of one statement, the scored one first, those written afterwards last."""

    statement: Statement
    sides: tuple[Side, ...]
    unread: int  # imported forecasts on these claims, too many to show

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Heading(f"Readings of {self.statement.slug}"), Paragraph(self.statement.text, 2)]
        if not self.sides:
            return [*found, Paragraph(self.statement.not_resolvable or "no reading is recorded", 2)]
        rows = [side.cells for side in self.sides]
        found += [Paragraph(""), Table(("reading", "window", "verdict", "tally"), rows, caption=ONE)]
        told = [(f"{one.forecaster}, {side.reading}", one.number) for side in self.sides for one in side.forecasts]
        if told:
            found += [Paragraph(""), Heading("The first number, as it would score under each reading")]
            found.append(Pairs(told, indent=2))
        if self.unread:
            found += [Paragraph(""), Paragraph(not_shown(self.unread))]
        return found

    def to_dict(self) -> dict[str, Value]:
        return {
            "statement": self.statement.slug,
            "text": self.statement.text,
            "readings": self.rows(),
            "not_shown": self.unread,
        }


def readings(snapshot: Snapshot, statement: Statement) -> Readings:
    """Every claim read out of a statement but for parts of trees."""
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


def _side(snapshot: Snapshot, claim: Claim, scored: Claim | None) -> Side:
    verdict, made_of = snapshot.verdict(claim), tally(snapshot, claim)
    return Side(
        *(claim.slug, claim.reading, claim.scored, claim.opens_on, claim.deadline, status(snapshot, claim)),
        verdict.said if verdict else None,
        made_of.short,
        tuple(written_after(snapshot, claim, made_of)),
        _told(snapshot, claim, scored),
        claim.title,
        made_of.noted,
    )


def _told(snapshot: Snapshot, claim: Claim, scored: Claim | None) -> tuple[Told, ...]:
    from forecasts.scores import brier

    verdict = snapshot.verdict(claim)
    value = verdict.truth if verdict else None
    firsts = _firsts(snapshot, claim)
    carried = {} if scored is None or scored is claim else _firsts(snapshot, scored)
    found = []
    for who in [*firsts, *(who for who in carried if who not in firsts)]:
        one = firsts.get(who) or carried[who]
        if one.point is not None:
            score = None if value is None else brier(one.point, value)
            found.append(Told(who, one.point, one.imputed, who not in firsts, score))
    return tuple(found)


def _firsts(snapshot: Snapshot, claim: Claim) -> dict[str, Forecast]:
    """Each forecaster's first number that stood, of a time that is not backdated."""
    verdict = snapshot.verdict(claim)
    until, told_by_day = counts_until(claim, verdict), by_day(claim, verdict)
    found: dict[str, tuple[datetime, Forecast]] = {}
    for item in snapshot.forecasts_on(claim):
        one = item.record
        at = stands_at(one.made_at, by_day=told_by_day)
        if at >= until or timing(snapshot, one) is Timing.BACKDATED:
            continue
        at = max(at, start_of(claim.opens_on))
        if found.get(one.forecaster, (None,))[0] == at:  # of several at one time the last one stands
            del found[one.forecaster]
        if not one.withdrawn:
            found.setdefault(one.forecaster, (at, one))
    return {who: one for who, (_, one) in found.items()}

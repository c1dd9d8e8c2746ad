"""One claim on the board: where it stands, what the evidence makes of it, who said what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from predictions.enums import Outcome
from predictions.invisible import oddities
from predictions.records import Claim, Forecast, Resolution, Source
from predictions.render.blocks import Block, Entry, Pairs
from predictions.snapshot import Snapshot
from predictions.status import WAITING, Status, days_left, settle_on, status, waits
from predictions.tally.result import Tally
from predictions.tally.tally import tally, written_after
from predictions.timestamps import spoken_moment
from predictions.views.board.contested import who_contests
from predictions.views.claim.evidence import last_that_counts
from predictions.views.distribution_text import is_distribution, said_shortly
from predictions.views.forecast_text import (
    criteria_recorded,
    days_after,
    mark_of,
    spoken,
    standing_forecasts,
)
from predictions.views.outcome_text import outcome_in_full, outcome_said


@dataclass(frozen=True)
class BoardLine:
    """One claim on the board: its row, and what is shown beside that.

    Attributes:
        outcome: What the verdict says; None without one.
        tally: What the evidence makes of it, in one line.
        forecasts: The standing forecast of each forecaster, as it is read.
        probabilities: The same as numbers.
        imputed: Whose number was read from words.
        last_evidence: The last that counts, with its day.
        days_after_statement: How long after the statement its criteria were recorded.
        written_after: What counted for it before its criteria were recorded.
        record: The claim itself.
        made_of: Its tally, whole.
        criteria: How long after the statement they were recorded, and what was known then.
        verdict: The verdict that stands.
        dissents: Who says what instead of it, in words.
    """

    claim: str
    statement: str
    reading: str
    scored: bool
    status: Status
    outcome: str | None
    opens_on: date
    deadline: date
    closes_at: str | None
    cluster: str | None
    settle_on: date
    days_left: int
    tally: str
    counted: int
    provisional: int
    contested: int
    at_least: int | None
    met: bool
    forecasts: Mapping[str, str]
    probabilities: Mapping[str, float | None]
    imputed: tuple[str, ...]
    last_evidence: str | None
    days_after_statement: int | None
    written_after: tuple[str, ...]
    superseded_by: str | None
    record: Claim = field(repr=False)
    made_of: Tally = field(repr=False)
    criteria: str = field(repr=False)
    verdict: Resolution | None = field(repr=False)
    dissents: str = field(repr=False)

    @property
    def stands(self) -> str:
        """The verdict where there is one, else the status: ``yes``, ``open``."""
        return self.outcome or str(self.status)

    @property
    def past(self) -> float:
        """How much of the window is past, from 0 to 1."""
        whole = (self.deadline - self.opens_on).days + 1
        return min(max(1 - (self.days_left + 1) / whole, 0.0), 1.0)

    @property
    def left(self) -> str:
        """How many days are left, or since when it waits; empty where nothing is waited for any more."""
        return self.runs if self.status in WAITING else ""

    @property
    def runs(self) -> str:
        """How many days the window has left; else since when it is over."""
        return waits(self.record, self.deadline - timedelta(days=self.days_left))

    @property
    def look(self) -> str:
        """The kind of its mark: ``yes`` and ``no`` look different, all else is as its status."""
        return self.stands if self.stands in {Outcome.YES, Outcome.NO} else str(self.status)

    @property
    def said(self) -> str:
        """The standing forecasts in one line: ``ana 0.72; ben 0.4``."""
        return "; ".join(f"{who} {told}" for who, told in self.forecasts.items())

    @property
    def noted(self) -> str:
        """The reading, how far it is met or else where it stands, and whether it was written afterwards."""
        stands = self.stands if self.made_of.as_whole else self.made_of.noted
        return f"{self.reading} {stands}{' (written afterwards)' if self.written_after else ''}"


def board_line(snapshot: Snapshot, claim: Claim, source: Source) -> BoardLine:
    """Say where a claim stands, as of the snapshot."""
    made_of, stands, verdict = tally(snapshot, claim), status(snapshot, claim), snapshot.verdict(claim)
    last = last_that_counts(snapshot, made_of)
    replaced = snapshot.superseded_by(claim)
    forecasts = standing_forecasts(snapshot, claim)
    return BoardLine(
        claim=claim.slug, statement=claim.statement, reading=claim.reading, scored=claim.scored, status=stands,
        outcome=str(stands) if stands is Status.ANNULLED else outcome_said(verdict, claim) if verdict else None,
        opens_on=claim.opens_on, deadline=claim.deadline,
        closes_at=spoken_moment(claim.closes_at) if claim.closes_at else None,
        cluster=claim.cluster,
        settle_on=settle_on(claim),
        days_left=days_left(claim, snapshot.today),
        tally=made_of.short, counted=made_of.counted, provisional=made_of.provisional, contested=made_of.contested,
        at_least=claim.at_least, met=made_of.met,
        forecasts={who: _as_read(snapshot, claim, forecast) for who, forecast in forecasts},
        probabilities={who: forecast.point for who, forecast in forecasts},
        imputed=tuple(who for who, forecast in forecasts if forecast.imputed),
        last_evidence=f"{last.dated}  {last.evidence.title}" if last else None,
        days_after_statement=days_after(snapshot, claim, source),
        written_after=tuple(written_after(snapshot, claim, made_of)),
        superseded_by=replaced.slug if replaced else None,
        criteria=criteria_recorded(snapshot, claim, source, made_of),
        record=claim, made_of=made_of, verdict=verdict, dissents=who_contests(snapshot, claim),
    )  # fmt: skip


def _as_read(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> str:
    """Return a forecast as it is read, of several chances the likeliest, and whether it stands apart."""
    said = said_shortly(forecast, claim) if is_distribution(forecast) else spoken(forecast)
    return f"{said}{mark_of(snapshot, claim, forecast)}"


def line_blocks(line: BoardLine, *, part: bool = False, unsaid: bool = False) -> list[Block]:
    """Lay out one claim; *unsaid* where its statement was forecast on another reading, and not on this one."""
    claim = line.record
    name = f"{claim.slug} (part)" if part else claim.slug
    head = Entry(name, line.stands, line.look, f"{line.opens_on} .. {line.deadline}", line.left, line.past)
    pairs = [] if line.made_of.as_whole else [("tally", line.tally)]
    if line.verdict:
        pairs.insert(0, ("verdict", f"{outcome_in_full(line.verdict, claim)}, known {line.verdict.known}"))
    if line.dissents:
        pairs.insert(1 if line.verdict else 0, ("contested", line.dissents))
    if line.forecasts:
        pairs.append(("forecasts", line.said))
    elif unsaid:
        pairs.append(("forecasts", "not said"))
    if line.last_evidence or claim.conditions or claim.parts:
        pairs.append(("last that counts", line.last_evidence or "nothing yet"))
    if line.criteria:
        pairs.append(("criteria", line.criteria))
    if line.superseded_by:
        pairs.append(("superseded", f"by {line.superseded_by}"))
    marks = oddities(claim.wording)
    if marks:
        pairs.append(("beware", f"the wording has {', '.join(marks)}"))
    return [head, Pairs(pairs, indent=5, label_width=18)]

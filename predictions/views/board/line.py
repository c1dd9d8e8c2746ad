"""One claim on the board: its status or verdict, its tally and its standing forecasts."""

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
        outcome: The outcome in words; None without a verdict.
        tally: Its tally in one line.
        forecasts: The standing forecast of each forecaster in words, by slug.
        probabilities: The same as numbers; None for a forecast that is not one number.
        imputed: The forecasters whose number was read from words.
        last_evidence: The latest evidence that counts, with its day; None if none does.
        days_after_statement: How many days after the statement its criteria were recorded; None if that is unknown.
        written_after: The slugs of what counted for it before its criteria were recorded.
        record: The claim itself.
        made_of: Its tally as a result.
        criteria: In words, how long after the statement they were recorded, and what was known then.
        verdict: The verdict; None without one.
        dissents: The dissents from the verdict, in words; empty if there are none.
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
        """The outcome or, without a verdict, the status: ``yes``, ``open``."""
        return self.outcome or str(self.status)

    @property
    def past(self) -> float:
        """How much of the window is past, from 0 to 1."""
        window = (self.deadline - self.opens_on).days + 1
        return min(max(1 - (self.days_left + 1) / window, 0.0), 1.0)

    @property
    def left(self) -> str:
        """How many days are left, or since when its verdict is waited for; empty once it has one."""
        return self.runs if self.status in WAITING else ""

    @property
    def runs(self) -> str:
        """How many days the window has left or, once it is over, since when; also for a claim that has a verdict."""
        return waits(self.record, self.deadline - timedelta(days=self.days_left))

    @property
    def look(self) -> str:
        """The name by which its mark is styled: yes, no, or for anything else its status."""
        return self.stands if self.stands in {Outcome.YES, Outcome.NO} else str(self.status)

    @property
    def said(self) -> str:
        """The standing forecasts in one line: ``ana 0.72; ben 0.4``."""
        return "; ".join(f"{forecaster} {forecast}" for forecaster, forecast in self.forecasts.items())

    @property
    def noted(self) -> str:
        """The reading with its count or outcome or status, and whether it was written afterwards: ``strict 0 of 2``."""
        stands = self.stands if self.made_of.as_whole else self.made_of.noted
        return f"{self.reading} {stands}{' (written afterwards)' if self.written_after else ''}"


def board_line(snapshot: Snapshot, claim: Claim, source: Source) -> BoardLine:
    """Return the line of a claim, as of the snapshot; *source* is that of its statement."""
    claim_tally, claim_status, verdict = tally(snapshot, claim), status(snapshot, claim), snapshot.verdict(claim)
    outcome = outcome_said(verdict, claim) if verdict else None
    last = last_that_counts(snapshot, claim_tally)
    superseding = snapshot.superseded_by(claim)
    forecasts = standing_forecasts(snapshot, claim)
    return BoardLine(
        claim=claim.slug, statement=claim.statement, reading=claim.reading, scored=claim.scored, status=claim_status,
        outcome=str(claim_status) if claim_status is Status.ANNULLED else outcome,
        opens_on=claim.opens_on, deadline=claim.deadline,
        closes_at=spoken_moment(claim.closes_at) if claim.closes_at else None,
        cluster=claim.cluster,
        settle_on=settle_on(claim),
        days_left=days_left(claim, snapshot.today),
        tally=claim_tally.short, counted=claim_tally.counted, provisional=claim_tally.provisional,
        contested=claim_tally.contested, at_least=claim.at_least, met=claim_tally.met,
        forecasts={forecaster: _words_with_mark(snapshot, claim, forecast) for forecaster, forecast in forecasts},
        probabilities={forecaster: forecast.point for forecaster, forecast in forecasts},
        imputed=tuple(forecaster for forecaster, forecast in forecasts if forecast.imputed),
        last_evidence=f"{last.dated}  {last.evidence.title}" if last else None,
        days_after_statement=days_after(snapshot, claim, source),
        written_after=tuple(written_after(snapshot, claim, claim_tally)),
        superseded_by=superseding.slug if superseding else None,
        criteria=criteria_recorded(snapshot, claim, source, claim_tally),
        record=claim, made_of=claim_tally, verdict=verdict, dissents=who_contests(snapshot, claim),
    )  # fmt: skip


def _words_with_mark(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> str:
    """Return a forecast in few words, marked if it no longer fits the claim, is backdated or late."""
    words = said_shortly(forecast, claim) if is_distribution(forecast) else spoken(forecast)
    return f"{words}{mark_of(snapshot, claim, forecast)}"


def line_blocks(line: BoardLine, *, part: bool = False, unsaid: bool = False) -> list[Block]:
    """Lay out one claim.

    Args:
        line: The claim.
        part: Whether it is shown as a part of another claim.
        unsaid: Whether to say so if it has no forecasts: its statement has some on another reading.
    """
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

"""The board: a block for each statement, its scored claim, where it stands, what was forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from predictions.enums import Outcome
from predictions.fields import oddities
from predictions.records import Claim, Forecast, Resolution, Source, Statement
from predictions.render.blocks import Block, Entry, Folded, Heading, Pairs, Paragraph
from predictions.render.result import Result, Value, fields_of
from predictions.snapshot import Snapshot
from predictions.status import WAITING, Status, Timing, days_left, settle_on, status, timing, waits
from predictions.tally import tally, written_after
from predictions.tally_result import Tally
from predictions.timestamps import spoken_moment
from predictions.views.evidence import last_that_counts, world_date
from predictions.views.forecast_text import criteria_recorded, days_after, not_shown, spoken, standing_forecasts

QUOTED = 150


@dataclass(frozen=True)
class Line:
    """One claim on the board: its row, and what is shown beside that."""

    claim: str
    statement: str
    reading: str
    scored: bool
    status: Status
    outcome: str | None  # what the verdict says
    opens_on: date
    deadline: date
    closes_at: str | None
    cluster: str | None
    settle_on: date
    days_left: int
    tally: str  # in one line
    counted: int
    provisional: int
    contested: int
    at_least: int | None
    met: bool
    forecasts: Mapping[str, str]  # the standing forecast of each forecaster, as it is read
    probabilities: Mapping[str, float | None]
    imputed: tuple[str, ...]  # whose number is ours
    last_evidence: str | None  # the last that counts
    days_after_statement: int | None
    written_after: tuple[str, ...]
    superseded_by: str | None
    record: Claim = field(repr=False)
    made_of: Tally = field(repr=False)
    criteria: str = field(repr=False)  # how long after the statement they were recorded, and what was known then
    verdict: Resolution | None = field(repr=False)

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
        """The reading, how far it is met, and whether it was written afterwards: ``strict 0 of 2``."""
        return f"{self.reading} {self.made_of.noted}{' (written afterwards)' * bool(self.written_after)}"


@dataclass(frozen=True)
class Group:
    """One statement with its claims: the scored ones, the readings beside them, the parts of trees."""

    source: Source
    statement: Statement
    lines: tuple[Line, ...]
    parts: frozenset[str]

    @property
    def scored(self) -> list[Line]:
        return [line for line in self.lines if line.scored]

    @property
    def readings(self) -> list[Line]:
        """What is shown beside the scored claims; written afterwards last."""
        beside = [line for line in self.lines if not line.scored and line.claim not in self.parts]
        return sorted(beside, key=lambda line: bool(line.written_after))


@dataclass(frozen=True, repr=False)
class Board(Result, rows="lines", of=Line):
    """Every statement and where it stands."""

    groups: tuple[Group, ...]
    today: date
    head: str
    all: bool
    unread: int  # imported forecasts, too many to show

    @property
    def lines(self) -> list[Line]:
        """The claims shown, under their statements."""
        return [line for group in self.groups for line in self._of(group)]

    @property
    def coming(self) -> Line | None:
        """The open scored claim whose window ends next."""
        ahead = [line for group in self.groups for line in group.scored if line.status is Status.OPEN]
        return min(ahead, key=lambda line: line.deadline, default=None)

    def _of(self, group: Group) -> Sequence[Line]:
        return group.lines if self.all else group.scored

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = []
        source = None
        number = 0
        silent = []
        for group in self.groups:
            if not group.scored:
                silent.append(group)
                continue
            if group.source != source:
                source = group.source
                day = f" ({source.published})" if source.published else ""
                publisher = f"{source.publisher}: " if source.publisher else ""
                found += [Heading(f"{publisher}{source.title}{day}", f"as of {self.today}"), Paragraph("")]
            number += 1
            found += self._group(number, group)
        found += self._silent(silent)
        if not self.groups:
            found.append(Paragraph("nothing is recorded yet"))
        found += self._next()
        if self.unread:
            found.append(Paragraph(not_shown(self.unread)))
        return found

    def _group(self, number: int, group: Group) -> list[Block]:
        text = group.statement.text
        words = text if len(text) <= QUOTED else text[:QUOTED].rsplit(" ", 1)[0] + " ..."
        ours = " (our paraphrase)" if group.statement.paraphrased else ""
        notes = f"\n{group.statement.notes}" if group.statement.notes else ""
        found: list[Block] = [Paragraph(f"{number}  {words}{ours}{notes}", 0, 3)]
        for line in group.scored:
            found += _line(line)
        unsaid = any(line.forecasts for line in group.scored)
        later = [line for line in group.readings if line.written_after]
        if self.all:
            for line in group.readings:
                if later and line is later[0]:
                    found.append(Paragraph("written after evidence that counts for them:", 3))
                found += _line(line, unsaid=unsaid)
            for line in group.lines:
                if line.claim in group.parts:
                    found += _line(line, part=True, unsaid=unsaid)
        elif group.readings:
            each = [line.noted for line in group.readings]
            word = "reading" if len(each) == 1 else "readings"
            beside = [block for line in group.readings for block in _line(line, unsaid=unsaid)]
            found.append(Folded(f"{len(each)} other {word}: {'; '.join(each)}", beside, "--all", indent=3))
        found.append(Paragraph(""))
        return found

    def _silent(self, groups: Sequence[Group]) -> list[Block]:
        """The statements that nobody is held to: without a scored claim, or marked not resolvable."""
        marked = [group for group in groups if group.statement.not_resolvable]
        if not groups:
            return []
        each = [block for group in groups for block in _unscored(group)]
        if self.all:
            return [Paragraph("Not scored"), Paragraph(""), *each]
        one = "statement, not scored" if len(groups) == 1 else "statements, none of them scored"
        summary = f"{len(groups)} more {one}; {len(marked)} marked not resolvable"
        return [Folded(summary, each, "--all"), Paragraph("")]

    def _next(self) -> list[Block]:
        late = [
            f"{line.claim} (due {line.settle_on})"
            for group in self.groups
            for line in group.scored
            if line.status in {Status.DUE, Status.OVERDUE}
        ]
        found: list[Block] = []
        if late:
            found.append(Paragraph(f"waiting for a verdict: {', '.join(late)}"))
        if coming := self.coming:
            found.append(Paragraph(f"next: {coming.deadline} {coming.claim} closes; verdict due {coming.settle_on}"))
        return found

    def to_dict(self) -> dict[str, Value]:
        return {
            "today": self.today.isoformat(),
            "head": self.head,
            "not_shown": self.unread,
            "statements": [
                {
                    "statement": group.statement.slug,
                    "source": group.source.slug,
                    "text": group.statement.text,
                    "not_resolvable": group.statement.not_resolvable,
                    "claims": [fields_of(line) for line in self._of(group)],
                }
                for group in self.groups
            ],
        }


def board(snapshot: Snapshot, *, everything: bool = False) -> Board:
    """Where every statement stands, as of the snapshot."""
    parts = frozenset(part for claim in snapshot.all(Claim) for part in claim.parts)
    groups = []
    for statement in snapshot.all(Statement):
        source = snapshot.find(Source, statement.source)
        lines = tuple(_on_board(snapshot, claim, source) for claim in snapshot.claims_of(statement))
        groups.append(Group(source, statement, lines, parts))
    order = {source.slug: place for place, source in enumerate(snapshot.all(Source))}
    groups.sort(key=lambda group: order[group.source.slug])
    return Board(tuple(groups), snapshot.today, snapshot.head, everything, snapshot.unread)


def _on_board(snapshot: Snapshot, claim: Claim, source: Source) -> Line:
    made_of, stands, verdict = tally(snapshot, claim), status(snapshot, claim), snapshot.verdict(claim)
    last = last_that_counts(snapshot, made_of)
    replaced = snapshot.superseded_by(claim)
    forecasts = standing_forecasts(snapshot, claim)
    return Line(
        claim=claim.slug,
        statement=claim.statement,
        reading=claim.reading,
        scored=claim.scored,
        status=stands,
        outcome=str(stands) if stands is Status.ANNULLED else verdict.said if verdict else None,
        opens_on=claim.opens_on,
        deadline=claim.deadline,
        closes_at=spoken_moment(claim.closes_at) if claim.closes_at else None,
        cluster=claim.cluster,
        settle_on=settle_on(claim),
        days_left=days_left(claim, snapshot.today),
        tally=made_of.short,
        counted=made_of.counted,
        provisional=made_of.provisional,
        contested=made_of.contested,
        at_least=claim.at_least,
        met=made_of.met,
        forecasts={who: _told(snapshot, forecast) for who, forecast in forecasts},
        probabilities={who: forecast.point for who, forecast in forecasts},
        imputed=tuple(who for who, forecast in forecasts if forecast.imputed),
        last_evidence=f"{world_date(last)}  {last.evidence.title}" if last else None,
        days_after_statement=days_after(snapshot, claim, source),
        written_after=tuple(written_after(snapshot, claim, made_of)),
        superseded_by=replaced.slug if replaced else None,
        record=claim,
        made_of=made_of,
        criteria=criteria_recorded(snapshot, claim, source, made_of),
        verdict=verdict,
    )


def _told(snapshot: Snapshot, forecast: Forecast) -> str:
    """A forecast as it is read, and whether its time is backdated."""
    return spoken(forecast) + " (backdated)" * (timing(snapshot, forecast) is Timing.BACKDATED)


def _line(line: Line, *, part: bool = False, unsaid: bool = False) -> list[Block]:
    """Lay out one claim; *unsaid* where its statement was forecast on another reading, and not on this one."""
    claim = line.record
    name = f"{claim.slug} (part)" if part else claim.slug
    head = Entry(name, line.stands, line.look, f"{line.opens_on} .. {line.deadline}", line.left, line.past)
    pairs = [("tally", line.tally)]
    if line.verdict:
        pairs.insert(0, ("verdict", f"{line.verdict.said}, known {line.verdict.known}"))
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


def _unscored(group: Group) -> list[Block]:
    ours = " (our paraphrase)" if group.statement.paraphrased else ""
    found: list[Block] = [Paragraph(f"-  {group.statement.text}{ours}", 0, 3)]
    if group.statement.not_resolvable:
        found.append(Paragraph(f"not resolvable: {group.statement.not_resolvable}", 3))
    if group.statement.notes:
        found.append(Paragraph(group.statement.notes, 3))
    for line in group.lines:
        found += _line(line)
    return [*found, Paragraph("")]

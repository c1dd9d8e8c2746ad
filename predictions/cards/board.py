"""The board: a block for each statement, its scored claim, where it stands, what was forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from predictions.display import Block, Entry, Folded, Heading, Pairs, Paragraph, Shown, Value, counted
from predictions.kinds import Outcome
from predictions.records import Claim, Forecast, Resolution, Source, Statement
from predictions.snapshot import OnFile, Snapshot, world_day
from predictions.status import Status, Timing, days_left, settle_on, status, timing
from predictions.tally import Tally, tally, written_after
from predictions.values import oddities

QUOTED = 150
COUNTS = ("counted", "provisional", "contested", "at_least", "met")


@dataclass(frozen=True)
class Line:
    """One claim on the board."""

    claim: Claim
    status: Status
    days_left: int
    tally: Tally
    forecasts: tuple[tuple[str, Forecast], ...]  # forecaster, his standing forecast
    claimed: frozenset[str]  # whose times are only claimed
    last_evidence: str
    written_after: tuple[str, ...]
    superseded_by: str | None
    verdict: Resolution | None

    @property
    def stands(self) -> str:
        """The verdict where there is one, else the status: ``yes``, ``open``."""
        return self.verdict.said if self.verdict and self.status is not Status.ANNULLED else str(self.status)

    @property
    def past(self) -> float:
        """How much of the window is past, from 0 to 1."""
        whole = (self.claim.resolves_by - self.claim.opens_on).days + 1
        return min(max(1 - (self.days_left + 1) / whole, 0.0), 1.0)

    @property
    def look(self) -> str:
        """The kind of its mark: ``yes`` and ``no`` look different, all else is as its status."""
        return self.stands if self.stands in {Outcome.YES, Outcome.NO} else str(self.status)

    def told(self, forecast: Forecast) -> str:
        """A forecast as it is read, and whether its time is only claimed."""
        return spoken(forecast) + (" (claimed time)" if forecast.forecaster in self.claimed else "")

    def row(self) -> dict[str, Value]:
        return {
            "claim": self.claim.slug,
            "statement": self.claim.statement,
            "reading": self.claim.reading,
            "scored": self.claim.scored,
            "status": self.status.value,
            "outcome": self.stands if self.verdict or self.status is Status.ANNULLED else None,
            "opens_on": self.claim.opens_on.isoformat(),
            "resolves_by": self.claim.resolves_by.isoformat(),
            "settle_on": settle_on(self.claim).isoformat(),
            "days_left": self.days_left,
            "tally": self.tally.short,
            **{name: self.tally.to_dict()[name] for name in COUNTS},
            "forecasts": {who: self.told(forecast) for who, forecast in self.forecasts},
            "probabilities": {who: forecast.point for who, forecast in self.forecasts},
            "imputed": [who for who, forecast in self.forecasts if forecast.imputed],
            "last_evidence": self.last_evidence or None,
            "written_after": list(self.written_after),
            "superseded_by": self.superseded_by,
        }

    @property
    def counted(self) -> str:
        """The reading, how far it is met, and whether it was written afterwards: ``strict 0 of 2``."""
        return f"{self.claim.reading} {self.tally.noted}{' (written afterwards)' * bool(self.written_after)}"


@dataclass(frozen=True)
class Group:
    """One statement with its claims: the scored ones, the readings beside them, the parts of trees."""

    source: Source
    statement: Statement
    lines: tuple[Line, ...]
    parts: frozenset[str]

    @property
    def scored(self) -> list[Line]:
        return [line for line in self.lines if line.claim.scored]

    @property
    def readings(self) -> list[Line]:
        """What is shown beside the scored claims; written afterwards last."""
        beside = [line for line in self.lines if not line.claim.scored and line.claim.slug not in self.parts]
        return sorted(beside, key=lambda line: bool(line.written_after))


@dataclass(frozen=True, repr=False)
class Board(Shown):
    """Every statement and where it stands."""

    row_names = (
        "claim", "statement", "reading", "scored", "status", "outcome", "opens_on", "resolves_by", "settle_on",
        "days_left", "tally", *COUNTS, "forecasts", "probabilities", "imputed", "last_evidence", "written_after",
        "superseded_by",
    )  # fmt: skip
    groups: tuple[Group, ...]
    today: date
    head: str
    all: bool
    unread: int  # imported forecasts, too many to show

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
        found: list[Block] = [Paragraph(f"{number}  {words}{ours}", 0, 3)]
        for line in group.scored:
            found += _line(line)
        later = [line for line in group.readings if line.written_after]
        readings = [line for line in group.readings if not line.written_after]
        if self.all:
            for line in readings:
                found += _line(line)
            if later:
                found.append(Paragraph("written after evidence that counts for them:", 3))
            for line in later:
                found += _line(line)
            for line in group.lines:
                if line.claim.slug in group.parts:
                    found += _line(line, part=True)
        elif group.readings:
            each = [line.counted for line in group.readings]
            word = "reading" if len(each) == 1 else "readings"
            beside = [block for line in group.readings for block in _line(line)]
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
        waiting = {Status.OPEN, Status.DUE, Status.OVERDUE}
        dated = [line for group in self.groups for line in group.scored if line.status in waiting]
        late = [line.claim.slug for line in dated if line.status is not Status.OPEN]
        found: list[Block] = []
        if late:
            found.append(Paragraph(f"waiting for a verdict: {', '.join(late)}"))
        coming = min((line for line in dated if line.status is Status.OPEN), key=_end, default=None)
        if coming:
            claim = coming.claim
            found.append(Paragraph(f"next: {claim.resolves_by} {claim.slug} closes; verdict due by {settle_on(claim)}"))
        return found

    def rows(self) -> list[dict[str, Value]]:
        return [line.row() for group in self.groups for line in group.lines if self.all or line.claim.scored]

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
                    "claims": [line.row() for line in group.lines if self.all or line.claim.scored],
                }
                for group in self.groups
            ],
        }


def board(snapshot: Snapshot, *, everything: bool = False) -> Board:
    """Where every statement stands, as of the snapshot."""
    parts = frozenset(part for claim in snapshot.all(Claim) for part in claim.parts)
    groups = [
        Group(
            snapshot.find(Source, statement.source),
            statement,
            tuple(_on_board(snapshot, claim) for claim in snapshot.claims_of(statement)),
            parts,
        )
        for statement in snapshot.all(Statement)
    ]
    order = {source.slug: place for place, source in enumerate(snapshot.all(Source))}
    groups.sort(key=lambda group: order[group.source.slug])
    return Board(tuple(groups), snapshot.today, snapshot.head, everything, snapshot.unread)


def standing_forecasts(snapshot: Snapshot, claim: Claim) -> list[tuple[str, Forecast]]:
    """The forecast that stands for each forecaster, in the order in which they were made.

    One whose time is only claimed stands where its forecaster has no other.
    """
    by: dict[str, list[Forecast]] = {}
    for item in snapshot.forecasts_on(claim):
        by.setdefault(item.record.forecaster, []).append(item.record)
    last = [
        ([one for one in theirs if timing(snapshot, one) is not Timing.CLAIMED] or theirs)[-1] for theirs in by.values()
    ]
    return [(one.forecaster, one) for one in sorted(last, key=lambda one: one.made_at) if not one.withdrawn]


def not_shown(count: int) -> str:
    """The sentence for imported forecasts that a card leaves out."""
    return f"{counted(count, 'imported forecast')}, not shown"


def spoken(forecast: Forecast) -> str:
    """A forecast as a person reads it: ``0.90 (imputed from "will")``."""
    if forecast.withdrawn:
        return "withdrawn"
    if forecast.probability is None:
        return f"{forecast.low} to {forecast.high}"
    number = f"{forecast.probability:.2f}"
    if float(number) != forecast.probability:
        number = str(forecast.probability)
    if forecast.words:
        return f'{number} (imputed from "{forecast.words}")'
    return f"{number} ({forecast.low} to {forecast.high})" if forecast.low is not None else number


def _on_board(snapshot: Snapshot, claim: Claim) -> Line:
    last = max(_dated_evidence(snapshot, claim), key=world_day, default=None)
    replaced = snapshot.superseded_by(claim)
    forecasts = tuple(standing_forecasts(snapshot, claim))
    return Line(
        claim=claim,
        status=status(snapshot, claim),
        days_left=days_left(claim, snapshot.today),
        tally=tally(snapshot, claim),
        forecasts=forecasts,
        claimed=frozenset(who for who, one in forecasts if timing(snapshot, one) is Timing.CLAIMED),
        last_evidence=(
            f"{(last.event and last.event.happened) or last.evidence.happened or last.evidence.published}  "
            f"{last.evidence.title} ({last.bearing.bears})" if last else ""
        ),
        written_after=tuple(written_after(snapshot, claim)),
        superseded_by=replaced.slug if replaced else None,
        verdict=snapshot.verdict(claim),
    )  # fmt: skip


def _dated_evidence(snapshot: Snapshot, claim: Claim) -> list[OnFile]:
    """The evidence with a date that bears on a claim or on its parts."""
    found = [item for item in snapshot.evidence_on(claim) if not item.evidence.retracted and world_day(item) < date.max]
    for part in claim.parts:
        found += _dated_evidence(snapshot, snapshot.find(Claim, part))
    return found


def _line(line: Line, *, part: bool = False) -> list[Block]:
    claim = line.claim
    left = f"{line.days_left} days left" if line.days_left >= 0 else f"ended {-line.days_left} days ago"
    if line.status not in {Status.OPEN, Status.DUE, Status.OVERDUE}:
        left = ""
    name = f"{claim.slug} (part)" if part else claim.slug
    head = Entry(name, line.stands, line.look, f"{claim.opens_on} .. {claim.resolves_by}", left, line.past)
    pairs = [("tally", line.tally.short)]
    if line.verdict:
        pairs.insert(0, ("verdict", f"{line.verdict.said}, known {line.verdict.known_on}"))
    if line.forecasts:
        pairs.append(("forecasts", "; ".join(f"{who} {line.told(forecast)}" for who, forecast in line.forecasts)))
    if line.last_evidence:
        pairs.append(("last evidence", line.last_evidence))
    if line.written_after:
        pairs.append(("written", f"after {', '.join(line.written_after)} had counted for it"))
    if line.superseded_by:
        pairs.append(("superseded", f"by {line.superseded_by}"))
    marks = oddities(claim.wording)
    if marks:
        pairs.append(("beware", f"the wording has {', '.join(marks)}"))
    return [head, Pairs(pairs, indent=5, label_width=15)]


def _unscored(group: Group) -> list[Block]:
    ours = " (our paraphrase)" if group.statement.paraphrased else ""
    found: list[Block] = [Paragraph(f"-  {group.statement.text}{ours}", 0, 3)]
    if group.statement.not_resolvable:
        found.append(Paragraph(f"not resolvable: {group.statement.not_resolvable}", 3))
    for line in group.lines:
        found += _line(line)
    return [*found, Paragraph("")]


def _end(line: Line) -> date:
    return line.claim.resolves_by

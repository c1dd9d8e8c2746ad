"""The board: every statement and where it stands, a block each or, of many, one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from predictions.numerals import counted
from predictions.records import Claim, Source, Statement
from predictions.render.blocks import Block, Folded, Heading, Hint, Paragraph
from predictions.render.columns import cut_at_word
from predictions.render.result import Result, Value, fields_of
from predictions.snapshot import Snapshot
from predictions.status import LATE, Status, status
from predictions.timestamps import spoken_moment
from predictions.views.board.empty import empty_blocks
from predictions.views.board.filter import BoardFilter
from predictions.views.board.line import BoardLine, board_line, line_blocks
from predictions.views.board.listing import listed_claims, listing_blocks
from predictions.views.forecast_text import not_shown

LONGEST_STATEMENT = 150  # characters of a statement, at most
MOST_BLOCKS = 20  # statements with a block each; of more, each claim has one line
FULL = Hint("--full", "full=True")


@dataclass(frozen=True)
class Group:
    """One statement with its claims: the scored ones, the readings beside them, the parts of trees.

    Its lines are made when they are first asked for: of a large board few are drawn.

    Attributes:
        claims: Of every claim of the statement, the scored ones that fit the board's filter, and all others.
        parts: The claims of the ledger that are part of a tree.
    """

    source: Source
    statement: Statement
    claims: tuple[Claim, ...]
    parts: frozenset[str] = field(repr=False)
    snapshot: Snapshot = field(repr=False)

    @cached_property
    def lines(self) -> tuple[BoardLine, ...]:
        """Every claim, the scored ones first."""
        return (*self.scored, *(self._line(claim) for claim in self.claims if not claim.scored))

    @cached_property
    def scored(self) -> list[BoardLine]:
        """The scored claims."""
        return [self._line(claim) for claim in self.claims if claim.scored]

    @property
    def readings(self) -> list[BoardLine]:
        """What is shown beside the scored claims; written afterwards last."""
        beside = [line for line in self.lines if not line.scored and line.claim not in self.parts]
        return sorted(beside, key=lambda line: bool(line.written_after))

    @property
    def is_scored(self) -> bool:
        """Whether a claim of it is scored."""
        return any(claim.scored for claim in self.claims)

    def _line(self, claim: Claim) -> BoardLine:
        return board_line(self.snapshot, claim, self.source)


@dataclass(frozen=True, repr=False)
class Board(Result, rows="lines", of=BoardLine):
    """Every statement that fits, and where it stands.

    Attributes:
        groups: The statements, by source.
        full: A block for each statement, with every reading; False for one line each; None decides by their number.
        only: What a statement must be to stand here.
        ledger: The name of the ledger's file.
        later: Whether all that is on file came later.
    """

    groups: tuple[Group, ...]
    snapshot: Snapshot = field(repr=False)
    full: bool | None = None
    only: BoardFilter = field(default_factory=BoardFilter)
    ledger: str = "the ledger"
    later: bool = False

    @property
    def lines(self) -> list[BoardLine]:
        """The scored claims under their statements; of a full board every claim."""
        return [line for group in self.groups for line in self._lines_of(group)]

    @property
    def coming(self) -> BoardLine | None:
        """The open scored claim whose window ends next."""
        ahead = [(claim, group) for group, claim in self.scored if claim.deadline >= self.snapshot.today]
        by_deadline = sorted(ahead, key=lambda found: found[0].deadline)
        still_open = (found for found in by_deadline if status(self.snapshot, found[0]) is Status.OPEN)
        first = next(still_open, None)
        return board_line(self.snapshot, first[0], first[1].source) if first else None

    @property
    def is_long(self) -> bool:
        """Whether each claim has only a line."""
        return not self.full and (self.full is False or sum(group.is_scored for group in self.groups) > MOST_BLOCKS)

    @property
    def drawn(self) -> list[str]:
        """The slugs of the claims that are shown with who said what of them."""
        if self.is_long:
            return listed_claims(self.snapshot, [claim for _, claim in self.scored], self.stands, self.only)
        return [line.claim for line in self.lines]

    @cached_property
    def stands(self) -> Mapping[str, Status]:
        """Where each scored claim stands."""
        return {claim.slug: status(self.snapshot, claim) for _, claim in self.scored}

    @property
    def scored(self) -> list[tuple[Group, Claim]]:
        """The scored claims, each with its statement."""
        return [(group, claim) for group in self.groups for claim in group.claims if claim.scored]

    def _lines_of(self, group: Group) -> Sequence[BoardLine]:
        return group.lines if self.full else group.scored

    def blocks(self) -> Sequence[Block]:
        if not self.groups and self.later:
            return [Paragraph(f"nothing was on file as of {spoken_moment(self.snapshot.as_of)}")]
        if not self.groups:
            return [Paragraph(f"no statement fits: {self.only}")] if self.only else empty_blocks(self.ledger)
        scored = [group for group in self.groups if group.is_scored]
        silent = [group for group in self.groups if not group.is_scored]
        if self.is_long:
            found = listing_blocks(self.snapshot, [claim for _, claim in self.scored], self.stands, self.only)
            if silent:
                summary = f"{counted(len(silent), 'more statement')}, not scored"
                found.append(Hint(f"{summary}: --full", f"{summary}: full=True"))
        else:
            found = [*self._by_source(scored), *self._silent(silent), *self._next()]
        if self.snapshot.unread:
            found.append(Paragraph(not_shown(self.snapshot.unread)))
        return found

    def _by_source(self, groups: Sequence[Group]) -> list[Block]:
        found: list[Block] = []
        source = None
        for number, group in enumerate(groups, 1):
            if group.source != source:
                source = group.source
                day = f" ({source.published})" if source.published and source.published not in source.title else ""
                publisher = f"{source.publisher}: " if source.publisher else ""
                title = f"{publisher}{source.title}{day}"
                found += [Heading(title, f"as of {self.snapshot.today}"), Paragraph("")]
            found += [*_statement_blocks(number, group, full=bool(self.full)), Paragraph("")]
        return found

    def _silent(self, groups: Sequence[Group]) -> list[Block]:
        """Tell of the statements that nobody is held to: without a scored claim, or marked not resolvable."""
        if not groups:
            return []
        marked = [group for group in groups if group.statement.not_resolvable]
        each = [block for group in groups for block in _unscored_blocks(group)]
        if self.full:
            return [Paragraph("Not scored"), Paragraph(""), *each]
        summary = f"{counted(len(groups), 'more statement')}, not scored; {len(marked):,} marked not resolvable"
        return [Folded(summary, each, FULL), Paragraph("")]

    def _next(self) -> list[Block]:
        late = [
            f"{line.claim} (due {line.settle_on})"
            for group in self.groups
            for line in group.scored
            if line.status in LATE
        ]
        found: list[Block] = []
        if late:
            found.append(Paragraph(f"waiting for a verdict: {', '.join(late)}"))
        if coming := self.coming:
            found.append(Paragraph(f"next: {coming.deadline} {coming.claim} closes; verdict due {coming.settle_on}"))
        return found

    def to_dict(self) -> dict[str, Value]:
        return {
            "today": self.snapshot.today.isoformat(),
            "head": self.snapshot.head,
            "not_shown": self.snapshot.unread,
            "statements": [
                {
                    "statement": group.statement.slug,
                    "source": group.source.slug,
                    "text": group.statement.text,
                    "not_resolvable": group.statement.not_resolvable,
                    "claims": [fields_of(line) for line in self._lines_of(group)],
                }
                for group in self.groups
            ],
        }


def board(
    snapshot: Snapshot, *, full: bool | None = None, only: BoardFilter | None = None, ledger: str = "the ledger"
) -> Board:
    """Find every statement that fits, by source, as of the snapshot.

    Raises:
        NotFound: The filter names a source, tag or forecaster that is not in the ledger.
        InvalidValue: The filter cannot be read.
    """
    only = only or BoardFilter()
    fitting = only.scored_claims(snapshot) if only else None
    parts = frozenset(part for claim in snapshot.all(Claim) for part in claim.parts)
    groups = []
    for statement in snapshot.all(Statement):
        claims = snapshot.claims_of(statement)
        if fitting is not None:
            kept = fitting.get(statement.slug, [])
            scored = any(claim.scored for claim in claims)
            if not kept and (scored or not only.fits_unscored(snapshot, statement)):
                continue
            claims = [*kept, *(claim for claim in claims if not claim.scored)]
        groups.append(Group(snapshot.find(Source, statement.source), statement, tuple(claims), parts, snapshot))
    order = {source.slug: place for place, source in enumerate(snapshot.all(Source))}
    groups.sort(key=lambda group: order[group.source.slug])
    return Board(tuple(groups), snapshot, full, only, ledger)


def _statement_blocks(number: int, group: Group, *, full: bool) -> list[Block]:
    """Lay out a statement with its scored claims, and its other readings folded or in full."""
    words = cut_at_word(group.statement.text, LONGEST_STATEMENT)
    ours = " (our paraphrase)" if group.statement.paraphrased else ""
    notes = f"\n{group.statement.notes}" if group.statement.notes else ""
    found: list[Block] = [Paragraph(words.between(f"{number:<2} ", f"{ours}{notes}"), 0, 3)]
    for line in group.scored:
        found += line_blocks(line)
    unsaid = any(line.forecasts for line in group.scored)
    if full:
        return found + _reading_blocks(group, unsaid=unsaid)
    if group.readings:
        each = "; ".join(line.noted for line in group.readings)
        beside = [block for line in group.readings for block in line_blocks(line, unsaid=unsaid)]
        found.append(Folded(f"{counted(len(group.readings), 'other reading')}: {each}", beside, FULL, indent=3))
    return found


def _reading_blocks(group: Group, *, unsaid: bool) -> list[Block]:
    """Lay out the readings beside the scored claims, and the parts of trees."""
    found: list[Block] = []
    later = [line for line in group.readings if line.written_after]
    for line in group.readings:
        if later and line is later[0]:
            found.append(Paragraph("written after evidence that counts for them:", 3))
        found += line_blocks(line, unsaid=unsaid)
    for line in group.lines:
        if line.claim in group.parts:
            found += line_blocks(line, part=True, unsaid=unsaid)
    return found


def _unscored_blocks(group: Group) -> list[Block]:
    ours = " (our paraphrase)" if group.statement.paraphrased else ""
    found: list[Block] = [Paragraph(f"-  {group.statement.text}{ours}", 0, 3)]
    if group.statement.not_resolvable:
        found.append(Paragraph(f"not resolvable: {group.statement.not_resolvable}", 3))
    if group.statement.notes:
        found.append(Paragraph(group.statement.notes, 3))
    for line in group.lines:
        found += line_blocks(line)
    return [*found, Paragraph("")]

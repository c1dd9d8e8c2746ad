"""The board: every statement with its claims, as blocks or, if there are many, as one line for each claim."""

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

LONGEST_STATEMENT = 150  # characters of a statement
MOST_BLOCKS = 20  # statements with a block each; if there are more, each claim has one line
FULL = Hint("--full", "full=True")


@dataclass(frozen=True)
class Group:
    """One statement with its claims: the scored ones, the readings beside them, and parts of compound claims.

    Its lines are made when they are first asked for, since a large board draws only a few.

    Attributes:
        claims: The statement's scored claims that fit the board's filter, and all its other claims.
        parts: The slugs of all claims of the ledger that are a part of another claim.
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
        """The lines of the other readings, those written afterwards last; parts of claims are not readings."""
        beside = [line for line in self.lines if not line.scored and line.claim not in self.parts]
        return sorted(beside, key=lambda line: bool(line.written_after))

    @property
    def is_scored(self) -> bool:
        """Whether any of its claims is scored."""
        return any(claim.scored for claim in self.claims)

    def _line(self, claim: Claim) -> BoardLine:
        """Return the line of a claim of this statement."""
        return board_line(self.snapshot, claim, self.source)


@dataclass(frozen=True, repr=False)
class Board(Result, rows="lines", of=BoardLine):
    """Every statement that fits the filter, with its claims.

    Attributes:
        groups: The statements, by source.
        full: True for a block with every reading for each statement, False for one line for each claim; None chooses
            by the number of statements.
        only: The filter that the statements have passed.
        ledger: The name of the ledger's file.
        later: Whether the board is asked for as of a moment before anything was recorded.
    """

    groups: tuple[Group, ...]
    snapshot: Snapshot = field(repr=False)
    full: bool | None = None
    only: BoardFilter = field(default_factory=BoardFilter)
    ledger: str = "the ledger"
    later: bool = False

    @property
    def lines(self) -> list[BoardLine]:
        """The scored claims, by statement; on a full board every claim."""
        return [line for group in self.groups for line in self._lines_of(group)]

    @property
    def coming(self) -> BoardLine | None:
        """The open scored claim whose window ends next; None if no claim is open."""
        not_over = [(group, claim) for group, claim in self.scored if claim.deadline >= self.snapshot.today]
        not_over.sort(key=lambda pair: pair[1].deadline)
        for group, claim in not_over:  # in this order, so that few statuses are worked out
            if status(self.snapshot, claim) is Status.OPEN:
                return board_line(self.snapshot, claim, group.source)
        return None

    @property
    def is_long(self) -> bool:
        """Whether each claim has only one line, in place of a block for each statement."""
        return not self.full and (self.full is False or sum(group.is_scored for group in self.groups) > MOST_BLOCKS)

    @property
    def drawn(self) -> list[str]:
        """The slugs of the claims that are on the screen; a long board leaves some out."""
        if self.is_long:
            return listed_claims(self.snapshot, [claim for _, claim in self.scored], self.stands, self.only)
        return [line.claim for line in self.lines]

    @cached_property
    def stands(self) -> Mapping[str, Status]:
        """The status of each scored claim, by its slug."""
        return {claim.slug: status(self.snapshot, claim) for _, claim in self.scored}

    @property
    def scored(self) -> list[tuple[Group, Claim]]:
        """The scored claims, each with its statement."""
        return [(group, claim) for group in self.groups for claim in group.claims if claim.scored]

    def _lines_of(self, group: Group) -> Sequence[BoardLine]:
        """Return the lines of a statement: all if the board is full, else those of its scored claims."""
        return group.lines if self.full else group.scored

    def blocks(self) -> Sequence[Block]:
        """Lay out the statements as blocks or as a list of claims; if there are none, a sentence on why."""
        if not self.groups and self.later:
            return [Paragraph(f"nothing was on file as of {spoken_moment(self.snapshot.as_of)}")]
        if not self.groups:
            return [Paragraph(f"no statement fits: {self.only}")] if self.only else empty_blocks(self.ledger)
        scored = [group for group in self.groups if group.is_scored]
        silent = [group for group in self.groups if not group.is_scored]
        if self.is_long:
            layout = listing_blocks(self.snapshot, [claim for _, claim in self.scored], self.stands, self.only)
            if silent:
                summary = f"{counted(len(silent), 'more statement')}, not scored"
                layout.append(Hint(f"{summary}: --full", f"{summary}: full=True"))
        else:
            layout = [*self._by_source(scored), *self._silent(silent), *self._next()]
        if self.snapshot.unread:
            layout.append(Paragraph(not_shown(self.snapshot.unread)))
        return layout

    def _by_source(self, groups: Sequence[Group]) -> list[Block]:
        """Lay out the scored statements, numbered, under a heading for each source; *groups* are sorted by source."""
        layout: list[Block] = []
        source = None
        for number, group in enumerate(groups, 1):
            if group.source != source:
                source = group.source
                day = f" ({source.published})" if source.published and source.published not in source.title else ""
                publisher = f"{source.publisher}: " if source.publisher else ""
                title = f"{publisher}{source.title}{day}"
                layout += [Heading(title, f"as of {self.snapshot.today}"), Paragraph("")]
            layout += [*_statement_blocks(number, group, full=bool(self.full)), Paragraph("")]
        return layout

    def _silent(self, groups: Sequence[Group]) -> list[Block]:
        """Lay out the statements without a scored claim; folded, with how many are not resolvable, unless full."""
        if not groups:
            return []
        blocks = [block for group in groups for block in _unscored_blocks(group)]
        if self.full:
            return [Paragraph("Not scored"), Paragraph(""), *blocks]
        not_resolvable = sum(bool(group.statement.not_resolvable) for group in groups)
        summary = f"{counted(len(groups), 'more statement')}, not scored; {not_resolvable:,} marked not resolvable"
        return [Folded(summary, blocks, FULL), Paragraph("")]

    def _next(self) -> list[Block]:
        """Return the sentences on which claims wait for a verdict, and which claim closes next."""
        late = [
            f"{line.claim} (due {line.settle_on})"
            for group in self.groups
            for line in group.scored
            if line.status in LATE
        ]
        notes: list[Block] = []
        if late:
            notes.append(Paragraph(f"waiting for a verdict: {', '.join(late)}"))
        if coming := self.coming:
            notes.append(Paragraph(f"next: {coming.deadline} {coming.claim} closes; verdict due {coming.settle_on}"))
        return notes

    def to_dict(self) -> dict[str, Value]:
        """Return the board as plain values: a list of statements, each with its claims."""
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
    """Return the board of every statement that fits the filter *only*, in the order of the sources.

    Raises:
        NotFound: The filter names a source, tag or forecaster that is not in the ledger.
        InvalidValue: The filter cannot be read.
    """
    only = only or BoardFilter()
    fitting = only.scored_claims(snapshot) if only else None  # by statement; None without a filter
    parts = frozenset(part for claim in snapshot.all(Claim) for part in claim.parts)
    groups = []
    for statement in snapshot.all(Statement):
        claims = snapshot.claims_of(statement)
        if fitting is not None:
            fitting_claims = fitting.get(statement.slug, [])
            is_scored = any(claim.scored for claim in claims)
            if not fitting_claims and (is_scored or not only.fits_unscored(snapshot, statement)):
                continue
            claims = [*fitting_claims, *(claim for claim in claims if not claim.scored)]
        groups.append(Group(snapshot.find(Source, statement.source), statement, tuple(claims), parts, snapshot))
    order = {source.slug: number for number, source in enumerate(snapshot.all(Source))}
    groups.sort(key=lambda group: order[group.source.slug])
    return Board(tuple(groups), snapshot, full, only, ledger)


def _statement_blocks(number: int, group: Group, *, full: bool) -> list[Block]:
    """Lay out a statement with its scored claims; its other readings are folded unless *full*."""
    text = cut_at_word(group.statement.text, LONGEST_STATEMENT)
    paraphrase = " (our paraphrase)" if group.statement.paraphrased else ""
    notes = f"\n{group.statement.notes}" if group.statement.notes else ""
    layout: list[Block] = [Paragraph(text.between(f"{number:<2} ", f"{paraphrase}{notes}"), 0, 3)]
    for line in group.scored:
        layout += line_blocks(line)
    # That a reading has no forecast is worth a line only if the scored claim has one.
    unsaid = any(line.forecasts for line in group.scored)
    if full:
        return layout + _reading_blocks(group, unsaid=unsaid)
    if group.readings:
        summary = f"{counted(len(group.readings), 'other reading')}: {'; '.join(line.noted for line in group.readings)}"
        blocks = [block for line in group.readings for block in line_blocks(line, unsaid=unsaid)]
        layout.append(Folded(summary, blocks, FULL, indent=3))
    return layout


def _reading_blocks(group: Group, *, unsaid: bool) -> list[Block]:
    """Lay out the other readings, then the parts of claims; *unsaid* as in :func:`line_blocks`."""
    layout: list[Block] = []
    first_written_after = next((line for line in group.readings if line.written_after), None)
    for line in group.readings:
        if line is first_written_after:
            layout.append(Paragraph("written after evidence that counts for them:", 3))
        layout += line_blocks(line, unsaid=unsaid)
    for line in group.lines:
        if line.claim in group.parts:
            layout += line_blocks(line, part=True, unsaid=unsaid)
    return layout


def _unscored_blocks(group: Group) -> list[Block]:
    """Lay out a statement that has no scored claim, with the reason if it is marked not resolvable."""
    paraphrase = " (our paraphrase)" if group.statement.paraphrased else ""
    layout: list[Block] = [Paragraph(f"-  {group.statement.text}{paraphrase}", 0, 3)]
    if group.statement.not_resolvable:
        layout.append(Paragraph(f"not resolvable: {group.statement.not_resolvable}", 3))
    if group.statement.notes:
        layout.append(Paragraph(group.statement.notes, 3))
    for line in group.lines:
        layout += line_blocks(line)
    return [*layout, Paragraph("")]

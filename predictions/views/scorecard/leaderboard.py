"""The leaderboard: who forecast best, allowing for how hard statements were and how long forecasts stood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from predictions.numerals import NAMED, counted, figure, percent, plural, some_of, whole_percent
from predictions.render.blocks import Block, Heading, Hint, Listing, Paragraph, Section, Table
from predictions.render.result import Result, Value
from predictions.scoring.leaderboard.rows import (
    NO_OTHERS,
    TOO_LITTLE,
    LeaderboardRow,
    is_computed,
)
from predictions.scoring.leaderboard.standings import Standings
from predictions.scoring.leaderboard.worst import AtWorst
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.track_record import FEW, TrackRecord
from predictions.views.scorecard.caveat import Caveat
from predictions.views.scorecard.caveats import letters_on, marked
from predictions.views.scorecard.leaderboard_words import (
    COLUMNS_EXPLAINED,
    all_dated_early,
    chance,
    dated_early_of_each,
    interval_told,
    note_of,
    types_sentence,
)
from predictions.views.scorecard.names import titles_of
from predictions.views.scorecard.undoubted import undoubted_sentence

DRAWN_UNASKED = 20  # forecasters that are shown unless another number is asked for
WHAT = (
    "Who forecast best, allowing for how hard each statement was at each moment, and how long each forecast stood. 0 "
    "is always saying 50 %."
)
HOW = Hint(f"{WHAT} How this is counted: -h", f"{WHAT} How this is counted: help(ledger.leaderboard)")
AT_LEAST = (
    '">=": no less than that, whatever becomes of what is in doubt; "at worst": the least of the ways worked out.'
)
Letters = Callable[[TrackRecord], str]  # returns the letters of the caveats that qualify a record
BOARD_COLUMNS = ("", "who", "skill", f"{100 * LEVEL:.0f} % interval", "beats 50 %", "first", "statements", "entered")


@dataclass(frozen=True, repr=False)
class Leaderboard(Result, rows="lines", of=LeaderboardRow):
    """Forecasters by difficulty-adjusted skill over time.

    Attributes:
        as_of: The moment as of which it was made.
        today: The day.
        head: The head of the ledger.
        filter: The claims it is about, in words; None for all.
        none: Why there is no ranking; empty if there is one.
        statements: How many settled statements it is based on.
        yardstick: A sentence on the forecasters from whom it learns how hard each statement was.
        caveats: Sentences on what could make its figures mislead.
        lines: A line for each forecaster, ranked ones first.
        standings: The skills, from which chances are computed.
        misleading: The caveats, with the figures that they qualify.
        worst: Computes what stays true however the doubts turn out.
        shown: How many forecasters are shown.
        only: The slugs of the only ones shown, who keep their ranks among all; None for everybody.
    """

    as_of: datetime
    today: date
    head: str
    filter: str | None
    none: str
    statements: int
    yardstick: str
    caveats: tuple[str, ...]
    lines: tuple[LeaderboardRow, ...]
    standings: Standings = field(repr=False, compare=False)
    misleading: tuple[Caveat, ...] = field(repr=False, compare=False)
    worst: AtWorst = field(repr=False, compare=False)
    shown: int = field(default=DRAWN_UNASKED, repr=False)
    only: tuple[str, ...] | None = field(default=None, repr=False)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each forecaster, by slug: the title, or the slug if two have the same title."""
        return titles_of(self.standings.pool.everybody)

    @property
    def drawn(self) -> list[LeaderboardRow]:
        """The lines that are shown: the first ones that have a skill, with or without a rank."""
        return [row for row in self._asked if row.skill is not None][: self.shown]

    @property
    def _left_out(self) -> int:
        """How many lines with a skill are not shown."""
        return sum(row.skill is not None for row in self._asked) - len(self.drawn)

    @property
    def _asked(self) -> list[LeaderboardRow]:
        """The lines of the forecasters who were asked for."""
        return [row for row in self.lines if self.only is None or row.forecaster in self.only]

    def blocks(self) -> Sequence[Block]:
        """Lay out who leads, how it is counted, the table and its caveats; or why there is no ranking."""
        settled = f"{counted(self.statements, 'settled statement')}, " if self.statements else ""
        opening: list[Block] = [Heading(f"Leaderboard as of {self.today}", f"{settled}head {self.head}")]
        if self.filter:
            opening.append(Paragraph(f"only {self.filter}"))
        if self.none:
            return [*opening, Paragraph(self.none)]
        total = self.shown + self._left_out
        more: list[Block] = [Hint(f"all: --top {total}", f"all: top={total}")] if self._left_out else []
        caveats = [caveat.told for caveat in self._marked]
        closing = [*more, *(Paragraph(text, 0, 2) for text in (COLUMNS_EXPLAINED, *caveats))]
        yardstick = Paragraph(self.yardstick, 0, 2)
        return [*opening, *self.leading(), HOW, yardstick, Paragraph(""), *self.table(), *closing]

    def leading(self) -> Iterator[Block]:
        """Yield the sentences of :meth:`leaders` as paragraphs."""
        yield from (Paragraph(sentence, 0, 2) for sentence in self.leaders())

    def table(self, letters: Letters | None = None) -> Iterator[Block]:
        """Yield the lines as a listing, then the sentences below it.

        A card gives the *letters* of its own caveats; without them the leaderboard has its own.
        """
        sections = []
        for rows, notes in self._drawn_tables(letters):
            below = {number: note for number, note in enumerate(notes) if note}
            sections.append(Section(BOARD_COLUMNS, [self._cells(row) for row in rows], below))
        if sections:
            yield Listing(sections, (0, *range(2, len(BOARD_COLUMNS))), (2,))
        yield from (Paragraph(sentence, 0, 2) for sentence in self.sentences())

    def tables(self, letters: Letters | None = None) -> Iterator[Table]:
        """Yield the lines as tables for a page, which has room for notes beside the figures."""
        for rows, notes in self._drawn_tables(letters):
            cells = [(*self._with_place(row), note) for row, note in zip(rows, notes, strict=True)]
            yield Table((*BOARD_COLUMNS[1:], "what qualifies it"), cells, range(1, len(BOARD_COLUMNS) - 1))

    def _drawn_tables(self, letters: Letters | None) -> Iterator[tuple[list[LeaderboardRow], list[str]]]:
        """Yield the lines of each table, with a note on each line, which may be empty; most ledgers have one table."""
        letters_of = letters or (lambda record: letters_on(self._marked, record))
        letters_by_slug = {record.forecaster.slug: letters_of(record) for record in self._records}
        for table in dict.fromkeys(row.table for row in self.drawn):
            rows = [row for row in self.drawn if row.table == table]
            below = all_dated_early(rows)  # then one sentence below the table says it
            notes = [note_of(row, self.standings, letters_by_slug[row.forecaster], dates_told=below) for row in rows]
            yield rows, notes

    @cached_property
    def _records(self) -> list[TrackRecord]:
        """The records of the forecasters who are shown."""
        drawn = {row.forecaster for row in self.drawn}
        return [record for record in self.standings.pool.everybody if record.forecaster.slug in drawn]

    @cached_property
    def _marked(self) -> list[Caveat]:
        """The caveats, each with a letter if it qualifies only some of the lines."""
        return marked(self.misleading, lambda _: [self._records])

    def _with_place(self, row: LeaderboardRow) -> tuple[str, ...]:
        """Return the cells of a line with the rank and the name in one cell."""
        rank, name, *figures = self._cells(row)
        return f"{rank}. {name}" if row.rank else name, *figures

    def _cells(self, row: LeaderboardRow) -> tuple[str, ...]:
        """Return the cells of a line, in the order of BOARD_COLUMNS."""
        return (
            str(row.rank or "-"), self.names[row.forecaster], figure(row.skill, sign=True), interval_told(row),
            chance(row.better, at_least=row.at_least), chance(row.first, at_least=row.at_least), f"{row.n:,}",
            "-" if is_computed(row.kind) else whole_percent(row.entered),
        )  # fmt: skip

    def sentences(self) -> Iterator[str]:
        """Yield the sentences below the table: types of claim, who has no rank and why, and how many are not shown."""
        yield from types_sentence(self.standings)
        yield from undoubted_sentence(self.standings.pool, self.standings.claims)
        if any(row.at_least for row in self.drawn):
            yield AT_LEAST
        for table in dict.fromkeys(row.table for row in self.drawn):
            if all_dated_early(rows := [row for row in self.drawn if row.table == table]):
                yield dated_early_of_each(rows, self.names)
        if not self._asked:
            yield "Nothing is settled of those who were asked for."
        if unranked := "; ".join(self._unranked()):
            yield f"not ranked: {unranked}"
        if self._tables > 1:
            yield (
                f"There are {self._tables:,} tables, each of those who spoke at the same time; figures of different "
                "tables cannot be compared."
            )
        if left_out := self._left_out:
            yield f"{left_out:,} more {plural(left_out, 'is', 'are')} not drawn here."

    def leaders(self) -> Iterator[str]:
        """Yield, for each table with at least two ranked lines, who is ahead, or who cannot be told apart."""
        yield from (self._among(rows) + self._leaders(rows) for rows in self._ranked.values() if len(rows) >= 2)

    @property
    def _tables(self) -> int:
        """How many tables there are, drawn or not."""
        return len({row.table for row in self.lines if row.skill is not None})

    def _among(self, ranked: Sequence[LeaderboardRow]) -> str:
        """Return, as the beginning of a sentence, of whom alone it is true where there are several tables."""
        if self._tables < 2:
            return ""
        names = some_of([self.names[row.forecaster] for row in ranked])
        return f"Among {names}, in one of {self._tables:,} tables that cannot be compared: "

    @property
    def _ranked(self) -> dict[int, list[LeaderboardRow]]:
        """The ranked lines of each table, best first."""
        tables: dict[int, list[LeaderboardRow]] = {}
        for row in self.lines:
            if row.rank and row.table:
                tables.setdefault(row.table, []).append(row)
        return tables

    def _leaders(self, ranked: Sequence[LeaderboardRow]) -> str:
        """Return a sentence on who is first in a table, and how sure that is."""
        in_doubt = self._in_doubt(ranked)
        if not self.worst.leads(ranked[0]):
            return f"Who is ahead cannot be told yet: the verdicts that are {in_doubt} could turn it."
        so_far = f", whatever becomes of the verdicts that are {in_doubt}" if in_doubt else ""
        if any(row.replaced for row in ranked):
            so_far += "; the verdicts that were replaced could turn it"
        best, worst = self.names[ranked[0].forecaster], self.worst.last_place(ranked[0])
        so_far += self._presumed_of(*ranked[: 2 if worst == 2 else 1])
        if worst == 1:
            return f"{best} forecast best: nobody else is likely to be first{so_far}."
        if worst == 2:
            other, chance_of = self.names[ranked[1].forecaster], self.worst.before(*ranked[:2])
            better = f"chance that {best} is better: {chance(chance_of, at_least=ranked[0].at_least)}"
            if chance_of >= (1 + LEVEL) / 2:  # the interval of the difference lies above 0
                return f"{best} leads {other} ({better}){so_far}."
            return f"{best} and {other} cannot be told apart ({better}){so_far}."
        ceiling = None if in_doubt else self.standings.first_at_most(ranked[0].table or 0)
        at_most = f"; nobody is first with more than {percent(ceiling)}" if ceiling is not None else ""
        return f"{best} leads; the true place may be any from 1 to {worst:,}{at_most}{so_far}."

    def _presumed_of(self, *rows: LeaderboardRow) -> str:
        """Return, as the end of a sentence, what these lines presume about links and redacted texts; "" if nothing."""
        pool, slugs = self.standings.pool, {row.forecaster for row in rows}
        entries = [record.forecaster.entry for record in pool.everybody if record.forecaster.slug in slugs]
        return pool.afterwards.presumed_of(*entries)

    def _in_doubt(self, ranked: Sequence[LeaderboardRow]) -> str:
        """Return the kinds of doubtful verdict in a table, as "missing or unclear"; "" if there are none."""
        rows = [row for row in self.lines if row.table == ranked[0].table]
        reasons = {
            "missing": any(row.no_verdict for row in rows),
            "unclear": any(row.unclear for row in rows),
            "true in part": any(row.partly for row in rows),
            "contested": any(row.contested for row in rows),
            "dated early": any(row.dated_early for row in rows),
            "dated late": any(row.dated_late for row in rows),
        }
        *first, last = [reason for reason, is_there in reasons.items() if is_there] or [""]
        return f"{', '.join(first)} or {last}" if first else last

    def _unranked(self) -> Iterator[str]:
        """Yield a phrase for each reason why some have no rank or no skill, with their names."""
        little = [row for row in self._asked if row.unranked == TOO_LITTLE or (row.skill is None and row.table)]
        if few := len({row.forecaster for row in little if row.n < FEW}):
            yield f"{few:,} with fewer than {FEW} statements"
        for row in [row for row in little if row.n >= FEW][:NAMED]:
            # By the day a forecast counts from the midnight after it, so even one of the first day counts less than 1.
            weight = f"whose {row.n:,} statements count as {row.weight:.1f}, each for as long as it stood beside others"
            yield f"{self.names[row.forecaster]}, {weight}"
        alone = [self.names[row.forecaster] for row in self._asked if row.skill is None and not row.table]
        if len(alone) == 1:
            yield f"{alone[0]}, who {NO_OTHERS}"
        elif alone:
            yield f"{some_of(alone)}, who share none with the yardstick"

    def to_dict(self) -> dict[str, Value]:
        """Return everything as plain values; the rows as a list, since they are made only when read."""
        return {**super().to_dict(), "rows": list(self.rows())}

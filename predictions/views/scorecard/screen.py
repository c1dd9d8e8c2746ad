"""The short scorecard: who was right in plain counts, then the ranking, the scores, and what is not counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from predictions.numerals import NAMED, counted, figure, plural, some_of
from predictions.render.blocks import Block, Heading, Hint, Paragraph, Table
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.forecaster_statistics import ScorecardStats
from predictions.scoring.plain_counts import SAID_ONLY, Came
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import SCORES
from predictions.scoring.track_record import FEW
from predictions.views.scorecard.card_lines import CardLine
from predictions.views.scorecard.caveat_places import PlacedCaveats
from predictions.views.scorecard.caveats import misleading
from predictions.views.scorecard.leaderboard import WHAT, Leaderboard
from predictions.views.scorecard.names import computed, titles_of
from predictions.views.scorecard.right_side import Side, near_blocks, right_side_blocks
from predictions.views.scorecard.type_scores import TypeScores, counted_apart
from predictions.views.scorecard.undoubted import undoubted_blocks

COUNT_HEADINGS = ("said", "due", "came true", "did not", "unclear", "no verdict", "open")
FEW_AGAINST = 3  # statements held less likely than not, from which a note says how many of these did not come true
OF_STATEMENTS = "came true, did not: the statements; who was right about them is said next"
EVERYBODY = ("everybody", "everybody and their crowds")  # who is on a card if nobody is named; the second with crowds


@dataclass(frozen=True, eq=False)
class ShortCard:
    """What the short card shows.

    Attributes:
        head: The name of the file and its head.
        today: The day as of which it is.
        cohort: Which claims it is about.
        rule: Which forecast of each series is scored.
        only: The filter in words; empty without one.
        lines: The forecasters in the tables of yes/no claims, in their order.
        board: The leaderboard.
        judged: The figures of everybody on yes/no claims.
        unforecast: How many scored claims nobody on the card has forecast.
        taken_off: The slugs of claims that were scored until a correction took them off the card.
        marks: Sentences on who is left out of the tables, and on their order.
        more: The hint at how to see those who are left out; None if nobody is.
        types: The scores on claims of other types.
        every_type: Everybody's series and records on claims of every type.
        top: How many forecasters the tables show.
        full: Whether everything is shown.
    """

    head: str
    today: date
    cohort: Cohort
    rule: Rule
    only: str
    lines: Sequence[CardLine]
    board: Leaderboard
    judged: ScorecardStats
    unforecast: int
    taken_off: Sequence[str]
    marks: Sequence[str]
    more: Hint | None
    types: Sequence[TypeScores]
    every_type: Pool
    top: int
    full: bool

    def opening(self) -> Iterator[Block]:
        """Yield the day, which claims it is about, and warnings about biased choices."""
        yield Heading(f"Scorecard as of {self.today}", self.head)
        yield Paragraph(self._which_claims())
        if self.only:
            yield Paragraph(f"only {self.only}")
        if self.cohort.biased:
            yield Paragraph(f"warning: {self.cohort.biased}, so this cohort is biased")
        if self.rule is Rule.LAST:
            yield Paragraph("warning: the last forecast rewards shouting; never rank by it")

    def _which_claims(self) -> str:
        """Return the sentence on which claims the card is about."""
        if self.cohort is Cohort.RESOLVED:
            return "Claims resolved so far."
        allowed = self._days_allowed
        days = counted(allowed[0], "day") if len(allowed) == 1 else "the days that each allows"
        return f"Claims whose time is up: the deadline and {days} for late reports."

    @property
    def _days_allowed(self) -> list[int]:
        """The numbers of days that claims allow for late reports, each once, in rising order."""
        claims, tables = self.judged.pool.table.claims, [self.judged.pool.table]
        tables += [scores.records[0].table for scores in self.types]
        on_card = np.any([table.wanted for table in tables], axis=0)
        days: list[int] = np.unique((claims.settles_on - claims.deadline)[on_card]).tolist()
        return days

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each forecaster on the card, by slug."""
        return titles_of(self.every_type.listed) | {line.record.forecaster.slug: line.name for line in self.lines}

    @cached_property
    def near(self) -> list[Block]:
        """The counts on claims of other types: how often each forecaster was near the outcome."""
        return list(near_blocks(self.types, self.every_type.listed, self.names, self.top, alone=not self.lines))

    def blocks(self) -> Iterator[Block]:
        """Yield who was right, the ranking and the scores, then what is not counted and the bounds."""
        gap = Paragraph("")
        yield from (gap, self.who_was_right)
        below = [OF_STATEMENTS, *self.marks] if self._hides_who_was_right else self.marks
        yield from (Paragraph(note, 2, 4) for note in below)
        yield from [self.more] if self.more else []
        yield from right_side_blocks(self.sides, full=self.full)
        yield from (Paragraph(note, 2, 4) for note in self.notes)
        yield from (gap, *self.near) if self.near else ()
        yield from (gap, *self.ranking(), gap)
        yield self.scores or Paragraph(f"SCORES  {self._without_scores}", 0, 8)
        yield from (Paragraph(sentence, 2, 6) for sentence in self.caveats.below_scores)
        yield from self.undoubted
        yield gap
        yield from self._left_out()
        if self.bounds:
            yield Paragraph(self.bounds)

    @property
    def _without_scores(self) -> str:
        """Why there is no table of scores."""
        others = {record.forecaster.slug for record in self.judged.pool.listed if record.n or record.n_imputed}
        if others.isdisjoint(line.record.forecaster.slug for line in self.lines) and others:
            verb = plural(len(others), "has", "have")
            return f"of none shown; {counted(len(others), 'forecaster')} left out {verb} some: top=, or by="
        return "none yet: nothing forecast in time is settled"

    @cached_property
    def caveats(self) -> PlacedCaveats:
        """The caveats about claims of every type, divided by the tables of the card."""
        caveats = misleading(self.every_type)
        if not self.board.none:  # its lines have the skills as they would be without each caveat
            caveats = (caveat._replace(retold="") for caveat in caveats)
        types = [scores.of_first(self.top).records for scores in self.types]
        return PlacedCaveats(tuple(caveats), [line.record for line in self.lines], types)

    @cached_property
    def who_was_right(self) -> Table:
        """The table of plain counts: the statements of each forecaster, how many are due, and how those came out."""
        rows = []
        for line in self.lines:
            count = line.count
            figures = (
                count.said, count.due, count[Came.TRUE], count[Came.NOT], count.unclear, count[Came.NO_VERDICT],
                count[Came.OPEN],
            )  # fmt: skip
            letters = self.caveats.letters_of_counts(line.record)
            rows.append((line.name, *(f"{number:,}" for number in figures), end_of_row(line.notes, letters)))
        if any(row[-1] for row in rows):
            return Table(("who", *COUNT_HEADINGS, ""), rows, range(1, 8), "WHO WAS RIGHT")
        return Table(("who", *COUNT_HEADINGS), [row[:-1] for row in rows], range(1, 8), "WHO WAS RIGHT")

    @cached_property
    def notes(self) -> list[str]:
        """The notes below the counts: what their columns do not show, words that were read, and caveats."""
        notes = []
        mostly_no = [
            f"{line.name} {line.count.right_against:,} of {line.count.against:,}"
            for line in self.lines
            if line.count.against >= FEW_AGAINST and 3 * line.count.against > 2 * line.count.sided
        ]
        if mostly_no:
            notes.append(f'mostly said "it will not", and were right where it did not: {some_of(mostly_no)}')
        in_no_column = [
            f"{line.name} {line.count[came]:,} {came}" for line in self.lines for came in SAID_ONLY if line.count[came]
        ]
        if in_no_column:
            notes.append(f"said, and in no other column: {some_of(in_no_column)}")
        bare = [f"{line.name} {line.count.no_number:,}" for line in self.lines if line.count.no_number]
        if bare:
            notes.append(f"said without a number, and so in no score: {some_of(bare)}")
        if self.lines and self.types:
            notes.append(counted_apart(self.types))
        if partly := sum(line.count[Came.PARTLY] for line in self.lines):
            notes.append(f"unclear: {partly:,} of them came true in part, and {plural(partly, 'is', 'are')} scored so")
        words = [line.words_told for line in self.lines if line.words and self.full][:NAMED]
        return [*notes, *words, *(caveat.told for caveat in self.caveats.of_counts)]

    @property
    def _hides_who_was_right(self) -> bool:
        """Whether two forecasters have the same numbers of true and untrue statements.

        Then a reader could think that they were right equally often, which the columns do not say.
        """
        came = [(count[Came.TRUE], count[Came.NOT]) for _, count, _ in self.sides]
        return len(set(came)) < len(came)

    @property
    def sides(self) -> list[Side]:
        """The forecasters with a number on a statement that came out yes or no, each with counts and notes."""
        lines = [line for line in self.lines if line.count.sided or line.count.at_half]
        return [(line.name, line.count, line.when_said) for line in lines]

    def ranking(self) -> Iterator[Block]:
        """Yield the leaderboard, or the reason why there is none."""
        if self.board.none:
            yield Paragraph(f"RANKING  {self.board.none}", 0, 9)
            return
        yield Paragraph(f"RANKING  {WHAT}", 0, 9)
        yield from self.board.leading()
        yield from self.board.table(self.caveats.letters)
        yield Paragraph(self.board.yardstick, 0, 2)

    @cached_property
    def scores(self) -> Table | None:
        """The means of each forecaster; those of numbers that were read from words have a row of their own."""
        rows = []
        for line in self.lines:
            record, kind, letters = line.record, computed(line.record.forecaster), self.caveats.letters(line.record)
            if record.n:
                notes = ["", kind, "too few" if record.n < FEW else ""]
                rows.append(_score_cells(line.name, record.n, record.means, notes, letters))
            if record.n_imputed:
                notes = ["from words", kind, "too few" if record.n_imputed < FEW else ""]
                rows.append(_score_cells(line.name, record.n_imputed, record.means_imputed, notes, letters))
        caption = f"SCORES  Brier of the {self.rule} forecast: 0 is perfect, 0.25 is always saying 50 %"
        names = ("who", "n", "Brier", "entered", "skill over time", "covered", "")
        return Table(names, rows, range(1, 6), caption) if rows else None

    @cached_property
    def undoubted(self) -> list[Paragraph]:
        """How many of the scored yes/no claims were hardly in doubt, as a paragraph; empty if none."""
        records = [line.record for line in self.lines]
        return list(undoubted_blocks(self.every_type.undoubted, YES_OR_NO, records, self.names))

    @property
    def not_counted(self) -> list[tuple[str, str]]:
        """The name of each forecaster with statements in no mean, and the reasons."""
        return [(line.name, line.left_out) for line in self.lines if line.left_out]

    def _left_out(self) -> Iterator[Block]:
        """Yield what is not counted: a sentence or, for many forecasters, a table; with claims that nobody forecast."""
        parts = [f"{name}: {why}" for name, why in self.not_counted]
        if len(parts) > NAMED:
            yield Table(("who", "why"), self.not_counted, caption="NOT COUNTED")
            parts = []
        if self.unforecast:
            parts.append(f"{counted(self.unforecast, 'scored claim')} nobody here has forecast")
        if self.taken_off:
            parts.append(taken_off_told(self.taken_off))
        if parts:
            yield Paragraph(f"NOT COUNTED  {'; '.join(parts)}", 0, 13)

    @cached_property
    def bounds(self) -> str:
        """The sentence on what the mean Brier scores could still become; empty if no claim can change them."""
        lines, spans = [], []
        for line in self.lines:
            ends = None if line.record.words_only else line.record.every_open
            if ends and ends[0] < ends[1]:
                lines.append(line)
                spans.append(f"{figure(ends[0], 2)} to {figure(ends[1], 2)}")
        if not lines:
            return ""
        if any(line.count.with_number(Came.NO_VERDICT) for line in lines):
            claims = "all those open or without a verdict"
        elif any(line.ended_early for line in lines):
            claims = "the rest of the open ones all"
        else:
            claims = "the open ones all"
        if len(lines) == 1:
            return f"if {claims} went for {lines[0].name}, or all against: Brier {spans[0]}"
        by_name = [f"{line.name} {span}" for line, span in zip(lines, spans, strict=True)]
        return f"if {claims} went for a forecaster, or all against: Brier {some_of(by_name)}"


def taken_off_told(claims: Sequence[str]) -> str:
    """Return the phrase that names claims which a correction took off the card."""
    return f"taken off by a correction (scored=False): {some_of(claims, NAMED)}"


def _score_cells(name: str, n: int, means: Mapping[str, float], notes: Sequence[str], letters: str) -> tuple[str, ...]:
    """Return the cells of one row of means, with notes and the letters of caveats in the last one."""
    figures = (SCORES[score].shown(means[score]) for score in ("brier", "entered", "time_skill", "coverage"))
    return name, f"{n:,}", *figures, end_of_row(notes, letters)


def end_of_row(notes: Sequence[str], letters: str) -> str:
    """Return the last cell of a row: its notes, then the letters of its caveats."""
    return " ".join(filter(None, [", ".join(filter(None, notes)), letters]))

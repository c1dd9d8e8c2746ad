"""The short scorecard: who was right in plain counts, then the ranking, the scores, and what is not counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from predictions.numerals import NAMED, counted, figure, some_of
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
FEW_AGAINST = 3  # statements denied, from which a line says how many were denied rightly
OF_STATEMENTS = "came true, did not: the statements; who was right about them is said next"
EVERYBODY = ("everybody", "everybody and their crowds")  # whose records a card has where nobody is named


@dataclass(frozen=True, eq=False)
class ShortCard:
    """What it shows, in the order in which forecasters stand.

    Attributes:
        head: Of which file, at which head.
        today: As of which day.
        cohort: Which claims.
        rule: Which of somebody's forecasts is scored.
        only: The filter in words; empty without one.
        lines: Those who are drawn.
        board: The leaderboard.
        judged: The figures of everybody.
        unforecast: How many scored claims nobody on the card has forecast.
        taken_off: Claims that were scored until a correction took them off the card.
        marks: Whom the tables leave out, and what the order is not.
        more: How to see whom they leave out; None if nobody is.
        types: The means on claims that are not yes or no.
        every_type: Everybody's series and records on claims of every type.
        top: How many forecasters are drawn.
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
        """Yield as of when, of which claims, and what to beware of."""
        yield Heading(f"Scorecard as of {self.today}", self.head)
        yield Paragraph(self._which_claims())
        if self.only:
            yield Paragraph(f"only {self.only}")
        if self.cohort is Cohort.RESOLVED:
            yield Paragraph("warning: by-date claims say yes early and no late, so this cohort is biased")
        if self.rule is Rule.LAST:
            yield Paragraph("warning: the last forecast rewards shouting; never rank by it")

    def _which_claims(self) -> str:
        if self.cohort is Cohort.RESOLVED:
            return "Claims resolved so far."
        allowed = self._days_allowed
        days = counted(allowed[0], "day") if len(allowed) == 1 else "the days that each allows"
        return f"Claims whose time is up: the deadline and {days} for late reports."

    @property
    def _days_allowed(self) -> list[int]:
        """How many days the claims allow for late reports, rising."""
        claims, tables = self.judged.pool.table.claims, [self.judged.pool.table]
        tables += [scores.records[0].table for scores in self.types]
        wanted = np.any([table.wanted for table in tables], axis=0)
        days: list[int] = np.unique((claims.settles_on - claims.deadline)[wanted]).tolist()
        return days

    @cached_property
    def names(self) -> dict[str, str]:
        """What everybody listed is called, by slug."""
        return titles_of(self.every_type.listed) | {line.record.forecaster.slug: line.name for line in self.lines}

    @cached_property
    def near(self) -> list[Block]:
        """How often each was near on claims that are not yes or no, and what that counts."""
        return list(near_blocks(self.types, self.every_type.listed, self.names, self.top, alone=not self.lines))

    def blocks(self) -> Iterator[Block]:
        """Yield the three blocks, what is not counted, and the bounds."""
        gap = Paragraph("")
        yield from (gap, self.who_was_right)
        yield from (Paragraph(note, 2, 4) for note in [*([OF_STATEMENTS] if self._alike else []), *self.marks])
        yield from [self.more] if self.more else []
        yield from right_side_blocks(self.sides, full=self.full)
        yield from (Paragraph(note, 2, 4) for note in self.notes)
        yield from (gap, *self.near) if self.near else ()
        yield from (gap, *self.ranking(), gap)
        yield self.scores or Paragraph("SCORES  none yet: nothing forecast in time is settled", 0, 8)
        yield from (Paragraph(told, 2, 6) for told in self.caveats.below_scores)
        yield from self.undoubted
        yield gap
        yield from self._left_out()
        if self.bounds:
            yield Paragraph(self.bounds)

    @cached_property
    def caveats(self) -> PlacedCaveats:
        """What would change the conclusions of a reader, of claims of every type."""
        found = misleading(self.every_type)
        if not self.board.none:  # its lines tell what becomes of their skill
            found = (caveat._replace(retold="") for caveat in found)
        types = [scores.of_first(self.top).records for scores in self.types]
        return PlacedCaveats(tuple(found), [line.record for line in self.lines], types)

    @cached_property
    def who_was_right(self) -> Table:
        """How much each said, how much of it is due, and how that came out."""
        rows = []
        for line in self.lines:
            count = line.count
            figures = (
                count.said, count.due, count[Came.TRUE], count[Came.NOT], count.unclear, count[Came.NO_VERDICT],
                count[Came.OPEN],
            )  # fmt: skip
            letters = self.caveats.letters_of_counts(line.record)
            rows.append((line.name, *(f"{one:,}" for one in figures), end_of_row(line.notes, letters)))
        if any(row[-1] for row in rows):
            return Table(("who", *COUNT_HEADINGS, ""), rows, range(1, 8), "WHO WAS RIGHT")
        return Table(("who", *COUNT_HEADINGS), [row[:-1] for row in rows], range(1, 8), "WHO WAS RIGHT")

    @cached_property
    def notes(self) -> list[str]:
        """What a reader of the counts must know."""
        partly = sum(line.count[Came.PARTLY] for line in self.lines)
        scored = f"unclear: {partly:,} of them came true in part, and {'is' if partly == 1 else 'are'} scored so"
        beside = [
            f"{line.name} {line.count[came]:,} {came}" for line in self.lines for came in SAID_ONLY if line.count[came]
        ]
        only_said = f"said, and in no other column: {some_of(beside)}" if beside else ""
        against = [
            f"{line.name} {line.count.right_against:,} of {line.count.against:,}"
            for line in self.lines
            if line.count.against >= FEW_AGAINST and 3 * line.count.against > 2 * line.count.sided
        ]
        said_no = f'mostly said "it will not", and were right where it did not: {some_of(against)}' if against else ""
        bare = [f"{line.name} {line.count.no_number:,}" for line in self.lines if line.count.no_number]
        without = f"said without a number, and so in no score: {some_of(bare)}" if bare else ""
        words = [line.words_told for line in self.lines if line.words and self.full][:NAMED]
        apart = counted_apart(self.types) if self.lines else ""
        caveats = [caveat.told for caveat in self.caveats.of_counts]
        said = [*filter(None, [said_no, only_said, without, apart, scored if partly else ""])]
        return [*said, *words, *caveats]

    @property
    def _alike(self) -> bool:
        """Whether the columns are the same for people whom the counts of who was right may tell apart."""
        came = [(count[Came.TRUE], count[Came.NOT]) for _, count, _ in self.sides]
        return len(set(came)) < len(came)

    @property
    def sides(self) -> list[Side]:
        """The counts of those who said a number that came out on a side of 50 %, or exactly that."""
        told = [line for line in self.lines if line.count.sided or line.count.at_half]
        return [(line.name, line.count, line.when_said) for line in told]

    def ranking(self) -> Iterator[Block]:
        """Yield the leaderboard; or why there is none."""
        if self.board.none:
            yield Paragraph(f"RANKING  {self.board.none}", 0, 9)
            return
        yield Paragraph(f"RANKING  {WHAT}", 0, 9)
        yield from self.board.leading()
        yield from self.board.table(self.caveats.letters)
        yield Paragraph(self.board.yardstick, 0, 2)

    @cached_property
    def scores(self) -> Table | None:
        """Means, for those who have any; what is read from words on a row of its own."""
        rows = []
        for line in self.lines:
            record, kind = line.record, computed(line.record.forecaster)
            rows += [
                _scores(line.name, n, means, [source, kind, "too few" if n < FEW else ""], self.caveats.letters(record))
                for n, means, source in (
                    (record.n, record.means, ""), (record.n_imputed, record.means_imputed, "from words"),
                )
                if n
            ]  # fmt: skip
        caption = f"SCORES  Brier of the {self.rule} forecast: 0 is perfect, 0.25 is always saying 50 %"
        names = ("who", "n", "Brier", "entered", "skill over time", "covered", "")
        return Table(names, rows, range(1, 6), caption) if rows else None

    @cached_property
    def undoubted(self) -> list[Paragraph]:
        """How much of the claims of yes or no that are scored was hardly in doubt."""
        records = [line.record for line in self.lines]
        return list(undoubted_blocks(self.every_type.undoubted, YES_OR_NO, records, self.names))

    @property
    def not_counted(self) -> list[tuple[str, str]]:
        """Why the rest of what each said is in no mean."""
        return [(line.name, line.left_out) for line in self.lines if line.left_out]

    def _left_out(self) -> Iterator[Block]:
        """Yield the same in a sentence; of many a row each."""
        found = [f"{name}: {why}" for name, why in self.not_counted]
        if len(found) > NAMED:
            yield Table(("who", "why"), self.not_counted, caption="NOT COUNTED")
            found = []
        if self.unforecast:
            found.append(f"{counted(self.unforecast, 'scored claim')} nobody here has forecast")
        if self.taken_off:
            found.append(taken_off_told(self.taken_off))
        if found:
            yield Paragraph(f"NOT COUNTED  {'; '.join(found)}", 0, 13)

    @cached_property
    def bounds(self) -> str:
        """What the mean Briers could still become."""
        ends = {
            line.name: span
            for line in self.lines
            if not line.record.words_only and (span := line.record.every_open) and span[0] < span[1]
        }
        spans = [f"{name} {figure(span[0], 2)} to {figure(span[1], 2)}" for name, span in ends.items()]
        if not spans:
            return ""
        waiting = any(line.count.with_number(Came.NO_VERDICT) for line in self.lines if line.name in ends)
        rest = any(line.ended_early for line in self.lines if line.name in ends)
        the_open = "the rest of the open ones all" if rest else "the open ones all"
        what = "all those open or without a verdict" if waiting else the_open
        if len(spans) == 1:
            (name,) = ends
            return f"if {what} went for {name}, or all against: Brier {spans[0].removeprefix(name + ' ')}"
        return f"if {what} went for a forecaster, or all against: Brier {some_of(spans)}"


def taken_off_told(claims: Sequence[str]) -> str:
    """Name the claims that a correction took off the card."""
    return f"taken off by a correction (scored=False): {some_of(claims, NAMED)}"


def _scores(name: str, n: int, means: Mapping[str, float], notes: Sequence[str], letters: str) -> tuple[str, ...]:
    figures = (SCORES[one].shown(means[one]) for one in ("brier", "entered", "time_skill", "coverage"))
    return name, f"{n:,}", *figures, end_of_row(notes, letters)


def end_of_row(notes: Sequence[str], letters: str) -> str:
    """Join what stands at the end of a row."""
    return " ".join(filter(None, [", ".join(filter(None, notes)), letters]))

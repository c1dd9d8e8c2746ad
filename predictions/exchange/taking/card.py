"""The card of a run: what was recorded, or would be, what stood already, what changed since, what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from predictions.enums import ClaimType
from predictions.errors import short_repr
from predictions.exchange.count_words import (
    COUNTED_NOUNS,
    INTRODUCED,
    TIMES,
    beside,
    counts_in_words,
    kinds_of,
    left_out_sentence,
    most,
    names_with_counts,
)
from predictions.exchange.options import UTC
from predictions.exchange.taking.changes import Change
from predictions.exchange.taking.offers import (
    LABEL,
    changed_since,
    days_asked,
    kept_apart,
    people_asked,
    put_on_claims,
    questions_asked,
)
from predictions.exchange.taking.run_counts import BY_PLATFORM, RunCounts
from predictions.importing.results import lines_made
from predictions.numerals import counted
from predictions.render.blocks import Block, Heading, Hint, Pairs, Paragraph
from predictions.render.columns import WIDTH
from predictions.render.result import Result, Value, fields_of

INDENT = 2  # of what stands below the first line
CELL_WIDTH = 24  # columns of a row that is named by its beginning
MOST_LISTED = 3  # days from which claims count, and claims with a dissent


@dataclass(repr=False, kw_only=True)
class Taken(RunCounts, Result, rows="changes", of=Change):
    """What :meth:`Ledger.import_from` did, or would do.

    Attributes:
        format: What was read.
        dry_run: Whether all was undone.
        files: How the files are called.
        read: How many rows they have; None where that says nothing.
        sha256: Of the one file's bytes, in hexadecimal.
        ledger: The name of the ledger's file.
        head: The head after it.
        platform: Whether it is a platform's export.
        zoned: Whether it has days that are read in a zone.
        dates: How its claims about dates are read; empty where that needs no word.
        today: The day of the run.
        columns: The columns that were read, by their own names.
        left: The headers of those that are nobody's.
        skipped: The first cells of rows that are comments.
        sheets: The sheet of a spreadsheet that was read, and the others, which were not; empty where there is one.
        local_days: What comes first in the days of a column, by its name, where they are spelled in the local way.
        zone: Where times without a zone were written down.
    """

    format: str
    dry_run: bool
    files: tuple[str, ...]
    read: int | None
    sha256: str | None
    ledger: str = ""
    head: str = ""
    platform: bool
    zoned: bool
    dates: str
    today: date
    columns: tuple[str, ...]
    left: tuple[str, ...]
    skipped: tuple[str, ...]
    sheets: tuple[str, ...]
    local_days: Mapping[str, str]
    zone: str

    @property
    def wrote(self) -> bool:
        """Whether anything is new; in a dry run, would be."""
        return any(self.new.values())

    def blocks(self) -> Sequence[Block]:
        """Return the card."""
        name = ", ".join(self.files)
        found = self._recorded(name) if self.wrote else self._nothing_new(name)
        found += [*put_on_claims(self.put_on), *kept_apart(self.kept_apart), *changed_since(self.changes, self.briefly)]
        if self.dry_run and self.wrote:
            found += self._dry()
        return found

    def _nothing_new(self, name: str) -> list[Block]:
        if not self.stand:
            nothing = beside(f"nothing to record: no {'question' if self.platform else 'row below the header'}", name)
            return [nothing, *self._left_out({**self.left_out, **self.unsaid}), *self._passed_over()]
        stands = "stands" if sum(self.stand.values()) == 1 else "stand"
        told = f"nothing new; {counts_in_words(self.stand)} {stands}"
        fits = len(told) + 2 + len(name) <= WIDTH
        first = Heading(told, name) if fits else Paragraph(told.replace(";", f" in {name};", 1), 0, 2)
        return [
            first,
            *([Pairs([("columns", self._columns())], 0, LABEL)] if self.left else []),
            *self._left_out(self.left_out),
            *self._passed_over(),
            *(self._zone_asked() if self.changes else []),
        ]

    def _recorded(self, name: str) -> list[Block]:
        """Lay out what was recorded, from which file and where; in a dry run what would be."""
        told = counts_in_words(self.new, COUNTED_NOUNS)
        people = counts_in_words(self.new, INTRODUCED) if not (told and self.platform) else ""
        what = f"{told}; new: {people}" if told and people else told or f"new: {people}"
        if self.dry_run:
            rows = [] if self.read is None else [counted(self.read, "row")]
            digest = [f"sha256 {self.sha256[:6]}..."] if self.sha256 else []
            head: list[Block] = [
                beside("DRY RUN, nothing is recorded", ", ".join([*filter(None, [name]), *rows, *digest])),
                Paragraph(""),
                Paragraph(f"{'would record':<{LABEL}}{what}", 0, LABEL),
            ]
        else:
            first = f"{'recorded':<{LABEL}}{what}"
            where = f"in {self.ledger}, one seal, head {self.head}"
            apart = f"from {name} {where}" if name else where
            head = (
                [Heading(first, name), Paragraph(where, LABEL)]
                if len(first) + 2 + len(name) <= WIDTH
                else [Paragraph(first, 0, LABEL), Paragraph(apart, LABEL)]
            )
        return [*head, *self._facts()]

    def _facts(self) -> list[Block]:
        found: list[Block] = []
        if facts := self._details():
            found.append(Pairs(facts, INDENT, LABEL - INDENT))
        found += self._left_out({**self.left_out, **self.unsaid})
        if aside := self._asides():
            found.append(Pairs(aside, 0, LABEL))
        return [
            *found,
            *self._zone_asked(),
            *people_asked(self.alike, self.uncompared),
            *questions_asked(self.pairs, self.briefly, dry_run=self.dry_run),
            *days_asked(self.days, self.briefly),
        ]

    def _zone_asked(self) -> list[Block]:
        """Say of days that may lie one too early, or too late, how they were read, and which option changes that."""
        if not self.zoned or self.zone != UTC:
            return []
        days, picked = f"{'days':<{LABEL}}read as UTC, the file having no zone", "says where they were picked"
        return [Hint(f"{days}; --zone {picked}", f"{days}; zone= {picked}", then=LABEL)]

    def _details(self) -> list[tuple[str, str]]:
        """List how the file was read: whose forecasts, of which types and times, with which words and columns."""
        facts: list[tuple[str, str]] = []
        if self.by:
            names = names_with_counts(self.by)
            new = "new, " if set(self.by) <= set(self.new_forecasters) else ""
            facts.append(("by", f"{names}   ({new}{kinds_of(self.kinds)})"))
        if self.withdrew:
            facts.append(("withdrew", names_with_counts(self.withdrew)))
        if self.dry_run and self.types:
            facts.append(("types", ", ".join(f"{count:,} {name}" for name, count in most(self.types))))
        if self.dry_run and self.deadlines:
            facts.append(("deadlines", " .. ".join(map(str, dict.fromkeys(self.deadlines)))))
        if self.times:
            facts.append(("times", self._times()))
        if self.known_when_over:
            told = f"{self.known_when_over:,} of no on the last day of the window: known from the day after"
            facts.append(("verdicts", told))
        if self.local_days:
            facts.append(("days", self._local_days()))
        if made := lines_made(self.made):
            facts.append(("of them", "\n".join(made)))
        if self.words:
            read = f"read on the scale {', '.join(self.scales)}"
            facts.append(("words", f"{names_with_counts(self.words)}: {read}"))
        if self.sheets:
            read, *others = map(repr, self.sheets)
            facts.append(("sheet", f"{read} was read, and not {', '.join(others)}"))
        if (self.dry_run and self.columns) or self.left:
            facts.append(("columns", self._columns()))
        return facts

    def _times(self) -> str:
        if set(self.times) == {BY_PLATFORM}:
            return "published by the platform, unchecked"
        return ", ".join(f"{count:,} {TIMES[how]}" for how, count in most(self.times))

    def _local_days(self) -> str:
        by_order: dict[str, list[str]] = {}
        for name, order in self.local_days.items():
            by_order.setdefault(order.replace("-", " "), []).append(name)
        return "; ".join(f"{order} in {', '.join(names)}" for order, names in by_order.items())

    def _columns(self) -> str:
        left = ", ".join(map(repr, self.left))
        told = f"{left} is not ours and was left" if len(self.left) == 1 else f"{left} are not ours and were left"
        return "\n".join([*([" ".join(self.columns)] if self.dry_run else []), *([told] if left else [])])

    def _left_out(self, left_out: Mapping[str, Mapping[str, int]]) -> list[Block]:
        told = "\n".join(left_out_sentence(unit, whys) for unit, whys in left_out.items() if whys)
        return [Pairs([("left out", told)], 0, LABEL)] if told else []

    def _asides(self) -> list[tuple[str, str]]:
        """List what is unusual in the file and changes how it counts."""
        asides = self._comments()
        if self.repeated:
            asides.append(("repeated", counted(self.repeated, "row" if self.platform else "forecast")))
        if self.not_scored:
            ends = "ends on the day it was asked" if self.not_scored == 1 else "end on the day they were asked"
            asked = counted(self.not_scored, "question" if self.platform else "claim")
            asides.append(("not scored", f"{asked} {ends}"))
        if self.overturned:
            listed, beyond = self.overturned[:MOST_LISTED], len(self.overturned) - MOST_LISTED
            asides.append(("overturned", "\n".join([*listed, *([f"{beyond:,} more"] if beyond > 0 else [])])))
        if self.dissents:
            asides.append(("dissents", self._dissenting()))
        if self.cut_short:
            told = "it was to close is" if self.cut_short == 1 else "they were to close is"
            closed = f"{counted(self.cut_short, 'question')} may have closed on being answered"
            asides.append(("cut short", f"{closed}: when {told} not told"))
        if self.platform and (self.counts_from or self.undecided or self.without):
            asides.append(("counts", self._counting()))
        if self.dates and self.types.get(ClaimType.DATE):
            asides.append(("dates", self.dates))
        if self.zone != UTC and self.platform:
            asides.append(("days", f"read as picked in {self.zone}"))
        elif self.zone != UTC:
            asides.append(("days", f"made_at is read in {self.zone}, where it says no zone; all other days are UTC"))
        return asides

    def _passed_over(self) -> list[Block]:
        skipped = self._comments()
        return [Pairs(skipped, 0, LABEL)] if skipped else []

    def _comments(self) -> list[tuple[str, str]]:
        """Say which rows were skipped: one may be no comment, but begin with ``#`` all the same."""
        if not self.skipped:
            return []
        first = ", ".join(short_repr(cell, CELL_WIDTH) for cell in self.skipped[:MOST_LISTED])
        more = ", ..." if len(self.skipped) > MOST_LISTED else ""
        which = "that begins with #" if len(self.skipped) == 1 else "that begin with #"
        rows = counted(len(self.skipped), "row")
        return [("skipped", f"{rows} {which}: {first}{more}; a ' before it keeps one")]

    def _dissenting(self) -> str:
        """Say on which claims a verdict was recorded beside another."""
        more = [f"{len(self.dissents) - MOST_LISTED:,} more"] if len(self.dissents) > MOST_LISTED else []
        names = ", ".join([*self.dissents[:MOST_LISTED], *more])
        stands = "a verdict stands" if len(self.dissents) == 1 else "verdicts stand"
        counts = "the one on file, which counts" if len(self.dissents) == 1 else "those on file, which count"
        return f"{stands} beside {counts}: {names}"

    def _counting(self) -> str:
        """Say from when new claims with a verdict count: from their settle days, however they came out."""
        today = str(self.today)
        now = sum(count for day, count in self.counts_from.items() if day <= today)
        later = sorted((day, count) for day, count in self.counts_from.items() if day > today)
        told = [f"{counted(now, 'claim')} now"] if now else []
        told += [f"{count:,} from {day}" for day, count in later[:MOST_LISTED]]
        if len(later) > MOST_LISTED:
            told.append(f"{sum(count for _, count in later[MOST_LISTED:]):,} later, the last from {later[-1][0]}")
        never = f"{self.undecided:,} ambiguous or annulled" if self.undecided else ""
        waiting = f"{self.without:,} without a verdict" if self.without else ""
        return "; ".join(filter(None, [", ".join(told), never, waiting]))

    def _dry(self) -> list[Block]:
        """Lay out what a dry run adds: what to look at first, and the line that records."""
        found: list[Block] = [Paragraph(""), Paragraph(self.first)] if self.first else []
        found.append(Paragraph(""))
        if sum(self.backdated.values()):
            name, count = most(self.backdated)[0]
            others = sum(self.backdated.values()) - count
            whose = f"{count:,} of {name}'s forecasts" + (f" and {others:,} of others" if others else "")
            found.append(
                Paragraph(f"{whose} are backdated; a link and said_on would have them counted")
                if count + others > 1
                else Paragraph(f"1 of {name}'s forecasts is backdated; a link and said_on would have it counted")
            )
        again = "to record it, the same without"
        found.append(Hint(f"{again} --dry-run", f"{again} dry_run=True"))
        return found

    def to_dict(self) -> dict[str, Value]:
        """Return everything in it as plain values."""
        return fields_of(self)

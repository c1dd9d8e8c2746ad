"""The card of an import: what was recorded, what was on file already, what differs from it, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from predictions.enums import ClaimType
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
    backdated_told,
    changed_since,
    days_asked,
    in_no_mean,
    kept_apart,
    people_asked,
    put_on_claims,
    questions_asked,
)
from predictions.exchange.taking.passed_over import rows_passed_over
from predictions.exchange.taking.run_counts import BY_PLATFORM, RunCounts
from predictions.importing.results import lines_made
from predictions.numerals import counted
from predictions.render.blocks import Block, Heading, Hint, Pairs, Paragraph
from predictions.render.columns import WIDTH
from predictions.render.result import Result, Value, fields_of

INDENT = 2  # of the lines below the first
MOST_LISTED = 3  # days on which claims begin to count, claims with a dissent, and the like


@dataclass(repr=False, kw_only=True)
class Taken(RunCounts, Result, rows="changes", of=Change):
    """What :meth:`Ledger.import_from` did, or would do.

    Attributes:
        format: The format that was read.
        dry_run: Whether everything was rolled back.
        files: The names of the files.
        read: How many rows the files have; None if they do not consist of rows.
        sha256: The digest of the file, in hexadecimal; None for several files.
        ledger: The name of the ledger's file.
        head: The head after the import.
        platform: Whether the files are a platform's export.
        zoned: Whether the files have days that are read in a time zone.
        dates: How the platform's claims about dates are read; empty if that needs no explanation.
        today: The day of the run.
        columns: The columns that were read, by their names here.
        left: The headers of columns that mean nothing here.
        skipped: The first cells of rows that are comments.
        above: The first texts of rows above the header.
        sheets: The sheet of a spreadsheet that was read, then the others; empty if there is only one.
        local_days: For each column with days not in ISO form, the order in which they are written.
        zone: The zone of times that do not give one.
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
    above: tuple[str, ...]
    sheets: tuple[str, ...]
    local_days: Mapping[str, str]
    zone: str

    @property
    def wrote(self) -> bool:
        """Whether anything is new; in a dry run, whether anything would be."""
        return any(self.new.values())

    def blocks(self) -> Sequence[Block]:
        """Return the card."""
        name = ", ".join(self.files)
        blocks = self._recorded(name) if self.wrote else self._nothing_new(name)
        blocks += [
            *put_on_claims(self.put_on),
            *kept_apart(self.kept_apart, self.twice, self.briefly),
            *changed_since(self.changes, self.briefly),
        ]
        if self.dry_run and self.wrote:
            blocks += self._dry()
        return blocks

    def _nothing_new(self, name: str) -> list[Block]:
        """Lay out that nothing is new: the files have nothing to record, or all of it is on file already."""
        if not self.stand:
            nothing = beside(f"nothing to record: no {'question' if self.platform else 'row below the header'}", name)
            return [nothing, *self._left_out({**self.left_out, **self.unsaid}), *self._passed_over()]
        stands = "stands" if sum(self.stand.values()) == 1 else "stand"
        on_file = f"{counts_in_words(self.stand)} {stands}"
        text = f"nothing new; {on_file}"
        first: Block = Heading(text, name)
        if len(text) + 2 + len(name) > WIDTH:  # no room for the name at the end of the line
            first = Paragraph(f"nothing new in {name}; {on_file}", 0, 2)
        unread = [Pairs([("columns", self._columns())], 0, LABEL)] if self.left else []
        zone = self._zone_asked() if self.changes else []  # days that differ may have been read in a wrong zone
        return [first, *unread, *self._left_out(self.left_out), *self._passed_over(), *zone]

    def _recorded(self, name: str) -> list[Block]:
        """Lay out what was recorded, and where; in a dry run what would be."""
        records = counts_in_words(self.new, COUNTED_NOUNS)
        introduced = counts_in_words(self.new, INTRODUCED) if not (records and self.platform) else ""
        what = f"{records}; new: {introduced}" if records and introduced else records or f"new: {introduced}"
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
            if len(first) + 2 + len(name) <= WIDTH:
                head = [Heading(first, name), Paragraph(where, LABEL)]
            else:
                head = [Paragraph(first, 0, LABEL), Paragraph(apart, LABEL)]
        return [*head, *self._facts()]

    def _facts(self) -> list[Block]:
        """Lay out how the file was read, what was left out or is unusual, and what a person has to decide.

        The questions are about the time zone, new names like those on file (``alike``, ``uncompared``), new questions
        like claims on file (``pairs``), and corrected days.
        """
        blocks: list[Block] = []
        if facts := self._details():
            blocks.append(Pairs(facts, INDENT, LABEL - INDENT))
        blocks += self._left_out({**self.left_out, **self.unsaid})  # records, then comments and texts of records
        if asides := self._asides():
            blocks.append(Pairs(asides, 0, LABEL))
        return [
            *blocks,
            *self._zone_asked(),
            *people_asked(self.alike, self.uncompared),
            *questions_asked(self.pairs, self.briefly, dry_run=self.dry_run),
            *days_asked(self.days, self.briefly),
        ]

    def _zone_asked(self) -> list[Block]:
        """Say how days were read that may be a day off, and which option changes it; nothing if zone= was given."""
        if not self.zoned or self.zone != UTC:
            return []
        days, picked = f"{'days':<{LABEL}}read as UTC, the file having no zone", "says where they were picked"
        return [Hint(f"{days}; --zone {picked}", f"{days}; zone= {picked}", then=LABEL)]

    def _details(self) -> list[tuple[str, str]]:
        """List how the file was read: its forecasters, types, times, words and columns."""
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
            text = f"{self.known_when_over:,} of no on the last day of the window: known from the day after"
            facts.append(("verdicts", text))
        if self.local_days:
            facts.append(("days", self._local_days()))
        if made_lines := lines_made(self.made):
            facts.append(("of them", "\n".join(made_lines)))
        if self.words:
            read_text = f"read on the scale {', '.join(self.scales)}"
            facts.append(("words", f"{names_with_counts(self.words)}: {read_text}"))
        if self.sheets:
            read_text, *other_sheets = map(repr, self.sheets)
            facts.append(("sheet", f"{read_text} was read, and not {', '.join(other_sheets)}"))
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
        headers = ", ".join(map(repr, self.left))
        text = f"{headers} is not ours and was left" if len(self.left) == 1 else f"{headers} are not ours and were left"
        return "\n".join([*([" ".join(self.columns)] if self.dry_run else []), *([text] if headers else [])])

    def _left_out(self, left_out: Mapping[str, Mapping[str, int]]) -> list[Block]:
        lines = "\n".join(left_out_sentence(unit, reasons) for unit, reasons in left_out.items() if reasons)
        return [Pairs([("left out", lines)], 0, LABEL)] if lines else []

    def _asides(self) -> list[tuple[str, str]]:
        """List what is unusual in the file and changes how it counts."""
        asides = rows_passed_over(self.above, self.skipped)
        if self.repeated:
            asides.append(("repeated", counted(self.repeated, "row" if self.platform else "forecast")))
        if self.not_scored:
            ends = "ends on the day it was asked" if self.not_scored == 1 else "end on the day they were asked"
            questions = counted(self.not_scored, "question" if self.platform else "claim")
            asides.append(("not scored", f"{questions} {ends}"))
        asides += in_no_mean(self.too_late)
        if self.overturned:
            more = len(self.overturned) - MOST_LISTED
            listed = [*self.overturned[:MOST_LISTED], *([f"{more:,} more"] if more > 0 else [])]
            asides.append(("overturned", "\n".join(listed)))
        if self.dissents:
            asides.append(("dissents", self._dissenting()))
        if self.cut_short:
            subject = "it was to close is" if self.cut_short == 1 else "they were to close is"
            closed = f"{counted(self.cut_short, 'question')} may have closed on being answered"
            asides.append(("cut short", f"{closed}: when {subject} not told"))
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
        skipped = rows_passed_over(self.above, self.skipped)
        return [Pairs(skipped, 0, LABEL)] if skipped else []

    def _dissenting(self) -> str:
        """Return on which claims a verdict was recorded beside another one."""
        more = [f"{len(self.dissents) - MOST_LISTED:,} more"] if len(self.dissents) > MOST_LISTED else []
        names = ", ".join([*self.dissents[:MOST_LISTED], *more])
        stands = "a verdict stands" if len(self.dissents) == 1 else "verdicts stand"
        counts = "the one on file, which counts" if len(self.dissents) == 1 else "those on file, which count"
        return f"{stands} beside {counts}: {names}"

    def _counting(self) -> str:
        """Return from which days new claims with a verdict count: from their settle days, whatever the outcome."""
        today = str(self.today)
        number_now = sum(count for day, count in self.counts_from.items() if day <= today)
        later_days = sorted((day, count) for day, count in self.counts_from.items() if day > today)
        phrases = [f"{counted(number_now, 'claim')} now"] if number_now else []
        phrases += [f"{count:,} from {day}" for day, count in later_days[:MOST_LISTED]]
        if beyond := later_days[MOST_LISTED:]:
            phrases.append(f"{sum(count for _, count in beyond):,} later, the last from {beyond[-1][0]}")
        undecided = f"{self.undecided:,} ambiguous or annulled" if self.undecided else ""
        pending = f"{self.without:,} without a verdict" if self.without else ""
        return "; ".join(filter(None, [", ".join(phrases), undecided, pending]))

    def _dry(self) -> list[Block]:
        """Lay out the end of a dry run: the first row as it was read, backdated forecasts, and how to record it all."""
        blocks: list[Block] = [Paragraph(""), Paragraph(self.first)] if self.first else []
        blocks.append(Paragraph(""))
        blocks += backdated_told(self.backdated, self.another_day, self.columns)
        lead = "to record it, the same without"
        blocks.append(Hint(f"{lead} --dry-run", f"{lead} dry_run=True"))
        return blocks

    def to_dict(self) -> dict[str, Value]:
        """Return everything in it as plain values."""
        return fields_of(self)

"""The card of a run: what was recorded, or would be, what stood already, what changed since, what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from shlex import quote

from predictions.exchange.changes import Change
from predictions.exchange.questions import LeftOut
from predictions.exchange.reasons import sentence
from predictions.numerals import counted
from predictions.render.blocks import Block, Heading, Hint, Pairs, Paragraph
from predictions.render.result import Result, Value, fields_of
from predictions.render.text import WIDTH

BY_PLATFORM = "platform"  # how the times of a platform's forecasts are known
LABEL = 12  # columns of a label, after two of indent
MOST_CHANGES = 20  # questions that changed since and are listed
MOST_NAMES = 8  # forecasters, and words, that are listed
PLURAL_NOUNS = {"piece of evidence": "pieces of evidence", "bearing or forecast": "bearings and forecasts"}


@dataclass
class RunCounts:
    """What one run came to, counted as it goes."""

    new: Counter[str] = field(default_factory=Counter)  # by noun
    stand: Counter[str] = field(default_factory=Counter)
    by: Counter[str] = field(default_factory=Counter)  # new forecasts by the forecaster's title
    kinds: Counter[str] = field(default_factory=Counter)  # of these forecasters
    new_people: list[str] = field(default_factory=list)  # titles
    types: Counter[str] = field(default_factory=Counter)
    deadlines: list[date] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)
    backdated: Counter[str] = field(default_factory=Counter)  # by the forecaster's title
    words: Counter[str] = field(default_factory=Counter)
    scales: Counter[str] = field(default_factory=Counter)
    not_scored: int = 0  # new claims that end on the day they were asked
    repeated: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    alike: list[tuple[str, str]] = field(default_factory=list)  # a new forecaster's name, and who it may be
    uncompared: int = 0  # new forecasters, being too many to look for such names
    first: str = ""  # the first row, as it was read


@dataclass(frozen=True, repr=False)
class Taken(Result, rows="changes", of=Change):
    """What :meth:`Ledger.import_from` did, or would do.

    Attributes:
        format: What was read.
        dry_run: Whether all was undone.
        files: How the files are called.
        read: How many rows they have; None where that says nothing.
        sha256: Of the one file's bytes, in hexadecimal.
        ledger: The name of the ledger's file.
        head: The head after it.
        new: How many records of each kind are new.
        stand: How many of each kind stood already.
        changes: What the file says otherwise than the ledger; it was left as it is.
    """

    format: str
    dry_run: bool
    files: tuple[str, ...]
    read: int | None
    sha256: str | None
    ledger: str
    head: str
    new: Mapping[str, int]
    stand: Mapping[str, int]
    by: Mapping[str, int]
    kinds: Mapping[str, int]
    new_forecasters: tuple[str, ...]
    types: Mapping[str, int]
    deadlines: tuple[date, ...]
    times: Mapping[str, int]
    backdated: Mapping[str, int]
    words: Mapping[str, int]
    scales: tuple[str, ...]
    columns: tuple[str, ...]
    left: tuple[str, ...]
    repeated: int
    not_scored: int
    left_out: Mapping[str, Mapping[str, int]]  # by unit and reason
    changes: tuple[Change, ...]
    alike: tuple[tuple[str, str], ...]
    uncompared: int
    zone: str
    first: str

    @property
    def wrote(self) -> bool:
        """Whether anything is new; in a dry run, would be."""
        return any(self.new.values())

    def blocks(self) -> Sequence[Block]:
        """The card."""
        name = ", ".join(self.files)
        found = self._recorded(name) if self.wrote else self._nothing_new(name)
        found += self._changed()
        if self.dry_run and self.wrote:
            found += self._dry()
        return found

    def _nothing_new(self, name: str) -> list[Block]:
        if not self.stand:
            return [beside("nothing to record: no row but comments", name)]
        stands = "stands" if sum(self.stand.values()) == 1 else "stand"
        told = f"nothing new; {_listed(self.stand)} {stands}"
        if len(told) + 2 + len(name) <= WIDTH:
            return [Heading(told, name)]
        return [Paragraph(told.replace(";", f" in {name};", 1), 0, 2)]

    def _recorded(self, name: str) -> list[Block]:
        told, people = _listed(self.new, _COUNTED), _listed(self.new, _INTRODUCED)
        what = f"{told}; new: {people}" if told and people else told or f"new: {people}"
        if self.dry_run:
            rows = [] if self.read is None else [counted(self.read, "row")]
            digest = [f"sha256 {self.sha256[:6]}..."] if self.sha256 else []
            head: list[Block] = [
                beside("DRY RUN, nothing is recorded", ", ".join([*filter(None, [name]), *rows, *digest])),
                Paragraph(""),
                Paragraph(f"{'would record':<{LABEL + 2}}{what}", 0, LABEL + 2),
            ]
        else:
            first = f"{'recorded':<{LABEL + 2}}{what}"
            where = f"in {self.ledger}, one seal, head {self.head}"
            head = (
                [Heading(first, name), Paragraph(where, LABEL + 2)]
                if len(first) + 2 + len(name) <= WIDTH
                else [Paragraph(first, 0, LABEL + 2), Paragraph(f"from {name} {where}", LABEL + 2)]
            )
        return [*head, *self._facts()]

    def _facts(self) -> list[Block]:
        found: list[Block] = []
        if facts := self._details():
            found.append(Pairs(facts, 2, LABEL))
        if aside := self._asides():
            found.append(Pairs(aside, 0, LABEL + 2))
        return found + self._people()

    def _details(self) -> list[tuple[str, str]]:
        facts: list[tuple[str, str]] = []
        if self.by:
            names = _named(self.by)
            new = "new, " if set(self.by) <= set(self.new_forecasters) else ""
            facts.append(("by", f"{names}   ({new}{_kinds(self.kinds)})"))
        if self.dry_run and self.types:
            facts.append(("types", ", ".join(f"{count:,} {name}" for name, count in _most(self.types))))
        if self.dry_run and self.deadlines:
            facts.append(("deadlines", " .. ".join(map(str, dict.fromkeys(self.deadlines)))))
        if self.times:
            facts.append(("times", self._times()))
        if self.words:
            read = f"read on the scale {', '.join(self.scales)}"
            facts.append(("words", f"{_named(self.words)}: {read}"))
        if (self.dry_run and self.columns) or self.left:
            facts.append(("columns", self._columns()))
        return facts

    def _times(self) -> str:
        if set(self.times) == {BY_PLATFORM}:
            return "published by the platform, unchecked"
        return ", ".join(f"{count:,} {_TIMES[how]}" for how, count in _most(self.times))

    def _columns(self) -> str:
        left = ", ".join(map(repr, self.left))
        told = f"{left} is not ours and was left" if len(self.left) == 1 else f"{left} are not ours and were left"
        return "\n".join([*([" ".join(self.columns)] if self.dry_run else []), *([told] if left else [])])

    def _asides(self) -> list[tuple[str, str]]:
        asides: list[tuple[str, str]] = []
        if self.left_out:
            asides.append(("left out", "\n".join(sentence(unit, whys) for unit, whys in self.left_out.items())))
        if self.repeated:
            asides.append(("repeated", counted(self.repeated, "forecast")))
        if self.not_scored:
            ends = "ends on the day it was asked" if self.not_scored == 1 else "end on the day they were asked"
            asides.append(("not scored", f"{counted(self.not_scored, 'claim')} {ends}"))
        if self.zone != "UTC":
            asides.append(("days", f"made_at is read in {self.zone}, where it says no zone; all other days are UTC"))
        return asides

    def _changed(self) -> list[Block]:
        if not self.changes:
            return []
        questions = len({change.claim for change in self.changes})
        left = "left as it is" if questions == 1 else "left as they are"
        found: list[Block] = [Paragraph(f"changed since {counted(questions, 'question')}, {left}:")]
        for change in self.changes[:MOST_CHANGES]:
            over = "; take it over with:" if change.typed else ""
            found.append(Paragraph(f"{change.claim}  {change.what}{over}", 2, 6))
            if change.typed:
                beside = 4 + len(change.claim)  # where what changed begins
                indent = beside if beside + len(change.typed) <= WIDTH else 6
                found.append(Hint(change.typed, change.python, indent, is_code=True))
        if len(self.changes) > MOST_CHANGES:
            more = f"and {len(self.changes) - MOST_CHANGES:,} more"
            found.append(Hint(f"{more}: --json", f"{more}: changes of this", 2))
        return found

    def _people(self) -> list[Block]:
        """New names that may be those of others, as questions."""
        found: list[Block] = []
        for name, known in self.alike:
            asked = f'same people?  "{name}" may be {known}'
            found.append(
                Hint(f"{asked}: --people {quote(f'{name}={known}')}", f"{asked}: people={{{name!r}: {known!r}}}")
            )
        if self.uncompared:
            asked = f"same people?  {self.uncompared:,} new names are too many to hold against those on file"
            found.append(Hint(f"{asked}; if so: --people NAME=SLUG", f"{asked}; if so: people={{NAME: SLUG}}"))
        return found

    def _dry(self) -> list[Block]:
        found: list[Block] = [Paragraph(""), Paragraph(self.first)] if self.first else []
        found.append(Paragraph(""))
        if sum(self.backdated.values()):
            name, count = _most(self.backdated)[0]
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
        """Everything in it as plain values."""
        return fields_of(self)


def beside(text: str, name: str, indent: int = 2) -> Block:
    """A line with a file's name at its end; where both are too long for one line, the name runs on with the text."""
    if len(text) + 2 + len(name) <= WIDTH:
        return Heading(text, name)
    return Paragraph(f"{text}: {name}", 0, indent)


_COUNTED = (
    "statement", "claim", "forecast", "withdrawal", "verdict", "event", "piece of evidence", "bearing or forecast",
)  # fmt: skip
_INTRODUCED = ("forecaster", "source")
_TIMES = {
    "published": "published (said_on and link, unchecked)", "backdated": "backdated: apart", "witnessed": "made now",
}  # fmt: skip


def _listed(counts: Mapping[str, int], nouns: Sequence[str] = _COUNTED) -> str:
    told = []
    for noun in nouns:
        count = counts.get(noun, 0)
        if count:
            told.append(f"{count:,} {PLURAL_NOUNS.get(noun, noun + 's')}" if count > 1 else f"1 {noun}")
    return ", ".join(told)


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda found: -found[1])


def _named(counts: Mapping[str, int]) -> str:
    """Names with their counts, those with most first; of many only some."""
    names = [f"{name} {count:,}" for name, count in _most(counts)]
    if len(names) > MOST_NAMES:
        names[MOST_NAMES:] = [f"and {len(names) - MOST_NAMES:,} more"]
    return ", ".join(names)


def _kinds(kinds: Mapping[str, int]) -> str:
    """What the forecasters are: ``persons``, or how many of each."""
    if len(kinds) == 1:
        ((kind, count),) = kinds.items()
        return f"{kind}s" if count > 1 else kind
    return ", ".join(counted(count, kind) for kind, count in _most(kinds))

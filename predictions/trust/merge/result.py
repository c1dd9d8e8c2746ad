"""The result of a merge, and the sentence that refuses one."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from predictions.numerals import counted
from predictions.render.blocks import Block, Heading, Hint, Paragraph
from predictions.render.columns import WIDTH, broken_to, columns_of, cut_at_word, cut_to
from predictions.render.result import Result
from predictions.storage.checkpoints import Head
from predictions.trust.merge.offer import ONLY_THERE

CONFLICTS_LISTED = 20
RECEIPT_LINES = 5


@dataclass(frozen=True, repr=False)
class Merged(Result):
    """What a merge added, in which way, and what it left out.

    Attributes:
        way: "nothing new", "fast-forward", "merge" or "merge of another ledger".
        added: How many entries were added.
        kinds: What these are, by their kind, without their seals.
        head: The head afterwards.
        other_head: The head of the other copy.
        late: How many forecasts came more than five minutes after they were made, without a source that dates them.
        left_out: The records that were left out.
        notes: What came from another ledger, and how its times are known here.
        other: The file of another ledger; empty where it is a copy of this one.
    """

    way: str
    added: int
    head: Head
    other_head: Head
    late: int = 0
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    other: str = ""
    kinds: Mapping[str, int] = field(default_factory=dict)

    def blocks(self) -> Sequence[Block]:
        """Return a receipt: five lines at the most."""
        added = f": {counted(self.added, 'entry', 'entries')} added" if self.added else ""
        blocks: list[Block] = [Heading(f"{self.way}{added}; head {self.head.short}")]
        if self.kinds and not self.notes:  # which say the same of another ledger
            seals = {"seal": self.added - sum(self.kinds.values())}
            counts = [of_kind(kind, count) for kind, count in {**self.kinds, **seals}.items() if count]
            blocks.append(Paragraph(", ".join(counts), 2))
        if self.late:
            text = f"{counted(self.late, 'forecast')} came over five minutes late: not witnessed, so backdated"
            blocks.append(Paragraph(text, 2))
        longest = sum(len(broken_to(WIDTH - 2, note)) for note in self.notes) > RECEIPT_LINES - 2
        notes = [cut_at_word(note, WIDTH - 6) if longest and not at else note for at, note in enumerate(self.notes)]
        blocks += [Paragraph(note, 2) for note in notes]
        return [*blocks, *self._what_was_left_out()]

    def _what_was_left_out(self) -> Iterator[Block]:
        """Name the first record that was left out, and say where all of them stand."""
        if not self.left_out:
            return
        if only_there := sum(remark.endswith(ONLY_THERE) for remark in self.left_out):
            lead = f"{counted(only_there, 'claim')} only there: not taken; its table: "
            typed = f"predictions --ledger {shlex.quote(self.other)} export table FILE"
            yield Hint(f"{lead}{typed}", f'{lead}Ledger({self.other!r}).export("table", FILE)', indent=2)
        if only_there == len(self.left_out):
            return
        count = counted(len(self.left_out), "record") + " left out"
        text = f"{count}: {self.left_out[0]}"
        if len(self.left_out) == 1 and columns_of(text) <= WIDTH - 2:
            yield Paragraph(text, 2)
            return
        first = cut_to(text, WIDTH - 2 - len("; all: .left_out"))
        yield Hint(f"{first}; all: --json", f"{first}; all: .left_out", indent=2)


def of_kind(kind: str, count: int) -> str:
    """Count the records of a kind."""
    return f"{counted(count, 'piece')} of evidence" if kind == "evidence" else counted(count, kind)


def refusal(conflicts: Mapping[str, str], head: Head) -> str:
    """Word what contradicts, and the ways to settle it."""
    listed = [f"({number}) {name}: {what}" for number, (name, what) in enumerate(conflicts.items(), 1)]
    rest = f"; and {len(listed) - CONFLICTS_LISTED} more" if len(listed) > CONFLICTS_LISTED else ""
    count = "1 record contradicts that" if len(listed) == 1 else f"{len(listed)} records contradict those"
    ways = "correct them on either side, or say for each by its name which stands, 'this' or 'other', or a new slug"
    return (
        f"{count} of head {head.short}, so nothing was merged; {ways} for the other's: settle=; "
        f"{'; '.join(listed[:CONFLICTS_LISTED])}{rest}"
    )

"""The result of a merge, and the sentence that refuses one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from predictions.numerals import counted
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result
from predictions.storage.checkpoints import Head

CONFLICTS_LISTED = 20


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
    """

    way: str
    added: int
    head: Head
    other_head: Head
    late: int = 0
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)

    def blocks(self) -> Sequence[Block]:
        blocks: list[Block] = [Heading(f"{self.way}: {self.added} entries added")]
        if self.kinds:
            seals = {"seal": self.added - sum(self.kinds.values())}
            told = [of_kind(kind, count) for kind, count in {**self.kinds, **seals}.items() if count]
            blocks.append(Paragraph(", ".join(told), 2))
        if self.late:
            blocks.append(
                Paragraph(
                    f"{counted(self.late, 'forecast')} came more than five minutes late: this copy did not witness "
                    "their time, and counts them as backdated",
                    2,
                )
            )
        blocks += [Paragraph(note, 2) for note in self.notes]
        blocks += [Paragraph(f"left out: {name}", 2) for name in self.left_out]
        blocks.append(Paragraph(f"other head {self.other_head}"))
        blocks.append(Paragraph(f"head {self.head}"))
        return blocks


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

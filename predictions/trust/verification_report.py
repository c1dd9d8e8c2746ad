"""The result of ``verify``: the faults by name, the head, and what was not compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result, Value, fields_of
from predictions.storage.checkpoints import Head

MOST_SHOWN = 10


@dataclass(frozen=True)
class Fault:
    """One thing that does not agree.

    Attributes:
        entry: The entry it concerns; None for the file as a whole.
        record: What to call its record.
        what: What is wrong, in words.
    """

    entry: int | None
    record: str
    what: str

    @classmethod
    def of(cls, entry: int | None, record: str, what: str) -> Fault:
        """Make a fault of texts from a damaged file, which may be no valid text.

        Their bytes are then shown as escapes.
        """
        return cls(entry, *(text.encode("utf-8", "backslashreplace").decode() for text in (record, what)))

    def __str__(self) -> str:
        if self.entry is None:
            return self.what
        return f"entry {self.entry}{f', {self.record}' if self.record else ''}: {self.what}"


@dataclass(frozen=True, repr=False)
class Verification(Result, rows="faults", of=Fault):
    """What ``verify`` found.

    Attributes:
        entries: How many entries there are.
        seals: How many seals.
        head: The head that was computed.
        head_compared: Whether a head kept elsewhere was compared with it.
        faults: What does not agree.
        redacted: The entries whose bodies were redacted.
        remarks: What else is worth knowing, such as a clock that ran backwards.
    """

    entries: int
    seals: int
    head: Head
    head_compared: bool
    faults: tuple[Fault, ...] = ()
    redacted: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.faults

    def blocks(self) -> Sequence[Block]:
        blocks: list[Block] = []
        if self.ok:
            blocks.append(Heading(f"ok: {self.entries} entries under {self.seals} seals agree with their hashes"))
        else:
            blocks.append(Heading(f"not ok: {self.faults[0]}"))
            blocks += [Paragraph(str(fault), 2) for fault in self.faults[1:]]
        if self.redacted:
            ellipsis = ["..."] if len(self.redacted) > MOST_SHOWN else []
            entries = ", ".join([*map(str, self.redacted[:MOST_SHOWN]), *ellipsis])
            single = len(self.redacted) == 1
            bodies = "1 body is missing, of entry" if single else f"{len(self.redacted)} bodies are missing, of entries"
            blocks.append(Paragraph(f"redacted copy: {bodies} {entries}"))
        blocks += [Paragraph(remark) for remark in self.remarks]
        blocks.append(Paragraph(f"head {self.head}"))
        if not self.head_compared:
            blocks.append(
                Paragraph(
                    "no head from outside was compared: without one nobody can exclude that the whole file was "
                    "written again, or cut at its end"
                )
            )
        return blocks

    def to_dict(self) -> dict[str, Value]:
        return {"ok": self.ok, **fields_of(self)}

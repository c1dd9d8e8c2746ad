"""What `verify` found, as it is shown: the faults by name, the head, and what was not compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result, Value, fields_of
from predictions.storage.checkpoints import Head

MOST_SHOWN = 10


@dataclass(frozen=True)
class Fault:
    """One thing that does not agree: the entry it concerns, and what is wrong in words."""

    entry: int | None
    record: str
    what: str

    @classmethod
    def of(cls, entry: int | None, record: str, what: str) -> Fault:
        """The fault of a damaged file, where what stands for text may be no text: its bytes are shown."""
        return cls(entry, *(text.encode("utf-8", "backslashreplace").decode() for text in (record, what)))

    def __str__(self) -> str:
        if self.entry is None:
            return self.what
        return f"entry {self.entry}{f', {self.record}' if self.record else ''}: {self.what}"


@dataclass(frozen=True, repr=False)
class Verification(Result, rows="faults", of=Fault):
    """What `verify` found."""

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
        found: list[Block] = []
        if self.ok:
            found.append(Heading(f"ok: {self.entries} entries under {self.seals} seals agree with their hashes"))
        else:
            found.append(Heading(f"not ok: {self.faults[0]}"))
            found += [Paragraph(str(fault), 2) for fault in self.faults[1:]]
        if self.redacted:
            more = ["..."] if len(self.redacted) > MOST_SHOWN else []
            entries = ", ".join([*map(str, self.redacted[:MOST_SHOWN]), *more])
            one = len(self.redacted) == 1
            bodies = "1 body is missing, of entry" if one else f"{len(self.redacted)} bodies are missing, of entries"
            found.append(Paragraph(f"redacted copy: {bodies} {entries}"))
        found += [Paragraph(remark) for remark in self.remarks]
        found.append(Paragraph(f"head {self.head}"))
        if not self.head_compared:
            found.append(
                Paragraph(
                    "no head from outside was compared: without one nobody can exclude that the whole file was "
                    "written anew, or cut at its end"
                )
            )
        return found

    def to_dict(self) -> dict[str, Value]:
        return {"ok": self.ok, **fields_of(self)}

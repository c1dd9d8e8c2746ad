"""What a verb recorded, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.records import Bearing, Claim, Evidence, Forecast, Record, Resolution
from predictions.render.blocks import Block, Paragraph
from predictions.render.result import Result, Value
from predictions.views.forecast_text import spoken


@dataclass(frozen=True, repr=False)
class Answer(Result):
    """A record, and whether it was written just now or stood already."""

    record: Record
    wrote: bool

    def blocks(self) -> Sequence[Block]:
        told = "recorded" if self.wrote else "stood already:"
        if isinstance(self.record, Resolution) and not self.wrote:  # perhaps another one than was asked for
            told = "nothing was written, and this stands:"
        return [Paragraph(f"{told} {_named(self.record)}", 0, 2)]

    def to_dict(self) -> dict[str, Value]:
        fields = self.record.model_dump(mode="json", exclude_none=True)
        return {"kind": self.record.noun, "written": self.wrote, **fields}


def _named(record: Record) -> str:
    if isinstance(record, Forecast):
        number = f": {spoken(record)}" if not record.withdrawn else ", withdrawn"
        made = f"{record.made_at.date()} {record.made_at:%H:%M} UTC"
        name = f"forecast on {record.claim} by {record.forecaster}{number}, made {made}"
    elif isinstance(record, Resolution):
        verdict = record.outcome if record.fraction is None else record.fraction
        dissent = "dissent, " if record.dissent else ""
        return f"resolution {record.number} of {record.claim}: {dissent}{verdict}, known {record.known}"
    elif isinstance(record, Bearing):
        name = f"{record.evidence} on {record.claim}: {record.bears}"
    elif isinstance(record, Evidence) and record.retracted:
        return f"retraction of evidence {record.slug}: {record.reason}"
    elif isinstance(record, Claim):
        name = f"claim {record.slug}, {record.opens_on} .. {record.deadline}"
    else:
        name = f"{record.noun} {record.name}"
    return name if record.revision == 1 else f"revision {record.revision} of {name}: {record.reason}"

"""Everything recorded, in ledger order; or every revision of one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from predictions.errors import NotFound
from predictions.recorded import Recorded
from predictions.records import Bearing, Claim, Evidence, Forecast, Record, Resolution
from predictions.render.blocks import Block, Paragraph, Table
from predictions.render.result import Result
from predictions.slugs import not_found
from predictions.snapshot import Snapshot
from predictions.status import published, witnessed
from predictions.views.distribution_text import is_distribution
from predictions.views.forecast_text import BACKDATED, not_shown, spoken
from predictions.views.outcome_text import outcome_in_full


@dataclass(frozen=True)
class HistoryEntry:
    """One record of the ledger, and when it was recorded."""

    entry: int
    recorded_at: datetime
    kind: str
    key: str
    revision: int
    reason: str | None
    recorded_by: str | None
    what: str = field(repr=False)


@dataclass(frozen=True, repr=False)
class History(Result, rows="entries", of=HistoryEntry):
    """Entries of the ledger, oldest first.

    Attributes:
        unread: How many imported forecasts there are, which stand under the entries of their imports.
        whole: Whether this is everything, and not only what concerns one slug.
    """

    entries: tuple[HistoryEntry, ...]
    unread: int = field(default=0, repr=False)
    whole: bool = field(default=False, repr=False)

    def blocks(self) -> Sequence[Block]:
        rows = [
            (str(row.entry), f"{row.recorded_at:%Y-%m-%d %H:%M}", row.kind, row.recorded_by or "", row.what)
            for row in self.entries
        ]
        gone = self.lacks.bodies if self.lacks and self.whole else {}
        for entry, body in gone.items():
            recorded_at = body.recorded_at[:16].replace("T", " ")
            rows.append((str(entry), recorded_at, body.kind, "", f"(redacted, entry {entry})"))
        rows.sort(key=lambda row: int(row[0]))
        found: list[Block] = [Table(("entry", "recorded (UTC)", "kind", "by", "what"), rows, figures=(0,))]
        return found + ([Paragraph(not_shown(self.unread))] if self.unread else [])


def history(
    recorded: Iterable[Recorded[Record]], name: str | None = None, *, snapshot: Callable[[], Snapshot], unread: int = 0
) -> History:
    """List all entries, or those that concern the record of that slug; NotFound where nothing does.

    The *snapshot* of that time is taken where a forecast was recorded later than it was made.
    """
    entries = sorted(recorded, key=lambda item: item.entry)
    named = name is not None
    found = [item for item in entries if not named or (isinstance(name, str) and _concerns(item.record, name))]
    if named and not found:
        slugs = {slug for item in entries if isinstance(slug := getattr(item.record, "slug", None), str)}
        raise NotFound(not_found("record", name, sorted(slugs)))
    claims = {item.record.slug: item.record for item in entries if isinstance(item.record, Claim)}  # as last worded
    return History(tuple(_history_line(item, claims, snapshot) for item in found), unread, whole=not named)


def _history_line(
    item: Recorded[Record], claims: Mapping[str, Claim], snapshot: Callable[[], Snapshot]
) -> HistoryEntry:
    record, mark = item.record, ""
    if isinstance(record, Forecast) and not witnessed(item.recorded_at, record.made_at):
        mark = "" if published(snapshot(), record) else f" ({BACKDATED})"
    return HistoryEntry(
        entry=item.entry,
        recorded_at=item.recorded_at,
        kind=record.noun,
        key=record.name,
        revision=record.revision,
        reason=record.reason,
        recorded_by=record.recorded_by,
        what=_what(record, claims) + mark,
    )


def _concerns(record: Record, slug: str) -> bool:
    return any(getattr(record, field, None) == slug for field in ("slug", "claim", "evidence", "event", "forecaster"))


def _what(record: Record, claims: Mapping[str, Claim]) -> str:
    """Say in a few words what a record recorded."""
    text = record.name
    if isinstance(record, Forecast):
        number = spoken(record) if is_distribution(record) else "withdrawn" if record.withdrawn else record.point
        text = f"{record.claim} {record.forecaster} {number}"
    elif isinstance(record, Resolution):
        claim = claims.get(record.claim)  # a redacted copy may lack it
        text = f"{record.name} {outcome_in_full(record, claim) if claim else record.said}"
    elif isinstance(record, Bearing):
        text = f"{record.name} {record.bears}"
    elif isinstance(record, Evidence) and record.retracted:
        text = f"{record.name} retracted"
    if record.revision > 1:
        text += f", revision {record.revision}: {record.reason}"
    return text

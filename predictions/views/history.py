"""The history: all records in the order of the ledger, or those that concern one slug."""

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
    """One record of the ledger, as a row.

    Attributes:
        entry: The number of its entry.
        key: Its name, such as "claim forecaster" for a forecast.
        reason: Why it was corrected; None if it was not.
        what: What it says, in a few words.
    """

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
        unread: The number of imported forecasts that are not listed one by one.
        whole: Whether all entries are listed, not only those that concern one slug.
    """

    entries: tuple[HistoryEntry, ...]
    unread: int = field(default=0, repr=False)
    whole: bool = field(default=False, repr=False)

    def blocks(self) -> Sequence[Block]:
        """Lay out a table of the entries; in a redacted copy, those without their text are marked at their places."""
        rows = [
            (str(row.entry), f"{row.recorded_at:%Y-%m-%d %H:%M}", row.kind, row.recorded_by or "", row.what)
            for row in self.entries
        ]
        redacted = self.lacks.bodies if self.lacks and self.whole else {}
        for entry, body in redacted.items():
            recorded_at = body.recorded_at[:16].replace("T", " ")
            rows.append((str(entry), recorded_at, body.kind, "", f"(redacted, entry {entry})"))
        rows.sort(key=lambda row: int(row[0]))
        table = Table(("entry", "recorded (UTC)", "kind", "by", "what"), rows, figures=(0,))
        return [table, Paragraph(not_shown(self.unread))] if self.unread else [table]


def history(
    recorded: Iterable[Recorded[Record]], name: str | None = None, *, snapshot: Callable[[], Snapshot], unread: int = 0
) -> History:
    """Return all entries, or those that concern one record.

    Args:
        recorded: Every record of the ledger.
        name: The slug of that record; None for all entries.
        snapshot: Reads a snapshot, which takes long: it is called only if a forecast was recorded later than made.
        unread: How many imported forecasts are not among *recorded*.

    Raises:
        NotFound: No entry concerns *name*.
    """
    entries = sorted(recorded, key=lambda item: item.entry)
    chosen = entries
    if name is not None:  # a caller may give something else than text, which no record has as its slug
        chosen = [item for item in entries if isinstance(name, str) and _concerns(item.record, name)]
    if name is not None and not chosen:
        slugs = {getattr(item.record, "slug", None) for item in entries}
        raise NotFound(not_found("record", name, sorted(slug for slug in slugs if isinstance(slug, str))))
    claims = {item.record.slug: item.record for item in entries if isinstance(item.record, Claim)}  # as last worded
    return History(tuple(_history_line(item, claims, snapshot) for item in chosen), unread, whole=name is None)


def _history_line(
    item: Recorded[Record], claims: Mapping[str, Claim], snapshot: Callable[[], Snapshot]
) -> HistoryEntry:
    """Return one record as an entry; a forecast that is neither witnessed nor published is marked as backdated."""
    record = item.record
    words = _what(record, claims)
    if isinstance(record, Forecast) and not (
        witnessed(item.recorded_at, record.made_at) or published(snapshot(), record)
    ):
        words += f" ({BACKDATED})"
    return HistoryEntry(
        entry=item.entry,
        recorded_at=item.recorded_at,
        kind=record.noun,
        key=record.name,
        revision=record.revision,
        reason=record.reason,
        recorded_by=record.recorded_by,
        what=words,
    )


def _concerns(record: Record, slug: str) -> bool:
    """Return whether a record has that slug, or belongs to the claim, evidence, event or forecaster that has it."""
    return any(getattr(record, field, None) == slug for field in ("slug", "claim", "evidence", "event", "forecaster"))


def _what(record: Record, claims: Mapping[str, Claim]) -> str:
    """Describe a record in a few words: its name, what it says, and why it was corrected."""
    text = record.name
    if isinstance(record, Forecast):
        number = spoken(record) if record.withdrawn or is_distribution(record) else record.point
        text = f"{record.claim} {record.forecaster} {number}"
    elif isinstance(record, Resolution):
        claim = claims.get(record.claim)  # a redacted copy may lack it
        dissent = "dissent: " if record.dissent else ""
        text = f"{record.name} {dissent}{outcome_in_full(record, claim) if claim else record.said}"
    elif isinstance(record, Bearing):
        text = f"{record.name} {record.bears}"
    elif isinstance(record, Evidence) and record.retracted:
        text = f"{record.name} retracted"
    if record.revision > 1:
        text += f", revision {record.revision}: {record.reason}"
    return text

"""Recording what a merge brings: each item as the next revision of its record, or the next verdict on its claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from predictions.recording.enter import Desk
from predictions.records import Claim, Forecast, Import, Record, Resolution
from predictions.status import WITNESSED_WITHIN
from predictions.storage.canonical import Plain
from predictions.storage.imports import Imports
from predictions.storage.layout import RowKey
from predictions.storage.layout import key_of as record_key
from predictions.trust.merge.imports import forecasts_under, key_of
from predictions.trust.merge.items import MergeItem

BATCH = 200  # items recorded at once


class Turns:
    """Record items in turn: each as the next revision of its record, or as the next verdict on its claim."""

    def __init__(self, desk: Desk, as_in: str, items: Sequence[MergeItem] = ()) -> None:
        """Record into *desk*.

        Args:
            desk: This ledger, open for writing.
            as_in: The reason of a revision that comes without one.
            items: The items, some of which may be forecasts that are in a block here.
        """
        self._desk, self._store, self._as_in = desk, desk.store, as_in
        self._revisions: dict[tuple[str, RowKey], int] = {}  # so far, of each record
        self._verdicts: dict[str, int] = {}  # so far, on each claim
        blocks = Imports(desk.store.connection) if desk.store.has_blocks() else None
        keys = {key_of(item) for item in items if item.cls is Forecast} if blocks else set()
        self._in_blocks = {key_of(item) for item in forecasts_under(blocks, keys)} if blocks and keys else set()

    def record_all(self, coming: Iterable[MergeItem | Import]) -> int:
        """Record items, many at once, and return how many forecasts came late."""
        late = 0
        batch: list[MergeItem] = []
        for item in coming:
            if isinstance(item, Import):
                late += self._record(batch)
                self._store.put(self._desk.writing, item)
            else:
                batch.append(item)
            if len(batch) == BATCH or isinstance(item, Import):
                late += self._record(batch)
        return late + self._record(batch)

    def _record(self, batch: list[MergeItem]) -> int:
        """Record a batch, and return how many of its forecasts came late."""
        self._learn(batch)
        records = [item.cls.model_validate({**item.fields, **self._turn(item)}) for item in batch]
        batch.clear()
        self._store.put_all(self._desk.writing, records)
        forecasts = (forecast for forecast in records if isinstance(forecast, Forecast))
        return sum(
            self._desk.now - forecast.made_at > WITNESSED_WITHIN and not forecast.published_in for forecast in forecasts
        )

    def _learn(self, items: Iterable[MergeItem]) -> None:
        """Look up which revisions stand under the keys of some items."""
        wanted: dict[type[Record], list[RowKey]] = {}
        for item in items:
            key = record_key(item.cls, item.fields)
            if item.cls is not Resolution and (item.cls.noun, key) not in self._revisions:
                self._revisions[item.cls.noun, key] = 0
                wanted.setdefault(item.cls, []).append(key)
        for cls, keys in wanted.items():
            for key, rows in self._store.rows_by_key(cls, keys).items():
                self._revisions[cls.noun, key] = max(int(str(row.fields["revision"])) for row in rows)

    def _turn(self, item: MergeItem) -> dict[str, Plain]:
        """Return the revision or number under which an item comes in; a revision gets a reason, if it has none."""
        if item.cls is Resolution:
            claim = str(item.fields["claim"])
            if claim not in self._verdicts:
                on_file = self._store.find(Claim.noun, claim) is not None  # else it comes with these items
                verdicts = self._store.revisions(Resolution, claim=claim) if on_file else []
                self._verdicts[claim] = max((verdict.number for verdict in verdicts), default=0)
            self._verdicts[claim] += 1
            return {"number": self._verdicts[claim], "revision": 1}
        record = item.cls.noun, record_key(item.cls, item.fields)
        # The row of a block is the first revision under its key, though no record of it exists.
        if not self._revisions[record] and item.cls is Forecast and key_of(item) in self._in_blocks:
            self._revisions[record] = 1
        self._revisions[record] += 1
        if self._revisions[record] == 1:
            return {"revision": 1}
        reason = item.fields.get("reason") or self._as_in
        return {"revision": self._revisions[record], "reason": reason}

"""What a receipt says beyond what was recorded: worked out when somebody looks at it, as of the seal it tells of.

That takes longer than the recording, and a loop that records a thousand forecasts looks at no receipt. What is recorded
later changes nothing that an earlier receipt says, whenever it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import TypeAlias
from weakref import WeakValueDictionary

from predictions.errors import LedgerError
from predictions.recording.enter import Desk
from predictions.redacted import Redacted
from predictions.snapshot import Snapshot
from predictions.snapshot_cache import Asked, Snapshots
from predictions.storage.journal import Journal
from predictions.views.receipts.receipt import Receipt, ReceiptLines

Completed: TypeAlias = "Callable[[ReceiptLines, Callable[[Asked], Snapshot]], ReceiptLines]"


class Completing:
    """Completes the receipts of one open ledger, each in a block that words what goes wrong there as a verb does."""

    def __init__(
        self, journal: Journal, snapshots: Snapshots, explaining: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._journal, self._snapshots, self._explaining = journal, snapshots, explaining
        self._waiting: WeakValueDictionary[int, Receipt] = WeakValueDictionary()

    def later(self, receipt: Receipt, desk: Desk, completed: Completed | None = None) -> Receipt:
        """Have a receipt completed when it is first looked at.

        Args:
            receipt: As it is known when the transaction ends.
            desk: That transaction, sealed; what is told is as of its head.
            completed: Makes its lines of those there are, and of what it reads from the ledger.
        """
        head = desk.writing.head

        def told(lines: ReceiptLines) -> tuple[ReceiptLines, Redacted | None]:
            with self._explaining(), self._journal.reading():
                if completed is not None:
                    lines = completed(lines, partial(self._snapshots.read, head, None))
                return lines, self._journal.lacks(head)

        self._waiting[id(receipt)] = receipt
        return receipt.completed_by(told)

    def complete_all(self) -> None:
        """Complete all that somebody may still look at; one of which that fails says so when it is looked at."""
        for receipt in list(self._waiting.values()):
            with suppress(LedgerError):
                receipt.complete()

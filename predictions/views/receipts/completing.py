"""Complete receipts when somebody looks at them, with lines that are worked out from the ledger.

That takes longer than the recording, and a loop that records a thousand forecasts looks at no receipt. A receipt is
completed as of its own transaction: what is recorded afterwards changes nothing in it.
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

Completed: TypeAlias = "Callable[[ReceiptLines, Callable[[Asked], Snapshot]], ReceiptLines]"  # see Completing.later


class Completing:
    """Completes the receipts of one open ledger.

    Args:
        journal: The ledger's journal.
        snapshots: Its snapshots.
        explaining: Opens a block in which an error gets the sentence that a verb would give it.
    """

    def __init__(
        self, journal: Journal, snapshots: Snapshots, explaining: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._journal, self._snapshots, self._explaining = journal, snapshots, explaining
        self._waiting: WeakValueDictionary[int, Receipt] = WeakValueDictionary()

    def later(self, receipt: Receipt, desk: Desk, completed: Completed | None = None) -> Receipt:
        """Return the receipt, which will be completed when somebody first looks at it.

        Args:
            receipt: The receipt with the lines that are known when the transaction ends.
            desk: That transaction, which is sealed by now.
            completed: Takes these lines, and a function that reads a snapshot as of that transaction; returns all
                lines. None if there is nothing to add.
        """
        head = desk.writing.head

        def completed_lines(lines: ReceiptLines) -> tuple[ReceiptLines, Redacted | None]:
            with self._explaining(), self._journal.reading():
                if completed is not None:
                    lines = completed(lines, partial(self._snapshots.read, head, None))
                return lines, self._journal.lacks(head)

        self._waiting[id(receipt)] = receipt
        return receipt.completed_by(completed_lines)

    def complete_all(self) -> None:
        """Complete every receipt that is still in use, before the file is closed.

        One that cannot be completed raises its error later, when somebody looks at it.
        """
        for receipt in list(self._waiting.values()):
            with suppress(LedgerError):
                receipt.complete()

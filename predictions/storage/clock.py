"""The source of a ledger's time: the machine's clock, or in tests one that is set by hand.

A ledger that is created while a clock is set by hand is marked for good: its id begins with SCRATCH, the genesis holds
the id, and every head names it. No other ledger can be written under such a clock. So a clock set by hand can never
put a false time of recording into a ledger that anybody relies on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeAlias

TimeSource: TypeAlias = Callable[[], datetime]

SCRATCH = b"scratch-"  # the first half of the id of a scratch ledger
_by_hand: list[TimeSource] = []  # the clocks set by hand at present, of which the last is used


def system_clock() -> datetime:
    """Return the machine's time, UTC."""
    return datetime.now(UTC)


def clock_by_hand() -> TimeSource | None:
    """Return the clock that is set by hand at present; None if there is none."""
    return _by_hand[-1] if _by_hand else None


@contextmanager
def setting_by_hand(clock: TimeSource) -> Iterator[None]:
    """Let every ledger that this process opens inside the block take its time from *clock*."""
    _by_hand.append(clock)
    try:
        yield
    finally:
        _by_hand.remove(clock)


def is_scratch(ledger_id: str) -> bool:
    """Return whether the ledger with this id, in hexadecimal digits, was created while a clock was set by hand."""
    return ledger_id.startswith(SCRATCH.hex())

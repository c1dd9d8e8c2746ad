"""Testing what you build on a ledger: a clock that is set by hand, and scratch ledgers that run by it.

A ledger takes the time at which something is recorded from its own clock, and no verb, option or importer can set
it. That is right for a ledger and hard for a test: a verdict waits for a deadline that lies months ahead. Inside the
blocks of this module the clock is the test's:

>>> with scratch_ledger("2026-01-01", me="ana") as (ledger, clock):
...     said = ledger.quote("Tech Oracle", "It rains in Lisbon", deadline="2026-06-30", said_on="2026-01-01", p=0.9)
...     before = len(ledger.due().rows())
...     clock.set("2026-07-31")
...     print(before, len(ledger.due().rows()))
0 1

This opens no way to write a false time into a ledger that anybody relies on. A ledger created under a clock that was
set by hand is a *scratch ledger*: its id begins with ``736372617463682d`` ("scratch-"), its first entry and so every
head holds that id, and ``verify`` says it. Any other ledger can be read under such a clock but not written. The clock
is set for this process alone, by calling a function of this module; no option, environment variable or file does it.

Nothing here needs pytest. A fixture is three lines::

    @pytest.fixture
    def clock():
        with clock_at("2026-01-01") as clock:
            yield clock
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from predictions.dates import read_day
from predictions.errors import InvalidValue, short_repr
from predictions.ledger import Ledger
from predictions.storage.clock import setting_by_hand
from predictions.timestamps import read_moment, start_of

__all__ = ["Clock", "clock_at", "scratch_ledger"]

TICK = timedelta(seconds=1)
OPENING_HOUR = timedelta(hours=9)  # the time of a whole day: neither its first moment nor its last


class Clock:
    """A clock that shows the time it was set to, and moves on by one second each time it is read.

    With these seconds records that are made one after the other have different times, as in reality.

    Attributes:
        moment: The time that it showed last, an aware datetime in UTC.
    """

    def __init__(self, moment: date | str) -> None:
        self.set(moment)

    def __call__(self) -> datetime:
        """Read the clock, which moves on by one second."""
        self.moment += TICK
        return self.moment

    def __repr__(self) -> str:
        return f"<Clock at {self.moment:%Y-%m-%d %H:%M:%S}Z>"

    def set(self, moment: date | str) -> None:
        """Set the clock, forwards or backwards, so that it shows *moment* when it is read next.

        Args:
            moment: A day, meaning nine in the morning UTC, or a moment with its offset from UTC.

        Raises:
            InvalidValue: The moment is neither.

        >>> clock = Clock("2026-01-01")
        >>> clock.set("2026-03-01T12:30Z")
        >>> print(clock())
        2026-03-01 12:30:00+00:00
        """
        if isinstance(moment, datetime) or (isinstance(moment, str) and "T" in moment):
            self.moment = read_moment(moment) - TICK
        else:
            self.moment = start_of(read_day(moment)) + OPENING_HOUR - TICK

    def advance(self, by: timedelta) -> None:
        """Let time pass.

        >>> clock = Clock("2026-01-01")
        >>> clock.advance(timedelta(days=30))
        >>> print(clock())
        2026-01-31 09:00:00+00:00

        Raises:
            InvalidValue: *by* is not a timedelta, or negative; ``set`` turns a clock back.
        """
        if not isinstance(by, timedelta) or by < timedelta(0):
            raise InvalidValue(f"{short_repr(by)} is no time that can pass; say timedelta(days=30)")
        self.moment += by


@contextmanager
def clock_at(moment: date | str) -> Iterator[Clock]:
    """Let every ledger that is opened inside the block take its time from a clock that is set by hand.

    This is for code that opens its ledger itself. Ledgers that are created inside the block are scratch ledgers; others
    can be read, not written. A ledger keeps the clock it was opened with, so open it inside and close it before the
    block ends.

    Args:
        moment: The first time of the clock, as :meth:`Clock.set` takes it.

    Yields:
        The clock.

    >>> with clock_at("2026-01-01") as clock, tempfile.TemporaryDirectory() as folder:
    ...     with Ledger(Path(folder, "mine.db"), me="ana") as ledger:
    ...         clock.set("2026-02-01")
    ...         print(ledger.snapshot().today)
    2026-02-01
    """
    clock = Clock(moment)
    with setting_by_hand(clock):
        yield clock


@contextmanager
def scratch_ledger(moment: date | str = "2026-01-01", *, me: str | None = None) -> Iterator[tuple[Ledger, Clock]]:
    """Open an empty ledger in a temporary folder, with a clock that is set by hand; both are removed after the block.

    Args:
        moment: The first time of the clock, as :meth:`Clock.set` takes it.
        me: The name of its user, as in ``Ledger(path, me=...)``.

    Yields:
        The ledger, and its clock.
    """
    with (
        tempfile.TemporaryDirectory(prefix="scratch-ledger-") as folder,
        clock_at(moment) as clock,
        Ledger(Path(folder, "scratch.db"), me=me) as ledger,
    ):
        yield ledger, clock

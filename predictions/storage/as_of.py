"""What ``as_of`` means: the head of a ledger at a moment, at the end of a day, or the head that is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from predictions.errors import InvalidValue, check_field, short_repr, warn
from predictions.storage.checkpoints import Head, looks_like_a_head, read_head, same_ledger
from predictions.storage.entries import EntryReader
from predictions.timestamps import read_made_at

DRIFT = timedelta(minutes=2)  # by which clocks of machines that share a file may differ
STARTS_AS_DATE = re.compile(r"[0-9]{4}-")  # a day or a moment is meant


def warn_if_behind(entries: EntryReader, now: datetime) -> None:
    """Warn if a record on file is later than the clock shows, as after the machine's clock was set back."""
    last = entries.last_sealed()
    if last is not None and last > now + DRIFT:
        warn(
            f"the clock of this machine shows {now:%Y-%m-%d %H:%M} UTC, and the last record here is of "
            f"{last:%Y-%m-%d %H:%M} UTC: set the clock right, for what is recorded now gets that time"
        )


def head_as_of(
    entries: EntryReader, clock: Callable[[], datetime], as_of: object = None, name: str = "as_of"
) -> tuple[Head, datetime]:
    """Return the head that *as_of* means, and its moment.

    Args:
        entries: The entries and seals of the ledger.
        clock: The ledger's clock; a head needs none, because its own seal has a time.
        as_of: A moment, a day (to its end, UTC), or a head as text; None for now.
        name: What messages call the argument.

    Raises:
        InvalidValue: For a moment still to come, and for a head of another ledger.
    """
    if looks_like_a_head(as_of):
        return entries.sealed_head(same_ledger(read_head(as_of), entries.ledger_id))
    now = clock()
    if as_of is None:
        return entries.head(), now
    if not isinstance(as_of, date) and not (isinstance(as_of, str) and STARTS_AS_DATE.match(as_of)):
        raise InvalidValue(f"{name}: {short_repr(as_of)} is no day, moment or head; say 2026-04-13, or size:root")
    moment = check_field(name, read_made_at, as_of)
    # A day means its end, which today has not come yet: "as of today" is allowed all the same, and means now.
    if moment > now and moment != read_made_at(now.date()):
        raise InvalidValue(
            f"{name} {as_of} lies in the future; nothing is known of it yet, and in UTC, which days are, "
            f"it is {now:%Y-%m-%d %H:%M}"
        )
    return entries.head(entries.size_at(min(moment, now))), min(moment, now)

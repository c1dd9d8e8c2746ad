"""Choose the forecasters from whom the leaderboard learns how hard each claim was at each moment: its yardstick."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from forecasts.inputs import BoolArray, FloatArray
from predictions.enums import DERIVED
from predictions.errors import InvalidValue
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.columns.recorders import MEMBERS, RecordedList, members_of, recorded_lists
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import FEW

FEWEST_AT_A_TIME = 2  # with fewer standing forecasts nothing shows how hard a claim was at a moment


@dataclass(frozen=True, eq=False)
class Yardstick:
    """The forecasters of a yardstick, and how they were chosen.

    Attributes:
        members: For each forecaster whether they are in it.
        chosen: Whether the user named them.
        list_name: The list on file that names exactly the members; None if there is none.
        recorded_at: Since when it names them, in microseconds since 1970; infinite without a list.
        lists: How many different lists are on file. With many of them, a user can pick the most favourable afterwards.
        imported: How many forecasters have enough statements, but are left out because they came by imports.
    """

    members: BoolArray
    chosen: bool = False
    list_name: str | None = None
    recorded_at: float = np.inf
    lists: int = 0
    imported: int = 0

    @property
    def enough(self) -> bool:
        """True if there are enough members to compare them with each other."""
        return bool(self.members.sum() >= FEWEST_AT_A_TIME)


def yardstick_of_all(pool: Pool) -> Yardstick:
    """Return the yardstick of everybody with at least FEW observations, except crowds and rules.

    Forecasters who came by an import are left out if at least two others remain: an import brings many accounts at
    once, and nobody here knows who they are. In a ledger of nothing but imports they stay. An imported account is also
    let in if forecasts on FEW claims were logged here one by one. Backdated ones do not count for that: anybody can
    log one afterwards in another's name.
    """
    settled = np.zeros(len(pool.table.forecasters), np.bool_)
    settled[[record.number for record in pool.independent if record.n >= FEW]] = True
    by_hand = pool.reader.recorders().by_hand
    recorded = [by_hand.get(forecaster.entry, 0) for forecaster in pool.table.forecasters]
    logged_here = settled & (np.array(recorded, np.intp) >= FEW)
    if logged_here.sum() >= FEWEST_AT_A_TIME:
        return Yardstick(logged_here, imported=int((settled & ~logged_here).sum()))
    return Yardstick(settled)


def yardstick_of(pool: Pool, named: Sequence[ForecasterEntry]) -> Yardstick:
    """Return the yardstick of the named forecasters; a list on file stands for its members.

    Raises:
        InvalidValue: A crowd or a rule without members on file is named.
    """
    slugs = set().union(*map(_members_of, named))
    members = np.array([forecaster.slug in slugs for forecaster in pool.table.forecasters], np.bool_)
    with pool.reader.opened() as store:
        lists = recorded_lists(store.connection, pool.reader.size)
    recorded = _first_recorded(lists, slugs)
    if recorded is None:
        return Yardstick(members, chosen=True)
    distinct = len({recorded_list.members for recorded_list in lists})
    return Yardstick(members, chosen=True, list_name=recorded.name, recorded_at=recorded.recorded_at, lists=distinct)


def _members_of(forecaster: ForecasterEntry) -> Set[str]:
    """Return the slugs that a named forecaster stands for: their own, or the members of a list; else InvalidValue."""
    if forecaster.kind not in DERIVED:
        return {forecaster.slug}
    if (forecaster.method or "").startswith(MEMBERS):
        return members_of(forecaster.method or "")
    raise InvalidValue(
        f"{forecaster.slug!r} is a {forecaster.kind}, whose numbers follow from others; name forecasters, or a list of "
        f"them on file (a crowd with method {MEMBERS + ' ana, ben'!r})"
    )


def _first_recorded(lists: Sequence[RecordedList], slugs: Set[str]) -> RecordedList | None:
    """Return the first list that names exactly these forecasters; None if none does."""
    return next((recorded for recorded in lists if recorded.members == slugs), None)


def largest_shares(
    weight: FloatArray, members: BoolArray, recorders: Sequence[Collection[str]]
) -> tuple[tuple[int, float], tuple[str, float]]:
    """Return the member (by number) with the largest share of the yardstick's weight, and the recorder likewise.

    A recorder's share is that of all members of whom they recorded any forecast.

    Args:
        weight: The weight of each forecaster.
        members: For each forecaster whether they are in the yardstick.
        recorders: The names of those who recorded each forecaster's forecasts.

    >>> largest_shares(np.array([3.0, 1.0, 9.0]), np.array([True, True, False]), [{"ed"}, {"ed", "jo"}, {"jo"}])
    ((0, 0.75), ('ed', 1.0))
    """
    shares = np.where(members, weight, 0.0) / max(float(weight[members].sum()), 1e-300)
    share_of_recorder: dict[str, float] = {}
    for number in np.flatnonzero(members).tolist():
        for name in recorders[number]:
            share_of_recorder[name] = share_of_recorder.get(name, 0.0) + float(shares[number])
    first = int(np.argmax(shares))
    recorder = max(share_of_recorder.items(), key=lambda item: item[1], default=("", 0.0))
    return (first, float(shares[first])), recorder


def recorders_of(pool: Pool) -> list[Collection[str]]:
    """Return the names of those who recorded each forecaster's forecasts, by the forecaster's number."""
    names: Mapping[int, set[str]] = pool.reader.recorders().names
    return [names.get(forecaster.entry, set()) for forecaster in pool.table.forecasters]

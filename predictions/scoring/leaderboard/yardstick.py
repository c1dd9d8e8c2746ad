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

FEWEST_AT_A_TIME = 2  # who speak at one moment, below which nothing says how hard it was


@dataclass(frozen=True, eq=False)
class Yardstick:
    """Who is in it, and how it was chosen.

    Attributes:
        members: For each forecaster whether they are.
        chosen: Whether somebody named them.
        list_name: The list on file that names exactly them; None for none.
        recorded_at: Since when it does, in microseconds since 1970; infinite without one.
        lists: How many different lists are on file; of many somebody may name the best afterwards.
        imported: How many others have as many statements, but by imports.
    """

    members: BoolArray
    chosen: bool = False
    list_name: str | None = None
    recorded_at: float = np.inf
    lists: int = 0
    imported: int = 0

    @property
    def enough(self) -> bool:
        """True if they are so many that they can be compared with each other."""
        return bool(self.members.sum() >= FEWEST_AT_A_TIME)


def yardstick_of_all(pool: Pool) -> Yardstick:
    """Take everybody with FEW observations who is no crowd and no rule.

    A forecaster who came in by an import is left out, if at least two others remain: many accounts are brought in at
    once, and nobody here knows who they are. A ledger of nothing but imports has no others. Forecasts logged here let
    an imported account in from FEW claims on, if they are not backdated: anybody can log one afterwards in another's
    name.
    """
    settled = np.zeros(len(pool.table.forecasters), np.bool_)
    settled[[record.number for record in pool.independent if record.n >= FEW]] = True
    by_hand = pool.reader.recorders().by_hand
    recorded = [by_hand.get(forecaster.entry, 0) for forecaster in pool.table.forecasters]
    by_themselves = settled & (np.array(recorded, np.intp) >= FEW)
    if by_themselves.sum() >= FEWEST_AT_A_TIME:
        return Yardstick(by_themselves, imported=int((settled & ~by_themselves).sum()))
    return Yardstick(settled)


def yardstick_of(pool: Pool, named: Sequence[ForecasterEntry]) -> Yardstick:
    """Take the named forecasters; a list on file stands for its members.

    Raises:
        InvalidValue: A crowd or a rule is named, which has no members on file.
    """
    slugs = set().union(*map(_members_of, named))
    members = np.array([forecaster.slug in slugs for forecaster in pool.table.forecasters], np.bool_)
    with pool.reader.opened() as store:
        lists = recorded_lists(store.connection, pool.reader.size)
    recorded = _first_recorded(lists, slugs)
    if recorded is None:
        return Yardstick(members, chosen=True)
    distinct = len({one.members for one in lists})
    return Yardstick(members, chosen=True, list_name=recorded.name, recorded_at=recorded.recorded_at, lists=distinct)


def _members_of(forecaster: ForecasterEntry) -> Set[str]:
    """Return the forecaster, or the members of the list that it is."""
    if forecaster.kind not in DERIVED:
        return {forecaster.slug}
    if (forecaster.method or "").startswith(MEMBERS):
        return members_of(forecaster.method or "")
    raise InvalidValue(
        f"{forecaster.slug!r} is a {forecaster.kind}, whose numbers follow from others; name forecasters, or a list of "
        f"them on file (a crowd with method {MEMBERS + ' ana, ben'!r})"
    )


def _first_recorded(lists: Sequence[RecordedList], slugs: Set[str]) -> RecordedList | None:
    """Return the first list that names exactly these forecasters, if any does."""
    return next((recorded for recorded in lists if recorded.members == slugs), None)


def largest_shares(
    weight: FloatArray, members: BoolArray, recorders: Sequence[Collection[str]]
) -> tuple[tuple[int, float], tuple[str, float]]:
    """Return who of the yardstick has the largest share of its weight, and who recorded the largest share of it.

    A recorder's share is that of all forecasters any of whose forecasts they recorded.

    Args:
        weight: What each forecaster weighs.
        members: Whether each is in the yardstick.
        recorders: Who recorded the forecasts of each.

    >>> largest_shares(np.array([3.0, 1.0, 9.0]), np.array([True, True, False]), [{"ed"}, {"ed", "jo"}, {"jo"}])
    ((0, 0.75), ('ed', 1.0))
    """
    shares = np.where(members, weight, 0.0) / max(float(weight[members].sum()), 1e-300)
    by: dict[str, float] = {}
    for number in np.flatnonzero(members).tolist():
        for name in recorders[number]:
            by[name] = by.get(name, 0.0) + float(shares[number])
    first = int(np.argmax(shares))
    return (first, float(shares[first])), max(by.items(), key=lambda item: item[1], default=("", 0.0))


def recorders_of(pool: Pool) -> list[Collection[str]]:
    """Return who recorded the forecasts of each forecaster, by number."""
    names: Mapping[int, set[str]] = pool.reader.recorders().names
    return [names.get(forecaster.entry, set()) for forecaster in pool.table.forecasters]

"""Import of many verdicts: each an ordinary resolution, by the rules of `resolve`, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isnan

from predictions.bulk.aside import report
from predictions.bulk.badrows import LISTED, BadRows
from predictions.bulk.checked import FLAGS
from predictions.bulk.imported import ImportedVerdicts
from predictions.bulk.rowwise import Row, rowwise
from predictions.errors import Conflict, InvalidValue, LedgerError, NotFound, TooEarly, shown
from predictions.records import Claim, Resolution
from predictions.snapshot import Snapshot, missing
from predictions.verbs.recording import Desk
from predictions.verbs.resolving import Said, decide, worded

COLUMNS = ("claim", "outcome", "known_on")
OPTIONAL = ("happened_on", "reason", "decided_by", "impossible")
MANY = 10_000  # claims among which nobody looks for one of a similar name
EVERY = 500  # rows between two words of progress
SAME = ("outcome", "fraction", "happened_on", "known_on")
NO_COLUMN = (" or because=", ", or lapsed=True")  # ways out that `resolve` names last, and a row has not
NOTHING = {"NaTType", "NAType"}  # how pandas leaves a day, or any cell, out
FRACTION = re.compile(r"([0-9]+(\.[0-9]+)?|\.[0-9]+)(e-?[0-9]+)?", re.IGNORECASE | re.ASCII)


def import_resolutions(
    desk: Desk, snapshot: Snapshot, source: object, *, reason: str | None, decided_by: str | None
) -> ImportedVerdicts:
    """Record every verdict of *source* that is not on file yet, inside the desk's open transaction.

    The snapshot learns each as it is recorded. Raises InvalidValue with the first bad rows and their number.
    """
    rows, file = rowwise(source, COLUMNS, OPTIONAL, "verdicts")
    deciding, bad = _Deciding(desk, snapshot, {"reason": reason, "decided_by": decided_by}), BadRows(None)
    for number, (row, fault) in enumerate(rows, 1):
        try:
            if fault:
                raise InvalidValue(fault)
            deciding.take(row, hint=bad.count < LISTED)
        except (Conflict, InvalidValue, NotFound, TooEarly) as refused:
            bad.add(number, _reason(refused), ())
        if number % EVERY == 0:
            report(f"{number:,} rows read")
    report("")
    bad.refuse("mend them")
    return ImportedVerdicts(
        file=file, verdicts=deciding.verdicts, claims=len(deciding.decided), already=deciding.already,
        replacing=deciding.replacing, replaced=deciding.replaced,
    )  # fmt: skip


def _reason(refused: LedgerError) -> str:
    """Why a row is bad, without the ways out that a row has not."""
    said = str(refused)
    for way in NO_COLUMN:
        said = said.removesuffix(way)
    return said


class _Deciding:
    """Takes one row after the other, and counts."""

    def __init__(self, desk: Desk, snapshot: Snapshot, defaults: Mapping[str, str | None]) -> None:
        self.verdicts = self.already = self.replacing = self.replaced = 0
        self.decided: set[str] = set()
        self._desk, self._snapshot, self._defaults = desk, snapshot, defaults
        self._claims = {claim.slug: claim for claim in snapshot.all(Claim)}

    def take(self, row: Row, *, hint: bool) -> None:
        """Record what a row says, unless that is on file."""
        claim = self._claim(row.get("claim"), hint=hint)
        resolution = worded(self._desk, self._snapshot, claim, _said(row, self._defaults))
        earlier = [item.record for item in self._snapshot.resolutions_of(claim) if not item.record.dissent]
        same = [one for one in earlier if _outcome_and_days(one) == _outcome_and_days(resolution)]
        if same:
            self.already += 1
            self.replaced += same[-1] is not earlier[-1]
            return
        decide(self._desk, self._snapshot, claim, resolution)
        self.verdicts += 1
        self.replacing += bool(earlier)
        self.decided.add(claim.slug)

    def _claim(self, slug: object, *, hint: bool) -> Claim:
        """The claim of that very slug: in a dump the beginning of one is no abbreviation of it."""
        if not isinstance(slug, str) or slug not in self._claims:
            near = list(self._claims) if hint and len(self._claims) < MANY else []
            raise NotFound(missing(Claim.noun, slug, near))
        return self._claims[slug]


def _outcome_and_days(resolution: Resolution) -> list[object]:
    return [getattr(resolution, name) for name in SAME]


def _said(row: Row, defaults: Mapping[str, str | None]) -> Said:
    """What a row says; an empty cell says nothing. What it holds is the ledger's to judge, whatever its type."""
    cells = {name: None if _empty(row.get(name)) else row.get(name) for name in (*COLUMNS[2:], *OPTIONAL)}
    given = {name: default if cells[name] is None else cells[name] for name, default in defaults.items()}
    fields = {**cells, **given, "impossible": _flag(cells["impossible"])}
    return Said(_outcome(row.get("outcome")), **fields)  # type: ignore[arg-type]  # they are checked where they are used


def _empty(cell: object) -> bool:
    if isinstance(cell, float):
        return isnan(cell)
    return cell is None or (isinstance(cell, str) and not cell) or type(cell).__name__ in NOTHING


def _outcome(cell: object) -> str | float:
    """A fraction written as text is its number; all else is as it stands."""
    if isinstance(cell, str) and FRACTION.fullmatch(cell) and 0 < float(cell) < 1:
        return float(cell)
    return cell  # type: ignore[return-value]  # checked where it is used


def _flag(cell: object) -> bool:
    try:
        return FLAGS[cell.lower() if isinstance(cell, str) else cell]
    except (KeyError, TypeError):
        raise InvalidValue(f"impossible: {shown(cell)} is neither true nor false") from None

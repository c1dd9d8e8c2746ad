"""Import of many verdicts: each an ordinary resolution, by the rules of `resolve`, whole or not at all.

The source is read before the ledger is locked (:func:`read_resolutions`), and decided row by row under the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from predictions.collector import paused
from predictions.errors import Conflict, InvalidValue, LedgerError, NotFound, TooEarly
from predictions.importing.cells import (
    BadCell,
    fix_of,
    has_no_value,
    is_missing,
    read_flag,
    read_line,
    read_name,
    read_slugs,
    read_text,
)
from predictions.importing.columns import as_list
from predictions.importing.readers import Columns, How, Piece, read_table, report
from predictions.importing.refusals import ROW, Refusals
from predictions.importing.results import ImportedVerdicts
from predictions.moments import read_known, read_moment
from predictions.records import Claim, Resolution
from predictions.snapshot import Recorded, Snapshot, missing
from predictions.verbs.outcomes import read_outcome
from predictions.verbs.recording import TOGETHER, Desk, put_new
from predictions.verbs.resolving import Said, check, worded

RESOLUTION_COLUMNS = Columns(
    "verdicts",
    listed=("claim", "outcome", "known_on"),
    needed=("claim", "outcome", "known_on"),
    optional=("happened_on", "known_at", "published_in", "reason", "decided_by", "impossible", "because"),
    spellings={
        "claim": ("claim slug", "slug"), "outcome": ("resolution", "result", "answer"),
        "known_on": ("known", "resolved on", "resolved at"), "happened_on": ("happened",), "because": ("evidence",),
    },
    instead={"known_on": ("known_at", "happened_on")},
)  # fmt: skip
MANY = 10_000  # claims among which nobody looks for one of a similar name
LONGEST = 64  # characters of a slug: nothing longer resembles one
HINTS = 5  # rows that are told a similar name: so many causes are shown
SAME = ("outcome", "fraction", "happened_on", "known_on")
NO_COLUMN = (" or because=", ", or lapsed=True")  # ways out that `resolve` names last, and a row has not


class Row(NamedTuple):
    """What one row says: its number, the claim and the verdict; and the columns it stands in, should it be refused."""

    number: int
    claim: str
    said: Said
    columns: Sequence[Sequence[object]]
    place: int

    @property
    def cells(self) -> list[object]:
        """Its cells as they were."""
        return [column[self.place] for column in self.columns]


class Resolutions(NamedTuple):
    """A source that was read: its rows, the bad ones refused, and the name of the file if it is one."""

    rows: Sequence[Row]
    refusals: Refusals
    file: str | None


def read_resolutions(source: object, how: How, *, reason: str | None, decided_by: str | None) -> Resolutions:
    """Read every row of a source; *reason* and *decided_by* stand in where a row says nothing.

    Raises InvalidValue for what holds no verdicts. Bad rows are refused together with those that cannot be decided.
    """
    refusals = Refusals(None)
    rows: list[Row] = []
    with read_table(source, RESOLUTION_COLUMNS, how) as table:
        for piece in table.pieces:
            refusals.learn(piece)
            rows += _Reading(piece, how, refusals, {"reason": reason, "decided_by": decided_by}).rows()
            report(f"{piece.first + piece.size - 1:,} rows read")
    report("")
    return Resolutions(rows, refusals, table.file)


class _Reading:
    """Reads the cells of one piece, column by column; a text that comes again in a column is read once."""

    def __init__(self, piece: Piece, how: How, refusals: Refusals, defaults: Mapping[str, str | None]) -> None:
        self._piece, self._refusals, self._defaults = piece, refusals, defaults
        self._columns = {name: as_list(column) for name, column in piece.columns.items() if column is not None}
        self._readers: dict[str, Callable[[Any], object]] = {
            "claim": read_name, "outcome": lambda value: _outcome(value, percent=how.percent),
            "known_on": _day_or_moment, "happened_on": _day_or_moment, "known_at": read_moment,
            "published_in": read_line, "reason": read_text, "decided_by": read_line, "impossible": read_flag,
            "because": read_slugs,
        }  # fmt: skip
        self._faults: dict[int, tuple[str, object, str]] = {}

    def rows(self) -> Iterator[Row]:
        """Return the good rows; the others are refused."""
        given = list(self._columns.values())
        read = [self._column(name, values) for name, values in self._columns.items()]
        faults = self._faults | {place: (ROW, None, fix) for place, fix in self._piece.uneven.items()}
        for place, values in enumerate(zip(*read, strict=True)):
            number = self._piece.first + place
            if place in faults:
                self._refusals.add(number, *faults[place], [column[place] for column in given])
                continue
            said: dict[str, Any] = dict(self._defaults)
            said.update((name, value) for name, value in zip(self._columns, values, strict=True) if value is not None)
            yield Row(number, said.pop("claim"), Said(**said), given, place)

    def _column(self, name: str, values: Sequence[Any]) -> list[object]:
        """Read one column; None where an optional cell is empty, or a cell is refused."""
        known: dict[object, object] = {}
        read: list[object] = []
        for place, value in enumerate(values):
            if type(value) is str and value in known:
                read.append(known[value])
                continue
            try:
                read.append(self._cell(name, value))
            except ValueError as error:
                fix = str(error) if isinstance(error, BadCell) else fix_of(error, value)
                self._faults.setdefault(place, (name, value, fix))
                read.append(None)
            else:
                if type(value) is str:
                    known[value] = read[-1]
        return read

    def _cell(self, name: str, value: object) -> object:
        empty = is_missing(value) if name in {"outcome", "reason"} else has_no_value(value)
        return None if empty and name not in {"claim", "outcome"} else self._readers[name](value)


def _outcome(value: object, *, percent: bool) -> str | float:
    try:
        outcome, fraction = read_outcome(value, percent=percent)
    except InvalidValue as error:
        ways = "; percent=True, if all are" if "% or " in str(error) else ""
        raise InvalidValue(f"{error}{ways}") from None
    return str(outcome) if fraction is None else fraction


def _day_or_moment(value: Any) -> date:
    day, moment = read_known(value)
    return moment or day


def import_resolutions(desk: Desk, read: Resolutions) -> ImportedVerdicts:
    """Record every verdict that was read and is not on file yet, inside the desk's open transaction.

    Raises RowsRefused for bad rows and those that cannot be decided so.
    """
    deciding, refusals = _Deciding(desk), read.refusals
    for start in range(0, len(read.rows), TOGETHER):
        rows = read.rows[start : start + TOGETHER]
        with paused():
            _decide(deciding, rows, refusals)
        report(f"{start + len(rows):,} rows decided")
    report("")
    refusals.refuse()
    return ImportedVerdicts(
        file=read.file, verdicts=deciding.verdicts, claims=len(deciding.decided), already=deciding.already,
        replacing=deciding.replacing, replaced=deciding.replaced,
    )  # fmt: skip


def _decide(deciding: _Deciding, rows: Sequence[Row], refusals: Refusals) -> None:
    deciding.read(row.claim for row in rows)
    for row in rows:
        try:
            deciding.take(row, hint=len(deciding.hinted) < HINTS and len(row.claim) <= LONGEST)
        except NotFound as unknown:
            deciding.hinted.add(row.claim)
            refusals.add(row.number, "claim", row.claim, str(unknown), row.cells)
        except (Conflict, InvalidValue, TooEarly) as refused:
            refusals.add(row.number, "outcome", row.said.outcome, _reason(refused), row.cells)
    deciding.put()


def _reason(refused: LedgerError) -> str:
    """Why a row is bad, without the ways out that a row has not."""
    sentence = str(refused)
    for way in NO_COLUMN:
        sentence = sentence.removesuffix(way)
    return sentence


class _Deciding:
    """Takes some rows after the other, and counts: what they are held against is read, they are taken, and put."""

    def __init__(self, desk: Desk) -> None:
        self.verdicts = self.already = self.replacing = self.replaced = 0
        self.decided: set[str] = set()
        self.hinted: set[str] = set()  # names that are no claims, and were told what resembles them
        self._waiting: list[Resolution] = []
        self._desk = desk
        self._snapshot = _held(desk, ())
        self._claims: dict[str, Claim] = {}

    def read(self, claims: Iterable[str]) -> None:
        """Read the claims that some rows name, with all that decides how they may be resolved."""
        self._snapshot = _held(self._desk, [slug for slug in claims if slug.isascii()])
        self._claims = {claim.slug: claim for claim in self._snapshot.all(Claim)}

    def take(self, row: Row, *, hint: bool) -> None:
        """Record what a row says, unless that is on file."""
        claim = self._claim(row.claim, hint=hint)
        resolution = worded(self._desk, self._snapshot, claim, row.said)
        earlier = [item.record for item in self._snapshot.resolutions_of(claim) if not item.record.dissent]
        same = [one for one in earlier if _outcome_and_days(one) == _outcome_and_days(resolution)]
        if same:
            self.already += 1
            self.replaced += same[-1] is not earlier[-1]
            return
        check(self._desk, self._snapshot, claim, resolution)
        self._waiting.append(resolution)
        entry = self._desk.writing.last + len(self._waiting)  # where it will stand
        self._snapshot.decide(Recorded(resolution, entry, self._desk.now))
        self.verdicts += 1
        self.replacing += bool(earlier)
        self.decided.add(claim.slug)

    def put(self) -> None:
        """Enter the verdicts that were taken."""
        put_new(self._desk, self._waiting)
        self._waiting.clear()

    def _claim(self, slug: str, *, hint: bool) -> Claim:
        """The claim of that very slug: in a dump the beginning of one is no abbreviation of it."""
        if slug not in self._claims:
            known = self._desk.store.slugs(Claim) if hint else []
            raise NotFound(missing(Claim.noun, slug, known if len(known) < MANY else []))
        return self._claims[slug]


def _held(desk: Desk, claims: Iterable[str]) -> Snapshot:
    """What verdicts on these claims are held against."""
    return Snapshot.of(desk.store.deciding(claims, desk.now), head="", as_of=desk.now, today=None)


def _outcome_and_days(resolution: Resolution) -> list[object]:
    return [getattr(resolution, name) for name in SAME]

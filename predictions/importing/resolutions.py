"""Import verdicts: each becomes an ordinary resolution by the rules of ``resolve``, all of them or none.

The table is read before the ledger is locked (:func:`read_resolutions`); under the lock it is decided row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from predictions.errors import Conflict, InvalidValue, LedgerError, NotFound, TooEarly
from predictions.importing import cells
from predictions.importing.column_checks import Faults, as_list, each
from predictions.importing.headers import Columns
from predictions.importing.names import claim_names
from predictions.importing.outcome_cells import OutcomeCell, read_outcome_cell
from predictions.importing.readers import read_table
from predictions.importing.refusals import WHOLE_ROW, Refusals
from predictions.importing.results import ImportedVerdicts
from predictions.importing.tables import How, Piece, report_progress
from predictions.recorded import Recorded
from predictions.recording.enter import TOGETHER, Desk, build, laid_out_new
from predictions.recording.resolutions import MONTH_OR_YEAR, Said, worded
from predictions.recording.usual_verdicts import UsualVerdicts
from predictions.recording.verdict_checks import WrongDay, check_verdict
from predictions.records import Claim, Resolution
from predictions.snapshot import Snapshot
from predictions.storage.deciding import deciding
from predictions.storage.layout import Fields
from predictions.storage.rows import collector_paused
from predictions.timestamps import read_known, read_moment, whole_day

RESOLUTION_COLUMNS = Columns(
    "verdicts",
    listed=("claim", "outcome", "known_on"),
    needed=("claim", "outcome"),
    optional=("happened_on", "known_at", "published_in", "reason", "decided_by", "impossible", "because"),
    spellings={
        "claim": ("claim slug", "slug"), "outcome": ("resolution", "result", "answer"),
        "known_on": ("known", "resolved on", "resolved at"), "happened_on": ("happened",), "because": ("evidence",),
    },
)  # fmt: skip
_KEYWORDS = re.compile(  # a keyword in a message, or a quoted value, which is left alone
    r"""'[^']*'|"[^"]*"|\b(known_on|known_at|happened_on|published_in|because|impossible)=(True\b)?((?=\w))?"""
)
_VERDICT_FIELDS = attrgetter("outcome", "fraction", "option", "value", "happened_on", "known_on")


class VerdictRow(NamedTuple):
    """One row: its number, its claim and its verdict."""

    number: int
    claim: str
    said: Said
    outcome: OutcomeCell | None = None  # the cell of the outcome, if it is still to be read as the claim asks
    told: object = None  # the value of that cell, if it is not the outcome itself


class Resolutions(NamedTuple):
    """A source that was read.

    Attributes:
        rows: Its good rows.
        refusals: The refusals of the others.
        file: The file's name, if it has one.
        cells: Returns the cells of a row by its number, to be shown if it is refused.
    """

    rows: Sequence[VerdictRow]
    refusals: Refusals
    file: str | None
    cells: Callable[[int], Sequence[object]]


def read_resolutions(source: object, how: How, *, reason: str | None, by: str | None) -> Resolutions:
    """Read every row of a source; *reason* and *by*, who decided, are used for rows that do not give them.

    Raises InvalidValue for a source without verdicts. Bad rows are refused later, with those that cannot be decided.
    """
    refusals = Refusals(None)
    rows: list[VerdictRow] = []
    cells_of: dict[int, Sequence[object]] = {}
    with read_table(source, RESOLUTION_COLUMNS, how) as table, collector_paused():
        for piece in refusals.learn_all(table):
            rows += _rows(piece, how, refusals, {"reason": reason, "decided_by": by}, cells_of)
            report_progress(f"{piece.first + piece.size - 1:,} rows read")
    report_progress("")
    return Resolutions(rows, refusals, table.file, cells_of.__getitem__)


def _rows(
    piece: Piece, how: How, refusals: Refusals, defaults: Mapping[str, str | None],
    cells_of: dict[int, Sequence[object]],
) -> Iterator[VerdictRow]:  # fmt: skip
    """Yield the good rows of a piece, and keep their cells by number; the others are refused."""
    readers: dict[str, Callable[[Any], object]] = {
        "claim": cells.read_name, "outcome": partial(read_outcome_cell, how=how),
        "known_on": partial(cells.reworded, _day_or_moment), "happened_on": partial(cells.reworded, _day_or_period),
        "known_at": partial(cells.reworded, read_moment), "published_in": cells.read_line, "reason": cells.read_text,
        "decided_by": cells.read_line, "impossible": cells.read_flag, "because": cells.read_slugs,
    }  # fmt: skip
    # A claim or an outcome may be called "none", and a reason may be any text.
    empty = {"claim": None, "outcome": None, "reason": cells.has_no_text, "impossible": cells.is_missing}
    columns = {name: as_list(column) for name, column in piece.columns.items() if column is not None}
    faults: Faults = {index: (WHOLE_ROW, fix) for index, fix in piece.uneven.items()}
    values_by_column = [
        each(column, name, readers[name], None, faults, empty.get(name, cells.has_no_value))
        for name, column in columns.items()
    ]
    rows = zip(zip(*columns.values(), strict=True), zip(*values_by_column, strict=True), strict=True)
    names = list(columns)
    for number, (cells_given, values) in enumerate(rows, piece.first):
        if fault := faults.get(number - piece.first):
            name, fix = fault
            value = None if name == WHOLE_ROW else cells_given[names.index(name)]
            refusals.add(number, name, value, fix, cells_given)
        else:
            fields = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            claim, outcome = fields.pop("claim"), fields.pop("outcome")
            verdict = Said(**{**defaults, **fields, "outcome": outcome.told})
            cells_of[number] = cells_given
            yield VerdictRow(number, claim, verdict, outcome)


def _day_or_moment(value: Any) -> date:
    """Return a moment, or a day if no time is given."""
    day, moment = read_known(value)
    return moment or day


def _day_or_period(value: Any) -> date | str:
    """Return a day; the text if it is a month or a year, for a claim that asks on which day."""
    return value if isinstance(value, str) and MONTH_OR_YEAR.fullmatch(value.strip()) else whole_day(value)


def import_resolutions(desk: Desk, table: Resolutions) -> ImportedVerdicts:
    """Record every verdict of a table that is not on file yet; rows that name no claim are refused.

    Raises RowsRefused for bad rows and for rows that cannot be decided.
    """
    return record_verdicts(desk, table._replace(rows=_with_slugs(desk, table)))


def record_verdicts(desk: Desk, table: Resolutions) -> ImportedVerdicts:
    """Record every verdict that is not on file yet, inside the desk's open transaction; claims are given by slug.

    Raises RowsRefused for bad rows and for rows that cannot be decided.
    """
    decider, rows = _Deciding(desk, table), table.rows
    for start in range(0, len(rows), TOGETHER):
        decider.decide(rows[start : start + TOGETHER])
        report_progress(f"{min(start + TOGETHER, len(rows)):,} rows decided")
    report_progress("")
    table.refusals.refuse()
    return ImportedVerdicts(file=table.file, claims=len(decider.claims), **decider.counts)


def _with_slugs(desk: Desk, table: Resolutions) -> list[VerdictRow]:
    """Return the rows with the slugs of their claims; rows that name no claim are refused."""
    meanings = claim_names(list(dict.fromkeys(row.claim for row in table.rows)), desk.store.slugs(Claim))
    slugs = dict(zip(meanings.names, meanings.slugs, strict=True))
    reasons = {meanings.names[number]: reason for number, reason in meanings.refused.items()}
    for row in table.rows if reasons else ():
        if row.claim in reasons:
            table.refusals.add(row.number, "claim", row.claim, reasons[row.claim], table.cells(row.number))
    pairs = ((row, slugs[row.claim]) for row in table.rows)
    return [row if row.claim == slug else row._replace(claim=slug) for row, slug in pairs if slug]


def _in_columns(sentence: str) -> str:
    """Reword a message of the verb for a table, whose columns have the names of its keywords.

    >>> _in_columns("before that only impossible=True or published_in=metaculus")
    'before that only impossible yes or published_in metaculus'
    """

    def as_column(match: re.Match[str]) -> str:
        name, true, value = match.groups()
        return match[0] if name is None else name + (" yes" if true else " " if value is not None else "")

    return _KEYWORDS.sub(as_column, sentence)


class _Deciding:
    """Decides rows one batch after the other and counts what it records."""

    def __init__(self, desk: Desk, table: Resolutions) -> None:
        self.counts = dict.fromkeys(("verdicts", "already", "replacing", "replaced"), 0)
        self.claims: set[str] = set()  # claims that were decided
        self._desk, self._table, self._usual = desk, table, UsualVerdicts(desk)

    def decide(self, rows: Sequence[VerdictRow]) -> None:
        """Record the verdicts of some rows that are not on file; refuse those that cannot be decided.

        Usual verdicts, the first on their claims, are read all at once; the others one by one.
        """
        outcomes = [row.said.outcome if row.outcome is None else row.outcome.meant for row in rows]
        places, usual = self._usual.read([row.claim for row in rows], outcomes, [row.said for row in rows])
        usual_fields = dict(zip(places, usual.fields(), strict=True)) if len(places) < len(rows) else {}
        one_by_one = self._one_by_one(rows, usual_fields) if len(places) < len(rows) else {}
        self.claims.update(rows[place].claim for place in places)
        self.counts["verdicts"] += len(places)
        ranks = {place: rank for rank, place in enumerate(sorted([*places, *one_by_one]))}
        other_places, batches = list(one_by_one), laid_out_new(self._desk, list(one_by_one.values()))
        batches = [([ranks[other_places[number]] for number in numbers], batch) for numbers, batch in batches]
        if places:
            batches.append(([ranks[place] for place in places], usual))
        self._desk.store.put_batches(self._desk.writing, batches)

    def _one_by_one(self, rows: Sequence[VerdictRow], usual: Mapping[int, Fields]) -> dict[int, Resolution]:
        """Return the verdicts of the rows that are not *usual*, each decided with all earlier rows known."""
        desk, claim_slugs = self._desk, [row.claim for place, row in enumerate(rows) if place not in usual]
        records = deciding(desk.store, claim_slugs, desk.now)
        snapshot = Snapshot.of(records, head="", as_of=desk.now, today=None)
        claims = {claim.slug: claim for claim in snapshot.all(Claim)}
        new: dict[int, Resolution] = {}
        for place, row in enumerate(rows):
            verdict = build(Resolution, usual[place]) if place in usual else self._decided(snapshot, claims, row)
            if verdict is not None and verdict.claim in claims:
                snapshot.add_verdict(Recorded(verdict, desk.writing.last + 1 + place, desk.now))
            if verdict is not None and place not in usual:
                new[place] = verdict
        return new

    def _decided(self, snapshot: Snapshot, claims: Mapping[str, Claim], row: VerdictRow) -> Resolution | None:
        """Return the verdict of a row; None if it is on file, or is refused."""
        claim, verdict = claims[row.claim], row.said
        try:
            if row.outcome is not None:
                outcome = row.outcome.of(claim)
                same = type(outcome) is type(verdict.outcome) and outcome == verdict.outcome  # True is not 1 here
                verdict = verdict if same else verdict._replace(outcome=outcome)
            return self._new(snapshot, claim, verdict)
        except WrongDay as error:
            day = row.said.known_on or row.said.known_at or row.said.happened_on or ""
            self._refuse(row, "known_on", day, error, alike=error.cause)
        except (Conflict, InvalidValue, NotFound, TooEarly) as error:
            value = verdict.outcome if row.told is None else row.told
            self._refuse(row, "outcome", value, error)
        return None

    def _refuse(self, row: VerdictRow, column: str, value: object, error: LedgerError, *, alike: str = "") -> None:
        """Note why a row cannot be decided."""
        cells = self._table.cells(row.number)
        self._table.refusals.add(row.number, column, value, _in_columns(str(error)), cells, alike=alike)

    def _new(self, snapshot: Snapshot, claim: Claim, verdict: Said) -> Resolution | None:
        """Return the verdict on a claim; None if one with its outcome and days is on file."""
        resolution = worded(self._desk, snapshot, claim, verdict)
        earlier = [item.record for item in snapshot.resolutions_of(claim) if not item.record.dissent]
        equal = [record for record in earlier if _VERDICT_FIELDS(record) == _VERDICT_FIELDS(resolution)]
        if equal:
            self.counts["already"] += 1
            self.counts["replaced"] += equal[-1] is not earlier[-1]
            return None
        check_verdict(self._desk, snapshot, claim, resolution)
        self.claims.add(claim.slug)
        self.counts["verdicts"] += 1
        self.counts["replacing"] += bool(earlier)
        return resolution

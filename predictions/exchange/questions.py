"""Plain records of what a file says: its questions, with their forecasts and verdicts. They know no ledger."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from predictions.enums import ForecasterKind, Outcome, SourceKind
from predictions.exchange.said import Publication, SaidForecast
from predictions.exchange.said_columns import Said, SaidSeries
from predictions.fields import check_slug
from predictions.importing.outcome_cells import OutcomeCell
from predictions.importing.refusals import Refusals

KEY_LENGTH = 40  # characters of a key that a slug keeps


class Platform(NamedTuple):
    """Where questions come from: a platform, or a table.

    Attributes:
        slug: Its slug, and the name of its format; the slugs of its claims begin with it.
        title: Its name.
        kind: Its kind of source.
        link: Its web address.
        zoned: Whether its files have days, or times without a zone, that are read in the caller's zone.
        dates: How its distributions over dates are read, in words for the card.
    """

    slug: str
    title: str
    kind: SourceKind
    link: str | None = None
    zoned: bool = False
    dates: str = ""


def unbroken(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


class RowFault(Exception):
    """What is wrong in a row: its column, and what would be right. Row and value are given if they are elsewhere.

    Faults of one *kind* are reported together if there are many, even if each would be put right differently.
    """

    def __init__(
        self, column: str, fix: str, row: int | None = None, value: object = None, *, kind: str = ""
    ) -> None:  # fmt: skip
        super().__init__(fix)
        self.column, self.fix, self.row, self.value, self.kind = column, fix, row, value, kind


class Verdict(NamedTuple):
    """The verdict on a question."""

    row: int
    outcome: Outcome | float | str  # yes, no, a fraction, an option, a value, a day
    known_on: date | datetime | None
    happened_on: date | str | None = None  # text for a month or a year
    reason: str | None = None
    impossible: bool = False
    cell: OutcomeCell | None = None  # the cell of a table, to be read as the type of its claim asks
    at_latest: bool = False  # whether it may have been known earlier than `known_on`


class Account(NamedTuple):
    """A forecaster of a platform: a name, and who is behind it.

    Attributes:
        name: The name, as in :attr:`SaidForecast.by`.
        kind: The kind of forecaster.
        title: The full name; None if it is the name itself.
        size: How many people a crowd consists of.
        method: How a crowd's number is computed.
        user: The platform's id, if the files give it.
    """

    name: str
    kind: ForecasterKind = ForecasterKind.PERSON
    title: str | None = None
    size: int | None = None
    method: str | None = None
    user: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """Something in a file that has no place in a ledger; the card counts it.

    Attributes:
        unit: ``question``, ``forecast`` or ``verdict``; ``comment`` or ``text`` for a part of a recorded one.
        key: The key of the question, or another name.
        why: The reason, such as ``no-deadline``; :mod:`predictions.exchange.count_words` words it.
        row: The row, if there is one.
        count: How many were left out for this reason.
    """

    unit: str
    key: str
    why: str
    row: int | None = None
    count: int = 1


class EvidenceLink(NamedTuple):
    """A link that bears on a question, with its title if the file gives one."""

    link: str
    title: str | None


@dataclass
class Question:
    """A question of a file: a claim as the file describes it, or the slug of a claim on file.

    Attributes:
        row: The first of its rows.
        claim: The slug in the file: of a claim on file, or of the claim to be recorded.
        id: The file's own key.
        text: The statement, word for word; None if the file gives only a claim.
        deadline: The last day that counts, or words for it.
        opens_on: The first day that counts, if the file gives it.
        opens_unsaid: Whether ``opens_on`` is only the day on which a file asks it; it then changes no claim on file.
        fields: Further fields of the claim: criteria, wording, tags, ...
        speaker: Who made the statement, if somebody is quoted.
        published: Where the statement was published.
        link: The question's own link, if that is no publication.
        note: A note on the question itself.
        origin: Its key on the platform, kept in the statement's notes if the slug does not spell it.
        said: Its forecasts.
        series: Its further forecasts, if the reader keeps those on all questions in columns.
        verdict: Its verdict.
        verdict_told: Whether the files would give a verdict; if not, a missing one does not take one back.
        evidence: Links that bear on it.
        dated: Days of rows that date it without a forecast.
        cut_short: Whether it may have been closed early by its answer; then nobody knows how long it was to run.
        later_version: The question as a later file of the run describes it, if that may differ.
        unfinished: What is wrong with its terms unless its claim is on file, which has the others.
        is_no_date: Whether the file says that it does not ask for a date, and gives no other type either.
        of_its_first_day: Whether another first day makes it another question, such as "has it risen since then?"
    """

    row: int
    claim: str | None = None
    id: str | None = None
    text: str | None = None
    deadline: date | str | None = None
    opens_on: date | None = None
    opens_unsaid: bool = False
    fields: dict[str, object] = field(default_factory=dict)
    speaker: str | None = None
    published: Publication | None = None
    link: str | None = None
    note: str | None = None
    origin: str | None = None
    said: list[SaidForecast] = field(default_factory=list)
    series: SaidSeries | None = None
    verdict: Verdict | None = None
    verdict_told: bool = True
    evidence: list[EvidenceLink] = field(default_factory=list)
    dated: list[date] = field(default_factory=list)
    cut_short: bool = False
    later_version: Question | None = None
    is_no_date: bool = False
    unfinished: RowFault | None = None
    of_its_first_day: bool = False

    def names(self) -> list[str]:
        """List the names by which a caller may refer to it: id, text and claim, each on one line."""
        return [unbroken(name) for name in (self.id, self.text, self.claim) if name]

    def all_said(self) -> list[SaidForecast]:
        """List all forecasts on it."""
        return [*self.said, *(self.series or ())]

    def days(self) -> list[date]:
        """List the days on which something was said of it, as far as the file gives them."""
        of_forecasts = [said.made_at.date() for said in self.all_said() if said.made_at]
        published = self.published.day if self.published else None
        return [*of_forecasts, *([published] if published else []), *self.dated]


@dataclass
class FileRead:
    """A file that was read: its questions, and what the card of the import says about the file.

    Attributes:
        file: Its name; None for something that is not a file.
        sha256: The digest of its bytes, in hexadecimal.
        refusals: Collects the rows that cannot be recorded.
        said: The forecasts on its questions, in columns.
        rows: How many rows it has.
        columns: The columns that were read, by their names here.
        left: The headers of columns that mean nothing here.
        questions: Its questions.
        cells: The cells of each row, by row number and column, to be shown in refusals.
        lines: For a forecast of several rows, by its first row: the row of each part.
        repeated: How many forecasts it repeats.
        skipped: The first cells of rows that are comments.
        above: The first texts of rows above the header.
        accounts: The forecasters behind its names, if it is a platform's.
        names: All names in it, with those whose forecasts are left out.
        left_out: What in it has no place in a ledger.
        local_days: For each column with days not in ISO form, the order in which they are written.
        sheets: The sheet of a spreadsheet that was read, then the others.
    """

    file: str | None
    sha256: str | None
    refusals: Refusals
    said: Said
    rows: int = 0
    columns: Sequence[str] = ()
    left: Sequence[str] = ()
    questions: list[Question] = field(default_factory=list)
    cells: Mapping[int, Mapping[str, object]] = field(default_factory=dict)
    lines: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    repeated: int = 0
    skipped: Sequence[str] = ()
    above: Sequence[str] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    names: Collection[str] = ()
    left_out: list[LeftOut] = field(default_factory=list)
    local_days: Mapping[str, str] = field(default_factory=dict)
    sheets: Sequence[str] = ()
    _places: dict[int, int] = field(default_factory=dict)

    def place_of(self, question: Question) -> int:
        """Return a question's place in the list of questions."""
        if len(self._places) < len(self.questions):
            self._places = {id(listed): place for place, listed in enumerate(self.questions)}
        return self._places[id(question)]

    def refuse(self, row: int, fault: RowFault) -> None:
        """Note that a row cannot be recorded, and why."""
        value = self.cells.get(row, {}).get(fault.column)
        self.refusals.add(row, fault.column, value, fault.fix, self.cells_in(row), kind=fault.kind)

    def cells_in(self, row: int) -> list[object]:
        """Return the cells of a row, to be shown if it is refused."""
        return list(self.cells.get(row, {}).values())


def slug_of_key(platform: str, key: str) -> str:
    """Return the slug of what a platform knows under a key: the key itself if it can be one, else made of it.

    Keys that differ in capitals only are different, so a slug that is made ends with digits of a digest of the key.

    >>> slug_of_key("metaculus", "70001"), slug_of_key("manifold", "AbCd123456")
    ('metaculus-70001', 'manifold-abcd123456-a270a996')
    """
    try:
        return check_slug(f"{platform}-{check_slug(key)}")
    except ValueError:
        return slug_with_digits(platform, key)


def slug_with_digits(platform: str, key: str) -> str:
    """Return a slug made of a key, with digits that distinguish it from keys with other capitals."""
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:KEY_LENGTH].strip("-")
    return "-".join(filter(None, [platform, words, sha256(key.encode()).hexdigest()[:8]]))

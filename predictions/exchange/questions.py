"""Plain records of what a file says: questions, with what was forecast of each and how it came out; no ledger."""

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

KEY_LENGTH = 40  # letters and digits of a key that stand in a slug


class Platform(NamedTuple):
    """Where questions come from that are no quotes: its slug begins the slugs of its claims.

    Attributes:
        slug: Its slug, and the name of its format.
        title: What it calls itself.
        kind: What sort of source it is.
        link: Its web address.
        zoned: Whether its files hold days, or times without a zone, that are read in the zone the caller says.
        dates: How its distributions over dates are read, for the card.
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
    """The column that is wrong and what would be right; the row, and the value, where it is not the one at hand.

    Faults of one *kind* are told as one where there are many, though what would be right differs in each.
    """

    def __init__(
        self, column: str, fix: str, row: int | None = None, value: object = None, *, kind: str = ""
    ) -> None:  # fmt: skip
        super().__init__(fix)
        self.column, self.fix, self.row, self.value, self.kind = column, fix, row, value, kind


class Verdict(NamedTuple):
    """How a question came out."""

    row: int
    outcome: Outcome | float | str  # yes, no, a fraction, an option, a value, a day
    known_on: date | datetime | None
    happened_on: date | str | None = None  # text for a month or a year
    reason: str | None = None
    impossible: bool = False
    cell: OutcomeCell | None = None  # what stands in a table, which its claim is to read
    at_latest: bool = False  # whether it was known by then, and perhaps before


class Account(NamedTuple):
    """Whose forecasts: a name on the platform, and what it is.

    Attributes:
        name: As in :attr:`SaidForecast.by`.
        kind: What sort of forecaster it is.
        title: What it is called in full; the name itself unless given.
        size: Of a crowd, how many people it has.
        method: Of a crowd, how its number is made.
        user: The platform's id of it, where the files tell.
    """

    name: str
    kind: ForecasterKind = ForecasterKind.PERSON
    title: str | None = None
    size: int | None = None
    method: str | None = None
    user: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """What has no place in a ledger, to be counted on the card.

    Attributes:
        unit: question, forecast or verdict; or comment or text, of what is recorded.
        key: Of the question, or what else names it.
        why: The reason, such as ``no-deadline``; :mod:`predictions.exchange.count_words` puts it in a sentence.
        row: Where it stands.
        count: How many they are.
    """

    unit: str
    key: str
    why: str
    row: int | None = None
    count: int = 1


class EvidenceLink(NamedTuple):
    """A link that bears on a question, with its title if it has one."""

    link: str
    title: str | None


@dataclass
class Question:
    """One question: a claim as the file has it, or the slug of one on file.

    Attributes:
        row: The first of its rows.
        claim: The slug that the file gives it: of a claim on file, or under which it is recorded.
        id: The file's own key.
        text: What was said, verbatim; None where the file names a claim only.
        deadline: The last day that counts, or words for it.
        opens_on: The first day that counts, where the file tells.
        opens_unsaid: Whether no file tells, and ``opens_on`` is the day on which one asks it: of a claim on file that
            changes nothing.
        fields: Further fields of the claim: criteria, wording, tags, ...
        speaker: Who said it, where it is a quote.
        published: Where it was said.
        link: The question's own link, where that is no publication.
        note: A note on the question itself.
        origin: Its key on the platform, kept as the statement's note where the slug does not spell it.
        said: What was forecast of it, as its reader tells it.
        series: What was forecast of it besides, where its reader has the forecasts on all questions in columns.
        verdict: How it came out.
        verdict_told: Whether the files would say how it came out; where they do not, none is taken back.
        evidence: Links that bear on it.
        dated: Days on which rows date it that forecast nothing.
        cut_short: Whether it may have closed when it was answered; then nobody says any more when it was to close.
        told_last: The same as a later file of the run tells it, where that may be otherwise.
        is_no_date: Whether the file says that it asks for no date, and of no other type either.
        of_its_first_day: Whether it asks something else of another first day: what changed since then, say.
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
    told_last: Question | None = None
    is_no_date: bool = False
    of_its_first_day: bool = False

    def names(self) -> list[str]:
        """List what a caller may call it: its id, its text or its claim, each on one line."""
        return [unbroken(name) for name in (self.id, self.text, self.claim) if name]

    def all_said(self) -> list[SaidForecast]:
        """Return all that was forecast of it."""
        return [*self.said, *(self.series or ())]

    def days(self) -> list[date]:
        """Return the days on which something was said of it, as far as the file tells."""
        made = [said.made_at.date() for said in self.all_said() if said.made_at]
        published = self.published.day if self.published else None
        return [*made, *([published] if published else []), *self.dated]


@dataclass
class FileRead:
    """A file that was read: its questions, and what the card of the import says of it.

    Attributes:
        file: How it is called; None for what is no file.
        sha256: Of its bytes, in hexadecimal.
        said: What counts of what is said of its questions.
        rows: How many it has.
        columns: Those that were read, by their own names.
        left: The headers of those that are nobody's.
        refusals: Where rows go that cannot be recorded.
        cells: The cells of each row, by its number and by column, to be shown.
        lines: The rows of forecasts that several rows say, by the row that stands for them and by what each is of.
        repeated: How many forecasts the file says twice.
        skipped: The first cells of rows that are comments.
        accounts: What the names in it are, where the file is a platform's.
        names: Everybody in it, those too whose forecasts have no place.
        left_out: What in it has no place in a ledger.
        local_days: What comes first in the days of a column, where they are not spelled in the ISO form.
        sheets: Of a spreadsheet, the one that was read, and the others that are shown.
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
    accounts: Mapping[str, Account] = field(default_factory=dict)
    names: Collection[str] = ()
    left_out: list[LeftOut] = field(default_factory=list)
    local_days: Mapping[str, str] = field(default_factory=dict)
    sheets: Sequence[str] = ()
    _places: dict[int, int] = field(default_factory=dict)

    def place_of(self, question: Question) -> int:
        """Return the place of one of its questions."""
        if len(self._places) < len(self.questions):
            self._places = {id(one): place for place, one in enumerate(self.questions)}
        return self._places[id(question)]

    def refuse(self, row: int, fault: RowFault) -> None:
        """Note that a row cannot be recorded."""
        cells = self.cells.get(row, {})
        self.refusals.add(row, fault.column, cells.get(fault.column), fault.fix, list(cells.values()), kind=fault.kind)


def slug_of_key(platform: str, key: str) -> str:
    """Return the slug of what a platform knows under a key: the key itself where that is a slug, else made of it.

    Keys that differ in capitals only are two, so a made one ends with digits of the key's own.

    >>> slug_of_key("metaculus", "70001"), slug_of_key("manifold", "AbCd123456")
    ('metaculus-70001', 'manifold-abcd123456-a270a996')
    """
    try:
        return check_slug(f"{platform}-{check_slug(key)}")
    except ValueError:
        return slug_with_digits(platform, key)


def slug_with_digits(platform: str, key: str) -> str:
    """Return a slug made of a key, with digits that distinguish it from keys that differ in capitals."""
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:KEY_LENGTH].strip("-")
    return "-".join(filter(None, [platform, words, sha256(key.encode()).hexdigest()[:8]]))

"""What `add` records: a claim of one's own in ten seconds, with its statement; and what a catalogue brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from predictions.dates import Window, read_window
from predictions.enums import ClaimType, SourceKind
from predictions.errors import Conflict, InvalidValue, check_field, short_repr
from predictions.fields import check_slug
from predictions.recording.enter import (
    Desk,
    Slugs,
    build,
    checked,
    content,
    correct,
    enter,
    enter_all,
    known_as,
    the_slug,
)  # fmt: skip
from predictions.records import Claim, Record, Source, Statement
from predictions.slugs import slug_from
from predictions.timestamps import read_known

OWN_READING = "own"
OWN = {"slug": "self", "title": "Our own claims", "kind": SourceKind.SELF}


def add(
    desk: Desk, wording: str, *, deadline: date | str, opens_on: date | str | None, slug: str | None,
    fields: Mapping[str, object],
) -> Claim:  # fmt: skip
    """Record source `self`, a statement and a claim; where its words are on file already, that claim comes back.

    A claim that *supersedes* another is a further reading of the other's statement. Raises Conflict where the
    words are on file with another window or other terms.
    """
    if not isinstance(wording, str):
        raise InvalidValue("claim needs wording" if wording is None else f"wording: {short_repr(wording)} is not text")
    slug = checked(check_slug, slug, "slug")
    given = {name: value for name, value in fields.items() if value is not None}
    if "at_least" in given:
        given["type"] = ClaimType.EVENTS
    old = _superseded(desk, given)
    for known in desk.store.claims_worded(wording):
        return _added_already(desk, known, given, deadline=deadline, opens_on=opens_on, slug=slug)
    window = window_until(deadline, opens_on, desk.today, field="deadline")
    line = " ".join(wording.split())
    name = free_slug(desk, slug, line, among=(Claim,) if old and slug else (Claim, Statement))
    settings: dict[str, object] = {
        "slug": name, "statement": old.statement if old else name, "reading": OWN_READING, "wording": wording,
        "scored": old.scored if old else True, **made_of(wording), "opens_on": window.opens_on,
        "deadline": window.deadline, "horizon": window.horizon, "horizon_read": window.reading, "edtf": window.edtf,
        "type": ClaimType.YES_NO,
    }  # fmt: skip
    claim = build(Claim, {**settings, **given})
    if old:
        Leading(desk).check(claim)
    else:
        enter(desk, build(Source, OWN))
        enter(desk, build(Statement, {"slug": name, "source": OWN["slug"], "text": wording, "speaker": desk.me}))
    return enter(desk, claim)


def _added_already(
    desk: Desk, known: Claim, given: Mapping[str, object], *, deadline: date | str,
    opens_on: date | str | None, slug: str | None,
) -> Claim:  # fmt: skip
    """The claim on file, read on the day it was added: a notebook may be run again later, a draft corrected since."""
    for revision in known_as(desk, known):
        window = window_until(deadline, opens_on, revision.opens_on, field="deadline")
        if slug in {None, known.slug} and window[:2] == (revision.opens_on, revision.deadline):
            return enter(desk, build(Claim, {**content(revision), **given}))
    raise Conflict(
        f"the same words are on file as {known.slug}, {known.opens_on} to {known.deadline}; "
        "another claim or another window needs other words"
    )


def made_of(wording: str) -> dict[str, str]:
    """What a claim says of itself where it is given a wording only."""
    line = " ".join(wording.split())
    return {
        "title": line if len(line) <= 120 else f"{line[:117]}...",
        "criteria": f"As worded: {wording}"[:20_000],
    }


def correct_claim(desk: Desk, claim: Claim, changes: Mapping[str, object], *, reason: str) -> Claim:
    """Correct a claim, and with its wording or window what :func:`add` made of these, where it stands so still."""
    standing = (known_as(desk, claim) or [claim])[-1]
    wording, with_it = changes.get("wording"), dict[str, object]()
    if isinstance(wording, str):
        made = made_of(standing.wording).items()
        with_it = {name: made_of(wording)[name] for name, said in made if getattr(standing, name) == said}
    if not changes.keys().isdisjoint({"opens_on", "deadline"}):
        with_it |= {"edtf": None, "horizon_read": None} | ({"horizon": None} if standing.reading == OWN_READING else {})
    corrected = correct(desk, claim, with_it | dict(changes), reason=reason)
    if isinstance(wording, str) and standing.statement == standing.slug:
        statement = desk.store.revisions(Statement, slug=standing.statement)[-1]
        if statement.text == standing.wording:
            correct(desk, statement, {"text": wording}, reason=reason)
    return corrected


def _superseded(desk: Desk, given: dict[str, object]) -> Claim | None:
    """The claim that the new one replaces; names of claims among the given fields are completed."""
    for field in ("supersedes", "given"):
        if field in given:
            given[field] = the_slug(desk.store, Claim, given[field])
    superseded = given.get("supersedes")
    return desk.store.revisions(Claim, slug=str(superseded))[-1] if superseded else None


def conditions_from(conditions: Mapping[str, str] | Sequence[str] | None) -> tuple[Mapping[str, str], ...]:
    """Conditions given as names with their tests, or as bare names."""
    if isinstance(conditions, Mapping):
        return tuple({"name": name, "text": text} for name, text in conditions.items())
    if conditions is None:
        return ()
    try:
        if not isinstance(conditions, (str, bytes)):
            return tuple({"name": name, "text": name} for name in conditions)
    except TypeError:
        pass
    raise InvalidValue("conditions are a list of names, or names with the text of their tests")


def register(desk: Desk, records: Iterable[Record]) -> int:
    """Enter a catalogue's records in order; how many entries that made comes back."""
    leading = Leading(desk)
    return enter_all(desk, (leading.checked(record) for record in records))


class Leading:
    """The scored claim of each statement, on file or checked since; the last where one superseded another."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store
        self._leading: dict[str, str | None] = {}  # by statement
        self._statements: dict[str, str] = {}  # of claims checked since

    def checked(self, record: Record) -> Record:
        """The record itself; a claim that is new must go with what is scored already."""
        known = isinstance(record, Claim) and record.slug in self._statements
        if isinstance(record, Claim) and not known and self._store.find(Claim.noun, record.slug) is None:
            self.check(record)
        return record

    def check(self, claim: Claim) -> None:
        """Each statement is one observation: only a claim that supersedes the scored one is scored beside it.

        The parts of a scored tree are not scored themselves. Raises Conflict.
        """
        self._statements[claim.slug] = claim.statement
        if not claim.scored:
            return
        other = self._of(claim.statement)
        if other not in {None, claim.slug, claim.supersedes}:
            raise Conflict(
                f"{other} is the scored reading of {claim.statement} already; "
                f"{claim.slug} can only be scored if it supersedes it"
            )
        for part in claim.parts:
            statement = self._statements.get(part) or self._store.statement_of(part)
            if statement is not None and self._of(statement) == part:
                raise Conflict(f"{part} is scored by itself; it cannot be a part of {claim.slug}, which is scored too")
        self._leading[claim.statement] = claim.slug

    def _of(self, statement: str) -> str | None:
        if statement not in self._leading:
            self._leading[statement] = self._store.scored_claim(statement)
        return self._leading[statement]


def free_slug(desk: Desk, slug: str | None, line: str, *, among: Sequence[type[Record]] = (Claim, Statement)) -> str:
    """The slug that was given, or one made of a line; Conflict where the one given is taken."""
    taken = Slugs(desk.store, *among)
    if slug and slug in taken:
        claims = desk.store.revisions(Claim, slug=slug)
        words = claims[-1].wording if claims else desk.store.revisions(Statement, slug=slug)[-1].text
        raise Conflict(f"the slug {slug!r} is taken: {short_repr(words)}; say another slug=, or none")
    return slug or slug_from(line, taken)


def window_until(deadline: date | str, opens_on: date | str | None, said_on: date, *, field: str) -> Window:
    """The window, from the day it was said, or from the day that was given."""
    if opens_on is None:
        return _read(deadline, said_on, field)
    window = _read(deadline, check_field("opens_on", read_known, opens_on)[0], field)
    return window._replace(reading=window.reading.replace("the day it was said", "as given"))


def _read(deadline: date | str, opens: date, field: str) -> Window:
    try:
        words = read_known(deadline)[0].isoformat()
    except InvalidValue:
        if isinstance(deadline, date):
            raise
        words = deadline
    if not isinstance(words, str):
        raise InvalidValue(
            f"{field}={short_repr(words)} is not a date; say a day such as 2027-06-30, or words such as 'Q3 2027'"
        )
    try:
        return read_window(f"by {words}", made_on=opens)
    except InvalidValue:
        return read_window(words, made_on=opens)

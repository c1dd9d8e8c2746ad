"""What `add` records: a claim of your own in ten seconds, with its statement; and the records of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple

from predictions.enums import ClaimType, SourceKind
from predictions.errors import Conflict, InvalidValue, NotFound, check_field, short_repr
from predictions.fields import check_slug, check_text
from predictions.number_checks import read_decimal
from predictions.recording.claim_types import changed_terms
from predictions.recording.corrected_names import check_names
from predictions.recording.drafts import between_said, ended, no_draft
from predictions.recording.enter import (
    TOGETHER,
    Desk,
    Slugs,
    build,
    check_named,
    correct,
    enter,
    enter_all,
    known_as,
    said_content,
    the_slug,
)  # fmt: skip
from predictions.records import Claim, Record, Source, Statement
from predictions.slugs import slug_from
from predictions.storage.claim_queries import claims_worded, scored_claims, statement_of
from predictions.timestamps import day_of_moment, whole_day
from predictions.windows import AS_GIVEN, SAID, Window, read_window, window_to

OWN_READING = "own"
SLIP = "a slip, put right in the draft"
OWN_SOURCE = {"slug": "self", "title": "Our own claims", "kind": SourceKind.SELF}


class Added(NamedTuple):
    """A claim of the recorder as it stands, and the claims with the same words and another window."""

    claim: Claim
    alike: tuple[Claim, ...] = ()


def add(
    desk: Desk, text: str, *, deadline: date | str | None, opens_on: date | str | None, slug: str | None,
    fields: Mapping[str, object],
) -> Added:  # fmt: skip
    """Record source `self`, a statement and a claim; the same words with the same window are a no-op.

    Args:
        desk: The open transaction.
        text: What is predicted.
        deadline: The last day that counts, or words for it.
        opens_on: The first day that counts; today unless given.
        slug: Its short name; made of the text unless given.
        fields: Further fields of the claim.

    Raises:
        InvalidValue: It lacks its deadline, or a field is wrong.
        Conflict: The claim stands with other terms, or the slug is taken.
    """
    text = check_field("text", check_text, text)
    if deadline is None:
        raise InvalidValue("until when? say deadline=DAY, the last day that counts")
    slug = check_named(check_slug, slug, "slug")
    given = said_of_claim(desk, fields)
    alike = tuple(claims_worded(desk.store, text))
    # Before the window is read: "in 18 months" said again next week means another day, but is the same prediction.
    for known in alike:
        if standing := _added_already(desk, known, given, deadline=deadline, opens_on=opens_on, slug=slug):
            return Added(standing)
    window = window_until(deadline, opens_on, desk.today, field="deadline")
    # Two claims of one wording and deadline would be one question counted twice, and their slugs hard to tell apart.
    if same := next((claim for claim in alike if claim.deadline == window.deadline), None):
        raise Conflict(
            f"the same words are on file as {same.slug} ({same.type}), {same.opens_on} to {same.deadline}; "
            "another claim or another window needs other words"
        )
    name = free_slug(desk, slug, " ".join(text.split()))
    settings: dict[str, object] = {
        "slug": name, "statement": name, "reading": OWN_READING, "scored": True, **read_from(text, window),
    }  # fmt: skip
    claim = build(Claim, {**settings, **given})
    enter(desk, build(Source, OWN_SOURCE))
    enter(desk, build(Statement, {"slug": name, "source": OWN_SOURCE["slug"], "text": text, "speaker": desk.me}))
    return Added(enter(desk, claim), alike)


def said_of_claim(desk: Desk, fields: Mapping[str, object]) -> dict[str, object]:
    """Return what is said of a claim; the claim that it is given by its slug, of which a beginning may be said."""
    said = {name: value for name, value in fields.items() if value is not None}
    return {**said, "given": the_slug(desk.store, Claim, said["given"])} if "given" in said else said


def _added_already(
    desk: Desk, known: Claim, given: Mapping[str, object], *, deadline: date | str,
    opens_on: date | str | None, slug: str | None,
) -> Claim | None:  # fmt: skip
    """Find the claim on file, read on the day it was added: a notebook may be run later, a draft corrected since.

    What is not given is not compared: it is as it stands.
    """
    for revision in known_as(desk, known):
        window = window_until(deadline, opens_on, revision.opens_on, field="deadline")
        same = (*window[:2], given.get("type", ClaimType.YES_NO)) == (
            revision.opens_on, revision.deadline, revision.type,
        )  # fmt: skip
        if slug in {None, known.slug} and same:
            anew = build(Claim, {**said_content(revision), **given})
            other = {name: getattr(anew, name) for name in given if getattr(anew, name) != getattr(revision, name)}
            asked = ("wording", "opens_on", "deadline", "type", *given)
            if not other and all(getattr(revision, name) == getattr(known, name) for name in asked):
                return known
            return enter(desk, build(Claim, {**said_content(known), **other}) if other else anew)
    return None


def fields_of_wording(wording: str) -> dict[str, str]:
    """Return what a claim says of itself where it is given a wording only."""
    line = " ".join(wording.split())
    return {"title": line if len(line) <= 120 else f"{line[:117]}...", "criteria": f"As worded: {wording}"[:20_000]}


def read_from(wording: str, window: Window) -> dict[str, object]:
    """Return the fields of a claim of yes or no that follow from its wording and its window."""
    return {"wording": wording, **fields_of_wording(wording), **window.fields, "type": ClaimType.YES_NO}


def made_anew(claim: Claim, wording: str) -> dict[str, object]:
    """Return what another wording makes of those fields of a claim that were made of its wording."""
    made = fields_of_wording(claim.wording).items()
    return {name: fields_of_wording(wording)[name] for name, text in made if getattr(claim, name) == text}


def correct_claim(desk: Desk, claim: Claim, changes: Mapping[str, object], *, reason: str | None) -> Claim:
    """Correct a claim, and with its text or window what :func:`add` made of these, where it stands so still.

    Args:
        desk: The open transaction.
        claim: Any revision of the claim.
        changes: The fields that change; `text` is its wording, and its statement's where that is the same.
        reason: Why; a draft may be corrected by its recorder without one.

    Raises:
        InvalidValue: A field is wrong, or the reason is missing.
        Conflict: The claim is no draft any more, and what it asks can change in a draft only.
    """
    standing = (known_as(desk, claim) or [claim])[-1]
    given, changes = changes, as_fields(desk, changes, standing)
    wording, with_it = changes.get("wording"), dict[str, object]()
    if isinstance(wording, str):
        with_it = made_anew(standing, wording)
    if not changes.keys().isdisjoint({"opens_on", "deadline"}):
        # They tell how the old words were read. The words of a source stay: what was written there does not change.
        with_it |= {"edtf": None, "horizon_read": None} | ({"horizon": None} if standing.reading == OWN_READING else {})
    check_names(desk, standing, changes)
    if not changes.keys() <= Claim.model_fields.keys():
        build(Claim, {**said_content(standing), **changes})  # which says what is no field
    if reason is None:
        why = ended(desk.store, desk.store.rows_under(Claim, slug=claim.slug), desk.me, desk.now)
        asked = {name: said for name, said in given.items() if name not in {*Claim.amendable, "note"}}
        if "between" in asked:
            asked["between"] = between_said(*(changes[name] for name in ("low", "high", "scale")))
        if why and asked:
            raise no_draft(desk.store, standing.slug, why, asked)
        reason = None if why else SLIP
    # What was said wins over what follows from it.
    corrected = correct(desk, claim, with_it | dict(changes), reason=reason)
    if isinstance(wording, str) and standing.statement == standing.slug:
        statement = desk.store.revisions(Statement, slug=standing.statement)[-1]
        # The statement of a claim of one's own is in its words. Of somebody else's the text is a quotation, and stays.
        if statement.text == standing.wording:
            correct(desk, statement, {"text": wording}, reason=reason)
    return corrected


def as_fields(desk: Desk, changes: Mapping[str, object], standing: Claim) -> dict[str, object]:
    """Name changes of a claim as its fields: `text` is its wording, `between` two ends, words for a deadline a day."""
    changes = changed_terms(standing, changes)
    fields = {"wording" if name == "text" else "notes" if name == "note" else name: v for name, v in changes.items()}
    for name in {"opens_on", "deadline"} & fields.keys():
        fields[name] = check_field(name, day_of_moment, fields[name])
    if fields.get("given"):
        fields["given"] = the_slug(desk.store, Claim, fields["given"])
    deadline = year_as_text(fields.get("deadline"))
    if isinstance(deadline, str):
        fields["deadline"] = window_until(deadline, None, standing.opens_on, field="deadline").deadline
    return fields


def register(desk: Desk, records: Iterable[Record]) -> int:
    """Enter a catalogue's records in order; how many entries that made comes back."""
    leading = Leading(desk)
    try:
        return enter_all(desk, leading.checked(records))
    except NotFound as missing:
        raise NotFound(f"{missing}, nor in the catalogue; add its table there, or mend the slug") from None


class Leading:
    """The scored claim of each statement, on file or checked since; the last where one superseded another."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store
        self._leading: dict[str, str | None] = {}  # by statement
        self._statements: dict[str, str] = {}  # of claims checked since

    def checked(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records; a claim that is new must go with what is scored already.

        What is on file is looked up for as many at once as are entered together.
        """
        waiting = iter(records)
        while some := list(islice(waiting, TOGETHER)):
            claims = [record for record in some if isinstance(record, Claim)]
            on_file = self._store.beginnings(Claim.noun, [claim.slug for claim in claims])
            fresh = (claim.statement for claim in claims if claim.slug not in on_file)
            new = {statement for statement in fresh if statement not in self._leading}
            self._leading.update(dict.fromkeys(new) | scored_claims(self._store, new))
            for record in some:
                if isinstance(record, Claim) and not (record.slug in on_file or record.slug in self._statements):
                    self.check(record)
                yield record

    def check(self, claim: Claim) -> None:
        """Refuse a second scored claim of a statement, which is one observation, unless it supersedes the first.

        The parts of a scored tree are not scored themselves. Raises Conflict.
        """
        self._statements[claim.slug] = claim.statement
        if not claim.scored:
            return
        other = self._of(claim.statement)
        if other not in {None, claim.slug, claim.supersedes}:
            raise Conflict(
                f"{other} is the scored reading of {claim.statement} already; "
                f"{claim.slug} can only be scored if it supersedes it; a further reading is not scored"
            )
        for part in claim.parts:
            statement = self._statements.get(part) or statement_of(self._store, part)
            if statement is not None and self._of(statement) == part:
                raise Conflict(f"{part} is scored by itself; it cannot be a part of {claim.slug}, which is scored too")
        self._leading[claim.statement] = claim.slug

    def _of(self, statement: str) -> str | None:
        if statement not in self._leading:
            self._leading[statement] = scored_claims(self._store, [statement]).get(statement)
        return self._leading[statement]


def free_slug(desk: Desk, slug: str | None, line: str) -> str:
    """Return the slug that was given, or one made of a line; Conflict where the one given is taken."""
    taken = Slugs(desk.store, Claim, Statement)
    if slug and slug in taken:
        claims = desk.store.revisions(Claim, slug=slug)
        words = claims[-1].wording if claims else desk.store.revisions(Statement, slug=slug)[-1].text
        raise Conflict(f"the slug {slug!r} is taken: {short_repr(words)}; say another slug=, or none")
    return slug or slug_from(line, taken)


def year_as_text(deadline: object) -> object:
    """Return a year that is given as a number of any type as text; anything else as it is.

    >>> year_as_text(2027), year_as_text("Q3 2027")
    ('2027', 'Q3 2027')
    """
    read = None if isinstance(deadline, str | date) else read_decimal(deadline)
    is_year = read is not None and int(read[0]) == read[0] and 1000 <= read[0] < 10_000
    return str(int(read[0])) if read and is_year else deadline


def window_until(deadline: date | str, opens_on: date | str | None, said_on: date, *, field: str) -> Window:
    """Return the window, from the day it was said, or from the day that was given."""
    if opens_on is None:
        return _read(deadline, said_on, SAID, field)
    return _read(deadline, check_field("opens_on", whole_day, opens_on), AS_GIVEN, field)


def _read(deadline: date | str, opens: date, made: str, field: str) -> Window:
    """Read a deadline given as a day, as words for one, or as the words of a window; *made* says what *opens* is."""
    deadline = year_as_text(deadline)  # type: ignore[assignment]  # what is neither is refused below
    try:
        last = whole_day(deadline)
    except InvalidValue:
        if isinstance(deadline, date):
            raise
        if not isinstance(deadline, str):
            way = "say a day such as 2027-06-30, or words such as 'Q3 2027'"
            raise InvalidValue(f"{field}={short_repr(deadline)} is not a date; {way}") from None
    else:
        return window_to(last, made_on=opens, made=made)
    try:
        window = read_window(f"by {deadline}", made_on=opens)
    except InvalidValue:
        window = read_window(deadline, made_on=opens)
    return window._replace(reading=window.reading.replace(SAID, made))

"""What `add` records: a claim of your own, with its statement; and the records of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from predictions.enums import ClaimType, SourceKind
from predictions.errors import Conflict, InvalidValue, NotFound, check_field, short_repr
from predictions.fields import check_slug, check_text
from predictions.number_checks import read_decimal
from predictions.recording.claim_types import changed_terms
from predictions.recording.corrected_names import check_names
from predictions.recording.drafts import ended, no_draft
from predictions.recording.enter import (
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
from predictions.recording.leading import Leading
from predictions.recording.spelled_fields import between_said
from predictions.records import Claim, Record, Source, Statement
from predictions.slugs import slug_from
from predictions.storage.claim_queries import claims_worded
from predictions.timestamps import day_of_moment, whole_day
from predictions.windows import AS_GIVEN, SAID, Window, read_window, window_to

OWN_READING = "own"
SLIP = "a slip, put right in the draft"
OWN_SOURCE = {"slug": "self", "title": "Our own claims", "kind": SourceKind.SELF}


class Added(NamedTuple):
    """The recorder's claim as it is on file, and other claims with the same words and another window."""

    claim: Claim
    alike: tuple[Claim, ...] = ()


def add(
    desk: Desk, text: str, *, deadline: date | str | None, opens_on: date | str | None, slug: str | None,
    fields: Mapping[str, object],
) -> Added:  # fmt: skip
    """Record a claim of one's own, with its statement and the source `self`.

    Nothing is recorded if the same words with the same window are on file.

    Args:
        desk: The open transaction.
        text: What is predicted.
        deadline: The last day that counts, or words for it.
        opens_on: The first day that counts; today unless given.
        slug: Its short name; made from the text unless given.
        fields: Further fields of the claim.

    Raises:
        InvalidValue: The deadline is missing, or a field is wrong.
        Conflict: The claim is on file with other terms, or the slug is taken.
    """
    text = check_field("text", check_text, text)
    if deadline is None:
        raise InvalidValue("until when? say deadline=DAY, the last day that counts")
    slug = check_named(check_slug, slug, "slug")
    given = said_of_claim(desk, fields)
    alike = tuple(claims_worded(desk.store, text))
    # Before the window is read: "in 18 months" said again next week means another day, but is the same prediction.
    for on_file in alike:
        if same_claim := _added_already(desk, on_file, given, deadline=deadline, opens_on=opens_on, slug=slug):
            return Added(same_claim)
    window = window_until(deadline, opens_on, desk.today, field="deadline")
    # Two claims with the same wording and deadline would count one question twice, and their slugs are easily confused.
    if rival := next((claim for claim in alike if claim.deadline == window.deadline), None):
        raise Conflict(
            f"the same words are on file as {rival.slug} ({rival.type}), {rival.opens_on} to {rival.deadline}; "
            f'another claim up to that day needs other words; a number on this one: ledger.forecast("{rival.slug}", P)'
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
    """Return the fields of a claim that were given; `given`, the claim it is conditional on, as a full slug."""
    axis = {"scale": fields["scale"]} if fields.get("low") is not None else {}  # a range says it, be it the plain one
    fields = {name: value for name, value in fields.items() if value is not None} | axis
    return {**fields, "given": the_slug(desk.store, Claim, fields["given"])} if "given" in fields else fields


def _added_already(
    desk: Desk, known: Claim, given: Mapping[str, object], *, deadline: date | str,
    opens_on: date | str | None, slug: str | None,
) -> Claim | None:  # fmt: skip
    """Return the claim on file if the call that added it is made again; None if this is another claim.

    Each revision of *known*, a claim with the same words, is compared: a notebook may run again later, after a draft
    was corrected. The deadline is read as on the day it was added. Fields that are not given are not compared.
    Raises Conflict if the call is the same except for some field.
    """
    for revision in known_as(desk, known):
        given = options_as_on_file(revision, given)
        window = window_until(deadline, opens_on, revision.opens_on, field="deadline")
        same_window = (window.opens_on, window.deadline) == (revision.opens_on, revision.deadline)
        same_type = given.get("type", ClaimType.YES_NO) == revision.type
        if slug in {None, known.slug} and same_window and same_type:
            anew = build(Claim, {**said_content(revision), **given})
            changes = {name: getattr(anew, name) for name in given if getattr(anew, name) != getattr(revision, name)}
            compared = ("wording", "opens_on", "deadline", "type", *given)
            if not changes and all(getattr(revision, name) == getattr(known, name) for name in compared):
                return known
            # Another field, or a call from before a correction: `enter` refuses the first and warns of the second.
            return enter(desk, build(Claim, {**said_content(known), **changes}) if changes else anew)
    return None


def options_as_on_file(claim: Claim, given: Mapping[str, object]) -> Mapping[str, object]:
    """Return the given fields with the options of a choice in the order of *claim*, if they are the same ones.

    Their order means nothing, but shares are stored by it.
    """
    options = given.get("options")
    if claim.type is given.get("type") is ClaimType.CHOICE and isinstance(options, tuple | list):
        return {**given, "options": claim.options} if set(options) == set(claim.options) else given
    return given


def fields_of_wording(wording: str) -> dict[str, str]:
    """Return the title and the criteria of a claim that has only a wording, made from it."""
    line = " ".join(wording.split())
    return {"title": line if len(line) <= 120 else f"{line[:117]}...", "criteria": f"As worded: {wording}"[:20_000]}


def read_from(wording: str, window: Window) -> dict[str, object]:
    """Return the fields of a yes-or-no claim that follow from its wording and its window."""
    return {"wording": wording, **fields_of_wording(wording), **window.fields, "type": ClaimType.YES_NO}


def made_anew(claim: Claim, wording: str) -> dict[str, object]:
    """Return title and criteria made from a new wording, as far as the claim's were made from its own."""
    new_texts = fields_of_wording(wording)
    return {
        name: new_texts[name]
        for name, old_text in fields_of_wording(claim.wording).items()
        if getattr(claim, name) == old_text
    }


def correct_claim(desk: Desk, claim: Claim, changes: Mapping[str, object], *, reason: str | None) -> Claim:
    """Correct a claim, and with its wording or window also the fields that :func:`add` derived from them.

    Args:
        desk: The open transaction.
        claim: Any revision of the claim.
        changes: The new values by argument of `add`; `text` is the wording, also of the statement if it has the same.
        reason: Why; a draft may be corrected by its recorder without one.

    Raises:
        InvalidValue: A field is wrong, or the reason is missing.
        Conflict: The claim is not a draft any more, and these fields can change in a draft only.
    """
    standing = (known_as(desk, claim) or [claim])[-1]
    fields = as_fields(desk, changes, standing)
    wording, derived = fields.get("wording"), dict[str, object]()
    if isinstance(wording, str):
        derived = made_anew(standing, wording)
    if not fields.keys().isdisjoint({"opens_on", "deadline"}):
        # These fields hold how the words for the old window were read. The words themselves, `horizon`, go only from
        # a claim of one's own: what a source wrote does not change.
        derived |= {"edtf": None, "horizon_read": None}
        if standing.reading == OWN_READING:
            derived["horizon"] = None
    check_names(desk, standing, fields)
    if not fields.keys() <= Claim.model_fields.keys():
        build(Claim, {**said_content(standing), **fields})  # raises, and names what is not a field
    if reason is None:
        why = ended(desk.store, desk.store.rows_under(Claim, slug=claim.slug), desk.me, desk.now)
        draft_only = {name: value for name, value in changes.items() if name not in {*Claim.amendable, "note"}}
        if "between" in draft_only:
            draft_only["between"] = between_said(*(fields[name] for name in ("low", "high", "scale")))
        if why and draft_only:
            raise no_draft(desk.store, standing.slug, why, draft_only)
        reason = None if why else SLIP
    corrected = correct(desk, claim, derived | fields, reason=reason)  # what was given wins over what follows from it
    if isinstance(wording, str) and standing.statement == standing.slug:
        statement = desk.store.revisions(Statement, slug=standing.statement)[-1]
        # The statement of one's own claim has the claim's words. That of somebody else's is a quotation, and stays.
        if statement.text == standing.wording:
            correct(desk, statement, {"text": wording}, reason=reason)
    return corrected


def as_fields(desk: Desk, changes: Mapping[str, object], standing: Claim) -> dict[str, object]:
    """Return changes, given by argument of `add`, as fields of a claim.

    `text` becomes the wording, `between` the ends of a range, words for a deadline the last day they mean.
    """
    field_of = {"text": "wording", "note": "notes"}
    fields = {field_of.get(name, name): value for name, value in changed_terms(standing, changes).items()}
    for name in {"opens_on", "deadline"} & fields.keys():
        fields[name] = check_field(name, day_of_moment, fields[name])
    if fields.get("given"):
        fields["given"] = the_slug(desk.store, Claim, fields["given"])
    deadline = year_as_text(fields.get("deadline"))
    if isinstance(deadline, str):
        fields["deadline"] = window_until(deadline, None, standing.opens_on, field="deadline").deadline
    return fields


def register(desk: Desk, records: Iterable[Record], file: str) -> int:
    """Record the records of the catalogue in a *file* in their order, and return how many of them were new."""
    leading = Leading(desk)
    try:
        return enter_all(desk, leading.checked(records))
    except NotFound as missing:
        absence, _, offer = str(missing).partition("; ")
        near = f"; {offer}" if offer.startswith("did you mean") else ""
        raise NotFound(f"{absence}, nor in {file}; add its table there, or mend the slug{near}") from None


def free_slug(desk: Desk, slug: str | None, line: str) -> str:
    """Return the slug that was given, or a free one made from a line of text; Conflict if the given one is taken."""
    taken = Slugs(desk.store, Claim, Statement)
    if slug and slug in taken:
        claims = desk.store.revisions(Claim, slug=slug)
        words = claims[-1].wording if claims else desk.store.revisions(Statement, slug=slug)[-1].text
        raise Conflict(f"the slug {slug!r} is taken: {short_repr(words)}; say another slug=, or none")
    return slug or slug_from(line, taken)


def year_as_text(deadline: object) -> object:
    """Return a year given as a number of any type as text, and anything else unchanged.

    >>> year_as_text(2027), year_as_text("Q3 2027")
    ('2027', 'Q3 2027')
    """
    decimal = None if isinstance(deadline, str | date) else read_decimal(deadline)
    is_year = decimal is not None and int(decimal[0]) == decimal[0] and 1000 <= decimal[0] < 10_000
    return str(int(decimal[0])) if decimal and is_year else deadline


def window_until(deadline: date | str, opens_on: date | str | None, said_on: date, *, field: str) -> Window:
    """Return the window up to a deadline, from *opens_on*, or if that is None from the day it was said."""
    if opens_on is None:
        return _read(deadline, said_on, SAID, field)
    return _read(deadline, check_field("opens_on", whole_day, opens_on), AS_GIVEN, field)


def _read(deadline: date | str, opens: date, made: str, field: str) -> Window:
    """Read a deadline given as a day, as words for one, or as words for a whole window.

    *made* is how the window's own note calls the day *opens*: the day it was said, or a day that was given.
    """
    deadline = year_as_text(deadline)  # type: ignore[assignment]  # anything but text and dates is refused below
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

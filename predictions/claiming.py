"""What `add` records: a claim of one's own in ten seconds, with its statement; and what a catalogue brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from predictions.dates import Window, read_day, read_window
from predictions.errors import Conflict, InvalidValue
from predictions.kinds import ClaimKind, SourceKind
from predictions.recording import Desk, build, enter, same_words, slug_from
from predictions.records import Claim, Record, Source, Statement

OWN = {"slug": "self", "title": "Our own claims", "kind": SourceKind.SELF}


def add(
    desk: Desk, wording: str, *, by: date | str, opens_on: date | str | None, slug: str | None,
    fields: Mapping[str, object],
) -> Claim:  # fmt: skip
    """Record source `self`, a statement and a claim; the claim on file where its words are there already."""
    opens = read_day(opens_on) if opens_on is not None else desk.today
    window = _window(by, opens)
    known = [one for one in desk.store.standing(Claim) if isinstance(wording, str) and same_words(one.wording, wording)]
    if known:
        claim = known[0]
        if (
            slug in {None, claim.slug}
            and claim.resolves_by == window.resolves_by
            and (opens_on is None or claim.opens_on == opens)
        ):
            return claim
        raise Conflict(
            f"the same words are on file as {claim.slug}, {claim.opens_on} to {claim.resolves_by}; "
            "another window is another wording"
        )
    enter(desk, build(Source, OWN))
    title = fields.get("title") or (wording if isinstance(wording, str) and len(wording) <= 120 else None)
    name = slug or slug_from(str(wording), desk.store.slugs(Claim))
    settings: dict[str, object] = {
        "slug": name, "statement": name, "reading": "own", "wording": wording, "scored": True,
        "title": title or f"{str(wording)[:117]}...", "criteria": f"As worded: {wording}"[:20_000],
        "opens_on": window.opens_on, "resolves_by": window.resolves_by, "horizon": window.horizon,
        "horizon_read": window.reading, "edtf": window.edtf,
        "kind": ClaimKind.EVENTS if fields.get("at_least") else ClaimKind.YES_NO,
    }  # fmt: skip
    claim = build(Claim, {**settings, **{key: value for key, value in fields.items() if value is not None}})
    enter(desk, build(Statement, {"slug": name, "source": OWN["slug"], "text": wording, "speaker": desk.me}))
    return enter(desk, claim)


def conditions_from(conditions: Mapping[str, str] | Sequence[str]) -> tuple[Mapping[str, str], ...]:
    """Conditions given as names with their tests, or as bare names."""
    if isinstance(conditions, str):
        raise InvalidValue("conditions are a list of names, or names with the text of their tests")
    if isinstance(conditions, Mapping):
        return tuple({"name": name, "text": text} for name, text in conditions.items())
    return tuple({"name": name, "text": name} for name in conditions)


def register(desk: Desk, records: Iterable[Record]) -> int:
    """Enter a catalogue's records in order; how many entries that made comes back."""
    before = desk.writing.entries
    scored = {claim.statement: claim for claim in desk.store.standing(Claim) if claim.scored}
    for record in records:
        if isinstance(record, Claim) and record.scored:
            other = scored.setdefault(record.statement, record)
            if other.slug not in (record.slug, record.supersedes):
                raise Conflict(
                    f"{other.slug} is the scored reading of {record.statement} already; "
                    f"{record.slug} can only be scored if it supersedes it"
                )
            scored[record.statement] = record
        enter(desk, record)
    return desk.writing.entries - before


def _window(by: date | str, opens: date) -> Window:
    words = by.isoformat() if isinstance(by, date) else by
    if not isinstance(words, str):
        raise InvalidValue(f"by={words!r} is not a date; say a day such as 2027-06-30, or words such as 'Q3 2027'")
    try:
        return read_window(f"by {words}", made_on=opens)
    except InvalidValue as first:
        try:
            return read_window(words, made_on=opens)
        except InvalidValue:
            raise first from None

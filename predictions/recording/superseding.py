"""What `supersede` records: a new claim that replaces an old one, with the evidence that is carried over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from predictions.errors import Conflict, InvalidValue, short_repr
from predictions.fields import check_slug
from predictions.recording.claims import as_fields, free_slug, made_anew, window_until
from predictions.recording.corrected_names import check_names
from predictions.recording.enter import Desk, build, check_named, enter, said_content, several, tags_from, the_slug
from predictions.recording.leading import Leading
from predictions.recording.spelled_fields import spelled_fields
from predictions.records import Bearing, Claim, Evidence
from predictions.storage.claim_queries import scored_claims

EVIDENCE, NO_BEARINGS = "evidence", "none"


class Superseded(NamedTuple):
    """A claim that replaces another.

    Attributes:
        claim: The new claim.
        old: The claim that it replaces.
        carried: The slugs of the evidence that was carried over.
        dropped: The conditions that it met on the old claim and that the new one does not have.
    """

    claim: Claim
    old: Claim
    carried: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def supersede(
    desk: Desk, claim: object, changes: Mapping[str, object], *, reason: str, slug: str | None, carry: object
) -> Superseded:
    """Record a claim that replaces another: the same one with some changes, and with its evidence if that is carried.

    Forecasts stay with the old claim, which is still to be resolved. A call made again records nothing.

    Args:
        desk: The open transaction.
        claim: The claim that is replaced.
        changes: The new values by argument of `add`; `text` is the wording.
        reason: Why it is replaced.
        slug: The new claim's short name; made from its title unless given.
        carry: `evidence`, to let the evidence on the old claim bear on the new one as well; empty or `none` for none.

    Raises:
        InvalidValue: Nothing changes, the reason is missing, or something other than evidence is to be carried.
        Conflict: The claim is replaced by another already, and both would be scored.
    """
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidValue("why is it replaced? say reason=TEXT")
    to_carry = [word for word in several(carry, "carry") if word != NO_BEARINGS]
    for word in to_carry:
        if word != EVIDENCE:
            stays = "forecasts stay where they were said; " if word == "forecasts" else ""
            ways = f'say carry="{EVIDENCE}", or carry="{NO_BEARINGS}"'
            raise InvalidValue(f"carry: {short_repr(word)} is not carried over; {stays}{ways}")
    old = desk.store.revisions(Claim, slug=the_slug(desk.store, Claim, claim))[-1]
    new = _replacement(desk, old, changes, slug)
    for successor in desk.store.revisions(Claim, supersedes=old.slug):
        is_same = said_content(successor) == said_content(new) | {"slug": successor.slug}
        if successor.revision == 1 and is_same and slug in {None, successor.slug}:
            return Superseded(desk.store.revisions(Claim, slug=successor.slug)[-1], old)
    leading = scored_claims(desk.store, [old.statement]).get(old.statement, old.slug)
    # Two claims that replace one would both be scored, though one statement is one observation.
    if old.scored and new.scored and leading != old.slug:
        call = f'ledger.supersede("{leading}", {spelled_fields(changes)}, reason="...")'
        raise Conflict(f"{old.slug} is superseded by {leading} already; that one is replaced with: {call}")
    Leading(desk).check(new)
    new = enter(desk, new, reason=reason)
    bearings = _bearings_to_carry(desk, old, new) if to_carry else []
    conditions = {condition.name for condition in new.conditions}
    dropped = sorted({name for bearing in bearings for name in bearing.meets if name not in conditions})
    for bearing in bearings:
        meets = tuple(name for name in bearing.meets if name in conditions)
        enter(desk, build(Bearing, {**said_content(bearing), "claim": new.slug, "meets": meets}))
    return Superseded(new, old, tuple(bearing.evidence for bearing in bearings), tuple(dropped))


def _replacement(desk: Desk, old: Claim, changes: Mapping[str, object], slug: str | None) -> Claim:
    """Build the new claim from the old one's fields, the changes, and the fields that follow from these."""
    new_fields = as_fields(desk, changes, old)
    check_names(desk, old, new_fields)
    for name in new_fields:
        if name in Claim.key or name in {"statement", "supersedes", "recorded_by", "revision", "reason"}:
            raise InvalidValue(f"the {name} of a claim that replaces another follows from that one; leave it out")
    if not new_fields:
        call = f'ledger.supersede("{old.slug}", deadline="DAY", reason="...")'
        raise InvalidValue(f"what changes? say the field and its new value, such as: {call}")
    if not new_fields.keys() <= Claim.model_fields.keys():
        build(Claim, {**said_content(old), **new_fields})  # raises, and names what is not a field
    if "tags" in new_fields:
        new_fields["tags"] = tags_from(new_fields["tags"])
    wording = new_fields.get("wording")
    derived = made_anew(old, wording) if isinstance(wording, str) else {}
    # The questions of platforms in `asked_as` were put onto the old claim; they do not ask the new one.
    fields = {**said_content(old), "asked_as": (), **derived, **new_fields, "supersedes": old.slug}
    if not new_fields.keys().isdisjoint({"deadline", "opens_on"}):
        opens_on = new_fields.get("opens_on", old.opens_on)
        window = window_until(fields["deadline"], opens_on, old.opens_on, field="deadline")  # type: ignore[arg-type]
        fields |= window.fields
    line = " ".join(str(fields["title"]).split())
    return build(Claim, {**fields, "slug": free_slug(desk, check_named(check_slug, slug, "slug"), line)})


def _bearings_to_carry(desk: Desk, old: Claim, new: Claim) -> list[Bearing]:
    """Return the latest bearing of each piece of evidence on the old claim.

    What bears on the new one already, and what was taken back, is not carried over.
    """
    latest = {bearing.evidence: bearing for bearing in desk.store.revisions(Bearing, claim=old.slug)}
    return [
        bearing
        for evidence, bearing in latest.items()
        if not desk.store.revisions(Bearing, claim=new.slug, evidence=evidence)
        and not desk.store.revisions(Evidence, slug=evidence)[-1].retracted
    ]

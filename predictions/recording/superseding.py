"""What `supersede` records: a new claim in the place of an old one, with the evidence that is carried over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from predictions.errors import Conflict, InvalidValue, short_repr
from predictions.fields import check_slug
from predictions.recording.claims import as_fields, free_slug, made_anew, window_until
from predictions.recording.corrected_names import check_names
from predictions.recording.drafts import spelled_fields
from predictions.recording.enter import Desk, build, check_named, enter, said_content, several, tags_from, the_slug
from predictions.recording.leading import Leading
from predictions.records import Bearing, Claim
from predictions.storage.claim_queries import scored_claims

EVIDENCE, NO_BEARINGS = "evidence", "none"


class Superseded(NamedTuple):
    """The new claim, the old one, which evidence was carried over, and which conditions it meets no more."""

    claim: Claim
    old: Claim
    carried: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def supersede(
    desk: Desk, claim: object, changes: Mapping[str, object], *, reason: str, slug: str | None, carry: object
) -> Superseded:
    """Record a claim that replaces another: the same one with some changes, under the same seal as its evidence.

    Forecasts stay where they were said, and the old claim is still resolved.

    Args:
        desk: The open transaction.
        claim: The claim that is replaced.
        changes: The fields that change; `text` is its wording.
        reason: Why it is replaced.
        slug: The new one's short name; made of its words unless given.
        carry: `evidence`, for what bears on the old claim to bear on the new one as well; nothing of it if empty.

    Raises:
        InvalidValue: Nothing changes, the reason is missing, or something else than evidence is to be carried.
    """
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidValue("why is it replaced? say reason=TEXT")
    carried = [word for word in several(carry, "carry") if word != NO_BEARINGS]
    for word in carried:
        if word != EVIDENCE:
            stays = "forecasts stay where they were said; " if word == "forecasts" else ""
            ways = f'say carry="{EVIDENCE}", or carry="{NO_BEARINGS}"'
            raise InvalidValue(f"carry: {short_repr(word)} is not carried over; {stays}{ways}")
    old = desk.store.revisions(Claim, slug=the_slug(desk.store, Claim, claim))[-1]
    new = _replacement(desk, old, changes, slug)
    for known in desk.store.revisions(Claim, supersedes=old.slug):
        if (
            known.revision == 1
            and said_content(known) == said_content(new) | {"slug": known.slug}
            and slug in {None, known.slug}
        ):
            return Superseded(desk.store.revisions(Claim, slug=known.slug)[-1], old)
    leading = scored_claims(desk.store, [old.statement]).get(old.statement, old.slug)
    # Two claims that replace one would both be scored, though one statement is one observation.
    if old.scored and new.scored and leading != old.slug:
        told = f'ledger.supersede("{leading}", {spelled_fields(changes)}, reason="...")'
        raise Conflict(f"{old.slug} is superseded by {leading} already; that one is replaced with: {told}")
    Leading(desk).check(new)
    kept = enter(desk, new, reason=reason)
    bearings = _carried(desk, old, kept) if carried else []
    names = {condition.name for condition in kept.conditions}
    dropped = sorted({name for bearing in bearings for name in bearing.meets if name not in names})
    for bearing in bearings:
        meets = tuple(name for name in bearing.meets if name in names)
        enter(desk, build(Bearing, {**said_content(bearing), "claim": kept.slug, "meets": meets}))
    return Superseded(kept, old, tuple(bearing.evidence for bearing in bearings), tuple(dropped))


def _replacement(desk: Desk, old: Claim, changes: Mapping[str, object], slug: str | None) -> Claim:
    """Build the new claim: the old one's fields, the changes, and what follows from these."""
    said = as_fields(desk, changes, old)
    check_names(desk, old, said)
    for name in said:
        if name in Claim.key or name in {"statement", "supersedes", "recorded_by", "revision", "reason"}:
            raise InvalidValue(f"the {name} of a claim that replaces another follows from that one; leave it out")
    if not said:
        told = f'ledger.supersede("{old.slug}", deadline="DAY", reason="...")'
        raise InvalidValue(f"what changes? say the field and its new value, such as: {told}")
    if not said.keys() <= Claim.model_fields.keys():
        build(Claim, {**said_content(old), **said})  # which says what is no field, and of which claim
    if "tags" in said:
        said["tags"] = tags_from(said["tags"])
    wording = said.get("wording")
    follows = made_anew(old, wording) if isinstance(wording, str) else {}
    fields = {**said_content(old), "asked_as": (), **follows, **said, "supersedes": old.slug}
    if not said.keys().isdisjoint({"deadline", "opens_on"}):
        opens_on = said.get("opens_on", old.opens_on)
        window = window_until(fields["deadline"], opens_on, old.opens_on, field="deadline")  # type: ignore[arg-type]
        fields |= window.fields
    line = " ".join(str(fields["title"]).split())
    return build(Claim, {**fields, "slug": free_slug(desk, check_named(check_slug, slug, "slug"), line)})


def _carried(desk: Desk, old: Claim, new: Claim) -> list[Bearing]:
    """Find what bears on the old claim now, the last revision of each."""
    last: dict[str, Bearing] = {}
    for bearing in desk.store.revisions(Bearing, claim=old.slug):
        last[bearing.evidence] = bearing
    return [one for one in last.values() if not desk.store.revisions(Bearing, claim=new.slug, evidence=one.evidence)]

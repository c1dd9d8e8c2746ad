"""What `log_evidence`, `bear` and `retract` record: a link, what it says about claims, and about which event."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from predictions.enums import Bears
from predictions.errors import InvalidValue, short_repr, warn
from predictions.fields import check_link, check_slug
from predictions.recording.enter import Desk, Slugs, build, checked, content, correct, enter, the_slug
from predictions.records import Bearing, Claim, Event, Evidence
from predictions.slugs import resembles, slipped, slug_from


def log_evidence(
    desk: Desk, claims: Sequence[str], link: str, title: str, *, slug: str | None, on: str | None,
    counts: str | None, event: str | None, bears: str | None, meets: Sequence[str] | None, why: str | None,
    likelihood_ratio: float | None, fields: Mapping[str, object],
) -> Evidence:  # fmt: skip
    """Record the evidence, the event where it is new, and a bearing on each claim."""
    if not claims:
        raise InvalidValue("say on which claim the evidence bears: a slug, or several")
    slug, counts, event = (
        checked(check_slug, value, field) for value, field in ((slug, "slug"), (counts, "counts"), (event, "event"))
    )
    if counts and event and counts != event:
        raise InvalidValue(f"counts= names the event already; it cannot be both {counts!r} and {event!r}")
    if counts and bears is not None and not (isinstance(bears, str) and bears == Bears.SUPPORTS):
        raise InvalidValue(f"counts= says that the evidence supports the claim; leave bears={short_repr(bears)} out")
    said = {"slug": slug or _slug_of(desk, link), "link": link, "title": title, "happened": on, **fields}
    evidence = enter(desk, _as_on_file(desk, {name: value for name, value in said.items() if value is not None}))
    happening = counts or event
    if happening:
        happening = _event(desk, happening, title, on)
    silent = all(value is None for value in (bears, happening, meets, why, likelihood_ratio))
    unsaid = Bears.SUPPORTS if counts else Bears.CONTEXT
    for claim in claims:
        record = desk.store.revisions(Claim, slug=the_slug(desk.store, Claim, claim))[-1]
        if silent and desk.store.revisions(Bearing, claim=record.slug, evidence=evidence.slug):
            continue  # what it says stands as it is
        wanted = meets
        if wanted is None and counts:
            wanted = [condition.name for condition in record.conditions]
        bear(
            desk, record.slug, evidence.slug, unsaid if bears is None else bears,
            event=happening, meets=wanted or (), why=why, likelihood_ratio=likelihood_ratio, reason=None,
        )  # fmt: skip
    return evidence


def _as_on_file(desk: Desk, said: Mapping[str, object]) -> Evidence:
    """The evidence as it is said; of what is on file already, what is left unsaid stays as it is there."""
    evidence = build(Evidence, said)
    revisions = desk.store.revisions(Evidence, slug=evidence.slug)
    agreeing = [one for one in revisions if all(getattr(one, name) == getattr(evidence, name) for name in said)]
    kept = (agreeing or revisions[-1:])[:1]  # the first, so that logging it again tells of what was corrected since
    return build(Evidence, {**content(kept[0]), **said}) if kept else evidence


def bear(
    desk: Desk, claim: str, evidence: str, bears: str, *, event: str | None, meets: Sequence[str],
    why: str | None, likelihood_ratio: float | None, reason: str | None,
) -> Bearing:  # fmt: skip
    """Record what one piece of evidence says about one claim."""
    record = desk.store.revisions(Claim, slug=the_slug(desk.store, Claim, claim))[-1]
    said = {
        "claim": record.slug, "evidence": the_slug(desk.store, Evidence, evidence), "bears": bears,
        "event": None if event is None else the_slug(desk.store, Event, event), "meets": tuple(meets), "why": why,
        "likelihood_ratio": likelihood_ratio,
    }  # fmt: skip
    return enter(desk, build(Bearing, said), reason=reason)


def retract(desk: Desk, evidence: str, *, reason: str) -> Evidence:
    """Take evidence back: it stays on file, marked, and counts for nothing any more."""
    standing = desk.store.revisions(Evidence, slug=the_slug(desk.store, Evidence, evidence))[-1]
    return correct(desk, standing, {"retracted": True}, reason=reason)


def _event(desk: Desk, slug: str, title: str, on: str | None) -> str:
    """The slug itself; an event not known yet is recorded under this title, which needs its day."""
    if desk.store.find(Event.noun, slug) is not None:
        return slug
    near = resembles(slug, desk.store.slugs(Event))
    if on is None:
        hint = f"; did you mean {near!r}?" if near else ""
        raise InvalidValue(f"the event {short_repr(slug)} is new; say on= when it happened: a day, month or year{hint}")
    if near and slipped(slug, near):
        warn(f"the event {slug!r} is recorded as a new one; {near!r} is on file: one thing in the world is one event")
    return enter(desk, build(Event, {"slug": slug, "title": title, "happened": on})).slug


def _slug_of(desk: Desk, link: str) -> str:
    """The slug of the evidence of that link; a new one is made of the link's host and last words."""
    if link is None:
        raise InvalidValue("evidence needs its link, https://...")
    checked(check_link, link, "link")
    known = desk.store.slug_of_link(link)
    if known:
        return known
    parts = urlsplit(link)
    host = ""
    with suppress(UnicodeError):  # of what the network cannot spell
        host = (parts.hostname or "").encode("idna").decode()
    host = re.sub(r"^www\.|\.(xn--[a-z0-9-]+|[a-z]+)$", "", host)
    words = [word for word in parts.path.split("/") if word]
    return slug_from(" ".join([host, *words[-1:]]), Slugs(desk.store, Evidence), otherwise="evidence")

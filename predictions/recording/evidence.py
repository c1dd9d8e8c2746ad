"""What `log_evidence` and `retract` record: a link, what it says about claims, and about which event."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from predictions.enums import Bears
from predictions.errors import InvalidValue, NotFound, check_field, short_repr, warn
from predictions.fields import check_link, check_period, check_slug
from predictions.recording.enter import Desk, Slugs, build, check_named, correct, enter, said_content, several, the_slug
from predictions.recording.other_kinds import TAKES_EVIDENCE_BACK
from predictions.records import Bearing, Claim, Event, Evidence
from predictions.slugs import resembles, slipped, slug_from
from predictions.storage.claim_queries import evidence_of_link
from predictions.timestamps import day_of_moment

ANY_HOST = re.compile(r"^www\.|\.(com|net|org|xn--[a-z0-9-]+)$")  # parts of a host's name that name nobody


class Logged(NamedTuple):
    """The evidence as it is on file, its bearing on each claim, and the event if it was recorded with it."""

    evidence: Evidence
    bearings: tuple[Bearing, ...]
    new_event: str | None = None


def log_evidence(
    desk: Desk, claims: Sequence[str], link: str, title: str | None, *, slug: str | None, on: object,
    counts: str | None, event: str | None, bears: str | None, meets: Sequence[str] | None, why: str | None,
    likelihood_ratio: float | None, fields: Mapping[str, object],
) -> Logged:  # fmt: skip
    """Record the evidence and the event, if they are new, and a bearing on each claim.

    Args:
        desk: The open transaction.
        claims: The claims on which it bears.
        link: Its address, or the slug of evidence on file.
        title: Its title; evidence on file needs none.
        slug: Its short name; made from the link unless given.
        on: When the event that it reports happened.
        counts: An event that by this evidence counts for the claims.
        event: An event it is about that does not count.
        bears: What it says about the claims; supports with *counts*, else context.
        meets: The conditions it meets; with *counts* all of them unless given.
        why: Why it bears on the claims in this way.
        likelihood_ratio: How much likelier the evidence is if the claim is true than if it is not.
        fields: Further fields of the evidence.

    Raises:
        InvalidValue: There is no claim or no title, or two arguments contradict each other.
    """
    if not claims:
        raise InvalidValue("say on which claim the evidence bears: a slug, or several")
    slug = check_named(check_slug, slug, "slug")
    counts, event = check_named(check_slug, counts, "counts"), check_named(check_slug, event, "event")
    if counts:
        _check_counts(counts, event, bears)
    happened = None if on is None else check_field("on", lambda day: check_period(day_of_moment(day)), on)
    published = check_field("published", day_of_moment, fields.get("published"))
    given_fields = {"title": title, **fields, "happened": happened, "published": published}
    evidence = _evidence_of(
        desk, link, slug, {name: value for name, value in given_fields.items() if value is not None}
    )
    happening = counts or event
    is_new_event = happening is not None and desk.store.find(Event.noun, happening) is None
    if happening:
        happening = _event(desk, happening, evidence.title, happened or (evidence.happened if counts else None))
    # It may be logged again to correct its title. That must not turn the bearing on file into mere context.
    keeps_bearing = all(value is None for value in (bears, happening, meets, why, likelihood_ratio))
    bearing = {
        "evidence": evidence.slug, "bears": (Bears.SUPPORTS if counts else Bears.CONTEXT) if bears is None else bears,
        "event": happening, "why": why, "likelihood_ratio": likelihood_ratio,
    }  # fmt: skip
    bearings = []
    for name in claims:
        claim = desk.store.revisions(Claim, slug=the_slug(desk.store, Claim, name))[-1]
        standing = desk.store.revisions(Bearing, claim=claim.slug, evidence=evidence.slug)
        if keeps_bearing and standing:
            bearings.append(standing[-1])
            continue
        all_conditions = [condition.name for condition in claim.conditions] if counts else []
        met = tuple(all_conditions if meets is None else meets)
        bearings.append(enter(desk, build(Bearing, {**bearing, "claim": claim.slug, "meets": met})))
    return Logged(evidence, tuple(bearings), happening if is_new_event else None)


def _check_counts(counts: str, event: str | None, bears: object) -> None:
    """Refuse `counts` together with another event, or with a bearing that does not support the claim."""
    if event and counts != event:
        raise InvalidValue(f"counts= names the event already; it cannot be both {counts!r} and {event!r}")
    if bears is not None and str(bears) != Bears.SUPPORTS:
        raise InvalidValue(f"counts= says that the evidence supports the claim; leave bears={short_repr(bears)} out")


def _evidence_of(desk: Desk, link: str, slug: str | None, arguments: dict[str, object]) -> Evidence:
    """Return the evidence with that slug or link, corrected by the fields that are given; record it if it is new."""
    if is_slug(link) and (arguments.get("title") is None or desk.store.find(Evidence.noun, link) is not None):
        if slug not in {None, link}:
            raise InvalidValue(f"slug: {link} is on file and keeps its slug; leave slug= out")
        on_file = desk.store.revisions(Evidence, slug=the_slug(desk.store, Evidence, link))[-1]
        identity = {"slug": on_file.slug, "link": on_file.link, "title": on_file.title}
        return enter(desk, _as_on_file(desk, {**identity, **arguments}))
    name = slug or _slug_of_link(desk, link)
    revisions = desk.store.revisions(Evidence, slug=name)
    title_on_file = revisions[-1].title if revisions else None
    if arguments.get("title") is None and title_on_file is None:
        raise InvalidValue(
            f'a title, please: log_evidence(CLAIM, LINK, "TITLE"); only evidence on file goes without one, and '
            f"{short_repr(link)} is not"
        )
    return enter(desk, _as_on_file(desk, {"title": title_on_file, "slug": name, "link": link, **arguments}))


def is_slug(text: object) -> bool:
    """Return whether a text has the form of a slug, and so means evidence on file rather than a link."""
    return isinstance(text, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]*", text) is not None


def evidence_named(desk: Desk, names: object, claim: Claim, bears: Bears) -> tuple[str, ...]:
    """Return the slugs of evidence named by slug or by link.

    A link that is not on file is recorded as evidence, with its address as the title, that *bears* so on the claim.
    """
    slugs = []
    for name in several(names, "because"):
        if not isinstance(name, str) or is_slug(name):
            try:
                slugs.append(the_slug(desk.store, Evidence, name))
            except NotFound as error:
                raise NotFound(f"{error}; a new link is taken, too") from None
            continue
        slug = _slug_of_link(desk, name)
        if desk.store.find(Evidence.noun, slug) is None:
            title = name.split("//", 1)[-1][:200]
            enter(desk, build(Evidence, {"slug": slug, "link": name, "title": title}))
            enter(desk, build(Bearing, {"claim": claim.slug, "evidence": slug, "bears": bears}))
        slugs.append(slug)
    return tuple(slugs)


def _as_on_file(desk: Desk, arguments: Mapping[str, object]) -> Evidence:
    """Build evidence from the fields that are given; if its slug is on file, take the others from there.

    They are taken from the first revision that agrees with all given fields: then a link that is logged again after a
    correction has its old content, which is warned of and does not silently undo the correction. If no revision
    agrees, the given fields are a correction of the latest one.
    """
    evidence = build(Evidence, arguments)
    revisions = desk.store.revisions(Evidence, slug=evidence.slug)
    if not revisions:
        return evidence
    given = [getattr(evidence, name) for name in arguments]
    agreeing = [revision for revision in revisions if [getattr(revision, name) for name in arguments] == given]
    completing = agreeing[0] if agreeing else revisions[-1]
    return build(Evidence, {**said_content(completing), **arguments})


def retract(desk: Desk, evidence: object, *, reason: str) -> Evidence:
    """Mark evidence as retracted: it stays on file and does not count any more."""
    slug = the_slug(desk.store, Evidence, evidence, instead=TAKES_EVIDENCE_BACK)
    standing = desk.store.revisions(Evidence, slug=slug)[-1]
    return correct(desk, standing, {"retracted": True}, reason=reason, act=f"to retract {standing.slug}")


def _event(desk: Desk, slug: str, title: str, on: str | None) -> str:
    """Return the slug of an event; if it is new, record it with this title, which needs the day *on* which it was."""
    if desk.store.find(Event.noun, slug) is not None:
        return slug
    near = resembles(slug, desk.store.slugs(Event))
    if on is None:
        hint = f"; did you mean {near!r}?" if near else ""
        raise InvalidValue(f"the event {short_repr(slug)} is new; say on= when it happened: a day, month or year{hint}")
    # A warning and no refusal: two events may have names as alike as cto-leaves-1 and cto-leaves-2.
    if near and slipped(slug, near):
        warn(f"the event {slug!r} is recorded as a new one; {near!r} is on file: one thing in the world is one event")
    return enter(desk, build(Event, {"slug": slug, "title": title, "happened": on})).slug


def _slug_of_link(desk: Desk, link: str) -> str:
    """Return the slug of the evidence with that link; a new one, from host and path, if there is none on file."""
    if link is None:
        raise InvalidValue("evidence needs its link, https://...")
    check_named(check_link, link, "link")
    slug_on_file = evidence_of_link(desk.store, link)
    return slug_on_file or slug_from(words_of_link(link), Slugs(desk.store, Evidence), otherwise="evidence")


def words_of_link(link: str) -> str:
    """Return the words for the slug of evidence: the host of its link and the last part of the path.

    >>> words_of_link("https://www.a.example/2026/report")
    'a.example report'
    """
    parts = urlsplit(link)
    host = ""
    with suppress(UnicodeError):  # a name that no host can have
        host = (parts.hostname or "").encode("idna").decode()
    words = [word for word in parts.path.split("/") if word]
    return " ".join([ANY_HOST.sub("", host), *words[-1:]])

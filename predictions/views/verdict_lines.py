"""The verdicts that can be given on a claim today, as lines to type, and what the evidence makes of it in a line."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.doubts import made_by_parts
from predictions.enums import ClaimType, Outcome
from predictions.records import Claim
from predictions.render.blocks import Hint
from predictions.render.commands import command
from predictions.render.text import WIDTH
from predictions.snapshot import Snapshot
from predictions.status import outcome_of, settled
from predictions.tally_result import Standing, Tally

LEAST_WORDS = 2  # of a shortened slug


def verdict_lines(snapshot: Snapshot, claim: Claim, made_of: Tally) -> list[Hint]:
    """List the lines that decide a claim, the likeliest first; its slug is shortened where one would be too long."""
    lines = _lines(snapshot, claim, made_of, claim.slug)
    if any(line.is_code and line.indent + len(line.typed) > WIDTH for line in lines):
        slugs = [other.slug for other in snapshot.all(Claim)]
        return _lines(snapshot, claim, made_of, unique_beginning(claim.slug, slugs))
    return lines


def on_file(made_of: Tally) -> str:
    """Say what the evidence makes of a claim; empty for a tree, whose parts decide."""
    if made_of.parts:
        return made_of.short
    if made_of.claim.type is not ClaimType.EVENTS:
        counts = made_of.supporting or made_of.opposing
        return f"{made_of.supporting} for, {made_of.opposing} against" if counts else "nothing that counts"
    provisional = made_of.of(Standing.PROVISIONAL)
    why = f" ({provisional[0].event} {provisional[0].why})" if len(provisional) == 1 else ""
    return f"{made_of.noted}{why}" if made_of.counted else made_of.short


def unique_beginning(slug: str, slugs: Sequence[str]) -> str:
    """Shorten a slug to its first whole words, at least two, by which no other slug begins.

    >>> unique_beginning("two-labs-publish-prices", ["two-labs-publish-prices", "two-suns-set"])
    'two-labs'
    """
    words = slug.split("-")
    for count in range(LEAST_WORDS, len(words)):
        beginning = "-".join(words[:count])
        if not any(other.startswith(beginning) and other != slug for other in slugs):
            return beginning
    return slug


def _lines(snapshot: Snapshot, claim: Claim, made_of: Tally, slug: str) -> list[Hint]:
    if claim.parts:
        return _tree_lines(snapshot, claim, slug)
    day, because = made_of.happened or (None, "LINK")
    known = day if day and day <= snapshot.today else None
    options = {"happened_on": str(known) if known else "DAY"}
    if made_of.perhaps:
        reason = {"reason": "WHY"}
        yes = command("resolve", slug, "yes", **options, because=because)
    else:
        reason = {}
        yes = command("resolve", slug, "yes", **options, because="LINK")
    no = [command("resolve", slug, "no", **reason)] if settled(snapshot, claim) else []
    if not made_of.perhaps:
        return [*no, yes]
    thin = [event for event in made_of.of(Standing.PROVISIONAL) if event.why.startswith("rests")]
    second = [command("log_evidence", slug, "LINK", "TITLE", counts=event.event, note="a second") for event in thin[:1]]
    return [yes, *second, *no]


def _tree_lines(snapshot: Snapshot, claim: Claim, slug: str) -> list[Hint]:
    """List what the parts of a tree make of it, or which of them have to be resolved first."""
    makes = made_by_parts(snapshot, claim)
    if makes is None:
        parts = [part for part in claim.parts if outcome_of(snapshot, snapshot.find(Claim, part)) is None]
        text = f"once its parts are resolved: {', '.join(parts)}"
        return [Hint(text, text, 4)]
    if makes is Outcome.NO:
        return [command("resolve", slug, "no")] if settled(snapshot, claim) else []
    return [command("resolve", slug, str(makes), known_on="DAY", reason="WHY")]

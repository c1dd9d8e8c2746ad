"""The verdicts that can be given on a claim today, as lines to type."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.enums import ClaimType, Outcome
from predictions.records import Claim
from predictions.render.blocks import Hint
from predictions.render.commands import command
from predictions.render.text import WIDTH
from predictions.slugs import begins
from predictions.snapshot import Snapshot
from predictions.status import outcome_of, settled
from predictions.tally.doubts import made_by_parts
from predictions.tally.result import Standing, Tally

LEAST_WORDS = 2  # of a shortened slug
LONGEST_OPTION = 12  # letters


def verdict_lines(snapshot: Snapshot, claim: Claim, made_of: Tally) -> list[Hint]:
    """List the lines that decide a claim, the likeliest first; its slug is shortened where one would be too long."""
    lines = _lines(snapshot, claim, made_of, claim.slug)
    if any(line.is_code and line.indent + len(line.typed) > WIDTH for line in lines):
        slugs = [other.slug for other in snapshot.all(Claim)]
        return _lines(snapshot, claim, made_of, unique_beginning(claim.slug, slugs))
    return lines


def unique_beginning(slug: str, slugs: Sequence[str]) -> str:
    """Shorten a slug to its first whole words, at least two, by which no other slug begins.

    >>> unique_beginning("two-labs-publish-prices", ["two-labs-publish-prices", "two-suns-set"])
    'two-labs'
    """
    words = slug.split("-")
    for count in range(LEAST_WORDS, len(words)):
        beginning = "-".join(words[:count])
        if not any(begins(other, beginning) and other != slug for other in slugs):
            return beginning
    return slug


def _lines(snapshot: Snapshot, claim: Claim, made_of: Tally, slug: str) -> list[Hint]:
    """List the lines to type for a claim by its type; first what the evidence suggests."""
    if claim.parts:
        return _tree_lines(snapshot, claim, slug)
    if claim.options:
        return [command("resolve", slug, _options(claim, slug), known_on="DAY", reason="WHY")]
    if claim.type is ClaimType.NUMBER:
        return [command("resolve", slug, "VALUE", known_on="DAY", reason="WHY")]
    day, because = made_of.happened or (None, ["LINK"])
    happened_on = str(day) if day and day <= snapshot.today else "DAY"
    yes = command("resolve", slug, "yes", happened_on=happened_on, because=because)
    reason = "WHY" if made_of.perhaps else ""
    no = [command("resolve", slug, "no", reason=reason)] if settled(snapshot, claim) else []
    if not made_of.perhaps:
        return [*no, yes]
    thin = [event for event in made_of.of(Standing.PROVISIONAL) if event.why.startswith("rests")]
    second = [command("log_evidence", slug, "LINK", "TITLE", counts=event.event, note="a second") for event in thin[:1]]
    return [yes, *second, *no]


def _options(claim: Claim, slug: str) -> str:
    """List the options of which one is to be typed, or, where they are too long for a line, the first or none."""
    listed = "|".join(claim.options)
    line = command("resolve", slug, listed, known_on="DAY", reason="WHY")
    if line.indent + len(line.typed) <= WIDTH:
        return listed
    return f"{claim.options[0]}|..." if len(claim.options[0]) <= LONGEST_OPTION else "OPTION"


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

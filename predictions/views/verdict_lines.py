"""The verdicts that can be given on a claim today, as lines to type."""

from __future__ import annotations

from predictions.enums import ClaimType, Outcome
from predictions.records import Claim
from predictions.render.blocks import Hint
from predictions.render.columns import WIDTH
from predictions.render.commands import command
from predictions.snapshot import Snapshot
from predictions.status import outcome_of, settled
from predictions.tally.doubts import made_by_parts
from predictions.tally.result import Standing, Tally

LONGEST_OPTION = 12  # letters


def verdict_lines(snapshot: Snapshot, claim: Claim, made_of: Tally) -> list[Hint]:
    """List the lines that decide a claim by its type, the likeliest first."""
    if claim.parts:
        return _tree_lines(snapshot, claim)
    if claim.options:
        return [command("resolve", claim.slug, _options(claim), known_on="DAY", reason="WHY")]
    if claim.type is ClaimType.NUMBER:
        return [command("resolve", claim.slug, "VALUE", known_on="DAY", reason="WHY")]
    day, because = made_of.happened or (None, ["LINK"])
    happened_on = str(day) if day and day <= snapshot.today else "DAY"
    yes = command("resolve", claim.slug, "yes", happened_on=happened_on, because=because)
    reason = "WHY" if made_of.perhaps else ""
    no = [command("resolve", claim.slug, "no", reason=reason)] if settled(snapshot, claim) else []
    if not made_of.perhaps:
        return [*no, yes]
    thin = [event for event in made_of.of(Standing.PROVISIONAL) if event.why.startswith("rests")]
    second = [
        command("log_evidence", claim.slug, "LINK", "TITLE", counts=event.event, aside="a second") for event in thin[:1]
    ]
    return [yes, *second, *no]


def _options(claim: Claim) -> str:
    """List the options of which one is to be typed, or, where they are too long for a line, the first or none."""
    listed = "|".join(claim.options)
    line = command("resolve", claim.slug, listed, known_on="DAY", reason="WHY")
    if line.indent + len(line.typed) <= WIDTH:
        return listed
    return f"{claim.options[0]}|..." if len(claim.options[0]) <= LONGEST_OPTION else "OPTION"


def _tree_lines(snapshot: Snapshot, claim: Claim) -> list[Hint]:
    """List what the parts of a tree make of it, or which of them have to be resolved first."""
    makes = made_by_parts(snapshot, claim)
    if makes is None:
        parts = [part for part in claim.parts if outcome_of(snapshot, snapshot.find(Claim, part)) is None]
        text = f"once its parts are resolved: {', '.join(parts)}"
        return [Hint(text, text, 4)]
    if makes is Outcome.NO:
        return [command("resolve", claim.slug, "no")] if settled(snapshot, claim) else []
    return [command("resolve", claim.slug, str(makes), known_on="DAY", reason="WHY")]

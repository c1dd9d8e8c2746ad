"""The commands that decide a claim, to copy from a card or from the list of what is due."""

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

LONGEST_OPTION = 12  # letters of an option in a command


def verdict_lines(snapshot: Snapshot, claim: Claim, made_of: Tally) -> list[Hint]:
    """Return the commands that decide a claim, as its type and its tally need them; the likeliest verdict first."""
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
    thin = next((event for event in made_of.of(Standing.PROVISIONAL) if event.why.startswith("rests")), None)
    if thin is None:
        return [yes, *no]
    second_source = command("log_evidence", claim.slug, "LINK", "TITLE", counts=thin.event, aside="a second")
    return [yes, second_source, *no]


def _options(claim: Claim) -> str:
    """Return the options as a placeholder, "north|south"; if that is too long for a line, only the first, or none."""
    listed = "|".join(claim.options)
    line = command("resolve", claim.slug, listed, known_on="DAY", reason="WHY")
    if line.indent + len(line.typed) <= WIDTH:
        return listed
    return f"{claim.options[0]}|..." if len(claim.options[0]) <= LONGEST_OPTION else "OPTION"


def _tree_lines(snapshot: Snapshot, claim: Claim) -> list[Hint]:
    """Return the command for the verdict that follows from the parts of a tree, or which parts have none yet."""
    outcome = made_by_parts(snapshot, claim)
    if outcome is None:
        parts = [part for part in claim.parts if outcome_of(snapshot, snapshot.find(Claim, part)) is None]
        text = f"once its parts are resolved: {', '.join(parts)}"
        return [Hint(text, text, 4)]
    if outcome is Outcome.NO:
        return [command("resolve", claim.slug, "no")] if settled(snapshot, claim) else []
    return [command("resolve", claim.slug, str(outcome), known_on="DAY", reason="WHY")]

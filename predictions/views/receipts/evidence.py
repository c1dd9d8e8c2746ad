"""Make the receipts of `log_evidence` and `retract`: what was recorded, and what it counts for."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.enums import Bears
from predictions.numerals import counted
from predictions.recording.enter import Desk
from predictions.recording.evidence import Logged
from predictions.records import Bearing, Evidence
from predictions.render.columns import cut_at_word
from predictions.tally.result import Standing, Tally
from predictions.tally.tally import outside_window
from predictions.views.receipts.receipt import Receipt, ReceiptLines, stands_already

LONGEST_TITLE = 60  # characters of a title
MOST_BEARINGS = 3  # claims that have a line each
COUNTS_AS = "counts as "  # after the slug of the claim: begins the part of its line that names the event


def logged(desk: Desk, found: Logged) -> Receipt:
    """Return the receipt of evidence, with what it says about each claim; :func:`tallied` completes it."""
    evidence, wrote = found.evidence, desk.writing.entries
    if not wrote:
        return stands_already(evidence)
    when = f" ({evidence.happened or evidence.published})" if evidence.happened or evidence.published else ""
    bearings = [_bearing_line(bearing) for bearing in found.bearings]
    lines = [f"{evidence.slug}: {cut_at_word(evidence.title, LONGEST_TITLE)}{when}", *bearings[:MOST_BEARINGS]]
    if left_out := bearings[MOST_BEARINGS:]:
        lines.append(f"and of {counted(len(left_out), 'more claim')}")
    if found.new_event:
        lines.append(f"new: event {found.new_event}")
    return Receipt(evidence.slug, evidence, lines, wrote=wrote)


def tallied(lines: ReceiptLines, evidence: Evidence, tallies: Sequence[Tally]) -> ReceiptLines:
    """Add the tally of each claim to its line of the receipt, if the evidence counts for that claim.

    Args:
        lines: The lines of the receipt.
        evidence: The evidence.
        tallies: The tallies of the claims, in which the evidence is counted already.
    """
    completed = []
    for line in lines:
        for tally in tallies:
            counts_as = f"{tally.claim.slug}: {COUNTS_AS}"
            if line.startswith(counts_as):
                addition = _tally_words(tally, evidence, line.removeprefix(counts_as))
                completed.append(f"{line}; {addition}" if addition else line)
                break
        else:
            completed.append(line)
    return tuple(completed)


def _tally_words(tally: Tally, evidence: Evidence, event: str) -> str:
    """Return the tally of a claim in words, "" for nothing to say.

    For a claim that is judged as a whole nothing is counted. Then the words are only that the evidence reports
    something from outside the window, which a reader may have overlooked.
    """
    if not tally.as_whole:
        return _count_with_reason(tally, event)
    return outside_window(tally.claim, evidence.happened) if evidence.happened else ""


def _count_with_reason(tally: Tally, event: str) -> str:
    """Return the count of a tally; if an event does not count fully, with the reason: ``0 of 2 (x lacks y)``."""
    provisional = tally.of(Standing.PROVISIONAL)
    why = next((event_tally.why for event_tally in tally.events if event_tally.event == event), "")
    if not why:
        return tally.noted
    reason = f"{event} {why}"
    if event not in {event_tally.event for event_tally in provisional}:
        return f"{tally.noted} ({reason})"
    if why.startswith("rests on "):
        sourcing = f"{why.removeprefix('rests on ')}, and the criteria ask for two"
        reason = sourcing if len(provisional) == 1 else f"{event} on {sourcing}"
    return f"{tally.count} ({len(provisional)} provisional: {reason})"


def retracted(desk: Desk, evidence: Evidence) -> Receipt:
    """Return the receipt of evidence that was taken back."""
    if not desk.writing.entries:
        return stands_already(evidence)
    first = f"{evidence.slug}: retracted; it stays on file, marked, and counts no more"
    return Receipt(evidence.slug, evidence, (first,), wrote=desk.writing.entries)


def _bearing_line(bearing: Bearing) -> str:
    """Return the line on what evidence says about one claim."""
    if bearing.bears is Bears.SUPPORTS and bearing.event:
        return f"{bearing.claim}: {COUNTS_AS}{bearing.event}"
    return f"{bearing.claim}: {bearing.bears}" + (f", of {bearing.event}" if bearing.event else "")

"""What the verbs say that record evidence, or take it back."""

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

LONGEST_TITLE = 60  # characters of the title of evidence, at most
MOST_BEARINGS = 3  # claims of which each has a line


def logged(desk: Desk, found: Logged) -> Receipt:
    """Tell of evidence, and what it says of each claim; what the tally makes of it is told by :func:`tallied`."""
    evidence, wrote = found.evidence, desk.writing.entries
    if not wrote:
        return stands_already(evidence)
    when = f" ({evidence.happened or evidence.published})" if evidence.happened or evidence.published else ""
    bearings = [_bearing(bearing) for bearing in found.bearings]
    lines = [f"{evidence.slug}: {cut_at_word(evidence.title, LONGEST_TITLE)}{when}", *bearings[:MOST_BEARINGS]]
    if left_out := bearings[MOST_BEARINGS:]:
        lines.append(f"and of {counted(len(left_out), 'more claim')}")
    if found.new_event:
        lines.append(f"new: event {found.new_event}")
    return Receipt(evidence.slug, evidence, lines, wrote=wrote)


def tallied(lines: ReceiptLines, evidence: Evidence, tallies: Sequence[Tally]) -> ReceiptLines:
    """Say what the evidence on file now makes of the claims for which this evidence counts.

    Of a claim that is judged as a whole, for which nothing is counted, that what it reports lies outside the window.
    """
    for tally in tallies:
        counts = f"{tally.claim.slug}: counts as "
        lines = tuple(
            "; ".join(filter(None, (line, _made_of(tally, evidence, line.removeprefix(counts)))))
            if line.startswith(counts)
            else line
            for line in lines
        )
    return lines


def _made_of(tally: Tally, evidence: Evidence, event: str) -> str:
    """Say what is counted of a claim; of one that is judged as a whole, only what a reader may have overlooked."""
    if not tally.as_whole:
        return _tally_words(tally, event)
    return outside_window(tally.claim, evidence.happened) if evidence.happened else ""


def _tally_words(tally: Tally, event: str) -> str:
    """Say what is counted of a claim, and why an event is no more than provisional, or not counted."""
    provisional = tally.of(Standing.PROVISIONAL)
    why = next((one.why for one in tally.events if one.event == event), "")
    if not why:
        return tally.noted
    told = f"{event} {why}"
    if event not in {one.event for one in provisional}:
        return f"{tally.noted} ({told})"
    if why.startswith("rests on "):
        asked = f"{why.removeprefix('rests on ')}, and the criteria ask for two"
        told = asked if len(provisional) == 1 else f"{event} on {asked}"
    return f"{tally.count} ({len(provisional)} provisional: {told})"


def retracted(desk: Desk, evidence: Evidence) -> Receipt:
    """Tell of evidence taken back."""
    if not desk.writing.entries:
        return stands_already(evidence)
    first = f"{evidence.slug}: retracted; it stays on file, marked, and counts no more"
    return Receipt(evidence.slug, evidence, (first,), wrote=desk.writing.entries)


def _bearing(bearing: Bearing) -> str:
    """Say what evidence says of one claim."""
    if bearing.bears is Bears.SUPPORTS and bearing.event:
        return f"{bearing.claim}: counts as {bearing.event}"
    return f"{bearing.claim}: {bearing.bears}" + (f", of {bearing.event}" if bearing.event else "")

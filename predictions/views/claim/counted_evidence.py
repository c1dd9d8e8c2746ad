"""Count the evidence on a claim in one line, by its worth."""

from __future__ import annotations

from predictions.numerals import counted
from predictions.records import Evidence
from predictions.redacted import none_on_file
from predictions.views.claim.evidence import Worth, weighed
from predictions.views.claim.on_file import ClaimFile

WORTH_WORDS = {  # with the number one, and with other numbers
    Worth.COUNTS: ("counts", "count"),
    Worth.CONTESTED: ("contested or against", "contested or against"),
    Worth.FALLS_SHORT: ("falls short", "fall short"),
    Worth.BACKGROUND: ("background", "background"),
}


def evidence_counts(file: ClaimFile) -> str:
    """Return the count of the evidence by its worth for the claim, and how much of it was retracted."""
    if not file.on_file:
        return f"{none_on_file('evidence', Evidence.noun, file.snapshot.lacks)}; the criteria and the rest:"
    count = counted(len(file.on_file), "piece of evidence", "pieces of evidence")
    each = [counted(len(items), *WORTH_WORDS[worth]) for worth, items in weighed(file.on_file, file.tally)]
    if retracted := sum(bool(item.evidence.retracted) for item in file.on_file):
        each.append(f"{retracted} of all taken back")
    redactions = file.snapshot.lacks.told_of(Evidence.noun) if file.snapshot.lacks else ""
    return f"{count}: {', '.join(each)}" + (f"; more of some claim {redactions}" if redactions else "")

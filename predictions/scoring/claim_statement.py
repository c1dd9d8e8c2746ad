"""Tell who said what a claim asks, and whether that counts as said, from the records of that claim alone.

A receipt asks this. The rules are those of :mod:`predictions.scoring.columns.speakers` and
:mod:`predictions.scoring.without_number`, and tests hold both to the same answers.
"""

from __future__ import annotations

from datetime import timedelta

from predictions.enums import SourceKind
from predictions.fits import DISTRIBUTIONS
from predictions.records import Claim, Source, Statement
from predictions.snapshot import Snapshot, asked_at
from predictions.status import by_day, counts_until, stands_at, vouched_days
from predictions.timestamps import end_of

ASKS = {SourceKind.PLATFORM, SourceKind.LEDGER, SourceKind.SELF}  # sources that hold questions
ASSERTS = {*SourceKind} - ASKS - {SourceKind.OTHER}  # publications, which speak as a whole where nobody is named


def speaker_of(snapshot: Snapshot, claim: Claim) -> str | None:
    """Return who said what a claim asks; None where somebody asked it.

    It is the speaker whom the statement names, or else a publication in its own words, if it has no number on the
    claim under another name. Whoever asked a question on a platform or of oneself has predicted nothing.
    """
    statement = snapshot.find(Statement, claim.statement)
    source = snapshot.find(Source, statement.source)
    if source.kind in ASKS:
        return None
    if statement.speaker is not None or source.kind not in ASSERTS or statement.paraphrased:
        return statement.speaker
    carried = any(item.record.published_in == source.slug for item in snapshot.forecasts_on(claim))
    return None if carried else source.publisher or source.title


def stood_as_said(snapshot: Snapshot, claim: Claim) -> bool:
    """Tell whether the statement of a claim of yes or no was on file, or is dated, before the answer was public."""
    statement = snapshot.find(Statement, claim.statement)
    source = snapshot.find(Source, statement.source)
    learned = snapshot.revisions(Statement, statement.slug)[0].recorded_at
    days = vouched_days(source.kind, source.published)
    dated = days and min(learned, end_of(days[1]) - timedelta.resolution)
    since = dated or max(learned, asked_at(snapshot, claim))
    verdict = snapshot.verdict(claim)
    in_time = stands_at(since, by_day=by_day(claim, verdict)) < counts_until(claim, verdict)
    return claim.scored and claim.type not in DISTRIBUTIONS and in_time

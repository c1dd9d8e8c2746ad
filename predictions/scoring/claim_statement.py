"""Decide whose statement a claim reads, and whether it was made in time, from the records of that claim alone.

A receipt needs this. The rules are those of :mod:`predictions.scoring.columns.speakers` and
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
ASSERTS = {*SourceKind} - ASKS - {SourceKind.OTHER}  # publications, which are the speaker if no person is named


def speaker_of(snapshot: Snapshot, claim: Claim) -> str | None:
    """Return the name of the speaker whose statement the claim reads; None if it is a question or nobody is known.

    It is the speaker whom the statement names, or else the publication, if it is quoted word for word and did not
    publish a number on the claim. A question on a platform, or one to oneself, predicts nothing, so it has no speaker.
    """
    statement = snapshot.find(Statement, claim.statement)
    source = snapshot.find(Source, statement.source)
    if source.kind in ASKS:
        return None
    if statement.speaker is not None or source.kind not in ASSERTS or statement.paraphrased:
        return statement.speaker
    published_number = any(item.record.published_in == source.slug for item in snapshot.forecasts_on(claim))
    return None if published_number else source.publisher or source.title


def stood_as_said(snapshot: Snapshot, claim: Claim) -> bool:
    """Return True if the claim asks yes or no, and its statement was made or on file before the answer was public."""
    statement = snapshot.find(Statement, claim.statement)
    source = snapshot.find(Source, statement.source)
    recorded_at = snapshot.revisions(Statement, statement.slug)[0].recorded_at
    days = vouched_days(source.kind, source.published)
    # The end of the source's last day, or the recording if that came first; None if the source has no exact day.
    dated = days and min(recorded_at, end_of(days[1]) - timedelta.resolution)
    since = dated or max(recorded_at, asked_at(snapshot, claim))
    verdict = snapshot.verdict(claim)
    in_time = stands_at(since, by_day=by_day(claim, verdict)) < counts_until(claim, verdict)
    return claim.scored and claim.type not in DISTRIBUTIONS and in_time

"""Describe what changed a series between two cards: records that only one of them has, and days that passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date

from predictions.enums import DERIVED
from predictions.numerals import exact
from predictions.recorded import Recorded
from predictions.records import AnyRecord, Claim, Evidence, Forecast, Forecaster, Record, Resolution, Source
from predictions.scoring.crowds.numbers import METHODS
from predictions.snapshot import Snapshot
from predictions.status import Timing, settle_on, timing

MOST_FORECASTS = 20  # so many forecasts are named as causes of one change; others are only counted


def causes_of(
    before: Snapshot, after: Snapshot, on_file: Sequence[Mapping[str, Recorded[Claim]]], slug: str, forecaster: str
) -> list[str]:
    """Return a description of each record and each day between two cards that may have changed a series.

    Args:
        before: The records as of the earlier card.
        after: The records as of the later card.
        on_file: The claims of the earlier and of the later card, by slug.
        slug: The claim of the series.
        forecaster: The forecaster of the series; for a computed crowd the forecasts of all its members count.

    Returns:
        The causes, in words; empty if neither card has the claim.
    """
    revisions = [claims[slug] for claims in on_file if slug in claims]
    if not revisions:
        return []
    claim = revisions[-1].record
    causes = _new(before.resolutions_of(claim), after.resolutions_of(claim))
    causes += _given(before, after, claim)
    old, new = _forecasts_on(before, claim, forecaster), _forecasts_on(after, claim, forecaster)
    new_forecasts = _new(old, new, name_forecaster=forecaster in METHODS)
    causes += new_forecasts[:MOST_FORECASTS]
    if len(new_forecasts) > MOST_FORECASTS:
        causes.append(f"{len(new_forecasts) - MOST_FORECASTS:,} more forecasts")
    causes += _dating_records(before, after, claim, [item.record for item in new])
    if slug in on_file[0]:
        causes += _new(revisions[:1], revisions[1:])
    else:
        causes.append(f"the claim was recorded {after.recorded_at(claim):%Y-%m-%d}")
    successor = after.superseded_by(claim)
    if successor and not before.superseded_by(claim):
        causes.append(f"superseded by {successor.slug}")
    for day, event in ((claim.deadline, "the window ended"), (settle_on(claim), "the settle day came")):
        if _passed(before.today, after.today, day):
            causes.append(f"{event} {day}")
    return causes


def _forecasts_on(snapshot: Snapshot, claim: Claim, forecaster: str) -> list[Recorded[Forecast]]:
    """Return the forecasts by a forecaster on a claim; for a computed crowd, those that it combines."""
    on_claim = snapshot.forecasts_on(claim)
    if forecaster in METHODS:
        return [item for item in on_claim if _in_crowds(snapshot, item.record)]
    return [item for item in on_claim if item.record.forecaster == forecaster]


def _in_crowds(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Return True if computed crowds count the forecast: stated, not backdated, and not by a computed forecaster."""
    derived = {forecaster.slug for forecaster in snapshot.all(Forecaster) if forecaster.kind in DERIVED}
    backdated = timing(snapshot, forecast) is Timing.BACKDATED
    return not backdated and not forecast.imputed and forecast.forecaster not in derived


def _given(before: Snapshot, after: Snapshot, claim: Claim) -> list[str]:
    """Describe new verdicts on the claim that this one is given, and on the claims which that one is given in turn.

    A no on any of them annuls the claim.
    """
    causes = []
    while claim.given:
        claim = after.find(Claim, claim.given)
        new = _new(before.resolutions_of(claim), after.resolutions_of(claim))
        causes += [f"{claim.slug}, which it is given: {text}" for text in new]
    return causes


def _dating_records(before: Snapshot, after: Snapshot, claim: Claim, forecasts: Sequence[Forecast]) -> list[str]:
    """Describe corrections of the sources and the evidence that date these forecasts, and evidence that was retracted.

    Retracted evidence is a cause if it dates one of the forecasts, or bears on the claim.
    """
    sources = {forecast.published_in for forecast in forecasts}
    dating_evidence = {forecast.published_in_evidence for forecast in forecasts}
    bearing = {item.evidence.slug for item in after.evidence_on(claim)}
    retracted_before = {evidence.slug for evidence in before.all(Evidence) if evidence.retracted}
    retracted = [item for item in after.all(Evidence) if item.retracted and item.slug not in retracted_before]
    corrected = dating_evidence - {evidence.slug for evidence in retracted}
    return [
        *_new(_records_named(Source, before, sources), _records_named(Source, after, sources)),
        *_new(_records_named(Evidence, before, corrected), _records_named(Evidence, after, corrected)),
        *(
            f"evidence {evidence.slug} was retracted: {evidence.reason}"
            for evidence in retracted
            if evidence.slug in dating_evidence | bearing
        ),
    ]


def _records_named(cls: type[AnyRecord], snapshot: Snapshot, slugs: Set[str | None]) -> list[Recorded[AnyRecord]]:
    """Return the records of one kind with these slugs; None is not a slug."""
    if not slugs - {None}:  # the usual case; reading every source would take long
        return []
    return [item for item in snapshot.recorded(cls) if item.record.name in slugs]


def _new(
    before: Sequence[Recorded[AnyRecord]], after: Sequence[Recorded[AnyRecord]], *, name_forecaster: bool = False
) -> list[str]:
    """Describe the records that are only in *after*; with *name_forecaster*, forecasts with their forecaster's name."""
    old = [item.record for item in before]
    descriptions = []
    for item in after:
        if item.record not in old:
            description = _description(item.record, f"recorded {item.recorded_at:%Y-%m-%d}")
            if name_forecaster and isinstance(item.record, Forecast):
                description = f"{item.record.forecaster}: {description}"
            descriptions.append(description)
    return descriptions


def _description(record: Record, recorded: str) -> str:
    """Describe a record in a few words: what it is, when it was recorded, and why it was corrected."""
    text = f"{record.noun} {record.name}"
    if isinstance(record, Resolution):
        dissent = ", a dissent" if record.dissent else ""
        text = f"verdict {record.number}{dissent}: {record.said}, known {record.known}"
    if isinstance(record, Forecast):
        number = "withdrawn " if record.withdrawn else "" if record.point is None else f"{exact(record.point)} "
        text = f"forecast {number}of {record.made_at.date()}"
    text += f", {recorded}"
    if record.revision > 1:
        text += f", correction {record.revision - 1}"
    return f"{text}: {record.reason}" if record.reason else text


def _passed(before: date, after: date, day: date) -> bool:
    """Return True if one card was made before the day, and the other on it or later."""
    return before < day <= after or after < day <= before

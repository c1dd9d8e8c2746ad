"""What changed between two scorecards, and which record changed it: a verdict, a forecast, a correction, a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from predictions.enums import DERIVED
from predictions.numerals import exact, figure
from predictions.records import Claim, Evidence, Forecast, Forecaster, Record, Resolution, Source
from predictions.render.blocks import Block, Heading, Paragraph, Table
from predictions.render.result import Result
from predictions.scoring.changed_series import changes_between
from predictions.scoring.crowds import METHODS
from predictions.scoring.pool import Pool
from predictions.scoring.series_row import SeriesRow, rows_of
from predictions.scoring.track_record import TrackRecord
from predictions.snapshot import AnyRecord, Recorded, Snapshot
from predictions.status import Timing, settle_on, timing

MOST_FORECASTS = 20  # forecasts behind one change, at most


@dataclass(frozen=True)
class Change:
    """One forecaster's row on one claim, before and after."""

    claim: str
    forecaster: str
    before: str
    after: str
    brier_before: float | None
    brier_after: float | None
    why: tuple[str, ...]


@dataclass(frozen=True)
class MeanChange:
    """One forecaster's mean Brier and its statements, before and after."""

    forecaster: str
    brier_before: float | None
    brier_after: float | None
    n_before: int
    n_after: int


@dataclass(frozen=True, repr=False)
class Difference(Result, rows="changes", of=Change):
    """The changes from an earlier scorecard to a later one."""

    before: str
    after: str
    forecasters: tuple[MeanChange, ...]
    changes: tuple[Change, ...]
    left_out: int = 0  # changes beyond those, which move a Brier score less

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Heading(f"From {self.before} to {self.after}")]
        if not self.changes:
            return [*found, Paragraph("nothing changed", 2)]
        rows = [
            (
                one.forecaster, f"{_score(one.brier_before)} -> {_score(one.brier_after)}",
                f"{one.n_before} -> {one.n_after}", figure(_step(one.brier_before, one.brier_after), sign=True),
            )
            for one in self.forecasters
        ]  # fmt: skip
        found.append(Table(("forecaster", "Brier", "n", "change"), rows, figures=(3,)))
        by_claim: dict[tuple[str, tuple[str, ...]], list[Change]] = {}
        for change in self.changes:
            by_claim.setdefault((change.claim, change.why), []).append(change)
        for (claim, why), changes in by_claim.items():
            found += [Paragraph(""), Heading(claim)]
            for change in changes:
                scores = f", Brier {_score(change.brier_before)} -> {_score(change.brier_after)}"
                moved = scores if change.brier_before != change.brier_after else ""
                found.append(Paragraph(f"{change.forecaster}: {change.before} -> {change.after}{moved}", 2, 4))
            found += [Paragraph(f"because {text}", 4, 6) for text in why]
        if self.left_out:
            shown = f"the {len(self.changes):,} that move a Brier score most are told; "
            found += [Paragraph(""), Paragraph(f"{shown}{self.left_out:,} more series changed", 2)]
        return found


def differ(before: Pool, after: Pool) -> Difference:
    """What changed from one card to the other, claim by claim."""
    moved = changes_between(before, after)
    told = [
        dict(zip(places.tolist(), rows_of(side.table, side.cohort, places), strict=True))
        for side, places in ((before, moved.before[moved.before >= 0]), (after, moved.after[moved.after >= 0]))
    ]
    pairs = [
        (told[0].get(one), told[1].get(two))
        for one, two in zip(moved.before.tolist(), moved.after.tolist(), strict=True)
    ]
    claims = sorted({row.claim.slug for pair in pairs for row in pair if row})
    sides = [side.reader.snapshot(claims) for side in (before, after) if claims]
    known = [{item.record.slug: item for item in side.recorded(Claim)} for side in sides]
    changes = []
    for one, two in pairs:
        row = two or one
        if row:
            scores = [side.middle.brier if side else None for side in (one, two)]
            key = row.claim.slug, row.forecaster
            why = tuple(_why(sides[0], sides[1], known, key))
            changes.append(Change(*key, _state(one), _state(two), scores[0], scores[1], why))
    records = [{record.forecaster.slug: record for record in side.listed} for side in (before, after)]
    names = [*records[1], *(name for name in records[0] if name not in records[1])]
    moves = tuple(_moved(records, name) for name in names)
    earlier, later = (f"{side.reader.today} (head {side.reader.head})" for side in (before, after))
    return Difference(earlier, later, moves, tuple(changes), moved.left_out)


def _moved(records: Sequence[Mapping[str, TrackRecord]], name: str) -> MeanChange:
    one, two = (side.get(name) for side in records)
    briers = [side.mean("brier") if side else None for side in (one, two)]
    return MeanChange(name, briers[0], briers[1], one.n if one else 0, two.n if two else 0)


def _score(brier: float | None) -> str:
    return "not scored" if brier is None else figure(brier)


def _step(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _state(row: SeriesRow | None) -> str:
    if row is None:
        return "not on the card"
    outcome = f" {exact(row.value)}" if row.value is not None else ""
    return f"{row.category}{outcome}, p {figure(row.middle.probability, 2)}"


def _why(
    before: Snapshot, after: Snapshot, known: Sequence[Mapping[str, Recorded[Claim]]], key: tuple[str, str]
) -> list[str]:
    """The records that one ledger has and the other lacks, as far as they concern a claim; and the days passed."""
    slug, forecaster = key
    recorded = [claims[slug] for claims in known if slug in claims]
    if not recorded:
        return []
    claim = recorded[-1].record
    found = _new(before.resolutions_of(claim), after.resolutions_of(claim))
    found += _given(before, after, claim)
    said = [side.forecasts_on(claim) for side in (before, after)]
    mine = [[one for one in items if one.record.forecaster == forecaster] for items in said]
    if forecaster in METHODS:
        sides = zip(said, (before, after), strict=True)
        mine = [[one for one in items if _in_crowds(side, one.record)] for items, side in sides]
    new = _new(mine[0], mine[1], whose=forecaster in METHODS)
    found += [
        *new[:MOST_FORECASTS],
        *([f"{len(new) - MOST_FORECASTS:,} more forecasts"] if len(new) > MOST_FORECASTS else []),
    ]
    found += _carriers(before, after, claim, [one.record for one in mine[1]])
    if slug in known[0]:
        found += _new(recorded[:1], recorded[1:])
    else:
        found.append(f"the claim was recorded {after.recorded_at(claim):%Y-%m-%d}")
    replaced = after.superseded_by(claim)
    if replaced and not before.superseded_by(claim):
        found.append(f"superseded by {replaced.slug}")
    for day, what in ((claim.deadline, "the window ended"), (settle_on(claim), "the settle day came")):
        if _passed(before.today, after.today, day):
            found.append(f"{what} {day}")
    return found


def _in_crowds(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Whether a forecast counts in what several people come to together."""
    derived = {one.slug for one in snapshot.all(Forecaster) if one.kind in DERIVED}
    dated = timing(snapshot, forecast) is not Timing.BACKDATED
    return dated and not forecast.imputed and forecast.forecaster not in derived


def _given(before: Snapshot, after: Snapshot, claim: Claim) -> list[str]:
    """The new verdicts on the claim that this one is given, and on what that one is given: a no annuls it."""
    found = []
    while claim.given:
        claim = after.find(Claim, claim.given)
        new = _new(before.resolutions_of(claim), after.resolutions_of(claim))
        found += [f"{claim.slug}, which it is given: {text}" for text in new]
    return found


def _carriers(before: Snapshot, after: Snapshot, claim: Claim, forecasts: Sequence[Forecast]) -> list[str]:
    """What was corrected in the sources and the evidence that date these forecasts, and what was retracted."""
    sources = {one.published_in for one in forecasts}
    carrying = {one.published_in_evidence for one in forecasts}
    bearing = {item.evidence.slug for item in after.evidence_on(claim)}
    gone = [one for one in after.all(Evidence) if one.retracted and not _retracted(before, one)]
    dated = carrying - {one.slug for one in gone}
    return [
        *_new(*(_named(Source, side, sources) for side in (before, after))),
        *_new(*(_named(Evidence, side, dated) for side in (before, after))),
        *(f"evidence {one.slug} was retracted: {one.reason}" for one in gone if one.slug in carrying | bearing),
    ]


def _named(cls: type[AnyRecord], side: Snapshot, slugs: Set[str | None]) -> list[Recorded[AnyRecord]]:
    return [item for item in side.recorded(cls) if item.record.name in slugs] if slugs - {None} else []


def _new(
    before: Sequence[Recorded[AnyRecord]], after: Sequence[Recorded[AnyRecord]], *, whose: bool = False
) -> list[str]:
    """What is told of the records that were not there before; of forecasts also *whose* they are."""
    had = [item.record for item in before]
    return [
        (f"{item.record.forecaster}: " if whose and isinstance(item.record, Forecast) else "")
        + _told(item.record, f"recorded {item.recorded_at:%Y-%m-%d}")
        for item in after
        if item.record not in had
    ]


def _told(record: Record, recorded: str) -> str:
    told = f"{record.noun} {record.name}"
    if isinstance(record, Resolution):
        outcome = record.fraction if record.fraction is not None else record.outcome
        told = f"verdict {record.number}: {outcome}, known {record.known}"
    if isinstance(record, Forecast):
        said = "withdrawn" if record.point is None else f"{exact(record.point)}"
        told = f"forecast {said} of {record.made_at.date()}"
    number = f", correction {record.revision - 1}" if record.revision > 1 else ""
    return f"{told}, {recorded}{number}" + (f": {record.reason}" if record.reason else "")


def _retracted(before: Snapshot, evidence: Evidence) -> bool:
    return any(one.slug == evidence.slug and one.retracted for one in before.all(Evidence))


def _passed(before: date, after: date, day: date) -> bool:
    return before < day <= after or after < day <= before

"""Compare two scorecards: what changed, and which record or day changed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from forecasts.inputs import IndexArray
from predictions.enums import ClaimType
from predictions.numerals import exact, figure
from predictions.recorded import Recorded
from predictions.records import Claim
from predictions.render.blocks import Block, Heading, Paragraph, Table
from predictions.render.result import Result
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.compare.change_causes import causes_of
from predictions.scoring.compare.changed_series import changes_between
from predictions.scoring.pool import Pool
from predictions.scoring.series_row import SeriesRow, series_rows
from predictions.scoring.track_record import TrackRecord
from predictions.scoring.type_text import outcome_in_words, said_text
from predictions.snapshot import Snapshot

ASKS_YES_OR_NO = ClaimType.YES_NO.value  # stands for every type that comes out yes or no
Records: TypeAlias = Mapping[tuple[str, str], TrackRecord]  # by type and forecaster


@dataclass(frozen=True)
class SeriesChange:
    """One forecaster on one claim, before and after.

    Attributes:
        claim: The slug of the claim.
        forecaster: The slug of the forecaster.
        before: Where the earlier card counts the series, its outcome and its number, in words.
        after: Where the later card counts it, likewise.
        brier_before: Its Brier score on the earlier card; None without one.
        brier_after: Its Brier score on the later card; None without one.
        why: The records and days that explain the change, in words.
        type: The type of the claim.
    """

    claim: str
    forecaster: str
    before: str
    after: str
    brier_before: float | None
    brier_after: float | None
    why: tuple[str, ...]
    type: str = ASKS_YES_OR_NO


@dataclass(frozen=True)
class MeanChange:
    """One forecaster's mean Brier on claims of a type and the number of statements in it, before and after."""

    forecaster: str
    brier_before: float | None
    brier_after: float | None
    n_before: int
    n_after: int
    type: str = ASKS_YES_OR_NO


@dataclass(frozen=True, repr=False)
class Difference(Result, rows="changes", of=SeriesChange):
    """The changes from an earlier scorecard to a later one.

    Attributes:
        before: The day and the head of the earlier card.
        after: The day and the head of the later card.
        forecasters: The means of every forecaster listed on either card.
        changes: The series that changed most.
        left_out: How many more series changed.
    """

    before: str
    after: str
    forecasters: tuple[MeanChange, ...]
    changes: tuple[SeriesChange, ...]
    left_out: int = 0

    def blocks(self) -> Sequence[Block]:
        """Lay out the means of each forecaster, then the changes claim by claim with their causes."""
        blocks: list[Block] = [Heading(f"From {self.before} to {self.after}")]
        if not self.changes:
            return [*blocks, Paragraph("nothing changed", 2)]
        blocks.append(self._means())
        by_claim: dict[tuple[str, tuple[str, ...]], list[SeriesChange]] = {}
        for change in self.changes:
            by_claim.setdefault((change.claim, change.why), []).append(change)
        for (claim, why), changes in by_claim.items():
            blocks += [Paragraph(""), Heading(claim)]
            for change in changes:
                scores = ""
                if change.brier_before != change.brier_after:
                    scores = f", {_called(change.type)} {_score(change.brier_before)} -> {_score(change.brier_after)}"
                blocks.append(Paragraph(f"{change.forecaster}: {change.before} -> {change.after}{scores}", 2, 4))
            blocks += [Paragraph(f"because {cause}", 4, 6) for cause in why]
        if self.left_out:
            listed = f"the {len(self.changes):,} that move a Brier score most are told"
            blocks += [Paragraph(""), Paragraph(f"{listed}; {self.left_out:,} more series changed", 2)]
        return blocks

    def _means(self) -> Table:
        """Return the table of the mean Brier scores of each forecaster, before and after."""
        rows = []
        for mean in self.forecasters:
            step = None
            if mean.brier_before is not None and mean.brier_after is not None:
                step = mean.brier_after - mean.brier_before
            scores = f"{_score(mean.brier_before)} -> {_score(mean.brier_after)}"
            who = mean.forecaster if mean.type == ASKS_YES_OR_NO else f"{mean.forecaster}, {mean.type}"
            rows.append((who, scores, f"{mean.n_before} -> {mean.n_after}", figure(step, sign=True)))
        called = {_called(mean.type) for mean in self.forecasters}
        return Table(("forecaster", "score" if "score" in called else "Brier", "n", "change"), rows, figures=(3,))


def differ(before: Pool, after: Pool, records: tuple[Records, Records]) -> Difference:
    """Compare an earlier card with a later one, claim by claim.

    Args:
        before: The earlier card's series on claims of every type.
        after: The later card's series on claims of every type.
        records: The records on the earlier and on the later card of the forecasters listed on either.
    """
    moved = changes_between(before, after)
    old_rows, new_rows = _rows_at(before, moved.before), _rows_at(after, moved.after)
    claims = sorted({row.series.claim.slug for row in [*old_rows.values(), *new_rows.values()]})
    changes = []
    if claims:
        snapshots = before.reader.snapshot(claims), after.reader.snapshot(claims)
        on_file = tuple({item.record.slug: item for item in side.recorded(Claim)} for side in snapshots)
        for old_position, new_position in zip(moved.before.tolist(), moved.after.tolist(), strict=True):
            old, new = old_rows.get(old_position), new_rows.get(new_position)
            latest = new or old
            if latest:  # always so, because each series is on one of the cards at least
                changes.append(_series_change(latest, old, new, snapshots, on_file))
    old_records, new_records = records
    names = [*new_records, *(name for name in old_records if name not in new_records)]
    return Difference(
        before=f"{before.reader.today} (head {before.reader.head})",
        after=f"{after.reader.today} (head {after.reader.head})",
        forecasters=tuple(_mean_change(*name, old_records.get(name), new_records.get(name)) for name in names),
        changes=tuple(changes),
        left_out=moved.left_out,
    )


class _ToldSeries(NamedTuple):
    """One series, the type of its claim, and in words where it is counted, its outcome and its forecast."""

    series: SeriesRow
    type: str
    state: str


def _rows_at(pool: Pool, positions: IndexArray) -> dict[int, _ToldSeries]:
    """Return the rows of the series at some positions, by position; -1 is left out."""
    existing = positions[positions >= 0]
    part, claims = pool.table.series.part(existing), pool.table.claims
    columns = existing.tolist(), series_rows(pool.table, pool.cohort, existing), part.claim.tolist()
    rows = {}
    for position, row, claim, lines in zip(*columns, pool.reader.lines_said(part), strict=True):
        if claims.types.kind[claim] == YES_OR_NO:
            rows[position] = _ToldSeries(row, ASKS_YES_OR_NO, _state(row))
            continue
        outcome, said = outcome_in_words(claims, claim), said_text(claims.types, claim, lines)
        state = " ".join(filter(None, [row.category, outcome])) + (f"; said {said}" if said else "")
        rows[position] = _ToldSeries(row, claims.types.word[claim], state)
    return rows


def _series_change(
    latest: _ToldSeries, old: _ToldSeries | None, new: _ToldSeries | None, snapshots: tuple[Snapshot, Snapshot],
    on_file: Sequence[Mapping[str, Recorded[Claim]]],
) -> SeriesChange:  # fmt: skip
    """Describe the change of one series from *old* to *new*, None on a card without it; *latest* is not None."""
    slug, forecaster = latest.series.claim.slug, latest.series.forecaster
    before, after = (series.state if series else "not on the card" for series in (old, new))
    loss, later_loss = (series.series.middle.brier if series else None for series in (old, new))
    why = causes_of(*snapshots, on_file, slug, forecaster)
    return SeriesChange(slug, forecaster, before, after, loss, later_loss, tuple(why), latest.type)


def _mean_change(type_: str, name: str, old: TrackRecord | None, new: TrackRecord | None) -> MeanChange:
    """Return one forecaster's means on the earlier and on the later card; None for a card without them."""
    return MeanChange(
        name, old.mean("brier") if old else None, new.mean("brier") if new else None, old.n if old else 0,
        new.n if new else 0, type_,
    )  # fmt: skip


def _score(brier: float | None) -> str:
    return "not scored" if brier is None else figure(brier)


def _called(type_: str) -> str:
    """Return the name of a loss on claims of a type."""
    return "Brier" if type_ == ASKS_YES_OR_NO else "score"


def _state(row: SeriesRow) -> str:
    """Return in words where a series on a claim of yes or no is counted, its outcome and its number."""
    outcome = f" {exact(row.value)}" if row.value is not None else ""
    return f"{row.category}{outcome}, p {figure(row.middle.probability, 2)}"

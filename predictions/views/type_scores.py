"""The scores of claims that are not yes or no: a table for each type, because means are taken within a type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from predictions.render.blocks import Block, Paragraph, Table
from predictions.render.result import Value
from predictions.scoring.claim_types import CHOICE, DATE, KIND_OF_TYPE, NUMBER, ORDERED
from predictions.scoring.eligibility import Rule
from predictions.scoring.pool import Pool
from predictions.scoring.pooled_skill import PooledSkill
from predictions.scoring.score_columns import SCORES
from predictions.scoring.totals import track_records
from predictions.scoring.track_record import FEW, TrackRecord
from predictions.views.leaderboard_words import some_of
from predictions.views.scorecard_tables import why_not

WHAT: Mapping[int, tuple[str, str]] = {
    CHOICE: ("CHOICES", "half the sum of the options' Brier scores"),
    ORDERED: ("ORDERED OPTIONS", 'the mean Brier score of "at most this one?"'),
    NUMBER: ("NUMBERS", 'the mean Brier score of "at most x?" over the range'),
    DATE: ("DATES", 'the mean Brier score of "by this day?" over the days to come'),
}
WORDS: Mapping[int, str] = {kind: str(word) for word, kind in KIND_OF_TYPE.items()}
MEANS = ("brier", "entered", "time_skill", "coverage")


@dataclass(frozen=True)
class TypeScores:
    """Everybody's means on the claims of one type.

    Attributes:
        kind: CHOICE, ORDERED, NUMBER or DATE.
        rule: Which forecast of each series is scored.
        records: The records of those who have forecast such a claim.
    """

    kind: int
    rule: Rule
    records: tuple[TrackRecord, ...]

    def blocks(self, names: Mapping[str, str]) -> Iterator[Block]:
        """Lay out the means, what is not counted and the bounds; *names* says how each is called."""
        yield self._means(names)
        told = [(_name(record, names), why_not(record.funnel)) for record in self.records]
        if out := [f"{who}: {why}" for who, why in told if why]:
            yield Paragraph(f"NOT COUNTED  {'; '.join(out)}", 2, 15)
        ends = [(_name(record, names), record.every_open) for record in self.records if not record.words_only]
        spans = [f"{who} {SCORES['bounds_open'].shown(span)}" for who, span in ends if span and span[0] < span[1]]
        if spans:
            yield Paragraph(f"if what is open went best for a forecaster, or worst: score {some_of(spans)}", 2, 4)

    def _means(self, names: Mapping[str, str]) -> Table:
        title, score = WHAT[self.kind]
        rows = [
            (
                _name(record, names), f"{record.n:,}",
                *(SCORES[name].shown(record.means[name]) if record.n else "-" for name in MEANS),
                "too few" if record.n and record.few else "",
            )
            for record in self.records
        ]  # fmt: skip
        caption = f"{title}  {score}, of the {self.rule} forecast: 0 is perfect"
        return Table(("who", "n", "score", "entered", "skill over time", "covered", ""), rows, range(1, 6), caption)

    def rows(self) -> list[Mapping[str, Value]]:
        """The same as rows, one for each forecaster."""
        return [
            {
                "type": WORDS[self.kind], "forecaster": record.forecaster.slug, "n": record.n, "too_few": record.few,
                "score": record.means.get("brier"), **{name: record.means.get(name) for name in MEANS[1:]},
                "bounds_due": record.due, "bounds_open": record.every_open, "funnel": dict(record.funnel),
            }
            for record in self.records
        ]  # fmt: skip


def type_scores(pool: Pool, kinds: Sequence[int]) -> tuple[TypeScores, ...]:
    """Return the scores of those listed on claims of some kinds, of a pool of claims of every type."""
    listed, found = {record.forecaster.slug for record in pool.listed}, list[TypeScores]()
    for kind in kinds:
        of_kind = pool.table.on(pool.table.wanted & (pool.table.claims.types.kind == kind))
        records = [one for one in track_records(of_kind, pool.cohort) if one.forecaster.slug in listed]
        on_any = sorted(
            (record for record in records if record.funnel["forecast"]), key=lambda record: -record.funnel["forecast"]
        )
        if on_any:
            found.append(TypeScores(kind, pool.rule, tuple(on_any)))
    return tuple(found)


def pooled_table(pooled: Sequence[PooledSkill], names: Mapping[str, str]) -> Table:
    """Lay out the skill over all types of those who are scored on several."""
    rows = [
        (
            names.get(one.forecaster.slug, one.forecaster.title), f"{one.n:,}", SCORES["time_skill"].shown(one.skill),
            SCORES["coverage"].shown(one.coverage), f"{one.types}", "too few" if one.n < FEW else "",
        )
        for one in pooled
    ]  # fmt: skip
    caption = "EVERY TYPE  skill over time: loss saved against knowing nothing, over what that expects to lose"
    return Table(("who", "n", "skill", "covered", "types", ""), rows, range(1, 5), caption)


def _name(record: TrackRecord, names: Mapping[str, str]) -> str:
    return names.get(record.forecaster.slug, record.forecaster.title)

"""How good each forecaster was, as known on any date, with honest denominators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean

from predictions.display import Block, Heading, Paragraph, Shown, Table, Value, figure
from predictions.kinds import Outcome
from predictions.records import Claim, Forecaster
from predictions.scoring import Cohort, Place, Row, Rule, score
from predictions.snapshot import Snapshot
from predictions.status import Status, status
from predictions.tally import tally
from predictions.track import FUNNEL, TrackRecord, by_statement

ENDS = ("low", "middle", "high")


@dataclass(frozen=True, repr=False)
class Scorecard(Shown):
    """The records of some forecasters, and how they were arrived at."""

    records: tuple[TrackRecord, ...]
    cohort: Cohort
    rule: Rule
    as_of: datetime
    today: date
    head: str
    partly_met: frozenset[str]
    unforecast: int

    def record(self, forecaster: str) -> TrackRecord:
        """The record of one forecaster; KeyError where there is none."""
        return {record.forecaster.slug: record for record in self.records}[forecaster]

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [
            Heading(f"Scorecard as of {self.today}", f"head {self.head}"),
            Paragraph(
                ("claims settled by then" if self.cohort is Cohort.SETTLED else "claims resolved so far")
                + f"; {self.rule} forecast; Brier 0..1: 0 is perfect, 0.25 is always saying 50 %"
            ),
        ]
        if self.cohort is Cohort.RESOLVED:
            found.append(Paragraph("warning: by-date claims say yes early and no late, so this cohort is biased"))
        if self.rule is Rule.LAST:
            found.append(Paragraph("warning: the last forecast rewards shouting; never rank by it"))
        found += self._stated() + self._words() + self._claims() + self._funnels()
        return found

    def _stated(self) -> list[Block]:
        stated = [record for record in self.records if not record.words_only]
        if not stated:
            return []
        rows = [
            (
                record.forecaster.slug,
                str(record.n),
                figure(record.mean("brier")),
                figure(_twice(record.mean("brier"))),
                figure(record.mean("time_skill"), sign=True),
                "-" if not record.n else f"{100 * fmean([row.coverage for row in record.scored]):.0f} %",
                figure(record.mean("log_score"), 2),
                "too few to say" if record.few else "",
            )
            for record in stated
        ]
        rows.append(("always 50 %", "", "0.250", "0.500", "0", "", "0.69", "for comparison"))
        names = ("forecaster", "n", "Brier", "(0..2)", "skill over time", "coverage", "log", "")
        return [Paragraph(""), Table(names, rows, figures=(1, 2, 3, 4, 5, 6)), *self._bounds(stated)]

    def _bounds(self, records: Sequence[TrackRecord]) -> list[Block]:
        found: list[Block] = []
        for record in records:
            due, all_open = record.bounds(every_open=False), record.bounds(every_open=True)
            if all_open:
                text = f"{_range(due)} if the claims due without a verdict went for or against; " if due else ""
                found.append(
                    Paragraph(
                        f"bounds {record.forecaster.slug}: {text}{_range(all_open)} with every open claim too",
                        2,
                    )
                )
        return found

    def _words(self) -> list[Block]:
        found: list[Block] = []
        for record in self.records:
            if not record.words_only:
                continue
            due = [row for row in record.rows if row.settled or row.place is Place.DUE]
            partly = sum(row.claim.slug in self.partly_met for row in record.rows)
            verdicts = [
                f"{outcome} {sum(row.outcome is outcome for row in record.rows)}"
                for outcome in Outcome
                if any(row.outcome is outcome for row in record.rows)
            ]
            lead = f"{record.forecaster.slug}: {len(due)} of {len(record.rows)} due; {partly} part met"
            found += [Paragraph(""), Heading("; ".join([lead, *verdicts]))]
            found.append(
                Paragraph(
                    "It gives words, no numbers: the numbers below are imputed from them, are ours, and are "
                    "never ranked.",
                    2,
                )
            )
            known = [row for row in record.rows if row.place is Place.SCORED]
            rows = []
            for end in ENDS:
                numbers = sorted({number for row in record.rows if (number := row.at(end).probability) is not None})
                all_open = record.bounds(every_open=True, end=end)
                rows.append(
                    (
                        end,
                        ", ".join(figure(number, 2) for number in numbers) or "-",
                        str(len(by_statement(known))),
                        figure(record.mean("brier", end, rows=known)),
                        _range(all_open) if all_open else "-",
                    )
                )
            names = ("reading", "imputed", "n", "Brier", "bounds with every open claim")
            found.append(Table(names, rows, figures=(2, 3)))
        return found

    def _claims(self) -> list[Block]:
        rows = [
            (
                row.claim.slug,
                row.forecaster,
                figure(row.middle.probability, 2),
                str(row.outcome or row.place),
                figure(row.middle.brier),
                figure(row.middle.time_skill, sign=True),
                f"{100 * row.coverage:.0f} %",
                _marks(row),
            )
            for record in self.records
            for row in record.rows
        ]
        if not rows:
            return [Paragraph(""), Paragraph("no forecast on a scored claim yet")]
        names = ("claim", "forecaster", "p", "outcome", "Brier", "skill", "cover", "")
        return [Paragraph(""), Table(names, rows, figures=(2, 4, 5, 6))]

    def _funnels(self) -> list[Block]:
        found: list[Block] = [Paragraph("")]
        for record in self.records:
            funnel = record.funnel
            way = " > ".join(f"{funnel[name]} {name}" for name in FUNNEL[:4])
            out = ", ".join(f"{funnel[name]} {name}" for name in FUNNEL[4:] if funnel[name] or name in FUNNEL[4:7])
            found.append(Paragraph(f"funnel {record.forecaster.slug}: {way}; {out}"))
        if self.unforecast:
            found.append(Paragraph(f"{self.unforecast} scored claims have no forecast by any of them"))
        return found

    def rows(self) -> list[dict[str, Value]]:
        return [
            {
                "claim": row.claim.slug,
                "statement": row.claim.statement,
                "forecaster": row.forecaster,
                "place": row.place.value,
                "outcome": row.outcome and row.outcome.value,
                "value": row.value,
                "probability": row.middle.probability,
                "low": row.low.probability,
                "high": row.high.probability,
                "brier": row.middle.brier,
                "brier_low": row.low.brier,
                "brier_high": row.high.brier,
                "brier_original": _twice(row.middle.brier),
                "log_score": row.middle.log_score,
                "time_skill": row.middle.time_skill,
                "coverage": row.coverage,
                "imputed": row.imputed,
                "claimed": row.claimed,
                "written_after": list(row.written_after),
                "superseded": row.superseded,
            }
            for record in self.records
            for row in record.rows
        ]

    def to_dict(self) -> dict[str, Value]:
        return {
            "as_of": self.as_of.isoformat(),
            "today": self.today.isoformat(),
            "head": self.head,
            "cohort": self.cohort.value,
            "rule": self.rule.value,
            "forecasters": [
                {
                    "forecaster": record.forecaster.slug,
                    "kind": record.forecaster.kind.value,
                    "n": record.n,
                    "too_few": record.few,
                    "imputed": record.words_only,
                    "brier": record.mean("brier"),
                    "brier_original": _twice(record.mean("brier")),
                    "time_skill": record.mean("time_skill"),
                    "log_score": record.mean("log_score"),
                    "bounds_due": record.bounds(every_open=False),
                    "bounds_open": record.bounds(every_open=True),
                    "funnel": dict(record.funnel),
                }
                for record in self.records
            ],
            "claims": self.rows(),
        }


def scorecard(
    snapshot: Snapshot, *, by: Sequence[str] | None = None, cohort: str = "settled", rule: str = "first"
) -> Scorecard:
    """The card of the named forecasters, or of all who have forecast a scored claim."""
    everybody = snapshot.all(Forecaster)
    chosen = [snapshot.find(Forecaster, slug) for slug in by] if by is not None else everybody
    rows = score(snapshot, by=[one.slug for one in chosen], cohort=Cohort(cohort), rule=Rule(rule))
    records = [TrackRecord(one, tuple(row for row in rows if row.forecaster == one.slug)) for one in chosen]
    scored = [claim for claim in snapshot.all(Claim) if claim.scored]
    covered = {row.claim.slug for row in rows}
    return Scorecard(
        records=tuple(record for record in records if record.rows or by is not None),
        cohort=Cohort(cohort),
        rule=Rule(rule),
        as_of=snapshot.as_of,
        today=snapshot.today,
        head=snapshot.head,
        partly_met=frozenset(
            claim.slug
            for claim in scored
            if status(snapshot, claim) in {Status.OPEN, Status.DUE, Status.OVERDUE} and tally(snapshot, claim).partly
        ),
        unforecast=sum(claim.slug not in covered for claim in scored),
    )


def _marks(row: Row) -> str:
    marks = ["imputed"] * row.imputed + ["claimed time"] * row.claimed + ["superseded"] * row.superseded
    return ", ".join(marks + ["written afterwards"] * bool(row.written_after))


def _range(bounds: tuple[float, float] | None) -> str:
    return f"{bounds[0]:.3f} .. {bounds[1]:.3f}" if bounds else "-"


def _twice(value: float | None) -> float | None:
    return None if value is None else 2 * value

"""The scorecard of a ledger with more forecasts than can each be shown: sums over columns, a line for each forecaster.

Which figures a claim counts in is the rule of :mod:`predictions.scoring.places`, as on every card; a test holds the
figures equal. What needs every row beside every other (intervals, comparisons, references but always 50 %) is
left to cards of fewer forecasts, and the verbs for it say so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from predictions.bulk.byhand import Held
from predictions.bulk.widesums import Behind, WideRecord
from predictions.cards.scorelayout import span
from predictions.cards.scorerows import twice
from predictions.display import Block, Paragraph, Shown, Table, Value
from predictions.errors import InvalidValue, shown
from predictions.importing.results import MOST_ROWS
from predictions.naming import slug_of_name
from predictions.numerals import clean, figure, percent
from predictions.scoring.comparing import Comparison
from predictions.scoring.differing import Difference
from predictions.scoring.explanation import Explanation
from predictions.scoring.filtering import Filter
from predictions.scoring.opening import opening
from predictions.scoring.places import FUNNEL, Cohort
from predictions.scoring.reliability import Reliability, diagram
from predictions.scoring.rows import Rule

LISTED = 20
SHOWN = 40


@dataclass(frozen=True, repr=False)
class WideScorecard(Shown):
    """The records of many forecasters over many claims, from sums."""

    records: tuple[WideRecord, ...]
    cohort: Cohort
    rule: Rule
    as_of: datetime
    today: date
    head: str
    unforecast: int
    filter: Filter
    behind: Behind = field(compare=False)

    def record(self, forecaster: str) -> WideRecord:
        """The record of one forecaster; KeyError where there is none."""
        return {record.forecaster: record for record in self.records}[forecaster]

    def blocks(self) -> Sequence[Block]:
        found = list(opening(self.today, self.head, self.cohort, self.rule, self.filter))
        listed = [one for one in self.records if one.n]
        cells = [
            (
                one.forecaster, f"{one.n:,}", figure(one.mean("brier")), figure(twice(one.mean("brier"))),
                span(one.due), figure(one.mean("time_skill"), sign=True), percent(one.mean("coverage")),
                figure(one.mean("log_score"), 2), "too few" if one.few else "",
            )
            for one in sorted(listed, key=lambda one: -one.n)[:SHOWN]
        ]  # fmt: skip
        names = ("forecaster", "n", "Brier", "(0..2)", "bounds", "skill", "cover", "log", "")
        if not listed:
            return [*found, Paragraph(""), Paragraph(self._nothing()), *self._funnel()]
        found += [Paragraph(""), Table(names, cells, figures=(1, 2, 3, 4, 5, 6, 7))]
        if len(listed) > SHOWN:
            found.append(Paragraph(f"the {SHOWN} with most statements of {len(listed):,}; all are in rows()", 2))
        found.append(Paragraph("not ranked: means over different claims; skill and cover over the scheduled time", 2))
        found.append(Paragraph("bounds: if all claims due without a verdict went for him, and against him", 2))
        return [*found, *self._funnel(), *self._worst()]

    def _nothing(self) -> str:
        """Why there is nothing in the means."""
        if not self.records:
            return f"nothing on this card: no forecast on a scored claim{f' of {self.filter}' if self.filter else ''}"
        if any(one.backdated for one in self.records):
            return "nothing in the means: the times of these forecasts are backdated; no source vouches for them"
        return "nothing in the means yet: no claim with a forecast that stood has a verdict that is taken"

    def _funnel(self) -> list[Block]:
        total = {name: sum(one.funnel[name] for one in self.records) for name in FUNNEL}
        way = " > ".join(f"{total[name]:,} {name}" for name in FUNNEL[:4])
        out = ", ".join(f"{total[name]:,} {name}" for name in FUNNEL[4:] if total[name] or name in FUNNEL[4:7])
        found: list[Block] = [Paragraph(""), Paragraph(f"funnel, all together: {way}; {out}")]
        if apart := sum(one.backdated for one in self.records):
            found.append(Paragraph(f"statements with backdated forecasts only, apart from all means: {apart:,}"))
        if self.unforecast:
            found.append(Paragraph(f"scored claims without a forecast by any of them: {self.unforecast:,}"))
        return found

    def _worst(self) -> list[Block]:
        """The claims that cost most; found by one more pass over the series."""
        rows = self.behind.worst(LISTED)
        count = sum(one.claims for one in self.records)
        cells = [
            (
                str(row["claim"]), str(row["forecaster"]), *(_figure(row, name) for name in ("probability", "value")),
                _figure(row, "brier"), _figure(row, "time_skill"), _figure(row, "coverage"),
            )
            for row in rows
        ]  # fmt: skip
        names = ("claim", "forecaster", "p", "outcome", "Brier", "skill", "cover")
        more = f"the {len(rows)} worst of the {count:,} rows in the means; all rows are in claim_rows()"
        return [Paragraph(""), Table(names, cells, figures=(2, 3, 4, 5, 6)), Paragraph(more, 2)]

    def claim_rows(self) -> Iterator[dict[str, Value]]:
        """A row for each forecaster and scored claim, made one by one as they are asked for."""
        return map(clean, self.behind.every())

    def compare(self, first: str, second: str = "base rate") -> Comparison:
        """Not from sums: raises InvalidValue."""
        raise _too_wide(f"{first} beside {second}")

    def explain(self, figure: str, by: str | None = None) -> Explanation:
        """Not from sums: raises InvalidValue."""
        raise _too_wide(f"an explanation of {figure}{f' of {by}' if by else ''}")

    def diff(self, other: object) -> Difference:
        """Not from sums: raises InvalidValue."""
        raise _too_wide("a difference of two cards")

    def reliability(self, by: str) -> Reliability:
        """What a reliability diagram shows of one forecaster; InvalidValue without a scored claim."""
        slug = slug_of_name(by, {one.forecaster: one.title for one in self.records})
        if slug is None:
            raise InvalidValue(f"there is no forecaster {shown(by)} on this card")
        chances, truth = self.behind.scored(slug)
        if not chances.size:
            raise InvalidValue(f"{by!r} has no scored claim on this card, so there is nothing to draw")
        return diagram(chances.tolist(), truth.tolist(), few=self.record(slug).few)

    def plot_scores(self) -> object:
        """Not from sums: raises InvalidValue."""
        raise _too_wide("a drawing of every claim's score")

    def plot_reliability(self, by: str | None = None) -> object:
        """The reliability diagram of one forecaster: a matplotlib Figure; InvalidValue where none is named."""
        if by is None:
            raise _too_wide("a reliability diagram of everybody")
        from predictions.charts.plots import marked, reliability_figure

        return marked(reliability_figure({by: self.reliability(by)}), self.lacks)

    def rows(self) -> list[dict[str, Value]]:
        return [
            {
                "forecaster": one.forecaster, "n": one.n, "claims": one.claims, "too_few": one.few,
                "brier": one.mean("brier"), "brier_original": twice(one.mean("brier")),
                "time_skill": one.mean("time_skill"), "coverage": one.mean("coverage"),
                "log_score": one.mean("log_score"), "bounds_due": one.due,
                "bounds_open": one.every_open, "backdated_statements": one.backdated,
                "backdated_brier": one.backdated_brier, "funnel": dict(one.funnel),
            }
            for one in self.records
        ]  # fmt: skip

    def to_dict(self) -> dict[str, Value]:
        return {
            "as_of": self.as_of.isoformat(), "today": self.today.isoformat(), "head": self.head,
            "cohort": self.cohort.value, "rule": self.rule.value, "filter": str(self.filter) or None,
            "forecasters": self.rows(),
        }  # fmt: skip


def wide_scorecard(
    held: Held, *, cohort: Cohort, rule: Rule, as_of: datetime, today: date, head: str, only: Filter,
    by: Collection[str] = (),
) -> WideScorecard:  # fmt: skip
    """The card of all forecasters whose series these are, and of those asked for *by* name, even without one."""
    behind = Behind(held, cohort)
    return WideScorecard(
        records=tuple(behind.records(by)), cohort=cohort, rule=rule, as_of=as_of, today=today, head=head,
        unforecast=held.unforecast, filter=only, behind=behind,
    )  # fmt: skip


def _too_wide(what: str) -> InvalidValue:
    return InvalidValue(
        f"{what} needs a card of at most {MOST_ROWS:,} imported forecasts; this one is made of sums over more"
    )


def _figure(row: Mapping[str, object], name: str) -> str:
    value = row[name]
    return figure(value if isinstance(value, float) else None, 2 if name in {"probability", "value"} else 3)

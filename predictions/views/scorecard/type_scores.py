"""The scores of claims that are not yes or no: a table for each type, because means are taken within a type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from forecasts.undoubted import Undoubted
from predictions.errors import InvalidValue, short_repr
from predictions.numerals import exact, percent, some_of
from predictions.render.blocks import Block, Paragraph, Picture, Table
from predictions.render.charts.fifths import fifths_chart
from predictions.render.charts.svg import Svg
from predictions.render.result import Value
from predictions.scoring.columns.claim_types import CHOICE, DATE, NUMBER, ORDERED, WORD_OF_KIND
from predictions.scoring.eligibility import Rule
from predictions.scoring.explain.explanation import Explanation
from predictions.scoring.explain.types import came_roughly, explain_type
from predictions.scoring.leaderboard.pooled_skill import PooledSkill
from predictions.scoring.near_counts import NearCount, near_count
from predictions.scoring.pool import Pool
from predictions.scoring.possible_skill import possible_skill
from predictions.scoring.score_columns import OVER_STATEMENTS, SCORES, ScoreColumn, column_among
from predictions.scoring.totals import track_records
from predictions.scoring.track_record import FEW, TrackRecord
from predictions.scoring.type_calibration import JUDGED, RANGES, TypeCalibration, type_calibration
from predictions.scoring.type_columns import IN_RANGES, type_columns
from predictions.scoring.undoubted import mean_undoubted
from predictions.views.scorecard.funnel import why_not
from predictions.views.scorecard.names import record_of_figure
from predictions.views.scorecard.undoubted import undoubted_blocks

WHAT: Mapping[int, tuple[str, str]] = {
    CHOICE: ("CHOICES", "half the sum of the options' Brier scores"),
    ORDERED: ("ORDERED OPTIONS", 'the mean Brier score of "at most this one?"'),
    NUMBER: ("NUMBERS", 'the mean Brier score of "at most x?" over the range'),
    DATE: ("DATES", 'the mean Brier score of "by this day?" over the days to come'),
}
OF_OPTIONS = {CHOICE, ORDERED}
DAY_UNKNOWN = 'the day is known only as a month or year, through which the answer to "by this day?" rises evenly'
SURE_AND_WRONG = "the log score is infinite, because what came true was given 0"


@dataclass(frozen=True)
class TypeScores:
    """Everybody's means on the claims of one type.

    Attributes:
        kind: CHOICE, ORDERED, NUMBER or DATE.
        rule: Which forecast of each series is scored.
        records: The records of those who have forecast such a claim.
        undoubted: For each claim of the ledger, the share of what it asks that was hardly in doubt.
    """

    kind: int
    rule: Rule
    records: tuple[TrackRecord, ...]
    undoubted: Undoubted = field(compare=False)

    @property
    def word(self) -> str:
        """The type, as a filter names it."""
        return WORD_OF_KIND[self.kind]

    @property
    def title(self) -> str:
        """The heading of its table."""
        return WHAT[self.kind][0]

    def explain(self, pool: Pool, figure: str, by: str | None) -> Explanation:
        """Explain one figure of the forecaster *by* on these claims; *pool* holds the claims of every type."""
        return explain_type(pool, record_of_figure(by, self.records, pool.reader), self._explained(figure))

    def explains(self, figure: str) -> bool:
        """Tell whether a figure of that name or heading can be explained."""
        return self._column(figure) is not None

    def _explained(self, figure: str) -> ScoreColumn:
        """Return the score column with that name or heading; InvalidValue if there is none that can be explained."""
        if column := self._column(figure):
            return column
        names = ", ".join(["score", *self._explicable])
        raise InvalidValue(f"{short_repr(figure)} of {self.title.lower()} is not explained; say one of {names}")

    def _column(self, figure: str) -> ScoreColumn | None:
        if figure in {self.word, self.title.lower(), "brier", "score"}:
            formula = f"{self.title.lower()}: {WHAT[self.kind][1]}; {OVER_STATEMENTS}"
            return replace(SCORES["brier"], name=self.word, formula=formula)
        return column_among(self._explicable.values(), figure)

    @property
    def _explicable(self) -> dict[str, ScoreColumn]:
        """The figures that can be explained beside the score, by name."""
        shared = [*(name for name in self._columns if name != "brier"), "n", "bounds_due", "bounds_open", "funnel"]
        return {**{name: SCORES[name] for name in shared}, **type_columns(self.kind)}

    def near(self) -> dict[str, NearCount]:
        """Return how often each forecaster was near the outcome, by slug."""
        return {record.forecaster.slug: near_count(record) for record in self.records}

    def blocks(
        self, names: Mapping[str, str], letters: Callable[[TrackRecord], str], pool: Pool | None = None
    ) -> Iterator[Block]:
        """Lay out the means, what is not counted and the bounds.

        Args:
            names: The name of each forecaster, by slug.
            letters: Returns the letters of the caveats that qualify a record.
            pool: The claims of every type; if given, the bounds over time and the calibration are shown too.
        """
        if any(record.n for record in self.records):
            yield self._means(names, letters)
        else:
            yield Paragraph(f"{self.title}  none yet: nothing forecast in time is settled", 0, len(self.title) + 2)
        wrongly_sure = [
            _called(record, names) for record in self.records if record.means.get("log_score") == float("inf")
        ]
        if wrongly_sure and self.kind in OF_OPTIONS:
            yield Paragraph(f"{SURE_AND_WRONG}: {some_of(wrongly_sure)}", 2, 4)
        periods: dict[str, str] = {}  # of claims whose day is known only as a month or a year
        for record in self.records:
            periods |= came_roughly(record)
        if periods:
            claims = some_of([f"{claim} ({period})" for claim, period in periods.items()])
            yield Paragraph(f"{DAY_UNKNOWN}: {claims}", 2, 4)
        yield from undoubted_blocks(self.undoubted, self.kind, self.records, names)
        if out := self.not_counted(names):
            yield Paragraph(f"NOT COUNTED  {out}", 2, 15)
        ends = [(_called(record, names), record.every_open) for record in self.records if not record.words_only]
        spans = [f"{who} {SCORES['bounds_open'].shown(span)}" for who, span in ends if span and span[0] < span[1]]
        if spans:
            yield Paragraph(f"{self._as_it_may_go}: score {some_of(spans)}", 2, 4)
        if pool is not None and (bounds := self._over_time(pool, names)):
            yield bounds
        if pool is not None and (judged := self.calibration(names)):
            yield from (Paragraph(""), judged)
            yield from (Picture((), drawn) for drawn in self.fifths(names))

    def not_counted(self, names: Mapping[str, str]) -> str:
        """Say for each forecaster why some of their forecasts are in no mean; empty if all are."""
        reasons = [(_called(record, names), why_not(record.funnel)) for record in self.records]
        return "; ".join(f"{who}: {why}" for who, why in reasons if why)

    def of_first(self, top: int) -> TypeScores:
        """Return the scores of the first *top* forecasters only, those with a mean before those without one."""
        return replace(self, records=tuple(sorted(self.records, key=lambda record: not record.n)[:top]))

    def fifths(self, names: Mapping[str, str]) -> list[Svg]:
        """Draw in which fifth of their distributions the outcomes fell, for each forecaster with enough of them."""
        charts = list[Svg]()
        for record in self.records if self.kind in JUDGED else ():
            calibration = type_calibration(record)
            if calibration is None:  # too few to judge
                continue
            spread = calibration.spread
            band = float(spread.lower[0]), float(spread.upper[0])  # the same for each fifth
            title = f"{_called(record, names)}, {self.title.lower()}"
            charts.append(fifths_chart(spread.counts.tolist(), band, title, f"{self.word}-{record.forecaster.slug}"))
        return charts

    @property
    def _columns(self) -> Mapping[str, str]:
        """The headings of the means in its table, by name of the score; for options the logarithmic score too."""
        log = {"log_score": SCORES["log_score"].label} if self.kind in OF_OPTIONS else {}
        return {"brier": "score", **log, "entered": "entered", "time_skill": "skill over time", "coverage": "covered"}

    def _means(self, names: Mapping[str, str], letters: Callable[[TrackRecord], str]) -> Table:
        """Lay out the mean scores of everybody who has a scored claim.

        The last column has remarks: "too few", and the *letters* of the caveats below the tables, such as "(a, b)".
        """
        rows = [
            (
                _called(record, names), f"{record.n:,}",
                *(SCORES[name].shown(record.means[name]) for name in self._columns),
                " ".join(filter(None, ["too few" if record.few else "", letters(record)])),
            )
            for record in self.records
            if record.n
        ]  # fmt: skip
        headings = ("who", "n", *self._columns.values(), "")
        caption = f"{self.title}  {WHAT[self.kind][1]}, of the {self.rule} forecast: 0 is perfect"
        return Table(headings, rows, range(1, len(headings) - 1), caption)

    def _over_time(self, pool: Pool, names: Mapping[str, str]) -> Paragraph | None:
        """Say how far claims without a verdict may still move the skill over time; None if there are none."""
        ends = [(_called(record, names), possible_skill(pool, record)) for record in self.records]
        spans = [f"{who} {SCORES['time_skill'].shown(span)}" for who, span in ends if span]
        return Paragraph(f"{self._as_it_may_go}: skill over time {some_of(spans)}", 2, 4) if spans else None

    @property
    def _as_it_may_go(self) -> str:
        """The beginning of a sentence on bounds. The day of an event may be over already, and nobody have said so."""
        days = " (before its deadline: on days to come, or never)" if self.kind == DATE else ""
        return f"if what is open went best for a forecaster, or worst{days}"

    def calibration(self, names: Mapping[str, str]) -> Table | None:
        """Lay out how often outcomes lay within the middle ranges, and in which fifth; None for options."""
        if self.kind not in JUDGED or not any(record.n for record in self.records):
            return None
        levels = tuple(column.label for column in IN_RANGES.values())
        rows = []
        for record in self.records:
            if not record.n:
                continue
            judged = type_calibration(record)
            figures = ("",) * (len(RANGES) + 2) if judged is None else _judged(judged)  # as many as are in a row
            rows.append((_called(record, names), f"{record.n:,}", *figures, "too few" if record.few else ""))
        caption = (
            f"{self.title}  outcomes inside the middle ranges; and in which fifth of the distributions, beside the band"
        )
        return Table(("who", "n", *levels, "fifths", "each", ""), rows, range(1, 7), caption)

    def rows(self, pool: Pool | None = None) -> list[Mapping[str, Value]]:
        """Return a row for each forecaster; with the *pool* of every type it has the bounds over time too."""
        return [
            {
                "type": self.word, "forecaster": record.forecaster.slug, "n": record.n, "too_few": record.few,
                "near": near.near, "near_of": near.sided,
                "score": record.means.get("brier"), "log_score": self._log_score(record),
                **{name: record.means.get(name) for name in ("entered", "time_skill", "coverage")},
                "bounds_due": record.due, "bounds_open": record.every_open,
                "bounds_time_skill": possible_skill(pool, record) if pool else None, "funnel": dict(record.funnel),
                "undoubted": mean_undoubted(self.undoubted, record.series.claim, record.series.unit),
                **_judged_row(type_calibration(record)),
            }
            for record, near in zip(self.records, self.near().values(), strict=True)
        ]  # fmt: skip

    def _log_score(self, record: TrackRecord) -> float | None:
        """Return the mean logarithmic score of a record; None for numbers and dates, which have none."""
        return record.means.get("log_score") if self.kind in OF_OPTIONS else None


def type_scores(pool: Pool, kinds: Sequence[int]) -> tuple[TypeScores, ...]:
    """Return the scores for each of the *kinds* on which anybody has forecast, from a pool of every type.

    Forecasters stand in the order of the pool; those who are not listed there are left out.
    """
    place = {record.number: position for position, record in enumerate(pool.listed)}
    scores = list[TypeScores]()
    for kind in kinds:
        of_kind = pool.table.on(pool.table.wanted & (pool.table.claims.types.kind == kind))
        on_any = [
            record
            for record in track_records(of_kind, pool.cohort)
            if record.funnel["forecast"] and record.number in place
        ]
        if on_any:
            on_any.sort(key=lambda record: place[record.number])
            scores.append(TypeScores(kind, pool.rule, tuple(on_any), pool.undoubted))
    return tuple(scores)


def yes_or_no_only(types: Sequence[TypeScores]) -> str:
    """Return the words before figures on claims of yes or no; empty on a card without other *types*."""
    return "yes or no only: " if types else ""


def counted_apart(types: Sequence[TypeScores]) -> str:
    """Say which types of claim the counts of yes or no leave out; empty if there are no other types."""
    if not types:
        return ""
    *most, last = (scores.title.lower() for scores in types)
    return f"{yes_or_no_only(types)}{', '.join(most)}{' and ' if most else ''}{last} are counted below"


def pooled_table(pooled: Sequence[PooledSkill], names: Mapping[str, str], letters: Mapping[str, str]) -> Table:
    """Lay out the skill over all types; *letters* holds the letters of each forecaster's caveats, by slug."""
    rows = [
        (
            names.get(skill.forecaster.slug, skill.forecaster.title), f"{skill.n:,}",
            SCORES["time_skill"].shown(skill.skill), SCORES["coverage"].shown(skill.coverage),
            f"{skill.types}",
            " ".join(filter(None, ["too few" if skill.n < FEW else "", letters[skill.forecaster.slug]])),
        )
        for skill in pooled
    ]  # fmt: skip
    caption = "EVERY TYPE  skill over time: 0 is as good as knowing nothing, 1 perfect on average"
    return Table(("who", "n", "skill", "covered", "types", ""), rows, range(1, 5), caption)


def _judged(calibration: TypeCalibration) -> tuple[str, ...]:
    """Return the cells of a calibration: the coverage of each range, outcomes by fifth, and the band of a fifth."""
    spread = calibration.spread
    counts = " ".join(exact(round(count, 1)) for count in spread.counts.tolist())
    band = f"{spread.lower[0]:.0f} to {spread.upper[0]:.0f}"
    return (*(percent(range_.share) for range_ in calibration.ranges), counts, band)


def _judged_row(calibration: TypeCalibration | None) -> Mapping[str, Value]:
    """Return a calibration as columns of a row; every column is None without one."""
    if calibration is None:
        return dict.fromkeys((*IN_RANGES, "fifths", "fifths_band"))
    shares = dict(zip(IN_RANGES, (range_.share for range_ in calibration.ranges), strict=True))
    spread = calibration.spread
    return {**shares, "fifths": spread.counts.tolist(), "fifths_band": [float(spread.lower[0]), float(spread.upper[0])]}


def _called(record: TrackRecord, names: Mapping[str, str]) -> str:
    """Return the name of a forecaster on the card, else their title."""
    return names.get(record.forecaster.slug, record.forecaster.title)

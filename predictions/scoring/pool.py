"""The comparison group of a card: everybody's series and records, and how the statements came out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Rows, Series
from forecasts.reference import leave_one_out
from forecasts.standing import Standing, intervals, stands_from
from forecasts.undoubted import Undoubted
from predictions.enums import DERIVED
from predictions.records import Claim
from predictions.scoring.afterwards import Afterwards
from predictions.scoring.against_others import BesideOthers, beside_others, saved_on_others
from predictions.scoring.columns.alike_verdicts import alike_verdicts
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.columns.early_verdicts import EarlyVerdicts
from predictions.scoring.columns.filters import Filter
from predictions.scoring.columns.late_verdicts import LateVerdicts, late_verdicts
from predictions.scoring.columns.standing_tables import spans
from predictions.scoring.columns.units import on_one_evidence
from predictions.scoring.columns.words_read import WordsRead, words_read
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.eligibility_codes import CODES_COUNTED, with_outcome
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable
from predictions.scoring.totals import track_records
from predictions.scoring.track_record import TrackRecord, unit_means
from predictions.snapshot import Snapshot
from predictions.storage.store import batches
from predictions.tally.doubts import doubts
from predictions.tally.tally import tally, written_after

EVERY_CLAIM = Filter()
SERIES_AT_ONCE = 1 << 16  # how many series are compared with the others in one piece, to bound the memory


class Pool:
    """Everybody's series and records, of which a card lists some.

    A figure that compares a forecaster with others takes all of them, listed or not. So nobody's figure changes with
    who is listed beside them. Most of what a pool offers is computed when it is first asked for.

    Attributes:
        reader: Reads the forecasts of the ledger.
        table: The series on the claims of the card.
        cohort: Which claims with an outcome are taken.
        rule: Which forecast of each series is scored.
        everybody: The records of all forecasters.
        listed: The records of those that the card lists.
        only: The filter by which the claims were chosen.
    """

    def __init__(
        self, reader: ForecastReader, table: SeriesTable, cohort: Cohort, rule: Rule,
        everybody: Sequence[TrackRecord], listed: Sequence[TrackRecord], only: Filter = EVERY_CLAIM,
    ) -> None:  # fmt: skip
        self.reader, self.table, self.cohort, self.rule, self.only = reader, table, cohort, rule, only
        self.everybody, self.listed = tuple(everybody), tuple(listed)
        self._notes: dict[str, tuple[list[str], list[str]]] = {}

    @classmethod
    def of_everybody(
        cls, reader: ForecastReader, table: SeriesTable, cohort: Cohort, rule: Rule,
        listed: Collection[str] | None = None, only: Filter = EVERY_CLAIM,
    ) -> Pool:  # fmt: skip
        """Return the pool of everybody with a forecast in the table; *listed* are slugs, None lists everybody."""
        everybody = [record for record in track_records(table, cohort) if record.funnel["forecast"]]
        listed_records = [record for record in everybody if listed is None or record.forecaster.slug in listed]
        return cls(reader, table, cohort, rule, everybody, listed_records, only)

    @property
    def independent(self) -> list[TrackRecord]:
        """The records of all but crowds and reference rules, whose forecasts are derived from those of others."""
        return [record for record in self.everybody if record.forecaster.kind not in DERIVED]

    @property
    def with_crowds(self) -> bool:
        """Whether the computed crowds are among the forecasters."""
        return len(self.table.forecasters) - self.table.speakers > len(self.reader.forecasters)

    def about(self, claims: Iterable[str]) -> Iterator[tuple[Snapshot, Claim]]:
        """Yield the claims with these slugs, each with a snapshot of the records that decide it, without forecasts."""
        for slugs in batches(list(dict.fromkeys(claims))):
            snapshot = self.reader.snapshot(slugs, forecasts=False)
            yield from ((snapshot, snapshot.find(Claim, slug)) for slug in slugs)

    def notes(self, claims: Iterable[str]) -> Mapping[str, tuple[list[str], list[str]]]:
        """Return for each claim what already counted when it was recorded, and why its verdict is doubted.

        The result also holds the claims of earlier calls, so that nothing is worked out twice.
        """
        for snapshot, claim in self.about(slug for slug in claims if slug not in self._notes):
            before = written_after(snapshot, claim, tally(snapshot, claim))
            self._notes[claim.slug] = before, list(doubts(snapshot, claim))
        return self._notes

    @cached_property
    def on_one_evidence(self) -> list[tuple[str, list[int]]]:
        """The evidence on which verdicts of several units rest, each with the numbers of the claims."""
        reader, claims = self.reader, self.table.claims
        with reader.opened() as store:
            return on_one_evidence(store.connection, reader.size, reader.today, claims.entries, claims.units.wide)

    @cached_property
    def on_one_day(self) -> list[tuple[str, list[int]]]:
        """What early verdicts of several units have alike, a day and a reason, or a day; with the claims' numbers."""
        with self.reader.opened() as store:
            return alike_verdicts(store.connection, self.reader.size, self.reader.today, self.table.claims)

    @cached_property
    def words_read(self) -> dict[int, WordsRead]:
        """The words that each forecaster, by ledger entry, used on the claims of the card."""
        chosen = set(self.table.claims.entries[self.table.wanted].tolist())
        with self.reader.opened() as store:
            return words_read(store.connection, self.reader.size, chosen)

    @property
    def early_verdicts(self) -> EarlyVerdicts:
        """For each claim whether its verdict is dated long before it was recorded."""
        return self.reader.early_verdicts

    @cached_property
    def late_verdicts(self) -> LateVerdicts:
        """For each claim whether its verdict is dated long after its answer could be known."""
        reader = self.reader
        with reader.opened() as store:
            return late_verdicts(store.connection, reader.size, reader.today, self.table.claims, self._rows)

    def with_claims(self, claims: ClaimColumns) -> Pool:
        """Return the same pool with other columns of claims: when forecasts begin to stand, and answers are public."""
        table = replace(self.table, claims=claims)
        pool = Pool(self.reader, table, self.cohort, self.rule, self.everybody, self.listed, self.only)
        pool._rows, pool._keys = self._rows, self._keys
        return pool

    @cached_property
    def afterwards(self) -> Afterwards:
        """What was recorded or corrected on the claims of the card once their outcome was known, or almost known."""
        return Afterwards(self.reader, self.table, self.only, self.rows_in)

    @cached_property
    def base_rates(self) -> FloatArray:
        """For each claim how often the other statements on the card came true; NaN if the claim has no outcome.

        It is hindsight: nobody knew it when the forecasts were made. It is the plain rate over everybody's statements,
        not smoothed towards a half by a rule such as Laplace's or Jeffreys'. So it needs no prior of ours, its Brier
        is exactly ybar (1 - ybar) (n / (n - 1))^2, and anybody who has the outcomes can check it. With few statements
        it can be 0 or 1, certain and wrong: then its log score is infinite, and the card says why.
        """
        claims, rates = self.table.claims, np.full(len(self.table.claims.slugs), np.nan)
        taken = with_outcome(self.reader.claim_status, self.cohort)
        asked = self.table.wanted & (claims.types.kind == YES_OR_NO)
        known = np.flatnonzero(asked & taken & ~np.isnan(claims.outcome))
        if known.size:
            units, first, unit_of_claim = np.unique(claims.units.fair[known], return_index=True, return_inverse=True)
            means = unit_means(claims.units.fair[known], claims.outcome[known])  # in the order of first occurrence
            rate_without = np.empty(units.size)
            rate_without[np.argsort(first)] = leave_one_out(means.tolist())
            rates[known] = rate_without[unit_of_claim]
        return rates

    @cached_property
    def undoubted(self) -> Undoubted:
        """For every claim how much of its question no scored forecaster doubted; NaN if nobody is scored there.

        Only forecasts that stood count, so to doubt has its price. Crowds and reference rules are left out.
        """
        claims = np.arange(len(self.table.claims.slugs))
        questions, asked = np.full((2, claims.size), np.nan)
        for keys in self._scored_on(claims):
            standing, claim_of_series, is_independent = self._group(keys)
            rows = np.flatnonzero(is_independent[standing.series])
            numbers, claim_of_rows = standing.probabilities[rows], claim_of_series[standing.series[rows]]
            undoubted = self.table.scoring.undoubted(numbers, claim_of_rows)
            questions[undoubted.claim], asked[undoubted.claim] = undoubted.questions, undoubted.asked
        return Undoubted(claims, questions, asked)

    @cached_property
    def _rows(self) -> Rows:
        """All forecasts on the claims of the card, by series and time."""
        return self.reader.rows(self.table.wanted, crowds=self.with_crowds)

    @cached_property
    def _keys(self) -> IndexArray:
        """The key of the series of each row, in ascending order."""
        return self._rows.claim.astype(np.int64) * len(self.table.forecasters) + self._rows.forecaster

    def rows(self, key: int) -> Rows:
        """Return the forecasts of the series with this key."""
        return self._rows.part(slice(*np.searchsorted(self._keys, [key, key + 1]).tolist()))

    def rows_in(self, figure: str) -> Rows:
        """Return the forecasts of all series that count in *figure*, a key of CODES_COUNTED."""
        return self.rows_of(np.isin(self.table.series.mark, CODES_COUNTED[self.cohort][figure]))

    def rows_of(self, chosen: BoolArray) -> Rows:
        """Return the forecasts of the series of the table that *chosen* marks."""
        keys = self.table.keys(self.table.series.part(chosen))
        return self._rows.part(spans(*self._span(np.sort(keys))))

    def _span(self, keys: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Return where the rows of each series begin and end, from the keys of the series."""
        return np.searchsorted(self._keys, keys), np.searchsorted(self._keys, keys + 1)

    def first_said(self, part: Series) -> FloatArray:
        """Return the first forecast of each series, scored or not; NaN if there is none or it is a withdrawal."""
        begins, ends = self._span(self.table.keys(part))
        first, has_rows = np.full(begins.size, np.nan), begins < ends
        first[has_rows] = self._rows.probability[begins[has_rows]]
        return first

    def standing(self, keys: Sequence[int] | IndexArray) -> Standing:
        """Return the intervals in which the forecasts of some series stood; series are numbered as in *keys*."""
        chosen = np.asarray(keys, np.int64)
        begins, ends = self._span(chosen)
        part = self._rows.part(spans(begins, ends))
        times = stands_from(part.time, self.table.claims.grain.take(part.claim))
        series = np.repeat(np.arange(chosen.size), ends - begins)
        return self.standing_on(chosen // len(self.table.forecasters), times, part.probability, series)

    def standing_on(self, claims: IndexArray, times: FloatArray, numbers: FloatArray, series: IndexArray) -> Standing:
        """Return the intervals in which each number was its series' latest, cut to the windows of the claims.

        They end no later than the claim's `limit`: from then on its answer was public, or forecasts did not count.

        Args:
            claims: The claim of each series; *series* holds indexes into it.
            times: When each forecast was made, sorted by series and time.
            numbers: The number of each forecast; for claims that are not yes or no, the position of its distribution.
            series: The series of each forecast.
        """
        columns = self.table.claims
        opens, closes, limit = columns.opens[claims], columns.closes[claims], columns.limit[claims]
        has_next = series[1:] == series[:-1]
        starts, ends, stood = intervals(times, numbers, has_next, opens[series], limit[series])
        return Standing(starts[stood], ends[stood], numbers[stood], series[stood], opens, closes, limit=limit)

    @cached_property
    def _scored(self) -> tuple[IndexArray, IndexArray]:
        """The ascending keys of all series in the means, and where the keys on each claim begin, with the end last."""
        series = self.table.series.part(np.isin(self.table.series.mark, CODES_COUNTED[self.cohort]["means"]))
        keys = np.sort(self.table.keys(series))
        return keys, np.searchsorted(keys, np.arange(len(self.table.claims.slugs) + 1) * len(self.table.forecasters))

    def beside_others(self, claims: IndexArray) -> Iterator[tuple[IndexArray, BesideOthers]]:
        """Yield the keys of the scored series on some claims with a comparison of each with the others' median."""
        for keys in self._scored_on(claims):
            yield from ((keys, beside) for beside in beside_others(*self._group(keys)))

    def saved_on_others(self, keys: IndexArray) -> FloatArray:
        """Return how much less squared error scored series had than the others' median; NaN if nobody else stood."""
        return self._saved_on_others[np.searchsorted(self._scored[0], keys)]

    @cached_property
    def _saved_on_others(self) -> FloatArray:
        """What :meth:`saved_on_others` returns, for every scored series in the order of keys."""
        columns, forecasters = self.table.claims, len(self.table.forecasters)
        saved = np.full(self._scored[0].size, np.nan)
        for keys in self._scored_on(np.flatnonzero(columns.types.kind == YES_OR_NO)):
            positions = np.searchsorted(self._scored[0], keys)
            saved[positions] = saved_on_others(*self._group(keys), columns.outcome[keys // forecasters])
        return saved

    def scored_rows(self, claims: IndexArray) -> Rows:
        """Return the forecasts of all scored series on *claims*, which are ascending numbers."""
        keys = np.concatenate([np.zeros(0, np.int64), *self._scored_on(claims)])
        return self._rows.part(spans(*self._span(keys)))

    def _scored_on(self, claims: IndexArray) -> Iterator[IndexArray]:
        """Yield the keys of the scored series on some claims, about SERIES_AT_ONCE at a time; no claim is split."""
        keys, begins = self._scored
        count = np.cumsum(begins[claims + 1] - begins[claims])
        for part in np.split(claims, np.flatnonzero(np.diff(count // SERIES_AT_ONCE)) + 1):
            yield keys[spans(begins[part], begins[part + 1])]

    def _group(self, keys: IndexArray) -> tuple[Standing, IndexArray, BoolArray]:
        """Return when these series stood, the claim of each, and whether each counts among the others for the rest."""
        forecasters = len(self.table.forecasters)
        return self.standing(keys), keys // forecasters, self.may_be_others[keys % forecasters]

    @property
    def may_be_others(self) -> BoolArray:
        """For each forecaster whether they count when somebody else is compared with "the others".

        A crowd or a reference rule does not: it would let its members count twice.
        """
        return np.array([forecaster.kind not in DERIVED for forecaster in self.table.forecasters], np.bool_)

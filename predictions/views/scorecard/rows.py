"""Make the rows of a scorecard, which are held as columns: one for each series, and one for each forecaster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Series
from predictions.numerals import exact, figure
from predictions.render.result import Value
from predictions.scoring.columns.claim_types import NUMBER, YES_OR_NO
from predictions.scoring.columns.lazy_rows import Coded, Column, LazyRows
from predictions.scoring.eligibility import Category
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.forecaster_statistics import ScorecardStats
from predictions.scoring.models import known_to
from predictions.scoring.plain_counts import EVERY_CAME, Came, PlainCount, PlainCounts
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import SCORE_COLUMNS, ScoreColumn, ValueForm
from predictions.scoring.series_row import OUTCOMES, outcome_codes
from predictions.scoring.totals import worst_series
from predictions.scoring.track_record import TrackRecord
from predictions.scoring.type_text import outcome_in_words, said_text

SERIES = (
    "claim", "statement", "type", "forecaster", "place", "outcome", "value", "said", "probability", "low", "high",
    "brier", "brier_original", "log_score", "time_skill", "coverage", "entered", "brier_low", "brier_high",
    "contribution", "settles_on", "settled", "imputed", "backdated", "set_apart", "written_after", "doubts", "known",
    "undoubted",
)  # fmt: skip
CATEGORIES, OUTCOME_WORDS = [place.value for place in Category], [outcome.value for outcome in OUTCOMES]


class SeriesRows:
    """Makes the rows of a card's series, a row for each forecaster and claim; its columns are named in SERIES."""

    def __init__(self, pool: Pool) -> None:
        """Look up, for each code of eligibility, what the columns say of a series that has it."""
        self._pool, self._table = pool, pool.table
        self._people = [forecaster.slug for forecaster in pool.table.forecasters]
        self._records = {record.number: record for record in pool.listed}
        eligibilities = ELIGIBILITY_OF_CODE[pool.cohort]
        self._places = np.array([CATEGORIES.index(eligibility.category) for eligibility in eligibilities])
        self._flags = {
            name: np.array([getattr(eligibility, name) for eligibility in eligibilities])
            for name in ("settled", "imputed", "backdated", "scored")
        }

    def of(self, records: Sequence[TrackRecord]) -> LazyRows:
        """Return all rows of some forecasters, one forecaster after the other."""
        positions = [self._table.positions_of(record.number) for record in records]
        return self.at(np.concatenate([np.zeros(0, np.intp), *positions]))  # with zeros, since records may be empty

    def worst(self, records: Sequence[TrackRecord], most: int) -> tuple[LazyRows, int]:
        """Return all rows of some forecasters, or the *most* with the highest Brier scores; and how many there are."""
        count = sum(record.funnel["forecast"] for record in records)
        if count <= most:
            return self.of(records), count
        return self.at(worst_series(self._table, [record.number for record in records], most)), count

    def at(self, places: IndexArray) -> LazyRows:
        """Return the rows of the series at these positions in the table."""
        return LazyRows(lambda which: self._columns(places[which]), range(places.size))

    def _columns(self, places: IndexArray) -> dict[str, Column]:
        """Return the columns named in SERIES for the series at these positions in the table."""
        table, claims = self._table, self._table.claims
        part = table.series.part(places)
        values, keys = claims.outcome.take(part.claim), table.keys(part)
        brier = table.losses(part)
        ends = [table.at_range_end(end, part)[0] for end in (0, 1)]
        flags = {name: flag[part.mark] for name, flag in self._flags.items()}
        settle_days, day_codes = np.unique(claims.settles_on[part.claim], return_inverse=True)
        undoubted = self._pool.undoubted.part(part.claim)
        outcome, value, said, numbers = self._said(part, values, [part.probability, *ends, 2 * brier])
        columns: tuple[Column, ...] = (  # in the order of SERIES
            Coded(part.claim, claims.slugs), Coded(part.claim, claims.statements),
            Coded(part.claim, claims.types.word.tolist()), Coded(part.forecaster, self._people),
            Coded(self._places[part.mark], CATEGORIES), outcome, value, said,
            *numbers[:3], brier, numbers[3], table.log_losses(part), part.saved, part.share,
            part.entered.astype(np.float64),
            *(table.losses_of(end, part) for end in ends), self._contributions(part, brier, flags["scored"]),
            Coded(day_codes, np.datetime_as_string(settle_days.astype("M8[D]")).tolist()),
            flags["settled"], flags["imputed"], flags["backdated"], np.isin(keys, table.partly_apart),
            *self._notes(part), _flags_told(known_to(self._pool.reader, table, part)), undoubted.shares,
        )  # fmt: skip
        return dict(zip(SERIES, columns, strict=True))

    def _said(
        self, part: Series, value: FloatArray, numbers: list[FloatArray]
    ) -> tuple[Column, FloatArray, Column, list[FloatArray]]:
        """Return the columns that depend on the type of claim: outcome, value, what was said, and *numbers*.

        Args:
            part: The series of these rows.
            value: The outcome of each as a number.
            numbers: Columns that only claims of yes or no have; they become NaN elsewhere.
        """
        claims, codes = self._table.claims, outcome_codes(self._table.claims, part.claim)
        kinds = claims.types.kind[part.claim]
        other_types = np.flatnonzero(kinds != YES_OR_NO)
        unscored = np.flatnonzero(np.isnan(part.probability) & (kinds == YES_OR_NO))
        if not other_types.size and not unscored.size:  # the common case, quick for millions of rows
            chances, chance_codes = np.unique(part.probability, return_inverse=True)
            return Coded(codes, OUTCOME_WORDS), value, Coded(chance_codes, [*map(exact, chances.tolist())]), numbers
        outcomes: list[Value] = [None if code < 0 else OUTCOME_WORDS[code] for code in codes.tolist()]
        texts: list[Value] = [None if isnan(chance) else exact(chance) for chance in part.probability.tolist()]
        numbers = [np.where(kinds == YES_OR_NO, column, np.nan) for column in numbers]
        distributions = self._pool.reader.lines_said(part.part(other_types))
        for row, claim, lines in zip(
            other_types.tolist(), part.claim[other_types].tolist(), distributions, strict=True
        ):
            texts[row] = said_text(claims.types, claim, lines)
            outcomes[row] = outcome_in_words(claims, claim) or outcomes[row]
        # A series without a scored forecast still shows the chance that was given first.
        for row, chance in zip(unscored.tolist(), self._pool.first_said(part.part(unscored)).tolist(), strict=True):
            texts[row] = None if isnan(chance) else figure(chance, 2)
        is_number = np.isin(kinds, [YES_OR_NO, NUMBER])
        return outcomes, np.where(is_number, value, np.nan), texts, numbers

    def _contributions(self, part: Series, brier: FloatArray, scored: BoolArray) -> FloatArray:
        """Return what each scored series adds to the mean Brier score of its forecaster; NaN for the others.

        A mean is taken within a type of claim, first over the claims of a unit and then over units, so a loss is
        divided by the number of claims in its unit and by the number of units.
        """
        contributions, kinds = np.full(brier.size, np.nan), self._table.claims.types.kind
        pairs = np.unique(np.stack([part.forecaster, kinds[part.claim]])[:, scored], axis=1).T
        for number, kind in pairs.tolist():
            series = self._records[number].series
            series = series.part(np.flatnonzero(kinds[series.claim] == kind))
            rows = np.flatnonzero(scored & (part.forecaster == number) & (kinds[part.claim] == kind))
            order = np.argsort(series.claim)  # to find the claim of each row among the scored series
            at = order[np.searchsorted(series.claim, part.claim[rows], sorter=order)]
            _, unit, claims_in_unit = np.unique(series.unit, return_inverse=True, return_counts=True)
            contributions[rows] = brier[rows] / claims_in_unit[unit[at]] / claims_in_unit.size
        return contributions

    def _notes(self, part: Series) -> list[Coded]:
        """Return two columns: what the claim was written after, and the doubts about its verdict.

        They are looked up only for claims with evidence or parts, since no others have any.
        """
        claims = self._table.claims
        with_evidence = np.unique(part.claim[claims.has_evidence[part.claim]])
        codes = np.where(claims.has_evidence[part.claim], 1 + np.searchsorted(with_evidence, part.claim), 0)
        slugs = [claims.slugs[claim] for claim in with_evidence.tolist()]
        notes_by_slug = self._pool.notes(slugs)
        notes = [([], []), *(notes_by_slug[slug] for slug in slugs)]  # code 0: no notes
        return [Coded(codes, [list(note[which]) for note in notes]) for which in (0, 1)]


def forecaster_rows(
    judged: ScorecardStats, records: Sequence[TrackRecord], drawn: int, counts: PlainCounts
) -> LazyRows:
    """Return a row for each forecaster.

    Figures that take long to compute are only in the rows of the first *drawn* forecasters; else they are None or NaN.
    """

    def columns(which: IndexArray) -> dict[str, Column]:
        """Return the columns for the forecasters at these positions."""
        chosen = [(records[position], position < drawn) for position in which.tolist()]
        plain: dict[str, Column] = {
            "forecaster": _coded_words([record.forecaster.slug for record, _ in chosen]),
            "kind": _coded_words([record.forecaster.kind.value for record, _ in chosen]),
            "imputed": np.array([record.words_only for record, _ in chosen], np.bool_),
            "too_few": np.array([record.few for record, _ in chosen], np.bool_),
            "drawn": np.array([shown for _, shown in chosen], np.bool_),
            **_plain_count_columns(counts.of([record.number for record, _ in chosen])),
        }
        for column in SCORE_COLUMNS:
            values = [
                judged[record.forecaster.slug].value(column.name) if shown or column.everybody else None
                for record, shown in chosen
            ]
            plain[column.name] = _typed(column, values)
        verdicts = [judged[record.forecaster.slug].verdict if shown else None for record, shown in chosen]
        return plain | {
            "backdated_statements": np.array([record.backdated for record, _ in chosen], np.intp),
            "backdated_brier": np.array([record.backdated_brier for record, _ in chosen], np.float64),
            "verdict": _coded_words(verdicts),
        }

    return LazyRows(columns, range(len(records)))


def _plain_count_columns(people: Sequence[PlainCount]) -> dict[str, Column]:
    """Return the columns of plain counts, and the interval of how many were on the right side of 50 %."""
    counts = {
        "said": [person.said for person in people],
        "due": [person.due for person in people],
        "unclear": [person.unclear for person in people],
        **{_name(came): [person[came] for person in people] for came in EVERY_CAME},
        "not_resolvable": [person.not_resolvable for person in people],
        "words": [person.words for person in people],
        "no_number": [person.no_number for person in people],
        "right": [person.right for person in people],
        "sided": [person.sided for person in people],
        "at_half": [person.at_half for person in people],
        "right_commoner": [person.commoner for person in people],
        "undecided": [sum(person.undecided.values()) for person in people],
    }
    expected = np.array([person.expected for person in people], np.float64)
    ends = np.array([person.interval or (np.nan, np.nan) for person in people], np.float64).reshape(-1, 2)
    columns = {name: np.array(column, np.intp) for name, column in counts.items()}
    return {**columns, "right_expected": expected, "right_interval": ends}


def _name(came: Came) -> str:
    """Return the name of the column that counts claims that came out so."""
    return came.name.lower() if came not in {Came.TRUE, Came.NOT} else str(came).replace(" ", "_")


def _flags_told(flags: FloatArray) -> Column:
    """Return flags of 1, 0 or NaN as true, false or None."""
    return [None if isnan(flag) else flag > 0 for flag in flags.tolist()] if np.isnan(flags).any() else flags > 0


def _typed(column: ScoreColumn, values: Sequence[object]) -> Column:
    """Return the values of a score column as an array of its type; a missing span is NaN at both ends."""
    if column.form is ValueForm.COUNT:
        return np.array(values, np.intp)
    if column.form is ValueForm.SPAN:
        return np.array([value or (np.nan, np.nan) for value in values], np.float64).reshape(-1, 2)
    if column.form is ValueForm.COUNTS:
        return [dict(value) for value in values if isinstance(value, Mapping)]
    return np.array(values, np.float64)


def _coded_words(values: Sequence[str | None]) -> Coded:
    """Return words as codes into a sorted list of them; -1 for None."""
    words = sorted({value for value in values if value is not None})
    return Coded(np.array([-1 if value is None else words.index(value) for value in values], np.intp), words)

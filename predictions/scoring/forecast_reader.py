"""Read a ledger's forecasts as of one moment, and whatever else scoring needs from the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows, Series
from predictions.enums import DERIVED
from predictions.errors import NotALedger, Tampered
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import ClaimColumns, claim_columns
from predictions.scoring.columns.corrected_afterwards import over_from
from predictions.scoring.columns.distributions import Distributions
from predictions.scoring.columns.doubted_verdicts import DoubtedVerdicts, doubted_verdicts
from predictions.scoring.columns.early_verdicts import EarlyVerdicts, early_verdicts
from predictions.scoring.columns.filtered_claims import chosen_claims
from predictions.scoring.columns.filters import Filter
from predictions.scoring.columns.forecast_rows import merged
from predictions.scoring.columns.forecasts import forecaster_entries
from predictions.scoring.columns.model_marks import ModelMarks, model_marks
from predictions.scoring.columns.recorders import Recorders, recorders
from predictions.scoring.columns.speakers import Spoken, statements_said
from predictions.scoring.counted_forecasts import CountedForecasts
from predictions.scoring.crowds.kept import KeptCrowds
from predictions.scoring.eligibility import Rule
from predictions.scoring.eligibility_codes import status_codes
from predictions.scoring.series import SeriesTable
from predictions.scoring.series_tables import series_table
from predictions.snapshot import Snapshot
from predictions.storage.claim_queries import taken_off
from predictions.storage.imports import Imports
from predictions.storage.journal import Journal
from predictions.storage.lookup import concerning
from predictions.storage.store import Store

BEAR_ON_FIGURES = {"claim", "forecast", "import", "resolution"}  # kinds of entry; the other ones only date or explain


@dataclass(frozen=True, eq=False)
class ForecastColumns:
    """All forecasts of a ledger as the rules of scoring count them.

    Attributes:
        size: How many entries of the ledger were read.
        claims: The claims, in the order of their slugs.
        forecasters: The slugs of the forecasters, in order.
        rows: The forecasts by claim, forecaster and time, numbered by those two.
    """

    size: int
    claims: ClaimColumns
    forecasters: Sequence[str]
    rows: Rows


class ForecastReader:
    """Reads the forecasts of a ledger as of one moment, on one day.

    It still works after the ledger was closed: it then opens the file again, which must still hold the same head.

    Attributes:
        size: How many entries of the ledger it reads.
        head: The head of the ledger in its short form.
        as_of: The moment as of which the ledger is read.
        today: The day as of which claims are counted; forecasts and verdicts of later days are left out.
        claims: All claims, as columns.
        forecasters: All forecasters, in the order of their slugs.
        claim_status: For each claim a number for its status; see ``status_codes``.
        cut: Whether the ledger is a redacted copy that lacks records that could change the figures.
    """

    def __init__(self, journal: Journal, size: int, *, head: str, as_of: datetime, today: date) -> None:
        self._journal: Journal | None = journal
        self._path, self._head, self.size = journal.path.absolute(), journal.head(size), size
        self.head, self.as_of, self.today = head, as_of, today
        self._table_of_all: tuple[Rule, bool, SeriesTable] | None = None
        self._statements: Spoken | None = None
        with self.opened() as store:
            connection, lacking = store.connection, store.lacks(size)
            self.cut = lacking is not None and any(body.kind in BEAR_ON_FIGURES for body in lacking.bodies.values())
            self.claims = claim_columns(store, connection, size, today)
            self.forecasters = forecaster_entries(connection, size)
            self.claim_status = status_codes(self.claims, today)
            self._said = Distributions(connection, size, self.claims, today)
            independent = np.array([forecaster.kind not in DERIVED for forecaster in self.forecasters], np.bool_)
            self._crowds = KeptCrowds(self.claims, self._said, independent)
            self._counted = CountedForecasts(
                store, size, as_of=as_of, today=today, claims=self.claims, forecasters=self.forecasters,
                distributions=self._said,
            )  # fmt: skip

    def table(self, rule: Rule, only: Filter, *, crowds: bool = False, kind: int | None = YES_OR_NO) -> SeriesTable:
        """Return the series on the claims of one kind that a filter lets through; means are taken within a kind.

        Args:
            rule: Which forecast of each series is scored.
            only: The filter.
            crowds: Add the computed crowds as forecasters.
            kind: Claims that come out yes or no, or one of the kinds of :mod:`predictions.scoring.columns.claim_types`;
                None for claims of every kind, over which skill alone is pooled.
        """
        table = self._of_all_kinds(rule, only, crowds=crowds)
        types = self.claims.types
        return table if types.one_kind or kind is None else table.on(table.wanted & (types.kind == kind))

    def kinds(self, only: Filter) -> list[int]:
        """Return the kinds, beside yes or no, of the scored claims that a filter lets through."""
        if self.claims.types.one_kind:
            return []
        with self.opened() as store:
            wanted = self.claims.scored & chosen_claims(store.connection, self.size, self.claims, only)
        return sorted({*self.claims.types.kind[wanted].tolist()} - {YES_OR_NO})

    def taken_off(self, only: Filter) -> list[str]:
        """Return the slugs of claims that a correction took off every card, as far as the filter lets them through."""
        with self.opened() as store:
            slugs = taken_off(store, self.size)
            if not slugs:
                return []
            is_chosen = chosen_claims(store.connection, self.size, self.claims, only)
        chosen = {slug for slug, passes in zip(self.claims.slugs, is_chosen.tolist(), strict=True) if passes}
        return [slug for slug in slugs if slug in chosen]

    def _of_all_kinds(self, rule: Rule, only: Filter, *, crowds: bool) -> SeriesTable:
        """Return the series on the claims, of any kind, that a filter lets through.

        The table of all claims is kept, because the table of a filtered card is a part of it. If a filtered table is
        asked for before that one exists, it is computed for its claims alone.
        """
        of_crowds = self._crowds if crowds else None
        with self.opened() as store:
            wanted = self.claims.scored
            if only:
                wanted = wanted & chosen_claims(store.connection, self.size, self.claims, only)
            kept = self._table_of_all
            if kept is not None and kept[:2] == (rule, crowds):
                return kept[2].on(wanted) if only else kept[2]
            if only:
                # Where a forecaster is scored in a chain depends on all claims of the chain; whether a statement
                # counts depends on all statements in the same words. So these are computed too, and then cut off.
                statuses, statements = self.claim_status, self._statements_in(store)
                needed = self.claims.scored & statements.with_same_words(self.claims.units.with_chains(wanted))
                return series_table(store, self._counted, of_crowds, needed, rule, statuses, statements).on(wanted)
            kept = self._table_of_all = None  # two tables at once would take twice the memory
            statements = self._statements_in(store)
            table = series_table(store, self._counted, of_crowds, wanted, rule, self.claim_status, statements)
            self._table_of_all = rule, crowds, table
            return table

    def _statements_in(self, store: Store) -> Spoken:
        """Return the statements with their speakers; they are read only once."""
        if self._statements is None:
            self._statements = statements_said(store.connection, self.size, self.claims, self.forecasters)
        return self._statements

    def columns(self) -> ForecastColumns:
        """Return every forecast on claims of yes or no, as the rules of scoring count them."""
        yes_or_no = self.claims.types.kind == YES_OR_NO
        return ForecastColumns(
            self.size, self.claims, [forecaster.slug for forecaster in self.forecasters], self.rows(yes_or_no)
        )

    def rows(self, wanted: BoolArray | None = None, *, crowds: bool = False) -> Rows:
        """Return the forecasts on the wanted claims (None: on all), as the rules of scoring count them."""
        chosen = np.ones(len(self.claims.slugs), np.bool_) if wanted is None else wanted
        with self.opened() as store:
            from_records = self._counted.from_records(store, chosen)
            ((rows, _),) = self._counted.ranges(store, chosen, from_records, len(self.forecasters), whole=True)
        return merged(rows, self._crowds.on(rows)) if crowds else rows

    def rows_at_end(self, end: str, wanted: BoolArray) -> Rows:
        """Return the forecasts of series that must be read as records, at one *end* of their ranges: low or high."""
        with self.opened() as store:
            return self._counted.rows_of(self._counted.from_records(store, wanted), end)

    def lines_said(self, part: Series) -> list[list[tuple[float, float]]]:
        """Return the distribution that each series is scored by: pairs of a value (or day since 1970) and a chance."""
        return self._said.lines(part.claim, part.probability)

    @property
    def distributions(self) -> Distributions:
        """The distributions that were forecast on claims that are not yes or no."""
        return self._said

    def snapshot(self, claims: Sequence[str] | None = None, *, forecasts: bool = True) -> Snapshot:
        """Return the records that concern some claims (None: all claims).

        *forecasts* tells whether the forecasts on them are read too, those in blocks included.
        """
        about = self.claims.slugs if claims is None else claims
        with self.opened() as store:
            records = concerning(store, about, self.size, with_forecasts=forecasts)
            in_blocks = Imports(store.connection, self.size).records(claims=about) if forecasts else ()
            return Snapshot(chain(records, in_blocks), head=self.head, as_of=self.as_of, today=self.today)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self._path.name

    def recorders(self) -> Recorders:
        """Return who recorded the forecasts of each forecaster."""
        with self.opened() as store:
            return recorders(store.connection, self.size)

    @cached_property
    def early_verdicts(self) -> EarlyVerdicts:
        """For each claim whether its verdict is dated long before it was recorded."""
        with self.opened() as store:
            return early_verdicts(store.connection, self.size, self.claims)

    @cached_property
    def doubted_verdicts(self) -> DoubtedVerdicts:
        """For each claim whether its verdict is contested, was replaced, or rests on evidence that was retracted."""
        with self.opened() as store:
            return doubted_verdicts(store.connection, self.size, self.today, self.claims)

    @cached_property
    def over_from(self) -> IndexArray:
        """For each claim the moment from which its answer may have been known."""
        with self.opened() as store:
            return over_from(store.connection, self.size, self.claims)

    @cached_property
    def model_marks(self) -> ModelMarks:
        """What the ledger states about what forecasters could know, and since when."""
        with self.opened() as store:
            return model_marks(store.connection, self.size)

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Give the store of the open ledger, or of its file opened again.

        Raises:
            NotALedger: The file is gone.
            Tampered: The file no longer holds the head it was read at.
        """
        journal = self._journal
        if journal is not None and not journal.closed:
            with journal.reading():
                yield Store(journal)
            return
        if not self._path.exists():
            raise NotALedger(
                f"{str(self._path)!r} is gone; this card has still to read it, so print it while it is there"
            )
        with closing(Journal(self._path, read_only=True)) as journal, journal.reading():
            if self.size and not journal.knows(self._head):
                raise Tampered(f"{str(self._path)!r} is not the file that this card was made of; ask for a new card")
            yield Store(journal)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_journal": None}  # an open file cannot be pickled; it is opened again when needed

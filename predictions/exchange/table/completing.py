"""Check each question gathered from a table as a whole: deadline, times of forecasts, type, and verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from predictions.enums import ClaimType, Outcome
from predictions.exchange.questions import Question, RowFault, Verdict
from predictions.exchange.table.asked import TYPE_COLUMNS_ASKED, terms_of, terms_on_file
from predictions.exchange.table.gathered import LONG_AGO, OF_THE_CLAIM, OF_THE_VERDICT, Gathered, RowsTaken
from predictions.exchange.table.row import OWN_FORECAST, said_ahead
from predictions.fits import DISTRIBUTION_OF, OUTCOMES_OF, YES_NO_OUTCOMES
from predictions.importing.outcome_cells import OutcomeCell
from predictions.status import settle_day

ONLY_A_NO = "only a no can be given because the claim became impossible"
NEEDS_A_DAY = "an outcome needs the day on which it was known"


class Completing:
    """Completes the questions of a table and notes what is wrong with them."""

    def __init__(self, taken: RowsTaken, now: datetime) -> None:
        self._taken, self._now = taken, now

    def complete(self, gathered: Gathered) -> Question | None:
        """Return the finished question; None if it is not clear which question it is, or of which type."""
        question = gathered.question
        has_identity = question.claim is not None or (question.text is not None and question.deadline is not None)
        if not has_identity and gathered.unread.isdisjoint(("claim", "id", "text")):
            column = "deadline" if question.deadline is None else "text"
            fix = "the first row of an id says it" if column == "text" else "until when? say a day"
            self._taken.note_of(gathered, RowFault(column, fix))
        question.said.sort(key=lambda said: said.made_at or self._now)
        if question.claim is None:
            self._check_in_time(gathered)
        has_type = self._read_terms(gathered)
        question.verdict = self._verdict(gathered, has_type)
        columns_of_identity = ("claim", "id", "text", "deadline", "opens_on")
        is_clear = has_identity and has_type and gathered.unread.isdisjoint(columns_of_identity)
        return question if is_clear else None

    def _check_in_time(self, gathered: Gathered) -> None:
        """Note forecasts made after the last day; then opens_on is set far back, so that no other fault follows."""
        last_day, question = gathered.last_day, gathered.question
        is_unclear = not gathered.unread.isdisjoint(("made_at", "said_on"))
        for said in question.said if last_day else ():
            day = (said.made_at or self._now).date()
            has_time = self._taken.rows[said.row].unread.isdisjoint(("made_at", "said_on")) and day <= self._now.date()
            if has_time and last_day is not None and day > last_day:
                when = f"on {day}" if said.made_at else "now: say when, made_at"
                fault = RowFault("deadline", f"made after it was due, {when}", said.row, kind="made late")
                self._taken.note_of(gathered, fault)
                is_unclear = True
        if is_unclear:
            question.opens_on, question.deadline = question.opens_on or LONG_AGO[0], last_day or question.deadline

    def _read_terms(self, gathered: Gathered) -> bool:
        """Replace a question's type columns by the fields of its type; return False if that is unclear."""
        question = gathered.question
        if question.claim is not None and not any(name in question.fields for name in TYPE_COLUMNS_ASKED):
            return True
        text = question.text or question.claim or ""
        try:
            terms = terms_of(text, question.fields, [said.fields for said in question.said])
        except RowFault as fault:
            if not gathered.unread.isdisjoint((*OF_THE_CLAIM, *OWN_FORECAST)):
                return False
            try:
                terms = terms_on_file(text, question.fields)
            except RowFault:
                self._taken.note_of(gathered, fault)
                return False
            row = fault.row or gathered.told.get(fault.column, (None, question.row))[1]
            question.unfinished = RowFault(fault.column, fault.fix, row)
        question.is_no_date = question.fields.get("when") is False and "type" not in terms
        question.fields = {
            name: value for name, value in question.fields.items() if name not in TYPE_COLUMNS_ASKED
        } | terms
        return gathered.unread.isdisjoint(TYPE_COLUMNS_ASKED)

    def _verdict(self, gathered: Gathered, has_type: bool) -> Verdict | None:
        """Return a question's verdict from the cells of all its rows; None if there is none, or it has faults."""
        values = {name: gathered.told[name][0] for name in OF_THE_VERDICT if name in gathered.told}
        if "outcome" not in values:
            if values and "outcome" not in gathered.unread:
                self._taken.note_of(gathered, RowFault(next(iter(values)), "there is no outcome beside it"))
            return None
        faults = list(self._faults_of_verdict(gathered, values, has_type))
        for fault in faults:
            self._taken.note_of(gathered, fault)
        if faults or not gathered.unread.isdisjoint(OF_THE_VERDICT):
            return None
        cell: OutcomeCell = values["outcome"]
        return Verdict(
            gathered.told["outcome"][1], cell.meant, values.get("known_on"), values.get("happened_on"),
            values.get("reason"), bool(values.get("impossible")), cell,
        )  # fmt: skip

    def _faults_of_verdict(self, gathered: Gathered, values: Mapping[str, Any], has_type: bool) -> Iterator[RowFault]:
        """Yield what is wrong with a verdict, as far as the table alone shows it."""
        cell: OutcomeCell = values["outcome"]
        question_type = gathered.question.fields.get("type", ClaimType.YES_NO)
        is_not_an_outcome = cell.fix and question_type not in DISTRIBUTION_OF and gathered.question.claim is None
        if is_not_an_outcome and has_type:
            yield RowFault("outcome", cell.fix, gathered.told["outcome"][1])
        for column in ("known_on", "happened_on"):
            day = values.get(column)
            if not isinstance(day, str) and (fault := said_ahead(column, day, self._now)):
                yield fault
        filled_columns = {*values, *gathered.unread}  # columns that have something, readable or not
        has_last_day = gathered.question.claim is None or gathered.last_day is not None
        if values.get("impossible") and cell.meant != Outcome.NO and not is_not_an_outcome:
            yield RowFault("impossible", ONLY_A_NO, gathered.told["impossible"][1])
        if not is_not_an_outcome and has_last_day:
            yield from self._undated(gathered, cell.meant, filled_columns)

    def _undated(
        self, gathered: Gathered, outcome: Outcome | float | str, filled_columns: Collection[str]
    ) -> Iterator[RowFault]:
        """Yield a fault for an outcome without a day, unless it is a plain no whose settle day has come."""
        question_type = ClaimType(str(gathered.question.fields.get("type", ClaimType.YES_NO)))
        if not {"known_on", "happened_on"}.isdisjoint(filled_columns):
            return  # only the ledger can say whether a no comes too early: the claim may be on file with other terms
        if question_type is ClaimType.DATE and str(outcome)[:1].isdigit():
            return  # the outcome is the day on which it happened
        hint = ""
        if outcome == Outcome.NO and Outcome.NO in OUTCOMES_OF.get(question_type, YES_NO_OUTCOMES):  # not an option
            if gathered.last_day is None:
                return
            settles_on = settle_day(gathered.last_day, gathered.told.get("settle_days", (30, 0))[0])
            if self._now.date() >= settles_on:
                return
            if "impossible" not in filled_columns:
                hint = f"; a no before {settles_on} takes impossible yes as well, from then on neither"
        yield RowFault("known_on", f"{NEEDS_A_DAY}{hint}", gathered.told["outcome"][1], kind=NEEDS_A_DAY)

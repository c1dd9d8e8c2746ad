"""What a whole question of the table must have: its end, forecasts in time, terms that go together, a good verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from predictions.enums import ClaimType, Outcome
from predictions.exchange.questions import Question, RowFault, Verdict
from predictions.exchange.table.asked import TYPE_COLUMNS_ASKED, terms_of
from predictions.exchange.table.gathered import LONG_AGO, OF_THE_CLAIM, OF_THE_VERDICT, Gathered, RowsTaken
from predictions.exchange.table.row import OWN_FORECAST, said_ahead
from predictions.fits import DISTRIBUTION_OF, OUTCOMES_OF, YES_NO_OUTCOMES
from predictions.importing.outcome_cells import OutcomeCell
from predictions.status import settle_day

ONLY_A_NO = "only a no can be given because the claim became impossible"
NEEDS_A_DAY = "an outcome needs the day on which it was known"


class Completing:
    """Completes questions, and notes what is wrong with them."""

    def __init__(self, taken: RowsTaken, now: datetime) -> None:
        self._taken, self._now = taken, now

    def complete(self, gathered: Gathered) -> Question | None:
        """Return a question to be held against the ledger; None where it is not clear which it is, or of what type."""
        question = gathered.question
        whole = question.claim is not None or (question.text is not None and question.deadline is not None)
        if not whole and gathered.unread.isdisjoint(("claim", "id", "text")):
            column = "deadline" if question.deadline is None else "text"
            fix = "the first row of an id says it" if column == "text" else "until when? say a day"
            self._taken.note_of(gathered, RowFault(column, fix))
        question.said.sort(key=lambda said: said.made_at or self._now)
        if question.claim is None:
            self._check_in_time(gathered)
        typed = self._read_terms(gathered)
        question.verdict = self._verdict(gathered, typed)
        known = whole and typed and gathered.unread.isdisjoint(("claim", "id", "text", "deadline", "opens_on"))
        return question if known else None

    def _check_in_time(self, gathered: Gathered) -> None:
        """Note forecasts made after the last day; what is said of the question then opens on no day that is known."""
        last, question = gathered.last_day, gathered.question
        unread = not gathered.unread.isdisjoint(("made_at", "said_on"))
        for said in question.said if last else ():
            day = (said.made_at or self._now).date()
            timed = self._taken.rows[said.row].unread.isdisjoint(("made_at", "said_on")) and day <= self._now.date()
            if timed and last is not None and day > last:
                when = f"on {day}" if said.made_at else "now: say when, made_at"
                fault = RowFault("deadline", f"made after it was due, {when}", said.row, kind="made late")
                self._taken.note_of(gathered, fault)
                unread = True
        if unread:
            question.opens_on, question.deadline = question.opens_on or LONG_AGO[0], last or question.deadline

    def _read_terms(self, gathered: Gathered) -> bool:
        """Read of which type a claim is, and what goes with that; False where that cannot be told."""
        question = gathered.question
        if question.claim is not None and not any(name in question.fields for name in TYPE_COLUMNS_ASKED):
            return True
        try:
            terms = terms_of(
                question.text or question.claim or "", question.fields, [said.fields for said in question.said]
            )
        except RowFault as fault:
            if gathered.unread.isdisjoint((*OF_THE_CLAIM, *OWN_FORECAST)):
                self._taken.note_of(gathered, fault)
            return False
        question.is_no_date = question.fields.get("when") is False and "type" not in terms
        question.fields = {
            name: value for name, value in question.fields.items() if name not in TYPE_COLUMNS_ASKED
        } | terms
        return gathered.unread.isdisjoint(TYPE_COLUMNS_ASKED)

    def _verdict(self, gathered: Gathered, typed: bool) -> Verdict | None:
        """Put the verdict of a question together from the cells of all its rows; None where no row gives a good one."""
        told = {name: gathered.told[name][0] for name in OF_THE_VERDICT if name in gathered.told}
        if "outcome" not in told:
            if told and "outcome" not in gathered.unread:
                self._taken.note_of(gathered, RowFault(next(iter(told)), "there is no outcome beside it"))
            return None
        faults = list(self._faults_of_verdict(gathered, told, typed))
        for fault in faults:
            self._taken.note_of(gathered, fault)
        if faults or not gathered.unread.isdisjoint(OF_THE_VERDICT):
            return None
        cell: OutcomeCell = told["outcome"]
        return Verdict(
            gathered.told["outcome"][1], cell.meant, told.get("known_on"), told.get("happened_on"),
            told.get("reason"), bool(told.get("impossible")), cell,
        )  # fmt: skip

    def _faults_of_verdict(self, gathered: Gathered, told: Mapping[str, Any], typed: bool) -> Iterator[RowFault]:
        """Yield what is wrong with a verdict as far as the table tells."""
        cell: OutcomeCell = told["outcome"]
        question_type = gathered.question.fields.get("type", ClaimType.YES_NO)
        none = cell.fix and question_type not in DISTRIBUTION_OF and gathered.question.claim is None
        if none and typed:
            yield RowFault("outcome", cell.fix, gathered.told["outcome"][1])
        for column in ("known_on", "happened_on"):
            day = told.get(column)
            if not isinstance(day, str) and (ahead := said_ahead(column, day, self._now)):
                yield ahead
        given = {*told, *gathered.unread}
        known = gathered.question.claim is None or gathered.last_day is not None
        if told.get("impossible") and cell.meant != Outcome.NO and not none:
            yield RowFault("impossible", ONLY_A_NO, gathered.told["impossible"][1])
        if not none and known:
            yield from self._undated(gathered, cell.meant, given)

    def _undated(
        self, gathered: Gathered, outcome: Outcome | float | str, given: Collection[str]
    ) -> Iterator[RowFault]:
        """Refuse an outcome without its day, unless it is the no of a claim whose settle day has come."""
        question_type = ClaimType(str(gathered.question.fields.get("type", ClaimType.YES_NO)))
        if not {"known_on", "happened_on"}.isdisjoint(given):
            return  # whether a no comes too early is for the ledger to say: the claim may be on file, with other terms
        if question_type is ClaimType.DATE and str(outcome)[:1].isdigit():
            return  # the outcome is the day on which it happened
        also = ""
        if outcome == Outcome.NO and Outcome.NO in OUTCOMES_OF.get(question_type, YES_NO_OUTCOMES):  # else an option
            if gathered.last_day is None:
                return
            settles = settle_day(gathered.last_day, gathered.told.get("settle_days", (30, 0))[0])
            if self._now.date() >= settles:
                return
            if "impossible" not in given:
                also = f"; a no before {settles} takes impossible true as well, from then on neither"
        yield RowFault("known_on", f"{NEEDS_A_DAY}{also}", gathered.told["outcome"][1], kind=NEEDS_A_DAY)

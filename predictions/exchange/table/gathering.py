"""Rows of the table gathered into questions: which belong together, what they agree on, and what contradicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from predictions.enums import ClaimType, Outcome
from predictions.errors import InvalidValue, short_repr
from predictions.exchange.questions import Question, RowFault, SaidForecast, Verdict
from predictions.exchange.table.asked import TERMS, terms_of
from predictions.exchange.table.row import Row, check_not_ahead, forecasts_of, publication_of
from predictions.fits import DISTRIBUTION_OF
from predictions.importing.cells import fix_of
from predictions.importing.outcome_cells import OutcomeCell
from predictions.importing.refusals import Refusals
from predictions.recording.claims import window_until
from predictions.slugs import slug_of
from predictions.status import settle_day
from predictions.timestamps import spoken_moment
from predictions.windows import Window

OF_THE_CLAIM = ("criteria", "wording", "tags", "cluster", "settle_days", "title", "at_least", *TERMS)
OF_THE_VERDICT = ("outcome", "known_on", "happened_on", "impossible", "reason")
LONG_AGO = date(1, 1, 2), date(2, 3, 4)  # when no deadline is over; words that count from a day differ on them
NEEDS_A_DAY = "an outcome needs the day on which it was known"


@dataclass
class _Gathered:
    """A question that is being gathered, with the row and the value that first said each thing of it."""

    question: Question
    last_day: date | None = None
    told: dict[str, tuple[Any, int]] = field(default_factory=dict)
    moments: dict[tuple[str | None, datetime | None], SaidForecast] = field(default_factory=dict)


class QuestionGathering:
    """Gathers the rows of one table.

    Attributes:
        questions: What they came to, in the order of their first rows.
        cells: The cells of each row, by its number.
        repeated: How many forecasts were said twice.
    """

    def __init__(self, now: datetime) -> None:
        """Say with *now* when forecasts are made that do not say when."""
        self.questions: list[Question] = []
        self.cells: Mapping[int, Mapping[str, object]] = {}
        self.repeated = 0
        self._now = now
        self._faults: list[tuple[Row, RowFault]] = []
        self._by_key: dict[tuple[object, ...], _Gathered] = {}
        self._by_text: dict[str, list[_Gathered]] = {}
        self._rows: dict[int, Row] = {}
        self._last_days: dict[date | str, date | None] = {}  # None for what counts from the day it was said

    def take(self, row: Row) -> None:
        """Take one row in; what contradicts is noted, and told by :meth:`finish`."""
        self._rows[row.number] = row
        try:
            gathered = self._question_of(row)
            self._agree(gathered, row)
            self._publish(gathered.question, row)
            forecasts = forecasts_of(row, self._now)
            for column, said in forecasts:
                self._say(gathered, said, column)
            if "note" in row.values and not any("note" in said.fields for _, said in forecasts):
                self._same(gathered, "note", row.values["note"], row)
                gathered.question.note = row.values["note"]
            gathered.question.evidence += [
                link for link in row.values.get("evidence", ()) if link not in gathered.question.evidence
            ]
        except RowFault as fault:
            self._faults.append((row, fault))

    def finish(self, refusals: Refusals) -> None:
        """Complete every question; rows that contradict are added to the refusals."""
        for gathered in self._by_key.values():
            try:
                self._complete(gathered)
            except RowFault as fault:
                row = gathered.told.get(fault.column, (None, gathered.question.row))[1]
                self._faults.append((self._rows[fault.row or row], fault))
        for at, wrong in self._faults:
            refusals.add(at.number, wrong.column, at.cells.get(wrong.column), wrong.fix, list(at.cells.values()))
        self.cells = {number: row.cells for number, row in self._rows.items()}

    # -- which question a row belongs to -----------------------------------------------------------------------

    def _question_of(self, row: Row) -> _Gathered:
        """Find the question that a row is about, by its claim, its id, or its text and last day; else a new one."""
        values = row.values
        claim, key, text, deadline = (values.get(name) for name in ("claim", "id", "text", "deadline"))
        last = None if deadline is None else self._last_day(deadline, row)
        if claim is not None:
            gathered = self._under(("claim", claim), Question(row.number, claim=claim))
        elif key is not None:
            gathered = self._under(("id", key), Question(row.number, id=key))
        elif text is None:
            raise RowFault("text", "what was predicted? say it, or the slug of a claim on file")
        elif last is None:
            others = self._by_text.get(text, [])
            if len(others) != 1:
                raise RowFault("deadline", "until when? say a day such as 2026-12-31, or 2026, 'Q3 2026'")
            gathered = others[0]
        else:
            gathered = self._under(("text", text, last), Question(row.number))
        if text is not None and gathered not in (others := self._by_text.setdefault(text, [])):
            others.append(gathered)
        if last is not None:
            if deadline != gathered.question.deadline:  # the same words may count from another day in another row
                self._same(gathered, "deadline", last, row)
            gathered.last_day = gathered.last_day or last
            gathered.question.deadline = gathered.question.deadline or deadline
        if text is not None:
            self._same(gathered, "text", text, row)
            gathered.question.text = text
        return gathered

    def _under(self, key: tuple[object, ...], new: Question) -> _Gathered:
        """Return the question of a key: a new one where there is none."""
        return self._by_key.setdefault(key, _Gathered(new))

    def _last_day(self, deadline: date | str, row: Row) -> date:
        """Return the last day of the window; words such as "within a year" count from the day it was said."""
        if deadline not in self._last_days:
            try:
                early, late = (_window(deadline, day).deadline for day in LONG_AGO)
            except InvalidValue as error:
                raise RowFault("deadline", fix_of(error, deadline).removeprefix("deadline: ")) from None
            self._last_days[deadline] = early if early == late else None
        dated = self._last_days[deadline]
        if dated is not None:
            return dated
        said = row.values.get("said_on") or row.values.get("made_at") or self._now
        return _window(deadline, said.date() if isinstance(said, datetime) else said).deadline

    # -- what its rows agree on --------------------------------------------------------------------------------

    def _agree(self, gathered: _Gathered, row: Row) -> None:
        names = [*OF_THE_CLAIM, *OF_THE_VERDICT, "opens_on"]
        if not row.is_published:
            names.append("link")
        for name in names:
            if name in row.values:
                self._same(gathered, name, row.values[name], row)
        question = gathered.question
        question.fields.update({name: row.values[name] for name in OF_THE_CLAIM if name in row.values})
        question.opens_on = question.opens_on or row.values.get("opens_on")
        if not row.is_published:
            question.link = question.link or row.values.get("link")

    def _same(self, gathered: _Gathered, name: str, value: object, row: Row) -> None:
        """Note what a row says; RowFault where an earlier one says something else."""
        before, number = gathered.told.setdefault(name, (value, row.number))
        if before != value:
            what = "two verdicts on one claim" if name == "outcome" else "what is filled twice must agree"
            raise RowFault(name, f"row {number} says {_spoken(before)}: {what}")

    def _publish(self, question: Question, row: Row) -> None:
        """Make the question a quote, if the row says when or in which publication something was said."""
        if not row.is_published or question.published is not None:
            return
        question.published = publication_of(row, self._now)
        question.speaker = row.values.get("by")

    def _say(self, gathered: _Gathered, said: SaidForecast, column: str) -> None:
        before = gathered.moments.setdefault((said.by and slug_of(said.by), said.made_at), said)
        if before is said:
            gathered.question.said.append(said)
        elif before.fields == said.fields:
            self.repeated += 1
        else:
            when = f"at {spoken_moment(said.made_at)}" if said.made_at else "now; say when, made_at"
            fix = f"row {before.row} says something else by the same forecaster, {when}"
            raise RowFault(column, fix)

    # -- what a whole question must have -----------------------------------------------------------------------

    def _complete(self, gathered: _Gathered) -> None:
        question = gathered.question
        if question.claim is None and (question.text is None or question.deadline is None):
            column = "deadline" if question.deadline is None else "text"
            raise RowFault(column, "the first row of an id says it" if column == "text" else "until when? say a day")
        question.said.sort(key=lambda said: said.made_at or self._now)
        if question.claim is None:
            self._check_in_time(gathered)
        if question.claim is None or any(name in question.fields for name in TERMS):
            terms = terms_of(question.text or "", question.fields, [said.fields for said in question.said])
            question.fields = {name: value for name, value in question.fields.items() if name not in TERMS} | terms
        question.verdict = self._verdict(gathered)
        self.questions.append(question)

    def _check_in_time(self, gathered: _Gathered) -> None:
        last = gathered.last_day
        for said in gathered.question.said:
            day = (said.made_at or self._now).date()
            if last is not None and day > last:
                when = f"on {day}" if said.made_at else "now: say when, made_at"
                raise RowFault("deadline", f"made after it was due, {when}", said.row)

    def _verdict(self, gathered: _Gathered) -> Verdict | None:
        """Put the verdict of a question together from the cells of all its rows; None where no row gives one."""
        told = {name: gathered.told[name][0] for name in OF_THE_VERDICT if name in gathered.told}
        if not told:
            return None
        if "outcome" not in told:
            raise RowFault(next(iter(told)), "there is no outcome beside it")
        cell: OutcomeCell = told["outcome"]
        row, known, outcome = gathered.told["outcome"][1], told.get("known_on"), cell.meant
        question_type = gathered.question.fields.get("type", ClaimType.YES_NO)
        if cell.fix and question_type not in DISTRIBUTION_OF and gathered.question.claim is None:
            raise RowFault("outcome", cell.fix, row)
        check_not_ahead("known_on", known, self._now)
        if not isinstance(told.get("happened_on"), str):
            check_not_ahead("happened_on", told.get("happened_on"), self._now)
        if known is None and "happened_on" not in told and gathered.last_day is not None:
            self._check_lapsed(gathered, outcome)
        return Verdict(
            row, outcome, known, told.get("happened_on"), told.get("reason"), bool(told.get("impossible")), cell.told
        )  # fmt: skip

    def _check_lapsed(self, gathered: _Gathered, outcome: Outcome | float | str) -> None:
        """Refuse an outcome without its day, unless it is the no of a claim whose settle day has come."""
        of_date = gathered.question.fields.get("type") is ClaimType.DATE
        if of_date and str(outcome)[:1].isdigit():
            return  # the outcome is the day on which it happened
        days = gathered.told.get("settle_days", (30, 0))[0]
        settles = settle_day(gathered.last_day or self._now.date(), days)
        if outcome == Outcome.NO and self._now.date() >= settles:
            return
        later = f"; a no may leave it out from {settles}" if outcome == Outcome.NO else ""
        raise RowFault("known_on", f"{NEEDS_A_DAY}{later}", gathered.told["outcome"][1])


def _window(deadline: date | str, day: date) -> Window:
    return window_until(deadline, None, day, field="deadline")


def _spoken(value: object) -> str:
    """Return a value as a message shows it."""
    if isinstance(value, OutcomeCell):
        value = value.meant
    if isinstance(value, tuple):
        value = "; ".join(map(str, value))
    return str(value) if isinstance(value, (date, int, float)) else short_repr(str(value), 40)

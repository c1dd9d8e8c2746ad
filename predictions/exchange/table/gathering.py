"""Gather the rows of a table into questions: find which rows belong together, and what contradicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from predictions.errors import InvalidValue, short_repr
from predictions.exchange.questions import Question, RowFault
from predictions.exchange.said import SaidForecast
from predictions.exchange.table.asked import TYPE_COLUMNS_ASKED
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.completing import Completing
from predictions.exchange.table.gathered import LONG_AGO, OF_THE_CLAIM, OF_THE_VERDICT, Gathered, RowsTaken
from predictions.exchange.table.row import Row, forecasts_of, is_nobodys, publication_of, said_otherwise, says_the_same
from predictions.exchange.table.type_cells import OptionsCell, RangeCell, spelled
from predictions.importing.cells import fix_of
from predictions.importing.outcome_cells import OutcomeCell
from predictions.importing.refusals import Refusals
from predictions.recording.claims import window_until
from predictions.slugs import folded, same_words, slug_of
from predictions.timestamps import utc_day
from predictions.windows import Window

NO_ROW = "a row of something else, such as a total, begins with #"

SAY_HOW_LIKELY = frozenset({"p", "words", "quantiles"})  # columns of a row's own forecast


class QuestionGathering:
    """Gathers the rows of one table into questions.

    A contradiction is noted and the reading goes on, so that one run finds every fault. Rows with cells that cannot be
    read are gathered, too.

    Attributes:
        questions: The questions, in the order of their first rows; empty until :meth:`finish`.
        cells: The cells of each row, by its number.
        repeated: How many forecasts were repeats.
    """

    def __init__(self, now: datetime) -> None:
        """Start with the moment at which forecasts without a time are made."""
        self.questions: list[Question] = []
        self.cells: Mapping[int, Mapping[str, object]] = {}
        self.repeated = 0
        self._now = now
        self._by_key: dict[tuple[object, ...], Gathered] = {}
        self._by_text: dict[str, list[Gathered]] = {}
        self._taken = RowsTaken()
        self._last_days: dict[date | str, date | None] = {}  # None if the words count from the day they were said

    def take(self, row: Row) -> None:
        """Add a row to its question; contradictions are noted, and reported by :meth:`finish`."""
        row = self._taken.rows[row.number] = self._with_last_day(row)
        gathered = self._taken.attempt(row, self._question_of, row)
        forecasts = self._forecasts_of(row)
        if gathered is None:
            return
        gathered.unread |= row.unread  # so that no fault is noted that only follows from them
        self._agree(gathered, row)
        self._taken.attempt(row, self._publish, gathered.question, row)
        for column, forecast in forecasts:
            self._taken.attempt(row, self._say, gathered, forecast, column)
        if _is_beside_others(row, forecasts):
            fix = "nothing in this row is theirs; say how likely in p, or in a column of their own, p:WHO"
            self._taken.note(row, RowFault("by", fix, kind="beside others"))
        if _is_quote_of_nobody(row, forecasts):
            fix = "who said it? said_on makes it a quote: say who in by, and how likely in p"
            self._taken.note(row, RowFault("by", fix, kind="quote of nobody"))
        if not forecasts and "made_at" in row.values:  # the day then dates the question
            gathered.question.dated.append(utc_day(row.values["made_at"]))
        if "note" in row.values and not any(
            "note" in forecast.fields or not forecast.fields for _, forecast in forecasts
        ):
            self._taken.attempt(row, self._same, gathered, "note", row.values["note"], row)
            gathered.question.note = row.values["note"]
        gathered.question.evidence += [
            link for link in row.values.get("evidence", ()) if link not in gathered.question.evidence
        ]

    def finish(self, refusals: Refusals) -> None:
        """Complete every question, and add the faults of all rows to the refusals."""
        completing = Completing(self._taken, self._now)
        self.questions = list(filter(None, map(completing.complete, self._by_key.values())))
        self._taken.refuse(refusals)
        self.cells = {number: row.cells for number, row in self._taken.rows.items()}

    # -- which question a row belongs to -----------------------------------------------------------------------

    def _question_of(self, row: Row) -> Gathered:
        """Return the question of a row, found by its claim, its id, or its text and last day; else a new one."""
        values = row.values
        claim, question_id, text, deadline = (values.get(name) for name in ("claim", "id", "text", "deadline"))
        last_day = None if deadline is None else self._last_day(deadline, row)
        if claim is not None:
            gathered = self._under(("claim", claim), Question(row.number, claim=claim))
        elif question_id is not None:
            gathered = self._under(("id", question_id), Question(row.number, id=question_id))
        elif not row.unread.isdisjoint({"claim", "id", "text"}):
            gathered = self._under(("row", row.number), Question(row.number))
        elif text is None:
            raise RowFault("text", f"what was predicted? say it, or the slug of a claim on file; {NO_ROW}")
        elif last_day is None and "deadline" not in row.unread:
            same_text = self._by_text.get(folded(text), [])
            if len(same_text) != 1:
                raise RowFault("deadline", f"until when? say a day such as 2026-12-31, or 2026, 'Q3 2026'; {NO_ROW}")
            gathered = same_text[0]
        else:
            gathered = self._under(("text", folded(text), last_day), Question(row.number))
        if text is not None and gathered not in (same_text := self._by_text.setdefault(folded(text), [])):
            same_text.append(gathered)
        if last_day is not None:
            if deadline != gathered.question.deadline:  # the same words may count from another day in another row
                self._taken.attempt(row, self._same, gathered, "deadline", last_day, row)
            gathered.last_day = gathered.last_day or last_day
            gathered.question.deadline = gathered.question.deadline or deadline
        if text is not None:
            self._taken.attempt(row, self._same, gathered, "text", text, row)
            gathered.question.text = gathered.question.text or text
        return gathered

    def _under(self, key: tuple[object, ...], new: Question) -> Gathered:
        """Return the question with this key, or add a new one."""
        return self._by_key.setdefault(key, Gathered(new))

    def _with_last_day(self, row: Row) -> Row:
        """Return the row without its deadline, if that is not a day, or counts from a day that cannot be read."""
        deadline = row.values.get("deadline")
        if deadline is None:
            return row
        last_day = self._taken.attempt(row, self._last_day, deadline, row)
        counts_from_unread = self._last_days.get(deadline) is None and not row.unread.isdisjoint(("said_on", "made_at"))
        return row.without("deadline") if last_day is None or counts_from_unread else row

    def _last_day(self, deadline: date | str, row: Row) -> date:
        """Return the last day of the window; words such as "within a year" count from the day they were said."""
        if deadline not in self._last_days:
            try:
                early, late = (_window_to(deadline, day).deadline for day in LONG_AGO)
            except InvalidValue as error:
                raise RowFault("deadline", fix_of(error, deadline).removeprefix("deadline: ")) from None
            self._last_days[deadline] = early if early == late else None
        fixed_day = self._last_days[deadline]
        if fixed_day is not None:
            return fixed_day
        said_at = row.values.get("said_on") or row.values.get("made_at") or self._now
        return _window_to(deadline, utc_day(said_at)).deadline

    # -- on what its rows agree --------------------------------------------------------------------------------

    def _agree(self, gathered: Gathered, row: Row) -> None:
        """Add what a row says of its question, its terms and its verdict; contradictions are noted."""
        names = [*OF_THE_CLAIM, *OF_THE_VERDICT, "opens_on"]
        if not row.is_published:
            names.append("link")
        for name in names:
            if name in row.values:
                self._taken.attempt(row, self._same, gathered, name, row.values[name], row)
        question = gathered.question
        for name in OF_THE_CLAIM:
            # What an earlier row said of the type stands: else that row would be blamed for what this one says.
            if name in row.values and (name not in TYPE_COLUMNS_ASKED or gathered.told[name][0] == row.values[name]):
                question.fields[name] = row.values[name]
        question.opens_on = question.opens_on or row.values.get("opens_on")
        if not row.is_published:
            question.link = question.link or row.values.get("link")

    def _same(self, gathered: Gathered, name: str, value: object, row: Row) -> None:
        """Note the value of a column; RowFault if an earlier row has another one."""
        earlier, number = gathered.told.setdefault(name, (value, row.number))
        if earlier != value and not (name == "text" and same_words(str(earlier), str(value))):
            reason = "two verdicts on one claim" if name == "outcome" else "what is filled twice must agree"
            raise RowFault(name, f"row {number} says {_value_in_message(earlier)}: {reason}", kind=reason)

    def _publish(self, question: Question, row: Row) -> None:
        """Make the question a quote, if the row says when or in which publication something was said.

        If nothing was published, the row's forecaster is the speaker, unless the row has a forecast of theirs.
        """
        if not row.is_published:
            if question.published is None and not row.chances and SAY_HOW_LIKELY.isdisjoint(row.values):
                question.speaker = question.speaker or row.values.get("by")
            return
        if question.published is not None:
            return
        question.published = publication_of(row, self._now)
        question.speaker = row.values.get("by")

    def _forecasts_of(self, row: Row) -> list[tuple[str, SaidForecast]]:
        """Return the forecasts of a row by column; a faulty one, and nobody's, keeps its place without fields."""
        forecasts = self._taken.attempt(row, forecasts_of, row, self._now)
        if forecasts is None:
            forecasts = self._taken.attempt(row, forecasts_of, row.without("p"), self._now) or []
        if is_nobodys(row) and not all(column.startswith(PERSON) for column, _ in forecasts):
            value = row.cells.get("p") or row.cells.get("words") or row.cells.get("quantiles")
            fault = RowFault("by", f"who said {value}? say the forecaster's name, or me", kind="nobody's")
            self._taken.note(row, fault)
        return forecasts

    def _say(self, gathered: Gathered, forecast: SaidForecast, column: str) -> None:
        """Add a forecast to its question; count a repeat, and raise RowFault for another one of the same moment."""
        if not forecast.fields:
            gathered.question.said.append(forecast)
            return
        earlier = gathered.moments.setdefault((forecast.by and slug_of(forecast.by), forecast.made_at), forecast)
        if earlier is not forecast and says_the_same(earlier.fields, forecast.fields):
            self.repeated += 1
            return
        gathered.question.said.append(forecast)
        if earlier is not forecast:
            raise said_otherwise(column, (earlier.row, forecast.row), forecast.made_at)


def _is_quote_of_nobody(row: Row, forecasts: Sequence[tuple[str, SaidForecast]]) -> bool:
    """Tell whether a row was published, names no forecaster, and has chances in columns of persons only."""
    is_of_persons = bool(forecasts) and all(column.startswith(PERSON) for column, _ in forecasts)
    return row.is_published and "by" not in row.values and "by" not in row.unread and is_of_persons


def _is_beside_others(row: Row, forecasts: Sequence[tuple[str, SaidForecast]]) -> bool:
    """Tell whether a row names a forecaster and has chances of other people only, in columns of theirs."""
    forecaster = row.values.get("by")
    if forecaster is None or row.is_published or not forecasts:
        return False
    return all(
        column.startswith(PERSON) and slug_of(forecast.by or "") != slug_of(forecaster)
        for column, forecast in forecasts
    )


def _window_to(deadline: date | str, day: date) -> Window:
    """Return the window that ends on a deadline, counted from a day."""
    return window_until(deadline, None, day, field="deadline")


def _value_in_message(value: object) -> str:
    """Return a value as a message shows it."""
    if isinstance(value, OutcomeCell):
        value = value.meant
    if isinstance(value, (OptionsCell, RangeCell)):
        value = spelled(value)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    return str(value) if isinstance(value, (date, int, float)) else short_repr(str(value), 40)

"""Forecasts as Metaculus tells them, each with the time for which it stood, turned into forecasts and withdrawals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.exchange.questions import LeftOut, Question
from predictions.exchange.said import SaidForecast
from predictions.exchange.said_columns import NO_RECORD, NOT_SAID, Flags, Said, SaidColumns, SaidSeries
from predictions.storage.blocks import ChanceArray, Forecasts, Ranks, Times
from predictions.timestamps import in_microseconds, moment_at

NOBODY = -1


class Span(NamedTuple):
    """A forecast and the time for which it stood; without an end it stands still."""

    question: int
    row: int
    by: str
    said: float | Mapping[str, object] | str | None  # the chance of yes, fields that say more, or why it has no place
    starts_at: datetime
    ends_at: datetime | None


class Spans(NamedTuple):
    """Spans column by column.

    Attributes:
        question: The places of the questions.
        by: The places of the people, or NOBODY.
        starts_at: When they begin.
        ends_at: When they end; NOT_SAID for those that stand still.
        chance: The chance of yes; NaN where a record says more, or where it is hidden.
        row: The number of the row that says each.
        record: The place among the records of what says more; else NO_RECORD.
        records: The fields that say more; or why a forecast has no place.
        people: The names of the people.
    """

    question: Ranks
    by: Ranks
    starts_at: Times
    ends_at: Times
    chance: ChanceArray
    row: NDArray[np.int64]
    record: NDArray[np.int32]
    records: Sequence[Mapping[str, object] | str]
    people: Sequence[str]

    def left_out(self) -> dict[int, str]:
        """Return why some have no place, by their places."""
        never = (self.ends_at != NOT_SAID) & (self.ends_at <= self.starts_at)
        hidden = np.isnan(self.chance) & (self.record == NO_RECORD)
        why = dict.fromkeys(np.flatnonzero(never).tolist(), "never-stood")
        why |= dict.fromkeys(np.flatnonzero(hidden).tolist(), "hidden")
        for place in np.flatnonzero(self.record != NO_RECORD).tolist():
            if isinstance(reason := self.records[self.record[place]], str):
                why[place] = reason
        why |= dict.fromkeys(np.flatnonzero(self.by == NOBODY).tolist(), "no-forecaster")
        return why

    def without(self, left_out: Iterable[int]) -> Spans:
        """Return the others."""
        kept = np.delete(np.arange(self.row.size), list(left_out))
        return self._replace(**{name: getattr(self, name)[kept] for name in self._fields[:7]})

    def _withdrawn(self) -> Flags:
        """Tell which end otherwise than by an update: at a moment at which no other of that forecaster starts."""
        series = self.question.astype(np.int64) * max(len(self.people), 1) + self.by
        moments, numbers = np.unique(np.concatenate([self.starts_at, self.ends_at]), return_inverse=True)
        starts, ends = np.split(numbers.ravel(), 2)
        updates = np.isin(series * moments.size + ends, series * moments.size + starts)
        return np.asarray((self.ends_at != NOT_SAID) & ~updates)

    def said(self) -> Said:
        """Return them as forecasts and withdrawals, by question; a withdrawal is not of now where it lies ahead."""
        ends = np.flatnonzero(self._withdrawn())
        places = np.concatenate([np.arange(self.row.size), ends])
        places = places[order := np.lexsort((places, self.question[places]))]
        is_end = order >= self.row.size
        made_at = np.where(is_end, self.ends_at[places], self.starts_at[places])
        chance = np.where(is_end, np.nan, self.chance[places])
        forecasts = Forecasts(self.question[places], self.by[places], made_at, chance)
        record = np.where(is_end, NO_RECORD, self.record[places]).astype(np.int32)
        columns = SaidColumns(forecasts, self.row[places], record, self._records())
        return Said(columns, [(name, None) for name in self.people])

    def _records(self) -> Sequence[SaidForecast]:
        """Return what says more as records; the reason of one that has no place stands for nothing."""
        of = {int(self.record[place]): place for place in np.flatnonzero(self.record != NO_RECORD).tolist()}
        return [self._record(of[number], fields) if number in of and not isinstance(fields, str) else _NO_FORECAST
                for number, fields in enumerate(self.records)]  # fmt: skip

    def _record(self, place: int, fields: Mapping[str, object]) -> SaidForecast:
        made_at = moment_at(int(self.starts_at[place]))
        return SaidForecast(int(self.row[place]), self.people[self.by[place]], made_at, fields)


_NO_FORECAST = SaidForecast(0, None, None, {})


def spans_of(listed: Sequence[Span]) -> Spans:
    """Lay out spans that were read one by one."""
    people = {name: number for number, name in enumerate(dict.fromkeys(span.by for span in listed))}
    records = [span.said for span in listed if isinstance(span.said, (Mapping, str))]
    record = np.full(len(listed), NO_RECORD, np.int32)
    record[[place for place, span in enumerate(listed) if isinstance(span.said, (Mapping, str))]] = range(len(records))
    return Spans(
        np.array([span.question for span in listed], np.int32),
        np.array([people[span.by] for span in listed], np.int32),
        np.array([in_microseconds(span.starts_at) for span in listed], np.int64),
        np.array([NOT_SAID if span.ends_at is None else in_microseconds(span.ends_at) for span in listed], np.int64),
        np.array([span.said if isinstance(span.said, float) else np.nan for span in listed], np.float64),
        np.array([span.row for span in listed], np.int64), record, records, list(people),
    )  # fmt: skip


def give_said(questions: Sequence[Question], spans: Spans) -> Iterator[LeftOut]:
    """Give each question what is said of it, and yield what has no place."""
    left_out = spans.left_out()
    for place, why in sorted(left_out.items()):
        key = questions[spans.question[place]].id or ""
        yield LeftOut("forecast", key, why, int(spans.row[place]))
    said = spans.without(left_out).said()
    ends = np.searchsorted(said.columns.forecasts.claim, np.arange(len(questions) + 1)).tolist()
    for question, start, end in zip(questions, ends, ends[1:], strict=False):
        question.series = SaidSeries(said, start, end)

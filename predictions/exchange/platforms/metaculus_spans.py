"""Turn Metaculus' forecasts, each with the time for which it stood, into forecasts and withdrawals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.exchange.platforms.dump import DumpFile
from predictions.exchange.questions import LeftOut, Question
from predictions.exchange.said import SaidForecast
from predictions.exchange.said_columns import NO_RECORD, NOT_SAID, Flags, Said, SaidColumns, SaidSeries
from predictions.storage.blocks import ChanceArray, Forecasts, Ranks, Times
from predictions.timestamps import in_microseconds, moment_at

NOBODY = -1


class Span(NamedTuple):
    """A forecast and the time for which it stood; without an end it still stands."""

    question: int
    row: int
    by: str
    said: float | Mapping[str, object] | str | None  # chance of yes; fields that say more; why it is left out; hidden
    starts_at: datetime
    ends_at: datetime | None


class Spans(NamedTuple):
    """Spans in columns.

    Attributes:
        question: The places of the questions.
        by: The places of the people, or NOBODY.
        starts_at: When the spans start.
        ends_at: When they end; NOT_SAID for those that still stand.
        chance: The chance of yes; NaN if a record says more, or if it is hidden.
        row: The row number of each.
        record: For a span that says more, the place of its record; else NO_RECORD.
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
        """Return why some spans have no place, by their places."""
        never_stood = (self.ends_at != NOT_SAID) & (self.ends_at <= self.starts_at)
        is_hidden = np.isnan(self.chance) & (self.record == NO_RECORD)
        reasons = dict.fromkeys(np.flatnonzero(never_stood).tolist(), "never-stood")
        reasons |= dict.fromkeys(np.flatnonzero(is_hidden).tolist(), "hidden")
        for place in np.flatnonzero(self.record != NO_RECORD).tolist():
            if isinstance(reason := self.records[self.record[place]], str):
                reasons[place] = reason
        reasons |= dict.fromkeys(np.flatnonzero(self.by == NOBODY).tolist(), "no-forecaster")
        return reasons

    def without(self, left_out: Iterable[int]) -> Spans:
        """Return the spans without some of them."""
        kept = np.delete(np.arange(self.row.size), list(left_out))
        return self._replace(**{name: getattr(self, name)[kept] for name in self._fields[:7]})

    def planned(self, written_by: datetime) -> Flags:
        """Return which spans were to end after the file was written: Metaculus ends a forecast at a time set before."""
        return np.asarray((self.ends_at != NOT_SAID) & (self.ends_at > in_microseconds(written_by)))

    def _withdrawn(self) -> Flags:
        """Return which spans end without an update, that is, no other span of the forecaster starts at that moment."""
        series = self.question.astype(np.int64) * max(len(self.people), 1) + self.by
        moments, numbers = np.unique(np.concatenate([self.starts_at, self.ends_at]), return_inverse=True)
        starts, ends = np.split(numbers.ravel(), 2)
        updates = np.isin(series * moments.size + ends, series * moments.size + starts)
        return np.asarray((self.ends_at != NOT_SAID) & ~updates)

    def said(self) -> Said:
        """Return the spans as forecasts and withdrawals, by question; a withdrawal may lie in the future."""
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
        """Return records of forecasts that say more; a reason that has no forecast gets a placeholder."""
        records = [_NO_FORECAST] * len(self.records)
        for place in np.flatnonzero(self.record != NO_RECORD).tolist():
            number = int(self.record[place])
            fields = self.records[number]
            if not isinstance(fields, str):
                records[number] = self._record(place, fields)
        return records

    def _record(self, place: int, fields: Mapping[str, object]) -> SaidForecast:
        """Return one forecast that says more as a record."""
        made_at = moment_at(int(self.starts_at[place]))
        return SaidForecast(int(self.row[place]), self.people[self.by[place]], made_at, fields)


_NO_FORECAST = SaidForecast(0, None, None, {})


def spans_of(listed: Sequence[Span]) -> Spans:
    """Return spans that were read one by one in columns."""
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


def give_said(questions: Sequence[Question], spans: Spans, file: DumpFile) -> Iterator[LeftOut]:
    """Give each question its forecasts, and yield what has no place.

    Whether a forecast ended that was to end after the file was written, the file cannot know.
    """
    left_out = spans.left_out()
    planned = spans.planned(file.written_by)
    unknown = dict.fromkeys(np.flatnonzero(planned & ~spans.planned(file.latest)).tolist(), "planned")
    for unit, reasons in (("forecast", left_out), ("withdrawal", unknown)):
        for place, reason in sorted(reasons.items()):
            key = questions[spans.question[place]].id or ""
            yield LeftOut(unit, key, reason, int(spans.row[place]))
    spans = spans._replace(ends_at=np.where(planned, NOT_SAID, spans.ends_at))
    said = spans.without(left_out).said()
    ends = np.searchsorted(said.columns.forecasts.claim, np.arange(len(questions) + 1)).tolist()
    for question, start, end in zip(questions, ends, ends[1:], strict=False):
        question.series = SaidSeries(said, start, end)

"""The forecasts of a file in columns, so that hundreds of thousands are read, checked and counted at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from predictions.exchange.said import SaidForecast
from predictions.importing.overlap import key_order, repeats_key
from predictions.storage.blocks import Forecasts
from predictions.timestamps import in_microseconds, moment_at

NOT_SAID = np.iinfo(np.int64).min  # the moment of a forecast that has none in the file
NO_RECORD = -1
Flags: TypeAlias = NDArray[np.bool_]
Places: TypeAlias = NDArray[np.intp]
Who: TypeAlias = tuple[str | None, str | None]  # the name in the file, and the platform's id


class _Saying(Protocol):
    """A record with the fields of a forecast."""

    @property
    def fields(self) -> Mapping[str, object]: ...


Saying = TypeVar("Saying", bound=_Saying)


class LaterOnes(NamedTuple):
    """What is kept of forecasts with one key: which are kept, how many repeat another, places of those replaced."""

    kept: Flags
    repeated: int
    replaced: Sequence[int]


class SaidColumns(NamedTuple, Generic[Saying]):
    """Forecasts in columns, one row each.

    Attributes:
        forecasts: Their columns; the chance is NaN for a withdrawal, and if a record says more.
        row: The numbers of their rows in the file.
        record: For a forecast that says more than a chance its place among the records; else NO_RECORD.
        records: Those records.
    """

    forecasts: Forecasts
    row: NDArray[np.int64]
    record: NDArray[np.int32]
    records: Sequence[Saying]

    @property
    def size(self) -> int:
        """How many forecasts there are."""
        return self.forecasts.size

    def chosen(self, which: Flags | Places) -> SaidColumns[Saying]:
        """Return some of the forecasts."""
        if which.dtype == np.bool_ and which.all():
            return self
        return self._replace(forecasts=self.forecasts.rows(which), row=self.row[which], record=self.record[which])

    def withdrawn(self) -> Flags:
        """Return for each forecast whether it is a withdrawal."""
        by_record = np.array([*("withdrawn" in said.fields for said in self.records), True])  # last: for NO_RECORD, -1
        return np.asarray(by_record[self.record] & np.isnan(self.forecasts.probability))

    def fields(self, place: int) -> Mapping[str, object]:
        """Return the fields of the forecast at a place."""
        if (record := int(self.record[place])) != NO_RECORD:
            return self.records[record].fields
        chance = float(self.forecasts.probability[place])
        return {"withdrawn": True} if np.isnan(chance) else {"probability": chance}

    def later_ones(self, people: int) -> LaterOnes:
        """Find forecasts by one forecaster on one claim at one moment, of which only the last is kept.

        An earlier one that says the same as another is a repeat; any other is replaced.

        Args:
            people: How many forecasters the columns have.
        """
        kept, repeated, replaced = np.ones(self.size, np.bool_), 0, list[int]()
        order = key_order(self.forecasts, max(people, 1)) if self.size else None
        places = np.arange(self.size) if order is None else order
        starts = np.flatnonzero(~repeats_key(self.forecasts.rows(places)))
        sizes = np.diff(np.append(starts, self.size))
        for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
            same_key = places[start : start + size].tolist()
            place_of_content = {repr(self.fields(place)): place for place in same_key}  # the last place of each content
            kept[same_key[:-1]] = False
            repeated += size - len(place_of_content)
            replaced += [place for place in place_of_content.values() if place != same_key[-1]]
        return LaterOnes(kept, repeated, replaced)


class Said(NamedTuple):
    """The forecasts on a file's questions; a claim in the columns is a question's place, a forecaster a name's.

    Attributes:
        columns: The forecasts.
        people: The names and ids of the forecasters.
    """

    columns: SaidColumns[SaidForecast]
    people: Sequence[Who]

    def one(self, place: int) -> SaidForecast:
        """Return the forecast at a place."""
        columns = self.columns
        by, user = self.people[columns.forecasts.forecaster[place]]
        if (record := int(columns.record[place])) != NO_RECORD:
            return columns.records[record]._replace(by=by)
        made_at = moment_at(int(columns.forecasts.made_at[place]))
        return SaidForecast(int(columns.row[place]), by, made_at, columns.fields(place), user=user)

    def counts(self, questions: int) -> list[int]:
        """Return the number of forecasts on each question."""
        counts: list[int] = np.bincount(self.columns.forecasts.claim, minlength=questions).tolist()
        return counts

    def those(self) -> list[int]:
        """List the places of all people who have forecasts, in the order of their first."""
        size, by = self.columns.size, self.columns.forecasts.forecaster
        first = np.full(len(self.people), size)
        first[by[::-1]] = np.arange(size)[::-1]  # of several places of one person, the last that is set stays
        ordered: list[int] = np.argsort(first, kind="stable")[: int((first < size).sum())].tolist()
        return ordered

    def names(self) -> list[str | None]:
        """List the names of all people who have forecasts, each once."""
        return list(dict.fromkeys(self.people[number][0] for number in self.those()))


class SaidSeries(Sequence[SaidForecast]):
    """The forecasts on one question, from a reader that keeps those on all questions in columns.

    Attributes:
        within: The forecasts on all questions.
        start: The place of the first on this one.
        end: The place after the last.
    """

    def __init__(self, within: Said, start: int, end: int) -> None:
        self.within, self.start, self.end = within, start, end

    def __len__(self) -> int:
        return self.end - self.start

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SaidSeries) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as of a list

    @overload
    def __getitem__(self, index: int) -> SaidForecast: ...
    @overload
    def __getitem__(self, index: slice) -> list[SaidForecast]: ...
    def __getitem__(self, index: int | slice) -> SaidForecast | list[SaidForecast]:
        """Return one of the forecasts, or several."""
        places = range(self.start, self.end)[index]
        return self.within.one(places) if isinstance(places, int) else list(map(self.within.one, places))


class _Asked(Protocol):
    """A question with its forecasts."""

    @property
    def said(self) -> Sequence[SaidForecast]: ...
    @property
    def series(self) -> SaidSeries | None: ...


def said_of(questions: Iterable[_Asked]) -> Said:
    """Return the forecasts on some questions in columns, in the order of the questions."""
    people, records = dict[Who, int](), list[tuple[int, SaidForecast]]()
    series = dict[int, list[tuple[int, SaidSeries]]]()  # those from the same columns together, by their id
    for place, question in enumerate(questions):
        records += [(place, said) for said in question.said]
        if question.series is not None:
            series.setdefault(id(question.series.within), []).append((place, question.series))

    def number(person: Who) -> int:
        return people.setdefault(person, len(people))

    parts = [_of_series(parts_of_one, number) for parts_of_one in series.values()]
    if records or not parts:
        parts.append(_of_records(records, number))
    joined = _joined_columns(parts)
    return Said(joined.chosen(np.argsort(joined.forecasts.claim, kind="stable")), list(people))


def _of_series(series: Sequence[tuple[int, SaidSeries]], number: Callable[[Who], int]) -> SaidColumns[SaidForecast]:
    """Return the forecasts on some questions from the columns of their reader."""
    within = series[0][1].within
    starts, ends = np.array([(part.start, part.end) for _, part in series]).T
    sizes = ends - starts
    columns = within.columns.chosen(np.arange(sizes.sum()) + np.repeat(ends - np.cumsum(sizes), sizes))
    question = np.repeat(np.array([place for place, _ in series], np.int32), sizes)
    numbers = np.array([number(person) for person in within.people], np.int32)
    forecasts = columns.forecasts._replace(claim=question, forecaster=numbers[columns.forecasts.forecaster])
    return columns._replace(forecasts=forecasts)


def _of_records(listed: Sequence[tuple[int, SaidForecast]], number: Callable[[Who], int]) -> SaidColumns[SaidForecast]:
    """Return in columns forecasts that are records, each given with the place of its question."""
    records = [said for _, said in listed if not _is_plain(said)]
    record = np.full(len(listed), NO_RECORD, np.int32)
    record[[index for index, (_, said) in enumerate(listed) if not _is_plain(said)]] = np.arange(len(records))
    columns = (
        np.array([place for place, _ in listed], np.int32),
        np.array([number((said.by, said.user)) for _, said in listed], np.int32),
        np.array([_microsecond(said.made_at) for _, said in listed], np.int64),
        np.array([said.fields.get("probability", np.nan) if _is_plain(said) else np.nan for _, said in listed], float),
    )
    return SaidColumns(Forecasts(*columns), np.array([said.row for _, said in listed], np.int64), record, records)


def _is_plain(said: SaidForecast) -> bool:
    """Tell whether a forecast has nothing but a time and a chance, or that it is withdrawn."""
    alone = len(said.fields) == 1 and (type(said.fields.get("probability")) is float or "withdrawn" in said.fields)
    return alone and said.made_at is not None and said.published is None and said.kind is None


def _microsecond(moment: datetime | None) -> int:
    return NOT_SAID if moment is None else in_microseconds(moment)


def _joined_columns(parts: Sequence[SaidColumns[SaidForecast]]) -> SaidColumns[SaidForecast]:
    """Return the columns one after the other, with the records of all."""
    if len(parts) == 1:
        return parts[0]
    columns = zip(*(part.forecasts[:4] for part in parts), strict=True)
    forecasts = Forecasts(*map(np.concatenate, columns))  # type: ignore[arg-type]  # each column's own
    records, record = list[SaidForecast](), list[NDArray[np.int32]]()
    for part in parts:
        record.append(np.where(part.record == NO_RECORD, NO_RECORD, part.record + len(records)).astype(np.int32))
        records += part.records
    return SaidColumns(forecasts, np.concatenate([part.row for part in parts]), np.concatenate(record), records)

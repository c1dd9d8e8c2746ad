"""Forecasts of a file column by column, so that hundreds of thousands are read, checked and counted at once."""

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

NOT_SAID = np.iinfo(np.int64).min  # stands for a moment that the file does not say
NO_RECORD = -1
Flags: TypeAlias = NDArray[np.bool_]
Places: TypeAlias = NDArray[np.intp]
Who: TypeAlias = tuple[str | None, str | None]  # the name in the file, and the platform's id of the user


class _Saying(Protocol):
    """What has the fields of a forecast."""

    @property
    def fields(self) -> Mapping[str, object]: ...


Saying = TypeVar("Saying", bound=_Saying)


class LaterOnes(NamedTuple):
    """What is kept where several are of one key: whether each is, how many repeat another, which others replace."""

    kept: Flags
    repeated: int
    replaced: Sequence[int]


class SaidColumns(NamedTuple, Generic[Saying]):
    """Forecasts, a row each.

    Attributes:
        forecasts: Their columns; a chance is NaN where it is withdrawn, or where a record says more.
        row: The numbers of the rows in the file.
        record: The place among the records of what says more than a chance; NO_RECORD for the others.
        records: Those records.
    """

    forecasts: Forecasts
    row: NDArray[np.int64]
    record: NDArray[np.int32]
    records: Sequence[Saying]

    @property
    def size(self) -> int:
        """How many they are."""
        return self.forecasts.size

    def chosen(self, which: Flags | Places) -> SaidColumns[Saying]:
        """Return some of them."""
        return self._replace(forecasts=self.forecasts.rows(which), row=self.row[which], record=self.record[which])

    def withdrawn(self) -> Flags:
        """Tell which are withdrawals."""
        by_record = np.array([*("withdrawn" in said.fields for said in self.records), True])  # the last is NO_RECORD's
        return np.asarray(by_record[self.record] & np.isnan(self.forecasts.probability))

    def fields(self, place: int) -> Mapping[str, object]:
        """Return the fields of one."""
        if (record := int(self.record[place])) != NO_RECORD:
            return self.records[record].fields
        chance = float(self.forecasts.probability[place])
        return {"withdrawn": True} if np.isnan(chance) else {"probability": chance}

    def later_ones(self, people: int) -> LaterOnes:
        """Tell what is kept of what one of some *people* says of one thing at one moment: what comes last.

        Of the others, those that say what another does repeat it, however often they come.
        """
        kept, repeated, replaced = np.ones(self.size, np.bool_), 0, list[int]()
        order = key_order(self.forecasts, max(people, 1)) if self.size else None
        places = np.arange(self.size) if order is None else order
        begins = np.flatnonzero(~repeats_key(self.forecasts.rows(places)))
        sizes = np.diff(np.append(begins, self.size))
        for begin, size in zip(begins[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
            alike = places[begin : begin + size].tolist()
            different = {repr(self.fields(place)): place for place in alike}
            kept[alike[:-1]] = False
            repeated += size - len(different)
            replaced += [place for place in different.values() if place != alike[-1]]
        return LaterOnes(kept, repeated, replaced)


class Said(NamedTuple):
    """What a file says of its questions; a claim in the columns is the place of a question, a forecaster of a name.

    Attributes:
        columns: The forecasts.
        people: Whose they are.
    """

    columns: SaidColumns[SaidForecast]
    people: Sequence[Who]

    def one(self, place: int) -> SaidForecast:
        """Return one forecast."""
        columns = self.columns
        by, user = self.people[columns.forecasts.forecaster[place]]
        if (record := int(columns.record[place])) != NO_RECORD:
            return columns.records[record]._replace(by=by)
        made_at = moment_at(int(columns.forecasts.made_at[place]))
        return SaidForecast(int(columns.row[place]), by, made_at, columns.fields(place), user=user)

    def counts(self, questions: int) -> list[int]:
        """Count the forecasts on each of the questions."""
        counts: list[int] = np.bincount(self.columns.forecasts.claim, minlength=questions).tolist()
        return counts

    def those(self) -> list[int]:
        """List the places of all people whose forecasts they are, as these come."""
        numbers, first = np.unique(self.columns.forecasts.forecaster, return_index=True)
        ordered: list[int] = numbers[np.argsort(first)].tolist()
        return ordered

    def names(self) -> list[str | None]:
        """List their names, each once."""
        return list(dict.fromkeys(self.people[number][0] for number in self.those()))


class SaidSeries(Sequence[SaidForecast]):
    """The forecasts of one question, as a reader yields them that has those of all questions in columns.

    Attributes:
        within: All of them.
        start: The place of the first.
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
        """Return one of them, or some."""
        places = range(self.start, self.end)[index]
        return self.within.one(places) if isinstance(places, int) else list(map(self.within.one, places))


class _Asked(Protocol):
    """What has forecasts: a question."""

    @property
    def said(self) -> Sequence[SaidForecast]: ...
    @property
    def series(self) -> SaidSeries | None: ...


def said_of(questions: Iterable[_Asked]) -> Said:
    """Lay out what is said of some questions, in their order."""
    people, listed = dict[Who, int](), list[tuple[int, SaidForecast]]()
    series = dict[int, list[tuple[int, SaidSeries]]]()  # by what holds the columns
    for place, question in enumerate(questions):
        listed += [(place, said) for said in question.said]
        if question.series is not None:
            series.setdefault(id(question.series.within), []).append((place, question.series))

    def number(who: Who) -> int:
        return people.setdefault(who, len(people))

    parts = [_of_series(some, number) for some in series.values()]
    if listed or not parts:
        parts.append(_of_records(listed, number))
    joined = _joined_columns(parts)
    return Said(joined.chosen(np.argsort(joined.forecasts.claim, kind="stable")), list(people))


def _of_series(series: Sequence[tuple[int, SaidSeries]], number: Callable[[Who], int]) -> SaidColumns[SaidForecast]:
    """Return what is said of some questions from the columns in which it stands already."""
    within = series[0][1].within
    places = np.concatenate([np.arange(one.start, one.end) for _, one in series])
    columns = within.columns.chosen(places)
    question = np.repeat(np.array([place for place, _ in series], np.int32), [len(one) for _, one in series])
    numbers = np.array([number(who) for who in within.people], np.int32)
    forecasts = columns.forecasts._replace(claim=question, forecaster=numbers[columns.forecasts.forecaster])
    return columns._replace(forecasts=forecasts)


def _of_records(listed: Sequence[tuple[int, SaidForecast]], number: Callable[[Who], int]) -> SaidColumns[SaidForecast]:
    """Lay out forecasts that come as records, each with the place of its question."""
    records = [said for _, said in listed if not _is_plain(said)]
    record = np.full(len(listed), NO_RECORD, np.int32)
    record[[at for at, (_, said) in enumerate(listed) if not _is_plain(said)]] = np.arange(len(records))
    columns = (
        np.array([place for place, _ in listed], np.int32),
        np.array([number((said.by, said.user)) for _, said in listed], np.int32),
        np.array([_microsecond(said.made_at) for _, said in listed], np.int64),
        np.array([said.fields.get("probability", np.nan) if _is_plain(said) else np.nan for _, said in listed], float),
    )
    return SaidColumns(Forecasts(*columns), np.array([said.row for _, said in listed], np.int64), record, records)


def _is_plain(said: SaidForecast) -> bool:
    """Tell whether all that it says is a chance, or that it is withdrawn, with its time."""
    alone = len(said.fields) == 1 and (type(said.fields.get("probability")) is float or "withdrawn" in said.fields)
    return alone and said.made_at is not None and said.published is None and said.kind is None


def _microsecond(moment: datetime | None) -> int:
    return NOT_SAID if moment is None else in_microseconds(moment)


def _joined_columns(parts: Sequence[SaidColumns[SaidForecast]]) -> SaidColumns[SaidForecast]:
    """Put columns one after the other, and so the records of each."""
    if len(parts) == 1:
        return parts[0]
    columns = zip(*(part.forecasts[:4] for part in parts), strict=True)
    forecasts = Forecasts(*map(np.concatenate, columns))  # type: ignore[arg-type]  # each column's own
    records, record = list[SaidForecast](), list[NDArray[np.int32]]()
    for part in parts:
        record.append(np.where(part.record == NO_RECORD, NO_RECORD, part.record + len(records)).astype(np.int32))
        records += part.records
    return SaidColumns(forecasts, np.concatenate([part.row for part in parts]), np.concatenate(record), records)

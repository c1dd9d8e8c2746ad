"""One row or object of a file: its texts, moments, chances and words, each read strictly or refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import isfinite
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

from predictions.exchange.questions import RowFault
from predictions.fields import LINE_LIMIT, TEXT_LIMIT, check_line, check_text
from predictions.importing.refusals import Refusals
from predictions.number_checks import check_probability, read_decimal
from predictions.text_files import unmarked
from predictions.timestamps import EPOCH, read_moment, spoken_moment

Meant = TypeVar("Meant")
LEAST = 1e-12  # the smallest chance above 0 that is kept
MOST_SHOWN = 20  # fields of a bad row that are shown; an object may have a hundred
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before any platform
LAST_MOMENT = datetime.max.replace(tzinfo=UTC)
UNSET = 1  # the year in which some programs write a moment that nobody set
_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")  # of a second, finer than a moment


class ExportRow(NamedTuple):
    """One row of a CSV file, or one object of a JSON list.

    The methods that read a field raise RowFault. As a context manager, a row notes such a fault, and the rest of the
    block is skipped::

        with item:
            chance = item.chance("Forecast")
    """

    row: int
    fields: Mapping[str, Any]
    refusals: Refusals
    within: str = ""  # the path to it from the numbered object, such as "forecasts[2]."
    known_by: Sequence[object] = ()  # values by which the platform identifies that object
    latest: datetime = LAST_MOMENT  # no moment of something that has happened may be later

    def __enter__(self) -> ExportRow:
        return self

    def __exit__(self, _: object, fault: BaseException | None, __: TracebackType | None) -> bool:
        """Note a fault and go on, so that all faults are reported together."""
        if fault is None:
            return False
        if isinstance(fault, RowFault):
            self.refuse(fault)
        return isinstance(fault, RowFault)

    def refuse(self, fault: RowFault) -> None:
        """Note that the row cannot be recorded."""
        shown = [value for value in self.fields.values() if not isinstance(value, (list, dict))][:MOST_SHOWN]
        values = [value for value in shown if value not in self.known_by]
        self.refusals.add(self.row, fault.column, fault.value, fault.fix, [*self.known_by, *values])

    def has(self, key: str) -> bool:
        """Tell whether a field is there and not empty."""
        return self.fields.get(key) not in (None, "")

    def check_tells(self, key: str) -> None:
        """Refuse a row without a field that would mean something even if it were empty."""
        if key not in self.fields:
            raise self.fault(key, "this is in every export, if only empty; is it the file as it came?")

    def if_told(self, key: str, read: Callable[[ExportRow, str], Meant]) -> Meant | None:
        """Return a field as *read* reads it; None if the row has no such field."""
        return read(self, key) if key in self.fields else None

    def text(self, key: str) -> str | None:
        """Return a text; None if it is empty."""
        value = self.fields.get(key)
        if value is None or value == "":
            return None
        if type(value) is str and len(value) <= TEXT_LIMIT and value.isascii() and value.isprintable():
            return value.strip() or None  # the usual case, answered fast
        if not isinstance(value, str):
            raise self.fault(key, "is no text")
        text = unmarked(value).strip()
        try:
            return check_text(text) if text else None
        except ValueError as error:
            raise self.fault(key, str(error)) from None

    def words(self, key: str) -> str | None:
        """Return a text of any length, such as a description; :mod:`rules` leaves out what is too long."""
        value = self.fields.get(key)
        if not isinstance(value, str) or len(value) <= TEXT_LIMIT:
            return self.text(key)
        parts = range(0, len(value), TEXT_LIMIT)
        checked = (self._replace(fields={key: value[part : part + TEXT_LIMIT]}).text(key) for part in parts)
        return value if any([*checked]) else None

    def line(self, key: str) -> str | None:
        """Return a name or title of one line; None if it is empty."""
        text = self.text(key)
        with suppress(ValueError):
            return text and check_line(text)
        raise self.fault(key, f"say it in one line of at most {LINE_LIMIT} characters")

    def key(self, key: str) -> str:
        """Return a key: a text or a whole number, never empty."""
        value = self.fields.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        text = self.text(key)
        if text is None:
            raise self.fault(key, "what is it known by? this is never empty in an export")
        return text

    def optional_key(self, key: str) -> str | None:
        """Return a key; None if it is empty."""
        return self.key(key) if self.has(key) else None

    def word(self, key: str, words: Mapping[str, Meant]) -> Meant | None:
        """Return the meaning of a word, whatever its case, from a closed set; None if it is empty."""
        text = self.text(key)
        if text is None or text in words:
            return None if text is None else words[text]
        for word, meaning in words.items():
            if word.casefold() == text.casefold():
                return meaning
        raise self.fault(key, f"say {', '.join(list(words)[:-1])} or {list(words)[-1]}")

    def chance(self, key: str, *, percent: bool = False) -> float | None:
        """Return a probability, given as a number or text; None if it is empty."""
        value = self.fields.get(key)
        if value is None or value == "":
            return None
        parsed = None if isinstance(value, bool) else read_decimal(value)
        if parsed is not None and not parsed[1]:
            number = float(parsed[0]) / (100 if percent else 1)
            if 0 < number < 1:  # a price next to certain is not certain
                number = min(max(number, LEAST), 1 - LEAST)
            elif -LEAST <= number <= 1 + LEAST:  # sums of floats may miss 0 and 1
                number = min(max(number, 0), 1)
            with suppress(ValueError):
                return check_probability(number)
        raise self.fault(key, "say a number from 0 to 100" if percent else "say a number from 0 to 1")

    def number(self, key: str) -> float | None:
        """Return a finite number of any size; None if it is empty."""
        value = self.fields.get(key)
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            with suppress(OverflowError):
                if isfinite(number := float(value)):
                    return number
        raise self.fault(key, "say a number")

    def moment(self, key: str) -> datetime | None:
        """Return a moment in UTC from ISO text with an offset; None if it is empty, or was never set."""
        try:  # the usual form, read fast; a file may have hundreds of thousands
            return self._if_set(key, read_moment(self.fields[key]))
        except (ValueError, KeyError):
            text = self.text(key)
        if text is None:
            return None
        with suppress(ValueError):
            return self._if_set(key, read_moment(_FRACTION.sub(r"\1", text)))
        raise self.fault(key, "say a moment such as 2026-04-14T09:07:04Z")

    def _if_set(self, key: str, moment: datetime) -> datetime | None:
        """Return a moment; None if it was never set, and a fault if it lies before any platform began."""
        if moment >= EARLIEST:
            return moment
        if moment.year > UNSET:
            raise self.fault(key, "lies before any platform began; was it an empty cell?")
        return None

    def past(self, key: str, moment: datetime | None) -> datetime | None:
        """Return the moment of something that has happened; a moment in the future is refused."""
        if moment is not None and moment > self.latest:
            raise self.fault(key, f"lies in the future: it is {spoken_moment(moment)}")
        return moment

    def first_past(self, *keys: str) -> datetime | None:
        """Return the first of some moments that is set; None if none is."""
        for key in keys:
            if (moment := self.past(key, self.moment(key))) is not None:
                return moment
        return None

    def since_1970(self, key: str, *, per_second: int = 1) -> datetime | None:
        """Return a moment given in seconds since 1970, or in parts of a second; None if it is empty."""
        value = self.fields.get(key)
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            with suppress(OverflowError, ValueError):
                moment = EPOCH + timedelta(microseconds=round(value * (1_000_000 // per_second)))
                if moment > EARLIEST:  # else it counts something else
                    return moment
        raise self.fault(key, f"say {'seconds' if per_second == 1 else 'milliseconds'} since 1970")

    def flag(self, key: str) -> bool:
        """Return whether something is true; an empty field is false."""
        value = self.fields.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.fault(key, "say true or false")

    def texts(self, key: str) -> list[str]:
        """Return the texts and numbers of a list, perhaps JSON in a text; none if it is empty."""
        value = self.fields.get(key)
        if isinstance(value, str):
            with suppress(ValueError, RecursionError):
                value = json.loads(value or "[]")
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fault(key, "is no list of texts")
        self._check_each(key, value, (str, int, float), "text")
        return [str(item) for item in value]

    def object(self, key: str) -> ExportRow | None:
        """Return an object; None if it is empty."""
        value = self.fields.get(key)
        if value is None:
            return None
        if isinstance(value, dict):
            return self._replace(fields=value, within=f"{self.within}{key}.")
        raise self.fault(key, "is no object")

    def objects(self, key: str) -> list[ExportRow]:
        """Return the objects of a list; none if it is empty."""
        value = self.fields.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fault(key, "is no list of objects")
        self._check_each(key, value, (dict,), "object")
        path = f"{self.within}{key}"
        return [self._replace(fields=item, within=f"{path}[{number}].") for number, item in enumerate(value, 1)]

    def _check_each(self, key: str, listed: Sequence[Any], types: tuple[type, ...], what: str) -> None:
        """Refuse a list with a member that is not of one of these types."""
        for number, item in enumerate(listed, 1):
            if type(item) not in types:
                raise RowFault(f"{self.within}{key}[{number}]", f"is no {what}", value=item)

    def needed(self, key: str, value: Meant | None) -> Meant:
        """Return what was read under a key; None is refused."""
        if value is None:
            raise self.fault(key, "this is never empty in an export")
        return value

    def fault(self, key: str, fix: str) -> RowFault:
        """Return the fault of one field, to be raised."""
        return RowFault(f"{self.within}{key}", fix, value=self.fields.get(key))


class Meanings(dict[str, Meant]):
    """Maps each text of a column to its meaning; looking up a text that cannot be read raises RowFault."""

    def __init__(self, read: Callable[[ExportRow, str], Meant], column: str) -> None:
        """Read the texts of a column with a method of rows, or a function like one."""
        super().__init__()
        self._read, self._column = read, column
        self._cells: dict[str, str] = {}
        self._row = ExportRow(0, self._cells, Refusals(None))

    def __missing__(self, text: str) -> Meant:
        """Read a text that was not looked up before."""
        self._cells[self._column] = text
        meaning = self[text] = self._read(self._row, self._column)
        return meaning

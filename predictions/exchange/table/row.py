"""What one row of a table says: its publication and its forecasts; and how several rows make one forecast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

from predictions.chances import read_chance
from predictions.dates import read_last_day
from predictions.errors import InvalidValue
from predictions.exchange.questions import RowFault
from predictions.exchange.said import Publication, SaidForecast
from predictions.exchange.table.asked import in_cells
from predictions.exchange.table.cells import utc_moment
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.long_rows import own_row
from predictions.importing.cells import BadCell
from predictions.importing.line_cells import SAYS_IT_ALL
from predictions.importing.refusals import Refusals
from predictions.importing.several import read_measure
from predictions.numerals import some_of
from predictions.option_names import option_slug
from predictions.recording.enter import build
from predictions.recording.words import numbers_of
from predictions.records import Forecast
from predictions.slugs import folded, slug_of
from predictions.timestamps import spoken_moment

Chance: TypeAlias = float | str | Mapping[object, object]  # one chance; the word for a withdrawal; or several chances
LINE_COLUMNS = ("option", "day", "at", "value")
# columns of the row's own forecast, as opposed to a person's column
OWN_FORECAST = {"p", "low", "high", "words", "scale", "quantiles", "withdrawn", *LINE_COLUMNS}
_IDENTIFYING = ("text", "deadline", "id", "claim", "by", "made_at", "said_on")
_ADDED_UP = {"evidence"}  # columns in which the rows of one forecast may differ
OneForecast = tuple[object, ...]


class Row(NamedTuple):
    """One row: its values by column, its chances, and its cells as they were in the file.

    If a cell cannot be read, the row is refused, but its other cells are still checked, so that all faults are found.
    """

    number: int
    values: Mapping[str, Any]
    chances: Mapping[str, Chance]  # by column: `p`, `low`, `high`, or that of a person
    cells: Mapping[str, object]  # by column
    unread: frozenset[str] = frozenset()  # the columns whose cells cannot be read

    def without(self, column: str) -> Row:
        """Return the row with one column marked as unreadable."""
        values = {name: value for name, value in self.values.items() if name != column}
        return self._replace(values=values, unread=self.unread | {column})

    @property
    def is_published(self) -> bool:
        """Whether it says when, or in which publication, something was said."""
        return "said_on" in self.values or "source" in self.values


def publication_of(row: Row, now: datetime) -> Publication | None:
    """Return where and when a row says that something was published; None if it does not."""
    if not row.is_published:
        return None
    values = row.values
    if fault := said_ahead("said_on", values.get("said_on"), now):
        raise fault
    return Publication(values.get("said_on"), values.get("link"), values.get("source"))


def said_ahead(column: str, when: date | datetime | None, now: datetime) -> RowFault | None:
    """Return the fault of a day or moment in the future; None if it is not in the future."""
    if when is None or (when <= now if isinstance(when, datetime) else when <= now.date()):
        return None
    return RowFault(column, f"lies in the future: days are UTC, and in UTC it is {now.date()}")


def forecasts_of(row: Row, now: datetime) -> list[tuple[str, SaidForecast]]:
    """Return the forecasts of a row by column: its own, and those in columns of persons.

    The row's publication goes with its own only. A forecast that cannot be read, or has no forecaster, has no fields.
    Raises RowFault for values that do not make a forecast.
    """
    forecasts: list[tuple[str, SaidForecast]] = []
    is_unread = not row.unread.isdisjoint(OWN_FORECAST)
    fields = {} if is_unread else _own_fields(row)
    if fields or is_unread:
        fields = {} if is_nobodys(row) else fields
        forecast = _said_forecast(row, row.values.get("by"), fields, publication_of(row, now), now)
        column = next((name for name in ("p", "quantiles") if name in {*row.chances, *row.values}), "words")
        forecasts.append((part_column(row.cells) if column == "quantiles" else column, forecast))
    for name in row.cells:
        if name.startswith(PERSON) and (name in row.chances or name in row.unread):
            fields = _number(row.chances[name]) if name in row.chances else {}
            forecasts.append((name, _said_forecast(row, name.removeprefix(PERSON), fields, None, now)))
    return forecasts


def said_otherwise(column: str, rows: tuple[int, int], made_at: datetime | None) -> RowFault:
    """Return the fault of two *rows* that say different things by one forecaster at one moment."""
    first = "this row" if rows[0] == rows[1] else f"row {rows[0]}"
    when = f"at {spoken_moment(made_at)}" if made_at else "now; say when, made_at"
    return RowFault(column, f"{first} says something else by the same forecaster, {when}", kind="said twice")


def says_the_same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Tell whether the fields of two forecasts say the same, be it in one cell or in a row for each part of it."""
    read_one, read_other = (
        {name: _parts_as_read(name, value) for name, value in fields.items()} for fields in (one, other)
    )
    return read_one == read_other


def _parts_as_read(name: str, value: object) -> object:
    """Return several chances, or the chances of several values, however they are spelled; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    read_part, read_told = (read_chance, read_measure) if name == "quantiles" else (read_last_day, read_chance)
    return {_read(part, read_part): _read(told, read_told) for part, told in value.items()}


def _read(value: object, read: Callable[[Any], object]) -> object:
    """Return a value as it reads; the slug of an option, or the value itself, if it cannot be read so."""
    with suppress(InvalidValue, ValueError, BadCell):
        return read(value)
    return option_slug(value)


def part_column(cells: Mapping[str, object]) -> str:
    """Return the column that says what a row's chance is for; ``quantiles`` if the row has them all."""
    return next((name for name in LINE_COLUMNS if cells.get(name) is not None), "quantiles")


def is_nobodys(row: Row) -> bool:
    """Tell whether the table has a column of forecasters and this row leaves it empty."""
    return "by" in row.cells and "by" not in row.values


def _own_fields(row: Row) -> dict[str, object]:
    """Return the fields of the row's own forecast; empty if it has none."""
    values, chances = row.values, row.chances
    range_ends = {name: chances[name] for name in ("low", "high") if name in chances}
    fields = _number(chances["p"]) if "p" in chances else {}
    if "withdrawn" in values:
        if fields or range_ends or "words" in values:
            raise RowFault("withdrawn", "a withdrawal carries no probability")
        fields = {"withdrawn": True}
    words = {name: values[name] for name in ("words", "scale") if name in values}
    if "words" in words and fields:
        raise RowFault("words", "a number or words, not both")
    if "scale" in words and "words" not in words:
        raise RowFault("scale", "a scale is for words, and there are none")
    if "quantiles" in values:
        if fields or range_ends or words:
            raise RowFault("quantiles", SAYS_IT_ALL)
        fields = dict(values["quantiles"])
    fields |= range_ends
    if "words" in words:
        fields = _of_words(words, range_ends)
    if fields and "note" in values:
        fields["note"] = values["note"]
    return fields


def _of_words(words: Mapping[str, str], range_ends: Mapping[str, object]) -> dict[str, object]:
    """Return the fields of a forecast in words: read on their scale, or the range that the row gives for them."""
    try:
        return numbers_of({"words": words["words"], "scale": words.get("scale"), **range_ends})
    except InvalidValue as error:
        raise RowFault("words", in_cells(str(error))) from None


def _number(chance: Chance) -> dict[str, object]:
    """Return the field for a chance, or for the word that means a withdrawal."""
    return {"withdrawn": True} if isinstance(chance, str) else {"probability": chance}


def _said_forecast(
    row: Row, by: str | None, fields: Mapping[str, object], published: Publication | None, now: datetime
) -> SaidForecast:  # fmt: skip
    """Return one forecast of a row, made when it was published if the row gives no time; RowFault if in the future."""
    made_at = row.values.get("made_at")
    if made_at is None and published is not None and published.said_on and published.day != now.date():
        made_at = utc_moment(published.said_on)
    if made_at is not None and made_at > now:
        today = "; a day means its end; leave it empty, for now" if made_at.date() == now.date() else ""
        raise RowFault("made_at", f"lies in the future: in UTC it is {spoken_moment(now)}{today}")
    _check_fields(row, made_at or now, fields)
    return SaidForecast(row.number, by, made_at, fields, published, row.values.get("kind"))


def _check_fields(row: Row, made_at: datetime, fields: Mapping[str, object]) -> None:
    """Check a forecast that says more than one chance by the rules of a forecast; its forecaster may be unknown yet."""
    has_several = isinstance(fields.get("probability"), Mapping)
    if not fields or has_several or fields.keys() == {"probability"} or fields.keys() & {"quantiles", "points"}:
        return  # several chances are checked later, by the claim
    try:
        build(Forecast, {"claim": "claim", "forecaster": "who", "made_at": made_at, **fields})
    except InvalidValue as error:
        column = next((name for name in ("low", "words", "p") if name in {*row.chances, *row.values}), "p")
        raise RowFault(column, str(error)) from None


def one_forecast(row: Row) -> OneForecast | None:
    """Return what the rows of one forecast share, as a key; None for a row that is a whole forecast by itself."""
    name = next((name for name in LINE_COLUMNS if name in row.values or name in row.unread), None)
    if name is None:
        return None
    values = {column: row.values[column] for column in _IDENTIFYING if column in row.values}
    for column, normalise in (("text", folded), ("by", slug_of)):
        if column in values:
            values[column] = normalise(values[column])
    return name, *values.items()


def lines_of(rows: Sequence[Row]) -> dict[str, int]:
    """Return the row numbers of one forecast's parts, by the option, day or value of each."""
    return {str(row.values[name]): row.number for row in rows for name in LINE_COLUMNS if name in row.values}


def whole_row(rows: Sequence[Row], refusals: Refusals) -> Row:
    """Join the rows of one forecast into one row; if one of them is refused, its chances count as unread."""
    first, chance_of = rows[0], dict[object, float]()
    name = next(name for name in LINE_COLUMNS if name in first.values or name in first.unread)
    unread = frozenset[str]().union(*(row.unread for row in rows))  # columns that cannot be read in one of the rows
    for row, column, fix in _said_twice(rows):
        refusals.add(row.number, column, row.cells.get(column), fix, list(row.cells.values()), kind=fix)
        unread |= {column}
    for row in rows:
        if row.unread.isdisjoint(OWN_FORECAST) and (line_fix := _take_line(row, name, chance_of)):
            refusals.add(row.number, name, row.cells.get(name), line_fix, list(row.cells.values()))
            unread |= {name}
            if person := next(iter(_people(row)), ""):
                refusals.offer([own_row(each.cells, person, {"p": each.cells[person]}) for each in rows])
    values = {
        column: value for row in reversed(rows) for column, value in row.values.items() if column not in LINE_COLUMNS
    }
    if evidence := list(dict.fromkeys(link for row in rows for link in row.values.get("evidence", ()))):
        values["evidence"] = evidence
    # Persons' own columns; where a line of the forecast is refused, they say nothing that could be refused once more.
    chances = {} if name in unread else {column: chance for column, chance in first.chances.items() if column != "p"}
    joined = first._replace(values=values, chances=chances, unread=unread)
    if not unread.isdisjoint(OWN_FORECAST):
        return joined
    if name in {"at", "value"}:
        return joined._replace(values={**values, "quantiles": _quantiles(name, chance_of)})
    return joined._replace(chances={**chances, "p": {str(part): chance for part, chance in chance_of.items()}})


def _said_twice(rows: Sequence[Row]) -> Iterator[tuple[Row, str, str]]:
    """Yield what a row says differently from an earlier row of its forecast: row, column and fix."""
    earlier: dict[str, tuple[object, int]] = {}
    for row in rows:
        if "quantiles" in row.values:
            yield row, "quantiles", SAYS_IT_ALL
        for column in [name for name in ("low", "high") if name in row.chances]:
            yield row, column, "a range is of one chance; say one number here"
        for column in sorted(row.values.keys() - {*LINE_COLUMNS, *_IDENTIFYING, *_ADDED_UP, "quantiles"}):
            value, number = earlier.setdefault(column, (row.values[column], row.number))
            if value != row.values[column]:
                yield row, column, f"row {number} of the same forecast says something else; say it once"


def _take_line(row: Row, name: str, chance_of: dict[object, float]) -> str | None:
    """Add a row's chance to the chances of its forecast; return what would be right, or None if it fits."""
    chance = row.chances.get("p")
    if row.values.keys() & {*LINE_COLUMNS} != {name}:
        return "say one option, one day or one value in a row"
    if isinstance(chance, Mapping):
        return f"p says several chances, so leave this cell empty; or say there the one of {row.values[name]} alone"
    if "withdrawn" in row.values:
        return "a withdrawal is of the whole forecast; leave this cell empty"
    if not isinstance(chance, float):
        people = some_of(_people(row))
        how = f"{people} say whole forecasts; of one {name} say how likely in p and who in by, a row for each of them"
        return how if people else "how likely? say it in the column p of this row"
    return "said twice for one forecast" if chance_of.setdefault(row.values[name], chance) != chance else None


def _people(row: Row) -> list[str]:
    """List the columns of people who say something in a row."""
    return [column for column in row.chances if column.startswith(PERSON)]


def _quantiles(name: str, chance_of: Mapping[object, float]) -> dict[str, object]:
    """Return the field for chances of "at most this value", as quantiles or as points."""
    if name == "value":
        return {"quantiles": {chance: value for value, chance in chance_of.items()}}
    return {"points": [{"at": value, "chance": chance} for value, chance in chance_of.items()]}

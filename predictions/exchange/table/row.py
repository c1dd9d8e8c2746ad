"""What one row of the table says: where it was published, who forecast what in it; or what several say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

from predictions.errors import InvalidValue
from predictions.exchange.questions import RowFault
from predictions.exchange.said import Publication, SaidForecast
from predictions.exchange.table.asked import in_cells
from predictions.exchange.table.cells import utc_moment
from predictions.exchange.table.columns import PERSON
from predictions.importing.line_cells import SAYS_IT_ALL
from predictions.importing.refusals import Refusals
from predictions.recording.days_ahead import AHEAD
from predictions.recording.enter import build
from predictions.recording.words import numbers_of
from predictions.records import Forecast
from predictions.slugs import folded, slug_of
from predictions.timestamps import spoken_moment

Chance: TypeAlias = float | str | Mapping[object, object]  # one; the word for a withdrawal; or one of each of several
LINE_COLUMNS = ("option", "day", "at", "value")
OWN_FORECAST = {"p", "low", "high", "words", "scale", "quantiles", "withdrawn", *LINE_COLUMNS}  # of the row itself
_IDENTIFYING = ("text", "deadline", "id", "claim", "by", "made_at", "said_on")
_ADDED_UP = {"evidence"}  # columns of which the rows of one forecast may each say another part
OneForecast = tuple[object, ...]


class Row(NamedTuple):
    """What one row says: its values by column, the chances in it, its cells as they were in the file.

    A row with cells that cannot be read is refused, and says what the others do, so that their faults are found too.
    """

    number: int
    values: Mapping[str, Any]
    chances: Mapping[str, Chance]  # by column: `p`, `low`, `high`, or that of a person
    cells: Mapping[str, object]  # by column
    unread: frozenset[str] = frozenset()  # the columns whose cells cannot be read

    def without(self, column: str) -> Row:
        """Return the same row with one cell more that cannot be read."""
        values = {name: value for name, value in self.values.items() if name != column}
        return self._replace(values=values, unread=self.unread | {column})

    @property
    def is_published(self) -> bool:
        """Whether it says when, or in which publication, something was said."""
        return "said_on" in self.values or "source" in self.values


def publication_of(row: Row, now: datetime) -> Publication | None:
    """Return where and when a row says that something was published; None where it does not."""
    if not row.is_published:
        return None
    values = row.values
    if ahead := said_ahead("said_on", values.get("said_on"), now):
        raise ahead
    return Publication(values.get("said_on"), values.get("link"), values.get("source"))


def said_ahead(column: str, when: date | datetime | None, now: datetime) -> RowFault | None:
    """Return what is wrong with a day or moment still to come; None for any other."""
    if when is None or (when <= now + AHEAD if isinstance(when, datetime) else when <= now.date()):
        return None
    return RowFault(column, f"lies in the future: days are UTC, and in UTC it is {now.date()}")


def forecasts_of(row: Row, now: datetime) -> list[tuple[str, SaidForecast]]:
    """Return the forecasts of a row, each with its column: its own, and that of each person who has a column.

    A publication carries the row's own alone. One without fields says something that cannot be read, or is nobody's.
    Raises RowFault for what is no forecast.
    """
    said: list[tuple[str, SaidForecast]] = []
    unread = not row.unread.isdisjoint(OWN_FORECAST)
    fields = {} if unread else _own_fields(row)
    if fields or unread:
        fields = {} if is_nobodys(row) else fields
        own = _said_forecast(row, row.values.get("by"), fields, publication_of(row, now), now)
        column = next((name for name in ("p", "quantiles") if name in {*row.chances, *row.values}), "words")
        said.append((part_column(row.cells) if column == "quantiles" else column, own))
    for name in row.cells:
        if name.startswith(PERSON) and (name in row.chances or name in row.unread):
            fields = _number(row.chances[name]) if name in row.chances else {}
            said.append((name, _said_forecast(row, name.removeprefix(PERSON), fields, None, now)))
    return said


def said_otherwise(column: str, rows: tuple[int, int], made_at: datetime | None) -> RowFault:
    """Return what is wrong where the second of two *rows* says something else by one forecaster at one moment."""
    first = "this row" if rows[0] == rows[1] else f"row {rows[0]}"
    when = f"at {spoken_moment(made_at)}" if made_at else "now; say when, made_at"
    return RowFault(column, f"{first} says something else by the same forecaster, {when}", kind="said twice")


def part_column(cells: Mapping[str, object]) -> str:
    """Return the column in which a row says what its chance is of; that of quantiles where it holds them all."""
    return next((name for name in LINE_COLUMNS if cells.get(name) is not None), "quantiles")


def is_nobodys(row: Row) -> bool:
    """Tell whether a row says something and leaves its column of forecasters empty."""
    return "by" in row.cells and "by" not in row.values


def _own_fields(row: Row) -> dict[str, object]:
    """Return the fields of the row's own forecast; empty where it has none."""
    values, chances = row.values, row.chances
    numbers = {name: chances[name] for name in ("low", "high") if name in chances}
    fields = _number(chances["p"]) if "p" in chances else {}
    if "withdrawn" in values:
        if fields or numbers or "words" in values:
            raise RowFault("withdrawn", "a withdrawal carries no probability")
        fields = {"withdrawn": True}
    told = {name: values[name] for name in ("words", "scale") if name in values}
    if "words" in told and fields:
        raise RowFault("words", "a number or words, not both")
    if "scale" in told and "words" not in told:
        raise RowFault("scale", "a scale is for words, and there are none")
    if "quantiles" in values:
        if fields or numbers or told:
            raise RowFault("quantiles", SAYS_IT_ALL)
        fields = dict(values["quantiles"])
    fields |= numbers
    if "words" in told:
        fields = _of_words(told, numbers)
    if fields and "note" in values:
        fields["note"] = values["note"]
    return fields


def _of_words(told: Mapping[str, str], numbers: Mapping[str, object]) -> dict[str, object]:
    """Return the fields of a forecast in words: read on their scale, or from where to where the row takes them."""
    try:
        return numbers_of({"words": told["words"], "scale": told.get("scale"), **numbers})
    except InvalidValue as error:
        raise RowFault("words", in_cells(str(error))) from None


def _number(chance: Chance) -> dict[str, object]:
    """Return the field that a chance, or the word for a withdrawal, is of."""
    return {"withdrawn": True} if isinstance(chance, str) else {"probability": chance}


def _said_forecast(
    row: Row, by: str | None, fields: Mapping[str, object], published: Publication | None, now: datetime
) -> SaidForecast:  # fmt: skip
    made_at = row.values.get("made_at")
    if made_at is None and published is not None and published.said_on and published.day != now.date():
        made_at = utc_moment(published.said_on)
    if made_at is not None and made_at > now + AHEAD:
        today = "; a day means its end; leave it empty, for now" if made_at.date() == now.date() else ""
        raise RowFault("made_at", f"lies in the future: in UTC it is {spoken_moment(now)}{today}")
    _check_fields(row, made_at or now, fields)
    return SaidForecast(row.number, by, made_at, fields, published, row.values.get("kind"))


def _check_fields(row: Row, made_at: datetime, fields: Mapping[str, object]) -> None:
    """Hold what says more than one chance to the rules of a forecast, before it is known whose it is."""
    several = isinstance(fields.get("probability"), Mapping)
    if not fields or several or fields.keys() == {"probability"} or fields.keys() & {"quantiles", "points"}:
        return  # its claim will read what it says more than one chance of
    try:
        build(Forecast, {"claim": "claim", "forecaster": "who", "made_at": made_at, **fields})
    except InvalidValue as error:
        column = next((name for name in ("low", "words", "p") if name in {*row.chances, *row.values}), "p")
        raise RowFault(column, str(error)) from None


def one_forecast(row: Row) -> OneForecast | None:
    """Return what the rows of one forecast have in common; None for a row that says all of its forecast."""
    name = next((name for name in LINE_COLUMNS if name in row.values or name in row.unread), None)
    if name is None:
        return None
    told = {column: row.values[column] for column in _IDENTIFYING if column in row.values}
    alike = {column: read(told[column]) for column, read in (("text", folded), ("by", slug_of)) if column in told}
    return name, *{**told, **alike}.items()


def lines_of(rows: Sequence[Row]) -> dict[str, int]:
    """Return the rows of one forecast by the option, day or value that each is of."""
    return {str(row.values[name]): row.number for row in rows for name in LINE_COLUMNS if name in row.values}


def whole_row(rows: Sequence[Row], refusals: Refusals) -> Row:
    """Return the rows of one forecast as one row, whose chances are unread where one of them is refused."""
    first, told = rows[0], dict[object, float]()
    name = next(name for name in LINE_COLUMNS if name in first.values or name in first.unread)
    unread = frozenset[str]().union(*(row.unread for row in rows))
    for row, column, otherwise in _said_twice(rows):
        refusals.add(row.number, column, row.cells.get(column), otherwise, list(row.cells.values()), kind=otherwise)
        unread |= {column}
    for row in rows:
        if row.unread.isdisjoint(OWN_FORECAST) and (fix := _take_line(row, name, told)):
            refusals.add(row.number, name, row.cells.get(name), fix, list(row.cells.values()))
            unread |= {name}
    values = {
        column: value for row in reversed(rows) for column, value in row.values.items() if column not in LINE_COLUMNS
    }
    if links := list(dict.fromkeys(link for row in rows for link in row.values.get("evidence", ()))):
        values["evidence"] = links
    chances = {column: chance for column, chance in first.chances.items() if column != "p"}
    whole = first._replace(values=values, chances=chances, unread=unread)
    if not unread.isdisjoint(OWN_FORECAST):
        return whole
    if name in {"at", "value"}:
        return whole._replace(values={**values, "quantiles": _quantiles(name, told)})
    return whole._replace(chances={**chances, "p": {str(what): chance for what, chance in told.items()}})


def _said_twice(rows: Sequence[Row]) -> Iterator[tuple[Row, str, str]]:
    """Yield what rows of one forecast say otherwise than an earlier one, or beside its lines: row, column and fix."""
    before: dict[str, tuple[object, int]] = {}
    for row in rows:
        if "quantiles" in row.values:
            yield row, "quantiles", SAYS_IT_ALL
        for column in [end for end in ("low", "high") if end in row.chances]:
            yield row, column, "a range is of one chance; say one number here"
        for column in sorted(row.values.keys() - {*LINE_COLUMNS, *_IDENTIFYING, *_ADDED_UP, "quantiles"}):
            value, number = before.setdefault(column, (row.values[column], row.number))
            if value != row.values[column]:
                yield row, column, f"row {number} of the same forecast says something else; say it once"


def _take_line(row: Row, name: str, told: dict[object, float]) -> str | None:
    """Add what one row says to what is *told* of its forecast; return what would be right where it does not fit."""
    chance = row.chances.get("p")
    if row.values.keys() & {*LINE_COLUMNS} != {name}:
        return "say one option, one day or one value in a row"
    if not isinstance(chance, float):
        return "how likely? say it in the column p of this row"
    return "said twice for one forecast" if told.setdefault(row.values[name], chance) != chance else None


def _quantiles(name: str, told: Mapping[object, float]) -> dict[str, object]:
    """Return the chances of at most some values as the column of quantiles would hold them."""
    if name == "value":
        return {"quantiles": {chance: value for value, chance in told.items()}}
    return {"points": [{"at": value, "chance": chance} for value, chance in told.items()]}

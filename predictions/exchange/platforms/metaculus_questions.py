"""What Metaculus says of a question and of the forecasts on it, whichever of its files says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from predictions.enums import ForecasterKind, Outcome
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.metaculus_dates import DateShape, date_shape
from predictions.exchange.platforms.metaculus_shapes import Shape
from predictions.exchange.questions import Account, LeftOut, Question, SaidForecast, Verdict

BINARY = "binary"
KINDS = {
    BINARY: BINARY, "multiple_choice": "multiple-choice", "numeric": "numeric", "discrete": "numeric", "date": "date",
}  # fmt: skip
RESOLUTIONS = {outcome.value: outcome for outcome in (Outcome.YES, Outcome.NO, Outcome.AMBIGUOUS, Outcome.ANNULLED)}
BRANCHES = (" (Yes) → ", " (No) → ")  # stand in a conditional question's title, between its condition and the rest
SITE = "https://www.metaculus.com/questions"
MOST_DIGITS = 6  # of the size of a crowd
AnyShape: TypeAlias = Shape | DateShape  # what a question asks for that is not yes or no


class FieldNames(NamedTuple):
    """What one kind of file calls the fields of a question."""

    key: str
    title: str
    label: str
    kind: str
    opens_at: str
    closes_at: str
    outcome: str
    known_at: str


class Span(NamedTuple):
    """A forecast and the time for which it stood; without an end it stands still."""

    row: int
    by: str
    said: float | Mapping[str, object]  # the chance of yes, or the fields that say more
    starts_at: datetime
    ends_at: datetime | None


def read_question(item: ExportRow, names: FieldNames, post: str, shape: AnyShape | None) -> Question | LeftOut:
    """Read a question; RowFault for what it says in no way that is known.

    Its key is its own id. That of its *post* is shared by the questions of a group, each of which has a label. Without
    a *shape* only one of yes or no has a place.
    """
    key, title = item.key(names.key), item.needed(names.title, item.text(names.title))
    kind = item.needed(names.kind, item.word(names.kind, KINDS))
    opens_at, closes_at = item.moment(names.opens_at), item.moment(names.closes_at)
    if any(branch in title for branch in BRANCHES):
        return LeftOut("question", key, "conditional", item.row)
    if kind != BINARY and shape is None:
        return LeftOut("question", key, kind, item.row)
    if opens_at is None:
        return LeftOut("question", key, "not-open-yet", item.row)
    label, fields = item.text(names.label), dict[str, object](closes_at=closes_at)
    if label is not None:
        fields["cluster"] = f"post-{post}"
        title = title if title.endswith(f"({label})") else f"{title} ({label})"
    return Question(
        item.row, id=key, text=title, opens_on=opens_at.date(), deadline=shape and shape.last_day,
        verdict=_resolution(item, names, shape), fields=fields | (shape.claim_fields() if shape else {}),
    )  # fmt: skip


def shape_of_date(
    told: ExportRow, key: str, places: Sequence[object], item: ExportRow, names: FieldNames
) -> DateShape | None:  # fmt: skip
    """Return the shape of a question that asks for a date, *told* at some places."""
    opens_at, closes_at, known_at = (item.moment(name) for name in (names.opens_at, names.closes_at, names.known_at))
    return date_shape(told, key, places, opens_at, closes_at, known_at)


def _resolution(item: ExportRow, names: FieldNames, shape: AnyShape | None) -> Verdict | None:
    outcome = shape.came_out(item, names.outcome) if shape else item.word(names.outcome, RESOLUTIONS)
    known_at = item.moment(names.known_at)
    if outcome is not None and known_at is None:
        raise item.fault(names.known_at, "when did the outcome become known?")
    if isinstance(outcome, date):
        return Verdict(item.row, Outcome.YES, known_at, happened_on=outcome)
    return None if outcome is None else Verdict(item.row, outcome, known_at)


def span_of(
    row: int, by: str | None, said: float | Mapping[str, object] | str | None, starts_at: datetime,
    ends_at: datetime | None,
) -> Span | str:  # fmt: skip
    """Return a forecast as a span; or why it has no place, which *said* may be."""
    if by is None:
        return "no-forecaster"
    if said is None or isinstance(said, str):
        return said or "hidden"
    return "never-stood" if ends_at and ends_at < starts_at else Span(row, by, said, starts_at, ends_at)


def forecasts_of(spans: Iterable[Span]) -> Iterator[SaidForecast]:
    """Turn the spans of one question into forecasts and withdrawals.

    An end at which another span of the same forecaster starts is an update; any other is a withdrawal. One that lies
    ahead is set to come, and not made yet.
    """
    spans = list(spans)
    starts = {(span.by, span.starts_at) for span in spans}
    for row, by, said, starts_at, ends_at in spans:
        # That it is a float, as most are, is asked first: to ask whether it is a mapping takes ten times as long.
        fields = {"probability": said} if type(said) is float or not isinstance(said, Mapping) else said
        yield SaidForecast(row, by, starts_at, fields)
        if ends_at is not None and (by, ends_at) not in starts:
            yield SaidForecast(row, by, ends_at, {"withdrawn": True})


def crowd(method: str, item: ExportRow, count: str) -> Account:
    """Return the account of an aggregation, with the *count* of its forecasters; its name has a space, as no user's."""
    size = item.key(count) if item.has(count) else "0"
    if not size.isdecimal() or len(size) > MOST_DIGITS:
        raise item.fault(count, "say how many they are, as a whole number")
    return Account(method.replace("_", " "), ForecasterKind.CROWD, f"Metaculus {method}", int(size) or None, method)

"""What all files of Metaculus have of a question: its type, text, times and verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from predictions.enums import ForecasterKind, Outcome
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.metaculus_dates import DateShape, date_shape
from predictions.exchange.platforms.metaculus_shapes import Shape
from predictions.exchange.questions import Account, LeftOut, Question, Verdict

BINARY = "binary"
TYPE_OF_QUESTION = {
    BINARY: BINARY, "multiple_choice": "multiple-choice", "numeric": "numeric", "discrete": "numeric", "date": "date",
}  # fmt: skip
OUTCOME_OF_RESOLUTION = {
    outcome.value: outcome for outcome in (Outcome.YES, Outcome.NO, Outcome.AMBIGUOUS, Outcome.ANNULLED)
}
BRANCHES = re.compile(r" \((?:Yes|No)\) → ")  # in the title of a conditional question, after its condition
SITE = "https://www.metaculus.com/questions"
MOST_DIGITS = 6  # of the size of a crowd
AnyShape: TypeAlias = Shape | DateShape  # of a question that is not about yes or no


class FieldNames(NamedTuple):
    """The names of a question's fields in one kind of file."""

    key: str
    title: str
    label: str
    kind: str
    opens_at: str
    closes_at: str
    outcome: str
    known_at: str


def kind_of(item: ExportRow, column: str) -> str | None:
    """Return the type of a question; None for an unknown one."""
    return TYPE_OF_QUESTION.get((item.text(column) or "").casefold())


def read_question(item: ExportRow, names: FieldNames, post: str, shape: AnyShape | None) -> Question | LeftOut:
    """Return a question, or that it is left out; RowFault if it cannot be read.

    Its key is its own id: the id of its *post* is shared by a group of questions, each with a label. Without a *shape*
    only a question of yes or no has a place.
    """
    key, title = item.key(names.key), item.needed(names.title, item.words(names.title))
    type_name = item.needed(names.kind, item.text(names.kind)).casefold()
    kind = TYPE_OF_QUESTION.get(type_name)
    opens_at, closes_at = item.moment(names.opens_at), item.moment(names.closes_at)
    if type_name == "conditional" or BRANCHES.search(title):
        return LeftOut("question", key, "conditional", item.row)
    if kind is None:
        return LeftOut("question", key, "unknown-type", item.row)
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
    field_holder: ExportRow, key: str, places: Sequence[object], item: ExportRow, names: FieldNames
) -> DateShape | None:  # fmt: skip
    """Return the shape of a question about a date, whose *places* are in the field *key* of *told*."""
    opens_at, closes_at, known_at = (item.moment(name) for name in (names.opens_at, names.closes_at, names.known_at))
    return date_shape(field_holder, key, places, opens_at, closes_at, known_at)


def _resolution(item: ExportRow, names: FieldNames, shape: AnyShape | None) -> Verdict | None:
    """Return the verdict; None if it is open, and RowFault if it has no time."""
    outcome = shape.came_out(item, names.outcome) if shape else item.word(names.outcome, OUTCOME_OF_RESOLUTION)
    known_at = item.moment(names.known_at)
    if outcome is not None and item.past(names.known_at, known_at) is None:
        raise item.fault(names.known_at, "when did the outcome become known?")
    if isinstance(outcome, date):
        return Verdict(item.row, Outcome.YES, known_at, happened_on=outcome)
    return None if outcome is None else Verdict(item.row, outcome, known_at)


def crowd(method: str, item: ExportRow, count: str) -> Account:
    """Return the account of an aggregation, of *count* forecasters; its name has a space, which no user's has."""
    size = item.key(count) if item.has(count) else "0"
    if not size.isdecimal() or len(size) > MOST_DIGITS:
        raise item.fault(count, "say how many they are, as a whole number")
    return Account(method.replace("_", " "), ForecasterKind.CROWD, f"Metaculus {method}", int(size) or None, method)

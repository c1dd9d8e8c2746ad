"""Two values of one field of a record, in words that show how they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from predictions.errors import short_repr
from predictions.numerals import measure, some_of

ITEMS_SHOWN = 4


def shown_apart(value: object, other: object) -> tuple[str, str]:
    """Write two values of a field in words; of two lists only the items that differ, unless they are short.

    >>> shown_apart([{"option": "a", "share": 0.5}, {"option": "b", "share": 0.5}], [{"option": "a", "share": 0.5}])
    ('b: 0.5', 'nothing')
    >>> shown_apart(date(2026, 1, 2), None)
    ('2026-01-02', 'nothing')
    """
    if not isinstance(value, (list, tuple)) and not isinstance(other, (list, tuple)):
        return _value_shown(value), _value_shown(other)
    items = list(value) if isinstance(value, (list, tuple)) else []
    other_items = list(other) if isinstance(other, (list, tuple)) else []
    are_names = isinstance(value, tuple) and all(isinstance(item, (str, float, int)) for item in (*items, *other_items))
    if are_names and max(len(items), len(other_items)) <= 2 * ITEMS_SHOWN:
        return ", ".join(map(_item_shown, items)) or "nothing", ", ".join(map(_item_shown, other_items)) or "nothing"
    only_here, only_there = (
        [item for item in items if item not in other_items],
        [item for item in other_items if item not in items],
    )
    if not only_here and not only_there:  # they differ in their order
        only_here, only_there = items, other_items
    return _items_shown(only_here), _items_shown(only_there)


def _value_shown(value: object) -> str:
    """Write a value that is not a list."""
    if value is None or value == ():
        return "nothing"
    return value.isoformat() if isinstance(value, date) else short_repr(str(value) if isinstance(value, str) else value)


def _items_shown(items: Sequence[object]) -> str:
    return some_of(list(map(_item_shown, items)), ITEMS_SHOWN, ", and ") or "nothing"


def _item_shown(item: object) -> str:
    """Write an item of a list: a single value, or the values of its fields with colons between."""
    if isinstance(item, str):
        return short_repr(str(item))
    if isinstance(item, (int, float)):
        return measure(item)
    fields = item if isinstance(item, Mapping) else vars(item)
    return ": ".join(measure(field) if isinstance(field, (int, float)) else str(field) for field in fields.values())

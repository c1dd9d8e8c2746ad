"""Values of any kind, and every place in what JSON holds at which one of them may be put."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hostile import HOSTILE

VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 0.5, -0.0, 35, 2**63, 10**400, float("nan"), float("inf"), -1e300, 1e-400, "", " ",
    "x", "0.5", "35%", "NaN", "1e400", "٣", "yes", "2026-02-30", "2026-02-03", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "2026-02-03T10:00:00", 253_402_300_800_000, 10**17, -62_135_596_800_001, "x" * 30_000,
    "\x00", "a\r\nb", "\ud800", "\u202eabc", "e" + "\u0301" * 60, "javascript:alert(1)", "../x", [], {}, [[]], [None],
    [{}], {"a": {"a": []}}, ["x"] * 3, '["Yes"]', "[" * 5_000, *HOSTILE,
]  # fmt: skip


def fields_of(found: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in what JSON holds."""
    steps = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in steps:
        yield (*way, key)
        yield from fields_of(value, (*way, key))


def replaced(found: Any, way: tuple[Any, ...], value: object) -> Any:
    """The same with another value at one place."""
    changed = holder = deepcopy(found)
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = value
    return changed

"""Hostile values for the arguments that say what a claim of any type asks, how likely it is, and how it came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from types import MappingProxyType
from typing import Any

import numpy as np

OPTIONS = ("red", "green", "blue")
LAST = "2099-12-31"
NUMBERS = (
    0.2, 0.3, 0.5, 1, 0, -0.0, -1, 1e-13, 5e-324, 1e308, -1e308, 10**400, float("nan"), float("inf"), float("-inf"),
    True, False, Decimal("0.3"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+400"), Decimal("-0"), 1j,
    Fraction(1, 3), np.float32(0.3), np.float64("nan"), np.int64(3), np.bool_(True), np.array(0.3),
    np.array([0.3]),
    "0.3", "30%", "30 %", "0,3", ".3", "1e-1", "1e400", "nan", "inf", "1/3", "３０％", "٠.٣", "三", "½", "-0.3",
    "0x1p-2", "9" * 5000, "0." + "3" * 5000,
)  # fmt: skip
DAYS = (
    date(2099, 12, 31), datetime(2099, 12, 31), date.min, date.max, datetime.max, np.datetime64("2099-12-31"),
    LAST, " 2099-12-31", "2099", "2099-12", "Q4 2099", "2026", "0001-01-01", "9999-12-31", "2099-02-30", "31/12/2099",
    "２０９９-12-31", "within 18 months", 2099, 20991231,
)  # fmt: skip
WORDS = (
    *OPTIONS, " red", "RED", "red ", "re\u0301d", "", " ", "\x00", "a\nb", "\ud800", "\u202ered", "x" * 30_000, "=1+1",
    "yes", "no", "YES ", "ambiguous", "annulled", "red,green", "red=0.3", "<script>alert(1)</script>",
)  # fmt: skip
OTHERS = (
    None,
    [],
    (),
    {},
    [[]],
    [None],
    {None: None},
    {"x": {"x": []}},
    b"0.3",
    object(),
    set(),
    range(3),
    Ellipsis,
    int,
)
ANY = (*NUMBERS, *DAYS, *WORDS, *OTHERS)


class Unequal:
    """Prints as an option and equals nothing."""

    def __str__(self) -> str:
        return "red"

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash("red")


def value(random: Random, good: tuple[Any, ...]) -> Any:
    """Mostly a good value of its kind; else a number, a day, a word, or anything."""
    odd = random.choice((NUMBERS, DAYS, WORDS, OTHERS, (Unequal(),)))
    return random.choice(good if random.random() < 0.8 else odd)


def chances(random: Random, keys: tuple[Any, ...], good: tuple[Any, ...] = (0.2, 0.3, 0.5)) -> Any:
    """A mapping of chances, in a dress that may be none; keys may be the same once they are read."""
    named: list[Any] = [value(random, keys) for _ in range(random.randrange(5))] or [*keys]
    if random.random() < 0.6:
        named = [*keys]
        if random.random() < 0.5:
            named[random.randrange(len(named))] = value(random, keys)
    pairs = [
        (key, value(random, good) if random.random() < 0.3 else good[at % len(good)]) for at, key in enumerate(named)
    ]
    if random.random() < 0.1:
        return random.choice(ANY)
    if not all(_hashable(key) for key, _ in pairs):
        return pairs
    told: Mapping[Any, Any] = dict(pairs)
    return random.choice((told, told, told, MappingProxyType(told), pairs, iter(pairs), list(told.values())))


def several(random: Random, good: tuple[Any, ...]) -> Any:
    """A list of values, in a dress that may be none."""
    values = [value(random, good) for _ in range(random.randrange(5))] if random.random() < 0.5 else [*good]
    if random.random() < 0.1:
        return random.choice(ANY)
    return random.choice((values, tuple(values), _generator(values), iter(values), dict.fromkeys(map(str, range(2)))))


def _generator(values: list[Any]) -> Iterator[Any]:
    yield from values


def _hashable(key: Any) -> bool:
    try:
        hash(key)
    except TypeError:
        return False
    return True

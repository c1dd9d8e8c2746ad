"""Good inputs spoilt at random, the same way for the same seed: changed, cut, doubled, spliced, made odd."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

Input = TypeVar("Input", str, bytes)

ODD = (
    "\x00", "\x1b[31m", "\r", "\r\n", "\n\n", "\t", "\x85", "\u2028", "\ufeff", "\u200b", "\u00a0", "\u202e",
    "\u0301" * 30, "\ud800", "\U0001f600", "\U0010ffff", "İ", "ſ", "ﬁ", "½", "²", "٣", "０", "一", "—", "-", "+", ".",
    ",", ":", "/", "%", "_", "'", '"', "\\", "{", "[", "#", "=", " ", "0", "9" * 20, "9" * 400, "9" * 5000, "e400",
    "1e-400", "nan", "inf", "-0", "true", "null", "0000", "9999", "99999-12-31", "2026-02-30", "T24:00Z", "+25:00",
    "x" * 300, "[" * 2000, "../", "a\x00b",
)  # fmt: skip
STRANGE = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**30, 0.5, -0.0, 1e308, float("inf"), float("nan"), "",
    " ", "0.5", "x", "\x00", "\ud800", "yes", "2026-13-01", "9" * 400, [], [[]], [None], {}, {"": None},
    {"x": {"x": []}}, "x" * 30_000,
)  # fmt: skip


def mutated(seed: Input, others: Sequence[Input], random: Random) -> Input:
    """A seed after one change to five; at times another of the seeds goes in as well."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 5))):
        if isinstance(seed, str):
            if seed[:1] in {"{", "["} and random.random() < 0.6:
                seed = grafted(seed, random)
            else:
                seed = _changed(seed, others, random, "", _odd_text)
        else:
            seed = _changed(seed, others, random, b"", _odd_bytes)
    return seed


def grafted(text: str, random: Random) -> str:
    """A JSON text with something strange in the place of one of its values; the text as it is where it is no JSON."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return text
    places = list(_places(whole))
    if not places:
        return text
    holder, key = random.choice(places)
    match random.randrange(5):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1:
            other, place = random.choice(places)
            holder[key] = json.loads(json.dumps(other[place]))
        case 2 if isinstance(holder[key], str):
            holder[key] = _changed(holder[key], ["2026-01-01", "aGk="], random, "", _odd_text)
        case 3 if isinstance(holder[key], int):
            holder[key] += random.choice((-1, 1, 2**32))
        case _:
            holder[key] = random.choice(STRANGE)
    return json.dumps(whole, ensure_ascii=random.random() < 0.5)


def _places(value: object) -> list[tuple[object, object]]:
    """Where in a JSON value another could stand."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


def _changed(
    seed: Input, others: Sequence[Input], random: Random, nothing: Input, odd: Callable[[Random], Input]
) -> Input:
    start, end = sorted(random.randrange(len(seed) + 1) for _ in range(2))
    end = min(end, start + random.choice((1, 2, 8, 5000)))
    match random.randrange(8):
        case 0:
            return seed[:start]
        case 1:
            return seed[:start] + seed[end:]
        case 2:
            return seed[:end] + seed[start:]
        case 3:
            other = random.choice(others)
            return seed[:start] + other[random.randrange(len(other) + 1) :]
        case 4:
            return seed[:start] + odd(random) + seed[start:]
        case 5:
            return seed[:start] + seed[start:end] * random.choice((2, 3, 50)) + seed[end:]
        case 6:
            return (
                seed[:start]
                + nothing.join(_flipped(seed[at : at + 1], random) for at in range(start, end))
                + seed[end:]
            )
        case _:
            return seed[:start] + odd(random) + seed[end:]


def _flipped(one: Input, random: Random) -> Input:
    """The character or byte with one of its bits the other way."""
    if isinstance(one, str):
        return chr(ord(one) ^ 1 << random.randrange(7))
    return bytes([one[0] ^ 1 << random.randrange(8)])


def _odd_text(random: Random) -> str:
    return random.choice(ODD)


def _odd_bytes(random: Random) -> bytes:
    return random.choice((random.choice(ODD).encode("utf-8", "surrogatepass"), random.randbytes(random.randrange(40))))

"""Write out the parts of a sum; if there are many, only the largest, and how many others there are."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.numerals import counted, measure

TERMS_SHOWN = 6  # how many parts of a sum are written out; the others are added up
DECIMALS = 6  # enough for a reader to repeat the arithmetic
Part = tuple[str, float]  # a part of a sum, written out, and its value


def weightiest(parts: Sequence[Part]) -> list[int]:
    """Return the positions of the largest parts, which are shown, in ascending order.

    >>> weightiest([("a", 0.1), ("b", -5.0), *[("c", 1.0)] * 5])
    [1, 2, 3, 4, 5, 6]
    """
    return sorted(sorted(range(len(parts)), key=lambda number: -abs(parts[number][1]))[:TERMS_SHOWN])


def sum_of(parts: Sequence[Part], noun: str, *, joined: str = " + ", decimals: int = DECIMALS) -> str:
    """Write out a sum; *noun* is the word for one of its parts.

    >>> sum_of([("a", 0.1), *[("b", 5.0)] * 6, ("c", 0.2)], "cut")
    'b + b + b + b + b + b + 2 other cuts 0.3'
    """
    shown = weightiest(parts)
    texts = [parts[number][0] for number in shown]
    if len(parts) > len(shown):
        rest = sum(value for _, value in parts) - sum(parts[number][1] for number in shown)
        texts.append(f"{counted(len(parts) - len(shown), f'other {noun}')} {measure(round(rest, decimals))}")
    return joined.join(texts) or "0"

"""Counts in words, as the card of a run says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from predictions.numerals import counted, some_of
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.text import WIDTH

MOST_NAMES = 8  # forecasters, and words, that are listed
COUNTED = (
    "statement", "claim", "forecast", "withdrawal", "verdict", "event", "piece of evidence", "bearing or forecast",
)  # fmt: skip
PLURAL_NOUNS = {"piece of evidence": "pieces of evidence", "bearing or forecast": "bearings and forecasts"}
INTRODUCED = ("forecaster", "source")
TIMES = {
    "published": "published (said_on and link, unchecked)", "backdated": "backdated: apart", "witnessed": "made now",
}  # fmt: skip


def beside(text: str, name: str, indent: int = 2) -> Block:
    """Set a line with a file's name at its end; where both are too long for one, the name runs on with the text."""
    if len(text) + 2 + len(name) <= WIDTH:
        return Heading(text, name)
    return Paragraph(f"{text}: {name}", 0, indent)


def listed(counts: Mapping[str, int], nouns: Sequence[str] = COUNTED) -> str:
    """Count some nouns in one line: ``8 claims, 1 forecast``."""
    told = []
    for noun in nouns:
        count = counts.get(noun, 0)
        if count:
            told.append(f"{count:,} {PLURAL_NOUNS.get(noun, noun + 's')}" if count > 1 else f"1 {noun}")
    return ", ".join(told)


def most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Put those counted most often first."""
    return sorted(counts.items(), key=lambda found: -found[1])


def named(counts: Mapping[str, int]) -> str:
    """List names with their counts, those with most first; of many only some."""
    return some_of([f"{name} {count:,}" for name, count in most(counts)], MOST_NAMES, ", and ")


def kinds_of(kinds: Mapping[str, int]) -> str:
    """Say what forecasters are: ``persons``, or how many of each."""
    if len(kinds) == 1:
        ((kind, count),) = kinds.items()
        return f"{kind}s" if count > 1 else kind
    return ", ".join(counted(count, kind) for kind, count in most(kinds))

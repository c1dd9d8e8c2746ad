"""How often each forecaster was near, on claims that are not yes or no: counts that anybody understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from predictions.numerals import counted
from predictions.render.blocks import Block, Paragraph, Table
from predictions.scoring.columns.claim_types import CHOICE, DATE, NUMBER, ORDERED
from predictions.scoring.near_counts import NearCount
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.type_scores import TypeScores

COUNT_ONLY = "not a score"


class NearQuestion(NamedTuple):
    """What claims of some types ask, the heading of their column, and what is counted in it."""

    asks: str
    kinds: tuple[int, ...]
    heading: str
    meaning: str


NEAR_QUESTIONS = (
    NearQuestion("WHICH", (CHOICE, ORDERED), "named it", "the option they held likeliest came true"),
    NearQuestion("HOW MANY", (NUMBER,), "in their range", "the number lay where they put 8 chances in 10"),
    NearQuestion(
        "WHEN", (DATE,), "in time or not",
        "it happened by the deadline and they gave that more than 50 %, or it did not and they gave less",
    ),
)  # fmt: skip


def near_blocks(
    types: Sequence[TypeScores], people: Sequence[TrackRecord], names: Mapping[str, str], top: int
) -> Iterator[Block]:
    """Lay out the counts of the *top* forecasters with most claims, in the order of *people*, and what is counted.

    *names* says how each is called.
    """
    asked = [question for question in NEAR_QUESTIONS if any(scores.kind in question.kinds for scores in types)]
    said: dict[str, int] = {}
    for record in (record for scores in types for record in scores.records):
        said[record.forecaster.slug] = said.get(record.forecaster.slug, 0) + record.funnel["forecast"]
    cells = [_near_cells(types, question) for question in asked]
    first = {*sorted(said, key=lambda slug: -said[slug])[:top]}
    rows = [
        (names.get(who.slug, who.title), f"{said[who.slug]:,}", *(column.get(who.slug, "-") for column in cells))
        for who in (record.forecaster for record in people)
        if who.slug in first
    ]
    if rows:
        caption = f"{', '.join(question.asks for question in asked)}  what came out as they said, of what is settled"
        yield Table(("who", "said", *(question.heading for question in asked)), rows, range(1, 2 + len(asked)), caption)
        told = [f"{question.heading}: {question.meaning}" for question in asked]
        yield Paragraph("; ".join([*told, COUNT_ONLY]), 2, 4)


def _near_cells(types: Sequence[TypeScores], question: NearQuestion) -> dict[str, str]:
    """Say how often each was near, by slug, of those who have a settled claim of the question."""
    found: dict[str, NearCount] = {}
    for scores in types:
        for slug, near in scores.near().items() if scores.kind in question.kinds else ():
            found[slug] = near if slug not in found else NearCount(*map(sum, zip(found[slug], near, strict=True)))
    return {slug: _near_told(near) for slug, near in found.items() if near.of}


def _near_told(near: NearCount) -> str:
    """Say a count, with how many observations it makes where that is fewer."""
    fewer = f" ({counted(near.observations, 'observation')})" if near.observations < near.of else ""
    return f"{near.near:,} of {near.of:,}{fewer}"

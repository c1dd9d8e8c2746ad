"""Say how often each forecaster was right, in counts that anybody understands, and what these are worth.

Of yes or no they count who was on the right side of 50 %, of other types who was near. The counts come from
:mod:`predictions.scoring.counting` and :mod:`predictions.scoring.near_counts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from predictions.numerals import NAMED, counted, whole_percent
from predictions.render.blocks import Block, Paragraph, Table
from predictions.scoring.columns.claim_types import CHOICE, DATE, NUMBER, ORDERED
from predictions.scoring.near_counts import NearCount
from predictions.scoring.plain_counts import PlainCount
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.track_record import TrackRecord
from predictions.scoring.type_columns import IN_THEIR_RANGE, IN_TIME, NAMED_IT, NEAR
from predictions.views.scorecard.type_scores import TypeScores

ON_THE_RIGHT_SIDE = "on the right side of 50 %, of those that came out yes or no"
BRACKETS = (
    f"in brackets where the share may lie (a {100 * LEVEL:.0f} % interval), for one look, whatever comes of what is "
    "due and in doubt"
)
NO_SCORE = "not a score: 51 % and 99 % count alike, and easy claims fill it"
COLUMN_NAMES = ("who", "right", "of", "own", "one", f"{100 * LEVEL:.0f} % interval", "units", "half", "at worst")
WORTH = (
    "own: how many right their own numbers expect; one: how many one answer to all gets, the better of yes and no; the "
    "interval is of the share of units, for one look, whatever comes of what is due; half: exactly 50 %, on no side; "
    "at worst: if all that are unclear, annulled, contested, dated early, without a verdict or open failed"
)
COUNT_ONLY = "not a score"
TIED, AT_HALF = "tied", "at 50 %"  # what is on no side


Side = tuple[str, PlainCount, Sequence[str]]


def right_side_blocks(sides: Sequence[Side], *, full: bool) -> Iterator[Block]:
    """Lay out the counts of forecasters by name, with notes on when it was said.

    In *full*, or where any has an interval or is qualified by more than the columns of the card say, what each is worth
    stands in its line; of many in a table.
    """
    if not sides:
        return
    yield Paragraph("")
    some = any(count.interval for _, count, _ in sides)
    if not full and not any(count.interval or count.contested or notes for _, count, notes in sides):
        yield Paragraph(ON_THE_RIGHT_SIDE, 0, 2)
        yield Paragraph(", ".join(f"{name} {right_side(count)}" for name, count, _ in sides), 2)
    elif len(sides) > NAMED:
        rows = [(name, *_side_cells(count)) for name, count, _ in sides]
        yield Table(COLUMN_NAMES, rows, range(1, len(COLUMN_NAMES)), ON_THE_RIGHT_SIDE)
        yield Paragraph(f"{WORTH}; {NO_SCORE}", 2, 2)
        yield from (Paragraph(f"{name}: {'; '.join(notes)}", 2, 4) for name, _, notes in sides if notes)
    else:
        yield Paragraph(ON_THE_RIGHT_SIDE + (f"; {BRACKETS}" if some else ""), 0, 2)
        yield from (Paragraph(f"{name} {right_side_told(count, notes)}", 2, 4) for name, count, notes in sides)
        yield Paragraph(NO_SCORE, 2, 2)


def right_side(count: PlainCount) -> str:
    """Say how many were on the right side of 50 %, with the interval where that says something.

    >>> right_side(PlainCount((4, 3, 0, 1, 0, 0, 4), 0, 0, 0, 6, 7, 1, 5.1, 4, 3, 2, 0, 0, 7, 6.0, None))
    '6 of 7 (1 more at 50 %)'
    """
    beside = []
    if count.observations < count.sided:
        beside.append(f"{count.right_observations:,.1f} of {counted(count.observations, 'observation')}")
    if count.interval:
        low, high = (whole_percent(end).removesuffix(" %") for end in count.interval)
        beside.append(f"{low} to {high} %")
    if count.at_half:
        beside.append(f"{count.at_half:,} more at 50 %")
    return f"{count.right:,} of {count.sided:,}" + (f" ({', '.join(beside)})" if beside else "")


def right_side_told(count: PlainCount, notes: Sequence[str] = ()) -> str:
    """Say the same, then how many own numbers expect and one answer to all gets, what is in doubt, and some notes.

    >>> right_side_told(PlainCount((4, 3, 0, 1, 0, 0, 4), 0, 0, 0, 6, 7, 0, 5.1, 4, 3, 2, 2, 1, 7, 6.0, None))
    '6 of 7; own numbers expect 5.1, one answer to all gets 4; 1 unclear, 4 open, 2 contested: 5 of 12 if all failed'
    """
    parts = [right_side(count)]
    if count.sided:
        whose = "the numbers" if count.words else "own numbers"  # what is read from words is ours
        parts.append(f"{whose} expect {count.expected:,.1f}, one answer to all gets {count.commoner:,}")
    named = [f"{number:,} {came}" for came, number in count.undecided.items()]
    named += [f"{count.contested:,} contested"] if count.contested else []
    named += [f"{count.dated_early:,} dated early"] if count.dated_early else []
    if named:
        parts.append(f"{', '.join(named)}: {_at_worst(count)} if all failed")
    return "; ".join([*parts, *notes])


def _side_cells(count: PlainCount) -> tuple[str, ...]:
    spans = [whole_percent(end) for end in count.interval or ()]
    return (
        f"{count.right:,}", f"{count.sided:,}", f"{count.expected:,.1f}", f"{count.commoner:,}",
        " .. ".join(spans) or "-", f"{count.observations:,}", f"{count.at_half:,}", _at_worst(count),
    )  # fmt: skip


def _at_worst(count: PlainCount) -> str:
    """Return the count if everything in doubt failed."""
    in_doubt = sum(count.undecided.values()) + count.dated_early
    return f"{count.right - count.right_contested:,} of {count.sided + in_doubt:,}"


class NearQuestion(NamedTuple):
    """What claims of some types ask, and the heading of their column."""

    asks: str
    kinds: tuple[int, ...]
    heading: str


NEAR_QUESTIONS = (
    NearQuestion("WHICH", (CHOICE, ORDERED), NAMED_IT),
    NearQuestion("HOW MANY", (NUMBER,), IN_THEIR_RANGE),
    NearQuestion("WHEN", (DATE,), IN_TIME),
)


def near_blocks(
    types: Sequence[TypeScores], people: Sequence[TrackRecord], names: Mapping[str, str], top: int,
    *, alone: bool,
) -> Iterator[Block]:  # fmt: skip
    """Lay out the counts of the *top* forecasters with most claims, in the order of *people*, and what is counted.

    *names* says how each is called. Where nothing is settled they are there only if the card has no other counts, and
    they stand *alone*.
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
    if alone or any(column for column in cells):
        caption = f"{', '.join(question.asks for question in asked)}  what came out as they said, of what is settled"
        yield Table(("who", "said", *(question.heading for question in asked)), rows, range(1, 2 + len(asked)), caption)
        told = [f"{question.heading}: {NEAR[question.heading]}" for question in asked]
        yield Paragraph("; ".join([*told, COUNT_ONLY]), 2, 4)


def _near_cells(types: Sequence[TypeScores], question: NearQuestion) -> dict[str, str]:
    """Say how often each was near, by slug, of those who have a settled claim of the question."""
    found: dict[str, NearCount] = {}
    for scores in types:
        for slug, near in scores.near().items() if scores.kind in question.kinds else ():
            found[slug] = near if slug not in found else NearCount(*map(sum, zip(found[slug], near, strict=True)))
    neither = AT_HALF if question.heading == IN_TIME else TIED
    return {slug: _near_told(near, neither) for slug, near in found.items() if near.of or near.neither}


def _near_told(near: NearCount, neither: str) -> str:
    """Say a count, with how many observations it makes where that is fewer, and how many are on no side and why."""
    beside = [counted(near.observations, "observation")] if near.observations < near.of else []
    beside += [f"{near.neither:,} {neither}"] if near.neither else []
    return f"{near.near:,} of {near.of:,}" + (f" ({', '.join(beside)})" if beside else "")

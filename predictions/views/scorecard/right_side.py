"""Show how often each forecaster was right, in counts that anybody understands, and how much these can tell.

For yes/no claims they count who was on the right side of 50 %, for other types who was near. The counts come from
:mod:`predictions.scoring.counting` and :mod:`predictions.scoring.near_counts`.
"""

from __future__ import annotations

from collections import Counter
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
TIED, AT_HALF = "tied", "at 50 %"  # why a forecast is on no side


Side = tuple[str, PlainCount, Sequence[str]]  # a forecaster's name, counts and notes


def right_side_blocks(sides: Sequence[Side], *, full: bool) -> Iterator[Block]:
    """Lay out how many statements of each forecaster were on the right side of 50 %.

    On a short card this is one line. It becomes a line for each, or a table for many, that also shows how much the
    counts can tell, if *full* is set or a forecaster has an interval, a contested verdict or a note.
    """
    if not sides:
        return
    yield Paragraph("")
    has_interval = any(count.interval for _, count, _ in sides)
    if not full and not any(count.interval or count.contested or notes for _, count, notes in sides):
        yield Paragraph(ON_THE_RIGHT_SIDE, 0, 2)
        yield Paragraph(", ".join(f"{name} {right_side(count)}" for name, count, _ in sides), 2)
    elif len(sides) > NAMED:
        rows = [(name, *_side_cells(count)) for name, count, _ in sides]
        yield Table(COLUMN_NAMES, rows, range(1, len(COLUMN_NAMES)), ON_THE_RIGHT_SIDE)
        yield Paragraph(f"{WORTH}; {NO_SCORE}", 2, 2)
        yield from (Paragraph(f"{name}: {'; '.join(notes)}", 2, 4) for name, _, notes in sides if notes)
    else:
        yield Paragraph(ON_THE_RIGHT_SIDE + (f"; {BRACKETS}" if has_interval else ""), 0, 2)
        yield from (Paragraph(f"{name} {right_side_told(count, notes)}", 2, 4) for name, count, notes in sides)
        yield Paragraph(NO_SCORE, 2, 2)


def right_side(count: PlainCount) -> str:
    """Return how many were on the right side of 50 %; in brackets observations, the interval, and those at 50 %.

    >>> right_side(PlainCount((4, 3, 0, 1, 0, 0, 4), 0, 0, 0, 6, 7, 1, 5.1, 4, 3, 2, 0, 0, 7, 6.0, None))
    '6 of 7 (1 more at 50 %)'
    """
    remarks = []
    if count.observations < count.sided:
        remarks.append(f"{count.right_observations:,.1f} of {counted(count.observations, 'observation')}")
    if count.interval:
        low, high = (whole_percent(end).removesuffix(" %") for end in count.interval)
        remarks.append(f"{low} to {high} %")
    if count.at_half:
        remarks.append(f"{count.at_half:,} more at 50 %")
    return f"{count.right:,} of {count.sided:,}" + (f" ({', '.join(remarks)})" if remarks else "")


def right_side_told(count: PlainCount, notes: Sequence[str] = ()) -> str:
    """Return the count with what it can be compared with, the count at worst, and some notes.

    It is compared with how many would be right if the numbers were, and with one answer, yes or no, to all.

    >>> right_side_told(PlainCount((4, 3, 0, 1, 0, 0, 4), 0, 0, 0, 6, 7, 0, 5.1, 4, 3, 2, 2, 1, 7, 6.0, None))
    '6 of 7; own numbers expect 5.1, one answer to all gets 4; 1 unclear, 4 open, 2 contested: 5 of 12 if all failed'
    """
    parts = [right_side(count)]
    if count.sided:
        whose = "the numbers" if count.words else "own numbers"  # what is read from words is ours
        parts.append(f"{whose} expect {count.expected:,.1f}, one answer to all gets {count.commoner:,}")
    doubts = [f"{number:,} {came}" for came, number in count.undecided.items()]
    if count.contested:
        doubts.append(f"{count.contested:,} contested")
    if count.dated_early:
        doubts.append(f"{count.dated_early:,} dated early")
    if doubts:
        parts.append(f"{', '.join(doubts)}: {_at_worst(count)} if all failed")
    return "; ".join([*parts, *notes])


def _side_cells(count: PlainCount) -> tuple[str, ...]:
    """Return the cells of COLUMN_NAMES after the name."""
    interval_ends = [whole_percent(end) for end in count.interval or ()]
    return (
        f"{count.right:,}", f"{count.sided:,}", f"{count.expected:,.1f}", f"{count.commoner:,}",
        " .. ".join(interval_ends) or "-", f"{count.observations:,}", f"{count.at_half:,}", _at_worst(count),
    )  # fmt: skip


def _at_worst(count: PlainCount) -> str:
    """Return the count as it would be if everything in doubt went against the forecaster."""
    in_doubt = sum(count.undecided.values()) + count.dated_early
    return f"{count.right - count.right_contested:,} of {count.sided + in_doubt:,}"


class NearQuestion(NamedTuple):
    """A question that claims of some types ask.

    Attributes:
        asks: The question, for the caption.
        kinds: The kinds of claim that ask it.
        heading: The heading of its column.
    """

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
    """Lay out how often forecasters were near the outcome on claims of other types, a column for each question.

    Args:
        types: The scores on claims of these types.
        people: Everybody on the card, in its order.
        names: The name of each forecaster, by slug.
        top: How many forecasters to show: those with most claims of these types.
        alone: Whether the card has no other counts; if it has some, the table is left out while nothing is settled.
    """
    asked = [question for question in NEAR_QUESTIONS if any(scores.kind in question.kinds for scores in types)]
    forecast = Counter[str]()  # claims that each forecaster has forecast, by slug
    for scores in types:
        for record in scores.records:
            forecast[record.forecaster.slug] += record.funnel["forecast"]
    columns = [_near_cells(types, question) for question in asked]
    shown = {slug for slug, _ in forecast.most_common(top)}
    rows = []
    for forecaster in [record.forecaster for record in people if record.forecaster.slug in shown]:
        slug = forecaster.slug
        cells = [column.get(slug, "-") for column in columns]
        rows.append((names.get(slug, forecaster.title), f"{forecast[slug]:,}", *cells))
    if alone or any(columns):
        caption = f"{', '.join(question.asks for question in asked)}  what came out as they said, of what is settled"
        yield Table(("who", "said", *(question.heading for question in asked)), rows, range(1, 2 + len(asked)), caption)
        explained = [f"{question.heading}: {NEAR[question.heading]}" for question in asked]
        yield Paragraph("; ".join([*explained, COUNT_ONLY]), 2, 4)


def _near_cells(types: Sequence[TypeScores], question: NearQuestion) -> dict[str, str]:
    """Return the cell of each forecaster in the column of one question, by slug; none without a settled claim."""
    counts: dict[str, NearCount] = {}
    for scores in types:
        if scores.kind in question.kinds:
            for slug, near in scores.near().items():
                counts[slug] = _sum_of(counts[slug], near) if slug in counts else near
    neither = AT_HALF if question.heading == IN_TIME else TIED
    return {slug: _near_words(near, neither) for slug, near in counts.items() if near.sided or near.neither}


def _sum_of(first: NearCount, second: NearCount) -> NearCount:
    """Add the counts of one forecaster on two types of claim."""
    return NearCount(*(one + other for one, other in zip(first, second, strict=True)))


def _near_words(near: NearCount, neither: str) -> str:
    """Return a count in words: ``3 of 5 (4 observations, 1 tied)``; *neither* is why some are on no side."""
    remarks = [counted(near.observations, "observation")] if near.observations < near.sided else []
    if near.neither:
        remarks.append(f"{near.neither:,} {neither}")
    return f"{near.near:,} of {near.sided:,}" + (f" ({', '.join(remarks)})" if remarks else "")

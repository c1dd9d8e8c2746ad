"""How often each forecaster was on the right side of 50 %: a count that anybody understands, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from predictions.numerals import counted, percent
from predictions.render.blocks import Block, Paragraph, Table
from predictions.scoring.plain_counts import PlainCount

RIGHT = "on the right side of 50 %, of those that came out yes or no"
ONE_LOOK = "; in brackets where the share may lie, for one look"
COLUMN_NAMES = ("who", "right", "of", "expected", "one answer", "90 % interval", "units", "at 50 %")
WORTH = (
    "expected: what their own numbers imply; one answer: what the commoner of yes and no would have had, said of each "
    "claim; the interval is of the share, for one look. A count and no score: 51 % and 99 % count alike, and easy "
    "statements fill it."
)


def right_side_blocks(sides: Sequence[tuple[str, PlainCount]], *, as_table: bool) -> Iterator[Block]:
    """Lay out the counts of forecasters by name: in a sentence, or as a table with all that belongs beside them."""
    if not sides:
        return
    yield Paragraph("")
    if as_table:
        rows = [(name, *_side_cells(count)) for name, count in sides]
        yield Table(COLUMN_NAMES, rows, range(1, len(COLUMN_NAMES)), RIGHT)
        yield Paragraph(WORTH, 2, 2)
        return
    some = any(count.interval for _, count in sides)
    yield Paragraph(RIGHT + ONE_LOOK * some)
    yield Paragraph(", ".join(f"{name} {right_side(count)}" for name, count in sides), 2, 2)


def right_side(count: PlainCount) -> str:
    """How many were on the right side of 50 %, with the interval where that says something.

    >>> right_side(PlainCount((4, 3), 0, 0, 0, 6, 7, 1, 5.1, 4, 7, None))
    '6 of 7 (1 more at 50 %)'
    """
    beside = []
    if count.interval:
        low, high = (percent(end).removesuffix(" %") for end in count.interval)
        beside.append(f"{low} to {high} %")
    if count.observations < count.sided:
        beside.append(counted(count.observations, "observation"))
    if count.at_half:
        beside.append(f"{count.at_half:,} more at 50 %")
    return f"{count.right:,} of {count.sided:,}" + (f" ({', '.join(beside)})" if beside else "")


def _side_cells(count: PlainCount) -> tuple[str, ...]:
    numbers = (count.right, count.sided)
    spans = [percent(end) for end in count.interval or ()]
    beside = (count.observations, count.at_half)
    return (
        *(f"{number:,}" for number in numbers), f"{count.expected:,.1f}", f"{count.commoner:,}",
        " .. ".join(spans) or "-", *(f"{number:,}" for number in beside),
    )  # fmt: skip

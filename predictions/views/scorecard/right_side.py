"""Say how often each forecaster was on the right side of 50 %: a count that anybody understands, and what it is worth.

The counts, and the interval of each share, are computed in :mod:`predictions.scoring.plain_counts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from predictions.numerals import counted, percent
from predictions.render.blocks import Block, Paragraph, Table
from predictions.scoring.plain_counts import PlainCount

RIGHT = "on the right side of 50 %, of those that came out yes or no"
ONE_LOOK = "; in brackets where the share may lie, for one look"
NO_SCORE = "not a score: 51 % and 99 % count alike, and easy claims fill it"
COLUMN_NAMES = ("who", "right", "of", "own", "one", "90 % interval", "units", "half", "at worst")
WORTH = (
    "own: what their own numbers imply; one: what the commoner of yes and no would have had, said of each claim; the "
    "interval is of the share, for one look; half: exactly 50 %, on no side; at worst: if all that are unclear, "
    "annulled, without a verdict or open failed"
)


def right_side_blocks(sides: Sequence[tuple[str, PlainCount]], *, as_table: bool) -> Iterator[Block]:
    """Lay out the counts of forecasters by name: a sentence each, or of many a table."""
    if not sides:
        return
    yield Paragraph("")
    if as_table:
        rows = [(name, *_side_cells(count)) for name, count in sides]
        yield Table(COLUMN_NAMES, rows, range(1, len(COLUMN_NAMES)), RIGHT)
        yield Paragraph(f"{WORTH}; {NO_SCORE}", 2, 2)
        return
    some = any(count.interval for _, count in sides)
    yield Paragraph(RIGHT + (ONE_LOOK if some else ""), 0, 2)
    yield from (Paragraph(f"{name} {right_side_told(count)}", 2, 4) for name, count in sides)
    yield Paragraph(NO_SCORE, 2, 2)


def right_side(count: PlainCount) -> str:
    """Say how many were on the right side of 50 %, with the interval where that says something.

    >>> right_side(PlainCount((4, 3, 0, 1, 0, 0, 4), 0, 0, 0, 6, 7, 1, 5.1, 4, 7, None))
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


def right_side_told(count: PlainCount) -> str:
    """Say the same, then what own numbers imply, how many the commoner answer has, and what is in doubt.

    >>> right_side_told(PlainCount((4, 3, 0, 1, 0, 0, 4), 0, 0, 0, 6, 7, 0, 5.1, 4, 7, None))
    '6 of 7; own numbers imply 5.1, the commoner answer has 4; 1 unclear, 4 open: 6 of 12 if all failed'
    """
    parts = [right_side(count)]
    if count.sided:
        whose = "the numbers" if count.words else "own numbers"  # what is read from words is ours
        parts.append(f"{whose} imply {count.expected:,.1f}, the commoner answer has {count.commoner:,}")
    if doubt := count.undecided:
        named = ", ".join(f"{number:,} {came}" for came, number in doubt.items())
        parts.append(f"{named}: {_at_worst(count)} if all failed")
    return "; ".join(parts)


def _side_cells(count: PlainCount) -> tuple[str, ...]:
    spans = [percent(end) for end in count.interval or ()]
    return (
        f"{count.right:,}", f"{count.sided:,}", f"{count.expected:,.1f}", f"{count.commoner:,}",
        " .. ".join(spans) or "-", f"{count.observations:,}", f"{count.at_half:,}", _at_worst(count),
    )  # fmt: skip


def _at_worst(count: PlainCount) -> str:
    """Return the count if everything in doubt failed."""
    return f"{count.right:,} of {count.sided + sum(count.undecided.values()):,}"

"""The funnel: how many claims a forecaster forecast, how many are in the mean, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from predictions.render.blocks import Table
from predictions.scoring.eligibility import FUNNEL
from predictions.scoring.track_record import TrackRecord

TypeRecord: TypeAlias = tuple[str, TrackRecord]  # a type of claim, and a forecaster's record on its claims
OUTSIDE = (  # neither due nor open
    "superseded", "no longer fits", "words read afterwards", "backdated (apart)", "too late",
    "on the day of the answer", "withdrawn",
)  # fmt: skip


def funnel_table(records: Sequence[TypeRecord], *, typed: bool) -> Table | None:
    """Return the funnel as a table, a row for each record; None without any.

    Args:
        records: The records.
        typed: Whether it has a column for the type of claim.
    """
    rows = []
    for type_, record in records:
        steps = (f"{record.funnel[step]:,}" for step in FUNNEL[:4])
        first_cells = (record.forecaster.slug, type_) if typed else (record.forecaster.slug,)
        rows.append((*first_cells, *steps, why_not(record.funnel) or "-"))
    names = ("forecaster", *(["type"] if typed else []), *FUNNEL[:4], "why the others are not")
    caption = "from the claims forecast to those in the mean"
    return Table(names, rows, range(1 + typed, 5 + typed), caption) if rows else None


def why_not(counted: Mapping[str, int]) -> str:
    """Return why some claims of a funnel are in no mean, each reason with its count; "" if all are in one."""
    waiting = counted["forecast"] - counted["due"] - sum(counted[name] for name in OUTSIDE)
    *reasons, early, others_apart = FUNNEL[4:]  # the last two count claims that are among the others already
    counts = {"open": waiting} | {name: counted[name] for name in reasons}
    why = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    parts = [why] if why else []
    if counted[early]:
        parts.append(f"{counted[early]:,} of the open {early}")
    if counted[others_apart]:
        parts.append(f"{counted[others_apart]:,} {others_apart}")
    return "; ".join(parts)

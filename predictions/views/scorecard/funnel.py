"""The funnel: from the claims somebody forecast to those in their mean, and why the others are not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from predictions.render.blocks import Table
from predictions.scoring.eligibility import FUNNEL
from predictions.scoring.track_record import TrackRecord

TypeRecord: TypeAlias = tuple[str, TrackRecord]  # the type of claims, and somebody's record on them
OUTSIDE = (  # neither due nor open
    "superseded", "no longer fits", "words read afterwards", "backdated (apart)", "too late",
    "on the day of the answer", "withdrawn",
)  # fmt: skip


def funnel_table(records: Sequence[TypeRecord], *, typed: bool) -> Table | None:
    """Return a row for each record, with the type of its claims where it is *typed*; None without any."""
    rows = []
    for type_, record in records:
        steps = (f"{record.funnel[step]:,}" for step in FUNNEL[:4])
        rows.append((record.forecaster.slug, *[type_][: int(typed)], *steps, why_not(record.funnel) or "-"))
    names = ("forecaster", *(["type"] if typed else []), *FUNNEL[:4], "why the others are not")
    caption = "from the claims forecast to those in the mean"
    return Table(names, rows, range(1 + typed, 5 + typed), caption) if rows else None


def why_not(counted: Mapping[str, int]) -> str:
    """Say of a funnel why the claims that are in no mean are not."""
    waiting = counted["forecast"] - counted["due"] - sum(counted[name] for name in OUTSIDE)
    *reasons, early, beside = FUNNEL[4:]
    out = {"open": waiting} | {name: counted[name] for name in reasons}
    why = ", ".join(f"{count:,} {name}" for name, count in out.items() if count)
    among = {f"of the open {early}": counted[early], beside: counted[beside]}
    return "; ".join([*filter(None, [why]), *(f"{count:,} {name}" for name, count in among.items() if count)])

"""Tell which verdicts beside the one that stands say something else."""

from __future__ import annotations

from collections.abc import Iterable

from predictions.enums import ClaimType
from predictions.records import Claim, Resolution


def same_answer(claim: Claim, one: Resolution, other: Resolution) -> bool:
    """Tell whether a claim came out alike by two verdicts."""
    return _came_out_by(claim, one) == _came_out_by(claim, other)


def standing_dissents(claim: Claim, verdict: Resolution | None, resolutions: Iterable[Resolution]) -> list[Resolution]:
    """Return the last dissent of each dissenter, if its outcome is not that of the verdict."""
    last = {(one.decided_by or one.recorded_by, one.published_in): one for one in resolutions if one.dissent}
    return [one for one in last.values() if verdict is None or not same_answer(claim, one, verdict)]


def who_dissents(dissent: Resolution) -> str:
    """Return the name of the dissenter, or "somebody" if it is not on file."""
    return dissent.decided_by or dissent.recorded_by or "somebody"


def _came_out_by(claim: Claim, verdict: Resolution) -> tuple[object, ...]:
    """Return how it came out by a verdict; the days are the answer of a date only."""
    days = (verdict.happened_from, verdict.happened_on) if claim.type is ClaimType.DATE else ()
    return verdict.outcome, verdict.fraction, verdict.option, verdict.value, *days

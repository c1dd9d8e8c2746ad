"""Compare a file's verdict on a claim with those on file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from predictions.enums import Outcome
from predictions.exchange.questions import Verdict
from predictions.records import Claim, Resolution
from predictions.storage.store import Store


def those_saying(verdict: Verdict, on_file: Iterable[Resolution], *, of_platform: bool) -> list[Resolution]:
    """List the verdicts on file that agree with a file's in everything the file states."""
    return [resolution for resolution in on_file if _same(verdict, resolution, of_platform=of_platform)]


def holds_verdict(store: Store, claim: Claim, verdict: Verdict | None) -> bool:
    """Tell whether a claim has a verdict on file that agrees with a platform's."""
    on_file = store.revisions(Resolution, claim=claim.slug)
    return verdict is not None and bool(those_saying(verdict, on_file, of_platform=True))


def outcome_of(resolution: Resolution) -> Outcome | float | str:
    """Return the outcome of a verdict on file: its fraction, option or value if it has one, else the word."""
    special = (resolution.fraction, resolution.option, resolution.value)
    return next((value for value in special if value is not None), resolution.outcome)


def reason_in_a_cell(resolution: Resolution) -> str | None:
    """Return the reason of a verdict on file as a cell keeps it: without spaces around it."""
    return resolution.reason and resolution.reason.strip()


def _same(verdict: Verdict, resolution: Resolution, *, of_platform: bool) -> bool:
    """Tell whether a verdict on file agrees with a file's; what the file leaves empty is not compared."""
    days: set[date | None] = {resolution.known_on, resolution.known_at}
    return (
        verdict.outcome == outcome_of(resolution)
        and (verdict.known_on is None or verdict.known_on in days or verdict.at_latest)
        and (verdict.happened_on is None or str(resolution.happened_on).startswith(str(verdict.happened_on)))
        and (resolution.impossible or resolution.published_in is not None or not verdict.impossible)
        and (verdict.reason is None or verdict.reason == reason_in_a_cell(resolution) or of_platform)
    )

"""Which verdicts on file say what a file says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from predictions.enums import Outcome
from predictions.exchange.questions import Verdict
from predictions.records import Claim, Resolution
from predictions.storage.store import Store


def those_saying(verdict: Verdict, on_file: Iterable[Resolution], *, of_platform: bool) -> list[Resolution]:
    """List the verdicts on file that say what a file says, as far as the file says it."""
    return [known for known in on_file if _same(verdict, known, of_platform=of_platform)]


def holds_verdict(store: Store, claim: Claim, verdict: Verdict | None) -> bool:
    """Tell whether a claim came out by a verdict on file as a platform says."""
    known = store.revisions(Resolution, claim=claim.slug)
    return verdict is not None and bool(those_saying(verdict, known, of_platform=True))


def outcome_of(known: Resolution) -> Outcome | float | str:
    """Return how a claim came out by a verdict on file: an option, a value, a share, or yes or no."""
    told = (known.fraction, known.option, known.value)
    return next((one for one in told if one is not None), known.outcome)


def _same(verdict: Verdict, known: Resolution, *, of_platform: bool) -> bool:
    days: set[date | None] = {known.known_on, known.known_at}
    return (
        verdict.outcome == outcome_of(known)
        and (verdict.known_on is None or verdict.known_on in days or verdict.at_latest)
        and (verdict.happened_on is None or str(known.happened_on).startswith(str(verdict.happened_on)))
        and (known.impossible or known.published_in is not None or not verdict.impossible)
        and (verdict.reason is None or verdict.reason == known.reason or of_platform)
    )

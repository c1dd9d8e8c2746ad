"""Chains of claims that supersede one another: a question of a file is one of them, and stands on no other as well."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from predictions.enums import Outcome
from predictions.exchange.questions import Verdict
from predictions.records import Claim, Forecast
from predictions.storage.claim_queries import supersedings
from predictions.storage.store import Store
from predictions.timestamps import in_microseconds, utc_day


class Chains:
    """Finds the chain that a claim is in."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._chains = dict[str, list[str]]()
        for old, new in supersedings(store):
            chain = self._chains[new] = self._chains.setdefault(old, [old])
            if new not in chain:
                chain.append(new)

    def of(self, claim: Claim) -> list[Claim]:
        """List the claims of a chain as they were recorded; of one that is in none itself only."""
        if claim.slug not in self._chains:
            return [claim]
        return [self._store.revisions(Claim, slug=slug)[-1] for slug in self._chains[claim.slug]]


def on_file(store: Store, claims: Sequence[Claim], forecasters: Collection[str]) -> dict[tuple[str, int], Claim]:
    """Return the one of some claims on which each forecast stands, by who made it and when; the first one counts."""
    found = dict[tuple[str, int], Claim]()
    for claim in claims:
        in_blocks = store.imported_forecasts({(claim.slug, forecaster) for forecaster in forecasters})
        for known in (*store.revisions(Forecast, claim=claim.slug), *in_blocks):
            found.setdefault((known.forecaster, in_microseconds(known.made_at)), claim)
    return found


def answers_both(verdict: Verdict, *deadlines: date) -> bool:
    """Tell whether a verdict holds by each of some deadlines: a yes does that was known, or happened, by the first.

    A no by the later one says nothing certain of the earlier: what is asked may be how things are on that day.
    """
    days = [str(utc_day(day)) for day in (verdict.known_on, verdict.happened_on) if isinstance(day, date)]
    return verdict.outcome is Outcome.YES and any(day <= str(min(deadlines)) for day in days)

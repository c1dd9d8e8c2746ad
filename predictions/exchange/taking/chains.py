"""Chains of claims that supersede one another: a question of a file asks one claim of its chain, never several."""

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
    """Finds all claims that superseded one another with a claim."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._chains = dict[str, list[str]]()
        for old, new in supersedings(store):
            chain = self._chains[new] = self._chains.setdefault(old, [old])
            if new not in chain:
                chain.append(new)

    def of(self, claim: Claim) -> list[Claim]:
        """List the claims of a claim's chain in the order of recording; the claim alone if it has none."""
        if claim.slug not in self._chains:
            return [claim]
        return [self._store.revisions(Claim, slug=slug)[-1] for slug in self._chains[claim.slug]]


def on_file(store: Store, claims: Sequence[Claim], forecasters: Collection[str]) -> dict[tuple[str, int], Claim]:
    """Return the claim that has each forecast, by forecaster and moment; the first of *claims* if several have it."""
    claim_of = dict[tuple[str, int], Claim]()
    for claim in claims:
        imported = store.imported_forecasts({(claim.slug, forecaster) for forecaster in forecasters})
        for forecast in (*store.revisions(Forecast, claim=claim.slug), *imported):
            claim_of.setdefault((forecast.forecaster, in_microseconds(forecast.made_at)), claim)
    return claim_of


def answers_both(verdict: Verdict, *deadlines: date) -> bool:
    """Tell whether a verdict answers a question by each of several deadlines: a yes known, or happened, by the first.

    A no by a later deadline does not answer for an earlier one, since a question may ask how things are on a day.
    """
    days = [str(utc_day(day)) for day in (verdict.known_on, verdict.happened_on) if isinstance(day, date)]
    return verdict.outcome is Outcome.YES and any(day <= str(min(deadlines)) for day in days)

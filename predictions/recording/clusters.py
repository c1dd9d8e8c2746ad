"""Warnings about a cluster that a correction changes: declared too late it enters no mean, and it is never undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from predictions.errors import warn
from predictions.recording.drafts import forecast_by_others, forecast_by_themselves
from predictions.records import Claim, Resolution
from predictions.status import counts_until
from predictions.storage.rows import StoredRow
from predictions.storage.store import Store
from predictions.timestamps import start_of
from predictions.windows import TENTH


def warn_of_cluster(store: Store, claim: Claim, known: Sequence[StoredRow], by: str | None, now: datetime) -> None:
    """Warn if a correction to a claim's cluster will not have its full effect on scoring.

    Otherwise somebody could decide, once the answers show, how many observations some statements are. Only the claim's
    own records are looked at, not those of other claims in the cluster.

    Args:
        store: The ledger.
        claim: The claim as corrected.
        known: Its revisions on file.
        by: The name of the person who corrects it.
        now: The moment of the ledger's clock.
    """
    earlier = {str(row.fields["cluster"]) for row in known if "cluster" in row.fields} - {claim.cluster}
    if earlier:
        also = ", too" if claim.cluster else ""
        warn(f"for scoring {claim.slug} stays in cluster {', '.join(sorted(earlier))}{also}: splitting never counts")
    if not claim.cluster:
        return
    forecast_by_other, own_forecast = (
        forecast_by_others(store, claim.slug, by),
        _forecast_long_ago(store, claim, by, now),
    )
    if late := forecast_by_other or own_forecast or _public(store, claim.slug):
        warn(
            f"cluster {claim.cluster} is declared too late for means ({late}); "
            f"it makes counts, intervals and tests more cautious"
        )


def _forecast_long_ago(store: Store, claim: Claim, by: str | None, now: datetime) -> str | None:
    """Describe the corrector's first forecast, if it is of an earlier day and a tenth of the window is gone."""
    opens = start_of(claim.opens_on)
    if now.date() <= (opens + TENTH * (counts_until(claim, None) - opens)).date():
        return None
    return forecast_by_themselves(store, claim.slug, by, until=start_of(now.date()))


def _public(store: Store, claim: str) -> str | None:
    """Return since when the answer is public, for a message; None if no verdict is on file."""
    verdicts = [row.fields for row in store.rows_under(Resolution, claim=claim) if not row.fields.get("dissent")]
    days = [str(fields["known_on"]) for fields in verdicts]
    return f"how {claim} came out was public on {min(days)}" if days else None

"""What a cluster declared by a correction still does: too late it enters no mean, and it is never undone."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.errors import warn
from predictions.recording.drafts import forecast_by_others
from predictions.records import Claim, Resolution
from predictions.storage.rows import StoredRow
from predictions.storage.store import Store


def warn_of_cluster(store: Store, claim: Claim, known: Sequence[StoredRow], by: str | None) -> None:
    """Warn where scoring goes by another cluster than a correction says, or by the new one in part only.

    Else it could be chosen, once answers show, how many observations some statements are.
    What is looked at are the claim's own records, not those of others in the cluster.
    """
    before = {str(row.fields["cluster"]) for row in known if "cluster" in row.fields} - {claim.cluster}
    if before:
        also = ", too" if claim.cluster else ""
        warn(f"for scoring {claim.slug} stays in cluster {', '.join(sorted(before))}{also}: splitting never counts")
    if claim.cluster and (late := forecast_by_others(store, claim.slug, by) or _public(store, claim.slug)):
        warn(
            f"cluster {claim.cluster} is declared too late for means ({late}); "
            f"it makes counts, intervals and tests more cautious"
        )


def _public(store: Store, claim: str) -> str | None:
    """Say that the answer was public, where a verdict is on file."""
    verdicts = [row.fields for row in store.rows_under(Resolution, claim=claim) if not row.fields.get("dissent")]
    days = [str(fields["known_on"]) for fields in verdicts]
    return f"how {claim} came out was public on {min(days)}" if days else None

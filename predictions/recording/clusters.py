"""Warnings about a cluster that a correction changes: declared too late it enters no mean, and it is never undone."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.errors import warn
from predictions.recording.drafts import forecast_by_others
from predictions.records import Claim, Resolution
from predictions.storage.rows import StoredRow
from predictions.storage.store import Store


def warn_of_cluster(store: Store, claim: Claim, known: Sequence[StoredRow], by: str | None) -> None:
    """Warn if a correction to a claim's cluster will not have its full effect on scoring.

    Otherwise somebody could decide, once the answers show, how many observations some statements are. Only the claim's
    own records are looked at, not those of other claims in the cluster.

    Args:
        store: The ledger.
        claim: The claim as corrected.
        known: Its revisions on file.
        by: Who corrects it.
    """
    earlier = {str(row.fields["cluster"]) for row in known if "cluster" in row.fields} - {claim.cluster}
    if earlier:
        also = ", too" if claim.cluster else ""
        warn(f"for scoring {claim.slug} stays in cluster {', '.join(sorted(earlier))}{also}: splitting never counts")
    if claim.cluster and (late := forecast_by_others(store, claim.slug, by) or _public(store, claim.slug)):
        warn(
            f"cluster {claim.cluster} is declared too late for means ({late}); "
            f"it makes counts, intervals and tests more cautious"
        )


def _public(store: Store, claim: str) -> str | None:
    """Return since when the answer is public, for a message; None if no verdict is on file."""
    verdicts = [row.fields for row in store.rows_under(Resolution, claim=claim) if not row.fields.get("dissent")]
    days = [str(fields["known_on"]) for fields in verdicts]
    return f"how {claim} came out was public on {min(days)}" if days else None

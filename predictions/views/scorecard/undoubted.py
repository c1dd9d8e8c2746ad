"""Say how much of what forecasters were asked was hardly in doubt, since that raises every skill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forecasts.inputs import IndexArray
from forecasts.undoubted import Undoubted
from predictions.numerals import some_of
from predictions.render.blocks import Paragraph
from predictions.scoring.columns.claim_types import WORD_OF_KIND
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord
from predictions.scoring.undoubted import ALONG_AN_ORDER, BARELY, HARDLY, undoubted_told

RAISES = "hardly in doubt, which raises every skill"


def undoubted_blocks(
    undoubted: Undoubted, kind: int, records: Sequence[TrackRecord], names: Mapping[str, str]
) -> Iterator[Paragraph]:
    """Yield how much was hardly in doubt on each forecaster's scored claims of one kind; nothing if nothing was.

    Args:
        undoubted: What was hardly in doubt, for each claim of the ledger.
        kind: The kind of claim.
        records: The forecasters' records on claims of that kind.
        names: The names of forecasters, by slug.
    """
    shares = [
        f"{names.get(record.forecaster.slug, record.forecaster.title)} {share}"
        for record in records
        if (share := undoubted_told(kind, undoubted.part(record.series.claim)))
    ]
    if shares:
        yield Paragraph(f"{RAISES} ({HARDLY[kind]}): {some_of(shares)}", 2, 4)


def undoubted_sentence(pool: Pool, claims: IndexArray) -> Iterator[str]:
    """Yield a sentence on how much was hardly in doubt on some claims of several types; nothing if nothing was."""
    kinds = pool.table.claims.types.kind
    shares = [undoubted_told(kind, pool.undoubted.part(claims[kinds[claims] == kind])) for kind in WORD_OF_KIND]
    if any(shares):
        yield f"{RAISES.capitalize()}: {', '.join(filter(None, shares))} ({BARELY}; along an order {ALONG_AN_ORDER})."

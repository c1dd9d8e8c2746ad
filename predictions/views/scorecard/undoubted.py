"""Say how much of what forecasters were asked was hardly in doubt: beside that every skill is higher."""

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
    found: Undoubted, kind: int, records: Sequence[TrackRecord], names: Mapping[str, str]
) -> Iterator[Paragraph]:
    """Say it of the claims of one kind that are scored for each forecaster; *names* says how each is called."""
    told = [
        f"{names.get(record.forecaster.slug, record.forecaster.title)} {share}"
        for record in records
        if (share := undoubted_told(kind, found.part(record.series.claim)))
    ]
    if told:
        yield Paragraph(f"{RAISES} ({HARDLY[kind]}): {some_of(told)}", 2, 4)


def undoubted_sentence(pool: Pool, claims: IndexArray) -> Iterator[str]:
    """Say it of claims of every type together."""
    kinds = pool.table.claims.types.kind
    told = (undoubted_told(kind, pool.undoubted.part(claims[kinds[claims] == kind])) for kind in WORD_OF_KIND)
    if shares := ", ".join(filter(None, told)):
        yield f"{RAISES.capitalize()}: {shares} ({BARELY}; along an order {ALONG_AN_ORDER})."

"""Compare two forecasters of a card, or one with a reference, by the names that a person typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from predictions.errors import InvalidValue
from predictions.scoring.compare.comparison import Comparison
from predictions.scoring.compare.forecasters import compare
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import Reference
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.caveats import misleading
from predictions.views.scorecard.names import record_on_card, titles_of

REFERENCES = {**{str(name): name for name in Reference}, "half": Reference.HALF}


def compare_named(people: Sequence[TrackRecord], pool: Pool, first: str, second: str) -> Comparison:
    """Return the comparison of a forecaster with another one, or with a reference, on claims of every type.

    Args:
        people: Everybody on the card, in its order.
        pool: Their series on claims of every type.
        first: The slug or name of a forecaster.
        second: The slug or name of another one, or the name of a reference.

    Raises:
        InvalidValue: One of them is not on the card.
    """
    reference = REFERENCES.get(second) if isinstance(second, str) else None
    record = record_on_card(first, people, pool.reader)
    try:
        opponent = reference or record_on_card(second, people, pool.reader)
    except InvalidValue as error:
        suggests_call = ": ledger." in str(error)
        references = "" if suggests_call else f"; a reference is half, {', '.join(list(Reference)[1:])}"
        raise InvalidValue(f"{error}{references}") from None
    comparison = compare(pool, record, opponent)
    records = [side for side in (record, opponent) if isinstance(side, TrackRecord)]
    caveats = [caveat.in_full for caveat in misleading(pool) if any(map(caveat.touches, records))]
    names = {slug: name for slug, name in titles_of(people).items() if slug in {comparison.first, comparison.second}}
    return replace(comparison, caveats=tuple(caveats), names=names)

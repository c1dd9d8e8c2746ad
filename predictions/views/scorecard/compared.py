"""Compare two forecasters of a card, or one with a reference, by the names that a person typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from predictions.errors import InvalidValue
from predictions.scoring.compare.comparison import Comparison
from predictions.scoring.compare.forecasters import claims_of_other_types, compare
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import Reference
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.names import record_on_card

REFERENCES = {**{str(name): name for name in Reference}, "half": Reference.HALF}


def compare_named(
    people: Sequence[TrackRecord], every_type: Pool, yes_or_no: Pool, first: str, second: str
) -> Comparison:
    """Compare the first with the second, or with a reference; of claims of *every_type* where it says something of all.

    Args:
        people: Everybody on the card, in its order.
        every_type: Their series on claims of every type.
        yes_or_no: Those on claims of yes or no.
        first: A forecaster, by slug or name.
        second: Another one, or a reference.

    Raises:
        InvalidValue: One of them is not on the card, or has nothing that the reference could be set beside.
    """
    reference = REFERENCES.get(second) if isinstance(second, str) else None
    if reference not in {None, Reference.HALF}:
        one = _of_yes_or_no(record_on_card(first, people), yes_or_no, reference)
        left_out = claims_of_other_types(every_type, one.forecaster.slug)
        return replace(compare(yes_or_no, one, reference), other_types=left_out)
    one = record_on_card(first, people)
    try:
        two = reference or record_on_card(second, people)
    except InvalidValue as error:
        raise InvalidValue(f"{error}; a reference is half, {', '.join(list(Reference)[1:])}") from None
    return compare(every_type, one, two)


def _of_yes_or_no(person: TrackRecord, yes_or_no: Pool, reference: Reference) -> TrackRecord:
    """Return the record of somebody; of one who only forecast other types, say what these are compared with."""
    for record in yes_or_no.listed:
        if record.forecaster.slug == person.forecaster.slug:
            return record
    why = f"has no claim of yes or no on this card, and {reference} says nothing of other types"
    raise InvalidValue(f"{person.forecaster.slug!r} {why}; compare with half, or with another forecaster")

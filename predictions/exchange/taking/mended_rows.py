"""New claims of a table that may be a row that was mended: its words and its number stand, until another day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.likeness import LikelyPair
from predictions.recording.enter import Desk
from predictions.records import Claim, Forecast
from predictions.storage.claim_queries import claims_worded


def mended_rows(
    desk: Desk, placed: Sequence[PlacedQuestion], person: Callable[[str | None], str]
) -> Iterator[LikelyPair]:
    """Pair new claims with those on file of the same words on which one forecaster said the same.

    Args:
        desk: Where they are recorded.
        placed: The questions of a table with their claims.
        person: Returns the slug of the forecaster that a name in the file is.
    """
    new = {on.claim.slug for on in placed if on.new}
    for question, claim, is_new, *_ in placed:
        known = claims_worded(desk.store, question.text) if is_new and question.text else ()
        others = (other for other in known if other.slug not in new and other.scored)
        said = [(person(one.by), one.fields) for one in question.said if one.fields]
        for other in others:
            if any(_has_said(desk, other, who, fields.get("probability"), fields.get("words")) for who, fields in said):
                yield LikelyPair(
                    claim.slug, question.id or question.text or "", claim.wording, other.slug, other.cluster
                )
                break


def _has_said(desk: Desk, claim: Claim, forecaster: str, chance: object, words: object) -> bool:
    """Tell whether a forecaster ever gave a claim one chance, or said it in some words."""
    known = desk.store.revisions(Forecast, claim=claim.slug, forecaster=forecaster)
    return any((one.words == words) if words else (one.probability == chance) for one in known if not one.withdrawn)

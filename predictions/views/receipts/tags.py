"""Say in a receipt which tags were recorded in another spelling than they were given in."""

from __future__ import annotations

from predictions.errors import short_repr
from predictions.numerals import some_of
from predictions.recording.enter import several, tags_from
from predictions.views.receipts.receipt import Receipt

MOST_TAGS = 3  # tags


def naming_tags(receipt: Receipt, given: object) -> Receipt:
    """Return a receipt with a line on the *given* tags that are now spelled otherwise, since they are slugs.

    Nothing is added if nothing was recorded, or if all tags were slugs already.
    """
    pairs = zip(several(given, "tags"), tags_from(given), strict=True)
    changed = [f"{short_repr(tag)} is {slug}" for tag, slug in pairs if tag != slug]
    return (
        receipt.with_line(f"of the tags, {some_of(changed, MOST_TAGS, ', ')}") if changed and receipt.wrote else receipt
    )

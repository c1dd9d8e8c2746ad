"""Make the receipt of `correct`: which fields were corrected, and what a reader may take to be corrected and is not."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.recording.drafts import draft_until
from predictions.recording.enter import Desk, known_as
from predictions.records import AnyRecord, Claim, Forecast, Forecaster, Record
from predictions.render.columns import cut_to
from predictions.slugs import slug_of_name
from predictions.storage.claim_queries import first_or_last_forecast
from predictions.timestamps import to_the_minute
from predictions.views.claim.corrected import NUMBERS
from predictions.views.distribution_text import is_distribution
from predictions.views.forecast_text import spoken
from predictions.views.receipts.receipt import LONGEST_UNTYPED_NAME, Receipt, stands_already


def corrected(desk: Desk, record: Record, names: Sequence[str]) -> Receipt:
    """Return the receipt of a correction.

    Args:
        desk: The open transaction, in which it was recorded.
        record: The record as it is now.
        names: The names of the corrected fields.
    """
    slug = getattr(record, "slug", None) or str(getattr(record, "claim", record.name))
    if not desk.writing.entries:
        return stands_already(record, slug)
    first = f"{slug}: {', '.join(names)} corrected, revision {record.revision}"
    until = draft_until(desk.store, record, desk.me, desk.now) if isinstance(record, Claim) else None
    if until:
        first += f"; it is a draft until {to_the_minute(until)}, or until somebody else adds to it"
    lines = [first, *_type_changed(desk, record), *desk.writing.remarks]
    if isinstance(record, Forecast):
        lines += _forecast_corrected(desk, record, names)
    if isinstance(record, Claim) and not {"note", "notes"}.isdisjoint(names):
        lines += _forecast_note(desk, record)
    if isinstance(record, Claim) and "scored" in names and not record.scored:
        lines.append("no scorecard counts it from now on; NOT COUNTED names it")
    return Receipt(slug, record, lines, wrote=desk.writing.entries)


def _type_changed(desk: Desk, record: Record) -> list[str]:
    """Return the line on the new type of a claim; none if it is of the same type.

    The type follows from other fields, such as `options`, so the names of the corrected fields do not show it.
    """
    if not isinstance(record, Claim):
        return []
    before = _before_correction(desk, record)
    return [] if before.type is record.type else [f"its type was {before.type}, and is {record.type} now"]


def _before_correction(desk: Desk, record: AnyRecord) -> AnyRecord:
    """Return the record as it was before this correction: its last revision but one."""
    return known_as(desk, record)[-2]


def _forecast_corrected(desk: Desk, forecast: Forecast, names: Sequence[str]) -> list[str]:
    """Return the line on whose forecast of which day was corrected; with its old and new number if that changed."""
    forecaster = cut_to(desk.store.title(Forecaster, forecast.forecaster), LONGEST_UNTYPED_NAME)
    line = f"that of {forecaster}, {forecast.made_at.date()}"
    if NUMBERS.isdisjoint(names) or is_distribution(forecast):
        return [line]
    return [f"{line}: {spoken(_before_correction(desk, forecast))}, now {spoken(forecast)}"]


def _forecast_note(desk: Desk, claim: Claim) -> list[str]:
    """Return the line with the call that corrects the note on the recorder's own forecast; none without such a note.

    A claim and a forecast on it have a note each, and `correct` with a claim's slug changes that of the claim.
    """
    own = slug_of_name(desk.me, desk.store.titles(Forecaster))
    last = first_or_last_forecast(desk.store, claim.slug, own, last=True) if own else None
    if last is None or not last.note:
        return []
    return [f'that of your forecast: ledger.correct("{claim.slug} {own}", note="...", reason="...")']

"""The receipt of a correction: what was corrected, and what that does not touch."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.recording.drafts import draft_until
from predictions.recording.enter import Desk, known_as
from predictions.records import Claim, Forecast, Forecaster, Record
from predictions.render.columns import cut_to
from predictions.slugs import slug_of_name
from predictions.storage.claim_queries import first_or_last_forecast
from predictions.timestamps import to_the_minute
from predictions.views.claim.corrected import NUMBERS
from predictions.views.distribution_text import is_distribution
from predictions.views.forecast_text import spoken
from predictions.views.receipts.receipt import LONGEST_UNTYPED_NAME, Receipt, stands_already


def corrected(desk: Desk, record: Record, names: Sequence[str]) -> Receipt:
    """Tell of a correction."""
    slug = getattr(record, "slug", None) or str(getattr(record, "claim", record.name))
    if not desk.writing.entries:
        return stands_already(record, slug)
    first = f"{slug}: {', '.join(names)} corrected, revision {record.revision}"
    until = draft_until(desk.store, record, desk.me, desk.now) if isinstance(record, Claim) else None
    if until:
        first += f"; it is a draft until {to_the_minute(until)}, or until somebody else adds to it"
    lines = [first, *_other_type(desk, record), *desk.writing.remarks]
    if isinstance(record, Forecast):
        lines += _which(desk, record, names)
    if isinstance(record, Claim) and not {"note", "notes"}.isdisjoint(names):
        lines += _other_note(desk, record)
    if isinstance(record, Claim) and "scored" in names and not record.scored:
        lines.append("no scorecard counts it from now on; NOT COUNTED names it")
    return Receipt(slug, record, lines, wrote=desk.writing.entries)


def _other_type(desk: Desk, record: Record) -> list[str]:
    """Say that a claim is of another type from now on, which the fields that make it do not tell."""
    if not isinstance(record, Claim):
        return []
    before = known_as(desk, record)[-2:][0]
    return [] if before.type is record.type else [f"its type was {before.type}, and is {record.type} now"]


def _which(desk: Desk, forecast: Forecast, names: Sequence[str]) -> list[str]:
    """Say which forecast was corrected, and of a number what it was and is."""
    who = cut_to(desk.store.title(Forecaster, forecast.forecaster), LONGEST_UNTYPED_NAME)
    which = f"that of {who}, {forecast.made_at.date()}"
    before = known_as(desk, forecast)[-2:][0]
    numbers = NUMBERS.intersection(names) and not is_distribution(forecast)
    return [f"{which}: {spoken(before)}, now {spoken(forecast)}" if numbers else which]


def _other_note(desk: Desk, claim: Claim) -> list[str]:
    """Say where the note of one's own forecast is put right: a claim has another."""
    own = slug_of_name(desk.me, desk.store.titles(Forecaster))
    last = first_or_last_forecast(desk.store, claim.slug, own, last=True) if own else None
    if last is None or not last.note:
        return []
    return [f'that of your forecast: ledger.correct("{claim.slug} {own}", note="...", reason="...")']

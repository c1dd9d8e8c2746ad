"""Put the forecasts of a file onto the claims of its questions, under the slugs of its forecasters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from predictions.exchange.questions import FileRead
from predictions.exchange.said import SaidForecast
from predictions.exchange.said_columns import NO_RECORD, NOT_SAID, SaidColumns
from predictions.exchange.taking.chains import on_file
from predictions.exchange.taking.changes import Change, other_deadline
from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.exchange.taking.told_once import told_once
from predictions.fits import DISTRIBUTIONS
from predictions.numerals import counted
from predictions.recording.enter import Desk
from predictions.records import Claim
from predictions.storage.blocks import Ranks
from predictions.timestamps import in_microseconds, start_of


class PutOnto(NamedTuple):
    """Forecasts on their claims, and what is not recorded because of another deadline."""

    forecasts: PlacedForecasts
    changes: Sequence[Change]


def put_onto(
    desk: Desk, file: FileRead, placed: Sequence[PlacedQuestion], slug_of: Callable[[str | None], str],
    read: Callable[[SaidForecast, Claim, FileRead], Forecasting | None],
) -> PutOnto:  # fmt: skip
    """Put the forecasts on a file's questions onto their claims; those on questions without a claim are dropped.

    Args:
        desk: The open transaction.
        file: The file.
        placed: Its questions with their claims.
        slug_of: Returns the forecaster's slug for a name in the file.
        read: Returns a forecast with the fields its claim takes, or None to drop it; called for every forecast that
            says more than a chance, or is on a claim about a choice, number or date.
    """
    forecasters, forecaster_of_name = dict[str, int](), np.zeros(len(file.said.people), np.int32)
    for number in file.said.those():
        slug = slug_of(file.said.people[number][0])
        forecaster_of_name[number] = forecasters.setdefault(slug, len(forecasters))
    claims = {claim.slug: claim for item in placed for claim in (item.claim, *item.chain)}
    claim_of, changes = _claims_of(desk, file, placed, [*claims], [*forecasters], forecaster_of_name)
    columns, claim_of = file.said.columns.chosen(claim_of >= 0), claim_of[claim_of >= 0]
    forecaster_of = forecaster_of_name[columns.forecasts.forecaster]
    forecasts = columns.forecasts._replace(claim=claim_of, forecaster=forecaster_of)
    without_records = np.full(columns.size, NO_RECORD, np.int32)
    plain = SaidColumns[Forecasting](forecasts, columns.row, without_records, ())
    claim_list = list(claims.values())
    on_distribution = np.array([claim.type in DISTRIBUTIONS for claim in claim_list], np.bool_)[claim_of]
    needs_reading = (columns.record != NO_RECORD) | (on_distribution & ~columns.withdrawn())
    kept = file.said._replace(columns=columns)
    places = np.flatnonzero(needs_reading).tolist()
    record_at = {place: read(kept.one(place), claim_list[claim_of[place]], file) for place in places}
    return PutOnto(PlacedForecasts(plain, list(claims), list(forecasters)).with_records(record_at), changes)


def _claims_of(
    desk: Desk, file: FileRead, placed: Sequence[PlacedQuestion], claims: Sequence[str], forecasters: Sequence[str],
    forecaster_of_name: Ranks,
) -> tuple[Ranks, Sequence[Change]]:  # fmt: skip
    """Return, for each forecast, the place of its claim in *claims*, else -1; and the forecasts not recorded.

    A forecast on file stays on the claim of the chain on which it is recorded. If the question has another deadline
    than its claim, forecasts made after the claim's deadline have no claim.
    """
    numbers, changes = {slug: number for number, slug in enumerate(claims)}, list[Change]()
    said = file.said.columns.forecasts
    question, made_at = said.claim, said.made_at  # in a file a forecast's claim is the place of its question
    claim_of_question = np.full(len(file.questions) + 1, -1, np.int32)
    for item in placed:
        claim_of_question[file.place_of(item.question)] = numbers[item.claim.slug]
    claim_of = claim_of_question[question]
    for item in placed:
        if len(item.chain) <= 1 and item.deadline is None:
            continue
        claim_on_file, late_forecasts = on_file(desk.store, [item.claim, *item.chain], forecasters), 0
        end = in_microseconds(start_of(item.claim.deadline + timedelta(days=1)))
        for place in np.flatnonzero(question == file.place_of(item.question)).tolist():
            moment = in_microseconds(desk.now) if made_at[place] == NOT_SAID else int(made_at[place])
            forecaster = forecasters[forecaster_of_name[said.forecaster[place]]]
            recorded_on = claim_on_file.get((forecaster, moment))
            is_late = recorded_on is None and item.deadline is not None and moment >= end
            claim_of[place] = -1 if is_late else numbers[(recorded_on or item.claim).slug]
            late_forecasts += is_late
        if late_forecasts and item.deadline is not None:
            text = f"{counted(late_forecasts, 'forecast')} made since"
            change = other_deadline(item.claim, text, item.deadline, "not recorded")
            changes += told_once(desk, item.onto, "forecasts", change, item.claim) if item.onto else [change]
    return claim_of, changes

"""Forecasts of a file put onto the claims that its questions are, by the forecasters that its names are."""

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
    """Forecasts on their claims, and what is left as it is."""

    forecasts: PlacedForecasts
    changes: Sequence[Change]


def put_onto(
    desk: Desk, file: FileRead, placed: Sequence[PlacedQuestion], slug_of: Callable[[str | None], str],
    read: Callable[[SaidForecast, Claim, FileRead], Forecasting | None],
) -> PutOnto:  # fmt: skip
    """Put what is said of questions onto their claims; what is said of those that have none is passed over.

    Args:
        desk: The open transaction.
        file: The file.
        placed: Its questions with their claims.
        slug_of: Says which forecaster a name is.
        read: Reads what says more than a chance, or is said of a distribution; None for what has no place.
    """
    people, forecaster = dict[str, int](), np.zeros(len(file.said.people), np.int32)
    for number in file.said.those():
        slug = slug_of(file.said.people[number][0])
        forecaster[number] = people.setdefault(slug, len(people))
    claims = {one.slug: one for on in placed for one in (on.claim, *on.chain)}
    claim, changes = _claims_of(desk, file, placed, [*claims], [*people], forecaster)
    columns, claim = file.said.columns.chosen(claim >= 0), claim[claim >= 0]
    forecasts = columns.forecasts._replace(claim=claim, forecaster=forecaster[columns.forecasts.forecaster])
    plain = SaidColumns[Forecasting](forecasts, columns.row, np.full(columns.size, NO_RECORD, np.int32), ())
    of_distributions = np.array([one.type in DISTRIBUTIONS for one in claims.values()], np.bool_)[claim]
    one_by_one = (columns.record != NO_RECORD) | (of_distributions & ~columns.withdrawn())
    said = file.said._replace(columns=columns)
    asked = list(claims.values())
    found = {place: read(said.one(place), asked[claim[place]], file) for place in np.flatnonzero(one_by_one).tolist()}
    return PutOnto(PlacedForecasts(plain, list(claims), list(people)).with_records(found), changes)


def _claims_of(
    desk: Desk, file: FileRead, placed: Sequence[PlacedQuestion], claims: Sequence[str], people: Sequence[str],
    forecaster: Ranks,
) -> tuple[Ranks, Sequence[Change]]:  # fmt: skip
    """Return the place among *claims* of the claim on which each forecast stands, else -1; and what has none.

    What is on file stays where it stands in the chain of its question's claim. What has another deadline than the
    claim, and was made when the claim's was over, has no place.
    """
    numbers, changes = {slug: number for number, slug in enumerate(claims)}, list[Change]()
    question, whose, made_at = (
        getattr(file.said.columns.forecasts, name) for name in ("claim", "forecaster", "made_at")
    )
    of_question = np.full(len(file.questions) + 1, -1, np.int32)
    of_question[[file.place_of(on.question) for on in placed]] = [numbers[on.claim.slug] for on in placed]
    found = of_question[question]
    for on in placed:
        if len(on.chain) <= 1 and on.deadline is None:
            continue
        known, late = on_file(desk.store, [on.claim, *on.chain], people), 0
        over = in_microseconds(start_of(on.claim.deadline + timedelta(days=1)))
        for place in np.flatnonzero(question == file.place_of(on.question)).tolist():
            moment = in_microseconds(desk.now) if made_at[place] == NOT_SAID else int(made_at[place])
            stands = known.get((people[forecaster[whose[place]]], moment))
            is_late = stands is None and on.deadline is not None and moment >= over
            found[place] = -1 if is_late else numbers[(stands or on.claim).slug]
            late += is_late
        if late and on.deadline is not None:
            made = f"{counted(late, 'forecast')} made since"
            change = other_deadline(on.claim, made, on.deadline, "not recorded")
            changes += told_once(desk, on.onto, "forecasts", change, on.claim) if on.onto else [change]
    return found, changes

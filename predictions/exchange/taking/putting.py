"""Forecasts of a file put onto the claims that its questions are, by the forecasters that its names are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from predictions.exchange.questions import FileRead
from predictions.exchange.said import SaidForecast
from predictions.exchange.said_columns import NO_RECORD, SaidColumns
from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.fits import DISTRIBUTIONS
from predictions.records import Claim
from predictions.storage.blocks import Ranks
from predictions.timestamps import in_microseconds


def put_onto(
    file: FileRead, placed: Sequence[PlacedQuestion], slug_of: Callable[[str | None], str],
    read: Callable[[SaidForecast, Claim, FileRead], Forecasting | None],
) -> PlacedForecasts:  # fmt: skip
    """Put what is said of questions onto their claims; what is said of those that have none is passed over.

    Args:
        file: The file.
        placed: Its questions with their claims.
        slug_of: Says which forecaster a name is.
        read: Reads what says more than a chance, or is said of a distribution; None for what has no place.
    """
    claims = dict[str, Claim]()
    claim = _claims_of(file, placed, claims)
    columns, claim = file.said.columns.chosen(claim >= 0), claim[claim >= 0]
    people, forecaster = dict[str, int](), np.zeros(len(file.said.people), np.int32)
    for number in file.said.those():
        slug = slug_of(file.said.people[number][0])
        forecaster[number] = people.setdefault(slug, len(people))
    forecasts = columns.forecasts._replace(claim=claim, forecaster=forecaster[columns.forecasts.forecaster])
    plain = SaidColumns[Forecasting](forecasts, columns.row, np.full(columns.size, NO_RECORD, np.int32), ())
    of_distributions = np.array([one.type in DISTRIBUTIONS for one in claims.values()], np.bool_)[claim]
    one_by_one = (columns.record != NO_RECORD) | (of_distributions & ~columns.withdrawn())
    said = file.said._replace(columns=columns)
    asked = list(claims.values())
    found = {place: read(said.one(place), asked[claim[place]], file) for place in np.flatnonzero(one_by_one).tolist()}
    return PlacedForecasts(plain, list(claims), list(people)).with_records(found)


def _claims_of(file: FileRead, placed: Sequence[PlacedQuestion], claims: dict[str, Claim]) -> Ranks:
    """Return the place among *claims*, which are filled in, of the claim on which each forecast stands; else -1.

    What was said since a claim was superseded is on its successor.
    """
    numbers = dict[str, int]()

    def number(claim: Claim) -> int:
        claims.setdefault(claim.slug, claim)
        return numbers.setdefault(claim.slug, len(numbers))

    question, made_at = file.said.columns.forecasts.claim, file.said.columns.forecasts.made_at
    of_question = np.full(len(file.questions) + 1, -1, np.int32)
    places = [file.place_of(on.question) for on in placed]
    of_question[places] = [number(on.claim) for on in placed]
    found = of_question[question]
    for place, on in zip(places, placed, strict=True):
        if on.successor is not None:
            since = in_microseconds(on.successor.since)
            found[(question == place) & (made_at >= since)] = number(on.successor.claim)
    return found

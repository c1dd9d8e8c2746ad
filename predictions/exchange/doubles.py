"""New names whose forecasts stand already as somebody else's: an account renamed, or not named with ``people``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from predictions.exchange.forecasts import Forecasting
from predictions.fields import check_probability
from predictions.recording.enter import Desk
from predictions.records import Forecast, Forecaster
from predictions.timestamps import moment_text

MOST_LOOKED_AT = 3  # forecasts of each new name: more would tell the same
MOST_NEW = 100  # new names that are looked at


def doubles(desk: Desk, made: Sequence[Forecasting], new: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each of the *new* forecasters who says what stands as another's: of one claim, at one moment, one number.

    Args:
        desk: Where the forecasts were recorded.
        made: Those that are new.
        new: The slugs of forecasters that are new.
    """
    others = desk.store.titles(Forecaster).keys() - new
    looked_at, found = Counter[str](), set[str]()
    for forecast in made if others else ():
        slug = forecast.forecaster
        looked_at[slug] += slug in new
        if not 0 < looked_at[slug] <= MOST_LOOKED_AT or slug in found or len(looked_at) > MOST_NEW:
            continue
        for known in _at_this_moment(desk, forecast, others):
            found.add(slug)
            yield slug, known.forecaster
            break


def _at_this_moment(desk: Desk, forecast: Forecasting, others: Collection[str]) -> Iterator[Forecast]:
    """What others say, to the number, on the same claim at the same moment."""
    if "probability" not in forecast.fields:
        return
    chance, moment = check_probability(forecast.fields["probability"]), moment_text(forecast.made_at)
    records = desk.store.revisions(Forecast, claim=forecast.claim, made_at=moment, probability=chance)
    blocks = desk.store.imported_forecasts({(forecast.claim, other) for other in others})
    for known in (*records, *blocks):
        if known.forecaster in others and (known.made_at, known.probability) == (forecast.made_at, chance):
            yield known

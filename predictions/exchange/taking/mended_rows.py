"""What is new in a table and may be a row that was mended: as it was it is on file and in no row, the rest alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from predictions.exchange.taking.changes import WHY, spoken_day
from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.likeness import LikelyPair, Wordings
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.recording.enter import Desk, build
from predictions.records import Claim, Forecast, Statement
from predictions.render.blocks import Hint
from predictions.render.commands import command
from predictions.storage.claim_queries import claims_said, texts_until
from predictions.timestamps import read_made_at

SAID = ("point", "low", "high", "words", "shares", "points", "days")  # of a forecast: how likely


class MendedDay(NamedTuple):
    """A forecast on file of a day that no row gives it, beside a new one that says the same on another day.

    Attributes:
        claim: The claim of both.
        forecaster: Whose they are.
        before: The day of the one on file.
        after: The day of the new one.
    """

    claim: str
    forecaster: str
    before: str
    after: str

    @property
    def line(self) -> Hint:
        """The line that takes back the one on file."""
        return command("withdraw", self.claim, by=self.forecaster, made_at=self.before, reason=WHY)


def mended_rows(desk: Desk, placed: Sequence[PlacedQuestion], forecasts: PlacedForecasts) -> Iterator[LikelyPair]:
    """Pair new claims of a table with those on file that no row is, on which one forecaster said the same.

    Either they have the same words until another day, or nearly the same words until the same day. Where nobody gave
    a number, one speaker said both in one source.
    """
    kept, new = {on.claim.slug for on in placed}, [on for on in placed if on.new and on.question.text]
    texts = texts_until(desk.store, {str(on.claim.deadline) for on in new}) if new else {}
    wordings = Wordings({slug: text for slug, text in texts.items() if slug not in kept})
    said: defaultdict[str, list[Forecasting]] = defaultdict(list)
    for place in np.flatnonzero(forecasts.on({on.claim.slug for on in new})).tolist():
        one = forecasts.one(place)
        said[one.claim].append(one)
    for question, claim, *_ in new:
        text = question.text or ""
        others = [other for other in claims_said(desk.store, text) if other.scored and other.slug not in kept]
        like = wordings.like(text, claim.deadline, or_slipped=True)
        others += (desk.store.revisions(Claim, slug=slug)[-1] for slug in like)
        for other in others:
            if _said_the_same(desk, claim, said[claim.slug], other):
                yield LikelyPair(claim.slug, question.id or text, claim.wording, other.slug, other.cluster)
                break


def _said_the_same(desk: Desk, claim: Claim, said: Sequence[Forecasting], other: Claim) -> bool:
    """Tell whether of another claim one forecaster ever said the same; or one speaker, where nobody gave a number."""
    if said:
        return any(True for one in said for _ in _alike(desk, one, other.slug))
    of_both = (desk.store.revisions(Statement, slug=one.statement)[-1] for one in (claim, other))
    return len({(statement.speaker, statement.source) for statement in of_both}) == 1


def mended_days(desk: Desk, forecasts: PlacedForecasts, new: PlacedForecasts) -> Iterator[MendedDay]:
    """Yield what may be the day of a publication that was mended: of one claim, forecaster and number.

    Args:
        desk: Where the forecasts were recorded.
        forecasts: All of a table.
        new: Those of them that are new.
    """
    published = [one for _, one in new.beside() if one.said.published is not None and one.said.published.day]
    if not published:
        return
    rows = map(forecasts.one, np.flatnonzero(forecasts.on({one.claim for one in published})).tolist())
    in_rows = {(one.claim, one.forecaster, one.made_at) for one in rows}
    for one in published:
        of_no_row = [
            known
            for known in _alike(desk, one, one.claim)
            if (known.claim, known.forecaster, known.made_at) not in in_rows
            and known.made_at == read_made_at(known.made_at.date())  # said of a day, as a publication is
        ]
        for known in of_no_row[-1:]:
            yield MendedDay(one.claim, one.forecaster, spoken_day(known.made_at), spoken_day(one.made_at))


def _alike(desk: Desk, said: Forecasting, claim: str) -> Iterator[Forecast]:
    """Yield what stands of the same forecaster on a claim that says how likely as a forecast of a table does."""
    key = {"claim": said.claim, "forecaster": said.forecaster, "made_at": said.made_at}
    wanted = build(Forecast, {**said.fields, **key})
    standing = {forecast.made_at: forecast for forecast in desk.store.imported_forecasts({(claim, said.forecaster)})}
    standing |= {
        forecast.made_at: forecast
        for forecast in desk.store.revisions(Forecast, claim=claim, forecaster=said.forecaster)
    }
    for known in standing.values():
        if not (known.withdrawn or wanted.withdrawn) and _how_likely(known) == _how_likely(wanted):
            yield known


def _how_likely(forecast: Forecast) -> tuple[object, ...]:
    return tuple(getattr(forecast, name) for name in SAID)

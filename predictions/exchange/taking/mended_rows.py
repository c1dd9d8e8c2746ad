"""Find new claims and forecasts of a table that may be corrected rows: on file as they were before, now in no row."""

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
from predictions.slugs import folded
from predictions.storage.claim_queries import claims_said, texts_until
from predictions.timestamps import read_made_at

SAID = ("point", "low", "high", "words", "shares", "points", "days")  # fields of a forecast that say how likely


class MendedDay(NamedTuple):
    """A forecast on file that is now in no row, and a new one that says the same on another day.

    Attributes:
        claim: The claim of both.
        forecaster: The forecaster of both.
        before: The day of the one on file.
        after: The day of the new one.
    """

    claim: str
    forecaster: str
    before: str
    after: str

    @property
    def line(self) -> Hint | None:
        """The command that withdraws the one on file; None if that would end the new one too, which is earlier."""
        if self.after < self.before:
            return None
        return command("withdraw", self.claim, by=self.forecaster, made_at=self.before, reason=WHY)


def mended_rows(desk: Desk, placed: Sequence[PlacedQuestion], forecasts: PlacedForecasts) -> Iterator[LikelyPair]:
    """Pair new claims of a table with claims on file that are in no row now and have the same forecast.

    Either the words are the same and the deadline is not, or the words nearly the same and the deadline the same. If
    neither has a forecast, one speaker must have said both in one source.
    """
    in_table = {item.claim.slug for item in placed}  # claims that some row asks
    new = [item for item in placed if item.new and item.question.text]
    texts = texts_until(desk.store, {str(item.claim.deadline) for item in new}) if new else {}
    wordings = Wordings({slug: text for slug, text in texts.items() if slug not in in_table})
    forecasts_on: defaultdict[str, list[Forecasting]] = defaultdict(list)
    for place in np.flatnonzero(forecasts.on({item.claim.slug for item in new})).tolist():
        forecast = forecasts.one(place)
        forecasts_on[forecast.claim].append(forecast)
    for question, claim, *_ in new:
        text = question.text or ""
        others = [other for other in claims_said(desk.store, text) if other.scored and other.slug not in in_table]
        similar = wordings.like(text, claim.deadline, or_slipped=True)
        others += (desk.store.revisions(Claim, slug=slug)[-1] for slug in similar)
        for other in others:
            if _said_the_same(desk, claim, forecasts_on[claim.slug], other):
                yield LikelyPair(claim.slug, question.id or text, claim.wording, other.slug, other.cluster)
                break


def said_beside(desk: Desk, placed: Sequence[PlacedQuestion], forecasts: PlacedForecasts) -> Iterator[LikelyPair]:
    """Pair new claims of a table with others of the same words in it that have the same forecast, as of two files.

    Claims of one cluster are said to be one fact already.
    """
    rows_of_text: defaultdict[str, dict[str, PlacedQuestion]] = defaultdict(dict)
    for item in placed:
        if item.question.text and item.claim.scored:
            rows_of_text[folded(item.question.text)].setdefault(item.claim.slug, item)
    repeated = [list(rows.values()) for rows in rows_of_text.values() if len(rows) > 1]
    slugs = {item.claim.slug for rows in repeated for item in rows}
    forecasts_on: defaultdict[str, list[Forecasting]] = defaultdict(list)
    for place in np.flatnonzero(forecasts.on(slugs)).tolist() if slugs else ():
        forecast = forecasts.one(place)
        forecasts_on[forecast.claim].append(forecast)
    for rows in repeated:
        for number, (question, claim, is_new, *_) in enumerate(rows):
            others = [item.claim for item in rows[:number] if item.claim.cluster != claim.cluster or not claim.cluster]
            same = (other for other in others if _said_the_same(desk, claim, forecasts_on[claim.slug], other))
            if is_new and (other := next(same, None)):
                text = question.text or ""
                yield LikelyPair(
                    claim.slug, question.id or text, claim.wording, other.slug, other.cluster, is_beside=True
                )


def _said_the_same(desk: Desk, claim: Claim, forecasts: Sequence[Forecasting], other: Claim) -> bool:
    """Tell whether another claim has one of these forecasts; if there are none, whether one speaker said both."""
    if forecasts:
        return any(next(_alike(desk, forecast, other.slug), None) is not None for forecast in forecasts)
    statement = desk.store.revisions(Statement, slug=claim.statement)[-1]
    other_statement = desk.store.revisions(Statement, slug=other.statement)[-1]
    return (statement.speaker, statement.source) == (other_statement.speaker, other_statement.source)


def mended_days(desk: Desk, forecasts: PlacedForecasts, new: PlacedForecasts) -> Iterator[MendedDay]:
    """Yield new published forecasts that may have a corrected day: on file they have another one, which no row has.

    Args:
        desk: The open transaction.
        forecasts: All forecasts of a table.
        new: Those of them that are new.
    """
    published = [
        forecast for _, forecast in new.beside() if forecast.said.published is not None and forecast.said.published.day
    ]
    if not published:
        return
    row_forecasts = map(
        forecasts.one, np.flatnonzero(forecasts.on({forecast.claim for forecast in published})).tolist()
    )
    in_rows = {(forecast.claim, forecast.forecaster, forecast.made_at) for forecast in row_forecasts}
    for forecast in published:
        in_no_row = [
            earlier
            for earlier in _alike(desk, forecast, forecast.claim)
            if (earlier.claim, earlier.forecaster, earlier.made_at) not in in_rows
            and earlier.made_at == read_made_at(earlier.made_at.date())  # its time is a day, as that of a publication
        ]
        for earlier in in_no_row[-1:]:
            yield MendedDay(
                forecast.claim, forecast.forecaster, spoken_day(earlier.made_at), spoken_day(forecast.made_at)
            )


def _alike(desk: Desk, said: Forecasting, claim: str) -> Iterator[Forecast]:
    """Yield the forecasts on file by the same forecaster on a claim that say exactly the same, on any day."""
    key = {"claim": said.claim, "forecaster": said.forecaster, "made_at": said.made_at}
    wanted = build(Forecast, {**said.fields, **key})
    by_moment = {forecast.made_at: forecast for forecast in desk.store.imported_forecasts({(claim, said.forecaster)})}
    by_moment |= {
        forecast.made_at: forecast
        for forecast in desk.store.revisions(Forecast, claim=claim, forecaster=said.forecaster)
    }
    for on_file in by_moment.values():
        if not (on_file.withdrawn or wanted.withdrawn) and _how_likely(on_file) == _how_likely(wanted):
            yield on_file


def _how_likely(forecast: Forecast) -> tuple[object, ...]:
    """Return what a forecast says, apart from its day."""
    return tuple(getattr(forecast, name) for name in SAID)

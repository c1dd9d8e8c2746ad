"""Forecasts of a file recorded through the one import of forecasts: few as records, many as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.enums import ForecasterKind
from predictions.exchange.questions import FileRead
from predictions.exchange.taking.changed_forecasts import changed_forecast, replaced_since
from predictions.exchange.taking.changes import Change
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.importing.forecasts import NewForecasts
from predictions.importing.line_cells import parts_of
from predictions.importing.names import look_up
from predictions.importing.spill import ONE_CHANCE, NumberedForecasts, Spill
from predictions.importing.staging import Staged
from predictions.importing.tables import OpenTable
from predictions.number_checks import check_probability
from predictions.recording.enter import Desk, build
from predictions.recording.repeated_forecasts import last_forecast, said_already
from predictions.records import Claim, Forecast
from predictions.storage.forecast_records import LIST_OF_KIND
from predictions.timestamps import EPOCH, moment_text

LIST_FIELDS = frozenset(LIST_OF_KIND.values())


class RecordedForecasts(NamedTuple):
    """Which forecasts are new, how many stood already, and which say otherwise than the ledger."""

    new: PlacedForecasts
    stand: int
    changes: Sequence[Change]


class _Numbered(NewForecasts):
    """Notes which rows are new."""

    def __init__(self, desk: Desk, staged: Staged, *of_import: object) -> None:
        super().__init__(desk, staged, *of_import)  # type: ignore[arg-type]
        self.numbers: list[int] = []

    def _take(self, rows: NumberedForecasts) -> None:
        self.numbers += rows.number.tolist()
        super()._take(rows)


def record_forecasts(
    desk: Desk, file: FileRead, forecasts: PlacedForecasts, new_claims: set[str], chains: Mapping[str, Sequence[str]],
    dated_by: str | None,
) -> RecordedForecasts:  # fmt: skip
    """Record the forecasts of a file that are not on file yet, under one import; *dated_by* is the source of all."""
    known = _made_already(desk, forecasts, new_claims, chains)
    replaced = [change for place in known if (change := _replaced(desk, forecasts.one(place), chains))]
    unknown = forecasts.chosen(np.delete(np.arange(forecasts.columns.size), known))
    if not unknown.columns.size:
        return RecordedForecasts(unknown, len(known), replaced)
    with closing(Spill(sorted(desk.store.slugs(Claim)))) as spill:
        staged = _staged_as_import(file, unknown, spill)
        recording = _Numbered(desk, staged, look_up(desk, staged, ForecasterKind.PERSON), dated_by)
        lines = recording.collect()  # several of a distribution
        differing = [unknown.one(number - 1) for number in dict.fromkeys(number for number, *_ in lines)]
        done = recording.record()
    new = unknown.chosen(np.sort(np.array(recording.numbers, np.intp)) - 1)
    changes = [_change(desk, forecast, dated_by) for forecast in differing]
    return RecordedForecasts(new, len(known) + done.already, [*replaced, *changes])


def _made_already(
    desk: Desk, forecasts: PlacedForecasts, new_claims: set[str], chains: Mapping[str, Sequence[str]]
) -> list[int]:
    """List those that do not say when they were made, and were ever made: a file may be imported again.

    What was said of any claim of a chain was said of the question.
    """
    timeless = [
        (place, forecast._replace(claim=claim))
        for place, forecast in forecasts.beside()
        if forecast.said.made_at is None and forecast.claim not in new_claims
        for claim in {forecast.claim, *chains.get(forecast.claim, ())}
    ]
    series = {(forecast.claim, forecast.forecaster) for _, forecast in timeless}
    in_blocks = {(known.claim, known.forecaster, known.point) for known in desk.store.imported_forecasts(series)}
    made = (place for place, forecast in timeless if point_key(forecast) in in_blocks or is_on_file(desk, forecast))
    return list(dict.fromkeys(made))


def _replaced(desk: Desk, forecast: Forecasting, chains: Mapping[str, Sequence[str]]) -> Change | None:
    """Note that a forecast without a day was replaced since it was recorded: it may be meant anew.

    A spreadsheet whose number is changed, and changed back, says the old number and means it now.
    """
    key = {"claim": forecast.claim, "forecaster": forecast.forecaster}
    last = last_forecast(desk, **key)
    if last is None or set(chains.get(forecast.claim, ())) - {forecast.claim}:  # another may hold the last word
        return None
    again = build(Forecast, {**forecast.fields, **key, "made_at": moment_text(forecast.made_at)})
    return replaced_since(last, again, forecast.said.fields)


def point_key(forecast: Forecasting) -> tuple[str, str, float | None] | None:
    """Return what a forecast says, as a block holds it; None where it says more."""
    if forecast.fields.keys() not in ({"probability"}, {"withdrawn"}):
        return None
    chance = None if "withdrawn" in forecast.fields else check_probability(forecast.fields["probability"])
    return forecast.claim, forecast.forecaster, chance


def is_on_file(desk: Desk, forecast: Forecasting) -> bool:
    """Tell whether a forecast was ever recorded, whenever it was made."""
    known = {"claim": forecast.claim, "forecaster": forecast.forecaster, "made_at": forecast.made_at}
    return said_already(desk, build(Forecast, {**forecast.fields, **known}), at_first=True) is not None


def _staged_as_import(file: FileRead, forecasts: PlacedForecasts, spill: Spill) -> Staged:
    """Stage them as an import that was read: each by its number, which counts from 1."""
    names, columns = dict[str, int](), forecasts.columns.forecasts
    further = {place: forecast.fields for place, forecast in forecasts.beside() if not _is_alone(forecast.fields)}
    lines = {
        place: _lines_said(fields, names) for place, fields in further.items() if not LIST_FIELDS.isdisjoint(fields)
    }
    each, of, at, chance = _lined_up(columns.probability, lines)
    number = (each + 1).astype(np.uint32)
    rows = NumberedForecasts(columns.rows(each)._replace(probability=chance), number, of, at)
    spill.add(rows, forecasts.claims, len(forecasts.forecasters))
    kept = {
        place + 1: {name: fields[name] for name in fields if name not in LIST_FIELDS}
        for place, fields in further.items()
    }
    beside = {at: details for at, details in kept.items() if details}
    claims, people = (
        {slug: place for place, slug in enumerate(slugs)} for slugs in (forecasts.claims, forecasts.forecasters)
    )
    return Staged(OpenTable(iter(()), file.file, file.sha256), claims, people, spill, file.refusals, names, beside)


def _is_alone(fields: Mapping[str, object]) -> bool:
    """Tell whether a chance of yes, or that it is withdrawn, is all that a forecast says."""
    return len(fields) == 1 and not fields.keys().isdisjoint({"probability", "withdrawn"})


def _lined_up(
    chances: NDArray[np.float64], lines: Mapping[int, Sequence[tuple[int, float, float]]]
) -> tuple[NDArray[np.intp], NDArray[np.uint8], NDArray[np.float64], NDArray[np.float64]]:
    """Return a line for each chance, but for those of distributions, by their places, their own *lines*.

    Returns:
        Whose each line is, what its chance is of, where it lies, and the chance.
    """
    lengths = np.ones(chances.size, np.intp)
    lengths[list(lines)] = [len(told) for told in lines.values()]
    each = np.repeat(np.arange(chances.size), lengths)
    of, at, chance = np.full(each.size, ONE_CHANCE, np.uint8), np.zeros(each.size), chances[each]
    if lines:
        several = np.isin(each, list(lines))
        of[several], at[several], chance[several] = zip(*chain.from_iterable(lines.values()), strict=True)
    return each, of, at, chance


def _lines_said(fields: Mapping[str, object], names: dict[str, int]) -> Sequence[tuple[int, float, float]]:
    """Return the lines of the shares, points or days that a forecast says."""
    known = {"claim": "claim", "forecaster": "forecaster", "made_at": EPOCH}
    return parts_of(build(Forecast, {**fields, **known}), names)


def _change(desk: Desk, forecast: Forecasting, dated_by: str | None) -> Change:
    """Return a forecast that says otherwise than the one on file of that time; *dated_by* is the source of its time."""
    key = {"claim": forecast.claim, "forecaster": forecast.forecaster, "made_at": moment_text(forecast.made_at)}
    records = desk.store.revisions(Forecast, **key)[-1:]
    blocks = desk.store.imported_forecasts({(forecast.claim, forecast.forecaster)}) if not records else []
    before = [*records, *(known for known in blocks if known.made_at == forecast.made_at)]
    said = build(Forecast, {"published_in": dated_by, **forecast.fields, **key})
    return changed_forecast(next(iter(before), None), said, forecast.said.fields)

"""Record a file's forecasts as one import: a few become records, many become blocks."""

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
from predictions.importing.names import look_up, with_new_recorded
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
    """The forecasts that are new, how many were on file already, and which differ from the ledger."""

    new: PlacedForecasts
    stand: int
    changes: Sequence[Change]


class _Numbered(NewForecasts):
    """An import of forecasts that keeps the numbers of the rows it recorded, so that they can be counted."""

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
    """Record the forecasts of a file that are not on file yet, under one import.

    Args:
        desk: The open transaction.
        file: The file that the forecasts are from.
        forecasts: The forecasts, with their claims and forecasters.
        new_claims: Slugs of claims recorded in this run, on which no forecast can be on file.
        chains: For each claim, all claims that superseded one another with it.
        dated_by: The slug of the platform that vouches for the times; None for a table.
    """
    on_file = _made_already(desk, forecasts, new_claims, chains)  # places
    replaced = [change for place in on_file if (change := _replaced(desk, forecasts.one(place), chains))]
    candidates = forecasts
    if on_file:
        candidates = forecasts.chosen(np.delete(np.arange(forecasts.columns.size), on_file))
    if not candidates.columns.size:
        return RecordedForecasts(candidates, len(on_file), replaced)
    with closing(Spill(sorted(desk.store.slugs(Claim)))) as spill:
        staged = _staged_as_import(file, candidates, spill)
        named = with_new_recorded(desk, look_up(desk, staged, new=True), ForecasterKind.PERSON)
        recording = _Numbered(desk, staged, named, dated_by)
        differing_lines = recording.collect()  # a distribution has several
        differing_numbers = dict.fromkeys(number for number, *_ in differing_lines)
        differing = [candidates.one(number - 1) for number in differing_numbers]
        done = recording.record()
    new = candidates.chosen(np.sort(np.array(recording.numbers, np.intp)) - 1)
    changes = [_change(desk, forecast, dated_by) for forecast in differing]
    return RecordedForecasts(new, len(on_file) + done.already, [*replaced, *changes])


def _made_already(
    desk: Desk, forecasts: PlacedForecasts, new_claims: set[str], chains: Mapping[str, Sequence[str]]
) -> list[int]:
    """List the places of forecasts without a time that were ever recorded, so that a file can be imported again.

    A forecast on any claim of a chain counts, since all of them are the same question.
    """
    timeless = [
        (place, forecast._replace(claim=claim))
        for place, forecast in forecasts.beside()
        if forecast.said.made_at is None and forecast.claim not in new_claims
        for claim in {forecast.claim, *chains.get(forecast.claim, ())}
    ]
    series = {(forecast.claim, forecast.forecaster) for _, forecast in timeless}
    in_blocks = {(record.claim, record.forecaster, record.point) for record in desk.store.imported_forecasts(series)}
    places = (place for place, forecast in timeless if point_key(forecast) in in_blocks or is_on_file(desk, forecast))
    return list(dict.fromkeys(places))


def _replaced(desk: Desk, forecast: Forecasting, chains: Mapping[str, Sequence[str]]) -> Change | None:
    """Return a change for a forecast without a day that was replaced after it was recorded: it may be meant anew.

    If a number in a spreadsheet is changed, and changed back, the old number is meant now. None if the forecast was
    not replaced, or if another claim of its chain may have a later one.
    """
    key = {"claim": forecast.claim, "forecaster": forecast.forecaster}
    last = last_forecast(desk, **key)
    if last is None or set(chains.get(forecast.claim, ())) - {forecast.claim}:  # another may hold the last word
        return None
    again = build(Forecast, {**forecast.fields, **key, "made_at": moment_text(forecast.made_at)})
    return replaced_since(last, again, forecast.said.fields)


def point_key(forecast: Forecasting) -> tuple[str, str, float | None] | None:
    """Return claim, forecaster and chance as a block holds them (None: withdrawn); None if the forecast says more."""
    if forecast.fields.keys() not in ({"probability"}, {"withdrawn"}):
        return None
    chance = None if "withdrawn" in forecast.fields else check_probability(forecast.fields["probability"])
    return forecast.claim, forecast.forecaster, chance


def is_on_file(desk: Desk, forecast: Forecasting) -> bool:
    """Tell whether the same forecast was ever recorded, at any time."""
    key = {"claim": forecast.claim, "forecaster": forecast.forecaster, "made_at": forecast.made_at}
    return said_already(desk, build(Forecast, {**forecast.fields, **key}), at_first=True) is not None


def _staged_as_import(file: FileRead, forecasts: PlacedForecasts, spill: Spill) -> Staged:
    """Stage the forecasts as rows of an import, so that a large file is recorded as fast as an import.

    Rows have the number of their forecast, counted from 1; a distribution has several rows with one number. By it the
    caller finds the forecasts whose rows were recorded. What a row cannot hold, such as a note, is kept beside the
    rows under the same number.
    """
    names = dict[str, int]()  # the number of each option's name, filled in by _lines_said
    columns = forecasts.columns.forecasts
    all_fields = {place: forecast.fields for place, forecast in forecasts.beside() if not _is_bare(forecast.fields)}
    distributions = {place: fields for place, fields in all_fields.items() if not LIST_FIELDS.isdisjoint(fields)}
    lines = {place: _lines_said(fields, names) for place, fields in distributions.items()}
    places, chance_kind, position, chance = _lined_up(columns.probability, lines)
    numbers = (places + 1).astype(np.uint32)
    rows = NumberedForecasts(columns.rows(places)._replace(probability=chance), numbers, of=chance_kind, at=position)
    spill.add(rows, forecasts.claims, len(forecasts.forecasters))
    details: dict[int, dict[str, object]] = {}
    for place, fields in all_fields.items():
        if other_fields := {name: value for name, value in fields.items() if name not in LIST_FIELDS}:
            details[place + 1] = other_fields
    claims = {slug: place for place, slug in enumerate(forecasts.claims)}
    forecasters = {slug: place for place, slug in enumerate(forecasts.forecasters)}
    table = OpenTable(iter(()), file.file, file.sha256)  # without rows: they are in *spill* already
    return Staged(table, claims, forecasters, spill, file.refusals, names, details)


def _is_bare(fields: Mapping[str, object]) -> bool:
    """Tell whether a forecast has nothing but a chance of yes, or the mark of a withdrawal."""
    return len(fields) == 1 and not fields.keys().isdisjoint({"probability", "withdrawn"})


def _lined_up(
    chances: NDArray[np.float64], lines: Mapping[int, Sequence[tuple[int, float, float]]]
) -> tuple[NDArray[np.intp], NDArray[np.uint8], NDArray[np.float64], NDArray[np.float64]]:
    """Return one row for each chance; a forecast of a distribution has its own *lines* in place of the one.

    Args:
        chances: The chances of all forecasts; NaN for a distribution.
        lines: For a distribution, by its place: for each line the kind of chance, what it is for, and the chance.

    Returns:
        For each row the place of its forecast, what kind of chance it has, the number of the option's name, the day or
        the value that the chance is for, and the chance.
    """
    lengths = np.ones(chances.size, np.intp)
    lengths[list(lines)] = list(map(len, lines.values()))
    places = np.repeat(np.arange(chances.size), lengths)
    chance_kind, position = np.full(places.size, ONE_CHANCE, np.uint8), np.zeros(places.size)
    chance = chances[places]
    if lines:
        distributed = np.isin(places, list(lines))
        columns = zip(*chain.from_iterable(lines.values()), strict=True)
        chance_kind[distributed], position[distributed], chance[distributed] = columns
    return places, chance_kind, position, chance


def _lines_said(fields: Mapping[str, object], names: dict[str, int]) -> Sequence[tuple[int, float, float]]:
    """Return the lines of a forecast with shares, points or days, and add its options to *names*."""
    placeholders = {"claim": "claim", "forecaster": "forecaster", "made_at": EPOCH}
    return parts_of(build(Forecast, {**fields, **placeholders}), names)


def _change(desk: Desk, forecast: Forecasting, dated_by: str | None) -> Change:
    """Return how a forecast differs from the one on file of that time; *dated_by* vouches for its time."""
    key = {"claim": forecast.claim, "forecaster": forecast.forecaster, "made_at": moment_text(forecast.made_at)}
    records = desk.store.revisions(Forecast, **key)[-1:]
    imported = desk.store.imported_forecasts({(forecast.claim, forecast.forecaster)}) if not records else []
    on_file = [*records, *(record for record in imported if record.made_at == forecast.made_at)]
    after = build(Forecast, {"published_in": dated_by, **forecast.fields, **key})
    return changed_forecast(on_file[0] if on_file else None, after, forecast.said.fields)

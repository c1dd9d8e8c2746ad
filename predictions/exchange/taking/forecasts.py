"""Forecasts of a file recorded through the one import of forecasts: few as records, many as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.enums import ForecasterKind
from predictions.exchange.questions import FileRead, SaidForecast
from predictions.exchange.taking.changes import Change, changed_distribution, changed_forecast
from predictions.importing.forecasts import NewForecasts
from predictions.importing.line_cells import parts_of
from predictions.importing.names import look_up
from predictions.importing.spill import ONE_CHANCE, Rows, Spill
from predictions.importing.staging import Staged
from predictions.importing.tables import OpenTable
from predictions.number_checks import check_probability
from predictions.recording.enter import Desk, build
from predictions.recording.forecasts import said_already
from predictions.records import Claim, Forecast
from predictions.storage.blocks import Forecasts
from predictions.storage.forecast_records import LIST_OF_KIND
from predictions.timestamps import EPOCH, in_microseconds, moment_text
from predictions.views.distribution_text import is_distribution
from predictions.views.forecast_text import spoken

LISTS = frozenset(LIST_OF_KIND.values())
PLAIN = ("probability", "withdrawn")  # of which one alone is all that most forecasts say


class Forecasting(NamedTuple):
    """One forecast with the claim and forecaster it is of, and its fields; made now where it does not say when."""

    said: SaidForecast
    claim: str
    forecaster: str
    made_at: datetime
    fields: Mapping[str, object]


class RecordedForecasts(NamedTuple):
    """Which forecasts are new, how many stood already, and which say otherwise than the ledger."""

    new: Sequence[Forecasting]
    stand: int
    changes: Sequence[Change]


class _Numbered(NewForecasts):
    """Notes which rows are new."""

    def __init__(self, desk: Desk, staged: Staged, *of_import: object) -> None:
        super().__init__(desk, staged, *of_import)  # type: ignore[arg-type]
        self.numbers: list[int] = []

    def _take(self, rows: Rows) -> None:
        self.numbers += rows.number.tolist()
        super()._take(rows)


def record_forecasts(
    desk: Desk, file: FileRead, forecasts: Sequence[Forecasting], new_claims: set[str], dated_by: str | None
) -> RecordedForecasts:
    """Record the forecasts of a file that are not on file yet, under one import; *dated_by* is the source of all."""
    in_blocks = _said_in_blocks(desk, forecasts, new_claims)
    unknown = [
        forecast
        for forecast in forecasts
        if forecast.claim in new_claims or not (_key(forecast) in in_blocks or _is_on_file(desk, forecast))
    ]
    stood = len(forecasts) - len(unknown)
    if not unknown:
        return RecordedForecasts((), stood, ())
    with closing(Spill(sorted(desk.store.slugs(Claim)))) as spill:
        staged = _staged(file, unknown, spill)
        recording = _Numbered(desk, staged, look_up(desk, staged, ForecasterKind.PERSON), dated_by)
        lines = recording.collect()  # several of a distribution
        differing = [unknown[number - 1] for number in dict.fromkeys(number for number, *_ in lines)]
        done = recording.record()
    new = [unknown[number - 1] for number in sorted(recording.numbers)]
    return RecordedForecasts(new, stood + done.already, [_change(desk, forecast, dated_by) for forecast in differing])


def _said_in_blocks(
    desk: Desk, forecasts: Sequence[Forecasting], new_claims: set[str]
) -> set[tuple[str, str, float | None]]:
    """Return what blocks hold of the series of forecasts that do not say when they were made."""
    series = {
        (forecast.claim, forecast.forecaster)
        for forecast in forecasts
        if forecast.said.made_at is None and forecast.claim not in new_claims
    }
    return {(known.claim, known.forecaster, known.point) for known in desk.store.imported_forecasts(series)}


def _key(forecast: Forecasting) -> tuple[str, str, float | None] | None:
    """Return what a forecast without a time says, as a block holds it; None where it has a time, or says more."""
    if forecast.said.made_at is not None or forecast.fields.keys() not in ({"probability"}, {"withdrawn"}):
        return None
    chance = None if "withdrawn" in forecast.fields else check_probability(forecast.fields["probability"])
    return forecast.claim, forecast.forecaster, chance


def _is_on_file(desk: Desk, forecast: Forecasting) -> bool:
    """Tell whether a forecast that does not say when it was made was ever made: a file may be imported again."""
    if forecast.said.made_at is not None:
        return False
    known = {"claim": forecast.claim, "forecaster": forecast.forecaster, "made_at": forecast.made_at}
    return said_already(desk, build(Forecast, {**forecast.fields, **known}), at_first=True) is not None


def _staged(file: FileRead, forecasts: Sequence[Forecasting], spill: Spill) -> Staged:
    """Stage them as an import that was read: each by its number, which counts from 1."""
    claims, people, names = dict[str, int](), dict[str, int](), dict[str, int]()
    claim = [claims.setdefault(forecast.claim, len(claims)) for forecast in forecasts]
    forecaster = [people.setdefault(forecast.forecaster, len(people)) for forecast in forecasts]
    made_at = [in_microseconds(forecast.made_at) for forecast in forecasts]
    said = [forecast.fields for forecast in forecasts]
    further = {place: fields for place, fields in enumerate(said) if len(fields) > 1 or fields.keys().isdisjoint(PLAIN)}
    lines = {place: _lines_said(fields, names) for place, fields in further.items() if not LISTS.isdisjoint(fields)}
    each, of, at, chance = _lined_up([_chance(fields) for fields in said], lines)
    columns = np.array(claim, np.int32)[each], np.array(forecaster, np.int32)[each], np.array(made_at, np.int64)[each]
    number = (each + 1).astype(np.uint32)
    spill.add(Rows(Forecasts(*columns, chance), number, of, at), list(claims), len(people))
    kept = {
        place + 1: {name: fields[name] for name in fields if name not in LISTS} for place, fields in further.items()
    }
    beside = {at: details for at, details in kept.items() if details}
    return Staged(OpenTable(iter(()), file.file, file.sha256), claims, people, spill, file.refusals, names, beside)


def _lined_up(
    chances: Sequence[float], lines: Mapping[int, Sequence[tuple[int, float, float]]]
) -> tuple[NDArray[np.intp], NDArray[np.uint8], NDArray[np.float64], NDArray[np.float64]]:
    """Return a line for each chance, but for those of distributions, by their places, their own *lines*.

    Returns:
        Whose each line is, what its chance is of, where it lies, and the chance.
    """
    lengths = np.ones(len(chances), np.intp)
    lengths[list(lines)] = [len(told) for told in lines.values()]
    each = np.repeat(np.arange(len(chances)), lengths)
    of, at, chance = np.full(each.size, ONE_CHANCE, np.uint8), np.zeros(each.size), np.array(chances, np.float64)[each]
    if lines:
        several = np.isin(each, list(lines))
        of[several], at[several], chance[several] = zip(*chain.from_iterable(lines.values()), strict=True)
    return each, of, at, chance


def _lines_said(fields: Mapping[str, object], names: dict[str, int]) -> Sequence[tuple[int, float, float]]:
    """Return the lines of the shares, points or days that a forecast says."""
    known = {"claim": "claim", "forecaster": "forecaster", "made_at": EPOCH}
    return parts_of(build(Forecast, {**fields, **known}), names)


def _chance(fields: Mapping[str, object]) -> float:
    """Return the chance by which a forecast is compared: its point, the middle of its range; none for anything else."""
    if "probability" in fields:
        chance = fields["probability"]
        return chance if isinstance(chance, float) else float(str(chance))
    if "low" in fields:
        return (float(str(fields["low"])) + float(str(fields["high"]))) / 2
    return float("nan")


def _change(desk: Desk, forecast: Forecasting, dated_by: str | None) -> Change:
    """Return a forecast that says otherwise than the one on file of that time."""
    key = {"claim": forecast.claim, "forecaster": forecast.forecaster, "made_at": moment_text(forecast.made_at)}
    records = desk.store.revisions(Forecast, **key)[-1:]
    blocks = desk.store.imported_forecasts({(forecast.claim, forecast.forecaster)}) if not records else []
    if forecast.fields.keys() & {"shares", "points", "days"} or any(map(is_distribution, records)):
        said = [*map(spoken, records[-1:]), spoken(build(Forecast, {**forecast.fields, **key}))]
        return changed_distribution(forecast.claim, forecast.forecaster, forecast.made_at, said)
    before = [known.point for known in (*records, *(known for known in blocks if known.made_at == forecast.made_at))]
    chance = None if "withdrawn" in forecast.fields else _chance(forecast.fields)
    return changed_forecast(forecast.claim, forecast.forecaster, forecast.made_at, before, chance, dated_by)

"""Write forecast sets for ForecastBench: for each question the forecast that stood at the end of the due date."""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from predictions.errors import InvalidValue
from predictions.exchange.platforms.forecastbench import PLATFORM
from predictions.exchange.written import RowsWritten, losses
from predictions.numerals import some_of
from predictions.records import Claim, Forecast, Forecaster, Statement
from predictions.snapshot import Snapshot
from predictions.storage.files import new_folder, path_of, write_text
from predictions.timestamps import read_made_at

MOST_SETS = 5  # sets that a message lists
_ORIGIN = re.compile(r"([^/]+)/(.+) in (([0-9]{4}-[0-9]{2}-[0-9]{2})\S*)")  # the reader's note on question and set


class Origin(NamedTuple):
    """The question of ForecastBench that a claim was made from."""

    source: str
    id: str
    resolution_date: str | None
    question_set: str
    due_on: date


class SetKey(NamedTuple):
    """A set: whose forecasts it has, and when they were due."""

    forecaster: str
    due_on: date


class BenchRow(NamedTuple):
    """One row of a set."""

    claim: str
    origin: Origin
    forecast: Forecast


Sets = Mapping[SetKey, Sequence[BenchRow]]


def write_forecastbench(
    snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]], by: str | None,
    target: str | os.PathLike[str], like: Path,
) -> RowsWritten:  # fmt: skip
    """Write forecast sets.

    Args:
        snapshot: The records of the ledger.
        forecasts_of: Returns the forecasts on a claim, oldest first.
        by: The forecaster whose sets are written; None for all.
        target: A new .json file for one set, or a new folder with a file for each set.
        like: The ledger's file, whose permissions the new files get.

    Raises:
        InvalidValue: There is no set, or more than one for a single file.
    """
    lost: Counter[str] = Counter()
    sets = _sets(snapshot, forecasts_of, by, lost)
    if not sets:
        raise InvalidValue("there is no forecast on a question of ForecastBench that stood when its set was due")
    texts = {key: _text_of(snapshot, key, rows, lost) for key, rows in sets.items()}
    if path_of(target).suffix.lower() == ".json":
        write_text(target, texts[_only(sets)], like=like)
    else:
        names: Counter[str] = Counter()
        with new_folder(target, like=like) as new:
            for key, text in texts.items():
                new(_file_name(snapshot, key, names)).write_text(text, "utf-8")
    rows = [row for of_set in sets.values() for row in of_set]
    claims = len({row.claim for row in rows})
    return RowsWritten(path_of(target), len(rows), claims, len(rows), None, losses(lost))


def _sets(
    snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]], by: str | None, lost: Counter[str]
) -> Sets:
    """Return the rows of every set, by due date and forecaster, and count in *lost* what no set can hold."""
    sets: defaultdict[SetKey, list[BenchRow]] = defaultdict(list)
    for claim in snapshot.all(Claim):
        forecasts = [forecast for forecast in forecasts_of(claim) if by in {None, forecast.forecaster}]
        origin = _origin(snapshot, claim)
        if origin is None:
            lost["forecasts on other claims"] += len(forecasts)
            continue
        forecast_of = _forecasts_due(forecasts, origin)
        for key, forecast in forecast_of.items():
            sets[key].append(BenchRow(claim.slug, origin, forecast))
        standing_ids = set(map(id, forecast_of.values()))
        written = [forecast for forecast in forecasts if id(forecast) in standing_ids]
        lost["forecasts that did not stand when a set was due"] += len(forecasts) - len(written)
        lost["ranges and words of forecasts"] += sum(forecast.low is not None for forecast in written)
        lost["verdicts"] += snapshot.verdict(claim) is not None  # a forecast set has none
    return dict(sorted(sets.items(), key=lambda item: (item[0].due_on, item[0].forecaster)))


def _origin(snapshot: Snapshot, claim: Claim) -> Origin | None:
    """Return the ForecastBench question of a claim; None if it is from elsewhere, or is not scored."""
    statement = snapshot.find(Statement, claim.statement)
    match = _ORIGIN.fullmatch(statement.notes or "")
    if statement.source != PLATFORM.slug or match is None or not claim.scored:
        return None
    source, key, question_set, due_on = match.groups()
    is_on_data = claim.closes_at is None and key.endswith(f"/{claim.deadline}")
    if not is_on_data:  # on a market
        return Origin(source, key, None, question_set, date.fromisoformat(due_on))
    day = str(claim.deadline)
    return Origin(source, key.removesuffix(f"/{day}"), day, question_set, date.fromisoformat(due_on))


def _forecasts_due(forecasts: Sequence[Forecast], origin: Origin) -> dict[SetKey, Forecast]:
    """Return a forecast for each set: the latest when the first was due, and those made at the end of later days."""
    forecast_of: dict[SetKey, Forecast] = {}
    for forecast in forecasts:
        day = forecast.made_at.date()
        if day > origin.due_on and forecast.made_at != read_made_at(day):
            continue
        key = SetKey(forecast.forecaster, max(day, origin.due_on))
        if forecast.withdrawn:
            forecast_of.pop(key, None)
        else:
            forecast_of[key] = forecast
    return forecast_of


def _text_of(snapshot: Snapshot, key: SetKey, rows: Sequence[BenchRow], lost: Counter[str]) -> str:
    """Return the JSON of one set."""
    organization, model = _names(snapshot, key.forecaster)
    lost["who made a model, written as its team"] += 1
    question_sets = [row.origin.question_set for row in rows if row.origin.due_on == key.due_on]
    content = {
        "organization": organization, "model": model, "model_organization": organization,
        "question_set": question_sets[0] if question_sets else f"{key.due_on}-llm.json",
        "forecast_due_date": str(key.due_on), "forecasts": [_row_of(row.origin, row.forecast) for row in rows],
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _row_of(origin: Origin, forecast: Forecast) -> Mapping[str, object]:
    """Return one row of a set."""
    return {
        "id": origin.id, "source": origin.source, "forecast": forecast.point,
        "resolution_date": origin.resolution_date, "reasoning": forecast.note or "", "direction": None,
    }  # fmt: skip


def _names(snapshot: Snapshot, forecaster: str) -> tuple[str, str]:
    """Return team and model from a title as the reader joins them; another title is used for both."""
    title = snapshot.find(Forecaster, forecaster).title
    organization, between, model = title.partition(": ")
    return (organization, model) if between else (title, title)


def _only(sets: Sets) -> SetKey:
    """Return the one set; InvalidValue if there are several."""
    if len(sets) == 1:
        return next(iter(sets))
    listed = some_of([f"{key.forecaster} {key.due_on}" for key in sets], MOST_SETS)
    raise InvalidValue(f"these are {len(sets)} sets: {listed}; say by=, or a folder, which takes them all")


def _file_name(snapshot: Snapshot, key: SetKey, names: Counter[str]) -> str:
    """Return the name of a set's file as ForecastBench has it: due date, team, and a number."""
    team = re.sub(r"[^\w-]+", "_", _names(snapshot, key.forecaster)[0])
    name = f"{key.due_on}.{team}"
    names[name] += 1
    return f"{name}.{names[name]}.json"

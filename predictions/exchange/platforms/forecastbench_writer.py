"""Forecast sets for ForecastBench: what stood at the end of a set's due date, a row each question."""

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

MOST_SETS = 5  # that a message lists
_ORIGIN = re.compile(r"([^/]+)/(.+) in (([0-9]{4}-[0-9]{2}-[0-9]{2})\S*)")  # as the reader notes it


class Origin(NamedTuple):
    """The question of ForecastBench that a claim is."""

    source: str
    id: str
    resolution_date: str | None
    question_set: str
    due_on: date


class SetKey(NamedTuple):
    """Whose set, and when it was due."""

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
        snapshot: What the ledger holds.
        forecasts_of: The forecasts on a claim, in the order of time.
        by: Whose sets; everybody's unless given.
        target: A new .json file, for one set; else a new folder, with a file for each set.
        like: The ledger's file; the new ones get its permissions.

    Raises:
        InvalidValue: There is no set, or more than one for a file.
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
    """Choose the forecasts of every set, by due date and forecaster, and count in *lost* what no set can hold."""
    sets: defaultdict[SetKey, list[BenchRow]] = defaultdict(list)
    for claim in snapshot.all(Claim):
        forecasts = [forecast for forecast in forecasts_of(claim) if by in {None, forecast.forecaster}]
        origin = _origin(snapshot, claim)
        if origin is None:
            lost["forecasts on other claims"] += len(forecasts)
            continue
        standing = _forecasts_due(forecasts, origin)
        for key, forecast in standing.items():
            sets[key].append(BenchRow(claim.slug, origin, forecast))
        stood = set(map(id, standing.values()))
        written = [forecast for forecast in forecasts if id(forecast) in stood]
        lost["forecasts that did not stand when a set was due"] += len(forecasts) - len(written)
        lost["ranges and words of forecasts"] += sum(forecast.low is not None for forecast in written)
        lost["verdicts"] += snapshot.verdict(claim) is not None
    return dict(sorted(sets.items(), key=lambda found: (found[0].due_on, found[0].forecaster)))


def _origin(snapshot: Snapshot, claim: Claim) -> Origin | None:
    """Return which question a claim is; None for what is not from ForecastBench."""
    statement = snapshot.find(Statement, claim.statement)
    found = _ORIGIN.fullmatch(statement.notes or "")
    if statement.source != PLATFORM.slug or found is None or not claim.scored:
        return None
    source, key, question_set, due_on = found.groups()
    of_data = claim.closes_at is None and key.endswith(f"/{claim.deadline}")
    resolution_date = str(claim.deadline) if of_data else None
    plain = key.removesuffix(f"/{resolution_date}")
    return Origin(source, plain, resolution_date, question_set, date.fromisoformat(due_on))


def _forecasts_due(forecasts: Sequence[Forecast], origin: Origin) -> dict[SetKey, Forecast]:
    """Choose the forecasts of each set: what stood when the first was due, and for others those made at a day's end."""
    found: dict[SetKey, Forecast] = {}
    for forecast in forecasts:
        day = forecast.made_at.date()
        if day > origin.due_on and forecast.made_at != read_made_at(day):
            continue
        key = SetKey(forecast.forecaster, max(day, origin.due_on))
        if forecast.withdrawn:
            found.pop(key, None)
        else:
            found[key] = forecast
    return found


def _text_of(snapshot: Snapshot, key: SetKey, rows: Sequence[BenchRow], lost: Counter[str]) -> str:
    organization, model = _names(snapshot, key.forecaster)
    lost["who made a model, written as its team"] += 1
    named = [row.origin.question_set for row in rows if row.origin.due_on == key.due_on]
    content = {
        "organization": organization, "model": model, "model_organization": organization,
        "question_set": named[0] if named else f"{key.due_on}-llm.json", "forecast_due_date": str(key.due_on),
        "forecasts": [_row_of(row.origin, row.forecast) for row in rows],
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _row_of(origin: Origin, forecast: Forecast) -> Mapping[str, object]:
    return {
        "id": origin.id, "source": origin.source, "forecast": forecast.point,
        "resolution_date": origin.resolution_date, "reasoning": forecast.note or "", "direction": None,
    }  # fmt: skip


def _names(snapshot: Snapshot, forecaster: str) -> tuple[str, str]:
    """Return the team and the model, as the reader joins them in a title; another title is both."""
    title = snapshot.find(Forecaster, forecaster).title
    organization, between, model = title.partition(": ")
    return (organization, model) if between else (title, title)


def _only(sets: Sets) -> SetKey:
    if len(sets) == 1:
        return next(iter(sets))
    listed = some_of([f"{key.forecaster} {key.due_on}" for key in sets], MOST_SETS)
    raise InvalidValue(f"these are {len(sets)} sets: {listed}; say by=, or a folder, which takes them all")


def _file_name(snapshot: Snapshot, key: SetKey, names: Counter[str]) -> str:
    """Return the name of a set's file as ForecastBench spells it: due date, team, and a number."""
    team = re.sub(r"[^\w-]+", "_", _names(snapshot, key.forecaster)[0])
    name = f"{key.due_on}.{team}"
    names[name] += 1
    return f"{name}.{names[name]}.json"

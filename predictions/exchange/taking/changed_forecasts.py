"""Report a forecast in a file that differs from the ledger's, with the command that takes the file's over."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from predictions.enums import AS_READ
from predictions.errors import InvalidValue
from predictions.exchange.table.type_cells import read_otherwise, written_out
from predictions.exchange.taking.changes import WHY, Change, in_brief, spoken_day, with_line
from predictions.numerals import exact
from predictions.recording.words import scale_of
from predictions.records import Forecast
from predictions.render.commands import command
from predictions.views.forecast_text import spoken

MAY_BE_UNSAID = ("note", "published_in", "published_in_evidence", "because")  # fields on which a file may be silent


def changed_forecast(before: Forecast | None, after: Forecast, said: Mapping[str, object]) -> Change:
    """Return how a file's forecast differs from the one on file of that time.

    Args:
        before: The forecast on file; None if it is not found.
        after: The file's forecast.
        said: The file's own fields, before they were read: quantiles, for instance.
    """
    on_file_only = {} if before is None else _left_unsaid(before, after)
    wanted = after.model_copy(update=on_file_only)
    number_before, number_after = _number_told(before), _number_told(after)
    changes = [f"{number_before} -> {number_after}"] if number_before != number_after else []
    for name in MAY_BE_UNSAID:
        value_before, value_after = getattr(before, name, None), getattr(wanted, name)
        if value_before != value_after:
            changes.append(f"{name.removesuffix('_evidence')} {_quoted(value_before)} -> {_quoted(value_after)}")
    listed = ", ".join(changes) or f"{number_after}, read otherwise"
    what = f"{after.forecaster}, {spoken_day(after.made_at)}: {listed}"
    return _taken_over(wanted, what, said)


def replaced_since(last: Forecast, again: Forecast, said: Mapping[str, object]) -> Change | None:
    """Return that a file repeats, without a day, a forecast that was replaced since; None if it is the latest one.

    Args:
        last: The forecaster's latest forecast on the claim, by the ledger.
        again: The file's forecast.
        said: The file's own fields, before they were read.
    """
    repeated, latest = _number_told(again), _number_told(last)
    if repeated == latest:
        return None
    what = f"{again.forecaster}: {repeated} again, and {latest} since, on {last.made_at.date()}"
    return _taken_over(again, what, said, anew=True)


def _left_unsaid(before: Forecast, after: Forecast) -> dict[str, object]:
    """Return the fields of the forecast on file on which the file is silent: they stay as they are."""
    names = (
        MAY_BE_UNSAID
        if after.published_in is None
        else tuple(name for name in MAY_BE_UNSAID if "published" not in name)
    )
    return {name: getattr(before, name) for name in names if not getattr(after, name)}


def _taken_over(wanted: Forecast, what: str, said: Mapping[str, object], *, anew: bool = False) -> Change:
    """Return the change with the command that takes it over, if a command can say it.

    With *anew* the command makes the forecast now, and corrects none.
    """
    when: dict[str, Any] = {"made_at": spoken_day(wanted.made_at), "reason": WHY}
    if anew:
        when = {"again": True}
    if wanted.withdrawn:
        hint = command("withdraw", wanted.claim, by=wanted.forecaster, note=wanted.note or "", **when)
        return with_line(wanted.claim, what, hint)
    quantiles = _quantiles_given(wanted, said)
    if wanted.points and not quantiles:
        return Change(wanted.claim, what)
    chances = _each_chance(wanted)
    hint = command(
        "forecast", wanted.claim, *([chances] if chances else []), by=wanted.forecaster, quantiles=quantiles,
        **_words_or_range(wanted), published_in=wanted.published_in or wanted.published_in_evidence or "",
        because=list(wanted.because), note=wanted.note or "", **when,
    )  # fmt: skip
    return with_line(wanted.claim, what, hint)


def _each_chance(forecast: Forecast) -> str | dict[str, str]:
    """Return the chance, or one for each option or day; empty if the forecast has words, a range or quantiles."""
    if forecast.shares:
        return {share.option: exact(share.share) for share in forecast.shares}
    if forecast.days:
        return {str(by.day): exact(by.chance) for by in forecast.days}
    return "" if forecast.words or forecast.probability is None else exact(forecast.probability)


def _quantiles_given(forecast: Forecast, said: Mapping[str, object]) -> dict[str, str]:
    """Return the file's quantiles, else the recorded points as quantiles; empty if these would be read differently."""
    quantiles = said.get("quantiles")
    if isinstance(quantiles, Mapping):
        return {str(level): str(value) for level, value in quantiles.items()}
    if read_otherwise(forecast.points):
        return {}
    return {exact(point.chance): written_out(point.at) for point in forecast.points}


def _words_or_range(forecast: Forecast) -> dict[str, str]:
    """Return the options for the words with their scale, or for the ends of the range; empty if there are neither."""
    ends = {name: exact(end) for name, end in (("low", forecast.low), ("high", forecast.high)) if end is not None}
    if forecast.words is None or forecast.scale in {None, AS_READ}:
        return {"words": forecast.words or "", **ends}
    scale = str(forecast.scale)
    with suppress(InvalidValue):
        scale = "" if scale_of(forecast.words) == scale else scale
    return {"words": forecast.words, "scale": scale}


def _number_told(forecast: Forecast | None) -> str:
    """Return a forecast's number in words; "otherwise" if there is no forecast."""
    if forecast is None:
        return "otherwise"
    is_one_number = forecast.probability is not None and not forecast.words and forecast.low is None
    return exact(forecast.probability) if is_one_number else spoken(forecast)


def _quoted(value: object) -> str:
    """Return a value in quotes, shortened, or "nothing" if it is empty."""
    text = ", ".join(value) if isinstance(value, tuple) else value
    return f'"{in_brief(str(text))}"' if text else "nothing"

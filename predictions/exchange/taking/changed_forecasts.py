"""What a file says of a forecast otherwise than the ledger, and the line that says all of it as the file does."""

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

MAY_BE_UNSAID = ("note", "published_in", "published_in_evidence", "because")  # by a file


def changed_forecast(before: Forecast | None, after: Forecast, said: Mapping[str, object]) -> Change:
    """Note that a forecast on file stands otherwise; a file's own words for it are what it *said*."""
    unsaid = {} if before is None else _left_unsaid(before, after)
    wanted = after.model_copy(update=unsaid)
    number = _number_told(before), _number_told(after)
    told = [" -> ".join(number)] if number[0] != number[1] else []
    told += [
        f"{name.removesuffix('_evidence')} {_quoted(getattr(before, name))} -> {_quoted(getattr(wanted, name))}"
        for name in MAY_BE_UNSAID
        if getattr(before, name, None) != getattr(wanted, name)
    ]
    what = f"{after.forecaster}, {spoken_day(after.made_at)}: {', '.join(told) or f'{number[1]}, read otherwise'}"
    return _taken_over(wanted, what, said)


def replaced_since(last: Forecast, again: Forecast, said: Mapping[str, object]) -> Change | None:
    """Note that a file repeats, without a day, what its forecaster has replaced since; None if it is the last word.

    Args:
        last: What the forecaster said last on the claim, by the ledger.
        again: What the file says.
        said: The file's own words for it.
    """
    before, now = _number_told(again), _number_told(last)
    if before == now:
        return None
    what = f"{again.forecaster}: {before} again, and {now} since, on {last.made_at.date()}"
    return _taken_over(again, what, said, anew=True)


def _left_unsaid(before: Forecast, after: Forecast) -> dict[str, object]:
    """Return what stands beside a forecast on file, and the file does not speak of."""
    names = (
        MAY_BE_UNSAID
        if after.published_in is None
        else tuple(name for name in MAY_BE_UNSAID if "published" not in name)
    )
    return {name: getattr(before, name) for name in names if not getattr(after, name)}


def _taken_over(wanted: Forecast, what: str, said: Mapping[str, object], *, anew: bool = False) -> Change:
    """Return the change with its line, where one can say it; *anew* says it now, and corrects nothing."""
    when: dict[str, Any] = {"made_at": spoken_day(wanted.made_at), "reason": WHY}
    if anew:
        when = {"again": True}
    if wanted.withdrawn:
        line = command("withdraw", wanted.claim, by=wanted.forecaster, note=wanted.note or "", **when)
        return with_line(wanted.claim, what, line)
    quantiles = _quantiles_given(wanted, said)
    if wanted.points and not quantiles:
        return Change(wanted.claim, what)
    chances = _each_chance(wanted)
    line = command(
        "forecast", wanted.claim, *([chances] if chances else []), by=wanted.forecaster, quantiles=quantiles,
        **_words_or_range(wanted), published_in=wanted.published_in or wanted.published_in_evidence or "",
        because=list(wanted.because), note=wanted.note or "", **when,
    )  # fmt: skip
    return with_line(wanted.claim, what, line)


def _each_chance(forecast: Forecast) -> str | dict[str, str]:
    """Return the chance, or each of several; empty where it is said in words, as a range or by quantiles."""
    if forecast.shares:
        return {share.option: exact(share.share) for share in forecast.shares}
    if forecast.days:
        return {str(by.day): exact(by.chance) for by in forecast.days}
    return "" if forecast.words or forecast.probability is None else exact(forecast.probability)


def _quantiles_given(forecast: Forecast, said: Mapping[str, object]) -> dict[str, str]:
    """Return the quantiles that a file gives, else the points as they are kept; empty where neither says the other."""
    told = said.get("quantiles")
    if isinstance(told, Mapping):
        return {str(level): str(value) for level, value in told.items()}
    if read_otherwise(forecast.points):
        return {}
    return {exact(point.chance): written_out(point.at) for point in forecast.points}


def _words_or_range(forecast: Forecast) -> dict[str, str]:
    """Return the words with their scale, or the ends that they, or the range, are taken for."""
    ends = {name: exact(end) for name, end in (("low", forecast.low), ("high", forecast.high)) if end is not None}
    if forecast.words is None or forecast.scale in {None, AS_READ}:
        return {"words": forecast.words or "", **ends}
    scale = str(forecast.scale)
    with suppress(InvalidValue):
        scale = "" if scale_of(forecast.words) == scale else scale
    return {"words": forecast.words, "scale": scale}


def _number_told(forecast: Forecast | None) -> str:
    if forecast is None:
        return "otherwise"
    alone = forecast.probability is not None and not forecast.words and forecast.low is None
    return exact(forecast.probability) if alone else spoken(forecast)


def _quoted(value: object) -> str:
    said = ", ".join(value) if isinstance(value, tuple) else value
    return f'"{in_brief(str(said))}"' if said else "nothing"

"""Distributions in characters, for a card of 80 columns: bars for a choice, a range for a number, chances by days."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from math import isfinite

from predictions.numerals import measure
from predictions.records import Claim, DayChance, Forecast
from predictions.render.charts.curve_values import share_of_axis, value_told, values_at
from predictions.render.columns import WIDTH, broken_to, columns_of, cut_apart, padded
from predictions.render.few_options import shares_of
from predictions.scoring.near_counts import MIDDLE_RANGE
from predictions.told_points import TOLD_LEVELS
from predictions.views.distribution_text import chance_said, spoken_days

LABELLED = 12
BAR = 32  # signs of a bar that is sure
ASIDE = 35  # columns before the name beside bars, at least
ROOM = WIDTH - LABELLED
LEAST_ASIDE = 20  # columns that a name and its day need
LONGEST_OPTION = 29  # columns
AXIS = 20  # signs of a range, beside its numbers


def sketch_lines(claim: Claim, said: Sequence[tuple[str, Forecast, str]], options: Sequence[str]) -> list[str]:
    """Draw some forecasts below each other.

    Args:
        claim: What they are about.
        said: For each its forecaster, the forecast, and what else is to be told of it.
        options: Those of a choice that have a bar of their own.
    """
    gap = [""] if claim.options else []
    drawn = [line for who, forecast, told in said for line in [*gap, *_one(claim, who, forecast, told, options)]]
    lines = drawn[len(gap) :]
    return [f"{'' if number else 'forecasts':<{LABELLED}}{line}".rstrip() for number, line in enumerate(lines)]


def _one(claim: Claim, who: str, forecast: Forecast, told: str, options: Sequence[str]) -> list[str]:
    if forecast.shares:
        return _bars(shares_of(forecast, options), f"{who}, {told}")
    if forecast.days:
        return _by_days(forecast.days, who, told)
    values = values_at(claim, forecast.points, *TOLD_LEVELS)
    low, _, high = (value_told(claim, value) for value in values)
    drawn, unit, between = _range_line(claim, values), claim.unit or "", f"{who}: 80 % between {low}, {high}"
    first, last = forecast.points[0].chance, forecast.points[-1].chance
    if first > MIDDLE_RANGE[0] or last < MIDDLE_RANGE[1]:  # they said no such range: the straight line to the ends does
        between += ", drawn straight"
    if columns_of(f"{drawn} {unit}   {between}") <= ROOM:
        return [f"{drawn} {unit}   {between}", *_below(told)]
    if columns_of(f"{drawn} {unit}") <= ROOM:
        return [f"{drawn} {unit}", *_below(between), *_below(told)]
    return [drawn, *_below(f"{between} {unit}"), *_below(told)]


def _range_line(claim: Claim, values: Sequence[float]) -> str:
    """Draw the range of a number with the ends and the middle of a curve: ``0 ....[2.5====4====6]........ 10``.

    Each number stands as near as its length allows to where it lies between the ends, so a narrow range looks narrow;
    for one beyond them stands only ``<`` or ``>``. `first`, `middle` and `last` are the columns of the three numbers.
    """
    labels = [value_told(claim, value) if isfinite(value) else "<" if value < 0 else ">" for value in values]
    places = [
        round(AXIS * share_of_axis(claim, value)) - (len(label) - 1) // 2
        for value, label in zip(values, labels, strict=True)
    ]
    first = max(places[0], 0)
    middle = max(places[1], first + 1)
    last = max(places[2], middle + 1)
    inside = f"{labels[0]}{'=' * (middle - first)}{labels[1]}{'=' * (last - middle)}{labels[2]}"
    low, high = measure(claim.low), measure(claim.high)
    return f"{low} {'.' * first}[{inside}]{'.' * (AXIS - last)} {high}"


def _bars(shares: Sequence[tuple[str, float]], aside: str) -> list[str]:
    """Draw a bar for each option, and beside them whose they are where there is room, else below."""
    names = cut_apart([name for name, _ in shares], LONGEST_OPTION)
    told = [(name, chance_said(share)) for name, (_, share) in zip(names, shares, strict=True)]
    wide, wider = (max(map(columns_of, column)) for column in zip(*told, strict=True))
    bars = [
        f"{padded(name, wide)} {padded(chance, wider)}  {'#' * round(BAR * share)}"
        for (name, chance), (_, share) in zip(told, shares, strict=True)
    ]
    column = max(ASIDE, max(map(columns_of, bars)) + 2)
    if ROOM - column < LEAST_ASIDE:
        return [*bars, *_below(aside)]
    beside = broken_to(ROOM - column, aside)
    return [f"{padded(bar, column)}{part}" for bar, part in zip_longest(bars, beside, fillvalue="")]


def _by_days(days: Sequence[DayChance], who: str, told: str) -> list[str]:
    said = spoken_days(days)
    if columns_of(beside := f"{said}      {who}") <= ROOM:
        return [beside, *_below(told)]
    return [*broken_to(ROOM, said), *_below(f"{who}, {told}" if told else who)]


def _below(told: str) -> list[str]:
    return broken_to(ROOM - 2, told, "  ", "  ") if told else []

"""Draw distributions in characters: bars for options, a range for a number, and the chances by days."""

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

LABELLED = 12  # columns of the label before each line
BAR = 32  # length of the bar of a share of 1
ASIDE = 35  # the least columns before the name beside bars
ROOM = WIDTH - LABELLED  # columns of a line without its label
LEAST_ASIDE = 20  # columns that a name and its day need
LONGEST_OPTION = 29  # columns of an option
AXIS = 20  # columns of the axis of a range, besides its numbers


def sketch_lines(claim: Claim, forecasts: Sequence[tuple[str, Forecast, str]], options: Sequence[str]) -> list[str]:
    """Draw some forecasts below each other, the first line with the label "forecasts".

    Args:
        claim: The claim they are about.
        forecasts: For each forecast the name of its forecaster, the forecast, and a caption.
        options: The options of a choice that have a bar of their own.
    """
    lines = list[str]()
    for name, forecast, caption in forecasts:
        if lines and claim.options:
            lines.append("")  # between two groups of bars
        lines += _forecast_sketch(claim, name, forecast, caption, options)
    return [f"{'' if number else 'forecasts':<{LABELLED}}{line}".rstrip() for number, line in enumerate(lines)]


def _forecast_sketch(claim: Claim, name: str, forecast: Forecast, caption: str, options: Sequence[str]) -> list[str]:
    """Return the lines of one forecast; for a number, as much on one line as there is room for."""
    if forecast.shares:
        return _bars(shares_of(forecast, options), f"{name}, {caption}")
    if forecast.days:
        return _by_days(forecast.days, name, caption)
    values = values_at(claim, forecast.points, *TOLD_LEVELS)
    low, _, high = (value_told(claim, value) for value in values)
    axis, unit, between = _range_line(claim, values), claim.unit or "", f"{name}: 80 % between {low}, {high}"
    first, last = forecast.points[0].chance, forecast.points[-1].chance
    # The forecaster gave no quantile so far out: an end of the range is on a straight line to the end of the axis.
    if first > MIDDLE_RANGE[0] or last < MIDDLE_RANGE[1]:
        between += ", drawn straight"
    if columns_of(f"{axis} {unit}   {between}") <= ROOM:
        return [f"{axis} {unit}   {between}", *_below(caption)]
    if columns_of(f"{axis} {unit}") <= ROOM:
        return [f"{axis} {unit}", *_below(between), *_below(caption)]
    return [axis, *_below(f"{between} {unit}"), *_below(caption)]


def _range_line(claim: Claim, values: Sequence[float]) -> str:
    """Draw the range of a number with the ends and the middle of a curve: ``0 ....[2.5====4====6]........ 10``.

    Each number is put as near to its place on the axis as its length allows, so that a narrow range looks narrow. A
    value beyond the axis is only ``<`` or ``>``. `first`, `middle` and `last` are the columns of the three numbers.
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
    """Draw a bar for each option, with the name and caption in *aside* beside them, or below if there is no room."""
    names = cut_apart([name for name, _ in shares], LONGEST_OPTION)
    chances = [chance_said(share) for _, share in shares]
    name_width, chance_width = max(map(columns_of, names)), max(map(columns_of, chances))
    bars = [
        f"{padded(name, name_width)} {padded(chance, chance_width)}  {'#' * round(BAR * share)}"
        for name, chance, (_, share) in zip(names, chances, shares, strict=True)
    ]
    column = max(ASIDE, max(map(columns_of, bars)) + 2)
    if ROOM - column < LEAST_ASIDE:
        return [*bars, *_below(aside)]
    beside = broken_to(ROOM - column, aside)
    return [f"{padded(bar, column)}{part}" for bar, part in zip_longest(bars, beside, fillvalue="")]


def _by_days(days: Sequence[DayChance], name: str, caption: str) -> list[str]:
    """Write the chances by days with the name beside them, or below if there is no room."""
    chances = spoken_days(days)
    line = f"{chances}      {name}"
    if columns_of(line) <= ROOM:
        return [line, *_below(caption)]
    return [*broken_to(ROOM, chances), *_below(f"{name}, {caption}" if caption else name)]


def _below(text: str) -> list[str]:
    """Return a text as indented lines; none if it is empty."""
    return broken_to(ROOM - 2, text, "  ", "  ") if text else []

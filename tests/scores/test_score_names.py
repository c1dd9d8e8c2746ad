"""Every score is found in the module where one would look for it, and says what a caller cannot see."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable

import pytest
from score_names import FILES, LOOKED_FOR

# functions that arrange or count, and score nothing: nobody's formula
NO_SOURCE = {
    "between",
    "blocks",
    "jumps",
    "until_next",
    "checked_pieces",
    "connected",
    "by_settle_day",
    "chances_by",
    "codes",
    "curves",
    "chances_by_days",
    "date_gaps",
    "sizes",
    "days_stood",
    "later_sums",
    "date_gaps_over_time",
    "days_open",
    "sums_of_powers",
    "distinct_pairs",
    "finite",
    "flags",
    "floats",
    "generator",
    "in_own_list",
    "in_stays",
    "groups_of",
    "headroom",
    "histogram",
    "in_parts",
    "intervals",
    "least_and_most",
    "least_saved",
    "like_input",
    "likely_days",
    "whole_lines",
    "whole_numbers",
    "log_mean",
    "mean_outcome",
    "mean_score",
    "number_gaps",
    "of_each",
    "score_decided",
    "score_pairs",
    "one_window",
    "positions",
    "possible_sums",
    "running_savings",
    "turning_points",
    "values_between",
    "outcomes",
    "paired",
    "per_series",
    "segments",
    "positive",
    "probabilities",
    "record",
    "refuse",
    "same_at",
    "sampled_daily",
    "shared",
    "shares",
    "shortest",
    "standing",
    "stands_from",
    "sum_tolerance",
    "summed",
    "sweep",
    "ties",
    "timeline",
    "undoubted_answers",
    "undoubted_cuts",
    "undoubted_days",
    "undoubted_options",
    "undoubted_range",
    "verdicts",
    "within",
    "whole",
}


def functions() -> list[Callable[..., object]]:
    """The public functions of all modules, each where it is defined."""
    found = []
    for name in FILES:
        module = importlib.import_module(f"forecasts.{name}")
        for public in getattr(module, "__all__", []):
            thing = getattr(module, public)
            if inspect.isfunction(thing) and thing.__module__ == module.__name__:
                found.append(thing)
    return found


@pytest.mark.parametrize("module", LOOKED_FOR)
def test_what_one_looks_for_is_there(module):
    home = importlib.import_module(f"forecasts.{module}")

    assert set(LOOKED_FOR[module].split()) <= set(home.__all__)
    assert all(hasattr(home, name) for name in home.__all__)


def test_the_functions_of_all_modules_are_looked_at():
    assert len(functions()) > 60


def test_a_function_says_what_it_is_and_shows_a_number():
    assert [function for function in functions() if ">>> " not in (function.__doc__ or "")] == []


def test_a_formula_names_its_source():
    # those of `special` name the formula of the handbook in words
    named = [function for function in functions() if function.__module__ != "forecasts.special"]

    assert {function.__name__ for function in named if "Source: " not in function.__doc__} <= NO_SOURCE
    assert {function.__name__ for function in named if "Source: " in function.__doc__} & NO_SOURCE == set()


# an interval is two numbers, and a record of many forecasters says whose each loss is, on which claim
MORE_BY_PLACE = {"interval_score": 3, "adjust_for_difficulty": 3}


@pytest.mark.parametrize("name", sorted({name for names in LOOKED_FOR.values() for name in names.split()}))
def test_forecast_and_outcome_come_by_place_and_the_rest_by_name(name):
    home = next(module for module, names in LOOKED_FOR.items() if name in names.split())
    thing = getattr(importlib.import_module(f"forecasts.{home}"), name)
    if not inspect.isfunction(thing):
        return

    kinds = [parameter.kind for parameter in inspect.signature(thing).parameters.values()]

    assert kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD) <= MORE_BY_PLACE.get(name, 2)
    assert inspect.Parameter.POSITIONAL_ONLY not in kinds

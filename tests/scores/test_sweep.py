"""Every public function of `forecasts`, swept over the sorts of input that went wrong somewhere, against exact values.

Each function has its line in CASES: how its arguments are drawn, and its value from the definition, in mpmath with 400
digits. A new public function without a line fails, so does a line without its function.
"""

from __future__ import annotations

import importlib
import inspect
import math
from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from score_names import FILES
from sweep_cases import CASES, flat
from sweeping import KINDS, PLAIN, Chance, Chances, Draw, F

from forecasts.questions import YES_NO

# what has no value of its own: it opens a door, arranges, or is swept through what it serves
EXEMPT = {
    "aggregation": {},
    "adjustment": {},
    **{
        module: dict.fromkeys(names.split(), "test_adjusted_skill holds it equal to slow least squares")
        for module, names in {
            "adjusted_skill": "adjusted_skill",
            "difficulty": "gains kind_scale means",
            "parts": "in_parts",
            "pieces": "blocks distinct_pairs flags sizes summed",
            "stays": "checked_pieces in_stays",
            "sweep": "sweep",
        }.items()
    },
    "ranking": {"drawn_ranks": "draws; test_ranking"},
    "kernel": {"batches": "test_ibis_table holds it equal to standing", "filled": "copies"},
    "curves": dict.fromkeys(
        ("curves", "in_own_list", "of_each", "segments", "within"),
        "test_distribution_scores reads every score through them",
    ),
    "date_scores": dict.fromkeys(
        (
            "date_bounds",
            "date_gaps",
            "date_gaps_over_time",
            "date_losses",
            "date_losses_over_time",
            "date_reference",
        ),
        "test_distribution_scores tells them again day by day",
    ),
    "date_spreads": dict.fromkeys(
        ("date_spread", "date_spread_over_time", "days_open", "sums_of_powers"),
        "test_distribution_scores tells them again day by day",
    ),
    "day_chances": dict.fromkeys(
        ("chances_by", "chances_by_days", "likely_days", "whole_lines", "whole_numbers"),
        "test_distribution_scores reads every day through them",
    ),
    "undoubted": dict.fromkeys(
        ("undoubted_answers", "undoubted_cuts", "undoubted_days", "undoubted_options", "undoubted_range"),
        "test_undoubted_questions asks each question again",
    ),
    "date_outcomes": dict.fromkeys(
        ("date_losses_day_by_day", "date_losses_on_every_day", "days_stood", "later_sums"),
        "test_possible_savings compares all outcomes",
    ),
    "number_scores": dict.fromkeys(
        ("number_bounds", "number_gaps", "number_losses", "number_quantiles", "number_reference"),
        "test_distribution_scores tells them again",
    ),
    "share_scores": dict.fromkeys(
        (
            "choice_bounds",
            "choice_log_losses",
            "choice_losses",
            "choice_spread",
            "ordered_bounds",
            "ordered_losses",
            "ordered_reference",
            "ordered_spread",
            "shares",
        ),
        "test_distribution_scores holds them equal to brier_multi and rps",
    ),
    "distribution_calibration": dict.fromkeys(
        ("coverage_of_ranges", "date_places", "parts_in_bins", "parts_in_range", "places", "places_histogram"),
        "test_distribution_calibration tells them again",
    ),
    "known_rows": dict.fromkeys(("score_decided", "score_pairs", "positions"), "through every type of claim"),
    "possible_savings": dict.fromkeys(
        ("least_and_most", "least_saved", "possible_sums", "running_savings", "turning_points", "values_between"),
        "test_possible_savings compares all outcomes",
    ),
    "pools": dict.fromkeys(
        (
            "averaged_quantiles",
            "crowd_chances",
            "crowd_quantiles",
            "linear_pool",
            "mean_shares",
            "median_chances",
            "median_shares",
        ),
        "test_pools tells them again",
    ),
    "median_curves": dict.fromkeys(("medians_along", "middle_two"), "test_pools tells them again"),
    "beta": {"beta_quantile": "through jeffreys_interval"},
    "gamma": dict.fromkeys(
        ("falling_integral", "log1p_less", "log_lower", "log_whole", "reach", "stirling_rest"),
        "through poisson_tail and beta_cdf",
    ),
    "inputs": dict.fromkeys(
        (
            "finite",
            "floats",
            "headroom",
            "like_input",
            "outcomes",
            "paired",
            "probabilities",
            "refuse",
            "same_at",
            "shortest",
            "sum_tolerance",
        ),
        "a door",
    ),
    "options": dict.fromkeys(("between", "codes", "generator", "positive", "whole"), "a door"),
    "paired_record": dict.fromkeys(("groups_of", "mean_outcome", "record", "ties", "verdicts"), "through every record"),
    "questions": {
        **dict.fromkeys(
            ("outcomes", "possible_savings", "worst_outcomes"), "test_possible_savings compares all outcomes"
        ),
        **dict.fromkeys(("saved", "spread"), "test_kernel_of_types tells them again, question by question"),
        "undoubted": "test_undoubted_questions asks each question again",
    },
    "reference": {"HALF": "a number"},
    "regression": dict.fromkeys(("fitted_line", "fitted_shift"), "through calibration_line and its kin"),
    "scores": {"log_likelihood": "through log_score"},
    "sequential": dict.fromkeys(("log_mean", "log_wealth"), "through confidence_sequence and e_process"),
    "special": {
        **dict.fromkeys(
            ("continued_fraction", "kept_log_odds", "log_odds", "logistic", "two_sided"), "through what they serve"
        ),
        "normal_quantile": "test_number_columns holds it equal to the standard library's",
    },
    "standing": {"intervals": "through standing", "per_series": "a door"},
    "side_by_side": {"one_window": "a door"},
    "verbal": {"impute": "reads a table"},
}


def public() -> set[str]:
    """The public functions of all modules, each where it is defined, and what a type of claim is asked."""
    found = {f"questions.{name}" for name, _ in inspect.getmembers(YES_NO, inspect.ismethod)}
    for name in [*FILES, "kernel"]:
        module = importlib.import_module(f"forecasts.{name}")
        for one in getattr(module, "__all__", []):
            thing = getattr(module, one)
            if inspect.isfunction(thing) and thing.__module__ == module.__name__:
                found.add(f"{name}.{one}")
    return found


def test_every_public_function_has_its_line_and_every_line_its_function():
    swept = {name.partition(",")[0] for name in CASES}
    exempt = {f"{module}.{name}" for module, names in EXEMPT.items() for name in names}

    assert public() - swept - exempt == set()
    assert swept & exempt == set()
    assert (swept | exempt) - public() == {"reference.ConstantHazard", "reference.HALF", "scores.log_likelihood"}


def agrees(ours: Any, exact: Any, unit: float) -> bool:
    if ours is None or exact is None or isinstance(exact, (bool, np.bool_)):
        return ours is exact or ours == exact
    if mp.isinf(exact) or abs(exact) > F(2) ** 1024:
        return float(ours) == float(exact)
    return math.isfinite(ours) and abs(F(float(ours)) - exact) <= abs(exact) / 10**9 + F(unit) / 10**9 + F(1e-300)


few = settings(max_examples=3, suppress_health_check=list(HealthCheck))  # each run draws others


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", KINDS)
@few
@given(data=st.data())
def test_values_are_exact(kind, name, data):
    one = CASES[name]
    try:
        arguments = one.build(Draw(data.draw, KINDS[kind]))
    except IndexError:
        assume(False)

    try:
        ours = flat(one.call(**arguments))
    except ValueError as refused:
        if not any(part in str(refused) for part in REFUSALS.get(name, ())):
            raise
        return
    exact = flat(one.exact(*([ours] if one.needs_ours else []), **arguments))

    unit = one.unit(**arguments)
    assert len(ours) == len(exact)
    for a, b in zip(ours, exact, strict=True):
        assert agrees(a, b if b is None or isinstance(b, bool) else F(b), unit), (a, mp.nstr(b, 20))


# a sentence with which a function may refuse some of what is drawn
REFUSALS = {
    "aggregation.geometric_mean_odds": ("has no log-odds",),
    "aggregation.extremised": ("has no log-odds",),
    "quantities.crps_cdf": ("is below 1: give a horizon",),
    "sequential.confidence_sequence": ("high - low inf",),
    "sequential.e_process": ("high - low inf",),
    "reference.lindy": ("are both 0",),
    "reference.count_threshold": ("too large for floating point", "not a whole number"),
}


def same(ours: list[Any], theirs: list[Any], relative: float, absolute: float) -> bool:
    """Whether two results are the same numbers, None in the same places."""
    return [one is None for one in ours] == [one is None for one in theirs] and all(
        a is None or math.isclose(a, b, rel_tol=relative, abs_tol=absolute) for a, b in zip(ours, theirs, strict=True)
    )


PAST_THE_DOOR = ("beta.", "gamma.", "questions.", "standing.stands_from")  # given floats of ours


def narrowed(value: Any, width: Any) -> Any:
    """Numbers as floats of fewer bits, lists of them as arrays where their rows are of one length."""
    if isinstance(value, float):
        return width(value)
    if not isinstance(value, list) or not value:
        return value
    if all(isinstance(one, float) for one in value):
        return np.array(value, dtype=width)
    rows = [narrowed(one, width) for one in value]
    even = isinstance(rows[0], np.ndarray) and len({getattr(row, "shape", None) for row in rows}) == 1
    return np.array(rows, dtype=width) if even else rows


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith(PAST_THE_DOOR)])
@few
@given(data=st.data(), width=st.sampled_from([np.float32, np.float16]))
def test_a_narrow_float_is_the_decimal_it_stands_for(name, data, width):
    one = CASES[name]
    arguments = one.build(Draw(data.draw, PLAIN))

    try:
        plain = flat(one.call(**arguments))
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            one.call(**{key: narrowed(value, width) for key, value in arguments.items()})
        return
    narrow = flat(one.call(**{key: narrowed(value, width) for key, value in arguments.items()}))

    assert same(narrow, plain, 1e-12, 1e-12)


def nudged(value: Any, noise: list[int]) -> Any:
    if isinstance(value, Chance):
        return value + 1e-14 * noise[0]
    if isinstance(value, Chances):
        return Chances(p + 1e-14 * noise[place % len(noise)] for place, p in enumerate(value))
    return [nudged(one, noise) for one in value] if isinstance(value, list) else value


# they take none, or rows with 0 and 1 in them
WITHOUT_CHANCES = {
    "adjustment.adjust_for_difficulty", "aggregation.recency_weights", "beta.beta_cdf", "bins.jeffreys_interval",
    "comparison.paired_bootstrap", "comparison.shrink_differences", "gamma.poisson_tail", "metaculus.metaculus_options",
    "quantities.crps_ensemble", "quantities.crps_quantiles", "quantities.interval_score", "quantities.pinball",
    "quantities.weighted_interval_score", "questions.reference_losses", "reference.count_threshold",
    "reference.leave_one_out", "reference.lindy",
    "scores.mean_score", "scores.skill", "sequential.by_settle_day", "sequential.confidence_sequence",
    "sequential.e_process", "standing.stands_from",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in CASES if name not in WITHOUT_CHANCES])
@few
@given(data=st.data(), noise=st.lists(st.integers(-3, 3), min_size=1, max_size=7))
def test_a_rounding_error_makes_no_other_forecast(name, data, noise):
    one = CASES[name]
    arguments = one.build(Draw(data.draw, PLAIN))
    assume(not any(noise) or any(value != nudged(value, noise) for value in arguments.values()))

    plain = flat(one.call(**arguments))
    noisy = flat(one.call(**{key: nudged(value, noise) for key, value in arguments.items()}))

    assert same(noisy, plain, 1e-6, 1e-9)


# how a function with a forecast and an outcome reads a list beside one outcome
READS = {
    "one score each": ("scores.brier", "scores.brier_original", "scores.log_score", "scores.spherical",
                       "metaculus.metaculus_baseline_at", "questions.losses",
                       "questions.log_losses", "questions.questions"),
    "one record": (
        "calibration.auc", "calibration.calibration_in_the_large", "calibration.calibration_in_the_large_error",
        "calibration.calibration_line", "calibration.spiegelhalter", "corp.consistency_test", "corp.corp_decomposition",
        "corp.recalibrated", "corp.reliability_curve", "dominance.dominates", "dominance.murphy_diagram",
        "murphy.murphy_decomposition", "bins.display_bins", "paired_record.record", "paired_record.verdicts",
        "recalibrations.calibration_e_process",
    ),
    "one claim": ("calibration.belief_movement", "metaculus.metaculus_peer_at"),
    "rows": ("scores.brier_multi", "scores.rps", "metaculus.metaculus_options", "platforms.good_judgment"),
}  # fmt: skip
ALSO = {"corp.consistency_test": {"seed": 1, "resamples": 9}}
SUMMING_TO_ONE = [[0.2, 0.8], [0.5, 0.5], [0.2, 0.5, 0.3], [0.25, 0.25, 0.25, 0.25], [0.3, 0.4]]


def named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(".")
    return getattr(YES_NO if module == "questions" else importlib.import_module(f"forecasts.{module}"), function)


def test_every_function_of_forecast_and_outcome_says_how_it_reads_a_list():
    pairs = (["probability", "outcome"], ["forecast", "outcome"])
    batches = {"Shares", "Curves"}  # are no lists of chances
    found = {
        name
        for name in public() - {"questions.saved", "known_rows.score_decided"}
        if [*(parameters := inspect.signature(named(name)).parameters)][:2] in pairs
        and next(iter(parameters.values())).annotation not in batches
    }

    assert {name for names in READS.values() for name in names} | {"scores.log_likelihood"} >= found
    assert found >= {name for names in READS.values() for name in names}


@pytest.mark.parametrize("name", [*READS["one score each"], *READS["one record"]])
@pytest.mark.parametrize("row", SUMMING_TO_ONE, ids=str)
@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_a_row_that_sums_to_one_is_read_as_any_other(name, row, outcome):
    function, more = named(name), ALSO.get(name, {}) | ({"rival": row} if name.endswith("dominates") else {})
    given_as = np.array if name.startswith("questions.") else list
    falling_integral = flat(
        function(given_as(row), given_as([outcome] * len(row)) if given_as is np.array else outcome, **more)
    )

    if name in READS["one record"]:
        assert falling_integral == flat(function(row, [outcome] * len(row), **more))
    else:
        alone = [flat(function(given_as([p]), given_as([outcome]))) for p in row]
        assert falling_integral == [value for column in zip(*alone, strict=True) for value in column]
        assert falling_integral[: len(row)] == [flat(function(np.array(p), np.array(outcome)))[0] for p in row]
    if given_as is list:
        with pytest.raises(ValueError, match="shape"):
            function([row, row], [outcome, outcome], **more)

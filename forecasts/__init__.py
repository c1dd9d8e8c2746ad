"""The arithmetic of probability forecasts: values in, values out; no file, no clock, no database.

Everything that scores, compares or combines forecasts can be imported from here, or from the module of its subject:

- scores: of single forecasts; quantities: of numbers and dates (CRPS and its kin)
- standing: which forecast stood when; time_scores: scores over time; platforms: the scores of other sites
- calibration: CORP, Murphy, bins and tests; comparison: of forecasters; sequential: intervals that hold at any time
- adjusted_skill: the arithmetic of a leaderboard
- aggregation: of several forecasters; reference: base rate, hazard, evidence; verbal: words as probabilities

``forecasts.standing`` and ``forecasts.adjusted_skill`` are the modules; each has a function of that name. numpy loads
with the first score.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecasts.aggregation import *
    from forecasts.calibration import *
    from forecasts.comparison import *
    from forecasts.platforms import *
    from forecasts.quantities import *
    from forecasts.reference import *
    from forecasts.scores import *
    from forecasts.sequential import *
    from forecasts.standing import Standing
    from forecasts.time_scores import first_forecast, last_forecast, spot, time_brier, time_skill
    from forecasts.verbal import *

__all__ = [
    "ConstantHazard", "HALF", "SCALES", "Standing", "adjust_for_difficulty", "auc", "belief_movement", "bin_index",
    "brier", "brier_multi", "brier_original", "by_settle_day", "calibration_e_process", "calibration_in_the_large",
    "calibration_in_the_large_error", "calibration_line", "confidence_sequence", "consistency_test",
    "constant_hazard", "corp_decomposition", "count_threshold", "crowd", "crps_cdf", "crps_ensemble",
    "crps_quantiles", "display_bins", "dominates", "e_process", "extremised", "fatebook", "first_forecast",
    "forecastbench_index", "geometric_mean_odds", "good_judgment", "histogram", "impute", "interval_score",
    "jeffreys_interval", "last_forecast", "leave_one_out", "lindy", "log_score", "mean", "mean_score", "median",
    "metaculus_baseline", "metaculus_baseline_at", "metaculus_baseline_numeric", "metaculus_baseline_numeric_at",
    "metaculus_options", "metaculus_peer", "metaculus_peer_at", "metaculus_ranking", "metaculus_spot",
    "metaculus_spot_forecast", "murphy_decomposition", "murphy_diagram", "paired_bootstrap", "pinball",
    "recalibrated", "recency_weighted_median", "recency_weights", "reliability_curve", "rps", "sampled_daily",
    "sharpness", "shrink_differences", "skill", "skill_weighted", "spherical", "spiegelhalter", "spot", "stale",
    "time_brier", "time_skill", "trimmed_mean", "updated", "weighted_interval_score",
]  # fmt: skip

_HOME = {
    name: module
    for module, names in {
        "scores": "brier brier_multi brier_original log_score mean_score rps skill spherical",
        "quantities": "crps_cdf crps_ensemble crps_quantiles interval_score pinball weighted_interval_score",
        "standing": "Standing",
        "time_scores": "first_forecast last_forecast spot time_brier time_skill",
        "platforms": (
            "fatebook forecastbench_index good_judgment metaculus_baseline metaculus_baseline_at"
            " metaculus_baseline_numeric metaculus_baseline_numeric_at metaculus_options metaculus_peer"
            " metaculus_peer_at metaculus_ranking metaculus_spot metaculus_spot_forecast sampled_daily"
        ),
        "calibration": (
            "auc belief_movement bin_index calibration_e_process calibration_in_the_large"
            " calibration_in_the_large_error calibration_line consistency_test corp_decomposition display_bins"
            " histogram jeffreys_interval murphy_decomposition recalibrated reliability_curve sharpness spiegelhalter"
        ),
        "comparison": "adjust_for_difficulty dominates murphy_diagram paired_bootstrap shrink_differences",
        "sequential": "by_settle_day confidence_sequence e_process",
        "aggregation": (
            "crowd extremised geometric_mean_odds mean median recency_weighted_median recency_weights"
            " skill_weighted trimmed_mean"
        ),
        "reference": "HALF ConstantHazard constant_hazard count_threshold leave_one_out lindy stale updated",
        "verbal": "SCALES impute",
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _HOME:
        return getattr(import_module(f"forecasts.{_HOME[name]}"), name)
    if name in _modules():
        return import_module(f"forecasts.{name}")
    raise AttributeError(f"module 'forecasts' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_modules()])


def _modules() -> list[str]:
    from pkgutil import iter_modules

    return [module.name for module in iter_modules(__path__)]

"""The arithmetic of probability forecasts: values in, values out; no file, no clock, no database.

The names here are the ones most often wanted; the modules hold the rest: scores, quantities (CRPS and its kin),
standing (forecasts over time), platforms (how other sites score), calibration (CORP, Murphy, bins and tests),
comparison, sequential (intervals one may look at every day), aggregation, reference (base rate, hazard, evidence),
words. numpy loads with the first score.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecasts.comparison import paired_bootstrap
    from forecasts.corp import corp_decomposition, reliability_curve
    from forecasts.murphy import murphy_decomposition
    from forecasts.quantities import crps_ensemble
    from forecasts.scores import brier, brier_multi, brier_original, log_score, mean_score, rps, skill, spherical
    from forecasts.sequential import confidence_sequence
    from forecasts.standing import time_brier, time_skill
    from forecasts.words import impute

__all__ = [
    "brier",
    "brier_multi",
    "brier_original",
    "confidence_sequence",
    "corp_decomposition",
    "crps_ensemble",
    "impute",
    "log_score",
    "mean_score",
    "murphy_decomposition",
    "paired_bootstrap",
    "reliability_curve",
    "rps",
    "skill",
    "spherical",
    "time_brier",
    "time_skill",
]

_HOME = {
    "confidence_sequence": "sequential",
    "corp_decomposition": "corp",
    "crps_ensemble": "quantities",
    "impute": "words",
    "murphy_decomposition": "murphy",
    "paired_bootstrap": "comparison",
    "reliability_curve": "corp",
    "time_brier": "standing",
    "time_skill": "standing",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'forecasts' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"forecasts.{_HOME.get(name, 'scores')}"), name)


def __dir__() -> list[str]:
    return __all__

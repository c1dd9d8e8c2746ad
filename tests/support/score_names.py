"""Which score one looks for in which module, and the modules that hold formulas."""

from __future__ import annotations

from pathlib import Path

import forecasts

LOOKED_FOR = {
    "scores": "brier brier_original brier_multi rps log_score spherical skill mean_score leave_one_out",
    "quantities": "crps_ensemble crps_quantiles crps_cdf pinball interval_score weighted_interval_score",
    "standing": "standing",
    "time_scores": "time_brier time_skill first_forecast last_forecast spot",
    "side_by_side": "shared",
    "platforms": (
        "metaculus_baseline metaculus_baseline_at metaculus_baseline_numeric metaculus_peer metaculus_peer_at"
        " metaculus_spot metaculus_spot_forecast metaculus_options metaculus_ranking fatebook good_judgment"
        " sampled_daily forecastbench_index"
    ),
    "calibration": (
        "corp_decomposition reliability_curve consistency_test recalibrated murphy_decomposition display_bins"
        " jeffreys_interval histogram spiegelhalter calibration_line calibration_in_the_large"
        " calibration_in_the_large_error calibration_e_process auc sharpness belief_movement"
    ),
    "comparison": "paired_bootstrap murphy_diagram dominates shrink_differences adjust_for_difficulty",
    "sequential": "confidence_sequence e_process by_settle_day",
    "aggregation": (
        "mean median trimmed_mean geometric_mean_odds extremised recency_weighted_median recency_weights"
        " skill_weighted crowd"
    ),
    "reference": "HALF leave_one_out constant_hazard ConstantHazard lindy count_threshold updated stale",
    "verbal": "impute SCALES",
}
NO_FORMULAS = {"kernel", "ibis_table"}  # they apply the formulas of the other modules to many forecasts at once
FILES = sorted(path.stem for path in Path(forecasts.__file__).parent.glob("[a-z]*.py") if path.stem not in NO_FORMULAS)

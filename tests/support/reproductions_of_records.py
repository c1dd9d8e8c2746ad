"""How our library arrives at each value of the reference vectors: decompositions, calibration, comparison."""

from __future__ import annotations

import numpy as np
from reproductions import NIAMEY, Left, Ours, Rule, at, given, record

from forecasts.aggregation import mean
from forecasts.bins import bin_index, display_bins
from forecasts.calibration import (
    CalibrationLine,
    auc,
    calibration_in_the_large,
    calibration_in_the_large_error,
    calibration_line,
    spiegelhalter,
)
from forecasts.comparison import Bootstrap, paired_bootstrap
from forecasts.murphy import MurphyDecomposition, murphy_decomposition
from forecasts.scores import brier, brier_original, mean_score, skill

Record = tuple[np.ndarray, np.ndarray]

# --- 10: Murphy --------------------


def murphy_record(d: dict, name: str) -> Record:
    if name.startswith("niamey_"):
        return NIAMEY[name.removeprefix("niamey_")], NIAMEY["obs"]
    return record(d["toy"] if name == "toy" else d["inputs"][name])


def split(d: dict, name: str, grouping: str) -> MurphyDecomposition | None:
    """As SpecsVerification does it: its bins are closed on the right, its correction is clamped."""
    chance, truth = murphy_record(d, name)
    groups = bin_index(chance, closed="right") if grouping.startswith("bins10") else None
    corrected = grouping.endswith("_bc")
    return murphy_decomposition(chance, truth, groups=groups, corrected=corrected, clamp=corrected)


def letter(parts: MurphyDecomposition, name: str) -> float:
    return {"REL": parts.reliability, "RES": parts.resolution, "UNC": parts.uncertainty}[name]


def specs(d: dict, path: list[str]) -> float:
    return letter(split(d, path[1], path[2]), path[3])


def specs_example(d: dict, path: list[str]) -> float:
    chance, truth = murphy_record(d, "eurotemp")
    chance = np.round(chance * 24) / 24  # of 24 members; the 15 digits of the file move 16 / 24 off the edge 2 / 3
    groups = bin_index(chance, bins=3, closed="right")
    return letter(murphy_decomposition(chance, truth, groups=groups, corrected=True, clamp=True), path[1])


def verification(d: dict, path: list[str]) -> float:
    chance, truth = murphy_record(d, path[1])
    if path[2].startswith("midpoint"):  # it scores the middle of each bin instead of the forecast
        chance = (bin_index(chance, closed="right") + 0.5) / 10
    reference = brier(0.3 if path[2] == "baseline0.3" else truth.mean(), truth)
    parts = murphy_decomposition(chance, truth)
    return {
        "bs": parts.mean_score,
        "bs.baseline": mean_score(reference),
        "ss": skill(brier(chance, truth), reference),
        "bs.reliability": parts.reliability,
        "bs.resol": parts.resolution,
        "bs.uncert": parts.uncertainty,
    }[path[3]]


def summary(d: dict, path: list[str]) -> float:
    """R's summary of one forecaster's three scores, from 0 to 2."""
    chance, truth = murphy_record(d, "worldevents")
    forecaster = int(path[3]) - 1
    scores = brier_original(chance.reshape(7, 3)[forecaster], truth.reshape(7, 3)[forecaster])
    quartiles = np.quantile(scores, [0, 0.25, 0.5, 0.75, 1])
    return [*quartiles[:3], scores.mean(), *quartiles[3:], scores.std(ddof=1)][int(path[2])]


def wilks(d: dict, path: list[str]) -> float:
    table = d["wilks_table"]
    count = np.round(np.array(table["prob_y"]) * 10_000).astype(int)
    parts = murphy_decomposition(np.repeat(table["y_i"], count), np.repeat(table["obar_i"], count))
    # uncertainty is that of yes and no; from frequencies alone only the part between groups is seen
    within = mean_score(np.repeat([o * (1 - o) for o in table["obar_i"]], count))
    return letter(parts, path[2]) + (within if path[2] == "UNC" else 0.0)


RULES: dict[str, list[Rule]] = {
    "10": [
        Left("SpecsVerification*_sd", why="sampling errors of the parts are not among our scores; CORP has a band"),
        Left("SpecsVerification_0_5_3/single/*_bc", why="the peer fails on a single forecast; ours gives None there"),
        Rule("SpecsVerification_0_5_3/*/brier", lambda d, path: split(d, path[1], "unique").mean_score),
        Rule("SpecsVerification_0_5_3/*", specs),
        Rule("SpecsVerification_doc_example*", specs_example),
        Rule("verification_1_44/*", verification, 1e-8),
        Left("R_scoring_worldevents_by_forecaster/nobin/7/*", why="a row of the peer's table that is no score"),
        Rule("R_scoring_worldevents_by_forecaster/nobin/*", summary),
        Rule("wilks_table/computed/*", wilks),
        Rule(
            "wilks_table/obar",
            lambda d, path: mean([float(o) for o in d["wilks_table"]["obar_i"]], weights=d["wilks_table"]["prob_y"]),
        ),
        *given("family", "identity", "tolerance", "toy/[py]", "inputs/*", "niamey", "notes", "wilks_table/*"),
        *given("R_scoring_worldevents_by_forecaster/*"),
    ]
}

# --- 12: calibration --------------------


def calibration_record(d: dict, path: list[str]) -> Record:
    case = at(d, *path[:2])
    if case["name"].startswith("niamey_"):
        return NIAMEY[case["name"].split("_")[1]], NIAMEY["obs"]
    return record(case)


def clip_of(path: list[str]) -> float | None:
    return 1e-6 if "clipped" in path[2] else None


def line(d: dict, path: list[str]) -> CalibrationLine:
    return calibration_line(*calibration_record(d, path), clip=clip_of(path))


def spiegel(part: str) -> Ours:
    def ours(d: dict, path: list[str]) -> float:
        chance, truth = calibration_record(d, path)
        clip = clip_of(path)  # rms was given the clipped forecasts for z as well
        return getattr(spiegelhalter(chance if clip is None else np.clip(chance, clip, 1 - clip), truth), part)

    return ours


def rms_brier(d: dict, path: list[str]) -> float | None:
    chance, truth = calibration_record(d, path)
    clip = clip_of(path)
    return mean_score(brier(chance if clip is None else np.clip(chance, clip, 1 - clip), truth))


def binned(part: str) -> Ours:
    """From the display bins: what scikit-learn draws, and the errors that others make of it."""

    def ours(d: dict, path: list[str]) -> object:
        shown = display_bins(*calibration_record(d, path), closed="right")
        filled = shown.count > 0
        said, came = shown.mean_probability[filled], shown.frequency[filled]
        gap, share = np.abs(said - came), shown.count[filled] / shown.count.sum()
        return {"prob_true": came, "prob_pred": said, "ECE": gap @ share, "MCE": gap.max()}[part]

    return ours


RULES |= {
    "12": [
        Rule("cases/*/rms_val_prob*/Dxy", lambda d, path: 2 * auc(*calibration_record(d, path)) - 1),
        Rule("cases/*/rms_val_prob*/C (ROC)", lambda d, path: auc(*calibration_record(d, path))),
        Rule("cases/*/rms_val_prob*/Brier", rms_brier),
        Rule("cases/*/rms_val_prob*/S:z", spiegel("z")),
        Rule("cases/*/rms_val_prob*/S:p", spiegel("p_value")),
        Rule("cases/*/rms_val_prob*/Intercept", lambda d, path: line(d, path).intercept),
        Rule("cases/*/rms_val_prob*/Slope", lambda d, path: line(d, path).slope),
        Left("cases/*/rms_val_prob*", why="further indices of rms are not offered: R2, D, U, Q, Emax, E90, Eavg"),
        Rule("cases/*/R_glm/citl_se/*", lambda d, path: [calibration_in_the_large_error(*calibration_record(d, path))]),
        Left(
            "cases/*/R_glm/lr_chi2_U", why="a likelihood-ratio test of the line, in place of which CORP has a p-value"
        ),
        Rule("cases/*/R_glm/citl", lambda d, path: calibration_in_the_large(*calibration_record(d, path))),
        Rule(
            "cases/*/calibration_in_the_large", lambda d, path: calibration_in_the_large(*calibration_record(d, path))
        ),
        Rule("cases/*/intercept", lambda d, path: line(d, path).intercept),
        Rule("cases/*/slope", lambda d, path: line(d, path).slope),
        Rule("cases/*/slope_se", lambda d, path: line(d, path).slope_error),
        Rule("cases/*/spiegelhalter_z_numpy", spiegel("z")),
        Rule("cases/*/spiegelhalter_p_two_sided", spiegel("p_value")),
        Left("cases/*/ece5_quantile/*", why="bins of equal counts are not offered, nor is ECE"),
        *[Rule(f"cases/*/{part}", binned(part)) for part in ("prob_true", "prob_pred", "ECE", "MCE")],
        Rule("edge/0/expected", lambda d, path: spiegelhalter([0.5] * 4, [0, 1, 1, 0])),
        *given("family", "tolerance", "definition_z", "cases/*/name", "cases/*/[py]", "edge/*", "ece_convention"),
        *given("versions/*"),
    ]
}

# --- 14: comparison --------------------


def bootstrap(d: dict, path: list[str]) -> Bootstrap:
    case = at(d, *path[:2])
    losses = (brier(NIAMEY[case[name]], NIAMEY["obs"]) for name in "ab")
    first, second = losses
    return paired_bootstrap(first - second, seed=1, resamples=20_000)


def ends(which: str) -> Ours:
    def ours(d: dict, path: list[str]) -> list[float]:
        interval = getattr(bootstrap(d, path), which)
        return [interval.lower, interval.upper]

    return ours


RULES |= {
    "14": [
        Rule("R_forecast_dm_test/*/mean", lambda d, path: bootstrap(d, path).mean),
        Left("R_forecast_dm_test/*", why="the Diebold-Mariano test is not offered yet"),
        Rule("R_paired_t/*/mean", lambda d, path: bootstrap(d, path).mean),
        Left(
            "R_paired_t/*", why="the paired t test is the Diebold-Mariano test of horizon 1, which is not offered yet"
        ),
        Rule("bootstrap/*/mean", lambda d, path: bootstrap(d, path).mean),
        Rule("bootstrap/*/percentile", ends("percentile"), 0.002),
        Rule("bootstrap/*/BCa", ends("bca"), 0.002),
        Rule("edge/0/expected", lambda d, path: paired_bootstrap([0.0] * 20, seed=1).bca),
        Rule("edge/1/expected", lambda d, path: paired_bootstrap([0.1], seed=1).bca),
        *given("family", "orientation", "bootstrap/*", "identity", "edge/*", "versions/*", "tolerance"),
    ]
}

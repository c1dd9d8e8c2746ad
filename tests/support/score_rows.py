"""The rows of the table of scores: each score with what spans its range, and its peers on the same input.

A peer is another library called here and now, or one whose output is stored among the reference vectors (then the
number of the file and a pattern of paths, see `reproductions.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import properscoring
import scoringrules
import statsmodels.api as sm
import xarray
from model_diagnostics.scoring import SquaredError, decompose
from scipy.stats import poisson
from scores.probability import brier_score as scores_brier
from scores.probability import crps_for_ensemble, murphy_score
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, d2_brier_score, log_loss, mean_pinball_loss, roc_auc_score
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import proportion_confint

from forecasts import (
    aggregation,
    calibration,
    comparison,
    date_scores,
    distribution_calibration,
    number_scores,
    platforms,
    pools,
    quantities,
    reference,
    scores,
    sequential,
    share_scores,
    verbal,
)
from forecasts.adjusted_skill import adjusted_skill
from forecasts.curves import Curves, curves
from forecasts.standing import standing
from forecasts.time_scores import first_forecast, last_forecast, spot, time_brier, time_skill

RNG = np.random.RandomState(20260413)  # the one generator whose numbers numpy promises never to change

P = RNG.uniform(0.01, 0.99, 60)
Y = (RNG.random_sample(60) < P).astype(float)
ROWS = RNG.dirichlet([1.0, 1.0, 1.0], 60)
HAPPENED = RNG.randint(0, 3, 60)
MEMBERS, TRUTH = RNG.normal(size=(60, 9)), RNG.normal(size=60)
QUANTILES, LEVELS = np.sort(MEMBERS[:, :5], axis=1), np.array([0.05, 0.25, 0.5, 0.75, 0.95])
DIFFERENCES = [RNG.normal(centre, 0.2, 12) for centre in (-0.3, 0.0, 0.3)]
THETAS = np.linspace(0.05, 0.95, 10)
SURE, EACH = np.array([0.0, 0.0, 1.0, 1.0, 0.5]), np.array([0.0, 1.0, 0.0, 1.0, 1.0])
CORNERS, CORNER = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.3, 0.3, 0.4]]), np.array([0, 2, 1])
UNIT = np.array([0.0, 1.0])
Numbers = Callable[[], object]


@dataclass
class Row:
    """One score: our function, the extremes that span its range (or of its parts), and peers on the same input."""

    function: Callable[..., object]
    better: str
    extremes: Numbers | None = None
    ours: Numbers | None = None
    peers: dict[str, Numbers] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)


def array(values: np.ndarray) -> xarray.DataArray:
    return xarray.DataArray(values, dims="i")


def wis_of_scoringrules() -> np.ndarray:
    lower, upper = QUANTILES[:, [1, 0]], QUANTILES[:, [3, 4]]
    return scoringrules.weighted_interval_score(TRUTH, QUANTILES[:, 2], lower, upper, np.array([0.5, 0.1]))


def line_of_statsmodels() -> float:
    fitted = sm.Logit(Y, sm.add_constant(np.log(P / (1 - P)))).fit(disp=False)
    return float(fitted.params[1])


def crps_of_scores() -> np.ndarray:
    members = xarray.DataArray(MEMBERS, dims=["i", "member"])
    kwargs = {"ensemble_member_dim": "member", "method": "ecdf", "preserve_dims": "i"}
    return crps_for_ensemble(members, array(TRUTH), **kwargs).values


def diagram_of_scores() -> np.ndarray:
    return murphy_score(array(P), array(Y), THETAS.tolist(), functional="expectile", alpha=0.5)["total"].to_numpy()


def spread_of_statsmodels() -> float:
    means, errors = [d.mean() for d in DIFFERENCES], [d.var(ddof=1) / d.size for d in DIFFERENCES]
    return float(np.sqrt(combine_effects(np.array(means), np.array(errors), method_re="dl").tau2))


def over_time(score: Callable[..., object]) -> object:
    """Certain from the opening to the deadline, right and wrong; and half the time only."""
    record = standing([0, 0, 2], [1.0, 1.0, 1.0], opens=[0] * 3, closes=[4] * 3, series=[0, 1, 2])
    return score(record, [1, 0, 0])


def fatebook_beside_two(probability: float) -> platforms.Fatebook:
    """Someone certain beside two who say the opposite."""
    said = [probability, 1 - probability, 1 - probability]
    record = standing([0.0] * 3, said, opens=[0.0] * 3, closes=[1.0] * 3, series=[0, 1, 2])
    return platforms.fatebook(record, 1)


def numeric_of_site() -> list[float]:
    """Certain of one of the 200 inner buckets, or of an open tail."""
    sure = standing([0], [1.0], opens=0, closes=1)
    return [platforms.metaculus_baseline_numeric(sure, open_bounds=2, tail=tail) for tail in (False, True)]


SINGLE = [
    Row(scores.brier, "lower", lambda: scores.brier(SURE, EACH), lambda: scores.brier(P, Y).mean(), {
        "scikit-learn": lambda: brier_score_loss(Y, P),
        "scoringrules": lambda: scoringrules.brier_score(Y, P).mean(),
        "scores": lambda: float(scores_brier(array(P), array(Y))),
    }, {"R scoring": "01 R_scoring_worldevents/raw"}),
    Row(scores.brier_original, "lower", lambda: scores.brier_original(CORNERS, CORNER, categories=True),
        lambda: scores.brier_original(ROWS, HAPPENED, categories=True).mean(), {
            "scikit-learn (three classes)": lambda: brier_score_loss(HAPPENED, ROWS),
        }, {"R scoring": "10 R_scoring_worldevents_by_forecaster/nobin/3/*"}),
    Row(scores.brier_multi, "lower", lambda: scores.brier_multi(CORNERS, CORNER),
        lambda: scores.brier_multi(ROWS, HAPPENED).mean(), {
            "scikit-learn (`scale_by_half=True`)": lambda: brier_score_loss(HAPPENED, ROWS, scale_by_half=True),
            "scikit-learn (three classes, default)": lambda: brier_score_loss(HAPPENED, ROWS),
        }, {"R scoring": "02 peers/R_scoring_pow2"}),
    Row(scores.rps, "lower", lambda: scores.rps(CORNERS, CORNER), lambda: scores.rps(ROWS, HAPPENED), {
        "scoringrules (K - 1 times ours for K categories; of these three)": lambda: scoringrules.rps_score(
            HAPPENED + 1, ROWS),
    }, {"R verification": "03 peers/R_verification*", "R scoring": "03 peers/R_scoring_ordered"}),
    Row(scores.log_score, "lower", lambda: scores.log_score(SURE, EACH), lambda: scores.log_score(P, Y).mean(), {
        "scikit-learn (but for its clipping, see below)": lambda: log_loss(Y, P),
        "scoringrules": lambda: scoringrules.log_score(Y, P).mean(),
    }, {"R scoring": "04 cases/*/R_scoring_log"}),
    Row(share_scores.choice_losses, "lower", lambda: share_scores.choice_losses(share_scores.shares(CORNERS), CORNER),
        lambda: share_scores.choice_losses(share_scores.shares(ROWS), HAPPENED).mean(), {
            "scikit-learn (`scale_by_half=True`)": lambda: brier_score_loss(HAPPENED, ROWS, scale_by_half=True),
        }),
    Row(share_scores.choice_log_losses, "lower",
        lambda: share_scores.choice_log_losses(share_scores.shares(CORNERS), CORNER),
        lambda: share_scores.choice_log_losses(share_scores.shares(ROWS), HAPPENED).mean(), {
            "scikit-learn (but for its clipping)": lambda: log_loss(HAPPENED, ROWS),
        }),
    Row(share_scores.ordered_losses, "lower", lambda: share_scores.ordered_losses(share_scores.shares(CORNERS), CORNER),
        lambda: share_scores.ordered_losses(share_scores.shares(ROWS), HAPPENED), {
            "scoringrules (K - 1 times ours for K categories; of these three)": lambda: scoringrules.rps_score(
                HAPPENED + 1, ROWS),
        }),
    Row(scores.spherical, "higher", lambda: scores.spherical(SURE, EACH), stored={"comparecast": "05 */comparecast"}),
    Row(scores.skill, "higher", lambda: [scores.skill(0.0, 0.25), -np.inf],
        lambda: scores.skill(scores.brier(P, Y), scores.brier(Y.mean(), Y)), {
            "scikit-learn (`d2_brier_score`)": lambda: d2_brier_score(Y, P),
        }, {"R verification": "21 cases/verification_*"}),
    Row(first_forecast, "it is the forecast scored", lambda: UNIT),
    Row(last_forecast, "never ranked", lambda: UNIT),
    Row(spot, "it is the forecast scored", lambda: UNIT),
    Row(time_brier, "lower; never ranked", lambda: over_time(time_brier)),
    Row(time_skill, "higher", lambda: over_time(lambda record, v: time_skill(record, v, reference=[0.0, 0.0, 0.5]))),
]  # fmt: skip


def steps(members: np.ndarray) -> Curves:
    """Curves that leap by the same chance at each of some values."""
    count = members.shape[1]
    leaps = np.repeat(np.arange(count + 1), 2)[1:-1] / count
    return curves([list(zip(np.repeat(np.sort(row), 2), leaps, strict=True)) for row in members])


def sure_of_the_first_day(score: Callable[..., object], **stood: float) -> object:
    """The loss of being certain that it comes on the first of four days, if it does and if it never does."""
    return score(curves([[(1, 1.0), (4, 1.0)]] * 2), [1, 5], days=4, **stood)


NUMERIC = [
    Row(number_scores.number_losses, "lower",
        lambda: number_scores.number_losses(curves([[(0, 1.0)]] * 2), [0, 1], low=0, high=1),
        lambda: number_scores.number_losses(steps(MEMBERS), TRUTH, low=-6, high=6) * 12, {
            "properscoring (of steps, times the range)": lambda: properscoring.crps_ensemble(TRUTH, MEMBERS),
            "scoringrules (of steps, times the range)": lambda: scoringrules.crps_ensemble(TRUTH, MEMBERS),
        }),
    Row(date_scores.date_losses, "lower", lambda: sure_of_the_first_day(date_scores.date_losses)),
    Row(date_scores.date_losses_over_time, "lower",
        lambda: sure_of_the_first_day(date_scores.date_losses_over_time, start=0, end=4)),
    Row(quantities.crps_ensemble, "lower", lambda: [quantities.crps_ensemble([1.0], 1.0), np.inf],
        lambda: quantities.crps_ensemble(MEMBERS, TRUTH), {
            "scoringrules": lambda: scoringrules.crps_ensemble(TRUTH, MEMBERS),
            "scores": crps_of_scores,
        }, {"properscoring": "09 ensemble/cases/*/peers/properscoring"}),
    Row(quantities.crps_cdf, "lower", lambda: [quantities.crps_cdf([1.0], 1.0, thresholds=[1.0]), np.inf],
        stored={"scores": "09 piecewise_linear_cdf/cases/*/scores_exact", "scoringrules": "09 normal/*/scoringrules"}),
    Row(quantities.crps_quantiles, "lower", lambda: [quantities.crps_quantiles([1.0], 1.0, levels=[0.5]), np.inf],
        lambda: quantities.crps_quantiles(QUANTILES, TRUTH, levels=LEVELS).mean(), {
            "scikit-learn (mean of pinball losses)": lambda: np.mean(
                [mean_pinball_loss(TRUTH, QUANTILES[:, k], alpha=level) for k, level in enumerate(LEVELS)]),
        }),
    Row(quantities.pinball, "lower", lambda: [quantities.pinball(1.0, 1.0, level=0.5), np.inf],
        lambda: quantities.pinball(QUANTILES[:, 1], TRUTH, level=0.25).mean(), {
            "scikit-learn": lambda: mean_pinball_loss(TRUTH, QUANTILES[:, 1], alpha=0.25),
            "scoringrules": lambda: scoringrules.quantile_score(TRUTH, QUANTILES[:, 1], 0.25).mean(),
        }),
    Row(quantities.interval_score, "lower", lambda: [quantities.interval_score(1.0, 1.0, 1.0, alpha=0.1), np.inf],
        lambda: quantities.interval_score(QUANTILES[:, 0], QUANTILES[:, 4], TRUTH, alpha=0.1), {
            "scoringrules": lambda: scoringrules.interval_score(TRUTH, QUANTILES[:, 0], QUANTILES[:, 4], 0.1),
        }),
    Row(quantities.weighted_interval_score, "lower",
        lambda: [quantities.weighted_interval_score([1.0] * 3, 1.0, levels=[0.1, 0.5, 0.9]), np.inf],
        lambda: quantities.weighted_interval_score(QUANTILES, TRUTH, levels=LEVELS), {
            "scoringrules": wis_of_scoringrules,
        }),
]  # fmt: skip

RECORDS = [
    Row(calibration.corp_decomposition, "see parts", None,
        lambda: calibration.corp_decomposition(P, Y).miscalibration, {
            "model-diagnostics": decompose(Y, P, scoring_function=SquaredError())["miscalibration"].item,
        }),
    Row(calibration.recalibrated, "", lambda: UNIT, lambda: calibration.recalibrated(P, Y), {
        "scikit-learn (`IsotonicRegression`)": lambda: IsotonicRegression().fit(P, Y).predict(P),
    }),
    Row(calibration.consistency_test, "small p: miscalibrated", lambda: {"p": UNIT, "band": UNIT}),
    Row(calibration.display_bins, "", lambda: UNIT, stored={"scikit-learn": "12 cases/*/prob_*"}),
    Row(calibration.jeffreys_interval, "", lambda: UNIT, lambda: calibration.jeffreys_interval(3, 10), {
        "statsmodels": lambda: proportion_confint(3, 10, method="jeffreys"),
    }),
    Row(calibration.murphy_decomposition, "see parts", stored={
        "R SpecsVerification": "10 SpecsVerification*", "R verification": "10 verification_1_44/*"}),
    Row(calibration.spiegelhalter, "near 0", lambda: [-np.inf, np.inf], stored={"R rms": "12 cases/*/S:?"}),
    Row(calibration.calibration_line, "slope near 1", lambda: [-np.inf, np.inf],
        lambda: calibration.calibration_line(P, Y).slope, {"statsmodels": line_of_statsmodels},
        {"R rms": "12 cases/*/Slope"}),
    Row(calibration.calibration_in_the_large, "near 0", lambda: [-np.inf, np.inf],
        stored={"statsmodels": "12 cases/*/calibration_in_the_large", "R glm": "12 cases/*/R_glm/citl"}),
    Row(calibration.calibration_in_the_large_error, "", lambda: [0.0, np.inf],
        stored={"R glm": "12 cases/*/R_glm/citl_se/*"}),
    Row(calibration.calibration_e_process, "above 20 is evidence", lambda: [0.0, np.inf]),
    Row(calibration.auc, "higher", lambda: [calibration.auc(UNIT, [0, 1]), calibration.auc(UNIT, [1, 0])],
        lambda: calibration.auc(P, Y), {"scikit-learn": lambda: roc_auc_score(Y, P)},
        {"R rms": "12 cases/*/C (ROC)"}),
    Row(distribution_calibration.places, "spread evenly", lambda: UNIT),
    Row(distribution_calibration.date_places, "spread evenly", lambda: UNIT),
    Row(distribution_calibration.places_histogram, "inside the band"),
    Row(distribution_calibration.coverage_of_ranges, "near the level", lambda: UNIT),
    Row(calibration.sharpness, "lower is bolder", lambda: [calibration.sharpness([p]) for p in (0.0, 0.5)]),
    Row(calibration.belief_movement, "excess near 0"),
]  # fmt: skip

CLAIM, FORECASTER = np.divmod(np.delete(np.arange(60), [3, 17, 18, 40]), 4)  # 15 claims, 4 forecasters, gaps
LOSS = P[: CLAIM.size]


def skill_at_one_moment() -> np.ndarray:
    """Adjusted skill of three forecasters beside a fourth, without a ridge, where everything stands all the time."""
    whole = np.zeros(CLAIM.size, int), np.ones(CLAIM.size, int)
    fixed = {"window": np.ones(15), "cluster": np.arange(15), "reference": np.ones(4, bool), "ridge": 0.0}
    raw = adjusted_skill(CLAIM, FORECASTER, *whole, LOSS, **fixed).raw
    return raw[1:] - raw[0]


def skill_of_statsmodels() -> np.ndarray:
    dummies = np.concatenate((CLAIM[:, None] == np.arange(15), FORECASTER[:, None] == np.arange(1, 4)), axis=1)
    return -sm.OLS(LOSS, dummies.astype(float)).fit().params[15:]


COMPARED = [
    Row(comparison.paired_bootstrap, "negative favours the first", stored={"scipy": "14 bootstrap/*"}),
    Row(comparison.murphy_diagram, "lower", lambda: comparison.murphy_diagram(UNIT, 1 - UNIT, thetas=UNIT).score * 2,
        lambda: comparison.murphy_diagram(P, Y, thetas=THETAS).score, {"scores": diagram_of_scores}),
    Row(comparison.dominates, "true favours the first"),
    Row(comparison.shrink_differences, "negative favours the first", None,
        lambda: comparison.shrink_differences(DIFFERENCES).spread, {"statsmodels (spread)": spread_of_statsmodels}),
    Row(adjusted_skill, "higher", None, skill_at_one_moment, {"statsmodels (one moment)": skill_of_statsmodels}),
    Row(comparison.adjust_for_difficulty, "lower", stored={"pyfixest": "19 pyfixest_*"}),
    Row(sequential.confidence_sequence, "negative favours the first", lambda: [-1.0, 1.0]),
    Row(sequential.e_process, "above 20 is evidence", lambda: [0.0, np.inf]),
]  # fmt: skip

SITES = [
    Row(platforms.metaculus_baseline, "higher", lambda: over_time(platforms.metaculus_baseline),
        stored={"Metaculus' own code": "06 cases/*/per_user_total/baseline/*"}),
    Row(platforms.metaculus_baseline_numeric, "higher; 200 buckets here", lambda: [-np.inf, *numeric_of_site()],
        stored={"Metaculus' own code": "06 cases/1[23]/per_user_total/baseline/*"}),
    Row(platforms.metaculus_peer, "higher", lambda: [-np.inf, np.inf],
        stored={"Metaculus' own code": "06 cases/*/per_user_total/peer/*"}),
    Row(platforms.metaculus_spot, "higher; improper where a claim may close first", lambda: [-np.inf, np.inf],
        stored={"Metaculus' own code": "06 cases/*/per_user_total/spot_*"}),
    Row(platforms.good_judgment, "lower; improper", lambda: {
            "mean Brier": platforms.good_judgment([[0.0], [1.0], [1.0]], 1).mean_brier,
            "accuracy": [platforms.good_judgment([[p], [1 - p], [1 - p]], 1).accuracy[0] for p in (0.0, 1.0)]},
        stored={"Cultivate's worked example": "08 printed/*"}),
    Row(platforms.fatebook, "lower; improper", lambda: {
            part: [getattr(fatebook_beside_two(p), part)[0] for p in (0.0, 1.0)] for part in ("absolute", "relative")},
        stored={"Fatebook's own code": "07 cases/*/expected/*"}),
    Row(platforms.forecastbench_index, "higher", lambda: platforms.forecastbench_index(UNIT),
        stored={"ForecastBench's printed board": "19 published_top12/*/index_*"}),
]  # fmt: skip

CROWDS = [
    Row(aggregation.mean, "", lambda: UNIT, stored={"numpy": "17 cases/*/mean"}),
    Row(aggregation.median, "", lambda: UNIT, stored={"numpy": "17 cases/*/median"}),
    Row(aggregation.trimmed_mean, "", lambda: UNIT, stored={"scipy": "17 cases/*/trimmed_*"}),
    Row(aggregation.geometric_mean_odds, "", lambda: UNIT,
        stored={"squigglepy": "17 *squigglepy", "scipy": "17 cases/*/geo_mean_odds_scipy"}),
    Row(aggregation.extremised, "", lambda: UNIT, lambda: aggregation.extremised([0.7], factor=1.73),
        {"squigglepy (another map)": lambda: 1 - 0.3**1.73}),
    Row(aggregation.recency_weighted_median, "", lambda: UNIT,
        stored={"Metaculus' own code": "17 cases/*/metaculus_recency_*"}),
    Row(aggregation.skill_weighted, "", lambda: UNIT),
    Row(aggregation.crowd, "", lambda: UNIT),
    Row(pools.mean_shares, "", lambda: UNIT),
    Row(pools.median_shares, "", lambda: UNIT),
    Row(pools.linear_pool, "", lambda: UNIT),
    Row(pools.crowd_chances, "", lambda: UNIT),
    Row(pools.crowd_quantiles, "", lambda: UNIT),
    Row(pools.median_chances, "", lambda: UNIT),
    Row(pools.averaged_quantiles, "", lambda: UNIT),
    Row(reference.leave_one_out, "", lambda: UNIT),
    Row(reference.constant_hazard, "", lambda: UNIT, stored={"scipy": "18 constant_hazard/cases/*/remaining*"}),
    Row(reference.stale, "", None),
    Row(reference.lindy, "", lambda: UNIT, stored={"squigglepy": "18 laplace_time_invariant/*/squigglepy"}),
    Row(reference.count_threshold, "", lambda: UNIT, lambda: reference.count_threshold(rate=0.5, left=[1, 9], needed=3),
        {"scipy": lambda: poisson.sf(2, [0.5, 4.5])}),
    Row(reference.updated, "", lambda: UNIT, stored={"squigglepy": "18 bayes/*/posterior_squigglepy"}),
    Row(verbal.impute, "", lambda: UNIT),
]  # fmt: skip

TABLE = {
    "Single forecasts, and over time": SINGLE,
    "Numbers and dates": NUMERIC,
    "Records": RECORDS,
    "Comparing forecasters": COMPARED,
    "As other sites score": SITES,
    "Combining and reference forecasts": CROWDS,
}

"""How our library arrives at each value of the reference vectors: numbers, skill, Finley's tornadoes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from reproductions import NIAMEY, Left, Ours, Rule, at, given
from scipy import stats

from forecasts.calibration import auc
from forecasts.corp import reliability_curve
from forecasts.quantities import (
    crps_cdf,
    crps_ensemble,
    crps_quantiles,
    interval_score,
    pinball,
    weighted_interval_score,
)
from forecasts.reference import leave_one_out
from forecasts.scores import brier, mean_score, skill

# --- 09: numbers and dates --------------------

PARAMETRIC = {
    "logistic": (stats.logistic(), 0.3),
    "uniform": (stats.uniform(), 0.3),
    "lognormal": (stats.lognorm(0.5), 1.2),
    "t5": (stats.t(5), 0.3),
    "beta23": (stats.beta(2, 3), 0.3),
    "exponential": (stats.expon(scale=0.5), 0.3),
}


def drawn(distribution: stats.rv_continuous, outcome: float) -> float:
    """The CRPS of a curve through 20,001 points of a distribution: near enough for six digits."""
    tails = stats.norm.cdf(np.linspace(-7.5, 7.5, 20_001))
    places = np.unique(distribution.ppf(tails))
    cumulative = distribution.cdf(places)
    cumulative[-1] = 1.0
    return float(crps_cdf(cumulative, outcome, thresholds=places))


def normal(d: dict, path: list[str]) -> float:
    case = at(d, *path[:2])
    return drawn(stats.norm(case["mu"], case["sigma"]), case["obs"])


def ensemble(estimator: str) -> Ours:
    return lambda d, path: crps_ensemble(d["ensemble"]["members"], at(d, *path[:3])["obs"], estimator=estimator)


def piecewise(d: dict, path: list[str]) -> float:
    curve = d["piecewise_linear_cdf"]
    return crps_cdf(curve["cdf"], at(d, *path[:3])["obs"], thresholds=curve["thresholds"])


def at_quantiles(rule: Callable[..., object]) -> Ours:
    def ours(d: dict, path: list[str]) -> object:
        block = d["quantiles"]
        return rule(np.array(block["values"]), at(d, *path[:3])["obs"], np.array(block["levels"]))

    return ours


RULES: dict[str, list[Rule]] = {
    "09": [
        Rule("ensemble/cases/*/expected_ecdf", ensemble("ecdf")),
        Rule("ensemble/cases/*/expected_fair", ensemble("fair")),
        Rule("ensemble/cases/*/peers/*fair", ensemble("fair")),
        Rule("ensemble/cases/*/peers/pwm", ensemble("fair")),
        Rule("ensemble/cases/*/peers/*", ensemble("ecdf")),
        Rule("normal/*/scoringrules", normal, 1e-6),
        Rule("normal/*/properscoring", normal, 1e-6),
        *given("other_parametric/args"),
        Rule("other_parametric/*", lambda d, path: drawn(*PARAMETRIC[path[1]]), 1e-6),
        Rule("piecewise_linear_cdf/cases/*/scores_exact", piecewise),
        Rule("piecewise_linear_cdf/cases/*/numeric_trapz_8e5", piecewise, 1e-5),
        Rule("quantiles/cases/*/crps_*", at_quantiles(lambda q, x, a: crps_quantiles(q, x, levels=a))),
        Rule("quantiles/cases/*/*pinball", at_quantiles(lambda q, x, a: pinball(q, x, level=a))),
        Rule("quantiles/cases/*/interval90", at_quantiles(lambda q, x, a: interval_score(q[0], q[4], x, alpha=0.1))),
        Rule("quantiles/cases/*/interval50", at_quantiles(lambda q, x, a: interval_score(q[1], q[3], x, alpha=0.5))),
        Rule("quantiles/cases/*/wis_expected", at_quantiles(lambda q, x, a: weighted_interval_score(q, x, levels=a))),
        Left("quantiles/*/wis_scoringrules*", why="adds the median instead of its distance: a bug of the peer"),
        *given("family", "orientation", "tolerance", "ensemble/members", "*/obs", "normal/*/mu", "normal/*/sigma"),
        *given("*/thresholds", "*/cdf", "*/levels", "*/values", "invariants", "dates", "versions/*", "peer_bug"),
    ]
}

# --- 21: skill, and Finley's tornadoes --------------------

TORNADOES = np.repeat([1.0, 1.0, 0.0, 0.0], [28, 72, 23, 2680]), np.repeat([1.0, 0.0, 1.0, 0.0], [28, 72, 23, 2680])


def niamey_skill(name: str, against: str | float | None) -> Ours:
    def ours(d: dict, path: list[str]) -> float | None:
        rain = NIAMEY["obs"]
        said = NIAMEY[against] if isinstance(against, str) else rain.mean() if against is None else against
        return skill(brier(NIAMEY[name], rain), brier(said, rain))

    return ours


def finley() -> dict[str, Ours]:
    """Scores of the two-by-two table in terms of ours: forecasts of 0 and 1 whose squared errors are the misses."""
    said, came = TORNADOES
    wrong, hits = float(brier(said, came).sum()), float(said @ came)
    by_chance = (said.sum() * came.sum()) / said.size
    drawn = said.mean() * (1 - came.mean()) + (1 - said.mean()) * came.mean()
    curve = reliability_curve(said, came)  # two probabilities: how often tornadoes came after "no" and after "yes"
    missed, kept = curve.recalibrated * curve.count
    values = {
        "TS": hits / (hits + wrong),
        "POD": kept / (kept + missed),
        "F": (said.sum() - kept) / (came.size - came.sum()),
        "FAR": 1 - curve.recalibrated[1],
        "HSS": skill(mean_score(brier(said, came)), drawn),
        "PSS": 2 * auc(said, came) - 1,
        "PC": 1 - mean_score(brier(said, came)),
        "BIAS": said.mean() / came.mean(),
        "ETS": (hits - by_chance) / (hits + wrong - by_chance),
    }
    return {name: (lambda d, path, value=value: value) for name, value in values.items()}


def fair_rate(d: dict, path: list[str]) -> float:
    return mean_score(brier(leave_one_out(NIAMEY["obs"]), NIAMEY["obs"]))


def beside_thirty_percent(d: dict, path: list[str]) -> float:
    own, plain = brier(NIAMEY["EMOS"], NIAMEY["obs"]), brier(0.3, NIAMEY["obs"])
    return {"bs": mean_score(own), "bs.baseline": mean_score(plain), "ss": skill(own, plain)}[path[-1]]


RULES |= {
    "21": [
        # verification reads the forecasts with fewer digits, here and in file 10
        Rule("cases/verification_R_ss_EMOS", niamey_skill("EMOS", None), 1e-8),
        Rule("cases/verification_R_baseline_0_3/*", beside_thirty_percent, 1e-8),
        Rule("cases/*EMOS_vs_sample_base_rate", niamey_skill("EMOS", None)),
        Rule("cases/sklearn_d2_brier_score_EMOS", niamey_skill("EMOS", None)),
        Rule("cases/EMOS_vs_half", niamey_skill("EMOS", 0.5)),
        Rule("cases/EMOS_vs_EPC", niamey_skill("EMOS", "EPC")),
        Rule("cases/Logistic_vs_ENS", niamey_skill("Logistic", "ENS")),
        Rule("leave_one_out_base_rate/BS_ref", fair_rate),
        Rule("leave_one_out_base_rate/check", fair_rate),
        Rule(
            "leave_one_out_base_rate/BSS_EMOS",
            lambda d, path: skill(
                brier(NIAMEY["EMOS"], NIAMEY["obs"]), brier(leave_one_out(NIAMEY["obs"]), NIAMEY["obs"])
            ),
        ),
        Rule("edge/*/expected", lambda d, path: skill(at(d, *path[:2])["bs"], at(d, *path[:2])["bs_ref"])),
        # R adds 0.01 to each denominator, lest it be 0
        *[Rule(f"finley_deterministic/R_table_stats/{name}", ours, 2e-4) for name, ours in finley().items()],
        Rule("finley_deterministic/brier_of_0_1_forecasts", lambda d, path: mean_score(brier(*TORNADOES))),
        Rule("finley_deterministic/base_rate", lambda d, path: mean_score(TORNADOES[1])),
        Rule(
            "finley_deterministic/BSS_vs_base_rate",
            lambda d, path: skill(brier(*TORNADOES), brier(TORNADOES[1].mean(), TORNADOES[1])),
        ),
        *given("family", "definition", "leave_one_out_base_rate/identity", "edge/*/name", "edge/*/bs*", "versions/*"),
        *given("finley_deterministic/*"),
    ]
}

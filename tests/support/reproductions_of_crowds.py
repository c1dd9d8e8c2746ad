"""How our library arrives at each value of the reference vectors: aggregation, evidence, difficulty."""

from __future__ import annotations

import numpy as np
from reproductions import Left, Ours, Rule, at, given

from forecasts.adjustment import adjust_for_difficulty
from forecasts.aggregation import (
    extremised,
    geometric_mean_odds,
    mean,
    median,
    recency_weighted_median,
    recency_weights,
    trimmed_mean,
)
from forecasts.platforms import forecastbench_index
from forecasts.reference import constant_hazard, lindy, updated
from forecasts.scores import mean_score

# --- 17: aggregation --------------------


def combined(rule: object, **options: float) -> Ours:
    return lambda d, path: rule(at(d, *path[:2])["p_oldest_first"], **options)


def weights(d: dict, path: list[str]) -> object:
    count = len(at(d, *path[:2])["p_oldest_first"])
    return recency_weights(count) if count > 2 else None  # for one or two the site has none: all are equal


RULES: dict[str, list[Rule]] = {
    "17": [
        Rule("cases/*/mean", combined(mean)),
        Rule("cases/*/median", combined(median)),
        Rule("cases/*/metaculus_unweighted_median", combined(median)),
        Rule("cases/*/trimmed_mean_10", combined(trimmed_mean, trim=0.1)),
        Rule("cases/*/trimmed_mean_20", combined(trimmed_mean, trim=0.2)),
        Rule("cases/*/geo_mean_odds_*", combined(geometric_mean_odds)),
        Rule("cases/*/metaculus_recency_weights", weights),
        Rule("cases/*/metaculus_recency_weighted_median", combined(recency_weighted_median)),
        Rule("cases/*/extremized_logit_mean_a_2.5", combined(extremised, factor=2.5)),
        Rule("cases/*/extremized_logit_mean_a_1.73", combined(extremised, factor=1.73)),
        Rule(
            "weighted_geo_mean_odds/squigglepy",
            lambda d, path: geometric_mean_odds(d[path[0]]["p"], weights=d[path[0]]["w"]),
        ),
        Rule("*/logit_power", lambda d, path: extremised([d[path[0]]["p"]], factor=d[path[0]]["e"])),
        Left("squigglepy_extremize_is_different/squigglepy", why="another map, which jumps at one half; not offered"),
        *given(
            "family", "tolerance", "cases/*/p_oldest_first", "*/p", "*/w", "*/e", "*note", "metaculus", "versions/*"
        ),
    ]
}

# --- 18: evidence and hazard --------------------


def ratio(d: dict, path: list[str]) -> float:
    case = at(d, *path[:2])
    return case["p_e_given_h"] / case["p_e_given_not_h"]


def stepwise(d: dict, path: list[str]) -> float:
    steps = d["sequential"]["steps"][: int(path[2]) + 1]
    return updated(d["sequential"]["prior"], [step["lh"] / step["ln"] for step in steps])


def any_order(d: dict, path: list[str]) -> bool:
    ratios = [step["lh"] / step["ln"] for step in d["sequential"]["steps"]]
    return bool(np.isclose(updated(0.3, ratios), updated(0.3, ratios[::-1]), rtol=0, atol=1e-15))


def remaining(d: dict, path: list[str]) -> float:
    case = at(d, *path[:3])
    return constant_hazard(case["p0"], elapsed=float(path[4]), horizon=case["horizon"])


def hazard_rate(d: dict, path: list[str]) -> float:
    """From what is left of a forecast after one unit of a day: the chance of an event within it."""
    case = at(d, *path[:3])
    before, after = case["p0"], constant_hazard(case["p0"], elapsed=1, horizon=case["horizon"])
    return float(np.log((1 - after) / (1 - before)))


def laplace(d: dict, path: list[str]) -> float:
    case = at(d, *path[:2])
    return lindy(
        elapsed=case["time_passed"],
        left=case["time_remaining"],
        events=case["successes"],
        fixed_period=case.get("time_fixed", False),
    )


RULES |= {
    "18": [
        Rule("bayes/*/likelihood_ratio", ratio),
        Rule("bayes/*/posterior_squigglepy", lambda d, path: updated(at(d, *path[:2])["prior"], ratio(d, path))),
        Rule("sequential/steps/*/posterior", stepwise),
        Rule("sequential/order_invariant", any_order),
        Rule("constant_hazard/cases/*/rate", hazard_rate),
        Rule("constant_hazard/cases/*/remaining_at_elapsed/*", remaining),
        Rule("laplace_time_invariant/*/squigglepy", laplace),
        *given("family", "tolerance", "bayes/*", "sequential/*", "constant_hazard/*", "laplace_time_invariant/*"),
        *given("versions/*"),
    ]
}

# --- 19: difficulty --------------------


def adjusted(d: dict, path: list[str]) -> float:
    """Fixed up to a constant only, so both panels are put on the mean of the forecasters (or of the claims)."""
    forecaster, claim, loss = zip(*d["rows"], strict=True)
    fair = adjust_for_difficulty(loss, forecaster, claim)
    theirs, ours = d[path[0]], fair.difficulty if "question" in path[0] else fair.adjusted
    shift = np.mean([theirs[name] - ours[name] for name in theirs])
    return float(ours[path[1]] + shift)


def raw_mean(d: dict, path: list[str]) -> float | None:
    return mean_score([row[2] for row in d["rows"] if row[0] == path[1]])


def index_of(d: dict, path: list[str]) -> float:
    return forecastbench_index(at(d, *path[:2])[path[2].replace("index", "brier")])


RULES |= {
    "19": [
        Rule("pyfixest_adjusted_mean_by_forecaster/*", adjusted),
        Rule("pyfixest_question_fe_first5/*", adjusted, 1e-5),
        Rule("raw_mean/*", raw_mean),
        Rule("brier_index_check/index", lambda d, path: forecastbench_index(d["brier_index_check"]["brier"])),
        # one unit in the third digit of the printed Brier score moves the index by up to 0.2
        Rule("published_top12/*/index_overall", index_of, 0.1),
        Rule("published_top12/*/index_*", index_of, 0.2),
        Rule(
            "published_top12/*/mean",
            lambda d, path: mean([at(d, *path[:2])["brier_dataset"], at(d, *path[:2])["brier_market"]]),
        ),
        Rule(
            "published_top12/*/brier_overall",
            lambda d, path: mean([at(d, *path[:2])["brier_dataset"], at(d, *path[:2])["brier_market"]]),
            1e-3,
        ),
        *given("family", "source", "panel", "rows/*", "numpy_lstsq_centred_max_diff", "identification", "tolerance"),
        *given("brier_index", "brier_index_check/brier", "published_top12/*"),
    ]
}

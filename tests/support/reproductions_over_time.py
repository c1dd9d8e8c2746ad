"""How our library arrives at each value of the reference vectors: the scores of sites, over time and by day."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from metaculus_cases import as_standing, chance_of_what_happened, options
from reproductions import Left, Ours, Rule, at, given

from forecasts.platforms import (
    fatebook,
    good_judgment,
    metaculus_baseline,
    metaculus_baseline_at,
    metaculus_baseline_numeric,
    metaculus_baseline_numeric_at,
    metaculus_peer_at,
    metaculus_spot,
    metaculus_spot_forecast,
)
from forecasts.scores import brier_original
from forecasts.side_by_side import timeline
from forecasts.standing import Standing, standing
from forecasts.time_scores import time_brier

# --- 06: Metaculus --------------------


def numeric(case: dict) -> bool:
    return case["question_type"] == "numeric"


def baseline(case: dict, record: Standing) -> object:
    if numeric(case):
        return metaculus_baseline_numeric(record, open_bounds=2, tail=case["resolution_bucket"] == 201)
    return metaculus_baseline(record, 1, options=options(case))


def spot_baseline(case: dict) -> Callable[..., object]:
    if numeric(case):
        tail = case["resolution_bucket"] == 201
        return lambda said, outcome: metaculus_baseline_numeric_at(said, open_bounds=2, tail=tail)
    return partial(metaculus_baseline_at, options=options(case))


def only(case: dict, forecast: dict) -> Standing:
    """One forecast by itself, from its start to its end."""
    end = case["scheduled_close_day"] if forecast["end_day"] is None else forecast["end_day"]
    return standing(
        [forecast["start_day"], max(end, forecast["start_day"])],
        [chance_of_what_happened(forecast, case), np.nan],
        opens=case["open_day"],
        closes=case["scheduled_close_day"],
        known=case["actual_close_day"],
    )


def peer_pieces(case: dict, record: Standing) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Peer scores (forecasters, pieces of time), where the pieces begin, and how much of the window each is."""
    line = timeline(record)
    scores = metaculus_peer_at(line.probabilities, 1, numeric=numeric(case))
    return scores, line.cuts[:-1], line.widths / (case["scheduled_close_day"] - case["open_day"])


def totals(case: dict, kind: str, user: int, part: str) -> float:
    record, _ = as_standing(case)
    if kind.startswith("spot"):
        score = spot_baseline(case) if "base" in kind else partial(metaculus_peer_at, numeric=numeric(case))
        if part == "score":
            return float(metaculus_spot(record, 1, at=case["spot_day"], score=score)[user])
        return float(not np.isnan(metaculus_spot_forecast(record, case["spot_day"])[user]))
    if part == "coverage":
        return float(record.coverage[user])
    if kind == "baseline":
        return float(baseline(case, record)[user])
    scores, _, shares = peer_pieces(case, record)
    return float(scores[user] @ shares)


def per_user(d: dict, path: list[str]) -> float:
    case = at(d, "cases", path[1])
    return totals(case, path[3], as_standing(case)[1].index(path[4]), path[5])


def per_forecast(d: dict, path: list[str]) -> float:
    """What one forecast adds to its forecaster's score, while it stood."""
    case = at(d, "cases", path[1])
    kind, forecast, part = path[3], case["forecasts"][int(path[4])], path[5]
    alone = only(case, forecast)
    if kind.startswith("spot"):
        there = not np.isnan(metaculus_spot_forecast(alone, case["spot_day"])[0])
        user = as_standing(case)[1].index(forecast["user"])
        return totals(case, kind, user, part) if there else 0.0
    if part == "coverage":
        return float(alone.coverage)
    if kind == "baseline":
        return float(baseline(case, alone))
    record, users = as_standing(case)
    scores, begins, shares = peer_pieces(case, record)
    stood = np.zeros(begins.size, dtype=bool)
    for start, end in zip(alone.starts, alone.ends, strict=True):
        stood |= (begins >= start) & (begins < end)
    return float(scores[users.index(forecast["user"])] @ (shares * stood))


def alex(scheduled: bool, first: float) -> float:
    """20% in week 1, 4% at the end of week 52, else never; `first`, then 5%: the expected baseline score."""

    def week(known: float, outcome: int) -> float:
        closes = 52 if scheduled else known
        return float(metaculus_baseline(standing([0, 1], [first, 0.05], opens=0, closes=closes, known=known), outcome))

    return 0.20 * week(1, 1) + 0.04 * week(52, 1) + 0.76 * week(52, 0)


def truncation(d: dict, path: list[str]) -> float:
    words = "/".join(path[2:])
    return alex("with" in words, 0.24 if "honest" in words else 0.99)


EXTREMES = {
    "binary_best_p999": metaculus_baseline_at(0.999, 1),
    "binary_worst_p001": metaculus_baseline_at(0.999, 0),
    "mc8_best": metaculus_baseline_at(0.999, 1, options=8),
    "mc8_worst": metaculus_baseline_at(0.001, 1, options=8),
}

# --- 07 and 08: Fatebook, Good Judgment --------------------


def daily(d: dict, path: list[str]) -> float | int:
    case = at(d, "cases", path[1])
    users = sorted(case["expected"])
    forecasts = [one for one in case["forecasts"] if one["user"] in users]  # who came too late is not in the table
    record = standing(
        [one["day"] for one in forecasts],
        [one["p"] for one in forecasts],
        opens=np.zeros(len(users)),
        closes=np.full(len(users), case["resolve_day"]),
        series=[users.index(one["user"]) for one in forecasts],
    )
    scores = fatebook(record, 1 if case["res"] == "YES" else 0)
    if path[4] == "rank":
        return int(np.argsort(np.argsort(scores.relative.round(12), kind="stable"))[users.index(path[3])]) + 1
    return float((scores.absolute if path[4].startswith("absolute") else scores.relative)[users.index(path[3])])


CUBS = {
    "mean_daily_brier": "mean_brier",
    "mean_daily_median": "mean_median",
    "participation": "participation",
    "accuracy_score": "accuracy",
    "net_brier_points": "net_points",
}


def cubs(field: str) -> Ours:
    def ours(d: dict, path: list[str]) -> float:
        table = np.array(list(d["forecasts_by_day"].values()), dtype=float)
        return float(getattr(good_judgment(table, d["outcome"]), field)[int(path[1]) - 1])

    return ours


def stopping(d: dict, path: list[str]) -> float:
    total = 0.0
    for chance, known, outcome in ((0.20, 1, 1), (0.04, 52, 1), (0.76, 52, 0)):
        closes = known if path[1] == "averaged_to_resolution" else 52
        first = 0.24 if path[2] == "honest" else 0.99
        total += chance * time_brier(standing([0, 1], [first, 0.05], opens=0, closes=closes, known=known), outcome)
    return total


LATE = (
    "Metaculus' spot scores count a forecast made at the very close, which its scores over time leave out; here a "
    "forecast at the close is too late for both"
)
RULES: dict[str, list[Rule]] = {
    "06": [
        Left("cases/8/per_user_total/spot_*/a/*", why=LATE),
        Left("cases/8/per_forecast/spot_*/0/*", why=LATE),
        Rule("cases/*/per_user_total/*", per_user),
        Rule("cases/*/per_forecast/*", per_forecast),
        Rule("truncation_example/recomputed/*", truncation),
        Rule("truncation_example/printed/*", truncation, 0.5),
        *[Rule(f"faq_extremes/{name}", lambda d, path: EXTREMES[path[1]]) for name in EXTREMES],
        Rule("faq_extremes/printed", lambda d, path: list(EXTREMES.values()), 0.6),
        *given("family", "source", "tolerance", "cases/*", "truncation_example/*"),
    ],
    "07": [Rule("cases/*/expected/*", daily), *given("family", "source", "tolerance", "cases/*", "quirk")],
    "08": [
        *[Rule(f"expected/*/{theirs}", cubs(ours)) for theirs, ours in CUBS.items()],
        Rule("printed/forecaster1_overall", lambda d, path: cubs("mean_brier")(d, ["expected", "1"]), 5e-5),
        Rule("printed/day_scores", lambda d, path: brier_original(np.array(d["forecasts_by_day"]["1"]), np.ones(7))),
        Rule("stopping_time_impropriety/*/honest", stopping),
        Rule("stopping_time_impropriety/*/gaming", stopping),
        *given("family", "convention", "source", "forecasts_by_day/*", "outcome", "tolerance", "formula"),
        *given("stopping_time_impropriety/*"),
    ],
}

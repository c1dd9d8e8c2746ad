"""The cases of the Metaculus vectors, read as its own code reads them."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta

from forecasts.platforms import metaculus_options
from forecasts.standing import Standing, standing


def chance_of_what_happened(forecast: dict, case: dict) -> float:
    """What Metaculus' code looks up before it scores: the chance of the option or bucket that happened."""
    value, happened = forecast["value"], case["resolution_bucket"]
    if case["question_type"] == "binary":
        return value if happened == 1 else 1 - value
    if case["question_type"] == "multiple_choice":
        return float(metaculus_options(np.array(value, dtype=float), happened).probability)
    if "cdf_linear" in value:
        cdf = np.round(np.linspace(0.05, 0.95, 201), 10)
    else:
        cdf = np.round(0.05 + 0.9 * beta.cdf(np.linspace(0, 1, 201), 8, 4), 10)
    return float(np.diff(np.concatenate([[0.0], cdf, [1.0]]))[happened])


def as_standing(case: dict) -> tuple[Standing, list[str]]:
    users = sorted({forecast["user"] for forecast in case["forecasts"]})
    rows = []
    for forecast in case["forecasts"]:
        series = users.index(forecast["user"])
        rows.append((series, forecast["start_day"], chance_of_what_happened(forecast, case)))
        own = [other for other in case["forecasts"] if other["user"] == forecast["user"]]
        updated = any(other["start_day"] == forecast["end_day"] for other in own)
        if forecast["end_day"] is not None and not updated:
            rows.append((series, forecast["end_day"], np.nan))
    record = standing(
        [row[1] for row in rows],
        [row[2] for row in rows],
        opens=np.full(len(users), case["open_day"]),
        closes=np.full(len(users), case["scheduled_close_day"]),
        known=case["actual_close_day"],
        series=[row[0] for row in rows],
    )
    return record, users


def options(case: dict) -> int:
    values = case["forecasts"][0]["value"]
    if not isinstance(values, list):
        return 2
    return int(metaculus_options(np.array(values, dtype=float), case["resolution_bucket"]).options)

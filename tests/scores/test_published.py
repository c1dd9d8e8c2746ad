"""Real data with published answers: rain at Niamey, Finley's tornadoes, a blogger's year."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from forecasts.calibration import auc
from forecasts.reference import leave_one_out
from forecasts.scores import brier, mean_score, skill

HERE = Path(__file__).parents[1]
DATA = HERE / "data"
SKILL = json.loads((HERE / "vectors" / "21_skill_scores.json").read_text())


def niamey() -> dict[str, np.ndarray]:
    rows = list(csv.DictReader((DATA / "precip_Niamey_2016.csv").read_text().splitlines()))
    columns = ("Logistic", "EMOS", "ENS", "EPC", "obs")
    return {column: np.array([float(row[column]) for row in rows]) for column in columns}


def test_skill_at_niamey_reproduces_its_vectors():
    rain, expected = niamey(), SKILL["cases"]
    loss = {name: brier(rain[name], rain["obs"]) for name in ("Logistic", "EMOS", "ENS", "EPC")}
    base_rate = brier(rain["obs"].mean(), rain["obs"])
    half = brier(0.5, rain["obs"])

    assert mean_score(loss["EMOS"]) == pytest.approx(0.232, abs=5e-4)  # published by reliabilitydiag
    assert skill(loss["EMOS"], base_rate) == pytest.approx(expected["EMOS_vs_sample_base_rate"], abs=1e-12)
    assert skill(loss["EMOS"], half) == pytest.approx(expected["EMOS_vs_half"], abs=1e-12)
    assert skill(loss["EMOS"], loss["EPC"]) == pytest.approx(expected["EMOS_vs_EPC"], abs=1e-12)
    assert skill(loss["Logistic"], loss["ENS"]) == pytest.approx(expected["Logistic_vs_ENS"], abs=1e-12)


def test_the_sample_base_rate_peeks_and_leaving_one_out_does_not():
    rain, expected = niamey(), SKILL["leave_one_out_base_rate"]
    n, rate = rain["obs"].size, rain["obs"].mean()
    fair = brier(leave_one_out(rain["obs"]), rain["obs"])

    assert mean_score(fair) == pytest.approx(expected["BS_ref"], abs=1e-12)
    assert mean_score(fair) == pytest.approx(rate * (1 - rate) * (n / (n - 1)) ** 2, abs=1e-12)
    assert skill(brier(rain["EMOS"], rain["obs"]), fair) == pytest.approx(expected["BSS_EMOS"], abs=1e-12)


def test_finley_was_right_966_times_in_a_thousand_and_had_no_skill():
    table = SKILL["finley_deterministic"]
    said = [1] * 28 + [1] * 72 + [0] * 23 + [0] * 2680
    came = [1] * 28 + [0] * 72 + [1] * 23 + [0] * 2680
    loss = brier([float(value) for value in said], came)
    base_rate = np.mean(came)

    assert mean_score(loss) == pytest.approx(95 / 2803, abs=1e-12)
    assert 1 - mean_score(loss) == pytest.approx(0.966, abs=5e-4)  # as published
    assert skill(loss, brier(base_rate, came)) == pytest.approx(table["BSS_vs_base_rate"], abs=1e-12)


def test_finley_beats_a_forecaster_who_draws_the_same_forecasts_at_random():
    said, came = np.repeat([1.0, 1.0, 0.0, 0.0], [28, 72, 23, 2680]), np.repeat([1, 0, 1, 0], [28, 72, 23, 2680])
    drawn = said.mean() * (1 - came.mean()) + (1 - said.mean()) * came.mean()  # its expected Brier score

    # Heidke's skill score is the Brier skill against it, Peirce's twice the area under the curve less one; the threat
    # score is the share of hits among the hits and all squared errors
    assert skill(mean_score(brier(said, came)), drawn) == pytest.approx(0.355, abs=5e-4)
    assert 2 * auc(said, came) - 1 == pytest.approx(0.523, abs=5e-4)
    assert 28 / (28 + brier(said, came).sum()) == pytest.approx(0.228, abs=5e-4)
    assert brier(said, came).sum() == 95


# --- a record with annulments --------------------


def test_the_ambiguous_predictions_of_scott_alexander_are_left_out_and_the_rest_scored():
    rows = list(csv.DictReader((DATA / "scott_alexander_2021.csv").read_text().splitlines()))
    marked = [row for row in rows if row["outcome"]]
    said, came = [float(row["p"]) for row in marked], [int(row["outcome"]) for row in marked]

    loss = brier(said, came)

    assert (len(rows), len(marked), sum(came)) == (108, 104, 36)
    squares = sum((p - y) * (p - y) for p, y in zip(said, came, strict=True))
    assert mean_score(loss) == pytest.approx(squares / 104, abs=1e-12)
    assert mean_score(loss) < leave_one_out_loss(came) < 0.25
    # an ambiguous one cannot slip in as half a yes, or as nothing
    with pytest.raises(ValueError, match="outcome nan at index 1"):
        brier([0.7, 0.8], [1.0, float("nan")])


def leave_one_out_loss(came: list[int]) -> float:
    return mean_score(brier(leave_one_out(came), came))

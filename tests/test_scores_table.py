"""The table in docs/scores.md is what the functions themselves say and what a comparison with peers just found.

The first line and the source come from each docstring, range and agreement from computing. To write the page anew:

    python -m tests.test_scores_table
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import scoringrules
import statsmodels.api as sm
import xarray
from model_diagnostics.scoring import SquaredError, decompose
from scores.probability import brier_score as scores_brier
from scores.probability import crps_for_ensemble
from sklearn.metrics import brier_score_loss, d2_brier_score, log_loss, mean_pinball_loss, roc_auc_score

from forecasts import calibration, corp, murphy, platforms, quantities, scores
from forecasts.standing import standing, time_brier, time_skill

PAGE = Path(__file__).parent.parent / "docs" / "scores.md"
RNG = np.random.RandomState(20260413)  # the one generator whose numbers numpy promises never to change

P = RNG.uniform(0.01, 0.99, 60)
Y = (RNG.random_sample(60) < P).astype(float)
ROWS = RNG.dirichlet([1.0, 1.0, 1.0], 60)
HAPPENED = RNG.randint(0, 3, 60)
MEMBERS, TRUTH = RNG.normal(size=(60, 9)), RNG.normal(size=60)
QUANTILES, LEVELS = np.sort(MEMBERS[:, :5], axis=1), np.array([0.05, 0.25, 0.5, 0.75, 0.95])
SURE, EACH = np.array([0.0, 0.0, 1.0, 1.0, 0.5]), np.array([0.0, 1.0, 0.0, 1.0, 1.0])
CORNERS, CORNER = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.3, 0.3, 0.4]]), np.array([0, 2, 1])


@dataclass
class Row:
    """One score: our function, the extremes that span its range, and peers on the same input."""

    function: Callable[..., object]
    better: str
    extremes: Callable[[], object] | None = None
    ours: Callable[[], object] | None = None
    peers: dict[str, Callable[[], object]] = field(default_factory=dict)
    cited: str | None = None  # where the citation stands in the module's docstring, or is not needed ("")


def array(values: np.ndarray) -> xarray.DataArray:
    return xarray.DataArray(values, dims="i")


def wis_of_scoringrules() -> np.ndarray:
    lower, upper = QUANTILES[:, [1, 0]], QUANTILES[:, [3, 4]]
    return scoringrules.weighted_interval_score(TRUTH, QUANTILES[:, 2], lower, upper, np.array([0.5, 0.1]))


def line_of_statsmodels() -> float:
    fitted = sm.Logit(Y, sm.add_constant(np.log(P / (1 - P)))).fit(disp=False)
    return float(fitted.params[1])


def over_time(score: Callable) -> np.ndarray:
    """Certain from the opening to the deadline, right and wrong; and half the time only."""
    record = standing([0, 0, 2], [1.0, 1.0, 1.0], opens=[0] * 3, closes=[4] * 3, series=[0, 1, 2])
    return score(record, [1, 0, 0])


TABLE = [
    Row(
        scores.brier,
        "lower",
        lambda: scores.brier(SURE, EACH),
        lambda: scores.brier(P, Y).mean(),
        {
            "scikit-learn": lambda: brier_score_loss(Y, P),
            "scoringrules": lambda: scoringrules.brier_score(Y, P).mean(),
            "scores": lambda: float(scores_brier(array(P), array(Y))),
        },
    ),
    Row(
        scores.brier_original,
        "lower",
        lambda: scores.brier_original(CORNERS, CORNER),
        lambda: scores.brier_original(ROWS, HAPPENED).mean(),
        {"scikit-learn (three classes)": lambda: brier_score_loss(HAPPENED, ROWS)},
    ),
    Row(
        scores.brier_multi,
        "lower",
        lambda: scores.brier_multi(CORNERS, CORNER),
        lambda: scores.brier_multi(ROWS, HAPPENED).mean(),
        {
            "scikit-learn (`scale_by_half=True`)": lambda: brier_score_loss(HAPPENED, ROWS, scale_by_half=True),
            "scikit-learn (three classes, default)": lambda: brier_score_loss(HAPPENED, ROWS),
        },
    ),
    Row(
        scores.rps,
        "lower",
        lambda: scores.rps(CORNERS, CORNER),
        lambda: scores.rps(ROWS, HAPPENED),
        {"scoringrules": lambda: scoringrules.rps_score(HAPPENED + 1, ROWS)},
    ),
    Row(
        scores.log_score,
        "lower",
        lambda: scores.log_score(SURE, EACH),
        lambda: scores.log_score(P, Y).mean(),
        {
            "scikit-learn": lambda: log_loss(Y, P),
            "scoringrules": lambda: scoringrules.log_score(Y, P).mean(),
        },
    ),
    Row(
        scores.spherical,
        "higher",
        lambda: scores.spherical(SURE, EACH),
    ),
    Row(
        scores.skill,
        "higher",
        lambda: [scores.skill(0.0, 0.25), -np.inf],
        lambda: scores.skill(scores.brier(P, Y), scores.brier(Y.mean(), Y)),
        {"scikit-learn (`d2_brier_score`)": lambda: d2_brier_score(Y, P)},
    ),
    Row(time_brier, "lower", lambda: over_time(time_brier)),
    Row(time_skill, "higher", lambda: over_time(lambda record, v: time_skill(record, v, [0.0, 0.0, 0.5]))),
    Row(
        quantities.crps_ensemble,
        "lower",
        lambda: [quantities.crps_ensemble([1.0], 1.0), np.inf],
        lambda: quantities.crps_ensemble(MEMBERS, TRUTH),
        {
            "scoringrules": lambda: scoringrules.crps_ensemble(TRUTH, MEMBERS),
            "scores": lambda: (
                crps_for_ensemble(
                    xarray.DataArray(MEMBERS, dims=["i", "member"]),
                    array(TRUTH),
                    ensemble_member_dim="member",
                    method="ecdf",
                    preserve_dims="i",
                ).values
            ),
        },
    ),
    Row(
        quantities.pinball,
        "lower",
        lambda: [quantities.pinball(1.0, 1.0, level=0.5), np.inf],
        lambda: quantities.pinball(QUANTILES[:, 1], TRUTH, level=np.full(60, 0.25)).mean(),
        {
            "scikit-learn": lambda: mean_pinball_loss(TRUTH, QUANTILES[:, 1], alpha=0.25),
            "scoringrules": lambda: scoringrules.quantile_score(TRUTH, QUANTILES[:, 1], 0.25).mean(),
        },
    ),
    Row(
        quantities.interval_score,
        "lower",
        lambda: [quantities.interval_score(1.0, 1.0, 1.0, alpha=0.1), np.inf],
        lambda: quantities.interval_score(QUANTILES[:, 0], QUANTILES[:, 4], TRUTH, alpha=0.1),
        {"scoringrules": lambda: scoringrules.interval_score(TRUTH, QUANTILES[:, 0], QUANTILES[:, 4], 0.1)},
    ),
    Row(
        quantities.weighted_interval_score,
        "lower",
        lambda: [quantities.weighted_interval_score([1.0, 1.0, 1.0], 1.0, levels=[0.1, 0.5, 0.9]), np.inf],
        lambda: quantities.weighted_interval_score(QUANTILES, TRUTH, levels=LEVELS),
        {"scoringrules": wis_of_scoringrules},
    ),
    Row(
        corp.corp_decomposition,
        "see parts",
        None,
        lambda: corp.corp_decomposition(P, Y).miscalibration,
        {"model-diagnostics": decompose(Y, P, scoring_function=SquaredError())["miscalibration"].item},
        cited="Dimitriadis, Gneiting & Jordan (2021)",
    ),
    Row(murphy.murphy_decomposition, "see parts"),
    Row(calibration.spiegelhalter, "near 0"),
    Row(
        calibration.calibration_line,
        "slope near 1",
        None,
        lambda: calibration.calibration_line(P, Y).slope,
        {"statsmodels": line_of_statsmodels},
    ),
    Row(
        calibration.auc,
        "higher",
        lambda: [calibration.auc([0.1, 0.9], [0, 1]), calibration.auc([0.9, 0.1], [0, 1])],
        lambda: calibration.auc(P, Y),
        {"scikit-learn": lambda: roc_auc_score(Y, P)},
    ),
    Row(
        calibration.sharpness,
        "lower is bolder",
        lambda: [calibration.sharpness([0.0, 1.0]), calibration.sharpness([0.5])],
        cited="",
    ),
    Row(
        platforms.metaculus_baseline,
        "higher",
        lambda: over_time(platforms.metaculus_baseline),
    ),
    Row(platforms.metaculus_peer, "higher", lambda: [-np.inf, np.inf]),
    Row(
        platforms.good_judgment,
        "lower; improper",
        lambda: platforms.good_judgment([[0.0, 0.0], [1.0, 1.0]], 1).mean_brier,
    ),
    Row(
        platforms.fatebook,
        "lower; improper",
        lambda: [platforms.fatebook(standing([0], [p], opens=0, closes=1), 1).absolute[0] for p in (0.0, 1.0)],
    ),
    Row(platforms.forecastbench_index, "higher", lambda: platforms.forecastbench_index([0.0, 1.0])),
]


def summary(function: Callable) -> str:
    return function.__doc__.split("\n\n")[0].replace("\n", " ").strip().rstrip(".")


def source(row: Row) -> str:
    if row.cited is not None:
        assert row.cited in sys.modules[row.function.__module__].__doc__
        return row.cited
    paragraphs = [" ".join(paragraph.split()) for paragraph in row.function.__doc__.split("\n\n")]
    found = [paragraph for paragraph in paragraphs if paragraph.startswith("Source: ")]
    assert len(found) == 1, f"{row.function.__name__} must name its source in one paragraph"
    return found[0].removeprefix("Source: ").rstrip(".")


def span(row: Row) -> str:
    if row.extremes is None:
        return ""
    values = np.asarray(row.extremes(), dtype=float)
    low, high = (f"{value + 0.0:g}".replace("inf", "∞") for value in (values.min(), values.max()))
    return f"{low} to {high}"


def verdicts(row: Row) -> tuple[str, str]:
    """The peers that give our number, and those that do not with what they give."""
    agree, differ = [], []
    for name, theirs in row.peers.items():
        own, other = np.asarray(row.ours(), dtype=float), np.asarray(theirs(), dtype=float)
        if np.allclose(own, other, rtol=1e-6, atol=1e-8):
            agree.append(name)
        elif np.allclose(other / own, (other / own).flat[0]):
            differ.append(f"{name}: {(other / own).flat[0]:.4g} times ours")
        else:
            differ.append(f"{name}: {other.mean():.4g}, ours {own.mean():.4g}")
    return ", ".join(agree), "; ".join(differ)


def page() -> str:
    lines = [
        "# Scores",
        "",
        "Written by `python -m tests.test_scores_table` from the docstrings and from a comparison with other",
        "libraries on the same random input; a test fails when the page is old. An empty cell means that no peer",
        "in the tests offers the score, or that it was compared with stored vectors only (`tests/vectors`).",
        "",
        "| score | what it is | range | better | source | agrees | differs |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in TABLE:
        module = row.function.__module__.removeprefix("forecasts.")
        agree, differ = verdicts(row)
        cells = (summary(row.function), span(row), row.better, source(row), agree, differ)
        shown = " | ".join(cell.replace("|", "\\|") for cell in cells)
        lines.append(f"| `{module}.{row.function.__name__}` | {shown} |")
    lines += ["", "Certainty is where peers differ most:", "", "| forecast | outcome | ours | scikit-learn |"]
    lines += ["| --- | --- | --- | --- |"]
    for p, outcome in ((1.0, 0), (0.0, 1)):
        theirs = log_loss([outcome], [p], labels=[0, 1])
        lines.append(f"| {p:g} | {outcome} | log score ∞ | {theirs:.4g} (clipped in silence) |")
        assert scores.log_score(p, outcome) == np.inf
    return "\n".join(lines) + "\n"


def test_the_page_of_scores_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.test_scores_table"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.function.__name__)
def test_every_score_names_its_source(row):
    assert source(row) or row.cited == ""


@pytest.mark.parametrize(
    "function", [scores.brier, scores.log_score, corp.corp_decomposition, calibration.auc], ids=lambda f: f.__name__
)
def test_the_plain_scores_have_a_peer_that_agrees_and_none_that_does_not(function):
    row = next(row for row in TABLE if row.function is function)

    agree, differ = verdicts(row)

    assert agree
    assert not differ


if __name__ == "__main__":
    warnings.simplefilter("error")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")

"""How our library arrives at each value of the reference vectors: scores of single forecasts."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from forecasts.scores import brier, brier_multi, brier_original, log_score, mean_score, rps, skill, spherical

DATA = Path(__file__).parents[1] / "data"
EPSILON = float(np.finfo(float).eps)
Ours = Callable[[dict, list[str]], object]


@dataclass(frozen=True)
class Rule:
    """For the paths that fit `pattern` (a * stands for anything, further levels too): how we arrive at the value."""

    pattern: str
    ours: Ours | None = None
    tolerance: float | None = None

    def fits(self, path: str) -> bool:
        return fnmatchcase(path, self.pattern)


class Given(Rule):
    """Input, a name, a note, a version: nothing to compute."""


@dataclass(frozen=True)
class Left(Rule):
    """A value that we do not give, and why."""

    why: str = ""


def at(document: dict, *path: str) -> object:
    """The value or block at a path."""
    for key in path:
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


NIAMEY = {name: np.array([float(row[name]) for row in read("precip_Niamey_2016.csv")]) for name in
          ("Logistic", "EMOS", "ENS", "EPC", "obs")}  # fmt: skip


def record(block: dict) -> tuple[np.ndarray, np.ndarray]:
    return np.atleast_1d(np.array(block["p"], float)), np.atleast_1d(np.array(block["y"], float))


def given(*patterns: str) -> list[Rule]:
    return [Given(pattern) for pattern in patterns]


# --- 01 to 05: single forecasts --------------------


def case_of(d: dict, path: list[str]) -> dict:
    return at(d, *path[:2])


def mean_brier(d: dict, path: list[str]) -> float | None:
    return mean_score(brier(*record(case_of(d, path))))


def mean_original(d: dict, path: list[str]) -> float | None:
    return mean_score(brier_original(*record(case_of(d, path))))


def world_events(d: dict, path: list[str]) -> np.ndarray:
    rows = read("WorldEvents.csv")
    return brier([float(row["forecast"]) for row in rows], [int(row["answer"]) for row in rows])


def mixture(d: dict, path: list[str]) -> float:
    case = case_of(d["fractional"], path[1:])
    return case["v"] * brier(case["p"], 1) + (1 - case["v"]) * brier(case["p"], 0)


def over_categories(
    rule: Callable[..., np.ndarray], *, times: float = 1.0, block: str | None = None, **options: bool
) -> Ours:
    def ours(d: dict, path: list[str]) -> np.ndarray:
        source = d if block is None else d[block]
        return times * rule(source["pred"], source["outcome_index0"], **options)

    return ours


def averaged(each: Ours) -> Ours:
    return lambda d, path: mean_score(each(d, path))


def less(each: Ours, whole: float = 1.0) -> Ours:
    return lambda d, path: whole - np.asarray(each(d, path))


def rps_against(shares: list[float] | None) -> tuple[Ours, Ours]:
    """The mean RPS of always saying these shares (None: those of the sample), and the skill against it."""

    def reference(d: dict, path: list[str]) -> float:
        happened = np.array(d["outcome_index0"])
        said = np.bincount(happened) / happened.size if shares is None else np.array(shares)
        return mean_score(rps(np.tile(said, (happened.size, 1)), happened))

    def saved(d: dict, path: list[str]) -> float | None:
        return skill(mean_score(rps(d["pred"], d["outcome_index0"])), reference(d, path))

    return reference, saved


CLIMATE, CLIMATE_SKILL = rps_against(None)
FIXED, FIXED_SKILL = rps_against([0.3, 0.4, 0.3])  # the baseline that was given to R


def log_of_case(**options: float) -> Ours:
    def ours(d: dict, path: list[str]) -> object:
        case = case_of(d, path)
        if "outcome_index0" in case:
            return log_score(case["p"], case["outcome_index0"], categories=True)
        return mean_score(log_score(*record(case), **options))

    return ours


def gwern(d: dict, path: list[str]) -> float:
    return -float(np.sum(log_score(*record(case_of(d, path)))))


def printed_log(outcome: int) -> Ours:
    return lambda d, path: -log_score(at(d, *path[:3])["p"], outcome)


def die(d: dict, path: list[str]) -> list[float]:
    yes, no = -log_score(float(path[2]), 1), -log_score(float(path[2]), 0)
    return [no, yes, yes / 6 + no * 5 / 6]


RULES: dict[str, list[Rule]] = {
    "01": [
        Rule("cases/*/expected", mean_brier),
        Rule("cases/*/per_item", lambda d, path: brier(*record(case_of(d, path)))),
        Rule("cases/*/expected_original_0_2", mean_original),
        Rule("cases/*/published/value", mean_original),
        Rule("cases/*/comparecast_positive_orientation", less(mean_brier)),
        Rule("cases/*/peers/*", mean_brier),
        Rule("R_scoring_worldevents/raw", world_events),
        Rule("fractional/*/squared_distance", lambda d, path: brier(at(d, *path[:3])["p"], at(d, *path[:3])["v"])),
        Rule("fractional/*/expected_over_mixture", mixture),
        *given("family", "orientation", "tolerance", "peers/*", "cases/*/name", "cases/*/[py]", "*/published/*"),
        *given("*note", "fractional/*/[pv]", "fractional/*/peer_*", "peer_disagreements"),
    ],
    "02": [
        Rule("expected_original_per_item", over_categories(brier_original, categories=True)),
        Rule("expected_half_per_item", over_categories(brier_multi)),
        Rule("peers/sklearn_scale_by_half_true", averaged(over_categories(brier_multi))),
        Rule("peers/sklearn_*", averaged(over_categories(brier_original, categories=True))),
        Rule("peers/R_scoring_pow2", over_categories(brier_multi)),
        Rule("peers/comparecast_1_minus_half", less(over_categories(brier_multi))),
        *given("family", "tolerance", "pred/*", "outcome_index0", "peers/versions/*", "note"),
    ],
    "03": [
        Rule("expected_unnormalised_per_item", over_categories(lambda p, k: rps(p, k, normalize=False))),
        Rule("expected_normalised_Kminus1_per_item", over_categories(rps)),
        Rule("expected_gjo_ordered_per_item", over_categories(rps, times=2.0)),
        Rule("peers/scoringrules_*", over_categories(lambda p, k: rps(p, k, normalize=False))),
        Rule("peers/R_scoring_ordered", over_categories(rps)),
        Rule("peers/R_verification*/rps", averaged(over_categories(rps))),
        Rule("peers/R_verification*/rps_b", averaged(over_categories(rps))),
        Rule("peers/R_verification*/clim", CLIMATE),
        Rule("peers/R_verification*/rpss", CLIMATE_SKILL),
        Rule("peers/R_verification*/clim_b", FIXED),
        Rule("peers/R_verification*/rpss_b", FIXED_SKILL),
        *given("family", "tolerance", "pred/*", "outcome_index0", "gjo_note", "peers/versions/*", "invariants"),
    ],
    "04": [
        Rule("cases/0/expected_sum_of_logs", gwern),
        Rule("cases/0/published/value", gwern, 5e-4),
        Rule("cases/*/expected_mean_loss", log_of_case()),
        Rule("cases/*/sklearn*", log_of_case(clip=EPSILON)),
        Rule("cases/*/comparecast_eps_1e_8", log_of_case(clip=1e-8), 1e-8),
        Rule("cases/*/comparecast", log_of_case()),
        Rule("cases/*/scoringrules", log_of_case()),
        Rule("cases/*/R_scoring_log", log_of_case()),
        Rule("metaculus_faq_printed/rows/*/yes", printed_log(1), 1e-3),
        Rule("metaculus_faq_printed/rows/*/no", printed_log(0), 0.05),
        Rule("metaculus_faq_printed/die_p/*", die, 0.06),
        *given("family", "tolerance", "cases/*/name", "cases/*/[py]*", "cases/*/outcome_index0", "versions/*"),
        *given("metaculus_faq_printed/source", "metaculus_faq_printed/rows/*/p"),
    ],
    "05": [
        Rule("binary/comparecast", lambda d, path: spherical(*record(d["binary"]))),
        Rule("multi/comparecast", over_categories(spherical, block="multi", categories=True)),
        Rule("multi/R_scoring_loss_1_minus", less(over_categories(spherical, block="multi", categories=True))),
        *given("family", "tolerance", "binary/[py]", "multi/pred/*", "multi/outcome_index0", "note", "versions/*"),
    ],
}

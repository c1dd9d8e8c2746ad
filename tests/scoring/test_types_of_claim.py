"""Claims that are not yes or no, from the ledger to the card: scored within their type, by the rules of all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Clock

from forecasts import brier
from forecasts.curves import curves
from forecasts.date_scores import date_losses, date_losses_over_time, date_reference
from forecasts.number_scores import number_losses, number_reference
from predictions import Ledger, LedgerWarning
from predictions.scoring.columns.claim_types import CHOICE, DATE, NUMBER, ORDERED

DEADLINE = "2026-06-30"
LABS = ["openai", "anthropic", "google"]
DAYS = (date(2026, 6, 30) - date(2026, 1, 1)).days + 1


@pytest.fixture
def asked(ledger: Ledger) -> Ledger:
    ledger.add("Which lab?", deadline=DEADLINE, options=LABS, p={"openai": 0.4, "anthropic": 0.4, "google": 0.2})
    ledger.add("How large?", deadline=DEADLINE, options=["low", "mid", "high"], ordered=True,
               p={"low": 0.2, "mid": 0.5, "high": 0.3})  # fmt: skip
    ledger.add("Cars sold", deadline=DEADLINE, unit="million", between=(0, 10),
               quantiles={0.1: 2, 0.5: 4, 0.75: 6, 0.9: 7})  # fmt: skip
    ledger.add("The law is passed", deadline=DEADLINE, when=True, p={"2026-03-31": 0.3, DEADLINE: 0.6})
    return ledger


@pytest.fixture
def resolved(asked: Ledger, clock: Clock) -> Ledger:
    clock.set("2026-08-15")
    asked.resolve("which-lab", "anthropic", known_on="2026-07-02", reason="by the table")
    asked.resolve("how-large", "mid", known_on="2026-07-02", reason="by the table")
    asked.resolve("cars-sold", 4.2, known_on="2026-07-02", reason="by the register")
    asked.resolve("the-law", "yes", happened_on="2026-05-10", reason="in the gazette")
    return asked


def means(ledger: Ledger, **asked: object) -> dict[int, dict[str, dict[str, float]]]:
    """The means of each type and forecaster."""
    return {
        scores.kind: {record.forecaster.slug: dict(record.means) for record in scores.records}
        for scores in ledger.scorecard(**asked).types
    }


def test_each_type_has_the_score_of_its_yes_no_questions(resolved: Ledger) -> None:
    found = {kind: scores["ana"] for kind, scores in means(resolved).items()}

    points = [(2.0, 0.1), (4.0, 0.5), (6.0, 0.75), (7.0, 0.9)]
    over = np.arange(1, DAYS)  # it is told by the day: what was said on the first day stands from the second
    by_day = np.interp(np.arange(1, DAYS + 1), [0, 90, DAYS], [0, 0.3, 0.6])
    event = (date(2026, 5, 10) - date(2026, 1, 1)).days + 1
    outcome = (np.arange(1, DAYS + 1) >= event).astype(float)
    assert found[CHOICE]["brier"] == pytest.approx((0.4**2 + 0.6**2 + 0.2**2) / 2)
    assert found[ORDERED]["brier"] == pytest.approx((0.2**2 + 0.3**2) / 2)
    assert found[NUMBER]["brier"] == pytest.approx(number_losses(curves([points]), 4.2, low=0, high=10)[0])
    assert found[DATE]["brier"] == pytest.approx(brier(by_day, outcome)[over].mean())


def test_skill_over_time_is_what_was_saved_against_knowing_nothing(resolved: Ledger) -> None:
    found = {kind: scores["ana"] for kind, scores in means(resolved).items()}

    share = (DAYS - 1) / DAYS
    event = (date(2026, 5, 10) - date(2026, 1, 1)).days + 1
    stood = {"days": DAYS, "start": 1, "end": event}  # the day on which the answer came counts whole
    saved = date_losses_over_time(date_reference(DAYS), event, **stood) - date_losses_over_time(
        curves([[(90, 0.3), (DAYS, 0.6)]]), event, **stood
    )
    assert found[CHOICE]["time_skill"] == pytest.approx((1 / 3 - 0.28) * share)
    assert found[ORDERED]["time_skill"] == pytest.approx((1 / 9 - 0.065) * share)
    nothing = number_reference(4.2, low=0, high=10)
    assert found[NUMBER]["time_skill"] == pytest.approx((nothing - found[NUMBER]["brier"]) * share)
    assert found[DATE]["time_skill"] == pytest.approx(saved[0])


def test_a_date_is_the_mean_of_the_yes_no_claims_by_its_days(ledger: Ledger, clock: Clock) -> None:
    last, event = 6, 4
    chances = [0.1, 0.2, 0.5, 0.6, 0.7, 0.9]
    by_day = {f"2026-01-0{day}": chance for day, chance in enumerate(chances, 2)}
    ledger.add("It opens", deadline="2026-01-07", opens_on="2026-01-02", when=True, p=by_day, slug="opens")
    for day, chance in by_day.items():
        ledger.add(f"It opens by {day}", deadline=day, opens_on="2026-01-02", p=chance, slug=f"by-{day}")
    clock.set("2026-03-01")
    ledger.resolve("opens", "yes", happened_on="2026-01-05", reason="seen")
    for number, day in enumerate(by_day, 1):
        happened = {"happened_on": "2026-01-05"} if number >= event else {}
        ledger.resolve(f"by-{day}", "yes" if number >= event else "no", reason="seen", **happened)

    of_days = {row["claim"]: row for row in ledger.scorecard().rows()}
    found = means(ledger)[DATE]["ana"]

    assert found["brier"] == pytest.approx(np.mean([of_days[f"by-{day}"]["brier"] for day in by_day]), abs=1e-12)
    lost = sum(
        (0.25 * of_days[f"by-{day}"]["coverage"] - of_days[f"by-{day}"]["time_skill"]) * number
        for number, day in enumerate(by_day, 1)
    )
    nothing = date_losses_over_time(date_reference(last), event, days=last, start=0, end=event)[0]
    assert found["time_skill"] == pytest.approx(nothing - lost / (last * (last + 1) / 2), abs=1e-12)


def test_the_month_of_an_event_spreads_its_answer_evenly(asked: Ledger, clock: Clock) -> None:
    clock.set("2026-08-15")
    asked.resolve("the-law", "yes", happened_on="2026-05", known_on="2026-06-01", reason="in the gazette")

    found = means(asked)[DATE]["ana"]["brier"]

    by_day = np.interp(np.arange(1, DAYS + 1), [0, 90, DAYS], [0, 0.3, 0.6])
    may = (date(2026, 5, 1) - date(2026, 1, 1)).days
    outcome = np.clip((np.arange(1, DAYS + 1) - may) / 31, 0, 1)
    assert found == pytest.approx(brier(by_day, outcome)[1:].mean())


def test_an_outcome_beyond_the_range_counts_as_at_its_end(asked: Ledger, clock: Clock) -> None:
    clock.set("2026-08-15")
    asked.resolve("cars-sold", 42, known_on="2026-07-02", reason="by the register")

    points = [(2.0, 0.1), (4.0, 0.5), (6.0, 0.75), (7.0, 0.9)]
    at_the_end = number_losses(curves([points]), 10, low=0, high=10)[0]
    assert means(asked)[NUMBER]["ana"]["brier"] == pytest.approx(at_the_end)


def test_the_rules_of_time_hold_for_all_types(asked: Ledger, clock: Clock) -> None:
    clock.set("2026-03-01")
    asked.forecast("which-lab", {"openai": 0.1, "anthropic": 0.8, "google": 0.1})  # what was said first is scored
    asked.forecast("which-lab", {"openai": 0, "anthropic": 1, "google": 0}, by="late", kind="person")
    asked.withdraw("which-lab", by="late")
    clock.set("2026-07-03")
    with pytest.warns(LedgerWarning, match="kept and never scored"):
        asked.forecast("which-lab", {"openai": 0, "anthropic": 1, "google": 0}, by="later", kind="person")
    clock.set("2026-08-15")
    asked.resolve("which-lab", "anthropic", known_on="2026-07-02", reason="by the table")

    found = means(asked)[CHOICE]
    assert found["ana"]["brier"] == pytest.approx(0.28)
    assert found["late"] == {}
    assert found["later"] == {}


def test_a_correction_of_a_draft_drops_what_does_not_fit_any_more(ledger: Ledger, clock: Clock) -> None:
    ledger.add("Which?", deadline=DEADLINE, options=["a", "b"], p={"a": 0.9, "b": 0.1})
    ledger.correct("which", options=("a", "b", "c"), reason="there is a third")
    clock.set("2026-08-15")
    ledger.resolve("which", "a", known_on="2026-07-02", reason="seen")

    assert means(ledger) == {CHOICE: {"ana": {}}}
    [row] = ledger.scorecard().rows()
    assert (row["place"], row["said"]) == ("no longer fits", None)


def test_open_claims_are_bounded_over_what_may_still_happen(asked: Ledger) -> None:
    records = {scores.kind: scores.records[0] for scores in asked.scorecard().types}

    assert records[CHOICE].every_open == pytest.approx(((0.36 + 0.16 + 0.04) / 2, (0.16 + 0.16 + 0.64) / 2))
    assert records[ORDERED].every_open == pytest.approx((0.065, (0.64 + 0.09) / 2))
    least, most = records[NUMBER].every_open
    assert 0 < least < most < 1
    assert records[DATE].every_open[0] < records[DATE].every_open[1]


def test_the_card_of_yes_or_no_is_the_same_with_other_types_on_file(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline=DEADLINE, p=0.3)
    ledger.forecast("it-rains", 0.6, by="bob", kind="person")
    clock.set("2026-08-15")
    ledger.resolve("it-rains", "no", reason="dry")
    before = ledger.scorecard(crowds=True, full=True).to_dict()
    ledger.add("Which?", deadline="2026-12-31", options=["a", "b"], p={"a": 0.9, "b": 0.1})
    ledger.forecast("which", {"a": 0.5, "b": 0.5}, by="bob")

    after = ledger.scorecard(crowds=True, full=True).to_dict()

    assert {row["forecaster"] for row in after["types"]} == {"ana", "bob", "crowd-linear", "crowd-median"}
    yes_or_no = [row for row in after["rows"] if row["type"] == "yes-no"]
    assert len(yes_or_no) == len(after["rows"]) - 4
    changed = {"head": "", "as_of": "", "types": [], "rows": []}
    assert (yes_or_no, {**after, **changed}) == (before["rows"], {**before, **changed})


@pytest.mark.parametrize(
    ("type", "title"), [("choice", "CHOICES"), ("ordered", "ORDERED"), ("number", "NUMBERS"), ("date", "DATES")]
)
def test_a_filter_by_type_shows_that_table_alone(resolved: Ledger, type: str, title: str) -> None:  # noqa: A002
    text = str(resolved.scorecard(type=type))

    assert title in text
    assert "too few" in text
    assert len(resolved.scorecard(type=type).types) == 1
    assert "SCORES  Brier" not in text


def test_a_card_by_the_last_forecast_scores_that(asked: Ledger, clock: Clock) -> None:
    clock.set("2026-03-01")
    asked.forecast("which-lab", {"openai": 0.1, "anthropic": 0.8, "google": 0.1})
    clock.set("2026-08-15")
    asked.resolve("which-lab", "anthropic", known_on="2026-07-02", reason="by the table")

    assert means(asked, rule="last")[CHOICE]["ana"]["brier"] == pytest.approx((0.01 + 0.04 + 0.01) / 2)


@pytest.mark.parametrize("type", ["choice", "ordered", "number", "date"])
def test_what_is_open_bounds_the_skill_over_time_by_what_it_may_come_out_as(
    asked: Ledger,
    clock: Clock,
    tmp_path: Path,
    type: str,  # noqa: A002
) -> None:
    """Every outcome is recorded in a copy of the ledger, and the card of each copy read."""
    slug, outcomes = {
        "choice": ("which-lab", LABS),
        "ordered": ("how-large", ["low", "mid", "high"]),
        "number": ("cars-sold", [0, 2, 3.5, 4, 4.5, 5, 6, 7, 10]),
        "date": ("the-law", [*(f"2026-{month:02}-{day:02}" for month in (4, 5, 6) for day in (1, 11, 21)), None]),
    }[type]
    clock.set("2026-03-20")
    if type == "date":
        asked.forecast(slug, {"2026-04-30": 0.2, DEADLINE: 0.9})
    elif type == "number":
        asked.forecast(slug, quantiles={0.1: 3, 0.5: 5, 0.75: 6, 0.9: 8})
    elif type == "choice":
        asked.forecast(slug, {"openai": 0.1, "anthropic": 0.1, "google": 0.8})
    else:
        asked.forecast(slug, {"low": 0.1, "mid": 0.1, "high": 0.8})
    [told] = [row for row in asked.scorecard(full=True).to_dict()["types"] if row["type"] == type]
    text = " ".join(str(asked.scorecard(full=True)).split())

    clock.set("2026-08-15")
    skills = []
    for number, outcome in enumerate(outcomes):
        copied = tmp_path / f"copy-{number}.db"
        asked.backup(copied)
        with Ledger(copied, me="ana") as copy:
            if outcome is None:
                copy.resolve(slug, "no", reason="it did not come")
            elif type == "date":
                copy.resolve(slug, "yes", happened_on=outcome, reason="seen")
            else:
                copy.resolve(slug, outcome, known_on="2026-07-02", reason="seen")
            [row] = [row for row in copy.scorecard().to_dict()["types"] if row["type"] == type]
            skills.append(row["time_skill"])

    least, most = told["bounds_time_skill"]
    assert "worst: skill over time ana" in text
    assert least - 1e-9 <= min(skills) <= max(skills) <= most + 1e-9
    assert max(skills) - min(skills) > 0.5 * (most - least)  # some of the outcomes come near the bounds


@pytest.mark.parametrize("today", ["2026-01-04", "2026-02-20"])
def test_the_skill_over_time_of_a_date_is_bounded_by_every_day_of_the_event_known_on_every_later_day(
    ledger: Ledger, clock: Clock, tmp_path: Path, today: str
) -> None:
    """Every pair of days in a window of a week is recorded in a copy of the ledger."""
    days = [f"2026-01-{day:02}" for day in range(1, 8)]
    ledger.add("The law passes", deadline=days[-1], slug="law", when=True, p={days[2]: 0.1, days[-1]: 0.4})
    clock.set(days[1])
    ledger.forecast("law", {days[4]: 0.2, days[-1]: 0.9})
    clock.set(today)
    [told] = ledger.scorecard(full=True).to_dict()["types"]
    explained = " ".join(str(ledger.explain("bounds_time_skill", "ana", type="date")).split())

    clock.set("2026-02-20T12:00Z")
    to_come = [day for day in days if day >= today] or days
    verdicts: list[dict[str, Any]] = [{"outcome": "no", "reason": "it did not come"}]
    verdicts += [{"outcome": "no", "impossible": True, "known_on": known, "reason": "vetoed"} for known in to_come]
    verdicts += [
        {"outcome": "yes", "happened_on": day, "known_on": known, "reason": "seen"}
        for day in to_come for known in days if known >= day
    ]  # fmt: skip
    skills = {}
    for number, verdict in enumerate(verdicts):
        ledger.backup(copied := tmp_path / f"copy-{number}.db")
        with Ledger(copied, me="ana") as copy:
            copy.resolve("law", **verdict)
            [row] = copy.scorecard().to_dict()["types"]
            if row["time_skill"] is not None:  # else it was known before anything stood
                skills[row["time_skill"]] = verdict

    assert told["bounds_time_skill"] == pytest.approx([min(skills), max(skills)], abs=1e-9)
    for verdict in (skills[min(skills)], skills[max(skills)]):
        assert verdict.get("happened_on", "never") in explained
        assert verdict.get("known_on", "never") in explained


@pytest.mark.parametrize(("today", "over"), [("2026-05-01", 120), ("2026-08-15", 0)])
def test_a_date_is_bounded_by_the_days_to_come_and_without_a_verdict_afterwards_by_all(
    asked: Ledger, clock: Clock, today: str, over: int
) -> None:
    clock.set(today)

    [told] = [row for row in asked.scorecard().to_dict()["types"] if row["type"] == "date"]

    days = np.arange(over + 1, DAYS + 2)
    said = curves([[(90, 0.3), (DAYS, 0.6)]] * days.size)
    losses = date_losses(said, days, days=DAYS, passed=1)
    assert told["bounds_open"] == pytest.approx([losses.min(), losses.max()])

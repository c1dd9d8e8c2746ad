"""A figure that is printed lies in the interval printed beside it, or a note says why not."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from predictions import Ledger
from predictions.testing import Clock, scratch_ledger
from predictions.views.scorecard.leaderboard import Leaderboard
from predictions.views.scorecard.leaderboard_words import interval_told

NUMBER = r"[<>]?([+-]?\d+\.\d+)"
INTERVAL = re.compile(rf"{NUMBER} \.\. {NUMBER}")
DIFFERENCE = re.compile(rf"is {NUMBER} (lower|higher) .* interval {NUMBER} \.\. {NUMBER}(, with all that is still in)?")


def contest(ledger: Ledger, clock: Clock, random: np.random.Generator, people: int, claims: int) -> list[str]:
    """Record what people who know more or less say of some claims on three days; return those that come true."""
    slugs, chances = [f"c{number:02d}" for number in range(claims)], random.random(claims)
    for slug in slugs:
        ledger.add(f"It happens: {slug}", slug=slug, deadline="2026-03-31")
    noise = random.uniform(0.02, 0.6, people) if random.random() < 0.5 else np.full(people, 0.3)
    said = np.clip(chances[:, None] + random.normal(size=(claims, people)) * noise, 0.01, 0.99).round(2)
    joins = random.choice(4, (claims, people), p=[0.4, 0.2, 0.2, 0.2])
    for on, day in enumerate(("2026-01-02", "2026-01-20", "2026-02-10")):
        claim, who = (joins == on).nonzero()
        clock.set(day)
        ledger.import_forecasts(
            {
                "claim": [slugs[number] for number in claim],
                "forecaster": [f"p{number}" for number in who],
                "made_at": [f"{day}T09:00:00Z"] * claim.size,
                "probability": said[claim, who],
            }
        )
    return [slug for slug, true in zip(slugs, random.random(claims) < chances, strict=True) if true]


def lines_of(seed: int) -> tuple[Leaderboard, list[tuple[str, ...]]]:
    """Return the board of a contest, and the cells of its lines."""
    random = np.random.default_rng(seed)
    people, claims = int(random.integers(6, 16)), int(random.integers(24, 36))
    with scratch_ledger("2026-01-01", me="ana") as (ledger, clock):
        true = contest(ledger, clock, random, people, claims)
        clock.set("2026-06-01")
        for slug in (f"c{number:02d}" for number in range(claims)):
            happened = {"happened_on": "2026-03-31"} if slug in true else {}
            ledger.resolve(slug, "yes" if slug in true else "no", known_on="2026-04-01", reason=slug, **happened)
        board = ledger.leaderboard(top=people)
        return board, [row for table in board.tables() for row in table.rows]


def test_no_skill_is_printed_outside_its_interval_without_a_note() -> None:
    noted = 0
    for seed in range(5):
        _, lines = lines_of(seed)
        assert lines
        for _, skill, interval, *_, note in lines:
            lower, upper = map(float, INTERVAL.fullmatch(interval).groups())
            if not lower <= float(skill) <= upper:
                assert "as measured, drawn towards the middle" in note
                noted += 1

    assert noted  # one of them lies outside


def test_an_end_is_rounded_so_that_it_does_not_cut_off_the_skill() -> None:
    row = lines_of(0)[0].drawn[0]

    assert interval_told(replace(row, skill=0.204, lower=0.1012, upper=0.2046)) == "+0.101 .. +0.205"
    assert interval_told(replace(row, skill=0.204, lower=0.1012, upper=0.2146)) == "+0.10 .. +0.21"
    assert interval_told(replace(row, skill=0.3, lower=0.1012, upper=0.2146)) == "+0.10 .. +0.21"


@pytest.mark.parametrize("doubted", [0, 30])
def test_no_difference_is_printed_outside_its_interval_without_a_note(doubted: int) -> None:
    """Who was bold and right on what is settled, and says 50 % of the rest, may save nothing more."""
    with scratch_ledger("2026-01-01", me="ana") as (ledger, clock):
        for number in range(12 + doubted):
            slug = ledger.add(f"It happens: {number}", slug=f"c{number:02d}", deadline="2026-03-31").slug
            ledger.forecast(slug, 0.98 if number < 12 else 0.5, by="ann")
            ledger.forecast(slug, 0.02 if number < 12 else 0.5, by="bob")
        clock.set("2026-06-01")
        for number in range(12):
            ledger.resolve(f"c{number:02d}", "yes", happened_on="2026-03-31", known_on="2026-04-01", reason="seen")
        found = ledger.compare("ann", "bob")

    size, side, lower, upper, noted = DIFFERENCE.search(found.sentence).groups()
    difference = -float(size) if side == "lower" else float(size)
    assert bool(noted) is bool(doubted) is not (float(lower) <= difference <= float(upper))

"""A date of which only the month or year is known: its days within the window, up to what was known, share the answer.

The window is 2026-01-29 to 2026-02-03, six days over the end of a month.
"""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger

CHANCES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]  # by the end of each day
NOTHING = [day / 12 for day in range(1, 7)]
THIRD = 1 / 3


@pytest.fixture
def law(ledger: Ledger, clock: Clock) -> Ledger:
    said = {"2026-01-31": 0.3, "2026-02-03": 0.6}
    ledger.add("The law", opens_on="2026-01-29", deadline="2026-02-03", when=True, slug="law", p=said)
    clock.set("2026-04-01")
    return ledger


@pytest.mark.parametrize(
    ("happened_on", "known", "answers", "counted"),
    [
        ("2026-01", {"known_on": "2026-02-01"}, [THIRD, 2 * THIRD, 1, 1, 1, 1], 4),  # cut by the opening
        ("2026-02", {"known_on": "2026-02-05"}, [0, 0, 0, THIRD, 2 * THIRD, 1], 6),  # cut by the end
        ("2026-01", {"known_on": "2026-01-30"}, [0.5, 1, 1, 1, 1, 1], 2),  # known within it
        ("2026-01", {"known_on": "2026-01-30T12:00Z"}, [0.5, 1, 1, 1, 1, 1], 2),
        ("2026-01", {"known_on": "2026-01-29"}, [1, 1, 1, 1, 1, 1], 1),  # only one day is left
        ("2026", {"known_on": "2026-02-02"}, [0.2, 0.4, 0.6, 0.8, 1, 1], 5),
        ("2026", {"known_on": "2026-03-20"}, [day / 6 for day in range(1, 7)], 6),
        ("2026-02", {"known_on": "2026-02-01"}, [0, 0, 0, 1, 1, 1], 4),
        ("2026-02-02", {"known_on": "2026-02-02"}, [0, 0, 0, 0, 1, 1], 5),  # a day
    ],
)
def test_the_answer_rises_evenly_over_the_days_that_may_be_meant(
    law: Ledger, happened_on: str, known: dict[str, str], answers: list[float], counted: int
) -> None:
    law.resolve("law", "yes", happened_on=happened_on, reason="in the gazette", **known)

    [row] = law.scorecard().to_dict()["types"]

    squares, nothing = (
        [(chance - answer) ** 2 for chance, answer in zip(said, answers, strict=True)] for said in (CHANCES, NOTHING)
    )
    assert row["score"] == pytest.approx(sum(squares) / 6)
    open_for = [min(day, counted) for day in range(1, 7)]  # each day's question, until its day was over or it was known
    saved = sum((other - own) * days for own, other, days in zip(squares, nothing, open_for, strict=True))
    assert row["time_skill"] == pytest.approx(saved / 21)
    assert law.explain("skill over time", by="ana").value == pytest.approx(saved / 21)
    assert law.explain("date", by="ana").value == pytest.approx(sum(squares) / 6)


@pytest.mark.parametrize("happened_on", ["2025-12", "2025", "2026-03"])
def test_a_month_without_a_day_of_the_window_is_refused(law: Ledger, happened_on: str) -> None:
    with pytest.raises(InvalidValue, match=f"it happened in {happened_on}, (before|after) the window of law"):
        law.resolve("law", "yes", happened_on=happened_on, known_on="2026-03-31", reason="seen")


@pytest.mark.parametrize("happened_on", ["2026-01", "2026", "2026-02-01"])
def test_what_never_came_has_no_month(law: Ledger, happened_on: str) -> None:
    with pytest.raises(InvalidValue, match=r"happened_on|only a yes"):
        law.resolve("law", "no", happened_on=happened_on, reason="seen")

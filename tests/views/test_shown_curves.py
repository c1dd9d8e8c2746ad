"""What is shown of a curve of a number is the curve that is recorded and scored: on each axis, and beyond the range."""

from __future__ import annotations

import re
from bisect import bisect
from math import inf, log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions import Ledger
from predictions.enums import Axis
from predictions.records import Claim, Forecast, Point
from predictions.render.charts.curve_values import value_told, values_at
from predictions.scoring.near_counts import MIDDLE_RANGE
from predictions.testing import scratch_ledger
from predictions.views.claim.chart import claim_chart
from predictions.views.report.report import report

DEADLINE = "2026-01-31"
AT_MOST = re.compile(r"([\d.]+) % at most ([\d.]+)")
OUTCOMES = (10, 15, 16.5, 20, 55, 99, 101, 300, 630, 650, 700, 1000, 1001)
TAILED = [
    {0.25: 2, 0.5: 5, 0.75: 8},
    {0.1: 1, 0.11: 5, 0.12: 9},
    {0.88: 1, 0.89: 5, 0.9: 9},
    {0.1: 1, 0.5: 5, 0.9: 9},
    {0.05: 1, 0.5: 3, 0.8: 9},
    {0.2: 0, 0.6: 4, 0.7: 10},
    {0.125: 1.2345, 0.5: 4.5678},
    {number / 20: number / 4 for number in range(3, 17)},
]


@pytest.mark.parametrize(
    ("between", "quantiles"),
    [
        ((10, 1000, "log"), {0.5: 100}),
        ((10, 1000, "log"), {0.25: 20, 0.5: 200}),
        ((10, 1000, "log"), {0.1: 20, 0.5: 100, 0.9: 650}),
        ((10, 1000), {0.5: 100}),
        ((10, 1000), {0.3: 200, 0.5: 300, 0.6: 800}),
    ],
)
def test_an_outcome_counts_as_near_if_it_lies_in_the_range_that_is_shown(
    tmp_path: Path, between: tuple[object, ...], quantiles: dict[float, float]
) -> None:
    with scratch_ledger("2025-12-20", me="ana") as (ledger, clock):
        for outcome in OUTCOMES:
            asked = {"deadline": DEADLINE, "unit": "d", "between": between, "slug": f"at-{outcome:g}".replace(".", "-")}
            ledger.add(f"Price {outcome}", **asked, quantiles=quantiles)
        clock.set("2026-03-10")
        for outcome in OUTCOMES:
            ledger.resolve(f"at-{outcome:g}".replace(".", "-"), outcome, known_on="2026-02-01", reason="seen")
        card, claim = ledger.claim("at-55"), ledger.claim("at-55").claim
        low, high = values_at(claim, points_of(ledger, "at-55"), *MIDDLE_RANGE)

        near = sum(low * 0.9999 <= min(max(outcome, 10), 1000) <= high * 1.0001 for outcome in OUTCOMES)
        [row] = ledger.scorecard().to_dict()["types"]
        shown = [value_told(claim, end) for end in (low, high)]
        page = report(ledger.snapshot(), ledger.scorecard(), head="0:0")

    assert (row["near"], row["near_of"]) == (near, len(OUTCOMES))
    assert f"80 % between {', '.join(shown)}" in " ".join(str(card).split())
    for drawn in (claim_chart(card.line), page):
        assert f"80 % from {shown[0]} to {shown[1]}" in drawn


def points_of(ledger: Ledger, slug: str) -> tuple[Point, ...]:
    return next(one for one in ledger.snapshot().all(Forecast) if one.claim == slug).points


def chance_of(points: tuple[Point, ...], at: float) -> float:
    """The chance of at most a value, in straight lines, read once more."""
    whole = [Point(at=0.0, chance=0.0), *points, Point(at=10.0, chance=1.0)]
    place = bisect([point.at for point in whole[:-1]], at)
    before, after = whole[place - 1], whole[min(place, len(whole) - 1)]
    if after.at == before.at:
        return before.chance
    return before.chance + (after.chance - before.chance) * (at - before.at) / (after.at - before.at)


@pytest.mark.parametrize("quantiles", TAILED, ids=str)
def test_no_quantile_is_told_that_the_curve_does_not_have(ledger: Ledger, quantiles: dict[float, float]) -> None:
    asked = {"deadline": DEADLINE, "unit": "m", "between": (0, 10), "slug": "sold"}
    receipt = str(ledger.add("Sold", **asked, quantiles=quantiles))
    points, card = points_of(ledger, "sold"), ledger.claim("sold")
    page = report(ledger.snapshot(), ledger.scorecard(), head="0:0")
    [said] = [str(row["said"]) for row in ledger.scorecard().rows()]

    shown = "\n".join(
        [receipt, str(card), str(ledger.claim("sold", full=True)), str(ledger.history()), card._repr_html_(), page]
    )
    told = [(float(level) / 100, float(at)) for level, at in AT_MOST.findall(shown)]
    told += [tuple(map(float, one.split(" at most "))) for one in said.split(", ")]

    assert told
    assert [(level, chance_of(points, at)) for level, at in told] == [
        (level, pytest.approx(level, abs=6e-4)) for level, at in told
    ]


@pytest.mark.parametrize("quantiles", TAILED[:-1], ids=str)
def test_a_receipt_repeats_the_quantiles_as_they_were_said(ledger: Ledger, quantiles: dict[float, float]) -> None:
    asked = {"deadline": DEADLINE, "unit": "m", "between": (0, 10)}
    told = ", ".join(f"{100 * level:.12g} % at most {value}" for level, value in quantiles.items())

    added = ledger.add("Sold", **asked, quantiles=quantiles)
    quoted = ledger.quote("Oracle", "Sold, too", said_on="2025-12-05", link="https://o.example/a", **asked,
                          quantiles=quantiles)  # fmt: skip
    later = ledger.forecast(added, quantiles=quantiles, by="ben", kind="person")
    again = ledger.forecast(added, quantiles=quantiles, by="ben")

    assert added.lines[1] == f"ana: {told}"
    assert quoted.lines[1] == f"Oracle: {told}"
    assert later.lines[0] == f"sold: ben {told}; now"
    assert again.lines[0] == f"sold: ben {told} stands already; nothing new"


def test_a_receipt_says_what_a_smooth_curve_leaves_to_both_sides(ledger: Ledger) -> None:
    asked = {"deadline": DEADLINE, "unit": "m", "between": (0, 10)}

    wide = ledger.add("Sold", **asked, quantiles={0.25: 2, 0.5: 5, 0.75: 8})
    at_low = ledger.add("Bought", **asked, quantiles={0.2: 0, 0.5: 1, 0.9: 2})

    assert wide.lines[2] == "drawn as a smooth curve of 27 points, with 13 % at 0 or below and 13 % above 10"
    assert at_low.lines[2] == "drawn as a smooth curve of 27 points, with 20 % at 0 or below"


@pytest.mark.parametrize(
    ("quantiles", "drawn", "between", "middle"),
    [
        ({0.25: 2, 0.5: 5, 0.75: 8}, "0 [<==========5==========>] 10 m", "0 or below, above 10", "5 m"),
        ({0.1: 1, 0.11: 5, 0.12: 9}, "0 ..[1==================>=>] 10 m", "1, above 10", "above 10 m"),
        ({0.6: 1, 0.7: 2, 0.8: 3}, "0 [<=0.0653=======4.39]............ 10 m", "0 or below, 4.39", "0.0653 m"),
    ],
)
def test_what_lies_beyond_the_range_is_said_to_lie_there(
    ledger: Ledger, quantiles: dict[float, float], drawn: str, between: str, middle: str
) -> None:
    ledger.add("Sold", deadline=DEADLINE, unit="m", between=(0, 10), quantiles=quantiles)

    card = ledger.claim("sold")

    assert drawn in str(card)
    assert f"ana: 80 % between {between}" in str(card)
    assert f"80 % from {between.replace(', ', ' to ')}" in claim_chart(card.line)
    assert ledger.board(full=True).lines[0].forecasts == {"ana": middle}


@given(
    st.lists(st.floats(0, 10).map(lambda at: round(at, 3)), min_size=1, max_size=6, unique=True),
    st.data(),
    st.booleans(),
)
def test_a_value_that_is_read_off_has_its_chance_on_the_axis(
    at: list[float], data: st.DataObject, is_log: bool
) -> None:
    chances = sorted(data.draw(st.lists(st.integers(0, 50), min_size=len(at), max_size=len(at))))
    ends = (1.0, 1000.0) if is_log else (0.0, 10.0)
    claim = Claim.model_construct(low=ends[0], high=ends[1], scale=Axis.LOG if is_log else None)
    values = [10 ** (0.3 * one) if is_log else one for one in sorted(at)]
    points = [Point(at=value, chance=chance / 50) for value, chance in zip(values, chances, strict=True)]
    level = data.draw(st.integers(1, 99)) / 100

    [value] = values_at(claim, points, level)

    on_axis = tuple(Point(at=log(point.at, 10) / 0.3 if is_log else point.at, chance=point.chance) for point in points)
    if value == -inf:
        assert chance_of(on_axis, 0.0) > level
    elif value == inf:
        assert chance_of(on_axis, 10.0 - 1e-9) < level
    else:
        place = log(value, 10) / 0.3 if is_log else value
        assert chance_of(on_axis, max(place - 1e-7, 0.0)) <= level + 1e-6
        assert chance_of(on_axis, min(place + 1e-7, 10.0)) >= level - 1e-6

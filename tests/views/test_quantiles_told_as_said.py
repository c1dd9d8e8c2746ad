"""Cards tell the quantiles that somebody said, not points of the curve that was drawn through them."""

from __future__ import annotations

import pytest

from predictions import Ledger
from predictions.number_checks import check_measure
from predictions.recording.smooth_curves import smooth_curve
from predictions.told_points import TOLD_CHANCES, points_told, said_points

DEADLINE = "2026-06-30"
SAID = [
    ([(0.25, 2), (0.5, 5), (0.75, 8)], (0, 10), False),  # both ends of the range are beyond
    ([(0.25, 1.5), (0.5, 2.2), (0.75, 3.4)], (0, 10), False),
    ([(0.1, 40), (0.5, 50), (0.9, 60)], (0, 100), False),  # all of them on steps of the curve
    ([(0.05, 1234567), (0.5, 2000000), (0.95, 7654321)], (0, 1e7), False),
    ([(0.2, 0), (0.5, 1), (0.9, 2)], (0, 10), False),  # one at an end of the range
    ([(0.01, 2e-14), (0.4, 3e-13), (0.99, 7e-12)], (1e-14, 1e-11), True),
    ([(1 / 3, 0), (0.5, 4), (0.9, 8)], (0, 10), False),  # a third at an end of the range
    ([(0.1, 2), (0.5, 4), (2 / 3, 10)], (0, 10), False),
    ([(1 / 3, 0), (0.5, 4), (2 / 3, 10)], (0, 10), False),
    ([(1 / 7, 1), (0.5, 40), (11 / 12, 1000)], (1, 1000), True),
    ([(0.1, 100 / 3), (0.5, 50), (0.9, 200 / 3)], (-900, 900), False),  # on steps, and in thirds
    ([(0.125, 12), (0.3, 40.5), (0.6, 700)], (1, 1000), True),
]


@pytest.mark.parametrize(("said", "between", "log"), SAID)
def test_the_quantiles_of_a_smooth_curve_are_found_among_its_points(said: list, between: tuple, log: bool) -> None:
    kept = [(round(level, 12), check_measure(value)) for level, value in said]

    curve = smooth_curve(kept, *between, log=log)

    assert len(curve) > 20
    assert said_points(curve) == [(value, level) for level, value in kept]


@pytest.mark.parametrize(
    "points",
    [
        [(float(at), at / 200) for at in range(201)],
        [(float(at), chance) for at, chance in enumerate([0, *TOLD_CHANCES, 1])],
        [(at / 7, (at / 20) ** 2) for at in range(21)],
    ],
)  # fmt: skip
def test_a_curve_that_was_recorded_as_it_is_has_no_quantiles_of_its_own(points: list) -> None:
    assert said_points(points) == []


def test_numbers_that_somebody_wrote_are_told_with_all_their_digits() -> None:
    assert points_told([(1234567.5, 0.1234), (2 / 3, 2 / 3)]) == "12.34 % at most 1234567.5, 66.7 % at most 0.666667"


def test_card_and_history_tell_what_was_said(ledger: Ledger) -> None:
    ledger.add("Far", deadline=DEADLINE, slug="far", unit="km", between=(0, 10), quantiles={0.25: 2, 0.5: 5, 0.75: 8})
    told = "25 % at most 2, 50 % at most 5, 75 % at most 8"

    full, history = (" ".join(str(shown).split()) for shown in (ledger.claim("far", full=True), ledger.history("far")))

    assert "25 % at most 2, 50 % at most 5, 75 % at witnessed most 8 km" in full  # a cell of two lines
    assert told in history


def test_thirds_at_the_ends_of_a_range_are_told_as_they_were_said(ledger: Ledger) -> None:
    said = {1 / 3: 0, 0.5: 4, 2 / 3: 10}
    ledger.add("Far", deadline=DEADLINE, slug="far", unit="km", between=(0, 10), quantiles=said)

    card = " ".join(str(ledger.claim("far", full=True)).replace("witnessed", "").split())  # beside two lines

    assert "33.3 % at most 0, 50 % at most 4, 66.7 % at most 10 km" in card


def test_what_was_said_of_another_range_is_told_as_it_was_said(ledger: Ledger) -> None:
    ledger.add("Far", deadline=DEADLINE, slug="far", unit="km", between=(0, 10), quantiles={0.5: 4})
    ledger.correct("far", between=(5, 20), reason="a slip")

    assert "ana 4 km (no longer fits)" in str(ledger.board())
    card = " ".join(str(ledger.claim("far")).split())
    assert "50 % at most 4 km, no longer fits, so it counts no more no evidence" in card  # and no columns beside it


def test_a_unit_stands_behind_the_end_that_a_middle_lies_beyond(ledger: Ledger) -> None:
    ledger.add("Low", deadline=DEADLINE, slug="low", unit="km", between=(5, 10), quantiles={0.6: 5, 0.9: 7})

    assert "ana 5 km or below" in str(ledger.board())


@pytest.mark.parametrize(
    ("between", "low", "middle", "high"),
    [
        ((950, 1050), 1008, 1013, 1019),  # as far apart as values of three digits never are
        ((2020, 2100), 2031, 2034, 2052),
        ((0, 10), 4.125, 4.25, 4.375),
        ((0, 10), 3.9999999, 4, 4.0000001),
        ((0, 1e7), 1234567, 2345678, 3456789.5),
        ((1, 1e6, "log"), 3.25, 33.125, 4567.25),
        ((-1050, -950), -1019, -1013, -1008),
    ],
)
@pytest.mark.parametrize("alone", [True, False])  # the middle alone, too, is joined by lines
def test_every_view_tells_values_with_the_digits_that_were_said(
    ledger: Ledger, alone: bool, between: tuple, low: float, middle: float, high: float
) -> None:
    said = {0.5: middle} if alone else {0.1: low, 0.5: middle, 0.9: high}
    ledger.add("Much", deadline=DEADLINE, slug="much", unit="k", between=between, quantiles=said)
    card, written = " ".join(str(ledger.claim("much")).split()), [f"{one:.12g}" for one in (low, middle, high)]

    assert f"={written[1]}=" in card
    assert f"ana {written[1]} k" in str(ledger.board())
    assert alone or f"80 % between {written[0]}, {written[2]}" in card


def test_a_value_between_the_points_is_told_to_a_thousandth_of_the_range(ledger: Ledger) -> None:
    for slug, between, said in (("year", (2000, 2100), (2041, 2063)), ("share", (0, 1), (0.41, 0.63))):
        quantiles = {0.4: said[0], 0.6: said[1]}  # the middle is half between
        ledger.add(slug, deadline=DEADLINE, slug=slug, unit="k", between=between, quantiles=quantiles)

    board = str(ledger.board())
    assert "ana 2052 k" in board
    assert "ana 0.52 k" in board


def test_the_full_card_tells_a_smooth_curve_from_one_of_straight_lines(ledger: Ledger) -> None:
    ledger.add("How long is it?", deadline="2027", unit="m", between=(0, 10), slug="long")
    row = {"claim": "long", "quantiles": "10%=3.5; 50%=4.2; 90%=5"}
    ledger.import_from("table", [{**row, "by": "ann"}, {**row, "by": "bob", "quantiles": f"{row['quantiles']}; exact"}])

    told = " ".join(str(ledger.claim("long", full=True)).split())
    said = "10 % at most 3.5, 50 % at most 4.2, 90 % "
    assert f"ann {said}witnessed at most 5 m, smooth" in told
    assert f"bob {said}witnessed at most 5 m" in told
    assert told.count("smooth") == 1

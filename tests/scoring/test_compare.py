"""Two forecasters side by side: the paired difference by hand, its intervals, and sentences a reader understands."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from club_of_types import TERMS, TYPES, club_of_types, resolve, said
from conftest import Clock
from scored_ledgers import four_claims, many_claims

from forecasts.sequential import confidence_sequence
from predictions import Catalog, InvalidValue, Ledger
from predictions.records import Forecaster
from predictions.scoring.anytime import ANY, BESIDE_HALF, PRESUMED, anytime, more_needed
from predictions.scoring.compare.scale import scale_of
from predictions.scoring.statistics import draws
from predictions.scoring.track_record import ScoredColumns


def test_the_difference_is_that_over_the_time_both_stood(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    found = ledger.scorecard().compare("ana", "ben")

    assert found.difference == pytest.approx(-0.1, abs=2e-3)
    assert [pair.statement for pair in found.pairs] == [f"number-{number}-comes-true" for number in range(4)]
    assert found.said == pytest.approx(0.075 - 0.205)
    assert found.once is None
    assert "first forecasts, made on the same days: -0.130" in str(found)
    assert "knows more" not in str(found)
    assert found.sentence == (
        "On the 4 statements both forecast, over the time both did, the squared error of ana is 0.099 lower (better) "
        "than that of ben; too few to say, at least 6 more needed."
    )


def test_turned_round_the_difference_turns_its_sign(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)
    card = ledger.scorecard()

    one, other = card.compare("ana", "ben"), card.compare("ben", "ana")

    assert one.difference == pytest.approx(-(other.difference or 0.0))
    assert one.anytime is not None
    assert other.anytime is not None
    assert one.anytime[0] == pytest.approx(-other.anytime[1])


def test_the_interval_is_the_confidence_sequence_in_the_order_of_settling(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)

    found = ledger.scorecard().compare("ana", "cyd")

    days = [pair.settle_on for pair in found.pairs]
    sequence = confidence_sequence([pair.difference for pair in found.pairs], alpha=0.1)
    assert days == sorted(days)
    assert sequence is not None
    assert found.anytime == (pytest.approx(sequence.lower), pytest.approx(sequence.upper))
    assert "not yet distinguishable; about" in found.sentence
    assert not found.distinguishable


def test_beside_always_one_half_the_interval_knows_the_range_of_the_difference(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock, 20)

    found = ledger.scorecard().compare("ana", "half")

    differences = [pair.difference for pair in found.pairs]
    true = confidence_sequence(differences, alpha=0.1, low=-0.25, high=0.75)
    wide = confidence_sequence(differences, alpha=0.1)
    assert true is not None
    assert wide is not None
    assert found.anytime == (pytest.approx(true.lower), pytest.approx(true.upper))
    assert found.anytime[1] - found.anytime[0] < wide.upper - wide.lower
    assert found.once is not None
    assert found.once[1] - found.once[0] < found.anytime[1] - found.anytime[0]
    assert "it is narrower, because a reader who looks after every statement" in " ".join(str(found).split())


def test_a_difference_at_the_end_of_its_range_is_no_error() -> None:
    seven = sum([1 / 7] * 7) * 0.75  # 0.7499999999999998 or a little more than 0.75, as the sum goes

    over = anytime(np.array([math.nextafter(0.75, 1.0), math.nextafter(-0.25, -1.0), seven]), np.arange(3), BESIDE_HALF)

    assert over is not None
    assert -0.25 <= over[0] < over[1] <= 0.75


def test_fewer_statements_tell_it_where_the_difference_has_less_room() -> None:
    differences = [-0.2, -0.1, 0.1, -0.2, -0.1] * 4

    assert (more_needed(differences, BESIDE_HALF) or 0) < (more_needed(differences, ANY) or 0)


def test_a_clear_difference_is_said(ledger: Ledger, clock: Clock) -> None:
    for number in range(60):
        ledger.add(f"Number {number} comes true", deadline="2026-04-10", p=0.01)
        ledger.forecast(f"number-{number}-comes-true", 0.99, by="ben")
    clock.set("2026-06-01")
    for number in range(60):
        ledger.resolve(f"number-{number}-comes-true", "no", known_on="2026-04-11", reason="the window ended")

    found = ledger.scorecard().compare("ana", "ben")

    assert found.distinguishable
    assert found.sentence.endswith(f"however often one looks{PRESUMED}): ana was better.")


def test_what_is_presumed_is_said_only_where_windows_overlap(ledger: Ledger, clock: Clock) -> None:
    for number in range(18):  # each opens after the one before has settled
        clock.set(f"{2027 + number}-01-01")
        ledger.add(f"Number {number} comes true", deadline=f"{2027 + number}-02-01", settle_days=1, p=0.01)
        clock.set(f"{2027 + number}-06-01")
        ledger.resolve(f"number-{number}-comes-true", "no")

    alone = ledger.scorecard().compare("ana", "half")
    clock.set("2045-01-01")
    ledger.add("Over all of them", deadline="2045-12-01", opens_on="2027-01-01", p=0.2)
    clock.set("2046-03-01")
    ledger.resolve("over-all-of-them", "no")
    with_a_long_one = ledger.scorecard().compare("ana", "half")

    assert alone.presumed == ""
    assert "however often one looks): ana was better" in alone.sentence
    assert with_a_long_one.presumed == PRESUMED


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("half", "that of always saying 50 %"),
        ("base rate", "that of the base rate"),
        ("the others", "that of the median of the others"),
    ],
)
def test_references_are_compared_in_the_same_way(ledger: Ledger, clock: Clock, name: str, said: str) -> None:
    many_claims(ledger, clock)
    card = ledger.scorecard()

    found = card.compare("ana", name)

    against = {str(key): value for key, value in card.figures["ana"].skill.items()}
    assert found.difference == pytest.approx(-against["always 50 %" if name == "half" else name].skill)
    assert said in found.sentence


def test_who_spoke_later_is_said_to_know_more(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.2)
    clock.set("2026-02-01")
    ledger.forecast("it-comes-true", 0.1, by="ben")
    clock.set("2026-02-02")
    ledger.forecast("it-comes-true", 0.4, by="ana")
    ledger.forecast("it-comes-true", 0.3, by="ben")
    clock.set("2026-06-01")
    ledger.resolve("it-comes-true", "no", known_on="2026-04-11", reason="the window ended")

    first, last = (str(ledger.scorecard(rule=rule).compare("ana", "ben")) for rule in ("first", "last"))

    assert "first forecasts, made on different days: +0.030; who speaks later knows more" in first
    assert "last forecasts, made on the same days: +0.070" in last


def test_nobody_is_set_beside_himself(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    with pytest.raises(InvalidValue, match="'ana' beside 'ana' differs in nothing; name another forecaster"):
        ledger.scorecard().compare("ana", "Ana")


def test_a_name_is_taken_wherever_a_slug_is(ledger: Ledger, clock: Clock) -> None:
    ledger.register(Catalog((Forecaster(slug="ben", title="Ben Sample"),)))
    four_claims(ledger, clock)
    card = ledger.scorecard(by=["Ben Sample", "ana"])

    assert card.compare("Ben Sample", "ana").sentence == card.compare("ben", "ana").sentence
    assert card.explain("brier", by="ben sample").value == pytest.approx(0.205)
    assert card.reliability("Ben Sample").n == 4


def test_nothing_in_common_is_said(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    ledger.add("Something else", deadline="2026-12-31")
    ledger.forecast("something-else", 0.5, by="dan")

    found = ledger.scorecard().compare("ana", "dan")

    assert found.difference is None
    assert str(found).endswith("ana and dan have no scored statement in common, so nothing can be compared.")


@pytest.mark.parametrize("type_", TYPES)
def test_what_both_forecast_one_after_the_other_is_in_no_difference(ledger: Ledger, clock: Clock, type_: str) -> None:
    for slug in ("after", "still-open"):
        ledger.add(slug, deadline="2026-04-10", opens_on="2026-01-01", slug=slug, **TERMS[type_])
        said(ledger, slug, type_, "ana", 0.9)
    clock.set("2026-01-11")
    for slug in ("after", "still-open"):
        ledger.withdraw(slug, by="ana")
        said(ledger, slug, type_, "ben", 0.2)
    club_of_types(ledger, clock, 3, (type_,))
    before = ledger.compare("ana", "ben")
    resolve(ledger, "after", type_, 0.1)

    found, turned = ledger.compare("ana", "ben"), ledger.compare("ben", "ana")

    assert (before.silent, found.silent, found.missing) == (0, 1, 0)
    assert (found.pairs, found.difference) == (before.pairs, before.difference)
    assert found.said == pytest.approx(before.said)
    assert (found.anytime, found.once, found.needed) == (before.anytime, before.once, before.needed)
    assert turned.difference == pytest.approx(-(found.difference or 0))
    assert "1 claim is not in it: the two had no forecast there at the same time" in str(found)


def test_two_who_never_stood_at_the_same_time_are_told_so(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-05")
    ledger.add("After", deadline="2026-04-10", opens_on="2026-01-01", slug="after", p=0.9)
    clock.set("2026-02-01")
    ledger.withdraw("after", by="ana")
    ledger.forecast("after", 0.2, by="ben")
    clock.set("2026-09-02")
    ledger.resolve("after", "no", reason="seen")

    found = ledger.compare("ana", "ben")

    assert (found.pairs, found.difference, found.said, found.silent) == ((), None, None, 1)
    assert (
        str(found)
        .replace("\n  ", " ")
        .endswith(
            "ana and ben had no forecast at the same time on the only scored claim of both, so nothing can be compared."
        )
    )


def test_who_has_nothing_scored_is_not_said_to_share_it_with_a_reference(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 1, ("number",), without=1)

    found = ledger.compare("ana", "half", type="number")

    assert found.sentence == "ana has no scored statement to set beside knowing nothing, so nothing can be compared."


def test_a_forecaster_who_is_not_on_the_card_is_named(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    with pytest.raises(InvalidValue, match="no forecaster 'anna' on this card; did you mean 'ana'"):
        ledger.scorecard().compare("anna", "ben")


@pytest.mark.parametrize(("distinct", "drawn"), [(0, 1_000), (3_000, 1_000), (20_000, 250), (100_000, 250)])
def test_calibrated_outcomes_are_drawn_less_often_where_many_numbers_differ(distinct: int, drawn: int) -> None:
    numbers, places = np.linspace(0, 1, distinct), np.arange(distinct)

    assert draws(ScoredColumns(places.astype(np.int32), places, places, numbers, numbers, numbers)) == drawn


def skills(ledger: Ledger, who: str) -> dict[str, float]:
    """The loss that somebody saved on each claim against knowing nothing, over what that expects to lose.

    Rows are rounded to twelve digits.
    """
    expected = {"yes-no": 1 / 4, "choice": 1 / 3, "ordered": 2 / 9, "number": 1 / 6, "date": 501 / 2400}
    rows = ledger.scorecard().rows()
    return {
        str(row["claim"]): float(row["time_skill"]) / expected[str(row["type"])]
        for row in rows if row["forecaster"] == who
    }  # fmt: skip


def test_claims_of_every_type_are_compared_in_units_of_knowing_nothing(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 3)
    ana, ben = skills(ledger, "ana"), skills(ledger, "ben")  # who stand over the same time

    found, alone = ledger.compare("ana", "ben"), ledger.compare("ana", "half")

    assert found.types == TYPES
    assert {pair.claims[0]: pair.difference for pair in found.pairs} == pytest.approx(
        {claim: ben[claim] - ana[claim] for claim in ana}, abs=1e-10
    )
    assert {pair.claims[0]: pair.difference for pair in alone.pairs} == pytest.approx(
        {claim: -saved for claim, saved in ana.items()}, abs=1e-10
    )
    assert "the loss of ana, over what knowing nothing expects to lose, is 0." in found.sentence
    assert "than that of knowing nothing" in alone.sentence
    assert found.said is None
    assert "not in it" not in str(found)


@pytest.mark.parametrize("type_", TYPES[1:])
def test_claims_of_one_type_are_compared_by_their_score(ledger: Ledger, clock: Clock, type_: str) -> None:
    club_of_types(ledger, clock, 3)
    rows = {(row["claim"], row["forecaster"]): row for row in ledger.scorecard(type=type_).rows()}

    found = ledger.compare("ana", "ben", type=type_)

    for pair in found.pairs:
        ana, ben = (rows[pair.claims[0], who] for who in ("ana", "ben"))
        assert pair.difference == pytest.approx(float(ben["time_skill"]) - float(ana["time_skill"]), abs=1e-12)
    means = [fmean(float(row["brier"]) for (_, by), row in rows.items() if by == who) for who in ("ana", "ben")]
    assert found.said == pytest.approx(means[0] - means[1])
    assert "the score of ana is" in found.sentence
    with pytest.raises(InvalidValue, match="no forecaster 'zoe' on this card"):
        ledger.compare("zoe", "ben", type=type_)


@pytest.mark.parametrize("second", ["ben", "cyd", "half", "base rate", "the others"])
@pytest.mark.parametrize("ordered", [False, True])
def test_two_options_are_compared_as_yes_and_no(ledger: Ledger, clock: Clock, second: str, ordered: bool) -> None:
    luck = np.random.default_rng(3)
    for day in ("2026-01-01", "2026-02-01"):
        clock.set(day)
        for number in range(14):
            for type_, terms in (("yes-no", {}), ("two", {"options": ["yes", "no"], "ordered": ordered})):
                if day == "2026-01-01":
                    ledger.add(f"{type_} {number}", deadline="2026-06-30", slug=f"{type_}-{number}", **terms)
            for who, near in (("ana", 0.7), ("ben", 0.5), ("cyd", 0.3)):
                if who != "cyd" or (day, number % 2) != ("2026-01-01", 0):  # who joins late
                    chance = round(float(luck.uniform(near - 0.3, near + 0.3)), 2)
                    ledger.forecast(f"yes-no-{number}", chance, by=who)
                    ledger.forecast(f"two-{number}", {"yes": chance, "no": round(1 - chance, 2)}, by=who)
    clock.set("2026-08-15")
    for number in range(12):  # two have no verdict yet
        for type_ in ("yes-no", "two"):
            outcome = "yes" if number % 4 else "no"
            ledger.resolve(f"{type_}-{number}", outcome, known_on="2026-07-02", reason="seen")

    kind = "ordered" if ordered else "choice"
    plain, two = (ledger.compare("ana", second, type=type_) for type_ in ("yes-no", kind))

    assert (plain.observations, plain.missing) == (two.observations, two.missing) == (12, 2)
    for name in ("difference", "anytime", "once", "said"):
        assert getattr(two, name) == pytest.approx(getattr(plain, name), abs=1e-12), name
    assert two.needed == plain.needed
    both = ledger.compare("ana", second)
    assert both.difference == pytest.approx(4 * plain.difference, abs=1e-12)


def test_a_difference_lies_in_the_range_that_its_types_allow(ledger: Ledger, clock: Clock) -> None:
    """The sure and wrong beside the sure and right, and beside knowing nothing, on each type's worst outcome."""
    clock.set("2026-01-01")
    sure: dict[str, tuple[dict[str, Any], Any, Any]] = {
        "choice": ({"options": ["a", "b", "c"]}, {"a": 0, "b": 0, "c": 1}, {"a": 1, "b": 0, "c": 0}),
        "ordered": ({"options": ["a", "b", "c"], "ordered": True}, {"a": 0, "b": 0, "c": 1}, {"a": 1, "b": 0, "c": 0}),
        "number": ({"unit": "m", "between": (0, 10)}, {0.01: 9.99, 0.99: 9.999}, {0.01: 0.001, 0.99: 0.002}),
        "date": ({"when": True}, {"2026-06-30": 0.0}, {"2026-01-03": 1.0, "2026-06-30": 1.0}),
    }
    for type_, (terms, wrong, right) in sure.items():
        ledger.add(type_, deadline="2026-06-30", slug=type_, **terms)
        for who, chances in (("ana", wrong), ("ben", right)):
            how = {"quantiles": chances} if type_ == "number" else {"p": chances}
            ledger.forecast(type_, by=who, **how)
    clock.set("2026-08-15")
    for type_, outcome in (("choice", "a"), ("ordered", "a"), ("number", 0.0)):
        ledger.resolve(type_, outcome, known_on="2026-07-02", reason="seen")
    ledger.resolve("date", "yes", happened_on="2026-01-03", reason="seen")
    card = ledger.scorecard()

    for second, nothing in (("ben", False), ("half", True)):
        scale = scale_of(card.every_type, np.arange(4), beside_nothing=nothing)
        for one, other in (("ana", second), ("ben", "half" if nothing else "ana")):
            pairs = card.compare(one, other).pairs
            assert all(scale.within[0] <= pair.difference <= scale.within[1] for pair in pairs)
            assert len(pairs) == 4

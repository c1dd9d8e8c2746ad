"""Manifold's markets of several answers: a choice where they sum to one, else a claim of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock
from market_exports import Object, imported, manifold_bet, manifold_market, milliseconds

from predictions import InvalidValue, Ledger
from predictions.records import Claim, Resolution


@pytest.fixture(autouse=True)
def _on_a_later_day(clock: Clock) -> None:
    clock.set("2027-02-15")


def market(*, one: bool = True, **fields: object) -> Object:
    answers = [{"id": f"a{number}", "text": f"Lab {number}"} for number in (1, 2, 3)]
    return manifold_market(outcomeType="MULTIPLE_CHOICE", shouldAnswersSumToOne=one, **{"answers": answers, **fields})


def bet(answer: str, chance: float, day: float, **fields: object) -> Object:
    return manifold_bet(f"{answer}-{day}", day, chance, answerId=answer, **fields)


def resolved(word: str, **fields: object) -> Object:
    return {"isResolved": True, "resolution": word, "resolutionTime": milliseconds(190), **fields}


def verdicts(ledger: Ledger) -> list[Resolution]:
    snapshot = ledger.snapshot()
    return [verdict for claim in snapshot.all(Claim) if (verdict := snapshot.verdict(claim))]


def test_what_all_answers_stand_at_after_a_trade_is_one_forecast(ledger: Ledger, tmp_path: Path) -> None:
    bets = [
        bet("a1", 0.5, 2), bet("a2", 0.3, 3), bet("a2", 0.5, 4), bet("a1", 0.3, 4, isRedemption=True),
        bet("a3", 0.2, 4, isRedemption=True), bet("a1", 0.9, 5),
    ]  # fmt: skip

    taken = imported(ledger, tmp_path, "manifold", market(), bets)

    snapshot = ledger.snapshot()
    (claim,) = snapshot.all(Claim)
    assert (claim.type, claim.options) == ("choice", ("lab-1", "lab-2", "lab-3"))
    said = [[share.share for share in item.record.shares] for item in snapshot.forecasts_on(claim)]
    assert said == [[0.5, 0.3, 0.2], [0.3, 0.5, 0.2]]
    assert taken.left_out == {"forecast": {"incomplete": 1, "not-one": 1}}


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        (resolved("a2"), ("option", "lab-2")),
        (resolved("CHOOSE_MULTIPLE", resolutions={"a3": 100}), ("option", "lab-3")),
        (resolved("CHOOSE_ONE", resolutions={"a1": 100}), ("option", "lab-1")),
        (resolved("CANCEL"), ("annulled", None)),
    ],
)
def test_it_comes_out_as_the_answer_that_is_paid(
    fields: Object, outcome: tuple[str, str | None], ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, "manifold", market(**fields))

    assert [(str(one.outcome), one.option) for one in verdicts(ledger)] == [outcome]


def test_a_verdict_that_pays_several_answers_is_left_out(ledger: Ledger, tmp_path: Path) -> None:
    taken = imported(ledger, tmp_path, "manifold", market(**resolved("MKT", resolutions={"a1": 60, "a2": 40})))

    assert (verdicts(ledger), taken.left_out) == ([], {"verdict": {"split": 1}})


def test_answers_that_do_not_sum_to_one_are_claims_of_one_cluster(ledger: Ledger, tmp_path: Path) -> None:
    answers = [
        {"id": "a1", "text": "Aville", "resolution": "YES", "resolutionTime": milliseconds(100)},
        {"id": "a2", "text": "Beville", "resolution": "MKT", "resolutionProbability": 0.4},
        {"id": "a3", "text": "Ceville"},
    ]

    taken = imported(
        ledger, tmp_path, "manifold", market(one=False, answers=answers, resolutionTime=milliseconds(190)),
        [bet("a1", 0.7, 2), bet("a3", 0.8, 3)],
    )  # fmt: skip

    snapshot = ledger.snapshot()
    claims = snapshot.all(Claim)
    assert [claim.wording.rpartition("(")[2] for claim in claims] == ["Aville)", "Beville)", "Ceville)"]
    assert len({claim.cluster for claim in claims}) == 1
    said = [[item.record.probability for item in snapshot.forecasts_on(claim)] for claim in claims]
    assert said == [[0.7], [], [0.8]]
    assert [(str(one.outcome), one.fraction) for one in verdicts(ledger)] == [("yes", None), ("fraction", 0.4)]
    assert not taken.left_out


def ranges(kind: str = "MULTI_NUMERIC", *, one: bool = True, **fields: object) -> Object:
    answers = [
        {"id": "a3", "index": 2, "text": "20+", "midpoint": 25}, {"id": "a1", "index": 0, "text": "<10", "midpoint": 5},
        {"id": "a2", "index": 1, "text": "10-20", "midpoint": 15.0},
    ]  # fmt: skip
    return manifold_market(outcomeType=kind, shouldAnswersSumToOne=one, **{"answers": answers, **fields})


@pytest.mark.parametrize("kind", ["NUMBER", "MULTI_NUMERIC", "DATE"])
def test_ranges_are_an_ordered_choice_and_their_prices_its_distribution(
    kind: str, ledger: Ledger, tmp_path: Path
) -> None:
    bets = [bet("a3", 0.1, 2), bet("a1", 0.3, 2, isRedemption=True), bet("a2", 0.6, 2, isRedemption=True)]

    imported(ledger, tmp_path, "manifold", ranges(kind, **resolved("a2")), bets)

    snapshot = ledger.snapshot()
    (claim,) = snapshot.all(Claim)
    assert (claim.type, claim.options) == ("ordered", ("below-10", "10-20", "20-plus"))
    ((forecast),) = [item.record for item in snapshot.forecasts_on(claim)]
    assert [share.share for share in forecast.shares] == [0.3, 0.6, 0.1]
    assert [one.option for one in verdicts(ledger)] == ["10-20"]


@pytest.mark.parametrize(
    ("places", "options"),
    [([{"index": 1}, {"index": 0}], ("b", "a")), ([{}, {}], ("a", "b")),
     ([{"midpoint": 1, "index": 0}, {"index": 1}], ("a", "b"))],
)  # fmt: skip
def test_ranges_without_midpoints_stand_as_they_are_numbered_or_listed(
    places: list[Object], options: tuple[str, ...], ledger: Ledger, tmp_path: Path
) -> None:
    answers = [{"id": name, "text": name, **place} for name, place in zip("ab", places, strict=True)]

    imported(ledger, tmp_path, "manifold", ranges(answers=answers))

    assert ledger.snapshot().all(Claim)[0].options == options


def test_thresholds_which_may_all_be_reached_are_claims_of_one_cluster(ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, "manifold", ranges(one=False), bet("a1", 0.7, 2))

    claims = ledger.snapshot().all(Claim)
    assert [(str(claim.type), claim.cluster) for claim in claims] == [("yes-no", claims[0].cluster)] * 3


def test_a_market_of_a_mean_has_no_distribution_and_is_left_out(ledger: Ledger, tmp_path: Path) -> None:
    mean = manifold_market(outcomeType="PSEUDO_NUMERIC", min=0, max=100, isLogScale=False, value=40)

    taken = imported(ledger, tmp_path, "manifold", mean, manifold_bet())

    assert taken.left_out == {"question": {"numeric": 1}}


def test_a_resolution_that_is_not_known_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="resolution"):
        imported(ledger, tmp_path, "manifold", market(**resolved("PERHAPS")))


def test_answers_of_one_name_are_several_options(ledger: Ledger, tmp_path: Path) -> None:
    answers = [{"id": name, "text": "Lab"} for name in "ab"]

    imported(ledger, tmp_path, "manifold", market(answers=answers, **resolved("b")), [bet("b", 0.7, 2)])

    claim = ledger.snapshot().all(Claim)[0]
    assert (claim.options, verdicts(ledger)[0].option) == (("lab", "lab-2"), "lab-2")


def test_of_a_list_that_does_not_say_whether_answers_exclude_each_other_nothing_is_guessed(
    ledger: Ledger, tmp_path: Path
) -> None:
    """Lists of markets have answers, but no shouldAnswersSumToOne; the market's own file beside it says it."""
    brief = market(**resolved("a2"))
    del brief["shouldAnswersSumToOne"]

    alone = imported(ledger, tmp_path, "manifold", [brief])

    assert (ledger.snapshot().all(Claim), alone.left_out) == ([], {"question": {"in-brief": 1}})

    beside = imported(ledger, tmp_path, "manifold", [brief], market(**resolved("a2")))

    assert not beside.left_out
    assert [(str(one.outcome), one.option) for one in verdicts(ledger)] == [("option", "lab-2")]


@pytest.mark.parametrize(
    ("word", "outcomes", "left_out"),
    [("CANCEL", ["annulled"] * 3, {}), ("MKT", [], {"verdict": {"no-outcome": 3}})],
)
def test_answers_of_a_market_that_is_resolved_as_a_whole_are_never_without_a_word(
    word: str, outcomes: list[str], left_out: object, ledger: Ledger, tmp_path: Path
) -> None:
    taken = imported(ledger, tmp_path, "manifold", market(one=False, **resolved(word)))

    assert [str(one.outcome) for one in verdicts(ledger)] == outcomes
    assert taken.left_out == left_out

"""Verdicts: which may be given when, how one replaces another, and what trees take from their parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import Clock, Refuses

from predictions import Conflict, InvalidValue, Ledger, LedgerWarning, NotFound, TooEarly
from predictions.enums import ClaimType, Outcome
from predictions.recording.enter import build, enter, said_content
from predictions.records import Claim, Evidence, Resolution
from predictions.status import Status
from predictions.tally.tally import kleene


@pytest.fixture
def rain(ledger: Ledger) -> str:
    """A claim of the first half of 2026, due by 2026-07-30."""
    return ledger.add("It rains", deadline="2026-06-30", slug="rain")


def plant(ledger: Ledger, slug: str, kind: str, parts: Sequence[str], **fields: object) -> None:
    """A tree over claims on file."""
    with ledger._desk() as desk:
        first = desk.store.standing(Claim)[0]
        tree = {"slug": slug, "type": kind, "parts": tuple(parts), "scored": False, "wording": slug, **fields}
        enter(desk, build(Claim, {**said_content(first), **tree}))


def status(ledger: Ledger, slug: str) -> Status:
    return ledger.claim(slug).status


# -- which words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("maybe", ["'maybe' is no outcome of a yes-or-no claim; say yes, no, a fraction such as"]),
        ("N/A", ["'N/A' is no outcome of a yes-or-no claim; did you mean 'annulled', or 'ambiguous'?"]),
        ("fraction", ["'fraction' is no outcome"]),
        ("", ["'' is no outcome"]),
        (None, ["None is no outcome"]),
        (1.5, ["1.5 is no outcome of a yes-or-no claim; say yes or no, or for a fraction 1.5% or 0.015"]),
        (-0.5, ["-0.5 is no outcome"]),
        (float("nan"), ["nan is no outcome"]),
        (10**400, ["a very large number is no outcome"]),
        (["yes"], ["['yes'] is no outcome"]),
        ({}, ["{} is no outcome"]),
        (pd.NaT, ["is no outcome"]),
    ],
)
def test_other_words_are_no_verdict(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, outcome: str, words: list[str]
) -> None:
    clock.set("2026-08-01")

    with refuses(*words, error=InvalidValue):
        ledger.resolve(rain, outcome, known_on="2026-07-01", reason="seen")


@pytest.mark.parametrize(
    ("outcome", "kept", "fraction", "shown"),
    [
        ("yes", Outcome.YES, None, Status.RESOLVED),
        ("no", Outcome.NO, None, Status.RESOLVED),
        (0.25, Outcome.FRACTION, 0.25, Status.RESOLVED),
        (np.float64(0.25), Outcome.FRACTION, 0.25, Status.RESOLVED),
        ("ambiguous", Outcome.AMBIGUOUS, None, Status.AMBIGUOUS),
    ],
)
def test_a_verdict_is_one_of_five(
    ledger: Ledger, clock: Clock, rain: str, outcome: str, kept: Outcome, fraction: float | None, shown: Status
) -> None:
    clock.set("2026-08-01")
    happened = "2026-06-01" if outcome == "yes" else None

    verdict = ledger.resolve(rain, outcome, happened_on=happened, known_on="2026-07-01", reason="seen")

    assert (verdict.record.outcome, verdict.record.fraction, verdict.record.number, verdict.record.decided_by) == (
        kept,
        fraction,
        1,
        "ana",
    )
    assert status(ledger, rain) is shown


def test_annulling_takes_the_claim_out_and_leaves_it_on_its_card(ledger: Ledger, rain: str) -> None:
    verdict = ledger.resolve(rain, "annulled", known_on="2026-01-01", reason="the gauge was moved")

    assert verdict.record.outcome is Outcome.ANNULLED
    assert status(ledger, rain) is Status.ANNULLED
    assert "the gauge was moved" in str(ledger.claim(rain))


# -- when -----------------------------------------------------------------------------------------------------


def test_a_no_that_became_impossible_says_why(ledger: Ledger, clock: Clock, rain: str, refuses: Refuses) -> None:
    clock.set("2026-03-01")

    with refuses("say why rain is no: reason=", error=InvalidValue):
        ledger.resolve(rain, "no", known_on="2026-02-01", impossible=True)
    with refuses("only a no can be given because the claim became impossible", error=InvalidValue):
        ledger.resolve(rain, "yes", known_on="2026-02-01", impossible=True, reason="wet")

    verdict = ledger.resolve(rain, "no", known_on="2026-02-01", impossible=True, reason="Lisbon has been moved")
    assert (verdict.record.impossible, status(ledger, rain)) == (True, Status.RESOLVED)


@pytest.fixture
def more(ledger: Ledger, clock: Clock) -> str:
    """A claim that two firms publish, with one that did; its settle day is over."""
    slug = ledger.add("Two more firms publish", deadline="2026-06-30", at_least=2, slug="more")
    clock.set("2026-08-01")
    ledger.log_evidence(slug, "https://e.org/c", "C", on="2026-03-01", counts="cc", grade="primary")
    return slug


def test_a_lapsed_no_says_what_was_on_file_and_says_it_once(ledger: Ledger, more: str) -> None:
    verdict = ledger.resolve(more, "no")
    ledger.log_evidence(more, "https://e.org/d", "D", on="2026-04-01", counts="dd", grade="primary")

    again = ledger.resolve(more, "no")

    assert verdict.record.reason == "lapsed: 1 of 2 on file; settle day 2026-07-30"
    assert (again.record, again.wrote) == (verdict.record, 0)


@pytest.mark.parametrize("on", ["2026-04-01", "2026"])
def test_what_the_evidence_meets_lapses_only_with_a_reason(
    ledger: Ledger, more: str, refuses: Refuses, on: str
) -> None:
    ledger.log_evidence(more, "https://e.org/d", "D", on=on, counts="dd", grade="primary")

    with refuses("more does not lapse: the evidence on file makes it 2 of 2", "reason=", error=InvalidValue):
        ledger.resolve(more, "no")

    assert ledger.resolve(more, "no", reason="dd was a hoax").record.reason == "dd was a hoax"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({}, ["when? say happened_on=DAY, or known_on=DAY if only that is known"]),
        ({"known_on": "2026-08-02"}, ["known_on 2026-08-02 lies in the future"]),
        ({"happened_on": "2026-08-02"}, ["happened_on 2026-08-02 lies in the future"]),
        ({"happened_on": "2025-12-31"}, ["it happened on 2025-12-31, before the window", "2026-01-01 to 2026-06-30"]),
        ({"happened_on": "2026-05-02", "known_on": "2026-05-01"}, ["known on 2026-05-01, before it happened"]),
        ({"known_on": "yesterday"}, ["'yesterday'", "say 2026-07-31"]),
        ({"known_on": "2026-05"}, ["'2026-05'"]),
        ({"known_on": ""}, ["''"]),
        ({"happened_on": "", "known_on": "2026-05-01"}, ["''"]),
        ({"happened_on": "May 2026"}, ["2026-05 is no day; say the day, or known_on=DAY if only that is known"]),
        ({"happened_on": "2026"}, ["2026 is no day; say the day, or known_on=DAY"]),
        ({"known_on": 20260501}, ["20260501"]),
        ({"known_on": pd.NaT}, ["NaT"]),
    ],
)  # fmt: skip
def test_the_days_of_a_yes_must_fit(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, days: dict[str, str], words: list[str]
) -> None:
    clock.set("2026-08-01")

    with refuses(*words, error=InvalidValue):
        ledger.resolve(rain, "yes", reason="seen", **days)  # type: ignore[arg-type]  # days alone are given


@pytest.mark.parametrize("happened_on", ["2026-01-01", "2026-06-30"])
def test_the_first_and_the_last_day_of_the_window_count(
    ledger: Ledger, clock: Clock, rain: str, happened_on: str
) -> None:
    clock.set("2026-08-01")

    assert ledger.resolve(rain, "yes", happened_on=happened_on, known_on="2026-07-15", reason="late report")


@pytest.mark.parametrize(("known_on", "by"), [("2026-05-01", "2026-05-01"), ("2026-07-15", "2026-06-30")])
def test_a_yes_may_leave_out_when_it_happened(ledger: Ledger, clock: Clock, rain: str, known_on: str, by: str) -> None:
    clock.set("2026-08-01")

    assert ledger.resolve(rain, "yes", known_on=known_on, reason="seen").record.happened_on is None
    assert f"known {known_on}, happened on or before {by}, by ana" in str(ledger.claim(rain, full=True))


def test_nothing_happens_on_a_no(ledger: Ledger, clock: Clock, rain: str, refuses: Refuses) -> None:
    clock.set("2026-08-01")

    with refuses("the day on which a no became public is known_on", error=InvalidValue):
        ledger.resolve(rain, "no", happened_on="2026-05-01", known_on="2026-07-01", reason="dry")


# -- why ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["annulled", "ambiguous", 0.5])
def test_every_verdict_but_a_yes_with_its_evidence_says_why(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, outcome: str
) -> None:
    ledger.log_evidence(rain, "https://example.org/gauge", "The gauge", slug="gauge")
    clock.set("2026-08-01")

    with refuses("say why rain is", "reason=", error=InvalidValue):
        ledger.resolve(rain, outcome, known_on="2026-07-01", because="gauge")
    with refuses("say why rain is yes: reason= or because=", error=InvalidValue):
        ledger.resolve(rain, "yes", known_on="2026-05-01")

    assert ledger.resolve(rain, "yes", known_on="2026-05-01", because="gauge").record.because == ("gauge",)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "  "}, ["reason", "empty text"]),
        ({"reason": 5}, ["reason", "5 is not text"]),
        ({"because": "nothing"}, ["no evidence 'nothing'"]),
        ({"because": 5}, ["because: 5"]),
        ({"because": [5]}, ["no evidence 5 in this ledger"]),
        ({"by": "two\nlines"}, ["decided_by"]),
        ({"by": 5}, ["decided_by", "5 is not text"]),
    ],
)
def test_the_reasons_of_a_verdict_are_checked(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, fields: dict[str, object], words: list[str]
) -> None:
    clock.set("2026-08-01")

    with refuses(*words):
        ledger.resolve(rain, "no", **{"known_on": "2026-07-01", "reason": "dry", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("rian", ["no claim 'rian'", "did you mean 'rain'?"]),
        ("", ["no claim ''"]),
        (None, ["no claim None"]),
        (5, ["5"]),
    ],
)
def test_only_a_claim_on_file_is_resolved(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, claim: str, words: list[str]
) -> None:
    with refuses(*words, error=NotFound):
        ledger.resolve(claim, "yes", known_on="2026-01-01", reason="seen")


# -- again ----------------------------------------------------------------------------------------------------


def test_the_same_verdict_again_is_none(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-08-01")
    first = ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry")
    clock.set("2026-09-01")

    again = ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry")
    assert (again.record, again.wrote) == (first.record, 0)


def test_a_new_verdict_needs_its_reason_and_stands_in_place_of_the_old(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses
) -> None:
    ledger.log_evidence(rain, "https://example.org/gauge", "The gauge", slug="gauge")
    clock.set("2026-08-01")
    ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry")

    with refuses("rain is resolved already: no; a new verdict needs its reason", error=Conflict):
        ledger.resolve(rain, "yes", happened_on="2026-06-01", known_on="2026-07-15", because="gauge")

    second = ledger.resolve(
        rain, "yes", happened_on="2026-06-01", known_on="2026-07-15", because="gauge", reason="the gauge was read late"
    )
    assert second.record.number == 2
    assert ledger.snapshot().verdict(ledger.claim(rain).claim) == second.record
    assert [item.record.outcome for item in ledger.claim(rain).resolutions] == ["no", "yes"]


@pytest.mark.parametrize(("outcome", "impossible"), [("no", True), (0.4, False)])
def test_an_answer_is_not_public_before_the_window_opens(
    ledger: Ledger, clock: Clock, refuses: Refuses, outcome: str | float, impossible: bool
) -> None:
    ledger.add("It hails", deadline="2026-06-30", opens_on="2026-03-01", slug="hail", p=0.2)
    clock.set("2026-08-01")

    with refuses("known_on 2026-02-28", "the window of hail, which opens 2026-03-01", "annul it", error=InvalidValue):
        ledger.resolve("hail", outcome, known_on="2026-02-28", impossible=impossible, reason="seen")

    assert (
        ledger.resolve("hail", outcome, known_on="2026-03-01", impossible=impossible, reason="seen").record.number == 1
    )


@pytest.mark.parametrize("outcome", ["ambiguous", "annulled"])
def test_a_claim_may_lose_its_basis_before_its_window_opens_and_a_slip_is_warned_of(
    ledger: Ledger, clock: Clock, outcome: str
) -> None:
    ledger.add("It hails", deadline="2026-06-30", opens_on="2026-03-01", slug="hail", p=0.2)
    clock.set("2026-08-01")

    with pytest.warns(LedgerWarning, match="known_on 2026-02-28 lies before the window of hail, which opens 2026-03"):
        kept = ledger.resolve("hail", outcome, known_on="2026-02-28", reason="no gauge")

    assert ledger.snapshot().verdict(ledger.claim("hail").claim) == kept.record


def test_a_verdict_that_was_replaced_is_not_given_again_but_warned_of(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-08-01")
    ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry")
    standing = ledger.resolve(rain, "annulled", known_on="2026-07-02", reason="the gauge was moved")
    head = ledger.head()

    with pytest.warns(
        LedgerWarning,
        match=r"nothing was written: resolution 1 said so and was since replaced by number 2 \(annulled\); .*again",
    ):
        assert ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry") == standing
    assert ledger.head() == head

    anew = ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry", again=True)
    assert (anew.record.number, status(ledger, rain)) == (3, Status.RESOLVED)


def test_a_lapsed_verdict_that_was_replaced_may_be_run_again_if_it_names_its_day(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses
) -> None:
    clock.set("2026-08-01")
    ledger.resolve(rain, "no")
    ledger.resolve(rain, "annulled", known_on="2026-08-01", reason="the gauge was moved")
    head = ledger.head()

    with refuses(
        "rain was resolved no before, and annulled since", "again=True",
        "known_on=", error=Conflict,
    ):  # fmt: skip
        ledger.resolve(rain, "no")
    with pytest.warns(LedgerWarning, match="nothing was written"):
        ledger.resolve(rain, "no", known_on="2026-07-30")
    ledger.resolve(rain, "annulled", known_on="2026-08-01", reason="the gauge was moved")

    assert ledger.head() == head


def test_a_dissent_stands_beside_the_verdict_not_in_its_place(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-08-01")
    verdict = ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry")

    dissent = ledger.resolve(
        rain, "yes", happened_on="2026-06-01", known_on="2026-07-02", reason="I got wet", dissent=True, by="ben"
    )

    assert ledger.snapshot().verdict(ledger.claim(rain).claim) == verdict.record
    assert (dissent.record.number, status(ledger, rain)) == (2, Status.RESOLVED)
    assert "dissent: yes" in str(ledger.claim(rain, full=True))
    assert "by ben" in str(ledger.claim(rain, full=True))


def test_a_dissent_needs_a_verdict_and_a_reason(ledger: Ledger, clock: Clock, rain: str, refuses: Refuses) -> None:
    clock.set("2026-08-01")
    for outcome in ("yes", "no", "ambiguous"):
        with refuses("rain has no verdict yet from which to dissent; leave dissent=True out", error=Conflict):
            ledger.resolve(rain, outcome, known_on="2026-07-01", reason="unreadable", dissent=True)
    ledger.resolve(rain, "no")
    with refuses("rain is resolved already: no; a dissent needs its reason: reason=", error=Conflict):
        ledger.resolve(rain, "yes", happened_on="2026-06-01", dissent=True)


def test_a_dissent_that_came_without_its_verdict_is_in_nobodys_way(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-08-01")
    alone = {"claim": rain, "number": 1, "outcome": "ambiguous", "known_on": "2026-01-01", "dissent": True}
    with ledger._desk() as desk:  # as from a merge, or an older ledger
        enter(desk, Resolution(**alone, reason="unreadable"))  # type: ignore[arg-type]

    assert status(ledger, rain) is Status.DUE
    assert ledger.resolve(rain, "no").record.number == 2
    assert status(ledger, rain) is Status.RESOLVED


def test_two_days_on_which_it_happened_are_refused_in_all_their_spellings(
    ledger: Ledger, clock: Clock, refuses: Refuses
) -> None:
    ledger.add("The law is passed", deadline="2026-06-30", when=True, slug="law")
    clock.set("2026-07-02")
    for outcome in ("2026-05-05", date(2026, 5, 5), "2026-05"):
        with refuses(f"outcome {outcome} and happened_on 2026-05-06 are two days; say one of them"):
            ledger.resolve("law", outcome, happened_on="2026-05-06")  # type: ignore[arg-type]
    assert ledger.resolve("law", "2026-05-06", happened_on=date(2026, 5, 6)).record.happened_on == date(2026, 5, 6)


def test_evidence_taken_back_is_marked_where_a_verdict_rests_on_it(ledger: Ledger, rain: str) -> None:
    ledger.log_evidence(rain, "https://example.org/gauge", "The gauge", slug="gauge")
    ledger.resolve(rain, "yes", known_on="2026-01-01", because="gauge")

    ledger.retract("gauge", reason="a hoax")

    assert ledger.snapshot().find(Evidence, "gauge").retracted
    assert "on gauge (retracted)" in str(ledger.claim(rain, full=True))
    assert status(ledger, rain) is Status.RESOLVED  # a verdict is replaced by a person, never by itself


# -- trees ----------------------------------------------------------------------------------------------------

# yes, no, ambiguous, annulled (void), and open still
Y, N, A, V, X = Outcome.YES, Outcome.NO, Outcome.AMBIGUOUS, Outcome.ANNULLED, None
ALL_OF = {
    (Y, Y): Y, (Y, N): N, (Y, A): A, (Y, V): A, (Y, X): X,
    (N, N): N, (N, A): N, (N, V): N, (N, X): N,
    (A, A): A, (A, V): A, (A, X): A,
    (V, V): A, (V, X): A,
    (X, X): X,
}  # fmt: skip
ANY_OF = {
    (Y, Y): Y, (Y, N): Y, (Y, A): Y, (Y, V): Y, (Y, X): Y,
    (N, N): N, (N, A): A, (N, V): A, (N, X): X,
    (A, A): A, (A, V): A, (A, X): A,
    (V, V): A, (V, X): A,
    (X, X): X,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "table"), [(ClaimType.ALL_OF, ALL_OF), (ClaimType.ANY_OF, ANY_OF)])
def test_a_tree_follows_the_table_of_kleene(
    kind: ClaimType, table: dict[tuple[Outcome | None, Outcome | None], Outcome | None]
) -> None:
    for (first, second), verdict in table.items():
        assert kleene(kind, [first, second]) is verdict, (first, second)
        assert kleene(kind, [second, first]) is verdict, (second, first)
        assert kleene(kind, [first, second, second]) is verdict, (first, second, second)


@pytest.mark.parametrize("kind", [ClaimType.ALL_OF, ClaimType.ANY_OF])
@pytest.mark.parametrize("other", [Y, N, A, V, X])
def test_a_tree_takes_no_fraction(kind: ClaimType, other: Outcome | None) -> None:
    with pytest.raises(InvalidValue, match="a tree takes no fractions"):
        kleene(kind, [Outcome.FRACTION, other])


def test_a_tree_is_resolved_as_its_parts_make_it(ledger: Ledger, clock: Clock, rain: str, refuses: Refuses) -> None:
    hail = ledger.add("It hails", deadline="2026-06-30", slug="hail")
    plant(ledger, "both", "all-of", [rain, hail])
    plant(ledger, "either", "any-of", [rain, hail])
    clock.set("2026-08-01")
    ledger.resolve(rain, "yes", known_on="2026-05-01", reason="seen")

    with refuses("the parts of both make it open, not yes (rain yes, hail open); resolve those", error=TooEarly):
        ledger.resolve("both", "yes", known_on="2026-07-01", reason="seen")
    ledger.resolve("either", "yes", known_on="2026-05-01", reason="one of them")
    ledger.resolve(hail, "no", known_on="2026-07-01", reason="none")
    with refuses("make it no, not yes", error=TooEarly):
        ledger.resolve("both", "yes", known_on="2026-07-01", reason="seen")

    assert ledger.resolve("both", "no", known_on="2026-07-01", reason="no hail").record.outcome is Outcome.NO


def test_a_tree_may_be_annulled_whatever_its_parts_say(ledger: Ledger, rain: str) -> None:
    plant(ledger, "both", "all-of", [rain])

    assert (
        ledger.resolve("both", "annulled", known_on="2026-01-01", reason="no basis").record.outcome is Outcome.ANNULLED
    )


def test_neither_a_tree_nor_its_part_comes_out_as_a_fraction(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses
) -> None:
    plant(ledger, "both", "all-of", [rain])
    clock.set("2026-08-01")

    with refuses("a fraction is refused for rain: it is a part of both", error=InvalidValue):
        ledger.resolve(rain, 0.5, known_on="2026-07-01", reason="half of it")
    with refuses("a fraction is refused for both: it is a tree", error=InvalidValue):
        ledger.resolve("both", 0.5, known_on="2026-07-01", reason="half of it")


def test_a_tree_planted_over_a_fraction_is_never_resolved(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses
) -> None:
    clock.set("2026-08-01")
    ledger.resolve(rain, 0.5, known_on="2026-07-01", reason="half of it")
    plant(ledger, "both", "all-of", [rain])

    with refuses("a tree takes no fractions", error=InvalidValue):
        ledger.resolve("both", "yes", known_on="2026-07-01", reason="half is enough")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"parts": ("both",)}, ["a claim cannot refer to itself"]),
        ({"given": "both"}, ["a claim cannot refer to itself"]),
        ({"supersedes": "both"}, ["a claim cannot refer to itself"]),
        ({"parts": ("rain", "rain")}, ["named twice"]),
        ({"parts": ()}, ["names its parts"]),
        ({"kind": "yes-no"}, ["names its parts"]),
        ({"parts": ("rain", "later")}, ["no claim 'later'"]),
    ],
)
def test_no_tree_can_run_in_a_circle(
    ledger: Ledger, rain: str, refuses: Refuses, fields: dict[str, object], words: list[str]
) -> None:
    """A part must be on file before the tree, in a correction too: so no circle can close."""
    with refuses(*words):
        plant(ledger, **{"slug": "both", "kind": "all-of", "parts": [rain], **fields})  # type: ignore[arg-type]


def test_the_parts_of_a_tree_cannot_be_corrected_into_a_circle(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    plant(ledger, "both", "all-of", [rain])
    plant(ledger, "all", "all-of", ["both"])

    with refuses("parts: 'all' was not recorded before both, and claims refer to earlier ones", error=Conflict):
        ledger.correct("both", reason="round we go", parts=("all",))


# -- given ----------------------------------------------------------------------------------------------------


def test_a_claim_is_annulled_when_what_it_is_given_resolves_no(ledger: Ledger, clock: Clock, rain: str) -> None:
    flood = ledger.add("If it rains, it floods", deadline="2026-06-30", given=rain)
    before = status(ledger, flood)
    clock.set("2026-08-01")

    ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry")

    assert (before, status(ledger, flood)) == (Status.OPEN, Status.ANNULLED)


@pytest.mark.parametrize("outcome", ["yes", "ambiguous"])
def test_it_stands_when_what_it_is_given_comes_out_otherwise(ledger: Ledger, rain: str, outcome: str) -> None:
    flood = ledger.add("If it rains, it floods", deadline="2026-06-30", given=rain)

    ledger.resolve(rain, outcome, known_on="2026-01-01", reason="seen")

    assert status(ledger, flood) is Status.OPEN


def test_it_is_annulled_even_where_it_has_a_verdict_and_a_chain_of_them_too(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    flood = ledger.add("If it rains, it floods", deadline="2026-06-30", given=rain, p=0.5)
    mud = ledger.add("If it floods, there is mud", deadline="2026-06-30", given=flood, p=0.5)
    clock.set("2026-08-01")
    ledger.resolve(flood, "no", known_on="2026-07-01", reason="no flood")
    between = status(ledger, flood), status(ledger, mud)

    ledger.resolve(rain, "no", known_on="2026-07-02", reason="dry")

    assert between == (Status.RESOLVED, Status.ANNULLED)
    assert (status(ledger, flood), status(ledger, mud)) == (Status.ANNULLED, Status.DUE)
    assert ledger.scorecard().record("ana").funnel["annulled"] == 1
    assert [row["brier"] for row in ledger.scorecard().rows()] == [None, None]


def test_two_verdicts_may_be_told_apart_by_what_they_say(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-08-01")
    ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry")
    ledger.resolve(rain, "no", known_on="2026-07-02", reason="dry, and read again")

    assert [one.number for one in ledger.snapshot().all(Resolution)] == [1, 2]

"""What the evidence on file would make of a claim: which events count, on which evidence, and what is missing."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger, ainews
from predictions.enums import Outcome
from predictions.recording.enter import build, enter, said_content
from predictions.records import Claim
from predictions.status import Status
from predictions.tally.result import EventTally, Standing, Tally

STRICT = "one-primary-or-two-established"


@pytest.fixture
def storms(ledger: Ledger, clock: Clock) -> str:
    """Two storms between March and June of 2026, each with wind and rain; the clock stands in August."""
    ledger.add(
        "Two storms",
        deadline="2026-06-30",
        opens_on="2026-03-01",
        slug="storms",
        at_least=2,
        conditions=["wind", "rain"],
    )
    clock.set("2026-08-01")
    return "storms"


@pytest.fixture
def sourced(ledger: Ledger, storms: str) -> str:
    """The same, where an event needs one primary source or two established ones."""
    with ledger._desk() as desk:
        claim = desk.store.standing(Claim)[0]
        enter(desk, build(Claim, {**said_content(claim), "slug": "sourced", "sourcing": STRICT, "scored": False}))
    return "sourced"


def log(ledger: Ledger, claim: str, slug: str, counts: str, on: str | None = "2026-04-01", **fields: object) -> None:
    ledger.log_evidence(claim, f"https://{slug}.example.org/", slug, slug=slug, on=on, counts=counts, **fields)  # type: ignore[arg-type]  # any field


def only(ledger: Ledger, claim: str) -> EventTally:
    [event] = ledger.claim(claim).tally.events
    return event


def test_nothing_on_file_is_nothing_counted(ledger: Ledger, storms: str) -> None:
    tally = ledger.claim(storms).tally

    assert (tally.short, tally.met, tally.partly, tally.nearest) == ("0 of 2", False, False, None)
    assert "outside the window" not in str(tally)
    assert tally.needed == "2 more events meeting wind, rain; the window is 2026-03-01 to 2026-06-30"
    assert tally.rows() == []


def test_events_count_once_each_however_much_evidence_there_is(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale")
    log(ledger, storms, "two", "gale")
    first = ledger.claim(storms).tally

    log(ledger, storms, "three", "kirk")
    second = ledger.claim(storms).tally

    assert (first.short, first.met, first.partly) == ("1 of 2", False, True)
    assert first.needed.startswith("1 more event meeting wind, rain")
    assert (second.short, second.met, second.partly) == ("2 of 2", True, False)
    assert second.needed.startswith("nothing more: the conditions are met, and a verdict may be given")


def test_more_than_enough_needs_nothing_more(ledger: Ledger, storms: str) -> None:
    for slug in ("gale", "kirk", "lothar"):
        log(ledger, storms, f"on-{slug}", slug)

    tally = ledger.claim(storms).tally

    assert tally.short == "3 of 2"
    assert tally.needed.startswith("nothing more")


def test_a_tally_never_deadline_itself(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale")
    log(ledger, storms, "two", "kirk")

    assert ledger.claim(storms).tally.met
    assert ledger.claim(storms).status is Status.DUE


def test_conditions_may_be_met_by_different_evidence(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale", meets="wind")
    half = only(ledger, storms)

    log(ledger, storms, "two", "gale", meets="rain")
    whole = only(ledger, storms)

    assert (half.standing, half.missing, half.why) == (Standing.FALLS_SHORT, ("rain",), "lacks rain")
    assert (whole.standing, whole.met) == (Standing.COUNTS, {"wind": ["one"], "rain": ["two"]})


def test_each_event_must_meet_every_condition_itself(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale", meets="wind")
    log(ledger, storms, "two", "kirk", meets="rain")

    assert ledger.claim(storms).tally.short.startswith("0 of 2")


def test_evidence_taken_back_counts_for_nothing(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale", meets="wind")
    log(ledger, storms, "two", "gale", meets="rain")
    log(ledger, storms, "three", "kirk")

    ledger.retract("two", reason="a hoax")
    ledger.retract("three", reason="a hoax")

    assert [(one.event, one.missing) for one in ledger.claim(storms).tally.events] == [("gale", ("rain",))]


def test_what_is_disputed_is_contested_and_not_counted(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale")
    ledger.log_evidence(
        storms, "https://b.example.org/", "No storm", slug="denial", on="2026-04-01", event="gale", bears="opposes"
    )
    contested = ledger.claim(storms).tally

    ledger.retract("denial", reason="withdrawn by its author")

    assert contested.short == "0 of 2 (1 more contested: gale is disputed by denial)"
    assert (contested.contested, contested.counted) == (1, 0)
    assert ledger.claim(storms).tally.counted == 1


def test_opposing_evidence_alone_makes_no_event_count(ledger: Ledger, storms: str) -> None:
    ledger.log_evidence(
        storms, "https://b.example.org/", "No", slug="denial", on="2026-04-01", event="gale", bears="opposes",
        meets=["wind", "rain"],
    )  # fmt: skip

    assert (only(ledger, storms).standing, only(ledger, storms).met) == (Standing.FALLS_SHORT, {})


def test_a_near_miss_is_the_nearest_and_never_counts(ledger: Ledger, storms: str) -> None:
    for slug, meets in [("breeze", ["wind"]), ("squall", ["wind", "rain"])]:
        ledger.log_evidence(
            storms, f"https://{slug}.example.org/", slug, slug=slug, on="2026-04-01", event=slug, bears="near-miss",
            meets=meets,
        )  # fmt: skip

    tally = ledger.claim(storms).tally

    assert tally.counted == 0
    assert tally.nearest is not None
    assert tally.nearest.event == "squall"
    assert tally.short == "0 of 2 (nearest: squall meets 2 of 2)"
    assert [one.why for one in tally.events] == ["lacks rain", "no evidence says that it counts"]


@pytest.mark.parametrize("bears", ["context", "base-rate", "near-miss"])
def test_only_what_supports_counts(ledger: Ledger, storms: str, bears: str) -> None:
    ledger.log_evidence(
        storms, "https://b.example.org/", "x", slug="x", on="2026-04-01", event="gale", bears=bears,
        meets=["wind", "rain"],
    )  # fmt: skip

    assert ledger.claim(storms).tally.counted == 0
    assert not any(one.standing is Standing.COUNTS for one in ledger.claim(storms).tally.events)


# -- sourcing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sources", "why"),
    [
        ([("primary", "Port")], ""),
        ([("established", "Times"), ("established", "Post")], ""),
        ([("primary", None), ("other", None)], ""),
        ([("established", "Times")], "rests on one established source"),
        ([("established", "Times"), ("established", "Times")], "rests on one established source"),
        ([("established", "Times"), ("established", " TIMES")], "rests on one established source"),
        ([("established", "Times"), ("other", "Post")], "rests on one established source"),
        ([("established", "Times"), (None, "Post")], "rests on one established source"),
        ([("other", "Blog"), ("other", "Post")], "rests on no established source"),
        ([(None, None)], "rests on no established source"),
    ],
)
def test_an_event_is_provisional_until_it_is_sourced_as_the_criteria_ask(
    ledger: Ledger, sourced: str, sources: list[tuple[str | None, str | None]], why: str
) -> None:
    for number, (grade, publisher) in enumerate(sources):
        log(ledger, sourced, f"s{number}", "gale", grade=grade, publisher=publisher)

    event = only(ledger, sourced)
    assert (event.standing, event.why) == (Standing.PROVISIONAL if why else Standing.COUNTS, why)


def test_what_is_provisional_is_counted_and_said_and_does_not_meet_the_claim(ledger: Ledger, sourced: str) -> None:
    log(ledger, sourced, "one", "gale", grade="primary")
    log(ledger, sourced, "two", "kirk", grade="established", publisher="Times")

    tally = ledger.claim(sourced).tally

    assert tally.short == "2 of 2 (1 provisional: kirk rests on one established source)"
    assert (tally.counted, tally.provisional, tally.met, tally.partly) == (2, 1, False, True)
    assert tally.needed.startswith("for kirk, one primary source or a second established one")


def test_two_without_a_publisher_are_told_apart_by_their_hosts(ledger: Ledger, sourced: str) -> None:
    for number in (1, 2):
        ledger.log_evidence(
            sourced, f"https://times.example.org/{number}", "x", slug=f"x{number}", on="2026-04-01", counts="gale",
            grade="established",
        )  # fmt: skip
    same = only(ledger, sourced)

    log(ledger, sourced, "post", "gale", grade="established")

    assert same.why == "rests on one established source"
    assert only(ledger, sourced).standing is Standing.COUNTS


def test_a_claim_without_a_rule_asks_for_no_source(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale")

    assert only(ledger, storms).standing is Standing.COUNTS


# -- windows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "standing"),
    [
        ("2026-02-28", Standing.OUTSIDE),
        ("2026-03-01", Standing.COUNTS),
        ("2026-06-30", Standing.COUNTS),
        ("2026-07-01", Standing.OUTSIDE),
        ("2026-02", Standing.OUTSIDE),
        ("2026-03", Standing.COUNTS),
        ("2026-06", Standing.COUNTS),
        ("2026-07", Standing.OUTSIDE),
        ("2026", Standing.PROVISIONAL),
        ("2025", Standing.OUTSIDE),
    ],
)
def test_an_event_counts_on_every_day_of_the_window_and_on_no_other(
    ledger: Ledger, storms: str, happened: str, standing: Standing
) -> None:
    log(ledger, storms, "one", "gale", on=happened)

    assert only(ledger, storms).standing is standing


def test_a_month_across_the_edge_of_the_window_is_provisional(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-01")
    ledger.add("A storm", deadline="2026-06-15", opens_on="2026-03-10", slug="storm", at_least=1)
    clock.set("2026-08-01")
    for slug, on in [("early", "2026-03"), ("late", "2026-06"), ("within", "2026-04")]:
        log(ledger, "storm", slug, slug, on=on)

    tally = ledger.claim("storm").tally

    assert [(one.event, one.standing) for one in tally.events] == [
        ("early", Standing.PROVISIONAL),
        ("within", Standing.COUNTS),
        ("late", Standing.PROVISIONAL),
    ]
    assert tally.events[0].why == "is dated only 2026-03, which may lie outside the window"
    assert "for early, its exact day" in tally.needed


def test_what_lies_outside_the_window_says_what_it_met(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale", on="2026-07-15", meets="wind")

    event = only(ledger, storms)
    assert (event.met, event.missing) == ({"wind": ["one"]}, ("rain",))
    assert event.why == "2026-07-15 lies outside the window"
    assert "outside the window: gale" in str(ledger.claim(storms).tally)


def test_a_tally_is_there_as_plain_values(ledger: Ledger, storms: str) -> None:
    log(ledger, storms, "one", "gale", meets="wind")

    told = ledger.claim(storms).tally.to_dict()

    assert (told["claim"], told["counted"], told["at_least"], told["met"]) == ("storms", 0, 2, False)
    assert told["events"] == ledger.claim(storms).tally.rows()
    assert [(row["event"], row["missing"]) for row in ledger.claim(storms).tally.rows()] == [("gale", ["rain"])]
    assert (told["parts"], told["needed"]) == ([], ledger.claim(storms).tally.needed)


# -- claims judged as a whole, and trees ----------------------------------------------------------------------


def test_a_claim_judged_as_a_whole_counts_what_is_for_and_against(ledger: Ledger) -> None:
    ledger.add("It is a wet year", deadline="2026-12-31", slug="wet")
    for slug, bears in [("a", "supports"), ("b", "supports"), ("c", "opposes"), ("d", "context")]:
        ledger.log_evidence("wet", f"https://{slug}.example.org/", slug, slug=slug, bears=bears)
    ledger.retract("a", reason="a hoax")

    tally = ledger.claim("wet").tally

    assert tally.short == "1 for, 1 against; judged as a whole"
    assert (tally.met, tally.partly) == (False, False)


def tree(ledger: Ledger, kind: str) -> None:
    with ledger._desk() as desk:
        first = desk.store.standing(Claim)[0]
        fields = {
            "slug": kind, "type": kind, "parts": ("storms", "hail"), "scored": False, "at_least": None,
            "conditions": (),
        }  # fmt: skip
        enter(desk, build(Claim, {**said_content(first), **fields}))


@pytest.fixture
def parts(ledger: Ledger, clock: Clock) -> None:
    """Two parts: storms, which needs two, and hail, which needs one; and a tree of each kind over them."""
    clock.set("2026-01-01")
    ledger.add("Two storms", deadline="2026-06-30", opens_on="2026-03-01", slug="storms", at_least=2)
    ledger.add("Hail", deadline="2026-06-30", opens_on="2026-03-01", slug="hail", at_least=1)
    tree(ledger, "all-of")
    tree(ledger, "any-of")
    clock.set("2026-08-01")


@pytest.mark.usefixtures("parts")
def test_a_tree_is_met_as_its_parts_are(ledger: Ledger) -> None:
    def stand() -> list[tuple[bool, bool, str]]:
        tallies: list[Tally] = [ledger.claim(kind).tally for kind in ("all-of", "any-of")]
        return [(one.met, one.partly, one.count) for one in tallies]

    nothing = stand()
    log(ledger, "storms", "one", "gale")
    begun = stand()
    log(ledger, "hail", "two", "pea")
    one_part = stand()
    log(ledger, "storms", "three", "kirk")
    both = stand()

    assert nothing == [(False, False, "0 of 2"), (False, False, "0 of 2")]
    assert begun == [(False, True, "0 of 2"), (False, True, "0 of 2")]
    assert one_part == [(False, True, "1 of 2"), (True, False, "1 of 2")]
    assert both == [(True, False, "2 of 2"), (True, False, "2 of 2")]
    assert "storms 2 of 2; hail 1 of 1" in ledger.claim("all-of").tally.short


@pytest.mark.usefixtures("parts")
def test_the_verdict_on_a_part_stands_above_its_tally(ledger: Ledger) -> None:
    log(ledger, "hail", "two", "pea")
    ledger.resolve("hail", "no", known_on="2026-07-15", reason="it was sleet")

    all_of, any_of = ledger.claim("all-of").tally, ledger.claim("any-of").tally

    assert all_of.parts[1].outcome is Outcome.NO
    assert (all_of.met, all_of.partly, all_of.count) == (False, False, "0 of 2")
    assert (any_of.met, any_of.partly, any_of.count) == (False, False, "0 of 2")
    assert "hail no" in all_of.short


# -- the packaged catalogue, and readings written afterwards --------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "counted", "provisional", "contested"),
    [("exec-defections", 1, 1, 0), ("exec-defections-strict", 0, 0, 0), ("exec-defections-broad", 2, 1, 1)],
)
def test_the_executives_of_the_article_are_tallied_as_agreed(
    ledger: Ledger, clock: Clock, claim: str, counted: int, provisional: int, contested: int
) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    tally = ledger.claim(claim).tally

    assert (tally.counted, tally.contested) == (counted, contested)
    assert tally.provisional >= provisional
    assert tally.claim.at_least == 2


def test_a_claim_worded_after_the_evidence_that_counts_for_it_is_marked(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-03-10")
    early = ledger.add("A storm in spring", deadline="2026-06-30", opens_on="2026-03-01", at_least=1)
    log(ledger, early, "one", "gale", on="2026-03-05")
    clock.set("2026-03-20")
    late = ledger.add("A gale in spring", deadline="2026-06-30", opens_on="2026-03-01", at_least=1)
    log(ledger, late, "two", "kirk", on="2026-03-20")
    before = ledger.claim(late).written_after

    ledger.log_evidence(late, "one", bears="supports", event="gale")

    assert ledger.claim(early).written_after == ("gale",)
    assert (before, ledger.claim(late).written_after) == ((), ("gale",))
    assert [row["written_after"] for row in ledger.board().rows()] == [["gale"], ["gale"]]


@pytest.mark.parametrize(
    ("on", "marked"), [("2026-03", ()), ("2026-02", ("one",)), ("2026-03-05", ("one",)), (None, ())]
)
def test_june_is_not_called_early_june(ledger: Ledger, clock: Clock, on: str | None, marked: tuple[str, ...]) -> None:
    clock.set("2026-03-10")
    wet = ledger.add("It is a wet year", deadline="2026-12-31")

    ledger.log_evidence(wet, "https://example.org/", "x", slug="one", on=on, bears="supports")

    assert ledger.claim(wet).written_after == marked


@pytest.mark.parametrize("change", ["opposes", "retract"])
def test_only_evidence_that_counts_makes_it_written_afterwards(ledger: Ledger, clock: Clock, change: str) -> None:
    clock.set("2026-03-10")
    wet = ledger.add("It is a wet year", deadline="2026-12-31")
    bears = "supports" if change == "retract" else "opposes"
    ledger.log_evidence(wet, "https://example.org/", "x", slug="one", on="2026-03-01", bears=bears)
    if change == "retract":
        ledger.retract("one", reason="a hoax")

    assert ledger.claim(wet).written_after == ()

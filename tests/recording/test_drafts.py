"""Drafts: what a claim asks can be corrected for a day, by its recorder, while nobody else has added to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import Clock, Refuses

from predictions import Conflict, InvalidValue, Ledger, LedgerWarning, read_catalog
from predictions.enums import ClaimType
from predictions.importing.results import MOST_ROWS
from predictions.recording.enter import build, enter, said_content
from predictions.records import ASKED, Claim, Statement
from predictions.snapshot import asked_at

LINK = "https://example.org/{}"
Act = Callable[[Ledger], object]


@pytest.fixture
def rain(ledger: Ledger) -> str:
    """A claim of ana's, recorded 2026-01-01 09:00."""
    return ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)


def by(ledger: Ledger, me: str | None, act: Act) -> None:
    """Let somebody else act, and hand the pen back."""
    ledger.me, mine = me, ledger.me
    act(ledger)
    ledger.me = mine


def reworded(ledger: Ledger, **changes: object) -> Claim:
    found = ledger.correct("claim rain", reason="a slip", **(changes or {"criteria": "The gauge says so."})).record
    assert isinstance(found, Claim)
    return found


# -- while it is one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"wording": "It pours"},
        {"criteria": "The gauge says so."},
        {"opens_on": "2026-01-05"},
        {"deadline": "2026-07-31"},
        {"deadline": "2026-03-31", "closes_at": "2026-03-01T12:00Z"},
        {"settle_days": 5},
        {"type": "events", "at_least": 2, "conditions": [{"name": "wet", "text": "It is wet."}], "sourcing": "any"},
        {"horizon": "soon", "horizon_read": "the first half"},
        {"reading": "strict", "title": "Rain"},
        {"scored": False},
    ],
)
def test_its_recorder_corrects_every_field(ledger: Ledger, clock: Clock, rain: str, changes: dict[str, object]) -> None:
    clock.set("2026-01-02T09:00:00Z")

    kept = reworded(ledger, **changes)

    stands = ledger.claim("rain").claim
    assert (kept, kept.revision, kept.reason) == (stands, 2, "a slip")
    wanted = build(Claim, {**said_content(stands), **changes})
    assert all(getattr(stands, name) == getattr(wanted, name) for name in changes)
    assert ledger.verify(deep=True).ok


def test_its_slug_stays(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    with refuses("the slug of claim rain is not to be corrected", error=InvalidValue):
        reworded(ledger, slug="hail")


@pytest.mark.parametrize(
    "act",
    [
        lambda ledger: ledger.forecast("rain", 0.4),
        lambda ledger: ledger.withdraw("rain"),
        lambda ledger: ledger.log_evidence("rain", LINK.format("a"), "A storm", slug="storm"),
        lambda ledger: by(ledger, "ben", lambda ledger: ledger.add("It hails", deadline="2026-06-30", p=0.5)),
        lambda ledger: by(ledger, "ben", lambda ledger: ledger.correct("claim rain", reason="shorter", title="Rain")),
    ],
)
def test_what_its_recorder_adds_and_what_others_add_elsewhere_leave_it_one(ledger: Ledger, rain: str, act: Act) -> None:
    act(ledger)

    assert reworded(ledger).criteria == "The gauge says so."


def test_what_came_under_its_first_seal_leaves_it_one(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        """format = 1
[[source]]
slug = "paper"
title = "A paper"
published = 2025-12-01
[[statement]]
slug = "rain"
source = "paper"
text = "It will rain."
[[claim]]
slug = "rain"
statement = "rain"
reading = "headline"
title = "Rain"
wording = "It rains"
criteria = "As worded."
opens_on = 2026-01-01
deadline = 2026-06-30
[[forecaster]]
slug = "paper"
title = "The paper"
[[forecast]]
claim = "rain"
forecaster = "paper"
made_at = 2025-12-01
probability = 0.9
""",
        "utf-8",
    )
    ledger.register(read_catalog(tmp_path / "mine.toml"))

    assert reworded(ledger).revision == 2


def test_a_catalogue_corrects_a_draft_and_nothing_after_it(
    ledger: Ledger, clock: Clock, rain: str, tmp_path: Path, refuses: Refuses
) -> None:
    def catalog(criteria: str, revision: int) -> Path:
        path = tmp_path / "mine.toml"
        path.write_text(
            f"""format = 1
[[claim]]
slug = "rain"
statement = "rain"
reading = "own"
title = "It rains"
wording = "It rains"
criteria = "{criteria}"
opens_on = 2026-01-01
deadline = 2026-06-30
scored = true
revision = {revision}
reason = "clearer"
""",
            "utf-8",
        )
        return path

    ledger.register(read_catalog(catalog("The gauge.", 2)))
    assert ledger.claim("rain").claim.criteria == "The gauge."

    clock.set("2026-01-03")
    with refuses("rain is no draft any more (it was one until", "new criteria are a new claim: ", error=Conflict):
        ledger.register(read_catalog(catalog("My window.", 3)))


# -- when it ends ---------------------------------------------------------------------------------------------


def imported(ledger: Ledger, rows: int) -> None:
    """Import forecasts of bea's on the claim, as records or, where they are many, as blocks."""
    times = np.datetime64("2025-12-01", "us").astype(int) + np.arange(rows) * 1_000_000
    ledger.import_forecasts({"claim": ["rain"] * rows, "made_at": times, "probability": [0.5] * rows}, by="bea")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda ledger: ledger.forecast("rain", 0.4, by="Bea"), "bea forecast on it on 2026-01-01"),
        (
            lambda ledger: ledger.forecast("rain", 0.4, by="Bea", made_at="2025-12-01"),
            "bea forecast on it on 2025-12-01",
        ),
        (lambda ledger: imported(ledger, 3), "bea forecast on it on 2025-12-01"),
        (lambda ledger: imported(ledger, MOST_ROWS + 1), "bea forecast on it on 2025-12-01"),
        (
            lambda ledger: by(ledger, "ben", lambda ledger: ledger.log_evidence("rain", LINK.format("b"), "A storm")),
            "ben recorded evidence on it, example-b",
        ),
        (
            lambda ledger: by(ledger, None, lambda ledger: ledger.log_evidence("rain", LINK.format("b"), "A storm")),
            "somebody recorded evidence on it, example-b",
        ),
        (
            lambda ledger: ledger.resolve("rain", "yes", happened_on="2026-01-01", reason="seen"),
            "a verdict on it is recorded",
        ),
    ],
)
def test_it_ends_when_somebody_else_adds_to_it(
    ledger: Ledger, rain: str, refuses: Refuses, act: Act, words: str
) -> None:
    act(ledger)

    with refuses(
        f"rain is no draft any more ({words}); new criteria are a new claim: "
        'ledger.supersede("rain", criteria="The gauge says so.", reason="...")',
        error=Conflict,
    ):
        reworded(ledger)
    assert reworded(ledger, title="Rain").title == "Rain"


def test_evidence_of_anothers_ends_it_whoever_brings_it(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    ledger.add("It hails", deadline="2026-06-30", slug="hail")
    by(ledger, "ben", lambda ledger: ledger.log_evidence("hail", LINK.format("b"), "A storm", slug="storm"))
    assert reworded(ledger).revision == 2

    ledger.log_evidence("rain", "storm", bears="context")

    with refuses("ben recorded evidence on it, storm", error=Conflict):
        reworded(ledger, criteria="Mine.")


@pytest.mark.parametrize(
    ("terms", "now", "until"),
    [
        ({}, "2026-01-02T09:00:10Z", "2026-01-02 09:00:0"),
        ({"closes_at": "2026-01-01T12:00Z"}, "2026-01-01T12:00:00Z", "2026-01-01 12:00:00Z"),
        ({"deadline": "2026-01-01"}, "2026-01-02T00:00:00Z", "2026-01-02 00:00:00Z"),
    ],
)
def test_it_ends_after_a_day_and_with_its_window(
    ledger: Ledger, clock: Clock, refuses: Refuses, terms: dict[str, str], now: str, until: str
) -> None:
    ledger.add("It rains", slug="rain", **{"deadline": "2026-06-30", **terms})  # type: ignore[arg-type]
    clock.set(now)

    with refuses(f"rain is no draft any more (it was one until {until}", error=Conflict):
        reworded(ledger)


def test_the_day_is_counted_from_its_first_seal(ledger: Ledger, clock: Clock, rain: str, refuses: Refuses) -> None:
    clock.set("2026-01-02T08:00:00Z")
    reworded(ledger)
    clock.set("2026-01-02T10:00:00Z")

    with refuses("it was one until 2026-01-02 09:00:0", error=Conflict):
        reworded(ledger, criteria="Mine.")


@pytest.mark.parametrize("me", ["ana", "ben", None])
def test_what_ended_it_first_is_the_reason_whoever_asks(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, me: str | None
) -> None:
    clock.set("2026-01-03")
    ledger.forecast("rain", 0.4, by="Bea")
    ledger.me = me

    with refuses("rain is no draft any more (it was one until 2026-01-02 09:00:0", error=Conflict):
        reworded(ledger)


def test_what_was_added_in_time_is_the_reason_later_too(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses
) -> None:
    ledger.forecast("rain", 0.4, by="Bea")
    clock.set("2026-01-03")

    with refuses("rain is no draft any more (bea forecast on it on 2026-01-01)", error=Conflict):
        reworded(ledger)


def test_a_text_with_quotes_is_left_out_of_the_line_to_type(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses
) -> None:
    clock.set("2026-01-03")

    with refuses('ledger.supersede("rain", criteria="...", reason="...")', error=Conflict):
        reworded(ledger, criteria='The "gauge" says so.')


@pytest.mark.parametrize("me", ["ben", None])
def test_it_is_its_recorders_alone(ledger: Ledger, rain: str, refuses: Refuses, me: str | None) -> None:
    ledger.me = me

    with refuses("rain is a draft of ana, who alone may correct what it asks; new ", error=Conflict):
        reworded(ledger)


def test_of_an_unnamed_recorder_it_is_nobody_elses(ledger: Ledger, refuses: Refuses) -> None:
    ledger.me = None
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    assert reworded(ledger).revision == 2

    ledger.me = "ben"
    with refuses("nobody said who recorded rain", error=Conflict):
        reworded(ledger, criteria="Mine.")


# -- what it may become ---------------------------------------------------------------------------------------


def reading(ledger: Ledger, slug: str, **fields: object) -> None:
    """A further claim on the statement of the first."""
    with ledger._desk() as desk:
        first = desk.store.standing(Claim)[0]
        enter(desk, build(Claim, {**said_content(first), "scored": False, "slug": slug, "reading": slug, **fields}))


@pytest.mark.parametrize("changes", [{"given": "hail"}, {"supersedes": "hail"}, {"type": "any-of", "parts": ["hail"]}])
def test_it_refers_to_earlier_claims_only_so_that_no_circle_closes(
    ledger: Ledger, rain: str, refuses: Refuses, changes: dict[str, object]
) -> None:
    reading(ledger, "hail", given="rain")

    with refuses("was not recorded before rain, and claims refer to earlier ones", error=Conflict):
        reworded(ledger, **changes)
    assert ledger.correct("claim hail", reason="both", type="any-of", parts=["rain"], given=None)


def test_a_second_claim_of_a_statement_is_scored_only_if_it_supersedes_the_first(
    ledger: Ledger, rain: str, refuses: Refuses
) -> None:
    reading(ledger, "hail")

    with refuses("rain is the scored reading of rain already; one of them must supersede it", error=Conflict):
        ledger.correct("claim hail", reason="this one", scored=True)
    assert ledger.correct("claim hail", reason="this one", scored=True, supersedes="rain")
    with refuses("is the scored reading of rain already", error=Conflict):
        ledger.correct("claim hail", reason="beside it", supersedes=None)


def test_a_part_and_its_tree_are_not_both_scored(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    ledger.add("It hails", deadline="2026-06-30", slug="hail")
    reading(ledger, "storm", type="all-of", parts=("rain",), statement="hail")

    with refuses("hail is the scored reading of hail already", error=Conflict):
        ledger.correct("claim storm", reason="the whole", scored=True)
    ledger.correct("claim hail", reason="beside", scored=False)
    with refuses("rain is scored by itself; it cannot be a part of storm, which is scored too", error=Conflict):
        ledger.correct("claim storm", reason="the whole", scored=True)
    ledger.correct("claim rain", reason="a part", scored=False)
    ledger.correct("claim storm", reason="the whole", scored=True)
    with refuses("rain is scored by itself; it cannot be a part of storm, which is scored too", error=Conflict):
        ledger.correct("claim rain", reason="alone", scored=True)


# -- what add made of its words -------------------------------------------------------------------------------


def test_what_add_made_of_a_wording_and_window_goes_with_them(ledger: Ledger, rain: str) -> None:
    kept = reworded(ledger, wording="It pours", deadline="2026-07-31")

    assert (kept.title, kept.criteria) == ("It pours", "As worded: It pours")
    assert (kept.horizon, kept.horizon_read, kept.edtf) == (None, None, None)
    assert ledger.snapshot().find(Statement, "rain").text == "It pours"
    again = ledger.correct("claim rain", reason="a slip", wording="It pours", deadline="2026-07-31")
    assert (again.record, again.wrote) == (kept, 0)


def test_what_was_said_otherwise_stays(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", title="Rain", criteria="The gauge.")

    kept = reworded(ledger, wording="It pours")

    assert (kept.title, kept.criteria, kept.horizon) == ("Rain", "The gauge.", "by 2026-06-30")
    assert reworded(ledger, wording="It rains cats", criteria="As seen.", title="Cats").criteria == "As seen."


def test_a_notebook_that_added_it_runs_again_after_the_correction(ledger: Ledger, rain: str) -> None:
    reworded(ledger, wording="It pours", deadline="2026-07-31")

    with pytest.warns(LedgerWarning, match="was recorded so before and since corrected"):
        first = ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    again = ledger.add("It pours", deadline="2026-07-31", p=0.3)
    assert (first, first.wrote, again, again.wrote) == ("rain", 0, "rain", 0)


def test_what_was_corrected_back_and_forth_says_how_to_have_it_so_again(ledger: Ledger, rain: str) -> None:
    ledger.correct("rain", title="Rain")
    ledger.correct("rain", title="Wet")

    with pytest.warns(LedgerWarning, match="to have it so again, say a reason that is new: reason="):
        ledger.correct("rain", title="Rain")
    assert ledger.snapshot().find(Claim, "rain").title == "Wet"
    ledger.correct("rain", title="Rain", reason="after all")
    assert ledger.snapshot().find(Claim, "rain").title == "Rain"


# -- what readers see -----------------------------------------------------------------------------------------


def test_every_reader_goes_by_the_last_revision(ledger: Ledger, clock: Clock, rain: str) -> None:
    reworded(ledger, deadline="2026-03-31", settle_days=5, type="events", at_least=1, tags=["weather"])

    assert ledger.board().rows()[0]["deadline"] == "2026-03-31"
    assert ledger.claim("rain").tally.claim.type is ClaimType.EVENTS
    assert "2026-01-01 .. 2026-03-31" in str(ledger.claim("rain"))
    clock.set("2026-04-05")
    with pytest.warns(LedgerWarning, match="the window of rain ended 2026-03-31"):
        ledger.forecast("rain", 0.5, by="Bea")
    assert [item.claim for item in ledger.due().items] == ["rain"]
    assert ledger.resolve("rain", "no").record.known_on == date(2026, 4, 5)


def test_what_it_was_before_is_seen_as_of_then(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-01-01T10:00:00Z")
    reworded(ledger)

    assert ledger.claim("rain", as_of="2026-01-01T09:30Z").claim.criteria == "As worded: It rains"


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        *[({"criteria": "The gauge."}, True), ({"deadline": "2026-07-31"}, True), ({"wording": "It pours"}, True)],
        *[({"title": "Rain"}, False), ({"tags": ["a"]}, False), ({"settle_days": 5}, False), ({"notes": "x"}, False)],
    ],
)
def test_when_the_question_was_last_changed_is_told(
    ledger: Ledger, clock: Clock, rain: str, changes: dict[str, object], asks: bool
) -> None:
    before = asked_at(ledger.snapshot(), ledger.claim("rain").claim)
    clock.set("2026-01-01T12:00:00Z")
    reworded(ledger, **changes)
    clock.set("2026-01-01T15:00:00Z")
    reworded(ledger, notes="later")

    card = ledger.claim("rain", full=True)
    assert asked_at(ledger.snapshot(), card.claim) == card.asked_at
    assert (card.asked_at.hour == 12, card.asked_at == before) == (asks, not asks)
    told = "the question was last changed 2026-01-01 12:00:0" in " ".join(str(card).split())
    assert told == asks


def test_a_change_back_is_a_change(ledger: Ledger, clock: Clock, rain: str) -> None:
    reworded(ledger, deadline="2026-07-31")
    clock.set("2026-01-01T12:00:00Z")
    ledger.correct("claim rain", reason="after all", deadline="2026-06-30")

    assert asked_at(ledger.snapshot(), ledger.claim("rain").claim).hour == 12


def test_written_afterwards_is_judged_by_the_last_change_of_the_question(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    ledger.log_evidence("rain", LINK.format("a"), "Rain", on="2026-01-01", bears="supports", slug="storm")
    assert ledger.claim("rain").written_after == ()
    clock.set("2026-01-02T08:00:00Z")

    reworded(ledger, title="Rain")
    assert ledger.claim("rain").written_after == ()
    reworded(ledger)
    assert ledger.claim("rain").written_after == ("storm",)


def test_what_is_asked_are_fields_of_a_claim_that_no_later_correction_changes() -> None:
    assert set(ASKED) <= Claim.model_fields.keys() - (Claim.amendable or set())


def test_a_long_slug_is_begun_in_the_sentence_and_the_line_to_type(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-01")
    slug = ledger.add("The regulator fines one of the large labs", deadline="2099").slug
    ledger.add("The regulator says nothing at all of this", deadline="2099")
    ledger.forecast(slug, 0.5, by="bea", kind="person")

    with pytest.raises(Conflict) as refused:
        ledger.correct(slug, deadline="2098")

    said = str(refused.value)
    assert slug == "the-regulator-fines-one-of-the-large-labs"
    assert said.count("the-regulator-fines-one ") == 1
    assert 'ledger.supersede("the-regulator-fines-one", deadline="2098' in said
    assert ledger.claim("the-regulator-fines-one").claim.slug == slug


@pytest.fixture
def typed_claims(ledger: Ledger) -> Ledger:
    """A number on a log axis, a choice and a date."""
    common = {"deadline": "2026-06-30", "opens_on": "2026-01-01"}
    ledger.add("How many?", unit="cars", between=(1, 10, "log"), slug="cars", **common)
    ledger.add("Which?", options=["a", "b"], slug="which", **common)
    ledger.add("On which day?", when=True, slug="day", **common)
    return ledger


def test_a_claim_is_corrected_and_superseded_in_the_words_of_add(typed_claims: Ledger) -> None:
    cars = typed_claims.correct("cars", between=(0, 20)).record
    which = typed_claims.correct("which", ordered=True).record

    assert isinstance(cars, Claim)
    assert isinstance(which, Claim)
    assert (cars.low, cars.high, cars.scale) == (0, 20, None)
    assert which.type is ClaimType.ORDERED
    assert typed_claims.supersede("cars", between=(1, 5, "log"), slug="c", reason="x").record.scale == "log"
    assert typed_claims.supersede("which", ordered=False, slug="w", reason="x").record.type is ClaimType.CHOICE


@pytest.mark.parametrize(
    ("claim", "changes", "words"),
    [
        ("which", {"between": (0, 5)}, "which is of type choice; between= goes with unit="),
        ("cars", {"ordered": True}, "cars is of type number; ordered= goes with options="),
        ("which", {"ordered": "yes"}, "ordered: 'yes' is neither True nor False"),
        ("cars", {"between": (5, 1)}, "between: 5 to 1 does not rise; the low end goes first"),
        ("cars", {"between": "0..5"}, "between: '0..5' is no range; say its two ends"),
        ("cars", {"range": (0, 5)}, "claim has no field 'range'; did you mean 'between'?"),
        ("cars", {"conditions": 5}, "cars is of type number; conditions= goes with at_least=N"),
        ("cars", {"options": "a"}, "options: 'a' is one option; name at least two"),
        ("cars", {"options": ["a", "b"], "when": True}, "options= makes it a choice, when= a date: say one of them"),
    ],
)
@pytest.mark.parametrize("verb", ["correct", "supersede"])
def test_a_word_of_add_that_does_not_go_with_a_claim_is_told_what_does(
    typed_claims: Ledger, refuses: Refuses, verb: str, claim: str, changes: dict[str, object], words: str
) -> None:
    with refuses(words):
        getattr(typed_claims, verb)(claim, reason="x", **changes)


def test_the_options_of_a_choice_have_no_order_to_correct(typed_claims: Ledger) -> None:
    typed_claims.forecast("which", {"a": 0.4, "b": 0.6})

    same = typed_claims.correct("which", options=["b", "a"])
    ordered = typed_claims.correct("which", options=["b", "a"], ordered=True)

    assert same.wrote == 0
    assert ordered.record.options == ("b", "a")


AS_ADD_HAS_THEM = {
    "yes-no": {}, "choice": {"options": ["a", "b"]}, "ordered": {"options": ["a", "b"], "ordered": True},
    "number": {"unit": "cars", "between": (0, 10)}, "date": {"when": True},
    "events": {"at_least": 2, "conditions": {"list": "A full list"}},
}  # fmt: skip
NONE_OF_THEM = {"options": (), "unit": None, "between": None, "when": False, "at_least": None, "conditions": None}


@pytest.mark.parametrize("was", AS_ADD_HAS_THEM)
@pytest.mark.parametrize("becomes", AS_ADD_HAS_THEM)
@pytest.mark.parametrize("verb", ["correct", "supersede"])
def test_a_claim_becomes_of_any_type_by_the_keywords_of_add(ledger: Ledger, verb: str, was: str, becomes: str) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="it", **AS_ADD_HAS_THEM[was])  # type: ignore[arg-type]
    ledger.add("As it is", deadline="2026-06-30", slug="as", **AS_ADD_HAS_THEM[becomes])  # type: ignore[arg-type]
    said = AS_ADD_HAS_THEM[becomes] or NONE_OF_THEM
    said = {"ordered": False, **said} if (was, becomes) == ("ordered", "choice") else said
    if was == becomes and verb == "supersede":
        said = {**said, "criteria": "The gauge."}

    kept = getattr(ledger, verb)("it", **said, reason="a slip").record

    asked = ("type", "options", "unit", "low", "high", "scale", "at_least", "conditions")
    wanted = ledger.claim("as").claim
    assert {name: getattr(kept, name) for name in asked} == {name: getattr(wanted, name) for name in asked}


@pytest.mark.parametrize("reason", [None, "a slip"])
@pytest.mark.parametrize(
    ("claim", "changes", "words"),
    [
        (
            "cars",
            {"between": (1, 5, "log")},
            'a new range is a new claim: ledger.supersede("cars", between=(1, 5, "log")',
        ),
        ("cars", {"between": (0, 10)}, 'a new range is a new claim: ledger.supersede("cars", between=(0, 10), reason='),
        ("which", {"ordered": True}, 'a new order is a new claim: ledger.supersede("which", ordered=True, reason='),
        ("which", {"options": ("b", "c")}, 'new options are a new claim: ledger.supersede("which", options=["b", "c"]'),
        ("which", {"text": "Who?", "deadline": "2026-07-31"}, "are a new claim"),
    ],
)
def test_what_a_claim_no_longer_changes_is_offered_in_the_words_of_add(
    typed_claims: Ledger, clock: Clock, refuses: Refuses, claim: str, changes: dict[str, object], words: str,
    reason: str | None,
) -> None:  # fmt: skip
    clock.set("2026-02-01")

    with refuses(words, error=Conflict):
        typed_claims.correct(claim, reason=reason, **changes)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"options": ["a", "b"]}, "its type was yes-no, and is choice now"),
        ({"unit": "m", "between": (0, 10)}, "its type was yes-no, and is number now"),
        ({"when": True}, "its type was yes-no, and is date now"),
        ({"at_least": 2}, "its type was yes-no, and is events now"),
        ({"title": "Rain"}, None),
        ({"deadline": "2027-01-31"}, None),
    ],
)
def test_a_correction_that_makes_another_type_of_a_claim_says_so(
    ledger: Ledger, fields: dict[str, object], told: str | None
) -> None:
    ledger.add("It rains", deadline="2026-12-31", slug="wet")

    lines = ledger.correct("wet", **fields).lines

    assert [line for line in lines if "type" in line] == ([told] if told else [])

"""How a record enters: once, as a correction with its reason, or not at all; and a whole notebook run twice."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import Clock, Refuses

from predictions import Conflict, InvalidValue, Ledger, LedgerWarning, NotFound, ainews
from predictions.enums import ClaimType
from predictions.recording.enter import TOGETHER, build, enter, enter_all, said_content, several
from predictions.recording.revisions import Entering
from predictions.records import (
    Bearing,
    Claim,
    Event,
    Evidence,
    Forecast,
    Forecaster,
    Record,
    Resolution,
    Source,
    Statement,
)

LINK = "https://example.org/almanac"


@pytest.fixture
def rain(ledger: Ledger) -> str:
    return ledger.add("It rains", deadline="2026-06-30", at_least=2, conditions=["wet", "cold"])


@pytest.fixture
def almanac(ledger: Ledger, rain: str) -> Evidence:
    return ledger.log_evidence(rain, LINK, "An almanac", slug="almanac", on="2025-12-30", counts="storm")


def put(ledger: Ledger, record: Record, reason: str | None = None) -> Record:
    with ledger._desk() as desk:
        return enter(desk, record, reason=reason)


@pytest.fixture
def blocks(ledger: Ledger, rain: str) -> Ledger:
    """A ledger in which an import stands in blocks: bob's forecasts of 2025-12-01, one a second."""
    times = np.datetime64("2025-12-01", "us").astype(int) + np.arange(10_001) * 1_000_000
    columns = {"claim": [rain] * 10_001, "made_at": times, "probability": np.arange(10_001) % 100 / 100}
    ledger.import_forecasts(columns, by="bob")
    assert ledger._store.has_blocks()
    return ledger


AT_SECOND_7 = "2025-12-01T00:00:07Z"


def test_what_a_block_says_stands_already(blocks: Ledger, rain: str) -> None:
    kept = blocks.forecast(rain, 0.07, by="bob", made_at=AT_SECOND_7)

    assert (kept.record.probability, kept.record.revision, kept.wrote) == (0.07, 1, 0)


def test_a_row_of_a_block_is_corrected_only_with_a_reason(blocks: Ledger, rain: str, refuses: Refuses) -> None:
    told = "bob said 0.07 of it-rains on 2025-12-01, now 0.7; to replace it: ledger.forecast("
    with refuses(told, error=Conflict):
        blocks.forecast(rain, 0.7, by="bob", made_at=AT_SECOND_7)

    kept = blocks.forecast(rain, 0.7, by="bob", made_at=AT_SECOND_7, reason="a digit was lost")
    again = blocks.forecast(rain, 0.7, by="bob", made_at=AT_SECOND_7, reason="a digit was lost")

    assert (kept.record.probability, kept.record.revision, kept.record.reason) == (0.7, 2, "a digit was lost")
    assert (again.record, again.wrote) == (kept.record, 0)
    assert blocks.forecast(rain, 0.8, by="bob", made_at=AT_SECOND_7, reason="another").record.revision == 3
    assert blocks.verify().ok


def test_a_time_that_no_block_holds_is_another_forecast(blocks: Ledger, rain: str) -> None:
    kept = blocks.forecast(rain, 0.7, by="bob", made_at="2025-12-01T00:00:07.5Z")

    assert (kept.record.revision, kept.wrote) == (1, 1)


def test_what_was_said_before_a_row_of_a_block_does_not_stand(blocks: Ledger, rain: str, refuses: Refuses) -> None:
    blocks.forecast(rain, 0.7, by="bob", made_at="2025-11-30T12:00:00Z")

    with refuses("bob said 0.70 on 2025-11-30 and 0.00 since; say again=True if it is meant anew", error=Conflict):
        blocks.forecast(rain, 0.7, by="bob")
    assert blocks.forecast(rain, 0.7, by="bob", again=True).record.made_at.year == 2026


def test_a_forecast_made_now_looks_into_no_block(blocks: Ledger, rain: str) -> None:
    said: list[str] = []
    blocks._journal.connection.set_trace_callback(said.append)
    blocks.forecast(rain, 0.123, by="bob")
    blocks._journal.connection.set_trace_callback(None)

    assert not any("content" in statement and "from main.block" in statement for statement in said)


def source(**fields: object) -> Source:
    return build(Source, {"slug": "almanac", "title": "An almanac", **fields})


def test_a_new_record_is_entered_under_the_name_of_who_records(ledger: Ledger) -> None:
    kept = put(ledger, source())

    assert (kept.revision, kept.reason, kept.recorded_by) == (1, None, "ana")


def test_an_equal_record_is_no_second_one(ledger: Ledger) -> None:
    first = put(ledger, source())
    head = ledger.head()
    ledger.me = "ben"

    assert put(ledger, source()) == first
    assert ledger.head() == head


def test_many_that_are_put_at_once_are_those_that_are_taken_one_by_one(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [Source(slug=f"almanac-{number}", title="An almanac", recorded_by="ben") for number in range(5)]
    records += [Source(slug=f"book-{number}", title=f"Book {number}", reason="seen") for number in range(TOGETHER)]

    with ledger._desk() as desk:
        enter_all(desk, records)
    monkeypatch.setattr(Entering, "put_fresh", lambda entering: False)
    with Ledger(tmp_path / "one-by-one.db", me="ana") as other:
        with other._desk() as desk:
            enter_all(desk, records)

        assert other.snapshot().all(Source) == ledger.snapshot().all(Source)
    assert {one.recorded_by for one in ledger.snapshot().all(Source)} == {"ana", "ben"}


def test_many_records_enter_by_the_same_rules(ledger: Ledger) -> None:
    put(ledger, source())
    given = [
        source(),
        source(slug="gazette"),
        source(slug="gazette"),
        source(slug="gazette", title="The gazette", reason="its whole name"),
        source(title="Almanac", reason="its whole name"),
        *(source(slug=f"paper-{number}") for number in range(2 * TOGETHER)),
    ]
    with ledger._desk() as desk:
        assert enter_all(desk, iter(given)) == 3 + 2 * TOGETHER

    snapshot = ledger.snapshot()
    assert [item.record.title for item in snapshot.revisions(Source, "gazette")] == ["An almanac", "The gazette"]
    assert [item.record.title for item in snapshot.revisions(Source, "almanac")] == ["An almanac", "Almanac"]
    assert {item.record.recorded_by for item in snapshot.recorded(Source)} == {"ana"}


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"title": "Almanac"}, ["source almanac stands with title 'An almanac', now 'Almanac'"]),
        ({"slug": "next", "published": "2026-01-02"}, ["source next: published 2026-01-02 lies in the future"]),
    ],
)
def test_one_of_many_that_is_refused_leaves_nothing_behind(
    ledger: Ledger, refuses: Refuses, record: dict[str, object], words: list[str]
) -> None:
    put(ledger, source())
    many = [source(slug=f"paper-{number}") for number in range(TOGETHER + 1)]

    with refuses(*words), ledger._desk() as desk:
        enter_all(desk, [*many, source(**record)])


def test_one_of_many_that_names_what_is_not_there_is_told_the_nearest_among_them(
    ledger: Ledger, refuses: Refuses
) -> None:
    statement = {"slug": "wet", "source": "almanack", "text": "It will be wet."}

    with (
        refuses("statement wet: no source 'almanack' in this ledger; did you mean 'almanac'?", error=NotFound),
        ledger._desk() as desk,
    ):
        enter_all(desk, [source(), build(Statement, statement)])


@pytest.mark.parametrize(("known_at", "early"), [("08:59", False), ("09:02", True)])
def test_what_was_public_later_than_now_is_refused(
    ledger: Ledger, rain: str, refuses: Refuses, known_at: str, early: bool
) -> None:
    moment = f"2026-01-01T{known_at}:00Z"
    verdict = {"claim": rain, "number": 1, "outcome": "ambiguous", "known_on": "2026-01-01", "known_at": moment}

    with refuses(f"known_at 2026-01-01 {known_at}:00Z lies in the future") if early else nullcontext():
        put(ledger, build(Resolution, {**verdict, "reason": "unclear"}))


def test_a_different_one_without_a_reason_shows_both(ledger: Ledger, refuses: Refuses) -> None:
    put(ledger, source(publisher="Port"))

    with refuses(
        "source almanac stands with title 'An almanac', now 'Almanac'; publisher 'Port', now nothing; "
        "link nothing, now 'https://example.org/'; and 1 more",
        "to correct it: ledger.correct(",
        error=Conflict,
    ):
        put(ledger, source(title="Almanac", published="2026", link="https://example.org/"))


def test_a_different_one_with_its_reason_is_the_next_revision(ledger: Ledger) -> None:
    put(ledger, source())

    kept = put(ledger, source(published="2026"), reason="found the date")

    assert (kept.revision, kept.reason) == (2, "found the date")
    assert ledger.snapshot().find(Source, "almanac") == kept
    assert [item.record.revision for item in ledger.snapshot().revisions(Source, "almanac")] == [1, 2]


def test_one_that_was_replaced_is_not_entered_again_but_warned_of(ledger: Ledger) -> None:
    put(ledger, source())
    kept = put(ledger, source(published="2026"), reason="found the date")

    with pytest.warns(LedgerWarning, match=r"source almanac was .* since corrected \(found the date\); the"):
        assert put(ledger, source()) == kept


def test_what_was_replaced_can_be_restored_for_a_new_reason(ledger: Ledger) -> None:
    put(ledger, source())
    put(ledger, source(published="2026"), reason="found the date")
    kept = put(ledger, source(), reason="the date was a misprint")

    with pytest.warns(LedgerWarning, match="the correction stands"):
        put(ledger, source(published="2026"), reason="found the date")

    assert kept.revision == 3
    assert ledger.snapshot().find(Source, "almanac") == kept


# -- corrections ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "Rain in Lisbon"), ("notes", "our reading"), ("tags", ("weather",)), ("cluster", "weather")],
)
@pytest.mark.parametrize("who", ["ana", "ben"])
def test_of_a_claim_its_title_notes_tags_and_cluster_can_be_corrected_by_anybody_at_any_time(
    ledger: Ledger, clock: Clock, rain: str, field: str, value: object, who: str
) -> None:
    clock.set("2027-06-30")
    ledger.me = who
    kept = ledger.correct(f"claim {rain}", reason="clearer", **{field: value})

    assert (getattr(kept.record, field), kept.record.revision) == (value, 2)
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("wording", "It pours"),
        ("criteria", "Mine."),
        ("deadline", "2026-07-31"),
        ("opens_on", "2025-01-01"),
        ("settle_days", 5),
        ("at_least", 1),
        ("conditions", ()),
        ("scored", False),
        ("statement", "other"),
        ("horizon", "soon"),
    ],
)
def test_nothing_else_of_a_claim_can_be_corrected_after_its_draft(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, field: str, value: object
) -> None:
    clock.set("2026-01-03")
    line = f'ledger.resolve("{rain}", "annulled"' if field == "statement" else " a new claim: ledger.supersede("
    with refuses(
        f"{rain} is no draft any more (it was one until 2026-01-02 09:00:0", line,
        {"wording": "text"}.get(field, field), error=Conflict,
    ):  # fmt: skip
        ledger.correct(f"claim {rain}", reason="clearer", **{field: value})


def test_only_the_named_fields_of_the_standing_revision_change(ledger: Ledger, almanac: Evidence) -> None:
    ledger.correct(almanac, reason="one", title="The almanac")

    kept = ledger.correct(almanac, reason="two", publisher="Port").record  # the record in hand is the first revision

    assert isinstance(kept, Evidence)
    assert (kept.title, kept.publisher, kept.revision) == ("The almanac", "Port", 3)


def test_corrections_run_again_in_any_order_change_nothing(ledger: Ledger, almanac: Evidence) -> None:
    def run() -> None:
        ledger.correct("almanac", reason="one", title="The almanac")
        ledger.correct("almanac", reason="two", publisher="Port")
        ledger.correct("almanac", reason="three", title="Our almanac")

    run()
    head, standing = ledger.head(), ledger.snapshot().find(Evidence, "almanac")
    with pytest.warns(LedgerWarning, match="the correction stands"):
        run()

    assert (ledger.head(), ledger.snapshot().find(Evidence, "almanac")) == (head, standing)


def test_a_correction_made_again_is_silent_while_it_stands(ledger: Ledger, almanac: Evidence) -> None:
    kept = ledger.correct("almanac", reason="one", title="The almanac")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = ledger.correct("almanac", reason="one", title="The almanac")

    assert (again.record, again.wrote) == (kept.record, 0)


def test_a_field_can_be_emptied(ledger: Ledger, almanac: Evidence) -> None:
    ledger.correct("almanac", reason="known", publisher="Port")

    kept = ledger.correct("almanac", reason="not known after all", publisher=None).record

    assert isinstance(kept, Evidence)
    assert kept.publisher is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slug": "other"}, ["the slug of evidence almanac is not to be corrected"]),
        ({"revision": 9}, ["the revision of evidence almanac is not to be corrected"]),
        ({"colour": "blue"}, ["evidence has no field 'colour'"]),
        ({"title": ""}, ["title", "empty text"]),
        ({"link": "javascript:alert(1)"}, ["only http:// and https://"]),
        ({"published": "2027"}, ["published 2027 lies in the future"]),
        ({"happened": "2026-02"}, ["happened 2026-02 lies in the future"]),
        ({"grade": "best"}, ["grade: 'best' is not one of 'primary', 'established' or 'other'"]),
        ({"retracted": "yes"}, ["retracted: 'yes' is neither True nor False"]),
    ],
)
def test_a_correction_is_checked_as_a_new_record_is(
    ledger: Ledger, almanac: Evidence, refuses: Refuses, changes: dict[str, object], words: list[str]
) -> None:
    with refuses(*words, error=InvalidValue):
        ledger.correct(almanac, reason="why not", **changes)


@pytest.mark.parametrize("reason", ["", "  ", None, 5])
def test_a_correction_needs_its_reason(ledger: Ledger, almanac: Evidence, refuses: Refuses, reason: str) -> None:
    with refuses("a correction needs its reason", error=InvalidValue):
        ledger.correct(almanac, reason=reason, title="The almanac")
    with refuses("to retract almanac needs its reason", error=InvalidValue):
        ledger.retract("almanac", reason=reason)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("almanak", ["no record 'almanak'", "did you mean 'almanac'?"]),
        ("claim almanac", ["no claim 'almanac'"]),
        ("", ["no record ''"]),
        ("  ", ["no record"]),
        ("a b c", ["no record"]),
        (5, ["5 names no record; say a slug, 'kind slug' or 'claim forecaster'"]),
        (None, ["None names no record"]),
    ],
)
def test_what_is_corrected_must_be_on_file(
    ledger: Ledger, almanac: Evidence, refuses: Refuses, named: str, words: list[str]
) -> None:
    with refuses(*words):
        ledger.correct(named, reason="why not", title="x")


def test_a_record_of_another_ledger_is_not_on_file(ledger: Ledger, refuses: Refuses) -> None:
    with refuses("no source almanac in this ledger to correct", error=NotFound):
        ledger.correct(source(), reason="why not", title="x")


def test_a_verdict_is_replaced_not_corrected(ledger: Ledger, clock: Clock, rain: str, refuses: Refuses) -> None:
    clock.set("2026-08-01")
    verdict = ledger.resolve(rain, "no", known_on="2026-07-01", reason="dry")

    with refuses("a verdict is not corrected but replaced: resolve again", error=InvalidValue):
        ledger.correct(verdict.record, reason="wet after all", outcome="yes")


def test_a_correction_of_a_bearing_meets_only_conditions_of_the_claim(
    ledger: Ledger, rain: str, almanac: Evidence, refuses: Refuses
) -> None:
    bearing = ledger.snapshot().all(Bearing)[0]

    with refuses(f"{rain} has no condition 'windy'; it has wet, cold", error=InvalidValue):
        ledger.correct(bearing, reason="why not", meets=("windy",))

    kept = ledger.correct(bearing, reason="it was warm", meets=("wet",)).record
    assert isinstance(kept, Bearing)
    assert kept.meets == ("wet",)


def test_an_unknown_reference_names_the_nearest(ledger: Ledger, rain: str, almanac: Evidence, refuses: Refuses) -> None:
    bearing = ledger.snapshot().all(Bearing)[0]

    with refuses("no event 'storms' in this ledger; did you mean 'storm'?", error=NotFound):
        ledger.correct(bearing, reason="mistyped", event="storms")


def test_a_correction_has_its_own_recorder_and_reason(ledger: Ledger) -> None:
    put(ledger, source(recorded_by="ben"))

    found = ledger.correct("source almanac", reason="a better name", title="B")

    assert (found.record.recorded_by, found.record.revision, found.record.reason) == ("ana", 2, "a better name")


def test_what_a_record_says_leaves_out_who_recorded_it_and_why() -> None:
    said = said_content(source(recorded_by="ana", reason="x"))

    assert said.keys() == Source.model_fields.keys() - {"recorded_by", "revision", "reason"}


@pytest.mark.parametrize(
    ("values", "found"),
    [(None, ()), ("a", ("a",)), (["a", "b"], ("a", "b")), (("a",), ("a",)), ((), ()), ({"a": 1}.keys(), ("a",))],
)
def test_one_slug_or_several(values: list[str], found: tuple[str, ...]) -> None:
    assert several(values, "tags") == found


@pytest.mark.parametrize("values", [5, b"a", {"a": 1}, 0.5, date(2026, 1, 1)])
def test_neither_one_nor_several_is_refused(values: list[str]) -> None:
    with pytest.raises(InvalidValue, match=r"tags: .* is neither a slug nor a list of them"):
        several(values, "tags")


# -- a whole notebook, run twice ------------------------------------------------------------------------------


def session(ledger: Ledger) -> None:
    """Every verb that writes, with reasons and explicit days, as a notebook has them."""
    ledger.register(ainews())
    ledger.log_evidence(
        ["exec-defections", "exec-defections-broad"], "https://example.org/box", "Box's CTO joins a lab", slug="box",
        on="2026-11-20", counts="box-cto", publisher="Invented", grade="established",
    )  # fmt: skip
    ledger.log_evidence("exec-trend", "box", bears="context", why="one more")
    ledger.forecast("exec-defections", 0.6, made_at="2026-11-01", because="fontoura-dcd", note="one to go")
    ledger.forecast("exec-defections", 0.72, made_at="2026-11-20T12:00Z", because=["fontoura-dcd"])
    ledger.forecast("exec-defections", 0.7, by="Ben Ari", words=None, low=0.6, high=0.8, made_at="2026-11-02")
    ledger.withdraw("exec-defections", made_at="2026-11-21T12:00Z", note="too close to it")
    slug = ledger.add("Our own claim, in ten seconds", deadline="2026-11-30", opens_on="2026-11-01", p=0.3)
    ledger.forecast(slug, 0.4)
    ledger.correct(f"claim {slug}", reason="shorter", title="Ours")
    ledger.correct(f"claim {slug}", reason="filed", tags=["own"])
    ledger.correct(f"claim {slug}", reason="longer again", title="Our own")
    ledger.correct("event box-cto", reason="the day was wrong", happened="2026-11-19")
    ledger.retract("box", reason="a hoax")
    ledger.correct("box", reason="no hoax after all", retracted=None)
    new = ledger.supersede(
        slug,
        text="Our own claim, in two seconds",
        deadline="2026-11-30",
        opens_on="2026-11-01",
        reason="other words",
        carry=(),
    )
    ledger.resolve(slug, "yes", happened_on="2026-11-10", known_on="2026-11-11", reason="seen")
    ledger.resolve(slug, "no", known_on="2026-11-12", reason="I doubt it", dissent=True, impossible=True)
    ledger.resolve(slug, "annulled", known_on="2026-11-15", reason="the basis is gone")
    ledger.resolve(slug, "yes", happened_on="2026-11-10", known_on="2026-11-16", reason="it was there after all")
    ledger.resolve(new, "no", known_on="2026-11-21", reason="cannot be", impossible=True)


def test_a_notebook_run_again_writes_nothing(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    session(ledger)
    head, board, card = ledger.head(), str(ledger.board(full=True)), str(ledger.scorecard())
    assert ledger.verify().ok

    for day in ("2026-11-22T18:00Z", "2026-12-24", "2028-01-01"):
        clock.set(day)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LedgerWarning)
            session(ledger)

        assert ledger.head() == head
        assert (str(ledger.board(full=True, as_of=head)), str(ledger.scorecard(as_of=head))) == (board, card)


def test_a_notebook_run_again_says_only_that_things_stand_as_they_were(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    session(ledger)

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        session(ledger)

    assert heard
    assert all("stands" in str(one.message) or "nothing was written" in str(one.message) for one in heard)


@pytest.mark.parametrize(
    "verb",
    [
        lambda ledger: ledger.forecast("it-rains", 2),
        lambda ledger: ledger.add("Another", deadline="2026-12-31", p=2),
        lambda ledger: ledger.log_evidence(["it-rains", "nothing"], "https://example.org/x", "X"),
        lambda ledger: ledger.resolve("it-rains", "maybe"),
    ],
)
def test_a_verb_that_fails_half_way_leaves_nothing_behind(
    ledger: Ledger, rain: str, refuses: Refuses, verb: Callable[[Ledger], object]
) -> None:
    with refuses():
        verb(ledger)

    kinds: tuple[type[Record], ...] = (Forecaster, Forecast, Evidence, Event, Resolution)
    assert [ledger.snapshot().all(kind) for kind in kinds] == [[], [], [], [], []]
    assert list(ledger.snapshot().all(Claim)) == [claim for claim in ledger.snapshot().all(Claim) if claim.slug == rain]
    assert ledger.snapshot().find(Claim, rain).type is ClaimType.EVENTS


def test_a_warning_taken_as_an_error_writes_nothing(ledger: Ledger, clock: Clock, rain: str) -> None:
    head = ledger.head()
    clock.set("2026-08-01")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(LedgerWarning, match="never scored"):
            ledger.forecast(rain, 0.9)

    assert ledger.head() == head

"""Merging two copies: nothing lost, no old head broken, contradictions settled by a person only, both ways alike."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from predictions import Conflict, Head, InvalidValue, Ledger, LedgerError, LedgerWarning, NotALedger, Tampered
from predictions.errors import MergeConflict
from predictions.records import RECORDS, Claim, Merge
from predictions.trust.merge.items import MergeItem
from predictions.trust.merge.result import Merged


class Copies:
    """Two copies of one ledger, in which a claim stands; each is written to by its own person."""

    def __init__(self, folder: Path, here: Ledger, there: Ledger) -> None:
        self.folder, self.here, self.there = folder, here, there

    def merge(self, **settle: str) -> Merged:
        return self.here.merge(
            self.folder / "there.db", settle={name.replace("__", " "): word for name, word in settle.items()}
        )

    def merge_back(self, **settle: str) -> Merged:
        return self.there.merge(
            self.folder / "here.db", settle={name.replace("__", " "): word for name, word in settle.items()}
        )


@contextmanager
def copies_in(folder: Path) -> Iterator[Copies]:
    with ExitStack() as stack:
        here = stack.enter_context(Ledger(folder / "here.db", me="ana"))
        here.add("It rains in Lisbon", deadline="2026-06-30", p=0.3, slug="rain")
        here.add("It snows in Lisbon", deadline="2026-06-30", slug="snow", tags=["cold"])
        here.backup(folder / "there.db")
        yield Copies(folder, here, stack.enter_context(Ledger(folder / "there.db", me="ben")))


@pytest.fixture
def copies(clock: Clock, tmp_path: Path) -> Iterator[Copies]:
    with copies_in(tmp_path) as found:
        yield found


def heads(ledger: Ledger) -> list[Head]:
    return [Head(size, root, ledger.head().ledger_id) for size, root in ledger._journal.heads()]


def bodies(ledger: Ledger) -> set[bytes]:
    """What every record says, apart from who recorded it and in which turn."""
    store = ledger._store
    return {
        MergeItem(row.entry, cls, row.fields).body for cls in RECORDS if cls is not Merge for row in store.rows(cls)
    }


def standing(ledger: Ledger) -> dict[str, object]:
    """What stands, by name, as a reader sees it."""
    snapshot = ledger.snapshot()
    return {
        f"{record.noun} {record.name}": record.model_dump(exclude={"recorded_by", "revision", "reason"})
        for cls in RECORDS
        if cls is not Merge
        for record in snapshot.all(cls)
    }


def test_a_copy_that_only_went_on_is_taken_over_as_it_is(copies: Copies, clock: Clock) -> None:
    clock.set("2026-01-05")
    copies.there.forecast("rain", 0.8)
    copies.there.correct("claim snow", title="Snow", tags=["cold", "white"], reason="clearer")
    clock.set("2026-01-09")

    merged = copies.merge()

    assert (merged.way, merged.added) == ("fast-forward", 5)
    assert copies.here.head() == copies.there.head()
    assert copies.here.verify(head=heads(copies.there), deep=True).ok
    assert str(copies.here.history()) == str(copies.there.history())
    assert "2026-01-05" in str(copies.here.history())


def test_where_there_is_nothing_new_nothing_is_written(copies: Copies) -> None:
    copies.here.forecast("rain", 0.8)
    before = copies.here.head()

    for _ in range(2):
        assert (copies.merge().way, copies.merge().added) == ("nothing new", 0)
    assert copies.here.head() == before


def test_what_the_other_has_is_recorded_under_one_seal_that_names_its_head(copies: Copies, clock: Clock) -> None:
    copies.here.forecast("rain", 0.8)
    copies.there.forecast("rain", 0.6)
    copies.there.log_evidence("snow", "https://example.org/a", "It snowed", slug="gauge", bears="supports")
    before, seals = heads(copies.here), len(copies.here._journal.heads())

    merged = copies.merge()

    history = copies.here.history().rows()[-5:]
    assert [row["kind"] for row in history] == ["merge", "forecaster", "forecast", "evidence", "bearing"]
    assert [row["recorded_by"] for row in history] == ["ana", "ben", "ben", "ben", "ben"]
    assert history[0]["key"] == copies.there.head().short
    assert len(copies.here._journal.heads()) == seals + 1
    assert (merged.way, merged.added) == ("merge", 6)
    assert str(merged).split("\n")[:2] == [
        f"merge: 6 entries added; head {copies.here.head().short}",
        "  1 merge, 1 forecaster, 1 forecast, 1 piece of evidence, 1 bearing, 1 seal",
    ]
    assert copies.here.verify(head=before, deep=True).ok
    assert merged.other_head == copies.there.head()


def test_a_second_merge_adds_nothing(copies: Copies) -> None:
    copies.here.forecast("rain", 0.8)
    copies.there.forecast("rain", 0.6)
    copies.merge()
    before = copies.here.head()

    assert (copies.merge().added, copies.merge_back().added, copies.merge().added, copies.merge_back().added) == (
        0, 3, 0, 0,
    )  # fmt: skip
    assert copies.here.head() == before


def test_what_was_recorded_after_a_merge_comes_with_the_next(copies: Copies) -> None:
    copies.here.forecast("rain", 0.8)
    copies.there.forecast("rain", 0.6)
    copies.merge()
    copies.merge_back()
    copies.there.forecast("rain", 0.5)
    copies.here.forecast("rain", 0.9)

    assert copies.merge().added == 3
    assert copies.merge_back().added == 3
    assert standing(copies.here) == standing(copies.there)


def test_what_both_recorded_alike_is_recorded_once(copies: Copies) -> None:
    for ledger in (copies.here, copies.there):
        ledger.me = "ana"
        ledger.add("It hails in Lisbon", deadline="2026-06-30", slug="hail")
        ledger.log_evidence("hail", "https://example.org/a", "It hailed", slug="gauge", bears="supports")
        ledger.resolve("rain", "yes", known_on="2026-01-01", reason="it poured")

    assert copies.merge().added == 0
    assert len([row for row in copies.here.history().rows() if row["kind"] == "resolution"]) == 1


def reword(ledger: Ledger, words: str = "It pours in Lisbon") -> None:
    """Correct what a claim asks, as its recorder may."""
    ledger.me, mine = "ana", ledger.me
    ledger.correct("claim rain", wording=words, reason="a slip")
    ledger.me = mine


def test_a_correction_of_what_is_asked_comes_in_where_nothing_of_anothers_stands(copies: Copies) -> None:
    reword(copies.there)
    copies.here.forecast("rain", 0.8)
    copies.here.log_evidence("rain", "https://example.org/a", "A gauge", slug="gauge")

    assert copies.merge().way == "merge"

    claim = copies.here.claim("rain").claim
    assert (claim.wording, claim.revision, claim.recorded_by) == ("It pours in Lisbon", 2, "ana")
    assert copies.merge().added == 0
    copies.merge_back()
    assert standing(copies.here) == standing(copies.there)
    assert copies.here.verify(deep=True).ok


ADDED = {
    "bea forecast on it on 2026-01-01": lambda ledger: ledger.forecast("rain", 0.8, by="bea"),
    "ben recorded evidence on it, gauge": lambda ledger: (
        setattr(ledger, "me", "ben"),
        ledger.log_evidence("rain", "https://example.org/a", "A gauge", slug="gauge"),
    ),
    "a verdict on it is recorded": lambda ledger: ledger.resolve("rain", "yes", known_on="2026-01-01", reason="so"),
}


@pytest.mark.parametrize("why", ADDED)
def test_where_others_added_to_it_here_it_is_a_conflict(copies: Copies, why: str) -> None:
    reword(copies.there)
    ADDED[why](copies.here)  # type: ignore[no-untyped-call]
    before = copies.here.head()

    with pytest.raises(MergeConflict, match="2 records contradict") as refused:
        copies.merge()

    difference = f"'It rains in Lisbon' here, 'It pours in Lisbon' there, and {why} here; only 'this' settles it"
    said = f"{difference}, and leaves it out"
    assert refused.value.conflicts == {"statement rain": f"text {said}", "claim rain": f"wording {said}"}
    with pytest.raises(InvalidValue, match="claim rain cannot be settled by 'other'"):
        copies.merge(claim__rain="other", statement__rain="this")
    assert copies.here.head() == before
    left_out = copies.merge(claim__rain="this", statement__rain="this").left_out
    assert {"claim rain", "statement rain"} <= set(left_out)
    assert copies.here.claim("rain").claim.wording == "It rains in Lisbon"
    assert copies.merge().added == 0


def test_corrections_on_both_sides_are_settled_by_a_person(copies: Copies) -> None:
    reword(copies.there)
    reword(copies.here, "It rains in Porto")

    with pytest.raises(MergeConflict, match="claim rain: title 'It rains in Porto' here, 'It pours in Lisbon' there"):
        copies.merge()
    copies.merge(claim__rain="other", statement__rain="other")

    assert copies.here.claim("rain").claim.wording == "It pours in Lisbon"


def test_what_came_by_a_merge_is_a_draft_in_its_own_copy_only(copies: Copies) -> None:
    copies.there.me = "ana"
    copies.there.add("It hails in Lisbon", deadline="2026-06-30", slug="hail")
    copies.here.forecast("rain", 0.8)
    copies.merge()

    with pytest.raises(Conflict, match="hail came by a merge, and is a draft only in the copy where it was recorded"):
        copies.here.correct("claim hail", criteria="Mine.", reason="a slip")
    copies.there.correct("claim hail", criteria="As seen.", reason="a slip")
    copies.merge()
    assert copies.here.claim("hail").claim.criteria == "As seen."


def both(copies: Copies, act: Callable[[Ledger, int], object]) -> None:
    act(copies.here, 0)
    act(copies.there, 1)


CONTRADICTIONS: dict[str, Callable[[Ledger, int], object]] = {
    "claim snow: title 'Snow 0' here, 'Snow 1' there": lambda ledger, side: ledger.correct(
        "claim snow", title=f"Snow {side}", reason="clearer"
    ),
    "resolution rain: outcome 'yes' here, 'no' there": lambda ledger, side: ledger.resolve(
        "rain", ["yes", "no"][side], known_on="2026-01-01", reason="so it was", impossible=bool(side)
    ),
    "claim hail: title 'Hail 0 falls' here, 'Hail 1 falls' there": lambda ledger, side: ledger.add(
        f"Hail {side} falls", deadline="2026-06-30", slug="hail"
    ),
    "event storm: title 'Storm 0' here, 'Storm 1' there": lambda ledger, side: ledger.log_evidence(
        "snow", f"https://example.org/{side}", f"Storm {side}", on="2026-01-01", event="storm", slug=f"gauge-{side}"
    ),
    "forecast rain ana 2025-12-31T00:00:00.000000Z: probability 0.1 here, 0.2 there": lambda ledger, side: (
        ledger.forecast("rain", [0.1, 0.2][side], by="ana", made_at="2025-12-31T00:00Z")
    ),
}


@pytest.mark.parametrize("told", CONTRADICTIONS)
def test_contradictions_are_listed_and_nothing_is_written(copies: Copies, told: str) -> None:
    both(copies, CONTRADICTIONS[told])
    before = copies.here.head()

    with pytest.raises(Conflict) as refused:
        copies.merge()

    assert told in str(refused.value)
    assert "nothing was merged" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert copies.here.head() == before
    assert copies.here.verify(deep=True).ok


def test_this_keeps_what_stands_here_for_good(copies: Copies) -> None:
    both(copies, CONTRADICTIONS["claim snow: title 'Snow 0' here, 'Snow 1' there"])
    copies.there.forecast("snow", 0.4)

    copies.merge(claim__snow="this")

    assert copies.here.record("claim snow").title == "Snow 0"  # type: ignore[attr-defined]
    assert copies.merge().added == 0


def test_other_takes_the_others_word_as_a_correction_with_its_reason(copies: Copies) -> None:
    both(copies, CONTRADICTIONS["claim snow: title 'Snow 0' here, 'Snow 1' there"])

    copies.merge(claim__snow="other")

    revisions = copies.here.snapshot().revisions(type(copies.here.record("claim snow")), "snow")
    assert [item.record.title for item in revisions] == ["It snows in Lisbon", "Snow 0", "Snow 1"]  # type: ignore[attr-defined]
    assert revisions[-1].record.reason == "clearer"


@pytest.mark.parametrize(("word", "outcomes"), [("this", ["yes"]), ("other", ["yes", "no"])])
def test_a_verdict_is_settled_by_a_person_and_none_is_hidden(copies: Copies, word: str, outcomes: list[str]) -> None:
    both(copies, CONTRADICTIONS["resolution rain: outcome 'yes' here, 'no' there"])

    copies.merge(resolution__rain=word)

    verdicts = [row for row in copies.here._store.standing(RECORDS[8]) if row.claim == "rain"]  # type: ignore[attr-defined]
    assert [verdict.outcome for verdict in verdicts] == outcomes  # type: ignore[attr-defined]
    assert copies.here.snapshot().verdict(copies.here.record("claim rain")).outcome == outcomes[-1]  # type: ignore[arg-type,union-attr]


def test_a_verdict_that_was_settled_for_this_copy_is_not_asked_about_again(copies: Copies) -> None:
    both(copies, CONTRADICTIONS["resolution rain: outcome 'yes' here, 'no' there"])

    merged = copies.merge(resolution__rain="this")

    assert merged.added == 2, "the merge and its seal"
    assert copies.merge().added == 0


def test_a_contradiction_may_be_settled_by_the_usual_verbs(copies: Copies) -> None:
    both(copies, CONTRADICTIONS["claim snow: title 'Snow 0' here, 'Snow 1' there"])
    both(copies, CONTRADICTIONS["resolution rain: outcome 'yes' here, 'no' there"])
    copies.here.correct("claim snow", title="Snow 1", reason="agreed by telephone")
    copies.here.resolve("rain", "no", known_on="2026-01-01", reason="so it was", impossible=True, by="ben")

    copies.merge()

    assert standing(copies.here)["claim snow"]["title"] == "Snow 1"  # type: ignore[index]
    copies.merge_back()
    assert bodies(copies.here) == bodies(copies.there)
    assert {name: said for name, said in standing(copies.there).items() if "resolution" not in name} == {
        name: said for name, said in standing(copies.here).items() if "resolution" not in name
    }


def test_two_things_under_one_slug_are_kept_apart_by_a_new_slug(copies: Copies) -> None:
    both(copies, CONTRADICTIONS["claim hail: title 'Hail 0 falls' here, 'Hail 1 falls' there"])
    copies.here.forecast("hail", 0.1)
    copies.there.forecast("hail", 0.9)

    copies.merge(claim__hail="hail-there", statement__hail="hail-there")

    shown = {slug: standing(copies.here)[f"claim {slug}"]["wording"] for slug in ("hail", "hail-there")}  # type: ignore[index]
    assert shown == {"hail": "Hail 0 falls", "hail-there": "Hail 1 falls"}
    forecasts = [(said.claim, said.probability) for said in copies.here._store.standing(RECORDS[7])]  # type: ignore[attr-defined]
    assert forecasts[1:] == [("hail", 0.1), ("hail-there", 0.9)]
    assert copies.here.verify(deep=True).ok

    copies.there.forecast("hail", 0.8)
    with pytest.raises(Conflict, match="claim hail"):  # what is said of the other's must not pass for ours
        copies.merge()
    copies.merge(claim__hail="hail-there", statement__hail="hail-there")
    assert copies.here._store.standing(RECORDS[7])[-1].claim == "hail-there"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("settle", "words"),
    [
        ({"claim__rain": "rain-there"}, "cannot be settled by 'rain-there'; say 'this' or 'other'"),
        ({"resolution__rain": "mine"}, "cannot be settled by 'mine'"),
        ({"claim__nothing": "a-slug"}, "'claim nothing' cannot be settled"),
        ({"claim__hail": "No Slug"}, "claim hail: 'No Slug' is not a slug"),
        ({"claim__hail": "other", "statement__hail": "this"}, "the wording, criteria|cannot be corrected"),
    ],
)
def test_what_settles_nothing_is_refused(copies: Copies, settle: dict[str, str], words: str) -> None:
    both(copies, CONTRADICTIONS["claim hail: title 'Hail 0 falls' here, 'Hail 1 falls' there"])
    before = copies.here.head()

    with pytest.raises(InvalidValue, match=words):
        copies.merge(**settle)

    assert copies.here.head() == before


@pytest.mark.parametrize("name", ["claim__rain", "claim__nothing", "resolution__snow", "import__1"])
@pytest.mark.parametrize("alone", [True, False])
def test_a_settlement_of_what_needs_none_is_refused(copies: Copies, name: str, alone: bool) -> None:
    copies.there.forecast("snow", 0.4)
    if not alone:
        copies.here.forecast("snow", 0.3)
    before = copies.here.head()

    with pytest.raises(InvalidValue, match=f"nothing to settle about '{name.replace('__', ' ')}'; leave it out"):
        copies.merge(**{name: "this"})

    assert copies.here.head() == before
    assert copies.merge().added > 0


def test_a_second_scored_reading_is_a_contradiction_and_may_be_left_out(copies: Copies) -> None:
    def reading(ledger: Ledger, side: int) -> None:
        claim = ledger.record("claim rain")
        with ledger._desk() as desk:
            fields = claim.model_dump(exclude={"revision", "reason"}, exclude_none=True)
            record = type(claim).model_validate({**fields, "slug": f"rain-{side}", "supersedes": "rain"})
            desk.store.put(desk.writing, record)
        ledger.forecast(f"rain-{side}", 0.5)

    both(copies, reading)

    with pytest.raises(Conflict, match="claim rain-1: the scored reading of rain is rain-0 here, rain-1 there"):
        copies.merge()
    merged = copies.merge(**{"claim__rain-1": "this"})

    assert [name.rsplit(" ", 1)[0] for name in merged.left_out] == ["claim", "forecast rain-1 ben"]
    assert copies.here.verify(deep=True).ok


def test_forecasts_that_come_late_are_told_and_shown_as_backdated(copies: Copies, clock: Clock) -> None:
    copies.here.forecast("rain", 0.8)
    copies.there.forecast("rain", 0.6)
    clock.set("2026-02-01")

    merged = copies.merge()

    assert merged.late == 1
    assert "1 forecast came over five minutes late: not witnessed, so backdated" in str(merged)
    assert "backdated" in str(copies.here.claim("rain"))
    assert "backdated" not in str(copies.there.claim("rain"))


def test_another_ledger_this_ledger_itself_and_no_ledger_are_refused(copies: Copies, tmp_path: Path) -> None:
    with Ledger(tmp_path / "other.db") as other:
        other.add("Something else", deadline="2026-06-30")
    (tmp_path / "text.db").write_text("hello")

    with pytest.raises(InvalidValue, match=r"has no claim that is asked here in the same words"):
        copies.here.merge(tmp_path / "other.db")
    with pytest.raises(InvalidValue, match="is this ledger itself"):
        copies.here.merge(tmp_path / "here.db")
    with pytest.raises(NotALedger):
        copies.here.merge(tmp_path / "text.db")
    with pytest.raises(NotALedger, match="no ledger at"):
        copies.here.merge(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("apart", [False, True])
def test_a_copy_that_does_not_verify_is_not_merged(copies: Copies, apart: bool) -> None:
    if apart:
        copies.here.forecast("rain", 0.8)
    copies.there.forecast("rain", 0.6)
    copies.there._journal.connection.execute("drop trigger forecast_no_update")
    copies.there._journal.connection.execute("update forecast set probability = 0.9")
    before = copies.here.head()

    with pytest.raises(Tampered, match="does not verify, and was not merged"):
        copies.merge()

    assert copies.here.head() == before


def test_a_fast_forward_that_fails_at_its_end_leaves_the_file_as_it_was(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies.there.forecast("rain", 0.6)
    before = copies.here.head()

    def rewritten(*_: Any, **__: Any) -> Any:
        return copies.here.verify()

    monkeypatch.setattr("predictions.trust.merge.merge.verify", lambda *_, **__: rewritten())
    copies.here._journal.connection.execute("drop trigger seal_no_update")
    with pytest.raises(LedgerError):
        copies.merge()

    with copies.here._journal.reading(to_verify=True):
        assert copies.here._journal.head() == before


def test_a_redacted_copy_is_merged_but_for_what_is_gone_from_it(copies: Copies, tmp_path: Path) -> None:
    copies.there.forecast("rain", 0.6)
    copies.there.forecast("snow", 0.4)
    copies.there.redact("rain ben", to=tmp_path / "redacted.db")
    ahead = copies.here.head()

    copies.here.forecast("rain", 0.8)
    apart = copies.here.merge(tmp_path / "redacted.db")

    assert apart.way == "merge"
    assert [name for name in apart.left_out if "redacted" in name] == [
        f"entry {ahead.size + 1} there, whose body was redacted"
    ]
    assert standing(copies.here)["forecaster ben"]
    assert copies.here.verify(deep=True).ok
    assert copies.here.merge(tmp_path / "redacted.db").added == 0


def test_a_redacted_copy_that_went_on_is_taken_over_with_what_is_gone(copies: Copies, tmp_path: Path) -> None:
    copies.there.forecast("rain", 0.6)
    copies.there.redact("rain ben", to=tmp_path / "redacted.db")
    with Ledger(tmp_path / "redacted.db", me="ben") as redacted:
        redacted.forecast("snow", 0.4)

    merged = copies.here.merge(tmp_path / "redacted.db")

    assert merged.way == "fast-forward"
    verification = copies.here.verify(head=heads(copies.there), deep=True)
    assert verification.ok
    assert len(verification.redacted) == 1


@pytest.mark.parametrize("apart", [False, True])
def test_imports_come_along_with_what_they_brought(copies: Copies, apart: bool) -> None:
    copies.there.import_forecasts([("rain", "crowd", datetime(2025, 12, 1, tzinfo=UTC), 0.5)])
    if apart:
        copies.here.forecast("rain", 0.8)

    merged = copies.merge()

    kinds = [row["kind"] for row in copies.here.history().rows()][-4 if apart else -3 :]
    assert kinds == ["merge"] * apart + ["forecaster", "import", "forecast"]
    assert merged.added == len(kinds) + 1
    assert copies.here._store.imported(copies.here.head().size) == 1
    assert copies.here.verify(deep=True).ok
    assert copies.merge().added == 0


def test_a_merge_is_one_transaction_for_every_reader(copies: Copies, tmp_path: Path) -> None:
    both(copies, CONTRADICTIONS["claim snow: title 'Snow 0' here, 'Snow 1' there"])
    for number in range(20):
        copies.there.forecast("rain", number / 100, again=True)

    copies.merge(claim__snow="this")

    with Ledger(tmp_path / "here.db", create=False) as reader:
        sizes = [size for size, _ in reader._journal.heads()]
        assert reader.verify(deep=True).ok
        assert sizes[-1] - sizes[-2] == 20 + 3


def past_midnight() -> Callable[[], datetime]:
    """A clock that ticks from one day into the next, so that some forecasts come before a verdict, some after."""
    moments = iter(datetime(2026, 1, 1, 23, 59, 59, 930_000, UTC) + timedelta(milliseconds=n) for n in range(10**6))
    return lambda: next(moments)


SLUGS = ("rain", "snow", "hail", "fog")
NUMBERS = st.integers(1, 99).map(lambda number: number / 100)


def act(ledger: Ledger, what: tuple[Any, ...]) -> None:
    """One act of a person; what cannot be done is left undone."""
    verb, *said = what
    with suppress(LedgerError), warnings.catch_warnings(action="ignore", category=LedgerWarning):
        if verb == "add":
            ledger.add(f"There will be {said[0]}", deadline="2026-06-30", slug=said[0])
        elif verb == "forecast":
            ledger.forecast(said[0], said[1], by=said[2], kind="person", again=True)
        elif verb == "evidence":
            ledger.log_evidence(
                said[0], f"https://example.org/{said[1]}", f"Report {said[1]}", slug=f"report-{said[1]}"
            )
        elif verb == "correct":
            ledger.correct(f"claim {said[0]}", title=f"Title {said[1]}", reason="clearer")
        elif verb == "retract":
            ledger.retract(f"report-{said[0]}", reason="made up")
        else:
            today = ledger._journal.now().date()
            ledger.resolve(said[0], said[1], known_on=today, reason="it was", impossible=said[1] == "no")


ACTS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(SLUGS)),
    st.tuples(st.just("forecast"), st.sampled_from(SLUGS), NUMBERS, st.sampled_from(["ana", "ben", "cem"])),
    st.tuples(st.just("evidence"), st.sampled_from(SLUGS), st.integers(0, 2)),
    st.tuples(st.just("correct"), st.sampled_from(SLUGS), st.integers(0, 2)),
    st.tuples(st.just("retract"), st.integers(0, 2)),
    st.tuples(st.just("resolve"), st.sampled_from(SLUGS), st.sampled_from(["yes", "no"])),
)


def merged(receiver: Ledger, path: Path, word: str) -> Merged:
    """Merge, every contradiction settled alike."""
    settle: dict[str, str] = {}
    while True:
        try:
            return receiver.merge(path, settle=settle)
        except MergeConflict as refused:
            if refused.conflicts.keys() <= settle.keys():
                raise
            settle |= dict.fromkeys(refused.conflicts, word)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(shared=[], here=[("resolve", "rain", "yes")], there=[("resolve", "rain", "no")])
@given(shared=st.lists(ACTS, max_size=3), here=st.lists(ACTS, max_size=6), there=st.lists(ACTS, max_size=6))
def test_whatever_two_copies_recorded_a_merge_loses_nothing_and_is_the_same_both_ways(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    shared: list[Any],
    here: list[Any],
    there: list[Any],
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    monkeypatch.setattr("predictions.storage.journal.system_clock", past_midnight())
    with copies_in(folder) as copies:
        copies.there.me = "ana"
        for what in shared:
            act(copies.here, what)
        copies.here.backup(folder / "there.db", force=True)
        with Ledger(folder / "there.db", me="ana") as other:
            for ledger, acts in ((copies.here, here), (other, there)):
                for what in acts:
                    act(ledger, what)
            ours, theirs = bodies(copies.here), bodies(other)
            old_here, old_there = heads(copies.here), heads(other)

            merged(copies.here, folder / "there.db", "other")
            merged(other, folder / "here.db", "other")

            assert bodies(copies.here) == bodies(other) == ours | theirs
            # the numbers of verdicts are each copy's own: here "yes, no", there "no, yes, no", and "no" stands in both
            assert {name: said for name, said in standing(copies.here).items() if "resolution" not in name} == {
                name: said for name, said in standing(other).items() if "resolution" not in name
            }
            assert verdicts(copies.here) == verdicts(other)
            assert scores(copies.here) == scores(other)
            for ledger, old in ((copies.here, old_here), (other, old_there)):
                assert ledger.verify(head=old, deep=True).ok
            assert merged(copies.here, folder / "there.db", "this").added == 0
            assert merged(other, folder / "here.db", "this").added == 0


STEPS = st.lists(st.tuples(st.booleans(), ACTS | st.just(("merge",))), max_size=14)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, word=st.sampled_from(["this", "other"]))
def test_copies_that_merge_again_and_again_lose_nothing_and_come_together(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, steps: list[Any], word: str
) -> None:
    folder = tmp_path_factory.mktemp("again")
    monkeypatch.setattr("predictions.storage.journal.system_clock", past_midnight())
    with copies_in(folder) as copies:
        said: list[set[bytes]] = [set(), set()]
        old: list[list[Head]] = [[], []]
        ledgers, paths = (copies.here, copies.there), (folder / "here.db", folder / "there.db")
        for side, what in steps:
            if what == ("merge",):
                merged(ledgers[side], paths[not side], word)
                said[side] |= said[not side] if word == "other" else set()
            else:
                act(ledgers[side], what)
            said[side] |= bodies(ledgers[side])
            old[side] += heads(ledgers[side])[-1:]
        merged(copies.here, paths[1], "other")
        merged(copies.there, paths[0], "other")

        assert standing(copies.here) == standing(copies.there) or word == "this" or verdicts_apart(copies)
        assert verdicts(copies.here) == verdicts(copies.there)
        assert scores(copies.here) == scores(copies.there)
        for ledger, heard, kept in zip(ledgers, said, old, strict=True):
            assert heard <= bodies(ledger)
            assert not kept or ledger.verify(head=kept, deep=True).ok
        assert merged(copies.here, paths[1], "this").added == merged(copies.there, paths[0], "this").added == 0


def verdicts_apart(copies: Copies) -> bool:
    """Whether the copies differ in nothing but the numbers of verdicts, which each copy counts itself."""
    one, other = (
        {name: said for name, said in standing(ledger).items() if "resolution" not in name}
        for ledger in (copies.here, copies.there)
    )
    return one == other


def verdicts(ledger: Ledger) -> dict[str, object]:
    snapshot = ledger.snapshot()
    found = {claim.slug: snapshot.verdict(claim) for claim in snapshot.all(RECORDS[2])}  # type: ignore[attr-defined,arg-type]
    return {slug: verdict.outcome for slug, verdict in found.items() if verdict}


def scores(ledger: Ledger) -> object:
    """The scorecard's figures; in which order equal forecasters stand is the ledger's own."""
    shown = ledger.scorecard(cohort="resolved").to_dict()
    return in_any_order({name: value for name, value in shown.items() if name not in {"head", "as_of"}})


def in_any_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: in_any_order(inner) for name, inner in value.items()}
    return sorted(map(in_any_order, value), key=repr) if isinstance(value, (list, tuple)) else value


# -- git, which knows nothing of records ----------------------------------------------------------------------------


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"]
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(["git", *who, *words], cwd=folder, env=quiet, capture_output=True, check=False)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_refuses_to_merge_two_copies_and_leaves_ours_whole_for_the_verb_to_merge(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    git(tmp_path, "init", "-b", "here")
    (tmp_path / ".gitattributes").write_text("*.db binary\n")
    (tmp_path / ".gitignore").write_text("there.db\n")

    def commit(me: str, p: float) -> None:
        with Ledger(path, me=me) as ledger:
            ledger.add("It rains in Lisbon", deadline="2030-06-30", slug="rain")
            ledger.forecast("rain", p)
        git(tmp_path, "add", "-A")
        assert git(tmp_path, "commit", "-m", f"by {me}").returncode == 0

    commit("ana", 0.1)
    git(tmp_path, "checkout", "-b", "there")
    commit("benedict", 0.2)
    git(tmp_path, "checkout", "here")
    commit("carol", 0.3)
    ours = path.read_bytes()

    refused = git(tmp_path, "merge", "there")

    assert refused.returncode == 1
    assert b"Cannot merge binary files: ledger.db" in refused.stderr + refused.stdout
    assert path.read_bytes() == ours
    (tmp_path / "there.db").write_bytes(git(tmp_path, "show", "there:ledger.db").stdout)
    with Ledger(path, create=False) as ledger:
        assert ledger.merge(tmp_path / "there.db").way == "merge"
        assert ledger.verify(deep=True).ok
        said = [
            item.record.probability for item in ledger.snapshot().forecasts_on(ledger.snapshot().find(Claim, "rain"))
        ]
    assert sorted(said, key=float) == [0.1, 0.2, 0.3]


@pytest.mark.parametrize("count", [300])
def test_the_work_of_a_merge_of_what_went_apart_grows_as_that_of_a_fast_forward(
    copies: Copies, tmp_path: Path, count: int
) -> None:
    """Counted in statements of SQL, so that a busy machine makes no difference: by the record, not by the seal."""

    def statements(ledger: Ledger, other: Path) -> int:
        spoken = 0

        def hear(_: str) -> None:
            nonlocal spoken
            spoken += 1

        ledger._journal.connection.set_trace_callback(hear)
        ledger.merge(other)
        ledger._journal.connection.set_trace_callback(None)
        return spoken

    copies.here.backup(tmp_path / "behind.db")
    for number in range(count):
        copies.there.forecast("rain", number / 1000, again=True)
    there = copies.there._journal.path

    with Ledger(tmp_path / "behind.db", me="ana") as behind:
        forward = statements(behind, there)
    copies.here.forecast("rain", 0.999)
    apart = statements(copies.here, there)

    assert copies.here.claim("rain").forecasts[-1][0].probability in {0.999, (count - 1) / 1000}
    assert apart < 6 * count + forward, "each record is looked up, and put, by few statements"

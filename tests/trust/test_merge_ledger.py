"""Merging an independent ledger: only what both ask, as imported from it, whole or nothing, honest about its clock."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import CommandLine

from predictions import InvalidValue, Ledger, Tampered
from predictions.cli.messages import as_typed
from predictions.enums import SourceKind
from predictions.errors import MergeConflict
from predictions.records import Claim, Evidence, Forecast, Forecaster, Merge, Resolution, Source
from predictions.status import Timing, timing
from predictions.storage.checkpoints import Head
from predictions.testing import Clock, clock_at
from predictions.trust.merge.result import Merged

PAGE = Path(__file__).parents[2] / "docs" / "merge.md"
LINK = "https://example.org/storm"


class Pair:
    """Two ledgers that never were one, each of its own person, in which the same claim was asked."""

    def __init__(self, folder: Path, here: Ledger, there: Ledger) -> None:
        self.path, self.here, self.there = folder / "there.db", here, there

    def merge(self, **settle: str) -> Merged:
        return self.here.merge(self.path, settle={name.replace("__", " "): word for name, word in settle.items()})


def ask(ledger: Ledger) -> None:
    ledger.add("It rains in Lisbon", deadline="2026-06-30", slug="rain")


@pytest.fixture
def pair(clock: Clock, tmp_path: Path) -> Iterator[Pair]:
    with ExitStack() as stack:
        here = stack.enter_context(Ledger(tmp_path / "here.db", me="ana"))
        there = stack.enter_context(Ledger(tmp_path / "there.db", me="ben"))
        for ledger in (here, there):
            ask(ledger)
        yield Pair(tmp_path, here, there)


def forecasts(ledger: Ledger) -> dict[str, tuple[float | None, Timing]]:
    snapshot = ledger.snapshot()
    return {one.forecaster: (one.probability, timing(snapshot, one)) for one in snapshot.all(Forecast)}


def test_a_forecast_that_was_witnessed_there_counts_as_published_by_that_ledger(pair: Pair, clock: Clock) -> None:
    pair.there.forecast("rain", 0.7)
    clock.set("2026-02-01")

    merged = pair.merge()

    (source,) = (source for source in pair.here.snapshot().all(Source) if source.kind is SourceKind.LEDGER)
    assert source.title == f"Ledger {pair.there.head().ledger_id}"
    assert forecasts(pair.here) == {"ben": (0.7, Timing.PUBLISHED)}
    assert (merged.way, merged.other_head) == ("merge of another ledger", pair.there.head())
    assert str(merged).splitlines()[1:] == [
        f"  1 claim in common with its head {pair.there.head().short}: 1 forecaster, 1 forecast",
        "  times, on its word: 1 witnessed",
    ]
    assert pair.here.verify().ok


def test_the_head_of_the_other_ledger_is_named_under_the_same_seal(pair: Pair) -> None:
    pair.there.forecast("rain", 0.7)

    pair.merge()

    (named,) = pair.here.snapshot().all(Merge)
    assert (named.ledger_id, named.size, named.root) == (
        pair.there.head().ledger_id, pair.there.head().size, pair.there.head().root.hex()
    )  # fmt: skip
    assert named.ledger_id != pair.here.head().ledger_id


def test_what_was_backdated_there_is_backdated_here(pair: Pair, clock: Clock) -> None:
    clock.set("2026-02-01")
    pair.there.forecast("rain", 0.9, by="cleo", made_at="2026-01-10")

    merged = pair.merge()

    assert forecasts(pair.here) == {"cleo": (0.9, Timing.BACKDATED)}
    assert "times, on its word: 1 backdated" in str(merged)


def test_a_forecast_before_its_question_was_last_changed_there_gains_no_day(pair: Pair, clock: Clock) -> None:
    pair.there.add("It hails in Porto", deadline="2026-05-31", slug="hail", p=0.9)
    clock.set("2026-01-01T12:00:00Z")
    pair.there.correct("claim hail", criteria="a hailstone at the harbour", reason="clearer")
    claim = pair.there.snapshot().find(Claim, "hail")
    pair.here.add("It hails in Porto", deadline="2026-05-31", slug="hail", criteria=claim.criteria)

    pair.merge()

    assert forecasts(pair.here) == {"ben": (0.9, Timing.BACKDATED)}


def test_what_is_of_another_question_stays_there_and_is_named(pair: Pair) -> None:
    pair.here.add("It snows in Lisbon", deadline="2026-06-30", slug="snow")
    pair.there.add("It snows in Lisbon", deadline="2026-07-31", slug="snow", p=0.2)
    pair.there.add("It hails in Lisbon", deadline="2026-06-30", slug="hail", p=0.3)

    merged = pair.merge()

    assert merged.way == "nothing new"
    assert merged.left_out == (
        "claim snow, which asks something else there: its deadline differs", "claim hail, which is asked only there",
    )  # fmt: skip
    only_there = "1 claim only there: not taken; its table: "
    assert f'{only_there}Ledger({str(pair.path)!r}).export("table", FILE)' in " ".join(str(merged).split())
    typed = " ".join(merged.screen(typed=True).split())
    assert f"{only_there}predictions --ledger {pair.path} export table FILE" in typed
    assert forecasts(pair.here) == {}


def test_a_claim_given_one_that_asks_something_else_is_not_common(pair: Pair) -> None:
    for ledger, deadline in ((pair.here, "2026-05-31"), (pair.there, "2026-04-30")):
        ledger.add("It snows", deadline=deadline, slug="snow")
        ledger.add("It thaws if it snows", deadline="2026-06-30", slug="thaw", given="snow")
    pair.there.forecast("thaw", 0.2)

    merged = pair.merge()

    assert "claim thaw, whose parts or condition ask something else there" in merged.left_out
    assert forecasts(pair.here) == {}


def test_a_ledger_that_asks_nothing_alike_is_refused(clock: Clock, tmp_path: Path) -> None:
    with Ledger(tmp_path / "here.db", me="ana") as here, Ledger(tmp_path / "there.db", me="ben") as there:
        ask(here)
        there.add("It snows", deadline="2026-06-30", slug="snow")

        with pytest.raises(InvalidValue, match=r"has no claim that is asked here in the same words") as refused:
            here.merge(tmp_path / "there.db")
        there.export("table", tmp_path / "table.csv")

        assert f"--ledger '{tmp_path / 'there.db'}' export table FILE" in (as_typed(str(refused.value)))
        assert here.snapshot().all(Merge) == []
        here.import_from("table", tmp_path / "table.csv")
        assert here.claim("snow").claim.slug == "snow"


def test_a_claim_of_one_slug_that_asks_something_else_is_named_where_nothing_else_is_in_common(
    clock: Clock, tmp_path: Path
) -> None:
    with Ledger(tmp_path / "here.db", me="ana") as here, Ledger(tmp_path / "there.db", me="ben") as there:
        for ledger, options in ((here, ["a", "b", "c"]), (there, ["a", "c", "b"])):
            ledger.add("How bad?", deadline="2026-06-30", slug="bad", options=options, ordered=True)

        with pytest.raises(InvalidValue, match=r"claim bad, which asks something else there: its options differ\)"):
            here.merge(tmp_path / "there.db")


@pytest.mark.parametrize("in_blocks", [False, True])
def test_the_options_of_a_choice_in_another_order_ask_the_same(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_blocks: bool
) -> None:
    shares = {"red": 0.2, "green": 0.3, "blue": 0.5}
    with Ledger(tmp_path / "here.db", me="ana") as here, Ledger(tmp_path / "there.db", me="ben") as there:
        for ledger, options in ((here, ["red", "green", "blue"]), (there, ["blue", "red", "green"])):
            ledger.add("Which?", deadline="2026-06-30", slug="which", options=options)
        if in_blocks:
            rows = [
                {"claim": "which", "forecaster": "cyd", "option": name, "probability": share, "made_at": "2026-01-01"}
                for name, share in shares.items()
            ]
            monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0)
            clock.set("2026-02-01")
            there.import_forecasts(rows)
            assert there._store.in_blocks(2**62) == 1
        else:
            there.forecast("which", shares)

        here.merge(tmp_path / "there.db")

        [said] = here.claim("which").forecasts
        assert [(share.option, share.share) for share in said[0].shares] == [*shares.items()]
        assert here.verify().ok
        assert here.merge(tmp_path / "there.db").way == "nothing new"


def test_evidence_comes_with_its_event_and_what_it_bears_on(pair: Pair) -> None:
    pair.there.log_evidence("rain", LINK, "A storm", published="2026-01-01", slug="storm")

    pair.merge()

    (item,) = pair.here.snapshot().evidence_on(pair.here.snapshot().find(Claim, "rain"))
    assert (item.evidence.link, item.evidence.recorded_by, item.bearing.recorded_by) == (LINK, "ben", "ben")


def test_evidence_under_the_same_link_is_the_same_under_another_slug(pair: Pair) -> None:
    pair.here.add("It snows", deadline="2026-06-30", slug="snow")
    pair.here.log_evidence("snow", LINK, "A storm", published="2026-01-01", slug="tempest")
    pair.there.log_evidence("rain", LINK, "A storm", published="2026-01-01", slug="storm")

    pair.merge()

    snapshot = pair.here.snapshot()
    assert [evidence.slug for evidence in snapshot.all(Evidence)] == ["tempest"]
    assert [item.evidence.slug for item in snapshot.evidence_on(snapshot.find(Claim, "rain"))] == ["tempest"]


def test_a_verdict_on_a_claim_without_one_stands(pair: Pair, clock: Clock) -> None:
    clock.set("2026-03-02")
    pair.there.resolve("rain", "yes", happened_on="2026-03-01", known_on="2026-03-01", reason="it rained")

    pair.merge()

    verdict = pair.here.snapshot().verdict(pair.here.snapshot().find(Claim, "rain"))
    assert verdict is not None
    assert (verdict.said, verdict.decided_by, verdict.dissent) == ("yes", "ben", None)


def test_a_differing_verdict_is_a_dissent_and_an_equal_one_is_known(pair: Pair, clock: Clock) -> None:
    clock.set("2026-03-02")
    pair.here.resolve("rain", "yes", happened_on="2026-03-01", known_on="2026-03-01", reason="it rained")
    pair.there.resolve("rain", "ambiguous", known_on="2026-03-02", reason="the gauge was broken")

    merged = pair.merge()
    again = pair.merge()

    claim = pair.here.snapshot().find(Claim, "rain")
    said = [(item.record.said, item.record.dissent) for item in pair.here.snapshot().resolutions_of(claim)]
    assert said == [("yes", None), ("ambiguous", True)]
    assert "(1 dissent)" in str(merged)
    assert again.way == "nothing new"


def test_a_verdict_that_the_rules_refuse_is_a_conflict_and_nothing_is_written(pair: Pair, clock: Clock) -> None:
    clock.set("2026-03-02")
    pair.here.log_evidence("rain", LINK, "A storm", published="2026-01-20", slug="storm", bears="supports")
    pair.there.log_evidence("rain", LINK, "A storm", published="2026-01-20", slug="storm", bears="supports")
    pair.there.resolve(
        "rain", "yes", happened_on="2026-03-01", known_on="2026-03-01", because="storm", reason="it rained"
    )
    pair.here.correct("evidence storm", published="2026-03-02", reason="it was dated wrongly")
    before = pair.here.head()

    with pytest.raises(MergeConflict, match="resolution rain: yes there, which cannot be taken"):
        pair.merge()

    assert pair.here.head() == before
    assert pair.merge(resolution__rain="this").left_out == ("resolution rain",)
    assert pair.here.snapshot().all(Resolution) == []


def test_again_adds_nothing_and_later_only_what_is_new(pair: Pair, clock: Clock) -> None:
    pair.there.forecast("rain", 0.7)
    pair.merge()
    head = pair.here.head()

    assert (pair.merge().way, pair.here.head()) == ("nothing new", head)

    clock.set("2026-02-01")
    pair.there.forecast("rain", 0.8)
    merged = pair.merge()

    assert "1 forecast" in merged.notes[0]
    assert [item.record.probability for item in pair.here.snapshot().forecasts_on(pair.here.record("claim rain"))] == [
        0.7, 0.8
    ]  # fmt: skip
    assert len(pair.here.snapshot().all(Merge)) == 2


def test_a_correction_there_follows_and_one_here_stands(pair: Pair, clock: Clock) -> None:
    pair.there.log_evidence("rain", LINK, "A storm", published="2026-01-01", slug="storm")
    pair.there.log_evidence("rain", LINK + "2", "A gale", published="2026-01-01", slug="gale")
    pair.merge()
    pair.there.correct("evidence storm", title="A great storm", reason="its full title")
    pair.here.correct("evidence gale", title="A small gale", reason="its full title")

    pair.merge()

    titles = {evidence.slug: evidence.title for evidence in pair.here.snapshot().all(Evidence)}
    assert titles == {"storm": "A great storm", "gale": "A small gale"}
    assert pair.merge().way == "nothing new"


def test_contradictions_are_conflicts_whole_or_nothing_until_they_are_settled(pair: Pair, clock: Clock) -> None:
    pair.here.log_evidence("rain", LINK, "A storm", published="2026-01-01", slug="storm")
    pair.there.log_evidence("rain", LINK, "A gale", published="2026-01-01", slug="storm")
    pair.there.forecast("rain", 0.7)
    before = pair.here.head()

    with pytest.raises(MergeConflict) as refused:
        pair.merge()

    assert dict(refused.value.conflicts) == {"evidence storm": "title 'A storm' here, 'A gale' there"}
    assert pair.here.head() == before
    clock.set("2026-01-02")
    pair.merge(evidence__storm="this")
    assert forecasts(pair.here) == {"ben": (0.7, Timing.PUBLISHED)}
    assert pair.here.record("evidence storm").title == "A storm"  # type: ignore[attr-defined]
    assert pair.merge().way == "nothing new"


def test_the_other_word_comes_in_as_a_correction(pair: Pair) -> None:
    pair.here.log_evidence("rain", LINK, "A storm", published="2026-01-01", slug="storm")
    pair.there.log_evidence("rain", LINK, "A gale", published="2026-01-01", slug="storm")

    pair.merge(evidence__storm="other")

    standing = pair.here.record("evidence storm")
    assert isinstance(standing, Evidence)
    assert (standing.title, standing.revision) == ("A gale", 2)
    assert str(standing.reason).startswith("as in ledger-")


def test_two_people_of_one_name_are_told_apart_by_a_new_slug(pair: Pair) -> None:
    pair.here.forecast("rain", 0.2, by="Kim Lee")
    pair.there.forecast("rain", 0.7, by="kim-lee")
    assert pair.here.snapshot().find(Forecaster, "kim-lee").title == "Kim Lee"

    with pytest.raises(MergeConflict, match="forecaster kim-lee: title 'Kim Lee' here, 'kim-lee' there"):
        pair.merge()
    pair.here.merge(pair.path, settle={"forecaster kim-lee": "kim-lee-of-porto"})

    assert {who: number for who, (number, _) in forecasts(pair.here).items()} == {
        "kim-lee": 0.2, "kim-lee-of-porto": 0.7
    }  # fmt: skip


def test_who_was_told_apart_once_stays_apart_in_later_merges(pair: Pair, clock: Clock) -> None:
    """What refers to a record there refers here to the slug under which it came in."""
    for ledger, kind, number in ((pair.here, "person", 0.1), (pair.there, "model", 0.9)):
        ledger.forecast("rain", number, by="Kim", kind=kind)
        title = f"Seen {'here' if ledger is pair.here else 'there'}"
        ledger.log_evidence("rain", f"https://a.example/{kind}", title, slug="seen", bears="context")
    settled = {"forecaster kim": "kim-of-porto", "evidence seen": "seen-there"}
    pair.here.merge(pair.path, settle=settled)
    assert pair.here.merge(pair.path).way == "nothing new"
    clock.set(pair.here.snapshot().today + timedelta(days=2))
    pair.there.forecast("rain", 0.4, by="kim", because="seen")

    pair.here.merge(pair.path)

    numbers = [(said.forecaster, said.probability, said.because) for said in pair.here.snapshot().all(Forecast)]
    assert [number for number in numbers if number[0].startswith("kim")] == [
        ("kim", 0.1, ()), ("kim-of-porto", 0.9, ()), ("kim-of-porto", 0.4, ("seen-there",))
    ]  # fmt: skip
    assert pair.here.merge(pair.path).way == "nothing new"


def test_a_settlement_of_nothing_is_refused(pair: Pair) -> None:
    pair.there.forecast("rain", 0.7)

    with pytest.raises(InvalidValue, match="there is nothing to settle about 'evidence storm'"):
        pair.merge(evidence__storm="this")


def test_forecasts_that_came_after_the_answer_are_counted_aloud(pair: Pair, clock: Clock) -> None:
    pair.there.forecast("rain", 0.99)
    clock.set("2026-03-02")
    pair.here.resolve("rain", "yes", happened_on="2026-03-01", known_on="2026-03-01", reason="it rained")

    merged = pair.merge()

    assert "times, on its word: 1 witnessed (1 after the answer)" in str(merged)


def test_forecasts_in_blocks_come_in(pair: Pair, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 1)
    clock.set("2026-02-01")
    pair.there.add("It snows", deadline="2026-06-30", slug="snow")
    rows = [("rain", "cleo", f"2026-01-{day:02}", day / 100) for day in range(2, 12)]
    pair.there.import_forecasts([*rows, ("snow", "cleo", "2026-01-03", 0.5)])
    assert pair.there._store.in_blocks(2**62) == 11

    merged = pair.merge()

    assert pair.here._store.imported(2**62) == 10
    assert "10 forecasts" in merged.notes[0]
    assert pair.merge().way == "nothing new"
    assert pair.here.verify().ok


def test_a_ledger_that_was_rewritten_since_is_refused(pair: Pair, clock: Clock, tmp_path: Path) -> None:
    pair.there.forecast("rain", 0.7)
    pair.merge()
    pair.there.backup(tmp_path / "old.db")
    pair.there.forecast("rain", 0.8, made_at="2026-01-01T00:01:00Z")
    pair.merge()

    with pytest.raises(InvalidValue, match="merge its newest copy"):
        pair.here.merge(tmp_path / "old.db")

    with Ledger(tmp_path / "old.db", me="ben") as rewritten:
        clock.set("2026-01-05")
        for number in (0.1, 0.2, 0.3):
            rewritten.forecast("rain", number)
            clock.set(f"2026-01-{6 + int(number * 10):02}")
    with pytest.raises(Tampered, match="was rewritten since it was merged here"):
        pair.here.merge(tmp_path / "old.db")


def test_the_times_of_a_clock_that_was_set_by_hand_count_nowhere_else(tmp_path: Path) -> None:
    with Ledger(tmp_path / "here.db", me="ana") as here:
        here.add("It rains in Lisbon", deadline="2999-06-30", slug="rain")
        claim = here.snapshot().find(Claim, "rain")
        with clock_at(f"{claim.opens_on}T00:00:00Z"), Ledger(tmp_path / "there.db", me="ben") as there:
            there.add("It rains in Lisbon", deadline="2999-06-30", slug="rain", criteria=claim.criteria, p=0.7)

        merged = here.merge(tmp_path / "there.db")

        assert forecasts(here) == {"ben": (0.7, Timing.BACKDATED)}
        assert "times (its clock was set by hand): 1 backdated" in str(merged)


def test_the_page_on_merging_says_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    result = doctest.testfile(str(PAGE), module_relative=False)

    assert (result.attempted, result.failed) == (3, 0)


def test_it_is_typed_alike(pair: Pair, tmp_path: Path) -> None:
    pair.there.forecast("rain", 0.7)
    pair.here.close()
    typed = CommandLine(tmp_path)
    (tmp_path / "here.db").rename(typed.path)

    out = typed.says("merge", str(pair.path))

    assert "merge of another ledger" in out
    assert all(len(line) <= 80 for line in out.splitlines() if "head" not in line)


def test_a_receipt_has_five_lines_at_the_most() -> None:
    kinds = ("source", "statement", "forecaster", "forecast", "event", "evidence", "bearing", "resolution")
    brought = ", ".join(f"1,234 {kind}s" for kind in kinds)
    times = "times, on its word: 1,234 witnessed (1,234 after the answer), 1,234 published, 1,234 backdated"
    left_out = tuple(f"claim {'x' * 90}-{number}" for number in range(9))
    head = Head(1234, b"1" * 32, "here")
    merged = Merged("merge of another ledger", 1234, head, head, left_out=left_out, notes=(brought, times))

    for text, way in ((merged.screen(typed=True), "; all: --json"), (str(merged), "; all: .left_out")):
        assert len(text.splitlines()) == 5
        assert max(map(len, text.splitlines())) <= 80
        assert text.endswith(way)
    assert merged.to_dict()["left_out"] == list(left_out)


@pytest.mark.parametrize("minutes", ["00", "59"])
def test_a_ledger_whose_clock_is_ahead_is_refused_until_that_moment(pair: Pair, clock: Clock, minutes: str) -> None:
    clock.set(f"2026-02-01T00:{minutes}:30Z")  # of the next day, and of the same
    pair.there.forecast("rain", 0.7)
    clock.set("2026-01-31T23:59:50Z" if minutes == "00" else f"2026-02-01T00:{minutes}:01Z")
    head = str(pair.here.head())

    with pytest.raises(
        InvalidValue, match=r"by its clock, and here it is 2026-0.*; set the wrong clock right, or merge"
    ):
        pair.merge()

    assert str(pair.here.head()) == head
    clock.set("2026-02-01T02:00Z")
    assert pair.merge().added

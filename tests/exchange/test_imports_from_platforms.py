"""A run of a platform's export: whose accounts are whose, onto which claim, what dissents; all of it or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import split

import pytest
from click.testing import CliRunner
from conftest import Clock
from fatebook_files import question, resolved, write

from predictions import InvalidValue, Ledger, LedgerError, NotFound
from predictions.catalog import Catalog
from predictions.cli import cli
from predictions.enums import Outcome, SourceKind
from predictions.exchange.taking import verdicts
from predictions.exchange.taking.card import Taken
from predictions.records import Claim, Forecast, Forecaster, Import, Resolution, Source
from predictions.status import Timing, timing
from predictions.timestamps import read_moment

TODAY = "2026-11-29"
SOON = "2026-03-02T10:00:00.000Z"
PIER = question("pier", "Will the pier reopen?", ("Ann", SOON, 0.35), ("Bob", SOON, 0.6), **resolved("NO"))
BEES = question("bees", "Do the bees swarm?", ("Ann", SOON, 0.2))


@pytest.fixture
def anas(clock: Clock, tmp_path: Path) -> Ledger:
    clock.set(TODAY)
    return Ledger(tmp_path / "mine.db", me="ana")


def forecasts(ledger: Ledger, claim: str) -> list[tuple[str, float | None]]:
    snapshot = ledger.snapshot()
    made = [item.record for item in snapshot.forecasts_on(snapshot.find(Claim, claim))]
    return sorted((one.forecaster, one.probability) for one in made)


def verdicts_of(ledger: Ledger, claim: str) -> list[Resolution]:
    snapshot = ledger.snapshot()
    return [item.record for item in snapshot.resolutions_of(snapshot.find(Claim, claim))]


# -- times -----------------------------------------------------------------------------------------------------


def test_the_platform_vouches_for_its_times_and_its_verdict_keeps_its_moment(anas: Ledger, tmp_path: Path) -> None:
    anas.import_from("fatebook", write(tmp_path, PIER))
    snapshot = anas.snapshot()

    (verdict,) = verdicts_of(anas, "fatebook-pier")
    assert (verdict.known_at, verdict.published_in, verdict.happened_on) == (
        read_moment("2026-07-01T09:30Z"), "fatebook", None,
    )  # fmt: skip
    assert verdict.reason == "as resolved on Fatebook"
    made = snapshot.forecasts_on(snapshot.find(Claim, "fatebook-pier"))
    assert {timing(snapshot, item.record) for item in made} == {Timing.PUBLISHED}
    assert snapshot.find(Source, "fatebook").published is None


def test_an_early_no_is_the_platforms_to_say(anas: Ledger, tmp_path: Path) -> None:
    early = question("early", "", ("Ann", SOON, 0.4), **resolved("NO", "2026-04-02T09:00:00.000Z"))

    anas.import_from("fatebook", write(tmp_path, early))

    assert [(one.outcome, one.impossible) for one in verdicts_of(anas, "fatebook-early")] == [(Outcome.NO, None)]


def test_a_forecast_of_tomorrow_is_refused(anas: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"createdAt\s+row 1\s+'2026-12-01[^\n]*\n\s+lies in the future"):
        anas.import_from("fatebook", write(tmp_path, question("soon", "", ("Ann", "2026-12-01T00:00:00.000Z", 0.4))))


def test_a_fresh_import_has_a_card_that_says_from_when_each_claim_counts(anas: Ledger, tmp_path: Path) -> None:
    late = question(
        "late", "", ("Ann", SOON, 0.4), resolveBy="2026-12-31T00:00:00.000Z", **resolved("YES", "2026-05-01T09:00:00Z")
    )

    taken = anas.import_from("fatebook", write(tmp_path, PIER, BEES, late))

    assert "counts        1 claim now, 1 from 2027-01-30; 1 without a verdict" in str(taken).splitlines()
    assert dict(taken.counts_from) == {"2026-07-30": 1, "2027-01-30": 1}
    assert [line.split()[:4] for line in str(anas.scorecard()).splitlines() if line.startswith(("Ann", "Bob"))][:2] == [
        ["Ann", "3", "2", "0"], ["Bob", "1", "1", "0"],
    ]  # fmt: skip


# -- people ----------------------------------------------------------------------------------------------------


def test_accounts_are_one_person_only_where_people_says_so(anas: Ledger, tmp_path: Path) -> None:
    twice = question("twice", "", ("Ann", SOON, 0.3), ("Ana Silva", "2026-03-03T10:00:00.000Z", 0.5))
    file = write(tmp_path, twice)

    taken = anas.import_from("fatebook", file, people={"Ann": "ana", "Ana Silva": "me"})

    assert forecasts(anas, "fatebook-twice") == [("ana", 0.3), ("ana", 0.5)]
    assert (dict(taken.by), taken.alike) == ({"ana": 2}, ())
    assert [one.slug for one in anas.snapshot().all(Forecaster)] == ["ana"]


def test_names_that_are_like_others_are_asked_about_and_not_joined(anas: Ledger, tmp_path: Path) -> None:
    taken = anas.import_from("fatebook", write(tmp_path, PIER), dry_run=True)

    assert taken.alike == (("Ann", "ana"),)
    assert 'same people?  "Ann" may be ana: --people Ann=ana' in taken.screen(typed=True).splitlines()
    assert set(taken.by) == {"fatebook-ann", "fatebook-bob"}


@pytest.mark.parametrize("count", [1, 10_001])
def test_who_says_to_the_moment_what_stands_as_anothers_is_asked_about(
    count: int, anas: Ledger, tmp_path: Path
) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    said = [((start + timedelta(minutes=k)).isoformat(), k % 101 / 100) for k in range(count)]
    anas.import_from("fatebook", write(tmp_path, question("q", "", *(("Xu", *one) for one in said))))
    others = (("Zoe", *said[0]), ("Kim", said[0][0], 0.77))
    renamed = write(tmp_path, question("q", "", *others))

    taken = anas.import_from("fatebook", renamed, dry_run=True)
    joined = anas.import_from("fatebook", renamed, people=dict(taken.alike), dry_run=True)

    assert taken.alike == (("Zoe", "fatebook-xu"),)
    assert (joined.alike, dict(joined.by)) == ((), {"fatebook-kim": 1})


def test_of_two_accounts_of_one_person_at_one_moment_the_later_stands(anas: Ledger, tmp_path: Path) -> None:
    file = write(tmp_path, question("both", "", ("Ann", SOON, 0.3), ("Bob", SOON, 0.6)))

    taken = anas.import_from("fatebook", file, people={"Ann": "ana", "Bob": "ana"})

    assert forecasts(anas, "fatebook-both") == [("ana", 0.6)]
    assert taken.left_out == {"forecast": {"same-moment": 1}}


def test_people_names_nobody_of_the_file(anas: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="people: nobody in the file is called 'Anne'; did you mean 'Ann'"):
        anas.import_from("fatebook", write(tmp_path, PIER), people={"Anne": "ana"})


# -- what was joined once --------------------------------------------------------------------------------------


def test_accounts_that_were_joined_once_are_known_again(anas: Ledger, tmp_path: Path) -> None:
    anas.import_from("fatebook", write(tmp_path, PIER), people={"Ann": "ana", "Bob": "Robert"})
    later = ("Ann", "2026-03-04T10:00:00.000Z", 0.4)

    again = anas.import_from("fatebook", write(tmp_path, PIER))
    cats = question("cats", "Do the cats sleep?", later, ("Bob", SOON, 0.1))
    taken = anas.import_from("fatebook", write(tmp_path, PIER, BEES, cats))

    assert (dict(again.new), taken.alike, dict(taken.by)) == ({}, (), {"ana": 2, "robert": 1})
    assert [(one.slug, one.accounts) for one in anas.snapshot().all(Forecaster)] == [
        ("ana", ("fatebook-ann", "fatebook-ann-17239b6e")), ("robert", ("fatebook-bob", "fatebook-bob-cd9fb1e1")),
    ]  # fmt: skip
    assert anas.verify().ok


def test_a_forecaster_on_file_is_known_by_one_account_more(anas: Ledger, tmp_path: Path) -> None:
    anas.add("It rains", deadline="2026-12-31", p=0.4)

    anas.import_from("fatebook", write(tmp_path, PIER), people={"Ann": "ana"})
    head = anas.head()
    again = anas.import_from("fatebook", write(tmp_path, PIER), people={"Ann": "ana"})

    (last,) = [one for one in anas.snapshot().all(Forecaster) if one.slug == "ana"]
    accounts = ("fatebook-ann", "fatebook-ann-17239b6e")  # in any capitals, and in those of the file
    assert (last.accounts, last.revision, last.reason) == (accounts, 2, "known so on Fatebook")
    assert (dict(again.new), anas.head()) == ({}, head)


def test_who_was_recorded_under_another_name_is_kept_apart_and_the_card_says_so(anas: Ledger, tmp_path: Path) -> None:
    file = write(tmp_path, PIER)
    anas.import_from("fatebook", file)

    joined = anas.import_from("fatebook", file, people={"Ann": "ana"})
    later = anas.import_from("fatebook", write(tmp_path, PIER, BEES))

    told = "kept apart fatebook-ann stays, with what it said before; only a new ledger has both as one"
    assert told in " ".join(str(joined).split())
    assert (joined.alike, joined.kept_apart, later.kept_apart) == ((), ("fatebook-ann",), ())
    assert "fatebook-ann" not in later.by


def test_two_known_accounts_at_one_moment_are_one_forecast(anas: Ledger, tmp_path: Path) -> None:
    anas.import_from("fatebook", write(tmp_path, PIER), people={"Ann": "ana", "Bob": "ana"})

    taken = anas.import_from("fatebook", write(tmp_path, question("q", "", ("Ann", SOON, 0.3), ("Bob", SOON, 0.6))))

    assert forecasts(anas, "fatebook-q") == [("ana", 0.6)]
    assert taken.left_out == {"forecast": {"same-moment": 1}}


def test_an_account_is_somebody_elses_once_that_was_corrected(anas: Ledger, tmp_path: Path) -> None:
    anas.import_from("fatebook", write(tmp_path, PIER), people={"Ann": "ana"})
    file, before = write(tmp_path, BEES), anas.head()

    with pytest.raises(InvalidValue, match="people: 'Ann' is ana since an earlier run, not cy; if that was wrong"):
        anas.import_from("fatebook", file, people={"Ann": "cy"})
    assert anas.head() == before
    anas.correct("forecaster ana", accounts=(), reason="another Ann")
    anas.import_from("fatebook", file, people={"Ann": "cy"})

    assert forecasts(anas, "fatebook-bees") == [("cy", 0.2)]


def test_a_question_that_was_put_onto_a_claim_once_is_known_again(anas: Ledger, tmp_path: Path) -> None:
    anas.add("The pier reopens", deadline="2026-06-30", opens_on="2026-01-01")
    anas.import_from("fatebook", write(tmp_path, PIER), onto={"pier": "the-pier"})
    later = ("Ann", "2026-03-04T10:00:00.000Z", 0.4)
    grown = PIER | {"forecasts": [*PIER["forecasts"], *question("pier", "", later)["forecasts"]]}

    again = anas.import_from("fatebook", write(tmp_path, PIER))
    taken = anas.import_from("fatebook", write(tmp_path, grown))

    (claim,) = anas.snapshot().all(Claim)
    assert (claim.asked_as, claim.reason) == (("fatebook-pier",), "Fatebook asks the same")
    assert (dict(again.new), dict(taken.new)) == ({}, {"forecast": 1})
    assert len(forecasts(anas, claim.slug)) == 3


def test_a_question_goes_onto_another_claim_once_that_was_corrected(anas: Ledger, tmp_path: Path) -> None:
    for text in ("The pier reopens", "The quay reopens"):
        anas.add(text, deadline="2026-06-30", opens_on="2026-01-01")
    file = write(tmp_path, PIER)
    anas.import_from("fatebook", file, onto={"pier": "the-pier"})

    with pytest.raises(InvalidValue, match="'pier' is the-pier-reopens since an earlier run, not the-quay-reopens"):
        anas.import_from("fatebook", file, onto={"pier": "the-quay"})
    anas.correct("the-pier", asked_as=(), reason="a mistake")
    anas.import_from("fatebook", file, onto={"pier": "the-quay"})

    assert len(forecasts(anas, "the-quay-reopens")) == 2


# -- onto ------------------------------------------------------------------------------------------------------


def test_a_question_goes_onto_a_claim_on_file_and_a_differing_verdict_is_a_dissent(
    anas: Ledger, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-05-05")
    anas.add("The pier reopens", deadline="2026-06-30", opens_on="2026-01-01")
    clock.set(TODAY)
    anas.resolve("the-pier", "yes", happened_on="2026-06-01", reason="seen")
    file = write(tmp_path, PIER)

    taken = anas.import_from("fatebook", file, onto={"pier": "the-pier"})

    assert dict(taken.new) == {"forecast": 2, "verdict": 1, "forecaster": 2, "source": 1}
    assert [claim.slug for claim in anas.snapshot().all(Claim)] == ["the-pier-reopens"]
    assert [(one.outcome, bool(one.dissent), one.published_in) for one in verdicts_of(anas, "the-pier")] == [
        (Outcome.YES, False, None), (Outcome.NO, True, "fatebook"),
    ]  # fmt: skip
    stands = "dissents      a verdict stands beside the one on file, which counts: the-pier-reopens"
    assert stands in " ".join(str(taken).split("\n              ")).splitlines()
    again = anas.import_from("fatebook", file, onto={"Will the pier reopen?": "the-pier"})
    assert (dict(again.new), again.stand["verdict"], again.dissents) == ({}, 1, ())


def test_a_verdict_on_a_claim_of_another_that_came_out_the_same_is_no_dissent(anas: Ledger, tmp_path: Path) -> None:
    anas.add("The pier reopens", deadline="2026-06-30", opens_on="2026-01-01")
    anas.resolve("the-pier", "no", reason="seen")
    (standing,) = verdicts_of(anas, "the-pier")

    taken = anas.import_from("fatebook", write(tmp_path, PIER), onto={"pier": "the-pier"})

    assert (taken.new["verdict"], taken.stand["verdict"]) == (0, 1)
    assert verdicts_of(anas, "the-pier") == [standing]


def test_onto_an_open_claim_goes_the_verdict_that_can_be_said_of_it(anas: Ledger, tmp_path: Path) -> None:
    anas.add("The pier reopens", deadline="2026-12-31", opens_on="2026-01-01")
    anas.add("The bees swarm", deadline="2026-12-31", opens_on="2026-11-01")
    swarmed = BEES | resolved("YES", "2026-06-02T00:00:00Z")

    pier = PIER | {"resolveBy": "2026-12-31T00:00:00.000Z"}

    taken = anas.import_from("fatebook", write(tmp_path, pier, swarmed), onto={"pier": "the-pier", "bees": "the-bees"})

    assert taken.left_out == {"verdict": {"answer-before-opening": 1, "early-no": 1}}
    assert (verdicts_of(anas, "the-pier"), verdicts_of(anas, "the-bees")) == ([], [])
    assert len(forecasts(anas, "the-pier-reopens")) == 2


def test_onto_names_no_question_or_no_claim(anas: Ledger, tmp_path: Path) -> None:
    file, before = write(tmp_path, PIER), anas.head()

    with pytest.raises(InvalidValue, match="onto: no question of the file is 'quay'; say its id, or its text"):
        anas.import_from("fatebook", file, onto={"quay": "the-pier"})
    with pytest.raises(NotFound, match=r"^onto: no claim 'the-pier' in this ledger; the list is: "):
        anas.import_from("fatebook", file, onto={"pier": "the-pier"})
    with pytest.raises(InvalidValue, match=r"^onto: 900001 is a number; say '900001'$"):
        anas.import_from("fatebook", file, onto={900001: "the-pier"})  # type: ignore[dict-item]

    assert anas.head() == before


def typed_verb(ledger: Ledger, line: str) -> bool:
    """Type a line of the card."""
    _, *words = split(line)
    return CliRunner().invoke(cli, ["--ledger", str(ledger._journal.path), *words]).exit_code == 0


def test_questions_like_claims_on_file_are_offered_and_not_joined(anas: Ledger, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-05-05")
    anas.add("The pier will reopen", deadline="2026-07-15")
    anas.add("Do the 12 bees swarm?", deadline="2026-06-30")
    clock.set(TODAY)
    file = write(tmp_path, PIER, BEES)

    would = anas.import_from("fatebook", file, dry_run=True)
    did = anas.import_from("fatebook", file)

    assert [(pair.key, pair.known) for pair in would.pairs] == [("pier", "the-pier-will-reopen")]
    asked = 'same question? "Will the pier reopen?" may be the-pier-will-reopen: --onto pier=the-pier-will-reopen'
    assert asked in " ".join(would.screen(typed=True).split())
    for line in did.screen(typed=True).replace("\\\n", " ").splitlines():
        assert not line.strip().startswith("predictions") or typed_verb(anas, line)
    clusters = {claim.slug: claim.cluster for claim in anas.snapshot().all(Claim)}
    assert clusters == {
        "the-pier-will-reopen": "the-pier-will-reopen", "fatebook-pier": "the-pier-will-reopen",
        "do-the-12-bees-swarm": None, "fatebook-bees": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("Will the old pier reopen?", True), ("[Harbour towns of 2026] The old pier reopens", True),
     ("Will the old pier be reopened before 2027?", True), ("Old pier reopening by the end of 2026?", True),
     ("Will the old pier not reopen?", False), ("Is pier 12 old?", False), ("Will the old pier reopen in 2025?", False),
     ("Will the old pier be closed before 2027?", False)],
)  # fmt: skip
def test_a_question_that_says_not_is_no_likeness(asked: str, offered: bool, anas: Ledger, tmp_path: Path) -> None:
    anas.add("The old pier will reopen", deadline="2026-12-31")
    file = write(tmp_path, question("q", asked, resolveBy="2026-12-31T00:00:00.000Z"))

    assert bool(anas.import_from("fatebook", file, dry_run=True).pairs) is offered


def test_a_claim_of_another_type_is_no_likeness_and_takes_no_chance_of_yes(anas: Ledger, tmp_path: Path) -> None:
    anas.add("Which pier reopens first?", deadline="2026-12-31", options=["old", "new"])
    asked = question("q", "Which pier reopens first?", ("Ann", SOON, 0.4), resolveBy="2026-12-31T00:00:00.000Z")
    file = write(tmp_path, asked)

    assert anas.import_from("fatebook", file, dry_run=True).pairs == ()
    with pytest.raises(InvalidValue, match="asks for yes or no, and which-pier-reopens-first for a choice"):
        anas.import_from("fatebook", file, onto={"q": "which-pier"})


# -- again, and later ------------------------------------------------------------------------------------------


def test_a_verdict_that_a_person_gave_is_left_as_it_is(anas: Ledger, tmp_path: Path) -> None:
    anas.import_from("fatebook", write(tmp_path, BEES))
    anas.resolve("fatebook-bees", "yes", happened_on="2026-06-01", reason="seen")

    later = anas.import_from("fatebook", write(tmp_path, BEES | resolved("NO")))

    assert [change.what for change in later.changes] == ["verdict yes, 2026-06-01 -> no, 2026-07-01 09:30:00Z"]
    assert [one.outcome for one in verdicts_of(anas, "fatebook-bees")] == [Outcome.YES]


def test_an_earlier_file_does_not_undo_a_verdict_that_replaced_it(anas: Ledger, tmp_path: Path) -> None:
    other = PIER | resolved("YES", "2026-07-05T00:00:00Z")
    first, second = write(tmp_path, PIER), write(tmp_path, other, name="later.json")
    anas.import_from("fatebook", first)
    anas.import_from("fatebook", second)

    again = anas.import_from("fatebook", first)

    assert dict(again.new) == {}
    said = [(one.outcome, one.reason) for one in verdicts_of(anas, "fatebook-pier")]
    assert said[1] == (Outcome.YES, "as resolved on Fatebook, where it was no before")


def test_a_changed_forecast_is_taken_over_with_its_line_and_stays_published(anas: Ledger, tmp_path: Path) -> None:
    anas.import_from("fatebook", write(tmp_path, BEES))
    file = write(tmp_path, question("bees", "Do the bees swarm?", ("Ann", SOON, 0.3)))

    (change,) = anas.import_from("fatebook", file).changes
    assert change.what == "fatebook-ann, 2026-03-02T10:00:00.000000Z: 0.2 -> 0.3"
    assert typed_verb(anas, change.typed)

    assert (anas.import_from("fatebook", file).changes, forecasts(anas, "fatebook-bees")) == (
        (),
        [("fatebook-ann", 0.3)],
    )
    snapshot = anas.snapshot()
    (made,) = snapshot.forecasts_on(snapshot.find(Claim, "fatebook-bees"))
    assert timing(snapshot, made.record) is Timing.PUBLISHED


def test_what_was_taken_over_is_listed_no_more_and_later_forecasts_stand_on_it(
    anas: Ledger, clock: Clock, tmp_path: Path
) -> None:
    anas.import_from("fatebook", write(tmp_path, BEES))
    moved = {"resolveBy": "2027-06-30T00:00:00.000Z"}
    told = anas.import_from("fatebook", write(tmp_path, BEES | moved))
    assert [change.typed for change in told.changes] == [
        'predictions supersede fatebook-bees --set deadline=2027-06-30 --reason "WHY"'
    ]
    new = anas.supersede("fatebook-bees", deadline="2027-06-30", reason="moved there").slug
    clock.set("2027-07-03")
    said = question("bees", "Do the bees swarm?", ("Ann", SOON, 0.2), ("Ann", "2026-12-24T10:00:00.000Z", 0.7))

    later = anas.import_from("fatebook", write(tmp_path, said | moved | resolved("YES", "2027-06-01T00:00:00Z")))

    assert (later.changes, dict(later.new)) == ((), {"forecast": 1, "verdict": 1})
    assert (forecasts(anas, "fatebook-bees"), forecasts(anas, new)) == (
        [("fatebook-ann", 0.2)], [("fatebook-ann", 0.7)],
    )  # fmt: skip
    assert tuple(
        [one.outcome for one in verdicts_of(anas, slug)] for slug in ("fatebook-bees", new)
    ) == ([], [Outcome.YES])  # fmt: skip


def test_a_question_of_two_files_is_one_and_of_two_minds_is_refused(anas: Ledger, tmp_path: Path) -> None:
    one = write(tmp_path, BEES, PIER)
    more = question("bees", "Do the bees swarm?", ("Ann", SOON, 0.2), ("Cy", SOON, 0.9))
    two = write(tmp_path, more, name="page-2.json")

    taken = anas.import_from("fatebook", one, two)

    assert (taken.new["claim"], taken.repeated) == (2, 1)
    assert forecasts(anas, "fatebook-bees") == [("fatebook-ann", 0.2), ("fatebook-cy", 0.9)]
    wasps = question("bees", "Do the wasps swarm?")
    with pytest.raises(InvalidValue, match="row 1 says another text of the same question"):
        anas.import_from("fatebook", write(tmp_path, BEES, wasps, name="other.json"))
    with pytest.raises(InvalidValue, match="bees is there twice, each with its own text; give one"):
        anas.import_from("fatebook", one, write(tmp_path, wasps, name="later.json"))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_files_of_one_account_the_later_verdict_stands_in_either_order(
    order: tuple[int, int], anas: Ledger, tmp_path: Path
) -> None:
    choice = question("mayor", "Who?") | {"type": "MULTIPLE_CHOICE"}
    files = [
        write(tmp_path, PIER | resolved("YES", "2026-06-20T08:00:00Z"), choice, name="spring.json"),
        write(tmp_path, PIER | resolved("NO", "2026-07-02T08:00:00Z"), choice, name="summer.json"),
    ]

    taken = anas.import_from("fatebook", *(files[number] for number in order))

    assert [one.said for one in verdicts_of(anas, "fatebook-pier")] == ["no"]
    assert (taken.left_out, taken.repeated) == ({"question": {"no-answers": 1}}, 2)


def test_very_many_forecasts_go_as_blocks_and_again_adds_nothing(anas: Ledger, tmp_path: Path) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    said = [(f"P{k % 7}", (start + timedelta(minutes=k)).isoformat(), k % 101 / 100) for k in range(10_100)]
    file = write(tmp_path, question("many", "", *said))

    taken, again = anas.import_from("fatebook", file), anas.import_from("fatebook", file)

    (made,) = anas.snapshot().all(Import)
    assert (taken.new["forecast"], made.forecasts, made.published_in) == (10_100, 10_100, "fatebook")
    assert made.blocks >= 3
    assert (dict(again.new), again.stand["forecast"]) == ({}, 10_100)
    assert anas.verify().faults == ()


# -- all or nothing --------------------------------------------------------------------------------------------


def test_nothing_of_a_run_is_kept_when_it_fails_at_its_end(
    anas: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = anas.head()

    def failing(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(verdicts, "record_verdicts", failing)
    with pytest.raises(LedgerError, match="full"):
        anas.import_from("fatebook", write(tmp_path, PIER, BEES))

    assert (anas.head(), anas.snapshot().all(Claim)) == (before, [])


def test_one_bad_forecast_among_two_files_refuses_both(anas: Ledger, tmp_path: Path) -> None:
    good, before = write(tmp_path, PIER), anas.head()
    bad = write(tmp_path, BEES, question("wasps", "", ("Ann", SOON, 1.5)), name="page-2.json")

    with pytest.raises(InvalidValue) as refused:
        anas.import_from("fatebook", good, bad)

    assert "page-2.json cannot be read, so nothing is recorded: 1 of 2 rows" in str(refused.value)
    assert "forecasts[1].forecast  row 2  '1.5'  say a number from 0 to 1" in str(refused.value)
    assert anas.head() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": "ana"}, "by= is for tables; Fatebook names its people; people= says who is who"),
        ({"source": "The Weekly"}, "source= is for tables; what Fatebook exports is from Fatebook"),
        ({"percent": True}, "percent= is for tables; an export of Fatebook is read as it came"),
        ({"zone": "Mars"}, "'Mars' is no time zone"),
    ],
)
def test_what_a_platform_has_no_use_for_is_refused(
    options: dict[str, object], words: str, anas: Ledger, tmp_path: Path
) -> None:
    with pytest.raises(InvalidValue) as refused:
        anas.import_from("fatebook", write(tmp_path, PIER), **options)  # type: ignore[arg-type]

    assert words in str(refused.value)


def test_a_source_of_that_name_and_another_kind_is_no_platform(anas: Ledger, tmp_path: Path) -> None:
    anas.register(Catalog((Source(slug="fatebook", title="Fatebook", kind=SourceKind.POST),)))
    file = write(tmp_path, PIER)

    with pytest.raises(InvalidValue, match="source fatebook is on file as post; correct its kind to platform"):
        anas.import_from("fatebook", file)

    anas.correct("source fatebook", kind="platform", reason="a slip")
    assert anas.import_from("fatebook", file).new["claim"] == 1


# -- the card --------------------------------------------------------------------------------------------------


def test_the_card_of_what_was_partly_left_out(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    ledger = Ledger(tmp_path / "fatebook.db", me="ana")
    ahead = {"createdAt": "2026-07-02T08:00:00.000Z"}
    same_day = question("today", "", ("Ann", "2026-06-30T09:00:00Z", 0.4), createdAt="2026-06-30T08:00:00.000Z")
    file = write(
        tmp_path, PIER, BEES, question("undone", resolveBy=None), question("undue", **ahead), same_day,
        question("odd", "", ("Cy", SOON, 0.5), ("Cy", SOON, 0.6), ("Cy", "2026-03-04T00:00:00Z", 0.6),
                 ("Cy", "2026-03-04T00:00:00Z", 0.6), ("", SOON, 0.1)),
        name="fatebook-forecasts.json",
    )  # fmt: skip

    taken = ledger.import_from("fatebook", file)

    assert taken.screen(typed=True).splitlines() == [
        "recorded      4 claims, 6 forecasts, 1 verdict           fatebook-forecasts.json",
        f"              in fatebook.db, one seal, head {ledger.head().short}",
        "  by          fatebook-ann 3, fatebook-cy 2, fatebook-bob 1   (new, persons)",
        "  times       published by the platform, unchecked",
        "left out      2 questions: 1 was due before it was made, 1 has no deadline",
        "              2 forecasts: 1 by nobody, 1 in the same second as another",
        "repeated      1 row",
        "not scored    1 question ends on the day it was asked",
        "counts        1 claim now; 3 without a verdict",
        "days          read as UTC, the file having no zone; --zone says where they were",
        "              picked",
        'same people?  "Ann" may be ana: --people Ann=ana',
    ]
    again = ledger.import_from("fatebook", file)
    stand = "nothing new; 4 claims, 6 forecasts, 1 verdict stand"
    assert str(again).splitlines() == [
        f"{stand:<57}fatebook-forecasts.json",
        "left out      2 questions: 1 was due before it was made, 1 has no deadline",
        "              2 forecasts: 1 by nobody, 1 in the same second as another",
    ]


def test_what_a_later_file_has_that_has_no_place_is_told_though_nothing_is_new(anas: Ledger, tmp_path: Path) -> None:
    anas.import_from("fatebook", write(tmp_path, PIER))
    file = write(tmp_path, PIER, question("undone", resolveBy=None))

    would, did = anas.import_from("fatebook", file, dry_run=True), anas.import_from("fatebook", file)

    assert not did.wrote
    for taken in (would, did):
        assert "left out      1 question: 1 has no deadline" in str(taken).splitlines()


def test_a_question_that_ends_on_the_day_it_was_asked_is_not_told_as_counting(anas: Ledger, tmp_path: Path) -> None:
    asked = {"createdAt": "2026-06-30T08:00:00.000Z"} | resolved("YES", "2026-06-30T20:00:00Z")
    file = write(tmp_path, question("today", "", ("Ann", "2026-06-30T09:00:00Z", 0.4), **asked))

    taken = anas.import_from("fatebook", file)

    assert (taken.new["verdict"], taken.not_scored, dict(taken.counts_from)) == (1, 1, {})
    assert "SCORES  none yet" in str(anas.scorecard())


def test_the_card_of_a_file_in_which_nothing_has_a_place(anas: Ledger, tmp_path: Path) -> None:
    taken: Taken = anas.import_from("fatebook", write(tmp_path, question("who", type="MULTIPLE_CHOICE")))

    assert not taken.wrote
    assert [" ".join(line.split()) for line in str(taken).splitlines()] == [
        "nothing to record: no question questions.json", "left out 1 question: 1 lists no answers",
    ]  # fmt: skip


def test_forecasts_of_one_question_made_at_one_moment_keep_the_later(anas: Ledger, tmp_path: Path) -> None:
    anas.import_from("fatebook", write(tmp_path, question("a", "", ("Cy", SOON, 0.5), ("Cy", SOON, 0.6))))

    (made,) = anas.snapshot().forecasts_on(anas.snapshot().find(Claim, "fatebook-a"))
    assert isinstance(made.record, Forecast)
    assert made.record.probability == 0.6

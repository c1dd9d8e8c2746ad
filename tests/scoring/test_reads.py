"""What a verb that concerns one claim reads: no more in a large ledger than in a small one; and what is held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from random_ledgers import World

from predictions import Ledger, NotFound, ainews
from predictions.records import Claim, Evidence
from predictions.tally.tally import tally
from predictions.views.claim.card import claim_card
from predictions.views.claim.readings import readings
from tests.benchmarks.bench_verbs import VERBS, calls, invented, steps

HELD, COLD = 1_000, 5_000  # calls of a tally, which stands on the card of its claim, at most


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A ledger of 100 records, and one of 3,000."""
    folder = tmp_path_factory.mktemp("reads")
    return invented(folder / "few.db", 100), invented(folder / "many.db", 3_000)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger(tmp_path_factory.mktemp("ainews") / "ainews.db", me="ana") as ledger:
        ledger.register(ainews())
        yield ledger


def claims_of(ledger: Ledger) -> list[Claim]:
    return ledger.snapshot().all(Claim)


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
@pytest.mark.parametrize("name", VERBS)
def test_a_verb_costs_no_more_in_a_larger_ledger(sizes: tuple[Path, Path], name: str) -> None:
    verb = VERBS[name]
    counted = []
    for path in sizes:
        with Ledger(path, me="by-0") as ledger:
            verb(ledger, 1)  # statements are prepared, modules loaded
            made = calls(lambda ledger=ledger: verb(ledger, 2))  # type: ignore[misc]
            counted.append((made, steps(ledger, lambda ledger=ledger: verb(ledger, 3))))  # type: ignore[misc]

    (few_calls, few_steps), (many_calls, many_steps) = counted
    assert many_calls <= 1.2 * few_calls
    assert many_steps <= 1.2 * few_steps + 5


def test_reading_everything_would_be_noticed(sizes: tuple[Path, Path]) -> None:
    counted = []
    for path in sizes:
        with Ledger(path) as ledger:
            made = calls(ledger.snapshot)
            counted.append((made, steps(ledger, lambda ledger=ledger: ledger.snapshot(today="2026-04-01"))))  # type: ignore[misc]

    assert counted[1][0] > 10 * counted[0][0]
    assert counted[1][1] > 10 * counted[0][1]


def test_a_tally_of_ainews_takes_few_calls(walked: Ledger) -> None:
    def cold(slug: str) -> object:
        with Ledger(walked._journal.path, read_only=True) as ledger:
            return ledger.claim(slug).tally

    cold("exec-defections")
    for claim in claims_of(walked):
        slug = claim.slug
        assert calls(lambda slug=slug: cold(slug)) < COLD  # type: ignore[misc]
        with Ledger(walked._journal.path, read_only=True) as ledger:
            ledger.claim(slug)
            assert calls(lambda ledger=ledger, slug=slug: ledger.claim(slug).tally) < HELD  # type: ignore[misc]


def test_a_card_of_what_concerns_a_claim_is_that_of_everything(walked: Ledger) -> None:
    snapshot = walked.snapshot()
    for claim in claims_of(walked):
        with Ledger(walked._journal.path, read_only=True) as ledger:
            for today in ("2026-04-13", "2026-09-30", str(snapshot.today)):
                whole = walked.snapshot(today=today)
                assert ledger.claim(claim.slug, today=today).to_dict() == claim_card(whole, claim).to_dict()
                assert ledger.claim(claim.slug, today=today).tally == tally(whole, claim)
                assert (
                    ledger.claim(claim.slug, today=today).readings.to_dict()
                    == readings(whole, whole.statement_of(claim.slug)).to_dict()
                )


@pytest.mark.parametrize("seed", range(4))
def test_so_it_is_at_every_head_of_random_ledgers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """With chains of superseding, what claims are given, corrections, imports in blocks."""
    world = World(tmp_path / "world.db", seed, monkeypatch)
    world.write()
    with Ledger(world.path, read_only=True) as ledger, Ledger(world.path, read_only=True) as other:
        sizes = [size for size, _ in ledger._journal.heads()]
        for size in (*sizes[:: len(sizes) // 5], sizes[-1]):
            head = ledger._journal.head(size)
            whole = ledger.snapshot(as_of=head)
            for claim in whole.all(Claim):
                assert other.claim(claim.slug, as_of=head).to_dict() == claim_card(whole, claim).to_dict()
                assert other.claim(claim.slug, as_of=head).tally == tally(whole, claim)
                beside = readings(whole, whole.statement_of(claim.slug))
                assert other.claim(claim.slug, as_of=head).readings.to_dict() == beside.to_dict()
            for unborn in {claim.slug for claim, _ in world.claims} - {claim.slug for claim in whole.all(Claim)}:
                with pytest.raises(NotFound, match=f"no claim '{unborn}'"):
                    other.claim(unborn, as_of=head)


@pytest.mark.parametrize("read", [Ledger.snapshot, Ledger.board, Ledger.due, lambda ledger: ledger.claim("rain").tally])
def test_what_was_read_is_held_until_something_is_recorded(ledger: Ledger, read: Callable[[Ledger], object]) -> None:
    ledger.add("It rains", deadline="2026-12-31", slug="rain")
    first = calls(lambda: read(ledger))
    again = calls(lambda: read(ledger))
    ledger.log_evidence("rain", "https://example.org/1", "Clouds", slug="clouds")
    anew = calls(lambda: read(ledger))

    assert again < first / 2
    assert anew > 2 * again


def test_what_is_held_is_of_its_head_and_day(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-12-31", slug="rain")
    before = ledger.head()
    ledger.log_evidence("rain", "https://example.org/1", "Clouds", slug="clouds", bears="supports")

    assert ledger.claim("rain").tally.short == "1 for, 0 against; judged as a whole"
    assert ledger.claim("rain", as_of=before).tally.short == "0 for, 0 against; judged as a whole"
    assert ledger.board(today="2026-01-01").rows()[0]["days_left"] == 364
    assert ledger.board(today="2026-12-31").rows()[0]["days_left"] == 0
    assert ledger.board(full=True).full
    assert ledger.board().full is None
    ledger.retract("clouds", reason="a hoax")
    assert ledger.claim("rain").tally.short == "0 for, 0 against; judged as a whole"


def test_a_snapshot_can_be_changed_without_changing_what_is_held(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-12-31", slug="rain")
    mine = ledger.snapshot()
    mine.me, mine.head = "somebody else", "none"

    assert (ledger.snapshot().me, ledger.snapshot().head) == (ledger.me, ledger.head().short)


def test_a_record_is_found_by_its_name(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-12-31", slug="rain", p=0.4)
    ledger.log_evidence("rain", "https://example.org/1", "Clouds", slug="clouds")

    assert ledger.record("clouds") == ledger.snapshot().find(Evidence, "clouds")
    assert [ledger.record(name).noun for name in ("claim rain", "rain clouds", f"rain {ledger.me}")] == [
        "claim",
        "bearing",
        "forecast",
    ]

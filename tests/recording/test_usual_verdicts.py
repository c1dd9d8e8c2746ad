"""The usual verdicts, told many at once: the same records and the same refusals as those that are decided alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from conftest import Clock

from predictions import Catalog, Ledger, LedgerError, LedgerWarning
from predictions.enums import Outcome
from predictions.recording.enter import Desk
from predictions.recording.resolutions import Said, worded
from predictions.recording.usual_verdicts import UsualVerdicts
from predictions.recording.verdict_checks import check_verdict
from predictions.records import Claim, Resolution, Source, Statement
from predictions.snapshot import Snapshot
from predictions.storage.batch import hashed_fields
from predictions.storage.deciding import deciding

WINDOW = {"opens_on": "2026-02-01", "deadline": "2026-06-30"}  # settles on 2026-07-30
HAPPENED = (None, "2026-01-15", "2026-02-01", "2026-06-30", "2026-07-01", "2026-12-24")
KNOWN = (None, "2026-01-20", "2026-02-01", "2026-04-01T09:00Z", "2026-06-30", "2026-07-01", "2026-12-24", "soon")
REASONS = (None, "seen", " ", "р" + "aypal", "Müller sah es")


@pytest.fixture
def book(ledger: Ledger) -> Ledger:
    """A ledger with a claim of a platform, and one of nobody's."""
    words = "It rains."
    for slug, kind in (("market", "platform"), ("paper", "article")):
        claim = Claim(slug=f"rain-{slug}", statement=slug, reading="headline", title=words, wording=words,
                      criteria=words, **WINDOW)  # fmt: skip
        records = Source(slug=slug, title=slug, kind=kind), Statement(slug=slug, source=slug, text=words), claim
        ledger.register(Catalog(records))
    return ledger


def every_verdict() -> Iterator[tuple[str, Said]]:
    """Verdicts of all kinds, most of them wrong, each on a claim."""
    for outcome, happened_on, known_on, reason in product(Outcome, HAPPENED, KNOWN, REASONS):
        for claim, source in (("rain-market", "market"), ("rain-paper", None), ("rain-paper", "paper")):
            told = "0.4" if outcome is Outcome.FRACTION else str(outcome)
            yield claim, Said(told, happened_on, known_on, reason, published_in=source)


def alone(desk: Desk, slug: str, said: Said) -> Resolution | None:
    """The verdict as it is decided alone, and held against all rules; None where it is refused."""
    snapshot = Snapshot.of(deciding(desk.store, [slug], desk.now), head="", as_of=desk.now, today=None)
    claim = snapshot.find(Claim, slug)
    try:
        verdict = worded(desk, snapshot, claim, said)
        check_verdict(desk, snapshot, claim, verdict)
    except LedgerError:
        return None
    return verdict


def seldom(said: Said) -> bool:
    """What is not usual, though it may be right."""
    undecided = said.outcome in {"ambiguous", "annulled"}
    odd_text = said.reason == REASONS[3]
    to_be_worded = said.reason is None and said.outcome == "no"
    return said.outcome == "0.4" or odd_text or to_be_worded or (undecided and said.known_on in {None, "2026-01-20"})


@pytest.mark.filterwarnings("ignore:known_on 2026-01-20")
@pytest.mark.parametrize("today", ["2026-05-01", "2026-07-15", "2026-08-01"])
def test_they_are_those_that_pass_alone(book: Ledger, clock: Clock, today: str) -> None:
    clock.set(today)
    usual = 0
    with book._desk() as desk:
        reading = UsualVerdicts(desk)
        for claim, said in every_verdict():
            places, batch = reading.read([claim], [said.outcome], [said])
            one = alone(desk, claim, said)
            assert batch.fields() == [hashed_fields(one)] * len(places) if one else not places, (claim, said)
            assert len(places) == (one is not None and not seldom(said)), (claim, said)
            usual += len(places)

    assert usual > 60


@pytest.mark.parametrize(
    "before",
    [
        lambda book: book.resolve("rain-paper", "no", known_on="2026-07-01", reason="dry"),
        lambda book: book.log_evidence("rain-paper", "https://example.org/rain", "Rain"),
        lambda book: book.correct("rain-paper", title="Rain", reason="shorter"),
    ],
    ids=["a verdict", "evidence", "a correction"],
)
def test_a_claim_with_anything_on_file_has_none(book: Ledger, clock: Clock, before: object) -> None:
    clock.set("2026-08-01")
    said = Said("yes", "2026-05-01", reason="seen")
    with book._desk() as desk:
        assert UsualVerdicts(desk).read(["rain-paper"], ["yes"], [said])[0] == [0]

    before(book)  # type: ignore[operator]

    with book._desk() as desk:
        assert UsualVerdicts(desk).read(["rain-paper"], ["yes"], [said])[0] == []


def test_what_is_not_what_it_seems_is_warned_of(book: Ledger, clock: Clock) -> None:
    clock.set("2026-08-01")
    rows = [{"claim": "rain-paper", "outcome": "yes", "known_on": "2026-05-01", "reason": REASONS[3]}]

    with pytest.warns(LedgerWarning, match="the reason of resolution rain-paper 1 has mixed scripts"):
        book.import_resolutions(rows)

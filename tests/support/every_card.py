"""Every kind of card, drawn by name from a small ledger that has what it shows."""

from __future__ import annotations

from collections.abc import Callable

from club_of_types import club_of_types
from conftest import Clock
from scored_ledgers import many_claims

from predictions import Ledger, ainews
from predictions.render.result import Result

OF_ARTICLE: dict[str, Callable[[Ledger], Result]] = {
    "board": lambda ledger: ledger.board(),
    "listing": lambda ledger: ledger.board(full=False),
    "due": lambda ledger: ledger.due(today="2027-03-01"),
    "claim": lambda ledger: ledger.claim("exec-defections"),
    "full": lambda ledger: ledger.claim("exec-defections", full=True),
    "readings": lambda ledger: ledger.claim("exec-defections", readings=True),
    "history": lambda ledger: ledger.history("fontoura"),
    "scales": lambda ledger: ledger.scales(),
}
OF_TYPES: dict[str, Callable[[Ledger], Result]] = {
    "types": lambda ledger: ledger.scorecard(),
    "types-full": lambda ledger: ledger.scorecard(full=True, crowds=True),
    "leaderboard": lambda ledger: ledger.leaderboard(crowds=True),
    "compare": lambda ledger: ledger.compare("ana", "ben"),
    "explain": lambda ledger: ledger.explain("number", "ana"),
    "diff": lambda ledger: ledger.diff("2026-03-01"),
    "choice": lambda ledger: ledger.claim("choice-1"),
    "ordered": lambda ledger: ledger.claim("ordered-1", full=True),
    "number": lambda ledger: ledger.claim("number-1"),
    "number-full": lambda ledger: ledger.claim("number-1", full=True),
    "date": lambda ledger: ledger.claim("date-1"),
    "date-full": lambda ledger: ledger.claim("date-1", full=True),
}
ROWS = [
    {"text": "It snows in Oslo", "deadline": "2025-12-31", "by": "ana", "p": "80%", "made_at": "2025-02-01",
     "outcome": "yes", "known_on": "2025-12-01", "Mood": "good"},
    {"text": "It snows in Rome", "deadline": "2025-12-31", "by": "ben", "p": "10%", "made_at": "2025-02-01"},
]  # fmt: skip
CARDS = (*OF_ARTICLE, *OF_TYPES, "scorecard", "dry-run", "import")


def drawn(card: str, ledger: Ledger, clock: Clock) -> Result:
    """Fill an empty ledger with what a card shows, and draw it."""
    if card in OF_TYPES:
        club_of_types(ledger, clock, 11)
        return OF_TYPES[card](ledger)
    if card in {"dry-run", "import"}:
        clock.set("2026-03-01")
        return ledger.import_from("table", ROWS, dry_run=card == "dry-run")
    if card == "scorecard":
        many_claims(ledger, clock)
        return ledger.scorecard()
    clock.set("2026-11-22")
    ledger.register(ainews())
    ledger.forecast("exec-defections", 0.72, note="one to go")
    return OF_ARTICLE[card](ledger)

"""The packaged catalogue on the days around its deadlines: what the board and `due` show by a set clock.

When a verdict may be given, and which dates `due` names for it, is tested where that rule is.
"""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger, ainews

TALLIES = {
    "exec-defections": "1 of 2 (1 provisional: fontoura rests on one established source)",
    "institute-2026": "0 of 1 (nearest: sap-prior meets 3 of 6)",
    "mission-pay-2027": "0 of 2 parts: salary-cuts 0 of 1; mission-equity no verdict yet",
    "backlash-2028": "0 of 2 parts: backlash-narrative 0 of 3; backlash-response 0 of 2",
}
OPEN = dict.fromkeys(TALLIES, "open")
SHORT = {  # every claim whose window ends on 2027-10-13
    "exec-defections", "exec-defections-strict", "exec-defections-broad", "exec-trend", "exec-moves-abroad",
    "institute-generous", "mission-pay-2027", "salary-cuts", "mission-equity",
}  # fmt: skip


@pytest.fixture
def article(ledger: Ledger, clock: Clock) -> Ledger:
    """The packaged catalogue, entered on the day its texts were corrected."""
    clock.set("2026-11-29")
    ledger.register(ainews())
    return ledger


def words(shown: object) -> str:
    """What is shown, without its line breaks."""
    return " ".join(str(shown).split())


@pytest.mark.parametrize(
    ("day", "stands", "left", "due"),
    [
        ("2026-11-29", OPEN, [318, 32, 318, 763], set()),
        ("2026-12-31", OPEN, [286, 0, 286, 731], set()),
        ("2027-01-01", OPEN | {"institute-2026": "due"}, [285, -1, 285, 730], {"institute-2026"}),
        ("2027-01-30", OPEN | {"institute-2026": "due"}, [256, -30, 256, 701], {"institute-2026"}),
        ("2027-01-31", OPEN | {"institute-2026": "due"}, [255, -31, 255, 700], {"institute-2026"}),
        ("2027-02-07", OPEN | {"institute-2026": "overdue"}, [248, -38, 248, 693], {"institute-2026"}),
        (
            "2027-10-14",
            OPEN | {"institute-2026": "overdue", "exec-defections": "due", "mission-pay-2027": "due"},
            [-1, -287, -1, 444],
            {"institute-2026", *SHORT},
        ),
    ],
)
def test_board_and_due_on_each_day_of_the_walk(
    article: Ledger, clock: Clock, day: str, stands: dict[str, str], left: list[int], due: set[str]
) -> None:
    clock.set(day)

    rows = {str(row["claim"]): row for row in article.board().rows()}

    assert {slug: row["tally"] for slug, row in rows.items()} == TALLIES
    assert [row["days_left"] for row in rows.values()] == left
    assert {slug: row["status"] for slug, row in rows.items()} == stands
    waiting = {str(row["claim"]): row["on_file"] for row in article.due().rows()}
    assert waiting.keys() == due
    assert all(waiting[slug] == TALLIES[slug] for slug in due & TALLIES.keys())
    assert all(words(tally) in words(article.due(all=True)) for tally in waiting.values())


@pytest.mark.parametrize("day", ["2026-11-29", "2026-12-31", "2027-01-01", "2027-01-30", "2027-01-31", "2027-10-14"])
def test_what_the_board_says_of_the_texts_does_not_change_with_the_day(article: Ledger, clock: Clock, day: str) -> None:
    clock.set(day)

    shown = words(article.board())

    assert shown.count('forecasts ainews "will", read as 0.80 to 0.99') == 4
    assert shown.count("criteria recorded 230 days after the statement") == 4
    assert "after the statement, after fontoura had counted for it" in shown
    assert "after the statement; known then: sap-prior (3 of 6)" in shown
    assert shown.count("Its sources were read up to about 2026-10-08") == 4
    assert "last that counts 2026-06-17 Microsoft's Azure Core CTO latest to join Anthropic" in shown
    assert shown.count("last that counts nothing yet") == 3
    assert "8 more statements, not scored; 7 marked not resolvable" in shown


def test_a_year_that_ended_without_an_institute_is_told_under_each_reading(article: Ledger, clock: Clock) -> None:
    clock.set("2027-01-01")

    told = words(article.claim("institute-2026").readings)

    assert "headline (scored) 2026-04-13 .. 2026-12-31 due 0 of 1" in told
    assert "generous 2026-04-13 .. 2027-10-13 open 0 of 1" in told
    assert "ainews, headline 0.90 imputed ainews, generous not said" in told


@pytest.mark.parametrize(
    ("happened", "counts"), [("2026-12-31", 1), ("2027-01-01", 0), ("2026-12", 1), ("2026-04-12", 0)]
)
def test_an_institute_counts_by_the_day_on_which_it_was_announced(
    article: Ledger, clock: Clock, happened: str, counts: int
) -> None:
    clock.set("2027-01-15")
    article.log_evidence(
        "institute-2026", "https://example.org/institute", "An invented firm announces an institute",
        published="2027-01-02", on=happened, counts="invented", grade="primary",
    )  # fmt: skip

    assert article.claim("institute-2026").tally.counted == counts
    assert (article.board().rows()[1]["last_evidence"] is None) == (not counts)


def test_every_reading_counts_the_move_of_which_the_lab_itself_told(article: Ledger) -> None:
    broad = article.claim("exec-defections-broad").tally

    assert broad.short.startswith("2 of 2 (1 provisional: fontoura rests on one established source; 1 more contested")
    assert [event.event for event in broad.events if not event.why] == ["rajic"]
    assert not broad.met

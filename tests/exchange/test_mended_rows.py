"""A table imported again with one cell of a row mended: asked about, with the line that corrects it; never joined."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Clock

from predictions import Ledger
from predictions.cli import cli
from predictions.records import Claim, Forecast

HOW_LIKELY = {
    "a chance": {"p": "60%"},
    "words": {"words": "likely"},
    "a range": {"low": "20%", "high": "40%"},
    "of a choice": {"options": "a; b", "p": "a=60%; b=40%"},
    "of a number": {"unit": "km", "between": "0..10", "quantiles": "10%=2; 50%=4; 90%=8"},
    "of a date": {"when": "yes", "p": "2099-06-30=20%; 2099-12-31=50%"},
    "no number": {},
}
ROW = {"text": "An AI lab goes public", "deadline": "2099", "by": "Tech Oracle"}
QUOTED = {**ROW, "said_on": "2026-01-05", "link": "https://oracle.example/outlook"}
OTHER = {"text": "Robots build half of all cars", "deadline": "2099", "by": "Prof Pundit", "p": "10%"}


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.set("2026-11-30T12:00:00Z")


def told(card: object) -> str:
    return " ".join(str(card).split())


@pytest.mark.parametrize(
    "mended", ["An AI lab goes publc", "An AI company goes public", "an AI lab goes public in 2099!"]
)
@pytest.mark.parametrize("row", [ROW, QUOTED], ids=["row", "quote"])
@pytest.mark.parametrize("how", HOW_LIKELY)
def test_a_row_whose_words_were_mended_is_asked_about(
    ledger: Ledger, how: str, row: dict[str, str], mended: str
) -> None:
    before = {**row, **HOW_LIKELY[how]}
    ledger.import_from("table", [before, OTHER])
    known = next(claim.slug for claim in ledger.snapshot().all(Claim) if "lab" in claim.slug)

    again = ledger.import_from("table", [{**before, "text": mended}, OTHER])

    assert again.new["claim"] == 1
    assert [(pair.text, pair.known) for pair in again.pairs] == [(mended, known)]
    assert "one cluster has both counted once" in told(again)
    assert "nothing new" in told(ledger.import_from("table", [{**before, "text": mended}, OTHER]))


@pytest.mark.parametrize("how", [how for how in HOW_LIKELY if how != "of a date"])
def test_a_row_whose_deadline_was_mended_is_asked_about_of_every_type(ledger: Ledger, how: str) -> None:
    before = {**QUOTED, **HOW_LIKELY[how]}
    ledger.import_from("table", [before])

    assert len(ledger.import_from("table", [{**before, "deadline": "2100"}]).pairs) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"by": "Zed"}, {"p": "61%"}, {"text": "GPT-9 is out"}, {"text": "An AI lab goes private", "deadline": "2098"},
    ],
)  # fmt: skip
def test_another_row_is_not_asked_about(ledger: Ledger, other: dict[str, str]) -> None:
    row = {**QUOTED, "p": "60%"}
    ledger.import_from("table", [row])

    assert not ledger.import_from("table", [{**row, "text": "An AI company goes public", **other}]).pairs


@pytest.mark.parametrize("change", [{"text": "An AI company goes public"}, {"said_on": "2026-01-06"}])
def test_a_row_beside_the_one_on_file_is_a_row_more(ledger: Ledger, change: dict[str, str]) -> None:
    row = {**QUOTED, "p": "60%"}
    ledger.import_from("table", [row])

    taken = ledger.import_from("table", [row, {**row, **change}])

    assert taken.new["forecast"] == 1
    assert (taken.pairs, taken.days) == ((), ())


@pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")  # the forecasts were there before the cluster
@pytest.mark.parametrize("files", ["one", "two", "on file"])
@pytest.mark.parametrize("how", [how for how in HOW_LIKELY if how != "of a date"])
def test_one_text_with_two_deadlines_is_asked_about_in_one_file_as_in_two(ledger: Ledger, how: str, files: str) -> None:
    rows = [{**QUOTED, **HOW_LIKELY[how], "deadline": deadline} for deadline in ("2099", "2098")]
    if files != "one":
        ledger.import_from("table", rows[:1])

    card = ledger.import_from("table", rows[1:] if files == "two" else rows)

    (pair,) = card.pairs
    assert "one cluster has both counted once" in told(card)
    for line in re.findall(r"ledger\.correct\([^)]*\)", told(card)):
        eval(line, {"ledger": ledger})
    clusters = {claim.cluster for claim in ledger.snapshot().all(Claim)}
    assert len(clusters) == 1
    assert None not in clusters
    assert pair.slug != pair.known
    assert "nothing new" in told(ledger.import_from("table", rows))


@pytest.mark.parametrize("change", [{"p": "61%"}, {"by": "Zed"}, {"cluster": "c"}])
def test_two_deadlines_are_no_question_where_other_things_are_said_or_one_cluster(
    ledger: Ledger, change: dict[str, str]
) -> None:
    rows = [{**QUOTED, "p": "60%", **change}, {**QUOTED, "p": "60%", "deadline": "2098"}]
    if "cluster" in change:
        rows[1] |= change

    assert not ledger.import_from("table", rows).pairs


def test_a_dry_run_offers_the_column_that_makes_two_rows_one_fact(ledger: Ledger) -> None:
    rows = [{**QUOTED, "p": "60%", "deadline": deadline} for deadline in ("2099", "2098")]

    card = told(ledger.import_from("table", rows, dry_run=True))

    assert "one name in their column cluster has both counted once" in card
    assert "onto=" not in card


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize("how", list(HOW_LIKELY)[:-1])
@pytest.mark.parametrize("link", [QUOTED["link"], ""])
def test_a_row_whose_day_was_mended_is_asked_about_with_the_line_that_takes_the_other_back(
    ledger: Ledger, how: str, typed: bool, link: str
) -> None:
    before = {**QUOTED, "link": link, **HOW_LIKELY[how]}
    after = {**before, "said_on": "2026-01-06"}
    ledger.import_from("table", [before])
    assert ledger.import_from("table", [after], dry_run=True).days

    again = ledger.import_from("table", [after])

    (day,) = again.days
    assert (day.before, day.after) == ("2026-01-05", "2026-01-06")
    screen = again.screen(typed=True) if typed else str(again)
    asked, line = told(screen).split("if 2026-01-06 is the day put right:")
    assert asked.rstrip().endswith("tech-oracle said the same on 2026-01-05, and now no row says so;")
    if typed:
        words = shlex.split(line.replace("\\ ", ""))[1:]
        done = CliRunner().invoke(cli, ["--ledger", str(ledger._journal.path), *words])
        assert done.exit_code == 0, done.stderr
    else:
        eval(line, {"ledger": ledger})
    last = {str(one.made_at.date()): one.withdrawn for one in ledger.snapshot().all(Forecast)}
    assert last == {"2026-01-05": True, "2026-01-06": None}
    assert "nothing new" in told(ledger.import_from("table", [after]))


def test_a_day_put_right_to_an_earlier_one_needs_no_line_as_it_would_end_the_forecast(ledger: Ledger) -> None:
    ledger.import_from("table", [{**QUOTED, "p": "60%"}])

    again = ledger.import_from("table", [{**QUOTED, "p": "60%", "said_on": "2025-12-30"}])

    assert "if 2025-12-30 is the day put right, it counts from then, and the other only says it again" in told(again)
    assert "withdraw" not in str(again)


@pytest.mark.parametrize("how", HOW_LIKELY)
def test_a_row_is_known_again_whatever_its_claim_asks(ledger: Ledger, how: str) -> None:
    row = {**QUOTED, **HOW_LIKELY[how], "wording": "Shares of an AI lab are listed"}
    ledger.import_from("table", [row])

    assert "nothing new" in told(ledger.import_from("table", [row]))
    again = told(ledger.import_from("table", [{**row, "wording": "Shares of an AI lab are traded"}]))

    assert re.search(
        r"wording Shares of an AI lab are listed -> Shares of an AI lab are traded; take it over with:", again
    )


def test_a_text_corrected_since_is_known_by_its_former_words(ledger: Ledger, tmp_path: Path) -> None:
    row = {**QUOTED, "p": "60%"}
    ledger.import_from("table", [row])
    ledger.correct("an-ai-lab", text="A lab for AI is listed")

    again = ledger.import_from("table", [row])

    assert not again.wrote
    assert 'reworded: "A lab for AI is listed" -> "An AI lab goes public"' in told(again)

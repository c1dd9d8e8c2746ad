"""What a card says of all claims it says of every type; what it says of yes or no alone names it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from club_of_types import TYPES, club_of_types
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.render.blocks import Paragraph, Table

OF_TYPES = TYPES[1:]


@pytest.fixture
def mixed(ledger: Ledger, clock: Clock) -> Ledger:
    """Claims of every type, two of each without a verdict, and one of each that nobody has forecast."""
    club_of_types(ledger, clock, 12, without=2)
    return ledger


def page_of(ledger: Ledger, file: Path, fold: str) -> str:
    ledger.report(file)
    page = file.read_text("utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index(f"<summary>{fold}") :].split("</details>")[0]))


def test_the_funnel_counts_the_claims_of_every_type(mixed: Ledger) -> None:
    card = mixed.scorecard(full=True)

    table = next(block for block in card.blocks() if isinstance(block, Table) and "from the claims" in block.caption)

    told = {(row[0], row[1]): row[2:6] for row in table.rows}
    assert set(told) == {(who, type_) for who in ("ana", "ben", "cyd") for type_ in TYPES}
    for row in card.to_dict()["types"]:
        steps = (row["funnel"][step] for step in ("forecast", "due", "resolved", "scored"))
        assert told[row["forecaster"], row["type"]] == tuple(map(str, steps))


def test_the_page_says_of_every_type_what_is_not_counted(mixed: Ledger, tmp_path: Path) -> None:
    fold = page_of(mixed, tmp_path / "page.html", "What is not counted")

    for title in ("Yes or no only", "Choices", "Ordered options", "Numbers", "Dates"):
        assert re.search(rf"{title}: (ana|ben|cyd): 2 (overdue|no verdict)", fold), title
    assert all(fold.count(f" {type_} ") >= 3 for type_ in TYPES)


def test_a_table_of_yes_or_no_alone_says_so_on_a_card_with_other_types(mixed: Ledger) -> None:
    card = mixed.scorecard(full=True, leads=(7,))
    captions = [block.caption for block in card.blocks() if isinstance(block, Table)]
    beyond = captions[captions.index(next(one for one in captions if one.startswith("EVERY TYPE"))) + 1 :]

    assert len(beyond) >= 5
    for caption in beyond:
        assert caption.startswith(("yes or no only: ", "each scored claim", "from the claims forecast")), caption
    diagrams = [block.text for block in card.blocks() if isinstance(block, Paragraph) and "how often" in block.text]
    assert all(text.startswith("yes or no only: ") for text in diagrams if "by the probability" in text)


def test_a_card_of_yes_or_no_alone_needs_no_such_words(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    club_of_types(ledger, clock, 12, ("yes-no",))

    assert "yes or no only" not in str(ledger.scorecard(full=True))
    assert "only" not in page_of(ledger, tmp_path / "page.html", "Calibration").replace("in the table only", "")


@pytest.mark.parametrize("type_", OF_TYPES)
def test_what_nobody_forecast_is_counted_of_every_type(ledger: Ledger, clock: Clock, type_: str) -> None:
    club_of_types(ledger, clock, 2, (type_, "yes-no"))
    before = ledger.scorecard().unforecast
    terms = {
        "choice": {"options": ["a", "b"]},
        "ordered": {"options": ["a", "b"], "ordered": True},
        "date": {"when": True},
    }
    number = {"unit": "km", "between": (0, 1)}

    ledger.add("Nobody knows", deadline="2027-01-01", **terms.get(type_, number))

    assert (before, ledger.scorecard().unforecast, ledger.scorecard(by="ana").unforecast) == (0, 1, 1)


@pytest.mark.parametrize("type_", ["number", "date"])
def test_the_page_draws_the_calibration_of_distributions(
    ledger: Ledger, clock: Clock, type_: str, tmp_path: Path
) -> None:
    club_of_types(ledger, clock, 12, (type_,))

    fold = page_of(ledger, tmp_path / "page.html", "Calibration")

    assert "None yet of yes or no" in fold
    assert "in which fifth of the distributions" in fold
    [row] = [row for row in ledger.scorecard().to_dict()["types"] if row["forecaster"] == "ana"]
    drawn = fold[fold.index(f"Where the outcomes fell in the distributions of ana, {type_}s") :]
    for count, place in zip(row["fifths"], ("0 to 20", "20 to 40", "40 to 60", "60 to 80", "80 to 100"), strict=True):
        assert f"{round(count, 1):g} at {place} %" in drawn
    least, most = row["fifths_band"]
    assert f"calibrated ones have {least:.0f} to {most:.0f} in each" in drawn
    assert f"distributions of ana, {type_}s" in ledger.scorecard(full=True)._repr_html_()


def test_a_figure_of_yes_or_no_on_a_card_without_one_names_those_that_there_are(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 3, ("choice", "number"))
    card = ledger.scorecard()

    with pytest.raises(InvalidValue, match=r"no claim of yes or no .* say choice, number for 'brier', or type="):
        card.explain("brier")
    [line] = [line for line in str(card).splitlines() if 'explain("' in line]
    assert eval(line.strip(), {"explain": card.explain}).value is not None


def test_caveats_speak_of_every_type(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 3, ("choice",))
    clock.set("2026-09-02")

    ledger.resolve("choice-0", "mid", reason="recounted", known_on="2026-04-12", again=True)

    assert "verdicts replaced: 1 claim" in str(ledger.scorecard())

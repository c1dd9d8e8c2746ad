"""A row that forecasts on a claim on file, and says that it ends on another day, is of another question: refused."""

from __future__ import annotations

import pytest
from folder_ledger import folder_ledger

from predictions import InvalidValue, Ledger
from predictions.records import Forecast

ledger = folder_ledger  # in place of the fixture of that name

JANE = {"by": "Jane", "text": "B happens", "deadline": "2097", "p": "30%", "made_at": "2026-01-01"}
JOHN = {**JANE, "by": "John", "p": "90%", "made_at": "2026-02-01", "deadline": "2098"}


@pytest.mark.parametrize("key", [{"id": "7"}, {"claim": "b-happens"}])
def test_a_forecast_goes_on_a_claim_only_with_its_deadline(ledger: Ledger, key: dict[str, str]) -> None:
    ledger.import_from("table", [{**JANE, **key}])
    before = ledger.head()

    for row in (JOHN, {**JOHN, "made_at": ""}, {**JOHN, "by": "Jane"}):
        with pytest.raises(InvalidValue, match=r"ends on 2097-12-31; take the other day\s+over\s+first"):
            ledger.import_from("table", [{**row, **key}])
    assert ledger.head() == before

    told = str(ledger.import_from("table", [{**JANE, **key, "deadline": "2098"}]))  # of nothing new the change is told
    assert "deadline 2097-12-31 -> 2098-12-31; take it over with:" in " ".join(told.split())


@pytest.mark.parametrize("key", [{"id": "7"}, {"claim": "b-happens"}])
@pytest.mark.parametrize("verb", ["correct", "supersede"])
def test_once_the_day_is_taken_over_the_forecast_is_on_the_claim_of_that_day(
    ledger: Ledger, key: dict[str, str], verb: str
) -> None:
    ledger.import_from("table", [{**JANE, **key}])
    slug = key.get("claim", "table-7")
    later = getattr(ledger, verb)(slug, deadline="2098-12-31", reason="as said")

    ledger.import_from("table", [{**JOHN, **key}])

    (of_john,) = (said for said in ledger.snapshot().all(Forecast) if said.forecaster == "john")
    assert of_john.claim == (later.slug if verb == "supersede" else slug)
    assert "nothing new" in str(ledger.import_from("table", [{**JOHN, **key}]))


def test_an_empty_deadline_is_that_of_the_claim(ledger: Ledger) -> None:
    ledger.import_from("table", [{**JANE, "claim": "b-happens"}])

    taken = ledger.import_from("table", [{**JOHN, "claim": "b-happens", "deadline": "", "text": ""}])

    assert taken.new["forecast"] == 1


def test_a_row_whose_day_was_mended_is_asked_about(ledger: Ledger) -> None:
    ledger.import_from("table", [JANE, {**JOHN, "words": "likely", "p": ""}])
    asked = 'same question? "B happens" may be table-b-happens-2097'

    mended = ledger.import_from("table", [{**JANE, "deadline": "2095"}], dry_run=True)
    assert asked in " ".join(str(mended).split())
    assert [pair.text for pair in mended.pairs] == ["B happens"]
    assert ledger.import_from("table", [{**JOHN, "words": "likely", "p": "", "deadline": "2096"}], dry_run=True).pairs
    assert asked in " ".join(str(ledger.import_from("table", [{**JANE, "deadline": "2094"}])).split())


@pytest.mark.parametrize("other", [{"p": "35%"}, {"by": "Zed"}, {"text": "C happens"}])
def test_the_same_words_until_another_day_are_asked_about_only_with_the_same_number(
    ledger: Ledger, other: dict[str, str]
) -> None:
    ledger.import_from("table", [JANE])

    assert not ledger.import_from("table", [{**JANE, "deadline": "2095", **other}]).pairs


def test_several_days_of_one_file_are_asked_about_once(ledger: Ledger) -> None:
    [pair] = ledger.import_from("table", [JANE, {**JANE, "deadline": "2095"}]).pairs
    assert pair.is_beside
    assert not ledger.import_from("table", [JANE, {**JANE, "deadline": "2095"}]).pairs

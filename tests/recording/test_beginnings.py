"""The beginning of a slug is enough to correct, show, prove and redact a record, as it is for every other verb."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Refuses

from predictions import Ledger, NotFound

SEVERAL = "'rain' begins two claims: rain-in-may, rain-on-fair-day"


@pytest.fixture(autouse=True)
def _on_file(ledger: Ledger) -> None:
    for text in ("Rain on fair day", "Rain in May", "Hail"):
        ledger.add(text, deadline="2026-10-01", p=0.5)
    ledger.log_evidence("hail", "https://example.org/almanac", "The almanac", slug="almanac", bears="context")


@pytest.mark.parametrize("name", ["rain", "claim rain", "rain ana", "forecast rain ana", "resolution rain"])
def test_what_begins_several_claims_names_them(ledger: Ledger, tmp_path: Path, refuses: Refuses, name: str) -> None:
    with refuses(SEVERAL, error=NotFound):
        ledger.correct(name, note="x")
    with refuses(SEVERAL, error=NotFound):
        ledger.prove(name)
    with refuses(SEVERAL, error=NotFound):
        ledger.redact(name, to=tmp_path / "copy.db")


def test_what_begins_one_record_means_it(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.record("alm") == ledger.record("evidence alm") == ledger.record("almanac")
    assert ledger.record("rain-on an").name == ledger.record("forecast rain-on ana").name
    assert ledger.correct("rain-on", note="a fair").slug == "rain-on-fair-day"
    assert ledger.history("rain-on").entries == ledger.history("rain-on-fair-day").entries
    assert ledger.prove("alm").record.fields["slug"] == "almanac"
    assert ledger.redact("forecast rain-on an", to=tmp_path / "copy.db").gone[0].startswith("forecast rain-on-fair-day")


def test_history_names_the_several_that_a_beginning_means(ledger: Ledger, refuses: Refuses) -> None:
    with refuses(SEVERAL, error=NotFound):
        ledger.history("rain")


def test_a_claim_that_is_not_on_file_leads_on(ledger: Ledger, refuses: Refuses) -> None:
    way = "no claim 'new-thing' in this ledger; the list is: ledger.board(), a new one: ledger.add(TEXT, deadline=DAY)"
    with refuses(way, error=NotFound):
        ledger.forecast("new-thing", 0.3)


def test_of_many_that_a_beginning_may_be_it_is_said_how_many_more(ledger: Ledger) -> None:
    for number in range(12):
        ledger.add(f"Rain {number:02}", deadline="2099")

    with pytest.raises(NotFound, match=r"begins several claims: rain-00, .*rain-04, 9 more$"):
        ledger.claim("rain")


@pytest.mark.parametrize(("typed", "meant"), [("its-70-30", "it-s"), ("it-s-7030", "it-s"), ("an-ia-lab", "an-ai")])
def test_a_beginning_with_a_slip_leads_to_the_slug_that_was_meant(ledger: Ledger, typed: str, meant: str) -> None:
    slugs = [ledger.add(text, deadline="2027").slug for text in ("It's 70-30 that it opens", "An AI lab goes public")]
    [slug] = [slug for slug in slugs if slug.startswith(meant)]

    with pytest.raises(NotFound, match=f"did you mean '{slug}'"):
        ledger.resolve(typed, "no")
    with pytest.raises(NotFound) as refused:
        ledger.resolve("rain", "no")
    assert "did you mean" not in str(refused.value)

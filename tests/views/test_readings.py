"""Readings side by side: how much the wording decides."""

from __future__ import annotations

from datetime import date
from html import unescape
from pathlib import Path

import pytest
from conftest import Clock

from predictions import Catalog, Ledger, ainews
from predictions.records import Claim, Source, Statement


def two_readings() -> Catalog:
    """An invented statement with a scored reading and a strict one."""
    claim = Claim(
        slug="port", statement="growth", reading="headline", title="The port grows", wording="The port grows in 2026.",
        criteria="Its own figures.", opens_on=date(2026, 1, 1), deadline=date(2026, 4, 10), scored=True,
    )  # fmt: skip
    strict = {"slug": "port-strict", "reading": "strict", "wording": "It grows by a tenth.", "scored": False}
    return Catalog(
        (
            Source(slug="times", title="The Harbour Times"),
            Statement(slug="growth", source="times", text="The port will grow."),
            claim,
            Claim(**{**dict(claim), **strict}),
        )
    )


def test_the_same_number_scores_differently_under_each_reading(ledger: Ledger, clock: Clock) -> None:
    ledger.register(two_readings())
    ledger.forecast("port", 0.8)
    clock.set("2026-06-01")
    ledger.resolve("port", "yes", happened_on="2026-03-01", known_on="2026-03-01", reason="it grew")
    ledger.resolve("port-strict", "no", known_on="2026-04-11", reason="by a twentieth")

    headline, strict = ledger.claim("port").readings.sides

    assert (headline.verdict, strict.verdict) == ("yes", "no")
    assert (headline.forecasts[0].carried, strict.forecasts[0].carried) == (False, True)
    assert headline.forecasts[0].brier == pytest.approx(0.04)
    assert strict.forecasts[0].brier == pytest.approx(0.64)
    assert "ana, strict not said; 0.80 carried over, Brier 0.640" in " ".join(
        str(ledger.claim("port").readings).split()
    )


def test_the_readings_of_the_catalogue_are_shown_with_those_written_afterwards_apart(
    ledger: Ledger, clock: Clock
) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    found = ledger.claim("exec-defections").readings
    text = str(found)

    assert found.sides[0].claim == "exec-defections"
    afterwards = [bool(side.written_after) for side in found.sides if not side.scored]
    assert afterwards == sorted(afterwards)
    assert "0 of 2" in text
    assert "ainews, strict" in text
    assert "ainews, strict not said" in " ".join(text.split())
    assert "carried over" not in text
    assert str(ledger.claim("exec-defections").readings) == text


def test_every_view_says_how_sure_a_count_is_with_readings_written_afterwards_last(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())
    counts = ["strict 0 of 2", "trend 0 of 2", "broad 2 of 2, 1 provisional, 1 contested (written afterwards)"]

    board = " ".join(str(ledger.board()).split())
    table = " ".join(str(ledger.claim("exec-defections").readings).split())
    page = unescape(ledger.report(tmp_path / "out.html").read_text("utf-8"))

    assert "; ".join(counts) in board
    assert "1 of 2, 1 provisional (written afterwards)" in table
    assert "2 of 2, 1 provisional, 1 contested (written afterwards)" in table
    assert page.count(">2 of 2, 1 provisional, 1 contested (written afterwards)<") == 1
    assert page.count(">1 of 2, 1 provisional (written afterwards)<") == 1
    assert max(map(len, str(ledger.claim("exec-defections").readings).splitlines())) <= 80

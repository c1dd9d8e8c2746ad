"""Matplotlib figures: they show what the card holds, and leave pyplot alone."""

from __future__ import annotations

import sys
from io import BytesIO

import pytest
from conftest import Clock
from hostile import hostile_ledger
from matplotlib.figure import Figure
from test_scorecard import four_claims, many_claims

from predictions import InvalidValue, Ledger, MissingExtra, ainews


def drawn(figure: object) -> Figure:
    assert isinstance(figure, Figure)
    figure.savefig(BytesIO(), format="png")
    return figure


def test_the_reliability_diagram_holds_the_curve(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)
    card = ledger.scorecard()

    one, everybody = drawn(card.plot_reliability("ana")), drawn(card.plot_reliability())

    curve = card.reliability("ana")
    lines = [list(line.get_xdata()) for line in one.axes[0].get_lines()]
    assert list(curve.probability) in lines
    assert [bar.get_height() for bar in one.axes[1].patches] == list(curve.counts)
    assert len(everybody.axes) == 6


def test_scores_show_every_claim_the_mean_and_its_interval(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)
    card = ledger.scorecard()

    axes = drawn(card.plot_scores()).axes[0]

    ana = card.judgement.figures["ana"]
    shown = [list(line.get_xdata()) for line in axes.get_lines()]
    assert [row.middle.brier for row in card.record("ana").scored] in shown
    assert list(ana.interval or ()) in shown
    assert [label.get_text() for label in axes.get_yticklabels()] == ["ana (n 14)", "ben (n 14)", "cyd (n 14)"]


def test_a_claim_is_drawn_with_its_forecasts_and_evidence(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    axes = drawn(ledger.claim("exec-defections").plot()).axes[0]

    labels = axes.get_legend_handles_labels()[1]
    assert "ainews (imputed)" in labels
    assert {"supports", "near miss"} <= set(labels)


def test_withdrawn_forecasts_leave_a_gap_and_hostile_titles_are_text(ledger: Ledger, clock: Clock) -> None:
    slugs = hostile_ledger(ledger)
    clock.set("2026-02-01")
    ledger.withdraw(slugs[0])
    ledger.add("$x_{ is no formula", by="2026-04-10", slug="formula")

    for slug in (*slugs, "formula"):
        drawn(ledger.claim(slug).plot())


def test_pyplot_is_never_loaded(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    loaded = "matplotlib.pyplot" in sys.modules

    drawn(ledger.scorecard().plot_scores())

    assert ("matplotlib.pyplot" in sys.modules) == loaded


def test_nobody_without_a_scored_claim_is_drawn(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", by="2026-04-10", p=0.3)

    with pytest.raises(InvalidValue, match="'ana' has no scored claim on this card"):
        ledger.scorecard().plot_reliability("ana")
    drawn(ledger.scorecard().plot_scores())


def test_without_matplotlib_the_extra_is_named(ledger: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    four_claims(ledger, clock)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    with pytest.raises(MissingExtra, match=r"install prediction-ledger\[plot\]"):
        ledger.scorecard().plot_scores()

"""A backdated forecast is marked wherever it is listed: nothing but its recorder carries its time."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger

OPEN = {"deadline": "2027-12-31", "opens_on": "2026-01-01"}


@pytest.fixture
def mixed(ledger: Ledger, clock: Clock) -> Ledger:
    """Rain, of which bob's forecast is backdated, and one of ana's two; and a choice and a number alike."""
    clock.set("2026-11-29")
    ledger.add("It rains", slug="rain", **OPEN)
    ledger.add("Which?", slug="which", options=["one", "other"], **OPEN)
    ledger.add("How many?", slug="many", unit="cars", between=(0, 10), **OPEN)
    said = {
        "rain": ({"p": 0.3}, {"p": 0.4}),
        "which": ({"p": {"one": 0.3, "other": 0.7}}, {"p": {"one": 0.4, "other": 0.6}}),
        "many": ({"quantiles": {0.1: 1, 0.9: 5}}, {"quantiles": {0.1: 2, 0.9: 6}}),
    }
    for slug, (earlier, now) in said.items():
        ledger.forecast(slug, made_at="2026-10-01", **earlier)
        ledger.forecast(slug, **now)
        ledger.forecast(slug, made_at="2026-10-02", by="bob", kind="person", **now)
    return ledger


@pytest.mark.parametrize("slug", ["rain", "which", "many"])
@pytest.mark.parametrize("full", [False, True])
def test_on_the_card_as_text_and_html(mixed: Ledger, slug: str, full: bool) -> None:
    card = mixed.claim(slug, full=full)

    for shown in (str(card), card._repr_html_()):
        assert shown.count("backdated") >= 2
    if not full:
        assert "backdated: ana " in str(card)
        assert "before" not in str(card)


def test_the_number_before_is_one_of_a_time_that_is_known_alike(mixed: Ledger) -> None:
    lines = str(mixed.claim("rain")).splitlines()

    assert "  ana     0.40                              0.40" in lines
    assert "apart     backdated: ana 0.30 on 2026-10-01" in lines


def test_in_history(mixed: Ledger) -> None:
    told = [row.split(" ana ", 1)[1] for row in str(mixed.history("rain")).splitlines() if " forecast " in row]

    assert [line.endswith("(backdated)") for line in told] == [True, False, True]


def test_in_what_is_due_and_stale(mixed: Ledger, clock: Clock) -> None:
    clock.set("2028-03-01")

    assert "bob 0.40 (backdated), you 0.40" in " ".join(str(mixed.due()).split())
    clock.set("2027-11-01")
    assert "0.40 stands since 2026-10-02 (backdated)" in str(mixed.due(by="bob", stale=True))


def test_on_both_boards(mixed: Ledger) -> None:
    assert "bob 0.40 (backdated)" in str(mixed.board(full=True))
    rows = {line.split()[0]: line for line in str(mixed.board(full=False)).splitlines() if line[:4] in {"rain", "many"}}
    assert rows["rain"].split()[-3:] == ["0.40", "0.40*", "1"]
    assert "4 cars*" in rows["many"]
    assert "* backdated: nothing carries its day" in str(mixed.board(full=False))
    assert "* backdated" not in str(mixed.board(full=False, search="nothing like it"))


def test_over_a_chart_and_on_the_page(mixed: Ledger, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for slug in ("rain", "which"):
        assert "backdated, not drawn: ana, bob" in mixed.claim(slug).line.beyond
        assert "not drawn: ana, bob" in mixed.claim(slug)._repr_html_()
        assert "not drawn: ana, bob" in mixed.claim(slug).plot()._suptitle.get_text()
    mixed.report(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8").count("backdated, not drawn: ana, bob") >= 3

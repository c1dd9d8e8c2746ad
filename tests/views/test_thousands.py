"""Every count on every screen has a comma between its thousands; years, slugs and numbers of entries have none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from predictions import Ledger
from predictions.cli import cli
from predictions.testing import clock_at

MANY = 1_100
UNGROUPED = re.compile(r"(?<![\w.,:/#-])(?!(?:19|20)\d\d\b)\d{4,}(?![\w:/-]|[.,]\d)")
SCREENS: dict[str, Callable[[Ledger], object]] = {
    "board": lambda ledger: ledger.board(),
    "open": lambda ledger: ledger.board(status="open"),
    "full board": lambda ledger: ledger.board(full=True, search="hail"),
    "claim": lambda ledger: ledger.claim("hail"),
    "full claim": lambda ledger: ledger.claim("hail", full=True),
    "due": lambda ledger: ledger.due(),
    "stale": lambda ledger: ledger.due(stale=True),
    "scorecard": lambda ledger: ledger.scorecard(),
    "full scorecard": lambda ledger: ledger.scorecard(full=True),
    "leaderboard": lambda ledger: ledger.leaderboard(),
    "explain": lambda ledger: ledger.scorecard().explain("n", by="ana"),
    "compare": lambda ledger: ledger.compare("ana", "bob"),
    "verify": lambda ledger: ledger.verify(),
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("large") / "large.db"


@pytest.fixture(scope="module")
def large(file: Path) -> Ledger:
    """A ledger with more than a thousand claims of each standing, forecasts, days, and pieces of evidence on one."""
    with clock_at("2020-01-05") as clock:
        ledger = Ledger(file, me="ana")
        rows = [
            {
                "text": f"It rains, case {end} {number:,}",
                "id": f"{end}-{number:,}",
                "deadline": deadline,
                "by": who,
                "p": "30%",
            }
            for end, deadline in (("no", "2020-01-31"), ("due", "2020-02-28"), ("open", "2029-12-31"))
            for number in range(MANY)
            for who in (("ana", "bob") if number < 12 else ("ana",))
        ]
        ledger.import_from("table", rows)
        ledger.add("It hails", deadline="2029-12-31", slug="hail", p=0.4)
        ledger.log_evidence("hail", "https://h.example/", "A storm", bears="supports", on="2020-01-04")
        clock.set("2020-09-01")
        ended = [{"claim": slug, "outcome": "no", "reason": "dry"} for slug in ledger if slug.startswith("table-no-")]
        ledger.import_from("table", ended)
    return ledger


@pytest.mark.parametrize("screen", SCREENS)
def test_on_a_screen(large: Ledger, screen: str) -> None:
    with clock_at("2020-09-01"):
        shown = str(SCREENS[screen](large))

    assert [line for line in shown.splitlines() if UNGROUPED.search(line)] == []


@pytest.mark.parametrize(
    "verb", [[], ["due"], ["board"], ["verify"], ["export", "table", "out.csv"], ["backup", "b.db"]]
)
@pytest.mark.usefixtures("large")
def test_typed(file: Path, verb: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with clock_at("2020-09-01"):
        shown = CliRunner().invoke(cli, ["--ledger", str(file), "--me", "ana", *verb])

    assert shown.exit_code == 0
    assert [line for line in shown.output.splitlines() if UNGROUPED.search(line)] == []


def test_on_the_page(large: Ledger, tmp_path: Path) -> None:
    with clock_at("2020-09-01"):
        large.report(tmp_path / "page.html")

    page = re.sub(r"<(style|svg).*?</\1>", " ", (tmp_path / "page.html").read_text("utf-8"), flags=re.DOTALL)
    assert [line for line in re.sub(r"<[^>]+>", " ", page).splitlines() if UNGROUPED.search(line)] == []

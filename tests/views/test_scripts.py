"""Names in any script: on every screen of 80 columns their figures stay below each other, and on a page beside them."""

from __future__ import annotations

import re

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.render.columns import columns_of
from predictions.render.html import spaced

NAMES = (
    "東京経済研究所予測班", "Zoe\u0308 Bru\u0302le\u0301", "שרה לוי", "محمد الفارسي", "क्षत्रिय", "ไทยน้ำ", "김철수",
    "Prof. Benedikt von Hohenfels-Wittelstein und zu Oberunterbach",
)  # fmt: skip
OUTLOOK = {"said_on": "2026-01-01", "link": "https://weekly.example/outlook", "deadline": "2026-06-30"}


@pytest.fixture
def world(ledger: Ledger, clock: Clock) -> Ledger:
    """Eight people of long names in many scripts on claims of each type, decided."""
    terms: dict[str, dict[str, object]] = {
        "rain": {"p": 0.3},
        "choice": {"options": ["北", "南", "other"], "p": {"北": 0.5, "南": 0.3, "other": 0.2}},
        "number": {"unit": "百万台", "between": (0, 10), "quantiles": {0.1: 2, 0.5: 4, 0.9: 6}},
        "date": {"when": True, "p": {"2026-03-31": 0.2, "2026-06-30": 0.6}},
    }
    for slug, said in terms.items():
        ledger.quote(NAMES[0], f"{slug} どうなるでしょうか?", slug=slug, **OUTLOOK, **said)
    for name in NAMES[1:]:
        for slug, said in terms.items():
            ledger.forecast(slug, by=name, kind="person", again=True,
                            **{key: said[key] for key in ("p", "quantiles") if key in said})  # fmt: skip
    clock.set("2026-08-05")
    ledger.resolve("rain", "yes", happened_on="2026-05-01", reason="雨が降った")
    ledger.resolve("number", 4, known_on="2026-07-05", reason="数えた")
    return ledger


def test_every_line_of_every_screen_fits_80_columns(world: Ledger) -> None:
    claims = [world.claim(slug, full=full) for slug in ("rain", "choice", "number", "date") for full in (False, True)]
    screens = [*claims, world.board(), world.board(full=False), world.due(), world.scorecard(),
               world.scorecard(full=True), world.leaderboard(), world.history("rain")]  # fmt: skip

    lines = [line for screen in screens for line in str(screen).splitlines() if "ledger.resolve(" not in line]

    assert len(lines) > 200
    assert [line for line in lines if columns_of(line) > 80] == []


def test_figures_stand_below_each_other_whatever_the_name(world: Ledger) -> None:
    card = str(world.scorecard()).splitlines()
    start = card.index("WHO WAS RIGHT") + 1

    every = [re.sub(r" +\([a-z, ]+\)$", "", line.rstrip()) for line in card[start : start + len(NAMES) + 3]]
    rows = [line for line in every if line.endswith(("open", "0"))]

    assert len(rows) == len(NAMES) + 1
    assert {columns_of(row) for row in rows} == {columns_of(rows[0])}
    sparks = [line for line in str(world.claim("rain", full=True)).splitlines() if line.endswith("| 0.30")]
    assert len({columns_of(line.partition("|")[0]) for line in sparks}) == 1


@pytest.mark.parametrize("name", ["שרה לוי", "محمد الفارسي"])
def test_figures_stay_behind_a_name_that_is_written_from_right_to_left(world: Ledger, name: str) -> None:
    assert spaced(f"{name} 0.30, ana 0.20") == f"<bdi>{name}</bdi> 0.30, ana 0.20"
    assert f"<bdi>{name}</bdi> " in world.due()._repr_html_()


@pytest.mark.parametrize(
    ("text", "wide"),
    [("e\u0301", 1), ("김", 2), ("ᄀ\u1161", 2), ("น้ำ", 2), ("कि", 1), ("\u0488a", 1), ("ａ", 2), ("plain", 5)],
)
def test_a_mark_over_a_letter_takes_no_column(text: str, wide: int) -> None:
    assert columns_of(text) == wide

"""A claim whose draft asked something of another type is scored, shown and proved as what it asks now: every pair of
types with every form of verdict, beside claims of every other type.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.testing import clock_at

SHARES = {"a": 0.2, "b": 0.8}
OF_THREE = {"a": 0.2, "b": 0.3, "c": 0.5}
QUANTILES = {0.1: 2, 0.5: 4, 0.9: 6}
TYPES: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {  # what each asks, and what is said of it
    "yes-no": ({}, {"p": 0.3}),
    "events": ({"at_least": 2}, {"p": 0.3}),
    "meeting conditions": ({"at_least": 1, "conditions": {"list": "A full list"}}, {"p": 0.3}),
    "choice": ({"options": ["a", "b"]}, {"p": SHARES}),
    "wider choice": ({"options": ["a", "b", "c"]}, {"p": OF_THREE}),
    "ordered": ({"options": ["a", "b", "c"], "ordered": True}, {"p": OF_THREE}),
    "ordered otherwise": ({"options": ["c", "a", "b"], "ordered": True}, {"p": OF_THREE}),
    "number": ({"unit": "m", "between": (0, 10)}, {"quantiles": QUANTILES}),
    "log": ({"unit": "m", "between": (1, 100, "log")}, {"quantiles": QUANTILES}),
    "another number": ({"unit": "km", "between": (0, 20)}, {"quantiles": QUANTILES}),
    "date": ({"when": True}, {"p": {"2026-02-28": 0.2, "2026-06-30": 0.4}}),
}
TO_YES_NO: Mapping[str, dict[str, Any]] = {  # how a draft stops asking anything of another type
    "events": {"at_least": None}, "meeting conditions": {"at_least": None, "conditions": None},
    "choice": {"options": ()}, "number": {"unit": None, "between": None}, "date": {"when": False},
}  # fmt: skip
ALIKE = {
    "wider choice": "choice",
    "ordered": "choice",
    "ordered otherwise": "choice",
    "log": "number",
    "another number": "number",
}
SEEN = {"reason": "seen", "known_on": "2026-06-22"}
YES: dict[str, Any] = {"outcome": "yes", "happened_on": "2026-06-20", **SEEN}
NO: dict[str, Any] = {"outcome": "no", "reason": "not seen"}
UNDECIDED: list[dict[str, Any]] = [{"outcome": word, **SEEN} for word in ("ambiguous", "annulled")]
OF_YES_NO: list[dict[str, Any]] = [YES, {"outcome": "yes", **SEEN}, NO, {"outcome": 0.4, **SEEN}]
OF_OPTIONS: list[dict[str, Any]] = [{"outcome": option, **SEEN} for option in "ab"]
OF_NUMBERS: list[dict[str, Any]] = [{"outcome": value, **SEEN} for value in (4.2, -3, 250)]
OF_DATES: list[dict[str, Any]] = [YES, {**YES, "happened_on": "May 2026"}, NO]
SAME = ("type", "brier", "brier_low", "brier_high", "log_score", "time_skill", "said", "outcome", "value", "place")
FORMS = 6  # the most forms of verdict that a type has


def verdict(type_: str, form: int) -> dict[str, Any]:
    """A form of verdict on a claim of a type; types with fewer forms begin again."""
    forms = {"date": OF_DATES, "number": OF_NUMBERS, "log": OF_NUMBERS, "another number": OF_NUMBERS}.get(type_)
    if forms is None:
        forms = OF_YES_NO if type_ in {"yes-no", "events", "meeting conditions"} else OF_OPTIONS
    every = [*forms, *UNDECIDED]
    return every[form % len(every)]


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a claim of each type, and one of each type that was of each other; of half the forecasts are old.

    A claim it-3-5 is now of the third type as as-3 is, and was of the fifth.
    """
    path = tmp_path_factory.mktemp("drafted") / "ledger.db"
    with clock_at("2026-01-01"), Ledger(path, me="ana") as ledger:
        for row, (type_, (terms, says)) in enumerate(TYPES.items()):
            ledger.add(f"It is {type_}", deadline="2026-06-30", slug=f"as-{row}", **terms, **says)
            for column, (was, (asked, said)) in enumerate(TYPES.items()):
                slug, first = f"it-{row}-{column}", said if (row + column) % 2 else {}
                ledger.add(f"It is {type_}, was {was}", deadline="2026-06-30", slug=slug, **asked, **first)
                if was != type_:
                    _corrected(ledger, slug, was, type_)
                ledger.forecast(slug, **says, again=True)
    return path


def _corrected(ledger: Ledger, slug: str, was: str, type_: str) -> None:
    if type_ == "yes-no":
        ledger.correct(slug, **TO_YES_NO[ALIKE.get(was, was)])
    else:
        lost = {"conditions": None} if was == "meeting conditions" and type_ == "events" else {}
        ordered = {"ordered": False} if "options" in TYPES[type_][0] else {}
        ledger.correct(slug, **lost | ordered | TYPES[type_][0])


@pytest.fixture(params=range(FORMS))
def resolved(request: pytest.FixtureRequest, drafted: Path, clock: Clock, tmp_path: Path) -> Iterator[Ledger]:
    """The same with a verdict of one form on every claim."""
    clock.set("2026-09-01")
    with Ledger(shutil.copy(drafted, tmp_path), me="ana") as ledger:
        for slug in ledger:
            ledger.resolve(slug, **verdict([*TYPES][int(slug.split("-")[1])], request.param))
        yield ledger


def test_a_draft_is_scored_shown_and_proved_as_what_it_asks_now(resolved: Ledger, tmp_path: Path) -> None:
    card = resolved.scorecard()
    resolved.report(tmp_path / "report.html")
    resolved.export("sqlite", tmp_path / "plain.db")

    rows = {row["claim"]: row for row in card.rows()}
    assert len(rows) == len(TYPES) * (len(TYPES) + 1)
    for slug, row in rows.items():
        as_said = rows[f"as-{slug.split('-')[1]}"]
        assert {name: row[name] for name in SAME} == {name: as_said[name] for name in SAME}, slug
        assert row["brier"] is None or 0 <= row["brier"] <= 1
    with closing(sqlite3.connect(tmp_path / "plain.db")) as copy:
        outcomes = dict(copy.execute("select claim, outcome from resolutions"))
    assert all(outcome == outcomes[f"as-{slug.split('-')[1]}"] for slug, outcome in outcomes.items())
    assert not any(resolved.prove(f"resolution {slug}").fault() for slug in rows)

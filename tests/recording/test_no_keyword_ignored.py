"""Every keyword of every verb, in every mode: it changes what is recorded or told, or is refused by its name."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger, LedgerError
from predictions.records import RECORDS

DAY, THREE = "2026-02-03", {0.1: 2, 0.5: 4, 0.9: 6}
VALUES: dict[str, Any] = {
    "p": 0.35, "note": "wet", "criteria": "The gauge.", "tags": ["wet"], "slug": "own-name", "opens_on": "2026-02-02",
    "options": ["a", "b"], "ordered": True, "unit": "cars", "between": (0, 10), "quantiles": THREE, "when": True,
    "at_least": 2, "conditions": ["list"], "given": "rain", "cluster": "one-fact", "closes_at": "2026-06-01T10:00Z",
    "settle_days": 3, "title": "A title", "deadline": "2026-08-31", "said_on": DAY, "link": "https://other.example",
    "source": "The Daily", "words": "likely", "scale": "icd-203", "low": 0.2, "high": 0.6, "kind": "model",
    "wording": "Other words", "not_resolvable": "vague", "reading": "strict", "by": "zed", "made_at": "2026-02-10",
    "published_in": "leak", "because": "leak", "reason": "a reason", "on": "2026-02-04", "counts": "storm",
    "bears": "opposes", "event": "storm", "meets": ["list"], "why": "since", "published": DAY, "publisher": "The Sun",
    "excerpt": "It says so.", "grade": "primary", "likelihood_ratio": 2.5, "archived": "https://copy.example",
    "archived_sha256": "a" * 64, "happened_on": "2026-02-05", "known_on": "2026-02-20", "impossible": True,
    "dissent": True, "carry": "none",
}  # fmt: skip
QUOTED = {"deadline": "2026-09-30", "said_on": "2026-02-02", "link": "https://bob.example"}
MODES: dict[str, tuple[str, tuple[Any, ...], Mapping[str, Any]]] = {
    "add": ("add", ("It hails",), {"deadline": "2026-09-30"}),
    "add p": ("add", ("It hails",), {"deadline": "2026-09-30", "p": 0.3}),
    "add again": ("add", ("It rains",), {"deadline": "2026-12-31"}),
    "add number": ("add", ("Cars",), {"deadline": "2026-09-30", "unit": "cars", "between": (0, 9), "quantiles": THREE}),
    "quote": ("quote", ("Bob", "It hails"), QUOTED),
    "quote p": ("quote", ("Bob", "It hails"), {**QUOTED, "p": 0.3}),
    "quote words": ("quote", ("Bob", "It hails"), {**QUOTED, "words": "will"}),
    "quote source": ("quote", ("Bob", "It hails"), {"deadline": "2026-09-30", "source": "bob-2026-02-01", "p": 0.2}),
    "quote alone": ("quote", ("Bob", "It is vague"), {"said_on": "2026-02-02", "not_resolvable": "no day"}),
    "quote again": ("quote", ("Bob", "It pours"), {"deadline": "2026", "said_on": "2026-02-01", "p": 0.4,
                                                   "link": "https://b.example"}),
    "forecast": ("forecast", ("rain", 0.7), {}),
    "forecast words": ("forecast", ("rain",), {"words": "will"}),
    "forecast choice": ("forecast", ("which", {"a": 0.5, "b": 0.5}), {}),
    "forecast number": ("forecast", ("cars",), {"quantiles": THREE}),
    "log_evidence": ("log_evidence", ("rain", "https://new.example", "New"), {}),
    "log_evidence on file": ("log_evidence", ("rain", "leak"), {}),
    "log_evidence events": ("log_evidence", ("twice", "https://new.example", "New"), {}),
    "resolve yes": ("resolve", ("rain", "yes"), {"happened_on": "2026-02-04"}),
    "resolve choice": ("resolve", ("which", "a"), {"known_on": "2026-02-04"}),
    "resolve number": ("resolve", ("cars", 4), {"known_on": "2026-02-04"}),
    "resolve annulled": ("resolve", ("rain", "annulled"), {"reason": "the basis is gone"}),
    "withdraw": ("withdraw", ("rain",), {}),
    "supersede": ("supersede", ("rain",), {"reason": "clearer", "criteria": "The other gauge."}),
}  # fmt: skip
LEFT_OUT = {
    "self",
    "claim",
    "claims",
    "text",
    "outcome",
    "evidence",
    "changes",
    "again",
}  # again only allows what is said

SPOKEN = {  # by what else a refusal names a keyword
    "options": "choice|same words", "when": "date|same words", "slug": "same words", "opens_on": "same words",
    "at_least": "same words", "wording": "same words", "given": "refer to itself", "low": "range", "high": "range",
    "meets": "conditions", "on": "happened", "counts": "event", "published_in": "source", "by": "zed",
    "note": "to replace it", "deadline": "same words",
}  # fmt: skip


@pytest.fixture(scope="module")
def begun_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from predictions.testing import clock_at

    path = tmp_path_factory.mktemp("world") / "world.db"
    common: dict[str, Any] = {"deadline": "2026-12-31", "opens_on": "2026-01-01"}
    with clock_at("2026-01-02") as clock, Ledger(path, me="ana") as ledger:
        ledger.add("It rains", slug="rain", p=0.3, **common)
        ledger.add("Which?", slug="which", options=["a", "b"], **common)
        ledger.add("How many?", slug="cars", unit="cars", between=(0, 10), **common)
        ledger.add("Twice", slug="twice", at_least=2, conditions=["list", "price"], **common)
        clock.set("2026-02-25")
        ledger.quote("Bob", "It pours", deadline="2026", said_on="2026-02-01", link="https://b.example", p=0.4)
        ledger.log_evidence("rain", "https://l.example", "Leak", slug="leak", published="2026-02-10")
        ledger.log_evidence("twice", "https://s.example", "Storm", slug="s", counts="storm", on="2026-02-03")
    return path


def told_and_kept(path: Path, folder: Path, verb: str, given: tuple[Any, ...], said: Mapping[str, Any]) -> str:
    """Do it on a copy; all that is on file then, and what the receipt says, or the refusal."""
    with Ledger(shutil.copy(path, folder / "copy.db"), me="ana") as ledger:
        try:
            receipt = getattr(ledger, verb)(*given, **said)
        except LedgerError as error:
            return f"refused: {error}"
        snapshot = ledger.snapshot()
        kept = [one.model_dump_json(exclude_none=True) for cls in RECORDS for one in snapshot.all(cls)]
        return "\n".join([*receipt.lines, *kept])


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
@pytest.mark.parametrize("mode", MODES)
def test_a_keyword_is_kept_told_or_refused_by_its_name(
    clock: Clock, begun_world: Path, tmp_path: Path, mode: str
) -> None:
    verb, given, said = MODES[mode]
    clock.set("2026-02-26")
    before = told_and_kept(begun_world, tmp_path, verb, given, said)
    assert not before.startswith("refused"), before
    names = list(inspect.signature(getattr(Ledger, verb)).parameters)
    ignored = []
    for name in [name for name in names if name not in {*LEFT_OUT, *said} and name in VALUES]:
        if names.index(name) - 1 < len(given):
            continue
        clock.set("2026-02-26")
        after = told_and_kept(begun_world, tmp_path, verb, given, {**said, name: VALUES[name]})
        names_it = rf"\b{name}\b|\b{name.rstrip('s')}s?\b|{SPOKEN.get(name, name)}"
        named = re.search(names_it, after) if after.startswith("refused") else True
        if after == before or not named:
            ignored.append(f"{name}: {after if after.startswith('refused') else 'ignored'}")
    assert not ignored, "\n".join(ignored)
    assert {name for name in names if name not in {*LEFT_OUT, *said}} <= {*VALUES, "link", "by", "p"}

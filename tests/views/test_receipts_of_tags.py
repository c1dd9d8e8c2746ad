"""A tag that is kept in another spelling is told by the receipt of every verb that takes tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from predictions import Ledger

QUOTED = {"deadline": "2099", "said_on": "2025-12-01", "link": "https://bob.example/1"}
VERBS: dict[str, Callable[[Ledger, Any], object]] = {
    "add": lambda ledger, tags: ledger.add("It rains", deadline="2099", p=0.3, tags=tags),
    "quote": lambda ledger, tags: ledger.quote("ana", "It rains", p=0.3, tags=tags, **QUOTED),
    "correct": lambda ledger, tags: ledger.correct("hail", tags=tags),
    "supersede": lambda ledger, tags: ledger.supersede("hail", deadline="2098", reason="moved", tags=tags),
}


@pytest.fixture(autouse=True)
def hail(ledger: Ledger) -> None:
    ledger.add("Hail", deadline="2099", slug="hail")


def told(receipt: object) -> str:
    return " ".join(str(receipt).split())


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("tags", "line"),
    [
        (["y z", "ok", "City Works"], "of the tags, 'y z' is y-z, 'City Works' is city-works"),
        ("New Tag", "of the tags, 'New Tag' is new-tag"),
    ],
)
def test_a_tag_in_another_spelling_is_told(ledger: Ledger, verb: str, tags: object, line: str) -> None:
    receipt = VERBS[verb](ledger, tags)

    assert line in told(receipt)
    assert len(str(receipt).splitlines()) <= 5


@pytest.mark.parametrize("verb", VERBS)
def test_tags_that_are_kept_as_they_are_need_no_line(ledger: Ledger, verb: str) -> None:
    assert "of the tags" not in told(VERBS[verb](ledger, ["rain", "city-works"]))


def test_nothing_is_told_of_what_stands_already(ledger: Ledger) -> None:
    VERBS["add"](ledger, "New Tag")

    assert "of the tags" not in told(VERBS["add"](ledger, "New Tag"))

"""Whatever is given for any keyword of any verb, or in any field of a correction, is refused in our words."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger, LedgerError
from predictions.records import RECORDS, Claim, Record

FOREIGN = re.compile(
    r"Input should|valid (dictionary|tuple|string|list|integer|boolean|date|number|instance)|instance of|pydantic|"
    r"Traceback|object has no attribute|unexpected keyword|this should not happen|type=|NoneType|<class"
)
WRONG: tuple[Any, ...] = (
    5, float("nan"), True, "x", "", "two\nlines", b"bytes", object(), ["a", 5], [["a"]], {"a": "A"}, {5: None},
    [{"name": "a"}], ("a", "b", "c"), 10**400, "\ud800",
)  # fmt: skip
SAID: dict[str, tuple[Any, ...]] = {
    "add": ("It hails",), "quote": ("Bob", "It snows"), "forecast": ("rain", 0.4),
    "log_evidence": ("rain", "https://a.example", "A"), "resolve": ("rain", "yes"), "correct": ("rain",),
    "withdraw": ("rain",), "retract": ("leak",), "supersede": ("rain",),
}  # fmt: skip
NEEDED: dict[str, dict[str, Any]] = {
    "add": {"deadline": "2026-12-31"}, "quote": {"deadline": "2026-12-31", "said_on": "2026-01-01"},
    "resolve": {"happened_on": "2026-01-02"}, "retract": {"reason": "a hoax"}, "supersede": {"reason": "clearer"},
}  # fmt: skip
NAMES = {
    "source": "source bob-2026-01-01", "statement": "statement rain", "claim": "claim rain", "event": "event storm",
    "evidence": "evidence leak", "bearing": "bearing rain leak", "forecaster": "forecaster ana", "forecast": "rain ana",
}  # fmt: skip


@pytest.fixture(scope="module")
def begun_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from predictions.testing import clock_at

    path = tmp_path_factory.mktemp("world") / "world.db"
    with clock_at("2026-01-02"), Ledger(path, me="ana") as ledger:
        ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3, opens_on="2026-01-01")
        ledger.quote("Bob", "It pours", deadline="2026", said_on="2026-01-01", link="https://bob.example", p=0.4)
        ledger.log_evidence("rain", "https://leak.example", "Leak", slug="leak", event="storm", on="2026-01-01")
    return path


@pytest.fixture
def world(clock: Clock, begun_world: Path, tmp_path: Path) -> Iterator[Ledger]:
    clock.set("2026-01-02T12:00Z")
    with Ledger(shutil.copy(begun_world, tmp_path), me="ana") as ledger:
        yield ledger


def refusal(act: Any) -> str:
    """Do it; what it says where it is refused."""
    try:
        act()
    except LedgerError as error:
        return str(error)
    return ""


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
@pytest.mark.parametrize("verb", SAID)
def test_no_keyword_of_a_verb_is_refused_in_foreign_words(world: Ledger, verb: str) -> None:
    names = list(inspect.signature(getattr(Ledger, verb)).parameters)[1:]
    positional = names[: len(SAID[verb])]
    for name in [name for name in names if name not in {"fields", "changes"}]:
        for number, wrong in enumerate(WRONG):
            given = [wrong if own == name else said for own, said in zip(positional, SAID[verb], strict=True)]
            if verb in {"add", "quote"} and name != "text":
                given[-1] = f"{given[-1]} {name} {number}"
            said = {**NEEDED.get(verb, {}), **({} if name in positional else {name: wrong})}
            sentence = refusal(lambda given=given, said=said: getattr(world, verb)(*given, **said))
            assert not FOREIGN.search(sentence), f"{verb} {name}={wrong!r}: {sentence}"
            assert "\n" not in sentence, f"{verb} {name}={wrong!r}: {sentence}"


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
@pytest.mark.parametrize(
    ("verb", "cls"), [("supersede", Claim), *(("correct", cls) for cls in RECORDS if cls.noun in NAMES)]
)
def test_no_field_of_a_correction_is_refused_in_foreign_words(world: Ledger, cls: type[Record], verb: str) -> None:
    words = (
        "text",
        "between",
        "ordered",
        "when",
        "note",
        "p",
        "said_on",
        "link",
        "by",
        "words",
        "name",
        "on",
        "colour",
    )
    for name in [*cls.model_fields, *words]:
        for wrong in WRONG:
            what = "rain" if verb == "supersede" else NAMES[cls.noun]
            fields = {"reason": "wrong", name: wrong}
            sentence = refusal(lambda what=what, fields=fields: getattr(world, verb)(what, **fields))
            assert not FOREIGN.search(sentence), f"{verb} {what} {name}={wrong!r}: {sentence}"
            assert "\n" not in sentence, f"{verb} {what} {name}={wrong!r}: {sentence}"

"""What `add` and `quote` took is put right by the same keywords, typed and in Python, or led to where it stands."""

from __future__ import annotations

import re

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger, LedgerError
from predictions.cli.messages import as_typed


@pytest.fixture
def line(clock: Clock, tmp_path: object) -> CommandLine:
    clock.set("2026-11-30")
    line = CommandLine(tmp_path)  # type: ignore[arg-type]
    assert line("init").exit_code == 0
    line.says("add", "It rains", "--deadline", "2027", "--slug", "rain", "-p", "30%")
    line.says("quote", "Jane Roo", "It pours", "--deadline", "2027", "--said-on", "2026-01-05", "-p", "40%",
              "--link", "https://roo.example")  # fmt: skip
    return line


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ("options=a,b", "options", ("a", "b")),
        ("settle-days=11", "settle_days", 11),
        ("tags=x", "tags", ("x",)),
        ("when=true", "type", "date"),
        ("closes-at=2027-01-05T12:00Z", "closes_at", "2027-01-05 12:00:00+00:00"),
        ("given=rain", "given", "rain"),
    ],
)
@pytest.mark.parametrize("verb", ["correct", "supersede"])
def test_a_field_is_set_as_its_option_is_spelled(
    line: CommandLine, verb: str, change: str, field: str, value: object
) -> None:
    line.says(verb, "it-pours", "--set", change, "--reason", "a slip")

    with Ledger(line.path) as ledger:
        kept = [claim for claim in map(ledger.claim, ledger) if claim.claim.wording == "It pours"][-1].claim
    assert getattr(kept, field) == value or str(getattr(kept, field)) == value


def test_conditions_are_set_and_dropped_as_typed(line: CommandLine) -> None:
    line.says("correct", "rain", "--set", "at-least=2", "--set", "conditions=list=A full list; price=In euros")
    with Ledger(line.path) as ledger:
        named = {one.name: one.text for one in ledger.claim("rain").claim.conditions}
        assert named == {"list": "A full list", "price": "In euros"}
    line.says("correct", "rain", "--set", "conditions=list=A full list")
    line.says("correct", "rain", "--set", "conditions=")
    with Ledger(line.path) as ledger:
        assert not ledger.claim("rain").claim.conditions


FOREIGN = [
    ("said_on", 'that is of its source: ledger.correct("source jane-roo-2026-01-05", published="DAY", reason="...")'),
    ("published_on", 'that is of its source: ledger.correct("source jane-roo-2026-01-05", published="DAY", reason='),
    ("link", 'that is of its source: ledger.correct("source jane-roo-2026-01-05", link="LINK", reason="...")'),
    ("url", 'that is of its source: ledger.correct("source jane-roo-2026-01-05", link="LINK", reason="...")'),
    ("source", 'that is of its source: ledger.correct("source jane-roo-2026-01-05", title="TITLE", reason="...")'),
    ("by", 'that is of who forecast: ledger.correct("forecaster jane-roo", title="NAME", reason="...")'),
    ("kind", 'that is of who forecast: ledger.correct("forecaster jane-roo", kind="KIND", reason="...")'),
    ("words", 'is corrected with: ledger.correct("it-pours jane-roo", p=0.7, reason="...")'),
    ("quantiles", 'is corrected with: ledger.correct("it-pours jane-roo", p=0.7, reason="...")'),
    ("verdict", "how it came out, is said with: ledger.resolve("),
]
FILLED = {"DAY": "2026-01-02", "LINK": "https://r.example", "TITLE": "The Roo", "NAME": "Jane Roe", "KIND": "model"}


@pytest.mark.parametrize(("name", "told"), FOREIGN)
@pytest.mark.parametrize("verb", ["correct", "supersede"])
def test_what_is_no_field_of_a_claim_leads_to_a_line_that_works(
    line: CommandLine, verb: str, name: str, told: str
) -> None:
    with Ledger(line.path, me="ana") as ledger:
        with pytest.raises(LedgerError, match=re.escape(f"claim has no field '{name}'")) as refused:
            getattr(ledger, verb)("it-pours", reason="a slip", **{name: "x"})
        assert told in str(refused.value)
        said = line.refuses(verb, "it-pours", "--set", f"{name}=x", "--reason", "a slip")
        assert said == as_typed(str(refused.value))
        if name == "verdict":
            return
        offered = str(refused.value).rpartition(": ")[2]
        for word, value in FILLED.items():
            offered = offered.replace(f'"{word}"', f'"{value}"')
        assert eval(offered, {"ledger": ledger}).wrote


def test_a_forecaster_is_called_by_the_name_that_people_use(line: CommandLine) -> None:
    said = line.refuses("correct", "forecaster jane-roo", "--set", "name=Jane Roe", "--reason", "misspelt")

    assert said == "forecaster has no field 'name'; did you mean 'title'?"


def test_what_supersede_advises_it_takes(line: CommandLine) -> None:
    said = line.refuses("supersede", "rain", "--set", "criteria=N", "--reason", "r", "--carry", "forecasts")
    assert said.endswith("say --carry evidence, or --carry none")
    said = line.refuses("supersede", "rain", "--reason", "r")
    assert said.endswith('predictions supersede rain --set deadline="DAY" --reason "..."')
    assert "it supersedes rain" in line.says(
        "supersede", "rain", "--set", "criteria=N", "--reason", "r", "--carry", "none"
    )

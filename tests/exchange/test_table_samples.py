"""The table's samples: a good file, with what must be in the ledger afterwards, and seven that are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.exchange.questions import slug_of_key
from predictions.records import Claim, Forecast, Forecaster, Resolution, Source, Statement

SAMPLES = Path(__file__).parent.parent / "data" / "table"
TODAY = "2026-11-29"
REFUSED = [
    (1, "probability", "35% or 0.35"),
    (2, "made", "2026-02-01"),
    (3, "outcome", "annulled or ambiguous, or leave it empty"),
    (4, "due", "made after it was due"),
    (5, "by", "who"),
    (6, "due", "a day"),
    (7, "known", "an outcome needs the day on which it was known"),
]


@pytest.fixture
def expected() -> Any:  # whatever JSON holds
    return json.loads((SAMPLES / "good.json").read_text("utf-8"))


@pytest.fixture
def taken(ledger: Ledger, clock: Clock) -> Ledger:
    clock.set(TODAY)
    ledger.import_from("table", SAMPLES / "good.csv")
    return ledger


def test_the_forecasters_are_recorded_with_their_names(taken: Ledger, expected: Any) -> None:
    people = [record.record for record in taken.snapshot().recorded(Forecaster)]

    assert [(one.slug, one.title, str(one.kind)) for one in people if one.slug != "ana"] == [
        (one["slug"], one["title"], one["kind"]) for one in sorted(expected["forecasters"], key=lambda one: one["slug"])
    ]


def test_the_claims_are_those_of_the_expectation(taken: Ledger, expected: Any) -> None:
    snapshot = taken.snapshot()

    for wanted in expected["claims"]:
        claim = snapshot.find(Claim, wanted["slug"])
        statement = snapshot.find(Statement, claim.statement)
        assert slug_of_key("table", wanted["key"]) == claim.slug
        assert (statement.text, claim.wording) == (wanted["text"], wanted["text"])
        assert (str(claim.opens_on), str(claim.deadline)) == (wanted["opens_on"], wanted["resolves_by"])
        assert (claim.criteria, list(claim.tags)) == (wanted["criteria"], wanted["tags"])
        assert (claim.notes, statement.speaker) == (wanted["link"], wanted["asked_by"])
        assert (claim.settle_days, str(claim.type), claim.scored) == (wanted["settle_days"], wanted["kind"], True)
        source = snapshot.find(Source, statement.source)
        assert (source.slug, source.kind, source.published) == ("table", "other", None)


def test_the_forecasts_and_verdicts_are_those_of_the_expectation(taken: Ledger, expected: Any) -> None:
    snapshot = taken.snapshot()

    for wanted in expected["claims"]:
        claim = snapshot.find(Claim, wanted["slug"])
        forecasts = [item.record for item in snapshot.forecasts_on(claim)]
        assert [said(one) for one in forecasts] == [told(one) for one in wanted["forecasts"]]
        assert [verdict(one.record) for one in snapshot.resolutions_of(claim)] == [
            (one["outcome"], one["known_on"], one["impossible"]) for one in [wanted["resolution"]] if one
        ]


def said(forecast: Forecast) -> tuple[object, ...]:
    made_at = forecast.made_at.isoformat().replace("+00:00", "Z")
    return forecast.forecaster, made_at, forecast.probability, bool(forecast.withdrawn), forecast.note


def told(wanted: Any) -> tuple[object, ...]:
    return wanted["by"], wanted["made_at"], wanted.get("probability"), "withdrawn" in wanted, wanted.get("note")


def verdict(resolution: Resolution) -> tuple[object, str, bool]:
    outcome = resolution.fraction if resolution.fraction is not None else str(resolution.outcome)
    return outcome, str(resolution.known_on), bool(resolution.impossible)


def test_the_counts_are_those_of_the_expectation(ledger: Ledger, clock: Clock, expected: Any) -> None:
    clock.set(TODAY)

    taken = ledger.import_from("table", SAMPLES / "good.csv")

    counts = expected["counts"]
    assert dict(taken.new) == {
        "claim": counts["claims"], "forecaster": counts["forecasters"], "forecast": counts["forecasts"],
        "withdrawal": counts["withdrawals"], "verdict": counts["resolutions"], "source": 1,
    }  # fmt: skip
    assert taken.repeated == counts["repeated"]


@pytest.mark.parametrize(("number", "column", "words"), REFUSED)
def test_a_bad_file_is_refused_whole_with_its_row_and_column(
    number: int, column: str, words: str, ledger: Ledger, clock: Clock
) -> None:
    clock.set(TODAY)
    before = ledger.head()

    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", SAMPLES / f"bad-{number}.csv")

    message = str(refused.value)
    assert f"bad-{number}.csv cannot be read, so nothing is recorded: 1 of 2 rows" in message
    assert f"{column}" in message
    assert "row 2" in message
    assert words in " ".join(message.split())
    assert "(line 3 of the file)" in message
    assert max(map(len, message.splitlines())) <= 80
    assert ledger.head() == before


def test_the_export_of_a_platform_is_recognised(ledger: Ledger) -> None:
    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", SAMPLES / "fatebook-forecasts.csv")

    assert str(refused.value).startswith(
        "this looks like Fatebook's export (Question title, Forecast created by); "
        "say: predictions import-from fatebook "
    )

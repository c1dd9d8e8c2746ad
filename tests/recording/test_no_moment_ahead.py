"""A moment still to come is refused at every door, be it seconds ahead, so nothing that is said after it is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Clock, Refuses

from predictions import Ledger
from predictions.errors import InvalidValue

NEW_YEAR = "2026-12-31T23:57:00Z"  # the last minutes of a day, a month and a year
AHEAD = ["2026-12-31T23:58:30Z", "2027-01-01T00:01:00Z", "2027-01-01T01:01+01:00", "2026-12-31T14:59-09:00"]
Door = Callable[[Ledger, str], object]
DOORS: dict[str, Door] = {
    "forecast": lambda ledger, when: ledger.forecast("rain", 0.5, made_at=when),
    "withdraw": lambda ledger, when: ledger.withdraw("rain", made_at=when),
    "table": lambda ledger, when: ledger.import_from("table", [{"claim": "rain", "p": "50%", "made_at": when}]),
    "new row": lambda ledger, when: ledger.import_from(
        "table", [{"text": "Snow", "deadline": "2028", "p": "50%", "made_at": when}]
    ),
    "import_forecasts": lambda ledger, when: ledger.import_forecasts(
        [{"claim": "rain", "forecaster": "ana", "made_at": when, "probability": 0.5}]
    ),
    "resolve": lambda ledger, when: ledger.resolve("rain", "yes", known_on=when),
    "import_resolutions": lambda ledger, when: ledger.import_resolutions(
        [{"claim": "rain", "outcome": "yes", "known_at": when}]
    ),
}
OF_FORECASTS = [door for door in DOORS if "resol" not in door]


@pytest.fixture
def evening(clock: Clock, ledger: Ledger) -> Ledger:
    """A ledger with a forecast of ana's, in the last minutes of a year."""
    ledger.add("It rains", deadline="2028", p=0.3, slug="rain")
    clock.set(NEW_YEAR)
    return ledger


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("when", AHEAD)
def test_a_moment_still_to_come_is_refused_at_every_door(evening: Ledger, door: str, when: str) -> None:
    head = str(evening.head())

    with pytest.raises(InvalidValue, match="lies in the future"):
        DOORS[door](evening, when)

    assert str(evening.head()) == head


@pytest.mark.parametrize("door", OF_FORECASTS)
def test_a_day_that_is_not_over_is_refused_in_its_last_minutes_too(evening: Ledger, door: str) -> None:
    head = str(evening.head())

    with pytest.raises(InvalidValue, match=r"(?s)a whole day means its end|a day means its end|days mean their end"):
        DOORS[door](evening, "2026-12-31")

    assert str(evening.head()) == head


def test_what_is_said_last_stands(evening: Ledger, refuses: Refuses) -> None:
    with refuses("lies in the future"):
        evening.forecast("rain", 0.55, made_at="2027-01-01T00:01:00Z")
    evening.forecast("rain", 0.6)

    assert "ana 0.60 0.60 0.30" in " ".join(str(evening.claim("rain")).split())

    evening.withdraw("rain")

    assert "0.60" not in str(evening.board())

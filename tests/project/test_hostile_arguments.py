"""Whatever a verb is given for a claim of any type is a right record, or refused in a sentence and nothing written."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from math import isfinite
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from club_of_types import TERMS
from conftest import Clock
from hostile_arguments import LAST, NUMBERS, OPTIONS, chances, several, value

from predictions import Ledger, LedgerError, LedgerWarning
from predictions.cli import cli
from predictions.fits import check_fits
from predictions.records import Claim, Forecast, Resolution

CASES, MANY = 30, 2_000
LEVELS, VALUES = (0.1, 0.5, 0.9), (2.5, 4, 6)
DAYS_SAID = ("2026-12-31", LAST)
ASKED = {**TERMS, "choice": {"options": [*OPTIONS]}, "ordered": {"options": [*OPTIONS], "ordered": True}}
Act = Callable[[Ledger, Random, str], object]


def says(random: Random, type_: str) -> dict[str, Any]:
    """How likely, mostly as the type has it."""
    if random.random() < 0.1:
        type_ = random.choice([*ASKED])
    if type_ in {"choice", "ordered"}:
        return {"p": chances(random, OPTIONS)}
    if type_ == "date":
        return {"p": chances(random, DAYS_SAID, (0.2, 0.6))}
    return {"quantiles": chances(random, LEVELS, VALUES)} if type_ == "number" else {"p": value(random, (0.3,))}


def adds(ledger: Ledger, random: Random, type_: str) -> object:
    terms = dict(ASKED[type_])
    for name, good in (("options", OPTIONS), ("between", (0, 10))):
        if name in terms:
            terms[name] = several(random, good)
    for name in ("unit", "when", "ordered"):
        if name in terms and random.random() < 0.3:
            terms[name] = value(random, (True, "tons"))
    return ledger.add(f"It is {random.random()}", deadline=LAST, **terms, **says(random, type_))


def forecasts(ledger: Ledger, random: Random, type_: str) -> object:
    return ledger.forecast(type_, **says(random, type_))


def resolves(ledger: Ledger, random: Random, type_: str) -> object:
    good = {"number": NUMBERS, "date": ("yes", "no", "2026-01-02"), "yes-no": ("yes", "no", 0.4)}.get(type_, OPTIONS)
    how = {"happened_on": value(random, ("2026-01-02", "2026-01"))} if random.random() < 0.3 else {}
    how |= {"impossible": True} if random.random() < 0.5 else {}
    return ledger.resolve(type_, value(random, good), reason="seen", again=random.random() < 0.5, **how)


def imports(ledger: Ledger, random: Random, type_: str) -> object:
    """A long table of a forecast, or rows that say it all."""
    row = {"claim": type_, "forecaster": "ben", "made_at": value(random, ("2026-01-01",))}
    if random.random() < 0.3:
        return ledger.import_forecasts([row | says(random, type_)])
    column, keys = {"number": (random.choice(["at", "value"]), VALUES), "date": ("day", DAYS_SAID)}.get(
        type_, ("option", OPTIONS)
    )
    said = {"number": (0.2, 0.5, 0.8), "date": (0.2, 0.6)}.get(type_, (0.2, 0.3, 0.5))
    lines = zip(keys, said, strict=True)
    rows = [row | {column: value(random, (key,)), "p": value(random, (chance,))} for key, chance in lines]
    return ledger.import_forecasts(rows)


def decides(ledger: Ledger, random: Random, type_: str) -> object:
    good = {"number": (3, 4.5), "date": ("2026-01-02", "no"), "yes-no": ("yes", 0.4)}.get(type_, OPTIONS)
    return ledger.import_resolutions(
        [{"claim": type_, "outcome": value(random, good), "known_on": value(random, ("2026-01-02",)), "reason": "seen"}]
    )


def takes_table(ledger: Ledger, random: Random, type_: str) -> object:
    row = {"text": f"It is {random.random()}", "deadline": LAST, "by": "ben", "said_on": "2026-01-01"}
    columns = {
        "choice": {"options": "red; green; blue", "p": "red=20%; green=30%; blue=50%", "outcome": "red"},
        "ordered": {"options": "red; green; blue", "p": "red=20%; green=30%; blue=50%"},
        "number": {"unit": "tons", "between": "0..10", "quantiles": "10%=2.5; 50%=4; 90%=6", "outcome": "4"},
        "date": {"when": True, "p": f"2026-12-31=20%; {LAST}=60%", "outcome": "2026-01-02"},
        "yes-no": {"p": 0.3},
    }[type_]
    spoilt = random.choice([*columns])
    odd = random.choice((value(random, tuple(columns.values())), chances(random, OPTIONS), several(random, OPTIONS)))
    return ledger.import_from("table", [row | columns | {spoilt: odd}])


ACTS: dict[str, Act] = {act.__name__: act for act in (adds, forecasts, resolves, imports, decides, takes_table)}


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[tuple[Ledger, Path]]:
    """A ledger with a claim of each type."""
    path = tmp_path / "hostile.db"
    with warnings.catch_warnings(), Ledger(path, me="ana") as ledger:
        warnings.simplefilter("ignore", LedgerWarning)
        for type_, terms in ASKED.items():
            ledger.add(f"A claim of type {type_}", deadline=LAST, slug=type_, **terms)
        clock.set("2026-01-10")
        yield ledger, path


def check(world: tuple[Ledger, Path], act: Act, random: Random, type_: str) -> bool:
    """Whether an act goes well; what is refused is one sentence, and changes no byte."""
    ledger, path = world
    before, size = path.read_bytes(), ledger.head().size
    try:
        done = act(ledger, random, type_)
    except LedgerError as refused:
        sentence = str(refused)
        assert sentence.encode()
        assert "not happen" not in sentence
        assert path.read_bytes() == before
        return False
    assert str(done).encode()
    for item in ledger._store.recorded(ledger.head().size, (Claim, Forecast, Resolution)):
        if item.entry >= size:
            is_right(ledger, item.record)
    return True


def is_right(ledger: Ledger, record: Any) -> None:
    """A record fits its claim, and its numbers are such."""
    numbers = [getattr(record, name, None) for name in ("probability", "low", "high", "value", "fraction")]
    assert all(number is None or isfinite(number) for number in numbers), record
    if isinstance(record, Claim):
        assert len(set(record.options)) == len(record.options) != 1, record
        assert record.unit is None or record.low < record.high, record
        return
    check_fits(ledger.claim(record.claim).claim, record)
    if isinstance(record, Forecast):
        rising = [line.chance for line in (*record.points, *record.days)]
        shares = [share.share for share in record.shares]
        assert rising == sorted(rising), record
        assert all(0 <= chance <= 1 for chance in (*rising, *shares)), record
        assert not shares or sum(shares) == pytest.approx(1, abs=1e-9), record


@pytest.mark.parametrize("cases", [CASES, pytest.param(MANY, marks=pytest.mark.campaign(minutes=10))])
@pytest.mark.parametrize("name", ACTS)
def test_hostile_arguments_are_a_right_record_or_refused(world: tuple[Ledger, Path], name: str, cases: int) -> None:
    taken = 0
    for number in range(cases):
        random = Random(f"{name} {number}")
        taken += check(world, ACTS[name], random, random.choice([*ASKED]))

    assert 0 < taken < cases
    assert world[0].verify().ok
    assert str(world[0].scorecard(full=True))


def pairs(random: Random, option: str, keys: tuple[Any, ...], values: tuple[Any, ...]) -> list[str]:
    """An option of the command line, said once a pair: ``-p red=0.2 -p blue=0.8``."""
    told = [f"{value(random, (key,))}={value(random, (one,))}" for key, one in zip(keys, values, strict=True)]
    return [part for pair in told for part in (option, pair)]


def typed(random: Random, type_: str) -> list[str]:
    """A line for the command line, with the options of a type."""

    def word(*good: Any) -> str:
        return f"{value(random, good)}"

    options = ["--options", ",".join(word(one) for one in OPTIONS)]
    terms = {
        "number": ["--unit", word("tons"), f"--between={word(0)}..{word(10)}"], "date": ["--when"], "yes-no": [],
        "ordered": ["--ordered", *options], "choice": options,
    }[type_]  # fmt: skip
    shares = pairs(random, "-p", OPTIONS, (0.2, 0.3, 0.5))
    said = {
        "number": pairs(random, "-q", LEVELS, VALUES), "date": pairs(random, "-p", DAYS_SAID, (0.2, 0.6)),
        "yes-no": ["-p", word(0.3)],
    }.get(type_, shares)  # fmt: skip
    return random.choice(
        (
            ["add", f"It is {random.random()}", "--deadline", LAST, *terms, *said],
            ["forecast", type_, *(said if type_ == "number" else said[1::2])],
            ["resolve", type_, word("yes", "red", 4), "--reason", "seen", "--impossible"],
        )
    )


@pytest.mark.parametrize("cases", [CASES, pytest.param(MANY, marks=pytest.mark.campaign(minutes=10))])
def test_hostile_words_typed_are_taken_or_refused(world: tuple[Ledger, Path], cases: int) -> None:
    path, taken = world[1], 0
    for number in range(cases):
        random = Random(f"typed {number}")
        line, before = typed(random, random.choice([*ASKED])), path.read_bytes()

        told = CliRunner().invoke(cli, ["--ledger", str(path), "--me", "ana", *line])

        assert told.exception is None or isinstance(told.exception, SystemExit), line
        assert told.exit_code in {0, 1, 2}, line
        assert "not happen" not in told.stderr, line
        assert told.exit_code == 0 or path.read_bytes() == before, line
        taken += told.exit_code == 0

    assert 0 < taken < cases
    assert world[0].verify().ok

"""A chance is spelled alike in Python, typed, and in a cell: read the same, or refused with what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine

from predictions import InvalidValue, Ledger
from predictions.records import Claim

READ = {
    "35,5 %": 0.355, "35.5%": 0.355, ".35": 0.35, "35 %": 0.35, "35\u00a0%": 0.35, "35\u202f%": 0.35, "0,35": 0.35,
    "0,355": 0.355, "1,0": 1.0, "0": 0.0, "100%": 1.0, " 70% ": 0.7, ".5%": 0.005,
}  # fmt: skip
REFUSED = {
    "35 percent": "35%", "35 pct": "35%", "35 Prozent": "35%", "70,5 Prozent": "70.5%", "7/10": "70%", "1 in 4": "25%",
    "3 out of 4": "75%", "60:40": "60%", "50/50": "50%", "50-50": "50%", "~70%": "70%", "about 70%": "70%",
    "ca. 35,5 %": "35.5%", "60-70%": "one number, such as 65%", "60\u201370 %": "one number, such as 65%", "%70": "70%",
    "35": "35%",
}  # fmt: skip
ODDS = ["2:1", "7:3", "1/3", "1/4", "5 / 2", "1 : 3", "2/1"]
NONSENSE = ["110%", "-5%", "\u22125%", "1.2", "seventy", "7 of 5", "inf", "0.3 0.4", "35\u2030"]


def in_python(path: Path, chance: str) -> None:
    with Ledger(path, me="ana") as ledger:
        ledger.add("A?", deadline="2099", p=chance)


def in_a_cell(path: Path, chance: str) -> None:
    with Ledger(path, me="ana") as ledger:
        ledger.import_from("table", [{"text": "A?", "deadline": "2099", "p": chance}])


def typed(path: Path, chance: str) -> None:
    run = CommandLine(path.parent)
    run.path = path
    done = run("add", "A?", "--deadline", "2099", "-p", chance)
    if done.exit_code:
        raise InvalidValue(" ".join(done.stderr.split()))


DOORS = pytest.mark.parametrize("door", [in_python, typed, in_a_cell])


@DOORS
@pytest.mark.parametrize("chance", READ)
def test_a_plain_spelling_is_read(door: object, chance: str, tmp_path: Path) -> None:
    door(tmp_path / "l.db", chance)  # type: ignore[operator]  # one of the three

    with Ledger(tmp_path / "l.db") as ledger:
        (claim,) = ledger.snapshot().all(Claim)
        (forecast,) = ledger.snapshot().forecasts_on(claim)
        assert forecast.record.probability == READ[chance]


@DOORS
@pytest.mark.parametrize("chance", REFUSED)
def test_another_spelling_is_refused_with_the_right_one(door: object, chance: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue) as refused:
        door(tmp_path / "l.db", chance)  # type: ignore[operator]  # one of the three

    said = " ".join(str(refused.value).split())
    assert f"say {REFUSED[chance]}" in said or f"or {REFUSED[chance]}" in said


@DOORS
@pytest.mark.parametrize("chance", ODDS)
def test_what_may_be_odds_or_a_share_is_refused_without_a_number(door: object, chance: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"odds or a share\? say it in percent") as refused:
        door(tmp_path / "l.db", chance)  # type: ignore[operator]  # one of the three

    assert "%" not in str(refused.value)


@DOORS
@pytest.mark.parametrize("chance", NONSENSE)
def test_what_is_no_chance_is_refused(door: object, chance: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"not a probability|not a number|say 1\.[25]%"):
        door(tmp_path / "l.db", chance)  # type: ignore[operator]  # one of the three


def test_shares_and_quantiles_take_a_decimal_comma_too(tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    assert run("init").exit_code == 0

    run.says("add", "Which?", "--deadline", "2099", "--options", "a,other", "-p", "a=35,5 %", "-p", "other=64,5 %")
    run.says("add", "Cars", "--deadline", "2099", "--unit", "t", "--between", "0..9", "-q", "2,5 %=1", "-q", "50%=4")

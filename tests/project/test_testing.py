"""The clock that is set by hand: it serves tests, and writes a false time into no ledger that anybody relies on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from predictions import InvalidValue, Ledger, LedgerError
from predictions.storage import clock as storage_clock
from predictions.testing import Clock, clock_at, scratch_ledger

SCRATCH_REMARK = "a scratch ledger: its clock was set by hand, so its times of recording show nothing"
PACKAGE = Path(storage_clock.__file__).parents[1]


def recorded_at(ledger: Ledger) -> list[str]:
    """The days on which things were recorded, oldest first."""
    return [str(row["recorded_at"])[:10] for row in ledger.history().rows()]


def ordinary_ledger(path: Path) -> Path:
    """A ledger that goes by the machine's clock."""
    with Ledger(path, me="ana") as ledger:
        ledger.add("It rains", deadline="2099-12-31", p=0.3)
    return path


def test_what_is_recorded_in_a_scratch_ledger_has_the_time_of_its_clock() -> None:
    with scratch_ledger("2026-01-01", me="ana") as (ledger, clock):
        ledger.add("It rains", deadline="2026-06-30", p=0.3)
        clock.set("2026-03-01")
        ledger.forecast("it-rains", 0.4)

        days = recorded_at(ledger)

    assert set(days[:-1]) == {"2026-01-01"}
    assert days[-1] == "2026-03-01"


def test_a_scratch_ledger_is_gone_after_its_block() -> None:
    with scratch_ledger() as (ledger, _):
        path = ledger._journal.path
        assert path.exists()

    assert not path.parent.exists()


def test_a_ledger_of_ones_own_program_goes_by_the_clock_too(tmp_path: Path) -> None:
    with clock_at("2026-01-01") as clock, Ledger(tmp_path / "mine.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2026-01-31", p=0.3)
        waiting = ledger.due().rows()
        clock.advance(timedelta(days=40))
        later = ledger.due().rows()

    assert (len(waiting), len(later)) == (0, 1)


def test_verify_says_of_a_scratch_ledger_and_of_every_copy_that_its_times_show_nothing(tmp_path: Path) -> None:
    with scratch_ledger(me="ana") as (ledger, _):
        ledger.add("It rains", deadline="2099-12-31", p=0.3)
        ledger.backup(tmp_path / "copy.db")
        here = ledger.verify()

    with Ledger(tmp_path / "copy.db", me="ana") as copy:
        copy.forecast("it-rains", 0.5)
        there = copy.verify()
    assert here.ok
    assert SCRATCH_REMARK in here.remarks
    assert SCRATCH_REMARK in there.remarks
    assert there.head.ledger_id.startswith(b"scratch-".hex())


def test_an_ordinary_ledger_has_no_such_mark(tmp_path: Path) -> None:
    with Ledger(ordinary_ledger(tmp_path / "mine.db")) as ledger:
        found = ledger.verify()

    assert found.ok
    assert SCRATCH_REMARK not in found.remarks
    assert not storage_clock.is_scratch(found.head.ledger_id)


def test_under_a_clock_set_by_hand_an_ordinary_ledger_is_read_and_not_written(tmp_path: Path) -> None:
    path = ordinary_ledger(tmp_path / "mine.db")
    before = path.read_bytes()

    with clock_at("2050-01-01"), Ledger(path, me="ana") as ledger:
        assert "it-rains" in str(ledger.board())
        with pytest.raises(LedgerError, match=r"mine\.db' is no scratch ledger, and a clock set by hand writes to no"):
            ledger.forecast("it-rains", 0.4)
        with pytest.raises(LedgerError, match="no scratch ledger"):
            ledger.import_forecasts([("it-rains", "ben", "2049-01-01", 0.5)])

    assert path.read_bytes() == before


def test_a_scratch_ledger_cannot_be_merged_into_an_ordinary_one(tmp_path: Path) -> None:
    ordinary = ordinary_ledger(tmp_path / "mine.db")
    with clock_at("2026-01-01"), Ledger(tmp_path / "scratch.db", me="ben") as scratch:
        scratch.add("It snows", deadline="2099-12-31", p=0.3)

    with Ledger(ordinary, me="ana") as ledger, pytest.raises(LedgerError):
        ledger.merge(tmp_path / "scratch.db")


def test_a_ledger_keeps_the_clock_it_was_opened_with(tmp_path: Path) -> None:
    with clock_at("2026-01-01") as outer:
        first = Ledger(tmp_path / "first.db", me="ana")
        with clock_at("2030-01-01"):
            second = Ledger(tmp_path / "second.db", me="ana")
        third = Ledger(tmp_path / "third.db", me="ana")
        outer.set("2027-05-05")

        days = [str(ledger.snapshot().today) for ledger in (first, second, third)]
        for ledger in (first, second, third):
            ledger.close()

    assert days == ["2027-05-05", "2030-01-01", "2027-05-05"]


def test_after_an_error_in_the_block_the_machine_has_its_clock_again(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), clock_at("2026-01-01"):
        _ = 1 / 0

    path = ordinary_ledger(tmp_path / "mine.db")
    with Ledger(path) as ledger:
        assert recorded_at(ledger)[0] == str(datetime.now(UTC).date())


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-03-01", "2026-03-01 09:00:00"),
        ("2026-03-01T23:59:59Z", "2026-03-01 23:59:59"),
        ("2026-03-01T01:00+02:00", "2026-02-28 23:00:00"),
        (datetime(2026, 3, 1, 7, tzinfo=UTC), "2026-03-01 07:00:00"),
        (datetime(2026, 3, 1, tzinfo=UTC).date(), "2026-03-01 09:00:00"),
    ],
)
def test_the_clock_says_next_what_it_was_set_to_and_then_a_second_more(said: datetime | str, moment: str) -> None:
    clock = Clock(said)

    first, second = clock(), clock()

    assert f"{first:%Y-%m-%d %H:%M:%S}" == moment
    assert second - first == timedelta(seconds=1)
    assert repr(clock) == f"<Clock at {second:%Y-%m-%d %H:%M:%S}Z>"


@pytest.mark.parametrize("odd", ["yesterday", "2026-02-30", "2026-03-01T09:00", "", None, 3])
def test_a_clock_that_is_set_to_no_moment_says_so(odd: str) -> None:
    with pytest.raises(InvalidValue):
        Clock(odd)


@pytest.mark.parametrize("odd", [timedelta(days=-1), 30, "30 days", None])
def test_only_time_can_pass(odd: timedelta) -> None:
    with pytest.raises(InvalidValue, match=r"is no time that can pass; say timedelta\(days=30\)"):
        Clock("2026-01-01").advance(odd)


def test_no_verb_and_no_option_reaches_the_clock() -> None:
    naming = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"setting_by_hand|predictions\.testing|clock_by_hand", path.read_text("utf-8"))
    }

    assert naming == {"storage/clock.py", "storage/journal.py", "testing.py"}
    assert "PREDICTIONS" not in Path(storage_clock.__file__).read_text("utf-8")

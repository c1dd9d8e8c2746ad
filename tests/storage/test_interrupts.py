"""An interrupt at any line leaves all of an append or nothing; the file is never opened behind SQLite's back."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType

import pytest
from invented import EVERYTHING, write
from prefixes import prefix_proof

import predictions
from predictions import Ledger
from predictions.records import Forecast
from predictions.timestamps import start_of

OURS = str(Path(predictions.__file__).parent)


class Tracer:
    """Raises an error before the so manieth line of our own code, or of contextlib, that runs."""

    def __init__(self, error: type[BaseException], at: int) -> None:
        self.error, self.left = error, at

    def __call__(self, frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        name = frame.f_code.co_filename
        if not (name.startswith(OURS) or name.endswith("contextlib.py")):
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                sys.settrace(None)
                raise self.error
        return self


def interrupted(work: Callable[[], object], error: type[BaseException], at: int) -> bool:
    """Whether the error was raised before the work was done."""
    tracer = Tracer(error, at)
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work()
    except error:
        return True
    finally:
        sys.settrace(before)
    return tracer.left <= 0


def shape(path: Path) -> tuple[int, int]:
    """How many entries and forecasts a stranger sees; they must stand under one whole seal."""
    with closing(sqlite3.connect(path, timeout=0.1)) as stranger:
        (entries, forecasts, size) = stranger.execute(
            "select (select count(*) from entry), (select count(*) from forecast), (select max(size) from seal)"
        ).fetchone()
    assert entries == size
    return entries, forecasts


def interrupt_everywhere(
    path: Path, append: Callable[[Ledger, int], object], error: type[BaseException], step: int
) -> int:
    """Interrupt an append before each line, or each so manieth; how many times. The same ledger stays in use."""
    write(path, EVERYTHING)
    at, whole, nothing = 0, 0, 0
    with Ledger(path, me="ana") as ledger:
        append(ledger, 0)
        while True:
            at += step
            before = shape(path)
            stopped = interrupted(lambda number=at: append(ledger, number), error, at)
            after = shape(path)
            if not stopped:
                break
            assert after in (before, (before[0] + 2, before[1] + 1)), at
            whole, nothing = whole + (after != before), nothing + (after == before)
        assert after == (before[0] + 2, before[1] + 1)
        assert ledger.verify().ok
    assert nothing > whole > 0
    return whole + nothing


def put(ledger: Ledger, number: int) -> None:
    with ledger._journal.writing() as writing:
        ledger._store.put(writing, forecast(number))


def forecast(number: int) -> Forecast:
    return Forecast(
        claim="captains", forecaster="ana", made_at=start_of(date(2025, 1, 1)) + timedelta(seconds=number),
        probability=0.5, because=("gossip",), note="x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("error", "step"),
    [(KeyboardInterrupt, 2), (MemoryError, 5), *[
        pytest.param(error, 1, marks=pytest.mark.campaign) for error in (KeyboardInterrupt, MemoryError)
    ]],
)  # fmt: skip
def test_an_interrupt_before_any_line_of_an_append_leaves_all_of_it_or_nothing(
    error: type[BaseException], step: int, tmp_path: Path
) -> None:
    assert interrupt_everywhere(tmp_path / "ledger.db", put, error, step) > 200 / step


def test_control_without_a_transaction_an_interrupt_leaves_half_of_an_append(tmp_path: Path) -> None:
    def put_without_a_transaction(ledger: Ledger, number: int) -> None:
        writing = ledger._journal._continue()
        ledger._store.put(writing, forecast(number))
        writing.seal()

    with pytest.raises(AssertionError):
        interrupt_everywhere(tmp_path / "ledger.db", put_without_a_transaction, KeyboardInterrupt, 2)


@pytest.mark.campaign
@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # the claim's window is over
def test_an_interrupt_before_any_line_of_a_verb_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    def forecast_anew(ledger: Ledger, number: int) -> None:
        ledger.forecast("storm", number / 10**6, by="ana" if number % 2 else "crowd", note=f"number {number}")

    assert interrupt_everywhere(tmp_path / "ledger.db", forecast_anew, KeyboardInterrupt, 5) > 200


@pytest.mark.filterwarnings(  # sqlite-utils' transaction, interrupted as it is entered, is left by nobody
    "ignore:Exception ignored in. <generator object Database.atomic:pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.filterwarnings("ignore:.* was an empty file")
def test_an_interrupt_before_any_line_of_creating_a_ledger_leaves_a_file_that_can_be_made_one(tmp_path: Path) -> None:
    at = 0
    for at in range(1, 100_000, 29):
        path = tmp_path / f"{at}.db"
        if not interrupted(lambda path=path: Ledger(path).close(), KeyboardInterrupt, at):
            break
        with Ledger(path) as ledger:
            assert ledger.head().size == 2
            assert ledger.verify().ok
        path.unlink()

    assert at > 100


class Openings:
    """Which files were opened from Python, by any of its functions, while it watched; SQLite's own are not seen."""

    def __init__(self) -> None:
        self.watching = False
        self.seen: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.watching and event.split(".", maxsplit=1)[0] in {"open", "shutil", "os"} and event != "os.listdir":
            self.seen += [f"{event} {argument}" for argument in arguments if isinstance(argument, (str, bytes, Path))]


OPENINGS = Openings()


def test_the_file_is_never_opened_by_hand_while_a_connection_is_open(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"

    with Ledger(path, me="ana") as ledger:
        OPENINGS.seen.clear()
        OPENINGS.watching = True
        try:
            for verb in verbs(ledger):
                assert str(verb())
            (tmp_path / "seen").write_bytes(b"")
        finally:
            OPENINGS.watching = False

    assert [opening for opening in OPENINGS.seen if "ledger.db" in opening] == []
    assert any("seen" in opening for opening in OPENINGS.seen), "the watch itself works"


def test_no_verb_leaves_the_file_locked(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"

    with Ledger(path, me="ana") as ledger, closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as stranger:
        for verb in verbs(ledger):
            assert str(verb())

            stranger.execute("begin exclusive")
            stranger.execute("rollback")


def verbs(ledger: Ledger) -> list[Callable[[], object]]:
    """Each of the verbs that a notebook has, to be used in this order."""
    slug, today = "it-rains", datetime.now(UTC).date()
    return [
        lambda: ledger.register(predictions.ainews()),
        lambda: ledger.add("It rains", deadline="2030-01-01", p=0.3, at_least=1, slug=slug),
        lambda: ledger.log_evidence(slug, "https://example.org/rain", "Rain", on="2026-01", counts="rain"),
        lambda: ledger.log_evidence("exec-defections", "example-rain", bears="context"),
        lambda: ledger.retract("example-rain", reason="sunshine"),
        lambda: ledger.forecast(slug, 0.4),
        lambda: ledger.withdraw(slug),
        lambda: ledger.resolve(slug, "annulled", known_on=today, reason="no sky"),
        lambda: ledger.correct(f"claim {slug}", title="Rain", reason="shorter"),
        lambda: ledger.import_forecasts([(slug, "dee", "2026-01-02T12:00:00Z", 0.5)]),
        lambda: ledger.board(full=True),
        lambda: ledger.claim(slug),
        lambda: ledger.claim(slug).tally,
        ledger.due,
        lambda: ledger.due(stale=True),
        ledger.history,
        ledger.scorecard,
        ledger.snapshot,
        ledger.head,
        lambda: ledger.verify(head=str(ledger.head()), deep=True),
        lambda: ledger.board(as_of=ledger.head().short),
        lambda: ledger.prove(f"claim {slug}"),
        lambda: prefix_proof(ledger, ledger.head()),
        lambda: ledger.backup(ledger._journal.path.with_name("backup.db")),
        lambda: ledger.merge(ledger._journal.path.with_name("backup.db")),
        lambda: ledger.redact(
            "evidence example-rain", to=ledger._journal.path.with_name("redacted.db"), with_references=True
        ),
    ]

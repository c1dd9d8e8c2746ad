"""For all tests: a clock that is set by hand, a ledger that goes by it, and a campaign that can be stopped."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from campaign import Campaign
from hypothesis import HealthCheck, settings
from quick import Quick

from predictions import Ledger, LedgerError
from predictions.testing import Clock, clock_at

# A busy machine is no fault of the code, and what passed once passes again; `searching` looks further.
settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("patient", settings.get_profile("searching"), derandomize=True, max_examples=40)
settings.load_profile("patient")

HASHER = """
import hashlib, sys
for line in sys.stdin:
    with open(line.rstrip("\\n"), "rb") as file:
        print(hashlib.sha256(file.read()).hexdigest(), flush=True)
"""
Refuses = Callable[..., AbstractContextManager[None]]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Campaign(config))
    config.pluginmanager.register(Quick(config))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The clock of every ledger opened from now on; it begins on 2026-01-01."""
    monkeypatch.delenv("PREDICTIONS_ME", raising=False)
    with clock_at("2026-01-01") as clock:
        yield clock


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger of ana's, begun on 2026-01-01: to make one takes three times as long as to copy it."""
    path = tmp_path_factory.mktemp("begun") / "ledger.db"
    with clock_at("2026-01-01"):
        Ledger(path, me="ana").close()
    return path


@pytest.fixture
def ledger(clock: Clock, begun: Path, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger of ana's, which goes by the clock."""
    with Ledger(shutil.copy(begun, tmp_path), me="ana") as ledger:
        yield ledger


@pytest.fixture(scope="session")
def club_on_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger with claims of every type, as it is on 2026-09-01."""
    from club_of_types import club_of_types

    path = tmp_path_factory.mktemp("club") / "ledger.db"
    with clock_at("2026-01-01") as clock, Ledger(path, me="ana") as ledger:
        club_of_types(ledger, clock)
    return path


@pytest.fixture
def club(clock: Clock, club_on_file: Path, tmp_path: Path) -> Iterator[Ledger]:
    """A copy of the ledger with claims of every type, an hour after the last was resolved."""
    clock.set("2026-09-01T10:00Z")
    with Ledger(shutil.copy(club_on_file, tmp_path), me="ana") as ledger:
        yield ledger


@pytest.fixture(scope="session")
def digest() -> Iterator[Callable[[Path], str]]:
    """The SHA-256 of a file as another process reads it."""
    with subprocess.Popen([sys.executable, "-c", HASHER], text=True, stdin=-1, stdout=-1) as hasher:

        def of(path: Path) -> str:
            assert hasher.stdin is not None
            assert hasher.stdout is not None
            hasher.stdin.write(f"{path}\n")
            hasher.stdin.flush()
            return hasher.stdout.readline().strip()

        yield of
        assert hasher.stdin is not None
        hasher.stdin.close()


@pytest.fixture
def refuses(ledger: Ledger, tmp_path: Path, digest: Callable[[Path], str]) -> Refuses:
    """``with refuses("some", "words"):`` one plain sentence that holds these words, and a file left as it was."""

    @contextmanager
    def refuses(*words: str, error: type[LedgerError] = LedgerError) -> Iterator[None]:
        before = digest(tmp_path / "ledger.db")
        with pytest.raises(error) as refused:
            yield
        sentence = str(refused.value)
        assert [word for word in words if word not in sentence] == [], sentence
        assert "\n" not in sentence
        assert "Input should" not in sentence
        assert len(sentence) < 400
        assert digest(tmp_path / "ledger.db") == before

    return refuses

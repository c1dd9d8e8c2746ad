"""The long runs can be stopped and go on: a test behind ``campaign`` that passed is not run again on the same code.

Run by several processes (``-n 2``, of pytest-xdist), the longest tests begin first, and those that :data:`HEAVY`
names, each of which takes much of a machine for itself, come one after the other in one process.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

WATCHED = ("predictions", "forecasts", "tests", "docs", "pyproject.toml")
PASSED = "campaign/passed"
HEAVY = (
    "test_browser.py::",
    "test_hosts.py::",
    "test_ibis_table.py::",
    "::test_ten_million_forecasts",
    "::test_appends_are_fast",
)
TOGETHER = ("test_scott_alexander.py::", "::test_a_disk_that_is_full")  # of a set-up so dear that one process has it
REASON = "passed before on this state of the code"


class Campaign:
    """Keeps, in pytest's cache, which long tests passed on this very state of the code; ``--cache-clear`` forgets."""

    def __init__(self, config: pytest.Config) -> None:
        self._cache: pytest.Cache | None = getattr(config, "cache", None)
        self._records = not hasattr(config, "workerinput")  # xdist reports every test to the first process
        self._state = state(config.rootpath)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Skip what passed, and begin with what is known to take longest."""
        passed = self._passed()
        for item in items:
            if item.get_closest_marker("campaign") and item.nodeid in passed:
                item.add_marker(pytest.mark.skip(reason=REASON))
        items.sort(key=_minutes, reverse=True)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Producer) -> LoadScopeScheduling:
        """Which tests are given to one process together: heavy ones, those of one set-up; else each by itself."""
        from xdist.scheduler import LoadScopeScheduling

        class Scheduling(LoadScopeScheduling):
            def _split_scope(self, nodeid: str) -> str:
                if any(name in nodeid for name in HEAVY):
                    return "heavy"
                return next((name for name in TOGETHER if name in nodeid), nodeid)

        return Scheduling(config, log)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what passes, at once: the run may be killed."""
        if self._records and self._cache and report.when == "call" and report.passed and "campaign" in report.keywords:
            passed = sorted(self._passed() | {report.nodeid})
            self._cache.set(PASSED, {"state": self._state, "tests": passed})

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many were skipped so."""
        skipped = [report for report in terminalreporter.stats.get("skipped", []) if REASON in str(report.longrepr)]
        if skipped:
            terminalreporter.write_line(f"{len(skipped)} long tests {REASON}; --cache-clear runs them again")

    def _passed(self) -> set[str]:
        kept = self._cache.get(PASSED, None) if self._cache else None
        return set(kept["tests"]) if kept and kept["state"] == self._state else set()


def _minutes(item: pytest.Item) -> float:
    marker = item.get_closest_marker("campaign")
    return marker.kwargs.get("minutes", 0.0) if marker else 0.0


def state(root: Path) -> str:
    """A digest of Python, the code and its tests: it changes whenever one of them does."""
    digest = sha256(sys.version.encode())
    for watched in WATCHED:
        for path in sorted((root / watched).rglob("*") if (root / watched).is_dir() else (root / watched,)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(root)}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()

"""The long runs can be stopped and go on: a test behind ``campaign`` that passed is not run again on the same code."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import pytest

WATCHED = ("predictions", "forecasts", "tests", "docs", "pyproject.toml")
PASSED = "campaign/passed"
REASON = "passed before on this state of the code"


class Campaign:
    """Keeps, in pytest's cache, which long tests passed on this very state of the code; ``--cache-clear`` forgets."""

    def __init__(self, config: pytest.Config) -> None:
        self._cache: pytest.Cache | None = getattr(config, "cache", None)
        self._records = self._cache is not None and not hasattr(config, "workerinput")  # not from each xdist worker
        self._state = state(config.rootpath)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Skip what passed."""
        passed = self._passed()
        for item in items:
            if item.get_closest_marker("campaign") and item.nodeid in passed:
                item.add_marker(pytest.mark.skip(reason=REASON))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what passes, at once: the run may be killed."""
        if self._records and self._cache and report.when == "call" and report.passed and "campaign" in report.keywords:
            passed = sorted(self._passed() | {report.nodeid})
            self._cache.set(PASSED, {"state": self._state, "tests": passed})

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many were skipped so."""
        skipped = [report for report in terminalreporter.stats.get("skipped", []) if REASON in str(report.longrepr)]
        if skipped:
            terminalreporter.write_line(f"{len(skipped)} long tests {REASON}; --cache-clear runs them anew")

    def _passed(self) -> set[str]:
        kept = self._cache.get(PASSED, None) if self._cache else None
        return set(kept["tests"]) if kept and kept["state"] == self._state else set()


def state(root: Path) -> str:
    """A digest of Python, the code and its tests: it changes whenever one of them does."""
    digest = sha256(sys.version.encode())
    for watched in WATCHED:
        for path in sorted((root / watched).rglob("*") if (root / watched).is_dir() else (root / watched,)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(root)}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()

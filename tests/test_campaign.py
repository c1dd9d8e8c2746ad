"""A campaign that was stopped goes on where it was; on other code, or once the cache is cleared, it begins anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import os
import pytest

@pytest.mark.campaign
def test_long(): ...

@pytest.mark.campaign
def test_longer(): assert "WELL" in os.environ

def test_short(): ...
"""
CONFTEST = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from campaign import Campaign

def pytest_configure(config):
    config.pluginmanager.register(Campaign(config))
"""
QUICK = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
SETTINGS = '[tool.pytest.ini_options]\nmarkers = ["campaign"]\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of three tests, two of them long, of which one fails unless WELL is set."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    return tmp_path


def run(project: Path, *options: str, **environment: str) -> str:
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "campaign", *options], cwd=project, capture_output=True, text=True,
        env={**os.environ, **QUICK, **environment}, check=False,
    )  # fmt: skip
    return said.stdout + said.stderr


def test_what_passed_is_skipped_and_what_failed_is_run_again(project: Path) -> None:
    first, second, third = run(project), run(project, WELL=""), run(project)

    assert "1 failed, 1 passed, 1 deselected" in first
    assert "1 passed, 1 skipped, 1 deselected" in second
    assert "1 long tests passed before on this state of the code; --cache-clear runs them anew" in second
    assert "2 skipped, 1 deselected" in third


def test_other_code_and_a_cleared_cache_begin_anew(project: Path) -> None:
    run(project, WELL="")

    (project / "predictions").mkdir()
    (project / "predictions" / "store.py").write_text("changed = True\n")
    changed = run(project, WELL="")
    cleared = run(project, "--cache-clear", WELL="")

    assert "2 passed, 1 deselected" in changed
    assert "2 passed, 1 deselected" in cleared
    assert "2 skipped" in run(project)


def test_short_tests_are_never_skipped_so(project: Path) -> None:
    run(project, "-m", "", WELL="")

    assert "1 passed, 2 skipped" in run(project, "-m", "")
    assert "1 failed, 2 passed" in run(project, "-m", "", "-p", "no:cacheprovider")

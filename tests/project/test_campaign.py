"""A campaign that was stopped goes on where it was; on other code, or once the cache is cleared, it starts over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from campaign import HEAVY

TESTS = """
import os
import pytest

@pytest.mark.campaign
def test_long(): ...

@pytest.mark.campaign
def test_longer(): assert "WELL" in os.environ

def test_short(): ...
"""
TOGETHER = """
import os
import pytest

@pytest.mark.campaign
def test_plain(): ...

@pytest.mark.campaign(minutes=10)
def test_long(): assert "WELL" in os.environ

@pytest.mark.campaign
@pytest.mark.parametrize("size", range(4))
def test_ten_million_forecasts(size): ...

@pytest.mark.campaign
def test_killed():
    if "KILLED" in os.environ:
        os.kill(os.getpid(), 9)
"""
WORKERS = ("-p", "xdist.plugin", "-n", "2", "-v")
CONFTEST = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[1] / "support")!r})
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


@pytest.fixture
def together(project: Path) -> Path:
    """A project of seven long tests, of which one fails unless WELL is set and one can be killed."""
    (project / "tests" / "test_it.py").write_text(TOGETHER)
    return project


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
    assert "1 long tests passed before on this state of the code; --cache-clear runs them again" in second
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


def test_the_tests_said_to_take_longest_come_first(together: Path) -> None:
    names = [line.split()[0].split("::")[1] for line in run(together, "-v").splitlines() if "%]" in line]

    assert names[:2] == ["test_long", "test_plain"]


def test_what_passed_in_another_process_is_skipped_in_any(together: Path) -> None:
    first, second, third = run(together, *WORKERS), run(together, *WORKERS, WELL=""), run(together)

    assert "1 failed, 6 passed" in first
    assert "1 passed, 6 skipped" in second
    assert "6 long tests passed before on this state of the code; --cache-clear runs them again" in second
    assert "7 skipped" in third


def test_heavy_tests_run_one_after_the_other_in_one_process(together: Path) -> None:
    told = run(together, *WORKERS)

    assert len({line.split()[0] for line in told.splitlines() if "PASSED" in line and "million" in line}) == 1


@pytest.mark.parametrize("name", HEAVY)
def test_every_heavy_test_is_there(name: str) -> None:
    file, _, test = name.partition("::")

    assert any(
        f"def {test}" in path.read_text("utf-8") for path in Path(__file__).parents[1].rglob(file or "test_*.py")
    )


def test_what_passed_before_a_process_was_killed_is_kept(together: Path) -> None:
    first = run(together, *WORKERS, "--max-worker-restart=0", KILLED="", WELL="")
    passed = first.count(" PASSED ")

    second = run(together, WELL="")

    assert "crashed" in first
    assert 0 < passed < 7
    assert f"{7 - passed} passed, {passed} skipped" in second

"""What the two packages offer at their top: complete, sorted, lazy."""

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from score_names import LOOKED_FOR

import forecasts

CONSTANTS = {"HALF", "SCALES"}


@pytest.mark.parametrize("package", ["predictions", "forecasts"])
def test_every_name_in_all_exists_and_the_list_is_sorted(package: str) -> None:
    module = importlib.import_module(package)

    found = [getattr(module, name) for name in module.__all__]

    assert [thing.__name__ for thing in found if callable(thing)] == [n for n in module.__all__ if n not in CONSTANTS]
    assert module.__all__ == sorted(module.__all__)
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("package", ["predictions", "forecasts"])
def test_a_name_that_is_not_there_is_an_attribute_error(package: str) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = importlib.import_module(package).nothing


@pytest.mark.parametrize("package", ["predictions", "forecasts"])
def test_importing_loads_the_standard_library_only(package: str) -> None:
    script = (
        f"import sys, {package}; "
        "print([m for m in sys.modules if m.split('.')[0] in "
        "{'numpy', 'pydantic', 'click', 'dateutil', 'sqlite_utils', 'pandas', 'typing_extensions'}])"
    )

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "[]"


def test_every_module_of_forecasts_is_there_without_importing_it_first() -> None:
    script = "import forecasts; print(*dir(forecasts)); print(forecasts.calibration.sharpness([0.5]), forecasts.corp)"

    names, shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    modules = {path.stem for path in Path(forecasts.__file__).parent.glob("[a-z]*.py")}
    assert set(names.split()) == {*modules, *forecasts.__all__}
    assert names.split() == sorted(names.split())
    assert shown.startswith("0.25 <module 'forecasts.corp'")


def test_what_the_modules_of_forecasts_offer_is_offered_at_the_top() -> None:
    """But for the function `standing`, whose module has the name, and what serves another module or a result."""
    inner = {
        "intervals",
        "log_mean",
        "log_wealth",
        "one_window",
        "per_series",
        "shared",
        "standing",
        "stands_from",
        "timeline",
    }

    for module, names in LOOKED_FOR.items():
        home = importlib.import_module(f"forecasts.{module}")
        offered = {name for name in home.__all__ if not inspect.isclass(getattr(home, name))} - inner
        assert set(names.split()) - inner <= set(forecasts.__all__)
        assert offered <= set(forecasts.__all__)
        assert all(getattr(forecasts, name) is getattr(home, name) for name in offered)


def test_the_module_standing_keeps_its_name() -> None:
    assert forecasts.standing is importlib.import_module("forecasts.standing")

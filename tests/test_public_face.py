"""What the two packages offer at their top: complete, sorted, lazy."""

import importlib
import subprocess
import sys

import pytest


@pytest.mark.parametrize("package", ["predictions", "forecasts"])
def test_every_name_in_all_exists_and_the_list_is_sorted(package: str) -> None:
    module = importlib.import_module(package)

    found = [getattr(module, name).__name__ for name in module.__all__]

    assert found == module.__all__ == sorted(module.__all__) == dir(module)


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

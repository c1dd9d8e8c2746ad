"""The tests of ``pytest -m quick``: one list of files, at least one for each room, that ends within a minute.

Other test files are then not even collected, so the tests need the extra ``test`` alone. To change the list, measure:
``python -m pytest FILE --durations=5``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = ()


class Quick:
    """Marks the tests of the listed files ``quick``, and collects no others where only these are asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._listed = {config.rootpath / name for name in FILES}
        self._alone = config.option.markexpr == "quick"

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out every other file where ``-m quick`` is all that is asked for."""
        return True if self._alone and collection_path.is_file() and collection_path not in self._listed else None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark what is listed, but for the long runs."""
        for item in items:
            if item.path in self._listed and not item.get_closest_marker("campaign"):
                item.add_marker(pytest.mark.quick)

"""The tests of ``pytest -m quick``: one list of files, at least one for each room, that ends within a minute.

Other test files are then not even collected, so the tests need the extra ``test`` alone. To change the list, measure:
``python -m pytest FILE --durations=5``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = (
    "forecasts/questions.py",
    "forecasts/scores.py",
    "forecasts/standing.py",
    "predictions/dates.py",
    "predictions/windows.py",
    "predictions/testing.py",
    "predictions/timestamps.py",
    "tests/cli/test_cli_messages.py",
    "tests/cli/test_cli_resolve.py",
    "tests/exchange/test_table_samples.py",
    "tests/export/test_calendar.py",
    "tests/importing/test_sheets.py",
    "tests/project/test_architecture.py",
    "tests/project/test_docs.py",
    "tests/project/test_readme.py",
    "tests/project/test_testing.py",
    "tests/recording/test_clusters.py",
    "tests/recording/test_quotes.py",
    "tests/recording/test_resolutions.py",
    "tests/records/test_doubts.py",
    "tests/records/test_fields.py",
    "tests/records/test_records.py",
    "tests/records/test_slugs.py",
    "tests/records/test_status.py",
    "tests/records/test_tally.py",
    "tests/scores/test_murphy.py",
    "tests/scores/test_paired_record.py",
    "tests/scores/test_verbal.py",
    "tests/scoring/test_diff.py",
    "tests/storage/test_checkpoints.py",
    "tests/trust/test_proofs.py",
    "tests/views/test_ainews.py",
    "tests/views/test_card_words.py",
    "tests/views/test_due.py",
    "tests/views/test_history.py",
    "tests/views/test_readings.py",
)


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

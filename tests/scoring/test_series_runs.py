"""Sums over runs of series against sums series by series, for runs of every length."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.kernel import KERNEL_ROWS, Series
from predictions.scoring import series_runs
from predictions.scoring.columns.forecast_rows import no_series
from predictions.scoring.series_runs import ForecasterSums, SeriesRuns

PEOPLE = 7


def series(code: list[int], forecaster: list[int]) -> Series:
    """Series of which only code and forecaster matter here."""
    size = len(code)
    blank = {name: np.zeros(size, column.dtype) for name, column in no_series()._asdict().items()}
    return Series(**blank | {"mark": np.array(code, np.uint8), "forecaster": np.array(forecaster, np.int32)})


def summed(given: Series, values: np.ndarray) -> dict[int, list[np.ndarray]]:
    """For each code the number of series and the sum of values of each forecaster."""
    sums: dict[int, ForecasterSums] = {}
    for some in SeriesRuns(given).by_code():
        assert set(given.mark[some.span]) == {some.code}
        assert 0 < some.span.stop - some.span.start <= KERNEL_ROWS
        added = [some.lengths, some.sums(values[some.span])]
        sums.setdefault(some.code, ForecasterSums(PEOPLE)).add(some.forecaster, added)
    return {code: one.sums() for code, one in sums.items()}


@pytest.mark.parametrize("longest", [1, 5, 3 * KERNEL_ROWS])
@pytest.mark.parametrize("kept", [0, series_runs.SUMS_KEPT])
def test_sums_by_runs_are_sums_over_series(monkeypatch: pytest.MonkeyPatch, longest: int, kept: int) -> None:
    monkeypatch.setattr(series_runs, "SUMS_KEPT", kept)
    random = np.random.default_rng(longest)
    lengths = random.integers(1, longest + 1, 20)
    code = np.sort(random.integers(0, 3, 20)).repeat(lengths)
    forecaster = random.integers(0, PEOPLE, 20).repeat(lengths)
    values = random.random(code.size)
    found = summed(series(code.tolist(), forecaster.tolist()), values)
    assert sorted(found) == np.unique(code).tolist()
    for number, (count, total) in found.items():
        of_code = code == number
        assert count.tolist() == [int((of_code & (forecaster == one)).sum()) for one in range(PEOPLE)]
        wanted = [values[of_code & (forecaster == one)].sum() for one in range(PEOPLE)]
        np.testing.assert_allclose(total, wanted, rtol=1e-12, atol=0)


def test_without_series_there_is_no_run() -> None:
    assert not list(SeriesRuns(no_series()).by_code())
    assert ForecasterSums(PEOPLE).sums() == []

"""Sum figures of series over each forecaster: in each run of one code and one forecaster first, then over its runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import FloatArray, IndexArray
from forecasts.kernel import KERNEL_ROWS, Series

SUMS_KEPT = 1 << 16  # of runs, until they are added up: more would take memory, and adding few takes time


class RunsOfCode(NamedTuple):
    """Some runs of series of one code, one after the other.

    Attributes:
        code: Their code.
        span: The positions of their series.
        forecaster: The number of the forecaster of each run: shape (runs,), as the next two.
        begins: The position in the span at which each begins.
        lengths: How many series each has.
    """

    code: int
    span: slice
    forecaster: IndexArray
    begins: IndexArray
    lengths: IndexArray

    def sums(self, values: NDArray[np.floating[Any]]) -> FloatArray:
        """Sum values, one for each series of the span, over each run."""
        return np.asarray(np.add.reduceat(values, self.begins, dtype=np.float64))


class SeriesRuns:
    """Where series that stand by code and forecaster go over from one to the next.

    Series are sorted some at a time, so a forecaster has several runs of a code.
    """

    def __init__(self, series: Series) -> None:
        """Look at all series once; runs longer than KERNEL_ROWS are cut."""
        edge = np.ones(series.claim.size + 1, np.bool_)
        inner = edge[1:-1]
        np.not_equal(series.forecaster[1:], series.forecaster[:-1], out=inner)
        inner |= series.mark[1:] != series.mark[:-1]
        edge[::KERNEL_ROWS] = True
        self._edges = np.flatnonzero(edge)
        self._code = series.mark.take(self._edges[:-1])
        self._forecaster = series.forecaster.take(self._edges[:-1]).astype(np.intp)

    def by_code(self) -> Iterator[RunsOfCode]:
        """Yield the runs in order, as many of one code together as have no more than KERNEL_ROWS series."""
        cuts = (np.flatnonzero(np.diff(self._code)) + 1).tolist()
        for begin, end in pairwise([0, *cuts, self._code.size] if self._code.size else []):
            start = begin
            while start < end:
                most = np.searchsorted(self._edges, self._edges[start] + KERNEL_ROWS, "right") - 1
                stop = min(int(most), end)
                yield self._some(start, stop)
                start = stop

    def _some(self, start: int, stop: int) -> RunsOfCode:
        """Return some runs, which are of one code."""
        edges = self._edges[start : stop + 1]
        return RunsOfCode(
            code=int(self._code[start]),
            span=slice(int(edges[0]), int(edges[-1])),
            forecaster=self._forecaster[start:stop],
            begins=edges[:-1] - edges[0],
            lengths=edges[1:] - edges[:-1],
        )


class ForecasterSums:
    """Sums of several figures for each forecaster, to which the sums over runs are added."""

    def __init__(self, forecasters: int) -> None:
        self._forecasters, self._added = forecasters, 0
        self._sums: list[FloatArray] = []
        self._kept: list[tuple[IndexArray, Sequence[FloatArray | IndexArray]]] = []

    def add(self, forecaster: IndexArray, figures: Sequence[FloatArray | IndexArray]) -> None:
        """Add figures, each with one number for each run, whose forecasters are given."""
        self._kept.append((forecaster, figures))
        self._added += forecaster.size
        if self._added > SUMS_KEPT:
            self.sums()

    def sums(self) -> list[FloatArray]:
        """Return the sums of each figure, one for each forecaster; empty if nothing was added."""
        if self._kept:
            forecaster = np.concatenate([forecaster for forecaster, _ in self._kept])
            added = [
                np.bincount(forecaster, np.concatenate(figure), self._forecasters).astype(np.float64, copy=False)
                for figure in zip(*(figures for _, figures in self._kept), strict=True)
            ]
            before = self._sums or [np.zeros(self._forecasters)] * len(added)
            self._sums = [one + more for one, more in zip(before, added, strict=True)]
            self._kept, self._added = [], 0
        return self._sums

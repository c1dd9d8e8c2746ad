"""Charts in characters, for a terminal: a line of forecasts over time, a reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
WIDE, HIGH = 40, 10


def sparkline(chances: Sequence[float | None]) -> str:
    """One bar a value from 0 to 1; a blank where there is none.

    >>> sparkline([None, 0.0, 0.5, 1.0])
    ' ▁▅█'
    """
    return "".join(" " if chance is None else BARS[min(int(chance * len(BARS)), len(BARS) - 1)] for chance in chances)


def reliability_lines(probability: Sequence[float], recalibrated: Sequence[float], counts: Sequence[int]) -> list[str]:
    """Observed frequency over probability: ``o`` the record, ``.`` perfect, below it how many forecasts lie there.

    The counts are of ten equal bins.
    """
    grid = [[" "] * (WIDE + 1) for _ in range(HIGH + 1)]
    for column in range(WIDE + 1):
        grid[HIGH - round(column * HIGH / WIDE)][column] = "."
    for p, share in zip(probability, recalibrated, strict=True):
        grid[HIGH - round(share * HIGH)][round(p * WIDE)] = "o"
    lines = []
    for number, row in enumerate(grid):
        label = f"{100 - 100 * number // HIGH:>3} %" if number % 5 == 0 else ""
        lines.append(f"{label:>5} |{''.join(row)}".rstrip())
    lines.append(" " * 5 + " +" + "-" * (WIDE + 1))
    lines.append(" " * 7 + "".join(f"{label:<10}" for label in ("0", "25 %", "50 %", "75 %")) + "100 %")
    lines.append(" " * 7 + "".join(f"{count or '':^4}" for count in counts) + " forecasts")
    return lines

"""The reliability diagram of one forecaster: as inline SVG, and in characters for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.numerals import figure
from predictions.render.charts.svg import COLOURS, Attribute, Svg, element, label, picture, text_of
from predictions.scoring.reliability import Bin, ReliabilityDiagram

WIDE, HIGH = 40, 10  # of the diagram in characters


def reliability_chart(curve: ReliabilityDiagram, name: str) -> Svg:
    """Observed frequency over probability: CORP curve, the band of a calibrated forecaster, bins and their counts."""
    size, left, top, bars = 260, 48, 28, 46
    height = top + size + bars + 42

    def x(p: float) -> float:
        return round(left + size * p, 2)

    def y(p: float) -> float:
        return round(top + size * (1 - p), 2)

    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        line: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.15}
        parts += [
            element("line", x1=x(0), x2=x(1), y1=y(share), y2=y(share), **line),
            element("line", x1=x(share), x2=x(share), y1=y(0), y2=y(1), **line),
            label(f"{100 * share:.0f} %", x=left - 6, y=y(share) + 4, anchor="end", fill="currentColor", font_size=11),
            label(f"{100 * share:.0f} %", x=x(share), y=height - 26, anchor="middle", fill="currentColor",
                  font_size=11),
        ]  # fmt: skip
    if curve.band:
        upper = [f"{x(p)},{y(high)}" for p, _, high in curve.band]
        lower = [f"{x(p)},{y(low)}" for p, low, _ in reversed(curve.band)]
        parts.append(
            element("polygon", points=" ".join([*upper, *lower]), class_="band s0", fill=COLOURS[0], fill_opacity=0.15)
        )
    parts.append(
        element("line", x1=x(0), y1=y(0), x2=x(1), y2=y(1), class_="perfect", stroke="currentColor",
                stroke_dasharray="4 3", stroke_opacity=0.6)
    )  # fmt: skip
    for one in curve.bins:
        if one:
            at = x(one.mean_probability)
            spoken = element("title", text_of(_bin_in_words(one)))
            line = {"class_": "bin", "stroke": "currentColor", "stroke_opacity": 0.55}
            dot = element("circle", spoken, cx=at, cy=y(one.frequency), r=3, fill="none", **line)
            parts += [element("line", x1=at, x2=at, y1=y(one.lower), y2=y(one.upper), **line), dot]
    points = [f"{x(p)},{y(share)}" for p, share in zip(curve.probability, curve.recalibrated, strict=True)]
    look: dict[str, Attribute] = {"class_": "series s0", "stroke": COLOURS[0], "stroke_width": 2.5}
    if len(points) > 1:
        parts.append(element("polyline", points=" ".join(points), fill="none", **look))
    parts += [
        element("circle", cx=point.split(",")[0], cy=point.split(",")[1], r=2.5, fill=COLOURS[0], **look)
        for point in points[:200]
    ]
    most = max(curve.counts)
    for number, count in enumerate(curve.counts):
        if count:
            tall = max(round((bars - 16) * count / most, 2), 1.0)
            base = top + size + bars
            parts += [
                element("rect", x=x(number / 10) + 2, width=size / 10 - 4, y=base - tall, height=tall,
                        class_="count", fill="currentColor", fill_opacity=0.3),
                label(str(count), x=x(number / 10 + 0.05), y=base - tall - 3, anchor="middle", font_size=10,
                      fill="currentColor"),
            ]  # fmt: skip
    parts += [
        label("probability given", x=x(0.5), y=height - 6, anchor="middle", fill="currentColor"),
        label("how often it came true", x=0, y=top - 12, fill="currentColor"),
        label("count", x=left - 6, y=top + size + bars - 2, anchor="end", fill="currentColor", font_size=11),
    ]
    told = "; ".join(_bin_in_words(one) for one in curve.bins if one)
    return picture(
        f"reliability-{name}", f"Reliability of {name}: how often it came true, by the probability given",
        f"{curve.n} forecasts. On the diagonal is perfect; below it the forecasts were too high. {told}.",
        *parts, width="330", height=height, viewBox=f"0 0 330 {height}",
    )  # fmt: skip


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


def _bin_in_words(one: Bin) -> str:
    return f"{one.count} near {figure(one.mean_probability, 2)}, {figure(one.frequency, 2)} true"

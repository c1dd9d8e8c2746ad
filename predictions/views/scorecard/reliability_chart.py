"""Draw the reliability diagram of one forecaster, as inline SVG and in characters for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from predictions.numerals import figure
from predictions.render.charts.svg import COLOURS, Attribute, Svg, element, label, picture, text_of
from predictions.scoring.reliability import Bin, ReliabilityDiagram

TEXT_COLUMNS, TEXT_LINES = 40, 10  # size of the diagram in characters
SQUARE = 224  # side of the square, in pixels as all that follow
LEFT_OF_SQUARE, ABOVE_SQUARE, BELOW_SQUARE = 48, 28, 46
PICTURE_WIDTH = LEFT_OF_SQUARE + SQUARE + 18  # so wide that a telephone shows it in its size
PICTURE_HEIGHT = ABOVE_SQUARE + SQUARE + BELOW_SQUARE + 42
MOST_POINTS = 200  # points of the curve that are marked


def reliability_chart(curve: ReliabilityDiagram, name: str) -> Svg:
    """Draw how often it came true by the probability: CORP curve, band of a calibrated forecaster, bins, counts."""
    bins = "; ".join(_bin_in_words(bin_) for bin_ in curve.bins if bin_)
    captions = [
        label("probability given", x=_x(0.5), y=PICTURE_HEIGHT - 6, anchor="middle", fill="currentColor"),
        label("how often it came true", x=0, y=ABOVE_SQUARE - 12, fill="currentColor"),
        label(
            "count",
            x=LEFT_OF_SQUARE - 6,
            y=ABOVE_SQUARE + SQUARE + BELOW_SQUARE - 2,
            anchor="end",
            fill="currentColor",
            font_size=11,
        ),
    ]
    return picture(
        f"reliability-{name}", f"Reliability of {name}: how often it came true, by the probability given",
        f"{curve.n:,} forecasts. On the diagonal is perfect; below it the forecasts were too high. {bins}.",
        *_grid(), *_band(curve), *_bins(curve), *_recalibrated(curve), *_counts(curve), *captions,
        width=str(PICTURE_WIDTH), height=PICTURE_HEIGHT, viewBox=f"0 0 {PICTURE_WIDTH} {PICTURE_HEIGHT}",
    )  # fmt: skip


def _x(probability: float) -> float:
    """Return the place of a probability from the left."""
    return round(LEFT_OF_SQUARE + SQUARE * probability, 2)


def _y(frequency: float) -> float:
    """Return the place of a frequency from the top."""
    return round(ABOVE_SQUARE + SQUARE * (1 - frequency), 2)


def _grid() -> Iterator[Svg]:
    """Draw lines at the quarters of both axes, with their labels."""
    line: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.15}
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield element("line", x1=_x(0), x2=_x(1), y1=_y(share), y2=_y(share), **line)
        yield element("line", x1=_x(share), x2=_x(share), y1=_y(0), y2=_y(1), **line)
        yield label(
            f"{100 * share:.0f} %",
            x=LEFT_OF_SQUARE - 6,
            y=_y(share) + 4,
            anchor="end",
            fill="currentColor",
            font_size=11,
        )
        yield label(
            f"{100 * share:.0f} %",
            x=_x(share),
            y=PICTURE_HEIGHT - 26,
            anchor="middle",
            fill="currentColor",
            font_size=11,
        )


def _band(curve: ReliabilityDiagram) -> Iterator[Svg]:
    """Draw the band in which a calibrated forecaster is, and over it the diagonal, where they are on average."""
    if curve.band:
        upper = [f"{_x(p)},{_y(high)}" for p, _, high in curve.band]
        lower = [f"{_x(p)},{_y(low)}" for p, low, _ in reversed(curve.band)]
        points = " ".join([*upper, *lower])
        yield element("polygon", points=points, class_="band frame s0", fill=COLOURS[0], fill_opacity=0.15,
                      stroke=COLOURS[0], stroke_width=0.75)  # fmt: skip
    yield element("line", x1=_x(0), y1=_y(0), x2=_x(1), y2=_y(1), class_="perfect", stroke="currentColor",
                  stroke_dasharray="4 3", stroke_opacity=0.6)  # fmt: skip


def _bins(curve: ReliabilityDiagram) -> Iterator[Svg]:
    """Draw each bin as a dot with its interval; a pointer over it shows the numbers."""
    line: dict[str, Attribute] = {"class_": "bin", "stroke": "currentColor", "stroke_opacity": 0.55}
    for bin_ in curve.bins:
        if bin_:
            x, tooltip = _x(bin_.mean_probability), element("title", text_of(_bin_in_words(bin_)))
            yield element("line", x1=x, x2=x, y1=_y(bin_.lower), y2=_y(bin_.upper), **line)
            yield element("circle", tooltip, cx=x, cy=_y(bin_.frequency), r=3, fill="none", **line)


def _recalibrated(curve: ReliabilityDiagram) -> Iterator[Svg]:
    """Draw the CORP curve, with a mark at each of its points."""
    points = [(_x(p), _y(share)) for p, share in zip(curve.probability, curve.recalibrated, strict=True)]
    look: dict[str, Attribute] = {"class_": "series s0", "stroke": COLOURS[0], "stroke_width": 2.5}
    if len(points) > 1:
        yield element("polyline", points=" ".join(f"{x},{y}" for x, y in points), fill="none", **look)
    for x, y in points[:MOST_POINTS]:
        yield element("circle", cx=x, cy=y, r=2.5, fill=COLOURS[0], **look)


def _counts(curve: ReliabilityDiagram) -> Iterator[Svg]:
    """Draw how many forecasts are in each tenth, as bars below the square."""
    base, most = ABOVE_SQUARE + SQUARE + BELOW_SQUARE, max(curve.counts)
    for number, count in enumerate(curve.counts):
        if count:
            height = max(round((BELOW_SQUARE - 16) * count / most, 2), 1.0)
            yield element("rect", x=_x(number / 10) + 2, width=SQUARE / 10 - 4, y=base - height, height=height,
                          class_="count", fill="currentColor", fill_opacity=0.5)  # fmt: skip
            yield label(str(count), x=_x(number / 10 + 0.05), y=base - height - 3, anchor="middle", font_size=11,
                        fill="currentColor")  # fmt: skip


def reliability_lines(probability: Sequence[float], recalibrated: Sequence[float], counts: Sequence[int]) -> list[str]:
    """Return the diagram in characters: ``o`` for the curve, ``.`` for the diagonal, and counts in ten bins below."""
    grid = [[" "] * (TEXT_COLUMNS + 1) for _ in range(TEXT_LINES + 1)]
    for column in range(TEXT_COLUMNS + 1):
        grid[TEXT_LINES - round(column * TEXT_LINES / TEXT_COLUMNS)][column] = "."
    for p, share in zip(probability, recalibrated, strict=True):
        grid[TEXT_LINES - round(share * TEXT_LINES)][round(p * TEXT_COLUMNS)] = "o"
    lines = []
    for number, row in enumerate(grid):
        label = f"{100 - 100 * number // TEXT_LINES:>3} %" if number % 5 == 0 else ""
        lines.append(f"{label:>5} |{''.join(row)}".rstrip())
    lines.append(" " * 5 + " +" + "-" * (TEXT_COLUMNS + 1))
    lines.append(" " * 7 + "".join(f"{label:<10}" for label in ("0", "25 %", "50 %", "75 %")) + "100 %")
    lines.append(" " * 7 + "".join(f"{f'{count:,}' if count else '':^4}" for count in counts) + " forecasts")
    return lines


def _bin_in_words(bin_: Bin) -> str:
    """Return a bin in words: ``12 near 0.71, 0.75 true``."""
    return f"{bin_.count:,} near {figure(bin_.mean_probability, 2)}, {figure(bin_.frequency, 2)} true"

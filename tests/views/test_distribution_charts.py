"""Charts of choices, numbers and dates: what they draw, that their words say it, and that nothing in them is code."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date

import pytest
from conftest import Clock
from matplotlib.figure import Figure

from predictions import Ledger
from predictions.records import Claim, Point
from predictions.render.charts.curve_values import share_of_axis, values_at
from predictions.render.charts.days import curves_of
from predictions.render.charts.timeline import Timeline
from predictions.views.claim.chart import claim_chart
from predictions.views.claim.chart import legend_of as chart_legend
from predictions.views.matplotlib_distributions import draw_curves
from predictions.views.report.report import report

SVG = "{http://www.w3.org/2000/svg}"
LABS = {"openai": 0.5, "google": 0.3, "other": 0.2}


@pytest.fixture
def asked(clock: Clock, ledger: Ledger) -> Ledger:
    ledger.add("Which lab?", deadline="2026-12-31", options=list(LABS), p=LABS)
    ledger.add("Cars sold", deadline="2026-12-31", unit="million", between=(0, 10), quantiles={0.1: 2, 0.5: 4, 0.9: 8})
    ledger.add("The law", deadline="2026-12-31", when=True, p={"2026-06-30": 0.3, "2026-12-31": 0.6})
    clock.set("2026-03-01")
    ledger.forecast("which-lab", {"openai": 0.2, "google": 0.7, "other": 0.1})
    ledger.forecast("cars", quantiles={0.1: 3, 0.5: 5, 0.9: 6}, by="ben", kind="person")
    ledger.forecast("the-law", {"2026-12-31": 0.9}, by="ben", kind="person")
    clock.set("2026-04-01")
    return ledger


def chart(ledger: Ledger, slug: str) -> ET.Element:
    return ET.fromstring(claim_chart(ledger.claim(slug).line))


def bands(drawn: ET.Element) -> Iterator[tuple[float, float, float]]:
    """Where each band begins along the width, how wide it is, and its height."""
    for part in drawn.iter(f"{SVG}rect"):
        if "range" in part.get("class", "") and part.get("x"):  # not a piece of one in a legend
            yield float(part.get("x", "")[:-1]), float(part.get("width", "")[:-1]), float(part.get("height", ""))


def test_the_bands_of_a_choice_are_as_high_as_its_shares(asked: Ledger) -> None:
    first, last = 0.0, 0.0
    heights: dict[float, list[float]] = {}
    for start, wide, high in bands(chart(asked, "which-lab")):
        heights.setdefault(start, []).append(high)
        first, last = first or start, start + wide

    before, after = (high for _, high in sorted(heights.items()))
    whole = sum(before)
    assert [high / whole for high in before] == pytest.approx([0.2, 0.3, 0.5], abs=1e-3)
    assert [high / whole for high in after] == pytest.approx([0.1, 0.7, 0.2], abs=1e-3)
    line = asked.claim("which-lab").line
    assert f"{last:.1f}" == f"{float(line.at(line.upto)[:-1]):.1f}"


def test_a_fan_holds_the_quantiles_and_the_number_that_came_out(asked: Ledger, clock: Clock) -> None:
    clock.set("2027-02-10")
    asked.resolve("cars", 5, known_on="2027-01-20", reason="by the register")
    drawn = chart(asked, "cars")

    panel = [part for part in drawn.iter(f"{SVG}line") if part.get("class") == "grid"][:3:2]
    top, bottom = (float(part.get("y1", "")) for part in panel)
    came_out = next(part for part in drawn.iter(f"{SVG}line") if part.get("class") == "came-out")
    middle = next(part for part in drawn.iter(f"{SVG}line") if part.get("class") == "series s0")
    high = [height for _, _, height in bands(drawn)][:4]

    assert (bottom - float(came_out.get("y1", ""))) / (bottom - top) == pytest.approx(0.5)
    assert (bottom - float(middle.get("y1", ""))) / (bottom - top) == pytest.approx(0.4, abs=1e-3)
    assert sum(high) / (bottom - top) == pytest.approx(0.6, abs=1e-3)


def test_a_curve_of_days_rises_to_its_chances(asked: Ledger) -> None:
    parts = list(chart(asked, "the-law").iter(f"{SVG}line"))
    lines = [part for part in parts if part.get("class") == "series s0"]
    grid = [float(part.get("y1", "")) for part in parts if part.get("class") == "grid"]
    most, least = min(grid), max(grid)

    heights = [(least - float(part.get("y2", ""))) / (least - most) for part in lines[:2]]

    assert heights == pytest.approx([0.3, 0.6], abs=1e-3)


@pytest.mark.parametrize("slug", ["which-lab", "cars", "the-law"])
def test_the_words_say_all_that_the_letters_of_the_chart_say(asked: Ledger, slug: str) -> None:
    drawn = chart(asked, slug)
    told = drawn.findtext(f"{SVG}desc") or ""
    letters = ["".join(part.itertext()) for part in drawn.iter(f"{SVG}text")]

    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{SVG}title")
    numbers = {number for words in letters for number in re.findall(r"0\.\d\d|\b\d\b", words)} - {"0"}
    assert numbers <= set(re.findall(r"0\.\d\d|\b\d\b", told))
    assert {"ana", "ben"} & set(re.findall(r"\w+", told))


def test_what_stood_first_and_last_is_said(asked: Ledger) -> None:
    told = chart(asked, "which-lab").findtext(f"{SVG}desc") or ""

    assert "ana: at first openai 0.50, google 0.30, other 0.20 (since 2026-01-01)" in told
    assert "last openai 0.20, google 0.70, other 0.10 (since 2026-03-01)" in told


def test_curves_are_told_apart_without_colour(asked: Ledger) -> None:
    curves = [part for part in chart(asked, "the-law").iter(f"{SVG}line") if "series" in part.get("class", "")]
    rules = [part for part in chart(asked, "which-lab").iter(f"{SVG}line") if part.get("class") == "edge"]

    assert len({part.get("stroke-dasharray") for part in curves}) == 2
    assert len(rules) == 4  # two between three options, in two strips


def test_the_names_of_curves_lie_over_nothing(asked: Ledger) -> None:
    drawn = chart(asked, "the-law")
    names = [part for part in drawn.iter(f"{SVG}svg") if "".join(part.itertext()) in {"ana 0.60", "ben 0.90"}]
    high = [float(part.get("y", "")) for part in drawn.iter(f"{SVG}text") if "2026" in "".join(part.itertext())]

    heights = [float(name.get("y", "")) for name in names]

    assert max(high) < heights[0] < heights[1] < float(drawn.get("height", ""))


def test_the_month_of_the_event_is_shaded(asked: Ledger, clock: Clock) -> None:
    clock.set("2026-06-10")
    asked.resolve("the-law", "yes", happened_on="2026-05", known_on="2026-06-01", reason="in the gazette")
    line = asked.claim("the-law").line

    event = next(part for part in chart(asked, "the-law").iter(f"{SVG}rect") if part.get("class") == "event")

    assert event.get("x") == line.at(date(2026, 5, 1).toordinal())
    assert "yes, in May 2026, known 2026-06-01" in "".join(chart(asked, "the-law").itertext())


def test_a_withdrawn_forecast_leaves_a_gap(asked: Ledger, clock: Clock) -> None:
    asked.withdraw("which-lab")
    clock.set("2026-06-01")

    ends = max(start + wide for start, wide, _ in bands(chart(asked, "which-lab")))

    line = asked.claim("which-lab").line
    assert ends < float(line.at(line.upto)[:-1])
    assert "withdrawn on 2026-04-01" in (chart(asked, "which-lab").findtext(f"{SVG}desc") or "")


def test_names_are_text_and_never_code(asked: Ledger) -> None:
    asked.forecast("which-lab", LABS, by="<script>alert(1)</script>", kind="person")
    asked.add("Sold", deadline="2026-12-31", unit="<b>units", between=(0, 10), quantiles={0.5: 4})

    html = asked.claim("which-lab")._repr_html_() + asked.claim("sold")._repr_html_()

    assert "<script" not in html
    assert "<b>units" not in html


def test_many_options_are_drawn_as_the_first_and_the_rest(asked: Ledger) -> None:
    options = [f"option-{number}" for number in range(30)]
    asked.add("One of many?", deadline="2026-12-31", options=options, p=dict.fromkeys(options, 1 / 30))

    words = ["".join(part.itertext()) for part in chart(asked, "one-of-many").iter(f"{SVG}text")]

    assert "21 others 0.70" in words
    assert not any(word.startswith("option-9 ") for word in words)


def test_the_page_has_the_charts_and_their_legends(asked: Ledger) -> None:
    page = report(asked.snapshot(), asked.scorecard(), head="0:0")

    assert "ana: openai 0.20, google 0.70, other 0.10" in page
    assert "bands hold 50 % and 80 %" in page
    assert "by 2026-12-31 0.90, not at all 0.10" in page


@pytest.mark.parametrize(("value", "share"), [(1, 0.0), (10, 0.5), (100, 1.0), (0.5, 0.0), (1000, 1.0)])
def test_a_log_axis_has_equal_ratios_at_equal_distances(asked: Ledger, value: float, share: float) -> None:
    claim = Claim.model_validate(
        {**asked.claim("cars").claim.model_dump(exclude_none=True), "low": 1.0, "high": 100.0, "scale": "log"}
    )

    assert share_of_axis(claim, value) == pytest.approx(share)


def test_a_curve_is_completed_to_the_ends_of_its_range(asked: Ledger) -> None:
    values = values_at(asked.claim("cars").claim, [Point(at=4.0, chance=0.5)], 0.25, 0.5, 0.75)

    assert values == [2.0, 4.0, 7.0]


def test_what_no_longer_fits_a_draft_is_not_drawn(asked: Ledger) -> None:
    asked.add("Which one?", deadline="2026-12-31", options=["a", "b"], p={"a": 0.5, "b": 0.5})
    asked.correct("which-one", options=["a", "b", "c"])

    card = asked.claim("which-one")

    assert card.line.panels == []
    assert "a 0.50, b 0.50" in str(card)


def heights_of(drawn: ET.Element, class_: str) -> list[float]:
    return [float(part.get("height", "")) for part in drawn.iter(f"{SVG}rect") if part.get("class") == class_]


def test_an_option_is_named_over_its_band_only_where_the_band_is_as_high_as_letters(ledger: Ledger) -> None:
    shares = {"a": 0.9, "b": 0.06, "c": 0.02, "d": 0.02}
    ledger.add("Which?", deadline="2026-12-31", options=list(shares), p=shares)
    page = report(ledger.snapshot(today="2027-03-01"), ledger.scorecard(today="2027-03-01"), head="0:0")
    [found] = re.findall(r'<svg[^>]*aria-labelledby="timeline-which.*?</svg>', page, re.DOTALL)

    drawn = ET.fromstring(found)

    letters = ["".join(part.itertext()) for part in drawn.iter(f"{SVG}text")]
    assert "a 0.90" in letters
    assert not {"b 0.06", "c 0.02", "d 0.02"} & {*letters}
    legend = page[page.index(found) + len(found) :]
    swatches = re.findall(r'class="range s(\d)"[^>]*/><rect[^>]*/></svg>(\w)</span>', legend)
    assert swatches[:4] == [*zip("0123", "abcd", strict=True)]


def test_the_chart_of_one_forecaster_is_higher_than_a_strip_among_many(asked: Ledger) -> None:
    asked.add("Alone?", deadline="2026-12-31", options=["x", "y"], p={"x": 0.5, "y": 0.5})
    for number in range(3):
        asked.forecast("which-lab", LABS, by=f"f{number}", kind="person")

    alone, among = (heights_of(chart(asked, slug), "window")[0] for slug in ("alone", "which-lab"))

    assert alone > 1.5 * among


def test_a_range_is_told_with_its_unit_over_its_strip_and_in_the_words(asked: Ledger) -> None:
    drawn = chart(asked, "cars")

    letters = ["".join(part.itertext()) for part in drawn.iter(f"{SVG}text")]

    assert "ana: 4 million, 80 % from 2 to 8" in letters
    assert {"10", "5", "0"} <= {*letters}
    assert "90 % at most 8 million" in (drawn.findtext(f"{SVG}desc") or "")


def test_a_long_outcome_is_cut_on_the_chart_and_whole_in_the_words(ledger: Ledger, clock: Clock) -> None:
    names = ["a coalition of the two largest parties", "new elections"]
    ledger.add("What comes?", deadline="2026-12-31", options=names, p=dict.fromkeys(names, 0.5))
    clock.set("2026-06-02")
    ledger.resolve("what-comes", names[0], known_on="2026-06-01", reason="seen")

    drawn = chart(ledger, "what-comes")

    [told] = [label for part in drawn.iter(f"{SVG}text") if "known" in (label := "".join(part.itertext()))]
    assert told == "a-coalitio...est-parties, known 2026-06-01"
    assert "Verdict: a-coalition-of-the-two-largest-parties" in (drawn.findtext(f"{SVG}desc") or "")


def test_charts_name_people_as_they_are_called_and_say_how_many_are_not_drawn(asked: Ledger) -> None:
    for number in range(7):
        asked.forecast("which-lab", LABS, by=f"Prof. Number {number}", kind="person")

    drawn = chart(asked, "which-lab")

    letters = ["".join(part.itertext()) for part in drawn.iter(f"{SVG}text")]
    assert "Prof. Number 0" in letters
    assert "2 more forecasters not drawn." in (drawn.findtext(f"{SVG}desc") or "")
    assert "2 more forecasters not drawn" in report(asked.snapshot(), asked.scorecard(), head="0:0")


def test_options_without_room_for_their_names_are_named_below_where_no_legend_stands(
    asked: Ledger, clock: Clock
) -> None:
    towns = {"neustadt-on-the-hill": 0.9, "b": 0.08, "c": 0.02}
    asked.add("Which town?", deadline="2026-12-31", options=list(towns), p=towns)
    asked.resolve("which-lab", "google", known_on="2026-03-31", reason="seen")
    clock.set("2026-12-02")
    asked.resolve("which-town", "b", known_on="2026-12-01", reason="seen")

    named, roomy = chart(asked, "which-town"), chart(asked, "which-lab")
    legend = ET.fromstring(claim_chart(asked.claim("which-town").line, legend=True))

    names = [text.text for text in named.iter(f"{SVG}text")][-3:]
    assert names == ["neustadt-on-the-hill", "b, came true", "c"]
    assert float(named.get("height", "")) == float(legend.get("height", "")) + 3 * 15 + 6
    assert [text.text for text in roomy.iter(f"{SVG}text")].count("other") == 0


def test_the_line_of_a_day_crosses_no_name_between_two_strips(asked: Ledger) -> None:
    asked.forecast("cars", quantiles={0.1: 3, 0.5: 5, 0.9: 6}, by="cyd", kind="person")

    drawn = chart(asked, "cars")

    lines = [(float(line.get("y1", "")), float(line.get("y2", ""))) for line in drawn.iter(f"{SVG}line")
             if line.get("class") == "today"]  # fmt: skip
    letters = [(float(text.get("y", "")) - 10, float(text.get("y", ""))) for text in drawn.iter(f"{SVG}text")
               if text.get("font-weight") == "600"]  # fmt: skip
    assert len(lines) == 3
    assert len(letters) == 3
    assert not [1 for top, bottom in letters for upper, lower in lines if upper < bottom and top < lower]


def test_a_fan_and_each_strip_have_an_edge_that_can_be_seen(asked: Ledger) -> None:
    for slug, edge in (("cars", "#3a7fcf"), ("which-lab", "currentColor")):
        frames = [box for box in chart(asked, slug).iter(f"{SVG}rect") if box.get("fill") == "none"]

        assert frames
        assert {frame.get("stroke") for frame in frames} == {edge}


@pytest.mark.parametrize(
    ("title", "told"),
    [("Which lab?", "Which lab? Forecasts and evidence over time"), ("Rain", "Rain: forecasts and evidence over time")],
)
def test_a_question_is_followed_by_no_colon(ledger: Ledger, title: str, told: str) -> None:
    assert ledger.claim(ledger.add(title, deadline="2026-12-31", p=0.5).slug).line.title == told


def test_the_first_curve_of_days_stays_drawn_and_told_beside_the_one_that_stands(asked: Ledger, clock: Clock) -> None:
    asked.forecast("the-law", {"2026-12-31": 0.6})
    asked.forecast("the-law", {"2026-12-31": 0.7}, by="ben")
    clock.set("2026-05-01")
    asked.withdraw("the-law", by="ben")
    line = asked.claim("the-law").line

    drawn = chart(asked, "the-law")

    told = drawn.findtext(f"{SVG}desc") or ""
    assert "ana: at first by 2026-06-30 0.30, by 2026-12-31 0.60, not at all 0.40 (since 2026-01-01); last by " in told
    assert "ben: at first by " in told
    assert "; last withdrawn on 2026-05-01." in told
    curves = [(curve.name, [day.chance for day in curve.days]) for curve in curves_of(line)]
    assert curves == [("ana at first", [0.3, 0.6]), ("ana last", [0.0, 0.6]), ("ben at first", [0.0, 0.9])]
    first = [part for part in drawn.iter(f"{SVG}line") if "at-first" in part.get("class", "")]
    assert {part.get("stroke-width") for part in first} == {"1.25"}
    assert len(first) == 2 + 2 + 2  # ana's and ben's, each of two lines, and a piece of each in the legend
    for names in (legend_of(line), figure_of(line)):
        assert [name.startswith(curve) for name, (curve, _) in zip(names, curves, strict=True)] == [True] * 3


def legend_of(line: Timeline) -> list[str]:
    return [words for _, words in chart_legend(line)]


def figure_of(line: Timeline) -> list[str]:
    axes = Figure().subplots()
    draw_curves(axes, line)
    return [str(one.get_label()) for one in axes.get_lines()]


def test_a_curve_said_again_is_drawn_once(asked: Ledger) -> None:
    asked.forecast("the-law", {"2026-06-30": 0.3, "2026-12-31": 0.7})
    asked.forecast("the-law", {"2026-03-31": 0.0, "2026-06-30": 0.3, "2026-12-31": 0.6}, by="cyd", kind="person")

    assert [curve.name for curve in curves_of(asked.claim("the-law").line)] == [
        "ana at first",
        "ana last",
        "ben",
        "cyd",
    ]

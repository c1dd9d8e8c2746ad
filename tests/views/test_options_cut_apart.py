"""Options whose names are too long stay apart where they are cut, on cards, boards and charts."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from conftest import Clock
from hypothesis import given
from hypothesis import strategies as st

from predictions import Ledger
from predictions.render.charts.time_axis import LONGEST_OUTCOME
from predictions.render.columns import Cut, columns_of, cut_apart, cut_in_middle, cut_to
from predictions.views.claim.chart import claim_chart
from predictions.views.matplotlib_claims import claim_figure

SVG = "{http://www.w3.org/2000/svg}"
LISTS = {
    "differ in the middle": [f"candidate-number-{number:02}-with-such-a-long-name" for number in range(1, 10)],
    "differ behind": [f"the-candidate-of-the-party-of-the-state-of-{state}" for state in ("ohio", "iowa", "utah")],
    "differ before": [f"{state}-has-the-candidate-with-the-longest-name" for state in ("ohio", "iowa", "utah")],
    "differ in several places": [
        f"the-{first}-candidate-of-the-whole-{second}-party-of-the-land"
        for first in ("north", "south")
        for second in ("blue", "red")
    ],
}


@given(
    st.lists(st.text("ab-\u6771", min_size=1, max_size=30), min_size=1, max_size=12, unique=True),
    st.integers(10, 30),
    st.sampled_from([cut_in_middle, cut_to]),
)
def test_names_that_differ_stay_different_and_within_their_columns(names: list[str], most: int, cut: object) -> None:
    shown = cut_apart(names, most, cut)

    assert len({*shown}) == len(names)
    assert max(map(columns_of, shown)) <= most
    assert [one.whole for one in shown if isinstance(one, Cut)] == names


@pytest.mark.parametrize("options", LISTS.values(), ids=LISTS)
def test_the_options_of_a_claim_are_told_apart(ledger: Ledger, clock: Clock, options: list[str]) -> None:
    for slug, likeliest in zip(("one", "two"), options, strict=False):
        shares = {option: 0.8 / len(options) + 0.2 * (option == likeliest) for option in options}
        ledger.add(f"Who, {slug}?", deadline="2026-12-31", options=options, p=shares, slug=slug)
    clock.set("2026-03-01")

    bars = re.findall(r"^ *(?:forecasts +)?(\S.*?) +0\.\d+  #", str(ledger.claim("one")), re.MULTILINE)
    drawn = ET.fromstring(claim_chart(ledger.claim("one").line))
    labels = ["".join(part.itertext()) for part in drawn.iter(f"{SVG}text")]
    labels = labels[-len(options) :]  # below the plot, as there is no room beside it
    rows = re.findall(r"^(?:one|two) .*$", str(ledger.board(full=False)), re.MULTILINE)

    assert len(bars) == len({*bars}) == len(options)
    assert len(labels) == len({*labels}) == len(options)
    assert len({re.sub(r"^\w+", "", row) for row in rows}) == 2


@pytest.mark.parametrize("options", LISTS.values(), ids=LISTS)
def test_a_chart_tells_by_its_label_which_of_the_options_came_true(
    ledger: Ledger, clock: Clock, options: list[str]
) -> None:
    for number in range(len(options)):
        ledger.add(f"Who, {number}?", deadline="2026-12-31", options=options, slug=f"who-{number}")
        ledger.forecast(f"who-{number}", dict.fromkeys(options, 1 / len(options)), by="ben")
    clock.set("2026-03-02")
    for number, option in enumerate(options):
        ledger.resolve(f"who-{number}", option, known_on="2026-03-01", reason="seen")

    lines = [ledger.claim(f"who-{number}").line for number in range(len(options))]
    drawn = [ET.fromstring(claim_chart(line)) for line in lines]
    labels = ["".join(part.itertext()) for chart in drawn for part in chart.iter(f"{SVG}text")]
    told = [label.removesuffix(", known 2026-03-01") for label in labels if "known" in label]
    in_figures = [text.get_text() for line in lines for text in claim_figure(line).axes[0].texts]

    assert told == [str(name) for name in cut_apart(options, LONGEST_OUTCOME)]
    assert len({*told}) == len(options)
    assert [text for text in in_figures if text in told] == told

"""Matplotlib figures: they show what the card holds, and leave pyplot alone."""

from __future__ import annotations

import itertools
import sys
from io import BytesIO

import pytest
from club_of_types import TYPES, club_of_types
from conftest import Clock
from drawn_types import every_shape
from hostile import hostile_ledger
from matplotlib.figure import Figure
from scored_ledgers import four_claims, many_claims

from predictions import InvalidValue, Ledger, MissingExtra, ainews
from predictions.views import matplotlib_canvas


def drawn(figure: object) -> Figure:
    assert isinstance(figure, Figure)
    figure.savefig(BytesIO(), format="png")
    return figure


def test_the_reliability_diagram_holds_the_curve(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)
    card = ledger.scorecard()

    one, everybody = drawn(card.plot_reliability("ana")), drawn(card.plot_reliability())

    curve = card.reliability("ana")
    lines = [list(line.get_xdata()) for line in one.axes[0].get_lines()]
    assert list(curve.probability) in lines
    assert [bar.get_height() for bar in one.axes[1].patches] == list(curve.counts)
    assert len(everybody.axes) == 6
    for figure in (one, everybody):
        legend = figure.legends[0]
        assert [text.get_text() for text in legend.get_texts()] == [
            "90 % if calibrated", "tenths of the scale", "recalibrated (CORP)",
        ]  # fmt: skip
        assert not any(legend.get_window_extent().overlaps(axes.get_window_extent()) for axes in figure.axes)
        assert all(tick == int(tick) for axes in figure.axes if axes.get_xlabel() for tick in axes.get_yticks())


def test_scores_show_the_skill_on_every_claim_the_mean_and_its_interval(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock, 20)
    card = ledger.scorecard()

    figure = drawn(card.plot_scores())

    axes, ana = figure.axes[0], card.record("ana")
    shown = [pytest.approx(list(line.get_xdata())) for line in axes.get_lines()]
    assert [row.middle.time_skill for row in ana.scored] in shown
    assert [ana.means["time_skill"]] in shown
    spans = [
        list(line.get_xdata()) for line in axes.get_lines() if line.get_linewidth() == 2 and len(line.get_xdata()) == 2
    ]
    assert any(low < ana.means["time_skill"] < high for low, high in spans)
    assert "0 is knowing nothing, 0.25 would be perfect" in figure.get_suptitle()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["ben (n 20)", "cyd (n 20)", "ana (n 20)"]
    assert not figure.legends


def test_claims_of_every_type_are_drawn_on_one_scale(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 11)
    card = ledger.scorecard()

    figure = drawn(card.plot_scores())

    axes = figure.axes[0]
    dots = [line for line in axes.get_lines() if line.get_label() in TYPES]
    assert {line.get_label() for line in dots} == set(TYPES)
    assert len({line.get_marker() for line in dots}) == len(TYPES)
    assert sum(len(line.get_xdata()) for line in dots) == sum(one.n for one in card.pooled)
    means = [line.get_xdata()[0] for line in axes.get_lines() if line.get_marker() == "|"]
    assert sorted(means) == pytest.approx(sorted(one.skill for one in card.pooled))
    assert "0 is knowing nothing, 1 would be perfect on average" in figure.get_suptitle()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(TYPES)


def test_a_card_without_yes_or_no_has_its_scores_drawn_too(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, types=("number",))
    card = ledger.scorecard()

    axes = drawn(card.plot_scores()).axes[0]

    means = [line.get_xdata()[0] for line in axes.get_lines() if line.get_marker() == "|"]
    assert sorted(means) == pytest.approx(sorted(one.means["time_skill"] for one in card.types[0].records))


def test_claims_of_equal_score_are_stacked_so_that_they_can_be_counted(ledger: Ledger, clock: Clock) -> None:
    for number in range(12):
        ledger.add(f"Claim {number} comes true", deadline="2026-04-10", p=0.3)
    clock.set("2026-06-01")
    for number in range(12):
        ledger.resolve(f"claim-{number}-comes-true", "no", known_on="2026-04-11", reason="the window ended")

    axes = drawn(ledger.scorecard().plot_scores()).axes[0]

    dots = next(line for line in axes.get_lines() if len(line.get_xdata()) == 12)
    assert len(set(dots.get_ydata())) == 12
    assert dots.get_alpha() < 1


def test_a_claim_is_drawn_with_its_forecasts_and_evidence(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    figure = drawn(ledger.claim("exec-defections").plot())
    axes, below = figure.axes

    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "AINews (imputed)" in labels
    assert {"supports", "near miss"} <= set(labels)
    assert any(band.get_paths()[0].get_extents().y1 == 0.99 for band in axes.collections)  # "will": 0.8 to 0.99
    rows = {y for line in below.get_lines() for y in line.get_ydata()}
    assert len(rows) == 4  # evidence of near days below each other
    ticks = [label.get_window_extent() for label in below.get_xticklabels() if label.get_text()]
    assert len(ticks) > 3
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(ticks))


def test_withdrawn_forecasts_leave_a_gap_and_hostile_titles_are_text(ledger: Ledger, clock: Clock) -> None:
    slugs = hostile_ledger(ledger)
    clock.set("2026-02-01")
    ledger.withdraw(slugs[0])
    ledger.add("$x_{ is no formula", deadline="2026-04-10", slug="formula")

    for slug in (*slugs, "formula"):
        drawn(ledger.claim(slug).plot())


def test_pyplot_is_never_loaded(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    loaded = "matplotlib.pyplot" in sys.modules

    drawn(ledger.scorecard().plot_scores())

    assert ("matplotlib.pyplot" in sys.modules) == loaded


def test_nobody_without_a_scored_claim_is_drawn(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.3)

    with pytest.raises(InvalidValue, match="'ana' has no scored claim of yes or no on this card"):
        ledger.scorecard().plot_reliability("ana")
    drawn(ledger.scorecard().plot_scores())


def test_without_matplotlib_the_extra_is_named(ledger: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    four_claims(ledger, clock)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    with pytest.raises(MissingExtra, match=r"install prediction-ledger\[plot\]"):
        ledger.scorecard().plot_scores()


def test_a_choice_a_number_and_a_date_are_drawn_as_they_were_said(ledger: Ledger, clock: Clock) -> None:
    ledger.add("Which lab?", deadline="2026-12-31", options=["a", "b"], p={"a": 0.7, "b": 0.3})
    ledger.add("Cars", deadline="2026-12-31", unit="$x_{", between=(0, 10), quantiles={0.1: 2, 0.5: 4, 0.9: 8})
    ledger.add("The law", deadline="2026-12-31", when=True, p={"2026-06-30": 0.3, "2026-12-31": 0.6})
    clock.set("2027-02-10")
    ledger.resolve("cars", 5, known_on="2027-01-20", reason="by the register")
    ledger.resolve("the-law", "yes", happened_on="2026-05", known_on="2026-06-01", reason="in the gazette")

    lab, cars, law = (drawn(ledger.claim(slug).plot()).axes[0] for slug in ("which-lab", "cars", "the-law"))

    bands = [band for band in lab.collections if band.get_label() in {"a", "b"}]
    assert [band.get_paths()[0].get_extents().height for band in bands] == pytest.approx([0.7, 0.3])
    assert len({band.get_hatch() for band in bands}) == 2
    assert [list(line.get_ydata()) for line in cars.get_lines()[:2]] == [pytest.approx([0.4, 0.4]), [0.5, 0.5]]
    assert list(law.get_lines()[0].get_ydata()) == [0, 0.3, 0.6]
    assert "yes, in May 2026" in [text.get_text() for text in law.texts]


def twenty(ledger: Ledger, clock: Clock) -> None:
    """Twenty forecasters on ten claims."""
    for number in range(10):
        ledger.add(f"Claim {number}", deadline="2026-04-10")
        for who in range(20):
            ledger.forecast(f"claim-{number}", (7 * number + 3 * who) % 20 / 20, by=f"f{who}", kind="person")
    clock.set("2026-06-01")
    for number in range(10):
        ledger.resolve(f"claim-{number}", "no", known_on="2026-04-11", reason="the window ended")


def test_lines_of_twenty_forecasters_differ_by_more_than_colour(ledger: Ledger, clock: Clock) -> None:
    twenty(ledger, clock)

    lines = [line for line in drawn(ledger.scorecard().plot_leads()).axes[0].get_lines() if line.get_marker() != "None"]

    assert len({(line.get_color(), line.get_marker()) for line in lines}) == len(lines) == 20
    assert len({line.get_marker() for line in lines[:6]}) == 6


def test_diagrams_of_many_forecasters_stand_in_rows_and_none_is_empty(ledger: Ledger, clock: Clock) -> None:
    twenty(ledger, clock)
    card = ledger.scorecard(by=[f"f{number}" for number in range(8)])

    figure = drawn(card.plot_reliability())

    assert figure.get_figwidth() < 18
    assert [axes.get_title() for axes in figure.axes if axes.get_title()] == [f"{one}, 10 forecasts" for one in (
        record.forecaster.slug for record in card.drawn)]  # fmt: skip
    assert len(figure.axes) == 16


@pytest.mark.filterwarnings("ignore:Glyph")  # this machine may have no font for them
def test_titles_legends_and_letters_lie_inside_the_figure_and_apart(ledger: Ledger, clock: Clock) -> None:
    slugs = every_shape(ledger, clock)
    slugs.append(ledger.add(" ".join(["a rather long question"] * 8), deadline="2026-12-31", p=0.3).slug)

    for slug in slugs:
        figure = drawn(ledger.claim(slug).plot())

        whole = figure.bbox
        title = next(text for text in figure.texts if "over time" in text.get_text()).get_window_extent()
        legends = [*figure.legends, *(axes.legend_ for axes in figure.axes if axes.legend_)]
        boxes = [title, *(legend.get_window_extent() for legend in legends)]
        assert all(whole.x0 <= box.x0 and box.x1 <= whole.x1 and box.y1 <= whole.y1 for box in boxes), slug
        assert not [legend for legend in boxes[1:] if legend.overlaps(title)], slug


@pytest.mark.filterwarnings("ignore:Glyph")  # this machine may have no font for them
def test_who_is_not_drawn_is_counted_and_where_nothing_is_drawn_that_is_said(ledger: Ledger, clock: Clock) -> None:
    every_shape(ledger, clock)
    ledger.add("How many?", deadline="2026-12-31", unit="cars", between=(0, 10), slug="unsaid")

    many, unsaid = drawn(ledger.claim("date-of-many").plot()), drawn(ledger.claim("unsaid").plot()).axes[0]
    card = ledger.scorecard()
    empty = [text.get_text() for plot in (card.plot_reliability(), card.plot_scores(), card.plot_leads())
             for axes in drawn(plot).axes for text in axes.texts]  # fmt: skip

    assert many.get_suptitle().endswith("\n15 more forecasters not drawn")
    assert "no forecasts that count" in [text.get_text() for text in unsaid.texts]
    assert unsaid.get_ylabel() == ""
    assert {"nobody has 10 scored yes-or-no claims yet", "nothing of a yes-or-no claim stood at these moments"} <= set(
        empty
    )


@pytest.mark.filterwarnings("ignore:Glyph")  # this machine may have no font for them
def test_a_log_axis_has_round_values_and_the_ends_of_its_range(ledger: Ledger, clock: Clock) -> None:
    every_shape(ledger, clock)

    axes = drawn(ledger.claim("log-alone").plot()).axes[0]

    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["10", "56", "320", "1800", "10000"]


def test_figures_name_people_as_they_are_called_in_a_font_that_has_their_letters(
    ledger: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matplotlib_canvas, "WIDE_FONTS", ("Not Installed", "DejaVu Serif", "DejaVu Sans"))
    monkeypatch.setattr(matplotlib_canvas, "SIGN_FONTS", ("DejaVu Sans Mono", "DejaVu Sans"))
    slug = ledger.add("It rains", deadline="2026-04-10", p=0.4).slug
    ledger.forecast(slug, 0.3, by="Łukasz Żak", kind="person")
    clock.set("2026-06-01")
    ledger.resolve(slug, "no", known_on="2026-04-11", reason="the window ended")

    labels = drawn(ledger.scorecard().plot_scores()).axes[0].get_yticklabels()

    fonts = {label.get_text(): label.get_fontfamily() for label in labels}
    assert fonts == {
        "Łukasz Żak (n 1)": ["sans-serif", "DejaVu Serif", "DejaVu Sans Mono"],
        "ana (n 1)": ["sans-serif"],
    }

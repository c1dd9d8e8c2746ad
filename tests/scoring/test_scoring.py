"""Which forecasts are scored on which claims: figures worked by hand, and every reason to be in no mean."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import inf, log
from pathlib import Path
from statistics import fmean
from tempfile import mkdtemp

import pytest
from conftest import Clock, Refuses
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import recorded_ledger

from forecasts.scores import brier, log_score
from forecasts.standing import standing
from forecasts.time_scores import time_skill
from predictions import InvalidValue, Ledger, LedgerWarning, NotFound
from predictions.recording.enter import build, enter, said_content
from predictions.records import Claim, Forecast, Forecaster, Record, Resolution, Source, Statement
from predictions.scoring.eligibility import Category
from predictions.scoring.eligible_forecasts import eligible_forecasts
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series_row import SeriesRow
from predictions.status import by_day, counts_until, stands_at
from predictions.views.scorecard.request import scorecard

RAIN = "It rains in the first ten days of February"


@pytest.fixture
def rain(ledger: Ledger) -> str:
    """A window of ten days, 2026-02-01 to 2026-02-10, settled by 2026-03-12; the clock stands at 2026-01-01."""
    return ledger.add(RAIN, deadline="2026-02-10", opens_on="2026-02-01", slug="rain")


def say(ledger: Ledger, clock: Clock, slug: str, day: str, probability: float | None, by: str = "ana") -> None:
    """A witnessed forecast that stands from a day on, made at noon of the one before; None withdraws."""
    made_at = f"{date.fromisoformat(day) - timedelta(days=1)}T12:00Z"
    clock.set(made_at)
    if probability is None:
        ledger.withdraw(slug, by=by, made_at=made_at)
    else:
        ledger.forecast(slug, probability, by=by, made_at=made_at)


def come_out(ledger: Ledger, clock: Clock, slug: str, outcome: str | float, known_on: str = "2026-02-11") -> None:
    """The verdict, recorded after the settle day."""
    clock.set("2026-04-01")
    happened = min("2026-02-05", known_on) if outcome == "yes" else None
    ledger.resolve(slug, outcome, happened_on=happened, known_on=known_on, reason="seen")


def only(ledger: Ledger, by: str = "ana", **terms: str) -> SeriesRow:
    [row] = ledger.scorecard(by=by, **terms).record(by).rows  # type: ignore[arg-type]  # cohort and rule
    return row


# -- figures, worked by hand ----------------------------------------------------------------------------------

SAID = [("2026-02-01", 0.8), ("2026-02-04", 0.5)]
GAP = [("2026-02-01", 0.8), ("2026-02-04", None), ("2026-02-07", 0.6)]


@pytest.mark.parametrize(
    ("said", "outcome", "known_on", "first", "logged", "skill", "coverage"),
    [
        # three days at 0.8, then 0.5 to the end: (3 x (0.25 - 0.64) + 7 x 0) / 10
        (SAID, "no", "2026-02-11", 0.64, -log(0.2), -0.117, 1.0),
        # the yes is public on the sixth day, which counts whole: (3 x (0.25 - 0.04) + 3 x 0) / 10, of the scheduled ten
        (SAID, "yes", "2026-02-06", 0.04, -log(0.8), 0.063, 0.6),
        # and public on the third: that day counts whole too, with what stood when it began: 3 x (0.25 - 0.04) / 10
        (SAID, "yes", "2026-02-03", 0.04, -log(0.8), 0.063, 0.3),
        # a late report of the same shortens nothing
        (SAID, "yes", "2026-02-20", 0.04, -log(0.8), 0.063, 1.0),
        # three days at 0.8, three without, four at 0.6: (3 x 0.21 + 4 x 0.09) / 10
        (GAP, "yes", "2026-02-20", 0.04, -log(0.8), 0.099, 0.7),
        # half a yes: (3 x ((0.5 - 0.5)^2 - (0.8 - 0.5)^2) + 0) / 10
        (SAID, 0.5, "2026-02-20", 0.09, -0.5 * log(0.8) - 0.5 * log(0.2), -0.027, 1.0),
        # said before the opening it counts from the opening
        ([("2026-01-15", 0.8)], "yes", "2026-02-20", 0.04, -log(0.8), 0.21, 1.0),
        # of two before the opening the later one stood
        ([("2026-01-15", 0.1), ("2026-01-16", 0.8)], "yes", "2026-02-20", 0.04, -log(0.8), 0.21, 1.0),
    ],
)  # fmt: skip
def test_a_record_is_scored_as_worked_by_hand(
    ledger: Ledger, clock: Clock, rain: str, said: list[tuple[str, float | None]], outcome: str, known_on: str,
    first: float, logged: float, skill: float, coverage: float,
) -> None:  # fmt: skip
    for day, probability in said:
        say(ledger, clock, rain, day, probability)
    come_out(ledger, clock, rain, outcome, known_on)

    row = only(ledger)

    assert row.category is Category.SCORED
    assert row.middle.brier == pytest.approx(first)
    assert row.middle.log_score == pytest.approx(logged)
    # half a yes: always 50 % would have lost nothing
    assert row.middle.time_skill == pytest.approx(skill)
    assert row.coverage == pytest.approx(coverage)


def test_the_figures_are_those_of_the_functions(ledger: Ledger, clock: Clock, rain: str) -> None:
    for day, probability in GAP:
        say(ledger, clock, rain, day, probability)
    come_out(ledger, clock, rain, "yes", "2026-02-09")
    record = standing([0, 3, 6], [0.8, float("nan"), 0.6], opens=0, closes=10, known=9)  # the ninth day counts whole

    row = only(ledger)

    assert row.middle.brier == brier(0.8, 1)
    assert row.middle.log_score == log_score(0.8, 1)
    assert row.middle.time_skill == pytest.approx(time_skill(record, 1))
    assert row.coverage == pytest.approx(record.coverage)


def test_brier_is_shown_on_both_scales(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)
    come_out(ledger, clock, rain, "no")

    [row] = ledger.scorecard().rows()

    assert (row["brier"], row["brier_original"]) == (pytest.approx(0.64), pytest.approx(1.28))


def test_certain_and_wrong_is_infinite_in_the_log_score_and_no_crash(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 1)
    come_out(ledger, clock, rain, "no")

    card = ledger.scorecard()

    assert only(ledger).middle.log_score == inf
    assert card.record("ana").mean("log_score") == inf
    assert "infinite" in str(replace(card, full=True))
    assert "infinite" in replace(card, full=True)._repr_html_()
    assert json.loads(json.dumps(card.to_dict()))


def test_the_last_forecast_is_offered_and_warned_of(ledger: Ledger, clock: Clock, rain: str) -> None:
    for day, probability in SAID:
        say(ledger, clock, rain, day, probability)
    come_out(ledger, clock, rain, "no")

    assert only(ledger, rule="last").middle.brier == pytest.approx(0.25)
    assert "rewards shouting" in str(ledger.scorecard(rule="last"))
    assert "rewards shouting" not in str(ledger.scorecard())


# -- cohorts --------------------------------------------------------------------------------------------------


def test_a_claim_is_in_the_cohort_from_its_settle_day_whatever_its_outcome(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)
    clock.set("2026-02-06")
    ledger.resolve(rain, "yes", known_on="2026-02-06", reason="seen")
    clock.set("2026-04-01")

    def place(today: str, cohort: str) -> Category:
        return ledger.scorecard(today=today, cohort=cohort).record("ana").rows[0].category

    assert [place(day, "settled") for day in ("2026-02-05", "2026-02-06", "2026-03-11", "2026-03-12")] == [
        Category.OPEN, Category.OPEN, Category.OPEN, Category.SCORED,
    ]  # fmt: skip
    assert [place(day, "resolved") for day in ("2026-02-05", "2026-02-06")] == [Category.OPEN, Category.SCORED]


def test_the_cohort_of_all_resolved_is_offered_and_warned_of(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)

    assert "by-date claims say yes early and no late" in str(ledger.scorecard(cohort="resolved"))
    assert "by-date claims say yes early and no late" not in str(ledger.scorecard())


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"cohort": "due"}, ["'due' is no cohort of a scorecard; say settled or resolved"]),
        ({"cohort": None}, ["None is no cohort"]),
        ({"rule": "best"}, ["'best' is no rule of a scorecard; say first or last"]),
        ({"rule": ["first"]}, ["is no rule"]),
        ({"by": 5}, ["by: 5 is neither"]),
    ],
)
def test_unknown_terms_of_a_card_are_refused(
    ledger: Ledger, rain: str, refuses: Refuses, terms: dict[str, str], words: list[str]
) -> None:
    with refuses(*words, error=InvalidValue):
        ledger.scorecard(**terms)  # type: ignore[arg-type]  # what a person may type


# -- whose ----------------------------------------------------------------------------------------------------


def test_forecasters_are_found_by_slug_and_by_name_in_any_capitals(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8, by="Ana Silva")
    say(ledger, clock, rain, "2026-02-01", 0.6, by="ben")

    for by in ("ana-silva", "Ana Silva", "ANA SILVA", ["ana-silva", "Ana Silva"]):
        card = ledger.scorecard(by=by)
        assert [(one.forecaster.slug, len(one.rows)) for one in card.records] == [("ana-silva", 1)]


@pytest.mark.parametrize("by", ["cyd", "", ["ana", "cyd"]])
def test_an_unknown_forecaster_is_not_found(ledger: Ledger, clock: Clock, rain: str, by: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)

    with pytest.raises(NotFound, match="no forecaster"):
        ledger.scorecard(by=by)


def test_nobody_is_nobody(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)

    assert ledger.scorecard(by=[]).records == ()
    assert str(ledger.scorecard(by=[]))


def test_who_has_forecast_nothing_scored_is_left_out_unless_asked_for(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)
    other = ledger.add("Another", deadline="2026-12-31")
    ledger.forecast(other, 0.5, by="ben")
    ledger.me = None

    assert [one.forecaster.slug for one in ledger.scorecard(as_of="2026-01-30").records] == []
    assert {one.forecaster.slug for one in ledger.scorecard().records} == {"ana", "ben"}


# -- places ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made_at", "place"),
    [
        ("2026-02-06T00:00Z", Category.LAST_DAY),
        ("2026-02-06T23:59:59Z", Category.LAST_DAY),
        ("2026-02-07T00:00Z", Category.TOO_LATE),
    ],
)
def test_a_forecast_from_the_day_it_was_known_is_never_scored(
    ledger: Ledger, clock: Clock, rain: str, made_at: str, place: Category
) -> None:
    come_out(ledger, clock, rain, "yes", "2026-02-06")
    clock.set(made_at)
    with pytest.warns(LedgerWarning, match="never scored"):
        ledger.forecast(rain, 0.99, made_at=made_at)
    clock.set("2026-04-02")

    row = only(ledger)

    assert (row.category, row.middle.brier, row.coverage) == (place, None, 0.0)
    assert ledger.scorecard().record("ana").funnel[place.value] == 1


def test_a_forecast_after_the_window_is_never_scored_however_late_the_report(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    clock.set("2026-02-11T00:00Z")
    with pytest.warns(LedgerWarning, match="never scored"):
        ledger.forecast(rain, 0.99, made_at="2026-02-11T00:00Z")
    come_out(ledger, clock, rain, "yes", "2026-02-20")

    assert only(ledger).category is Category.TOO_LATE


def test_the_last_moment_before_it_was_known_still_counts(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-02-06T00:00Z")
    ledger.forecast(rain, 0.9, made_at="2026-02-05T23:59:59.999999Z")
    come_out(ledger, clock, rain, "yes", "2026-02-06")

    row = only(ledger)
    assert (row.category, row.middle.brier) == (Category.SCORED, pytest.approx(0.01))
    assert row.coverage == pytest.approx(0.1)  # it stood when the day began on which the answer came: that one of ten


@pytest.mark.parametrize("rule", ["first", "last"])
@pytest.mark.parametrize(
    ("said", "brier"), [([("2026-01-10", 0.8)], 0.04), ([("2026-01-10", 0.8), ("2026-01-20", 0.7)], 0.09)]
)
def test_what_stood_when_the_answer_came_at_the_opening_is_scored_without_any_time(
    ledger: Ledger, clock: Clock, rain: str, said: list[tuple[str, float]], brier: float, rule: str
) -> None:
    for day, probability in said:
        say(ledger, clock, rain, day, probability)
    clock.set("2026-04-01")
    ledger.resolve(rain, "yes", known_on="2026-02-01T00:00Z", reason="seen")

    row, record = only(ledger, rule=rule), ledger.scorecard(rule=rule).record("ana")

    assert (row.category, row.middle.brier) == (Category.SCORED, pytest.approx(brier))
    assert (row.coverage, row.middle.time_skill) == (0.0, 0.0)
    assert (record.n, record.mean("time_skill"), record.funnel["withdrawn"]) == (1, 0.0, 0)
    assert "skill over time" in str(ledger.scorecard(rule=rule))


@pytest.mark.parametrize("known_on", ["2026-02-01", "2026-02-01T00:01Z"])
def test_an_answer_on_the_opening_day_leaves_that_day_counted(
    ledger: Ledger, clock: Clock, rain: str, known_on: str
) -> None:
    say(ledger, clock, rain, "2026-01-10", 0.8)
    clock.set("2026-04-01")
    ledger.resolve(rain, "yes", known_on=known_on, reason="seen")

    row = only(ledger)

    assert (row.coverage, row.middle.time_skill) == (pytest.approx(0.1), pytest.approx(0.021))  # (0.25 - 0.04) / 10


@pytest.mark.parametrize("known_on", ["2026-02-01", "2026-02-01T00:00Z"])
def test_what_was_withdrawn_before_such_an_answer_is_counted_as_withdrawn(
    ledger: Ledger, clock: Clock, rain: str, known_on: str
) -> None:
    say(ledger, clock, rain, "2026-01-10", 0.8)
    say(ledger, clock, rain, "2026-01-11", None)
    clock.set("2026-04-01")
    ledger.resolve(rain, "yes", known_on=known_on, reason="seen")

    assert only(ledger).category is Category.WITHDRAWN


def test_what_was_withdrawn_before_the_window_opened_is_counted_as_withdrawn(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    say(ledger, clock, rain, "2026-01-10", 0.8)
    say(ledger, clock, rain, "2026-01-11", None)
    come_out(ledger, clock, rain, "no")

    assert only(ledger).category is Category.WITHDRAWN


def test_a_withdrawal_later_leaves_the_first_forecast_scored(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)
    say(ledger, clock, rain, "2026-02-04", None)
    come_out(ledger, clock, rain, "no")

    row = only(ledger)
    assert (row.category, row.middle.brier) == (Category.SCORED, pytest.approx(0.64))
    assert row.coverage == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("outcome", "place"), [("ambiguous", Category.AMBIGUOUS), ("annulled", Category.ANNULLED), (None, Category.OVERDUE)]
)
def test_without_an_answer_nothing_is_scored_and_nothing_is_hidden(
    ledger: Ledger, clock: Clock, rain: str, outcome: str | None, place: Category
) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)
    if outcome:
        come_out(ledger, clock, rain, outcome)
    clock.set("2026-04-02")

    row, record = only(ledger), ledger.scorecard().record("ana")

    assert (row.category, row.middle.brier, record.n, record.mean("brier")) == (place, None, 0, None)
    assert record.funnel[place.value] == 1


def test_claimed_forecasts_beside_witnessed_ones_are_set_apart_and_counted(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    other = ledger.add("It snows", deadline="2026-02-10", opens_on="2026-02-01", p=0.3)
    say(ledger, clock, rain, "2026-02-01", 0.8)
    clock.set("2026-02-05")
    ledger.forecast(rain, 0.1, made_at="2026-01-15")
    come_out(ledger, clock, rain, "yes")

    card = ledger.scorecard()
    rows = {row.claim.slug: row for row in card.record("ana").rows}

    assert (rows[rain].category, rows[rain].middle.probability) == (Category.SCORED, 0.8)
    assert (rows[rain].set_apart, rows[other].set_apart) == (True, False)
    assert card.record("ana").funnel["with others apart"] == 1
    assert "1 with others apart" in " ".join(str(replace(card, full=True)).split())
    assert [row["set_apart"] for row in card.rows()] == [True, False]


@pytest.mark.parametrize(("outcome", "name"), [("ambiguous", "ambiguous"), ("annulled", "annulled")])
def test_what_ended_early_is_due_from_its_settle_day_like_all_others_and_listed_from_the_start(
    ledger: Ledger, clock: Clock, rain: str, outcome: str, name: str
) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)
    clock.set("2026-02-03")
    ledger.resolve(rain, outcome, known_on="2026-02-03", reason="the gauge is gone")

    def counts(day: str, cohort: str = "settled") -> tuple[int, ...]:
        count = ledger.scorecard(today=day, cohort=cohort).record("ana").funnel
        return count["forecast"], count["due"], count["resolved"], count[name], count["ended before due"]

    assert counts("2026-02-03") == counts("2026-02-20") == counts("2026-03-11") == (1, 0, 0, 0, 1)
    assert counts("2026-03-12") == (1, 1, 0, 1, 0)
    assert counts("2026-02-03", "resolved") == (1, 1, 0, 1, 0)
    early = ledger.scorecard(today="2026-02-03", full=True)
    assert "ana 1 0 0 0 1 open; 1 of the open ended before due" in " ".join(str(early).split())


def test_times_that_are_only_claimed_are_apart(ledger: Ledger, clock: Clock, rain: str) -> None:
    come_out(ledger, clock, rain, "no")
    ledger.forecast(rain, 0.01, made_at="2026-01-15")

    record = ledger.scorecard().record("ana")

    assert only(ledger).category is Category.BACKDATED
    assert (record.n, record.mean("brier"), record.bounds(every_open=True)) == (0, None, None)
    assert record.funnel["backdated (apart)"] == 1


def test_beside_a_witnessed_forecast_a_claimed_one_counts_for_nothing(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-04", 0.8)
    come_out(ledger, clock, rain, "no")
    ledger.forecast(rain, 0.01, made_at="2026-01-15")

    row = only(ledger)
    assert (row.category, row.eligibility.backdated, row.middle.brier) == (Category.SCORED, False, pytest.approx(0.64))
    assert row.coverage == pytest.approx(0.7)


def test_a_first_forecast_cannot_be_made_better_by_correcting_it_afterwards(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.1)
    say(ledger, clock, rain, "2026-02-05", 0.9)
    clock.set("2026-02-08")
    first = ledger.snapshot().all(Forecast)[0]
    ledger.correct(first, reason="mistyped, surely", probability=0.99)
    come_out(ledger, clock, rain, "yes", "2026-02-20")

    row = only(ledger)

    said, backdated, _ = eligible_forecasts(ledger.snapshot(), ledger.claim(rain).claim, "ana")
    assert [one.probability for one in said] == [0.1, 0.9, 0.99]
    assert said[2].made_at.date() == date(2026, 2, 8)
    assert (row.middle.brier, backdated) == (pytest.approx(0.81), False)


def test_a_slip_mended_within_five_minutes_is_as_if_it_had_not_been(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.08)
    ledger.correct(ledger.snapshot().all(Forecast)[0], reason="slip", probability=0.8)
    come_out(ledger, clock, rain, "yes", "2026-02-20")

    assert only(ledger).middle.brier == pytest.approx(0.04)


def test_a_published_number_that_was_misread_is_scored_as_it_was_published(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    ledger.log_evidence(rain, "https://example.org/column", "A column", slug="column", published="2026-01-01")
    clock.set("2026-01-20")
    said = ledger.forecast(rain, 0.3, by="paper", made_at="2026-01-01", published_in="column")
    ledger.correct(said, reason="misread", probability=0.8)
    come_out(ledger, clock, rain, "yes", "2026-02-20")

    assert only(ledger, "paper").middle.brier == pytest.approx(0.04)


# -- imputed --------------------------------------------------------------------------------------------------


def test_what_is_read_from_words_or_from_a_range_is_in_no_mean(ledger: Ledger, clock: Clock, rain: str) -> None:
    ledger.forecast(rain, words="likely", scale="ipcc", by="paper")
    ledger.forecast(rain, low=0.2, high=0.4, by="ben")
    come_out(ledger, clock, rain, "no")

    for by in ("paper", "ben"):
        record = ledger.scorecard().record(by)
        [row] = record.rows
        assert (row.category, row.eligibility.imputed, record.n, record.mean("brier")) == (
            Category.SCORED,
            True,
            0,
            None,
        )
        assert (record.words_only, record.funnel["imputed (apart)"], record.funnel["scored"]) == (True, 1, 0)
        assert row.low.brier < row.middle.brier < row.high.brier  # type: ignore[operator]  # all three are there


def test_words_said_first_count_first_and_a_stated_number_later_does_not_move_them(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    ledger.forecast(rain, words="likely", scale="ipcc")
    say(ledger, clock, rain, "2026-02-04", 0.2)
    come_out(ledger, clock, rain, "no")

    row = only(ledger)
    assert (row.category, row.eligibility.imputed, row.middle.brier) == (Category.SCORED, True, pytest.approx(0.83**2))
    # both stood: (3 x (0.25 - 0.6889) + 7 x (0.25 - 0.04)) / 10
    assert (row.coverage, row.middle.time_skill) == (1.0, pytest.approx(0.01533))


@pytest.mark.parametrize("later", ["2026-02-04", "2026-02-20"])
def test_a_stated_number_counts_beside_words_that_were_read_after_it(
    ledger: Ledger, clock: Clock, rain: str, later: str
) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.2)
    ledger.log_evidence(rain, "https://example.org/column", "A column", slug="column", published="2026-01-01")
    clock.set(later)
    ledger.forecast(rain, words="likely", scale="ipcc", made_at="2026-01-01", published_in="column")
    come_out(ledger, clock, rain, "no")

    row = only(ledger)
    assert (row.category, row.eligibility.imputed, row.middle.brier) == (Category.SCORED, False, pytest.approx(0.04))
    assert row.set_apart


def test_words_that_were_read_when_the_answer_was_public_begin_nothing(ledger: Ledger, clock: Clock, rain: str) -> None:
    ledger.log_evidence(rain, "https://example.org/column", "A column", slug="column", published="2026-01-01")
    come_out(ledger, clock, rain, "no")
    ledger.forecast(rain, words="unlikely", scale="ipcc", by="paper", made_at="2026-01-01", published_in="column")

    record = ledger.scorecard().record("paper")

    assert [row.category for row in record.rows] == [Category.READ_LATE]
    assert (record.funnel["words read afterwards"], record.funnel["imputed (apart)"]) == (1, 0)


def test_a_number_with_its_range_is_stated(ledger: Ledger, clock: Clock, rain: str) -> None:
    ledger.forecast(rain, 0.3, low=0.2, high=0.4)
    come_out(ledger, clock, rain, "no")

    row = only(ledger)
    assert (row.eligibility.imputed, row.low.probability, row.middle.probability, row.high.probability) == (
        False,
        0.2,
        0.3,
        0.4,
    )
    assert ledger.scorecard().record("ana").mean("brier") == pytest.approx(0.09)


# -- one observation a statement ------------------------------------------------------------------------------


def test_a_reading_that_is_not_scored_is_in_no_mean(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-02-01", 0.8)
    tree = ledger.snapshot().find(Claim, rain)
    with ledger._desk() as desk:
        enter(desk, build(Claim, {**said_content(tree), "slug": "other", "scored": False}))
    ledger.forecast("other", 0.1)
    come_out(ledger, clock, rain, "no")

    assert [row.claim.slug for row in ledger.scorecard().record("ana").rows] == [rain]


def test_a_statement_is_one_observation_however_many_of_its_claims_are_scored(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    say(ledger, clock, rain, "2026-01-02", 0.8)
    with ledger._desk() as desk:
        enter(
            desk, build(Claim, {**said_content(ledger.snapshot().find(Claim, rain)), "slug": "other", "scored": True})
        )
    ledger.forecast("other", 0.6)
    hail = ledger.add("It hails", deadline="2026-02-10", opens_on="2026-02-01", p=0.1)
    for slug in (rain, "other", hail):
        come_out(ledger, clock, slug, "no")

    record = ledger.scorecard().record("ana")

    assert (record.n, len(record.scored), record.funnel["superseded"]) == (2, 3, 0)
    assert record.mean("brier") == pytest.approx(((0.64 + 0.36) / 2 + 0.01) / 2)


def test_in_a_chain_of_superseding_everybody_is_scored_where_they_spoke_first(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    say(ledger, clock, rain, "2026-01-02", 0.8)
    new = ledger.supersede(
        rain,
        text="It rains, as the port measures it",
        deadline="2026-02-10",
        opens_on="2026-02-01",
        reason="other words",
        carry=(),
    )
    ledger.forecast(new, 0.6)
    ledger.forecast(new, 0.3, by="ben")
    other = ledger.add("It hails", deadline="2026-02-10", opens_on="2026-02-01", p=0.1)
    for slug in (rain, new, other):
        come_out(ledger, clock, slug, "no")

    card = ledger.scorecard()
    ana, ben = card.record("ana"), card.record("ben")

    assert [row.category for row in ana.rows] == [Category.SCORED, Category.SUPERSEDED, Category.SCORED]
    assert (ana.n, len(ana.scored), ana.funnel["superseded"]) == (2, 2, 1)
    assert ana.mean("brier") == pytest.approx((0.64 + 0.01) / 2)
    assert (ben.n, ben.funnel["superseded"], ben.mean("brier")) == (1, 0, pytest.approx(0.09))


def test_bounds_are_over_what_is_due_and_over_all_that_is_open(ledger: Ledger, clock: Clock, rain: str) -> None:
    say(ledger, clock, rain, "2026-01-02", 0.8)
    due = ledger.add("It hails", deadline="2026-02-10", opens_on="2026-02-01", p=0.1)
    ledger.add("It snows", deadline="2026-12-31", p=0.5)
    come_out(ledger, clock, rain, "yes", "2026-02-20")

    record = ledger.scorecard().record("ana")

    assert [row.category for row in record.rows] == [Category.SCORED, Category.OVERDUE, Category.OPEN]
    assert record.bounds(every_open=False) == (pytest.approx((0.04 + 0.01) / 2), pytest.approx((0.04 + 0.81) / 2))
    assert record.bounds(every_open=True) == (
        pytest.approx((0.04 + 0.01 + 0.25) / 3),
        pytest.approx((0.04 + 0.81 + 0.25) / 3),
    )
    assert record.mean("brier") == pytest.approx(0.04)
    assert due == "it-hails"


def test_nothing_to_take_a_mean_of_is_none(ledger: Ledger, rain: str) -> None:
    ledger.forecast(ledger.add("Another", deadline="2026-12-31"), 0.5)
    record = ledger.scorecard(by="ana", window="1999").record("ana")

    assert record.rows == record.scored == []
    assert (record.n, record.few, record.words_only) == (0, True, False)
    assert record.mean("brier") is None
    assert record.bounds(every_open=True) is None
    assert set(record.funnel.values()) == {0}


# -- every row is counted once --------------------------------------------------------------------------------

START = datetime(2026, 1, 1, tzinfo=UTC)
VERDICTS = st.sampled_from([None, None, "yes", "no", "fraction", "ambiguous", "annulled"])
SAYINGS = st.tuples(
    st.integers(0, 200),  # day it was made
    st.sampled_from([0, 0, 3]),  # days until it was recorded
    st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0, "range", "withdrawn"]),
)


@st.composite
def ledgers(draw: st.DrawFn) -> ForecastReader:
    """What is read of a few claims with one forecaster, in every state there is."""
    recorded: list[tuple[Record, datetime]] = []

    def put(record: Record, at: datetime = START) -> None:
        recorded.append((record, at))

    put(Forecaster(slug="ana", title="Ana"))
    put(Source(slug="a", title="A"))
    for number in range(4):
        put(Statement(slug=f"s{number}", source="a", text="It happens."))
    for number in range(draw(st.integers(1, 6))):
        claim = Claim.model_validate(
            {
                "slug": f"c{number}", "statement": f"s{draw(st.integers(0, 3))}", "reading": "own", "title": "x",
                "wording": f"c{number}", "criteria": "x", "scored": draw(st.sampled_from([True, True, False])),
                "opens_on": date(2026, 1, 10), "deadline": date(2026, 1, 10) + timedelta(draw(st.integers(0, 150))),
                "settle_days": draw(st.integers(0, 40)),
                "supersedes": f"c{number - 1}" if number and draw(st.booleans()) else None,
                "given": f"c{number - 1}" if number and draw(st.sampled_from([True, False, False])) else None,
            }
        )  # fmt: skip
        put(claim)
        days = set()
        for day, delay, what in draw(st.lists(SAYINGS, max_size=4)):
            if day not in days:
                days.add(day)
                said = {"low": 0.2, "high": 0.4} if what == "range" else {"probability": what}
                made_at = START + timedelta(day)
                fields = {"withdrawn": True} if what == "withdrawn" else said
                put(
                    Forecast.model_validate({"claim": claim.slug, "forecaster": "ana", "made_at": made_at, **fields}),
                    made_at + timedelta(delay),
                )
        outcome = draw(VERDICTS)
        if outcome:
            known = date(2026, 1, 10) + timedelta(draw(st.integers(0, 200)))
            fraction = 0.5 if outcome == "fraction" else None
            put(
                Resolution.model_validate(
                    {"claim": claim.slug, "number": 1, "outcome": outcome, "fraction": fraction, "known_on": known}
                )
            )
    today = date(2026, 1, 1) + timedelta(draw(st.integers(0, 400)))
    with closing(recorded_ledger(Path(mkdtemp()) / "ledger.db", recorded)) as journal:
        return ForecastReader(journal, journal.head().size, head="", as_of=START, today=today)


@settings(max_examples=80, deadline=None)
@given(ledgers(), st.sampled_from(["settled", "resolved"]), st.sampled_from(["first", "last"]))
def test_every_claim_of_a_forecaster_is_counted_once_on_the_way_to_the_mean(
    reader: ForecastReader, cohort: str, rule: str
) -> None:
    [record] = scorecard(reader, by=["ana"], cohort=cohort, rule=rule).records
    snapshot = reader.snapshot()

    count, places = record.funnel, [row.category for row in record.rows]
    said_on = {one.claim for one in snapshot.all(Forecast)}
    assert [row.claim.slug for row in record.rows] == [
        claim.slug for claim in snapshot.all(Claim) if claim.scored and claim.slug in said_on
    ]
    early = count["ended before due"]
    elsewhere = {  # counted on another claim, or nowhere
        Category.SUPERSEDED, Category.READ_LATE, Category.BACKDATED, Category.TOO_LATE, Category.LAST_DAY,
        Category.WITHDRAWN,
    }  # fmt: skip
    assert (
        count["forecast"]
        == len(record.rows)
        == early + count["due"] + sum(places.count(place) for place in (Category.OPEN, *elsewhere))
    )
    ways = ("resolved", "annulled", "ambiguous", "overdue", "no verdict yet")
    assert count["due"] == sum(count[name] for name in ways)
    ends = [places.count(Category.ANNULLED), places.count(Category.AMBIGUOUS)]
    assert count["annulled"] + count["ambiguous"] + early == sum(ends)
    if cohort == "settled":
        ended = [row for row in record.rows if row.category in {Category.ANNULLED, Category.AMBIGUOUS}]
        assert early == sum(snapshot.today < row.claim.settles_on for row in ended)
        settled = [
            row for row in record.rows if snapshot.today >= row.claim.settles_on and row.category not in elsewhere
        ]
        assert count["due"] == len(settled)  # whatever the verdict, and with or without one
    assert count["resolved"] == count["scored"] + count["imputed (apart)"]
    assert count["with others apart"] == sum(row.set_apart for row in record.rows)
    assert count["scored"] == len(record.scored)
    assert not any(row.eligibility.imputed or row.eligibility.backdated or row.value is None for row in record.scored)


@settings(max_examples=80, deadline=None)
@given(ledgers(), st.sampled_from(["settled", "resolved"]))
def test_means_bounds_and_scores_hold_together(reader: ForecastReader, cohort: str) -> None:
    [record] = scorecard(reader, by=["ana"], cohort=cohort).records
    snapshot = reader.snapshot()

    by_unit: dict[int, list[float]] = {}
    for row in record.scored:
        assert row.middle.probability is not None
        assert row.value is not None
        assert row.middle.brier == brier(row.middle.probability, row.value)
        assert 0 <= row.coverage <= 1
        assert -1 <= (row.middle.time_skill or 0) <= 1
        by_unit.setdefault(row.claim.unit, []).append(row.middle.brier)
        claim = snapshot.find(Claim, row.claim.slug)
        said, *_ = eligible_forecasts(snapshot, claim, "ana")
        verdict = snapshot.verdict(claim)
        begins = stands_at(min(one.made_at for one in said), by_day=by_day(claim, verdict))
        assert begins < counts_until(claim, verdict)
    means = [fmean(values) for values in by_unit.values()]
    assert record.n == len(means)
    assert record.mean("brier") == (pytest.approx(fmean(means)) if means else None)
    for every_open in (False, True):
        ends = record.bounds(every_open=every_open)
        assert ends is None or 0 <= ends[0] <= ends[1] <= 1

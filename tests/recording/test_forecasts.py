"""Forecasts and withdrawals: what is recorded once, what is a conflict, whose they are, and when they were made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from conftest import Clock, Refuses

from predictions import Catalog, Conflict, InvalidValue, Ledger, LedgerWarning, NotFound
from predictions.recording.enter import build, enter
from predictions.records import Claim, Forecast, Forecaster
from predictions.status import timing


@pytest.fixture
def rain(ledger: Ledger) -> str:
    return ledger.add("It rains in Lisbon on ten days", deadline="2026-06-30", opens_on="2026-01-01")


def forecasts(ledger: Ledger) -> list[tuple[str, float | None]]:
    return [(one.forecaster, one.probability) for one in ledger.snapshot().all(Forecast)]


def forecasters(ledger: Ledger) -> dict[str, str]:
    return {one.slug: one.title for one in ledger.snapshot().all(Forecaster)}


BAD_PROBABILITIES = [
    (True, ["True is not a probability", "0.72"]),
    (float("nan"), ["nan is not a probability"]),
    (float("inf"), ["inf is not a probability"]),
    (1.0000000000000002, ["runs from 0 to 1"]),
    (-0.01, ["runs from 0 to 1"]),
    (73, ["73 is not a probability; say 0.73 or 73%"]),
    ("0,5,5", ["'0,5,5' is not a probability; write it with a point, 0.72, or as 72%"]),
    ("likely", ["'likely' is not a probability; words=\"likely\" says it in words"]),
    ("٠.٥", ["is not a probability"]),
    ("½", ["is not a probability"]),
    ("", ["is not a probability"]),
    ("50", ["50 is not a probability; say 0.5 or 50%"]),
    (None, ["how likely? say a chance such as 35%, or words=, or low= and high="]),
    ([0.5], ["[0.5] is not a probability"]),
    ({"a": 0.3, "b": 0.3, "c": 0.3}, ["p= of several options or days goes with a choice or a date"]),
    (b"0.5", ["is not a probability"]),
    (10**400, ["a very large number"]),
    (np.bool_(True), ["is not a probability"]),
    (pd.NA, ["is not a probability"]),
    (pd.NaT, ["is not a probability"]),
]


@pytest.mark.parametrize(("value", "words"), BAD_PROBABILITIES, ids=range(len(BAD_PROBABILITIES)))
def test_a_bad_probability_is_one_sentence_and_nothing_is_written(
    ledger: Ledger, rain: str, refuses: Refuses, value: float, words: list[str]
) -> None:
    with refuses(*words, error=InvalidValue):
        ledger.forecast(rain, value)


@pytest.mark.parametrize("value", [0, 1, 0.0, 1.0, -0.0, np.float64(0.5)])
def test_certainty_and_floats_of_numpy_are_kept(ledger: Ledger, rain: str, value: float) -> None:
    kept = ledger.forecast(rain, value)

    assert str(kept.record.probability) == str(float(value) + 0.0)
    assert ledger.verify().ok


BAD_TIMES = [
    ("2026-01-01T00:00:00", ["offset"]),
    (datetime(2026, 1, 1), ["offset"]),
    ("01/02/2026", ["01/02/2026"]),
    ("now", ["now"]),
    ("", ["''"]),
    (1767225600, ["1767225600"]),
    ("1767225600", ["1767225600"]),
    (1767225600.5, ["1767225600.5"]),
    (True, ["True"]),
    ("2025-12-31T23:59:60Z", ["leap second"]),
    ("2026-02-30", ["2026-02-30"]),
    ("2026-02-30T00:00Z", ["calendar"]),
    ("2026-01-01T00:00:00+25:00", ["2026-01-01T00:00:00+25:00"]),
    ("0000-01-01T00:00:00Z", ["0000"]),
    ("10000-01-01T00:00:00Z", ["10000"]),
    ("2026-01-01T00:00:00.123456789Z", ["finer than a microsecond"]),
    ("2026-01-02", ["a whole day means its end", "2026-01-02 is not over"]),
    (date(2026, 1, 2), ["a whole day means its end"]),
    ("2026-01-02T09:02Z", ["made_at 2026-01-02T09:02Z lies in the future"]),
    ("2026-01-02T09:06Z", ["made_at 2026-01-02T09:06Z lies in the future"]),
    ("2026-01-03", ["lies in the future"]),
    ("2030-01-01T00:00Z", ["lies in the future"]),
    (b"2026-01-01", ["b'2026-01-01'"]),
    (pd.NaT, ["NaT"]),
    (pd.Timestamp("2026-01-01T00:00:00.123456789Z"), ["finer than a microsecond"]),
    (np.datetime64("2026-01-01"), ["2026-01-01"]),
]


@pytest.mark.parametrize(("made_at", "words"), BAD_TIMES, ids=range(len(BAD_TIMES)))
def test_a_bad_time_is_one_sentence_and_nothing_is_written(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, made_at: str, words: list[str]
) -> None:
    clock.set("2026-01-02")

    with refuses(*words, error=InvalidValue):
        ledger.forecast(rain, 0.5, made_at=made_at)


@pytest.mark.parametrize(
    ("made_at", "kept"),
    [
        ("2026-01-01", "2026-01-01T23:59:59.999999+00:00"),
        (date(2026, 1, 1), "2026-01-01T23:59:59.999999+00:00"),
        ("2026-01-01T10:00:00.5Z", "2026-01-01T10:00:00.500000+00:00"),
        ("2026-01-01T10:00+02:00", "2026-01-01T08:00:00+00:00"),
        (datetime(2026, 1, 1, 10, tzinfo=timezone(timedelta(hours=-1))), "2026-01-01T11:00:00+00:00"),
        (pd.Timestamp("2026-01-01T10:00Z"), "2026-01-01T10:00:00+00:00"),
    ],
)
def test_a_time_is_a_moment_or_the_end_of_a_day_and_never_ahead(
    ledger: Ledger, clock: Clock, rain: str, made_at: str, kept: str
) -> None:
    clock.set("2026-01-02")

    assert ledger.forecast(rain, 0.5, made_at=made_at).record.made_at.isoformat() == kept


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("it-hals", ["no claim 'it-hals' in this ledger", "did you mean 'it-hails'?"]),
        ("it", ["'it' begins two claims: it-hails, "]),
        ("snow", ["no claim 'snow' in this ledger"]),
        ("", ["no claim ''"]),
        (None, ["no claim None in this ledger"]),
        (5, ["no claim 5 in this ledger"]),
        (["it-rains"], ["no claim [", "in this ledger"]),
        ("IT-RAINS", ["no claim 'IT-RAINS'"]),
        ("'; drop table claim; --", ["no claim"]),
    ],
)
def test_an_unknown_claim_is_refused_with_what_is_near(
    ledger: Ledger, rain: str, refuses: Refuses, claim: str, words: list[str]
) -> None:
    ledger.add("It hails in Lisbon", deadline="2026-06-30", slug="it-hails")

    with refuses(*words):
        ledger.forecast(claim, 0.5)


def test_the_beginning_of_one_slug_alone_stands_for_it(ledger: Ledger, rain: str) -> None:
    assert ledger.forecast("it-r", 0.5).record.claim == rain


def test_the_same_again_is_no_second_forecast(ledger: Ledger, clock: Clock, rain: str) -> None:
    first = ledger.forecast(rain, 0.3, note="dry so far")
    head = ledger.head()
    clock.set("2026-02-01")

    again = ledger.forecast(rain, 0.3, note="dry so far")

    assert again.record == first.record
    assert (ledger.head(), again.wrote) == (head, 0)


def test_another_number_replaces_it(ledger: Ledger, clock: Clock, rain: str) -> None:
    ledger.forecast(rain, 0.3)
    clock.set("2026-02-01")

    ledger.forecast(rain, 0.4)

    assert forecasts(ledger) == [("ana", 0.3), ("ana", 0.4)]


def test_another_reason_for_the_same_number_is_another_forecast(ledger: Ledger, rain: str) -> None:
    ledger.forecast(rain, 0.3, note="a hunch")

    ledger.forecast(rain, 0.3, note="the almanac")

    assert forecasts(ledger) == [("ana", 0.3), ("ana", 0.3)]


def test_one_that_repeats_an_earlier_one_names_both_and_the_two_ways_out(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses
) -> None:
    ledger.forecast(rain, 0.3)
    clock.set("2026-02-01")
    ledger.forecast(rain, 0.4)

    with refuses(
        "you said 0.30 on 2026-01-01 and 0.40 since; say again=True if you mean it anew, or made_at= the day",
        error=Conflict,
    ):  # fmt: skip
        ledger.forecast(rain, 0.3)


def test_the_two_ways_out_of_a_repeat(ledger: Ledger, clock: Clock, rain: str) -> None:
    first = ledger.forecast(rain, 0.3)
    ledger.forecast(rain, 0.4)
    clock.set("2026-02-01")

    same = ledger.forecast(rain, 0.3, made_at=first.record.made_at)
    anew = ledger.forecast(rain, 0.3, again=True)

    assert (same, anew.record.made_at.date()) == (first, date(2026, 2, 1))
    assert forecasts(ledger) == [("ana", 0.3), ("ana", 0.4), ("ana", 0.3)]


def test_another_number_for_the_same_moment_needs_a_reason(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    ledger.forecast(rain, 0.3, made_at="2025-12-31")

    told = f'ledger.forecast("{rain}", 0.4, by="ana", made_at="2025-12-31", reason="...")'
    with refuses("ana said 0.3 of", "now 0.4; to replace it: ", told, error=Conflict):
        ledger.forecast(rain, 0.4, made_at="2025-12-31")

    assert ledger.forecast(rain, 0.4, made_at="2025-12-31", reason="mistyped").record.revision == 2


def test_a_correction_made_before_is_not_made_twice(ledger: Ledger, rain: str) -> None:
    ledger.forecast(rain, 0.3, made_at="2025-12-31")
    ledger.forecast(rain, 0.4, made_at="2025-12-31", reason="mistyped")
    head = ledger.head()

    with pytest.warns(LedgerWarning, match="was recorded so before and since corrected"):
        ledger.forecast(rain, 0.3, made_at="2025-12-31")
    ledger.forecast(rain, 0.4, made_at="2025-12-31", reason="mistyped")

    assert ledger.head() == head


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"low": 0.2}, ["a range has two ends; say high= too"]),
        ({"high": 0.2}, ["a range has two ends; say low= too"]),
        ({"p": 0.5, "low": 0.2}, ["a range has two ends; say high= too"]),
        ({"low": 0.4, "high": 0.2}, ["upside down"]),
        ({"p": 0.9, "low": 0.2, "high": 0.4}, ["0.9 lies outside its range, 0.2 to 0.4"]),
        ({"p": 0.5, "words": "likely"}, ["a number or words, not both: 50% was said (p=) or is read from 'likely'"]),
        ({"words": "could"}, ["'could' is on no scale", 'say what you take it for: low="20%", high="60%"']),
        ({"words": "likely", "scale": "ipcc", "low": 0.2, "high": 0.4}, ["read on scale=ipcc, or from low= to high="]),
        ({"words": "likely", "scale": "as-read"}, ["say from where to where"]),
        ({"quantiles": {0.1: 2}}, ["is yes or no; quantiles= go with a number"]),
        ({"words": "likely", "scale": "no-scale"}, ["no-scale"]),
        ({"words": "blue", "scale": "ipcc"}, ["blue"]),
        ({"p": 0.5, "scale": "ipcc"}, ["scale=ipcc goes with words="]),
        ({"p": 0.5, "because": "nothing"}, ["no evidence 'nothing'"]),
        ({"p": 0.5, "because": [None]}, ["no evidence None in this ledger"]),
        ({"p": 0.5, "because": 5}, ["because: 5 is neither a slug nor a list"]),
        ({"p": 0.5, "because": b"x"}, ["because:"]),
        ({"p": 0.5, "published_in": "nowhere"}, ["no source or evidence 'nowhere'"]),
        ({"p": 0.5, "note": "  "}, ["note:", "empty text"]),
        ({"p": 0.5, "note": 5}, ["note: 5 is not text"]),
    ],
)
def test_a_forecast_says_one_thing(
    ledger: Ledger, rain: str, refuses: Refuses, said: dict[str, object], words: list[str]
) -> None:
    with refuses(*words):
        ledger.forecast(rain, **said)  # type: ignore[arg-type]  # what a person may type


def test_no_reason_at_all_is_no_reason(ledger: Ledger, rain: str) -> None:
    kept = ledger.forecast(rain, 0.5, because=None)  # type: ignore[arg-type]  # a form that was left empty

    assert kept.record.because == ()


def test_words_are_read_on_a_named_scale_and_marked(ledger: Ledger, rain: str) -> None:
    kept = ledger.forecast(rain, words="likely", scale="ipcc")

    assert kept.record.imputed
    assert kept.record.low is not None
    assert kept.record.low < (kept.record.probability or 0) < (kept.record.high or 0)


def test_a_range_alone_has_its_middle_and_is_marked(ledger: Ledger, rain: str) -> None:
    kept = ledger.forecast(rain, low=0.2, high=0.4)

    assert (kept.record.imputed, kept.record.point) == (True, pytest.approx(0.3))


# -- withdrawals ----------------------------------------------------------------------------------------------


def test_a_withdrawal_ends_what_stood_and_stays_on_file(ledger: Ledger, rain: str) -> None:
    ledger.forecast(rain, 0.3)

    kept = ledger.withdraw(rain, note="conflict of interest")

    assert kept.record.withdrawn
    assert kept.record.point is None
    assert ledger.board().groups[0].scored[0].forecasts == {}


def test_a_second_withdrawal_is_none(ledger: Ledger, rain: str) -> None:
    ledger.forecast(rain, 0.3)
    first = ledger.withdraw(rain)

    again = ledger.withdraw(rain)
    assert (again.record, again.wrote) == (first.record, 0)


def test_nothing_can_be_withdrawn_that_was_never_said(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    with refuses(f"ana has no forecast on {rain} to withdraw", error=NotFound):
        ledger.withdraw(rain)
    ledger.forecast(rain, 0.3)

    with refuses("no forecaster 'ben' in this ledger", error=NotFound):
        ledger.withdraw(rain, by="ben")
    with refuses("ana has no forecast", error=NotFound):
        ledger.withdraw(rain, made_at="2025-12-31")


def test_the_same_number_after_a_withdrawal_needs_to_be_said_anew(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    ledger.forecast(rain, 0.3)
    ledger.withdraw(rain)

    with refuses("and nothing (withdrawn) since", error=Conflict):
        ledger.forecast(rain, 0.3)

    assert ledger.forecast(rain, 0.3, again=True).record.probability == 0.3


# -- who ------------------------------------------------------------------------------------------------------


def test_whoever_holds_the_ledger_forecasts_unless_another_is_named(ledger: Ledger, rain: str) -> None:
    ledger.forecast(rain, 0.3)
    ledger.forecast(rain, 0.4, by="ben")

    assert forecasts(ledger) == [("ana", 0.3), ("ben", 0.4)]
    assert {one.recorded_by for one in ledger.snapshot().all(Forecast)} == {"ana"}


def test_somebody_must_forecast(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    ledger.me = None

    with refuses("say who forecasts", "by=", "PREDICTIONS_ME", error=InvalidValue):
        ledger.forecast(rain, 0.3)


@pytest.mark.parametrize(
    ("names", "known"),
    [
        (["Ana Silva", "ana-silva", "ANA SILVA", " Ana  Silva"], {"ana-silva": "Ana Silva"}),
        (["Zoë", "Zoe\u0308", "zoe"], {"zoe": "Zoë"}),
        (["Анна", "Борис", "анна"], {"forecaster": "Анна", "forecaster-2": "Борис"}),
        (["李雷", "韩梅梅", "李雷"], {"forecaster": "李雷", "forecaster-2": "韩梅梅"}),
        (["Łukasz", "ukasz"], {"ukasz": "Łukasz"}),
        (["Con"], {"con-2": "Con"}),
    ],
)
def test_a_name_is_one_forecaster_however_it_is_typed(
    ledger: Ledger, rain: str, names: list[str], known: dict[str, str]
) -> None:
    for number, name in enumerate(names, 1):
        ledger.forecast(rain, number / 10, by=name)

    assert forecasters(ledger) == known


def test_a_slug_of_any_length_is_its_own_name(ledger: Ledger, rain: str) -> None:
    name = "a-very-long-name-of-a-committee-that-forecasts-the-weather-daily"
    with ledger._desk() as desk:
        enter(desk, build(Forecaster, {"slug": name, "title": "Committee"}))

    assert ledger.forecast(rain, 0.3, by=name).record.forecaster == name
    assert ledger.forecast(rain, 0.4, by="committee").record.forecaster == name


def test_a_name_that_resembles_a_known_one_is_asked_about(ledger: Ledger, rain: str, refuses: Refuses) -> None:
    ledger.forecast(rain, 0.3)

    with refuses(
        'somebody new is recorded with kind="person"', "no forecaster 'anna'; did you mean 'ana'?", error=NotFound
    ):
        ledger.forecast(rain, 0.4, by="anna")

    assert ledger.forecast(rain, 0.4, by="anna", kind="person").record.forecaster == "anna"
    assert ledger.forecast(rain, 0.5, by="anna").record.forecaster == "anna"


@pytest.mark.parametrize("name", [5, b"ana", ["ana"], "  ", "two\nlines", "a\x1b[31m", "x" * 501])
def test_a_name_is_one_line_of_text(ledger: Ledger, rain: str, refuses: Refuses, name: str) -> None:
    with refuses("by:", error=InvalidValue):
        ledger.forecast(rain, 0.3, by=name)


# -- when -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resolve_first", "made_at", "words"),
    [
        (False, "2026-07-01T00:00Z", "ended 2026-06-30; this forecast is kept and never scored"),
        (True, "2026-03-02T00:00Z", "was public on 2026-03-01; this forecast is kept and never scored"),
    ],
)
def test_one_that_comes_too_late_is_kept_and_says_so(
    ledger: Ledger, clock: Clock, rain: str, resolve_first: bool, made_at: str, words: str
) -> None:
    clock.set("2026-07-02")
    if resolve_first:
        ledger.resolve(rain, "yes", known_on="2026-03-01", reason="ten wet days")

    with pytest.warns(LedgerWarning, match=words):
        ledger.forecast(rain, 0.9, made_at=made_at)
    ledger.forecast(rain, 0.9, made_at=made_at)  # said again it is a no-op, and silent

    assert forecasts(ledger) == [("ana", 0.9)]


def test_one_after_the_verdict_is_told_the_verdict(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-08-02")
    ledger.resolve(rain, "no")

    with pytest.warns(LedgerWarning, match="ended 2026-06-30, and it is resolved no; this forecast is kept"):
        ledger.forecast(rain, 0.9)


def test_the_last_verdict_says_when_the_answer_was_public_and_no_dissent(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    clock.set("2026-07-30")
    ledger.resolve(rain, "yes", known_on="2026-03-01", reason="ten wet days")
    ledger.resolve(rain, "no", known_on="2026-07-01", reason="nine of them", dissent=True)
    ledger.resolve(rain, "yes", known_on="2026-03-05", reason="it was on the radio")

    ledger.forecast(rain, 0.9, made_at="2026-03-03T09:00Z")
    with pytest.warns(LedgerWarning, match="by the day, so a forecast counts from the next one, and on 2026-03-05 how"):
        ledger.forecast(rain, 0.95, made_at="2026-03-05T09:00Z")


@pytest.mark.parametrize("made_at", ["2026-06-29T23:59:59.999999Z", "2026-06-29"])
def test_told_by_the_day_the_last_moment_before_the_last_day_is_not_too_late(
    ledger: Ledger, clock: Clock, rain: str, made_at: str
) -> None:
    clock.set("2026-07-02")

    assert ledger.forecast(rain, 0.9, made_at=made_at).record.probability == 0.9


@pytest.mark.parametrize("made_at", ["2026-06-30T00:00Z", "2026-06-30T23:59:59.999999Z", "2026-06-30"])
def test_told_by_the_day_one_of_the_last_day_is_too_late(ledger: Ledger, clock: Clock, rain: str, made_at: str) -> None:
    clock.set("2026-07-02")

    with pytest.warns(LedgerWarning, match="on 2026-06-30 its window ended; this forecast is kept and never scored"):
        ledger.forecast(rain, 0.9, made_at=made_at)


def test_told_by_the_moment_the_last_one_before_closing_is_not_too_late(ledger: Ledger, clock: Clock) -> None:
    snow = ledger.add("It snows in Lisbon", deadline="2026-06-30", closes_at="2026-06-30T12:00Z")
    clock.set("2026-07-02")

    assert ledger.forecast(snow, 0.9, made_at="2026-06-30T11:59:59.999999Z").record.probability == 0.9
    with pytest.warns(LedgerWarning, match="closed at"):
        ledger.forecast(snow, 0.8, made_at="2026-06-30T12:00Z")


def test_a_probability_for_a_tree_is_kept_as_for_any_claim(ledger: Ledger, rain: str) -> None:
    with ledger._desk() as desk:
        standing = desk.store.standing(Claim)[0]
        fields = {"slug": "tree", "type": "all-of", "parts": (rain,), "scored": False}
        enter(desk, build(Claim, {**dict(standing), **fields}))

    assert ledger.forecast("tree", 0.2).record.probability == 0.2


def test_evidence_that_was_taken_back_may_be_cited_and_vouches_for_no_time(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    link = "https://example.org/almanac"
    ledger.log_evidence(rain, link, "An almanac", slug="almanac", published="2025-12-30")
    said = ledger.forecast(rain, 0.3, made_at="2025-12-30", because="almanac", published_in="almanac").record
    before = timing(ledger.snapshot(), said)

    ledger.retract("almanac", reason="a forgery")

    assert (before, timing(ledger.snapshot(), said)) == ("published", "backdated")
    assert ledger.forecast(rain, 0.4, because="almanac").record.because == ("almanac",)


def test_what_is_cited_twice_is_cited_once_in_order(ledger: Ledger, rain: str) -> None:
    for slug in ("b", "a"):
        ledger.log_evidence(rain, f"https://example.org/{slug}", slug, slug=slug)

    assert ledger.forecast(rain, 0.3, because=["b", "a", "b"]).record.because == ("a", "b")


def test_the_ledger_sets_when_it_learned_and_nobody_else_does(ledger: Ledger, clock: Clock, rain: str) -> None:
    clock.set("2026-03-01T12:00Z")
    ledger.forecast(rain, 0.3, made_at="2026-02-01T00:00Z")

    [kept] = ledger.snapshot().recorded(Forecast)

    assert datetime(2026, 3, 1, 12, tzinfo=UTC) <= kept.recorded_at < datetime(2026, 3, 1, 12, 1, tzinfo=UTC)


def test_a_claim_may_be_added_with_a_forecast_by_somebody_whose_name_resembles_another(
    ledger: Ledger, rain: str, refuses: Refuses
) -> None:
    ledger.forecast(rain, 0.3)
    ledger.me = "anna"

    with refuses(
        "no forecaster 'anna'; did you mean 'ana'?", 'somebody new is recorded with kind="person"', error=NotFound
    ):
        ledger.add("It hails", deadline="2026-06-30", p=0.2)

    ledger.add("It hails", deadline="2026-06-30")
    ledger.forecast("it-hails", 0.2, kind="person")
    assert [one.forecaster for one, _ in ledger.claim("it-hails").forecasts] == ["anna"]


def test_nobody_new_is_offered_a_withdrawal(ledger: Ledger, rain: str) -> None:
    ledger.forecast(rain, 0.3)

    with pytest.raises(NotFound, match=r"did you mean 'ana'\?$"):
        ledger.withdraw(rain, by="anna")


def test_a_forecaster_is_found_without_the_names_of_all(ledger: Ledger, rain: str) -> None:
    ledger.register(Catalog(tuple(Forecaster(slug=f"by-{number}", title="Ann") for number in range(3))))
    asked: list[str] = []
    ledger._journal.connection.set_trace_callback(asked.append)
    assert ledger.forecast(rain, 0.5, by="by-1").record.forecaster == "by-1"
    assert not [query for query in asked if query.startswith("select slug, title from main.forecaster")]
    assert ledger.forecast(rain, 0.6, by="Ann").record.forecaster == "by-0"  # the first of that name
    assert [query for query in asked if query.startswith("select slug, title from main.forecaster")]

"""What each kind of record may say together, and what follows from it; every refusal is one sentence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import (
    ANA,
    CAPTAINS,
    CATCH,
    CHOSEN,
    CURVE,
    DATED,
    EVERYTHING,
    HELM,
    IMPORTED,
    LANDING,
    MEASURED,
    MERGED,
    MODEL,
    READ_OFF,
    SAID,
    SHARED,
    STRATEGIES,
    TREE,
    VERDICT,
    WITHDRAWN,
)  # fmt: skip
from pydantic import ValidationError

from predictions.enums import Outcome
from predictions.records import (
    RECORDS,
    Bearing,
    Claim,
    Condition,
    DayChance,
    Forecast,
    Part,
    Point,
    Record,
    Resolution,
    Share,
)  # fmt: skip

YES_NO = Claim(
    slug="rain", statement="s", reading="own", title="Rain", wording="It rains", criteria="Any rain",
    opens_on="2026-01-01", deadline="2026-12-31",
)  # fmt: skip
SCALE = {"words": "perhaps", "scale": "some-scale"}


SWELL = Claim(
    slug="swell", statement="moves", reading="swell", title="How high", wording="How high is the swell?",
    criteria="By the log", type="ordered", options=("low", "middling", "high"), opens_on="2026-02-01",
    deadline="2026-02-28",
)  # fmt: skip
ONE_THING = "say a probability, shares, points or days, and only one of them"
RISING = "points and days rise, and the chances at them do not fall"


def share(option: str, part: float) -> dict[str, object]:
    return {"option": option, "share": part}


def at(value: float, chance: float) -> dict[str, object]:
    return {"at": value, "chance": chance}


def by(day: str, chance: float) -> dict[str, object]:
    return {"day": day, "chance": chance}


def changed(record: Record, **changes: object) -> Record:
    """The record with other fields, checked as a new one is."""
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    return type(record).model_validate({**fields, **changes})


@pytest.mark.parametrize(
    ("record", "changes", "words"),
    [
        (YES_NO, {"deadline": "2025-12-31"}, "the window ends 2025-12-31, before it opens 2026-01-01"),
        (YES_NO, {"at_least": 1}, "at_least=1 is of a claim of type events, and this is yes-no"),
        (CAPTAINS, {"at_least": None}, "a claim of type events says how many it takes: at_least=1 or more"),
        (CAPTAINS, {"at_least": 0}, "a claim of type events says how many it takes: at_least=1 or more, not 0"),
        (YES_NO, {"conditions": CAPTAINS.conditions}, "only a claim of type events has conditions and sourcing"),
        (YES_NO, {"sourcing": "any"}, "only a claim of type events has conditions and sourcing"),
        (YES_NO, {"parts": ("storm",)}, "a claim of type all-of or any-of, and no other, names its parts"),
        (TREE, {"parts": ()}, "a claim of type all-of or any-of, and no other, names its parts"),
        (TREE, {"type": "all-of", "parts": ()}, "a claim of type all-of or any-of, and no other, names its parts"),
        (TREE, {"parts": ("storm", "storm")}, "the part 'storm' is named twice"),
        (
            CAPTAINS,
            {"conditions": CAPTAINS.conditions[:1] * 2},
            f"the condition {CAPTAINS.conditions[0].name!r} is named twice",
        ),
        (TREE, {"parts": ("storm", "tree")}, "a claim cannot refer to itself"),
        (YES_NO, {"given": "rain"}, "a claim cannot refer to itself"),
        (YES_NO, {"supersedes": "rain"}, "a claim cannot refer to itself"),
        (
            Bearing(claim="rain", evidence="drop", bears="supports"),
            {"meets": ("wet",)},
            "conditions are met by an event; name it",
        ),
        (WITHDRAWN, {"probability": 0.5}, "a withdrawal carries no probability"),
        (WITHDRAWN, {"low": 0.1}, "a withdrawal carries no probability"),
        (WITHDRAWN, {"high": 0.1}, "a withdrawal carries no probability"),
        (WITHDRAWN, SCALE, "a withdrawal carries no probability"),
        (SAID, {"probability": None}, "say a probability, or both a low and a high one"),
        (SAID, {"probability": None, "low": 0.1}, "a range has two ends; say high= too"),
        (SAID, {"probability": None, "high": 0.1}, "a range has two ends; say low= too"),
        (SAID, {"low": 0.1}, "a range has two ends; say high= too"),
        (SAID, {"high": 0.9}, "a range has two ends; say low= too"),
        (SAID, {"low": 0.3, "high": 0.9}, "the chance 0.25 lies outside its range, 0.3 to 0.9"),
        (SAID, {"low": 0.1, "high": 0.2}, "the chance 0.25 lies outside its range, 0.1 to 0.2"),
        (SAID, {"probability": None, "low": 0.9, "high": 0.1}, "the range 0.9 to 0.1 is upside down"),
        (SAID, {"words": "perhaps"}, "an imputed forecast names both the words and the scale they were read on"),
        (SAID, {"scale": "some-scale"}, "an imputed forecast names both the words and the scale they were read on"),
        (
            YES_NO,
            {"options": ("a", "b")},
            "a claim of type choice or ordered, and no other, names its options, at least",
        ),
        (HELM, {"options": ("a",)}, "'a' is one option; name at least two"),
        (HELM, {"options": ()}, "a claim of type choice or ordered, and no other, names its options, at least two"),
        (
            SWELL,
            {"options": ("low",)},
            "'low' is one option; name at least two",
        ),
        (HELM, {"options": ("a", "b", "a")}, "the option 'a' is named twice"),
        (YES_NO, {"unit": "ships"}, "only a claim of type number has a unit, a range (low, high) and a scale"),
        (HELM, {"low": 1}, "only a claim of type number has a unit, a range (low, high) and a scale"),
        (LANDING, {"high": 0}, "only a claim of type number has a unit, a range (low, high) and a scale"),
        (YES_NO, {"scale": "linear"}, "only a claim of type number has a unit, a range (low, high) and a scale"),
        (CATCH, {"unit": None}, "a claim of type number names its unit and the range that is scored: low and high"),
        (CATCH, {"low": None}, "a claim of type number names its unit and the range that is scored: low and high"),
        (CATCH, {"high": None}, "a claim of type number names its unit and the range that is scored: low and high"),
        (CATCH, {"low": 9, "high": 9}, "9 to 9 does not rise; the low end goes first"),
        (CATCH, {"low": 2000, "high": 1200}, "2000 to 1200 does not rise; the low end goes first"),
        (CATCH, {"low": 0}, "a log axis begins above 0, not at 0"),
        (CATCH, {"low": -1}, "a log axis begins above 0, not at -1"),
        (CATCH, {"at_least": 1}, "at_least=1 is of a claim of type events, and this is number"),
        (LANDING, {"parts": ("storm",)}, "a claim of type all-of or any-of, and no other, names its parts"),
        (
            YES_NO,
            {"closes_at": "2026-01-01T00:00:00Z"},
            "closes_at 2026-01-01 00:00:00Z lies outside the window, 2026-01-01 to 2026-12-31",
        ),
        (YES_NO, {"closes_at": "2027-01-01T00:00:00.000001Z"}, "lies outside the window, 2026-01-01 to 2026-12-31"),
        (ANA, {"cutoff_on": "2025-12-31"}, "cutoff_on, the last day that its training knows, belongs to a model"),
        (SAID, {"shares": SHARED.shares}, ONE_THING),
        (SAID, {"points": CURVE.points}, ONE_THING),
        (DATED, {"low": 0.1, "high": 0.2}, ONE_THING),
        (CURVE, {"days": DATED.days}, ONE_THING),
        (SHARED, SCALE, "words stand for a probability, not for shares, points or days"),
        (DATED, {"days": ()}, "say a probability, or both a low and a high one"),
        (WITHDRAWN, {"shares": SHARED.shares}, "a withdrawal carries no probability"),
        (WITHDRAWN, {"points": CURVE.points}, "a withdrawal carries no probability"),
        (WITHDRAWN, {"days": DATED.days}, "a withdrawal carries no probability"),
        (SHARED, {"shares": (share("a", 0.5), share("b", 0.4))}, "the shares sum to 0.9, not 1"),
        (SHARED, {"shares": (share("a", 0.5), share("b", 0.500001))}, "the shares sum to 1.000001, not 1"),
        (SHARED, {"shares": (share("a", 0.5), share("a", 0.5))}, "an option has two shares"),
        (CURVE, {"points": (at(1, 0.1), at(1, 0.2))}, RISING),
        (CURVE, {"points": (at(2, 0.1), at(1, 0.2))}, RISING),
        (CURVE, {"points": (at(1, 0.2), at(2, 0.1))}, RISING),
        (DATED, {"days": (by("2026-06-30", 0.1), by("2026-06-30", 0.2))}, RISING),
        (DATED, {"days": (by("2026-07-01", 0.1), by("2026-06-30", 0.2))}, RISING),
        (DATED, {"days": (by("2026-06-30", 0.2), by("2026-07-01", 0.1))}, RISING),
        (CHOSEN, {"option": None}, "an outcome of option names it, and no other does"),
        (VERDICT, {"option": "cook"}, "an outcome of option names it, and no other does"),
        (MEASURED, {"value": None}, "an outcome of value gives it, and no other does"),
        (VERDICT, {"value": 3}, "an outcome of value gives it, and no other does"),
        (CHOSEN, {"known_on": "2026-03-03"}, "known_at 2026-03-02 10:30:00Z is not on the day of known_on 2026-03-03"),
        (
            CHOSEN,
            {"happened_on": "2026-03-01"},
            "happened_on is the day on which a yes happened; the day on which an option became public is known_on",
        ),
        (VERDICT, {"fraction": None}, "an outcome between no and yes is a fraction, and only that carries a number"),
        (VERDICT, {"outcome": "yes"}, "an outcome between no and yes is a fraction, and only that carries a number"),
        (VERDICT, {"fraction": 0}, "0.0 is not a fraction between 0 and 1; say yes or no for the ends"),
        (VERDICT, {"fraction": 1}, "1.0 is not a fraction between 0 and 1; say yes or no for the ends"),
        (VERDICT, {"outcome": "no", "fraction": None}, "the day on which a no became public is known_on"),
        (VERDICT, {"happened_on": "2026-03-03"}, "known on 2026-03-02, before it happened on 2026-03-03"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_sentence(
    record: Record, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        changed(record, **changes)

    (error,) = refusal.value.errors()
    assert words in error["msg"]


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        (SAID, {"low": 0.25, "high": 0.25}),
        (SAID, {"probability": None, "low": 0.5, "high": 0.5}),
        (SAID, {"withdrawn": False}),
        (SAID, {"probability": 0}),
        (SAID, {"probability": 1}),
        (VERDICT, {"known_on": "2026-03-01"}),
        (VERDICT, {"happened_on": None}),
        (YES_NO, {"deadline": "2026-01-01"}),
        (YES_NO, {"settle_days": 0}),
        (YES_NO, {"closes_at": "2026-01-01T00:00:00.000001Z"}),
        (YES_NO, {"closes_at": "2027-01-01T00:00:00Z"}),
        (YES_NO, {"cluster": "rain"}),
        (SWELL, {"options": ("low", "high")}),
        (CATCH, {"scale": None, "low": -1}),
        (CATCH, {"scale": "linear", "low": 0}),
        (MODEL, {"cutoff_on": None}),
        (SHARED, {"shares": (share("a", 1 / 3), share("b", 1 / 3), share("c", 1 / 3))}),
        (SHARED, {"shares": (share("a", 1), share("b", 0))}),
        (CURVE, {"points": (at(1, 0), at(2, 0), at(3, 1))}),
        (DATED, {"days": (by("2026-06-30", 0.1),)}),
        (MEASURED, {"value": -0.0}),
        (CHOSEN, {"known_at": "2026-03-02T00:00:00Z"}),
    ],
)
def test_what_lies_on_the_edge_is_allowed(record: Record, changes: dict[str, object]) -> None:
    kept = changed(record, **changes)

    assert kept != record


@pytest.mark.parametrize("record", [*EVERYTHING, IMPORTED, MERGED], ids=lambda record: f"{record.noun} {record.name}")
def test_no_record_takes_an_unknown_field_or_can_be_changed(record: Record) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        changed(record, more=1)
    with pytest.raises(ValidationError, match="Instance is frozen"):
        record.revision = 5


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.noun)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_a_record_built_from_its_own_fields_is_the_same(cls: type[Record], data: st.DataObject) -> None:
    record = data.draw(STRATEGIES[cls])

    assert changed(record) == record
    assert cls.model_validate(record.model_dump()) == record
    assert all(getattr(record, field) is not None for field in cls.key)


def test_sets_are_kept_sorted_and_lists_in_their_order() -> None:
    claim = changed(CAPTAINS, tags=("b", "a", "b"), conditions=CAPTAINS.conditions[::-1])

    assert claim.tags == ("a", "b")
    assert [condition.name for condition in claim.conditions] == ["ship", "rank"]
    assert changed(SAID, because=("z", "y")).because == ("y", "z")
    assert changed(TREE, parts=("z", "y")).parts == ("z", "y")


def test_a_record_is_called_by_its_key() -> None:
    assert CAPTAINS.name == "captains"
    assert VERDICT.name == "storm 1"
    assert SAID.name == "captains ana 2026-02-20 08:00:00.000001+00:00"
    assert IMPORTED.name == "1"
    assert MERGED.name == "41:0123456789ab"


@pytest.mark.parametrize(
    ("changes", "point", "imputed"),
    [
        ({"probability": 0.25}, 0.25, False),
        ({"probability": None, "low": 0.2, "high": 0.4}, 0.3, True),
        ({"probability": 0.25, "low": 0.2, "high": 0.4}, 0.25, False),
        ({"probability": 0.25, **SCALE}, 0.25, True),
        ({"probability": None, "withdrawn": True}, None, False),
    ],
)
def test_the_point_of_a_forecast_and_whether_it_is_ours(
    changes: dict[str, object], point: float | None, imputed: bool
) -> None:
    forecast = changed(SAID, **changes)

    assert forecast.point == point
    assert forecast.imputed is imputed


def test_words_read_on_a_scale_are_imputed() -> None:
    assert isinstance(READ_OFF, Forecast)
    assert READ_OFF.imputed


@pytest.mark.parametrize(
    ("outcome", "fraction", "value", "said"),
    [("yes", None, 1.0, "yes"), ("no", None, 0.0, "no"), ("fraction", 0.4, 0.4, "0.4"),
     ("ambiguous", None, None, "ambiguous"), ("annulled", None, None, "annulled")],
)  # fmt: skip
def test_the_outcome_as_a_number_and_as_a_word(
    outcome: str, fraction: float | None, value: float | None, said: str
) -> None:
    verdict = Resolution(claim="rain", number=1, outcome=outcome, fraction=fraction, known_on="2027-01-01")

    assert verdict.truth == value
    assert verdict.said == said
    assert verdict.outcome is Outcome(outcome)


def test_an_option_and_a_value_are_said_as_they_are_and_are_no_number_from_0_to_1() -> None:
    assert (CHOSEN.said, CHOSEN.truth) == ("cook", None)
    assert (MEASURED.said, MEASURED.truth) == ("1234567.5", None)


@pytest.mark.parametrize("record", [SHARED, CURVE, DATED], ids=["shares", "points", "days"])
def test_a_distribution_has_no_point_and_is_stated(record: Forecast) -> None:
    assert record.point is None
    assert not record.imputed


@pytest.mark.parametrize(
    ("cls", "fields", "words"),
    [
        (Share, share("A", 0.5), "'A' is not a slug"),
        (Share, share("a", 1.5), "is not a probability, which runs from 0 to 1"),
        (Point, at(float("nan"), 0.5), "nan is not a finite number"),
        (Point, at(1, 70), "say 0.7 or 70%"),
        (DayChance, by("2026", 0.5), "'2026' is more than one day"),
        (DayChance, {**by("2026-01-01", 0.5), "more": 1}, "Extra inputs are not permitted"),
        (Condition, {"name": "rank"}, "Field required"),
    ],
)
def test_an_item_of_a_list_is_checked_as_a_field_is(cls: type[Part], fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        cls.model_validate(fields)


def test_a_record_shows_itself_without_what_was_left_out():
    said = {"claim": "rain", "forecaster": "ana", "made_at": "2026-01-01T09:00Z", "probability": 0.55}
    forecast = Forecast(**said, recorded_by="ana")

    shown = repr(forecast)

    assert shown == (
        "Forecast(claim='rain', forecaster='ana', made_at='2026-01-01 09:00:00+00:00', probability=0.55, "
        "recorded_by='ana')"
    )

"""What each kind of record may say together, and what follows from it; every refusal is one sentence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import CAPTAINS, EVERYTHING, IMPORTED, MERGED, READ_OFF, SAID, STRATEGIES, TREE, VERDICT, WITHDRAWN
from pydantic import ValidationError

from predictions.kinds import Outcome
from predictions.records import RECORDS, Bearing, Claim, Forecast, Record, Resolution

YES_NO = Claim(
    slug="rain", statement="s", reading="own", title="Rain", wording="It rains", criteria="Any rain",
    opens_on="2026-01-01", resolves_by="2026-12-31",
)  # fmt: skip
SCALE = {"words": "perhaps", "scale": "some-scale"}


def changed(record: Record, **changes: object) -> Record:
    """The record with other fields, checked as a new one is."""
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    return type(record).model_validate({**fields, **changes})


@pytest.mark.parametrize(
    ("record", "changes", "words"),
    [
        (YES_NO, {"resolves_by": "2025-12-31"}, "the window ends 2025-12-31, before it opens 2026-01-01"),
        (YES_NO, {"at_least": 1}, "a claim of kind events, and no other, says at_least, from 1"),
        (CAPTAINS, {"at_least": None}, "a claim of kind events, and no other, says at_least, from 1"),
        (CAPTAINS, {"at_least": 0}, "a claim of kind events, and no other, says at_least, from 1"),
        (YES_NO, {"conditions": CAPTAINS.conditions}, "only a claim of kind events has conditions and sourcing"),
        (YES_NO, {"sourcing": "any"}, "only a claim of kind events has conditions and sourcing"),
        (YES_NO, {"parts": ("storm",)}, "a claim of kind all-of or any-of, and no other, names its parts"),
        (TREE, {"parts": ()}, "a claim of kind all-of or any-of, and no other, names its parts"),
        (TREE, {"kind": "all-of", "parts": ()}, "a claim of kind all-of or any-of, and no other, names its parts"),
        (TREE, {"parts": ("storm", "storm")}, "a condition or part is named twice"),
        (CAPTAINS, {"conditions": CAPTAINS.conditions[:1] * 2}, "a condition or part is named twice"),
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
        (SAID, {"probability": None, "low": 0.1}, "say a probability, or both a low and a high one"),
        (SAID, {"probability": None, "high": 0.1}, "say a probability, or both a low and a high one"),
        (SAID, {"low": 0.1}, "a range needs both its low and its high end"),
        (SAID, {"high": 0.9}, "a range needs both its low and its high end"),
        (SAID, {"low": 0.3, "high": 0.9}, "the range 0.3 to 0.9 is upside down or leaves its point out"),
        (SAID, {"low": 0.1, "high": 0.2}, "the range 0.1 to 0.2 is upside down or leaves its point out"),
        (SAID, {"probability": None, "low": 0.9, "high": 0.1}, "the range 0.9 to 0.1 is upside down"),
        (SAID, {"words": "perhaps"}, "an imputed forecast names both the words and the scale they were read on"),
        (SAID, {"scale": "some-scale"}, "an imputed forecast names both the words and the scale they were read on"),
        (VERDICT, {"fraction": None}, "an outcome between no and yes is a fraction, and only that carries a number"),
        (VERDICT, {"outcome": "yes"}, "an outcome between no and yes is a fraction, and only that carries a number"),
        (VERDICT, {"fraction": 0}, "0.0 is not a fraction between 0 and 1; say yes or no for the ends"),
        (VERDICT, {"fraction": 1}, "1.0 is not a fraction between 0 and 1; say yes or no for the ends"),
        (VERDICT, {"outcome": "no", "fraction": None}, "nothing happened for a verdict of no; leave happened_on out"),
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
        (YES_NO, {"resolves_by": "2026-01-01"}),
        (YES_NO, {"settle_days": 0}),
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
        ({"probability": None, "low": 0.2, "high": 0.4}, 0.30000000000000004, True),
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

    assert verdict.value == value
    assert verdict.said == said
    assert verdict.outcome is Outcome(outcome)


def test_a_record_shows_itself_without_what_was_left_out():
    said = {"claim": "rain", "forecaster": "ana", "made_at": "2026-01-01T09:00Z", "probability": 0.55}
    forecast = Forecast(**said, recorded_by="ana")

    shown = repr(forecast)

    assert shown == (
        "Forecast(claim='rain', forecaster='ana', made_at='2026-01-01 09:00:00+00:00', probability=0.55, "
        "recorded_by='ana')"
    )

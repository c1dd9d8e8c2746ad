"""Records laid out by column have the fields, the bytes and the doubts that they have one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import EVERYTHING, HOSTILE, STRATEGIES

from predictions.dates import EMPTY_CELLS
from predictions.errors import InvalidValue
from predictions.recording.days_ahead import check_not_ahead, surely_past
from predictions.records import Claim, Event, Evidence, Record, Resolution, Source
from predictions.storage.batch import Batch, batches_of, hashed_fields
from predictions.storage.canonical import canonical, encode, encode_columns

NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)
VALUES = st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, -0.0, 1.0, 0.25]) | st.text(max_size=3)

COLUMNS = st.lists(st.none() | VALUES | st.lists(VALUES), min_size=9, max_size=9)


@pytest.mark.parametrize("cls", STRATEGIES, ids=lambda cls: cls.noun)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])  # claims are choosy
@given(data=st.data())
def test_records_have_the_fields_and_bytes_together_that_they_have_alone(
    cls: type[Record], data: st.DataObject
) -> None:
    records = data.draw(st.lists(STRATEGIES[cls], min_size=1, max_size=4))
    fields = [hashed_fields(record) for record in records]

    batch = Batch.of(records)

    assert batch.fields() == Batch.of_fields(cls, fields).fields() == fields
    assert [text.encode() for text in batch.contents()] == [canonical(cls.noun, said) for said in fields]
    assert batch.keys() == [tuple(said[name] for name in cls.key) for said in fields]


@given(
    st.dictionaries(
        st.sampled_from("abc"), st.lists(st.none() | VALUES | st.lists(VALUES), min_size=9, max_size=9), min_size=1
    )
)
def test_columns_are_written_as_their_objects_are(columns: dict[str, list[object]]) -> None:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    assert encode_columns(columns) == [encode(row) for row in rows]  # type: ignore[arg-type]


def test_records_of_several_kinds_are_laid_out_kind_by_kind_in_the_order_of_the_tables() -> None:
    laid_out = list(batches_of(EVERYTHING[::-1]))

    numbers = [number for of_kind, _ in laid_out for number in of_kind]
    assert sorted(numbers) == list(range(len(EVERYTHING)))
    assert [batch.cls.noun for _, batch in laid_out][:3] == ["source", "statement", "claim"]
    assert all(type(EVERYTHING[::-1][number]) is batch.cls for of_kind, batch in laid_out for number in of_kind)


@pytest.mark.parametrize("text", [*HOSTILE, "plain", "a\u202eb", "é"])
def test_a_batch_is_ascii_if_every_text_is(text: str) -> None:
    sources = [Source(slug="one", title="One"), Source.model_construct(slug="two", title=text)]

    assert (
        Batch.of_fields(Source, [{"title": one.title, "revision": 1} for one in sources]).is_ascii() == text.isascii()
    )


DAYS = [*sorted(EMPTY_CELLS - {"0000-00-00", "1900-01-00"}), "1970-01-02", "2025-12-31", "2026-01-01", "2026-01-02"]


VERDICT = {"claim": "storm", "number": 1, "outcome": "annulled"}
CLAIM = {"slug": "storm", "statement": "storm", "reading": "own", "title": "A", "wording": "A", "criteria": "A"}
DATED_BY: dict[str, Callable[[str], Record]] = {
    "happened": lambda day: Event(slug="storm", title="A storm", happened=day),
    "published": lambda day: Evidence(slug="link", link="https://example.org", title="A", published=day),
    "known_on": lambda day: Resolution.model_validate({**VERDICT, "known_on": day}),
    "known_at": lambda day: Resolution.model_validate({**VERDICT, "known_on": day, "known_at": f"{day}T08:00:00Z"}),
    "opens_on": lambda day: Claim.model_validate({**CLAIM, "opens_on": day, "deadline": "9999-12-31"}),
    "deadline": lambda day: Claim.model_validate({**CLAIM, "opens_on": day, "deadline": day}),
}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("field", DATED_BY)
def test_what_passes_by_column_passes_one_by_one(field: str, day: str) -> None:
    record = DATED_BY[field](day)

    try:
        check_not_ahead(record, NOW)
        passes = True
    except InvalidValue:
        passes = False

    assert surely_past(Batch.of([record]), NOW) == passes


def test_a_month_passes_by_column_from_its_first_day() -> None:
    said = [Batch.of([DATED_BY["happened"](month)]) for month in ("1999", "2026", "2026-01", "2026-02", "2027")]

    assert [surely_past(batch, NOW) for batch in said] == [True, True, True, False, False]

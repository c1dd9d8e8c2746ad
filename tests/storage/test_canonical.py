"""One text for one content, with the bytes of RFC 8785 where both define them; never one text for two contents."""

from __future__ import annotations

import json
import math
import random
import struct
import sys
from types import MappingProxyType

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import EVERYTHING, HOSTILE

from predictions.enums import Outcome
from predictions.records import Record
from predictions.storage.batch import hashed_fields
from predictions.storage.canonical import canonical, encode, number_text

KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.one_of(TEXTS, WHOLE, st.booleans(), FLOATS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(KEYS, inner, min_size=1, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_what_both_define_has_the_bytes_of_rfc_8785(value: object) -> None:
    assert encode(value).encode() == rfc8785.dumps(value)


@pytest.mark.campaign
@settings(max_examples=20_000, deadline=None)
@given(VALUES)
def test_twenty_thousand_values_have_the_bytes_of_rfc_8785(value: object) -> None:
    assert encode(value).encode() == rfc8785.dumps(value)


@settings(max_examples=500, deadline=None)
@given(FLOATS)
def test_a_number_has_the_bytes_of_rfc_8785(number: float) -> None:
    assert encode(number).encode() == rfc8785.dumps(number)


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**30])
def test_whole_numbers_that_a_float_may_not_hold_are_refused_as_rfc_8785_refuses_them(number: int) -> None:
    with pytest.raises(rfc8785.IntegerDomainError):
        rfc8785.dumps(number)
    with pytest.raises(ValueError, match=r"has no canonical form: a whole number lies below 2\*\*53"):
        encode(number)


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53) + 1, 0])
def test_the_largest_whole_numbers_have_their_bytes(number: int) -> None:
    assert encode(number).encode() == rfc8785.dumps(number)


@pytest.mark.parametrize("record", EVERYTHING, ids=lambda record: f"{record.noun} {record.name} {record.revision}")
def test_records_have_the_bytes_of_rfc_8785(record: Record) -> None:
    fields = hashed_fields(record)

    assert canonical(record.noun, fields) == rfc8785.dumps({**fields, "record": record.noun})


@pytest.mark.parametrize("text", HOSTILE)
def test_text_cannot_break_out_of_its_quotes(text: str) -> None:
    assert json.loads(canonical("claim", {"title": text})) == {"record": "claim", "title": text}


def test_none_and_empty_lists_are_left_out_so_that_new_fields_leave_old_bytes_alone() -> None:
    old = {"slug": "x", "revision": 1}

    assert canonical("claim", {**old, "tags": [], "parts": (), "note": None, "more": {}}) == canonical("claim", old)


@pytest.mark.parametrize("falsy", [False, 0, 0.0, ""])
def test_what_is_false_zero_or_an_empty_text_is_kept(falsy: object) -> None:
    assert canonical("claim", {"slug": falsy}) != canonical("claim", {})


def test_the_kind_of_record_is_part_of_its_bytes_and_no_field_can_replace_it() -> None:
    assert canonical("claim", {"slug": "x"}) != canonical("event", {"slug": "x"})
    assert canonical("claim", {"record": "event"}) == b'{"record":"claim"}'


def test_keys_are_sorted_by_code_point() -> None:
    assert encode({"b": 1, "a_": 1, "a": 1, "aa": 1}) == '{"a":1,"a_":1,"aa":1,"b":1}'


def test_the_order_of_a_list_counts_and_the_order_of_fields_does_not() -> None:
    assert encode(["a", "b"]) != encode(["b", "a"])
    assert encode({"a": 1, "b": 2}) == encode({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1, "0.1"), (1.0, "1"), (-0.0, "0"), (0.30000000000000004, "0.30000000000000004"), (1e15, "1000000000000000"),
     (1e16, "10000000000000000"), (123456.789, "123456.789"), (100.0, "100"), (1e20, "100000000000000000000"),
     (1e21, "1e+21"), (-2.5e22, "-2.5e+22"), (0.0001, "0.0001"), (1e-6, "0.000001"), (1e-7, "1e-7"),
     (-2.5e-7, "-2.5e-7"), (1.5e-10, "1.5e-10"), (5e-324, "5e-324")],
)  # fmt: skip
def test_numbers_are_written_as_ecmascript_writes_them(number: float, text: str) -> None:
    assert number_text(number) == text
    assert rfc8785.dumps(number).decode() == text


@settings(max_examples=500, deadline=None)
@given(FLOATS)
def test_a_number_reads_back_as_the_very_same(number: float) -> None:
    assert float(number_text(number)) == number


def test_two_neighbouring_numbers_never_share_a_text() -> None:
    generator = random.Random(8)
    for _ in range(2_000):
        (number,) = struct.unpack("<d", generator.randbytes(8))
        if math.isfinite(number) and abs(number) < sys.float_info.max:
            assert number_text(number) != number_text(math.nextafter(number, math.inf)), number


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, b"bytes", b"", bytearray(b"x"), [None], {1, 2}, object(), {"a": b""}, [[None]]],
)
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError), match="has no canonical form"):
        encode(value)


def test_a_text_list_or_mapping_of_another_class_has_the_form_of_its_kind() -> None:
    named = Outcome.YES, range(3), MappingProxyType({"b": Outcome.NO, "a": ("x",)})

    assert encode(named) == '["yes",[0,1,2],{"a":["x"],"b":"no"}]'


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical("claim", {"title": "\ud800"})

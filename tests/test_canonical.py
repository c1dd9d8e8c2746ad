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

from predictions.canonical import canonical, decimal_text, encode
from predictions.kinds import Outcome
from predictions.store import plain

KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
PLAIN_FLOATS = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: number == 0 or 1e-6 <= abs(number) < 1e21
)
SCALARS = st.one_of(TEXTS, WHOLE, st.booleans(), PLAIN_FLOATS)
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


@pytest.mark.parametrize(
    ("number", "ours", "theirs"),
    [
        (1e-7, "0.0000001", b"1e-7"),
        (1e-12, "0.000000000001", b"1e-12"),
        (-2.5e-7, "-0.00000025", b"-2.5e-7"),
        (1e21, "1000000000000000000000", b"1e+21"),
    ],
)
def test_a_number_is_written_without_exponent_which_rfc_8785_uses_for_tiny_and_huge_ones(
    number: float, ours: str, theirs: bytes
) -> None:
    assert encode(number) == ours
    assert rfc8785.dumps(number) == theirs


def test_whole_numbers_may_be_longer_than_rfc_8785_admits() -> None:
    assert encode(2**53) == "9007199254740992"
    with pytest.raises(rfc8785.IntegerDomainError):
        rfc8785.dumps(2**53)


@pytest.mark.parametrize("record", EVERYTHING, ids=lambda record: f"{record.noun} {record.name} {record.revision}")
def test_records_have_the_bytes_of_rfc_8785_but_for_tiny_numbers(record: object) -> None:
    fields = {
        name: value
        for name, value in plain(record).items()
        if not isinstance(value, float) or value in (0, 1) or value > 1e-6
    }

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
     (1e16, "10000000000000000"), (123456.789, "123456.789"), (100.0, "100"), (5e-324, "0." + "0" * 323 + "5")],
)  # fmt: skip
def test_numbers_are_plain_decimals(number: float, text: str) -> None:
    assert decimal_text(number) == text


@settings(max_examples=500, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_decimal_reads_back_as_the_very_same_number(number: float) -> None:
    text = decimal_text(number)

    assert float(text) == number
    assert set(text) <= set("-.0123456789")


def test_two_neighbouring_numbers_never_share_a_text() -> None:
    generator = random.Random(8)
    for _ in range(2_000):
        (number,) = struct.unpack("<d", generator.randbytes(8))
        if math.isfinite(number) and abs(number) < sys.float_info.max:
            assert decimal_text(number) != decimal_text(math.nextafter(number, math.inf)), number


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

"""What may stand in a field, value by value: what is kept to the letter, and what is refused in which words."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from predictions import fields
from predictions.invisible import oddities
from predictions.storage.canonical import number_text


class Mute:
    """A value that cannot say what it is."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


def nested(depth: int) -> list[object]:
    found: list[object] = []
    for _ in range(depth):
        found = [found]
    return found


PROBABILITIES = [
    (0, 0.0),
    (1, 1.0),
    (0.0, 0.0),
    (1.0, 1.0),
    (0.72, 0.72),
    (0.123456789012, 0.123456789012),
    (1e-12, 1e-12),
    (np.float64(0.5), 0.5),
    (np.float32(0.5), 0.5),
    (np.int64(1), 1.0),
    (Fraction(1, 4), 0.25),
    (Decimal("0.7"), 0.7),
    (1 - 0.9, 0.1),
    (0.30000000000000004, 0.3),
    (0.1234567890125, 0.123456789012),
    (6e-13, 1e-12),
    (1 - 6e-13, 1 - 1e-12),
    (np.float32(0.1), 0.1),
    (np.float16(0.7), 0.7),
    (np.float64(1 - 0.9), 0.1),
    (Fraction(1, 3), 0.333333333333),
]
NOT_PROBABILITIES = [
    (5e-13, "5e-13 would be rounded to 0, for certain: chances have 12 decimals; say 0, or 1e-12 or more"),
    (1e-320, "would be rounded to 0, for certain"),
    (np.float32(1e-20), "would be rounded to 0, for certain"),
    (Fraction(1, 10**13), "1e-13 would be rounded to 0, for certain"),
    (1 - 1e-13, "would be rounded to 1, for certain: chances have 12 decimals; say 1, or 0.999999999999 or less"),
    (1 - 2**-53, "would be rounded to 1, for certain"),
    (True, "is not a probability"),
    (False, "is not a probability"),
    (np.bool_(True), "is not a probability"),
    (float("nan"), "is not a probability"),
    (np.float16("nan"), "is not a probability"),
    (float("inf"), "is not a probability"),
    (float("-inf"), "is not a probability"),
    (np.float32("inf"), "is not a probability"),
    (1.0000000000000002, "runs from 0 to 1"),
    (1.01, "runs from 0 to 1"),
    (-0.01, "runs from 0 to 1"),
    (-1, "runs from 0 to 1"),
    (73, "73 is not a probability; say 0.73 or 73%"),
    (72.5, "say 0.725 or 72.5%"),
    (100, "say 1 or 100%"),
    (101, "runs from 0 to 1"),
    (10**400, "a very large number is not a probability"),
    (Fraction(10**400), "is not a probability"),
    ("0.7", "is text"),
    ("50%", "is text"),
    ("0,5", "is text"),
    ("٠.٥", "is text"),
    ("０.５", "is text"),
    ("½", "is text"),
    ("NaN", "is text"),
    ("", "is text"),
    (None, "None is not a probability"),
    ([0.5], "is not a probability"),
    ({"yes": 0.3, "no": 0.3}, "is not a probability"),
    (b"0.5", "is not a probability"),
    (Decimal("NaN"), "is not a probability"),
    (Decimal("sNaN"), "is not a probability"),
    (Decimal(2), "is not a probability; say 0.02 or 2%"),
    (Decimal("0.99999999999999999999"), "would be rounded to 1, for certain"),
    (Fraction(1, 10**400), "would be rounded to 0, for certain"),
    (0.5j, "is not a probability"),
    (np.array(0.5), "is not a probability"),
    (pd.NA, "is not a probability"),
    (pd.NaT, "is not a probability"),
    (date(2026, 1, 1), "is not a probability"),
    (nested(100_000), "something of type list is not a probability"),
    (Mute(), "something of type Mute is not a probability"),
]


@pytest.mark.parametrize(("value", "kept"), PROBABILITIES)
def test_a_probability_is_kept_as_the_number_it_is(value: object, kept: float) -> None:
    found = fields.check_probability(value)

    assert (type(found), found) == (float, kept)


@pytest.mark.parametrize(("value", "words"), NOT_PROBABILITIES, ids=range(len(NOT_PROBABILITIES)))
def test_what_is_no_probability_is_refused_in_plain_words(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")) as refused:
        fields.check_probability(value)

    assert len(str(refused.value)) < 200


def test_minus_zero_is_zero() -> None:
    assert str(fields.check_probability(-0.0)) == "0.0"
    assert str(fields.check_number(-0.0)) == "0.0"


@given(st.floats(1e-12, 1 - 1e-12) | st.sampled_from([0.0, 1.0]))
@example(1e-12)
@example(0.123456789012)
def test_a_probability_that_is_kept_is_written_back_exactly(value: float) -> None:
    kept = fields.check_probability(value)

    assert abs(kept - value) <= 0.5e-12 + 1e-16
    assert fields.check_probability(kept) == kept == float(number_text(kept))
    assert Decimal(repr(kept)).normalize().as_tuple().exponent >= -12


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "is not a number"),
        ("1", "is not a number"),
        (None, "is not a number"),
        (float("nan"), "is not a finite number"),
        (float("inf"), "is not a finite number"),
        (1e16, "too large to keep: numbers go up to 1e15"),
        (10**16, "is too large to keep"),
        pytest.param(10**5000, "a very large number is too large to keep", id="huge"),
        (Fraction(10**16), "too large to keep"),
    ],
)
def test_what_is_no_number_is_refused(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fields.check_number(value)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (0.1 + 0.2, 0.3),
        (1234567890.123456789, 1234567890.12346),
        (1e15, 1e15),
        (-1e15, -1e15),
        (1e-300, 1e-300),
        (1.0000000000000002, 1.0),
        (3, 3.0),
        (np.float32(0.1), 0.1),
        (np.int64(7), 7.0),
        (Fraction(2, 3), 0.666666666666667),
    ],
)
def test_a_measure_is_kept_to_fifteen_digits(value: object, kept: float) -> None:
    assert fields.check_measure(value) == kept
    assert fields.check_measure(kept) == kept


@given(st.floats(-1e15, 1e15))
def test_a_measure_that_was_rounded_stays_as_it_is(value: float) -> None:
    kept = fields.check_measure(value)

    assert fields.check_measure(kept) == kept
    assert len(Decimal(repr(kept)).normalize().as_tuple().digits) <= 15
    assert str(kept) != "-0.0"


@pytest.mark.parametrize("value", [True, "1", None, float("nan"), float("inf"), -1.1e15, 10**16, b"1", [1]])
def test_what_is_no_measure_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"is not a number|is not a finite number|too large to keep"):
        fields.check_measure(value)


@pytest.mark.parametrize("slug", ["a", "7", "exec-defections", "2026-q3", "a" * 64, "a--b", "a-"])
def test_a_slug_is_what_a_person_can_type(slug: str) -> None:
    assert fields.check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    [
        "", "A", "Exec", "-rf", "--all", ".", "..", "../../etc/passwd", "a/b", "a\\b", "a b", " a", "a ", "a\n", "a_b",
        "a.b", "é", "ı", "\u212a", "раypal", "a\x00", "a" * 65, "a" * 300, None, 5, True, b"a", ["a"], ("a",),
    ],
)  # fmt: skip
def test_any_other_slug_is_refused(slug: object) -> None:
    with pytest.raises(ValueError, match="is not a slug; use 1 to 64 of a-z, 0-9"):
        fields.check_slug(slug)


@pytest.mark.parametrize("slug", ["con", "prn", "aux", "nul", "com1", "lpt9"])
def test_names_of_devices_are_reserved(slug: str) -> None:
    with pytest.raises(ValueError, match="reserved name"):
        fields.check_slug(slug)


@pytest.mark.parametrize(
    "text",
    [
        "plain", "two\nlines", "a\ttab", "é", "e\u0301", "👩‍👩‍👧", "مرحبا", "a\u202eb", "раypal", "<script>", "{{7*7}}",
        "&lt;", "%3Cscript", "'; DROP TABLE entry;--", "a" * 20_000, "a" + "\u0301" * 20, "\u200ba",
    ],
)  # fmt: skip
def test_text_is_kept_to_the_letter(text: str) -> None:
    assert fields.check_text(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty text"),
        ("   ", "is empty text"),
        (" \n\t ", "is empty text"),
        ("\u200b", "is empty text"),
        ("\u200b\u2060\ufeff\u00ad", "is empty text"),
        ("\u3164", "is empty text"),
        ("a" * 20_001, "20,001 characters; shorten it: at most 20,000"),
        ("a\x00b", r"control character \(U\+0000\) at position 1"),
        ("a\x1b[31mb", r"control character \(U\+001B\) at position 1"),
        ("a\rb", r"control character \(U\+000D\) at position 1"),
        ("ab\x7f", r"control character \(U\+007F\) at position 2"),
        ("a\x85b", r"control character \(U\+0085\) at position 1"),
        ("a\ud800b", r"half a character \(U\+D800\) at position 1"),
        ("a\udfff", r"half a character \(U\+DFFF\) at position 1"),
        ("a" + "\u0301" * 21, "more than 20 combining marks in a row"),
        ("a" + "\u0301" * 10_000, "more than 20 combining marks in a row"),
        (None, "None is not text"),
        (5, "5 is not text"),
        (b"bytes", "is not text"),
        (["a"], "is not text"),
    ],
)
def test_text_that_hides_or_breaks_something_is_refused(text: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fields.check_text(text)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("two\nlines", r"'two\\nlines' is more than one line; write it on one"),
        ("a" * 501, "the line has 501 characters; shorten it: at most 500 are taken"),
    ],
)
def test_a_line_is_one_line_of_at_most_500_characters(line: str, words: str) -> None:
    assert fields.check_line("a" * 500) == "a" * 500
    with pytest.raises(ValueError, match=words):
        fields.check_line(line)


LINKS = [
    "https://example.org", "http://example.org/a?b=1&c=%20#d", "HTTPS://Example.ORG/", "https://exаmple.org/",
    "http://127.0.0.1:8080/", "http://[::1]/", "http://169.254.169.254/latest", "http://2130706433/",
    "http://0x7f.1/", "https://example.org/ünïcode", "https://example.org/" + "a" * 2_063,
]  # fmt: skip
NOT_LINKS = [
    ("podcast, episode 12", "is not a link; say https://"),
    ("javascript:alert(1)", "only http:// and https://"),
    ("JavaScript:alert(1)", "only http:// and https://"),
    ("java\tscript:alert(1)", "space, quote, backslash or control character"),
    ("vbscript:x", "only http:// and https://"),
    ("data:text/html,x", "only http:// and https://"),
    ("file:///etc/passwd", "only http:// and https://"),
    ("ftp://example.org/", "only http:// and https://"),
    ("mailto:a@example.org", "only http:// and https://"),
    ("//example.org/x", "only http:// and https://"),
    ("\\\\host\\x", "space, quote, backslash or control character"),
    ("/etc/passwd", "only http:// and https://"),
    ("example.org", "only http:// and https://"),
    ("https://", "only http:// and https://"),
    ("https:///path", "only http:// and https://"),
    ("https://?x", "only http:// and https://"),
    ("https://[", "is not a link"),
    ("https://[::1", "is not a link"),
    ("https://example.org:99999/", "is not a link"),
    ("https://example.org:x/", "is not a link"),
    ("https://ana:secret@example.org/", "secrets do not belong in a permanent record"),
    ("https://ana@example.org/", "secrets do not belong in a permanent record"),
    ("https://example.org/a b", "encode it as %xx"),
    ("https://example.org/a\nb", "encode it as %xx"),
    (" https://example.org/", "encode it as %xx"),
    ('https://example.org/"onmouseover=', "encode it as %xx"),
    ("https://example.org/'", "encode it as %xx"),
    ("https://example.org/<script>", "encode it as %xx"),
    ("https://example.org/\u202egpj", "encode it as %xx"),
    ("https://example.org/\x00", "encode it as %xx"),
    ("https://example.org/\ud800", "half a character"),
    ("https://example.org/" + "a" * 2_064, "2,084 characters; at most 2,083"),
    ("", "is empty text"),
    (None, "is not a link"),
    (5, "is not a link"),
    (b"https://example.org/", "is not a link"),
]


@pytest.mark.parametrize("link", LINKS)
def test_a_web_link_is_kept_to_the_letter(link: str) -> None:
    assert fields.check_link(link) == link


def test_the_short_way_takes_no_link_that_the_long_one_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    luck, letters = random.Random(1), "abZ09.-_~/?#[]@!$&'()*+,;=%:<>\"`\\{}|^ \t\u00e9"
    links = ["https://" + "".join(luck.choices(letters, k=luck.randint(0, 5))) for _ in range(20_000)]
    short = [link for link in links if fields._PLAIN_LINK.fullmatch(link)]
    monkeypatch.setattr(fields, "_PLAIN_LINK", re.compile(r"(?!)"))

    assert len(short) > 500
    assert [fields.check_link(link) for link in short] == short


@pytest.mark.parametrize(("link", "words"), NOT_LINKS, ids=range(len(NOT_LINKS)))
def test_what_is_no_safe_web_link_is_refused(link: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fields.check_link(link)


@pytest.mark.parametrize("count", [0, 1, 999_999])
def test_a_count_is_a_whole_number(count: int) -> None:
    assert fields.check_count(count) == count


@pytest.mark.parametrize("count", [-1, 10**6, 1.0, True, "3", None, np.int64(3)])
def test_any_other_count_is_refused(count: object) -> None:
    with pytest.raises(ValueError, match="is not a whole number from 0 to 999,999"):
        fields.check_count(count)


@pytest.mark.parametrize("digest", ["a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", None, b"a" * 64])
def test_a_digest_is_64_hexadecimal_digits(digest: object) -> None:
    assert fields.check_digest("0a" * 32) == "0a" * 32
    with pytest.raises(ValueError, match="is not a SHA-256"):
        fields.check_digest(digest)


@pytest.mark.parametrize(
    ("period", "kept"),
    [("2026-06-17", "2026-06-17"), ("2026-06", "2026-06"), ("2026", "2026"), (date(2026, 6, 17), "2026-06-17")],
)
def test_a_date_in_the_world_may_be_a_day_a_month_or_a_year(period: object, kept: str) -> None:
    assert fields.check_period(period) == kept


@pytest.mark.parametrize(
    "period",
    [
        "2026-02-30", "2026-13", "0000", "17.06.2026", "06/17/2026", "June 2026", "", " 2026", "2026-6", 2026, 2026.5,
        None, True, b"2026", datetime(2026, 6, 17, tzinfo=UTC), pd.NaT, pd.Timestamp("2026-06-17"),
    ],
)  # fmt: skip
def test_any_other_date_is_refused(period: object) -> None:
    with pytest.raises(ValueError, match=r"date|calendar|moment|say 2026-06-17"):
        fields.check_period(period)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", []),
        ("café Ω Анна", []),
        ("H₂O and β-blockers", []),
        ("р" + "aypal", ["mixed scripts"]),
        ("a\u202eb", ["hidden direction marks"]),
        ("\u2066x\u2069", ["hidden direction marks"]),
        ("\u200e" + "р" + "aypal", ["hidden direction marks", "mixed scripts"]),
    ],
)
def test_what_may_deceive_a_reader_is_said(text: str, found: list[str]) -> None:
    assert oddities(text) == found

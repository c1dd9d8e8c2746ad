"""Read single cells of a table: numbers with or without a percent sign, moments, flags, names, or nothing.

The rules are the same for all kinds of files; :mod:`predictions.importing.column_checks` reads whole columns with them.
Text that is written into a cell is guarded here, so that it reads back the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from numbers import Integral, Rational, Real
from typing import TypeVar

from predictions.chances import is_phrase, near_chance
from predictions.dates import check_no_empty_cell
from predictions.errors import short_repr
from predictions.fields import check_line, check_slug, check_text
from predictions.horizons import two_days
from predictions.number_checks import SPACES_AND_MARKS, all_but_certain, is_truth, read_decimal
from predictions.timestamps import in_microseconds, read_made_at
from predictions.yes_no import YES_OR_NO

PANDAS_MISSING = {"NaTType", "NAType"}  # types of a missing cell in pandas
QUESTION_MARK = "?"
_EMPTY_WORDS = ("na", "n/a", "#n/a", "nan", "null", "none", "nat", "<na>")
NO_VALUE = frozenset([  # what files and people write for nothing; "Nan" and "Null" are names
    "", "-", "--", "\N{EN DASH}", "\N{EM DASH}", QUESTION_MARK, "NaN", "NaT", "None",
    *_EMPTY_WORDS, *map(str.upper, _EMPTY_WORDS),
])  # fmt: skip
NO_TEXT = frozenset({"nan", "NaN", "NaT", "<NA>"})  # what only a data frame writes for an empty cell
FLAG_WORDS = {**YES_OR_NO, "": False, "t": True, "1": True, "1.0": True, "f": False, "0": False, "0.0": False}
EXACT = 2**53  # up to here a whole float is exact
_WORDLIKE = re.compile(r"[a-z0-9-]{1,64}")
_NUMERAL = re.compile(  # a number in a text; the two points of a range, 0..500.000, are no part of one
    rf"(?:[1-9][0-9]{{0,2}}(?:[{SPACES_AND_MARKS}][0-9]{{3}})+(?![0-9])|[0-9]+)(?:[.,][0-9]+)*"
    r"|(?<![.,0-9])(?:[.,][0-9]+)+"
)
ReadAs = TypeVar("ReadAs")
GUARDED = "=+-@\t\r#"  # a written cell must not begin with these: a spreadsheet sees a formula, an import a comment
_GUARD = re.compile(f"'+(?:[{re.escape(GUARDED)}]|(?:{'|'.join(map(re.escape, sorted(NO_VALUE - {''})))})\\Z)")


class BadCell(ValueError):
    """A cell that cannot be read; the message says what would be right, and the cell is shown beside it."""


def is_missing(value: object) -> bool:
    """Tell whether a cell is empty: None, blank text, NaN, NA, NaT."""
    if value is None or type(value).__name__ in PANDAS_MISSING:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, Real):
        return not isinstance(value, Integral) and math.isnan(value)
    return type(value).__name__ == "datetime64" and str(value) == "NaT"


def has_no_value(value: object) -> bool:
    """Tell whether a cell is empty, or has a word or sign for it: NA, null, nan, a dash, a question mark."""
    return value.strip() in NO_VALUE if isinstance(value, str) else is_missing(value)


def has_no_text(value: object) -> bool:
    """Tell whether a cell in a column of text is empty; NA, none, - and ? are texts there.

    >>> has_no_text("NA"), has_no_text("nan"), has_no_text(" ")
    (False, True, True)
    """
    return is_missing(value) or (isinstance(value, str) and value.strip() in NO_TEXT)


def read_number(value: object, decimal: str | None, *, percent: bool = False) -> float:
    """Return the number of a cell, without its percent sign; a comma is a decimal point unless *decimal* is given.

    With *percent* a number without the sign is percent, too: 0 and 100 are then the ends of its range.

    >>> read_number("0,4", None), read_number("40 %", None)
    (0.4, 40.0)
    """
    if is_truth(value):
        raise BadCell("true or false; say a number from 0 to 1")
    parsed = read_decimal(value)
    if parsed is None:
        if isinstance(value, Real):
            return math.inf
        if isinstance(value, str) and is_phrase(value):
            raise BadCell("not a number; a word for it goes in the column words")
        suggestion = near_chance(value) if isinstance(value, str) else None
        raise BadCell(f"not a number; {suggestion or 'say 0.72 or 72%'}")
    other_sign = {",": ".", ".": ","}.get(decimal or "")
    if isinstance(value, str) and other_sign and other_sign in value:
        raise BadCell(f"decimal={decimal!r} is said, and this has {other_sign!r}")
    number, certainty = float(parsed[0]), 100 if percent or parsed[1] else 1  # the number that means certainty
    if number in {0, certainty} and number != (value if isinstance(value, Rational) else parsed[0]):
        raise BadCell(all_but_certain(number / certainty))
    return number


def read_one_way(value: object, decimal: str | None) -> object:
    """Return a text with its numbers in plain form, if *decimal* gives their decimal sign; else unchanged.

    The other sign then separates thousands.

    >>> read_one_way("1,500 m", ","), read_one_way("30.000", "."), read_one_way("30.000", None), read_one_way(4, ",")
    ('1.5 m', '30', '30.000', 4)
    >>> read_one_way("0..500.000", ","), read_one_way("1 234,5", ",")
    ('0..500000', '1234.5')
    """
    if decimal is None or not isinstance(value, str):
        return value
    return _NUMERAL.sub(lambda match: _plain_form(match[0], decimal), value)


def _plain_form(numeral: str, decimal: str) -> str:
    """Return a number with a decimal point and nothing between its thousands; BadCell if it has other signs."""
    other_sign = "," if decimal == "." else "."
    whole, point, fraction = numeral.partition(decimal)
    if decimal in fraction:
        raise BadCell(f"decimal={decimal!r} is said, and {numeral} has it twice")
    thousands = re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{re.escape(other_sign)}[0-9]{{3}})+", whole)
    if other_sign in fraction or (other_sign in whole and not thousands):
        fix = "" if point or whole.count(other_sign) > 1 else f"; write {whole.replace(other_sign, decimal)}"
        raise BadCell(f"decimal={decimal!r} is said, and {numeral} has {other_sign!r}{fix}")
    digits = whole.translate(str.maketrans("", "", SPACES_AND_MARKS + other_sign))
    return f"{digits}.{fraction}".rstrip("0").removesuffix(".")


def read_microsecond(value: object) -> int:
    """Return the moment of a cell in microseconds since 1970: from a number of them, a moment with offset, or a day."""
    if has_no_value(value):
        raise BadCell("empty; say when it was made")
    if isinstance(value, str):
        value = value.strip()
        if re.fullmatch("-?[0-9]{1,19}", value, re.ASCII):
            value = int(value)
    if is_truth(value):
        raise BadCell("not a moment; say YYYY-MM-DDTHH:MM:SSZ, or a day")
    if (number := whole_number(value)) is not None:
        if abs(number) > 2**62:
            raise BadCell("outside the years 0001 to 9999 in microseconds; say YYYY-MM-DDTHH:MM:SSZ, or a day")
        return number
    if type(value).__name__ == "datetime64":
        if str(value.dtype) != "datetime64[D]":  # type: ignore[attr-defined]  # numpy's, which is not loaded here
            raise BadCell("no offset from UTC; say YYYY-MM-DDTHH:MM:SSZ")
        value = value.item()  # type: ignore[attr-defined]  # likewise
    if not isinstance(value, (str, date)):
        raise BadCell("not a moment; say YYYY-MM-DDTHH:MM:SSZ, or a day")
    moment = reworded(read_made_at, value)
    reworded(lambda given: check_no_empty_cell(given, moment), value)
    return in_microseconds(moment)


def whole_number(value: object) -> int | None:
    """Return a value of any type as a whole number; None if it is not one, or is true or false."""
    if is_truth(value):
        return None
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, (Real, Decimal)) and math.isfinite(value):
        integer = int(value)  # type: ignore[arg-type]  # every kind of finite number has its whole part
        return integer if abs(integer) < EXACT and integer == value else None
    return None


def cell_as_text(value: object) -> str:
    """Spell any cell; a whole number as its digits, be it a float, as a frame holds it beside an empty cell."""
    number = None if isinstance(value, str) else whole_number(value)
    return str(value if number is None else number)


def read_flag(value: object) -> bool:
    """Return a cell as true or false; an empty one is false, but a question mark is refused."""
    if has_no_value(value) and value != QUESTION_MARK:
        return False
    flag = FLAG_WORDS.get(str(value).strip().lower()) if isinstance(value, (str, Real)) or is_truth(value) else None
    if flag is None:
        raise BadCell("neither true nor false")
    return flag


def read_name(value: object) -> str:
    """Return a cell as a name: one line of text, or the digits of a whole number.

    >>> read_name(" GPT-4o "), read_name(17)
    ('GPT-4o', '17')
    """
    if type(value) is str and _WORDLIKE.fullmatch(value):
        return value  # most names
    if is_missing(value):
        raise BadCell("empty; say a name")
    if isinstance(value, str):
        return str(reworded(check_line, value.strip()))
    number = whole_number(value)
    if number is None:
        raise BadCell("not a name; say it as text")
    return str(number)


def read_slugs(value: object) -> tuple[str, ...]:
    """Return a cell as slugs: a list, or text with ``;``, commas or spaces between them."""
    parts = re.split(r"[;,\s]+", value.strip("; ,\t\n")) if isinstance(value, str) else value
    if hasattr(parts, "tolist"):
        parts = parts.tolist()
    if not isinstance(parts, (list, tuple)):
        raise BadCell("not a list of slugs; say them with ; between")
    return tuple(str(reworded(check_slug, part)) for part in parts)


def reworded(read: Callable[[object], ReadAs] | Callable[..., ReadAs], value: object) -> ReadAs:
    """Return the result of *read* for a cell; its error becomes a BadCell without the value."""
    try:
        return read(value)
    except ValueError as error:
        raise BadCell(fix_of(error, value)) from None


read_text = partial(reworded, check_text)
read_line = partial(reworded, check_line)


def fix_of(error: Exception, value: object) -> str:
    """Return what would be right, from an error that shows the value.

    >>> fix_of(ValueError("cannot read 'x' as a day; write YYYY-MM-DD"), "x")
    'cannot read it as a day; write YYYY-MM-DD'
    """
    text = value.strip() if isinstance(value, str) else ""
    if len(text) <= len("31/12/2026") and (advice := two_days(text)):
        return advice
    sentence = str(error)
    for quoted in (f"the moment {short_repr(value)}", short_repr(value)):
        if quoted in sentence:
            sentence = sentence.replace(quoted, "it", 1)
            break
    return sentence.removeprefix("it is ").removeprefix(f"{value} is ")


def guarded(text: str) -> str:
    """Return a text for a cell that nothing takes for a formula or an empty cell; it reads back the same.

    >>> guarded("=1+1"), guarded("'=1"), guarded("NA"), guarded("plain")
    ("'=1+1", "''=1", "'NA", 'plain')
    """
    return f"'{text}" if _GUARD.match(f"'{text}") else text


def unguarded(text: str) -> str:
    """Return a cell's text without the ' that guards it.

    >>> unguarded("'=1+1"), unguarded("''- ok"), unguarded("'tis")
    ('=1+1', "'- ok", "'tis")
    """
    return text[1:] if _GUARD.match(text) else text

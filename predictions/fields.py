"""What may stand in a field of a record: one check for each kind of value.

Every check takes any value and returns the one to keep, or raises ``ValueError``. Nothing is coerced: a text is not a
number, ``True`` is not a probability, a link is kept to the letter. A record is permanent, and so is a wrong guess.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from predictions.dates import read_day, read_period
from predictions.errors import check_field, short_repr
from predictions.invisible import HIDDEN_DIRECTION
from predictions.timestamps import read_moment

TEXT_LIMIT = 20_000
LINE_LIMIT = 500
LINK_LIMIT = 2_083
DECIMAL_PLACES = 12
DIGITS = 15
MARKS_IN_A_ROW = 20

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")  # at most four characters
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BARE_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(/|$)", re.IGNORECASE)
_PLAIN_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][!#-&(-;=?-\[\]_a-z~]*)?")  # no port, no user, ASCII alone
_NO_LINK = re.compile(r"[\s<>\"'`\\{}|^]")
_UNSEEN = re.compile(r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
                     r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]+")  # fmt: skip
_THOUSANDS = re.compile("([+-]?[1-9][0-9]{0,2}),([0-9]{3})", re.ASCII)
_DECIMAL = re.compile(
    r"([+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:e[+-]?[0-9]{1,4})?)[\s\u00a0\u2009\u202f]*(%?)",
    re.ASCII | re.IGNORECASE,
)


def check_slug(value: object) -> str:
    """Accept a short name that a person can type: ``exec-defections``."""
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise ValueError(
            f"{short_repr(value)} is not a slug; use 1 to 64 of a-z, 0-9 and '-', starting with a letter or digit"
            f"{one_by_one(value)}"
        )
    if len(value) <= 4 and _RESERVED.fullmatch(value):
        raise ValueError(f"{value!r} is a reserved name on some systems; choose another slug")
    return value


def one_by_one(value: object) -> str:
    """Offer the list that a text with commas is meant to be."""
    words = [re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in str(value)[:64].split(",")]
    return f"; several are a list, {words}" if len(words) > 1 and all(words) and isinstance(value, str) else ""


def check_text(value: object) -> str:
    """Accept text of at most 20,000 characters with something visible in it, and keep it to the letter."""
    if (
        type(value) is str
        and 0 < len(value) <= TEXT_LIMIT
        and value.isascii()
        and value.isprintable()
        and value.strip()
    ):
        return value  # most text; every record that is written or read comes by here
    if not isinstance(value, str):
        raise ValueError(f"{short_repr(value)} is not text")
    if hasattr(value, "record"):  # a receipt, which is taken wherever a slug is wanted
        raise ValueError(f"{short_repr(value)} is a receipt and not text; write the words themselves")
    if len(value) > TEXT_LIMIT:
        raise ValueError(f"the text has {len(value):,} characters; at most {TEXT_LIMIT:,} are kept")
    beyond = "" if value.isascii() else value
    for position, character in enumerate(beyond):
        if "\ud800" <= character <= "\udfff":
            raise ValueError(f"half a character (U+{ord(character):04X}) at position {position}; mend the text")
    if control := _CONTROL.search(value):
        raise ValueError(
            f"a control character (U+{ord(control.group()):04X}) at position {control.start()}; "
            "only new lines and tabs are kept"
        )
    if not value or _UNSEEN.fullmatch(value):
        raise ValueError(f"{short_repr(value)} is empty text")
    marks = 0
    for character in beyond:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MARKS_IN_A_ROW:
            raise ValueError(f"more than {MARKS_IN_A_ROW} combining marks in a row; shorten the text")
    return value


def check_line(value: object) -> str:
    """Accept one line of text of at most 500 characters: a title, a name."""
    if type(value) is str and len(value) <= LINE_LIMIT and value.isascii() and value.isprintable() and value.strip():
        return value  # most lines
    line = check_text(value)
    if "\n" in line or len(line) > LINE_LIMIT:
        raise ValueError(f"{short_repr(line)} is not one line of at most {LINE_LIMIT} characters")
    return line


def check_link(value: object) -> str:
    """Accept a web link, and keep it to the letter; it is never fetched."""
    if not isinstance(value, str):
        raise ValueError(f"{short_repr(value)} is not a link; give its text, https://...")
    if len(value) > LINK_LIMIT:
        raise ValueError(f"the link has {len(value):,} characters; at most {LINK_LIMIT:,} are kept")
    if _PLAIN_LINK.fullmatch(value):
        return value  # most links
    if _NO_LINK.search(value) or _CONTROL.search(value) or HIDDEN_DIRECTION.search(value):
        if " " in value and "://" not in value:
            raise ValueError(f"{short_repr(value)} is not a link; say https://...")
        raise ValueError(f"{short_repr(value)} has a space, quote, backslash or control character; encode it as %xx")
    check_text(value)
    try:
        parts = urlsplit(value)
        port_is_sane = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError(f"{short_repr(value)} is not a link; say https://...") from None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or not port_is_sane:
        bare = f"; say {short_repr(f'https://{value}')}" if _BARE_HOST.match(value) else ""
        raise ValueError(f"{short_repr(value)} is not a web link; only http:// and https:// links are kept{bare}")
    if "@" in parts.netloc:
        raise ValueError("the link carries a user name or password; secrets do not belong in a permanent record")
    return value


def check_number(value: object) -> float:
    """Accept a finite number, rounded to twelve decimal places; ``-0.0`` becomes ``0.0``.

    A numpy float of 16 or 32 bits stands for the shortest decimal that reads back as it.

    >>> check_number(1 - 0.9)
    0.1
    """
    return round(_finite(value), DECIMAL_PLACES) + 0.0


def check_measure(value: object) -> float:
    """Accept a finite number with a unit, rounded to fifteen significant digits; ``-0.0`` becomes ``0.0``.

    >>> check_measure(0.1 + 0.2)
    0.3
    """
    return float(f"{_finite(value):.{DIGITS}g}") + 0.0


def _finite(value: object) -> float:
    """Return a finite number of at most 10**15, beyond which decimals would be lost; ValueError for anything else."""
    if type(value) is float and -(10**15) <= value <= 10**15:
        return value
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise ValueError(f"{short_repr(value)} is not a number")
    if isinstance(value, int) and abs(value) > 10**15:
        raise ValueError(f"{short_repr(value)} is too large to keep")
    number = _float(value)
    if not math.isfinite(number) or abs(number) > 10**15:
        raise ValueError(f"{number!r} is not a finite number")
    return number


def is_truth(value: object) -> bool:
    """Tell whether a value is true or false, Python's own or numpy's."""
    return type(value).__name__ in {"bool", "bool_"}


def read_decimal(value: object) -> tuple[Decimal, bool] | None:
    """Read a number as the decimal it is written as, and whether a percent sign follows it.

    A comma is a decimal point. None for true, false, what is infinite and whatever else is no number.

    >>> read_decimal("0,4"), read_decimal("40 %"), read_decimal("forty")
    ((Decimal('0.4'), False), (Decimal('40'), True), None)
    """
    if isinstance(value, str):
        match = _DECIMAL.fullmatch(value.strip())
        return (Decimal(match[1].replace(",", ".")), bool(match[2])) if match else None
    if isinstance(value, (Real, Decimal)) and not is_truth(value):
        number = Decimal(value if isinstance(value, (int, Decimal)) else repr(_float(value)))
        return (number, False) if number.is_finite() else None
    return None


def two_values(value: object) -> str | None:
    """Say which two numbers a text such as ``1,500`` may be, the comma being a point or setting thousands apart.

    >>> two_values("1,500"), two_values("0,500"), two_values("1,5")
    ('may be 1500 or 1.5; say which', None, None)
    """
    match = _THOUSANDS.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    return f"may be {match[1]}{match[2]} or {float(f'{match[1]}.{match[2]}'):g}; say which"


def check_probability(value: object) -> float:
    """Accept a number from 0 to 1, both allowed, rounded to twelve decimal places.

    A number that rounding would make 0 or 1 is refused: nobody meant it for certain, and a log score punishes certainty
    without limit.
    """
    if type(value) is float and 0 <= value <= 1:
        return _uncertain(value, value)
    if isinstance(value, str):
        raise ValueError(f"{short_repr(value)} is text; say a probability as a number from 0 to 1, such as 0.72")
    if (
        is_truth(value)
        or not isinstance(value, (Real, Decimal))
        or not (isinstance(value, int) or math.isfinite(_float(value)))
    ):
        raise ValueError(f"{short_repr(value)} is not a probability; say a number from 0 to 1, such as 0.72")
    if isinstance(value, int) and value not in range(101):
        raise ValueError(f"{short_repr(value)} is not a probability, which runs from 0 to 1")
    number = _float(value)
    if not 0 <= number <= 1:
        if 2 <= number <= 100:
            percent = Decimal(repr(number)).normalize()
            raise ValueError(f"{short_repr(value)} is not a probability; say {percent / 100:f} or {percent:f}%")
        raise ValueError(f"{short_repr(value)} is not a probability, which runs from 0 to 1")
    return _uncertain(number, value)


def _uncertain(number: float, given: object) -> float:
    """Round a chance that was *given* as a number of any kind; ValueError where that would make it certain."""
    kept = check_number(number)
    if kept in {0, 1} and kept != given:
        raise ValueError(f"{short_repr(given) if kept == number else repr(number)} {all_but_certain(kept)}")
    return kept


def all_but_certain(kept: float) -> str:
    """Return the end of the sentence that refuses a chance which rounding to twelve decimals would make 0 or 1."""
    near = "1e-12 or more" if kept == 0 else "0.999999999999 or less"
    return f"would be rounded to {kept:g}, for certain: chances have {DECIMAL_PLACES} decimals; say {kept:g}, or {near}"


def _float(value: Real | Decimal) -> float:
    """Convert any kind of number to a float; infinite where it is too large."""
    try:
        if getattr(value, "nbytes", 8) < 8:  # a numpy float of 16 or 32 bits: 0.7, and not 0.699999988079071
            return float(str(value))
        return float(value)
    except (OverflowError, ValueError):
        return math.inf


def _whole(limit: int, last: str) -> Callable[[object], int]:
    """Make a check for whole numbers from 0 to below *limit*, which messages call *last*."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < limit:
            raise ValueError(f"{short_repr(value)} is not a whole number from 0 to {last}")
        return value

    return check


def _hexadecimal(digits: int, what: str) -> Callable[[object], str]:
    """Make a check for text of so many lower-case hexadecimal digits."""

    def check(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{digits}}}", value):
            raise ValueError(f"{short_repr(value)} is not {what} ({digits} of 0-9 and a-f)")
        return value

    return check


check_count, check_total = _whole(10**6, "999,999"), _whole(10**15, "10**15")
check_digest, check_ledger_id = _hexadecimal(64, "a SHA-256"), _hexadecimal(32, "the id of a ledger")


def check_flag(value: object) -> bool:
    """Accept True or False, and nothing that merely counts as one of them."""
    if not isinstance(value, bool):
        raise ValueError(f"{short_repr(value)} is neither True nor False")
    return value


def check_flags(**flags: object) -> None:
    """Raise InvalidValue for the first of these arguments that is neither True nor False, by its name."""
    for name, value in flags.items():
        check_field(name, check_flag, value)


def check_period(value: object) -> str:
    """Accept a day, a month or a year as text: ``2026-06-17``, ``2026-06``, ``2026``."""
    if not isinstance(value, (str, date)):
        raise ValueError(f"{short_repr(value)} is not a date; say 2026-06-17, 2026-06 or 2026 as text")
    return read_period(value).text


Slug = Annotated[str, BeforeValidator(check_slug)]
Text = Annotated[str, BeforeValidator(check_text)]
Line = Annotated[str, BeforeValidator(check_line)]
Link = Annotated[str, BeforeValidator(check_link)]
Probability = Annotated[float, BeforeValidator(check_probability)]
Number = Annotated[float, BeforeValidator(check_number)]
Measure = Annotated[float, BeforeValidator(check_measure)]
Positive = Annotated[Number, Field(gt=0)]
Count = Annotated[int, BeforeValidator(check_count)]
Total = Annotated[int, BeforeValidator(check_total)]
Digest = Annotated[str, BeforeValidator(check_digest)]
LedgerId = Annotated[str, BeforeValidator(check_ledger_id)]
Period = Annotated[str, BeforeValidator(check_period)]
Day = Annotated[date, BeforeValidator(read_day)]
Moment = Annotated[datetime, BeforeValidator(read_moment)]
Flag = Annotated[bool, BeforeValidator(check_flag)]
Sorted = AfterValidator(lambda values: tuple(sorted(set(values))))

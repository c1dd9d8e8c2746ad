"""The checks of a record's fields, one for each kind of value.

Each check takes any value and returns the one to store, or raises ``ValueError``. Nothing is coerced: a text is not a
number, ``True`` is not a probability, a link is not changed. A record is permanent, and so is a wrong guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from predictions.dates import read_day, read_period
from predictions.enums import UNDECIDED
from predictions.errors import check_field, short_repr
from predictions.invisible import HIDDEN_DIRECTION
from predictions.number_checks import check_measure, check_number, check_probability
from predictions.timestamps import read_moment

TEXT_LIMIT = 20_000
LINE_LIMIT = 500
LINK_LIMIT = 2_083
MARKS_IN_A_ROW = 20
OPTION_LIMIT = 64
LONGEST_RESERVED = 4  # letters of a name that some systems reserve
OF_OPTION = "option-"  # put before the name of an option that is also that of a verdict

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_HALF_A_CHARACTER = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BARE_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(/|$)", re.IGNORECASE)
_PLAIN_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][!#-&(-;=?-\[\]_a-z~]*)?")  # no port, no user, ASCII alone
_NO_LINK = re.compile(r"[\s<>\"'`\\{}|^]")  # characters that no link has
_UNSEEN = re.compile(r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
                     r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]+")  # fmt: skip


def check_slug(value: object) -> str:
    """Accept a short name that a person can type: ``exec-defections``."""
    if type(value) is str and len(value) > LONGEST_RESERVED and _SLUG.fullmatch(value):
        return value  # most slugs
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise ValueError(
            f"{short_repr(value)} is not a slug; use 1 to 64 of a-z, 0-9 and '-', starting with a letter or digit"
            f"{one_by_one(value)}"
        )
    if _RESERVED.fullmatch(value):
        raise ValueError(f"{value!r} is a reserved name on some systems; choose another slug")
    return value


def check_option(value: object) -> str:
    """Accept the name of an option: a slug, or letters of other scripts as :func:`hyphenated_letters` writes them."""
    if not isinstance(value, str) or not any(map(str.isalnum, value)):
        raise ValueError(
            f"{short_repr(value)} is no name of an option; it has letters or digits, of any script: 1 to {OPTION_LIMIT}"
        )
    if value in UNDECIDED:
        raise ValueError(
            f"the option {value!r} has the name of a verdict on any claim; say another, such as {OF_OPTION + value!r}"
        )
    if _SLUG.fullmatch(value) or (0 < len(value) <= OPTION_LIMIT and value == hyphenated_letters(value)):
        return value
    return check_slug(value)  # raises, and says which characters are allowed


def hyphenated_letters(name: str) -> str:
    """Return a name in small letters and digits of any script, with a hyphen in place of anything between them.

    >>> hyphenated_letters("東京 (都)"), hyphenated_letters("Łódź")
    ('東京-都', 'łódź')
    """
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    # Letters, their marks, and numbers.
    words = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in small)
    return "-".join(words.split())


def one_by_one(value: object) -> str:
    """Return the end of a message that offers a text with commas or semicolons as a list; "" for other values."""
    parts = re.split("[,;]", value[:64]) if isinstance(value, str) else []
    words = [re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in parts]
    return f"; several are a list, {words}" if len(words) > 1 and all(words) else ""


def one_option(name: object) -> str:
    """Return the message that a single option is not a choice, and how to name several."""
    ordered = "; name them one by one, and say ordered=True" if isinstance(name, str) and " < " in name else ""
    return f"{short_repr(name)} is one option{ordered or one_by_one(name) or '; name at least two'}"


def check_text(value: object) -> str:
    """Accept text of at most 20,000 characters with something visible in it, and return it unchanged."""
    if type(value) is str and len(value) <= TEXT_LIMIT and value.isascii() and value.isprintable() and value.strip():
        return value  # most text; this check runs for each record that is written or read
    if not isinstance(value, str):
        raise ValueError(f"{short_repr(value)} is not text")
    if hasattr(value, "record"):  # a receipt, which verbs take in place of a slug
        raise ValueError(f"{short_repr(value)} is a receipt and not text; write the words themselves")
    if len(value) > TEXT_LIMIT:
        raise ValueError(f"the text has {len(value):,} characters; shorten it: at most {TEXT_LIMIT:,} are taken")
    if half := _HALF_A_CHARACTER.search(value):
        raise ValueError(f"half a character (U+{ord(half.group()):04X}) at position {half.start()}; mend the text")
    if control := _CONTROL.search(value):
        raise ValueError(
            f"a control character (U+{ord(control.group()):04X}) at position {control.start()}; "
            "only new lines and tabs are kept"
        )
    if not value or _UNSEEN.fullmatch(value):
        raise ValueError(f"{short_repr(value)} is empty text")
    if not value.isascii():
        _check_marks(value)
    return value


def _check_marks(text: str) -> None:
    """Refuse many combining marks on one letter: they would cover the lines above and below it."""
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MARKS_IN_A_ROW:
            raise ValueError(f"more than {MARKS_IN_A_ROW} combining marks in a row; shorten the text")


def check_line(value: object) -> str:
    """Accept one line of text of at most 500 characters, such as a title or a name."""
    if type(value) is str and len(value) <= LINE_LIMIT and value.isascii() and value.isprintable() and value.strip():
        return value  # most lines
    line = check_text(value)
    if "\n" in line:
        raise ValueError(f"{short_repr(line)} is more than one line; write it on one")
    if len(line) > LINE_LIMIT:
        raise ValueError(f"the line has {len(line):,} characters; shorten it: at most {LINE_LIMIT} are taken")
    return line


def check_link(value: object) -> str:
    """Accept a web link, and return it unchanged; it is never fetched."""
    if not isinstance(value, str):
        raise ValueError(f"{short_repr(value)} is not a link; give its text, https://...")
    if len(value) > LINK_LIMIT:
        raise ValueError(f"the link has {len(value):,} characters; at most {LINK_LIMIT:,} are kept: shorten it")
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


def _whole_number_check(limit: int, last: str) -> Callable[[object], int]:
    """Return a check for whole numbers from 0 to below *limit*; messages name the largest as *last*."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < limit:
            raise ValueError(f"{short_repr(value)} is not a whole number from 0 to {last}")
        return value

    return check


def _hexadecimal(digits: int, what: str) -> Callable[[object], str]:
    """Return a check for text of so many lower-case hexadecimal digits, which messages call *what*."""

    def check(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{digits}}}", value):
            raise ValueError(f"{short_repr(value)} is not {what} ({digits} of 0-9 and a-f)")
        return value

    return check


check_count, check_total = _whole_number_check(10**6, "999,999"), _whole_number_check(10**15, "10**15")
check_digest, check_ledger_id = _hexadecimal(64, "a SHA-256"), _hexadecimal(32, "the id of a ledger")


def check_flag(value: object) -> bool:
    """Accept True or False, and nothing that Python only treats like one of them, such as 1 or ""."""
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
OptionName = Annotated[str, BeforeValidator(check_option)]
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
Sorted = AfterValidator(lambda values: tuple(sorted(set(values))) if len(values) > 1 else values)

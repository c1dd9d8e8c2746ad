"""What may be typed for a number, a verdict, a list, a head: read strictly, refused with one plain sentence.

Only here is ``72%`` a number, because the sign leaves no doubt about what is meant; ``72`` alone does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from pathlib import Path
from typing import TypeVar

import click

from predictions.errors import InvalidValue, check_field, short_repr
from predictions.storage.checkpoints import TEXT_LIMIT, looks_like_a_head
from predictions.text_files import read_text

PLACES = 12
LARGEST_NUMBER = 10**15
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)[ \u00a0\u2009\u202f]?(%?)", re.ASCII)
_Read = TypeVar("_Read")


def read_probability(text: str) -> float:
    """A probability as a person types it; InvalidValue for anything else.

    >>> read_probability("0.72"), read_probability("72 %"), read_probability("1")
    (0.72, 0.72, 1.0)
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise InvalidValue(f"{short_repr(text)} is not a probability; write it with a point, 0.72, or as 72%")
    number = Decimal(match[1])
    if not match[2] and 2 <= number <= 100:
        raise InvalidValue(f"{_short(text)} is not a probability; say {_hundredth(number):f} or {match[1]}%")
    number = _hundredth(number) if match[2] else number
    if number > 1:
        raise InvalidValue(f"{_short(text)} is not a probability, which runs from 0 to 1, or from 0% to 100%")
    if (kept := _kept(number, text)) in {0, 1} and kept != number:  # the float does not tell any more
        from predictions.fields import all_but_certain

        raise InvalidValue(f"{_short(text)} {all_but_certain(kept)}")
    return kept


def read_number(text: str) -> float:
    """A plain decimal number, not negative; InvalidValue for anything else.

    >>> read_number("2.5")
    2.5
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None or match[2]:
        raise InvalidValue(f"{short_repr(text)} is not a number; write it with digits and a point, as 2.5")
    return _kept(Decimal(match[1]), text)


def read_count(text: str) -> int:
    """A whole number below a million; InvalidValue for anything else.

    >>> read_count("30")
    30
    """
    if not re.fullmatch("[0-9]{1,6}", text):
        raise InvalidValue(f"{short_repr(text)} is not a whole number from 0 to 999,999")
    return int(text)


def read_outcome(text: str) -> str | float:
    """A verdict: a fraction as its number, all else as it is, for the ledger to judge.

    >>> read_outcome("yes"), read_outcome("40%")
    ('yes', 0.4)
    """
    try:
        fraction = read_probability(text)
    except InvalidValue:
        return text
    return fraction if 0 < fraction < 1 else text


def read_list(texts: tuple[str, ...]) -> tuple[str, ...]:
    """What an option that may be repeated was given, with commas or without.

    >>> read_list(("title,firm", "lab"))
    ('title', 'firm', 'lab')
    """
    found = [[part.strip() for part in text.split(",") if part.strip()] for text in texts]
    for text, parts in zip(texts, found, strict=True):
        if text and not parts:
            raise InvalidValue(f"{short_repr(text)} names nothing; leave it out, or empty")
    return tuple(part for parts in found for part in parts)


def each_once(pairs: Iterable[tuple[str, str]], option: str) -> dict[str, str]:
    """Names with their values; InvalidValue for a name that was given twice, where one would go unseen.

    >>> each_once([("title", "A"), ("grade", "primary")], "--set")
    {'title': 'A', 'grade': 'primary'}
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise InvalidValue(f"{option} names {short_repr(name)} twice; say it once")
        found[name] = value
    return found


def read_given(text: str) -> str:
    """A head or a key that was typed; or, where that names a file, what stands in it.

    >>> read_given("214:9f3c5f5a7d21")
    '214:9f3c5f5a7d21'
    """
    try:
        if looks_like_a_head(text) or not Path(text).is_file():
            return text
    except (OSError, ValueError):  # no name that a file could have
        return text
    too_long = f"{short_repr(text)} has more than {TEXT_LIMIT:,} bytes, and so is no file of a head or a key"
    return read_text(Path(text), TEXT_LIMIT, refused=f"{short_repr(text)} cannot be read", too_long=too_long)


def read_when(text: str) -> str:
    """A day, a moment or a head; what begins with no digit may name the file of a head.

    >>> read_when("2026-01-15")
    '2026-01-15'
    """
    return text if text[:1].isdigit() else read_given(text)


def typed(
    read: Callable[[str], _Read],
) -> Callable[[click.Context, click.Parameter, str | None], _Read | None]:
    """The click callback that reads a parameter so, and names the option where it is refused."""

    def callback(_ctx: click.Context, parameter: click.Parameter, text: str | None) -> _Read | None:
        try:
            return None if text is None else read(text)
        except InvalidValue as refused:
            names_option = parameter.param_type_name == "option" and parameter.name != "p"
            raise InvalidValue(f"{parameter.opts[-1]}: {refused}" if names_option else str(refused)) from None

    return callback


def listed(_ctx: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...] | None:
    """The click callback of an option that may be repeated: its parts, or None where it was not given."""
    return check_field(parameter.opts[-1], read_list, texts) if texts else None


class Word(click.Choice[str]):
    """One word of a few; another is refused, and shown cut short."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__([str(word) for word in words])

    def get_invalid_choice_message(self, value: str, ctx: click.Context | None) -> str:
        """What is wrong with the word."""
        return super().get_invalid_choice_message(value if len(value) <= 80 else f"{value[:77]}...", ctx)


def _hundredth(number: Decimal) -> Decimal:
    return number.scaleb(-2, _exact(number)).normalize(_exact(number))


def _kept(number: Decimal, text: str) -> float:
    """The float to keep; InvalidValue where it would not be what was typed."""
    if number > LARGEST_NUMBER:
        raise InvalidValue(f"{_short(text)} is too large to keep")
    return float(number)


def _short(digits: str) -> str:
    return digits if len(digits) <= 40 else f"{digits[:37]}..."


def _exact(number: Decimal) -> Context:
    """Arithmetic that loses no digit of the number."""
    return Context(prec=len(number.as_tuple().digits) + 2)

"""Reading one chance as a person types it: a number from 0 to 1, or a text such as 0.72, 72% or "72 %".

The cells of a table's columns of chances are read in :mod:`predictions.importing.cells`.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

from predictions.errors import InvalidValue, short_repr
from predictions.number_checks import all_but_certain, check_probability, two_values

_CHANCE_IN_DIGITS = re.compile(r"([0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)[ \u00a0\u2009\u202f]*(%?)", re.ASCII)
_FIGURE_COMMA = re.compile(r"(?<=[0-9])[,\u066b\uff0c](?=[0-9])")
_OF_TWO = re.compile(r"[0-9]\s*(/|in|of|out of|:|-|\u2013)\s*[0-9]")
_PERCENT = re.compile(r"%|per ?cent|pour ?cent|por ?ciento|pct|prozent", re.IGNORECASE)
_SHARED_BY = {10, 100}  # nobody bets at 7/10 or 70/100: these are marks out of so many
_WAYS = "write it with a point, 0.72, or as 72%"


class InWords(InvalidValue):
    """A chance given in words, which only some verbs can read.

    Attributes:
        words: The words.
    """

    def __init__(self, message: str, words: str) -> None:
        super().__init__(message)
        self.words = words


def read_chance(value: object) -> float:
    """Read a probability: a number is a percentage only if it has the sign, and a comma is a decimal point.

    Raises:
        InvalidValue: It is anything else, or rounding to twelve decimals would make it 0 or 1.

    >>> read_chance("0.72"), read_chance("72,5 %"), read_chance(0.72), read_chance("1")
    (0.72, 0.725, 0.72, 1.0)
    """
    if isinstance(value, str):
        return _read_decimal(value)
    return _checked_probability(value)


def _read_decimal(text: str) -> float:
    """Read a chance from decimal text or percent; a bare number from 2 to 100 is refused, because it may be either."""
    match = _CHANCE_IN_DIGITS.fullmatch(text.strip())
    if match is None or ("," in match[1] and two_values(match[1])):
        if text.strip()[:1] in {"-", "\N{MINUS SIGN}"} and _CHANCE_IN_DIGITS.fullmatch(text.strip()[1:]):
            raise InvalidValue(f"{shortened(text)} is not a probability, which runs from 0 to 1, or from 0% to 100%")
        as_word = f'words="{text.strip()}" says it in words'
        if is_phrase(text):
            raise InWords(f"{short_repr(text)} is not a probability; {as_word}", text)
        raise InvalidValue(f"{short_repr(text)} is not a probability; {near_chance(text) or _WAYS}")
    figure, percent = Decimal(match[1].replace(",", ".")), match[2]  # exact: 0.7 % must not become 0.006999999999999999
    if not percent and 2 <= figure <= 100:
        raise InvalidValue(f"{shortened(text)} is not a probability; say {hundredth(figure):f} or {figure:f}%")
    number = hundredth(figure) if percent else figure
    if number > 1:
        raise InvalidValue(f"{shortened(text)} is not a probability, which runs from 0 to 1, or from 0% to 100%")
    rounded = float(number)
    if rounded in {0, 1} and rounded != number:  # `check_probability` could not see any more that it was rounded
        raise InvalidValue(f"{shortened(text)} {all_but_certain(rounded)}")
    return _checked_probability(rounded)


def near_chance(text: str) -> str | None:
    """Suggest the percentage that a text with one or two numbers means: a share, the middle of a range, "about".

    None if none is likely to be meant. Betting odds are written for or against, and 1/3 may be such odds or a share: no
    number is offered for either.

    >>> near_chance("1 in 4"), near_chance("60/40"), near_chance("7/10"), near_chance("20-30%"), near_chance("7 of 5")
    ('say 25%', 'say 60%', 'say 70%', 'say one number, such as 25%', None)
    >>> near_chance("2:1")
    'odds or a share? say it in percent'
    >>> near_chance("about 70,5 percent")
    'say 70.5%'
    """
    text = _FIGURE_COMMA.sub(".", text)
    figures = [float(figure) for figure in re.findall(r"\d+(?:\.\d+)?", text)]
    percent = _PERCENT.search(text) is not None
    if len(figures) == 2 and (share := _OF_TWO.search(text)) and not (percent and share[1] in "-\u2013"):
        if share[1] in "/:" and sum(figures) != 100 and not (share[1] == "/" and figures[1] in _SHARED_BY):
            return "odds or a share? say it in percent"
        chance = _share(share[1], *figures)
        return None if chance is None or chance > 100 else f"say {chance:.4g}%"
    if not percent or "+" in text or not 1 <= len(figures) <= 2:
        return None
    chance = sum(figures) / len(figures)
    lead = "say" if len(figures) == 1 else "say one number, such as"
    return f"{lead} {chance:.4g}%" if chance <= 100 else None


def _share(sign: str, first: float, second: float) -> float | None:
    """Return the percentage that two numbers with a *sign* between them mean; None if they mean none.

    60/40 is 60 %, 1 in 4 and 7/10 are shares; 20-30 is a range, and no percentage.
    """
    if first + second == 100 and sign in "/:-\u2013":
        return first
    if sign in "-\u2013":
        return None
    return 100 * first / second if second else None


def is_phrase(text: str) -> bool:
    """Return whether a text is a word or phrase for how likely something is, on any of the scales.

    >>> is_phrase("Very likely"), is_phrase("yes")
    (True, False)
    """
    from forecasts.verbal import SCALES

    phrase = " ".join(text.lower().split())
    return any(phrase in scale.words for scale in SCALES.values())


def _checked_probability(value: object) -> float:
    try:
        return check_probability(value)
    except ValueError as error:
        raise InvalidValue(str(error)) from None


def hundredth(number: Decimal) -> Decimal:
    """Divide by 100 without losing a digit."""
    return number.scaleb(-2, _exact(number)).normalize(_exact(number))


def shortened(digits: str) -> str:
    """Shorten the text that was typed for a number to a length that fits into a message."""
    return digits if len(digits) <= 40 else f"{digits[:37]}..."


def _exact(number: Decimal) -> Context:
    return Context(prec=len(number.as_tuple().digits) + 2)

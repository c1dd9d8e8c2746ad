"""Cut, break and pad text by the columns that it takes on a terminal."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, takewhile

from predictions.invisible import visible

WIDTH = 80
JOINER = "\N{ZERO WIDTH JOINER}"
_KEPT_SPACE = "\1"  # takes the place of a space at which no line is broken; no text that is shown has it
_QUOTED = re.compile(r"""(?<!\w)("[^"]{,60}"|'[^']{,60}')""")


class Cut(str):
    """A text that was cut for a terminal.

    Attributes:
        whole: The whole text, which HTML shows in tables and, elsewhere, when a reader points at it.
    """

    whole: str

    def __new__(cls, text: str, whole: str = "") -> Cut:
        """Make a cut text; an empty *whole* means that it was short enough."""
        cut = super().__new__(cls, text)
        cut.whole = whole or text
        return cut

    def between(self, before: str, after: str = "") -> Cut:
        """Put words before and after the text, and likewise around the whole text."""
        return Cut(f"{before}{self}{after}", f"{before}{self.whole}{after}")


def cut_to(text: str, most: int) -> Cut:
    """Cut the end off a text that is longer than *most* columns.

    >>> cut_to("a-long-option", 10), cut_to("a-long-option", 10).whole
    ('a-long-...', 'a-long-option')
    """
    if columns_of(text) <= most:
        return Cut(text)
    signs = signs_of(text)
    return Cut(f"{''.join(signs[: _fitting(signs, most - 3)])}...", text)


def cut_in_middle(text: str, most: int) -> Cut:
    """Cut the middle out of a text that is longer than *most* columns: names in a list differ there least.

    >>> cut_in_middle("the-candidate-of-the-party-of-ohio", 18), cut_in_middle("東京", 3)
    ('the-can...-of-ohio', '...')
    """
    if columns_of(text) <= most:
        return Cut(text)
    signs, room = signs_of(text), most - 3
    end = "".join(signs[len(signs) - _fitting(signs[::-1], (room + 1) // 2) :])
    start = "".join(signs[: _fitting(signs, room - columns_of(end))])
    return Cut(f"{start}...{end}", text)


def cut_apart(names: Sequence[str], most: int, cut: Callable[[str, int], Cut] = cut_in_middle) -> list[Cut]:
    """Cut the names of one list to *most* columns so that different names stay different.

    Three ways are tried: *cut* alone; *cut* after the beginning that all names share is left out; and *cut* with the
    number of each name before it.

    >>> cut_apart(["the-candidate-01-of-the-party", "the-candidate-02-of-the-party"], 18)
    ['...01-of-the-party', '...02-of-the-party']
    >>> cut_apart(["the-number-a-of-ohio", "the-number-b-of-ohio", "x-of-ohio", "the-ber-of-ohio"], 9)
    ['1 th...io', '2 th...io', '3 x-...io', '4 th...io']
    """
    first, last = min(names, default=""), max(names, default="")  # what these two share, all names share
    pairs = zip(signs_of(first), signs_of(last), strict=False)
    shared = "".join(sign for sign, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    shared = shared[: shared.rfind("-") + 1] or shared  # whole words of a slug
    ways = (
        [cut(name, most) for name in names],
        [cut(f"...{name[len(shared) :]}", most) for name in names],
        [cut(name, most - len(f"{number} ")).between(f"{number} ") for number, name in enumerate(names, 1)],
    )
    distinct = next((way for way in ways if len({*way}) == len({*names})), ways[-1])
    return [Cut(short, name) for short, name in zip(distinct, names, strict=True)]


def cut_at_word(text: str, most: int) -> Cut:
    """Cut a text that is longer than *most* characters after the last whole word that fits.

    >>> cut_at_word("an unknown option", 12)
    'an unknown ...'
    """
    if len(text) <= most:
        return Cut(text)
    start = "".join(signs_of(text[: most + 1])[:-1])  # without the last sign, which may be cut in two
    return Cut(f"{start.rsplit(' ', 1)[0]} ...", text)


def columns_of(text: str) -> int:
    """Return how many columns a text takes on a terminal: two for a Chinese sign, none for a separate accent.

    >>> columns_of("re\N{COMBINING ACUTE ACCENT}sume"), columns_of("\N{HANGUL SYLLABLE GIM}")
    (6, 2)
    """
    if text.isascii():
        return len(text)
    return sum(map(_columns_of_one, text))


def _columns_of_one(mark: str) -> int:
    """Return how many columns one character takes: 0, 1 or 2."""
    if unicodedata.category(mark) in {"Mn", "Me", "Mc", "Cf"} or "\N{HANGUL JUNGSEONG FILLER}" <= mark <= "\u11ff":
        return 0  # drawn over the letter before it
    return 2 if unicodedata.east_asian_width(mark) in "WF" else 1


def signs_of(text: str) -> list[str]:
    """Return the signs that a reader sees: a letter with its accents, a flag, or emoji joined to one, are one sign.

    >>> signs_of("a\N{REGIONAL INDICATOR SYMBOL LETTER J}\N{REGIONAL INDICATOR SYMBOL LETTER P}") == ["a", "🇯🇵"]
    True
    """
    if text.isascii():
        return list(text)
    signs: list[str] = []
    for mark in text:
        if signs and _joins(signs[-1], mark):
            signs[-1] += mark
        else:
            signs.append(mark)
    return signs


def _joins(sign: str, mark: str) -> bool:
    """Return whether a character is drawn together with the sign before it."""
    skin = "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}" <= mark <= "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}"
    return _columns_of_one(mark) == 0 or skin or sign[-1] == JOINER or (len(sign) == 1 and _is_flag(sign + mark))


def _is_flag(letters: str) -> bool:
    """Return whether both characters are regional indicators: a pair of them is drawn as a flag."""
    first, last = "\N{REGIONAL INDICATOR SYMBOL LETTER A}", "\N{REGIONAL INDICATOR SYMBOL LETTER Z}"
    return first <= min(letters) and max(letters) <= last


def _fitting(signs: Sequence[str], most: int) -> int:
    """Return how many of the first signs fit into *most* columns."""
    return bisect_right(list(accumulate(map(columns_of, signs))), most)


class _Word(str):
    """A word whose length is the columns that it takes, since textwrap measures words by ``len``."""

    def __len__(self) -> int:
        return columns_of(str(self))


class _Lines(textwrap.TextWrapper):
    """A wrapper that counts columns and never breaks within a sign, as between a letter and its accent."""

    def _split(self, text: str) -> list[str]:
        return [word if word.isascii() else _Word(word) for word in super()._split(text)]

    def _handle_long_word(self, reversed_chunks: list[str], cur_line: list[str], cur_len: int, width: int) -> None:
        """Break a word that is longer than a line between two signs; ASCII words are broken as usual.

        At least one sign is put on an empty line, even if it is too wide: otherwise the wrapper would never end.
        """
        if reversed_chunks[-1].isascii() or not self.break_long_words:
            super()._handle_long_word(reversed_chunks, cur_line, cur_len, width)
            return
        signs = signs_of(reversed_chunks.pop())
        fitting = max(_fitting(signs, width - cur_len), 0 if cur_line else 1)
        cur_line.append("".join(signs[:fitting]))
        if fitting < len(signs):
            reversed_chunks.append(_Word("".join(signs[fitting:])))


def broken_to(width: int, text: str, first: str = "", rest: str = "", *, whole_words: bool = False) -> list[str]:
    """Break a text into lines of at most *width* columns.

    Args:
        width: Columns of a line.
        text: The text, which is broken at its spaces.
        first: What the first line begins with.
        rest: What the other lines begin with.
        whole_words: Keep words that are longer than a line whole. Texts with signs of two columns are broken all the
            same: Chinese and Japanese have no spaces.
    """
    has_wide_signs = not text.isascii() and max(map(_columns_of_one, text)) > 1
    lines = _Lines(
        width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False,
        break_long_words=has_wide_signs or not whole_words,
    )  # fmt: skip
    return lines.wrap(text) or [""]


def broken_between_quotes(width: int, text: str, first: str = "", rest: str = "") -> list[str]:
    """Break a text as :func:`broken_to` does, but not within quotation marks, so that the quoted text can be copied."""
    kept = _QUOTED.sub(lambda quoted: quoted[0].replace(" ", _KEPT_SPACE), text)
    return [line.replace(_KEPT_SPACE, " ") for line in broken_to(width, kept, first, rest, whole_words=True)]


def on_one_line(text: str) -> str:
    """Put a text on one line, with invisible characters made visible."""
    return visible(text).replace("\n", " ").replace("\t", " ")


def padded(cell: str, width: int, *, right: bool = False) -> str:
    """Put a text on one line and fill it to *width* columns; *right* puts the spaces before it."""
    text = on_one_line(cell)
    space = " " * (width - columns_of(text))
    return space + text if right else text + space

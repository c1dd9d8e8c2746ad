"""Headers in plain letters, and those that are nearly a column's name: slips, plurals, signs, other words for a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# The letters a name must have before it may be read with a slip: two letters swapped, one letter wrong, or two slips.
LETTERS_FOR_A_SLIP, LETTERS_FOR_A_WRONG_ONE, LETTERS_FOR_TWO_SLIPS = 4, 5, 8
_DAY_HEADERS = ("deadline", "made_at", "said_on", "opens_on", "known_on", "happened_on")
_SMALL_WORDS = frozenset(("the", "of", "a", "an", "it", "this", "that", "s", "is", "was", "name", "names", "full"))
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DAY_WORDS = re.compile(r"^(?:date|day|time)(?:of)?|(?:on|at|date|day|time)$")


def simple(name: object) -> str:
    """Return a column's name without capitals, spaces, ``_`` and ``-``: ``Made At`` and ``made_at`` are one."""
    return re.sub(r"[\s_\ufeff-]+", "", str(name)).casefold()


def bare_header(header: object) -> str:
    """Return a header as words of other languages are looked up: without accents, quotes, ``%`` and what is small.

    >>> bare_header("Échéance"), bare_header("'Chance in %'")
    ('echeance', 'chance')
    """
    plain = unicodedata.normalize("NFKD", str(header)).replace("ß", "ss")
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return simple(re.sub(r"\b[ei][nm]\s*%|[\"'()%?:;.,!*/]", "", letters))


def core_of_header(header: object) -> str:
    """Return a header as words for a column are looked up, without what says nothing of which column it is.

    >>> core_of_header("Name of the forecaster"), core_of_header("Who said it?"), core_of_header("Date of statement")
    ('forecaster', 'whosaid', 'statementdate')
    """
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(header)))
    telling = [word for word in words if word.casefold() not in _SMALL_WORDS]
    if telling and telling[0].casefold() in {"date", "day", "time"}:
        telling = [*telling[1:], telling[0]]
    return bare_header("".join(telling))


class NearNames:
    """The names of some columns, by which a header that is nearly one of them is known."""

    def __init__(self, spellings: Iterable[tuple[str, str]]) -> None:
        """Take the spellings of columns, each with the column; where several are as near, the first is meant."""
        self._meant = dict[str, tuple[str, str]]()
        self._singular, self._dated = dict[str, tuple[str, str]](), dict[str, tuple[str, str]]()
        for spelling, column in spellings:
            word, one = _letters(spelling), (column, spelling)
            self._meant.setdefault(word, one)
            self._singular.setdefault(_singular(word), one)
            if column in _DAY_HEADERS and (stem := _undated(word)):
                self._dated.setdefault(stem, (column, column))

    def meant(self, header: object) -> tuple[str, str] | None:
        """Return the column that a header nearly names, and the spelling that it is near to; None for any other.

        Under a percent sign stand the chances of a person, who may have a name much like a word for a chance: only what
        is spelled as one, or long enough to be no name, is meant.

        >>> near = NearNames([("words", "words"), ("said_on", "said_on"), ("p", "p"), ("prob", "p"), ("by", "by")])
        >>> [near.meant(header) for header in ("worsd", "word", "said at", "Prob. %")]
        [('words', 'words'), ('words', 'words'), ('said_on', 'said_on'), ('p', 'prob')]
        >>> [near.meant(header) for header in ("world", "Rob %", "B", "Mood")]
        [None, None, None, None]
        """
        word = _letters(header)
        if not word:
            return None
        exact = self._meant.get(word) or self._singular.get(_singular(word)) or self._dated.get(_undated(word))
        if "%" in str(header):
            exact = exact if exact and exact[0] == "p" else None
        if exact or "%" not in str(header):
            return exact or self._slipped(word, LETTERS_FOR_A_SLIP)
        slipped = self._slipped(word, LETTERS_FOR_TWO_SLIPS)
        return slipped if slipped is None or slipped[0] == "p" else ("p", "p")

    def _slipped(self, word: str, shortest: int) -> tuple[str, str] | None:
        """Return the name that a word is but for few slips, the nearest of those that are long enough."""
        near = (
            (slips, one)
            for name, one in self._meant.items()
            if len(name) >= shortest and (slips := _slips(word, name)) is not None
        )
        return min(near, key=lambda found: found[0], default=(0, None))[1]


def _letters(header: object) -> str:
    """Return the letters and digits of a header, without what stands in brackets."""
    return re.sub(r"[\W_]+", "", bare_header(_BRACKETS.sub(" ", str(header)).strip() or header))


def _singular(word: str) -> str:
    return re.sub("ies$", "y", word).removesuffix("s")


def _undated(word: str) -> str:
    """Return what a name of a day says besides that it is one: ``said`` of said_on, said_at and the date said."""
    stem = _DAY_WORDS.sub("", word)
    return _singular(word) if stem == word else _undated(stem)


def _slips(word: str, name: str) -> int | None:
    """Count the letters that are left out, doubled, exchanged or mistaken; None where they are too many for a slip.

    A short word with another first letter is another word, and so is one of four letters with any other: a season is no
    reason, and a line no link.

    >>> _slips("txt", "text"), _slips("knwon", "known"), _slips("line", "link"), _slips("criterion", "criteria")
    (1, 1, None, 2)
    """
    most = 2 if len(name) >= LETTERS_FOR_TWO_SLIPS else 1
    if abs(len(word) - len(name)) > most:
        return None
    mistaken_first = word[0] != name[0] and len(word) == len(name) and sorted(word) != sorted(name)
    of_four = len(name) < LETTERS_FOR_A_WRONG_ONE and len(word) == len(name) and sorted(word) != sorted(name)
    if of_four or (mistaken_first and len(name) < LETTERS_FOR_TWO_SLIPS):
        return None
    slips = _distance(word, name)
    return slips if slips <= most else None


def _distance(word: str, name: str) -> int:
    """Count the least steps from one word to another: a letter more, less or another, or two neighbours exchanged."""
    before, row = [0] * (len(name) + 1), list(range(len(name) + 1))
    for at, letter in enumerate(word, 1):
        last, before, row = before, row, [at] + [0] * len(name)
        for place, other in enumerate(name, 1):
            row[place] = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != other))
            if at > 1 and place > 1 and word[at - 2] == other and letter == name[place - 2]:
                row[place] = min(row[place], last[place - 2] + 1)
    return row[-1]

"""Recognise headers that are nearly the name of a column: misspelled, plural, with signs, or worded differently."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# The letters a name needs before it is compared for: two letters swapped, one wrong letter, or two such slips.
LETTERS_FOR_A_SLIP, LETTERS_FOR_A_WRONG_ONE, LETTERS_FOR_TWO_SLIPS = 4, 5, 8
_DAY_HEADERS = ("deadline", "made_at", "said_on", "opens_on", "known_on", "happened_on")
_SMALL_WORDS = frozenset(("the", "of", "a", "an", "it", "this", "that", "s", "is", "was", "name", "names", "full"))
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DAY_WORDS = re.compile(r"^(?:date|day|time)(?:of)?|(?:on|at|date|day|time)$")


def simple(name: object) -> str:
    """Return a name without capitals, spaces, ``_`` and ``-``, so that ``Made At`` and ``made_at`` are equal."""
    return re.sub(r"[\s_\ufeff-]+", "", str(name)).casefold()


def bare_header(header: object) -> str:
    """Return a header in the form in which words of other languages are looked up: without accents, quotes and signs.

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
    """The names of columns, to find the one that a header nearly is."""

    def __init__(self, spellings: Iterable[tuple[str, str]]) -> None:
        """Take pairs of spelling and column; of equally near spellings, the first counts."""
        self._meant = dict[str, tuple[str, str]]()
        self._singular, self._dated = dict[str, tuple[str, str]](), dict[str, tuple[str, str]]()
        for spelling, column in spellings:
            word, pair = _letters(spelling), (column, spelling)
            self._meant.setdefault(word, pair)
            self._singular.setdefault(_singular(word), pair)
            if column in _DAY_HEADERS and (stem := _undated(word)):
                self._dated.setdefault(stem, (column, column))

    def meant(self, header: object) -> tuple[str, str] | None:
        """Return the column that a header nearly names, and the spelling it is near to; None if there is none.

        A header with a percent sign may be a person's name that resembles a word for a chance. It is compared only if
        it is spelled exactly, or is too long for a name.

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
        """Return the name that differs from a word by the fewest slips; None if none of *shortest* letters is near."""
        nearest: tuple[int, tuple[str, str] | None] = (0, None)
        for name, pair in self._meant.items():
            slips = _slips(word, name) if len(name) >= shortest else None
            if slips is not None and (nearest[1] is None or slips < nearest[0]):
                nearest = slips, pair
        return nearest[1]


def _letters(header: object) -> str:
    """Return the letters and digits of a header, without anything in brackets."""
    return re.sub(r"[\W_]+", "", bare_header(_BRACKETS.sub(" ", str(header)).strip() or header))


def _singular(word: str) -> str:
    """Return a word without the ending of a plural."""
    return re.sub("ies$", "y", word).removesuffix("s")


def _undated(word: str) -> str:
    """Return a name without its words for a day: ``said`` for said_on, said_at and "date said"."""
    stem = _DAY_WORDS.sub("", word)
    return _singular(word) if stem == word else _undated(stem)


def _slips(word: str, name: str) -> int | None:
    """Return how many letters are left out, doubled, swapped or wrong; None if these are too many for a slip.

    A short word with another first letter is another word, and so is one of four letters with any other letter: reason
    is not season, and line is not link.

    >>> _slips("txt", "text"), _slips("knwon", "known"), _slips("line", "link"), _slips("criterion", "criteria")
    (1, 1, None, 2)
    """
    most = 2 if len(name) >= LETTERS_FOR_TWO_SLIPS else 1
    if abs(len(word) - len(name)) > most:
        return None
    is_other_word = len(word) == len(name) and sorted(word) != sorted(name)  # a letter is wrong, none only moved
    if is_other_word and len(name) < LETTERS_FOR_A_WRONG_ONE:
        return None
    if is_other_word and word[0] != name[0] and len(name) < LETTERS_FOR_TWO_SLIPS:
        return None
    slips = _distance(word, name)
    return slips if slips <= most else None


def _distance(word: str, name: str) -> int:
    """Return the fewest steps from one word to another: a letter added, removed, changed, or two neighbours swapped."""
    before_last, last, row = [0] * (len(name) + 1), [0] * (len(name) + 1), list(range(len(name) + 1))
    for index, letter in enumerate(word, 1):  # a row of the table of distances between beginnings of both words
        before_last, last, row = last, row, [index] + [0] * len(name)
        for place, other in enumerate(name, 1):
            row[place] = min(last[place] + 1, row[place - 1] + 1, last[place - 1] + (letter != other))
            if index > 1 and place > 1 and word[index - 2] == other and letter == name[place - 2]:
                row[place] = min(row[place], before_last[place - 2] + 1)
    return row[-1]

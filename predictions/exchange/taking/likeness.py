"""Find names and questions in a file that resemble those on file: the card asks whether they are one, nothing more."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

import numpy as np

from predictions.exchange.questions import unbroken
from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.recording.distributions import NOUNS
from predictions.recording.enter import Desk, build
from predictions.records import Claim, Forecast, Forecaster
from predictions.slugs import folded, resembles
from predictions.timestamps import moment_text

ABOUT = timedelta(days=31)  # how far apart the deadlines of one question on two platforms may lie
SHORTEST_LIKE_NAME = 3  # letters of a name that may be short for a longer one
MOST_SHARING = 200  # questions with a word, beyond which the word distinguishes nothing
LEAST_SHARED = 0.6  # share of all words of two questions that both have
LEAST_LETTERS = 0.9  # likeness of two texts that may differ by a typing error
COMMON = frozenset(
    ("a", "an", "and", "any", "at", "be", "before", "been", "by", "do", "does", "end", "for", "from", "has", "have",
     "in", "is", "it", "of", "on", "or", "the", "to", "will", "with")
)  # fmt: skip  # words that do not distinguish questions

TURNING = frozenset(("never", "no", "not", "without"))  # words that reverse a question
_GROUP = re.compile(r"^\[[^]]*\]\s*")
_DIGITS = re.compile(r"\d")
_ENDING = re.compile(r"(?<=\w{3})(?:ed|es|ing|e|(?<!s)s)$")  # of opens, opened and opening; not of class
MOST_LOOKED_AT = 3  # forecasts of each new name that are compared: more would show the same
MOST_NEW = 100  # new names that are compared


@dataclass(frozen=True)
class LikelyPair:
    """A question of a file, and the claim on file that it may be.

    Attributes:
        slug: The claim that was recorded for the question.
        key: The name by which a caller would refer to the question.
        text: The question's words.
        known: The slug of the claim on file.
        cluster: The cluster of the claim on file; None if it has none.
        is_beside: Whether that claim has a row in the same table, so that it is new too, or known to be another.
    """

    slug: str
    key: str
    text: str
    known: str
    cluster: str | None = None
    is_beside: bool = False


def like_name(name: str, names: Mapping[str, str]) -> str | None:
    """Return the slug whose name a new name may be: nearly its letters, or all its words or more; None if none.

    *others* maps slugs to names. Names that differ in a number alone are different on purpose, not misspelled.

    >>> like_name("ann", {"ana": "ana"}), like_name("bob-k", {"bob": "bob"}), like_name("cy", {"cyrus": "cyrus"})
    ('ana', 'bob', None)
    """
    without_digits = _DIGITS.sub("", name)
    if without_digits != name:
        names = {
            slug: other for slug, other in names.items() if other == name or _DIGITS.sub("", other) != without_digits
        }
    words = set(name.split("-"))
    for slug, other in names.items():
        shorter, longer = sorted((words, set(other.split("-"))), key=len)  # "bob" and "bob-k" may be one
        if shorter <= longer and all(len(word) >= SHORTEST_LIKE_NAME for word in shorter):
            return slug
        if _slipped(name, other):
            return slug
    similar = resembles(name, names.values())
    return next((slug for slug, other in names.items() if other == similar), None)


def _slipped(name: str, other: str) -> bool:
    """Tell whether two short names of one length begin alike and differ in one letter, or in the order of two.

    >>> _slipped("bbo", "bob"), _slipped("ann", "ana"), _slipped("bob", "rob"), _slipped("arno", "aron")
    (True, True, False, True)
    """
    if len(name) != len(other) or len(name) < SHORTEST_LIKE_NAME or "-" in name or name[0] != other[0]:
        return False
    apart = [place for place, (one, two) in enumerate(zip(name, other, strict=True)) if one != two]
    exchanged = len(apart) == 2 and name[apart[0] : apart[1] + 1] == other[apart[0] : apart[1] + 1][::-1]
    return len(apart) == 1 or exchanged


class Wordings:
    """Finds claims on file by the words of their wordings."""

    def __init__(self, wordings: Mapping[str, str]) -> None:
        """Index the wordings, given by slug of claim."""
        self._titles = wordings
        self._words = {slug: _telling(wording) for slug, wording in wordings.items()}
        self._having: defaultdict[str, list[str]] = defaultdict(list)
        for slug, words in self._words.items():
            for word in words:
                self._having[word].append(slug)

    def like(self, text: str, deadline: date, *, or_slipped: bool = False) -> Iterator[str]:
        """Yield the claims whose wording resembles a text, most similar first.

        Both must have the same numbers and both or neither a word such as "not". The years of the *deadline* and after
        are ignored: "by 2026" and "before 2027" ask the same. With *or_slipped*, a wording with nearly the same letters
        comes first even if a number differs: it may be a typing error.
        """
        years = {str(deadline.year), str(deadline.year + 1)}
        words = _telling(text) - years
        having = [self._having[word] for word in words if 0 < len(self._having.get(word, ())) <= MOST_SHARING]
        shared_words = Counter(slug for slugs in having for slug in slugs)
        candidates = [slug for slug, count in shared_words.items() if 2 * count >= len(having)]
        likeness = {slug: _nearness(words, self._words[slug] - years) for slug in candidates}
        if or_slipped:
            slips = [slug for slug in candidates if _slip(folded(text), folded(self._titles[slug]))]
            likeness |= dict.fromkeys(slips, 1)
        likely = [slug for slug in likeness if likeness[slug] >= LEAST_SHARED]
        yield from sorted(likely, key=lambda slug: (-likeness[slug], slug))


def _slip(text: str, other: str) -> bool:
    """Tell whether two texts have nearly the same letters."""
    return SequenceMatcher(None, text, other, autojunk=False).ratio() >= LEAST_LETTERS


def _nearness(words: frozenset[str], other_words: frozenset[str]) -> float:
    """Return the share of all words of two texts that both have; 0 if numbers or a word such as "not" differ."""
    if {word for word in words ^ other_words if word.isdecimal() or word in TURNING}:
        return 0
    return len(words & other_words) / max(len(words | other_words), 1)


def _telling(text: str) -> frozenset[str]:
    """Return the words that distinguish a question: without endings, common words and a group in brackets in front."""
    words = re.findall(r"\w+", folded(_GROUP.sub("", text)))
    return frozenset(_ENDING.sub("", word) for word in words) - COMMON


def doubles(desk: Desk, made: PlacedForecasts, new: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each *new* forecaster who forecast the same chance on a claim at the same moment as one on file.

    It may be one person under two names. Only the first few forecasts of each are compared.

    Args:
        desk: The open transaction.
        made: The forecasts that are new.
        new: The slugs of forecasters that are new.

    Yields:
        The slug of the new forecaster, and that of the one on file.
    """
    on_file = desk.store.titles(Forecaster).keys() - new
    compared, pairs = Counter[str](), set[str]()
    of_new = np.array([slug in new for slug in made.forecasters], np.bool_)[made.columns.forecasts.forecaster]
    for forecast in map(made.one, np.flatnonzero(of_new).tolist() if on_file else ()):
        slug = forecast.forecaster
        compared[slug] += 1
        if compared[slug] > MOST_LOOKED_AT or slug in pairs or len(compared) > MOST_NEW:
            continue
        for other in _at_this_moment(desk, forecast, on_file):
            pairs.add(slug)
            yield slug, other.forecaster
            break


def _at_this_moment(desk: Desk, forecast: Forecasting, others: Collection[str]) -> Iterator[Forecast]:
    """Yield the forecasts by others, on the same claim at the same moment, that say exactly the same."""
    if "withdrawn" in forecast.fields:
        return
    key = {"claim": forecast.claim, "made_at": moment_text(forecast.made_at)}
    content = _moment_and_chances(build(Forecast, {**forecast.fields, **key, "forecaster": forecast.forecaster}))
    records = desk.store.revisions(Forecast, **key)
    imported = desk.store.imported_forecasts({(forecast.claim, other) for other in others})
    for other_forecast in (*records, *imported):
        if other_forecast.forecaster in others and _moment_and_chances(other_forecast) == content:
            yield other_forecast


def _moment_and_chances(forecast: Forecast) -> tuple[object, ...]:
    """Return what two forecasts must share to say the same at the same moment."""
    return forecast.made_at, forecast.point, forecast.shares, forecast.points, forecast.days


def likely_pairs(desk: Desk, placed: Sequence[PlacedQuestion], titles: Mapping[str, str]) -> Iterator[LikelyPair]:
    """Yield new questions that may be claims on file: same kind of answer, most words shared, similar deadline."""
    wordings = Wordings(titles)
    for question, claim, new, *_ in placed:
        for slug in wordings.like(claim.wording, claim.deadline) if new else ():
            on_file = desk.store.revisions(Claim, slug=slug)[-1]
            same_kind = NOUNS.get(on_file.type) == NOUNS.get(claim.type)
            if same_kind and abs(on_file.deadline - claim.deadline) <= ABOUT:
                key = question.id if question.id and "\n" not in question.id else unbroken(claim.wording)
                yield LikelyPair(claim.slug, key, claim.wording, slug, on_file.cluster)
                break

"""Names and questions that may be those of others on file: offered as a question on the card, and never joined."""

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

ABOUT = timedelta(days=31)  # within which the deadlines lie of what may be one question on two platforms
SHORTEST_LIKE_NAME = 3  # letters of a name that may stand for a longer one
MOST_SHARING = 200  # questions that have a word, beyond which it tells nothing
LEAST_SHARED = 0.6  # of the words that either of two questions has
LEAST_LETTERS = 0.9  # of two texts that may be one with a slip
COMMON = frozenset(
    ("a", "an", "and", "any", "at", "be", "before", "been", "by", "do", "does", "end", "for", "from", "has", "have",
     "in", "is", "it", "of", "on", "or", "the", "to", "will", "with")
)  # fmt: skip  # words that tell no question from another

TURNING = frozenset(("never", "no", "not", "without"))  # words that turn a question into another
_GROUP = re.compile(r"^\[[^]]*\]\s*")
_DIGITS = re.compile(r"\d")
_ENDING = re.compile(r"(?<=\w{3})(?:ed|es|ing|e|(?<!s)s)$")  # of opens, opened and opening; not of class
MOST_LOOKED_AT = 3  # forecasts of each new name: more would tell the same
MOST_NEW = 100  # new names that are looked at


@dataclass(frozen=True)
class LikelyPair:
    """A question of a file, and the claim on file that it may be.

    Attributes:
        slug: The claim it was recorded as.
        key: What the caller would name it by.
        text: Its words.
        known: The claim on file.
        cluster: The cluster that this one has.
    """

    slug: str
    key: str
    text: str
    known: str
    cluster: str | None = None


def like_name(name: str, others: Mapping[str, str]) -> str | None:
    """Find whose other name a slug may be: nearly the same letters, or the words of one are among the other's.

    *others* holds what each is called, by slug. Those who differ in a number alone are counted, not misspelled.

    >>> like_name("ann", {"ana": "ana"}), like_name("bob-k", {"bob": "bob"}), like_name("cy", {"cyrus": "cyrus"})
    ('ana', 'bob', None)
    """
    if (bare := _DIGITS.sub("", name)) != name:
        others = {slug: other for slug, other in others.items() if other == name or _DIGITS.sub("", other) != bare}
    words = set(name.split("-"))
    for slug, other in others.items():
        shorter, longer = sorted((words, set(other.split("-"))), key=len)
        if shorter <= longer and all(len(word) >= SHORTEST_LIKE_NAME for word in shorter):
            return slug
        if _slipped(name, other):
            return slug
    near = resembles(name, others.values())
    return next((slug for slug, other in others.items() if other == near), None)


def _slipped(name: str, other: str) -> bool:
    """Tell whether two short names of one length begin alike and differ in one letter."""
    if len(name) != len(other) or len(name) < SHORTEST_LIKE_NAME or "-" in name or name[0] != other[0]:
        return False
    return sum(one != two for one, two in zip(name, other, strict=True)) == 1


class Wordings:
    """The wordings of claims on file, found by the words that they share."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        """Learn what each claim asks, by slug."""
        self._titles = titles
        self._words = {slug: _telling(title) for slug, title in titles.items()}
        self._having: defaultdict[str, list[str]] = defaultdict(list)
        for slug, words in self._words.items():
            for word in words:
                self._having[word].append(slug)

    def like(self, text: str, deadline: date, *, or_slipped: bool = False) -> Iterator[str]:
        """Yield the claims that share most words with a text, all numbers, and whether it says not; nearest first.

        Of numbers the year of the *deadline* and the next are passed over: "by 2026" and "before 2027" ask the same.
        Before them come, where these are wanted, those whose letters a slip may have changed, be it in a number.
        """
        ends = {str(deadline.year), str(deadline.year + 1)}
        words = _telling(text) - ends
        having = [self._having[word] for word in words if 0 < len(self._having.get(word, ())) <= MOST_SHARING]
        shared = Counter(slug for slugs in having for slug in slugs)
        likely = [slug for slug, count in shared.items() if 2 * count >= len(having)]
        near = {slug: _nearness(words, self._words[slug] - ends) for slug in likely}
        near |= {slug: 1 for slug in likely if or_slipped and _slip(folded(text), folded(self._titles[slug]))}
        yield from sorted((slug for slug in near if near[slug] >= LEAST_SHARED), key=lambda slug: (-near[slug], slug))


def _slip(text: str, other: str) -> bool:
    """Tell whether two texts have nearly the same letters."""
    return SequenceMatcher(None, text, other, autojunk=False).ratio() >= LEAST_LETTERS


def _nearness(words: frozenset[str], others: frozenset[str]) -> float:
    """Return which part of the words of two texts they share; 0 where numbers differ, or one says not."""
    if {word for word in words ^ others if word.isdecimal() or word in TURNING}:
        return 0
    return len(words & others) / max(len(words | others), 1)


def _telling(text: str) -> frozenset[str]:
    """Return the words that tell what is asked, without their endings, and without a group in brackets before them."""
    words = re.findall(r"\w+", folded(_GROUP.sub("", text)))
    return frozenset(_ENDING.sub("", word) for word in words) - COMMON


def doubles(desk: Desk, made: PlacedForecasts, new: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each of the *new* forecasters who says what stands as another's: of one claim, at one moment, one number.

    Args:
        desk: Where the forecasts were recorded.
        made: Those that are new.
        new: The slugs of forecasters that are new.
    """
    others = desk.store.titles(Forecaster).keys() - new
    looked_at, found = Counter[str](), set[str]()
    of_new = np.array([slug in new for slug in made.forecasters], np.bool_)[made.columns.forecasts.forecaster]
    for forecast in map(made.one, np.flatnonzero(of_new).tolist() if others else ()):
        slug = forecast.forecaster
        looked_at[slug] += 1
        if looked_at[slug] > MOST_LOOKED_AT or slug in found or len(looked_at) > MOST_NEW:
            continue
        for known in _at_this_moment(desk, forecast, others):
            found.add(slug)
            yield slug, known.forecaster
            break


def _at_this_moment(desk: Desk, forecast: Forecasting, others: Collection[str]) -> Iterator[Forecast]:
    """Yield what others say, to the number, on the same claim at the same moment."""
    if "withdrawn" in forecast.fields:
        return
    key = {"claim": forecast.claim, "made_at": moment_text(forecast.made_at)}
    said = _moment_and_chances(build(Forecast, {**forecast.fields, **key, "forecaster": forecast.forecaster}))
    records = desk.store.revisions(Forecast, **key)
    blocks = desk.store.imported_forecasts({(forecast.claim, other) for other in others})
    for known in (*records, *blocks):
        if known.forecaster in others and _moment_and_chances(known) == said:
            yield known


def _moment_and_chances(forecast: Forecast) -> tuple[object, ...]:
    return forecast.made_at, forecast.point, forecast.shares, forecast.points, forecast.days


def likely_pairs(desk: Desk, placed: Sequence[PlacedQuestion], titles: Mapping[str, str]) -> Iterator[LikelyPair]:
    """Yield new questions that may be claims on file: of a like type, with most words shared, and about one end."""
    wordings = Wordings(titles)
    for question, claim, new, *_ in placed:
        for slug in wordings.like(claim.wording, claim.deadline) if new else ():
            known = desk.store.revisions(Claim, slug=slug)[-1]
            alike = NOUNS.get(known.type) == NOUNS.get(claim.type)
            if alike and abs(known.deadline - claim.deadline) <= ABOUT:
                of_one_line = question.id if question.id and "\n" not in question.id else unbroken(claim.wording)
                yield LikelyPair(claim.slug, of_one_line, claim.wording, slug, known.cluster)
                break
